//! Home, plan and statistics without a terminal: what different learners see, at four sizes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is its way of telling"
)]

mod support;

use inservice::effect::{Effect, Mouse, Msg};
use inservice::study::review::{Act, Grade, Review, ReviewId};
use proptest::prelude::*;
use ratatui::layout::{Position, Size};
use support::{NOW, Past, Play, learner};

const SIZES: [(u16, u16); 4] = [(80, 24), (40, 15), (200, 60), (20, 5)];
const MODULES: [&str; 7] =
    ["Load balancing", "Containers", "Auto Scaling", "Networks", "Storage", "Identity", "Cost and commitments"];

/// A pack of some modules with two decks each, on disk for as long as the test runs.
fn course() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pack.toml"), "title = \"A course\"\n").unwrap();
    for (n, title) in MODULES.iter().enumerate() {
        let module = folder.path().join(format!("0{n}-m{n}"));
        std::fs::create_dir(&module).unwrap();
        let weight = 3 - n % 3;
        std::fs::write(module.join("module.toml"), format!("title = \"{title}\"\nweight = {weight}\n")).unwrap();
        let deck = |name: &str, from: usize| -> String {
            let cards = (from..from + 6).map(|card| format!("Q: What is {n}.{card}? {{#c{n}-{card}}}\nA: It.\n\n"));
            format!("## {name} {{#deck-{n}-{from}}}\n\n{}", cards.collect::<String>())
        };
        let text = format!(
            "+++\nkind = \"cards\"\nid = \"cards-{n}\"\ntitle = \"Cards\"\n+++\n\n{}{}",
            deck("Limits and defaults", 0),
            deck("Errors", 6)
        );
        std::fs::write(module.join("cards.md"), text).unwrap();
    }
    folder
}

/// The cards of the course, the modules in turn.
fn cards() -> Vec<String> {
    (0..12).flat_map(|card| (0..MODULES.len()).map(move |module| format!("c{module}-{card}"))).collect()
}

/// In the middle: three weeks of answers, sixteen days to go.
fn middle() -> Past<'static> {
    Past { rows: learner(&cards(), -21, -1, 6), kept: &[("date", "2026-12-11"), ("minutes", "10")], now: NOW }
}

fn last_day() -> Past<'static> {
    Past { kept: &[("date", "2026-11-26"), ("minutes", "10")], ..middle() }
}

/// Two months away, with the interview still to come.
fn returning() -> Past<'static> {
    Past { rows: learner(&cards(), -80, -62, 5), kept: &[("date", "2026-12-20"), ("minutes", "10")], now: NOW }
}

fn state(name: &str, past: &Past<'_>, keys: &str) {
    let folder = course();
    let mut out = String::new();
    for (width, height) in SIZES {
        let mut play = Play::after(folder.path(), width, height, None, past);
        play.keys(keys);
        assert_eq!(play.buffer(), play.buffer(), "drawing changes nothing");
        out.push_str(&format!("{width}x{height}\n{}\n{}", "=".repeat(usize::from(width)), play.frame()));
    }
    insta::assert_snapshot!(name, out);
}

#[test]
fn what_different_learners_see() {
    state("new", &Past::default(), "");
    state("middle", &middle(), "");
    state("middle-module", &middle(), "G");
    state("last-day", &last_day(), "");
    state("returning", &returning(), "");
}

#[test]
fn the_rooms_behind_it() {
    state("plan", &middle(), "p");
    state("plan-without-a-date", &Past::default(), "p");
    state("stats", &middle(), "s");
    state("stats-further", &middle(), "s G");
    state("stats-of-nobody", &Past::default(), "s");
    state("date", &middle(), "D");
}

