//! Breaks paragraphs into lines by the rules of Unicode (UAX #14), measured in columns.

use std::ops::Range;

use ratatui::style::Modifier;
use unicode_linebreak::{BreakOpportunity, linebreaks};
use unicode_segmentation::UnicodeSegmentation;

use super::line::Piece;
use crate::content::doc::Run;
use crate::text::{grapheme_width, width};
use crate::theme::Role;

/// The lines of a text as ranges of its bytes, without the blanks at their ends. No line is wider than `columns`, save
/// for a single character that is. A line break in the text ends a line.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<Range<usize>> {
    let mut lines = Lines { text, columns: columns.max(1), start: 0, used: 0, out: Vec::new() };
    let mut from = 0;
    for (to, kind) in linebreaks(text) {
        lines.take(from..to);
        let piece = text.get(from..to).unwrap_or("");
        if kind == BreakOpportunity::Mandatory && (piece.ends_with('\n') || to == text.len()) {
            lines.end(to);
        }
        from = to;
    }
    lines.out
}

struct Lines<'a> {
    text: &'a str,
    columns: usize,
    start: usize,
    used: usize,
    out: Vec<Range<usize>>,
}

impl Lines<'_> {
    /// Takes what may not be broken, unless it is wider than a line.
    fn take(&mut self, piece: Range<usize>) {
        let words = self.text.get(piece.clone()).unwrap_or("");
        let bare = words.trim_end();
        let wide = width(bare);
        if self.used > 0 && self.used + wide > self.columns {
            self.end(piece.start);
        }
        if wide > self.columns {
            let mut at = piece.start;
            for grapheme in bare.graphemes(true) {
                let wide = grapheme_width(grapheme);
                if self.used > 0 && self.used + wide > self.columns {
                    self.end(at);
                }
                self.used += wide;
                at += grapheme.len();
            }
            self.used += width(words.trim_end_matches('\n')).saturating_sub(wide);
        } else {
            self.used += width(words.trim_end_matches('\n'));
        }
    }

    fn end(&mut self, at: usize) {
        let line = self.text.get(self.start..at).unwrap_or("");
        self.out.push(self.start..self.start + line.trim_end().len());
        self.start = at;
        self.used = 0;
    }
}

/// The columns of the widest part that may not be broken.
#[must_use]
pub fn narrowest(text: &str) -> usize {
    let mut from = 0;
    let mut most = 0;
    for (to, _) in linebreaks(text) {
        most = most.max(width(text.get(from..to).unwrap_or("").trim_end()));
        from = to;
    }
    most
}

/// The text without the `{#id .tag}` that names a card at the end of its line: it is for the author and no words.
fn without_id(text: &str) -> &str {
    let named = text.strip_suffix('}').and_then(|inner| inner.rsplit_once(" {"));
    named.filter(|(_, id)| id.starts_with(['#', '.']) && !id.contains(['{', '}'])).map_or(text, |(words, _)| words)
}

/// Runs as one text and the looks of its stretches.
#[derive(Clone, Debug, Default)]
pub struct Styled {
    pub text: String,
    spans: Vec<(Range<usize>, Role, Modifier, Option<usize>)>,
}

impl Styled {
    /// `role` is how plain words look; links are counted from `links` on.
    #[must_use]
    pub fn new(runs: &[Run], role: Role, links: usize) -> Self {
        let mut out = Self::default();
        for run in runs {
            let start = out.text.len();
            out.text.push_str(if run.style.code { &run.text } else { without_id(&run.text) });
            let look = if run.link.is_some() {
                Role::Link
            } else if run.style.code {
                Role::Code
            } else if run.style.image {
                Role::Muted
            } else {
                role
            };
            let mut add = Modifier::empty();
            add.set(Modifier::BOLD, run.style.strong);
            add.set(Modifier::ITALIC, run.style.emphasis || run.style.image);
            add.set(Modifier::CROSSED_OUT, run.style.strike);
            out.spans.push((start..out.text.len(), look, add, run.link.map(|link| link + links)));
        }
        out
    }

    /// The pieces of a stretch of the text.
    #[must_use]
    pub fn pieces(&self, line: &Range<usize>) -> Vec<Piece> {
        let mut out = Vec::new();
        for (span, role, add, link) in &self.spans {
            let (from, to) = (span.start.max(line.start), span.end.min(line.end));
            if from < to {
                let text = self.text.get(from..to).unwrap_or("").replace('\n', " ");
                out.push(Piece { text, role: *role, add: *add, link: *link });
            }
        }
        out
    }

    /// The text as lines of pieces.
    #[must_use]
    pub fn lines(&self, columns: usize) -> Vec<Vec<Piece>> {
        wrap(&self.text, columns).iter().map(|line| self.pieces(line)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cards_are_not_shown() {
        let cases = [("Q: Why? {#why}", "Q: Why?"), ("x {#a .b}", "x"), ("set {a}", "set {a}"), ("{#a}", "{#a}")];
        for (text, shown) in cases {
            assert_eq!(without_id(text), shown);
        }
    }

    fn wrapped(text: &str, columns: usize) -> Vec<&str> {
        wrap(text, columns).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn lines_break_where_unicode_allows_it() {
        let cases: [(&str, usize, &[&str]); 9] = [
            ("", 5, &[]),
            ("one two three", 7, &["one two", "three"]),
            ("one two three", 100, &["one two three"]),
            ("a\nb", 10, &["a", "b"]),
            ("unbreakable", 4, &["unbr", "eaka", "ble"]),
            ("日本語の文", 4, &["日本", "語の", "文"]),
            ("e\u{301}e\u{301}e\u{301}", 2, &["e\u{301}e\u{301}", "e\u{301}"]),
            ("👨‍👩‍👧👨‍👩‍👧", 2, &["👨‍👩‍👧", "👨‍👩‍👧"]),
            ("well-known fact", 6, &["well-", "known", "fact"]),
        ];
        for (text, columns, expected) in cases {
            assert_eq!(wrapped(text, columns), expected, "{text} at {columns}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_word_is_lost(text in "[a-zé日👍 \n-]{0,80}", columns in 2usize..40) {
            let lines = wrapped(&text, columns);
            for line in &lines {
                proptest::prop_assert!(width(line) <= columns, "{line:?}");
            }
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(bare(&lines.concat()), bare(&text));
        }
    }
}
