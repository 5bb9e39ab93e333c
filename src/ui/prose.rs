//! Blocks of a document as lines of a page.

use std::collections::BTreeMap;

use ratatui::style::Modifier;
use unicode_segmentation::UnicodeSegmentation;

use super::glyphs::Glyphs;
use super::grid::{Window, grid};
use super::line::{Line, Piece};
use super::wrap::Styled;
use crate::content::doc::{Block, Body, Callout, Marker, Nest};
use crate::content::table;
use crate::text::{count, fit, grapheme_width, width};
use crate::theme::Role;

/// The colours of a code block: for each line, how many bytes have which role.
pub type Colours = Vec<Vec<(usize, Role)>>;

/// How blocks are laid out.
pub struct Layout<'a> {
    pub columns: usize,
    pub glyphs: &'static Glyphs,
    /// How far wide blocks are scrolled sideways, by the byte at which they begin.
    pub shifts: &'a BTreeMap<usize, usize>,
    /// Whether wide blocks can be scrolled. Where they cannot, the columns of a table that do not fit follow below it, and
    /// lines of code are as long as they are.
    pub scrolls: bool,
    pub colours: &'a BTreeMap<usize, Colours>,
}

/// Some blocks laid out.
#[derive(Clone, Debug, Default)]
pub struct Laid {
    pub lines: Vec<Line>,
    /// The addresses of the links and the line at which each begins.
    pub links: Vec<(String, usize)>,
    pub codes: Vec<Code>,
    pub wide: Vec<Wide>,
}

/// A code block on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    pub at: usize,
    pub language: String,
    pub text: String,
    pub first: usize,
    pub last: usize,
}

/// A block that does not fit: its lines and how much further it may be scrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wide {
    pub at: usize,
    pub first: usize,
    pub last: usize,
    pub shift: usize,
    pub most: usize,
}

/// Columns that code moves sideways at once.
const STEP: usize = 8;

/// Lays blocks out; the first of a document has no line above it.
#[must_use]
pub fn lay(blocks: &[Block], first: bool, layout: &Layout<'_>) -> Laid {
    let mut build = Build { layout, out: Laid::default() };
    let mut before: Option<&Block> = None;
    for block in blocks {
        if (block.gap || (before.is_none() && !first)) && !table::is_fence(block) {
            build.gap(before, block);
        }
        build.block(block);
        before = Some(block);
    }
    build.out
}

struct Build<'a> {
    layout: &'a Layout<'a>,
    out: Laid,
}

