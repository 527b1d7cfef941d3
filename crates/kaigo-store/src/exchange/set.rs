//! Sets that were sent, their files and what happened to them.

use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant};

use super::{office, office_at, opt_owned, owned, small};
use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "s.to_office_no, s.set_id, s.from_office_no, s.from_kind, s.to_kind, s.serial, s.unit, s.month, s.digest, s.size, \
         s.file_count, s.person_count, s.warning_count, s.state, s.sent_at, s.sent_by, s.fetched_at, s.fetched_by, s.imported_at, \
         s.imported_by, s.recalled_at, s.recalled_by, s.purged_at"
    };
}
pub(super) use columns;

statements! {
    INSERT = "INSERT INTO exchange_set (to_office_no, set_id, from_office_no, from_kind, to_kind, serial, unit, month, digest, size, \
              file_count, person_count, warning_count, state, sent_at, sent_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, \
              ?12, ?13, 'sent', ?14, ?15) ON CONFLICT DO NOTHING";
    INSERT_FILE = "INSERT INTO exchange_file (to_office_no, set_id, place, name, sha256, size, object, sealed) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    INSERT_EVENT = "INSERT INTO exchange_event (to_office_no, set_id, event_id, what, at, by_name, office_no) \
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    NATURAL = concat!("SELECT ", columns!(), " FROM exchange_set s WHERE s.to_office_no = ?1 AND s.from_office_no = ?2 AND s.serial = ?3 \
               AND s.unit = ?4 AND s.month = ?5 AND s.from_kind = ?6 AND s.to_kind = ?7 AND s.recalled_at IS NULL");
    FIND = concat!("SELECT ", columns!(), " FROM exchange_set s WHERE s.set_id = ?1 AND (s.from_office_no = ?2 \
            OR (s.to_office_no = ?2 AND s.recalled_at IS NULL))");
    FILES = "SELECT place, name, sha256, size, object, sealed FROM exchange_file WHERE to_office_no = ?1 AND set_id = ?2 ORDER BY place";
    FILE_NAMES = "SELECT place, name, sha256, size FROM exchange_file WHERE to_office_no = ?1 AND set_id = ?2 ORDER BY place";
    EVENTS = "SELECT what, at, by_name, office_no FROM exchange_event WHERE to_office_no = ?1 AND set_id = ?2 ORDER BY event_id";
    FETCHED = "UPDATE exchange_set SET state = 'fetched', fetched_at = ?3, fetched_by = ?4 WHERE to_office_no = ?1 AND set_id = ?2 \
               AND state = 'sent'";
    IMPORTED = "UPDATE exchange_set SET state = 'imported', imported_at = ?3, imported_by = ?4 WHERE to_office_no = ?1 AND set_id = ?2 \
                AND state = 'fetched'";
    RECALLED = "UPDATE exchange_set SET state = 'recalled', recalled_at = ?3, recalled_by = ?4 WHERE to_office_no = ?1 AND set_id = ?2 \
                AND state = 'sent'";
    OLD = concat!("SELECT ", columns!(), " FROM exchange_set s WHERE s.purged_at IS NULL AND s.sent_at < ?1 ORDER BY s.sent_at LIMIT ?2");
    PURGE_FILES = "UPDATE exchange_file SET sealed = ?3, object = NULL WHERE to_office_no = ?1 AND set_id = ?2";
    PURGED = "UPDATE exchange_set SET purged_at = ?3 WHERE to_office_no = ?1 AND set_id = ?2";
}

/// A set as it is kept. A kind of service or month that it has not is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetRow {
    /// Receiving office: the mailbox.
    pub to_office_no: OfficeNo,
    /// Random identifier.
    pub set_id: String,
    /// Sending office.
    pub from_office_no: OfficeNo,
    /// サービス種類コード of the sender.
    pub from_kind: String,
    /// サービス種類コード of the receiver.
    pub to_kind: String,
    /// 連番.
    pub serial: String,
    /// Code of the 送信単位.
    pub unit: String,
    /// 対象年月 `YYYYMM`.
    pub month: String,
    /// SHA-256 over names and digests of its files.
    pub digest: String,
    /// Bytes of all files.
    pub size: i32,
    /// Count of files.
    pub file_count: i32,
    /// Count of rows in `exchange_person`.
    pub person_count: i32,
    /// Warnings when it was sent.
    pub warning_count: i32,
    /// `sent`, `fetched`, `imported` or `recalled`.
    pub state: String,
    /// When it was accepted.
    pub sent_at: String,
    /// Who sent it.
    pub sent_by: String,
    /// When it was fetched first.
    pub fetched_at: Option<String>,
    /// By whom.
    pub fetched_by: Option<String>,
    /// When the receiver marked it as imported.
    pub imported_at: Option<String>,
    /// By whom.
    pub imported_by: Option<String>,
    /// When it was recalled.
    pub recalled_at: Option<String>,
    /// By whom.
    pub recalled_by: Option<String>,
    /// When its bytes were removed after their time.
    pub purged_at: Option<String>,
}

