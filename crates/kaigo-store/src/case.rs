//! Cases of certification at the municipality's desk: the projection that lists them, who changed what, what was given to
//! many at once, 一次判定 and the documents of the desk.
//!
//! `case_index` holds no truth of its own: [`refresh`] makes a person's rows anew from the records, [`refresh_load`] those of
//! a load, [`rebuild`] all. Whoever writes 認定申請 or 被保険者 calls one of them in the same unit of work.

use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::{Act, ActGrant, Grant};

use crate::db::{Error, Row, Tx};
use crate::load::Document;
use crate::record::{self, Guarded, Segment};

macro_rules! row {
    () => {
        "insured_no, record_no, load_no, history_no, application_no, kind, applied_on, step, is_open, survey_requested_on, \
         survey_received_on, opinion_requested_on, opinion_received_on, computed_on, board_planned_on, judged_on, decided_on, \
         outcome, delay_notified_on, expected_on, name, kana_key, surveyed_on"
    };
}

// The step is the one of kaigo_core::rule::case::CaseStep::of; a test compares them.
macro_rules! made {
    ($which:literal) => {
        concat!(
            "INSERT INTO case_index (insurer_no, ",
            row!(),
            ") SELECT a.insurer_no, a.insured_no, a.record_no, a.load_no, a.history_no, a.application_no, a.kind, a.applied_on, \
             CASE WHEN a.outcome IS NOT NULL OR a.decided_on IS NOT NULL THEN 'ended' \
             WHEN a.kind = '5' OR a.judged_on IS NOT NULL THEN 'decision' \
             WHEN a.computed_on IS NOT NULL AND a.board_planned_on IS NOT NULL THEN 'board' \
             WHEN a.computed_on IS NOT NULL THEN 'assign' \
             WHEN a.survey_received_on IS NOT NULL AND a.opinion_received_on IS NOT NULL THEN 'computed' \
             WHEN a.opinion_received_on IS NOT NULL THEN 'survey' \
             WHEN a.survey_received_on IS NOT NULL THEN 'opinion' ELSE 'gathering' END, \
             CASE WHEN a.outcome IS NULL AND a.decided_on IS NULL THEN 1 ELSE 0 END, a.survey_requested_on, a.survey_received_on, \
             a.opinion_requested_on, a.opinion_received_on, a.computed_on, a.board_planned_on, a.judged_on, a.decided_on, a.outcome, \
             a.delay_notified_on, a.expected_on, p.name, p.kana_key, a.surveyed_on \
             FROM insurer i JOIN application a ON a.insurer_no = i.insurer_no JOIN insured_person p ON p.insurer_no = a.insurer_no \
             AND p.insured_no = a.insured_no WHERE i.insurer_no = ?1 AND ",
            $which,
            " AND a.load_no <= i.published_load AND a.void = '0' AND NOT EXISTS (SELECT 1 FROM application b WHERE \
             b.insurer_no = a.insurer_no AND b.insured_no = a.insured_no AND b.record_no = a.record_no AND b.load_no <= i.published_load \
             AND (b.load_no, b.history_no) > (a.load_no, a.history_no)) AND p.load_no <= i.published_load AND p.void = '0' AND NOT EXISTS \
             (SELECT 1 FROM insured_person q WHERE q.insurer_no = p.insurer_no AND q.insured_no = p.insured_no AND q.void = '0' \
             AND q.load_no <= i.published_load AND (q.load_no, q.history_no, q.record_no) > (p.load_no, p.history_no, p.record_no))"
        )
    };
}

macro_rules! of_load {
    () => {
        "insured_no IN (SELECT x.insured_no FROM application x WHERE x.insurer_no = ?1 AND x.load_no = ?2 \
         UNION SELECT y.insured_no FROM insured_person y WHERE y.insurer_no = ?1 AND y.load_no = ?2)"
    };
}

