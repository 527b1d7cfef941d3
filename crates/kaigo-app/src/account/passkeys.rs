//! Passkeys of an account: added, used, named, removed.
//!
//! A challenge is random, says until when it is good and what for, and carries our mark; it stands in no table before it was answered, and is
//! answered once. A passkey proves two factors at once, so a login with one needs nothing else.

use jiff::{SignedDuration, Timestamp};
use kaigo_core::id::holds_individual_number;
use kaigo_core::policy::Caller;
use kaigo_store::account as store;
use kaigo_store::db::Tx;
use kaigo_store::passkey::{self, Passkey};
use kaigo_store::time::instant;
use serde::{Deserialize, Serialize};

use super::{note, own, tell};
use crate::attempt::{self, Whose};
use crate::keys::digest_of;
use crate::login::{Opened, Way};
use crate::passkey::{ALGORITHMS, Asked, Bad, Known, Site, Used, base64url, challenge_of, from_base64url, made, used};
use crate::{App, Ctx, Error, Wrong};

/// Minutes for which a challenge is good.
pub const CHALLENGE_MINUTES: i64 = 5;
/// Passkeys of an account at most.
pub const MOST: usize = 20;
/// Characters of a passkey's name.
pub const NAME: usize = 40;

/// What a challenge is for.
enum For<'a> {
    Login,
    Account(&'a str),
}

impl For<'_> {
    fn text(&self) -> String {
        match self {
            Self::Login => "login".to_owned(),
            Self::Account(id) => format!("account {id}"),
        }
    }
}

fn mark(app: &App, what: &For<'_>, head: &[u8]) -> [u8; 32] {
    app.keys.code_bytes(&format!("passkey {} {}", what.text(), crate::ctx::hex(head)))
}

fn challenge(app: &App, ctx: &Ctx, what: &For<'_>) -> String {
    let ends = (ctx.now + SignedDuration::from_mins(CHALLENGE_MINUTES)).as_second();
    let head = [&ctx.ids.bytes()[..], &ends.to_be_bytes()].concat();
    base64url(&[&head[..], &mark(app, what, &head)].concat())
}

/// Whether a challenge is ours, for this, and not too old; answers until when it is good.
fn is_ours(app: &App, ctx: &Ctx, what: &For<'_>, challenge: &str) -> Option<Timestamp> {
    let bytes = from_base64url(challenge)?;
    let (head, tag) = bytes.split_at_checked(24)?;
    let ends = head.get(16..)?.iter().fold(0_i64, |n, b| (n << 8) | i64::from(*b));
    let want = mark(app, what, head);
    let differs = want.iter().zip(tag).fold(0_u8, |diff, (a, b)| diff | (a ^ b));
    let ends = Timestamp::from_second(ends).ok()?;
    (tag.len() == want.len() && differs == 0 && ctx.now <= ends).then_some(ends)
}

/// One sentence for every answer that is not taken.
fn not_taken() -> Error {
    let say =
        "パスキーを確かめられませんでした。もう一度お試しください。続くときは、パスワードでログインしてください。";
    Error::Invalid(vec![Wrong { field: "", code: "passkey-not-taken", say: say.to_owned() }])
}

impl From<Bad> for Error {
    fn from(_: Bad) -> Self {
        not_taken()
    }
}

/// What the browser is asked for when a passkey is made (`PublicKeyCredentialCreationOptions`; bytes as base64url).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Creation {
    /// To be signed.
    pub challenge: String,
    /// Host.
    pub rp_id: String,
    /// The account, opaque.
    pub user_id: String,
    /// Login.
    pub user_name: String,
    /// Name of its owner.
    pub display_name: String,
    /// Algorithms, the most wanted first.
    pub algorithms: [i32; 3],
    /// Passkeys that are there already.
    pub exclude: Vec<String>,
}

/// What the browser is asked for when a passkey is used.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// To be signed.
    pub challenge: String,
    /// Host.
    pub rp_id: String,
    /// Only these; empty: whichever the authenticator knows.
    pub allow: Vec<String>,
}

/// What the page's script hands over; bytes as base64url.
#[derive(Deserialize)]
struct Answer {
    id: String,
    client_data: String,
    #[serde(default)]
    attestation: String,
    #[serde(default)]
    authenticator_data: String,
    #[serde(default)]
    signature: String,
    #[serde(default)]
    user_handle: String,
}

fn bytes(text: &str) -> Result<Vec<u8>, Error> {
    from_base64url(text).ok_or_else(not_taken)
}

/// Asks for a new passkey of the caller's.
pub async fn creation(app: &App, ctx: &Ctx, caller: &Caller, site: &Site) -> Result<Creation, Error> {
    let caller = caller.clone();
    let (account, known) = app
        .db
        .read(move |tx| {
            let account = own::of(tx, &caller)?;
            let known = passkey::of_account(tx, &account.account_id)?;
            Ok::<_, Error>((account, known))
        })
        .await?;
    Ok(Creation {
        challenge: challenge(app, ctx, &For::Account(&account.account_id)),
        rp_id: site.rp_id.clone(),
        user_id: base64url(account.account_id.as_bytes()),
        user_name: account.login_id,
        display_name: account.name,
        algorithms: ALGORITHMS,
        exclude: known.into_iter().map(|p| p.credential_id).collect(),
    })
}

