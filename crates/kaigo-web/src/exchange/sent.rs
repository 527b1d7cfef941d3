//! 送ったもの: where each set stands at the partner's.

use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::exchange::mailbox;

use super::{asked_filter, filter_view, frame, older, set_row};
use crate::failure::{failure, ok};
use crate::request::{Req, Staff};
use crate::view::exchange::Tab;
use crate::view::exchange::mailbox::Sent as View;

/// GET /exchange/sent?state=&partner=&before=
pub(crate) async fn list(Staff(req): Staff) -> Response {
    match view(&req).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn view(req: &Req) -> Result<View, Error> {
    let found = mailbox::sent(&req.web.app, &req.ctx, req.caller()?, &asked_filter(req), req.asked("before")).await?;
    let rows: Vec<_> = found.rows.iter().map(|row| set_row(req, row, false)).collect();
    Ok(View {
        shell: req.shell(),
        frame: frame(req, Tab::Sent).await?,
        filter: filter_view(req, &rows, false),
        paging: older(req, "/exchange/sent", found.next.as_deref()),
        rows,
    })
}