statements! {
    DROP_PERSON = "DELETE FROM case_index WHERE insurer_no = ?1 AND insured_no = ?2";
    MAKE_PERSON = made!("a.insured_no = ?2");
    DROP_LOAD = concat!("DELETE FROM case_index WHERE insurer_no = ?1 AND ", of_load!());
    MAKE_LOAD = concat!(made!("a.insured_no IN (SELECT x.insured_no FROM application x WHERE x.insurer_no = ?1 AND x.load_no = ?2 \
         UNION SELECT y.insured_no FROM insured_person y WHERE y.insurer_no = ?1 AND y.load_no = ?2)"));
    DROP_ALL = "DELETE FROM case_index WHERE insurer_no = ?1";
    MAKE_ALL = made!("1 = 1");
    OPEN = concat!("SELECT ", row!(), " FROM case_index WHERE insurer_no = ?1 AND is_open = 1 AND (?2 = '' OR kind = ?2) AND applied_on >= ?3 \
            AND applied_on <= ?4 AND (?5 = '' OR (?5 = 'yes' AND delay_notified_on IS NOT NULL) OR (?5 = 'no' AND delay_notified_on IS NULL)) \
            AND (applied_on, insured_no, record_no) > (?6, ?7, ?8) AND (?10 <> 'survey' OR (survey_requested_on < ?11 AND \
            survey_received_on IS NULL)) AND (?10 <> 'opinion' OR (opinion_requested_on < ?11 AND opinion_received_on IS NULL)) \
            AND (?10 <> 'expected' OR expected_on < ?11) ORDER BY applied_on, insured_no, record_no LIMIT ?9");
    AT_STEP = concat!("SELECT ", row!(), " FROM case_index WHERE insurer_no = ?1 AND (?2 = '' OR kind = ?2) AND applied_on >= ?3 \
            AND applied_on <= ?4 AND (?5 = '' OR (?5 = 'yes' AND delay_notified_on IS NOT NULL) OR (?5 = 'no' AND delay_notified_on IS NULL)) \
            AND (applied_on, insured_no, record_no) > (?6, ?7, ?8) AND step = ?10 ORDER BY applied_on, insured_no, record_no LIMIT ?9");
    ENDED = concat!("SELECT ", row!(), " FROM case_index WHERE insurer_no = ?1 AND step = 'ended' AND (?2 = '' OR kind = ?2) \
            AND (applied_on, insured_no, record_no) < (?3, ?4, ?5) ORDER BY applied_on DESC, insured_no DESC, record_no DESC LIMIT ?6");
    BY_KANA = concat!("SELECT ", row!(), " FROM case_index WHERE insurer_no = ?1 AND kana_key >= ?2 AND kana_key < ?3 \
            AND (kana_key, insured_no, record_no) > (?4, ?5, ?6) ORDER BY kana_key, insured_no, record_no LIMIT ?7");
    OF_PERSON = concat!("SELECT ", row!(), " FROM case_index WHERE insurer_no = ?1 AND insured_no = ?2 ORDER BY applied_on DESC, record_no DESC");
    ONE = concat!("SELECT ", row!(), " FROM case_index WHERE insurer_no = ?1 AND insured_no = ?2 AND record_no = ?3");
    STEPS = "SELECT step, count(*) FROM case_index WHERE insurer_no = ?1 AND is_open = 1 GROUP BY step";
    AGES = "SELECT coalesce(sum(CASE WHEN applied_on < ?2 AND delay_notified_on IS NULL THEN 1 ELSE 0 END), 0), \
            coalesce(sum(CASE WHEN applied_on < ?2 AND delay_notified_on IS NOT NULL THEN 1 ELSE 0 END), 0), \
            coalesce(sum(CASE WHEN applied_on >= ?2 AND applied_on <= ?3 THEN 1 ELSE 0 END), 0), \
            coalesce(sum(CASE WHEN survey_requested_on < ?4 AND survey_received_on IS NULL THEN 1 ELSE 0 END), 0), \
            coalesce(sum(CASE WHEN opinion_requested_on < ?5 AND opinion_received_on IS NULL THEN 1 ELSE 0 END), 0), \
            coalesce(sum(CASE WHEN expected_on < ?6 THEN 1 ELSE 0 END), 0), count(*) FROM case_index WHERE insurer_no = ?1 AND is_open = 1";
    DAYS = "SELECT applied_on, survey_requested_on, survey_received_on, opinion_requested_on, opinion_received_on, computed_on, judged_on, \
            decided_on, outcome, is_open FROM case_index WHERE insurer_no = ?1 AND (is_open = 1 OR applied_on >= ?2 OR decided_on >= ?2)";
    CHANGE = "INSERT INTO case_change (insurer_no, change_id, insured_no, record_no, submit_key, act, load_no, history_no, what, changed_by, \
              changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    CHANGE_OF_KEY = "SELECT insured_no, record_no, submit_key, act, load_no, history_no, what, changed_by, changed_at FROM case_change \
                     WHERE insurer_no = ?1 AND submit_key = ?2";
    CHANGES = "SELECT insured_no, record_no, submit_key, act, load_no, history_no, what, changed_by, changed_at FROM case_change \
               WHERE insurer_no = ?1 AND insured_no = ?2 AND record_no = ?3 ORDER BY changed_at DESC, change_id DESC";
    PUT_COMPUTED = "INSERT INTO case_computed (insurer_no, insured_no, record_no, care_level, minutes_tenths, set_by, set_at) \
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (insurer_no, insured_no, record_no) DO UPDATE SET \
                    care_level = excluded.care_level, minutes_tenths = excluded.minutes_tenths, set_by = excluded.set_by, set_at = excluded.set_at";
    COMPUTED = "SELECT care_level, minutes_tenths, set_by, set_at FROM case_computed WHERE insurer_no = ?1 AND insured_no = ?2 AND record_no = ?3";
    PUT_DOCUMENT = "INSERT INTO desk_document (insurer_no, insured_no, file, sha256, media_type, size, added_by, added_at) \
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (insurer_no, file) DO NOTHING";
    DOCUMENT = "SELECT sha256, media_type, size FROM desk_document WHERE insurer_no = ?1 AND file = ?2";
    PUT_BULK = "INSERT INTO case_bulk (insurer_no, bulk_id, act, what, made_by, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                ON CONFLICT (insurer_no, bulk_id) DO NOTHING";
    BULK = "SELECT act, what, made_by, made_at FROM case_bulk WHERE insurer_no = ?1 AND bulk_id = ?2";
    PUT_BULK_ROW = "INSERT INTO case_bulk_row (insurer_no, bulk_id, insured_no, record_no, outcome, say) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                    ON CONFLICT (insurer_no, bulk_id, insured_no, record_no) DO NOTHING";
    BULK_ROWS = "SELECT r.insured_no, r.record_no, r.outcome, r.say, coalesce(c.name, '') FROM case_bulk_row r LEFT JOIN case_index c ON \
                 c.insurer_no = r.insurer_no AND c.insured_no = r.insured_no AND c.record_no = r.record_no \
                 WHERE r.insurer_no = ?1 AND r.bulk_id = ?2 ORDER BY r.outcome DESC, r.insured_no, r.record_no";
    APPLICATION_NO = "SELECT 1 FROM case_index WHERE insurer_no = ?1 AND application_no = ?2 LIMIT 1";
}

