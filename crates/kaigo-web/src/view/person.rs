//! The frame around every page about one person: identity bar, tabs, source line.

use super::{Chip, Notice, Ruby, ruby};

/// Whose page it is.
#[derive(Clone, Debug)]
pub struct PersonFrame {
    /// Opaque id of the 担当 registration; `{c}` in URLs.
    pub c: String,
    /// 氏名, without さん.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// 「1938年（昭和13年）4月12日」.
    pub birth: String,
    /// 「88歳」.
    pub age: String,
    /// 「女」「男」.
    pub sex: String,
    /// 被保険者番号, grouped: 「9900 000 123」.
    pub number: String,
    /// 保険者名.
    pub insurer: String,
    /// 要介護状態区分, 申請中, 認定期限, in this order.
    pub chips: Vec<Chip>,
    /// When the insurer registered what is shown: 「2026年11月20日 5:10」; `None` when nothing is shown.
    pub registered: Option<String>,
    /// The person moved away, died, or has another number now: what the office does.
    pub moved: Option<Notice>,
}

impl PersonFrame {
    /// URL of a tab.
    pub fn at(&self, tab: &str) -> String {
        format!("/people/{}/{tab}", self.c)
    }

    /// Name with reading.
    pub fn ruby(&self) -> Vec<Ruby> {
        ruby(&self.name, &self.kana)
    }
}
