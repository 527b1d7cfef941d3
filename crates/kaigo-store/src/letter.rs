//! Letters with a code (登録番号の手紙): the way to an account of one's own without a card, and the recovery codes on paper.
//!
//! The code stands in no table: it is made of the letter's number with the installation's secret (`kaigo-app`'s keys). Between
//! the code and the account lies a start: a short time in which login, password and second factor are chosen. Functions on a
//! start run for somebody who has no account yet, so they take no grant; they answer no record of the person but a birth date.

use kaigo_core::code::Void;
use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::{Act, ActGrant, Grant, Item};
use kaigo_core::record::person::InsuredPerson;

use crate::db::{Error, Row, Tx};
use crate::record;

macro_rules! columns {
    () => {
        "insurer_no, insured_no, letter_id, proxy_id, issued_by, issued_at, valid_until, tries, start_until, login_id, password_hash, \
         totp_sealed, factor, used_at, account_id, revoked_at, submit_key"
    };
}

statements! {
    INSERT = "INSERT INTO letter (insurer_no, insured_no, letter_id, proxy_id, issued_by, issued_at, valid_until, tries, submit_key) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8)";
    BY_KEY = concat!("SELECT ", columns!(), " FROM letter WHERE insurer_no = ?1 AND insured_no = ?2 AND submit_key = ?3");
    FIND = concat!("SELECT ", columns!(), " FROM letter WHERE insurer_no = ?1 AND insured_no = ?2 AND letter_id = ?3");
    OF_PERSON = concat!("SELECT ", columns!(), " FROM letter WHERE insurer_no = ?1 AND insured_no = ?2 ORDER BY issued_at DESC, letter_id");
    LIVE = concat!("SELECT ", columns!(), " FROM letter WHERE insurer_no = ?1 AND insured_no = ?2 AND used_at IS NULL AND revoked_at IS NULL \
            AND valid_until >= ?3 AND tries < ?4 ORDER BY issued_at DESC, letter_id");
    MISS = "UPDATE letter SET tries = tries + 1 WHERE insurer_no = ?1 AND insured_no = ?2 AND used_at IS NULL AND revoked_at IS NULL \
            AND valid_until >= ?3";
    START = "UPDATE letter SET start_digest = ?4, start_until = ?5 WHERE insurer_no = ?1 AND insured_no = ?2 AND letter_id = ?3 \
             AND used_at IS NULL AND revoked_at IS NULL";
    STARTED = concat!("SELECT ", columns!(), " FROM letter WHERE start_digest = ?1 AND start_until > ?2 AND revoked_at IS NULL");
    CHOOSE = "UPDATE letter SET login_id = ?4, password_hash = ?5, totp_sealed = ?6, factor = ?7, account_id = ?8 \
              WHERE insurer_no = ?1 AND insured_no = ?2 AND letter_id = ?3 AND used_at IS NULL AND revoked_at IS NULL";
    USE = "UPDATE letter SET used_at = ?4, login_id = NULL, password_hash = NULL, totp_sealed = NULL WHERE insurer_no = ?1 AND insured_no = ?2 \
           AND letter_id = ?3 AND used_at IS NULL AND revoked_at IS NULL";
    REVOKE = "UPDATE letter SET revoked_at = ?4, start_digest = NULL WHERE insurer_no = ?1 AND insured_no = ?2 AND coalesce(proxy_id, '') = ?3 \
              AND used_at IS NULL AND revoked_at IS NULL";
    ACCOUNT = "SELECT account_id, login_id, disabled_at FROM account WHERE insurer_no = ?1 AND insured_no = ?2 AND kind = 'person' \
               AND coalesce(proxy_id, '') = ?3 ORDER BY created_at LIMIT 1";
    RESET = "UPDATE account SET login_id = ?2, password_hash = ?3, totp_sealed = ?4, totp_used_step = 0, failed_count = 0, \
             locked_until = NULL, disabled_at = NULL WHERE account_id = ?1";
    END_SESSIONS = "DELETE FROM session WHERE account_id = ?1";
    TRIED = "SELECT count(*), coalesce(min(tried_at), '') FROM start_try WHERE insurer_no = ?1 AND insured_no = ?2 AND tried_at > ?3";
    TRY = "INSERT INTO start_try (insurer_no, insured_no, try_id, tried_at) VALUES (?1, ?2, ?3, ?4)";
    FORGET_TRIES = "DELETE FROM start_try WHERE tried_at < ?1";
    CLEAR_CODES = "DELETE FROM recovery_code WHERE account_id = ?1";
    ADD_CODE = "INSERT INTO recovery_code (account_id, code_digest, used_at) VALUES (?1, ?2, NULL)";
    USE_CODE = "UPDATE recovery_code SET used_at = ?3 WHERE account_id = ?1 AND code_digest = ?2 AND used_at IS NULL";
}

