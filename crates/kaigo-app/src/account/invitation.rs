//! Invitations of colleagues: a code on paper or behind a link, good once and for seven days; and the way in with it.
//!
//! Whoever comes with a code has no account yet. Codes are sixteen characters (78 bits); wrong ones count for the address they come from.

use std::sync::Arc;

use jiff::SignedDuration;
use kaigo_core::id::holds_individual_number;
use kaigo_core::policy::{Act, Caller, JobType, decide_act};
use kaigo_store::account::{self, Account, Owner};
use kaigo_store::admin_log::{self, Entry, INSURER, OFFICE};
use kaigo_store::colleague::{self as store, Invitation, owner};
use kaigo_store::db::Tx;
use kaigo_store::time::{instant, parse_instant};
use kaigo_store::{insurer, letter as recovery, office};

use super::colleagues::{Asker, one};
use super::note;
use crate::ctx::hex;
use crate::keys::{Keys, digest_of};
use crate::letter::{Factor, base32, code, grouped, plain, recovery_digest, same};
use crate::login::step_of;
use crate::{App, Ctx, Error, Wrong, guard, password};

/// Days for which an invitation is good.
pub const DAYS: i64 = 7;
/// Minutes from the code to the end of the registration.
const START_MINUTES: i64 = 30;
/// Characters of a code.
const LENGTH: usize = 16;
/// Recovery codes of an account.
const CODES: usize = 10;
/// Characters of a name at most.
const NAME: usize = 60;

/// Who is invited.
#[derive(Clone, Debug)]
pub struct NewColleague {
    /// Name.
    pub name: String,
    /// Job (職種), for staff of an office.
    pub job: Option<JobType>,
    /// Whether the account administers.
    pub is_admin: bool,
    /// Key of the form.
    pub submit_key: String,
}

fn wrong(field: &'static str, code: &'static str, say: impl Into<String>) -> Error {
    Error::Invalid(vec![Wrong { field, code, say: say.into() }])
}

fn code_of(keys: &Keys, invitation_id: &str) -> String {
    code(keys, &format!("invitation {invitation_id}"), LENGTH)
}

/// What is kept of a code.
fn code_digest(keys: &Keys, typed: &str) -> String {
    hex(&keys.code_bytes(&format!("invitation digest {}", plain(typed))))
}

/// Invites somebody. Sent twice with one key, the first invitation is answered.
///
/// # Errors
/// [`Error::Forbidden`] unless the caller administers; [`Error::Invalid`] for a name or a job that is missing.
pub async fn invite(app: &App, ctx: &Ctx, caller: &Caller, new: NewColleague) -> Result<Invitation, Error> {
    let asker = Asker::of(caller)?;
    let name = new.name.trim().to_owned();
    let mut all = Vec::new();
    if name.is_empty() || name.chars().count() > NAME || holds_individual_number(&name) {
        let say = format!("氏名を{NAME}文字までで入れてください。");
        all.push(Wrong { field: "name", code: "missing", say });
    }
    let is_office = asker.grant.office_no().is_some();
    if is_office && new.job.is_none() {
        all.push(Wrong { field: "job", code: "missing", say: "職種を選んでください。".to_owned() });
    }
    if !all.is_empty() {
        return Err(Error::Invalid(all));
    }
    if new.submit_key.len() != 32 {
        return Err(Error::NotFound);
    }
    let draft = Draft {
        name,
        job: new.job.filter(|_| is_office),
        is_admin: new.is_admin,
        account_id: ctx.ids.timed(ctx.now),
        is_again: false,
        submit_key: new.submit_key,
    };
    let (ctx, keys) = (ctx.clone(), Arc::clone(&app.keys));
    app.db.write(move |tx| put(tx, &ctx, &keys, &asker, draft)).await
}

struct Draft {
    name: String,
    job: Option<JobType>,
    is_admin: bool,
    account_id: String,
    is_again: bool,
    submit_key: String,
}

