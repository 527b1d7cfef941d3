//! Login: password, second factor, lockout, sessions.
//!
//! Argon2id as RFC 9106 and the OWASP list recommend (19 MiB, two passes). Its memory is allocated once for as many checks
//! as may run at once: allocating per login makes a server grow by gigabytes (see docs/decisions/0004).

use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::{PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use jiff::{SignedDuration, Timestamp};
use kaigo_core::id::{InstitutionNo, InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::{BoardStaff, Caller, InsurerStaff, JobType, MedicalStaff, Staff};
use kaigo_store::account::{self, Account, Owner, Session, Stage};
use kaigo_store::db::Tx;
use kaigo_store::time::{instant, parse_instant};
use kaigo_store::{institution, insurer, office};
use ring::hmac;
use tokio::sync::Semaphore;

use crate::keys::digest_of;
use crate::{App, Ctx, Error, Wrong};

/// How many passwords are checked at once: each takes 19 MiB and most of a core for 13 ms.
pub const CHECKS_AT_ONCE: usize = 2;
/// Failed tries after which an account is locked.
pub const TRIES: i32 = 5;
/// Minutes of the lock.
pub const LOCK_MINUTES: i64 = 15;
/// Minutes without use after which a session ends.
pub const SESSION_MINUTES: i64 = 30;
/// Minutes for the second factor.
const CODE_MINUTES: i64 = 5;
/// Seconds of a TOTP time step (RFC 6238).
const STEP_SECONDS: i64 = 30;

/// Checks passwords with memory that is allocated once, at the first checks.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
}

fn argon() -> Result<Argon2<'static>, Error> {
    let params = Params::new(19 * 1024, 2, 1, Some(32)).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

impl Passwords {
    /// A checker that runs so many checks at once.
    pub fn new(at_once: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new(at_once)), memory: Arc::default() }
    }

    /// The hash of a password in PHC form.
    pub async fn hash(&self, password: &str, salt: [u8; 16]) -> Result<String, Error> {
        let salt = SaltString::encode_b64(&salt).map_err(|e| Error::Internal(e.to_string()))?;
        let raw = self.raw(password.to_owned(), salt.as_str().to_owned()).await?;
        let hash = argon2::password_hash::Output::new(&raw).map_err(|e| Error::Internal(e.to_string()))?;
        Ok(format!("$argon2id$v=19$m=19456,t=2,p=1${salt}${hash}"))
    }

    /// Whether the password has that hash. Takes the same time for a hash that is none.
    pub async fn fits(&self, password: &str, phc: &str) -> Result<bool, Error> {
        let parsed = PasswordHash::new(phc).ok();
        let salt = parsed.as_ref().and_then(|p| p.salt).map_or("AAAAAAAAAAAAAAAAAAAAAA", |s| s.as_str()).to_owned();
        let raw = self.raw(password.to_owned(), salt).await?;
        let want = parsed.and_then(|p| p.hash);
        Ok(want.is_some_and(|want| constant_time_eq(want.as_bytes(), &raw)))
    }

    async fn raw(&self, password: String, salt: String) -> Result<[u8; 32], Error> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| Error::Busy)?;
        let pool = Arc::clone(&self.memory);
        let work = tokio::task::spawn_blocking(move || {
            // As many as run at once are ever made: whoever has a turn takes one and puts it back.
            let kept = pool.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut memory = match kept {
                Some(memory) => memory,
                None => vec![Block::default(); argon()?.params().block_count()],
            };
            let mut out = [0_u8; 32];
            let mut bytes = [0_u8; 64];
            let done = SaltString::from_b64(&salt).map_err(|e| Error::Internal(e.to_string())).and_then(|salt| {
                let salt = salt.decode_b64(&mut bytes).map_err(|e| Error::Internal(e.to_string()))?;
                argon()?
                    .hash_password_into_with_memory(password.as_bytes(), salt, &mut out, &mut memory)
                    .map_err(|e| Error::Internal(e.to_string()))
            });
            pool.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
            // The turn ends with the work, also when the request was given up before.
            drop(turn);
            done.map(|()| out)
        });
        work.await.map_err(|e| Error::Internal(e.to_string()))?
    }
}

fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0_u8, |diff, (x, y)| diff | (x ^ y)) == 0
}

