//! A set on its way: what is asked now, what waits for a step of minutes, what was answered.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::day::{Millis, Moment};
use super::review::{Act, Grade, Review, ReviewId};
use super::schedule::{Due, Rules, State};

/// An answer of this set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub id: ReviewId,
    pub item: String,
    pub grade: Grade,
    pub took: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    pub title: String,
    /// Without effect on the schedule.
    pub cram: bool,
    /// Nothing comes back in it, whatever the answer: a test that shows where somebody stands.
    pub once: bool,
    pending: VecDeque<String>,
    /// Items whose step of minutes is running, by when it ends.
    waiting: Vec<(Millis, String)>,
    current: Option<String>,
    done: Vec<Answered>,
    begun: Moment,
    /// How many items were done before it was left, or elsewhere.
    earlier: usize,
}

/// What is kept of a set that was interrupted.
#[derive(Serialize, Deserialize)]
struct Kept {
    title: String,
    cram: bool,
    begun: Millis,
    offset: i32,
    items: Vec<String>,
    #[serde(default)]
    done: usize,
    #[serde(default)]
    once: bool,
}

impl Run {
    #[must_use]
    pub fn new(title: &str, items: Vec<String>, cram: bool, begun: Moment) -> Self {
        Self { title: title.to_owned(), cram, pending: items.into(), begun, ..Self::default() }
    }

    /// What is asked now.
    #[must_use]
    pub fn current(&self) -> Option<&str> {
        self.current.as_deref()
    }

    #[must_use]
    pub fn done(&self) -> &[Answered] {
        &self.done
    }

    #[must_use]
    pub fn begun(&self) -> Moment {
        self.begun
    }

    /// How many questions lie behind.
    #[must_use]
    pub fn behind(&self) -> usize {
        self.earlier + self.done.len()
    }

    /// How many questions are still to come, as far as is known now.
    #[must_use]
    pub fn left(&self) -> usize {
        self.pending.len() + self.waiting.len() + usize::from(self.current.is_some())
    }

    /// Turns to the next item: a step that has run out, then what was not asked yet, then a step that has nearly run
    /// out. `None`: the set is done, or everything left is some time away.
    pub fn next(&mut self, rules: &Rules, now: Moment) -> Option<&str> {
        self.waiting.sort();
        let first = self.waiting.first().map(|(at, _)| *at);
        let ahead = now.at + i64::from(rules.ahead) * 1000;
        let take = first.is_some_and(|at| at <= now.at || (self.pending.is_empty() && at <= ahead));
        self.current = if take { Some(self.waiting.remove(0).1) } else { self.pending.pop_front() };
        self.current()
    }

    /// The current item was answered, and this is its state now.
    pub fn answered(&mut self, review: &Review, state: &State) {
        let (Some(grade), Some(item)) = (review.answered(), self.current.take()) else { return };
        self.done.push(Answered { id: review.id, item: item.clone(), grade, took: review.took });
        match (review.act.clone(), state.due) {
            _ if self.once => {}
            (Act::Grade(_), Due::At(at)) => self.waiting.push((at, item)),
            // What was not known in a cram set comes once more.
            (Act::Cram(Grade::Again), _) => self.pending.push_back(item),
            _ => {}
        }
    }

    /// The current item leaves the set without an answer.
    pub fn put_aside(&mut self) {
        self.current = None;
    }

    /// The current item moves to the end.
    pub fn skip(&mut self) {
        if let Some(item) = self.current.take() {
            self.pending.push_back(item);
        }
    }

    /// The current item is asked next, once more.
    pub fn skip_to_front(&mut self) {
        if let Some(item) = self.current.take() {
            self.pending.push_front(item);
        }
    }

