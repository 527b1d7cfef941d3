//! For tests only: a fresh database on each engine.
//!
//! The PostgreSQL server is the private one that `cargo xtask test` starts; its address is in `KIBAN_TEST_POSTGRES`.
//! Without it a test fails and says so: nothing is skipped.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test's set-up may fail loudly")]

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::Timestamp;
use kaigo_store::db::{Config, Db};
use postgres::NoTls;

/// A fresh, migrated database that goes away with this value.
pub struct TestDb {
    /// The open database.
    pub db: Db,
    /// How to open it once more.
    pub config: Config,
    /// A folder for files of the test.
    pub folder: PathBuf,
    _keep: Keep,
}

/// The instant that tests take for now: 2026-11-22 10:00 in Japan.
pub fn now() -> Timestamp {
    "2026-11-22T01:00:00Z".parse().expect("an instant")
}

/// Runs a test on a fresh SQLite file and on a fresh PostgreSQL database.
pub fn both(test: impl Fn(&TestDb)) {
    for make in [sqlite, postgres] {
        test(&make());
    }
}

/// A fresh SQLite database.
pub fn sqlite() -> TestDb {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::Sqlite { path: folder.path().join("kiban.db") };
    open(config, folder, None)
}

/// A fresh PostgreSQL database.
pub fn postgres() -> TestDb {
    let server = server();
    let name = fresh_name();
    let mut client = postgres::Client::connect(&server, NoTls).expect("the test server answers");
    client
        .batch_execute(&format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        ))
        .unwrap();
    let (head, _) = server.rsplit_once('/').expect("postgres://user@host:port/database");
    let config = Config::Postgres { url: format!("{head}/{name}"), connections: 4 };
    open(config, tempfile::tempdir().unwrap(), Some((server, name)))
}

/// Address of the private test server.
#[expect(clippy::disallowed_methods, reason = "the gate hands the address over in the environment")]
pub fn server() -> String {
    std::env::var("KIBAN_TEST_POSTGRES").expect(
        "KIBAN_TEST_POSTGRES is not set: run the tests with `cargo xtask test`, or start a server with `cargo xtask postgres`",
    )
}

fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("kiban_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

fn open(config: Config, folder: tempfile::TempDir, drop_after: Option<(String, String)>) -> TestDb {
    let db = Db::open(&config).unwrap();
    kaigo_store::migrate::migrate(&db, now()).unwrap();
    TestDb { db, config, folder: folder.path().to_owned(), _keep: Keep { drop_after, _folder: folder } }
}

struct Keep {
    drop_after: Option<(String, String)>,
    _folder: tempfile::TempDir,
}

impl Drop for Keep {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.drop_after
            && let Ok(mut client) = postgres::Client::connect(server, NoTls)
        {
            drop(client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        }
    }
}
