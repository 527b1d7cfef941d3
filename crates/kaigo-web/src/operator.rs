//! The operator's desk (運営): what waits; each area below has its own list of URLs.

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
    vec![row("GET", "/operator", Access::Operator, "-", get(home))]
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
#[expect(clippy::unused_async, reason = "the areas ask the database")]
async fn lines(_req: &Req) -> Result<Vec<WorkLine>, Error> {
    Ok(Vec::new())
}
