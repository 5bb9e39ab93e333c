//! What fits a query best. Every item is looked at by its mask first, then its words are looked for as they stand, and
//! only what has them scattered is aligned by `fuzzy-matcher`, when it could still be among the best.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::ops::Range;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::fit::{Fit, SCATTERED, behind, fit};
use super::query::Word;
use super::{Index, Item, Kind, Query};
use crate::content::library::{Library, Target};

/// So many of the best are kept: nobody reads further.
pub const MOST: usize = 500;

/// Letters scattered so far that each gives less than this are no hit.
const LEAST: i32 = 14;
/// Several words that stand as they were typed.
const PHRASE: i32 = 16;
/// A title that is just what was typed.
const WHOLE: i32 = 40;
/// An id that is just what was typed.
const EXACT: i32 = 1000;
/// Words behind a title.
const INNER: i32 = -12;
/// What looking at an item costs, in parts of about a nanosecond.
const LOOK: usize = 3;
const TEST: usize = 100;
const ALIGN: usize = 2000;

/// One of the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub id: usize,
    pub score: i32,
}

#[derive(Default)]
pub struct Search {
    query: Query,
    /// The items to look at, then all from `next` on.
    pool: Vec<u32>,
    at: usize,
    next: usize,
    /// What may fit longer queries too.
    passed: Vec<u32>,
    /// The best, the worst of them on top.
    best: BinaryHeap<Reverse<(i32, Reverse<u32>)>>,
    exact: Option<u32>,
    count: usize,
    aligner: Aligner,
}

impl Search {
    #[must_use]
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Asks something else. What was asked before spares work when the query only grew.
    pub fn ask(&mut self, query: Query, index: &Index, library: &Library) {
        if query == self.query {
            return;
        }
        if query.narrows(&self.query) && !self.query.is_empty() {
            let rest = self.pool.get(self.at..).unwrap_or_default();
            self.passed.extend_from_slice(rest);
            self.pool = std::mem::take(&mut self.passed);
        } else {
            self.pool.clear();
            self.passed.clear();
            self.next = 0;
        }
        self.at = 0;
        self.query = query;
        self.best.clear();
        self.count = 0;
        self.exact = self.named(index, library).and_then(|id| u32::try_from(id).ok());
        // An id is no part of a title: what it names may have been put aside while it was typed.
        if let Some(id) = self.exact.filter(|id| usize::try_from(*id).is_ok_and(|id| id < self.next))
            && let Err(at) = self.pool.binary_search(&id)
        {
            self.pool.insert(at, id);
        }
    }

    /// Begins again, for another index.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// The place whose id was typed.
    fn named(&self, index: &Index, library: &Library) -> Option<usize> {
        let [word] = self.query.words.as_slice() else { return None };
        let target = library.named(&word.raw).or_else(|| library.named(&word.folded))?;
        // Another name of a module says less than a title that holds the word.
        if let Target::Module(module) = target
            && library.modules.get(module).is_none_or(|module| module.id != word.folded)
        {
            return None;
        }
        let fits = |id: &usize| self.fits_kind(index.kind(*id));
        index.title_of(target, library).filter(fits)
    }

    fn fits_kind(&self, kind: Kind) -> bool {
        self.query.filter.is_none_or(|filter| filter.kinds() & kind.bit() != 0)
    }

    /// Whether all items were looked at.
    #[must_use]
    pub fn is_settled(&self, index: &Index) -> bool {
        self.query.is_empty() || (self.at >= self.pool.len() && self.next >= index.len())
    }

    /// Looks on, for about `budget` nanoseconds of an ordinary machine; true when all was looked at.
    pub fn step(&mut self, index: &Index, budget: usize) -> bool {
        let mut left = budget;
        while !self.is_settled(index) {
            let id = match self.pool.get(self.at) {
                Some(id) => {
                    self.at += 1;
                    *id
                }
                None => {
                    self.next += 1;
                    u32::try_from(self.next - 1).unwrap_or(u32::MAX)
                }
            };
            let cost = self.look(index, id);
            left = left.saturating_sub(cost);
            if left == 0 {
                return self.is_settled(index);
            }
        }
        true
    }

