//! Copies of a database that was built once in this process: a file is copied, a server makes a database after another.
//!
//! A template lives as long as its process, which runs no code at its end. So the first template of a process removes those of
//! processes that are gone.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once};
use std::thread;
use std::time::{Duration, Instant};

use kaigo_store::db::{Config, Db};
use postgres::{Client, NoTls};

use crate::{Engine, Keep, TestDb, fresh_name, now, server};

/// How names of databases begin; the process's number follows.
pub(crate) const DATABASES: &str = "kiban_test_";
/// How names of folders of templates begin; the process's number follows.
const FOLDERS: &str = "kiban-template-";

/// A database and the files beside it, as they were when [`Template::of`] took them; nobody changes them any more.
#[derive(Debug)]
pub struct Template {
    engine: Engine,
    /// The folder of the test's files, with the database in it if it is a file.
    folder: PathBuf,
    /// Name of the database, if a server has it.
    database: Option<String>,
}

impl Template {
    /// Keeps a database for copies. Nobody else may have it open.
    pub fn of(engine: Engine, db: TestDb) -> Self {
        let TestDb { db, config, folder, mut keep, .. } = db;
        drop(db);
        if let Config::Sqlite { path } = &config {
            closed(path);
        }
        let database = keep.drop_after.take().map(|(_, name)| name);
        let kept = tempfile::Builder::new().prefix(&format!("{FOLDERS}{}-", std::process::id())).tempdir().unwrap();
        copy_folder(&folder, kept.path());
        Self { engine, folder: kept.keep(), database }
    }

    /// A database of its own with the same content.
    pub fn copy(&self) -> TestDb {
        match (self.engine, &self.database) {
            (Engine::Postgres, Some(database)) => postgres(database, Some(&self.folder)),
            (Engine::Postgres | Engine::Sqlite, _) => sqlite(Some(&self.folder)),
        }
    }
}

/// A database after the migrations: what the template of all fresh ones is made of.
pub(crate) fn migrated(engine: Engine) -> TestDb {
    static SWEPT: Once = Once::new();
    SWEPT.call_once(sweep_folders);
    let db = match engine {
        Engine::Sqlite => sqlite(None),
        Engine::Postgres => {
            sweep_databases();
            postgres("template0", None)
        }
    };
    kaigo_store::migrate::migrate(&db.db, now()).unwrap();
    db
}

fn sqlite(from: Option<&Path>) -> TestDb {
    let folder = tempfile::tempdir().unwrap();
    if let Some(from) = from {
        copy_folder(from, folder.path());
    }
    open(Config::Sqlite { path: folder.path().join("kiban.db") }, folder, None)
}

fn postgres(template: &str, from: Option<&Path>) -> TestDb {
    let (server, name) = (server(), fresh_name());
    let mut client = Client::connect(&server, NoTls).expect("the test server answers");
    client.batch_execute(&create_database(&name, template)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    if let Some(from) = from {
        copy_folder(from, folder.path());
    }
    let (head, _) = server.rsplit_once('/').expect("postgres://user@host:port/database");
    let config = Config::Postgres { url: format!("{head}/{name}"), connections: 4, network_is_guarded: false };
    open(config, folder, Some((server, name)))
}

fn open(config: Config, folder: tempfile::TempDir, drop_after: Option<(String, String)>) -> TestDb {
    let db = Db::open(&config).unwrap();
    TestDb {
        db,
        config,
        folder: folder.path().to_owned(),
        catalog: Mutex::default(),
        keep: Keep { drop_after, _folder: folder },
    }
}

/// Waits until the engine's threads have closed the file. The last connection takes the file's log away, unless several close in the
/// same moment and each sees another one: then the log stays, whole, and is copied with the file.
fn closed(path: &Path) {
    let log = path.with_extension("db-wal");
    let until = Instant::now() + Duration::from_secs(2);
    while log.exists() && Instant::now() < until {
        thread::sleep(Duration::from_millis(2));
    }
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        // The index of the log is made again by whoever opens the copy.
        if entry.file_name().to_string_lossy().ends_with("-shm") {
            continue;
        }
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&place).unwrap();
            copy_folder(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), &place).unwrap();
        }
    }
}

/// The statement that makes a database as ours have to be.
pub(crate) fn create_database(name: &str, template: &str) -> String {
    format!("CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
}

/// The statement that removes a database, whoever is still connected.
pub(crate) fn drop_database(name: &str) -> String {
    format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")
}

/// Whether the process of a name such as `PREFIX123-x` is gone.
fn is_left_over(name: &str, prefix: &str) -> bool {
    let digits = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>();
    let process = name.strip_prefix(prefix).map(digits);
    process.is_some_and(|number| !number.is_empty() && !Path::new("/proc").join(number).exists())
}

fn sweep_folders() {
    for entry in fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(|name| is_left_over(name, FOLDERS)) {
            // Another process may be at it as well.
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

fn sweep_databases() {
    let mut client = Client::connect(&server(), NoTls).expect("the test server answers");
    let rows = client.query("SELECT datname::text FROM pg_database", &[]).unwrap();
    for name in rows.iter().map(|row| row.get::<_, String>(0)).filter(|name| is_left_over(name, DATABASES)) {
        drop(client.batch_execute(&drop_database(&name)));
    }
}
