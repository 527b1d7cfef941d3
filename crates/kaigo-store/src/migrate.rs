//! Migrations: numbered, forward only, the same text on both engines.

use jiff::Timestamp;

use crate::db::{Db, Error};
use crate::time::instant;

/// The migrations in order.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_ground.sql"),
    include_str!("../migrations/0002_exchange.sql"),
    include_str!("../migrations/0003_circle.sql"),
    include_str!("../migrations/0004_case.sql"),
    include_str!("../migrations/0005_opinion.sql"),
    include_str!("../migrations/0006_filing.sql"),
    include_str!("../migrations/0007_person.sql"),
    include_str!("../migrations/0008_standing.sql"),
    include_str!("../migrations/0009_notice.sql"),
    include_str!("../migrations/0010_disaster.sql"),
    include_str!("../migrations/0011_session.sql"),
    include_str!("../migrations/0012_portal.sql"),
    include_str!("../migrations/0013_account.sql"),
    include_str!("../migrations/0014_certificate.sql"),
    include_str!("../migrations/0015_transparency.sql"),
    include_str!("../migrations/0016_card.sql"),
    include_str!("../migrations/0017_office.sql"),
    include_str!("../migrations/0018_circle_more.sql"),
    include_str!("../migrations/0019_savings.sql"),
    include_str!("../migrations/0020_attempts.sql"),
];

const VERSION_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_version (\n  version INTEGER NOT NULL,\n  applied_at TEXT NOT NULL,\n  PRIMARY KEY (version)\n);";

statements! {
    CURRENT = "SELECT coalesce(max(version), 0) FROM schema_version";
    RECORD = "INSERT INTO schema_version (version, applied_at) VALUES (?1, ?2)";
}

/// Number of the newest migration that a database has; 0: it is empty.
pub fn version(db: &Db) -> Result<i64, Error> {
    if !db.has_table("schema_version")? {
        return Ok(0);
    }
    db.read_blocking(|tx| tx.query_opt(CURRENT, &[])?.map_or(Ok(0), |row| row.int(0)))
}

/// Number of the newest migration of this program.
pub fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Brings the schema up to date. Safe to run from several processes: the second one finds nothing to do or fails and
/// changes nothing. A role that may not define tables is enough where there is nothing to do.
///
/// # Errors
/// [`Error::Broken`] with a sentence for the operator, if there is something to do and the role may not.
pub fn migrate(db: &Db, now: Timestamp) -> Result<(), Error> {
    let needs = newest();
    let has = version(db).map_err(|e| not_permitted(e, "いまのロールは、データベースの表を読めません。"))?;
    if has >= needs {
        return Ok(());
    }
    let behind = format!(
        "データベースの表は版{has}で、このプログラムには版{needs}が要ります。いまのロールは、表を作ったり変えたりできません。"
    );
    define(db, now).map_err(|e| not_permitted(e, &behind))
}

/// Says what to run, where a right is missing.
fn not_permitted(error: Error, what: &str) -> Error {
    match error {
        Error::Broken(why) if why.contains(NOT_PERMITTED) => Error::Broken(format!(
            "{what}表を持つロールで kiban db grant --role 日々使うロール を実行してから、もう一度始めてください（{why}）"
        )),
        Error::Conflict(_) | Error::Busy(_) | Error::Broken(_) | Error::NotCovered => error,
    }
}

/// SQLSTATE of a right that is missing, as errors end with it.
const NOT_PERMITTED: &str = "(42501)";

fn define(db: &Db, now: Timestamp) -> Result<(), Error> {
    let table = db.ddl(VERSION_TABLE);
    db.write_blocking(move |tx| tx.batch(&table))?;
    for (number, text) in (1_i32..).zip(MIGRATIONS) {
        let text = db.ddl(text);
        db.write_blocking(move |tx| {
            let current = tx.query_opt(CURRENT, &[])?.map_or(Ok(0), |row| row.int(0))?;
            if current >= i64::from(number) {
                return Ok(());
            }
            tx.batch(&text)?;
            tx.execute(RECORD, args![number, instant(now)])?;
            Ok::<(), Error>(())
        })?;
    }
    Ok(())
}

/// The texts of the migrations in order.
pub(crate) fn texts() -> &'static [&'static str] {
    MIGRATIONS
}

/// Names of the tables that the migrations make.
pub(crate) fn tables() -> impl Iterator<Item = &'static str> {
    let lines = MIGRATIONS.iter().flat_map(|text| text.lines());
    lines.filter_map(|line| line.strip_prefix("CREATE TABLE ")?.split_whitespace().next())
}

/// Drops every table that the migrations made: only for a database that the demo made and makes anew.
pub fn remove_everything(db: &Db) -> Result<(), Error> {
    let drops: Vec<String> =
        tables().chain(["schema_version"]).map(|table| format!("DROP TABLE IF EXISTS {table};")).collect();
    db.write_blocking(move |tx| tx.batch(&drops.join("\n")))
}
