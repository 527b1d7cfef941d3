//! Questions about the access log (閲覧についての問い合わせ): what a person asks the municipality, and the answer.

use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::{Act, ActGrant, Grant, Item};

use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "insured_no, question_id, entry_id, body, account_id, asked_by, asked_at, answer, answered_by, answered_at, read_at, submit_key"
    };
}

statements! {
    INSERT = concat!("INSERT INTO question (insurer_no, ", columns!(), ") \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, NULL, NULL, NULL, ?9)");
    BY_KEY = concat!("SELECT ", columns!(), " FROM question WHERE insurer_no = ?1 AND insured_no = ?2 AND submit_key = ?3");
    OF_PERSON = concat!("SELECT ", columns!(), " FROM question WHERE insurer_no = ?1 AND insured_no = ?2 ORDER BY asked_at DESC, question_id");
    UNREAD = "SELECT count(*) FROM question WHERE insurer_no = ?1 AND insured_no = ?2 AND answered_at IS NOT NULL AND read_at IS NULL";
    READ = "UPDATE question SET read_at = ?3 WHERE insurer_no = ?1 AND insured_no = ?2 AND answered_at IS NOT NULL AND read_at IS NULL";
    OPEN = concat!("SELECT ", columns!(), " FROM question WHERE insurer_no = ?1 AND answered_at IS NULL AND (asked_at, question_id) > (?2, ?3) \
            ORDER BY asked_at, question_id LIMIT ?4");
    ANSWERED = concat!("SELECT ", columns!(), " FROM question WHERE insurer_no = ?1 AND answered_at IS NOT NULL AND (answered_at, question_id) < (?2, ?3) \
                ORDER BY answered_at DESC, question_id DESC LIMIT ?4");
    COUNT_OPEN = "SELECT count(*), coalesce(min(asked_at), '') FROM question WHERE insurer_no = ?1 AND answered_at IS NULL";
    WHOSE = "SELECT insured_no FROM question WHERE insurer_no = ?1 AND question_id = ?2";
    ANSWER = "UPDATE question SET answer = ?4, answered_by = ?5, answered_at = ?6 \
              WHERE insurer_no = ?1 AND insured_no = ?2 AND question_id = ?3 AND answered_at IS NULL";
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The person's number.
    pub insured_no: InsuredNo,
    /// Identifier, random.
    pub question_id: String,
    /// The entry of the log it is about.
    pub entry_id: Option<String>,
    /// What is asked.
    pub body: String,
    /// Account that asked.
    pub account_id: String,
    /// Its owner's name.
    pub asked_by: String,
    /// When.
    pub asked_at: String,
    /// The answer.
    pub answer: Option<String>,
    /// Name of the clerk who answered.
    pub answered_by: Option<String>,
    /// When.
    pub answered_at: Option<String>,
    /// When the answer was read.
    pub read_at: Option<String>,
    /// Key of the form.
    pub submit_key: String,
}

fn person(grant: &ActGrant, act: Act) -> Result<(InsurerNo, InsuredNo), Error> {
    match grant.person() {
        Some(person) if grant.act() == act => Ok(person),
        _ => Err(Error::NotCovered),
    }
}

fn inbox(grant: &ActGrant) -> Result<InsurerNo, Error> {
    match (grant.act(), grant.insurer_no()) {
        (Act::AnswerQuestion, Some(insurer_no)) => Ok(insurer_no),
        _ => Err(Error::NotCovered),
    }
}

/// Asks. Sent twice with one key, the first one is answered.
pub fn insert(tx: &mut Tx<'_>, grant: &ActGrant, question: &Question) -> Result<Question, Error> {
    let (insurer_no, insured_no) = person(grant, Act::AskQuestion)?;
    if let Some(row) = tx.query_opt(BY_KEY, args![insurer_no, insured_no, &question.submit_key])? {
        return read(&row);
    }
    tx.execute(
        INSERT,
        args![
            insurer_no,
            insured_no,
            &question.question_id,
            question.entry_id.as_ref(),
            &question.body,
            &question.account_id,
            &question.asked_by,
            &question.asked_at,
            &question.submit_key
        ],
    )?;
    Ok(question.clone())
}

