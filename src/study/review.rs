//! What happened: one row of the log, which is only ever appended to. Everything else is computed from these rows.

use std::collections::BTreeSet;
use std::str::FromStr;

use super::day::Moment;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    Again,
    Hard,
    Good,
    Easy,
}

impl Grade {
    pub const ALL: [Self; 4] = [Self::Again, Self::Hard, Self::Good, Self::Easy];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Again => "again",
            Self::Hard => "hard",
            Self::Good => "good",
            Self::Easy => "easy",
        }
    }

    /// From 1 for again to 4 for easy.
    #[must_use]
    pub fn number(self) -> u32 {
        match self {
            Self::Again => 1,
            Self::Hard => 2,
            Self::Good => 3,
            Self::Easy => 4,
        }
    }

    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.number() == number)
    }

    /// Whether the answer was known.
    #[must_use]
    pub fn passed(self) -> bool {
        self != Self::Again
    }
}

impl FromStr for Grade {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|grade| grade.name() == text).ok_or(())
    }
}

/// Names a row: the run of the program that wrote it, and its number in that run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReviewId {
    pub run: i64,
    pub ordinal: i64,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    Grade(Grade),
    /// Answered outside of the schedule: counted, and of no effect on it.
    Cram(Grade),
    /// Takes an earlier row back. A void row may itself be taken back.
    Void(ReviewId),
    Suspend,
    Resume,
    /// Not before the next day.
    Bury,
    /// Begins anew.
    Forget,
    /// A memory that another program knew: stability in days, difficulty from 1 to 10, the day on which it is due.
    Seed {
        stability: f32,
        difficulty: f32,
        due: i64,
    },
    /// The history of another id goes on here.
    Adopt(String),
}

impl Act {
    /// The act as it is stored: its name, and what it needs to know.
    #[must_use]
    pub fn written(&self) -> (String, String) {
        let plain = |name: &str| (name.to_owned(), String::new());
        match self {
            Self::Grade(grade) => plain(grade.name()),
            Self::Cram(grade) => plain(&format!("cram-{}", grade.name())),
            Self::Void(id) => ("void".to_owned(), format!("{}:{}", id.run, id.ordinal)),
            Self::Suspend => plain("suspend"),
            Self::Resume => plain("resume"),
            Self::Bury => plain("bury"),
            Self::Forget => plain("forget"),
            Self::Seed { stability, difficulty, due } => ("seed".to_owned(), format!("{stability}:{difficulty}:{due}")),
            Self::Adopt(id) => ("adopt".to_owned(), id.clone()),
        }
    }

    /// The act of a row; `None` for one that a newer program wrote, which is skipped.
    #[must_use]
    pub fn read(name: &str, about: &str) -> Option<Self> {
        if let Ok(grade) = name.parse::<Grade>() {
            return Some(Self::Grade(grade));
        }
        if let Some(grade) = name.strip_prefix("cram-") {
            return grade.parse().ok().map(Self::Cram);
        }
        let mut parts = about.split(':');
        match name {
            "void" => {
                Some(Self::Void(ReviewId { run: parts.next()?.parse().ok()?, ordinal: parts.next()?.parse().ok()? }))
            }
            "suspend" => Some(Self::Suspend),
            "resume" => Some(Self::Resume),
            "bury" => Some(Self::Bury),
            "forget" => Some(Self::Forget),
            "seed" => Some(Self::Seed {
                stability: parts.next()?.parse().ok()?,
                difficulty: parts.next()?.parse().ok()?,
                due: parts.next()?.parse().ok()?,
            }),
            "adopt" => Some(Self::Adopt(about.to_owned())),
            _ => None,
        }
    }
}

/// How sure somebody was before the answer was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    Guess,
    Maybe,
    Sure,
}

