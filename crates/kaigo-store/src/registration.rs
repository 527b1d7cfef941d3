//! Registration of offices (利用登録): the logins that were issued, tries with them, a registration under way.

use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant};

use crate::db::{Error, Row, Tx};

macro_rules! claim_columns {
    () => {
        "claim_id, office_no, office_name, password_hash, state, valid_until, issued_at, issued_by, used_at, account_id"
    };
}

macro_rules! columns {
    () => {
        "registration_id, token_digest, claim_id, office_no, address, code_no, code_at, code_tries, confirmed_at, account_id, login_id, name, job, \
         password_hash, totp_sealed, created_at, expires_at, done_at"
    };
}

statements! {
    CLAIM = concat!("SELECT ", claim_columns!(), " FROM office_claim WHERE claim_id = ?1");
    PUT_CLAIM = concat!("INSERT INTO office_claim (", claim_columns!(), ") VALUES (?1, ?2, ?3, ?4, 'issued', ?5, ?6, ?7, NULL, NULL) \
                 ON CONFLICT (claim_id) DO UPDATE SET office_no = excluded.office_no, office_name = excluded.office_name, \
                 password_hash = excluded.password_hash, state = 'issued', valid_until = excluded.valid_until, issued_at = excluded.issued_at, \
                 issued_by = excluded.issued_by WHERE office_claim.state <> 'used'");
    REVOKE = "UPDATE office_claim SET state = 'revoked' WHERE claim_id = ?1 AND state = 'issued'";
    USE_CLAIM = "UPDATE office_claim SET state = 'used', used_at = ?2, account_id = ?3 WHERE claim_id = ?1 AND state = 'issued'";
    OF_OFFICE = concat!("SELECT ", claim_columns!(), " FROM office_claim WHERE office_no = ?1 ORDER BY claim_id");
    LIST = concat!("SELECT ", claim_columns!(), " FROM office_claim WHERE (?1 = '' OR state = ?1) AND (?2 = '' OR office_no LIKE ?2 || '%' \
            OR office_name LIKE '%' || ?2 || '%') ORDER BY issued_at DESC, claim_id LIMIT ?3");
    COUNTS = "SELECT state, count(*) FROM office_claim GROUP BY state ORDER BY state";
    TRIED = "SELECT count(*), coalesce(min(at), '') FROM office_claim_try WHERE claim_digest = ?1 AND at > ?2";
    TRY = "INSERT INTO office_claim_try (claim_digest, try_id, at) VALUES (?1, ?2, ?3)";
    PURGE_TRIES = "DELETE FROM office_claim_try WHERE at < ?1";
    BEGIN = "INSERT INTO office_registration (registration_id, token_digest, claim_id, office_no, code_no, code_tries, created_at, expires_at) \
             VALUES (?1, ?2, ?3, ?4, 0, 0, ?5, ?6)";
    FIND = concat!("SELECT ", columns!(), " FROM office_registration WHERE token_digest = ?1 AND expires_at > ?2");
    ADDRESS = "UPDATE office_registration SET address = ?2, code_no = code_no + 1, code_at = ?3, code_tries = 0, confirmed_at = NULL \
               WHERE registration_id = ?1 AND done_at IS NULL";
    MISS = "UPDATE office_registration SET code_tries = code_tries + 1 WHERE registration_id = ?1";
    CONFIRM = "UPDATE office_registration SET confirmed_at = ?2 WHERE registration_id = ?1 AND done_at IS NULL";
    CHOOSE = "UPDATE office_registration SET account_id = ?2, login_id = ?3, name = ?4, job = ?5, password_hash = ?6, totp_sealed = ?7 \
              WHERE registration_id = ?1 AND done_at IS NULL AND confirmed_at IS NOT NULL";
    DONE = "UPDATE office_registration SET done_at = ?2, password_hash = NULL, totp_sealed = NULL WHERE registration_id = ?1 AND done_at IS NULL";
    PURGE = "DELETE FROM office_registration WHERE expires_at < ?1";
}

