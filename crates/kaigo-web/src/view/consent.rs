//! 包括的同意 taken by an office in the municipality's place.

use askama::Template;

use super::person::PersonFrame;
use super::{Chip, Choice, Fact, FieldError, Shell};

/// GET/POST `/people/{c}/consent`. Fields: `csrf`, `submit_key`, `text_version`, `given_by`, `giver`, `method`, `on`, `confirmed`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/consent.html")]
pub struct OfficeConsent {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// What stands.
    pub state: Chip,
    /// A consent stands: none is taken. The office withdraws nothing.
    pub stands: bool,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Key of the form.
    pub submit_key: String,
    /// Who gives it.
    pub given_by: Vec<Choice>,
    /// Name and relation of who gives it in the person's place, as typed.
    pub giver: String,
    /// On paper or on a screen.
    pub methods: Vec<Choice>,
    /// Day of the signature as typed.
    pub on: String,
    /// Version of the text.
    pub version: String,
    /// The text that is explained.
    pub text: Vec<String>,
    /// Who takes it: name with job, office.
    pub taker: String,
    /// 保険者名.
    pub insurer: String,
    /// What happened before.
    pub history: Vec<Fact>,
}

/// GET `/people/{c}/consent/paper`: the form to sign, or what was taken; A4.
#[derive(Clone, Debug, Template)]
#[template(path = "page/consent_paper.html")]
pub struct OfficeConsentPaper {
    /// Surroundings.
    pub shell: Shell,
    /// Registration, for the way back.
    pub c: String,
    /// 保険者名: to whom the consent is given.
    pub insurer: String,
    /// Version of the text.
    pub version: String,
    /// The text.
    pub text: Vec<String>,
    /// The person.
    pub person: Vec<Fact>,
    /// What was taken; empty: a form to sign.
    pub taken: Vec<Fact>,
    /// Who explains it.
    pub taker: String,
    /// 事業所名.
    pub office: String,
}