/// Wrong tries after which a letter is good for nothing.
pub const TRIES: i32 = 10;

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The person's insurer.
    pub insurer_no: InsurerNo,
    /// The person's number.
    pub insured_no: InsuredNo,
    /// Identifier, random.
    pub letter_id: String,
    /// The proxy it is for; none for the person.
    pub proxy_id: Option<String>,
    /// Name of the clerk who issued it.
    pub issued_by: String,
    /// When.
    pub issued_at: String,
    /// Last day.
    pub valid_until: Date,
    /// Wrong tries.
    pub tries: i64,
    /// Until when the start lasts.
    pub start_until: Option<String>,
    /// What was chosen so far.
    pub chosen: Option<Chosen>,
    /// When an account was made with it.
    pub used_at: Option<String>,
    /// When it was taken back, by a newer one or by a clerk.
    pub revoked_at: Option<String>,
    /// Key of the form.
    pub submit_key: String,
}

/// What somebody with a letter chose, before it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The account it will be: a new one, or the one that was there.
    pub account_id: String,
    /// Login.
    pub login_id: String,
    /// Argon2id hash in PHC form.
    pub password_hash: String,
    /// The TOTP secret, sealed for the account.
    pub totp_sealed: Vec<u8>,
    /// `app` or `paper`.
    pub factor: String,
}

fn person(grant: &ActGrant) -> Result<(InsurerNo, InsuredNo), Error> {
    match grant.person() {
        Some(person) if matches!(grant.act(), Act::IssueLetter | Act::ManageProxy) => Ok(person),
        _ => Err(Error::NotCovered),
    }
}

/// Issues a letter; the ones before it to the same reader count no more. Sent twice with one key, the first one is answered.
///
/// # Errors
/// [`Error::NotCovered`] unless the grant is for issuing letters to this person.
pub fn insert(tx: &mut Tx<'_>, grant: &ActGrant, letter: &Letter) -> Result<Letter, Error> {
    let (insurer_no, insured_no) = person(grant)?;
    if grant.act() != Act::IssueLetter || (insurer_no, insured_no) != (letter.insurer_no, letter.insured_no) {
        return Err(Error::NotCovered);
    }
    if let Some(row) = tx.query_opt(BY_KEY, args![insurer_no, insured_no, &letter.submit_key])? {
        return read(&row);
    }
    revoke(tx, grant, letter.proxy_id.as_deref(), &letter.issued_at)?;
    tx.execute(
        INSERT,
        args![
            insurer_no,
            insured_no,
            &letter.letter_id,
            letter.proxy_id.as_ref(),
            &letter.issued_by,
            &letter.issued_at,
            letter.valid_until,
            &letter.submit_key
        ],
    )?;
    Ok(letter.clone())
}

/// Takes unused letters to one reader back.
pub fn revoke(tx: &mut Tx<'_>, grant: &ActGrant, proxy_id: Option<&str>, now: &str) -> Result<u64, Error> {
    let (insurer_no, insured_no) = person(grant)?;
    tx.execute(REVOKE, args![insurer_no, insured_no, proxy_id.unwrap_or_default(), now])
}

/// The person's letters, the newest first.
pub fn of_person(tx: &mut Tx<'_>, grant: &Grant) -> Result<Vec<Letter>, Error> {
    if !grant.covers(Item::ConsentStatus) {
        return Err(Error::NotCovered);
    }
    tx.query(OF_PERSON, args![grant.insurer_no(), grant.insured_no()])?.iter().map(read).collect()
}

/// One letter of the person.
pub fn find(tx: &mut Tx<'_>, grant: &Grant, letter_id: &str) -> Result<Option<Letter>, Error> {
    if !grant.covers(Item::ConsentStatus) {
        return Err(Error::NotCovered);
    }
    tx.query_opt(FIND, args![grant.insurer_no(), grant.insured_no(), letter_id])?.as_ref().map(read).transpose()
}

/// Letters that somebody can still begin with.
pub fn live(
    tx: &mut Tx<'_>,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    today: Date,
) -> Result<Vec<Letter>, Error> {
    tx.query(LIVE, args![insurer_no, insured_no, today, TRIES])?.iter().map(read).collect()
}

/// Counts a wrong try against all letters of the person.
pub fn miss(tx: &mut Tx<'_>, (insurer_no, insured_no): (InsurerNo, InsuredNo), today: Date) -> Result<(), Error> {
    tx.execute(MISS, args![insurer_no, insured_no, today]).map(drop)
}

/// The person's birth date as published, to compare with what was typed.
pub fn born_on(
    tx: &mut Tx<'_>,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    published: i32,
) -> Result<Option<Date>, Error> {
    let rows = tx.query(record::sql::<InsuredPerson>().of_person, args![insurer_no, insured_no, published])?;
    let newest = rows.into_iter().next().map(record::read::<InsuredPerson>).transpose()?;
    Ok(newest.filter(|row| row.common.void == Void::Valid).map(|row| row.record.born_on))
}

/// The person's name as published, for an account of the person or of who acts in their place.
pub fn name(
    tx: &mut Tx<'_>,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    published: i32,
) -> Result<Option<String>, Error> {
    let whom = args![insurer_no, insured_no, published];
    let newest = tx.query(record::sql::<InsuredPerson>().of_person, whom)?.into_iter().next();
    let newest = newest.map(record::read::<InsuredPerson>).transpose()?;
    Ok(newest.map(|row| row.record.name.to_string()))
}

