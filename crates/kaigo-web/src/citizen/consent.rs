//! Consent by the person's own hand: what stands, give, withdraw with the consequences first, a receipt.

use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::consent::{self, ConsentPage, Given, Withdrawn};
use kaigo_app::run::Target;
use kaigo_core::code::ConsentBy;
use kaigo_core::consent_text::{ConsentMethod, ConsentStep};
use kaigo_core::date::seireki;
use kaigo_core::plain::Saying;
use kaigo_core::policy::{ConsentStanding, Item};
use kaigo_core::record::consent::Consent;
use kaigo_store::consent::ConsentAct;

use super::myself;
use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Myself as Guard, Req};
use crate::say;
use crate::view::my::{ConsentConfirm, ConsentReader, ConsentReceipt, MyConsent};
use crate::view::{Chip, Fact, FieldError, Tone};

async fn look(req: &Req) -> Result<ConsentPage, Response> {
    let caller = req.caller().map_err(|error| failure(req, &error))?;
    consent::view(&req.web.app, &req.ctx, caller, Target::Myself).await.map_err(|error| failure(req, &error))
}

/// The state as a chip.
pub(crate) fn state(standing: ConsentStanding) -> Chip {
    match standing {
        ConsentStanding::Stands => Chip::new(Tone::Good, "同意しています"),
        ConsentStanding::Withdrawn(on) => Chip::new(Tone::Warn, format!("{}に取り消しました", seireki(on))),
        ConsentStanding::None => Chip::new(Tone::Plain, "まだ同意していません"),
    }
}

fn text(all: &ConsentPage) -> Vec<Saying> {
    all.text.map(|text| text.sentences.to_vec()).unwrap_or_default()
}

/// Offices in charge with what they see by the consent.
pub(crate) fn readers(all: &ConsentPage) -> Vec<ConsentReader> {
    let items = |items: &[Item]| items.iter().map(|item| item.label()).collect::<Vec<_>>().join("・");
    all.readings.iter().map(|r| ConsentReader { name: r.name.clone(), items: items(&r.items) }).collect()
}

/// What was done here and what the municipality's records say, the newest first.
pub(crate) fn history(all: &ConsentPage) -> Vec<Fact> {
    let mut facts: Vec<Fact> = all.acts.iter().map(act).collect();
    facts.extend(all.records.iter().map(record));
    facts
}

fn act(act: &ConsentAct) -> Fact {
    let what = match act.step {
        ConsentStep::Given => "同意",
        ConsentStep::Withdrawn => "同意の取り消し",
    };
    let who = if act.giver.is_empty() { act.given_by.label().to_owned() } else { act.giver.clone() };
    let by = format!("{who}（{}・{}）", act.desk.label(), act.method.label());
    Fact::new(seireki(act.acted_on), format!("{what}　{by}")).note(format!("受付 {}", say::instant(&act.acted_at)))
}

fn record(record: &Consent) -> Fact {
    let by = format!("同意　{}（{}）", record.given_by.label(), record.taken_by.label());
    let fact = Fact::new(seireki(record.given_on), by);
    match record.withdrawn_on {
        Some(on) => fact.note(format!("市町村の記録：{}に取り消し", seireki(on))),
        None => fact.note("市町村の記録"),
    }
}

/// GET /my/consent
pub(crate) async fn show(Guard(req): Guard) -> Response {
    match look(&req).await {
        Ok(all) => ok(&MyConsent {
            shell: req.shell(),
            me: myself(&all.head),
            state: state(all.standing),
            stands: all.standing == ConsentStanding::Stands,
            text: text(&all),
            readers: readers(&all),
            history: history(&all),
        }),
        Err(response) => response,
    }
}

async fn confirm(req: &Req, withdraw: bool, submit_key: String, errors: Vec<FieldError>) -> Response {
    let all = match look(req).await {
        Ok(all) => all,
        Err(response) => return response,
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(
        status,
        &ConsentConfirm {
            shell: req.shell(),
            me: myself(&all.head),
            withdraw,
            errors,
            submit_key,
            version: all.text.map(|text| text.version.to_owned()).unwrap_or_default(),
            text: text(&all),
            readers: readers(&all).into_iter().filter(|reader| !reader.items.is_empty()).collect(),
        },
    )
}

/// GET /my/consent/give
pub(crate) async fn give_form(Guard(req): Guard) -> Response {
    confirm(&req, false, req.ctx.ids.id(), Vec::new()).await
}

/// GET /my/consent/withdraw
pub(crate) async fn withdraw_form(Guard(req): Guard) -> Response {
    confirm(&req, true, req.ctx.ids.id(), Vec::new()).await
}

fn unread(withdraw: bool) -> Vec<FieldError> {
    let what = if withdraw { "取り消すとき" } else { "同意するとき" };
    vec![FieldError::new("agreed", format!("上のことを読んで、{what}は四角に印をつけてください。"))]
}

/// POST /my/consent/give
pub(crate) async fn give(Guard(req): Guard, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    if fields.get("agreed") != "yes" || fields.get("submit_key").is_empty() {
        let key = fields.get("submit_key").to_owned();
        return confirm(&req, false, if key.is_empty() { req.ctx.ids.id() } else { key }, unread(false)).await;
    }
    let given = Given {
        given_by: ConsentBy::Person,
        method: ConsentMethod::Portal,
        text_version: fields.get("text_version").to_owned(),
        submit_key: fields.get("submit_key").to_owned(),
        on: None,
        proxy_id: None,
        giver: String::new(),
    };
    match consent::give(&req.web.app, &req.ctx, caller, Target::Myself, given).await {
        Ok(_) => moved("/my/consent/receipt"),
        Err(error) => failure(&req, &error),
    }
}

/// POST /my/consent/withdraw
pub(crate) async fn withdraw(Guard(req): Guard, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    if fields.get("agreed") != "yes" || fields.get("submit_key").is_empty() {
        let key = fields.get("submit_key").to_owned();
        return confirm(&req, true, if key.is_empty() { req.ctx.ids.id() } else { key }, unread(true)).await;
    }
    let withdrawn = Withdrawn {
        given_by: ConsentBy::Person,
        method: ConsentMethod::Portal,
        submit_key: fields.get("submit_key").to_owned(),
        proxy_id: None,
    };
    match consent::withdraw(&req.web.app, &req.ctx, caller, Target::Myself, withdrawn).await {
        Ok(_) => moved("/my/consent/receipt"),
        Err(error) => failure(&req, &error),
    }
}

/// GET /my/consent/receipt
pub(crate) async fn receipt(Guard(req): Guard) -> Response {
    let all = match look(&req).await {
        Ok(all) => all,
        Err(response) => return response,
    };
    let Some(last) = all.acts.iter().max_by(|a, b| a.acted_at.cmp(&b.acted_at)) else {
        return moved("/my/consent");
    };
    let heading = match last.step {
        ConsentStep::Given => "同意を受け付けました",
        ConsentStep::Withdrawn => "同意の取り消しを受け付けました",
    };
    let facts = vec![
        Fact::new("受付", say::instant(&last.acted_at)),
        Fact::new("した人", last.account_name.clone()).as_is(),
        Fact::new("いつから", format!("{}から", seireki(last.acted_on))),
        Fact::new("説明文の版", last.text_version.clone()),
        Fact::new("受付番号", last.act_id.clone()),
    ];
    ok(&ConsentReceipt { shell: req.shell(), me: myself(&all.head), heading: heading.to_owned(), facts })
}
