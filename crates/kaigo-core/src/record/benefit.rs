//! Use of 住宅改修費 and 福祉用具購入費 (介護保険法 44・45条).

use crate::care_level::CareLevel;
use crate::code::{ClaimState, EquipmentKind, Small, Yen};
use crate::column;
use crate::date::Date;
use crate::id::OfficeNo;
use crate::layout::{Column, Record};
use crate::text::Text;

/// One work of 住宅改修 (home modification).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HomeModification {
    /// State of the claim (支給状態).
    pub state: ClaimState,
    /// Number of the home in the person's history (住宅番号): works at one address share it.
    pub home_no: Small,
    /// Day the work started (着工年月日).
    pub started_on: Option<Date>,
    /// Care level on that day (着工日の要介護状態区分), for the three-step rule.
    pub level_at_start: Option<CareLevel>,
    /// What was done (改修内容).
    pub content: Text<120>,
    /// Cost that counts (保険対象費用額), yen.
    pub covered_cost: Yen,
    /// Day of application (申請年月日).
    pub applied_on: Option<Date>,
    /// Day of the decision (決定年月日).
    pub decided_on: Option<Date>,
    /// Whether the three-step reset was used (要介護状態3段階変更).
    pub three_step_reset: bool,
}

impl Record for HomeModification {
    const NAME: &'static str = "home_modification";
    const JA: &'static str = "住宅改修";
    const COLUMNS: &'static [Column<Self>] = &[
        column!(state: ClaimState, "支給状態", "申請中の額も残りに反映して見せる"),
        column!(home_no: Small, "住宅番号", "転居のたびに増える。もとの家にもどれば、もとの番号"),
        column!(started_on: Option<Date>, "着工年月日", "事前申請のあいだは空"),
        column!(level_at_start: Option<CareLevel>, "着工日の要介護状態区分", "3段階の判定に使う"),
        column!(content: Text<120>, "改修内容", "手すり、段差の解消など"),
        column!(covered_cost: Yen, "保険対象費用額", "円"),
        column!(applied_on: Option<Date>, "申請年月日", ""),
        column!(decided_on: Option<Date>, "決定年月日", ""),
        column!(three_step_reset: bool, "要介護状態3段階変更", "1 なら3段階リセットを使った工事"),
    ];
}

/// One purchase of 特定福祉用具 (welfare equipment).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EquipmentPurchase {
    /// State of the claim (支給状態).
    pub state: ClaimState,
    /// Day of purchase (購入年月日): decides the fiscal year.
    pub purchased_on: Date,
    /// Kind (種目).
    pub kind: EquipmentKind,
    /// Product (商品名).
    pub product: Text<80>,
    /// Price that counts (保険対象費用額), yen.
    pub covered_cost: Yen,
    /// Office that sold it (販売事業所番号).
    pub office_no: Option<OfficeNo>,
    /// Day of application (申請年月日).
    pub applied_on: Option<Date>,
    /// Day of the decision (決定年月日).
    pub decided_on: Option<Date>,
}

impl Record for EquipmentPurchase {
    const NAME: &'static str = "equipment_purchase";
    const JA: &'static str = "福祉用具購入";
    const COLUMNS: &'static [Column<Self>] = &[
        column!(state: ClaimState, "支給状態", "申請中の額も残りに反映して見せる"),
        column!(purchased_on: Date, "購入年月日", "領収日。年度（4月〜3月）を決める"),
        column!(kind: EquipmentKind, "種目", "特定福祉用具の種目"),
        column!(product: Text<80>, "商品名", ""),
        column!(covered_cost: Yen, "保険対象費用額", "円"),
        column!(office_no: Option<OfficeNo>, "販売事業所番号", ""),
        column!(applied_on: Option<Date>, "申請年月日", ""),
        column!(decided_on: Option<Date>, "決定年月日", ""),
    ];
}
