//! Cuts a document into pieces that can be parsed alone, so that a page of a huge file costs a page.
//!
//! A piece begins at an ATX heading in the first column, or, when it has grown long, at a blank line before a plain
//! paragraph: both end every list, quote and table, so parsing the pieces one by one gives the blocks of the whole.
//! Fenced code and HTML comments are stepped over. Link and footnote definitions reach the whole document; they are
//! collected here and lent to the pieces that name them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::doc::{Block, Span};
use super::parse;

/// A piece that is longer than this is cut at the next safe blank line.
const LONG: usize = 16 * 1024;
/// A piece that is longer than this is cut at the next line, safe or not: opening stays bounded for any input.
const LONGEST: usize = 256 * 1024;

/// The pieces of a text and the definitions that hold everywhere in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunks {
    pub spans: Vec<Span>,
    /// Label, in lower case, to the line that defines it. Footnotes keep their `^`.
    pub definitions: BTreeMap<String, Span>,
}

/// A text cut into pieces, which are parsed when they are asked for.
#[derive(Clone, Debug, Default)]
pub struct Doc<'a> {
    text: Cow<'a, str>,
    chunks: Chunks,
}

impl<'a> Doc<'a> {
    /// A document of the bytes of `text` from `start` on.
    pub fn new(text: impl Into<Cow<'a, str>>, start: usize) -> Self {
        let text = text.into();
        let chunks = cut(&text, start);
        Self { text, chunks }
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many pieces there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.spans.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunks.spans.is_empty()
    }

    /// The bytes of a piece.
    #[must_use]
    pub fn span(&self, chunk: usize) -> Span {
        self.chunks.spans.get(chunk).cloned().unwrap_or(0..0)
    }

    /// The piece that holds a byte.
    #[must_use]
    pub fn chunk_at(&self, byte: usize) -> usize {
        self.chunks.spans.partition_point(|span| span.end <= byte).min(self.len().saturating_sub(1))
    }

    /// The blocks of a piece; none for one that does not exist.
    #[must_use]
    pub fn blocks(&self, chunk: usize) -> Vec<Block> {
        let Some(span) = self.chunks.spans.get(chunk) else { return Vec::new() };
        let lent = borrowed(&self.text, span, &self.chunks);
        parse::blocks(self.text.get(span.clone()).unwrap_or(""), span.start, &lent)
    }
}

/// Cuts the bytes of `text` from `start` on.
#[must_use]
pub fn cut(text: &str, start: usize) -> Chunks {
    let mut out = Chunks::default();
    let mut at = start.min(text.len());
    let mut from = at;
    let mut fence: Option<(char, usize)> = None;
    let mut comment = false;
    let mut blank = true;
    for line in text.get(at..).unwrap_or("").split_inclusive('\n') {
        let trimmed = line.trim_start_matches(' ');
        let indent = line.len() - trimmed.len();
        if let Some((mark, length)) = fence {
            if indent < 4 && closes(trimmed, mark, length) {
                fence = None;
            }
            blank = false;
        } else if comment {
            comment = !line.contains("-->");
        } else {
            let grown = at - from;
            let plain = indent == 0 && line.starts_with(|c: char| c.is_alphabetic() || "*_[`!".contains(c));
            let safe = (indent == 0 && heading(line)) || (grown > LONG && blank && plain && opens(trimmed).is_none());
            if grown > 0 && (safe || grown > LONGEST) {
                out.spans.push(from..at);
                from = at;
            }
            if indent < 4 {
                fence = opens(trimmed);
                comment = trimmed.starts_with("<!--") && !line.contains("-->");
                if let Some(label) = definition(trimmed) {
                    out.definitions.entry(label).or_insert(at..at + line.trim_end().len());
                }
            }
            blank = line.trim().is_empty();
        }
        at += line.len();
        if at - from > LONGEST && fence.is_some() {
            out.spans.push(from..at);
            from = at;
        }
        while at - from > 2 * LONGEST {
            let to = text.floor_char_boundary(from + LONGEST);
            out.spans.push(from..to);
            from = to;
        }
    }
    if from < at {
        out.spans.push(from..at);
    }
    out
}

