//! A mock interview: which questions are asked, how long each may take, how an answer is scored, and what is said about
//! it afterwards. The clock and the seed are arguments.

pub mod choose;
pub mod past;
pub mod related;
pub mod run;
pub mod score;
pub mod transcript;

use serde::{Deserialize, Serialize};

use super::day::Millis;
use super::review::Review;
use super::schedule::{Due, Scheduler, State};
use crate::content::front::Level;
use crate::content::library::Library;

/// A watch that counts up and can be stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    spent: Millis,
    /// Not kept: a watch that is read from disk stands.
    #[serde(skip)]
    since: Option<Millis>,
}

impl Watch {
    pub fn start(&mut self, now: Millis) {
        self.since.get_or_insert(now);
    }

    pub fn stop(&mut self, now: Millis) {
        self.spent = self.spent(now);
        self.since = None;
    }

    #[must_use]
    pub fn running(&self) -> bool {
        self.since.is_some()
    }

    /// Milliseconds that it ran. A clock that is set back takes nothing away.
    #[must_use]
    pub fn spent(&self, now: Millis) -> Millis {
        self.spent + self.since.map_or(0, |since| (now - since).max(0))
    }
}

/// Where in a loop of interviews a question stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Round {
    /// No round: a question among others.
    #[default]
    Any,
    Screen,
    Working,
    Troubleshooting,
    Design,
    /// A stage of an incident.
    Stage,
}

impl Round {
    /// The rounds of a loop in their order.
    pub const LOOP: [Self; 4] = [Self::Screen, Self::Working, Self::Troubleshooting, Self::Design];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::Screen => "screen",
            Self::Working => "working engineer",
            Self::Troubleshooting => "troubleshooting",
            Self::Design => "design",
            Self::Stage => "incident",
        }
    }

    /// The levels that are asked in the round, the fitting ones first.
    #[must_use]
    pub fn levels(self) -> &'static [Level] {
        match self {
            Self::Any | Self::Stage => &Level::ALL,
            Self::Screen => &[Level::L1, Level::L2],
            Self::Working => &[Level::L2, Level::L1],
            Self::Troubleshooting => &[Level::L3, Level::L2],
            Self::Design => &[Level::L4, Level::L3],
        }
    }

    /// The part of the minutes that the round takes, in percent.
    #[must_use]
    pub fn part(self) -> u32 {
        match self {
            Self::Screen => 20,
            Self::Working => 30,
            Self::Troubleshooting | Self::Design => 25,
            Self::Any | Self::Stage => 100,
        }
    }
}

/// Seconds to think before the answer.
#[must_use]
pub fn thinking(level: Option<Level>, round: Round) -> u32 {
    match (round, level) {
        (Round::Screen, _) | (_, Some(Level::L1)) => 10,
        (_, Some(Level::L2) | None) => 20,
        (_, Some(Level::L3)) => 30,
        (_, Some(Level::L4)) => 45,
    }
}

/// Seconds for the answer: what the author says, else what the level asks for. A screen wants short answers.
#[must_use]
pub fn answering(level: Option<Level>, round: Round, minutes: Option<u32>) -> u32 {
    if round == Round::Screen {
        return 60;
    }
    let usual = match level {
        Some(Level::L1) => 2,
        Some(Level::L2) | None => 4,
        Some(Level::L3) => 5,
        Some(Level::L4) => 8,
    };
    minutes.unwrap_or(usual).clamp(1, 60) * 60
}

/// Seeds are small, so that one can be read aloud and typed.
pub const SEEDS: u64 = 1_000_000;

/// Seconds for a follow-up.
pub const FOLLOWING: u32 = 60;

/// Whether an answer would have its question come back today. Minutes from now is too soon for an answer of minutes: such
/// a question is put aside until tomorrow.
#[must_use]
pub fn too_soon(scheduler: &Scheduler, state: &State, review: &Review) -> bool {
    review.grade().is_some() && matches!(scheduler.after(state, review).due, Due::At(_))
}

/// The level of an entry: its own, else its file's or its module's.
#[must_use]
pub fn level(library: &Library, file: usize, entry: usize) -> Option<Level> {
    let file = library.files.get(file)?;
    let module = library.modules.get(file.module);
    file.entries.get(entry)?.level.or(file.level).or(module.and_then(|module| module.level))
}

/// A length of time as a clock shows it: `4:05`.
#[must_use]
pub fn clock(seconds: i64) -> String {
    let seconds = seconds.abs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_counts_only_while_it_runs() {
        let mut watch = Watch::default();
        watch.start(1_000);
        watch.start(9_000);
        assert_eq!((watch.spent(4_000), watch.running()), (3_000, true));
        // A clock that is set back takes nothing away.
        assert_eq!(watch.spent(500), 0);
        watch.stop(4_000);
        assert_eq!((watch.spent(90_000), watch.running()), (3_000, false));
        watch.start(100_000);
        assert_eq!(watch.spent(101_000), 4_000);
        let kept: Watch = serde_json::from_str(&serde_json::to_string(&watch).unwrap()).unwrap();
        assert_eq!((kept.spent(500_000), kept.running()), (3_000, false));
    }

    #[test]
    fn a_question_does_not_come_back_on_the_same_day() {
        use crate::study::review::{Act, Grade, ReviewId};
        let scheduler = Scheduler::default();
        let row = |act| Review::new(ReviewId::default(), "q", act, crate::study::day::Moment::default());
        let new = State::default();
        let known = scheduler.after(&new, &row(Act::Grade(Grade::Easy)));
        let cases = [
            (&new, Act::Grade(Grade::Again), true),
            (&new, Act::Grade(Grade::Good), true),
            (&new, Act::Grade(Grade::Easy), false),
            (&known, Act::Grade(Grade::Good), false),
            (&known, Act::Grade(Grade::Again), true),
            (&new, Act::Cram(Grade::Again), false),
        ];
        for (state, act, expected) in cases {
            assert_eq!(too_soon(&scheduler, state, &row(act.clone())), expected, "{act:?}");
        }
    }

    #[test]
    fn times_follow_level_round_and_author() {
        let cases = [
            (Some(Level::L1), Round::Any, None, (10, 120)),
            (Some(Level::L3), Round::Any, Some(6), (30, 360)),
            (Some(Level::L2), Round::Screen, Some(4), (10, 60)),
            (Some(Level::L4), Round::Design, None, (45, 480)),
            (None, Round::Stage, Some(3), (20, 180)),
            (None, Round::Any, None, (20, 240)),
        ];
        for (level, round, minutes, expected) in cases {
            assert_eq!((thinking(level, round), answering(level, round, minutes)), expected, "{level:?} {round:?}");
        }
        assert_eq!((clock(245).as_str(), clock(-5).as_str()), ("4:05", "0:05"));
        assert_eq!(Round::LOOP.map(Round::part).iter().sum::<u32>(), 100);
    }
}
