//! What a learner knows about everything: the states of all items and what was done today.

use std::collections::{BTreeMap, HashMap};

use super::day::{Day, Moment, ahead, parse};
use super::items::Items;
use super::pace::Pace;
use super::review::{Act, Review};
use super::schedule::State;
use crate::content::library::Library;
use crate::text::count;

/// The day of the interview and how many minutes a day are meant for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Goal {
    pub date: Option<Day>,
    pub minutes: Option<u32>,
}

impl Goal {
    /// What is kept of a goal: a date as YYYY-MM-DD and minutes.
    #[must_use]
    pub fn read(date: Option<&str>, minutes: Option<&str>) -> Self {
        Self { date: date.and_then(parse), minutes: minutes.and_then(|text| text.parse().ok()) }
    }

    /// The goal as somebody writes it: a date, or so many days as `+18`; minutes a day may follow, or stand alone.
    /// Nothing written means that there is no date.
    pub fn written(self, text: &str, today: Day) -> Result<Self, &'static str> {
        let mut goal = Self { date: None, ..self };
        let mut minutes_alone = false;
        let mut told = false;
        for (at, word) in text.split_whitespace().enumerate() {
            let number = word.strip_suffix("min").unwrap_or(word).parse::<u32>();
            match number {
                _ if word == "min" && at > 0 => {}
                Ok(minutes) if !word.starts_with('+') => {
                    if !(1..=600).contains(&minutes) {
                        return Err("minutes a day are from 1 to 600");
                    }
                    if std::mem::replace(&mut told, true) {
                        return Err("two numbers: write a date, then minutes a day");
                    }
                    goal.minutes = Some(minutes);
                    minutes_alone = at == 0;
                }
                _ => {
                    let date = ahead(word, today).filter(|_| at == 0).ok_or("not a date yet")?;
                    if date < today {
                        return Err("that day lies behind");
                    }
                    goal.date = Some(date);
                }
            }
        }
        if minutes_alone {
            goal.date = self.date;
        }
        Ok(goal)
    }

    /// The date, while it lies ahead.
    #[must_use]
    pub fn ahead(&self, today: Day) -> Option<Day> {
        self.date.filter(|date| *date >= today)
    }

    /// The minutes of a day, in words.
    #[must_use]
    pub fn effort(&self) -> String {
        format!("{} a day", count(usize::try_from(self.daily()).unwrap_or(0), "minute"))
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
    /// How many answers were given on each day.
    pub calendar: BTreeMap<Day, usize>,
    /// How fast the learner is.
    pub pace: Pace,
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
    surprised: None,
};

