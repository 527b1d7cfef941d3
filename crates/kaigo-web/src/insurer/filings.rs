//! 届出の受付: the inbox by age, one notice with 保険者確認欄, accept, give back, accept the clean ones at once.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::filing::answer::{self, Answered, Inbox, Line, Page};
use kaigo_core::date::{days_until, seireki, wareki};
use kaigo_core::filing::{Check, Column, FilingState, ReturnReason, is_clean};
use kaigo_core::finding::Severity;
use kaigo_core::text::Text;

use crate::failure::{failure, moved, ok, page};
use crate::filing::{Paper, check_line, facts, line, paper, state_chip};
use crate::request::{Fields, Insurer, Req, percent};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::filing::{Answer as View, ColumnCheck, Inbox as InboxView, InboxRow};
use crate::view::insurer::WorkLine;
use crate::view::{Chip, Choice, Fact, FieldError, Link, Notice, Paging, Tone};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Insurer;
    vec![
        row("GET", "/insurer/filings", Insurer, "list-insured", get(inbox)),
        row("POST", "/insurer/filings/accept", Insurer, "answer-notice", post(accept_many)),
        row("GET", "/insurer/filings/{f}", Insurer, "answer-notice", get(show)),
        row("GET", "/insurer/filings/{f}/form", Insurer, "answer-notice", get(form)),
        row("POST", "/insurer/filings/{f}/accept", Insurer, "answer-notice", post(accept)),
        row("POST", "/insurer/filings/{f}/return", Insurer, "answer-notice", post(give_back)),
    ]
}

/// Days from which a notice has waited long.
const LONG: i32 = 3;

/// GET /insurer/filings?state=&from=
pub(crate) async fn inbox(Insurer(req): Insurer) -> Response {
    let state = FilingState::parse(req.asked("state")).unwrap_or(FilingState::Filed);
    let found = match req.caller() {
        Ok(caller) => answer::inbox(&req.web.app, &req.ctx, caller, state, req.asked("from")).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(all) => ok(&inbox_page(&req, &all, state)),
        Err(error) => failure(&req, &error),
    }
}

fn inbox_page(req: &Req, all: &Inbox, state: FilingState) -> InboxView {
    let count = |wanted| all.counts.iter().find(|(state, ..)| *state == wanted).map_or(0, |(_, n, _)| *n);
    let filters = FilingState::ALL.iter().map(|wanted| {
        let href = if *wanted == state { String::new() } else { format!("/insurer/filings?state={}", wanted.code()) };
        Link::new(format!("{} {}", wanted.label(), count(*wanted)), href)
    });
    let next = all.next.as_ref().map(|from| format!("/insurer/filings?state={}&from={}", state.code(), percent(from)));
    InboxView {
        shell: req.shell(),
        done: done(req),
        filters: filters.collect(),
        is_waiting: state.is_waiting(),
        rows: all.lines.iter().map(|line| inbox_row(req, line)).collect(),
        clean: all.lines.iter().filter(|line| line.is_clean()).count(),
        paging: Paging { previous: None, next, say: String::new() },
    }
}

/// What became of many, after POST → 303.
fn done(req: &Req) -> Option<Notice> {
    let number = |name| req.asked(name).parse::<usize>().ok();
    let (accepted, left) = (number("accepted")?, number("left").unwrap_or(0));
    let say = if left == 0 {
        "届け出た事業所に知らせました。".to_owned()
    } else {
        format!(
            "{left}件は、ほかの職員が先に答えたか、確かめることができたため、そのままです。開いて確かめてください。"
        )
    };
    let tone = if left == 0 { Tone::Good } else { Tone::Warn };
    Some(Notice { tone, heading: format!("{accepted}件を受理しました"), say })
}

fn inbox_row(req: &Req, all: &Line) -> InboxRow {
    let filing = &all.filing;
    let days = days_until(filing.filed_on, req.ctx.today).max(0);
    let age = if days == 0 { "きょう".to_owned() } else { format!("{days}日") };
    InboxRow {
        f: filing.filing_id.clone(),
        name: all.person.as_ref().map_or_else(|| "（氏名の記録がありません）".to_owned(), |p| p.name.to_string()),
        number: say::number(filing.insured_no),
        line: line(filing, format!("/insurer/filings/{}", filing.filing_id)),
        office: filing.office_name.clone(),
        age: Chip::new(if days >= LONG { Tone::Warn } else { Tone::Plain }, age),
        checks: summary(&all.checks),
        is_clean: all.is_clean(),
    }
}

