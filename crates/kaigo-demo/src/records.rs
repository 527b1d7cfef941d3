//! All records of one person, each with the day from which the municipality's feed carries it.

use kaigo_core::code::{Amount, ClaimState, Void};
use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::layout::Record;
use kaigo_core::record::Common;
use kaigo_core::record::application::Application;
use kaigo_core::record::benefit::{EquipmentPurchase, HomeModification};
use kaigo_core::record::certification::{BenefitLimit, Certification};
use kaigo_core::record::consent::Consent;
use kaigo_core::record::document::{DoctorOpinion, Survey};
use kaigo_core::record::life::LifeFeedback;
use kaigo_core::record::person::{InsuredPerson, Qualification};
use kaigo_core::record::plan_notice::PlanNotice;
use kaigo_core::record::relief::{BenefitRestriction, BurdenRatio, Relief};

/// One row of a feed file and the day from which it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<R> {
    /// The common columns (被保険者番号, 連番, 履歴番号, 取消区分).
    pub common: Common,
    /// Day on which the municipality knows it; a feed made before does not carry the row.
    pub known_on: Date,
    /// The record.
    pub record: R,
}

/// A record kind as the demo makes it.
pub trait Kind: Record + PartialEq {
    /// Takes out of the record what lies after that day.
    fn as_known_on(&mut self, _day: Date) {}
}

/// Walks the rows of every kind in the order in which feeds are loaded.
pub trait Walk {
    /// Takes the rows of one kind.
    fn rows<R: Kind>(&mut self, rows: &[Row<R>]);
}