    /// Looks at one item and says what that cost.
    fn look(&mut self, index: &Index, id: u32) -> usize {
        let at = usize::try_from(id).unwrap_or(usize::MAX);
        let exact = self.exact == Some(id);
        let possible = index.mask(at) & self.query.mask == self.query.mask && self.fits_kind(index.kind(at));
        if !possible && !exact {
            return LOOK;
        }
        let size = index.size(at);
        let bonus = if index.is_inner(at) { INNER } else { index.kind(at).bonus() };
        // Of two that fit as well, the one that says less beside it.
        let length = size / if index.is_inner(at) { 16 } else { 4 };
        let length = i32::try_from(length).unwrap_or(i32::MAX).min(12);
        let base = bonus - length + if exact { EXACT } else { 0 };
        let folded = index.folded(at);
        if let [only] = self.query.words.as_slice() {
            // One letter or digit is in the words when its bit is in the mask, so only its place is to be found out, and
            // that only where it could matter.
            let sure = only.folded.len() == 1 && only.folded.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if sure && !folded.starts_with(&only.folded) && !self.may_enter(base + behind(only), id) {
                self.count += 1;
                self.passed.push(id);
                return LOOK;
            }
        }
        self.test(index, id, folded, base)
    }

    /// Looks for the words in one item that may hold them.
    fn test(&mut self, index: &Index, id: u32, folded: &str, base: i32) -> usize {
        let at = usize::try_from(id).unwrap_or(usize::MAX);
        let inner = index.is_inner(at);
        let exact = self.exact == Some(id);
        let mut cost = 0;
        let mut score = base;
        let mut sure = true;
        let mut scattered: Vec<(&Word, Range<usize>)> = Vec::new();
        for word in &self.query.words {
            cost += TEST + folded.len();
            match fit(folded, inner, word) {
                Fit::None if !exact => return cost,
                Fit::None => {}
                Fit::Perhaps => sure = false,
                Fit::Together(_, gives) => score += gives,
                Fit::Scattered(stretch) => scattered.push((word, stretch)),
            }
        }
        self.passed.push(id);
        if !sure && !exact {
            return cost + LOOK;
        }
        if self.query.words.len() > 1 && folded.contains(&self.query.phrase) {
            score += PHRASE;
        }
        if !self.query.words.is_empty() && !inner && folded == self.query.phrase {
            score += WHOLE;
        }
        let most: i32 = scattered.iter().map(|(word, _)| word.weight() - SCATTERED).sum();
        if self.may_enter(score + most, id) {
            for (word, stretch) in scattered {
                cost += ALIGN;
                match index.get(at).and_then(|item| self.aligned(&item, word, &stretch)) {
                    Some(gives) => score += gives.min(word.weight() - SCATTERED),
                    None if exact => {}
                    None => return cost,
                }
            }
            if self.may_enter(score, id) {
                self.best.push(Reverse((score, Reverse(id))));
                if self.best.len() > MOST {
                    self.best.pop();
                }
            }
        }
        self.count += 1;
        cost + LOOK
    }

    /// What scattered letters give; none when they are scattered too far.
    fn aligned(&self, item: &Item<'_>, word: &Word, stretch: &Range<usize>) -> Option<i32> {
        let (raw, folded) = (item.text.get(stretch.clone())?, item.folded.get(stretch.clone())?);
        let found = self.aligner.fresh().fuzzy_match(raw, &word.raw);
        let score = found.or_else(|| self.aligner.fresh().fuzzy_match(folded, &word.folded))?;
        let least = i64::from(LEAST) * i64::try_from(word.count).unwrap_or(0);
        i32::try_from(score).ok().filter(|_| score >= least)
    }

    /// Whether a score would be among the best; of equal ones the first stays.
    fn may_enter(&self, score: i32, id: u32) -> bool {
        self.best.len() < MOST || self.best.peek().is_some_and(|worst| worst.0 < (score, Reverse(id)))
    }

