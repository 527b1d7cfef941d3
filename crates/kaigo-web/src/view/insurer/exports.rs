//! 取出し.

use askama::Template;

use crate::view::{FieldError, Shell};

/// GET, POST `/insurer/exports`. Field: `since`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/exports.html")]
pub struct Exports {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `since`.
    pub errors: Vec<FieldError>,
    /// Day as typed.
    pub since: String,
    /// What was taken out before.
    pub rows: Vec<RunLine>,
}

/// Something that was taken out.
#[derive(Clone, Debug)]
pub struct RunLine {
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// Since when.
    pub since: String,
    /// Kinds and rows.
    pub counts: String,
    /// SHA-256 of the file.
    pub sha256: String,
}
