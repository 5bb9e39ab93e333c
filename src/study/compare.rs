//! A comparison as one looks at it: the cells of a table, or of two entities that stand side by side.

pub mod copy;
pub mod draw;
pub mod order;
pub mod recall;
pub mod view;

use crate::content::doc::Run;
use crate::content::table::{Ask, Table};
use crate::text::key;

/// A cell with words in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    pub runs: Vec<Run>,
    /// The card that asks for it, where there is one.
    pub card: Option<String>,
}

/// Which of two entities have an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shared {
    Different,
    Same,
    /// Only the entity of this number, 0 or 1.
    Only(usize),
}

/// Entities by attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    pub entities: Vec<String>,
    pub attributes: Vec<String>,
    /// By entity, then by attribute; nothing where a cell is blank, or an entity's table has no such attribute.
    cells: Vec<Vec<Option<Cell>>>,
}

impl Matrix {
    /// The whole of a table.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        let cells = (0..table.entities.len())
            .map(|entity| (0..table.attributes.len()).map(|attribute| cell(table, entity, attribute)).collect())
            .collect();
        Self { entities: table.entities.clone(), attributes: table.attributes.clone(), cells }
    }

    /// Two entities, of one table or of two. What both tables call by the same name stands on one line; what only one of
    /// them has follows.
    #[must_use]
    pub fn side_by_side(one: (&Table, usize), other: (&Table, usize)) -> Self {
        let find = |table: &Table, name: &str| table.attributes.iter().position(|known| key(known) == key(name));
        let mut out = Self::default();
        let name = |(table, entity): (&Table, usize)| table.entities.get(entity).cloned().unwrap_or_default();
        out.entities = vec![name(one), name(other)];
        if key(&name(one)) == key(&name(other)) {
            // The same thing seen by two tables is told apart by what they are about.
            out.entities =
                vec![format!("{} ({})", name(one), one.0.title), format!("{} ({})", name(other), other.0.title)];
        }
        let (mut left, mut right) = (Vec::new(), Vec::new());
        let mut line = |attribute: &str, mine: Option<usize>, theirs: Option<usize>| {
            out.attributes.push(attribute.to_owned());
            left.push(mine.and_then(|at| cell(one.0, one.1, at)));
            right.push(theirs.and_then(|at| cell(other.0, other.1, at)));
        };
        for (at, attribute) in one.0.attributes.iter().enumerate() {
            if let Some(theirs) = find(other.0, attribute) {
                line(attribute, Some(at), Some(theirs));
            }
        }
        for (at, attribute) in one.0.attributes.iter().enumerate() {
            if find(other.0, attribute).is_none() {
                line(attribute, Some(at), None);
            }
        }
        for (at, attribute) in other.0.attributes.iter().enumerate() {
            if find(one.0, attribute).is_none() {
                line(attribute, None, Some(at));
            }
        }
        out.cells = vec![left, right];
        out
    }

    #[must_use]
    pub fn cell(&self, entity: usize, attribute: usize) -> Option<&Cell> {
        self.cells.get(entity)?.get(attribute)?.as_ref()
    }

    #[must_use]
    pub fn text(&self, entity: usize, attribute: usize) -> &str {
        self.cell(entity, attribute).map_or("", |cell| cell.text.as_str())
    }

    /// How the first two entities stand to each other in an attribute.
    #[must_use]
    pub fn shared(&self, attribute: usize) -> Shared {
        match (self.cell(0, attribute), self.cell(1, attribute)) {
            (Some(one), Some(other)) if simple(&one.text) == simple(&other.text) => Shared::Same,
            (Some(_), None) => Shared::Only(0),
            (None, Some(_)) => Shared::Only(1),
            (None, None) => Shared::Same,
            (Some(_), Some(_)) => Shared::Different,
        }
    }
}

/// Words without case and doubled blanks: what differs only in these does not differ.
fn simple(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn cell(table: &Table, entity: usize, attribute: usize) -> Option<Cell> {
    let value = table.values.get(entity)?.get(attribute).filter(|value| !value.text.is_empty())?;
    let asks = |ask: Ask| ask == Ask::Value;
    let card = table.cards.iter().find(|card| (card.entity, card.attribute) == (entity, attribute) && asks(card.ask));
    Some(Cell { text: value.text.clone(), runs: value.runs.clone(), card: card.map(|card| card.id.clone()) })
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::content::parse::blocks;
    use crate::content::table::tables;

    /// The tables of a text.
    pub fn parsed(text: &str) -> Vec<Table> {
        tables(&blocks(text, 0, ""), text, &mut Vec::new())
    }

    pub const BALANCERS: &str = "| | Layer | Timeout | Trap | Price |\n|-|-|-|-|-|\n\
        | ALB | 7 | 60 s | addresses change | $0.0225 |\n| NLB | 4 | 350 s | cross-zone | $0.0225 |\n\
        | GWLB | 3 | 350 s | GENEVE | $0.0125 |\n\n```toml table\nid = \"lb\"\ntitle = \"Balancers\"\nask = [\"Layer\", \"Timeout\"]\n```\n";
    pub const TARGETS: &str = "| | Layer | Address seen |\n|-|-|-|\n| NLB | 4 | the client's |\n| ip | 7 | the balancer's |\n\n\
        ```toml table\nid = \"tt\"\ntitle = \"Targets\"\n```\n";

    #[test]
    fn two_of_one_table_are_told_apart_by_what_differs() {
        let table = &parsed(BALANCERS)[0];
        let two = Matrix::side_by_side((table, 0), (table, 1));
        assert_eq!(two.entities, ["ALB", "NLB"]);
        let told: Vec<(&str, Shared)> =
            two.attributes.iter().enumerate().map(|(at, name)| (name.as_str(), two.shared(at))).collect();
        let expected = [
            ("Layer", Shared::Different),
            ("Timeout", Shared::Different),
            ("Trap", Shared::Different),
            ("Price", Shared::Same),
        ];
        assert_eq!(told, expected);
        assert_eq!((two.text(0, 1), two.text(1, 1)), ("60 s", "350 s"));
        assert_eq!(two.cell(1, 1).and_then(|cell| cell.card.as_deref()), Some("lb/nlb/timeout"));
        assert_eq!(two.cell(1, 2).and_then(|cell| cell.card.as_deref()), None);
    }

    #[test]
    fn two_of_different_tables_meet_where_names_are_the_same() {
        let (one, other) = (&parsed(BALANCERS)[0], &parsed(TARGETS)[0]);
        let two = Matrix::side_by_side((one, 1), (other, 1));
        assert_eq!(two.attributes, ["Layer", "Timeout", "Trap", "Price", "Address seen"]);
        assert_eq!(
            (two.shared(0), two.shared(1), two.shared(4)),
            (Shared::Different, Shared::Only(0), Shared::Only(1))
        );
        assert_eq!((two.text(1, 1), two.text(1, 4)), ("", "the balancer's"));
        let same = Matrix::side_by_side((one, 1), (other, 0));
        assert_eq!(same.entities, ["NLB (Balancers)", "NLB (Targets)"]);
        assert_eq!(same.text(0, 0), "4");
    }
}
