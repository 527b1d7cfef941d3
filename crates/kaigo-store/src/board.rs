//! Certification boards (介護認定審査会): sessions, the cases before them, judgements.
//!
//! A board is a body of its own that may serve several insurers. An insurer puts its cases before a session and later
//! confirms what the board judged; the board sees its own sessions only. What a board is shown of a case holds no name.

use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::{Act, ActGrant};

use crate::db::{Error, Row, Tx};

macro_rules! session {
    () => {
        "s.board_id, s.session_id, s.held_on, s.starts_at, s.panel, s.place, s.capacity, s.state, s.closed_by, s.closed_at, \
         (SELECT count(*) FROM board_case n WHERE n.board_id = s.board_id AND n.session_id = s.session_id AND n.state <> 'removed'), \
         (SELECT count(*) FROM board_case m WHERE m.board_id = s.board_id AND m.session_id = s.session_id AND m.verdict IS NOT NULL AND m.state <> 'removed'), \
         s.members, s.changed_at, s.changed_by"
    };
}

macro_rules! case {
    () => {
        "c.insurer_no, c.insured_no, c.record_no, c.case_id, c.board_id, c.session_id, c.place, c.state, c.revision, c.verdict, \
         c.care_level, c.valid_months, c.opinion, c.designated_services, c.reason, c.judged_by, c.judged_at, coalesce(x.kind, ''), \
         x.applied_on, k.care_level, k.minutes_tenths, i.name"
    };
}

macro_rules! from {
    () => {
        " FROM board_case c JOIN insurer i ON i.insurer_no = c.insurer_no LEFT JOIN case_index x ON x.insurer_no = c.insurer_no \
         AND x.insured_no = c.insured_no AND x.record_no = c.record_no LEFT JOIN case_computed k ON k.insurer_no = c.insurer_no \
         AND k.insured_no = c.insured_no AND k.record_no = c.record_no "
    };
}

