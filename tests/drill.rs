//! The drill room without a terminal: frames at four sizes, what is recorded, taking back, leaving and coming back.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is its way of telling"
)]

mod support;

use inservice::effect::{Effect, Msg};
use inservice::study::review::{Act, Grade};
use proptest::prelude::*;
use ratatui::layout::Size;
use support::{Play, pack};

const SIZES: [(u16, u16); 4] = [(80, 24), (40, 15), (200, 60), (20, 5)];

/// A deck with a card of every kind, on disk for as long as the test runs.
fn deck() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let module = folder.path().join("1-kinds");
    std::fs::create_dir(&module).unwrap();
    std::fs::write(
        module.join("cards.md"),
        "+++\nkind = \"cards\"\nid = \"kinds\"\ntitle = \"Kinds\"\nas_of = \"2026-11\"\n\n[[sources]]\ntitle = \"A page\"\nurl = \"https://example.org/a\"\n+++\n\n\
         Q: Which promise does a load balancer make to a client? {#plain}\nA: One name, and something *healthy* behind it.\nW: Everything else follows from it.\nX: A promise of low latency.\nH: It has two parts.\nH: One part is a name.\n",
    )
    .unwrap();
    std::fs::write(
        module.join("choice.md"),
        "+++\nkind = \"cards\"\nid = \"choice\"\ntitle = \"Choice\"\n+++\n\nQ: Which balancer reads requests? {#choose}\n- [ ] Network\n- [x] Application\n- [ ] Gateway\nW: It works at layer 7.\n",
    )
    .unwrap();
    std::fs::write(
        module.join("order.md"),
        "+++\nkind = \"cards\"\nid = \"order\"\ntitle = \"Order\"\n+++\n\nQ: Put the end of a target in order. {#steps .order}\n1. It is deregistered\n2. New requests go elsewhere\n3. The process ends\n",
    )
    .unwrap();
    std::fs::write(
        module.join("typed.md"),
        "+++\nkind = \"cards\"\nid = \"typed\"\ntitle = \"Typed\"\n+++\n\nQ: Default deregistration delay? {#delay}\nA= 300 s | 5 min\n",
    )
    .unwrap();
    std::fs::write(
        module.join("points.md"),
        "+++\nkind = \"cards\"\nid = \"points\"\ntitle = \"Points\"\n+++\n\nQ: Name three causes of a mismatch. {#causes}\nA:\n- A wrong path\n- A redirect\n- An unknown host header\n",
    )
    .unwrap();
    folder
}

/// The drill of one file, after some keys.
fn drilled(root: &std::path::Path, place: &str, size: (u16, u16), keys: &str) -> Play {
    let mut play = Play::new(root, size.0, size.1, Some(place));
    play.keys("d");
    play.keys(keys);
    play
}

fn state(name: &str, place: &str, keys: &str) {
    let folder = deck();
    let mut out = String::new();
    for (width, height) in SIZES {
        let play = drilled(folder.path(), place, (width, height), keys);
        out.push_str(&format!("{width}x{height}\n{}\n{}", "=".repeat(usize::from(width)), play.frame()));
    }
    insta::assert_snapshot!(name, out);
}

#[test]
fn every_kind_at_every_size() {
    state("plain-asked", "plain", "h");
    state("plain-shown", "plain", "s enter");
    state("choice-asked", "choose", "");
    state("choice-wrong", "choose", "1");
    state("order-begun", "steps", "2");
    state("typed-wrong", "delay", "6 0 0 space s enter");
    state("typed-right", "delay", "5 space m i n enter");
    state("points-ticked", "causes", "enter space j space");
    state("summary", "plain", "enter 3 enter 3");
}

#[test]
fn nothing_chosen_is_asked_back_once() {
    let folder = deck();
    let mut play = drilled(folder.path(), "choose", (80, 24), "enter");
    assert!(play.frame().contains("Nothing chosen yet") && !play.frame().contains("layer 7"), "{}", play.frame());
    play.keys("enter");
    assert!(play.frame().contains("Not answered.") && play.frame().contains("layer 7"), "{}", play.frame());
}

