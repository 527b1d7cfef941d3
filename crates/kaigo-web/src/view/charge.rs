//! 担当: since when, until when, keep or end.

use askama::Template;

use super::person::PersonFrame;
use super::{Chip, Choice, Fact, FieldError, Notice, Shell};

/// GET `/people/{c}/charge`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/charge.html")]
pub struct Charge {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// Since, until, how identity was checked, by whom.
    pub facts: Vec<Fact>,
    /// The end is near, or it has ended.
    pub notice: Option<Notice>,
    /// Claims that keep the registration, the newest month first.
    pub claims: Vec<ClaimRow>,
    /// What holds it until its last day, in a sentence.
    pub held: String,
    /// New last day if kept: 「2027年5月31日」; `None` = cannot be kept now. Posts to `/people/{c}/charge/keep`.
    pub keep_until: Option<String>,
    /// Can be ended now. Leads to `/people/{c}/charge/end`.
    pub can_end: bool,
}

/// One month's claim of the office.
#[derive(Clone, Debug)]
pub struct ClaimRow {
    /// 「2026年10月」.
    pub month: String,
    /// What became of it.
    pub state: Chip,
    /// 「2026年11月の審査」.
    pub received: String,
}

/// GET/POST `/people/{c}/charge/end`: confirm. Fields: `csrf`, `reason`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/charge_end.html")]
pub struct ChargeEnd {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// Wrong input; `field` is `reason` or empty.
    pub errors: Vec<FieldError>,
    /// Reasons (field `reason`).
    pub reasons: Vec<Choice>,
}
