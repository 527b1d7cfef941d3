//! The clerk's pages of insured persons: search, one person, who looked; consent, proxies, letters in the files beside.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::citizen::Log;
use kaigo_app::insured::{self, Found, InsuredPage};
use kaigo_app::person::Head;
use kaigo_app::question::Asked;
use kaigo_core::date::{age_on, seireki};
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::{Caller, ConsentStanding};
use kaigo_core::record::application::Application;
use kaigo_store::access_log::{Outcome, Placed};
use kaigo_store::letter::Letter;

use super::{cases, consent, letters, proxies};
use crate::citizen;
use crate::failure::{failure, ok, page};
use crate::history::{before, paging};
use crate::request::{Insurer, Req, percent};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::citizen::LogRow;
use crate::view::insured::{InsuredFrame, InsuredLog, InsuredPerson, InsuredRow, InsuredSearch, LetterRow};
use crate::view::{Chip, Fact, FieldError, Link, Paging, Tone};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Insurer;
    vec![
        row("GET", "/insurer/people", Insurer, "list-insured", get(search)),
        row("GET", "/insurer/people/{p}", Insurer, "insured-certificate", get(show)),
        row("GET", "/insurer/people/{p}/log", Insurer, "access-log", get(log)),
        row("GET", "/insurer/people/{p}/consent", Insurer, "consent-status", get(consent::form)),
        row("POST", "/insurer/people/{p}/consent", Insurer, "take-consent", post(consent::record)),
        row("GET", "/insurer/people/{p}/proxies/new", Insurer, "consent-status", get(proxies::form)),
        row("POST", "/insurer/people/{p}/proxies/new", Insurer, "manage-proxy", post(proxies::record)),
        row("GET", "/insurer/people/{p}/proxies/{x}/end", Insurer, "consent-status", get(proxies::end_form)),
        row("POST", "/insurer/people/{p}/proxies/{x}/end", Insurer, "manage-proxy", post(proxies::end)),
        row("POST", "/insurer/people/{p}/letters", Insurer, "issue-letter", post(letters::issue)),
        row("GET", "/insurer/people/{p}/letters/{l}", Insurer, "consent-status", get(letters::print)),
    ]
}

/// Whom an address is about.
///
/// # Errors
/// The page that says that there is nothing.
#[expect(clippy::result_large_err, reason = "the refusal is the page itself, once a request")]
pub(crate) fn whom(req: &Req, p: &str) -> Result<(InsurerNo, InsuredNo), Response> {
    req.web.app.keys.person_of_ref(p).ok_or_else(|| failure(req, &Error::NotFound))
}

/// What the pages of one person start with.
pub(crate) fn frame(req: &Req, head: &Head) -> InsuredFrame {
    let born_on = head.person.born_on;
    let level = head.certification.as_ref().filter(|_| head.certified_today);
    InsuredFrame {
        p: req.web.app.keys.person_ref(head.insurer.insurer_no, head.insured_no),
        name: head.person.name.to_string(),
        kana: head.person.name_kana.to_string(),
        birth: format!("{}生　{}歳", say::birth(born_on), age_on(born_on, req.ctx.today)),
        number: say::number(head.insured_no),
        chips: level.map(|c| say::level(c.care_level)).into_iter().collect(),
    }
}

/// GET /insurer/people?q=&after=
async fn search(Insurer(req): Insurer) -> Response {
    let typed = req.asked("q").trim().to_owned();
    if typed.is_empty() {
        return list(&req, &Found::default(), Vec::new());
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match insured::search(&req.web.app, &req.ctx, caller, &typed, req.asked("after")).await {
        Ok(found) => list(&req, &found, Vec::new()),
        Err(Error::Invalid(wrong)) => {
            list(&req, &Found::default(), wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect())
        }
        Err(error) => failure(&req, &error),
    }
}

fn list(req: &Req, found: &Found, errors: Vec<FieldError>) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let insurer_no = match req.caller() {
        Ok(Caller::Insurer(staff)) => staff.insurer_no,
        Ok(_) | Err(_) => return failure(req, &Error::NotFound),
    };
    let q = req.asked("q").trim().to_owned();
    let rows = found.rows.iter().map(|(insured_no, person)| InsuredRow {
        href: format!("/insurer/people/{}", req.web.app.keys.person_ref(insurer_no, *insured_no)),
        name: person.name.to_string(),
        kana: person.name_kana.to_string(),
        birth: format!("{}　{}歳", say::birth(person.born_on), age_on(person.born_on, req.ctx.today)),
        number: say::number(*insured_no),
        address: person.address.to_string(),
    });
    let link = |after: &str| format!("/insurer/people?q={}&after={}", percent(&q), percent(after));
    let paging = Paging {
        previous: (!req.asked("after").is_empty()).then(|| format!("/insurer/people?q={}", percent(&q))),
        next: found.next.as_deref().map(link),
        say: String::new(),
    };
    let searched = !q.is_empty() && errors.is_empty();
    page(status, &InsuredSearch { shell: req.shell(), errors, searched, rows: rows.collect(), paging, q })
}

