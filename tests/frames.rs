//! What is on the screen after some keys, at four sizes; and that no keys and no size can break it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is its way of telling"
)]

mod support;

use inservice::effect::{Effect, Mouse, Msg};
use inservice::key::Chord;
use inservice::theme::{Depth, Role, Theme};
use proptest::prelude::*;
use ratatui::layout::{Position, Size};
use support::{Play, pack};

const SIZES: [(u16, u16); 4] = [(80, 24), (40, 15), (200, 60), (20, 5)];

/// One snapshot for a state, holding all sizes.
fn state(name: &str, place: Option<&str>, keys: &str) {
    let mut out = String::new();
    for (width, height) in SIZES {
        let mut play = Play::new(&pack(), width, height, place);
        play.keys(keys);
        out.push_str(&format!("{width}x{height}\n{}\n{}", "=".repeat(usize::from(width)), play.frame()));
    }
    let mut play = Play::new(&pack(), 80, 24, place);
    play.keys(keys);
    out.push_str(&roles(&play));
    insta::assert_snapshot!(name, out);
}

/// How the first frame looks: a letter for each role, and what the letters mean.
fn roles(play: &Play) -> String {
    let theme = Theme::built_in("dark", Depth::True);
    let ground = theme.style(Role::Ground);
    let mut seen: Vec<&str> = Vec::new();
    let mut out = String::from("roles at 80x24\n");
    for row in play.buffer().content.chunks(80) {
        let mut line = String::new();
        for cell in row {
            let role = Role::ALL.iter().find(|(role, _)| {
                let style = ground.patch(theme.style(*role));
                (style.fg, style.bg, style.add_modifier) == (Some(cell.fg), Some(cell.bg), cell.modifier)
            });
            let name = if cell.symbol() == " " { "blank" } else { role.map_or("mixed", |(_, name)| name) };
            let at = seen.iter().position(|known| *known == name).unwrap_or_else(|| {
                seen.push(name);
                seen.len() - 1
            });
            line.push(if name == "blank" { ' ' } else { char::from(b'a' + u8::try_from(at).unwrap()) });
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    for (at, name) in seen.iter().enumerate().filter(|(_, name)| **name != "blank") {
        out.push_str(&format!("{} {name}\n", char::from(b'a' + u8::try_from(at).unwrap())));
    }
    out
}

#[test]
fn the_shelf() {
    state("shelf", None, "l");
    state("shelf-second", None, "l j l");
}

#[test]
fn a_lesson() {
    state("lesson", Some("load-balancing"), "");
    state("lesson-table", Some("load-balancing#small"), "l");
    state("lesson-code", Some("load-balancing#tls"), "");
    state("lesson-end", Some("load-balancing"), "G");
    state("lesson-find", Some("load-balancing"), "/ t a r g e t enter n");
    state("lesson-typing", Some("load-balancing"), "/ q u i e t");
    state("lesson-link", Some("load-balancing"), "tab");
}

#[test]
fn the_lists_over_it() {
    state("help", Some("load-balancing"), "?");
    state("palette", Some("load-balancing"), ": s e c");
    state("contents", Some("load-balancing#tls"), "O");
    state("sources", Some("load-balancing"), "w");
    state("problems", None, "!");
}

#[test]
fn links_lead_there_and_back() {
    let mut play = Play::new(&pack(), 80, 24, Some("load-balancing"));
    play.keys("j tab enter");
    assert!(
        play.frame().contains("Operating balancers") && play.frame().contains("Second lesson."),
        "{}",
        play.frame()
    );
    play.keys("backspace");
    assert!(play.frame().contains("contract with a clock"), "{}", play.frame());
    play.keys("backspace");
    assert!(play.frame().contains("enter open"), "{}", play.frame());
}

#[test]
fn what_is_asked_of_the_world() {
    let mut play = Play::new(&pack(), 80, 24, Some("load-balancing#tls"));
    play.keys("y e T");
    assert!(matches!(&play.effects[0], Effect::Copy(code) if code.starts_with("aws elbv2")), "{:?}", play.effects);
    assert!(matches!(&play.effects[1], Effect::Edit { line: 48, .. }), "{:?}", play.effects);
    assert_eq!(play.effects[2], Effect::Keep("theme", Some("light".to_owned())));
    play.keys("q");
    assert!(matches!(&play.effects[3], Effect::Remember(place) if place.mark.entry == "tls"), "{:?}", play.effects);
    assert_eq!(play.effects[4], Effect::Quit);
}

#[test]
fn a_changed_file_shows_at_the_same_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.md");
    let text = |more: &str| {
        let words = |name: &str| format!("## {name}\n\n{}", "Words of the section.\n\n".repeat(30));
        format!("{more}\n\n{}{}{}", words("One"), words("Two"), words("Three"))
    };
    std::fs::write(&path, text("Begin.")).unwrap();
    let mut play = Play::new(folder.path(), 60, 20, Some("a#two"));
    let before = play.frame();
    std::fs::write(&path, text(&"A new paragraph.\n\n".repeat(50))).unwrap();
    play.reread();
    let body = |frame: &str| frame.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(body(&play.frame()), body(&before));
    std::fs::write(folder.path().join("b.md"), "# Another\n\nOther words.\n").unwrap();
    std::fs::remove_file(&path).unwrap();
    play.reread();
    // It keeps its words and takes nobody else's name, whatever is pressed.
    assert!(play.frame().contains("Words of the section."), "{}", play.frame());
    assert!(play.frame().contains("a.md") && !play.frame().contains("Another"), "{}", play.frame());
    play.keys("} w esc d c tab enter ] [");
}

#[test]
fn what_was_found_survives_a_new_layout() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("# A\n\n{}needle and more words\n\n{}", "Words.\n\n".repeat(30), "Words.\n\n".repeat(30));
    std::fs::write(folder.path().join("a.md"), text).unwrap();
    let mut play = Play::new(folder.path(), 80, 24, Some("a"));
    play.keys("/ n e e d l e");
    play.tell(Msg::Resize(Size::new(60, 20)));
    play.keys("enter");
    assert!(play.frame().contains("1 of 1") && play.frame().contains("needle"), "{}", play.frame());
}

