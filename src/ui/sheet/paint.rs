//! A sheet on the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Laid, Mark, Sheet};
use crate::theme::{Role, Theme};
use crate::ui::glyphs::Glyphs;
use crate::ui::line::{Piece, fill, put};

impl Sheet {
    /// Draws what is in sight. `chosen` is a row and a column; `mark` says how a cell is drawn.
    pub fn draw(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        theme: &Theme,
        glyphs: &Glyphs,
        chosen: (usize, usize),
        mark: &dyn Fn(usize, usize) -> Mark,
    ) {
        let brush =
            Brush { area, theme, glyphs, frozen: u16::try_from(self.frozen).unwrap_or(0), places: self.places() };
        let head = u16::try_from(self.head).unwrap_or(0);
        brush.cell(buffer, (0, 0), (brush.frozen, head), &self.corner, None);
        for (at, x, wide) in &brush.places {
            let role = (*at == chosen.1).then_some(Role::Accent);
            let names = self.names.get(*at).map_or(&[][..], Vec::as_slice);
            brush.cell(buffer, (*x, 0), (*wide, head), names, role);
        }
        for line in 0..head {
            brush.bars(buffer, line, glyphs.column);
        }
        let below = u16::try_from(self.above()).unwrap_or(0);
        if below > head {
            brush.rule(buffer, head);
        }
        self.ends(buffer, &brush);
        let body = i64::try_from(self.body()).unwrap_or(0);
        let above = i64::try_from(self.top).unwrap_or(0);
        for (n, row) in self.rows.iter().enumerate() {
            let from = i64::try_from(row.start).unwrap_or(0) - above;
            let to = from + i64::try_from(row.height).unwrap_or(0);
            if to < 0 || from - i64::try_from(row.above.len()).unwrap_or(0) > body + 1 {
                continue;
            }
            let clip = Clip { head: below, body, from };
            let lead = i64::try_from(row.above.len()).unwrap_or(0);
            if n > 0
                && (self.ruled || (lead > 0 && !self.stacked))
                && let Some(y) = clip.line(-1 - lead)
            {
                brush.rule(buffer, y);
            }
            for (words, line) in row.above.iter().zip(-lead..) {
                let Some(y) = clip.line(line) else { continue };
                let role = (n == chosen.0).then_some(Role::Accent);
                brush.cell(buffer, (0, y), (area.width, 1), std::slice::from_ref(words), role);
            }
            for line in 0..row.height {
                let Some(y) = clip.line(i64::try_from(line).unwrap_or(0)) else { continue };
                brush.bars(buffer, y, glyphs.column);
                let role = (n == chosen.0).then_some(Role::Accent);
                let name = row.name.get(line..=line).unwrap_or_default();
                brush.cell(buffer, (0, y), (brush.frozen, 1), name, role);
                for (at, x, wide) in &brush.places {
                    let cell = (*x, y, *wide);
                    self.line(buffer, &brush, row, (line, *at), cell, mark(n, *at));
                    if (n, *at) == chosen {
                        // The ground takes the blank at each side with it.
                        let from = x.saturating_sub(1);
                        let part = brush.part((from, y), (x - from + wide + 1, 1));
                        fill(buffer, part, theme.style(Role::Selection));
                    }
                }
            }
        }
    }

    /// One line of a cell.
    fn line(
        &self,
        buffer: &mut Buffer,
        brush: &Brush<'_>,
        row: &Laid,
        (line, at): (usize, usize),
        (x, y, wide): (u16, u16, u16),
        mark: Mark,
    ) {
        let Some(words) = row.cells.get(at).and_then(Option::as_ref) else {
            if line == 0 {
                brush.words(buffer, (x, y), wide, brush.glyphs.dash, Role::Faint);
            }
            return;
        };
        if mark == Mark::Blank {
            if line == 0 {
                let blank = brush.glyphs.blank.repeat(usize::from(wide.min(8)));
                brush.words(buffer, (x, y), wide, &blank, Role::Muted);
            }
            return;
        }
        let role = match mark {
            Mark::Right => Some(Role::Good),
            Mark::Wrong => Some(Role::Bad),
            _ => None,
        };
        brush.cell(buffer, (x, y), (wide, 1), words.get(line..=line).unwrap_or_default(), role);
        let sign = match mark {
            Mark::Right => brush.glyphs.right_answer,
            Mark::Wrong => brush.glyphs.wrong_answer,
            Mark::Shown => brush.glyphs.dot,
            Mark::None | Mark::Blank => "",
        };
        if line == 0 && x > 0 {
            brush.words(buffer, (x - 1, y), 1, sign, role.unwrap_or(Role::Muted));
        }
        if line + 1 == row.height && self.is_cut_cell(row, at) {
            brush.words(buffer, (x + wide.saturating_sub(1), y), 1, brush.glyphs.more, Role::Accent);
        }
    }

