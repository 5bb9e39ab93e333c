//! Builds the index of the embedded course, so that starting costs no parsing: the library as bytes and all texts in
//! one file, behind each other.

#![allow(dead_code, reason = "the modules are the program's; the build needs only a part of them")]

mod content;
mod problem;
mod text;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use content::gather::{Gathering, wanted};
use content::library::Library;

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("content");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    for watched in ["content", "src/content", "src/content.rs", "src/text.rs", "src/problem.rs", "src/build.rs"] {
        println!("cargo:rerun-if-changed={watched}");
    }
    let mut paths = Vec::new();
    collect(&root, "", &mut paths)?;
    paths.sort();
    let mut gathering = Gathering::new("course", paths.iter().cloned());
    let mut texts = String::new();
    let mut ranges = std::collections::BTreeMap::new();
    for path in paths.iter().filter(|path| wanted(path)) {
        let text = fs::read_to_string(root.join(path))?;
        gathering.add(path, &text);
        ranges.insert(path.clone(), (texts.len(), texts.len() + text.len()));
        texts.push_str(&text);
    }
    let mut library = Library::default();
    let found = gathering.finish(&mut library);
    for one in found.iter().take(20) {
        println!("cargo:warning={}: {}", one.path, one.flaw.what);
    }
    let spans: Vec<(String, (usize, usize))> = ranges.into_iter().collect();
    fs::write(out.join("course.index"), postcard::to_stdvec(&library)?)?;
    fs::write(out.join("course.spans"), postcard::to_stdvec(&spans)?)?;
    fs::write(out.join("course.md"), texts)?;
    Ok(())
}

fn collect(root: &Path, below: &str, paths: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.file_type()?.is_dir() {
            collect(root, &path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}