/// A case as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    /// Whose.
    pub insured_no: InsuredNo,
    /// 連番 of the application.
    pub record_no: i32,
    /// Load and 履歴番号 of the version.
    pub version: (i32, i32),
    /// 申請番号.
    pub application_no: String,
    /// Code of 申請区分.
    pub kind: String,
    /// 申請年月日.
    pub applied_on: Date,
    /// Code of the step.
    pub step: String,
    /// Whether it is still open.
    pub is_open: bool,
    /// 調査依頼日.
    pub survey_requested_on: Option<Date>,
    /// 調査実施日.
    pub surveyed_on: Option<Date>,
    /// 調査票受領日.
    pub survey_received_on: Option<Date>,
    /// 意見書依頼日.
    pub opinion_requested_on: Option<Date>,
    /// 意見書受領日.
    pub opinion_received_on: Option<Date>,
    /// 一次判定日.
    pub computed_on: Option<Date>,
    /// 審査会予定日.
    pub board_planned_on: Option<Date>,
    /// 二次判定日.
    pub judged_on: Option<Date>,
    /// 認定日.
    pub decided_on: Option<Date>,
    /// Code of 審査結果.
    pub outcome: Option<String>,
    /// 延期通知日.
    pub delay_notified_on: Option<Date>,
    /// 処理見込日.
    pub expected_on: Option<Date>,
    /// 氏名.
    pub name: String,
    /// フリガナ as it is searched.
    pub kana_key: String,
}

/// The insurer whose cases the grant lets list or change.
fn insurer(grant: &ActGrant) -> Result<InsurerNo, Error> {
    match (grant.act(), grant.insurer_no()) {
        (Act::ListInsured | Act::ManageCase | Act::ManageBoard, Some(insurer_no)) => Ok(insurer_no),
        _ => Err(Error::NotCovered),
    }
}