statements! {
    SERVES = "SELECT 1 FROM board_insurer WHERE board_id = ?1 AND insurer_no = ?2";
    ADD_SESSION = "INSERT INTO board_session (board_id, session_id, held_on, starts_at, panel, place, capacity, state, submit_key, made_by, \
                   made_at, closed_by, closed_at, members) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'open', ?8, ?9, ?10, NULL, NULL, ?11) \
                   ON CONFLICT (board_id, submit_key) DO NOTHING";
    SESSION_OF_KEY = "SELECT session_id FROM board_session WHERE board_id = ?1 AND submit_key = ?2";
    CHANGE = "UPDATE board_session SET held_on = ?3, starts_at = ?4, panel = ?5, place = ?6, capacity = ?7, members = ?8, changed_by = ?9, \
              changed_at = ?10 WHERE board_id = ?1 AND session_id = ?2 AND state = 'open' AND coalesce(changed_at, '') = ?11";
    CLOSE = "UPDATE board_session SET state = 'closed', closed_by = ?3, closed_at = ?4 WHERE board_id = ?1 AND session_id = ?2 AND state = 'open'";
    SESSION = concat!("SELECT ", session!(), " FROM board_session s WHERE s.board_id = ?1 AND s.session_id = ?2");
    SESSIONS = concat!("SELECT ", session!(), " FROM board_session s WHERE s.board_id = ?1 AND s.held_on >= ?2 \
                ORDER BY s.held_on, s.starts_at, s.session_id LIMIT 400");
    SESSION_OF_INSURER = concat!("SELECT ", session!(), " FROM board_session s JOIN board_insurer b ON b.board_id = s.board_id \
                          WHERE b.insurer_no = ?1 AND s.session_id = ?2");
    ASSIGN = "INSERT INTO board_case (insurer_no, insured_no, record_no, case_id, board_id, session_id, place, state, revision, verdict, \
              care_level, valid_months, opinion, designated_services, reason, judged_by, judged_at, assigned_by, assigned_at, confirmed_by, \
              confirmed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'assigned', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ?8, ?9, NULL, NULL)";
    STANDING = "SELECT case_id, board_id, session_id, state FROM board_case WHERE insurer_no = ?1 AND insured_no = ?2 AND record_no = ?3 \
                AND state IN ('assigned', 'judged') LIMIT 1";
    LAST_PLACE = "SELECT coalesce(max(place), 0) FROM board_case WHERE board_id = ?1 AND session_id = ?2";
    UNASSIGN = "UPDATE board_case SET state = 'removed' WHERE insurer_no = ?1 AND insured_no = ?2 AND case_id = ?3 AND state = 'assigned'";
    WITHDRAW = "UPDATE board_case SET state = 'removed' WHERE insurer_no = ?1 AND insured_no = ?2 AND record_no = ?3 AND state = 'assigned'";
    OF_SESSION = concat!("SELECT ", case!(), from!(), "WHERE c.board_id = ?1 AND c.session_id = ?2 AND c.state <> 'removed' ORDER BY c.place, c.case_id");
    ONE = concat!("SELECT ", case!(), from!(), "WHERE c.board_id = ?1 AND c.case_id = ?2 AND c.state <> 'removed'");
    OF_INSURER = concat!("SELECT ", case!(), from!(), "WHERE c.insurer_no = ?1 AND c.session_id = ?2 AND c.state <> 'removed' ORDER BY c.place, c.case_id");
    ONE_OF_INSURER = concat!("SELECT ", case!(), from!(), "WHERE c.insurer_no = ?1 AND c.case_id = ?2 AND c.state <> 'removed'");
    OF_CASE = concat!("SELECT ", case!(), from!(), "WHERE c.insurer_no = ?1 AND c.insured_no = ?2 AND c.record_no = ?3 AND c.state <> 'removed' \
               ORDER BY c.judged_at DESC, c.case_id");
    PLACE = "UPDATE board_case SET place = ?3 WHERE board_id = ?1 AND case_id = ?2";
    JUDGE = "UPDATE board_case SET state = 'judged', revision = revision + 1, verdict = ?4, care_level = ?5, valid_months = ?6, opinion = ?7, \
             designated_services = ?8, reason = ?9, judged_by = ?10, judged_at = ?11 WHERE board_id = ?1 AND case_id = ?2 AND revision = ?3 \
             AND state IN ('assigned', 'judged')";
    CONFIRM = "UPDATE board_case SET state = ?4, confirmed_by = ?5, confirmed_at = ?6 WHERE insurer_no = ?1 AND insured_no = ?2 AND case_id = ?3 \
               AND state = 'judged'";
    WAITING = "SELECT count(*) FROM board_case c JOIN board_session s ON s.board_id = c.board_id AND s.session_id = c.session_id \
               WHERE c.insurer_no = ?1 AND c.state = 'judged' AND s.state = 'closed'";
}

/// A session of a board (審査会の開催).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The board.
    pub board_id: String,
    /// Random identifier.
    pub session_id: String,
    /// Day.
    pub held_on: Date,
    /// Time of day, `14:00`.
    pub starts_at: String,
    /// Panel (合議体).
    pub panel: String,
    /// Where; may be empty.
    pub place: String,
    /// How many cases it takes.
    pub capacity: i32,
    /// How many members of the board come, if it was said.
    pub members: Option<i32>,
    /// Whether cases can be put before it and judged; else it is over.
    pub is_open: bool,
    /// Who closed it and when.
    pub closed: Option<(String, String)>,
    /// Cases before it.
    pub cases: i32,
    /// Of these, judged.
    pub judged: i32,
    /// Who changed it last after it was planned, and when.
    pub changed: Option<(String, String)>,
}

impl Session {
    /// Which version somebody saw: the moment of the last change; empty as it was planned.
    pub fn seen(&self) -> &str {
        self.changed.as_ref().map_or("", |(_, at)| at)
    }
}

/// A case before a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardCase {
    /// Its insurer.
    pub insurer_no: InsurerNo,
    /// Whose case; never shown to a board.
    pub insured_no: InsuredNo,
    /// 連番 of the application.
    pub record_no: i32,
    /// Random identifier: the name of the case in URLs.
    pub case_id: String,
    /// The board.
    pub board_id: String,
    /// The session.
    pub session_id: String,
    /// Place in the order of the session: 対象者番号.
    pub place: i32,
    /// `assigned`, `judged`, `confirmed` or `returned`.
    pub state: String,
    /// Counts up with each judgement.
    pub revision: i32,
    /// What the board said.
    pub judgement: Option<Judgement>,
    /// Code of 申請区分; empty if the application is gone.
    pub kind: String,
    /// 申請年月日.
    pub applied_on: Option<Date>,
    /// 一次判定: code of the level and 基準時間 in tenths of a minute.
    pub computed: Option<(String, Option<i32>)>,
    /// Name of the insurer.
    pub insurer_name: String,
}

