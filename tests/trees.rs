//! The trees without a terminal: frames at four sizes, what is recorded, help that fades, and that nothing breaks them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is its way of telling"
)]

mod support;

use std::path::Path;

use inservice::app::Start;
use inservice::content::front::Kind;
use inservice::content::library::Library;
use inservice::content::tree::{Tree, read};
use inservice::disk;
use inservice::effect::{Effect, Mouse, Msg};
use inservice::key::Chord;
use inservice::study::review::{Act, Grade, Review};
use inservice::study::walk::{Help, Note};
use proptest::prelude::*;
use ratatui::layout::{Position, Size};
use support::{NOW, Play};

const SIZES: [(u16, u16); 4] = [(80, 24), (40, 15), (200, 60), (20, 5)];

const BALANCER: &str = r#"+++
kind = "tree"
id = "balancer"
title = "Which balancer"
as_of = "2026-11"

[[sources]]
title = "A page"
url = "https://example.org/a"
+++

What carries the traffic decides first.

## Does it speak HTTP? {#http}
How to tell: the protocol is named, or a path, a header or a cookie.

- [Yes](#alb) gRPC too
- [No](#fixed)

## Must the addresses stay? {#fixed}
How to tell: somebody pins them in a firewall. See [addresses](lesson.md#addresses).

- [Yes](#nlb)
- [No](#any)

## Application Load Balancer {#alb}
**Say:** The ALB, because it reads the request.
**Flips if:** the protocol is not HTTP.
**Tempting:** [the NLB](#nlb), because it is fast; it reads no paths.

## Network Load Balancer {#nlb}
**Say:** The NLB, because its addresses stay.
**Flips if:** nobody pins an address.
**Tempting:** [the ALB](#alb), because it is the usual one; its addresses change.

## Either of the two {#any}
**Say:** Either, and the cheaper one.
**Flips if:** an address must stay.
**Tempting:** [the NLB](#nlb), because it is not HTTP; that alone decides nothing.

## Situation: a partner pins two addresses {#sit-pins answer=nlb pair=sit-paths}
A trading partner sends FIX over plain TCP and has pinned two addresses in its firewall. Sessions stay open all day. The logo is blue.

**Clue:** [Must they stay?](#fixed) The partner has pinned them.
**Clue:** [HTTP?](#http) FIX over plain TCP.
**Tempting:** [the ALB](#alb), because it is the usual one; it does not speak FIX.
**Change:** the partner sends HTTPS and routes by path, and it becomes [an ALB](#alb).

## Situation: a partner routes by path {#sit-paths answer=alb pair=sit-pins}
A trading partner sends HTTPS and wants each path to reach another service. Sessions stay open all day. The logo is blue.

**Clue:** [HTTP?](#http) HTTPS, with routing by path.
**Tempting:** [the NLB](#nlb), because of the partner; it reads no paths.
**Change:** the partner speaks FIX and pins addresses, and it becomes [an NLB](#nlb).

## Situation: a game server {#sit-game answer=any}
A game speaks UDP to players who look its name up. Nobody keeps an address. It rains.

**Clue:** [Must they stay?](#fixed) The name is looked up.
**Tempting:** [the NLB](#nlb), because of UDP; nobody pins anything.
**Change:** a league pins the addresses, and it becomes [an NLB](#nlb).
"#;

const LESSON: &str = "+++\nkind = \"lesson\"\nid = \"balancing\"\ntitle = \"Balancing\"\n+++\n# Balancing\n\n## Addresses {#addresses}\n\nStatic ones. The [tree](tree.md#fixed) decides.\n\n## Names {#names}\n\nWords.\n";

fn pack() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let module = folder.path().join("6-lb");
    std::fs::create_dir(&module).unwrap();
    std::fs::write(module.join("module.toml"), "title = \"Load balancing\"\nlevel = \"L2\"\n").unwrap();
    std::fs::write(module.join("lesson.md"), LESSON).unwrap();
    std::fs::write(module.join("tree.md"), BALANCER).unwrap();
    folder
}

/// Home, the trees, then some keys. Underscores stand for blanks in what is typed.
fn at(root: &Path, size: (u16, u16), keys: &str) -> Play {
    let mut play = Play::new(root, size.0, size.1, None);
    play.keys("t").keys(keys);
    play
}

fn state(name: &str, keys: &str) {
    let folder = pack();
    let mut out = String::new();
    for (width, height) in SIZES {
        let play = at(folder.path(), (width, height), keys);
        out.push_str(&format!("{width}x{height}\n{}\n{}", "=".repeat(usize::from(width)), play.frame()));
    }
    insta::assert_snapshot!(name, out);
}

/// The rows of the log, oldest first.
fn log(play: &Play) -> Vec<Review> {
    play.store.log().unwrap()
}

/// The situations are asked without narrating first.
const FIRST: &str = r#"{"balancer":"first"}"#;
const ENDS: &str = r#"{"balancer":"ends"}"#;

/// The situations of the tree, the first of which is an item of an id: the order is by lot.
fn asked(root: &Path, level: &str, id: &str) -> Play {
    let play = Play::with(root, (80, 24), |setup| {
        setup.settings.insert("trees".to_owned(), level.to_owned());
        setup.start = Start::Quiz;
        setup.place = Some(id.to_owned());
    });
    assert!(play.frame().contains("1 of 1"), "{}", play.frame());
    play
}

#[test]
fn every_state_at_every_size() {
    state("list", "");
    state("walk-root", "enter");
    state("walk-leaf", "enter 2 1");
    state("walk-map", "enter 2 m k");
    state("build", "b");
    state("narrated", "s");
    state("near-miss-name", "n");
    state("near-miss-part", "n x enter");
    state("pretest", "p");
}

#[test]
fn a_situation_at_every_size() {
    let folder = pack();
    let show = |name: &str, level: &str, keys: &str| {
        let mut out = String::new();
        for (width, height) in SIZES {
            let mut play = Play::with(folder.path(), (width, height), |setup| {
                setup.settings.insert("trees".to_owned(), level.to_owned());
                setup.start = Start::Quiz;
                setup.place = Some("sit-pins".to_owned());
            });
            play.keys(keys);
            out.push_str(&format!("{width}x{height}\n{}\n{}", "=".repeat(usize::from(width)), play.frame()));
        }
        insta::assert_snapshot!(name, out);
    };
    show("situation-ends", ENDS, "2");
    show("situation-first", FIRST, "");
    show("situation-because", FIRST, "1 i t");
    show("situation-wrong", FIRST, "1 i t enter");
    show("situation-right", FIRST, "2 1 enter");
    show("situation-done", FIRST, "2 1 enter enter");
}

#[test]
fn one_walks_there_and_back_and_by_the_map() {
    let folder = pack();
    let mut play = at(folder.path(), (80, 24), "enter");
    assert!(play.frame().contains("What carries the traffic decides first."), "{}", play.frame());
    play.keys("j enter");
    assert!(play.frame().contains("question 2") && play.frame().contains("Must the addresses stay?"));
    play.keys("2");
    assert!(play.frame().contains("■ Either of the two") && play.frame().contains("end, after 2 questions"));
    play.keys("backspace backspace");
    assert!(play.frame().contains("question 1"), "{}", play.frame());
    // On the map: down to the leaf at the end, and there.
    play.keys("m G enter");
    assert!(play.frame().contains("■ Either of the two"), "{}", play.frame());
    // The tempting leaf is a link away.
    play.keys("tab enter");
    assert!(play.frame().contains("■ Network Load Balancer"), "{}", play.frame());
    // The map on a narrow terminal takes the screen, and gives it back.
    play.tell(Msg::Resize(Size::new(40, 15)));
    play.keys("m");
    assert!(play.frame().contains("└ ● No  Must the addresses"), "{}", play.frame());
    play.keys("esc");
    assert!(play.frame().contains("Say: The NLB"), "{}", play.frame());
    play.keys("esc");
    assert!(play.frame().contains("enter walk"), "{}", play.frame());
}

#[test]
fn lessons_and_trees_lead_to_each_other() {
    let folder = pack();
    let mut play = at(folder.path(), (80, 24), "enter 2 tab enter");
    assert!(play.frame().contains("Static ones."), "{}", play.frame());
    play.keys("tab enter");
    assert!(play.frame().contains("Must the addresses stay?") && play.frame().contains("1  Yes"), "{}", play.frame());
    play.keys("esc backspace");
    assert!(play.frame().contains("1  Yes"), "{}", play.frame());
    play.keys("o");
    assert!(play.frame().contains("Static ones."), "{}", play.frame());
    play.keys("backspace v");
    assert!(play.frame().contains("Application Load Balancer"), "{}", play.frame());
    // From the shelf, enter walks and `o` reads.
    let mut play = Play::new(folder.path(), 80, 24, None);
    play.keys("l l j enter");
    assert!(play.frame().contains("question 1"), "{}", play.frame());
    play.keys("esc o");
    assert!(play.frame().contains("facts checked 2026-11"), "{}", play.frame());
    // A place that is a node opens the walk there.
    let play = Play::new(folder.path(), 80, 24, Some("balancer#nlb"));
    assert!(play.frame().contains("■ Network Load Balancer"), "{}", play.frame());
}

#[test]
fn a_wrong_turn_goes_on_for_one_step_and_is_told() {
    let folder = pack();
    let mut play = asked(folder.path(), FIRST, "sit-paths");
    play.keys("2");
    // It is not told yet.
    assert!(play.frame().contains("Must the addresses stay?") && log(&play).is_empty(), "{}", play.frame());
    play.now.at += 9000;
    play.keys("1");
    assert!(play.frame().contains("Because"), "{}", play.frame());
    play.keys("t h e space p a r t n e r enter");
    let frame = play.frame();
    for part in [
        "✗ Not Network Load Balancer",
        "Lost at: question 1, Does it speak HTTP?",
        "You took: No",
        "It was: Yes",
        "Lost clue: HTTPS, with routing by path.",
        "You said: because the partner",
        "It ends at: Application Load Balancer",
        "Graded again, because it was wrong.",
        "‹ lost here",
    ] {
        assert!(frame.contains(part), "{part} is missing:\n{frame}");
    }
    play.keys("G");
    assert!(play.frame().contains("Tempting: the NLB, because of the partner"), "{}", play.frame());
    // It was on disk before it was seen.
    let row = log(&play).remove(0);
    assert_eq!((row.item.as_str(), row.act.clone(), row.took), ("sit-paths", Act::Grade(Grade::Again), 9000));
    let note = Note::read(&row.note).unwrap();
    assert_eq!((note.leaf.as_str(), note.answer.as_str(), note.at.as_deref()), ("nlb", "alb", Some("http")));
    assert_eq!((note.because.as_str(), note.help), ("the partner", Help::First));
    // A slip of the fingers is taken back, and the situation asked again.
    play.keys("u 1 enter");
    assert!(play.frame().contains("✓ Right: Application Load Balancer"), "{}", play.frame());
    assert_eq!(inservice::study::review::effective(log(&play)).len(), 0);
    play.keys("4");
    assert_eq!(inservice::study::review::effective(log(&play))[0].act, Act::Grade(Grade::Easy));
    assert!(play.frame().contains("1 of 1 right"), "{}", play.frame());
}

#[test]
fn help_is_paid_for() {
    let folder = pack();
    for (keys, hints) in [("2 h 1 enter", 1), ("1 backspace 2 1 enter", 1), ("2 h h 2 enter", 2)] {
        let mut play = asked(folder.path(), FIRST, "sit-pins");
        // The first turn of the second case ends in a leaf, where one may no longer go back.
        let keys = if keys.starts_with('1') { "2 backspace 2 1 enter" } else { keys };
        play.keys(keys);
        let row = log(&play).remove(0);
        let grade = if keys.contains("h h") { Grade::Again } else { Grade::Hard };
        assert_eq!((row.act, row.hints), (Act::Grade(grade), hints), "{keys}");
    }
    // Where how to tell is hidden, the first hint shows it and the second the clue.
    let mut play = asked(folder.path(), FIRST, "sit-pins");
    assert!(!play.frame().contains("How to tell"), "{}", play.frame());
    play.keys("h");
    assert!(play.frame().contains("How to tell") && !play.frame().contains("Clue:"), "{}", play.frame());
    play.keys("h h h");
    assert!(play.frame().contains("Clue: FIX over plain TCP."), "{}", play.frame());
}

#[test]
fn a_verdict_that_was_seen_is_kept_however_one_leaves() {
    let folder = pack();
    for keys in ["2 1 enter esc", "2 1 enter q"] {
        let mut play = asked(folder.path(), FIRST, "sit-pins");
        play.keys(keys);
        assert_eq!(log(&play).len(), 1, "{keys}");
        assert_eq!(log(&play)[0].act, Act::Grade(Grade::Good));
    }
    // Without a verdict there is nothing to keep.
    let mut play = asked(folder.path(), FIRST, "sit-pins");
    play.keys("2 esc");
    assert!(log(&play).is_empty() && play.frame().contains("enter walk"), "{}", play.frame());
}

#[test]
fn help_fades_from_run_to_run() {
    let folder = pack();
    let mut play = at(folder.path(), (80, 24), "s");
    assert!(play.frame().contains("Narrated, not graded") && play.frame().contains("So:"), "{}", play.frame());
    while !play.frame().contains("This run was narrated") {
        play.keys("enter");
    }
    let row = log(&play).remove(0);
    assert_eq!((row.act, Note::read(&row.note).unwrap().help), (Act::Cram(Grade::Good), Help::Shown));
    assert!(play.effects.contains(&Effect::Keep("trees", Some(ENDS.to_owned()))), "{:?}", play.effects);
    // In the second run the ends are hidden on the map, in the third all but what was passed.
    play.keys("enter");
    let frame = play.frame();
    assert!(
        frame.contains("How to tell") && frame.contains("Yes  ?") && frame.contains("Must the addresses"),
        "{frame}"
    );
    play.effects.clear();
    let story = frame.clone();
    let keys = if story.contains("FIX") {
        "2 1 enter enter"
    } else if story.contains("UDP") {
        "2 2 enter enter"
    } else {
        "1 enter enter"
    };
    play.keys(keys);
    assert!(play.effects.contains(&Effect::Keep("trees", Some(FIRST.to_owned()))), "{:?}", play.effects);
    let frame = play.frame();
    assert!(
        !frame.contains("How to tell") && frame.contains("No  ?") && !frame.contains("Must the addresses"),
        "{frame}"
    );
}

#[test]
fn a_pretest_skips_the_narrated_run() {
    let folder = pack();
    let answer = |play: &mut Play, right: bool| {
        for _ in 0..3 {
            let frame = play.frame();
            let keys = match (right, frame.contains("FIX"), frame.contains("UDP")) {
                (true, true, _) => "2 1 enter enter",
                (true, _, true) => "2 2 enter enter",
                _ => "1 enter enter",
            };
            play.keys(keys);
        }
    };
    let mut play = at(folder.path(), (80, 24), "p");
    answer(&mut play, true);
    assert!(play.frame().contains("Passed"), "{}", play.frame());
    assert!(play.effects.contains(&Effect::Keep("trees", Some(FIRST.to_owned()))), "{:?}", play.effects);
    let mut play = at(folder.path(), (80, 24), "p");
    answer(&mut play, false);
    assert!(play.frame().contains("Not passed"), "{}", play.frame());
    assert!(!play.effects.iter().any(|effect| matches!(effect, Effect::Keep("trees", _))), "{:?}", play.effects);
}

#[test]
fn near_misses_are_told_apart() {
    let folder = pack();
    let mut play = at(folder.path(), (80, 24), "n enter");
    // The clue must be named first.
    assert!(play.frame().contains("One clue differs"), "{}", play.frame());
    assert!(play.frame().contains("a partner pins") && play.frame().contains("a partner routes"), "{}", play.frame());
    play.keys("p r o t o c o l enter 1 2 1 1");
    let frame = play.frame();
    for part in
        ["✓ Told apart", "protocol", "Does it speak HTTP? ✓", "FIX over plain TCP.", "HTTPS, with routing by path."]
    {
        assert!(frame.contains(part), "{part} is missing:\n{frame}");
    }
    let rows = log(&play);
    let of = |row: &Review| (row.item.clone(), row.act.clone());
    assert_eq!(of(&rows[0]), ("sit-pins".to_owned(), Act::Grade(Grade::Good)));
    assert_eq!(of(&rows[1]), ("sit-paths".to_owned(), Act::Grade(Grade::Good)));
    // Who names another question has guessed.
    let mut play = at(folder.path(), (80, 24), "n x enter 2 2 1 1");
    assert!(log(&play).iter().all(|row| row.act == Act::Grade(Grade::Hard)), "{:?}", log(&play));
    play.keys("enter");
    assert!(play.frame().contains("enter walk"), "{}", play.frame());
}

#[test]
fn a_tree_is_built_and_then_walked() {
    let folder = pack();
    let mut play = at(folder.path(), (80, 24), "b");
    let first = if play.frame().contains("1  Does it speak HTTP?") { ("2", "1") } else { ("1", "2") };
    play.keys(first.0);
    assert!(play.frame().contains("✗ Not first"), "{}", play.frame());
    play.keys(first.1).keys("1");
    assert!(play.frame().contains("The tree stands") && play.frame().contains("1 question that came too early"));
    play.keys("enter");
    assert!(play.frame().contains("question 1"), "{}", play.frame());
    play.keys("esc");
    assert!(play.frame().contains("enter walk"), "{}", play.frame());
}

#[test]
fn what_was_answered_shows_in_the_list() {
    let folder = pack();
    let mut play = asked(folder.path(), FIRST, "sit-paths");
    play.keys("2 1 enter enter esc");
    let frame = play.frame();
    for part in ["1/3    0 %", "Seen: 1 of 3 situations", "Lost at", "Does it speak HTTP?", "Taken for each other"] {
        assert!(frame.contains(part), "{part} is missing:\n{frame}");
    }
}

#[test]
fn what_is_not_due_is_practice_unless_it_is_wrong() {
    let folder = pack();
    let mut play = asked(folder.path(), FIRST, "sit-paths");
    play.keys("1 enter 4 esc");
    play.keys("s");
    let paths = |play: &Play| play.frame().contains("wants each path");
    while !paths(&play) {
        play.keys("n");
    }
    play.keys("1 enter");
    assert!(play.frame().contains("Practice: it was not due"), "{}", play.frame());
    assert_eq!(log(&play).last().unwrap().act, Act::Cram(Grade::Good));
}

#[test]
fn a_clock_ends_the_set() {
    let folder = pack();
    let mut play = Play::with(folder.path(), (80, 24), |setup| {
        setup.settings.insert("trees".to_owned(), FIRST.to_owned());
    });
    play.keys("t c enter");
    assert!(play.frame().contains("3:00 left"), "{}", play.frame());
    assert_eq!(play.app.wake_at(), Some(NOW.at + 1000));
    play.now.at += 61_000;
    play.tell(Msg::Wake);
    assert!(play.frame().contains("1:59 left"), "{}", play.frame());
    play.now.at += 120_000;
    play.tell(Msg::Wake);
    assert!(play.frame().contains("last one") && play.app.wake_at().is_none(), "{}", play.frame());
    // The one that was begun may be finished; nothing is asked after it.
    play.keys("2 1 enter enter");
    assert!(play.frame().contains("of 1 right"), "{}", play.frame());
}

#[test]
fn a_changed_file_keeps_the_place() {
    let folder = pack();
    let mut play = at(folder.path(), (80, 24), "enter 2");
    let path = folder.path().join("6-lb/tree.md");
    std::fs::write(&path, BALANCER.replace("Must the addresses stay?", "Are addresses pinned?")).unwrap();
    play.reread();
    assert!(play.frame().contains("Are addresses pinned?") && play.frame().contains("question 2"), "{}", play.frame());
    std::fs::write(&path, "+++\nkind = \"tree\"\nid = \"balancer\"\ntitle = \"T\"\n+++\n").unwrap();
    play.reread();
    assert!(play.frame().contains("This file holds no tree."), "{}", play.frame());
    std::fs::remove_file(&path).unwrap();
    play.reread();
    play.keys("esc");
    assert!(play.frame().contains("There are no decision trees"), "{}", play.frame());
}

/// The trees of a folder, with their ids.
fn trees(root: &Path) -> Vec<(String, Tree)> {
    let mut library = Library::default();
    disk::open(root, &mut library, &mut |_, _| {}).unwrap();
    let files = library.files.iter().filter(|file| file.kind == Kind::Tree);
    files.map(|file| (file.id.clone(), read(&disk::text(root, &file.path).unwrap(), file.body))).collect()
}

/// Walks a tree through all of its rows: each node can be reached, read and left at every size.
fn walk_whole(root: &Path, id: &str, tree: &Tree) {
    for (width, height) in SIZES {
        let mut play = Play::new(root, width, height, Some(id));
        for node in 0..tree.nodes.len() {
            // A way to the node, as digits; a choice beyond nine is taken by moving to it.
            let way = inservice::ui::map::way(tree, node);
            for (_, choice) in &way {
                if *choice < 9 {
                    play.keys(&(choice + 1).to_string());
                } else {
                    play.keys(&"j ".repeat(*choice)).keys("enter");
                }
            }
            let frame = play.frame();
            let word = tree.nodes[node].title.split_whitespace().next().unwrap();
            assert!(height < 10 || frame.contains(word), "{width}x{height} {}:\n{frame}", tree.nodes[node].title);
            play.keys("m");
            let rows: Vec<String> = play.frame().lines().map(str::to_owned).collect();
            assert_eq!(rows.len(), usize::from(height));
            play.keys("m").keys(&"backspace ".repeat(way.len()));
        }
    }
}

#[test]
fn the_smallest_and_the_largest_tree_of_the_course_are_walked_whole() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let mut all = trees(&root);
    all.sort_by_key(|(_, tree)| tree.nodes.len());
    for (id, tree) in [all.first().unwrap(), all.last().unwrap()] {
        walk_whole(&root, id, tree);
    }
}

#[test]
fn two_hundred_nodes_fold_and_scroll() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "+++\nkind = \"tree\"\nid = \"huge\"\ntitle = \"Huge\"\n+++\n".to_owned();
    // Each question leads to three: 66 questions, 134 ends.
    for n in 0..200 {
        text.push_str(&format!("## Node {n} {{#n{n}}}\n"));
        let below: Vec<usize> = (3 * n + 1..=3 * n + 3).filter(|to| *to < 200).collect();
        text.extend(below.iter().map(|to| format!("- [to {to}](#n{to})\n")));
        text.push_str(if below.is_empty() { "**Say:** s **Flips if:** f **Tempting:** t\n\n" } else { "\n" });
    }
    let module = folder.path().join("1-large");
    std::fs::create_dir(&module).unwrap();
    std::fs::write(module.join("module.toml"), "title = \"Large\"\n").unwrap();
    std::fs::write(module.join("huge.md"), text).unwrap();
    for (width, height) in SIZES {
        let mut out = String::new();
        let mut play = Play::new(folder.path(), width, height, Some("huge"));
        play.keys("2 1 m");
        out.push_str(&play.frame());
        play.keys("z G");
        out.push_str(&play.frame());
        insta::assert_snapshot!(format!("huge-{width}x{height}"), out);
    }
    // The map follows the walk, and one moves in it.
    let mut play = Play::new(folder.path(), 80, 24, Some("huge"));
    play.keys("2 1");
    assert!(play.frame().contains("● to 7  Node 7") && !play.frame().contains("Node 160"), "{}", play.frame());
    play.keys("m j j enter");
    assert!(play.frame().contains("Node 23"), "{}", play.frame());
    play.keys("m z G enter");
    assert!(play.frame().contains("Node 39") || play.frame().contains("end, after"), "{}", play.frame());
}

#[derive(Clone, Debug)]
enum Do {
    Key(String),
    Size(u16, u16),
    Click(u16, u16),
    Wheel(bool),
    Paste(String),
    Wake,
    Reread,
}

fn deed() -> impl Strategy<Value = Do> {
    let keys = "1 2 3 9 j k h l g G m s n b p a c o v w z r e u t tab shift-tab enter enter enter esc backspace space up down \
                left right pageup pagedown ctrl-d ctrl-u ctrl-w ? : 4";
    let keys: Vec<String> = keys.split_whitespace().map(str::to_owned).collect();
    prop_oneof![
        30 => prop::sample::select(keys).prop_map(Do::Key),
        2 => (1u16..130, 1u16..50).prop_map(|(w, h)| Do::Size(w, h)),
        2 => (0u16..130, 0u16..50).prop_map(|(x, y)| Do::Click(x, y)),
        2 => any::<bool>().prop_map(Do::Wheel),
        1 => "[a-z\u{1b}\n日]{0,6}".prop_map(Do::Paste),
        1 => Just(Do::Wake),
        1 => Just(Do::Reread),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]
    #[test]
    fn nothing_that_is_pressed_breaks_it(first in prop::sample::select(vec!["", "enter", "s", "n", "b", "p", "a", "c enter"]), deeds in prop::collection::vec(deed(), 1..70)) {
        let folder = pack();
        let mut play = at(folder.path(), (80, 24), first);
        for deed in deeds {
            match deed {
                Do::Key(key) => play.tell(Msg::Key(key.parse::<Chord>().unwrap())),
                Do::Size(width, height) => play.tell(Msg::Resize(Size::new(width, height))),
                Do::Click(x, y) => play.tell(Msg::Mouse(Mouse::Click(Position::new(x, y)))),
                Do::Wheel(down) => play.tell(Msg::Mouse(Mouse::Wheel { at: Position::ORIGIN, down })),
                Do::Paste(text) => play.tell(Msg::Paste(text)),
                Do::Wake => play.tell(Msg::Wake),
                Do::Reread => play.reread(),
            }
            play.now.at += 700;
            let buffer = play.buffer();
            prop_assert_eq!(&buffer, &play.buffer(), "drawing changes nothing");
        }
    }
}
