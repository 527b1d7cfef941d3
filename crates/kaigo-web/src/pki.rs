//! 端末の電子証明書: the pages of an office's administrator, and what is public of the authority.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::pki::ca;
use kaigo_app::pki::office::{self, File, NewTerminals, Own};
use kaigo_core::terminal::{RevokeReason, TerminalState, TerminalWay};
use kaigo_store::pki::Terminal;

use crate::failure::{failure, moved, page};
use crate::mypage::field_errors;
use crate::request::{Anybody, Fields, Req, Staff};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::pki::{OfficeCertificates, OfficeTerminal, TerminalLine};
use crate::view::{Chip, Choice, Fact, FieldError, Tone};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::{Anybody, Staff};
    let act = "manage-certificates";
    vec![
        row("GET", "/office/certificates", Staff, act, get(list)),
        row("POST", "/office/certificates", Staff, act, post(request)),
        row("GET", "/office/certificates/{t}", Staff, act, get(show)),
        row("POST", "/office/certificates/{t}/file", Staff, act, post(file)),
        row("GET", "/office/certificates/{t}/chain.pem", Staff, act, get(chain)),
        row("POST", "/office/certificates/{t}/renew", Staff, act, post(renew)),
        row("POST", "/office/certificates/{t}/withdraw", Staff, act, post(withdraw)),
        row("POST", "/office/certificates/{t}/revoke", Staff, act, post(revoke)),
        row("GET", "/pki/ca.crt", Anybody, "-", get(authority)),
        row("GET", "/pki/crl.der", Anybody, "-", get(crl)),
    ]
}

/// What was done just before, on these pages and the desk's.
pub(crate) fn done(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "certificate-asked" => ("申し込みました", "運営が確かめます。受け取れるようになると「お知らせ」に出ます。"),
        "certificate-renewed" => ("更新を受け付けました", "新しい電子証明書を、このページで受け取れます。"),
        "certificate-withdrawn" => ("取り下げました", "記録は残ります。"),
        "certificate-revoked" => {
            ("失効しました", "この電子証明書は、もう使えません。この端末からのログインも終わりました。")
        }
        "certificate-approved" => ("認めました", "事業所に知らせました。"),
        "certificate-refused" => ("認めないことにしました", "事業所に、理由といっしょに知らせました。"),
        _ => return None,
    })
}

/// How a state looks; one in use by the days that are left.
pub(crate) fn chip(terminal: &Terminal, days_left: Option<i64>) -> Chip {
    let word = terminal.state.label();
    match (terminal.state, days_left) {
        (TerminalState::Issued, Some(days)) if days <= 0 => Chip::new(Tone::Bad, "期限切れ"),
        (TerminalState::Issued, Some(days)) if days <= 90 => {
            Chip::new(if days <= 30 { Tone::Bad } else { Tone::Warn }, format!("あと{days}日"))
        }
        (TerminalState::Issued, _) => Chip::new(Tone::Good, word),
        (TerminalState::Requested, _) => Chip::new(Tone::Info, word),
        (TerminalState::Approved, _) => Chip::new(Tone::Warn, word),
        (TerminalState::Refused | TerminalState::Revoked, _) => Chip::new(Tone::Bad, word),
        (TerminalState::Withdrawn, _) => Chip::new(Tone::Plain, word),
    }
}

/// The reasons that may be given for revoking.
pub(crate) fn reasons(terminal: &Terminal, is_desk: bool) -> Vec<Choice> {
    if terminal.state != TerminalState::Issued {
        return Vec::new();
    }
    let may = RevokeReason::ALL.iter().filter(|r| is_desk || **r != RevokeReason::Operator);
    may.map(|r| Choice::new(r.code(), r.label())).collect()
}

/// Everything that is known of a terminal.
pub(crate) fn facts(t: &Terminal) -> Vec<Fact> {
    let by = |at: &Option<String>, by: &Option<String>| {
        let when = at.as_deref().map(say::instant)?;
        Some(format!("{when}　{}", by.as_deref().unwrap_or_default()))
    };
    let mut facts = vec![
        Fact::new("端末の番号", t.terminal_no.to_string()),
        Fact::new("受け取り方", t.way.label()),
        Fact::new("申込み", format!("{}　{}", say::instant(&t.requested_at), t.requested_by)),
    ];
    let mut add = |label: &str, value: Option<String>| {
        if let Some(value) = value {
            facts.push(Fact::new(label, value));
        }
    };
    add("審査", by(&t.decided_at, &t.decided_by));
    add("理由", t.reason.clone());
    add("受け取り", by(&t.delivered_at, &t.delivered_by));
    add("期限", t.not_after.as_deref().map(say::instant));
    add("シリアル番号", t.serial.clone());
    add("失効", by(&t.revoked_at, &t.revoked_by));
    add("失効の理由", t.revoke_reason.map(|r| r.label().to_owned()));
    facts
}

fn line(own: &Own) -> TerminalLine {
    let t = &own.terminal;
    TerminalLine {
        href: format!("/office/certificates/{}", t.certificate_id),
        name: t.terminal_name.clone(),
        no: t.terminal_no.to_string(),
        chip: chip(t, own.days_left),
        until: t.not_after.as_deref().map(say::instant).unwrap_or_default(),
        asked: say::instant(&t.requested_at),
    }
}

