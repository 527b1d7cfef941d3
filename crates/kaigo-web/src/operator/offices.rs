//! 利用登録 at the desk: the list of issued logins comes in, and who registered.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::registration::{self, IssuedReport};
use kaigo_core::claim_id::ClaimId;

use crate::Web;
use crate::failure::{failure, page};
use crate::mypage::read_upload;
use crate::request::{Operator, Req, percent};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::insurer::{Count, WorkLine};
use crate::view::operator_desk::DeskOffices;
use crate::view::{Chip, FieldError, Tone};

/// Bytes of a list in the browser at most; longer ones go by `kiban import office-ids`.
const MOST_BYTES: usize = 1 << 20;
/// Rows of a list in the browser at most: each password takes a moment to digest.
const MOST_ROWS: usize = 2_000;
/// States: code and word.
const STATES: [(&str, &str); 4] = [("", "すべて"), ("issued", "未登録"), ("used", "登録済"), ("revoked", "無効")];

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Operator;
    let upload = post(upload).layer(DefaultBodyLimit::max(2 * MOST_BYTES));
    vec![
        row("GET", "/operator/offices", Operator, "manage-offices", get(list)),
        row("POST", "/operator/offices", Operator, "manage-offices", upload),
    ]
}

/// What waits here.
pub(crate) async fn glance(req: &Req) -> Result<WorkLine, Error> {
    let counts = registration::counts(&req.web.app, req.caller()?).await?;
    let of = |state: &str| counts.iter().find(|(code, _)| code == state).map_or(0, |(_, n)| *n);
    Ok(WorkLine {
        tone: Tone::Plain,
        heading: "IDを発行して、まだ登録していない事業所".to_owned(),
        count: of("issued"),
        unit: "件",
        say: format!("登録済は{}件です。", say::grouped(&of("used"))),
        href: "/operator/offices?state=issued".to_owned(),
    })
}

fn chip(state: &str) -> Chip {
    match state {
        "used" => Chip::new(Tone::Good, "登録済"),
        "issued" => Chip::new(Tone::Info, "未登録"),
        _ => Chip::new(Tone::Plain, "無効"),
    }
}

async fn respond(req: &Req, report: Option<IssuedReport>, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    let (state, q) = (req.asked("state"), req.asked("q"));
    let all = registration::list(&req.web.app, caller, (state, q)).await;
    let counts = registration::counts(&req.web.app, caller).await;
    let (all, counts) = match (all, counts) {
        (Ok(all), Ok(counts)) => (all, counts),
        (Err(error), _) | (_, Err(error)) => return failure(req, &error),
    };
    let number = |code: &str| -> i64 {
        counts.iter().filter(|(state, _)| code.is_empty() || state == code).map(|(_, n)| n).sum()
    };
    let done = report.as_ref().map(|r| {
        vec![
            format!("{}行を読み、{}件を取り込みました。", say::grouped(&r.rows), say::grouped(&r.taken)),
            format!("登録済のため変えなかったもの：{}件", say::grouped(&r.used)),
            format!("まちがいがあって取り込まなかった行：{}行", say::grouped(&r.bad)),
        ]
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = DeskOffices {
        shell: req.shell(),
        errors,
        done: done.unwrap_or_default(),
        findings: report
            .map(|r| {
                r.findings.into_iter().map(|f| [format!("{}行目", f.row), f.column.to_owned(), f.say, f.mend]).collect()
            })
            .unwrap_or_default(),
        counts: STATES
            .iter()
            .map(|(code, word)| Count {
                word: (*word).to_owned(),
                count: say::grouped(&number(code)),
                href: format!("/operator/offices?state={code}&q={}", percent(q)),
                current: state == *code,
            })
            .collect(),
        state: state.to_owned(),
        q: q.to_owned(),
        lines: all
            .iter()
            .map(|c| {
                let id = ClaimId::parse(&c.claim_id).map(|id| id.masked()).unwrap_or_default();
                let issued = format!("{}　{}（{}まで）", say::instant(&c.issued_at), c.issued_by, c.valid_until);
                (id, format!("{}　{}", c.office_no, c.office_name), issued, chip(&c.state))
            })
            .collect(),
    };
    page(status, &view)
}

/// GET /operator/offices
async fn list(Operator(req): Operator) -> Response {
    respond(&req, None, Vec::new()).await
}

/// POST /operator/offices: the report stands on the answer itself; the same list again changes nothing that was used.
async fn upload(Operator(req): Operator, State(web): State<Arc<Web>>, request: Request) -> Response {
    let upload = match read_upload(&req, &web, request, 1).await {
        Ok(upload) => upload,
        Err(page) => return page,
    };
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let wrong = |say: &str| vec![FieldError::new("file", say)];
    let Some(file) = upload.files.into_iter().next() else {
        return respond(&req, None, wrong("CSVファイルを選んでください。")).await;
    };
    if file.bytes.len() > MOST_BYTES || file.bytes.split(|b| *b == b'\n').count() > MOST_ROWS + 1 {
        let say = "1回に2,000行・1MBまでです。多いときは、分けるか、コマンド（kiban import office-ids）で取り込んでください。";
        return respond(&req, None, wrong(say)).await;
    }
    match registration::issue(&req.web.app, &req.ctx, caller, &file.bytes, false).await {
        Ok(report) => respond(&req, Some(report), Vec::new()).await,
        Err(error) => failure(&req, &error),
    }
}
