//! One question at a time: asked, answered, graded, on disk, the next.

mod around;
mod card;
mod summary;
mod view;

use std::collections::BTreeMap;

use super::interview::Session;
use super::trees::Trees;
use super::{Go, Input, Look, Prompt, Screen, Step};
use crate::command::{Command, Scope};
use crate::effect::{Effect, FilePath, Mouse};
use crate::problem::Lines;
use crate::study::ask::Parsed;
use crate::study::drill::Run;
use crate::study::items::Kind;
use crate::study::plan::Readiness;
use crate::study::queue::Wish;
use crate::study::review::{Act, Confidence, Grade, Review, ReviewId};

pub use around::section;
use card::{Card, Stage};
use summary::Summary;

/// Under this name an interrupted set is kept.
pub const KEPT: &str = "set";

pub struct Drill {
    run: Run,
    card: Option<Card>,
    /// Files that were read for this set.
    parsed: BTreeMap<usize, Parsed>,
    before: Readiness,
    summary: Option<Summary>,
    /// The row that is being written.
    writing: Option<ReviewId>,
    /// Older rows were asked for, to take one of them back.
    undoing: bool,
    /// The item that another room asks, and whether it was answered there.
    away: Option<(String, bool)>,
}

impl Drill {
    /// A set of what is wished for; nothing when there is nothing to ask.
    pub fn new(look: &Look<'_>, wish: &Wish, title: &str) -> Option<(Self, Step)> {
        let desk = look.desk();
        let ids: Vec<String> = desk.set(wish).into_iter().map(|at| desk.id(at).to_owned()).collect();
        if ids.is_empty() {
            return None;
        }
        let mut run = Run::new(title, ids, wish.cram, look.now);
        run.once = wish.once;
        let keep = Effect::Keep(KEPT, run.kept());
        let (drill, mut step) = Self::begin(look, run);
        step.effects.push(keep);
        Some((drill, step))
    }

    /// The set that was left, without what was answered since.
    pub fn resumed(look: &Look<'_>) -> Option<(Self, Step)> {
        Some(Self::begin(look, Self::left_behind(look)?))
    }

    /// What is left of the set that was left.
    pub fn left_behind(look: &Look<'_>) -> Option<Run> {
        let mut run = Run::resumed(look.settings.get(KEPT)?)?;
        let (begun, cram) = (run.begun().at, run.cram);
        let progress = look.progress;
        let answered: Vec<&str> = progress
            .recent()
            .iter()
            .filter(|row| row.when.at >= begun && row.answered().is_some())
            .map(|row| row.item.as_str())
            .collect();
        let today = look.now.day();
        run.retain_open(|item| {
            let state = progress.state(item);
            look.items.find(look.library, item).is_some()
                && !state.aside(today)
                && (!answered.contains(&item) || (state.stepping() && !cram))
        });
        (run.left() > 0).then_some(run)
    }

    fn begin(look: &Look<'_>, run: Run) -> (Self, Step) {
        let mut drill = Self {
            run,
            card: None,
            parsed: BTreeMap::new(),
            before: look.desk().readiness(&[]),
            summary: None,
            writing: None,
            undoing: false,
            away: None,
        };
        let mut step = drill.turn(look);
        // What another window answered meanwhile is not asked here again.
        step.effects.push(Effect::Sync);
        (drill, step)
    }