/// What was found, short.
fn summary(checks: &[Check]) -> Vec<Chip> {
    let mut chips: Vec<Chip> = Vec::new();
    for column in Column::ALL {
        let worst = worst(checks, Some(column));
        if worst >= Some(Severity::Warning) {
            chips.push(Chip::new(tone(worst), column.label()));
        }
    }
    let others = worst(checks, None);
    if others >= Some(Severity::Warning) {
        let is_late = checks.iter().any(|check| check.code == "filing-late");
        chips.push(Chip::new(tone(others), if is_late { "期限おくれ" } else { "そのほか" }));
    }
    if chips.is_empty() {
        chips.push(Chip::new(Tone::Good, "問題なし"));
    }
    chips
}

fn worst(checks: &[Check], column: Option<Column>) -> Option<Severity> {
    checks.iter().filter(|check| check.column == column).map(|check| check.severity).max()
}

fn tone(worst: Option<Severity>) -> Tone {
    match worst {
        None | Some(Severity::Note) => Tone::Good,
        Some(Severity::Warning) => Tone::Warn,
        Some(Severity::Error) => Tone::Bad,
    }
}

/// POST /insurer/filings/accept
pub(crate) async fn accept_many(Insurer(req): Insurer, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let ids = fields.ticked("f-");
    let done = match req.caller() {
        Ok(caller) => answer::accept_many(&req.web.app, &req.ctx, caller, &ids).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(many) => moved(&format!("/insurer/filings?accepted={}&left={}", many.done, many.left.len())),
        Err(error) => failure(&req, &error),
    }
}

async fn open(req: &Req, f: &str) -> Result<Page, Error> {
    answer::view(&req.web.app, &req.ctx, req.caller()?, f).await
}

/// GET /insurer/filings/{f}
pub(crate) async fn show(Insurer(req): Insurer, Path(f): Path<String>) -> Response {
    answer_page(&req, &f, Vec::new(), ("", "")).await
}

/// GET /insurer/filings/{f}/form
pub(crate) async fn form(Insurer(req): Insurer, Path(f): Path<String>) -> Response {
    match open(&req, &f).await {
        Ok(all) => {
            let entrusted = all.entrusted.as_deref();
            let sheet = Paper { head: &all.head, filing: &all.filing, office: &all.office, entrusted };
            ok(&paper(req.shell(), Link::new("届出にもどる", format!("/insurer/filings/{f}")), &sheet))
        }
        Err(error) => failure(&req, &error),
    }
}

async fn answer_page(req: &Req, f: &str, errors: Vec<FieldError>, typed: (&str, &str)) -> Response {
    match open(req, f).await {
        Ok(all) => {
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            page(status, &view(req, &all, errors, typed))
        }
        Err(error) => failure(req, &error),
    }
}

fn view(req: &Req, all: &Page, errors: Vec<FieldError>, (reason, text): (&str, &str)) -> View {
    let (filing, person) = (&all.filing, &all.head.person);
    let level = all.head.certification.as_ref().map(|c| {
        let period = say::period(c.valid_from, c.valid_until);
        format!("{}（{period}）", c.care_level.label())
    });
    let decided = match (&filing.decided_at, &filing.decided_by) {
        (Some(at), Some(by)) => {
            let why = filing.return_reason.map(|reason| format!("　理由：{}　{}", reason.label(), filing.return_text));
            format!(
                "{by}さんが{}に「{}」にしました。{}",
                say::instant(at),
                filing.state.label(),
                why.unwrap_or_default()
            )
        }
        _ => String::new(),
    };
    View {
        shell: req.shell(),
        errors,
        f: filing.filing_id.clone(),
        receipt: filing.receipt_no.clone(),
        person: vec![
            Fact::new("氏名", format!("{}（{}）", person.name, person.name_kana)),
            Fact::new("被保険者番号", say::number(all.head.insured_no)),
            Fact::new("生年月日", say::birth(person.born_on)),
            Fact::new("いまの認定", level.unwrap_or_default()),
            Fact::new(
                "進んでいる申請",
                all.head
                    .pending
                    .as_ref()
                    .map(|a| format!("{}（{}）", a.kind.label(), seireki(a.applied_on)))
                    .unwrap_or_default(),
            ),
        ],
        person_href: format!("/insurer/people/{}", all.person_ref),
        state: state_chip(filing.state),
        decided,
        facts: {
            let mut list = facts(filing, all.entrusted.as_deref());
            list.push(Fact::new("届け出た人", format!("{}　{}", say::instant(&filing.filed_at), filing.filed_by)));
            list.push(Fact::new("届出の期限", all.deadline.say()));
            list
        },
        columns: Column::ALL.iter().map(|column| column_check(&all.checks, *column)).collect(),
        others: all.checks.iter().filter(|check| check.column.is_none()).map(|check| check_line(check, None)).collect(),
        effect: effect(all),
        notices: all
            .notices
            .iter()
            .map(|(notice, name)| {
                let who = if name.is_empty() { notice.maker.label().to_owned() } else { name.clone() };
                Fact::new(say::period(notice.valid_from, notice.valid_until), who)
            })
            .collect(),
        earlier: all.earlier.iter().map(|other| line(other, format!("/insurer/filings/{}", other.filing_id))).collect(),
        is_waiting: filing.state.is_waiting(),
        is_doubtful: !is_clean(&all.checks),
        reasons: ReturnReason::ALL
            .iter()
            .map(|r| Choice { value: r.code().to_owned(), word: r.label().to_owned(), chosen: r.code() == reason })
            .collect(),
        text: text.to_owned(),
    }
}

