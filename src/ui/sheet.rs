//! A table as a sheet: the head and the first column stay, the rest moves beneath them. Cells are wrapped; what is higher
//! than a screen is cut with a mark.

mod paint;

use std::ops::Range;

use super::grid::{GAP, fitted};
use super::line::Piece;
use super::wrap::{Styled, narrowest};
use crate::text::width;
use crate::theme::Role;

/// A column that has so many columns of the screen can be read.
const READABLE: usize = 12;
/// Where not all columns fit, those that are shown are given so much when they want it; a longer word is broken.
const COMFORT: usize = 16;

/// Cells below the name of their row stand so far in.
const INDENT: usize = 2;

/// The words of a sheet.
#[derive(Clone, Debug, Default)]
pub struct Content {
    pub corner: String,
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
    /// Whether a cell may be cut when it is high; otherwise it is scrolled line by line.
    pub cut: bool,
    /// Whether the name of a row stands above its cells, where there is no room for it beside them.
    pub stacked: bool,
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
    /// Lines above the row: a heading, and its name where that has no column.
    above: Lines,
    name: Lines,
    cells: Vec<Option<Lines>>,
    height: usize,
    /// Columns whose cells are higher than the row.
    cut: Vec<bool>,
    /// The line at which the row begins, behind what stands above it.
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
    stacked: bool,
    first: usize,
    top: usize,
}

impl Sheet {
    /// Lays a sheet out for an area of so many columns and lines.
    #[must_use]
    pub fn new(content: &Content, columns: usize, height: usize) -> Self {
        let mut sheet = Self { columns: columns.max(1), height: height.max(1), ..Self::default() };
        sheet.stacked = content.stacked;
        let (natural, least) = sheet.wishes(content);
        sheet.share(&natural, &least);
        let widths = std::iter::once(&sheet.frozen).chain(&sheet.widths);
        let wraps = natural.iter().zip(widths).any(|(natural, width)| natural > width);
        sheet.ruled = wraps && !sheet.stacked;
        let plain = |text: &str, columns: usize, role: Role| -> Lines {
            let lines = super::wrap::wrap(text, columns.max(1)).into_iter();
            lines.filter_map(|line| text.get(line)).map(|line| vec![Piece::new(line, role)]).collect()
        };
        sheet.corner = plain(&content.corner, sheet.frozen, Role::Muted);
        sheet.names = content
            .columns
            .iter()
            .zip(&sheet.widths)
            .map(|(name, width)| plain(name, *width, Role::Heading3))
            .collect();
        let tallest = sheet.names.iter().map(Vec::len).chain([sheet.corner.len()]).max().unwrap_or(1);
        sheet.head = tallest.clamp(1, (sheet.height / 3).max(1));
        // A whole row always fits below the head.
        let most = if content.cut { sheet.body().max(1) } else { usize::MAX };
        for row in &content.rows {
            let mut above = plain(row.heading.as_deref().unwrap_or(""), sheet.columns, Role::Heading2);
            let mut name = plain(&row.name, sheet.frozen, Role::Heading3);
            if sheet.stacked {
                name.clear();
                above.extend(plain(&row.name, sheet.columns, Role::Heading3));
            }
            let cells: Vec<Option<Lines>> = sheet
                .widths
                .iter()
                .enumerate()
                .map(|(at, width)| row.cells.get(at)?.as_ref().map(|cell| cell.lines(*width)))
                .collect();
            let full = |cell: &Option<Lines>| cell.as_ref().map_or(1, Vec::len);
            let height = cells.iter().map(full).chain([name.len()]).max().unwrap_or(1).clamp(1, most);
            let cut = cells.iter().map(|cell| full(cell) > height).collect();
            if !sheet.rows.is_empty() && (sheet.ruled || !above.is_empty()) {
                sheet.lines += 1;
            }
            let start = sheet.lines + above.len();
            sheet.lines = start + height;
            sheet.rows.push(Laid { above, name, cells, height, cut, start });
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
            *least = (*least).clamp(READABLE, COMFORT).min(*natural);
        }
        (natural, least)
    }

