//! Pages, redirects and failures as responses: one place decides the status of every error.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kaigo_app::Error;

use crate::request::Req;
use crate::say;
use crate::view::error_page::{ErrorKind, ErrorPage};

/// A page with its status.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => {
            let mut response = (status, html).into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            response
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A page that is fine.
pub(crate) fn ok(template: &impl Template) -> Response {
    page(StatusCode::OK, template)
}

/// The same page again, with what is wrong and what was typed.
pub(crate) fn invalid(template: &impl Template) -> Response {
    page(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// Go there by GET.
pub(crate) fn moved(to: &str) -> Response {
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// Where to go after the login: some addresses take only forms and have no page of their own.
pub(crate) fn back(here: &str) -> String {
    match here.strip_suffix("/keep").unwrap_or(here) {
        "/session"
        | "/session/left"
        | "/session/again"
        | "/logout"
        | "/login/code"
        | "/login/code/mail"
        | "/login/passkey"
        | "/preferences/text-size"
        | "/preferences/reading" => "/".to_owned(),
        page => page.to_owned(),
    }
}

/// The page for a form that is longer than it may be: nothing was kept, and the browser still has what was typed.
pub(crate) fn too_long(req: &Req, most: usize) -> Response {
    let say = format!(
        "入力が長すぎます（この画面では{}まで）。ブラウザーの「戻る」で前の画面にもどり、短くしてから、もう一度送ってください。",
        say::bytes(u64::try_from(most).unwrap_or(u64::MAX))
    );
    page(StatusCode::PAYLOAD_TOO_LARGE, &ErrorPage { shell: req.shell(), kind: ErrorKind::Invalid { say } })
}

/// The page of a failure.
pub(crate) fn failure(req: &Req, error: &Error) -> Response {
    let (status, kind) = match error {
        Error::NotFound => (StatusCode::NOT_FOUND, ErrorKind::NotFound),
        Error::Forbidden(refusal) => {
            (StatusCode::FORBIDDEN, ErrorKind::Forbidden { absence: say::absence(refusal, "この方の保険者") })
        }
        Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, ErrorKind::Invalid { say: error.say() }),
        Error::Conflict(say) => (StatusCode::CONFLICT, ErrorKind::Invalid { say: say.clone() }),
        Error::TooMany { minutes } => {
            (StatusCode::TOO_MANY_REQUESTS, ErrorKind::TooMany { wait: format!("{minutes}分") })
        }
        Error::LoginNeeded => (StatusCode::UNAUTHORIZED, ErrorKind::SessionExpired { next: back(&req.here) }),
        Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Busy),
        Error::Internal(what) => {
            // For the operator: no personal data is in these texts, and the user is given the request's number only.
            eprintln!("request {}: {what}", req.ctx.request_id);
            (StatusCode::INTERNAL_SERVER_ERROR, ErrorKind::Internal { request_id: req.ctx.request_id.clone() })
        }
    };
    page(status, &ErrorPage { shell: req.shell(), kind })
}
