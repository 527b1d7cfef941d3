//! Notice of who makes the care plan (居宅サービス計画作成依頼届出), face 三 H.

use crate::code::PlanMaker;
use crate::column;
use crate::date::Date;
use crate::id::OfficeNo;
use crate::layout::{Column, Record, Trouble};

/// Notice of the care plan's maker (居宅サービス計画作成依頼（変更）届出).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanNotice {
    /// Who makes the plan (計画作成区分).
    pub maker: PlanMaker,
    /// Office (居宅介護支援事業所番号), none for 自己作成.
    pub office_no: Option<OfficeNo>,
    /// Day of the notice (届出年月日).
    pub notified_on: Date,
    /// First day (適用開始年月日).
    pub valid_from: Date,
    /// Last day (適用終了年月日).
    pub valid_until: Option<Date>,
}

impl Record for PlanNotice {
    const NAME: &'static str = "plan_notice";
    const JA: &'static str = "居宅届出";
    const COLUMNS: &'static [Column<Self>] = &[
        column!(maker: PlanMaker, "計画作成区分", "受給者異動連絡票 23"),
        column!(office_no: Option<OfficeNo>, "居宅介護支援事業所番号", "受給者異動連絡票 24。自己作成のときは空"),
        column!(notified_on: Date, "届出年月日", "券面 三 H"),
        column!(valid_from: Date, "適用開始年月日", "受給者異動連絡票 25"),
        column!(valid_until: Option<Date>, "適用終了年月日", "受給者異動連絡票 26"),
    ];

    fn rules(&self) -> Vec<Trouble> {
        super::period_rule(Some(self.valid_from), self.valid_until, "適用終了年月日")
    }
}
