//! Readiness and the days ahead.

use std::cmp::Reverse;

use super::day::{Day, Moment};
use super::desk::Desk;
use super::memory::Model;
use super::queue::Limits;
use super::review::Grade;
use super::schedule::{Due, State};
use super::whole;

/// The weighted share that would be recalled; what was never seen counts as nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Readiness {
    /// If it were asked today.
    pub now: f64,
    /// On the day of the interview, if nothing more is done; as `now` when there is no date.
    pub on_day: f64,
    /// On that day, if today's set is done.
    pub with_today: f64,
    pub seen: usize,
    pub total: usize,
}

/// How a module stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    pub ready: f64,
    pub seen: usize,
    pub total: usize,
    pub due: usize,
}

/// One day of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Planned {
    pub day: Day,
    pub new: usize,
    pub reviews: usize,
    pub seconds: u64,
    /// Readiness for the date after this day.
    pub ready: f64,
}

impl Planned {
    /// Minutes, begun ones counted as whole.
    #[must_use]
    pub fn minutes(&self) -> u64 {
        self.seconds.div_ceil(60)
    }
}

/// A plan looks so many days ahead at most.
const LONGEST: Day = 120;

impl Desk<'_> {
    /// The day that readiness is about.
    #[must_use]
    pub fn target(&self) -> Day {
        self.progress.goal.ahead(self.today()).unwrap_or_else(|| self.today())
    }

    /// Readiness over all items; `today` is the set that is meant for today.
    #[must_use]
    pub fn readiness(&self, today: &[usize]) -> Readiness {
        let model = &self.scheduler.model;
        let (now, date) = (self.today(), self.target());
        let mut out = Readiness { total: self.items.len(), ..Readiness::default() };
        let (mut weights, mut asked, mut then, mut with) = (0.0, 0.0, 0.0, 0.0);
        let mut set: Vec<usize> = today.to_vec();
        set.sort_unstable();
        for (at, item) in self.items.all().iter().enumerate() {
            let state = self.state(at);
            weights += item.weight;
            out.seen += usize::from(state.seen());
            let on_day = known(model, state, date);
            asked += item.weight * known(model, state, now);
            then += item.weight * on_day;
            with += item.weight
                * if set.binary_search(&at).is_ok() { known(model, &self.after_good(state), date) } else { on_day };
        }
        if weights > 0.0 {
            (out.now, out.on_day, out.with_today) = (asked / weights, then / weights, with / weights);
        }
        out
    }

    /// How likely something would be recalled on a day, as it counts for readiness.
    #[must_use]
    pub fn known(&self, state: &State, day: Day) -> f64 {
        known(&self.scheduler.model, state, day)
    }

    /// How likely an item would be recalled on the day that readiness is about.
    #[must_use]
    pub fn ready(&self, at: usize) -> f64 {
        known(&self.scheduler.model, self.state(at), self.target())
    }

    /// The state after a good answer today.
    fn after_good(&self, state: &State) -> State {
        let days = state.last.map_or(0, |last| (self.today() - last.day()).max(0));
        let memory = self.scheduler.model.after(state.memory, u32::try_from(days).unwrap_or(0), Grade::Good);
        State { memory: Some(memory), last: Some(self.now), ..state.clone() }
    }

    /// How a module stands today.
    #[must_use]
    pub fn standing(&self, module: usize) -> Standing {
        let (mut weights, mut known) = (0.0, 0.0);
        let mut out = Standing::default();
        for at in self.items.of_files(self.library.module_range(module)) {
            let (Some(item), state) = (self.item(at), self.state(at)) else { continue };
            out.total += 1;
            weights += item.weight;
            known += item.weight * self.ready(at);
            out.seen += usize::from(state.seen());
            out.due += usize::from(self.waits(self.id(at), state));
        }
        out.ready = if weights > 0.0 { known / weights } else { 0.0 };
        out
    }

    /// How many items fall due on each of the next days; what is overdue counts for today.
    #[must_use]
    pub fn forecast(&self, days: usize) -> Vec<usize> {
        let mut out = vec![0; days];
        for (id, state) in self.progress.states() {
            if state.suspended || self.items.find(self.library, id).is_none() {
                continue;
            }
            let due = State { due: self.due(id, state), ..State::default() };
            let Some(day) = due.due_day(self.now) else { continue };
            let at = usize::try_from((day - self.today()).max(0)).unwrap_or(usize::MAX);
            if let Some(count) = out.get_mut(at) {
                *count += 1;
            }
        }
        out
    }

    /// Each day from today to the day before the interview, or two weeks, if the minutes of every day are used and
    /// every answer is good.
    #[must_use]
    pub fn plan(&self) -> Vec<Planned> {
        let today = self.today();
        let ahead = self.progress.goal.ahead(today);
        let last = ahead.map_or(today + 14, |date| date.min(today + LONGEST));
        let mut course = Course::new(self, ahead.unwrap_or(last));
        (today..last.max(today + 1)).map(|day| course.day(day)).collect()
    }
}

