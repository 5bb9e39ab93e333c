//! Numbers as a script sees them: date, due, status, plan, stats, optimize.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is its way of telling"
)]

use std::path::Path;
use std::process::Command;

use inservice::store::Store;
use inservice::study::day::Moment;
use inservice::study::memory::{Memory, Model};
use inservice::study::review::{Act, Grade, Review, ReviewId};
use inservice::study::schedule::Scheduler;
use inservice::study::{hash, share, whole};
use serde_json::Value;

const MORNING: &str = "2026-11-25T09:00:00+01:00";
/// The day of that morning.
const TODAY: i64 = 20_782;

fn run(folder: &Path, now: &str, args: &[&str]) -> (String, String, i32) {
    let out = Command::new(env!("CARGO_BIN_EXE_inservice"))
        .args(args)
        .args(["--data-dir", "data", "--config", "config", "--now", now, "--seed", "7"])
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(out.stdout), text(out.stderr), out.status.code().unwrap())
}

fn json(folder: &Path, now: &str, args: &[&str]) -> Value {
    let (out, err, _) = run(folder, now, args);
    let value: Value = serde_json::from_str(&out).unwrap_or_else(|why| panic!("{why}: {out}{err}"));
    assert_eq!(value["schema"], "inservice/1");
    value
}

fn has(value: &Value, keys: &[&str]) {
    for key in keys {
        assert!(value.get(key).is_some(), "`{key}` in {value}");
    }
}

fn history(folder: &Path, rows: &[Review]) {
    let mut store = Store::open(&folder.join("data/history.db")).unwrap();
    store.record(rows, &Scheduler::default()).unwrap();
}

fn row(ordinal: i64, item: &str, grade: Grade, day: i64) -> Review {
    let when = Moment { at: (day * 24 + 11) * 3_600_000, offset: 3600 };
    Review { took: 8000, ..Review::new(ReviewId { run: 1, ordinal }, item, Act::Grade(grade), when) }
}

#[test]
fn a_date_is_set_shown_and_cleared() {
    let folder = tempfile::tempdir().unwrap();
    let of = |args: &[&str]| run(folder.path(), MORNING, args);
    assert_eq!(of(&["date"]).0, "No interview date is set; 20 minutes a day.\n");
    let (out, _, code) = of(&["date", "2026-12-11", "--minutes", "25"]);
    assert_eq!((out.as_str(), code), ("Interview on Fri 11 Dec 2026, in 16 days; 25 minutes a day.\n", 0));
    assert_eq!(of(&["date", "+1"]).0, "Interview on Thu 26 Nov 2026, in 1 day; 25 minutes a day.\n");
    let told = json(folder.path(), MORNING, &["date", "--json"]);
    assert_eq!(
        (told["date"].as_str(), told["days_left"].as_i64(), told["minutes"].as_i64()),
        (Some("2026-11-26"), Some(1), Some(25))
    );
    for (wrong, why) in [("soon", "is not a date"), ("2026-11-24", "lies behind"), ("2026-02-30", "is not a date")] {
        let (_, err, code) = of(&["date", wrong]);
        assert!(err.contains(why) && code == 2, "{wrong}: {err}");
    }
    assert_eq!(of(&["date", "--minutes", "0"]).2, 2);
    assert_eq!(of(&["date", "--clear"]).0, "No interview date is set; 25 minutes a day.\n");
}

