//! Finding: what is on the screen at four sizes, where a hit leads, and that no text typed can break it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is its way of telling"
)]

mod support;

use inservice::effect::{Effect, Mouse, Msg};
use inservice::key::Chord;
use proptest::prelude::*;
use ratatui::layout::{Position, Size};
use support::{Play, pack};

const SIZES: [(u16, u16); 5] = [(80, 24), (120, 40), (40, 15), (200, 60), (20, 5)];

const CARDS: &str = "+++\nkind = \"cards\"\nid = \"lb-cards\"\ntitle = \"Load balancing cards\"\n+++\n## Timers {#lb-timers}\n\n\
    Q: How long does a target drain by default? {#lb-drain}\nA: 300 seconds.\nW: Deregistration delay, per target group.\n\n\
    T: Health check {#lb-health}\nD: A request that a target must answer.\n\n\
    C: A target is healthy after [five] checks in a row. {#lb-five}\n";

const TREE: &str = "+++\nkind = \"tree\"\nid = \"which\"\ntitle = \"Which load balancer\"\n+++\n\
    ## Does it speak HTTP? {#http}\nHow to tell: a health check with a path is named.\n\n- [Yes](#alb)\n- [No](#nlb)\n\n\
    ## Application Load Balancer {#alb}\n**Say:** layer seven.\n**Flips if:** raw TCP.\n**Tempting:** [NLB](#nlb), it is fast.\n\n\
    ## Network Load Balancer {#nlb}\n**Say:** layer four.\n**Flips if:** paths.\n**Tempting:** [ALB](#alb), it is usual.\n\n\
    ## Situation: a partner pins two addresses {#fix answer=nlb}\nThe health of the partner's link matters.\n\n\
    **Clue:** [Does it speak HTTP?](#http) FIX.\n**Tempting:** [Application Load Balancer](#alb), usual.\n\
    **Change:** HTTPS, and it becomes [Application Load Balancer](#alb).\n";

const QUESTIONS: &str = "+++\nkind = \"questions\"\nid = \"asked\"\ntitle = \"Asked\"\n+++\n\
    ## Should a health check be deep? {#deep level=L3}\n\n### Rubric\n- (2) Says what a shared dependency does. `shared`\n";

/// A pack with something of every kind.
fn course() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("course");
    let below = root.join("06-load-balancing");
    std::fs::create_dir_all(&below).unwrap();
    for name in ["lesson.md", "module.toml", "second.md"] {
        std::fs::copy(pack().join("06-load-balancing").join(name), below.join(name)).unwrap();
    }
    for (name, text) in [("cards.md", CARDS), ("tree.md", TREE), ("questions.md", QUESTIONS)] {
        std::fs::write(below.join(name), text).unwrap();
    }
    std::fs::copy(pack().join("pack.toml"), root.join("pack.toml")).unwrap();
    folder
}

fn opened(place: Option<&str>, keys: &str, width: u16, height: u16) -> (Play, tempfile::TempDir) {
    let folder = course();
    let mut play = Play::new(&folder.path().join("course"), width, height, place);
    play.keys(keys);
    (play, folder)
}

fn typed(keys: &str, width: u16, height: u16) -> (Play, tempfile::TempDir) {
    opened(None, &format!("/ {keys}"), width, height)
}

fn state(name: &str, keys: &str) {
    let mut out = String::new();
    for (width, height) in SIZES {
        let frame = typed(keys, width, height).0.frame();
        out.push_str(&format!("{width}x{height}\n{}\n{frame}", "=".repeat(usize::from(width))));
    }
    insta::assert_snapshot!(name, out);
}

#[test]
fn what_is_shown() {
    state("empty", "");
    state("hits", "h e a l t h");
    state("words", "b a l a n c e r space w h i c h down");
    state("cards", "c : 3 0 0");
    state("none", "q q q z");
    state("tables", "t : space l a y e r");
    state("commands", ": t h e");
    state("nothing-of-a-kind", "s : q q q");
}

#[test]
fn a_hit_opens_and_the_way_back_keeps_the_query() {
    let (mut play, _folder) = typed("t l s", 80, 24);
    let before = play.frame();
    play.keys("enter");
    assert!(play.frame().contains("section") && !play.frame().contains("found"), "{}", play.frame());
    play.keys("backspace");
    assert_eq!(play.frame(), before);
    play.keys("esc");
    assert!(!play.frame().contains("found"), "{}", play.frame());
}

