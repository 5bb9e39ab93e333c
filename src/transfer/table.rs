//! Rows of cells, as spreadsheets keep them: one card a row. Texts are Markdown.

use csv::{ReaderBuilder, StringRecord, WriterBuilder};

use super::id::{Names, from_guid, from_words};
use super::note::{Said, lines, say, whole};
use super::{Card, Deck, Haul, Setting, refused, tags, tame};
use crate::problem::Problem;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Deck,
    Id,
    Prompt,
    Answer,
    Tags,
    Why,
    /// The card in our own format, where the other columns do not say all of it.
    Card,
}

const NAMES: [(Column, &[&str]); 7] = [
    (Column::Deck, &["deck", "category", "topic"]),
    (Column::Id, &["id", "guid", "key"]),
    (Column::Prompt, &["prompt", "question", "front", "term", "q"]),
    (Column::Answer, &["answer", "back", "definition", "a"]),
    (Column::Tags, &["tags", "tag", "labels"]),
    (Column::Why, &["why", "explanation", "note", "notes", "extra"]),
    (Column::Card, &["card"]),
];

/// The columns of a table that names none.
const PLAIN: [Column; 5] = [Column::Prompt, Column::Answer, Column::Id, Column::Tags, Column::Why];

/// The columns that a first row names; `None` when it is a card like the others.
fn columns(first: &StringRecord) -> Option<Vec<Option<Column>>> {
    let found: Vec<Option<Column>> = first
        .iter()
        .map(|cell| {
            let name = cell.trim().to_lowercase();
            NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(column, _)| *column)
        })
        .collect();
    let named = |column| found.contains(&Some(column));
    (named(Column::Prompt) && (named(Column::Answer) || named(Column::Card))).then_some(found)
}

/// What is between the cells of a table: the mark that its first line has most of.
#[must_use]
pub fn delimiter(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(mark, _)| *mark == byte).for_each(|(_, count)| *count += 1),
        }
    }
    // The first of equals is taken.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(mark, _)| *mark)
}

/// Reads a table of cards.
pub fn read(text: &str, delimiter: u8, setting: &Setting<'_>) -> Result<Haul, Box<Problem>> {
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut haul = Haul::default();
    let mut names = Names::default();
    let mut known: Option<Vec<Option<Column>>> = None;
    for (n, record) in reader.records().enumerate() {
        let record = record.map_err(|why| {
            refused(format!("Row {} of the table cannot be read: {why}.", n + 1), "Save it again as UTF-8 CSV.")
        })?;
        if n == 0
            && let Some(found) = columns(&record)
        {
            known = Some(found);
            continue;
        }
        let at = |wanted| match &known {
            Some(found) => found.iter().position(|column| *column == Some(wanted)),
            None => PLAIN.iter().position(|column| *column == wanted),
        };
        let cell = |wanted| tame(at(wanted).and_then(|at| record.get(at)).unwrap_or("")).trim().to_owned();
        let said = Said { front: cell(Column::Prompt), back: cell(Column::Answer), extra: cell(Column::Why) };
        if said.front.is_empty() && said.back.is_empty() {
            continue;
        }
        let id = cell(Column::Id);
        let id = names.take(&if id.is_empty() { from_words(&said.front) } else { from_guid(&id) });
        let card = whole(&id, &tags(&cell(Column::Tags)), &said, false, &cell(Column::Card), |said| said);
        let deck = cell(Column::Deck);
        match card {
            Some(card) => haul.put(if deck.is_empty() { setting.title } else { &deck }, card),
            None if said.front.is_empty() => haul.leave("rows without a prompt"),
            None if said.back.is_empty() => haul.leave("rows without an answer"),
            None => haul.leave("rows that cannot be written as a card"),
        }
    }
    Ok(haul)
}

