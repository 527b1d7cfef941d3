//! 利用登録 of an office, and inquiries without a login. A cookie holds the registration for an hour; nothing counts before its end.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::inquiry::{self, Written};
use kaigo_app::registration::{self, Begun, CODE_MINUTES, Stage, Typed};
use kaigo_core::claim_id::ClaimId;

use super::offices::jobs;
use super::{field_errors, talk};
use crate::failure::{failure, moved, ok, page};
use crate::request::{Anybody, Fields, Req, cookie, individual_number, set_cookie};
use crate::routes::{Access, Handler, Route, row};
use crate::start::{in_fours, qr};
use crate::view::FieldError;
use crate::view::mypage::register as view;

/// Name of the cookie of a registration.
const REGISTER: &str = "kiban_register";

/// The URLs of this part.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Anybody;
    vec![
        row("GET", "/portal/register", Anybody, "-", get(claim_form)),
        row("POST", "/portal/register", Anybody, "-", post(claim)),
        row("GET", "/portal/register/address", Anybody, "-", get(address_form)),
        row("POST", "/portal/register/address", Anybody, "-", post(address)),
        row("GET", "/portal/register/code", Anybody, "-", get(code_form)),
        row("POST", "/portal/register/code", Anybody, "-", post(code)),
        row("GET", "/portal/register/account", Anybody, "-", get(account_form)),
        row("POST", "/portal/register/account", Anybody, "-", post(account)),
        row("GET", "/portal/register/factor", Anybody, "-", get(factor_form)),
        row("POST", "/portal/register/factor", Anybody, "-", post(factor)),
        row("GET", "/portal/inquiry", Anybody, "-", get(inquiry_form)),
        row("POST", "/portal/inquiry", Anybody, "-", post(ask)),
        row("GET", "/portal/inquiry/follow", Anybody, "-", get(follow_form)),
        row("POST", "/portal/inquiry/follow", Anybody, "-", post(follow)),
    ]
}

fn status(errors: &[FieldError]) -> StatusCode {
    if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// The page of a stage.
fn place(stage: Stage) -> &'static str {
    match stage {
        Stage::Address => "/portal/register/address",
        Stage::Code => "/portal/register/code",
        Stage::Account => "/portal/register/account",
        Stage::Factor => "/portal/register/factor",
        Stage::Done => "/login?done=started",
    }
}

fn claim_page(req: &Req, claim_id: &str, errors: Vec<FieldError>) -> Response {
    let demo = req.web.demo.as_ref().map(|demo| demo.claims.clone()).unwrap_or_default();
    page(status(&errors), &view::Claim { shell: req.shell(), errors, claim_id: claim_id.to_owned(), demo })
}

/// GET /portal/register
async fn claim_form(Anybody(req): Anybody) -> Response {
    claim_page(&req, "", Vec::new())
}

/// POST /portal/register. The twelve digits of the login can look like an individual number: it is read first.
async fn claim(Anybody(req): Anybody, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &["claim_id"]) {
        return response;
    }
    let typed = fields.get("claim_id");
    if ClaimId::parse(typed).is_err() && crate::request::carries_individual_number(typed) {
        return failure(&req, &individual_number());
    }
    match registration::begin(&req.web.app, &req.ctx, typed, fields.get("password")).await {
        Ok(token) => {
            let mut response = moved("/portal/register/address");
            let (name, value) = set_cookie(&req.web, REGISTER, &token, Some(60 * 60));
            response.headers_mut().append(name, value);
            response
        }
        Err(error) => match field_errors(error) {
            Ok(errors) => claim_page(&req, typed, errors),
            Err(error) => failure(&req, &error),
        },
    }
}

/// The registration of the cookie, if it is at that stage; else the page where it is, or the beginning.
async fn at(req: &Req, headers: &HeaderMap, wanted: &[Stage]) -> Result<(Begun, String), Response> {
    let token = cookie(&req.web, headers, REGISTER).unwrap_or_default();
    match registration::begun(&req.web.app, &req.ctx, &token).await {
        Ok(begun) if wanted.contains(&begun.stage) => Ok((begun, token)),
        Ok(begun) => Err(moved(place(begun.stage))),
        Err(Error::NotFound) => Err(moved("/portal/register")),
        Err(error) => Err(failure(req, &error)),
    }
}

