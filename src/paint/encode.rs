//! Turns differences between two buffers into the fewest bytes that make a terminal show them.
//!
//! Only sequences every terminal of the last thirty years understands are used (no repeat, no margins, no relative
//! rows other than line feeds), so nothing has to be asked first. Where a terminal may disagree with us about the width
//! of a cluster, the rest of its row is drawn again from known columns.

use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::style::{Color, Modifier};

use super::scroll::Shift;

/// Modifiers that show on a blank cell, and with them its foreground.
pub const ON_BLANK: Modifier = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);

const MODIFIERS: [(Modifier, &str, &str); 9] = [
    (Modifier::BOLD, "1", "22"),
    (Modifier::DIM, "2", "22"),
    (Modifier::ITALIC, "3", "23"),
    (Modifier::UNDERLINED, "4", "24"),
    (Modifier::SLOW_BLINK, "5", "25"),
    (Modifier::RAPID_BLINK, "6", "25"),
    (Modifier::REVERSED, "7", "27"),
    (Modifier::HIDDEN, "8", "28"),
    (Modifier::CROSSED_OUT, "9", "29"),
];

/// The bytes of a cursor step to the right, below which unchanged cells are cheaper written again.
const STEP: usize = 4;

/// How the next character will look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Pen {
    fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// Whether a blank drawn with this pen looks like a blank drawn with the other.
    fn blank_as(self, other: Self) -> bool {
        let (mine, theirs) = (self.modifier & ON_BLANK, other.modifier & ON_BLANK);
        self.bg == other.bg && mine == theirs && (mine.is_empty() || self.fg == other.fg)
    }
}

/// One frame in the making. The terminal is left with a plain pen, so that whatever prints next is not coloured.
pub struct Encoder {
    bytes: Vec<u8>,
    width: u16,
    pen: Pen,
    /// Where the cursor stands, as (column, row); the column is the width after the last column was written.
    at: Option<(u16, u16)>,
}

impl Encoder {
    /// Starts a frame in a buffer whose capacity is used again, with the cursor where the last frame left it.
    pub fn new(mut bytes: Vec<u8>, width: u16, at: Option<(u16, u16)>) -> Self {
        bytes.clear();
        Self { bytes, width, pen: Pen::default(), at }
    }

    /// Ends the frame: its bytes, and where the cursor stands.
    pub fn finish(mut self) -> (Vec<u8>, Option<(u16, u16)>) {
        self.pen(Pen::default());
        (self.bytes, self.at)
    }

    pub fn clear(&mut self) {
        // The pen of an unknown screen is unknown too.
        self.put("\x1b[m\x1b[H\x1b[J");
        self.at = Some((0, 0));
    }

    /// Scrolls a region by deleting or inserting lines at its top: even a Linux console and a `screen` of 1990 do that.
    pub fn scroll(&mut self, shift: Shift, height: u16) {
        // Rows scrolled in take the background of the pen.
        self.pen(Pen::default());
        let within = shift.bottom < height;
        if within {
            self.put(&format!("\x1b[{};{}r", shift.top + 1, shift.bottom));
            self.at = None;
        }
        self.go(0, shift.top);
        let lines = shift.by.unsigned_abs();
        let verb = if shift.by > 0 { 'M' } else { 'L' };
        self.put(&if lines == 1 { format!("\x1b[{verb}") } else { format!("\x1b[{lines}{verb}") });
        if within {
            self.put("\x1b[r");
            // Resetting the region moves the cursor home, in some terminals relative to an origin.
            self.at = None;
        }
    }

    /// Draws what differs.
    pub fn differences(&mut self, old: &Buffer, new: &Buffer) {
        let width = usize::from(self.width.max(1));
        let rows = old.content.chunks_exact(width).zip(new.content.chunks_exact(width));
        for (y, (old, new)) in (0u16..).zip(rows) {
            if old != new {
                self.row(y, old, new);
            }
        }
    }

    fn row(&mut self, y: u16, old: &[Cell], new: &[Cell]) {
        let last = (0u16..).zip(old.iter().zip(new)).filter(|(_, (old, new))| old != new).map(|(x, _)| x).last();
        let Some(last) = last else { return };
        let tail = (0u16..).zip(new).filter(|(_, cell)| **cell != Cell::EMPTY).map(|(x, _)| x + 1).last().unwrap_or(0);
        // Once a cluster of doubtful width was drawn, what follows it may have been damaged.
        let mut doubt = false;
        let mut erase_from = None;
        for (x, (was, cell)) in (0u16..).zip(old.iter().zip(new)) {
            if was == cell && !doubt {
                continue;
            }
            if x >= tail {
                erase_from = Some(x);
                break;
            }
            // The second half of a wide character came with its first.
            if cell.symbol().is_empty() {
                continue;
            }
            self.approach(x, y, new);
            self.cell(cell, &mut doubt);
        }
        if let Some(x) = erase_from {
            self.erase(x, y, last, tail);
        }
    }

