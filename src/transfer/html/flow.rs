//! A text as flat blocks in one normal form: what is equal here says the same in HTML and in Markdown.

use super::{CLOSE, OPEN};
use crate::content::doc::{Block, Body as Leaf, Link, Marker, Nest, Run};

/// Containers deeper than this are left out.
pub const DEEPEST: usize = 8;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The quotes and items around it, from the outside in.
    pub nest: Vec<Level>,
    pub body: Body,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Quote,
    Item {
        /// The number of an item that has one.
        number: Option<u64>,
        first: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Text(Vec<Bit>),
    Code { info: String, text: String },
    Table(Vec<Vec<Vec<Bit>>>),
    Rule,
}

/// A piece of text in one look; a break of the line is a piece of its own, `"\n"`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bit {
    pub text: String,
    pub look: Look,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the four marks combine freely")]
pub struct Look {
    pub strong: bool,
    pub emphasis: bool,
    pub strike: bool,
    pub code: bool,
    pub link: Option<String>,
}

impl Look {
    /// What both have.
    fn shared(&self, other: &Self) -> Self {
        Self {
            strong: self.strong && other.strong,
            emphasis: self.emphasis && other.emphasis,
            strike: self.strike && other.strike,
            code: self.code && other.code,
            link: self.link.clone().filter(|link| other.link.as_ref() == Some(link)),
        }
    }
}

/// Whether a link may lead there: to the web or to a mail address.
#[must_use]
pub fn safe(url: &str) -> bool {
    ["https://", "http://", "mailto:"].iter().any(|start| url.starts_with(start) && url.len() > start.len())
        && !url.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\\\"'`".contains(c))
}

/// The blocks of a Markdown text.
#[must_use]
pub fn from_blocks(blocks: Vec<Block>) -> Vec<Flow> {
    let mut out = Vec::new();
    for block in blocks {
        let mut task = None;
        let mut nest = Vec::new();
        for level in &block.nest {
            match level {
                Nest::Quote | Nest::Callout { .. } => nest.push(Level::Quote),
                Nest::Item { marker, first } => {
                    let number = if let Marker::Number(number) = marker { Some(*number) } else { None };
                    if let (Marker::Task(done), true) = (marker, *first) {
                        task = Some(if *done { "[x] " } else { "[ ] " });
                    }
                    nest.push(Level::Item { number, first: *first });
                }
                Nest::Note { .. } => {}
            }
        }
        let bits = |runs: Vec<Run>| bits(runs, &block.links);
        let body = match block.body {
            Leaf::Text(runs) => {
                let mut found = bits(runs);
                if let Some(mark) = task {
                    found.insert(0, Bit { text: mark.to_owned(), look: Look::default() });
                }
                Body::Text(found)
            }
            Leaf::Heading(heading) => Body::Text(
                bits(heading.runs)
                    .into_iter()
                    .map(|bit| Bit { look: Look { strong: true, ..bit.look }, ..bit })
                    .collect(),
            ),
            Leaf::Code { info, text, .. } => Body::Code { info, text },
            Leaf::Table { rows, .. } => {
                Body::Table(rows.into_iter().map(|row| row.into_iter().map(|cell| bits(cell.runs)).collect()).collect())
            }
            Leaf::Rule => Body::Rule,
        };
        out.push(Flow { nest, body });
    }
    out
}

fn bits(runs: Vec<Run>, links: &[Link]) -> Vec<Bit> {
    let look = |run: &Run| Look {
        strong: run.style.strong,
        emphasis: run.style.emphasis,
        strike: run.style.strike,
        code: run.style.code,
        link: run.link.and_then(|at| links.get(at)).map(|link| link.url.clone()),
    };
    runs.into_iter().map(|run| Bit { look: look(&run), text: run.text }).collect()
}

/// Brings blocks into the normal form: spaces are single and look like what is on both sides of them, paragraphs end
/// where two lines break, items are counted from one.
#[must_use]
pub fn normal(flows: Vec<Flow>) -> Vec<Flow> {
    let mut out: Vec<Flow> = Vec::new();
    for flow in flows {
        let mut nest = flow.nest;
        nest.truncate(DEEPEST);
        // An item whose first part said nothing begins with the next.
        let mut add = |body: Body, out: &mut Vec<Flow>| {
            let mut levels = nest.clone();
            count(&mut levels, out.last());
            out.push(Flow { nest: levels, body });
            for level in &mut nest {
                if let Level::Item { first, .. } = level {
                    *first = false;
                }
            }
        };
        match flow.body {
            Body::Text(bits) => {
                for bits in paragraphs(bits) {
                    add(Body::Text(bits), &mut out);
                }
            }
            Body::Code { info, text } => {
                let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
                let text = lines.join("\n");
                let text = text.trim_matches('\n');
                if !text.trim().is_empty() {
                    let word = info.split_whitespace().next().unwrap_or("");
                    let known = |c: char| c.is_ascii_alphanumeric() || "+-#_".contains(c);
                    let info = if word.chars().all(known) { word } else { "" };
                    add(Body::Code { info: info.to_owned(), text: text.to_owned() }, &mut out);
                }
            }
            Body::Table(rows) => {
                let wide = rows.iter().map(Vec::len).max().unwrap_or(0);
                let cell = |bits: Vec<Bit>| {
                    let bits = bits.into_iter().map(|bit| Bit { text: bit.text.replace('\n', " "), ..bit }).collect();
                    paragraphs(bits).into_iter().next().unwrap_or_default()
                };
                let rows: Vec<Vec<Vec<Bit>>> = rows
                    .into_iter()
                    .filter(|row| !row.is_empty())
                    .map(|row| {
                        let mut row: Vec<Vec<Bit>> = row.into_iter().map(cell).collect();
                        row.resize(wide, Vec::new());
                        row
                    })
                    .collect();
                if rows.iter().flatten().any(|cell| !cell.is_empty()) {
                    add(Body::Table(rows), &mut out);
                }
            }
            Body::Rule => add(Body::Rule, &mut out),
        }
    }
    out
}

