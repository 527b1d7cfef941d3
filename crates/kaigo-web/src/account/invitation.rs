//! The way in with an invitation: the code, login and password, the second factor. A cookie holds the start for half an hour.

use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::account::invitation as app;
use kaigo_app::letter::Chosen;

use super::{status, wrongs};
use crate::failure::{failure, moved, page};
use crate::request::{Anybody, Fields, Req, cookie, set_cookie};
use crate::routes::{Access, Handler, Route, row};
use crate::start::{in_fours, qr};
use crate::view::FieldError;
use crate::view::account::{InvitationAccount, InvitationCode, InvitationFactor};

/// Name of the cookie of a start with an invitation.
const COOKIE: &str = "kiban_invitation";

/// The URLs of this area.
pub(super) fn routes() -> Vec<(Route, Handler)> {
    use Access::Anybody;
    vec![
        row("GET", "/invitation", Anybody, "-", get(code_form)),
        row("POST", "/invitation", Anybody, "-", post(code)),
        row("GET", "/invitation/account", Anybody, "-", get(account_form)),
        row("POST", "/invitation/account", Anybody, "-", post(account)),
        row("GET", "/invitation/factor", Anybody, "-", get(factor_form)),
        row("POST", "/invitation/factor", Anybody, "-", post(factor)),
    ]
}

/// The token of a start with an invitation, from its cookie.
fn token(req: &Req, headers: &HeaderMap) -> String {
    cookie(&req.web, headers, COOKIE).unwrap_or_default()
}

fn code_page(req: &Req, code: &str, errors: Vec<FieldError>) -> Response {
    page(status(&errors), &InvitationCode { shell: req.shell(), errors, code: code.to_owned() })
}

/// GET /invitation: a link or a QR code on the paper brings the code along.
async fn code_form(Anybody(req): Anybody) -> Response {
    code_page(&req, req.asked("code"), Vec::new())
}

/// POST /invitation
async fn code(Anybody(req): Anybody, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let typed = fields.get("code");
    match app::begin(&req.web.app, &req.ctx, typed).await.map_err(wrongs) {
        Ok(token) => {
            let mut response = moved("/invitation/account");
            let (name, value) = set_cookie(&req.web, COOKIE, &token, Some(30 * 60));
            response.headers_mut().append(name, value);
            response
        }
        Err(Ok(errors)) => code_page(&req, typed, errors),
        Err(Err(error)) => failure(&req, &error),
    }
}

/// What goes wrong without a start: the form of the code again.
fn without(req: &Req, error: &Error) -> Response {
    if *error == Error::NotFound { moved("/invitation") } else { failure(req, error) }
}

async fn account_page(req: &Req, start: &str, typed: Option<Chosen>, errors: Vec<FieldError>) -> Response {
    let begun = match app::started(&req.web.app, &req.ctx, start).await {
        Ok(begun) if begun.done => return moved("/login?done=joined-in"),
        Ok(begun) => begun,
        Err(error) => return without(req, &error),
    };
    let is_again = begun.login.is_some();
    let typed = typed.unwrap_or_else(|| Chosen { login: begun.login.unwrap_or_default(), ..Chosen::default() });
    let view = InvitationAccount {
        shell: req.shell(),
        errors,
        name: begun.name,
        place: begun.place,
        is_again,
        login: typed.login,
        factor: typed.factor,
    };
    page(status(&view.errors), &view)
}

/// GET /invitation/account
async fn account_form(Anybody(req): Anybody, headers: HeaderMap) -> Response {
    account_page(&req, &token(&req, &headers), None, Vec::new()).await
}

/// POST /invitation/account
async fn account(Anybody(req): Anybody, headers: HeaderMap, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let field = |name| fields.get(name).to_owned();
    let start = token(&req, &headers);
    let chosen = Chosen { login: field("login"), password: field("password"), factor: field("factor") };
    match app::choose(&req.web.app, &req.ctx, &start, &chosen).await.map_err(wrongs) {
        Ok(()) => moved("/invitation/factor"),
        Err(Ok(errors)) => account_page(&req, &start, Some(chosen), errors).await,
        Err(Err(error)) => without(&req, &error),
    }
}

async fn factor_page(req: &Req, start: &str, errors: Vec<FieldError>) -> Response {
    match app::started(&req.web.app, &req.ctx, start).await {
        Ok(begun) if begun.done => return moved("/login?done=joined-in"),
        Ok(begun) if !begun.chosen => return moved("/invitation/account"),
        Ok(_) => {}
        Err(error) => return without(req, &error),
    }
    match app::factor(&req.web.app, &req.ctx, start).await {
        Ok(factor) => {
            let app = factor.app.and_then(|(secret, uri)| Some((in_fours(&secret), qr(&uri)?)));
            let view = InvitationFactor { shell: req.shell(), errors, login: factor.login, app, codes: factor.codes };
            page(status(&view.errors), &view)
        }
        Err(error) => without(req, &error),
    }
}

/// GET /invitation/factor
async fn factor_form(Anybody(req): Anybody, headers: HeaderMap) -> Response {
    factor_page(&req, &token(&req, &headers), Vec::new()).await
}

/// POST /invitation/factor
async fn factor(Anybody(req): Anybody, headers: HeaderMap, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let start = token(&req, &headers);
    match app::finish(&req.web.app, &req.ctx, &start, fields.get("code")).await.map_err(wrongs) {
        Ok(()) => moved("/login?done=joined-in"),
        Err(Ok(errors)) => factor_page(&req, &start, errors).await,
        Err(Err(error)) => without(&req, &error),
    }
}
