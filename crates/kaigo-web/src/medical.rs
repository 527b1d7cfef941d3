//! The medical institution's pages: 主治医意見書.

pub(crate) mod check;
pub(crate) mod file;
pub(crate) mod form;
pub(crate) mod more;
pub(crate) mod show;

use axum::extract::{DefaultBodyLimit, Path};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::opinion::write::{self, Lists, Opened};
use kaigo_app::opinion::{Paper, Request};
use kaigo_core::date::{age_on, days_until, seireki};
use kaigo_core::opinion::request::{CountKind, PlaceKind, State};

use crate::failure::{failure, ok};
use crate::request::{Medical, Req};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::medical::{
    EventRow, OPINION_SCRIPT, OPINION_STYLESHEET, PaperRow, Patient, Request as View, RequestRow, Requests,
};
use crate::view::{Chip, Fact, Notice, Tone};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::{Anybody, Medical};
    let upload = post(file::upload).layer(DefaultBodyLimit::max(file::MOST_BYTES));
    vec![
        row("GET", "/assets/opinion.css", Anybody, "-", get(stylesheet)),
        row("GET", "/assets/opinion.js", Anybody, "-", get(script)),
        row("GET", "/medical", Medical, "list-requests", get(list)),
        row("GET", "/medical/requests/{r}", Medical, "write-opinion", get(request)),
        row("GET", "/medical/requests/{r}/form", Medical, "write-opinion", get(form::show)),
        row("POST", "/medical/requests/{r}/form", Medical, "write-opinion", post(form::save)),
        row("GET", "/medical/requests/{r}/check", Medical, "write-opinion", get(check::show)),
        row("POST", "/medical/requests/{r}/submit", Medical, "write-opinion", post(check::submit)),
        row("GET", "/medical/requests/{r}/receipt", Medical, "write-opinion", get(check::receipt)),
        row("GET", "/medical/requests/{r}/paper", Medical, "write-opinion", get(more::paper)),
        row("GET", "/medical/requests/{r}/upload", Medical, "write-opinion", get(file::form)),
        row("POST", "/medical/requests/{r}/upload", Medical, "write-opinion", upload),
        row("GET", "/medical/requests/{r}/file", Medical, "write-opinion", get(file::file)),
        row("GET", "/medical/requests/{r}/decline", Medical, "write-opinion", get(more::decline_form)),
        row("POST", "/medical/requests/{r}/decline", Medical, "write-opinion", post(more::decline)),
        row("GET", "/medical/requests/{r}/certificate", Medical, "insured-certificate", get(more::certificate)),
    ]
}

async fn stylesheet() -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"))], OPINION_STYLESHEET).into_response()
}

async fn script() -> Response {
    let kind = HeaderValue::from_static("text/javascript; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], OPINION_SCRIPT).into_response()
}

/// GET /medical
pub(crate) async fn list(Medical(req): Medical) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match write::list(&req.web.app, &req.ctx, caller).await {
        Ok(lists) => ok(&list_page(&req, &lists)),
        Err(error) => failure(&req, &error),
    }
}

fn list_page(req: &Req, lists: &Lists) -> Requests {
    let row = |request: &Request| request_row(req, request, lists.insurer(request.insurer_no));
    Requests {
        shell: req.shell(),
        open: lists.open.iter().map(row).collect(),
        more: lists.more,
        done: lists.done.iter().map(row).collect(),
    }
}

fn request_row(req: &Req, request: &Request, insurer: &str) -> RequestRow {
    let note = match (request.state, request.reminded_on) {
        (State::Returned, _) => format!("差戻し：{}", request.reason),
        (State::Requested, Some(on)) => format!("{}に催促がありました", say::short(on)),
        (State::Requested | State::Submitted | State::Accepted | State::Declined | State::Cancelled, _) => {
            String::new()
        }
    };
    RequestRow {
        href: format!("/medical/requests/{}", request.request_id),
        name: request.name.clone(),
        kana: request.kana.clone(),
        age: format!("{}歳 {}", age_on(request.born_on, req.ctx.today), sex(request)),
        insurer: insurer.to_owned(),
        class: class(request),
        due: say::short(request.due_on),
        chip: chip(req, request),
        note,
    }
}

/// 男・女.
pub(crate) fn sex(request: &Request) -> &'static str {
    kaigo_core::code::Sex::parse(&request.sex).map(kaigo_core::code::Sex::label).unwrap_or_default()
}

/// 「継続・在宅」.
pub(crate) fn class(request: &Request) -> String {
    let count = CountKind::parse(&request.count_kind).map(CountKind::label).unwrap_or_default();
    let place = PlaceKind::parse(&request.place_kind).map(PlaceKind::label).unwrap_or_default();
    format!("{count}・{place}")
}

/// How far a request is; while it is to be written, how near its due day.
pub(crate) fn chip(req: &Req, request: &Request) -> Chip {
    let left = days_until(req.ctx.today, request.due_on);
    match request.state {
        State::Returned => Chip::new(Tone::Bad, "差戻し"),
        State::Requested if left < 0 => Chip::new(Tone::Bad, format!("{}日すぎています", -left)),
        State::Requested if left == 0 => Chip::new(Tone::Bad, "きょうまで"),
        State::Requested if left <= 4 => Chip::new(Tone::Warn, format!("あと{left}日")),
        State::Requested => Chip::new(Tone::Info, format!("あと{left}日")),
        State::Submitted => Chip::new(Tone::Info, "確認待ち"),
        State::Accepted => Chip::new(Tone::Good, "受理"),
        State::Declined => Chip::new(Tone::Plain, "書けないと返答"),
        State::Cancelled => Chip::new(Tone::Plain, "取消し"),
    }
}

