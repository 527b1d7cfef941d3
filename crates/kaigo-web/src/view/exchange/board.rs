//! 月のまとめ: user × partner × what went out and what came back, the missing ones first.

use askama::Template;

use super::{Count, Frame, Partner};
use crate::view::{Chip, Choice, Link, Paging, Shell};

/// GET `/exchange/board?month=`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange/board.html")]
pub struct Board {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs.
    pub frame: Frame,
    /// 「2026年11月」.
    pub month: String,
    /// The month before.
    pub previous: Link,
    /// The month after.
    pub next: Link,
    /// 予定がまだ, 実績がまだ, ちがいあり.
    pub counts: Vec<Count>,
    /// What is shown (field `show`): everything, what is missing.
    pub show: Vec<Choice>,
    /// `YYYYMM`, kept in the form.
    pub code: String,
    /// On which end of the plans this office is; decides the words.
    pub side: BoardSide,
    /// The lines, missing ones first.
    pub rows: Vec<BoardRow>,
    /// Where the others are.
    pub paging: Paging,
}

/// On which end of the plans an office is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoardSide {
    /// It sends 予定 and gets 実績.
    Plans,
    /// It gets 予定 and sends 実績.
    Serves,
    /// Both, for different users.
    Both,
}

/// One user with one partner.
#[derive(Clone, Debug)]
pub struct BoardRow {
    /// 氏名; the number where nobody knows the name.
    pub name: String,
    /// フリガナ or number.
    pub small: String,
    /// The partner.
    pub partner: Partner,
    /// 予定: sent, fetched, missing.
    pub planned: Cell,
    /// 実績: came, imported, missing.
    pub result: Cell,
    /// ちがい n件 or 一致, leading to the comparison; absent while one of the two is missing.
    pub differences: Option<(Chip, String)>,
}

/// Where a document stands.
#[derive(Clone, Debug)]
pub struct Cell {
    /// まだ, 送信済, 受信済, 取込済.
    pub chip: Chip,
    /// When; may be empty.
    pub at: String,
    /// The set; may be empty.
    pub href: String,
}
