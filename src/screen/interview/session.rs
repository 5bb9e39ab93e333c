//! An interview on its way: from the question to the score, and on to the next.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Drafts, KEPT};
use crate::command::{Command, Scope};
use crate::content::chunk::Doc;
use crate::content::doc::Block;
use crate::content::front::Kind as FileKind;
use crate::content::question::{Point, Question, questions};
use crate::content::section::{Rich, sections};
use crate::effect::{Effect, FilePath, Mouse};
use crate::problem::Problem;
use crate::screen::{Go, Input, Look, Prompt, Step};
use crate::study::day::Millis;
use crate::study::mock::choose::{Wish, choose, find, slot, stages};
use crate::study::mock::past::{Past, interviews};
use crate::study::mock::run::{Done, Kind, Phase, Run, Slot};
use crate::study::mock::score::Sheet;
use crate::study::mock::{Round, related, too_soon, transcript};
use crate::study::queue::{From, Wish as Set};
use crate::study::review::{Act, Grade, Review, ReviewId};
use crate::study::schedule::Due;
use crate::study::{hash, items};
use crate::ui::editor::{Edit, Editor};
use crate::ui::field::Field;
use crate::ui::line::Line;

/// A draft is on disk so many milliseconds after a key at the latest, however long one types on.
const DRAFT: Millis = 800;

/// What is asked, once its file was read.
#[derive(Default)]
pub(super) struct Asked {
    pub path: Option<FilePath>,
    pub question: Option<Question>,
    /// Of an incident: its scene, and what the stages before have shown.
    pub scene: Vec<Block>,
    pub evidence: Vec<(String, Vec<Block>)>,
    pub gone: Option<String>,
}

/// Which answer is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Model {
    #[default]
    Short,
    Long,
    Own,
}

pub struct Session {
    pub(super) run: Run,
    pub(super) asked: Asked,
    pub(super) said: Editor,
    drafts: Drafts,
    pub(super) writing: bool,
    /// When the draft must be on disk.
    unsaved: Option<Millis>,
    pub(super) cursor: usize,
    pub(super) top: usize,
    /// How far wide evidence is scrolled sideways, and how far it can be.
    pub(super) shift: usize,
    pub(super) widest: usize,
    pub(super) lines: Vec<Line>,
    pub(super) model: Model,
    /// What is being written to the log, and what it is about.
    recording: Option<(ReviewId, Done)>,
    pub(super) past: Vec<Past>,
    /// The items that teach what was missed.
    pub(super) teaching: Vec<usize>,
    /// The name of the transcript, while it is typed.
    name: Option<Field>,
}

impl Session {
    /// An interview that is wished for; nothing when there is nothing to ask.
    pub fn interview(look: &Look<'_>, wish: &Wish) -> Option<(Self, Vec<Effect>)> {
        // One interview after the other asks other questions; the same start of the program repeats them.
        let seed = hash(&[&look.seed.to_le_bytes(), &look.next.ordinal.to_le_bytes()]) >> 32;
        let slots = choose(&look.desk(), wish, seed);
        Self::begin(look, Kind::Interview(wish.clone()), "Interview", slots, seed)
    }

    /// The incident of a file.
    pub fn incident(look: &Look<'_>, file: usize) -> Option<(Self, Vec<Effect>)> {
        let found = look.library.files.get(file)?;
        let slots = stages(look.library, file);
        Self::begin(look, Kind::Incident(found.id.clone()), &found.title, slots, look.seed)
    }

    /// One question by its place among all items. It records its own row, and leaves with `Go::Back`.
    pub fn question(look: &Look<'_>, item: usize) -> Option<(Self, Vec<Effect>)> {
        let item = look.items.get(item).filter(|item| item.kind == items::Kind::Question)?;
        Self::at(look, item.file, item.entry)
    }