/// A login of 電子請求受付システム that was issued to an office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// `KJ` and twelve digits.
    pub claim_id: String,
    /// Office.
    pub office_no: OfficeNo,
    /// Its name on the list.
    pub office_name: String,
    /// Argon2id digest of the provisional password.
    pub password_hash: String,
    /// `issued`, `used`, `revoked`.
    pub state: String,
    /// Last day on which the provisional password is good.
    pub valid_until: String,
    /// When it came.
    pub issued_at: String,
    /// Who brought it.
    pub issued_by: String,
    /// When it was used.
    pub used_at: Option<String>,
    /// The account that was made with it.
    pub account_id: Option<String>,
}

/// What is chosen for the account of the office's administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Account.
    pub account_id: String,
    /// Login.
    pub login_id: String,
    /// Name.
    pub name: String,
    /// Job (職種), its code.
    pub job: String,
    /// Argon2id digest.
    pub password_hash: String,
    /// TOTP secret, sealed for `totp/{account_id}`.
    pub totp_sealed: Vec<u8>,
}

/// A registration under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Identifier.
    pub registration_id: String,
    /// The login it began with.
    pub claim_id: String,
    /// Office.
    pub office_no: OfficeNo,
    /// Address for security mail (セキュリティ用メールアドレス).
    pub address: Option<String>,
    /// How many codes were made.
    pub code_no: i64,
    /// When the last one was made.
    pub code_at: Option<String>,
    /// Wrong codes since.
    pub code_tries: i64,
    /// When the address was confirmed.
    pub confirmed_at: Option<String>,
    /// What was chosen; gone once it is done.
    pub chosen: Option<Chosen>,
    /// When it was done.
    pub done_at: Option<String>,
}

fn may_issue(grant: &ActGrant) -> Result<(), Error> {
    if matches!(grant.act(), Act::ManageOffices | Act::Operate) { Ok(()) } else { Err(Error::NotCovered) }
}

fn claim(row: &Row) -> Result<Claim, Error> {
    let text = |i: usize| row.text(i).map(str::to_owned);
    let opt = |i: usize| row.opt_text(i).map(|t| t.map(str::to_owned));
    Ok(Claim {
        claim_id: text(0)?,
        office_no: OfficeNo::parse(row.text(1)?).map_err(|_| Error::Broken("office_claim.office_no".to_owned()))?,
        office_name: text(2)?,
        password_hash: text(3)?,
        state: text(4)?,
        valid_until: text(5)?,
        issued_at: text(6)?,
        issued_by: text(7)?,
        used_at: opt(8)?,
        account_id: opt(9)?,
    })
}

/// The claim of a login. Without a grant: its digest is compared before anybody is known.
pub fn find_claim(tx: &mut Tx<'_>, claim_id: &str) -> Result<Option<Claim>, Error> {
    tx.query_opt(CLAIM, args![claim_id])?.as_ref().map(claim).transpose()
}

/// Adds an issued login, or replaces one that was not used. Answers false if it was used.
///
/// # Errors
/// [`Error::NotCovered`] without the operator's right.
pub fn put_claim(tx: &mut Tx<'_>, grant: &ActGrant, c: &Claim) -> Result<bool, Error> {
    may_issue(grant)?;
    let args =
        args![&c.claim_id, c.office_no, &c.office_name, &c.password_hash, &c.valid_until, &c.issued_at, &c.issued_by];
    Ok(tx.execute(PUT_CLAIM, args)? == 1)
}

/// Makes an issued login unusable.
///
/// # Errors
/// [`Error::NotCovered`] without the operator's right.
pub fn revoke(tx: &mut Tx<'_>, grant: &ActGrant, claim_id: &str) -> Result<bool, Error> {
    may_issue(grant)?;
    Ok(tx.execute(REVOKE, args![claim_id])? == 1)
}

/// Issued logins by state and by the beginning of the office number or a part of its name.
///
/// # Errors
/// [`Error::NotCovered`] without the operator's right.
pub fn list(tx: &mut Tx<'_>, grant: &ActGrant, state: &str, search: &str, most: i32) -> Result<Vec<Claim>, Error> {
    may_issue(grant)?;
    tx.query(LIST, args![state, search, most])?.iter().map(claim).collect()
}

/// Logins of an office.
pub fn of_office(tx: &mut Tx<'_>, office_no: OfficeNo) -> Result<Vec<Claim>, Error> {
    tx.query(OF_OFFICE, args![office_no])?.iter().map(claim).collect()
}

