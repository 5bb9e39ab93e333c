//! Finds the rows that only moved: the vertical scroll after which the least is left to draw.
//!
//! The search works on hashes, so it may be wrong about what moved; the caller draws the true differences afterwards
//! and keeps the scroll only where the bytes became fewer.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;

/// Cells that vote together for a shift: narrow enough to fit beside a fixed column, wide enough to be unlike others.
const CHUNK: usize = 8;
/// The shifts with the most votes that are looked at closely.
const CANDIDATES: usize = 3;
/// The cells a scroll must save before it is worth encoding the frame a second time.
const WORTH: i32 = 24;
/// The changed rows below which there is nothing to gain.
const ROWS: usize = 3;

/// The rows `top..bottom` move up by `by`, or down where it is negative; the rows that come in are blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    pub top: u16,
    pub bottom: u16,
    pub by: i16,
}

impl Shift {
    /// Moves the rows of a buffer as the terminal moves its own.
    pub fn apply(self, buffer: &mut Buffer) {
        let width = usize::from(buffer.area.width);
        let region = usize::from(self.top) * width..usize::from(self.bottom) * width;
        let Some(cells) = buffer.content.get_mut(region) else { return };
        let moved = (usize::from(self.by.unsigned_abs()) * width).min(cells.len());
        let new = if self.by > 0 {
            cells.rotate_left(moved);
            let kept = cells.len() - moved;
            cells.get_mut(kept..)
        } else {
            cells.rotate_right(moved);
            cells.get_mut(..moved)
        };
        new.into_iter().flatten().for_each(Cell::reset);
    }
}

/// Finds the scroll that saves the most cells, if one saves enough.
pub fn find(old: &Buffer, new: &Buffer) -> Option<Shift> {
    let width = usize::from(new.area.width.max(1));
    let rows = |buffer: &Buffer| -> Vec<Vec<u32>> {
        buffer.content.chunks_exact(width).map(|row| row.iter().map(print).collect()).collect()
    };
    let changed = old.content.chunks_exact(width).zip(new.content.chunks_exact(width)).filter(|(a, b)| a != b);
    if changed.take(ROWS).count() < ROWS {
        return None;
    }
    let (old, new) = (rows(old), rows(new));
    let blank = print(&Cell::EMPTY);
    let best = candidates(&old, &new, blank).into_iter().filter_map(|by| region(&old, &new, by, blank));
    best.max_by_key(|(saved, _)| *saved).filter(|(saved, _)| *saved >= WORTH).map(|(_, shift)| shift)
}

/// The shifts for which the most changed parts of rows are found elsewhere in the old screen.
fn candidates(old: &[Vec<u32>], new: &[Vec<u32>], blank: u32) -> Vec<isize> {
    let height = new.len().min(old.len());
    let mut votes = vec![0u32; height * 2 + 1];
    let chunks = |rows: &[Vec<u32>]| -> Vec<Vec<Option<u64>>> {
        rows.iter().map(|row| row.chunks(CHUNK).map(|chunk| mark(chunk, blank)).collect()).collect()
    };
    let (old, new) = (chunks(old), chunks(new));
    for (y, row) in new.iter().enumerate() {
        let Some(before) = old.get(y) else { break };
        for (column, chunk) in row.iter().enumerate() {
            if chunk.is_none() || before.get(column) == Some(chunk) {
                continue;
            }
            for (from, _) in old.iter().enumerate().filter(|(_, row)| row.get(column) == Some(chunk)) {
                if let Some(vote) = votes.get_mut(from + height - y) {
                    *vote += 1;
                }
            }
        }
    }
    let mut found: Vec<(u32, usize)> = votes.into_iter().zip(0..).filter(|(votes, _)| *votes > 1).collect();
    found.sort_unstable_by_key(|(votes, _)| std::cmp::Reverse(*votes));
    found.into_iter().take(CANDIDATES).map(|(_, at)| at.cast_signed() - height.cast_signed()).collect()
}