/// The person's questions, the newest first.
pub fn of_person(tx: &mut Tx<'_>, grant: &Grant) -> Result<Vec<Question>, Error> {
    if !grant.covers(Item::AccessLog) {
        return Err(Error::NotCovered);
    }
    tx.query(OF_PERSON, args![grant.insurer_no(), grant.insured_no()])?.iter().map(read).collect()
}

/// How many answers the person has not read.
pub fn unread(tx: &mut Tx<'_>, grant: &Grant) -> Result<i64, Error> {
    let row = tx.query_opt(UNREAD, args![grant.insurer_no(), grant.insured_no()])?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// Notes that the answers were read.
pub fn mark_read(tx: &mut Tx<'_>, grant: &Grant, now: &str) -> Result<u64, Error> {
    if !grant.covers(Item::AccessLog) {
        return Err(Error::NotCovered);
    }
    tx.execute(READ, args![grant.insurer_no(), grant.insured_no(), now])
}

/// Questions without an answer, the oldest first, after one.
pub fn open(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (asked_at, question_id): (&str, &str),
    limit: i32,
) -> Result<Vec<Question>, Error> {
    tx.query(OPEN, args![inbox(grant)?, asked_at, question_id, limit])?.iter().map(read).collect()
}

/// Answered questions, the newest answer first, before one.
pub fn answered(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (answered_at, question_id): (&str, &str),
    limit: i32,
) -> Result<Vec<Question>, Error> {
    tx.query(ANSWERED, args![inbox(grant)?, answered_at, question_id, limit])?.iter().map(read).collect()
}

/// How many questions wait, and since when the oldest one does.
pub fn waiting(tx: &mut Tx<'_>, insurer_no: InsurerNo) -> Result<(i64, String), Error> {
    let row = tx.query_opt(COUNT_OPEN, args![insurer_no])?;
    row.map_or(Ok((0, String::new())), |row| Ok((row.int(0)?, row.text(1)?.to_owned())))
}

/// Whose question it is, for the look that follows; only the insurer's own.
pub fn whose(tx: &mut Tx<'_>, insurer_no: InsurerNo, question_id: &str) -> Result<Option<InsuredNo>, Error> {
    let bad = |_| Error::Broken("a question cannot be read".to_owned());
    let row = tx.query_opt(WHOSE, args![insurer_no, question_id])?;
    row.map(|row| InsuredNo::parse(row.text(0)?).map_err(bad)).transpose()
}

/// Answers. Answers false if it was answered before.
pub fn answer(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    question_id: &str,
    (text, by, now): (&str, &str, &str),
) -> Result<bool, Error> {
    let (insurer_no, insured_no) = person(grant, Act::AnswerQuestion)?;
    Ok(tx.execute(ANSWER, args![insurer_no, insured_no, question_id, text, by, now])? == 1)
}

fn read(row: &Row) -> Result<Question, Error> {
    let bad = |_| Error::Broken("a question cannot be read".to_owned());
    let text = |i: usize| row.text(i).map(str::to_owned);
    let opt = |i: usize| row.opt_text(i).map(|t| t.map(str::to_owned));
    Ok(Question {
        insured_no: InsuredNo::parse(row.text(0)?).map_err(bad)?,
        question_id: text(1)?,
        entry_id: opt(2)?,
        body: text(3)?,
        account_id: text(4)?,
        asked_by: text(5)?,
        asked_at: text(6)?,
        answer: opt(7)?,
        answered_by: opt(8)?,
        answered_at: opt(9)?,
        read_at: opt(10)?,
        submit_key: text(11)?,
    })
}
