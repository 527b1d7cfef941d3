//! The rights of a role for daily use on PostgreSQL: what the statements of this crate need, read from their own text, and no more.
//!
//! It reads and writes rows; it makes, changes and removes no table. Columns that no statement changes it cannot change either, so of
//! an entry of the access log it may fill in the place in the chain and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::{Db, Engine, Error, Value};
use crate::migrate;

/// What the role may do with a table besides reading it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Right {
    /// Adds rows.
    pub insert: bool,
    /// Removes rows.
    pub delete: bool,
    /// Changes these columns.
    pub update: BTreeSet<String>,
}

/// The rights by table; each table of the migrations is there.
pub fn rights() -> BTreeMap<String, Right> {
    let mut rights: BTreeMap<String, Right> =
        migrate::tables().map(|table| (table.to_owned(), Right::default())).collect();
    // The schema's own version is written by who owns the tables.
    for (_, _, sql) in crate::statements().iter().filter(|(module, _, _)| *module != "migrate") {
        for (table, verb) in verbs(sql) {
            let Some(right) = rights.get_mut(table) else { continue };
            match verb {
                Verb::Insert => right.insert = true,
                Verb::Delete => right.delete = true,
                Verb::Update(columns) => right.update.extend(columns),
            }
        }
    }
    rights
}

#[derive(Debug, PartialEq, Eq)]
enum Verb {
    Insert,
    Delete,
    Update(Vec<String>),
}

/// What a statement does to which table; parts of one statement (`WITH`) count on their own.
fn verbs(sql: &str) -> Vec<(&str, Verb)> {
    let mut found = Vec::new();
    let mut target = "";
    let mut rest = sql;
    while let Some((at, word)) = ["INSERT INTO ", "DELETE FROM ", "DO UPDATE SET ", "UPDATE "]
        .iter()
        .filter_map(|word| rest.find(word).map(|at| (at, *word)))
        .min_by_key(|(at, _)| *at)
    {
        rest = rest.get(at + word.len()..).unwrap_or_default();
        let name = rest.split([' ', '(']).next().unwrap_or_default();
        match word {
            "INSERT INTO " => {
                target = name;
                found.push((name, Verb::Insert));
            }
            "DELETE FROM " => found.push((name, Verb::Delete)),
            "DO UPDATE SET " => found.push((target, Verb::Update(columns(rest)))),
            _ => {
                let list = rest.split_once(" SET ").map_or("", |(_, list)| list);
                found.push((name, Verb::Update(columns(list))));
            }
        }
    }
    found
}

/// The columns of `a = …, b = f(…, …) WHERE …`.
fn columns(list: &str) -> Vec<String> {
    let (mut depth, mut piece, mut columns) = (0_usize, String::new(), Vec::new());
    let mut keep = |piece: &mut String| {
        if let Some((name, _)) = piece.split_once('=') {
            columns.push(name.trim().to_owned());
        }
        piece.clear();
    };
    for c in list.chars() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                keep(&mut piece);
                continue;
            }
            _ => {}
        }
        piece.push(c);
        if depth == 0 && [" WHERE ", " FROM ", " RETURNING "].iter().any(|end| piece.ends_with(end)) {
            break;
        }
    }
    keep(&mut piece);
    columns
}

/// An identifier as SQL takes it whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The statements that give a role its rights, and take away what it had before.
fn grants(role: &str, database: &str, schema: &str) -> Vec<String> {
    let (role, database, schema) = (quoted(role), quoted(database), quoted(schema));
    let mut lines = vec![
        format!("GRANT CONNECT ON DATABASE {database} TO {role};"),
        format!("REVOKE CREATE ON DATABASE {database} FROM {role};"),
        format!("REVOKE CREATE ON SCHEMA {schema} FROM {role};"),
        format!("GRANT USAGE ON SCHEMA {schema} TO {role};"),
        format!("REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role};"),
    ];
    for (table, right) in rights() {
        let mut words = vec!["SELECT".to_owned()];
        if right.insert {
            words.push("INSERT".to_owned());
        }
        if !right.update.is_empty() {
            words.push(format!("UPDATE ({})", right.update.into_iter().collect::<Vec<_>>().join(", ")));
        }
        if right.delete {
            words.push("DELETE".to_owned());
        }
        lines.push(format!("GRANT {} ON {schema}.{table} TO {role};", words.join(", ")));
    }
    lines.push(format!("GRANT SELECT ON {schema}.schema_version TO {role};"));
    lines
}

const PLACE: &str = "SELECT current_database()::text, current_schema()::text, current_user::text";
/// Of a role: whether it may do everything, whether it acts as the owner, and whether it may make tables all the same (by way of
/// another role, or because everybody may).
const STANDING: &str = "SELECT CASE WHEN r.rolsuper THEN 1 ELSE 0 END, CASE WHEN pg_has_role(r.oid, current_user, 'MEMBER') THEN 1 ELSE 0 END, \
     CASE WHEN has_schema_privilege(r.oid, current_schema(), 'CREATE') THEN 1 ELSE 0 END FROM pg_roles r WHERE r.rolname = CAST(?1 AS text)";

