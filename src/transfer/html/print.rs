//! Blocks as Markdown. What is printed is parsed again at once: the lightest way of writing that says the same is taken.

use super::flow::{Bit, Body, Flow, Level, Look, plain};
use super::parsed;
use crate::transfer::deck::guard;

/// How much is escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Care {
    Nothing,
    Marks,
    All,
}

/// A way to write a paragraph.
#[derive(Clone, Copy)]
struct Way {
    care: Care,
    emphasis: char,
    /// Whether brackets must never look like a gap.
    gaps: bool,
}

const WAYS: [(Care, char); 6] = [
    (Care::Nothing, '*'),
    (Care::Nothing, '_'),
    (Care::Marks, '*'),
    (Care::Marks, '_'),
    (Care::All, '*'),
    (Care::All, '_'),
];

/// Markdown that says what the blocks say, or at least their words.
#[must_use]
pub fn print(flows: &[Flow], gaps: bool) -> String {
    for tight in [true, false] {
        let text = guard(&whole(flows, tight, gaps));
        if parsed(&text) == flows {
            return text;
        }
    }
    guard(&whole(&plain(flows), false, gaps))
}

fn whole(flows: &[Flow], tight: bool, gaps: bool) -> String {
    let mut out = String::new();
    let mut before: Option<&Flow> = None;
    for flow in flows {
        if let Some(before) = before {
            out.push('\n');
            let close = tight && items(before) && items(flow) && opens(flow);
            if !close {
                out.push_str(shared(before, flow).trim_end());
                out.push('\n');
            }
        }
        let (first, rest) = margins(flow);
        for (n, line) in body(&flow.body, gaps).split('\n').enumerate() {
            if n > 0 {
                out.push('\n');
            }
            let margin = if n == 0 { &first } else { &rest };
            out.push_str(if line.is_empty() { margin.trim_end() } else { margin });
            out.push_str(line);
        }
        before = Some(flow);
    }
    out
}

fn items(flow: &Flow) -> bool {
    matches!((flow.nest.last(), &flow.body), (Some(Level::Item { .. }), Body::Text(_)))
}

fn opens(flow: &Flow) -> bool {
    matches!(flow.nest.last(), Some(Level::Item { first: true, .. }))
}

fn marker(number: Option<u64>) -> String {
    number.map_or_else(|| "- ".to_owned(), |number| format!("{number}. "))
}

/// What stands before the first line of a block and before the others.
fn margins(flow: &Flow) -> (String, String) {
    let (mut first, mut rest) = (String::new(), String::new());
    for level in &flow.nest {
        match level {
            Level::Quote => {
                first.push_str("> ");
                rest.push_str("> ");
            }
            Level::Item { number, first: opens } => {
                let mark = marker(*number);
                let blank = " ".repeat(mark.len());
                first.push_str(if *opens { &mark } else { &blank });
                rest.push_str(&blank);
            }
        }
    }
    (first, rest)
}

/// What stands in the blank line between two blocks: the containers that go on.
fn shared(before: &Flow, flow: &Flow) -> String {
    let mut out = String::new();
    for (left, right) in before.nest.iter().zip(&flow.nest) {
        match (left, right) {
            (Level::Quote, Level::Quote) => out.push_str("> "),
            (Level::Item { .. }, Level::Item { number, first: false }) => {
                out.push_str(&" ".repeat(marker(*number).len()));
            }
            _ => break,
        }
    }
    out
}

fn body(body: &Body, gaps: bool) -> String {
    match body {
        Body::Text(bits) => paragraph(bits, gaps),
        Body::Code { info, text } => {
            let inside = |mark: &str| text.lines().any(|line| line.trim_start().starts_with(mark));
            let fence = if inside("```") { "~~~" } else { "```" };
            format!("{fence}{info}\n{text}\n{fence}")
        }
        Body::Table(rows) => {
            let line = |row: &Vec<Vec<Bit>>| {
                let cells: Vec<String> = row.iter().map(|bits| paragraph(bits, gaps).replace('|', "\\|")).collect();
                format!("| {} |", cells.join(" | ")).replace("\\\\|", "\\|")
            };
            let mut lines: Vec<String> = rows.iter().map(line).collect();
            let wide = rows.first().map_or(1, Vec::len);
            lines.insert(lines.len().min(1), format!("|{}", " --- |".repeat(wide)));
            lines.join("\n")
        }
        Body::Rule => "***".to_owned(),
    }
}

