//! Copies of the history: one a day, verified, and the way back from them. Nothing is ever deleted that is not a copy.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::{Store, told};
use crate::problem::Problem;
use crate::study::day::{Day, iso, parse};

/// Daily copies that are kept, and after them one a week.
const DAYS: i64 = 7;
const WEEKS: i64 = 8;

const PREFIX: &str = "history-";

/// The folder of the copies, beside the history.
#[must_use]
pub fn folder(history: &Path) -> PathBuf {
    history.with_file_name("backups")
}

fn failed(what: String, hint: &str) -> Box<Problem> {
    Box::new(Problem::error("backup", what, hint))
}

/// How many answers a copy holds, after it was found whole.
pub fn verify(copy: &Path) -> Result<i64, Box<Problem>> {
    let check = || -> rusqlite::Result<(String, i64)> {
        let connection = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let word = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        let count = connection.query_row("SELECT count(*) FROM review", [], |row| row.get(0))?;
        Ok((word, count))
    };
    match check() {
        Ok((word, count)) if word == "ok" => Ok(count),
        Ok((word, _)) => Err(failed(format!("`{}` is damaged: {word}.", copy.display()), "Use another copy.")),
        Err(why) => Err(told(&why, &format!("`{}` cannot be used", copy.display()))),
    }
}

impl Store {
    /// Copies the history to a file that is not there yet, and reads the copy back. Gives the number of answers.
    pub fn copy_to(&self, target: &Path) -> Result<i64, Box<Problem>> {
        let what = format!("The copy `{}` was not made", target.display());
        if target.exists() {
            return Err(failed(format!("{what}: the file is there already."), "Name another file."));
        }
        if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|why| failed(format!("{what}: {why}."), "Name a folder that you may write to."))?;
        }
        let half = target.with_extension("part");
        let _ = std::fs::remove_file(&half);
        self.connection.execute("VACUUM INTO ?1", [half.to_string_lossy()]).map_err(|why| told(&why, &what))?;
        let count = verify(&half)?;
        std::fs::rename(&half, target)
            .map_err(|why| failed(format!("{what}: {why}."), "Name a folder that you may write to."))?;
        Ok(count)
    }
}

/// Makes the copy of a day if there is none yet and there is anything to copy, and clears old ones away. Once a day is
/// also how often the count of answers by day is kept.
pub fn daily(history: &Path, today: Day) -> Result<Option<PathBuf>, Box<Problem>> {
    let target = folder(history).join(format!("{PREFIX}{}.db", iso(today)));
    if target.exists() || !history.exists() {
        return Ok(None);
    }
    let store = Store::open(history)?;
    let any: bool = store
        .connection
        .query_row("SELECT EXISTS (SELECT 1 FROM review)", [], |row| row.get(0))
        .map_err(|why| told(&why, "The history could not be read"))?;
    if !any {
        return Ok(None);
    }
    store.keep_calendar()?;
    store.copy_to(&target)?;
    for (day, path) in copies(history) {
        if !kept(day, today) {
            let _ = std::fs::remove_file(path);
        }
    }
    Ok(Some(target))
}

/// Whether the copy of a day is still wanted: the last days, then Mondays for some weeks.
fn kept(day: Day, today: Day) -> bool {
    let age = today - day;
    age < DAYS || (age < WEEKS * 7 && (day + 3).rem_euclid(7) == 0)
}

/// The daily copies, newest first.
#[must_use]
pub fn copies(history: &Path) -> Vec<(Day, PathBuf)> {
    let mut out: Vec<(Day, PathBuf)> = std::fs::read_dir(folder(history))
        .map(|entries| {
            entries
                .flatten()
                .filter_map(|entry| {
                    let name = entry.file_name().to_string_lossy().into_owned();
                    let day = parse(name.strip_prefix(PREFIX)?.strip_suffix(".db")?)?;
                    Some((day, entry.path()))
                })
                .collect()
        })
        .unwrap_or_default();
    out.sort();
    out.reverse();
    out
}