/// An account to make.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// What its owner types at login.
    pub login_id: String,
    /// The owner's name.
    pub name: String,
    /// Whose it is.
    pub owner: NewOwner,
    /// The first password.
    pub password: String,
    /// TOTP secret, 20 bytes.
    pub totp_secret: [u8; 20],
}

/// Whose account is made.
#[derive(Clone, Debug)]
pub enum NewOwner {
    /// Staff of an office.
    Staff(OfficeNo, JobType, bool),
    /// An insured person.
    Person(InsurerNo, InsuredNo),
    /// Somebody who acts in an insured person's place: the person, and the entry of the proxy.
    Proxy(InsurerNo, InsuredNo, String),
    /// Staff of an insurer; whether they administer it.
    Insurer(InsurerNo, bool),
    /// Staff of a medical institution.
    Medical(InstitutionNo, JobType),
    /// The secretariat of a board.
    Board(String),
}

/// Makes an account.
///
/// # Errors
/// [`Error::Conflict`] if the login is taken.
pub async fn create(app: &App, ctx: &Ctx, new: NewAccount) -> Result<String, Error> {
    let account_id = ctx.ids.timed(ctx.now);
    let account = Account {
        account_id: account_id.clone(),
        login_id: new.login_id,
        owner: match new.owner {
            NewOwner::Staff(office_no, job, is_admin) => Owner::Staff { office_no, job, is_admin },
            NewOwner::Person(insurer_no, insured_no) => Owner::Person { insurer_no, insured_no, proxy_id: None },
            NewOwner::Proxy(insurer_no, insured_no, proxy_id) => {
                Owner::Person { insurer_no, insured_no, proxy_id: Some(proxy_id) }
            }
            NewOwner::Insurer(insurer_no, is_admin) => Owner::Insurer { insurer_no, is_admin },
            NewOwner::Medical(institution_no, job) => Owner::Medical { institution_no, job },
            NewOwner::Board(board_id) => Owner::Board { board_id },
        },
        name: new.name,
        password_hash: app.passwords.hash(&new.password, ctx.ids.bytes()).await?,
        totp_sealed: app.keys.data().seal(&format!("totp/{account_id}"), &new.totp_secret)?,
        totp_used_step: 0,
        failed_count: 0,
        locked_until: None,
        disabled: false,
    };
    let now = ctx.instant();
    app.db.write(move |tx| account::insert(tx, &account, &now).map_err(Error::from)).await?;
    Ok(account_id)
}

/// A session that was opened: its token goes into the cookie and is kept nowhere.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The token.
    pub token: String,
}

fn wrong_login() -> Error {
    Error::Invalid(vec![Wrong {
        field: "password",
        code: "login-wrong",
        say: "ログインIDかパスワードがちがいます。もう一度入れてください。".to_owned(),
    }])
}

/// First step: login and password. Opens a session that waits for the second factor.
///
/// # Errors
/// The same sentence for an unknown login and a wrong password, in the same time; [`Error::TooMany`] while locked.
pub async fn password(app: &App, ctx: &Ctx, login_id: &str, password: &str) -> Result<Opened, Error> {
    let login = login_id.trim().to_owned();
    let found = app.db.read(move |tx| account::by_login(tx, &login).map_err(Error::from)).await?;
    let hash = found.as_ref().map_or("", |a| a.password_hash.as_str());
    let fits = app.passwords.fits(password, hash).await?;
    let Some(account) = found.filter(|a| !a.disabled) else {
        return Err(wrong_login());
    };
    refuse_locked(app, ctx, &account).await?;
    if !fits {
        count_failure(app, ctx, &account).await?;
        return Err(wrong_login());
    }
    open(app, ctx, account.account_id, Stage::Code, CODE_MINUTES).await
}

