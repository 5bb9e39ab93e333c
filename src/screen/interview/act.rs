//! What happens in the room: keys, text, the clock, and the rows of the log.

use std::borrow::Cow;

use super::asked::{Asked, read};
use super::session::{Model, Session};
use crate::command::Command;
use crate::content::front::Kind as FileKind;
use crate::effect::{Effect, FilePath, Mouse};
use crate::problem::Problem;
use crate::screen::{Go, Input, Look, Step};
use crate::study::day::{Millis, iso};
use crate::study::mock::choose::find;
use crate::study::mock::past::interviews;
use crate::study::mock::run::{Done, Phase};
use crate::study::mock::score::Sheet;
use crate::study::mock::{Round, related, too_soon, transcript};
use crate::study::queue::{From, Wish as Set};
use crate::study::review::{Act, Grade, Review, ReviewId};
use crate::study::schedule::Due;
use crate::ui::editor::Edit;
use crate::ui::field::Field;

/// A draft is on disk so many milliseconds after a key at the latest, however long one types on.
const DRAFT: Millis = 800;

impl Session {
    fn opened(&mut self, path: &FilePath, text: &Result<Cow<'static, str>, Box<Problem>>, look: &Look<'_>) {
        if self.asked.path.as_ref() != Some(path) || self.asked.question.is_some() {
            return;
        }
        let id = self.run.slot().map(|slot| slot.id.clone()).unwrap_or_default();
        let file = find(look.library, &id).and_then(|(file, _)| look.library.files.get(file));
        match (text, file) {
            (Ok(text), Some(file)) => {
                let incident = file.kind == FileKind::Incident;
                self.asked = read(text, file.body, incident, &id);
                self.asked.path = Some(path.clone());
            }
            (Err(problem), _) => self.asked.gone = Some(problem.to_string()),
            (Ok(_), None) => self.asked.gone = Some("This question is not in the packs any more.".to_owned()),
        }
        if let Some(question) = &self.asked.question
            && (self.run.sheet.points.len(), self.run.sheet.flags.len())
                != (question.rubric.len(), question.red_flags.len())
            && !self.run.phase.timed()
        {
            // The rubric was edited meanwhile.
            self.run.sheet = Sheet::new(question, &self.said.text());
        }
        self.lay(look);
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        match input {
            Input::Command(command) => self.command(*command, look),
            Input::Text(text) => self.text(text, look),
            Input::Mouse(mouse) => {
                self.mouse(*mouse, look);
                Step::default()
            }
            Input::Resize | Input::Shown => {
                self.lay(look);
                Step::default()
            }
            Input::Read => {
                self.unsaved = None;
                let mut effects = self.save(look);
                effects.extend(if self.run.phase == Phase::Over { self.finish(look) } else { self.load(look) });
                Step { effects, ..Step::default() }
            }
            Input::Opened(path, text) => {
                self.opened(path, text, look);
                Step::default()
            }
            Input::Composed(text) => {
                self.said.replace(text);
                self.lay(look);
                Step { effects: self.save(look), ..Step::default() }
            }
            Input::Wake => self.wake(look),
            Input::Recorded(rows) => self.recorded(rows, look),
            Input::Unrecorded => {
                self.recording = None;
                Step::default()
            }
            Input::History(rows) => {
                self.past = interviews(*rows);
                self.lay(look);
                Step::default()
            }
            _ => Step::default(),
        }
    }

    fn wake(&mut self, look: &Look<'_>) -> Step {
        let mut effects = if self.unsaved.is_some() { self.save(look) } else { Vec::new() };
        if self.run.phase == Phase::Think && self.run.running() && self.run.left(look.now.at) <= 0 {
            self.run.go_on(0, look.now.at);
            effects.extend(self.keep(look));
            self.lay(look);
        }
        Step { effects, ..Step::default() }
    }

    fn text(&mut self, text: &str, look: &Look<'_>) -> Step {
        if let Some(field) = &mut self.name {
            field.push(text);
            return Step::default();
        }
        if !self.writing {
            return Step::default();
        }
        let whole = self.said.insert(text);
        let mut step = self.written(look);
        if !whole {
            step.toast = Some("An answer holds 50,000 bytes; the rest of it was not taken.".to_owned());
        }
        step
    }

