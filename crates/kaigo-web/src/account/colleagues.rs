//! Accounts of colleagues, invitations, the staff's looks and the administrative log: one set of pages for offices, insurers and the
//! operator's desk, each under its own address and on its own accounts only.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::account::colleagues::{self as app, Change, Sight};
use kaigo_app::account::invitation::{self, NewColleague, good_until};
use kaigo_app::account::staff_log::{self, Asked, Looked};
use kaigo_core::date::{add_days, parse_date};
use kaigo_core::policy::{Caller, JobType};
use kaigo_core::service::ServiceKind;
use kaigo_store::colleague::Colleague;

use super::{status, wrongs};
use crate::Web;
use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Req, Somebody, percent};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::start::qr;
use crate::view::account::{
    AccountRow, AdminLog, AdminRow, Colleague as ColleaguePage, Colleagues, Invited, InvitedRow, LookRow, SightRow,
    StaffLog,
};
use crate::view::{Chip, Choice, FieldError, Tone};

/// The URLs of this area.
pub(super) fn routes() -> Vec<(Route, Handler)> {
    let mut routes = vec![
        row("GET", "/office/log", Access::Staff, "manage-staff", get(staff_log_page)),
        row("GET", "/office/log.csv", Access::Staff, "manage-staff", get(staff_log_file)),
    ];
    macro_rules! of {
        ($base:literal, $access:ident) => {
            routes.extend([
                row("GET", concat!($base, "/accounts"), Access::$access, "manage-staff", get(list)),
                row("POST", concat!($base, "/accounts"), Access::$access, "manage-staff", post(invite)),
                row("GET", concat!($base, "/accounts/{a}"), Access::$access, "manage-staff", get(one)),
                row("POST", concat!($base, "/accounts/{a}"), Access::$access, "manage-staff", post(change)),
                row("POST", concat!($base, "/accounts/{a}/reissue"), Access::$access, "manage-staff", post(reissue)),
                row("GET", concat!($base, "/invitations/{v}"), Access::$access, "manage-staff", get(invited)),
                row("POST", concat!($base, "/invitations/{v}/revoke"), Access::$access, "manage-staff", post(revoke)),
                row("GET", concat!($base, "/admin-log"), Access::$access, "manage-staff", get(admin_log)),
            ]);
        };
    }
    of!("/office", Staff);
    of!("/insurer", Insurer);
    of!("/operator", Operator);
    routes
}

/// What was done on these pages.
pub(super) fn done(done: &str) -> Option<(&'static str, &'static str)> {
    Some(match done {
        "account-suspend" => ("利用を止めました", "開いていた画面も、すぐに使えなくなりました。"),
        "account-resume" => ("利用を再開しました", "もう一度ログインできます。"),
        "account-leave" => {
            ("利用を終わりにしました", "開いていた画面も、連携の鍵も、すぐに使えなくなりました。記録は残ります。")
        }
        "account-job" => ("職種を変えました", "見えるものは、次に画面を開いたときから変わります。"),
        "account-admin" => ("管理者にしました", ""),
        "account-no-admin" => ("管理者からはずしました", ""),
        "account-transfer" => ("管理を引き継ぎました", "あなたは、もう管理者ではありません。"),
        "invitation-revoked" => ("招待を取り消しました", "その招待番号は、もう使えません。"),
        _ => return None,
    })
}

/// Whoever is logged in, with the place that their administrators manage. Whether they administer is the use case's question.
pub(super) struct Desk {
    pub(super) req: Req,
    pub(super) base: &'static str,
}

impl FromRequestParts<Arc<Web>> for Desk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let path = parts.uri.path().to_owned();
        let Somebody(req) = Somebody::from_request_parts(parts, web).await?;
        let base = match req.caller() {
            Ok(Caller::Staff(_)) => "/office",
            Ok(Caller::Insurer(_)) => "/insurer",
            Ok(Caller::OperatorStaff(_)) => "/operator",
            _ => return Err(failure(&req, &Error::NotFound)),
        };
        if path.strip_prefix(base).is_some_and(|rest| rest.starts_with('/')) {
            Ok(Self { req, base })
        } else {
            Err(failure(&req, &Error::NotFound))
        }
    }
}

