//! Copies a database into an empty one of either engine, and compares the two row by row.
//!
//! Tables, columns and keys are read from the migrations' own text: what the schema has is copied, whatever it has.

use super::{Bulk, Db, Error, Row, Value};
use crate::migrate;

/// Rows that one transaction copies at most.
const PAGE: i32 = 2_000;

/// A table with the statements that walk it in the order of its key. Made once for the life of the program.
struct Table {
    name: &'static str,
    /// Places of the key's columns.
    key: Vec<usize>,
    /// The first rows: parameter 1 is how many.
    first: &'static str,
    /// The rows after a key: its columns, then how many.
    next: &'static str,
    bulk: Bulk,
}

/// How many rows a table has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Table.
    pub table: &'static str,
    /// Its rows.
    pub rows: u64,
}

/// Copies every row of every table. Both have the same, newest schema. The source is read as it is at one moment on SQLite; on
/// PostgreSQL nobody may write to it meanwhile.
///
/// # Errors
/// [`Error::Conflict`] if the target is not empty. After any other error the target holds a part, and has to be made anew.
pub fn copy(from: &Db, to: &Db) -> Result<Vec<Copied>, Error> {
    let tables = tables()?;
    for table in &tables {
        let first = table.first;
        if to.read_blocking(move |tx| tx.query_opt(first, &[Value::Int(1)]))?.is_some() {
            return Err(Error::Conflict(format!("the table {} of the target is not empty", table.name)));
        }
    }
    let to = to.clone();
    from.read_blocking(move |tx| {
        let mut copied = Vec::with_capacity(tables.len());
        for table in tables {
            let mut page = tx.query(table.first, &[Value::Int(PAGE.into())])?;
            let mut rows = 0;
            let bulk = std::sync::Arc::new(table.bulk);
            while let Some(last) = page.last() {
                rows += u64::try_from(page.len()).unwrap_or(0);
                let args = after(last, &table.key);
                let values: Vec<Vec<Value<'static>>> = page.into_iter().map(|row| row.0).collect();
                let bulk = std::sync::Arc::clone(&bulk);
                to.write_blocking(move |tx| tx.insert_many(&bulk, &values))?;
                page = tx.query(table.next, &args)?;
            }
            copied.push(Copied { table: table.name, rows });
        }
        Ok(copied)
    })
}

/// Compares every row of every table; answers what differs, empty: nothing.
pub fn compare(a: &Db, b: &Db) -> Result<Vec<String>, Error> {
    let mut differences = Vec::new();
    for table in tables()? {
        let mut args = vec![Value::Int(PAGE.into())];
        let mut sql = table.first;
        loop {
            let (args_a, args_b) = (args.clone(), args);
            let page = a.read_blocking(move |tx| tx.query(sql, &args_a))?;
            let other = b.read_blocking(move |tx| tx.query(sql, &args_b))?;
            let same = page.iter().zip(&other).take_while(|(x, y)| x.0 == y.0).count();
            if same != page.len() || same != other.len() {
                let row = page.get(same).or_else(|| other.get(same));
                let key = row.map(|row| after(row, &table.key)).unwrap_or_default();
                differences.push(format!("{}: {:?}", table.name, key));
                break;
            }
            let Some(last) = page.last() else { break };
            args = after(last, &table.key);
            sql = table.next;
        }
    }
    Ok(differences)
}

/// The arguments for the page after a row.
fn after(row: &Row, key: &[usize]) -> Vec<Value<'static>> {
    let mut args: Vec<_> = key.iter().filter_map(|at| row.0.get(*at).cloned()).collect();
    args.push(Value::Int(PAGE.into()));
    args
}

/// Columns that a later migration added to a table: `ALTER TABLE name ADD COLUMN column TYPE;`.
fn added(name: &str) -> Vec<&'static str> {
    let lines = migrate::texts().iter().flat_map(|text| text.lines());
    let column = |line: &'static str| {
        let (table, rest) = line.strip_prefix("ALTER TABLE ")?.split_once(" ADD COLUMN ")?;
        if table == name { rest.split(' ').next() } else { None }
    };
    lines.filter_map(column).collect()
}

/// The tables of the newest schema, as the migrations define them.
fn tables() -> Result<Vec<Table>, Error> {
    let mut tables = Vec::new();
    for text in migrate::texts() {
        for definition in text.split("CREATE TABLE ").skip(1) {
            let body = definition.split("\n);").next().unwrap_or_default();
            tables.push(table(body).ok_or_else(|| Error::Broken(format!("a table without a key: {body}")))?);
        }
    }
    Ok(tables)
}

/// Reads `name (\n  column TYPE …,\n  PRIMARY KEY (…)`.
fn table(definition: &str) -> Option<Table> {
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let (name, body) = definition.split_once(" (\n")?;
    let mut columns: Vec<&'static str> = Vec::new();
    let mut key_names = Vec::new();
    for line in body.lines().map(str::trim) {
        if let Some(list) = line.strip_prefix("PRIMARY KEY (") {
            key_names = list.trim_end_matches([')', ',']).split(", ").collect();
        } else if !line.is_empty() {
            columns.push(leak(line.split(' ').next()?.to_owned()));
        }
    }
    columns.extend(added(name));
    let key: Option<Vec<usize>> = key_names.iter().map(|k| columns.iter().position(|c| c == k)).collect();
    let key = key.filter(|key| !key.is_empty())?;
    let (list, order) = (columns.join(", "), key_names.join(", "));
    let marks = |count: usize| (1..=count).map(|i| format!("?{i}")).collect::<Vec<_>>().join(", ");
    let (keys, all, limit) = (marks(key.len()), marks(columns.len()), key.len() + 1);
    Some(Table {
        name: leak(name.to_owned()),
        first: leak(format!("SELECT {list} FROM {name} ORDER BY {order} LIMIT ?1")),
        next: leak(format!("SELECT {list} FROM {name} WHERE ({order}) > ({keys}) ORDER BY {order} LIMIT ?{limit}")),
        bulk: Bulk {
            table: leak(name.to_owned()),
            insert: leak(format!("INSERT INTO {name} ({list}) VALUES ({all})")),
            columns: Box::leak(columns.into_boxed_slice()),
        },
        key,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_of_the_migrations_is_read() {
        let tables = tables().unwrap();
        let count: usize = migrate::texts().iter().map(|text| text.matches("CREATE TABLE ").count()).sum();
        assert!(count > 20);
        assert_eq!(tables.len(), count);
        let log = tables.iter().find(|t| t.name == "access_log").unwrap();
        assert_eq!((log.key.as_slice(), log.bulk.columns.len()), ([0, 1].as_slice(), 20));
        let account = tables.iter().find(|t| t.name == "account").unwrap();
        assert!(
            ["institution_no", "proxy_id", "supporter_id"].iter().all(|name| account.bulk.columns.contains(name)),
            "columns added later, too"
        );
        assert!(log.next.contains("WHERE (insurer_no, entry_id) > (?1, ?2) ORDER BY insurer_no, entry_id LIMIT ?3"));
    }
}
