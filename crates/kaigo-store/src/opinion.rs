//! Requests for a 主治医意見書 (作成依頼): who asks whom about whom, until when, how far it is. Drafts and submissions stand in
//! [`paper`].
//!
//! A request is written only by its insurer and read only by its insurer and the institution that was asked.

pub mod asked;
pub mod paper;

use kaigo_core::date::Date;
use kaigo_core::id::{InstitutionNo, InsuredNo, InsurerNo};
use kaigo_core::opinion::request::State;
use kaigo_core::policy::{Act, ActGrant};

use crate::db::{Error, Row, Tx, Value};

macro_rules! columns {
    () => {
        "insurer_no, insured_no, request_id, record_no, application_no, applied_on, institution_no, institution_name, physician, \
         count_kind, place_kind, note, name, kana, born_on, sex, previous, requested_on, due_on, closes_on, state, reason, \
         submissions, reminders, reminded_on, accepted_no, submit_key, requested_by, changed_at, changed_by"
    };
}

statements! {
    INSERT = concat!("INSERT INTO opinion_request (", columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, \
              ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30)");
    OF_KEY = concat!("SELECT ", columns!(), " FROM opinion_request WHERE insurer_no = ?1 AND submit_key = ?2");
    OF_INSURER = concat!("SELECT ", columns!(), " FROM opinion_request WHERE insurer_no = ?1 AND request_id = ?2");
    OF_INSTITUTION = concat!("SELECT ", columns!(), " FROM opinion_request WHERE institution_no = ?1 AND request_id = ?2 AND state <> 'cancelled'");
    OF_CASE = concat!("SELECT ", columns!(), " FROM opinion_request WHERE insurer_no = ?1 AND insured_no = ?2 AND record_no = ?3 \
              ORDER BY requested_on DESC, request_id DESC");
    INSURER_LIST = concat!("SELECT ", columns!(), " FROM opinion_request WHERE insurer_no = ?1 AND state = ?2 AND (due_on > ?3 OR \
              (due_on = ?3 AND request_id > ?4)) ORDER BY due_on, request_id LIMIT ?5");
    INSURER_COUNTS = "SELECT state, count(*), coalesce(sum(CASE WHEN due_on < ?2 THEN 1 ELSE 0 END), 0) FROM opinion_request WHERE insurer_no = ?1 GROUP BY state ORDER BY state";
    OPEN_LIST = concat!("SELECT ", columns!(), " FROM opinion_request WHERE institution_no = ?1 AND state IN ('requested', 'returned') \
              AND (due_on > ?2 OR (due_on = ?2 AND request_id > ?3)) ORDER BY due_on, request_id LIMIT ?4");
    DONE_LIST = concat!("SELECT ", columns!(), " FROM opinion_request WHERE institution_no = ?1 AND state IN ('submitted', 'accepted', 'declined') \
              AND closes_on >= ?2 ORDER BY changed_at DESC, request_id LIMIT ?3");
    CHANGE = "UPDATE opinion_request SET state = ?5, reason = ?6, submissions = ?7, closes_on = ?8, accepted_no = ?9, changed_at = ?10, \
              changed_by = ?11 WHERE insurer_no = ?1 AND insured_no = ?2 AND request_id = ?3 AND state = ?4";
    REMIND = "UPDATE opinion_request SET reminders = reminders + 1, reminded_on = ?4, changed_at = ?5, changed_by = ?6 WHERE insurer_no = ?1 \
              AND insured_no = ?2 AND request_id = ?3 AND state IN ('requested', 'returned') AND (reminded_on IS NULL OR reminded_on < ?4)";
    EVENT = "INSERT INTO opinion_event (insurer_no, insured_no, request_id, event_id, what, say, made_at, made_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    EVENTS = "SELECT what, say, made_at, made_by FROM opinion_event WHERE insurer_no = ?1 AND insured_no = ?2 AND request_id = ?3 ORDER BY event_id";
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who asks.
    pub insurer_no: InsurerNo,
    /// About whom.
    pub insured_no: InsuredNo,
    /// Random identifier.
    pub request_id: String,
    /// 連番 of the application.
    pub record_no: i32,
    /// 申請番号.
    pub application_no: String,
    /// 申請年月日.
    pub applied_on: Date,
    /// Who is asked.
    pub institution_no: InstitutionNo,
    /// Its name when it was asked.
    pub institution_name: String,
    /// The physician that the person named; may be empty.
    pub physician: String,
    /// 新規 or 継続, a code of [`kaigo_core::opinion::request::CountKind`].
    pub count_kind: String,
    /// 在宅 or 施設, a code of [`kaigo_core::opinion::request::PlaceKind`].
    pub place_kind: String,
    /// A word to the physician; may be empty.
    pub note: String,
    /// 氏名, as on the letter.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// 生年月日.
    pub born_on: Date,
    /// 性別, its code.
    pub sex: String,
    /// The previous opinion that the insurer sends along, sealed; empty if there is none.
    pub previous: Vec<u8>,
    /// 依頼日.
    pub requested_on: Date,
    /// 提出期限.
    pub due_on: Date,
    /// Last day on which the institution sees the person.
    pub closes_on: Date,
    /// How far it is.
    pub state: State,
    /// Why it was returned, cancelled or declined; may be empty.
    pub reason: String,
    /// How many submissions there were.
    pub submissions: i32,
    /// How often it was reminded of.
    pub reminders: i32,
    /// When last.
    pub reminded_on: Option<Date>,
    /// 連番 of the record that the accepted opinion became.
    pub accepted_no: Option<i32>,
    /// The form's key: the same form makes one request.
    pub submit_key: String,
    /// Who at the insurer asked.
    pub requested_by: String,
    /// When it changed last.
    pub changed_at: String,
    /// By whom.
    pub changed_by: String,
}