    /// An answer was taken back: its item is asked again, now.
    pub fn taken_back(&mut self, id: ReviewId, item: &str) {
        self.done.retain(|answered| answered.id != id);
        self.waiting.retain(|(_, waiting)| waiting != item);
        self.pending.retain(|pending| pending != item);
        if let Some(current) = self.current.take().filter(|current| current != item) {
            self.pending.push_front(current);
        }
        self.current = Some(item.to_owned());
    }

    /// Leaves out what somebody else answered meanwhile, and what is gone from the library.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.pending.retain(|item| keep(item));
        self.waiting.retain(|(_, item)| keep(item));
    }

    /// Leaves out what was answered after the set was kept, and counts it as done.
    pub fn retain_open(&mut self, open: impl Fn(&str) -> bool) {
        let before = self.left();
        self.retain(open);
        self.earlier += before - self.left();
    }

    /// The set as it is kept over a restart; nothing when it is done.
    #[must_use]
    pub fn kept(&self) -> Option<String> {
        let waiting = self.waiting.iter().map(|(_, item)| item.clone());
        let items: Vec<String> =
            self.current.iter().cloned().chain(self.pending.iter().cloned()).chain(waiting).collect();
        let (begun, done) = (self.begun, self.behind());
        let (title, cram, once) = (self.title.clone(), self.cram, self.once);
        let kept = Kept { title, cram, begun: begun.at, offset: begun.offset, items, done, once };
        if kept.items.is_empty() { None } else { serde_json::to_string(&kept).ok() }
    }

    /// The set that was kept.
    #[must_use]
    pub fn resumed(kept: &str) -> Option<Self> {
        let kept: Kept = serde_json::from_str(kept).ok()?;
        let begun = Moment { at: kept.begun, offset: kept.offset };
        Some(Self { earlier: kept.done, once: kept.once, ..Self::new(&kept.title, kept.items, kept.cram, begun) })
    }
}

/// The grade that the share of ticked points suggests.
#[must_use]
pub fn of_points(ticked: usize, all: usize) -> Grade {
    match (ticked, all) {
        (_, 0) => Grade::Good,
        (ticked, all) if ticked >= all => Grade::Easy,
        (ticked, all) if ticked * 5 >= all * 4 => Grade::Good,
        (ticked, all) if ticked * 2 >= all => Grade::Hard,
        _ => Grade::Again,
    }
}

