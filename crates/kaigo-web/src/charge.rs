//! The tab 担当: since when, until when, keep, end.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::charge::{self, ChargePage};
use kaigo_core::date::seireki;
use kaigo_core::rule::charge::ChargeState;

use crate::failure::{failure, moved, ok, page};
use crate::person::frame;
use crate::request::{Fields, Req, Staff};
use crate::say;
use crate::view::charge::{Charge as View, ChargeEnd};
use crate::view::{Choice, Fact, FieldError, Notice, Tone};

/// Why a registration is ended, by the office itself.
const REASONS: &[(&str, &str)] = &[
    ("service-ended", "サービスが終わった"),
    ("moved", "ほかの事業所に替わった・転出した"),
    ("deceased", "亡くなった"),
    ("mistake", "まちがえて登録した"),
];

/// GET /people/{c}/charge
pub(crate) async fn tab(Staff(req): Staff, Path(c): Path<String>) -> Response {
    match look(&req, &c).await {
        Ok(all) => ok(&tab_page(&req, &all)),
        Err(response) => response,
    }
}

async fn look(req: &Req, c: &str) -> Result<ChargePage, Response> {
    let caller = req.caller().map_err(|error| failure(req, &error))?;
    charge::view(&req.web.app, &req.ctx, caller, c).await.map_err(|error| failure(req, &error))
}

fn tab_page(req: &Req, all: &ChargePage) -> View {
    let c = &all.charge;
    let until = c.until();
    let soon = ChargeState::of(until, req.ctx.today) == ChargeState::EndsSoon;
    View {
        shell: req.shell(),
        person: frame(req, &all.head),
        facts: vec![
            Fact::new("担当の開始日", seireki(c.started_on)),
            Fact::new("担当の期限", seireki(until)).note(
                "サービスの請求がないまま3か月たつと、自動で終わります。期限が近くなると、この画面で延ばせます。",
            ),
            Fact::new("本人確認", method(&c.method)),
            Fact::new("登録した人", format!("{}　{}", c.registered_by, say::instant(&c.registered_at))),
        ],
        notice: soon.then(|| Notice {
            tone: Tone::Warn,
            heading: "担当の期限が近づいています".to_owned(),
            say: format!(
                "{}をすぎると、この方の情報は見られなくなります。サービスが続いているときは、担当を続けてください。",
                seireki(until)
            ),
        }),
        keep_until: all.keep_until.map(seireki),
        can_end: true,
    }
}

fn method(code: &str) -> String {
    match code {
        "insured-certificate" => "被保険者証の4項目".to_owned(),
        other => other.to_owned(),
    }
}

/// POST /people/{c}/charge/keep
pub(crate) async fn keep(Staff(req): Staff, Path(c): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match charge::keep(&req.web.app, &req.ctx, caller, &c).await {
        Ok(_) => moved(&format!("/people/{c}/charge?done=kept")),
        Err(error) => failure(&req, &error),
    }
}

/// GET /people/{c}/charge/end
pub(crate) async fn end_form(Staff(req): Staff, Path(c): Path<String>) -> Response {
    end_page(&req, &c, Vec::new()).await
}

async fn end_page(req: &Req, c: &str, errors: Vec<FieldError>) -> Response {
    match look(req, c).await {
        Ok(all) => {
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            let reasons = REASONS.iter().map(|(code, word)| Choice::new(*code, *word)).collect();
            page(status, &ChargeEnd { shell: req.shell(), person: frame(req, &all.head), errors, reasons })
        }
        Err(response) => response,
    }
}

/// POST /people/{c}/charge/end
pub(crate) async fn end(Staff(req): Staff, Path(c): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Some((reason, _)) = REASONS.iter().find(|(code, _)| *code == fields.get("reason")) else {
        let wrong = FieldError::new("reason", "終わりにする理由を選んでください。");
        return end_page(&req, &c, vec![wrong]).await;
    };
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match charge::release(&req.web.app, &req.ctx, caller, &c, reason).await {
        Ok(()) => moved("/people?done=released"),
        Err(error) => failure(&req, &error),
    }
}
