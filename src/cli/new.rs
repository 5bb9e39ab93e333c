//! `new`: a small pack to start from, which passes `check`.

use std::fs::{OpenOptions, create_dir_all};
use std::io::Write;
use std::path::Path;

use crate::problem::Problem;
use crate::text::key;

const LESSON: &str = include_str!("../../assets/new/lesson.md");
const CARDS: &str = include_str!("../../assets/new/cards.md");
const TREE: &str = include_str!("../../assets/new/tree-which.md");
const QUESTIONS: &str = include_str!("../../assets/new/questions.md");
const MODULE: &str = include_str!("../../assets/new/module.toml");

/// Writes the pack into a folder that is empty or does not exist; nothing is ever overwritten.
pub fn new(root: &Path) -> Result<String, Box<Problem>> {
    let told = |what: String, hint: &str| Box::new(Problem::error("new", what, hint));
    let shown = root.display();
    let failed =
        |why: std::io::Error| told(format!("The pack cannot be written to `{shown}`: {why}."), "Name another folder.");
    if root.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(told(format!("The folder `{shown}` is not empty."), "Name a new one; nothing was written."));
    }
    create_dir_all(root.join("01-first-module")).map_err(failed)?;
    let name = root.file_name().map(|name| key(&name.to_string_lossy())).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "my-pack".to_owned());
    let pack = format!(
        "name = \"{name}\"\ntitle = \"{name}\"\nsummary = \"One sentence about the pack.\"\nlicence = \"CC-BY-4.0\"\nas_of = \"2026-11\"\n"
    );
    let files = [
        ("pack.toml", pack.as_str()),
        ("01-first-module/module.toml", MODULE),
        ("01-first-module/lesson.md", LESSON),
        ("01-first-module/cards.md", CARDS),
        ("01-first-module/tree-which.md", TREE),
        ("01-first-module/questions.md", QUESTIONS),
    ];
    for (path, text) in files {
        let mut file = OpenOptions::new().write(true).create_new(true).open(root.join(path)).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
    }
    Ok(format!("A pack is in {shown}.\n\n  inservice check {shown}\n  inservice --pack {shown}\n"))
}