/// Puts a copy in the place of the history. What was there is moved aside, whole. Gives the number of answers and where
/// the old history lies now.
pub fn restore(history: &Path, copy: &Path) -> Result<(i64, Option<PathBuf>), Box<Problem>> {
    let count = verify(copy)?;
    // Another window would go on writing to the file that is moved away.
    if let Ok(connection) = Connection::open_with_flags(history, OpenFlags::SQLITE_OPEN_READ_WRITE) {
        let alone = connection.pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get::<_, String>(0));
        if let Err(rusqlite::Error::SqliteFailure(why, _)) = &alone
            && matches!(why.code, rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
        {
            let hint = "Close the other window first; nothing was changed.";
            return Err(failed("Another window has the history open.".to_owned(), hint));
        }
    }
    let moved = |why: std::io::Error| {
        failed(format!("The history was not replaced: {why}."), "Nothing was changed; look at the folder's rights.")
    };
    let mut aside = None;
    if history.exists() {
        let free =
            (1..1000).map(|n| history.with_file_name(format!("history-aside-{n}.db"))).find(|path| !path.exists());
        let Some(target) = free else { return Err(failed("There is no free name.".to_owned(), "")) };
        for end in ["", "-wal", "-shm"] {
            let named = |path: &Path| {
                let mut name = path.as_os_str().to_owned();
                name.push(end);
                PathBuf::from(name)
            };
            if named(history).exists() {
                std::fs::rename(named(history), named(&target)).map_err(moved)?;
            }
        }
        aside = Some(target);
    }
    let half = history.with_extension("part");
    std::fs::copy(copy, &half).and_then(|_| std::fs::rename(&half, history)).map_err(moved)?;
    Ok((count, aside))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::day::Moment;
    use crate::study::review::{Act, Grade, Review, ReviewId};
    use crate::study::schedule::Scheduler;

    fn history(answers: i64) -> (tempfile::TempDir, PathBuf, Store) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let mut store = Store::open(&path).unwrap();
        for n in 1..=answers {
            let id = ReviewId { run: 1, ordinal: n };
            let row = Review::new(id, "a", Act::Grade(Grade::Good), Moment { at: n, offset: 0 });
            store.record(&[row], &Scheduler::default()).unwrap();
        }
        (folder, path, store)
    }

    #[test]
    fn a_day_has_one_copy_and_old_ones_go() {
        let (_folder, path, _store) = history(3);
        let first = parse("2026-11-02").unwrap();
        for day in first..first + 90 {
            assert!(daily(&path, day).unwrap().is_some());
            assert!(daily(&path, day).unwrap().is_none());
        }
        let days: Vec<Day> = copies(&path).into_iter().map(|(day, _)| day).collect();
        assert_eq!(days.len(), 7 + 7, "{days:?}");
        for (_, copy) in copies(&path) {
            assert_eq!(verify(&copy).unwrap(), 3);
        }
    }

    #[test]
    fn an_empty_history_needs_no_copy() {
        let (_folder, path, _store) = history(0);
        assert_eq!(daily(&path, 1).unwrap(), None);
    }

    #[test]
    fn a_damaged_history_is_replaced_and_kept_aside() {
        let (folder, path, store) = history(5);
        let copy = folder.path().join("copy.db");
        assert_eq!(store.copy_to(&copy).unwrap(), 5);
        assert!(store.copy_to(&copy).is_err());
        // While a window is open nothing is replaced.
        let why = restore(&path, &copy).unwrap_err();
        assert!(why.what.contains("Another window"), "{why}");
        drop(store);
        std::fs::write(&path, "garbage ".repeat(2000)).unwrap();
        let (count, aside) = restore(&path, &copy).unwrap();
        assert_eq!(count, 5);
        assert!(std::fs::read_to_string(aside.unwrap()).unwrap().starts_with("garbage"));
        assert_eq!(Store::open(&path).unwrap().log().unwrap().len(), 5);
        std::fs::write(&copy, "garbage ".repeat(2000)).unwrap();
        assert!(restore(&path, &copy).is_err());
        assert_eq!(Store::open(&path).unwrap().log().unwrap().len(), 5);
    }
}
