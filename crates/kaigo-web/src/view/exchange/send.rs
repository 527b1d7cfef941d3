//! ファイルを送る: choosing the files.

use askama::Template;

use super::Frame;
use crate::view::{FieldError, Link, Shell};

/// GET, POST `/exchange/send`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange/send.html")]
pub struct Send {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs.
    pub frame: Frame,
    /// Wrong input; `field` is `files`.
    pub errors: Vec<FieldError>,
    /// Limits as sentences: sizes, counts, days.
    pub limits: Vec<String>,
    /// Bytes of one upload at most, for the script's warning before the upload.
    pub most_bytes: usize,
    /// Bytes of one file at most.
    pub most_file_bytes: usize,
    /// Files of one upload at most.
    pub most_files: usize,
    /// Checked uploads that wait to be sent, newest first.
    pub open: Vec<Link>,
}
