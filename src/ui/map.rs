//! A tree drawn as a map: one row for each way into a node, indented under the question that leads there. Each row has
//! a line of its own, so that nothing can overlap however large the tree is and however its branches meet.

use std::collections::BTreeSet;

use super::glyphs::Glyphs;
use super::line::{Line, Piece};
use crate::content::tree::Tree;
use crate::text::{fit, width};
use crate::theme::Role;

/// Levels of indentation that are drawn; deeper rows hang under the last of them.
const DEEPEST: usize = 14;

/// One row of the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub node: usize,
    /// The row above that leads here, and by which choice.
    pub from: Option<(usize, usize)>,
    /// For each level above it, from the outside in: whether more follows there.
    goes_on: Vec<bool>,
    /// The node stands in full further up.
    pub again: bool,
    /// How many nodes are folded away under it.
    pub folded: usize,
}

impl Row {
    #[must_use]
    pub fn depth(&self) -> usize {
        self.goes_on.len()
    }
}

/// The rows of a tree. `open` says whether what follows a node is shown.
#[must_use]
pub fn rows(tree: &Tree, open: impl Fn(usize) -> bool) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::new();
    let mut seen = vec![false; tree.nodes.len()];
    let mut stack = vec![Row { node: 0, from: None, goes_on: Vec::new(), again: false, folded: 0 }];
    while let Some(mut row) = stack.pop() {
        let Some(node) = tree.nodes.get(row.node) else { continue };
        let at = out.len();
        row.again = seen.get(row.node).copied().unwrap_or(false) && !node.leaf();
        if !row.again && !node.leaf() {
            if open(row.node) {
                let last = node.choices.iter().rposition(|choice| choice.to.is_some());
                for (choice, to) in node.choices.iter().enumerate().rev().filter_map(|(n, c)| Some((n, c.to?))) {
                    let mut goes_on = row.goes_on.clone();
                    if goes_on.len() < DEEPEST {
                        goes_on.push(Some(choice) != last);
                    }
                    stack.push(Row { node: to, from: Some((at, choice)), goes_on, again: false, folded: 0 });
                }
            } else {
                row.folded = below(tree, row.node);
            }
        }
        if let Some(flag) = seen.get_mut(row.node) {
            *flag = true;
        }
        out.push(row);
    }
    out
}

/// How many nodes can be reached from a node, without itself.
fn below(tree: &Tree, node: usize) -> usize {
    let mut seen = BTreeSet::new();
    let mut open = vec![node];
    while let Some(at) = open.pop() {
        let choices = tree.nodes.get(at).map_or(&[][..], |node| &node.choices);
        open.extend(choices.iter().filter_map(|choice| choice.to).filter(|to| *to != node && seen.insert(*to)));
    }
    seen.len()
}

/// The choices from the root to a row, as (node, choice).
#[must_use]
pub fn steps(rows: &[Row], at: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut here = rows.get(at);
    while let Some((from, choice)) = here.and_then(|row| row.from) {
        here = rows.get(from);
        out.extend(here.map(|row| (row.node, choice)));
    }
    out.reverse();
    out
}

/// The row of a walk: the one that has made the same choices, else one of the same node, else the furthest on the way.
#[must_use]
pub fn find(rows: &[Row], walked: &[(usize, usize)], here: usize) -> usize {
    let mut at = 0;
    for (node, choice) in walked {
        let next = rows.iter().position(|row| {
            row.from
                .is_some_and(|(from, by)| from == at && by == *choice && rows.get(at).is_some_and(|r| r.node == *node))
        });
        let Some(next) = next else { break };
        at = next;
    }
    if rows.get(at).is_some_and(|row| row.node == here) {
        return at;
    }
    rows.iter().position(|row| row.node == here && !row.again).unwrap_or(at)
}

/// A way from the root to a node, as (node, choice): the one on which it stands in full.
#[must_use]
pub fn way(tree: &Tree, node: usize) -> Vec<(usize, usize)> {
    let rows = rows(tree, |_| true);
    steps(&rows, find(&rows, &[], node))
}

/// How a row looks.
#[derive(Clone, Debug, Default)]
pub struct Mark {
    pub sign: &'static str,
    /// How the sign and the guides before it look.
    pub sign_role: Role,
    pub role: Role,
    /// What stands for the title where it may not be read yet.
    pub hidden: bool,
    /// A few words behind the title.
    pub note: String,
}

/// With less room than this, choice and title do not share a line that is too short for both.
const NARROW: usize = 48;
/// A choice of so few columns, such as "Yes", always stands.
const BRIEF: usize = 4;

