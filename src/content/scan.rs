//! One file to its entry in the library: what it is, what stands in it where, and what is wrong with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::card::{self, begins, faces};
use super::chunk::Doc;
use super::doc::{Block, Body, Span, plain};
use super::front::{Header, Kind, Level, Source, fences, is_date, is_id, read};
use super::{question, table, tree};
use crate::problem::{Flaw, Lines, Severity};
use crate::text::{clean, key, slug};

/// Something in a file that a place can name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub what: What,
    /// Unique in the pack, except for headings and nodes, which are local to their file.
    pub id: String,
    pub title: String,
    pub start: usize,
    pub end: usize,
    /// From 1.
    pub line: usize,
    pub level: Option<Level>,
    /// What gives each other's answers away has the same group in its file: the gaps of a sentence, the cells of an
    /// entity, the situations of a leaf. 0 where there is nothing to ask.
    pub group: u32,
    /// How long answering may take, where the author said so.
    pub minutes: Option<u32>,
    /// The names of a table's rows and columns, so that it can be found by them without its text.
    pub axes: Option<Box<Axes>>,
}

/// What a table compares, and by what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Axes {
    pub entities: Vec<String>,
    pub attributes: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    Heading(u8),
    Table,
    /// A card made of a cell.
    Cell,
    Deck,
    Card,
    Node,
    Leaf,
    Situation,
    Question,
    Stage,
}

impl What {
    /// Whether the id is known in the whole pack.
    #[must_use]
    pub fn global(self) -> bool {
        !matches!(self, Self::Heading(_) | Self::Node | Self::Leaf)
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Heading(_) => "section",
            Self::Table => "table",
            Self::Cell => "cell",
            Self::Deck => "deck",
            Self::Card => "card",
            Self::Node => "node",
            Self::Leaf => "leaf",
            Self::Situation => "situation",
            Self::Question => "question",
            Self::Stage => "stage",
        }
    }
}

/// A file of a pack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// From the root of its pack, with `/`.
    pub path: String,
    pub module: usize,
    pub kind: Kind,
    pub id: String,
    pub title: String,
    pub as_of: Option<String>,
    pub level: Option<Level>,
    pub minutes: Option<u32>,
    pub tags: Vec<String>,
    pub prerequisites: Vec<String>,
    pub sources: Vec<Source>,
    pub words: usize,
    /// Where the text begins behind the header.
    pub body: usize,
    /// Whether it has a header of this format.
    pub headed: bool,
    pub entries: Vec<Entry>,
}

impl File {
    /// How many entries of a kind it holds.
    pub fn count(&self, wanted: impl Fn(What) -> bool) -> usize {
        self.entries.iter().filter(|entry| wanted(entry.what)).count()
    }

    /// The entry that a fragment names: by its id, or by the slug of its title.
    #[must_use]
    pub fn fragment(&self, name: &str) -> Option<usize> {
        (self.entries.iter().position(|entry| entry.id == name))
            .or_else(|| self.entries.iter().position(|entry| slug(&entry.title) == name))
    }

    /// Minutes to read it, at 200 words a minute.
    #[must_use]
    pub fn reading_minutes(&self) -> usize {
        self.words.div_ceil(200).max(1)
    }
}

/// A link as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkUse {
    pub url: String,
    pub span: Span,
}

/// What reading a file gives.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    pub file: File,
    pub links: Vec<LinkUse>,
    pub flaws: Vec<Flaw>,
}

