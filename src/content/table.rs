//! Comparison tables: a Markdown table with a TOML fence behind it, whose cells are cards.

use std::collections::BTreeMap;

use super::doc::{Block, Body, Cell, Run, Span, plain};
use super::front::{Entities, TableHeader, is_id, read};
use crate::problem::Flaw;
use crate::text::{key, nearest};

/// The info string of the fence that makes a table a comparison.
pub const FENCE: &str = "toml table";

/// Entities compared by attributes. Which way the author laid them out does not show any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub id: String,
    pub title: String,
    pub noun: String,
    pub span: Span,
    pub entities: Vec<String>,
    pub attributes: Vec<String>,
    /// By entity, then by attribute.
    pub values: Vec<Vec<Value>>,
    pub cards: Vec<CellCard>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    pub text: String,
    pub runs: Vec<Run>,
    pub span: Span,
}

/// A card made of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellCard {
    pub id: String,
    pub ask: Ask,
    pub entity: usize,
    pub attribute: usize,
    pub prompt: String,
    pub answer: String,
}

/// Which way a cell is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Recall the cell.
    Value,
    /// Name the entity that has this value.
    Entity,
}

/// Whether a block is the fence behind a table.
#[must_use]
pub fn is_fence(block: &Block) -> bool {
    matches!(&block.body, Body::Code { info, .. } if info.trim() == FENCE)
}

/// What a fence calls its table.
#[must_use]
pub fn caption(fence: &Block) -> Option<String> {
    let Body::Code { text, .. } = &fence.body else { return None };
    let header: TableHeader = read(text, 0, &mut Vec::new());
    header.title.filter(|_| is_fence(fence))
}

/// The comparison tables among the blocks of a text; `text` is the whole file that their spans speak of.
#[must_use]
pub fn tables(blocks: &[Block], text: &str, flaws: &mut Vec<Flaw>) -> Vec<Table> {
    let mut out = Vec::new();
    let mut before: Option<&Block> = None;
    for block in blocks {
        if is_fence(block) {
            match before.map(|block| (&block.body, &block.span)) {
                Some((Body::Table { rows, .. }, span)) => {
                    let whole = span.start..block.span.end;
                    out.extend(table(rows, whole, block, text, flaws));
                }
                _ => flaws.push(Flaw::error(
                    "lone-fence",
                    block.span.clone(),
                    "No table stands before this fence.",
                    "Put the fence right behind the table that it describes.",
                )),
            }
        }
        before = Some(block);
    }
    out
}

fn table(rows: &[Vec<Cell>], span: Span, fence: &Block, text: &str, flaws: &mut Vec<Flaw>) -> Option<Table> {
    let source = text.get(fence.span.clone()).unwrap_or("");
    let inner = source.find('\n').map_or(source.len(), |at| at + 1);
    let end = source.rfind("```").filter(|end| *end > inner).unwrap_or(source.len());
    let toml = source.get(inner..end).unwrap_or("");
    let at = fence.span.start + inner;
    let header: TableHeader = read(toml, at, flaws);
    let Some(id) = header.id.clone().filter(|id| is_id(id)) else {
        let hint = "Add `id = \"…\"` of lower-case letters, digits and dashes.";
        flaws.push(Flaw::error("no-id", fence.span.clone(), "The table has no id that can be used.", hint));
        return None;
    };
    let grid = oriented(rows, header.entities, flaws);
    let (head, body) = grid.split_first()?;
    let attributes: Vec<String> = head.iter().skip(1).map(|value| value.text.clone()).collect();
    let entities: Vec<String> =
        body.iter().map(|row| row.first().map_or_else(String::new, |value| value.text.clone())).collect();
    let values: Vec<Vec<Value>> = body.iter().map(|row| row.iter().skip(1).cloned().collect()).collect();
    unique(&entities, "entity", &span, flaws);
    unique(&attributes, "attribute", &span, flaws);
    let noun = header.noun.clone().unwrap_or_else(|| "one".to_owned());
    let mut table = Table {
        title: header.title.clone().unwrap_or_else(|| id.clone()),
        id,
        noun,
        span,
        entities,
        attributes,
        values,
        cards: Vec::new(),
    };
    let mut missing = |name: &str, known: &[String]| {
        let at = at + toml.find(&format!("\"{name}\"")).unwrap_or(0);
        let hint = nearest(name, known.iter().map(String::as_str)).map_or_else(
            || format!("The table has: {}.", known.join(", ")),
            |known| format!("Did you mean `{known}`?"),
        );
        let what = format!("The table has no `{name}`.");
        flaws.push(Flaw::error("unknown-name", at..at + name.len() + 2, what, hint));
    };
    let mut skip = Vec::new();
    for name in &header.skip {
        let Some((entity, attribute)) = name.split_once('/') else {
            missing(name, &table.attributes);
            continue;
        };
        let entity = position(&table.entities, entity).or_else(|| {
            missing(name, &table.entities);
            None
        });
        let attribute = position(&table.attributes, attribute).or_else(|| {
            missing(name, &table.attributes);
            None
        });
        skip.extend(entity.zip(attribute));
    }
    let mut chosen = |names: &[String]| -> Vec<usize> {
        let mut out = Vec::new();
        for name in names {
            match position(&table.attributes, name) {
                Some(attribute) => out.push(attribute),
                None => missing(name, &table.attributes),
            }
        }
        out
    };
    let ask = header.ask.as_deref().map_or_else(|| (0..table.attributes.len()).collect(), &mut chosen);
    let name_from = chosen(&header.name_from);
    for name in header.prompts.keys().chain(header.name_prompts.keys()) {
        chosen(std::slice::from_ref(name));
    }
    for (attribute, name) in table.attributes.iter().enumerate() {
        let mut column = table.values.iter().filter_map(|row| row.get(attribute)).map(|value| &value.text);
        let first = column.next();
        if ask.contains(&attribute) && table.values.len() > 1 && column.all(|text| Some(text) == first) {
            let what = format!("Every {} has the same `{name}`, so asking for it tells nothing apart.", table.noun);
            let hint = "Leave the attribute out of `ask`.";
            flaws.push(Flaw::warning("same-everywhere", fence.span.clone(), what, hint));
        }
    }
    table.cards = cards(&table, &header, &ask, &name_from, &skip);
    Some(table)
}

