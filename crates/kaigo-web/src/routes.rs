//! Every URL: method, path, who may come, what it does. Tests walk this table; `kiban doc routes` prints it.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts as _, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use kaigo_app::attempt::Refused;

use crate::Web;
use crate::peer::place_of;
use crate::request::{Visitor, asks_for_individual_number, individual_number, same_site};
use crate::{
    api, balances, board, card, certificates, certification, charge, citizen, documents, exchange, filing, furigana,
    history, home, identity, insurer, kept, login, medical, mypage, notices, operator, people, portal, start, support,
    transparency,
};

/// Who may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Anybody,
    /// Whoever is logged in.
    Somebody,
    /// Staff of an office.
    Staff,
    /// The person, or who acts in the person's place.
    Myself,
    /// Staff of an insurer.
    Insurer,
    /// Staff of a medical institution.
    Medical,
    /// The secretariat of a board.
    Board,
    /// Staff of the operator's desk.
    Operator,
    /// Who sets up offices.
    Supporter,
    /// A program of an office, by its token.
    Program,
    /// An enrolled terminal that reads cards, by its key.
    Terminal,
}

/// One URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path, with `{c}` for the registration, `{p}` for an insurer's person, `{n}` for a number, `{d}` for the document or upload, `{id}` for the identity check, `{s}` for the set.
    pub path: &'static str,
    /// Who may come.
    pub access: Access,
    /// The item of the sharing table or the act that the policy is asked for.
    pub action: &'static str,
}

/// What answers a URL.
pub(crate) type Handler = MethodRouter<Arc<Web>>;

/// A line of the table.
pub(crate) fn row(
    method: &'static str,
    path: &'static str,
    access: Access,
    action: &'static str,
    handler: Handler,
) -> (Route, Handler) {
    (Route { method, path, access, action }, handler)
}

fn table() -> Vec<(Route, Handler)> {
    let mut table = doors();
    table.extend(staff());
    table.extend(people());
    table.extend(citizen::routes());
    table.extend(start::routes());
    table.extend(exchange_desk());
    table.extend(exchange_sets());
    table.extend(exchange_sheets());
    table.extend(programs());
    table.extend(insurer::routes());
    table.extend(medical::routes());
    table.extend(board::routes());
    table.extend(filing::routes());
    table.extend(crate::cases::routes());
    table.extend(crate::consent::routes());
    table.extend(notices::routes());
    table.extend(crate::account::routes());
    table.extend(mypage::routes());
    table.extend(crate::pki::routes());
    table.extend(operator::routes());
    table.extend(portal::routes());
    table.extend(support::routes());
    table.extend(card::routes());
    table.extend(transparency::routes());
    table
}

/// The way in, and what belongs to no one.
fn doors() -> Vec<(Route, Handler)> {
    use Access::{Anybody, Somebody};
    vec![
        row("GET", "/login", Anybody, "-", get(login::form)),
        row("POST", "/login", Anybody, "-", post(login::password)),
        row("GET", "/login/code", Anybody, "-", get(login::code_form)),
        row("POST", "/login/code", Anybody, "-", post(login::code)),
        row("POST", "/login/code/mail", Anybody, "-", post(login::mail_code)),
        row("POST", "/logout", Anybody, "-", post(login::logout)),
        row("POST", "/preferences/text-size", Anybody, "-", post(login::text_size)),
        row("POST", "/preferences/reading", Anybody, "-", post(login::reading)),
        row("POST", "/session/keep", Somebody, "-", post(login::keep)),
        row("POST", "/session/left", Anybody, "-", post(login::left)),
        row("POST", "/session/again", Anybody, "-", post(kept::again).layer(DefaultBodyLimit::max(kept::MOST_BYTES))),
        row("GET", "/assets/app.css", Anybody, "-", get(stylesheet)),
        row("GET", "/assets/app.js", Anybody, "-", get(script)),
        row("GET", "/assets/session.js", Anybody, "-", get(session_script)),
        row("GET", "/assets/sheet.css", Anybody, "-", get(sheet_stylesheet)),
        row("GET", "/assets/sheet.js", Anybody, "-", get(sheet_script)),
        row("GET", "/assets/passkey.js", Anybody, "-", get(passkey_script)),
        row("GET", "/assets/icon.svg", Anybody, "-", get(icon)),
        row("GET", "/healthz", Anybody, "-", get(health)),
    ]
}

