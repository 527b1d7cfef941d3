//! The access log (閲覧履歴): one entry for every look at a person, kept with the look.
//!
//! An entry is added in the transaction of what it tells, without a place in any order: no lock is shared on the hot path.
//! A leased job gives the entries their places in the insurer's chain, within a second, in the order in which it finds them
//! committed; so a part of the log that was read once never grows entries in its middle. Nothing else ever changes a row.
//! In the same transaction the public tree over commitments to the entries grows ([`log_tree`]).

use std::collections::BTreeMap;

use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::{Act, ActGrant, Grant, Item};
use kaigo_ledger::grow::commitment;
use kaigo_ledger::{Hash, entry_bytes, genesis, leaf, link, seal_text};

use crate::db::{Bulk, Error, Row, Tx, Value};
use crate::log_tree::{self, Headed};

macro_rules! columns {
    () => {
        "insurer_no, entry_id, insured_no, account_id, account_name, office_no, office_name, job, act, items, document, purpose, \
         outcome, rule, consent_used, request_id, completed_at, salt"
    };
}

statements! {
    INSERT = concat!("INSERT INTO access_log (", columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, \
              ?14, ?15, ?16, ?17, ?18) ON CONFLICT (insurer_no, entry_id) DO NOTHING");
    OF_PERSON = concat!("SELECT ", columns!(), ", seq, chain FROM access_log WHERE insurer_no = ?1 AND insured_no = ?2 \
                 AND (completed_at, entry_id) < (?3, ?4) ORDER BY completed_at DESC, entry_id DESC LIMIT ?5");
    OF_PERSON_BY_OFFICE = concat!("SELECT ", columns!(), ", seq, chain FROM access_log WHERE insurer_no = ?1 AND insured_no = ?2 \
                 AND (completed_at, entry_id) < (?3, ?4) AND office_no = ?6 ORDER BY completed_at DESC, entry_id DESC LIMIT ?5");
    OF_OFFICE = concat!("SELECT ", columns!(), " FROM access_log WHERE office_no = ?1 AND completed_at >= ?2 AND completed_at < ?3 \
                 ORDER BY completed_at DESC, entry_id DESC LIMIT ?4");
    OF_OFFICE_BY_ACCOUNT = concat!("SELECT ", columns!(), " FROM access_log WHERE office_no = ?1 AND completed_at >= ?2 AND completed_at < ?3 \
                 AND account_id = ?5 ORDER BY completed_at DESC, entry_id DESC LIMIT ?4");
    ONE = concat!("SELECT ", columns!(), ", seq, chain FROM access_log WHERE insurer_no = ?1 AND insured_no = ?2 AND entry_id = ?3");
    UNSEALED = concat!("SELECT ", columns!(), " FROM access_log WHERE seq IS NULL ORDER BY insurer_no, entry_id LIMIT ?1");
    HEAD = "SELECT seal_no, last_seq, head FROM access_seal WHERE insurer_no = ?1 ORDER BY seal_no DESC LIMIT 1";
    PLACE = "UPDATE access_log SET seq = ?3, chain = ?4 WHERE insurer_no = ?1 AND entry_id = ?2 AND seq IS NULL";
    SEAL = "INSERT INTO access_seal (insurer_no, seal_no, last_seq, head, sealed_at, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    LOGS = "SELECT DISTINCT insurer_no FROM (SELECT insurer_no FROM access_seal UNION SELECT insurer_no FROM access_log) x ORDER BY insurer_no";
    SEQ = concat!("SELECT ", columns!(), ", seq, chain FROM access_log WHERE insurer_no = ?1 AND seq > ?2 AND seq IS NOT NULL \
           ORDER BY seq LIMIT ?3");
    FIRST_SINCE = "SELECT min(seq) FROM access_log WHERE insurer_no = ?1 AND seq IS NOT NULL AND completed_at >= ?2";
    SEALS = "SELECT seal_no, last_seq, head, sealed_at, signature FROM access_seal WHERE insurer_no = ?1 AND seal_no > ?2 ORDER BY seal_no LIMIT ?3";
    WAITING = "SELECT count(*) FROM access_log WHERE insurer_no = ?1 AND seq IS NULL";
    COUNT = "SELECT count(*) FROM access_log WHERE insurer_no = ?1";
}

/// Entries as rows of their table.
const ENTRIES: Bulk = Bulk {
    table: "access_log",
    columns: &[
        "insurer_no",
        "entry_id",
        "insured_no",
        "account_id",
        "account_name",
        "office_no",
        "office_name",
        "job",
        "act",
        "items",
        "document",
        "purpose",
        "outcome",
        "rule",
        "consent_used",
        "request_id",
        "completed_at",
        "salt",
    ],
    insert: INSERT,
};

