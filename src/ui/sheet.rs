//! A table as a sheet: the head and the first column stay, the rest moves beneath them. Cells are wrapped; what is higher
//! than a screen is cut with a mark.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::glyphs::Glyphs;
use super::grid::{GAP, WORD, fitted};
use super::line::{Piece, fill, put};
use super::wrap::{Styled, narrowest};
use crate::text::width;
use crate::theme::{Role, Theme};

/// A column that has so many columns of the screen can be read.
const READABLE: usize = 12;
/// Where not all columns fit, those that are shown are given so much when they want it.
const COMFORT: usize = 16;

/// The words of a sheet.
#[derive(Clone, Debug, Default)]
pub struct Content {
    pub corner: String,
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
    /// Whether a cell may be cut when it is high; otherwise it is scrolled line by line.
    pub cut: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Row {
    pub name: String,
    /// Nothing where there is no cell.
    pub cells: Vec<Option<Styled>>,
    /// Words above the row.
    pub heading: Option<String>,
}

/// How a cell is drawn besides its words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    #[default]
    None,
    /// Its words are not shown.
    Blank,
    Right,
    Wrong,
    /// It was blank and is shown now.
    Shown,
}

type Lines = Vec<Vec<Piece>>;

#[derive(Clone, Debug, Default)]
struct Laid {
    heading: Option<String>,
    name: Lines,
    cells: Vec<Option<Lines>>,
    height: usize,
    /// Columns whose cells are higher than the row.
    cut: Vec<bool>,
    /// The line at which the row begins, behind its heading.
    start: usize,
}

/// A sheet laid out for a size, and how far it is scrolled.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    columns: usize,
    height: usize,
    frozen: usize,
    widths: Vec<usize>,
    corner: Lines,
    names: Vec<Lines>,
    head: usize,
    rows: Vec<Laid>,
    lines: usize,
    ruled: bool,
    first: usize,
    top: usize,
}

impl Sheet {
    /// Lays a sheet out for an area of so many columns and lines.
    #[must_use]
    pub fn new(content: &Content, columns: usize, height: usize) -> Self {
        let mut sheet = Self { columns: columns.max(1), height: height.max(1), ..Self::default() };
        let (natural, least) = sheet.wishes(content);
        sheet.share(&natural, &least);
        let widths = std::iter::once(&sheet.frozen).chain(&sheet.widths);
        sheet.ruled = natural.iter().zip(widths).any(|(natural, width)| natural > width);
        let plain = |text: &str, columns: usize, role: Role| -> Lines {
            let lines = super::wrap::wrap(text, columns.max(1)).into_iter();
            lines.filter_map(|line| text.get(line)).map(|line| vec![Piece::new(line, role)]).collect()
        };
        sheet.corner = plain(&content.corner, sheet.frozen, Role::Muted);
        sheet.names =
            content.columns.iter().zip(&sheet.widths).map(|(name, width)| plain(name, *width, Role::Heading3)).collect();
        let tallest = sheet.names.iter().map(Vec::len).chain([sheet.corner.len()]).max().unwrap_or(1);
        sheet.head = tallest.clamp(1, (sheet.height / 3).max(1));
        // A whole row always fits below the head.
        let most = if content.cut { sheet.body().max(1) } else { usize::MAX };
        for row in &content.rows {
            let name = plain(&row.name, sheet.frozen, Role::Heading3);
            let cells: Vec<Option<Lines>> = sheet
                .widths
                .iter()
                .enumerate()
                .map(|(at, width)| row.cells.get(at)?.as_ref().map(|cell| cell.lines(*width)))
                .collect();
            let full = |cell: &Option<Lines>| cell.as_ref().map_or(1, Vec::len);
            let height = cells.iter().map(full).chain([name.len()]).max().unwrap_or(1).clamp(1, most);
            let cut = cells.iter().map(|cell| full(cell) > height).collect();
            if !sheet.rows.is_empty() && (sheet.ruled || row.heading.is_some()) {
                sheet.lines += 1;
            }
            if row.heading.is_some() {
                sheet.lines += 1;
            }
            let start = sheet.lines;
            sheet.lines += height;
            sheet.rows.push(Laid { heading: row.heading.clone(), name, cells, height, cut, start });
        }
        sheet
    }

