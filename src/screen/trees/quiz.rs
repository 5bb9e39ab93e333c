//! Situations, one after the other: a story, the questions of its tree, and where the way was lost.

use std::collections::BTreeSet;

use ratatui::layout::Position;

use super::case::{Case, faded, help};
use super::panel::{Panel, Sight};
use super::report::Report;
use super::sheet::{Pane, Sheet, areas};
use super::source::Source;
use crate::command::{Command, Scope};
use crate::content::library::Target;
use crate::effect::{Effect, Mouse};
use crate::screen::{Go, Input, Look, Prompt, Step};
use crate::study::drill::Run;
use crate::study::items::Kind;
use crate::study::queue::From;
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

/// Situations of a pre-test.
const PRETEST: usize = 3;

pub struct Quiz {
    run: Run,
    aim: Aim,
    /// How many situations there were at the start.
    total: usize,
    pub(super) source: Option<Source>,
    pub(super) case: Option<Case>,
    /// What is asked once its file is there.
    wanted: Option<String>,
    /// When the time is up, in milliseconds since 1970.
    deadline: Option<i64>,
    pub(super) report: Report,
    pub(super) done: bool,
    /// The row that takes an answer back.
    voiding: Option<ReviewId>,
    pub(super) story: Vec<Line>,
    pub(super) pane: Pane,
    pub(super) panel: Panel,
    pub(super) on_map: bool,
}

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
            Command::Skip => self.run.left() > 1 && self.aim == Aim::Set,
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
                    self.panel.go(by.signum())
                } else {
                    self.pane.scroll(by)
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
                Command::Up => self.panel.go(-1),
                Command::Down => self.panel.go(1),
                Command::PageUp | Command::HalfUp => self.panel.go(-page / 2),
                Command::PageDown | Command::HalfDown => self.panel.go(page / 2),
                Command::Top => self.panel.go(isize::MIN / 2),
                Command::Bottom => self.panel.go(isize::MAX / 2),
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
            Command::Up => self.pane.scroll(-1),
            Command::Down => self.pane.scroll(1),
            Command::HalfUp => self.pane.scroll(-page / 2),
            Command::HalfDown => self.pane.scroll(page / 2),
            Command::PageUp => self.pane.scroll(1 - page),
            Command::PageDown => self.pane.scroll(page - 1),
            Command::Top => self.pane.scroll(isize::MIN / 2),
            Command::Bottom => self.pane.scroll(isize::MAX / 2),
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
                // What is below hears of the row as well.
                let go = if self.aim == Aim::One { Go::Back } else { Go::Stay };
                Step { effects, go, ..Step::default() }
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
        if matches!(row.act, Act::Grade(Grade::Good | Grade::Easy)) {
            return self.next(look);
        }
        self.lay(look);
        Step::default()
    }

    fn next(&mut self, look: &Look<'_>) -> Step {
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
    fn turn(&mut self, look: &Look<'_>) -> Vec<Effect> {
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
    fn arrive(&mut self, look: &Look<'_>) -> Vec<Effect> {
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
    fn reread(&mut self, look: &Look<'_>) -> Step {
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
    fn after(&mut self, command: Command, look: &Look<'_>) -> Step {
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
            Command::Up => self.pane.scroll(-1),
            Command::Down => self.pane.scroll(1),
            Command::HalfUp | Command::PageUp => self.pane.scroll(-page / 2),
            Command::HalfDown | Command::PageDown => self.pane.scroll(page / 2),
            _ => {}
        }
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
    all.sort_by_key(|at| crate::study::hash(&[&look.seed.to_le_bytes(), desk.id(*at).as_bytes()]));
    all.sort_by_key(|at| {
        let state = desk.state(*at);
        let rank = match (state.seen(), desk.is_due(desk.id(*at), state)) {
            (true, true) => 0,
            (false, _) => 1,
            (true, false) => 2,
        };
        (rank, if rank == 1 { 0 } else { crate::study::whole(state.recall(&look.scheduler.model, today) * 1e4) })
    });
    let wish = crate::study::queue::Wish { from: From::These(all), size: Some(usize::MAX), ..Default::default() };
    desk.set(&wish).into_iter().map(|at| desk.id(at).to_owned()).collect()
}
