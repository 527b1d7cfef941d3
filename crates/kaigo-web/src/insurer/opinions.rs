//! The municipality's side of opinions: asking, reminding, taking back, reading, accepting, sending back.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::opinion::answer::{self, Listed, Received};
use kaigo_app::opinion::ask::{self, Asked, Prepared};
use kaigo_app::opinion::{Request, subject};
use kaigo_core::date::{iso, parse_date, seireki, wareki};
use kaigo_core::finding::Severity;
use kaigo_core::id::{InstitutionNo, InsuredNo, InsurerNo};
use kaigo_core::opinion::request::{CountKind, PlaceKind, State};
use kaigo_core::opinion::{changes, check};
use kaigo_core::policy::Caller;

use crate::failure::{failure, moved, ok, page};
use crate::medical::show::{change, file, found, sheet};
use crate::medical::{chip, class, event_rows, paper_rows, sex};
use crate::request::{Fields, Insurer, Req};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::insurer::WorkLine;
use crate::view::medical::Paper;
use crate::view::medical::desk::{Cancel, New, Opinion, Opinions, Row};
use crate::view::{Chip, Choice, Fact, FieldError, Link, Notice, Paging, Tone};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Insurer;
    vec![
        row("GET", "/insurer/opinions", Insurer, "list-insured", get(list)),
        row("GET", "/insurer/cases/{p}/{n}/opinion", Insurer, "request-opinion", get(new)),
        row("POST", "/insurer/cases/{p}/{n}/opinion", Insurer, "request-opinion", post(make)),
        row("GET", "/insurer/opinions/{r}", Insurer, "answer-opinion", get(show)),
        row("GET", "/insurer/opinions/{r}/paper", Insurer, "answer-opinion", get(paper)),
        row("GET", "/insurer/opinions/{r}/file/{n}", Insurer, "answer-opinion", get(original)),
        row("POST", "/insurer/opinions/{r}/remind", Insurer, "request-opinion", post(remind)),
        row("GET", "/insurer/opinions/{r}/cancel", Insurer, "request-opinion", get(cancel_form)),
        row("POST", "/insurer/opinions/{r}/cancel", Insurer, "request-opinion", post(cancel)),
        row("POST", "/insurer/opinions/{r}/accept", Insurer, "answer-opinion", post(accept)),
        row("POST", "/insurer/opinions/{r}/return", Insurer, "answer-opinion", post(send_back)),
    ]
}

fn insurer_name(req: &Req) -> String {
    match req.caller() {
        Ok(Caller::Insurer(staff)) => staff.insurer_name.clone(),
        _ => String::new(),
    }
}

/// The state that is asked for; what waits for an answer comes first.
fn asked_state(req: &Req) -> State {
    State::parse(req.asked("state")).unwrap_or(State::Submitted)
}

