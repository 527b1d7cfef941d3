//! PostgreSQL: a few threads with a connection each. A connection that failed is closed and made anew, never reused.

use std::collections::HashMap;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use postgres::error::SqlState;
use postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use postgres::{Client, IsolationLevel, Statement, Transaction};

use super::address::{Address, causes};
use super::{Bulk, Error, Inner, LOCK_WAIT, Mode, Row, Tx, Unit, Value};

/// Whether there is a table of that name.
pub(super) const HAS_TABLE: &str =
    "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = CAST(?1 AS text)";
/// Tables and columns of the catalog, in SQLite's type names.
pub(super) const CATALOG: &str = "SELECT c.table_name || '.' || c.column_name || ' ' || \
     CASE c.data_type WHEN 'text' THEN 'TEXT' WHEN 'integer' THEN 'INTEGER' WHEN 'bytea' THEN 'BLOB' ELSE c.data_type END || \
     CASE WHEN c.is_nullable = 'NO' THEN ' NOT NULL' ELSE '' END \
     FROM information_schema.columns c WHERE c.table_schema = current_schema()";
/// The definitions, put together from the catalog.
pub(super) const SCHEMA: &str = "SELECT line FROM (SELECT 1 AS part, c.table_name AS name, lpad(c.ordinal_position::text, 3, '0') AS place, \
     c.table_name || '.' || c.column_name || ' ' || c.data_type || CASE WHEN c.is_nullable = 'NO' THEN ' NOT NULL' ELSE '' END \
     || coalesce(' DEFAULT ' || c.column_default, '') AS line \
     FROM information_schema.columns c WHERE c.table_schema = current_schema() \
     UNION ALL SELECT 2, tablename, indexname, regexp_replace(indexdef, ' ON [a-z_0-9]+\\.', ' ON ') || ';' FROM pg_indexes WHERE schemaname = current_schema()) x \
     ORDER BY part, name COLLATE \"C\", place COLLATE \"C\"";

/// How the driver begins what it says of a handshake that failed; its kinds of errors are private.
const TLS_FAILED: &str = "error performing TLS handshake";

pub(super) struct Postgres {
    units: Sender<(Mode, Unit)>,
}

impl Postgres {
    pub(super) fn open(address: &Address, connections: usize) -> Result<Self, Error> {
        // At the start the operator reads it and needs the reason; later on a caller may come again.
        let mut first = connect(address).map_err(|e| match e {
            Error::Busy(why) => Error::Broken(why),
            Error::Conflict(_) | Error::Broken(_) | Error::NotCovered => e,
        })?;
        check(&mut first)?;
        let (sender, units) = bounded(super::WAITING);
        let mut ready = Some(first);
        for n in 0..connections {
            let (address, units, client) = (address.clone(), units.clone(), ready.take());
            thread::Builder::new()
                .name(format!("kiban-pg-{n}"))
                .spawn(move || serve(&address, client, &units))
                .map_err(|e| Error::Broken(e.to_string()))?;
        }
        Ok(Self { units: sender })
    }

    pub(super) fn send(&self, mode: Mode, unit: Unit) {
        if let Err(full) = self.units.try_send((mode, unit)) {
            super::refuse(full.into_inner().1);
        }
    }
}

fn connect(address: &Address) -> Result<Client, Error> {
    let mut config = address.config.clone();
    config.connect_timeout(LOCK_WAIT).application_name("kiban");
    let mut client = config.connect(address.tls.clone()).map_err(|e| error(&e))?;
    // The commit must reach the disk (law 2), whatever the server's default is.
    client
        .batch_execute("SET synchronous_commit = on; SET lock_timeout = '10s'; SET standard_conforming_strings = on")
        .map_err(|e| error(&e))?;
    Ok(client)
}

