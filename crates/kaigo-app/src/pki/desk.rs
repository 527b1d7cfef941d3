//! What the operator's desk does with certificates of terminals: review, refuse with a reason, revoke, see what ends.

use kaigo_core::id::{OfficeNo, holds_individual_number};
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Act, ActGrant, Caller, decide_act};
use kaigo_core::rule::terminal::term;
use kaigo_core::terminal::{RevokeReason, TerminalState, TerminalWay};
use kaigo_store::db::Tx;
use kaigo_store::notice::{self, Notice};
use kaigo_store::office;
use kaigo_store::pki::{self, Terminal};
use kaigo_store::time::instant;

use super::{ca, log, name, wrong};
use crate::{App, Ctx, Error};

/// Characters of a reason.
const REASON: usize = 400;
/// Certificates of the list of ends.
const ENDING: i32 = 200;

/// A terminal with the name of its office.
#[derive(Clone, Debug)]
pub struct Line {
    /// The application and the certificate.
    pub terminal: Terminal,
    /// Name of the office.
    pub office_name: String,
}

/// The desk's page.
#[derive(Clone, Debug)]
pub struct Desk {
    /// What waits, the oldest first.
    pub waiting: Vec<Line>,
    /// What ends within the days of the longest notice, the first one first.
    pub ending: Vec<Line>,
    /// The newest applications, or those of the office that was looked for.
    pub found: Vec<Line>,
    /// How many there are of each state.
    pub counts: Vec<(TerminalState, i64)>,
    /// End of the issuing authority; none: there is none yet.
    pub authority_until: Option<String>,
}

fn grant(caller: &Caller) -> Result<ActGrant, Error> {
    decide_act(caller, Act::IssueCertificate).map_err(Error::from)
}

fn lines(tx: &mut Tx<'_>, all: Vec<Terminal>) -> Result<Vec<Line>, Error> {
    let mut out = Vec::with_capacity(all.len());
    for terminal in all {
        let office_name = office::name(tx, terminal.office_no)?.map(|(name, _)| name).unwrap_or_default();
        out.push(Line { terminal, office_name });
    }
    Ok(out)
}

/// Everything of the desk; with the number of an office, that office's.
pub async fn desk(app: &App, ctx: &Ctx, caller: &Caller, typed: &str, before: &str) -> Result<Desk, Error> {
    let grant = grant(caller)?;
    let office_no = OfficeNo::parse(typed.trim()).ok();
    let nobody = office_no.is_none() && !typed.trim().is_empty();
    let (now, longest) = (ctx.now, i64::from(term(ctx.today).told.first().copied().unwrap_or(90)));
    let before = if before.is_empty() { "~".to_owned() } else { before.to_owned() };
    app.db
        .read(move |tx| {
            let waiting = pki::waiting(tx, &grant)?;
            let until = instant(now + jiff::SignedDuration::from_hours(24 * longest));
            let ending = pki::ending(tx, &grant, (&instant(now), &until), ENDING)?;
            let found = if nobody { Vec::new() } else { pki::before(tx, &grant, office_no, &before)? };
            Ok(Desk {
                waiting: lines(tx, waiting)?,
                ending: lines(tx, ending)?,
                found: lines(tx, found)?,
                counts: pki::by_state(tx, &grant)?,
                authority_until: pki::authorities(tx)?.into_iter().find(|a| a.kind == "issuing").map(|a| a.not_after),
            })
        })
        .await
}

/// How many wait, and since when the oldest one does.
pub async fn glance(app: &App, caller: &Caller) -> Result<(i64, String), Error> {
    let grant = grant(caller)?;
    app.db.read(move |tx| pki::count(tx, &grant).map_err(Error::from)).await
}

/// One application.
///
/// # Errors
/// [`Error::NotFound`] if there is none.
pub async fn view(app: &App, caller: &Caller, id: &str) -> Result<Line, Error> {
    let (grant, id) = (grant(caller)?, id.to_owned());
    app.db
        .read(move |tx| {
            let terminal = pki::found(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            lines(tx, vec![terminal])?.pop().ok_or(Error::NotFound)
        })
        .await
}

fn reason(typed: &str) -> Result<String, Error> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(wrong("reason", "missing", "理由を書いてください。事業所にそのまま伝わります。"));
    }
    if text.chars().count() > REASON {
        return Err(wrong("reason", "too-long", format!("理由は{REASON}文字までで書いてください。")));
    }
    if holds_individual_number(text) {
        return Err(wrong("reason", "individual-number", "マイナンバー（個人番号）は書かないでください。"));
    }
    Ok(text.to_owned())
}