impl Build<'_> {
    /// A blank line that keeps the bars of what goes on through it.
    fn gap(&mut self, before: Option<&Block>, block: &Block) {
        let glyphs = self.layout.glyphs;
        let mut pieces = Vec::new();
        for (old, new) in before.map_or(&[][..], |before| &before.nest).iter().zip(&block.nest) {
            match (old, new) {
                (Nest::Quote, Nest::Quote) => pieces.push(Piece::new(format!("{} ", glyphs.bar), Role::Rule)),
                (Nest::Callout { kind, .. }, Nest::Callout { kind: other, first: false }) if kind == other => {
                    pieces.push(Piece::new(format!("{} ", glyphs.thick), callout(*kind).1));
                }
                (Nest::Item { marker, .. }, Nest::Item { .. }) => {
                    pieces.push(Piece::new(" ".repeat(width(&sign(*marker, 0, glyphs))), Role::Text));
                }
                _ => break,
            }
        }
        let lead = pieces.len();
        self.out.lines.push(Line { pieces, lead, at: block.span.start, joins: false });
    }

    fn block(&mut self, block: &Block) {
        let links = self.out.links.len();
        let from = self.out.lines.len();
        let (first, rest) = self.prefix(block);
        let lead: usize = rest.iter().map(|piece| width(&piece.text)).sum();
        let columns = self.layout.columns.saturating_sub(lead).max(1);
        self.callout_title(block, &rest);
        let lines = match &block.body {
            Body::Text(runs) => Styled::new(runs, self.role(block), links).lines(columns),
            Body::Heading(heading) => {
                let role = match heading.level {
                    1 => Role::Heading1,
                    2 => Role::Heading2,
                    _ => Role::Heading3,
                };
                Styled::new(&heading.runs, role, links).lines(columns)
            }
            Body::Rule => vec![vec![Piece::new(self.layout.glyphs.rule.repeat(columns), Role::Rule)]],
            Body::Table { aligns, rows } => self.table(block, aligns, rows, links, columns),
            Body::Code { .. } if table::is_fence(block) => self.caption(block, columns),
            Body::Code { info, text, at } => self.code(info, text, *at, columns, rest.len()),
        };
        let words = matches!(block.body, Body::Text(_) | Body::Heading(_));
        let start = self.out.lines.len();
        let lines = if lines.is_empty() && !first.is_empty() { vec![Vec::new()] } else { lines };
        for (n, pieces) in lines.into_iter().enumerate() {
            let mut all = if n == 0 { first.clone() } else { rest.clone() };
            let lead = all.len();
            all.extend(pieces);
            self.out.lines.push(Line { pieces: all, lead, at: block.span.start, joins: words && n > 0 });
        }
        for (n, link) in block.links.iter().enumerate() {
            let at = self.out.lines.iter().enumerate().skip(start);
            let mut at = at.filter(|(_, line)| line.pieces.iter().any(|piece| piece.link == Some(links + n)));
            let line = at.next().map_or(from, |(line, _)| line);
            self.out.links.push((link.url.clone(), line));
        }
    }

    /// What leads the first line of a block, and what leads the others.
    fn prefix(&self, block: &Block) -> (Vec<Piece>, Vec<Piece>) {
        let glyphs = self.layout.glyphs;
        let (mut first, mut rest) = (Vec::new(), Vec::new());
        let mut depth = 0;
        for nest in &block.nest {
            let (one, other, role) = match nest {
                Nest::Quote => {
                    let bar = format!("{} ", glyphs.bar);
                    (bar.clone(), bar, Role::Rule)
                }
                Nest::Callout { kind, .. } => {
                    let bar = format!("{} ", glyphs.thick);
                    (bar.clone(), bar, callout(*kind).1)
                }
                Nest::Item { marker, first } => {
                    let sign = sign(*marker, depth, glyphs);
                    depth += 1;
                    let blank = " ".repeat(width(&sign));
                    (if *first { sign } else { blank.clone() }, blank, Role::Accent)
                }
                Nest::Note { label, first } => {
                    let sign = format!("[{}] ", fit(label, 12));
                    let blank = " ".repeat(width(&sign));
                    (if *first { sign } else { blank.clone() }, blank, Role::Accent)
                }
            };
            first.push(Piece::new(one, role));
            rest.push(Piece::new(other, role));
        }
        // However deep it nests, there stays room for words.
        let total = |pieces: &[Piece]| pieces.iter().map(|piece| width(&piece.text)).sum::<usize>();
        while !rest.is_empty() && total(&rest) + 12 > self.layout.columns {
            rest.remove(0);
            first.remove(0);
        }
        (first, rest)
    }

    fn callout_title(&mut self, block: &Block, rest: &[Piece]) {
        for (depth, nest) in block.nest.iter().enumerate() {
            if let Nest::Callout { kind, first: true } = nest {
                let (name, role) = callout(*kind);
                let mut pieces: Vec<Piece> = rest.iter().take(depth + 1).cloned().collect();
                let lead = pieces.len();
                pieces.push(Piece { add: Modifier::BOLD, ..Piece::new(name, role) });
                self.out.lines.push(Line { pieces, lead, at: block.span.start, joins: false });
            }
        }
    }

    fn role(&self, block: &Block) -> Role {
        match block.nest.last() {
            Some(Nest::Quote | Nest::Note { .. }) => Role::Muted,
            _ => Role::Text,
        }
    }

    fn table(
        &mut self,
        block: &Block,
        aligns: &[crate::content::doc::Align],
        rows: &[Vec<crate::content::doc::Cell>],
        links: usize,
        columns: usize,
    ) -> Vec<Vec<Piece>> {
        let shift = self.layout.shifts.get(&block.span.start).copied().unwrap_or(0);
        let grid = grid(aligns, rows, links, columns, shift, self.layout.glyphs);
        let mut lines = grid.lines;
        if !self.layout.scrolls {
            let mut window = grid.window;
            while let Some(Window { last, .. }) = window.filter(|window| window.last < window.of) {
                let next = super::grid::grid(aligns, rows, links, columns, last, self.layout.glyphs);
                lines.push(Vec::new());
                lines.extend(next.lines);
                window = next.window;
            }
            return lines;
        }
        if let Some(Window { first, last, of }) = grid.window {
            let glyphs = self.layout.glyphs;
            let span =
                if first == last { format!("column {first}") } else { format!("columns {first}{}{last}", glyphs.dash) };
            let words = format!("{} {span} of {of} {}", glyphs.left, glyphs.right);
            lines.push(vec![Piece::new(fit(&words, columns), Role::Muted)]);
            let from = self.out.lines.len();
            self.out.wide.push(Wide {
                at: block.span.start,
                first: from,
                last: from + lines.len(),
                shift,
                most: if last < of { of.saturating_sub(1) } else { shift.min(of.saturating_sub(1)) },
            });
        }
        lines
    }

    /// The fence behind a comparison shows as a caption.
    fn caption(&self, block: &Block, columns: usize) -> Vec<Vec<Piece>> {
        let caption = table::caption(block);
        caption.map_or_else(Vec::new, |caption| {
            vec![vec![Piece { add: Modifier::ITALIC, ..Piece::new(fit(&caption, columns), Role::Muted) }]]
        })
    }

    fn code(&mut self, info: &str, text: &str, at: usize, columns: usize, _lead: usize) -> Vec<Vec<Piece>> {
        let glyphs = self.layout.glyphs;
        let language = info.split([' ', ',', '{']).next().unwrap_or("").to_owned();
        let bar = format!("{} ", glyphs.bar);
        let room = columns.saturating_sub(width(&bar) + 1).max(1);
        let widest = text.lines().map(width).max().unwrap_or(0);
        let room = if self.layout.scrolls { room } else { room.max(widest) };
        let shift = self.layout.shifts.get(&at).copied().unwrap_or(0);
        let skip = (shift * STEP).min(widest.saturating_sub(room));
        let colours = self.layout.colours.get(&at);
        let mut lines = Vec::new();
        let head = if language.is_empty() { String::new() } else { fit(&language, room).into_owned() };
        if !head.is_empty() {
            let blank = room.saturating_sub(width(&head)) + 1;
            lines.push(vec![
                Piece::new(bar.clone(), Role::Rule),
                Piece::new(" ".repeat(blank), Role::Block),
                Piece { add: Modifier::DIM, ..Piece::new(head, Role::Block) },
            ]);
        }
        for (n, line) in text.lines().enumerate() {
            let mut pieces = vec![Piece::new(bar.clone(), Role::Rule)];
            let plain = [(line.len(), Role::Block)];
            let spans = colours.and_then(|colours| colours.get(n)).map_or(&plain[..], Vec::as_slice);
            let used = cut(line, spans, skip, room, glyphs.more, &mut pieces);
            pieces.push(Piece::new(" ".repeat((room + 1).saturating_sub(used)), Role::Block));
            lines.push(pieces);
        }
        let from = self.out.lines.len();
        self.out.codes.push(Code { at, language, text: text.to_owned(), first: from, last: from + lines.len() });
        if widest > room {
            let most = (widest - room).div_ceil(STEP);
            self.out.wide.push(Wide { at, first: from, last: from + lines.len(), shift: shift.min(most), most });
        }
        lines
    }
}

