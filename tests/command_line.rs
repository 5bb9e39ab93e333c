//! The program as a script sees it: what it prints and how it ends.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is its way of telling"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn inservice(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_inservice")).args(args).current_dir(dir).env_clear().output().unwrap()
}

fn pack(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    dir
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const LESSON: &[u8] =
    b"+++\nkind = \"lesson\"\nid = \"elb\"\ntitle = \"Balancing\"\n+++\n# Balancing\n\n[on](cards.md)\n";
const CARDS: &[u8] = b"+++\nkind = \"cards\"\nid = \"elb-cards\"\ntitle = \"Cards\"\n+++\nQ: a {#a-1}\nA: b\n";

#[test]
fn a_sound_pack_passes() {
    let dir = pack(&[("06-elb/lesson.md", LESSON), ("06-elb/cards.md", CARDS)]);
    let out = inservice(dir.path(), &["check", "."]);
    assert_eq!((text(&out.stdout).as_str(), out.status.code()), ("No mistakes found.\n", Some(0)));
}

#[test]
fn a_mistake_has_a_place_and_a_hint() {
    let broken = text(LESSON).replace("cards.md", "crads.md");
    let dir = pack(&[("06-elb/lesson.md", broken.as_bytes()), ("06-elb/cards.md", CARDS)]);
    let out = inservice(dir.path(), &["check"]);
    let shown = text(&out.stdout);
    assert_eq!(out.status.code(), Some(1), "{shown}");
    for part in ["error[broken-link]", "./06-elb/lesson.md:8:1", "[on](crads.md)", "Did you mean `06-elb/cards.md`?"] {
        assert!(shown.contains(part), "{part} is missing:\n{shown}");
    }
    let out = inservice(dir.path(), &["check", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((&json["schema"], &json["problems"][0]["line"]), (&"inservice/1".into(), &8.into()));
}

#[test]
fn hostile_bytes_never_reach_the_terminal() {
    let dir = pack(&[
        ("a/x.md", b"# T\x1b]0;owned\x07itle\n\n[x](\x1b[31m.md)\n\xff\xfe\n"),
        ("a/deep.md", "> ".repeat(20_000).as_bytes()),
        ("a/b.md", b"+++\nkind = \"\x1b[2J\"\n+++\n"),
    ]);
    for args in [&["check", "."][..], &["list", "--pack", "."]] {
        let out = inservice(dir.path(), args);
        assert!(out.status.code().is_some_and(|code| code < 2), "{}", text(&out.stderr));
        assert!(!out.stdout.contains(&0x1b) && !out.stdout.contains(&7), "{}", text(&out.stdout));
    }
}

#[test]
fn list_counts_what_there_is() {
    let dir = pack(&[("06-elb/lesson.md", LESSON), ("06-elb/cards.md", CARDS)]);
    let json: serde_json::Value =
        serde_json::from_slice(&inservice(dir.path(), &["list", "--json", "--pack", "."]).stdout).unwrap();
    assert_eq!((&json["totals"]["cards"], &json["modules"][0]["id"]), (&1.into(), &"elb".into()));
    assert!(text(&inservice(dir.path(), &["list", "--pack", "."]).stdout).contains("1 module: 1 lesson, 1 card\n"));
}

#[test]
fn packs_of_the_settings_are_opened_by_every_command() {
    let dir = pack(&[("own/06-elb/lesson.md", LESSON), ("own/06-elb/cards.md", CARDS)]);
    fs::write(dir.path().join("config.toml"), "packs = [\"own\"]\n").unwrap();
    let told = |args: &[&str]| {
        let out = inservice(dir.path(), &[&["--config", ".", "--data-dir", "."], args].concat());
        assert_eq!(out.status.code(), Some(0), "{args:?}: {}", text(&out.stderr));
        text(&out.stdout)
    };
    assert!(told(&["list"]).contains("1 module: 1 lesson"));
    assert!(told(&["show", "elb"]).contains("Balancing"));
    assert!(told(&["find", "balancing"]).starts_with("elb"));
    assert!(told(&["next", "--limit", "9"]).contains("a-1"));
}

#[test]
fn a_folder_that_cannot_be_read_is_a_sentence() {
    let dir = pack(&[]);
    let out = inservice(dir.path(), &["check", "nowhere"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("The folder `nowhere` cannot be read"), "{}", text(&out.stderr));
}

#[cfg(unix)]
#[test]
fn links_of_the_file_system_do_not_escape() {
    let dir = pack(&[("a/x.md", b"# X\n")]);
    let outside = pack(&[("secret.md", b"# Secret\n")]);
    std::os::unix::fs::symlink(outside.path(), dir.path().join("a/out")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.md"), dir.path().join("a/secret.md")).unwrap();
    assert!(text(&inservice(dir.path(), &["list", "--pack", "."]).stdout).contains("1 module: 1 lesson\n"));
}

#[test]
fn a_new_pack_passes_check_and_nothing_is_overwritten() {
    let dir = pack(&[]);
    assert_eq!(inservice(dir.path(), &["new", "mine"]).status.code(), Some(0));
    let out = inservice(dir.path(), &["check", "mine"]);
    assert_eq!(text(&out.stdout), "No mistakes found.\n");
    let again = inservice(dir.path(), &["new", "mine"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("is not empty"), "{}", text(&again.stderr));
}

#[test]
fn a_part_is_shown_plainly_in_a_pipe_and_in_colour_when_asked() {
    let dir = pack(&[("a/x.md", b"# X\n\n## One\n\nWords **strong**.\n\n## Two\n\nOther.\n")]);
    let out = inservice(dir.path(), &["show", "a/x#one", "--pack", "."]);
    assert_eq!(text(&out.stdout), "One\n\nWords strong.\n");
    let out = inservice(dir.path(), &["show", "a/x", "--pack", ".", "--color", "always"]);
    assert!(text(&out.stdout).contains("\x1b["));
    // A pipe does not scroll: every column of a wide table and every line of code is there.
    let cells = |sign: &str| (1..9).map(|n| format!("| {sign}{n} {} ", "word ".repeat(4))).collect::<String>();
    let rule = "|-".repeat(8);
    let wide = format!("# W\n\n{}|\n{rule}|\n{}|\n\n```text\n{}end\n```\n", cells("h"), cells("c"), "x".repeat(200));
    fs::write(dir.path().join("a/w.md"), wide).unwrap();
    let out = text(&inservice(dir.path(), &["show", "a/w", "--pack", "."]).stdout);
    for part in (1..9).flat_map(|n| [format!("h{n}"), format!("c{n}")]).chain(["xend".to_owned()]) {
        assert!(out.contains(&part), "{part} is missing:\n{out}");
    }
    let out = inservice(dir.path(), &["show", "a/y", "--pack", "."]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("Did you mean `a/x`?"), "{}", text(&out.stderr));
}

#[test]
fn what_is_generated_is_there() {
    let dir = pack(&[]);
    let of = |args: &[&str]| text(&inservice(dir.path(), args).stdout);
    assert!(of(&["completions", "bash"]).contains("inservice"));
    assert!(of(&["man"]).contains(".TH"));
    assert!(of(&["keys"]).contains("Find in the page"));
    let out = inservice(dir.path(), &["doctor", "--config", "c", "--data-dir", "d"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stdout));
    assert!(text(&out.stdout).contains("All is well."), "{}", text(&out.stdout));
    std::fs::write(dir.path().join("d/history.db"), "no database ".repeat(100)).unwrap();
    let out = inservice(dir.path(), &["doctor", "--config", "c", "--data-dir", "d"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stdout).contains("damaged"), "{}", text(&out.stdout));
}

/// The program with a history of its own and a clock that stands.
fn study(folder: &std::path::Path, now: &str, args: &[&str], input: &str) -> (String, String, Option<i32>) {
    use std::io::Write;
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_inservice"))
        .args(["--pack", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pack"), "--seed", "7", "--now", now])
        .args(args)
        .env_clear()
        .env("INSERVICE_DATA_DIR", folder)
        .env("INSERVICE_CONFIG", folder)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(out.stdout), text(out.stderr), out.status.code())
}

const MORNING: &str = "2026-11-25T09:00:00+01:00";

#[test]
fn a_script_asks_answers_and_takes_back() {
    let folder = tempfile::tempdir().unwrap();
    let (out, _, code) = study(folder.path(), MORNING, &["next", "--json", "--limit", "2"], "");
    assert_eq!(code, Some(0));
    let next: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(next["schema"], "inservice/1");
    let first = &next["items"][0];
    for key in ["id", "kind", "place", "prompt", "due", "state"] {
        assert!(first.get(key).is_some(), "{key} in {out}");
    }
    let id = first["id"].as_str().unwrap();
    let (out, _, code) = study(folder.path(), MORNING, &["answer", id, "easy"], "");
    assert_eq!(code, Some(0));
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    for key in ["schema", "id", "grade", "due", "stability", "difficulty", "undo"] {
        assert!(told.get(key).is_some(), "{key} in {out}");
    }
    let (out, _, _) = study(folder.path(), MORNING, &["next", "--json", "--limit", "50"], "");
    assert!(!out.contains(&format!("\"{id}\"")), "{out}");
    let (out, _, code) = study(folder.path(), MORNING, &["undo", told["undo"].as_str().unwrap()], "");
    assert_eq!((out, code), (format!("Taken back: {id}.\n"), Some(0)));
    let (out, _, _) = study(folder.path(), MORNING, &["next", "--json", "--limit", "50"], "");
    assert!(out.contains(&format!("\"{id}\"")), "{out}");
    let (_, err, code) = study(folder.path(), MORNING, &["answer", "no-such-card", "easy"], "");
    assert!(err.contains("There is no item `no-such-card`") && code == Some(2), "{err}");
}

#[test]
fn a_place_before_a_command_is_told() {
    let dir = pack(&[("06-elb/lesson.md", LESSON), ("06-elb/cards.md", CARDS)]);
    let out = inservice(dir.path(), &["elb", "drill", "--plain", "--pack", "."]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("`inservice drill elb`"), "{}", text(&out.stderr));
}

#[test]
fn choices_stand_elsewhere_each_time() {
    let options: String = ["a", "b", "c", "d"]
        .iter()
        .map(|text| format!("- [{}] {text}\n", if *text == "c" { "x" } else { " " }))
        .collect();
    let cards: String = (0..24).map(|n| format!("Q: Question {n}? {{#q-{n}}}\n{options}\n")).collect();
    let header = "+++\nkind = \"cards\"\nid = \"deck\"\ntitle = \"Deck\"\n+++\n\n";
    let dir = pack(&[("1-m/cards.md", format!("{header}{cards}").as_bytes())]);
    let args = ["--pack", ".", "--data-dir", "data", "--config", ".", "drill", "deck", "--plain"];
    let out = told(dir.path(), &args, &"1\n\n".repeat(24));
    let shown = text(&out.stdout);
    let at: Vec<usize> = (1..=4).map(|n| shown.matches(&format!("  {n}. c\n")).count()).collect();
    assert!(at.iter().all(|count| *count > 0), "{at:?}\n{shown}");
    // What was taken is told with the answer.
    assert!(shown.contains("Not right: a\nAnswer: c\n") && shown.contains("(1 answered, "), "{shown}");
}

#[test]
fn a_drill_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let (out, _, code) = study(folder.path(), MORNING, &["drill", "--plain"], "1\n\nq\n");
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("1 again, 2 hard, 3 good, 4 easy") && out.contains("1 answered."), "{out}");
    assert!(!out.contains('\u{1b}'), "{out}");
    // The end of the input is the end of the set, and what was answered is kept.
    let (out, _, _) = study(folder.path(), "2026-11-26T09:00:00+01:00", &["next", "--json", "--limit", "99"], "");
    assert!(out.contains("learning"), "{out}");
}

#[test]
fn find_gives_what_the_program_gives() {
    let lesson =
        [LESSON, b"\n## Health checks {#health}\n\nAsked every 30 seconds.\n\n## Other\n\nA health probe.\n"].concat();
    let dir = pack(&[("06-elb/lesson.md", &lesson), ("06-elb/cards.md", CARDS)]);
    let out = inservice(dir.path(), &["find", "--pack", ".", "--json", "health"]);
    let json: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((&json["schema"], &json["query"]), (&"inservice/1".into(), &"health".into()));
    let hits: Vec<_> = (json["hits"].as_array().unwrap().iter())
        .map(|hit| (hit["place"].as_str().unwrap(), hit["kind"].as_str().unwrap(), hit["excerpt"].as_str().unwrap()))
        .collect();
    assert_eq!(hits, [("elb#health", "section", "Asked every 30 seconds."), ("elb#other", "text", "A health probe."),]);
    assert_eq!(json["hits"][1]["title"], "Other");
    assert!(json["hits"][0]["score"].as_i64() > json["hits"][1]["score"].as_i64());
    let out = inservice(dir.path(), &["find", "--pack", ".", "health", "--limit", "1"]);
    assert_eq!(text(&out.stdout), "elb#health  section    Health checks\n");
    let out = inservice(dir.path(), &["find", "--pack", ".", "a-1", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(json["hits"][0]["place"], "a-1");
    let none = inservice(dir.path(), &["find", "--pack", ".", "zzzz"]);
    assert_eq!((none.status.code(), none.stdout.len()), (Some(1), 0));
}

#[test]
fn a_table_is_printed_for_pipes() {
    let table = "\n| | Layer | Trap |\n|---|---|---|\n| ALB | 7 | a, \\| b |\n| NLB | 4 | `c` |\n\n```toml table\nid = \"lb\"\ntitle = \"Two\"\n```\n";
    let lesson = format!("{}{table}", text(LESSON));
    let dir = pack(&[("06-elb/lesson.md", lesson.as_bytes()), ("06-elb/cards.md", CARDS)]);
    let show = |place: &str, format: &str| inservice(dir.path(), &["show", place, "--format", format, "--pack", "."]);
    let out = |format: &str| text(&show("lb", format).stdout);
    assert_eq!(out("markdown"), "| | Layer | Trap |\n|---|---|---|\n| ALB | 7 | a, \\| b |\n| NLB | 4 | `c` |\n");
    assert_eq!(out("csv"), ",Layer,Trap\nALB,7,\"a, | b\"\nNLB,4,c\n");
    let json: serde_json::Value = serde_json::from_str(&out("json")).unwrap();
    assert_eq!((&json["schema"], &json["id"], &json["title"]), (&"inservice/1".into(), &"lb".into(), &"Two".into()));
    assert_eq!((&json["rows"][1]["entity"], &json["rows"][1]["values"]["Trap"]), (&"NLB".into(), &"c".into()));
    let wrong = show("elb", "csv");
    assert_eq!((wrong.status.code(), text(&wrong.stdout).as_str()), (Some(2), ""));
    assert!(text(&wrong.stderr).contains("`elb` is no comparison table"), "{}", text(&wrong.stderr));
}

const TREE: &[u8] = b"+++\nkind = \"tree\"\nid = \"balancer\"\ntitle = \"Balancer\"\n+++\n## HTTP? {#http}\nHow to tell: it is named.\n- [Yes](#alb)\n- [No](#nlb)\n\n\
    ## ALB {#alb}\n**Say:** a.\n**Flips if:** b.\n**Tempting:** [NLB](#nlb), c.\n\n## NLB {#nlb}\n**Say:** d.\n**Flips if:** e.\n**Tempting:** [ALB](#alb), f.\n\n\
    ## Situation: paths {#paths answer=alb pair=tcp}\nIt routes by path.\n\n**Clue:** [HTTP?](#http) Paths are named.\n**Tempting:** [NLB](#nlb), no.\n**Change:** TCP, and it becomes [NLB](#nlb).\n\n\
    ## Situation: tcp {#tcp answer=nlb pair=paths}\nIt speaks TCP.\n\n**Clue:** [HTTP?](#http) Plain TCP.\n**Tempting:** [ALB](#alb), no.\n**Change:** paths, and it becomes [ALB](#alb).\n";

/// The program with input, and with a history and a clock of its own.
fn told(dir: &Path, args: &[&str], input: &str) -> Output {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_inservice"))
        .args(args)
        .args(["--pack", ".", "--data-dir", "d", "--config", "c", "--now", "2026-11-25T09:00:00Z"])
        .current_dir(dir)
        .env_clear()
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_tree_is_shown_and_exported() {
    let dir = pack(&[("06-elb/tree.md", TREE), ("06-elb/cards.md", CARDS)]);
    let of = |args: &[&str]| inservice(dir.path(), args);
    let shown = text(&of(&["show", "balancer", "--pack", "."]).stdout);
    assert!(shown.starts_with("Balancer\n\n○ HTTP?\n├─ □ Yes  ALB\n└─ □ No  NLB\n\nQuestions\n"), "{shown}");
    assert!(
        shown.contains("HTTP?\n  How to tell: it is named.\n")
            && shown.ends_with("2 situations; `inservice quiz` asks them.\n"),
        "{shown}"
    );
    let dot = text(&of(&["show", "balancer", "--pack", ".", "--format", "dot"]).stdout);
    assert!(dot.starts_with("digraph \"Balancer\" {") && dot.contains("n0 -> n1 [label=\"Yes\"];"), "{dot}");
    let mermaid = text(&of(&["show", "balancer", "--pack", ".", "--format", "mermaid"]).stdout);
    assert!(mermaid.starts_with("flowchart TD\n") && mermaid.contains("n0 -->|\"No\"| n2"), "{mermaid}");
    // A node is still printed as a text, and a deck is no tree.
    assert!(text(&of(&["show", "balancer#nlb", "--pack", "."]).stdout).contains("Say: d."));
    let out = of(&["show", "elb-cards", "--pack", ".", "--format", "dot"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("`elb-cards` is not a decision tree."), "{}", text(&out.stderr));
    let json: serde_json::Value = serde_json::from_slice(&of(&["list", "--json", "--pack", "."]).stdout).unwrap();
    let of = |name: &str| json["totals"][name].as_u64().unwrap();
    assert_eq!((of("trees"), of("nodes"), of("leaves"), of("situations")), (1, 3, 2, 2));
}

#[test]
fn situations_are_asked_line_by_line() {
    let dir = pack(&[("06-elb/tree.md", TREE)]);
    let out = told(dir.path(), &["quiz", "paths", "--plain"], "7\n2\nit is fast\n");
    let said = text(&out.stdout);
    for part in [
        "Situation: paths\nIt routes by path.\n",
        "HTTP?\n  1. Yes\n  2. No\n",
        "Write a number from 1 to 2.",
        "Not right. The answer is: ALB.",
        "Lost at question 1: HTTP?",
        "You took \"No\"; it says \"Yes\".",
        "Clue: HTTP? Paths are named.",
        "Graded again, because it was wrong.",
        "0 of 1 right.",
    ] {
        assert!(said.contains(part), "{part} is missing:\n{said}");
    }
    assert_eq!(out.status.code(), Some(0));
    let out = told(dir.path(), &["quiz", "tcp", "--plain"], "h\n2\n\n");
    let said = text(&out.stdout);
    assert!(said.contains("How to tell: it is named.") && said.contains("Graded hard"), "{said}");
    // What was answered is no longer new; with nothing due, the place is asked all the same.
    let out = told(dir.path(), &["quiz", "--plain"], "q\n");
    assert!(!text(&out.stdout).contains("Situation: tcp"), "{}", text(&out.stdout));
    let out = told(dir.path(), &["quiz", "nowhere", "--plain"], "");
    assert_eq!(out.status.code(), Some(2));
    // Without a terminal the room cannot open, and says what to do.
    assert_eq!(told(dir.path(), &["quiz"], "").status.code(), Some(2));
}
