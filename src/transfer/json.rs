//! Everything as JSON: cards with all their fields, and every row of the history.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::deck::{asked, settle};
use super::id::{Names, from_guid, from_words, origin};
use super::schedule::row;
use super::{Card, Deck, Haul, Setting, refused, tame};
use crate::content::front::is_id;
use crate::problem::Problem;
use crate::study::day::Moment;
use crate::study::review::{Act, Confidence, Review, ReviewId};

/// The version of what is written.
pub const SCHEMA: &str = "inservice/1";

/// A row of the history as it is written.
#[derive(Serialize, Deserialize)]
struct Row {
    run: i64,
    ordinal: i64,
    item: String,
    act: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    about: String,
    /// Milliseconds since 1970, UTC.
    at: i64,
    #[serde(default)]
    offset: i32,
    #[serde(default)]
    took: u32,
    #[serde(default)]
    hints: u8,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    confidence: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    place: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    words: String,
}

#[derive(Serialize)]
struct Written<'a> {
    schema: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    decks: Option<&'a [Deck]>,
    history: Vec<Row>,
}

#[derive(Deserialize)]
struct Read {
    schema: String,
    #[serde(default)]
    decks: Vec<Loose>,
    #[serde(default)]
    history: Vec<Value>,
}

#[derive(Deserialize)]
struct Loose {
    #[serde(default)]
    title: String,
    #[serde(default)]
    cards: Vec<Value>,
}

/// Times that a calendar can name; others are a slip.
const YEARS: std::ops::Range<i64> = -62_135_596_800_000..253_402_300_800_000;

/// Names that leave room behind them.
const RUNS: std::ops::Range<i64> = -(1 << 60)..1 << 60;

fn written(review: &Review) -> Row {
    let (act, about) = review.act.written();
    Row {
        run: review.id.run,
        ordinal: review.id.ordinal,
        item: review.item.clone(),
        act,
        about,
        at: review.when.at,
        offset: review.when.offset,
        took: review.took,
        hints: review.hints,
        confidence: review.confidence.map_or("", Confidence::name).to_owned(),
        note: review.note.clone(),
        place: review.place.clone(),
        words: review.words.clone(),
    }
}

fn review(row: &Row) -> Option<Review> {
    let sound =
        YEARS.contains(&row.at) && RUNS.contains(&row.run) && row.offset.abs() <= 86_400 && !row.item.is_empty();
    let act = Act::read(&row.act, &row.about).filter(|_| sound)?;
    if let Act::Seed { stability, difficulty, due } = act
        && !(stability.is_finite() && difficulty.is_finite() && due.abs() < 4_000_000)
    {
        return None;
    }
    let line = |text: &str| tame(text).replace('\n', " ");
    Some(Review {
        took: row.took,
        hints: row.hints,
        confidence: Confidence::from_name(&row.confidence),
        note: line(&row.note),
        place: line(&row.place),
        words: line(&row.words),
        ..Review::new(
            ReviewId { run: row.run, ordinal: row.ordinal },
            line(&row.item),
            act,
            Moment { at: row.at, offset: row.offset },
        )
    })
}

/// Writes cards and rows; without cards only the rows.
#[must_use]
pub fn write(decks: Option<&[Deck]>, reviews: &[Review]) -> String {
    let whole = Written { schema: SCHEMA, decks, history: reviews.iter().map(written).collect() };
    serde_json::to_string_pretty(&whole).map(|text| text + "\n").unwrap_or_default()
}

