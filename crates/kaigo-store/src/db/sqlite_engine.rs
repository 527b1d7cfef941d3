//! SQLite: one writer thread that commits many units of work with one fsync, and a few readers on snapshots.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql};

use super::{AfterCommit, Bulk, Error, Inner, LOCK_WAIT, Mode, Row, Tx, Unit, Value};

/// Whether there is a table of that name.
pub(super) const HAS_TABLE: &str = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1";
/// Tables and columns of the catalog.
pub(super) const CATALOG: &str = "SELECT m.name || '.' || c.name || ' ' || c.type || CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN ' NOT NULL' ELSE '' END \
     FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
/// The definitions as they are.
pub(super) const SCHEMA: &str = "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name";

/// How many units one commit takes at most: bounds what a failing commit takes with it.
const BATCH: usize = 256;
/// Reader threads. Two cores serve best with a few more threads than cores.
const READERS: usize = 4;

pub(super) struct Sqlite {
    writer: Sender<Unit>,
    readers: Sender<Unit>,
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let connection = connect(path, 64)?;
        let (writer, units) = bounded(super::WAITING);
        let again = path.to_owned();
        spawn("kiban-writer", move || write_loop(connection, &again, &units))?;
        let (readers, units) = bounded::<Unit>(super::WAITING);
        for n in 0..READERS {
            let connection = connect(path, 8)?;
            let units = units.clone();
            spawn(&format!("kiban-reader-{n}"), move || read_loop(&connection, &units))?;
        }
        Ok(Self { writer, readers })
    }

    pub(super) fn send(&self, mode: Mode, unit: Unit) {
        let to = match mode {
            Mode::Write => &self.writer,
            Mode::Read => &self.readers,
        };
        if let Err(full) = to.try_send(unit) {
            super::refuse(full.into_inner());
        }
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    thread::Builder::new().name(name.to_owned()).spawn(work).map(drop).map_err(|e| Error::Broken(e.to_string()))
}

/// Opens a connection with a page cache of so many MiB: a scan fills it, so readers get little.
fn connect(path: &Path, cache_mib: i32) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(error)?;
    connection.busy_timeout(LOCK_WAIT).map_err(error)?;
    connection.set_prepared_statement_cache_capacity(256);
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; \
             PRAGMA wal_autocheckpoint = 4000;",
        )
        .map_err(error)?;
    connection.pragma_update(None, "cache_size", -1024 * cache_mib).map_err(error)?;
    Ok(connection)
}

/// Takes units until the channel closes. A connection on which a transaction could not be ended is replaced.
fn write_loop(mut connection: Connection, path: &Path, units: &Receiver<Unit>) {
    while let Ok(first) = units.recv() {
        if run_batch(&connection, first, units).is_err() {
            match connect(path, 64) {
                Ok(fresh) => connection = fresh,
                Err(_) => thread::sleep(std::time::Duration::from_millis(100)),
            }
        }
    }
}

/// Runs units in one transaction, each within a savepoint of its own, and commits once.
///
/// # Errors
/// The connection is not fit for use any more.
fn run_batch(connection: &Connection, first: Unit, units: &Receiver<Unit>) -> Result<(), ()> {
    if let Err(e) = run(connection, "BEGIN IMMEDIATE") {
        first(Err(e)).1(Ok(()));
        return Ok(());
    }
    let mut waiting: Vec<AfterCommit> = Vec::new();
    let mut next = Some(first);
    let mut lost = None;
    while let Some(unit) = next.take() {
        match one(connection, unit) {
            Ok(Some(after)) => waiting.push(after),
            Ok(None) => {}
            Err(e) => {
                lost = Some(e);
                break;
            }
        }
        if waiting.len() < BATCH {
            next = units.try_recv().ok();
        }
    }
    let end = match lost {
        Some(e) => Err(e),
        None => run(connection, "COMMIT"),
    };
    if end.is_err() && !connection.is_autocommit() {
        drop(run(connection, "ROLLBACK"));
    }
    for after in waiting {
        after(end.clone());
    }
    if connection.is_autocommit() { Ok(()) } else { Err(()) }
}