/// Reads a file. Total: any text gives a file, at worst a lesson with problems.
#[must_use]
pub fn scan(path: &str, text: &str) -> Scan {
    let mut flaws = Vec::new();
    let found = fences(text);
    let mut header = Header::default();
    let mut body = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut headed = false;
    if let Some(fences) = found {
        body = fences.body;
        headed = fences.own;
        let toml = text.get(fences.toml.clone()).unwrap_or("");
        if fences.own {
            header = read(toml, fences.toml.start, &mut flaws);
        } else {
            // Somebody else's header: what it says in TOML is used, anything else is none of our business.
            header = read(toml, fences.toml.start, &mut Vec::new());
        }
    } else if text.starts_with("+++\n") || text.starts_with("+++\r\n") {
        let hint = "End it with a second line of `+++`.";
        flaws.push(Flaw::error("open-header", 0..3, "The header is never closed.", hint));
    } else if let Some(line) = text.lines().next().map(str::trim_end).filter(|line| line.len() > 1)
        && line.chars().all(|c| c == '+')
    {
        let what = format!("A header begins with `+++` and not with `{line}`.");
        flaws.push(Flaw::error("open-header", 0..line.len(), what, "Write three plus signs, above it and below it."));
    }
    let kind = header.kind.unwrap_or_else(|| guess(text.get(body..).unwrap_or("")));
    let stem = path.strip_suffix(".md").unwrap_or(path);
    if headed {
        header_flaws(&header, &mut flaws);
    }
    let mut out = Scan {
        file: File {
            path: path.to_owned(),
            kind,
            id: header.id.filter(|id| is_id(id)).unwrap_or_else(|| stem.to_owned()),
            title: header.title.or(header.name).map(|title| clean(&title).into_owned()).unwrap_or_default(),
            as_of: header.as_of,
            level: header.level,
            minutes: header.minutes,
            tags: header.tags,
            prerequisites: header.prerequisites,
            sources: header.sources,
            body,
            headed,
            ..File::default()
        },
        links: Vec::new(),
        flaws,
    };
    let lines = Lines::new(text);
    let mut gather = Gather { out: &mut out, lines: &lines, text, groups: BTreeMap::new() };
    match kind {
        Kind::Cards => gather.cards(),
        Kind::Lesson => gather.lesson(),
        Kind::Tree => gather.tree(),
        Kind::Questions => gather.questions(false),
        Kind::Incident => gather.questions(true),
    }
    if out.file.title.is_empty() {
        let name = stem.rsplit('/').next().unwrap_or(stem);
        out.file.title = clean(name).into_owned();
    }
    if !headed {
        // Other people's notes are not held to this format.
        for flaw in &mut out.flaws {
            flaw.severity = Severity::Warning;
        }
    }
    out
}

/// A file without a kind holds cards when a line begins one.
fn guess(body: &str) -> Kind {
    let mut fenced = false;
    for line in body.lines() {
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            fenced = !fenced;
        } else if !fenced && begins(line) {
            return Kind::Cards;
        }
    }
    Kind::Lesson
}

fn header_flaws(header: &Header, flaws: &mut Vec<Flaw>) {
    let mut tell = |code, what: String, hint: &str| flaws.push(Flaw::error(code, 0..3, what, hint));
    if header.kind.is_none() {
        tell(
            "no-kind",
            "The header does not name its kind.".into(),
            "Add `kind = \"lesson\"` (or cards, tree, questions, incident).",
        );
    }
    match &header.id {
        None => tell("no-id", "The header has no id.".into(), "Add `id = \"…\"`."),
        Some(id) if !is_id(id) => {
            tell("bad-id", format!("`{id}` cannot be an id."), "Use lower-case letters, digits and dashes.");
        }
        Some(_) => {}
    }
    if header.title.is_none() {
        tell("no-title", "The header has no title.".into(), "Add `title = \"…\"`.");
    }
    if let Some(date) = header.as_of.as_ref().filter(|date| !is_date(date)) {
        tell("bad-value", format!("`{date}` is not a date."), "Write YYYY-MM or YYYY-MM-DD.");
    }
    for source in header.sources.iter().filter(|source| !is_url(&source.url)) {
        tell(
            "bad-url",
            format!("`{}` is not an address.", source.url),
            "Write the whole address, beginning with https://.",
        );
    }
}

/// Whether a text is a web address that one could open.
#[must_use]
pub fn is_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.contains('.') && !rest.contains([' ', '<', '>', '"']))
}

struct Gather<'a> {
    out: &'a mut Scan,
    lines: &'a Lines<'a>,
    text: &'a str,
    /// The groups of the file so far, by what they share.
    groups: BTreeMap<String, u32>,
}

