//! The data folder of the demo: whose it is, whether it is complete, and what may be deleted in it.
//!
//! `demo-building.json` is written before anything else and `demo.json` last: a build that a crash cut off is found at the next
//! start and made anew. A folder, or a PostgreSQL database, that the demo did not make is never touched.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use kaigo_core::date::Date;
use kaigo_store::db::{Config, Db};
use kaigo_store::migrate;
use serde::{Deserialize, Serialize};

use super::welcome::Known;
use crate::surroundings::{SQLITE_FILE, write_whole};

const COMPLETE: &str = "demo.json";
const BUILDING: &str = "demo-building.json";
const LOCK: &str = "demo.lock";
const ACCOUNTS: &str = "accounts.json";
/// Where the files lie that the importers read.
const FILES: &str = "demo-files";

/// What a folder of the demo says of itself.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct Manifest {
    pub(super) seed: u64,
    pub(super) today: Date,
    pub(super) persons: u64,
    pub(super) version: String,
    pub(super) database: String,
}

impl Manifest {
    pub(super) fn new(seed: u64, today: Date, persons: u64, database: &str) -> Self {
        Self { seed, today, persons, version: env!("CARGO_PKG_VERSION").to_owned(), database: database.to_owned() }
    }
}

/// What is in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing.
    Empty,
    /// A demo whose build did not come to its end.
    Unfinished,
    /// A demo.
    Ready(Manifest),
}

/// A data folder that this process has for itself.
pub(super) struct Folder {
    path: PathBuf,
    database: String,
    _lock: File,
}

impl Folder {
    /// Makes the folder if it is missing, and takes it. `database`: the database as a report may name it.
    pub(super) fn take(path: &Path, database: &str) -> Result<Self> {
        std::fs::create_dir_all(path).with_context(|| path.display().to_string())?;
        if !is_ours(path)? && !is_empty(path)? {
            bail!(
                "{} はデモのフォルダーではありません（{COMPLETE} がなく、空でもありません）。\
                 --data-dir で空のフォルダーを指してください。何も変えていません。",
                path.display()
            );
        }
        let lock = File::create(path.join(LOCK)).with_context(|| path.display().to_string())?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "{} のデモは、もう動いています。それを止めるか、--data-dir で別のフォルダーを指してください。",
                path.display()
            ),
            Err(TryLockError::Error(error)) => return Err(error).context(LOCK),
        }
        Ok(Self { path: path.to_owned(), database: database.to_owned(), _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the files lie that the importers read.
    pub(super) fn files(&self) -> PathBuf {
        self.path.join(FILES)
    }

    /// What is in the folder.
    ///
    /// # Errors
    /// It belongs to a demo in another database.
    pub(super) fn found(&self) -> Result<Found> {
        let unfinished = self.read(BUILDING)?;
        let found = match (unfinished, self.read(COMPLETE)?) {
            (Some(manifest), _) => (manifest.database.clone(), Found::Unfinished),
            (None, Some(manifest)) => (manifest.database.clone(), Found::Ready(manifest)),
            (None, None) => return Ok(Found::Empty),
        };
        if found.0 != self.database {
            bail!(
                "{} は別のデータベース（{}）のデモです。--data-dir で別のフォルダーを指してください。",
                self.path.display(),
                found.0
            );
        }
        Ok(found.1)
    }

    fn read(&self, name: &str) -> Result<Option<Manifest>> {
        let path = self.path.join(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(serde_json::from_str(&text).with_context(|| path.display().to_string())?)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| path.display().to_string()),
        }
    }

    /// Marks the folder as being built and deletes what an earlier build made.
    pub(super) fn clear(&self, found: &Found, config: &Config, manifest: &Manifest) -> Result<()> {
        let is_ours = *found != Found::Empty;
        if !is_ours {
            refuse_foreign_database(config)?;
        }
        write_whole(&self.path.join(BUILDING), &serde_json::to_string_pretty(manifest)?)?;
        for name in [COMPLETE, ACCOUNTS, "secret.key"] {
            remove(&self.path.join(name))?;
        }
        for ending in ["", "-wal", "-shm", "-journal"] {
            remove(&self.path.join(format!("{SQLITE_FILE}{ending}")))?;
        }
        for name in ["objects", "tls", FILES] {
            remove_folder(&self.path.join(name))?;
        }
        if let (true, Config::Postgres { .. }) = (is_ours, config) {
            migrate::remove_everything(&Db::open(config)?)?;
        }
        Ok(())
    }

    /// Marks the folder as complete.
    pub(super) fn complete(&self, manifest: &Manifest) -> Result<()> {
        remove_folder(&self.files())?;
        write_whole(&self.path.join(COMPLETE), &serde_json::to_string_pretty(manifest)?)?;
        remove(&self.path.join(BUILDING))
    }

    /// Writes who can log in, for programs that try the demo.
    pub(super) fn write_accounts(&self, accounts: &[Known]) -> Result<()> {
        write_whole(&self.path.join(ACCOUNTS), &serde_json::to_string_pretty(accounts)?)
    }
}

