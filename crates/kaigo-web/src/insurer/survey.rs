//! 認定調査票 at the desk: the items as a form, 特記事項, the sheet as a file.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::case::survey::{self, MOST_BYTES, Typed as TypedSurvey};
use kaigo_app::case::{CaseId, CasePage, Edit};
use kaigo_core::date::seireki;
use kaigo_core::rule::exchange::limits;
use kaigo_core::survey::{SURVEY_ITEMS, SurveyItems};

use super::cases::{answered, frame, key_or_new, look, seen};
use super::forms::{Typed, again, basis, day, edit, text};
use crate::Web;
use crate::exchange::parts::{self, Upload};
use crate::failure::{failure, moved};
use crate::request::{Fields, Insurer, Req};
use crate::routes::{Access, Handler, Route, row};
use crate::view::insurer::DayField;
use crate::view::insurer::forms::{SurveyForm, SurveyGroup, SurveyItem};
use crate::view::{Choice, FieldError};

/// The URLs of the survey.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Insurer;
    let upload = post(file).layer(DefaultBodyLimit::max(MOST_BYTES + (1 << 20)));
    vec![
        row("GET", "/insurer/cases/{p}/{n}/survey", Insurer, "survey", get(form)),
        row("POST", "/insurer/cases/{p}/{n}/survey", Insurer, "manage-case", post(put)),
        row("POST", "/insurer/cases/{p}/{n}/survey/file", Insurer, "manage-case", upload),
    ]
}

/// GET /insurer/cases/{p}/{n}/survey
async fn form(Insurer(req): Insurer, Path((p, n)): Path<(String, String)>) -> Response {
    show(&req, (&p, &n), Typed::nothing()).await
}

async fn show(req: &Req, (p, n): (&str, &str), typed: Typed<'_>) -> Response {
    match look(req, p, n).await {
        Ok(all) => answered(typed.conflict.is_some(), &typed.errors, &view(req, &all, &typed)),
        Err(error) => failure(req, &error),
    }
}

fn view(req: &Req, all: &CasePage, typed: &Typed<'_>) -> SurveyForm {
    let a = &all.application;
    let kept = all.survey.as_ref().map(|(_, survey)| survey.clone()).unwrap_or_default();
    let items = &kept.items;
    let text = |text: Option<String>| text.unwrap_or_default();
    let surveyor = text(kept.surveyor.as_ref().map(ToString::to_string));
    let place = text(kept.place.as_ref().map(ToString::to_string));
    let remarks = text(kept.remarks.as_ref().map(ToString::to_string));
    let shown = |day: Option<kaigo_core::date::Date>| day.map(seireki).unwrap_or_default();
    let days = vec![
        DayField {
            name: "surveyed_on".to_owned(),
            label: "調査実施日".to_owned(),
            value: typed.or("surveyed_on", shown(a.surveyed_on)),
            hint: "例：2026年11月5日、R8.11.5".to_owned(),
        },
        DayField {
            name: "received_on".to_owned(),
            label: "調査票受領日".to_owned(),
            value: typed.or("received_on", shown(a.survey_received_on.or(Some(req.ctx.today)))),
            hint: "まだ受け取っていないときは、空にします".to_owned(),
        },
    ];
    let mut rows = vec![
        ("所属機関".to_owned(), surveyor.clone(), typed.or("surveyor", "")),
        ("実施場所".to_owned(), place.clone(), typed.or("place", "")),
        ("特記事項".to_owned(), remarks.clone(), typed.or("remarks", "").replace('\r', "")),
    ];
    if let (Some(fields), Some(_)) = (typed.fields, &typed.conflict) {
        for item in SURVEY_ITEMS {
            let now = item.choices.iter().filter(|c| items.has(item.id, c.code)).map(|c| c.label);
            let yours = item.choices.iter().filter(|c| is_chosen(fields, item, c.code)).map(|c| c.label);
            let join = |words: Vec<&str>| words.join("・");
            rows.push((format!("{} {}", item.id, item.name), join(now.collect()), join(yours.collect())));
        }
    }
    let answered = items.entries().len();
    SurveyForm {
        shell: req.shell(),
        case: frame(req, all),
        errors: typed.errors.clone(),
        conflict: typed.conflict(rows),
        basis: basis(req, all, typed),
        warnings: items.warnings().iter().map(|rare| format!("{}　{}", rare.code, rare.say())).collect(),
        days,
        surveyor: typed.or("surveyor", surveyor),
        place: typed.or("place", place),
        groups: groups(items, typed.fields),
        remarks: typed.or("remarks", remarks),
        file: text(kept.file.map(|name| name.to_string())),
        contact: all.asked.contact.clone(),
        answered: format!("{}項目のうち {answered}項目", SURVEY_ITEMS.len()),
    }
}

fn is_chosen(fields: &Fields, item: &kaigo_core::survey::ItemDef, code: &str) -> bool {
    if item.multi {
        !fields.get(&format!("i-{}-{code}", item.id)).is_empty()
    } else {
        fields.get(&format!("i-{}", item.id)) == code
    }
}

