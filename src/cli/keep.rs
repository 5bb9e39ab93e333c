//! Keeping the history safe from the command line: copies, the way back, and what is left of removed cards.

use std::path::Path;

use serde_json::{Value, json};

use super::desk::Study;
use super::{Global, SCHEMA};
use crate::problem::Problem;
use crate::store::Store;
use crate::store::backup::{copies, restore, verify};
use crate::study::adopt::orphans;
use crate::study::day::iso;
use crate::study::review::Act;
use crate::text::{clean, count};

/// `backup`: a verified copy in a file, or a list of the daily ones.
pub fn backup(global: &Global, file: Option<&Path>) -> Result<String, Box<Problem>> {
    let history = global.data().join("history.db");
    if let Some(file) = file {
        let answers = Store::open(&history)?.copy_to(file)?;
        return Ok(format!("{} copied to `{}` and read back.\n", count(usize_of(answers), "row"), file.display()));
    }
    let mut out = String::new();
    for (day, path) in copies(&history) {
        let state = match verify(&path) {
            Ok(answers) => count(usize_of(answers), "row"),
            Err(problem) => problem.what,
        };
        out.push_str(&format!("{}  {state}  {}\n", iso(day), path.display()));
    }
    if out.is_empty() {
        out.push_str("There is no daily copy yet; the program makes one each day that it is opened.\n");
    }
    Ok(out)
}

/// `restore`: a copy in the place of the history; without a name the newest that is whole.
pub fn bring_back(global: &Global, file: Option<&Path>) -> Result<String, Box<Problem>> {
    let history = global.data().join("history.db");
    let newest = || copies(&history).into_iter().map(|(_, path)| path).find(|path| verify(path).is_ok());
    let Some(copy) = file.map(Path::to_path_buf).or_else(newest) else {
        let hint = "Name a file that `inservice backup FILE` made.";
        return Err(Box::new(Problem::error("backup", "There is no daily copy that is whole.", hint)));
    };
    let (answers, aside) = restore(&history, &copy)?;
    let mut out = format!("The history is now `{}`, with {}.\n", copy.display(), count(usize_of(answers), "row"));
    if let Some(aside) = aside {
        out.push_str(&format!("What was there lies in `{}`.\n", aside.display()));
    }
    Ok(out)
}

fn usize_of(count: i64) -> usize {
    usize::try_from(count).unwrap_or(0)
}

/// `orphans`: what has a history and is not in the library any more.
pub fn removed(global: &Global, clean_up: bool, as_json: bool) -> Result<(String, u8), Box<Problem>> {
    let mut study = Study::open(global)?;
    let ids = orphans(&study.library, &study.items, &study.progress);
    let lost = study.store.lost(&ids)?;
    let code = u8::from(lost.is_empty());
    if clean_up && !lost.is_empty() {
        let now = study.now;
        let rows: Vec<_> = lost.iter().map(|one| study.review(&one.id, Act::Forget, now)).collect();
        study.record(&rows)?;
        let told = format!("{} forgotten; the answers stay in the log.\n", count(lost.len(), "removed item"));
        return Ok((told, 0));
    }
    if as_json {
        let items: Vec<Value> = lost
            .iter()
            .map(|one| {
                let state = study.progress.state(&one.id);
                json!({ "id": one.id, "file": one.place, "prompt": one.words, "answers": state.reps })
            })
            .collect();
        return Ok((format!("{}\n", json!({ "schema": SCHEMA, "orphans": items })), code));
    }
    let mut out = String::new();
    for one in &lost {
        let state = study.progress.state(&one.id);
        let answers = count(usize::try_from(state.reps).unwrap_or(0), "answer");
        out.push_str(&format!("{}  {answers}  {}\n", clean(&one.id), clean(&one.words)));
    }
    if lost.is_empty() {
        out.push_str("Everything with a history is still in the library.\n");
    } else {
        out.push_str("`inservice orphans --clean` lets the program forget them.\n");
    }
    Ok((out, code))
}
