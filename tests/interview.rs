//! The interview room: what is on the screen at four sizes, what is written, what survives, and that nothing breaks it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that panics has failed, which is its way of telling"
)]

mod support;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use inservice::app::Start;
use inservice::effect::{Effect, Mouse, Msg};
use inservice::key::Chord;
use inservice::store::{Settings, Store};
use inservice::study::mock::past::{Note, interviews};
use inservice::study::review::{Act, Grade, Review};
use proptest::prelude::*;
use ratatui::layout::{Position, Size};
use support::Play;
use support::pty::Pty;

const SIZES: [(u16, u16); 4] = [(80, 24), (40, 15), (200, 60), (20, 5)];

fn pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pack-interview")
}

fn room(width: u16, height: u16, place: Option<&str>) -> Play {
    again(&pack(), width, height, place, &Settings::default())
}

/// The room after a restart, with what was kept.
fn again(root: &Path, width: u16, height: u16, place: Option<&str>, kept: &Settings) -> Play {
    Play::with(root, (width, height), |setup| {
        setup.place = place.map(str::to_owned);
        setup.start = Start::Interview;
        setup.settings.clone_from(kept);
    })
}

/// One snapshot for a state, holding all sizes.
fn state(name: &str, place: Option<&str>, act: impl Fn(&mut Play)) {
    let mut out = String::new();
    for (width, height) in SIZES {
        let mut play = room(width, height, place);
        act(&mut play);
        out.push_str(&format!("{width}x{height}\n{}\n{}", "=".repeat(usize::from(width)), play.frame()));
    }
    insta::assert_snapshot!(name, out);
}

const SAID: &str = "Behind an ALB the client is in X-Forwarded-For, and I would never trust the first entry. \
    Behind an NLB it depends: IP targets do not see it, instance targets do. 日本 and 👍 count as two columns.\n\n\
    With preservation on, the security group of the target has to admit the clients.";

fn rows(play: &Play) -> Vec<Review> {
    play.store.log().unwrap()
}

fn note(row: &Review) -> Note {
    Note::read(&row.note).unwrap()
}

#[test]
fn setting_up() {
    state("interview-setup", None, |_| {});
    state("interview-setup-loop", None, |play| {
        play.keys("l j l j 4 j space");
    });
    state("interview-setup-incident", None, |play| {
        play.keys("G");
    });
}

#[test]
fn asking() {
    state("interview-think", Some("q-client"), |play| {
        play.later(12);
    });
    state("interview-evidence", Some("q-client"), |play| {
        play.keys("l ctrl-d");
    });
    state("interview-speak", Some("q-client"), |play| {
        play.keys("enter").later(250);
    });
    state("interview-over", Some("q-alb-nlb"), |play| {
        play.keys("enter").later(132);
    });
    state("interview-paused", Some("q-alb-nlb"), |play| {
        play.keys("enter").later(30).keys("p").later(500);
    });
    state("interview-write", Some("q-client"), |play| {
        play.keys("t").paste(SAID);
    });
    state("interview-follow-up", Some("q-client"), |play| {
        play.keys("enter enter");
    });
}

#[test]
fn scoring() {
    state("interview-points", Some("q-client"), |play| {
        play.keys("t").paste(SAID).keys("ctrl-d ctrl-d ctrl-d");
    });
    state("interview-points-end", Some("q-client"), |play| {
        play.keys("enter enter enter enter G j j j j j j j j j space");
    });
    state("interview-flags", Some("q-client"), |play| {
        play.keys("t").paste(SAID).keys("ctrl-d ctrl-d ctrl-d enter");
    });
    state("interview-models", Some("q-alb-nlb"), |play| {
        play.keys("enter").later(95).keys("enter enter 1 2 5 enter enter");
    });
    state("interview-models-long", Some("q-alb-nlb"), |play| {
        play.keys("t").paste(SAID).keys("ctrl-d ctrl-d enter enter tab j j");
    });
}

