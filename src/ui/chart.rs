//! Pictures made of signs: meters, sparklines, charts of columns. They read the same without colours.

use super::glyphs::Glyphs;
use super::line::{Line, Piece};
use crate::theme::Role;

/// How many of `columns` a share fills.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a few columns is small")]
fn part(share: f64, columns: usize) -> usize {
    ((share.clamp(0.0, 1.0) * columns as f64).round() as usize).min(columns)
}

/// A bar of `columns` that a share fills from the left. Something is never shown as nothing, nor nearly all as all.
#[must_use]
pub fn meter(share: f64, columns: usize, role: Role, glyphs: &Glyphs) -> Vec<Piece> {
    let mut full = part(share, columns);
    if share > 0.0 && columns > 1 {
        full = full.max(1);
    }
    if share < 1.0 {
        full = full.min(columns.saturating_sub(1));
    }
    vec![Piece::new(glyphs.full.repeat(full), role), Piece::new(glyphs.empty.repeat(columns - full), Role::Rule)]
}

/// A row of columns as high as their values, the highest of them filling the row.
#[must_use]
pub fn spark(values: &[usize], glyphs: &Glyphs) -> String {
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    let step = |value: &usize| match value {
        0 => glyphs.shades.first().copied().unwrap_or(" "),
        value => {
            let at = (value * glyphs.steps.len()).div_ceil(most).saturating_sub(1);
            glyphs.steps.get(at).copied().unwrap_or(" ")
        }
    };
    values.iter().map(step).collect()
}

/// One column of a chart: its height from 0 to 1, and whether it is yet to come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bar {
    pub height: f64,
    pub coming: bool,
}

/// A chart of columns, `rows` high and one sign wide each. What is yet to come is drawn in a lighter shade.
#[must_use]
pub fn columns(bars: &[Bar], rows: usize, glyphs: &Glyphs) -> Vec<Line> {
    let eighths = |bar: &Bar| part(bar.height, rows * 8).max(usize::from(bar.height > 0.0));
    let sign = |bar: &Bar, row: usize| {
        let filled = eighths(bar).saturating_sub(row * 8).min(8);
        match (filled, bar.coming) {
            (0, _) => " ",
            (8, false) => glyphs.shades.last().copied().unwrap_or("#"),
            (..4, true) => " ",
            (_, true) => glyphs.shades.get(1).copied().unwrap_or(":"),
            (n, false) => glyphs.steps.get(n - 1).copied().unwrap_or("#"),
        }
    };
    let line = |row: usize| {
        let mut pieces: Vec<Piece> = Vec::new();
        for bar in bars {
            let role = if bar.coming { Role::Muted } else { Role::Accent };
            match pieces.last_mut().filter(|piece| piece.role == role) {
                Some(piece) => piece.text.push_str(sign(bar, row)),
                None => pieces.push(Piece::new(sign(bar, row), role)),
            }
        }
        Line { pieces, ..Line::default() }
    };
    (0..rows).rev().map(line).collect()
}

/// The shade of a value among values of which `most` is the highest.
#[must_use]
pub fn shade(value: usize, most: usize, glyphs: &Glyphs) -> &'static str {
    let at = if value == 0 { 0 } else { (value * (glyphs.shades.len() - 1)).div_ceil(most.max(1)) };
    glyphs.shades.get(at.min(glyphs.shades.len() - 1)).copied().unwrap_or(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::glyphs::{ASCII, UNICODE};

    fn text(pieces: &[Piece]) -> String {
        pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    #[test]
    fn meters_never_say_none_or_all_too_early() {
        let cases = [
            (0.0, "----------"),
            (0.001, "=---------"),
            (0.5, "=====-----"),
            (0.999, "=========-"),
            (1.0, "=========="),
        ];
        for (share, expected) in cases {
            assert_eq!(text(&meter(share, 10, Role::Accent, &ASCII)), expected, "{share}");
        }
        assert_eq!(text(&meter(0.5, 0, Role::Accent, &ASCII)), "");
        assert_eq!(text(&meter(f64::NAN, 4, Role::Accent, &ASCII)), "----");
    }

    #[test]
    fn sparks_are_as_high_as_their_values() {
        assert_eq!(spark(&[0, 1, 4, 8], &UNICODE), "·▁▄█");
        assert_eq!(spark(&[0, 0], &UNICODE), "··");
        assert_eq!(spark(&[], &UNICODE), "");
    }

    #[test]
    fn columns_stand_on_the_last_line() {
        let bar = |height, coming| Bar { height, coming };
        let lines = columns(&[bar(0.0, false), bar(0.25, false), bar(1.0, false), bar(1.0, true)], 2, &UNICODE);
        let lines: Vec<String> = lines.iter().map(Line::plain).collect();
        assert_eq!(lines, ["  █░", " ▄█░"]);
    }

    #[test]
    fn shades_grow() {
        assert_eq!([0, 1, 5, 10].map(|value| shade(value, 10, &UNICODE)), ["·", "░", "▒", "█"]);
        assert_eq!(shade(3, 0, &UNICODE), "█");
    }
}
