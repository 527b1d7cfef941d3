//! Passkeys: asked for by a script, handed over by a plain form. Without a script the pages offer the other ways only.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Path};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::account::{own, passkeys as app};
use kaigo_app::passkey::Site;

use super::{prove_page, status, sure, token_of, wrongs};
use crate::Web;
use crate::failure::{failure, moved, page};
use crate::request::{Anybody, Fields, Req, Somebody, local};
use crate::routes::{Access, Handler, Route, row};
use crate::view::FieldError;
use crate::view::account::{PasskeyEdit, PasskeyNew};

/// The URLs of this area.
pub(super) fn routes() -> Vec<(Route, Handler)> {
    use Access::{Anybody, Somebody};
    vec![
        row("GET", "/login/passkey", Anybody, "-", get(login_options)),
        row("POST", "/login/passkey", Anybody, "-", post(crate::login::passkey)),
        row("GET", "/account/passkeys", Somebody, "-", get(new_form)),
        row("POST", "/account/passkeys", Somebody, "-", post(add)),
        row("GET", "/account/passkeys/options", Somebody, "-", get(new_options)),
        row("GET", "/account/prove/options", Somebody, "-", get(prove_options)),
        row("POST", "/account/prove/passkey", Somebody, "-", post(prove)),
        row("GET", "/account/passkeys/{k}", Somebody, "-", get(edit_form)),
        row("POST", "/account/passkeys/{k}/name", Somebody, "-", post(rename)),
        row("POST", "/account/passkeys/{k}/remove", Somebody, "-", post(remove)),
    ]
}

/// Where the browser says it is.
pub(crate) struct At {
    /// The site for which passkeys are made; none where browsers make none: at an address without a name.
    pub(crate) site: Option<Site>,
}

impl FromRequestParts<Arc<Web>> for At {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Infallible> {
        let host = parts.headers.get(header::HOST).and_then(|v| v.to_str().ok());
        let host = host.or_else(|| parts.uri.authority().map(axum::http::uri::Authority::as_str));
        Ok(Self { site: site(web, host.unwrap_or_default()) })
    }
}

/// The site: as it is configured for mail, else as the browser named it. A passkey remembers the host it was made for, and a browser
/// hands one over to that host only, so a made-up `Host` opens nothing.
pub(crate) fn site(web: &Web, host: &str) -> Option<Site> {
    let site = match &web.app.mail {
        Some(configured) => Site::of(configured),
        None => Site::of(&format!("{}://{host}", if web.secure_cookies { "https" } else { "http" })),
    }?;
    // Browsers take no address for a name.
    if site.rp_id.parse::<IpAddr>().is_ok() { None } else { Some(site) }
}

/// Whether the caller has a passkey that can be used here.
pub(crate) async fn can_use(req: &Req, at: &At) -> bool {
    let (Some(site), Ok(caller)) = (&at.site, req.caller()) else { return false };
    let seen = own::view(&req.web.app, &req.ctx, caller, token_of(req)).await;
    seen.is_ok_and(|seen| seen.passkeys.iter().any(|p| p.rp_id == site.rp_id))
}

/// GET /login/passkey
async fn login_options(Anybody(req): Anybody, at: At) -> Response {
    match &at.site {
        Some(site) => Json(app::login_request(&req.web.app, &req.ctx, site)).into_response(),
        None => failure(&req, &Error::NotFound),
    }
}

/// GET /account/passkeys/options
async fn new_options(Somebody(req): Somebody, at: At) -> Response {
    let options = match (req.caller(), &at.site) {
        (Ok(caller), Some(site)) => app::creation(&req.web.app, &req.ctx, caller, site).await,
        (Err(error), _) => Err(error),
        (_, None) => Err(Error::NotFound),
    };
    match options {
        Ok(options) => Json(options).into_response(),
        Err(error) => failure(&req, &error),
    }
}

/// GET /account/prove/options
async fn prove_options(Somebody(req): Somebody, at: At) -> Response {
    let options = match (req.caller(), &at.site) {
        (Ok(caller), Some(site)) => app::proof_request(&req.web.app, &req.ctx, caller, site).await,
        (Err(error), _) => Err(error),
        (_, None) => Err(Error::NotFound),
    };
    match options {
        Ok(options) => Json(options).into_response(),
        Err(error) => failure(&req, &error),
    }
}

