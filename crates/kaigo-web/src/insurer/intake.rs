//! 申請の受付: the number first, then the form with the person's name above it.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::case::intake::{self, Applicant, Intake};
use kaigo_app::case::{CaseId, CasePage};
use kaigo_core::code::{ApplicationKind, SpecifiedDisease};
use kaigo_core::date::seireki;
use kaigo_core::id::{InsuredNo, OfficeNo};

use super::cases::{answered, frame, href, look, submit_key, warning};
use super::forms::{Typed, again, basis, day, edit, text};
use crate::failure::{failure, moved, page};
use crate::request::{Fields, Insurer, Req};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::insurer::chosen;
use crate::view::insurer::forms::{AskedForm, IntakeForm};
use crate::view::{Choice, Fact, FieldError};

/// The URLs of the intake.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    vec![
        row("GET", "/insurer/cases/new", Access::Insurer, "insured-certificate", get(form)),
        row("POST", "/insurer/cases/new", Access::Insurer, "manage-case", post(put)),
        row("GET", "/insurer/cases/{p}/{n}/intake", Access::Insurer, "progress", get(asked_form)),
        row("POST", "/insurer/cases/{p}/{n}/intake", Access::Insurer, "manage-case", post(asked_put)),
    ]
}

/// GET /insurer/cases/new
async fn form(Insurer(req): Insurer) -> Response {
    let typed = req.asked("number").to_owned();
    show(&req, &typed, None, Vec::new()).await
}

async fn show(req: &Req, number: &str, fields: Option<&Fields>, errors: Vec<FieldError>) -> Response {
    let (applicant, errors) = match found(req, number).await {
        Ok(Some(applicant)) => (Some(applicant), errors),
        Ok(None) => (None, errors),
        Err(Error::Invalid(wrong)) => {
            (None, wrong.into_iter().map(|wrong| FieldError::new(wrong.field, wrong.say)).collect())
        }
        Err(error) => return failure(req, &error),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(status, &view(req, number, applicant.as_ref(), (fields, errors)))
}

/// The person of the number, if one was typed.
async fn found(req: &Req, number: &str) -> Result<Option<Applicant>, Error> {
    if number.trim().is_empty() {
        return Ok(None);
    }
    let wrong = |code, say| Err(Error::Invalid(vec![kaigo_app::Wrong { field: "number", code, say }]));
    let insured_no = match InsuredNo::parse(number) {
        Ok(insured_no) => insured_no,
        Err(bad) => return wrong(bad.code(), format!("{}{}", bad.say("被保険者番号"), bad.mend("被保険者番号"))),
    };
    match intake::applicant(&req.web.app, &req.ctx, req.caller()?, insured_no).await {
        Ok(applicant) => Ok(Some(applicant)),
        Err(Error::NotFound) => {
            let say = "この番号の方は、登録されていません。番号を確かめてください。";
            wrong("not-found", say.to_owned())
        }
        Err(error) => Err(error),
    }
}

fn view(
    req: &Req,
    number: &str,
    applicant: Option<&Applicant>,
    (fields, errors): (Option<&Fields>, Vec<FieldError>),
) -> IntakeForm {
    let typed = |name: &str, now: &str| fields.map_or_else(|| now.to_owned(), |fields| fields.get(name).to_owned());
    let today = seireki(req.ctx.today);
    IntakeForm {
        shell: req.shell(),
        errors,
        number: number.to_owned(),
        person: applicant.map(|applicant| facts(req, applicant)).unwrap_or_default(),
        warnings: Vec::new(),
        submit_key: fields.map_or_else(|| req.ctx.ids.id(), |fields| submit_key(req, fields)),
        kinds: chosen(ApplicationKind::ALL.iter().map(|kind| (kind.code(), kind.label())), &typed("kind", "")),
        applied_on: typed("applied_on", &today),
        application_no: typed("application_no", ""),
        filed_by: typed("filed_by", ""),
        institution: typed("institution", ""),
        diseases: diseases(&typed("disease", "")),
        contact: typed("contact", ""),
    }
}

fn diseases(value: &str) -> Vec<Choice> {
    chosen(SpecifiedDisease::ALL.iter().map(|disease| (disease.code(), disease.label())), value)
}

/// The disease as chosen; nothing is none, and what is not in the table is an error.
fn disease(fields: &Fields, errors: &mut Vec<FieldError>) -> Option<SpecifiedDisease> {
    match fields.get("disease").trim() {
        "" => None,
        code => {
            let found = SpecifiedDisease::parse(code).ok();
            if found.is_none() {
                errors.push(FieldError::new("disease", "特定疾病を、一覧から選んでください。"));
            }
            found
        }
    }
}

fn facts(req: &Req, applicant: &Applicant) -> Vec<Fact> {
    let (head, person) = (&applicant.head, &applicant.head.person);
    let mut facts = vec![
        Fact::new("氏名", format!("{}（{}）", person.name, person.name_kana)),
        Fact::new("生年月日", say::birth(person.born_on)),
        Fact::new("住所", person.address.to_string()),
        Fact::new("被保険者番号", say::number(head.insured_no)),
    ];
    if let Some(certification) = &head.certification {
        let period = say::period(certification.valid_from, certification.valid_until);
        facts.push(Fact::new("認定", format!("{}　{period}", certification.care_level.label())));
    }
    for (record_no, kind, on) in &applicant.open {
        let place = href(&req.web.app, head.insurer.insurer_no, head.insured_no, *record_no);
        let said = format!("{}申請（{}）", kind.label(), seireki(*on));
        facts.push(Fact::new("進んでいる申請", said).note(place));
    }
    facts
}

/// POST /insurer/cases/new
async fn put(Insurer(req): Insurer, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let number = fields.get("number").to_owned();
    let mut errors = Vec::new();
    let Some(intake) = read(&req, &fields, &mut errors).filter(|_| errors.is_empty()) else {
        return show(&req, &number, Some(&fields), errors).await;
    };
    let caller = match req.caller() {
        Ok(caller) => caller,
        Err(error) => return failure(&req, &error),
    };
    if fields.get("looked").is_empty() {
        // What is worth a second look is shown once before anything is kept.
        let found = found(&req, &number).await.ok().flatten();
        let worth = found.map(|applicant| (intake.check(&applicant, req.ctx.today), applicant));
        if let Some((findings, applicant)) = worth
            && findings.iter().any(|finding| !finding.error)
            && !findings.iter().any(|finding| finding.error)
        {
            let mut view = view(&req, &number, Some(&applicant), (Some(&fields), Vec::new()));
            view.warnings = findings.iter().map(|finding| warning(&finding.say)).collect();
            return crate::failure::ok(&view);
        }
    }
    match intake::put(&req.web.app, &req.ctx, caller, intake).await {
        Ok(id) => {
            let place = href(&req.web.app, id.insurer_no, id.insured_no, id.record_no);
            moved(&format!("{place}?done=case-new"))
        }
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|wrong| FieldError::new(wrong.field, wrong.say)).collect();
            show(&req, &number, Some(&fields), errors).await
        }
        Err(error) => failure(&req, &error),
    }
}