fn jobs(chosen: Option<JobType>) -> Vec<Choice> {
    let choice = |job: &JobType| Choice { chosen: Some(*job) == chosen, ..Choice::new(job.code(), job.label()) };
    JobType::ALL.iter().map(choice).collect()
}

fn state(c: &Colleague) -> Chip {
    if c.left_at.is_some() {
        Chip::new(Tone::Plain, "利用終了")
    } else if c.account.disabled {
        Chip::new(Tone::Warn, "停止中")
    } else {
        Chip::new(Tone::Good, "利用中")
    }
}

fn account_row(c: &Colleague, own: &str) -> AccountRow {
    AccountRow {
        id: c.account.account_id.clone(),
        is_own: c.account.account_id == own,
        name: c.account.name.clone(),
        login: c.account.login_id.clone(),
        job: c.job().map(JobType::label).unwrap_or_default().to_owned(),
        is_admin: c.is_admin(),
        state: state(c),
        note: c.state_note.clone().unwrap_or_default(),
        last_login: c.last_login.as_deref().map(say::instant).unwrap_or_default(),
        passkeys: c.passkeys,
    }
}

/// What was typed for an invitation.
#[derive(Default)]
struct Typed {
    name: String,
    job: Option<JobType>,
    is_admin: bool,
    submit_key: String,
}

async fn list_page(desk: &Desk, typed: Typed, errors: Vec<FieldError>) -> Response {
    let req = &desk.req;
    let seen = match req.caller() {
        Ok(caller) => app::list(&req.web.app, caller).await.map(|seen| (caller.account_id().to_owned(), seen)),
        Err(error) => Err(error),
    };
    let (own, seen) = match seen {
        Ok(seen) => seen,
        Err(error) => return failure(req, &error),
    };
    let mut accounts: Vec<AccountRow> = seen.accounts.iter().map(|c| account_row(c, &own)).collect();
    // Who left stays to be seen, at the end.
    accounts.sort_by_key(|row| row.state.word == "利用終了");
    let invitations = seen.invitations.iter().map(|i| InvitedRow {
        id: i.invitation_id.clone(),
        name: i.name.clone(),
        job: i.job.map(JobType::label).unwrap_or_default().to_owned(),
        is_admin: i.is_admin,
        is_again: i.is_again,
        by: i.invited_by.clone(),
        until: say::instant(&i.valid_until),
        is_over: good_until(i).map_or(true, |until| until <= req.ctx.now),
    });
    let view = Colleagues {
        shell: req.shell(),
        errors,
        base: desk.base.to_owned(),
        accounts,
        invitations: invitations.collect(),
        name: typed.name,
        jobs: if desk.base == "/office" { jobs(typed.job) } else { Vec::new() },
        is_admin: typed.is_admin,
        submit_key: if typed.submit_key.is_empty() { req.ctx.ids.id() } else { typed.submit_key },
    };
    page(status(&view.errors), &view)
}

/// GET {base}/accounts
async fn list(desk: Desk) -> Response {
    list_page(&desk, Typed::default(), Vec::new()).await
}

/// POST {base}/accounts: invites somebody.
async fn invite(desk: Desk, fields: Fields) -> Response {
    let req = &desk.req;
    if let Err(response) = fields.check(req, &[]) {
        return response;
    }
    let typed = Typed {
        name: fields.get("name").to_owned(),
        job: JobType::parse(fields.get("job")).ok(),
        is_admin: fields.get("admin") == "yes",
        submit_key: fields.get("submit_key").to_owned(),
    };
    let new = NewColleague {
        name: typed.name.clone(),
        job: typed.job,
        is_admin: typed.is_admin,
        submit_key: typed.submit_key.clone(),
    };
    let done = match req.caller() {
        Ok(caller) => invitation::invite(&req.web.app, &req.ctx, caller, new).await,
        Err(error) => Err(error),
    };
    match done.map_err(wrongs) {
        Ok(invitation) => moved(&format!("{}/invitations/{}", desk.base, invitation.invitation_id)),
        Err(Ok(errors)) => list_page(&desk, typed, errors).await,
        Err(Err(error)) => failure(req, &error),
    }
}

