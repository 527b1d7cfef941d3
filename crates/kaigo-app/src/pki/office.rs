//! What an office's administrator does with the certificates of its terminals: ask, receive once, renew, revoke.

use jiff::{SignedDuration, Timestamp};
use kaigo_core::id::{OfficeNo, holds_individual_number};
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Act, ActGrant, Caller, Refusal, decide_act};
use kaigo_core::rule::terminal::term;
use kaigo_core::terminal::{RevokeReason, TerminalState, TerminalWay};
use kaigo_store::db::Tx;
use kaigo_store::notice::{self, Notice};
use kaigo_store::office;
use kaigo_store::pki::{self, Terminal};
use kaigo_store::time::parse_instant;

use super::ca::{self, Holder, Purpose};
use super::{log, name, wrong};
use crate::{App, Ctx, Error};

/// Characters of a terminal's name.
const NAME: usize = 40;
/// Terminals that one form asks for at most.
const AT_ONCE: usize = 20;
/// Hours after the hand-over within which a file that did not arrive is made again without another review.
const LOST_FILE_HOURS: i64 = 24;

/// An application as it is typed.
#[derive(Clone, Debug, Default)]
pub struct NewTerminals {
    /// Names of the terminals, one on each line.
    pub names: String,
    /// How the key comes: a code of [`TerminalWay`].
    pub way: String,
    /// The request of the terminal, PEM; for one terminal only.
    pub csr: String,
    /// Key of the form.
    pub submit_key: String,
}

/// A terminal as its office sees it.
#[derive(Clone, Debug)]
pub struct Own {
    /// The application and the certificate.
    pub terminal: Terminal,
    /// Whether it can be renewed now without another review.
    pub renewable: bool,
    /// Days until the end, for one in use.
    pub days_left: Option<i64>,
    /// The code of the file, while the file waits.
    pub code: Option<String>,
}

fn own(caller: &Caller) -> Result<(ActGrant, OfficeNo), Error> {
    let grant = decide_act(caller, Act::ManageCertificates)?;
    let office_no = grant.office_no().ok_or(Refusal::NotAllowed)?;
    Ok((grant, office_no))
}

/// Whole days until an instant, rounded up.
pub(crate) fn days_left(now: Timestamp, until: &str) -> Result<i64, Error> {
    let seconds = parse_instant(until)?.as_second() - now.as_second();
    Ok(seconds.div_euclid(86_400) + i64::from(seconds.rem_euclid(86_400) > 0))
}

fn own_view(tx: &mut Tx<'_>, app: &App, ctx: &Ctx, terminal: Terminal) -> Result<Own, Error> {
    let days_left = match (&terminal.not_after, terminal.state) {
        (Some(until), TerminalState::Issued) => Some(days_left(ctx.now, until)?),
        _ => None,
    };
    let in_use = days_left.is_some_and(|days| days > 0);
    let renewable = in_use
        && (days_left.is_some_and(|days| days <= i64::from(term(ctx.today).renew_from))
            || just_handed(ctx, &terminal)?)
        && !pki::is_renewed(tx, terminal.office_no, &terminal.certificate_id)?;
    let code = (terminal.state == TerminalState::Approved && terminal.way == TerminalWay::File)
        .then(|| ca::code(app, &terminal.certificate_id));
    Ok(Own { terminal, renewable, days_left, code })
}

fn just_handed(ctx: &Ctx, terminal: &Terminal) -> Result<bool, Error> {
    let Some(at) = &terminal.delivered_at else { return Ok(false) };
    Ok(parse_instant(at)? + SignedDuration::from_hours(LOST_FILE_HOURS) > ctx.now)
}

/// The office's terminals, the newest application first, and whether the installation can issue at all.
pub async fn list(app: &App, ctx: &Ctx, caller: &Caller) -> Result<(Vec<Own>, bool), Error> {
    let (grant, _) = own(caller)?;
    let (app2, ctx) = (app.clone(), ctx.clone());
    app.db
        .read(move |tx| {
            let mut all = Vec::new();
            for terminal in pki::of_office(tx, &grant)? {
                all.push(own_view(tx, &app2, &ctx, terminal)?);
            }
            Ok((all, !pki::authorities(tx)?.is_empty()))
        })
        .await
}

