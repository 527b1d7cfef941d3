//! The tab LIFE: feedback sheets of the person.

use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use kaigo_app::life::{self, Life};
use kaigo_app::run::Target;
use kaigo_core::policy::Caller;

use crate::failure::{failure, ok};
use crate::person::frame;
use crate::request::{Req, Staff};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::plans::{Life as View, LifeSheet};
use crate::view::{Chip, Fact, Tone};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    vec![row("GET", "/people/{c}/life", Access::Staff, "life", get(tab))]
}

/// GET /people/{c}/life
pub(crate) async fn tab(Staff(req): Staff, Path(c): Path<String>) -> Response {
    let found = match req.caller() {
        Ok(caller) => life::view(&req.web.app, &req.ctx, caller, Target::Charge(c)).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(all) => ok(&view(&req, &all)),
        Err(error) => failure(&req, &error),
    }
}

fn view(req: &Req, all: &Life) -> View {
    let own = match req.caller() {
        Ok(Caller::Staff(staff)) => Some(staff.office_no),
        _ => None,
    };
    let sheets = all.sheets.iter().map(|(sheet, name)| LifeSheet {
        period: say::period(sheet.period_from, Some(sheet.period_until)),
        office: format!("{name}　{}", sheet.service_kind.label()),
        chip: (own == Some(sheet.office_no)).then(|| Chip::new(Tone::Info, "この事業所")),
        facts: sheet.pairs().into_iter().map(|(item, value)| Fact::new(item, value)).collect(),
    });
    View { shell: req.shell(), person: frame(req, &all.head), own_only: all.own_only, sheets: sheets.collect() }
}
