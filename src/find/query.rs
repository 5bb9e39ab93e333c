//! What is asked: words in any order, and perhaps one kind of things.

use super::Kind;

/// The kinds among which one may look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    Sections,
    Tables,
    Cards,
    Questions,
    Nodes,
    Situations,
    Prose,
    Commands,
}

impl Filter {
    pub const ALL: [Self; 8] = [
        Self::Sections,
        Self::Tables,
        Self::Cards,
        Self::Questions,
        Self::Nodes,
        Self::Situations,
        Self::Prose,
        Self::Commands,
    ];

    /// What is typed before the words.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Sections => "h:",
            Self::Tables => "t:",
            Self::Cards => "c:",
            Self::Questions => "q:",
            Self::Nodes => "n:",
            Self::Situations => "s:",
            Self::Prose => "p:",
            Self::Commands => ":",
        }
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sections => "headings",
            Self::Tables => "tables",
            Self::Cards => "cards",
            Self::Questions => "questions",
            Self::Nodes => "nodes",
            Self::Situations => "situations",
            Self::Prose => "prose",
            Self::Commands => "commands",
        }
    }

    pub(super) fn kinds(self) -> u32 {
        let kinds: &[Kind] = match self {
            Self::Sections => &[Kind::Module, Kind::Lesson, Kind::Section],
            Self::Tables => &[Kind::Table, Kind::Row],
            Self::Cards => &[Kind::Deck, Kind::Card],
            Self::Questions => &[Kind::Questions, Kind::Question, Kind::Incident, Kind::Stage],
            Self::Nodes => &[Kind::Tree, Kind::Node, Kind::Leaf],
            Self::Situations => &[Kind::Situation],
            Self::Prose => &[Kind::Text],
            Self::Commands => &[Kind::Command],
        };
        kinds.iter().fold(0, |bits, kind| bits | kind.bit())
    }
}

/// A word that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub raw: String,
    pub folded: String,
    /// How many characters it has.
    pub count: usize,
    /// Its rarest letter and the byte at which it stands: the word is looked for where that is.
    pub rare: Option<(char, usize)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub filter: Option<Filter>,
    pub(super) words: Vec<Word>,
    /// The words as they stand, with one blank between two.
    pub(super) phrase: String,
    pub(super) mask: u64,
}

/// Letters of English texts, the most frequent first.
const FREQUENT: &str = "etaoinsrhldcumfpgwybvkxjqz";

impl Query {
    /// Reads what was typed.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = text.trim_start();
        let found = Filter::ALL.into_iter().find(|filter| {
            let head = text.get(..filter.prefix().len()).unwrap_or("");
            head.eq_ignore_ascii_case(filter.prefix())
        });
        let rest = found.and_then(|filter| text.get(filter.prefix().len()..)).unwrap_or(text);
        let words: Vec<Word> = rest.split_whitespace().map(Word::new).collect();
        let phrase = words.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ");
        Self { filter: found, mask: mask(&phrase), phrase, words }
    }

    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.filter.is_none() && self.words.is_empty()
    }

    /// The words, as they were typed.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| word.raw.as_str())
    }

    /// The words with one blank between two, in lower case.
    #[must_use]
    pub fn phrase(&self) -> &str {
        &self.phrase
    }

    /// Whether whatever fits this fitted `before` too.
    pub(super) fn narrows(&self, before: &Self) -> bool {
        let Some((last, all)) = before.words.split_last() else { return self.filter == before.filter };
        let same = self.words.get(..all.len()).is_some_and(|words| words == all);
        let grown = self.words.get(all.len()).is_some_and(|word| word.folded.starts_with(&last.folded));
        self.filter == before.filter && same && grown
    }
}

impl Word {
    /// What its letters give when they stand together.
    pub(super) fn weight(&self) -> i32 {
        super::fit::LETTER * i32::try_from(self.count).unwrap_or(i32::MAX / 64)
    }

    fn new(raw: &str) -> Self {
        let mut folded = String::new();
        fold(raw, &mut folded);
        let rarity = |c: char| FREQUENT.find(c).unwrap_or(FREQUENT.len());
        let letters = folded.char_indices().filter(|(_, c)| c.is_ascii());
        let rare = letters.max_by_key(|(at, c)| (rarity(*c), std::cmp::Reverse(*at))).map(|(at, c)| (c, at));
        Self { raw: raw.to_owned(), count: folded.chars().count(), folded, rare }
    }
}

/// Appends a text in lower case; every character keeps its length, so places in both are the same.
pub fn fold(text: &str, out: &mut String) {
    if text.is_ascii() {
        out.push_str(&text.to_ascii_lowercase());
        return;
    }
    for c in text.chars() {
        let mut lower = c.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(one), None) if one.len_utf8() == c.len_utf8() => out.push(one),
            _ => out.push(c),
        }
    }
}

/// Which bytes a folded text holds: a bit for each letter and digit, the others share what is left. A text can only
/// hold a word whose bits it has.
pub fn mask(folded: &str) -> u64 {
    folded.bytes().fold(0, |mask, byte| {
        mask | match byte {
            b' ' => 0,
            b'a'..=b'z' => 1 << (byte - b'a'),
            b'0'..=b'9' => 1 << (26 + byte - b'0'),
            other => 1 << (36 + other % 28),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_and_a_colon_choose_a_kind() {
        let cases = [
            ("t: Static ip", Some(Filter::Tables), "static ip"),
            (" q:spot", Some(Filter::Questions), "spot"),
            (":theme", Some(Filter::Commands), "theme"),
            ("T:x", Some(Filter::Tables), "x"),
            ("http://x", None, "http://x"),
            ("c", None, "c"),
            ("  ", None, ""),
        ];
        for (text, filter, phrase) in cases {
            let query = Query::new(text);
            assert_eq!((query.filter, query.phrase()), (filter, phrase), "{text}");
        }
    }

    #[test]
    fn only_a_longer_query_narrows() {
        let cases = [
            ("", "a", true),
            ("a", "ab", true),
            ("a b", "a bc", true),
            ("a", "a b", true),
            ("ab", "a", false),
            ("a b", "ab b", false),
            ("a b", "a", false),
            ("t:", "t:a", true),
            ("t", "t:", false),
            ("A", "ab", true),
        ];
        for (before, after, narrows) in cases {
            assert_eq!(Query::new(after).narrows(&Query::new(before)), narrows, "{before:?} to {after:?}");
        }
    }

    #[test]
    fn folding_keeps_every_place() {
        for text in ["ABC", "ÄÖ İ ẞ K", "日本"] {
            let mut folded = String::new();
            fold(text, &mut folded);
            let places = |text: &str| text.char_indices().map(|(at, _)| at).collect::<Vec<_>>();
            assert_eq!(places(text), places(&folded));
        }
        assert_eq!(Word::new("Health").rare, Some(('l', 3)));
        assert_eq!(Word::new("eks").rare, Some(('k', 1)));
    }
}
