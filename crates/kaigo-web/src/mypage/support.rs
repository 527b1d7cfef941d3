//! 導入支援事業者, from the office's side.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::{Error, support};

use super::field_errors;
use crate::failure::{failure, moved, page};
use crate::request::{Fields, Req, Staff};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::mypage::Support;
use crate::view::{Choice, FieldError};

/// The URLs of this part.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Staff;
    vec![
        row("GET", "/office/support", Staff, "manage-office", get(show)),
        row("POST", "/office/support", Staff, "manage-office", post(entrust)),
        row("POST", "/office/support/{e}/end", Staff, "manage-office", post(end)),
    ]
}

async fn respond(req: &Req, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match support::view(&req.web.app, caller).await {
        Ok((all, firms)) => {
            let stands = |id: &str| all.iter().any(|e| e.supporter_id == id && e.ended_at.is_none());
            let view = Support {
                shell: req.shell(),
                errors,
                now: all
                    .iter()
                    .filter(|e| e.ended_at.is_none())
                    .map(|e| {
                        let since = format!("{}から（{}）", say::instant(&e.entrusted_at), e.entrusted_by);
                        (e.entrustment_id.clone(), e.name.clone(), since)
                    })
                    .collect(),
                before: all
                    .iter()
                    .filter_map(|e| {
                        let ended = e.ended_at.as_deref()?;
                        let by = e.ended_by.as_deref().unwrap_or_default();
                        let period =
                            format!("{}から {}まで（{by}）", say::instant(&e.entrusted_at), say::instant(ended));
                        Some((e.name.clone(), period))
                    })
                    .collect(),
                firms: firms
                    .iter()
                    .filter(|(id, ..)| !stands(id))
                    .map(|(id, name, phone)| {
                        Choice::new(id.clone(), format!("{name}　{}", phone.as_deref().unwrap_or_default()))
                    })
                    .collect(),
            };
            page(status, &view)
        }
        Err(error) => failure(req, &error),
    }
}

/// GET /office/support
async fn show(Staff(req): Staff) -> Response {
    respond(&req, Vec::new()).await
}

/// POST /office/support
async fn entrust(Staff(req): Staff, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match support::entrust(&req.web.app, &req.ctx, caller, fields.get("supporter")).await {
        Ok(()) => moved("/office/support?done=entrusted"),
        Err(error) => match field_errors(error) {
            Ok(errors) => respond(&req, errors).await,
            Err(error) => failure(&req, &error),
        },
    }
}

/// POST /office/support/{e}/end
async fn end(Staff(req): Staff, Path(e): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match support::end(&req.web.app, &req.ctx, caller, &e).await {
        Ok(()) => moved("/office/support?done=entrustment-ended"),
        Err(error) => failure(&req, &error),
    }
}
