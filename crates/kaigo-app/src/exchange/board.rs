//! 月のまとめ: each user and partner of a month, what was sent, what came back, what differs; what is missing comes first.

use std::collections::BTreeMap;

use kaigo_careplan::batch::{Doc, InFile, OpenSet, sort};
use kaigo_careplan::difference;
use kaigo_careplan::name::Month;
use kaigo_core::kana::search_key;
use kaigo_core::policy::{Act, ActGrant, Caller, decide_act};
use kaigo_store::db::Tx;
use kaigo_store::exchange::list::{self, MonthRow};
use kaigo_store::exchange::set as sets;
use kaigo_store::exchange::set::{FileRow, SetRow};

use super::mailbox::State;
use super::{Partner, listed, open_file, partner_of, staff};
use crate::{App, Ctx, Error};

/// Which end of the plan the caller's office is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// It plans: sends 予定, collects 実績.
    Planner,
    /// It serves: receives 予定, returns 実績.
    Service,
}

/// A document of the month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The set that carried it.
    pub set_id: String,
    /// The person's place in it.
    pub place: usize,
    /// When it was sent.
    pub at: String,
    /// How far the set is.
    pub state: State,
}

/// A user with a partner.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which end the caller's office is.
    pub side: Side,
    /// 保険者番号.
    pub insurer_no: String,
    /// 被保険者番号.
    pub insured_no: String,
    /// 氏名; may be empty.
    pub name: String,
    /// フリガナ; may be empty.
    pub kana: String,
    /// The other office.
    pub partner: Partner,
    /// 予定 of the month, the current one.
    pub planned: Option<Cell>,
    /// 実績 of the month, the current one.
    pub result: Option<Cell>,
    /// How many differences there are, where both are there and can be read.
    pub differences: Option<usize>,
}

impl Row {
    /// Whether something of the month is missing.
    pub fn is_missing(&self) -> bool {
        self.planned.is_none() || self.result.is_none()
    }
}

/// A month.
#[derive(Clone, Debug)]
pub struct Board {
    /// The month.
    pub month: Month,
    /// Missing ones first, then with differences, then by kana.
    pub rows: Vec<Row>,
}

type Key = (Side, String, String, String);

/// The month of the caller's office. Who is on it because they had a 予定 this month or the month before.
pub async fn month(app: &App, ctx: &Ctx, caller: &Caller, month: Month) -> Result<Board, Error> {
    let (ctx2, caller2) = (ctx.clone(), caller.clone());
    let (mut rows, opened) = app
        .db
        .write(move |tx| {
            let grant = decide_act(&caller2, Act::ListSets)?;
            let rows = collect(tx, &grant, month)?;
            let people = rows.iter().map(|row| (row.insurer_no.as_str(), row.insured_no.as_str()));
            listed(tx, &ctx2, &caller2, people)?;
            let look = decide_act(&caller2, Act::OpenSet)?;
            let opened = bytes_of(tx, &look, &rows)?;
            Ok::<_, Error>((rows, opened))
        })
        .await?;
    let mut read: BTreeMap<String, OpenSet> = BTreeMap::new();
    for (set, files) in opened {
        let mut plain = Vec::with_capacity(files.len());
        for file in &files {
            plain.push(InFile { name: file.name.clone(), bytes: open_file(app, &set.set_id, file).await? });
        }
        if let Some(open) = sort(plain).sets.first().map(kaigo_careplan::batch::Set::open) {
            read.insert(set.set_id, open);
        }
    }
    for row in &mut rows {
        let (Some(planned), Some(result)) = (&row.planned, &row.result) else { continue };
        if let (Some(planned), Some(result)) = (read.get(&planned.set_id), read.get(&result.set_id)) {
            let found = difference::of_person(planned, &[result], &row.insurer_no, &row.insured_no);
            row.differences = Some(found.len());
        }
    }
    rows.sort_by_cached_key(|row| {
        let differs = row.differences.unwrap_or(0) == 0;
        let who = (search_key(&row.kana), row.insured_no.clone(), row.partner.office_no);
        (row.side, row.planned.is_some(), row.result.is_some(), differs, who)
    });
    staff(caller)?;
    Ok(Board { month, rows })
}

