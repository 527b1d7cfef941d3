//! Mail: where an account wants it and how often, and the queue of mails that wait.
//!
//! A mail is due at `next_at`. It is taken by moving `next_at` on to the next try *before* it is sent; what was sent has none. So two
//! processes never send it at once, and one that died in between is followed by a second try of the same mail: at least once.

use kaigo_core::notice::{Frequency, RecipientKind, Topic};

use crate::db::{Error, Row, Tx};

macro_rules! setting_columns {
    () => {
        "account_id, recipient_kind, recipient_no, address, new_address, code_digest, code_at, code_tries, code_no, frequency, topics, \
         digest_no, refused_at"
    };
}

statements! {
    FIND = concat!("SELECT ", setting_columns!(), " FROM mail_setting WHERE account_id = ?1");
    PUT = "INSERT INTO mail_setting (account_id, recipient_kind, recipient_no, address, new_address, code_digest, code_at, code_tries, code_no, \
           frequency, topics, next_at, digest_no, refused_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, NULL, ?12, ?13, ?14) \
           ON CONFLICT (account_id) DO UPDATE SET recipient_kind = excluded.recipient_kind, recipient_no = excluded.recipient_no, \
           address = excluded.address, new_address = excluded.new_address, code_digest = excluded.code_digest, code_at = excluded.code_at, \
           code_tries = excluded.code_tries, code_no = excluded.code_no, frequency = excluded.frequency, topics = excluded.topics, \
           next_at = CASE WHEN excluded.frequency = mail_setting.frequency THEN mail_setting.next_at ELSE NULL END, \
           refused_at = excluded.refused_at, changed_at = excluded.changed_at";
    WAKE = "UPDATE mail_setting SET next_at = ?5 WHERE recipient_kind = ?1 AND recipient_no = ?2 AND frequency = ?3 AND next_at IS NULL \
            AND address IS NOT NULL AND ',' || topics || ',' LIKE '%,' || ?4 || ',%'";
    DUE_SETTINGS = concat!("SELECT ", setting_columns!(), " FROM mail_setting WHERE next_at <= ?1 ORDER BY next_at, account_id LIMIT ?2");
    DIGESTED = "UPDATE mail_setting SET next_at = NULL, digest_no = digest_no + 1 WHERE account_id = ?1 AND digest_no = ?2";
    REFUSED = "UPDATE mail_setting SET refused_at = ?3, next_at = NULL WHERE account_id = ?1 AND address = ?2";
    ENQUEUE = "INSERT INTO mail (mail_id, account_id, kind, serial, address, subject, body, tries, next_at, last_error, made_at, sent_at, failed_at) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, NULL, ?8, NULL, NULL) ON CONFLICT (account_id, kind, serial) DO NOTHING";
    DUE = "SELECT mail_id, account_id, kind, address, subject, body, tries, made_at FROM mail WHERE next_at <= ?1 ORDER BY next_at, mail_id LIMIT ?2";
    TAKE = "UPDATE mail SET tries = tries + 1, next_at = ?4 WHERE mail_id = ?1 AND tries = ?2 AND next_at <= ?3";
    SENT = "UPDATE mail SET sent_at = ?2, next_at = NULL, body = '', last_error = NULL WHERE mail_id = ?1 AND sent_at IS NULL";
    LATER = "UPDATE mail SET last_error = ?2 WHERE mail_id = ?1";
    FAILED = "UPDATE mail SET failed_at = ?2, next_at = NULL, body = '', last_error = ?3 WHERE mail_id = ?1 AND sent_at IS NULL";
    WITHDRAW = "UPDATE mail SET failed_at = ?2, next_at = NULL, body = '', last_error = 'withdrawn' WHERE account_id = ?1 AND next_at IS NOT NULL";
    PURGE = "DELETE FROM mail WHERE made_at < ?1 AND next_at IS NULL";
    COUNTS = "SELECT (SELECT count(*) FROM mail WHERE next_at IS NOT NULL), (SELECT count(*) FROM mail WHERE failed_at IS NOT NULL), \
              (SELECT count(*) FROM mail WHERE sent_at IS NOT NULL)";
}

/// Where an account wants mail, how often, about what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Account.
    pub account_id: String,
    /// Kind of the box whose notices it is told of.
    pub recipient_kind: RecipientKind,
    /// Number of the box.
    pub recipient_no: String,
    /// Address that was confirmed.
    pub address: Option<String>,
    /// Address that waits for its code.
    pub new_address: Option<String>,
    /// Digest of the code.
    pub code_digest: Option<String>,
    /// When the code was made.
    pub code_at: Option<String>,
    /// Wrong codes typed since.
    pub code_tries: i64,
    /// How many codes were ever made.
    pub code_no: i64,
    /// How often.
    pub frequency: Frequency,
    /// About what.
    pub topics: Vec<Topic>,
    /// How many digests were ever made.
    pub digest_no: i64,
    /// When the confirmed address was refused by its server.
    pub refused_at: Option<String>,
}

fn setting(row: &Row) -> Result<Setting, Error> {
    let bad = |_| Error::Broken("a mail setting cannot be read".to_owned());
    let own = |i: usize| Ok::<_, Error>(row.opt_text(i)?.map(str::to_owned));
    Ok(Setting {
        account_id: row.text(0)?.to_owned(),
        recipient_kind: RecipientKind::parse(row.text(1)?).map_err(bad)?,
        recipient_no: row.text(2)?.to_owned(),
        address: own(3)?,
        new_address: own(4)?,
        code_digest: own(5)?,
        code_at: own(6)?,
        code_tries: row.int(7)?,
        code_no: row.int(8)?,
        frequency: Frequency::parse(row.text(9)?).map_err(bad)?,
        topics: row.text(10)?.split(',').filter_map(|code| Topic::parse(code).ok()).collect(),
        digest_no: row.int(11)?,
        refused_at: own(12)?,
    })
}

