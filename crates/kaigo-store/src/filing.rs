//! Notices of the care plan's maker (居宅サービス計画作成依頼届出), filed by offices, answered by the insurer.
//!
//! An office sees its own, the insurer those of its insured persons; what belongs to others looks like nothing.

use kaigo_core::date::Date;
use kaigo_core::filing::{ChangeReason, Division, FilingState, OtherServices, ReturnReason, Variant};
use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::{Act, ActGrant};
use kaigo_core::record::application::Application;
use kaigo_core::record::certification::Certification;
use kaigo_core::record::person::{InsuredPerson, Qualification};
use kaigo_core::record::plan_notice::PlanNotice;

use crate::db::{Error, Row, Tx};
use crate::record::{self, Guarded, Segment};

macro_rules! columns {
    () => {
        "insurer_no, filing_id, insured_no, office_no, office_name, receipt_no, variant, division, start_on, reason, reason_text, others, \
         others_text, entrusted_no, contact_name, contact_phone, is_provisional, filed_on, filed_at, filed_by, state, decided_at, \
         decided_by, return_reason, return_text, record_no, replaces, submit_key"
    };
}

statements! {
    DRAFT = "SELECT answers, updated_at, updated_by FROM filing_draft WHERE insurer_no = ?1 AND insured_no = ?2 AND office_no = ?3";
    SAVE_DRAFT = "INSERT INTO filing_draft (insurer_no, insured_no, office_no, answers, updated_at, updated_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                  ON CONFLICT (insurer_no, insured_no, office_no) DO UPDATE SET answers = excluded.answers, \
                  updated_at = excluded.updated_at, updated_by = excluded.updated_by";
    DROP_DRAFT = "DELETE FROM filing_draft WHERE insurer_no = ?1 AND insured_no = ?2 AND office_no = ?3";
    DRAFTS_OF_OFFICE = "SELECT insurer_no, insured_no, updated_at, updated_by FROM filing_draft WHERE office_no = ?1 ORDER BY updated_at DESC LIMIT ?2";
    INSERT = concat!("INSERT INTO filing (", columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, \
              ?16, ?17, ?18, ?19, ?20, 'filed', NULL, NULL, NULL, '', NULL, ?21, ?22)");
    BY_KEY = concat!("SELECT ", columns!(), " FROM filing WHERE insurer_no = ?1 AND office_no = ?2 AND submit_key = ?3");
    OF_OFFICE = concat!("SELECT ", columns!(), " FROM filing WHERE office_no = ?1 AND filed_at < ?2 ORDER BY filed_at DESC, filing_id DESC LIMIT ?3");
    OF_OFFICE_IN = concat!("SELECT ", columns!(), " FROM filing WHERE office_no = ?1 AND state = ?2 AND filed_at < ?3 \
                    ORDER BY filed_at DESC, filing_id DESC LIMIT ?4");
    COUNT_OF_OFFICE = "SELECT state, count(*) FROM filing WHERE office_no = ?1 GROUP BY state";
    WAITING = concat!("SELECT ", columns!(), " FROM filing WHERE insurer_no = ?1 AND insured_no = ?2 AND state = 'filed' ORDER BY filed_at, filing_id");
    OWN = concat!("SELECT ", columns!(), " FROM filing WHERE filing_id = ?1 AND office_no = ?2");
    OF_PERSON = concat!("SELECT ", columns!(), " FROM filing WHERE insurer_no = ?1 AND insured_no = ?2 ORDER BY filed_at DESC, filing_id DESC");
    WITHDRAW = "UPDATE filing SET state = 'withdrawn', decided_at = ?3, decided_by = ?4 WHERE insurer_no = ?1 AND filing_id = ?2 AND state = 'filed'";
    INBOX = concat!("SELECT ", columns!(), " FROM filing WHERE insurer_no = ?1 AND state = ?2 AND filed_at > ?3 ORDER BY filed_at, filing_id LIMIT ?4");
    ANSWERED = concat!("SELECT ", columns!(), " FROM filing WHERE insurer_no = ?1 AND state = ?2 AND filed_at < ?3 ORDER BY filed_at DESC, filing_id DESC LIMIT ?4");
    COUNT_OF_INSURER = "SELECT state, count(*), min(filed_at) FROM filing WHERE insurer_no = ?1 GROUP BY state";
    OF_INSURER = concat!("SELECT ", columns!(), " FROM filing WHERE insurer_no = ?1 AND filing_id = ?2");
    ANSWER = "UPDATE filing SET state = ?3, decided_at = ?4, decided_by = ?5, return_reason = ?6, return_text = ?7, record_no = ?8 \
              WHERE insurer_no = ?1 AND filing_id = ?2 AND state = 'filed'";
    WHOSE = "SELECT insurer_no, insured_no FROM filing WHERE filing_id = ?1";
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// Insurer to which it goes.
    pub insurer_no: InsurerNo,
    /// Random identifier.
    pub filing_id: String,
    /// Whom it is about.
    pub insured_no: InsuredNo,
    /// The office that filed it and will make the plan.
    pub office_no: OfficeNo,
    /// Its name on that day.
    pub office_name: String,
    /// Number that people tell each other (受付番号).
    pub receipt_no: String,
    /// Form.
    pub variant: Variant,
    /// 新規 or 変更.
    pub division: Division,
    /// First day (計画作成開始年月日).
    pub start_on: Date,
    /// Why the office changes.
    pub reason: Option<ChangeReason>,
    /// That in words.
    pub reason_text: String,
    /// Other services in the month of the start.
    pub others: Option<OtherServices>,
    /// 委託先.
    pub entrusted_no: Option<OfficeNo>,
    /// Whom the municipality can call.
    pub contact_name: String,
    /// Under which number.
    pub contact_phone: String,
    /// Filed while an application was under way.
    pub is_provisional: bool,
    /// Day in Japan on which it was filed (届出年月日).
    pub filed_on: Date,
    /// When.
    pub filed_at: String,
    /// Who.
    pub filed_by: String,
    /// Where it stands.
    pub state: FilingState,
    /// When it was answered or withdrawn.
    pub decided_at: Option<String>,
    /// By whom.
    pub decided_by: Option<String>,
    /// Why it was given back.
    pub return_reason: Option<ReturnReason>,
    /// That in words.
    pub return_text: String,
    /// 連番 of the 居宅届出 that came of it.
    pub record_no: Option<i32>,
    /// The returned notice that this one mends.
    pub replaces: Option<String>,
    /// Key of the form: the same form twice is one notice.
    pub submit_key: String,
}

