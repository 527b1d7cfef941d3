//! The insurer's side of a board: sessions, cases put before one, judgements made decisions.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::board::insurer::{self, SessionFor};
use kaigo_app::case;
use kaigo_core::date::{parse_date, seireki};
use kaigo_core::id::InsurerNo;
use kaigo_core::rule::case::{CaseStep, due_on};
use kaigo_store::board::{BoardCase, Session};
use kaigo_store::case::CaseRow;

use super::cases::{age_chip, computed_word, href, judgement_lines, kind_word, pick, picks, seen_text, submit_key};
use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Insurer, Req};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::board::{Sheet, SheetRow};
use crate::view::insurer::board::{BoardLine, BoardOf, BoardSession, Boards, SessionLine, Unassign};
use crate::view::{Chip, Fact, FieldError, Link, Tone};

/// The URLs of the insurer's side of a board.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Insurer;
    vec![
        row("GET", "/insurer/board", Insurer, "manage-board", get(list)),
        row("GET", "/insurer/board/{s}", Insurer, "manage-board", get(show)),
        row("GET", "/insurer/board/{s}/sheet", Insurer, "manage-board", get(sheet)),
        row("POST", "/insurer/board/{s}/assign", Insurer, "manage-board", post(assign)),
        row("POST", "/insurer/board/{s}/confirm", Insurer, "manage-board", post(confirm)),
        row("GET", "/insurer/board/{s}/cases/{e}/remove", Insurer, "manage-board", get(remove_form)),
        row("POST", "/insurer/board/{s}/cases/{e}/remove", Insurer, "manage-board", post(remove)),
    ]
}

/// A session as a line, with its page below `base`.
pub(crate) fn session_line(session: &Session, base: &str) -> SessionLine {
    SessionLine {
        href: format!("{base}/{}", session.session_id),
        when: format!("{} {}", say::with_weekday(session.held_on), session.starts_at),
        panel: session.panel.clone(),
        place: session.place.clone(),
        count: format!("{}件／{}件まで", session.cases, session.capacity),
        judged: format!("{}件", session.judged),
        chip: session_chip(session),
    }
}

/// Open or over.
pub(crate) fn session_chip(session: &Session) -> Chip {
    if session.is_open { Chip::new(Tone::Info, "受付中") } else { Chip::new(Tone::Good, "終わり") }
}

/// Heading of a session.
pub(crate) fn session_title(session: &Session) -> String {
    format!("{}　{}", say::with_weekday(session.held_on), session.panel)
}

/// What is known of a session.
pub(crate) fn session_facts(session: &Session) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("開始時刻", session.starts_at.clone()),
        Fact::new("場所", session.place.clone()),
        Fact::new("件数", format!("{}件（{}件まで）", session.cases, session.capacity))
            .chip(session_chip(session).tone, session_chip(session).word),
    ];
    facts.extend(session.members.map(|n| Fact::new("出席する委員", format!("{n}人"))));
    facts
        .extend(session.closed.as_ref().map(|(by, at)| Fact::new("会の終わり", format!("{by}　{}", say::instant(at)))));
    facts
}