fn groups(kept: &SurveyItems, typed: Option<&Fields>) -> Vec<SurveyGroup> {
    let mut groups: Vec<SurveyGroup> = Vec::new();
    for item in SURVEY_ITEMS {
        let choices = item.choices.iter().map(|choice| Choice {
            value: choice.code.to_owned(),
            word: choice.label.to_owned(),
            chosen: typed.map_or_else(|| kept.has(item.id, choice.code), |fields| is_chosen(fields, item, choice.code)),
        });
        let shown = SurveyItem {
            no: item.id.to_owned(),
            name: item.name.to_owned(),
            field: format!("i-{}", item.id),
            multi: item.multi,
            choices: choices.collect(),
        };
        if let Some(group) = groups.last_mut().filter(|group| group.heading == item.group) {
            group.items.push(shown);
        } else {
            let anchor = format!("group-{}", groups.len() + 1);
            groups.push(SurveyGroup { heading: item.group.to_owned(), anchor, items: vec![shown] });
        }
    }
    groups
}

/// POST /insurer/cases/{p}/{n}/survey
async fn put(Insurer(req): Insurer, Path((p, n)): Path<(String, String)>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let mut errors = Vec::new();
    let Some(typed) = read(&fields, &mut errors).filter(|_| errors.is_empty()) else {
        return show(&req, (&p, &n), Typed { fields: Some(&fields), errors, conflict: None }).await;
    };
    let done = async {
        let id = CaseId::parse(&req.web.app, &p, &n)?;
        survey::put(&req.web.app, &req.ctx, req.caller()?, edit(&req, id, &fields, "survey"), typed).await
    };
    match done.await {
        Ok(_) => moved(&format!("/insurer/cases/{p}/{n}/survey?done=case-kept")),
        Err(error) => match again(&fields, error) {
            Ok(typed) => show(&req, (&p, &n), typed).await,
            Err(error) => failure(&req, &error),
        },
    }
}

fn read(fields: &Fields, errors: &mut Vec<FieldError>) -> Option<TypedSurvey> {
    let surveyed_on = day(fields, "surveyed_on", "調査実施日", errors);
    if surveyed_on.is_none() && fields.get("surveyed_on").trim().is_empty() {
        errors.push(FieldError::new("surveyed_on", "調査実施日を入れてください。"));
    }
    let received_on = day(fields, "received_on", "調査票受領日", errors);
    let answers: Vec<String> = SURVEY_ITEMS
        .iter()
        .filter_map(|item| {
            let codes: Vec<&str> =
                item.choices.iter().map(|choice| choice.code).filter(|code| is_chosen(fields, item, code)).collect();
            (!codes.is_empty()).then(|| format!("{}={}", item.id, codes.join(",")))
        })
        .collect();
    let items = if let Ok(items) = SurveyItems::parse(&answers.join(";")) {
        Some(items)
    } else {
        // The only thing that boxes can get wrong.
        let say = "1-1・1-2 で「ない」を選んだときは、ほかの箱を選べません。どちらかにしてください。";
        errors.push(FieldError::new("i-1-1-1", say));
        None
    };
    let surveyor = text::<60>(fields, "surveyor", "所属機関", errors);
    let place = text::<60>(fields, "place", "実施場所", errors);
    let remarks = text::<6000>(fields, "remarks", "特記事項", errors);
    Some(TypedSurvey { surveyed_on: surveyed_on?, surveyor, place, items: items?, remarks, received_on })
}

/// POST /insurer/cases/{p}/{n}/survey/file
async fn file(
    Insurer(req): Insurer,
    State(web): State<Arc<Web>>,
    Path((p, n)): Path<(String, String)>,
    request: Request,
) -> Response {
    let wrong = |say: &str| vec![FieldError::new("files", say)];
    let errors = match parts::read(&req, &web, request, limits(req.ctx.today)).await {
        Err(page) => return page,
        Ok(Upload::Files(files)) => match files.into_iter().next() {
            None => wrong("ファイルが選ばれていません。PDFかJPEGのファイルを選んでください。"),
            Some(found) => match keep(&req, (&p, &n), found.bytes).await {
                Ok(()) => return moved(&format!("/insurer/cases/{p}/{n}/survey?done=case-kept")),
                Err(Error::Invalid(all)) => all.into_iter().map(|w| FieldError::new(w.field, w.say)).collect(),
                Err(Error::Conflict(say)) => {
                    let typed = Typed { fields: None, errors: Vec::new(), conflict: Some(say) };
                    return show(&req, (&p, &n), typed).await;
                }
                Err(error) => return failure(&req, &error),
            },
        },
        Ok(Upload::TooMuch) => wrong("ファイルが大きすぎます。20MBまでにしてください。"),
        Ok(Upload::Broken) => wrong("ファイルが途中で切れたようです。もう一度、選びなおして送ってください。"),
    };
    show(&req, (&p, &n), Typed { fields: None, errors, conflict: None }).await
}

async fn keep(req: &Req, (p, n): (&str, &str), bytes: Vec<u8>) -> Result<(), Error> {
    let id = CaseId::parse(&req.web.app, p, n)?;
    let what =
        Edit { id, seen: seen(req.asked("seen")), submit_key: key_or_new(req, req.asked("key")), form: "survey" };
    // The form beside it has the same key: a digest keeps the two apart.
    let own = kaigo_app::keys::digest_of(&format!("file {}", what.submit_key));
    let what = Edit { submit_key: own.get(..32).unwrap_or_default().to_owned(), ..what };
    survey::file(&req.web.app, &req.ctx, req.caller()?, what, bytes).await.map(drop)
}
