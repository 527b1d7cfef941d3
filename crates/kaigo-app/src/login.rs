//! Login: password, second factor, lockout, sessions.
//!
//! Argon2id as RFC 9106 and the OWASP list recommend (19 MiB, two passes). Its memory is allocated once for as many checks
//! as may run at once: allocating per login makes a server grow by gigabytes (see docs/decisions/0004).

use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::{PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use jiff::{SignedDuration, Timestamp};
use kaigo_core::id::{InstitutionNo, InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::{
    BoardStaff, Caller, InsurerStaff, JobType, MedicalStaff, OperatorStaff, Staff, SupporterStaff,
};
use kaigo_store::account::{self, Account, Owner, Session, Stage};
use kaigo_store::db::Tx;
use kaigo_store::time::{instant, parse_instant};
use kaigo_store::{institution, insurer, office};
use ring::hmac;
use tokio::sync::Semaphore;

use crate::attempt::{self, Whose};
use crate::keys::digest_of;
use crate::{App, Ctx, Error, Wrong, guard};

/// How many passwords are checked at once: each takes 19 MiB and most of a core for 13 ms.
pub const CHECKS_AT_ONCE: usize = 2;
/// Failed tries after which an account is locked.
pub const TRIES: i32 = 5;
/// Minutes without use after which a session ends.
pub const SESSION_MINUTES: i64 = 30;
/// Hours after which a session ends however much it is used: longer than a day's work, shorter than until the next one.
pub const SESSION_HOURS: i64 = 12;
/// Minutes after a login, or a new proof of who sits there, in which changes to the account need no other one.
pub const SURE_MINUTES: i64 = 10;
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
    /// Staff of the operator's desk; whether they administer it.
    Operator(bool),
    /// Staff of a firm that sets up offices: the firm.
    Supporter(String),
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
            NewOwner::Operator(is_admin) => Owner::Operator { is_admin },
            NewOwner::Supporter(supporter_id) => Owner::Supporter { supporter_id },
        },
        name: new.name,
        password_hash: app.passwords.hash(&new.password, ctx.ids.bytes()).await?,
        totp_sealed: app.keys.data().seal(&format!("totp/{account_id}"), &new.totp_secret)?,
        totp_used_step: 0,
        failed_count: 0,
        locked_until: None,
        disabled: false,
        must_change: false,
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
/// The same sentence for an unknown login and a wrong password, in the same time; [`Error::TooMany`] while locked, whether there is
/// such a login or not.
pub async fn password(app: &App, ctx: &Ctx, login_id: &str, password: &str) -> Result<Opened, Error> {
    let login = login_id.trim().to_owned();
    if let Err(error) = guard::take(app, ctx, &login).await {
        attempt::note_error(app, ctx, Whose::Typed(&login), &error).await;
        return Err(error);
    }
    let key = login.clone();
    let found = app.db.read(move |tx| account::by_login(tx, &key).map_err(Error::from)).await?;
    let hash = found.as_ref().map_or("", |a| a.password_hash.as_str());
    let fits = app.passwords.fits(password, hash).await?;
    let Some(account) = found.filter(|a| fits && !a.disabled) else {
        attempt::note(app, ctx, Whose::Typed(&login), "password-wrong").await;
        return Err(wrong_login());
    };
    open(app, ctx, account, Way::Waiting).await
}

/// What proved who logs in, beside the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Nothing yet: the password was right.
    Waiting,
    /// A code of an authenticator.
    Totp,
    /// A number on paper.
    Paper,
    /// A code by mail.
    Mail,
    /// A passkey, which takes the place of both.
    Passkey,
}

impl Way {
    fn code(self) -> &'static str {
        match self {
            Self::Waiting => "",
            Self::Totp => "totp",
            Self::Paper => "paper",
            Self::Mail => "mail",
            Self::Passkey => "passkey",
        }
    }
}

/// Second step: the code of the authenticator, of the paper or of the mail. Ends the waiting session and opens a full one.
///
/// # Errors
/// [`Error::LoginNeeded`] if no session waits; a sentence for a wrong or used code; [`Error::TooMany`] while locked.
pub async fn code(app: &App, ctx: &Ctx, token: &str, code: &str) -> Result<Opened, Error> {
    let account = waiting(app, ctx, token).await?.account;
    if let Err(error) = guard::take(app, ctx, &account.login_id).await {
        attempt::note_error(app, ctx, Whose::Known(&account), &error).await;
        return Err(error);
    }
    let Some(way) = second_factor(app, ctx, (&account, token), code).await? else {
        attempt::note(app, ctx, Whose::Known(&account), "code-wrong").await;
        return Err(Error::Invalid(vec![Wrong {
            field: "code",
            code: "code-wrong",
            say: "確認コードがちがうか、もう使われています。アプリに出ている新しい6けたの数字を入れてください。"
                .to_owned(),
        }]));
    };
    logout(app, token).await?;
    open(app, ctx, account, way).await
}

