//! 自動連携の鍵: tokens of the office's own programs.

use askama::Template;

use super::Frame;
use crate::view::{FieldError, Shell};

/// GET, POST `/exchange/tokens`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange/tokens.html")]
pub struct Tokens {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs.
    pub frame: Frame,
    /// Wrong input; `field` is `name`.
    pub errors: Vec<FieldError>,
    /// Name as typed.
    pub name: String,
    /// The token that was made just now: shown once.
    pub made: Option<Made>,
    /// The tokens, newest first.
    pub rows: Vec<TokenRow>,
}

/// A token that was made just now.
#[derive(Clone, Debug)]
pub struct Made {
    /// What it is for.
    pub name: String,
    /// The token itself.
    pub token: String,
}

/// A token; itself it is known to nobody.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// Identifier.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// When and by whom it was made.
    pub made: String,
    /// When it was last used.
    pub used: String,
    /// When it ended; empty while it works.
    pub ended: String,
}