impl Db {
    /// The statements that give a role for daily use its rights in this database. For the owner of the tables.
    ///
    /// # Errors
    /// [`Error::Broken`] on SQLite, which has no roles.
    pub fn role_grants(&self, role: &str) -> Result<Vec<String>, Error> {
        self.only_with_roles()?;
        let (database, schema, _) = self.place()?;
        Ok(grants(role, &database, &schema))
    }

    /// Gives a role for daily use its rights, all or none.
    ///
    /// # Errors
    /// [`Error::Broken`] with a sentence for the operator: no such role, one that could change the tables all the same, or no right to
    /// give rights.
    pub fn grant_role(&self, role: &str) -> Result<Vec<String>, Error> {
        let lines = self.role_grants(role)?;
        let (_, schema, owner) = self.place()?;
        let (name, batch) = (role.to_owned(), lines.join("\n"));
        self.write_blocking(move |tx| {
            let standing = |tx: &mut super::Tx<'_>| {
                let row = tx.query_opt(STANDING, &[Value::from(&name)])?;
                row.map(|row| Ok::<_, Error>((row.int(0)? == 1, row.int(1)? == 1, row.int(2)? == 1))).transpose()
            };
            match standing(tx)? {
                None => Err(Error::Broken(format!(
                    "ロール {name} がありません。データベースの管理者に、CREATE ROLE {} LOGIN で作ってもらってください。",
                    quoted(&name)
                ))),
                Some((true, _, _)) => Err(Error::Broken(format!(
                    "ロール {name} は何でもできるロール（SUPERUSER）です。日々使うロールには、別のものを作ってください。"
                ))),
                Some((_, true, _)) => Err(Error::Broken(format!(
                    "ロール {name} は、表を持つロール {owner} として動けます。日々使うロールには、別のものを作ってください。"
                ))),
                Some(_) => Ok(()),
            }?;
            tx.batch(&batch)?;
            if standing(tx)?.is_some_and(|(_, _, may_create)| may_create) {
                return Err(Error::Broken(format!(
                    "ロール {name} は、ほかのロールか PUBLIC の権限で、まだ表を作れます。何も変えていません。\
                     スキーマの持ち主が REVOKE CREATE ON SCHEMA {} FROM PUBLIC を実行してから、やりなおしてください。",
                    quoted(&schema)
                )));
            }
            Ok(())
        })?;
        Ok(lines)
    }

    fn only_with_roles(&self) -> Result<(), Error> {
        match &*self.engine {
            Engine::Postgres(_) => Ok(()),
            Engine::Sqlite(_) => Err(Error::Broken(
                "組み込みのデータベース（SQLite）にロールはありません。ファイルの権限で守ってください。".to_owned(),
            )),
        }
    }

    /// Database, schema and role of the connection.
    fn place(&self) -> Result<(String, String, String), Error> {
        self.read_blocking(|tx| {
            let row = tx.query_opt(PLACE, &[])?;
            let row = row.ok_or_else(|| Error::Broken("the server does not say where we are".to_owned()))?;
            let text = |i: usize| Ok::<_, Error>(row.opt_text(i)?.unwrap_or_default().to_owned());
            Ok((text(0)?, text(1)?, text(2)?))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_statement_does_is_read_from_its_text() {
        let update = |names: &[&str]| Verb::Update(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(verbs("SELECT updated_at FROM a WHERE b = ?1"), []);
        assert_eq!(
            verbs(
                "INSERT INTO a (b, c) VALUES (?1, ?2) ON CONFLICT (b) DO UPDATE SET c = coalesce(excluded.c, 0), d = 1 WHERE a.b < 3 RETURNING c"
            ),
            [("a", Verb::Insert), ("a", update(&["c", "d"]))]
        );
        assert_eq!(
            verbs(
                "UPDATE a SET b = CASE WHEN c = 1 THEN 2 ELSE 3 END, d = (SELECT max(e) FROM f WHERE g = 1) WHERE h = ?1"
            ),
            [("a", update(&["b", "d"]))]
        );
        assert_eq!(
            verbs("WITH x AS (DELETE FROM a WHERE b = ?1 RETURNING c) UPDATE d SET e = v.e FROM x v WHERE d.c = v.c"),
            [("a", Verb::Delete), ("d", update(&["e"]))]
        );
    }

    #[test]
    fn logs_are_added_to_and_nothing_else() {
        let rights = rights();
        let right = |table: &str| rights.get(table).unwrap().clone();
        let only_adds = Right { insert: true, ..Right::default() };
        for table in ["access_seal", "admin_log", "log_checkpoint", "log_cosignature"] {
            assert_eq!(right(table), only_adds, "{table}");
        }
        // The place in the chain is given after the look; an entry is never changed.
        let placed = ["chain", "seq"].map(str::to_owned).into();
        assert_eq!(right("access_log"), Right { update: placed, ..only_adds });
    }
}
