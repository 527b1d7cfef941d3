//! 包括的同意 at the municipality's counter: taken at an application or renewal, withdrawn, with what it changes.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::consent::{self, Given, Withdrawn};
use kaigo_app::run::Target;
use kaigo_core::code::ConsentBy;
use kaigo_core::consent_text::ConsentMethod;
use kaigo_core::date::parse_date;
use kaigo_core::policy::ConsentStanding;

use super::people::{frame, whom};
use crate::citizen;
use crate::failure::{failure, moved, page};
use crate::request::{Fields, Insurer, Req};
use crate::view::insured::InsuredConsent;
use crate::view::{Choice, FieldError};

fn choices<T: Copy>(all: &[T], code: fn(T) -> &'static str, label: fn(T) -> &'static str, chosen: &str) -> Vec<Choice> {
    all.iter().map(|one| Choice { chosen: code(*one) == chosen, ..Choice::new(code(*one), label(*one)) }).collect()
}

async fn show(req: &Req, p: &str, typed: &Fields, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(req, &Error::LoginNeeded);
    };
    let (insurer_no, insured_no) = match whom(req, p) {
        Ok(whom) => whom,
        Err(response) => return response,
    };
    let all = match consent::view(&req.web.app, &req.ctx, caller, Target::Insured(insurer_no, insured_no)).await {
        Ok(all) => all,
        Err(error) => return failure(req, &error),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let key = typed.get("submit_key").to_owned();
    let proxy = |proxy: &kaigo_store::proxy::Proxy| Choice {
        chosen: proxy.proxy_id == typed.get("proxy_id"),
        ..Choice::new(proxy.proxy_id.clone(), format!("{}（{}）", proxy.name, proxy.relation))
    };
    let text = all.text.map(|text| text.sentences.iter().map(|s| s.usual.to_owned()).collect());
    page(
        status,
        &InsuredConsent {
            shell: req.shell(),
            person: frame(req, &all.head),
            state: citizen::consent::state(all.standing),
            stands: all.standing == ConsentStanding::Stands,
            errors,
            submit_key: if key.is_empty() { req.ctx.ids.id() } else { key },
            given_by: choices(ConsentBy::ALL, ConsentBy::code, ConsentBy::label, typed.get("given_by")),
            methods: choices(
                &[ConsentMethod::Paper, ConsentMethod::Screen],
                ConsentMethod::code,
                ConsentMethod::label,
                typed.get("method"),
            ),
            proxies: all.proxies.iter().map(proxy).collect(),
            on: typed.get("on").to_owned(),
            version: all.text.map(|text| text.version.to_owned()).unwrap_or_default(),
            text: text.unwrap_or_default(),
            readers: citizen::consent::readers(&all),
            history: citizen::consent::history(&all),
        },
    )
}

/// GET /insurer/people/{p}/consent
pub(crate) async fn form(Insurer(req): Insurer, Path(p): Path<String>) -> Response {
    show(&req, &p, &Fields::of(std::collections::HashMap::new()), Vec::new()).await
}

/// What was typed, or what is wrong with it.
fn read(fields: &Fields) -> Result<(ConsentBy, ConsentMethod, Option<kaigo_core::date::Date>), Vec<FieldError>> {
    let mut errors = Vec::new();
    let given_by = ConsentBy::parse(fields.get("given_by"));
    if given_by.is_err() {
        errors.push(FieldError::new("given_by", "申し出た人を選んでください。"));
    }
    let method = ConsentMethod::parse(fields.get("method")).ok().filter(|m| *m != ConsentMethod::Portal);
    if method.is_none() {
        errors.push(FieldError::new("method", "方法を選んでください。"));
    }
    let typed = fields.get("on").trim();
    let on = parse_date(typed);
    if !typed.is_empty() && on.is_none() {
        errors.push(FieldError::new("on", "同意の日が読めません。例：令和8年11月22日、2026-11-22"));
    }
    if fields.get("confirmed") != "yes" {
        errors.push(FieldError::new("confirmed", "説明して確かめたら、四角に印をつけてください。"));
    }
    match (given_by, method) {
        (Ok(given_by), Some(method)) if errors.is_empty() => Ok((given_by, method, on)),
        _ => Err(errors),
    }
}

/// POST /insurer/people/{p}/consent
pub(crate) async fn record(Insurer(req): Insurer, Path(p): Path<String>, fields: Fields) -> Response {
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
    let (given_by, method, on) = match read(&fields) {
        Ok(typed) => typed,
        Err(errors) => return show(&req, &p, &fields, errors).await,
    };
    let target = Target::Insured(insurer_no, insured_no);
    let field = |name| fields.get(name).to_owned();
    let proxy_id = Some(field("proxy_id")).filter(|id| !id.is_empty() && given_by != ConsentBy::Person);
    let submit_key = if field("submit_key").is_empty() { req.ctx.ids.id() } else { field("submit_key") };
    let done = if fields.get("step") == "withdrawn" {
        let withdrawn = Withdrawn { given_by, method, submit_key, proxy_id };
        consent::withdraw(&req.web.app, &req.ctx, caller, target, withdrawn).await.map(|_| "consent-withdrawn")
    } else {
        let text_version = field("text_version");
        let given = Given { given_by, method, text_version, submit_key, on, proxy_id, giver: String::new() };
        consent::give(&req.web.app, &req.ctx, caller, target, given).await.map(|_| "consent-given")
    };
    match done {
        Ok(done) => moved(&format!("/insurer/people/{p}?done={done}")),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            show(&req, &p, &fields, errors).await
        }
        Err(error) => failure(&req, &error),
    }
}