#[test]
fn an_answer_is_recorded_whole_and_can_be_taken_back() {
    let folder = deck();
    let mut play = drilled(folder.path(), "plain", (80, 24), "h s");
    play.now.at += 4000;
    play.keys("enter");
    // A hint was taken: the best grade that is left is hard.
    play.keys("4 3 2");
    let log = play.store.log().unwrap();
    assert_eq!(log.len(), 1, "{log:?}");
    let row = &log[0];
    assert_eq!((row.item.as_str(), row.hints, row.act.clone()), ("plain", 1, Act::Grade(Grade::Hard)));
    assert_eq!(row.confidence.map(inservice::study::review::Confidence::name), Some("sure"));
    assert_eq!(
        (row.place.as_str(), row.words.as_str()),
        ("1-kinds/cards.md", "Which promise does a load balancer make to a client?")
    );
    play.keys("u");
    assert!(play.frame().contains("Which promise"), "{}", play.frame());
    assert!(!play.store.states().unwrap()["plain"].seen());
    assert_eq!(play.store.log().unwrap().len(), 2);
}

#[test]
fn nothing_shows_the_answer_before_it_is_asked_for() {
    let folder = deck();
    for (place, secret) in [("plain", "healthy"), ("delay", "300"), ("causes", "redirect"), ("choose", "layer 7")] {
        let play = drilled(folder.path(), place, (80, 24), "");
        assert!(!play.frame().contains(secret), "{}", play.frame());
    }
}

#[test]
fn what_is_wrong_cannot_be_graded_as_known_and_is_noted() {
    let folder = deck();
    let mut play = drilled(folder.path(), "choose", (80, 24), "");
    let frame = play.frame();
    let wrong = (1..=3).find(|n| frame.contains(&format!("{n}   Network"))).unwrap();
    play.keys(&format!("{wrong} 3 4 2"));
    assert_eq!(play.store.log().unwrap(), []);
    play.keys("enter");
    let log = play.store.log().unwrap();
    assert_eq!((log[0].act.clone(), log[0].note.as_str()), (Act::Grade(Grade::Again), "Network"));
}

#[test]
fn a_set_that_was_left_is_kept_and_a_done_one_is_not() {
    let mut play = Play::new(&pack(), 80, 24, None);
    play.keys("enter");
    assert!(play.frame().contains("1 of"), "{}", play.frame());
    play.keys("esc");
    let kept = play.effects.iter().rev().find_map(|effect| match effect {
        Effect::Keep("set", value) => Some(value.clone()),
        _ => None,
    });
    assert!(matches!(kept, Some(Some(_))), "{:?}", play.effects);
    let folder = deck();
    let play = drilled(folder.path(), "plain", (80, 24), "enter 4");
    assert!(play.frame().contains("1 answer, 100 % known"), "{}", play.frame());
    assert!(play.effects.contains(&Effect::Keep("set", None)));
}

#[test]
fn undo_reaches_beyond_the_start_of_the_program() {
    let folder = deck();
    let play = drilled(folder.path(), "plain", (80, 24), "enter 4");
    // As another start of the program would have written it.
    let mut log = play.store.log().unwrap();
    log[0].id.run = 0;
    let mut later = drilled(folder.path(), "causes", (80, 24), "");
    later.store.record(&log, &later.scheduler).unwrap();
    later.tell(Msg::Earlier { rows: Vec::new(), whole: false });
    later.keys("u");
    let rows = later.store.log().unwrap();
    assert_eq!(rows.last().map(|row| row.act.clone()), Some(Act::Void(log[0].id)), "{rows:?}");
    assert!(later.frame().contains("Which promise"), "{}", later.frame());
}

#[test]
fn an_edited_card_is_shown_anew_with_its_history() {
    let folder = deck();
    let mut play = drilled(folder.path(), "plain", (80, 24), "enter");
    let path = folder.path().join("1-kinds/cards.md");
    let text = std::fs::read_to_string(&path).unwrap().replace("Which promise", "What promise");
    std::fs::write(&path, text).unwrap();
    play.reread();
    assert!(play.frame().contains("What promise"), "{}", play.frame());
    play.keys("enter 3");
    assert_eq!(play.store.log().unwrap()[0].item, "plain");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn random_keys_never_break_it(keys in prop::collection::vec(0_usize..22, 1..60), sizes in prop::collection::vec((1_u16..120, 1_u16..50), 1..4)) {
        let all = ["enter", "space", "1", "2", "3", "4", "u", "h", "s", "b", "n", "j", "k", "esc", "o", "w", "backspace", "i", "m", "G", "tab", "x"];
        let folder = deck();
        let mut play = Play::new(folder.path(), 80, 24, None);
        play.keys("enter");
        for (n, key) in keys.iter().enumerate() {
            play.keys(all[*key]);
            if n % 7 == 3 {
                let (width, height) = sizes[n % sizes.len()];
                play.tell(Msg::Resize(Size::new(width, height)));
            }
            prop_assert_eq!(play.frame(), play.frame());
        }
        // What is in memory is what the log adds up to.
        let kept = play.store.states().unwrap();
        prop_assert_eq!(play.store.rebuild(&play.scheduler).unwrap(), kept);
    }
}