/// How a look ended (結果).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was shown, or done.
    Done,
    /// The policy said no.
    Refused,
    /// It was allowed but failed.
    Failed,
}

impl Outcome {
    /// Name in the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Insurer of the person, and so the chain it goes into.
    pub insurer_no: String,
    /// Identifier: time and randomness, or derived from what it tells where only the first of a day counts.
    pub entry_id: String,
    /// The person.
    pub insured_no: String,
    /// Account that looked.
    pub account_id: String,
    /// Its owner's name at that time.
    pub account_name: String,
    /// Office, for staff.
    pub office_no: Option<String>,
    /// The office's name at that time.
    pub office_name: Option<String>,
    /// Job (職種) of the account.
    pub job: Option<String>,
    /// What was done: `view`, `list`, `list-documents`, `open-document`, `fetch-document`, or the code of an act.
    pub act: String,
    /// Items of the sharing table, comma separated.
    pub items: String,
    /// The document that was opened.
    pub document: Option<String>,
    /// Purpose (利用目的).
    pub purpose: String,
    /// How it ended.
    pub outcome: String,
    /// The rule that said no, or the code of the failure.
    pub rule: Option<String>,
    /// Whether the person's consent was needed.
    pub consent_used: bool,
    /// The request it belongs to.
    pub request_id: String,
    /// When it was completed.
    pub completed_at: String,
    /// Random salt of the leaf.
    pub salt: String,
}

/// An entry with its place in the chain, once it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The entry.
    pub entry: Entry,
    /// Its place in the insurer's chain, from 1.
    pub seq: Option<i64>,
    /// The chain's head after it.
    pub chain: Option<String>,
}

/// A seal over the chain up to a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Number of the seal, from 1.
    pub seal_no: i64,
    /// Place of the last entry under it.
    pub last_seq: i64,
    /// The chain's head there.
    pub head: String,
    /// When it was sealed.
    pub sealed_at: String,
    /// Signature over [`seal_text`], hex.
    pub signature: String,
}

/// Places of the fields that may be absent: office, its name, job, document, rule.
const OPTIONAL: [usize; 5] = [5, 6, 7, 10, 13];

/// The bytes that are hashed, from the fields of [`Entry::fields`]; none if one is missing or a needed one absent. An absent field
/// differs from an empty one.
pub fn bytes_of(fields: &[Option<String>]) -> Option<Vec<u8>> {
    if fields.len() != 18 {
        return None;
    }
    let texts: Option<Vec<String>> = fields
        .iter()
        .enumerate()
        .map(|(place, field)| match (OPTIONAL.contains(&place), field) {
            (true, None) => Some("-".to_owned()),
            (true, Some(text)) => Some(format!("+{text}")),
            (false, field) => field.clone(),
        })
        .collect();
    Some(entry_bytes(texts?.iter().map(String::as_str)))
}

impl Entry {
    /// Every field, in the order in which the bytes are made.
    pub fn fields(&self) -> Vec<Option<String>> {
        let is = |text: &String| Some(text.clone());
        vec![
            is(&self.insurer_no),
            is(&self.entry_id),
            is(&self.insured_no),
            is(&self.account_id),
            is(&self.account_name),
            self.office_no.clone(),
            self.office_name.clone(),
            self.job.clone(),
            is(&self.act),
            is(&self.items),
            self.document.clone(),
            is(&self.purpose),
            is(&self.outcome),
            self.rule.clone(),
            Some(if self.consent_used { "1" } else { "0" }.to_owned()),
            is(&self.request_id),
            is(&self.completed_at),
            is(&self.salt),
        ]
    }

    /// The bytes that are hashed: every field in this order.
    pub fn bytes(&self) -> Vec<u8> {
        bytes_of(&self.fields()).unwrap_or_default()
    }
}

/// Adds an entry. One with an identifier that is there already is not added again.
pub fn append(tx: &mut Tx<'_>, entry: &Entry) -> Result<(), Error> {
    tx.execute(INSERT, &values(entry)).map(drop)
}

/// Adds entries whose identifiers are new, in one step where the engine has one.
pub fn append_all(tx: &mut Tx<'_>, entries: &[Entry]) -> Result<(), Error> {
    let rows: Vec<Vec<Value<'_>>> = entries.iter().map(|entry| values(entry).into()).collect();
    tx.insert_many(&ENTRIES, &rows)
}