#[test]
fn the_incident_and_the_debrief() {
    state("interview-incident", Some("incident-checkout"), |play| {
        play.keys("enter enter 1 enter enter enter");
    });
    state("interview-debrief", None, |play| {
        play.keys("enter");
        // The first well, the second skipped, the third with a red flag, the fourth badly.
        play.keys("enter").later(80).keys("enter enter 1 2 3 4 5 enter enter enter");
        play.keys("enter s");
        play.keys("enter").later(500).keys("enter enter enter 1 2 enter 1 enter enter");
        play.keys("enter enter enter 1 enter enter enter");
    });
}

#[test]
fn a_typed_answer_is_ticked_and_the_learner_has_the_last_word() {
    let mut play = room(80, 24, Some("q-client"));
    play.keys("t").paste(SAID).keys("ctrl-d ctrl-d ctrl-d");
    assert!(play.frame().contains("found: X-Forwarded-For") && play.frame().contains("6 of 12"), "{}", play.frame());
    play.keys("6");
    assert!(play.frame().contains("7 of 12"), "{}", play.frame());
    play.keys("enter");
    // "I would never trust the first entry" raises no flag; the learner may raise it, and take it back.
    assert!(!play.frame().contains("found: first entry") && play.frame().contains("7 of 12"), "{}", play.frame());
    play.keys("2");
    assert!(play.frame().contains("6 of 12"), "{}", play.frame());
    play.keys("2 backspace 6 enter enter");
    let rows = rows(&play);
    let told = note(&rows[0]);
    assert_eq!((rows[0].item.as_str(), told.score, told.of, told.flags.len()), ("q-client", 6, 12, 0));
    assert_eq!(told.interview, None);
    assert_eq!(rows[0].act, Act::Grade(Grade::Again));
    // Minutes from now would be too soon.
    assert_eq!((rows.len(), &rows[1].act), (2, &Act::Bury));
    play.keys("tab tab");
    assert!(play.frame().contains("I would never trust"), "{}", play.frame());
    play.keys("enter");
    assert!(play.frame().contains("enter start") || play.frame().contains("learn"), "{}", play.frame());
}

#[test]
fn an_interview_leaves_one_row_for_each_question() {
    let mut play = room(80, 24, None);
    play.keys("enter enter").later(30).keys("enter enter 1 2 3 4 5 enter enter enter s");
    let rows = rows(&play);
    let answered: Vec<&Review> = rows.iter().filter(|row| row.answered().is_some()).collect();
    assert_eq!(answered.len(), 2);
    assert_eq!((&answered[0].act, &answered[1].act), (&Act::Grade(Grade::Easy), &Act::Cram(Grade::Again)));
    assert_eq!((note(answered[0]).seconds, answered[0].took), (30, 30_000));
    assert!(note(answered[1]).skipped && !note(answered[1]).missed.is_empty());
    let past = interviews(&rows);
    assert_eq!((past.len(), past[0].answers.len(), past[0].skipped()), (1, 2, 1));
    assert!(!rows[0].words.is_empty() && rows[0].place.ends_with("questions.md"), "{:?}", rows[0]);
}

#[test]
fn what_cannot_be_written_is_asked_again() {
    let mut play = room(80, 24, Some("q-alb-nlb"));
    play.keys("enter enter enter 1");
    play.store = {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let store = Store::open(&path).unwrap();
        let other = rusqlite::Connection::open(&path).unwrap();
        other.execute_batch("CREATE TRIGGER no BEFORE INSERT ON review BEGIN SELECT RAISE(ABORT, 'no'); END;").unwrap();
        store
    };
    play.keys("enter enter");
    assert!(play.frame().contains("Did one of these slip out?"), "{}", play.frame());
    assert!(play.frame().contains("was not saved"), "{}", play.frame());
    // The next key tries again and does not go on by itself.
    play.keys("enter");
    assert!(play.frame().contains("Did one of these slip out?"), "{}", play.frame());
}

