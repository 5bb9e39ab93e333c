//! Importing and exporting as a script sees it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is its way of telling"
)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (path, bytes) in files {
            fs::write(dir.path().join(path), bytes).unwrap();
        }
        Self { dir }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Runs the program with a history of a name.
    fn run(&self, history: &str, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_inservice"))
            .args(args)
            .args(["--data-dir", history, "--config", "cfg", "--now", "2026-11-25T09:00:00+01:00"])
            .current_dir(self.path())
            .env_clear()
            .output()
            .unwrap()
    }

    fn ok(&self, history: &str, args: &[&str]) -> String {
        let out = self.run(history, args);
        assert_eq!(out.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    }

    fn refused(&self, args: &[&str]) -> String {
        let before = self.listing();
        let out = self.run("data", args);
        assert_eq!(out.status.code(), Some(2), "{args:?}: {}", String::from_utf8_lossy(&out.stdout));
        assert!(out.stdout.is_empty());
        assert_eq!(self.listing(), before, "{args:?} left something behind");
        String::from_utf8(out.stderr).unwrap()
    }

    fn listing(&self) -> Vec<String> {
        let mut out: Vec<String> = fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name != "data" && name != "cfg")
            .collect();
        out.sort();
        out
    }

    fn history(&self, history: &str) -> Vec<Value> {
        let _ = fs::remove_file(self.path().join("log.json"));
        self.ok(history, &["export", "--history", "log.json"]);
        let text = fs::read_to_string(self.path().join("log.json")).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["schema"], "inservice/1");
        json["history"].as_array().unwrap().clone()
    }
}

const DECK: &str = "---\nname = \"Compute\"\n---\n\nQ: How long is the warning? {#spot .ec2}\nA: Two minutes.\nW: Best effort.\n\n\
    C: A [cluster] group stays in one [zone]. {#pg}\n\nT: Target group {#tg}\nD: Where a rule sends traffic.\n\n\
    Q: Which one? {#which}\n- [ ] ALB\n- [x] NLB\n\nQ: Order {#launch .order}\n1. pending\n2. running\n\n\
    Q: How long? {#stop}\nA= 30 s | 0.5 min\n\nQ: Without an id\nA: b\n";

/// Answers a few cards of the deck.
fn study(desk: &Desk, history: &str) {
    for (item, grade, at) in [
        ("spot", "good", "2026-11-20T08:00:00Z"),
        ("spot", "easy", "2026-11-22T08:00:00Z"),
        ("pg/2", "again", "2026-11-22T08:01:00Z"),
        ("tg/term", "hard", "2026-11-23T08:02:00Z"),
    ] {
        desk.ok(history, &["--pack", "pack", "answer", item, grade, "--at", at]);
    }
}

fn rows(history: &[Value]) -> Vec<(String, String, i64)> {
    let mut out: Vec<_> = history
        .iter()
        .map(|row| {
            (row["item"].as_str().unwrap().into(), row["act"].as_str().unwrap().into(), row["at"].as_i64().unwrap())
        })
        .collect();
    out.sort();
    out
}

#[test]
fn a_deck_goes_through_every_format_and_comes_back() {
    let desk = Desk::new(&[("deck.md", DECK.as_bytes())]);
    let told = desk.ok("data", &["import", "deck.md", "--into", "pack"]);
    assert!(told.contains("`deck.md`: 7 cards in 1 deck."), "{told}");
    assert_eq!(desk.ok("data", &["check", "pack"]), "No mistakes found.\n");
    study(&desk, "data");
    let cards = fs::read_to_string(desk.path().join("pack/01-compute/cards.md")).unwrap();
    for end in ["apkg", "csv", "tsv", "txt", "json", "md"] {
        let (file, folder, history) = (format!("out.{end}"), format!("back-{end}"), format!("data-{end}"));
        desk.ok("data", &["--pack", "pack", "export", &file]);
        desk.ok(&history, &["import", &file, "--into", &folder]);
        let back = fs::read_to_string(desk.path().join(&folder).join("01-compute/cards.md")).unwrap();
        assert_eq!(back, cards, "{end}");
        assert_eq!(desk.ok(&history, &["check", &folder]), "No mistakes found.\n");
        if ["apkg", "json"].contains(&end) {
            assert_eq!(rows(&desk.history(&history)), rows(&desk.history("data")), "{end}");
            let due = |history: &str, pack: &str| desk.ok(history, &["--pack", pack, "next", "--limit", "9", "--json"]);
            assert_eq!(due(&history, &folder), due("data", "pack"), "{end}");
        }
        // Taking it once more changes nothing, and neither does taking home what came from here.
        let again = desk.ok(&history, &["import", &file, "--into", &folder]);
        assert!(again.contains(&format!("`{folder}` is unchanged.")), "{again}");
        desk.ok("data", &["import", &file, "--into", "pack"]);
        assert_eq!(desk.history("data").len(), 4, "{end}");
    }
}

