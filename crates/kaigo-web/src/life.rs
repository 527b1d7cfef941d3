//! The tab LIFE: feedback sheets of the person and their originals; the same for the person themself, in plain words.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use kaigo_app::Error;
use kaigo_app::documents::PURPOSES;
use kaigo_app::life::{self, Life, Sheet};
use kaigo_app::run::Target;
use kaigo_core::policy::{Caller, Purpose};

use crate::citizen::myself;
use crate::documents::{file_of, original};
use crate::failure::{failure, ok, page};
use crate::person::frame;
use crate::request::{Myself, Req, Staff};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::my::{MyLife, MySheet};
use crate::view::plans::{Life as View, LifeSheet};
use crate::view::{Chip, Choice, Fact, FieldError, Link, Tone};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    vec![
        row("GET", "/people/{c}/life", Access::Staff, "life", get(tab)),
        row("GET", "/people/{c}/life/{n}/file", Access::Staff, "life", get(file)),
        row("GET", "/my/life", Access::Myself, "life", get(mine)),
        row("GET", "/my/life/{n}/file", Access::Myself, "life", get(my_file)),
    ]
}

/// GET /people/{c}/life
pub(crate) async fn tab(Staff(req): Staff, Path(c): Path<String>) -> Response {
    list(&req, &c, None).await
}

async fn list(req: &Req, c: &str, wrong: Option<i32>) -> Response {
    let found = match req.caller() {
        Ok(caller) => life::view(&req.web.app, &req.ctx, caller, Target::Charge(c.to_owned())).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(all) => {
            let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            page(status, &view(req, &all, wrong))
        }
        Err(error) => failure(req, &error),
    }
}

fn view(req: &Req, all: &Life, wrong: Option<i32>) -> View {
    let own = match req.caller() {
        Ok(Caller::Staff(staff)) => Some(staff.office_no),
        _ => None,
    };
    let person = frame(req, &all.head);
    let sheets = all.sheets.iter().map(|sheet| LifeSheet {
        n: sheet.record_no.to_string(),
        period: say::period(sheet.record.period_from, Some(sheet.record.period_until)),
        office: format!("{}　{}", sheet.office_name, sheet.record.service_kind.label()),
        chip: (own == Some(sheet.record.office_no)).then(|| Chip::new(Tone::Info, "この事業所")),
        facts: facts(sheet),
        original: sheet.file.as_ref().map(|f| file_of(f, person.at(&format!("life/{}/file", sheet.record_no)))),
    });
    View {
        sheets: sheets.collect(),
        shell: req.shell(),
        own_only: all.own_only,
        errors: wrong
            .map(|n| FieldError::new(format!("purpose-{n}"), "開く目的を選んでください。目的は記録に残ります。"))
            .into_iter()
            .collect(),
        purposes: PURPOSES.iter().map(|p| Choice::new(p.code(), p.label())).collect(),
        person,
    }
}

fn facts(sheet: &Sheet) -> Vec<Fact> {
    sheet.record.pairs().into_iter().map(|(item, value)| Fact::new(item, value)).collect()
}

/// The number of a sheet in an address.
fn number(text: &str) -> Option<i32> {
    text.parse().ok().filter(|n| *n > 0)
}

/// GET /people/{c}/life/{n}/file?purpose=
pub(crate) async fn file(Staff(req): Staff, Path((c, n)): Path<(String, String)>) -> Response {
    let Some(record_no) = number(&n) else {
        return failure(&req, &Error::NotFound);
    };
    let Some(purpose) = Purpose::parse(req.asked("purpose")).ok().filter(|p| PURPOSES.contains(p)) else {
        return list(&req, &c, Some(record_no)).await;
    };
    fetched(&req, Target::Charge(c), record_no, purpose).await
}

async fn fetched(req: &Req, target: Target, record_no: i32, purpose: Purpose) -> Response {
    let found = match req.caller() {
        Ok(caller) => life::fetch(&req.web.app, &req.ctx, caller, target, (record_no, purpose)).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(found) => original(found, &format!("life-{record_no}")),
        Err(error) => failure(req, &error),
    }
}

/// GET /my/life
pub(crate) async fn mine(Myself(req): Myself) -> Response {
    let found = match req.caller() {
        Ok(caller) => life::view(&req.web.app, &req.ctx, caller, Target::Myself).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(all) => ok(&MyLife {
            shell: req.shell(),
            me: myself(&all.head),
            sheets: all
                .sheets
                .iter()
                .map(|sheet| MySheet {
                    period: say::period(sheet.record.period_from, Some(sheet.record.period_until)),
                    office: sheet.office_name.clone(),
                    facts: facts(sheet),
                    link: sheet
                        .file
                        .as_ref()
                        .map(|_| Link::new("もとの紙を見る", format!("/my/life/{}/file", sheet.record_no))),
                })
                .collect(),
        }),
        Err(error) => failure(&req, &error),
    }
}

/// GET /my/life/{n}/file
pub(crate) async fn my_file(Myself(req): Myself, Path(n): Path<String>) -> Response {
    match number(&n) {
        Some(record_no) => fetched(&req, Target::Myself, record_no, Purpose::Own).await,
        None => failure(&req, &Error::NotFound),
    }
}
