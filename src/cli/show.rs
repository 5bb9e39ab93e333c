//! `show`: a part of a pack as text, plain for a pipe and coloured for a terminal.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};

use crate::content::chunk::Doc;
use crate::highlight::colours;
use crate::theme::Theme;
use crate::ui::glyphs::Glyphs;
use crate::ui::line::Line;
use crate::ui::prose::{Layout, lay};

/// Lays out the Markdown of `text` in `columns`; with a theme, in its colours.
#[must_use]
pub fn show(text: &str, columns: usize, glyphs: &'static Glyphs, theme: Option<&Theme>) -> String {
    let doc = Doc::new(text.to_owned(), 0);
    let mut out = String::new();
    let mut coloured = BTreeMap::new();
    let shifts = BTreeMap::new();
    for chunk in 0..doc.len() {
        let blocks = doc.blocks(chunk);
        if theme.is_some() {
            for block in &blocks {
                if let crate::content::doc::Body::Code { info, text, at } = &block.body {
                    coloured.insert(*at, colours(info.split(' ').next().unwrap_or(""), text));
                }
            }
        }
        let layout = Layout { columns: columns.max(1), glyphs, shifts: &shifts, scrolls: false, colours: &coloured };
        for line in lay(&blocks, chunk == 0, &layout).lines {
            match theme {
                Some(theme) => out.push_str(&ansi(&line, theme)),
                None => out.push_str(line.plain().trim_end()),
            }
            out.push('\n');
        }
    }
    out
}

fn ansi(line: &Line, theme: &Theme) -> String {
    let mut out = String::new();
    for piece in &line.pieces {
        let codes = codes(theme.style(piece.role).add_modifier(piece.add));
        if codes.is_empty() {
            out.push_str(&piece.text);
        } else {
            out.extend(["\x1b[", codes.join(";").as_str(), "m", piece.text.as_str(), "\x1b[m"]);
        }
    }
    out
}

fn codes(style: Style) -> Vec<String> {
    let mut out = Vec::new();
    for (modifier, code) in [
        (Modifier::BOLD, "1"),
        (Modifier::DIM, "2"),
        (Modifier::ITALIC, "3"),
        (Modifier::UNDERLINED, "4"),
        (Modifier::REVERSED, "7"),
        (Modifier::CROSSED_OUT, "9"),
    ] {
        if style.add_modifier.contains(modifier) {
            out.push(code.to_owned());
        }
    }
    out.extend(style.fg.and_then(|colour| code(colour, 30)));
    out.extend(style.bg.and_then(|colour| code(colour, 40)));
    out
}

fn code(colour: Color, base: u8) -> Option<String> {
    let plain = |n: u8| Some(if n < 8 { (base + n).to_string() } else { (base + 52 + n).to_string() });
    match colour {
        Color::Rgb(r, g, b) => Some(format!("{};2;{r};{g};{b}", base + 8)),
        Color::Indexed(n) => Some(format!("{};5;{n}", base + 8)),
        Color::Reset => None,
        Color::Black => plain(0),
        Color::Red => plain(1),
        Color::Green => plain(2),
        Color::Yellow => plain(3),
        Color::Blue => plain(4),
        Color::Magenta => plain(5),
        Color::Cyan => plain(6),
        Color::Gray => plain(7),
        Color::DarkGray => plain(8),
        Color::LightRed => plain(9),
        Color::LightGreen => plain(10),
        Color::LightYellow => plain(11),
        Color::LightBlue => plain(12),
        Color::LightMagenta => plain(13),
        Color::LightCyan => plain(14),
        Color::White => plain(15),
    }
}
