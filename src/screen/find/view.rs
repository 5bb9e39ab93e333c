//! Where the parts of finding are, and how they are drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{Find, around};
use crate::find::{Filter, Item};
use crate::screen::{Look, body};
use crate::text::{count, fit, pad, width};
use crate::theme::Role;
use crate::ui::line::{Line, Piece, draw, fill, put};
use crate::ui::mark::marked;
use crate::ui::say::plain;

/// From this width on there is room beside the list, and from these rows on below it, for what stands at a place.
const BESIDE: u16 = 100;
const BELOW: (u16, u16) = (50, 14);
/// The columns of the name of a kind, and from which width of the list on it is shown, and then what is around.
const KIND: usize = 11;
const KINDS: usize = 28;
const AROUND: usize = 60;

pub(super) struct Frame {
    pub field: Rect,
    pub chips: Rect,
    pub list: Rect,
    /// Where the preview is parted from the list.
    pub rule: Option<Rect>,
    /// Where it says to what the preview belongs.
    pub crumbs: Option<Rect>,
    pub preview: Option<Rect>,
}

/// A kind that can be kept to, as it is shown.
pub(super) struct Chip {
    pub filter: Option<Filter>,
    pub area: Rect,
}

impl Find {
    pub(super) fn frame(&self, look: &Look<'_>) -> Frame {
        let area = body(look.size);
        let margin = if area.width < 40 { 0 } else { 2 };
        let tall = area.height >= 12;
        let inner = Rect {
            x: area.x + margin,
            width: area.width.saturating_sub(2 * margin),
            y: area.y + u16::from(tall),
            height: area.height.saturating_sub(u16::from(tall)),
        };
        let (field, rest) = split(inner, 1);
        let lines = match area.height {
            0..=5 => 0,
            6..=17 => 1,
            _ if area.width < BESIDE => 2,
            _ => 1,
        };
        let (chips, rest) = split(rest, lines);
        let (_, rest) = split(rest, u16::from(tall));
        let whole = Frame { field, chips, list: rest, rule: None, crumbs: None, preview: None };
        if area.width >= BESIDE && rest.height > 4 {
            let left = (rest.width * 9 / 20).min(96);
            let from = rest.x + left + 3;
            let columns = rest.right().saturating_sub(from).min(look.measure);
            let (crumbs, below) = split(Rect { x: from, width: columns, ..rest }, 1);
            let (_, preview) = split(below, 1);
            return Frame {
                crumbs: Some(crumbs),
                list: Rect { width: left, ..rest },
                rule: Some(Rect { x: rest.x + left + 1, width: 1, ..rest }),
                preview: Some(preview),
                ..whole
            };
        }
        if area.width >= BELOW.0 && rest.height >= BELOW.1 {
            let (list, below) = split(rest, rest.height / 2);
            let (rule, below) = split(below, 1);
            let columns = below.width.min(look.measure);
            let crumbs = Rect { x: rule.x + 3, width: rule.width.saturating_sub(6), ..rule };
            return Frame {
                crumbs: Some(crumbs),
                list,
                rule: Some(rule),
                preview: Some(Rect { width: columns, ..below }),
                ..whole
            };
        }
        whole
    }

    /// The kinds, from the left; what does not fit is left out, save the one that is kept to.
    pub(super) fn chips(&self, frame: &Frame) -> Vec<Chip> {
        let mut out = Vec::new();
        let area = frame.chips;
        let (mut x, mut y) = (area.x, area.y);
        for filter in std::iter::once(None).chain(Filter::ALL.into_iter().map(Some)) {
            let wide = u16::try_from(width(&label(filter))).unwrap_or(u16::MAX);
            if x + wide > area.right() && x > area.x {
                (x, y) = (area.x, y + 1);
            }
            if y >= area.bottom() || x + wide > area.right() {
                break;
            }
            out.push(Chip { filter, area: Rect::new(x, y, wide, 1) });
            x += wide + 2;
        }
        let kept = self.search.query().filter;
        if out.iter().all(|chip| chip.filter != kept)
            && let Some(last) = out.last_mut()
        {
            let wide = u16::try_from(width(&label(kept))).unwrap_or(u16::MAX);
            *last = Chip { filter: kept, area: Rect { width: wide.min(area.right() - last.area.x), ..last.area } };
        }
        out
    }