/// What a board said about a case (二次判定).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Code of the verdict.
    pub verdict: String,
    /// Code of the level, with 認定.
    pub care_level: Option<String>,
    /// Months of validity, with 認定.
    pub valid_months: Option<i32>,
    /// Opinion of the board (審査会の意見).
    pub opinion: Option<String>,
    /// Kinds of service it restricts to (サービスの種類の指定).
    pub designated_services: Option<String>,
    /// Why it is to be surveyed or judged again.
    pub reason: Option<String>,
    /// Who wrote it down.
    pub judged_by: String,
    /// When.
    pub judged_at: String,
}

fn board(grant: &ActGrant) -> Result<&str, Error> {
    match (grant.act(), grant.board_id()) {
        (Act::ListSessions | Act::JudgeCase, Some(board_id)) => Ok(board_id),
        _ => Err(Error::NotCovered),
    }
}

fn judge_of(grant: &ActGrant) -> Result<&str, Error> {
    match (grant.act(), grant.board_id()) {
        (Act::JudgeCase, Some(board_id)) => Ok(board_id),
        _ => Err(Error::NotCovered),
    }
}

fn insurer(grant: &ActGrant) -> Result<InsurerNo, Error> {
    match (grant.act(), grant.insurer_no()) {
        (Act::ManageBoard | Act::ListInsured, Some(insurer_no)) => Ok(insurer_no),
        _ => Err(Error::NotCovered),
    }
}

fn person(grant: &ActGrant) -> Result<(InsurerNo, InsuredNo), Error> {
    match (grant.act(), grant.person(), grant.insurer_no()) {
        (Act::ManageBoard | Act::ManageCase, Some(person), Some(_)) => Ok(person),
        _ => Err(Error::NotCovered),
    }
}

/// Adds a session, or answers the one that the same form made before.
pub fn add_session(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    session: &Session,
    submit_key: &str,
    (by, at): (&str, &str),
) -> Result<String, Error> {
    let board_id = judge_of(grant)?;
    let Session { session_id, held_on, starts_at, panel, place, capacity, members, .. } = session;
    tx.execute(
        ADD_SESSION,
        args![board_id, session_id, *held_on, starts_at, panel, place, *capacity, submit_key, by, at, *members],
    )?;
    let row = tx.query_opt(SESSION_OF_KEY, args![board_id, submit_key])?;
    row.ok_or_else(|| Error::Broken("a session was not kept".to_owned()))?.text(0).map(str::to_owned)
}

/// Changes a session that is open, on top of the version that was seen. Answers false if somebody else changed it, or it is over.
pub fn change(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    session: &Session,
    seen: &str,
    (by, at): (&str, &str),
) -> Result<bool, Error> {
    let board_id = judge_of(grant)?;
    let Session { session_id, held_on, starts_at, panel, place, capacity, members, .. } = session;
    let done = tx.execute(
        CHANGE,
        args![board_id, session_id, *held_on, starts_at, panel, place, *capacity, *members, by, at, seen],
    )?;
    Ok(done == 1)
}

/// Closes a session: its insurers see the judgements. Answers false if it was closed before.
pub fn close(tx: &mut Tx<'_>, grant: &ActGrant, session_id: &str, (by, at): (&str, &str)) -> Result<bool, Error> {
    Ok(tx.execute(CLOSE, args![judge_of(grant)?, session_id, by, at])? == 1)
}

/// The board's session.
pub fn session(tx: &mut Tx<'_>, grant: &ActGrant, session_id: &str) -> Result<Option<Session>, Error> {
    tx.query_opt(SESSION, args![board(grant)?, session_id])?.as_ref().map(read_session).transpose()
}

/// The board's sessions from a day on.
pub fn sessions(tx: &mut Tx<'_>, grant: &ActGrant, from: Date) -> Result<Vec<Session>, Error> {
    tx.query(SESSIONS, args![board(grant)?, from])?.iter().map(read_session).collect()
}

