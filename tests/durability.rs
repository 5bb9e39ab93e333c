//! What was graded is on disk when the next card is seen, whatever happens to the program then.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test waits for a terminal, and fails by panicking"
)]

mod support;

use inservice::store::Store;
use inservice::study::schedule::Scheduler;
use support::pty::Pty;

/// The limit of new cards of a day is 20; the last one would end the set.
const ROUNDS: usize = 19;

fn deck(folder: &std::path::Path, cards: usize) {
    let text: String = (0..cards).map(|n| format!("Q: Question {n}? {{#q{n}}}\nA: Answer {n}.\n\n")).collect();
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("deck.md"), text).unwrap();
}

#[test]
fn a_killed_program_has_lost_no_grade() {
    let home = tempfile::tempdir().unwrap();
    let pack = home.path().join("pack");
    deck(&pack, 60);
    let data = home.path().join("data");
    let arguments = ["drill", "--pack", &pack.to_string_lossy(), "--data-dir", &data.to_string_lossy(), "--seed", "3"];
    for round in 1..=ROUNDS {
        let mut pty = Pty::start(home.path(), &arguments, &[]);
        pty.wait("1 of");
        pty.keys("\r");
        pty.wait("again");
        pty.keys("4");
        pty.wait("2 of");
        // SIGKILL: no handler runs, nothing is flushed.
        pty.child.kill().unwrap();
        pty.child.wait().unwrap();
        let mut store = Store::open(&data.join("history.db")).unwrap();
        assert_eq!(store.log().unwrap().len(), round);
        let states = store.states().unwrap();
        assert_eq!(states.len(), round);
        assert_eq!(store.rebuild(&Scheduler::default()).unwrap(), states);
    }
}

#[test]
fn two_windows_on_one_history() {
    let home = tempfile::tempdir().unwrap();
    let pack = home.path().join("pack");
    deck(&pack, 6);
    let data = home.path().join("data");
    let arguments = ["drill", "--pack", &pack.to_string_lossy(), "--data-dir", &data.to_string_lossy(), "--seed", "3"];
    let mut one = Pty::start(home.path(), &arguments, &[]);
    one.wait("1 of 6");
    let mut two = Pty::start(home.path(), &arguments, &[]);
    two.wait("1 of 6");
    one.keys("\r");
    one.wait("again");
    one.keys("4");
    one.wait("2 of 6");
    // A third window, at home, hears of it when one comes back there.
    let mut home_window = Pty::start(home.path(), &arguments[1..], &[]);
    home_window.wait("Done: 1 answer");
    // The second window hears of it with its own first answer.
    two.keys("n\r");
    two.wait("again");
    two.keys("4");
    two.wait("2 of");
    home_window.keys("l");
    home_window.wait("6 cards");
    home_window.keys("\x1b");
    home_window.wait("Done: 2 answers");
    for window in [&mut one, &mut two, &mut home_window] {
        window.keys("q");
        assert_eq!(window.end(), 0);
    }
    let store = Store::open(&data.join("history.db")).unwrap();
    assert_eq!(store.log().unwrap().len(), 2);
}

#[test]
fn each_day_has_a_copy() {
    let home = tempfile::tempdir().unwrap();
    let pack = home.path().join("pack");
    deck(&pack, 3);
    let data = home.path().join("data");
    let common = ["--pack", &pack.to_string_lossy(), "--data-dir", &data.to_string_lossy()];
    for day in ["2026-11-25", "2026-11-26"] {
        let now = format!("{day}T09:00:00+01:00");
        let mut arguments = vec!["drill", "--now", &now];
        arguments.extend(common);
        let mut pty = Pty::start(home.path(), &arguments, &[]);
        pty.wait("1 of");
        pty.keys("\r");
        pty.wait("again");
        pty.keys("3");
        pty.wait("2 of");
        pty.keys("q");
        assert_eq!(pty.end(), 0);
    }
    // The copy of the second day holds the answer of the first.
    let copy = data.join("backups/history-2026-11-26.db");
    assert_eq!(Store::open_to_read(&copy).unwrap().log().unwrap().len(), 1);
}
