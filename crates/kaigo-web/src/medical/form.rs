//! The form: shown, saved while it is written, copied into from the previous opinion.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kaigo_app::Error;
use kaigo_app::opinion::Content;
use kaigo_app::opinion::write::{self, Drafted, Opened, Saved};
use kaigo_core::date::seireki;
use kaigo_core::opinion::request::State;
use kaigo_core::opinion::{FIELDS, Field, Kind, Need, OpinionForm, SECTIONS};

use super::show::{boxes, field_id, file};
use super::{opened, patient};
use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Medical, Req};
use crate::say;
use crate::view::medical::{Form as View, FormField, FormSection, Input};
use crate::view::{Choice, FieldError};

/// GET /medical/requests/{r}/form
pub(crate) async fn show(Medical(req): Medical, Path(r): Path<String>) -> Response {
    match opened(&req, &r).await {
        Ok(opened) if opened.request.state.is_open() => ok(&view(&req, &opened, Vec::new(), None)),
        Ok(_) => moved(&format!("/medical/requests/{r}")),
        Err(error) => failure(&req, &error),
    }
}

/// What is typed, out of the fields of the form.
fn typed(fields: &Fields) -> OpinionForm {
    let mut form = OpinionForm::default();
    for field in FIELDS {
        let id = field_id(field);
        if field.is_many() {
            form.put(field.id, &fields.ticked(&format!("{id}.")).join(","));
        } else {
            form.put(field.id, fields.get(&id));
        }
    }
    form
}

/// POST /medical/requests/{r}/form: saves, and does what the button says.
pub(crate) async fn save(Medical(req): Medical, Path(r): Path<String>, fields: Fields) -> Response {
    let own: Vec<String> = FIELDS.iter().map(field_id).collect();
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    if let Err(page) = fields.check(&req, &own) {
        return page;
    }
    let act = fields.get("act");
    let stored = match opened(&req, &r).await {
        Ok(stored) => stored,
        Err(error) => return failure(&req, &error),
    };
    let revision = fields.get("revision").parse().unwrap_or(stored.draft.revision);
    let mut content = Content { form: typed(&fields), ..stored.draft.content.clone() };
    if let (true, Some(previous)) = (act == "copy", &stored.previous) {
        content.form.copy_from(previous);
        content.copied = true;
    }
    let saved = match req.caller() {
        Ok(caller) => write::save(&req.web.app, &req.ctx, caller, &r, (revision, content.clone())).await,
        Err(error) => Err(error),
    };
    if act == "auto" {
        return automatic(&req, saved);
    }
    match saved {
        Ok(Saved::Kept { .. }) => moved(&match act {
            "check" => format!("/medical/requests/{r}/check"),
            "copy" => format!("/medical/requests/{r}/form?done=copied"),
            _ => format!("/medical/requests/{r}/form?done=draft-saved"),
        }),
        Ok(Saved::Behind(other)) => {
            let errors = behind(&content.form, &other);
            let draft = Drafted { content, ..(*other).clone() };
            let both = Opened { draft, ..stored };
            page(StatusCode::CONFLICT, &view(&req, &both, errors, Some(&other.content.form)))
        }
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(format!("f-{}", w.field), w.say)).collect();
            let draft = Drafted { content, revision, ..stored.draft.clone() };
            let again = Opened { draft, ..stored };
            page(StatusCode::UNPROCESSABLE_ENTITY, &view(&req, &again, errors, None))
        }
        Err(error) => failure(&req, &error),
    }
}

/// The fields that another window has saved differently.
fn behind(mine: &OpinionForm, other: &Drafted) -> Vec<FieldError> {
    let when = say::short_instant(&other.saved_at);
    let head = format!(
        "{when} に{}が、ほかの画面でこの意見書を保存しました。違うところを見くらべて、もう一度「途中で保存」を押すと、この画面の内容になります。",
        other.saved_by
    );
    let mut errors = vec![FieldError::new("", head)];
    let differs = FIELDS.iter().filter(|field| mine.raw(field.id) != other.content.form.raw(field.id));
    errors.extend(differs.map(|field| {
        FieldError::new(field_id(field), format!("{}が、ほかの画面で保存された内容と違います。", field.name))
    }));
    errors
}

