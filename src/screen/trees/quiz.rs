//! Situations, one after the other: a story, the questions of its tree, and where the way was lost.

use ratatui::layout::Position;

use super::case::{Case, faded};
use super::panel::{Panel, Sight};
use super::report::Report;
use super::sheet::{Pane, Sheet, areas};
use super::source::Source;
use crate::command::{Command, Scope};
use crate::effect::{Effect, Mouse};
use crate::screen::{Go, Input, Look, Prompt, Step};
use crate::study::drill::Run;
use crate::study::review::{Act, Grade, Review, ReviewId};
use crate::study::walk::Help;
use crate::ui::field::Field;
use crate::ui::line::Line;

/// What the situations are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// A set with an end of its own.
    Set,
    /// One situation of somebody else's set.
    One,
    /// Three situations without help; passing them skips the narrated run.
    Pretest,
}

pub struct Quiz {
    pub(super) run: Run,
    pub(super) aim: Aim,
    /// How many situations there were at the start.
    pub(super) total: usize,
    pub(super) source: Option<Source>,
    pub(super) case: Option<Case>,
    /// What is asked once its file is there.
    pub(super) wanted: Option<String>,
    /// When the time is up, in milliseconds since 1970.
    pub(super) deadline: Option<i64>,
    pub(super) report: Report,
    pub(super) done: bool,
    /// The row that takes an answer back.
    pub(super) voiding: Option<ReviewId>,
    pub(super) story: Vec<Line>,
    pub(super) pane: Pane,
    pub(super) panel: Panel,
    pub(super) on_map: bool,
}

