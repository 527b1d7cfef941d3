//! Accounts and sessions.

use kaigo_core::id::{InstitutionNo, InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::JobType;

use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "a.account_id, a.login_id, a.kind, a.name, a.office_no, a.insurer_no, a.insured_no, a.job, a.is_admin, a.password_hash, \
         a.totp_sealed, a.totp_used_step, a.failed_count, a.locked_until, a.disabled_at, a.institution_no, a.board_id, a.proxy_id"
    };
}

statements! {
    INSERT = "INSERT INTO account (account_id, login_id, kind, name, office_no, insurer_no, insured_no, job, is_admin, password_hash, \
              totp_sealed, totp_used_step, failed_count, locked_until, created_at, disabled_at, institution_no, board_id, proxy_id) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0, 0, NULL, ?12, NULL, ?13, ?14, ?15)";
    BY_LOGIN = concat!("SELECT ", columns!(), " FROM account a WHERE a.login_id = ?1");
    BY_ID = concat!("SELECT ", columns!(), " FROM account a WHERE a.account_id = ?1");
    FAILED = "UPDATE account SET failed_count = failed_count + 1, locked_until = CASE WHEN failed_count + 1 >= ?2 THEN ?3 ELSE locked_until END \
              WHERE account_id = ?1";
    UNLOCK = "UPDATE account SET failed_count = 0, locked_until = NULL WHERE account_id = ?1";
    USE_STEP = "UPDATE account SET totp_used_step = ?2, failed_count = 0, locked_until = NULL WHERE account_id = ?1 AND totp_used_step < ?2";
    OPEN = "INSERT INTO session (session_digest, account_id, stage, csrf, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    CLOSE = "DELETE FROM session WHERE session_digest = ?1";
    PURGE = "DELETE FROM session WHERE expires_at < ?1";
    OWNER = "SELECT account_id FROM session WHERE csrf = ?1 AND stage = 'full' AND expires_at > ?2";
    SESSION = concat!("SELECT ", columns!(), ", s.stage, s.csrf, s.expires_at, o.name FROM session s JOIN account a ON a.account_id = s.account_id LEFT JOIN office o ON o.office_no = a.office_no \
              WHERE s.session_digest = ?1 AND s.expires_at > ?2");
    TOUCH = "UPDATE session SET expires_at = ?2 WHERE session_digest = ?1";
}

/// Whose account it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A member of an office's staff.
    Staff {
        /// Office.
        office_no: OfficeNo,
        /// Job (職種).
        job: JobType,
        /// Whether the account administers the office.
        is_admin: bool,
    },
    /// An insured person.
    Person {
        /// Insurer.
        insurer_no: InsurerNo,
        /// Number.
        insured_no: InsuredNo,
        /// The entry of the proxy, where the account is of somebody who acts in the person's place.
        proxy_id: Option<String>,
    },
    /// A member of a municipality's staff.
    Insurer {
        /// Insurer.
        insurer_no: InsurerNo,
        /// Whether the account decides rules.
        is_admin: bool,
    },
    /// A physician or their staff.
    Medical {
        /// Institution.
        institution_no: InstitutionNo,
        /// Job (職種).
        job: JobType,
    },
    /// The secretariat of a board.
    Board {
        /// Board.
        board_id: String,
    },
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Identifier.
    pub account_id: String,
    /// What its owner types at login.
    pub login_id: String,
    /// Whose it is.
    pub owner: Owner,
    /// The owner's name.
    pub name: String,
    /// Argon2id hash in PHC form.
    pub password_hash: String,
    /// The TOTP secret, sealed under the data key for place `totp/{account_id}`.
    pub totp_sealed: Vec<u8>,
    /// The last time step whose code was taken: a code is good once.
    pub totp_used_step: i64,
    /// Failed tries since the last success.
    pub failed_count: i64,
    /// Until when it is locked.
    pub locked_until: Option<String>,
    /// Whether it is switched off.
    pub disabled: bool,
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The password was right; the second factor is missing.
    Code,
    /// Logged in.
    Full,
}

impl Stage {
    fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Full => "full",
        }
    }
}

/// A session with its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// How far it has come.
    pub stage: Stage,
    /// Token that forms carry.
    pub csrf: String,
    /// Until when it lasts.
    pub expires_at: String,
    /// The account.
    pub account: Account,
    /// Name of the account's office.
    pub office_name: Option<String>,
}

/// The columns that tell whose an account is.
#[derive(Default)]
struct Owned<'a> {
    kind: &'static str,
    office_no: Option<OfficeNo>,
    insurer_no: Option<InsurerNo>,
    insured_no: Option<InsuredNo>,
    job: Option<JobType>,
    is_admin: bool,
    institution_no: Option<InstitutionNo>,
    board_id: Option<&'a str>,
    proxy_id: Option<&'a str>,
}

/// Adds an account.
///
/// # Errors
/// [`Error::Conflict`] if the login is taken.
pub fn insert(tx: &mut Tx<'_>, account: &Account, now: &str) -> Result<(), Error> {
    let none = Owned::default();
    let owned = match &account.owner {
        Owner::Staff { office_no, job, is_admin } => {
            Owned { kind: "staff", office_no: Some(*office_no), job: Some(*job), is_admin: *is_admin, ..none }
        }
        Owner::Person { insurer_no, insured_no, proxy_id } => Owned {
            kind: "person",
            insurer_no: Some(*insurer_no),
            insured_no: Some(*insured_no),
            proxy_id: proxy_id.as_deref(),
            ..none
        },
        Owner::Insurer { insurer_no, is_admin } => {
            Owned { kind: "insurer", insurer_no: Some(*insurer_no), is_admin: *is_admin, ..none }
        }
        Owner::Medical { institution_no, job } => {
            Owned { kind: "medical", institution_no: Some(*institution_no), job: Some(*job), ..none }
        }
        Owner::Board { board_id } => Owned { kind: "board", board_id: Some(board_id), ..none },
    };
    tx.execute(
        INSERT,
        args![
            &account.account_id,
            &account.login_id,
            owned.kind,
            &account.name,
            owned.office_no,
            owned.insurer_no,
            owned.insured_no,
            owned.job.map(JobType::code),
            owned.is_admin,
            &account.password_hash,
            account.totp_sealed.as_slice(),
            now,
            owned.institution_no,
            owned.board_id,
            owned.proxy_id
        ],
    )
    .map(drop)
}

