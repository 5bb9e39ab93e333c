//! Finding words in laid-out text, also where they run on from line to line.

use std::ops::Range;

use super::line::Line;
use crate::text::width;

/// A hit: the lines it touches and the columns it takes on each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub parts: Vec<(usize, Range<usize>)>,
}

impl Hit {
    /// The line at which the hit begins.
    #[must_use]
    pub fn line(&self) -> usize {
        self.parts.first().map_or(0, |part| part.0)
    }
}

/// What is looked for: letters match either case unless a capital is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needle {
    folded: String,
    exact: bool,
}

impl Needle {
    #[must_use]
    pub fn new(text: &str) -> Self {
        let exact = text.chars().any(char::is_uppercase);
        Self { folded: if exact { text.to_owned() } else { text.to_lowercase() }, exact }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.folded.trim().is_empty()
    }

    /// Whether a text may hold a hit: a quick look before it is laid out.
    #[must_use]
    pub fn first_word(&self) -> &str {
        self.folded.split_whitespace().next().unwrap_or("")
    }
}

/// All hits in some lines, from the top.
#[must_use]
pub fn hits(lines: &[Line], needle: &Needle) -> Vec<Hit> {
    let mut out = Vec::new();
    if needle.is_empty() {
        return out;
    }
    let mut from = 0;
    while from < lines.len() {
        let more = lines.get(from + 1..).unwrap_or_default().iter().take_while(|line| line.joins).count();
        let to = from + 1 + more;
        paragraph(lines.get(from..to).unwrap_or_default(), from, needle, &mut out);
        from = to;
    }
    out
}

fn paragraph(lines: &[Line], first: usize, needle: &Needle, out: &mut Vec<Hit>) {
    // The folded text with, for each of its bytes' characters, the line and columns it came from.
    let mut text = String::new();
    let mut cells: Vec<(usize, usize, Range<usize>)> = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        if n > 0 {
            text.push(' ');
        }
        let mut column: usize = line.pieces.iter().take(line.lead).map(|piece| width(&piece.text)).sum();
        let mut gone = String::new();
        let before = column;
        for piece in line.pieces.iter().skip(line.lead) {
            for c in piece.text.chars() {
                gone.push(c);
                let start = column;
                column = before + width(&gone);
                cells.push((text.len(), n, start..column.max(start)));
                if needle.exact {
                    text.push(c);
                } else {
                    text.extend(c.to_lowercase());
                }
            }
        }
    }
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(&needle.folded)) {
        let span = at + found..at + found + needle.folded.len();
        let mut parts: Vec<(usize, Range<usize>)> = Vec::new();
        let start = cells.partition_point(|(byte, ..)| *byte < span.start);
        for (_, n, columns) in cells.get(start..).unwrap_or_default().iter().take_while(|(byte, ..)| *byte < span.end) {
            match parts.last_mut() {
                Some((line, range)) if *line == first + n => range.end = columns.end.max(range.end),
                _ => parts.push((first + n, columns.clone())),
            }
        }
        if !parts.is_empty() {
            out.push(Hit { parts });
        }
        at = span.end;
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::Piece;
    use super::*;
    use crate::theme::Role;

    fn line(lead: &str, text: &str, joins: bool) -> Line {
        let pieces = vec![Piece::new(lead, Role::Text), Piece::new(text, Role::Text)];
        Line { pieces, lead: 1, at: 0, joins }
    }

    fn found(needle: &str) -> Vec<Vec<(usize, Range<usize>)>> {
        let lines = [
            line("- ", "A target group holds", false),
            line("  ", "targets of 日本 Target", true),
            line("", "Targets", false),
        ];
        hits(&lines, &Needle::new(needle)).into_iter().map(|hit| hit.parts).collect()
    }

    #[test]
    fn words_are_found_across_lines_and_in_columns() {
        assert_eq!(found("holds targets"), [vec![(0, 17..22), (1, 2..9)]]);
        assert_eq!(found("target").len(), 4);
        assert_eq!(found("Target"), [vec![(1, 18..24)], vec![(2, 0..6)]]);
        assert_eq!(found("本"), [vec![(1, 15..17)]]);
        assert_eq!(found("target targets").len(), 0, "the next paragraph is another text");
        assert_eq!(found(""), Vec::<Vec<_>>::new());
        assert_eq!(found("- "), Vec::<Vec<_>>::new(), "markers are not words");
    }
}
