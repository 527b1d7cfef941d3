//! Login in two steps, logout, and the settings that a browser keeps.

use axum::Json;
use axum::http::HeaderValue;
use axum::response::{IntoResponse as _, Response};
use kaigo_app::account::{mail_code, passkeys};
use kaigo_app::{Error, kept, login};

use crate::Web;
use crate::failure::{failure, invalid, moved, ok, page};
use crate::kept::{arrive, carried};
use crate::request::{Anybody, FURIGANA, Fields, Req, SESSION, SIZE, Somebody, WORDS, local, set_cookie};
use crate::view::login::{DemoAccount, Login, LoginCode, LoginLocked};
use crate::view::{FieldError, Notice, TextSize, Tone};

fn view(req: &Req, login: &str, next: &str, kept: &str, errors: Vec<FieldError>) -> Login {
    let demo = req.web.demo.iter().flat_map(|d| &d.accounts);
    Login {
        shell: req.shell(),
        errors,
        login: login.to_owned(),
        next: next.to_owned(),
        kept: kept.to_owned(),
        demo_accounts: demo
            .map(|a| DemoAccount {
                name: a.name.clone(),
                role: a.role.clone(),
                login: a.login.clone(),
                password: a.password.clone(),
            })
            .collect(),
    }
}

/// A login that carries a form, with what it says of it.
pub(crate) fn carrying(req: &Req, next: &str, kept: &str, said: (&str, &str)) -> Login {
    let mut view = view(req, "", next, kept, Vec::new());
    view.shell.notices = vec![Notice { tone: Tone::Warn, heading: said.0.to_owned(), say: said.1.to_owned() }];
    view
}

/// GET /login
pub(crate) async fn form(Anybody(req): Anybody) -> Response {
    ok(&view(&req, "", local(req.asked("next")), "", Vec::new()))
}

/// POST /login
pub(crate) async fn password(Anybody(mut req): Anybody, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &["kept"]) {
        return response;
    }
    let (id, next, kept) = (fields.get("login"), local(fields.get("next")), carried(&fields));
    let mut missing = Vec::new();
    if id.trim().is_empty() {
        missing.push(FieldError::new("login", "ログインIDを入れてください。"));
    }
    if fields.get("password").is_empty() {
        missing.push(FieldError::new("password", "パスワードを入れてください。"));
    }
    if !missing.is_empty() {
        return invalid(&view(&req, id, next, kept, missing));
    }
    match login::password(&req.web.app, &req.ctx, id, fields.get("password")).await {
        // A form that is carried goes on in the page itself: no address could hold it.
        Ok(opened) if !kept.is_empty() => {
            req.token = Some(opened.token.clone());
            with_cookie(&req, code_page(&req, next, kept, Vec::new()).await, SESSION, &opened.token, None)
        }
        Ok(opened) => {
            let to = if next == "/" {
                "/login/code".to_owned()
            } else {
                format!("/login/code?next={}", crate::request::percent(next))
            };
            with_cookie(&req, moved(&to), SESSION, &opened.token, None)
        }
        Err(Error::Invalid(wrong)) => {
            invalid(&view(&req, id, next, kept, wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect()))
        }
        Err(Error::TooMany { minutes }) => locked(&req, minutes),
        Err(error) => failure(&req, &error),
    }
}

fn locked(req: &Req, minutes: i64) -> Response {
    let wait = format!("{minutes}分");
    page(axum::http::StatusCode::TOO_MANY_REQUESTS, &LoginLocked { shell: req.shell(), wait })
}

/// GET /login/code
pub(crate) async fn code_form(Anybody(req): Anybody) -> Response {
    code_page(&req, local(req.asked("next")), "", Vec::new()).await
}

async fn code_page(req: &Req, next: &str, kept: &str, errors: Vec<FieldError>) -> Response {
    let token = req.token.as_deref().unwrap_or_default();
    let Ok(session) = login::waiting(&req.web.app, &req.ctx, token).await else {
        return moved("/login");
    };
    let demo_code = demo_code(req, &session.account.login_id);
    let mut shell = req.shell();
    shell.csrf = session.csrf;
    let bad = !errors.is_empty();
    let mail = mail_code::offered(&req.web.app, &session.account.account_id).await.ok().flatten().unwrap_or_default();
    let view = LoginCode { shell, errors, next: next.to_owned(), kept: kept.to_owned(), mail, demo_code };
    if bad { invalid(&view) } else { ok(&view) }
}

/// What is said when a code was just sent.
pub(crate) const SENT_BEFORE: &str = "少し前に送りました。届かないときは、1分たってから、もう一度送ってください。";

/// The code that a demo shows in the authenticator's place.
pub(crate) fn demo_code(req: &Req, login_id: &str) -> Option<String> {
    let demo = req.web.demo.iter().flat_map(|d| &d.accounts).find(|a| a.login == login_id);
    demo.map(|a| login::totp_at(&a.totp_secret, req.ctx.now))
}

/// POST /login/code
pub(crate) async fn code(Anybody(req): Anybody, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &["kept"]) {
        return response;
    }
    let Some(token) = &req.token else {
        return moved("/login");
    };
    let (next, kept) = (local(fields.get("next")), carried(&fields));
    match login::code(&req.web.app, &req.ctx, token, fields.get("code")).await {
        Ok(opened) => {
            let web = std::sync::Arc::clone(&req.web);
            cookie_of(&web, arrive(req, &opened.token, next, kept).await, SESSION, &opened.token, None)
        }
        Err(Error::Invalid(wrong)) => {
            code_page(&req, next, kept, wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect()).await
        }
        Err(Error::TooMany { minutes }) => locked(&req, minutes),
        Err(Error::LoginNeeded) => moved("/login"),
        Err(error) => failure(&req, &error),
    }
}