/// Runs one unit within a savepoint. `Ok(None)`: the unit failed, is undone and answered.
///
/// # Errors
/// The whole transaction is gone (full disk, damaged file): nothing of the batch is kept.
fn one(connection: &Connection, unit: Unit) -> Result<Option<AfterCommit>, Error> {
    run(connection, "SAVEPOINT unit")?;
    let mut tx = Tx { inner: Inner::Sqlite(connection) };
    let outcome = catch_unwind(AssertUnwindSafe(|| unit(Ok(&mut tx))));
    let alive = !connection.is_autocommit();
    match outcome {
        Ok((true, after)) if alive => {
            if let Err(e) = run(connection, "RELEASE unit") {
                after(Err(e.clone()));
                return Err(e);
            }
            Ok(Some(after))
        }
        Ok((_, after)) => {
            let undone =
                if alive { undo(connection) } else { Err(Error::Broken("the transaction was lost".to_owned())) };
            after(undone.clone());
            undone.map(|()| None)
        }
        // The unit's reply was dropped with it: its caller is told that the unit was lost.
        Err(_) if alive => undo(connection).map(|()| None),
        Err(_) => Err(Error::Broken("the transaction was lost".to_owned())),
    }
}

fn undo(connection: &Connection) -> Result<(), Error> {
    run(connection, "ROLLBACK TO unit")?;
    run(connection, "RELEASE unit")
}

fn read_loop(connection: &Connection, units: &Receiver<Unit>) {
    while let Ok(unit) = units.recv() {
        if let Err(e) = run(connection, "BEGIN") {
            unit(Err(e)).1(Ok(()));
            continue;
        }
        let mut tx = Tx { inner: Inner::Sqlite(connection) };
        let outcome = catch_unwind(AssertUnwindSafe(|| unit(Ok(&mut tx))));
        // A reader changes nothing: whatever it did is undone.
        drop(run(connection, "ROLLBACK"));
        if let Ok((_, after)) = outcome {
            after(Ok(()));
        }
    }
}

fn run(connection: &Connection, sql: &str) -> Result<(), Error> {
    connection.prepare_cached(sql).and_then(|mut s| s.execute([])).map(drop).map_err(error)
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(n) => ValueRef::Integer(*n),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

pub(super) fn query(connection: &Connection, sql: &'static str, args: &[Value<'_>]) -> Result<Vec<Row>, Error> {
    let mut statement = connection.prepare_cached(sql).map_err(error)?;
    let width = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(args)).map_err(error)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next().map_err(error)? {
        let mut values = Vec::with_capacity(width);
        for i in 0..width {
            values.push(match row.get_ref(i).map_err(error)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(n) => Value::Int(n),
                ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned().into()),
                ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec().into()),
                ValueRef::Real(_) => return Err(Error::Broken("a real number in the database".to_owned())),
            });
        }
        out.push(Row(values));
    }
    Ok(out)
}

pub(super) fn execute(connection: &Connection, sql: &'static str, args: &[Value<'_>]) -> Result<u64, Error> {
    let mut statement = connection.prepare_cached(sql).map_err(error)?;
    let n = statement.execute(rusqlite::params_from_iter(args)).map_err(error)?;
    Ok(u64::try_from(n).unwrap_or(0))
}

pub(super) fn insert_many(connection: &Connection, bulk: &Bulk, rows: &[Vec<Value<'_>>]) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(bulk.insert).map_err(error)?;
    for row in rows {
        statement.execute(rusqlite::params_from_iter(row)).map_err(error)?;
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "used as map_err(error)")]
pub(super) fn error(e: rusqlite::Error) -> Error {
    match e.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => Error::Conflict(e.to_string()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy(e.to_string()),
        _ => Error::Broken(e.to_string()),
    }
}