/// GET /account/passkeys
async fn new_form(Somebody(req): Somebody, at: At) -> Response {
    if let Err(response) = sure(&req, "/account/passkeys") {
        return response;
    }
    new_page(&req, &at, "", Vec::new())
}

fn new_page(req: &Req, at: &At, name: &str, errors: Vec<FieldError>) -> Response {
    let name = if name.is_empty() { req.ctx.came.family() } else { name.to_owned() };
    let view = PasskeyNew { shell: req.shell(), errors, name, can_use: at.site.is_some() };
    page(status(&view.errors), &view)
}

/// POST /account/passkeys
async fn add(Somebody(req): Somebody, at: At, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    if let Err(response) = sure(&req, "/account/passkeys") {
        return response;
    }
    let name = fields.get("name");
    let done = match (req.caller(), &at.site) {
        (Ok(caller), Some(site)) => app::add(&req.web.app, &req.ctx, caller, site, (fields.get("answer"), name)).await,
        (Err(error), _) => Err(error),
        (_, None) => Err(Error::NotFound),
    };
    match done.map_err(wrongs) {
        Ok(()) => moved("/account?done=passkey-added"),
        Err(Ok(errors)) => new_page(&req, &at, name, errors),
        Err(Err(error)) => failure(&req, &error),
    }
}

/// POST /account/prove/passkey
async fn prove(Somebody(req): Somebody, at: At, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let next = local(fields.get("next"));
    let done = match (req.caller(), &at.site) {
        (Ok(caller), Some(site)) => {
            app::prove(&req.web.app, &req.ctx, caller, token_of(&req), site, fields.get("answer")).await
        }
        (Err(error), _) => Err(error),
        (_, None) => Err(Error::NotFound),
    };
    match done.map_err(wrongs) {
        Ok(()) => moved(if next == "/" { "/account" } else { next }),
        Err(Ok(errors)) => prove_page(&req, &at, next, errors).await,
        Err(Err(error)) => failure(&req, &error),
    }
}

async fn edit_page(req: &Req, k: &str, typed: Option<&str>, errors: Vec<FieldError>) -> Response {
    let seen = match req.caller() {
        Ok(caller) => own::view(&req.web.app, &req.ctx, caller, token_of(req)).await,
        Err(error) => Err(error),
    };
    let found = seen.and_then(|seen| seen.passkeys.into_iter().find(|p| p.passkey_id == k).ok_or(Error::NotFound));
    match found {
        Ok(p) => {
            let row = super::passkey(p);
            let name = typed.map_or_else(|| row.name.clone(), str::to_owned);
            let view = PasskeyEdit { shell: req.shell(), errors, passkey: row, name };
            page(status(&view.errors), &view)
        }
        Err(error) => failure(req, &error),
    }
}

/// GET /account/passkeys/{k}
async fn edit_form(Somebody(req): Somebody, Path(k): Path<String>) -> Response {
    if let Err(response) = sure(&req, "/account") {
        return response;
    }
    edit_page(&req, &k, None, Vec::new()).await
}

/// POST /account/passkeys/{k}/name
async fn rename(Somebody(req): Somebody, Path(k): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let name = fields.get("name");
    let done = match req.caller() {
        Ok(caller) => app::rename(&req.web.app, caller, &k, name).await,
        Err(error) => Err(error),
    };
    match done.map_err(wrongs) {
        Ok(()) => moved("/account?done=passkey-named"),
        Err(Ok(errors)) => edit_page(&req, &k, Some(name), errors).await,
        Err(Err(error)) => failure(&req, &error),
    }
}

/// POST /account/passkeys/{k}/remove
async fn remove(Somebody(req): Somebody, Path(k): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    if let Err(response) = sure(&req, "/account") {
        return response;
    }
    let done = match req.caller() {
        Ok(caller) => app::remove(&req.web.app, &req.ctx, caller, &k).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => moved("/account?done=passkey-removed"),
        Err(error) => failure(&req, &error),
    }
}
