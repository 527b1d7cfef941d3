//! The way in with a letter: the code, login and password, the second factor.

use askama::Template;

use super::{FieldError, Shell};

/// GET/POST `/start`. Fields: `csrf`, `insurer_no`, `insured_no`, `birth`, `code`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/start/code.html")]
pub struct StartCode {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// As typed.
    pub insurer_no: String,
    /// As typed.
    pub insured_no: String,
    /// As typed.
    pub birth: String,
}

/// GET/POST `/start/account`. Fields: `csrf`, `login`, `password`, `factor`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/start/account.html")]
pub struct StartAccount {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Whose account.
    pub name: String,
    /// For whom, if in somebody's place.
    pub represents: String,
    /// The account is there already: it gets a new password.
    pub again: bool,
    /// Login as typed, or the one that is there.
    pub login: String,
    /// `app`, `paper` or empty.
    pub factor: String,
}

/// GET/POST `/start/factor`. Field: `csrf`, `code`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/start/factor.html")]
pub struct StartFactor {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `code`.
    pub errors: Vec<FieldError>,
    /// The login that was chosen.
    pub login: String,
    /// For the app: the secret in groups of four, and its QR code.
    pub app: Option<(String, Qr)>,
    /// The numbers on paper.
    pub codes: Vec<String>,
}

/// A QR code as one SVG path.
#[derive(Clone, Debug)]
pub struct Qr {
    /// Width in modules, with the quiet zone.
    pub size: usize,
    /// The dark modules.
    pub path: String,
}
