//! The certification board's pages (介護認定審査会): sessions, the cases of one by number, judgements.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::board::{self, CaseBefore, SessionForm, SessionPage, Verdicts};
use kaigo_app::case::paper;
use kaigo_app::documents::DocumentId;
use kaigo_core::care_level::CareLevel;
use kaigo_core::code::thousands;
use kaigo_core::date::{parse_date, seireki};
use kaigo_core::rule::case::Verdict;
use kaigo_core::text::halfwidth;
use kaigo_store::board::BoardCase;

use crate::failure::{failure, moved, ok, page};
use crate::insurer::board::{session_facts, session_line, session_title};
use crate::insurer::cases::{computed_word, judgement_lines, paper_view, submit_key};
use crate::insurer::forms::{levels, text};
use crate::request::{Board, Fields, Req};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::board::{Case as CaseView, CaseLine, Session as SessionView, SessionEdit, Sessions, Sheet, SheetRow};
use crate::view::insurer::chosen;
use crate::view::{Chip, Fact, FieldError, Link, Tone};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Board;
    vec![
        row("GET", "/board", Board, "list-sessions", get(list)),
        row("POST", "/board/sessions", Board, "judge-case", post(plan)),
        row("GET", "/board/sessions/{s}", Board, "list-sessions", get(session)),
        row("GET", "/board/sessions/{s}/edit", Board, "list-sessions", get(edit_form)),
        row("POST", "/board/sessions/{s}/edit", Board, "judge-case", post(edit)),
        row("GET", "/board/sessions/{s}/sheet", Board, "list-sessions", get(sheet)),
        row("POST", "/board/sessions/{s}/close", Board, "judge-case", post(close)),
        row("POST", "/board/sessions/{s}/cases/{e}/up", Board, "judge-case", post(up)),
        row("GET", "/board/cases/{e}", Board, "progress,certification-result", get(case)),
        row("POST", "/board/cases/{e}", Board, "judge-case", post(judge)),
        row("GET", "/board/cases/{e}/papers/{d}", Board, "survey,doctor-opinion", get(open)),
    ]
}

/// GET /board
async fn list(Board(req): Board) -> Response {
    sessions_page(&req, None, Vec::new()).await
}

async fn sessions_page(req: &Req, typed: Option<&Fields>, errors: Vec<FieldError>) -> Response {
    match sessions_view(req, typed, errors).await {
        Ok(view) => {
            let status = if view.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            page(status, &view)
        }
        Err(error) => failure(req, &error),
    }
}

async fn sessions_view(req: &Req, typed: Option<&Fields>, errors: Vec<FieldError>) -> Result<Sessions, Error> {
    let caller = req.caller()?;
    let staff = board::staff(caller)?;
    let all = board::sessions(&req.web.app, &req.ctx, caller).await?;
    let (coming, mut past): (Vec<_>, Vec<_>) = all.iter().partition(|session| session.is_open);
    past.reverse();
    let lines = |sessions: Vec<&kaigo_store::board::Session>| {
        sessions.into_iter().map(|session| session_line(session, "/board/sessions")).collect()
    };
    let typed_or = |name: &str, now: &str| typed.map_or_else(|| now.to_owned(), |fields| fields.get(name).to_owned());
    let count = i32::try_from(staff.insurers.len()).unwrap_or(0);
    Ok(Sessions {
        shell: req.shell(),
        errors,
        board: staff.board_name.clone(),
        serves: format!("{}つの保険者を受け持っています", thousands(count)),
        coming: lines(coming),
        past: lines(past),
        submit_key: typed.map_or_else(|| req.ctx.ids.id(), |fields| submit_key(req, fields)),
        held_on: typed_or("held_on", ""),
        starts_at: typed_or("starts_at", "14:00"),
        panel: typed_or("panel", ""),
        place: typed_or("place", ""),
        capacity: typed_or("capacity", "30"),
        members: typed_or("members", ""),
    })
}

/// POST /board/sessions
async fn plan(Board(req): Board, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let form = match session_form(&req, &fields) {
        Ok(form) => form,
        Err(error) => return sessions_page(&req, Some(&fields), vec![error]).await,
    };
    let done = async { board::plan(&req.web.app, &req.ctx, req.caller()?, form).await };
    match done.await {
        Ok(session_id) => moved(&format!("/board/sessions/{session_id}?done=session-planned")),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|wrong| FieldError::new(wrong.field, wrong.say)).collect();
            sessions_page(&req, Some(&fields), errors).await
        }
        Err(error) => failure(&req, &error),
    }
}

