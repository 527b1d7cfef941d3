//! Inquiries to the operator (問い合わせ): threads of an office, or of anybody who got a code to follow them.

use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant};

use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "inquiry_id, office_no, who, kind, subject, state, account_id, address, opened_at, last_at"
    };
}

statements! {
    INSERT = concat!("INSERT INTO inquiry (", columns!(), ", code_digest, search, submit_key) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, ?12)");
    BY_KEY = concat!("SELECT ", columns!(), " FROM inquiry WHERE submit_key = ?1");
    BY_CODE = concat!("SELECT ", columns!(), " FROM inquiry WHERE code_digest = ?1");
    OF_OFFICE = concat!("SELECT ", columns!(), " FROM inquiry WHERE office_no = ?1 AND (?2 = '' OR search LIKE '%' || ?2 || '%') \
                 ORDER BY last_at DESC, inquiry_id LIMIT ?3");
    ONE_OF_OFFICE = concat!("SELECT ", columns!(), " FROM inquiry WHERE office_no = ?1 AND inquiry_id = ?2");
    LIST = concat!("SELECT ", columns!(), " FROM inquiry WHERE (?1 = '' OR state = ?1) AND (?2 = '' OR search LIKE '%' || ?2 || '%') \
            ORDER BY CASE state WHEN 'new' THEN 0 WHEN 'waiting' THEN 1 WHEN 'answered' THEN 2 ELSE 3 END, last_at, inquiry_id LIMIT ?3");
    FIND = concat!("SELECT ", columns!(), " FROM inquiry WHERE inquiry_id = ?1");
    COUNTS = "SELECT state, count(*), coalesce(min(last_at), '') FROM inquiry GROUP BY state ORDER BY state";
    OPEN_OF_OFFICE = "SELECT count(*) FROM inquiry WHERE office_no = ?1 AND state = 'answered'";
    RECENT = "SELECT count(*) FROM inquiry WHERE office_no IS NULL AND opened_at > ?1";
    MESSAGES = "SELECT message_no, side, author, body, at FROM inquiry_message WHERE inquiry_id = ?1 ORDER BY message_no";
    SAME_MESSAGE = "SELECT message_no FROM inquiry_message WHERE inquiry_id = ?1 AND submit_key = ?2";
    NEXT = "SELECT coalesce(max(message_no), 0) + 1 FROM inquiry_message WHERE inquiry_id = ?1";
    SAY = "INSERT INTO inquiry_message (inquiry_id, message_no, side, author, body, at, submit_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    STATE = "UPDATE inquiry SET state = ?2, last_at = ?3 WHERE inquiry_id = ?1";
    SEARCH = "UPDATE inquiry SET search = search || ' ' || ?2 WHERE inquiry_id = ?1";
    FILE = "INSERT INTO inquiry_file (inquiry_id, message_no, file_no, name, media_type, size, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    FILES = "SELECT message_no, file_no, name, media_type, size, digest FROM inquiry_file WHERE inquiry_id = ?1 ORDER BY message_no, file_no";
}

/// A thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiry {
    /// Identifier, random.
    pub inquiry_id: String,
    /// The office that asks; none: somebody without a login.
    pub office_no: Option<OfficeNo>,
    /// Office and name, or the name alone.
    pub who: String,
    /// Kind, a code.
    pub kind: String,
    /// Subject.
    pub subject: String,
    /// `new`, `answered`, `waiting`, `closed`.
    pub state: String,
    /// Account that asks.
    pub account_id: Option<String>,
    /// Address of who has no login, if one was given.
    pub address: Option<String>,
    /// When it was opened.
    pub opened_at: String,
    /// When something was last said.
    pub last_at: String,
}

/// Something said in a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Number in the thread.
    pub message_no: i64,
    /// `asker` or `operator`.
    pub side: String,
    /// Name.
    pub author: String,
    /// Text.
    pub body: String,
    /// When.
    pub at: String,
}

/// A file with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Message.
    pub message_no: i64,
    /// Number.
    pub file_no: i64,
    /// Name.
    pub name: String,
    /// Media type, from the content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256: its name among the objects.
    pub digest: String,
}

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    /// `asker` or `operator`.
    pub side: &'static str,
    /// Name.
    pub author: String,
    /// Text.
    pub body: String,
    /// When.
    pub at: String,
    /// Key of the form.
    pub submit_key: String,
    /// Files; their numbers are given anew.
    pub files: Vec<File>,
    /// State of the thread afterwards.
    pub state: &'static str,
    /// The text as it is searched.
    pub search: String,
}

fn read(row: &Row) -> Result<Inquiry, Error> {
    let text = |i: usize| row.text(i).map(str::to_owned);
    let opt = |i: usize| row.opt_text(i).map(|t| t.map(str::to_owned));
    let office_no = row.opt_text(1)?.map(OfficeNo::parse).transpose();
    Ok(Inquiry {
        inquiry_id: text(0)?,
        office_no: office_no.map_err(|_| Error::Broken("inquiry.office_no".to_owned()))?,
        who: text(2)?,
        kind: text(3)?,
        subject: text(4)?,
        state: text(5)?,
        account_id: opt(6)?,
        address: opt(7)?,
        opened_at: text(8)?,
        last_at: text(9)?,
    })
}

fn office(grant: &ActGrant) -> Result<OfficeNo, Error> {
    grant.office_no().filter(|_| grant.act() == Act::AskOperator).ok_or(Error::NotCovered)
}

fn desk(grant: &ActGrant) -> Result<(), Error> {
    if grant.act() == Act::AnswerInquiry { Ok(()) } else { Err(Error::NotCovered) }
}