    /// How wide each column would be without wrapping, and how narrow it may become; the first is that of the names.
    fn wishes(&self, content: &Content) -> (Vec<usize>, Vec<usize>) {
        let names = || content.rows.iter().map(|row| row.name.as_str()).chain([content.corner.as_str()]);
        let of_column = |at: usize| {
            let cells = content.rows.iter().filter_map(move |row| row.cells.get(at)?.as_ref());
            cells.map(|cell| cell.text.as_str()).chain(content.columns.get(at).map(String::as_str))
        };
        let most = |of: &dyn Fn(&str) -> usize, texts: &mut dyn Iterator<Item = &str>| {
            texts.flat_map(str::lines).map(of).max().unwrap_or(0).max(1)
        };
        let mut natural = vec![most(&width, &mut names())];
        let mut least = vec![most(&narrowest, &mut names())];
        for at in 0..content.columns.len() {
            natural.push(most(&width, &mut of_column(at)));
            least.push(most(&narrowest, &mut of_column(at)));
        }
        for (least, natural) in least.iter_mut().zip(&natural) {
            *least = (*least).min(WORD).max(READABLE).min(*natural);
        }
        (natural, least)
    }

    /// Gives every column its width: all of the sheet at once where that can be read, else what is comfortable.
    fn share(&mut self, natural: &[usize], least: &[usize]) {
        let gaps = natural.len().saturating_sub(1) * GAP;
        if let Some(widths) = self.columns.checked_sub(gaps).and_then(|room| fitted(natural, least, room))
            && let Some((frozen, rest)) = widths.split_first()
        {
            self.frozen = *frozen;
            self.widths = rest.to_vec();
            return;
        }
        let (name, word) = (natural.first().copied().unwrap_or(1), least.first().copied().unwrap_or(1));
        // The names take a quarter, or as much as their longest word needs, but never more than two fifths.
        let most = (self.columns * 2 / 5).max(1);
        self.frozen = name.min(word.max(self.columns / 4)).min(most);
        let rest = self.columns.saturating_sub(self.frozen);
        let count = (rest / (COMFORT + GAP)).max(1);
        let each = (rest / count).saturating_sub(GAP).max(1);
        let widest = rest.saturating_sub(GAP).max(1);
        self.widths = natural
            .iter()
            .zip(least)
            .skip(1)
            .map(|(natural, least)| (*natural).min(each.max(*least)).min(widest))
            .collect();
    }

    /// Lines below the head and its rule.
    fn body(&self) -> usize {
        self.height.saturating_sub(self.head + 1)
    }

    /// The columns that are shown.
    #[must_use]
    pub fn window(&self) -> Range<usize> {
        self.window_from(self.first)
    }

    fn window_from(&self, first: usize) -> Range<usize> {
        let mut used = self.frozen;
        let mut last = first;
        for width in self.widths.iter().skip(first) {
            used += GAP + width;
            if used > self.columns && last > first {
                break;
            }
            last += 1;
        }
        first..last
    }

    /// How many columns of the screen it takes.
    #[must_use]
    pub fn width(&self) -> usize {
        let shown = self.window();
        let widths = self.widths.get(shown).unwrap_or_default();
        (self.frozen + widths.iter().map(|width| width + GAP).sum::<usize>()).min(self.columns)
    }

    /// Whether the words of a cell are not all shown.
    #[must_use]
    pub fn is_cut(&self, row: usize, column: usize) -> bool {
        self.rows.get(row).and_then(|row| row.cut.get(column)).copied().unwrap_or(false)
    }