fn office(begun: &Begun) -> String {
    format!("{}（{}）", begun.office_name, begun.office_no)
}

/// What goes wrong: at its field, at the beginning without a registration, or as a page.
fn again(req: &Req, error: Error, show: impl FnOnce(Vec<FieldError>) -> Response) -> Response {
    match field_errors(error) {
        Ok(errors) => show(errors),
        Err(Error::NotFound) => moved("/portal/register"),
        Err(error) => failure(req, &error),
    }
}

fn address_page(req: &Req, begun: &Begun, typed: &str, errors: Vec<FieldError>) -> Response {
    let view = view::Address { shell: req.shell(), errors, office: office(begun), address: typed.to_owned() };
    page(status(&view.errors), &view)
}

/// GET /portal/register/address
async fn address_form(Anybody(req): Anybody, headers: HeaderMap) -> Response {
    let wanted: &[Stage] =
        if req.asked("change").is_empty() { &[Stage::Address] } else { &[Stage::Address, Stage::Code] };
    match at(&req, &headers, wanted).await {
        Ok((begun, _)) => address_page(&req, &begun, begun.address.as_deref().unwrap_or_default(), Vec::new()),
        Err(response) => response,
    }
}

/// POST /portal/register/address
async fn address(Anybody(req): Anybody, headers: HeaderMap, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let (begun, token) = match at(&req, &headers, &[Stage::Address, Stage::Code]).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let typed = fields.get("address");
    match registration::put_address(&req.web.app, &req.ctx, &token, typed).await {
        Ok(()) => moved("/portal/register/code"),
        Err(error) => again(&req, error, |errors| address_page(&req, &begun, typed, errors)),
    }
}

fn code_page(req: &Req, begun: Begun, errors: Vec<FieldError>) -> Response {
    let view = view::Code {
        shell: req.shell(),
        errors,
        office: office(&begun),
        address: begun.address.unwrap_or_default(),
        shown: begun.shown_code,
        minutes: CODE_MINUTES,
    };
    page(status(&view.errors), &view)
}

/// GET /portal/register/code
async fn code_form(Anybody(req): Anybody, headers: HeaderMap) -> Response {
    match at(&req, &headers, &[Stage::Code]).await {
        Ok((begun, _)) => code_page(&req, begun, Vec::new()),
        Err(response) => response,
    }
}

/// POST /portal/register/code
async fn code(Anybody(req): Anybody, headers: HeaderMap, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let (begun, token) = match at(&req, &headers, &[Stage::Code]).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    match registration::confirm(&req.web.app, &req.ctx, &token, fields.get("code")).await {
        Ok(()) => moved("/portal/register/account"),
        Err(error) => again(&req, error, |errors| code_page(&req, begun, errors)),
    }
}

fn account_page(req: &Req, begun: &Begun, typed: &Typed, errors: Vec<FieldError>) -> Response {
    let view = view::Account {
        shell: req.shell(),
        errors,
        office: office(begun),
        name: typed.name.clone(),
        login: typed.login.clone(),
        jobs: jobs(&typed.job),
    };
    page(status(&view.errors), &view)
}

/// GET /portal/register/account
async fn account_form(Anybody(req): Anybody, headers: HeaderMap) -> Response {
    match at(&req, &headers, &[Stage::Account]).await {
        Ok((begun, _)) => account_page(&req, &begun, &Typed::default(), Vec::new()),
        Err(response) => response,
    }
}

/// POST /portal/register/account
async fn account(Anybody(req): Anybody, headers: HeaderMap, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let (begun, token) = match at(&req, &headers, &[Stage::Account, Stage::Factor]).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let field = |name| fields.get(name).to_owned();
    let typed = Typed {
        name: field("name"),
        job: field("job"),
        login: field("login"),
        password: field("password"),
        again: field("again"),
    };
    match registration::choose(&req.web.app, &req.ctx, &token, &typed).await {
        Ok(()) => moved("/portal/register/factor"),
        Err(error) => again(&req, error, |errors| account_page(&req, &begun, &typed, errors)),
    }
}

fn factor_page(req: &Req, begun: &Begun, errors: Vec<FieldError>) -> Response {
    let Some((secret, code)) = begun.factor.as_ref().and_then(|(secret, uri)| Some((in_fours(secret), qr(uri)?)))
    else {
        return failure(req, &Error::Internal("no second factor to show".to_owned()));
    };
    let view = view::Factor {
        shell: req.shell(),
        errors,
        office: office(begun),
        login: begun.login.clone().unwrap_or_default(),
        secret,
        qr: code,
    };
    page(status(&view.errors), &view)
}

