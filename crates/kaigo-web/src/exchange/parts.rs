//! A form that carries files, read piece by piece: what does not fit is let pass and not kept, so that the browser gets an answer.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::{StatusCode, header};
use axum::response::Response;
use kaigo_app::Error;
use kaigo_careplan::batch::InFile;
use kaigo_core::rule::exchange::Limits;

use crate::Web;
use crate::failure::failure;
use crate::request::{Fields, Req};

/// Bytes of a request with files at most. More than an upload may hold: who sends a little too much shall read why.
pub(crate) const MOST_BYTES: usize = 512 << 20;
/// Bytes of a field that is no file.
const FIELD_BYTES: usize = 4 * 1024;

/// What a form brought.
pub(crate) enum Upload {
    /// Files, perhaps none.
    Files(Vec<InFile>),
    /// More than an upload may hold.
    TooMuch,
    /// The connection broke off, or it is no form.
    Broken,
}

/// Reads a form with files. The form token comes first, so that nothing is kept for a stranger.
///
/// # Errors
/// The page that says why nothing is taken.
pub(crate) async fn read(req: &Req, web: &Arc<Web>, request: Request, limits: Limits) -> Result<Upload, Response> {
    if !has_files(&request) {
        Fields::from_request(request, web).await?.check(req, &[])?;
        return Ok(Upload::Files(Vec::new()));
    }
    let Ok(mut parts) = Multipart::from_request(request, web).await else {
        return Ok(Upload::Broken);
    };
    let mut reading = Reading { limits, files: Vec::new(), count: 0, bytes: 0, is_checked: false };
    loop {
        match parts.next_field().await {
            Ok(Some(field)) => match reading.take(req, field).await {
                Ok(()) => {}
                Err(Stop::Refused(page)) => return Err(*page),
                Err(Stop::Broken(status)) => return Ok(broken(status)),
            },
            Ok(None) => break,
            Err(error) => return Ok(broken(error.status())),
        }
    }
    if !reading.is_checked {
        return Err(failure(req, &Error::LoginNeeded));
    }
    Ok(if reading.is_over() { Upload::TooMuch } else { Upload::Files(reading.files) })
}

fn has_files(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

fn broken(status: StatusCode) -> Upload {
    if status == StatusCode::PAYLOAD_TOO_LARGE { Upload::TooMuch } else { Upload::Broken }
}

/// Why reading stops.
enum Stop {
    Refused(Box<Response>),
    Broken(StatusCode),
}

struct Reading {
    limits: Limits,
    files: Vec<InFile>,
    count: usize,
    bytes: usize,
    is_checked: bool,
}

impl Reading {
    fn is_over(&self) -> bool {
        self.bytes > self.limits.upload_bytes || self.count > self.limits.upload_files
    }

    async fn take(&mut self, req: &Req, mut field: axum::extract::multipart::Field<'_>) -> Result<(), Stop> {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(file) = field.file_name().map(str::to_owned) else {
            let mut value = Vec::new();
            while let Some(piece) = field.chunk().await.map_err(|e| Stop::Broken(e.status()))? {
                if value.len() + piece.len() > FIELD_BYTES {
                    return Err(Stop::Broken(StatusCode::BAD_REQUEST));
                }
                value.extend_from_slice(&piece);
            }
            let value = String::from_utf8_lossy(&value).into_owned();
            let is_token = name == "csrf";
            // Any other field is judged under the token that came before it.
            let fields = HashMap::from([(name, value)]);
            if is_token {
                Fields::of(fields).check(req, &[]).map_err(|page| Stop::Refused(Box::new(page)))?;
                self.is_checked = true;
            } else {
                Fields::of(fields).refuse_individual_number(req, &[]).map_err(|page| Stop::Refused(Box::new(page)))?;
            }
            return Ok(());
        };
        if !self.is_checked {
            return Err(Stop::Refused(Box::new(failure(req, &Error::LoginNeeded))));
        }
        self.count += 1;
        let mut bytes = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(|e| Stop::Broken(e.status()))? {
            self.bytes += piece.len();
            if self.is_over() {
                // Once it is too much, nothing of it is kept any more.
                self.files.clear();
                bytes = Vec::new();
            } else {
                bytes.extend_from_slice(&piece);
            }
        }
        // A field in which nothing was chosen comes as a file without a name.
        if !file.is_empty() {
            self.files.push(InFile { name: without_folder(&file).to_owned(), bytes });
        }
        Ok(())
    }
}

/// The last part of a path as any system writes it.
fn without_folder(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_left_away() {
        for path in ["a.CSV", "2026/11/a.CSV", "C:\\出力\\a.CSV", "/a.CSV"] {
            assert_eq!(without_folder(path), "a.CSV", "{path}");
        }
        assert_eq!(without_folder("a/"), "");
    }
}
