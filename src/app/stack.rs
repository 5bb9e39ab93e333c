//! The rooms that lie over each other: where steps lead, who hears what, and what is left when one goes.

use super::App;
use crate::effect::Effect;
use crate::screen::drill::Drill;
use crate::screen::reader::Reader;
use crate::screen::{Go, Input, Screen, Step};
use crate::study::progress::Goal;

impl App {
    /// The room that is seen; lists may lie over it.
    pub(super) fn main(&self) -> usize {
        self.stack.iter().rposition(|screen| !matches!(screen, Screen::Popup(_))).unwrap_or(0)
    }

    pub(super) fn read(&mut self, file: usize, byte: Option<usize>) -> Vec<Effect> {
        let (reader, effects) = Reader::new(&self.look(), file, byte);
        self.stack.push(Screen::Reader(Box::new(reader)));
        effects
    }

    pub(super) fn top(&mut self, input: &Input<'_>) -> Vec<Effect> {
        let Some(mut top) = self.stack.pop() else { return Vec::new() };
        let step = top.on(input, &self.look());
        self.stack.push(top);
        self.take(step)
    }

    /// Tells every screen; only the top may go somewhere for news.
    pub(super) fn all(&mut self, input: &Input<'_>) -> Vec<Effect> {
        let mut stack = std::mem::take(&mut self.stack);
        let mut effects = Vec::new();
        let mut go = Go::Stay;
        for screen in &mut stack {
            let step = screen.on(input, &self.look());
            effects.extend(step.effects);
            self.toast = step.toast.or(self.toast.take());
            go = step.go;
        }
        self.stack = stack;
        let mut effects = self.noted(effects);
        effects.extend(self.take(Step::go(go)));
        effects
    }

    pub(super) fn take(&mut self, step: Step) -> Vec<Effect> {
        let mut effects = self.noted(step.effects);
        if step.toast.is_some() {
            self.toast = step.toast;
        }
        match step.go {
            Go::Stay => {}
            Go::Back => effects.extend(self.back(&Input::Shown)),
            Go::Later => {
                let below = self.stack.len().checked_sub(2).and_then(|at| self.stack.get(at));
                let input = if matches!(below, Some(Screen::Drill(_))) { Input::Passed } else { Input::Shown };
                effects.extend(self.back(&input));
            }
            Go::Open(popup) => self.stack.push(Screen::Popup(popup)),
            Go::Enter(screen) => self.stack.push(*screen),
            Go::Drill(wish, title) => {
                if matches!(self.stack.last(), Some(Screen::Popup(_))) {
                    self.stack.pop();
                }
                match Drill::new(&self.look(), &wish, &title) {
                    Some((drill, step)) => {
                        self.stack.push(Screen::Drill(Box::new(drill)));
                        effects.extend(self.take(step));
                    }
                    None => self.toast = Some("There is nothing to ask here now.".to_owned()),
                }
            }
            Go::Resume => match Drill::resumed(&self.look()) {
                Some((drill, step)) => {
                    self.stack.push(Screen::Drill(Box::new(drill)));
                    effects.extend(self.take(step));
                }
                None => self.toast = Some("Nothing is left of that set.".to_owned()),
            },
            Go::Replace(screen) => {
                effects.extend(self.left());
                self.stack.push(*screen);
            }
            Go::Read(file, byte) => effects.extend(self.read(file, byte)),
            Go::Do(command) => effects.extend(self.run(command)),
            Go::Home(command) => {
                while self.stack.len() > 1 {
                    effects.extend(self.left());
                }
                effects.extend(self.run(command));
            }
            Go::Run(command) => {
                self.stack.pop();
                effects.extend(self.run(command));
            }
            Go::Jump(byte) => {
                self.stack.pop();
                effects.extend(self.top(&Input::Jump(byte)));
            }
        }
        effects
    }

    /// What effects say about what is remembered holds at once; rows of the log get their numbers used up.
    pub(super) fn noted(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        for effect in &effects {
            match effect {
                Effect::Remember(place) => {
                    self.places.insert((place.pack.clone(), place.file.clone()), place.mark.clone());
                }
                Effect::Record(rows) => {
                    let used = rows.iter().filter(|row| row.id.run == self.next.run).map(|row| row.id.ordinal).max();
                    self.next.ordinal = self.next.ordinal.max(used.unwrap_or(0) + 1);
                }
                Effect::Words { .. } => self.index.ask(),
                Effect::Keep(name, Some(value)) => {
                    self.settings.insert((*name).to_owned(), value.clone());
                }
                Effect::Keep(name, None) => {
                    self.settings.remove(*name);
                }
                _ => {}
            }
            if matches!(effect, Effect::Keep("date" | "minutes", _)) {
                let kept = |name: &str| self.settings.get(name).map(String::as_str);
                self.progress.goal = Goal::read(kept("date"), kept("minutes"));
            }
        }
        effects
    }

    /// Takes the top away.
    pub(super) fn left(&mut self) -> Vec<Effect> {
        let Some(top) = self.stack.pop() else { return Vec::new() };
        let effects = top.leave(&self.look());
        if let (Screen::Reader(reader), Some(Screen::Shelf(_))) = (&top, self.stack.last())
            && let Some(Screen::Shelf(mut shelf)) = self.stack.pop()
        {
            shelf.choose(&self.look(), reader.file());
            self.stack.push(Screen::Shelf(shelf));
        }
        self.noted(effects)
    }

    pub(super) fn back(&mut self, input: &Input<'_>) -> Vec<Effect> {
        if self.stack.len() < 2 {
            return Vec::new();
        }
        let mut effects = self.left();
        effects.extend(self.top(input));
        effects
    }
}