async fn list_page(req: &Req, typed: NewTerminals, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    match office::list(&req.web.app, &req.ctx, caller).await {
        Ok((all, can_issue)) => {
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            let way = if typed.way.is_empty() { TerminalWay::File.code() } else { &typed.way };
            let ways = TerminalWay::ALL
                .iter()
                .map(|w| Choice { chosen: w.code() == way, ..Choice::new(w.code(), w.label()) })
                .collect();
            let view = OfficeCertificates {
                shell: req.shell(),
                errors,
                can_issue,
                lines: all.iter().map(line).collect(),
                names: typed.names,
                ways,
                csr: typed.csr,
                submit_key: if typed.submit_key.is_empty() { req.ctx.ids.id() } else { typed.submit_key },
            };
            page(status, &view)
        }
        Err(error) => failure(req, &error),
    }
}

/// GET /office/certificates
async fn list(Staff(req): Staff) -> Response {
    list_page(&req, NewTerminals::default(), Vec::new()).await
}

/// POST /office/certificates
async fn request(Staff(req): Staff, fields: Fields) -> Response {
    // A request for a certificate is no text that anybody wrote: its letters are judged as a request.
    if let Err(response) = fields.check(&req, &["csr"]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let field = |name: &str| fields.get(name).to_owned();
    let typed =
        NewTerminals { names: field("names"), way: field("way"), csr: field("csr"), submit_key: field("submit_key") };
    match office::request(&req.web.app, &req.ctx, caller, &typed).await {
        Ok(_) => moved("/office/certificates?done=certificate-asked"),
        Err(error) => match field_errors(error) {
            Ok(errors) => list_page(&req, typed, errors).await,
            Err(error) => failure(&req, &error),
        },
    }
}

async fn one(req: &Req, id: &str, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    match office::view(&req.web.app, &req.ctx, caller, id).await {
        Ok(own) => {
            let t = &own.terminal;
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            let view = OfficeTerminal {
                shell: req.shell(),
                errors,
                id: t.certificate_id.clone(),
                name: t.terminal_name.clone(),
                chip: chip(t, own.days_left),
                facts: facts(t),
                code: own.code.clone(),
                has_chain: t.way == TerminalWay::Csr && t.state == TerminalState::Issued,
                renewable: own.renewable,
                withdrawable: matches!(t.state, TerminalState::Requested | TerminalState::Approved),
                reasons: reasons(t, false),
                submit_key: req.ctx.ids.id(),
            };
            page(status, &view)
        }
        Err(error) => failure(req, &error),
    }
}

/// GET /office/certificates/{t}
async fn show(Staff(req): Staff, Path(t): Path<String>) -> Response {
    one(&req, &t, Vec::new()).await
}

fn attachment(kind: &'static str, file: File) -> Response {
    let mut response = file.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", file.name)) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// POST /office/certificates/{t}/file: the file itself, once.
async fn file(Staff(req): Staff, Path(t): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match office::deliver(&req.web.app, &req.ctx, caller, &t).await {
        Ok(file) => attachment("application/x-pkcs12", file),
        Err(error) => failure(&req, &error),
    }
}

/// GET /office/certificates/{t}/chain.pem
async fn chain(Staff(req): Staff, Path(t): Path<String>) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match office::chain(&req.web.app, caller, &t).await {
        Ok(file) => attachment("application/x-pem-file", file),
        Err(error) => failure(&req, &error),
    }
}

/// POST /office/certificates/{t}/renew
async fn renew(Staff(req): Staff, Path(t): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match office::renew(&req.web.app, &req.ctx, caller, &t, fields.get("submit_key")).await {
        Ok(next) => moved(&format!("/office/certificates/{}?done=certificate-renewed", next.certificate_id)),
        Err(error) => failure(&req, &error),
    }
}

/// POST /office/certificates/{t}/withdraw
async fn withdraw(Staff(req): Staff, Path(t): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match office::withdraw(&req.web.app, &req.ctx, caller, &t).await {
        Ok(()) => moved("/office/certificates?done=certificate-withdrawn"),
        Err(error) => failure(&req, &error),
    }
}

/// POST /office/certificates/{t}/revoke
async fn revoke(Staff(req): Staff, Path(t): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match office::revoke(&req.web.app, &req.ctx, caller, &t, fields.get("reason")).await {
        Ok(()) => moved("/office/certificates?done=certificate-revoked"),
        Err(error) => match field_errors(error) {
            Ok(errors) => one(&req, &t, errors).await,
            Err(error) => failure(&req, &error),
        },
    }
}

/// GET /pki/ca.crt: the authority's certificates, for who has to trust them.
async fn authority(Anybody(req): Anybody) -> Response {
    match ca::anchors(&req.web.app).await {
        Ok(all) => {
            let text: String = all.iter().map(|der| ca::pem("CERTIFICATE", der)).collect();
            attachment("application/x-pem-file", File { name: "ca.crt".to_owned(), bytes: text.into_bytes() })
        }
        Err(error) => failure(&req, &error),
    }
}

/// GET /pki/crl.der: what was revoked, signed.
async fn crl(Anybody(req): Anybody) -> Response {
    match ca::crl(&req.web.app, &req.ctx).await {
        Ok(list) => attachment("application/pkix-crl", File { name: "crl.der".to_owned(), bytes: list }),
        Err(error) => failure(&req, &error),
    }
}
