//! 包括的同意 taken by an office in the municipality's place: the page, and the form on paper.

use std::collections::HashMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::consent::{self, ConsentPage, Given};
use kaigo_app::run::Target;
use kaigo_core::code::ConsentBy;
use kaigo_core::consent_text::{ConsentDesk, ConsentMethod, ConsentStep};
use kaigo_core::date::{both, parse_date, wareki};
use kaigo_core::policy::{Caller, ConsentStanding};

use crate::citizen;
use crate::failure::{failure, moved, ok, page};
use crate::person::frame;
use crate::request::{Fields, Req, Staff};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::consent::{OfficeConsent, OfficeConsentPaper};
use crate::view::{Choice, Fact, FieldError};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    vec![
        row("GET", "/people/{c}/consent", Access::Staff, "take-consent", get(form)),
        row("POST", "/people/{c}/consent", Access::Staff, "take-consent", post(record)),
        row("GET", "/people/{c}/consent/paper", Access::Staff, "take-consent", get(paper)),
    ]
}

async fn look(req: &Req, c: &str) -> Result<ConsentPage, Response> {
    let found = match req.caller() {
        Ok(caller) => consent::at_office(&req.web.app, &req.ctx, caller, c).await,
        Err(error) => Err(error),
    };
    found.map_err(|error| failure(req, &error))
}

/// GET /people/{c}/consent
pub(crate) async fn form(Staff(req): Staff, Path(c): Path<String>) -> Response {
    show(&req, &c, &Fields::of(HashMap::new()), Vec::new()).await
}

async fn show(req: &Req, c: &str, typed: &Fields, errors: Vec<FieldError>) -> Response {
    let all = match look(req, c).await {
        Ok(all) => all,
        Err(response) => return response,
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let key = typed.get("submit_key").to_owned();
    let giver = typed.get("giver");
    let giver = if kaigo_core::id::holds_individual_number(giver) { "" } else { giver };
    let by = ConsentBy::ALL
        .iter()
        .map(|by| Choice { chosen: by.code() == typed.get("given_by"), ..Choice::new(by.code(), by.label()) });
    let methods = [ConsentMethod::Paper, ConsentMethod::Screen].map(|method| Choice {
        chosen: method.code() == typed.get("method"),
        ..Choice::new(
            method.code(),
            if method == ConsentMethod::Screen { "この画面で（口頭で）" } else { method.label() },
        )
    });
    let (who, office) = taker(req);
    let view = OfficeConsent {
        shell: req.shell(),
        person: frame(req, &all.head),
        state: citizen::consent::state(all.standing),
        stands: all.standing == ConsentStanding::Stands,
        errors,
        submit_key: if key.is_empty() { req.ctx.ids.id() } else { key },
        given_by: by.collect(),
        giver: giver.to_owned(),
        methods: methods.to_vec(),
        on: typed.get("on").to_owned(),
        version: all.text.map(|text| text.version.to_owned()).unwrap_or_default(),
        text: sentences(&all),
        taker: format!("{who}　{office}"),
        insurer: all.head.insurer.name.clone(),
        history: citizen::consent::history(&all),
    };
    page(status, &view)
}

fn sentences(all: &ConsentPage) -> Vec<String> {
    all.text.map(|text| text.sentences.iter().map(|s| s.usual.to_owned()).collect()).unwrap_or_default()
}

/// Who takes the consent: name with job, office.
fn taker(req: &Req) -> (String, String) {
    match req.caller() {
        Ok(Caller::Staff(s)) => (say::who(&s.name, Some(s.job.code())), s.office_name.clone()),
        _ => (String::new(), String::new()),
    }
}

/// What was typed, or what is wrong with it.
fn read(fields: &Fields) -> Result<Given, Vec<FieldError>> {
    let mut errors = Vec::new();
    let given_by = ConsentBy::parse(fields.get("given_by"));
    if given_by.is_err() {
        errors.push(FieldError::new("given_by", "だれが同意したかを選んでください。"));
    }
    let method = ConsentMethod::parse(fields.get("method")).ok().filter(|m| *m != ConsentMethod::Portal);
    if method.is_none() {
        errors.push(FieldError::new("method", "方法を選んでください。"));
    }
    let typed = fields.get("on").trim();
    let on = parse_date(typed);
    if !typed.is_empty() && on.is_none() {
        errors.push(FieldError::new("on", "同意の日が読めません。例：令和8年11月22日、2026-11-22"));
    }
    if fields.get("confirmed") != "yes" {
        errors.push(FieldError::new("confirmed", "説明して確かめたら、四角に印をつけてください。"));
    }
    if fields.get("submit_key").is_empty() {
        errors.push(FieldError::new("", "画面が古くなっています。もう一度「同意を登録する」を押してください。"));
    }
    match (given_by, method) {
        (Ok(given_by), Some(method)) if errors.is_empty() => Ok(Given {
            given_by,
            method,
            text_version: fields.get("text_version").to_owned(),
            submit_key: fields.get("submit_key").to_owned(),
            on,
            proxy_id: None,
            giver: fields.get("giver").to_owned(),
        }),
        _ => Err(errors),
    }
}

/// POST /people/{c}/consent
pub(crate) async fn record(Staff(req): Staff, Path(c): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let given = match read(&fields) {
        Ok(given) => given,
        Err(errors) => return show(&req, &c, &fields, errors).await,
    };
    match consent::give(&req.web.app, &req.ctx, caller, Target::Charge(c.clone()), given).await {
        Ok(_) => moved(&format!("/people/{c}/consent?done=consent-given")),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            show(&req, &c, &fields, errors).await
        }
        Err(error) => failure(&req, &error),
    }
}