    /// Goes to a cell, writing the few cells on the way again where that is shorter than a jump.
    fn approach(&mut self, x: u16, y: u16, row: &[Cell]) {
        if let Some((from, at)) = self.at
            && at == y
            && from < x
            && usize::from(x - from) <= STEP
            && let Some(way) = row.get(usize::from(from)..usize::from(x))
            && way.iter().all(|cell| cell.symbol().len() == 1 && self.fits(cell))
        {
            for cell in way {
                self.put(cell.symbol());
            }
            self.at = Some((x, y));
        }
        self.go(x, y);
    }

    fn fits(&self, cell: &Cell) -> bool {
        let pen = Pen::of(cell);
        pen == self.pen || (cell.symbol() == " " && pen.blank_as(self.pen))
    }

    fn cell(&mut self, cell: &Cell, doubt: &mut bool) {
        if !self.fits(cell) {
            self.pen(Pen::of(cell));
        }
        let symbol = cell.symbol();
        let wide = symbol.cell_width().max(1);
        let Some((x, y)) = self.at else { return };
        if doubtful(symbol) {
            // Blanks first, for a terminal that draws the cluster narrower than we think.
            for _ in 0..wide {
                self.put(" ");
            }
            self.at = Some((x + wide, y));
            self.go(x, y);
            self.put(symbol);
            self.at = None;
            *doubt = true;
        } else {
            self.put(symbol);
            self.at = Some((x + wide, y));
        }
    }

    /// Blanks the end of a row, whose first changed cell is `x` and which is blank from `tail` on.
    fn erase(&mut self, x: u16, y: u16, last: u16, tail: u16) {
        if !self.pen.blank_as(Pen::default()) {
            self.pen(Pen::default());
        }
        // What lies between the tail and here is blank already.
        if matches!(self.at, Some((from, at)) if at == y && (tail..x).contains(&from)) {
            self.put("\x1b[K");
            return;
        }
        self.go(x, y);
        match last.checked_sub(x) {
            Some(more @ 0..2) => {
                self.put(if more == 0 { " " } else { "  " });
                self.at = Some((x + more + 1, y));
            }
            _ => self.put("\x1b[K"),
        }
    }

    /// Moves the cursor by the shortest way.
    pub fn go(&mut self, x: u16, y: u16) {
        let from = self.at.replace((x, y));
        if from == Some((x, y)) {
            return;
        }
        let absolute = match (x, y) {
            (0, 0) => 3,
            (0, _) => 3 + digits(y + 1),
            _ => 4 + digits(y + 1) + digits(x + 1),
        };
        if let Some((column, row)) = from
            && row <= y
        {
            let down = usize::from(y - row);
            let sideways = 1 + across(0, x);
            // Past the last column it depends on the terminal where a line feed or a step goes from.
            let straight = if column < self.width { across(column, x) } else { usize::MAX };
            if down + straight.min(sideways) < absolute {
                if straight > sideways {
                    self.put("\r");
                }
                for _ in 0..down {
                    self.put("\n");
                }
                self.sideways(if straight > sideways { 0 } else { column }, x);
                return;
            }
        }
        match (x, y) {
            (0, 0) => self.put("\x1b[H"),
            (0, _) => self.put(&format!("\x1b[{}H", y + 1)),
            _ => self.put(&format!("\x1b[{};{}H", y + 1, x + 1)),
        }
    }

    fn sideways(&mut self, from: u16, to: u16) {
        if to > from {
            let n = to - from;
            self.put(&if n == 1 { "\x1b[C".to_owned() } else { format!("\x1b[{n}C") });
        } else {
            for _ in to..from {
                self.put("\x08");
            }
        }
    }

    /// Changes the pen by the shorter of two ways: only what differs, or all of it from nothing.
    fn pen(&mut self, to: Pen) {
        let from = std::mem::replace(&mut self.pen, to);
        if from == to {
            return;
        }
        let (mut fresh, mut steps) = (String::new(), String::new());
        if to != Pen::default() {
            fresh.push_str("0;");
            change(Pen::default(), to, &mut fresh);
        }
        change(from, to, &mut steps);
        let codes = if fresh.len() <= steps.len() { &fresh } else { &steps };
        let codes = codes.strip_suffix(';').unwrap_or(codes);
        self.put("\x1b[");
        self.put(codes);
        self.put("m");
    }

