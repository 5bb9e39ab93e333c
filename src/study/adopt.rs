//! Cards without an id whose words were changed: the nearest old card of the same file lends its history.

use super::items::{Items, Kind};
use super::progress::Progress;
use crate::content::library::Library;

/// An item with a history that is not in the library any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    pub id: String,
    /// The file in which it stood.
    pub place: String,
    /// What it asked.
    pub words: String,
}

/// Words must be so much alike, from 0 to 1.
const ALIKE: f64 = 0.6;

/// Whether an id was made of the card's words.
fn unnamed(id: &str) -> bool {
    id.starts_with('~')
}

/// The ids with a history that name nothing in the library.
#[must_use]
pub fn orphans(library: &Library, items: &Items, progress: &Progress) -> Vec<String> {
    let mut out: Vec<String> = progress
        .states()
        .filter(|(id, state)| state.seen() && items.find(library, id).is_none())
        .map(|(id, _)| id.to_owned())
        .collect();
    out.sort();
    out
}

/// Which new card takes over which old history: (new, old), each at most once, the most alike first.
#[must_use]
pub fn pairs(lost: &[Lost], library: &Library, items: &Items, progress: &Progress) -> Vec<(String, String)> {
    let mut all: Vec<(f64, &str, &Lost)> = Vec::new();
    for old in lost.iter().filter(|old| unnamed(&old.id)) {
        for item in items.all().iter().filter(|item| item.kind == Kind::Card) {
            let id = item.id(library);
            let here = library.files.get(item.file).is_some_and(|file| file.path == old.place);
            if !here || !unnamed(id) || progress.state(id).seen() {
                continue;
            }
            let words = item.entry(library).map_or("", |entry| entry.title.as_str());
            let alike = strsim::normalized_levenshtein(&words.to_lowercase(), &old.words.to_lowercase());
            if alike >= ALIKE {
                all.push((alike, id, old));
            }
        }
    }
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, &a.2.id).cmp(&(b.1, &b.2.id))));
    let mut out: Vec<(String, String)> = Vec::new();
    for (_, new, old) in all {
        if out.iter().all(|(taken, from)| taken != new && *from != old.id) {
            out.push((new.to_owned(), old.id.clone()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::items::tests::library;

    #[test]
    fn the_nearest_card_of_the_file_goes_on() {
        let before = library(&[("1-m/cards.md", "Q: How long is the warning?\nA: Two minutes.\n\nQ: Other?\nA: b\n")]);
        let after = library(&[
            ("1-m/cards.md", "Q: How long is the Spot warning?\nA: Two minutes.\n\nQ: Unlike all else\nA: b\n"),
            ("2-n/cards.md", "Q: How long is the warning now?\nA: Two.\n"),
        ]);
        let old = Items::new(&before);
        let lost: Vec<Lost> = old
            .all()
            .iter()
            .map(|item| Lost {
                id: item.id(&before).to_owned(),
                place: "1-m/cards.md".to_owned(),
                words: item.entry(&before).unwrap().title.clone(),
            })
            .collect();
        let items = Items::new(&after);
        let found = pairs(&lost, &after, &items, &Progress::default());
        let first = items.all()[0].id(&after).to_owned();
        assert_eq!(found, [(first, lost[0].id.clone())]);
        // A card that the author named is never adopted.
        let named = [Lost { id: "spot".to_owned(), ..lost[0].clone() }];
        assert_eq!(pairs(&named, &after, &items, &Progress::default()), []);
    }
}
