//! An interview on its way: from the question to the score, and on to the next.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::asked::Asked;
use super::{Drafts, KEPT};
use crate::command::{Command, Scope};
use crate::effect::{Effect, FilePath};
use crate::screen::{Look, Prompt};
use crate::study::day::Millis;
use crate::study::items;
use crate::study::mock::choose::{Wish, choose, find, slot, stages};
use crate::study::mock::past::Past;
use crate::study::mock::run::{Done, Kind, Phase, Run, Slot};
use crate::study::mock::{Round, SEEDS};
use crate::study::review::ReviewId;
use crate::ui::editor::Editor;
use crate::ui::field::Field;
use crate::ui::line::Line;

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
    pub(super) drafts: Drafts,
    pub(super) writing: bool,
    /// When the draft must be on disk.
    pub(super) unsaved: Option<Millis>,
    pub(super) cursor: usize,
    pub(super) top: usize,
    /// How far wide evidence is scrolled sideways, and how far it can be.
    pub(super) shift: usize,
    pub(super) widest: usize,
    pub(super) lines: Vec<Line>,
    /// One's own answer, where it stands beside the model.
    pub(super) own: Vec<Line>,
    pub(super) model: Model,
    /// What is being written to the log, and what it is about.
    pub(super) recording: Option<(ReviewId, Done)>,
    pub(super) past: Vec<Past>,
    /// The items that teach what was missed.
    pub(super) teaching: Vec<usize>,
    /// The name of the transcript, while it is typed.
    pub(super) name: Option<Field>,
    /// Whether the answer has no effect on the schedule.
    pub(super) cram: bool,
}

impl Session {
    /// An interview that is wished for; nothing when there is nothing to ask.
    pub fn interview(look: &Look<'_>, wish: &Wish) -> Option<(Self, Vec<Effect>)> {
        // One interview after the other asks other questions; the same start of the program repeats them.
        let after = u64::try_from(look.next.ordinal - 1).unwrap_or(0);
        let seed = look.seed.wrapping_add(after) % SEEDS;
        let slots = choose(&look.desk(), wish, seed);
        Self::begin(look, Kind::Interview(wish.clone()), "Interview", slots, seed)
    }

    /// The incident of a file.
    pub fn incident(look: &Look<'_>, file: usize) -> Option<(Self, Vec<Effect>)> {
        let found = look.library.files.get(file)?;
        let slots = stages(look.library, file);
        Self::begin(look, Kind::Incident(found.id.clone()), &found.title, slots, look.seed % SEEDS)
    }

    /// One question by its place among all items. It records its own row, and leaves with `Go::Back`.
    pub fn question(look: &Look<'_>, item: usize, cram: bool) -> Option<(Self, Vec<Effect>)> {
        let item = look.items.get(item).filter(|item| item.kind == items::Kind::Question)?;
        let (session, effects) = Self::at(look, item.file, item.entry)?;
        Some((Self { cram, ..session }, effects))
    }

    /// One question by its place in a file.
    pub fn at(look: &Look<'_>, file: usize, entry: usize) -> Option<(Self, Vec<Effect>)> {
        let slot = slot(look.library, file, entry, Round::Any);
        Self::begin(look, Kind::Single, "Question", vec![slot], look.seed % SEEDS)
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
            own: Vec::new(),
            model: Model::Short,
            recording: None,
            past: Vec::new(),
            teaching: Vec::new(),
            name: None,
            cram: false,
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
    pub(super) fn keep(&self, look: &Look<'_>) -> Option<Effect> {
        (!self.run.solo()).then(|| Effect::Keep(KEPT, self.run.kept(look.now.at)))
    }

    /// Puts what was written on disk.
    pub(super) fn save(&mut self, look: &Look<'_>) -> Vec<Effect> {
        self.unsaved = None;
        self.drafts = self.draft();
        vec![self.drafts.keep()].into_iter().chain(self.keep(look)).collect()
    }

    /// Shows the question that is at hand.
    pub(super) fn turn(&mut self, look: &Look<'_>) -> Vec<Effect> {
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
    pub(super) fn load(&mut self, look: &Look<'_>) -> Vec<Effect> {
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

    /// How many lines can be ticked now.
    pub(super) fn entries(&self) -> usize {
        let sheet = &self.run.sheet;
        match self.run.phase {
            Phase::Points => sheet.points.len() + sheet.follow_ups.len(),
            Phase::Flags => sheet.flags.len(),
            _ => 0,
        }
    }

    pub(super) fn clamp(&mut self, look: &Look<'_>) {
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
            let first = if self.cursor == 0 && at + 2 <= tall { 0 } else { at };
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