/// The person whose case the grant lets change.
fn person(grant: &ActGrant) -> Result<(InsurerNo, InsuredNo), Error> {
    match (grant.act(), grant.person()) {
        (
            Act::ManageCase | Act::ManageBoard | Act::JudgeCase | Act::RequestOpinion | Act::AnswerOpinion,
            Some(person),
        ) => Ok(person),
        _ => Err(Error::NotCovered),
    }
}

/// Makes the rows of one person anew.
pub fn refresh(tx: &mut Tx<'_>, insurer_no: InsurerNo, insured_no: InsuredNo) -> Result<(), Error> {
    tx.execute(DROP_PERSON, args![insurer_no, insured_no])?;
    tx.execute(MAKE_PERSON, args![insurer_no, insured_no]).map(drop)
}

/// Makes the rows of everybody of a load anew, once it is published.
pub fn refresh_load(tx: &mut Tx<'_>, insurer_no: InsurerNo, load_no: i32) -> Result<(), Error> {
    tx.execute(DROP_LOAD, args![insurer_no, load_no])?;
    tx.execute(MAKE_LOAD, args![insurer_no, load_no]).map(drop)
}

/// Makes all rows of an insurer anew: after a load was taken back.
pub fn rebuild(tx: &mut Tx<'_>, insurer_no: InsurerNo) -> Result<(), Error> {
    tx.execute(DROP_ALL, args![insurer_no])?;
    tx.execute(MAKE_ALL, args![insurer_no]).map(drop)
}

/// What cases are wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Code of 申請区分; empty = any.
    pub kind: String,
    /// Code of the step; empty = all open ones.
    pub step: String,
    /// Applied on or after.
    pub from: Date,
    /// Applied on or before.
    pub until: Date,
    /// `yes` with 延期通知, `no` without, empty = either.
    pub noticed: &'static str,
    /// What is late, only among all open ones: `survey` and `opinion` asked for before the day, `expected` before the day.
    pub late: Option<(&'static str, Date)>,
}

/// Where a page starts: after this case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// Day of the application, or the kana, of the last case seen; empty from the start.
    pub key: String,
    /// Its person.
    pub insured_no: String,
    /// Its 連番.
    pub record_no: i32,
}

impl Default for After {
    fn default() -> Self {
        Self { key: String::new(), insured_no: String::new(), record_no: -1 }
    }
}

/// Open cases, the oldest first; or the ended ones, the newest first.
pub fn list(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    wanted: &Wanted,
    after: &After,
    limit: i32,
) -> Result<Vec<CaseRow>, Error> {
    let insurer_no = insurer(grant)?;
    let Wanted { kind, step, from, until, noticed, late } = wanted;
    let After { key, insured_no, record_no } = after;
    // The page starts at its first day at once, instead of walking there from the oldest case.
    let from = &kaigo_core::date::iso(key).map_or(*from, |day| day.max(*from));
    let rows = match step.as_str() {
        "ended" => {
            let (key, insured_no) = if key.is_empty() { ("9999", "") } else { (key.as_str(), insured_no.as_str()) };
            tx.query(ENDED, args![insurer_no, kind, key, insured_no, *record_no, limit])?
        }
        "" => {
            let (late, before) = late.unwrap_or(("", *from));
            let args =
                args![insurer_no, kind, *from, *until, *noticed, key, insured_no, *record_no, limit, late, before];
            tx.query(OPEN, args)?
        }
        step => tx.query(
            AT_STEP,
            args![insurer_no, kind, *from, *until, *noticed, key, insured_no, *record_no, limit, step],
        )?,
    };
    rows.iter().map(read).collect()
}

/// Cases of people whose kana begins like this, open or not.
pub fn by_kana(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    prefix: &str,
    after: &After,
    limit: i32,
) -> Result<Vec<CaseRow>, Error> {
    let end = format!("{prefix}\u{10FFFF}");
    let After { key, insured_no, record_no } = after;
    let rows = tx.query(BY_KANA, args![insurer(grant)?, prefix, &end, key, insured_no, *record_no, limit])?;
    rows.iter().map(read).collect()
}

/// The cases of one person, the newest first.
pub fn of_person(tx: &mut Tx<'_>, grant: &ActGrant, insured_no: InsuredNo) -> Result<Vec<CaseRow>, Error> {
    tx.query(OF_PERSON, args![insurer(grant)?, insured_no])?.iter().map(read).collect()
}