#[test]
fn two_histories_meet_in_any_order() {
    let desk = Desk::new(&[("deck.md", DECK.as_bytes())]);
    desk.ok("one", &["import", "deck.md", "--into", "pack"]);
    study(&desk, "one");
    for (item, grade) in [("which", "good"), ("launch", "again"), ("which", "easy")] {
        desk.ok("two", &["--pack", "pack", "answer", item, grade]);
    }
    desk.ok("two", &["undo"]);
    // A third machine that began at the same moment, so that its rows have the same names.
    desk.ok("three", &["--pack", "pack", "answer", "stop", "good"]);
    for name in ["one", "two", "three"] {
        desk.ok(name, &["export", "--history", &format!("{name}.json")]);
    }
    for (into, order) in [("a", ["one", "two", "three"]), ("b", ["three", "two", "one"])] {
        for name in order.iter().chain(&order) {
            desk.ok(into, &["import", &format!("{name}.json")]);
        }
    }
    let (a, b) = (rows(&desk.history("a")), rows(&desk.history("b")));
    assert_eq!((a.len(), &a), (9, &b));
    let next = |history: &str| desk.ok(history, &["--pack", "pack", "next", "--limit", "20", "--json"]);
    assert_eq!(next("a"), next("b"));
    // And the two meet each other.
    desk.ok("a", &["export", "--history", "a.json"]);
    assert!(desk.ok("b", &["import", "a.json"]).starts_with("`a.json`"));
    assert_eq!(rows(&desk.history("b")), a);
    assert!(desk.ok("b", &["doctor"]).contains("All is well."));
}

#[test]
fn cards_of_tables_go_home_under_their_own_names() {
    let desk = Desk::new(&[]);
    let next = desk.ok("data", &["next", "load-balancing", "--limit", "400", "--json"]);
    let json: Value = serde_json::from_str(&next).unwrap();
    let items = json["items"].as_array().unwrap();
    let cell = items.iter().find(|item| item["kind"] == "cell").unwrap()["id"].as_str().unwrap().to_owned();
    for (file, history) in [("lb.apkg", "one"), ("lb.json", "two")] {
        desk.ok(history, &["answer", &cell, "good", "--at", "2026-11-20T08:00:00Z"]);
        desk.ok(history, &["export", file, "load-balancing"]);
        let pack = format!("pack-{history}");
        let told = desk.ok(history, &["import", file, "--into", &pack]);
        assert!(told.contains("1 row was there already"), "{told}");
        let answers = desk.history(history).into_iter().filter(|row| row["act"] != "adopt").count();
        assert_eq!(answers, 1, "{file}");
        // The card of the pack goes on from what is known of the cell.
        let card = cell.replace('/', "-");
        let first = desk.ok("new", &["--pack", &pack, "answer", &card, "good"]);
        let later = desk.ok(history, &["--pack", &pack, "answer", &card, "good"]);
        let stability = |told: &str| serde_json::from_str::<Value>(told).unwrap()["stability"].as_f64().unwrap();
        assert!(stability(&later) > stability(&first), "{first} {later}");
        fs::remove_dir_all(desk.path().join("new")).unwrap();
    }
}

#[test]
fn decks_of_hashcards_open_without_being_imported() {
    let deck = "---\nname = \"Medicine\"\n---\n\nQ: What is the capital of France?\nA: Paris\n\nC: [Paris] is the capital of [France].\n\n\
        ---\n\nQ: List the PGM minerals.\nA:\n\n- ruthenium\n- rhodium\n\nC:\nBetter is the sight.\n\n— [Ecclesiastes] [6]:[9]\n\n\
        Q: What is it?\nA:\n\n$$\na & b \\\\\n$$\n\nT: Term\nD: Definition\n";
    let desk = Desk::new(&[("Ch1.md", deck.as_bytes())]);
    assert_eq!(desk.run("data", &["check", "."]).status.code(), Some(0));
    let json: Value = serde_json::from_str(&desk.ok("data", &["list", "--json", "--pack", "."])).unwrap();
    assert_eq!(json["totals"]["cards"], 3 + 2 + 3 + 2);
    let next = desk.ok("data", &["--pack", ".", "next", "--limit", "20", "--json"]);
    let json: Value = serde_json::from_str(&next).unwrap();
    let item = &json["items"][0];
    desk.ok("data", &["--pack", ".", "answer", item["id"].as_str().unwrap(), "good", "--at", "2026-11-20T08:00:00Z"]);
    // Its history goes along into a pack with ids.
    desk.ok("data", &["--pack", ".", "export", "all.json"]);
    let told = desk.ok("data", &["import", "all.json", "--into", "pack"]);
    assert!(told.contains("1 row added to the history; 1 row was there already"), "{told}");
    assert_eq!(desk.ok("data", &["check", "pack"]), "No mistakes found.\n");
}

