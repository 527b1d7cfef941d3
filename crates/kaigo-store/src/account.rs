//! Accounts and sessions.

use kaigo_core::id::{InstitutionNo, InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::JobType;

use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "a.account_id, a.login_id, a.kind, a.name, a.office_no, a.insurer_no, a.insured_no, a.job, a.is_admin, a.password_hash, \
         a.totp_sealed, a.totp_used_step, a.failed_count, a.locked_until, a.disabled_at, a.institution_no, a.board_id, a.proxy_id, a.supporter_id, \
         a.must_change"
    };
}

statements! {
    INSERT = "INSERT INTO account (account_id, login_id, kind, name, office_no, insurer_no, insured_no, job, is_admin, password_hash, \
              totp_sealed, totp_used_step, failed_count, locked_until, created_at, disabled_at, institution_no, board_id, proxy_id, supporter_id) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0, 0, NULL, ?12, NULL, ?13, ?14, ?15, ?16)";
    BY_LOGIN = concat!("SELECT ", columns!(), " FROM account a WHERE a.login_id = ?1");
    BY_ID = concat!("SELECT ", columns!(), " FROM account a WHERE a.account_id = ?1");
    USE_STEP = "UPDATE account SET totp_used_step = ?2 WHERE account_id = ?1 AND totp_used_step < ?2";
    OPEN = "INSERT INTO session (session_digest, account_id, stage, csrf, created_at, expires_at, session_id, place, browser, way, sure_until) \
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    CLOSE = "DELETE FROM session WHERE session_digest = ?1";
    PURGE = "DELETE FROM session WHERE expires_at < ?1";
    OWNER = "SELECT account_id FROM session WHERE csrf = ?1 AND stage = 'full' AND expires_at > ?2";
    SESSION = concat!("SELECT ", columns!(), ", s.stage, s.csrf, s.expires_at, o.name, s.session_id, s.sure_until, s.created_at FROM session s JOIN account a ON a.account_id = s.account_id LEFT JOIN office o ON o.office_no = a.office_no \
              WHERE s.session_digest = ?1 AND s.expires_at > ?2");
    SURE = "UPDATE session SET sure_until = ?2 WHERE session_digest = ?1";
    SESSIONS = "SELECT session_id, created_at, expires_at, place, browser, way, session_digest FROM session WHERE account_id = ?1 AND stage = 'full' \
                AND expires_at > ?2 AND session_id IS NOT NULL ORDER BY created_at DESC, session_id";
    CLOSE_ONE = "DELETE FROM session WHERE account_id = ?1 AND session_id = ?2";
    CLOSE_OTHERS = "DELETE FROM session WHERE account_id = ?1 AND session_digest <> ?2";
    CLOSE_ALL = "DELETE FROM session WHERE account_id = ?1";
    SET_PASSWORD = "UPDATE account SET password_hash = ?2, password_at = ?3, must_change = NULL WHERE account_id = ?1";
    SET_TOTP = "UPDATE account SET totp_sealed = ?2, totp_used_step = ?3 WHERE account_id = ?1";
    DEMAND_CHANGE = "UPDATE account SET must_change = 1 WHERE account_id = ?1";
    ADD_EVENT = "INSERT INTO account_event (account_id, event_id, what, happened_at, place, browser, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    EVENTS = "SELECT what, happened_at, place, browser, note FROM account_event WHERE account_id = ?1 ORDER BY event_id DESC LIMIT ?2";
    KNOWN_DEVICE = "SELECT count(*), coalesce(sum(CASE WHEN place = ?2 AND browser = ?3 THEN 1 ELSE 0 END), 0) FROM account_event \
                    WHERE account_id = ?1 AND what LIKE 'login-%'";
    PURGE_EVENTS = "DELETE FROM account_event WHERE happened_at < ?1";
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
    /// A member of the operator's staff (運営の職員).
    Operator {
        /// Whether the account decides what binds others.
        is_admin: bool,
    },
    /// Somebody who sets up offices (導入支援事業者).
    Supporter {
        /// The firm.
        supporter_id: String,
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
    /// The password is provisional: nothing else is done before it was changed.
    pub must_change: bool,
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
    /// Name of the session, for its owner; none for one from before there were names.
    pub session_id: Option<String>,
    /// Until when changes to the account need no new proof of who sits there.
    pub sure_until: Option<String>,
    /// Since when there is it: no use makes a session last longer than some hours from then.
    pub opened_at: String,
}

/// Where a session is opened from, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// Name of the session, for its owner.
    pub session_id: String,
    /// Address without its end; empty if it is not known.
    pub place: String,
    /// Family of browser and system.
    pub browser: String,
    /// The second factor: `totp`, `paper`, `mail`, `passkey`; empty while it is missing.
    pub way: String,
    /// Until when changes need no new proof.
    pub sure_until: Option<String>,
}

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Name.
    pub session_id: String,
    /// Since when.
    pub created_at: String,
    /// Until when without use.
    pub expires_at: String,
    /// Address without its end.
    pub place: String,
    /// Family of browser and system.
    pub browser: String,
    /// How it was opened.
    pub way: String,
    /// Digest of its token.
    pub digest: String,
}

/// What happened to an account, for its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `login-totp`, `login-passkey`, `failed`, `password` …
    pub what: String,
    /// When.
    pub happened_at: String,
    /// Address without its end.
    pub place: String,
    /// Family of browser and system.
    pub browser: String,
    /// What else; may be empty.
    pub note: String,
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
    supporter_id: Option<&'a str>,
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
        Owner::Operator { is_admin } => Owned { kind: "operator", is_admin: *is_admin, ..none },
        Owner::Supporter { supporter_id } => Owned { kind: "supporter", supporter_id: Some(supporter_id), ..none },
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
            owned.proxy_id,
            owned.supporter_id
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

