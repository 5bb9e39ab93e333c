//! What is remembered between runs, in `SQLite`: every answer, where somebody read, and small things that the program
//! keeps for itself.

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
        let (connection, version) = ready.map_err(|why| told(&why, &shown.to_string()))?;
        if version > VERSION {
            let what = format!("`{shown}` was written by a newer version of this program.");
            return Err(Box::new(Problem::error("store", what, "Update the program; nothing was changed.")));
        }
        Ok(Self { connection, seen: 0 })
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
        read().map_err(|why| told(&why, "the history"))
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
            .map_err(|why| told(&why, "the place"))
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
            Err(why) => Err(told(&why, "the history")),
        }
    }

    /// Everything that the program keeps for itself.
    pub fn settings(&self) -> Result<Settings, Box<Problem>> {
        let read = || -> rusqlite::Result<Settings> {
            let mut query = self.connection.prepare("SELECT name, value FROM setting")?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        read().map_err(|why| told(&why, "the history"))
    }

    /// Forgets a setting.
    pub fn unset(&self, name: &str) -> Result<(), Box<Problem>> {
        let done = self.connection.execute("DELETE FROM setting WHERE name = ?1", [name]);
        done.map(|_| ()).map_err(|why| told(&why, "the setting"))
    }

    /// Writes a setting; it is on disk when this returns.
    pub fn set(&self, name: &str, value: &str) -> Result<(), Box<Problem>> {
        self.connection
            .execute(
                "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
                (name, value),
            )
            .map(|_| ())
            .map_err(|why| told(&why, "the setting"))
    }
}

fn told(why: &rusqlite::Error, what: &str) -> Box<Problem> {
    let (text, hint) = match why.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            ("another program holds the file", "Close the other window, or try again.")
        }
        Some(ErrorCode::DiskFull) => ("the disk is full", "Make room; what was saved before is safe."),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            ("it may not be written", "Give yourself the right, or name another folder with `--data-dir`.")
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            ("it is damaged or not a history of this program", "Move it away; a new one is made.")
        }
        _ => ("SQLite says no", "Run `inservice doctor`."),
    };
    Box::new(Problem::error("store", format!("{what} could not be used: {text} ({why})."), hint))
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