#[test]
fn what_was_done_today_is_counted_after_a_merge_too() {
    let desk = Desk::new(&[("deck.md", DECK.as_bytes())]);
    desk.ok("data", &["import", "deck.md", "--into", "pack"]);
    desk.ok("data", &["--pack", "pack", "answer", "spot", "good"]);
    let old: Vec<Value> = (0..200)
        .map(|n| {
            serde_json::json!({ "run": 7, "ordinal": n, "item": "which", "act": "good", "at": 1_700_000_000_000_i64 + n * 60_000 })
        })
        .collect();
    let text = serde_json::json!({ "schema": "inservice/1", "history": old }).to_string();
    fs::write(desk.path().join("old.json"), text).unwrap();
    assert!(desk.ok("data", &["import", "old.json"]).contains("200 rows added"));
    let stats: Value = serde_json::from_str(&desk.ok("data", &["--pack", "pack", "stats", "--json"])).unwrap();
    assert_eq!((&stats["reviews"]["today"], &stats["reviews"]["total"]), (&1.into(), &201.into()));
    // The learner's last answer is still the one that is taken back.
    assert_eq!(desk.ok("data", &["--pack", "pack", "undo"]), "Taken back: spot.\n");
}

#[test]
fn obsidian_brings_its_schedule() {
    let note = "#flashcards/aws\nHow long?::Two minutes.\n<!--SR:!2026-11-24,12,250-->\n\nALB:::layer 7\n<!--SR:!2026-12-20,30,270!2026-11-25,3,230-->\n";
    let desk = Desk::new(&[("note.md", note.as_bytes())]);
    let told = desk.ok("data", &["import", "note.md"]);
    assert!(told.contains("2 cards in 1 deck, 3 other rows of history"), "{told}");
    let next = desk.ok("data", &["--pack", "note", "next", "--limit", "9", "--json"]);
    let json: Value = serde_json::from_str(&next).unwrap();
    let due: Vec<&str> = json["items"].as_array().unwrap().iter().map(|item| item["due"].as_str().unwrap()).collect();
    assert_eq!(due, ["2026-11-24", "2026-11-25"]);
    assert_eq!(desk.ok("data", &["check", "note"]), "No mistakes found.\n");
    assert!(desk.ok("data", &["doctor"]).contains("All is well."));
}

#[test]
fn a_dry_run_writes_nothing() {
    let desk = Desk::new(&[("cards.csv", b"prompt,answer\nHow long?,Two minutes.\n,lonely\n")]);
    let told = desk.ok("data", &["import", "cards.csv", "--dry-run"]);
    assert!(told.contains("1 card in 1 deck") && told.contains("1  rows without a prompt"), "{told}");
    assert_eq!(desk.listing(), ["cards.csv"]);
    assert!(!desk.path().join("data/history.db").exists());
}

#[test]
fn several_files_become_one_pack_or_one_each() {
    let desk = Desk::new(&[("a.csv", b"A?,a\n"), ("b.tsv", b"B?\tb\n")]);
    desk.ok("data", &["import", "a.csv", "b.tsv", "--into", "both"]);
    desk.ok("data", &["import", "a.csv", "b.tsv"]);
    assert_eq!(desk.listing(), ["a", "a.csv", "b", "b.tsv", "both"]);
    assert!(desk.ok("data", &["list", "--pack", "both"]).contains("2 modules: 2 cards"));
    // New cards join a pack that is there; nothing in it is touched.
    fs::write(desk.path().join("a.csv"), "A?,a\nC?,c\n").unwrap();
    let before = fs::read_to_string(desk.path().join("both/01-a/cards.md")).unwrap();
    let told = desk.ok("data", &["import", "a.csv", "--into", "both"]);
    assert!(told.contains("1 card is there already"), "{told}");
    assert_eq!(fs::read_to_string(desk.path().join("both/01-a/cards.md")).unwrap(), before);
    assert!(desk.ok("data", &["list", "--pack", "both"]).contains("3 modules: 3 cards"));
    assert_eq!(desk.ok("data", &["check", "both"]), "No mistakes found.\n");
}

