//! The house keeps itself: layers, file length, unfinished marks.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is its way of telling"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// The layer of each module at the top level; a module names only lower ones.
const LAYERS: &[(&str, u8)] = &[
    ("text", 0),
    ("problem", 0),
    ("key", 0),
    ("paint", 0),
    ("paths", 0),
    ("content", 1),
    ("theme", 1),
    ("build", 2),
    ("course", 2),
    ("disk", 2),
    ("config", 3),
    ("study", 2),
    ("ui", 2),
    ("command", 2),
    ("clock", 3),
    ("highlight", 3),
    ("packs", 3),
    ("effect", 3),
    ("find", 3),
    ("store", 4),
    ("transfer", 4),
    ("screen", 5),
    ("app", 6),
    ("term", 6),
    ("work", 6),
    ("run", 7),
    ("cli", 8),
];

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
}

/// Every source file with the module it belongs to and its code before the tests.
fn code() -> Vec<(PathBuf, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 10, "the sources were not found");
    files
        .into_iter()
        .map(|path| {
            let first = path.strip_prefix(&root).unwrap().components().next().unwrap();
            let module = first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            (path, module, code)
        })
        .collect()
}

fn layer(module: &str) -> u8 {
    LAYERS
        .iter()
        .find(|(name, _)| *name == module)
        .unwrap_or_else(|| panic!("`{module}` has no layer in tests/tidy.rs"))
        .1
}

#[test]
fn modules_name_only_lower_layers() {
    for (path, module, code) in code().iter().filter(|(_, module, _)| module != "lib" && module != "main") {
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for (at, _) in line.match_indices("crate::") {
                let used: String =
                    line.split_at(at + 7).1.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                assert!(
                    used == *module || layer(&used) < layer(module),
                    "{}: `{module}` may not name `{used}`: {line}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn content_knows_no_disk_and_no_terminal() {
    for (path, module, code) in code() {
        if layer_of_content(&module) {
            for banned in ["std::fs", "std::env", "std::io", "println!", "ratatui", "crossterm", "rusqlite"] {
                assert!(!code.contains(banned), "{} names {banned}", path.display());
            }
        }
    }
}

fn layer_of_content(module: &str) -> bool {
    ["text", "problem", "content", "study", "find"].contains(&module)
}

#[test]
fn files_stay_small_and_finished() {
    for (path, _, code) in code() {
        let lines = code.lines().count();
        assert!(lines <= 500, "{} has {lines} lines of code", path.display());
        for mark in ["TODO", "FIXME", "XXX"] {
            assert!(!code.contains(mark), "{} holds a {mark}", path.display());
        }
    }
}

#[test]
fn the_changelog_has_a_place_for_what_is_new() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(fs::read_to_string(root.join("CHANGELOG.md")).unwrap().contains("## Unreleased"));
}

#[test]
fn the_keys_page_is_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keys.md");
    let page = fs::read_to_string(path).unwrap_or_default();
    assert!(page == inservice::command::markdown(), "run: inservice keys --markdown > docs/keys.md");
}