#[test]
fn what_was_missed_is_drilled_with_one_key() {
    let mut play = room(80, 24, None);
    play.keys("j j l l l enter enter enter enter enter 1 enter enter enter");
    assert!(play.frame().contains("debrief") && play.frame().contains("d drill missed"), "{}", play.frame());
    play.keys("d");
    assert!(play.frame().contains("What I missed"), "{}", play.frame());
    play.keys("esc");
    assert!(play.frame().contains("debrief"), "{}", play.frame());
}

#[test]
fn a_transcript_is_written_under_a_name() {
    let mut play = room(80, 24, Some("incident-checkout"));
    play.keys("s s s w");
    assert!(play.frame().contains("interview-2026-11-25.md"), "{}", play.frame());
    play.keys("ctrl-u m . m d enter");
    let written = play.effects.iter().find_map(|effect| match effect {
        Effect::Write { name, text } => Some((name.as_str(), text.as_str())),
        _ => None,
    });
    let (name, text) = written.unwrap();
    assert_eq!(name, "m.md");
    assert!(text.starts_with("# Checkout answers 502\n\n2026-11-25 at 9:00") && text.contains("3 skipped"), "{text}");
    assert!(play.frame().contains("Written to m.md."), "{}", play.frame());
}

#[test]
fn leaving_keeps_everything_and_a_restart_goes_on() {
    let mut play = room(80, 24, None);
    play.keys("enter enter").later(40).keys("t").paste("An NLB has a fixed address").keys("esc esc");
    assert!(play.frame().contains("The interview is kept"), "{}", play.frame());
    assert!(play.frame().contains("Go on: Interview"), "{}", play.frame());
    // Another start of the program, an hour later.
    let mut later = again(&pack(), 80, 24, None, &play.kept());
    later.now = later.now.plus(3_600_000);
    later.keys("enter");
    assert!(later.frame().contains("Paused") && later.frame().contains("1:20"), "{}", later.frame());
    later.keys("enter").later(10);
    assert!(later.frame().contains("1:10"), "{}", later.frame());
    later.keys("t");
    assert!(later.frame().contains("An NLB has a fixed address"), "{}", later.frame());
    later.keys("ctrl-d ctrl-d");
    assert!(later.frame().contains("found: fixed"), "{}", later.frame());
    // Also the ticks are kept, and the score waits for its last key.
    later.keys("1 q");
    let mut last = again(&pack(), 80, 24, None, &later.kept());
    last.keys("enter");
    assert!(last.frame().contains("What did you say?") && last.frame().contains("3 of 6"), "{}", last.frame());
}

#[test]
fn a_draft_is_on_disk_within_a_second_however_long_one_types() {
    let mut play = room(80, 24, Some("q-vanish"));
    play.keys("t");
    let drafts = |play: &Play| play.effects.iter().filter(|e| matches!(e, Effect::Keep("interview-drafts", _))).count();
    let before = drafts(&play);
    for _ in 0..30 {
        play.now = play.now.plus(100);
        play.keys("x");
    }
    // Three seconds without a pause: it was written on the way.
    assert!((3..=4).contains(&(drafts(&play) - before)), "{}", drafts(&play) - before);
    assert!(play.kept()["interview-drafts"].contains("xxxxxxxxxxxxxxxxxxxx"));
    // And a pause writes the rest.
    let wake = play.app.wake_at().unwrap();
    assert!(wake - play.now.at <= 1000, "{}", wake - play.now.at);
    play.now.at = wake;
    play.tell(Msg::Wake);
    assert!(play.kept()["interview-drafts"].contains(&"x".repeat(30)));
    // Scored, it is no draft any more.
    play.keys("ctrl-d ctrl-d enter enter");
    assert_eq!(play.kept().get("interview-drafts"), None);
}

