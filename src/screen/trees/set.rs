//! A set of situations: which are asked, in which order, and what comes after the last.

use std::collections::BTreeSet;

use super::case::{Case, faded, help};
use super::panel::Panel;
use super::quiz::{Aim, Quiz};
use super::report::Report;
use super::sheet::Pane;
use super::source::Source;
use crate::command::Command;
use crate::content::library::Target;
use crate::effect::Effect;
use crate::screen::{Go, Look, Step};
use crate::study::drill::Run;
use crate::study::items::Kind;
use crate::study::queue::{From, Wish};
use crate::study::walk::Help;
use crate::study::{hash, whole};

/// Situations of a pre-test.
const PRETEST: usize = 3;

impl Quiz {
    fn begin(look: &Look<'_>, title: &str, ids: Vec<String>, aim: Aim) -> Option<(Self, Vec<Effect>)> {
        if ids.is_empty() {
            return None;
        }
        let mut quiz = Self {
            total: ids.len(),
            run: Run::new(title, ids, false, look.now),
            aim,
            source: None,
            case: None,
            wanted: None,
            deadline: None,
            report: Report::default(),
            done: false,
            voiding: None,
            story: Vec::new(),
            pane: Pane::default(),
            panel: Panel::default(),
            on_map: false,
        };
        let effects = quiz.turn(look);
        Some((quiz, effects))
    }

    /// The situations of a place: what is due first, then what is new, then what is weakest. Situations of one leaf are
    /// kept apart.
    pub fn of(look: &Look<'_>, title: &str, target: Target) -> Option<(Self, Vec<Effect>)> {
        let ids = queue(look, look.items.at(look.library, target));
        Self::begin(look, title, ids, Aim::Set)
    }

    /// The situations of all trees, for so many minutes or until all were asked.
    pub fn of_all(look: &Look<'_>, minutes: Option<u32>) -> Option<(Self, Vec<Effect>)> {
        let ids = queue(look, (0..look.items.len()).collect());
        let (mut quiz, effects) = Self::begin(look, "All trees", ids, Aim::Set)?;
        quiz.deadline = minutes.map(|minutes| look.now.at + i64::from(minutes) * 60_000);
        Some((quiz, effects))
    }

    /// A pre-test of a tree.
    pub fn pretest(look: &Look<'_>, title: &str, file: usize) -> Option<(Self, Vec<Effect>)> {
        let mut ids = queue(look, look.items.at(look.library, Target::File(file)));
        ids.truncate(PRETEST);
        Self::begin(look, title, ids, Aim::Pretest)
    }

    /// One situation for a set that asks other things too. It writes its own row and goes back after the verdict.
    pub fn one(look: &Look<'_>, item: usize, title: &str, cram: bool) -> Option<(Self, Vec<Effect>)> {
        let found = look.items.get(item).filter(|item| item.kind == Kind::Situation)?;
        let (mut quiz, effects) = Self::begin(look, title, vec![found.id(look.library).to_owned()], Aim::One)?;
        quiz.run.cram = cram;
        Some((quiz, effects))
    }

    pub(super) fn next(&mut self, look: &Look<'_>) -> Step {
        let tree = self.source.as_ref().and_then(|source| source.tree.as_ref());
        if let (Some(case), Some(tree)) = (&self.case, tree) {
            let file = self.source.as_ref().map_or(0, |source| source.file);
            self.report.add(case, tree, file);
            if let Some(row) = case.row(tree, None, 0, self.run.cram, look) {
                self.run.answered(&row, look.progress.state(&case.id));
            }
        }
        if self.aim == Aim::One {
            return Step::default();
        }
        Step { effects: self.turn(look), ..Step::default() }
    }

