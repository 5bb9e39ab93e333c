//! Tables of a lesson: fitted to the width where that can be read, scrolled sideways by column where it cannot.

use super::glyphs::Glyphs;
use super::line::Piece;
use super::wrap::{Styled, narrowest, wrap};
use crate::content::doc::{Align, Cell, plain};
use crate::text::width;
use crate::theme::Role;

/// What stands between two columns takes so many.
pub(super) const GAP: usize = 3;
/// A column is not made wider for the sake of one word.
const WORD: usize = 20;

/// A table laid out.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    pub lines: Vec<Vec<Piece>>,
    /// The columns behind the first, and which of them are shown, when not all are.
    pub window: Option<Window>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub first: usize,
    pub last: usize,
    pub of: usize,
}

/// Lays a table out in `columns`; `shift` is how many columns behind the first are scrolled away.
#[must_use]
pub fn grid(aligns: &[Align], rows: &[Vec<Cell>], links: usize, columns: usize, shift: usize, glyphs: &Glyphs) -> Grid {
    let count = rows.first().map_or(0, Vec::len);
    if count == 0 {
        return Grid::default();
    }
    let cells: Vec<Vec<Styled>> = rows
        .iter()
        .enumerate()
        .map(|(y, row)| {
            let role = if y == 0 { Role::Heading3 } else { Role::Text };
            (0..count).map(|x| Styled::new(row.get(x).map_or(&[], |cell| &cell.runs), role, links)).collect()
        })
        .collect();
    let most = |x: usize, of: &dyn Fn(&str) -> usize| {
        rows.iter().filter_map(|row| row.get(x)).map(|cell| of(&plain(&cell.runs))).max().unwrap_or(0).max(1)
    };
    let natural: Vec<usize> = (0..count).map(|x| most(x, &width)).collect();
    // The names in the first column are what one looks for: they break late.
    let word = |x: usize| if x == 0 { WORD.max(columns * 2 / 5) } else { WORD };
    let least: Vec<usize> =
        natural.iter().enumerate().map(|(x, natural)| most(x, &narrowest).min(word(x)).min(*natural)).collect();
    let (shown, widths, window) = choose(&natural, &least, columns, shift);
    let wraps = shown.iter().zip(&widths).any(|(x, width)| natural.get(*x).is_some_and(|natural| natural > width));
    let mut out = Grid { lines: Vec::new(), window };
    let rule = |sign: &str| {
        let parts: Vec<String> = widths.iter().map(|width| glyphs.rule.repeat(*width)).collect();
        let between = format!("{}{sign}{}", glyphs.rule, glyphs.rule);
        vec![Piece::new(parts.join(&between), Role::Rule)]
    };
    for (y, row) in cells.iter().enumerate() {
        if y == 1 || (y > 1 && wraps) {
            out.lines.push(rule(glyphs.cross));
        }
        let laid: Vec<Vec<Vec<Piece>>> = shown
            .iter()
            .zip(&widths)
            .map(|(x, width)| {
                row.get(*x).map_or_else(Vec::new, |cell| {
                    wrap(&cell.text, *width).iter().map(|line| cell.pieces(line)).collect()
                })
            })
            .collect();
        let height = laid.iter().map(Vec::len).max().unwrap_or(1).max(1);
        for n in 0..height {
            let mut line = Vec::new();
            for (column, ((x, columns), cell)) in shown.iter().zip(&widths).zip(&laid).enumerate() {
                if column > 0 {
                    line.push(Piece::new(format!(" {} ", glyphs.column), Role::Rule));
                }
                let pieces = cell.get(n).cloned().unwrap_or_default();
                let used: usize = pieces.iter().map(|piece| width(&piece.text)).sum();
                let spare = columns.saturating_sub(used);
                let before = match aligns.get(*x) {
                    Some(Align::Right) => spare,
                    Some(Align::Centre) => spare / 2,
                    _ => 0,
                };
                line.push(Piece::new(" ".repeat(before), Role::Text));
                line.extend(pieces);
                line.push(Piece::new(" ".repeat(spare - before), Role::Text));
            }
            line.retain(|piece| !piece.text.is_empty());
            out.lines.push(line);
        }
    }
    out
}