/// A PostgreSQL database with tables that this folder's demo did not make stays as it is.
fn refuse_foreign_database(config: &Config) -> Result<()> {
    if let Config::Postgres { .. } = config
        && !Db::open(config)?.catalog()?.is_empty()
    {
        bail!(
            "このデータベースには、もう表があり、このフォルダーのデモが作ったものではありません。\
             空のデータベースを --database で指してください。何も変えていません。"
        );
    }
    Ok(())
}

fn is_ours(path: &Path) -> Result<bool> {
    for name in [COMPLETE, BUILDING] {
        if path.join(name).try_exists()? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_empty(path: &Path) -> Result<bool> {
    let known = [LOCK.to_owned(), format!("{BUILDING}.new")];
    for entry in std::fs::read_dir(path).with_context(|| path.display().to_string())? {
        let name = entry?.file_name();
        if !known.iter().any(|k| name.to_str() == Some(k)) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error).with_context(|| path.display().to_string()),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn remove_folder(path: &Path) -> Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error).with_context(|| path.display().to_string()),
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest::new(7, jiff::civil::date(2026, 11, 22), 100, "SQLite")
    }

    fn sqlite(folder: &Folder) -> Config {
        Config::Sqlite { path: folder.path().join(SQLITE_FILE) }
    }

    #[test]
    fn a_folder_that_is_not_the_demos_is_refused_and_left_alone() {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("kiban.db"), "somebody's").unwrap();
        let refused = Folder::take(place.path(), "SQLite").map(drop).unwrap_err().to_string();
        assert!(refused.contains("何も変えていません"), "{refused}");
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_build_is_unfinished_until_it_is_complete() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::take(&place.path().join("new"), "SQLite").unwrap();
        assert_eq!(folder.found().unwrap(), Found::Empty);
        folder.clear(&Found::Empty, &sqlite(&folder), &manifest()).unwrap();
        assert_eq!(folder.found().unwrap(), Found::Unfinished);
        folder.complete(&manifest()).unwrap();
        assert_eq!(folder.found().unwrap(), Found::Ready(manifest()));
        // Building once more: the old one does not count any more from the first moment on.
        let found = folder.found().unwrap();
        folder.clear(&found, &sqlite(&folder), &manifest()).unwrap();
        assert_eq!(folder.found().unwrap(), Found::Unfinished);
    }

    #[test]
    fn clearing_deletes_only_what_the_demo_made() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::take(place.path(), "SQLite").unwrap();
        folder.clear(&Found::Empty, &sqlite(&folder), &manifest()).unwrap();
        for name in ["kiban.db", "kiban.db-wal", "secret.key", "notes.txt"] {
            std::fs::write(place.path().join(name), "x").unwrap();
        }
        folder.clear(&Found::Unfinished, &sqlite(&folder), &manifest()).unwrap();
        let mut left: Vec<String> = std::fs::read_dir(place.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(left, ["demo-building.json", "demo.lock", "notes.txt"]);
    }

    #[test]
    fn a_folder_is_taken_by_one_process_and_for_one_database() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::take(place.path(), "SQLite").unwrap();
        let second = Folder::take(place.path(), "SQLite").map(drop).unwrap_err().to_string();
        assert!(second.contains("もう動いています"), "{second}");
        folder.complete(&manifest()).unwrap();
        drop(folder);
        let other = Folder::take(place.path(), "postgres://h/d").unwrap();
        assert!(other.found().unwrap_err().to_string().contains("別のデータベース"));
    }
}