fn put(tx: &mut Tx<'_>, ctx: &Ctx, keys: &Keys, asker: &Asker, draft: Draft) -> Result<Invitation, Error> {
    let (owner_kind, owner_no) = owner(&asker.grant)?;
    let new = Invitation {
        owner_kind: owner_kind.to_owned(),
        owner_no,
        invitation_id: ctx.ids.id(),
        name: draft.name,
        job: draft.job,
        is_admin: draft.is_admin,
        account_id: draft.account_id,
        is_again: draft.is_again,
        invited_by: asker.name.clone(),
        invited_account: asker.account_id.clone(),
        invited_at: ctx.instant(),
        valid_until: instant(ctx.now + SignedDuration::from_hours(24 * DAYS)),
        chosen: None,
        used_at: None,
        revoked_at: None,
        submit_key: draft.submit_key,
    };
    let kept = store::invite(tx, &asker.grant, &code_digest(keys, &code_of(keys, &new.invitation_id)), &new)?;
    if kept.invitation_id == new.invitation_id {
        let act = if new.is_again { "reissue" } else { "invite" };
        let job = new.job.map_or("", JobType::label);
        let detail = if new.is_admin { format!("{job}（管理者）") } else { job.to_owned() };
        asker.log(tx, ctx, act, (&new.name, &detail))?;
    }
    Ok(kept)
}

/// Lets a colleague who cannot log in any more start anew: an invitation to the account that is there. Its ways in end when it is used.
///
/// # Errors
/// [`Error::NotFound`] for anybody else's account; [`Error::Conflict`] for one that is switched off, and for one's own.
pub async fn reissue(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    account_id: &str,
    submit_key: &str,
) -> Result<Invitation, Error> {
    let asker = Asker::of(caller)?;
    if submit_key.len() != 32 {
        return Err(Error::NotFound);
    }
    let (ctx, keys, id, submit_key) =
        (ctx.clone(), Arc::clone(&app.keys), account_id.to_owned(), submit_key.to_owned());
    app.db
        .write(move |tx| {
            let whom = one(tx, &asker.grant, &id)?;
            if whom.account.disabled {
                return Err(Error::Conflict("利用を止めている人です。先に再開してください。".to_owned()));
            }
            if id == asker.account_id {
                return Err(Error::Conflict("ご自分のものは「アカウントの安全」の画面で変えてください。".to_owned()));
            }
            let draft = Draft {
                job: whom.job(),
                is_admin: whom.is_admin(),
                name: whom.account.name,
                account_id: id,
                is_again: true,
                submit_key,
            };
            put(tx, &ctx, &keys, &asker, draft)
        })
        .await
}

/// An invitation to print.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The invitation.
    pub invitation: Invitation,
    /// The code in groups of four; none once it was used, taken back, or ran out.
    pub code: Option<String>,
    /// Name of the office or insurer.
    pub place: String,
}

/// An invitation of the caller's, to print.
///
/// # Errors
/// [`Error::NotFound`] for anybody else's.
pub async fn print(app: &App, ctx: &Ctx, caller: &Caller, invitation_id: &str) -> Result<Printed, Error> {
    let asker = Asker::of(caller)?;
    let (keys, id, now) = (Arc::clone(&app.keys), invitation_id.to_owned(), ctx.instant());
    app.db
        .read(move |tx| {
            let invitation = store::find(tx, &asker.grant, &id)?.ok_or(Error::NotFound)?;
            let counts =
                invitation.used_at.is_none() && invitation.revoked_at.is_none() && invitation.valid_until > now;
            let code = counts.then(|| grouped(&code_of(&keys, &invitation.invitation_id)));
            Ok(Printed { code, place: place(tx, &invitation)?, invitation })
        })
        .await
}

