//! What is remembered between runs, in `SQLite`: every answer, where somebody read, and small things that the program
//! keeps for itself.

pub mod backup;
mod calendar;
pub mod reviews;

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::effect::{Mark, Place};
use crate::problem::Problem;

/// The version of the tables; a newer one belongs to a newer program and is left alone.
const VERSION: i64 = 2;
/// How long another window may hold the file, in milliseconds.
const PATIENCE: u32 = 2000;

pub struct Store {
    connection: Connection,
    /// The last row of the log that was told.
    seen: i64,
}

/// Small things by name: settings, drafts, what was interrupted.
pub type Settings = BTreeMap<String, String>;

/// Where somebody read, by pack and file.
pub type Places = BTreeMap<(String, String), Mark>;

impl Store {
    /// Opens or makes the file at `path`.
    pub fn open(path: &Path) -> Result<Self, Box<Problem>> {
        let shown = path.display();
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|why| {
                let what = format!("The folder `{}` cannot be made: {why}.", folder.display());
                Box::new(Problem::error("store", what, "Name another with `--data-dir`."))
            })?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let ready = Connection::open_with_flags(path, flags).and_then(|connection| {
            connection.busy_timeout(std::time::Duration::from_millis(PATIENCE.into()))?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
            if version < VERSION {
                connection.execute_batch(include_str!("store/schema.sql"))?;
            }
            Ok((connection, version))
        });
        let (connection, version) =
            ready.map_err(|why| told(&why, &format!("The history `{shown}` could not be opened")))?;
        if version > VERSION {
            let what = format!("`{shown}` was written by a newer version of this program.");
            return Err(Box::new(Problem::error("store", what, "Update the program; nothing was changed.")));
        }
        Ok(Self { connection, seen: 0 })
    }

    /// Opens a history that cannot be written, to see what is known; every write will be refused.
    pub fn open_to_read(path: &Path) -> Result<Self, Box<Problem>> {
        let mut uri = String::from("file:");
        for byte in path.as_os_str().as_encoded_bytes() {
            match byte {
                b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => uri.push(char::from(*byte)),
                byte => uri.push_str(&format!("%{byte:02X}")),
            }
        }
        // A folder that may not be written has no room for the files that readers share.
        uri.push_str("?immutable=1");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(uri, flags).and_then(|connection| {
            let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
            Ok((connection, version))
        });
        let what = format!("The history `{}` could not be read", path.display());
        match opened {
            Ok((connection, VERSION)) => Ok(Self { connection, seen: 0 }),
            Ok(_) => Err(Box::new(Problem::error("store", format!("{what}: another version wrote it."), ""))),
            Err(why) => Err(told(&why, &what)),
        }
    }

    /// Every place that is remembered.
    pub fn places(&self) -> Result<Places, Box<Problem>> {
        let read = || -> rusqlite::Result<Places> {
            let mut query = self.connection.prepare("SELECT pack, file, entry, behind FROM place")?;
            let rows = query.query_map([], |row| {
                let behind: i64 = row.get(3)?;
                let mark = Mark { entry: row.get(2)?, behind: usize::try_from(behind).unwrap_or(0) };
                Ok(((row.get(0)?, row.get(1)?), mark))
            })?;
            rows.collect()
        };
        read().map_err(|why| told(&why, "The history could not be read"))
    }

    /// Remembers a place; it is on disk when this returns.
    pub fn remember(&self, place: &Place) -> Result<(), Box<Problem>> {
        let behind = i64::try_from(place.mark.behind).unwrap_or(0);
        self.connection
            .execute(
                "INSERT INTO place VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET entry = excluded.entry, behind = excluded.behind",
                (&place.pack, &place.file, &place.mark.entry, behind),
            )
            .map(|_| ())
            .map_err(|why| told(&why, "The place was not remembered"))
    }

    /// Whether `SQLite` finds the file whole.
    pub fn sound(&self) -> Result<(), Box<Problem>> {
        let found: Result<String, _> = self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
        match found {
            Ok(word) if word == "ok" => Ok(()),
            Ok(what) => {
                let what = format!("The history is damaged: {what}.");
                Err(Box::new(Problem::error("store", what, "Move it away; a new one is made.")))
            }
            Err(why) => Err(told(&why, "The history could not be read")),
        }
    }

    /// Everything that the program keeps for itself.
    pub fn settings(&self) -> Result<Settings, Box<Problem>> {
        let read = || -> rusqlite::Result<Settings> {
            let mut query = self.connection.prepare("SELECT name, value FROM setting")?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        read().map_err(|why| told(&why, "The history could not be read"))
    }

    /// Forgets a setting.
    pub fn unset(&self, name: &str) -> Result<(), Box<Problem>> {
        let done = self.connection.execute("DELETE FROM setting WHERE name = ?1", [name]);
        done.map(|_| ()).map_err(|why| told(&why, "The setting was not kept"))
    }

    /// Writes a setting; it is on disk when this returns.
    pub fn set(&self, name: &str, value: &str) -> Result<(), Box<Problem>> {
        self.connection
            .execute(
                "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
                (name, value),
            )
            .map(|_| ())
            .map_err(|why| told(&why, "The setting was not kept"))
    }
}

