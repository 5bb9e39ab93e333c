//! What trees and questions have in common: headings with attributes, and paragraphs that begin with a bold label.

use super::doc::{Block, Body, Heading, Link, Nest, Run, Span, plain};

/// A heading and the blocks up to the next one of its level or above.
#[derive(Clone, Copy, Debug)]
pub struct Section<'a> {
    pub heading: &'a Heading,
    pub block: &'a Block,
    pub body: &'a [Block],
}

impl Section<'_> {
    #[must_use]
    pub fn title(&self) -> String {
        plain(&self.heading.runs)
    }

    #[must_use]
    pub fn span(&self) -> Span {
        self.block.span.start..self.body.last().map_or(self.block.span.end, |block| block.span.end)
    }

    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.heading.attrs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The blocks before the first heading of a level, and the sections that such headings begin.
#[must_use]
pub fn sections(blocks: &[Block], level: u8) -> (&[Block], Vec<Section<'_>>) {
    let starts: Vec<usize> = (blocks.iter().enumerate())
        .filter(|(_, block)| block.top() && matches!(&block.body, Body::Heading(heading) if heading.level <= level))
        .map(|(at, _)| at)
        .collect();
    let intro = blocks.get(..starts.first().copied().unwrap_or(blocks.len())).unwrap_or(&[]);
    let mut out = Vec::new();
    for (n, start) in starts.iter().enumerate() {
        let end = starts.get(n + 1).copied().unwrap_or(blocks.len());
        if let Some((block, body)) = blocks.get(*start..end).and_then(<[Block]>::split_first)
            && let Body::Heading(heading) = &block.body
            && heading.level == level
        {
            out.push(Section { heading, block, body });
        }
    }
    (intro, out)
}

/// Rich text taken out of a block, with the links that it uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rich {
    pub runs: Vec<Run>,
    pub links: Vec<Link>,
    pub span: Span,
}

impl Rich {
    /// The words without their styles.
    #[must_use]
    pub fn plain(&self) -> String {
        plain(&self.runs)
    }

    /// The target of the link at the very start, if the text begins with one.
    #[must_use]
    pub fn leading_link(&self) -> Option<&Link> {
        self.runs
            .iter()
            .find(|run| !run.text.trim().is_empty())
            .and_then(|run| run.link)
            .and_then(|at| self.links.get(at))
    }
}

/// A line of a paragraph, with its bold label when it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub label: Option<String>,
    pub text: Rich,
}

/// Splits a paragraph at its bold labels (`**Say:** …`): what stands before the first has none.
#[must_use]
pub fn labelled(block: &Block) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut open =
        Line { label: None, text: Rich { links: block.links.clone(), span: block.span.clone(), ..Rich::default() } };
    for run in block.runs() {
        if run.style.strong && run.text.trim_end().ends_with(':') {
            let next = Line {
                label: Some(run.text.trim().trim_end_matches(':').to_owned()),
                text: Rich { links: block.links.clone(), span: run.at..block.span.end, runs: Vec::new() },
            };
            let mut done = std::mem::replace(&mut open, next);
            done.text.span.end = run.at.saturating_sub(2).max(done.text.span.start);
            out.push(done);
        } else {
            open.text.runs.push(run.clone());
        }
    }
    out.push(open);
    out.retain(|line| line.label.is_some() || !line.text.plain().is_empty());
    for line in &mut out {
        trim(&mut line.text.runs);
    }
    out
}

/// Takes line breaks and blanks off both ends.
fn trim(runs: &mut Vec<Run>) {
    while runs.last().is_some_and(|run| run.text.trim().is_empty()) {
        runs.pop();
    }
    let blank = runs.iter().take_while(|run| run.text.trim().is_empty()).count();
    runs.drain(..blank);
    if let Some(first) = runs.first_mut() {
        first.text = first.text.trim_start().to_owned();
    }
    if let Some(last) = runs.last_mut() {
        last.text = last.text.trim_end().to_owned();
    }
}

/// Whether a block is an item of a list at the top level.
#[must_use]
pub fn is_item(block: &Block) -> bool {
    matches!(block.nest.as_slice(), [Nest::Item { first: true, .. }])
}

/// A list item as rich text.
#[must_use]
pub fn rich(block: &Block) -> Rich {
    let mut runs = block.runs().to_vec();
    trim(&mut runs);
    Rich { runs, links: block.links.clone(), span: block.span.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::parse::blocks;

    #[test]
    fn labels_split_a_paragraph_on_one_line_or_on_several() {
        for text in ["**Say:** one. **Flips if:** two.", "**Say:** one.\n**Flips if:** two."] {
            let blocks = blocks(text, 0, "");
            let lines: Vec<_> = labelled(&blocks[0]).into_iter().map(|l| (l.label.unwrap(), l.text.plain())).collect();
            assert_eq!(lines, [("Say".to_owned(), "one.".to_owned()), ("Flips if".into(), "two.".into())]);
        }
    }

    #[test]
    fn sections_end_where_the_next_begins() {
        let blocks = blocks("Intro.\n\n## A {#a k=v}\n\nx\n\n### sub\n\ny\n\n## B\n", 0, "");
        let (intro, sections) = sections(&blocks, 2);
        assert_eq!((intro.len(), sections.len()), (1, 2));
        assert_eq!(
            (sections[0].title(), sections[0].body.len(), sections[0].attribute("k")),
            ("A".into(), 3, Some("v"))
        );
    }
}
