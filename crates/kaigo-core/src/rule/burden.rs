//! Burden: share of the cost (負担割合), stages and daily amounts of 負担限度額 (特定入所者介護サービス費).
//!
//! The certificates decide. These tables explain, and warn where the amounts of a feed are not those of the notices.

use jiff::civil::date;

use super::{Dated, at};
use crate::code::{Amount, BurdenShare, BurdenStage, ReliefKind, Yen};
use crate::date::Date;
use crate::record::relief::Relief;

/// Thresholds of a share for a person of 65 and more: both the person's and the household's income reach them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// The share.
    pub share: BurdenShare,
    /// 本人の合計所得金額, yen a year, at least.
    pub own: Yen,
    /// 年金収入とその他の合計所得金額, yen a year, at least; one member of 65 and more in the household.
    pub household_single: Yen,
    /// The same with two or more members of 65 and more.
    pub household_several: Yen,
}

/// Thresholds, the highest share first; all others, people of 40–64, 非課税 and 生活保護 have 1割.
pub static SHARES: &[Dated<&[Threshold]>] = &[Dated {
    from: date(2018, 8, 1),
    until: None,
    value: &[
        Threshold {
            share: BurdenShare::Thirty,
            own: yen(2_200_000),
            household_single: yen(3_400_000),
            household_several: yen(4_630_000),
        },
        Threshold {
            share: BurdenShare::Twenty,
            own: yen(1_600_000),
            household_single: yen(2_800_000),
            household_several: yen(3_460_000),
        },
    ],
    source: "介護保険法 49条の2、施行令 22条の2（令和9年度から見直しの検討中）",
}];

/// The share that follows from the incomes of a person of 65 and more who is taxed; for explanation only.
///
/// `members` counts the people of 65 and more in the household, the person included.
pub fn share(own: Yen, household: Yen, members: u32, day: Date) -> Option<BurdenShare> {
    let row = at(SHARES, day)?;
    let reached = row.value.iter().find(|t| {
        let needed = if members > 1 { t.household_several } else { t.household_single };
        own >= t.own && household >= needed
    });
    Some(reached.map_or(BurdenShare::Ten, |t| t.share))
}

/// Conditions of a stage of 負担限度額: income from pensions up to `income`, savings up to the asset limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageCondition {
    /// The stage.
    pub stage: BurdenStage,
    /// 年金収入等, yen a year, at most; none where the stage does not ask or has no upper end.
    pub income_max: Option<Yen>,
    /// 預貯金等 of a single person, yen, at most (people of 40–64: 10,000,000 at every stage).
    pub savings_single: Yen,
    /// 預貯金等 of a couple, yen, at most (people of 40–64: 20,000,000).
    pub savings_couple: Yen,
}

/// Conditions of the stages; the whole household is 市町村民税非課税. Stage 1: 生活保護 or 老齢福祉年金.
pub static STAGES: &[Dated<[StageCondition; 4]>] = &[
    Dated {
        from: date(2025, 8, 1),
        until: Some(date(2026, 7, 31)),
        value: conditions(809_000),
        source: "介護保険法施行規則 83条の5（令和8年7月31日まで）",
    },
    Dated {
        from: date(2026, 8, 1),
        until: None,
        value: conditions(826_500),
        source: "令和8年厚生労働省告示88号、介護保険最新情報 Vol.1481（令和8年8月1日から）",
    },
];

const fn conditions(second: i32) -> [StageCondition; 4] {
    [
        condition(BurdenStage::One, None, 10_000_000, 20_000_000),
        condition(BurdenStage::Two, Some(yen(second)), 6_500_000, 16_500_000),
        condition(BurdenStage::ThreeOne, Some(yen(1_200_000)), 5_500_000, 15_500_000),
        condition(BurdenStage::ThreeTwo, None, 5_000_000, 15_000_000),
    ]
}

const fn condition(stage: BurdenStage, income_max: Option<Yen>, single: i32, couple: i32) -> StageCondition {
    StageCondition { stage, income_max, savings_single: yen(single), savings_couple: yen(couple) }
}

/// Daily amounts in yen, one for each line of the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyAmounts {
    /// 食費（施設）.
    pub meal_facility: Yen,
    /// 食費（短期入所）.
    pub meal_short_stay: Yen,
    /// 居住費 ユニット型個室.
    pub room_unit: Yen,
    /// 居住費 ユニット型個室的多床室.
    pub room_unit_shared: Yen,
    /// 居住費 従来型個室（特養等）.
    pub room_private_welfare: Yen,
    /// 居住費 従来型個室（老健・医療院等）.
    pub room_private_health: Yen,
    /// 居住費 多床室（特養等、室料を取る老健・医療院）.
    pub room_shared: Yen,
    /// 居住費 多床室（室料を取らない老健・医療院等）.
    pub room_shared_no_rent: Yen,
}

