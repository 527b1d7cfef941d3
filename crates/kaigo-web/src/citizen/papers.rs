//! 書類 and ケアプラン as the person sees them: what the policy shows, and why not.

use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::documents;
use kaigo_app::plans;
use kaigo_app::run::Target;
use kaigo_core::date::seireki;
use kaigo_store::delivery::Delivery;

use super::myself;
use crate::failure::{failure, ok};
use crate::request::Myself as Guard;
use crate::view::Link;
use crate::view::my::{MyDocument, MyDocuments, MyPlans};

/// GET /my/documents
pub(crate) async fn documents(Guard(req): Guard) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match documents::list_of(&req.web.app, &req.ctx, caller, Target::Myself).await {
        Ok(all) => ok(&MyDocuments {
            shell: req.shell(),
            me: myself(&all.head),
            absence: None,
            rows: all.lines.iter().map(document).collect(),
        }),
        Err(error) => failure(&req, &error),
    }
}

fn document(line: &documents::Line) -> MyDocument {
    let application = line.application.as_ref();
    let applied = application.map(|a| format!("{}申請（{}）", a.kind.label(), seireki(a.applied_on)));
    let source = [applied, line.by.clone(), line.on.map(seireki)];
    let why = match (&line.refused, line.id) {
        (Some(refusal), _) => format!("{}{}", refusal.say(), refusal.mend()),
        (None, Some(_)) => "市町村に届いています。写しがほしいときは、市町村の窓口に聞いてください。".to_owned(),
        (None, None) => "まだ市町村に届いていません。".to_owned(),
    };
    MyDocument {
        title: line.item.label().to_owned(),
        source: source.into_iter().flatten().collect::<Vec<_>>().join("　"),
        link: None,
        why,
    }
}

fn plan(plan: &Delivery) -> MyDocument {
    MyDocument {
        title: crate::plans::what(&plan.doc, &plan.doc_key),
        source: format!("{}　{}", plan.office_name, seireki(plan.registered_on)),
        link: Some(Link::new("中身を見る", format!("/my/plans/{}", plan.delivery_id))),
        why: String::new(),
    }
}

/// GET /my/plans
pub(crate) async fn plans(Guard(req): Guard) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match plans::of_person(&req.web.app, &req.ctx, caller, Target::Myself).await {
        Ok(all) => {
            let plans = all.plans.iter().map(plan).collect();
            ok(&MyPlans { shell: req.shell(), me: myself(&all.head), plans })
        }
        Err(error) => failure(&req, &error),
    }
}
