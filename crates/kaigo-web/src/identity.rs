//! 本人確認 and the registration as 担当事業所.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::disaster::{self, Found, Search};
use kaigo_app::identity::{self, Checked, Confirm, FourItems, IdentityEvidence, TypedItems};
use kaigo_app::{Error, Wrong};
use kaigo_core::date::{age_on, seireki};

use crate::failure::{failure, invalid, moved, ok, page};
use crate::request::{Fields, Req, Staff};
use crate::say;
use crate::view::identity::{
    DemoPerson, DisasterOutcome, DisasterSearch, Identity, IdentityOutcome, IdentityTyped, Register,
};
use crate::view::{Choice, FieldError};

/// GET /identity
pub(crate) async fn form(Staff(req): Staff) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match disaster::open_for(&req.web.app, &req.ctx, caller).await {
        Ok(open) => {
            ok(&Identity { has_disaster: !open.is_empty(), ..view(&req, TypedItems::default(), Vec::new(), None) })
        }
        Err(error) => failure(&req, &error),
    }
}

fn show(req: &Req, typed: TypedItems, errors: Vec<FieldError>, outcome: Option<IdentityOutcome>) -> Response {
    let status = match &outcome {
        Some(IdentityOutcome::TooMany { .. }) => StatusCode::TOO_MANY_REQUESTS,
        None if errors.is_empty() => StatusCode::OK,
        Some(IdentityOutcome::NoMatch | IdentityOutcome::NotStarted { .. }) | None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(status, &view(req, typed, errors, outcome))
}

fn view(req: &Req, typed: TypedItems, errors: Vec<FieldError>, outcome: Option<IdentityOutcome>) -> Identity {
    let demo = req.web.demo.iter().flat_map(|d| &d.people);
    Identity {
        shell: req.shell(),
        has_disaster: false,
        card: crate::card::offer(req),
        errors,
        typed: IdentityTyped {
            insurer_no: typed.insurer_no,
            insured_no: typed.insured_no,
            kana: typed.kana,
            birth: typed.birth,
        },
        outcome,
        demo_people: demo
            .map(|p| DemoPerson {
                name: p.name.clone(),
                what: p.what.clone(),
                insurer_no: p.insurer_no.clone(),
                insured_no: p.insured_no.clone(),
                kana: p.kana.clone(),
                birth: p.birth.clone(),
            })
            .collect(),
    }
}

/// POST /identity
pub(crate) async fn check(Staff(req): Staff, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &["insurer_no", "insured_no", "kana", "birth"]) {
        return response;
    }
    let typed = TypedItems {
        insurer_no: fields.get("insurer_no").to_owned(),
        insured_no: fields.get("insured_no").to_owned(),
        kana: fields.get("kana").to_owned(),
        birth: fields.get("birth").to_owned(),
    };
    let items = match FourItems::parse(&typed) {
        Ok(items) => items,
        Err(Error::Invalid(wrong)) => {
            // An individual number is not written back into the page.
            let keep = |text: &str| {
                if kaigo_core::id::holds_individual_number(text) { String::new() } else { text.to_owned() }
            };
            let typed = TypedItems {
                insurer_no: keep(&typed.insurer_no),
                insured_no: keep(&typed.insured_no),
                kana: keep(&typed.kana),
                birth: keep(&typed.birth),
            };
            return show(&req, typed, wrong.iter().map(|w| FieldError::new(w.field, short(w))).collect(), None);
        }
        Err(error) => return failure(&req, &error),
    };
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let evidence = IdentityEvidence::InsuredCertificate(items);
    match identity::check(&req.web.app, &req.ctx, caller, evidence).await {
        Ok(Checked::Match { check_id }) => moved(&format!("/identity/{check_id}")),
        Ok(Checked::NoMatch) => show(&req, typed, Vec::new(), Some(IdentityOutcome::NoMatch)),
        Ok(Checked::NotStarted { name, from, items }) => {
            let since =
                from.map_or_else(|| "開始日はまだ決まっていません".to_owned(), |on| format!("{}から", seireki(on)));
            let items = items.iter().map(|(item, on)| format!("{}は {}から", item.label(), seireki(*on))).collect();
            show(&req, typed, Vec::new(), Some(IdentityOutcome::NotStarted { insurer: name, since, items }))
        }
        Err(Error::TooMany { minutes }) => {
            show(&req, typed, Vec::new(), Some(IdentityOutcome::TooMany { wait: format!("{minutes}分") }))
        }
        Err(error) => failure(&req, &error),
    }
}

/// The sentence at a field: where the mend already tells what is wrong, the mend alone.
fn short(wrong: &Wrong) -> String {
    let mend_tells = ["cell-missing", "cell-length", "cell-shape"].contains(&wrong.code);
    let say = match wrong.say.split_once('。') {
        Some((_, mend)) if mend_tells && !mend.is_empty() => mend,
        _ => wrong.say.as_str(),
    };
    say.replace("氏名カナ", "氏名のフリガナ")
}