/// The sessions, from a day on, of a board that serves the insurer.
pub fn sessions_for(tx: &mut Tx<'_>, grant: &ActGrant, board_id: &str, from: Date) -> Result<Vec<Session>, Error> {
    if tx.query_opt(SERVES, args![board_id, insurer(grant)?])?.is_none() {
        return Ok(Vec::new());
    }
    tx.query(SESSIONS, args![board_id, from])?.iter().map(read_session).collect()
}

/// A session of a board that serves the insurer.
pub fn session_for(tx: &mut Tx<'_>, grant: &ActGrant, session_id: &str) -> Result<Option<Session>, Error> {
    tx.query_opt(SESSION_OF_INSURER, args![insurer(grant)?, session_id])?.as_ref().map(read_session).transpose()
}

/// What became of putting a case before a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assigned {
    /// It lies before it now.
    Done,
    /// It lay before this session already.
    Same,
    /// It lies before another session.
    Elsewhere,
    /// The session takes no more.
    Full,
    /// The session is over.
    Closed,
}

/// Puts a case of the grant's person before a session.
pub fn assign(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    session: &Session,
    (record_no, case_id): (i32, &str),
    (by, at): (&str, &str),
) -> Result<Assigned, Error> {
    let (insurer_no, insured_no) = person(grant)?;
    if tx.query_opt(SERVES, args![&session.board_id, insurer_no])?.is_none() {
        return Err(Error::NotCovered);
    }
    if let Some(row) = tx.query_opt(STANDING, args![insurer_no, insured_no, record_no])? {
        return Ok(if row.text(2)? == session.session_id { Assigned::Same } else { Assigned::Elsewhere });
    }
    if !session.is_open {
        return Ok(Assigned::Closed);
    }
    if session.cases >= session.capacity {
        return Ok(Assigned::Full);
    }
    let (board_id, session_id) = (&session.board_id, &session.session_id);
    let last = tx.query_opt(LAST_PLACE, args![board_id, session_id])?.map_or(Ok(0), |row| row.int(0))?;
    tx.execute(
        ASSIGN,
        args![insurer_no, insured_no, record_no, case_id, board_id, session_id, small(last) + 1, by, at],
    )?;
    Ok(Assigned::Done)
}

/// Takes a case of the grant's person off its session before it is judged. Answers false if it was judged.
pub fn unassign(tx: &mut Tx<'_>, grant: &ActGrant, case_id: &str) -> Result<bool, Error> {
    let (insurer_no, insured_no) = person(grant)?;
    Ok(tx.execute(UNASSIGN, args![insurer_no, insured_no, case_id])? == 1)
}

/// Takes an application that ended otherwise off every session that has not judged it. Answers from how many.
pub fn withdraw(tx: &mut Tx<'_>, grant: &ActGrant, record_no: i32) -> Result<u64, Error> {
    let (insurer_no, insured_no) = person(grant)?;
    tx.execute(WITHDRAW, args![insurer_no, insured_no, record_no])
}

/// The cases of the board's session in their order.
pub fn cases(tx: &mut Tx<'_>, grant: &ActGrant, session_id: &str) -> Result<Vec<BoardCase>, Error> {
    tx.query(OF_SESSION, args![board(grant)?, session_id])?.iter().map(read_case).collect()
}

/// One case before the board.
pub fn case(tx: &mut Tx<'_>, grant: &ActGrant, case_id: &str) -> Result<Option<BoardCase>, Error> {
    tx.query_opt(ONE, args![board(grant)?, case_id])?.as_ref().map(read_case).transpose()
}

/// The insurer's own cases of a session in their order.
pub fn cases_for(tx: &mut Tx<'_>, grant: &ActGrant, session_id: &str) -> Result<Vec<BoardCase>, Error> {
    tx.query(OF_INSURER, args![insurer(grant)?, session_id])?.iter().map(read_case).collect()
}

/// One of the insurer's own cases.
pub fn case_for(tx: &mut Tx<'_>, grant: &ActGrant, case_id: &str) -> Result<Option<BoardCase>, Error> {
    tx.query_opt(ONE_OF_INSURER, args![insurer(grant)?, case_id])?.as_ref().map(read_case).transpose()
}

/// Every time that an application of the person lay before a board. For the page of the case.
pub fn of_application(
    tx: &mut Tx<'_>,
    grant: &kaigo_core::policy::Grant,
    record_no: i32,
) -> Result<Vec<BoardCase>, Error> {
    tx.query(OF_CASE, args![grant.insurer_no(), grant.insured_no(), record_no])?.iter().map(read_case).collect()
}