/// GET /insurer/opinions?state=&after=
pub(crate) async fn list(Insurer(req): Insurer) -> Response {
    match list_view(&req).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn list_view(req: &Req) -> Result<Opinions, Error> {
    let state = asked_state(req);
    let after = req.asked("after").split_once('.').and_then(|(due, id)| Some((iso(due)?, id.to_owned())));
    let counts = answer::glance(&req.web.app, &req.ctx, req.caller()?).await?;
    let Listed { rows, next } = answer::list(&req.web.app, &req.ctx, req.caller()?, state, after).await?;
    let count = |state: State| counts.iter().find(|c| c.state == state).map_or(0, |c| c.all);
    let link = |state: &State| Link::new(format!("{} {}", state.label(), count(*state)), state.code());
    Ok(Opinions {
        shell: req.shell(),
        states: State::ALL.iter().map(link).collect(),
        heading: state.label().to_owned(),
        rows: rows.iter().map(|request| list_row(req, request)).collect(),
        paging: Paging {
            next: next.map(|(due, id)| format!("/insurer/opinions?state={}&after={due}.{id}", state.code())),
            ..Paging::default()
        },
    })
}

fn list_row(req: &Req, request: &Request) -> Row {
    let mut notes = Vec::new();
    if let Some(on) = request.reminded_on {
        notes.push(format!("催促 {}回（{}）", request.reminders, say::short(on)));
    }
    if !request.reason.is_empty() {
        notes.push(request.reason.clone());
    }
    Row {
        href: format!("/insurer/opinions/{}", request.request_id),
        name: request.name.clone(),
        number: say::number(request.insured_no),
        institution: request.institution_name.clone(),
        asked: say::short(request.requested_on),
        due: say::short(request.due_on),
        chip: chip(req, request),
        note: notes.join("　"),
    }
}

/// The person and the application of an address.
fn case_of(req: &Req, p: &str, n: &str) -> Result<((InsurerNo, InsuredNo), i32), Error> {
    let whom = req.web.app.keys.person_of_ref(p).ok_or(Error::NotFound)?;
    let record_no = n.parse().ok().filter(|n| (1..=9999).contains(n)).ok_or(Error::NotFound)?;
    Ok((whom, record_no))
}

/// GET /insurer/cases/{p}/{n}/opinion
pub(crate) async fn new(Insurer(req): Insurer, Path((p, n)): Path<(String, String)>) -> Response {
    new_page(&req, (&p, &n), None, Vec::new()).await
}

async fn new_page(req: &Req, (p, n): (&str, &str), typed: Option<&Fields>, errors: Vec<FieldError>) -> Response {
    let prepared = match prepared(req, p, n).await {
        Ok(prepared) => prepared,
        Err(error) => return failure(req, &error),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(status, &new_view(req, (p, n), &prepared, typed, errors))
}

async fn prepared(req: &Req, p: &str, n: &str) -> Result<Prepared, Error> {
    let (whom, record_no) = case_of(req, p, n)?;
    ask::prepare(&req.web.app, &req.ctx, req.caller()?, whom, record_no).await
}

fn new_view(
    req: &Req,
    (p, n): (&str, &str),
    prepared: &Prepared,
    typed: Option<&Fields>,
    errors: Vec<FieldError>,
) -> New {
    let value = |name: &str, usual: &str| typed.map_or_else(|| usual.to_owned(), |fields| fields.get(name).to_owned());
    let institution = value("institution", prepared.usual.as_ref().map_or("", InstitutionNo::as_str));
    let usual_count = if prepared.previous.is_some() { CountKind::Again } else { CountKind::First };
    let count = value("count_kind", usual_count.code());
    let place = value("place_kind", PlaceKind::Home.code());
    let choice = |value: &str, word: &str, chosen: &str| Choice {
        value: value.to_owned(),
        word: word.to_owned(),
        chosen: value == chosen,
    };
    let a = &prepared.application;
    let running = prepared.earlier.iter().find(|request| !request.state.is_over());
    New {
        shell: req.shell(),
        action: format!("/insurer/cases/{p}/{n}/opinion"),
        back: format!("/insurer/cases/{p}/{n}"),
        name: prepared.person.name.to_string(),
        facts: vec![
            Fact::new("被保険者番号", say::number(prepared.insured_no)),
            Fact::new("生年月日", say::birth(prepared.person.born_on)),
            Fact::new(
                "申請",
                format!("{}申請（{}、申請番号 {}）", a.kind.label(), seireki(a.applied_on), a.application_no),
            ),
            Fact::new("申請書の医療機関", a.institution.as_ref().map(ToString::to_string).unwrap_or_default()),
        ],
        notice: running.map(|request| Notice {
            tone: Tone::Info,
            heading: "この申請の意見書は、もう依頼しています".to_owned(),
            say: format!("{}（期限 {}）", request.institution_name, seireki(request.due_on)),
        }),
        running: running.map(|r| Link::new("この依頼を見る", format!("/insurer/opinions/{}", r.request_id))),
        errors,
        submit_key: typed.map_or_else(|| req.ctx.ids.id(), |fields| fields.get("submit_key").to_owned()),
        institutions: prepared
            .institutions
            .iter()
            .map(|i| choice(i.institution_no.as_str(), &i.name, &institution))
            .collect(),
        physician: value("physician", ""),
        counts: CountKind::ALL.iter().map(|kind| choice(kind.code(), kind.label(), &count)).collect(),
        places: PlaceKind::ALL.iter().map(|kind| choice(kind.code(), kind.label(), &place)).collect(),
        due_on: value("due_on", &wareki(prepared.due_on)),
        note: value("note", ""),
        previous: prepared.previous.as_ref().map(|(by, on)| format!("{by} {}", seireki(*on))),
        previous_note: prepared
            .previous
            .as_ref()
            .filter(|_| !prepared.hands_others)
            .map(|(by, _)| {
                format!("「{by}」に依頼するときだけ、いっしょに送ります。ほかの医療機関には、保険者のきまり（前回の意見書）を変えないと送れません。")
            })
            .unwrap_or_default(),
        with_previous: typed.is_none_or(|fields| fields.get("with_previous") == "1"),
    }
}

/// POST /insurer/cases/{p}/{n}/opinion
pub(crate) async fn make(Insurer(req): Insurer, Path((p, n)): Path<(String, String)>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &["institution"]) {
        return page;
    }
    let done = match typed(&req, (&p, &n), &fields) {
        Ok((whom, asked)) => match req.caller() {
            Ok(caller) => ask::ask(&req.web.app, &req.ctx, caller, whom, asked).await,
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => moved(&format!("/insurer/opinions/{id}?done=opinion-requested")),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            new_page(&req, (&p, &n), Some(&fields), errors).await
        }
        Err(error) => failure(&req, &error),
    }
}

fn typed(req: &Req, (p, n): (&str, &str), fields: &Fields) -> Result<((InsurerNo, InsuredNo), Asked), Error> {
    let (whom, record_no) = case_of(req, p, n)?;
    let mut wrong = Vec::new();
    let mut bad = |field, code, say: &str| wrong.push(kaigo_app::Wrong { field, code, say: say.to_owned() });
    let institution_no = InstitutionNo::parse(fields.get("institution"));
    if institution_no.is_err() {
        bad("institution", "opinion-institution", "医療機関を選んでください。");
    }
    let due_on = parse_date(fields.get("due_on"));
    if due_on.is_none() {
        bad("due_on", "cell-date", "提出期限を日付で入れてください。例：令和8年12月5日、2026/12/5");
    }
    let (count_kind, place_kind) =
        (CountKind::parse(fields.get("count_kind")), PlaceKind::parse(fields.get("place_kind")));
    if count_kind.is_err() {
        bad("count_kind", "cell-unknown-code", "新規か継続かを選んでください。");
    }
    if place_kind.is_err() {
        bad("place_kind", "cell-unknown-code", "在宅か施設かを選んでください。");
    }
    let (Ok(institution_no), Some(due_on), Ok(count_kind), Ok(place_kind)) =
        (institution_no, due_on, count_kind, place_kind)
    else {
        return Err(Error::Invalid(wrong));
    };
    let text = |name: &str| fields.get(name).trim().to_owned();
    let submit_key = Some(fields.get("submit_key")).filter(|key| key.len() == 32).map(str::to_owned);
    let submit_key = submit_key.unwrap_or_else(|| req.ctx.ids.id());
    let asked = Asked {
        record_no,
        institution_no,
        physician: text("physician"),
        count_kind,
        place_kind,
        due_on,
        note: text("note"),
        with_previous: fields.get("with_previous") == "1",
        submit_key,
    };
    Ok((whom, asked))
}

async fn received(req: &Req, r: &str) -> Result<Received, Error> {
    answer::view(&req.web.app, &req.ctx, req.caller()?, r).await
}

/// GET /insurer/opinions/{r}
pub(crate) async fn show(Insurer(req): Insurer, Path(r): Path<String>) -> Response {
    show_page(&req, &r, Vec::new(), "").await
}

async fn show_page(req: &Req, r: &str, errors: Vec<FieldError>, reason: &str) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match received(req, r).await {
        Ok(received) => page(status, &show_view(req, &received, errors, reason)),
        Err(error) => failure(req, &error),
    }
}

