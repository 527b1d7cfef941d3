//! アカウントの安全: what the owner of an account sees of it and changes.
//!
//! A change asks for a proof of who sits there that is not older than ten minutes: the login, or the password or a passkey again.

use jiff::SignedDuration;
use kaigo_core::policy::Caller;
use kaigo_store::account::{self as store, Account, Event, OpenSession, Owner};
use kaigo_store::db::Tx;
use kaigo_store::passkey::{self, Passkey};
use kaigo_store::time::instant;
use kaigo_store::{letter as recovery, office};

use super::{note, tell};
use crate::attempt::{self, Whose};
use crate::keys::digest_of;
use crate::letter::{base32, code, grouped, recovery_digest};
use crate::login::{SURE_MINUTES, second_factor, step_of};
use crate::{App, Ctx, Error, Wrong, guard, password};

/// Recovery codes of an account.
pub const CODES: usize = 10;
/// Events that the page shows.
const EVENTS: i32 = 20;

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Safety {
    /// Login.
    pub login: String,
    /// Passkeys, the oldest first.
    pub passkeys: Vec<Passkey>,
    /// Numbers on paper that are left.
    pub codes_left: i64,
    /// The confirmed address for mail.
    pub address: Option<String>,
    /// Whether this service sends mail at all.
    pub has_mail: bool,
    /// Sessions, the newest first, and whether each is this one.
    pub sessions: Vec<(OpenSession, bool)>,
    /// What happened, the newest first.
    pub events: Vec<Event>,
}

fn wrong(field: &'static str, code: &'static str, say: impl Into<String>) -> Error {
    Error::Invalid(vec![Wrong { field, code, say: say.into() }])
}

/// The caller's account.
pub(super) fn of(tx: &mut Tx<'_>, caller: &Caller) -> Result<Account, Error> {
    store::by_id(tx, caller.account_id())?.filter(|account| !account.disabled).ok_or(Error::NotFound)
}

/// Looks at the caller's own account.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, token: &str) -> Result<Safety, Error> {
    let (caller, now, own, has_mail) = (caller.clone(), ctx.instant(), digest_of(token), app.mail.is_some());
    app.db
        .read(move |tx| {
            let account = of(tx, &caller)?;
            let id = account.account_id.as_str();
            let sessions = store::sessions(tx, id, &now)?;
            Ok(Safety {
                passkeys: passkey::of_account(tx, id)?,
                codes_left: passkey::codes_left(tx, id)?,
                address: crate::mail::confirmed(tx, id)?,
                has_mail,
                sessions: sessions.into_iter().map(|s| (s.digest == own, s)).map(|(mine, s)| (s, mine)).collect(),
                events: store::events(tx, id, EVENTS)?,
                login: account.login_id,
            })
        })
        .await
}

/// The caller's login, and the address to which a code can be sent, as it is shown; empty: to none.
pub async fn ways_to_prove(app: &App, caller: &Caller) -> Result<(String, String), Error> {
    let caller = caller.clone();
    let account = app.db.read(move |tx| of(tx, &caller)).await?;
    let mail = super::mail_code::offered(app, &account.account_id).await?;
    Ok((account.login_id, mail.unwrap_or_default()))
}

/// Sends a code by mail that proves, beside the password, who sits there: in this session only.
///
/// # Errors
/// [`Error::TooMany`] right after another code; [`Error::Conflict`] without a confirmed address.
pub async fn send_code(app: &App, ctx: &Ctx, caller: &Caller, token: &str) -> Result<(), Error> {
    let caller = caller.clone();
    let account = app.db.read(move |tx| of(tx, &caller)).await?;
    let sent = super::mail_code::send_to(app, ctx, (account, token), super::mail_code::For::Proof).await;
    sent.map_err(|error| match error {
        Error::NotFound => Error::Conflict(
            "確認済みのメールアドレスがないので、送れません。認証アプリか、紙の番号を使ってください。".to_owned(),
        ),
        other @ (Error::Forbidden(_)
        | Error::Invalid(_)
        | Error::Conflict(_)
        | Error::TooMany { .. }
        | Error::LoginNeeded
        | Error::Busy
        | Error::Internal(_)) => other,
    })
}

