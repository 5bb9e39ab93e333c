//! Lines to look at, which scroll.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Look, body};
use crate::command::Command;
use crate::ui::line::{Line, draw};

#[derive(Clone, Debug, Default)]
pub struct Sheet {
    lines: Vec<Line>,
    top: usize,
}

/// Blank columns at the left, where there is room for them.
fn margin(width: u16) -> u16 {
    if width >= 40 { 2 } else { u16::from(width >= 12) }
}

/// Where the lines stand.
fn area(look: &Look<'_>) -> Rect {
    let area = body(look.size);
    let (left, above) = (margin(area.width), u16::from(area.height > 12));
    Rect::new(area.x + left, area.y + above, area.width - left * 2, area.height - above)
}

/// How many columns a line may take.
#[must_use]
pub fn columns(look: &Look<'_>) -> usize {
    usize::from(area(look).width).max(1)
}

impl Sheet {
    /// Shows other lines at the same place.
    pub fn fill(&mut self, lines: Vec<Line>, look: &Look<'_>) {
        self.lines = lines;
        self.scroll(look, 0);
    }

    pub fn scroll(&mut self, look: &Look<'_>, by: isize) {
        let most = self.lines.len().saturating_sub(usize::from(area(look).height));
        self.top = self.top.saturating_add_signed(by).min(most);
    }

    /// Follows a command that moves; false when it is another one.
    pub fn moved(&mut self, command: Command, look: &Look<'_>) -> bool {
        let page = usize::from(area(look).height).max(2).cast_signed();
        let Some(by) = command.rows(page, page - 1) else { return false };
        self.scroll(look, by);
        true
    }

    /// Whether there is more than the screen shows.
    #[must_use]
    pub fn scrolls(&self, look: &Look<'_>) -> bool {
        self.lines.len() > usize::from(area(look).height)
    }

    pub fn view(&self, look: &Look<'_>, buffer: &mut Buffer) {
        let area = area(look);
        for (line, y) in self.lines.iter().skip(self.top).zip(area.y..area.bottom()) {
            draw(buffer, area, y, line, look.theme, None);
        }
    }
}