/// How likely an item would be recalled on a day. What was answered on that very day counts as it will on the next: a
/// minute after an answer nobody has forgotten it, and nothing is proved.
fn known(model: &Model, state: &State, day: Day) -> f64 {
    state.recall(model, day.max(state.last.map_or(day, |last| last.day() + 1)))
}

/// A plan on its way: what would be known after the days so far.
struct Course<'a> {
    desk: Desk<'a>,
    date: Day,
    states: Vec<State>,
    /// What was never seen, by gain.
    new: Vec<usize>,
    /// What each item adds to readiness now, so that a day computes anew only what it touched.
    known: Vec<f64>,
    weights: f64,
}

impl<'a> Course<'a> {
    fn new(desk: &Desk<'a>, date: Day) -> Self {
        let states: Vec<State> = (0..desk.items.len()).map(|at| desk.state(at).clone()).collect();
        let mut new: Vec<usize> =
            (0..states.len()).filter(|at| !desk.state(*at).seen() && !desk.state(*at).suspended).collect();
        desk.new_by_gain(&mut new);
        let weights = desk.items.all().iter().map(|item| item.weight).sum();
        let mut course = Self { desk: *desk, date, known: vec![0.0; states.len()], states, new, weights };
        for at in 0..course.states.len() {
            course.weigh(at);
        }
        course
    }

    fn weigh(&mut self, at: usize) {
        let (Some(state), Some(item), Some(slot)) = (self.states.get(at), self.desk.item(at), self.known.get_mut(at))
        else {
            return;
        };
        *slot = item.weight * state.recall(&self.desk.scheduler.model, self.date);
    }

    fn day(&mut self, day: Day) -> Planned {
        let here = self.desk.now;
        let today = here.day();
        let now = if day == today { here } else { Moment { at: here.start_of(day) + 6 * 3_600_000, ..here } };
        let mut planned = Planned { day, ..Planned::default() };
        let due = self.due(day, now);
        let limits = if day == today {
            self.desk.limits(!due.is_empty())
        } else {
            Limits {
                minutes: self.desk.progress.goal.daily(),
                new: self.desk.new_limit(day, || self.new.len()),
                reviews: self.desk.scheduler.rules.reviews_per_day,
                most: usize::MAX,
            }
        };
        let (long, cards) = {
            let seen = |at: usize| self.states.get(at).is_some_and(State::seen);
            self.desk.fill(due, &self.new, limits, &seen)
        };
        for at in long.into_iter().chain(cards) {
            self.answer(at, now, &mut planned);
        }
        let states = &self.states;
        self.new.retain(|at| states.get(*at).is_some_and(|state| !state.seen()));
        planned.ready = if self.weights > 0.0 { self.known.iter().sum::<f64>() / self.weights } else { 0.0 };
        planned
    }

    /// What is due on a day; what gains most comes first.
    fn due(&self, day: Day, now: Moment) -> Vec<usize> {
        let then = Desk { now, ..self.desk };
        let is_due = |(at, state): (usize, &State)| {
            let due = State { due: then.due(then.id(at), state), ..State::default() }.due_day(now);
            let seen = state.seen() && !state.suspended && state.buried.is_none_or(|until| until < day);
            (seen && due.is_some_and(|due| due <= day)).then_some(at)
        };
        let mut due: Vec<usize> = self.states.iter().enumerate().filter_map(is_due).collect();
        due.sort_by_cached_key(|at| {
            let gain = self.states.get(*at).map_or(0.0, |state| self.desk.gain_of(*at, state, day));
            let urgent = self.states.get(*at).is_some_and(|state| state.surprised.is_some() || state.stepping());
            (!urgent, Reverse(whole(gain * 1e9)), *at)
        });
        due
    }