impl Quiz {
    pub fn scopes(&self) -> &'static [Scope] {
        match &self.case {
            Some(case) if case.because.is_some() => &[Scope::Typing],
            Some(_) if self.on_map => &[Scope::Map, Scope::Moving, Scope::Global],
            Some(case) if case.ending.is_some() => &[Scope::Verdict, Scope::Moving, Scope::Global],
            Some(_) => &[Scope::Picking, Scope::Turn, Scope::Case, Scope::Moving, Scope::Global],
            None => &[Scope::Summary, Scope::Moving, Scope::Global],
        }
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        let field = self.case.as_ref()?.because.as_ref()?;
        Some(Prompt { label: "Because ", text: field.text(), note: "enter: see the verdict".to_owned() })
    }

    pub fn can(&self, command: Command, look: &Look<'_>) -> bool {
        let (Some(case), Some(tree)) = (&self.case, self.source.as_ref().and_then(|source| source.tree.as_ref()))
        else {
            return match command {
                Command::Missed => self.report.missed().next().is_some(),
                Command::Undo => false,
                _ => true,
            };
        };
        let choices = tree.nodes.get(case.walk.here()).map_or(0, |node| node.choices.len());
        let ended = case.ending.is_some();
        match command {
            Command::Pick(n) => usize::from(n) <= choices && !ended,
            Command::Hint => case.help != Help::Shown && case.here < case.helps(tree),
            Command::StepBack => !case.walk.steps().is_empty() && !ended,
            Command::Skip => (self.run.left() > 1 && self.aim == Aim::Set) || (self.aim == Aim::One && !ended),
            Command::Easy => case.may_be_easy(),
            Command::Edit => look.editable,
            Command::Choose if self.on_map => false,
            _ => true,
        }
    }

    pub fn title(&self, look: &Look<'_>) -> (String, String) {
        let (done, left) = (self.report.len(), self.run.left());
        let mut right = match (&self.case, self.aim) {
            (None, _) => "done".to_owned(),
            (Some(_), Aim::One) => String::new(),
            (Some(_), Aim::Pretest) => format!("pre-test, {} of {}", done + 1, done + left),
            (Some(_), Aim::Set) => format!("{} of {}", done + 1, done + left),
        };
        if let Some(deadline) = self.deadline.filter(|_| self.case.is_some()) {
            let seconds = ((deadline - look.now.at) / 1000).max(0);
            right =
                if seconds > 0 { format!("{}:{:02} left", seconds / 60, seconds % 60) } else { "last one".to_owned() };
        }
        (self.run.title.clone(), right)
    }

    /// While a clock runs it is shown.
    pub fn wake_at(&self, look: &Look<'_>) -> Option<i64> {
        let deadline = self.deadline.filter(|_| self.case.is_some())?;
        (look.now.at < deadline).then(|| look.now.at + 1000 - look.now.at.rem_euclid(1000))
    }

    /// A verdict that was seen is kept, however one leaves.
    pub fn leave(&self, look: &Look<'_>) -> Vec<Effect> {
        let tree = self.source.as_ref().and_then(|source| source.tree.as_ref());
        let (Some(case), Some(tree)) = (&self.case, tree) else { return Vec::new() };
        if !case.may_be_easy() {
            return Vec::new();
        }
        case.row(tree, None, 0, self.run.cram, look).map(|row| Effect::Record(vec![row])).into_iter().collect()
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        match input {
            Input::Command(command) => self.command(*command, look),
            Input::Text(text) => {
                if let Some(field) = self.case.as_mut().and_then(|case| case.because.as_mut()) {
                    field.push(text);
                }
                Step::default()
            }
            Input::Opened(path, text) => {
                if self.source.as_mut().is_some_and(|source| source.opened(path, text, look)) {
                    return Step { effects: self.arrive(look), ..Step::default() };
                }
                Step::default()
            }
            Input::Read => self.reread(look),
            Input::Resize | Input::Shown => {
                self.lay(look);
                Step::default()
            }
            Input::Recorded(rows) => self.recorded(rows, look),
            Input::Unrecorded => {
                self.voiding = None;
                if let Some(end) = self.case.as_mut().and_then(|case| case.ending.as_mut()) {
                    end.writing = None;
                }
                self.lay(look);
                Step::default()
            }
            Input::Mouse(Mouse::Wheel { down, .. }) => {
                let by: isize = if *down { 3 } else { -3 };
                if self.on_map {
                    self.panel.go(by.signum());
                } else {
                    self.pane.scroll(by);
                }
                Step::default()
            }
            Input::Mouse(Mouse::Click(at)) => self.click(*at, look),
            _ => Step::default(),
        }
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Step {
        let Some(case) = &self.case else { return self.after(command, look) };
        let page = self.pane.height();
        if case.because.is_some() {
            return self.because(command, look);
        }
        if self.on_map && command != Command::Map {
            let source = self.source.as_ref().and_then(|source| source.tree.as_ref());
            let Some(tree) = source else { return Step::default() };
            match command {
                _ if let Some(by) = command.rows(page, page - 1) => self.panel.go(by),
                Command::Fold => self.panel.fold(tree),
                Command::FoldAll => self.panel.fold_all(tree),
                Command::Left => self.panel.left(tree),
                Command::Right => self.panel.right(tree),
                _ => {}
            }
            return Step::default();
        }
        let ended = case.ending.is_some();
        match command {
            Command::Back => return Step::go(Go::Back),
            Command::Map => self.on_map = !self.on_map,
            Command::Up | Command::Down if !ended => self.mark(if command == Command::Down { 1 } else { -1 }, look),
            _ if let Some(by) = command.rows(page, page - 1) => self.pane.scroll(by),
            _ if ended => return self.on_verdict(command, look),
            _ => return self.on_case(command, look),
        }
        Step::default()
    }

    fn on_case(&mut self, command: Command, look: &Look<'_>) -> Step {
        let Some(case) = &mut self.case else { return Step::default() };
        match command {
            Command::Pick(n) => return self.take(usize::from(n).saturating_sub(1), look),
            Command::Choose => {
                // In a narrated run the marked choice is the right one.
                let tree = self.source.as_ref().and_then(|source| source.tree.as_ref());
                let shown = tree.filter(|_| case.help == Help::Shown).and_then(|tree| case.right(tree));
                let at = shown.unwrap_or(case.cursor);
                return self.take(at, look);
            }
            Command::Hint => {
                case.here += 1;
                case.hints += 1;
            }
            Command::StepBack => case.back(),
            Command::Skip if self.aim == Aim::One => return Step::go(Go::Later),
            Command::Skip => {
                self.run.skip();
                return Step { effects: self.turn(look), ..Step::default() };
            }
            _ => {}
        }
        self.lay(look);
        Step::default()
    }

    fn mark(&mut self, by: isize, look: &Look<'_>) {
        let tree = self.source.as_ref().and_then(|source| source.tree.as_ref());
        let (Some(case), Some(tree)) = (&mut self.case, tree) else { return };
        let count = tree.nodes.get(case.walk.here()).map_or(0, |node| node.choices.len());
        case.cursor = case.cursor.saturating_add_signed(by).min(count.saturating_sub(1));
        let at = case.cursor;
        self.lay(look);
        self.pane.show_option(at);
    }

    fn take(&mut self, choice: usize, look: &Look<'_>) -> Step {
        let tree = self.source.as_ref().and_then(|source| source.tree.as_ref());
        let (Some(case), Some(tree)) = (&mut self.case, tree) else { return Step::default() };
        if case.help == Help::Shown && case.right(tree).is_some_and(|right| right != choice) {
            return Step::toast("In this run the way is shown: take the marked choice. The next one is yours.");
        }
        let ended = case.take(tree, choice);
        if ended && case.help == Help::Shown {
            return self.end(look);
        }
        case.because = ended.then(Field::default);
        self.pane.start();
        self.lay(look);
        Step::default()
    }

    /// The reason is typed, or not.
    fn because(&mut self, command: Command, look: &Look<'_>) -> Step {
        let field = self.case.as_mut().and_then(|case| case.because.as_mut());
        match (command, field) {
            (Command::Choose, _) => return self.end(look),
            (Command::Back, Some(field)) => {
                field.clear();
                return self.end(look);
            }
            (Command::Erase, Some(field)) => {
                field.erase();
            }
            (Command::EraseWord, Some(field)) => field.erase_word(),
            (Command::EraseAll, Some(field)) => field.clear(),
            _ => {}
        }
        Step::default()
    }

    /// The verdict. Unless the learner may still say that it was easy, it is on disk before it is seen.
    fn end(&mut self, look: &Look<'_>) -> Step {
        let (Some(case), Some(source)) = (&mut self.case, &self.source) else { return Step::default() };
        let Some(tree) = &source.tree else { return Step::default() };
        case.end(tree, look);
        let mut effects = Vec::new();
        if let Some(outcome) = case.ending.as_ref().map(|end| end.verdict.outcome).filter(|_| self.aim != Aim::Pretest)
        {
            effects.push(faded(look, source.id(look), case.help.after(outcome)));
        }
        if !case.may_be_easy() {
            effects.extend(self.write(None, look));
        }
        self.on_map = false;
        self.pane.start();
        self.lay(look);
        Step { effects, ..Step::default() }
    }

    fn write(&mut self, grade: Option<Grade>, look: &Look<'_>) -> Option<Effect> {
        let tree = self.source.as_ref()?.tree.as_ref()?;
        let case = self.case.as_mut()?;
        let row = case.row(tree, grade, 0, self.run.cram, look)?;
        if let Some(end) = &mut case.ending {
            end.writing = Some(row.id);
            end.grade = grade.or(end.grade);
        }
        Some(Effect::Record(vec![row]))
    }

    fn on_verdict(&mut self, command: Command, look: &Look<'_>) -> Step {
        let (Some(case), Some(source)) = (&mut self.case, &self.source) else { return Step::default() };
        let Some(end) = &case.ending else { return Step::default() };
        let situation = source.tree.as_ref().and_then(|tree| case.situation(tree));
        match command {
            Command::Choose | Command::Easy if end.written.is_none() && end.writing.is_none() => {
                let grade = (command == Command::Easy).then_some(Grade::Easy);
                let effects: Vec<Effect> = self.write(grade, look).into_iter().collect();
                Step { effects, ..Step::default() }
            }
            Command::Choose if end.written.is_some() && self.aim == Aim::One => Step::go(Go::Back),
            Command::Choose if end.written.is_some() => self.next(look),
            Command::Undo => match end.written {
                Some(target) => {
                    let row = look.review(&case.id, Act::Void(target));
                    self.voiding = Some(row.id);
                    Step { effects: vec![Effect::Record(vec![row])], ..Step::default() }
                }
                None if end.writing.is_none() => Step { effects: self.again(look), ..Step::default() },
                None => Step::default(),
            },
            Command::Lesson => {
                let about = situation.and_then(|situation| situation.answer);
                let node = about.and_then(|at| source.tree.as_ref().and_then(|tree| tree.nodes.get(at)));
                source.lesson(look, &format!("{} {}", node.map_or("", |node| &node.title), case.title))
            }
            Command::Facts => source.facts(look),
            Command::Edit => source.edit(situation.map_or(0, |situation| situation.span.start)),
            _ => Step::default(),
        }
    }

    /// The same situation once more, with the help that there was.
    fn again(&mut self, look: &Look<'_>) -> Vec<Effect> {
        let (Some(case), Some(source)) = (&self.case, &self.source) else { return Vec::new() };
        let effects = vec![faded(look, source.id(look), case.help)];
        let fresh = source.tree.as_ref().and_then(|tree| Case::new(tree, &case.id, case.help, look.now));
        if let Some(fresh) = fresh {
            self.case = Some(fresh);
        }
        self.panel.reset();
        self.pane.start();
        self.lay(look);
        effects
    }

    fn recorded(&mut self, rows: &[Review], look: &Look<'_>) -> Step {
        if rows.iter().any(|row| Some(row.id) == self.voiding) {
            self.voiding = None;
            return Step { effects: self.again(look), toast: Some("Taken back.".to_owned()), ..Step::default() };
        }
        let Some(end) = self.case.as_mut().and_then(|case| case.ending.as_mut()) else { return Step::default() };
        let Some(row) = rows.iter().find(|row| Some(row.id) == end.writing) else { return Step::default() };
        (end.writing, end.written) = (None, Some(row.id));
        // A grade that was chosen is the last word; one that was given is looked at.
        if matches!(end.grade, Some(Grade::Good | Grade::Easy)) && !end.early {
            return if self.aim == Aim::One { Step::go(Go::Back) } else { self.next(look) };
        }
        self.lay(look);
        Step::default()
    }

    fn click(&mut self, at: Position, look: &Look<'_>) -> Step {
        let asking = self.case.as_ref().is_some_and(|case| case.because.is_none() && case.ending.is_none());
        let (text, _) = self.parts(look);
        if asking
            && text.contains(at)
            && let Some(choice) = self.pane.option_at(usize::from(at.y - text.y))
        {
            return self.take(choice, look);
        }
        Step::default()
    }

    /// Lays everything out for the size of the screen.
    pub(super) fn lay(&mut self, look: &Look<'_>) {
        let source = self.source.as_ref();
        let tree = source.and_then(|source| source.tree.as_ref());
        let (Some(case), Some(tree)) = (&self.case, tree) else {
            let (text, _) = areas(look, false);
            let mut sheet = Sheet::new(look, text.width);
            if self.done {
                self.report.lay(&mut sheet);
            }
            self.pane.set(sheet, text.height);
            return;
        };
        let sight = match case.help {
            Help::Shown => Sight::All,
            Help::Ends => Sight::Questions,
            Help::First => Sight::Passed,
        };
        let sight = if case.ending.is_some() { Sight::All } else { sight };
        self.panel.follow(tree, &case.walk, case.passed.clone(), sight);
        self.story = super::story::top(look, tree, case);
        let (text, _) = self.parts(look);
        let mut sheet = Sheet::new(look, text.width);
        super::story::below(&mut sheet, tree, case, self.story.is_empty(), self.run.cram);
        self.pane.set(sheet, text.height);
        if self.story.is_empty()
            && let Some(case) = self.case.as_ref().filter(|case| case.ending.is_none() && !case.walk.steps().is_empty())
        {
            // The story was read; the question and what may be chosen come first.
            let last = tree.nodes.get(case.walk.here()).map_or(0, |node| node.choices.len()).saturating_sub(1);
            self.pane.show_option(last);
        }
    }
}