/// Which columns are shown and how wide each is.
fn choose(
    natural: &[usize],
    least: &[usize],
    columns: usize,
    shift: usize,
) -> (Vec<usize>, Vec<usize>, Option<Window>) {
    let all: Vec<usize> = (0..natural.len()).collect();
    let gaps = |n: usize| n.saturating_sub(1) * GAP;
    if let Some(widths) = fitted(natural, least, columns.saturating_sub(gaps(natural.len()))) {
        return (all, widths, None);
    }
    let of = natural.len().saturating_sub(1);
    let at = |list: &[usize], x: usize| list.get(x).copied().unwrap_or(1);
    let frozen = at(natural, 0).min(at(least, 0).max(columns / 3)).min(columns.saturating_sub(GAP + 4).max(1));
    let room = columns.saturating_sub(frozen);
    let start = 1 + shift.min(of.saturating_sub(1));
    let mut shown = vec![0];
    let mut used = 0;
    for x in start..natural.len() {
        let more = GAP + at(least, x).max(at(natural, x).min(WORD));
        if shown.len() > 1 && used + more > room {
            break;
        }
        used += more;
        shown.push(x);
    }
    // Near the end the columns before still fit: what was scrolled to stays, and the room is used.
    let moving: Vec<usize> = shown.iter().skip(1).copied().collect();
    let pick = |list: &[usize]| -> Vec<usize> { moving.iter().map(|x| at(list, *x)).collect() };
    let room = room.saturating_sub(moving.len() * GAP).max(1);
    let least: Vec<usize> = pick(least).into_iter().map(|least| least.min(room)).collect();
    let widths = fitted(&pick(natural), &least, room).unwrap_or(least);
    let window = Window { first: start, last: shown.last().copied().unwrap_or(start), of };
    (shown, std::iter::once(frozen).chain(widths).collect(), Some(window))
}

/// Shares `room` among columns: nobody gets more than it wants or less than it needs, and what is left goes to the widest.
pub(super) fn fitted(natural: &[usize], least: &[usize], room: usize) -> Option<Vec<usize>> {
    if natural.iter().sum::<usize>() <= room {
        return Some(natural.to_vec());
    }
    if least.iter().sum::<usize>() > room {
        return None;
    }
    let at = |level: usize| -> Vec<usize> {
        natural.iter().zip(least).map(|(natural, least)| (*natural).min(level).max(*least)).collect()
    };
    let (mut low, mut high) = (0, room + 1);
    while low + 1 < high {
        let middle = usize::midpoint(low, high);
        if at(middle).iter().sum::<usize>() <= room {
            low = middle;
        } else {
            high = middle;
        }
    }
    let mut widths = at(low);
    let mut spare = room - widths.iter().sum::<usize>();
    for (width, natural) in widths.iter_mut().zip(natural) {
        if spare > 0 && *width < *natural {
            *width += 1;
            spare -= 1;
        }
    }
    Some(widths)
}

#[cfg(test)]
mod tests {
    use super::super::glyphs::UNICODE;
    use super::*;
    use crate::content::doc::Body;
    use crate::content::parse::blocks;

    fn lines(markdown: &str, columns: usize, shift: usize) -> Vec<String> {
        let blocks = blocks(markdown, 0, "");
        let Some(Body::Table { aligns, rows }) = blocks.first().map(|block| &block.body) else { return Vec::new() };
        let grid = grid(aligns, rows, 0, columns, shift, &UNICODE);
        grid.lines.iter().map(|line| line.iter().map(|piece| piece.text.as_str()).collect::<String>()).collect()
    }

    const TABLE: &str =
        "| Balancer | Layer | Fixed address |\n|---|--:|---|\n| ALB | 7 | no |\n| NLB | 4 | 日本 yes |\n";

    #[test]
    fn a_table_that_fits_is_aligned() {
        let expected = [
            "Balancer │ Layer │ Fixed address",
            "─────────┼───────┼──────────────",
            "ALB      │     7 │ no           ",
            "NLB      │     4 │ 日本 yes     ",
        ];
        assert_eq!(lines(TABLE, 60, 0), expected);
    }

    #[test]
    fn a_table_that_nearly_fits_is_wrapped_with_rules_between_rows() {
        let laid = lines(TABLE, 28, 0);
        assert_eq!(
            laid[0],
            "Balancer │ Layer │ Fixed    ".trim_end().to_owned() + &" ".repeat(laid[0].chars().count() - 24)
        );
        assert!(laid[1].starts_with("         │       │ address"), "{laid:?}");
        assert!(laid.iter().filter(|line| line.contains('┼')).count() == 2, "{laid:?}");
    }

    #[test]
    fn a_table_that_does_not_fit_keeps_its_first_column() {
        let first = lines(TABLE, 18, 0);
        let second = lines(TABLE, 18, 1);
        assert!(first[0].starts_with("Balanc") && first[0].contains("Layer"), "{first:?}");
        assert!(second[0].starts_with("Balanc") && second[0].contains("Fixed"), "{second:?}");
        for line in first.iter().chain(&second) {
            assert!(width(line) <= 18, "{line:?}");
        }
    }
}
