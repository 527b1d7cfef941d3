//! ケアプラン連携: the office's mailbox of plans and results, without a client of its own.
//!
//! What several of its pages show stands here; the sheets themselves are pages of `exchange_sheet`.

pub mod board;
pub mod draft;
pub mod mailbox;
pub mod partners;
pub mod receipt;
pub mod send;
pub mod set;
pub mod tokens;

use askama::Template;

use super::home::Queue;
use super::{Chip, Shell};

/// The office at the other end.
#[derive(Clone, Debug)]
pub struct Partner {
    /// Its name; its number where nobody knows it.
    pub name: String,
    /// 事業所番号.
    pub number: String,
    /// 電話番号; may be empty.
    pub phone: String,
}

/// Which of the pages is open, for the tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// ようす.
    Glance,
    /// 送る.
    Send,
    /// 届いたもの.
    Inbox,
    /// 送ったもの.
    Sent,
    /// 月のまとめ.
    Board,
    /// 実績の入力.
    Results,
    /// 相手の事業所.
    Partners,
    /// 自動連携の鍵.
    Tokens,
}

/// What the frame of every page of the exchange needs to know.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The open page.
    pub tab: Tab,
    /// How many sets are unread; shown beside 届いたもの.
    pub unread: usize,
    /// Whether the account may manage the office's programs.
    pub is_admin: bool,
}

/// GET `/exchange`: this month at a glance.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange/glance.html")]
pub struct Glance {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs.
    pub frame: Frame,
    /// 「2026年11月22日（日）」.
    pub today: String,
    /// Whether the office takes part in the exchange.
    pub is_member: bool,
    /// Days without a fetch after which a set is shown as waiting.
    pub waiting_days: i32,
    /// What waits, as a number with a way to it.
    pub counts: Vec<Count>,
    /// Unread sets, the newest first.
    pub unread: Queue,
    /// Sets that the partner has not fetched for days.
    pub waiting: Queue,
}

/// A number with a way to what it counts.
#[derive(Clone, Debug)]
pub struct Count {
    /// What is counted: 「まだ受け取っていないもの」.
    pub word: String,
    /// How many.
    pub count: usize,
    /// Unit: 「件」「人」.
    pub unit: String,
    /// State beside a number above zero.
    pub chip: Option<Chip>,
    /// Where they are.
    pub href: String,
}
