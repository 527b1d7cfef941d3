//! The insurer's side of a board: putting complete cases before a session, and making judgements its decisions.

use kaigo_core::care_level::CareLevel;
use kaigo_core::code::Outcome;
use kaigo_core::date::{Date, add_days, seireki};
use kaigo_core::id::InsuredNo;
use kaigo_core::policy::{Act, Caller, Purpose, decide_act};
use kaigo_core::record::application::Application;
use kaigo_core::rule::case::{Decision, Verdict};
use kaigo_core::text::Text;
use kaigo_store::board::{self as store, Assigned, BoardCase, Judgement, Session};
use kaigo_store::case::{self as cases, After, CaseRow, Wanted};
use kaigo_store::institution::{self, Board};

use super::SHOWN_DAYS;
use crate::case::bulk::{begin, key, note};
use crate::case::{Bench, CaseId, Edit, edit, insurer_of, listed, result};
use crate::{App, Ctx, Error};

/// A board that serves the insurer, with its sessions.
#[derive(Clone, Debug)]
pub struct BoardOf {
    /// The board.
    pub board: Board,
    /// Its sessions from two months ago on.
    pub sessions: Vec<Session>,
}

/// The boards that serve the clerk's insurer.
pub async fn boards(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Vec<BoardOf>, Error> {
    let (from, caller) = (add_days(ctx.today, -SHOWN_DAYS), caller.clone());
    app.db
        .read(move |tx| {
            let grant = decide_act(&caller, Act::ManageBoard)?;
            let boards = institution::boards_of(tx, insurer_of(&caller)?)?;
            boards
                .into_iter()
                .map(|board| {
                    let sessions = store::sessions_for(tx, &grant, &board.board_id, from)?;
                    Ok(BoardOf { board, sessions })
                })
                .collect()
        })
        .await
}

/// A session as the insurer sees it.
#[derive(Clone, Debug)]
pub struct SessionFor {
    /// The session.
    pub session: Session,
    /// Name of the board.
    pub board_name: String,
    /// The insurer's own cases before it, with the name of each person.
    pub cases: Vec<(BoardCase, String)>,
    /// Cases that wait to be put before a session.
    pub waiting: Vec<CaseRow>,
}

/// Looks at a session: own cases and those that wait. Everybody on the page finds it in their log.
///
/// # Errors
/// [`Error::NotFound`] unless its board serves the insurer.
pub async fn session(app: &App, ctx: &Ctx, caller: &Caller, session_id: &str) -> Result<SessionFor, Error> {
    let (ctx, caller, id) = (ctx.clone(), caller.clone(), session_id.to_owned());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::ManageBoard)?;
            let session = store::session_for(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            let board = institution::board(tx, &session.board_id)?;
            let mut named = Vec::new();
            for mut case in store::cases_for(tx, &grant, &id)? {
                let row = cases::find(tx, &grant, case.insured_no, case.record_no)?;
                if session.is_open {
                    // What a board says is shown once the session is over.
                    case.judgement = None;
                }
                named.push((case, row.map(|row| row.name).unwrap_or_default()));
            }
            let waiting = if session.is_open { waiting(tx, &grant)? } else { Vec::new() };
            let insurer_no = insurer_of(&caller)?;
            let people = named.iter().map(|(case, _)| case.insured_no).chain(waiting.iter().map(|row| row.insured_no));
            let people: Vec<_> = people.map(|insured_no| (insurer_no, insured_no)).collect();
            listed(tx, &ctx, &caller, (Act::ListInsured, Purpose::Case), people)?;
            Ok(SessionFor { board_name: board.map(|b| b.name).unwrap_or_default(), session, cases: named, waiting })
        })
        .await
}

/// The oldest cases that are complete and lie before no session.
fn waiting(tx: &mut kaigo_store::db::Tx<'_>, grant: &kaigo_core::policy::ActGrant) -> Result<Vec<CaseRow>, Error> {
    let wanted = Wanted {
        kind: String::new(),
        step: "assign".to_owned(),
        from: Date::constant(1, 1, 1),
        until: Date::constant(9999, 12, 31),
        noticed: "",
        late: None,
    };
    Ok(cases::list(tx, grant, &wanted, &After::default(), 200)?)
}

