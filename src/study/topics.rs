//! Topics: the decks, tables, trees and sections under which items stand, and how each of them is known.

use super::desk::Desk;
use super::items::Kind;
use crate::content::scan::What;

/// What is known of a topic.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topic {
    pub title: String,
    pub module: usize,
    /// Items that were seen at least once, of all.
    pub seen: usize,
    pub total: usize,
    /// The share of what was seen that would be recalled on the day.
    pub ready: f64,
}

impl Desk<'_> {
    /// All topics, in the order of the library.
    #[must_use]
    pub fn topics(&self) -> Vec<Topic> {
        let mut out: Vec<Topic> = Vec::new();
        let mut items = self.items.all().iter().enumerate().peekable();
        for (at, file) in self.library.files.iter().enumerate() {
            let whole = Topic { title: file.title.clone(), module: file.module, ..Topic::default() };
            let mut current = (whole, 0.0);
            for (n, entry) in file.entries.iter().enumerate() {
                let begins = match entry.what {
                    What::Deck | What::Table => true,
                    What::Heading(level) => level == 2,
                    _ => false,
                };
                // The situations of a tree and the questions of a file are one topic.
                let long = items
                    .peek()
                    .is_some_and(|(_, item)| item.file == at && matches!(item.kind, Kind::Situation | Kind::Question));
                if begins && !long {
                    let next = Topic { title: entry.title.clone(), module: file.module, ..Topic::default() };
                    finish(&mut out, std::mem::replace(&mut current, (next, 0.0)));
                }
                while let Some((number, _)) = items.next_if(|(_, item)| (item.file, item.entry) <= (at, n)) {
                    current.0.total += 1;
                    if self.state(number).seen() {
                        current.0.seen += 1;
                        current.1 += self.ready(number);
                    }
                }
            }
            finish(&mut out, current);
        }
        out
    }

    /// The topics that would be recalled worst of those that were tried more than once; what is safe is not among them.
    #[must_use]
    pub fn weakest(&self, most: usize) -> Vec<Topic> {
        let mut all: Vec<Topic> =
            self.topics().into_iter().filter(|topic| topic.seen > 1 && topic.ready < 0.9).collect();
        all.sort_by(|one, other| one.ready.total_cmp(&other.ready));
        all.truncate(most);
        all
    }
}

fn finish(out: &mut Vec<Topic>, (mut topic, sum): (Topic, f64)) {
    if topic.total > 0 {
        topic.ready = if topic.seen > 0 { sum / topic.seen as f64 } else { 0.0 };
        out.push(topic);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::day::Moment;
    use crate::study::items::Items;
    use crate::study::items::tests::library;
    use crate::study::progress::{Goal, Progress};
    use crate::study::review::Grade;
    use crate::study::schedule::{Scheduler, State};
    use std::collections::HashMap;

    #[test]
    fn decks_tables_and_files_are_topics() {
        let lesson = "# L\n\n## One\n\n| | x | y |\n|-|-|-|\n| a | 1 | 2 |\n| b | 3 | 4 |\n\n```toml table\nid = \"t\"\ntitle = \"Table\"\n```\n";
        let cards = "+++\nkind = \"cards\"\nid = \"d\"\ntitle = \"Deck\"\n+++\nQ: a {#a}\nA: b\n\n## Errors {#errors}\n\nQ: c {#c}\nA: d\n\nQ: e {#e}\nA: f\n\n## Limits {#limits}\n\nQ: g {#g}\nA: h\n\nQ: i {#i}\nA: j\n";
        let library = library(&[("1-m/lesson.md", lesson), ("1-m/cards.md", cards)]);
        let items = Items::new(&library);
        let scheduler = Scheduler::default();
        let now = Moment { at: 86_400_000 * 100, offset: 0 };
        let state = |grade| scheduler.next(&State::default(), "x", grade, now);
        let states =
            [("c", Grade::Again), ("e", Grade::Again), ("g", Grade::Easy), ("i", Grade::Easy), ("a", Grade::Again)];
        let states: HashMap<String, State> =
            states.iter().map(|(id, grade)| ((*id).to_owned(), state(*grade))).collect();
        let progress = Progress::new(states, Vec::new(), true, Goal::default());
        let desk = Desk { library: &library, items: &items, progress: &progress, scheduler: &scheduler, now, seed: 1 };
        let told: Vec<(String, usize, usize)> =
            desk.topics().into_iter().map(|topic| (topic.title, topic.seen, topic.total)).collect();
        let expected = [("Table", 0, 4), ("Deck", 1, 1), ("Errors", 2, 2), ("Limits", 2, 2)];
        assert_eq!(told, expected.map(|(title, seen, total)| (title.to_owned(), seen, total)));
        // One try says little, and what is known well is not weak.
        let weakest: Vec<String> = desk.weakest(3).into_iter().map(|topic| topic.title).collect();
        assert_eq!(weakest, ["Errors"]);
    }
}