/// A session as it was typed; numbers that are none are out of every range.
fn session_form(req: &Req, fields: &Fields) -> Result<SessionForm, FieldError> {
    let Some(held_on) = parse_date(fields.get("held_on")) else {
        return Err(FieldError::new("held_on", "開催日を入れてください。例：2026年12月3日、R8.12.3"));
    };
    let members = halfwidth(fields.get("members"));
    Ok(SessionForm {
        held_on,
        starts_at: halfwidth(fields.get("starts_at")).into_owned(),
        panel: fields.get("panel").to_owned(),
        place: fields.get("place").to_owned(),
        capacity: halfwidth(fields.get("capacity")).trim().parse().unwrap_or(0),
        members: if members.trim().is_empty() { None } else { Some(members.trim().parse().unwrap_or(0)) },
        submit_key: submit_key(req, fields),
    })
}

/// GET /board/sessions/{s}/edit
async fn edit_form(Board(req): Board, Path(s): Path<String>) -> Response {
    edit_page(&req, &s, None, (Vec::new(), String::new())).await
}

async fn edit_page(
    req: &Req,
    s: &str,
    typed: Option<&Fields>,
    (errors, conflict): (Vec<FieldError>, String),
) -> Response {
    let found = async { board::session(&req.web.app, &req.ctx, req.caller()?, s).await };
    let session = match found.await {
        Ok(all) if all.session.is_open => all.session,
        Ok(_) => return session_page(req, s, Some("この回はもう終わっています。".to_owned())).await,
        Err(error) => return failure(req, &error),
    };
    let or = |name: &str, now: String| typed.map_or(now, |fields| fields.get(name).to_owned());
    // After a conflict the form stands on what is there now.
    let fresh = typed.is_none() || !conflict.is_empty();
    let view = SessionEdit {
        shell: req.shell(),
        href: format!("/board/sessions/{s}"),
        title: session_title(&session),
        submit_key: if fresh { req.ctx.ids.id() } else { or("submit_key", String::new()) },
        seen: if fresh { session.seen().to_owned() } else { or("seen", String::new()) },
        held_on: or("held_on", seireki(session.held_on)),
        starts_at: or("starts_at", session.starts_at.clone()),
        panel: or("panel", session.panel.clone()),
        place: or("place", session.place.clone()),
        capacity: or("capacity", session.capacity.to_string()),
        members: or("members", session.members.map(|n| n.to_string()).unwrap_or_default()),
        errors,
        conflict,
    };
    let status = match (view.conflict.is_empty(), view.errors.is_empty()) {
        (false, _) => StatusCode::CONFLICT,
        (true, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (true, true) => StatusCode::OK,
    };
    page(status, &view)
}

/// POST /board/sessions/{s}/edit
async fn edit(Board(req): Board, Path(s): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let form = match session_form(&req, &fields) {
        Ok(form) => form,
        Err(error) => return edit_page(&req, &s, Some(&fields), (vec![error], String::new())).await,
    };
    let seen = fields.get("seen");
    let done = async { board::change(&req.web.app, &req.ctx, req.caller()?, (&s, seen), form).await };
    match done.await {
        Ok(()) => moved(&format!("/board/sessions/{s}?done=session-changed")),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|wrong| FieldError::new(wrong.field, wrong.say)).collect();
            edit_page(&req, &s, Some(&fields), (errors, String::new())).await
        }
        Err(Error::Conflict(say)) => edit_page(&req, &s, Some(&fields), (Vec::new(), say)).await,
        Err(error) => failure(&req, &error),
    }
}

/// GET /board/sessions/{s}/sheet
async fn sheet(Board(req): Board, Path(s): Path<String>) -> Response {
    let found = async { board::session(&req.web.app, &req.ctx, req.caller()?, &s).await };
    match found.await {
        Ok(all) => ok(&sheet_view(&req, &all)),
        Err(error) => failure(&req, &error),
    }
}

fn sheet_view(req: &Req, all: &SessionPage) -> Sheet {
    let session = &all.session;
    let cells = |case: &BoardCase| SheetRow {
        place: case.place.to_string(),
        cells: vec![
            vec![case.insurer_name.clone()],
            vec![board::kind_word(case).to_owned(), case.applied_on.map(seireki).unwrap_or_default()],
            vec![case.computed.as_ref().map(|(level, n)| computed_word(level, *n)).unwrap_or_default()],
            case.judgement.as_ref().map(judgement_lines).unwrap_or_default(),
        ],
    };
    let word = if session.is_open { "審査会資料（案件の一覧）" } else { "審査会結果一覧" };
    let members = session.members.map(|n| format!("　出席する委員 {n}人")).unwrap_or_default();
    Sheet {
        shell: req.shell(),
        back: Link::new(session_title(session), format!("/board/sessions/{}", session.session_id)),
        heading: word.to_owned(),
        title: format!("{} {}{members}", session_title(session), session.starts_at),
        place: session.place.clone(),
        note: "氏名と被保険者番号は出しません。対象者番号で進めてください。".to_owned(),
        columns: vec!["保険者", "申請", "一次判定", "二次判定・意見"],
        rows: all.cases.iter().map(cells).collect(),
    }
}

