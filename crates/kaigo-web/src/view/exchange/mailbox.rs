//! 届いたもの and 送ったもの.

use askama::Template;

use super::{Frame, Partner};
use crate::view::{Chip, Choice, FieldError, Paging, Shell};

/// GET `/exchange/inbox`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange/inbox.html")]
pub struct Inbox {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs.
    pub frame: Frame,
    /// Wrong input; `field` is `set-…` of the first row.
    pub errors: Vec<FieldError>,
    /// What the list is narrowed to.
    pub filter: Filter,
    /// The sets, newest first.
    pub rows: Vec<SetRow>,
    /// Where the others are.
    pub paging: Paging,
}

/// GET `/exchange/sent`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange/sent.html")]
pub struct Sent {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs.
    pub frame: Frame,
    /// What the list is narrowed to.
    pub filter: Filter,
    /// The sets, newest first.
    pub rows: Vec<SetRow>,
    /// Where the others are.
    pub paging: Paging,
}

/// What a list is narrowed to.
#[derive(Clone, Debug)]
pub struct Filter {
    /// States to choose from (field `state`).
    pub states: Vec<Choice>,
    /// 事業所番号 of the partner, as asked for (field `partner`).
    pub partner: String,
    /// Its name, where a partner was asked for.
    pub partner_name: String,
    /// Whether it is narrowed at all.
    pub is_set: bool,
}

/// One set of a list.
#[derive(Clone, Debug)]
pub struct SetRow {
    /// Identifier, `{s}`.
    pub s: String,
    /// 「2026年10月分の実績（第6表）」.
    pub what: String,
    /// The office at the other end.
    pub partner: Partner,
    /// 「8人」.
    pub people: String,
    /// 未読, 受信済, 取込済, 取下げ.
    pub chip: Chip,
    /// When that was: 「11月21日 17:42」.
    pub at: String,
    /// When it was sent.
    pub sent_at: String,
    /// A second state: 「3日たっても受け取られていません」; may be absent.
    pub late: Option<Chip>,
    /// Whether nobody of this office has fetched it.
    pub is_unread: bool,
    /// Whether its files can be fetched.
    pub can_fetch: bool,
}