#[test]
fn what_is_due_fits_a_prompt() {
    let folder = tempfile::tempdir().unwrap();
    let (out, _, code) = run(folder.path(), MORNING, &["due", "--exit-code"]);
    assert_eq!((out.as_str(), code), ("nothing due\n", 1));
    assert!(!folder.path().join("data").exists(), "asking writes nothing");
    let next = json(folder.path(), MORNING, &["next", "--json", "--limit", "3"]);
    let ids: Vec<&str> = next["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    // Three cards are due after ten days; one that is not in the course any more is not.
    let mut rows: Vec<Review> = ids.iter().zip(1..).map(|(id, n)| row(n, id, Grade::Easy, TODAY - 30)).collect();
    rows.push(row(9, "gone", Grade::Easy, TODAY - 30));
    history(folder.path(), &rows);
    let (out, _, code) = run(folder.path(), MORNING, &["due", "--exit-code"]);
    assert_eq!((out.as_str(), code), ("3 due\n", 0));
    assert_eq!(json(folder.path(), MORNING, &["due", "--json"])["due"], 3);
    assert_eq!(json(folder.path(), MORNING, &["status", "--json"])["due"], 3);
    let (_, _, code) = run(folder.path(), "2026-10-27T09:00:00+01:00", &["due"]);
    assert_eq!(code, 0, "without the flag it is no question");
}

#[test]
fn status_and_plan_can_be_relied_on() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), MORNING, &["date", "+18", "--minutes", "30"]);
    let told = json(folder.path(), MORNING, &["status", "--json"]);
    has(&told, &["schema", "date", "days_left", "readiness", "due", "new", "seen", "total", "minutes_today"]);
    has(&told["readiness"], &["now", "on_day", "with_today"]);
    assert_eq!((told["days_left"].as_i64(), told["seen"].as_u64()), (Some(18), Some(0)));
    assert!(told["readiness"]["with_today"].as_f64() > told["readiness"]["on_day"].as_f64());
    assert!(told["minutes_today"].as_u64().unwrap() <= 30);
    let plan = json(folder.path(), MORNING, &["plan", "--json"]);
    let days = plan["days"].as_array().unwrap();
    assert_eq!(
        (days.len(), days[0]["day"].as_str(), days[0]["weekday"].as_str()),
        (18, Some("2026-11-25"), Some("Wed"))
    );
    for day in days {
        has(day, &["day", "weekday", "reviews", "new", "minutes", "readiness"]);
        assert!(day["minutes"].as_u64().unwrap() <= 30, "{day}");
    }
    assert_eq!(days[17]["new"], 0, "nothing new is begun on the day before");
    let (out, _, code) = run(folder.path(), MORNING, &["plan"]);
    assert!(out.contains("Day           reviews   new   minutes   ready\nWed 25 Nov") && code == 0, "{out}");
    let (out, _, _) = run(folder.path(), MORNING, &["status"]);
    assert!(
        out.starts_with("Interview on Sun 13 Dec 2026, in 18 days; 30 minutes a day.\nReady on the day 0 %"),
        "{out}"
    );
}

#[test]
fn statistics_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let next = json(folder.path(), MORNING, &["next", "--json", "--limit", "4"]);
    let ids: Vec<String> =
        next["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
    let mut rows = Vec::new();
    for (id, n) in ids.iter().zip(0..) {
        rows.push(row(n * 2 + 1, id, Grade::Easy, TODAY - 9));
        rows.push(row(n * 2 + 2, id, if n == 0 { Grade::Again } else { Grade::Good }, TODAY));
    }
    history(folder.path(), &rows);
    let told = json(folder.path(), MORNING, &["stats", "--json"]);
    has(
        &told,
        &["schema", "reviews", "retention", "modules", "leeches", "confidence", "forecast", "curve", "optimizer"],
    );
    assert_eq!((told["reviews"]["total"].as_u64(), told["reviews"]["today"].as_u64()), (Some(8), Some(4)));
    assert_eq!(told["reviews"]["by_grade"]["easy"], 4);
    // Three of four were known after nine days, where 0.89 was predicted for a stability of 8.3 days.
    assert_eq!(told["retention"]["true"], 0.75);
    assert!((told["retention"]["predicted"].as_f64().unwrap() - 0.89).abs() < 0.01, "{}", told["retention"]);
    has(&told["modules"][0], &["id", "title", "readiness", "seen", "total", "due", "answers", "right"]);
    let (out, _, _) = run(folder.path(), MORNING, &["stats"]);
    for heading in ["Readiness", "Memory against its prediction", "What falls due", "What is known", "Days", "Answers"]
    {
        assert!(out.contains(heading), "{heading} in {out}");
    }
    assert!(!out.contains('\u{1b}') && out.lines().all(|line| inservice::text::width(line) <= 80), "{out}");
    let (out, _, _) = run(folder.path(), MORNING, &["stats", "--csv"]);
    assert!(out.starts_with("day,answers,again,hard,good,easy,new,minutes,retention,predicted,readiness\n"), "{out}");
    assert!(out.contains("\n2026-11-16,4,0,0,0,4,4,0.5,,,"), "{out}");
    let (out, _, code) = run(folder.path(), MORNING, &["stats", "--svg", "ready.svg"]);
    assert_eq!((out.as_str(), code), ("The picture is in `ready.svg`.\n", 0));
    assert!(std::fs::read_to_string(folder.path().join("ready.svg")).unwrap().contains("<polyline"));
    let (_, err, code) = run(folder.path(), MORNING, &["stats", "--svg", "no/such/folder.svg"]);
    assert!(err.contains("cannot be written") && code == 2, "{err}");
}