#[test]
fn the_clock_wakes_only_while_it_runs_and_is_seen() {
    let mut play = room(80, 24, None);
    assert_eq!(play.app.wake_at(), None);
    play.keys("enter");
    assert_eq!(play.app.wake_at(), Some(play.now.at + 1000));
    // A list over it does not stop the clock.
    play.keys("?");
    assert_eq!(play.app.wake_at(), Some(play.now.at + 1000));
    play.keys("esc p");
    assert_eq!(play.app.wake_at(), None);
    play.keys("enter enter enter enter");
    assert!(play.frame().contains("What did you say?"), "{}", play.frame());
    assert_eq!(play.app.wake_at(), None);
    play.keys("enter enter");
    assert_eq!(play.app.wake_at(), None);
}

#[test]
fn thinking_ends_by_itself_and_answers_do_not() {
    let mut play = room(80, 24, Some("q-vanish"));
    play.later(20);
    assert!(play.frame().contains("Speak") && play.frame().contains("4:00"), "{}", play.frame());
    play.later(300);
    assert!(play.frame().contains("Time is up") && play.frame().contains("1:00 over"), "{}", play.frame());
}

#[test]
fn the_editor_outside_gives_its_text_back() {
    let mut play = room(80, 24, Some("q-vanish"));
    play.keys("t").paste("One.").keys("esc e");
    let asked = play.effects.iter().find_map(|effect| match effect {
        Effect::Compose { name, text } => Some((name.clone(), text.clone())),
        _ => None,
    });
    assert_eq!(asked, Some(("q-vanish".to_owned(), "One.".to_owned())));
    play.tell(Msg::Composed("One. Exit code 137.".to_owned()));
    assert!(play.kept()["interview-drafts"].contains("137"));
    play.keys("enter enter");
    assert!(play.frame().contains("found: 137"), "{}", play.frame());
}

#[test]
fn a_question_is_practised_from_where_it_is_read() {
    let mut play = Play::new(&pack(), 80, 24, Some("q-client"));
    play.keys("i");
    assert!(play.frame().contains("L3 · Load balancing · 5 min"), "{}", play.frame());
    play.keys("esc esc");
    // The shelf asks about its module.
    play.keys("i");
    assert!(play.frame().contains("☑ Tasks") != play.frame().contains("☑ Load"), "{}", play.frame());
}

#[test]
fn a_question_that_is_gone_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("q.md");
    let text = |id: &str| {
        format!(
            "+++\nkind = \"questions\"\nid = \"q\"\ntitle = \"Q\"\n+++\n\n## Why {id}? {{#{id} level=L2}}\n\n### Rubric\n- a\n"
        )
    };
    std::fs::write(&path, text("one")).unwrap();
    let mut play = again(folder.path(), 80, 24, None, &Settings::default());
    play.keys("enter");
    assert!(play.frame().contains("Why one?"), "{}", play.frame());
    std::fs::write(&path, text("two")).unwrap();
    play.reread();
    assert!(play.frame().contains("not in the packs any more"), "{}", play.frame());
    play.keys("enter");
    assert!(play.frame().contains("debrief"), "{}", play.frame());
}

#[test]
fn a_mouse_ticks_what_it_points_at() {
    let mut play = room(80, 24, Some("q-alb-nlb"));
    play.keys("enter enter enter");
    let frame = play.frame();
    let row = frame.lines().position(|line| line.contains("Names what only an NLB does")).unwrap();
    play.tell(Msg::Mouse(Mouse::Click(Position::new(20, u16::try_from(row).unwrap()))));
    assert!(play.frame().contains("☑ 3"), "{}", play.frame());
}

#[test]
fn interviews_of_the_past_are_compared() {
    let mut play = room(80, 24, None);
    for _ in 0..2 {
        play.keys("j j l enter enter enter enter 1 2 3 4 5 enter enter enter");
        assert!(play.frame().contains("You would pass."), "{}", play.frame());
        play.now = play.now.plus(5 * 86_400_000);
        play.keys("enter");
        // The level that was asked is kept; back to all of them for the same keys again.
        play.keys("j j l l l l k k");
    }
    play.keys("j j l enter enter enter enter enter enter enter");
    assert!(play.frame().contains("3 interviews, the last: 100, 100, 0 %"), "{}", play.frame());
}

