//! The operator's desk plans maintenance: what readers and their calendars are told beforehand.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::portal::maintenance::{self, Saving, Typed};
use kaigo_core::portal::MaintenanceState;
use kaigo_store::portal::Maintenance;

use crate::failure::{failure, moved, page};
use crate::portal::maintenance::{chip, when};
use crate::request::{Fields, Operator, Req, masked};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::FieldError;
use crate::view::operator::content as view;

/// The URLs of maintenance.
pub(super) fn routes() -> Vec<(Route, Handler)> {
    use Access::Operator;
    vec![
        row("GET", "/operator/maintenance", Operator, "manage-content", get(list)),
        row("POST", "/operator/maintenance", Operator, "manage-content", post(add)),
        row("GET", "/operator/maintenance/{m}", Operator, "manage-content", get(edit)),
        row("POST", "/operator/maintenance/{m}", Operator, "manage-content", post(save)),
    ]
}

/// What the form holds.
struct Form {
    typed: Typed,
    seen: i32,
    submit_key: String,
}

fn day_and_time(instant: &str) -> (String, String) {
    (say::day_of(instant).map(kaigo_core::date::seireki).unwrap_or_default(), say::clock(instant))
}

fn of(m: &Maintenance, submit_key: String) -> Form {
    let ((start_day, start_time), (end_day, end_time)) = (day_and_time(&m.starts_at), day_and_time(&m.ends_at));
    Form {
        typed: Typed {
            title: m.title.clone(),
            effect: m.effect.clone(),
            start_day,
            start_time,
            end_day,
            end_time,
            cancelled: m.state == MaintenanceState::Cancelled,
        },
        seen: m.version,
        submit_key,
    }
}

fn line(req: &Req, m: &Maintenance) -> view::MaintenanceLine {
    view::MaintenanceLine {
        href: format!("/operator/maintenance/{}", m.maintenance_id),
        title: m.title.clone(),
        when: when(m),
        chip: chip(req, m),
        saved: format!("第{}版　{}　{}", m.version, m.saved_by, say::instant(&m.saved_at)),
    }
}

async fn form_page(req: &Req, id: Option<&str>, form: Option<Form>, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    let all = match id {
        Some(id) => maintenance::versions(&req.web.app, caller, id).await,
        None => maintenance::list(&req.web.app, &req.ctx).await,
    };
    let all = match all {
        Ok(all) => all,
        Err(error) => return failure(req, &error),
    };
    let key = req.ctx.ids.id();
    let form = form.unwrap_or_else(|| match all.first() {
        Some(newest) if id.is_some() => of(newest, key),
        Some(_) | None => Form { typed: Typed::default(), seen: 0, submit_key: key },
    });
    let t = form.typed;
    let view = view::Maintenance {
        shell: req.shell(),
        action: id.map_or_else(|| "/operator/maintenance".to_owned(), |id| format!("/operator/maintenance/{id}")),
        is_new: id.is_none(),
        title: masked(&t.title),
        effect: masked(&t.effect),
        start_day: t.start_day,
        start_time: t.start_time,
        end_day: t.end_day,
        end_time: t.end_time,
        cancelled: t.cancelled,
        seen: form.seen,
        submit_key: form.submit_key,
        lines: all.iter().map(|m| line(req, m)).collect(),
        errors,
    };
    page(if view.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &view)
}

/// GET /operator/maintenance
async fn list(Operator(req): Operator) -> Response {
    form_page(&req, None, None, Vec::new()).await
}

/// GET /operator/maintenance/{m}
async fn edit(Operator(req): Operator, Path(m): Path<String>) -> Response {
    form_page(&req, Some(&m), None, Vec::new()).await
}

/// POST /operator/maintenance
async fn add(Operator(req): Operator, fields: Fields) -> Response {
    taken(&req, None, &fields).await
}

/// POST /operator/maintenance/{m}
async fn save(Operator(req): Operator, Path(m): Path<String>, fields: Fields) -> Response {
    taken(&req, Some(&m), &fields).await
}

async fn taken(req: &Req, id: Option<&str>, fields: &Fields) -> Response {
    if let Err(response) = fields.check(req, &["title", "effect"]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    let own = |name: &str| fields.get(name).to_owned();
    let form = Form {
        typed: Typed {
            title: own("title"),
            effect: own("effect"),
            start_day: own("start_day"),
            start_time: own("start_time"),
            end_day: own("end_day"),
            end_time: own("end_time"),
            cancelled: !fields.get("cancelled").is_empty(),
        },
        seen: fields.get("seen").parse().unwrap_or(0),
        submit_key: own("submit_key"),
    };
    let saving = Saving { maintenance_id: id.map(str::to_owned), seen: form.seen, submit_key: form.submit_key.clone() };
    match maintenance::save(&req.web.app, &req.ctx, caller, &form.typed, saving).await {
        Ok(m) => moved(&format!("/operator/maintenance/{}?done=maintenance-saved", m.maintenance_id)),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            form_page(req, id, Some(form), errors).await
        }
        Err(Error::Conflict(say)) => form_page(req, id, Some(form), vec![FieldError::new("", say)]).await,
        Err(error) => failure(req, &error),
    }
}