/// An office's own desk.
fn staff() -> Vec<(Route, Handler)> {
    use Access::{Somebody, Staff};
    vec![
        row("GET", "/", Somebody, "list-own", get(home::home)),
        row("GET", "/identity", Staff, "check-identity", get(identity::form)),
        row("POST", "/identity", Staff, "check-identity", post(identity::check)),
        row("GET", "/identity/disaster", Staff, "use-disaster", get(identity::disaster_form)),
        row("POST", "/identity/disaster", Staff, "use-disaster", post(identity::disaster_search)),
        row("GET", "/identity/{id}", Staff, "register-charge", get(identity::confirm)),
        row("POST", "/identity/{id}", Staff, "register-charge", post(identity::register)),
        row("GET", "/people", Staff, "list-own", get(people::search)),
    ]
}

/// One of an office's people.
fn people() -> Vec<(Route, Handler)> {
    use Access::Staff;
    vec![
        row("GET", "/people/{c}", Staff, "-", get(people::first_tab)),
        row("GET", "/people/{c}/certificates", Staff, "insured-certificate", get(certificates::tab)),
        row("GET", "/people/{c}/certification", Staff, "certification-result", get(certification::tab)),
        row("GET", "/people/{c}/documents", Staff, "survey,doctor-opinion", get(documents::tab)),
        row("GET", "/people/{c}/documents/{d}", Staff, "survey,doctor-opinion", get(documents::open)),
        row("GET", "/people/{c}/documents/{d}/file", Staff, "survey,doctor-opinion", get(documents::file)),
        row("GET", "/people/{c}/balances", Staff, "balances", get(balances::tab)),
        row("GET", "/people/{c}/history", Staff, "insured-certificate", get(history::tab)),
        row("GET", "/people/{c}/charge", Staff, "insured-certificate", get(charge::tab)),
        row("POST", "/people/{c}/charge/keep", Staff, "keep-charge", post(charge::keep)),
        row("GET", "/people/{c}/charge/end", Staff, "insured-certificate", get(charge::end_form)),
        row("POST", "/people/{c}/charge/end", Staff, "release-charge", post(charge::end)),
    ]
}

/// ケアプラン連携: uploads, lists, the month, partners.
fn exchange_desk() -> Vec<(Route, Handler)> {
    use Access::Staff;
    use exchange::{board, draft, glance, inbox, partners, send, sent, tokens};
    let upload = post(send::upload).layer(DefaultBodyLimit::max(send::MOST_BYTES));
    vec![
        row("GET", "/exchange", Staff, "list-sets", get(glance::show)),
        row("POST", "/exchange/join", Staff, "join-exchange", post(glance::join)),
        row("GET", "/exchange/send", Staff, "send-set", get(send::form)),
        row("POST", "/exchange/send", Staff, "send-set", upload),
        row("GET", "/exchange/drafts/{d}", Staff, "send-set", get(draft::show)),
        row("GET", "/exchange/drafts/{d}/sets/{n}", Staff, "send-set", get(draft::one_set)),
        row("GET", "/exchange/drafts/{d}/confirm", Staff, "send-set", get(draft::confirm)),
        row("POST", "/exchange/drafts/{d}/send", Staff, "send-set", post(draft::send)),
        row("POST", "/exchange/drafts/{d}/discard", Staff, "send-set", post(draft::discard)),
        row("GET", "/exchange/inbox", Staff, "list-sets", get(inbox::list)),
        row("POST", "/exchange/inbox", Staff, "fetch-set", post(inbox::fetch)),
        row("GET", "/exchange/sent", Staff, "list-sets", get(sent::list)),
        row("GET", "/exchange/board", Staff, "list-sets", get(board::show)),
        row("GET", "/exchange/partners", Staff, "list-sets", get(partners::list)),
        row("POST", "/exchange/partners/{o}/favourite", Staff, "list-sets", post(partners::favourite)),
        row("GET", "/exchange/tokens", Staff, "join-exchange", get(tokens::list)),
        row("POST", "/exchange/tokens", Staff, "join-exchange", post(tokens::make)),
        row("POST", "/exchange/tokens/{t}/end", Staff, "join-exchange", post(tokens::end)),
    ]
}

/// ケアプラン連携: one set, for its two offices.
fn exchange_sets() -> Vec<(Route, Handler)> {
    use Access::Staff;
    use exchange::{receipt, set};
    vec![
        row("GET", "/exchange/sets/{s}", Staff, "list-sets", get(set::show)),
        row("POST", "/exchange/sets/{s}/fetch", Staff, "fetch-set", post(set::fetch)),
        row("POST", "/exchange/sets/{s}/imported", Staff, "fetch-set", post(set::imported)),
        row("GET", "/exchange/sets/{s}/recall", Staff, "recall-set", get(set::recall_form)),
        row("POST", "/exchange/sets/{s}/recall", Staff, "recall-set", post(set::recall)),
        row("GET", "/exchange/sets/{s}/withdraw", Staff, "send-set", get(set::withdraw_form)),
        row("POST", "/exchange/sets/{s}/withdraw", Staff, "send-set", post(set::withdraw)),
        row("GET", "/exchange/sets/{s}/receipt", Staff, "list-sets", get(receipt::show)),
        row("GET", "/exchange/sets/{s}/receipt.json", Staff, "list-sets", get(receipt::file)),
    ]
}

