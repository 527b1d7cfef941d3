//! The tab 閲覧履歴: what the office itself looked at.

use axum::extract::Path;
use axum::response::Response;
use kaigo_app::citizen::{self, Log};
use kaigo_store::access_log::{Before, Outcome};

use crate::failure::{failure, ok};
use crate::person::frame;
use crate::request::{Req, Staff, percent};
use crate::say;
use crate::view::history::{History as View, LookRow};
use crate::view::{Chip, Paging, Tone};

/// GET /people/{c}/history?at=&id=
pub(crate) async fn tab(Staff(req): Staff, Path(c): Path<String>) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(&req, &kaigo_app::Error::LoginNeeded);
    };
    match citizen::office_log(&req.web.app, &req.ctx, caller, &c, before(&req)).await {
        Ok(log) => ok(&page(&req, &log)),
        Err(error) => failure(&req, &error),
    }
}

/// Where the page starts.
pub(crate) fn before(req: &Req) -> Before {
    match (req.asked("at"), req.asked("id")) {
        ("", _) | (_, "") => Before::default(),
        (at, id) => Before { completed_at: at.to_owned(), entry_id: id.to_owned() },
    }
}

/// Links to the neighbours of a page of the log.
pub(crate) fn paging(base: &str, req: &Req, log: &Log) -> Paging {
    let next = log.next.as_ref().map(|b| format!("{base}?at={}&id={}", percent(&b.completed_at), percent(&b.entry_id)));
    let first = before(req) == Before::default();
    Paging { previous: (!first).then(|| base.to_owned()), next, say: String::new() }
}

fn page(req: &Req, log: &Log) -> View {
    let person = frame(req, &log.head);
    let base = person.at("history");
    View {
        shell: req.shell(),
        person,
        absence: None,
        rows: log
            .entries
            .iter()
            .map(|placed| {
                let e = &placed.entry;
                LookRow {
                    at: say::instant(&e.completed_at),
                    who: say::who(&e.account_name, e.job.as_deref()),
                    what: say::what(&e.act, &e.items, e.document.as_deref()),
                    why: say::purpose(&e.purpose),
                    result: result(&e.outcome),
                }
            })
            .collect(),
        paging: paging(&base, req, log),
    }
}

/// How a look ended, as a chip.
fn result(outcome: &str) -> Chip {
    if outcome == Outcome::Done.code() {
        Chip::new(Tone::Good, "完了")
    } else if outcome == Outcome::Refused.code() {
        Chip::new(Tone::Warn, "見られませんでした")
    } else {
        Chip::new(Tone::Bad, "失敗")
    }
}
