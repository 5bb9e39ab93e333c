//! One situation on its way: the walk through it, the help that was taken, and what came of it.

use std::collections::BTreeSet;

use crate::content::tree::{Situation, Tree};
use crate::screen::Look;
use crate::study::day::Moment;
use crate::study::review::{Act, Grade, Review, ReviewId};
use crate::study::tally::Levels;
use crate::study::walk::{Help, Note, Outcome, Verdict, Walk, askable, grade, judge};
use crate::ui::field::Field;

#[derive(Default)]
pub struct Case {
    /// Which situation of its tree.
    pub at: usize,
    pub id: String,
    pub title: String,
    pub walk: Walk,
    /// The nodes that were seen.
    pub passed: BTreeSet<usize>,
    pub help: Help,
    /// Hints that were taken, here and in all; choices that were taken back.
    pub here: usize,
    pub hints: usize,
    pub backs: usize,
    pub cursor: usize,
    pub begun: Moment,
    /// The reason that is being typed, once the walk has ended.
    pub because: Option<Field>,
    pub said: String,
    pub ending: Option<Ending>,
}

/// What came of a situation.
pub struct Ending {
    pub verdict: Verdict,
    /// The grade that it gets; none where it was narrated.
    pub grade: Option<Grade>,
    /// Right, but not due: it counts, and the schedule stays.
    pub early: bool,
    pub took: u32,
    /// The row that is being written, and the one that is on disk.
    pub writing: Option<ReviewId>,
    pub written: Option<ReviewId>,
}

impl Case {
    /// A situation of a tree by its id; nothing when the tree has none that can be asked.
    pub fn new(tree: &Tree, id: &str, help: Help, now: Moment) -> Option<Self> {
        let at = tree.situations.iter().position(|situation| situation.id == id)?;
        let situation = tree.situations.get(at).filter(|situation| askable(tree, situation))?;
        let (id, title, passed) = (id.to_owned(), situation.title.clone(), BTreeSet::from([0]));
        Some(Self { at, id, title, help, passed, begun: now, ..Self::default() })
    }

    pub fn situation<'a>(&self, tree: &'a Tree) -> Option<&'a Situation> {
        tree.situations.get(self.at)
    }

    /// Whether help was taken that a right answer must pay for.
    pub fn helped(&self) -> bool {
        self.hints + self.backs > 0
    }

    /// The choice that is right at the node where the walk stands, while it is on its way.
    pub fn right(&self, tree: &Tree) -> Option<usize> {
        let situation = self.situation(tree)?;
        if self.walk.stray(situation).is_some() {
            return None;
        }
        situation.path.get(self.walk.steps().len()).map(|(_, choice)| *choice)
    }

    /// The help that this question still has to give: how to tell where that is hidden, then its clues.
    pub fn helps(&self, tree: &Tree) -> usize {
        let here = self.walk.here();
        let how = self.help == Help::First && tree.nodes.get(here).is_some_and(|node| node.how.is_some());
        let clues = self.situation(tree).map_or(0, |found| found.clues.iter().filter(|c| c.node == Some(here)).count());
        usize::from(how) + clues
    }

    /// Makes a choice; whether the walk has ended with it.
    pub fn take(&mut self, tree: &Tree, choice: usize) -> bool {
        if self.walk.take(tree, choice) {
            self.passed.insert(self.walk.here());
            (self.here, self.cursor) = (0, 0);
        }
        self.situation(tree).is_some_and(|situation| self.walk.ended(tree, situation))
    }

    pub fn back(&mut self) {
        if let Some(choice) = self.walk.back() {
            // Whoever was only shown the way has nothing to pay for.
            self.backs += usize::from(self.help != Help::Shown);
            (self.here, self.cursor) = (0, choice);
        }
    }

    /// Passes judgement.
    pub fn end(&mut self, tree: &Tree, look: &Look<'_>) {
        let Some(situation) = self.situation(tree) else { return };
        let verdict = judge(tree, situation, &self.walk);
        self.said = self.because.take().map(|field| field.text().trim().to_owned()).unwrap_or_default();
        let state = look.progress.state(&self.id);
        let due = !state.seen() || look.desk().is_due(&self.id, state);
        let grade = (self.help != Help::Shown).then(|| grade(verdict.outcome, self.helped()));
        let took = u32::try_from((look.now.at - self.begun.at).max(0)).unwrap_or(u32::MAX);
        let early = !due && verdict.outcome != Outcome::Wrong;
        self.ending = Some(Ending { verdict, grade, early, took, writing: None, written: None });
    }

    /// Whether the learner may still say that it was known at once.
    pub fn may_be_easy(&self) -> bool {
        self.ending.as_ref().is_some_and(|end| {
            end.grade == Some(Grade::Good) && !end.early && end.writing.is_none() && end.written.is_none()
        })
    }

    /// The row of the log with a grade, `later` rows behind the next one.
    pub fn row(&self, tree: &Tree, grade: Option<Grade>, later: i64, cram: bool, look: &Look<'_>) -> Option<Review> {
        let end = self.ending.as_ref()?;
        let situation = self.situation(tree)?;
        let act = match grade.or(end.grade) {
            None => Act::Cram(Grade::Good),
            Some(grade) if end.early || cram => Act::Cram(grade),
            Some(grade) => Act::Grade(grade),
        };
        let note = Note::new(tree, situation, &self.walk, self.help, &self.said).text();
        let hints = u8::try_from(self.hints + self.backs).unwrap_or(u8::MAX);
        let mut row = Review { took: end.took, hints, note, ..look.review(&self.id, act) };
        row.id.ordinal += later;
        Some(row)
    }
}

/// The help of the next run of a tree, to be kept.
pub fn faded(look: &Look<'_>, tree: &str, help: Help) -> crate::effect::Effect {
    let mut levels = Levels::read(look.settings.get(Levels::KEPT));
    levels.set(tree, help);
    crate::effect::Effect::Keep(Levels::KEPT, Some(levels.text()))
}

/// The help that a tree gives now.
pub fn help(look: &Look<'_>, tree: &str) -> Help {
    Levels::read(look.settings.get(Levels::KEPT)).of(tree)
}
