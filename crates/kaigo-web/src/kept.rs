//! A form that comes after its session has ended: the login page carries it, sealed, and the same account may send it once more.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts as _, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use kaigo_app::kept::{self, BYTES, Found, Kept};
use kaigo_app::login;

use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Req, Visitor, carries_individual_number, pairs, refused_number};
use crate::view::login::KeptForm;
use crate::{Web, api};

/// Doors: what is typed there is secret, or nothing worth keeping.
const DOORS: [&str; 7] = ["/login", "/logout", "/start", "/session", "/preferences", "/assets", "/invitation"];

/// Bytes that a form which is to be carried may have, with where it goes.
pub(crate) const MOST_BYTES: usize = BYTES + 8 * 1024;

/// A form on its way to a handler, held in case that its session turns out to have ended.
pub(crate) struct Held {
    parts: Parts,
    /// Its fields; none if it carries files.
    body: Option<Bytes>,
}

/// Holds the form of a request, if it has one that can be carried.
///
/// # Errors
/// It is larger than any form may be.
pub(crate) async fn hold(web: &Arc<Web>, request: Request) -> Result<(Request, Option<Held>), Response> {
    let what = kind_of(&request);
    if what == What::Files {
        let (parts, body) = request.into_parts();
        let held = Held { parts: parts.clone(), body: None };
        return Ok((Request::from_parts(parts, body), Some(held)));
    }
    if what == What::Other {
        return Ok((request, None));
    }
    let (mut parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BYTES).await else {
        let Visitor(req) = Visitor::from_request_parts(&mut parts, web).await?;
        return Err(crate::failure::too_long(&req, BYTES));
    };
    let held = Held { parts: parts.clone(), body: Some(bytes.clone()) };
    Ok((Request::from_parts(parts, Body::from(bytes)), Some(held)))
}

/// What a request brings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// A form that can be carried.
    Form,
    /// A form with files.
    Files,
    /// Anything else.
    Other,
}

fn kind_of(request: &Request) -> What {
    let path = request.uri().path();
    if request.method() != Method::POST || DOORS.into_iter().any(|door| is_at(path, door)) || api::is_for_programs(path)
    {
        return What::Other;
    }
    let text = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let kind = text(header::CONTENT_TYPE).unwrap_or_default();
    let is_long = text(header::CONTENT_LENGTH).and_then(|n| n.parse().ok()).is_some_and(|n: usize| n > BYTES);
    if kind.starts_with("multipart/form-data") {
        What::Files
    } else if kind.starts_with("application/x-www-form-urlencoded") && !is_long {
        What::Form
    } else {
        What::Other
    }
}

impl Held {
    /// What is shown instead of an answer that asks for a login: a login that carries the form. The answer itself, where the form
    /// belongs to no account that is known, or holds what is not kept at all.
    pub(crate) async fn or_login(mut self, web: &Arc<Web>, answer: Response) -> Response {
        if answer.status() != StatusCode::UNAUTHORIZED {
            return answer;
        }
        let Ok(Visitor(req)) = Visitor::from_request_parts(&mut self.parts, web).await else { return answer };
        let next = crate::failure::back(&req.here);
        let Some(bytes) = self.body else {
            return if req.login.is_some() {
                answer
            } else {
                page(StatusCode::UNAUTHORIZED, &crate::login::carrying(&req, &next, "", FILES))
            };
        };
        let Ok(body) = String::from_utf8(bytes.to_vec()) else { return answer };
        let Some(csrf) = token_of(&body) else { return answer };
        let owner = match kept::owner(&web.app, &req.ctx, &csrf).await {
            Ok(Some(owner)) => owner,
            Ok(None) => return answer,
            Err(error) => return failure(&req, &error),
        };
        let form = Kept { path: req.here.clone(), body };
        offered(&req, &owner, &form).unwrap_or(answer)
    }
}

/// The page that offers a form again: at once to its owner who is logged in again, behind a login to nobody, never to another
/// account.
fn offered(req: &Req, owner: &str, form: &Kept) -> Option<Response> {
    match req.login.as_ref().map(|login| login.caller.account_id() == owner) {
        // Logged in again in another window meanwhile.
        Some(true) => Some(page(StatusCode::CONFLICT, &shown(req, form))),
        Some(false) => None,
        None => Some(match kept::seal(&req.web.app, &req.ctx, owner, form) {
            Ok(sealed) => {
                let login = crate::login::carrying(req, &crate::failure::back(&form.path), &sealed, CARRIED);
                page(StatusCode::UNAUTHORIZED, &login)
            }
            Err(error) => failure(req, &error),
        }),
    }
}