fn tell(tx: &mut Tx<'_>, ctx: &Ctx, terminal: &Terminal, what: &str) -> Result<(), Error> {
    let told = Notice {
        to: Recipient::Office(terminal.office_no),
        topic: Topic::TerminalDecided,
        about: None,
        href: format!("/office/certificates/{}", terminal.certificate_id),
        note: format!("{}：{what}", terminal.terminal_name),
        key: format!("terminal-decided {} {what}", terminal.certificate_id),
        at: ctx.instant(),
    };
    notice::tell(tx, &told).map_err(Error::from)
}

/// Makes the certificate for the key of a request.
pub(crate) fn issue_request(
    tx: &mut Tx<'_>,
    app: &App,
    ctx: &Ctx,
    grant: &ActGrant,
    terminal: &Terminal,
    by: &str,
) -> Result<(), Error> {
    let csr = terminal.csr.as_deref().ok_or(Error::NotFound)?;
    let holder = super::office::holder(tx, terminal)?;
    let issued = ca::issuing(tx, app)?.of_request(ctx, &holder, i64::from(term(ctx.today).days), csr)?;
    let place = (terminal.office_no, terminal.certificate_id.as_str());
    pki::issue(tx, grant, place, &issued, (&ctx.instant(), by)).map(drop).map_err(Error::from)
}

/// Approves. A request with its own key gets its certificate at once; a file waits for the office's administrator.
///
/// # Errors
/// [`Error::Conflict`] if a colleague decided first.
pub async fn approve(app: &App, ctx: &Ctx, caller: &Caller, id: &str) -> Result<(), Error> {
    let grant = grant(caller)?;
    let (app2, ctx, caller, id) = (app.clone(), ctx.clone(), caller.clone(), id.to_owned());
    app.db
        .write(move |tx| {
            let terminal = pki::found(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if matches!(terminal.state, TerminalState::Approved | TerminalState::Issued) {
                return Ok(());
            }
            // Asked for first, so that nothing is approved that cannot be issued.
            ca::issuing(tx, &app2)?;
            let place = (terminal.office_no, id.as_str());
            let done = (ctx.instant(), name(&caller));
            if !pki::decide(tx, &grant, place, TerminalState::Approved, (&done.0, done.1, None))? {
                return Err(decided(&terminal));
            }
            if terminal.way == TerminalWay::Csr {
                issue_request(tx, &app2, &ctx, &grant, &terminal, name(&caller))?;
            }
            tell(tx, &ctx, &terminal, "受け取れるようになりました")?;
            log(tx, &ctx, &caller, terminal.office_no, ("certificate-approve", &terminal.terminal_name, ""))
        })
        .await
}

fn decided(terminal: &Terminal) -> Error {
    Error::Conflict(format!(
        "この申込みは、すでに「{}」になっています。画面を開きなおして確かめてください。",
        terminal.state.label()
    ))
}

/// Refuses, with a reason that the office reads.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] if a colleague decided first.
pub async fn refuse(app: &App, ctx: &Ctx, caller: &Caller, id: &str, typed: &str) -> Result<(), Error> {
    let grant = grant(caller)?;
    let reason = reason(typed)?;
    let (ctx, caller, id) = (ctx.clone(), caller.clone(), id.to_owned());
    app.db
        .write(move |tx| {
            let terminal = pki::found(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if terminal.state == TerminalState::Refused {
                return Ok(());
            }
            let place = (terminal.office_no, id.as_str());
            let (at, by) = (ctx.instant(), name(&caller));
            if !pki::decide(tx, &grant, place, TerminalState::Refused, (&at, by, Some(&reason)))? {
                return Err(decided(&terminal));
            }
            tell(tx, &ctx, &terminal, "認められませんでした")?;
            log(tx, &ctx, &caller, terminal.office_no, ("certificate-refuse", &terminal.terminal_name, &reason))
        })
        .await
}

/// Revokes a certificate of any office, at once.
///
/// # Errors
/// [`Error::Conflict`] for one that is not in use.
pub async fn revoke(app: &App, ctx: &Ctx, caller: &Caller, id: &str, typed: &str) -> Result<(), Error> {
    let grant = grant(caller)?;
    let reason =
        RevokeReason::parse(typed).map_err(|_| wrong("reason", "missing", "失効する理由を選んでください。"))?;
    let (ctx, caller, id) = (ctx.clone(), caller.clone(), id.to_owned());
    app.db
        .write(move |tx| {
            let terminal = pki::found(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if terminal.state == TerminalState::Revoked {
                return Ok(());
            }
            if !pki::revoke(tx, &grant, &terminal, reason, (&ctx.instant(), name(&caller)))? {
                return Err(Error::Conflict("この電子証明書は使われていません。".to_owned()));
            }
            tell(tx, &ctx, &terminal, "運営が失効しました")?;
            log(tx, &ctx, &caller, terminal.office_no, ("certificate-revoke", &terminal.terminal_name, reason.label()))
        })
        .await
}