/// A file as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// Place in the set, from 0.
    pub place: i32,
    /// Name as it came.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its bytes' count.
    pub size: i32,
    /// Name among the objects, for large ones.
    pub object: Option<String>,
    /// Its bytes under the data key; empty for large ones.
    pub sealed: Vec<u8>,
}

/// Something that happened to a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// `sent`, `fetched`, `imported`, `recalled`, `withdrawn`, `purged`.
    pub what: String,
    /// When.
    pub at: String,
    /// Who.
    pub by_name: String,
    /// Of which office.
    pub office_no: String,
}

pub(super) fn read(row: &Row) -> Result<SetRow, Error> {
    Ok(SetRow {
        to_office_no: office_at(row, 0)?,
        set_id: owned(row, 1)?,
        from_office_no: office_at(row, 2)?,
        from_kind: owned(row, 3)?,
        to_kind: owned(row, 4)?,
        serial: owned(row, 5)?,
        unit: owned(row, 6)?,
        month: owned(row, 7)?,
        digest: owned(row, 8)?,
        size: small(row, 9)?,
        file_count: small(row, 10)?,
        person_count: small(row, 11)?,
        warning_count: small(row, 12)?,
        state: owned(row, 13)?,
        sent_at: owned(row, 14)?,
        sent_by: owned(row, 15)?,
        fetched_at: opt_owned(row, 16)?,
        fetched_by: opt_owned(row, 17)?,
        imported_at: opt_owned(row, 18)?,
        imported_by: opt_owned(row, 19)?,
        recalled_at: opt_owned(row, 20)?,
        recalled_by: opt_owned(row, 21)?,
        purged_at: opt_owned(row, 22)?,
    })
}

/// The set with the same natural key that stands, if there is one: from, to, 連番, unit, month.
pub fn same(tx: &mut Tx<'_>, grant: &ActGrant, set: &SetRow) -> Result<Option<SetRow>, Error> {
    if office(grant, &[Act::SendSet])? != set.from_office_no {
        return Err(Error::NotCovered);
    }
    let s = set;
    let args = args![s.to_office_no, s.from_office_no, &s.serial, &s.unit, &s.month, &s.from_kind, &s.to_kind];
    tx.query_opt(NATURAL, args)?.as_ref().map(read).transpose()
}

/// Puts a set into the receiver's mailbox. Answers false, and does nothing, if its natural key stands there already: also if
/// another request put it there in this very moment.
///
/// # Errors
/// [`Error::NotCovered`] unless the grant's office is the sender.
pub fn insert(tx: &mut Tx<'_>, grant: &ActGrant, set: &SetRow, files: &[FileRow]) -> Result<bool, Error> {
    if office(grant, &[Act::SendSet])? != set.from_office_no {
        return Err(Error::NotCovered);
    }
    let s = set;
    let added = tx.execute(
        INSERT,
        args![
            s.to_office_no,
            &s.set_id,
            s.from_office_no,
            &s.from_kind,
            &s.to_kind,
            &s.serial,
            &s.unit,
            &s.month,
            &s.digest,
            s.size,
            s.file_count,
            s.person_count,
            s.warning_count,
            &s.sent_at,
            &s.sent_by
        ],
    )?;
    if added == 0 {
        return Ok(false);
    }
    for f in files {
        let args = args![
            s.to_office_no,
            &s.set_id,
            f.place,
            &f.name,
            &f.sha256,
            f.size,
            f.object.as_ref(),
            f.sealed.as_slice()
        ];
        tx.execute(INSERT_FILE, args)?;
    }
    Ok(true)
}

/// Notes what happened to a set; `event_id` sorts by time.
pub fn event(tx: &mut Tx<'_>, set: &SetRow, event_id: &str, event: &EventRow) -> Result<(), Error> {
    let e = event;
    let args = args![set.to_office_no, &set.set_id, event_id, &e.what, &e.at, &e.by_name, &e.office_no];
    tx.execute(INSERT_EVENT, args).map(drop)
}

const LOOKS: &[Act] = &[Act::OpenSet, Act::FetchSet, Act::RecallSet, Act::ListSets, Act::SendSet, Act::EnterResult];

/// The set, if the grant's office sent it, or receives it and it was not recalled.
pub fn find(tx: &mut Tx<'_>, grant: &ActGrant, set_id: &str) -> Result<Option<SetRow>, Error> {
    tx.query_opt(FIND, args![set_id, office(grant, LOOKS)?])?.as_ref().map(read).transpose()
}