/// POST /login/code/mail: sends a code to the confirmed address.
pub(crate) async fn mail_code(Anybody(mut req): Anybody, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &["kept"]) {
        return response;
    }
    let token = req.token.clone().unwrap_or_default();
    let (next, kept) = (local(fields.get("next")), carried(&fields));
    match mail_code::send(&req.web.app, &req.ctx, &token).await {
        // A form that is carried goes on in the page itself: no address could hold it.
        Ok(()) if !kept.is_empty() => {
            req.query.insert("done".to_owned(), "mail-code".to_owned());
            code_page(&req, next, kept, Vec::new()).await
        }
        Ok(()) => moved(&format!("/login/code?done=mail-code&next={}", crate::request::percent(next))),
        Err(Error::LoginNeeded) => moved("/login"),
        Err(Error::TooMany { .. }) => code_page(&req, next, kept, vec![FieldError::new("", SENT_BEFORE)]).await,
        Err(error) => failure(&req, &error),
    }
}

/// POST /login/passkey
pub(crate) async fn passkey(Anybody(req): Anybody, at: crate::account::At, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &["kept"]) {
        return response;
    }
    let (next, kept) = (local(fields.get("next")), carried(&fields));
    let opened = match &at.site {
        Some(site) => passkeys::login(&req.web.app, &req.ctx, site, fields.get("answer")).await,
        None => Err(Error::NotFound),
    };
    match opened {
        Ok(opened) => {
            let web = std::sync::Arc::clone(&req.web);
            cookie_of(&web, arrive(req, &opened.token, next, kept).await, SESSION, &opened.token, None)
        }
        Err(Error::Invalid(wrong)) => {
            invalid(&view(&req, "", next, kept, wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect()))
        }
        Err(error) => failure(&req, &error),
    }
}

/// POST /logout
pub(crate) async fn logout(Anybody(req): Anybody, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    if let Some(token) = &req.token
        && let Err(error) = login::logout(&req.web.app, token).await
    {
        return failure(&req, &error);
    }
    let mut response = with_cookie(&req, moved("/login?done=logout"), SESSION, "", None);
    // What browsers may have kept of the pages. Not "cookies": the size of the text and the readings stay.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static(r#""cache", "storage""#));
    response
}

/// POST /session/left: how long the session of a page lasts yet, which does not let it last longer; and whether its forms could be
/// carried through a login.
pub(crate) async fn left(Anybody(req): Anybody, fields: Fields) -> Response {
    if let Err(response) = fields.refuse_individual_number(&req, &[]) {
        return response;
    }
    let (app, csrf) = (&req.web.app, fields.get("csrf"));
    let seconds = match &req.token {
        Some(token) => login::seconds_left(app, &req.ctx, token, csrf).await,
        None => Ok(0),
    };
    match (seconds, kept::owner(app, &req.ctx, csrf).await) {
        (Ok(seconds), Ok(owner)) => {
            Json(serde_json::json!({ "seconds": seconds, "carries": owner.is_some() })).into_response()
        }
        (Err(error), _) | (_, Err(error)) => failure(&req, &error),
    }
}

/// POST /session/keep: any request lets the session last; this one does nothing else. Where the session is so old that nothing lets it
/// last longer, it says so.
pub(crate) async fn keep(Somebody(req): Somebody, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let left = req.login.as_ref().map_or(0, |login| login.expires_at.as_second() - req.ctx.now.as_second());
    if left < login::SESSION_MINUTES * 30 {
        let say = format!(
            "ログインから{}時間たつため、これより先には延ばせません。いったんログアウトして、ログインしなおしてください。",
            login::SESSION_HOURS
        );
        return failure(&req, &Error::Conflict(say));
    }
    moved("/")
}

/// POST /preferences/text-size: keeps nothing but a cookie, so it asks for no token.
pub(crate) async fn text_size(Anybody(req): Anybody, fields: Fields) -> Response {
    if let Err(response) = fields.refuse_individual_number(&req, &[]) {
        return response;
    }
    let size = TextSize::read(fields.get("size")).unwrap_or_default();
    with_cookie(&req, moved(local(fields.get("back"))), SIZE, size.code(), Some(365 * 24 * 3600))
}

/// POST /preferences/reading: readings over the words, やさしい日本語. Keeps nothing but cookies, so it asks for no token.
pub(crate) async fn reading(Anybody(req): Anybody, fields: Fields) -> Response {
    if let Err(response) = fields.refuse_individual_number(&req, &[]) {
        return response;
    }
    let mut response = moved(local(fields.get("back")));
    for (field, cookie, on) in [("furigana", FURIGANA, "on"), ("words", WORDS, "easy")] {
        if !fields.get(field).is_empty() {
            let value = if fields.get(field) == on { on } else { "" };
            response = with_cookie(&req, response, cookie, value, Some(365 * 24 * 3600));
        }
    }
    response
}

fn with_cookie(req: &Req, response: Response, name: &str, value: &str, keep: Option<u32>) -> Response {
    cookie_of(&req.web, response, name, value, keep)
}

fn cookie_of(web: &Web, mut response: Response, name: &str, value: &str, keep: Option<u32>) -> Response {
    let (header, value) = set_cookie(web, name, value, keep);
    response.headers_mut().append(header, value);
    response
}
