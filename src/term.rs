//! Takes the terminal and gives it back, whatever happens in between.

use std::io::{self, Write};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

/// Alternate screen, pasted text in brackets, cursor hidden.
const TAKE: &str = "\x1b[?1049h\x1b[?2004h\x1b[?25l";
/// Clicks and the wheel, with coordinates of any size; motion is not asked for, so a moving mouse wakes nobody.
const MOUSE: &str = "\x1b[?1000h\x1b[?1006h";
const GIVE: &str = "\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[m\x1b[r\x1b[?25h\x1b[?1049l";

/// A terminal that is ours; dropped, it is given back.
pub struct Taken {
    mouse: bool,
}

impl Taken {
    /// Takes the terminal, and sees to it that a panic gives it back before it is told.
    pub fn new(mouse: bool) -> io::Result<Self> {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            give();
            before(info);
        }));
        let taken = Self { mouse };
        taken.again()?;
        Ok(taken)
    }

    /// Takes it once more, after another program had it.
    pub fn again(&self) -> io::Result<()> {
        enable_raw_mode()?;
        let mut out = io::stdout();
        out.write_all(TAKE.as_bytes())?;
        if self.mouse {
            out.write_all(MOUSE.as_bytes())?;
        }
        out.flush()
    }

    /// Gives it to another program for a while.
    pub fn lend(&self) {
        give();
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        give();
    }
}

fn give() {
    // Nothing can be done where this fails, and nobody would see it.
    let mut out = io::stdout();
    let _ = out.write_all(GIVE.as_bytes());
    let _ = out.flush();
    let _ = disable_raw_mode();
}