/// Reads what [`write`] wrote.
pub fn read(text: &str, setting: &Setting<'_>) -> Result<Haul, Box<Problem>> {
    let read: Read = serde_json::from_str(text).map_err(|why| {
        let hint = "`inservice export FILE.json` shows the form: `schema`, `decks`, `history`.";
        refused(format!("The file is not the JSON that this program writes: {why}."), hint)
    })?;
    if read.schema != SCHEMA {
        let what = format!("The file is written as `{}`, and this program reads `{SCHEMA}`.", tame(&read.schema));
        return Err(refused(what, "Update the program."));
    }
    let mut haul = Haul::default();
    let mut names = Names::default();
    let mut renamed: Vec<(String, Card)> = Vec::new();
    for deck in read.decks {
        let title = if deck.title.trim().is_empty() { setting.title } else { &deck.title };
        for value in deck.cards {
            let Ok(mut card) = serde_json::from_value::<Card>(value) else {
                haul.leave("cards with a field that is missing or wrong");
                continue;
            };
            let before = card.id.clone();
            card.id = match card.id.as_str() {
                "" => from_words(&card.prompt),
                id if is_id(id) => id.to_owned(),
                id => from_guid(id),
            };
            card.id = names.take(&card.id);
            match settle(card) {
                Some(card) => {
                    if origin(&before).is_some() {
                        renamed.push((before, card.clone()));
                    }
                    haul.put(title, card);
                }
                None => haul.leave("cards that cannot be written as one"),
            }
        }
    }
    for value in read.history {
        match serde_json::from_value::<Row>(value).ok().as_ref().and_then(review) {
            Some(row) => haul.reviews.push(row),
            None => haul.leave("rows of the history that this version does not know"),
        }
    }
    let mut last: HashMap<&str, Moment> = HashMap::new();
    for row in &haul.reviews {
        let known = last.entry(&row.item).or_insert(row.when);
        *known = if row.when.at > known.at { row.when } else { *known };
    }
    let mut adopted = Vec::new();
    for (before, card) in renamed {
        for face in asked(&card) {
            let old = face.id.replacen(&card.id, &before, 1);
            adopted.extend(last.get(old.as_str()).map(|when| row(&face.id, Act::Adopt(old.clone()), *when)));
        }
    }
    haul.reviews.extend(adopted);
    Ok(haul)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::review::Grade;
    use crate::transfer::deck::tests::{any_card, setting};
    use proptest::prelude::*;

    fn any_row() -> impl Strategy<Value = Review> {
        let act = prop_oneof![
            (1_u32..=4).prop_map(|n| Act::Grade(Grade::from_number(n).unwrap())),
            (1_u32..=4).prop_map(|n| Act::Cram(Grade::from_number(n).unwrap())),
            (any::<i64>(), any::<i64>()).prop_map(|(run, ordinal)| Act::Void(ReviewId { run, ordinal })),
            (0.01_f32..900.0, 1.0_f32..10.0, 0_i64..40_000).prop_map(|(stability, difficulty, due)| Act::Seed {
                stability,
                difficulty,
                due
            }),
            "[a-z]{1,5}".prop_map(Act::Adopt),
            Just(Act::Suspend),
            Just(Act::Forget),
        ];
        let place = ("[a-z/.]{0,8}", "[ -~]{0,12}", "[a-z]{1,4}(/[12])?");
        let numbers = (
            -(1_i64 << 60)..1 << 60,
            any::<i64>(),
            0_i64..4_000_000_000_000,
            -50_000_i32..50_000,
            any::<u32>(),
            any::<u8>(),
        );
        (act, place, numbers, 0_usize..4).prop_map(
            |(act, (place, words, item), (run, ordinal, at, offset, took, hints), sure)| Review {
                took,
                hints,
                confidence: Confidence::ALL.get(sure).copied(),
                note: words.clone(),
                place,
                words,
                ..Review::new(ReviewId { run, ordinal }, item, act, Moment { at, offset })
            },
        )
    }

    proptest! {
        #[test]
        fn json_is_a_fixed_point(
            cards in prop::collection::vec(any_card(), 0..5),
            rows in prop::collection::vec(any_row(), 0..5),
        ) {
            let mut haul = Haul { reviews: rows, ..Haul::default() };
            let mut names = Names::default();
            for card in cards {
                let id = names.take(&card.id);
                if let Some(card) = settle(Card { id, ..card }) {
                    haul.put("A title", card);
                }
            }
            let text = write(Some(&haul.decks), &haul.reviews);
            prop_assert_eq!(&read(&text, &setting()).unwrap(), &haul);
            let only = read(&write(None, &haul.reviews), &setting()).unwrap();
            prop_assert_eq!((only.decks, only.reviews), (Vec::new(), haul.reviews));
        }
    }

    #[test]
    fn cells_and_cards_without_an_id_keep_their_history() {
        let text = r#"{"schema":"inservice/1","decks":[{"title":"d","cards":[
            {"id":"t/row/column","prompt":"p","kind":"answer","answer":"a"},
            {"id":"~0123456789abcdef","prompt":"[a] and [b]","kind":"cloze"}]}],
            "history":[{"run":1,"ordinal":1,"item":"t/row/column","act":"good","at":5},
            {"run":1,"ordinal":2,"item":"~0123456789abcdef/2","act":"good","at":6}]}"#;
        let haul = read(text, &setting()).unwrap();
        let rows: Vec<(&str, Act)> = haul.reviews.iter().map(|row| (row.item.as_str(), row.act.clone())).collect();
        let expected = [
            ("t/row/column", Act::Grade(Grade::Good)),
            ("~0123456789abcdef/2", Act::Grade(Grade::Good)),
            ("t-row-column", Act::Adopt("t/row/column".into())),
            ("c-0123456789abcdef/2", Act::Adopt("~0123456789abcdef/2".into())),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn other_json_is_refused_and_bad_rows_are_left() {
        for text in ["", "{", "[]", "{}", "{\"schema\":\"other/9\"}", "{\"schema\":\"inservice/1\",\"decks\":7}"] {
            assert!(read(text, &setting()).is_err(), "{text}");
        }
        let text = r#"{"schema":"inservice/1","decks":[{"cards":[{"id":"x"},{"id":"y","prompt":"p","kind":"cloze"},
            {"id":"A B","prompt":"p","kind":"answer","answer":"a"}]}],
            "history":[{"run":1,"ordinal":1,"item":"a","act":"good","at":1},{"run":1,"ordinal":2,"item":"a","act":"?","at":1},
            {"run":1,"ordinal":3,"item":"a","act":"good","at":9223372036854775807}]}"#;
        let haul = read(text, &setting()).unwrap();
        assert_eq!((haul.cards(), haul.reviews.len()), (1, 1));
        assert_eq!(haul.left.values().sum::<usize>(), 4, "{:?}", haul.left);
    }
}
