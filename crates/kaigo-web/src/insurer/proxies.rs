//! 代理人 at the municipality's counter: recorded with what was seen, ended.

use std::collections::HashMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::proxy::{self, Family, TypedProxy};
use kaigo_app::run::Target;
use kaigo_core::policy::ProxyScope;
use kaigo_core::proxy::{ProxyEvidence, ProxyKind};

use super::people::{frame, whom};
use crate::citizen::family;
use crate::failure::{failure, moved, page};
use crate::request::{Fields, Insurer, Req};
use crate::view::insured::{NewProxy, ProxyEnd};
use crate::view::{Choice, FieldError};

async fn look(req: &Req, p: &str) -> Result<Family, Response> {
    let caller = req.caller().map_err(|error| failure(req, &error))?;
    let (insurer_no, insured_no) = whom(req, p)?;
    let target = Target::Insured(insurer_no, insured_no);
    proxy::view(&req.web.app, &req.ctx, caller, target).await.map_err(|error| failure(req, &error))
}

fn status(errors: &[FieldError]) -> StatusCode {
    if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

async fn show(req: &Req, p: &str, typed: &Fields, errors: Vec<FieldError>) -> Response {
    let all = match look(req, p).await {
        Ok(all) => all,
        Err(response) => return response,
    };
    let choice = |field: &str, code: &'static str, label: &'static str| Choice {
        chosen: typed.get(field) == code,
        ..Choice::new(code, label)
    };
    let key = typed.get("submit_key").to_owned();
    let view = NewProxy {
        shell: req.shell(),
        person: frame(req, &all.head),
        submit_key: if key.is_empty() { req.ctx.ids.id() } else { key },
        kinds: ProxyKind::ALL.iter().map(|k| choice("kind", k.code(), k.label())).collect(),
        scopes: ProxyScope::ALL.iter().map(|s| choice("scope", s.code(), s.label())).collect(),
        evidence: ProxyEvidence::ALL.iter().map(|e| choice("evidence", e.code(), e.label())).collect(),
        typed: ["name", "kana", "relation", "birth", "from", "until"].map(|field| typed.get(field).to_owned()),
        errors,
    };
    page(status(&view.errors), &view)
}

/// GET /insurer/people/{p}/proxies/new
pub(crate) async fn form(Insurer(req): Insurer, Path(p): Path<String>) -> Response {
    show(&req, &p, &Fields::of(HashMap::new()), Vec::new()).await
}

/// POST /insurer/people/{p}/proxies/new
pub(crate) async fn record(Insurer(req): Insurer, Path(p): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let whom = match whom(&req, &p) {
        Ok(whom) => whom,
        Err(response) => return response,
    };
    let field = |name| fields.get(name).to_owned();
    let typed = TypedProxy {
        kind: field("kind"),
        name: field("name"),
        kana: field("kana"),
        relation: field("relation"),
        birth: field("birth"),
        scope: field("scope"),
        evidence: field("evidence"),
        from: field("from"),
        until: field("until"),
        submit_key: if field("submit_key").is_empty() { req.ctx.ids.id() } else { field("submit_key") },
    };
    match proxy::record(&req.web.app, &req.ctx, caller, whom, typed).await {
        Ok(_) => moved(&format!("/insurer/people/{p}?done=proxy-recorded")),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            show(&req, &p, &fields, errors).await
        }
        Err(error) => failure(&req, &error),
    }
}

async fn end_page(req: &Req, p: &str, x: &str, errors: Vec<FieldError>) -> Response {
    let all = match look(req, p).await {
        Ok(all) => all,
        Err(response) => return response,
    };
    let Some(proxy) = all.proxies.iter().find(|proxy| proxy.proxy_id == x) else {
        return failure(req, &Error::NotFound);
    };
    let (person, proxy) = (frame(req, &all.head), family::card(proxy, req.ctx.today));
    page(status(&errors), &ProxyEnd { shell: req.shell(), person, proxy, errors, reasons: family::reasons() })
}

/// GET /insurer/people/{p}/proxies/{x}/end
pub(crate) async fn end_form(Insurer(req): Insurer, Path((p, x)): Path<(String, String)>) -> Response {
    end_page(&req, &p, &x, Vec::new()).await
}

/// POST /insurer/people/{p}/proxies/{x}/end
pub(crate) async fn end(Insurer(req): Insurer, Path((p, x)): Path<(String, String)>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let (insurer_no, insured_no) = match whom(&req, &p) {
        Ok(whom) => whom,
        Err(response) => return response,
    };
    let target = Target::Insured(insurer_no, insured_no);
    match proxy::end(&req.web.app, &req.ctx, caller, target, (&x, fields.get("reason"))).await {
        Ok(()) => moved(&format!("/insurer/people/{p}?done=proxy-ended")),
        Err(Error::Invalid(wrong)) => {
            end_page(&req, &p, &x, wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect()).await
        }
        Err(error) => failure(&req, &error),
    }
}