/// Begins a start: whoever holds the token with that digest may choose until then.
pub fn start(tx: &mut Tx<'_>, letter: &Letter, digest: &str, until: &str) -> Result<bool, Error> {
    let at = args![letter.insurer_no, letter.insured_no, &letter.letter_id, digest, until];
    Ok(tx.execute(START, at)? == 1)
}

/// The letter of a start.
pub fn started(tx: &mut Tx<'_>, digest: &str, now: &str) -> Result<Option<Letter>, Error> {
    tx.query_opt(STARTED, args![digest, now])?.as_ref().map(read).transpose()
}

/// Keeps what was chosen. Answers false once the letter is used.
pub fn choose(tx: &mut Tx<'_>, letter: &Letter, chosen: &Chosen) -> Result<bool, Error> {
    let done = tx.execute(
        CHOOSE,
        args![
            letter.insurer_no,
            letter.insured_no,
            &letter.letter_id,
            &chosen.login_id,
            &chosen.password_hash,
            chosen.totp_sealed.as_slice(),
            &chosen.factor,
            &chosen.account_id
        ],
    )?;
    Ok(done == 1)
}

/// Uses the letter up. Answers false if it was used before.
pub fn use_up(tx: &mut Tx<'_>, letter: &Letter, now: &str) -> Result<bool, Error> {
    Ok(tx.execute(USE, args![letter.insurer_no, letter.insured_no, &letter.letter_id, now])? == 1)
}

/// The account that the reader of a letter has already: identifier and login.
pub fn account(
    tx: &mut Tx<'_>,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    proxy_id: Option<&str>,
) -> Result<Option<(String, String)>, Error> {
    let row = tx.query_opt(ACCOUNT, args![insurer_no, insured_no, proxy_id.unwrap_or_default()])?;
    row.map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).transpose()
}

/// Gives an account a new login, password and second factor, and ends its sessions.
///
/// # Errors
/// [`Error::Conflict`] if the login is taken.
pub fn reset(tx: &mut Tx<'_>, chosen: &Chosen) -> Result<(), Error> {
    let Chosen { account_id, login_id, password_hash, totp_sealed, .. } = chosen;
    tx.execute(RESET, args![account_id, login_id, password_hash, totp_sealed.as_slice()])?;
    tx.execute(END_SESSIONS, args![account_id]).map(drop)
}

/// How many wrong codes were typed for a number since an instant, and when the first of them was.
pub fn tried(
    tx: &mut Tx<'_>,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    since: &str,
) -> Result<(i64, String), Error> {
    let row = tx.query_opt(TRIED, args![insurer_no, insured_no, since])?;
    row.map_or(Ok((0, String::new())), |row| Ok((row.int(0)?, row.text(1)?.to_owned())))
}

/// Notes a wrong code; forgets those before `forget`.
pub fn note_try(
    tx: &mut Tx<'_>,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    try_id: &str,
    (now, forget): (&str, &str),
) -> Result<(), Error> {
    tx.execute(FORGET_TRIES, args![forget])?;
    tx.execute(TRY, args![insurer_no, insured_no, try_id, now]).map(drop)
}

/// Gives an account these recovery codes, by their digests, in place of the ones before.
pub fn set_recovery(tx: &mut Tx<'_>, account_id: &str, digests: &[String]) -> Result<(), Error> {
    tx.execute(CLEAR_CODES, args![account_id])?;
    for digest in digests {
        tx.execute(ADD_CODE, args![account_id, digest])?;
    }
    Ok(())
}

/// Uses a recovery code. Answers false if there is no such code or it was used.
pub fn use_recovery(tx: &mut Tx<'_>, account_id: &str, digest: &str, now: &str) -> Result<bool, Error> {
    Ok(tx.execute(USE_CODE, args![account_id, digest, now])? == 1)
}

fn read(row: &Row) -> Result<Letter, Error> {
    let bad = |_| Error::Broken("a letter cannot be read".to_owned());
    let opt = |i: usize| row.opt_text(i).map(|t| t.map(str::to_owned));
    let chosen = match (opt(14)?, opt(9)?, opt(10)?, opt(12)?) {
        (Some(account_id), Some(login_id), Some(password_hash), Some(factor)) => {
            Some(Chosen { account_id, login_id, password_hash, totp_sealed: row.bytes(11)?.to_vec(), factor })
        }
        _ => None,
    };
    Ok(Letter {
        insurer_no: InsurerNo::parse(row.text(0)?).map_err(bad)?,
        insured_no: InsuredNo::parse(row.text(1)?).map_err(bad)?,
        letter_id: row.text(2)?.to_owned(),
        proxy_id: opt(3)?,
        issued_by: row.text(4)?.to_owned(),
        issued_at: row.text(5)?.to_owned(),
        valid_until: row.date(6)?,
        tries: row.int(7)?,
        start_until: opt(8)?,
        chosen,
        used_at: opt(13)?,
        revoked_at: opt(15)?,
        submit_key: row.text(16)?.to_owned(),
    })
}
