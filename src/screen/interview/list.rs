//! Lines that more than one part of the room draws.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::content::section::Rich;
use crate::screen::Look;
use crate::text::width;
use crate::theme::Role;
use crate::ui::line::{Line, Piece, draw, put};
use crate::ui::say::behind;
use crate::ui::wrap::Styled;

/// A line that can be ticked.
pub struct Entry<'a> {
    /// From 1; the key that ticks it.
    pub number: usize,
    pub chosen: bool,
    pub ticked: bool,
    pub text: &'a Rich,
    /// What stands at the right: the weight.
    pub note: String,
}

/// The lines of an entry. The first of them knows the number, so that it can be found again.
pub fn entry(entry: &Entry<'_>, columns: usize, look: &Look<'_>) -> Vec<Line> {
    let glyphs = look.glyphs;
    let note = width(&entry.note) + 2;
    let number = if entry.number < 10 { entry.number.to_string() } else { " ".to_owned() };
    let pointer = if entry.chosen { glyphs.pointer } else { " " };
    let lead = format!("{pointer} {} {number}  ", if entry.ticked { glyphs.done } else { glyphs.open });
    let mut lines =
        behind(&lead, Role::Accent, columns.saturating_sub(note), |room| rich(entry.text, room, Role::Text));
    if let Some(first) = lines.first_mut() {
        let blank = columns.saturating_sub(first.width() + width(&entry.note));
        first.pieces.push(Piece::new(" ".repeat(blank), Role::Text));
        first.pieces.push(Piece::new(entry.note.clone(), if entry.ticked { Role::Accent } else { Role::Faint }));
        first.at = entry.number;
    }
    lines
}

/// Rich text as lines.
pub fn rich(text: &Rich, columns: usize, role: Role) -> Vec<Line> {
    let lines = Styled::new(&text.runs, role, 0).lines(columns.max(1));
    lines.into_iter().map(|pieces| Line { pieces, ..Line::default() }).collect()
}

/// Blank columns before some lines.
pub fn indented(by: usize, columns: usize, make: impl FnOnce(usize) -> Vec<Line>) -> Vec<Line> {
    behind(&" ".repeat(by), Role::Text, columns, make)
}

/// Draws lines from `top` on, and marks that there is more.
pub fn lines(lines: &[Line], top: usize, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    for (line, y) in lines.iter().skip(top).zip(area.top()..area.bottom()) {
        draw(buffer, area, y, line, look.theme, None);
    }
    if top + usize::from(area.height) < lines.len() && area.height > 1 {
        // Beside the text where there is a margin.
        let whole = buffer.area;
        let x = area.right().min(whole.right().saturating_sub(1));
        put(buffer, whole, x, area.bottom() - 1, look.glyphs.more, look.theme.style(Role::Accent));
    }
}
