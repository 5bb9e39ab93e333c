//! Everything that can be asked: the cards, cells, situations and questions of a library, in its order.

use std::ops::Range;

use crate::content::library::{Library, Target};
use crate::content::scan::{Entry, What};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Card,
    Cell,
    Situation,
    Question,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Card, Self::Cell, Self::Situation, Self::Question];

    #[must_use]
    pub fn of(what: What) -> Option<Self> {
        match what {
            What::Card => Some(Self::Card),
            What::Cell => Some(Self::Cell),
            What::Situation => Some(Self::Situation),
            What::Question => Some(Self::Question),
            What::Heading(_) | What::Table | What::Deck | What::Node | What::Leaf | What::Stage => None,
        }
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Cell => "cell",
            Self::Situation => "situation",
            Self::Question => "question",
        }
    }

    /// How much more an item of this kind says about readiness than a card.
    #[must_use]
    pub fn weight(self) -> f64 {
        match self {
            Self::Card | Self::Cell => 1.0,
            Self::Situation => 2.0,
            Self::Question => 4.0,
        }
    }

    /// Seconds that an answer takes somebody who has not answered many yet.
    #[must_use]
    pub fn seconds(self) -> u32 {
        match self {
            Self::Card => 14,
            Self::Cell => 10,
            Self::Situation => 60,
            Self::Question => 240,
        }
    }
}

/// Something that can be asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    pub file: usize,
    pub entry: usize,
    pub module: usize,
    pub kind: Kind,
    /// Items of one group give each other away.
    pub group: (usize, u32),
    /// How much it counts for readiness: by its module and its kind.
    pub weight: f64,
}

impl Item {
    #[must_use]
    pub fn entry<'a>(&self, library: &'a Library) -> Option<&'a Entry> {
        library.files.get(self.file)?.entries.get(self.entry)
    }

    /// The id that its history is kept under.
    #[must_use]
    pub fn id<'a>(&self, library: &'a Library) -> &'a str {
        self.entry(library).map_or("", |entry| entry.id.as_str())
    }
}

/// All items, in the order of the library.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Items {
    all: Vec<Item>,
}

impl Items {
    #[must_use]
    pub fn new(library: &Library) -> Self {
        let mut all = Vec::new();
        for (file, found) in library.files.iter().enumerate() {
            let module = library.modules.get(found.module).map_or(1, |module| module.weight.max(1));
            for (entry, known) in found.entries.iter().enumerate() {
                let Some(kind) = Kind::of(known.what) else { continue };
                let weight = f64::from(module) * kind.weight();
                let group = (file, known.group);
                all.push(Item { file, entry, module: found.module, kind, group, weight });
            }
        }
        Self { all }
    }

    #[must_use]
    pub fn all(&self) -> &[Item] {
        &self.all
    }

    #[must_use]
    pub fn get(&self, at: usize) -> Option<&Item> {
        self.all.get(at)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The items of some files.
    #[must_use]
    pub fn of_files(&self, files: Range<usize>) -> Range<usize> {
        let from = self.all.partition_point(|item| item.file < files.start);
        from..self.all.partition_point(|item| item.file < files.end)
    }

    /// Where an item with an id stands.
    #[must_use]
    pub fn find(&self, library: &Library, id: &str) -> Option<usize> {
        let Some(Target::Entry(file, entry)) = library.named(id) else { return None };
        self.all.binary_search_by_key(&(file, entry), |item| (item.file, item.entry)).ok()
    }

    /// The items that a place covers: of a module, a file, a section with its tables and the decks that belong to it, a
    /// table, a deck, or one item.
    #[must_use]
    pub fn at(&self, library: &Library, target: Target) -> Vec<usize> {
        match target {
            Target::Module(module) => self.of_files(library.module_range(module)).collect(),
            Target::File(file) => {
                let kind = library.files.get(file).map(|file| file.kind);
                // A lesson stands for its module's cards too when it is the only one.
                let range = self.of_files(file..file + 1);
                if range.is_empty() && kind == Some(crate::content::front::Kind::Lesson) {
                    let module = library.files.get(file).map_or(0, |file| file.module);
                    return self.of_files(library.module_range(module)).collect();
                }
                range.collect()
            }
            Target::Entry(file, entry) => {
                let own = self.of_files(file..file + 1);
                if let Some(at) = own.clone().find(|at| self.all.get(*at).is_some_and(|item| item.entry == entry)) {
                    return vec![at];
                }
                let Some((_, span)) = library.extent(target) else { return Vec::new() };
                let within = |at: &usize| {
                    self.all
                        .get(*at)
                        .and_then(|item| item.entry(library))
                        .is_some_and(|entry| span.contains(&entry.start))
                };
                own.filter(within).collect()
            }
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::content::gather::Gathering;

    /// A library of some files.
    pub fn library(files: &[(&str, &str)]) -> Library {
        let mut gathering = Gathering::new("pack", files.iter().map(|(path, _)| (*path).to_owned()));
        for (path, text) in files {
            gathering.add(path, text);
        }
        let mut library = Library::default();
        gathering.finish(&mut library);
        library
    }

    #[test]
    fn everything_that_can_be_asked_is_found() {
        let table = "# L\n\n## One\n\n| | x | y |\n|-|-|-|\n| a | 1 | 2 |\n| b | 3 | 4 |\n\n```toml table\nid = \"t\"\n```\n\n## Two\n\nText.\n";
        let library = library(&[
            ("1-m/lesson.md", table),
            ("1-m/cards.md", "Q: a {#qa}\nA: b\n\nC: [x] and [y]. {#cz}\n"),
            ("2-n/cards.md", "Q: c {#qc}\nA: d\n"),
        ]);
        let items = Items::new(&library);
        let ids: Vec<_> = items.all().iter().map(|item| item.id(&library)).collect();
        assert_eq!(ids, ["t/a/x", "t/a/y", "t/b/x", "t/b/y", "qa", "cz/1", "cz/2", "qc"]);
        let at = |place: &str| items.at(&library, library.find(place).unwrap()).len();
        assert_eq!(
            (at("m"), at("n"), at("t"), at("qa"), at("1-m/lesson#one"), at("1-m/lesson#two")),
            (7, 1, 4, 1, 4, 0)
        );
        assert_eq!(items.find(&library, "cz/2"), Some(6));
        assert_eq!(items.all()[5].group, items.all()[6].group);
        assert_eq!(items.all()[0].group, items.all()[1].group);
        assert_ne!(items.all()[0].group, items.all()[2].group);
    }
}