fn read(req: &Req, fields: &Fields, errors: &mut Vec<FieldError>) -> Option<Intake> {
    let insured_no = InsuredNo::parse(fields.get("number")).ok();
    if insured_no.is_none() {
        errors.push(FieldError::new("number", "被保険者番号を、10けたで入れてください。"));
    }
    let kind = ApplicationKind::parse(fields.get("kind")).ok();
    if kind.is_none() {
        errors.push(FieldError::new("kind", "申請区分を選んでください。"));
    }
    let applied_on = day(fields, "applied_on", "申請年月日", errors);
    if applied_on.is_none() && fields.get("applied_on").trim().is_empty() {
        errors.push(FieldError::new("applied_on", "申請年月日を入れてください。"));
    }
    let application_no = text::<20>(fields, "application_no", "申請番号", errors);
    let institution = text::<60>(fields, "institution", "医療機関名", errors);
    let filed_by = match fields.get("filed_by").trim() {
        "" => None,
        typed => match OfficeNo::parse(typed) {
            Ok(office) => Some(office),
            Err(bad) => {
                let say = format!("{}{}", bad.say("事業所番号"), bad.mend("事業所番号"));
                errors.push(FieldError::new("filed_by", say));
                None
            }
        },
    };
    let disease = disease(fields, errors);
    let contact = text::<200>(fields, "contact", "調査の連絡先", errors);
    Some(Intake {
        insured_no: insured_no?,
        kind: kind?,
        applied_on: applied_on?,
        application_no,
        filed_by,
        institution,
        disease,
        contact,
        submit_key: submit_key(req, fields),
    })
}

/// GET /insurer/cases/{p}/{n}/intake
async fn asked_form(Insurer(req): Insurer, Path((p, n)): Path<(String, String)>) -> Response {
    asked_page(&req, (&p, &n), Typed::nothing()).await
}

async fn asked_page(req: &Req, (p, n): (&str, &str), typed: Typed<'_>) -> Response {
    match look(req, p, n).await {
        Ok(all) => answered(typed.conflict.is_some(), &typed.errors, &asked_view(req, &all, &typed)),
        Err(error) => failure(req, &error),
    }
}

fn asked_view(req: &Req, all: &CasePage, typed: &Typed<'_>) -> AskedForm {
    let word = |code: &str| SpecifiedDisease::parse(code).map_or("なし", SpecifiedDisease::label).to_owned();
    let code = all.asked.disease.map_or("", SpecifiedDisease::code);
    let rows = vec![
        ("特定疾病".to_owned(), word(code), word(&typed.or("disease", ""))),
        ("調査の連絡先".to_owned(), all.asked.contact.clone(), typed.or("contact", "").replace('\r', "")),
    ];
    AskedForm {
        shell: req.shell(),
        case: frame(req, all),
        errors: typed.errors.clone(),
        conflict: typed.conflict(rows),
        basis: basis(req, all, typed),
        diseases: diseases(&typed.or("disease", code)),
        contact: typed.or("contact", all.asked.contact.clone()),
    }
}

/// POST /insurer/cases/{p}/{n}/intake
async fn asked_put(Insurer(req): Insurer, Path((p, n)): Path<(String, String)>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let mut errors = Vec::new();
    let disease = disease(&fields, &mut errors);
    let contact = text::<200>(&fields, "contact", "調査の連絡先", &mut errors);
    if !errors.is_empty() {
        return asked_page(&req, (&p, &n), Typed { fields: Some(&fields), errors, conflict: None }).await;
    }
    let done = async {
        let id = CaseId::parse(&req.web.app, &p, &n)?;
        let what = edit(&req, id, &fields, "intake");
        intake::change(&req.web.app, &req.ctx, req.caller()?, what, (disease, contact)).await
    };
    match done.await {
        Ok(_) => moved(&format!("/insurer/cases/{p}/{n}?done=case-kept")),
        Err(error) => match again(&fields, error) {
            Ok(typed) => asked_page(&req, (&p, &n), typed).await,
            Err(error) => failure(&req, &error),
        },
    }
}
