//! The way in with a letter: no card is required. A cookie holds the start for half an hour; nothing counts before its end.

use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::letter::{self, Chosen, TypedStart};
use qrcode::{Color, EcLevel, QrCode};

use crate::Web;
use crate::failure::{failure, moved, page};
use crate::request::{Anybody, Fields, Req, cookie, set_cookie};
use crate::routes::{Access, Handler, Route, row};
use crate::view::FieldError;
use crate::view::start::{Qr, StartAccount, StartCode, StartFactor};

/// Name of the cookie of a start.
const START: &str = "kiban_start";

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Anybody;
    vec![
        row("GET", "/start", Anybody, "-", get(code_form)),
        row("POST", "/start", Anybody, "-", post(code)),
        row("GET", "/start/account", Anybody, "-", get(account_form)),
        row("POST", "/start/account", Anybody, "-", post(account)),
        row("GET", "/start/factor", Anybody, "-", get(factor_form)),
        row("POST", "/start/factor", Anybody, "-", post(factor)),
    ]
}

fn errors(error: Error) -> Result<Vec<FieldError>, Error> {
    match error {
        Error::Invalid(wrong) => Ok(wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect()),
        other @ (Error::NotFound
        | Error::Forbidden(_)
        | Error::Conflict(_)
        | Error::TooMany { .. }
        | Error::LoginNeeded
        | Error::Busy
        | Error::Internal(_)) => Err(other),
    }
}

fn status(errors: &[FieldError]) -> StatusCode {
    if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

fn code_page(req: &Req, typed: TypedStart, errors: Vec<FieldError>) -> Response {
    let TypedStart { insurer_no, insured_no, birth, .. } = typed;
    page(status(&errors), &StartCode { shell: req.shell(), errors, insurer_no, insured_no, birth })
}

/// GET /start
async fn code_form(Anybody(req): Anybody) -> Response {
    code_page(&req, TypedStart::default(), Vec::new())
}

/// POST /start
async fn code(Anybody(req): Anybody, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let field = |name| fields.get(name).to_owned();
    let typed = TypedStart {
        insurer_no: field("insurer_no"),
        insured_no: field("insured_no"),
        birth: field("birth"),
        code: field("code"),
    };
    match letter::begin(&req.web.app, &req.ctx, &typed).await {
        Ok(token) => {
            let mut response = moved("/start/account");
            let (name, value) = set_cookie(&req.web, START, &token, Some(30 * 60));
            response.headers_mut().append(name, value);
            response
        }
        Err(error) => match errors(error) {
            Ok(errors) => code_page(&req, typed, errors),
            Err(error) => failure(&req, &error),
        },
    }
}

/// What goes wrong without a start: the form of the letter again.
fn without(req: &Req, error: &Error) -> Response {
    if *error == Error::NotFound { moved("/start") } else { failure(req, error) }
}

async fn account_page(req: &Req, typed: Option<Chosen>, errors: Vec<FieldError>) -> Response {
    let begun = match letter::started(&req.web.app, &req.ctx, &req.start).await {
        Ok(begun) if begun.done => return moved("/login?done=started"),
        Ok(begun) => begun,
        Err(error) => return without(req, &error),
    };
    let again = begun.login.is_some();
    let typed = typed.unwrap_or_else(|| Chosen { login: begun.login.clone().unwrap_or_default(), ..Chosen::default() });
    let view = StartAccount {
        shell: req.shell(),
        name: begun.name,
        represents: begun.represents.unwrap_or_default(),
        again,
        login: typed.login,
        factor: typed.factor,
        errors,
    };
    page(status(&view.errors), &view)
}

/// GET /start/account
async fn account_form(Anybody(req): Anybody) -> Response {
    account_page(&req, None, Vec::new()).await
}

/// POST /start/account
async fn account(Anybody(req): Anybody, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let field = |name| fields.get(name).to_owned();
    let chosen = Chosen { login: field("login"), password: field("password"), factor: field("factor") };
    match letter::choose(&req.web.app, &req.ctx, &req.start, &chosen).await {
        Ok(()) => moved("/start/factor"),
        Err(error) => match errors(error) {
            Ok(errors) => account_page(&req, Some(chosen), errors).await,
            Err(error) => without(&req, &error),
        },
    }
}

/// The modules of a QR code as one path, with the quiet zone of four.
/// A text as QR code.
pub(crate) fn qr(text: &str) -> Option<Qr> {
    use std::fmt::Write as _;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (at, _) in code.to_colors().iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        let _ = write!(path, "M{} {}h1v1h-1z", at % width + 4, at / width + 4);
    }
    Some(Qr { size: width + 8, path })
}

pub(crate) fn in_fours(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

async fn factor_page(req: &Req, errors: Vec<FieldError>) -> Response {
    match letter::started(&req.web.app, &req.ctx, &req.start).await {
        Ok(begun) if begun.done => return moved("/login?done=started"),
        Ok(begun) if !begun.chosen => return moved("/start/account"),
        Ok(_) => {}
        Err(error) => return without(req, &error),
    }
    match letter::factor(&req.web.app, &req.ctx, &req.start).await {
        Ok(factor) => {
            let app = factor.app.and_then(|(secret, uri)| Some((in_fours(&secret), qr(&uri)?)));
            let view = StartFactor { shell: req.shell(), errors, login: factor.login, app, codes: factor.codes };
            page(status(&view.errors), &view)
        }
        Err(error) => without(req, &error),
    }
}

/// GET /start/factor
async fn factor_form(Anybody(req): Anybody) -> Response {
    factor_page(&req, Vec::new()).await
}

/// POST /start/factor
async fn factor(Anybody(req): Anybody, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    match letter::finish(&req.web.app, &req.ctx, &req.start, fields.get("code")).await {
        Ok(()) => moved("/login?done=started"),
        Err(error) => match errors(error) {
            Ok(errors) => factor_page(&req, errors).await,
            Err(error) => without(&req, &error),
        },
    }
}

/// The token of a start, from its cookie.
pub(crate) fn token(web: &Web, headers: &axum::http::HeaderMap) -> String {
    cookie(web, headers, START).unwrap_or_default()
}