/// The grid with the entities as rows; blank cells are told.
fn oriented(rows: &[Vec<Cell>], entities: Entities, flaws: &mut Vec<Flaw>) -> Vec<Vec<Value>> {
    let width = rows.first().map_or(0, Vec::len);
    let value = |row: usize, column: usize| -> Value {
        rows.get(row).and_then(|row| row.get(column)).map_or_else(Value::default, |cell| Value {
            text: plain(&cell.runs),
            runs: cell.runs.clone(),
            span: cell.span.clone(),
        })
    };
    for (y, row) in rows.iter().enumerate() {
        for (x, cell) in row.iter().enumerate().filter(|(x, cell)| (*x, y) != (0, 0) && plain(&cell.runs).is_empty()) {
            let column = rows.first().and_then(|head| head.get(x)).map_or_else(String::new, |head| plain(&head.runs));
            let what = format!("The cell under `{column}` is blank.");
            flaws.push(Flaw::error("blank-cell", cell.span.clone(), what, "Say \"none\" or \"not applicable\"."));
        }
    }
    match entities {
        Entities::Rows => (0..rows.len()).map(|row| (0..width).map(|column| value(row, column)).collect()).collect(),
        Entities::Columns => (0..width).map(|column| (0..rows.len()).map(|row| value(row, column)).collect()).collect(),
    }
}

fn unique(names: &[String], what: &str, span: &Span, flaws: &mut Vec<Flaw>) {
    for (n, name) in names.iter().enumerate() {
        if names.iter().take(n).any(|other| key(other) == key(name)) {
            let text = format!("Two columns or rows are called `{name}`, so the {what} is not unique.");
            flaws.push(Flaw::error("duplicate-name", span.clone(), text, "Give each its own name."));
        }
    }
}

fn position(names: &[String], name: &str) -> Option<usize> {
    names.iter().position(|known| known == name.trim())
}