/// GET {base}/invitations/{v}: to print or to hand over.
async fn invited(desk: Desk, Path(v): Path<String>) -> Response {
    let req = &desk.req;
    let printed = match req.caller() {
        Ok(caller) => invitation::print(&req.web.app, &req.ctx, caller, &v).await,
        Err(error) => Err(error),
    };
    let printed = match printed {
        Ok(printed) => printed,
        Err(error) => return failure(req, &error),
    };
    let site = req.web.app.mail.clone().unwrap_or_default();
    let link = |code: &str| format!("{site}/invitation?code={code}");
    let i = printed.invitation;
    ok(&Invited {
        shell: req.shell(),
        base: desk.base.to_owned(),
        id: i.invitation_id,
        name: i.name,
        place: printed.place,
        job: i.job.map(JobType::label).unwrap_or_default().to_owned(),
        is_admin: i.is_admin,
        is_again: i.is_again,
        until: say::instant(&i.valid_until),
        is_used: i.used_at.is_some(),
        // Only a whole address can be read by a telephone.
        qr: printed.code.as_ref().filter(|_| !site.is_empty()).and_then(|code| qr(&link(code))),
        site,
        code: printed.code.unwrap_or_default(),
    })
}

/// POST {base}/invitations/{v}/revoke
async fn revoke(desk: Desk, Path(v): Path<String>, fields: Fields) -> Response {
    let req = &desk.req;
    if let Err(response) = fields.check(req, &[]) {
        return response;
    }
    let done = match req.caller() {
        Ok(caller) => invitation::revoke(&req.web.app, &req.ctx, caller, &v).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => moved(&format!("{}/accounts?done=invitation-revoked", desk.base)),
        Err(error) => failure(req, &error),
    }
}

async fn one_page(desk: &Desk, a: &str, reason: &str, errors: Vec<FieldError>) -> Response {
    let req = &desk.req;
    let seen = match req.caller() {
        Ok(caller) => app::view(&req.web.app, caller, a).await.map(|seen| (caller.account_id().to_owned(), seen)),
        Err(error) => Err(error),
    };
    let (own, (colleague, services)) = match seen {
        Ok(seen) => seen,
        Err(error) => return failure(req, &error),
    };
    let row = account_row(&colleague, &own);
    let view = ColleaguePage {
        shell: req.shell(),
        errors,
        base: desk.base.to_owned(),
        has_left: colleague.left_at.is_some(),
        is_suspended: colleague.account.disabled,
        since: say::instant(&colleague.created_at),
        jobs: colleague.job().map_or_else(Vec::new, |job| jobs(Some(job))),
        services: services.iter().map(|kind| kind.label()).collect::<Vec<_>>().join("・"),
        sights: colleague.job().map_or_else(Vec::new, |job| sights(req, &services, job)),
        reason: reason.to_owned(),
        submit_key: req.ctx.ids.id(),
        account: row,
    };
    page(status(&view.errors), &view)
}

fn sights(req: &Req, services: &[ServiceKind], job: JobType) -> Vec<SightRow> {
    let row = |(item, sight): (kaigo_core::policy::Item, Sight)| SightRow {
        item: item.label().to_owned(),
        chip: match sight {
            Sight::Open => Chip::new(Tone::Good, "見られる"),
            Sight::Consent => Chip::new(Tone::Info, "同意があれば見られる"),
            Sight::Closed => Chip::new(Tone::Plain, "見られない"),
        },
    };
    app::sights(&req.web.app, &req.ctx, services, job).into_iter().map(row).collect()
}