fn place(tx: &mut Tx<'_>, invitation: &Invitation) -> Result<String, Error> {
    let broken = || Error::Internal("an invitation's owner".to_owned());
    Ok(match owner_of(invitation)? {
        Owner::Staff { office_no, .. } => office::name(tx, office_no)?.map(|(name, _)| name).unwrap_or_default(),
        Owner::Insurer { insurer_no, .. } => insurer::find(tx, insurer_no)?.map(|i| i.name).unwrap_or_default(),
        Owner::Operator { .. } => "運営事務局".to_owned(),
        Owner::Person { .. } | Owner::Medical { .. } | Owner::Board { .. } | Owner::Supporter { .. } => {
            return Err(broken());
        }
    })
}

fn owner_of(i: &Invitation) -> Result<Owner, Error> {
    let broken = || Error::Internal("an invitation's owner".to_owned());
    Ok(match i.owner_kind.as_str() {
        OFFICE => Owner::Staff {
            office_no: kaigo_core::id::OfficeNo::parse(&i.owner_no).map_err(|_| broken())?,
            job: i.job.ok_or_else(broken)?,
            is_admin: i.is_admin,
        },
        INSURER => Owner::Insurer {
            insurer_no: kaigo_core::id::InsurerNo::parse(&i.owner_no).map_err(|_| broken())?,
            is_admin: i.is_admin,
        },
        _ => Owner::Operator { is_admin: i.is_admin },
    })
}

/// Takes an invitation back.
///
/// # Errors
/// [`Error::NotFound`] unless it is the caller's and counts.
pub async fn revoke(app: &App, ctx: &Ctx, caller: &Caller, invitation_id: &str) -> Result<(), Error> {
    let asker = Asker::of(caller)?;
    let (ctx, id) = (ctx.clone(), invitation_id.to_owned());
    app.db
        .write(move |tx| {
            let invitation = store::find(tx, &asker.grant, &id)?.ok_or(Error::NotFound)?;
            if !store::revoke(tx, &asker.grant, &id, &ctx.instant())? {
                return if invitation.revoked_at.is_some() { Ok(()) } else { Err(Error::NotFound) };
            }
            asker.log(tx, &ctx, "revoke-invitation", (&invitation.name, ""))
        })
        .await
}

/// A start under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Name of who registers.
    pub name: String,
    /// Office, insurer or desk.
    pub place: String,
    /// The login that is there already.
    pub login: Option<String>,
    /// Whether login and password were chosen.
    pub chosen: bool,
    /// Whether the registration is done.
    pub done: bool,
}

/// Begins with the code of an invitation; answers the token of the start, for a cookie.
///
/// # Errors
/// One sentence for a code that does not count, whatever the reason; [`Error::TooMany`] for an address with too many wrong ones.
pub async fn begin(app: &App, ctx: &Ctx, typed: &str) -> Result<String, Error> {
    let token = format!("{}{}", ctx.ids.id(), ctx.ids.id());
    let (digest, code) = (digest_of(&token), code_digest(&app.keys, typed));
    let (ctx, keys) = (ctx.clone(), Arc::clone(&app.keys));
    let found = app
        .db
        .write(move |tx| {
            guard::take_of_address(tx, &ctx, &keys)?;
            let Some(invitation) = store::by_code(tx, &code, &ctx.instant())? else { return Ok(false) };
            guard::address_was_right(tx, &ctx, &keys)?;
            let until = instant(ctx.now + SignedDuration::from_mins(START_MINUTES));
            store::start(tx, &invitation, &digest, &until).map_err(Error::from)
        })
        .await?;
    if found {
        return Ok(token);
    }
    let say = "招待番号が合いません。紙のとおりに入れてください。使った番号と、7日が過ぎた番号は使えません。管理者に、もう一度招待してもらってください。";
    Err(wrong("code", "invitation-no-match", say))
}

fn found(tx: &mut Tx<'_>, ctx: &Ctx, token: &str) -> Result<(Invitation, Begun), Error> {
    let invitation = store::started(tx, &digest_of(token), &ctx.instant())?.ok_or(Error::NotFound)?;
    // Who invited may do so still.
    let host = account::by_id(tx, &invitation.invited_account)?.filter(|host| !host.disabled);
    if host.is_none() {
        return Err(Error::NotFound);
    }
    let there = account::by_id(tx, &invitation.account_id)?;
    if there.as_ref().is_some_and(|account| account.disabled) {
        return Err(Error::NotFound);
    }
    let begun = Begun {
        name: invitation.name.clone(),
        place: place(tx, &invitation)?,
        login: there.map(|account| account.login_id),
        chosen: invitation.chosen.is_some(),
        done: invitation.used_at.is_some(),
    };
    Ok((invitation, begun))
}