/// Puts cases of the board's session into this order.
pub fn order(tx: &mut Tx<'_>, grant: &ActGrant, case_ids: &[String]) -> Result<(), Error> {
    let board_id = judge_of(grant)?;
    for (place, case_id) in (1_i32..).zip(case_ids) {
        tx.execute(PLACE, args![board_id, case_id, place])?;
    }
    Ok(())
}

/// Writes down what the board said, on top of the judgement that was seen. Answers false if somebody else wrote meanwhile,
/// or the insurer has confirmed.
pub fn judge(tx: &mut Tx<'_>, grant: &ActGrant, case_id: &str, revision: i32, said: &Judgement) -> Result<bool, Error> {
    let board_id = judge_of(grant)?;
    let Judgement { verdict, care_level, valid_months, opinion, designated_services, reason, judged_by, judged_at } =
        said;
    let done = tx.execute(
        JUDGE,
        args![
            board_id,
            case_id,
            revision,
            verdict,
            care_level.as_ref(),
            *valid_months,
            opinion.as_ref(),
            designated_services.as_ref(),
            reason.as_ref(),
            judged_by,
            judged_at
        ],
    )?;
    Ok(done == 1)
}

/// Notes that the insurer made the judgement its decision (`confirmed`), or took the case back (`returned`). Answers false
/// if that was done before.
pub fn confirm(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    case_id: &str,
    decided: bool,
    (by, at): (&str, &str),
) -> Result<bool, Error> {
    let (insurer_no, insured_no) = person(grant)?;
    let state = if decided { "confirmed" } else { "returned" };
    Ok(tx.execute(CONFIRM, args![insurer_no, insured_no, case_id, state, by, at])? == 1)
}

/// Judgements of closed sessions that wait for the insurer.
pub fn waiting(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<i64, Error> {
    tx.query_opt(WAITING, args![insurer(grant)?])?.map_or(Ok(0), |row| row.int(0))
}

fn read_session(row: &Row) -> Result<Session, Error> {
    let closed_by = row.opt_text(8)?.map(str::to_owned);
    Ok(Session {
        board_id: row.text(0)?.to_owned(),
        session_id: row.text(1)?.to_owned(),
        held_on: row.date(2)?,
        starts_at: row.text(3)?.to_owned(),
        panel: row.text(4)?.to_owned(),
        place: row.text(5)?.to_owned(),
        capacity: small(row.int(6)?),
        is_open: row.text(7)? == "open",
        closed: closed_by.zip(row.opt_text(9)?.map(str::to_owned)),
        cases: small(row.int(10)?),
        judged: small(row.int(11)?),
        members: row.opt_int(12)?.map(small),
        changed: row.opt_text(14)?.map(str::to_owned).zip(row.opt_text(13)?.map(str::to_owned)),
    })
}

fn read_case(row: &Row) -> Result<BoardCase, Error> {
    let bad = |_| Error::Broken("a board's case cannot be read".to_owned());
    let text = |i: usize| row.opt_text(i).map(|text| text.map(str::to_owned));
    let judgement = match text(9)? {
        None => None,
        Some(verdict) => Some(Judgement {
            verdict,
            care_level: text(10)?,
            valid_months: row.opt_int(11)?.map(small),
            opinion: text(12)?,
            designated_services: text(13)?,
            reason: text(14)?,
            judged_by: text(15)?.unwrap_or_default(),
            judged_at: text(16)?.unwrap_or_default(),
        }),
    };
    let minutes = row.opt_int(20)?.map(small);
    Ok(BoardCase {
        insurer_no: InsurerNo::parse(row.text(0)?).map_err(bad)?,
        insured_no: InsuredNo::parse(row.text(1)?).map_err(bad)?,
        record_no: small(row.int(2)?),
        case_id: row.text(3)?.to_owned(),
        board_id: row.text(4)?.to_owned(),
        session_id: row.text(5)?.to_owned(),
        place: small(row.int(6)?),
        state: row.text(7)?.to_owned(),
        revision: small(row.int(8)?),
        judgement,
        kind: row.text(17)?.to_owned(),
        applied_on: row.opt_date(18)?,
        computed: text(19)?.map(|level| (level, minutes)),
        insurer_name: row.text(21)?.to_owned(),
    })
}

fn small(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
