//! HTML as people and editors leave it in fields, read into blocks. Total: any text gives blocks, in one pass.

use super::flow::{Bit, Body, DEEPEST, Flow, Level, Look};
use super::{CLOSE, OPEN};
use crate::text::acts;

#[derive(Default)]
pub struct Found {
    pub flows: Vec<Flow>,
    pub pictures: usize,
    pub sounds: usize,
}

/// Elements of which nothing is shown.
const SILENT: [&str; 9] = ["script", "style", "head", "title", "template", "svg", "iframe", "object", "noscript"];

/// One part of a text of HTML.
enum Part<'a> {
    Text(&'a str),
    /// A tag: its name in lower case, whether it closes, and what stands in it.
    Tag {
        name: String,
        closes: bool,
        inside: &'a str,
    },
}

/// Cuts HTML into text and tags. Comments and silent elements are gone.
fn parts(html: &str) -> Vec<Part<'_>> {
    let lower = html.to_ascii_lowercase();
    let mut out = Vec::new();
    let mut at = 0;
    let mut text = 0;
    while let Some(start) = html.get(at..).and_then(|rest| rest.find('<')).map(|found| at + found) {
        let rest = html.get(start..).unwrap_or("");
        let after = rest.get(1..).unwrap_or("");
        let end = if after.starts_with("!--") {
            Some(rest.find("-->").map_or(html.len(), |end| start + end + 3))
        } else if after.starts_with(['!', '?']) {
            rest.find('>').map(|end| start + end + 1)
        } else if after.trim_start_matches('/').starts_with(|c: char| c.is_ascii_alphabetic()) {
            tag_end(rest).map(|end| start + end)
        } else {
            at = start + 1;
            continue;
        };
        // Nothing closes from here on: the rest is text.
        let Some(mut end) = end else { break };
        out.push(Part::Text(html.get(text..start).unwrap_or("")));
        let closes = after.starts_with('/');
        let inside = html.get(start + 1..end.saturating_sub(1)).unwrap_or("").trim_start_matches('/');
        let name: String = inside.chars().take_while(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        if !closes && SILENT.contains(&name.as_str()) && !inside.ends_with('/') {
            let close = format!("</{name}");
            let shut = lower.get(end..).and_then(|rest| rest.find(&close)).map_or(html.len(), |found| end + found);
            end = html.get(shut..).and_then(|rest| rest.find('>')).map_or(html.len(), |found| shut + found + 1);
        } else if !name.is_empty() {
            out.push(Part::Tag { name, closes, inside });
        }
        at = end;
        text = end;
    }
    out.push(Part::Text(html.get(text..).unwrap_or("")));
    out
}

/// Where a tag ends that a text begins with; a bracket in quotes does not end it.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') if rest.get(..at).is_some_and(|before| before.trim_end().ends_with('=')) => {
                quote = Some(c);
            }
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    rest.find('>').map(|end| end + 1)
}

/// The value of an attribute in a tag.
fn attribute(inside: &str, wanted: &str) -> Option<String> {
    let lower = inside.to_ascii_lowercase();
    let mut at = 0;
    while let Some(found) = lower.get(at..)?.find(wanted) {
        let start = at + found;
        at = start + wanted.len();
        let apart = lower.get(..start)?.ends_with(|c: char| c.is_whitespace() || c == '"' || c == '\'');
        if let Some(value) = inside.get(at..)?.trim_start().strip_prefix('=').filter(|_| apart) {
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| ['"', '\''].contains(c));
            let value = match quote {
                Some(quote) => value.get(1..)?.split(quote).next()?,
                None => value.split(|c: char| c.is_whitespace()).next()?,
            };
            return Some(decode(value));
        }
    }
    None
}