    /// What was written changed: it is on disk soon.
    fn written(&mut self, look: &Look<'_>) -> Step {
        let due = *self.unsaved.get_or_insert(look.now.at + DRAFT);
        let effects = if due <= look.now.at { self.save(look) } else { Vec::new() };
        Step { effects, ..Step::default() }
    }

    fn mouse(&mut self, mouse: Mouse, look: &Look<'_>) {
        match mouse {
            Mouse::Wheel { down, .. } => self.scroll(look, if down { 3 } else { -3 }),
            Mouse::Click(at) => {
                let (area, _) = self.areas(look);
                if self.entries() == 0 || !area.contains(at) {
                    return;
                }
                let row = self.top + usize::from(at.y - area.y);
                let before = self.lines.iter().take(row + 1).rev();
                if let Some(number) = before.map(|line| line.at).find(|at| *at > 0) {
                    self.cursor = number - 1;
                    self.tick(look);
                }
            }
        }
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Step {
        // What is being written must be on disk before anything else happens.
        if self.recording.is_some() {
            return Step::default();
        }
        if self.name.is_some() {
            return self.naming(command, look);
        }
        if self.writing
            && let Some(edit) = edit(command)
        {
            let (_, rows) = self.halves(look);
            self.said.edit(edit, usize::from(rows.height));
            return self.written(look);
        }
        let page = isize::try_from(self.areas(look).0.height).unwrap_or(2).max(2);
        match command {
            Command::Up | Command::Down if self.entries() > 0 => {
                let by = if command == Command::Down { 1 } else { -1 };
                self.cursor = self.cursor.saturating_add_signed(by).min(self.entries() - 1);
                self.lay(look);
            }
            _ if let Some(by) = command.rows(page, page - 1) => self.scroll(look, by),
            Command::Left | Command::Right => {
                let on = command == Command::Right;
                self.shift = if on { self.shift + 1 } else { self.shift.saturating_sub(1) }.min(self.widest);
                self.lay(look);
            }
            Command::Back => return self.back(look),
            Command::Choose => return self.choose(look),
            Command::Type => {
                if self.run.phase == Phase::Think {
                    self.run.go_on(0, look.now.at);
                }
                self.writing = true;
                self.top = 0;
                self.lay(look);
            }
            Command::Pause => {
                self.run.pause(look.now.at);
                self.lay(look);
                return Step { effects: self.save(look), ..Step::default() };
            }
            Command::Compose => {
                if self.run.phase == Phase::Think {
                    self.run.go_on(0, look.now.at);
                }
                let name = self.run.slot().map(|slot| slot.id.clone()).unwrap_or_default();
                let mut effects = self.save(look);
                effects.push(Effect::Compose { name, text: self.said.text() });
                self.lay(look);
                return Step { effects, ..Step::default() };
            }
            Command::Skip => return self.skip(look),
            Command::Tick => self.tick(look),
            Command::Pick(n) => {
                self.cursor = usize::from(n).saturating_sub(1);
                self.tick(look);
            }
            Command::Other => {
                self.turn_over(look);
                self.top = 0;
                self.lay(look);
            }
            Command::Missed => {
                let wish = Set { from: From::These(self.teaching.clone()), ..Set::default() };
                return Step::go(Go::Drill(Box::new(wish), "What I missed".to_owned()));
            }
            Command::Transcript => {
                let mut field = Field::default();
                field.push(&format!("interview-{}.md", iso(self.run.begun().day())));
                self.name = Some(field);
            }
            _ => {}
        }
        Step::default()
    }

    fn naming(&mut self, command: Command, look: &Look<'_>) -> Step {
        match (command, &mut self.name) {
            (Command::Choose, Some(field)) if !field.text().trim().is_empty() => {
                let name = field.text().trim().to_owned();
                self.name = None;
                let toast = Some(format!("Written to {name}."));
                let text = transcript::transcript(&self.run);
                return Step { effects: vec![Effect::Write { name, text }], toast, ..Step::default() };
            }
            (Command::Erase, Some(field)) => {
                field.erase();
            }
            (Command::EraseWord, Some(field)) => field.erase_word(),
            (Command::EraseAll, Some(field)) => field.clear(),
            (Command::Choose | Command::Back, _) => self.name = None,
            _ => {}
        }
        self.lay(look);
        Step::default()
    }

    fn back(&mut self, look: &Look<'_>) -> Step {
        if self.writing {
            self.writing = false;
            self.lay(look);
            return Step { effects: self.save(look), ..Step::default() };
        }
        match self.run.phase {
            Phase::Flags => {
                self.run.enter(Phase::Points, look.now.at);
                self.cursor = 0;
                self.top = 0;
                self.lay(look);
                Step::default()
            }
            Phase::Over => Step::go(Go::Back),
            Phase::Models if self.run.solo() => Step::go(Go::Back),
            _ => {
                let toast = if !self.run.solo() {
                    "The interview is kept; i goes on with it."
                } else if self.said.is_empty() {
                    ""
                } else {
                    "What you wrote is kept with the question."
                };
                let toast = (!toast.is_empty()).then(|| toast.to_owned());
                Step { go: Go::Back, toast, ..Step::default() }
            }
        }
    }

    fn choose(&mut self, look: &Look<'_>) -> Step {
        if self.asked.gone.is_some() {
            return self.next(look);
        }
        let now = look.now.at;
        if self.run.paused() {
            self.run.resume(now);
            self.lay(look);
            return Step::default();
        }
        let Some(question) = &self.asked.question else {
            return if self.run.phase == Phase::Over { Step::go(Go::Back) } else { Step::default() };
        };
        match self.run.phase {
            Phase::Think | Phase::Answer | Phase::FollowUp => {
                self.run.go_on(question.follow_ups.len(), now);
                if self.run.phase == Phase::Points {
                    self.writing = false;
                    self.run.sheet = Sheet::new(question, &self.said.text());
                    self.cursor = 0;
                } else if self.writing {
                    // What is said to the follow-up stands apart.
                    self.said.edit(Edit::End, 2);
                    self.said.insert(if self.said.is_empty() { "" } else { "\n\n" });
                }
                self.top = 0;
                self.lay(look);
                Step { effects: self.save(look), ..Step::default() }
            }
            Phase::Points if !question.red_flags.is_empty() => {
                self.run.enter(Phase::Flags, now);
                self.cursor = 0;
                self.top = 0;
                self.lay(look);
                Step { effects: self.keep(look).into_iter().collect(), ..Step::default() }
            }
            Phase::Points | Phase::Flags => self.record(look, true),
            Phase::Models => self.next(look),
            Phase::Over => Step::go(Go::Back),
        }
    }

    fn next(&mut self, look: &Look<'_>) -> Step {
        if self.run.solo() {
            return Step::go(Go::Back);
        }
        self.run.next(look.now.at);
        Step { effects: self.turn(look), ..Step::default() }
    }

    fn skip(&mut self, look: &Look<'_>) -> Step {
        if self.run.solo() {
            return Step::go(Go::Later);
        }
        if self.asked.question.is_some() { self.record(look, false) } else { self.next(look) }
    }

    /// Writes the score to the log, or that the question was skipped.
    fn record(&mut self, look: &Look<'_>, scored: bool) -> Step {
        let (Some(question), Some(slot)) = (&self.asked.question, self.run.slot()) else { return Step::default() };
        let sheet = Some(&self.run.sheet).filter(|_| scored);
        let module = self.module(look);
        let done = Done::new(slot, question, &module, sheet, self.run.took(look.now.at), &self.said.text());
        let took = u32::try_from(done.took).unwrap_or(u32::MAX);
        let note = done.note(self.run.name()).text();
        let act = match done.act(slot) {
            Act::Grade(grade) if self.cram => Act::Cram(grade),
            act => act,
        };
        let review = Review { took, note, ..look.review(&slot.id, act) };
        let mut rows = vec![review.clone()];
        if too_soon(look.scheduler, look.progress.state(&slot.id), &review) {
            let id = ReviewId { ordinal: look.next.ordinal + 1, ..look.next };
            rows.push(Review { id, ..look.review(&slot.id, Act::Bury) });
        }
        self.recording = Some((review.id, done));
        Step { effects: vec![Effect::Record(rows)], ..Step::default() }
    }

    /// When the question would come back after a grade.
    pub(super) fn comes_back(&self, look: &Look<'_>, grade: Grade) -> Option<Due> {
        let slot = self.run.slot()?;
        if slot.round == Round::Stage || self.cram {
            return None;
        }
        let state = look.progress.state(&slot.id);
        let states = look.scheduler.preview(state, &slot.id, look.now);
        let after = states.get(usize::try_from(grade.number()).ok()?.checked_sub(1)?)?;
        Some(look.desk().due(&slot.id, after))
    }

    pub(super) fn module(&self, look: &Look<'_>) -> String {
        let file = self.run.slot().and_then(|slot| find(look.library, &slot.id));
        let file = file.and_then(|(file, _)| look.library.files.get(file));
        let module = file.and_then(|file| look.library.modules.get(file.module));
        module.map_or_else(String::new, |module| module.title.clone())
    }

    fn recorded(&mut self, rows: &[Review], look: &Look<'_>) -> Step {
        let own = self.recording.as_ref().is_some_and(|(id, _)| rows.iter().any(|row| row.id == *id));
        let Some((_, done)) = self.recording.take_if(|_| own) else { return Step::default() };
        let skipped = done.skipped();
        self.drafts.set(&done.id, "");
        self.unsaved = None;
        self.run.done.push(done);
        let mut effects = vec![self.drafts.keep()];
        if skipped {
            let step = self.next(look);
            effects.extend(step.effects);
            return Step { effects, ..step };
        }
        self.run.enter(Phase::Models, look.now.at);
        self.top = 0;
        self.model = Model::Short;
        self.lay(look);
        effects.extend(self.keep(look));
        Step { effects, ..Step::default() }
    }

    /// Every question was asked: what came of it.
    pub(super) fn finish(&mut self, look: &Look<'_>) -> Vec<Effect> {
        self.asked = Asked::default();
        self.teaching = related::related(&look.desk(), &self.run.done);
        self.lay(look);
        self.keep(look).into_iter().chain([Effect::History]).collect()
    }

    fn tick(&mut self, look: &Look<'_>) {
        let points = self.run.sheet.points.len();
        let sheet = &mut self.run.sheet;
        let tick = match self.run.phase {
            Phase::Points if self.cursor < points => sheet.points.get_mut(self.cursor),
            Phase::Points => sheet.follow_ups.get_mut(self.cursor - points),
            Phase::Flags => sheet.flags.get_mut(self.cursor),
            _ => None,
        };
        if let Some(tick) = tick {
            *tick = !*tick;
        }
        self.lay(look);
    }

    pub(super) fn scroll(&mut self, look: &Look<'_>, by: isize) {
        self.top = self.top.saturating_add_signed(by);
        self.clamp(look);
    }
}

/// What a command does to the text that is written.
fn edit(command: Command) -> Option<Edit> {
    Some(match command {
        Command::Newline => Edit::Newline,
        Command::Erase => Edit::Erase,
        Command::EraseNext => Edit::EraseNext,
        Command::EraseWord => Edit::EraseWord,
        Command::EraseLine => Edit::EraseLine,
        Command::Undo => Edit::Undo,
        Command::Redo => Edit::Redo,
        Command::Left => Edit::Left,
        Command::Right => Edit::Right,
        Command::WordLeft => Edit::WordLeft,
        Command::WordRight => Edit::WordRight,
        Command::Up => Edit::Up,
        Command::Down => Edit::Down,
        Command::LineStart => Edit::LineStart,
        Command::LineEnd => Edit::LineEnd,
        Command::PageUp => Edit::PageUp,
        Command::PageDown => Edit::PageDown,
        Command::Top => Edit::Start,
        Command::Bottom => Edit::End,
        _ => return None,
    })
}
