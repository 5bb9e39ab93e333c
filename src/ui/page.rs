//! A document on a page: laid out piece by piece as it is looked at, and walked by lines.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::glyphs::Glyphs;
use super::line::Line;
use super::prose::{Code, Colours, Laid, Layout, Wide, lay};
use super::search::{Hit, Needle, hits};
use crate::content::chunk::Doc;

/// A line of the page: a piece of the document and a line in it.
pub type Spot = (usize, usize);

/// Pieces further than this from where one reads are laid out again when they are needed.
const NEAR: usize = 64;
/// Above so many bytes, hits are not counted: the next one is looked for instead.
const COUNTED: usize = 4 * 1024 * 1024;

pub struct Page {
    doc: Doc<'static>,
    columns: usize,
    glyphs: &'static Glyphs,
    /// Lines above the document: title, level, minutes.
    masthead: Vec<Line>,
    shifts: BTreeMap<usize, usize>,
    colours: BTreeMap<usize, Colours>,
    laid: BTreeMap<usize, Laid>,
    /// The first line that is shown.
    top: Spot,
    height: usize,
}

impl Page {
    /// A page of the text from the byte `body` on.
    pub fn new(text: Cow<'static, str>, body: usize, glyphs: &'static Glyphs) -> Self {
        Self {
            doc: Doc::new(text, body),
            columns: 0,
            glyphs,
            masthead: Vec::new(),
            shifts: BTreeMap::new(),
            colours: BTreeMap::new(),
            laid: BTreeMap::new(),
            top: (0, 0),
            height: 1,
        }
    }

    /// Takes the size of the page and the lines above the document; one stays where one read.
    pub fn fit(&mut self, columns: usize, height: usize, masthead: Vec<Line>) {
        self.height = height.max(1);
        if self.columns != columns || self.masthead != masthead {
            let at = self.at();
            let above = self.top.0 == 0 && (self.top.1 == 0 || self.top.1 < self.masthead.len());
            self.columns = columns;
            self.masthead = masthead;
            self.laid.clear();
            self.top = if above { (0, 0) } else { self.spot_of(at) };
        }
        self.settle();
    }

    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    #[must_use]
    pub fn top(&self) -> Spot {
        self.top
    }

    #[must_use]
    pub fn text(&self) -> &str {
        self.doc.text()
    }

    /// The byte of the block at the top.
    #[must_use]
    pub fn at(&self) -> usize {
        let start = self.doc.span(self.top.0).start;
        self.laid.get(&self.top.0).and_then(|laid| laid.lines.get(self.top.1)).map_or(start, |line| line.at.max(start))
    }

    /// How much of the document lies above the end of the page, in hundredths.
    #[must_use]
    pub fn percent(&self) -> usize {
        let (first, end) = (self.doc.span(0).start, self.doc.span(self.doc.len().saturating_sub(1)).end);
        if self.ends() {
            return 100;
        }
        let span = self.doc.span(self.top.0);
        let lines = self.laid.get(&self.top.0).map_or(1, |laid| laid.lines.len().max(1));
        let here = span.start + span.len() * self.top.1.min(lines) / lines;
        here.saturating_sub(first) * 100 / end.saturating_sub(first).max(1)
    }

    /// Whether the last line is shown.
    fn ends(&self) -> bool {
        let shown = self.shown();
        let count = self.shown().count();
        let last = shown.last().map_or((0, 0), |(spot, _)| spot);
        let full = self.laid.get(&last.0).map_or(0, |laid| laid.lines.len());
        count < self.height || (last.0 + 1 >= self.doc.len() && last.1 + 1 >= full)
    }

    fn lines(&mut self, chunk: usize) -> usize {
        if chunk >= self.doc.len().max(1) {
            return 0;
        }
        if !self.laid.contains_key(&chunk) {
            let layout = Layout {
                columns: self.columns.max(1),
                glyphs: self.glyphs,
                shifts: &self.shifts,
                scrolls: true,
                colours: &self.colours,
            };
            let mut laid = lay(&self.doc.blocks(chunk), chunk == 0, &layout);
            if chunk == 0 {
                shift(&mut laid, &self.masthead);
            }
            self.laid.insert(chunk, laid);
            if self.laid.len() > 4 * NEAR {
                let here = self.top.0;
                self.laid.retain(|at, _| at.abs_diff(here) <= NEAR || at.abs_diff(chunk) <= 2);
            }
        }
        self.laid.get(&chunk).map_or(0, |laid| laid.lines.len())
    }

