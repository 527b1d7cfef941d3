//! 自動連携の鍵: made, shown once, ended.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::exchange::token;

use super::frame;
use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Req, Staff};
use crate::say;
use crate::view::FieldError;
use crate::view::exchange::Tab;
use crate::view::exchange::tokens::{Made, TokenRow, Tokens as View};

/// GET /exchange/tokens
pub(crate) async fn list(Staff(req): Staff) -> Response {
    match view(&req).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn view(req: &Req) -> Result<View, Error> {
    let tokens = token::list(&req.web.app, &req.ctx, req.caller()?).await?;
    Ok(View {
        shell: req.shell(),
        frame: frame(req, Tab::Tokens).await?,
        errors: Vec::new(),
        name: String::new(),
        made: None,
        rows: tokens
            .into_iter()
            .map(|token| TokenRow {
                id: token.token_id,
                name: token.name,
                made: say::instant(&token.made_at),
                used: token.last_used_at.as_deref().map(say::instant).unwrap_or_default(),
                ended: token.ended_at.as_deref().map(say::instant).unwrap_or_default(),
            })
            .collect(),
    })
}

/// POST /exchange/tokens: the answer shows the token, once.
pub(crate) async fn make(Staff(req): Staff, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let name = fields.get("name").trim();
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let made = token::make(&req.web.app, &req.ctx, caller, name).await;
    let (status, made, errors) = match made {
        Ok(new) => (StatusCode::OK, Some(Made { name: name.to_owned(), token: new.token }), Vec::new()),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|wrong| FieldError::new(wrong.field, wrong.say)).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, None, errors)
        }
        Err(error) => return failure(&req, &error),
    };
    match view(&req).await {
        Ok(view) => {
            let typed = if made.is_some() { String::new() } else { name.to_owned() };
            page(status, &View { errors, name: typed, made, ..view })
        }
        Err(error) => failure(&req, &error),
    }
}

/// POST /exchange/tokens/{t}/end
pub(crate) async fn end(Staff(req): Staff, Path(t): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match token::end(&req.web.app, &req.ctx, caller, &t).await {
        Ok(()) => moved("/exchange/tokens?done=token-ended"),
        Err(error) => failure(&req, &error),
    }
}
