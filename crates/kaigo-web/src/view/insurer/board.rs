//! The insurer's side of a board: its sessions, putting cases before one, confirming judgements.

use askama::Template;

use crate::view::{Chip, Fact, FieldError, Shell};

/// GET `/insurer/board`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/boards.html")]
pub struct Boards {
    /// Surroundings.
    pub shell: Shell,
    /// Boards that serve the insurer.
    pub boards: Vec<BoardOf>,
    /// Cases that wait to be put before a session: 「3件」; empty = none.
    pub waiting: String,
}

/// A board and its sessions.
#[derive(Clone, Debug)]
pub struct BoardOf {
    /// Name.
    pub name: String,
    /// Sessions.
    pub sessions: Vec<SessionLine>,
}

/// One session.
#[derive(Clone, Debug)]
pub struct SessionLine {
    /// Its page.
    pub href: String,
    /// 「2026年11月26日（木）14:00」.
    pub when: String,
    /// Panel.
    pub panel: String,
    /// Place; may be empty.
    pub place: String,
    /// 「12件／40件まで」.
    pub count: String,
    /// 「判定 8件」.
    pub judged: String,
    /// Open or over.
    pub chip: Chip,
}

/// GET/POST `/insurer/board/{s}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/board_session.html")]
pub struct BoardSession {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `decided_on` or empty.
    pub errors: Vec<FieldError>,
    /// `/insurer/board/{s}`.
    pub href: String,
    /// 「2026年11月26日（木）第1合議体」.
    pub title: String,
    /// Day, time, place, capacity.
    pub facts: Vec<Fact>,
    /// Whether it is still open.
    pub is_open: bool,
    /// Key of the form.
    pub submit_key: String,
    /// Own cases.
    pub cases: Vec<BoardLine>,
    /// Whether a judgement waits to be confirmed.
    pub can_confirm: bool,
    /// Day of the decision (field `decided_on`).
    pub decided_on: String,
    /// Cases that wait.
    pub waiting: Vec<BoardLine>,
}

/// One case.
#[derive(Clone, Debug)]
pub struct BoardLine {
    /// Name of its box; empty = it cannot be picked.
    pub pick: String,
    /// Value of the box.
    pub value: String,
    /// 対象者番号; empty while it waits.
    pub place: String,
    /// Its page.
    pub href: String,
    /// 氏名.
    pub name: String,
    /// 被保険者番号, grouped.
    pub number: String,
    /// 申請区分 and day.
    pub application: String,
    /// What the board said; may be empty.
    pub judgement: Vec<String>,
    /// State.
    pub chip: Chip,
    /// Where to take it off; empty = it cannot be.
    pub remove: String,
}

/// GET `/insurer/board/{s}/cases/{e}/remove`: confirm.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/unassign.html")]
pub struct Unassign {
    /// Surroundings.
    pub shell: Shell,
    /// Where to go back.
    pub back: String,
    /// Where the form goes.
    pub href: String,
    /// Which case.
    pub facts: Vec<Fact>,
    /// Key of the form.
    pub submit_key: String,
}