fn column_check(checks: &[Check], column: Column) -> ColumnCheck {
    let worst = worst(checks, Some(column));
    let word = match worst {
        None | Some(Severity::Note) => "問題なし",
        Some(Severity::Warning) => "注意",
        Some(Severity::Error) => "合いません",
    };
    ColumnCheck {
        label: column.label().to_owned(),
        chip: Chip::new(tone(worst), word),
        lines: checks.iter().filter(|c| c.column == Some(column)).map(|check| check_line(check, None)).collect(),
    }
}

/// What accepting does.
fn effect(all: &Page) -> Vec<String> {
    let start = all.filing.start_on;
    let mut effect =
        vec![format!("被保険者証の居宅介護支援事業所は、{}から{}になります。", wareki(start), all.filing.office_name)];
    for (notice, name) in &all.notices {
        if notice.valid_from < start && notice.valid_until.is_none_or(|until| until >= start) {
            let who = if name.is_empty() { notice.maker.label() } else { name };
            effect.push(format!("{who}の届出は、{}で終わります。", wareki(kaigo_core::date::add_days(start, -1))));
        }
    }
    effect.push("すぐに、担当の事業所とご本人の画面に出ます。届け出た事業所に知らせます。".to_owned());
    effect
}

/// POST /insurer/filings/{f}/accept
pub(crate) async fn accept(Insurer(req): Insurer, Path(f): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let despite = fields.get("despite") == "yes";
    let done = match req.caller() {
        Ok(caller) => answer::accept(&req.web.app, &req.ctx, caller, &f, despite).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(Answered::Done | Answered::Before { .. }) => moved(&format!("/insurer/filings/{f}?done=filing-accepted")),
        Ok(Answered::Doubtful) => {
            let say = "注意かエラーがあります。確かめたら、四角に印をつけてください。";
            answer_page(&req, &f, vec![FieldError::new("despite", say)], ("", "")).await
        }
        Err(error) => failure(&req, &error),
    }
}

/// POST /insurer/filings/{f}/return
pub(crate) async fn give_back(Insurer(req): Insurer, Path(f): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let typed = (fields.get("reason"), fields.get("text"));
    let Ok(reason) = ReturnReason::parse(typed.0) else {
        let wrong = FieldError::new("reason", "差し戻す理由を選んでください。");
        return answer_page(&req, &f, vec![wrong], typed).await;
    };
    let text = match Text::<200>::parse(typed.1) {
        Ok(text) if reason == ReturnReason::Other && text.is_empty() => {
            let wrong = FieldError::new("text", "「そのほか」のときは、どう直せばよいかを書いてください。");
            return answer_page(&req, &f, vec![wrong], typed).await;
        }
        Ok(text) => text,
        Err(bad) => {
            let wrong = FieldError::new("text", format!("{}{}", bad.say("直し方"), bad.mend("直し方")));
            return answer_page(&req, &f, vec![wrong], typed).await;
        }
    };
    let done = match req.caller() {
        Ok(caller) => answer::give_back(&req.web.app, &req.ctx, caller, &f, (reason, text.as_str())).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => moved(&format!("/insurer/filings/{f}?done=filing-returned")),
        Err(error) => failure(&req, &error),
    }
}

/// What waits here, for the municipality's first page.
pub(crate) async fn glance(req: &Req) -> Result<WorkLine, Error> {
    let (count, oldest) = answer::glance(&req.web.app, &req.ctx, req.caller()?).await?;
    let days = say::day_of(&oldest).map_or(0, |on| days_until(on, req.ctx.today));
    let say = if count > 0 { format!("いちばん古いものは{}", say::instant(&oldest)) } else { String::new() };
    let tone = match (count, days) {
        (0, _) => Tone::Plain,
        (_, LONG..) => Tone::Warn,
        _ => Tone::Info,
    };
    Ok(WorkLine {
        tone,
        heading: "確認を待っている届出".to_owned(),
        count,
        unit: "件",
        say,
        href: "/insurer/filings".to_owned(),
    })
}