fn show_view(req: &Req, received: &Received, errors: Vec<FieldError>, reason: &str) -> Opinion {
    let request = &received.request;
    let last = received.papers.last();
    let form = last.map(|paper| paper.sheet.form());
    let known = subject(request, received.previous.as_ref(), req.ctx.today);
    let judged = form.as_ref().map(|form| check(form, &known)).unwrap_or_default();
    let by_file = last.is_some_and(|paper| paper.sheet.by_file);
    let file = last.map(|paper| file(paper.sheet.file.as_ref())).unwrap_or_default();
    let remindable = request.state.is_open() && request.reminded_on.is_none_or(|on| on < req.ctx.today);
    Opinion {
        shell: req.shell(),
        base: format!("/insurer/opinions/{}", request.request_id),
        name: request.name.clone(),
        chips: vec![chip(req, request), Chip::new(Tone::Plain, class(request))],
        facts: facts(request),
        errors,
        waiting: (request.state == State::Submitted).then_some(request.submissions),
        // Where a scan is the opinion, empty boxes are read from it.
        found: judged.iter().filter(|f| !(by_file && f.severity == Severity::Error)).map(found).collect(),
        changes: received
            .previous
            .as_ref()
            .zip(form.as_ref())
            .map(|(previous, form)| changes(previous, form).iter().map(change).collect()),
        sheet: form.as_ref().map(|form| {
            let mut sheet = sheet(req, request, &insurer_name(req), form);
            if by_file {
                sheet.file.clone_from(&file);
            }
            sheet
        }),
        file,
        papers: paper_rows(&received.papers),
        events: event_rows(&received.events),
        can_remind: remindable,
        can_cancel: !request.state.is_over(),
        reason: reason.to_owned(),
    }
}

