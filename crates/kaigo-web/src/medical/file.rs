//! A scanned or exported opinion: chosen, judged, kept with the draft.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::opinion::file::MOST;
use kaigo_app::opinion::write::{self, Taken};

use super::{opened, patient};
use crate::Web;
use crate::documents::original;
use crate::failure::{failure, moved, page};
use crate::form_file::{self, FormFile};
use crate::request::{Medical, Req};
use crate::view::FieldError;
use crate::view::medical::Upload as View;

/// Bytes of a request with a file at most: who sends a little too much shall read why.
pub(crate) const MOST_BYTES: usize = 4 * MOST;

/// GET /medical/requests/{r}/upload
pub(crate) async fn form(Medical(req): Medical, Path(r): Path<String>) -> Response {
    view(&req, &r, Vec::new()).await
}

async fn view(req: &Req, r: &str, errors: Vec<FieldError>) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match opened(req, r).await {
        Ok(opened) => page(
            status,
            &View {
                shell: req.shell(),
                patient: patient(req, &opened.request, &opened.insurer),
                errors,
                file: super::show::file(opened.draft.content.file.as_ref()),
            },
        ),
        Err(error) => failure(req, &error),
    }
}

/// POST /medical/requests/{r}/upload
pub(crate) async fn upload(
    Medical(req): Medical,
    Path(r): Path<String>,
    State(web): State<Arc<Web>>,
    request: Request,
) -> Response {
    let FormFile { name, bytes, fields } = match form_file::read(&req, &web, request, "file", MOST).await {
        Ok(sent) => sent,
        Err(page) => return page,
    };
    let by_file = fields.get("by_file") == "1";
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match write::take_file(&req.web.app, &req.ctx, caller, &r, (&name, bytes, by_file)).await {
        Ok(Taken::Attached) => moved(&format!("/medical/requests/{r}/form?done=opinion-attached")),
        Ok(Taken::Read { cautions, .. }) if cautions.is_empty() => {
            moved(&format!("/medical/requests/{r}/form?done=opinion-read"))
        }
        Ok(Taken::Read { .. }) => moved(&format!("/medical/requests/{r}/form?done=opinion-read-part")),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            view(&req, &r, errors).await
        }
        Err(error) => failure(&req, &error),
    }
}

/// GET /medical/requests/{r}/file
pub(crate) async fn file(Medical(req): Medical, Path(r): Path<String>) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match write::file(&req.web.app, &req.ctx, caller, &r).await {
        Ok(found) => original(found, &format!("opinion-{r}")),
        Err(error) => failure(&req, &error),
    }
}
