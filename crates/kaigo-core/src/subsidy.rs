//! 介護情報基盤 導入の助成金: ceilings, readers and windows as dated data, what is granted, when it is paid.
//!
//! The computed amount is what the desk starts from; the desk decides. What would make a filing bounce is in [`check`].

pub mod check;

use jiff::civil::date;

use crate::codes;
use crate::date::{Date, add_days, add_months, fiscal_year, last_day_of_month};
use crate::rule::{Dated, at};
use crate::service::ServiceKind;

codes! {
    /// Group of services (助成の区分).
    Group, "助成の区分", {
        Visiting = "visiting" "訪問・通所・短期滞在系",
        Residential = "residential" "居住・入所系",
        Other = "other" "その他",
    }
}

codes! {
    /// Kind of an enclosed document (添付書類).
    DocumentKind, "助成金の添付書類", {
        Passbook = "passbook" "通帳の写し",
        Designation = "designation" "サービス種類が分かる書類（指定通知書など）",
        Receipt = "receipt" "領収書",
        Screen = "screen" "介護WEBサービスの管理メニューの画面の写し",
    }
}

codes! {
    /// State of an application (申請の状態).
    State, "助成金の申請の状態", {
        Draft = "draft" "作成中",
        Filed = "filed" "審査中",
        Returned = "returned" "差戻し",
        Granted = "granted" "交付決定",
        Refused = "refused" "不交付",
        Paid = "paid" "振込済",
        Withdrawn = "withdrawn" "取下げ",
    }
}

impl State {
    /// Whether the office may still change what it says.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Returned)
    }

    /// Whether it counts as the one filing of the office number: until it is withdrawn, or refused.
    pub fn counts(self) -> bool {
        !matches!(self, Self::Withdrawn | Self::Refused)
    }
}

codes! {
    /// What a line of a receipt is for (経費の区分).
    CostKind, "経費の区分", {
        Reader = "reader" "Ａ カードリーダー",
        Support = "support" "Ｂ 接続サポート等",
    }
}

/// What one group gets at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ceiling {
    /// Group.
    pub group: Group,
    /// Readers that count.
    pub readers: u32,
    /// Yen, tax included.
    pub yen: u32,
}

/// The rules of a fiscal year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Year {
    /// First day on which an application is taken.
    pub opens: Date,
    /// Last day; it may end earlier when the budget is used.
    pub closes: Date,
    /// What each group gets.
    pub ceilings: [Ceiling; 3],
}

const CEILINGS: [Ceiling; 3] = [
    Ceiling { group: Group::Visiting, readers: 3, yen: 64_000 },
    Ceiling { group: Group::Residential, readers: 2, yen: 55_000 },
    Ceiling { group: Group::Other, readers: 1, yen: 42_000 },
];

/// The rules by fiscal year.
pub static YEARS: &[Dated<Year>] = &[
    Dated {
        from: date(2025, 4, 1),
        until: Some(date(2026, 3, 31)),
        value: Year { opens: date(2025, 10, 17), closes: date(2026, 3, 13), ceilings: CEILINGS },
        source: "令和7年度 助成金申請の手引き（受付 2025年10月17日から2026年3月13日。限度額は令和8年度と同じとした：推定）",
    },
    Dated {
        from: date(2026, 4, 1),
        until: Some(date(2027, 3, 31)),
        value: Year { opens: date(2026, 5, 7), closes: date(2027, 3, 12), ceilings: CEILINGS },
        source: "令和8年度 交付要綱・助成金申請の手引き（2026年4月28日の通知。受付 2026年5月7日から2027年3月12日の予定）",
    },
];

/// The rules in force on a day.
pub fn year(day: Date) -> Option<&'static Dated<Year>> {
    at(YEARS, day)
}