/// The order of texts must be that of SQLite: keyset paging and the verification of the log depend on it.
fn check(client: &mut Client) -> Result<(), Error> {
    let row = client.query_one("SELECT 'B' < 'a', current_setting('server_encoding')", &[]).map_err(|e| error(&e))?;
    let (c_order, encoding): (bool, String) = (row.get(0), row.get(1));
    if !c_order || encoding != "UTF8" {
        return Err(Error::Broken(
            "the database needs ENCODING 'UTF8' and the collation C (CREATE DATABASE … LOCALE 'C' TEMPLATE template0)"
                .to_owned(),
        ));
    }
    Ok(())
}

fn serve(address: &Address, mut ready: Option<Client>, units: &Receiver<(Mode, Unit)>) {
    let mut statements = HashMap::new();
    while let Ok((mode, unit)) = units.recv() {
        let fresh = ready.take().filter(|c| !c.is_closed()).map(Ok);
        let client = fresh.unwrap_or_else(|| {
            statements.clear();
            connect(address)
        });
        let mut client = match client {
            Ok(client) => client,
            Err(e) => {
                unit(Err(e)).1(Ok(()));
                thread::sleep(Duration::from_millis(50));
                continue;
            }
        };
        if run(&mut client, &mut statements, mode, unit) {
            ready = Some(client);
        } else {
            statements.clear();
        }
    }
}

/// Runs one unit. Answers whether the connection is clean.
fn run(client: &mut Client, statements: &mut HashMap<&'static str, Statement>, mode: Mode, unit: Unit) -> bool {
    let begun = match mode {
        Mode::Read => {
            client.build_transaction().read_only(true).isolation_level(IsolationLevel::RepeatableRead).start()
        }
        Mode::Write => client.transaction(),
    };
    let transaction = match begun {
        Ok(transaction) => transaction,
        Err(e) => {
            unit(Err(error(&e))).1(Ok(()));
            return false;
        }
    };
    let mut tx = Tx { inner: Inner::Postgres(Session { transaction, statements }) };
    let outcome = catch_unwind(AssertUnwindSafe(|| unit(Ok(&mut tx))));
    let Inner::Postgres(session) = tx.inner else {
        return false;
    };
    match outcome {
        Ok((true, after)) => {
            let end = session.transaction.commit().map_err(|e| error(&e));
            let clean = end.is_ok();
            after(end);
            clean
        }
        Ok((false, after)) => {
            let clean = session.transaction.rollback().is_ok();
            after(Ok(()));
            clean
        }
        Err(_) => session.transaction.rollback().is_ok(),
    }
}

/// A transaction and the statements that its connection has prepared.
pub(super) struct Session<'a> {
    transaction: Transaction<'a>,
    statements: &'a mut HashMap<&'static str, Statement>,
}

