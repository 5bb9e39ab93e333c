//! Markdown as flat, owned data: a list of leaf blocks, each knowing the quotes and lists it stands in and its bytes.
//!
//! Nesting is a prefix of a block and not a tree of blocks, so nothing that walks a document recurses, however deep a
//! hostile file nests. All text in here has been through [`crate::text::clean`].

use std::ops::Range;

/// Bytes in the text of the file.
pub type Span = Range<usize>;

/// A leaf of the document: a paragraph, a heading, a code block, a table, a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub span: Span,
    /// The quotes, list items and footnotes around it, from the outside in.
    pub nest: Vec<Nest>,
    /// Whether a blank line stands before it.
    pub gap: bool,
    pub body: Body,
    pub links: Vec<Link>,
}

/// One container around a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nest {
    Quote,
    /// The title line of a callout comes with its first block.
    Callout {
        kind: Callout,
        first: bool,
    },
    Item {
        marker: Marker,
        first: bool,
    },
    Note {
        label: String,
        first: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callout {
    Note,
    Tip,
    Important,
    Warning,
    Caution,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    Bullet,
    Number(u64),
    Task(bool),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Text(Vec<Run>),
    Heading(Heading),
    Code { info: String, text: String, at: usize },
    Table { aligns: Vec<Align>, rows: Vec<Vec<Cell>> },
    Rule,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    pub level: u8,
    pub runs: Vec<Run>,
    /// The `{#id .class key=value}` behind the words.
    pub id: Option<String>,
    pub classes: Vec<String>,
    pub attrs: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub span: Span,
    pub runs: Vec<Run>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
}

/// A piece of text in one style; a line break inside a paragraph is a run of its own, `"\n"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub style: Style,
    /// Which of the block's links it belongs to.
    pub link: Option<usize>,
    pub at: usize,
}

/// How a run stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the five marks combine freely")]
pub struct Style {
    pub strong: bool,
    pub emphasis: bool,
    pub strike: bool,
    pub code: bool,
    pub image: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub url: String,
    pub span: Span,
}

/// The words of some runs without their styles.
#[must_use]
pub fn plain(runs: &[Run]) -> String {
    let mut out = String::new();
    for run in runs {
        out.push_str(if run.text == "\n" { " " } else { &run.text });
    }
    out.trim().to_owned()
}

impl Block {
    /// The runs of a paragraph or heading; nothing for the others.
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        match &self.body {
            Body::Text(runs) => runs,
            Body::Heading(heading) => &heading.runs,
            Body::Code { .. } | Body::Table { .. } | Body::Rule => &[],
        }
    }

    /// Whether the block stands at the top level of the document.
    #[must_use]
    pub fn top(&self) -> bool {
        self.nest.is_empty()
    }

    /// The list item that the block opens, if it is the first of one.
    #[must_use]
    pub fn opens_item(&self) -> Option<Marker> {
        match self.nest.last() {
            Some(Nest::Item { marker, first: true }) => Some(*marker),
            _ => None,
        }
    }
}
