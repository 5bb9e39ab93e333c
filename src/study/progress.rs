//! What a learner knows about everything: the states of all items and what was done today.

use std::collections::HashMap;

use super::day::{Day, Moment};
use super::review::{Act, Review};
use super::schedule::State;

/// The day of the interview and how many minutes a day are meant for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Goal {
    pub date: Option<Day>,
    pub minutes: Option<u32>,
}

impl Goal {
    /// The date, while it lies ahead.
    #[must_use]
    pub fn ahead(&self, today: Day) -> Option<Day> {
        self.date.filter(|date| *date >= today)
    }

    /// Minutes for one day.
    #[must_use]
    pub fn daily(&self) -> u32 {
        self.minutes.unwrap_or(20).clamp(1, 600)
    }
}

#[derive(Clone, Debug, Default)]
pub struct Progress {
    states: HashMap<String, State>,
    /// The last rows that hold, oldest first; enough for today and for undo.
    recent: Vec<Review>,
    /// Whether `recent` begins at the first row of all.
    whole: bool,
    pub goal: Goal,
}

/// What is known of an item that was never asked.
static NEW: State = State {
    phase: super::schedule::Phase::New,
    memory: None,
    last: None,
    due: super::schedule::Due::Never,
    reps: 0,
    lapses: 0,
    clean: 0,
    suspended: false,
    buried: None,
    surprised: false,
};

impl Progress {
    #[must_use]
    pub fn new(states: HashMap<String, State>, recent: Vec<Review>, whole: bool, goal: Goal) -> Self {
        Self { states, recent, whole, goal }
    }

    #[must_use]
    pub fn state(&self, id: &str) -> &State {
        self.states.get(id).unwrap_or(&NEW)
    }

    pub fn states(&self) -> impl Iterator<Item = (&str, &State)> {
        self.states.iter().map(|(id, state)| (id.as_str(), state))
    }

    #[must_use]
    pub fn recent(&self) -> &[Review] {
        &self.recent
    }

    /// Takes in rows that are on disk, with the states that they gave.
    pub fn take(&mut self, rows: Vec<Review>, states: Vec<(String, State)>) {
        for row in rows {
            if let Act::Void(target) = row.act {
                self.recent.retain(|known| known.id != target);
            } else if !self.recent.iter().rev().any(|known| known.id == row.id) {
                self.recent.push(row);
            }
        }
        self.states.extend(states);
    }

    /// Takes in older rows, for undo beyond what was read at the start.
    pub fn earlier(&mut self, mut rows: Vec<Review>, whole: bool) {
        rows.retain(|row| self.recent.iter().all(|known| known.id != row.id));
        rows.append(&mut self.recent);
        self.recent = rows;
        self.whole = whole;
    }

    /// Whether every row is here that could be taken back.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// The last row that may be taken back.
    #[must_use]
    pub fn last(&self) -> Option<&Review> {
        self.recent.last()
    }

    /// The answers of a day.
    pub fn answers_of(&self, day: Day) -> impl Iterator<Item = &Review> {
        self.recent
            .iter()
            .rev()
            .take_while(move |row| row.when.day() >= day)
            .filter(move |row| row.when.day() == day && row.answered().is_some())
    }

    /// How many items were seen for the first time on a day, and how many were reviewed.
    #[must_use]
    pub fn done(&self, now: Moment) -> Done {
        let today = now.day();
        let mut done = Done::default();
        let mut seen: Vec<&str> = Vec::new();
        for row in self.answers_of(today) {
            done.answers += 1;
            done.seconds += u64::from(row.took.min(600_000)) / 1000;
            done.passed += usize::from(row.answered().is_some_and(super::review::Grade::passed));
            if row.grade().is_some() && !seen.contains(&row.item.as_str()) {
                seen.push(&row.item);
            }
        }
        for item in seen {
            let reps = self.state(item).reps as usize;
            let today = self.answers_of(today).filter(|row| row.item == item && row.grade().is_some()).count();
            if reps <= today { done.new += 1 } else { done.reviews += 1 }
        }
        done
    }
}

/// What was done on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub answers: usize,
    pub passed: usize,
    pub seconds: u64,
    pub new: usize,
    pub reviews: usize,
}