/// Which second factor a code is of; none if it is of none. A code is used up; a mailed one counts in the session that asked for it.
pub(crate) async fn second_factor(
    app: &App,
    ctx: &Ctx,
    (account, token): (&Account, &str),
    code: &str,
) -> Result<Option<Way>, Error> {
    let secret = app.keys.data().open(&format!("totp/{}", account.account_id), &account.totp_sealed)?;
    let typed: String = kaigo_core::text::halfwidth(code).chars().filter(char::is_ascii_digit).collect();
    let paper = crate::letter::plain(code);
    let (id, used) = (account.account_id.clone(), step_of(&secret, ctx.now, &typed));
    let (ctx, keys, session) = (ctx.clone(), Arc::clone(&app.keys), digest_of(token));
    app.db
        .write(move |tx| {
            if let Some(step) = used {
                return Ok(account::use_step(tx, &id, step)?.then_some(Way::Totp));
            }
            if typed.len() == 6 && crate::account::mail_code::fits(tx, &ctx, (&id, &session), &typed)? {
                return Ok(Some(Way::Mail));
            }
            if paper.len() == 8 {
                let digest = crate::letter::recovery_digest(&keys, &id, &paper);
                let now = ctx.instant();
                return Ok(kaigo_store::letter::use_recovery(tx, &id, &digest, &now)?.then_some(Way::Paper));
            }
            Ok(None)
        })
        .await
}

/// The time step whose code was typed: the one before, this one or the next.
pub(crate) fn step_of(secret: &[u8], now: Timestamp, typed: &str) -> Option<i64> {
    let step = now.as_second().div_euclid(STEP_SECONDS);
    (step - 1..=step + 1).find(|s| constant_time_eq(totp(secret, *s).as_bytes(), typed.as_bytes()))
}

/// The session that waits for its code.
///
/// # Errors
/// [`Error::LoginNeeded`] if there is none.
pub async fn waiting(app: &App, ctx: &Ctx, token: &str) -> Result<Session, Error> {
    let found = find(app, ctx, token).await?;
    found.filter(|s| s.stage == Stage::Code && !s.account.disabled).ok_or(Error::LoginNeeded)
}

/// Opens a session: a token that nobody had before. A full one is noted among the account's events, and told by mail where the
/// account never came from there with such a browser.
pub(crate) async fn open(app: &App, ctx: &Ctx, account: Account, way: Way) -> Result<Opened, Error> {
    let token = format!("{}{}", ctx.ids.id(), ctx.ids.id());
    let digest = digest_of(&token);
    let csrf = app.keys.form_token(&digest);
    let (app2, ctx2, account2) = (app.clone(), ctx.clone(), account.clone());
    let opened = app.db.write(move |tx| open_in(tx, &app2, &ctx2, &account2, way, (&digest, &csrf))).await;
    if let Err(error) = opened {
        attempt::note_error(app, ctx, Whose::Known(&account), &error).await;
        return Err(error);
    }
    Ok(Opened { token })
}

fn open_in(
    tx: &mut Tx<'_>,
    app: &App,
    ctx: &Ctx,
    account: &Account,
    way: Way,
    (digest, csrf): (&str, &str),
) -> Result<(), Error> {
    let is_full = way != Way::Waiting;
    let minutes = |minutes: i64| instant(ctx.now + SignedDuration::from_mins(minutes));
    let from = account::Opening {
        session_id: ctx.ids.id(),
        place: ctx.came.place(),
        browser: ctx.came.family(),
        way: way.code().to_owned(),
        sure_until: is_full.then(|| minutes(SURE_MINUTES)),
    };
    let (stage, until) =
        if is_full { (Stage::Full, minutes(SESSION_MINUTES)) } else { (Stage::Code, minutes(CODE_MINUTES)) };
    account::open_session(tx, digest, &account.account_id, stage, csrf, (&ctx.instant(), &until), &from)?;
    crate::pki::open_session(tx, ctx, digest, account)?;
    if !is_full {
        return guard::right(tx, ctx, &app.keys, &account.login_id);
    }
    if way != Way::Passkey {
        guard::passed(tx, ctx, &app.keys, &account.login_id)?;
    }
    let (logins, same) = account::known_device(tx, &account.account_id, &from.place, &from.browser)?;
    crate::account::note(tx, ctx, &account.account_id, &format!("login-{}", way.code()), "")?;
    if logins > 0 && same == 0 {
        let say = format!(
            "いつもとちがう端末からログインがありました。\n\n端末：{}\nつなぎ先：{}",
            from.browser,
            if from.place.is_empty() { "わかりません" } else { &from.place }
        );
        crate::account::tell(tx, app, ctx, &account.account_id, "新しい端末からのログイン", &say)?;
    }
    Ok(())
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
    /// The password is provisional: nothing else is done before it was changed.
    pub must_change: bool,
    /// Until when changes to the account need no new proof.
    pub sure_until: Option<Timestamp>,
}

