//! The two engines behind one door: connections, transactions, values. The only place that knows which engine runs.
//!
//! A unit of work is a synchronous closure over a [`Tx`]. It runs on a thread that owns a connection: on SQLite the single
//! writer (which commits many units with one fsync) or a reader with a snapshot; on PostgreSQL one of a few connections.
//! The caller's future gets the answer only after the commit is durable. A caller that goes away does not stop the unit;
//! a unit that fails or panics leaves nothing behind, and no connection is ever reused dirty.
//!
//! SQL is written once, with `?1` placeholders and three column types (TEXT, INTEGER, BLOB); see docs/decisions/0002.

mod address;
pub mod copy;
mod postgres_engine;
pub mod rights;
mod sqlite_engine;
mod value;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

pub use self::value::{Row, Value};

/// Why the store could not do what it was asked. Absence is not an error: lookups answer `Option`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A unique or foreign key, or a check, does not hold.
    Conflict(String),
    /// The engine cannot serve now: locked, out of connections, restarting. Trying again later can help.
    Busy(String),
    /// Anything else: a defect, a damaged file, a full disk. The text is for the operator.
    Broken(String),
    /// The grant does not cover what was asked for: a defect of the calling code, refused all the same.
    NotCovered,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Conflict(what) => write!(f, "conflict: {what}"),
            Self::Busy(what) => write!(f, "busy: {what}"),
            Self::Broken(what) => write!(f, "broken: {what}"),
            Self::NotCovered => f.write_str("the grant does not cover this"),
        }
    }
}

impl std::error::Error for Error {}

/// Where the data is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Config {
    /// The embedded database, one file.
    Sqlite {
        /// Path of the file; made if missing.
        path: PathBuf,
    },
    /// A PostgreSQL server.
    Postgres {
        /// `postgres://…` or `host=… user=…`, with `sslmode`, `sslrootcert`, `sslcert` and `sslkey` as PostgreSQL's own clients take them.
        url: String,
        /// How many connections to keep.
        connections: usize,
        /// The operator vouches for the network: another machine may be reached without TLS, or without knowing which it is.
        network_is_guarded: bool,
    },
}

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    engine: Arc<Engine>,
}

enum Engine {
    Sqlite(sqlite_engine::Sqlite),
    Postgres(postgres_engine::Postgres),
}

/// What a unit of work leaves behind for the time after the commit: told whether the commit became durable.
type AfterCommit = Box<dyn FnOnce(Result<(), Error>) + Send>;
/// A unit of work as the engine threads see it: runs, says whether to keep its changes, and what to do after the commit.
/// Given an error instead of a transaction, it passes that to its caller.
type Unit = Box<dyn FnOnce(Result<&mut Tx<'_>, Error>) -> (bool, AfterCommit) + Send>;

/// Whether a unit of work changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Read,
    Write,
}

impl Db {
    /// Opens the database and starts its threads.
    pub fn open(config: &Config) -> Result<Self, Error> {
        let engine = match config {
            Config::Sqlite { path } => Engine::Sqlite(sqlite_engine::Sqlite::open(path)?),
            Config::Postgres { url, connections, network_is_guarded } => {
                let address = address::Address::read(url, *network_is_guarded)?;
                Engine::Postgres(postgres_engine::Postgres::open(&address, (*connections).max(1))?)
            }
        };
        Ok(Self { engine: Arc::new(engine) })
    }

    /// Runs a unit of work that may change data, and answers after its commit is durable.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let answer = self.send(Mode::Write, work);
        answer.await.unwrap_or_else(|_| Err(E::from(Error::Broken("the unit of work was lost".to_owned()))))
    }

    /// Runs a unit of work on a snapshot.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let answer = self.send(Mode::Read, work);
        answer.await.unwrap_or_else(|_| Err(E::from(Error::Broken("the unit of work was lost".to_owned()))))
    }

    /// [`Db::write`] for threads outside the async runtime (importers, jobs, tests).
    pub fn write_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let answer = self.send(Mode::Write, work);
        answer.blocking_recv().unwrap_or_else(|_| Err(E::from(Error::Broken("the unit of work was lost".to_owned()))))
    }

    /// [`Db::read`] for threads outside the async runtime.
    pub fn read_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let answer = self.send(Mode::Read, work);
        answer.blocking_recv().unwrap_or_else(|_| Err(E::from(Error::Broken("the unit of work was lost".to_owned()))))
    }

    fn send<T, E, F>(&self, mode: Mode, work: F) -> oneshot::Receiver<Result<T, E>>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let unit: Unit = Box::new(move |tx| match tx.map_err(E::from).and_then(work) {
            Ok(value) => {
                (true, Box::new(move |end: Result<(), Error>| drop(reply.send(end.map(|()| value).map_err(E::from)))))
            }
            Err(error) => (false, Box::new(move |_| drop(reply.send(Err(error))))),
        });
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.send(mode, unit),
            Engine::Postgres(postgres) => postgres.send(mode, unit),
        }
        answer
    }

    /// Short name of the engine, for pages and reports.
    pub fn engine_name(&self) -> &'static str {
        match &*self.engine {
            Engine::Sqlite(_) => "SQLite",
            Engine::Postgres(_) => "PostgreSQL",
        }
    }

    /// The migration's text in the engine's words: SQLite wants `STRICT`, PostgreSQL calls a `BLOB` `bytea`.
    pub(crate) fn ddl(&self, text: &str) -> String {
        match &*self.engine {
            Engine::Sqlite(_) => text.replace("\n);", "\n) STRICT, WITHOUT ROWID;"),
            Engine::Postgres(_) => text.replace(" BLOB", " BYTEA"),
        }
    }

    /// Whether there is such a table.
    pub(crate) fn has_table(&self, name: &'static str) -> Result<bool, Error> {
        let sql = match &*self.engine {
            Engine::Sqlite(_) => sqlite_engine::HAS_TABLE,
            Engine::Postgres(_) => postgres_engine::HAS_TABLE,
        };
        self.read_blocking(move |tx| Ok(tx.query_opt(sql, &[Value::from(name)])?.is_some()))
    }

    /// Tables and columns as the catalog has them: `table.column TYPE [NOT NULL]`, sorted.
    pub fn catalog(&self) -> Result<Vec<String>, Error> {
        let sql = match &*self.engine {
            Engine::Sqlite(_) => sqlite_engine::CATALOG,
            Engine::Postgres(_) => postgres_engine::CATALOG,
        };
        self.read_blocking(move |tx| {
            let mut lines = Vec::new();
            for row in tx.query(sql, &[])? {
                lines.push(row.text(0)?.to_owned());
            }
            lines.sort();
            Ok(lines)
        })
    }

    /// The whole definition of the schema, for the checked-in snapshot.
    pub fn schema(&self) -> Result<String, Error> {
        let sql = match &*self.engine {
            Engine::Sqlite(_) => sqlite_engine::SCHEMA,
            Engine::Postgres(_) => postgres_engine::SCHEMA,
        };
        self.read_blocking(move |tx| {
            let mut text = String::new();
            for row in tx.query(sql, &[])? {
                text.push_str(row.text(0)?);
                text.push('\n');
            }
            Ok(text)
        })
    }
}

