//! 実績 typed in the browser, for offices without care software: begun from a received 予定, saved, sent as a file of the standard.

use kaigo_careplan::batch::{Doc, InFile, OpenSet};
use kaigo_careplan::name::{Month, Serial};
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_store::exchange::entry::{self as store, EntryRow};
use kaigo_store::exchange::{list, person, set as sets};

use super::mailbox::{self, State};
use super::send::{self, Outcome, SendResult};
use super::withdrawal::serial_now;
use super::{Partner, listed, log, partner_of, staff, stranger};
use crate::{App, Ctx, Error};

/// How far the result of a user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryState {
    /// Typed, not sent since the last change.
    Open,
    /// Sent as it is.
    Sent,
}

/// A user of the month whose 予定 the office received.
#[derive(Clone, Debug)]
pub struct Row {
    /// 保険者番号.
    pub insurer_no: String,
    /// 被保険者番号.
    pub insured_no: String,
    /// 氏名; may be empty.
    pub name: String,
    /// フリガナ; may be empty.
    pub kana: String,
    /// The office that planned.
    pub partner: Partner,
    /// The set of the current 予定.
    pub planned_set: String,
    /// The user's place in it.
    pub planned_place: usize,
    /// How far the set of the 予定 is.
    pub planned_state: State,
    /// What was typed: identifier, how far, when it was changed.
    pub entry: Option<(String, EntryState, String)>,
}

/// The users of a month with what was typed.
pub async fn month(app: &App, ctx: &Ctx, caller: &Caller, month: Month) -> Result<Vec<Row>, Error> {
    let (ctx, caller) = (ctx.clone(), caller.clone());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::EnterResult)?;
            let entries = store::of_month(tx, &grant, &month.to_string())?;
            let planned = list::month(tx, &grant, false, Doc::Usage.code(), &month.to_string())?;
            let mut rows = Vec::new();
            for found in planned {
                let p = &found.person;
                if p.deletes || p.replaced_by.is_some() || p.withdrawn_by.is_some() {
                    continue;
                }
                let entry = entries.iter().find(|e| {
                    (&e.insurer_no, &e.insured_no) == (&p.insurer_no, &p.insured_no)
                        && e.partner_no == found.set.from_office_no.as_str()
                });
                rows.push(Row {
                    insurer_no: p.insurer_no.clone(),
                    insured_no: p.insured_no.clone(),
                    name: p.name.clone(),
                    kana: p.kana.clone(),
                    partner: partner_of(tx, found.set.from_office_no)?,
                    planned_set: found.set.set_id.clone(),
                    planned_place: usize::try_from(p.place).unwrap_or(0),
                    planned_state: State::parse(&found.set.state).unwrap_or(State::Sent),
                    entry: entry.map(|e| (e.entry_id.clone(), state(e), e.updated_at.clone())),
                });
            }
            listed(tx, &ctx, &caller, rows.iter().map(|r| (r.insurer_no.as_str(), r.insured_no.as_str())))?;
            rows.sort_by_cached_key(|r| (kaigo_core::kana::search_key(&r.kana), r.insured_no.clone()));
            Ok(rows)
        })
        .await
}

fn state(entry: &EntryRow) -> EntryState {
    if entry.state == "sent" { EntryState::Sent } else { EntryState::Open }
}

/// What was typed for a user, with the 予定 it stands on.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Identifier.
    pub entry_id: String,
    /// 対象年月.
    pub month: Month,
    /// 保険者番号.
    pub insurer_no: String,
    /// 被保険者番号.
    pub insured_no: String,
    /// 氏名; may be empty.
    pub name: String,
    /// The office that planned.
    pub partner: Partner,
    /// The set of the 予定, read.
    pub planned: OpenSet,
    /// Its identifier.
    pub planned_set: String,
    /// The user's place in it.
    pub planned_place: usize,
    /// What was typed; empty when nothing was yet.
    pub content: Vec<u8>,
    /// Counts up with each save.
    pub revision: i32,
    /// How far it is.
    pub state: EntryState,
    /// The set in which it was sent last.
    pub sent_set: Option<String>,
    /// When it was changed last, and by whom.
    pub updated: (String, String),
}

fn entry_place(entry_id: &str) -> String {
    format!("result-entry/{entry_id}")
}

/// Begins the result of a user from a received 予定, or answers the one that was begun already. Answers its identifier.
///
/// # Errors
/// [`Error::NotFound`] unless the office received that set and it has a 予定 of that person.
pub async fn start(app: &App, ctx: &Ctx, caller: &Caller, set_id: &str, place: usize) -> Result<String, Error> {
    let (ctx2, caller2, id) = (ctx.clone(), caller.clone(), set_id.to_owned());
    let entry_id = ctx.ids.id();
    let sealed = app.keys.data().seal(&entry_place(&entry_id), &[])?;
    let done = app
        .db
        .write(move |tx| {
            let (ctx, caller) = (ctx2, caller2);
            let grant = decide_act(&caller, Act::EnterResult)?;
            let staff = staff(&caller)?;
            let set = sets::find(tx, &grant, &id)?.filter(|set| set.to_office_no == staff.office_no);
            let set = set.ok_or(Error::NotFound)?;
            let people = person::of_set(tx, &grant, &set)?;
            let person =
                people.get(place).filter(|p| p.doc == Doc::Usage.code() && !p.deletes).ok_or(Error::NotFound)?;
            let row = EntryRow {
                entry_id,
                month: person.doc_key.clone(),
                insurer_no: person.insurer_no.clone(),
                insured_no: person.insured_no.clone(),
                partner_no: set.from_office_no.to_string(),
                planned_set: set.set_id.clone(),
                planned_place: person.place,
                state: "open".to_owned(),
                revision: 1,
                sealed,
                sent_set: None,
                updated_at: ctx.instant(),
                updated_by: staff.name.clone(),
            };
            let begun = store::begin(tx, &grant, &row)?;
            let whom = (person.insurer_no.as_str(), person.insured_no.as_str());
            log(tx, &ctx, &caller, Act::EnterResult, &set.set_id, [whom])?;
            Ok(begun.entry_id)
        })
        .await;
    stranger(app, ctx, caller, Act::EnterResult, set_id, done).await
}

