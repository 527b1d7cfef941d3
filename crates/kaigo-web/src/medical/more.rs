//! The printed form, declining, the certificate.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::opinion::write;
use kaigo_core::date::seireki;

use super::show::{file, sheet};
use super::{opened, patient};
use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Medical, Req};
use crate::say;
use crate::view::medical::{Certificate, Decline, Paper};
use crate::view::{Fact, FieldError};

/// GET /medical/requests/{r}/paper?place= or ?previous=1: the draft without either.
pub(crate) async fn paper(Medical(req): Medical, Path(r): Path<String>) -> Response {
    let opened = match opened(&req, &r).await {
        Ok(opened) => opened,
        Err(error) => return failure(&req, &error),
    };
    let show = |form: &kaigo_core::opinion::OpinionForm| sheet(&req, &opened.request, &opened.insurer, form);
    let (title, sheet) = if req.asked("previous") == "1" {
        let Some(previous) = &opened.previous else { return failure(&req, &Error::NotFound) };
        let mut sheet = show(previous);
        // Who wrote it stands in it as far as the insurer knows.
        sheet.institution = String::new();
        "前回".clone_into(&mut sheet.mark);
        ("前回の主治医意見書".to_owned(), sheet)
    } else if let Ok(place) = req.asked("place").parse::<i32>() {
        let Some(paper) = opened.papers.iter().find(|paper| paper.row.place == place) else {
            return failure(&req, &Error::NotFound);
        };
        let mut sheet = show(&paper.sheet.form());
        if paper.sheet.by_file {
            sheet.file = file(paper.sheet.file.as_ref());
        }
        (format!("主治医意見書（受付番号 {}）", paper.row.receipt_no), sheet)
    } else {
        let mut sheet = show(&opened.draft.content.form);
        "提出前".clone_into(&mut sheet.mark);
        ("主治医意見書（提出前）".to_owned(), sheet)
    };
    let back = (format!("/medical/requests/{r}"), "この依頼".to_owned());
    ok(&Paper { shell: req.shell(), back, title, sheet })
}

/// GET /medical/requests/{r}/decline
pub(crate) async fn decline_form(Medical(req): Medical, Path(r): Path<String>) -> Response {
    decline_page(&req, &r, Vec::new(), "").await
}

async fn decline_page(req: &Req, r: &str, errors: Vec<FieldError>, reason: &str) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match opened(req, r).await {
        Ok(opened) => page(
            status,
            &Decline {
                shell: req.shell(),
                patient: patient(req, &opened.request, &opened.insurer),
                errors,
                reason: reason.to_owned(),
            },
        ),
        Err(error) => failure(req, &error),
    }
}

/// POST /medical/requests/{r}/decline
pub(crate) async fn decline(Medical(req): Medical, Path(r): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match write::decline(&req.web.app, &req.ctx, caller, &r, fields.get("reason")).await {
        Ok(()) => moved("/medical?done=opinion-declined"),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            decline_page(&req, &r, errors, fields.get("reason")).await
        }
        Err(error) => failure(&req, &error),
    }
}

/// GET /medical/requests/{r}/certificate
pub(crate) async fn certificate(Medical(req): Medical, Path(r): Path<String>) -> Response {
    let opened = match opened(&req, &r).await {
        Ok(opened) => opened,
        Err(error) => return failure(&req, &error),
    };
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let (status, absence, facts) = match write::certificate(&req.web.app, &req.ctx, caller, &r).await {
        Ok(head) => {
            let person = &head.person;
            let mut facts = vec![
                Fact::new("被保険者番号", say::number(head.insured_no)),
                Fact::new("氏名", person.name.to_string()),
                Fact::new("住所", person.address.to_string()),
                Fact::new("生年月日", say::birth(person.born_on)),
            ];
            if let Some(certification) = &head.certification {
                facts.push(Fact::new("要介護状態区分", certification.care_level.label()));
                facts.push(Fact::new(
                    "認定の有効期間",
                    say::period(certification.valid_from, certification.valid_until),
                ));
                facts.push(Fact::new("認定年月日", seireki(certification.certified_on)));
            }
            (StatusCode::OK, None, facts)
        }
        Err(Error::Forbidden(refusal)) => {
            (StatusCode::FORBIDDEN, Some(say::absence(&refusal, &opened.insurer)), Vec::new())
        }
        Err(error) => return failure(&req, &error),
    };
    let patient = patient(&req, &opened.request, &opened.insurer);
    page(status, &Certificate { shell: req.shell(), patient, absence, facts })
}