fn paragraph(bits: &[Bit], gaps: bool) -> String {
    let wanted = [Flow { nest: Vec::new(), body: Body::Text(bits.to_vec()) }];
    for (care, emphasis) in WAYS {
        let text = guard(&inline(bits, Way { care, emphasis, gaps }));
        if parsed(&text) == wanted {
            return text;
        }
    }
    let bare: Vec<Bit> = bits.iter().map(|bit| Bit { text: bit.text.clone(), look: Look::default() }).collect();
    inline(&bare, Way { care: Care::All, emphasis: '*', gaps })
}

/// The marks that are open, from the outside in.
#[derive(Clone, PartialEq, Eq)]
enum Mark {
    Link(String),
    Strong,
    Strike,
    Emphasis,
}

impl Mark {
    fn held(&self, look: &Look) -> bool {
        match self {
            Self::Link(url) => look.link.as_ref() == Some(url),
            Self::Strong => look.strong,
            Self::Strike => look.strike,
            Self::Emphasis => look.emphasis,
        }
    }

    fn open(&self, way: Way) -> String {
        match self {
            Self::Link(_) => "[".to_owned(),
            other => other.close(way),
        }
    }

    fn close(&self, way: Way) -> String {
        match self {
            Self::Link(url) if url.contains(['(', ')', '&', '*', '_']) => format!("](<{url}>)"),
            Self::Link(url) => format!("]({url})"),
            Self::Strong => "**".to_owned(),
            Self::Strike => "~~".to_owned(),
            Self::Emphasis => way.emphasis.to_string(),
        }
    }
}

fn inline(bits: &[Bit], way: Way) -> String {
    let mut out = String::new();
    let mut open: Vec<Mark> = Vec::new();
    let mut bits = bits.iter().peekable();
    while let Some(bit) = bits.next() {
        // A mark that does not go on closes, and with it all that were opened behind it.
        let keep = open.iter().position(|mark| !mark.held(&bit.look)).unwrap_or(open.len());
        while open.len() > keep {
            open.pop().iter().for_each(|mark| out.push_str(&mark.close(way)));
        }
        let link = bit.look.link.clone().map(Mark::Link);
        let mut missing: Vec<Mark> = link.into_iter().chain([Mark::Strong, Mark::Strike, Mark::Emphasis]).collect();
        missing.retain(|mark| mark.held(&bit.look) && !open.contains(mark));
        // What goes on longer is opened first.
        missing.sort_by_key(|mark| {
            let longer = bits.peek().is_some_and(|next| mark.held(&next.look));
            (!matches!(mark, Mark::Link(_)), !longer)
        });
        for mark in missing {
            out.push_str(&mark.open(way));
            open.push(mark);
        }
        if bit.text == "\n" {
            out.push_str("\\\n");
        } else if bit.look.code {
            out.push_str(&span(&bit.text));
        } else {
            escaped(&bit.text, way, &mut out);
        }
    }
    while let Some(mark) = open.pop() {
        out.push_str(&mark.close(way));
    }
    out
}

/// A span of code, with enough marks around it.
fn span(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let marks = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{marks}{pad}{text}{pad}{marks}")
}

fn escaped(text: &str, way: Way, out: &mut String) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        // Other readers of Markdown would take it for a tag.
        let tag = c == '<' && chars.peek().is_some_and(|next| next.is_ascii_alphabetic() || "/!?".contains(*next));
        let marked = match way.care {
            Care::Nothing => tag,
            Care::Marks => "\\`*_[]<>~#|&".contains(c),
            Care::All => c.is_ascii_punctuation(),
        };
        if marked || (way.gaps && "[]".contains(c)) || (way.gaps && c == '\\') {
            out.push('\\');
        }
        out.push(c);
    }
}