    /// Moves a spot by lines as far as there are any; says how far it came.
    fn walk(&mut self, mut spot: Spot, by: isize) -> (Spot, usize) {
        let wanted = by.unsigned_abs();
        let mut left = wanted;
        while left > 0 {
            if by > 0 {
                let rest = self.lines(spot.0).saturating_sub(spot.1 + 1);
                if rest >= left {
                    return ((spot.0, spot.1 + left), wanted);
                }
                let mut next = spot.0 + 1;
                while next < self.doc.len() && self.lines(next) == 0 {
                    next += 1;
                }
                if next >= self.doc.len() {
                    return ((spot.0, spot.1 + rest), wanted - left + rest);
                }
                left -= rest + 1;
                spot = (next, 0);
            } else {
                if spot.1 >= left {
                    return ((spot.0, spot.1 - left), wanted);
                }
                let Some(before) = (0..spot.0).rev().find(|before| self.lines(*before) > 0) else {
                    return ((spot.0, 0), wanted - left + spot.1);
                };
                left -= spot.1 + 1;
                spot = (before, self.lines(before).saturating_sub(1));
            }
        }
        (spot, wanted)
    }

    /// Keeps the page filled: the last line is never further up than the foot of the page, unless all fits.
    fn settle(&mut self) {
        let (chunk, line) = self.top;
        let count = self.lines(chunk);
        self.top = (chunk.min(self.doc.len().saturating_sub(1)), line.min(count.saturating_sub(1)));
        let (_, below) = self.walk(self.top, self.height.saturating_sub(1).cast_signed());
        let missing = self.height.saturating_sub(1) - below;
        if missing > 0 {
            self.top = self.walk(self.top, -missing.cast_signed()).0;
        }
        // What is drawn is laid out before it is drawn.
        self.walk(self.top, self.height.cast_signed());
    }

    /// Scrolls by lines.
    pub fn scroll(&mut self, by: isize) {
        self.top = self.walk(self.top, by).0;
        self.settle();
    }

    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    pub fn start(&mut self) {
        self.top = (0, 0);
        self.settle();
    }

    pub fn end(&mut self) {
        let last = self.doc.len().saturating_sub(1);
        self.top = (last, self.lines(last).saturating_sub(1));
        self.settle();
    }

    /// Goes to a byte of the file: the block that holds it comes to the top.
    pub fn go(&mut self, byte: usize) {
        self.top = self.spot_of(byte);
        self.settle();
    }

    /// Shows a spot, moving only when it is not on the page; then it stands in its upper third.
    pub fn show(&mut self, spot: Spot) {
        if self.row_of(spot).is_none() {
            self.top = self.walk(spot, -(self.height / 3).cast_signed()).0;
            self.settle();
        }
    }

