//! Where one reads: a heading and the bytes behind it, which outlive a file that changes.

use super::Reader;
use crate::effect::{Mark, Place};
use crate::screen::Look;

impl Reader {
    /// Where one reads, to be remembered.
    pub fn place(&self, look: &Look<'_>) -> Option<Place> {
        let file = look.library.files.get(self.file)?;
        let module = look.library.modules.get(file.module)?;
        let pack = look.library.packs.get(module.pack)?;
        self.page.as_ref()?;
        Some(Place { pack: pack.name.clone(), file: file.id.clone(), mark: self.mark() })
    }

    pub(super) fn mark(&self) -> Mark {
        let at = self.page.as_ref().map_or(0, |page| if page.top() == (0, 0) { 0 } else { page.at() });
        let section = self.section_at(at).and_then(|here| self.sections.get(here));
        section.map_or(Mark { entry: String::new(), behind: at }, |section| Mark {
            entry: section.id.clone(),
            behind: at - section.start,
        })
    }

    pub(super) fn section_at(&self, byte: usize) -> Option<usize> {
        super::section_at(&self.sections, byte)
    }

    pub(super) fn byte(&self, mark: &Mark) -> usize {
        let section = self.sections.iter().find(|section| section.id == mark.entry);
        section.map_or(if mark.entry.is_empty() { mark.behind } else { 0 }, |section| section.start + mark.behind)
    }
}