/// A sentence that begins with what happened and goes on with why.
fn told(why: &rusqlite::Error, what: &str) -> Box<Problem> {
    let (text, hint) = match why.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            ("another program holds it", "Close the other window, or try again.")
        }
        Some(ErrorCode::DiskFull) => ("the disk is full", "Make room and answer again; what was saved before is safe."),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            ("it may not be written", "Give yourself the right, or name another folder with `--data-dir`.")
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => (
            "it is damaged, or not a history of this program",
            "`inservice restore` puts the newest sound copy in its place and keeps what is there.",
        ),
        _ => ("SQLite says no", "Run `inservice doctor`."),
    };
    Box::new(Problem::error("store", format!("{what}: {text} ({why})."), hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_there_in_the_next_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/history.db");
        let place = |behind| Place {
            pack: "p".to_owned(),
            file: "f".to_owned(),
            mark: Mark { entry: "one".to_owned(), behind },
        };
        let store = Store::open(&path).unwrap();
        store.remember(&place(1)).unwrap();
        store.remember(&place(7)).unwrap();
        store.set("theme", "light").unwrap();
        drop(store);
        let store = Store::open(&path).unwrap();
        let places = store.places().unwrap();
        assert_eq!(places.get(&("p".to_owned(), "f".to_owned())).map(|mark| mark.behind), Some(7));
        assert_eq!(store.settings().unwrap(), Settings::from([("theme".to_owned(), "light".to_owned())]));
        store.unset("theme").unwrap();
        assert_eq!(store.settings().unwrap(), Settings::default());
    }

    #[test]
    fn what_cannot_be_written_can_be_read_and_says_so() {
        use crate::study::day::Moment;
        use crate::study::review::{Act, Grade, Review, ReviewId};
        use crate::study::schedule::Scheduler;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a b%.db");
        let row = |ordinal| {
            let id = ReviewId { run: 1, ordinal };
            Review::new(id, "a", Act::Grade(Grade::Good), Moment { at: 1, offset: 0 })
        };
        Store::open(&path).unwrap().record(&[row(1)], &Scheduler::default()).unwrap();
        let mut store = Store::open_to_read(&path).unwrap();
        assert_eq!(store.log().unwrap().len(), 1);
        let why = store.record(&[row(2)], &Scheduler::default()).unwrap_err();
        assert!(why.what.starts_with("The answer was not saved: it may not be written"), "{why}");
        assert!(Store::open_to_read(&folder.path().join("none.db")).is_err());
    }

    #[test]
    fn a_full_disk_loses_only_what_was_not_saved() {
        use crate::study::day::Moment;
        use crate::study::review::{Act, Grade, Review, ReviewId};
        use crate::study::schedule::Scheduler;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let mut store = Store::open(&path).unwrap();
        let pages: i64 = store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        store.connection.pragma_update(None, "max_page_count", pages + 4).unwrap();
        let mut saved = 0;
        let why = loop {
            let id = ReviewId { run: 1, ordinal: saved + 1 };
            let mut row =
                Review::new(id, format!("i{saved}"), Act::Grade(Grade::Good), Moment { at: saved, offset: 0 });
            row.words = "w".repeat(500);
            match store.record(&[row], &Scheduler::default()) {
                Ok(_) => saved += 1,
                Err(why) => break why,
            }
        };
        assert!(why.what.contains("the disk is full") && saved > 0, "{why}");
        drop(store);
        let mut store = Store::open(&path).unwrap();
        assert_eq!(i64::try_from(store.log().unwrap().len()).unwrap(), saved);
        let kept = store.states().unwrap();
        assert_eq!(store.rebuild(&Scheduler::default()).unwrap(), kept);
    }

    #[test]
    fn a_locked_history_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let store = Store::open(&path).unwrap();
        store.connection.busy_timeout(std::time::Duration::ZERO).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let why = store.set("a", "b").unwrap_err();
        assert!(why.what.contains("another program holds it"), "{why}");
    }

    #[test]
    fn a_truncated_history_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        drop(Store::open(&path).unwrap());
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2 + 100]).unwrap();
        let told = Store::open(&path).and_then(|store| store.sound());
        assert!(told.is_err(), "a half file passes for a whole one");
    }

    #[test]
    fn foreign_and_newer_files_are_told_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let garbage = folder.path().join("garbage.db");
        std::fs::write(&garbage, "no database, but quite long enough to be taken for one ".repeat(40)).unwrap();
        let why = Store::open(&garbage).err().unwrap();
        assert!(why.what.contains("damaged"), "{why}");
        let newer = folder.path().join("newer.db");
        Connection::open(&newer).unwrap().pragma_update(None, "user_version", 99).unwrap();
        let why = Store::open(&newer).err().unwrap();
        assert!(why.what.contains("newer version"), "{why}");
    }
}
