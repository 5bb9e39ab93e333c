//! The words of a file behind its titles, one text a paragraph, a row of a table, a line of code: what is searched.

use super::card::{self, Card, CardKind, Field};
use super::chunk::Doc;
use super::doc::{Block, Body, Run, plain};
use super::front::Kind;
use super::parse::blocks;
use super::table::{self, Table};

/// Some words and the byte at which they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub at: usize,
    /// Whether it is a row of a table.
    pub row: bool,
    pub words: String,
}

/// A line of code with fewer letters and digits than this says nothing: brackets, a lone `fi`.
const CODE: usize = 6;

/// The texts of a file. `body` is where its text begins behind the header.
#[must_use]
pub fn texts(kind: Kind, body: usize, text: &str) -> Vec<Text> {
    let mut out = Texts { kind, out: Vec::new() };
    if kind == Kind::Cards {
        for card in card::cards(text, body, false).cards {
            out.card(&card);
        }
        return out.out;
    }
    let doc = Doc::new(text, body);
    for chunk in 0..doc.len() {
        out.blocks(&doc.blocks(chunk), text);
    }
    out.out
}

struct Texts {
    kind: Kind,
    out: Vec<Text>,
}

impl Texts {
    fn push(&mut self, at: usize, row: bool, words: String) {
        if !words.is_empty() {
            self.out.push(Text { at, row, words });
        }
    }

    fn blocks(&mut self, blocks: &[Block], text: &str) {
        let compared = table::tables(blocks, text, &mut Vec::new());
        for block in blocks {
            match &block.body {
                Body::Text(runs) => self.paragraph(block, runs),
                Body::Table { rows, .. } => match compared.iter().find(|table| table.span.start == block.span.start) {
                    Some(table) => self.comparison(table),
                    None => self.rows(rows),
                },
                Body::Code { text, .. } if !table::is_fence(block) => {
                    for line in text.lines().map(str::trim) {
                        if line.chars().filter(|c| c.is_alphanumeric()).count() >= CODE {
                            self.push(block.span.start, false, line.to_owned());
                        }
                    }
                }
                Body::Heading(_) | Body::Code { .. } | Body::Rule => {}
            }
        }
    }

    fn paragraph(&mut self, block: &Block, runs: &[Run]) {
        let interview = matches!(self.kind, Kind::Questions | Kind::Incident);
        // What ends a point of a rubric is for matching answers and nothing to read.
        let keys = interview && block.opens_item().is_some() && runs.last().is_some_and(|run| run.style.code);
        let words = plain(runs.get(..runs.len() - usize::from(keys)).unwrap_or(runs));
        let words = if interview { unweighted(&words).to_owned() } else { words };
        // The choices of a tree are words such as "Yes".
        if self.kind != Kind::Tree || words.split_whitespace().count() > 3 {
            self.push(block.span.start, false, words);
        }
    }

    fn comparison(&mut self, table: &Table) {
        for (entity, values) in table.entities.iter().zip(&table.values) {
            let at = values.first().map_or(table.span.start, |value| value.span.start);
            let pairs = table.attributes.iter().zip(values.iter().map(|value| value.text.as_str()));
            self.push(at, true, row(entity, pairs));
        }
    }

    fn rows(&mut self, rows: &[Vec<super::doc::Cell>]) {
        let Some((head, rows)) = rows.split_first() else { return };
        let head: Vec<String> = head.iter().skip(1).map(|cell| plain(&cell.runs)).collect();
        for cells in rows {
            let at = cells.first().map_or(0, |cell| cell.span.start);
            let mut cells = cells.iter().map(|cell| plain(&cell.runs));
            let first = cells.next().unwrap_or_default();
            let rest: Vec<String> = cells.collect();
            self.push(at, true, row(&first, head.iter().zip(rest.iter().map(String::as_str))));
        }
    }

