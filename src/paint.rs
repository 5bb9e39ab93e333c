//! Draws frames on a terminal with as few bytes as it takes: what moved is scrolled, then only differences are sent.
//!
//! A frame is one write, so a terminal seldom shows half of it; a long one asks the terminal to show it at once. What
//! the terminal shows is known only by what was sent, so after anything else wrote to it, [`Painter::forget`] it.

mod encode;
mod scroll;

use std::io::{self, Write};

use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::{Color, Modifier};

use encode::{Encoder, ON_BLANK};

/// The bytes from which a frame may reach the terminal in parts, so that it is worth the 16 bytes of asking it to wait.
const LONG: usize = 1024;
const WAIT: &[u8] = b"\x1b[?2026h";
const SHOW: &[u8] = b"\x1b[?2026l";

/// Where the caret stands, as far as the terminal knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caret {
    Unknown,
    Hidden,
    At(Position),
}

pub struct Painter<W: Write> {
    out: W,
    /// What the terminal shows, unless it is not `known`.
    front: Buffer,
    back: Buffer,
    known: bool,
    caret: Caret,
    /// Where the terminal's cursor was left.
    at: Option<(u16, u16)>,
    /// Capacity to encode into, kept between frames.
    spare: Vec<u8>,
}

impl<W: Write> Painter<W> {
    pub fn new(out: W, size: Size) -> Self {
        let blank = Buffer::empty(Rect::from((Position::ORIGIN, size)));
        Self {
            out,
            front: blank.clone(),
            back: blank,
            known: false,
            caret: Caret::Unknown,
            at: None,
            spare: Vec::new(),
        }
    }

    /// Draws a frame: `draw` fills a blank buffer of the current size and says where the caret stands, if it shows.
    pub fn frame(&mut self, draw: impl FnOnce(&mut Buffer) -> Option<Position>) -> io::Result<()> {
        self.back.reset();
        let area = self.back.area;
        let caret = draw(&mut self.back).filter(|at| area.contains(*at)).map_or(Caret::Hidden, Caret::At);
        if self.back.area != area {
            self.back.resize(area);
        }
        for row in self.back.content.chunks_exact_mut(usize::from(area.width.max(1))) {
            settle(row);
        }
        let bytes = self.encode(caret);
        // Until all of it is written, nobody knows what the terminal shows.
        self.known = false;
        if !bytes.is_empty() {
            self.out.write_all(&bytes)?;
            self.out.flush()?;
        }
        self.known = true;
        self.caret = caret;
        self.spare = bytes;
        std::mem::swap(&mut self.front, &mut self.back);
        Ok(())
    }

    /// Takes a new size; the next frame is drawn whole, for a terminal shifts its rows as it likes when it is resized.
    pub fn resize(&mut self, size: Size) {
        let area = Rect::from((Position::ORIGIN, size));
        self.front = Buffer::empty(area);
        self.back = Buffer::empty(area);
        self.forget();
    }

    /// Draws the next frame whole, since something else wrote to the terminal.
    pub fn forget(&mut self) {
        self.known = false;
        self.caret = Caret::Unknown;
        self.at = None;
    }

    /// The writer, for what else is sent between frames (the clipboard) and for tests.
    pub fn get_ref(&self) -> &W {
        &self.out
    }

    fn encode(&mut self, caret: Caret) -> Vec<u8> {
        let Size { width, height } = self.back.area.as_size();
        let mut encoder = Encoder::new(std::mem::take(&mut self.spare), width, self.at);
        if self.known {
            encoder.differences(&self.front, &self.back);
            if encoder.cost() > 0
                && let Some(shift) = scroll::find(&self.front, &self.back)
            {
                let mut other = Encoder::new(Vec::new(), width, self.at);
                other.scroll(shift, height);
                shift.apply(&mut self.front);
                other.differences(&self.front, &self.back);
                if other.cost() < encoder.cost() {
                    encoder = other;
                }
            }
        } else {
            self.front.reset();
            encoder.clear();
            encoder.differences(&self.front, &self.back);
        }
        let drawn = encoder.cost() > 0;
        if let Caret::At(at) = caret
            && (drawn || caret != self.caret)
        {
            encoder.go(at.x, at.y);
        }
        let (mut bytes, at) = encoder.finish();
        self.at = at;
        match (self.caret, caret) {
            (Caret::Hidden, Caret::Hidden) | (Caret::At(_), Caret::At(_)) => {}
            (_, Caret::At(_)) => bytes.extend_from_slice(b"\x1b[?25h"),
            _ => bytes.extend_from_slice(b"\x1b[?25l"),
        }
        if bytes.len() >= LONG {
            bytes.splice(..0, WAIT.iter().copied());
            bytes.extend_from_slice(SHOW);
        }
        bytes
    }
}

/// Brings a row into the one form a terminal can show: nothing acts on the terminal, every wide character has its second
/// half (an empty symbol), and blanks that look alike are alike.
fn settle(row: &mut [Cell]) {
    let mut rest = row;
    while let Some((cell, after)) = rest.split_first_mut() {
        let wide = usize::from(width(cell));
        let mut covered = 0;
        if wide > 1 {
            match after.get_mut(..wide - 1) {
                // Something was drawn over its second half, which is what a terminal would make of it.
                Some(halves) if halves.iter().all(|half| half.symbol() == " ") => {
                    for half in halves {
                        half.clone_from(cell);
                        half.set_symbol("");
                    }
                    covered = wide - 1;
                }
                _ => blank(cell),
            }
        } else if wide == 0 {
            blank(cell);
        } else if cell.symbol() == " " && !cell.modifier.intersects(ON_BLANK) {
            cell.fg = Color::Reset;
            cell.modifier = Modifier::empty();
        }
        rest = after.get_mut(covered..).unwrap_or_default();
    }
}

fn blank(cell: &mut Cell) {
    cell.set_symbol(" ");
    if !cell.modifier.intersects(ON_BLANK) {
        cell.fg = Color::Reset;
        cell.modifier = Modifier::empty();
    }
}

/// The columns of a cell, none for what must not reach a terminal.
fn width(cell: &Cell) -> u16 {
    let symbol = cell.symbol();
    match symbol.as_bytes() {
        [byte] => u16::from(!byte.is_ascii_control()),
        _ if symbol.chars().any(char::is_control) => 0,
        _ => symbol.cell_width(),
    }
}