/// The part of a line between two columns, in its colours; the columns that it takes.
fn cut(line: &str, spans: &[(usize, Role)], skip: usize, room: usize, more: &str, out: &mut Vec<Piece>) -> usize {
    let mut spans = spans.iter().copied();
    let (mut left, mut role) = spans.next().unwrap_or((usize::MAX, Role::Block));
    let (mut column, mut used) = (0, 0);
    let total = width(line);
    let (before, after) = (skip > 0 && total > 0, total > skip + room);
    if before {
        out.push(Piece::new(more, Role::Muted));
        used += 1;
    }
    for grapheme in line.graphemes(true) {
        while left == 0 {
            (left, role) = spans.next().unwrap_or((usize::MAX, Role::Block));
        }
        let wide = grapheme_width(grapheme);
        let from = column;
        column += wide;
        left = left.saturating_sub(grapheme.len());
        if from < skip + usize::from(before) {
            continue;
        }
        if used + wide > room - usize::from(after) {
            break;
        }
        match out.last_mut() {
            Some(last) if last.role == role && last.text != more => last.text.push_str(grapheme),
            _ => out.push(Piece::new(grapheme, role)),
        }
        used += wide;
    }
    if after {
        out.push(Piece::new(more, Role::Muted));
        used += 1;
    }
    used
}

fn sign(marker: Marker, depth: usize, glyphs: &Glyphs) -> String {
    match marker {
        Marker::Bullet => format!("{} ", glyphs.bullets.get(depth % 3).unwrap_or(&"-")),
        Marker::Number(n) => format!("{n}. "),
        Marker::Task(true) => format!("{} ", glyphs.done),
        Marker::Task(false) => format!("{} ", glyphs.open),
    }
}

fn callout(kind: Callout) -> (&'static str, Role) {
    match kind {
        Callout::Note => ("Note", Role::Note),
        Callout::Tip => ("Tip", Role::Tip),
        Callout::Important => ("Important", Role::Important),
        Callout::Warning => ("Warning", Role::Warning),
        Callout::Caution => ("Caution", Role::Caution),
    }
}

/// The meta line of a lesson: minutes to read, with their noun.
#[must_use]
pub fn minutes(n: usize) -> String {
    format!("{} to read", count(n, "minute"))
}
