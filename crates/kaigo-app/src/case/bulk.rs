//! One day given to many cases at once: looked at first, then done case by case, each with its own log entry.

use kaigo_core::date::{Date, seireki};
use kaigo_core::policy::{Act, Caller, Purpose, decide_act};
use kaigo_core::rule::case::{Milestone, due_on};
use kaigo_store::case::{self as store, Bulk, BulkRow, CaseRow};

use super::{CaseId, Edit, Edited, days, insurer_of, listed, name_of};
use crate::{App, Ctx, Error};

/// Cases that can be changed at once.
pub const MOST: usize = 200;

/// What would become of a case.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The case.
    pub row: CaseRow,
    /// The day that it has now.
    pub before: Option<Date>,
    /// Why it will not be changed, or what to look at; empty = fine.
    pub say: String,
    /// Whether it will be changed.
    pub will: bool,
}

/// The day of a milestone as the list knows it.
fn day_of(row: &CaseRow, milestone: Milestone) -> Option<Date> {
    match milestone {
        Milestone::SurveyRequested => row.survey_requested_on,
        Milestone::Surveyed => row.surveyed_on,
        Milestone::SurveyReceived => row.survey_received_on,
        Milestone::OpinionRequested => row.opinion_requested_on,
        Milestone::OpinionReceived => row.opinion_received_on,
        Milestone::Computed => row.computed_on,
        Milestone::BoardPlanned => row.board_planned_on,
        Milestone::Judged => row.judged_on,
        Milestone::DelayNotified => row.delay_notified_on,
        Milestone::Expected => row.expected_on,
    }
}

/// Says what would become of each case. Nothing is changed.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but a clerk.
pub async fn preview(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    picks: Vec<CaseId>,
    (milestone, day): (Milestone, Date),
) -> Result<Vec<Planned>, Error> {
    let (ctx, caller) = (ctx.clone(), caller.clone());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::ListInsured)?;
            let insurer_no = insurer_of(&caller)?;
            let mut planned = Vec::new();
            for id in picks.iter().filter(|id| id.insurer_no == insurer_no).take(MOST) {
                if let Some(row) = store::find(tx, &grant, id.insured_no, id.record_no)? {
                    planned.push(plan(row, milestone, day, ctx.today));
                }
            }
            let people: Vec<_> = planned.iter().map(|p| (insurer_no, p.row.insured_no)).collect();
            listed(tx, &ctx, &caller, (Act::ListInsured, Purpose::Case), people)?;
            Ok(planned)
        })
        .await
}

fn plan(row: CaseRow, milestone: Milestone, day: Date, today: Date) -> Planned {
    let before = day_of(&row, milestone);
    let (will, say) = if !row.is_open {
        (false, "この申請は終わっています。".to_owned())
    } else if day < row.applied_on {
        (false, format!("申請日（{}）より前の日です。", seireki(row.applied_on)))
    } else if day > today && !milestone.is_plan() {
        (false, "きょうより後の日です。".to_owned())
    } else if before == Some(day) {
        (false, "もうこの日になっています。".to_owned())
    } else if before.is_some() {
        (true, "いまの日付を書きかえます。".to_owned())
    } else if milestone == Milestone::BoardPlanned && day > due_on(row.applied_on) && row.delay_notified_on.is_none() {
        (true, format!("30日の期限（{}）をすぎます。延期通知を確かめてください。", seireki(due_on(row.applied_on))))
    } else {
        (true, String::new())
    };
    Planned { row, before, say, will }
}

/// Gives the day to the cases, one after the other. What cannot be done is said and the others are done. Sent again it goes
/// on where it stopped. Answers nothing: [`outcome`] says what became of each.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but a clerk; what happens to one case is no error.
pub async fn run(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    (bulk_id, milestone, day): (&str, Milestone, Date),
    picks: Vec<(CaseId, (i32, i32))>,
) -> Result<(), Error> {
    let what = format!("{}を {} にする", milestone.label(), seireki(day));
    begin(app, ctx, caller, bulk_id, (milestone.code(), &what)).await?;
    for (id, seen) in picks.into_iter().take(MOST) {
        let edit = Edit { id, seen, submit_key: key(bulk_id, id), form: "bulk" };
        let days = days::Days { days: vec![(milestone, Some(day))], ..days::Days::default() };
        let done = days::set(app, ctx, caller, edit, days).await;
        note(app, caller, bulk_id, id, &done).await?;
    }
    Ok(())
}

/// Key of one case of a bulk: the same again changes nothing.
pub(crate) fn key(bulk_id: &str, id: CaseId) -> String {
    format!("{bulk_id}-{}-{}", id.insured_no, id.record_no)
}

pub(crate) async fn begin(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    bulk_id: &str,
    (act, what): (&str, &str),
) -> Result<(), Error> {
    let bulk = Bulk { act: act.to_owned(), what: what.to_owned(), made_by: name_of(caller), made_at: ctx.instant() };
    let (caller, bulk_id) = (caller.clone(), bulk_id.to_owned());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::ManageCase)?;
            Ok::<_, Error>(store::begin_bulk(tx, &grant, &bulk_id, &bulk)?)
        })
        .await
}

pub(crate) async fn note(
    app: &App,
    caller: &Caller,
    bulk_id: &str,
    id: CaseId,
    done: &Result<Edited, Error>,
) -> Result<(), Error> {
    let (outcome, say) = match done {
        Ok(Edited::Done) => ("done", String::new()),
        Ok(Edited::Same) => ("same", "変わるところはありませんでした。".to_owned()),
        // Whose case it is not, is not told here either.
        Err(Error::NotFound) => return Ok(()),
        Err(error) => ("failed", error.say()),
    };
    let row = BulkRow {
        insured_no: id.insured_no,
        record_no: id.record_no,
        outcome: outcome.to_owned(),
        say,
        name: String::new(),
    };
    let (caller, bulk_id) = (caller.clone(), bulk_id.to_owned());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::ManageCase)?;
            Ok::<_, Error>(store::bulk_row(tx, &grant, &bulk_id, &row)?)
        })
        .await
}

/// What became of each case of a bulk.
///
/// # Errors
/// [`Error::NotFound`] unless it is the insurer's.
pub async fn outcome(app: &App, ctx: &Ctx, caller: &Caller, bulk_id: &str) -> Result<(Bulk, Vec<BulkRow>), Error> {
    let (ctx, caller, bulk_id) = (ctx.clone(), caller.clone(), bulk_id.to_owned());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::ListInsured)?;
            let (bulk, rows) = store::bulk(tx, &grant, &bulk_id)?.ok_or(Error::NotFound)?;
            let insurer_no = insurer_of(&caller)?;
            let people: Vec<_> = rows.iter().map(|row| (insurer_no, row.insured_no)).collect();
            listed(tx, &ctx, &caller, (Act::ListInsured, Purpose::Case), people)?;
            Ok((bulk, rows))
        })
        .await
}
