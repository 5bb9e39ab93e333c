//! The map of a tree on the screen: what is shown of it, what is folded, and where the cursor stands.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::content::tree::Tree;
use crate::screen::{Look, window};
use crate::study::walk::{Verdict, Walk};
use crate::theme::Role;
use crate::ui::line::{draw, fill};
use crate::ui::map::{self, Mark, Row};

/// A tree with more rows opens with what is beside the way folded.
const LARGE: usize = 60;

/// What may be read of a tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    #[default]
    All,
    /// The questions, not the ends.
    Questions,
    /// What was passed.
    Passed,
}

#[derive(Default)]
pub struct Panel {
    rows: Vec<Row>,
    folded: BTreeSet<usize>,
    pub cursor: usize,
    sight: Sight,
    /// The nodes that were seen, and the way taken.
    passed: BTreeSet<usize>,
    way: Vec<(usize, usize)>,
    here: usize,
    begun: bool,
}

impl Panel {
    /// Draws the map for a walk; the cursor follows it.
    pub fn follow(&mut self, tree: &Tree, walk: &Walk, passed: BTreeSet<usize>, sight: Sight) {
        (self.sight, self.passed) = (sight, passed);
        (self.way, self.here) = (walk.steps().to_vec(), walk.here());
        if !self.begun {
            self.begun = true;
            if map::rows(tree, |_| true).len() > LARGE {
                self.folded = (1..tree.nodes.len()).collect();
            }
        }
        for (node, _) in &self.way {
            self.folded.remove(node);
        }
        self.folded.remove(&self.here);
        self.rows(tree);
        self.cursor = map::find(&self.rows, &self.way, self.here);
    }