/// Arguments that open the room with a history of its own.
fn arguments<'a>(data: &'a str, pack: &'a str, place: &'a str) -> [&'a str; 6] {
    ["interview", place, "--pack", pack, "--data-dir", data]
}

#[test]
fn a_kill_while_typing_keeps_the_draft() {
    let home = tempfile::tempdir().unwrap();
    let (pack, data) = (pack().to_string_lossy().into_owned(), home.path().join("data").to_string_lossy().into_owned());
    let mut pty = Pty::start(home.path(), &arguments(&data, &pack, "q-vanish"), &[]);
    pty.wait("Think first");
    pty.keys("t");
    pty.wait("Write as you would say it.");
    pty.keys("First the stopped reason, 日本.\rThen the");
    pty.wait("Then the");
    let until = Instant::now() + Duration::from_secs(20);
    let draft = || {
        let kept = Store::open(&home.path().join("data/history.db")).unwrap().settings().unwrap();
        kept.get("interview-drafts").cloned().unwrap_or_default()
    };
    while !draft().contains("Then the") {
        assert!(Instant::now() < until, "the draft never came to the disk:\n{}", pty.screen.screen().contents());
        pty.take(Duration::from_millis(50));
    }
    // Killed in the middle of a word.
    pty.keys(" exit co");
    pty.child.kill().unwrap();
    pty.child.wait().unwrap();
    let mut pty = Pty::start(home.path(), &arguments(&data, &pack, "q-vanish"), &[]);
    pty.wait("You began to write");
    pty.keys("t");
    pty.wait("First the stopped reason, 日本.");
    pty.wait("Then the");
    pty.keys("\x1b");
    pty.wait("You began to write");
    pty.keys("q");
    pty.end();
}