/// GET /people/{c}/consent/paper
pub(crate) async fn paper(Staff(req): Staff, Path(c): Path<String>) -> Response {
    let all = match look(&req, &c).await {
        Ok(all) => all,
        Err(response) => return response,
    };
    let own = match req.caller() {
        Ok(Caller::Staff(staff)) => Some(staff.office_no),
        _ => None,
    };
    // What this office took last, as long as it stands; else a form to sign.
    let taken = all.acts.first().filter(|act| {
        act.step == ConsentStep::Given
            && act.desk == ConsentDesk::Office
            && act.office_no == own
            && all.standing == ConsentStanding::Stands
    });
    let (who, office) = taker(&req);
    let person = &all.head.person;
    let version = taken.map_or_else(|| all.text.map_or("", |text| text.version), |act| &act.text_version);
    ok(&OfficeConsentPaper {
        c,
        insurer: all.head.insurer.name.clone(),
        version: version.to_owned(),
        text: match kaigo_core::consent_text::find(version) {
            Some(text) => text.sentences.iter().map(|s| s.usual.to_owned()).collect(),
            None => sentences(&all),
        },
        person: vec![
            Fact::new("フリガナ", person.name_kana.to_string()),
            Fact::new("氏名", person.name.to_string()),
            Fact::new("生年月日", both(person.born_on)),
            Fact::new("被保険者番号", say::number(all.head.insured_no)),
        ],
        taken: taken
            .map(|act| {
                let giver = if act.giver.is_empty() { act.given_by.label().to_owned() } else { act.giver.clone() };
                vec![
                    Fact::new("同意の日", wareki(act.acted_on)),
                    Fact::new("同意した人", giver),
                    Fact::new("方法", act.method.label()),
                    Fact::new("受け付けた人", format!("{}　{office}", act.account_name)),
                    Fact::new("登録した時刻", say::instant(&act.acted_at)),
                    Fact::new("受付番号", act.act_id.clone()),
                ]
            })
            .unwrap_or_default(),
        taker: who,
        office,
        shell: req.shell(),
    })
}
