//! 市町村の対応状況: what is published of each municipality, and every change of it. No personal data.

use kaigo_core::date::Date;
use kaigo_core::policy::{Act, ActGrant};
use kaigo_core::readiness::{Origin, Readiness, State, item_codes, parse_items};

use crate::db::{Bulk, Error, Row, Tx, Value};

statements! {
    ALL = "SELECT code, state, starts_on, items, note, origin, changed_at, changed_by FROM readiness ORDER BY code";
    ONE = "SELECT code, state, starts_on, items, note, origin, changed_at, changed_by FROM readiness WHERE code = ?1";
    CHANGES = "SELECT code, state, starts_on, items, note, origin, changed_at, changed_by FROM readiness_change WHERE code = ?1 \
               ORDER BY changed_at DESC, change_id DESC LIMIT ?2";
    OF_KEY = "SELECT code, state, starts_on, items, note, origin, changed_at, changed_by FROM readiness_change WHERE code = ?1 AND submit_key = ?2";
    ITEM_STARTS = "SELECT insurer_no, setting, value FROM insurer_setting s WHERE setting LIKE 'start/%' AND valid_from <= ?1 AND value <> 'default' \
                   AND NOT EXISTS (SELECT 1 FROM insurer_setting l WHERE l.insurer_no = s.insurer_no AND l.setting = s.setting AND l.valid_from <= ?1 \
                   AND l.valid_from > s.valid_from) ORDER BY insurer_no, setting";
    LAST = "SELECT coalesce(max(changed_at), '') FROM readiness";
    PUT = "INSERT INTO readiness (code, state, starts_on, items, note, origin, changed_at, changed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
           ON CONFLICT (code) DO UPDATE SET state = excluded.state, starts_on = excluded.starts_on, items = excluded.items, note = excluded.note, \
           origin = excluded.origin, changed_at = excluded.changed_at, changed_by = excluded.changed_by";
    CHANGE = "INSERT INTO readiness_change (code, change_id, state, starts_on, items, note, origin, changed_at, changed_by, account_id, submit_key) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    FIRST = "INSERT INTO readiness (code, state, starts_on, items, note, origin, changed_at, changed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
}

/// What is published, with when and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// What.
    pub readiness: Readiness,
    /// When (instant as text).
    pub at: String,
    /// Who.
    pub by: String,
}

/// Who changes it, for the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// Identifier of the change; sorts by time.
    pub change_id: String,
    /// When.
    pub at: String,
    /// Name.
    pub name: String,
    /// Account.
    pub account_id: String,
    /// Key of the form.
    pub submit_key: String,
}

fn may(grant: &ActGrant) -> Result<(), Error> {
    // Of an insurer's administrator the use case asks that the municipality is their own.
    let own = grant.act() == Act::SetRules && grant.insurer_no().is_some();
    if own || matches!(grant.act(), Act::ManageContent | Act::Operate) { Ok(()) } else { Err(Error::NotCovered) }
}

/// Everything that is published, by code.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Published>, Error> {
    tx.query(ALL, &[])?.iter().map(read).collect()
}

/// What is published of one municipality.
pub fn one(tx: &mut Tx<'_>, code: &str) -> Result<Option<Published>, Error> {
    tx.query_opt(ONE, args![code])?.as_ref().map(read).transpose()
}

/// What was published of one municipality, the newest first.
pub fn changes(tx: &mut Tx<'_>, code: &str, limit: i32) -> Result<Vec<Published>, Error> {
    tx.query(CHANGES, args![code, limit])?.iter().map(read).collect()
}

/// When something was changed last; empty: never.
pub fn last_change(tx: &mut Tx<'_>) -> Result<String, Error> {
    tx.query_opt(LAST, &[])?.map_or(Ok(String::new()), |row| row.text(0).map(str::to_owned))
}

/// Items whose first day an insurer set apart: insurer number, key of the setting, day. No personal data.
pub fn item_starts(tx: &mut Tx<'_>, today: Date) -> Result<Vec<(String, String, String)>, Error> {
    let own = |row: &Row, i: usize| row.text(i).map(str::to_owned);
    tx.query(ITEM_STARTS, args![today])?.iter().map(|row| Ok((own(row, 0)?, own(row, 1)?, own(row, 2)?))).collect()
}

/// Publishes. The same form again changes nothing; answers whether it changed something.
pub fn put(tx: &mut Tx<'_>, grant: &ActGrant, r: &Readiness, by: &By) -> Result<bool, Error> {
    may(grant)?;
    if tx.query_opt(OF_KEY, args![&r.code, &by.submit_key])?.is_some() {
        return Ok(false);
    }
    let items = item_codes(&r.items);
    let (state, origin) = (r.state.code(), r.origin.code());
    tx.execute(PUT, args![&r.code, state, r.starts_on, &items, &r.note, origin, &by.at, &by.name])?;
    tx.execute(
        CHANGE,
        args![
            &r.code,
            &by.change_id,
            state,
            r.starts_on,
            &items,
            &r.note,
            origin,
            &by.at,
            &by.name,
            &by.account_id,
            &by.submit_key
        ],
    )?;
    Ok(true)
}

/// Fills an empty table at once, without history: the example data of a demo.
pub fn fill(tx: &mut Tx<'_>, grant: &ActGrant, rows: &[Readiness], by: &By) -> Result<(), Error> {
    if grant.act() != Act::Operate {
        return Err(Error::NotCovered);
    }
    let bulk = Bulk {
        table: "readiness",
        columns: &["code", "state", "starts_on", "items", "note", "origin", "changed_at", "changed_by"],
        insert: FIRST,
    };
    let rows: Vec<Vec<Value<'_>>> = rows
        .iter()
        .map(|r| {
            args![
                &r.code,
                r.state.code(),
                r.starts_on,
                item_codes(&r.items),
                &r.note,
                r.origin.code(),
                &by.at,
                &by.name
            ]
            .to_vec()
        })
        .collect();
    tx.insert_many(&bulk, &rows)
}

fn read(row: &Row) -> Result<Published, Error> {
    let bad = |_| Error::Broken("readiness".to_owned());
    Ok(Published {
        readiness: Readiness {
            code: row.text(0)?.to_owned(),
            state: State::parse(row.text(1)?).map_err(bad)?,
            starts_on: row.opt_date(2)?,
            items: parse_items(row.text(3)?).unwrap_or_default(),
            note: row.text(4)?.to_owned(),
            origin: Origin::parse(row.text(5)?).map_err(bad)?,
        },
        at: row.text(6)?.to_owned(),
        by: row.text(7)?.to_owned(),
    })
}