/// The group of a kind of service; none where no office stands behind the code. 43, 31 and 78 are confirmed as
/// 訪問・通所・短期滞在系; the others follow the names of the groups (推定) until the table of the 手引き is at hand.
pub fn group_of(kind: ServiceKind) -> Option<Group> {
    use ServiceKind as K;
    match kind {
        K::HomeHelp
        | K::HomeBathing
        | K::HomeNursing
        | K::HomeRehabilitation
        | K::DayCare
        | K::DayRehabilitation
        | K::ShortStay
        | K::ShortStayHealthFacility
        | K::ShortStayHospital
        | K::ShortStayMedicalCareHome
        | K::PreventiveShortStay
        | K::PreventiveShortStayHealthFacility
        | K::PreventiveShortStayHospital
        | K::PreventiveShortStayMedicalCareHome
        | K::MedicalGuidance
        | K::PreventiveMedicalGuidance
        | K::CareManagement
        | K::PreventiveHomeBathing
        | K::PreventiveHomeNursing
        | K::PreventiveHomeRehabilitation
        | K::PreventiveDayRehabilitation
        | K::NightHomeHelp
        | K::DementiaDayCare
        | K::PreventiveDementiaDayCare
        | K::SmallMultifunctional
        | K::PreventiveSmallMultifunctional
        | K::SmallMultifunctionalShort
        | K::PreventiveSmallMultifunctionalShort
        | K::RoundTheClockVisiting
        | K::NursingSmallMultifunctional
        | K::NursingSmallMultifunctionalShort
        | K::CommunityDayCare
        | K::VisitingDeemed
        | K::VisitingOwn
        | K::VisitingOwnRate
        | K::VisitingOwnFixed
        | K::DayDeemed
        | K::DayOwn
        | K::DayOwnRate
        | K::DayOwnFixed => Some(Group::Visiting),
        K::SpecifiedFacility
        | K::PreventiveSpecifiedFacility
        | K::CommunitySpecifiedFacility
        | K::SpecifiedFacilityShort
        | K::CommunitySpecifiedFacilityShort
        | K::GroupHome
        | K::PreventiveGroupHome
        | K::GroupHomeShort
        | K::PreventiveGroupHomeShort
        | K::WelfareFacility
        | K::HealthFacility
        | K::CommunityWelfareFacility
        | K::MedicalCareHome => Some(Group::Residential),
        K::EquipmentRental
        | K::PreventiveEquipmentRental
        | K::EquipmentSale
        | K::PreventiveEquipmentSale
        | K::PreventiveSupport
        | K::PreventiveCareManagement
        | K::MealRate
        | K::MealFixed
        | K::WatchRate
        | K::WatchFixed
        | K::OtherSupportRate
        | K::OtherSupportFixed => Some(Group::Other),
        // Ended, or no office of its own.
        K::SanatoriumFacility
        | K::PreventiveHomeHelp
        | K::PreventiveDayCare
        | K::FacilityLivingCost
        | K::HomeModification
        | K::PreventiveHomeModification => None,
    }
}

/// The ceiling for an office with these services: the highest of its groups (推定 for offices of several groups).
pub fn ceiling(services: &[ServiceKind], day: Date) -> Option<Ceiling> {
    let rules = year(day)?.value;
    let groups: Vec<Group> = services.iter().filter_map(|kind| group_of(*kind)).collect();
    rules.ceilings.into_iter().filter(|c| groups.contains(&c.group)).max_by_key(|c| c.yen)
}

/// What is applied for, computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Ａ: readers, yen with tax.
    pub readers: u32,
    /// Ｂ: support, yen with tax.
    pub support: u32,
    /// 総事業費: Ａ + Ｂ.
    pub total: u32,
    /// 限度額; 0 where the services have none.
    pub ceiling: u32,
    /// 選定額: the lesser of both.
    pub chosen: u32,
    /// 交付額: 選定額 down to a thousand yen.
    pub grant: u32,
}

/// Computes the amounts.
pub fn amounts(readers: u32, support: u32, ceiling: Option<Ceiling>) -> Amounts {
    let total = readers.saturating_add(support);
    let ceiling = ceiling.map_or(0, |c| c.yen);
    let chosen = total.min(ceiling);
    Amounts { readers, support, total, ceiling, chosen, grant: chosen / 1_000 * 1_000 }
}

/// By when an application of a day is decided and paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The result is told by then.
    pub decided_by: Date,
    /// The money comes by then.
    pub paid_by: Date,
}