/// The files of a set with their sealed bytes.
pub fn files(tx: &mut Tx<'_>, grant: &ActGrant, set: &SetRow) -> Result<Vec<FileRow>, Error> {
    party(grant, &[Act::OpenSet, Act::FetchSet, Act::SendSet, Act::EnterResult], set)?;
    let rows = tx.query(FILES, args![set.to_office_no, &set.set_id])?;
    rows.iter()
        .map(|row| {
            Ok(FileRow {
                place: small(row, 0)?,
                name: owned(row, 1)?,
                sha256: owned(row, 2)?,
                size: small(row, 3)?,
                object: opt_owned(row, 4)?,
                sealed: row.bytes(5)?.to_vec(),
            })
        })
        .collect()
}

/// Names, digests and sizes of a set's files, without their bytes.
pub fn file_names(tx: &mut Tx<'_>, grant: &ActGrant, set: &SetRow) -> Result<Vec<FileRow>, Error> {
    party(grant, LOOKS, set)?;
    let rows = tx.query(FILE_NAMES, args![set.to_office_no, &set.set_id])?;
    rows.iter()
        .map(|row| {
            Ok(FileRow {
                place: small(row, 0)?,
                name: owned(row, 1)?,
                sha256: owned(row, 2)?,
                size: small(row, 3)?,
                object: None,
                sealed: Vec::new(),
            })
        })
        .collect()
}

/// What happened to a set, in order.
pub fn events(tx: &mut Tx<'_>, grant: &ActGrant, set: &SetRow) -> Result<Vec<EventRow>, Error> {
    party(grant, LOOKS, set)?;
    let rows = tx.query(EVENTS, args![set.to_office_no, &set.set_id])?;
    rows.iter()
        .map(|row| {
            Ok(EventRow {
                what: owned(row, 0)?,
                at: owned(row, 1)?,
                by_name: owned(row, 2)?,
                office_no: owned(row, 3)?,
            })
        })
        .collect()
}

fn party(grant: &ActGrant, acts: &[Act], set: &SetRow) -> Result<(), Error> {
    let own = office(grant, acts)?;
    if own == set.from_office_no || own == set.to_office_no { Ok(()) } else { Err(Error::NotCovered) }
}

/// A change of state: whether it happened now (else somebody was first).
fn change(tx: &mut Tx<'_>, sql: &'static str, set: &SetRow, at: &str, by: &str) -> Result<bool, Error> {
    Ok(tx.execute(sql, args![set.to_office_no, &set.set_id, at, by])? == 1)
}

/// Marks a set as fetched: 送信済 → 受信済.
pub fn fetched(tx: &mut Tx<'_>, grant: &ActGrant, set: &SetRow, at: &str, by: &str) -> Result<bool, Error> {
    if office(grant, &[Act::FetchSet])? != set.to_office_no {
        return Err(Error::NotCovered);
    }
    change(tx, FETCHED, set, at, by)
}

/// Marks a set as imported: 受信済 → 取込済.
pub fn imported(tx: &mut Tx<'_>, grant: &ActGrant, set: &SetRow, at: &str, by: &str) -> Result<bool, Error> {
    if office(grant, &[Act::FetchSet])? != set.to_office_no {
        return Err(Error::NotCovered);
    }
    change(tx, IMPORTED, set, at, by)
}

/// Takes a set back before it was fetched: 送信済 → 取下げ.
pub fn recalled(tx: &mut Tx<'_>, grant: &ActGrant, set: &SetRow, at: &str, by: &str) -> Result<bool, Error> {
    if office(grant, &[Act::RecallSet])? != set.from_office_no {
        return Err(Error::NotCovered);
    }
    change(tx, RECALLED, set, at, by)
}

/// Sets whose bytes were kept long enough.
pub fn old(tx: &mut Tx<'_>, grant: &ActGrant, before: &str, most: i32) -> Result<Vec<SetRow>, Error> {
    if grant.act() != Act::Operate {
        return Err(Error::NotCovered);
    }
    tx.query(OLD, args![before, most])?.iter().map(read).collect()
}

/// Removes the bytes of a set; its row, names and digests stay.
pub fn purge(tx: &mut Tx<'_>, grant: &ActGrant, set: &SetRow, at: &str) -> Result<(), Error> {
    if grant.act() != Act::Operate {
        return Err(Error::NotCovered);
    }
    tx.execute(PURGE_FILES, args![set.to_office_no, &set.set_id, &[0_u8; 0][..]])?;
    tx.execute(PURGED, args![set.to_office_no, &set.set_id, at]).map(drop)
}