/// The account of a login.
pub fn by_login(tx: &mut Tx<'_>, login_id: &str) -> Result<Option<Account>, Error> {
    tx.query_opt(BY_LOGIN, args![login_id])?.as_ref().map(account).transpose()
}

/// The account with that identifier.
pub fn by_id(tx: &mut Tx<'_>, account_id: &str) -> Result<Option<Account>, Error> {
    tx.query_opt(BY_ID, args![account_id])?.as_ref().map(account).transpose()
}

/// Counts a failed try; locks the account until `locked_until` from the `limit`-th on.
pub fn failed(tx: &mut Tx<'_>, account_id: &str, limit: i32, locked_until: &str) -> Result<(), Error> {
    tx.execute(FAILED, args![account_id, limit, locked_until]).map(drop)
}

/// Forgets failed tries once a lock has run out.
pub fn unlock(tx: &mut Tx<'_>, account_id: &str) -> Result<(), Error> {
    tx.execute(UNLOCK, args![account_id]).map(drop)
}

/// Takes a TOTP code's time step. Answers false if this or a later one was taken before.
pub fn use_step(tx: &mut Tx<'_>, account_id: &str, step: i64) -> Result<bool, Error> {
    Ok(tx.execute(USE_STEP, args![account_id, step])? == 1)
}

/// Opens a session.
pub fn open_session(
    tx: &mut Tx<'_>,
    digest: &str,
    account_id: &str,
    stage: Stage,
    csrf: &str,
    (now, expires_at): (&str, &str),
) -> Result<(), Error> {
    tx.execute(OPEN, args![digest, account_id, stage.code(), csrf, now, expires_at]).map(drop)
}

/// Ends a session.
pub fn close_session(tx: &mut Tx<'_>, digest: &str) -> Result<(), Error> {
    tx.execute(CLOSE, args![digest]).map(drop)
}

/// Whose session has that form token, though it may have run out since that instant.
pub fn owner_of_form(tx: &mut Tx<'_>, csrf: &str, since: &str) -> Result<Option<String>, Error> {
    tx.query_opt(OWNER, args![csrf, since])?.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// Removes sessions that ran out before an instant.
pub fn purge_sessions(tx: &mut Tx<'_>, before: &str) -> Result<u64, Error> {
    tx.execute(PURGE, args![before])
}

/// The session of a token's digest, if it has not run out.
pub fn session(tx: &mut Tx<'_>, digest: &str, now: &str) -> Result<Option<Session>, Error> {
    let Some(row) = tx.query_opt(SESSION, args![digest, now])? else {
        return Ok(None);
    };
    let stage = match row.text(18)? {
        "full" => Stage::Full,
        _ => Stage::Code,
    };
    Ok(Some(Session {
        stage,
        csrf: row.text(19)?.to_owned(),
        expires_at: row.text(20)?.to_owned(),
        account: account(&row)?,
        office_name: row.opt_text(21)?.map(str::to_owned),
    }))
}

/// Lets a session last longer.
pub fn touch_session(tx: &mut Tx<'_>, digest: &str, expires_at: &str) -> Result<(), Error> {
    tx.execute(TOUCH, args![digest, expires_at]).map(drop)
}

fn account(row: &Row) -> Result<Account, Error> {
    let bad = |_| Error::Broken("an account cannot be read".to_owned());
    let id = |i: usize| row.opt_text(i)?.ok_or_else(|| Error::Broken("an account without owner".to_owned()));
    let job = |text: &str| JobType::parse(text).map_err(bad);
    let owner = match row.text(2)? {
        "staff" => {
            Owner::Staff { office_no: OfficeNo::parse(id(4)?).map_err(bad)?, job: job(id(7)?)?, is_admin: row.flag(8)? }
        }
        "insurer" => Owner::Insurer { insurer_no: InsurerNo::parse(id(5)?).map_err(bad)?, is_admin: row.flag(8)? },
        "medical" => Owner::Medical { institution_no: InstitutionNo::parse(id(15)?).map_err(bad)?, job: job(id(7)?)? },
        "board" => Owner::Board { board_id: id(16)?.to_owned() },
        _ => Owner::Person {
            insurer_no: InsurerNo::parse(id(5)?).map_err(bad)?,
            insured_no: InsuredNo::parse(id(6)?).map_err(bad)?,
            proxy_id: row.opt_text(17)?.map(str::to_owned),
        },
    };
    Ok(Account {
        account_id: row.text(0)?.to_owned(),
        login_id: row.text(1)?.to_owned(),
        owner,
        name: row.text(3)?.to_owned(),
        password_hash: row.text(9)?.to_owned(),
        totp_sealed: row.bytes(10)?.to_vec(),
        totp_used_step: row.int(11)?,
        failed_count: row.int(12)?,
        locked_until: row.opt_text(13)?.map(str::to_owned),
        disabled: row.opt_text(14)?.is_some(),
    })
}