/// The account's setting.
pub fn find(tx: &mut Tx<'_>, account_id: &str) -> Result<Option<Setting>, Error> {
    tx.query_opt(FIND, args![account_id])?.as_ref().map(setting).transpose()
}

/// Keeps the account's setting. The number of digests is never set back.
pub fn put(tx: &mut Tx<'_>, s: &Setting, now: &str) -> Result<(), Error> {
    let topics: Vec<&str> = s.topics.iter().map(|topic| topic.code()).collect();
    tx.execute(
        PUT,
        args![
            &s.account_id,
            s.recipient_kind.code(),
            &s.recipient_no,
            s.address.as_ref(),
            s.new_address.as_ref(),
            s.code_digest.as_ref(),
            s.code_at.as_ref(),
            s.code_tries,
            s.code_no,
            s.frequency.code(),
            topics.join(","),
            s.digest_no,
            s.refused_at.as_ref(),
            now
        ],
    )
    .map(drop)
}

/// Sets when a digest is due for who wants to be told of a topic of a box that often, unless one is due already.
pub fn wake(
    tx: &mut Tx<'_>,
    (recipient_kind, recipient_no): (&str, &str),
    topic: Topic,
    frequency: Frequency,
    due: &str,
) -> Result<u64, Error> {
    tx.execute(WAKE, args![recipient_kind, recipient_no, frequency.code(), topic.code(), due])
}

/// Settings whose digest is due.
pub fn due_settings(tx: &mut Tx<'_>, now: &str, most: i32) -> Result<Vec<Setting>, Error> {
    tx.query(DUE_SETTINGS, args![now, most])?.iter().map(setting).collect()
}

/// Ends a due digest, whether there was something to say or not. Answers false if another process did.
pub fn digested(tx: &mut Tx<'_>, setting: &Setting) -> Result<bool, Error> {
    Ok(tx.execute(DIGESTED, args![&setting.account_id, setting.digest_no])? == 1)
}

/// Notes that the address was refused for good: no more mail until it is set anew.
pub fn refused(tx: &mut Tx<'_>, account_id: &str, address: &str, now: &str) -> Result<(), Error> {
    tx.execute(REFUSED, args![account_id, address, now]).map(drop)
}

/// A mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Identifier, also in the mail's `Message-ID`: a second try is the same mail.
    pub mail_id: String,
    /// Whose.
    pub account_id: String,
    /// `code` or `digest`.
    pub kind: String,
    /// To where.
    pub address: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// How often it was tried.
    pub tries: i64,
    /// When it was made.
    pub made_at: String,
}

/// Puts a mail into the queue. One of the same account, kind and serial is there already.
pub fn enqueue(tx: &mut Tx<'_>, mail: &Mail, serial: i64) -> Result<(), Error> {
    let m = mail;
    let args = args![&m.mail_id, &m.account_id, &m.kind, serial, &m.address, &m.subject, &m.body, &m.made_at];
    tx.execute(ENQUEUE, args).map(drop)
}

/// Mails that are due.
pub fn due(tx: &mut Tx<'_>, now: &str, most: i32) -> Result<Vec<Mail>, Error> {
    let rows = tx.query(DUE, args![now, most])?;
    let own = |row: &Row, i: usize| Ok::<_, Error>(row.text(i)?.to_owned());
    rows.iter()
        .map(|row| {
            Ok(Mail {
                mail_id: own(row, 0)?,
                account_id: own(row, 1)?,
                kind: own(row, 2)?,
                address: own(row, 3)?,
                subject: own(row, 4)?,
                body: own(row, 5)?,
                tries: row.int(6)?,
                made_at: own(row, 7)?,
            })
        })
        .collect()
}

/// Takes a due mail for one try; the next one is due at `next`. Answers false if another process has it.
pub fn take(tx: &mut Tx<'_>, mail: &Mail, now: &str, next: &str) -> Result<bool, Error> {
    Ok(tx.execute(TAKE, args![&mail.mail_id, mail.tries, now, next])? == 1)
}

/// Notes that a mail was taken by its server; its text goes.
pub fn sent(tx: &mut Tx<'_>, mail_id: &str, now: &str) -> Result<(), Error> {
    tx.execute(SENT, args![mail_id, now]).map(drop)
}

/// Notes why a try failed.
pub fn later(tx: &mut Tx<'_>, mail_id: &str, why: &str) -> Result<(), Error> {
    tx.execute(LATER, args![mail_id, why]).map(drop)
}

/// Gives a mail up.
pub fn failed(tx: &mut Tx<'_>, mail_id: &str, now: &str, why: &str) -> Result<(), Error> {
    tx.execute(FAILED, args![mail_id, now, why]).map(drop)
}

/// Takes an account's mails that wait out of the queue: it wants none any more.
pub fn withdraw(tx: &mut Tx<'_>, account_id: &str, now: &str) -> Result<u64, Error> {
    tx.execute(WITHDRAW, args![account_id, now])
}

/// Removes mails that were made before an instant and are done.
pub fn purge(tx: &mut Tx<'_>, before: &str) -> Result<u64, Error> {
    tx.execute(PURGE, args![before])
}

/// How many mails wait, failed, were sent.
pub fn counts(tx: &mut Tx<'_>) -> Result<(i64, i64, i64), Error> {
    tx.query_opt(COUNTS, &[])?.map_or(Ok((0, 0, 0)), |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)))
}