/// GET /portal/register/factor
async fn factor_form(Anybody(req): Anybody, headers: HeaderMap) -> Response {
    match at(&req, &headers, &[Stage::Factor]).await {
        Ok((begun, _)) => factor_page(&req, &begun, Vec::new()),
        Err(response) => response,
    }
}

/// POST /portal/register/factor
async fn factor(Anybody(req): Anybody, headers: HeaderMap, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let (begun, token) = match at(&req, &headers, &[Stage::Factor]).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    match registration::finish(&req.web.app, &req.ctx, &token, fields.get("code")).await {
        Ok(()) => {
            let mut response = moved("/login?done=started");
            let (name, value) = set_cookie(&req.web, REGISTER, "", None);
            response.headers_mut().append(name, value);
            response
        }
        Err(error) => again(&req, error, |errors| factor_page(&req, &begun, errors)),
    }
}

fn inquiry_page(req: &Req, typed: &Written, errors: Vec<FieldError>) -> Response {
    let key = if typed.submit_key.is_empty() { req.ctx.ids.id() } else { typed.submit_key.clone() };
    let view = view::OpenInquiry {
        shell: req.shell(),
        errors,
        kinds: talk::kinds(&typed.kind),
        name: typed.name.clone(),
        address: typed.address.clone(),
        subject: typed.subject.clone(),
        body: typed.body.clone(),
        submit_key: key,
    };
    page(status(&view.errors), &view)
}

fn written(fields: &Fields) -> Written {
    let get = |name: &str| fields.get(name).to_owned();
    Written {
        kind: get("kind"),
        subject: get("subject"),
        body: get("body"),
        name: get("name"),
        address: get("address"),
        submit_key: get("submit_key"),
        files: Vec::new(),
    }
}

/// GET /portal/inquiry
async fn inquiry_form(Anybody(req): Anybody) -> Response {
    inquiry_page(&req, &Written::default(), Vec::new())
}

/// POST /portal/inquiry: the code stands on the answer itself; the same form again gives the same code.
async fn ask(Anybody(req): Anybody, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let mut typed = written(&fields);
    if typed.submit_key.len() != 32 {
        typed.submit_key = req.ctx.ids.id();
    }
    match inquiry::ask_openly(&req.web.app, &req.ctx, &typed).await {
        Ok(code) => ok(&view::OpenInquiryDone { shell: req.shell(), code }),
        Err(error) => match field_errors(error) {
            Ok(errors) => inquiry_page(&req, &typed, errors),
            Err(error) => failure(&req, &error),
        },
    }
}

fn follow_page(req: &Req, errors: Vec<FieldError>) -> Response {
    let view = view::Follow { shell: req.shell(), errors };
    page(status(&view.errors), &view)
}

/// GET /portal/inquiry/follow
async fn follow_form(Anybody(req): Anybody) -> Response {
    follow_page(&req, Vec::new())
}

/// POST /portal/inquiry/follow: the code never stands in an address.
async fn follow(Anybody(req): Anybody, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let code = fields.get("code");
    let (mut body, mut errors) = (String::new(), Vec::new());
    if !fields.get("say").is_empty() {
        let typed = written(&fields);
        if let Err(error) = inquiry::reply_openly(&req.web.app, &req.ctx, code, &typed).await {
            match field_errors(error) {
                Ok(wrong) => (body, errors) = (typed.body, wrong),
                Err(error) => return failure(&req, &error),
            }
        }
    }
    match inquiry::follow(&req.web.app, code).await {
        Ok(thread) => {
            let view = view::OpenThread {
                shell: req.shell(),
                code: code.to_owned(),
                subject: thread.inquiry.subject.clone(),
                chip: talk::chip(&thread.inquiry.state),
                said: talk::said(&thread, ""),
                body,
                submit_key: req.ctx.ids.id(),
                errors,
            };
            page(status(&view.errors), &view)
        }
        Err(error) => match field_errors(error) {
            Ok(errors) => follow_page(&req, errors),
            Err(error) => failure(&req, &error),
        },
    }
}
