//! Refusals for programs: problem+json (RFC 9457) with the code and the sentence that a page has.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kaigo_app::{Ctx, Error};
use serde::Serialize;

/// What is wrong with a request before a use case sees it. Codes are listed in docs/openapi.json.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// More bytes than an upload may have.
    TooLarge,
    /// Neither a zip archive nor a form with files.
    MediaType,
    /// A body, a query or a number in the path that cannot be read.
    Request,
}

impl Malformed {
    /// Every kind.
    pub(crate) const ALL: [Self; 3] = [Self::TooLarge, Self::MediaType, Self::Request];

    fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Request => StatusCode::BAD_REQUEST,
        }
    }

    /// Stable code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::MediaType => "media-type",
            Self::Request => "bad-request",
        }
    }

    /// What to do, Japanese.
    pub(crate) fn say(self) -> &'static str {
        match self {
            Self::TooLarge => "1回に送れる大きさを超えています。送信先ごとに分けて送ってください。",
            Self::MediaType => {
                "本文は、ファイルをまとめた application/zip か、ファイルを並べた multipart/form-data で送ってください。"
            }
            Self::Request => "リクエストの形が読めません。docs/openapi.json の形に合わせてください。",
        }
    }
}

/// The body of a refusal.
#[derive(Debug, Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: String,
    code: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Wrong<'a>>,
}

/// One thing that does not fit.
#[derive(Debug, Serialize)]
struct Wrong<'a> {
    field: &'a str,
    code: &'a str,
    say: &'a str,
}

/// The answer to what a use case refused.
pub(crate) fn problem(ctx: &Ctx, error: &Error) -> Response {
    let (status, title) = match error {
        Error::NotFound => (StatusCode::NOT_FOUND, "見つかりません"),
        Error::Forbidden(_) => (StatusCode::FORBIDDEN, "できません"),
        Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "内容に直すところがあります"),
        Error::Conflict(_) => (StatusCode::CONFLICT, "ほかの操作が先に行われました"),
        Error::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "しばらく待ってください"),
        Error::LoginNeeded => (StatusCode::UNAUTHORIZED, "トークンが必要です"),
        Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, "混み合っています"),
        Error::Internal(what) => {
            // For the operator: no personal data is in these texts, and the program is given the request's number only.
            eprintln!("request {}: {what}", ctx.request_id);
            (StatusCode::INTERNAL_SERVER_ERROR, "システムの不具合です")
        }
    };
    let mut errors = Vec::new();
    if let Error::Invalid(wrong) = error {
        errors.extend(wrong.iter().map(|wrong| Wrong { field: wrong.field, code: wrong.code, say: &wrong.say }));
    }
    let mut response = answer(ctx, (status, title), error.code(), error.say(), errors);
    let hint = match error {
        Error::LoginNeeded => {
            Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"kaigo-kiban\"")))
        }
        Error::Busy => Some((header::RETRY_AFTER, HeaderValue::from_static("5"))),
        Error::TooMany { minutes } => Some((header::RETRY_AFTER, HeaderValue::from(minutes.saturating_mul(60).max(1)))),
        Error::NotFound | Error::Forbidden(_) | Error::Invalid(_) | Error::Conflict(_) | Error::Internal(_) => None,
    };
    response.headers_mut().extend(hint);
    response
}

/// The answer to a request that no use case can read.
pub(crate) fn malformed(ctx: &Ctx, kind: Malformed) -> Response {
    answer(ctx, (kind.status(), "リクエストを受け取れません"), kind.code(), kind.say().to_owned(), Vec::new())
}

fn answer(
    ctx: &Ctx,
    (status, title): (StatusCode, &'static str),
    code: &str,
    detail: String,
    errors: Vec<Wrong<'_>>,
) -> Response {
    let body = Body {
        r#type: format!("urn:kaigo-kiban:error:{code}"),
        title,
        status: status.as_u16(),
        detail,
        code,
        request_id: &ctx.request_id,
        errors,
    };
    let text = serde_json::to_vec(&body).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))], text).into_response()
}
