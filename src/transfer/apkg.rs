//! Packages of Anki: a collection in `SQLite` inside of a zip, in the form that every Anki reads and in the newer one.

mod read;
mod write;

pub use read::read;
pub use write::{Known, write};

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::{Cursor, Write};

    use super::*;
    use crate::study::day::Moment;
    use crate::study::review::{Act, Grade, Review, effective};
    use crate::study::schedule::Scheduler;
    use crate::transfer::deck::tests::{any_card, setting};
    use crate::transfer::deck::{asked, settle};
    use crate::transfer::id::Names;
    use crate::transfer::schedule::{difficulty, row, seed};
    use crate::transfer::{Card, Haul};
    use proptest::prelude::*;

    const NOON: i64 = 1_795_600_000_000;

    fn moment(at: i64) -> Moment {
        Moment { at, offset: 3600 }
    }

    fn packed(haul: &Haul) -> Vec<u8> {
        let scheduler = Scheduler::default();
        write(
            &haul.decks,
            &Known {
                rows: &haul.reviews,
                origins: &BTreeMap::new(),
                scheduler: &scheduler,
                now: moment(NOON),
                moment: &moment,
            },
        )
        .unwrap()
    }

    fn unpacked(bytes: &[u8]) -> Haul {
        read(Cursor::new(bytes), &setting()).unwrap()
    }

    fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn sorted(rows: &[Review]) -> Vec<(String, i64, Act)> {
        let mut out: Vec<_> = rows.iter().map(|row| (row.item.clone(), row.when.at, row.act.clone())).collect();
        out.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        out
    }

    fn haul(cards: Vec<Card>, answers: &[(usize, u32, i64)]) -> Haul {
        let mut names = Names::default();
        let mut haul = Haul::default();
        for (n, card) in cards.into_iter().enumerate() {
            let id = names.take(&card.id);
            if let Some(card) = settle(Card { id, ..card }) {
                haul.put(if n < 2 { "A" } else { "A::B" }, card);
            }
        }
        let items: Vec<String> =
            haul.decks.iter().flat_map(|deck| &deck.cards).flat_map(asked).map(|face| face.id).collect();
        for (n, (item, grade, day)) in (0_i64..).zip(answers) {
            let Some(item) = items.get(item % items.len().max(1)) else { continue };
            let act = match grade {
                0 => Act::Forget,
                5..=8 => Act::Cram(Grade::from_number(grade - 4).unwrap()),
                _ => Act::Grade(Grade::from_number(*grade).unwrap()),
            };
            let review = row(item, act, moment(NOON - 90 * 86_400_000 + day * 86_400_000 + n));
            haul.reviews.push(Review { took: 1000 + u32::try_from(n).unwrap(), ..review });
        }
        haul.reviews = effective(haul.reviews);
        haul
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn packages_are_a_fixed_point(
            cards in prop::collection::vec(any_card(), 1..5),
            answers in prop::collection::vec((0_usize..9, 0_u32..9, 0_i64..80), 0..12),
        ) {
            let first = unpacked(&packed(&haul(cards, &answers)));
            let again = unpacked(&packed(&first));
            prop_assert_eq!(&again.decks, &first.decks);
            prop_assert_eq!(sorted(&again.reviews), sorted(&first.reviews));
            prop_assert!(again.left.is_empty(), "{:?}", again.left);
        }
    }

    #[test]
    fn answers_and_schedules_survive() {
        let card = |id: &str| Card {
            id: id.into(),
            prompt: id.into(),
            shape: crate::transfer::Shape::Answer { answer: "a".into() },
            ..Card::default()
        };
        let mut haul =
            haul(vec![card("a"), card("b"), card("c"), card("d")], &[(0, 3, 1), (0, 4, 3), (0, 1, 20), (1, 7, 5)]);
        let day = moment(NOON).day();
        let when = |back: i64| moment(NOON - back * 86_400_000);
        haul.reviews.push(seed("c", (12.25, 6.5), day + 3, when(9)));
        haul.reviews.push(seed("d", (10.0, difficulty(400)), day - 10, when(20)));
        haul.reviews.push(row("d", Act::Grade(Grade::Good), when(10)));
        haul.reviews.push(row("b", Act::Suspend, moment(NOON - NOON % 1000)));
        let back = unpacked(&packed(&haul));
        assert_eq!(sorted(&back.reviews), sorted(&haul.reviews));
        let took: Vec<u32> = back.reviews.iter().filter(|row| row.item == "a").map(|row| row.took).collect();
        assert_eq!(took, [1000, 1001, 1002]);
        // The same file again names the same rows.
        let ids = |haul: &Haul| haul.reviews.iter().map(|row| row.id).collect::<Vec<_>>();
        assert_eq!(ids(&unpacked(&packed(&haul))), ids(&back));
    }

    #[test]
    fn answers_of_one_millisecond_keep_apart() {
        let card = |id: &str| Card {
            id: id.into(),
            prompt: id.into(),
            shape: crate::transfer::Shape::Answer { answer: "a".into() },
            ..Card::default()
        };
        let mut haul = haul(vec![card("a"), card("b")], &[]);
        haul.reviews = ["a", "b"].map(|id| row(id, Act::Grade(Grade::Good), moment(NOON))).into();
        let back = unpacked(&packed(&haul));
        assert_eq!(back.reviews.len(), 2);
        let merged = crate::transfer::merge::foreign(&haul.reviews, back.reviews);
        assert_eq!((merged.known, merged.fresh), (2, Vec::new()));
    }

    #[test]
    fn hostile_packages_are_refused_with_a_sentence() {
        let sound = packed(&haul(vec![Card { id: "a".into(), prompt: "p".into(), ..Card::default() }], &[]));
        let mut cases: Vec<Vec<u8>> = vec![
            Vec::new(),
            b"PK\x03\x04 not a zip".to_vec(),
            zipped(&[("other", b"x")]),
            zipped(&[("collection.anki2", b"not a database")]),
            zipped(&[("collection.anki21b", b"not zstd")]),
            zipped(&[("collection.anki2", b"SQLite format 3\0 and nothing else")]),
        ];
        for cut in [10, sound.len() / 2, sound.len() - 30] {
            cases.push(sound[..cut].to_vec());
        }
        // Many zeros pack well.
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("collection.anki2", zip::write::SimpleFileOptions::default()).unwrap();
        for _ in 0..300 {
            zip.write_all(&vec![0; 1 << 20]).unwrap();
        }
        cases.push(zip.finish().unwrap().into_inner());
        for bytes in cases {
            let why = read(Cursor::new(&bytes), &setting()).unwrap_err();
            assert!(why.what.ends_with('.'), "{why}");
        }
    }

    #[test]
    fn damaged_pages_never_panic() {
        let sound = packed(&haul(
            vec![Card {
                id: "a".into(),
                prompt: "p".into(),
                shape: crate::transfer::Shape::Answer { answer: "a".into() },
                ..Card::default()
            }],
            &[(0, 3, 1)],
        ));
        let mut archive = zip::ZipArchive::new(Cursor::new(&sound)).unwrap();
        let mut base = Vec::new();
        std::io::copy(&mut archive.by_name("collection.anki2").unwrap(), &mut base).unwrap();
        let mut rng = fastrand::Rng::with_seed(7);
        for _ in 0..60 {
            let mut bytes = base.clone();
            for _ in 0..20 {
                let at = rng.usize(100..bytes.len());
                bytes[at] = rng.u8(..);
            }
            let _ = read(Cursor::new(zipped(&[("collection.anki2", &bytes)])), &setting());
        }
    }

    /// A view in the place of a table could compute for ever.
    #[test]
    fn a_collection_of_views_is_refused() {
        let mut connection = rusqlite::Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE col (x); CREATE TABLE cards (x); CREATE TABLE revlog (x);
                 CREATE VIEW notes AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT * FROM n;",
            )
            .unwrap();
        let bytes = connection.serialize("main").unwrap().to_vec();
        assert!(read(Cursor::new(zipped(&[("collection.anki2", &bytes)])), &setting()).is_err());
    }
}
