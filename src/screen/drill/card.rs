//! The card on the table: what was done with it so far, and its lines.

use crate::command::Command;
use crate::effect::FilePath;
use crate::screen::Look;
use crate::study::answer::{Verdict, judge};
use crate::study::ask::{Ask, Form, Parsed};
use crate::study::day::Moment;
use crate::study::drill::{of_points, with_hints};
use crate::study::review::{Confidence, Grade};
use crate::ui::field::Field;
use crate::ui::line::Line;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Asked,
    Shown,
}

pub struct Card {
    pub id: String,
    pub file: usize,
    pub path: FilePath,
    /// The line of the file at which it stands.
    pub line: usize,
    pub ask: Option<Ask>,
    pub shown: Moment,
    pub stage: Stage,
    /// How many hints were taken.
    pub hints: usize,
    pub sure: Option<Confidence>,
    /// Options or steps in the order in which they were chosen.
    pub picked: Vec<usize>,
    /// Enter was pressed with nothing chosen: once more means that one does not know.
    pub warned: bool,
    /// What is being typed.
    pub field: Option<Field>,
    pub typed: String,
    pub verdict: Option<Verdict>,
    pub ticks: Vec<bool>,
    pub cursor: usize,
    /// The grade that is marked.
    pub grade: Grade,
    pub lines: Vec<Line>,
    pub top: usize,
    /// Lines that are on the screen.
    pub height: usize,
}

impl Card {
    pub fn new(id: &str, file: usize, path: FilePath, look: &Look<'_>) -> Self {
        Self {
            id: id.to_owned(),
            file,
            path,
            line: 1,
            ask: None,
            shown: look.now,
            stage: Stage::Asked,
            hints: 0,
            sure: None,
            picked: Vec::new(),
            warned: false,
            field: None,
            typed: String::new(),
            verdict: None,
            ticks: Vec::new(),
            cursor: 0,
            grade: Grade::Good,
            lines: Vec::new(),
            top: 0,
            height: 0,
        }
    }

    /// The question as a file asks it.
    pub fn ask_in(&self, parsed: &Parsed, look: &Look<'_>) -> Option<Ask> {
        parsed.ask(&self.id, look.progress.state(&self.id), look.seed)
    }

    /// The question has arrived.
    pub fn begin(&mut self, look: &Look<'_>) {
        self.shown = look.now;
        match self.ask.as_ref().map(|ask| &ask.form) {
            Some(Form::Points(points)) => self.ticks = vec![false; points.len()],
            Some(Form::Typed { .. }) => self.field = Some(Field::default()),
            _ => {}
        }
    }

    fn form(&self) -> Option<&Form> {
        self.ask.as_ref().map(|ask| &ask.form)
    }

    pub fn typed(&self) -> bool {
        matches!(self.form(), Some(Form::Typed { .. }))
    }

    pub fn has_points(&self) -> bool {
        !self.ticks.is_empty()
    }

    /// Whether up and down move among points.
    pub fn moves(&self) -> bool {
        self.stage == Stage::Shown && self.has_points()
    }

    pub fn has_hint(&self) -> bool {
        self.stage == Stage::Asked && self.ask.as_ref().is_some_and(|ask| ask.hints.len() > self.hints)
    }

    /// How many things there are to choose from.
    fn options(&self) -> usize {
        match self.form() {
            Some(Form::Choice { options, .. }) => options.len(),
            Some(Form::Order { steps, .. }) => steps.len(),
            _ => 0,
        }
    }

    pub fn can_pick(&self, n: usize) -> bool {
        self.stage == Stage::Asked && (1..=self.options()).contains(&n)
    }

    /// Whether what was chosen, ordered or typed is right; nothing where the learner judges.
    pub fn right(&self) -> Option<bool> {
        match self.form()? {
            Form::Choice { options, .. } => {
                Some(options.iter().enumerate().all(|(at, (_, right))| self.picked.contains(&at) == *right))
            }
            Form::Order { right, .. } => Some(self.picked == *right),
            Form::Typed { .. } => self.verdict.as_ref().map(|verdict| *verdict == Verdict::Right),
            Form::Recall | Form::Points(_) => None,
        }
    }