/// GET /insurer/people/{p}
async fn show(Insurer(req): Insurer, Path(p): Path<String>) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let whom = match whom(&req, &p) {
        Ok(whom) => whom,
        Err(response) => return response,
    };
    match insured::view(&req.web.app, &req.ctx, caller, whom).await {
        Ok(all) => ok(&person(&req, &all)),
        Err(error) => failure(&req, &error),
    }
}

fn person(req: &Req, all: &InsuredPage) -> InsuredPerson {
    let today = req.ctx.today;
    let mut facts = vec![Fact::new("住所", all.head.person.address.to_string())];
    match &all.head.certification {
        Some(c) => {
            let period = say::period(c.valid_from, c.valid_until);
            let word = if all.head.certified_today { "認定" } else { "前の認定" };
            facts.push(Fact::new(word, format!("{}　{period}", c.care_level.label())));
        }
        None => facts.push(Fact::new("認定", "ありません")),
    }
    if let Some(a) = &all.head.pending {
        facts.push(Fact::new("進んでいる申請", format!("{}　{}に申請", a.kind.label(), seireki(a.applied_on))));
    }
    let asked = |question: &kaigo_store::question::Question| {
        let asked = Asked { question: question.clone(), entry: None };
        (question.question_id.clone(), citizen::question::card(&asked))
    };
    InsuredPerson {
        shell: req.shell(),
        person: frame(req, &all.head),
        facts,
        applications: all.applications.iter().map(|one| application(req, all, one)).collect(),
        consent: citizen::consent::state(all.consent),
        stands: all.consent == ConsentStanding::Stands,
        offices: all.offices,
        proxies: all.proxies.iter().map(|proxy| citizen::family::card(proxy, today)).collect(),
        letters: all.letters.iter().map(|letter| letter_row(req, all, letter)).collect(),
        submit_key: req.ctx.ids.id(),
        questions: all.questions.iter().map(asked).collect(),
        log: all.log.entries.iter().map(entry).collect(),
    }
}

/// An application as a link to its case, and how it stands.
fn application(req: &Req, all: &InsuredPage, (record_no, application): &(i32, Application)) -> (Link, Chip) {
    let (insurer_no, insured_no) = (all.head.insurer.insurer_no, all.head.insured_no);
    let words = format!("{}　{}に申請", application.kind.label(), seireki(application.applied_on));
    let chip = match application.outcome {
        Some(outcome) => Chip::new(Tone::Plain, outcome.label()),
        None => Chip::new(Tone::Info, "進んでいます"),
    };
    (Link::new(words, cases::href(&req.web.app, insurer_no, insured_no, *record_no)), chip)
}

fn letter_row(req: &Req, all: &InsuredPage, letter: &Letter) -> LetterRow {
    let chip = if letter.used_at.is_some() {
        Chip::new(Tone::Good, "登録に使われました")
    } else if letter.revoked_at.is_some() {
        Chip::new(Tone::Plain, "使えません（新しい手紙など）")
    } else if letter.valid_until < req.ctx.today {
        Chip::new(Tone::Plain, "期限が過ぎました")
    } else if letter.tries >= i64::from(kaigo_store::letter::TRIES) {
        Chip::new(Tone::Bad, "まちがいが続いたため使えません")
    } else {
        Chip::new(Tone::Info, format!("{}まで使えます", seireki(letter.valid_until)))
    };
    let to = letter.proxy_id.as_ref().and_then(|id| all.proxies.iter().find(|p| p.proxy_id == *id));
    let to = to.map_or_else(|| "ご本人あて".to_owned(), |p| format!("{} さん（代理人）あて", p.name));
    LetterRow { id: letter.letter_id.clone(), issued: say::instant(&letter.issued_at), to, chip }
}

fn entry(placed: &Placed) -> LogRow {
    let e = &placed.entry;
    LogRow {
        id: e.entry_id.clone(),
        own: false,
        time: say::instant(&e.completed_at),
        who: say::who(&e.account_name, e.job.as_deref()),
        office: e.office_name.clone().unwrap_or_default(),
        what: say::what(&e.act, &e.items, e.document.as_deref()),
        why: say::purpose(&e.purpose),
        refused: e.outcome != Outcome::Done.code(),
    }
}

/// GET /insurer/people/{p}/log?at=&id=
async fn log(Insurer(req): Insurer, Path(p): Path<String>) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let whom = match whom(&req, &p) {
        Ok(whom) => whom,
        Err(response) => return response,
    };
    match insured::log(&req.web.app, &req.ctx, caller, whom, before(&req)).await {
        Ok(log) => ok(&log_page(&req, &log)),
        Err(error) => failure(&req, &error),
    }
}

fn log_page(req: &Req, log: &Log) -> InsuredLog {
    let person = frame(req, &log.head);
    let base = format!("{}/log", person.href());
    InsuredLog {
        shell: req.shell(),
        rows: log.entries.iter().map(entry).collect(),
        paging: paging(&base, req, log),
        person,
    }
}