/// GET /insurer/board
async fn list(Insurer(req): Insurer) -> Response {
    match boards(&req).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn boards(req: &Req) -> Result<Boards, Error> {
    let caller = req.caller()?;
    let all = insurer::boards(&req.web.app, &req.ctx, caller).await?;
    let glance = case::glance(&req.web.app, &req.ctx, caller).await?;
    let waiting = glance.steps.iter().find(|(code, _)| code == CaseStep::Assign.code()).map_or(0, |(_, n)| *n);
    Ok(Boards {
        shell: req.shell(),
        boards: all
            .iter()
            .map(|found| BoardOf {
                name: found.board.name.clone(),
                sessions: found.sessions.iter().map(|s| session_line(s, "/insurer/board")).collect(),
            })
            .collect(),
        waiting: if waiting == 0 { String::new() } else { format!("{}件", say::grouped(&waiting)) },
    })
}

/// GET /insurer/board/{s}
async fn show(Insurer(req): Insurer, Path(s): Path<String>) -> Response {
    session_page(&req, &s, Vec::new(), None).await
}

async fn session_page(req: &Req, s: &str, errors: Vec<FieldError>, decided_on: Option<&str>) -> Response {
    let found = async {
        let caller = req.caller()?;
        let insurer_no = case::insurer_of(caller)?;
        Ok::<_, Error>((insurer_no, insurer::session(&req.web.app, &req.ctx, caller, s).await?))
    };
    match found.await {
        Ok((insurer_no, all)) => {
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            page(status, &session_view(req, insurer_no, &all, (errors, decided_on)))
        }
        Err(error) => failure(req, &error),
    }
}

fn session_view(
    req: &Req,
    insurer_no: InsurerNo,
    all: &SessionFor,
    (errors, decided_on): (Vec<FieldError>, Option<&str>),
) -> BoardSession {
    let session = &all.session;
    let base = format!("/insurer/board/{}", session.session_id);
    let judged = |case: &BoardCase| case.state == "judged" && !session.is_open;
    BoardSession {
        shell: req.shell(),
        errors,
        title: format!("{}　{}", all.board_name, session_title(session)),
        facts: session_facts(session),
        is_open: session.is_open,
        submit_key: req.ctx.ids.id(),
        cases: all.cases.iter().map(|(case, name)| case_line(req, session, case, name, &base)).collect(),
        can_confirm: all.cases.iter().any(|(case, _)| judged(case)),
        decided_on: decided_on.map_or_else(|| seireki(req.ctx.today), str::to_owned),
        waiting: all.waiting.iter().map(|row| waiting_line(req, insurer_no, row)).collect(),
        href: base,
    }
}

fn case_line(req: &Req, session: &Session, case: &BoardCase, name: &str, base: &str) -> BoardLine {
    let tone = match (case.state.as_str(), session.is_open) {
        ("confirmed", _) => Tone::Good,
        ("returned", _) => Tone::Warn,
        ("judged", false) => Tone::Info,
        _ => Tone::Plain,
    };
    let chip = Chip::new(tone, session_case_state(session, case));
    BoardLine {
        pick: if case.state == "judged" && !session.is_open { format!("case-{}", case.case_id) } else { String::new() },
        value: "yes".to_owned(),
        place: case.place.to_string(),
        href: href(&req.web.app, case.insurer_no, case.insured_no, case.record_no),
        name: name.to_owned(),
        number: say::number(case.insured_no),
        application: application(kind_word(&case.kind), case.applied_on),
        judgement: case.judgement.as_ref().map(judgement_lines).unwrap_or_default(),
        chip,
        remove: if session.is_open && case.state == "assigned" {
            format!("{base}/cases/{}/remove", case.case_id)
        } else {
            String::new()
        },
    }
}

/// State of a case before a session, in a word.
fn session_case_state(session: &Session, case: &BoardCase) -> &'static str {
    match (case.state.as_str(), session.is_open) {
        ("confirmed", _) => "決定ずみ",
        ("returned", _) => "もどった",
        ("judged", false) => "決定まち",
        _ => "判定まち",
    }
}

fn application(kind: &str, on: Option<kaigo_core::date::Date>) -> String {
    format!("{kind}申請（{}）", on.map(seireki).unwrap_or_default())
}

fn waiting_line(req: &Req, insurer_no: InsurerNo, row: &CaseRow) -> BoardLine {
    let late = age_chip(row.applied_on, row.delay_notified_on, row.is_open, req.ctx.today);
    BoardLine {
        pick: pick(&req.web.app, insurer_no, row.insured_no, row.record_no),
        value: seen_text(row.version),
        place: String::new(),
        href: href(&req.web.app, insurer_no, row.insured_no, row.record_no),
        name: row.name.clone(),
        number: say::number(row.insured_no),
        application: application(kind_word(&row.kind), Some(row.applied_on)),
        judgement: vec![format!("期限 {}", seireki(due_on(row.applied_on)))],
        chip: late,
        remove: String::new(),
    }
}

/// GET /insurer/board/{s}/sheet
async fn sheet(Insurer(req): Insurer, Path(s): Path<String>) -> Response {
    let found = async { insurer::session(&req.web.app, &req.ctx, req.caller()?, &s).await };
    match found.await {
        Ok(all) => ok(&sheet_view(&req, &all)),
        Err(error) => failure(&req, &error),
    }
}

