//! What lies before the learner: every item with what is known about it today, when it is due, and what asking it gains.

use super::day::{Day, Moment};
use super::hash;
use super::items::{Item, Items, Kind};
use super::progress::Progress;
use super::review::Grade;
use super::schedule::{Due, LATER, Rules, Scheduler, State};
use crate::content::library::Library;

/// After so many days without an answer one comes back.
const AWAY: Day = 14;

/// All that choosing may see.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    pub library: &'a Library,
    pub items: &'a Items,
    pub progress: &'a Progress,
    pub scheduler: &'a Scheduler,
    pub now: Moment,
    pub seed: u64,
}

impl<'a> Desk<'a> {
    #[must_use]
    pub fn today(&self) -> Day {
        self.now.day()
    }

    #[must_use]
    pub fn item(&self, at: usize) -> Option<&'a Item> {
        self.items.get(at)
    }

    #[must_use]
    pub fn id(&self, at: usize) -> &'a str {
        self.items.get(at).map_or("", |item| item.id(self.library))
    }

    #[must_use]
    pub fn state(&self, at: usize) -> &'a State {
        self.progress.state(self.id(at))
    }

    /// Seconds that an answer is expected to take.
    #[must_use]
    pub fn seconds(&self, item: &Item) -> u32 {
        let minutes = item.entry(self.library).and_then(|entry| entry.minutes).filter(|_| item.kind == Kind::Question);
        minutes.map_or(self.progress.pace.seconds(item.kind), |minutes| minutes.saturating_mul(60))
    }

    /// When an item is due once the interview is counted in: nothing seen is due after it, and all of it comes back on
    /// one of the three days before. What was once answered wrongly with confidence comes back after three weeks.
    #[must_use]
    pub fn due(&self, id: &str, state: &State) -> Due {
        let today = self.today();
        let Due::On(day) = state.due else { return state.due };
        let last = state.last.map_or(today, Moment::day);
        // An error that was made with confidence is asked about once more after weeks, however well it went since.
        let later = state.surprised.map(|error| (error + LATER).max(last + 1));
        let day = later.map_or(day, |later| day.min(later));
        let Some(date) = self.progress.goal.ahead(today) else { return Due::On(day) };
        let back = 1 + i64::try_from(hash(&[id.as_bytes()]) % 3).unwrap_or(0);
        // Once it was looked at in these days it is only due again when its memory says so; what is just being learned
        // has not been looked at yet.
        if last >= date - 3 && state.reps > 2 {
            return Due::On(day);
        }
        let final_look = (date - back).max(last + 1).min(date - 1);
        Due::On(if day > final_look && final_look > last { final_look } else { day })
    }

    #[must_use]
    pub fn is_due(&self, id: &str, state: &State) -> bool {
        State { due: self.due(id, state), ..state.clone() }.is_due(self.now)
    }

    /// Whether something that was seen waits to be asked.
    #[must_use]
    pub fn waits(&self, id: &str, state: &State) -> bool {
        state.seen() && !state.aside(self.today()) && self.is_due(id, state)
    }

    /// How many items wait to be asked.
    #[must_use]
    pub fn due_now(&self) -> usize {
        (0..self.items.len()).filter(|at| self.waits(self.id(*at), self.state(*at))).count()
    }

    /// Days since the last answer before today, when they are so many that one comes back and is not just late. What has
    /// faded comes first on such a day, and nothing new.
    #[must_use]
    pub fn away(&self) -> Option<Day> {
        let today = self.today();
        self.progress.last_day(today).map(|last| today - last).filter(|days| *days >= AWAY)
    }

    /// How many new items may still be begun today.
    #[must_use]
    pub fn new_left(&self) -> usize {
        let unseen = || (0..self.items.len()).filter(|at| !self.state(*at).seen()).count();
        let done = self.progress.done(self.now).new;
        self.new_limit(self.today(), || unseen() + done).saturating_sub(done)
    }

    /// How many new items may be begun on a day, of so many that are not begun yet. With an interview ahead it is as
    /// many as are needed to begin all of them in time, unless the learner chose a limit; the minutes bound them too.
    pub(super) fn new_limit(&self, day: Day, unseen: impl FnOnce() -> usize) -> usize {
        let limit = self.scheduler.rules.new_per_day;
        let Some(date) = self.progress.goal.ahead(self.today()) else { return limit };
        // Before the interview something new must come back on other days.
        let days = usize::try_from(date - day - 1).unwrap_or(0);
        if days == 0 {
            return 0;
        }
        let chosen = limit != Rules::default().new_per_day;
        if chosen { limit } else { limit.max(unseen().div_ceil(days)) }
    }

    /// What one answer today gains on the day of the interview, or a month from now, for each second that it takes.
    #[must_use]
    pub fn gain(&self, at: usize) -> f64 {
        self.gain_of(at, self.state(at), self.today())
    }

    /// The same for an item in some state on some day.
    pub(super) fn gain_of(&self, at: usize, state: &State, today: Day) -> f64 {
        let Some(item) = self.item(at) else { return 0.0 };
        let date = self.progress.goal.ahead(self.today()).unwrap_or(today + 30);
        let model = &self.scheduler.model;
        let days = u32::try_from(state.last.map_or(0, |last| (today - last.day()).max(0))).unwrap_or(0);
        let later = (date - today).max(0) as f64;
        let after = |grade| model.recall(model.after(state.memory, days, grade).stability, later);
        let known = if state.seen() { state.recall(model, today) } else { 0.5 };
        let with = known * after(Grade::Good) + (1.0 - known) * after(Grade::Again);
        (with - state.recall(model, date)).max(0.0) * item.weight / f64::from(self.seconds(item).max(1))
    }
}