/// Amounts of one period: the standard cost (基準費用額) and those of the stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmountTable {
    /// 基準費用額, what people without relief pay by default.
    pub standard: DailyAmounts,
    /// Amount by stage.
    pub stages: [(BurdenStage, DailyAmounts); 4],
}

/// Daily amounts by period.
pub static AMOUNTS: &[Dated<AmountTable>] = &[
    Dated {
        from: date(2021, 8, 1),
        until: Some(date(2024, 7, 31)),
        value: AmountTable {
            standard: amounts([1_445, 1_445, 2_006, 1_668, 1_171, 1_668, 855, 377]),
            stages: [
                (BurdenStage::One, amounts([300, 300, 820, 490, 320, 490, 0, 0])),
                (BurdenStage::Two, amounts([390, 600, 820, 490, 420, 490, 370, 370])),
                (BurdenStage::ThreeOne, amounts([650, 1_000, 1_310, 1_310, 820, 1_310, 370, 370])),
                (BurdenStage::ThreeTwo, amounts([1_360, 1_300, 1_310, 1_310, 820, 1_310, 370, 370])),
            ],
        },
        source: "令和3年8月1日から（居住費は令和6年8月に0円のほか60円上がる前の額）",
    },
    Dated {
        from: date(2024, 8, 1),
        until: Some(date(2026, 7, 31)),
        value: AmountTable {
            standard: amounts([1_445, 1_445, 2_066, 1_728, 1_231, 1_728, 915, 437]),
            stages: [
                (BurdenStage::One, amounts([300, 300, 880, 550, 380, 550, 0, 0])),
                (BurdenStage::Two, amounts([390, 600, 880, 550, 480, 550, 430, 430])),
                (BurdenStage::ThreeOne, amounts([650, 1_000, 1_370, 1_370, 880, 1_370, 430, 430])),
                (BurdenStage::ThreeTwo, amounts([1_360, 1_300, 1_370, 1_370, 880, 1_370, 430, 430])),
            ],
        },
        source: "令和6年8月1日から令和8年7月31日まで（室料を取る老健・医療院の多床室の基準費用額は令和7年8月から697円）",
    },
    Dated {
        from: date(2026, 8, 1),
        until: None,
        value: AmountTable {
            standard: amounts([1_545, 1_545, 2_066, 1_728, 1_231, 1_728, 915, 437]),
            stages: [
                (BurdenStage::One, amounts([300, 300, 880, 550, 380, 550, 0, 0])),
                (BurdenStage::Two, amounts([390, 600, 880, 550, 480, 550, 430, 430])),
                (BurdenStage::ThreeOne, amounts([680, 1_030, 1_370, 1_370, 880, 1_370, 430, 430])),
                (BurdenStage::ThreeTwo, amounts([1_420, 1_360, 1_470, 1_470, 980, 1_470, 530, 430])),
            ],
        },
        source: "令和8年厚生労働省告示88号、介護保険最新情報 Vol.1481（令和8年8月1日から）",
    },
];

/// The amounts of a stage on that day; none for stage 4 (no relief) and for days before the table.
pub fn expected_amounts(stage: BurdenStage, day: Date) -> Option<DailyAmounts> {
    at(AMOUNTS, day)?.value.stages.iter().find(|(row, _)| *row == stage).map(|(_, amounts)| *amounts)
}

/// An amount on a certificate that is not that of the notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmountDifference {
    /// Heading of the column in the feed.
    pub item: &'static str,
    /// What the feed says.
    pub got: Yen,
    /// What the notice says for that stage on the first day of the certificate.
    pub want: Yen,
}

/// The amounts of a 負担限度額認定証 that are not those of the notice; empty where there is nothing to compare.
///
/// A reason to warn, never to refuse: there are special cases (課税層の特例減額措置) and later corrections.
pub fn amount_differences(relief: &Relief) -> Vec<AmountDifference> {
    let expected = match (relief.kind, relief.stage) {
        (ReliefKind::BurdenCap, Some(stage)) => expected_amounts(stage, relief.valid_from),
        (
            ReliefKind::BurdenCap
            | ReliefKind::WelfareCorporation
            | ReliefKind::ShareReduction
            | ReliefKind::SpecialCap
            | ReliefKind::HomeHelp,
            _,
        ) => None,
    };
    let Some(want) = expected else {
        return Vec::new();
    };
    [
        ("食費負担限度額（施設）", relief.meal_facility, want.meal_facility),
        ("食費負担限度額（短期入所）", relief.meal_short_stay, want.meal_short_stay),
        ("居住費ユニット型個室", relief.room_unit, want.room_unit),
        ("居住費ユニット型個室的多床室", relief.room_unit_shared, want.room_unit_shared),
        ("居住費従来型個室（特養等）", relief.room_private_welfare, want.room_private_welfare),
        ("居住費従来型個室（老健・医療院等）", relief.room_private_health, want.room_private_health),
        ("居住費多床室", relief.room_shared, want.room_shared),
    ]
    .into_iter()
    .filter_map(|(item, got, want)| got.filter(|got| *got != want).map(|got| AmountDifference { item, got, want }))
    // The certificate has one line for shared rooms; where no rent is taken the other amount is right too.
    .filter(|difference| difference.item != "居住費多床室" || difference.got != want.room_shared_no_rent)
    .collect()
}

