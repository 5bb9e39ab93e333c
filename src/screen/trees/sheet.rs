//! The text beside a map: lines that are put together part by part, and a window on them.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::content::doc::{Block, Run, Style};
use crate::content::section::Rich;
use crate::content::tree::{Node, Tree};
use crate::screen::{Look, body};
use crate::theme::Role;
use crate::ui::line::{Line, Piece, draw, fill, put};
use crate::ui::prose::{Layout, lay};
use crate::ui::say::{behind, plain};
use crate::ui::wrap::Styled;

/// From this width on the map stands beside the text.
pub const BESIDE: u16 = 76;
/// From so many columns on, names hang before their text.
const HANGING: usize = 60;

/// The text, and the map where there is room for both; `map`: the map alone is wanted where there is not.
pub fn areas(look: &Look<'_>, map: bool) -> (Rect, Rect) {
    let mut area = body(look.size);
    if area.height > 8 {
        area.y += 1;
        area.height -= 1;
    }
    let none = Rect::default();
    let margin = if area.width > 50 { 2 } else { u16::from(area.width > 24) };
    let inner = Rect::new(area.x + margin, area.y, area.width.saturating_sub(2 * margin), area.height);
    if area.width < BESIDE {
        return if map { (none, inner) } else { (inner, none) };
    }
    // Where there is much room, the map gets as much of it as the text.
    let share = if area.width < 100 { area.width * 9 / 16 } else { area.width / 2 };
    let wide = share.saturating_sub(margin).min(look.measure);
    let from = inner.x + wide + 3;
    let text = Rect::new(inner.x, area.y, wide, area.height);
    (text, Rect::new(from, area.y, area.right().saturating_sub(from + 1), area.height))
}

/// The rule between text and map.
pub fn rule(look: &Look<'_>, map: Rect, buffer: &mut Buffer) {
    if look.size.width >= BESIDE {
        for y in map.y..map.bottom() {
            put(buffer, buffer.area, map.x.saturating_sub(2), y, look.glyphs.bar, look.theme.style(Role::Rule));
        }
    }
}

/// Lines that are being put together.
pub struct Sheet<'a> {
    pub look: &'a Look<'a>,
    pub columns: usize,
    pub lines: Vec<Line>,
    /// The addresses that the pieces' links count.
    pub links: Vec<String>,
    /// Whether links can be followed; where they cannot, they are only strong words.
    pub follow: bool,
}

impl<'a> Sheet<'a> {
    pub fn new(look: &'a Look<'a>, columns: u16) -> Self {
        Self { look, columns: usize::from(columns).max(1), lines: Vec::new(), links: Vec::new(), follow: false }
    }

    /// A blank line, unless there is one already.
    pub fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.pieces.is_empty()) {
            self.lines.push(Line::default());
        }
    }

    pub fn plain(&mut self, text: &str, role: Role) {
        self.lines.extend(plain(text, self.columns, role));
    }

    /// Words behind a sign.
    pub fn signed(&mut self, sign: &str, sign_role: Role, text: &str, role: Role) {
        self.lines.extend(behind(&format!("{sign} "), sign_role, self.columns, |room| plain(text, room, role)));
    }

    /// A named text: the name hangs before it where there is room, else it runs in.
    pub fn named(&mut self, name: &str, text: &Rich, role: Role) {
        let at = self.links.len();
        let mut text = text.clone();
        if self.follow {
            self.links.extend(text.links.iter().map(|link| link.url.clone()));
        } else {
            for run in text.runs.iter_mut().filter(|run| run.link.is_some()) {
                run.link = None;
                run.style.strong = true;
            }
        }
        if self.columns >= HANGING {
            let lines = |room: usize| {
                let styled = Styled::new(&text.runs, role, at).lines(room);
                styled.into_iter().map(|pieces| Line { pieces, ..Line::default() }).collect()
            };
            self.lines.extend(behind(&format!("{name:<13}"), Role::Muted, self.columns, lines));
            return;
        }
        let strong = Style { strong: true, ..Style::default() };
        let label = Run { text: format!("{name}: "), style: strong, link: None, at: 0 };
        let runs: Vec<Run> = std::iter::once(label).chain(text.runs.iter().cloned()).collect();
        let styled = Styled::new(&runs, role, at).lines(self.columns);
        self.lines.extend(styled.into_iter().map(|pieces| Line { pieces, ..Line::default() }));
    }

    /// The same for plain words.
    pub fn told(&mut self, name: &str, text: &str, role: Role) {
        let run = Run { text: text.to_owned(), style: Style::default(), link: None, at: 0 };
        self.named(name, &Rich { runs: vec![run], ..Rich::default() }, role);
    }

    pub fn blocks(&mut self, blocks: &[Block]) {
        let (shifts, colours) = (BTreeMap::new(), BTreeMap::new());
        let layout = Layout {
            columns: self.columns,
            glyphs: self.look.glyphs,
            shifts: &shifts,
            scrolls: true,
            colours: &colours,
        };
        let laid = lay(blocks, true, &layout);
        let at = self.links.len();
        self.links.extend(laid.links.into_iter().map(|(url, _)| url));
        let lines = laid.lines.into_iter().skip_while(|line| line.pieces.is_empty());
        self.lines.extend(lines.map(|mut line| {
            for piece in &mut line.pieces {
                piece.link = piece.link.map(|link| link + at);
            }
            Line { at: 0, lead: 0, ..line }
        }));
    }

    /// The choices of a node, by number; `marked` is the one that enter takes.
    pub fn choices(&mut self, node: &Node, marked: Option<usize>) {
        for (n, choice) in node.choices.iter().enumerate() {
            self.option(n, &choice.label, &choice.note, marked == Some(n));
        }
    }

    /// A line that can be chosen: its number, its words, a few more.
    pub fn option(&mut self, n: usize, text: &str, note: &str, marked: bool) {
        let pointer = if marked { self.look.glyphs.pointer } else { " " };
        let number = if n < 9 { (n + 1).to_string() } else { " ".to_owned() };
        let role = if marked { Role::Heading3 } else { Role::Text };
        let words = if note.is_empty() { text.to_owned() } else { format!("{text}  {note}") };
        let from = text.len();
        let mut lines =
            behind(&format!("{pointer} {number}  "), Role::Accent, self.columns, |room| plain(&words, room, role));
        // The note is quieter than the choice.
        let mut read = 0;
        for piece in lines.iter_mut().flat_map(|line| line.pieces.iter_mut().skip(1)) {
            if read >= from {
                piece.role = Role::Muted;
            }
            read += piece.text.len() + 1;
        }
        if let [line] = lines.as_mut_slice()
            && !note.is_empty()
            && let Some(last) = line.pieces.pop()
        {
            line.pieces.push(Piece::new(last.text.get(..from).unwrap_or(""), role));
            line.pieces.push(Piece::new(last.text.get(from..).unwrap_or(""), Role::Muted));
        }
        self.lines.extend(lines.into_iter().map(|line| Line { at: n + 1, lead: 1, ..line }));
    }

    /// What a leaf has to say.
    pub fn leaf(&mut self, node: &Node) {
        for (name, text, role) in [
            ("Say", &node.say, Role::Text),
            ("Flips if", &node.flips, Role::Text),
            ("Tempting", &node.tempting, Role::Text),
        ] {
            if let Some(text) = text {
                self.blank();
                self.named(name, text, role);
            }
        }
    }
}