/// A learner who forgets four times as fast as the published parameters say, by dice that always fall the same.
fn forgetful(items: usize) -> Vec<Review> {
    let model = Model::default();
    let mut rows = Vec::new();
    for n in 0..items {
        let id = format!("i{n}");
        let (mut memory, mut day): (Option<Memory>, i64) = (None, TODAY - 300 + i64::try_from(n % 40).unwrap());
        let mut last = day;
        for turn in 0..6_u64 {
            let days = u32::try_from(day - last).unwrap();
            let recall = memory.map_or(0.6, |memory| model.recall(memory.stability, f64::from(days) * 4.0));
            let known = share(hash(&[id.as_bytes(), &turn.to_le_bytes()])) < recall;
            let grade = if known { Grade::Good } else { Grade::Again };
            rows.push(row(i64::try_from(rows.len()).unwrap(), &id, grade, day));
            let next = model.after(memory, days, grade);
            (memory, last) = (Some(next), day);
            day += whole(f64::from(next.stability)).max(1);
        }
    }
    rows
}

#[test]
fn the_schedule_is_fitted_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    history(folder.path(), &forgetful(30));
    let (out, _, code) = run(folder.path(), MORNING, &["optimize"]);
    assert!(out.contains("400 are needed. Nothing was changed.") && code == 1, "{out}");
    let folder = tempfile::tempdir().unwrap();
    history(folder.path(), &forgetful(150));
    let states = || {
        let store = Store::open(&folder.path().join("data/history.db")).unwrap();
        (store.states().unwrap(), store.settings().unwrap())
    };
    let before = states();
    let told = json(folder.path(), MORNING, &["optimize", "--dry-run", "--json"]);
    assert_eq!(told["changed"], false);
    assert!(told["after"]["log_loss"].as_f64() < told["before"]["log_loss"].as_f64(), "{told}");
    assert_eq!(states(), before);
    let (out, _, code) = run(folder.path(), MORNING, &["optimize"]);
    assert!(out.contains("A gain of") && code == 0, "{out}");
    let (fitted, settings) = states();
    assert_ne!(fitted, before.0);
    assert_eq!(settings["parameters"].split(' ').count(), 21);
    assert!(settings["parameters-about"].starts_with("2026-11-25 900 "), "{settings:?}");
    assert_eq!(json(folder.path(), MORNING, &["stats", "--json"])["optimizer"]["fitted"]["answers"], 900);
    let (out, _, code) = run(folder.path(), MORNING, &["optimize", "--undo"]);
    assert_eq!((out.as_str(), code), ("The parameters before the fit are back.\n", 0));
    assert_eq!(states(), before);
    assert_eq!(run(folder.path(), MORNING, &["optimize", "--undo"]).2, 1);
}