    /// One line of the list.
    pub(super) fn row(&self, item: &Item<'_>, look: &Look<'_>, columns: usize) -> Line {
        let kind = if columns < KINDS { 0 } else { KIND };
        let beside = if columns < AROUND { 0 } else { columns / 4 };
        let room = columns.saturating_sub(2 + kind + beside);
        let marks = self.search.marks(item);
        let role = if item.inner { Role::Muted } else { Role::Text };
        let mut pieces = marked(item.text, &marks, room, role, look.glyphs.more);
        let used: usize = pieces.iter().map(|piece| width(&piece.text)).sum();
        let mut note = " ".repeat(room.saturating_sub(used));
        for (text, wide) in
            [(around(item, look), beside), (item.kind.name(), kind)].into_iter().filter(|part| part.1 > 2)
        {
            note.push_str("  ");
            note.push_str(&pad(text, wide - 2));
        }
        pieces.push(Piece::new(note, Role::Muted));
        Line { pieces, ..Line::default() }
    }

    pub fn caret(&self, look: &Look<'_>) -> Option<Position> {
        let field = self.frame(look).field;
        let typed = self.typed(field);
        let x = field.x + 2 + u16::try_from(width(typed)).unwrap_or(u16::MAX);
        (field.height > 0 && x < field.right()).then(|| Position::new(x, field.y))
    }

    /// The end of what is typed, as much as fits.
    fn typed(&self, field: Rect) -> &str {
        let room = usize::from(field.width).saturating_sub(4 + width(&self.note()));
        let mut text = self.field.text();
        while width(text) > room {
            let mut chars = text.chars();
            chars.next();
            text = chars.as_str();
        }
        text
    }

    /// How much was found.
    fn note(&self) -> String {
        let (found, shown) = (self.search.count(), self.hits.len());
        if self.search.query().is_empty() {
            if self.hits.is_empty() { String::new() } else { "opened last".to_owned() }
        } else if found > shown && shown >= crate::find::MOST {
            format!("best {shown} of {found}")
        } else {
            match shown {
                0 => "none".to_owned(),
                n => format!("{n} found"),
            }
        }
    }

    pub fn view(&self, look: &Look<'_>, _area: Rect, buffer: &mut Buffer) {
        let theme = look.theme;
        let frame = self.frame(look);
        let field = frame.field;
        put(buffer, field, field.x, field.y, "/", theme.style(Role::Accent));
        let typed = self.typed(field);
        put(buffer, field, field.x + 2, field.y, typed, theme.style(Role::Heading3));
        let note = self.note();
        if typed.is_empty() {
            let words = "a heading, a card, a row of a table, a question, a command";
            let words = fit(words, usize::from(field.width).saturating_sub(6 + width(&note)));
            put(buffer, field, field.x + 3, field.y, &words, theme.style(Role::Faint));
        }
        let x = field.right().saturating_sub(u16::try_from(width(&note)).unwrap_or(0));
        put(buffer, field, x, field.y, &note, theme.style(Role::Muted));
        for chip in self.chips(&frame) {
            let kept = chip.filter == self.search.query().filter;
            let (key, name) = parts(chip.filter);
            let (strong, weak) = if kept { (Role::Accent, Role::Heading3) } else { (Role::Heading3, Role::Muted) };
            let area = chip.area.intersection(frame.chips);
            let x = put(buffer, area, area.x, area.y, key, theme.style(strong));
            put(buffer, area, x, area.y, name, theme.style(weak));
            if kept {
                fill(buffer, area, theme.style(Role::Selection));
            }
        }
        self.list(look, &frame, buffer);
        if self.hits.is_empty() {
            return;
        }
        if let Some(rule) = frame.rule {
            let beside = rule.width == 1;
            let sign = if beside { look.glyphs.bar.to_owned() } else { look.glyphs.rule.repeat(rule.width.into()) };
            for y in rule.y..rule.bottom() {
                put(buffer, rule, rule.x, y, &sign, theme.style(Role::Rule));
            }
        }
        if let Some(crumbs) = frame.crumbs.filter(|_| !self.preview.crumbs.is_empty()) {
            let text = fit(&self.preview.crumbs, usize::from(crumbs.width.saturating_sub(2)));
            let text = if crumbs.y + 1 == frame.preview.map_or(0, |preview| preview.y) {
                format!(" {text} ")
            } else {
                text.into_owned()
            };
            put(buffer, crumbs, crumbs.x, crumbs.y, &text, theme.style(Role::Muted));
        }
        if let Some(preview) = frame.preview {
            self.beside(look, preview, buffer);
        }
    }

