//! The operator's desk (運営): what waits; each area below has its own list of URLs.

mod certificates;
mod content;
mod health;
mod inquiries;
mod maintenance;
mod offices;
pub(crate) mod readiness;
mod subsidies;

use axum::response::Response;
use axum::routing::get;
use kaigo_app::Error;

use crate::failure::{failure, ok};
use crate::request::{Operator, Req};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::insurer::WorkLine;
use crate::view::operator::OperatorHome;

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    let mut table = vec![row("GET", "/operator", Access::Operator, "-", get(home))];
    table.extend(certificates::routes());
    table.extend(content::routes());
    table.extend(maintenance::routes());
    table.extend(readiness::routes());
    table.extend(offices::routes());
    table.extend(inquiries::routes());
    table.extend(subsidies::routes());
    table
}

/// GET /operator
async fn home(Operator(req): Operator) -> Response {
    match lines(&req).await {
        Ok(mut lines) => {
            // What waits comes first; what is empty stays to be seen.
            lines.sort_by_key(|line| line.count == 0);
            ok(&OperatorHome { shell: req.shell(), today: say::with_weekday(req.ctx.today), lines })
        }
        Err(error) => failure(&req, &error),
    }
}

/// What waits, by area. Each area adds its own lines here.
async fn lines(req: &Req) -> Result<Vec<WorkLine>, Error> {
    let mut lines = vec![inquiries::glance(req).await?];
    lines.extend(subsidies::glance(req).await?);
    lines.push(offices::glance(req).await?);
    lines.push(certificates::glance(req).await?);
    lines.extend(health::lines(req).await?);
    Ok(lines)
}

/// What was done just before, on the pages of the desk.
pub(crate) fn done(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "content-draft" => ("下書きに保存しました", "読む人には、まだ見えません。"),
        "content-public" => ("公開しました", "日時を決めたときは、その日時から見えます。前の版も残っています。"),
        "content-withdrawn" => ("公開をやめました", "読む人には、もう見えません。書いた文は残っています。"),
        "maintenance-saved" => ("保存しました", "ポータルと、登録した人のカレンダーに出ます。"),
        "readiness-kept" => ("公表しました", "ポータルの「市町村の対応状況」に、もう出ています。"),
        "readiness-imported" => ("ファイルの内容を公表しました", "変わった市町村だけを変えました。"),
        _ => return None,
    })
}
