//! Cards as the files of a pack: one folder a deck, every card with its id, so that `check` finds nothing to say.

use std::collections::HashMap;

use super::deck::{asked, quoted, write};
use super::id::{Names, from_title};
use super::{Card, Deck};
use crate::content::card::Face;
use crate::content::library::Library;

/// Folders with files that are to be written, and what they hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The header of the pack, when it is new.
    pub header: Option<String>,
    pub folders: Vec<Folder>,
    /// By item: the file that it stands in, and the words that it asks.
    pub places: HashMap<String, (String, String)>,
    /// Cards that are in the pack already and stay as they are.
    pub known: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Folder {
    pub name: String,
    /// Names and texts.
    pub files: Vec<(String, String)>,
}

impl Layout {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.folders.is_empty()
    }
}

/// A card that is written, with what is asked of it.
type Written<'a> = (&'a Card, Vec<Face>);

/// The header of a pack.
fn header(title: &str) -> String {
    let name = from_title(title, "cards");
    let title = quoted(&super::title(title));
    format!("name = \"{name}\"\ntitle = {title}\nsummary = \"Cards that were imported.\"\n")
}

/// Lays decks out as a pack of a title, or as more folders of a pack that is there.
#[must_use]
pub fn layout(decks: &[Deck], title: &str, there: Option<&Library>) -> Layout {
    let mut out = Layout::default();
    let mut names: Names = there.into_iter().flat_map(Library::names).map(str::to_owned).collect();
    let mut fresh: Vec<(&str, Vec<Written<'_>>)> = Vec::new();
    let mut taken = Names::default();
    for deck in decks {
        let mut cards = Vec::new();
        for card in &deck.cards {
            let faces = asked(card);
            if names.has(&card.id) || taken.has(&card.id) || faces.iter().any(|face| names.has(&face.id)) {
                out.known += 1;
            } else {
                taken.take(&card.id);
                cards.push((card, faces));
            }
        }
        if !cards.is_empty() {
            fresh.push((&deck.title, cards));
        }
    }
    for (_, cards) in &fresh {
        for (card, _) in cards {
            names.take(&card.id);
        }
    }
    if there.is_none() {
        out.header = Some(header(title));
        // The pack has this name itself.
        names.take(&from_title(title, "cards"));
    }
    let first = there.map_or(0, |library| library.modules.len());
    let digits = (first + fresh.len()).to_string().len().max(2);
    for (n, (title, cards)) in (first + 1..).zip(fresh) {
        let id = names.take(&from_title(title, "deck"));
        let folder = format!("{n:0digits$}-{id}");
        let path = format!("{folder}/cards.md");
        let name = quoted(title);
        let mut text = format!("+++\nkind = \"cards\"\nid = \"{id}\"\ntitle = {name}\n+++\n");
        for (card, faces) in cards {
            text.push('\n');
            text.push_str(&write(card));
            for face in faces {
                out.places.insert(face.id, (path.clone(), face.title));
            }
        }
        let module = format!("title = {name}\n");
        out.folders.push(Folder {
            name: folder,
            files: vec![("module.toml".to_owned(), module), ("cards.md".to_owned(), text)],
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::gather::Gathering;
    use crate::transfer::Haul;
    use crate::transfer::deck::settle;
    use crate::transfer::deck::tests::any_card;
    use proptest::prelude::*;

    fn library(layout: &Layout) -> (Library, Vec<String>) {
        let mut files: Vec<(String, String)> =
            layout.header.iter().map(|text| ("pack.toml".to_owned(), text.clone())).collect();
        for folder in &layout.folders {
            files.extend(folder.files.iter().map(|(name, text)| (format!("{}/{name}", folder.name), text.clone())));
        }
        let mut gathering = Gathering::new("pack", files.iter().map(|(path, _)| path.clone()));
        for (path, text) in &files {
            gathering.add(path, text);
        }
        let mut library = Library::default();
        let found = gathering.finish(&mut library);
        // Warnings of taste, such as a choice with nothing to choose from, are the cards' own.
        let errors = found.into_iter().filter(|found| found.flaw.severity == crate::problem::Severity::Error);
        (library, errors.map(|found| format!("{}: {}", found.path, found.flaw.what)).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn packs_pass_the_check_and_hold_every_card(
            cards in prop::collection::vec(any_card(), 1..6),
            titles in prop::collection::vec("\\PC{0,12}", 3),
        ) {
            let mut names = Names::default();
            let mut haul = Haul::default();
            for (n, card) in cards.into_iter().enumerate() {
                let id = names.take(&card.id);
                if let Some(card) = settle(Card { id, ..card }) {
                    haul.put(&titles[n % 3], card);
                }
            }
            let first = layout(&haul.decks, &titles[0], None);
            let (library, errors) = library(&first);
            prop_assert_eq!(errors, Vec::<String>::new());
            for id in first.places.keys() {
                prop_assert!(library.named(id).is_some(), "{}", id);
            }
            // What is there already is not written again.
            let again = layout(&haul.decks, &titles[0], Some(&library));
            prop_assert_eq!((again.folders.len(), again.known), (0, haul.cards()));
        }
    }

    #[test]
    fn decks_become_numbered_folders() {
        let card = |id: &str| Card {
            id: id.into(),
            prompt: "p".into(),
            shape: super::super::Shape::Answer { answer: "a".into() },
            ..Card::default()
        };
        let deck = |title: &str, id: &str| Deck { title: title.into(), cards: vec![card(id)] };
        let layout =
            layout(&[deck("AWS::EC2", "a"), deck("日本", "b"), deck("a", "c"), deck("x", "a")], "My \"deck\"", None);
        let names: Vec<&str> = layout.folders.iter().map(|folder| folder.name.as_str()).collect();
        assert_eq!((names, layout.known), (vec!["01-aws-ec2", "02-deck", "03-a-2"], 1));
        assert!(layout.header.unwrap().contains("title = \"My \\\"deck\\\"\""));
    }
}
