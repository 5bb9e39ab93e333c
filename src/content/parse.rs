//! From Markdown to blocks: a total function over the events of `pulldown-cmark`.

mod html;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd,
};

use self::html::{HTML, html_name, strip};
use super::doc::{Align, Block, Body, Callout, Cell, Heading, Link, Marker, Nest, Run, Span, Style};
use crate::text::{clean, clean_code};

/// Containers deeper than this are shown at this depth.
const DEEPEST: usize = 24;

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_WIKILINKS
}

/// Parses a piece of a document. `offset` is where the piece begins in its file; `lent` holds definitions from
/// elsewhere in the file. Any text gives blocks; spans lie within the piece and do not go back.
#[must_use]
pub fn blocks(piece: &str, offset: usize, lent: &str) -> Vec<Block> {
    let joined;
    let text = if lent.is_empty() {
        piece
    } else {
        joined = format!("{piece}{lent}");
        &joined
    };
    let mut build = Build { offset, ..Build::default() };
    for (event, span) in Parser::new_ext(text, options()).into_offset_iter() {
        // What was lent stands behind a blank line; the cells that a last row lacks stand at the very end of the piece.
        if span.start > piece.len() {
            break;
        }
        build.take(event, span.start + offset..span.end.min(piece.len()) + offset, text);
    }
    build.flush();
    build.out
}

#[derive(Default)]
struct Build {
    out: Vec<Block>,
    offset: usize,
    nest: Vec<Nest>,
    lists: Vec<Option<u64>>,
    /// Whether the next leaf follows a blank line.
    gap: bool,
    styles: Vec<Style>,
    link: Option<usize>,
    links: Vec<Link>,
    runs: Vec<Run>,
    /// Where the text that is being gathered began.
    start: Option<usize>,
    end: usize,
    heading: Option<Heading>,
    code: Option<(String, String, usize)>,
    table: Option<(Vec<Align>, Vec<Vec<Cell>>)>,
    html: Option<String>,
    /// A text without a paragraph around it has been seen in the innermost item: its list is tight.
    tight: bool,
    /// A paragraph is open: its list, if any, is loose.
    paragraph: bool,
}