/// The start of a token.
///
/// # Errors
/// [`Error::NotFound`] if there is none, or its time is over.
pub async fn started(app: &App, ctx: &Ctx, token: &str) -> Result<Begun, Error> {
    let (ctx, token) = (ctx.clone(), token.to_owned());
    app.db.read(move |tx| found(tx, &ctx, &token).map(|(_, begun)| begun)).await
}

/// Keeps login, password and kind of the second factor; nothing of it counts before [`finish`].
///
/// # Errors
/// [`Error::Invalid`] for what does not fit, and for a login that is taken.
pub async fn choose(app: &App, ctx: &Ctx, token: &str, chosen: &crate::letter::Chosen) -> Result<(), Error> {
    let begun = started(app, ctx, token).await?;
    let mut all = Vec::new();
    let login = kaigo_core::text::halfwidth(&chosen.login).trim().to_lowercase();
    let fits = login.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-@".contains(&b));
    if !(4..=40).contains(&login.len()) || !fits {
        let say = "ログインIDは、半角の英字と数字で4文字から40文字までにしてください。".to_owned();
        all.push(Wrong { field: "login", code: "login-shape", say });
    }
    if let Err(weak) = password::judge(&chosen.password, false, &[&login, &begun.name, &begun.place]) {
        all.push(Wrong { field: "password", code: weak.code(), say: weak.say() });
    }
    if !matches!(chosen.factor.as_str(), "app" | "paper") {
        let say = "2つめの確認の方法を選んでください。".to_owned();
        all.push(Wrong { field: "factor", code: "missing", say });
    }
    if !all.is_empty() {
        return Err(Error::Invalid(all));
    }
    let password_hash = app.passwords.hash(&chosen.password, ctx.ids.bytes()).await?;
    let factor = chosen.factor.clone();
    let (ctx, keys, token) = (ctx.clone(), Arc::clone(&app.keys), token.to_owned());
    app.db
        .write(move |tx| {
            let (invitation, begun) = found(tx, &ctx, &token)?;
            if begun.done {
                return Ok(());
            }
            if account::by_login(tx, &login)?.is_some_and(|other| other.account_id != invitation.account_id) {
                let say = "そのログインIDは、ほかの人が使っています。別のものにしてください。";
                return Err(wrong("login", "login-taken", say));
            }
            let secret: Vec<u8> = [ctx.ids.bytes(), ctx.ids.bytes()].concat().into_iter().take(20).collect();
            let totp_sealed = keys.data().seal(&format!("totp/{}", invitation.account_id), &secret)?;
            let chosen = store::Chosen { login_id: login, password_hash, totp_sealed, factor };
            if store::choose(tx, &invitation, &chosen)? { Ok(()) } else { Err(Error::NotFound) }
        })
        .await
}

fn codes(keys: &Keys, i: &Invitation) -> Vec<String> {
    let text = format!("recovery {} {}", i.account_id, i.invitation_id);
    (0..CODES).map(|n| grouped(&code(keys, &format!("{text} {n}"), 8))).collect()
}

/// What the second factor is made of: shown until it is proved, on the browser that began.
///
/// # Errors
/// [`Error::NotFound`] without a start, or before anything was chosen.
pub async fn factor(app: &App, ctx: &Ctx, token: &str) -> Result<Factor, Error> {
    let (ctx, keys, token) = (ctx.clone(), Arc::clone(&app.keys), token.to_owned());
    app.db
        .read(move |tx| {
            let (invitation, _) = found(tx, &ctx, &token)?;
            let chosen = invitation.chosen.clone().ok_or(Error::NotFound)?;
            let secret = keys.data().open(&format!("totp/{}", invitation.account_id), &chosen.totp_sealed)?;
            let app = (chosen.factor == "app").then(|| {
                let secret = base32(&secret);
                let uri = format!("otpauth://totp/kaigo-kiban:{}?secret={secret}&issuer=kaigo-kiban", chosen.login_id);
                (secret, uri)
            });
            Ok(Factor { codes: codes(&keys, &invitation), login: chosen.login_id, app })
        })
        .await
}