/// One of the office's terminals.
///
/// # Errors
/// [`Error::NotFound`] unless it is the office's.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, id: &str) -> Result<Own, Error> {
    let (grant, _) = own(caller)?;
    let (app2, ctx, id) = (app.clone(), ctx.clone(), id.to_owned());
    app.db
        .read(move |tx| {
            let terminal = pki::one(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            own_view(tx, &app2, &ctx, terminal)
        })
        .await
}

fn names(typed: &str) -> Result<Vec<String>, Error> {
    let names: Vec<String> = typed.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect();
    if names.is_empty() {
        return Err(wrong("names", "missing", "端末の名前を書いてください。例：事務所のパソコン1"));
    }
    if names.len() > AT_ONCE {
        return Err(wrong(
            "names",
            "too-many",
            format!("一度に申し込めるのは{AT_ONCE}台までです。分けて申し込んでください。"),
        ));
    }
    for name in &names {
        if name.chars().count() > NAME || name.chars().any(char::is_control) {
            return Err(wrong("names", "too-long", format!("端末の名前は、1台{NAME}文字までで書いてください。")));
        }
        if holds_individual_number(name) {
            return Err(wrong("names", "individual-number", "マイナンバー（個人番号）は書かないでください。"));
        }
    }
    Ok(names)
}

/// Asks for certificates. Sent twice with one key, the first ones are answered.
///
/// # Errors
/// [`Error::Invalid`] for names or a request that do not fit.
pub async fn request(app: &App, ctx: &Ctx, caller: &Caller, new: &NewTerminals) -> Result<Vec<Terminal>, Error> {
    let (grant, office_no) = own(caller)?;
    let names = names(&new.names)?;
    let way = TerminalWay::parse(&new.way).map_err(|_| wrong("way", "missing", "受け取り方を選んでください。"))?;
    let csr = if way == TerminalWay::Csr {
        if names.len() > 1 {
            return Err(wrong("names", "too-many", "CSRで申し込むときは、1台ずつ申し込んでください。"));
        }
        Some(ca::request_der(&new.csr)?)
    } else {
        None
    };
    let (ctx, caller, key) = (ctx.clone(), caller.clone(), new.submit_key.clone());
    app.db
        .write(move |tx| {
            let mut made = Vec::new();
            for (place, terminal_name) in names.iter().enumerate() {
                let asked = Terminal {
                    terminal_no: pki::next_terminal(tx, &grant, office_no)?,
                    terminal_name: terminal_name.clone(),
                    way,
                    csr: csr.clone(),
                    submit_key: format!("{key}.{place}"),
                    ..blank(&ctx, &caller, office_no)
                };
                let kept = pki::insert(tx, &grant, &asked)?;
                if kept.certificate_id == asked.certificate_id {
                    log(tx, &ctx, &caller, office_no, ("certificate-request", terminal_name, way.label()))?;
                    let told = Notice {
                        to: Recipient::Operator,
                        topic: Topic::TerminalRequested,
                        about: None,
                        href: format!("/operator/certificates/{}", kept.certificate_id),
                        note: String::new(),
                        key: format!("terminal-requested {}", kept.certificate_id),
                        at: ctx.instant(),
                    };
                    notice::tell(tx, &told)?;
                }
                made.push(kept);
            }
            Ok(made)
        })
        .await
}

/// An application with nothing in it.
fn blank(ctx: &Ctx, caller: &Caller, office_no: OfficeNo) -> Terminal {
    Terminal {
        office_no,
        certificate_id: ctx.ids.timed(ctx.now),
        terminal_no: 0,
        terminal_name: String::new(),
        way: TerminalWay::File,
        csr: None,
        renews: None,
        state: TerminalState::Requested,
        requested_at: ctx.instant(),
        requested_account: caller.account_id().to_owned(),
        requested_by: name(caller).to_owned(),
        submit_key: String::new(),
        decided_at: None,
        decided_by: None,
        reason: None,
        serial: None,
        certificate: None,
        not_before: None,
        not_after: None,
        delivered_at: None,
        delivered_by: None,
        revoked_at: None,
        revoked_by: None,
        revoke_reason: None,
    }
}