/// A row as a line of at most `columns`.
#[must_use]
pub fn line(rows: &[Row], at: usize, tree: &Tree, mark: &Mark, columns: usize, glyphs: &'static Glyphs) -> Line {
    let Some(row) = rows.get(at) else { return Line::default() };
    let Some(node) = tree.nodes.get(row.node) else { return Line::default() };
    let choice = row.from.and_then(|(from, choice)| {
        let from = rows.get(from)?;
        tree.nodes.get(from.node)?.choices.get(choice)
    });
    // Where there is little room, a level takes two columns.
    let wide = columns >= 72;
    let mut guides = String::new();
    if let Some((own, above)) = row.goes_on.split_last() {
        for more in above {
            guides.push_str(if *more { glyphs.bar } else { " " });
            guides.push_str(if wide { "  " } else { " " });
        }
        guides.push_str(if *own { glyphs.tee } else { glyphs.corner });
        guides.push_str(if wide { glyphs.rule } else { "" });
        guides.push(' ');
    }
    let mut left = columns;
    let mut pieces = Vec::new();
    let mut put = |text: &str, role: Role, most: usize| {
        let text = fit(text, most.min(left));
        left -= width(&text).min(left);
        if !text.is_empty() {
            pieces.push(Piece::new(text.into_owned(), role));
        }
    };
    put(&guides, Role::Rule, columns);
    put(mark.sign, mark.sign_role, columns);
    put(" ", mark.role, 1);
    let tail = match (row.again, row.folded) {
        (true, _) => format!(" {}", glyphs.above),
        (_, 0) => mark.note.clone(),
        (_, folded) => format!(" {}{folded}{}", glyphs.unfold, mark.note),
    };
    let title = if mark.hidden { "?" } else { node.title.as_str() };
    let room = columns.saturating_sub(width(&guides) + width(mark.sign) + 3 + width(&tail));
    let fits = |label: &str| width(label) + width(title) <= room;
    // Two texts of which little is left say less than one: where it is narrow a long choice is left to the question.
    if let Some(choice) = choice.filter(|choice| fits(&choice.label) || room >= NARROW || width(&choice.label) <= BRIEF)
    {
        // The words of the choice, never at the cost of all of the title.
        let most = if fits(&choice.label) { room } else { (room * 2 / 5).max(room.min(8)) };
        put(&choice.label, Role::Muted, most);
        put("  ", Role::Muted, 2);
    }
    let used: usize = pieces.iter().map(|piece| width(&piece.text)).sum();
    let room = columns.saturating_sub(used);
    let title = fit(title, room.saturating_sub(width(&tail))).into_owned();
    let tail = fit(&tail, room.saturating_sub(width(&title))).into_owned();
    pieces.extend([Piece::new(title, mark.role), Piece::new(tail, Role::Muted)]);
    pieces.retain(|piece| !piece.text.is_empty());
    Line { pieces, lead: 0, at: row.node, joins: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::parse::blocks;
    use crate::content::tree::tree;
    use crate::study::walk::tests::{SMALL, any_tree};
    use crate::ui::glyphs::UNICODE;
    use proptest::prelude::*;

    fn drawn(tree: &Tree, columns: usize, open: impl Fn(usize) -> bool) -> Vec<String> {
        let rows = rows(tree, open);
        let mark = Mark { sign: "o", ..Mark::default() };
        (0..rows.len()).map(|at| line(&rows, at, tree, &mark, columns, &UNICODE).plain()).collect()
    }

    #[test]
    fn a_tree_is_drawn_by_indentation() {
        let tree = tree(&blocks(SMALL, 0, ""), &mut Vec::new());
        assert_eq!(
            drawn(&tree, 40, |_| true),
            ["o HTTP?", "├ o Yes  ALB", "└ o No  Fixed addresses?", "  ├ o Yes  NLB", "  └ o No  Any"]
        );
        assert_eq!(drawn(&tree, 40, |node| node == 0), ["o HTTP?", "├ o Yes  ALB", "└ o No  Fixed addresses? +2"]);
        assert_eq!(drawn(&tree, 80, |_| true)[3], "   ├─ o Yes  NLB");
        assert_eq!(drawn(&tree, 14, |_| true)[2], "└ o No  Fixed…");
    }

    #[test]
    fn rows_and_walks_find_each_other() {
        let text = "## A {#a}\n- [x](#b)\n- [y](#c)\n\n## B {#b}\n- [p](#c)\n- [q](#d)\n\n## C {#c}\n- [r](#d)\n\n\
            ## D {#d}\n**Say:** s **Flips if:** f **Tempting:** t\n";
        let tree = tree(&blocks(text, 0, ""), &mut Vec::new());
        let rows = rows(&tree, |_| true);
        assert_eq!(drawn(&tree, 40, |_| true).last().unwrap(), "└ o y  C ↑");
        for at in 0..rows.len() {
            let steps = steps(&rows, at);
            assert_eq!(find(&rows, &steps, rows[at].node), at);
        }
        // What is under a row that only points upwards is found where it stands in full.
        assert_eq!(rows[find(&rows, &[(0, 1), (2, 0)], 3)].node, 3);
    }

    proptest! {
        #[test]
        fn a_map_never_overlaps_itself(text in any_tree(), columns in 1usize..120, closed in prop::collection::vec(0usize..14, 0..5)) {
            let tree = tree(&blocks(&text, 0, ""), &mut Vec::new());
            let rows = rows(&tree, |node| !closed.contains(&node));
            let mark = Mark { sign: "o", note: " here".to_owned(), ..Mark::default() };
            let edges: usize = tree.nodes.iter().map(|node| node.choices.len()).sum();
            prop_assert!(rows.len() <= edges + 1);
            for at in 0..rows.len() {
                let line = line(&rows, at, &tree, &mark, columns, &UNICODE);
                prop_assert!(line.width() <= columns, "{:?} in {columns}", line.plain());
                // A row stands under the one that leads to it, and one level further in.
                if let Some((from, _)) = rows[at].from {
                    prop_assert!(from < at && rows[from].depth() < rows[at].depth().max(1) + usize::from(rows[at].depth() == DEEPEST));
                }
            }
        }
    }

    #[test]
    fn a_deep_tree_stays_within_its_columns() {
        let mut text = String::new();
        for n in 0..200 {
            text.push_str(&format!("## Q{n}? {{#q{n}}}\n- [on](#q{})\n- [out](#l)\n\n", n + 1));
        }
        text.push_str("## End {#q200}\n**Say:** s\n\n## L {#l}\n**Say:** s\n");
        let tree = tree(&blocks(&text, 0, ""), &mut Vec::new());
        let shown = drawn(&tree, 60, |_| true);
        assert_eq!(shown.len(), 401);
        assert!(shown.iter().all(|line| width(line) <= 60));
    }
}