/// What was typed, with its 予定. The look is entered in the user's log.
///
/// # Errors
/// [`Error::NotFound`] unless it is the office's.
pub async fn load(app: &App, ctx: &Ctx, caller: &Caller, entry_id: &str) -> Result<Entry, Error> {
    let (caller2, id) = (caller.clone(), entry_id.to_owned());
    let row = app
        .db
        .read(move |tx| {
            let grant = decide_act(&caller2, Act::EnterResult)?;
            Ok::<_, Error>(store::find(tx, &grant, &id)?)
        })
        .await?
        .ok_or(Error::NotFound)?;
    let place = usize::try_from(row.planned_place).unwrap_or(0);
    let seen = mailbox::open(app, ctx, caller, &row.planned_set, Some(place)).await?;
    let name = seen.people.get(place).map(|p| p.name.clone()).unwrap_or_default();
    let content = app.keys.data().open(&entry_place(&row.entry_id), &row.sealed)?;
    let month = Month::parse(&row.month).ok_or_else(|| Error::Internal("an entry has no month".to_owned()))?;
    Ok(Entry {
        state: state(&row),
        entry_id: row.entry_id,
        month,
        insurer_no: row.insurer_no,
        insured_no: row.insured_no,
        name,
        partner: seen.row.partner,
        planned: seen.set,
        planned_set: row.planned_set,
        planned_place: place,
        content,
        revision: row.revision,
        sent_set: row.sent_set,
        updated: (row.updated_at, row.updated_by),
    })
}

/// Saves what was typed on top of the revision it was typed on.
///
/// # Errors
/// [`Error::NotFound`] unless it is the office's; [`Error::Conflict`] if somebody saved in between: nothing is overwritten.
pub async fn save(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    entry_id: &str,
    revision: i32,
    content: &[u8],
) -> Result<(), Error> {
    let sealed = app.keys.data().seal(&entry_place(entry_id), content)?;
    let (ctx, caller, id) = (ctx.clone(), caller.clone(), entry_id.to_owned());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::EnterResult)?;
            let row = store::find(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            let by = staff(&caller)?.name.clone();
            if !store::save(tx, &grant, (&id, revision), &sealed, &ctx.instant(), &by)? {
                return Err(Error::Conflict(format!(
                    "{}さんが先に保存しました。画面を開きなおして、いまの内容を確かめてから入力してください。",
                    row.updated_by
                )));
            }
            let whom = (row.insurer_no.as_str(), row.insured_no.as_str());
            log(tx, &ctx, &caller, Act::EnterResult, &row.planned_set, [whom])
        })
        .await
}

/// The 連番 that a result sent now gets.
pub fn serial(ctx: &Ctx) -> Result<Serial, Error> {
    serial_now(ctx)
}

/// Sends the files that were made of an entry, one set for each kind of service, and notes the first set. What could not be
/// sent leaves the entry open, so that sending it again sends the rest.
///
/// # Errors
/// [`Error::NotFound`] unless the entry is the office's.
pub async fn send(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    entry_id: &str,
    files: Vec<InFile>,
) -> Result<Vec<SendResult>, Error> {
    let (caller2, id) = (caller.clone(), entry_id.to_owned());
    app.db
        .read(move |tx| {
            let grant = decide_act(&caller2, Act::EnterResult)?;
            store::find(tx, &grant, &id)?.ok_or(Error::NotFound).map(drop)
        })
        .await?;
    let sent = send::direct(app, ctx, caller, files).await?.results;
    let set_ids: Vec<&String> = sent
        .iter()
        .filter_map(|result| match &result.outcome {
            Outcome::Sent { set_id, .. } | Outcome::Repeated { set_id, .. } => Some(set_id),
            Outcome::Refused { .. } => None,
        })
        .collect();
    if set_ids.len() == sent.len()
        && let Some(first) = set_ids.first()
    {
        let (ctx, caller, id, set_id) = (ctx.clone(), caller.clone(), entry_id.to_owned(), (*first).clone());
        app.db
            .write(move |tx| {
                let grant = decide_act(&caller, Act::EnterResult)?;
                let by = staff(&caller)?.name.clone();
                Ok::<_, Error>(store::sent(tx, &grant, &id, &set_id, &ctx.instant(), &by)?)
            })
            .await?;
    }
    Ok(sent)
}
