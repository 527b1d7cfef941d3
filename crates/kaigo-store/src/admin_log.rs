//! The administrative log: what administrators did to accounts, certificates and settings. Rows are only added.
//!
//! It stands in the transaction of what it tells. Each owner (an office, an insurer, the operator) sees its own; the operator sees
//! all. It names accounts, never insured persons.

use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "owner_kind, owner_no, entry_id, done_at, account_id, account_name, act, subject, detail"
    };
}

statements! {
    INSERT = concat!("INSERT INTO admin_log (", columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) \
              ON CONFLICT (owner_kind, owner_no, entry_id) DO NOTHING");
    OF_OWNER = concat!("SELECT ", columns!(), " FROM admin_log WHERE owner_kind = ?1 AND owner_no = ?2 AND entry_id < ?3 \
                ORDER BY entry_id DESC LIMIT ?4");
    AFTER = concat!("SELECT ", columns!(), " FROM admin_log WHERE (entry_id, owner_kind, owner_no) > (?1, ?2, ?3) \
             ORDER BY entry_id, owner_kind, owner_no LIMIT ?4");
    ALL = concat!("SELECT ", columns!(), " FROM admin_log WHERE entry_id < ?1 ORDER BY entry_id DESC LIMIT ?2");
}

/// Kind of owner: an office; its number is the key.
pub const OFFICE: &str = "office";
/// Kind of owner: an insurer; its number is the key.
pub const INSURER: &str = "insurer";
/// Kind of owner: the operator; the key is [`NO_KEY`].
pub const OPERATOR: &str = "operator";
/// The key of an owner of which there is only one.
pub const NO_KEY: &str = "-";

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose log: [`OFFICE`], [`INSURER`] or [`OPERATOR`].
    pub owner_kind: String,
    /// The owner's number.
    pub owner_no: String,
    /// Identifier that sorts by time (`Ids::timed`).
    pub entry_id: String,
    /// When.
    pub done_at: String,
    /// The account that acted.
    pub account_id: String,
    /// Its owner's name at that time.
    pub account_name: String,
    /// What was done: a short stable code, `invite`, `suspend`, `issue-certificate` …
    pub act: String,
    /// To what or whom: a name that the owner knows. Never an insured person.
    pub subject: String,
    /// What else the reader must know, Japanese; may be empty.
    pub detail: String,
}

/// Adds an entry. One with an identifier that is there already is not added again.
pub fn append(tx: &mut Tx<'_>, e: &Entry) -> Result<(), Error> {
    let args = args![
        &e.owner_kind,
        &e.owner_no,
        &e.entry_id,
        &e.done_at,
        &e.account_id,
        &e.account_name,
        &e.act,
        &e.subject,
        &e.detail
    ];
    tx.execute(INSERT, args).map(drop)
}

/// The owner's entries before one (its identifier; `g` for the newest), the newest first.
pub fn of_owner(
    tx: &mut Tx<'_>,
    (owner_kind, owner_no): (&str, &str),
    before: &str,
    most: i32,
) -> Result<Vec<Entry>, Error> {
    tx.query(OF_OWNER, args![owner_kind, owner_no, before, most])?.iter().map(entry).collect()
}

/// Everybody's entries before one (its identifier; `g` for the newest), the newest first: for the operator.
pub fn all(tx: &mut Tx<'_>, before: &str, most: i32) -> Result<Vec<Entry>, Error> {
    tx.query(ALL, args![before, most])?.iter().map(entry).collect()
}

/// Everybody's entries after one (identifier, kind and number of the owner), the oldest first: for another system.
pub fn after(
    tx: &mut Tx<'_>,
    (entry_id, owner_kind, owner_no): (&str, &str, &str),
    most: i32,
) -> Result<Vec<Entry>, Error> {
    tx.query(AFTER, args![entry_id, owner_kind, owner_no, most])?.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<Entry, Error> {
    let own = |i: usize| Ok::<_, Error>(row.text(i)?.to_owned());
    Ok(Entry {
        owner_kind: own(0)?,
        owner_no: own(1)?,
        entry_id: own(2)?,
        done_at: own(3)?,
        account_id: own(4)?,
        account_name: own(5)?,
        act: own(6)?,
        subject: own(7)?,
        detail: own(8)?,
    })
}
