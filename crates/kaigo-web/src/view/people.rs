//! 利用者: search among the office's own people.

use askama::Template;

use super::{Chip, FieldError, Paging, Shell};

/// GET `/people?q=&number=&birth=&row=`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/people.html")]
pub struct People {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `q`, `number` or `birth`.
    pub errors: Vec<FieldError>,
    /// 氏名・カナ as typed.
    pub q: String,
    /// 被保険者番号 as typed.
    pub number: String,
    /// 生年月日 as typed.
    pub birth: String,
    /// Row of the 五十音 index that is chosen: 「あ」; empty = all.
    pub row: String,
    /// 「38人」, or 「12人が見つかりました」.
    pub found: String,
    /// Up to 50 rows.
    pub rows: Vec<PersonRow>,
    /// Neighbours.
    pub paging: Paging,
}

impl People {
    /// Rows of the 五十音 index; the value of `row`.
    pub const INDEX: [&'static str; 10] = ["あ", "か", "さ", "た", "な", "は", "ま", "や", "ら", "わ"];

    /// Something was searched for.
    pub fn searched(&self) -> bool {
        [&self.q, &self.number, &self.birth, &self.row].iter().any(|text| !text.is_empty())
    }
}

/// One person of the list.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// The person's page.
    pub href: String,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// 「昭和13年4月12日」 (1938) in both calendars.
    pub birth: String,
    /// 「88歳」.
    pub age: String,
    /// 被保険者番号, grouped.
    pub number: String,
    /// 保険者名.
    pub insurer: String,
    /// 要介護状態区分.
    pub level: Chip,
    /// 認定有効期間の終わり: 「あと9日」; none without a 認定.
    pub expiry: Option<Chip>,
    /// 「2026年11月30日」; may be empty.
    pub expiry_on: String,
    /// End of charge: 「2027年2月28日」.
    pub charge_until: String,
}
