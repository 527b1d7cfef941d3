//! 災害時の確認, the municipality's side: proposed, approved by another, ended, every use reviewed.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::disaster::{self, Page, Proposal};
use kaigo_app::{Error, Wrong};
use kaigo_store::disaster::{Disaster, Use};

use crate::failure::{failure, invalid, moved, ok, page};
use crate::request::{Fields, Insurer, Req, percent};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::insurer::disaster as view;
use crate::view::{Chip, Fact, FieldError, Tone};

/// The URLs of disaster mode.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Insurer;
    vec![
        row("GET", "/insurer/disaster", Insurer, "review-disaster", get(list)),
        row("POST", "/insurer/disaster", Insurer, "propose-disaster", post(propose)),
        row("GET", "/insurer/disaster/new", Insurer, "propose-disaster", get(new)),
        row("GET", "/insurer/disaster/{t}", Insurer, "review-disaster", get(show)),
        row("POST", "/insurer/disaster/{t}/decide", Insurer, "approve-disaster", post(decide)),
        row("POST", "/insurer/disaster/{t}/end", Insurer, "approve-disaster", post(end)),
        row("POST", "/insurer/disaster/{t}/uses/{u}", Insurer, "review-disaster", post(review)),
    ]
}

fn chip(d: &Disaster, req: &Req) -> Chip {
    match d.state.as_str() {
        "proposed" => Chip::new(Tone::Warn, "承認を待っています"),
        "rejected" => Chip::new(Tone::Plain, "認められませんでした"),
        "approved" if d.stands(req.ctx.today) => Chip::new(Tone::Bad, "使われています"),
        "approved" if req.ctx.today < d.from_on => Chip::new(Tone::Info, "始まる前です"),
        _ => Chip::new(Tone::Plain, "終わりました"),
    }
}

fn period(d: &Disaster) -> String {
    say::period(d.from_on, Some(d.until_on))
}

/// GET /insurer/disaster
async fn list(Insurer(req): Insurer) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match disaster::list(&req.web.app, &req.ctx, caller).await {
        Ok(all) => {
            let rows = all.iter().map(|d| view::DisasterLine {
                name: d.name.clone(),
                href: format!("/insurer/disaster/{}", d.disaster_id),
                period: period(d),
                by: d.proposed_by.clone(),
                chip: chip(d, &req),
            });
            ok(&view::Disasters { shell: req.shell(), rows: rows.collect() })
        }
        Err(error) => failure(&req, &error),
    }
}

/// GET /insurer/disaster/new
async fn new(Insurer(req): Insurer) -> Response {
    ok(&new_view(&req, &Proposal::default(), &req.ctx.ids.id(), Vec::new()))
}

fn new_view(req: &Req, typed: &Proposal, key: &str, errors: Vec<FieldError>) -> view::DisasterNew {
    let keep = |text: &str| if kaigo_core::id::holds_individual_number(text) { String::new() } else { text.to_owned() };
    view::DisasterNew {
        shell: req.shell(),
        errors,
        submit_key: key.to_owned(),
        name: keep(&typed.name),
        areas: keep(&typed.areas),
        offices: keep(&typed.offices),
        from: keep(&typed.from),
        until: keep(&typed.until),
        reason: keep(&typed.reason),
    }
}

fn wrong_fields(wrong: Vec<Wrong>) -> Vec<FieldError> {
    wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect()
}

/// POST /insurer/disaster
async fn propose(Insurer(req): Insurer, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let typed = Proposal {
        name: fields.get("name").to_owned(),
        areas: fields.get("areas").to_owned(),
        offices: fields.get("offices").to_owned(),
        from: fields.get("from").to_owned(),
        until: fields.get("until").to_owned(),
        reason: fields.get("reason").to_owned(),
    };
    let key = fields.get("submit_key");
    match disaster::propose(&req.web.app, &req.ctx, caller, &typed, key).await {
        Ok(id) => moved(&format!("/insurer/disaster/{id}?done=disaster-proposed")),
        Err(Error::Invalid(wrong)) => invalid(&new_view(&req, &typed, key, wrong_fields(wrong))),
        Err(error) => failure(&req, &error),
    }
}

/// GET /insurer/disaster/{t}
async fn show(Insurer(req): Insurer, Path(t): Path<String>) -> Response {
    show_page(&req, &t, Vec::new()).await
}

async fn show_page(req: &Req, t: &str, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match disaster::page(&req.web.app, &req.ctx, caller, t).await {
        Ok(found) => page(status, &page_view(req, &found, errors)),
        Err(error) => failure(req, &error),
    }
}

fn page_view(req: &Req, found: &Page, errors: Vec<FieldError>) -> view::DisasterPage {
    let d = &found.disaster;
    let (tries, registered, open) = found.counts;
    let why_not = match (d.state.as_str(), found.may_decide, found.is_own) {
        ("proposed", false, true) => "提案した人は承認できません。ほかの管理者に頼んでください。",
        ("proposed", false, false) => "承認できるのは、提案した人とは別の管理者です。",
        _ => "",
    };
    view::DisasterPage {
        shell: req.shell(),
        errors,
        href: format!("/insurer/disaster/{}", d.disaster_id),
        name: d.name.clone(),
        chip: chip(d, req),
        facts: facts(found),
        may_decide: found.may_decide,
        why_not: why_not.to_owned(),
        may_end: found.may_end,
        count: format!("{tries}件（登録 {registered}件、まだ点検していない {open}件）"),
        uses: found.uses.iter().map(|u| use_line(d, u)).collect(),
    }
}