    /// Turns to the next situation, or to what the set has brought.
    pub(super) fn turn(&mut self, look: &Look<'_>) -> Vec<Effect> {
        self.case = None;
        self.on_map = false;
        self.pane.start();
        let up = self.deadline.is_some_and(|deadline| look.now.at >= deadline);
        // A pre-test asks everything once.
        let over = up || (self.aim == Aim::Pretest && self.report.len() >= self.total);
        while !over && let Some(id) = self.run.next(&look.scheduler.rules, look.now).map(str::to_owned) {
            let item = look.items.find(look.library, &id).and_then(|at| look.items.get(at));
            let Some(file) = item.map(|item| item.file) else {
                self.run.put_aside();
                continue;
            };
            self.wanted = Some(id);
            self.panel.reset();
            if self.source.as_ref().is_some_and(|source| source.file == file && source.tree.is_some()) {
                return self.arrive(look);
            }
            if let Some((source, open)) = Source::new(look, file) {
                self.source = Some(source);
                return vec![open];
            }
            self.run.put_aside();
        }
        self.finish(look)
    }

    /// The tree is there: the situation is asked.
    pub(super) fn arrive(&mut self, look: &Look<'_>) -> Vec<Effect> {
        let Some(source) = &self.source else { return Vec::new() };
        let Some(id) = self.wanted.take() else {
            self.lay(look);
            return Vec::new();
        };
        let level = if self.aim == Aim::Pretest { Help::First } else { help(look, source.id(look)) };
        self.case = source.tree.as_ref().and_then(|tree| Case::new(tree, &id, level, look.now));
        if self.case.is_none() {
            self.run.put_aside();
            return self.turn(look);
        }
        self.lay(look);
        Vec::new()
    }

    /// The packs were read anew: an open situation begins again, a verdict stays as it was seen.
    pub(super) fn reread(&mut self, look: &Look<'_>) -> Step {
        let effects = self.source.as_mut().map_or_else(Vec::new, |source| source.reread(look));
        if let Some(case) = self.case.as_ref().filter(|case| case.ending.is_none()) {
            self.wanted = Some(case.id.clone());
            self.panel.reset();
        }
        Step { effects, ..Step::default() }
    }

    fn finish(&mut self, look: &Look<'_>) -> Vec<Effect> {
        self.done = true;
        let mut effects = Vec::new();
        if self.aim == Aim::Pretest {
            let passed = self.report.all_right();
            self.report.pretest = Some(passed);
            if let (true, Some(source)) = (passed, &self.source) {
                effects.push(faded(look, source.id(look), Help::First));
            }
        }
        self.lay(look);
        effects
    }

    /// Commands after the set.
    pub(super) fn after(&mut self, command: Command, look: &Look<'_>) -> Step {
        let page = self.pane.height();
        match command {
            Command::Choose | Command::Back => return Step::go(Go::Back),
            Command::Missed => {
                let missed: BTreeSet<&str> = self.report.missed().collect();
                let items = missed.into_iter().filter_map(|id| look.items.find(look.library, id)).collect();
                let ids = queue(look, items);
                if let Some((quiz, effects)) = Self::begin(look, &self.run.title, ids, Aim::Set) {
                    *self = quiz;
                    return Step { effects, ..Step::default() };
                }
            }
            _ if let Some(by) = command.rows(page, page - 1) => self.pane.scroll(by),
            _ => {}
        }
        Step::default()
    }
}

/// Situations in the order in which they are asked.
fn queue(look: &Look<'_>, items: Vec<usize>) -> Vec<String> {
    let desk = look.desk();
    let today = desk.today();
    let mut all: Vec<usize> = items
        .into_iter()
        .filter(|at| desk.item(*at).is_some_and(|item| item.kind == Kind::Situation))
        .filter(|at| !desk.state(*at).aside(today))
        .collect();
    // By lot, so that one does not learn the order of the file; what is weak comes first all the same.
    all.sort_by_key(|at| hash(&[&look.seed.to_le_bytes(), desk.id(*at).as_bytes()]));
    all.sort_by_key(|at| {
        let state = desk.state(*at);
        let rank = match (state.seen(), desk.is_due(desk.id(*at), state)) {
            (true, true) => 0,
            (false, _) => 1,
            (true, false) => 2,
        };
        (rank, if rank == 1 { 0 } else { whole(state.recall(&look.scheduler.model, today) * 1e4) })
    });
    let wish = Wish { from: From::These(all), size: Some(usize::MAX), ..Wish::default() };
    desk.set(&wish).into_iter().map(|at| desk.id(at).to_owned()).collect()
}
