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

impl TestDb {
    /// Names of the tables.
    pub fn tables(&self) -> Vec<String> {
        let mut tables: Vec<String> = outside(|| self.db.catalog().unwrap())
            .iter()
            .filter_map(|line| line.split_once('.').map(|(table, _)| table.to_owned()))
            .collect();
        tables.dedup();
        tables
    }

    /// The rows of a table as text, sorted; what lies in a `BLOB` is left out.
    pub fn dump(&self, table: &str) -> Vec<String> {
        outside(|| {
            let catalog = self.db.catalog().unwrap();
            let columns: Vec<&str> = catalog
                .iter()
                .filter_map(|line| line.strip_prefix(table)?.strip_prefix('.'))
                .filter(|column| !column.contains("BLOB") && !column.to_lowercase().contains("bytea"))
                .filter_map(|column| column.split(' ').next())
                .collect();
            let values: Vec<String> = columns.iter().map(|c| format!("coalesce(CAST({c} AS TEXT), '-')")).collect();
            let sql = leak(format!("SELECT {} FROM {table}", values.join(" || '|' || ")));
            let rows = self.db.read_blocking(move |tx| tx.query(sql, &[])).unwrap();
            let mut rows: Vec<String> = rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect();
            rows.sort();
            rows
        })
    }

    /// Runs a statement that no code of ours has: to damage or to hide something.
    pub fn run(&self, sql: &str) {
        let sql = leak(sql.to_owned());
        outside(|| self.db.write_blocking(move |tx| tx.execute(sql, &[])).unwrap());
    }

    /// Gives a table another name: what needs it fails until it has its own again.
    pub fn rename_table(&self, from: &str, to: &str) {
        self.run(&format!("ALTER TABLE {from} RENAME TO {to}"));
    }
}

/// Statements of the store are `'static`; those of a test are few.
fn leak(sql: String) -> &'static str {
    Box::leak(sql.into_boxed_str())
}

/// Runs work that blocks, also when it is called from a test's async part.
pub fn outside<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().expect("the work does not panic"))
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

/// The address of a test database on the server.
pub fn url(db: &TestDb) -> String {
    let url = match &db.config {
        Config::Postgres { url, .. } => Some(url.clone()),
        Config::Sqlite { .. } => None,
    };
    url.expect("a database on the server")
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
