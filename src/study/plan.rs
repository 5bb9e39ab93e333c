//! Readiness and the days ahead.

use super::day::Day;
use super::queue::Desk;
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
    pub minutes: u32,
    /// Readiness for the date after this day.
    pub ready: f64,
}

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
            let on_day = state.recall(model, date);
            asked += item.weight * state.recall(model, now);
            then += item.weight * on_day;
            with += item.weight
                * if set.binary_search(&at).is_ok() { self.after_good(state).recall(model, date) } else { on_day };
        }
        if weights > 0.0 {
            (out.now, out.on_day, out.with_today) = (asked / weights, then / weights, with / weights);
        }
        out
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
            known += item.weight * state.recall(&self.scheduler.model, self.target());
            out.seen += usize::from(state.seen());
            out.due += usize::from(state.seen() && !state.aside(self.today()) && self.is_due(self.id(at), state));
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
        let last = self.progress.goal.ahead(today).map_or(today + 14, |date| date.min(today + 120));
        let date = self.progress.goal.ahead(today).unwrap_or(last);
        let model = &self.scheduler.model;
        let mut states: Vec<State> = (0..self.items.len()).map(|at| self.state(at).clone()).collect();
        let weights: f64 = self.items.all().iter().map(|item| item.weight).sum();
        let mut new: Vec<usize> = (0..states.len()).filter(|at| !self.state(*at).seen()).collect();
        new.sort_by_cached_key(|at| (std::cmp::Reverse(whole(self.gain(*at) * 1e9)), *at));
        let mut new = new.into_iter().peekable();
        let mut out = Vec::new();
        for day in today..last.max(today + 1) {
            let now = super::day::Moment { at: self.now.start_of(day) + 6 * 3_600_000, ..self.now };
            let now = if day == today { self.now } else { now };
            let mut left =
                if day == today { u64::from(self.minutes_left()) } else { u64::from(self.progress.goal.daily()) } * 60;
            let mut planned = Planned { day, ..Planned::default() };
            let spent = left;
            let then = Desk { now, ..*self };
            let mut due: Vec<usize> = (0..states.len())
                .filter(|at| {
                    states.get(*at).is_some_and(|state| {
                        let capped = State { due: then.due(self.id(*at), state), ..state.clone() };
                        state.seen() && !state.suspended && capped.due_day(now).is_some_and(|due| due <= day)
                    })
                })
                .collect();
            due.sort_by_cached_key(|at| states.get(*at).map_or(0, |state| whole(state.recall(model, day) * 1e6)));
            let mut answer = |at: usize, planned: &mut Planned, left: &mut u64| {
                let takes = self.item(at).map_or(10, |item| u64::from(self.seconds(item)));
                let Some(state) = states.get_mut(at).filter(|_| takes <= *left) else { return false };
                *left -= takes;
                if state.seen() {
                    planned.reviews += 1;
                } else {
                    planned.new += 1;
                }
                let [_, _, good, _] = self.scheduler.preview(state, self.id(at), now);
                *state = good;
                if let Due::At(_) = state.due {
                    // Its step of minutes is done on the same day.
                    let [_, _, good, _] = self.scheduler.preview(state, self.id(at), now);
                    *state = good;
                }
                true
            };
            for at in due {
                answer(at, &mut planned, &mut left);
            }
            let most = if date - day < 2 && self.progress.goal.ahead(today).is_some() {
                0
            } else {
                self.scheduler.rules.new_per_day
            };
            while planned.new < most && new.peek().is_some_and(|at| answer(*at, &mut planned, &mut left)) {
                new.next();
            }
            planned.minutes = u32::try_from((spent - left).div_ceil(60)).unwrap_or(u32::MAX);
            let known: f64 =
                states.iter().zip(self.items.all()).map(|(state, item)| item.weight * state.recall(model, date)).sum();
            planned.ready = if weights > 0.0 { known / weights } else { 0.0 };
            out.push(planned);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::day::Moment;
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
        assert!(desk.plan().iter().all(|day| day.minutes == 0));
    }
}