/// Proves with the whole login, password and code, who sits there: changes need no other proof for a while.
///
/// # Errors
/// A sentence for a wrong password or code; [`Error::TooMany`] while the login is locked.
pub async fn prove(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    token: &str,
    (typed, code): (&str, &str),
) -> Result<(), Error> {
    let account = fits(app, ctx, caller, typed).await?;
    if second_factor(app, ctx, (&account, token), code).await?.is_none() {
        attempt::note(app, ctx, Whose::Known(&account), "code-wrong").await;
        let say = "確認コードがちがうか、もう使われています。アプリに出ている新しい6けたの数字を入れてください。";
        return Err(wrong("code", "code-wrong", say));
    }
    let (ctx, keys, digest) = (ctx.clone(), std::sync::Arc::clone(&app.keys), digest_of(token));
    app.db
        .write(move |tx| {
            guard::passed(tx, &ctx, &keys, &account.login_id)?;
            sure(tx, &ctx, &digest)
        })
        .await
}

/// The session counts as proved from now on.
pub(super) fn sure(tx: &mut Tx<'_>, ctx: &Ctx, digest: &str) -> Result<(), Error> {
    store::set_sure(tx, digest, &instant(ctx.now + SignedDuration::from_mins(SURE_MINUTES))).map_err(Error::from)
}

/// The account, if the password is its own.
async fn fits(app: &App, ctx: &Ctx, caller: &Caller, typed: &str) -> Result<Account, Error> {
    let caller = caller.clone();
    let account = app.db.read(move |tx| of(tx, &caller)).await?;
    if let Err(error) = guard::take(app, ctx, &account.login_id).await {
        attempt::note_error(app, ctx, Whose::Known(&account), &error).await;
        return Err(error);
    }
    if app.passwords.fits(typed, &account.password_hash).await? {
        return Ok(account);
    }
    attempt::note(app, ctx, Whose::Known(&account), "password-again-wrong").await;
    Err(wrong("password", "password-wrong", "いまのパスワードがちがいます。もう一度入れてください。"))
}

/// Changes the password. The other sessions end.
///
/// # Errors
/// A sentence for what is wrong with either password.
pub async fn change_password(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    token: &str,
    (old, new): (&str, &str),
) -> Result<(), Error> {
    let account = fits(app, ctx, caller, old).await?;
    let mut context = vec![account.login_id.clone(), account.name.clone()];
    if let Owner::Staff { office_no, .. } = account.owner {
        let name = app.db.read(move |tx| office::name(tx, office_no).map_err(Error::from)).await?;
        context.extend(name.map(|(name, _)| name));
    }
    let context: Vec<&str> = context.iter().map(String::as_str).collect();
    let judged = password::judge(new, false, &context);
    let judged = judged.map_err(|weak| wrong("new_password", weak.code(), weak.say())).and_then(|()| {
        if new == old {
            let say = "いまと同じパスワードです。ちがうものにしてください。";
            return Err(wrong("new_password", "password-same", say));
        }
        Ok(())
    });
    let hash = app.passwords.hash(new, ctx.ids.bytes()).await?;
    let (app2, ctx, digest) = (app.clone(), ctx.clone(), digest_of(token));
    app.db
        .write(move |tx| {
            let id = account.account_id.as_str();
            // The old one was right, whatever the new one is like.
            guard::passed(tx, &ctx, &app2.keys, &account.login_id)?;
            sure(tx, &ctx, &digest)?;
            if judged.is_err() {
                return Ok::<_, Error>(judged);
            }
            store::set_password(tx, id, &hash, &ctx.instant())?;
            store::close_others(tx, id, &digest)?;
            note(tx, &ctx, id, "password", "")?;
            tell(tx, &app2, &ctx, id, "パスワードが変わりました", "アカウントのパスワードが変わりました。")?;
            Ok(Ok(()))
        })
        .await?
}

/// What a new authenticator is set up with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTotp {
    /// The secret in base 32.
    pub secret: String,
    /// The address that its QR code carries.
    pub uri: String,
}

/// The secret that goes with a key of the form: made of it with the installation's secret, kept nowhere before it was proved.
fn totp_secret(app: &App, account_id: &str, key: &str) -> Vec<u8> {
    app.keys.code_bytes(&format!("totp new {account_id} {key}")).into_iter().take(20).collect()
}

/// Whether a key of a form is one: 32 hex digits.
fn is_key(key: &str) -> bool {
    key.len() == 32 && key.bytes().all(|b| b.is_ascii_hexdigit())
}

/// What to set up a new authenticator with.
pub async fn new_totp(app: &App, caller: &Caller, key: &str) -> Result<NewTotp, Error> {
    let caller = caller.clone();
    let account = app.db.read(move |tx| of(tx, &caller)).await?;
    let secret = base32(&totp_secret(app, &account.account_id, key));
    let uri = format!("otpauth://totp/kaigo-kiban:{}?secret={secret}&issuer=kaigo-kiban", account.login_id);
    Ok(NewTotp { secret, uri })
}

