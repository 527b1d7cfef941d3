//! The pages of who sets up offices (導入支援事業者): never a person's data.

use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use kaigo_app::Error;
use kaigo_app::support::{self, Supported};
use kaigo_core::steps::State;

use crate::failure::{failure, ok};
use crate::mypage::steps::{card, mark};
use crate::request::Supporter;
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::Fact;
use crate::view::mypage::{SupportedLine, SupportedOffice, SupporterHome};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Supporter;
    vec![
        row("GET", "/support", Supporter, "support-office", get(home)),
        row("GET", "/support/offices/{o}", Supporter, "support-office", get(one)),
    ]
}

fn line(o: &Supported) -> SupportedLine {
    let next = o.steps.iter().find(|s| s.state == State::Missing).or_else(|| o.steps.iter().find(|s| s.next.is_some()));
    SupportedLine {
        href: format!("/support/offices/{}", o.office_no),
        name: o.name.clone(),
        small: format!("{}　{}", o.office_no, o.phone.as_deref().unwrap_or_default()),
        marks: o.steps.iter().map(|s| (s.step.label().to_owned(), mark(s.state))).collect(),
        next: next.map_or_else(
            || "すべて終わりました".to_owned(),
            |s| s.next.map_or_else(|| s.step.label().to_owned(), |(word, _)| word.to_owned()),
        ),
    }
}

/// GET /support
async fn home(Supporter(req): Supporter) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match support::offices(&req.web.app, &req.ctx, caller).await {
        Ok(all) => ok(&SupporterHome { shell: req.shell(), offices: all.iter().map(line).collect() }),
        Err(error) => failure(&req, &error),
    }
}

/// GET /support/offices/{o}
async fn one(Supporter(req): Supporter, Path(o): Path<String>) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match support::one(&req.web.app, &req.ctx, caller, &o).await {
        Ok(found) => ok(&SupportedOffice {
            shell: req.shell(),
            name: found.name.clone(),
            facts: vec![
                Fact::new("事業所番号", found.office_no.to_string()),
                Fact::new("電話番号", found.phone.clone().unwrap_or_default()),
                Fact::new("頼まれた日時", say::instant(&found.since)),
            ],
            steps: found.steps.iter().enumerate().map(|step| card(step, &[])).collect(),
        }),
        Err(error) => failure(&req, &error),
    }
}
