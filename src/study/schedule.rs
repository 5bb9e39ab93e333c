//! When an item comes back: learning steps, days, fuzz and leeches around the model of memory.

use super::day::{Day, Millis, Moment};
use super::memory::{Memory, Model};
use super::review::{Act, Confidence, Grade, Review};
use super::{hash, share, whole};

/// The learner's rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// The recall at which an item comes back, from 0.7 to 0.98.
    pub retention: f32,
    /// Seconds between the first answers.
    pub learning: Vec<u32>,
    /// Seconds between the answers after a lapse.
    pub relearning: Vec<u32>,
    pub new_per_day: usize,
    pub reviews_per_day: usize,
    /// How early a step may be asked when nothing else is left, in seconds.
    pub ahead: u32,
    /// Lapses that make a leech.
    pub leech: u32,
    /// The longest interval, in days.
    pub longest: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            retention: 0.9,
            learning: vec![60, 600],
            relearning: vec![600],
            new_per_day: 20,
            reviews_per_day: 200,
            ahead: 1200,
            leech: 8,
            longest: 36_500,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    #[default]
    New,
    /// At a step of learning.
    Learning(u8),
    Review,
    /// At a step after a lapse.
    Relearning(u8),
}

/// When an item is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Due {
    /// Nothing was asked yet.
    #[default]
    Never,
    At(Millis),
    On(Day),
}

/// What is known about one item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    pub phase: Phase,
    pub memory: Option<Memory>,
    pub last: Option<Moment>,
    pub due: Due,
    pub reps: u32,
    pub lapses: u32,
    /// Days on which the first answer was right, in a row: three make an item learned.
    pub clean: u32,
    pub suspended: bool,
    /// The day for which it was put aside.
    pub buried: Option<Day>,
    /// The day of the last answer that was wrong and given with confidence, until it was known weeks later.
    pub surprised: Option<Day>,
}

impl State {
    /// Whether it has been answered.
    #[must_use]
    pub fn seen(&self) -> bool {
        self.phase != Phase::New
    }

    #[must_use]
    pub fn leech(&self, rules: &Rules) -> bool {
        self.lapses >= rules.leech.max(1)
    }

    /// Recalled on three days in a row.
    #[must_use]
    pub fn learned(&self) -> bool {
        self.clean >= 3
    }

    /// Whether it waits for a step of minutes.
    #[must_use]
    pub fn stepping(&self) -> bool {
        matches!(self.phase, Phase::Learning(_) | Phase::Relearning(_))
    }

    /// How likely it would be recalled on a day; nothing that was never seen would be.
    #[must_use]
    pub fn recall(&self, model: &Model, day: Day) -> f64 {
        let (Some(memory), Some(last)) = (self.memory, self.last) else { return 0.0 };
        model.recall(memory.stability, (day - last.day()).max(0) as f64)
    }

    /// Whether it is put aside for now.
    #[must_use]
    pub fn aside(&self, today: Day) -> bool {
        self.suspended || self.buried.is_some_and(|day| day >= today)
    }

    /// The day on which it is due; steps of minutes are due on the day of their moment.
    #[must_use]
    pub fn due_day(&self, now: Moment) -> Option<Day> {
        match self.due {
            Due::Never => None,
            Due::At(at) => Some(Moment { at, ..now }.day()),
            Due::On(day) => Some(day),
        }
    }

    /// Whether it is due at a moment.
    #[must_use]
    pub fn is_due(&self, now: Moment) -> bool {
        match self.due {
            Due::Never => false,
            Due::At(at) => at <= now.at,
            Due::On(day) => day <= now.day(),
        }
    }
}

/// Everything that computing a state needs.
#[derive(Clone, Debug, Default)]
pub struct Scheduler {
    pub model: Model,
    pub rules: Rules,
}

impl Scheduler {
    /// The state after a row of the log.
    #[must_use]
    pub fn after(&self, state: &State, review: &Review) -> State {
        let mut next = state.clone();
        match &review.act {
            Act::Grade(grade) => next = self.graded(state, &review.item, *grade, review.when, review.confidence),
            Act::Suspend => next.suspended = true,
            Act::Resume => next.suspended = false,
            Act::Bury => next.buried = Some(review.when.day()),
            Act::Forget => next = State { suspended: state.suspended, ..State::default() },
            Act::Seed { stability, difficulty, due } => {
                next = State {
                    phase: Phase::Review,
                    memory: Some(Memory {
                        stability: stability.clamp(0.001, 36_500.0),
                        difficulty: difficulty.clamp(1.0, 10.0),
                    }),
                    last: Some(review.when),
                    due: Due::On(*due),
                    reps: state.reps.max(1),
                    suspended: state.suspended,
                    ..State::default()
                }
            }
            Act::Cram(_) | Act::Void(_) | Act::Adopt(_) => {}
        }
        next
    }