fn facts(request: &Request) -> Vec<Fact> {
    vec![
        Fact::new("被保険者番号", say::number(request.insured_no)),
        Fact::new("生年月日・性別", format!("{}　{}", say::birth(request.born_on), sex(request))),
        Fact::new("申請", format!("{}（申請番号 {}）", seireki(request.applied_on), request.application_no)),
        Fact::new("医療機関", request.institution_name.clone()),
        Fact::new("医師氏名", request.physician.clone()),
        Fact::new("依頼日", format!("{}　{}", seireki(request.requested_on), request.requested_by)),
        Fact::new("提出期限", seireki(request.due_on)),
        Fact::new("医師への連絡", request.note.clone()),
    ]
}

/// GET /insurer/opinions/{r}/paper?place=
pub(crate) async fn paper(Insurer(req): Insurer, Path(r): Path<String>) -> Response {
    let received = match received(&req, &r).await {
        Ok(received) => received,
        Err(error) => return failure(&req, &error),
    };
    let place = req.asked("place").parse::<i32>().unwrap_or(received.request.submissions);
    let Some(paper) = received.papers.iter().find(|paper| paper.row.place == place) else {
        return failure(&req, &Error::NotFound);
    };
    let mut sheet = sheet(&req, &received.request, &insurer_name(&req), &paper.sheet.form());
    if paper.sheet.by_file {
        sheet.file = file(paper.sheet.file.as_ref());
    }
    if paper.row.state == "returned" {
        "差戻し".clone_into(&mut sheet.mark);
    }
    ok(&Paper {
        shell: req.shell(),
        back: (format!("/insurer/opinions/{r}"), "この依頼".to_owned()),
        title: format!("主治医意見書（受付番号 {}）", paper.row.receipt_no),
        sheet,
    })
}

/// GET /insurer/opinions/{r}/file/{n}
pub(crate) async fn original(Insurer(req): Insurer, Path((r, n)): Path<(String, String)>) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let Ok(place) = n.parse() else { return failure(&req, &Error::NotFound) };
    match answer::file(&req.web.app, &req.ctx, caller, &r, place).await {
        Ok(found) => crate::documents::original(found, &format!("opinion-{r}-{place}")),
        Err(error) => failure(&req, &error),
    }
}

