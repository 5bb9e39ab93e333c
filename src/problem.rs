//! Every message about something wrong: what happened, where, and what to do next.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How bad it is: an error makes `check` say no, a warning does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

/// A flaw inside one text, known by its bytes; [`Flaw::locate`] turns it into a [`Problem`] with line and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    pub severity: Severity,
    pub code: &'static str,
    pub span: Range<usize>,
    pub what: String,
    pub hint: String,
}

impl Flaw {
    pub fn error(code: &'static str, span: Range<usize>, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, span, what: what.into(), hint: hint.into() }
    }

    pub fn warning(code: &'static str, span: Range<usize>, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, code, span, what: what.into(), hint: hint.into() }
    }

    /// Finds the line, the column and the words around the flaw in its text.
    #[must_use]
    pub fn locate(self, file: &str, lines: &Lines<'_>) -> Problem {
        Problem {
            severity: self.severity,
            code: self.code,
            what: self.what,
            hint: self.hint,
            place: Some(lines.place(file, self.span)),
        }
    }
}

/// A message for a person, with its place when it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    pub code: &'static str,
    pub what: String,
    pub hint: String,
    pub place: Option<Place>,
}

impl Problem {
    pub fn error(code: &'static str, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, what: what.into(), hint: hint.into(), place: None }
    }

    pub fn warning(code: &'static str, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, what, hint) }
    }

    /// Names a whole file as the place.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.place = Some(Place { file: file.into(), line: 1, col: 1, excerpt: String::new(), mark: 0..0 });
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.what)?;
        if !self.hint.is_empty() {
            write!(f, " {}", self.hint)?;
        }
        Ok(())
    }
}

/// Where a problem is: a file, a line and a column from 1 (in characters), and the line itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    pub line: usize,
    pub col: usize,
    /// The line without its end, for the excerpt.
    pub excerpt: String,
    /// The bytes of the excerpt that are meant.
    pub mark: Range<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.col)
    }
}

/// The starts of the lines of a text, to find the line of a byte.
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let starts =
            std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1));
        Self { text, starts: starts.collect() }
    }

    /// The line of a byte, from 1.
    #[must_use]
    pub fn line(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte)
    }

    fn place(&self, file: &str, span: Range<usize>) -> Place {
        let line = self.line(span.start);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        let excerpt = self.text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r']);
        let from = excerpt.floor_char_boundary(span.start.saturating_sub(start));
        let to = excerpt.floor_char_boundary(span.end.saturating_sub(start)).max(from);
        let col = excerpt.get(..from).map_or(1, |before| before.chars().count() + 1);
        Place { file: file.to_owned(), line, col, excerpt: excerpt.to_owned(), mark: from..to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaw_finds_its_line_and_column() {
        let text = "eins\nzwei ü drei\n";
        let at = text.find("drei").unwrap_or(0);
        let problem = Flaw::error("x", at..at + 4, "What.", "Do.").locate("a.md", &Lines::new(text));
        assert_eq!(problem.to_string(), "a.md:2:8: What. Do.");
        let place = problem.place.unwrap();
        assert_eq!(place.excerpt.get(place.mark), Some("drei"));
    }

    #[test]
    fn a_flaw_at_the_very_end_still_has_a_place() {
        let problem = Flaw::error("x", 99..120, "What.", "").locate("a.md", &Lines::new("one\n"));
        assert_eq!(problem.to_string(), "a.md:2:1: What.");
    }
}