/// How a request goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The state afterwards.
    pub state: State,
    /// Why; may be empty.
    pub reason: String,
    /// Last day on which the institution sees the person.
    pub closes_on: Date,
    /// How many submissions there are then.
    pub submissions: i32,
    /// 連番 of the record, once accepted.
    pub accepted_no: Option<i32>,
    /// When.
    pub at: String,
    /// By whom.
    pub by: String,
}

/// Something that happened to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Stable word: `requested`, `reminded`, `submitted`, `returned`, `accepted`, `cancelled`, `declined`.
    pub what: String,
    /// Reason or number; may be empty.
    pub say: String,
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
}

/// Writes a request.
///
/// # Errors
/// [`Error::Conflict`] if the form was sent before.
pub fn insert(tx: &mut Tx<'_>, grant: &ActGrant, r: &Request) -> Result<(), Error> {
    if !grant.is_on(Act::RequestOpinion, r.insurer_no, r.insured_no) {
        return Err(Error::NotCovered);
    }
    let values: &[Value<'_>] = args![
        r.insurer_no,
        r.insured_no,
        &r.request_id,
        r.record_no,
        &r.application_no,
        r.applied_on,
        r.institution_no,
        &r.institution_name,
        &r.physician,
        &r.count_kind,
        &r.place_kind,
        &r.note,
        &r.name,
        &r.kana,
        r.born_on,
        &r.sex,
        r.previous.as_slice(),
        r.requested_on,
        r.due_on,
        r.closes_on,
        r.state.code(),
        &r.reason,
        r.submissions,
        r.reminders,
        r.reminded_on,
        r.accepted_no,
        &r.submit_key,
        &r.requested_by,
        &r.changed_at,
        &r.changed_by
    ];
    tx.execute(INSERT, values).map(drop)
}

/// The request that a form made, if it was sent before.
pub fn of_key(tx: &mut Tx<'_>, grant: &ActGrant, submit_key: &str) -> Result<Option<Request>, Error> {
    tx.query_opt(OF_KEY, args![insurer(grant, &[Act::RequestOpinion])?, submit_key])?.as_ref().map(read).transpose()
}

