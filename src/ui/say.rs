//! Short texts as lines: Markdown of cards, plain words, and words behind a sign.

use std::collections::BTreeMap;

use super::glyphs::Glyphs;
use super::line::{Line, Piece};
use super::prose::{Layout, lay};
use super::wrap::wrap;
use crate::content::parse::blocks;
use crate::text::width;
use crate::theme::Role;

/// Markdown as lines of at most `columns`. Plain words are drawn in `role`.
#[must_use]
pub fn markdown(text: &str, columns: usize, role: Role, glyphs: &'static Glyphs) -> Vec<Line> {
    let (shifts, colours) = (BTreeMap::new(), BTreeMap::new());
    let layout = Layout { columns: columns.max(1), glyphs, shifts: &shifts, scrolls: true, colours: &colours };
    let mut lines = lay(&blocks(text, 0, ""), true, &layout).lines;
    for piece in lines.iter_mut().flat_map(|line| &mut line.pieces).filter(|piece| piece.role == Role::Text) {
        piece.role = role;
    }
    lines
}

/// Plain words as lines.
#[must_use]
pub fn plain(text: &str, columns: usize, role: Role) -> Vec<Line> {
    wrap(text, columns.max(1))
        .into_iter()
        .map(|line| Line { pieces: vec![Piece::new(text.get(line).unwrap_or(""), role)], ..Line::default() })
        .collect()
}

/// Lines with a sign before the first of them and as much blank before the others. `make` is told how many columns are
/// left.
#[must_use]
pub fn behind(sign: &str, role: Role, columns: usize, make: impl FnOnce(usize) -> Vec<Line>) -> Vec<Line> {
    let taken = width(sign);
    let mut lines = make(columns.saturating_sub(taken).max(1));
    if lines.is_empty() {
        lines.push(Line::default());
    }
    for (n, line) in lines.iter_mut().enumerate() {
        let lead = if n == 0 { Piece::new(sign, role) } else { Piece::new(" ".repeat(taken), Role::Text) };
        line.pieces.insert(0, lead);
        line.lead += 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::glyphs::UNICODE;

    fn shown(lines: &[Line]) -> Vec<String> {
        lines.iter().map(Line::plain).collect()
    }

    #[test]
    fn signs_hang_before_their_words() {
        let lines = behind("Why  ", Role::Muted, 16, |room| plain("one two three four", room, Role::Text));
        assert_eq!(shown(&lines), ["Why  one two", "     three four"]);
        let lines = behind("1 ", Role::Accent, 20, |room| markdown("a *b* `c`", room, Role::Text, &UNICODE));
        assert_eq!(shown(&lines), ["1 a b c"]);
        assert_eq!(shown(&behind("x ", Role::Text, 9, |_| Vec::new())), ["x "]);
    }

    #[test]
    fn nothing_is_wider_than_the_room() {
        for columns in 1..30 {
            let text = "A **long** text with `code` and 日本語.\n\n- one\n- two\n";
            for line in markdown(text, columns, Role::Text, &UNICODE) {
                assert!(line.width() <= columns.max(4), "{columns} {:?}", line.plain());
            }
        }
    }
}
