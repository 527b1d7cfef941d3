//! Certification and its limits (認定, 限度額), face 二 of the certificate.

use crate::care_level::CareLevel;
use crate::code::{LimitKind, Units};
use crate::column;
use crate::date::Date;
use crate::layout::{Column, Record, Trouble};
use crate::service::ServiceKind;
use crate::text::Text;

/// Certification of care need (要介護認定・要支援認定), 介護保険法 27–33条.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Certification {
    /// Care level (要介護状態区分).
    pub care_level: CareLevel,
    /// Day of the decision (認定年月日); for 事業対象者 the day of the checklist (基本チェックリスト実施日).
    pub certified_on: Date,
    /// First day of validity (認定有効期間 開始).
    pub valid_from: Date,
    /// Last day of validity (認定有効期間 終了); none for 事業対象者.
    pub valid_until: Option<Date>,
    /// Opinion of the board (認定審査会の意見).
    pub opinion: Option<Text<400>>,
    /// Kinds of service the board restricts to (サービスの種類の指定).
    pub designated_services: Option<Text<200>>,
    /// Application that led to it (申請番号).
    pub application_no: Option<Text<20>>,
}

impl Record for Certification {
    const NAME: &'static str = "certification";
    const JA: &'static str = "認定";
    const COLUMNS: &'static [Column<Self>] = &[
        column!(care_level: CareLevel, "要介護状態区分", "受給者異動連絡票 20"),
        column!(certified_on: Date, "認定年月日", "事業対象者は基本チェックリスト実施日"),
        column!(valid_from: Date, "認定有効期間開始年月日", "受給者異動連絡票 21"),
        column!(valid_until: Option<Date>, "認定有効期間終了年月日", "受給者異動連絡票 22。事業対象者は空"),
        column!(opinion: Option<Text<400>>, "認定審査会の意見", "券面 二 F"),
        column!(designated_services: Option<Text<200>>, "サービスの種類の指定", "指定があればその種類だけが給付の対象"),
        column!(application_no: Option<Text<20>>, "申請番号", "認定申請の申請番号"),
    ];

    fn rules(&self) -> Vec<Trouble> {
        super::period_rule(Some(self.valid_from), self.valid_until, "認定有効期間終了年月日")
    }
}

/// Limit of benefits a month (区分支給限度基準額, 種類支給限度基準額), 介護保険法 43条.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BenefitLimit {
    /// Kind of limit (限度額区分).
    pub kind: LimitKind,
    /// Service it is for (サービス種類コード), only with 種類支給限度.
    pub service_kind: Option<ServiceKind>,
    /// Units a month (単位／月).
    pub units: Units,
    /// First day (適用開始年月日).
    pub valid_from: Date,
    /// Last day (適用終了年月日).
    pub valid_until: Option<Date>,
}

impl Record for BenefitLimit {
    const NAME: &'static str = "benefit_limit";
    const JA: &'static str = "限度額";
    const COLUMNS: &'static [Column<Self>] = &[
        column!(kind: LimitKind, "限度額区分", "券面 二 D・E"),
        column!(service_kind: Option<ServiceKind>, "サービス種類コード", "種類支給限度基準額のときだけ"),
        column!(units: Units, "支給限度基準額", "1か月あたりの単位数"),
        column!(valid_from: Date, "適用開始年月日", "受給者異動連絡票 28"),
        column!(valid_until: Option<Date>, "適用終了年月日", "受給者異動連絡票 29"),
    ];

    fn rules(&self) -> Vec<Trouble> {
        super::period_rule(Some(self.valid_from), self.valid_until, "適用終了年月日")
    }
}