/// The labels of some choices, from the root on.
pub fn labels<'a>(tree: &'a Tree, steps: &[(usize, usize)]) -> Vec<&'a str> {
    steps
        .iter()
        .filter_map(|(node, choice)| tree.nodes.get(*node)?.choices.get(*choice))
        .map(|choice| choice.label.as_str())
        .collect()
}

/// A window on lines.
#[derive(Default)]
pub struct Pane {
    pub lines: Vec<Line>,
    pub links: Vec<String>,
    top: usize,
    height: usize,
}

impl Pane {
    /// Takes new lines; the window stays where it is as far as it can.
    pub fn set(&mut self, sheet: Sheet<'_>, height: u16) {
        self.lines = sheet.lines;
        self.links = sheet.links;
        self.height = usize::from(height);
        self.scroll(0);
    }

    pub fn height(&self) -> isize {
        self.height.max(2).cast_signed()
    }

    pub fn start(&mut self) {
        self.top = 0;
    }

    pub fn scroll(&mut self, by: isize) {
        self.top = self.top.saturating_add_signed(by).min(self.lines.len().saturating_sub(self.height));
    }

    /// Brings some lines into sight, the first of them before all others.
    pub fn show(&mut self, first: usize, last: usize) {
        if last >= self.top + self.height {
            self.top = (last + 1).saturating_sub(self.height);
        }
        self.top = self.top.min(first);
        self.scroll(0);
    }

    /// Brings a choice into sight.
    pub fn show_option(&mut self, n: usize) {
        let of = |line: &Line| line.at == n + 1;
        let (first, last) = (self.lines.iter().position(of), self.lines.iter().rposition(of));
        if let (Some(first), Some(last)) = (first, last) {
            self.show(first, last);
        }
    }

    /// The choice under a row of the window.
    pub fn option_at(&self, row: usize) -> Option<usize> {
        self.lines.get(self.top + row)?.at.checked_sub(1)
    }

    /// The links in the order of the lines.
    pub fn order(&self) -> Vec<(usize, usize)> {
        let mut out: Vec<(usize, usize)> = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            for link in line.pieces.iter().filter_map(|piece| piece.link) {
                if out.iter().all(|(_, known)| *known != link) {
                    out.push((at, link));
                }
            }
        }
        out
    }

    pub fn view(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer, focus: Option<usize>) {
        let spare = usize::from(area.height).saturating_sub(self.height);
        for (line, y) in self.lines.iter().skip(self.top).zip(area.y..area.bottom()) {
            draw(buffer, area, y, line, look.theme, focus);
        }
        if self.top + self.height + spare < self.lines.len() && area.height > 1 {
            let at = Rect::new(area.right().saturating_sub(2), area.bottom() - 1, 2, 1);
            fill(buffer, at, look.theme.style(Role::Ground));
            put(buffer, at, at.x, at.y, &format!(" {}", look.glyphs.more), look.theme.style(Role::Accent));
        }
    }
}