const NAMED: &str = "amp & lt < gt > quot \" apos ' copy © reg ® trade ™ hellip … mdash — ndash – lsquo ‘ rsquo ’ \
    ldquo “ rdquo ” sbquo ‚ bdquo „ laquo « raquo » bull • middot · times × divide ÷ deg ° plusmn ± larr ← rarr → \
    uarr ↑ darr ↓ harr ↔ rArr ⇒ lArr ⇐ hArr ⇔ le ≤ ge ≥ ne ≠ asymp ≈ equiv ≡ infin ∞ sum ∑ prod ∏ radic √ int ∫ \
    part ∂ forall ∀ exist ∃ isin ∈ notin ∉ sub ⊂ sup ⊃ cap ∩ cup ∪ and ∧ or ∨ not ¬ empty ∅ minus − frac12 ½ \
    frac14 ¼ frac34 ¾ sup1 ¹ sup2 ² sup3 ³ micro µ euro € pound £ yen ¥ cent ¢ sect § para ¶ dagger † permil ‰ \
    prime ′ iexcl ¡ iquest ¿ alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ \
    mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ \
    Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω agrave à aacute á acirc â atilde ã auml ä aring å aelig æ ccedil ç egrave è \
    eacute é ecirc ê euml ë igrave ì iacute í icirc î iuml ï ntilde ñ ograve ò oacute ó ocirc ô otilde õ ouml ö \
    oslash ø ugrave ù uacute ú ucirc û uuml ü yacute ý yuml ÿ szlig ß Agrave À Aacute Á Acirc Â Atilde Ã Auml Ä \
    Aring Å AElig Æ Ccedil Ç Egrave È Eacute É Ecirc Ê Euml Ë Iacute Í Ntilde Ñ Oacute Ó Ouml Ö Oslash Ø Uacute Ú \
    Uuml Ü oelig œ OElig Œ eth ð thorn þ";

/// The character of an entity without its `&` and `;`.
fn entity(name: &str) -> Option<char> {
    if ["nbsp", "ensp", "emsp", "thinsp"].contains(&name) {
        return Some(' ');
    }
    if let Some(digits) = name.strip_prefix('#') {
        let code = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => digits.parse().ok()?,
        };
        return char::from_u32(code);
    }
    let mut words = NAMED.split_ascii_whitespace();
    while let (Some(known), Some(shown)) = (words.next(), words.next()) {
        if known == name {
            return shown.chars().next();
        }
    }
    None
}

/// Text with its entities turned into characters. What would act on a terminal is dropped.
fn decode(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split('&');
    out.push_str(pieces.next().unwrap_or(""));
    for piece in pieces {
        let found = piece.char_indices().take(12).find(|(_, c)| *c == ';');
        let known = found.and_then(|(end, _)| Some((entity(piece.get(..end)?)?, piece.get(end + 1..)?)));
        match known {
            Some((c, rest)) => {
                let c = if c == '\n' || c == '\t' || c == '\r' { ' ' } else { c };
                if !acts(c) && ![OPEN, CLOSE].contains(&c) {
                    out.push(c);
                }
                out.push_str(rest);
            }
            None => {
                out.push('&');
                out.push_str(piece);
            }
        }
    }
    out
}

/// The text of some HTML line by line, without tags.
#[must_use]
pub fn lines(html: &str) -> String {
    let mut out = String::new();
    // A block begins and ends on a line of its own.
    let mut edge = false;
    for part in parts(html) {
        match part {
            Part::Text("") => {}
            Part::Text(text) => {
                if std::mem::take(&mut edge) && !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
                out.push_str(&decode(text));
            }
            Part::Tag { name, .. } if name == "br" => out.push('\n'),
            Part::Tag { name, .. } => edge |= ["div", "p"].contains(&name.as_str()),
        }
    }
    out
}