/// The answer to the script.
fn automatic(req: &Req, saved: Result<Saved, Error>) -> Response {
    let json = |status: StatusCode, body: serde_json::Value| {
        (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body.to_string())
            .into_response()
    };
    match saved {
        Ok(Saved::Kept { revision, at }) => {
            json(StatusCode::OK, serde_json::json!({ "revision": revision, "at": say::clock(&at) }))
        }
        Ok(Saved::Behind(other)) => {
            json(StatusCode::CONFLICT, serde_json::json!({ "at": say::clock(&other.saved_at), "by": other.saved_by }))
        }
        Err(error) => failure(req, &error),
    }
}

fn view(req: &Req, opened: &Opened, errors: Vec<FieldError>, other: Option<&OpinionForm>) -> View {
    let request = &opened.request;
    let content = &opened.draft.content;
    let previous = opened.previous.as_ref();
    View {
        shell: req.shell(),
        patient: patient(req, request, &opened.insurer),
        returned: (request.state == State::Returned).then(|| request.reason.clone()),
        sections: sections(content, previous, other),
        revision: opened.draft.revision,
        saved: say::clock(&opened.draft.saved_at),
        previous: previous.map(|p| p.date("0-0").map_or_else(|| "日付なし".to_owned(), seireki)),
        copied: FIELDS.iter().filter(|field| is_copied(content, previous, field)).count(),
        file: file(content.file.as_ref()),
        errors,
    }
}

/// Whether a field stands as it was copied from the previous opinion.
fn is_copied(content: &Content, previous: Option<&OpinionForm>, field: &Field) -> bool {
    content.copied
        && field.carries
        && previous.is_some_and(|p| !p.is_blank(field.id) && p.raw(field.id) == content.form.raw(field.id))
}

/// The form in its sections, with the previous opinion and what another window has saved beside it.
pub(crate) fn sections(
    content: &Content,
    previous: Option<&OpinionForm>,
    other: Option<&OpinionForm>,
) -> Vec<FormSection> {
    let field = |field: &'static Field| FormField {
        before: previous.map(|p| p.words(field)).filter(|_| field.carries).unwrap_or_default(),
        copied: is_copied(content, previous, field),
        other: beside(field, &content.form, other),
        ..form_field(field, &content.form)
    };
    let section = |section: &kaigo_core::opinion::Section| FormSection {
        id: format!("s-{}", section.no),
        heading: section.heading.to_owned(),
        fields: section.fields().map(field).collect(),
    };
    SECTIONS.iter().map(section).collect()
}

/// What another window has saved in a field, where it differs.
fn beside(field: &Field, mine: &OpinionForm, other: Option<&OpinionForm>) -> String {
    match other {
        Some(other) if other.raw(field.id) != mine.raw(field.id) => {
            let words = other.words(field);
            if words.is_empty() { "（空欄）".to_owned() } else { words }
        }
        Some(_) | None => String::new(),
    }
}

fn form_field(field: &Field, form: &OpinionForm) -> FormField {
    let (input, width, rows, hint) = match field.kind {
        Kind::Coded | Kind::Marked(_) if field.is_many() => (Input::Many, "", 0, ""),
        Kind::Coded | Kind::Marked(_) => (Input::One, "", 0, ""),
        Kind::Text { max } if max <= 20 => (Input::Line, "number", 0, ""),
        Kind::Text { max } if max <= 40 => (Input::Line, "wide", 0, ""),
        Kind::Text { .. } => (Input::Line, "full", 0, ""),
        Kind::Lines { rows, .. } => (Input::Lines, "full", rows, ""),
        Kind::Date => (Input::Line, "date", 0, "例：令和8年11月20日、R8.11.20、2026/11/20"),
        Kind::Figure { .. } => (Input::Line, "code", 0, ""),
    };
    let mut choices = boxes(form, field);
    if input == Input::One && field.need != Need::Required {
        // A box that was ticked can be taken back without a script, too.
        let word = if choices.first().is_some_and(|c| c.word == "軽") { "なし" } else { "書かない" };
        choices.push(Choice { value: String::new(), word: word.to_owned(), chosen: form.is_blank(field.id) });
    }
    FormField {
        id: field_id(field),
        name: field.name.to_owned(),
        input,
        choices,
        value: form.raw(field.id).to_owned(),
        unit: field.unit(),
        rows,
        width,
        hint,
        required: field.need == Need::Required,
        before: String::new(),
        copied: false,
        other: String::new(),
        explains: field.of.is_some(),
    }
}
