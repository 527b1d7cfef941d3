//! 実績 typed in the browser, kept until it is sent.

use kaigo_core::policy::{Act, ActGrant};

use super::{office, opt_owned, owned, small};
use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "entry_id, month, insurer_no, insured_no, partner_no, planned_set, planned_place, state, revision, sealed, sent_set, updated_at, \
         updated_by"
    };
}

statements! {
    INSERT = "INSERT INTO exchange_result_entry (office_no, entry_id, month, insurer_no, insured_no, partner_no, planned_set, planned_place, \
              state, revision, sealed, sent_set, updated_at, updated_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'open', 1, ?9, NULL, ?10, ?11) \
              ON CONFLICT (office_no, planned_set, planned_place) DO NOTHING";
    FIND = concat!("SELECT ", columns!(), " FROM exchange_result_entry WHERE office_no = ?1 AND entry_id = ?2");
    OF_PLANNED = concat!("SELECT ", columns!(), " FROM exchange_result_entry WHERE office_no = ?1 AND planned_set = ?2 AND planned_place = ?3");
    OF_MONTH = concat!("SELECT ", columns!(), " FROM exchange_result_entry WHERE office_no = ?1 AND month = ?2 ORDER BY entry_id");
    SAVE = "UPDATE exchange_result_entry SET sealed = ?3, revision = revision + 1, state = 'open', updated_at = ?4, updated_by = ?5 \
            WHERE office_no = ?1 AND entry_id = ?2 AND revision = ?6";
    SENT = "UPDATE exchange_result_entry SET state = 'sent', sent_set = ?3, updated_at = ?4, updated_by = ?5 WHERE office_no = ?1 AND entry_id = ?2";
}

/// What was typed for one person and month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Random identifier.
    pub entry_id: String,
    /// 対象年月 `YYYYMM`.
    pub month: String,
    /// 保険者番号.
    pub insurer_no: String,
    /// 被保険者番号.
    pub insured_no: String,
    /// The office that planned, to which the result goes.
    pub partner_no: String,
    /// The set of the planned use.
    pub planned_set: String,
    /// The person's place in it.
    pub planned_place: i32,
    /// `open` or `sent`.
    pub state: String,
    /// Counts up with each save: two people do not overwrite each other.
    pub revision: i32,
    /// The content under the data key.
    pub sealed: Vec<u8>,
    /// The set in which it was sent last.
    pub sent_set: Option<String>,
    /// When it was last changed.
    pub updated_at: String,
    /// By whom.
    pub updated_by: String,
}

fn read(row: &Row) -> Result<EntryRow, Error> {
    Ok(EntryRow {
        entry_id: owned(row, 0)?,
        month: owned(row, 1)?,
        insurer_no: owned(row, 2)?,
        insured_no: owned(row, 3)?,
        partner_no: owned(row, 4)?,
        planned_set: owned(row, 5)?,
        planned_place: small(row, 6)?,
        state: owned(row, 7)?,
        revision: small(row, 8)?,
        sealed: row.bytes(9)?.to_vec(),
        sent_set: opt_owned(row, 10)?,
        updated_at: owned(row, 11)?,
        updated_by: owned(row, 12)?,
    })
}

const OWN: &[Act] = &[Act::EnterResult];

/// Begins an entry; the same planned use has one only. Answers the one that is there afterwards.
pub fn begin(tx: &mut Tx<'_>, grant: &ActGrant, entry: &EntryRow) -> Result<EntryRow, Error> {
    let own = office(grant, OWN)?;
    let e = entry;
    tx.execute(
        INSERT,
        args![
            own,
            &e.entry_id,
            &e.month,
            &e.insurer_no,
            &e.insured_no,
            &e.partner_no,
            &e.planned_set,
            e.planned_place,
            e.sealed.as_slice(),
            &e.updated_at,
            &e.updated_by
        ],
    )?;
    let row = tx.query_opt(OF_PLANNED, args![own, &e.planned_set, e.planned_place])?;
    row.as_ref().map(read).transpose()?.ok_or_else(|| Error::Broken("an entry is gone".to_owned()))
}

/// The entry, if it is the office's.
pub fn find(tx: &mut Tx<'_>, grant: &ActGrant, entry_id: &str) -> Result<Option<EntryRow>, Error> {
    tx.query_opt(FIND, args![office(grant, OWN)?, entry_id])?.as_ref().map(read).transpose()
}

/// The office's entries of a month.
pub fn of_month(tx: &mut Tx<'_>, grant: &ActGrant, month: &str) -> Result<Vec<EntryRow>, Error> {
    tx.query(OF_MONTH, args![office(grant, OWN)?, month])?.iter().map(read).collect()
}

/// Saves the content on top of a revision; `false` if somebody else saved first.
pub fn save(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (entry_id, revision): (&str, i32),
    sealed: &[u8],
    at: &str,
    by: &str,
) -> Result<bool, Error> {
    Ok(tx.execute(SAVE, args![office(grant, OWN)?, entry_id, sealed, at, by, revision])? == 1)
}

/// Notes the set in which an entry was sent.
pub fn sent(tx: &mut Tx<'_>, grant: &ActGrant, entry_id: &str, set_id: &str, at: &str, by: &str) -> Result<(), Error> {
    tx.execute(SENT, args![office(grant, OWN)?, entry_id, set_id, at, by]).map(drop)
}