/// Acts by which an insurer reads requests.
const INSURER: &[Act] = &[Act::RequestOpinion, Act::AnswerOpinion, Act::ListInsured, Act::ManageCase, Act::ManageBoard];
/// Acts by which an institution reads requests.
const INSTITUTION: &[Act] = &[Act::ListRequests, Act::WriteOpinion];

/// The request, if it is the caller's: the insurer that made it, the institution that was asked and not told off.
pub fn find(tx: &mut Tx<'_>, grant: &ActGrant, request_id: &str) -> Result<Option<Request>, Error> {
    let row = if let Some(institution_no) = grant.institution_no() {
        if !INSTITUTION.contains(&grant.act()) {
            return Err(Error::NotCovered);
        }
        tx.query_opt(OF_INSTITUTION, args![institution_no, request_id])?
    } else {
        tx.query_opt(OF_INSURER, args![insurer(grant, INSURER)?, request_id])?
    };
    row.as_ref().map(read).transpose()
}

/// The requests of a case, the newest first.
pub fn of_case(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    insured_no: InsuredNo,
    record_no: i32,
) -> Result<Vec<Request>, Error> {
    let rows = tx.query(OF_CASE, args![insurer(grant, INSURER)?, insured_no, record_no])?;
    rows.iter().map(read).collect()
}

/// A page of an insurer's requests in one state by due date, after a place (due date and identifier of the last one seen).
pub fn of_insurer(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    state: State,
    after: (&str, &str),
    limit: i32,
) -> Result<Vec<Request>, Error> {
    let own = insurer(grant, INSURER)?;
    tx.query(INSURER_LIST, args![own, state.code(), after.0, after.1, limit])?.iter().map(read).collect()
}

/// How many requests of an insurer there are in each state, and how many of them are past their due date.
pub fn counts(tx: &mut Tx<'_>, grant: &ActGrant, today: Date) -> Result<Vec<(State, i64, i64)>, Error> {
    let rows = tx.query(INSURER_COUNTS, args![insurer(grant, INSURER)?, today])?;
    rows.iter().map(|row| Ok((state(row.text(0)?)?, row.int(1)?, row.int(2)?))).collect()
}

/// A page of what an institution has still to write, by due date.
pub fn open(tx: &mut Tx<'_>, grant: &ActGrant, after: (&str, &str), limit: i32) -> Result<Vec<Request>, Error> {
    let own = institution(grant)?;
    tx.query(OPEN_LIST, args![own, after.0, after.1, limit])?.iter().map(read).collect()
}

/// What an institution has written and may still see, the newest first.
pub fn done(tx: &mut Tx<'_>, grant: &ActGrant, today: Date, limit: i32) -> Result<Vec<Request>, Error> {
    tx.query(DONE_LIST, args![institution(grant)?, today, limit])?.iter().map(read).collect()
}

/// Moves a request on. Answers false if it is not any more where it was seen.
pub fn change(tx: &mut Tx<'_>, grant: &ActGrant, request: &Request, step: &Step) -> Result<bool, Error> {
    on(grant, &[Act::RequestOpinion, Act::AnswerOpinion, Act::WriteOpinion], request)?;
    let done = tx.execute(
        CHANGE,
        args![
            request.insurer_no,
            request.insured_no,
            &request.request_id,
            request.state.code(),
            step.state.code(),
            &step.reason,
            step.submissions,
            step.closes_on,
            step.accepted_no,
            &step.at,
            &step.by
        ],
    )?;
    Ok(done == 1)
}

/// Counts a reminder, at most one a day. Answers false if nothing is to be reminded of.
pub fn remind(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    request: &Request,
    on_day: Date,
    (at, by): (&str, &str),
) -> Result<bool, Error> {
    on(grant, &[Act::RequestOpinion], request)?;
    let whom = (request.insurer_no, request.insured_no);
    Ok(tx.execute(REMIND, args![whom.0, whom.1, &request.request_id, on_day, at, by])? == 1)
}

