//! The certification board (介護認定審査会): sessions, one session, one case.

use askama::Template;

use super::insurer::board::SessionLine;
use super::{Chip, Choice, Fact, FieldError, Link, Shell};

/// GET `/board`, POST `/board/sessions`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/board/sessions.html")]
pub struct Sessions {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Name of the board.
    pub board: String,
    /// Insurers it serves: 「2つの市町村」.
    pub serves: String,
    /// Sessions to come and of today.
    pub coming: Vec<SessionLine>,
    /// Sessions that are over.
    pub past: Vec<SessionLine>,
    /// Key of the form.
    pub submit_key: String,
    /// Day (field `held_on`).
    pub held_on: String,
    /// Time (field `starts_at`).
    pub starts_at: String,
    /// Panel (field `panel`).
    pub panel: String,
    /// Place (field `place`).
    pub place: String,
    /// How many cases (field `capacity`).
    pub capacity: String,
    /// How many members come (field `members`).
    pub members: String,
}

/// GET `/board/sessions/{s}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/board/session.html")]
pub struct Session {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input, for the whole form.
    pub errors: Vec<FieldError>,
    /// `/board/sessions/{s}`.
    pub href: String,
    /// 「2026年11月26日（木）第1合議体」.
    pub title: String,
    /// Time, place, capacity, closed.
    pub facts: Vec<Fact>,
    /// Whether it is still open.
    pub is_open: bool,
    /// Cases by number.
    pub cases: Vec<CaseLine>,
}

/// GET/POST `/board/sessions/{s}/edit`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/board/edit.html")]
pub struct SessionEdit {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Somebody else changed it meanwhile; empty = nobody.
    pub conflict: String,
    /// `/board/sessions/{s}`.
    pub href: String,
    /// 「2026年11月26日（木）第1合議体」.
    pub title: String,
    /// Key of the form.
    pub submit_key: String,
    /// Version that is seen (hidden field `seen`).
    pub seen: String,
    /// Day (field `held_on`).
    pub held_on: String,
    /// Time (field `starts_at`).
    pub starts_at: String,
    /// Panel (field `panel`).
    pub panel: String,
    /// Place (field `place`).
    pub place: String,
    /// How many cases (field `capacity`).
    pub capacity: String,
    /// How many members come (field `members`).
    pub members: String,
}

/// GET `/board/sessions/{s}/sheet` and `/insurer/board/{s}/sheet`: the cases of a session on A4 paper.
#[derive(Clone, Debug, Template)]
#[template(path = "page/board/sheet.html")]
pub struct Sheet {
    /// Surroundings.
    pub shell: Shell,
    /// Back to the session.
    pub back: Link,
    /// 「審査会資料」「審査会結果一覧」.
    pub heading: String,
    /// Board, day, time, panel.
    pub title: String,
    /// Place; may be empty.
    pub place: String,
    /// What to know of it; may be empty.
    pub note: String,
    /// Headings of the columns after the number.
    pub columns: Vec<&'static str>,
    /// The cases.
    pub rows: Vec<SheetRow>,
}

/// One case on paper.
#[derive(Clone, Debug)]
pub struct SheetRow {
    /// 対象者番号.
    pub place: String,
    /// The cells after it, each with its lines.
    pub cells: Vec<Vec<String>>,
}

/// One case, without a name.
#[derive(Clone, Debug)]
pub struct CaseLine {
    /// 対象者番号.
    pub place: String,
    /// Its page.
    pub href: String,
    /// Name of the insurer.
    pub insurer: String,
    /// 申請区分.
    pub kind: String,
    /// 一次判定.
    pub computed: String,
    /// What was said.
    pub judgement: String,
    /// State.
    pub chip: Chip,
    /// Where to move it up; empty = it cannot be.
    pub up: String,
}

/// GET/POST `/board/cases/{b}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/board/case.html")]
pub struct Case {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Somebody else wrote meanwhile; empty = nobody.
    pub conflict: String,
    /// `/board/cases/{b}`.
    pub href: String,
    /// Back to the session.
    pub back: Link,
    /// 「対象者 3」.
    pub title: String,
    /// What is known: age, sex, insurer, application, 一次判定, before.
    pub facts: Vec<Fact>,
    /// Papers.
    pub papers: Vec<Link>,
    /// Papers that are not there.
    pub missing: Vec<String>,
    /// Whether the session is still open.
    pub is_open: bool,
    /// What was said already.
    pub judgement: Vec<Fact>,
    /// Judgement that is seen (hidden field `revision`).
    pub revision: String,
    /// Verdicts (field `verdict`).
    pub verdicts: Vec<Choice>,
    /// Levels (field `level`).
    pub levels: Vec<Choice>,
    /// Months (field `months`).
    pub months: String,
    /// What the rule says about the months.
    pub months_hint: String,
    /// Opinion (field `opinion`).
    pub opinion: String,
    /// サービスの種類の指定 (field `designated`).
    pub designated: String,
    /// Why again (field `reason`).
    pub reason: String,
}