/// Gives items their numbers, which go on from the block before.
fn count(levels: &mut [Level], before: Option<&Flow>) {
    let mut before = before.map(|flow| flow.nest.as_slice());
    for level in levels {
        let known = before.and_then(|nest| nest.split_first());
        before = match (level, known) {
            (Level::Item { number, first }, Some((Level::Item { number: last, .. }, rest)))
                if number.is_some() == last.is_some() =>
            {
                if *first {
                    *number = last.map(|last| last + 1);
                    None
                } else {
                    *number = *last;
                    Some(rest)
                }
            }
            (Level::Item { number, first }, _) => {
                *first = true;
                *number = number.map(|_| 1);
                None
            }
            (Level::Quote, Some((Level::Quote, rest))) => Some(rest),
            (Level::Quote, _) => None,
        };
    }
}

/// Bits in the normal form, by paragraph.
fn paragraphs(bits: Vec<Bit>) -> Vec<Vec<Bit>> {
    let mut looks: Vec<Look> = Vec::new();
    // Characters with their looks; blank ones are decided when the next one is known.
    let mut chars: Vec<(char, usize)> = Vec::new();
    let mut blank: Option<usize> = None;
    let mut out: Vec<Vec<Bit>> = Vec::new();
    let same = |looks: &mut Vec<Look>, look: Look| {
        looks.iter().rposition(|known| *known == look).unwrap_or_else(|| {
            looks.push(look);
            looks.len() - 1
        })
    };
    for bit in bits {
        let mut look = bit.look;
        look.link = look.link.filter(|url| safe(url));
        let bare = same(&mut looks, Look { code: false, ..look.clone() });
        let own = same(&mut looks, look);
        for c in bit.text.chars() {
            if c == '\n' {
                blank = Some(blank.unwrap_or(0) + 1);
            } else if c.is_whitespace() {
                blank.get_or_insert(0);
            } else {
                // The marks of gaps are not part of code.
                let at = if [OPEN, CLOSE].contains(&c) { bare } else { own };
                if let Some(lines) = blank.take()
                    && let Some((_, last)) = chars.last().copied()
                {
                    match lines {
                        0 => {
                            let (left, right) = (looks.get(last).cloned(), looks.get(at).cloned());
                            let shared = left.unwrap_or_default().shared(&right.unwrap_or_default());
                            let between = same(&mut looks, shared);
                            chars.push((' ', between));
                        }
                        1 => {
                            let none = same(&mut looks, Look::default());
                            chars.push(('\n', none));
                        }
                        _ => out.push(gathered(&std::mem::take(&mut chars), &looks)),
                    }
                }
                chars.push((c, at));
            }
        }
    }
    if !chars.is_empty() {
        out.push(gathered(&chars, &looks));
    }
    out
}

fn gathered(chars: &[(char, usize)], looks: &[Look]) -> Vec<Bit> {
    let mut out: Vec<(Bit, usize)> = Vec::new();
    for (c, at) in chars {
        match out.last_mut() {
            Some((bit, last)) if last == at && *c != '\n' && bit.text != "\n" => bit.text.push(*c),
            _ => out.push((Bit { text: c.to_string(), look: looks.get(*at).cloned().unwrap_or_default() }, *at)),
        }
    }
    out.into_iter().map(|(bit, _)| bit).collect()
}

/// Takes the links off, and the code that a reader of gaps would stumble over.
pub fn unlinked(flows: &mut [Flow]) {
    for flow in flows {
        if let Body::Text(bits) = &mut flow.body {
            for bit in bits {
                bit.look.link = None;
                if bit.text.contains('`') {
                    bit.look.code = false;
                }
            }
        }
    }
}

/// The same words as paragraphs without any look, which any text can be written as.
#[must_use]
pub fn plain(flows: &[Flow]) -> Vec<Flow> {
    let bare = |bits: &[Bit]| -> String { bits.iter().map(|bit| bit.text.as_str()).collect() };
    let text = |text: String| Flow { nest: Vec::new(), body: Body::Text(vec![Bit { text, look: Look::default() }]) };
    let flows = flows
        .iter()
        .map(|flow| {
            text(match &flow.body {
                Body::Text(bits) => bare(bits),
                Body::Code { text, .. } => text.clone(),
                Body::Table(rows) => {
                    let line = |row: &Vec<Vec<Bit>>| row.iter().map(|cell| bare(cell)).collect::<Vec<_>>().join(" | ");
                    rows.iter().map(line).collect::<Vec<_>>().join("\n")
                }
                Body::Rule => String::new(),
            })
        })
        .collect();
    normal(flows)
}
