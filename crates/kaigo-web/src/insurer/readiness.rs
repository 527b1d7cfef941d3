//! The municipality publishes since when it uses the platform (対応状況の公表).

use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::readiness;
use kaigo_core::date::seireki;
use kaigo_core::readiness::Typed;

use crate::failure::{failure, moved, page};
use crate::operator::readiness::{form_view, typed};
use crate::portal::readiness::history;
use crate::request::{Fields, Insurer, Req};
use crate::routes::{Access, Handler, Route, row};
use crate::view::FieldError;
use crate::view::portal::readiness as view;

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Insurer;
    vec![
        row("GET", "/insurer/readiness", Insurer, "list-insured", get(show)),
        row("POST", "/insurer/readiness", Insurer, "set-rules", post(publish)),
    ]
}

async fn form_page(req: &Req, form: Option<view::Form>, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    match readiness::own_page(&req.web.app, caller).await {
        Ok(own) => {
            let published = own.published.as_ref().map(|p| &p.readiness);
            let typed = Typed {
                code: own.insurer.municipality_code.clone().unwrap_or_default(),
                state: published.map(|r| r.state.code().to_owned()).unwrap_or_default(),
                starts_on: published.and_then(|r| r.starts_on).map(seireki).unwrap_or_default(),
                items: String::new(),
                note: published.map(|r| r.note.clone()).unwrap_or_default(),
            };
            let ticked = published.map(|r| r.items.clone()).unwrap_or_default();
            let view = view::InsurerForm {
                shell: req.shell(),
                insurer: own.insurer.name.clone(),
                may_publish: own.may_publish,
                is_municipality: own.insurer.municipality_code.is_some(),
                href: format!("/portal/readiness/{}", typed.code),
                setting: own.insurer.started_on.map(seireki).unwrap_or_default(),
                entry: form.unwrap_or_else(|| form_view(&typed, &ticked, req.ctx.ids.id())),
                history: history(&own.history),
                errors,
            };
            page(if view.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &view)
        }
        Err(error) => failure(req, &error),
    }
}

/// GET /insurer/readiness
async fn show(Insurer(req): Insurer) -> Response {
    form_page(&req, None, Vec::new()).await
}

/// POST /insurer/readiness
async fn publish(Insurer(req): Insurer, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &["note"]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let (typed, ticked) = typed(&fields, "");
    let key = fields.get("submit_key");
    match readiness::publish_own(&req.web.app, &req.ctx, caller, &typed, key).await {
        Ok(()) => moved("/insurer/readiness?done=readiness-kept"),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            form_page(&req, Some(form_view(&typed, &ticked, key.to_owned())), errors).await
        }
        Err(error) => failure(&req, &error),
    }
}