/// The bar of the person.
pub(crate) fn patient(req: &Req, request: &Request, insurer: &str) -> Patient {
    Patient {
        name: request.name.clone(),
        kana: request.kana.clone(),
        birth: say::birth(request.born_on),
        age: format!("{}歳", age_on(request.born_on, req.ctx.today)),
        sex: sex(request).to_owned(),
        insurer: insurer.to_owned(),
        number: say::number(request.insured_no),
        chips: vec![chip(req, request), Chip::new(Tone::Plain, class(request))],
        base: format!("/medical/requests/{}", request.request_id),
    }
}

/// Opens a request for a page.
pub(crate) async fn opened(req: &Req, r: &str) -> Result<Opened, Error> {
    write::open(&req.web.app, &req.ctx, req.caller()?, r).await
}

/// GET /medical/requests/{r}
pub(crate) async fn request(Medical(req): Medical, Path(r): Path<String>) -> Response {
    match opened(&req, &r).await {
        Ok(opened) => ok(&request_page(&req, &opened)),
        Err(error) => failure(&req, &error),
    }
}

fn request_page(req: &Req, opened: &Opened) -> View {
    let request = &opened.request;
    let write = match (request.state, opened.draft.revision) {
        (State::Returned, 0) => Some("直して出しなおす"),
        (State::Requested, 0) => Some("意見書を書く"),
        (State::Requested | State::Returned, _) => Some("つづきを書く"),
        (State::Submitted | State::Accepted | State::Declined | State::Cancelled, _) => None,
    };
    View {
        shell: req.shell(),
        patient: patient(req, request, &opened.insurer),
        notices: notices(req, request),
        facts: facts(opened),
        write: write.map(str::to_owned),
        has_previous: opened.previous.is_some(),
        can_decline: request.state.is_open(),
        papers: paper_rows(&opened.papers),
        events: event_rows(&opened.events),
    }
}

fn notices(req: &Req, request: &Request) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut add = |tone, heading: &str, say: String| notices.push(Notice { tone, heading: heading.to_owned(), say });
    match request.state {
        State::Returned => add(Tone::Warn, "市町村から差し戻されました", request.reason.clone()),
        State::Submitted => add(Tone::Info, "提出しました。市町村の確認を待っています", String::new()),
        State::Accepted => add(Tone::Good, "市町村が受理しました", String::new()),
        State::Requested if request.due_on < req.ctx.today => {
            add(
                Tone::Warn,
                "提出期限をすぎています",
                "認定の結果が遅れると、ご本人がサービスを使えません。".to_owned(),
            );
        }
        State::Requested | State::Declined | State::Cancelled => {}
    }
    notices
}

fn facts(opened: &Opened) -> Vec<Fact> {
    let request = &opened.request;
    let draft = &opened.draft;
    let mut facts = vec![
        Fact::new("提出期限", seireki(request.due_on)),
        Fact::new("依頼日", seireki(request.requested_on)),
        Fact::new("依頼した保険者", opened.insurer.clone()),
        Fact::new("医師氏名", request.physician.clone()),
        Fact::new("区分", class(request)),
        Fact::new("申請", format!("{}（申請番号 {}）", seireki(request.applied_on), request.application_no)),
        Fact::new("市町村からの連絡", request.note.clone()),
    ];
    if draft.revision > 0 {
        facts.push(Fact::new(
            "書きかけ",
            format!("{} に保存（{}）", say::short_instant(&draft.saved_at), draft.saved_by),
        ));
    }
    facts
}

/// Submissions for a table, the newest last.
pub(crate) fn paper_rows(papers: &[Paper]) -> Vec<PaperRow> {
    let row = |paper: &Paper| {
        let row = &paper.row;
        let chip = match row.state.as_str() {
            "accepted" => Chip::new(Tone::Good, "受理"),
            "returned" => Chip::new(Tone::Bad, "差戻し"),
            _ => Chip::new(Tone::Info, "確認待ち"),
        };
        PaperRow {
            place: row.place,
            receipt: row.receipt_no.clone(),
            at: say::instant(&row.submitted_at),
            by: row.submitted_by.clone(),
            chip,
            reason: row.reason.clone(),
            file: show::file(paper.sheet.file.as_ref()),
        }
    };
    papers.iter().map(row).collect()
}

/// What happened, in words.
pub(crate) fn event_rows(events: &[kaigo_store::opinion::Event]) -> Vec<EventRow> {
    let row = |event: &kaigo_store::opinion::Event| {
        let word = match event.what.as_str() {
            "requested" => "依頼",
            "reminded" => "催促",
            "submitted" => "提出",
            "returned" => "差戻し",
            "accepted" => "受理",
            "declined" => "書けないと返答",
            "cancelled" => "依頼の取消し",
            other => other,
        };
        let what = if event.say.is_empty() { word.to_owned() } else { format!("{word}（{}）", event.say) };
        EventRow { at: say::instant(&event.at), what, by: event.by.clone() }
    };
    events.iter().map(row).collect()
}