    /// Gives every column its width: all of the sheet at once where that can be read, else what is comfortable.
    fn share(&mut self, natural: &[usize], least: &[usize]) {
        if self.stacked {
            let (natural, least) = (natural.get(1..).unwrap_or_default(), least.get(1..).unwrap_or_default());
            let room = self.columns.saturating_sub(self.lead() + natural.len().saturating_sub(1) * GAP);
            let each = (room / natural.len().max(1)).max(1);
            self.widths = fitted(natural, least, room).unwrap_or_else(|| vec![each; natural.len()]);
            return;
        }
        let gaps = natural.len().saturating_sub(1) * GAP;
        if let Some(widths) = self.columns.checked_sub(gaps).and_then(|room| fitted(natural, least, room))
            && let Some((frozen, rest)) = widths.split_first()
        {
            self.frozen = *frozen;
            self.widths = rest.to_vec();
            return;
        }
        let (name, word) = (natural.first().copied().unwrap_or(1), least.first().copied().unwrap_or(1));
        // The names take a fifth, or as much as their longest word needs, but never more than two fifths.
        let most = (self.columns * 2 / 5).max(1);
        self.frozen = name.min(word.max(self.columns / 5)).min(most);
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

    /// Lines of the head and the rule below it; on the smallest screens words matter more than a rule.
    fn above(&self) -> usize {
        self.head + usize::from(self.height > 4)
    }

    /// Lines below the head.
    fn body(&self) -> usize {
        self.height.saturating_sub(self.above())
    }

    /// The columns that are shown.
    #[must_use]
    pub fn window(&self) -> Range<usize> {
        self.window_from(self.first)
    }

    /// Where the columns behind the names begin.
    fn lead(&self) -> usize {
        if self.stacked { INDENT.min(self.columns / 4) } else { self.frozen + GAP }
    }

    fn window_from(&self, first: usize) -> Range<usize> {
        let mut used = self.lead();
        let mut last = first;
        for width in self.widths.iter().skip(first) {
            if used + width > self.columns && last > first {
                break;
            }
            used += width + GAP;
            last += 1;
        }
        first..last
    }

    /// How many columns of the screen it takes.
    #[must_use]
    pub fn width(&self) -> usize {
        let shown = self.window();
        let widths = self.widths.get(shown).unwrap_or_default();
        let all = self.lead() + widths.iter().map(|width| width + GAP).sum::<usize>();
        all.saturating_sub(GAP).min(self.columns)
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
        let from = found.start.saturating_sub(found.above.len());
        let end = found.start + found.height;
        let overlaps = self.top < end && from < self.top + body;
        if found.height > body && overlaps {
            // One is in the middle of it.
            return;
        }
        if from < self.top || found.height > body {
            self.top = from;
        } else if end > self.top + body {
            // A row begins at the top, as long as the one that is shown still fits.
            let least = end - body;
            let starts = self.rows.iter().map(|row| row.start.saturating_sub(row.above.len()));
            self.top = starts.take_while(|start| *start <= from).find(|start| *start >= least).unwrap_or(least);
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
        let line = usize::from(y).checked_sub(self.above())? + self.top;
        let row = self.rows.iter().position(|row| (row.start..row.start + row.height).contains(&line))?;
        Some((row, self.column_at(x)?))
    }

    /// The column under a place of the head.
    #[must_use]
    pub fn head_hit(&self, x: u16, y: u16) -> Option<usize> {
        if usize::from(y) < self.head { self.column_at(x) } else { None }
    }

    fn column_at(&self, x: u16) -> Option<usize> {
        let mut end = self.lead().saturating_sub(GAP);
        for (n, at) in self.window().enumerate() {
            let from = end;
            end = self.lead() + self.widths.get(self.first..=at)?.iter().sum::<usize>() + n * GAP;
            if (from..end).contains(&usize::from(x)) {
                return Some(at);
            }
        }
        None
    }

    /// Where the columns that are shown begin, and how wide each is.
    fn places(&self) -> Vec<(usize, u16, u16)> {
        let mut x = self.lead();
        let mut out = Vec::new();
        for at in self.window() {
            let wide = self.widths.get(at).copied().unwrap_or(0).min(self.columns.saturating_sub(x));
            out.push((at, u16::try_from(x).unwrap_or(u16::MAX), u16::try_from(wide).unwrap_or(0)));
            x += wide + GAP;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::super::glyphs::UNICODE;
    use super::*;
    use crate::content::doc::{Run, Style};
    use crate::theme::{Depth, Theme};
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
        Content { corner: String::new(), columns, rows: rows.iter().map(row).collect(), cut, stacked: false }
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
        let expected =
            ["        │ ALB     │ NLB", "────────┼─────────┼────", "Layer   │ 7       │ 4", "Address │ changes │ –"];
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
    fn names_stand_above_their_cells_where_there_is_no_room_beside() {
        let mut table = content(&["ALB", "NLB"], &[("Layer", &["7", "4"]), ("Address", &["changes", "stays"])], true);
        table.stacked = true;
        table.rows[1].heading = Some("Only".to_owned());
        let lines = drawn(&Sheet::new(&table, 20, 12), 20, 12, &|_, _| Mark::None);
        let expected = [
            "  ALB     │ NLB",
            "──────────┼──────",
            "Layer",
            "  7       │ 4",
            "",
            "Only",
            "Address",
            "  changes │ stays",
        ];
        assert_eq!(lines[..8], expected);
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
            let names: Vec<&str> = (0..count).map(pick).collect();
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
                    let line = u16::try_from(sheet.above() + y - sheet.top).unwrap();
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