fn sheet_view(req: &Req, all: &SessionFor) -> Sheet {
    let session = &all.session;
    let cells = |(case, name): &(BoardCase, String)| SheetRow {
        place: case.place.to_string(),
        cells: vec![
            vec![name.clone(), say::number(case.insured_no)],
            vec![application(kind_word(&case.kind), case.applied_on)],
            vec![case.computed.as_ref().map(|(level, n)| computed_word(level, *n)).unwrap_or_default()],
            case.judgement.as_ref().map(judgement_lines).unwrap_or_default(),
            vec![session_case_state(session, case).to_owned()],
        ],
    };
    Sheet {
        shell: req.shell(),
        back: Link::new(session_title(session), format!("/insurer/board/{}", session.session_id)),
        heading: if session.is_open { "審査会に出す案件の一覧" } else { "審査会結果一覧" }.to_owned(),
        title: format!("{}　{} {}", all.board_name, session_title(session), session.starts_at),
        place: session.place.clone(),
        note: if session.is_open { "判定は、会が終わると出ます。".to_owned() } else { String::new() },
        columns: vec!["氏名・被保険者番号", "申請", "一次判定", "二次判定", "状態"],
        rows: all.cases.iter().map(cells).collect(),
    }
}

/// POST /insurer/board/{s}/assign
async fn assign(Insurer(req): Insurer, Path(s): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let (key, picks) = (submit_key(&req, &fields), picks(&req, &fields));
    if picks.is_empty() {
        let say = "申請が選ばれていません。表の左の箱で選んでください。";
        return session_page(&req, &s, vec![FieldError::new("", say)], None).await;
    }
    let done = async { insurer::assign(&req.web.app, &req.ctx, req.caller()?, (&key, &s), picks).await };
    match done.await {
        Ok(()) => moved(&format!("/insurer/cases/bulk/{key}")),
        Err(error) => failure(&req, &error),
    }
}

/// POST /insurer/board/{s}/confirm
async fn confirm(Insurer(req): Insurer, Path(s): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let key = submit_key(&req, &fields);
    let typed = fields.get("decided_on");
    let cases: Vec<String> = fields.ticked("case-").into_iter().map(str::to_owned).collect();
    let mut errors = Vec::new();
    if cases.is_empty() {
        errors.push(FieldError::new("", "案件が選ばれていません。表の左の箱で選んでください。"));
    }
    let day = parse_date(typed).filter(|day| *day <= req.ctx.today);
    let Some(day) = day.filter(|_| errors.is_empty()) else {
        if day.is_none() {
            let say = "決定日を、きょうまでの日付で入れてください。例：2026年11月22日、R8.11.22";
            errors.push(FieldError::new("decided_on", say));
        }
        return session_page(&req, &s, errors, Some(typed)).await;
    };
    let done = async { insurer::confirm(&req.web.app, &req.ctx, req.caller()?, (&key, &s), (cases, day)).await };
    match done.await {
        Ok(()) => moved(&format!("/insurer/cases/bulk/{key}")),
        Err(error) => failure(&req, &error),
    }
}

/// GET /insurer/board/{s}/cases/{e}/remove
async fn remove_form(Insurer(req): Insurer, Path((s, e)): Path<(String, String)>) -> Response {
    let found = async { insurer::session(&req.web.app, &req.ctx, req.caller()?, &s).await };
    match found.await {
        Ok(all) => match all.cases.iter().find(|(case, _)| case.case_id == e) {
            Some((case, name)) => ok(&Unassign {
                shell: req.shell(),
                back: format!("/insurer/board/{s}"),
                href: format!("/insurer/board/{s}/cases/{e}/remove"),
                facts: vec![
                    Fact::new("氏名", name.clone()),
                    Fact::new("被保険者番号", say::number(case.insured_no)),
                    Fact::new("回", session_title(&all.session)),
                ],
                submit_key: req.ctx.ids.id(),
            }),
            None => failure(&req, &Error::NotFound),
        },
        Err(error) => failure(&req, &error),
    }
}

/// POST /insurer/board/{s}/cases/{e}/remove
async fn remove(Insurer(req): Insurer, Path((s, e)): Path<(String, String)>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let key = submit_key(&req, &fields);
    let done = async { insurer::unassign(&req.web.app, &req.ctx, req.caller()?, &e, &key).await };
    match done.await {
        Ok(()) => moved(&format!("/insurer/board/{s}?done=case-unassigned")),
        Err(error) => failure(&req, &error),
    }
}
