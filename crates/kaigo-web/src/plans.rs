//! The tab ケアプラン: plans registered for delivery, registering what the office sent, taking back.

use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::plans::{self, OpenPlan, Plans};
use kaigo_app::run::Target;
use kaigo_careplan::batch::Doc;
use kaigo_core::date::seireki;
use kaigo_store::delivery::Delivery;

use crate::exchange;
use crate::failure::{failure, moved, ok};
use crate::person::frame;
use crate::request::{Fields, Myself, Req, Staff};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::Link;
use crate::view::plans::{MyPlan, Plan as PlanView, PlanRow, Plans as View, SentRow};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Staff;
    vec![
        row("GET", "/people/{c}/plans", Staff, "care-plan", get(tab)),
        row("GET", "/people/{c}/plans/{v}", Staff, "care-plan", get(open)),
        row("GET", "/my/plans/{v}", Access::Myself, "care-plan", get(mine)),
        row("POST", "/people/{c}/plans/deliver", Staff, "deliver-plan", post(deliver)),
        row("POST", "/people/{c}/plans/{v}/withdraw", Staff, "deliver-plan", post(withdraw)),
    ]
}

/// 「居宅サービス計画（2026年11月1日）」.
pub(crate) fn what(doc: &str, key: &str) -> String {
    exchange::document(Doc::parse(doc), key, false)
}

/// When a plan was registered, by whom.
pub(crate) fn registered(plan: &Delivery) -> String {
    format!("{}　{}", seireki(plan.registered_on), plan.registered_by)
}

/// GET /people/{c}/plans
pub(crate) async fn tab(Staff(req): Staff, Path(c): Path<String>) -> Response {
    let found = match req.caller() {
        Ok(caller) => plans::of_person(&req.web.app, &req.ctx, caller, Target::Charge(c)).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(all) => ok(&view(&req, &all)),
        Err(error) => failure(&req, &error),
    }
}

fn view(req: &Req, all: &Plans) -> View {
    let person = frame(req, &all.head);
    let own = match req.caller() {
        Ok(kaigo_core::policy::Caller::Staff(staff)) => Some(staff.office_no),
        _ => None,
    };
    let rows = all.plans.iter().map(|plan| {
        let href = person.at(&format!("plans/{}", plan.delivery_id));
        PlanRow {
            what: what(&plan.doc, &plan.doc_key),
            office: plan.office_name.clone(),
            registered: registered(plan),
            withdraw: (own == Some(plan.office_no)).then(|| format!("{href}/withdraw")),
            href,
        }
    });
    let sent = all.sent.iter().map(|row| SentRow {
        set: row.set_id.clone(),
        place: row.place,
        what: what(&row.doc, &row.doc_key),
        sent: say::short_instant(&row.sent_at),
    });
    View {
        shell: req.shell(),
        absence: all.refused.as_ref().map(|refusal| say::absence(refusal, &all.head.insurer.name)),
        rows: rows.collect(),
        sent: sent.collect(),
        person,
    }
}

/// GET /people/{c}/plans/{v}
pub(crate) async fn open(Staff(req): Staff, Path((c, v)): Path<(String, String)>) -> Response {
    let found = match req.caller() {
        Ok(caller) => plans::open(&req.web.app, &req.ctx, caller, Target::Charge(c), &v).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(all) => ok(&plan(&req, &all)),
        Err(error) => failure(&req, &error),
    }
}

fn plan(req: &Req, all: &OpenPlan) -> PlanView {
    let person = frame(req, &all.head);
    let maker = (all.plan.office_no.to_string(), all.plan.office_name.clone());
    PlanView {
        shell: req.shell(),
        back: Link::new("ケアプラン", person.at("plans")),
        what: what(&all.plan.doc, &all.plan.doc_key),
        small: format!("{}　登録 {}", all.plan.office_name, registered(&all.plan)),
        pages: exchange::delivered(&all.sheets, &all.head.insurer.name, &[maker]),
        person,
    }
}

/// GET /my/plans/{v}
pub(crate) async fn mine(Myself(req): Myself, Path(v): Path<String>) -> Response {
    let found = match req.caller() {
        Ok(caller) => plans::open(&req.web.app, &req.ctx, caller, Target::Myself, &v).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(all) => {
            let maker = (all.plan.office_no.to_string(), all.plan.office_name.clone());
            ok(&MyPlan {
                shell: req.shell(),
                what: what(&all.plan.doc, &all.plan.doc_key),
                small: format!("{}　登録 {}", all.plan.office_name, registered(&all.plan)),
                pages: exchange::delivered(&all.sheets, &all.head.insurer.name, &[maker]),
            })
        }
        Err(error) => failure(&req, &error),
    }
}

/// POST /people/{c}/plans/deliver
pub(crate) async fn deliver(Staff(req): Staff, Path(c): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let done = match (req.caller(), fields.get("place").parse::<usize>()) {
        (Ok(caller), Ok(place)) => plans::deliver(&req.web.app, &req.ctx, caller, &c, (fields.get("set"), place)).await,
        (Err(error), _) => Err(error),
        (Ok(_), Err(_)) => Err(Error::NotFound),
    };
    match done {
        Ok(_) => moved(&format!("/people/{c}/plans?done=plan-delivered")),
        Err(error) => failure(&req, &error),
    }
}

/// POST /people/{c}/plans/{v}/withdraw
pub(crate) async fn withdraw(Staff(req): Staff, Path((c, v)): Path<(String, String)>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let done = match req.caller() {
        Ok(caller) => plans::withdraw(&req.web.app, &req.ctx, caller, &c, &v).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => moved(&format!("/people/{c}/plans?done=plan-withdrawn")),
        Err(error) => failure(&req, &error),
    }
}