    /// The state after some rows, which hold and are in order.
    #[must_use]
    pub fn fold<'a>(&self, rows: impl IntoIterator<Item = &'a Review>) -> State {
        rows.into_iter().fold(State::default(), |state, row| self.after(&state, row))
    }

    /// The four states that the four grades would give.
    #[must_use]
    pub fn preview(&self, state: &State, item: &str, now: Moment) -> [State; 4] {
        Grade::ALL.map(|grade| self.graded(state, item, grade, now, None))
    }

    /// The state after an answer without a word about confidence.
    #[must_use]
    pub fn next(&self, state: &State, item: &str, grade: Grade, now: Moment) -> State {
        self.graded(state, item, grade, now, None)
    }

    fn graded(&self, state: &State, item: &str, grade: Grade, when: Moment, sure: Option<Confidence>) -> State {
        let today = when.day();
        let since = state.last.map(|last| (today - last.day()).max(0));
        let days = u32::try_from(since.unwrap_or(0)).unwrap_or(u32::MAX);
        let memory = self.model.after(state.memory, days, grade);
        let mut next = State {
            memory: Some(memory),
            last: Some(when),
            reps: state.reps.saturating_add(1),
            surprised: surprised(state.surprised, grade, today, sure),
            buried: None,
            ..state.clone()
        };
        // What is answered again on the same day tells nothing new about another day.
        if grade == Grade::Again {
            next.clean = 0;
        } else if since != Some(0) {
            next.clean = state.clean.saturating_add(1);
        }
        let seed = hash(&[item.as_bytes(), &state.reps.to_le_bytes()]);
        let (steps, at, relearning) = match state.phase {
            Phase::New => (&self.rules.learning, 0, false),
            Phase::Learning(at) => (&self.rules.learning, usize::from(at), false),
            Phase::Relearning(at) => (&self.rules.relearning, usize::from(at), true),
            Phase::Review if grade == Grade::Again => {
                next.lapses = state.lapses.saturating_add(1);
                if let Some(first) = self.rules.relearning.first() {
                    next.phase = Phase::Relearning(0);
                    next.due = Due::At(later(when, *first, seed));
                } else {
                    self.review(&mut next, Grade::Again, when, seed);
                }
                return next;
            }
            Phase::Review => {
                self.review(&mut next, grade, when, seed);
                return next;
            }
        };
        let step = |at: usize| {
            let at = u8::try_from(at).unwrap_or(u8::MAX);
            if relearning { Phase::Relearning(at) } else { Phase::Learning(at) }
        };
        let wait = match grade {
            Grade::Again => steps.first().map(|wait| (0, *wait)),
            Grade::Hard => hard(steps, at).map(|wait| (at.min(steps.len().saturating_sub(1)), wait)),
            Grade::Good => steps.get(at + 1).map(|wait| (at + 1, *wait)),
            Grade::Easy => None,
        };
        if let Some((at, wait)) = wait {
            next.phase = step(at);
            next.due = Due::At(later(when, wait, seed));
        } else {
            self.review(&mut next, grade, when, seed);
        }
        next
    }

    /// Puts an item into the days.
    fn review(&self, next: &mut State, grade: Grade, when: Moment, seed: u64) {
        let stability = next.memory.map_or(1.0, |memory| memory.stability);
        let raw = |stability: f32| self.model.interval(stability, self.rules.retention);
        // A better grade never comes back earlier than a worse one.
        let least = match grade {
            Grade::Again | Grade::Hard => 1,
            Grade::Good => 2,
            Grade::Easy => 3,
        };
        let least = if next.phase == Phase::Review { least } else { least - i64::from(grade > Grade::Hard) };
        let days = fuzzed(raw(stability), least.max(1), i64::from(self.rules.longest.max(1)), seed);
        next.phase = Phase::Review;
        next.due = Due::On(when.day() + days);
    }
}

/// Days after which an error that was made with confidence is asked about once more: a fifth of such errors come back
/// after they were corrected.
pub const LATER: i64 = 21;