/// Second step: the TOTP code. Ends the waiting session and opens a full one.
///
/// # Errors
/// [`Error::LoginNeeded`] if no session waits; a sentence for a wrong or used code; [`Error::TooMany`] while locked.
pub async fn code(app: &App, ctx: &Ctx, token: &str, code: &str) -> Result<Opened, Error> {
    let session = waiting(app, ctx, token).await?;
    let account = session.account;
    refuse_locked(app, ctx, &account).await?;
    let secret = app.keys.data().open(&format!("totp/{}", account.account_id), &account.totp_sealed)?;
    let step = ctx.now.as_second().div_euclid(STEP_SECONDS);
    let typed: String = kaigo_core::text::halfwidth(code).chars().filter(char::is_ascii_digit).collect();
    let used = (step - 1..=step + 1).find(|s| constant_time_eq(totp(&secret, *s).as_bytes(), typed.as_bytes()));
    let paper = crate::letter::plain(code);
    let fresh = match used {
        Some(step) => {
            let id = account.account_id.clone();
            app.db.write(move |tx| account::use_step(tx, &id, step).map_err(Error::from)).await?
        }
        // A number on paper, each good once.
        None if paper.len() == 8 => {
            let (id, now) = (account.account_id.clone(), ctx.instant());
            let digest = crate::letter::recovery_digest(&app.keys, &id, &paper);
            app.db
                .write(move |tx| {
                    let used = kaigo_store::letter::use_recovery(tx, &id, &digest, &now)?;
                    if used {
                        account::unlock(tx, &id)?;
                    }
                    Ok::<_, Error>(used)
                })
                .await?
        }
        None => false,
    };
    if !fresh {
        count_failure(app, ctx, &account).await?;
        return Err(Error::Invalid(vec![Wrong {
            field: "code",
            code: "code-wrong",
            say: "確認コードがちがうか、もう使われています。アプリに出ている新しい6けたの数字を入れてください。"
                .to_owned(),
        }]));
    }
    logout(app, token).await?;
    open(app, ctx, account.account_id, Stage::Full, SESSION_MINUTES).await
}

/// The session that waits for its code.
///
/// # Errors
/// [`Error::LoginNeeded`] if there is none.
pub async fn waiting(app: &App, ctx: &Ctx, token: &str) -> Result<Session, Error> {
    find(app, ctx, token).await?.filter(|s| s.stage == Stage::Code).ok_or(Error::LoginNeeded)
}

async fn refuse_locked(app: &App, ctx: &Ctx, account: &Account) -> Result<(), Error> {
    let Some(until) = &account.locked_until else {
        return Ok(());
    };
    let until: Timestamp = parse_instant(until)?;
    if until > ctx.now {
        let seconds = until.as_second() - ctx.now.as_second();
        return Err(Error::TooMany { minutes: (seconds + 59) / 60 });
    }
    let id = account.account_id.clone();
    app.db.write(move |tx| account::unlock(tx, &id).map_err(Error::from)).await
}

async fn count_failure(app: &App, ctx: &Ctx, account: &Account) -> Result<(), Error> {
    let (id, until) = (account.account_id.clone(), instant(ctx.now + SignedDuration::from_mins(LOCK_MINUTES)));
    app.db.write(move |tx| account::failed(tx, &id, TRIES, &until).map_err(Error::from)).await
}

async fn open(app: &App, ctx: &Ctx, account_id: String, stage: Stage, minutes: i64) -> Result<Opened, Error> {
    let token = format!("{}{}", ctx.ids.id(), ctx.ids.id());
    let digest = digest_of(&token);
    let csrf = app.keys.form_token(&digest);
    let (now, until) = (ctx.instant(), instant(ctx.now + SignedDuration::from_mins(minutes)));
    app.db
        .write(move |tx| {
            account::open_session(tx, &digest, &account_id, stage, &csrf, (&now, &until)).map_err(Error::from)
        })
        .await?;
    Ok(Opened { token })
}

async fn find(app: &App, ctx: &Ctx, token: &str) -> Result<Option<Session>, Error> {
    let (digest, now) = (digest_of(token), ctx.instant());
    app.db.read(move |tx| account::session(tx, &digest, &now).map_err(Error::from)).await
}

/// Ends a session.
pub async fn logout(app: &App, token: &str) -> Result<(), Error> {
    let digest = digest_of(token);
    app.db.write(move |tx| account::close_session(tx, &digest).map_err(Error::from)).await
}

/// Who is logged in.
#[derive(Clone, Debug)]
pub struct LoggedIn {
    /// As the policy sees them.
    pub caller: Caller,
    /// Token that forms carry.
    pub csrf: String,
    /// Until when the session lasts without use.
    pub expires_at: Timestamp,
    /// Notices that the caller has not read.
    pub unread: u32,
}