fn values(e: &Entry) -> [Value<'_>; 18] {
    [
        Value::from(&e.insurer_no),
        Value::from(&e.entry_id),
        Value::from(&e.insured_no),
        Value::from(&e.account_id),
        Value::from(&e.account_name),
        Value::from(e.office_no.as_ref()),
        Value::from(e.office_name.as_ref()),
        Value::from(e.job.as_ref()),
        Value::from(&e.act),
        Value::from(&e.items),
        Value::from(e.document.as_ref()),
        Value::from(&e.purpose),
        Value::from(&e.outcome),
        Value::from(e.rule.as_ref()),
        Value::from(e.consent_used),
        Value::from(&e.request_id),
        Value::from(&e.completed_at),
        Value::from(&e.salt),
    ]
}

/// Where a page of the log starts: entries before this one, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// Instant of the last entry seen.
    pub completed_at: String,
    /// Its identifier.
    pub entry_id: String,
}

impl Default for Before {
    fn default() -> Self {
        Self { completed_at: "9999".to_owned(), entry_id: String::new() }
    }
}

/// The person's log, the newest first: all of it, or what one office did.
pub fn of_person(
    tx: &mut Tx<'_>,
    grant: &Grant,
    office_no: Option<OfficeNo>,
    before: &Before,
    limit: i32,
) -> Result<Vec<Placed>, Error> {
    let (insurer_no, insured_no) = (grant.insurer_no(), grant.insured_no());
    let rows = match office_no {
        Some(office_no) => tx.query(
            OF_PERSON_BY_OFFICE,
            args![insurer_no, insured_no, &before.completed_at, &before.entry_id, limit, office_no],
        )?,
        None if grant.covers(Item::AccessLog) => {
            tx.query(OF_PERSON, args![insurer_no, insured_no, &before.completed_at, &before.entry_id, limit])?
        }
        None => return Err(Error::NotCovered),
    };
    rows.iter().map(placed).collect()
}

/// What the staff of an office did between two instants, the newest first: everybody's, or one account's. For the administrator of the
/// office (the right to manage its staff); across the insurers of its people.
pub fn of_office(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    office_no: OfficeNo,
    account_id: Option<&str>,
    (from, until): (&str, &str),
    limit: i32,
) -> Result<Vec<Entry>, Error> {
    if grant.act() != Act::ManageStaff || grant.office_no() != Some(office_no) {
        return Err(Error::NotCovered);
    }
    let rows = match account_id {
        Some(account_id) => tx.query(OF_OFFICE_BY_ACCOUNT, args![office_no, from, until, limit, account_id])?,
        None => tx.query(OF_OFFICE, args![office_no, from, until, limit])?,
    };
    rows.iter().map(entry).collect()
}

/// One entry of the person's log.
pub fn of_person_one(tx: &mut Tx<'_>, grant: &Grant, entry_id: &str) -> Result<Option<Placed>, Error> {
    if !grant.covers(Item::AccessLog) {
        return Err(Error::NotCovered);
    }
    tx.query_opt(ONE, args![grant.insurer_no(), grant.insured_no(), entry_id])?.as_ref().map(placed).transpose()
}

/// Signs the text of a seal; answers hex.
pub type Signer<'a> = &'a (dyn Fn(&str) -> String + Sync);

/// Gives places to entries that have none, at most `limit`, seals each chain that grew, and lets its public tree grow along.
/// Answers how many, and whose tree lags behind (see [`catch_up`]).
pub fn seal(
    tx: &mut Tx<'_>,
    limit: i32,
    now: &str,
    sign: Signer<'_>,
    head_of: Headed<'_>,
) -> Result<(usize, Vec<String>), Error> {
    let mut lagging = Vec::new();
    let rows = tx.query(UNSEALED, args![limit])?;
    let mut by_insurer: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for row in &rows {
        let entry = entry(row)?;
        by_insurer.entry(entry.insurer_no.clone()).or_default().push(entry);
    }
    for (insurer_no, entries) in by_insurer {
        let last = tx.query_opt(HEAD, args![&insurer_no])?;
        let (seal_no, mut seq, mut head) = match last {
            Some(row) => (row.int(0)?, row.int(1)?, hash(row.text(2)?)?),
            None => (0, 0, genesis(&insurer_no)),
        };
        let keeps_up = log_tree::size(tx, &insurer_no)? == u64::try_from(seq).unwrap_or(0);
        let mut leaves = Vec::with_capacity(entries.len());
        for entry in entries {
            seq += 1;
            let bytes = entry.bytes();
            head = link(head, leaf(&bytes));
            leaves.push(commitment(&bytes).to_vec());
            if tx.execute(PLACE, args![&insurer_no, &entry.entry_id, seq, head.to_hex()])? != 1 {
                return Err(Error::Conflict("an entry was placed by another job".to_owned()));
            }
        }
        let signature = sign(&seal_text(&insurer_no, seal_no + 1, seq, head, now));
        tx.execute(SEAL, args![&insurer_no, seal_no + 1, seq, head.to_hex(), now, signature])?;
        if keeps_up {
            log_tree::grow(tx, &insurer_no, &leaves, head_of, now)?;
        } else {
            lagging.push(insurer_no);
        }
    }
    Ok((rows.len(), lagging))
}