fn heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with([' ', '\t', '\n', '\r'])
}

fn opens(trimmed: &str) -> Option<(char, usize)> {
    let mark = trimmed.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let rest = trimmed.trim_start_matches(mark);
    let length = trimmed.len() - rest.len();
    (length >= 3 && !(mark == '`' && rest.contains('`'))).then_some((mark, length))
}

fn closes(trimmed: &str, mark: char, length: usize) -> bool {
    let rest = trimmed.trim_start_matches(mark);
    trimmed.len() - rest.len() >= length && rest.trim().is_empty()
}

/// The label of a line like `[label]: …`.
fn definition(trimmed: &str) -> Option<String> {
    let (label, _) = trimmed.strip_prefix('[')?.split_once("]:")?;
    (!label.trim().is_empty() && !label.contains(['[', ']'])).then(|| fold(label))
}

fn fold(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The definitions from elsewhere that a piece needs, as lines that may be parsed behind it.
#[must_use]
pub fn borrowed(text: &str, chunk: &Range<usize>, chunks: &Chunks) -> String {
    let mut out = String::new();
    let piece = text.get(chunk.clone()).unwrap_or("");
    if chunks.definitions.is_empty() || !piece.contains('[') {
        return out;
    }
    let mut seen = Vec::new();
    for part in piece.split('[').skip(1) {
        let Some((label, _)) = part.split_once(']') else { continue };
        let label = fold(label);
        let Some(span) = chunks.definitions.get(&label) else { continue };
        if seen.contains(&label) || (span.start >= chunk.start && span.start < chunk.end) {
            continue;
        }
        out.push_str("\n\n");
        if label.starts_with('^') {
            // Only that the footnote exists matters here: its text is shown where it stands.
            out.extend(["[", &label, "]: ."]);
        } else {
            out.push_str(text.get(span.clone()).unwrap_or(""));
        }
        seen.push(label);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<&str> {
        cut(text, 0).spans.into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn pieces_begin_at_headings_outside_code() {
        let cases: [(&str, &[&str]); 6] = [
            ("", &[]),
            ("text\n", &["text\n"]),
            ("# A\na\n## B\nb\n", &["# A\na\n", "## B\nb\n"]),
            ("a\n```\n# no\n```\n# B\n", &["a\n```\n# no\n```\n", "# B\n"]),
            ("a\n<!--\n# no\n-->\n# B\n", &["a\n<!--\n# no\n-->\n", "# B\n"]),
            ("#no\n   # indented\n", &["#no\n   # indented\n"]),
        ];
        for (text, expected) in cases {
            assert_eq!(pieces(text), expected, "{text:?}");
        }
    }

    #[test]
    fn long_pieces_are_cut_where_no_list_goes_on() {
        let mut text = String::new();
        for i in 0..2000 {
            text.push_str(&format!("- item {i}\n\n  goes on\n\n"));
        }
        text.push_str("Plain.\n");
        assert_eq!(pieces(&text).len(), 2);
        let prose = "Some words of prose.\n\n".repeat(4000);
        assert!(pieces(&prose).len() > 4);
        assert_eq!(pieces(&prose).concat(), prose);
    }

    #[test]
    fn even_an_endless_fence_is_bounded() {
        let text = format!("```\n{}", "x\n".repeat(LONGEST));
        assert!(pieces(&text).iter().all(|piece| piece.len() <= LONGEST + 2));
    }

    #[test]
    fn definitions_are_lent_to_the_pieces_that_name_them() {
        let text = "# A\nsee [Docs][the docs] and[^1]\n# B\nnothing\n# C\n[the  Docs]: https://x.org\n[^1]: Note.\n";
        let chunks = cut(text, 0);
        assert_eq!(borrowed(text, &chunks.spans[0], &chunks), "\n\n[the  Docs]: https://x.org\n\n[^1]: .");
        assert_eq!(borrowed(text, &chunks.spans[1], &chunks), "");
        assert_eq!(borrowed(text, &chunks.spans[2], &chunks), "");
    }
}
