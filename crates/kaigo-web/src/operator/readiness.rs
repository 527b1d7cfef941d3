//! The operator's desk keeps 市町村の対応状況: one by one, or a file of all.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::readiness::{self, FILE_BYTES, Report};
use kaigo_core::policy::Item;
use kaigo_core::readiness::{State as Stand, Typed, item_codes, items};

use crate::Web;
use crate::failure::{failure, moved, page};
use crate::form_file;
use crate::portal::readiness::{count_row, history, line};
use crate::request::{Fields, Operator, Req, masked};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::portal::readiness as view;
use crate::view::{Choice, FieldError};

/// Municipalities that a search lists.
const FOUND: usize = 50;

/// The URLs of readiness.
pub(super) fn routes() -> Vec<(Route, Handler)> {
    use Access::Operator;
    let import = post(import).layer(DefaultBodyLimit::max(FILE_BYTES + 64 * 1024));
    vec![
        row("GET", "/operator/readiness", Operator, "manage-content", get(list)),
        row("POST", "/operator/readiness/import", Operator, "manage-content", import),
        row("GET", "/operator/readiness/{m}", Operator, "manage-content", get(edit)),
        row("POST", "/operator/readiness/{m}", Operator, "manage-content", post(save)),
    ]
}

async fn list_page(req: &Req, report: Option<view::Report>, errors: Vec<FieldError>) -> Response {
    let board = match readiness::board(&req.web.app, &req.ctx).await {
        Ok(board) => board,
        Err(error) => return failure(req, &error),
    };
    let query = req.asked("q").trim().to_owned();
    let is_fine = errors.is_empty() && report.as_ref().is_none_or(|report| report.findings.is_empty());
    let view = view::OperatorList {
        shell: req.shell(),
        errors,
        whole: count_row("全国", String::new(), &board.counts(req.ctx.today).0),
        found: board.find(&query).into_iter().take(FOUND).map(|l| line(req, l, true, "/operator/readiness")).collect(),
        query,
        report,
    };
    page(if is_fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &view)
}

/// GET /operator/readiness
async fn list(Operator(req): Operator) -> Response {
    list_page(&req, None, Vec::new()).await
}

fn said(report: &Report, dry_run: bool) -> view::Report {
    let rows = say::grouped(&report.rows);
    let say = if report.findings.is_empty() {
        let end =
            if dry_run { "変わります（まだ何も変えていません）。" } else { "変えました。" };
        format!("{rows}行を読みました。{}市町村が{end}{}市町村は同じです。", report.changed, report.same)
    } else {
        format!("{rows}行を読みました。なおすところがあるため、何も変えていません。")
    };
    let place = |row: u64, column: &str| match (row, column.is_empty()) {
        (0, _) => "ファイル".to_owned(),
        (row, true) => format!("{row}行め"),
        (row, false) => format!("{row}行め　{column}"),
    };
    view::Report {
        say,
        findings: report.findings.iter().map(|f| (place(f.row, &f.column), f.say.clone(), f.code)).collect(),
        more: report.more,
    }
}

/// POST /operator/readiness/import
async fn import(Operator(req): Operator, State(web): State<Arc<Web>>, request: Request) -> Response {
    let form = match form_file::read(&req, &web, request, "files", FILE_BYTES).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let wrong = |say: &str| vec![FieldError::new("files", say)];
    if form.bytes.is_empty() {
        return list_page(&req, None, wrong("CSVファイルを選んでください。")).await;
    }
    if form.bytes.len() > FILE_BYTES {
        return list_page(&req, None, wrong("ファイルが大きすぎます。1MBまでです。")).await;
    }
    let dry_run = !form.fields.get("dry_run").is_empty();
    match readiness::import(&req.web.app, &req.ctx, caller, form.bytes, dry_run).await {
        Ok(report) if report.findings.is_empty() && !dry_run => moved("/operator/readiness?done=readiness-imported"),
        Ok(report) => list_page(&req, Some(said(&report, dry_run)), Vec::new()).await,
        Err(error) => failure(&req, &error),
    }
}

/// Fields of the form, as they stand or as they were typed.
pub(crate) fn form_view(typed: &Typed, ticked: &[Item], submit_key: String) -> view::Form {
    view::Form {
        code: typed.code.clone(),
        states: Stand::ALL
            .iter()
            .map(|s| Choice { chosen: s.code() == typed.state, ..Choice::new(s.code(), s.label()) })
            .collect(),
        starts_on: typed.starts_on.clone(),
        items: items()
            .map(|item| Choice { chosen: ticked.contains(&item), ..Choice::new(item.code(), item.label()) })
            .collect(),
        note: masked(&typed.note),
        submit_key,
    }
}

/// What was typed: ticked boxes are items.
pub(crate) fn typed(fields: &Fields, code: &str) -> (Typed, Vec<Item>) {
    let ticked: Vec<Item> = fields.ticked("item-").into_iter().filter_map(|code| Item::parse(code).ok()).collect();
    let typed = Typed {
        code: code.to_owned(),
        state: fields.get("state").to_owned(),
        starts_on: fields.get("starts_on").to_owned(),
        items: item_codes(&ticked),
        note: fields.get("note").to_owned(),
    };
    (typed, ticked)
}

async fn edit_page(req: &Req, code: &str, form: Option<view::Form>, errors: Vec<FieldError>) -> Response {
    let found = async {
        let board = readiness::board(&req.web.app, &req.ctx).await?;
        let line = board.lines.into_iter().find(|line| line.code == code).ok_or(Error::NotFound)?;
        let history = readiness::history(&req.web.app, code).await?;
        Ok::<_, Error>((line, history))
    };
    match found.await {
        Ok((line, all)) => {
            let typed = Typed {
                code: code.to_owned(),
                state: line.state.code().to_owned(),
                starts_on: line.starts_on.map(kaigo_core::date::seireki).unwrap_or_default(),
                items: String::new(),
                note: line.note.clone(),
            };
            let view = view::OperatorForm {
                shell: req.shell(),
                name: format!("{}{}", line.prefecture, line.name),
                entry: form.unwrap_or_else(|| form_view(&typed, &line.items, req.ctx.ids.id())),
                history: history(&all),
                errors,
            };
            page(if view.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &view)
        }
        Err(error) => failure(req, &error),
    }
}

/// GET /operator/readiness/{m}
async fn edit(Operator(req): Operator, Path(m): Path<String>) -> Response {
    edit_page(&req, &m, None, Vec::new()).await
}

/// POST /operator/readiness/{m}
async fn save(Operator(req): Operator, Path(m): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &["note"]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let (typed, ticked) = typed(&fields, &m);
    let key = fields.get("submit_key");
    match readiness::publish(&req.web.app, &req.ctx, caller, &typed, key).await {
        Ok(_) => moved(&format!("/operator/readiness/{m}?done=readiness-kept")),
        Err(Error::Invalid(wrong)) if wrong.iter().any(|w| w.field == "code") => failure(&req, &Error::NotFound),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            edit_page(&req, &m, Some(form_view(&typed, &ticked, key.to_owned())), errors).await
        }
        Err(error) => failure(&req, &error),
    }
}