impl Gather<'_> {
    fn entry(&mut self, what: What, id: String, title: String, span: &Span, level: Option<Level>) {
        let line = self.lines.line(span.start);
        let (start, end) = (span.start, span.end);
        let entry = Entry { what, id, title, start, end, line, level, group: 0, minutes: None, axes: None };
        self.out.file.entries.push(entry);
    }

    /// Says which group the last entry belongs to.
    fn group(&mut self, group: String) {
        let next = self.groups.len() + 1;
        let group = *self.groups.entry(group).or_insert(u32::try_from(next).unwrap_or(u32::MAX));
        if let Some(entry) = self.out.file.entries.last_mut() {
            entry.group = group;
        }
    }

    fn links(&mut self, blocks: &[Block]) {
        for link in blocks.iter().flat_map(|block| &block.links).filter(|link| !link.url.starts_with("#^")) {
            self.out.links.push(LinkUse { url: link.url.clone(), span: link.span.clone() });
        }
    }

    fn lesson(&mut self) {
        let doc = Doc::new(self.text, self.out.file.body);
        let mut slugs: BTreeMap<String, usize> = BTreeMap::new();
        for chunk in 0..doc.len() {
            let blocks = doc.blocks(chunk);
            self.out.file.words += words(&blocks);
            for block in blocks.iter().filter(|block| block.top()) {
                if let Body::Heading(heading) = &block.body {
                    let title = plain(&heading.runs);
                    if self.out.file.title.is_empty() {
                        self.out.file.title.clone_from(&title);
                    }
                    let id = heading.id.clone().unwrap_or_else(|| distinct(&slug(&title), &mut slugs));
                    if heading.id.is_some() && slugs.contains_key(&id) {
                        let what = format!("Two headings of this file are called `#{id}`.");
                        self.out.flaws.push(Flaw::error(
                            "duplicate-id",
                            block.span.clone(),
                            what,
                            "Give each its own `{#id}`.",
                        ));
                    }
                    slugs.entry(id.clone()).or_insert(0);
                    self.entry(What::Heading(heading.level), id, title, &block.span, None);
                }
            }
            for table in table::tables(&blocks, self.text, &mut self.out.flaws) {
                self.entry(What::Table, table.id.clone(), table.title.clone(), &table.span, None);
                if let Some(entry) = self.out.file.entries.last_mut() {
                    let axes = Axes { entities: table.entities.clone(), attributes: table.attributes.clone() };
                    entry.axes = Some(Box::new(axes));
                }
                for card in &table.cards {
                    let span = table.values.get(card.entity).and_then(|row| row.get(card.attribute));
                    let span = span.map_or(table.span.clone(), |value| value.span.clone());
                    self.entry(What::Cell, card.id.clone(), card.prompt.clone(), &span, None);
                    let entity = table.entities.get(card.entity).map_or("", String::as_str);
                    self.group(format!("{}/{}", table.id, key(entity)));
                }
            }
            self.links(&blocks);
        }
    }

    fn cards(&mut self) {
        let parsed = card::cards(self.text, self.out.file.body, self.out.file.headed);
        let mut decks = parsed.decks.iter().enumerate().peekable();
        for card in &parsed.cards {
            while let Some((_, deck)) = decks.next_if(|(at, _)| card.deck.is_some_and(|own| *at <= own)) {
                let id = deck.id.clone().unwrap_or_else(|| slug(&deck.title));
                let what = if deck.id.is_some() { What::Deck } else { What::Heading(2) };
                self.entry(what, id, deck.title.clone(), &deck.span, None);
            }
            for face in faces(card) {
                self.entry(What::Card, face.id, face.title, &card.span, None);
                self.group(card.id.clone());
            }
            for source in card.sources.iter().filter(|source| !is_url(&source.text)) {
                let what = format!("`{}` is not an address.", source.text);
                let hint = "Write the whole address, beginning with https://.";
                self.out.flaws.push(Flaw::error("bad-url", source.span.clone(), what, hint));
            }
        }
        let doc = Doc::new(self.text, self.out.file.body);
        for chunk in 0..doc.len() {
            // Brackets are gaps here and no links; only those with an address are followed.
            let blocks = doc.blocks(chunk);
            self.out.file.words += words(&blocks);
        }
        self.out.flaws.extend(parsed.flaws);
    }

    fn whole(&mut self) -> Vec<Block> {
        let doc = Doc::new(self.text, self.out.file.body);
        let blocks: Vec<Block> = (0..doc.len()).flat_map(|chunk| doc.blocks(chunk)).collect();
        self.out.file.words = words(&blocks);
        self.links(&blocks);
        blocks
    }

    fn tree(&mut self) {
        let blocks = self.whole();
        // The tree tells of its own links with better hints.
        self.out.links.retain(|link| !link.url.starts_with('#'));
        let tree = tree::tree(&blocks, &mut self.out.flaws);
        for node in &tree.nodes {
            let what = if node.leaf() { What::Leaf } else { What::Node };
            self.entry(what, node.id.clone(), node.title.clone(), &node.span, None);
        }
        for situation in &tree.situations {
            self.entry(What::Situation, situation.id.clone(), situation.title.clone(), &situation.span, None);
            let leaf = situation.answer.and_then(|leaf| tree.nodes.get(leaf)).map_or("", |leaf| leaf.id.as_str());
            self.group(leaf.to_owned());
        }
    }

    fn questions(&mut self, incident: bool) {
        let blocks = self.whole();
        let what = if incident { What::Stage } else { What::Question };
        for question in question::questions(&blocks, incident, &mut self.out.flaws) {
            self.entry(what, question.id.clone(), question.prompt, &question.span, question.level);
            self.group(question.id);
            if let Some(entry) = self.out.file.entries.last_mut() {
                entry.minutes = question.minutes;
            }
        }
    }
}

