//! Login in two steps: login id and password, then a six-digit code.

use askama::Template;

use super::{FieldError, Shell};

/// GET/POST `/login`. Fields: `csrf`, `login`, `password`, `next`, `kept`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/login.html")]
pub struct Login {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `login`, `password` or empty.
    pub errors: Vec<FieldError>,
    /// Login id as typed.
    pub login: String,
    /// Page to go to afterwards; a local path or empty.
    pub next: String,
    /// A form that came after its session had ended, sealed; empty without one.
    pub kept: String,
    /// Accounts to try; empty outside the demo.
    pub demo_accounts: Vec<DemoAccount>,
}

/// A demo account, shown with its password.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// 氏名.
    pub name: String,
    /// 事業所・職種, or 本人.
    pub role: String,
    /// Login id.
    pub login: String,
    /// Password.
    pub password: String,
}

/// GET/POST `/login/code`. Fields: `csrf`, `code`, `next`, `kept`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/login_code.html")]
pub struct LoginCode {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `code` or empty.
    pub errors: Vec<FieldError>,
    /// Page to go to afterwards; a local path.
    pub next: String,
    /// A form that came after its session had ended, sealed; empty without one.
    pub kept: String,
    /// The confirmed address to which a code can be sent, without most of its name; empty: none.
    pub mail: String,
    /// The current code, six digits; demo only.
    pub demo_code: Option<String>,
}

/// Shown after a login that carried a form: it can be sent once more, or put away.
#[derive(Clone, Debug, Template)]
#[template(path = "page/kept_form.html")]
pub struct KeptForm {
    /// Surroundings.
    pub shell: Shell,
    /// What the pages are called where it goes.
    pub place: String,
    /// Where it goes; a local path.
    pub action: String,
    /// What was typed, without what pages add by themselves.
    pub typed: Vec<String>,
    /// Its fields in order, without the form token.
    pub fields: Vec<(String, String)>,
}

/// Shown instead of the login form after too many wrong tries.
#[derive(Clone, Debug, Template)]
#[template(path = "page/login_locked.html")]
pub struct LoginLocked {
    /// Surroundings.
    pub shell: Shell,
    /// How long to wait: 「15分」.
    pub wait: String,
}
