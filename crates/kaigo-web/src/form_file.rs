//! A form that carries one file and a few fields: read piece by piece, the form token first, so that nothing is kept for a stranger.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header;
use axum::response::Response;
use kaigo_app::{Error, Wrong};

use crate::Web;
use crate::failure::failure;
use crate::request::{Fields, Req};

/// Bytes of a field that is no file.
const FIELD_BYTES: usize = 4 * 1024;

/// What a form brought.
pub(crate) struct FormFile {
    /// Name of the file without its folder; empty if none was chosen.
    pub(crate) name: String,
    /// Its bytes; one more than may be, if it is too large.
    pub(crate) bytes: Vec<u8>,
    /// The fields.
    pub(crate) fields: Fields,
}

/// Reads a form with one file in the field `file`, of at most so many bytes.
///
/// # Errors
/// The page that says why nothing is taken.
pub(crate) async fn read(
    req: &Req,
    web: &Arc<Web>,
    request: Request,
    file: &str,
    most: usize,
) -> Result<FormFile, Response> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        let fields = Fields::from_request(request, web).await?;
        fields.check(req, &[])?;
        return Ok(FormFile { name: String::new(), bytes: Vec::new(), fields });
    }
    let broken = || {
        let say = "ファイルが途中で切れたようです。もう一度、選びなおして送ってください。".to_owned();
        failure(req, &Error::Invalid(vec![Wrong { field: "file", code: "upload-broken", say }]))
    };
    let mut parts = Multipart::from_request(request, web).await.map_err(|_| broken())?;
    let (mut name, mut bytes) = (String::new(), Vec::new());
    let (mut fields, mut is_checked) = (HashMap::new(), false);
    while let Some(mut part) = parts.next_field().await.map_err(|_| broken())? {
        let field = part.name().unwrap_or_default().to_owned();
        let chosen = part.file_name().map(|path| path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned());
        if chosen.is_some() && !is_checked {
            return Err(failure(req, &Error::LoginNeeded));
        }
        let limit = if chosen.is_some() { most + 1 } else { FIELD_BYTES };
        let mut content = Vec::new();
        while let Some(piece) = part.chunk().await.map_err(|_| broken())? {
            let free = limit.saturating_sub(content.len()).min(piece.len());
            content.extend_from_slice(piece.get(..free).unwrap_or_default());
        }
        match chosen {
            Some(chosen) if field == file && !chosen.is_empty() => (name, bytes) = (chosen, content),
            Some(_) => {}
            None => {
                fields.insert(field.clone(), String::from_utf8_lossy(&content).into_owned());
                let so_far = Fields::of(fields.clone());
                if field == "csrf" {
                    so_far.check(req, &[])?;
                    is_checked = true;
                } else {
                    so_far.refuse_individual_number(req, &[])?;
                }
            }
        }
    }
    if !is_checked {
        return Err(failure(req, &Error::LoginNeeded));
    }
    Ok(FormFile { name, bytes, fields: Fields::of(fields) })
}