macro_rules! kinds {
    ($($(#[$meta:meta])* $field:ident: $type:ty),+ $(,)?) => {
        /// All records of one person, consistent with one another.
        #[derive(Clone, Debug, PartialEq)]
        pub struct PersonRecords {
            /// Insurer (保険者番号).
            pub insurer_no: InsurerNo,
            /// Insured person number (被保険者番号).
            pub insured_no: InsuredNo,
            $($(#[$meta])* pub $field: Vec<Row<$type>>),+
        }

        impl PersonRecords {
            pub(crate) fn empty(insurer_no: InsurerNo, insured_no: InsuredNo) -> Self {
                Self { insurer_no, insured_no, $($field: Vec::new()),+ }
            }

            /// What is known on that day: later rows go, later milestones become empty.
            #[must_use]
            pub fn known_on(mut self, day: Date) -> Self {
                $(
                    self.$field.retain(|row| row.known_on <= day);
                    self.$field.iter_mut().for_each(|row| row.record.as_known_on(day));
                )+
                self
            }

            /// What is new or changed against an earlier state; a changed row gets the next history number.
            #[must_use]
            pub fn since(mut self, earlier: &Self) -> Self {
                $(self.$field = newer(self.$field, &earlier.$field);)+
                self
            }

            /// Shows every kind to the walker, people first.
            pub fn walk(&self, walker: &mut impl Walk) {
                $(walker.rows(&self.$field);)+
            }

            /// Calls the walker with no rows for every kind, to learn the kinds.
            pub(crate) fn kinds(walker: &mut impl Walk) {
                $(walker.rows::<$type>(&[]);)+
            }
        }
    };
}

kinds! {
    /// 被保険者.
    insured_person: InsuredPerson,
    /// 資格.
    qualification: Qualification,
    /// 認定.
    certification: Certification,
    /// 限度額.
    benefit_limit: BenefitLimit,
    /// 負担割合.
    burden_ratio: BurdenRatio,
    /// 負担限度額・減免.
    relief: Relief,
    /// 給付制限.
    benefit_restriction: BenefitRestriction,
    /// 住宅改修.
    home_modification: HomeModification,
    /// 福祉用具購入.
    equipment_purchase: EquipmentPurchase,
    /// 認定申請と進捗.
    application: Application,
    /// 認定調査票.
    survey: Survey,
    /// 主治医意見書.
    doctor_opinion: DoctorOpinion,
    /// 同意.
    consent: Consent,
    /// 居宅届出.
    plan_notice: PlanNotice,
    /// LIFE 利用者フィードバック票.
    life_feedback: LifeFeedback,
}

/// Adds a record under the next number.
pub(crate) fn add<R>(rows: &mut Vec<Row<R>>, insured_no: InsuredNo, known_on: Date, record: R) {
    let last = rows.iter().map(|row| row.common.record_no.0).max().unwrap_or(0);
    let common = Common { insured_no, record_no: Amount(last + 1), history_no: Amount(1), void: Void::Valid };
    rows.push(Row { common, known_on, record });
}

/// Adds a correction of the last record, known from that day.
pub(crate) fn correct<R: Clone>(rows: &mut Vec<Row<R>>, known_on: Date, change: impl FnOnce(&mut R)) {
    if let Some(mut row) = rows.last().cloned() {
        row.common.history_no = Amount(row.common.history_no.0 + 1);
        row.known_on = known_on;
        change(&mut row.record);
        rows.push(row);
    }
}

fn newer<R: Kind>(rows: Vec<Row<R>>, earlier: &[Row<R>]) -> Vec<Row<R>> {
    let number = |row: &Row<R>| (row.common.record_no, row.common.history_no);
    rows.into_iter()
        .filter_map(|mut row| match earlier.iter().find(|old| number(old) == number(&row)) {
            Some(old) if old.record == row.record => None,
            Some(_) => {
                row.common.history_no = Amount(row.common.history_no.0 + 1);
                Some(row)
            }
            None => Some(row),
        })
        .collect()
}

fn cut(date: &mut Option<Date>, day: Date) {
    if date.is_some_and(|on| on > day) {
        *date = None;
    }
}

impl Kind for InsuredPerson {}
impl Kind for Qualification {}
impl Kind for Certification {}
impl Kind for BenefitLimit {}
impl Kind for BurdenRatio {}
impl Kind for Relief {}
impl Kind for BenefitRestriction {}
impl Kind for Survey {}
impl Kind for DoctorOpinion {}
impl Kind for PlanNotice {}
impl Kind for LifeFeedback {}

impl Kind for Application {
    fn as_known_on(&mut self, day: Date) {
        for step in [
            &mut self.survey_requested_on,
            &mut self.surveyed_on,
            &mut self.survey_received_on,
            &mut self.opinion_requested_on,
            &mut self.opinion_received_on,
            &mut self.computed_on,
            &mut self.judged_on,
            &mut self.decided_on,
            &mut self.delay_notified_on,
        ] {
            cut(step, day);
        }
        if self.computed_on.is_none() {
            self.board_planned_on = None;
        }
        if self.decided_on.is_none() {
            self.outcome = None;
            self.care_level = None;
            self.valid_months = None;
        }
        if self.delay_notified_on.is_none() {
            self.expected_on = None;
            self.delay_reason = None;
        }
    }
}

impl Kind for HomeModification {
    fn as_known_on(&mut self, day: Date) {
        if self.decided_on.is_some_and(|on| on > day) {
            self.decided_on = None;
            self.state =
                if self.started_on.is_some_and(|on| on <= day) { ClaimState::Approved } else { ClaimState::Applied };
        }
        cut(&mut self.started_on, day);
        if self.started_on.is_none() {
            self.level_at_start = None;
        }
    }
}

impl Kind for EquipmentPurchase {
    fn as_known_on(&mut self, day: Date) {
        if self.decided_on.is_some_and(|on| on > day) {
            self.decided_on = None;
            self.state = ClaimState::Applied;
        }
    }
}

impl Kind for Consent {
    fn as_known_on(&mut self, day: Date) {
        cut(&mut self.withdrawn_on, day);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every record kind of the core has its rows here; a new kind fails to compile or to count.
    #[test]
    fn no_kind_is_forgotten() {
        struct Names(Vec<&'static str>);
        impl Walk for Names {
            fn rows<R: Kind>(&mut self, _: &[Row<R>]) {
                self.0.push(R::NAME);
            }
        }
        let mut here = Names(Vec::new());
        PersonRecords::kinds(&mut here);
        let mut core: Vec<&str> = Vec::new();
        macro_rules! visit {
            ($type:ty) => {
                core.push(<$type as Record>::NAME);
            };
        }
        kaigo_core::for_each_record!(visit);
        assert_eq!(here.0, core);
    }
}
