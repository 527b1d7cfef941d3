//! The tab 担当: since when, until when, keep, end.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::charge::{self, ChargePage, Held};
use kaigo_core::date::{Date, seireki};
use kaigo_core::rule::assurance::Assurance;
use kaigo_core::rule::charge::ChargeState;
use kaigo_core::rule::presence::{ClaimPresence, month};

use crate::failure::{failure, moved, ok, page};
use crate::person::frame;
use crate::request::{Fields, Req, Staff};
use crate::say;
use crate::view::charge::{Charge as View, ChargeEnd, ClaimRow};
use crate::view::{Chip, Choice, Fact, FieldError, Notice, Tone};

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
            Fact::new("担当の期限", seireki(until)).note(format!(
                "サービスの請求がないまま{}か月たつと、自動で終わります。期限が近くなると、この画面で延ばせます。",
                all.grace_months
            )),
            Fact::new("本人確認", method(&c.method)),
            Fact::new("登録した人", format!("{}　{}", c.registered_by, say::instant(&c.registered_at))),
        ],
        notice: soon.then(|| Notice {
            tone: Tone::Warn,
            heading: "担当の期限が近づいています".to_owned(),
            say: format!(
                "{}をすぎると、この方の情報は見られなくなります。{}サービスが続いているときは、担当を続けてください。",
                seireki(until),
                all.claims.first().map_or_else(
                    || "この事業所からの請求は、まだ届いていません。".to_owned(),
                    |(served, ..)| format!("最後に届いた請求は、{}分です。", month_word(served))
                )
            ),
        }),
        claims: all.claims.iter().map(claim).collect(),
        held: held(all),

        keep_until: all.keep_until.map(seireki),
        can_end: true,
    }
}

/// 「2026年10月」 of a month as it is stored.
fn month_word(text: &str) -> String {
    month(text).map_or_else(|| text.to_owned(), |day| format!("{}年{}月", day.year(), day.month()))
}

fn claim((served, state, received): &(String, ClaimPresence, String)) -> ClaimRow {
    let tone = match state {
        ClaimPresence::Claimed => Tone::Good,
        ClaimPresence::Late => Tone::Info,
        ClaimPresence::Returned => Tone::Warn,
    };
    ClaimRow {
        month: month_word(served),
        state: Chip::new(tone, state.label()),
        received: format!("{}の審査", month_word(received)),
    }
}

/// What holds the registration until its last day.
fn held(all: &ChargePage) -> String {
    let until = seireki(all.charge.until());
    let months = all.grace_months;
    let of = |day: Date| format!("{}年{}月", day.year(), day.month());
    match all.held {
        Held::Registration => {
            format!("登録により、{until}までは、請求がなくても担当が続きます（登録の月から{months}か月）。")
        }
        Held::Claim(served) => {
            format!("{}分の請求により、{until}まで担当が続きます（請求の月から{months}か月）。", of(served))
        }
        Held::Returned(received) => {
            format!("{}に返戻になった請求を出しなおせるように、{until}まで担当が続きます。", of(received))
        }
        Held::Hand => format!("この画面で「担当を続ける」としたため、{until}まで担当が続きます。"),
    }
}

fn method(code: &str) -> String {
    Assurance::parse(code).map_or_else(|_| code.to_owned(), |way| way.label().to_owned())
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