const fn yen(n: i32) -> Yen {
    Amount(n)
}

const fn amounts(row: [i32; 8]) -> DailyAmounts {
    let [meal_facility, meal_short_stay, room_unit, room_unit_shared, private_welfare, private_health, shared, no_rent] =
        row;
    DailyAmounts {
        meal_facility: yen(meal_facility),
        meal_short_stay: yen(meal_short_stay),
        room_unit: yen(room_unit),
        room_unit_shared: yen(room_unit_shared),
        room_private_welfare: yen(private_welfare),
        room_private_health: yen(private_health),
        room_shared: yen(shared),
        room_shared_no_rent: yen(no_rent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_have_no_gaps() {
        super::super::well_formed(SHARES);
        super::super::well_formed(STAGES);
        super::super::well_formed(AMOUNTS);
    }

    #[test]
    fn shares_by_income() {
        let day = date(2026, 11, 22);
        for (own, household, members, want) in [
            (2_200_000, 3_400_000, 1, BurdenShare::Thirty),
            (2_200_000, 3_399_999, 1, BurdenShare::Twenty),
            (2_200_000, 4_630_000, 2, BurdenShare::Thirty),
            (2_200_000, 4_629_999, 2, BurdenShare::Twenty),
            (1_600_000, 2_800_000, 1, BurdenShare::Twenty),
            (1_600_000, 2_800_000, 2, BurdenShare::Ten),
            (1_600_000, 3_460_000, 2, BurdenShare::Twenty),
            (1_599_999, 9_999_999, 1, BurdenShare::Ten),
        ] {
            assert_eq!(share(yen(own), yen(household), members, day), Some(want), "{own} {household} {members}");
        }
    }

    #[test]
    fn amounts_by_day_and_stage() {
        let meal = |stage, day| expected_amounts(stage, day).map(|a| (a.meal_facility.0, a.meal_short_stay.0));
        let (old, new) = (date(2026, 7, 31), date(2026, 8, 1));
        assert_eq!(meal(BurdenStage::ThreeOne, old), Some((650, 1_000)));
        assert_eq!(meal(BurdenStage::ThreeOne, new), Some((680, 1_030)));
        assert_eq!(meal(BurdenStage::ThreeTwo, old), Some((1_360, 1_300)));
        assert_eq!(meal(BurdenStage::ThreeTwo, new), Some((1_420, 1_360)));
        assert_eq!(meal(BurdenStage::Four, new), None);
        assert_eq!(meal(BurdenStage::One, date(2021, 7, 31)), None);
        let room = |day| expected_amounts(BurdenStage::Two, day).map(|a| (a.room_unit.0, a.room_shared.0));
        assert_eq!(room(date(2024, 7, 31)), Some((820, 370)));
        assert_eq!(room(date(2024, 8, 1)), Some((880, 430)));
    }

    #[test]
    fn room_amounts_rose_by_sixty_yen_unless_zero() {
        let rooms = |a: DailyAmounts| {
            [
                a.room_unit,
                a.room_unit_shared,
                a.room_private_welfare,
                a.room_private_health,
                a.room_shared,
                a.room_shared_no_rent,
            ]
        };
        for stage in [BurdenStage::One, BurdenStage::Two, BurdenStage::ThreeOne, BurdenStage::ThreeTwo] {
            let before = rooms(expected_amounts(stage, date(2024, 7, 31)).unwrap());
            let after = rooms(expected_amounts(stage, date(2024, 8, 1)).unwrap());
            for (before, after) in before.into_iter().zip(after) {
                assert_eq!(before.0, if after.0 == 0 { 0 } else { after.0 - 60 });
            }
        }
    }

    #[test]
    fn wrong_amounts_are_named() {
        let mut relief = Relief {
            kind: ReliefKind::BurdenCap,
            stage: Some(BurdenStage::ThreeTwo),
            meal_facility: Some(yen(1_360)),
            room_shared: Some(yen(430)),
            room_unit: Some(yen(1_470)),
            valid_from: date(2026, 8, 1),
            ..Relief::default()
        };
        assert_eq!(
            amount_differences(&relief),
            [AmountDifference { item: "食費負担限度額（施設）", got: yen(1_360), want: yen(1_420) }]
        );
        relief.meal_facility = Some(yen(1_420));
        assert!(amount_differences(&relief).is_empty());
        relief.room_shared = Some(yen(431));
        assert_eq!(amount_differences(&relief).len(), 1);
        relief.kind = ReliefKind::WelfareCorporation;
        assert!(amount_differences(&relief).is_empty());
    }
}
