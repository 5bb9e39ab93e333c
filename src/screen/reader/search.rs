//! Finding in the page.

use super::Reader;
use crate::command::Command;
use crate::screen::Step;
use crate::ui::field::Field;
use crate::ui::page::{Page, Spot};
use crate::ui::search::{Hit, Needle};

#[derive(Default)]
pub struct Search {
    /// What is being typed.
    pub field: Option<Field>,
    pub needle: Needle,
    pub all: Option<Vec<(usize, Hit)>>,
    /// The hits on the page.
    pub near: Vec<(usize, Hit)>,
    pub at: Option<(Spot, Hit)>,
    pub origin: Spot,
}

impl Reader {
    pub(super) fn typing(&mut self, command: Command) -> Step {
        match command {
            Command::Choose => {
                self.search.field = None;
                if self.search.needle.is_empty() {
                    self.search = Search::default();
                } else if self.search.at.is_none() {
                    return Step::toast("Nothing was found.");
                }
            }
            Command::Back => {
                let origin = self.search.origin;
                self.search = Search::default();
                if let Some(page) = &mut self.page {
                    page.show(origin);
                }
            }
            Command::Erase | Command::EraseWord | Command::EraseAll => {
                if let Some(field) = &mut self.search.field {
                    match command {
                        Command::Erase if !field.erase() => {
                            self.search = Search::default();
                            return Step::default();
                        }
                        Command::EraseWord => field.erase_word(),
                        Command::EraseAll => field.clear(),
                        _ => {}
                    }
                }
                self.look_for();
            }
            _ => {}
        }
        Step::default()
    }

    /// Looks for what is typed, from where one was.
    pub(super) fn look_for(&mut self) {
        let (Some(field), Some(page)) = (&self.search.field, &mut self.page) else { return };
        self.search.needle = Needle::new(field.text().trim());
        self.search.all = page.find_all(&self.search.needle);
        self.search.at = None;
        let origin = self.search.origin;
        match self.seek(origin, false, true) {
            Some(found) => self.arrive(found),
            None => {
                if let Some(page) = &mut self.page {
                    page.show(origin);
                }
            }
        }
    }

    /// Looks again when the page was laid out anew: lines have moved, and the hit that was shown is the next from where
    /// it was.
    pub(super) fn recount(&mut self) {
        let Some(page) = self.page.as_mut().filter(|_| !self.search.needle.is_empty()) else { return };
        self.search.all = page.find_all(&self.search.needle);
        let from = self.search.at.take().map_or(self.search.origin, |(spot, _)| spot);
        let found = self.seek(from, false, true);
        self.search.at = found.map(|(chunk, hit)| ((chunk, hit.line()), hit));
    }

    pub(super) fn next_hit(&mut self, back: bool) -> Step {
        let top = self.page.as_ref().map_or((0, 0), Page::top);
        let (from, here) = self.search.at.as_ref().map_or((top, true), |(spot, _)| (*spot, false));
        match self.seek(from, back, here) {
            Some(found) => {
                self.arrive(found);
                Step::default()
            }
            None => Step::toast("Nothing was found."),
        }
    }

    fn arrive(&mut self, (chunk, hit): (usize, Hit)) {
        let spot = (chunk, hit.line());
        if let Some(page) = &mut self.page {
            page.show(spot);
        }
        self.search.at = Some((spot, hit));
    }

    /// The next hit from a spot, round the end; `here`: one at the spot itself counts.
    fn seek(&mut self, from: Spot, back: bool, here: bool) -> Option<(usize, Hit)> {
        let current = self.search.at.clone();
        let key = |chunk: usize, hit: &Hit| (chunk, hit.line(), hit.parts.first().map_or(0, |part| part.1.start));
        let now = current.as_ref().map_or((from.0, from.1, 0), |(spot, hit)| key(spot.0, hit));
        let after = |chunk: usize, hit: &Hit| {
            let at = key(chunk, hit);
            if back {
                at < now
            } else if here {
                at >= now
            } else {
                at > now
            }
        };
        if let Some(all) = &self.search.all {
            let found = if back {
                all.iter().rfind(|(chunk, hit)| after(*chunk, hit)).or(all.last())
            } else {
                all.iter().find(|(chunk, hit)| after(*chunk, hit)).or(all.first())
            };
            return found.cloned();
        }
        let page = self.page.as_mut()?;
        let count = page.chunks();
        let order: Vec<usize> = if back {
            (0..=from.0).rev().chain((from.0..count).rev()).collect()
        } else {
            (from.0..count).chain(0..=from.0).collect()
        };
        for (n, chunk) in order.into_iter().enumerate() {
            let hits = page.find_in(chunk, &self.search.needle);
            let mut hits = hits.into_iter().filter(|hit| n > 0 || after(chunk, hit));
            let found = if back { hits.next_back() } else { hits.next() };
            if let Some(hit) = found {
                return Some((chunk, hit));
            }
        }
        None
    }

    pub(super) fn near(&mut self) {
        let Some(page) = &mut self.page else { return };
        self.search.near.clear();
        if self.search.needle.is_empty() {
            return;
        }
        let mut chunks: Vec<usize> = page.shown().map(|(spot, _)| spot.0).collect();
        chunks.dedup();
        for chunk in chunks {
            let hits = page.find_in(chunk, &self.search.needle);
            self.search.near.extend(hits.into_iter().map(|hit| (chunk, hit)));
        }
    }

    pub(super) fn counter(&self) -> String {
        if self.search.needle.is_empty() {
            return String::new();
        }
        match (&self.search.all, &self.search.at) {
            (Some(all), _) if all.is_empty() => "nothing found".to_owned(),
            (Some(all), Some((spot, hit))) => {
                let at = all.iter().position(|(chunk, known)| *chunk == spot.0 && known == hit).map_or(0, |at| at + 1);
                format!("{at} of {}", all.len())
            }
            (Some(all), None) => format!("{} found", all.len()),
            (None, Some(_)) => "found".to_owned(),
            (None, None) => "nothing found".to_owned(),
        }
    }

    /// What the key bar shows beside the keys while something is found.
    pub fn note(&self) -> String {
        self.counter()
    }
}