/// Adds a passkey that the browser made. The same answer again adds nothing.
///
/// # Errors
/// [`Error::Invalid`] for an answer that is not taken, and for a name that is too long.
pub async fn add(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    site: &Site,
    (answer, name): (&str, &str),
) -> Result<(), Error> {
    let name = named(name)?;
    let answer: Answer = serde_json::from_str(answer).map_err(|_| not_taken())?;
    let client_data = bytes(&answer.client_data)?;
    let (id, text) = (caller.account_id().to_owned(), challenge_of(&client_data, Asked::Make, site)?);
    let ends = is_ours(app, ctx, &For::Account(&id), &text).ok_or_else(not_taken)?;
    let made = made(&bytes(&answer.attestation)?, site)?;
    if base64url(&made.credential_id) != answer.id {
        return Err(not_taken());
    }
    let new = Passkey {
        account_id: id,
        passkey_id: ctx.ids.id(),
        credential_id: answer.id,
        rp_id: site.rp_id.clone(),
        public_key: made.public_key,
        sign_count: made.sign_count,
        is_synced: made.is_synced,
        name,
        made_at: ctx.instant(),
        used_at: None,
    };
    let (app2, ctx, caller) = (app.clone(), ctx.clone(), caller.clone());
    app.db
        .write(move |tx| {
            let account = own::of(tx, &caller)?;
            if let Some(known) = passkey::by_credential(tx, &new.credential_id)? {
                // The repeat of the form; somebody else's is refused.
                return if known.account_id == account.account_id { Ok(()) } else { Err(not_taken()) };
            }
            if !passkey::answer(tx, &text, &instant(ends))? {
                return Err(not_taken());
            }
            if passkey::of_account(tx, &account.account_id)?.len() >= MOST {
                return Err(Error::Conflict(format!("パスキーは{MOST}個までです。使わないものを消してください。")));
            }
            passkey::insert(tx, &new)?;
            note(tx, &ctx, &account.account_id, "passkey-added", &new.name)?;
            let say = format!("新しいパスキー「{}」が登録されました。", new.name);
            tell(tx, &app2, &ctx, &account.account_id, "パスキーが登録されました", &say)
        })
        .await
}

/// A name for a passkey.
fn named(name: &str) -> Result<String, Error> {
    let name = name.trim();
    let name = if name.is_empty() { "パスキー" } else { name };
    if name.chars().count() > NAME || holds_individual_number(name) {
        let say = format!("名前は{NAME}文字までにしてください。");
        return Err(Error::Invalid(vec![Wrong { field: "name", code: "passkey-name", say }]));
    }
    Ok(name.to_owned())
}

/// Asks for a login with a passkey, whoever it is.
pub fn login_request(app: &App, ctx: &Ctx, site: &Site) -> Request {
    Request { challenge: challenge(app, ctx, &For::Login), rp_id: site.rp_id.clone(), allow: Vec::new() }
}

/// Asks the caller for a new proof with one of their passkeys.
pub async fn proof_request(app: &App, ctx: &Ctx, caller: &Caller, site: &Site) -> Result<Request, Error> {
    let id = caller.account_id().to_owned();
    let key = id.clone();
    let known = app.db.read(move |tx| passkey::of_account(tx, &key).map_err(Error::from)).await?;
    let allow = known.into_iter().map(|p| p.credential_id).collect();
    Ok(Request { challenge: challenge(app, ctx, &For::Account(&id)), rp_id: site.rp_id.clone(), allow })
}

/// An answer whose challenge is ours, with what is needed to judge it in a transaction.
struct Judged {
    answer: Answer,
    client_data: Vec<u8>,
    authenticator_data: Vec<u8>,
    signature: Vec<u8>,
    challenge: String,
    ends: Timestamp,
}

fn judged(app: &App, ctx: &Ctx, what: &For<'_>, site: &Site, answer: &str) -> Result<Judged, Error> {
    let answer: Answer = serde_json::from_str(answer).map_err(|_| not_taken())?;
    let client_data = bytes(&answer.client_data)?;
    let challenge = challenge_of(&client_data, Asked::Use, site)?;
    let ends = is_ours(app, ctx, what, &challenge).ok_or_else(not_taken)?;
    Ok(Judged {
        authenticator_data: bytes(&answer.authenticator_data)?,
        signature: bytes(&answer.signature)?,
        answer,
        client_data,
        challenge,
        ends,
    })
}