/// POST /insurer/opinions/{r}/remind
pub(crate) async fn remind(Insurer(req): Insurer, Path(r): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match ask::remind(&req.web.app, &req.ctx, caller, &r).await {
        Ok(_) => moved(&format!("/insurer/opinions/{r}?done=opinion-reminded")),
        Err(error) => failure(&req, &error),
    }
}

/// Why a request is taken back.
const REASONS: &[&str] =
    &["ほかの医療機関に頼む", "申請が取り下げられた", "ご本人が亡くなった・転出した", "まちがえて依頼した"];

/// GET /insurer/opinions/{r}/cancel
pub(crate) async fn cancel_form(Insurer(req): Insurer, Path(r): Path<String>) -> Response {
    cancel_page(&req, &r, Vec::new()).await
}

async fn cancel_page(req: &Req, r: &str, errors: Vec<FieldError>) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match received(req, r).await {
        Ok(Received { request, .. }) => page(
            status,
            &Cancel {
                shell: req.shell(),
                base: format!("/insurer/opinions/{r}"),
                name: request.name,
                institution: request.institution_name,
                errors,
                reasons: REASONS.iter().map(|reason| Choice::new(*reason, *reason)).collect(),
            },
        ),
        Err(error) => failure(req, &error),
    }
}

/// POST /insurer/opinions/{r}/cancel
pub(crate) async fn cancel(Insurer(req): Insurer, Path(r): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Some(reason) = REASONS.iter().find(|reason| **reason == fields.get("reason")) else {
        return cancel_page(&req, &r, vec![FieldError::new("reason", "取り消す理由を選んでください。")]).await;
    };
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match ask::cancel(&req.web.app, &req.ctx, caller, &r, reason).await {
        Ok(()) => moved(&format!("/insurer/opinions/{r}?done=opinion-cancelled")),
        Err(error) => failure(&req, &error),
    }
}

/// POST /insurer/opinions/{r}/accept
pub(crate) async fn accept(Insurer(req): Insurer, Path(r): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let place = fields.get("place").parse().unwrap_or(0);
    match answer::accept(&req.web.app, &req.ctx, caller, &r, place).await {
        Ok(()) => moved(&format!("/insurer/opinions/{r}?done=opinion-accepted")),
        Err(error) => failure(&req, &error),
    }
}

/// POST /insurer/opinions/{r}/return
pub(crate) async fn send_back(Insurer(req): Insurer, Path(r): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let place = fields.get("place").parse().unwrap_or(0);
    match answer::send_back(&req.web.app, &req.ctx, caller, &r, (place, fields.get("reason"))).await {
        Ok(()) => moved(&format!("/insurer/opinions/{r}?done=opinion-returned")),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            show_page(&req, &r, errors, fields.get("reason")).await
        }
        Err(error) => failure(&req, &error),
    }
}

/// What waits here, for the desk's first page.
pub(crate) async fn glance(req: &Req) -> Result<Vec<WorkLine>, Error> {
    let counts = answer::glance(&req.web.app, &req.ctx, req.caller()?).await?;
    let of = |state: State| counts.iter().find(|c| c.state == state).map_or((0, 0), |c| (c.all, c.late));
    let late = of(State::Requested).1 + of(State::Returned).1;
    let line = |tone, heading: &str, count, say: &str, state: State| WorkLine {
        tone,
        heading: heading.to_owned(),
        count,
        unit: "件",
        say: say.to_owned(),
        href: format!("/insurer/opinions?state={}", state.code()),
    };
    Ok(vec![
        line(Tone::Warn, "期限をすぎた意見書", late, "医療機関に催促してください。", State::Requested),
        line(
            Tone::Info,
            "届いた意見書",
            of(State::Submitted).0,
            "内容を確かめて、受理してください。",
            State::Submitted,
        ),
        line(
            Tone::Warn,
            "書けないと返答された依頼",
            of(State::Declined).0,
            "ほかの医師に頼んでください。",
            State::Declined,
        ),
    ])
}