/// Puts cases before a session, one after the other; the planned day of each becomes the day of the session.
///
/// # Errors
/// [`Error::NotFound`] unless the board of the session serves the insurer; what happens to one case is no error.
pub async fn assign(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    (bulk_id, session_id): (&str, &str),
    picks: Vec<(CaseId, (i32, i32))>,
) -> Result<(), Error> {
    let found = session(app, ctx, caller, session_id).await?.session;
    let what = format!("{}の審査会（{}）に割り当てる", seireki(found.held_on), found.panel);
    begin(app, ctx, caller, bulk_id, ("assign", &what)).await?;
    for (id, seen) in picks {
        let change = Edit { id, seen, submit_key: key(bulk_id, id), form: "board" };
        let (caller2, session_id) = (caller.clone(), session_id.to_owned());
        let done = edit(app, ctx, caller, change, move |tx, bench, application| {
            put_before(tx, bench, &caller2, (&session_id, id.record_no), application)
        })
        .await;
        note(app, caller, bulk_id, id, &done).await?;
    }
    Ok(())
}

fn put_before(
    tx: &mut kaigo_store::db::Tx<'_>,
    bench: &mut Bench<'_>,
    caller: &Caller,
    (session_id, record_no): (&str, i32),
    application: &mut Application,
) -> Result<Vec<String>, Error> {
    let list = decide_act(caller, Act::ManageBoard)?;
    let session = store::session_for(tx, &list, session_id)?.ok_or(Error::NotFound)?;
    let conflict = |say: &str| Err(Error::Conflict(say.to_owned()));
    if application.computed_on.is_none() {
        return conflict("一次判定がまだです。調査票・意見書・一次判定がそろってから割り当てます。");
    }
    if application.outcome.is_some() || application.judged_on.is_some() {
        return conflict("この申請は、もう判定が済んでいます。");
    }
    let at = bench.ctx.instant();
    match store::assign(tx, bench.grant, &session, (record_no, &bench.ctx.ids.id()), (bench.by, &at))? {
        Assigned::Done => {
            application.board_planned_on = Some(session.held_on);
            Ok(vec![format!("{}の審査会（{}）に割り当てました。", seireki(session.held_on), session.panel)])
        }
        Assigned::Same => Ok(Vec::new()),
        Assigned::Elsewhere => conflict("ほかの回に割り当てられています。先にそちらをはずしてください。"),
        Assigned::Full => conflict("この回は、件数の上限に達しています。"),
        Assigned::Closed => conflict("この回は、もう終わっています。"),
    }
}