/// One case.
pub fn find(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    insured_no: InsuredNo,
    record_no: i32,
) -> Result<Option<CaseRow>, Error> {
    tx.query_opt(ONE, args![insurer(grant)?, insured_no, record_no])?.as_ref().map(read).transpose()
}

/// Open cases by step: code and count.
pub fn steps(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<(String, i64)>, Error> {
    let rows = tx.query(STEPS, args![insurer(grant)?])?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.int(1)?))).collect()
}

/// From which days on cases count as late.
#[derive(Clone, Copy, Debug)]
pub struct Late {
    /// Applied before: more than 30 days ago.
    pub over: Date,
    /// Applied on or before: due soon.
    pub soon: Date,
    /// Survey asked for before: overdue.
    pub survey: Date,
    /// Opinion asked for before: overdue.
    pub opinion: Date,
    /// Expected before: the 処理見込日 has passed.
    pub today: Date,
}

/// How many open cases are late in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ages {
    /// More than 30 days without 延期通知.
    pub over: i64,
    /// More than 30 days with 延期通知.
    pub noticed: i64,
    /// Due soon.
    pub soon: i64,
    /// 認定調査 overdue.
    pub survey: i64,
    /// 主治医意見書 overdue.
    pub opinion: i64,
    /// 処理見込日 passed.
    pub expected: i64,
    /// All open ones.
    pub open: i64,
}

/// Counts the late ones among the open cases.
pub fn ages(tx: &mut Tx<'_>, grant: &ActGrant, late: Late) -> Result<Ages, Error> {
    let Late { over, soon, survey, opinion, today } = late;
    let row = tx.query_opt(AGES, args![insurer(grant)?, over, soon, survey, opinion, today])?;
    let Some(row) = row else { return Ok(Ages::default()) };
    Ok(Ages {
        over: row.int(0)?,
        noticed: row.int(1)?,
        soon: row.int(2)?,
        survey: row.int(3)?,
        opinion: row.int(4)?,
        expected: row.int(5)?,
        open: row.int(6)?,
    })
}

/// The days of the open cases and of those that were applied for or decided since a day. No one's name or number.
pub fn days(tx: &mut Tx<'_>, grant: &ActGrant, since: Date) -> Result<Vec<kaigo_core::statistics::CaseDays>, Error> {
    let rows = tx.query(DAYS, args![insurer(grant)?, since])?;
    rows.iter()
        .map(|row| {
            Ok(kaigo_core::statistics::CaseDays {
                applied_on: row.date(0)?,
                survey_requested_on: row.opt_date(1)?,
                survey_received_on: row.opt_date(2)?,
                opinion_requested_on: row.opt_date(3)?,
                opinion_received_on: row.opt_date(4)?,
                computed_on: row.opt_date(5)?,
                judged_on: row.opt_date(6)?,
                decided_on: row.opt_date(7)?,
                is_decided: match row.opt_text(8)? {
                    Some(code) => matches!(code, "1" | "2"),
                    None => row.opt_date(7)?.is_some(),
                },
                is_open: row.flag(9)?,
            })
        })
        .collect()
}

/// The person's records of one kind, for the acts that change them: every version, within a 連番 the newest first.
pub fn segments<R: Guarded>(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<Segment<R>>, Error> {
    let (insurer_no, insured_no) = person(grant)?;
    let published = crate::insurer::find(tx, insurer_no)?.map_or(0, |insurer| insurer.published_load);
    let rows = tx.query(record::sql::<R>().of_person, args![insurer_no, insured_no, published])?;
    let mut segments: Vec<Segment<R>> = Vec::new();
    for row in rows {
        let stored = record::read::<R>(row)?;
        let record_no = stored.common.record_no.0;
        match segments.last_mut().filter(|segment| segment.record_no == record_no) {
            Some(segment) => segment.versions.push(stored),
            None => segments.push(Segment { record_no, versions: vec![stored] }),
        }
    }
    Ok(segments)
}

/// Who changed what at the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whose case.
    pub insured_no: InsuredNo,
    /// 連番 of the application.
    pub record_no: i32,
    /// Key of the form: the same form sent again changes nothing.
    pub submit_key: String,
    /// In which form: `days`, `delay`, `result`, `new`, `survey`, `board` …
    pub act: String,
    /// Load and 履歴番号 of the version that it made.
    pub version: (i32, i32),
    /// What changed, in words, a line each.
    pub what: String,
    /// Name of who did it.
    pub changed_by: String,
    /// When.
    pub changed_at: String,
}