/// Result in the next month, money by the end of the month after; February and March: end of March, end of April (手引き 令和8年度).
pub fn expected(filed_on: Date) -> Expected {
    let last_of = |months| last_day_of_month(add_months(filed_on.first_of_month(), months));
    match filed_on.month() {
        3 => Expected { decided_by: last_of(0), paid_by: last_of(1) },
        _ => Expected { decided_by: last_of(1), paid_by: last_of(2) },
    }
}

/// Until when the report on the credit for consumption tax (消費税の仕入控除税額の報告) is due: 30 April of the second fiscal year after.
pub fn tax_report_due(granted_on: Date) -> Date {
    let year = fiscal_year(granted_on).saturating_add(2);
    Date::new(year, 4, 30).unwrap_or(add_days(granted_on, 730))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::well_formed;

    #[test]
    fn years_have_their_windows_inside() {
        well_formed(YEARS);
        for row in YEARS {
            assert!(row.from <= row.value.opens && row.value.opens < row.value.closes);
            assert!(row.until.is_some_and(|until| row.value.closes <= until));
        }
    }

    #[test]
    fn groups_and_ceilings_of_the_reference() {
        let day = date(2026, 11, 22);
        for (code, readers, yen) in [
            ("43", 3, 64_000),
            ("31", 3, 64_000),
            ("78", 3, 64_000),
            ("11", 3, 64_000),
            ("21", 3, 64_000),
            ("51", 2, 55_000),
            ("32", 2, 55_000),
            ("17", 1, 42_000),
            ("46", 1, 42_000),
        ] {
            let found = ceiling(&[ServiceKind::parse(code).unwrap()], day).unwrap();
            assert_eq!((found.readers, found.yen), (readers, yen), "{code}");
        }
        let both = [ServiceKind::EquipmentRental, ServiceKind::WelfareFacility];
        assert_eq!(ceiling(&both, day).unwrap().yen, 55_000, "the highest group counts");
        assert_eq!(ceiling(&[ServiceKind::HomeModification], day), None);
        assert_eq!(ceiling(&[ServiceKind::HomeHelp], date(2024, 1, 1)), None, "no rules");
    }

    #[test]
    fn the_grant_is_the_lesser_down_to_a_thousand() {
        let visiting = Some(CEILINGS[0]);
        for (readers, support, ceiling, want) in [
            (0, 0, visiting, 0),
            (999, 0, visiting, 0),
            (1_000, 0, visiting, 1_000),
            (8_980, 22_000, visiting, 30_000),
            (63_999, 0, visiting, 63_000),
            (64_000, 0, visiting, 64_000),
            (26_940, 55_000, visiting, 64_000),
            (60_000, 0, Some(CEILINGS[1]), 55_000),
            (42_500, 0, Some(CEILINGS[2]), 42_000),
            (30_000, 30_000, None, 0),
            (u32::MAX, u32::MAX, visiting, 64_000),
        ] {
            let found = amounts(readers, support, ceiling);
            assert_eq!(found.grant, want, "{readers} + {support}");
            assert!(found.grant <= found.chosen && found.chosen <= found.total);
        }
    }

    #[test]
    fn payment_follows_the_month_of_filing() {
        for (filed, decided, paid) in [
            (date(2026, 5, 7), date(2026, 6, 30), date(2026, 7, 31)),
            (date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31)),
            (date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)),
            (date(2027, 2, 1), date(2027, 3, 31), date(2027, 4, 30)),
            (date(2027, 3, 12), date(2027, 3, 31), date(2027, 4, 30)),
        ] {
            assert_eq!(expected(filed), Expected { decided_by: decided, paid_by: paid }, "{filed}");
        }
        assert_eq!(tax_report_due(date(2026, 12, 20)), date(2028, 4, 30));
        assert_eq!(tax_report_due(date(2027, 3, 31)), date(2028, 4, 30));
    }

    #[test]
    fn every_kind_is_looked_at() {
        let none = ServiceKind::ALL.iter().filter(|kind| group_of(**kind).is_none()).count();
        assert_eq!(none, 6);
    }
}