/// The confident error that is still to be looked after.
fn surprised(known: Option<Day>, grade: Grade, today: Day, sure: Option<Confidence>) -> Option<Day> {
    if grade == Grade::Again && sure == Some(Confidence::Sure) {
        return Some(today);
    }
    known.filter(|day| !grade.passed() || today < day + LATER)
}

/// The wait of hard: between the first two steps, or a little more than the only one.
fn hard(steps: &[u32], at: usize) -> Option<u32> {
    match (at, steps) {
        (_, []) => None,
        (0, [first, second, ..]) => Some(first.midpoint(*second)),
        (0, [only]) => Some((only.saturating_mul(3) / 2).min(only.saturating_add(86_400))),
        (at, steps) => steps.get(at).or(steps.last()).copied(),
    }
}

/// A wait of seconds with up to a quarter more, but at most five minutes.
fn later(when: Moment, wait: u32, seed: u64) -> Millis {
    let most = (f64::from(wait) * 0.25).min(300.0);
    when.at + i64::from(wait) * 1000 + whole((share(seed) * most).floor()) * 1000
}

/// Spreads an interval over the days around it, always the same way for the same seed.
fn fuzzed(interval: f64, least: i64, most: i64, seed: u64) -> i64 {
    let wanted = whole(interval).clamp(least, most);
    if interval < 2.5 {
        return wanted;
    }
    let part = |from: f64, to: f64| (interval.min(to) - from).max(0.0);
    let delta = 1.0 + 0.15 * part(2.5, 7.0) + 0.1 * part(7.0, 20.0) + 0.05 * part(20.0, f64::MAX);
    let lower = whole(interval - delta).max(2).clamp(least, most);
    let upper = whole(interval + delta).clamp(lower, most);
    lower + whole((share(seed) * (upper - lower + 1) as f64).floor()).min(upper - lower)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::day::parse;
    use crate::study::review::ReviewId;

    fn noon(day: i64) -> Moment {
        Moment { at: (day * 24 + 12) * 3_600_000, offset: 0 }
    }

    fn days(state: &State, from: Moment) -> i64 {
        match state.due {
            Due::On(day) => day - from.day(),
            other => panic!("{other:?}"),
        }
    }

    fn wait(state: &State, from: Moment) -> i64 {
        match state.due {
            Due::At(at) => (at - from.at) / 1000,
            other => panic!("{other:?}"),
        }
    }

    fn answer(scheduler: &Scheduler, state: &State, grade: Grade, when: Moment) -> State {
        scheduler.after(state, &Review::new(ReviewId::default(), "a", Act::Grade(grade), when))
    }

    #[test]
    fn a_new_item_goes_through_its_steps() {
        let scheduler = Scheduler::default();
        let now = noon(parse("2026-11-25").unwrap());
        let [again, hard, good, easy] = scheduler.preview(&State::default(), "a", now);
        let within = |state: &State, from: i64, to: i64| (from..=to).contains(&wait(state, now));
        assert!(within(&again, 60, 75) && again.phase == Phase::Learning(0));
        assert!(within(&hard, 330, 412) && hard.phase == Phase::Learning(0));
        assert!(within(&good, 600, 750) && good.phase == Phase::Learning(1));
        assert!(easy.phase == Phase::Review && days(&easy, now) >= 2);
        let done = answer(&scheduler, &good, Grade::Good, now.plus(600_000));
        assert_eq!(done.phase, Phase::Review);
        assert!(days(&done, now) >= 1);
    }

    #[test]
    fn a_lapse_is_relearned_and_counted() {
        let scheduler = Scheduler::default();
        let now = noon(100);
        let mut state = State {
            phase: Phase::Review,
            memory: Some(Memory { stability: 20.0, difficulty: 5.0 }),
            last: Some(noon(80)),
            due: Due::On(100),
            reps: 5,
            clean: 3,
            ..State::default()
        };
        assert!(state.learned() && state.is_due(now));
        for lapse in 1..=8 {
            state = answer(&scheduler, &state, Grade::Again, now);
            assert_eq!((state.phase, state.lapses, state.clean), (Phase::Relearning(0), lapse, 0));
            assert!((600..=750).contains(&wait(&state, now)));
            assert_eq!(state.leech(&scheduler.rules), lapse >= 8);
            state = answer(&scheduler, &state, Grade::Good, now.plus(700_000));
            assert_eq!(state.phase, Phase::Review);
        }
    }

    #[test]
    fn grades_keep_their_order_in_days() {
        let scheduler = Scheduler::default();
        for stability in [0.5, 1.0, 2.0, 5.0, 30.0, 500.0] {
            let state = State {
                phase: Phase::Review,
                memory: Some(Memory { stability, difficulty: 6.0 }),
                last: Some(noon(100)),
                reps: 4,
                ..State::default()
            };
            let [_, hard, good, easy] = scheduler.preview(&state, "some", noon(103));
            let all = [days(&hard, noon(103)), days(&good, noon(103)), days(&easy, noon(103))];
            assert!(all[0] < all[1] && all[1] < all[2], "{stability} {all:?}");
        }
    }

    #[test]
    fn fuzz_is_the_same_each_time_and_stays_near() {
        for interval in [1.0, 2.4, 2.6, 10.0, 45.0, 400.0] {
            for seed in 0..50_u64 {
                let seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
                let one = fuzzed(interval, 1, 36_500, seed);
                assert_eq!(one, fuzzed(interval, 1, 36_500, seed));
                assert!((one as f64 - interval).abs() <= 2.5 + interval * 0.12, "{interval} {one}");
                assert!(one >= 1);
            }
        }
        assert_eq!(fuzzed(1e9, 1, 300, 7), 300);
    }

    #[test]
    fn answers_of_one_day_count_as_one_day() {
        let scheduler = Scheduler::default();
        // The evening and the night after it are one day; a clock that was set back gives no negative days.
        let evening = Moment { at: (100 * 24 + 23) * 3_600_000, offset: 0 };
        let first = answer(&scheduler, &State::default(), Grade::Good, evening);
        let night = answer(&scheduler, &first, Grade::Good, evening.plus(4 * 3_600_000));
        assert_eq!((first.clean, night.clean), (1, 1));
        let back = answer(&scheduler, &first, Grade::Good, evening.plus(-50 * 3_600_000));
        assert_eq!(back.memory, night.memory);
    }

    #[test]
    fn a_confident_error_is_looked_after_for_weeks() {
        let scheduler = Scheduler::default();
        let row = |grade, day, sure| Review {
            confidence: sure,
            ..Review::new(ReviewId::default(), "a", Act::Grade(grade), noon(day))
        };
        let sure = Some(Confidence::Sure);
        let error = row(Grade::Again, 10, sure);
        let after = |more: &[Review]| {
            let rows: Vec<Review> = std::iter::once(error.clone()).chain(more.iter().cloned()).collect();
            scheduler.fold(&rows).surprised
        };
        assert_eq!(after(&[]), Some(10));
        assert_eq!(after(&[row(Grade::Good, 10, None), row(Grade::Good, 30, None)]), Some(10));
        assert_eq!(after(&[row(Grade::Again, 40, None)]), Some(10));
        assert_eq!(after(&[row(Grade::Good, 31, None)]), None);
        assert_eq!(after(&[row(Grade::Again, 40, sure)]), Some(40));
    }

    #[test]
    fn putting_aside_and_coming_back() {
        let scheduler = Scheduler::default();
        let row = |act, day| Review::new(ReviewId::default(), "a", act, noon(day));
        let fold = |rows: &[Review]| scheduler.fold(rows);
        let buried = fold(&[row(Act::Grade(Grade::Easy), 1), row(Act::Bury, 9)]);
        assert!(buried.aside(9) && !buried.aside(10));
        let suspended = fold(&[row(Act::Suspend, 1), row(Act::Forget, 2)]);
        assert!(suspended.aside(50) && !suspended.seen());
        assert!(!fold(&[row(Act::Suspend, 1), row(Act::Resume, 2)]).aside(3));
        let seeded = fold(&[row(Act::Seed { stability: 30.0, difficulty: 4.0, due: 40 }, 10)]);
        assert_eq!((seeded.due, seeded.phase), (Due::On(40), Phase::Review));
        assert_eq!(fold(&[row(Act::Cram(Grade::Again), 1)]), State::default());
    }

    #[test]
    fn without_steps_the_days_begin_at_once() {
        let rules = Rules { learning: Vec::new(), relearning: Vec::new(), ..Rules::default() };
        let scheduler = Scheduler { rules, ..Scheduler::default() };
        let first = answer(&scheduler, &State::default(), Grade::Again, noon(5));
        assert_eq!(first.phase, Phase::Review);
        let lapsed = answer(&scheduler, &first, Grade::Again, noon(8));
        assert_eq!((lapsed.phase, lapsed.lapses), (Phase::Review, 1));
    }
}
