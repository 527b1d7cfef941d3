//! Attempts that came to nothing: logins that failed, for who administers the account and for the operator; and what was refused before
//! anybody looked at it, counted by kind and hour.
//!
//! Nobody who tries learns anything of it: it is written after the answer is settled. What was typed for a login that nobody has is not
//! kept (people type passwords there), only a keyed digest, by which the same one is known again. A flood fills no table: what happens
//! again within a minute is one row, and logins that nobody has share one row beyond [`UNKNOWN_A_MINUTE`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::SignedDuration;
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_store::account::{self, Account, Owner};
use kaigo_store::admin_log::{INSURER, NO_KEY, OFFICE, OPERATOR};
use kaigo_store::attempt::{self as store, Failure};
use kaigo_store::colleague::owner;
use kaigo_store::db::Tx;
use kaigo_store::time::instant;

use crate::account::colleagues::Asker;
use crate::ctx::hex;
use crate::{App, Ctx, Error};

/// Rows that a page shows at most.
pub const PAGE: i32 = 100;
/// Days for which attempts are kept.
pub const DAYS: i64 = 90;
/// Rows of one minute for logins that nobody has; further ones share a row.
pub const UNKNOWN_A_MINUTE: i64 = 20;
/// Hours of which the operator sees what was refused.
pub const HOURS: i64 = 24;
/// Lines that are written to standard error for one kind until its count is kept (about a minute); further ones are counted only.
const LINES: u64 = 20;

/// Whose login failed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Whose<'a> {
    /// As typed: perhaps nobody's.
    Typed(&'a str),
    /// An account's.
    Known(&'a Account),
    /// Nobody said: a passkey that is not taken.
    Unsaid,
}

/// The word for what was wrong with a login, for who reads it afterwards.
fn what_of(error: &Error) -> Option<&'static str> {
    match error {
        Error::TooMany { .. } => Some("locked"),
        Error::Invalid(wrong) => wrong.iter().find_map(|w| match w.code {
            "certificate-of-another" => Some("certificate-of-another"),
            "certificate-revoked" => Some("certificate-revoked"),
            _ => None,
        }),
        Error::NotFound
        | Error::Forbidden(_)
        | Error::Conflict(_)
        | Error::LoginNeeded
        | Error::Busy
        | Error::Internal(_) => None,
    }
}

/// Notes that a login failed, where the error says that it is the caller's doing.
pub(crate) async fn note_error(app: &App, ctx: &Ctx, whose: Whose<'_>, error: &Error) {
    if let Some(what) = what_of(error) {
        note(app, ctx, whose, what).await;
    }
}

/// Notes that a login failed. That it cannot be noted changes no answer: standard error says it.
pub(crate) async fn note(app: &App, ctx: &Ctx, whose: Whose<'_>, what: &'static str) {
    let (typed, known) = match whose {
        Whose::Typed(login) => (login.trim().to_owned(), None),
        Whose::Known(account) => (account.login_id.clone(), Some(account.clone())),
        Whose::Unsaid => (String::new(), None),
    };
    let same = typed.to_lowercase();
    let digest = hex(&app.keys.code_bytes(&format!("failed login {same}")));
    let key = hex(&app.keys.code_bytes(&format!("failed login {same} {what}")));
    let ctx = ctx.clone();
    let request_id = ctx.request_id.clone();
    let noted = app
        .db
        .write(move |tx| {
            let account = match known {
                None if !typed.is_empty() => account::by_login(tx, &typed)?,
                known => known,
            };
            note_in(tx, &ctx, account.as_ref(), (&digest, &key), what)
        })
        .await;
    if let Err(error) = noted {
        eprintln!("request {request_id}: a failed login could not be noted: {error:?}");
    }
}

fn note_in(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    account: Option<&Account>,
    (digest, key): (&str, &str),
    what: &str,
) -> Result<(), Error> {
    let now = ctx.instant();
    let minute: String = now.chars().take("2026-11-22T01:00".len()).collect();
    let (is_there, unknown) = store::room(tx, &minute, key)?;
    // Nobody administers the account of an insured person, and the operator does not learn who that is: no name, no login.
    let named = account.filter(|account| !matches!(account.owner, Owner::Person { .. }));
    let (key, login) = match named {
        Some(account) => (key.to_owned(), account.login_id.clone()),
        None if is_there || unknown < UNKNOWN_A_MINUTE => (key.to_owned(), format!("#{}", cut(digest))),
        None => ("others".to_owned(), String::new()),
    };
    let (owner_kind, owner_no) = account.map_or_else(nobody, |account| owner_of(&account.owner));
    let what = match (account, what) {
        (None, "password-wrong") => "login-unknown",
        (Some(account), _) if account.disabled => "account-stopped",
        (_, what) => what,
    };
    let failure = Failure {
        minute,
        failure_key: key,
        owner_kind: owner_kind.to_owned(),
        owner_no,
        account_id: named.map(|account| account.account_id.clone()),
        login,
        what: what.to_owned(),
        place: ctx.came.place(),
        browser: ctx.came.family(),
        is_spread: false,
        times: 1,
        last_at: now,
        name: None,
    };
    store::note(tx, &failure).map_err(Error::from)
}

/// Enough of a digest to know the same login again.
fn cut(digest: &str) -> String {
    digest.chars().take(8).collect()
}

fn nobody() -> (&'static str, String) {
    (NO_KEY, NO_KEY.to_owned())
}

/// Who administers an account of that owner, as in the administrative log.
fn owner_of(owner: &Owner) -> (&'static str, String) {
    match owner {
        Owner::Staff { office_no, .. } => (OFFICE, office_no.to_string()),
        Owner::Insurer { insurer_no, .. } => (INSURER, insurer_no.to_string()),
        Owner::Operator { .. } => (OPERATOR, NO_KEY.to_owned()),
        Owner::Person { .. } | Owner::Medical { .. } | Owner::Board { .. } | Owner::Supporter { .. } => nobody(),
    }
}