/// The best grade that is left after so many hints: they cost.
#[must_use]
pub fn with_hints(hints: usize) -> Grade {
    match hints {
        0 => Grade::Easy,
        1 => Grade::Hard,
        _ => Grade::Again,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment { at: 1_000_000_000, offset: 0 };

    fn run(items: &[&str]) -> Run {
        Run::new("t", items.iter().map(|item| (*item).to_owned()).collect(), false, NOW)
    }

    fn answer(run: &mut Run, ordinal: i64, act: Act, due: Due) {
        let id = ReviewId { run: 1, ordinal };
        let review = Review::new(id, run.current().unwrap(), act, NOW);
        run.answered(&review, &State { due, ..State::default() });
    }

    #[test]
    fn steps_come_back_when_they_run_out() {
        let rules = Rules::default();
        let mut run = run(&["a", "b", "c"]);
        assert_eq!(run.next(&rules, NOW), Some("a"));
        answer(&mut run, 1, Act::Grade(Grade::Again), Due::At(NOW.at + 60_000));
        assert_eq!(run.next(&rules, NOW), Some("b"));
        assert_eq!(run.left(), 3);
        answer(&mut run, 2, Act::Grade(Grade::Good), Due::On(99));
        // A minute later the first has its turn before what was never asked.
        assert_eq!(run.next(&rules, NOW.plus(61_000)), Some("a"));
        answer(&mut run, 3, Act::Grade(Grade::Good), Due::At(NOW.at + 600_000));
        assert_eq!(run.next(&rules, NOW.plus(61_000)), Some("c"));
        answer(&mut run, 4, Act::Grade(Grade::Good), Due::On(99));
        // Nothing else is left: the step is asked early.
        assert_eq!(run.next(&rules, NOW.plus(62_000)), Some("a"));
        answer(&mut run, 5, Act::Grade(Grade::Good), Due::On(99));
        assert_eq!(run.next(&rules, NOW), None);
        assert_eq!((run.left(), run.done().len()), (0, 5));
    }

    #[test]
    fn what_waits_longer_than_the_limit_ends_the_set() {
        let rules = Rules::default();
        let mut run = run(&["a"]);
        run.next(&rules, NOW);
        answer(&mut run, 1, Act::Grade(Grade::Good), Due::At(NOW.at + 3_600_000));
        assert_eq!(run.next(&rules, NOW), None);
        assert_eq!(run.left(), 1);
    }

    #[test]
    fn taking_back_asks_again() {
        let rules = Rules::default();
        let mut run = run(&["a", "b"]);
        run.next(&rules, NOW);
        answer(&mut run, 1, Act::Grade(Grade::Good), Due::At(NOW.at + 60_000));
        run.next(&rules, NOW);
        run.taken_back(ReviewId { run: 1, ordinal: 1 }, "a");
        assert_eq!((run.current(), run.left(), run.done().len()), (Some("a"), 2, 0));
        answer(&mut run, 2, Act::Grade(Grade::Easy), Due::On(9));
        assert_eq!(run.next(&rules, NOW), Some("b"));
    }

    #[test]
    fn a_set_is_kept_and_resumed() {
        let rules = Rules::default();
        let mut one = run(&["a", "b", "c"]);
        one.next(&rules, NOW);
        one.skip();
        one.next(&rules, NOW);
        let mut two = Run::resumed(&one.kept().unwrap()).unwrap();
        assert_eq!(two.next(&rules, NOW), Some("b"));
        assert_eq!((two.left(), two.begun(), two.behind()), (3, NOW, 0));
        two.put_aside();
        two.retain_open(|item| item != "c");
        assert_eq!(two.behind(), 1);
        assert_eq!((two.next(&rules, NOW).map(str::to_owned), two.left()), (Some("a".to_owned()), 1));
        two.put_aside();
        assert_eq!((two.kept(), Run::resumed("nonsense")), (None, None));
    }

    #[test]
    fn a_test_asks_nothing_twice() {
        let mut run = Run { once: true, ..run(&["a", "b"]) };
        for _ in 0..2 {
            let item = run.next(&Rules::default(), Moment::default()).unwrap().to_owned();
            let review = Review::new(ReviewId::default(), &item, Act::Grade(Grade::Again), Moment::default());
            run.answered(&review, &State { due: Due::At(60_000), ..State::default() });
            run = Run { begun: run.begun, ..Run::resumed(&run.kept().unwrap_or_default()).unwrap_or(run) };
        }
        assert_eq!((run.left(), run.behind()), (0, 2));
    }

    #[test]
    fn cram_asks_again_what_was_not_known() {
        let mut run = Run { cram: true, ..run(&["a"]) };
        let rules = Rules::default();
        run.next(&rules, NOW);
        answer(&mut run, 1, Act::Cram(Grade::Again), Due::Never);
        assert_eq!(run.next(&rules, NOW), Some("a"));
        answer(&mut run, 2, Act::Cram(Grade::Good), Due::Never);
        assert_eq!(run.next(&rules, NOW), None);
    }

    #[test]
    fn points_and_hints_suggest_grades() {
        let cases =
            [(5, 5, Grade::Easy), (4, 5, Grade::Good), (3, 5, Grade::Hard), (2, 5, Grade::Again), (0, 0, Grade::Good)];
        for (ticked, all, grade) in cases {
            assert_eq!(of_points(ticked, all), grade);
        }
        assert_eq!([0, 1, 2, 9].map(with_hints), [Grade::Easy, Grade::Hard, Grade::Again, Grade::Again]);
    }
}
