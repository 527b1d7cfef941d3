//! The look before submitting, submitting, and the receipt.

use axum::extract::Path;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::opinion::write::{self, Opened};
use kaigo_core::finding::Severity;
use kaigo_core::opinion::changes;
use kaigo_core::policy::Caller;

use super::show::{change, file, found, sheet};
use super::{opened, patient};
use crate::failure::{failure, moved, ok};
use crate::request::{Fields, Medical, Req};
use crate::say;
use crate::view::Fact;
use crate::view::medical::{Check as View, Receipt};

/// GET /medical/requests/{r}/check
pub(crate) async fn show(Medical(req): Medical, Path(r): Path<String>) -> Response {
    match opened(&req, &r).await {
        Ok(opened) if !opened.request.state.is_open() => moved(&format!("/medical/requests/{r}")),
        Ok(opened) if opened.draft.revision == 0 => moved(&format!("/medical/requests/{r}/form")),
        Ok(opened) => ok(&view(&req, &opened)),
        Err(error) => failure(&req, &error),
    }
}

fn view(req: &Req, opened: &Opened) -> View {
    let (errors, warnings): (Vec<_>, Vec<_>) =
        opened.findings(&req.ctx).into_iter().partition(|f| f.severity == Severity::Error);
    let content = &opened.draft.content;
    let mut sheet = sheet(req, &opened.request, &opened.insurer, &content.form);
    "提出前".clone_into(&mut sheet.mark);
    if content.by_file {
        sheet.file = file(content.file.as_ref());
    }
    View {
        shell: req.shell(),
        patient: patient(req, &opened.request, &opened.insurer),
        can_submit: errors.is_empty(),
        errors: errors.iter().map(found).collect(),
        warnings: warnings.iter().map(found).collect(),
        changes: opened.previous.as_ref().map(|p| changes(p, &content.form).iter().map(change).collect()),
        sheet,
        revision: opened.draft.revision,
        submit_key: req.ctx.ids.id(),
    }
}

/// POST /medical/requests/{r}/submit
pub(crate) async fn submit(Medical(req): Medical, Path(r): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let (revision, key) = (fields.get("revision").parse().unwrap_or(0), fields.get("submit_key"));
    if key.len() != 32 {
        return moved(&format!("/medical/requests/{r}/check"));
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match write::submit(&req.web.app, &req.ctx, caller, &r, (revision, key)).await {
        Ok(place) => moved(&format!("/medical/requests/{r}/receipt?place={place}")),
        // What stops stands on the page of the look.
        Err(Error::Invalid(_)) => moved(&format!("/medical/requests/{r}/check")),
        Err(error) => failure(&req, &error),
    }
}

/// GET /medical/requests/{r}/receipt?place=
pub(crate) async fn receipt(Medical(req): Medical, Path(r): Path<String>) -> Response {
    let opened = match opened(&req, &r).await {
        Ok(opened) => opened,
        Err(error) => return failure(&req, &error),
    };
    let place = req.asked("place").parse::<i32>().ok();
    let paper = match place {
        Some(place) => opened.papers.iter().find(|paper| paper.row.place == place),
        None => opened.papers.last(),
    };
    let Some(paper) = paper else { return failure(&req, &Error::NotFound) };
    let office = match req.caller() {
        Ok(Caller::Medical(staff)) => staff.institution_name.clone(),
        _ => String::new(),
    };
    let facts = vec![
        Fact::new("提出した時刻", say::instant(&paper.row.submitted_at)),
        Fact::new("提出した人", format!("{}（{office}）", paper.row.submitted_by)),
        Fact::new("提出先", opened.insurer.clone()),
        Fact::new("患者さん", opened.request.name.clone()),
        Fact::new("申請番号", opened.request.application_no.clone()),
        Fact::new("添付", file(paper.sheet.file.as_ref())),
        Fact::new("照合用の値（SHA-256）", paper.row.sha256.clone()),
    ];
    ok(&Receipt {
        shell: req.shell(),
        patient: patient(&req, &opened.request, &opened.insurer),
        receipt: paper.row.receipt_no.clone(),
        facts,
        place: paper.row.place,
        phone: opened.insurer_phone.clone().unwrap_or_default(),
    })
}