    /// The first line of the block that holds a byte.
    fn spot_of(&mut self, byte: usize) -> Spot {
        let chunk = self.doc.chunk_at(byte);
        self.lines(chunk);
        let lines = self.laid.get(&chunk).map_or(&[][..], |laid| &laid.lines);
        let blank = |line: &Line| line.pieces.len() <= line.lead;
        let line = lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.at <= byte && !blank(line))
            .map(|(n, line)| (line.at, n))
            .fold(None, |best: Option<(usize, usize)>, (at, n)| match best {
                Some((known, _)) if known >= at => best,
                _ => Some((at, n)),
            });
        (chunk, line.map_or(0, |(_, n)| n))
    }

    /// The lines on the page, with their spots.
    pub fn shown(&self) -> impl Iterator<Item = (Spot, &Line)> {
        let (first, skip) = self.top;
        self.laid
            .range(first..)
            .enumerate()
            .take_while(move |(n, (chunk, _))| **chunk - first <= *n + 8)
            .flat_map(|(_, (chunk, laid))| {
                laid.lines.iter().enumerate().map(move |(line, found)| ((*chunk, line), found))
            })
            .skip(skip)
            .take(self.height)
    }

    /// On which row of the page a spot is.
    #[must_use]
    pub fn row_of(&self, spot: Spot) -> Option<usize> {
        self.shown().position(|(known, _)| known == spot)
    }

    /// The links on the page, from the top: where each begins and where it leads.
    pub fn links(&self) -> Vec<(Spot, usize, String)> {
        let mut out = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for ((chunk, line), found) in self.shown() {
            for link in found.pieces.iter().filter_map(|piece| piece.link) {
                if seen.insert((chunk, link))
                    && let Some((url, _)) = self.laid.get(&chunk).and_then(|laid| laid.links.get(link))
                {
                    out.push(((chunk, line), link, url.clone()));
                }
            }
        }
        out
    }

    /// The next link from a spot on, or the one before it, with its address.
    pub fn next_link(&mut self, from: Option<(usize, usize)>, back: bool) -> Option<(Spot, usize)> {
        let here = from.unwrap_or((self.top.0, usize::MAX));
        let count = self.doc.len();
        let chunks: Vec<usize> = if back { (0..=here.0).rev().collect() } else { (here.0..count).collect() };
        for chunk in chunks.into_iter().take(200) {
            self.lines(chunk);
            let Some(laid) = self.laid.get(&chunk) else { continue };
            let mut links = laid.links.iter().enumerate().map(|(n, (_, line))| (n, *line));
            let found = match (from, back) {
                (Some((at, link)), false) if at == chunk => links.find(|(n, _)| *n > link),
                (Some((at, link)), true) if at == chunk => links.rfind(|(n, _)| *n < link),
                (None, false) if chunk == self.top.0 => links.find(|(_, line)| *line >= self.top.1),
                (None, true) if chunk == self.top.0 => links.rfind(|(_, line)| *line < self.top.1 + self.height),
                (_, false) => links.next(),
                (_, true) => links.next_back(),
            };
            if let Some((link, line)) = found {
                return Some(((chunk, line), link));
            }
        }
        None
    }

    /// Where a link leads.
    #[must_use]
    pub fn url(&self, chunk: usize, link: usize) -> Option<&str> {
        self.laid.get(&chunk)?.links.get(link).map(|(url, _)| url.as_str())
    }

    fn visible<'a, T: 'a>(
        &'a self,
        of: impl Fn(&'a Laid) -> &'a [T],
        lines: impl Fn(&T) -> (usize, usize),
    ) -> Option<&'a T> {
        let mut chunks: Vec<usize> = self.shown().map(|(spot, _)| spot.0).collect();
        chunks.dedup();
        let spots: Vec<Spot> = self.shown().map(|(spot, _)| spot).collect();
        chunks.into_iter().filter_map(|chunk| Some((chunk, self.laid.get(&chunk)?))).find_map(|(chunk, laid)| {
            of(laid).iter().find(|item| {
                let (first, last) = lines(item);
                spots.iter().any(|spot| spot.0 == chunk && spot.1 >= first && spot.1 < last)
            })
        })
    }

    /// The first code block on the page.
    #[must_use]
    pub fn code(&self) -> Option<&Code> {
        self.visible(|laid| &laid.codes, |code| (code.first, code.last))
    }

    /// The code blocks near the page that have no colours yet.
    #[must_use]
    pub fn uncoloured(&self) -> Vec<Code> {
        let (first, last) = (self.top.0.saturating_sub(1), self.top.0 + 3);
        let near = self.laid.range(first..=last).flat_map(|(_, laid)| &laid.codes);
        near.filter(|code| !code.language.is_empty() && !self.colours.contains_key(&code.at)).cloned().collect()
    }

    /// Takes the colours of a code block.
    pub fn colour(&mut self, at: usize, colours: Colours) {
        self.colours.insert(at, colours);
        let chunk = self.doc.chunk_at(at);
        self.laid.remove(&chunk);
        self.settle();
    }

    /// The first block on the page that is wider than it.
    #[must_use]
    pub fn wide(&self) -> Option<Wide> {
        self.visible(|laid| &laid.wide, |wide| (wide.first, wide.last)).copied()
    }

    /// Scrolls that block sideways.
    pub fn sideways(&mut self, by: isize) {
        let Some(wide) = self.wide() else { return };
        let shift = wide.shift.saturating_add_signed(by).min(wide.most);
        self.shifts.insert(wide.at, shift);
        let chunk = self.doc.chunk_at(wide.at);
        self.laid.remove(&chunk);
        self.settle();
    }

    /// All hits of a needle, unless the document is so large that they are not counted.
    pub fn find_all(&mut self, needle: &Needle) -> Option<Vec<(usize, Hit)>> {
        if self.doc.text().len() > COUNTED {
            return None;
        }
        let mut out = Vec::new();
        for chunk in 0..self.doc.len() {
            out.extend(self.find_in(chunk, needle).into_iter().map(|hit| (chunk, hit)));
        }
        Some(out)
    }

    /// The hits in one piece of the document.
    pub fn find_in(&mut self, chunk: usize, needle: &Needle) -> Vec<Hit> {
        let text = self.doc.text().get(self.doc.span(chunk)).unwrap_or("");
        // Emphasis may stand between two words, so only the first is looked for in the raw text.
        if !needle.is_empty()
            && !text.to_lowercase().contains(&needle.first_word().to_lowercase())
            && !text.contains(['*', '`', '_', '&', '\\'])
        {
            return Vec::new();
        }
        self.lines(chunk);
        self.laid.get(&chunk).map_or_else(Vec::new, |laid| hits(&laid.lines, needle))
    }

    #[must_use]
    pub fn chunks(&self) -> usize {
        self.doc.len()
    }
}

/// Puts lines above a piece and moves what points into it.
fn shift(laid: &mut Laid, above: &[Line]) {
    let by = above.len();
    laid.lines.splice(..0, above.iter().cloned());
    for (_, line) in &mut laid.links {
        *line += by;
    }
    for code in &mut laid.codes {
        code.first += by;
        code.last += by;
    }
    for wide in &mut laid.wide {
        wide.first += by;
        wide.last += by;
    }
}
