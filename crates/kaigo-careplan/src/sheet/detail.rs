//! 第7表: the lines, sums by kind and the total of 区分支給限度管理・利用者負担計算.

use super::cell::{Amount, Coded, Day, FromCell, sheet};
use crate::layout::detail;
use crate::service_name::{kind_of, name_of};
use crate::table::Row;

/// What a row of 第7表 is, by its サービスコード (§3.8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DetailKind {
    /// 明細: a service.
    #[default]
    Line,
    /// `<種類>AAAA`: 区分支給対象 種類別小計.
    Subtotal,
    /// `<種類>EEEE`: 区分支給対象外 種類別小計.
    SubtotalOutside,
    /// `<種類>ZZZZ`: 30日超過分 種類別小計.
    SubtotalOver30,
    /// `999999`: 全合計.
    Total,
}

impl DetailKind {
    /// Reads サービスコード.
    pub fn of_code(code: &str) -> Self {
        match code.get(2..) {
            Some("AAAA") => Self::Subtotal,
            Some("EEEE") => Self::SubtotalOutside,
            Some("ZZZZ") => Self::SubtotalOver30,
            Some("9999") if code.starts_with("99") => Self::Total,
            _ => Self::Line,
        }
    }
}

sheet! {
    /// The columns of a row of 第7表.
    DetailItems = detail {
        /// サービス事業所名.
        office_name: String = OFFICE_NAME;
        /// サービス事業所コード.
        office_no: String = OFFICE_NO;
        /// サテライト枝番.
        satellite: String = SATELLITE;
        /// サービスコード.
        code: String = SERVICE;
        /// TAISコード.
        tais: String = TAIS;
        /// 福祉用具届出コード.
        equipment: String = EQUIPMENT;
        /// 用具名称（機種名）.
        equipment_name: String = EQUIPMENT_NAME;
        /// 単位数.
        units: Amount = UNITS;
        /// 割引後率, percent.
        rate: Amount = RATE;
        /// 割引後単位数.
        units_discounted: Amount = UNITS_DISCOUNTED;
        /// 回数／日数.
        times: Amount = TIMES;
        /// サービス単位／金額.
        amount: Amount = AMOUNT;
        /// 給付管理単位数.
        units_managed: Amount = UNITS_MANAGED;
        /// 種類支給限度基準を超える単位数.
        kind_over: Amount = KIND_OVER;
        /// 種類支給限度基準内単位数.
        kind_within: Amount = KIND_WITHIN;
        /// 区分支給限度基準を超える単位数.
        limit_over: Amount = LIMIT_OVER;
        /// 区分支給限度基準内単位数.
        limit_within: Amount = LIMIT_WITHIN;
        /// 単位数単価, `10.21`.
        unit_price: String = UNIT_PRICE;
        /// 費用総額（保険／事業対象分）, yen.
        cost: Amount = COST;
        /// 給付率, percent.
        benefit_rate: Amount = BENEFIT_RATE;
        /// 保険／事業費請求額, yen.
        claim: Amount = CLAIM;
        /// 定額利用者負担単価金額, yen.
        fixed_share: Amount = FIXED_SHARE;
        /// 利用者負担（保険／事業対象分）, yen.
        share: Amount = SHARE;
        /// 利用者負担（全額負担分）, yen.
        full_share: Amount = FULL_SHARE;
        /// 前月までの短期入所利用日数.
        days_before: Amount = DAYS_BEFORE;
        /// 当月の計画利用日数.
        days_planned: Amount = DAYS_PLANNED;
        /// 累積利用日数.
        days_sum: Amount = DAYS_SUM;
        /// ３０日超区分.
        over_30: Coded = OVER_30;
    }
}

/// A row of 第7表.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DetailRow {
    /// What it is.
    pub kind: DetailKind,
    /// Its columns.
    pub items: DetailItems,
}

impl DetailRow {
    /// サービス内容／種類: the name of the service, or what is summed.
    pub fn label(&self) -> String {
        let kind = kind_of(&self.items.code).map_or("", kaigo_core::service::ServiceKind::label);
        match self.kind {
            DetailKind::Line => name_of(&self.items.code).into_owned(),
            DetailKind::Subtotal => format!("{kind} 小計"),
            DetailKind::SubtotalOutside => format!("{kind} 小計（区分支給限度の対象外）"),
            DetailKind::SubtotalOver30 => format!("{kind} 小計（30日超過分）"),
            DetailKind::Total => "合計".to_owned(),
        }
    }
}

/// 要介護認定期間中の短期入所利用日数.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShortStay {
    /// 前月までの利用日数.
    pub before: Amount,
    /// 当月の計画利用日数.
    pub planned: Amount,
    /// 累積利用日数.
    pub sum: Amount,
}

/// 第7表 サービス利用票別表 of one person and month (UPSIKYU).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// 作成年月日.
    pub made_on: Day,
    /// 対象年月 as the file has it.
    pub month: String,
    /// The rows in the order of the file.
    pub rows: Vec<DetailRow>,
    /// Days of short stay: from the total, else from the first row that has them.
    pub short_stay: ShortStay,
}

impl Detail {
    pub(super) fn of_rows(rows: &[Row<'_>]) -> Self {
        let first = rows.first();
        let mut made = Self {
            made_on: first.map(|row| Day::from_cell(row, detail::MADE_ON)).unwrap_or_default(),
            month: first.map_or("", |row| row.text(detail::MONTH)).to_owned(),
            rows: rows
                .iter()
                .map(|row| DetailRow {
                    kind: DetailKind::of_code(row.text(detail::SERVICE)),
                    items: DetailItems::of_row(row),
                })
                .collect(),
            short_stay: ShortStay::default(),
        };
        let days = |row: &&DetailRow| {
            !(row.items.days_before.is_empty() && row.items.days_planned.is_empty() && row.items.days_sum.is_empty())
        };
        if let Some(row) = made.total().filter(days).or_else(|| made.rows.iter().find(days)) {
            made.short_stay = ShortStay {
                before: row.items.days_before.clone(),
                planned: row.items.days_planned.clone(),
                sum: row.items.days_sum.clone(),
            };
        }
        made
    }

    /// The lines of services, without sums.
    pub fn lines(&self) -> impl Iterator<Item = &DetailRow> {
        self.rows.iter().filter(|row| row.kind == DetailKind::Line)
    }

    /// The row 全合計.
    pub fn total(&self) -> Option<&DetailRow> {
        self.rows.iter().find(|row| row.kind == DetailKind::Total)
    }

    /// Sum of a column over the lines of services.
    pub fn sum(&self, column: fn(&DetailItems) -> &Amount) -> i64 {
        self.lines().filter_map(|row| column(&row.items).value).fold(0, i64::saturating_add)
    }
}
