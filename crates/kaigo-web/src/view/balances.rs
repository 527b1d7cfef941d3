//! 住宅改修費 and 福祉用具購入費: limit, used, pending, remaining.

use askama::Template;

use super::person::PersonFrame;
use super::{Absence, Chip, Shell, yen};

/// GET `/people/{c}/balances`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/balances.html")]
pub struct Balances {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// Why nothing is shown.
    pub absence: Option<Absence>,
    /// 住宅改修, 福祉用具購入.
    pub blocks: Vec<Balance>,
}

/// One allowance.
#[derive(Clone, Debug)]
pub struct Balance {
    /// Anchor, ASCII: 「home」「equipment」.
    pub id: String,
    /// 「住宅改修」.
    pub heading: String,
    /// What the limit is counted over: 「いまの住まいについて」「2026年度（2027年3月31日まで）」.
    pub over: String,
    /// Limit (限度額), yen.
    pub limit: u32,
    /// Used (利用済み), yen of cost.
    pub used: u32,
    /// Applied for, not decided (申請中), yen of cost.
    pub pending: u32,
    /// Remaining (残り), yen; what the insurer says, or limit − used − pending.
    pub remaining: u32,
    /// Explanations, one sentence each: benefit share, prior application.
    pub explain: Vec<String>,
    /// When it starts anew, one sentence.
    pub resets: String,
    /// Works or purchases, newest first.
    pub rows: Vec<UseRow>,
}

/// One work or purchase.
#[derive(Clone, Debug)]
pub struct UseRow {
    /// 着工日 or 購入日.
    pub on: String,
    /// 「手すりの取付け」.
    pub what: String,
    /// Who did or sold it.
    pub by: String,
    /// Cost, yen.
    pub cost: u32,
    /// 支給済み, 申請中, 対象外 (earlier home).
    pub chip: Chip,
}

impl Balance {
    /// Whether any row tells who did or sold it.
    pub fn tells_by(&self) -> bool {
        self.rows.iter().any(|row| !row.by.is_empty())
    }

    /// Amount as text.
    pub fn yen(&self, amount: &u32) -> String {
        yen(*amount)
    }

    /// Width of an amount in the bar, 0–1000 of the limit.
    pub fn width(&self, amount: &u32) -> u32 {
        let share = u64::from(*amount) * 1000 / u64::from(self.limit.max(1));
        u32::try_from(share.min(1000)).unwrap_or(1000)
    }

    /// Width of what can no longer be used, kept inside the bar.
    pub fn pending_width(&self) -> u32 {
        self.width(&self.pending).min(1000 - self.width(&self.used))
    }
}
