//! Attempts that came to nothing: logins that failed, one row for a login, a minute and what was wrong; and how often something was
//! refused before anybody looked at it, by hour and kind. Both stay small under a flood.

use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "f.minute, f.failure_key, f.owner_kind, f.owner_no, f.account_id, f.login, f.what, f.place, f.browser, f.is_spread, f.times, f.last_at, a.name"
    };
}

statements! {
    NOTE = "INSERT INTO login_failure (minute, failure_key, owner_kind, owner_no, account_id, login, what, place, browser, is_spread, times, last_at) \
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 1, ?10) ON CONFLICT (minute, failure_key) DO UPDATE SET times = login_failure.times + 1, \
            last_at = excluded.last_at, is_spread = CASE WHEN login_failure.place = excluded.place THEN login_failure.is_spread ELSE 1 END";
    IS_THERE = "SELECT times FROM login_failure WHERE minute = ?1 AND failure_key = ?2";
    UNKNOWN = "SELECT count(*) FROM login_failure WHERE minute = ?1 AND account_id IS NULL";
    OF_OWNER = concat!("SELECT ", columns!(), " FROM login_failure f LEFT JOIN account a ON a.account_id = f.account_id \
                WHERE f.owner_kind = ?1 AND f.owner_no = ?2 AND (f.minute, f.failure_key) < (?3, ?4) ORDER BY f.minute DESC, f.failure_key DESC LIMIT ?5");
    ALL = concat!("SELECT ", columns!(), " FROM login_failure f LEFT JOIN account a ON a.account_id = f.account_id \
           WHERE (f.minute, f.failure_key) < (?1, ?2) ORDER BY f.minute DESC, f.failure_key DESC LIMIT ?3");
    PURGE = "DELETE FROM login_failure WHERE minute < ?1";
    COUNT = "INSERT INTO refusal_count (hour, kind, times) VALUES (?1, ?2, ?3) ON CONFLICT (hour, kind) DO UPDATE SET \
             times = refusal_count.times + excluded.times";
    COUNTS = "SELECT hour, kind, times FROM refusal_count WHERE hour >= ?1 ORDER BY hour DESC, kind";
    PURGE_COUNTS = "DELETE FROM refusal_count WHERE hour < ?1";
}

/// A login that failed, as often as it did within a minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The minute: `YYYY-MM-DDTHH:MM`, UTC.
    pub minute: String,
    /// What stands for login and reason: a keyed digest.
    pub failure_key: String,
    /// Whose account it is: as in the administrative log; `-` where nobody administers it, or nobody has it.
    pub owner_kind: String,
    /// The owner's number.
    pub owner_no: String,
    /// The account, if there is one with that login.
    pub account_id: Option<String>,
    /// The login of that account; otherwise never what was typed.
    pub login: String,
    /// What was wrong: a short stable code.
    pub what: String,
    /// Address without its end, of the first try.
    pub place: String,
    /// Family of browser and system, of the first try.
    pub browser: String,
    /// Other tries of that minute came from elsewhere.
    pub is_spread: bool,
    /// How often.
    pub times: i64,
    /// When it was last.
    pub last_at: String,
    /// Name of the account's owner.
    pub name: Option<String>,
}

/// Notes a failure, or one more of those that are there.
pub fn note(tx: &mut Tx<'_>, f: &Failure) -> Result<(), Error> {
    let args = args![
        &f.minute,
        &f.failure_key,
        &f.owner_kind,
        &f.owner_no,
        f.account_id.as_ref(),
        &f.login,
        &f.what,
        &f.place,
        &f.browser,
        &f.last_at
    ];
    tx.execute(NOTE, args).map(drop)
}

/// Whether there is such a row already, and how many rows of that minute belong to nobody's login.
pub fn room(tx: &mut Tx<'_>, minute: &str, failure_key: &str) -> Result<(bool, i64), Error> {
    let is_there = tx.query_opt(IS_THERE, args![minute, failure_key])?.is_some();
    let unknown = tx.query_opt(UNKNOWN, args![minute])?.map_or(Ok(0), |row| row.int(0))?;
    Ok((is_there, unknown))
}

/// The failures of an owner's accounts before one (minute and key), the newest first.
pub fn of_owner(
    tx: &mut Tx<'_>,
    (owner_kind, owner_no): (&str, &str),
    (minute, key): (&str, &str),
    most: i32,
) -> Result<Vec<Failure>, Error> {
    tx.query(OF_OWNER, args![owner_kind, owner_no, minute, key, most])?.iter().map(failure).collect()
}

/// Everybody's failures before one (minute and key), the newest first: for the operator.
pub fn all(tx: &mut Tx<'_>, (minute, key): (&str, &str), most: i32) -> Result<Vec<Failure>, Error> {
    tx.query(ALL, args![minute, key, most])?.iter().map(failure).collect()
}

/// Adds to how often something of a kind was refused in an hour (`YYYY-MM-DDTHH`, UTC).
pub fn count(tx: &mut Tx<'_>, hour: &str, kind: &str, times: i32) -> Result<(), Error> {
    tx.execute(COUNT, args![hour, kind, times]).map(drop)
}

/// How often something was refused since an hour: hour, kind, times; the newest first.
pub fn counts(tx: &mut Tx<'_>, since: &str) -> Result<Vec<(String, String, i64)>, Error> {
    let rows = tx.query(COUNTS, args![since])?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned(), row.int(2)?))).collect()
}

/// Forgets what is older than an instant.
pub fn purge(tx: &mut Tx<'_>, before: &str) -> Result<u64, Error> {
    Ok(tx.execute(PURGE, args![before])? + tx.execute(PURGE_COUNTS, args![before])?)
}

fn failure(row: &Row) -> Result<Failure, Error> {
    let text = |i: usize| Ok::<_, Error>(row.text(i)?.to_owned());
    let opt = |i: usize| Ok::<_, Error>(row.opt_text(i)?.map(str::to_owned));
    Ok(Failure {
        minute: text(0)?,
        failure_key: text(1)?,
        owner_kind: text(2)?,
        owner_no: text(3)?,
        account_id: opt(4)?,
        login: text(5)?,
        what: text(6)?,
        place: text(7)?,
        browser: text(8)?,
        is_spread: row.flag(9)?,
        times: row.int(10)?,
        last_at: text(11)?,
        name: opt(12)?,
    })
}
