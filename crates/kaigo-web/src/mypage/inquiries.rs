//! 問い合わせ of an office.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::inquiry::{self, FILES, Written};

use super::{field_errors, read_upload, talk, upload};
use crate::Web;
use crate::failure::{failure, invalid, moved, ok, page};
use crate::request::{Fields, Req, Staff};
use crate::routes::{Access, Handler, Route, row};
use crate::view::FieldError;
use crate::view::mypage::{Inquiries, Inquiry, InquiryNew};

/// The URLs of this part.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Staff;
    let bound = || DefaultBodyLimit::max(upload::most(FILES));
    vec![
        row("GET", "/office/inquiries", Staff, "ask-operator", get(list)),
        row("GET", "/office/inquiries/new", Staff, "ask-operator", get(form)),
        row("POST", "/office/inquiries/new", Staff, "ask-operator", post(ask).layer(bound())),
        row("GET", "/office/inquiries/{i}", Staff, "ask-operator", get(show)),
        row("POST", "/office/inquiries/{i}", Staff, "ask-operator", post(reply).layer(bound())),
        row("POST", "/office/inquiries/{i}/close", Staff, "ask-operator", post(close)),
        row("GET", "/office/inquiries/{i}/files/{m}/{n}", Staff, "ask-operator", get(file)),
    ]
}

/// GET /office/inquiries
async fn list(Staff(req): Staff) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match inquiry::mine(&req.web.app, caller, req.asked("q")).await {
        Ok(all) => ok(&Inquiries {
            shell: req.shell(),
            q: req.asked("q").to_owned(),
            lines: all.iter().map(|i| talk::line(i, "/office/inquiries", false)).collect(),
        }),
        Err(error) => failure(&req, &error),
    }
}

fn new_page(req: &Req, typed: &Written, errors: Vec<FieldError>) -> InquiryNew {
    let key = if typed.submit_key.is_empty() { req.ctx.ids.id() } else { typed.submit_key.clone() };
    InquiryNew {
        shell: req.shell(),
        errors,
        kinds: talk::kinds(&typed.kind),
        subject: typed.subject.clone(),
        body: typed.body.clone(),
        submit_key: key,
    }
}

/// GET /office/inquiries/new
async fn form(Staff(req): Staff) -> Response {
    let typed = Written { kind: req.asked("kind").to_owned(), ..Written::default() };
    ok(&new_page(&req, &typed, Vec::new()))
}

/// POST /office/inquiries/new
async fn ask(Staff(req): Staff, State(web): State<Arc<Web>>, request: Request) -> Response {
    let typed = match read_upload(&req, &web, request, FILES).await {
        Ok(upload) => talk::written(upload),
        Err(page) => return page,
    };
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match inquiry::ask(&req.web.app, &req.ctx, caller, typed.clone()).await {
        Ok(id) => moved(&format!("/office/inquiries/{id}?done=inquiry-sent")),
        Err(error) => match field_errors(error) {
            Ok(errors) => invalid(&new_page(&req, &typed, errors)),
            Err(error) => failure(&req, &error),
        },
    }
}

async fn one(req: &Req, id: &str, body: &str, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    match inquiry::view(&req.web.app, caller, id).await {
        Ok(thread) => {
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            let i = &thread.inquiry;
            let view = Inquiry {
                shell: req.shell(),
                errors,
                id: i.inquiry_id.clone(),
                subject: i.subject.clone(),
                small: talk::kind(&i.kind).to_owned(),
                chip: talk::chip(&i.state),
                is_closed: i.state == "closed",
                said: talk::said(&thread, &format!("/office/inquiries/{}/files", i.inquiry_id)),
                body: body.to_owned(),
                submit_key: req.ctx.ids.id(),
            };
            page(status, &view)
        }
        Err(error) => failure(req, &error),
    }
}

/// GET /office/inquiries/{i}
async fn show(Staff(req): Staff, Path(i): Path<String>) -> Response {
    one(&req, &i, "", Vec::new()).await
}

/// POST /office/inquiries/{i}
async fn reply(Staff(req): Staff, State(web): State<Arc<Web>>, Path(i): Path<String>, request: Request) -> Response {
    let typed = match read_upload(&req, &web, request, FILES).await {
        Ok(upload) => talk::written(upload),
        Err(page) => return page,
    };
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match inquiry::reply(&req.web.app, &req.ctx, caller, &i, &typed).await {
        Ok(()) => moved(&format!("/office/inquiries/{i}?done=inquiry-sent")),
        Err(error) => match field_errors(error) {
            Ok(errors) => one(&req, &i, &typed.body, errors).await,
            Err(error) => failure(&req, &error),
        },
    }
}

/// POST /office/inquiries/{i}/close
async fn close(Staff(req): Staff, Path(i): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match inquiry::close(&req.web.app, &req.ctx, caller, &i).await {
        Ok(()) => moved("/office/inquiries?done=inquiry-closed"),
        Err(error) => failure(&req, &error),
    }
}

/// GET /office/inquiries/{i}/files/{m}/{n}
async fn file(Staff(req): Staff, Path((i, m, n)): Path<(String, String, String)>) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let place = (m.parse().unwrap_or(0), n.parse().unwrap_or(0));
    let found = match inquiry::view(&req.web.app, caller, &i).await {
        Ok(thread) => inquiry::file(&req.web.app, &thread, place).await,
        Err(error) => Err(error),
    };
    match found {
        Ok((file, bytes)) => talk::attachment(&file.name, &file.media_type, bytes),
        Err(error) => failure(&req, &error),
    }
}