#[test]
fn hostile_text_is_shown_and_not_obeyed() {
    let folder = tempfile::tempdir().unwrap();
    let text = "# A\u{1b}[2J\n\nx\u{1b}]0;title\u{7} \u{9b}31m \u{202e}txt\n\n```sh\n\u{1b}[31mred\n```\n\n| a\u{7} |\n|---|\n| b\u{1b} |\n";
    std::fs::write(folder.path().join("a.md"), text).unwrap();
    let mut play = Play::new(folder.path(), 80, 24, Some("a"));
    play.keys("/ x");
    for cell in play.buffer().content {
        assert!(!cell.symbol().chars().any(|c| c.is_control() || c == '\u{202e}'), "{:?}", cell.symbol());
    }
}

#[derive(Clone, Debug)]
enum Act {
    Key(String),
    Size(u16, u16),
    Click(u16, u16),
    Wheel(bool),
    Paste(String),
    Reread,
}

fn act() -> impl Strategy<Value = Act> {
    let keys = "j k h l g G n N / : ? ! o O w y T tab shift-tab enter esc backspace [ ] { } space b up down left right \
                pageup pagedown ctrl-d ctrl-u ctrl-w a s t e";
    let keys: Vec<String> = keys.split_whitespace().map(str::to_owned).collect();
    prop_oneof![
        20 => prop::sample::select(keys).prop_map(Act::Key),
        2 => (1u16..130, 1u16..50).prop_map(|(w, h)| Act::Size(w, h)),
        2 => (0u16..130, 0u16..50).prop_map(|(x, y)| Act::Click(x, y)),
        2 => any::<bool>().prop_map(Act::Wheel),
        1 => "[a-z\u{1b}\n日]{0,6}".prop_map(Act::Paste),
        1 => Just(Act::Reread),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn nothing_that_is_pressed_breaks_it(acts in prop::collection::vec(act(), 1..60)) {
        let mut play = Play::new(&pack(), 80, 24, None);
        for act in acts {
            match act {
                Act::Key(key) => play.tell(Msg::Key(key.parse::<Chord>().unwrap())),
                Act::Size(width, height) => play.tell(Msg::Resize(Size::new(width, height))),
                Act::Click(x, y) => play.tell(Msg::Mouse(Mouse::Click(Position::new(x, y)))),
                Act::Wheel(down) => play.tell(Msg::Mouse(Mouse::Wheel { at: Position::ORIGIN, down })),
                Act::Paste(text) => play.tell(Msg::Paste(text)),
                Act::Reread => play.reread(),
            }
            let buffer = play.buffer();
            prop_assert_eq!(&buffer, &play.buffer(), "drawing changes nothing");
        }
    }
}
