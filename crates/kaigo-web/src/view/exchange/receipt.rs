//! 送信証明: who sent what to whom, and when; signed, printable.

use askama::Template;

use super::Frame;
use super::draft::File;
use crate::view::{Fact, Shell};

/// GET `/exchange/sets/{s}/receipt`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange/receipt.html")]
pub struct Receipt {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs.
    pub frame: Frame,
    /// Identifier, `{s}`.
    pub s: String,
    /// What it is.
    pub what: String,
    /// Ends, times, 連番.
    pub facts: Vec<Fact>,
    /// The files with their SHA-256.
    pub files: Vec<File>,
    /// The signature, in groups of digits.
    pub signature: Vec<String>,
    /// The public key that fits it, in groups of digits.
    pub public_key: Vec<String>,
    /// When this receipt was made.
    pub issued: String,
}