#[test]
fn an_editor_of_ones_own_writes_the_answer() {
    let home = tempfile::tempdir().unwrap();
    let (pack, data) = (pack().to_string_lossy().into_owned(), home.path().join("data").to_string_lossy().into_owned());
    let editor = home.path().join("ed");
    std::fs::write(&editor, "#!/bin/sh\nPATH=/usr/bin:/bin\nprintf ' and code 137\\n' >> \"$1\"\n").unwrap();
    std::fs::set_permissions(&editor, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let editor = editor.to_string_lossy().into_owned();
    let mut pty = Pty::start(home.path(), &arguments(&data, &pack, "q-vanish"), &[("EDITOR", &editor)]);
    pty.wait("Think first");
    pty.keys("t");
    pty.wait("Write as you would say it.");
    pty.keys("One\x1b");
    pty.wait("You began to write");
    pty.keys("e");
    pty.wait("You began to write");
    pty.keys("t");
    pty.wait("One and code 137");
    assert!(!home.path().join("data/answer-q-vanish.md").exists());
    pty.keys("\x1b");
    pty.wait("You began to write");
    pty.keys("q");
    pty.end();
}

#[test]
fn a_key_right_after_a_new_size_counts() {
    let home = tempfile::tempdir().unwrap();
    let (pack, data) = (pack().to_string_lossy().into_owned(), home.path().join("data").to_string_lossy().into_owned());
    let mut pty = Pty::start(home.path(), &arguments(&data, &pack, "q-vanish"), &[]);
    pty.wait("Think first");
    pty.master.resize(portable_pty::PtySize { rows: 20, cols: 70, pixel_width: 0, pixel_height: 0 }).unwrap();
    pty.screen.screen_mut().set_size(20.try_into().unwrap(), 70.try_into().unwrap());
    pty.wait("0:");
    // The new size is drawn before the key comes, as when a person resizes a window.
    pty.take(Duration::from_millis(300));
    pty.keys("p");
    pty.wait("The clock stands");
    pty.keys("q");
    pty.end();
}

fn inservice(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_inservice"))
        .args(arguments)
        .args(["--data-dir", "data", "--config", "config", "--now", "2026-11-25T09:00:00+01:00", "--seed", "7"])
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn an_interview_is_held_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let pack = pack().to_string_lossy().into_owned();
    let of = |arguments: &[&str], input: &str| {
        let mut all = arguments.to_vec();
        all.extend(["--pack", &pack]);
        let out = inservice(folder.path(), &all, input);
        (
            String::from_utf8_lossy(&out.stdout).into_owned(),
            out.status.code(),
            String::from_utf8_lossy(&out.stderr).into_owned(),
        )
    };
    let said = "The stopped reason says 137.\n.\nThe subnet.\n.\nyes\n1 2 3 9\n1 2 3 5\nnone\n";
    let (text, code, told) = of(&["interview", "q-vanish", "--plain"], said);
    assert_eq!(code, Some(0), "{told}");
    for part in [
        "Question 1 of 1. Tasks and services L2, 4 minutes.",
        "Follow-up: Only one zone is affected: what changes?\n",
        "1. (2) Asks for the stopped reason and stop code before guessing. [found: stopped reason]",
        "Which did you make? Numbers, \"all\" or \"none\"; enter: 1 2.",
        "`yes` is not a list of numbers from 1 to 5, such as 1 3.",
        "`1 2 3 9` is not a list",
        "5 of 6 points, 83 %: good.",
        "In 40 seconds\n\nI ask for the stopped reason first.",
        "Missed in Tasks and services:\n  Looks at the grace period.",
    ] {
        assert!(text.contains(part), "{part}\nis missing in\n{text}");
    }
    // An interview: the first is skipped, at the second nobody answers any more.
    let (text, ..) = of(&["interview", "--plain", "--minutes", "20", "--level", "l1", "--level", "L3"], "skip\n");
    assert!(text.contains("Skipped.") && text.contains("In all 0 of 6 points, 0 %; 1 skipped."), "{text}");
    assert!(text.contains("Cards that teach this: lb-idle"), "{text}");
    assert!(text.contains("\"okhttp/4.12\" rt=0.031 uct=0.000\n"), "{text}");
    let (text, ..) = of(&["interview", "--json"], "");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["schema"], "inservice/1");
    let single = &json["practised"][0];
    assert_eq!((&single["id"], &single["grade"], &single["score"]), (&"q-vanish".into(), &"good".into(), &5.into()));
    assert_eq!(
        (&single["module"], &single["level"], &single["missed"][0]),
        (&"tasks".into(), &"L2".into(), &"Looks at the grace period.".into())
    );
    let held = &json["interviews"][0];
    assert_eq!(
        (&held["begun"], &held["skipped"], &held["questions"][0]["grade"]),
        (&"2026-11-25T08:00:00Z".into(), &1.into(), &serde_json::Value::Null)
    );
    // An incident goes through its stages, and the same seed asks the same.
    let (text, ..) = of(&["interview", "incident-checkout", "--plain"], ".\n1\n\n.\n\n.\n1 2\n\n");
    assert!(text.contains("Question 3 of 3"), "{text}");
    let scene = text.find("It is 09:12 on a Monday").unwrap();
    assert!(scene < text.find("Question 1 of 3").unwrap(), "{text}");
    assert!(text.contains("2 of 2 points"), "{text}");
    let first = of(&["interview", "--plain", "--loop"], "q\n");
    assert_eq!(first, of(&["interview", "--plain", "--loop"], "q\n"));
    let (_, code, told) = of(&["interview", "nowhere", "--plain"], "");
    assert_eq!(code, Some(2));
    assert!(told.contains("There is no place `nowhere`"), "{told}");
    let (_, code, told) = of(&["interview", "17-capstone", "--plain"], "");
    assert_eq!(code, Some(2));
    assert!(told.contains("No question fits"), "{told}");
}

