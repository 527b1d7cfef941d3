//! 閲覧履歴: this office's looks at one person.

use askama::Template;

use super::person::PersonFrame;
use super::{Absence, Chip, Paging, Shell};

/// GET `/people/{c}/history`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/history.html")]
pub struct History {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// Why nothing is shown.
    pub absence: Option<Absence>,
    /// Newest first.
    pub rows: Vec<LookRow>,
    /// Neighbours.
    pub paging: Paging,
}

/// One look.
#[derive(Clone, Debug)]
pub struct LookRow {
    /// 「2026年11月22日 9:15」.
    pub at: String,
    /// 氏名（職種）.
    pub who: String,
    /// What was looked at: 「認定調査票」.
    pub what: String,
    /// Purpose; may be empty.
    pub why: String,
    /// 見た, 断られた, 印刷.
    pub result: Chip,
}