/// GET /board/sessions/{s}
async fn session(Board(req): Board, Path(s): Path<String>) -> Response {
    session_page(&req, &s, None).await
}

async fn session_page(req: &Req, s: &str, refused: Option<String>) -> Response {
    let found = async { board::session(&req.web.app, &req.ctx, req.caller()?, s).await };
    match found.await {
        Ok(all) => {
            let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
            page(status, &session_view(req, &all, refused))
        }
        Err(error) => failure(req, &error),
    }
}

fn session_view(req: &Req, all: &SessionPage, refused: Option<String>) -> SessionView {
    let session = &all.session;
    let base = format!("/board/sessions/{}", session.session_id);
    let line = |(index, case): (usize, &BoardCase)| CaseLine {
        place: case.place.to_string(),
        href: format!("/board/cases/{}", case.case_id),
        insurer: case.insurer_name.clone(),
        kind: board::kind_word(case).to_owned(),
        computed: case.computed.as_ref().map(|(level, minutes)| computed_word(level, *minutes)).unwrap_or_default(),
        judgement: case
            .judgement
            .as_ref()
            .and_then(|judgement| judgement_lines(judgement).into_iter().next())
            .unwrap_or_default(),
        chip: if case.judgement.is_some() {
            Chip::new(Tone::Good, "判定ずみ")
        } else {
            Chip::new(Tone::Plain, "判定まち")
        },
        up: if index > 0 { format!("{base}/cases/{}/up", case.case_id) } else { String::new() },
    };
    SessionView {
        shell: req.shell(),
        errors: refused.into_iter().map(|say| FieldError::new("", say)).collect(),
        title: session_title(session),
        facts: session_facts(session),
        is_open: session.is_open,
        cases: all.cases.iter().enumerate().map(line).collect(),
        href: base,
    }
}

/// POST /board/sessions/{s}/close
async fn close(Board(req): Board, Path(s): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let done = async { board::close(&req.web.app, &req.ctx, req.caller()?, &s).await };
    match done.await {
        Ok(()) => moved(&format!("/board/sessions/{s}?done=session-closed")),
        Err(Error::Conflict(say)) => session_page(&req, &s, Some(say)).await,
        Err(error) => failure(&req, &error),
    }
}

/// POST /board/sessions/{s}/cases/{e}/up
async fn up(Board(req): Board, Path((s, e)): Path<(String, String)>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let seen = fields.get("place").parse().unwrap_or(-1);
    let done = async { board::move_up(&req.web.app, req.caller()?, (&s, &e), seen).await };
    match done.await {
        Ok(()) => moved(&format!("/board/sessions/{s}")),
        Err(error) => failure(&req, &error),
    }
}

/// GET /board/cases/{e}
async fn case(Board(req): Board, Path(e): Path<String>) -> Response {
    case_page(&req, &e, None, (Vec::new(), String::new())).await
}

async fn case_page(
    req: &Req,
    e: &str,
    typed: Option<&Fields>,
    (errors, conflict): (Vec<FieldError>, String),
) -> Response {
    let found = async { board::case(&req.web.app, &req.ctx, req.caller()?, e).await };
    match found.await {
        Ok(all) => {
            let status = match (errors.is_empty(), conflict.is_empty()) {
                (_, false) => StatusCode::CONFLICT,
                (false, true) => StatusCode::UNPROCESSABLE_ENTITY,
                (true, true) => StatusCode::OK,
            };
            page(status, &case_view(req, &all, typed, (errors, conflict)))
        }
        Err(error) => failure(req, &error),
    }
}

fn case_view(
    req: &Req,
    all: &CaseBefore,
    typed: Option<&Fields>,
    (errors, conflict): (Vec<FieldError>, String),
) -> CaseView {
    let base = format!("/board/cases/{}", all.case.case_id);
    let known = all.case.judgement.clone().unwrap_or_default();
    let or = |name: &str, now: Option<String>| {
        typed.map_or_else(|| now.unwrap_or_default(), |fields| fields.get(name).to_owned())
    };
    let documents = [("認定調査票", all.survey), ("主治医意見書", all.opinion)];
    let link = |(word, id): (&str, DocumentId)| Link::new(word, format!("{base}/papers/{}", id.text()));
    CaseView {
        shell: req.shell(),
        errors,
        conflict,
        back: Link::new(session_title(&all.session), format!("/board/sessions/{}", all.session.session_id)),
        title: format!("対象者番号 {}", all.case.place),
        facts: case_facts(all),
        papers: documents.iter().filter_map(|(word, id)| Some(link((word, (*id)?)))).collect(),
        missing: documents
            .iter()
            .filter(|(_, id)| id.is_none())
            .map(|(word, _)| format!("{word}は、まだ登録されていません。"))
            .collect(),
        is_open: all.session.is_open,
        judgement: all
            .case
            .judgement
            .as_ref()
            .map(|said| {
                let who = format!("{}　{}", said.judged_by, say::instant(&said.judged_at));
                vec![Fact::many("判定", judgement_lines(said)).note(who)]
            })
            .unwrap_or_default(),
        revision: all.case.revision.to_string(),
        verdicts: chosen(
            Verdict::ALL.iter().map(|v| (v.code(), v.label())),
            &or("verdict", Some(known.verdict.clone())),
        ),
        levels: levels(&or("level", known.care_level.clone())),
        months: or("months", known.valid_months.map(|n| n.to_string())),
        months_hint: months_hint(all),
        opinion: or("opinion", known.opinion.clone()),
        designated: or("designated", known.designated_services.clone()),
        reason: or("reason", known.reason),
        href: base,
    }
}

