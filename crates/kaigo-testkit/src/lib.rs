//! For tests only: a fresh database on each engine.
//!
//! The PostgreSQL server is the private one that `cargo xtask test` starts; its address is in `KIBAN_TEST_POSTGRES`.
//! Without it a test fails and says so: nothing is skipped.
//!
//! Migrations run once per engine and process; each test gets a copy of what they made. A test that needs more than empty
//! tables keeps what it built as a [`Template`] and copies that.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test's set-up may fail loudly"
)]

pub mod authenticator;
pub mod own_server;
mod template;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use jiff::Timestamp;
use kaigo_store::db::{Config, Db};
use postgres::NoTls;

pub use template::Template;

/// The engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// A file in a temporary folder.
    Sqlite,
    /// A database on the private server.
    Postgres,
}

impl Engine {
    /// Both, in the order in which tests run on them.
    pub const BOTH: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// A fresh, migrated database.
    pub fn fresh(self) -> TestDb {
        static MIGRATED: [OnceLock<Template>; 2] = [const { OnceLock::new() }; 2];
        let [sqlite, postgres] = &MIGRATED;
        let template = match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        };
        template.get_or_init(|| Template::of(self, template::migrated(self))).copy()
    }
}

/// A fresh, migrated database that goes away with this value.
pub struct TestDb {
    /// The open database.
    pub db: Db,
    /// How to open it once more.
    pub config: Config,
    /// A folder for files of the test.
    pub folder: PathBuf,
    /// The catalog, until a statement of a test may have changed it: to ask for it takes longer than most tables do.
    catalog: Mutex<Option<Arc<Vec<String>>>>,
    keep: Keep,
}

impl TestDb {
    /// Names of the tables.
    pub fn tables(&self) -> Vec<String> {
        let mut tables: Vec<String> = outside(|| self.catalog())
            .iter()
            .filter_map(|line| line.split_once('.').map(|(table, _)| table.to_owned()))
            .collect();
        tables.dedup();
        tables
    }

    /// The rows of a table as text, sorted; what lies in a `BLOB` is left out.
    pub fn dump(&self, table: &str) -> Vec<String> {
        outside(|| {
            let catalog = self.catalog();
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

    fn catalog(&self) -> Arc<Vec<String>> {
        let mut known = self.catalog.lock().unwrap();
        Arc::clone(known.get_or_insert_with(|| Arc::new(self.db.catalog().unwrap())))
    }

    /// Runs a statement that no code of ours has: to damage or to hide something.
    pub fn run(&self, sql: &str) {
        *self.catalog.lock().unwrap() = None;
        let sql = leak(sql.to_owned());
        outside(|| self.db.write_blocking(move |tx| tx.execute(sql, &[])).unwrap());
    }

    /// Adds a row by hand; `None` is no value.
    pub fn put(&self, table: &str, row: &[(&str, Option<&str>)]) {
        let names = row.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let quoted = |value: Option<&str>| value.map_or("NULL".to_owned(), |v| format!("'{}'", v.replace('\'', "''")));
        let values = row.iter().map(|(_, value)| quoted(*value)).collect::<Vec<_>>().join(", ");
        self.run(&format!("INSERT INTO {table} ({names}) VALUES ({values})"));
    }

    /// Empties a table.
    pub fn empty(&self, table: &str) {
        self.run(&format!("DELETE FROM {table}"));
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
    for engine in Engine::BOTH {
        test(&engine.fresh());
    }
}

/// A fresh SQLite database.
pub fn sqlite() -> TestDb {
    Engine::Sqlite.fresh()
}

/// A fresh PostgreSQL database.
pub fn postgres() -> TestDb {
    Engine::Postgres.fresh()
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
    format!("{}{}_{}", template::DATABASES, std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
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
            drop(client.batch_execute(&template::drop_database(name)));
        }
    }
}