/// Lets a tree grow by entries that have their place already, at most `limit`: a log that is older than its tree. Answers how many.
pub fn catch_up(tx: &mut Tx<'_>, insurer_no: &str, limit: i32, now: &str, head_of: Headed<'_>) -> Result<usize, Error> {
    let size = log_tree::size(tx, insurer_no)?;
    let rows = after(tx, insurer_no, i64::try_from(size).unwrap_or(i64::MAX), limit)?;
    let leaves: Vec<Vec<u8>> = rows.iter().map(|row| commitment(&row.entry.bytes()).to_vec()).collect();
    log_tree::grow(tx, insurer_no, &leaves, head_of, now)?;
    Ok(leaves.len())
}

/// The insurers that have a log.
pub fn logs(tx: &mut Tx<'_>) -> Result<Vec<String>, Error> {
    tx.query(LOGS, &[])?.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}

/// Entries of a chain after a place, in order.
pub fn after(tx: &mut Tx<'_>, insurer_no: &str, seq: i64, limit: i32) -> Result<Vec<Placed>, Error> {
    tx.query(SEQ, args![insurer_no, seq, limit])?.iter().map(placed).collect()
}

/// The place of the first entry of a chain that was completed at an instant or later; none: there is no such entry.
pub fn first_since(tx: &mut Tx<'_>, insurer_no: &str, since: &str) -> Result<Option<i64>, Error> {
    tx.query_opt(FIRST_SINCE, args![insurer_no, since])?.map_or(Ok(None), |row| row.opt_int(0))
}

/// Seals of a chain after one, in order.
pub fn seals(tx: &mut Tx<'_>, insurer_no: &str, seal_no: i64, limit: i32) -> Result<Vec<Seal>, Error> {
    let rows = tx.query(SEALS, args![insurer_no, seal_no, limit])?;
    rows.iter()
        .map(|row| {
            Ok(Seal {
                seal_no: row.int(0)?,
                last_seq: row.int(1)?,
                head: row.text(2)?.to_owned(),
                sealed_at: row.text(3)?.to_owned(),
                signature: row.text(4)?.to_owned(),
            })
        })
        .collect()
}

/// How many entries the insurer's log has, and how many of them wait for their place.
pub fn count(tx: &mut Tx<'_>, insurer_no: &str) -> Result<(i64, i64), Error> {
    let all = tx.query_opt(COUNT, args![insurer_no])?.map_or(Ok(0), |row| row.int(0))?;
    let waiting = tx.query_opt(WAITING, args![insurer_no])?.map_or(Ok(0), |row| row.int(0))?;
    Ok((all, waiting))
}

/// The person an entry is about, for callers that need typed numbers.
pub fn person(entry: &Entry) -> Option<(InsurerNo, InsuredNo)> {
    Some((InsurerNo::parse(&entry.insurer_no).ok()?, InsuredNo::parse(&entry.insured_no).ok()?))
}

fn placed(row: &Row) -> Result<Placed, Error> {
    Ok(Placed { entry: entry(row)?, seq: row.opt_int(18)?, chain: row.opt_text(19)?.map(str::to_owned) })
}

fn entry(row: &Row) -> Result<Entry, Error> {
    let text = |i: usize| row.text(i).map(str::to_owned);
    let opt = |i: usize| row.opt_text(i).map(|t| t.map(str::to_owned));
    Ok(Entry {
        insurer_no: text(0)?,
        entry_id: text(1)?,
        insured_no: text(2)?,
        account_id: text(3)?,
        account_name: text(4)?,
        office_no: opt(5)?,
        office_name: opt(6)?,
        job: opt(7)?,
        act: text(8)?,
        items: text(9)?,
        document: opt(10)?,
        purpose: text(11)?,
        outcome: text(12)?,
        rule: opt(13)?,
        consent_used: row.flag(14)?,
        request_id: text(15)?,
        completed_at: text(16)?,
        salt: text(17)?,
    })
}

fn hash(hex: &str) -> Result<Hash, Error> {
    Hash::from_hex(hex).ok_or_else(|| Error::Broken("a seal's head is no hash".to_owned()))
}
