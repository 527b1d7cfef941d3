//! 端末の電子証明書 at the operator's desk: review, revoke, what ends.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::pki::desk::{self, Line};
use kaigo_core::terminal::TerminalState;

use crate::failure::{failure, moved, ok, page};
use crate::mypage::field_errors;
use crate::pki::{chip, facts, reasons};
use crate::request::{Fields, Operator, Req, percent};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::insurer::WorkLine;
use crate::view::pki::{DeskCertificates, DeskTerminal, TerminalLine};
use crate::view::{Fact, FieldError, Tone};

/// Lines of the newest ones.
const PAGE: usize = 100;

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Operator;
    let act = "issue-certificate";
    vec![
        row("GET", "/operator/certificates", Operator, act, get(list)),
        row("GET", "/operator/certificates/{t}", Operator, act, get(show)),
        row("POST", "/operator/certificates/{t}/approve", Operator, act, post(approve)),
        row("POST", "/operator/certificates/{t}/refuse", Operator, act, post(refuse)),
        row("POST", "/operator/certificates/{t}/revoke", Operator, act, post(revoke)),
    ]
}

/// What waits here.
pub(crate) async fn glance(req: &Req) -> Result<WorkLine, Error> {
    let (count, oldest) = desk::glance(&req.web.app, req.caller()?).await?;
    Ok(WorkLine {
        tone: if count > 0 { Tone::Warn } else { Tone::Plain },
        heading: "審査を待っている電子証明書の申込み".to_owned(),
        count,
        unit: "件",
        say: if oldest.is_empty() {
            String::new()
        } else {
            format!("いちばん古いものは{}", say::instant(&oldest))
        },
        href: "/operator/certificates".to_owned(),
    })
}

fn line(req: &Req, line: &Line) -> TerminalLine {
    let t = &line.terminal;
    let left = |end: &String| {
        let end: Option<jiff::Timestamp> = end.parse().ok();
        end.map(|end| (end.as_second() - req.ctx.now.as_second()).div_euclid(86_400) + 1)
    };
    TerminalLine {
        href: format!("/operator/certificates/{}", t.certificate_id),
        name: format!("{}　{}", line.office_name, t.terminal_name),
        no: format!("{}-{}", t.office_no, t.terminal_no),
        chip: chip(t, t.not_after.as_ref().and_then(left)),
        until: t.not_after.as_deref().map(say::instant).unwrap_or_default(),
        asked: say::instant(&t.requested_at),
    }
}

/// GET /operator/certificates
async fn list(Operator(req): Operator) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let q = req.asked("q").trim();
    match desk::desk(&req.web.app, &req.ctx, caller, q, req.asked("before")).await {
        Ok(found) => {
            let lines = |all: &[Line]| all.iter().map(|l| line(&req, l)).collect::<Vec<_>>();
            let mut facts =
                vec![Fact::new("発行局の期限", found.authority_until.as_deref().map(say::instant).unwrap_or_default())];
            for (state, count) in &found.counts {
                facts.push(Fact::new(state.label(), format!("{}件", say::grouped(count))));
            }
            let last = found.found.last().filter(|_| found.found.len() >= PAGE);
            let more =
                last.map(|l| format!("/operator/certificates?q={}&before={}", percent(q), l.terminal.certificate_id));
            ok(&DeskCertificates {
                shell: req.shell(),
                errors: Vec::new(),
                q: q.to_owned(),
                facts,
                has_authority: found.authority_until.is_some(),
                waiting: lines(&found.waiting),
                ending: lines(&found.ending),
                found: lines(&found.found),
                more,
            })
        }
        Err(error) => failure(&req, &error),
    }
}

async fn one(req: &Req, id: &str, reason: &str, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    match desk::view(&req.web.app, caller, id).await {
        Ok(found) => {
            let t = &found.terminal;
            let mut all = vec![Fact::new("事業所", format!("{}　{}", t.office_no, found.office_name)).as_is()];
            all.extend(facts(t));
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            let shown = line(req, &found);
            let view = DeskTerminal {
                shell: req.shell(),
                errors,
                id: t.certificate_id.clone(),
                name: t.terminal_name.clone(),
                chip: shown.chip,
                facts: all,
                waits: t.state == TerminalState::Requested,
                reason: reason.to_owned(),
                reasons: reasons(t, true),
            };
            page(status, &view)
        }
        Err(error) => failure(req, &error),
    }
}

/// GET /operator/certificates/{t}
async fn show(Operator(req): Operator, Path(t): Path<String>) -> Response {
    one(&req, &t, "", Vec::new()).await
}

async fn answer(req: &Req, t: &str, reason: &str, done: Result<(), Error>, to: &str) -> Response {
    match done {
        Ok(()) => moved(&format!("/operator/certificates/{t}?done={to}")),
        Err(error) => match field_errors(error) {
            Ok(errors) => one(req, t, reason, errors).await,
            Err(error) => failure(req, &error),
        },
    }
}

/// POST /operator/certificates/{t}/approve
async fn approve(Operator(req): Operator, Path(t): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let done = desk::approve(&req.web.app, &req.ctx, caller, &t).await;
    answer(&req, &t, "", done, "certificate-approved").await
}

/// POST /operator/certificates/{t}/refuse
async fn refuse(Operator(req): Operator, Path(t): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let reason = fields.get("reason");
    let done = desk::refuse(&req.web.app, &req.ctx, caller, &t, reason).await;
    answer(&req, &t, reason, done, "certificate-refused").await
}

/// POST /operator/certificates/{t}/revoke
async fn revoke(Operator(req): Operator, Path(t): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let done = desk::revoke(&req.web.app, &req.ctx, caller, &t, fields.get("reason")).await;
    answer(&req, &t, "", done, "certificate-revoked").await
}