/// A file that is handed over.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

pub(crate) fn holder(tx: &mut Tx<'_>, terminal: &Terminal) -> Result<Holder, Error> {
    Ok(Holder {
        office_no: terminal.office_no,
        office_name: office::name(tx, terminal.office_no)?.map(|(name, _)| name).unwrap_or_default(),
        terminal_no: terminal.terminal_no,
    })
}

/// Hands the file over: makes key and certificate, keeps the certificate, forgets the key. Once.
///
/// # Errors
/// [`Error::Conflict`] if it was handed over before or waits for nobody.
pub async fn deliver(app: &App, ctx: &Ctx, caller: &Caller, id: &str) -> Result<File, Error> {
    let (grant, office_no) = own(caller)?;
    let (app2, ctx, caller, id) = (app.clone(), ctx.clone(), caller.clone(), id.to_owned());
    app.db
        .write(move |tx| {
            let terminal = pki::one(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if terminal.state == TerminalState::Issued {
                let by = terminal.delivered_by.unwrap_or_default();
                return Err(Error::Conflict(format!(
                    "この電子証明書のファイルは、{by}さんがすでに受け取っています。ファイルは一度しか作れません。\
                     受け取りに失敗したときは、端末のページの「更新する」で作りなおせます。心当たりがないときは、すぐに失効してください。"
                )));
            }
            if terminal.state != TerminalState::Approved || terminal.way != TerminalWay::File {
                return Err(Error::Conflict("この電子証明書は、いま受け取れません。画面を開きなおして確かめてください。".to_owned()));
            }
            let issuing = ca::issuing(tx, &app2)?;
            let days = i64::from(term(ctx.today).days);
            let holder = holder(tx, &terminal)?;
            let pair = issuing.pair(&ctx, &holder, days, Purpose::Terminal)?;
            let chain = [issuing.certificate.clone(), issuing.root.clone()];
            let bytes = ca::pkcs12(&pair, &chain, &terminal.terminal_name, &ca::code(&app2, &id))?;
            if !pki::issue(tx, &grant, (office_no, &id), &pair.issued, (&ctx.instant(), name(&caller)))? {
                return Err(Error::Conflict("この電子証明書は、すでに受け取られています。".to_owned()));
            }
            // A file that did not arrive is replaced by this one; a certificate that runs out stays good until its end.
            if let Some(before) = &terminal.renews
                && let Some(old) = pki::one(tx, &grant, before)?
                && just_handed(&ctx, &old)?
            {
                pki::revoke(tx, &grant, &old, RevokeReason::Replaced, (&ctx.instant(), name(&caller)))?;
            }
            log(tx, &ctx, &caller, office_no, ("certificate-deliver", &terminal.terminal_name, &pair.issued.serial))?;
            Ok(File { name: format!("{office_no}-{}.p12", terminal.terminal_no), bytes })
        })
        .await
}

/// The certificate with the authority's certificates, PEM: for who made the key on the terminal. As often as wanted: it holds no secret.
///
/// # Errors
/// [`Error::NotFound`] before it is issued.
pub async fn chain(app: &App, caller: &Caller, id: &str) -> Result<File, Error> {
    let (grant, office_no) = own(caller)?;
    let id = id.to_owned();
    app.db
        .read(move |tx| {
            let terminal = pki::one(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            let certificate = terminal.certificate.ok_or(Error::NotFound)?;
            let mut text = ca::pem("CERTIFICATE", &certificate);
            for kind in ["issuing", "root"] {
                if let Some(a) = pki::authorities(tx)?.into_iter().find(|a| a.kind == kind) {
                    text.push_str(&ca::pem("CERTIFICATE", &a.certificate));
                }
            }
            Ok(File { name: format!("{office_no}-{}.pem", terminal.terminal_no), bytes: text.into_bytes() })
        })
        .await
}

/// Asks for the certificate that follows. No review: the office holds one that counts.
///
/// # Errors
/// [`Error::Conflict`] if it cannot be renewed now.
pub async fn renew(app: &App, ctx: &Ctx, caller: &Caller, id: &str, submit_key: &str) -> Result<Terminal, Error> {
    let (grant, office_no) = own(caller)?;
    let (app2, ctx, caller) = (app.clone(), ctx.clone(), caller.clone());
    let (id, key) = (id.to_owned(), format!("renew {id} {submit_key}"));
    app.db
        .write(move |tx| {
            let old = pki::one(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            let mut next = Terminal {
                terminal_no: old.terminal_no,
                terminal_name: old.terminal_name.clone(),
                way: old.way,
                csr: old.csr.clone(),
                renews: Some(id.clone()),
                state: TerminalState::Approved,
                submit_key: key,
                decided_at: Some(ctx.instant()),
                decided_by: Some("更新のため審査なし".to_owned()),
                ..blank(&ctx, &caller, office_no)
            };
            let seen = own_view(tx, &app2, &ctx, old)?;
            let kept = pki::of_office(tx, &grant)?.into_iter().find(|t| t.submit_key == next.submit_key);
            if let Some(kept) = kept {
                return Ok(kept);
            }
            if !seen.renewable {
                let from = term(ctx.today).renew_from;
                return Err(Error::Conflict(format!(
                    "いまは更新できません。更新できるのは、使える電子証明書の期限の{from}日前からで、まだ更新していないときです。"
                )));
            }
            next = pki::insert(tx, &grant, &next)?;
            log(tx, &ctx, &caller, office_no, ("certificate-renew", &next.terminal_name, ""))?;
            if next.way == TerminalWay::Csr {
                super::desk::issue_request(tx, &app2, &ctx, &grant, &next, name(&caller))?;
            }
            Ok(next)
        })
        .await
}

/// Takes an application back.
///
/// # Errors
/// [`Error::Conflict`] if the certificate was made already.
pub async fn withdraw(app: &App, ctx: &Ctx, caller: &Caller, id: &str) -> Result<(), Error> {
    let (grant, office_no) = own(caller)?;
    let (ctx, caller, id) = (ctx.clone(), caller.clone(), id.to_owned());
    app.db
        .write(move |tx| {
            let terminal = pki::one(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if terminal.state == TerminalState::Withdrawn {
                return Ok(());
            }
            if !pki::withdraw(tx, &grant, &id)? {
                return Err(Error::Conflict(
                    "この申込みは、もう取り下げられません。使わないときは失効してください。".to_owned(),
                ));
            }
            log(tx, &ctx, &caller, office_no, ("certificate-withdraw", &terminal.terminal_name, ""))
        })
        .await
}

/// Revokes a certificate at once: no review, no waiting. Its sessions end.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] for one that is not in use.
pub async fn revoke(app: &App, ctx: &Ctx, caller: &Caller, id: &str, reason: &str) -> Result<(), Error> {
    let (grant, office_no) = own(caller)?;
    let reason = RevokeReason::parse(reason)
        .ok()
        .filter(|r| *r != RevokeReason::Operator)
        .ok_or_else(|| wrong("reason", "missing", "失効する理由を選んでください。"))?;
    let (ctx, caller, id) = (ctx.clone(), caller.clone(), id.to_owned());
    app.db
        .write(move |tx| {
            let terminal = pki::one(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if terminal.state == TerminalState::Revoked {
                return Ok(());
            }
            if !pki::revoke(tx, &grant, &terminal, reason, (&ctx.instant(), name(&caller)))? {
                return Err(Error::Conflict("この電子証明書は使われていません。".to_owned()));
            }
            log(tx, &ctx, &caller, office_no, ("certificate-revoke", &terminal.terminal_name, reason.label()))
        })
        .await
}