#[test]
fn the_first_thing_is_a_test_over_all_modules_that_marks_nothing_as_done() {
    let folder = course();
    let mut play = Play::new(folder.path(), 80, 24, None);
    assert!(play.frame().contains("▸ Find out where you stand"), "{}", play.frame());
    play.keys("enter");
    assert!(play.frame().contains("Where you stand") && play.frame().contains("1 of 8"), "{}", play.frame());
    for n in 0..8 {
        play.keys(if n % 2 == 0 { "enter 4" } else { "enter 1" });
    }
    let log = play.store.log().unwrap();
    assert_eq!(log.len(), 8);
    let modules: std::collections::BTreeSet<_> = log.iter().map(|row| row.place.clone()).collect();
    assert_eq!(modules.len(), MODULES.len());
    // What was not known comes back as it always does; nothing was suspended or seeded.
    assert!(log.iter().all(|row| matches!(row.act, Act::Grade(Grade::Easy | Grade::Again))), "{log:?}");
    let states = play.store.states().unwrap();
    assert_eq!(states.values().filter(|state| state.stepping()).count(), 4);
    // It is offered once.
    play.keys("esc esc");
    assert!(!play.frame().contains("Find out"), "{}", play.frame());
}

#[test]
fn one_key_begins_the_set_and_what_was_left_is_offered_first() {
    let folder = course();
    let past = middle();
    let mut play = Play::after(folder.path(), 80, 24, None, &past);
    play.keys("enter");
    let all: usize = play.frame().lines().next().unwrap().rsplit("of ").next().unwrap().trim().parse().unwrap();
    play.keys("enter 4 enter 4 enter 4 esc");
    let frame = play.frame();
    assert!(frame.contains("▸ Go on with your set") && frame.contains(&format!("3 of {all}")), "{frame}");
    // Also after a new start, from what is on disk.
    let kept = play.effects.iter().rev().find_map(|effect| match effect {
        Effect::Keep("set", Some(value)) => Some(value.clone()),
        _ => None,
    });
    let rows: Vec<Review> = play.store.log().unwrap();
    let kept = [("set", kept.unwrap()), ("date", "2026-12-11".to_owned())];
    let kept: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut again = Play::after(folder.path(), 80, 24, None, &Past { rows, kept: &kept, now: NOW.plus(60_000) });
    assert!(again.frame().contains(&format!("3 of {all}")), "{}", again.frame());
    again.keys("enter");
    assert!(again.frame().contains(&format!("4 of {all}")), "{}", again.frame());
    // Two days later it is a thing of the past.
    let rows: Vec<Review> = again.store.log().unwrap();
    let later = Past { rows, kept: &kept, now: NOW.plus(2 * 86_400_000) };
    let later = Play::after(folder.path(), 80, 24, None, &later);
    assert!(!later.frame().contains("Go on with"), "{}", later.frame());
}

#[test]
fn coming_back_is_bounded_by_minutes_and_brings_nothing_new() {
    let folder = course();
    let mut play = Play::after(folder.path(), 80, 24, None, &returning());
    let frame = play.frame();
    assert!(frame.contains("Good to see you again after 2 months"), "{frame}");
    assert!(frame.contains("▸ Catch up") && frame.contains("about 10 min") && !frame.contains(" new"), "{frame}");
    play.keys("enter");
    let all: usize = play.frame().lines().next().unwrap().rsplit("of ").next().unwrap().trim().parse().unwrap();
    // Ten minutes hold 66 cards of nine seconds, which is what this learner's answers take.
    assert_eq!(all, 66);
}

