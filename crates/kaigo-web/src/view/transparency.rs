//! The public form of the access log.

use askama::Template;

use super::citizen::Myself;
use super::{Fact, FieldError, Shell};

/// GET `/portal/log`: for anybody.
#[derive(Clone, Debug, Template)]
#[template(path = "page/transparency/public.html")]
pub struct PublicLogs {
    /// Surroundings.
    pub shell: Shell,
    /// Public key of the log over all; empty while there is none.
    pub key: String,
    /// The logs with their newest heads.
    pub logs: Vec<LogHead>,
}

/// The newest head of a log.
#[derive(Clone, Debug)]
pub struct LogHead {
    /// Whether it is the one over all others.
    pub is_root: bool,
    /// Insurer's number.
    pub name: String,
    /// 「1,204」.
    pub size: String,
    /// When the head was signed.
    pub at: String,
    /// The signed head.
    pub href: String,
}

/// GET `/my/log/{x}/proof`: the proof of one entry, in plain words.
#[derive(Clone, Debug, Template)]
#[template(path = "page/transparency/proof.html")]
pub struct ProofPage {
    /// Surroundings.
    pub shell: Shell,
    /// The person.
    pub me: Myself,
    /// The entry in words.
    pub facts: Vec<Fact>,
    /// Identifier of the entry.
    pub entry: String,
    /// Its place in the public log, from 1; none while it waits for it.
    pub place: Option<String>,
}

/// GET `/insurer/log`: the own public log and its witnesses. Fields: `verifier`, `note`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/transparency/insurer.html")]
pub struct InsurerLog {
    /// Surroundings.
    pub shell: Shell,
    /// Whether witnesses may be changed here.
    pub is_admin: bool,
    /// The newest signed head; may be empty.
    pub head: String,
    /// Public key of the log.
    pub verifier: String,
    /// Who may sign.
    pub witnesses: Vec<WitnessLine>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// The key as typed.
    pub typed_key: String,
    /// The signed head as typed.
    pub typed_note: String,
}

/// Who may sign heads beside the log.
#[derive(Clone, Debug)]
pub struct WitnessLine {
    /// Name.
    pub name: String,
    /// Public key.
    pub verifier: String,
    /// When and by whom it was registered.
    pub added: String,
    /// What it signed last.
    pub signed: String,
}