    fn card(&mut self, card: &Card) {
        let at = card.span.start;
        let mut add = |fields: &[Field]| {
            let parts: Vec<String> = fields.iter().map(|field| bare(&field.text)).collect();
            self.push(at, false, parts.join("; "));
        };
        match &card.kind {
            CardKind::Answer(answer) => add(std::slice::from_ref(answer)),
            CardKind::List(points) | CardKind::Order(points) => add(points),
            // Both sides of a pair, and a sentence with its gaps, are titles already.
            CardKind::Pair(_) => {}
            CardKind::Cloze(_) => add(std::slice::from_ref(&card.prompt)),
            CardKind::Choice { options, comment } => {
                let right = options.iter().filter(|option| option.right).map(|option| option.text.clone());
                add(&right.collect::<Vec<_>>());
                add(comment.as_slice());
            }
            CardKind::Typed { accepted, comment, .. } => {
                add(&[Field { text: accepted.join("; "), span: card.span.clone() }]);
                add(comment.as_slice());
            }
        }
        add(card.why.as_slice());
        add(card.confused.as_slice());
    }
}

fn row<'a>(first: &str, pairs: impl Iterator<Item = (&'a String, &'a str)>) -> String {
    let mut out = first.to_owned();
    for (name, value) in pairs.filter(|(_, value)| !value.is_empty()) {
        if !out.is_empty() {
            out.push_str(" · ");
        }
        if !name.is_empty() {
            out.extend([name, ": "]);
        }
        out.push_str(value);
    }
    out
}

/// A point of a rubric without the number that it weighs.
fn unweighted(words: &str) -> &str {
    let rest = words.strip_prefix('(').and_then(|rest| rest.split_once(") "));
    rest.filter(|(number, _)| number.parse::<u8>().is_ok()).map_or(words, |(_, rest)| rest)
}

/// Markdown without its marks.
fn bare(markdown: &str) -> String {
    let parts: Vec<String> = blocks(markdown, 0, "")
        .iter()
        .map(|block| match &block.body {
            Body::Code { text, .. } => text.lines().map(str::trim).collect::<Vec<_>>().join(" "),
            _ => plain(block.runs()),
        })
        .filter(|words| !words.is_empty())
        .collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: Kind, text: &str) -> Vec<(usize, bool, String)> {
        texts(kind, 0, text).into_iter().map(|text| (text.at, text.row, text.words)).collect()
    }

    #[test]
    fn paragraphs_rows_and_code_are_texts() {
        let text =
            "# T\n\nOne *two*\nthree.\n\n- item\n\n| a | b |\n|---|---|\n| x | 1 |\n\n```sh\nfi\naws ec2 run\n```\n";
        let found = of(Kind::Lesson, text);
        let words: Vec<_> = found.iter().map(|(_, row, words)| (*row, words.as_str())).collect();
        assert_eq!(words, [(false, "One two three."), (false, "item"), (true, "x · b: 1"), (false, "aws ec2 run")]);
        assert!(text[found[2].0..].trim_start().starts_with("x |"), "{:?}", &text[found[2].0..]);
    }

    #[test]
    fn comparisons_say_which_attribute_a_value_is_of() {
        let text = "| | ALB | NLB |\n|---|---|---|\n| Layer | 7 | 4 |\n\n```toml table\nid = \"lb\"\nentities = \"columns\"\n```\n";
        let words: Vec<_> = of(Kind::Lesson, text).into_iter().map(|(_, _, words)| words).collect();
        assert_eq!(words, ["ALB · Layer: 7", "NLB · Layer: 4"]);
    }

    #[test]
    fn answers_of_cards_are_texts_and_keys_of_rubrics_are_not() {
        let cards = "Q: a {#a}\nA: The **b**.\nW: since\n\nQ: c\n- [ ] no\n- [x] yes\n";
        let words: Vec<_> = of(Kind::Cards, cards).into_iter().map(|(at, _, words)| (at, words)).collect();
        assert_eq!(words, [(0, "The b.".to_owned()), (0, "since".into()), (34, "yes".into())]);
        let rubric = "## Q? {#q}\n\n### Rubric\n- (2) Asks first. `ask|why`\n";
        assert_eq!(of(Kind::Questions, rubric)[0].2, "Asks first.");
        assert_eq!(of(Kind::Tree, "## N\n\n- [Yes](#a)\n"), []);
    }
}