/// GET {base}/accounts/{a}
async fn one(desk: Desk, Path(a): Path<String>) -> Response {
    one_page(&desk, &a, "", Vec::new()).await
}

/// POST {base}/accounts/{a}: one of the changes, named by the field `change`.
async fn change(desk: Desk, Path(a): Path<String>, fields: Fields) -> Response {
    let req = &desk.req;
    if let Err(response) = fields.check(req, &[]) {
        return response;
    }
    let (name, reason) = (fields.get("change"), fields.get("reason"));
    let change = match name {
        "suspend" => Change::Suspend(reason.to_owned()),
        "resume" => Change::Resume,
        "leave" => Change::Leave(reason.to_owned()),
        "admin" => Change::Admin(true),
        "no-admin" => Change::Admin(false),
        "transfer" => Change::Transfer,
        _ => match JobType::parse(fields.get("job")) {
            Ok(job) => Change::Job(job),
            Err(_) => return failure(req, &Error::NotFound),
        },
    };
    let is_other = change == Change::Transfer;
    let done = match req.caller() {
        Ok(caller) => app::change(&req.web.app, &req.ctx, caller, &a, change).await,
        Err(error) => Err(error),
    };
    match done.map_err(wrongs) {
        // Who has handed over the administration may not look at the accounts any more.
        Ok(()) if is_other => moved("/account?done=account-transfer"),
        Ok(()) => {
            let done = if ["suspend", "resume", "leave", "admin", "no-admin"].contains(&name) { name } else { "job" };
            moved(&format!("{}/accounts/{}?done=account-{done}", desk.base, percent(&a)))
        }
        Err(Ok(errors)) => one_page(&desk, &a, reason, errors).await,
        Err(Err(error)) => failure(req, &error),
    }
}

/// POST {base}/accounts/{a}/reissue
async fn reissue(desk: Desk, Path(a): Path<String>, fields: Fields) -> Response {
    let req = &desk.req;
    if let Err(response) = fields.check(req, &[]) {
        return response;
    }
    let done = match req.caller() {
        Ok(caller) => invitation::reissue(&req.web.app, &req.ctx, caller, &a, fields.get("submit_key")).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(invitation) => moved(&format!("{}/invitations/{}", desk.base, invitation.invitation_id)),
        Err(error) => failure(req, &error),
    }
}

/// GET {base}/admin-log
async fn admin_log(desk: Desk) -> Response {
    let req = &desk.req;
    let before = req.asked("before");
    let entries = match req.caller() {
        Ok(caller) => app::admin_log(&req.web.app, caller, before).await,
        Err(error) => Err(error),
    };
    match entries {
        Ok(entries) => {
            let is_full = entries.len() >= usize::try_from(app::PAGE).unwrap_or(usize::MAX);
            let next = entries.last().filter(|_| is_full).map(|e| e.entry_id.clone());
            let rows = entries.into_iter().map(|e| AdminRow {
                at: say::instant(&e.done_at),
                who: e.account_name,
                act: act_word(&e.act),
                subject: e.subject,
                detail: e.detail,
                owner: match e.owner_kind.as_str() {
                    "office" => format!("事業所 {}", e.owner_no),
                    "insurer" => format!("保険者 {}", e.owner_no),
                    _ => "運営".to_owned(),
                },
            });
            ok(&AdminLog {
                shell: req.shell(),
                base: desk.base.to_owned(),
                rows: rows.collect(),
                next: next.map(|id| format!("{}/admin-log?before={id}", desk.base)),
            })
        }
        Err(error) => failure(req, &error),
    }
}

/// What an act is called: those of accounts here; others by the code that their area gave them.
fn act_word(act: &str) -> String {
    let word = app::word(act);
    if word == "その他の操作" { act.to_owned() } else { word.to_owned() }
}