    /// How many items fit, as far as was looked.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The best, in their order. Of a card, a node or a question whose title and words both fit, the better one.
    #[must_use]
    pub fn hits(&self, index: &Index) -> Vec<Hit> {
        let mut all: Vec<(i32, Reverse<u32>)> = self.best.iter().map(|hit| hit.0).collect();
        all.sort_unstable_by(|a, b| b.cmp(a));
        let mut seen = HashSet::new();
        let mut out = Vec::new();
        for (score, Reverse(id)) in all {
            let id = usize::try_from(id).unwrap_or(usize::MAX);
            let Some(item) = index.get(id) else { continue };
            // The sides of a card have a place in common, all else has its own entry.
            let one = match (item.target, item.kind) {
                (Some(Target::Entry(file, _)), Kind::Card) => Some((file, true, item.at)),
                (_, Kind::Text | Kind::Row) => None,
                (Some(Target::Entry(file, entry)), _) => Some((file, false, entry)),
                _ => None,
            };
            if one.is_none_or(|one| seen.insert(one)) {
                out.push(Hit { id, score });
            }
        }
        out
    }

    /// The stretches of an item's text that were asked for, in bytes, from the left.
    #[must_use]
    pub fn marks(&self, item: &Item<'_>) -> Vec<Range<usize>> {
        let mut out = Vec::new();
        for word in &self.query.words {
            match fit(item.folded, item.inner, word) {
                Fit::Together(at, _) => out.push(at..at + word.folded.len()),
                Fit::Scattered(stretch) => {
                    let text = item.text.get(stretch.clone()).unwrap_or("");
                    let folded = item.folded.get(stretch.clone()).unwrap_or("");
                    let found = self.aligner.fresh().fuzzy_indices(text, &word.raw);
                    let found = found.or_else(|| self.aligner.fresh().fuzzy_indices(folded, &word.folded));
                    let places = found.map_or_else(Vec::new, |(_, places)| places);
                    let chars = text.char_indices().enumerate();
                    let chosen = chars.filter(|(n, _)| places.binary_search(n).is_ok());
                    out.extend(chosen.map(|(_, (at, c))| stretch.start + at..stretch.start + at + c.len_utf8()));
                }
                Fit::None | Fit::Perhaps => {}
            }
        }
        out.sort_unstable_by_key(|range| (range.start, range.end));
        out.dedup_by(|next, before| {
            let joined = next.start <= before.end;
            if joined {
                before.end = before.end.max(next.end);
            }
            joined
        });
        out
    }
}

/// What aligns scattered letters. The matcher keeps its matrix, and what is left in it from one text could change the
/// score of the next; after a match of one letter only so little of it is left that the next begins anew.
struct Aligner(SkimMatcherV2);

impl Default for Aligner {
    fn default() -> Self {
        Self(SkimMatcherV2::default().ignore_case())
    }
}

