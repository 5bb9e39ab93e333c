//! Answers that are written in the editor: a file each in the folder of the history, so that what was saved there
//! outlives the program.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::problem::Problem;
use crate::screen::interview::{DRAFTS, Drafts};
use crate::store::{Settings, Store};
use crate::text::key;

const BEFORE: &str = "answer-";

/// The file of an answer, by the id of its question.
pub fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{BEFORE}{}.md", key(name)))
}

pub fn write(file: &Path, text: &str) -> io::Result<()> {
    fs::write(file, text)
}

/// What stands in the file, which is gone then.
pub fn take(file: &Path) -> Option<String> {
    let bytes = fs::read(file).ok()?;
    let _ = fs::remove_file(file);
    // Editors end the last line; the answer does not need that.
    Some(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

/// Makes drafts of the answers that an editor saved while the program was not there any more.
pub fn recover(folder: &Path, store: &Store, settings: &mut Settings) -> Result<(), Box<Problem>> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    let mut drafts = Drafts::read(settings);
    let mut found = Vec::new();
    for file in entries.flatten().map(|entry| entry.path()) {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // Nothing else in the folder may be touched: closing a file of the history would drop the locks that hold it.
        let Some(id) = name.strip_prefix(BEFORE).and_then(|name| name.strip_suffix(".md")) else { continue };
        if let Ok(text) = fs::read_to_string(&file) {
            drafts.set(id, text.trim_end());
            found.push(file);
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    let text = drafts.text();
    store.set(DRAFTS, &text)?;
    settings.insert(DRAFTS.to_owned(), text);
    for file in found {
        let _ = fs::remove_file(file);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_editor_saved_is_a_draft_after_a_crash() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("history.db")).unwrap();
        let mut settings = Settings::new();
        recover(folder.path(), &store, &mut settings).unwrap();
        assert_eq!(settings, Settings::new());
        let file = path(folder.path(), "lb-q-1");
        write(&file, "What I said.\n").unwrap();
        recover(folder.path(), &store, &mut settings).unwrap();
        assert_eq!(Drafts::read(&settings).get("lb-q-1"), "What I said.");
        assert_eq!(store.settings().unwrap(), settings);
        assert_eq!(take(&file), None);
        write(&file, "More.\n").unwrap();
        assert_eq!(take(&file).as_deref(), Some("More."));
        assert!(!file.exists());
    }
}
