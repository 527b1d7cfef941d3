//! The pages of who sets up offices (導入支援事業者): never a person's data.

use axum::response::Response;
use axum::routing::get;

use crate::failure::ok;
use crate::request::Supporter;
use crate::routes::{Access, Handler, Route, row};
use crate::view::operator::SupporterHome;

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    vec![row("GET", "/support", Access::Supporter, "support-office", get(home))]
}

/// GET /support
async fn home(Supporter(req): Supporter) -> Response {
    ok(&SupporterHome { shell: req.shell() })
}