    fn list(&self, look: &Look<'_>, frame: &Frame, buffer: &mut Buffer) {
        let theme = look.theme;
        let list = frame.list;
        if self.hits.is_empty() {
            for (line, y) in self.nothing(look, usize::from(list.width)).iter().zip(list.y..list.bottom()) {
                draw(buffer, list, y, line, theme, None);
            }
            return;
        }
        let text = Rect { x: list.x + 2, width: list.width.saturating_sub(2), ..list };
        for ((n, line), y) in self.rows.iter().enumerate().zip(list.y..list.bottom()) {
            draw(buffer, text, y, line, theme, None);
            if self.first + n == self.at {
                put(buffer, list, list.x, y, look.glyphs.pointer, theme.style(Role::Accent));
                fill(buffer, Rect { y, height: 1, ..list }, selected(theme));
            }
        }
    }

    /// What is said where nothing is listed.
    fn nothing(&self, look: &Look<'_>, columns: usize) -> Vec<Line> {
        let query = self.search.query();
        let words = if query.is_empty() {
            "Words may come in any order, and letters may be left out:\nlb hlth finds load balancer health checks.\n\n\
             What you open is listed here the next time."
                .to_owned()
        } else if !self.search.is_settled(look.index) || !look.index.is_grown(look.library) {
            "Looking…".to_owned()
        } else if look.index.is_reading() {
            "Nothing yet; the files are being read.".to_owned()
        } else if let Some(filter) = query.filter {
            format!("Nothing among {} fits. Press tab to look among others.", filter.name())
        } else {
            format!("Nothing among {} fits. Try fewer letters.", count(look.index.len(), "thing"))
        };
        plain(&words, columns.min(72), Role::Muted)
    }

    fn beside(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let theme = look.theme;
        for (line, y) in self.preview.words.iter().zip(area.y..area.bottom()) {
            draw(buffer, area, y, line, theme, None);
        }
        let Some(page) = &self.preview.page else { return };
        for ((spot, line), y) in page.shown().zip(area.y..area.bottom()) {
            draw(buffer, area, y, line, theme, None);
            for (_, hit) in self.preview.near.iter().filter(|(chunk, _)| *chunk == spot.0) {
                for (_, columns) in hit.parts.iter().filter(|(line, _)| *line == spot.1) {
                    let x = area.x + u16::try_from(columns.start).unwrap_or(u16::MAX).min(area.width);
                    let wide = u16::try_from(columns.len()).unwrap_or(0).min(area.right() - x);
                    fill(buffer, Rect::new(x, y, wide, 1), theme.style(Role::Found));
                }
            }
        }
    }
}

/// The ground of what is chosen; its colours stay, for they say what was found.
fn selected(theme: &crate::theme::Theme) -> ratatui::style::Style {
    let style = theme.style(Role::Selection);
    if style.bg.is_some() { ratatui::style::Style { fg: None, ..style } } else { style }
}

fn parts(filter: Option<Filter>) -> (&'static str, &'static str) {
    filter.map_or(("", "all"), |filter| (filter.prefix(), filter.name()))
}

fn label(filter: Option<Filter>) -> String {
    let (key, name) = parts(filter);
    format!("{key}{name}")
}

fn split(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    (Rect { height, ..area }, Rect { y: area.y + height, height: area.height - height, ..area })
}