/// The office's own programs (docs/openapi.json).
fn programs() -> Vec<(Route, Handler)> {
    use Access::Program;
    let upload = post(api::upload::upload).layer(DefaultBodyLimit::max(api::upload::MOST_BYTES));
    vec![
        row("POST", "/api/v1/exchange/uploads", Program, "send-set", upload),
        row("GET", "/api/v1/exchange/inbox", Program, "list-sets", get(api::mailbox::inbox)),
        row("GET", "/api/v1/exchange/sent", Program, "list-sets", get(api::mailbox::sent)),
        row("GET", "/api/v1/exchange/sets/{id}", Program, "list-sets", get(api::mailbox::set)),
        row("GET", "/api/v1/exchange/sets/{id}/files", Program, "fetch-set", get(api::mailbox::files)),
        row("GET", "/api/v1/exchange/sets/{id}/files/{n}", Program, "fetch-set", get(api::mailbox::one_file)),
        row("POST", "/api/v1/exchange/sets/{id}/imported", Program, "fetch-set", post(api::mailbox::imported)),
        row("POST", "/api/v1/exchange/sets/{id}/recall", Program, "recall-set", post(api::mailbox::recall)),
        row("GET", "/api/v1/exchange/sets/{id}/receipt", Program, "list-sets", get(api::mailbox::receipt)),
    ]
}

/// The forms of a care plan: looked at, compared, typed, on paper.
fn exchange_sheets() -> Vec<(Route, Handler)> {
    use Access::Staff;
    use exchange::{compare, paper, preview, results};
    vec![
        row("GET", "/exchange/sets/{s}/people/{p}", Staff, "open-set", get(preview::of_set)),
        row("GET", "/exchange/drafts/{d}/sets/{n}/people/{p}", Staff, "open-set", get(preview::of_draft)),
        row("GET", "/exchange/sets/{s}/paper", Staff, "open-set", get(paper::of_set)),
        row("GET", "/exchange/drafts/{d}/sets/{n}/paper", Staff, "open-set", get(paper::of_draft)),
        row("GET", "/exchange/partners/{o}/letter", Staff, "list-sets", get(paper::letter)),
        row("GET", "/exchange/compare/{s}/{p}", Staff, "open-set", get(compare::show)),
        row("GET", "/exchange/results", Staff, "enter-result", get(results::list)),
        row("POST", "/exchange/results/start", Staff, "enter-result", post(results::start)),
        row("GET", "/exchange/results/{e}", Staff, "enter-result", get(results::show)),
        row("POST", "/exchange/results/{e}", Staff, "enter-result", post(results::save)),
        row("GET", "/exchange/results/{e}/confirm", Staff, "enter-result", get(results::confirm)),
        row("POST", "/exchange/results/{e}/send", Staff, "enter-result", post(results::send)),
    ]
}

/// Every URL.
pub fn routes() -> Vec<Route> {
    table().into_iter().map(|(route, _)| route).collect()
}

/// Every path, once and for all: pages ask whether another area has a page.
pub(crate) fn paths() -> Vec<&'static str> {
    static PATHS: std::sync::OnceLock<Vec<&'static str>> = std::sync::OnceLock::new();
    PATHS.get_or_init(|| routes().into_iter().map(|route| route.path).collect()).clone()
}

/// Every URL as text, checked in as docs/routes.out.
pub fn routes_text() -> String {
    let mut out = String::from("# Every URL, printed by `kiban doc routes`. Do not edit.\n");
    for r in routes() {
        let _ = writeln!(out, "{:<5}{:<44}{:<10}{}", r.method, r.path, format!("{:?}", r.access), r.action);
    }
    out
}

/// The service.
pub fn router(web: Web) -> Router {
    let web = Arc::new(web);
    let mut router = Router::new();
    for (route, handler) in table() {
        router = router.route(route.path, handler);
    }
    if web.demo.is_some() {
        // The virtual reader: no production server has these.
        for (path, handler) in card::demo::routes() {
            router = router.route(path, handler);
        }
    }
    router.fallback(nothing).layer(from_fn_with_state(Arc::clone(&web), guard)).with_state(web)
}

async fn nothing(Visitor(req): Visitor) -> Response {
    if api::is_for_programs(&req.here) {
        return api::problem::problem(&req.ctx, &kaigo_app::Error::NotFound);
    }
    crate::failure::failure(&req, &kaigo_app::Error::NotFound)
}

