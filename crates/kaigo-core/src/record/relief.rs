//! Burden, relief and restriction (負担割合証, 負担限度額認定証ほか, 給付制限).

use crate::code::{BurdenShare, BurdenStage, ReliefKind, RestrictionKind, Small, Yen};
use crate::column;
use crate::date::Date;
use crate::layout::{Column, Record, Trouble};
use crate::text::Text;

/// Burden ratio certificate (介護保険負担割合証), August to July.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BurdenRatio {
    /// Share borne by the user (利用者負担の割合).
    pub share: BurdenShare,
    /// First day (適用期間 開始).
    pub valid_from: Date,
    /// Last day (適用期間 終了).
    pub valid_until: Option<Date>,
    /// Day of issue (交付年月日).
    pub issued_on: Option<Date>,
}

impl Record for BurdenRatio {
    const NAME: &'static str = "burden_ratio";
    const JA: &'static str = "負担割合";
    const COLUMNS: &'static [Column<Self>] = &[
        column!(share: BurdenShare, "利用者負担の割合", "1割・2割・3割"),
        column!(valid_from: Date, "適用期間開始年月日", "ふつう8月1日"),
        column!(valid_until: Option<Date>, "適用期間終了年月日", "ふつう翌年7月31日"),
        column!(issued_on: Option<Date>, "交付年月日", "負担割合証の交付日"),
    ];

    fn rules(&self) -> Vec<Trouble> {
        super::period_rule(Some(self.valid_from), self.valid_until, "適用期間終了年月日")
    }
}

/// Relief certificate: 負担限度額認定証 (特定入所者介護サービス費) and the other reductions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Relief {
    /// Kind of certificate (減免区分).
    pub kind: ReliefKind,
    /// Stage (利用者負担段階), 負担限度額 only.
    pub stage: Option<BurdenStage>,
    /// Food a day in a facility (食費 施設), yen.
    pub meal_facility: Option<Yen>,
    /// Food a day in short stay (食費 短期入所), yen.
    pub meal_short_stay: Option<Yen>,
    /// Room a day: unit, private (ユニット型個室), yen.
    pub room_unit: Option<Yen>,
    /// Room a day: unit, semi-private (ユニット型個室的多床室), yen.
    pub room_unit_shared: Option<Yen>,
    /// Room a day: conventional private in 特養等 (従来型個室), yen.
    pub room_private_welfare: Option<Yen>,
    /// Room a day: conventional private in 老健・医療院等 (従来型個室), yen.
    pub room_private_health: Option<Yen>,
    /// Room a day: shared (多床室), yen.
    pub room_shared: Option<Yen>,
    /// Rate of benefit in percent (給付率), 利用者負担減額・免除 only.
    pub benefit_rate: Option<Small>,
    /// Rate of reduction in tenths of a percent (軽減率, 250 = 25.0 %), 社福軽減 only.
    pub reduction_permille: Option<Small>,
    /// Services or other remarks (対象サービスなど).
    pub remarks: Option<Text<200>>,
    /// First day (適用年月日).
    pub valid_from: Date,
    /// Last day (有効期限).
    pub valid_until: Option<Date>,
    /// Day of issue (交付年月日).
    pub issued_on: Option<Date>,
}

impl Record for Relief {
    const NAME: &'static str = "relief";
    const JA: &'static str = "負担限度額・減免";
    const COLUMNS: &'static [Column<Self>] = &[
        column!(kind: ReliefKind, "減免区分", "証の種類"),
        column!(stage: Option<BurdenStage>, "利用者負担段階", "負担限度額認定証のときだけ"),
        column!(meal_facility: Option<Yen>, "食費負担限度額（施設）", "円／日。受給者異動連絡票 50"),
        column!(meal_short_stay: Option<Yen>, "食費負担限度額（短期入所）", "円／日"),
        column!(room_unit: Option<Yen>, "居住費ユニット型個室", "円／日。受給者異動連絡票 51"),
        column!(room_unit_shared: Option<Yen>, "居住費ユニット型個室的多床室", "円／日。受給者異動連絡票 52"),
        column!(room_private_welfare: Option<Yen>, "居住費従来型個室（特養等）", "円／日。受給者異動連絡票 53"),
        column!(room_private_health: Option<Yen>, "居住費従来型個室（老健・医療院等）", "円／日。受給者異動連絡票 54"),
        column!(room_shared: Option<Yen>, "居住費多床室", "円／日。受給者異動連絡票 55"),
        column!(benefit_rate: Option<Small>, "給付率", "百分率。減額・免除のときだけ。受給者異動連絡票 40"),
        column!(reduction_permille: Option<Small>, "軽減率", "千分率（250 は 25.0%）。社福軽減のときだけ。受給者異動連絡票 58"),
        column!(remarks: Option<Text<200>>, "対象サービスなど", "券面の記載"),
        column!(valid_from: Date, "適用年月日", "受給者異動連絡票 56・59・41"),
        column!(valid_until: Option<Date>, "有効期限", "受給者異動連絡票 57・60・42"),
        column!(issued_on: Option<Date>, "交付年月日", "証の交付日"),
    ];

    fn rules(&self) -> Vec<Trouble> {
        super::period_rule(Some(self.valid_from), self.valid_until, "有効期限")
    }
}

/// Benefit restriction for unpaid premiums (給付制限), face 三 G.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BenefitRestriction {
    /// Kind (給付制限区分).
    pub kind: RestrictionKind,
    /// What it says (内容).
    pub content: Option<Text<100>>,
    /// First day (開始年月日).
    pub valid_from: Date,
    /// Last day (終了年月日).
    pub valid_until: Option<Date>,
}

impl Record for BenefitRestriction {
    const NAME: &'static str = "benefit_restriction";
    const JA: &'static str = "給付制限";
    const COLUMNS: &'static [Column<Self>] = &[
        column!(kind: RestrictionKind, "給付制限区分", "介護保険法 66〜69条"),
        column!(content: Option<Text<100>>, "内容", "券面 三 G"),
        column!(valid_from: Date, "開始年月日", "受給者異動連絡票 34・36"),
        column!(valid_until: Option<Date>, "終了年月日", "受給者異動連絡票 35・37"),
    ];

    fn rules(&self) -> Vec<Trouble> {
        super::period_rule(Some(self.valid_from), self.valid_until, "終了年月日")
    }
}