fn read(row: &Row) -> Result<Filing, Error> {
    let bad = || Error::Broken("a notice cannot be read".to_owned());
    let others = match row.text(11)? {
        "yes" => Some(OtherServices::Yes(row.text(12)?.to_owned())),
        "no" => Some(OtherServices::No),
        _ => None,
    };
    let opt = |i| row.opt_text(i).map(|text| text.map(str::to_owned));
    Ok(Filing {
        insurer_no: InsurerNo::parse(row.text(0)?).map_err(|_| bad())?,
        filing_id: row.text(1)?.to_owned(),
        insured_no: InsuredNo::parse(row.text(2)?).map_err(|_| bad())?,
        office_no: OfficeNo::parse(row.text(3)?).map_err(|_| bad())?,
        office_name: row.text(4)?.to_owned(),
        receipt_no: row.text(5)?.to_owned(),
        variant: Variant::parse(row.text(6)?).map_err(|_| bad())?,
        division: Division::parse(row.text(7)?).map_err(|_| bad())?,
        start_on: row.date(8)?,
        reason: row.opt_text(9)?.map(ChangeReason::parse).transpose().map_err(|_| bad())?,
        reason_text: row.text(10)?.to_owned(),
        others,
        entrusted_no: row.opt_text(13)?.map(OfficeNo::parse).transpose().map_err(|_| bad())?,
        contact_name: row.text(14)?.to_owned(),
        contact_phone: row.text(15)?.to_owned(),
        is_provisional: row.flag(16)?,
        filed_on: row.date(17)?,
        filed_at: row.text(18)?.to_owned(),
        filed_by: row.text(19)?.to_owned(),
        state: FilingState::parse(row.text(20)?).map_err(|_| bad())?,
        decided_at: opt(21)?,
        decided_by: opt(22)?,
        return_reason: row.opt_text(23)?.map(ReturnReason::parse).transpose().map_err(|_| bad())?,
        return_text: row.text(24)?.to_owned(),
        record_no: row.opt_int(25)?.and_then(|n| i32::try_from(n).ok()),
        replaces: opt(26)?,
        submit_key: row.text(27)?.to_owned(),
    })
}

