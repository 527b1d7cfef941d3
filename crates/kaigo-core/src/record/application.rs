//! Application for certification and its milestones (認定申請と進捗), 介護保険法 27条.

use crate::care_level::CareLevel;
use crate::code::{ApplicationKind, Outcome, Small};
use crate::column;
use crate::date::Date;
use crate::id::OfficeNo;
use crate::layout::{Column, Record};
use crate::text::Text;

/// Application for certification (要介護認定申請) with the dates of its steps; empty dates are steps to come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Application {
    /// Number of the application (申請番号), unique within the insurer.
    pub application_no: Text<20>,
    /// Kind (申請区分).
    pub kind: ApplicationKind,
    /// Day of the application (申請年月日).
    pub applied_on: Date,
    /// Office that filed it for the person (提出代行事業所番号).
    pub filed_by: Option<OfficeNo>,
    /// Survey asked for (調査依頼日).
    pub survey_requested_on: Option<Date>,
    /// Survey done (調査実施日).
    pub surveyed_on: Option<Date>,
    /// Survey received (調査票受領日).
    pub survey_received_on: Option<Date>,
    /// Opinion asked for (意見書依頼日).
    pub opinion_requested_on: Option<Date>,
    /// Opinion received (意見書受領日).
    pub opinion_received_on: Option<Date>,
    /// Medical institution that writes it (医療機関名).
    pub institution: Option<Text<60>>,
    /// Judged by computer (一次判定日).
    pub computed_on: Option<Date>,
    /// Planned day of the board (審査会予定日).
    pub board_planned_on: Option<Date>,
    /// Judged by the board (二次判定日).
    pub judged_on: Option<Date>,
    /// Day of the decision (認定日).
    pub decided_on: Option<Date>,
    /// How it ended (審査結果).
    pub outcome: Option<Outcome>,
    /// Care level decided (認定結果).
    pub care_level: Option<CareLevel>,
    /// Months of validity (認定有効月数).
    pub valid_months: Option<Small>,
    /// Notice of delay sent (延期通知日), 27条11項.
    pub delay_notified_on: Option<Date>,
    /// Expected day of the decision (処理見込日).
    pub expected_on: Option<Date>,
    /// Why it is late (延期の理由).
    pub delay_reason: Option<Text<100>>,
}

impl Record for Application {
    const NAME: &'static str = "application";
    const JA: &'static str = "認定申請と進捗";
    const COLUMNS: &'static [Column<Self>] = &[
        column!(application_no: Text<20>, "申請番号", "保険者の中で1つ"),
        column!(kind: ApplicationKind, "申請区分", ""),
        column!(applied_on: Date, "申請年月日", "30日の期限はこの日から（27条11項）"),
        column!(filed_by: Option<OfficeNo>, "提出代行事業所番号", "代行申請のときだけ"),
        column!(survey_requested_on: Option<Date>, "調査依頼日", ""),
        column!(surveyed_on: Option<Date>, "調査実施日", ""),
        column!(survey_received_on: Option<Date>, "調査票受領日", ""),
        column!(opinion_requested_on: Option<Date>, "意見書依頼日", ""),
        column!(opinion_received_on: Option<Date>, "意見書受領日", ""),
        column!(institution: Option<Text<60>>, "医療機関名", "意見書を書く医療機関"),
        column!(computed_on: Option<Date>, "一次判定日", ""),
        column!(board_planned_on: Option<Date>, "審査会予定日", ""),
        column!(judged_on: Option<Date>, "二次判定日", ""),
        column!(decided_on: Option<Date>, "認定日", ""),
        column!(outcome: Option<Outcome>, "審査結果", ""),
        column!(care_level: Option<CareLevel>, "認定結果", "要介護状態区分コード"),
        column!(valid_months: Option<Small>, "認定有効月数", "月"),
        column!(delay_notified_on: Option<Date>, "延期通知日", "27条11項"),
        column!(expected_on: Option<Date>, "処理見込日", "延期通知に書いた見込み"),
        column!(delay_reason: Option<Text<100>>, "延期の理由", ""),
    ];
}