/// GET /identity/{id}
pub(crate) async fn confirm(Staff(req): Staff, Path(id): Path<String>) -> Response {
    confirm_page(&req, &id, Vec::new()).await
}

async fn confirm_page(req: &Req, id: &str, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(req, &Error::LoginNeeded);
    };
    match identity::confirm(&req.web.app, &req.ctx, caller, id).await {
        Ok(Confirm { already: Some(charge), .. }) => moved(&format!("/people/{}/certificates", charge.charge_id)),
        Ok(confirm) => {
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            page(status, &register_page(req, id, errors, &confirm))
        }
        Err(error) => failure(req, &error),
    }
}

fn register_page(req: &Req, id: &str, errors: Vec<FieldError>, confirm: &Confirm) -> Register {
    let person = &confirm.person;
    Register {
        shell: req.shell(),
        id: id.to_owned(),
        errors,
        name: person.name.to_string(),
        kana: person.name_kana.to_string(),
        birth: say::birth(person.born_on),
        age: format!("{}歳", age_on(person.born_on, req.ctx.today)),
        insurer: confirm.insurer.name.clone(),
        number: say::number(confirm.insured_no),
        until: seireki(confirm.closes_on),
        disaster: confirm.disaster.clone(),
        method: confirm.method.clone(),
        seen: false,
    }
}

/// POST /identity/{id}
pub(crate) async fn register(Staff(req): Staff, Path(id): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match identity::register(&req.web.app, &req.ctx, caller, &id, fields.get("seen") == "yes").await {
        Ok(charge) => moved(&format!("/people/{}/certificates?done=registered", charge.charge_id)),
        Err(Error::Invalid(wrong)) => {
            confirm_page(&req, &id, wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect()).await
        }
        Err(error) => failure(&req, &error),
    }
}

/// GET /identity/disaster
pub(crate) async fn disaster_form(Staff(req): Staff) -> Response {
    disaster_page(&req, &Search::default(), Vec::new(), None).await
}

async fn disaster_page(
    req: &Req,
    typed: &Search,
    errors: Vec<FieldError>,
    outcome: Option<DisasterOutcome>,
) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(req, &Error::LoginNeeded);
    };
    let open = match disaster::open_for(&req.web.app, &req.ctx, caller).await {
        Ok(open) => open,
        Err(error) => return failure(req, &error),
    };
    let keep = |text: &str| if kaigo_core::id::holds_individual_number(text) { String::new() } else { text.to_owned() };
    let choice = |s: &kaigo_store::disaster::Standing| {
        let word = format!("{}（{}、{}まで）", s.insurer_name, s.disaster.name, seireki(s.disaster.until_on));
        let chosen = open.len() == 1 || s.disaster.disaster_id == typed.disaster_id;
        Choice { chosen, ..Choice::new(s.disaster.disaster_id.clone(), word) }
    };
    let view = DisasterSearch {
        shell: req.shell(),
        modes: open.iter().map(choice).collect(),
        kana: keep(&typed.kana),
        birth: keep(&typed.birth),
        age: keep(&typed.age),
        errors,
        outcome,
    };
    match (&view.outcome, view.errors.is_empty()) {
        (Some(DisasterOutcome::TooMany { .. }), _) => page(StatusCode::TOO_MANY_REQUESTS, &view),
        (Some(DisasterOutcome::Nobody | DisasterOutcome::Several), _) | (None, false) => invalid(&view),
        (None, true) => ok(&view),
    }
}

/// POST /identity/disaster
pub(crate) async fn disaster_search(Staff(req): Staff, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let typed = Search {
        disaster_id: fields.get("mode").to_owned(),
        kana: fields.get("kana").to_owned(),
        birth: fields.get("birth").to_owned(),
        age: fields.get("age").to_owned(),
    };
    match disaster::search(&req.web.app, &req.ctx, caller, &typed).await {
        Ok(Found::One { check_id }) => moved(&format!("/identity/{check_id}")),
        Ok(Found::Several) => disaster_page(&req, &typed, Vec::new(), Some(DisasterOutcome::Several)).await,
        Ok(Found::Nobody) => disaster_page(&req, &typed, Vec::new(), Some(DisasterOutcome::Nobody)).await,
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            disaster_page(&req, &typed, errors, None).await
        }
        Err(Error::TooMany { minutes }) => {
            let outcome = DisasterOutcome::TooMany { wait: format!("{minutes}分") };
            disaster_page(&req, &typed, Vec::new(), Some(outcome)).await
        }
        Err(error) => failure(&req, &error),
    }
}