/// Notes a change of the grant's person.
///
/// # Errors
/// [`Error::Conflict`] if the form was sent before.
pub fn changed(tx: &mut Tx<'_>, grant: &ActGrant, change_id: &str, change: &Change) -> Result<(), Error> {
    let (insurer_no, insured_no) = person(grant)?;
    if insured_no != change.insured_no {
        return Err(Error::NotCovered);
    }
    let (load_no, history_no) = change.version;
    let Change { record_no, submit_key, act, what, changed_by, changed_at, .. } = change;
    tx.execute(
        CHANGE,
        args![
            insurer_no, change_id, insured_no, *record_no, submit_key, act, load_no, history_no, what, changed_by,
            changed_at
        ],
    )
    .map(drop)
}

/// The change that a form made, if it was sent before.
pub fn change_of(tx: &mut Tx<'_>, grant: &ActGrant, submit_key: &str) -> Result<Option<Change>, Error> {
    tx.query_opt(CHANGE_OF_KEY, args![insurer(grant)?, submit_key])?.as_ref().map(change).transpose()
}

/// All changes of a case at the desk, the newest first.
pub fn changes(tx: &mut Tx<'_>, grant: &Grant, record_no: i32) -> Result<Vec<Change>, Error> {
    let rows = tx.query(CHANGES, args![grant.insurer_no(), grant.insured_no(), record_no])?;
    rows.iter().map(change).collect()
}

/// All changes of a case of the grant's person, for the second of two editors.
pub fn changes_on(tx: &mut Tx<'_>, grant: &ActGrant, record_no: i32) -> Result<Vec<Change>, Error> {
    let (insurer_no, insured_no) = person(grant)?;
    tx.query(CHANGES, args![insurer_no, insured_no, record_no])?.iter().map(change).collect()
}

fn change(row: &Row) -> Result<Change, Error> {
    Ok(Change {
        insured_no: number(row, 0)?,
        record_no: small(row.int(1)?),
        submit_key: row.text(2)?.to_owned(),
        act: row.text(3)?.to_owned(),
        version: (small(row.int(4)?), small(row.int(5)?)),
        what: row.text(6)?.to_owned(),
        changed_by: row.text(7)?.to_owned(),
        changed_at: row.text(8)?.to_owned(),
    })
}

/// The result of the computer (一次判定), as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    /// Code of the level.
    pub care_level: String,
    /// 要介護認定等基準時間, tenths of a minute.
    pub minutes_tenths: Option<i32>,
    /// Who typed it.
    pub set_by: String,
    /// When.
    pub set_at: String,
}

/// Keeps the result of the computer of a case of the grant's person.
pub fn put_computed(tx: &mut Tx<'_>, grant: &ActGrant, record_no: i32, computed: &Computed) -> Result<(), Error> {
    let (insurer_no, insured_no) = person(grant)?;
    let Computed { care_level, minutes_tenths, set_by, set_at } = computed;
    tx.execute(PUT_COMPUTED, args![insurer_no, insured_no, record_no, care_level, *minutes_tenths, set_by, set_at])
        .map(drop)
}

/// The result of the computer.
pub fn computed(tx: &mut Tx<'_>, grant: &Grant, record_no: i32) -> Result<Option<Computed>, Error> {
    let row = tx.query_opt(COMPUTED, args![grant.insurer_no(), grant.insured_no(), record_no])?;
    row.map(|row| {
        Ok(Computed {
            care_level: row.text(0)?.to_owned(),
            minutes_tenths: row.opt_int(1)?.map(small),
            set_by: row.text(2)?.to_owned(),
            set_at: row.text(3)?.to_owned(),
        })
    })
    .transpose()
}

/// Adds a document of the grant's person; its bytes are in the object store already. Names begin with `desk-` and are made
/// of the digest, so that they never meet those of a feed.
pub fn add_document(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    file: &str,
    document: &Document,
    (by, at): (&str, &str),
) -> Result<(), Error> {
    let (insurer_no, insured_no) = person(grant)?;
    let Document { sha256, media_type, size } = document;
    tx.execute(PUT_DOCUMENT, args![insurer_no, insured_no, file, sha256, media_type, *size, by, at]).map(drop)
}