/// Notes what happened.
pub fn event(tx: &mut Tx<'_>, grant: &ActGrant, request: &Request, event_id: &str, event: &Event) -> Result<(), Error> {
    on(grant, &[Act::RequestOpinion, Act::AnswerOpinion, Act::WriteOpinion], request)?;
    let Event { what, say, at, by } = event;
    tx.execute(EVENT, args![request.insurer_no, request.insured_no, &request.request_id, event_id, what, say, at, by])
        .map(drop)
}

/// What happened to a request, in order.
pub fn events(tx: &mut Tx<'_>, grant: &ActGrant, request: &Request) -> Result<Vec<Event>, Error> {
    reads(grant, request)?;
    let rows = tx.query(EVENTS, args![request.insurer_no, request.insured_no, &request.request_id])?;
    rows.iter()
        .map(|row| {
            let text = |i| Ok::<_, Error>(row.text(i)?.to_owned());
            Ok(Event { what: text(0)?, say: text(1)?, at: text(2)?, by: text(3)? })
        })
        .collect()
}

/// The grant is for one of the acts on the person of the request, and the request is the caller's.
fn on(grant: &ActGrant, acts: &[Act], request: &Request) -> Result<(), Error> {
    let is_on = acts.iter().any(|act| grant.is_on(*act, request.insurer_no, request.insured_no));
    let is_own =
        grant.insurer_no() == Some(request.insurer_no) || grant.institution_no() == Some(request.institution_no);
    if is_on && is_own { Ok(()) } else { Err(Error::NotCovered) }
}

/// The grant lets the caller read the request.
fn reads(grant: &ActGrant, request: &Request) -> Result<(), Error> {
    let acts = if grant.institution_no().is_some() { INSTITUTION } else { INSURER };
    let is_own =
        grant.insurer_no() == Some(request.insurer_no) || grant.institution_no() == Some(request.institution_no);
    if acts.contains(&grant.act()) && is_own { Ok(()) } else { Err(Error::NotCovered) }
}

fn insurer(grant: &ActGrant, acts: &[Act]) -> Result<InsurerNo, Error> {
    grant.insurer_no().filter(|_| acts.contains(&grant.act())).ok_or(Error::NotCovered)
}

fn institution(grant: &ActGrant) -> Result<InstitutionNo, Error> {
    grant.institution_no().filter(|_| INSTITUTION.contains(&grant.act())).ok_or(Error::NotCovered)
}

fn state(text: &str) -> Result<State, Error> {
    State::parse(text).map_err(|_| Error::Broken("a request has a state that nobody knows".to_owned()))
}

fn read(row: &Row) -> Result<Request, Error> {
    let bad = |_| Error::Broken("a request cannot be read".to_owned());
    let text = |i| Ok::<_, Error>(row.text(i)?.to_owned());
    let small = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
    Ok(Request {
        insurer_no: InsurerNo::parse(row.text(0)?).map_err(bad)?,
        insured_no: InsuredNo::parse(row.text(1)?).map_err(bad)?,
        request_id: text(2)?,
        record_no: small(row.int(3)?),
        application_no: text(4)?,
        applied_on: row.date(5)?,
        institution_no: InstitutionNo::parse(row.text(6)?).map_err(bad)?,
        institution_name: text(7)?,
        physician: text(8)?,
        count_kind: text(9)?,
        place_kind: text(10)?,
        note: text(11)?,
        name: text(12)?,
        kana: text(13)?,
        born_on: row.date(14)?,
        sex: text(15)?,
        previous: row.bytes(16)?.to_vec(),
        requested_on: row.date(17)?,
        due_on: row.date(18)?,
        closes_on: row.date(19)?,
        state: state(row.text(20)?)?,
        reason: text(21)?,
        submissions: small(row.int(22)?),
        reminders: small(row.int(23)?),
        reminded_on: row.opt_date(24)?,
        accepted_no: row.opt_int(25)?.map(small),
        submit_key: text(26)?,
        requested_by: text(27)?,
        changed_at: text(28)?,
        changed_by: text(29)?,
    })
}