/// Blocks of HTML.
#[must_use]
pub fn read(html: &str) -> Found {
    let mut build = Build::default();
    let html = build.silence(html);
    for part in parts(&html) {
        match part {
            Part::Text(text) => build.text(&decode(text)),
            Part::Tag { name, closes, inside } => build.tag(&name, closes, inside),
        }
    }
    build.close_code();
    build.close_table();
    build.flush();
    build.found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Box {
    Quote,
    List { ordered: bool },
    Item { ordered: bool, first: bool },
}

#[derive(Default)]
struct Build {
    found: Found,
    boxes: Vec<Box>,
    bits: Vec<Bit>,
    strong: usize,
    emphasis: usize,
    strike: usize,
    code: usize,
    links: Vec<Option<String>>,
    /// Whether the line is still empty.
    fresh: bool,
    pre: Option<(String, String)>,
    table: Option<Vec<Vec<Vec<Bit>>>>,
}

impl Build {
    /// Takes `[sound:…]` out.
    fn silence(&mut self, html: &str) -> String {
        let mut out = String::with_capacity(html.len());
        let mut rest = html;
        while let Some((before, after)) = rest.split_once("[sound:") {
            out.push_str(before);
            match after.split_once(']').filter(|(name, _)| !name.contains(['\n', '[']) && name.len() < 300) {
                Some((_, behind)) => {
                    self.found.sounds += 1;
                    rest = behind;
                }
                None => {
                    out.push_str("[sound:");
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }

    fn text(&mut self, text: &str) {
        if let Some((_, code)) = &mut self.pre {
            code.push_str(text);
            return;
        }
        if text.is_empty() {
            return;
        }
        let blank = text.trim().is_empty();
        self.fresh &= blank;
        let look = Look {
            strong: self.strong > 0,
            emphasis: self.emphasis > 0,
            strike: self.strike > 0,
            code: self.code > 0,
            link: self.links.last().cloned().flatten(),
        };
        // A break of the line in the source is but a space.
        self.bits.push(Bit { text: text.replace('\n', " "), look });
    }

    fn line(&mut self) {
        self.bits.push(Bit { text: "\n".to_owned(), look: Look::default() });
        self.fresh = true;
    }

    fn edge(&mut self) {
        if !self.fresh && !self.bits.is_empty() {
            self.line();
        }
    }

    /// Ends the paragraph.
    fn flush(&mut self) {
        let bits = std::mem::take(&mut self.bits);
        self.fresh = true;
        if let Some(row) = self.table.as_mut().and_then(|rows| rows.last_mut()) {
            if let Some(cell) = row.last_mut() {
                cell.extend(bits);
            }
            return;
        }
        if bits.iter().any(|bit| !bit.text.trim().is_empty()) {
            self.leaf(Body::Text(bits));
        }
    }

    fn leaf(&mut self, body: Body) {
        let nest = self.boxes.iter().filter_map(|level| match level {
            Box::Quote => Some(Level::Quote),
            Box::Item { ordered, first } => Some(Level::Item { number: ordered.then_some(1), first: *first }),
            Box::List { .. } => None,
        });
        let nest: Vec<Level> = nest.take(DEEPEST).collect();
        // Only what was told is no longer at its beginning.
        let mut seen = 0;
        for level in &mut self.boxes {
            if !matches!(level, Box::List { .. }) {
                seen += 1;
            }
            if let Box::Item { first, .. } = level
                && seen <= DEEPEST
            {
                *first = false;
            }
        }
        self.found.flows.push(Flow { nest, body });
    }

    fn close_code(&mut self) {
        if let Some((info, text)) = self.pre.take() {
            if self.table.is_some() {
                self.text(&text);
            } else {
                self.leaf(Body::Code { info, text });
            }
        }
    }

    fn close_table(&mut self) {
        if self.table.is_some() {
            self.flush();
            if let Some(rows) = self.table.take() {
                self.leaf(Body::Table(rows));
            }
        }
    }

    /// Closes the containers down to the last that is meant, if there is one.
    fn pop(&mut self, meant: impl Fn(Box) -> bool) {
        if let Some(at) = self.boxes.iter().rposition(|level| meant(*level)) {
            self.boxes.truncate(at);
        }
    }

    fn push(&mut self, level: Box) {
        // Far deeper than anything that is shown.
        if self.boxes.len() < 4 * DEEPEST {
            self.boxes.push(level);
        }
    }

    fn tag(&mut self, name: &str, closes: bool, inside: &str) {
        if let Some((info, code)) = &mut self.pre {
            match name {
                "br" => code.push('\n'),
                "div" if !closes && !code.is_empty() && !code.ends_with('\n') => code.push('\n'),
                "code" if !closes => {
                    let class = attribute(inside, "class").unwrap_or_default();
                    let word = class.split_whitespace().find_map(|word| word.strip_prefix("language-"));
                    word.unwrap_or("").clone_into(info);
                }
                "pre" if closes => self.close_code(),
                _ => {}
            }
            return;
        }
        let step = |count: &mut usize| *count = if closes { count.saturating_sub(1) } else { *count + 1 };
        match name {
            "b" | "strong" => step(&mut self.strong),
            "i" | "em" => step(&mut self.emphasis),
            "s" | "strike" | "del" => step(&mut self.strike),
            "code" | "kbd" | "samp" | "tt" => step(&mut self.code),
            "a" if closes => drop(self.links.pop()),
            "a" => self.links.push(attribute(inside, "href")),
            "br" => self.line(),
            "img" => {
                self.found.pictures += 1;
                let source = attribute(inside, "src").unwrap_or_default();
                let file = source.rsplit('/').next().unwrap_or("").trim();
                let known = !file.is_empty() && file.len() < 100 && !source.starts_with("data:");
                self.text(&if known { format!("(picture {file})") } else { "(picture)".to_owned() });
            }
            "sup" if !closes => self.text("^"),
            "sub" if !closes => self.text("_"),
            "rt" => self.text(if closes { ")" } else { "(" }),
            _ => self.container(name, closes),
        }
    }

    fn container(&mut self, name: &str, closes: bool) {
        if self.table.is_some() && !["table", "tr", "td", "th"].contains(&name) {
            if ["p", "div", "li", "pre", "blockquote", "ul", "ol", "hr"].contains(&name) {
                self.text(" ");
            }
            return;
        }
        match name {
            "div" | "section" | "article" | "dl" | "dt" | "dd" | "center" | "header" | "footer" => self.edge(),
            "p" => self.flush(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.strong = if closes { self.strong.saturating_sub(1) } else { self.strong + 1 };
            }
            "hr" => {
                self.flush();
                self.leaf(Body::Rule);
            }
            "blockquote" => {
                self.flush();
                if closes { self.pop(|level| level == Box::Quote) } else { self.push(Box::Quote) }
            }
            "ul" | "ol" => {
                self.flush();
                let ordered = name == "ol";
                if closes {
                    self.pop(|level| level == Box::List { ordered });
                } else {
                    self.push(Box::List { ordered });
                }
            }
            "li" => {
                self.flush();
                // An item ends where the next one of its list begins.
                let list = self.boxes.iter().rposition(|level| matches!(level, Box::List { .. }));
                let item = self.boxes.iter().rposition(|level| matches!(level, Box::Item { .. }));
                if let Some(item) = item.filter(|item| list.is_none_or(|list| list < *item)) {
                    self.boxes.truncate(item);
                }
                if !closes {
                    let ordered = match self.boxes.last() {
                        Some(Box::List { ordered }) => *ordered,
                        _ => false,
                    };
                    self.push(Box::Item { ordered, first: true });
                }
            }
            "pre" if !closes => {
                self.flush();
                self.pre = Some((String::new(), String::new()));
            }
            "table" if closes => self.close_table(),
            "table" if self.table.is_none() => {
                self.flush();
                self.table = Some(Vec::new());
            }
            "tr" if !closes => {
                self.flush();
                if let Some(rows) = &mut self.table {
                    rows.push(Vec::new());
                }
            }
            "td" | "th" if !closes => {
                self.flush();
                if let Some(rows) = &mut self.table {
                    if rows.is_empty() {
                        rows.push(Vec::new());
                    }
                    rows.last_mut().into_iter().for_each(|row| row.push(Vec::new()));
                }
            }
            _ => {}
        }
    }
}