/// Writes cards as a table.
#[must_use]
pub fn write(decks: &[Deck], delimiter: u8) -> String {
    let same = |said: Said| said;
    let row = |deck: &Deck, card: &Card| {
        let said = say(card);
        let kept = lines(card, false, same);
        [deck.title.clone(), card.id.clone(), said.front, said.back, card.tags.join(" "), said.extra, kept]
    };
    let rows: Vec<_> = decks.iter().flat_map(|deck| deck.cards.iter().map(move |card| row(deck, card))).collect();
    let wide = if rows.iter().any(|row| row.iter().last().is_some_and(|kept| !kept.is_empty())) { 7 } else { 6 };
    let mut writer = WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    let header = ["deck", "id", "prompt", "answer", "tags", "why", "card"];
    // Writing to memory does not fail.
    let _ = writer.write_record(header.iter().take(wide));
    for row in &rows {
        let _ = writer.write_record(row.iter().take(wide));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::Shape;
    use crate::transfer::deck::settle;
    use crate::transfer::deck::tests::{any_card, setting};
    use proptest::prelude::*;

    fn of(text: &str) -> Haul {
        read(text, delimiter(text), &setting()).unwrap()
    }

    #[test]
    fn columns_are_known_by_name_or_by_place() {
        let cases = [
            "prompt,answer,id,tags,why\nHow long?,Two minutes.,spot,ec2 cost,Best effort.\n",
            "How long?,Two minutes.,spot,ec2 cost,Best effort.\n",
            "Tags;Id;Question;Back;Explanation\n\"ec2, cost\";spot;How long?;Two minutes.;Best effort.\n",
            "front\tback\tnotes\tid\ttags\nHow long?\t\"Two minutes.\"\tBest effort.\tspot\tec2 cost",
        ];
        for text in cases {
            let haul = of(text);
            assert_eq!(haul.cards(), 1, "{text}");
            let card = &haul.decks[0].cards[0];
            assert_eq!((card.id.as_str(), card.tags.join(" ").as_str()), ("spot", "ec2 cost"), "{text}");
            assert_eq!((card.prompt.as_str(), card.why.as_deref()), ("How long?", Some("Best effort.")), "{text}");
        }
    }

    #[test]
    fn rows_become_the_kinds_that_they_are() {
        let haul = of("prompt,answer\nA [gap] here,\n\"List\",\"- a\n- b\"\nno answer,\n,no prompt\n\n");
        assert_eq!(haul.cards(), 2);
        let shapes: Vec<_> = haul.decks[0].cards.iter().map(|card| card.shape.clone()).collect();
        assert_eq!(shapes, [Shape::Cloze, Shape::List { points: vec!["a".into(), "b".into()] }]);
        let left: Vec<_> = haul.left.keys().map(String::as_str).collect();
        assert_eq!(left, ["rows without a prompt", "rows without an answer"]);
    }

    #[test]
    fn what_was_changed_in_the_table_counts() {
        let haul = of("prompt,answer,id\nWhich?,b,x\n");
        let card = settle(Card {
            shape: Shape::Choice {
                options: vec![
                    super::super::Choice { text: "a".into(), right: false },
                    super::super::Choice { text: "b".into(), right: true },
                ],
                comment: None,
            },
            ..haul.decks[0].cards[0].clone()
        })
        .unwrap();
        let text = write(&[Deck { title: "d".into(), cards: vec![card.clone()] }], b',');
        assert_eq!(of(&text).decks[0].cards, [card]);
        let changed = of(&text.replace(",b,", ",c,"));
        assert_eq!(changed.decks[0].cards[0].shape, Shape::Answer { answer: "c".into() });
    }

    proptest! {
        #[test]
        fn tables_are_a_fixed_point(cards in prop::collection::vec(any_card(), 1..5), tab in any::<bool>()) {
            let mark = if tab { b'\t' } else { b',' };
            let mut names = Names::default();
            let mut haul = Haul::default();
            for (n, card) in cards.into_iter().enumerate() {
                let id = names.take(&card.id);
                if let Some(card) = settle(Card { id, ..card }) {
                    haul.put(if n % 2 == 0 { "one" } else { "two, \"quoted\"" }, card);
                }
            }
            let again = read(&write(&haul.decks, mark), mark, &setting()).unwrap();
            let sorted = |decks: &[Deck]| decks.iter().flat_map(|deck| deck.cards.clone()).collect::<Vec<_>>();
            prop_assert_eq!(sorted(&again.decks), sorted(&haul.decks));
            prop_assert!(again.left.is_empty());
        }

        #[test]
        fn any_table_settles_at_once(text in "(\\PC|\n|,|\"){0,80}") {
            let Ok(first) = read(&text, b',', &setting()) else { return Ok(()) };
            let again = read(&write(&first.decks, b','), b',', &setting()).unwrap();
            prop_assert_eq!(again.decks, first.decks);
        }
    }
}