/// Rows to add to one table at once.
pub struct Bulk {
    /// Table.
    pub table: &'static str,
    /// Its columns, in the order of the values.
    pub columns: &'static [&'static str],
    /// The `INSERT` of one such row.
    pub insert: &'static str,
}

/// A transaction. Ends with the unit of work: committed when the unit answers `Ok`, undone otherwise.
pub struct Tx<'a> {
    inner: Inner<'a>,
}

enum Inner<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(postgres_engine::Session<'a>),
}

impl Tx<'_> {
    /// Rows of a query.
    pub fn query(&mut self, sql: &'static str, args: &[Value<'_>]) -> Result<Vec<Row>, Error> {
        match &mut self.inner {
            Inner::Sqlite(connection) => sqlite_engine::query(connection, sql, args),
            Inner::Postgres(session) => session.query(sql, args),
        }
    }

    /// The first row of a query, if there is one.
    pub fn query_opt(&mut self, sql: &'static str, args: &[Value<'_>]) -> Result<Option<Row>, Error> {
        Ok(self.query(sql, args)?.into_iter().next())
    }

    /// Runs a statement and answers how many rows it touched.
    pub fn execute(&mut self, sql: &'static str, args: &[Value<'_>]) -> Result<u64, Error> {
        match &mut self.inner {
            Inner::Sqlite(connection) => sqlite_engine::execute(connection, sql, args),
            Inner::Postgres(session) => session.execute(sql, args),
        }
    }

    /// Runs several statements without parameters: migrations only.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        match &mut self.inner {
            Inner::Sqlite(connection) => connection.execute_batch(sql).map_err(sqlite_engine::error),
            Inner::Postgres(session) => session.batch(sql),
        }
    }

    /// Adds many rows: `COPY` on PostgreSQL, a prepared insert in a loop on SQLite. All or nothing within the unit.
    ///
    /// # Errors
    /// [`Error::Conflict`] if one of the rows is already there; the transaction is then of no further use.
    pub fn insert_many(&mut self, bulk: &Bulk, rows: &[Vec<Value<'_>>]) -> Result<(), Error> {
        match &mut self.inner {
            Inner::Sqlite(connection) => sqlite_engine::insert_many(connection, bulk, rows),
            Inner::Postgres(session) => session.copy(bulk, rows),
        }
    }

    /// Prepares a statement and says how many parameters it takes: the test that prepares every statement.
    pub fn prepare(&mut self, sql: &'static str) -> Result<usize, Error> {
        match &mut self.inner {
            Inner::Sqlite(connection) => Ok(connection.prepare(sql).map_err(sqlite_engine::error)?.parameter_count()),
            Inner::Postgres(session) => session.prepare(sql),
        }
    }
}

/// A connection beside the store's own, for measurements and the databases that they make. The way there is guarded all the same.
///
/// # Errors
/// [`Error::Broken`] for an address that cannot be read or would go to another machine unguarded, or if nobody answers.
pub fn bare_connection(url: &str, network_is_guarded: bool) -> Result<postgres::Client, Error> {
    let address = address::Address::read(url, network_is_guarded)?;
    address.config.connect(address.tls).map_err(|e| postgres_engine::error(&e))
}

/// Units that may wait for an engine; more are refused as [`Error::Busy`], so that overload is told and memory stays bounded.
const WAITING: usize = 4096;

/// Tells a unit's caller that the engine cannot take it now.
fn refuse(unit: Unit) {
    unit(Err(Error::Busy("too many units of work wait".to_owned()))).1(Ok(()));
}

/// How long a unit waits for a lock of another process before it is [`Error::Busy`].
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// Makes the arguments of a statement: `args![insurer_no, day]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::db::Value::from($value)),*] };
}

/// Declares the SQL of a module: constants, and the list that the prepare-all test walks.
#[macro_export]
macro_rules! statements {
    ($($name:ident = $sql:expr;)+) => {
        $(const $name: &str = $sql;)+
        /// Every statement of this module with its name.
        pub(crate) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}