type Person = (InsurerNo, InsuredNo);

/// Office and person of a grant to file.
fn filer(grant: &ActGrant) -> Result<(OfficeNo, Person), Error> {
    match (grant.act(), grant.office_no(), grant.person()) {
        (Act::FileNotice, Some(office_no), Some(person)) => Ok((office_no, person)),
        _ => Err(Error::NotCovered),
    }
}

/// The office of a grant to list.
fn lister(grant: &ActGrant) -> Result<OfficeNo, Error> {
    match (grant.act(), grant.office_no()) {
        (Act::ListOwn | Act::FileNotice, Some(office_no)) => Ok(office_no),
        _ => Err(Error::NotCovered),
    }
}

/// The insurer of a clerk's grant.
fn clerk(grant: &ActGrant) -> Result<InsurerNo, Error> {
    match (grant.act(), grant.insurer_no()) {
        (Act::ListInsured | Act::AnswerNotice, Some(insurer_no)) => Ok(insurer_no),
        _ => Err(Error::NotCovered),
    }
}

/// Answers on the way to a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The answers as the use case writes them.
    pub answers: String,
    /// When they were saved last.
    pub updated_at: String,
    /// By whom.
    pub updated_by: String,
}

/// The office's draft for the person.
pub fn draft(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Option<Draft>, Error> {
    let (office_no, (insurer_no, insured_no)) = filer(grant)?;
    let row = tx.query_opt(DRAFT, args![insurer_no, insured_no, office_no])?;
    row.map(|row| {
        Ok(Draft {
            answers: row.text(0)?.to_owned(),
            updated_at: row.text(1)?.to_owned(),
            updated_by: row.text(2)?.to_owned(),
        })
    })
    .transpose()
}

/// Saves the draft.
pub fn save_draft(tx: &mut Tx<'_>, grant: &ActGrant, draft: &Draft) -> Result<(), Error> {
    let (office_no, (insurer_no, insured_no)) = filer(grant)?;
    let Draft { answers, updated_at, updated_by } = draft;
    tx.execute(SAVE_DRAFT, args![insurer_no, insured_no, office_no, answers, updated_at, updated_by]).map(drop)
}

/// Throws the draft away.
pub fn drop_draft(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<(), Error> {
    let (office_no, (insurer_no, insured_no)) = filer(grant)?;
    tx.execute(DROP_DRAFT, args![insurer_no, insured_no, office_no]).map(drop)
}

/// Whose drafts the office has, the newest first: insurer, person, when, by whom.
pub fn drafts(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    limit: i32,
) -> Result<Vec<(InsurerNo, InsuredNo, String, String)>, Error> {
    let bad = |_| Error::Broken("a draft cannot be read".to_owned());
    let rows = tx.query(DRAFTS_OF_OFFICE, args![lister(grant)?, limit])?;
    rows.iter()
        .map(|row| {
            Ok((
                InsurerNo::parse(row.text(0)?).map_err(bad)?,
                InsuredNo::parse(row.text(1)?).map_err(bad)?,
                row.text(2)?.to_owned(),
                row.text(3)?.to_owned(),
            ))
        })
        .collect()
}

/// Files a notice. Its state is `filed` whatever the struct says.
///
/// # Errors
/// [`Error::Conflict`] if the office has one about the person that waits, or the form was filed before.
pub fn insert(tx: &mut Tx<'_>, grant: &ActGrant, f: &Filing) -> Result<(), Error> {
    if filer(grant)? != (f.office_no, (f.insurer_no, f.insured_no)) {
        return Err(Error::NotCovered);
    }
    let (others, others_text) = match &f.others {
        None => ("", ""),
        Some(OtherServices::No) => ("no", ""),
        Some(OtherServices::Yes(names)) => ("yes", names.as_str()),
    };
    tx.execute(
        INSERT,
        args![
            f.insurer_no,
            &f.filing_id,
            f.insured_no,
            f.office_no,
            &f.office_name,
            &f.receipt_no,
            f.variant.code(),
            f.division.code(),
            f.start_on,
            f.reason.map(ChangeReason::code),
            &f.reason_text,
            others,
            others_text,
            f.entrusted_no,
            &f.contact_name,
            &f.contact_phone,
            f.is_provisional,
            f.filed_on,
            &f.filed_at,
            &f.filed_by,
            f.replaces.as_deref(),
            &f.submit_key
        ],
    )
    .map(drop)
}

/// The notice that came of a form.
pub fn by_key(tx: &mut Tx<'_>, grant: &ActGrant, submit_key: &str) -> Result<Option<Filing>, Error> {
    let (office_no, (insurer_no, _)) = filer(grant)?;
    tx.query_opt(BY_KEY, args![insurer_no, office_no, submit_key])?.as_ref().map(read).transpose()
}

/// The office's notices, the newest first, filed before an instant.
pub fn of_office(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    state: Option<FilingState>,
    (before, limit): (&str, i32),
) -> Result<Vec<Filing>, Error> {
    let office_no = lister(grant)?;
    let rows = match state {
        Some(state) => tx.query(OF_OFFICE_IN, args![office_no, state.code(), before, limit])?,
        None => tx.query(OF_OFFICE, args![office_no, before, limit])?,
    };
    rows.iter().map(read).collect()
}

/// How many notices of the office stand where.
pub fn count_of_office(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<(FilingState, i64)>, Error> {
    let rows = tx.query(COUNT_OF_OFFICE, args![lister(grant)?])?;
    rows.iter()
        .map(|row| {
            let state = FilingState::parse(row.text(0)?);
            Ok((state.map_err(|_| Error::Broken("a state".to_owned()))?, row.int(1)?))
        })
        .collect()
}

/// A notice of the office, whosever it is about.
pub fn own(tx: &mut Tx<'_>, grant: &ActGrant, filing_id: &str) -> Result<Option<Filing>, Error> {
    tx.query_opt(OWN, args![filing_id, lister(grant)?])?.as_ref().map(read).transpose()
}

/// Every notice about the person of the grant, the newest first: to see what waits and what another office filed.
pub fn of_person(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<Filing>, Error> {
    let (Act::FileNotice | Act::AnswerNotice, Some((insurer_no, insured_no))) = (grant.act(), grant.person()) else {
        return Err(Error::NotCovered);
    };
    tx.query(OF_PERSON, args![insurer_no, insured_no])?.iter().map(read).collect()
}

/// The notices about one of the insurer's persons that wait.
pub fn waiting(tx: &mut Tx<'_>, grant: &ActGrant, insured_no: InsuredNo) -> Result<Vec<Filing>, Error> {
    tx.query(WAITING, args![clerk(grant)?, insured_no])?.iter().map(read).collect()
}

/// Takes a notice back that waits. Answers false if it was answered before.
pub fn withdraw(tx: &mut Tx<'_>, grant: &ActGrant, f: &Filing, at: &str, by: &str) -> Result<bool, Error> {
    if filer(grant)? != (f.office_no, (f.insurer_no, f.insured_no)) {
        return Err(Error::NotCovered);
    }
    Ok(tx.execute(WITHDRAW, args![f.insurer_no, &f.filing_id, at, by])? == 1)
}

/// Notices of the insurer in a state: waiting ones the oldest first from an instant on, others the newest first up to one.
pub fn inbox(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    state: FilingState,
    (from, limit): (&str, i32),
) -> Result<Vec<Filing>, Error> {
    let text = if state.is_waiting() { INBOX } else { ANSWERED };
    tx.query(text, args![clerk(grant)?, state.code(), from, limit])?.iter().map(read).collect()
}

/// How many notices of the insurer stand where, and since when the oldest.
pub fn count_of_insurer(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<(FilingState, i64, String)>, Error> {
    let rows = tx.query(COUNT_OF_INSURER, args![clerk(grant)?])?;
    rows.iter()
        .map(|row| {
            let state = FilingState::parse(row.text(0)?);
            Ok((state.map_err(|_| Error::Broken("a state".to_owned()))?, row.int(1)?, row.text(2)?.to_owned()))
        })
        .collect()
}

/// A notice of the insurer.
pub fn of_insurer(tx: &mut Tx<'_>, grant: &ActGrant, filing_id: &str) -> Result<Option<Filing>, Error> {
    tx.query_opt(OF_INSURER, args![clerk(grant)?, filing_id])?.as_ref().map(read).transpose()
}

/// What a clerk answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Accepted: 連番 of the 居宅届出 that came of it.
    Accepted(i32),
    /// Given back.
    Returned(ReturnReason, String),
}

/// Answers a notice. Answers false if it does not wait any more.
pub fn answer(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    f: &Filing,
    answer: &Answer,
    (at, by): (&str, &str),
) -> Result<bool, Error> {
    if !grant.is_on(Act::AnswerNotice, f.insurer_no, f.insured_no) {
        return Err(Error::NotCovered);
    }
    let (state, reason, text, record_no) = match answer {
        Answer::Accepted(record_no) => (FilingState::Accepted, None, "", Some(*record_no)),
        Answer::Returned(reason, text) => (FilingState::Returned, Some(reason.code()), text.as_str(), None),
    };
    let args = args![f.insurer_no, &f.filing_id, state.code(), at, by, reason, text, record_no];
    Ok(tx.execute(ANSWER, args)? == 1)
}

/// Whom a notice is about, whosever it is: for the entry in the person's log when a stranger tries it.
pub fn whose(tx: &mut Tx<'_>, filing_id: &str) -> Result<Option<Person>, Error> {
    let Some(row) = tx.query_opt(WHOSE, args![filing_id])? else { return Ok(None) };
    let bad = |_| Error::Broken("a notice cannot be read".to_owned());
    Ok(Some((InsurerNo::parse(row.text(0)?).map_err(bad)?, InsuredNo::parse(row.text(1)?).map_err(bad)?)))
}

/// What a notice is judged by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The 被保険者 record.
    pub person: Option<InsuredPerson>,
    /// Qualifications.
    pub qualifications: Vec<Segment<Qualification>>,
    /// Certifications.
    pub certifications: Vec<Segment<Certification>>,
    /// Applications: of them only that one is under way is told to the office.
    pub applications: Vec<Segment<Application>>,
    /// Notices that stand or stood.
    pub notices: Vec<Segment<PlanNotice>>,
}

/// Reads what a notice about the person is judged by.
///
/// # Errors
/// [`Error::NotCovered`] unless the grant is to file or to answer a notice about a person, or of a clerk to list the insurer's own.
pub fn facts(tx: &mut Tx<'_>, grant: &ActGrant, insured_no: InsuredNo, published: i32) -> Result<Facts, Error> {
    let insurer_no = match (grant.act(), grant.person(), grant.insurer_no()) {
        (Act::FileNotice | Act::AnswerNotice, Some((insurer_no, own)), _) if own == insured_no => insurer_no,
        (Act::ListInsured, _, Some(insurer_no)) => insurer_no,
        _ => return Err(Error::NotCovered),
    };
    let whom = (insurer_no, insured_no, published);
    Ok(Facts {
        person: segments::<InsuredPerson>(tx, whom)?.iter().find_map(Segment::current).map(|row| row.record.clone()),
        qualifications: segments(tx, whom)?,
        certifications: segments(tx, whom)?,
        applications: segments(tx, whom)?,
        notices: segments(tx, whom)?,
    })
}

fn segments<R: Guarded>(
    tx: &mut Tx<'_>,
    (insurer_no, insured_no, published): (InsurerNo, InsuredNo, i32),
) -> Result<Vec<Segment<R>>, Error> {
    let rows = tx.query(record::sql::<R>().of_person, args![insurer_no, insured_no, published])?;
    record::group(rows)
}
