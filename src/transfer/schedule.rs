//! Schedules of other programs as rows of the log.

use crate::study::day::{Day, Moment};
use crate::study::memory::Model;
use crate::study::review::{Act, Review, ReviewId};
use crate::study::{hash, whole};

/// The id of a row that another program wrote: made of what it says, so that reading it twice gives the same row.
#[must_use]
pub fn derived(item: &str, act: &Act, when: Moment) -> ReviewId {
    let (name, about) = act.written();
    // A schedule is the same one even where a number of it was rounded on its way.
    let about = if matches!(act, Act::Seed { .. }) { "" } else { about.as_str() };
    let hash = hash(&[item.as_bytes(), name.as_bytes(), about.as_bytes()]);
    ReviewId { run: when.at, ordinal: i64::try_from(hash >> 1).unwrap_or(0) }
}

/// A row that another program wrote.
#[must_use]
pub fn row(item: &str, act: Act, when: Moment) -> Review {
    Review::new(derived(item, &act, when), item, act, when)
}

/// A difficulty in the thousand steps in which Anki's log keeps it, from 100 to 1100.
#[must_use]
pub fn steps(difficulty: f32) -> i64 {
    whole(f64::from((difficulty.clamp(1.0, 10.0) - 1.0) / 9.0) * 1000.0) + 100
}

/// The difficulty of such steps.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "a difficulty lies between 1 and 10")]
pub fn difficulty(steps: i64) -> f32 {
    ((steps.clamp(100, 1100) - 100) as f64 / 1000.0 * 9.0 + 1.0) as f32
}

/// What an ease (2.5 is usual) and an interval in days say about a memory.
#[must_use]
pub fn of_ease(ease: f32, days: f32) -> (f32, f32) {
    let memory = Model::default().of_ease(ease, days);
    (memory.stability, difficulty(steps(memory.difficulty)))
}

/// A schedule without its answers, from the day of the last one.
#[must_use]
pub fn seed(item: &str, (stability, difficulty): (f32, f32), due: Day, when: Moment) -> Review {
    row(item, Act::Seed { stability, difficulty, due }, when)
}

/// Noon of a day, on the wall clock that `moment` gives.
#[must_use]
pub fn noon(day: Day, moment: &dyn Fn(i64) -> Moment) -> Moment {
    let about = (day * 24 + 12) * 3_600_000;
    moment(about - i64::from(moment(about).offset) * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn difficulties_are_kept_in_steps() {
        for steps_of in 100..=1100 {
            assert_eq!(steps(difficulty(steps_of)), steps_of);
        }
        let (stability, hard) = of_ease(1.3, 10.0);
        assert!((stability - 10.0).abs() < 0.01 && hard > of_ease(2.5, 10.0).1);
    }

    #[test]
    fn noon_is_on_the_day() {
        let moment = |at: i64| Moment { at, offset: 7200 };
        let noon = noon(20_000, &moment);
        assert_eq!((noon.day(), noon.seconds()), (20_000, 43_200));
    }
}