#[test]
fn what_was_opened_is_there_the_next_time() {
    let (mut play, _folder) = typed("t l s enter backspace ctrl-u", 80, 24);
    let kept = play.effects.iter().find_map(|effect| match effect {
        Effect::Keep("recent", Some(text)) => Some(text.clone()),
        _ => None,
    });
    assert_eq!(kept.as_deref(), Some("load-balancing#tls"));
    assert!(play.frame().contains("opened last"), "{}", play.frame());
    for query in ["d e e p", "p a r t n e r", "t l s"] {
        play.keys(query).keys("enter esc ctrl-u");
    }
    let kept = play.effects.iter().rev().find_map(|effect| match effect {
        Effect::Keep("recent", Some(text)) => Some(text.lines().map(str::to_owned).collect::<Vec<_>>()),
        _ => None,
    });
    let kept = kept.unwrap();
    assert_eq!((kept[0].as_str(), kept.len()), ("load-balancing#tls", 3), "{kept:?}");
}

#[test]
fn tab_keeps_to_a_kind_and_a_click_too() {
    let (mut play, _folder) = typed("h e a l t h tab", 80, 24);
    assert!(play.frame().contains("/ h: health"), "{}", play.frame());
    play.keys("shift-tab");
    assert!(play.frame().contains("/ health"), "{}", play.frame());
    let row = play.frame().lines().position(|line| line.contains("c:cards")).unwrap();
    let column = play.frame().lines().nth(row).unwrap().find("c:cards").unwrap();
    let at = Position::new(u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
    play.tell(Msg::Mouse(Mouse::Click(at)));
    assert!(play.frame().contains("/ c: health"), "{}", play.frame());
}

#[test]
fn a_command_is_run() {
    let (play, _folder) = typed(": m o d u l e s space l e s s o n s enter", 80, 24);
    assert!(play.frame().contains("enter open"), "{}", play.frame());
    let (mut play, _folder) = typed(": c h a n g e space t h e m e enter", 80, 24);
    assert!(play.effects.contains(&Effect::Keep("theme", Some("light".to_owned()))));
    assert!(play.frame().contains("/ :change theme"), "{}", play.frame());
    play.keys("f1");
    assert!(play.frame().contains("Finding"), "{}", play.frame());
}

#[test]
fn it_opens_from_a_lesson_and_leads_to_a_drill() {
    let (mut play, _folder) = opened(Some("load-balancing#tls"), "", 80, 24);
    let before = play.frame();
    play.keys("F h e a l t h down down");
    assert!(play.frame().contains("found"), "{}", play.frame());
    play.keys("esc");
    assert_eq!(play.frame(), before, "the lesson below stays where it was");
    play.keys("F c : down ctrl-d");
    assert!(play.frame().contains("answer"), "{}", play.frame());
}

#[test]
fn a_pack_that_changes_is_searched_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.md");
    std::fs::write(&path, "# One\n\nA zebra.\n").unwrap();
    let mut play = Play::new(folder.path(), 80, 24, None);
    play.keys("/ z e b r a");
    assert!(play.frame().contains("1 found"), "{}", play.frame());
    std::fs::write(&path, "# One\n\nA horse.\n\n## Two\n\nA zebra and a zebra.\n\nzebra\n").unwrap();
    play.reread();
    assert!(play.frame().contains("2 found"), "{}", play.frame());
    std::fs::remove_file(&path).unwrap();
    play.reread();
    assert!(play.frame().contains("none"), "{}", play.frame());
}

#[derive(Clone, Debug)]
enum Act {
    Key(String),
    Paste(String),
    Size(u16, u16),
    Click(u16, u16),
    Wheel(bool),
    Reread,
}

fn act() -> impl Strategy<Value = Act> {
    let keys = "a e h l t s : space t : down up pagedown pageup home end tab shift-tab enter esc backspace ctrl-w \
                ctrl-u ctrl-d F / f1 u 1 2";
    let keys: Vec<String> = keys.split_whitespace().map(str::to_owned).collect();
    prop_oneof![
        20 => prop::sample::select(keys).prop_map(Act::Key),
        2 => "\\PC{0,12}".prop_map(Act::Paste),
        2 => (1u16..220, 1u16..70).prop_map(|(w, h)| Act::Size(w, h)),
        2 => (0u16..130, 0u16..50).prop_map(|(x, y)| Act::Click(x, y)),
        1 => any::<bool>().prop_map(Act::Wheel),
        1 => Just(Act::Reread),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn nothing_that_is_typed_breaks_it(acts in prop::collection::vec(act(), 1..50)) {
        let (mut play, _folder) = typed("", 80, 24);
        for act in acts {
            match act {
                Act::Key(key) => play.tell(Msg::Key(key.parse::<Chord>().unwrap())),
                Act::Paste(text) => play.tell(Msg::Paste(text)),
                Act::Size(width, height) => play.tell(Msg::Resize(Size::new(width, height))),
                Act::Click(x, y) => play.tell(Msg::Mouse(Mouse::Click(Position::new(x, y)))),
                Act::Wheel(down) => play.tell(Msg::Mouse(Mouse::Wheel { at: Position::ORIGIN, down })),
                Act::Reread => play.reread(),
            }
            let buffer = play.buffer();
            prop_assert_eq!(&buffer, &play.buffer(), "drawing changes nothing");
        }
    }
}