impl Session<'_> {
    fn statement(&mut self, sql: &'static str) -> Result<Statement, Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        // The placeholder ?1 of the common text is $1 here; no other ? stands in SQL text.
        let statement = self.transaction.prepare(&sql.replace('?', "$")).map_err(|e| error(&e))?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }

    pub(super) fn prepare(&mut self, sql: &'static str) -> Result<usize, Error> {
        Ok(self.statement(sql)?.params().len())
    }

    pub(super) fn query(&mut self, sql: &'static str, args: &[Value<'_>]) -> Result<Vec<Row>, Error> {
        let statement = self.statement(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = args.iter().map(|v| -> &(dyn ToSql + Sync) { v }).collect();
        let rows = self.transaction.query(&statement, &params).map_err(|e| error(&e))?;
        rows.iter().map(read).collect()
    }

    pub(super) fn execute(&mut self, sql: &'static str, args: &[Value<'_>]) -> Result<u64, Error> {
        let statement = self.statement(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = args.iter().map(|v| -> &(dyn ToSql + Sync) { v }).collect();
        self.transaction.execute(&statement, &params).map_err(|e| error(&e))
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.transaction.batch_execute(sql).map_err(|e| error(&e))
    }

    pub(super) fn copy(&mut self, bulk: &Bulk, rows: &[Vec<Value<'_>>]) -> Result<(), Error> {
        let sql = format!("COPY {} ({}) FROM STDIN", bulk.table, bulk.columns.join(", "));
        let mut writer = self.transaction.copy_in(&sql).map_err(|e| error(&e))?;
        let mut text = Vec::with_capacity(64 * 1024);
        for row in rows {
            copy_line(&mut text, row);
            if text.len() > 60 * 1024 {
                writer.write_all(&text).map_err(|e| Error::Broken(e.to_string()))?;
                text.clear();
            }
        }
        writer.write_all(&text).map_err(|e| Error::Broken(e.to_string()))?;
        writer.finish().map(drop).map_err(|e| error(&e))
    }
}

/// One line of COPY's text format.
fn copy_line(out: &mut Vec<u8>, row: &[Value<'_>]) {
    for (i, value) in row.iter().enumerate() {
        if i > 0 {
            out.push(b'\t');
        }
        match value {
            Value::Null => out.extend_from_slice(b"\\N"),
            Value::Int(n) => out.extend_from_slice(n.to_string().as_bytes()),
            Value::Text(text) => {
                for &byte in text.as_bytes() {
                    match byte {
                        b'\\' => out.extend_from_slice(b"\\\\"),
                        b'\n' => out.extend_from_slice(b"\\n"),
                        b'\r' => out.extend_from_slice(b"\\r"),
                        b'\t' => out.extend_from_slice(b"\\t"),
                        _ => out.push(byte),
                    }
                }
            }
            Value::Bytes(bytes) => {
                out.extend_from_slice(b"\\\\x");
                for byte in bytes.iter() {
                    out.extend_from_slice(format!("{byte:02x}").as_bytes());
                }
            }
        }
    }
    out.push(b'\n');
}

fn read(row: &postgres::Row) -> Result<Row, Error> {
    let bad = |e: postgres::Error| Error::Broken(e.to_string());
    let mut values = Vec::with_capacity(row.len());
    for (i, column) in row.columns().iter().enumerate() {
        let kind = column.type_();
        let value = if *kind == Type::INT4 {
            row.try_get::<_, Option<i32>>(i).map_err(bad)?.map_or(Value::Null, |n| Value::Int(i64::from(n)))
        } else if *kind == Type::INT8 {
            row.try_get::<_, Option<i64>>(i).map_err(bad)?.map_or(Value::Null, Value::Int)
        } else if *kind == Type::BYTEA {
            row.try_get::<_, Option<Vec<u8>>>(i).map_err(bad)?.map_or(Value::Null, |b| Value::Bytes(b.into()))
        } else {
            row.try_get::<_, Option<String>>(i).map_err(bad)?.map_or(Value::Null, |t| Value::Text(t.into()))
        };
        values.push(value);
    }
    Ok(Row(values))
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(n) if *ty == Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
            Value::Int(n) => n.to_sql(ty, out),
            Value::Text(text) => text.as_ref().to_sql(ty, out),
            Value::Bytes(bytes) => bytes.as_ref().to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT4, Type::INT8, Type::TEXT, Type::VARCHAR, Type::BYTEA].contains(ty)
    }

    to_sql_checked!();
}

pub(super) fn error(e: &postgres::Error) -> Error {
    let text = e.as_db_error().map_or_else(|| causes(e), |db| format!("{} ({})", db.message(), db.code().code()));
    if text.starts_with(TLS_FAILED) {
        return Error::Broken(format!(
            "データベースのサーバーとTLSを始められません。パスワードは送っていません。サーバーのTLSの設定、接続先の名前、証明書の期限、\
             sslrootcert を確かめてください（{text}）"
        ));
    }
    match e.code() {
        Some(code) if code.code().starts_with("23") => Error::Conflict(text),
        Some(code)
            if [
                &SqlState::T_R_SERIALIZATION_FAILURE,
                &SqlState::T_R_DEADLOCK_DETECTED,
                &SqlState::LOCK_NOT_AVAILABLE,
            ]
            .contains(&code)
                || code.code().starts_with("53")
                || code.code().starts_with("57") =>
        {
            Error::Busy(text)
        }
        Some(_) => Error::Broken(text),
        // No SQLSTATE: the connection failed.
        None => Error::Busy(text),
    }
}