    /// A good answer.
    fn answer(&mut self, at: usize, now: Moment, planned: &mut Planned) {
        let id = self.desk.id(at);
        let Some(state) = self.states.get_mut(at) else { return };
        planned.seconds += self.desk.cost(at, state.seen());
        if state.seen() {
            planned.reviews += 1;
        } else {
            planned.new += 1;
        }
        let scheduler = self.desk.scheduler;
        *state = scheduler.next(state, id, Grade::Good, now);
        if let Due::At(_) = state.due {
            // Its step of minutes is done on the same day.
            *state = scheduler.next(state, id, Grade::Good, now);
        }
        self.weigh(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::items::Items;
    use crate::study::items::tests::library;
    use crate::study::memory::Memory;
    use crate::study::progress::{Goal, Progress};
    use crate::study::schedule::{Phase, Scheduler};
    use std::collections::HashMap;

    fn noon(day: i64) -> Moment {
        Moment { at: (day * 24 + 12) * 3_600_000, offset: 0 }
    }

    #[test]
    fn readiness_is_the_weighted_share_that_would_be_recalled() {
        // Two modules: weight 3 with one card, weight 1 with one card. The first was answered ten days ago with a
        // stability of ten days, so it is recalled with 0.9; the second was never seen. (3 x 0.9 + 1 x 0) / 4 = 0.675.
        let library = library(&[
            ("1-m/module.toml", "weight = 3\n"),
            ("1-m/cards.md", "Q: a {#a}\nA: b\n"),
            ("2-n/cards.md", "Q: c {#c}\nA: d\n"),
        ]);
        let items = Items::new(&library);
        let state = State {
            phase: Phase::Review,
            memory: Some(Memory { stability: 10.0, difficulty: 5.0 }),
            last: Some(noon(90)),
            due: Due::On(100),
            reps: 3,
            ..State::default()
        };
        let states = HashMap::from([("a".to_owned(), state)]);
        let goal = Goal { date: Some(110), minutes: Some(10) };
        let progress = Progress::new(states, Vec::new(), true, goal);
        let scheduler = Scheduler::default();
        let desk = Desk {
            library: &library,
            items: &items,
            progress: &progress,
            scheduler: &scheduler,
            now: noon(100),
            seed: 1,
        };
        let set = desk.set(&super::super::queue::Wish::default());
        let ready = desk.readiness(&set);
        assert!((ready.now - 0.675).abs() < 1e-4, "{ready:?}");
        assert!(ready.on_day < ready.now && ready.with_today > ready.on_day);
        assert_eq!((ready.seen, ready.total, set.len()), (1, 2, 2));
        let standing = desk.standing(0);
        assert_eq!((standing.seen, standing.total, standing.due), (1, 1, 1));
        assert_eq!(desk.forecast(3), [1, 0, 0]);
        let plan = desk.plan();
        assert_eq!(plan.len(), 10);
        assert_eq!((plan[0].new, plan[0].reviews), (1, 1));
        // Both are seen again shortly before the day, and nothing new is begun at the end.
        assert!(plan.iter().rev().take(3).map(|day| day.reviews).sum::<usize>() >= 2, "{plan:?}");
        assert!(plan.last().unwrap().ready > ready.with_today);
    }

    #[test]
    fn a_wrong_answer_makes_nobody_ready() {
        // Answered wrongly a minute ago: what counts is the recall on the next day, R(1) for the first stability of
        // "again", 0.212: (1 + 0.9802 x 1 / 0.212) ^ -0.1542 = 5.623 ^ -0.1542 = 0.766. Half of two items: 0.383.
        let library = library(&[("1-m/cards.md", "Q: a {#a}\nA: b\n\nQ: c {#c}\nA: d\n")]);
        let items = Items::new(&library);
        let scheduler = Scheduler::default();
        let state = scheduler.next(&State::default(), "a", Grade::Again, noon(100));
        let states = HashMap::from([("a".to_owned(), state)]);
        let progress = Progress::new(states, Vec::new(), true, Goal::default());
        let now = noon(100).plus(60_000);
        let desk = Desk { library: &library, items: &items, progress: &progress, scheduler: &scheduler, now, seed: 1 };
        let ready = desk.readiness(&[]);
        assert!((ready.now - 0.383).abs() < 1e-3, "{ready:?}");
        assert!((desk.standing(0).ready - 0.383).abs() < 1e-3);
    }

    /// A deck of `count` cards and what is known of them.
    fn planned(count: usize, states: HashMap<String, State>, goal: Goal, now: Moment) -> Vec<Planned> {
        let text: String = (0..count).map(|n| format!("Q: q{n} {{#c{n}}}\nA: a\n\n")).collect();
        let library = library(&[("1-m/cards.md", &text)]);
        let items = Items::new(&library);
        let progress = Progress::new(states, Vec::new(), true, goal);
        let scheduler = Scheduler::default();
        Desk { library: &library, items: &items, progress: &progress, scheduler: &scheduler, now, seed: 1 }.plan()
    }

    #[test]
    fn a_plan_spends_no_more_than_the_minutes_and_begins_nothing_at_the_end() {
        // Five days with two minutes each: 120 seconds. On the first day four new cards of 2 x 14 seconds fit: 112
        // seconds, which are two minutes. Nothing new is begun on the last day before the interview.
        let goal = Goal { date: Some(105), minutes: Some(5) };
        let days = planned(60, HashMap::new(), goal, noon(100));
        assert_eq!(days.iter().map(|day| day.day).collect::<Vec<_>>(), [100, 101, 102, 103, 104]);
        // 300 seconds hold ten new cards of 28 seconds: 280 seconds, said as five minutes.
        assert_eq!((days[0].new, days[0].reviews, days[0].minutes()), (10, 0, 5));
        assert!(days.iter().all(|day| day.minutes() <= 5), "{days:?}");
        assert_eq!(days[4].new, 0);
        assert!(days.windows(2).all(|pair| pair[0].ready <= pair[1].ready + 0.02), "{days:?}");
    }

    #[test]
    fn a_plan_reviews_on_the_day_that_is_due() {
        // Seen on day 99 and due on day 103, with the interview far away: it is reviewed on day 103 and on no day before.
        let state = State {
            phase: Phase::Review,
            memory: Some(Memory { stability: 4.0, difficulty: 5.0 }),
            last: Some(noon(99)),
            due: Due::On(103),
            reps: 2,
            ..State::default()
        };
        let goal = Goal { date: Some(140), minutes: Some(20) };
        let days = planned(1, HashMap::from([("c0".to_owned(), state)]), goal, noon(100));
        let reviews: Vec<usize> = days.iter().take(4).map(|day| day.reviews).collect();
        assert_eq!(reviews, [0, 0, 0, 1]);
        // Until then readiness is what would be left on day 140: R(41) for a stability of 4 days, which is
        // (1 + 0.9802 x 41 / 4) ^ -0.1542 = 11.05 ^ -0.1542 = 0.690.
        assert!((days[0].ready - 0.690).abs() < 2e-3, "{days:?}");
        assert!(days[3].ready > days[2].ready);
        // And it is looked at once more on one of the three days before the interview.
        assert_eq!(days.iter().rev().take(3).map(|day| day.reviews).sum::<usize>(), 1);
    }

    #[test]
    fn on_the_last_day_there_is_one_day_and_nothing_new() {
        let goal = Goal { date: Some(100), minutes: Some(20) };
        let days = planned(5, HashMap::new(), goal, noon(100));
        assert_eq!((days.len(), days[0].new, days[0].minutes()), (1, 0, 0));
    }

    #[test]
    fn nothing_to_learn_is_no_division() {
        let library = library(&[]);
        let (items, progress, scheduler) = (Items::default(), Progress::default(), Scheduler::default());
        let desk = Desk {
            library: &library,
            items: &items,
            progress: &progress,
            scheduler: &scheduler,
            now: noon(1),
            seed: 1,
        };
        assert_eq!(desk.readiness(&[]), Readiness::default());
        assert!(desk.plan().iter().all(|day| day.minutes() == 0));
    }
}
