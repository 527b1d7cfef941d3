//! 利用者: search among the office's own people.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::queue::{self, Member, PAGE, People, Search};
use kaigo_core::date::{age_on, parse_date, seireki};

use crate::failure::{failure, moved, page};
use crate::request::{Req, Staff, percent};
use crate::say;
use crate::view::people::{People as View, PersonRow};
use crate::view::{Chip, FieldError, Paging, Tone};

/// GET /people/{c}
pub(crate) async fn first_tab(Staff(_): Staff, Path(c): Path<String>) -> Response {
    moved(&format!("/people/{}/certificates", percent(&c)))
}

/// GET /people?q=&number=&birth=&row=&page=
pub(crate) async fn search(Staff(req): Staff) -> Response {
    let mut errors = Vec::new();
    let birth = req.asked("birth").trim();
    let born_on = parse_date(birth);
    if !birth.is_empty() && born_on.is_none() {
        errors.push(FieldError::new("birth", "生年月日が読めません。例：昭和15年3月2日、1940-03-02"));
    }
    let wanted = Search {
        name: req.asked("q").trim().to_owned(),
        number: req.asked("number").trim().to_owned(),
        born_on,
        row: req.asked("row").chars().next(),
        page: req.asked("page").parse().unwrap_or(0),
    };
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let found = if errors.is_empty() {
        queue::people(&req.web.app, &req.ctx, caller, wanted).await
    } else {
        Ok(People { members: Vec::new(), found: 0, page: 0 })
    };
    match found {
        Ok(people) => {
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            page(status, &list(&req, &people, errors))
        }
        Err(error) => failure(&req, &error),
    }
}

fn list(req: &Req, people: &People, errors: Vec<FieldError>) -> View {
    let first = people.page * PAGE;
    let last = first + people.members.len();
    let link = |page: usize| {
        let query =
            ["q", "number", "birth", "row"].map(|name| format!("{name}={}", percent(req.asked(name)))).join("&");
        format!("/people?{query}&page={page}")
    };
    View {
        shell: req.shell(),
        found: if errors.is_empty() { format!("{}人", people.found) } else { String::new() },
        errors,
        q: req.asked("q").to_owned(),
        number: req.asked("number").to_owned(),
        birth: req.asked("birth").to_owned(),
        row: req.asked("row").to_owned(),
        rows: people.members.iter().map(|m| row(req, m)).collect(),
        paging: Paging {
            previous: (people.page > 0).then(|| link(people.page.saturating_sub(1))),
            next: (last < people.found).then(|| link(people.page + 1)),
            say: if people.found > PAGE {
                format!("{}人目から{last}人目まで", first + 1)
            } else {
                String::new()
            },
        },
    }
}

fn row(req: &Req, m: &Member) -> PersonRow {
    let today = req.ctx.today;
    let plain = |word: &str| Chip::new(Tone::Plain, word);
    let until = m.certification.as_ref().and_then(|c| c.valid_until);
    let none = if m.person.is_some() { "認定なし" } else { "準備中" };
    let closes = m.charge.until();
    let (name, kana, birth, age) = if let Some(p) = &m.person {
        let age = format!("{}歳", age_on(p.born_on, today));
        (p.name.to_string(), p.name_kana.to_string(), say::birth(p.born_on), age)
    } else {
        let since =
            m.not_started.flatten().map_or_else(|| "開始日は未定".to_owned(), |on| format!("{}から", seireki(on)));
        (format!("市町村の準備中（{since}）"), String::new(), String::new(), String::new())
    };
    PersonRow {
        href: format!("/people/{}/certificates", m.charge.charge_id),
        name,
        kana,
        birth,
        age,
        number: say::number(m.charge.insured_no),
        insurer: m.insurer_name.clone(),
        level: m.certification.as_ref().map_or_else(|| plain(none), |c| say::level(c.care_level)),
        expiry: until.map(|u| match say::expiry(u, today) {
            Some(_) if m.renewed => say::renewed(),
            Some(chip) => chip,
            None => Chip::new(Tone::Good, "有効"),
        }),
        expiry_on: until.map(seireki).unwrap_or_default(),
        charge_until: seireki(closes),
    }
}