/// The caller of a session token; lets the session last longer when half of its time is over.
///
/// # Errors
/// [`Error::LoginNeeded`] if there is no full session.
pub async fn caller(app: &App, ctx: &Ctx, token: &str) -> Result<LoggedIn, Error> {
    let (digest, now) = (digest_of(token), ctx.instant());
    let key = digest.clone();
    let today = ctx.today;
    let found = app
        .db
        .read(move |tx| {
            let Some(session) = account::session(tx, &key, &now)? else {
                return Ok(None);
            };
            if session.stage != Stage::Full || session.account.disabled {
                return Ok(None);
            }
            let Some(caller) = caller_of(tx, &session, today)? else { return Ok(None) };
            let unread = crate::notice::unread(tx, &caller)?;
            Ok::<_, Error>(Some((session, caller, unread)))
        })
        .await?;
    let (session, caller, unread) = found.ok_or(Error::LoginNeeded)?;
    let mut expires_at = parse_instant(&session.expires_at)?;
    if expires_at.as_second() - ctx.now.as_second() < SESSION_MINUTES * 30 {
        expires_at = ctx.now + SignedDuration::from_mins(SESSION_MINUTES);
        let until = instant(expires_at);
        app.db.write(move |tx| account::touch_session(tx, &digest, &until).map_err(Error::from)).await?;
    }
    Ok(LoggedIn { caller, csrf: session.csrf, expires_at, unread })
}

/// The owner of an account as the policy sees them. None: their right to act has ended.
fn caller_of(tx: &mut Tx<'_>, session: &Session, today: kaigo_core::date::Date) -> Result<Option<Caller>, Error> {
    let account = &session.account;
    let (account_id, name) = (account.account_id.clone(), account.name.clone());
    Ok(match &account.owner {
        Owner::Staff { office_no, job, is_admin } => Some(Caller::Staff(Staff {
            account_id,
            office_no: *office_no,
            office_name: session.office_name.clone().unwrap_or_default(),
            services: office::services(tx, *office_no)?,
            job: *job,
            is_admin: *is_admin,
            name,
        })),
        Owner::Person { insurer_no, insured_no, proxy_id: None } => {
            Some(Caller::Person { account_id, insurer_no: *insurer_no, insured_no: *insured_no, name, proxy: None })
        }
        Owner::Person { insurer_no, insured_no, proxy_id: Some(proxy_id) } => {
            let (insurer_no, insured_no) = (*insurer_no, *insured_no);
            let proxy = crate::proxy::acting(tx, (insurer_no, insured_no), proxy_id, today)?;
            proxy.map(|proxy| Caller::Person { account_id, insurer_no, insured_no, name, proxy: Some(proxy) })
        }
        Owner::Insurer { insurer_no, is_admin } => Some(Caller::Insurer(InsurerStaff {
            account_id,
            insurer_no: *insurer_no,
            insurer_name: insurer::find(tx, *insurer_no)?.map(|i| i.name).unwrap_or_default(),
            name,
            is_admin: *is_admin,
        })),
        Owner::Medical { institution_no, job } => Some(Caller::Medical(MedicalStaff {
            account_id,
            institution_no: *institution_no,
            institution_name: institution::find(tx, *institution_no)?.map(|i| i.name).unwrap_or_default(),
            services: office::services(tx, institution_no.office_no())?,
            job: *job,
            name,
        })),
        Owner::Board { board_id } => Some(Caller::Board(BoardStaff {
            account_id,
            board_name: institution::board(tx, board_id)?.map(|b| b.name).unwrap_or_default(),
            insurers: institution::insurers_of(tx, board_id)?,
            board_id: board_id.clone(),
            name,
        })),
    })
}

/// The TOTP code of a time step (RFC 6238, SHA-1, six digits).
pub fn totp(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let at = usize::from(bytes.last().copied().unwrap_or(0) & 15);
    let word = bytes.get(at..at + 4).unwrap_or(&[0; 4]).iter().fold(0_u32, |n, b| (n << 8) | u32::from(*b));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

/// The TOTP code at a moment.
pub fn totp_at(secret: &[u8], now: Timestamp) -> String {
    totp(secret, now.as_second().div_euclid(STEP_SECONDS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, last six digits.
        for (second, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (2_000_000_000, "279037")]
        {
            assert_eq!(totp(b"12345678901234567890", second / STEP_SECONDS), code);
        }
    }
}