#[test]
fn the_date_is_set_from_home() {
    let folder = course();
    let mut play = Play::new(folder.path(), 80, 24, None);
    play.keys("D + 1 8 space 2 5");
    assert!(play.frame().contains("Sun 13 Dec, in 18 days, 25 minutes a day"), "{}", play.frame());
    play.keys("enter");
    assert!(play.effects.contains(&Effect::Keep("date", Some("2026-12-13".to_owned()))), "{:?}", play.effects);
    assert!(play.effects.contains(&Effect::Keep("minutes", Some("25".to_owned()))), "{:?}", play.effects);
    play.keys("p");
    assert!(play.frame().contains("25 minutes a day until Sun 13 Dec"), "{}", play.frame());
    // What is no date is told, and the field stays.
    play.keys("esc D ctrl-u s o o n enter");
    assert!(play.frame().contains("not a date"), "{}", play.frame());
    play.keys("esc D");
    assert!(play.frame().contains("Interview on 2026-12-13 25"), "{}", play.frame());
    play.keys("ctrl-u enter");
    assert!(play.effects.contains(&Effect::Keep("date", None)));
    assert!(!play.frame().contains("13 Dec"), "{}", play.frame());
}

#[test]
fn a_module_is_drilled_from_home() {
    let folder = course();
    let mut play = Play::after(folder.path(), 80, 24, None, &middle());
    play.keys("G enter");
    assert!(play.frame().contains("Cost and commitments") && play.frame().contains("1 of"), "{}", play.frame());
    // The cursor is where it was.
    play.keys("esc");
    assert!(play.frame().contains("▸ Cost and commitments"), "{}", play.frame());
    let row = play.frame().lines().position(|line| line.contains("Networks")).unwrap();
    play.tell(Msg::Mouse(Mouse::Click(Position::new(45, u16::try_from(row).unwrap()))));
    assert!(play.frame().contains("Networks") && play.frame().contains("1 of"), "{}", play.frame());
}

#[test]
fn what_another_window_answers_is_seen() {
    let folder = course();
    let mut play = Play::new(folder.path(), 80, 24, None);
    let id = ReviewId { run: 99, ordinal: 1 };
    let news = play.store.record(&[Review::new(id, "c0-0", Act::Grade(Grade::Good), NOW)], &play.scheduler).unwrap();
    play.tell(Msg::Recorded { rows: news.rows, states: news.states });
    assert!(play.frame().contains("1/12") && play.frame().contains("Done: 1 answer"), "{}", play.frame());
}

#[test]
fn the_picture_is_asked_for() {
    let folder = course();
    let mut play = Play::after(folder.path(), 80, 24, None, &middle());
    play.keys("s v");
    let written = play.effects.iter().find_map(|effect| match effect {
        Effect::Write { name, text } => Some((name.as_str(), text.as_str())),
        _ => None,
    });
    let (name, text) = written.unwrap();
    assert_eq!(name, "readiness-2026-11-25.svg");
    assert!(text.starts_with("<svg") && text.contains("polyline"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn random_keys_never_break_it(
        keys in prop::collection::vec(0_usize..24, 1..50),
        sizes in prop::collection::vec((1_u16..220, 1_u16..70), 1..4),
        learner in 0_usize..4,
    ) {
        let all = [
            "enter", "j", "k", "G", "g", "p", "s", "D", "d", "l", "esc", "backspace", "1", "2", "+", "-", "space", "v",
            "ctrl-d", "ctrl-u", "pagedown", "up", "4", "u",
        ];
        let folder = course();
        let past = [Past::default, middle, last_day, returning][learner]();
        let mut play = Play::after(folder.path(), 80, 24, None, &past);
        for (n, key) in keys.iter().enumerate() {
            play.keys(all[*key]);
            if n % 5 == 2 {
                let (width, height) = sizes[n % sizes.len()];
                play.tell(Msg::Resize(Size::new(width, height)));
                let y = u16::try_from(n).unwrap() % height;
                play.tell(Msg::Mouse(Mouse::Click(Position::new(width / 2, y))));
                play.tell(Msg::Mouse(Mouse::Wheel { at: Position::ORIGIN, down: n % 2 == 0 }));
            }
            prop_assert_eq!(play.frame(), play.frame());
        }
        let kept = play.store.states().unwrap();
        prop_assert_eq!(play.store.rebuild(&play.scheduler).unwrap(), kept);
    }
}
