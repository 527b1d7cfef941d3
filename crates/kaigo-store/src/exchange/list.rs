//! Lists of an office's sets: what arrived, what was sent, what a month has of whom.

use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant};

use super::person::PersonRow;
use super::set::{SetRow, columns as set_columns};
use super::{office, opt_owned, owned, set};
use crate::db::{Error, Tx};

statements! {
    INBOX = concat!("SELECT ", set_columns!(), " FROM exchange_set s WHERE s.to_office_no = ?1 AND s.recalled_at IS NULL \
             AND (s.sent_at, s.set_id) < (?2, ?3) AND (?5 = '' OR s.state = ?5) AND (?6 = '' OR s.from_office_no = ?6) \
             ORDER BY s.sent_at DESC, s.set_id DESC LIMIT ?4");
    SENT = concat!("SELECT ", set_columns!(), " FROM exchange_set s WHERE s.from_office_no = ?1 \
            AND (s.sent_at, s.set_id) < (?2, ?3) AND (?5 = '' OR s.state = ?5) AND (?6 = '' OR s.to_office_no = ?6) \
            ORDER BY s.sent_at DESC, s.set_id DESC LIMIT ?4");
    UNREAD = concat!("SELECT ", set_columns!(), " FROM exchange_set s WHERE s.to_office_no = ?1 AND s.state = 'sent' \
              ORDER BY s.sent_at, s.set_id LIMIT ?2");
    COUNT_UNREAD = "SELECT count(*) FROM exchange_set s WHERE s.to_office_no = ?1 AND s.state = 'sent'";
    COUNT_WAITING = "SELECT count(*) FROM exchange_set s WHERE s.from_office_no = ?1 AND s.state = 'sent' AND s.sent_at < ?2";
    COUNT_ALL = "SELECT count(*) FROM exchange_set";
    NEW_PARTNERS = "SELECT s.from_office_no, count(*), min(s.sent_at), max(s.sent_at) FROM exchange_set s WHERE s.to_office_no = ?1 \
              AND s.state = 'sent' GROUP BY s.from_office_no ORDER BY max(s.sent_at) DESC";
    PARTNERS = "SELECT partner, max(at) FROM (SELECT s.to_office_no AS partner, s.sent_at AS at FROM exchange_set s WHERE s.from_office_no = ?1 \
                AND s.sent_at >= ?2 UNION ALL SELECT s.from_office_no, s.sent_at FROM exchange_set s WHERE s.to_office_no = ?1 \
                AND s.recalled_at IS NULL AND s.sent_at >= ?2) x GROUP BY partner";
    MONTH_SENT = concat!("SELECT ", set_columns!(), ", p.place, p.insurer_no, p.insured_no, p.name, p.kana, p.doc, p.doc_key, p.deletes, \
              p.replaced_by, p.withdrawn_by FROM exchange_person p JOIN exchange_set s ON s.to_office_no = p.to_office_no AND \
              s.set_id = p.set_id WHERE p.from_office_no = ?1 AND p.doc = ?2 AND p.doc_key = ?3 AND p.recalled = 0");
    MONTH_RECEIVED = concat!("SELECT ", set_columns!(), ", p.place, p.insurer_no, p.insured_no, p.name, p.kana, p.doc, p.doc_key, p.deletes, \
              p.replaced_by, p.withdrawn_by FROM exchange_person p JOIN exchange_set s ON s.to_office_no = p.to_office_no AND \
              s.set_id = p.set_id WHERE p.to_office_no = ?1 AND p.doc = ?2 AND p.doc_key = ?3 AND p.recalled = 0");
    VERSIONS = concat!("SELECT DISTINCT ", set_columns!(), " FROM exchange_person p JOIN exchange_person q ON q.to_office_no = p.to_office_no \
              AND q.from_office_no = p.from_office_no AND q.insurer_no = p.insurer_no AND q.insured_no = p.insured_no AND q.doc = p.doc \
              AND q.doc_key = p.doc_key AND q.service_kind = p.service_kind JOIN exchange_set s ON s.to_office_no = q.to_office_no AND \
              s.set_id = q.set_id WHERE p.to_office_no = ?1 AND p.set_id = ?2 ORDER BY s.serial DESC, s.set_id DESC LIMIT 50");
}

/// Which sets of a mailbox: by state (a code, or empty), by partner (a number, or empty), before a place, so many.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// State, or empty.
    pub state: String,
    /// The other office's number, or empty.
    pub partner: String,
    /// Instant and identifier of the last set seen; none for the newest.
    pub before: Option<(String, String)>,
    /// Most sets.
    pub most: i32,
}

/// Sets that the office receives, the newest first.
pub fn inbox(tx: &mut Tx<'_>, grant: &ActGrant, wanted: &Wanted) -> Result<Vec<SetRow>, Error> {
    page(tx, INBOX, office(grant, &[Act::ListSets])?, wanted)
}

