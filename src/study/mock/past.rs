//! Interviews of the past, from the rows of the log: what each question scored, and how that changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::run::Done;
use super::score::Score;
use crate::study::day::{Millis, Moment};
use crate::study::review::{Grade, Review};

/// What a row of the log says about an answer, as JSON in its note.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub score: u32,
    pub of: u32,
    pub missed: Vec<String>,
    pub flags: Vec<String>,
    pub seconds: u32,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skipped: bool,
    /// When its interview began; absent where a single question was practised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interview: Option<Millis>,
}

impl Note {
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The note of a row, if the row is about an answer to a question.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        // Most rows have other notes: they need not be parsed.
        if text.starts_with('{') { serde_json::from_str(text).ok() } else { None }
    }
}

/// One answer of the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub item: String,
    pub when: Moment,
    pub grade: Grade,
    pub note: Note,
}

/// One interview of the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    pub begun: Moment,
    pub answers: Vec<Answer>,
}

impl Past {
    #[must_use]
    pub fn score(&self) -> Score {
        let scores = self.answers.iter().map(|answer| Score { got: answer.note.score, of: answer.note.of });
        scores.fold(Score::default(), Score::and)
    }

    #[must_use]
    pub fn seconds(&self) -> u64 {
        self.answers.iter().map(|answer| u64::from(answer.note.seconds)).sum()
    }

    #[must_use]
    pub fn skipped(&self) -> usize {
        self.answers.iter().filter(|answer| answer.note.skipped).count()
    }
}

/// Every answer to a question that the rows tell of, oldest first.
pub fn answers<'a>(rows: impl IntoIterator<Item = &'a Review>) -> Vec<Answer> {
    let answer = |row: &Review| {
        let note = Note::read(&row.note)?;
        Some(Answer { item: row.item.clone(), when: row.when, grade: row.answered()?, note })
    };
    rows.into_iter().filter_map(answer).collect()
}

/// The interviews among some rows, oldest first.
pub fn interviews<'a>(rows: impl IntoIterator<Item = &'a Review>) -> Vec<Past> {
    let mut out: BTreeMap<Millis, Past> = BTreeMap::new();
    for answer in answers(rows) {
        let Some(at) = answer.note.interview else { continue };
        let begun = Moment { at, offset: answer.when.offset };
        out.entry(at).or_insert_with(|| Past { begun, answers: Vec::new() }).answers.push(answer);
    }
    out.into_values().collect()
}

/// Questions taken together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub score: Score,
    pub questions: usize,
    pub skipped: usize,
    /// Milliseconds.
    pub took: Millis,
    /// Seconds.
    pub meant: u32,
}

/// The sum of some questions.
pub fn sum<'a>(done: impl IntoIterator<Item = &'a Done>) -> Sum {
    let add = |sum: Sum, done: &Done| Sum {
        score: sum.score.and(done.score),
        questions: sum.questions + 1,
        skipped: sum.skipped + usize::from(done.skipped()),
        took: sum.took + done.took,
        meant: sum.meant + done.meant,
    };
    done.into_iter().fold(Sum::default(), add)
}

/// The sums of questions by what `key` says of them, in its order.
pub fn by<K: Ord>(done: &[Done], key: impl Fn(&Done) -> K) -> Vec<(K, Sum)> {
    let mut groups: BTreeMap<K, Vec<&Done>> = BTreeMap::new();
    for one in done {
        groups.entry(key(one)).or_default().push(one);
    }
    groups.into_iter().map(|(key, group)| (key, sum(group))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::front::Level;
    use crate::study::review::{Act, ReviewId};

    fn row(n: i64, interview: Option<i64>, score: u32, act: Act) -> Review {
        let note = Note {
            score,
            of: 8,
            missed: vec!["a".to_owned()],
            seconds: 60,
            interview,
            skipped: score == 0,
            ..Note::default()
        };
        let when = Moment { at: n * 1000, offset: 3600 };
        Review { note: note.text(), ..Review::new(ReviewId { run: 1, ordinal: n }, format!("q{n}"), act, when) }
    }

    #[test]
    fn interviews_are_rebuilt_from_the_log() {
        let other = Review::new(ReviewId { run: 1, ordinal: 9 }, "card", Act::Grade(Grade::Good), Moment::default());
        let strange = Review { note: "{\"leaf\":1}".to_owned(), ..other.clone() };
        let rows = [
            row(5, Some(4_000), 6, Act::Grade(Grade::Good)),
            row(6, Some(4_000), 0, Act::Cram(Grade::Again)),
            other,
            strange,
            row(2, Some(1_000), 4, Act::Grade(Grade::Again)),
            row(3, None, 8, Act::Grade(Grade::Easy)),
        ];
        assert_eq!(answers(&rows).len(), 4);
        let found = interviews(&rows);
        let told: Vec<_> = found.iter().map(|past| (past.begun.at, past.score().percent(), past.skipped())).collect();
        assert_eq!(told, [(1_000, 50, 0), (4_000, 37, 1)]);
        assert_eq!((found[1].seconds(), found[1].begun.offset), (120, 3600));
    }

    #[test]
    fn a_note_is_short_and_comes_back() {
        let note = Note { score: 1, of: 2, seconds: 3, ..Note::default() };
        assert_eq!(note.text(), r#"{"score":1,"of":2,"missed":[],"flags":[],"seconds":3}"#);
        assert_eq!(Note::read(&note.text()), Some(note));
        for text in ["", "nlb", "{", "{}"] {
            assert_eq!(Note::read(text), None, "{text}");
        }
    }

    #[test]
    fn sums_are_by_module_and_by_level() {
        let done = |module: &str, level, got, grade| Done {
            module: module.to_owned(),
            level: Some(level),
            score: Score { got, of: 10 },
            grade,
            took: 1000,
            meant: 60,
            ..Done::default()
        };
        let all = [done("b", Level::L2, 5, Some(1)), done("a", Level::L1, 9, Some(4)), done("b", Level::L1, 0, None)];
        let modules: Vec<_> = by(&all, |done| done.module.clone());
        assert_eq!(modules[1].0, "b");
        let sum = modules[1].1;
        assert_eq!((sum.score, sum.questions, sum.skipped), (Score { got: 5, of: 20 }, 2, 1));
        assert_eq!((sum.took, sum.meant), (2000, 120));
        let levels: Vec<_> =
            by(&all, |done| done.level).into_iter().map(|(level, sum)| (level, sum.score.got)).collect();
        assert_eq!(levels, [(Some(Level::L1), 9), (Some(Level::L2), 5)]);
    }
}