/// POST /session/again: from a page whose session is over (`assets/session.js`). The field `again` says where its form goes; what
/// else comes is what was typed there. Nothing is done with it here but carrying it through the login.
pub(crate) async fn again(Visitor(mut req): Visitor, body: Bytes) -> Response {
    let body = String::from_utf8(body.to_vec()).unwrap_or_default();
    if pairs(&body).iter().any(|(name, value)| carries_individual_number(name) || carries_individual_number(value)) {
        return refused_number(&req);
    }
    let (path, typed) = apart(&body);
    let path = crate::request::local(&path);
    let to = crate::failure::back(path);
    req.here.clone_from(&to);
    let is_door = DOORS.into_iter().any(|door| is_at(path, door));
    if !typed.is_empty()
        && !is_door
        && let Some(csrf) = token_of(&body)
    {
        let form = Kept { path: path.to_owned(), body: format!("csrf={csrf}&{typed}") };
        let found = match kept::owner(&req.web.app, &req.ctx, &csrf).await {
            Ok(Some(owner)) => offered(&req, &owner, &form),
            Ok(None) => None,
            Err(error) => return failure(&req, &error),
        };
        if let Some(page) = found {
            return page;
        }
    }
    if req.login.is_some() { moved(&to) } else { moved(&format!("/login?next={}", crate::request::percent(&to))) }
}

/// Where the form of a page goes, and what was typed there, as the browser wrote it.
fn apart(body: &str) -> (String, String) {
    let is_own = |pair: &&str| ["again=", "csrf="].iter().any(|name| pair.starts_with(name));
    let typed: Vec<&str> = body.split('&').filter(|pair| !is_own(pair)).collect();
    (crate::request::fields(body).remove("again").unwrap_or_default(), typed.join("&"))
}

/// Whether a path is a door or behind it.
fn is_at(path: &str, door: &str) -> bool {
    path.strip_prefix(door).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

/// The form token of a form that may be carried: none without a token, with a password, or with what can be a 個人番号.
fn token_of(body: &str) -> Option<String> {
    let fields = pairs(body);
    let is_barred = fields.iter().any(|(name, value)| name.starts_with("password") || carries_individual_number(value));
    let (_, token) = fields.into_iter().rev().find(|(name, _)| name == "csrf")?;
    (!is_barred && !token.is_empty()).then_some(token)
}

/// What a login says that carries a form.
const CARRIED: (&str, &str) = (
    "ログインしなおしてください",
    "しばらく使われなかったため、安全のためにログアウトしました。まだ送られていませんが、入力した内容は残っています。ログインすると、続けて送れます。",
);
/// What it says of files.
const FILES: (&str, &str) = (
    "ログインしなおしてください",
    "しばらく使われなかったため、安全のためにログアウトしました。まだ送られていません。ファイルは残せないので、ログインしたあと、もう一度選んでください。",
);

/// Where somebody who has just logged in comes: to the form that was carried, if there is one and it is theirs.
pub(crate) async fn arrive(mut req: Req, token: &str, next: &str, sealed: &str) -> Response {
    if sealed.is_empty() {
        return moved(next);
    }
    let login = match login::caller(&req.web.app, &req.ctx, token).await {
        Ok(login) => login,
        Err(error) => return failure(&req, &error),
    };
    match kept::open(&req.web.app, &req.ctx, login.caller.account_id(), sealed) {
        Found::Own(form) => {
            "/".clone_into(&mut req.here);
            req.login = Some(login);
            ok(&shown(&req, &form))
        }
        Found::Foreign => moved("/"),
        Found::Gone => moved("/?done=form-gone"),
    }
}

fn shown(req: &Req, form: &Kept) -> KeptForm {
    let fields: Vec<(String, String)> = pairs(&form.body).into_iter().filter(|(name, _)| name != "csrf").collect();
    let is_own_key = |value: &str| value.len() >= 32 && value.bytes().all(|b| b.is_ascii_hexdigit());
    let typed = fields.iter().map(|(_, value)| value).filter(|value| !value.trim().is_empty() && !is_own_key(value));
    KeptForm {
        shell: req.shell(),
        place: place(&form.path).to_owned(),
        action: crate::request::local(&form.path).to_owned(),
        typed: typed.cloned().collect(),
        fields,
    }
}

/// What the pages under an address are called.
fn place(path: &str) -> &'static str {
    const PLACES: [(&str, &str); 9] = [
        ("/people", "利用者の画面"),
        ("/identity", "資格の確認"),
        ("/exchange", "ケアプラン連携"),
        ("/filings", "居宅届出"),
        ("/insurer", "市町村の画面"),
        ("/medical", "意見書の画面"),
        ("/board", "審査会の画面"),
        ("/my", "わたしの情報"),
        ("/notices", "お知らせ"),
    ];
    PLACES.iter().find(|(start, _)| path.starts_with(start)).map_or("前に開いていた画面", |(_, name)| name)
}

/// The sealed form that a login carries.
pub(crate) fn carried(fields: &Fields) -> &str {
    fields.get("kept")
}
