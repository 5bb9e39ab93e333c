//! What home knows: computed when something has changed, not when it is drawn.

use crate::screen::Look;
use crate::screen::drill::Drill;
use crate::study::day::Day;
use crate::study::desk::Desk;
use crate::study::plan::{Planned, Readiness, Standing};
use crate::study::progress::{Done, Goal};
use crate::study::queue::{Waiting, Wish};
use crate::study::topics::Topic;

/// From so many columns on there is room for the days ahead.
pub const WIDE: u16 = 132;
/// Weeks that are shown.
const WEEKS: usize = 12;

/// Something that can be begun from home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The set that was left.
    Resume,
    Pretest,
    Start,
    Module(usize),
}

/// The set that was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub title: String,
    pub behind: usize,
    pub all: usize,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Today {
    pub day: Day,
    pub goal: Goal,
    pub size: usize,
    pub waiting: Waiting,
    pub ready: Readiness,
    pub standings: Vec<Standing>,
    pub weakest: Vec<Topic>,
    pub weeks: Vec<usize>,
    /// Days in a row, and the most there were.
    pub streak: (usize, usize),
    pub done: Done,
    pub kept: Option<Kept>,
    /// Items of the pre-test; none when it is not offered.
    pub pretest: Vec<usize>,
    /// Days since the last answer, when they are many.
    pub away: Option<Day>,
    /// The days ahead, where there is room for them.
    pub plan: Vec<Planned>,
}

impl Today {
    pub fn new(look: &Look<'_>) -> Self {
        let desk = look.desk();
        let progress = look.progress;
        let day = desk.today();
        let set = desk.set(&Wish::default());
        let done = progress.done(look.now);
        let mut today = Self {
            day,
            goal: progress.goal,
            size: set.len(),
            waiting: desk.count_of(&set),
            ready: desk.readiness(&set),
            standings: (0..look.library.modules.len()).map(|module| desk.standing(module)).collect(),
            weakest: desk.weakest(8),
            weeks: progress.weeks(day, WEEKS),
            streak: progress.streak(day),
            done,
            kept: kept(look, day),
            ..Self::default()
        };
        if done.answers == 0 {
            today.away = desk.away();
        }
        if today.fresh() {
            today.pretest = desk.pretest();
        }
        today.plan_when_wide(look, &desk);
        today
    }

    /// The days ahead are computed where they are shown.
    pub fn plan_when_wide(&mut self, look: &Look<'_>, desk: &Desk<'_>) {
        if look.size.width >= WIDE && self.plan.is_empty() && self.ready.total > 0 {
            self.plan = desk.plan();
        }
    }

    /// Whether nothing was ever answered.
    pub fn fresh(&self) -> bool {
        self.ready.seen == 0 && self.done.answers == 0
    }

    /// Days until the interview, while it lies ahead.
    pub fn days_left(&self) -> Option<Day> {
        self.goal.ahead(self.day).map(|date| date - self.day)
    }

    /// Whether the minutes of the day are used.
    pub fn is_done(&self) -> bool {
        self.done.answers > 0 && (self.done.seconds >= u64::from(self.goal.daily()) * 60 || self.size == 0)
    }

    pub fn minutes(&self) -> u64 {
        self.waiting.seconds.div_ceil(60)
    }

    /// What can be chosen, in the order in which it stands on the screen.
    pub fn choices(&self) -> Vec<Choice> {
        let mut out = Vec::new();
        out.extend(self.kept.as_ref().map(|_| Choice::Resume));
        if !self.pretest.is_empty() {
            out.push(Choice::Pretest);
        }
        if self.size > 0 {
            out.push(Choice::Start);
        }
        out.extend((0..self.standings.len()).map(Choice::Module));
        out
    }
}

/// The set that was left today or yesterday; an older one is a thing of the past, and its items are in today's set.
fn kept(look: &Look<'_>, today: Day) -> Option<Kept> {
    let run = Drill::left_behind(look)?;
    let behind = run.behind();
    (behind > 0 && run.begun().day() >= today - 1).then(|| Kept {
        title: run.title.clone(),
        behind,
        all: behind + run.left(),
    })
}