/// What is refused before anything else: posts from other sites, individual numbers in an address, paths that cannot be.
async fn refused(web: &Arc<Web>, request: Request) -> Result<Request, Response> {
    if request.method() == Method::POST && !same_site(request.headers()) {
        web.app.refused.add(Refused::OtherSite, &place_of(&request, web), "sent by another site");
        return Err(StatusCode::FORBIDDEN.into_response());
    }
    let error = if asks_for_individual_number(request.uri()) {
        web.app.refused.add(Refused::IndividualNumber, &place_of(&request, web), "in an address");
        individual_number()
    } else if request.uri().path().contains("%00") {
        // No identifier holds it, and not every database takes it.
        kaigo_app::Error::NotFound
    } else {
        return Ok(request);
    };
    if api::is_for_programs(request.uri().path()) {
        return Err(api::problem::problem(&web.clock.ctx(&web.ids), &error));
    }
    let (mut parts, _) = request.into_parts();
    let Visitor(req) = Visitor::from_request_parts(&mut parts, web).await?;
    Err(crate::failure::failure(&req, &error))
}

/// The handler's answer; for a form whose session has ended a login that carries the form.
async fn answered(web: &Arc<Web>, request: Request, next: Next) -> Response {
    match kept::hold(web, request).await {
        Ok((request, Some(held))) => held.or_login(web, next.run(request).await).await,
        Ok((request, None)) => next.run(request).await,
        Err(response) => response,
    }
}

/// Counts files that were not taken, and programs whose token does not count.
async fn watched(web: &Arc<Web>, request: Request, next: Next) -> Response {
    let place = place_of(&request, web);
    let carries_file = request.method() == Method::POST && brings_file(request.headers());
    let is_program = api::is_for_programs(request.uri().path());
    let response = answered(web, request, next).await;
    match response.status() {
        StatusCode::UNAUTHORIZED if is_program => web.app.refused.add(Refused::Program, &place, "no token that counts"),
        StatusCode::PAYLOAD_TOO_LARGE if carries_file => web.app.refused.add(Refused::Upload, &place, "too large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE if carries_file => {
            web.app.refused.add(Refused::Upload, &place, "another kind");
        }
        StatusCode::UNPROCESSABLE_ENTITY if carries_file => {
            web.app.refused.add(Refused::Upload, &place, "not what is taken there");
        }
        _ => {}
    }
    response
}

/// Whether the body is more than typed fields.
fn brings_file(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    ["multipart/form-data", "application/zip", "application/octet-stream", "text/csv"]
        .iter()
        .any(|k| kind.starts_with(k))
}

/// Refuses what no page may take, and sets the headers that every answer has.
async fn guard(State(web): State<Arc<Web>>, request: Request, next: Next) -> Response {
    let is_asset = request.uri().path().starts_with("/assets/");
    let furigana = !is_asset && furigana::wanted(&web, request.headers());
    let mut response = match refused(&web, request).await {
        Ok(request) => watched(&web, request, next).await,
        Err(response) => response,
    };
    if furigana {
        response = furigana::with_readings(response).await;
    }
    let cached = is_asset && response.status().is_success();
    let headers = response.headers_mut();
    let fixed = [
        (
            "content-security-policy",
            "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if web.secure_cookies {
        // Who came by TLS once comes by TLS only, for two years.
        let always = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, always);
    }
    // Personal data stays in no cache; what has a version in its address may stay.
    // So may what a page of nobody's data says of itself.
    let is_public = |value: &HeaderValue| value.as_bytes().starts_with(b"public");
    if !headers.get(header::CACHE_CONTROL).is_some_and(is_public) {
        let cache = if cached { "public, max-age=31536000, immutable" } else { "no-store" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    }
    response
}

fn asset(kind: &'static str, body: &'static str) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], body).into_response()
}

async fn stylesheet() -> Response {
    asset("text/css; charset=utf-8", crate::view::STYLESHEET)
}

async fn script() -> Response {
    asset("text/javascript; charset=utf-8", crate::view::SCRIPT)
}

async fn session_script() -> Response {
    asset("text/javascript; charset=utf-8", crate::view::SESSION_SCRIPT)
}

async fn sheet_stylesheet() -> Response {
    asset("text/css; charset=utf-8", crate::view::SHEET_STYLESHEET)
}

async fn passkey_script() -> Response {
    asset("text/javascript; charset=utf-8", crate::view::account::PASSKEY_SCRIPT)
}

async fn sheet_script() -> Response {
    asset("text/javascript; charset=utf-8", crate::view::SHEET_SCRIPT)
}

async fn icon() -> Response {
    asset("image/svg+xml", crate::view::ICON)
}

/// Whether the database answers.
async fn health(State(web): State<Arc<Web>>) -> Response {
    let answer = web.app.db.read(|tx| kaigo_store::insurer::list(tx).map(|all| all.len())).await;
    match answer {
        Ok(_) => "ok\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "database\n").into_response(),
    }
}
