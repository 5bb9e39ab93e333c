//! Finding anything by a few letters: what there is, what is asked, and what fits best. Pure: work is done in slices
//! of a given size, so that whoever calls can look for a key between two of them.

mod fit;
mod index;
mod query;
mod search;

pub use index::{Index, Item};
pub use query::{Filter, Query};
pub use search::{Hit, MOST, Search};

use crate::content::front;
use crate::content::scan::What;

/// What something that can be found is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Module,
    Lesson,
    Section,
    Table,
    Row,
    Deck,
    Card,
    Tree,
    Node,
    Leaf,
    Situation,
    Questions,
    Question,
    Incident,
    Stage,
    Text,
    Command,
}

impl Kind {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Lesson => "lesson",
            Self::Section => "section",
            Self::Table => "table",
            Self::Row => "row",
            Self::Deck => "deck",
            Self::Card => "card",
            Self::Tree => "tree",
            Self::Node => "node",
            Self::Leaf => "leaf",
            Self::Situation => "situation",
            Self::Questions => "questions",
            Self::Question => "question",
            Self::Incident => "incident",
            Self::Stage => "stage",
            Self::Text => "text",
            Self::Command => "command",
        }
    }

    /// What an entry of a file is; the cells of a table are found by its rows.
    fn of(what: What) -> Option<Self> {
        Some(match what {
            What::Heading(_) => Self::Section,
            What::Table => Self::Table,
            What::Cell => return None,
            What::Deck => Self::Deck,
            What::Card => Self::Card,
            What::Node => Self::Node,
            What::Leaf => Self::Leaf,
            What::Situation => Self::Situation,
            What::Question => Self::Question,
            What::Stage => Self::Stage,
        })
    }

    fn of_file(kind: front::Kind) -> Self {
        match kind {
            front::Kind::Lesson => Self::Lesson,
            front::Kind::Cards => Self::Deck,
            front::Kind::Tree => Self::Tree,
            front::Kind::Questions => Self::Questions,
            front::Kind::Incident => Self::Incident,
        }
    }

    /// How much more its title counts than that of a row.
    fn bonus(self) -> i32 {
        match self {
            Self::Module | Self::Lesson => 24,
            Self::Section | Self::Table | Self::Tree => 20,
            Self::Deck | Self::Questions | Self::Incident => 14,
            Self::Question | Self::Stage | Self::Situation | Self::Node | Self::Leaf => 12,
            Self::Card => 8,
            Self::Command => 4,
            Self::Row | Self::Text => 0,
        }
    }

    fn bit(self) -> u32 {
        1 << (self as u32)
    }
}