#[test]
fn list_counts_questions_by_level() {
    let folder = tempfile::tempdir().unwrap();
    let out = inservice(folder.path(), &["list", "--json", "--pack", &pack().to_string_lossy()], "");
    let json: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(json["totals"]["questions_by_level"], serde_json::json!({"L1": 1, "L2": 1, "L3": 1, "L4": 1}));
    let tasks =
        json["modules"].as_array().unwrap().iter().find(|module| module["title"] == "Tasks and services").unwrap();
    assert_eq!(tasks["questions_by_level"], serde_json::json!({"L1": 0, "L2": 1, "L3": 0, "L4": 1}));
}

#[derive(Clone, Debug)]
enum Deed {
    Key(String),
    Size(u16, u16),
    Click(u16, u16),
    Paste(String),
    Later(i64),
    Reread,
    Composed(String),
}

fn deed() -> impl Strategy<Value = Deed> {
    let keys = "enter enter enter j k h l t t esc p s space 1 2 3 9 tab w d i e g G ctrl-d ctrl-d ctrl-u ctrl-z ctrl-y \
                ctrl-w ctrl-left ctrl-right alt-b home end up down left right pageup pagedown backspace delete f1 ? x \
                shift-tab ctrl-a ctrl-e a o";
    let keys: Vec<String> = keys.split_whitespace().map(str::to_owned).collect();
    prop_oneof![
        24 => prop::sample::select(keys).prop_map(Deed::Key),
        2 => (1_u16..130, 1_u16..50).prop_map(|(w, h)| Deed::Size(w, h)),
        1 => (0_u16..130, 0_u16..50).prop_map(|(x, y)| Deed::Click(x, y)),
        1 => "[a-z\u{1b}\n日\u{301}👍]{0,9}".prop_map(Deed::Paste),
        2 => (0_i64..400).prop_map(Deed::Later),
        1 => Just(Deed::Reread),
        1 => "[a-z\n]{0,9}".prop_map(Deed::Composed),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]
    #[test]
    fn nothing_that_is_pressed_breaks_it(
        place in prop::sample::select(vec![None, Some("q-client"), Some("incident-checkout"), Some("elb")]),
        deeds in prop::collection::vec(deed(), 1..90),
    ) {
        let mut play = room(80, 24, place);
        for deed in deeds {
            match deed {
                Deed::Key(key) => play.tell(Msg::Key(key.parse::<Chord>().unwrap())),
                Deed::Size(width, height) => play.tell(Msg::Resize(Size::new(width, height))),
                Deed::Click(x, y) => play.tell(Msg::Mouse(Mouse::Click(Position::new(x, y)))),
                Deed::Paste(text) => { play.paste(&text); }
                Deed::Later(seconds) => { play.later(seconds); }
                Deed::Reread => play.reread(),
                Deed::Composed(text) => play.tell(Msg::Composed(text)),
            }
            let buffer = play.buffer();
            prop_assert_eq!(&buffer, &play.buffer(), "drawing changes nothing");
            for cell in &buffer.content {
                prop_assert!(!cell.symbol().chars().any(char::is_control), "{:?}", cell.symbol());
            }
        }
    }
}

#[test]
fn a_question_of_a_cram_set_leaves_the_schedule_alone() {
    let mut play = Play::new(&pack(), 80, 24, None);
    play.keys("d").paste("cram").keys("enter");
    for _ in 0..40 {
        if play.frame().contains("Think first") || play.frame().contains("Answer aloud") {
            break;
        }
        play.keys("n");
    }
    for _ in 0..12 {
        if play.store.log().unwrap().iter().any(|row| row.item.starts_with("q-")) {
            break;
        }
        play.keys("enter");
    }
    let log = play.store.log().unwrap();
    assert!(!log.is_empty() && log.iter().all(|row| matches!(row.act, Act::Cram(_))), "{log:?}\n{}", play.frame());
}