/// What is asked of the staff's looks: the last week, everybody's, unless the address says otherwise.
fn asked(req: &Req) -> Asked {
    let day = |name: &str| parse_date(req.asked(name));
    let until = day("until").unwrap_or(req.ctx.today);
    let account = req.asked("account");
    Asked {
        account_id: (!account.is_empty()).then(|| account.to_owned()),
        from: day("from").unwrap_or_else(|| add_days(until, -6)),
        until,
    }
}

async fn looks(req: &Req, is_file: bool) -> Result<(Asked, Vec<Looked>), Error> {
    let asked = asked(req);
    let rows = staff_log::list(&req.web.app, &req.ctx, req.caller()?, asked.clone(), is_file).await?;
    Ok((asked, rows))
}

fn outcome(l: &Looked) -> Chip {
    match l.outcome.as_str() {
        "done" => Chip::new(Tone::Plain, "見た・した"),
        "refused" => Chip::new(Tone::Warn, "断られた"),
        _ => Chip::new(Tone::Bad, "できなかった"),
    }
}

/// GET /office/log
async fn staff_log_page(desk: Desk) -> Response {
    let req = &desk.req;
    let colleagues = match req.caller() {
        Ok(caller) => app::list(&req.web.app, caller).await,
        Err(error) => Err(error),
    };
    let colleagues = match colleagues {
        Ok(colleagues) => colleagues.accounts,
        Err(error) => return failure(req, &error),
    };
    let (errors, asked, rows) = match looks(req, false).await {
        Ok((asked, rows)) => (Vec::new(), asked, rows),
        Err(error) => match wrongs(error) {
            Ok(errors) => (errors, asked(req), Vec::new()),
            Err(error) => return failure(req, &error),
        },
    };
    let query = format!(
        "account={}&from={}&until={}",
        percent(asked.account_id.as_deref().unwrap_or_default()),
        asked.from,
        asked.until
    );
    let view = StaffLog {
        shell: req.shell(),
        errors,
        who: colleagues
            .iter()
            .map(|c| Choice {
                chosen: asked.account_id.as_deref() == Some(c.account.account_id.as_str()),
                ..Choice::new(c.account.account_id.clone(), c.account.name.clone())
            })
            .collect(),
        from: asked.from.to_string(),
        until: asked.until.to_string(),
        is_cut: rows.len() >= usize::try_from(staff_log::PAGE).unwrap_or(usize::MAX),
        rows: rows
            .iter()
            .map(|l| LookRow {
                at: say::instant(&l.at),
                who: say::who(&l.name, (!l.job.is_empty()).then_some(l.job.as_str())),
                what: say::what(&l.act, "", None),
                items: l.items.clone(),
                purpose: say::purpose(&l.purpose),
                whom: l.whom.clone(),
                outcome: outcome(l),
                rule: l.rule.clone(),
            })
            .collect(),
        file: format!("/office/log.csv?{query}"),
    };
    page(status(&view.errors), &view)
}

/// GET /office/log.csv
async fn staff_log_file(desk: Desk) -> Response {
    let req = &desk.req;
    match looks(req, true).await {
        Ok((asked, rows)) => {
            let head = ["日時", "職員", "したこと", "見たもの", "利用目的", "被保険者番号の下4けた", "結果", "きまり"];
            let mut lines = vec![head.map(str::to_owned).to_vec()];
            lines.extend(rows.iter().map(|l| {
                vec![
                    say::instant(&l.at),
                    say::who(&l.name, (!l.job.is_empty()).then_some(l.job.as_str())),
                    say::what(&l.act, "", None),
                    l.items.clone(),
                    say::purpose(&l.purpose),
                    l.whom.clone(),
                    outcome(l).word,
                    l.rule.clone(),
                ]
            }));
            let name = format!("attachment; filename=\"staff-log-{}-{}.csv\"", asked.from, asked.until);
            let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
            let kind = HeaderValue::from_static("text/csv; charset=utf-8");
            ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], crate::portal::csv(&lines))
                .into_response()
        }
        Err(error) => failure(req, &error),
    }
}