#[test]
fn nothing_is_overwritten() {
    let desk = Desk::new(&[("a.csv", b"A?,a\n"), ("out.csv", b"mine")]);
    assert!(desk.refused(&["export", "out.csv"]).contains("is there already"));
    fs::create_dir(desk.path().join("a")).unwrap();
    fs::write(desk.path().join("a/mine.txt"), "mine").unwrap();
    assert!(desk.refused(&["import", "a.csv"]).contains("is no pack"));
    assert!(desk.refused(&["import", "a.csv", "--into", "out.csv"]).contains("is a file"));
    assert!(desk.refused(&["export", "out.xyz"]).contains("does not say"));
    assert!(desk.refused(&["export", "new.csv", "nowhere"]).contains("no place"));
    assert!(desk.refused(&["export", "missing/new.csv"]).contains("cannot be written"));
    assert_eq!(fs::read(desk.path().join("out.csv")).unwrap(), b"mine");
}

fn zipped(name: &str, chunks: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..chunks {
        zip.write_all(&vec![0; 1 << 20]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn hostile_files_are_answered_with_a_sentence() {
    let bomb = zipped("collection.anki21", 260);
    let cases: &[(&str, &[u8], &str)] = &[
        ("bomb.apkg", &bomb, "larger than"),
        ("cut.apkg", &bomb[..bomb.len() / 2], "cut off"),
        ("none.apkg", b"", "no zip file"),
        ("latin.csv", b"caf\xe9,b\n", "not UTF-8 from byte 3"),
        ("zero.txt", b"a\0b\tc\n", "no text"),
        ("empty.csv", b"", "no card"),
        ("text.json", b"{\"a\":1}", "not the JSON"),
        ("other.json", b"{\"schema\":\"inservice/9\"}", "inservice/9"),
        ("plain.md", b"# Only words\n\nNothing to ask.\n", "no card"),
        ("what.xyz", b"a\tb\n", "does not say"),
    ];
    for (name, bytes, expected) in cases {
        let desk = Desk::new(&[(name, bytes)]);
        let told = desk.refused(&["import", name]);
        assert!(told.contains(expected), "{name}: {told}");
        assert!(told.starts_with("inservice: `") && !told.contains('\u{1b}'), "{told}");
        assert!(!desk.path().join("data/history.db").exists());
    }
    // A file of 100 MB takes no room on the disk.
    let desk = Desk::new(&[]);
    let huge = fs::File::create(desk.path().join("huge.csv")).unwrap();
    huge.set_len(100 << 20).unwrap();
    assert!(desk.refused(&["import", "huge.csv"]).contains("larger than 64 MB"));
    assert!(desk.refused(&["import", "nowhere.csv"]).contains("cannot be read"));
    assert!(desk.refused(&["import", "."]).contains("This is a folder"));
}

#[test]
fn escapes_and_scripts_do_not_pass() {
    let text = "#separator:tab\n#html:true\n<b>Q</b>\u{1b}]0;owned\u{7}<script>alert(1)</script>&#27;[31m\tA\u{202e}\u{9b}2J &lt;script&gt;\n\
        Q: {#x}<br>---<br># head\tA:<br>```\n";
    let desk = Desk::new(&[("evil\u{1b}[31m.txt", text.as_bytes())]);
    let told = desk.ok("data", &["import", "evil\u{1b}[31m.txt", "--into", "pack"]);
    let cards = fs::read_to_string(desk.path().join("pack").join("01-evil-31m/cards.md")).unwrap();
    for text in [told, cards.clone()] {
        assert!(!text.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{text:?}");
    }
    assert!(!cards.contains("alert") && cards.contains("**Q**"), "{cards}");
    assert_eq!(desk.ok("data", &["check", "pack"]), "No mistakes found.\n");
    assert!(desk.ok("data", &["list", "--pack", "pack"]).contains("2 cards"));
}

#[test]
fn a_history_that_cannot_be_written_leaves_no_cards_behind() {
    let note = "How long?::Two minutes.\n<!--SR:!2026-11-24,12,250-->\n";
    let desk = Desk::new(&[("note.md", note.as_bytes())]);
    fs::create_dir_all(desk.path().join("data")).unwrap();
    fs::write(desk.path().join("data/history.db"), "garbage ".repeat(2000)).unwrap();
    assert!(desk.refused(&["import", "note.md"]).contains("damaged"));
}
