//! The four grades at the bottom of the screen, each with when the item would come back.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Look;
use crate::study::day::span;
use crate::study::review::Grade;
use crate::study::schedule::{Due, State};
use crate::text::fit;
use crate::theme::Role;
use crate::ui::line::{fill, put};

/// Rows that they take.
pub const GRADES: u16 = 3;

/// What is graded.
pub struct Grades<'a> {
    pub item: &'a str,
    /// The grade that `enter` takes.
    pub marked: Grade,
    /// Whether the schedule is left alone.
    pub cram: bool,
}

impl Grades<'_> {
    pub fn draw(&self, look: &Look<'_>, allows: impl Fn(Grade) -> bool, area: Rect, buffer: &mut Buffer) {
        let theme = look.theme;
        put(buffer, area, area.x, area.y, &look.glyphs.rule.repeat(usize::from(area.width)), theme.style(Role::Rule));
        let now = look.progress.state(self.item);
        let states = look.scheduler.preview(now, self.item, look.now);
        let each = area.width / 4;
        for ((grade, state), n) in Grade::ALL.into_iter().zip(&states).zip(0_u16..) {
            let cell = Rect::new(area.x + n * each, area.y + 1, each, 2);
            let allowed = allows(grade);
            let marked = grade == self.marked;
            let (key, name) = if allowed { (Role::Accent, Role::Text) } else { (Role::Faint, Role::Faint) };
            if marked {
                fill(buffer, cell, theme.style(Role::Selection));
                put(buffer, cell, cell.x, cell.y, look.glyphs.pointer, theme.style(Role::Accent));
            }
            let x = put(buffer, cell, cell.x + 2, cell.y, &grade.number().to_string(), theme.style(key));
            put(buffer, cell, x + 1, cell.y, grade.name(), theme.style(name));
            let wait = if self.cram { "no change".to_owned() } else { self.wait(state, look) };
            let wait = fit(&wait, usize::from(each.saturating_sub(3)));
            let role = if allowed { Role::Muted } else { Role::Faint };
            put(buffer, cell, cell.x + 2, cell.y + 1, &wait, theme.style(role));
            if marked {
                fill(buffer, cell, theme.style(Role::Selection));
            }
        }
    }

    /// When a state comes back, counted from now.
    fn wait(&self, state: &State, look: &Look<'_>) -> String {
        match look.desk().due(self.item, state) {
            Due::At(at) => span((at - look.now.at).max(1000) / 1000),
            Due::On(day) => span((day - look.now.day()).max(1) * 86_400),
            Due::Never => String::new(),
        }
    }
}
