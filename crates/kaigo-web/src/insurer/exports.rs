//! 取出し: what arose on the platform, for the municipality's own system.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use kaigo_app::{Error, export};

use crate::failure::{failure, invalid, ok};
use crate::request::{Fields, Insurer, Req};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::FieldError;
use crate::view::insurer::exports as view;

/// The URLs of exports.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Insurer;
    vec![
        row("GET", "/insurer/exports", Insurer, "export", get(form)),
        row("POST", "/insurer/exports", Insurer, "export", post(make)),
    ]
}

/// GET /insurer/exports
async fn form(Insurer(req): Insurer) -> Response {
    match page(&req, "", Vec::new()).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn page(req: &Req, since: &str, errors: Vec<FieldError>) -> Result<view::Exports, Error> {
    let runs = export::runs(&req.web.app, &req.ctx, req.caller()?).await?;
    let rows = runs.into_iter().map(|run| view::RunLine {
        at: say::instant(&run.made_at),
        by: run.made_by,
        since: run.since_on,
        counts: if run.counts.is_empty() { "0件".to_owned() } else { run.counts },
        sha256: run.sha256,
    });
    Ok(view::Exports { shell: req.shell(), errors, since: since.to_owned(), rows: rows.collect() })
}

/// POST /insurer/exports
async fn make(Insurer(req): Insurer, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let since = fields.get("since");
    match export::make(&req.web.app, &req.ctx, caller, since).await {
        Ok(export) => {
            let name = format!("attachment; filename=\"toridashi-{}.zip\"", say::file_stamp(req.ctx.now));
            let place = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
            let kind = HeaderValue::from_static("application/zip");
            ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, place)], export.bytes).into_response()
        }
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            match page(&req, since, errors).await {
                Ok(view) => invalid(&view),
                Err(error) => failure(&req, &error),
            }
        }
        Err(error) => failure(&req, &error),
    }
}
