//! The exchange for the office's own programs: JSON over HTTP, by a token in the `Authorization` header, described in
//! docs/openapi.json. The use cases are those of the pages, and so are rights, sentences, codes and the log.

pub(crate) mod bytes;
pub(crate) mod mailbox;
pub(crate) mod openapi;
pub(crate) mod problem;
mod shape;
pub(crate) mod upload;

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kaigo_app::exchange::token;
use kaigo_app::{Ctx, Error};
use kaigo_core::policy::Caller;
use serde::Serialize;

use crate::Web;
use crate::api::problem::problem;
use crate::request::fields;

/// What every handler gets: an office's program that has a token.
pub(crate) struct Program {
    pub(crate) web: Arc<Web>,
    pub(crate) ctx: Ctx,
    pub(crate) caller: Caller,
    pub(crate) query: HashMap<String, String>,
    pub(crate) headers: HeaderMap,
}

impl FromRequestParts<Arc<Web>> for Program {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let mut ctx = web.clock.ctx(&web.ids);
        crate::peer::place(&mut ctx, parts, web);
        let found = match bearer(&parts.headers) {
            Some(token) => token::caller(&web.app, &ctx, token).await,
            None => Err(Error::LoginNeeded),
        };
        let found = found.and_then(|caller| {
            web.pace.take(&caller, true, ctx.now)?;
            crate::peer::judge(web, &ctx, &caller, parts).map(|()| caller)
        });
        match found {
            Ok(caller) => Ok(Self {
                web: Arc::clone(web),
                ctx,
                caller,
                query: fields(parts.uri.query().unwrap_or_default()),
                headers: parts.headers.clone(),
            }),
            Err(error) => Err(problem(&ctx, &error)),
        }
    }
}

impl Program {
    /// A value of the query; empty if it is missing.
    fn asked(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    /// The answer of a use case as JSON, or why not.
    fn answer<T: Serialize>(&self, result: Result<T, Error>) -> Response {
        let text = result.and_then(|shape| serde_json::to_vec(&shape).map_err(|e| Error::Internal(e.to_string())));
        match text {
            Ok(text) => ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response(),
            Err(error) => problem(&self.ctx, &error),
        }
    }
}

/// The token of the request.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

/// Whether an address belongs to programs: what is wrong with it is told as JSON.
pub(crate) fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/")
}