#[test]
fn a_situation_of_a_set_is_asked_in_its_room_and_the_set_goes_on() {
    let folder = deck();
    let tree = "+++\nkind = \"tree\"\nid = \"small\"\ntitle = \"Small\"\n+++\n\n## HTTP? {#http}\nHow to tell: the protocol is named.\n\n- [Yes](#alb)\n- [No](#nlb)\n\n\
        ## ALB {#alb}\n**Say:** a.\n**Flips if:** b.\n**Tempting:** [NLB](#nlb), c.\n\n## NLB {#nlb}\n**Say:** d.\n**Flips if:** e.\n**Tempting:** [ALB](#alb), f.\n\n\
        ## Situation: paths {#sit-paths answer=alb pair=sit-tcp}\nTwo teams share one name and own different paths below it.\n\n**Clue:** [HTTP?](#http) Paths.\n**Tempting:** [NLB](#nlb), no.\n**Change:** TCP, and it becomes [NLB](#nlb).\n\n\
        ## Situation: tcp {#sit-tcp answer=nlb pair=sit-paths}\nA partner speaks a protocol of its own over TCP.\n\n**Clue:** [HTTP?](#http) TCP.\n**Tempting:** [ALB](#alb), no.\n**Change:** paths, and it becomes [ALB](#alb).\n";
    std::fs::write(folder.path().join("1-kinds/tree.md"), tree).unwrap();
    let start = inservice::app::Start::Drill;
    let mut play = Play::started(folder.path(), 80, 24, Some("sit-paths"), start);
    assert!(play.frame().contains("Two teams share one name"), "{}", play.frame());
    // The first run of a tree is narrated; its verdict is looked at and left with enter.
    play.keys("1 enter");
    let log = play.store.log().unwrap();
    assert_eq!((log.len(), log[0].item.as_str()), (1, "sit-paths"), "{log:?}");
    assert!(play.frame().contains("1 answer, 100 % known"), "{}", play.frame());
    // Put off, it leaves no row and the set ends.
    let mut play = Play::started(folder.path(), 80, 24, Some("sit-tcp"), start);
    play.keys("n");
    assert!(play.frame().contains("Nothing was answered"), "{}", play.frame());
    assert_eq!(play.store.log().unwrap(), []);
    // Left, it leaves the whole set, which still holds it.
    let mut play = Play::started(folder.path(), 80, 24, Some("1-kinds/tree"), start);
    assert!(play.frame().contains("Two teams share one name"), "{}", play.frame());
    play.keys("esc");
    assert!(play.kept()["set"].contains("sit-paths") && play.kept()["set"].contains("sit-tcp"), "{:?}", play.kept());
    assert!(play.frame().contains("Find out where you stand"), "{}", play.frame());
}

#[test]
fn a_reworded_card_without_an_id_goes_on_with_its_history() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deck.md");
    std::fs::write(&file, "Q: How long is the warning before Spot is reclaimed?\nA: Two minutes.\n").unwrap();
    let mut play = Play::new(folder.path(), 80, 24, Some("deck"));
    play.keys("d enter 4");
    let old = play.store.log().unwrap()[0].item.clone();
    assert!(old.starts_with('~'), "{old}");
    std::fs::write(&file, "Q: How long is the warning before a Spot instance is reclaimed?\nA: Two minutes.\n")
        .unwrap();
    play.reread();
    let log = play.store.log().unwrap();
    assert_eq!(log.last().map(|row| row.act.clone()), Some(Act::Adopt(old)), "{log:?}");
    let new = log.last().unwrap().item.clone();
    assert_eq!(play.store.states().unwrap()[&new].reps, 1);
    assert!(play.frame().contains("1 card reworded"), "{}", play.frame());
}

#[test]
fn what_was_put_aside_is_listed_and_can_be_taken_back() {
    let folder = deck();
    let mut play = drilled(folder.path(), "plain", (80, 24), "x");
    assert!(play.store.states().unwrap()["plain"].suspended);
    play.keys("enter esc esc esc d a s i d e enter");
    assert!(play.frame().contains("Which promise"), "{}", play.frame());
    play.keys("x");
    assert!(!play.store.states().unwrap()["plain"].suspended);
    assert!(play.frame().contains("asked again from now on"), "{}", play.frame());
}