/// The slug with the first number that makes it unlike all before it. The last number given is kept with each slug, so
/// that a file of a thousand equal headings is not searched a thousand times.
fn distinct(slug: &str, taken: &mut BTreeMap<String, usize>) -> String {
    let Some(last) = taken.get(slug).copied() else { return slug.to_owned() };
    let mut n = last + 1;
    while taken.contains_key(&format!("{slug}-{n}")) {
        n += 1;
    }
    taken.insert(slug.to_owned(), n);
    format!("{slug}-{n}")
}

/// The words of some blocks, for the reading time.
fn words(blocks: &[Block]) -> usize {
    let count = |text: &str| text.split_whitespace().count();
    blocks
        .iter()
        .map(|block| match &block.body {
            Body::Text(_) | Body::Heading(_) => block.runs().iter().map(|run| count(&run.text)).sum(),
            Body::Table { rows, .. } => {
                rows.iter().flatten().flat_map(|cell| &cell.runs).map(|run| count(&run.text)).sum()
            }
            Body::Code { text, .. } if !table::is_fence(block) => count(text),
            Body::Code { .. } | Body::Rule => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_header_is_what_it_looks_like() {
        let cases = [
            ("# Title\n\nwords\n", Kind::Lesson, "Title"),
            ("Q: a\nA: b\n", Kind::Cards, "x"),
            ("```\nQ: a\n```\n", Kind::Lesson, "x"),
            ("---\nname = \"Medicine\"\n---\nQ: a\nA: b\n", Kind::Cards, "Medicine"),
            ("---\ntitle: yaml\n---\n# T\n", Kind::Lesson, "T"),
            ("", Kind::Lesson, "x"),
        ];
        for (text, kind, title) in cases {
            let scan = scan("notes/x.md", text);
            assert_eq!(
                (scan.file.kind, scan.file.title.as_str(), scan.file.id.as_str()),
                (kind, title, "notes/x"),
                "{text}"
            );
            assert_eq!(scan.flaws, [], "{text}");
        }
    }

    #[test]
    fn headings_become_entries_with_distinct_ids() {
        let scan = scan("a.md", "# One\n\n## Two\n\n## Two\n\nx [l](b.md)\n");
        let ids: Vec<_> = scan.file.entries.iter().map(|entry| (entry.id.as_str(), entry.line)).collect();
        assert_eq!(ids, [("one", 1), ("two", 3), ("two-1", 5)]);
        assert_eq!(scan.links[0].url, "b.md");
        assert_eq!(scan.file.fragment("two"), Some(1));
    }

    #[test]
    fn the_header_is_held_to_the_format() {
        let code = |head: &str| {
            let found = scan("a.md", &format!("+++\n{head}\n+++\n"));
            found.flaws.iter().map(|flaw| flaw.code).collect::<Vec<_>>()
        };
        let good = "kind = \"lesson\"\nid = \"a\"\ntitle = \"A\"";
        assert_eq!(code(good), [""; 0]);
        assert_eq!(code("id = \"a\"\ntitle = \"A\""), ["no-kind"]);
        assert_eq!(code("kind = \"lesson\"\nid = \"A b\"\ntitle = \"A\""), ["bad-id"]);
        assert_eq!(code(&format!("{good}\nas_of = \"soon\"")), ["bad-value"]);
        assert_eq!(code(&format!("{good}\n[[sources]]\ntitle = \"t\"\nurl = \"docs\"")), ["bad-url"]);
        assert_eq!(scan("a.md", "+++\nid = 1\n").flaws[0].code, "open-header");
        assert_eq!(scan("a.md", "++\nid = 1\n++\n").flaws[0].code, "open-header");
    }
}
