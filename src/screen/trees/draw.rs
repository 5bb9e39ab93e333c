//! How a situation is drawn: the story above, the question and the map below.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::panel::Judged;
use super::quiz::Quiz;
use super::sheet::{BESIDE, areas, rule};
use crate::screen::Look;
use crate::theme::Role;
use crate::ui::line::{draw, put};

impl Quiz {
    /// Where question and map stand.
    pub(super) fn parts(&self, look: &Look<'_>) -> (Rect, Rect) {
        let (mut text, mut map) = areas(look, self.on_map);
        if self.story.is_empty() {
            return (text, map);
        }
        let above = u16::try_from(self.story.len() + 2).unwrap_or(u16::MAX);
        for area in [&mut text, &mut map] {
            let above = above.min(area.height);
            area.y += above;
            area.height -= above;
        }
        (text, map)
    }

    pub fn view(&self, look: &Look<'_>, _area: Rect, buffer: &mut Buffer) {
        let (whole, _) = areas(look, false);
        let source = self.source.as_ref();
        let tree = source.and_then(|source| source.tree.as_ref());
        let (Some(case), Some(tree)) = (&self.case, tree) else {
            if self.done {
                self.pane.view(look, whole, buffer, None);
            } else {
                let failed = source.and_then(|source| source.failed.as_deref());
                super::told(look, whole, buffer, failed.unwrap_or("Reading the tree…"));
            }
            return;
        };
        let (text, map) = self.parts(look);
        if !self.story.is_empty() {
            let wide = look.size.width.saturating_sub(2 * whole.x);
            let story = Rect::new(whole.x, whole.y, wide, text.y.saturating_sub(whole.y));
            for (line, y) in self.story.iter().zip(story.y..story.bottom()) {
                draw(buffer, story, y, line, look.theme, None);
            }
            let line = look.glyphs.rule.repeat(usize::from(wide));
            put(buffer, story, story.x, story.bottom().saturating_sub(2), &line, look.theme.style(Role::Rule));
        }
        if text.width > 0 {
            self.pane.view(look, text, buffer, None);
        }
        if map.width == 0 {
            return;
        }
        rule(look, map, buffer);
        let judged = case.ending.as_ref().and_then(|end| {
            let situation = case.situation(tree)?;
            let (walked, right, answer) = (case.walk.steps(), situation.path.as_slice(), situation.answer?);
            Some(Judged { verdict: &end.verdict, walked, right, answer })
        });
        let focus = self.on_map || look.size.width < BESIDE;
        self.panel.view(look, tree, judged.as_ref(), map, buffer, focus);
    }
}
