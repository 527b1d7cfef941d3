//! The municipality's pages (保険者): the day's work; each area below has its own list of URLs.

pub(crate) mod board;
pub(crate) mod cases;
pub(crate) mod consent;
pub(crate) mod disaster;
pub(crate) mod exports;
pub(crate) mod feed;
pub(crate) mod filings;
pub(crate) mod forms;
pub(crate) mod intake;
pub(crate) mod letters;
pub(crate) mod opinions;
pub(crate) mod people;
pub(crate) mod proxies;
pub(crate) mod questions;
pub(crate) mod readiness;
pub(crate) mod rules;
pub(crate) mod statistics;
pub(crate) mod survey;

use axum::response::Response;
use axum::routing::get;
use kaigo_app::Error;
use kaigo_core::policy::Caller;

use crate::failure::{failure, ok};
use crate::request::{Insurer, Req};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::insurer::{InsurerHome, WorkLine};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    let mut routes = vec![row("GET", "/insurer", Access::Insurer, "list-insured", get(home))];
    routes.extend(cases::routes());
    routes.extend(forms::routes());
    routes.extend(intake::routes());
    routes.extend(survey::routes());
    routes.extend(board::routes());
    routes.extend(opinions::routes());
    routes.extend(people::routes());
    routes.extend(questions::routes());
    routes.extend(statistics::routes());
    routes.extend(rules::routes());
    routes.extend(readiness::routes());
    routes.extend(feed::routes());
    routes.extend(exports::routes());
    routes.extend(disaster::routes());
    routes.extend(filings::routes());
    routes
}

/// GET /insurer
async fn home(Insurer(req): Insurer) -> Response {
    match view(&req).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn view(req: &Req) -> Result<InsurerHome, Error> {
    let insurer = match req.caller()? {
        Caller::Insurer(staff) => staff.insurer_name.clone(),
        Caller::Person { .. }
        | Caller::Staff(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => String::new(),
    };
    let (mut lines, steps) = cases::glance(req).await?;
    lines.extend(others(req).await?);
    // What waits comes first; what is empty stays to be seen, so that its absence says something.
    lines.sort_by_key(|line| line.count == 0);
    for line in lines.iter_mut().filter(|line| line.count == 0) {
        line.tone = crate::view::Tone::Plain;
    }
    Ok(InsurerHome { shell: req.shell(), insurer, today: say::with_weekday(req.ctx.today), lines, steps })
}

/// What waits in the other areas: one call for each.
async fn others(req: &Req) -> Result<Vec<WorkLine>, Error> {
    let mut lines = Vec::new();
    lines.extend(opinions::glance(req).await?);
    lines.push(filings::glance(req).await?);
    lines.extend(questions::glance(req).await?);
    lines.push(feed::glance(req).await?);
    Ok(lines)
}

/// What was done just before, on the pages of cases and boards.
pub(crate) fn done(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "case-new" => ("申請を受け付けました", "認定調査と主治医意見書を依頼してください。"),
        "case-kept" => ("保存しました", "見られる人には、もう見えています。"),
        "case-decided" => ("結果を登録しました", "ご本人と担当の事業所に、もう見えています。"),
        "case-unassigned" => ("割当をはずしました", "割当を待っている申請にもどりました。"),
        "session-planned" => ("回を開きました", "市町村が案件を割り当てられるようになりました。"),
        "session-changed" => ("回を変えました", "割り当てた市町村に知らせました。案件の審査会予定日も変わっています。"),
        "session-closed" => ("会を終わりにしました", "判定が市町村に伝わりました。"),
        "case-judged" => ("判定を記録しました", "会を終わりにするまで、直せます。"),
        _ => return None,
    })
}
