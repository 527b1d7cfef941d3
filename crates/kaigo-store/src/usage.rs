//! 利用状況: what is counted of the exchange by area and month. Counts only; no office and nobody's name is kept here.

use std::collections::BTreeMap;

use kaigo_core::policy::{Act, ActGrant};
use kaigo_core::usage::{Figures, Office, Traffic};

use crate::db::{Bulk, Error, Row, Tx, Value};

statements! {
    OFFICES = "SELECT o.office_no, coalesce(o.municipality_code, ''), CASE WHEN m.office_no IS NULL THEN 0 ELSE 1 END \
               FROM office o LEFT JOIN exchange_member m ON m.office_no = o.office_no AND m.joined_at < ?1 ORDER BY o.office_no";
    TRAFFIC = "SELECT from_office_no, to_office_no, count(*), count(fetched_at) FROM exchange_set WHERE sent_at >= ?1 AND sent_at < ?2 \
               AND recalled_at IS NULL GROUP BY from_office_no, to_office_no ORDER BY from_office_no, to_office_no";
    RUN = "SELECT month, computed_at, computed_on FROM usage_run WHERE month = ?1";
    LAST = "SELECT month, computed_at, computed_on FROM usage_run ORDER BY month DESC LIMIT 1";
    MONTHS = "SELECT month FROM usage_run ORDER BY month DESC";
    SET_RUN = "INSERT INTO usage_run (month, computed_at, computed_on) VALUES (?1, ?2, ?3) ON CONFLICT (month) DO UPDATE SET \
               computed_at = excluded.computed_at, computed_on = excluded.computed_on";
    CLEAR = "DELETE FROM usage_area WHERE month = ?1";
    ADD = "INSERT INTO usage_area (month, area, offices, registered, active, pairs, sent, fetched) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    AREAS = "SELECT area, offices, registered, active, pairs, sent, fetched FROM usage_area WHERE month = ?1 ORDER BY area";
    NATION = "SELECT r.month, a.area, a.offices, a.registered, a.active, a.pairs, a.sent, a.fetched FROM usage_run r JOIN usage_area a \
              ON a.month = r.month AND a.area = ?1 ORDER BY r.month DESC LIMIT ?2";
}

/// A computation of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Month, `2026-10`.
    pub month: String,
    /// When (instant as text).
    pub computed_at: String,
    /// The day in Japan.
    pub computed_on: String,
}

fn may(grant: &ActGrant) -> Result<(), Error> {
    if grant.act() == Act::Operate { Ok(()) } else { Err(Error::NotCovered) }
}

/// Every office, and whether it was registered for the exchange before a moment.
pub fn offices(tx: &mut Tx<'_>, grant: &ActGrant, before: &str) -> Result<Vec<Office>, Error> {
    may(grant)?;
    let rows = tx.query(OFFICES, args![before])?;
    rows.iter()
        .map(|row| {
            Ok(Office {
                office_no: row.text(0)?.to_owned(),
                municipality: row.text(1)?.to_owned(),
                registered: row.flag(2)?,
            })
        })
        .collect()
}

/// What went from whom to whom between two moments; no person, no content.
pub fn traffic(tx: &mut Tx<'_>, grant: &ActGrant, from: &str, until: &str) -> Result<Vec<Traffic>, Error> {
    may(grant)?;
    let rows = tx.query(TRAFFIC, args![from, until])?;
    rows.iter()
        .map(|row| {
            Ok(Traffic {
                from: row.text(0)?.to_owned(),
                to: row.text(1)?.to_owned(),
                sent: row.int(2)?,
                fetched: row.int(3)?,
            })
        })
        .collect()
}

/// The computation of a month, if there is one.
pub fn run(tx: &mut Tx<'_>, month: &str) -> Result<Option<Run>, Error> {
    tx.query_opt(RUN, args![month])?.as_ref().map(read_run).transpose()
}

/// The computation of the newest month.
pub fn last_run(tx: &mut Tx<'_>) -> Result<Option<Run>, Error> {
    tx.query_opt(LAST, &[])?.as_ref().map(read_run).transpose()
}

/// Months that were computed, the newest first.
pub fn months(tx: &mut Tx<'_>) -> Result<Vec<String>, Error> {
    tx.query(MONTHS, &[])?.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}

/// Keeps the figures of a month in the place of those before.
pub fn keep(tx: &mut Tx<'_>, grant: &ActGrant, run: &Run, all: &BTreeMap<String, Figures>) -> Result<(), Error> {
    may(grant)?;
    tx.execute(CLEAR, args![&run.month])?;
    let bulk = Bulk {
        table: "usage_area",
        columns: &["month", "area", "offices", "registered", "active", "pairs", "sent", "fetched"],
        insert: ADD,
    };
    let rows: Vec<Vec<Value<'_>>> = all
        .iter()
        .map(|(area, f)| {
            args![&run.month, area, f.offices, f.registered, f.active, f.pairs, f.sent, f.fetched].to_vec()
        })
        .collect();
    tx.insert_many(&bulk, &rows)?;
    tx.execute(SET_RUN, args![&run.month, &run.computed_at, &run.computed_on]).map(drop)
}

/// The figures of a month by area; they are not for publication as they are.
pub fn areas(tx: &mut Tx<'_>, month: &str) -> Result<BTreeMap<String, Figures>, Error> {
    let rows = tx.query(AREAS, args![month])?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), figures(row, 1)?))).collect()
}

/// The country's figures of the last months, the newest first.
pub fn nation(tx: &mut Tx<'_>, most: i32) -> Result<Vec<(String, Figures)>, Error> {
    let rows = tx.query(NATION, args![kaigo_core::usage::NATION, most])?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), figures(row, 2)?))).collect()
}

fn figures(row: &Row, first: usize) -> Result<Figures, Error> {
    Ok(Figures {
        offices: row.int(first)?,
        registered: row.int(first + 1)?,
        active: row.int(first + 2)?,
        pairs: row.int(first + 3)?,
        sent: row.int(first + 4)?,
        fetched: row.int(first + 5)?,
    })
}

fn read_run(row: &Row) -> Result<Run, Error> {
    Ok(Run {
        month: row.text(0)?.to_owned(),
        computed_at: row.text(1)?.to_owned(),
        computed_on: row.text(2)?.to_owned(),
    })
}