    /// One question by its place in a file.
    pub fn at(look: &Look<'_>, file: usize, entry: usize) -> Option<(Self, Vec<Effect>)> {
        let slot = slot(look.library, file, entry, Round::Any);
        Self::begin(look, Kind::Single, "Question", vec![slot], look.seed)
    }

    fn begin(look: &Look<'_>, kind: Kind, title: &str, slots: Vec<Slot>, seed: u64) -> Option<(Self, Vec<Effect>)> {
        if slots.is_empty() {
            return None;
        }
        let mut session = Self::of(Run::new(kind, title, slots, seed, look.now), look);
        let effects = session.turn(look);
        Some((session, effects))
    }

    /// The interview that was left; it is paused where a clock runs.
    pub fn resumed(look: &Look<'_>) -> Option<(Self, Vec<Effect>)> {
        let run = Run::read(look.settings.get(KEPT)?)?;
        let mut session = Self::of(run, look);
        let effects = if session.run.phase == Phase::Over { session.finish(look) } else { session.load(look) };
        Some((session, effects))
    }

    fn of(run: Run, look: &Look<'_>) -> Self {
        Self {
            run,
            asked: Asked::default(),
            said: Editor::new(""),
            drafts: Drafts::read(look.settings),
            writing: false,
            unsaved: None,
            cursor: 0,
            top: 0,
            shift: 0,
            widest: 0,
            lines: Vec::new(),
            model: Model::Short,
            recording: None,
            past: Vec::new(),
            teaching: Vec::new(),
            name: None,
        }
    }