/// For one shift, the region in which it saves the most cells.
fn region(old: &[Vec<u32>], new: &[Vec<u32>], by: isize, blank: u32) -> Option<(i32, Shift)> {
    let differ = |a: &[u32], b: &[u32]| i32::try_from(a.iter().zip(b).filter(|(a, b)| a != b).count()).unwrap_or(0);
    // Sums over the rows before each row: what is saved where it comes from elsewhere, and where it comes in blank.
    let (mut moved, mut fresh) = (vec![0], vec![0]);
    let (mut sum, mut blanks) = (0, 0);
    for (y, row) in new.iter().enumerate() {
        let stay = old.get(y).map_or(0, |before| differ(before, row));
        if let Some(source) = y.checked_add_signed(by).and_then(|y| old.get(y)) {
            sum += stay - differ(source, row);
        }
        blanks += stay - i32::try_from(row.iter().filter(|cell| **cell != blank).count()).unwrap_or(0);
        moved.push(sum);
        fresh.push(blanks);
    }
    let (height, lines) = (new.len(), by.unsigned_abs());
    let at = |sums: &[i32], y: usize| sums.get(y).copied().unwrap_or(0);
    // Rows `start..end` of the new screen come from elsewhere; beside them `lines` rows come in blank.
    let (first, past) = if by > 0 { (0, height.checked_sub(lines)?) } else { (lines, height) };
    let mut start: Option<(i32, usize)> = None;
    let mut best: Option<(i32, usize, usize)> = None;
    for end in first + 1..=past {
        let y = end - 1;
        let before = if by > 0 { 0 } else { at(&fresh, y) - at(&fresh, y - lines) };
        let opening = before - at(&moved, y);
        if start.is_none_or(|(value, _)| opening > value) {
            start = Some((opening, y));
        }
        let (opened, from) = start?;
        let after = if by > 0 { at(&fresh, end + lines) - at(&fresh, end) } else { 0 };
        let saved = opened + at(&moved, end) + after;
        if best.is_none_or(|(most, ..)| saved > most) {
            best = Some((saved, from, end));
        }
    }
    let (saved, from, end) = best?;
    let (top, bottom) = if by > 0 { (from, end + lines) } else { (from - lines, end) };
    let shift =
        Shift { top: u16::try_from(top).ok()?, bottom: u16::try_from(bottom).ok()?, by: i16::try_from(by).ok()? };
    Some((saved, shift))
}

/// A hash of some cells, or none where they are blank and so say nothing.
fn mark(cells: &[u32], blank: u32) -> Option<u64> {
    if cells.iter().all(|cell| *cell == blank) {
        return None;
    }
    Some(cells.iter().fold(0, |sum, cell| mix(sum, u64::from(*cell))))
}

/// A hash of what a cell shows.
fn print(cell: &Cell) -> u32 {
    let symbol = cell.symbol().bytes().fold(0, |sum, byte| sum << 8 ^ u64::from(byte) ^ sum >> 47);
    let colors = u64::from(color(cell.fg)) << 32 | u64::from(color(cell.bg));
    let sum = mix(mix(symbol, colors), u64::from(cell.modifier.bits()));
    (sum >> 32) as u32
}

fn mix(sum: u64, value: u64) -> u64 {
    (sum.rotate_left(5) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn color(color: Color) -> u32 {
    match color {
        Color::Reset => 0,
        Color::Black => 1,
        Color::Red => 2,
        Color::Green => 3,
        Color::Yellow => 4,
        Color::Blue => 5,
        Color::Magenta => 6,
        Color::Cyan => 7,
        Color::Gray => 8,
        Color::DarkGray => 9,
        Color::LightRed => 10,
        Color::LightGreen => 11,
        Color::LightYellow => 12,
        Color::LightBlue => 13,
        Color::LightMagenta => 14,
        Color::LightCyan => 15,
        Color::White => 16,
        Color::Indexed(index) => 0x100 | u32::from(index),
        Color::Rgb(r, g, b) => u32::from_be_bytes([1, r, g, b]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of the lines named by letters, between a fixed first and last row.
    fn page(letters: &str) -> Buffer {
        let line = |letter: char| format!("{:<30}", letter.to_string().repeat(24));
        Buffer::with_lines(letters.chars().map(line))
    }

    #[test]
    fn a_scroll_within_fixed_rows_is_found() {
        let cases = [
            ("HbcdeF", Some((1, 5, 1))),
            ("HcdefF", Some((1, 5, 2))),
            ("HfabcF", Some((1, 5, -1))),
            ("Hab.cd", Some((3, 6, -1))),
            ("HabcdX", None),
            ("uvwxyz", None),
        ];
        for (new, expected) in cases {
            let found = find(&page("HabcdF"), &page(new)).map(|shift| (shift.top, shift.bottom, shift.by));
            assert_eq!(found, expected, "{new}");
        }
    }

    #[test]
    fn rows_that_come_in_are_blank() {
        let mut buffer = page("abc");
        let rows = |buffer: &Buffer| -> String {
            (0..3).map(|y| buffer[(5, y)].symbol().chars().next().unwrap_or('?')).collect()
        };
        Shift { top: 0, bottom: 3, by: 1 }.apply(&mut buffer);
        assert_eq!(rows(&buffer), "bc ");
        Shift { top: 0, bottom: 2, by: -1 }.apply(&mut buffer);
        assert_eq!(rows(&buffer), " b ");
        Shift { top: 1, bottom: 3, by: 9 }.apply(&mut buffer);
        assert_eq!(rows(&buffer), "   ");
    }
}
