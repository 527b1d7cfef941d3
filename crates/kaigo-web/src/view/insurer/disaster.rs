//! 災害時の確認: proposals, approval, review.

use askama::Template;

use crate::view::{Chip, Fact, FieldError, Shell};

/// GET `/insurer/disaster`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/disasters.html")]
pub struct Disasters {
    /// Surroundings.
    pub shell: Shell,
    /// The modes, the newest first.
    pub rows: Vec<DisasterLine>,
}

/// A mode in the list.
#[derive(Clone, Debug)]
pub struct DisasterLine {
    /// Its name.
    pub name: String,
    /// Where.
    pub href: String,
    /// From when until when.
    pub period: String,
    /// Who proposed it.
    pub by: String,
    /// How it stands.
    pub chip: Chip,
}

/// GET `/insurer/disaster/new`, POST `/insurer/disaster`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/disaster_new.html")]
pub struct DisasterNew {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Key of the form.
    pub submit_key: String,
    /// Name as typed.
    pub name: String,
    /// Codes as typed.
    pub areas: String,
    /// Numbers as typed.
    pub offices: String,
    /// First day as typed.
    pub from: String,
    /// Last day as typed.
    pub until: String,
    /// Reason as typed.
    pub reason: String,
}

/// GET `/insurer/disaster/{t}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/disaster.html")]
pub struct DisasterPage {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `note` or `reason`.
    pub errors: Vec<FieldError>,
    /// Path of the page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub chip: Chip,
    /// What was proposed, who decided.
    pub facts: Vec<Fact>,
    /// It can be approved or rejected by the reader.
    pub may_decide: bool,
    /// Why the reader cannot decide; may be empty.
    pub why_not: String,
    /// It can be ended by the reader.
    pub may_end: bool,
    /// 「12件（登録 9件、まだ点検していない 3件）」.
    pub count: String,
    /// The uses.
    pub uses: Vec<UseLine>,
}

/// A use.
#[derive(Clone, Debug)]
pub struct UseLine {
    /// Path of the review form.
    pub href: String,
    /// Identifier for the fields.
    pub id: String,
    /// When.
    pub at: String,
    /// Which office, who.
    pub by: String,
    /// What was asked for.
    pub asked: String,
    /// What came of it.
    pub outcome: String,
    /// Number of the person who was found.
    pub number: String,
    /// 適切, 不適切, まだ.
    pub chip: Chip,
    /// Words of the review with who wrote them.
    pub review: String,
    /// Words of the review alone.
    pub note: String,
}