impl Progress {
    #[must_use]
    pub fn new(states: HashMap<String, State>, recent: Vec<Review>, whole: bool, goal: Goal) -> Self {
        Self { states, recent, whole, goal, calendar: BTreeMap::new(), pace: Pace::default() }
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

    /// Takes the pace from the answers so far.
    pub fn keep_pace(&mut self, items: &Items, library: &Library) {
        self.pace = Pace::of(&self.recent, items, library);
    }

    /// Takes in rows that are on disk, with the states that they gave.
    pub fn take(&mut self, rows: Vec<Review>, states: Vec<(String, State)>) {
        for row in rows {
            if let Act::Void(target) = row.act {
                let void = self.recent.iter().find(|known| known.id == target && known.answered().is_some());
                if let Some(count) = void.and_then(|known| self.calendar.get_mut(&known.when.day())) {
                    *count = count.saturating_sub(1);
                }
                self.recent.retain(|known| known.id != target);
            } else if !self.recent.iter().rev().any(|known| known.id == row.id) {
                if row.answered().is_some() {
                    *self.calendar.entry(row.when.day()).or_default() += 1;
                }
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

    /// The last day before today on which something was answered.
    #[must_use]
    pub fn last_day(&self, today: Day) -> Option<Day> {
        self.calendar.range(..today).rev().find(|(_, count)| **count > 0).map(|(day, _)| *day)
    }

    /// Days in a row on which something was answered: those that end today or yesterday, and the most there were.
    #[must_use]
    pub fn streak(&self, today: Day) -> (usize, usize) {
        let (mut run, mut best, mut before) = (0, 0, None);
        for day in self.calendar.iter().filter(|(day, count)| **count > 0 && **day <= today).map(|(day, _)| *day) {
            run = if before == Some(day - 1) { run + 1 } else { 1 };
            best = best.max(run);
            before = Some(day);
        }
        (if before.is_some_and(|day| day + 1 >= today) { run } else { 0 }, best)
    }

    /// Answers in each of the last weeks of seven days, the latest last.
    #[must_use]
    pub fn weeks(&self, today: Day, weeks: usize) -> Vec<usize> {
        let mut out = vec![0; weeks];
        for (day, count) in self.calendar.range(..=today) {
            let back = usize::try_from((today - day) / 7).unwrap_or(usize::MAX);
            if let Some(slot) = weeks.checked_sub(back + 1).and_then(|at| out.get_mut(at)) {
                *slot += count;
            }
        }
        out
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

#[cfg(test)]
mod tests {
    use super::*;

    fn of(days: &[(Day, usize)]) -> Progress {
        Progress { calendar: days.iter().copied().collect(), ..Progress::default() }
    }

    #[test]
    fn days_in_a_row() {
        // Days 1 to 4 are four in a row, then 8 and 9. Day 6 holds nothing: what was answered was taken back.
        let progress = of(&[(1, 3), (2, 1), (3, 9), (4, 1), (6, 0), (8, 2), (9, 2)]);
        for (today, expected) in [(9, (2, 4)), (10, (2, 4)), (11, (0, 4)), (4, (4, 4)), (0, (0, 0))] {
            assert_eq!(progress.streak(today), expected, "on day {today}");
        }
        assert_eq!((progress.last_day(8), progress.last_day(1)), (Some(4), None));
    }

    #[test]
    fn a_goal_is_read_as_people_write_it() {
        let before = Goal { date: Some(7), minutes: Some(20) };
        let cases = [
            ("+18", Ok((Some(118), Some(20)))),
            ("+18 25", Ok((Some(118), Some(25)))),
            ("+0 25 min", Ok((Some(100), Some(25)))),
            (" 1970-06-01  40min ", Ok((Some(151), Some(40)))),
            ("30", Ok((Some(7), Some(30)))),
            ("", Ok((None, Some(20)))),
            ("soon", Err("not a date yet")),
            ("2026-1", Err("not a date yet")),
            ("25 +18", Err("not a date yet")),
            ("1970-01-02", Err("that day lies behind")),
            ("+18 0", Err("minutes a day are from 1 to 600")),
            ("+18 601", Err("minutes a day are from 1 to 600")),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|(date, minutes)| Goal { date, minutes });
            assert_eq!(before.written(text, 100), expected, "{text}");
        }
    }

    #[test]
    fn weeks_end_today() {
        // With today as day 20 the last week holds days 14 to 20, the one before days 7 to 13.
        let progress = of(&[(6, 100), (7, 1), (13, 2), (14, 4), (20, 8), (21, 99)]);
        assert_eq!(progress.weeks(20, 2), [3, 12]);
        assert_eq!(progress.weeks(20, 0), [0; 0]);
    }

    #[test]
    fn what_is_taken_back_is_not_counted() {
        use super::super::review::{Grade, ReviewId};
        let row =
            |ordinal, act| Review::new(ReviewId { run: 1, ordinal }, "a", act, Moment { at: 0, offset: 5 * 3600 });
        let mut progress = Progress::default();
        progress.take(vec![row(1, Act::Grade(Grade::Good)), row(2, Act::Bury)], Vec::new());
        assert_eq!(progress.calendar, BTreeMap::from([(0, 1)]));
        progress.take(vec![row(3, Act::Void(ReviewId { run: 1, ordinal: 1 }))], Vec::new());
        assert_eq!(progress.calendar, BTreeMap::from([(0, 0)]));
    }
}