    pub fn scopes(&self) -> &'static [Scope] {
        if self.name.is_some() {
            return &[Scope::Typing];
        }
        if self.writing {
            return &[Scope::Writing];
        }
        match self.run.phase {
            _ if self.run.paused() => &[Scope::Held, Scope::Global],
            Phase::Think => &[Scope::Question, Scope::Moving, Scope::Global],
            Phase::Answer | Phase::FollowUp => &[Scope::Speaking, Scope::Moving, Scope::Global],
            Phase::Points | Phase::Flags => &[Scope::Rubric, Scope::Moving, Scope::Global],
            Phase::Models => &[Scope::Models, Scope::Moving, Scope::Global],
            Phase::Over => &[Scope::Debrief, Scope::Moving, Scope::Global],
        }
    }

    /// What help shows besides: how one writes, where one may.
    pub fn more_scopes(&self) -> &'static [Scope] {
        if self.run.phase.timed() { &[Scope::Writing] } else { &[] }
    }

    pub fn typing(&self) -> bool {
        self.writing || self.name.is_some()
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        let field = self.name.as_ref()?;
        Some(Prompt { label: "Write to ", text: field.text(), note: "esc: not now".to_owned() })
    }

    pub fn can(&self, command: Command, _look: &Look<'_>) -> bool {
        match command {
            Command::Pick(n) => usize::from(n) <= self.entries(),
            Command::Tick => self.entries() > 0,
            Command::Missed => !self.teaching.is_empty(),
            Command::Right => self.widest > self.shift,
            Command::Left => self.shift > 0,
            Command::Type | Command::Pause | Command::Compose => self.asked.question.is_some(),
            _ => true,
        }
    }

    pub fn title(&self, look: &Look<'_>) -> (String, String) {
        let (at, of) = (self.run.at + 1, self.run.slots.len());
        let right = match self.run.phase {
            Phase::Over => "debrief".to_owned(),
            _ if self.run.solo() => String::new(),
            _ if self.run.slots.iter().all(|slot| slot.round == Round::Stage) => format!("stage {at} of {of}"),
            _ => format!("question {at} of {of}"),
        };
        let round = self.run.slot().map_or("", |slot| slot.round.name());
        let left = match &self.run.kind {
            Kind::Interview(_) if !round.is_empty() => format!("Interview {} {round}", look.glyphs.right),
            Kind::Incident(_) => format!("Incident {} {}", look.glyphs.right, self.run.title),
            _ => self.run.title.clone(),
        };
        (left, right)
    }

    /// While a clock runs, once a second; and when a draft must be on disk.
    pub fn wake_at(&self, look: &Look<'_>) -> Option<i64> {
        let tick = self.run.running().then(|| {
            let part = self.run.left(look.now.at).rem_euclid(1000);
            look.now.at + if part == 0 { 1000 } else { part }
        });
        tick.into_iter().chain(self.unsaved).min()
    }

    /// What is kept when one leaves, and when the program ends.
    pub fn leave(&self, look: &Look<'_>) -> Vec<Effect> {
        let mut effects = vec![self.draft().keep()];
        // What is over is not gone on with.
        effects.extend(if self.run.phase == Phase::Over { Some(Effect::Keep(KEPT, None)) } else { self.keep(look) });
        effects
    }

    /// The drafts with what is written now; once it is scored, the answer is none any more.
    fn draft(&self) -> Drafts {
        let mut drafts = self.drafts.clone();
        if let Some(slot) = self.run.slot().filter(|_| self.run.phase < Phase::Models) {
            drafts.set(&slot.id, &self.said.text());
        }
        drafts
    }

    /// Keeps where the interview stands. A single question is not kept: only what was written for it is.
    fn keep(&self, look: &Look<'_>) -> Option<Effect> {
        (!self.run.solo()).then(|| Effect::Keep(KEPT, self.run.kept(look.now.at)))
    }

    /// Puts what was written on disk.
    fn save(&mut self, look: &Look<'_>) -> Vec<Effect> {
        self.unsaved = None;
        self.drafts = self.draft();
        vec![self.drafts.keep()].into_iter().chain(self.keep(look)).collect()
    }

    /// Shows the question that is at hand.
    fn turn(&mut self, look: &Look<'_>) -> Vec<Effect> {
        self.cursor = 0;
        self.top = 0;
        self.shift = 0;
        self.model = Model::Short;
        self.writing = false;
        if self.run.phase == Phase::Over {
            return self.finish(look);
        }
        let mut effects = self.load(look);
        effects.extend(self.keep(look));
        effects
    }

    /// Reads the file of the question, and takes up what was written.
    fn load(&mut self, look: &Look<'_>) -> Vec<Effect> {
        let id = self.run.slot().map(|slot| slot.id.clone()).unwrap_or_default();
        self.said.replace(self.drafts.get(&id));
        self.asked = Asked::default();
        let file = find(look.library, &id).and_then(|(file, _)| look.library.files.get(file));
        let module = file.and_then(|file| look.library.modules.get(file.module));
        let (Some(file), Some(module)) = (file, module) else {
            self.asked.gone = Some("This question is not in the packs any more.".to_owned());
            self.lay(look);
            return Vec::new();
        };
        let path = FilePath { pack: module.pack, path: file.path.clone() };
        self.asked.path = Some(path.clone());
        vec![Effect::Open(path)]
    }

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
            Command::Up => self.scroll(look, -1),
            Command::Down => self.scroll(look, 1),
            Command::HalfUp => self.scroll(look, -page / 2),
            Command::HalfDown => self.scroll(look, page / 2),
            Command::PageUp => self.scroll(look, 1 - page),
            Command::PageDown => self.scroll(look, page - 1),
            Command::Top => self.scroll(look, isize::MIN / 2),
            Command::Bottom => self.scroll(look, isize::MAX / 2),
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
                field.push(&format!("interview-{}.md", crate::study::day::iso(self.run.begun().day())));
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
            return Step::go(Go::Back);
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
        let review = Review { took, note, ..look.review(&slot.id, done.act(slot)) };
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
        if slot.round == Round::Stage {
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
    fn finish(&mut self, look: &Look<'_>) -> Vec<Effect> {
        self.asked = Asked::default();
        self.teaching = related::related(&look.desk(), &self.run.done);
        self.lay(look);
        self.keep(look).into_iter().chain([Effect::History]).collect()
    }

    /// How many lines can be ticked now.
    pub(super) fn entries(&self) -> usize {
        let sheet = &self.run.sheet;
        match self.run.phase {
            Phase::Points => sheet.points.len() + sheet.follow_ups.len(),
            Phase::Flags => sheet.flags.len(),
            _ => 0,
        }
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

    fn clamp(&mut self, look: &Look<'_>) {
        let tall = match self.run.phase {
            Phase::Models => self.model_height(look),
            _ => self.halves(look).0.height,
        };
        let tall = usize::from(tall);
        self.top = self.top.min(self.lines.len().saturating_sub(tall));
    }

    /// The text, and what stands below it.
    pub(super) fn areas(&self, look: &Look<'_>) -> (Rect, Rect) {
        let below = match self.run.phase {
            Phase::Think | Phase::Answer | Phase::FollowUp => 2,
            Phase::Points | Phase::Flags => 3,
            Phase::Models | Phase::Over => 0,
        };
        super::areas(look, below)
    }

    /// Lays the lines out for the size of the screen.
    pub(super) fn lay(&mut self, look: &Look<'_>) {
        let (area, _) = self.areas(look);
        let columns = usize::from(area.width).max(1);
        self.lines = match self.run.phase {
            _ if self.asked.gone.is_some() => self.gone(columns),
            Phase::Over => self.debrief(look, columns),
            _ if self.asked.question.is_none() => Vec::new(),
            Phase::Think | Phase::Answer | Phase::FollowUp => self.question_lines(look, columns),
            Phase::Points => self.points(look, columns),
            Phase::Flags => self.flags(look, columns),
            Phase::Models => self.models(look),
        };
        let (_, rows) = self.halves(look);
        self.said.lay(usize::from(rows.width).saturating_sub(1));
        self.clamp(look);
        if self.entries() > 0
            && let Some(at) = self.lines.iter().position(|line| line.at == self.cursor + 1)
        {
            // What is chosen stays in sight, with the line behind it.
            let tall = usize::from(area.height);
            let first = if self.cursor == 0 { 0 } else { at };
            self.top = self.top.clamp((at + 3).saturating_sub(tall).min(first), first);
            self.clamp(look);
        }
    }

    pub fn view(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        match self.run.phase {
            _ if self.asked.gone.is_some() => super::list::lines(&self.lines, 0, look, self.areas(look).0, buffer),
            Phase::Think | Phase::Answer | Phase::FollowUp => self.view_question(look, buffer),
            Phase::Points | Phase::Flags => self.view_score(look, buffer),
            Phase::Models => self.view_models(look, buffer),
            Phase::Over => super::list::lines(&self.lines, self.top, look, self.areas(look).0, buffer),
        }
        let _ = area;
    }
}

/// Finds a question in the text of its file, with what an incident shows before it.
fn read(text: &str, body: usize, incident: bool, id: &str) -> Asked {
    let doc = Doc::new(text, body);
    let blocks: Vec<Block> = (0..doc.len()).flat_map(|chunk| doc.blocks(chunk)).collect();
    let mut out = Asked::default();
    for mut question in questions(&blocks, incident, &mut Vec::new()) {
        if question.id != id {
            if incident {
                out.evidence.push((question.prompt, question.exhibit));
            }
            continue;
        }
        if question.rubric.is_empty() {
            // Something must be scored, or the answer would be worth nothing.
            question.rubric.push(Point {
                text: said("The answer says what the model answer says."),
                weight: 1,
                terms: Vec::new(),
            });
        }
        if incident {
            out.scene = sections(&blocks, 2).0.to_vec();
        }
        out.question = Some(question);
        return out;
    }
    out.gone = Some("This question is not in its file any more.".to_owned());
    out
}

fn said(text: &str) -> Rich {
    let run = crate::content::doc::Run {
        text: text.to_owned(),
        style: crate::content::doc::Style::default(),
        link: None,
        at: 0,
    };
    Rich { runs: vec![run], ..Rich::default() }
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
