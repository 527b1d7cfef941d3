//! 居宅サービス計画: 第1表, and all three sheets of one plan.

use super::cell::{Coded, Day, sheet};
use super::goals::Sheet2;
use super::supplement::Supplement;
use super::week::Sheet3;

sheet! {
    /// 第1表 居宅サービス計画書（１） (UP1KYO).
    Sheet1 = sheet1 {
        /// 作成年月日 in the corner of the form.
        made_on: Day = MADE_ON;
        /// 利用者郵便番号.
        postal: String = POSTAL;
        /// 利用者住所１.
        address1: String = ADDRESS1;
        /// 利用者住所２.
        address2: String = ADDRESS2;
        /// 居宅サービス計画作成者氏名.
        planner: String = PLANNER;
        /// 介護支援事業者名.
        office_name: String = OFFICE_NAME;
        /// 介護支援事業者郵便番号.
        office_postal: String = OFFICE_POSTAL;
        /// 介護支援事業者住所１.
        office_address1: String = OFFICE_ADDRESS1;
        /// 介護支援事業者住所２.
        office_address2: String = OFFICE_ADDRESS2;
        /// 介護支援事業者コード.
        office_no: String = OFFICE_NO;
        /// 居宅サービス計画作成（変更）日: the key of the plan.
        plan_date: Day = PLAN_DATE;
        /// 初回居宅サービス計画作成日.
        first_plan_date: Day = FIRST_PLAN_DATE;
        /// 計画書区分: 初回・紹介・継続.
        plan_class: Coded = PLAN_CLASS;
        /// 認定済・申請中.
        certification_state: Coded = CERTIFICATION_STATE;
        /// 認定日.
        certified_on: Day = CERTIFIED_ON;
        /// 認定有効期間開始日.
        valid_from: Day = VALID_FROM;
        /// 認定有効期間終了日.
        valid_until: Day = VALID_UNTIL;
        /// 要介護状態区分.
        care_level: Coded = CARE_LEVEL;
        /// 利用者及び家族の生活に対する意向を踏まえた課題分析の結果.
        intention: String = INTENTION;
        /// 介護認定審査会の意見及びサービスの種類の指定.
        board_opinion: String = BOARD_OPINION;
        /// 総合的な援助の方針.
        policy: String = POLICY;
        /// 生活援助中心型の算定理由.
        housework_reason: Coded = HOUSEWORK_REASON;
        /// その他の理由.
        other_reason: String = OTHER_REASON;
    }
}

/// One 居宅サービス計画: its sheets and 利用者補足情報, as far as the set has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CarePlan {
    /// 居宅サービス計画作成（変更）日: the key that links the sheets.
    pub plan_date: Day,
    /// 第1表.
    pub sheet1: Option<Sheet1>,
    /// 第2表.
    pub sheet2: Option<Sheet2>,
    /// 第3表.
    pub sheet3: Option<Sheet3>,
    /// 利用者補足情報.
    pub supplement: Option<Supplement>,
}
