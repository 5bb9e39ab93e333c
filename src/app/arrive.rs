//! Where the program opens: in the room and at the place that were asked for.

use super::{App, Start};
use crate::content::library::Target;
use crate::effect::Effect;
use crate::screen::compare::Compare;
use crate::screen::compare::list::Tables;
use crate::screen::interview;
use crate::screen::shelf::Shelf;
use crate::screen::trees::quiz::Quiz;
use crate::screen::trees::{self, Trees};
use crate::screen::{Go, Screen, Step};
use crate::study::queue::{From, Wish};

impl App {
    /// Opens at the place that was asked for, in the room that was asked for.
    pub(super) fn arrive(&mut self) -> Vec<Effect> {
        let start = std::mem::take(&mut self.start);
        let place = self.place.take();
        let found = place.as_ref().map(|place| self.library.find(place));
        if let (Start::Drill, None | Some(Ok(_))) = (start, &found) {
            let target = found.and_then(Result::ok);
            let title = target.map_or("Today", |target| self.library.title(target)).to_owned();
            let from = target.map_or(From::Today, From::Place);
            return self.take(Step::go(Go::Drill(Box::new(Wish { from, ..Wish::default() }), title)));
        }
        if start == Start::Interview && found.as_ref().is_none_or(Result::is_ok) {
            let (room, effects) = interview::open(&self.look(), found.and_then(Result::ok));
            self.stack.push(room);
            return self.noted(effects);
        }
        if let (Start::Compare, None | Some(Ok(_))) = (start, &found) {
            return self.compare(found.and_then(Result::ok));
        }
        if let (Start::Quiz, None | Some(Ok(_))) = (start, &found) {
            return self.quiz(found.and_then(Result::ok));
        }
        let Some(found) = found else { return Vec::new() };
        if let Some(walk) = found.as_ref().ok().and_then(|target| trees::tree_of(&self.look(), *target)) {
            self.stack.push(Screen::Shelf(Shelf::default()));
            return self.take(walk);
        }
        match found {
            Ok(target) => match self.library.site(target) {
                Some((file, byte)) => {
                    self.stack.push(Screen::Shelf(Shelf::default()));
                    self.read(file, Some(byte).filter(|byte| *byte > 0))
                }
                None => Vec::new(),
            },
            Err(problem) => {
                self.toast = Some(problem.to_string());
                Vec::new()
            }
        }
    }

    /// Opens the comparison tables, with the first one at a place over them.
    fn compare(&mut self, place: Option<Target>) -> Vec<Effect> {
        self.stack.push(Tables::screen(&self.look()));
        let Some(place) = place else { return Vec::new() };
        match Compare::at(&self.look(), place) {
            Some(found) => self.take(Compare::enter(found)),
            None => {
                self.toast = Some("There is no comparison table at this place.".to_owned());
                Vec::new()
            }
        }
    }

    /// Opens the trees, and over them the situations of a place.
    fn quiz(&mut self, target: Option<Target>) -> Vec<Effect> {
        let (trees, mut effects) = Trees::new(&self.look());
        self.stack.push(Screen::Trees(Box::new(trees)));
        if let Some(target) = target {
            let title = self.library.title(target).to_owned();
            match Quiz::of(&self.look(), &title, target) {
                Some((quiz, more)) => {
                    self.stack.push(Screen::Quiz(Box::new(quiz)));
                    effects.extend(more);
                }
                None => self.toast = Some("There are no situations at this place.".to_owned()),
            }
        }
        self.noted(effects)
    }
}
