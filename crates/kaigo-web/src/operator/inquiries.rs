//! 問い合わせ at the desk.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::inquiry::{self, FILES};
use kaigo_core::inquiry::State as Stand;

use crate::Web;
use crate::failure::{failure, moved, ok, page};
use crate::mypage::{field_errors, most_bytes, read_upload, talk};
use crate::request::{Fields, Operator, Req, percent};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::insurer::{Count, WorkLine};
use crate::view::operator_desk::{DeskInquiries, DeskInquiry};
use crate::view::{FieldError, Tone};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Operator;
    let answer = post(answer).layer(DefaultBodyLimit::max(most_bytes(FILES)));
    vec![
        row("GET", "/operator/inquiries", Operator, "answer-inquiry", get(list)),
        row("GET", "/operator/inquiries/{i}", Operator, "answer-inquiry", get(show)),
        row("POST", "/operator/inquiries/{i}", Operator, "answer-inquiry", answer),
        row("POST", "/operator/inquiries/{i}/close", Operator, "answer-inquiry", post(close)),
        row("GET", "/operator/inquiries/{i}/files/{m}/{n}", Operator, "answer-inquiry", get(file)),
    ]
}

/// What waits here.
pub(crate) async fn glance(req: &Req) -> Result<WorkLine, Error> {
    let counts = inquiry::waiting(&req.web.app, req.caller()?).await?;
    let new = counts.iter().find(|(state, ..)| state == Stand::New.code());
    let say = new.map(|(_, _, since)| format!("いちばん古いものは{}", say::instant(since))).unwrap_or_default();
    let count = new.map_or(0, |(_, n, _)| *n);
    Ok(WorkLine {
        tone: if count > 0 { Tone::Warn } else { Tone::Plain },
        heading: "回答を待っている問い合わせ".to_owned(),
        count,
        unit: "件",
        say,
        href: "/operator/inquiries?state=new".to_owned(),
    })
}

/// GET /operator/inquiries
async fn list(Operator(req): Operator) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let (state, q) = (req.asked("state"), req.asked("q"));
    let all = inquiry::list(&req.web.app, caller, (state, q)).await;
    let counts = inquiry::waiting(&req.web.app, caller).await;
    let (all, counts) = match (all, counts) {
        (Ok(all), Ok(counts)) => (all, counts),
        (Err(error), _) | (_, Err(error)) => return failure(&req, &error),
    };
    let number = |code: &str| -> i64 {
        counts.iter().filter(|(state, ..)| code.is_empty() || state == code).map(|(_, n, _)| n).sum()
    };
    let states = std::iter::once(("", "すべて")).chain(Stand::ALL.iter().map(|s| (s.code(), s.label())));
    ok(&DeskInquiries {
        shell: req.shell(),
        counts: states
            .map(|(code, word)| Count {
                word: word.to_owned(),
                count: say::grouped(&number(code)),
                href: format!("/operator/inquiries?state={code}&q={}", percent(q)),
                current: state == code,
            })
            .collect(),
        state: state.to_owned(),
        q: q.to_owned(),
        lines: all.iter().map(|i| talk::line(i, "/operator/inquiries", true)).collect(),
    })
}

async fn one(req: &Req, id: &str, body: &str, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    match inquiry::open(&req.web.app, caller, id).await {
        Ok(thread) => {
            let i = &thread.inquiry;
            let address = i.address.as_ref().map(|a| format!("　{a}")).unwrap_or_default();
            let no = i.office_no.map(|no| format!("　{no}")).unwrap_or_default();
            let view = DeskInquiry {
                shell: req.shell(),
                id: i.inquiry_id.clone(),
                subject: i.subject.clone(),
                small: format!("{}　{}{no}{address}", talk::kind(&i.kind), i.who),
                chip: talk::chip(&i.state),
                is_closed: i.state == Stand::Closed.code(),
                said: talk::said(&thread, &format!("/operator/inquiries/{}/files", i.inquiry_id)),
                body: body.to_owned(),
                submit_key: req.ctx.ids.id(),
                errors,
            };
            let status = if view.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            page(status, &view)
        }
        Err(error) => failure(req, &error),
    }
}

/// GET /operator/inquiries/{i}
async fn show(Operator(req): Operator, Path(i): Path<String>) -> Response {
    one(&req, &i, "", Vec::new()).await
}

/// POST /operator/inquiries/{i}
async fn answer(
    Operator(req): Operator,
    State(web): State<Arc<Web>>,
    Path(i): Path<String>,
    request: Request,
) -> Response {
    let upload = match read_upload(&req, &web, request, FILES).await {
        Ok(upload) => upload,
        Err(page) => return page,
    };
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let state = if upload.fields.get("state") == Stand::Waiting.code() { Stand::Waiting } else { Stand::Answered };
    let typed = talk::written(upload);
    match inquiry::answer(&req.web.app, &req.ctx, caller, &i, (&typed, state)).await {
        Ok(()) => moved("/operator/inquiries?state=new&done=inquiry-answered"),
        Err(error) => match field_errors(error) {
            Ok(errors) => one(&req, &i, &typed.body, errors).await,
            Err(error) => failure(&req, &error),
        },
    }
}

/// POST /operator/inquiries/{i}/close
async fn close(Operator(req): Operator, Path(i): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match inquiry::finish(&req.web.app, &req.ctx, caller, &i).await {
        Ok(()) => moved("/operator/inquiries?done=inquiry-closed"),
        Err(error) => failure(&req, &error),
    }
}

/// GET /operator/inquiries/{i}/files/{m}/{n}
async fn file(Operator(req): Operator, Path((i, m, n)): Path<(String, String, String)>) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let place = (m.parse().unwrap_or(0), n.parse().unwrap_or(0));
    let found = match inquiry::open(&req.web.app, caller, &i).await {
        Ok(thread) => inquiry::file(&req.web.app, &thread, place).await,
        Err(error) => Err(error),
    };
    match found {
        Ok((file, bytes)) => talk::attachment(&file.name, &file.media_type, bytes),
        Err(error) => failure(&req, &error),
    }
}
