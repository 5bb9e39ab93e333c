//! Where the parts of the reader are, and how they are drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{BESIDE, Reader};
use crate::content::front::Kind;
use crate::content::library::Target;
use crate::content::scan::File;
use crate::screen::{Look, body, window};
use crate::text::{clean, fit, width};
use crate::theme::Role;
use crate::ui::line::{Line, Piece, draw, fill, put};
use crate::ui::prose::minutes;
use crate::ui::wrap::wrap;

/// The columns of the outline.
const OUTLINE: u16 = 32;

pub struct Frame {
    pub outline: Option<Rect>,
    pub prose: Rect,
}

impl Reader {
    pub(super) fn frame(&self, look: &Look<'_>) -> Frame {
        let area = body(look.size);
        let wide = look.size.width >= BESIDE && self.outline && self.sections.len() > 1;
        let outline = wide.then(|| Rect::new(area.x + 1, area.y + 1, OUTLINE, area.height.saturating_sub(2)));
        let from = if wide { area.x + OUTLINE + 3 } else { area.x };
        let room = area.right().saturating_sub(from);
        let margin = match room {
            0..=24 => 0,
            25..=50 => 1,
            _ => 2,
        };
        let columns = room.saturating_sub(2 * margin).min(look.measure);
        let x = if wide { from + margin } else { from + (room - columns) / 2 };
        Frame { outline, prose: Rect::new(x, area.y, columns, area.height) }
    }

    pub fn view(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let theme = look.theme;
        let frame = self.frame(look);
        if let Some(problem) = &self.failed {
            let text = clean(&problem.to_string()).into_owned();
            for (line, y) in wrap(&text, usize::from(frame.prose.width).max(1)).into_iter().zip(frame.prose.y + 1..) {
                put(buffer, frame.prose, frame.prose.x, y, text.get(line).unwrap_or(""), theme.style(Role::Bad));
            }
        }
        if let Some(outline) = frame.outline {
            self.beside(look, outline, buffer);
            let x = outline.right() + 1;
            for y in area.y..area.bottom() {
                put(buffer, area, x, y, look.glyphs.bar, theme.style(Role::Rule));
            }
        }
        let Some(page) = &self.page else { return };
        for ((spot, line), y) in page.shown().zip(frame.prose.y..frame.prose.bottom()) {
            let focus = self.focus.filter(|focus| focus.0 == spot.0).map(|focus| focus.1);
            draw(buffer, frame.prose, y, line, theme, focus);
            let parts = self.search.near.iter().filter(|(chunk, _)| *chunk == spot.0);
            for (chunk, hit) in parts {
                let here = self.search.at.as_ref().is_some_and(|(at, known)| at.0 == *chunk && known == hit);
                let style = theme.style(if here { Role::FoundHere } else { Role::Found });
                for (_, columns) in hit.parts.iter().filter(|(line, _)| *line == spot.1) {
                    let x = frame.prose.x + u16::try_from(columns.start).unwrap_or(u16::MAX).min(frame.prose.width);
                    let wide = u16::try_from(columns.len()).unwrap_or(0).min(frame.prose.right() - x);
                    fill(buffer, Rect::new(x, y, wide, 1), style);
                }
            }
        }
    }

    fn beside(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let here = self.here();
        let first = window(here, self.sections.len(), usize::from(area.height));
        for (n, y) in (first..self.sections.len()).zip(area.y..area.bottom()) {
            let Some(section) = self.sections.get(n) else { continue };
            let indent = u16::try_from(section.depth * 2).unwrap_or(0).min(8);
            let role = match (n == here, section.depth) {
                (true, _) => Role::Accent,
                (_, 0) => Role::Text,
                _ => Role::Muted,
            };
            if n == here {
                put(buffer, area, area.x, y, look.glyphs.pointer, look.theme.style(Role::Accent));
            }
            let room = usize::from(area.width.saturating_sub(indent + 2));
            put(buffer, area, area.x + 2 + indent, y, &fit(&section.title, room), look.theme.style(role));
        }
    }
}

/// The lines above a document: its title, how long it takes, what comes before it.
pub fn masthead(file: &File, look: &Look<'_>, columns: usize) -> Vec<Line> {
    let mut out = vec![Line::default()];
    let mut add = |text: &str, role: Role| {
        for line in wrap(text, columns) {
            let piece = Piece::new(text.get(line).unwrap_or(""), role);
            out.push(Line { pieces: vec![piece], ..Line::default() });
        }
    };
    add(&file.title, Role::Heading1);
    let module = look.library.modules.get(file.module);
    let mut parts = Vec::new();
    parts.extend(file.level.or(module.and_then(|module| module.level)).map(|level| level.name().to_owned()));
    if file.kind == Kind::Lesson {
        parts.push(minutes(file.reading_minutes()));
    }
    parts.extend(file.as_of.as_ref().map(|date| format!("facts checked {date}")));
    let dot = format!(" {} ", look.glyphs.dot);
    if file.headed {
        add(&parts.join(&dot), Role::Muted);
    }
    let before: Vec<&str> = file
        .prerequisites
        .iter()
        .chain(module.iter().flat_map(|module| &module.prerequisites))
        .filter_map(|id| {
            let library = look.library;
            match library.find(id).ok()? {
                Target::Module(at) => library.modules.get(at).map(|module| module.title.as_str()),
                Target::File(at) => library.files.get(at).map(|file| file.title.as_str()),
                Target::Entry(..) => None,
            }
        })
        .collect();
    if !before.is_empty() && file.kind == Kind::Lesson {
        add(&format!("Read before: {}", before.join(", ")), Role::Muted);
    }
    out.push(Line::default());
    debug_assert!(out.iter().all(|line| width(&line.plain()) <= columns.max(2)));
    out
}
