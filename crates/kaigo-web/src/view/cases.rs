//! 進行中の申請: the applications of an office's own people that are under way.

use askama::Template;

use super::{Absence, Chip, Choice, FieldError, Notice, Paging, Shell};

/// GET `/cases?step=&mark=&changed=&sort=&page=`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/cases.html")]
pub struct Cases {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input: the page takes none.
    pub errors: Vec<FieldError>,
    /// Why nothing is shown, where it is one reason for all.
    pub absence: Option<Absence>,
    /// Nobody's progress is shown to this office: nothing can be narrowed, the page is about the reasons.
    pub hides_all: bool,
    /// Insurers whose people are not listed, and why.
    pub hidden: Vec<Notice>,
    /// Steps to choose from, with how many wait there.
    pub steps: Vec<Choice>,
    /// Marks to choose from, with how many have them.
    pub marks: Vec<Choice>,
    /// Orders to choose from.
    pub orders: Vec<Choice>,
    /// Only what changed is wanted.
    pub changed: bool,
    /// How many changed since the office last looked.
    pub changes: usize,
    /// 「12件」.
    pub found: String,
    /// Something is left out by what was chosen.
    pub narrowed: bool,
    /// Up to 50 rows.
    pub rows: Vec<CaseRow>,
    /// Neighbours.
    pub paging: Paging,
}

/// One application.
#[derive(Clone, Debug)]
pub struct CaseRow {
    /// The person's tab 認定.
    pub href: String,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// 保険者名.
    pub insurer: String,
    /// 「更新申請」.
    pub kind: String,
    /// 「2026年10月25日」.
    pub applied: String,
    /// 「29日目」 with its weight.
    pub age: Chip,
    /// Steps that are waited for: 「認定調査」「主治医意見書」.
    pub steps: Vec<String>,
    /// Day by which it is decided, or the expected one.
    pub due: String,
    /// 「審査会 11月26日 予定」; may be empty.
    pub due_note: String,
    /// How it keeps pace, where it does not.
    pub mark: Option<Chip>,
    /// Steps that take longer than usual.
    pub slow: Vec<String>,
    /// What changed since the office last looked.
    pub changes: Vec<String>,
}