fn cards(
    table: &Table,
    header: &TableHeader,
    ask: &[usize],
    name_from: &[usize],
    skip: &[(usize, usize)],
) -> Vec<CellCard> {
    let mut out = Vec::new();
    for (entity, name) in table.entities.iter().enumerate() {
        for (attribute, column) in table.attributes.iter().enumerate() {
            let Some(cell) = table.values.get(entity).and_then(|row| row.get(attribute)).map(|value| &value.text)
            else {
                continue;
            };
            if cell.is_empty() || skip.contains(&(entity, attribute)) {
                continue;
            }
            let base = format!("{}/{}/{}", table.id, key(name), key(column));
            let fill = |own: &BTreeMap<String, String>, every: Option<&String>, usual: &str| {
                let pattern = own.get(column).or(every).map_or(usual, String::as_str);
                // An attribute may be a question itself.
                (pattern.replace("{entity}", name).replace("{attribute}", column))
                    .replace("{cell}", cell)
                    .replace("{noun}", &table.noun)
                    .replace("??", "?")
            };
            let sharing =
                table.values.iter().filter(|row| row.get(attribute).is_some_and(|value| value.text == *cell)).count();
            let differs = sharing < table.values.len() || table.values.len() == 1;
            if ask.contains(&attribute) && differs {
                let prompt = fill(&header.prompts, header.prompt.as_ref(), "{entity}: {attribute}?");
                out.push(CellCard {
                    id: base.clone(),
                    ask: Ask::Value,
                    entity,
                    attribute,
                    prompt,
                    answer: cell.clone(),
                });
            }
            if name_from.contains(&attribute) && sharing == 1 {
                let usual = "{attribute}: {cell}. Which {noun}?";
                let prompt = fill(&header.name_prompts, header.name_prompt.as_ref(), usual);
                out.push(CellCard {
                    id: format!("{base}/name"),
                    ask: Ask::Entity,
                    entity,
                    attribute,
                    prompt,
                    answer: name.clone(),
                });
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::parse::blocks;

    const GRID: &str =
        "| | Layer | Static IP |\n|---|---|---|\n| ALB | 7 | no |\n| NLB | 4 | one *per* zone |\n| GWLB | 3 | no |\n\n";

    fn parse(fence: &str) -> (Vec<Table>, Vec<Flaw>) {
        let text = format!("{GRID}```toml table\n{fence}\n```\n");
        let mut flaws = Vec::new();
        (tables(&blocks(&text, 0, ""), &text, &mut flaws), flaws)
    }

    #[test]
    fn cells_become_cards_in_both_directions() {
        let (tables, flaws) =
            parse("id = \"lb\"\nnoun = \"balancer\"\nname_from = [\"Static IP\"]\nskip = [\"ALB / Layer\"]");
        assert_eq!(flaws, []);
        let cards: Vec<_> =
            tables[0].cards.iter().map(|c| (c.id.as_str(), c.prompt.as_str(), c.answer.as_str())).collect();
        assert_eq!(
            cards,
            [
                ("lb/alb/static-ip", "ALB: Static IP?", "no"),
                ("lb/nlb/layer", "NLB: Layer?", "4"),
                ("lb/nlb/static-ip", "NLB: Static IP?", "one per zone"),
                ("lb/nlb/static-ip/name", "Static IP: one per zone. Which balancer?", "NLB"),
                ("lb/gwlb/layer", "GWLB: Layer?", "3"),
                ("lb/gwlb/static-ip", "GWLB: Static IP?", "no"),
            ]
        );
    }

    #[test]
    fn an_attribute_may_have_a_wording_of_its_own() {
        let (tables, flaws) = parse(
            "id = \"lb\"\nname_from = [\"Static IP\"]\nprompt = \"{attribute} of {entity}?\"\n[prompts]\n\"Static IP\" = \"Does {entity} have one?\"\n[name_prompts]\n\"Static IP\" = \"Who has {cell}?\"",
        );
        assert_eq!(flaws, []);
        let prompts: Vec<_> = tables[0].cards.iter().skip(2).take(3).map(|card| card.prompt.as_str()).collect();
        assert_eq!(prompts, ["Layer of NLB?", "Does NLB have one?", "Who has one per zone?"]);
        let (_, flaws) = parse("id = \"lb\"\n[prompts]\n\"Statik IP\" = \"x\"");
        assert_eq!(flaws[0].hint, "Did you mean `Static IP`?");
    }

    #[test]
    fn columns_may_be_the_entities() {
        let text = "| | ALB | NLB |\n|---|---|---|\n| Layer | 7 | 4 |\n\n```toml table\nid = \"lb\"\nentities = \"columns\"\n```\n";
        let mut flaws = Vec::new();
        let tables = tables(&blocks(text, 0, ""), text, &mut flaws);
        assert_eq!(flaws, []);
        assert_eq!(
            (&tables[0].entities, &tables[0].attributes),
            (&vec!["ALB".to_owned(), "NLB".into()], &vec!["Layer".to_owned()])
        );
        assert_eq!(tables[0].cards[1].answer, "4");
    }

    #[test]
    fn slips_are_told() {
        let code = |fence: &str| parse(fence).1.first().map(|flaw| (flaw.code, flaw.hint.clone()));
        assert_eq!(code("noun = \"x\"").map(|c| c.0), Some("no-id"));
        assert_eq!(
            code("id = \"x\"\nask = [\"Statik IP\"]"),
            Some(("unknown-name", "Did you mean `Static IP`?".into()))
        );
        assert_eq!(code("id = \"x\"\nasks = []").map(|c| c.0), Some("unknown-key"));
        let lone = "Text.\n\n```toml table\nid = \"x\"\n```\n";
        let mut flaws = Vec::new();
        assert!(tables(&blocks(lone, 0, ""), lone, &mut flaws).is_empty());
        assert_eq!(flaws[0].code, "lone-fence");
        let blank = "| a | b |\n|---|---|\n| x |   |\n| y | 1 |\n\n```toml table\nid = \"x\"\n```\n";
        assert_eq!(tables(&blocks(blank, 0, ""), blank, &mut flaws).len(), 1);
        assert_eq!(flaws[1].code, "blank-cell");
    }
}
