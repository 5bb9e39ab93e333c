//! Where one goes from a page: along its links, and to the lessons beside it.

use super::Reader;
use crate::content::front::Kind;
use crate::content::library::Target;
use crate::effect::Effect;
use crate::screen::trees::tree_of;
use crate::screen::{Look, Step};
use crate::text::clean;

impl Reader {
    pub(super) fn follow(&mut self, look: &Look<'_>, chunk: usize, link: usize) -> Step {
        let Some(url) = self.page.as_ref().and_then(|page| page.url(chunk, link)).map(str::to_owned) else {
            return Step::default();
        };
        if let Some(label) = url.strip_prefix("#^") {
            let note = format!("[^{label}]:");
            let at = self.page.as_ref().and_then(|page| page.text().find(&note));
            return at.map_or_else(Step::default, |at| self.turn(look, self.file, Some(at)));
        }
        if url.contains("://") || url.starts_with("mailto:") {
            let toast = format!("Copied {}", clean(&url));
            return Step { effects: vec![Effect::Copy(url)], toast: Some(toast), ..Step::default() };
        }
        let target = look.library.follow(self.file, &url);
        // A link from somewhere else to a tree is walked; within the text of a tree one goes on reading.
        let other = target.filter(|target| look.library.site(*target).is_some_and(|(file, _)| file != self.file));
        if let Some(walk) = other.and_then(|target| tree_of(look, target)) {
            return walk;
        }
        match target.and_then(|target| look.library.site(target).map(|site| (target, site))) {
            Some((Target::Entry(..), (file, byte))) => self.turn(look, file, Some(byte)),
            Some((_, (file, _))) => self.turn(look, file, None),
            None => Step::toast(format!("`{}` leads nowhere in this pack.", clean(&url))),
        }
    }

    /// The lesson before or after this file.
    pub(super) fn neighbour(&self, look: &Look<'_>, next: bool) -> Option<usize> {
        let lesson = |at: &usize| look.library.files.get(*at).is_some_and(|file| file.kind == Kind::Lesson);
        let count = look.library.files.len();
        if next {
            (self.file.saturating_add(1)..count).find(lesson)
        } else {
            (0..self.file.min(count)).rev().find(lesson)
        }
    }

    pub(super) fn link(&mut self, back: bool) {
        let Some(page) = &mut self.page else { return };
        if let Some((spot, link)) = page.next_link(self.focus, back) {
            self.focus = Some((spot.0, link));
            page.show(spot);
        }
    }
}