impl Aligner {
    fn fresh(&self) -> &SkimMatcherV2 {
        self.0.fuzzy_match("a", "a");
        &self.0
    }
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "one stretch is a list of stretches")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::content::front;
    use crate::content::library::Module;
    use crate::content::scan::{Entry, File, What};
    use crate::content::words::Text;

    /// A lesson whose sections have these titles, with texts behind the first of them.
    fn index(titles: &[&str], texts: &[&str]) -> (Index, Library) {
        let entry = |(at, title): (usize, &&str)| Entry {
            what: What::Heading(2),
            id: format!("id-{at}"),
            title: (*title).to_owned(),
            start: at,
            end: at,
            line: 1,
            level: None,
            group: 0,
            minutes: None,
            axes: None,
        };
        let entries = titles.iter().enumerate().map(entry).collect();
        let file = File { kind: front::Kind::Lesson, id: "file".into(), entries, ..File::default() };
        let names = vec![("exact".to_owned(), Target::Entry(0, titles.len().saturating_sub(1)))];
        let library = Library { modules: vec![Module::default()], files: vec![file], names, ..Library::default() };
        let mut index = Index::default();
        let text = |words: &&str| Text { at: 0, row: false, words: (*words).to_owned() };
        index.add(0, texts.iter().map(text).collect());
        index.grow(&library, usize::MAX);
        (index, library)
    }

    fn found(titles: &[&str], texts: &[&str], query: &str) -> Vec<String> {
        let (index, library) = index(titles, texts);
        let mut search = Search::default();
        search.ask(Query::new(query), &index, &library);
        search.step(&index, usize::MAX);
        let hits = search.hits(&index);
        let items = hits.iter().filter_map(|hit| index.get(hit.id)).filter(|item| item.kind != Kind::Command);
        items.map(|item| item.text.to_owned()).collect()
    }

    /// Titles, texts, what is typed, and what is found.
    type Case<'a> = (&'a [&'a str], &'a [&'a str], &'a str, &'a [&'a str]);

    #[test]
    fn what_fits_better_comes_first() {
        let cases: [Case<'_>; 12] = [
            (&["Unhealthy", "Checks of health", "Health"], &[], "health", &["Health", "Checks of health", "Unhealthy"]),
            (&["A long title about health"], &["health"], "health", &["A long title about health", "health"]),
            (&["Health and checks", "Health checks"], &[], "health checks", &["Health checks", "Health and checks"]),
            (&["Health checks"], &[], "checks health", &["Health checks"]),
            (&["Load Balancer health checks"], &[], "lbhc", &["Load Balancer health checks"]),
            (&["Cold frozen noodles", "CloudFormation"], &[], "cfn", &["Cold frozen noodles", "CloudFormation"]),
            (&["The same", "The same"], &[], "same", &["The same", "The same"]),
            (&[], &["Put it in an Auto Scaling group."], "asg", &["Put it in an Auto Scaling group."]),
            (&[], &["A very long sentence in which many letters stand."], "asg", &[]),
            (&["Zürich"], &["Ärger in Köln"], "är", &["Ärger in Köln"]),
            (&["Other", "Named"], &[], "exact", &["Named"]),
            (&["x"], &["a b"], "q", &[]),
        ];
        for (titles, texts, query, expected) in cases {
            assert_eq!(found(titles, texts, query), expected, "{query}");
        }
    }

    #[test]
    fn what_was_asked_for_is_marked() {
        let cases = [
            ("Health checks", "check hea", vec![0..3, 7..12]),
            ("CloudFormation", "cfn", vec![0..1, 5..6, 13..14]),
            ("Ärger", "är", vec![0..3]),
            ("a", "b", vec![]),
        ];
        for (title, query, expected) in cases {
            let (index, library) = index(&[title], &[]);
            let mut search = Search::default();
            search.ask(Query::new(query), &index, &library);
            let item = (0..index.len()).filter_map(|id| index.get(id)).find(|item| item.text == title).unwrap();
            assert_eq!(search.marks(&item), expected, "{query} in {title}");
        }
    }

    #[test]
    fn an_id_is_found_though_its_letters_are_nowhere() {
        let (index, library) = index(&["a", "Named"], &[]);
        let mut search = Search::default();
        for typed in ["e", "ex", "exa", "exac", "exact"] {
            search.ask(Query::new(typed), &index, &library);
            search.step(&index, usize::MAX);
        }
        let hit = search.hits(&index)[0];
        assert_eq!((index.get(hit.id).unwrap().text, hit.score > EXACT), ("Named", true));
    }

    fn words() -> impl Strategy<Value = String> {
        prop::collection::vec("[abAB]{1,4}|[aäéß日]{1,2}|[a-e:.-]{0,5}", 0..6).prop_map(|words| words.join(" "))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]
        #[test]
        fn typing_letter_by_letter_in_slices_finds_the_same(
            titles in prop::collection::vec(words(), 1..12),
            texts in prop::collection::vec(words(), 0..12),
            query in "([htp]: ?)?[abceäß日: ]{0,7}",
            budget in 1usize..3000,
        ) {
            let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let (index, library) = index(&titles, &texts);
            let mut whole = Search::default();
            whole.ask(Query::new(&query), &index, &library);
            whole.step(&index, usize::MAX);
            let mut typed = Search::default();
            for (at, c) in query.char_indices() {
                typed.ask(Query::new(&query[..at + c.len_utf8()]), &index, &library);
                typed.step(&index, budget);
            }
            while !typed.step(&index, budget) {}
            prop_assert_eq!(typed.hits(&index), whole.hits(&index));
            prop_assert_eq!(typed.count(), whole.count());
            let hits = whole.hits(&index);
            for pair in hits.windows(2) {
                prop_assert!((pair[1].score, pair[0].id) < (pair[0].score, pair[1].id));
            }
            for hit in hits {
                let item = index.get(hit.id).unwrap();
                let mut end = 0;
                for mark in whole.marks(&item) {
                    prop_assert!(mark.start >= end && mark.start < mark.end && item.text.get(mark.clone()).is_some());
                    end = mark.end;
                }
            }
        }
    }
}