fn months_hint(all: &CaseBefore) -> String {
    let words = |range: kaigo_core::rule::validity::Months| {
        format!("ふつうは{}か月、{}か月から{}か月まで", range.usual, range.min, range.max)
    };
    match all.months {
        (Some(same), Some(other)) if same != other => {
            format!("区分が前と同じなら{}。違うなら{}", words(same), words(other))
        }
        (_, Some(range)) => words(range),
        (_, None) => String::new(),
    }
}

fn case_facts(all: &CaseBefore) -> Vec<Fact> {
    let a = &all.application;
    let mut facts = vec![
        Fact::new("保険者", all.case.insurer_name.clone()),
        Fact::new("年齢・性別", format!("{}歳　{}", all.age, all.sex.label())),
        Fact::new("申請", format!("{}申請（{}）", a.kind.label(), seireki(a.applied_on))),
    ];
    let computed = all.case.computed.as_ref().map(|(level, minutes)| computed_word(level, *minutes));
    facts.push(Fact::new("一次判定", computed.unwrap_or_default()));
    facts.extend(all.disease.map(|disease| Fact::new("特定疾病", disease.label())));
    let before = all.before.care_level.map(|level| {
        let until = all.before.valid_until.map(|until| format!("（{}まで）", seireki(until))).unwrap_or_default();
        format!("{}{until}", level.label())
    });
    facts.push(Fact::new("前の認定", before.unwrap_or_default()));
    facts
}

/// POST /board/cases/{e}
async fn judge(Board(req): Board, Path(e): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let mut errors = Vec::new();
    let Some(said) = read(&fields, &mut errors).filter(|_| errors.is_empty()) else {
        return case_page(&req, &e, Some(&fields), (errors, String::new())).await;
    };
    let done = async { board::judge(&req.web.app, &req.ctx, req.caller()?, &e, said).await };
    match done.await {
        Ok(session_id) => moved(&format!("/board/sessions/{session_id}?done=case-judged")),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|wrong| FieldError::new(wrong.field, wrong.say)).collect();
            case_page(&req, &e, Some(&fields), (errors, String::new())).await
        }
        Err(Error::Conflict(say)) => case_page(&req, &e, Some(&fields), (Vec::new(), say)).await,
        Err(error) => failure(&req, &error),
    }
}

fn read(fields: &Fields, errors: &mut Vec<FieldError>) -> Option<Verdicts> {
    let verdict = Verdict::parse(fields.get("verdict")).ok();
    if verdict.is_none() {
        errors.push(FieldError::new("verdict", "判定を選んでください。"));
    }
    let plain = halfwidth(fields.get("months"));
    let months: Option<i32> = plain.parse().ok().filter(|n| (1..=99).contains(n));
    if !plain.is_empty() && months.is_none() {
        errors.push(FieldError::new("months", "有効月数は、数で入れてください。"));
    }
    Some(Verdicts {
        verdict: verdict?,
        care_level: CareLevel::parse(fields.get("level")).ok(),
        months,
        opinion: text(fields, "opinion", "審査会の意見", errors),
        designated_services: text(fields, "designated", "サービスの種類の指定", errors),
        reason: text(fields, "reason", "理由", errors),
        revision: fields.get("revision").parse().unwrap_or(-1),
    })
}

/// GET /board/cases/{e}/papers/{d}
async fn open(Board(req): Board, Path((e, d)): Path<(String, String)>) -> Response {
    let opened = async {
        let document = DocumentId::parse(&d).ok_or(Error::NotFound)?;
        let found = paper::open_before_board(&req.web.app, &req.ctx, req.caller()?, &e, document).await?;
        let back = Link::new("案件", format!("/board/cases/{e}"));
        Ok::<_, Error>(paper_view(&req, (document, &found.content), back, None, true))
    };
    match opened.await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}
