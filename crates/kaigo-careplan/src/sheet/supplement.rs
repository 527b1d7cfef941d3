//! 利用者補足情報: the person, the 認定, the limits.

use kaigo_core::service::ServiceKind;

use super::cell::{Amount, Coded, Day, FromCell, sheet};
use crate::layout::supplement;
use crate::table::Row;

sheet! {
    /// The columns of 利用者補足情報 that are not repeated.
    SupplementItems = supplement {
        /// 居宅サービス計画作成（変更）日 of the plan it belongs to; `00000000` beside 第6・7表.
        plan_date: Day = PLAN_DATE;
        /// 対象年月 it belongs to; `000000` beside 第1〜3表.
        month: String = MONTH;
        /// フリガナ.
        kana: String = KANA;
        /// 利用者氏名.
        name: String = NAME;
        /// 性別.
        sex: Coded = SEX;
        /// 生年月日.
        born_on: Day = BORN_ON;
        /// 郵便番号.
        postal: String = POSTAL;
        /// 住所１.
        address1: String = ADDRESS1;
        /// 住所２.
        address2: String = ADDRESS2;
        /// 電話番号.
        phone: String = PHONE;
        /// 認定日.
        certified_on: Day = CERTIFIED_ON;
        /// 限度額適用開始年月日.
        limit_from: Day = LIMIT_FROM;
        /// 限度額適用終了年月日.
        limit_until: Day = LIMIT_UNTIL;
        /// 認定済・申請中.
        certification_state: Coded = CERTIFICATION_STATE;
        /// 要介護状態変更日, where the level changed in the month.
        level_changed_on: Day = LEVEL_CHANGED_ON;
        /// 要介護状態区分.
        care_level: Coded = CARE_LEVEL;
        /// 区分支給限度基準額, units.
        limit: Amount = LIMIT;
        /// 合計限度超単位数.
        over_total: Amount = OVER_TOTAL;
        /// 前月までの短期入所利用日数.
        short_stay_before: Amount = SHORT_STAY_BEFORE;
        /// 短期入所の累積利用日数.
        short_stay_sum: Amount = SHORT_STAY_SUM;
        /// 前回の要介護状態区分.
        previous_level: Coded = PREVIOUS_LEVEL;
        /// 同意書受付業者.
        consent_office: String = CONSENT_OFFICE;
    }
}

/// A row of 種類別支給限度管理 (第7表).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindLimit {
    /// サービス種類.
    pub kind: Coded,
    /// 種類支給限度基準額, units.
    pub limit: Amount,
    /// 合計単位数.
    pub total: Amount,
    /// 限度超単位数.
    pub over: Amount,
}

/// 利用者補足情報 (UPHOSOKU).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Supplement {
    /// Everything but the limits by kind.
    pub items: SupplementItems,
    /// 種類別支給限度管理: the frames that are filled, at most nine.
    pub kind_limits: Vec<KindLimit>,
}

impl Supplement {
    pub(super) fn of_row(row: &Row<'_>) -> Self {
        let frame = |place: usize| {
            let column = supplement::KIND1 + 4 * place;
            KindLimit {
                kind: Coded::from_cell(row, column),
                limit: Amount::from_cell(row, column + 1),
                total: Amount::from_cell(row, column + 2),
                over: Amount::from_cell(row, column + 3),
            }
        };
        let is_filled = |frame: &KindLimit| {
            !(frame.kind.code.is_empty() && frame.limit.is_empty() && frame.total.is_empty() && frame.over.is_empty())
        };
        Self { items: SupplementItems::of_row(row), kind_limits: (0..9).map(frame).filter(is_filled).collect() }
    }

    /// The limit of one kind, if it has its own.
    pub fn limit_of(&self, kind: ServiceKind) -> Option<&KindLimit> {
        self.kind_limits.iter().find(|frame| frame.kind.code == kind.code())
    }

    /// Both lines of the address.
    pub fn address(&self) -> String {
        [self.items.address1.as_str(), self.items.address2.as_str()].concat()
    }
}