    fn is_cut_cell(&self, row: &Laid, at: usize) -> bool {
        at < self.widths.len() && row.cut.get(at).copied().unwrap_or(false)
    }

    /// Marks in the head where columns go on to the left or to the right.
    fn ends(&self, buffer: &mut Buffer, brush: &Brush<'_>) {
        let shown = self.window();
        if shown.start > 0 {
            brush.words(buffer, (brush.frozen + 1, 0), 1, brush.glyphs.left, Role::Accent);
        }
        if shown.end < self.widths.len() {
            brush.words(buffer, (brush.area.width.saturating_sub(1), 0), 1, brush.glyphs.right, Role::Accent);
        }
    }
}

/// Which lines of a row are in sight.
struct Clip {
    /// The line below the head.
    head: u16,
    body: i64,
    from: i64,
}

impl Clip {
    fn line(&self, line: i64) -> Option<u16> {
        let y = self.from + line;
        if (0..self.body).contains(&y) { Some(self.head + u16::try_from(y).ok()?) } else { None }
    }
}

struct Brush<'a> {
    area: Rect,
    theme: &'a Theme,
    glyphs: &'a Glyphs,
    frozen: u16,
    places: Vec<(usize, u16, u16)>,
}

impl Brush<'_> {
    /// A part of the area; what lies outside of it is not drawn.
    fn part(&self, (x, y): (u16, u16), (wide, tall): (u16, u16)) -> Rect {
        let rect = Rect::new(self.area.x.saturating_add(x), self.area.y.saturating_add(y), wide, tall);
        rect.intersection(self.area)
    }

    fn words(&self, buffer: &mut Buffer, at: (u16, u16), wide: u16, text: &str, role: Role) {
        let part = self.part(at, (wide, 1));
        put(buffer, part, part.x, part.y, text, self.theme.style(role));
    }

    /// Lines of words; `role` takes the place of how plain words look.
    fn cell(&self, buffer: &mut Buffer, at: (u16, u16), size: (u16, u16), lines: &[Vec<Piece>], role: Option<Role>) {
        let part = self.part(at, size);
        for (line, y) in lines.iter().zip(part.y..part.bottom()) {
            let mut x = part.x;
            for piece in line {
                let own = if matches!(piece.role, Role::Text | Role::Heading3) { role } else { None };
                let style = self.theme.style(own.unwrap_or(piece.role)).add_modifier(piece.add);
                x = put(buffer, part, x, y, &piece.text, style);
            }
        }
        if lines.len() > usize::from(size.1) && part.height > 0 {
            let last = part.right().saturating_sub(1);
            put(buffer, part, last, part.bottom() - 1, self.glyphs.more, self.theme.style(Role::Accent));
        }
    }

    fn bars(&self, buffer: &mut Buffer, y: u16, sign: &str) {
        for (_, x, _) in self.places.iter().skip(usize::from(self.frozen == 0)) {
            self.words(buffer, (x.saturating_sub(2), y), 1, sign, Role::Rule);
        }
    }

    fn rule(&self, buffer: &mut Buffer, y: u16) {
        let end = self.places.last().map_or(self.frozen, |(_, x, wide)| x + wide);
        let rule = self.glyphs.rule.repeat(usize::from(end));
        self.words(buffer, (0, y), end, &rule, Role::Rule);
        self.bars(buffer, y, self.glyphs.cross);
    }
}
