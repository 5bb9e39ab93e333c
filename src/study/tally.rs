//! What the answers to situations say about trees: accuracy by question and by leaf, and which leaves are confused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::review::Review;
use super::walk::{Help, Note};
use crate::content::front::Kind;
use crate::content::library::{Library, Target};

/// How many of how many were right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    pub right: usize,
    pub all: usize,
}

impl Score {
    fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.all += 1;
    }

    /// In percent; none where nothing was asked.
    #[must_use]
    pub fn percent(self) -> Option<usize> {
        (self.all > 0).then(|| (self.right * 100 + self.all / 2) / self.all)
    }
}

/// The answers to the situations of one tree. Nodes are known by their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub all: Score,
    /// Each question that was answered on the right way, or at which the way was lost.
    pub nodes: BTreeMap<String, Score>,
    /// Each leaf that was the answer.
    pub leaves: BTreeMap<String, Score>,
    /// Two leaves of which one was taken for the other, and how often.
    pub confused: BTreeMap<(String, String), usize>,
}

impl Tally {
    /// Takes in a row of the log. What was shown is no answer, and what was answered elsewhere says nothing of nodes.
    pub fn add(&mut self, row: &Review) {
        let Some(grade) = row.answered() else { return };
        let Some(note) = Note::read(&row.note) else {
            self.all.add(grade.passed());
            return;
        };
        if note.help == Help::Shown {
            return;
        }
        let right = note.leaf == note.answer;
        self.all.add(right);
        self.leaves.entry(note.answer.clone()).or_default().add(right);
        for id in &note.way {
            let lost = note.at.as_ref() == Some(id);
            self.nodes.entry(id.clone()).or_default().add(!lost);
            if lost {
                break;
            }
        }
        if !right {
            let pair = if note.leaf < note.answer { (note.leaf, note.answer) } else { (note.answer, note.leaf) };
            *self.confused.entry(pair).or_default() += 1;
        }
    }

    /// The two that were taken for each other most often.
    #[must_use]
    pub fn most_confused(&self) -> Option<(&str, &str, usize)> {
        let most = self.confused.iter().max_by_key(|(pair, times)| (**times, std::cmp::Reverse(*pair)))?;
        Some((most.0.0.as_str(), most.0.1.as_str(), *most.1))
    }

    /// The questions that were lost at least once, the weakest first.
    #[must_use]
    pub fn weak_nodes(&self) -> Vec<(&str, Score)> {
        weakest(&self.nodes)
    }

    /// The leaves that were missed at least once, the weakest first.
    #[must_use]
    pub fn weak_leaves(&self) -> Vec<(&str, Score)> {
        weakest(&self.leaves)
    }
}

fn weakest(scores: &BTreeMap<String, Score>) -> Vec<(&str, Score)> {
    let mut weak: Vec<(&str, Score)> =
        scores.iter().filter(|(_, score)| score.right < score.all).map(|(id, score)| (id.as_str(), *score)).collect();
    weak.sort_by_key(|(_, score)| (score.percent(), std::cmp::Reverse(score.all)));
    weak
}

/// The tallies of all trees of a library, by file, from rows that hold.
#[must_use]
pub fn tallies<'a>(rows: impl IntoIterator<Item = &'a Review>, library: &Library) -> BTreeMap<usize, Tally> {
    let mut out: BTreeMap<usize, Tally> = BTreeMap::new();
    for row in rows {
        if let Some(Target::Entry(file, _)) = library.named(&row.item)
            && library.files.get(file).is_some_and(|file| file.kind == Kind::Tree)
        {
            out.entry(file).or_default().add(row);
        }
    }
    out
}

/// How much help each tree still gives, by the id of its file; trees that were not begun are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Levels(BTreeMap<String, Help>);

impl Levels {
    /// Under this name they are kept.
    pub const KEPT: &'static str = "trees";

    #[must_use]
    pub fn read(kept: Option<&String>) -> Self {
        kept.and_then(|kept| serde_json::from_str(kept).ok()).unwrap_or_default()
    }

    #[must_use]
    pub fn of(&self, tree: &str) -> Help {
        self.0.get(tree).copied().unwrap_or_default()
    }

    pub fn set(&mut self, tree: &str, help: Help) {
        self.0.insert(tree.to_owned(), help);
    }

    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::day::Moment;
    use crate::study::review::{Act, Grade, ReviewId};

    fn row(item: &str, note: &str, grade: Grade) -> Review {
        let id = ReviewId { run: 1, ordinal: 1 };
        Review { note: note.to_owned(), ..Review::new(id, item, Act::Grade(grade), Moment { at: 0, offset: 0 }) }
    }

    fn note(way: &[&str], leaf: &str, answer: &str, at: Option<&str>, help: Help) -> String {
        let way = way.iter().map(|id| (*id).to_owned()).collect();
        let (leaf, answer, at) = (leaf.to_owned(), answer.to_owned(), at.map(str::to_owned));
        Note { way, leaf, answer, at, help, because: String::new() }.text()
    }

    #[test]
    fn nodes_and_leaves_are_counted_apart() {
        let mut tally = Tally::default();
        let rows = [
            row("s", &note(&["a", "b"], "x", "x", None, Help::First), Grade::Good),
            row("s", &note(&["a", "c"], "y", "x", Some("a"), Help::Ends), Grade::Again),
            row("t", &note(&["a", "b"], "x", "y", Some("b"), Help::First), Grade::Again),
            row("t", &note(&["a"], "y", "y", None, Help::Shown), Grade::Good),
            row("t", "", Grade::Good),
        ];
        for row in &rows {
            tally.add(row);
        }
        let score = |right, all| Score { right, all };
        assert_eq!(tally.all, score(2, 4));
        assert_eq!((tally.nodes["a"], tally.nodes["b"]), (score(2, 3), score(1, 2)));
        // What came behind the wrong turn is nobody's fault.
        assert_eq!(tally.nodes.get("c"), None);
        assert_eq!((tally.leaves["x"], tally.leaves["y"]), (score(1, 2), score(0, 1)));
        assert_eq!(tally.most_confused(), Some(("x", "y", 2)));
        assert_eq!(tally.weak_nodes(), [("b", score(1, 2)), ("a", score(2, 3))]);
        assert_eq!(tally.weak_leaves()[0].0, "y");
        assert_eq!((score(2, 3).percent(), score(0, 0).percent()), (Some(67), None));
    }

    #[test]
    fn rows_find_their_trees() {
        let text =
            format!("+++\nkind = \"tree\"\nid = \"t\"\ntitle = \"T\"\n+++\n{}", crate::study::walk::tests::SMALL);
        let library = crate::study::items::tests::library(&[("1-m/t.md", &text), ("1-m/c.md", "Q: a {#qa}\nA: b\n")]);
        let note = note(&["http"], "alb", "alb", None, Help::First);
        let rows = [row("paths", &note, Grade::Good), row("qa", "", Grade::Good), row("gone", "", Grade::Good)];
        let all = tallies(&rows, &library);
        assert_eq!((all.len(), all.values().next().unwrap().all), (1, Score { right: 1, all: 1 }));
    }

    #[test]
    fn levels_go_there_and_back() {
        let mut levels = Levels::read(None);
        assert_eq!(levels.of("t"), Help::Shown);
        levels.set("t", Help::Ends);
        assert_eq!(levels.text(), r#"{"t":"ends"}"#);
        assert_eq!(Levels::read(Some(&levels.text())), levels);
        assert_eq!(Levels::read(Some(&"nonsense".to_owned())), Levels::default());
    }
}