/// How many logins there are of each state.
pub fn counts(tx: &mut Tx<'_>) -> Result<Vec<(String, i64)>, Error> {
    tx.query(COUNTS, &[])?.iter().map(|row| Ok((row.text(0)?.to_owned(), row.int(1)?))).collect()
}

/// How many wrong tries there were since an instant, and when the first of them was.
pub fn tried(tx: &mut Tx<'_>, claim_digest: &str, since: &str) -> Result<(i64, String), Error> {
    let row = tx.query_opt(TRIED, args![claim_digest, since])?;
    row.map_or(Ok((0, String::new())), |row| Ok((row.int(0)?, row.text(1)?.to_owned())))
}

/// Notes a wrong try; forgets those before an instant.
pub fn note_try(tx: &mut Tx<'_>, claim_digest: &str, try_id: &str, (now, before): (&str, &str)) -> Result<(), Error> {
    tx.execute(PURGE_TRIES, args![before])?;
    tx.execute(TRY, args![claim_digest, try_id, now]).map(drop)
}

/// Begins a registration; forgets those whose time was over before `now`.
pub fn begin(
    tx: &mut Tx<'_>,
    (registration_id, token_digest): (&str, &str),
    claim: &Claim,
    (now, expires_at): (&str, &str),
) -> Result<(), Error> {
    tx.execute(PURGE, args![now])?;
    let args = args![registration_id, token_digest, &claim.claim_id, claim.office_no, now, expires_at];
    tx.execute(BEGIN, args).map(drop)
}

/// The registration of a token, while its time lasts.
pub fn find(tx: &mut Tx<'_>, token_digest: &str, now: &str) -> Result<Option<Registration>, Error> {
    let Some(row) = tx.query_opt(FIND, args![token_digest, now])? else { return Ok(None) };
    let text = |i: usize| row.text(i).map(str::to_owned);
    let opt = |i: usize| row.opt_text(i).map(|t| t.map(str::to_owned));
    let chosen = match (opt(9)?, opt(10)?, opt(11)?, opt(12)?, opt(13)?) {
        (Some(account_id), Some(login_id), Some(name), Some(job), Some(password_hash)) => {
            let totp_sealed = row.bytes(14)?.to_vec();
            Some(Chosen { account_id, login_id, name, job, password_hash, totp_sealed })
        }
        _ => None,
    };
    Ok(Some(Registration {
        registration_id: text(0)?,
        claim_id: text(2)?,
        office_no: OfficeNo::parse(row.text(3)?).map_err(|_| Error::Broken("office_registration".to_owned()))?,
        address: opt(4)?,
        code_no: row.int(5)?,
        code_at: opt(6)?,
        code_tries: row.int(7)?,
        confirmed_at: opt(8)?,
        chosen,
        done_at: opt(17)?,
    }))
}

/// Keeps an address whose code is the next one.
pub fn put_address(tx: &mut Tx<'_>, registration_id: &str, address: &str, now: &str) -> Result<(), Error> {
    tx.execute(ADDRESS, args![registration_id, address, now]).map(drop)
}

/// Counts a wrong code.
pub fn miss(tx: &mut Tx<'_>, registration_id: &str) -> Result<(), Error> {
    tx.execute(MISS, args![registration_id]).map(drop)
}

/// Notes that the address is theirs.
pub fn confirm(tx: &mut Tx<'_>, registration_id: &str, now: &str) -> Result<(), Error> {
    tx.execute(CONFIRM, args![registration_id, now]).map(drop)
}

/// Keeps what was chosen. Answers false before the address was confirmed, or once it is done.
pub fn choose(tx: &mut Tx<'_>, registration_id: &str, c: &Chosen) -> Result<bool, Error> {
    let args =
        args![registration_id, &c.account_id, &c.login_id, &c.name, &c.job, &c.password_hash, c.totp_sealed.as_slice()];
    Ok(tx.execute(CHOOSE, args)? == 1)
}

/// Ends a registration: the login is used up by the account. Answers false if it was used or revoked meanwhile.
pub fn done(tx: &mut Tx<'_>, registration: &Registration, account_id: &str, now: &str) -> Result<bool, Error> {
    if tx.execute(USE_CLAIM, args![&registration.claim_id, now, account_id])? != 1 {
        return Ok(false);
    }
    Ok(tx.execute(DONE, args![&registration.registration_id, now])? == 1)
}
