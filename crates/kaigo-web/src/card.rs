//! 本人確認 by マイナンバーカード: begin, wait, link a new card; terminals of the office; what terminals ask (JSON).

pub(crate) mod demo;
mod terminals;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use futures_util::stream;
use kaigo_app::card::link::{self, Typed};
use kaigo_app::card::transaction::{self, Shown, Stand};
use kaigo_app::card::{answer, terminal};
use kaigo_app::identity::Checked;
use kaigo_app::{Ctx, Error};
use kaigo_card::protocol::{self, MOST_BYTES};
use kaigo_core::date::seireki;
use kaigo_core::id::holds_individual_number;
use kaigo_core::policy::Caller;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Web;
use crate::api::problem::problem;
use crate::failure::{failure, invalid, moved, ok, page};
use crate::request::{Fields, Req, Staff};
use crate::routes::{Access, Handler, Route, row};
use crate::view::FieldError;
use crate::view::card::{CardLinkForm, CardWait};
use crate::view::identity::CardOffer;

/// How often a waiting page's transaction is looked at.
const LOOK: Duration = Duration::from_millis(200);
/// Looks of one stream; then the browser asks again, so that a server that stops waits for none.
const LOOKS: u32 = 40;

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::{Staff, Terminal};
    let limit = DefaultBodyLimit::max(MOST_BYTES);
    vec![
        row("POST", "/card", Staff, "check-identity", post(start)),
        row("GET", "/card/terminals", Staff, "manage-terminals", get(terminals::list)),
        row("POST", "/card/terminals", Staff, "manage-terminals", post(terminals::make)),
        row("POST", "/card/terminals/{id}/end", Staff, "manage-terminals", post(terminals::end)),
        row("GET", "/card/{id}", Staff, "check-identity", get(show)),
        row("POST", "/card/{id}", Staff, "link-card", post(link_card)),
        row("GET", "/card/{id}/events", Staff, "check-identity", get(events)),
        row("POST", "/card/{id}/cancel", Staff, "check-identity", post(cancel)),
        row("POST", protocol::ENROL, Terminal, "-", post(enrol).layer(limit)),
        row("POST", protocol::FETCH, Terminal, "-", post(fetch).layer(limit)),
        row("POST", protocol::ANSWER, Terminal, "check-identity", post(answered).layer(limit)),
    ]
}

/// The way by card on the page of 本人確認, where it is configured.
pub(crate) fn offer(req: &Req) -> Option<CardOffer> {
    req.web.app.cards.as_ref()?;
    let submit_key = format!("{}{}", req.ctx.ids.id(), req.ctx.ids.id());
    Some(CardOffer { submit_key, is_admin: is_admin(req) })
}

fn is_admin(req: &Req) -> bool {
    matches!(req.caller(), Ok(Caller::Staff(staff)) if staff.is_admin)
}

/// The service's origin as terminals pin it: the configured one, or for this machine only the one that was asked.
fn origin(web: &Web, headers: &HeaderMap) -> String {
    if let Some(origin) = web.app.cards.as_ref().and_then(|cards| cards.origin.clone()) {
        return origin;
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if ["127.0.0.1", "localhost", "[::1]"].contains(&name) { format!("http://{host}") } else { String::new() }
}

/// POST /card
async fn start(Staff(req): Staff, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let (way, key) = (fields.get("way"), fields.get("submit_key"));
    match transaction::start(&req.web.app, &req.ctx, caller, way, key).await {
        Ok(id) => moved(&format!("/card/{id}")),
        Err(error) => failure(&req, &error),
    }
}

async fn look(req: &Req, headers: &HeaderMap, id: &str) -> Result<Shown, Error> {
    transaction::show(&req.web.app, &req.ctx, req.caller()?, &origin(&req.web, headers), id).await
}

/// GET /card/{id}
async fn show(Staff(req): Staff, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let shown = match look(&req, &headers, &id).await {
        Ok(shown) => shown,
        Err(error) => return failure(&req, &error),
    };
    let state = shown.stand.word();
    let say = match shown.stand {
        Stand::Known { check_id } => return moved(&format!("/identity/{check_id}")),
        Stand::New => return ok(&link_form(&req, &id, &Typed::default(), Vec::new(), String::new())),
        Stand::Failed { say, .. } => say,
        Stand::RunOut => "カードを読み取れる時間（3分）が過ぎました。もう一度はじめてください。".to_owned(),
        Stand::Waiting | Stand::Reading => String::new(),
    };
    ok(&CardWait {
        shell: req.shell(),
        id,
        way: shown.transaction.way,
        state,
        match_code: shown.transaction.match_code,
        qr: shown.link.as_deref().and_then(crate::start::qr),
        link: shown.link,
        left: format!("あと{}分{}秒", shown.seconds / 60, shown.seconds % 60),
        say,
        submit_key: req.ctx.ids.id(),
        is_admin: is_admin(&req),
        has_virtual: req.web.demo.as_ref().is_some_and(|demo| demo.cards.is_some()),
    })
}

/// A page that waits.
struct Waiting {
    req: Req,
    headers: HeaderMap,
    id: String,
    was: &'static str,
    looks: u32,
}

impl Waiting {
    /// The next word that differs; none when the stream is over.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        while self.looks > 0 {
            self.looks -= 1;
            self.req.ctx = self.req.web.clock.ctx(&self.req.web.ids);
            let word = look(&self.req, &self.headers, &self.id).await.ok()?.stand.word();
            if word != self.was {
                self.was = word;
                // What does not change any more needs no further look.
                if !["waiting", "reading"].contains(&word) {
                    self.looks = 0;
                }
                return Some((Ok(Event::default().data(word).retry(LOOK)), self));
            }
            tokio::time::sleep(LOOK).await;
        }
        None
    }
}

