//! Record kinds: what a municipality knows of a person, each kind a struct and a column table.
//!
//! Every kind starts with the same [`Common`] columns. A certificate is not one record: it is a bundle of independently
//! dated segments (資格, 認定, 限度額 …), each with a number within the person and a history number; corrections add.

pub mod application;
pub mod benefit;
pub mod certification;
pub mod consent;
pub mod document;
pub mod life;
pub mod person;
pub mod plan_notice;
pub mod relief;

use crate::code::{Small, Void};
use crate::id::InsuredNo;

/// The columns that every record kind starts with, in this order: 被保険者番号, 連番, 履歴番号, 取消区分.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Common {
    /// Insured person number (被保険者番号).
    pub insured_no: InsuredNo,
    /// Number of the segment within the person and kind (連番), from 1; a new certification gets a new number.
    pub record_no: Small,
    /// History number (履歴番号), from 1; a correction of the same segment gets the next one, the highest one counts.
    pub history_no: Small,
    /// Whether this row takes the segment back (取消区分).
    pub void: Void,
}

/// The first 連番 and 履歴番号 of the platform's own rows: what is written on the platform itself (受理した届出, 意見書, a change
/// of a case) and not by the municipality's system. Feeds may not use them, and a feed that does not have them drops nothing.
pub const DESK_FIRST: i32 = 5001;

/// The common columns' names, headings and notes, for files and documentation.
pub const COMMON: &[(&str, &str, &str)] = &[
    ("insured_no", "被保険者番号", "保険者の中で1人に1つ。10けた、または H と9けた（みなし2号）"),
    ("record_no", "連番", "その人のその種類の中での番号。1から。期間が新しくなれば次の番号"),
    ("history_no", "履歴番号", "同じ連番を訂正するたびに1つ増やす。いちばん大きいものが有効"),
    ("void", "取消区分", "1 ならその連番の記録を取り消す。ふつうは 0"),
];

/// Calls `$visit!(Type)` for every record kind, in the order in which a feed is loaded (people first).
#[macro_export]
macro_rules! for_each_record {
    ($visit:ident) => {
        $visit!($crate::record::person::InsuredPerson);
        $visit!($crate::record::person::Qualification);
        $visit!($crate::record::certification::Certification);
        $visit!($crate::record::certification::BenefitLimit);
        $visit!($crate::record::relief::BurdenRatio);
        $visit!($crate::record::relief::Relief);
        $visit!($crate::record::relief::BenefitRestriction);
        $visit!($crate::record::benefit::HomeModification);
        $visit!($crate::record::benefit::EquipmentPurchase);
        $visit!($crate::record::application::Application);
        $visit!($crate::record::document::Survey);
        $visit!($crate::record::document::DoctorOpinion);
        $visit!($crate::record::consent::Consent);
        $visit!($crate::record::plan_notice::PlanNotice);
        $visit!($crate::record::life::LifeFeedback);
    };
}

/// A period whose end lies before its start cannot be taken.
pub(crate) fn period_rule(
    from: Option<crate::date::Date>,
    until: Option<crate::date::Date>,
    item: &'static str,
) -> Vec<crate::layout::Trouble> {
    match (from, until) {
        (Some(from), Some(until)) if until < from => vec![crate::layout::Trouble {
            error: true,
            code: "period-reversed",
            item,
            say: format!("{item}（{until}）が開始日（{from}）より前です。"),
            mend: "開始日と終了日を確かめてください。".to_owned(),
        }],
        _ => Vec::new(),
    }
}