fn facts(found: &Page) -> Vec<Fact> {
    let d = &found.disaster;
    let offices = if found.offices.is_empty() {
        vec!["地域のすべての事業所".to_owned()]
    } else {
        found.offices.clone()
    };
    let by = |name: &str, at: &str, note: &str| {
        let note = if note.is_empty() { String::new() } else { format!("　{note}") };
        format!("{name}　{}{note}", say::instant(at))
    };
    let mut facts = vec![
        Fact::new("期間", period(d)),
        Fact::new("市町村（団体コード）", d.areas.join("、")),
        Fact::many("使える事業所", offices),
        Fact::new("理由", d.reason.clone()),
        Fact::new("提案", by(&d.proposed_by, &d.proposed_at, "")),
    ];
    if let (Some(name), Some(at)) = (&d.decided_by, &d.decided_at) {
        let word = if d.state == "rejected" { "認めなかった人" } else { "承認" };
        facts.push(Fact::new(word, by(name, at, d.decide_note.as_deref().unwrap_or_default())));
    }
    if let (Some(name), Some(at)) = (&d.ended_by, &d.ended_at) {
        facts.push(Fact::new("終わりにした人", by(name, at, d.end_reason.as_deref().unwrap_or_default())));
    }
    facts
}

fn use_line(d: &Disaster, used: &Use) -> view::UseLine {
    let chip = match used.review.as_deref() {
        Some("proper") => Chip::new(Tone::Good, "適切"),
        Some(_) => Chip::new(Tone::Bad, "不適切"),
        None => Chip::new(Tone::Warn, "まだ点検していません"),
    };
    let outcome = match used.outcome.as_str() {
        "registered" => "1人が見つかり、担当として登録しました",
        "found" => "1人が見つかりました（登録していません）",
        "several" => "何人か当てはまり、だれも出していません",
        _ => "だれも見つかりませんでした",
    };
    let review = match (&used.reviewed_by, &used.reviewed_at) {
        (Some(by), Some(at)) => format!("{by}　{}　{}", say::instant(at), used.review_note.clone().unwrap_or_default()),
        _ => String::new(),
    };
    view::UseLine {
        href: format!("/insurer/disaster/{}/uses/{}", d.disaster_id, used.use_id),
        id: used.use_id.clone(),
        at: say::instant(&used.used_at),
        by: format!("{}（{}）", used.office_name, used.account_name),
        asked: used.asked.clone(),
        outcome: outcome.to_owned(),
        number: used.insured_no.map(say::number).unwrap_or_default(),
        chip,
        review,
        note: used.review_note.clone().unwrap_or_default(),
    }
}

/// POST /insurer/disaster/{t}/decide
async fn decide(Insurer(req): Insurer, Path(t): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let approve = fields.get("decision") == "approve";
    match disaster::decide(&req.web.app, &req.ctx, caller, &t, approve, fields.get("note")).await {
        Ok(()) => moved(&format!("/insurer/disaster/{}?done=disaster-decided", percent(&t))),
        Err(Error::Invalid(wrong)) => show_page(&req, &t, wrong_fields(wrong)).await,
        Err(error) => failure(&req, &error),
    }
}

/// POST /insurer/disaster/{t}/end
async fn end(Insurer(req): Insurer, Path(t): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match disaster::end(&req.web.app, &req.ctx, caller, &t, fields.get("reason")).await {
        Ok(()) => moved(&format!("/insurer/disaster/{}?done=disaster-ended", percent(&t))),
        Err(Error::Invalid(wrong)) => show_page(&req, &t, wrong_fields(wrong)).await,
        Err(error) => failure(&req, &error),
    }
}

/// POST /insurer/disaster/{t}/uses/{u}
async fn review(Insurer(req): Insurer, Path((t, u)): Path<(String, String)>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let proper = fields.get("verdict") == "proper";
    match disaster::review(&req.web.app, &req.ctx, caller, (&t, &u), (proper, fields.get("note"))).await {
        Ok(()) => moved(&format!("/insurer/disaster/{}?done=disaster-reviewed", percent(&t))),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(format!("note-{u}"), w.say)).collect();
            show_page(&req, &t, errors).await
        }
        Err(error) => failure(&req, &error),
    }
}

/// What was done on the pages of the feed, of rules and of disaster mode.
pub(crate) fn done(done: &str) -> Option<(&'static str, &'static str)> {
    Some(match done {
        "feed-discarded" => ("取込をやめました", "何も変えていません。"),
        "feed-undone" => ("取込をとりけしました", "その前の内容が、すぐに見えています。"),
        "rule-set" => ("きまりを変えました", "下の「変えた記録」に残っています。"),
        "disaster-proposed" => ("提案しました", "別の管理者が承認すると、使えるようになります。"),
        "disaster-decided" => ("決めたことを記録しました", ""),
        "disaster-ended" => ("終わりにしました", "この確認で登録された担当も、終わりました。"),
        "disaster-reviewed" => ("点検を記録しました", ""),
        _ => return None,
    })
}