/// The passkey that an answer is of, used up with its challenge. A counter that did not grow is noted for the owner.
fn use_in(tx: &mut Tx<'_>, ctx: &Ctx, site: &Site, judged: &Judged) -> Result<Result<Passkey, Error>, Error> {
    let Some(passkey) = passkey::by_credential(tx, &judged.answer.id)?.filter(|p| p.rp_id == site.rp_id) else {
        return Ok(Err(not_taken()));
    };
    let handle = &judged.answer.user_handle;
    if !handle.is_empty() && *handle != base64url(passkey.account_id.as_bytes()) {
        return Ok(Err(not_taken()));
    }
    let what = Used {
        client_data: &judged.client_data,
        authenticator_data: &judged.authenticator_data,
        signature: &judged.signature,
    };
    let known = Known { public_key: &passkey.public_key, sign_count: passkey.sign_count };
    match used(what, known, site) {
        Ok(count) => {
            if !passkey::answer(tx, &judged.challenge, &instant(judged.ends))? {
                return Ok(Err(not_taken()));
            }
            passkey::used(tx, &passkey, count, &ctx.instant())?;
            Ok(Ok(passkey))
        }
        Err(bad) => {
            if bad == Bad::Counter {
                note(tx, ctx, &passkey.account_id, "passkey-copied", &passkey.name)?;
            }
            Ok(Err(bad.into()))
        }
    }
}

/// Logs in with a passkey.
///
/// # Errors
/// One sentence for every answer that is not taken, also for an account that is switched off.
pub async fn login(app: &App, ctx: &Ctx, site: &Site, answer: &str) -> Result<Opened, Error> {
    let opened = login_in(app, ctx, site, answer).await;
    let account = match opened {
        Ok(account) => account,
        Err(error) => {
            if matches!(error, Error::Invalid(_)) {
                attempt::note(app, ctx, Whose::Unsaid, "passkey-wrong").await;
            }
            return Err(error);
        }
    };
    crate::login::open(app, ctx, account, Way::Passkey).await
}

/// The account whose passkey answered.
async fn login_in(app: &App, ctx: &Ctx, site: &Site, answer: &str) -> Result<store::Account, Error> {
    let judged = judged(app, ctx, &For::Login, site, answer)?;
    let (ctx2, site) = (ctx.clone(), site.clone());
    app.db
        .write(move |tx| {
            let passkey = match use_in(tx, &ctx2, &site, &judged)? {
                Ok(passkey) => passkey,
                Err(error) => return Ok(Err(error)),
            };
            let account = store::by_id(tx, &passkey.account_id)?.filter(|account| !account.disabled);
            Ok::<_, Error>(account.ok_or_else(not_taken))
        })
        .await?
}

/// Proves with a passkey who sits there.
///
/// # Errors
/// One sentence for every answer that is not taken.
pub async fn prove(app: &App, ctx: &Ctx, caller: &Caller, token: &str, site: &Site, answer: &str) -> Result<(), Error> {
    let id = caller.account_id().to_owned();
    let judged = judged(app, ctx, &For::Account(&id), site, answer)?;
    let (ctx, site, digest) = (ctx.clone(), site.clone(), digest_of(token));
    app.db
        .write(move |tx| {
            let passkey = match use_in(tx, &ctx, &site, &judged)? {
                Ok(passkey) if passkey.account_id == id => passkey,
                Ok(_) => return Err(not_taken()),
                Err(error) => return Ok(Err(error)),
            };
            drop(passkey);
            own::sure(tx, &ctx, &digest)?;
            Ok(Ok(()))
        })
        .await?
}

/// Gives a passkey another name.
///
/// # Errors
/// [`Error::NotFound`] unless it is the caller's.
pub async fn rename(app: &App, caller: &Caller, passkey_id: &str, name: &str) -> Result<(), Error> {
    let (id, passkey, name) = (caller.account_id().to_owned(), passkey_id.to_owned(), named(name)?);
    let done = app.db.write(move |tx| passkey::rename(tx, &id, &passkey, &name).map_err(Error::from)).await?;
    if done { Ok(()) } else { Err(Error::NotFound) }
}

/// Removes a passkey.
///
/// # Errors
/// [`Error::NotFound`] unless it is the caller's.
pub async fn remove(app: &App, ctx: &Ctx, caller: &Caller, passkey_id: &str) -> Result<(), Error> {
    let (app2, ctx, id, passkey) = (app.clone(), ctx.clone(), caller.account_id().to_owned(), passkey_id.to_owned());
    app.db
        .write(move |tx| {
            let all = passkey::of_account(tx, &id)?;
            let name = all.into_iter().find(|p| p.passkey_id == passkey).map(|p| p.name).ok_or(Error::NotFound)?;
            passkey::remove(tx, &id, &passkey)?;
            note(tx, &ctx, &id, "passkey-removed", &name)?;
            let say = format!("パスキー「{name}」が消されました。");
            tell(tx, &app2, &ctx, &id, "パスキーが消されました", &say)
        })
        .await
}