impl Build {
    fn take(&mut self, event: Event<'_>, span: Span, text: &str) {
        self.end = self.end.max(span.end);
        match event {
            Event::Start(tag) => self.start(tag, span, text),
            Event::End(tag) => self.stop(tag, &span),
            Event::Text(words) => self.text(&words, span.start),
            Event::Code(words) | Event::InlineMath(words) | Event::DisplayMath(words) => {
                let style = Style { code: true, ..self.style() };
                self.run(clean(&words).into_owned(), style, span.start);
            }
            Event::InlineHtml(tag) => self.inline_html(&tag, span.start),
            Event::Html(html) => {
                if let Some(block) = &mut self.html {
                    block.push_str(&html);
                }
            }
            Event::FootnoteReference(label) => {
                let label = clean(&label).into_owned();
                self.links.push(Link { url: format!("#^{label}"), span: span.clone() });
                let outer = self.link.replace(self.links.len() - 1);
                self.run(format!("[{label}]"), self.style(), span.start);
                self.link = outer;
            }
            Event::SoftBreak => {
                let next = text.get(span.end.saturating_sub(self.offset)..).unwrap_or("");
                let words = if labelled(next) { "\n" } else { " " };
                self.run(words.to_owned(), self.style(), span.start);
            }
            Event::HardBreak => self.run("\n".to_owned(), Style::default(), span.start),
            Event::Rule => {
                self.flush();
                self.gap = true;
                self.leaf(Body::Rule, span);
            }
            Event::TaskListMarker(done) => {
                if let Some(Nest::Item { marker, .. }) = self.nest.last_mut() {
                    *marker = Marker::Task(done);
                }
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Span, text: &str) {
        match tag {
            Tag::Paragraph => {
                self.flush();
                self.gap = true;
                self.paragraph = true;
            }
            Tag::Heading { level, id, classes, attrs } => {
                self.flush();
                self.gap = true;
                self.start = Some(span.start);
                self.heading = Some(Heading {
                    level: rank(level),
                    runs: Vec::new(),
                    id: id.map(|id| clean(&id).into_owned()),
                    classes: classes.iter().map(|class| clean(class).into_owned()).collect(),
                    attrs: attrs
                        .iter()
                        .map(|(key, value)| {
                            (clean(key).into_owned(), clean(value.as_deref().unwrap_or("")).into_owned())
                        })
                        .collect(),
                });
            }
            Tag::BlockQuote(kind) => {
                self.flush();
                self.gap = true;
                self.push(match kind {
                    None => Nest::Quote,
                    Some(kind) => Nest::Callout { kind: callout(kind), first: true },
                });
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                self.gap = !self.tight || self.out.is_empty();
                let info = match kind {
                    CodeBlockKind::Fenced(info) => clean(&info).into_owned(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.start = Some(span.start);
                self.code = Some((info, String::new(), span.start));
            }
            Tag::HtmlBlock => {
                self.flush();
                self.start = Some(span.start);
                self.html = Some(String::new());
            }
            Tag::List(number) => {
                self.flush();
                if !(self.tight && matches!(self.nest.last(), Some(Nest::Item { .. }))) {
                    self.gap = true;
                }
                self.lists.push(number);
            }
            Tag::Item => {
                self.flush();
                self.tight = false;
                let marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number = number.saturating_add(1);
                        Marker::Number(number.saturating_sub(1))
                    }
                    _ => Marker::Bullet,
                };
                self.push(Nest::Item { marker, first: true });
                self.end = span.start;
            }
            Tag::FootnoteDefinition(label) => {
                self.flush();
                self.gap = true;
                self.push(Nest::Note { label: clean(&label).into_owned(), first: true });
            }
            Tag::Table(aligns) => {
                self.flush();
                self.gap = true;
                self.start = Some(span.start);
                self.table = Some((aligns.into_iter().map(align).collect(), Vec::new()));
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some((_, rows)) = &mut self.table {
                    rows.push(Vec::new());
                }
            }
            Tag::TableCell => self.runs.clear(),
            Tag::Emphasis => self.styled(|style| style.emphasis = true),
            Tag::Strong => self.styled(|style| style.strong = true),
            Tag::Strikethrough => self.styled(|style| style.strike = true),
            Tag::Link { dest_url, link_type, .. } => {
                let url = match link_type {
                    LinkType::Email => format!("mailto:{dest_url}"),
                    _ => dest_url.into_string(),
                };
                self.links.push(Link { url: clean(&url).into_owned(), span });
                self.link = Some(self.links.len() - 1);
            }
            Tag::Image { dest_url, .. } => {
                self.styled(|style| style.image = true);
                if text.get(span.start.saturating_sub(self.offset)..).is_some_and(|t| t.starts_with("![]")) {
                    self.text(dest_url.rsplit('/').next().unwrap_or("picture"), span.start);
                }
            }
            // What the options do not ask for, and what a later parser may add, is shown as its text.
            _ => {}
        }
    }

    fn stop(&mut self, tag: TagEnd, span: &Span) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock => {
                self.end = span.end;
                self.flush();
            }
            TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition => {
                self.flush();
                self.empty(span, false);
                self.nest.pop();
                self.gap = true;
            }
            TagEnd::Item => {
                self.flush();
                self.empty(span, true);
                self.nest.pop();
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                self.tight = matches!(self.nest.last(), Some(Nest::Item { first: false, .. })) && self.tight;
            }
            TagEnd::Table => {
                if let Some((aligns, rows)) = self.table.take() {
                    self.runs.clear();
                    self.leaf(Body::Table { aligns, rows }, span.clone());
                }
            }
            TagEnd::TableCell => {
                let runs = std::mem::take(&mut self.runs);
                if let Some(row) = self.table.as_mut().and_then(|(_, rows)| rows.last_mut()) {
                    row.push(Cell { span: span.clone(), runs });
                }
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Image => {
                self.styles.pop();
            }
            TagEnd::Link => self.link = None,
            _ => {}
        }
    }

    fn push(&mut self, nest: Nest) {
        self.nest.push(nest);
    }

    /// A container that held nothing still shows its marker.
    fn empty(&mut self, span: &Span, item: bool) {
        let untouched = match self.nest.last() {
            Some(Nest::Item { first, .. } | Nest::Note { first, .. } | Nest::Callout { first, .. }) => *first,
            _ => false,
        };
        if untouched {
            self.tight |= item;
            self.leaf(Body::Text(Vec::new()), span.clone());
        }
    }

    fn style(&self) -> Style {
        self.styles.last().copied().unwrap_or_default()
    }

    fn styled(&mut self, change: impl FnOnce(&mut Style)) {
        let mut style = self.style();
        change(&mut style);
        self.styles.push(style);
    }

    fn text(&mut self, words: &str, at: usize) {
        if let Some((_, code, _)) = &mut self.code {
            code.push_str(words);
        } else if let Some(html) = &mut self.html {
            html.push_str(words);
        } else {
            self.run(clean(words).into_owned(), self.style(), at);
        }
    }

    fn run(&mut self, text: String, style: Style, at: usize) {
        self.start.get_or_insert(at);
        if let Some(last) = self.runs.last_mut()
            && last.style == style
            && last.link == self.link
            && last.text != "\n"
            && text != "\n"
        {
            last.text.push_str(&text);
            return;
        }
        self.runs.push(Run { text, style, link: self.link, at });
    }

    fn inline_html(&mut self, tag: &str, at: usize) {
        match html_name(tag) {
            Some("br") => self.run("\n".to_owned(), Style::default(), at),
            Some(name) if HTML.contains(&name) => {}
            Some(_) => self.run(clean(tag).into_owned(), self.style(), at),
            None => {}
        }
    }

    /// Ends the leaf that is being gathered.
    fn flush(&mut self) {
        if let Some((info, code, at)) = self.code.take() {
            let text = code.lines().map(clean_code).collect::<Vec<_>>().join("\n");
            let span = at..self.end.max(at);
            self.leaf(Body::Code { info, text, at }, span);
        }
        if let Some(html) = self.html.take() {
            let shown = strip(&html);
            let start = self.start.unwrap_or(self.end);
            if !shown.is_empty() {
                self.gap = true;
                let run = Run { text: shown, style: Style::default(), link: None, at: start };
                self.leaf(Body::Text(vec![run]), start..self.end);
            }
            self.start = None;
        }
        let runs = std::mem::take(&mut self.runs);
        if let Some(mut heading) = self.heading.take() {
            let span = self.start.unwrap_or(self.end)..self.end;
            heading.runs = runs;
            self.leaf(Body::Heading(heading), span);
        } else if !runs.is_empty() && self.table.is_none() {
            let start = self.start.unwrap_or(self.end);
            if matches!(self.nest.last(), Some(Nest::Item { .. })) && !self.paragraph {
                self.tight = true;
            }
            self.leaf(Body::Text(runs), start..self.end.max(start));
        }
    }

    fn leaf(&mut self, body: Body, span: Span) {
        let mut nest = self.nest.clone();
        nest.truncate(DEEPEST);
        for level in &mut self.nest {
            match level {
                Nest::Item { first, .. } | Nest::Note { first, .. } | Nest::Callout { first, .. } => *first = false,
                Nest::Quote => {}
            }
        }
        let gap = std::mem::take(&mut self.gap) && !self.out.is_empty();
        let links = std::mem::take(&mut self.links);
        self.link = None;
        self.start = None;
        self.paragraph = false;
        self.out.push(Block { span, nest, gap, body, links });
    }
}

/// Whether the line that follows a soft break begins a field of its own, as `**Say:**` or `How to tell:` do.
fn labelled(next: &str) -> bool {
    let line = next.lines().next().unwrap_or("").trim_start();
    if let Some(rest) = line.strip_prefix("**") {
        return rest.split_once("**").is_some_and(|(label, _)| label.ends_with(':') && label.len() < 30);
    }
    let tag: String = line.chars().take(2).collect();
    line.starts_with("How to tell:")
        || matches!(&*tag, "Q:" | "A:" | "W:" | "X:" | "H:" | "S:" | "C:" | "T:" | "D:" | "A=")
}

fn rank(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

fn callout(kind: BlockQuoteKind) -> Callout {
    match kind {
        BlockQuoteKind::Note => Callout::Note,
        BlockQuoteKind::Tip => Callout::Tip,
        BlockQuoteKind::Important => Callout::Important,
        BlockQuoteKind::Warning => Callout::Warning,
        BlockQuoteKind::Caution => Callout::Caution,
    }
}

fn align(align: Alignment) -> Align {
    match align {
        Alignment::None | Alignment::Left => Align::Left,
        Alignment::Center => Align::Centre,
        Alignment::Right => Align::Right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::chunk::Doc;
    use crate::content::doc::plain;

    /// A block in one line: its containers, its kind and its words.
    fn sketch(block: &Block) -> String {
        let nest = block.nest.iter().map(|nest| match nest {
            Nest::Quote => "> ".to_owned(),
            Nest::Callout { kind, first } => format!("!{kind:?}{} ", if *first { "" } else { "…" }),
            Nest::Item { marker: Marker::Bullet, first } => if *first { "- " } else { "  " }.to_owned(),
            Nest::Item { marker: Marker::Number(n), first } => {
                if *first {
                    format!("{n}. ")
                } else {
                    "   ".to_owned()
                }
            }
            Nest::Item { marker: Marker::Task(done), .. } => if *done { "[x] " } else { "[ ] " }.to_owned(),
            Nest::Note { label, .. } => format!("^{label} "),
        });
        let body = match &block.body {
            Body::Text(runs) => plain(runs),
            Body::Heading(heading) => format!("h{} {}", heading.level, plain(&heading.runs)),
            Body::Code { info, text, .. } => format!("code({info}) {}", text.replace('\n', "⏎")),
            Body::Table { rows, .. } => {
                let row = |row: &Vec<Cell>| row.iter().map(|cell| plain(&cell.runs)).collect::<Vec<_>>().join("|");
                format!("table {}", rows.iter().map(row).collect::<Vec<_>>().join(" / "))
            }
            Body::Rule => "rule".to_owned(),
        };
        format!("{}{}{body}", if block.gap { "·" } else { "" }, nest.collect::<String>())
    }

    fn sketches(text: &str) -> Vec<String> {
        blocks(text, 0, "").iter().map(sketch).collect()
    }

    #[test]
    fn what_a_reader_meets_becomes_blocks() {
        let cases: [(&str, &[&str]); 16] = [
            ("", &[]),
            ("one\ntwo\n\nthree", &["one two", "·three"]),
            ("# A {#x}\ntext", &["h1 A", "·text"]),
            ("Setext\n===\n", &["h1 Setext"]),
            ("- a\n- b\n", &["- a", "- b"]),
            ("- a\n\n- b\n", &["- a", "·- b"]),
            ("- a\n  - b\n    - c\n- d", &["- a", "  - b", "    - c", "- d"]),
            ("3. a\n4. b\n", &["3. a", "4. b"]),
            ("- [x] a\n- [ ] b\n", &["[x] a", "[ ] b"]),
            ("- a\n\n  more\n", &["- a", "·  more"]),
            ("> q\n>\n> r\n", &["> q", "·> r"]),
            ("> [!WARNING]\n> a\n>\n> b\n", &["!Warning a", "·!Warning… b"]),
            ("```sh\na\tb\n```\n", &["code(sh) a   b"]),
            ("| a | b |\n|---|---|\n| 1 | **2** |\n", &["table a|b / 1|2"]),
            ("a[^n]\n\n[^n]: note\n", &["a[n]", "·^n note"]),
            ("a\n\n---\n\n<b>x</b> <your-name>\n\n<!-- no -->\n", &["a", "·rule", "·x <your-name>"]),
        ];
        for (text, expected) in cases {
            assert_eq!(sketches(text), expected, "{text:?}");
        }
    }

    #[test]
    fn runs_keep_style_and_link() {
        let block = &blocks("a **b *c*** `d` [e](f.md) ~~g~~ ![h](i.png)", 0, "")[0];
        let find = |text: &str| block.runs().iter().find(|run| run.text == text).unwrap();
        assert!(find("b ").style.strong && find("c").style.emphasis && find("c").style.strong);
        assert!(find("d").style.code && find("g").style.strike && find("h").style.image);
        assert_eq!(block.links[find("e").link.unwrap()].url, "f.md");
    }

    #[test]
    fn pieces_give_the_blocks_of_the_whole() {
        let text = "Intro with [a link][ref] and[^1].\n\n# One\n\n- a\n\n  b\n\n## Two\n\n> q\n\n```\n# no\n```\n\n\
            | t |\n|---|\n| 1 |\n\n# Three\n\nlast[^1]\n\n[ref]: https://x.org\n\n[^1]: The note.\n";
        let doc = Doc::new(text, 0);
        assert!(doc.len() > 3);
        let pieces: Vec<Block> = (0..doc.len()).flat_map(|chunk| doc.blocks(chunk)).collect();
        let bare = |blocks: &[Block]| blocks.iter().map(|block| sketch(block).replace('·', "")).collect::<Vec<_>>();
        let whole = blocks(text, 0, "");
        assert_eq!(bare(&pieces), bare(&whole));
        let spans = |blocks: &[Block]| blocks.iter().map(|block| block.span.clone()).collect::<Vec<_>>();
        assert_eq!(spans(&pieces), spans(&whole));
    }

    #[test]
    fn control_characters_and_depth_are_tamed() {
        for text in ["a\u{1b}[31mb", "`\u{9b}1m`", "# \u{202e}x", "```\n\u{7}\n```", "[\u{1b}](\u{1b}]8;;x)"] {
            for block in blocks(text, 0, "") {
                assert!(!format!("{block:?}").contains("\\u{1b}") && !sketch(&block).contains(char::is_control));
            }
        }
        let deep = blocks(&"> ".repeat(5000), 0, "");
        assert!(deep.iter().all(|block| block.nest.len() <= DEEPEST));
        assert!(blocks(&format!("{}x", "- ".repeat(3000)), 0, "").iter().all(|block| block.nest.len() <= DEEPEST));
    }
}