    pub fn scopes(&self) -> &'static [Scope] {
        match &self.card {
            Some(card) if card.field.is_some() => &[Scope::Typing],
            Some(card) if card.stage == Stage::Shown => &[Scope::Grading, Scope::Drill, Scope::Moving, Scope::Global],
            Some(_) => &[Scope::Picking, Scope::Asking, Scope::Drill, Scope::Moving, Scope::Global],
            None => &[Scope::Summary, Scope::Moving, Scope::Global],
        }
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        let field = self.card.as_ref()?.field.as_ref()?;
        Some(Prompt { label: "Answer ", text: field.text(), note: "esc: look without typing".to_owned() })
    }

    pub fn can(&self, command: Command, look: &Look<'_>) -> bool {
        let undo = || !look.progress.is_whole() || undoable(look).is_some();
        let Some(card) = &self.card else {
            return match command {
                Command::Missed => self.run.done().iter().any(|answer| !answer.grade.passed()),
                Command::Undo => undo(),
                _ => true,
            };
        };
        match command {
            Command::Again => card.allows(Grade::Again),
            Command::Hard => card.allows(Grade::Hard),
            Command::Good => card.allows(Grade::Good),
            Command::Easy => card.allows(Grade::Easy),
            Command::Pick(n) => card.can_pick(usize::from(n)),
            Command::Tick => card.has_points(),
            Command::Type => card.typed() && card.stage == Stage::Asked,
            Command::Hint => card.has_hint(),
            Command::Undo => undo(),
            Command::Edit => look.editable,
            Command::Skip => card.stage == Stage::Asked && self.run.left() > 1,
            Command::Clinic | Command::Forget => {
                look.progress.state(&card.id).lapses > 0 && (command == Command::Forget || self.leech(look))
            }
            Command::Facts => card.stage == Stage::Shown,
            _ => true,
        }
    }

    fn leech(&self, look: &Look<'_>) -> bool {
        self.card.as_ref().is_some_and(|card| look.progress.state(&card.id).leech(&look.scheduler.rules))
    }

    pub fn title(&self, _look: &Look<'_>) -> (String, String) {
        let (done, left) = (self.run.behind(), self.run.left());
        let right = if self.card.is_some() { format!("{} of {}", done + 1, done + left) } else { "done".to_owned() };
        let kind = if self.run.cram { " (cram)" } else { "" };
        (format!("{}{kind}", self.run.title), right)
    }

    /// What is kept when one leaves.
    pub fn leave(&self) -> Vec<Effect> {
        vec![Effect::Keep(KEPT, self.run.kept())]
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        match input {
            Input::Command(command) => self.command(*command, look),
            Input::Text(text) => {
                if let Some(field) = self.card.as_mut().and_then(|card| card.field.as_mut()) {
                    field.push(text);
                }
                Step::default()
            }
            Input::Mouse(Mouse::Wheel { down, .. }) => {
                self.scroll(look, if *down { 3 } else { -3 });
                Step::default()
            }
            Input::Resize => {
                self.lay(look);
                Step::default()
            }
            Input::Read => self.reread(look),
            Input::Opened(path, text) => self.opened(path, text.as_ref().ok().map(AsRef::as_ref), look),
            Input::Recorded(rows) => self.recorded(rows, look),
            Input::Unrecorded => {
                self.writing = None;
                Step::default()
            }
            Input::Shown if self.away.is_some() => {
                // Whoever leaves a situation or a question leaves the set; it is asked again when one goes on.
                if self.away.take().is_some_and(|(_, answered)| !answered) {
                    return Step::go(Go::Back);
                }
                self.turn(look)
            }
            Input::Passed if self.away.is_some() => {
                match self.away.take() {
                    Some((_, false)) if self.run.left() > 1 => self.run.skip(),
                    Some((_, false)) => self.run.put_aside(),
                    _ => {}
                }
                self.turn(look)
            }
            Input::Shown if self.undoing => {
                self.undoing = false;
                self.undo(look)
            }
            _ => Step::default(),
        }
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Step {
        // What is being written must be on disk before anything else happens.
        if self.writing.is_some() {
            return Step::default();
        }
        let page = self.card.as_ref().map_or(1, |card| card.height.max(2)).cast_signed();
        match command {
            Command::Up | Command::Down if self.card.as_ref().is_some_and(Card::moves) => {
                if let Some(card) = &mut self.card {
                    card.step(command == Command::Down);
                }
                self.lay(look);
            }
            _ if let Some(by) = command.rows(page, page - 1) => self.scroll(look, by),
            Command::Undo => return self.undo(look),
            Command::Back if self.card.as_ref().is_some_and(|card| card.field.is_some()) => {
                if let Some(card) = &mut self.card {
                    card.field = None;
                }
                self.lay(look);
            }
            Command::Back => return Step::go(Go::Back),
            _ if self.card.is_none() => return self.after(command, look),
            _ => return self.on_card(command, look),
        }
        Step::default()
    }

    /// Commands after the set.
    fn after(&mut self, command: Command, look: &Look<'_>) -> Step {
        match command {
            Command::Choose => Step::go(Go::Back),
            Command::Missed => {
                let missed = self.run.done().iter().filter(|answer| !answer.grade.passed());
                let mut these: Vec<usize> =
                    missed.filter_map(|answer| look.items.find(look.library, &answer.item)).collect();
                these.sort_unstable();
                these.dedup();
                let from = crate::study::queue::From::These(these);
                let wish = Wish { from, cram: true, ..Wish::default() };
                Step::go(Go::Drill(Box::new(wish), "What was missed".to_owned()))
            }
            _ => Step::default(),
        }
    }

    fn on_card(&mut self, command: Command, look: &Look<'_>) -> Step {
        let Some(card) = &mut self.card else { return Step::default() };
        match command {
            Command::Choose if card.stage == Stage::Asked => {
                if card.warn() {
                    return Step::toast("Nothing chosen yet. Enter again if you do not know.");
                }
                card.reveal();
            }
            Command::Choose => return self.grade(None, look),
            Command::Tick => card.tick(),
            Command::Again => return self.grade(Some(Grade::Again), look),
            Command::Hard => return self.grade(Some(Grade::Hard), look),
            Command::Good => return self.grade(Some(Grade::Good), look),
            Command::Easy => return self.grade(Some(Grade::Easy), look),
            Command::Pick(n) => card.pick(usize::from(n)),
            Command::Erase | Command::EraseWord | Command::EraseAll => card.erase(command),
            Command::Type => card.field = Some(crate::ui::field::Field::default()),
            Command::Hint => card.hints += 1,
            Command::Sure => card.sure = Some(Confidence::Sure),
            Command::Maybe => card.sure = Some(Confidence::Maybe),
            Command::Guess => card.sure = Some(Confidence::Guess),
            Command::Skip => {
                self.run.skip();
                return self.turn(look);
            }
            Command::Bury => return self.write(look, Act::Bury, "Put aside until tomorrow."),
            Command::AsideForGood if look.progress.state(&card.id).suspended => {
                return self.write(look, Act::Resume, "This card is asked again from now on.");
            }
            Command::AsideForGood => {
                return self.write(look, Act::Suspend, "Put aside for good; d on the first screen lists it.");
            }
            Command::Forget => return self.write(look, Act::Forget, "This card begins anew."),
            Command::Edit => {
                let line = card.line;
                let effects = vec![Effect::Edit { path: card.path.clone(), line }];
                return Step { effects, ..Step::default() };
            }
            Command::Lesson => {
                return match self.taught(look) {
                    Some((file, byte)) => Step::go(Go::Read(file, Some(byte))),
                    None => Step::toast("No lesson of this module is there."),
                };
            }
            Command::Facts => return Step::go(Go::Open(self.facts(look))),
            Command::Clinic => return Step::go(Go::Open(self.clinic(look))),
            _ => {}
        }
        self.lay(look);
        Step::default()
    }

    /// Turns to the next item.
    fn turn(&mut self, look: &Look<'_>) -> Step {
        self.card = None;
        while let Some(id) = self.run.next(&look.scheduler.rules, look.now).map(str::to_owned) {
            match self.card_of(&id, look) {
                Some(step) => return step,
                None => self.run.put_aside(),
            }
        }
        self.finish(look)
    }

    /// Shows an item; nothing when it cannot be shown here.
    fn card_of(&mut self, id: &str, look: &Look<'_>) -> Option<Step> {
        let at = look.items.find(look.library, id)?;
        let item = look.items.get(at)?;
        if matches!(item.kind, Kind::Situation | Kind::Question) {
            return self.room_of(id, at, item.kind, look);
        }
        let file = look.library.files.get(item.file)?;
        let pack = look.library.modules.get(item.module)?.pack;
        let path = FilePath { pack, path: file.path.clone() };
        let open = Effect::Open(path.clone());
        self.card = Some(Card::new(id, item.file, path, look));
        if self.parsed.contains_key(&item.file) {
            return self.fill(look).then(Step::default);
        }
        Some(Step { effects: vec![open], ..Step::default() })
    }

    /// Opens the room that asks an item; it writes its own row and comes back.
    fn room_of(&mut self, id: &str, at: usize, kind: Kind, look: &Look<'_>) -> Option<Step> {
        let (room, effects) = match kind {
            Kind::Situation => Trees::situation(look, at, &self.run.title, self.run.cram)?,
            _ => {
                let (session, effects) = Session::question(look, at, self.run.cram)?;
                (Screen::Session(Box::new(session)), effects)
            }
        };
        self.card = None;
        self.away = Some((id.to_owned(), false));
        Some(Step { go: Go::Enter(Box::new(room)), effects, ..Step::default() })
    }

    fn opened(&mut self, path: &FilePath, text: Option<&str>, look: &Look<'_>) -> Step {
        let Some(card) = self.card.as_ref().filter(|card| card.ask.is_none() && card.path == *path) else {
            return Step::default();
        };
        let (Some(text), Some(file)) = (text, look.library.files.get(card.file)) else {
            self.run.put_aside();
            return Step { toast: Some(format!("`{}` cannot be read.", path.path)), ..self.turn(look) };
        };
        let parsed = Parsed::new(file, text);
        let line = card.ask_in(&parsed, look).map_or(1, |ask| Lines::new(text).line(ask.span.start));
        self.parsed.insert(card.file, parsed);
        if !self.fill(look) {
            self.run.put_aside();
            return self.turn(look);
        }
        if let Some(card) = &mut self.card {
            card.line = line;
        }
        Step::default()
    }

    /// Puts the question on the card; false when the file does not hold it.
    fn fill(&mut self, look: &Look<'_>) -> bool {
        let Some(card) = &mut self.card else { return false };
        let Some(parsed) = self.parsed.get(&card.file) else { return false };
        card.ask = card.ask_in(parsed, look);
        card.begin(look);
        let there = card.ask.is_some();
        self.lay(look);
        there
    }

    fn reread(&mut self, look: &Look<'_>) -> Step {
        self.parsed.clear();
        let Some(id) = self.card.take().map(|card| card.id) else { return Step::default() };
        match self.card_of(&id, look) {
            Some(step) => step,
            None => {
                self.run.put_aside();
                Step { toast: Some("The card is gone, or has another id.".to_owned()), ..self.turn(look) }
            }
        }
    }

    fn grade(&mut self, grade: Option<Grade>, look: &Look<'_>) -> Step {
        let Some(card) = &self.card else { return Step::default() };
        let grade = grade.unwrap_or(card.grade);
        if !card.allows(grade) {
            return Step::default();
        }
        let act = if self.run.cram { Act::Cram(grade) } else { Act::Grade(grade) };
        let took = u32::try_from((look.now.at - card.shown.at).max(0)).unwrap_or(u32::MAX);
        let hints = u8::try_from(card.hints).unwrap_or(u8::MAX);
        let review = Review { took, hints, confidence: card.sure, note: card.note(), ..look.review(&card.id, act) };
        self.writing = Some(review.id);
        Step { effects: vec![Effect::Record(vec![review])], ..Step::default() }
    }

    fn write(&mut self, look: &Look<'_>, act: Act, told: &str) -> Step {
        let Some(card) = &self.card else { return Step::default() };
        let review = look.review(&card.id, act);
        self.writing = Some(review.id);
        Step { effects: vec![Effect::Record(vec![review])], toast: Some(told.to_owned()), ..Step::default() }
    }

    fn recorded(&mut self, rows: &[Review], look: &Look<'_>) -> Step {
        // What another window answered is not asked here again.
        for row in rows.iter().filter(|row| row.id.run != look.next.run && row.answered().is_some()) {
            let item = row.item.clone();
            self.run.retain(|pending| pending != item);
        }
        if let Some((id, answered)) = &mut self.away {
            for row in rows.iter().filter(|row| row.item == *id && row.id.run == look.next.run) {
                match row.act {
                    Act::Void(target) => {
                        self.run.taken_back(target, &row.item);
                        *answered = false;
                    }
                    _ if row.answered().is_some() => {
                        self.run.answered(row, look.progress.state(&row.item));
                        *answered = true;
                    }
                    _ => {}
                }
            }
        }
        let Some(row) = rows.iter().find(|row| Some(row.id) == self.writing) else { return Step::default() };
        self.writing = None;
        match row.act {
            Act::Void(target) => {
                self.run.taken_back(target, &row.item);
                self.summary = None;
                match self.card_of(&row.item, look) {
                    Some(step) => Step { toast: Some("Taken back.".to_owned()), ..step },
                    None => {
                        self.run.put_aside();
                        let toast = "Taken back; what it was about is not here any more.".to_owned();
                        Step { toast: Some(toast), ..self.turn(look) }
                    }
                }
            }
            Act::Forget | Act::Resume => {
                let id = row.item.clone();
                self.card_of(&id, look).unwrap_or_default()
            }
            Act::Grade(_) | Act::Cram(_) => {
                self.run.answered(row, look.progress.state(&row.item));
                self.turn(look)
            }
            _ => {
                self.run.put_aside();
                self.turn(look)
            }
        }
    }

    fn undo(&mut self, look: &Look<'_>) -> Step {
        if let Some(row) = undoable(look) {
            let review = look.review(&row.item, Act::Void(row.id));
            self.writing = Some(review.id);
            return Step { effects: vec![Effect::Record(vec![review])], ..Step::default() };
        }
        if look.progress.is_whole() {
            return Step::toast("There is nothing to take back.");
        }
        self.undoing = true;
        let more = look.progress.recent().len() * 4 + 256;
        Step { effects: vec![Effect::Earlier(more)], ..Step::default() }
    }

    fn finish(&mut self, look: &Look<'_>) -> Step {
        self.summary = Some(Summary::new(&self.run, self.before, look));
        Step { effects: vec![Effect::Keep(KEPT, None)], ..Step::default() }
    }
}

/// The last row that a person may take back.
fn undoable<'a>(look: &Look<'a>) -> Option<&'a Review> {
    look.progress.recent().iter().rev().find(|row| !matches!(row.act, Act::Seed { .. } | Act::Adopt(_) | Act::Void(_)))
}
