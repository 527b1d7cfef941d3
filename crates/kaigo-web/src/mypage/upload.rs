//! A form with files and fields, read piece by piece: the form token first, so that nothing is kept for a stranger.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header;
use axum::response::Response;
use kaigo_app::enclosure::{Given, MOST_BYTES};
use kaigo_app::{Error, Wrong};

use crate::Web;
use crate::failure::failure;
use crate::request::{Fields, Req};

/// Bytes of a field that is no file.
const FIELD_BYTES: usize = 16 * 1024;

/// What a form brought.
pub(crate) struct Upload {
    /// The fields.
    pub(crate) fields: Fields,
    /// The files that were chosen; of one that is too large one byte more than may be.
    pub(crate) files: Vec<Given>,
}

/// Bytes of a request with so many files.
pub(crate) const fn most(files: usize) -> usize {
    (MOST_BYTES + 1024) * files + (1 << 20)
}

/// Reads a form with at most so many files; further ones are let pass and counted as one too many.
///
/// # Errors
/// The page that says why nothing is taken.
pub(crate) async fn read(req: &Req, web: &Arc<Web>, request: Request, files: usize) -> Result<Upload, Response> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        let fields = Fields::from_request(request, web).await?;
        fields.check(req, &[])?;
        return Ok(Upload { fields, files: Vec::new() });
    }
    let broken = || {
        let say = "ファイルが大きすぎるか、途中で切れたようです。もう一度、選びなおして送ってください。".to_owned();
        failure(req, &Error::Invalid(vec![Wrong { field: "files", code: "upload-broken", say }]))
    };
    let mut parts = Multipart::from_request(request, web).await.map_err(|_| broken())?;
    let (mut fields, mut given, mut is_checked) = (HashMap::new(), Vec::new(), false);
    while let Some(mut part) = parts.next_field().await.map_err(|_| broken())? {
        let field = part.name().unwrap_or_default().to_owned();
        let chosen = part.file_name().map(|path| path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned());
        if chosen.is_some() && !is_checked {
            return Err(failure(req, &Error::LoginNeeded));
        }
        let limit = match (&chosen, given.len() > files) {
            (None, _) => FIELD_BYTES,
            (Some(_), false) => MOST_BYTES + 1,
            (Some(_), true) => 0,
        };
        let mut content = Vec::new();
        while let Some(piece) = part.chunk().await.map_err(|_| broken())? {
            let free = limit.saturating_sub(content.len()).min(piece.len());
            content.extend_from_slice(piece.get(..free).unwrap_or_default());
        }
        match chosen {
            Some(name) if !name.is_empty() => given.push(Given { name, bytes: content }),
            Some(_) => {}
            None => {
                let value = String::from_utf8_lossy(&content).replace("\r\n", "\n");
                fields.insert(field.clone(), value.clone());
                if field == "csrf" {
                    Fields::of(fields.clone()).check(req, &[])?;
                    is_checked = true;
                } else {
                    Fields::of(HashMap::from([(field, value)])).refuse_individual_number(req, &[])?;
                }
            }
        }
    }
    if !is_checked {
        return Err(failure(req, &Error::LoginNeeded));
    }
    Ok(Upload { fields: Fields::of(fields), files: given })
}
