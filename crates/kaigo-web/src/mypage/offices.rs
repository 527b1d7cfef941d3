//! One login, several offices: switch, sums, invitations.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::{Error, corporation};
use kaigo_core::licence::Standing;
use kaigo_core::policy::{Act, Caller, JobType, decide_act};
use kaigo_store::member::Invitation;

use super::field_errors;
use crate::failure::{failure, moved, page};
use crate::request::{Fields, Req, Staff};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::mypage::{OfficeLine, Offices};
use crate::view::{Chip, Choice, FieldError, Tone};

/// The URLs of this part.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Staff;
    vec![
        row("GET", "/office/all", Staff, "view-office", get(show)),
        row("POST", "/office/switch", Staff, "view-office", post(switch)),
        row("POST", "/office/join", Staff, "view-office", post(join)),
        row("POST", "/office/invite", Staff, "manage-office", post(invite)),
        row("POST", "/office/members/{m}/end", Staff, "manage-office", post(end)),
    ]
}

/// Jobs to choose from.
pub(crate) fn jobs(chosen: &str) -> Vec<Choice> {
    JobType::ALL
        .iter()
        .map(|job| Choice { chosen: job.code() == chosen, ..Choice::new(job.code(), say::job_word(*job)) })
        .collect()
}

fn licence(standing: Standing) -> Chip {
    match standing {
        Standing::NotNeeded { .. } => Chip::new(Tone::Good, "不要"),
        Standing::Valid { .. } => Chip::new(Tone::Good, "有効"),
        Standing::Soon { .. } => Chip::new(Tone::Warn, "まもなく期限"),
        Standing::Ended { .. } => Chip::new(Tone::Bad, "期限切れ"),
        Standing::None => Chip::new(Tone::Plain, "なし"),
    }
}

fn invitation(req: &Req, i: &Invitation) -> (String, String, Chip) {
    let chip = match (&i.used_by, i.expires_at < req.ctx.instant()) {
        (Some(by), _) => Chip::new(Tone::Good, format!("{by}さんが使いました")),
        (None, true) => Chip::new(Tone::Plain, "期限切れ"),
        (None, false) => Chip::new(Tone::Info, "まだ使われていません"),
    };
    (i.for_name.clone(), format!("{}　{}", say::job_word(i.job), say::instant(&i.made_at)), chip)
}

#[derive(Default)]
struct Typed {
    for_name: String,
    job: String,
    submit_key: String,
    made: Option<(String, String)>,
}

async fn view(req: &Req, typed: Typed, errors: Vec<FieldError>) -> Result<Offices, Error> {
    let (app, ctx, caller) = (&req.web.app, &req.ctx, req.caller()?);
    let Caller::Staff(staff) = caller else { return Err(Error::NotFound) };
    let all = corporation::offices(app, ctx, caller).await?;
    let may_manage = decide_act(caller, Act::ManageOffice).is_ok();
    let inside = if may_manage { Some(corporation::inside(app, caller).await?) } else { None };
    let sums = all.iter().fold([0; 3], |[a, b, c], o| [a + o.unread, b + o.received, c + o.sent]);
    let offices = all.iter().map(|o| OfficeLine {
        no: o.office_no.to_string(),
        name: o.name.clone(),
        job: format!("{}{}", say::job_word(o.job), if o.is_admin { "・管理者" } else { "" }),
        is_current: o.is_current,
        counts: [o.unread, o.received, o.sent],
        licence: licence(o.licence),
    });
    let (invitations, members) = match &inside {
        Some(inside) => (
            inside.invitations.iter().map(|i| invitation(req, i)).collect(),
            inside
                .members
                .iter()
                .map(|m| {
                    let small = match &m.ended_at {
                        Some(at) => format!("{}（{}に終わりました）", say::job_word(m.job), say::instant(at)),
                        None => format!("{}　{}から", say::job_word(m.job), say::instant(&m.joined_at)),
                    };
                    (m.member_id.clone(), m.name.clone(), small, m.ended_at.is_none())
                })
                .collect(),
        ),
        None => (Vec::new(), Vec::new()),
    };
    Ok(Offices {
        errors,
        offices: offices.collect(),
        sums,
        may_manage,
        office: staff.office_name.clone(),
        made: typed.made,
        for_name: typed.for_name,
        jobs: jobs(&typed.job),
        invitations,
        members,
        submit_key: if typed.submit_key.is_empty() { ctx.ids.id() } else { typed.submit_key },
        shell: req.shell(),
    })
}

async fn respond(req: &Req, typed: Typed, errors: Vec<FieldError>) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match view(req, typed, errors).await {
        Ok(view) => page(status, &view),
        Err(error) => failure(req, &error),
    }
}

/// GET /office/all
async fn show(Staff(req): Staff) -> Response {
    respond(&req, Typed::default(), Vec::new()).await
}

/// POST /office/switch
async fn switch(Staff(req): Staff, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let (Ok(caller), Some(token)) = (req.caller(), req.token.as_deref()) else {
        return failure(&req, &Error::LoginNeeded);
    };
    match corporation::switch(&req.web.app, caller, token, fields.get("office")).await {
        Ok(()) => moved("/?done=office-switched"),
        Err(error) => failure(&req, &error),
    }
}

/// POST /office/join
async fn join(Staff(req): Staff, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match corporation::accept(&req.web.app, &req.ctx, caller, fields.get("code")).await {
        Ok(()) => moved("/office/all?done=office-joined"),
        Err(error) => match field_errors(error) {
            Ok(errors) => respond(&req, Typed::default(), errors).await,
            Err(error) => failure(&req, &error),
        },
    }
}

/// POST /office/invite: the code is on the answer itself, once. Sent again, it is the same code.
async fn invite(Staff(req): Staff, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let (name, job, key) = (fields.get("for_name"), fields.get("job"), fields.get("submit_key"));
    let key = if key.is_empty() { req.ctx.ids.id() } else { key.to_owned() };
    let wish = (name, job, fields.get("is_admin") == "on");
    match corporation::invite(&req.web.app, &req.ctx, caller, wish, key.clone()).await {
        Ok(code) => {
            let made = Some((code, name.to_owned()));
            respond(&req, Typed { made, ..Typed::default() }, Vec::new()).await
        }
        Err(error) => match field_errors(error) {
            Ok(errors) => {
                let typed = Typed { for_name: name.to_owned(), job: job.to_owned(), submit_key: key, made: None };
                respond(&req, typed, errors).await
            }
            Err(error) => failure(&req, &error),
        },
    }
}

/// POST /office/members/{m}/end
async fn end(Staff(req): Staff, Path(m): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match corporation::end(&req.web.app, &req.ctx, caller, &m).await {
        Ok(()) => moved("/office/all?done=member-ended"),
        Err(error) => failure(&req, &error),
    }
}