/// Takes a new authenticator, proved by its code. Sent twice, nothing more happens.
///
/// # Errors
/// A sentence for a wrong code.
pub async fn set_totp(app: &App, ctx: &Ctx, caller: &Caller, key: &str, typed: &str) -> Result<(), Error> {
    if !is_key(key) {
        return Err(Error::NotFound);
    }
    let (app2, ctx, caller, key) = (app.clone(), ctx.clone(), caller.clone(), key.to_owned());
    let typed: String = kaigo_core::text::halfwidth(typed).chars().filter(char::is_ascii_digit).collect();
    app.db
        .write(move |tx| {
            let account = of(tx, &caller)?;
            let id = account.account_id.as_str();
            let (secret, place) = (totp_secret(&app2, id, &key), format!("totp/{id}"));
            if app2.keys.data().open(&place, &account.totp_sealed)? == secret {
                return Ok(());
            }
            let Some(step) = step_of(&secret, ctx.now, &typed) else {
                let say = "確認コードがちがいます。新しく登録したアプリに出ている6けたの数字を入れてください。";
                return Err(wrong("code", "code-wrong", say));
            };
            store::set_totp(tx, id, &app2.keys.data().seal(&place, &secret)?, step)?;
            note(tx, &ctx, id, "totp", "")?;
            tell(
                tx,
                &app2,
                &ctx,
                id,
                "認証アプリが変わりました",
                "ログインに使う認証アプリが、新しいものに変わりました。",
            )
        })
        .await
}

/// Makes ten new numbers on paper; the old ones count no more. The same key of the form gives the same numbers.
///
/// # Errors
/// [`Error::NotFound`] for a key that is none.
pub async fn new_codes(app: &App, ctx: &Ctx, caller: &Caller, key: &str) -> Result<Vec<String>, Error> {
    if !is_key(key) {
        return Err(Error::NotFound);
    }
    let (app2, ctx, caller, key) = (app.clone(), ctx.clone(), caller.clone(), key.to_owned());
    app.db
        .write(move |tx| {
            let account = of(tx, &caller)?;
            let id = account.account_id.as_str();
            let keys = &app2.keys;
            let codes: Vec<String> =
                (0..CODES).map(|n| grouped(&code(keys, &format!("recovery new {id} {key} {n}"), 8))).collect();
            let digests: Vec<String> = codes.iter().map(|code| recovery_digest(keys, id, code)).collect();
            // The repeat of a form shows the numbers again and revives none that was used.
            if passkey::has_code(tx, id, digests.first().map_or("", String::as_str))? {
                return Ok(codes);
            }
            recovery::set_recovery(tx, id, &digests)?;
            note(tx, &ctx, id, "codes", "")?;
            let say = "予備の番号を新しくしました。前の番号は使えません。";
            tell(tx, &app2, &ctx, id, "予備の番号が新しくなりました", say)?;
            Ok(codes)
        })
        .await
}

/// Ends another session of the caller's.
///
/// # Errors
/// [`Error::NotFound`] if there is none of that name.
pub async fn end_session(app: &App, ctx: &Ctx, caller: &Caller, session_id: &str) -> Result<(), Error> {
    let (ctx, id, session) = (ctx.clone(), caller.account_id().to_owned(), session_id.to_owned());
    app.db
        .write(move |tx| {
            if !store::close_one(tx, &id, &session)? {
                return Err(Error::NotFound);
            }
            note(tx, &ctx, &id, "session-ended", "")
        })
        .await
}

/// Ends all sessions of the caller's but this one.
pub async fn end_others(app: &App, ctx: &Ctx, caller: &Caller, token: &str) -> Result<(), Error> {
    let (ctx, id, digest) = (ctx.clone(), caller.account_id().to_owned(), digest_of(token));
    app.db
        .write(move |tx| {
            if store::close_others(tx, &id, &digest)? > 0 {
                note(tx, &ctx, &id, "session-ended", "")?;
            }
            Ok(())
        })
        .await
}

/// The account gets a provisional password: its owner has to change it before anything else.
pub async fn demand_change(app: &App, account_id: &str) -> Result<(), Error> {
    let id = account_id.to_owned();
    app.db.write(move |tx| store::demand_change(tx, &id).map_err(Error::from)).await
}
