//! The maintenance calendar: page, ICS, JSON.

use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use kaigo_app::Error;
use kaigo_app::portal::maintenance;
use kaigo_core::portal::MaintenanceState;
use kaigo_store::portal::Maintenance;
use serde::Serialize;

use crate::failure::{failure, ok};
use crate::request::{Req, Visitor};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::portal as view;
use crate::view::{Chip, Tone};

pub(super) fn routes() -> Vec<(Route, Handler)> {
    use Access::Anybody;
    vec![
        row("GET", "/portal/maintenance", Anybody, "-", get(page)),
        row("GET", "/portal/maintenance.ics", Anybody, "-", get(calendar)),
        row("GET", "/portal/maintenance.json", Anybody, "-", get(json)),
    ]
}

/// State of a maintenance as a chip.
pub(crate) fn chip(req: &Req, m: &Maintenance) -> Chip {
    let now = req.ctx.instant();
    match m.state {
        MaintenanceState::Cancelled => Chip::new(Tone::Plain, "中止"),
        MaintenanceState::Planned if m.ends_at <= now => Chip::new(Tone::Plain, "終わりました"),
        MaintenanceState::Planned if m.starts_at <= now => Chip::new(Tone::Bad, "いま行っています"),
        MaintenanceState::Planned => Chip::new(Tone::Warn, "予定"),
    }
}

/// 「2026年12月6日 21:00から 12月7日 6:00まで」.
pub(crate) fn when(m: &Maintenance) -> String {
    let same_year = m.starts_at.get(..4) == m.ends_at.get(..4);
    let ends = if same_year { say::short_instant(&m.ends_at) } else { say::instant(&m.ends_at) };
    format!("{}から {ends}まで", say::instant(&m.starts_at))
}

/// A maintenance for readers.
pub(super) fn line(req: &Req, m: &Maintenance) -> view::MaintenanceLine {
    view::MaintenanceLine {
        chip: chip(req, m),
        title: m.title.clone(),
        when: when(m),
        effect: m.effect.clone(),
        said: say::instant(&m.saved_at),
    }
}

/// GET /portal/maintenance
async fn page(Visitor(req): Visitor) -> Response {
    match maintenance::list(&req.web.app, &req.ctx).await {
        Ok(all) => {
            let now = req.ctx.instant();
            let (mut past, coming): (Vec<_>, Vec<_>) = all.iter().partition(|m| m.ends_at <= now);
            past.reverse();
            ok(&view::MaintenancePage {
                shell: req.shell(),
                coming: coming.into_iter().map(|m| line(&req, m)).collect(),
                past: past.into_iter().map(|m| line(&req, m)).collect(),
            })
        }
        Err(error) => failure(&req, &error),
    }
}

/// GET /portal/maintenance.ics
async fn calendar(Visitor(req): Visitor, headers: HeaderMap) -> Response {
    match maintenance::file(&req.web.app, &req.ctx).await {
        Ok(text) => super::open(&headers, "text/calendar; charset=utf-8", text.into_bytes()),
        Err(error) => failure(&req, &error),
    }
}

/// A maintenance in JSON.
#[derive(Serialize)]
struct Event<'a> {
    id: &'a str,
    state: &'static str,
    starts_at: &'a str,
    ends_at: &'a str,
    title: &'a str,
    effect: &'a str,
    updated_at: &'a str,
}

#[derive(Serialize)]
struct Calendar<'a> {
    maintenance: Vec<Event<'a>>,
}

/// GET /portal/maintenance.json
async fn json(Visitor(req): Visitor, headers: HeaderMap) -> Response {
    let all = match maintenance::list(&req.web.app, &req.ctx).await {
        Ok(all) => all,
        Err(error) => return failure(&req, &error),
    };
    match serde_json::to_vec(&Calendar { maintenance: all.iter().map(event).collect() }) {
        Ok(body) => super::open(&headers, "application/json", body),
        Err(_) => failure(&req, &Error::Internal("the calendar cannot be written".to_owned())),
    }
}

fn event(m: &Maintenance) -> Event<'_> {
    Event {
        id: &m.maintenance_id,
        state: m.state.code(),
        starts_at: &m.starts_at,
        ends_at: &m.ends_at,
        title: &m.title,
        effect: &m.effect,
        updated_at: &m.saved_at,
    }
}
