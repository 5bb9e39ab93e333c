//! A folder of files as a gathering. Symbolic links are never followed, so nothing outside of the folder is read.

use std::fs;
use std::path::Path;

use crate::content::gather::{Found, Gathering, wanted};
use crate::content::library::Library;
use crate::problem::Problem;

/// Folders below this depth are not entered.
const DEEPEST: usize = 32;

/// Reads the folder `root` as a pack into a library; problems carry paths that begin with `root`. `progress` is told how
/// many files of how many were read.
pub fn open(
    root: &Path,
    library: &mut Library,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<Problem>, Box<Problem>> {
    let shown = root.to_string_lossy().into_owned();
    let unreadable = |why: &std::io::Error| {
        let hint = "Name a folder that exists and that you may read.";
        Box::new(Problem::error("unreadable", format!("The folder `{shown}` cannot be read: {why}."), hint))
    };
    let mut paths = Vec::new();
    let mut skipped = Vec::new();
    let first = fs::read_dir(root).map_err(|why| unreadable(&why))?;
    walk(first, "", 0, &mut paths, &mut skipped);
    let label = fs::canonicalize(root).ok();
    let label = label
        .as_deref()
        .and_then(Path::file_name)
        .map_or_else(|| shown.clone(), |name| name.to_string_lossy().into_owned());
    let mut gathering = Gathering::new(&label, paths.iter().cloned());
    for (path, what) in skipped {
        gathering.unreadable(&path, what, "Make it readable, or move it out of the pack.");
    }
    let count = paths.iter().filter(|path| wanted(path)).count();
    for (done, path) in paths.iter().filter(|path| wanted(path)).enumerate() {
        progress(done, count);
        match fs::read(root.join(path)) {
            Err(why) => gathering.unreadable(path, format!("The file cannot be read: {why}."), "Make it readable."),
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => gathering.add(path, &text),
                Err(error) => {
                    let at = error.utf8_error().valid_up_to();
                    gathering.add(path, &String::from_utf8_lossy(error.as_bytes()));
                    let what = format!("The file is not UTF-8 from byte {at} on; what cannot be read shows as �.");
                    gathering.unreadable(path, what, "Save it as UTF-8.");
                }
            },
        }
    }
    let found = gathering.finish(library);
    Ok(located(root, &shown, found))
}

/// Finds the lines of flaws, reading each file once more.
fn located(root: &Path, shown: &str, found: Vec<Found>) -> Vec<Problem> {
    let mut text = (String::new(), String::new());
    let mut out = Vec::new();
    for one in found {
        if text.0 != one.path || out.is_empty() {
            let bytes = fs::read(root.join(&one.path)).unwrap_or_default();
            text = (one.path.clone(), String::from_utf8_lossy(&bytes).into_owned());
        }
        out.push(one.locate(shown, &text.1));
    }
    out
}

/// The text of one file of a pack, made readable where it is not UTF-8. Symbolic links are not followed.
pub fn text(root: &Path, path: &str) -> Result<String, Box<Problem>> {
    let whole = root.join(path);
    let linked = fs::symlink_metadata(&whole).is_ok_and(|meta| !meta.is_file());
    let read = if linked { Err(std::io::Error::other("it is not a plain file")) } else { fs::read(&whole) };
    read.map(|bytes| match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
    .map_err(|why| {
        let what = format!("The file `{path}` cannot be read: {why}.");
        Box::new(Problem::error("unreadable", what, "Make it readable, or reopen the pack."))
    })
}

fn walk(entries: fs::ReadDir, below: &str, depth: usize, paths: &mut Vec<String>, skipped: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_file() {
            paths.push(path);
        } else if kind.is_dir() && !name.starts_with(['.', '_']) && depth < DEEPEST {
            match fs::read_dir(entry.path()) {
                Ok(inner) => walk(inner, &path, depth + 1, paths, skipped),
                Err(why) => skipped.push((path, format!("The folder cannot be read: {why}."))),
            }
        }
    }
}