impl LoggedIn {
    /// Whether it was proved lately who sits there.
    pub fn is_sure(&self, now: Timestamp) -> bool {
        self.sure_until.is_some_and(|until| now < until)
    }
}

/// The caller of a session token; lets the session last longer when half of its time is over, until it is [`SESSION_HOURS`] old.
///
/// # Errors
/// [`Error::LoginNeeded`] if there is no full session, or it is too old.
pub async fn caller(app: &App, ctx: &Ctx, token: &str) -> Result<LoggedIn, Error> {
    let (mut login, last) = look(app, ctx, token).await?;
    let longer = last.min(ctx.now + SignedDuration::from_mins(SESSION_MINUTES));
    if login.expires_at.as_second() - ctx.now.as_second() < SESSION_MINUTES * 30 && longer > login.expires_at {
        login.expires_at = longer;
        let (digest, until) = (digest_of(token), instant(longer));
        app.db.write(move |tx| account::touch_session(tx, &digest, &until).map_err(Error::from)).await?;
    }
    Ok(login)
}

/// Seconds until the session of a page ends if nobody uses it, without letting it last longer: 0 when it is over, or when the browser
/// has another one by now. `csrf` is the token of the page's forms.
pub async fn seconds_left(app: &App, ctx: &Ctx, token: &str, csrf: &str) -> Result<i64, Error> {
    match look(app, ctx, token).await {
        Ok((login, last)) if login.csrf == csrf => {
            Ok((login.expires_at.min(last).as_second() - ctx.now.as_second()).max(0))
        }
        Ok(_) | Err(Error::LoginNeeded) => Ok(0),
        Err(error) => Err(error),
    }
}

/// Who is logged in, and when their session ends however much it is used.
async fn look(app: &App, ctx: &Ctx, token: &str) -> Result<(LoggedIn, Timestamp), Error> {
    let (key, now) = (digest_of(token), ctx.instant());
    let (today, ctx2) = (ctx.today, ctx.clone());
    let found = app
        .db
        .read(move |tx| {
            let Some(session) = account::session(tx, &key, &now)? else {
                return Ok(None);
            };
            if session.stage != Stage::Full || session.account.disabled {
                return Ok(None);
            }
            // A session is good on the terminal that it was opened on: a stolen cookie opens nothing elsewhere.
            if !crate::pki::session_fits(tx, &ctx2, &key, &session.account)? {
                return Ok(None);
            }
            let Some(caller) = caller_of(tx, &session, today)? else { return Ok(None) };
            let caller = crate::corporation::switched(tx, &key, caller)?;
            let unread = crate::notice::unread(tx, &caller)?;
            Ok::<_, Error>(Some((session, caller, unread)))
        })
        .await?;
    let (session, caller, unread) = found.ok_or(Error::LoginNeeded)?;
    let last = parse_instant(&session.opened_at)? + SignedDuration::from_hours(SESSION_HOURS);
    if last <= ctx.now {
        return Err(Error::LoginNeeded);
    }
    let sure_until = session.sure_until.as_deref().map(parse_instant).transpose()?;
    let login = LoggedIn {
        caller,
        csrf: session.csrf,
        expires_at: parse_instant(&session.expires_at)?,
        unread,
        must_change: session.account.must_change,
        sure_until,
    };
    Ok((login, last))
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
        Owner::Operator { is_admin } => {
            Some(Caller::OperatorStaff(OperatorStaff { account_id, name, is_admin: *is_admin }))
        }
        Owner::Supporter { supporter_id } => Some(Caller::Supporter(SupporterStaff {
            account_id,
            supporter_name: institution::supporter(tx, supporter_id)?.unwrap_or_default(),
            supporter_id: supporter_id.clone(),
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