    /// Whether there is more below what is shown.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.top + self.body() < self.lines
    }

    /// Scrolls by lines.
    pub fn scroll(&mut self, by: isize) {
        let most = self.lines.saturating_sub(self.body().max(1));
        self.top = self.top.saturating_add_signed(by).min(most);
    }

    /// Takes over how far another layout of the same words was scrolled, as far as it can.
    pub fn scrolled_as(&mut self, other: &Self) {
        self.first = other.first.min(self.widths.len().saturating_sub(1));
        self.top = other.top;
        self.scroll(0);
    }

    /// Moves so that a cell is in sight; one higher than the screen is shown from its beginning.
    pub fn show(&mut self, row: usize, column: usize) {
        self.first = self.first.min(column);
        while self.first < column && !self.window().contains(&column) {
            self.first += 1;
        }
        // What fits beside the last column is shown again.
        while self.first > 0 && self.window_from(self.first - 1).end == self.widths.len() {
            self.first -= 1;
        }
        let Some(found) = self.rows.get(row) else { return };
        let body = self.body().max(1);
        let from = found.start - usize::from(found.heading.is_some());
        let end = found.start + found.height;
        let overlaps = self.top < end && from < self.top + body;
        if found.height > body && overlaps {
            // One is in the middle of it.
            return;
        }
        if from < self.top || found.height > body {
            self.top = from;
        } else if end > self.top + body {
            self.top = end - body;
        }
        if row == 0 {
            self.top = 0;
        }
    }

    /// Scrolls on inside of a row that is higher than the screen; false when its end is reached that way.
    pub fn within(&mut self, row: usize, down: bool) -> bool {
        let Some(found) = self.rows.get(row) else { return false };
        let body = self.body().max(1);
        if found.height <= body {
            return false;
        }
        let step = (body / 2).max(1);
        let (low, high) = (found.start, found.start + found.height - body);
        let to = if down { (self.top + step).min(high) } else { self.top.saturating_sub(step).max(low) };
        let moved = to != self.top && (low..=high).contains(&to);
        if moved {
            self.top = to;
        }
        moved
    }

    /// The row and the column at a place, counted from the corner of the area.
    #[must_use]
    pub fn hit(&self, x: u16, y: u16) -> Option<(usize, usize)> {
        let line = usize::from(y).checked_sub(self.head + 1)? + self.top;
        let row = self.rows.iter().position(|row| (row.start..row.start + row.height).contains(&line))?;
        Some((row, self.column_at(x)?))
    }

    /// The column under a place of the head.
    #[must_use]
    pub fn head_hit(&self, x: u16, y: u16) -> Option<usize> {
        if usize::from(y) < self.head { self.column_at(x) } else { None }
    }

    fn column_at(&self, x: u16) -> Option<usize> {
        let mut end = self.frozen;
        for at in self.window() {
            let from = end;
            end += GAP + self.widths.get(at)?;
            if (from..end).contains(&usize::from(x)) {
                return Some(at);
            }
        }
        None
    }

    /// Where the columns that are shown begin, and how wide each is.
    fn places(&self) -> Vec<(usize, u16, u16)> {
        let mut x = self.frozen + GAP;
        let mut out = Vec::new();
        for at in self.window() {
            let wide = self.widths.get(at).copied().unwrap_or(0).min(self.columns.saturating_sub(x));
            out.push((at, u16::try_from(x).unwrap_or(u16::MAX), u16::try_from(wide).unwrap_or(0)));
            x += wide + GAP;
        }
        out
    }

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
        let brush = Brush { area, theme, glyphs, frozen: u16::try_from(self.frozen).unwrap_or(0), places: self.places() };
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
        brush.rule(buffer, head);
        self.ends(buffer, &brush);
        let body = i64::try_from(self.body()).unwrap_or(0);
        let above = i64::try_from(self.top).unwrap_or(0);
        for (n, row) in self.rows.iter().enumerate() {
            let from = i64::try_from(row.start).unwrap_or(0) - above;
            let to = from + i64::try_from(row.height).unwrap_or(0);
            if to < 0 || from > body + 2 {
                continue;
            }
            let clip = Clip { head, body, from };
            let lead = i64::from(row.heading.is_some());
            if n > 0 && (self.ruled || row.heading.is_some())
                && let Some(y) = clip.line(-1 - lead)
            {
                brush.rule(buffer, y);
            }
            if let (Some(heading), Some(y)) = (&row.heading, clip.line(-1)) {
                brush.words(buffer, (0, y), brush.area.width, heading, Role::Heading2);
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
                        let wide = (wide + 2).min(area.width.saturating_sub(x - 1));
                        fill(buffer, Rect::new(area.x + x - 1, area.y + y, wide, 1), theme.style(Role::Selection));
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
        if line == 0 {
            brush.words(buffer, (x.saturating_sub(1), y), 1, sign, role.unwrap_or(Role::Muted));
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
    head: u16,
    body: i64,
    from: i64,
}

impl Clip {
    fn line(&self, line: i64) -> Option<u16> {
        let y = self.from + line;
        if (0..self.body).contains(&y) { Some(self.head + 1 + u16::try_from(y).ok()?) } else { None }
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
        for (_, x, _) in &self.places {
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

#[cfg(test)]
mod tests {
    use super::super::glyphs::UNICODE;
    use super::*;
    use crate::content::doc::{Run, Style};
    use crate::theme::Depth;
    use proptest::prelude::*;

    fn styled(text: &str) -> Styled {
        let run = Run { text: text.to_owned(), style: Style::default(), link: None, at: 0 };
        Styled::new(&[run], Role::Text, 0)
    }

    fn content(columns: &[&str], rows: &[(&str, &[&str])], cut: bool) -> Content {
        let row = |(name, cells): &(&str, &[&str])| Row {
            name: (*name).to_owned(),
            cells: cells.iter().map(|cell| (!cell.is_empty()).then(|| styled(cell))).collect(),
            heading: None,
        };
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Content { corner: String::new(), columns, rows: rows.iter().map(row).collect(), cut }
    }

    fn drawn(sheet: &Sheet, columns: u16, height: u16, mark: &dyn Fn(usize, usize) -> Mark) -> Vec<String> {
        let area = Rect::new(0, 0, columns, height);
        let mut buffer = Buffer::empty(area);
        sheet.draw(&mut buffer, area, &Theme::built_in("dark", Depth::None), &UNICODE, (0, 0), mark);
        let row = |row: &[ratatui::buffer::Cell]| row.iter().map(ratatui::buffer::Cell::symbol).collect::<String>();
        buffer.content.chunks(usize::from(columns)).map(|cells| row(cells).trim_end().to_owned()).collect()
    }

    const LONG: &str = "a cell of many words that goes on and on until it is higher than what fits";

    #[test]
    fn what_fits_is_shown_whole() {
        let content = content(&["ALB", "NLB"], &[("Layer", &["7", "4"]), ("Address", &["changes", ""])], true);
        let sheet = Sheet::new(&content, 40, 8);
        let expected = ["        │ ALB     │ NLB", "────────┼─────────┼────", "Layer   │ 7       │ 4", "Address │ changes │ –"];
        assert_eq!(drawn(&sheet, 40, 8, &|_, _| Mark::None)[..4], expected);
        let marks = |row: usize, column: usize| match (row, column) {
            (0, 0) => Mark::Right,
            (0, 1) => Mark::Wrong,
            (1, 0) => Mark::Blank,
            _ => Mark::Shown,
        };
        let marked = drawn(&sheet, 40, 8, &marks);
        assert_eq!(marked[2..4], ["Layer   │✓7       │✗4", "Address │ ░░░░░░░ │ –"]);
    }

    #[test]
    fn columns_move_beneath_a_frozen_first() {
        let columns = ["one", "two", "three", "four"];
        let cells = ["first words", "second words of it", "third words are here", "fourth words are there"];
        let mut sheet = Sheet::new(&content(&columns, &[("Name", &cells)], true), 46, 8);
        assert_eq!(sheet.window(), 0..2);
        sheet.show(0, 3);
        assert_eq!(sheet.window(), 2..4);
        let lines = drawn(&sheet, 46, 8, &|_, _| Mark::None);
        assert!(lines[0].starts_with("     ‹ three"), "{lines:?}");
        assert!(lines[2].starts_with("Name │ third words"), "{lines:?}");
        sheet.show(0, 0);
        assert_eq!(sheet.window(), 0..2);
    }

    #[test]
    fn high_cells_are_cut_with_a_mark_or_scrolled_through() {
        let table = content(&["x"], &[("n", &[LONG]), ("m", &["short"])], true);
        let sheet = Sheet::new(&table, 20, 6);
        assert!(sheet.is_cut(0, 0) && !sheet.is_cut(1, 0));
        assert!(drawn(&sheet, 20, 6, &|_, _| Mark::None)[5].ends_with('…'));
        let mut whole = Sheet::new(&Content { cut: false, ..table }, 20, 6);
        let mut seen = drawn(&whole, 20, 6, &|_, _| Mark::None).join(" ");
        while whole.within(0, true) {
            seen.push_str(&drawn(&whole, 20, 6, &|_, _| Mark::None).join(" "));
        }
        assert!(LONG.split(' ').all(|word| seen.contains(word)), "{seen}");
        whole.show(1, 0);
        assert!(drawn(&whole, 20, 6, &|_, _| Mark::None).join(" ").contains("short"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_cell_can_be_reached_and_nothing_overlaps(
            shape in (1_usize..6, 1_usize..5, 4_u16..90, 4_u16..30),
            words in prop::collection::vec("[a-zé日]{1,9}( [a-z]{1,9}){0,9}", 30),
            cut: bool,
        ) {
            let (count, rows, wide, tall) = shape;
            let pick = |at: usize| words[at % words.len()].as_str();
            let names: Vec<&str> = (0..count).map(|at| pick(at)).collect();
            let cells: Vec<Vec<&str>> = (0..rows).map(|row| (0..count).map(|at| pick(7 + row * count + at)).collect()).collect();
            let all: Vec<(&str, &[&str])> = cells.iter().enumerate().map(|(row, cells)| (pick(20 + row), cells.as_slice())).collect();
            let mut sheet = Sheet::new(&content(&names, &all, cut), usize::from(wide), usize::from(tall));
            for row in 0..rows {
                for column in 0..count {
                    sheet.show(row, column);
                    prop_assert!(sheet.window().contains(&column));
                    prop_assert!(sheet.width() <= usize::from(wide));
                    // The first line of the cell is on the screen.
                    let y = sheet.rows[row].start;
                    prop_assert!(sheet.body() == 0 || (sheet.top..sheet.top + sheet.body()).contains(&y), "{row} {column}");
                    let places = sheet.places();
                    for pair in places.windows(2) {
                        prop_assert!(pair[0].1 + pair[0].2 < pair[1].1, "{places:?}");
                    }
                    // Readable, as far as the words ask for it and the screen has it.
                    if wide >= 40 {
                        let longest = (0..rows).map(|row| width(cells[row][column])).chain([width(names[column])]).max();
                        prop_assert!(sheet.widths[column] >= READABLE.min(longest.unwrap_or(0)), "{:?}", sheet.widths);
                    }
                    let (_, x, _) = places.iter().find(|(at, ..)| *at == column).copied().unwrap();
                    let line = u16::try_from(sheet.head + 1 + y - sheet.top).unwrap();
                    prop_assert!(sheet.body() == 0 || sheet.hit(x, line) == Some((row, column)));
                }
            }
            // Nothing is drawn outside, at whatever size the sheet is drawn.
            for size in [(wide, tall), (3, 2), (1, 1)] {
                drawn(&sheet, size.0, size.1, &|_, _| Mark::None);
            }
        }
    }
}