impl Confidence {
    pub const ALL: [Self; 3] = [Self::Guess, Self::Maybe, Self::Sure];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Guess => "guess",
            Self::Maybe => "maybe",
            Self::Sure => "sure",
        }
    }

    /// The part of answers that ought to be right at this confidence.
    #[must_use]
    pub fn claim(self) -> f64 {
        match self {
            Self::Guess => 0.3,
            Self::Maybe => 0.7,
            Self::Sure => 0.95,
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

/// One row of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    pub id: ReviewId,
    /// The id of what was asked.
    pub item: String,
    pub act: Act,
    pub when: Moment,
    /// Milliseconds from the question to the answer.
    pub took: u32,
    pub hints: u8,
    pub confidence: Option<Confidence>,
    /// What was answered, as far as it tells something: the wrong option, the leaf, the points.
    pub note: String,
    /// The file in which the item stood and the words that it asked, so that the history can be read, and found again
    /// by its words, when the item is gone.
    pub place: String,
    pub words: String,
}

impl Review {
    #[must_use]
    pub fn new(id: ReviewId, item: impl Into<String>, act: Act, when: Moment) -> Self {
        Self {
            id,
            item: item.into(),
            act,
            when,
            took: 0,
            hints: 0,
            confidence: None,
            note: String::new(),
            place: String::new(),
            words: String::new(),
        }
    }

    /// The grade, when the row is an answer that counts for the schedule.
    #[must_use]
    pub fn grade(&self) -> Option<Grade> {
        match self.act {
            Act::Grade(grade) => Some(grade),
            _ => None,
        }
    }

    /// The grade of any answer, in or out of the schedule.
    #[must_use]
    pub fn answered(&self) -> Option<Grade> {
        match self.act {
            Act::Grade(grade) | Act::Cram(grade) => Some(grade),
            _ => None,
        }
    }

    /// Where the row stands among all rows; the same on every machine.
    #[must_use]
    pub fn order(&self) -> (i64, ReviewId) {
        (self.when.at, self.id)
    }
}

/// The rows that hold, in order: what was taken back is left out, and so are the rows that took back.
#[must_use]
pub fn effective(mut rows: Vec<Review>) -> Vec<Review> {
    rows.sort_by_key(Review::order);
    rows.dedup_by_key(|row| row.id);
    let mut void: BTreeSet<ReviewId> = BTreeSet::new();
    // The latest first: a void row that was itself taken back takes nothing back. A row never voids a later one, so
    // that damaged or foreign rows cannot go in a circle.
    for row in rows.iter().rev() {
        if let Act::Void(target) = row.act
            && target != row.id
            && !void.contains(&row.id)
        {
            void.insert(target);
        }
    }
    rows.retain(|row| !void.contains(&row.id) && !matches!(row.act, Act::Void(_)));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(ordinal: i64, act: Act) -> Review {
        Review::new(ReviewId { run: 1, ordinal }, "a", act, Moment { at: ordinal, offset: 0 })
    }

    #[test]
    fn what_is_taken_back_does_not_hold() {
        let id = |ordinal| ReviewId { run: 1, ordinal };
        let good = |ordinal| row(ordinal, Act::Grade(Grade::Good));
        let rows = vec![good(1), good(2), row(3, Act::Void(id(2)))];
        assert_eq!(effective(rows.clone()), [good(1)]);
        let mut again = rows;
        again.push(row(4, Act::Void(id(3))));
        again.reverse();
        assert_eq!(effective(again), [good(1), good(2)]);
        // A row that takes itself back is nonsense and takes nothing back.
        assert_eq!(effective(vec![row(5, Act::Void(id(5)))]), []);
    }

    #[test]
    fn names_go_there_and_back() {
        for grade in Grade::ALL {
            assert_eq!((grade.name().parse(), Grade::from_number(grade.number())), (Ok(grade), Some(grade)));
        }
        for confidence in Confidence::ALL {
            assert_eq!(Confidence::from_name(confidence.name()), Some(confidence));
        }
    }
}