/// How much of a month is missing, as numbers: nobody is named, so nothing is entered in a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Users and partners without 予定.
    pub planned: usize,
    /// Users and partners without 実績.
    pub results: usize,
}

/// Counts what is missing of a month.
pub async fn missing(app: &App, _ctx: &Ctx, caller: &Caller, month: Month) -> Result<Missing, Error> {
    let grant = decide_act(caller, Act::ListSets)?;
    let rows = app.db.read(move |tx| collect(tx, &grant, month)).await?;
    let count = |lacks: fn(&Row) -> bool| rows.iter().filter(|row| lacks(row)).count();
    Ok(Missing { planned: count(|row| row.planned.is_none()), results: count(|row| row.result.is_none()) })
}

fn collect(tx: &mut Tx<'_>, grant: &ActGrant, month: Month) -> Result<Vec<Row>, Error> {
    let (this, before) = (month.to_string(), month.previous().to_string());
    let usage = Doc::Usage.code();
    let mut rows: BTreeMap<Key, Row> = BTreeMap::new();
    for (side, is_sent) in [(Side::Planner, true), (Side::Service, false)] {
        for found in list::month(tx, grant, is_sent, usage, &before)?.into_iter().filter(counts) {
            entry(tx, &mut rows, side, &found)?;
        }
        for found in list::month(tx, grant, is_sent, usage, &this)?.into_iter().filter(counts) {
            entry(tx, &mut rows, side, &found)?.planned = Some(cell(&found));
        }
        for found in list::month(tx, grant, !is_sent, Doc::Result.code(), &this)?.into_iter().filter(counts) {
            entry(tx, &mut rows, side, &found)?.result = Some(cell(&found));
        }
    }
    Ok(rows.into_values().collect())
}

/// Whether the document still counts.
fn counts(row: &MonthRow) -> bool {
    !row.person.deletes && row.person.replaced_by.is_none() && row.person.withdrawn_by.is_none()
}

fn cell(found: &MonthRow) -> Cell {
    Cell {
        set_id: found.set.set_id.clone(),
        place: usize::try_from(found.person.place).unwrap_or(0),
        at: found.set.sent_at.clone(),
        state: State::parse(&found.set.state).unwrap_or(State::Sent),
    }
}

fn entry<'a>(
    tx: &mut Tx<'_>,
    rows: &'a mut BTreeMap<Key, Row>,
    side: Side,
    found: &MonthRow,
) -> Result<&'a mut Row, Error> {
    let is_usage = found.person.doc == Doc::Usage.code();
    // Of a 予定 the planner is the sender; of a 実績 it is the receiver.
    let other = match (side, is_usage) {
        (Side::Planner, true) | (Side::Service, false) => found.set.to_office_no,
        (Side::Planner, false) | (Side::Service, true) => found.set.from_office_no,
    };
    let p = &found.person;
    let key = (side, p.insurer_no.clone(), p.insured_no.clone(), other.to_string());
    if !rows.contains_key(&key) {
        let row = Row {
            side,
            insurer_no: p.insurer_no.clone(),
            insured_no: p.insured_no.clone(),
            name: String::new(),
            kana: String::new(),
            partner: partner_of(tx, other)?,
            planned: None,
            result: None,
            differences: None,
        };
        rows.insert(key.clone(), row);
    }
    let row = rows.get_mut(&key).ok_or_else(|| Error::Internal("a row of the board".to_owned()))?;
    if row.name.is_empty() {
        p.name.clone_into(&mut row.name);
        p.kana.clone_into(&mut row.kana);
    }
    Ok(row)
}

/// The files of the sets where both 予定 and 実績 are there, each set once.
fn bytes_of(tx: &mut Tx<'_>, grant: &ActGrant, rows: &[Row]) -> Result<Vec<(SetRow, Vec<FileRow>)>, Error> {
    let mut seen = std::collections::BTreeSet::new();
    let mut out = Vec::new();
    for row in rows {
        let (Some(planned), Some(result)) = (&row.planned, &row.result) else { continue };
        for id in [&planned.set_id, &result.set_id] {
            if seen.insert(id.clone())
                && let Some(set) = sets::find(tx, grant, id)?.filter(|set| set.purged_at.is_none())
            {
                let files = sets::files(tx, grant, &set)?;
                out.push((set, files));
            }
        }
    }
    Ok(out)
}