/// Proves the second factor and makes the account, or gives the one that is there its new ways in. Done twice, nothing more happens.
///
/// # Errors
/// [`Error::Invalid`] for a wrong code; [`Error::NotFound`] without a start.
pub async fn finish(app: &App, ctx: &Ctx, token: &str, typed: &str) -> Result<(), Error> {
    let (ctx, keys, token, typed) = (ctx.clone(), Arc::clone(&app.keys), token.to_owned(), plain(typed));
    app.db.write(move |tx| finish_in(tx, &ctx, &keys, &token, &typed)).await
}

fn finish_in(tx: &mut Tx<'_>, ctx: &Ctx, keys: &Keys, token: &str, typed: &str) -> Result<(), Error> {
    let (invitation, begun) = found(tx, ctx, token)?;
    if begun.done {
        return Ok(());
    }
    let chosen = invitation.chosen.clone().ok_or(Error::NotFound)?;
    let secret = keys.data().open(&format!("totp/{}", invitation.account_id), &chosen.totp_sealed)?;
    let codes = codes(keys, &invitation);
    let is_app = chosen.factor == "app";
    let fits = if is_app {
        step_of(&secret, ctx.now, typed).is_some()
    } else {
        codes.first().is_some_and(|first| same(&plain(first), typed))
    };
    if !fits {
        let say = if is_app {
            "確認コードがちがいます。アプリに出ている6けたの数字を入れてください。"
        } else {
            "番号がちがいます。紙の1番めの番号を入れてください。"
        };
        return Err(wrong("code", "code-wrong", say));
    }
    if !store::use_up(tx, &invitation, &ctx.instant())? {
        return Ok(());
    }
    let id = invitation.account_id.as_str();
    if begun.login.is_some() {
        store::renew(tx, id, &chosen, &ctx.instant())?;
    } else {
        let new = Account {
            account_id: id.to_owned(),
            login_id: chosen.login_id.clone(),
            owner: owner_of(&invitation)?,
            name: invitation.name.clone(),
            password_hash: chosen.password_hash.clone(),
            totp_sealed: chosen.totp_sealed.clone(),
            totp_used_step: 0,
            failed_count: 0,
            locked_until: None,
            disabled: false,
            must_change: false,
        };
        account::insert(tx, &new, &ctx.instant())?;
    }
    let digests: Vec<String> = codes.iter().map(|code| recovery_digest(keys, id, code)).collect();
    recovery::set_recovery(tx, id, &digests)?;
    note(tx, ctx, id, "joined", &invitation.invited_by)?;
    let entry = Entry {
        owner_kind: invitation.owner_kind,
        owner_no: invitation.owner_no,
        entry_id: ctx.ids.timed(ctx.now),
        done_at: ctx.instant(),
        account_id: id.to_owned(),
        account_name: invitation.name.clone(),
        act: "join".to_owned(),
        subject: invitation.name,
        detail: format!("{}さんの招待", invitation.invited_by),
    };
    admin_log::append(tx, &entry).map_err(Error::from)
}

/// Whether the caller may invite anybody at all: what the pages ask before they show a link.
pub fn may_invite(caller: &Caller) -> bool {
    decide_act(caller, Act::ManageStaff).is_ok()
}

/// Until when an invitation is good.
///
/// # Errors
/// [`Error::Internal`] if the row is damaged.
pub fn good_until(invitation: &Invitation) -> Result<jiff::Timestamp, Error> {
    parse_instant(&invitation.valid_until).map_err(Error::from)
}