/// Takes a TOTP code's time step. Answers false if this or a later one was taken before.
pub fn use_step(tx: &mut Tx<'_>, account_id: &str, step: i64) -> Result<bool, Error> {
    Ok(tx.execute(USE_STEP, args![account_id, step])? == 1)
}

/// Opens a session.
#[expect(clippy::too_many_arguments, reason = "the columns of a session")]
pub fn open_session(
    tx: &mut Tx<'_>,
    digest: &str,
    account_id: &str,
    stage: Stage,
    csrf: &str,
    (now, expires_at): (&str, &str),
    from: &Opening,
) -> Result<(), Error> {
    let args = args![
        digest,
        account_id,
        stage.code(),
        csrf,
        now,
        expires_at,
        &from.session_id,
        &from.place,
        &from.browser,
        &from.way,
        from.sure_until.as_ref()
    ];
    tx.execute(OPEN, args).map(drop)
}

/// Sets until when changes need no new proof in a session.
pub fn set_sure(tx: &mut Tx<'_>, digest: &str, until: &str) -> Result<(), Error> {
    tx.execute(SURE, args![digest, until]).map(drop)
}

/// The account's sessions, the newest first.
pub fn sessions(tx: &mut Tx<'_>, account_id: &str, now: &str) -> Result<Vec<OpenSession>, Error> {
    let own = |row: &Row, i: usize| Ok::<_, Error>(row.opt_text(i)?.unwrap_or_default().to_owned());
    tx.query(SESSIONS, args![account_id, now])?
        .iter()
        .map(|row| {
            Ok(OpenSession {
                session_id: own(row, 0)?,
                created_at: own(row, 1)?,
                expires_at: own(row, 2)?,
                place: own(row, 3)?,
                browser: own(row, 4)?,
                way: own(row, 5)?,
                digest: own(row, 6)?,
            })
        })
        .collect()
}

/// Ends one session of the account; whether there was one.
pub fn close_one(tx: &mut Tx<'_>, account_id: &str, session_id: &str) -> Result<bool, Error> {
    Ok(tx.execute(CLOSE_ONE, args![account_id, session_id])? > 0)
}

/// Ends all sessions of the account but the one with that digest. Answers how many.
pub fn close_others(tx: &mut Tx<'_>, account_id: &str, digest: &str) -> Result<u64, Error> {
    tx.execute(CLOSE_OTHERS, args![account_id, digest])
}

/// Ends all sessions of the account.
pub fn close_all(tx: &mut Tx<'_>, account_id: &str) -> Result<u64, Error> {
    tx.execute(CLOSE_ALL, args![account_id])
}

/// Gives the account a password that its owner chose.
pub fn set_password(tx: &mut Tx<'_>, account_id: &str, hash: &str, now: &str) -> Result<(), Error> {
    tx.execute(SET_PASSWORD, args![account_id, hash, now]).map(drop)
}

/// Gives the account a new TOTP secret, sealed, with the step that proved it.
pub fn set_totp(tx: &mut Tx<'_>, account_id: &str, sealed: &[u8], step: i64) -> Result<(), Error> {
    tx.execute(SET_TOTP, args![account_id, sealed, step]).map(drop)
}

/// The password is provisional: its owner has to change it first.
pub fn demand_change(tx: &mut Tx<'_>, account_id: &str) -> Result<(), Error> {
    tx.execute(DEMAND_CHANGE, args![account_id]).map(drop)
}

/// Notes what happened to an account; `event_id` sorts by time.
pub fn add_event(tx: &mut Tx<'_>, account_id: &str, event_id: &str, e: &Event) -> Result<(), Error> {
    let args = args![account_id, event_id, &e.what, &e.happened_at, &e.place, &e.browser, &e.note];
    tx.execute(ADD_EVENT, args).map(drop)
}

/// What happened to the account, the newest first.
pub fn events(tx: &mut Tx<'_>, account_id: &str, most: i32) -> Result<Vec<Event>, Error> {
    let own = |row: &Row, i: usize| Ok::<_, Error>(row.text(i)?.to_owned());
    tx.query(EVENTS, args![account_id, most])?
        .iter()
        .map(|row| {
            Ok(Event {
                what: own(row, 0)?,
                happened_at: own(row, 1)?,
                place: own(row, 2)?,
                browser: own(row, 3)?,
                note: own(row, 4)?,
            })
        })
        .collect()
}

/// How many logins of the account are remembered, and how many of them from that place with that browser.
pub fn known_device(tx: &mut Tx<'_>, account_id: &str, place: &str, browser: &str) -> Result<(i64, i64), Error> {
    let row = tx.query_opt(KNOWN_DEVICE, args![account_id, place, browser])?;
    row.map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
}

/// Forgets what happened before an instant.
pub fn purge_events(tx: &mut Tx<'_>, before: &str) -> Result<u64, Error> {
    tx.execute(PURGE_EVENTS, args![before])
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
    let stage = match row.text(20)? {
        "full" => Stage::Full,
        _ => Stage::Code,
    };
    Ok(Some(Session {
        stage,
        csrf: row.text(21)?.to_owned(),
        expires_at: row.text(22)?.to_owned(),
        account: account(&row)?,
        office_name: row.opt_text(23)?.map(str::to_owned),
        session_id: row.opt_text(24)?.map(str::to_owned),
        sure_until: row.opt_text(25)?.map(str::to_owned),
        opened_at: row.text(26)?.to_owned(),
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
        "operator" => Owner::Operator { is_admin: row.flag(8)? },
        "supporter" => Owner::Supporter { supporter_id: id(18)?.to_owned() },
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
        must_change: row.opt_int(19)?.is_some_and(|n| n != 0),
    })
}