    /// Everything is forgotten, as when another tree comes.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    fn rows(&mut self, tree: &Tree) {
        let (folded, sight, passed) = (&self.folded, self.sight, &self.passed);
        self.rows =
            map::rows(tree, |node| !folded.contains(&node) && (sight != Sight::Passed || passed.contains(&node)));
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
    }

    pub fn go(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
    }

    /// The choices that lead to the row of the cursor, and its node.
    pub fn chosen(&self) -> Option<(Vec<(usize, usize)>, usize)> {
        Some((map::steps(&self.rows, self.cursor), self.rows.get(self.cursor)?.node))
    }

    /// Folds what follows the cursor, or shows it.
    pub fn fold(&mut self, tree: &Tree) {
        let Some(node) = self.rows.get(self.cursor).map(|row| row.node) else { return };
        if !self.folded.remove(&node) && tree.nodes.get(node).is_some_and(|node| !node.leaf()) {
            self.folded.insert(node);
        }
        self.rows(tree);
    }

    /// Folds everything beside the way; shows everything when something is folded.
    pub fn fold_all(&mut self, tree: &Tree) {
        let node = self.rows.get(self.cursor).map_or(0, |row| row.node);
        if self.folded.is_empty() {
            self.folded = (1..tree.nodes.len()).filter(|at| !self.way.iter().any(|(node, _)| node == at)).collect();
        } else {
            self.folded.clear();
        }
        self.rows(tree);
        let way = self.way.clone();
        self.cursor =
            self.rows.iter().position(|row| row.node == node).unwrap_or_else(|| map::find(&self.rows, &way, self.here));
    }

    /// Folds an open row, else goes to the question above.
    pub fn left(&mut self, tree: &Tree) {
        let Some(row) = self.rows.get(self.cursor) else { return };
        let open =
            self.rows.get(self.cursor + 1).is_some_and(|next| next.from.is_some_and(|(at, _)| at == self.cursor));
        if open {
            self.fold(tree);
        } else if let Some((from, _)) = row.from {
            self.cursor = from;
        }
    }

    /// Shows what is folded, else goes down to it.
    pub fn right(&mut self, tree: &Tree) {
        let Some(row) = self.rows.get(self.cursor) else { return };
        if row.folded > 0 { self.fold(tree) } else { self.go(1) }
    }

    /// The row under a line of the window, if there is one.
    pub fn click(&mut self, row: usize, height: u16) -> bool {
        let at = window(self.cursor, self.rows.len(), usize::from(height)) + row;
        let there = at < self.rows.len();
        if there {
            self.cursor = at;
        }
        there
    }

    pub fn view(
        &self,
        look: &Look<'_>,
        tree: &Tree,
        verdict: Option<&Judged<'_>>,
        area: Rect,
        buffer: &mut Buffer,
        focus: bool,
    ) {
        let first = window(self.cursor, self.rows.len(), usize::from(area.height));
        for (at, y) in (first..self.rows.len()).zip(area.y..area.bottom()) {
            let mark = self.mark(look, tree, at, verdict);
            let line = map::line(&self.rows, at, tree, &mark, usize::from(area.width), look.glyphs);
            draw(buffer, area, y, &line, look.theme, None);
            if focus && at == self.cursor {
                fill(
                    buffer,
                    Rect::new(area.x.saturating_sub(1), y, area.width + 1, 1),
                    look.theme.style(Role::Selection),
                );
            }
        }
    }

    fn mark(&self, look: &Look<'_>, tree: &Tree, at: usize, verdict: Option<&Judged<'_>>) -> Mark {
        let glyphs = look.glyphs;
        let Some(row) = self.rows.get(at) else { return Mark::default() };
        let leaf = tree.nodes.get(row.node).is_some_and(crate::content::tree::Node::leaf);
        if let Some(judged) = verdict {
            return judged.mark(look, row, leaf);
        }
        let here = row.node == self.here && map::find(&self.rows, &self.way, self.here) == at;
        let on_way = here || self.way.iter().any(|(node, _)| *node == row.node);
        let passed = self.passed.contains(&row.node);
        let hidden = match self.sight {
            Sight::All => false,
            Sight::Questions => leaf && !here,
            Sight::Passed => !passed,
        };
        let sign = match (leaf, on_way, passed) {
            (true, true, _) => glyphs.leaf_on_way,
            (true, false, _) => glyphs.leaf,
            (false, true, _) => glyphs.on_way,
            (false, false, true) => glyphs.passed,
            (false, false, false) => glyphs.unseen,
        };
        // The node where one stands looks like its heading beside the map.
        let role = match (here, on_way) {
            (true, _) => Role::Heading1,
            (_, true) => Role::Heading3,
            _ => Role::Text,
        };
        let sign_role = if on_way { Role::Accent } else { role };
        Mark { sign, sign_role, role, hidden, note: String::new() }
    }
}

/// A walk that has ended, beside the way that was right.
pub struct Judged<'a> {
    pub verdict: &'a Verdict,
    pub walked: &'a [(usize, usize)],
    pub right: &'a [(usize, usize)],
    pub answer: usize,
}

impl Judged<'_> {
    fn mark(&self, look: &Look<'_>, row: &Row, leaf: bool) -> Mark {
        let glyphs = look.glyphs;
        let on_right = row.node == self.answer || self.right.iter().any(|(node, _)| *node == row.node);
        let walked = row.node == self.verdict.end || self.walked.iter().any(|(node, _)| *node == row.node);
        let (sign, role) = match (on_right, walked) {
            (true, _) => (glyphs.right_answer, Role::Good),
            (false, true) => (glyphs.wrong_answer, Role::Bad),
            (false, false) => (if leaf { glyphs.leaf } else { glyphs.unseen }, Role::Faint),
        };
        let lost = self.verdict.lost.is_some_and(|lost| lost.node == row.node);
        let note = if lost && !row.again { format!(" {} lost here", glyphs.left) } else { String::new() };
        let title = if on_right || walked { Role::Text } else { Role::Muted };
        Mark { sign, sign_role: role, role: if lost { Role::Bad } else { title }, hidden: false, note }
    }
}
