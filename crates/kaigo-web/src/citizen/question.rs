//! Questions of the person to the municipality about an entry of the log.

use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::question::{self, Asked, NewQuestion};
use kaigo_store::access_log::Entry;

use super::myself;
use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Myself as Guard, Req};
use crate::say;
use crate::view::my::{Ask, MyQuestions, QuestionCard};
use crate::view::{Fact, FieldError};

/// An entry of the log in one line.
pub(crate) fn in_words(e: &Entry) -> String {
    let office = e.office_name.as_deref().unwrap_or_default();
    let who = say::who(&e.account_name, e.job.as_deref());
    let what = say::what(&e.act, &e.items, e.document.as_deref());
    format!("{}　{who}　{office}　{what}", say::instant(&e.completed_at))
}

/// A question as a card.
pub(crate) fn card(asked: &Asked) -> QuestionCard {
    let q = &asked.question;
    let lines = |text: &str| text.lines().map(str::to_owned).collect();
    QuestionCard {
        asked: format!("{}　{}", say::instant(&q.asked_at), q.asked_by),
        about: asked.entry.as_ref().map(in_words).unwrap_or_default(),
        body: lines(&q.body),
        answer: q.answer.as_deref().map(lines).unwrap_or_default(),
        answered: match (&q.answered_at, &q.answered_by) {
            (Some(at), Some(by)) => format!("{}　{by}", say::instant(at)),
            _ => String::new(),
        },
        is_new: q.answered_at.is_some() && q.read_at.is_none(),
    }
}

/// GET /my/questions
pub(crate) async fn list(Guard(req): Guard) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match question::mine(&req.web.app, &req.ctx, caller).await {
        Ok(mine) => ok(&MyQuestions {
            shell: req.shell(),
            me: myself(&mine.head),
            questions: mine.questions.iter().map(card).collect(),
        }),
        Err(error) => failure(&req, &error),
    }
}

async fn show(req: &Req, entry: &str, key: String, body: &str, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(req, &Error::LoginNeeded);
    };
    let id = (!entry.is_empty()).then(|| entry.to_owned());
    let (head, about) = match question::form(&req.web.app, &req.ctx, caller, id).await {
        Ok(found) => found,
        Err(error) => return failure(req, &error),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let facts = about.map(|e| {
        vec![
            Fact::new("いつ", say::instant(&e.completed_at)),
            Fact::new("だれが", say::who(&e.account_name, e.job.as_deref())).as_is(),
            Fact::new("どこの", e.office_name.clone().unwrap_or_default()).as_is(),
            Fact::new("何を", say::what(&e.act, &e.items, e.document.as_deref())),
            Fact::new("目的", say::purpose(&e.purpose)),
        ]
    });
    page(
        status,
        &Ask {
            shell: req.shell(),
            me: myself(&head),
            about: facts.unwrap_or_default(),
            entry: entry.to_owned(),
            submit_key: if key.is_empty() { req.ctx.ids.id() } else { key },
            errors,
            body: body.to_owned(),
        },
    )
}

/// GET /my/questions/new?entry=
pub(crate) async fn form(Guard(req): Guard) -> Response {
    show(&req, req.asked("entry"), String::new(), "", Vec::new()).await
}

/// POST /my/questions/new
pub(crate) async fn ask(Guard(req): Guard, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let (entry, key, body) = (fields.get("entry"), fields.get("submit_key"), fields.get("body"));
    let new = NewQuestion {
        entry_id: (!entry.is_empty()).then(|| entry.to_owned()),
        body: body.to_owned(),
        submit_key: if key.is_empty() { req.ctx.ids.id() } else { key.to_owned() },
    };
    match question::ask(&req.web.app, &req.ctx, caller, new).await {
        Ok(_) => moved("/my/questions?done=asked"),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            show(&req, entry, key.to_owned(), body, errors).await
        }
        Err(error) => failure(&req, &error),
    }
}