/// GET /card/{id}/events: the word of the state at once, and whenever it changes.
async fn events(Staff(req): Staff, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if let Err(error) = look(&req, &headers, &id).await {
        return failure(&req, &error);
    }
    let waiting = Waiting { req, headers, id, was: "", looks: LOOKS };
    Sse::new(stream::unfold(waiting, Waiting::next)).into_response()
}

/// POST /card/{id}/cancel
async fn cancel(Staff(req): Staff, Path(id): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match transaction::cancel(&req.web.app, &req.ctx, caller, &id).await {
        Ok(()) => moved("/identity"),
        Err(error) => failure(&req, &error),
    }
}

fn link_form(req: &Req, id: &str, typed: &Typed, errors: Vec<FieldError>, outcome: String) -> CardLinkForm {
    // An individual number is not written back into the page.
    let keep = |text: &str| if holds_individual_number(text) { String::new() } else { text.to_owned() };
    CardLinkForm {
        shell: req.shell(),
        id: id.to_owned(),
        errors,
        insurer_no: keep(&typed.insurer_no),
        insured_no: keep(&typed.insured_no),
        birth: keep(&typed.birth),
        seen: typed.seen,
        outcome,
    }
}

/// POST /card/{id}: the first use of a card.
async fn link_card(Staff(req): Staff, Path(id): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &["insurer_no", "insured_no", "birth"]) {
        return response;
    }
    let typed = Typed {
        insurer_no: fields.get("insurer_no").to_owned(),
        insured_no: fields.get("insured_no").to_owned(),
        birth: fields.get("birth").to_owned(),
        seen: fields.get("seen") == "yes",
    };
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let outcome = match link::link(&req.web.app, &req.ctx, caller, &id, &typed).await {
        Ok(Checked::Match { check_id }) => return moved(&format!("/identity/{check_id}")),
        Ok(Checked::NoMatch) => {
            "入力した番号と生年月日では、確認できませんでした。被保険者証をもう一度見て、証のとおりか確かめてください。"
                .to_owned()
        }
        Ok(Checked::NotStarted { name, from, .. }) => {
            let since = from.map_or_else(|| "まだ決まっていません".to_owned(), |on| format!("{}から", seireki(on)));
            format!("{name}は、まだ情報の共有を始めていません。使えるようになる日：{since}")
        }
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            return invalid(&link_form(&req, &id, &typed, errors, String::new()));
        }
        Err(Error::TooMany { minutes }) => {
            let say =
                format!("確認できない入力が続いたため、止めました。{minutes}分たってから、もう一度お願いします。");
            return page(StatusCode::TOO_MANY_REQUESTS, &link_form(&req, &id, &typed, Vec::new(), say));
        }
        // Without the page there is no field at which it could be said.
        Err(error) => {
            return fields.refuse_individual_number(&req, &[]).err().unwrap_or_else(|| failure(&req, &error));
        }
    };
    invalid(&link_form(&req, &id, &typed, Vec::new(), outcome))
}

/// Answers a terminal. What cannot be read carries no signature: it is refused as a stranger's.
async fn terminal_says<M: DeserializeOwned, T: Serialize>(
    web: &Arc<Web>,
    body: &Bytes,
    work: impl AsyncFnOnce(Ctx, M) -> Result<T, Error>,
) -> Response {
    let ctx = web.clock.ctx(&web.ids);
    let result = match serde_json::from_slice(body) {
        Ok(message) => work(ctx.clone(), message).await,
        Err(_) => Err(Error::LoginNeeded),
    };
    let text = result.and_then(|shape| serde_json::to_vec(&shape).map_err(|e| Error::Internal(e.to_string())));
    match text {
        Ok(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        // Where no anchors are configured there is nothing of this, whoever asks.
        Err(Error::NotFound) if web.app.cards.is_none() => problem(&ctx, &Error::LoginNeeded),
        Err(error) => problem(&ctx, &error),
    }
}

/// POST /api/v1/card/enrol
async fn enrol(State(web): State<Arc<Web>>, headers: HeaderMap, body: Bytes) -> Response {
    let origin = origin(&web, &headers);
    terminal_says(&web, &body, async |ctx, m| terminal::enrol(&web.app, &ctx, &origin, &m).await).await
}

/// POST /api/v1/card/fetch
async fn fetch(State(web): State<Arc<Web>>, headers: HeaderMap, body: Bytes) -> Response {
    let origin = origin(&web, &headers);
    terminal_says(&web, &body, async |ctx, m| answer::fetch(&web.app, &ctx, &origin, &m).await).await
}

/// POST /api/v1/card/answer
async fn answered(State(web): State<Arc<Web>>, headers: HeaderMap, body: Bytes) -> Response {
    let origin = origin(&web, &headers);
    terminal_says(&web, &body, async |ctx, m| answer::answer(&web.app, &ctx, &origin, &m).await).await
}