    fn put(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// The bytes so far.
    pub fn cost(&self) -> usize {
        self.bytes.len()
    }
}

/// Whether terminals disagree about the columns of a symbol, or may know it later than we do: clusters of several
/// characters, emoji, and the replacement character, which some do not draw at all.
fn doubtful(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => c == char::REPLACEMENT_CHARACTER || c as u32 >= 0x1_F000,
        _ => true,
    }
}

/// The bytes of a move within a row.
fn across(from: u16, to: u16) -> usize {
    match to.checked_sub(from) {
        Some(0) => 0,
        Some(1) => 3,
        Some(n) => 3 + digits(n),
        None => usize::from(from - to),
    }
}

fn digits(n: u16) -> usize {
    n.checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// The codes from one pen to another, each followed by a semicolon.
fn change(from: Pen, to: Pen, codes: &mut String) {
    let mut gone = from.modifier - to.modifier;
    // Bold and dim are ended by one code, and so are both blinks.
    for pair in [Modifier::BOLD | Modifier::DIM, Modifier::SLOW_BLINK | Modifier::RAPID_BLINK] {
        if gone.intersects(pair) {
            gone |= from.modifier & pair;
        }
    }
    let mut last = "";
    for (_, _, off) in MODIFIERS.iter().filter(|(modifier, ..)| gone.contains(*modifier)) {
        if *off != last {
            push(codes, off);
        }
        last = off;
    }
    let kept = from.modifier - gone;
    for (_, on, _) in MODIFIERS.iter().filter(|(modifier, ..)| (to.modifier - kept).contains(*modifier)) {
        push(codes, on);
    }
    if from.fg != to.fg {
        push(codes, &color(to.fg, 30));
    }
    if from.bg != to.bg {
        push(codes, &color(to.bg, 40));
    }
}

fn push(codes: &mut String, code: &str) {
    codes.push_str(code);
    codes.push(';');
}

/// The code of a colour; `base` is 30 for the foreground, 40 for the background.
fn color(color: Color, base: u8) -> String {
    let index = match color {
        Color::Reset => return (base + 9).to_string(),
        Color::Rgb(r, g, b) => return format!("{};2;{r};{g};{b}", base + 8),
        Color::Indexed(index) => index,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    match index {
        0..=7 => (base + index).to_string(),
        8..=15 => (base + 52 + index).to_string(),
        _ => format!("{};5;{index}", base + 8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pen_changes_by_the_shorter_way() {
        let bold = Pen { modifier: Modifier::BOLD, ..Pen::default() };
        let red = Pen { fg: Color::Red, ..bold };
        let lit = Pen { fg: Color::LightBlue, bg: Color::Indexed(200), modifier: Modifier::DIM };
        let cases = [
            (Pen::default(), bold, "\x1b[1m"),
            (bold, red, "\x1b[31m"),
            (red, bold, "\x1b[39m"),
            (red, Pen::default(), "\x1b[m"),
            (red, lit, "\x1b[0;2;94;48;5;200m"),
            (lit, Pen { modifier: Modifier::DIM | Modifier::BOLD, ..lit }, "\x1b[1m"),
            (Pen { modifier: Modifier::DIM | Modifier::BOLD, ..lit }, lit, "\x1b[22;2m"),
        ];
        for (from, to, bytes) in cases {
            let mut encoder = Encoder::new(Vec::new(), 10, None);
            encoder.pen = from;
            encoder.pen(to);
            assert_eq!(String::from_utf8(encoder.bytes).unwrap(), bytes, "{from:?} to {to:?}");
        }
    }

    #[test]
    fn the_cursor_goes_the_shorter_way() {
        let cases = [
            (None, (0, 0), "\x1b[H"),
            (None, (0, 4), "\x1b[5H"),
            (None, (3, 4), "\x1b[5;4H"),
            (Some((5, 2)), (5, 3), "\n"),
            (Some((9, 2)), (0, 3), "\r\n"),
            (Some((9, 2)), (28, 2), "\x1b[19C"),
            (Some((60, 2)), (28, 3), "\x1b[4;29H"),
            (Some((80, 2)), (0, 3), "\r\n"),
            (Some((80, 2)), (79, 2), "\r\x1b[79C"),
            (Some((7, 2)), (5, 2), "\x08\x08"),
            (Some((7, 2)), (7, 1), "\x1b[2;8H"),
        ];
        for (from, (x, y), bytes) in cases {
            let mut encoder = Encoder::new(Vec::new(), 80, from);
            encoder.go(x, y);
            assert_eq!(String::from_utf8(encoder.bytes).unwrap(), bytes, "{from:?} to {x},{y}");
        }
    }
}
