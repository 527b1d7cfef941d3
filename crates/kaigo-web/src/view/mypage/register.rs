//! 利用登録 of an office and inquiries without a login: public pages.

use askama::Template;

use super::Said;
use crate::view::start::Qr;
use crate::view::{Chip, Choice, FieldError, Shell};

/// GET `/portal/register`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/registration/claim.html")]
pub struct Claim {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// What was typed.
    pub claim_id: String,
    /// Logins of the demo that can be tried: identifier, provisional password, office.
    pub demo: Vec<(String, String, String)>,
}

/// GET `/portal/register/address`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/registration/address.html")]
pub struct Address {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Office.
    pub office: String,
    /// What was typed.
    pub address: String,
}

/// GET `/portal/register/code`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/registration/code.html")]
pub struct Code {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Office.
    pub office: String,
    /// Where the code went.
    pub address: String,
    /// The code, where no mail is sent.
    pub shown: Option<String>,
    /// Minutes for which it is good.
    pub minutes: i64,
}

/// GET `/portal/register/account`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/registration/account.html")]
pub struct Account {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Office.
    pub office: String,
    /// Name.
    pub name: String,
    /// Login.
    pub login: String,
    /// Jobs.
    pub jobs: Vec<Choice>,
}

/// GET `/portal/register/factor`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/registration/factor.html")]
pub struct Factor {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Office.
    pub office: String,
    /// Login.
    pub login: String,
    /// Secret in fours.
    pub secret: String,
    /// The same as a code to read.
    pub qr: Qr,
}

/// GET `/portal/inquiry`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/registration/inquiry.html")]
pub struct OpenInquiry {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Kinds.
    pub kinds: Vec<Choice>,
    /// Name.
    pub name: String,
    /// Address of mail.
    pub address: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Key of the form.
    pub submit_key: String,
}

/// POST `/portal/inquiry`: it is taken, this is its code.
#[derive(Clone, Debug, Template)]
#[template(path = "page/registration/inquiry_done.html")]
pub struct OpenInquiryDone {
    /// Surroundings.
    pub shell: Shell,
    /// Code in groups of four.
    pub code: String,
}

/// GET `/portal/inquiry/follow`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/registration/follow.html")]
pub struct Follow {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// POST `/portal/inquiry/follow`: the thread.
#[derive(Clone, Debug, Template)]
#[template(path = "page/registration/thread.html")]
pub struct OpenThread {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Code, kept in the form.
    pub code: String,
    /// Subject.
    pub subject: String,
    /// State.
    pub chip: Chip,
    /// What was said.
    pub said: Vec<Said>,
    /// Text of the answer.
    pub body: String,
    /// Key of the form.
    pub submit_key: String,
}
