//! The cards and cells that teach what was missed in an interview.

use super::run::Done;
use super::score::Said;
use crate::study::desk::Desk;
use crate::study::items::Kind;
use crate::study::whole;

/// So many cards at most for one missed point.
const EACH: usize = 3;
/// So many at most for an interview.
const MOST: usize = 30;
/// Shorter words of a point say too little, and so do these.
const LONG: usize = 4;
const COMMON: [&str; 24] = [
    "says", "names", "gives", "asks", "that", "what", "which", "when", "where", "with", "without", "from", "into",
    "only", "both", "than", "then", "them", "they", "this", "have", "does", "before", "after",
];

/// The items of a question's module whose words match a missed point: by its terms, else by its own longer words. What
/// would be forgotten first comes first.
#[must_use]
pub fn related(desk: &Desk<'_>, done: &[Done]) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    for one in done {
        let Some((file, _)) = super::choose::find(desk.library, &one.id) else { continue };
        let Some(module) = desk.library.files.get(file).map(|file| file.module) else { continue };
        let range = desk.items.of_files(desk.library.module_range(module));
        let open: Vec<(usize, String)> = range.filter_map(|at| words(desk, at).map(|words| (at, words))).collect();
        for point in one.missed() {
            let own: Vec<String> = own_words(&point.text);
            let mut found: Vec<(usize, i64, usize)> = open
                .iter()
                .filter(|(at, _)| !out.contains(at))
                .filter_map(|(at, words)| {
                    let said = Said::new(words);
                    let terms = said.found(&point.terms).len();
                    let likeness = said.found(&own).len();
                    // One common word is chance, two are a subject.
                    let score = terms * 2 + likeness;
                    (terms > 0 || likeness > 1).then(|| {
                        let recall = desk.state(*at).recall(&desk.scheduler.model, desk.today());
                        (score, whole(recall * 1e6), *at)
                    })
                })
                .collect();
            found.sort_by_key(|(score, recall, at)| (std::cmp::Reverse(*score), *recall, *at));
            out.extend(found.into_iter().take(EACH).map(|(_, _, at)| at));
        }
    }
    out.truncate(MOST);
    out
}

/// What a card or a cell asks, with the words of its id.
fn words(desk: &Desk<'_>, at: usize) -> Option<String> {
    let item = desk.item(at).filter(|item| matches!(item.kind, Kind::Card | Kind::Cell))?;
    if desk.state(at).suspended {
        return None;
    }
    let entry = item.entry(desk.library)?;
    Some(format!("{} {}", entry.title, entry.id.replace(['/', '.'], " ")))
}

fn own_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= LONG);
    let mut words: Vec<String> = words.map(str::to_lowercase).filter(|word| !COMMON.contains(&word.as_str())).collect();
    words.sort();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::super::run::Scored;
    use super::*;
    use crate::study::day::Moment;
    use crate::study::items::Items;
    use crate::study::items::tests::library;
    use crate::study::progress::Progress;
    use crate::study::schedule::Scheduler;

    #[test]
    fn missed_points_find_their_cards() {
        let questions = "+++\nkind = \"questions\"\nid = \"q\"\ntitle = \"T\"\n+++\n## Why? {#why}\n### Rubric\n- a\n";
        let cards = "Q: What does the X-Forwarded-For header hold? {#xff}\nA: x\n\nQ: Idle timeout? {#idle}\nA: y\n\n\
                     Q: Which address does a target register? {#register}\nA: z\n";
        let other = "Q: X-Forwarded-For elsewhere? {#other}\nA: x\n";
        let library = library(&[("1-a/cards.md", cards), ("1-a/questions.md", questions), ("2-b/cards.md", other)]);
        let (items, progress, scheduler) = (Items::new(&library), Progress::default(), Scheduler::default());
        let desk = Desk {
            library: &library,
            items: &items,
            progress: &progress,
            scheduler: &scheduler,
            now: Moment::default(),
            seed: 1,
        };
        let point = |text: &str, terms: &[&str], ticked| Scored {
            text: text.to_owned(),
            terms: terms.iter().map(|term| (*term).to_owned()).collect(),
            ticked,
            weight: 1,
        };
        let with = |points: Vec<Scored>| {
            let done = Done { id: "why".to_owned(), points, ..Done::default() };
            related(&desk, &[done]).into_iter().map(|at| desk.id(at)).collect::<Vec<_>>()
        };
        assert_eq!(with(vec![point("The client", &["x-forwarded-for"], false)]), ["xff"]);
        assert_eq!(with(vec![point("The client", &["x-forwarded-for"], true)]), [""; 0]);
        assert_eq!(with(vec![point("A target registers an address.", &[], false)]), ["register"]);
        assert_eq!(with(vec![point("A target.", &["nothing"], false)]), [""; 0]);
        assert_eq!(with(vec![point("Gives the idle timeout.", &["60 s"], false)]), ["idle"]);
        assert_eq!(with(vec![point("Says what that does, and which.", &[], false)]), [""; 0]);
        // A card is taken once, however many points want it.
        let twice = vec![point("a", &["header"], false), point("b", &["header", "timeout"], false)];
        assert_eq!(with(twice), ["xff", "idle"]);
    }
}