/// Sets that the office sent, the newest first; the recalled ones, too.
pub fn sent(tx: &mut Tx<'_>, grant: &ActGrant, wanted: &Wanted) -> Result<Vec<SetRow>, Error> {
    page(tx, SENT, office(grant, &[Act::ListSets])?, wanted)
}

fn page(tx: &mut Tx<'_>, sql: &'static str, own: OfficeNo, wanted: &Wanted) -> Result<Vec<SetRow>, Error> {
    let (at, id) = wanted.before.clone().unwrap_or_else(|| ("9999".to_owned(), String::new()));
    let args = args![own, &at, &id, wanted.most, &wanted.state, &wanted.partner];
    tx.query(sql, args)?.iter().map(set::read).collect()
}

/// Sets that nobody of the office fetched yet, the oldest first.
pub fn unread(tx: &mut Tx<'_>, grant: &ActGrant, most: i32) -> Result<Vec<SetRow>, Error> {
    let own = office(grant, &[Act::FetchSet, Act::ListSets])?;
    tx.query(UNREAD, args![own, most])?.iter().map(set::read).collect()
}

/// How many sets are unread, and how many sent before an instant were not fetched by the partner.
pub fn counts(tx: &mut Tx<'_>, grant: &ActGrant, waiting_since: &str) -> Result<(i64, i64), Error> {
    let own = office(grant, &[Act::ListSets])?;
    let unread = tx.query_opt(COUNT_UNREAD, args![own])?.map_or(Ok(0), |row| row.int(0))?;
    let waiting = tx.query_opt(COUNT_WAITING, args![own, waiting_since])?.map_or(Ok(0), |row| row.int(0))?;
    Ok((unread, waiting))
}

/// How many sets were sent in all, for the operator.
pub fn count_all(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<i64, Error> {
    if grant.act() != Act::Operate {
        return Err(Error::NotCovered);
    }
    tx.query_opt(COUNT_ALL, &[])?.map_or(Ok(0), |row| row.int(0))
}

/// Who sent what is unread: the office, how many sets, when the first and the last.
pub fn unread_by_partner(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<(String, i64, String, String)>, Error> {
    let own = office(grant, &[Act::ListSets])?;
    tx.query(NEW_PARTNERS, args![own])?
        .iter()
        .map(|row| Ok((owned(row, 0)?, row.int(1)?, owned(row, 2)?, owned(row, 3)?)))
        .collect()
}

/// With whom the office exchanged since an instant, and when last.
pub fn partners(tx: &mut Tx<'_>, grant: &ActGrant, since: &str) -> Result<Vec<(String, String)>, Error> {
    let own = office(grant, &[Act::ListSets])?;
    tx.query(PARTNERS, args![own, since])?.iter().map(|row| Ok((owned(row, 0)?, owned(row, 1)?))).collect()
}

/// A document of a person in a month with the set that carried it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthRow {
    /// The set.
    pub set: SetRow,
    /// The person; `serial`, `service_kind`, `born` and `sex` are empty.
    pub person: PersonRow,
}

/// Documents of a kind and key (planned use or results of a month) that the office sent (`true`) or receives.
pub fn month(tx: &mut Tx<'_>, grant: &ActGrant, sent: bool, doc: &str, doc_key: &str) -> Result<Vec<MonthRow>, Error> {
    let own = office(grant, &[Act::ListSets, Act::EnterResult])?;
    let rows = tx.query(if sent { MONTH_SENT } else { MONTH_RECEIVED }, args![own, doc, doc_key])?;
    rows.iter()
        .map(|row| {
            let set = set::read(row)?;
            let person = PersonRow {
                set_id: set.set_id.clone(),
                place: super::small(row, 23)?,
                insurer_no: owned(row, 24)?,
                insured_no: owned(row, 25)?,
                name: owned(row, 26)?,
                kana: owned(row, 27)?,
                doc: owned(row, 28)?,
                doc_key: owned(row, 29)?,
                deletes: row.flag(30)?,
                replaced_by: opt_owned(row, 31)?,
                withdrawn_by: opt_owned(row, 32)?,
                ..PersonRow::default()
            };
            Ok(MonthRow { set, person })
        })
        .collect()
}

/// The sets that carry a document which this set carries: its versions, the newest 連番 first.
pub fn versions(tx: &mut Tx<'_>, grant: &ActGrant, of: &SetRow) -> Result<Vec<SetRow>, Error> {
    let own = office(grant, &[Act::ListSets, Act::OpenSet])?;
    if own != of.from_office_no && own != of.to_office_no {
        return Err(Error::NotCovered);
    }
    let is_sender = own == of.from_office_no;
    let rows = tx.query(VERSIONS, args![of.to_office_no, &of.set_id])?;
    let sets: Vec<SetRow> = rows.iter().map(set::read).collect::<Result<_, _>>()?;
    Ok(sets.into_iter().filter(|set| is_sender || set.recalled_at.is_none()).collect())
}