/// The document of the desk with that name.
pub fn find_document(tx: &mut Tx<'_>, insurer_no: InsurerNo, file: &str) -> Result<Option<Document>, Error> {
    let row = tx.query_opt(DOCUMENT, args![insurer_no, file])?;
    row.map(|row| {
        Ok(Document { sha256: row.text(0)?.to_owned(), media_type: row.text(1)?.to_owned(), size: small(row.int(2)?) })
    })
    .transpose()
}

/// Something that was done to many cases at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bulk {
    /// What: code of a milestone, or `confirm`.
    pub act: String,
    /// In words.
    pub what: String,
    /// Who.
    pub made_by: String,
    /// When.
    pub made_at: String,
}

/// What became of one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkRow {
    /// Whose case.
    pub insured_no: InsuredNo,
    /// 連番 of the application.
    pub record_no: i32,
    /// `done`, `same` or `failed`.
    pub outcome: String,
    /// Why, or what changed.
    pub say: String,
    /// 氏名.
    pub name: String,
}

/// Begins a bulk; that it was begun before changes nothing.
pub fn begin_bulk(tx: &mut Tx<'_>, grant: &ActGrant, bulk_id: &str, bulk: &Bulk) -> Result<(), Error> {
    let Bulk { act, what, made_by, made_at } = bulk;
    tx.execute(PUT_BULK, args![insurer(grant)?, bulk_id, act, what, made_by, made_at]).map(drop)
}

/// Notes what became of a case.
pub fn bulk_row(tx: &mut Tx<'_>, grant: &ActGrant, bulk_id: &str, row: &BulkRow) -> Result<(), Error> {
    let BulkRow { insured_no, record_no, outcome, say, .. } = row;
    tx.execute(PUT_BULK_ROW, args![insurer(grant)?, bulk_id, *insured_no, *record_no, outcome, say]).map(drop)
}

/// A bulk with what became of each case.
pub fn bulk(tx: &mut Tx<'_>, grant: &ActGrant, bulk_id: &str) -> Result<Option<(Bulk, Vec<BulkRow>)>, Error> {
    let insurer_no = insurer(grant)?;
    let Some(row) = tx.query_opt(BULK, args![insurer_no, bulk_id])? else { return Ok(None) };
    let bulk = Bulk {
        act: row.text(0)?.to_owned(),
        what: row.text(1)?.to_owned(),
        made_by: row.text(2)?.to_owned(),
        made_at: row.text(3)?.to_owned(),
    };
    let rows = tx.query(BULK_ROWS, args![insurer_no, bulk_id])?;
    let rows = rows
        .iter()
        .map(|row| {
            Ok(BulkRow {
                insured_no: number(row, 0)?,
                record_no: small(row.int(1)?),
                outcome: row.text(2)?.to_owned(),
                say: row.text(3)?.to_owned(),
                name: row.text(4)?.to_owned(),
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    Ok(Some((bulk, rows)))
}

/// Whether the insurer has an application of that number.
pub fn has_application(tx: &mut Tx<'_>, grant: &ActGrant, application_no: &str) -> Result<bool, Error> {
    Ok(tx.query_opt(APPLICATION_NO, args![insurer(grant)?, application_no])?.is_some())
}

fn read(row: &Row) -> Result<CaseRow, Error> {
    Ok(CaseRow {
        insured_no: number(row, 0)?,
        record_no: small(row.int(1)?),
        version: (small(row.int(2)?), small(row.int(3)?)),
        application_no: row.text(4)?.to_owned(),
        kind: row.text(5)?.to_owned(),
        applied_on: row.date(6)?,
        step: row.text(7)?.to_owned(),
        is_open: row.flag(8)?,
        survey_requested_on: row.opt_date(9)?,
        survey_received_on: row.opt_date(10)?,
        opinion_requested_on: row.opt_date(11)?,
        opinion_received_on: row.opt_date(12)?,
        computed_on: row.opt_date(13)?,
        board_planned_on: row.opt_date(14)?,
        judged_on: row.opt_date(15)?,
        decided_on: row.opt_date(16)?,
        outcome: row.opt_text(17)?.map(str::to_owned),
        delay_notified_on: row.opt_date(18)?,
        expected_on: row.opt_date(19)?,
        name: row.text(20)?.to_owned(),
        kana_key: row.text(21)?.to_owned(),
        surveyed_on: row.opt_date(22)?,
    })
}

fn number(row: &Row, i: usize) -> Result<InsuredNo, Error> {
    InsuredNo::parse(row.text(i)?).map_err(|_| Error::Broken("a case has no person".to_owned()))
}

fn small(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