/// The case of the clerk's insurer with its application.
async fn found(app: &App, caller: &Caller, case_id: &str) -> Result<(BoardCase, Session, CaseRow), Error> {
    let (caller, id) = (caller.clone(), case_id.to_owned());
    app.db
        .read(move |tx| {
            let grant = decide_act(&caller, Act::ManageBoard)?;
            let case = store::case_for(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            let session = store::session_for(tx, &grant, &case.session_id)?.ok_or(Error::NotFound)?;
            let row = cases::find(tx, &grant, case.insured_no, case.record_no)?.ok_or(Error::NotFound)?;
            Ok((case, session, row))
        })
        .await
}

/// Takes a case off its session before it is judged.
///
/// # Errors
/// [`Error::NotFound`] unless it is the insurer's; [`Error::Conflict`] if it was judged.
pub async fn unassign(app: &App, ctx: &Ctx, caller: &Caller, case_id: &str, submit_key: &str) -> Result<(), Error> {
    let (case, _, row) = found(app, caller, case_id).await?;
    let id = case_of(&case, row.insured_no);
    let change = Edit { id, seen: row.version, submit_key: submit_key.to_owned(), form: "board" };
    let case_id = case_id.to_owned();
    edit(app, ctx, caller, change, move |tx, bench, application| {
        if !store::unassign(tx, bench.grant, &case_id)? {
            return Err(Error::Conflict("この案件は、もう判定されています。".to_owned()));
        }
        application.board_planned_on = None;
        Ok(vec!["審査会の割当をはずしました。".to_owned()])
    })
    .await
    .map(drop)
}

fn case_of(case: &BoardCase, insured_no: InsuredNo) -> CaseId {
    CaseId { insurer_no: case.insurer_no, insured_no, record_no: case.record_no }
}

/// Makes judgements of a closed session the insurer's decisions of that day, one after the other. 再調査 and 再審査 send the
/// case back to the step where it waits again.
///
/// # Errors
/// [`Error::NotFound`] unless the board of the session serves the insurer; [`Error::Conflict`] while it is open; what happens
/// to one case is no error.
pub async fn confirm(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    (bulk_id, session_id): (&str, &str),
    (case_ids, decided_on): (Vec<String>, Date),
) -> Result<(), Error> {
    let page = session(app, ctx, caller, session_id).await?;
    if page.session.is_open {
        return Err(Error::Conflict("審査会の会が終わってから確定できます。".to_owned()));
    }
    let what = format!("{}の審査会の判定を、{}の決定にする", seireki(page.session.held_on), seireki(decided_on));
    begin(app, ctx, caller, bulk_id, ("confirm", &what)).await?;
    for case_id in case_ids {
        let Ok((case, session, row)) = found(app, caller, &case_id).await else { continue };
        if case.session_id != session_id {
            continue;
        }
        let id = case_of(&case, row.insured_no);
        let change = Edit { id, seen: row.version, submit_key: key(bulk_id, id), form: "board" };
        let done = edit(app, ctx, caller, change, move |tx, bench, application| {
            make_decision(tx, bench, (&case, &session), decided_on, application)
        })
        .await;
        note(app, caller, bulk_id, id, &done).await?;
    }
    Ok(())
}

fn make_decision(
    tx: &mut kaigo_store::db::Tx<'_>,
    bench: &mut Bench<'_>,
    (case, session): (&BoardCase, &Session),
    decided_on: Date,
    application: &mut Application,
) -> Result<Vec<String>, Error> {
    let broken = || Error::Internal("a judgement cannot be read".to_owned());
    let judgement = case.judgement.as_ref().ok_or_else(|| Error::Conflict("判定がまだです。".to_owned()))?;
    let verdict = Verdict::parse(&judgement.verdict).map_err(|_| broken())?;
    let at = bench.ctx.instant();
    if !store::confirm(tx, bench.grant, &case.case_id, verdict.decides(), (bench.by, &at))? {
        return Ok(Vec::new());
    }
    application.judged_on = Some(session.held_on);
    match verdict {
        Verdict::Certified | Verdict::NotCertified => {
            let decided = decision(judgement, verdict, decided_on).ok_or_else(broken)?;
            result::put(tx, bench, (case.record_no, application), &decided)
        }
        Verdict::Resurvey => {
            application.judged_on = None;
            application.board_planned_on = None;
            application.computed_on = None;
            application.surveyed_on = None;
            application.survey_received_on = None;
            application.survey_requested_on = Some(decided_on);
            Ok(vec![format!("審査会：再調査（{}）", judgement.reason.as_deref().unwrap_or_default())])
        }
        Verdict::Again => {
            application.judged_on = None;
            application.board_planned_on = None;
            Ok(vec![format!("審査会：再審査（{}）", judgement.reason.as_deref().unwrap_or_default())])
        }
    }
}

fn decision(judgement: &Judgement, verdict: Verdict, decided_on: Date) -> Option<result::Result> {
    let care_level = match &judgement.care_level {
        Some(code) => Some(CareLevel::parse(code).ok()?),
        None => None,
    };
    let outcome = if verdict == Verdict::Certified { Outcome::Certified } else { Outcome::NotCertified };
    Some(result::Result {
        decision: Decision { outcome, decided_on, care_level, months: judgement.valid_months },
        opinion: judgement.opinion.as_deref().and_then(|text| Text::parse(text).ok()),
        designated_services: judgement.designated_services.as_deref().and_then(|text| Text::parse(text).ok()),
    })
}