/// The failed logins of the accounts of the caller's office or insurer before one (its minute and key, none: the newest), the newest
/// first. The operator's desk sees everybody's, and those of nobody.
///
/// # Errors
/// [`Error::Forbidden`] unless the caller administers it.
pub async fn list(app: &App, caller: &Caller, before: Option<(String, String)>) -> Result<Vec<Failure>, Error> {
    let asker = Asker::of(caller)?;
    let (minute, key) = before.unwrap_or_else(|| ("9999".to_owned(), String::new()));
    app.db
        .read(move |tx| {
            let (kind, no) = owner(&asker.grant)?;
            if kind == OPERATOR {
                return store::all(tx, (&minute, &key), PAGE).map_err(Error::from);
            }
            store::of_owner(tx, (kind, &no), (&minute, &key), PAGE).map_err(Error::from)
        })
        .await
}

/// What is refused before anybody looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A form without the token of its session: mostly of a session that had ended.
    Form,
    /// A form that another site sent.
    OtherSite,
    /// An individual number (個人番号).
    IndividualNumber,
    /// A file.
    Upload,
    /// A program without a token that counts.
    Program,
    /// A connection whose handshake failed: no good certificate, no TLS 1.3.
    Handshake,
}

impl Refused {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Form, Self::OtherSite, Self::IndividualNumber, Self::Upload, Self::Program, Self::Handshake];

    /// Name in the table and in lines.
    pub fn code(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::OtherSite => "other-site",
            Self::IndividualNumber => "individual-number",
            Self::Upload => "upload",
            Self::Program => "program",
            Self::Handshake => "handshake",
        }
    }

    /// What a page calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Form => "期限の切れた画面などからの送信",
            Self::OtherSite => "ほかのサイトからの送信",
            Self::IndividualNumber => "個人番号の入力",
            Self::Upload => "受け取れないファイル",
            Self::Program => "鍵の合わないプログラム",
            Self::Handshake => "TLSの接続（電子証明書など）",
        }
    }
}

/// Counts of this process that are not kept yet.
#[derive(Debug, Default)]
pub struct Counts([AtomicU64; Refused::ALL.len()]);

impl Counts {
    fn of(&self, kind: Refused) -> Option<&AtomicU64> {
        Refused::ALL.iter().position(|k| *k == kind).and_then(|at| self.0.get(at))
    }

    /// Counts one, and says it on standard error: `refused kind=… place=… why="…"`. `why` is a word of ours or of TLS, never what was sent.
    pub fn add(&self, kind: Refused, place: &str, why: &str) {
        let Some(count) = self.of(kind) else { return };
        let before = count.fetch_add(1, Ordering::Relaxed);
        if before < LINES {
            eprintln!("{}", line(kind, place, why));
        }
    }
}

fn line(kind: Refused, place: &str, why: &str) -> String {
    format!("refused kind={} place={} why={why:?}", kind.code(), if place.is_empty() { "-" } else { place })
}

/// Keeps the counts of this process. Several processes add to the same rows.
///
/// # Errors
/// As the database has them; the counts wait for the next time.
pub async fn keep(app: &App, ctx: &Ctx) -> Result<(), Error> {
    let counts = Arc::clone(&app.refused);
    let taken: Vec<(Refused, u64)> = Refused::ALL
        .into_iter()
        .filter_map(|kind| Some((kind, counts.of(kind)?.swap(0, Ordering::Relaxed))))
        .filter(|(_, times)| *times > 0)
        .collect();
    if taken.is_empty() {
        return Ok(());
    }
    let hour = hour_of(&ctx.instant());
    let rows = taken.clone();
    let kept = app.db.write(move |tx| {
        for (kind, times) in &rows {
            store::count(tx, &hour, kind.code(), i32::try_from(*times).unwrap_or(i32::MAX))?;
        }
        Ok::<(), Error>(())
    });
    let kept = kept.await;
    for (kind, times) in taken {
        if kept.is_err() {
            counts.of(kind).map(|count| count.fetch_add(times, Ordering::Relaxed));
        } else if times > LINES {
            eprintln!("refused kind={} times={times}", kind.code());
        }
    }
    kept
}

fn hour_of(instant: &str) -> String {
    instant.chars().take("2026-11-22T01".len()).collect()
}

/// What was refused in the last [`HOURS`] hours: hour (`YYYY-MM-DDTHH`, UTC), kind, times; the newest first.
///
/// # Errors
/// [`Error::Forbidden`] for who is not of the operator's desk.
pub async fn refused(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Vec<(String, Refused, i64)>, Error> {
    decide_act(caller, Act::ManageOffices)?;
    keep(app, ctx).await?;
    let since = hour_of(&instant(ctx.now - SignedDuration::from_hours(HOURS)));
    let rows = app.db.read(move |tx| store::counts(tx, &since).map_err(Error::from)).await?;
    let kind = |code: &str| Refused::ALL.into_iter().find(|kind| kind.code() == code);
    Ok(rows.into_iter().filter_map(|(hour, code, times)| Some((hour, kind(&code)?, times))).collect())
}

/// Forgets what is older than [`DAYS`].
pub(crate) fn purge(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), Error> {
    store::purge(tx, &instant(ctx.now - SignedDuration::from_hours(24 * DAYS)))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_one_line_whatever_is_in_it() {
        assert_eq!(
            line(Refused::Handshake, "", "a\nrefused \"b\""),
            "refused kind=handshake place=- why=\"a\\nrefused \\\"b\\\"\""
        );
    }
}
