//! One line of laid-out text: pieces with a role each.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use unicode_segmentation::UnicodeSegmentation;

use crate::text::{grapheme_width, width};
use crate::theme::{Role, Theme};

/// A stretch of text that looks the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub role: Role,
    pub add: Modifier,
    /// Which link of its chunk it belongs to.
    pub link: Option<usize>,
}

impl Piece {
    pub fn new(text: impl Into<String>, role: Role) -> Self {
        Self { text: text.into(), role, ..Self::default() }
    }
}

/// A line of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pub pieces: Vec<Piece>,
    /// How many of the pieces only lead in: bars, markers, indentation.
    pub lead: usize,
    /// The byte of the file at which its block begins.
    pub at: usize,
    /// Whether its words go on from the line before.
    pub joins: bool,
}

impl Line {
    #[must_use]
    pub fn plain(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    #[must_use]
    pub fn width(&self) -> usize {
        self.pieces.iter().map(|piece| width(&piece.text)).sum()
    }

    /// The link under a column.
    #[must_use]
    pub fn link_at(&self, column: usize) -> Option<usize> {
        let mut from = 0;
        self.pieces.iter().find_map(|piece| {
            from += width(&piece.text);
            (column < from).then_some(piece.link)
        })?
    }
}

/// Draws text at a place and says at which column it ended. Nothing is drawn outside of `area`.
pub fn put(buffer: &mut Buffer, area: Rect, x: u16, y: u16, text: &str, style: ratatui::style::Style) -> u16 {
    if y < area.top() || y >= area.bottom() {
        return x;
    }
    let mut x = x;
    for grapheme in text.graphemes(true) {
        let wide = u16::try_from(grapheme_width(grapheme)).unwrap_or(2);
        if wide == 0 {
            continue;
        }
        if x + wide > area.right() {
            break;
        }
        if x >= area.left()
            && let Some(cell) = buffer.cell_mut((x, y))
        {
            cell.set_symbol(grapheme).set_style(style);
            if wide > 1
                && let Some(cell) = buffer.cell_mut((x + 1, y))
            {
                cell.set_symbol(" ").set_style(style);
            }
        }
        x += wide;
    }
    x
}

/// Draws a line; `focus` is the link that is chosen.
pub fn draw(buffer: &mut Buffer, area: Rect, y: u16, line: &Line, theme: &Theme, focus: Option<usize>) {
    let mut x = area.left();
    for piece in &line.pieces {
        let role = if piece.link.is_some() && piece.link == focus { Role::Focus } else { piece.role };
        x = put(buffer, area, x, y, &piece.text, theme.style(role).add_modifier(piece.add));
    }
}

/// Fills a row with a style, as the ground of a bar.
pub fn fill(buffer: &mut Buffer, area: Rect, style: ratatui::style::Style) {
    let area = area.intersection(buffer.area);
    buffer.set_style(area, style);
}
