//! 書類 and ケアプラン as the person sees them: what the policy shows, and why not.

use axum::extract::Path;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::documents::{self, DocumentId};
use kaigo_app::plans;
use kaigo_app::run::Target;
use kaigo_core::date::seireki;
use kaigo_core::plain::Saying;
use kaigo_core::policy::{Item, Purpose, Refusal};
use kaigo_store::delivery::Delivery;

use super::myself;
use crate::documents::{awaited, file_of, original, whole};
use crate::failure::{failure, ok};
use crate::request::{Myself as Guard, Req};
use crate::view::Link;
use crate::view::my::{MyDocument, MyDocuments, MyPaper, MyPlans};

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
            asks: all.lines.iter().any(|line| line.refused.is_some()),
            rows: all.lines.iter().map(|line| document(&req, line)).collect(),
        }),
        Err(error) => failure(&req, &error),
    }
}

fn document(req: &Req, line: &documents::Line) -> MyDocument {
    let application = line.application.as_ref();
    let applied = application.map(|a| format!("{}申請（{}）", a.kind.label(), seireki(a.applied_on)));
    let source = [applied, line.by.clone(), line.on.map(seireki)];
    let why = match (&line.refused, &line.missing) {
        (Some(refusal), _) => refused(req, line.item, refusal),
        (None, Some(missing)) => awaited(line.item, missing).1,
        (None, None) => String::new(),
    };
    MyDocument {
        title: line.item.label().to_owned(),
        source: source.into_iter().flatten().collect::<Vec<_>>().join("　"),
        link: line.id.map(|id| Link::new("中身を見る", format!("/my/documents/{}", id.text()))),
        why,
    }
}

/// Why the person does not see a paper about themself here, in plain words.
fn refused(req: &Req, item: Item, refusal: &Refusal) -> String {
    let paper = item.label();
    let by_rule = matches!(refusal, Refusal::Unverified | Refusal::NotShared);
    if by_rule && req.easy {
        format!("{paper}は、この画面では見られません。国と市町村のきまりです。市役所や町役場に聞くと、見られます。")
    } else if *refusal == Refusal::Unverified {
        format!(
            "{paper}をご本人の画面に出してよいかが、国の共有のきまりで確かめられていないため、市町村が出すと決めるまで、ここでは見られません。"
        )
    } else if by_rule {
        format!("{paper}は、市町村のきまりにより、この画面には出していません。")
    } else {
        format!("{}{}", refusal.say(), refusal.mend())
    }
}

/// GET /my/documents/{d}
pub(crate) async fn open(Guard(req): Guard, Path(d): Path<String>) -> Response {
    let Some(id) = DocumentId::parse(&d) else {
        return failure(&req, &Error::NotFound);
    };
    let found = match req.caller() {
        Ok(caller) => documents::open(&req.web.app, &req.ctx, caller, Target::Myself, (id, Purpose::Own)).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(opened) => {
            let (facts, groups, remarks) = whole(&opened);
            let href = format!("/my/documents/{}/file", id.text());
            ok(&MyPaper {
                shell: req.shell(),
                me: myself(&opened.head),
                title: id.item.label().to_owned(),
                lead: if id.item == Item::Survey { &Saying::SURVEY_PAPER } else { &Saying::OPINION_PAPER },
                facts,
                original: opened.file.as_ref().map(|file| file_of(file, href)),
                groups,
                remarks,
            })
        }
        Err(error) => failure(&req, &error),
    }
}

/// GET /my/documents/{d}/file
pub(crate) async fn file(Guard(req): Guard, Path(d): Path<String>) -> Response {
    let Some(id) = DocumentId::parse(&d) else {
        return failure(&req, &Error::NotFound);
    };
    let found = match req.caller() {
        Ok(caller) => documents::fetch(&req.web.app, &req.ctx, caller, Target::Myself, (id, Purpose::Own)).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(found) => original(found, &id.text()),
        Err(error) => failure(&req, &error),
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