    /// Whether a grade can be given: hints cost, and what was chosen wrongly was not known. A typed answer may be right
    /// in other words, so there the learner has the last word.
    pub fn allows(&self, grade: Grade) -> bool {
        let wrong = self.right() == Some(false) && !self.typed();
        self.stage == Stage::Shown && grade <= with_hints(self.hints) && !(wrong && grade != Grade::Again)
    }

    fn mark(&mut self) {
        let wanted = match (self.right(), self.has_points()) {
            (Some(false), _) => Grade::Again,
            (_, true) => of_points(self.ticks.iter().filter(|ticked| **ticked).count(), self.ticks.len()),
            _ => Grade::Good,
        };
        self.grade = wanted.min(with_hints(self.hints));
    }

    /// Whether the answer would be shown although nothing was chosen, for the first time.
    pub fn warn(&mut self) -> bool {
        self.picked.is_empty() && self.options() > 0 && !std::mem::replace(&mut self.warned, true)
    }

    pub fn reveal(&mut self) {
        if let Some(Form::Typed { accepted, tolerance }) = self.form() {
            let given = self.field.as_ref().map_or("", |field| field.text()).to_owned();
            self.verdict = Some(judge(&given, accepted, tolerance.as_deref()));
            self.typed = given;
            self.field = None;
        }
        self.stage = Stage::Shown;
        self.top = 0;
        self.mark();
    }

    /// Chooses an option: the only one of a single choice shows the answer at once.
    pub fn pick(&mut self, n: usize) {
        let at = n.saturating_sub(1);
        match self.form() {
            Some(Form::Choice { several: false, .. }) => {
                self.picked = vec![at];
                self.reveal();
            }
            Some(Form::Choice { .. }) => match self.picked.iter().position(|picked| *picked == at) {
                Some(place) => {
                    self.picked.remove(place);
                }
                None => self.picked.push(at),
            },
            Some(Form::Order { steps, .. }) => {
                let all = steps.len();
                // Choosing a step again takes it and what follows out of the order.
                match self.picked.iter().position(|picked| *picked == at) {
                    Some(place) => self.picked.truncate(place),
                    None => self.picked.push(at),
                }
                if self.picked.len() + 1 == all {
                    let last = (0..all).find(|step| !self.picked.contains(step));
                    self.picked.extend(last);
                    self.reveal();
                }
            }
            _ => {}
        }
    }

    pub fn erase(&mut self, command: Command) {
        if let Some(field) = &mut self.field {
            match command {
                Command::EraseWord => field.erase_word(),
                Command::EraseAll => field.clear(),
                _ => {
                    field.erase();
                }
            }
        }
    }

    pub fn tick(&mut self) {
        if let Some(tick) = self.ticks.get_mut(self.cursor) {
            *tick = !*tick;
            self.cursor = (self.cursor + 1).min(self.ticks.len().saturating_sub(1));
        }
        self.mark();
    }

    pub fn step(&mut self, down: bool) {
        let last = self.ticks.len().saturating_sub(1);
        self.cursor = if down { (self.cursor + 1).min(last) } else { self.cursor.saturating_sub(1) };
    }

    /// What was answered, for the log.
    pub fn note(&self) -> String {
        let cut = |text: &str| text.chars().take(200).collect::<String>();
        match self.form() {
            Some(Form::Choice { options, .. }) if self.right() == Some(false) => {
                let chosen = self.picked.iter().filter_map(|at| options.get(*at)).map(|(text, _)| cut(text));
                chosen.collect::<Vec<_>>().join(" | ")
            }
            Some(Form::Typed { .. }) if self.right() == Some(false) => cut(&self.typed),
            Some(Form::Points(points)) => {
                let missed = points.iter().zip(&self.ticks).filter(|(_, ticked)| !**ticked).map(|(text, _)| cut(text));
                missed.collect::<Vec<_>>().join(" | ")
            }
            _ => String::new(),
        }
    }
}
