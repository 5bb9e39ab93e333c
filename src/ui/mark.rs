//! One line of a text with stretches of it set off, cut so that the first of them is seen.

use std::ops::Range;

use ratatui::style::Modifier;
use unicode_segmentation::UnicodeSegmentation;

use super::line::Piece;
use crate::text::{grapheme_width, width};
use crate::theme::Role;

/// Words before the first mark that are kept where the beginning is cut off, in columns.
const BEFORE: usize = 12;

/// The text in at most `columns`, its `marks` (bytes, from the left) in the colour of what matters and bold. A grapheme
/// that is marked in part is marked whole.
#[must_use]
pub fn marked(text: &str, marks: &[Range<usize>], columns: usize, role: Role, more: &str) -> Vec<Piece> {
    let start = start(text, marks, columns);
    let mut out: Vec<Piece> = Vec::new();
    let mut used = 0;
    if start > 0 {
        out.push(Piece::new(more, role));
        used += width(more);
    }
    let rest = text.get(start..).unwrap_or("");
    let mut left = width(rest);
    for (at, grapheme) in rest.grapheme_indices(true) {
        let wide = grapheme_width(grapheme);
        if used + left > columns && used + wide + width(more) > columns {
            if used + width(more) <= columns {
                out.push(Piece::new(more, role));
            }
            break;
        }
        used += wide;
        left = left.saturating_sub(wide);
        let (from, to) = (start + at, start + at + grapheme.len());
        let mark = marks.iter().any(|mark| mark.start < to && mark.end > from);
        let look = if mark { (Role::Accent, Modifier::BOLD) } else { (role, Modifier::empty()) };
        match out.last_mut() {
            Some(last) if (last.role, last.add) == look => last.text.push_str(grapheme),
            _ => out.push(Piece { add: look.1, ..Piece::new(grapheme, look.0) }),
        }
    }
    out
}

/// The byte at which the line begins: where the text does, or a few words before the first mark when that would not be
/// seen.
fn start(text: &str, marks: &[Range<usize>], columns: usize) -> usize {
    let Some(first) = marks.first() else { return 0 };
    let before = text.get(..first.start).unwrap_or("");
    if width(text) <= columns || width(text.get(..first.end).unwrap_or("")) < columns {
        return 0;
    }
    let room = BEFORE.min(columns / 4);
    let mut at = first.start;
    let mut used = 0;
    for (byte, grapheme) in before.grapheme_indices(true).rev() {
        used += grapheme_width(grapheme);
        if used > room {
            break;
        }
        at = byte;
    }
    // Not in the middle of a word, when one begins near enough.
    let words = text.get(at..first.start).unwrap_or("");
    at + words.find(' ').map_or(0, |blank| blank + 1)
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "one stretch is a list of stretches")]
mod tests {
    use super::*;

    fn shown(text: &str, marks: &[Range<usize>], columns: usize) -> String {
        let piece = |piece: &Piece| {
            if piece.role == Role::Accent { format!("[{}]", piece.text) } else { piece.text.clone() }
        };
        marked(text, marks, columns, Role::Text, "…").iter().map(piece).collect()
    }

    #[test]
    fn marks_are_seen() {
        let cases: [(&str, &[Range<usize>], usize, &str); 7] = [
            ("health checks", &[0..3], 20, "[hea]lth checks"),
            ("health checks", &[0..3], 8, "[hea]lth …"),
            ("one two three four five six seven", &[24..28], 16, "…[six ]seven"),
            ("one two three four five six seven", &[], 9, "one two …"),
            ("e\u{301}a", &[0..1], 9, "[e\u{301}]a"),
            ("日本語", &[3..6], 5, "日[本]…"),
            ("abc", &[], 0, ""),
        ];
        for (text, marks, columns, expected) in cases {
            assert_eq!(shown(text, marks, columns), expected, "{text} in {columns}");
        }
    }

    proptest::proptest! {
        #[test]
        fn it_is_never_wider_than_its_room(text in "[a-z 日é]{0,40}", a in 0usize..40, columns in 0usize..30) {
            let start = text.floor_char_boundary(a);
            let end = text.ceil_char_boundary((a + 3).min(text.len()));
            let marks = if start < end { vec![start..end] } else { Vec::new() };
            let pieces = marked(&text, &marks, columns, Role::Text, "…");
            let wide: usize = pieces.iter().map(|piece| width(&piece.text)).sum();
            proptest::prop_assert!(wide <= columns.max(1), "{wide} in {columns}: {pieces:?}");
        }
    }
}
