//! A hundred thousand cards: they are read, chosen from, asked and answered like ten.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is its way of telling"
)]

mod support;

use inservice::content::library::Library;
use inservice::disk;
use inservice::study::items::Items;
use support::Play;

const CARDS: usize = 100_000;
const FILES: usize = 100;

#[test]
fn a_hundred_thousand_cards_are_asked_like_ten() {
    let folder = tempfile::tempdir().unwrap();
    for file in 0..FILES {
        let module = folder.path().join(format!("{:02}-module-{file}", file / 10));
        std::fs::create_dir_all(&module).unwrap();
        let cards =
            (0..CARDS / FILES).map(|n| format!("Q: Question {file}.{n}? {{#c-{file}-{n}}}\nA: Answer {n}.\n\n"));
        std::fs::write(module.join("deck.md"), cards.collect::<String>()).unwrap();
    }
    let mut library = Library::default();
    let problems = disk::open(folder.path(), &mut library, &mut |_, _| {}).unwrap();
    assert_eq!(problems, []);
    let items = Items::new(&library);
    assert_eq!(items.len(), CARDS);
    let last = format!("c-{}-{}", FILES - 1, CARDS / FILES - 1);
    assert_eq!(items.find(&library, &last), Some(CARDS - 1));
    let mut play = Play::new(folder.path(), 80, 24, None);
    // From home: today's set, two answers, one taken back.
    play.keys("j enter");
    assert!(play.frame().contains("1 of"), "{}", play.frame());
    play.keys("enter 3 enter 4");
    assert!(play.frame().contains("3 of"), "{}", play.frame());
    play.keys("u");
    assert!(play.frame().contains("2 of"), "{}", play.frame());
    let log = play.store.log().unwrap();
    assert_eq!(log.len(), 3);
    assert_eq!(play.store.states().unwrap().len(), 2);
}
