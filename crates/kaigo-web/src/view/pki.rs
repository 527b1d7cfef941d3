//! Certificates of terminals (端末の電子証明書): the office's pages and the desk's.

use askama::Template;

use super::{Chip, Choice, Fact, FieldError, Shell};

/// A line of a list.
#[derive(Clone, Debug)]
pub struct TerminalLine {
    /// Where it is shown.
    pub href: String,
    /// Name of the terminal.
    pub name: String,
    /// Number of the terminal; on the desk with the office before it.
    pub no: String,
    /// State.
    pub chip: Chip,
    /// Its end, or what comes next.
    pub until: String,
    /// When it was asked for.
    pub asked: String,
}

/// GET `/office/certificates`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/pki/office.html")]
pub struct OfficeCertificates {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong with the form.
    pub errors: Vec<FieldError>,
    /// The installation can issue.
    pub can_issue: bool,
    /// The terminals, the newest application first.
    pub lines: Vec<TerminalLine>,
    /// Names as typed.
    pub names: String,
    /// Ways to receive the key.
    pub ways: Vec<Choice>,
    /// The request as typed.
    pub csr: String,
    /// Key of the form.
    pub submit_key: String,
}

/// GET `/office/certificates/{t}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/pki/terminal.html")]
pub struct OfficeTerminal {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong with a form.
    pub errors: Vec<FieldError>,
    /// Identifier.
    pub id: String,
    /// Name of the terminal.
    pub name: String,
    /// State.
    pub chip: Chip,
    /// What is known of it.
    pub facts: Vec<Fact>,
    /// The code of the file that waits.
    pub code: Option<String>,
    /// The certificate can be fetched (a request with its own key).
    pub has_chain: bool,
    /// Can be renewed now.
    pub renewable: bool,
    /// Can be taken back.
    pub withdrawable: bool,
    /// Reasons for revoking; empty: not in use.
    pub reasons: Vec<Choice>,
    /// Key of the form.
    pub submit_key: String,
}

/// GET `/operator/certificates`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/pki/desk.html")]
pub struct DeskCertificates {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong with the search; nothing ever is.
    pub errors: Vec<FieldError>,
    /// Number of the office that is looked for.
    pub q: String,
    /// What the authority is.
    pub facts: Vec<Fact>,
    /// There is an authority.
    pub has_authority: bool,
    /// What waits, the oldest first.
    pub waiting: Vec<TerminalLine>,
    /// What ends soon, the first one first.
    pub ending: Vec<TerminalLine>,
    /// The newest, or those of the office.
    pub found: Vec<TerminalLine>,
    /// Address of older ones.
    pub more: Option<String>,
}

/// GET `/operator/certificates/{t}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/pki/decide.html")]
pub struct DeskTerminal {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong with a form.
    pub errors: Vec<FieldError>,
    /// Identifier.
    pub id: String,
    /// Name of the terminal.
    pub name: String,
    /// State.
    pub chip: Chip,
    /// What is known of it.
    pub facts: Vec<Fact>,
    /// Waits for a decision.
    pub waits: bool,
    /// The reason as typed.
    pub reason: String,
    /// Reasons for revoking; empty: not in use.
    pub reasons: Vec<Choice>,
}
