//! The operator's desk: registration of offices, inquiries.

use askama::Template;

use super::insurer::Count;
use super::mypage::{InquiryLine, Said};
use super::{Chip, FieldError, Shell};

/// GET `/operator/offices`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/operator/offices.html")]
pub struct DeskOffices {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// What an upload did, if one was just made: sentences.
    pub done: Vec<String>,
    /// What was found in it: row, column, what, mend.
    pub findings: Vec<[String; 4]>,
    /// States with their counts.
    pub counts: Vec<Count>,
    /// State that is shown.
    pub state: String,
    /// What was searched for.
    pub q: String,
    /// Lines: login (shortened), office, issued, state.
    pub lines: Vec<(String, String, String, Chip)>,
}

/// GET `/operator/inquiries`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/operator/inquiries.html")]
pub struct DeskInquiries {
    /// Surroundings.
    pub shell: Shell,
    /// States with their counts.
    pub counts: Vec<Count>,
    /// State that is shown.
    pub state: String,
    /// What was searched for.
    pub q: String,
    /// Threads, the most pressing first.
    pub lines: Vec<InquiryLine>,
}

/// GET `/operator/inquiries/{i}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/operator/inquiry.html")]
pub struct DeskInquiry {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Identifier.
    pub id: String,
    /// Subject.
    pub subject: String,
    /// Kind, who, address.
    pub small: String,
    /// State.
    pub chip: Chip,
    /// Whether it is closed.
    pub is_closed: bool,
    /// What was said.
    pub said: Vec<Said>,
    /// Text of the answer.
    pub body: String,
    /// Key of the form.
    pub submit_key: String,
}