/// Opens a thread with its first message. Sent twice with one key, the first thread is answered.
pub fn open(tx: &mut Tx<'_>, new: &Inquiry, code_digest: Option<&str>, saying: &Saying) -> Result<Inquiry, Error> {
    if let Some(row) = tx.query_opt(BY_KEY, args![&saying.submit_key])? {
        return read(&row);
    }
    let args = args![
        &new.inquiry_id,
        new.office_no,
        &new.who,
        &new.kind,
        &new.subject,
        &new.state,
        new.account_id.as_ref(),
        new.address.as_ref(),
        &new.opened_at,
        code_digest,
        "",
        &saying.submit_key
    ];
    tx.execute(INSERT, args)?;
    say(tx, new, saying)?;
    Ok(new.clone())
}

/// Says something in a thread that the caller was shown. Answers false if it was said before with that key.
pub fn say(tx: &mut Tx<'_>, inquiry: &Inquiry, saying: &Saying) -> Result<bool, Error> {
    let id = &inquiry.inquiry_id;
    if tx.query_opt(SAME_MESSAGE, args![id, &saying.submit_key])?.is_some() {
        return Ok(false);
    }
    let next = tx.query_opt(NEXT, args![id])?.map_or(Ok(1), |row| row.int(0))?;
    let s = saying;
    tx.execute(SAY, args![id, next, s.side, &s.author, &s.body, &s.at, &s.submit_key])?;
    for (n, file) in (1_i64..).zip(&s.files) {
        tx.execute(FILE, args![id, next, n, &file.name, &file.media_type, file.size, &file.digest])?;
    }
    tx.execute(SEARCH, args![id, &s.search])?;
    tx.execute(STATE, args![id, s.state, &s.at])?;
    Ok(true)
}

/// Threads of the office of the grant, the newest first.
pub fn of_office(tx: &mut Tx<'_>, grant: &ActGrant, search: &str, most: i32) -> Result<Vec<Inquiry>, Error> {
    tx.query(OF_OFFICE, args![office(grant)?, search, most])?.iter().map(read).collect()
}

/// One thread of the office of the grant.
pub fn own(tx: &mut Tx<'_>, grant: &ActGrant, inquiry_id: &str) -> Result<Option<Inquiry>, Error> {
    tx.query_opt(ONE_OF_OFFICE, args![office(grant)?, inquiry_id])?.as_ref().map(read).transpose()
}

/// Threads for the desk by state and words, the most pressing first.
pub fn list(tx: &mut Tx<'_>, grant: &ActGrant, state: &str, search: &str, most: i32) -> Result<Vec<Inquiry>, Error> {
    desk(grant)?;
    tx.query(LIST, args![state, search, most])?.iter().map(read).collect()
}

/// One thread for the desk.
pub fn find(tx: &mut Tx<'_>, grant: &ActGrant, inquiry_id: &str) -> Result<Option<Inquiry>, Error> {
    desk(grant)?;
    tx.query_opt(FIND, args![inquiry_id])?.as_ref().map(read).transpose()
}

/// The thread of a code's digest.
pub fn by_code(tx: &mut Tx<'_>, code_digest: &str) -> Result<Option<Inquiry>, Error> {
    tx.query_opt(BY_CODE, args![code_digest])?.as_ref().map(read).transpose()
}

/// How many threads there are of each state, and since when the oldest waits.
pub fn counts(tx: &mut Tx<'_>) -> Result<Vec<(String, i64, String)>, Error> {
    let rows = tx.query(COUNTS, &[])?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.int(1)?, row.text(2)?.to_owned()))).collect()
}

/// How many answers of the operator wait for an office.
pub fn answered(tx: &mut Tx<'_>, office_no: OfficeNo) -> Result<i64, Error> {
    tx.query_opt(OPEN_OF_OFFICE, args![office_no])?.map_or(Ok(0), |row| row.int(0))
}

/// How many threads were opened without a login since an instant.
pub fn recent(tx: &mut Tx<'_>, since: &str) -> Result<i64, Error> {
    tx.query_opt(RECENT, args![since])?.map_or(Ok(0), |row| row.int(0))
}

/// What was said in a thread that the caller was shown.
pub fn messages(tx: &mut Tx<'_>, inquiry: &Inquiry) -> Result<Vec<Message>, Error> {
    let rows = tx.query(MESSAGES, args![&inquiry.inquiry_id])?;
    rows.iter()
        .map(|row| {
            Ok(Message {
                message_no: row.int(0)?,
                side: row.text(1)?.to_owned(),
                author: row.text(2)?.to_owned(),
                body: row.text(3)?.to_owned(),
                at: row.text(4)?.to_owned(),
            })
        })
        .collect()
}

/// Files of a thread that the caller was shown.
pub fn files(tx: &mut Tx<'_>, inquiry: &Inquiry) -> Result<Vec<File>, Error> {
    let rows = tx.query(FILES, args![&inquiry.inquiry_id])?;
    rows.iter()
        .map(|row| {
            Ok(File {
                message_no: row.int(0)?,
                file_no: row.int(1)?,
                name: row.text(2)?.to_owned(),
                media_type: row.text(3)?.to_owned(),
                size: row.int(4)?,
                digest: row.text(5)?.to_owned(),
            })
        })
        .collect()
}

/// Sets the state of a thread that the caller was shown.
pub fn set_state(tx: &mut Tx<'_>, inquiry: &Inquiry, state: &str, now: &str) -> Result<(), Error> {
    tx.execute(STATE, args![&inquiry.inquiry_id, state, now]).map(drop)
}
