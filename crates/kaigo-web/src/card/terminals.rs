//! Terminals of the office that read cards: made, enrolled elsewhere, ended.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::card::terminal;

use super::origin;
use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Req, Staff};
use crate::say;
use crate::view::FieldError;
use crate::view::card::{CardTerminals, TerminalRow};

async fn view(req: &Req, headers: &HeaderMap) -> Result<CardTerminals, Error> {
    let lines = terminal::list(&req.web.app, &req.ctx, req.caller()?).await?;
    let moment = |at: &Option<String>| at.as_deref().map(say::instant).unwrap_or_default();
    let rows = lines.into_iter().map(|line| TerminalRow {
        code_until: say::instant(&line.terminal.activation_until),
        enrolled: moment(&line.terminal.enrolled_at),
        used: moment(&line.terminal.last_used_at),
        ended: moment(&line.terminal.ended_at),
        id: line.terminal.terminal_id,
        name: line.terminal.name,
        code: line.code,
    });
    Ok(CardTerminals {
        shell: req.shell(),
        errors: Vec::new(),
        name: String::new(),
        submit_key: req.ctx.ids.id(),
        origin: origin(&req.web, headers),
        rows: rows.collect(),
    })
}

/// GET /card/terminals
pub(super) async fn list(Staff(req): Staff, headers: HeaderMap) -> Response {
    match view(&req, &headers).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

/// POST /card/terminals: the list shows the activation code.
pub(super) async fn make(Staff(req): Staff, headers: HeaderMap, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let (name, key) = (fields.get("name"), fields.get("submit_key"));
    let errors: Vec<FieldError> = match terminal::make(&req.web.app, &req.ctx, caller, name, key).await {
        Ok(_) => return moved("/card/terminals"),
        Err(Error::Invalid(wrong)) => wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect(),
        Err(error) => return failure(&req, &error),
    };
    match view(&req, &headers).await {
        Ok(view) => {
            let view = CardTerminals { errors, name: name.to_owned(), submit_key: key.to_owned(), ..view };
            page(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(error) => failure(&req, &error),
    }
}

/// POST /card/terminals/{id}/end
pub(super) async fn end(Staff(req): Staff, Path(id): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match terminal::end(&req.web.app, &req.ctx, caller, &id).await {
        Ok(()) => moved("/card/terminals"),
        Err(error) => failure(&req, &error),
    }
}
