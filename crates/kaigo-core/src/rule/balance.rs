//! What is left of 住宅改修費 (home modification) and of 福祉用具購入費 (equipment), 介護保険法 44・45・56・57条.
//!
//! 住宅改修: 200,000 yen for each home; a move (転居) starts anew, moving back brings the old home's works back; three
//! steps more need of care than at the first work starts anew once for each home. 福祉用具購入: 100,000 yen a fiscal year.
//! Claims on the way count as pending. The municipality's word is final; [`HomeBalance::explain`] says how we counted.

use jiff::civil::date;

use super::{Dated, at};
use crate::care_level::CareLevel;
use crate::code::{Amount, BurdenShare, ClaimState, EquipmentKind, Small, Yen};
use crate::date::{Date, fiscal_year};
use crate::record::benefit::{EquipmentPurchase, HomeModification};

const HOME_LIMIT_NOW: Yen = Amount(200_000);
const EQUIPMENT_LIMIT_NOW: Yen = Amount(100_000);
/// Steps of need of care that start the balance of a home anew.
const RESET_STEPS: u8 = 3;

/// Limit of cost for each home (居宅介護住宅改修費支給限度基準額), yen.
pub static HOME_LIMIT: &[Dated<Yen>] =
    &[Dated { from: date(2000, 4, 1), until: None, value: HOME_LIMIT_NOW, source: "平成12年厚生省告示35号" }];

/// Limit of cost for each fiscal year (居宅介護福祉用具購入費支給限度基準額), yen.
pub static EQUIPMENT_LIMIT: &[Dated<Yen>] =
    &[Dated {
        from: date(2000, 4, 1), until: None, value: EQUIPMENT_LIMIT_NOW, source: "平成12年厚生省告示34号"
    }];

/// Why the balance of a home counts anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetReason {
    /// The person moved: works at other homes do not count (転居リセット).
    Moved,
    /// Three steps more need of care than at the first work (3段階リセット); used by a work, or open for the next one.
    ThreeSteps {
        /// Whether a work has used it already.
        used: bool,
    },
}

/// Balance of 住宅改修費 at the home where the person lives now.
#[derive(Clone, Debug, PartialEq)]
pub struct HomeBalance {
    /// Limit of cost, yen.
    pub limit: Yen,
    /// Paid since the balance counts anew (支給決定), yen.
    pub used: Yen,
    /// Applied for or approved, not paid yet, yen.
    pub pending: Yen,
    /// Left if everything pending is paid, yen; from 0 to the limit.
    pub remaining: Yen,
    /// Why works before do not count, if so.
    pub reset_reason: Option<ResetReason>,
    /// The works that count now, in order.
    pub works: Vec<HomeModification>,
    /// How it was counted, Japanese sentences.
    pub explain: Vec<String>,
}

/// The balance of 住宅改修費 of the home `home_no` for a person of that care level now (none: not certified).
pub fn home_balance(works: &[HomeModification], level: Option<CareLevel>, home_no: Small, today: Date) -> HomeBalance {
    let limit = at(HOME_LIMIT, today).map_or(HOME_LIMIT_NOW, |row| row.value);
    let counted = |work: &&HomeModification| counts(work.state);
    let mut here: Vec<&HomeModification> = works.iter().filter(counted).filter(|w| w.home_no == home_no).collect();
    // Works that have not started come last, in the order in which they were applied for.
    here.sort_by_key(|w| (w.started_on.unwrap_or(Date::MAX), w.applied_on.unwrap_or(Date::MAX)));
    let moved = works.iter().filter(counted).any(|w| w.home_no != home_no);

    let mut explain = vec![format!("支給の限度は1つの住まいにつき{limit}円です（{}）。", source(HOME_LIMIT, today))];
    if moved {
        explain.push("転居の前の住まいの工事は数えていません。".to_owned());
    }
    let epoch = epoch(&here, level);
    let counting = match epoch {
        Epoch::FromFirst => here.as_slice(),
        Epoch::From(index) => here.get(index..).unwrap_or_default(),
        Epoch::Open => &[],
    };
    match epoch {
        Epoch::FromFirst => {}
        Epoch::From(_) => explain.push("要介護度が3段階上がったときの工事から、あらためて数えています（この住まいで1回だけ）。".to_owned()),
        Epoch::Open => explain.push(
            "最初の工事のときより要介護度が3段階以上上がっているので、次の工事はあらためて限度額まで使えます（この住まいで1回だけ。工事をするまでに下がると使えません）。"
                .to_owned(),
        ),
    }
    if here.first().is_some_and(|first| step_of(first, level).is_none()) {
        explain.push("最初の工事のときの要介護度がわからないため、3段階の判定はしていません。".to_owned());
    }
    let used = sum(counting.iter().filter(|w| w.state == ClaimState::Paid).map(|w| w.covered_cost));
    let pending = sum(counting.iter().filter(|w| w.state != ClaimState::Paid).map(|w| w.covered_cost));
    let remaining = left(limit, used, pending);
    explain.push(counted_sentence(used, pending, remaining));
    HomeBalance {
        limit,
        used,
        pending,
        remaining,
        reset_reason: match epoch {
            Epoch::From(_) => Some(ResetReason::ThreeSteps { used: true }),
            Epoch::Open => Some(ResetReason::ThreeSteps { used: false }),
            Epoch::FromFirst => moved.then_some(ResetReason::Moved),
        },
        works: counting.iter().map(|&work| work.clone()).collect(),
        explain,
    }
}

/// What is bought again: a kind that was bought before is normally not paid again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoughtBefore {
    /// Kind (種目).
    pub kind: EquipmentKind,
    /// How often, in any year.
    pub times: usize,
    /// Day of the last purchase.
    pub last_on: Date,
}

/// Balance of 福祉用具購入費 for the fiscal year of a day.
#[derive(Clone, Debug, PartialEq)]
pub struct EquipmentBalance {
    /// Fiscal year (年度), April to March.
    pub fiscal_year: i16,
    /// Limit of cost, yen.
    pub limit: Yen,
    /// Paid in the year, yen.
    pub used: Yen,
    /// Applied for or approved in the year, not paid yet, yen.
    pub pending: Yen,
    /// Left if everything pending is paid, yen; from 0 to the limit.
    pub remaining: Yen,
    /// Kinds bought before in any year, in the order of the code table.
    pub same_kind_before: Vec<BoughtBefore>,
    /// How it was counted, Japanese sentences.
    pub explain: Vec<String>,
}

/// The balance of 福祉用具購入費 for the fiscal year of `today`. The day of purchase decides the year; nothing carries over.
pub fn equipment_balance(purchases: &[EquipmentPurchase], today: Date) -> EquipmentBalance {
    let limit = at(EQUIPMENT_LIMIT, today).map_or(EQUIPMENT_LIMIT_NOW, |row| row.value);
    let year = fiscal_year(today);
    let counted = || purchases.iter().filter(|p| counts(p.state));
    let in_year = || counted().filter(|p| fiscal_year(p.purchased_on) == year);
    let used = sum(in_year().filter(|p| p.state == ClaimState::Paid).map(|p| p.covered_cost));
    let pending = sum(in_year().filter(|p| p.state != ClaimState::Paid).map(|p| p.covered_cost));
    let remaining = left(limit, used, pending);
    let same_kind_before: Vec<BoughtBefore> = EquipmentKind::ALL
        .iter()
        .filter_map(|&kind| {
            let of_kind = || counted().filter(|p| p.kind == kind);
            let last_on = of_kind().map(|p| p.purchased_on).max()?;
            Some(BoughtBefore { kind, times: of_kind().count(), last_on })
        })
        .collect();
    let mut explain = vec![
        format!("支給の限度は1年度（4月から翌年3月）につき{limit}円です（{}）。", source(EQUIPMENT_LIMIT, today)),
        format!("{year}年度の購入を数えています。残りは翌年度に繰り越せません。"),
        counted_sentence(used, pending, remaining),
    ];
    if !same_kind_before.is_empty() {
        let kinds: Vec<&str> = same_kind_before.iter().map(|b| b.kind.label()).collect();
        explain.push(format!(
            "前に買ったことのある種目：{}。同じ種目は、用途や機能がちがうとき・こわれたときなどのほかは支給されません。市町村に確かめてください。",
            kinds.join("・")
        ));
    }
    EquipmentBalance { fiscal_year: year, limit, used, pending, remaining, same_kind_before, explain }
}

/// The benefit for a cost: the part within what is left, at the rate of the person's share; fractions of a yen dropped.
pub fn benefit(cost: Yen, remaining: Yen, share: BurdenShare) -> Yen {
    let tenths = match share {
        BurdenShare::Ten => 9,
        BurdenShare::Twenty => 8,
        BurdenShare::Thirty => 7,
    };
    Amount(cost.0.min(remaining.0).max(0).saturating_mul(tenths) / 10)
}

/// From which of the home's works the balance counts.
#[derive(Clone, Copy)]
enum Epoch {
    FromFirst,
    From(usize),
    /// The next work starts the new count.
    Open,
}

/// A work whose record says so starts the count anew, as does the first one at three steps above the first work of all;
/// once only. A work that has not started is judged by the level now, for that is when it would start.
fn epoch(here: &[&HomeModification], level: Option<CareLevel>) -> Epoch {
    let Some(first) = here.first() else {
        return Epoch::FromFirst;
    };
    if let Some(index) = here.iter().position(|w| w.three_step_reset) {
        return Epoch::From(index);
    }
    let Some(base) = step_of(first, level) else {
        return Epoch::FromFirst;
    };
    let risen = |step: Option<u8>| step.is_some_and(|step| step >= base.saturating_add(RESET_STEPS));
    if let Some(index) = here.iter().position(|w| risen(step_of(w, level))) {
        return Epoch::From(index);
    }
    if risen(level.and_then(CareLevel::modification_step)) {
        return Epoch::Open;
    }
    Epoch::FromFirst
}

fn step_of(work: &HomeModification, level: Option<CareLevel>) -> Option<u8> {
    let at_start = match work.started_on {
        Some(_) => work.level_at_start,
        None => work.level_at_start.or(level),
    };
    at_start.and_then(CareLevel::modification_step)
}

fn counts(state: ClaimState) -> bool {
    match state {
        ClaimState::Applied | ClaimState::Approved | ClaimState::Paid => true,
        ClaimState::Refused | ClaimState::Withdrawn => false,
    }
}

fn sum(costs: impl Iterator<Item = Yen>) -> Yen {
    Amount(costs.fold(0_i32, |sum, cost| sum.saturating_add(cost.0.max(0))))
}

fn left(limit: Yen, used: Yen, pending: Yen) -> Yen {
    Amount(limit.0.saturating_sub(used.0.saturating_add(pending.0)).max(0))
}

fn counted_sentence(used: Yen, pending: Yen, remaining: Yen) -> String {
    match pending.0 {
        0 => format!("使った額は{used}円、残りは{remaining}円です。"),
        _ => format!("使った額は{used}円、申請中の額は{pending}円、申請中を差し引いた残りは{remaining}円です。"),
    }
}

fn source(table: &[Dated<Yen>], day: Date) -> &'static str {
    at(table, day).map_or("", |row| row.source)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn work(home: i32, started: Option<Date>, level: CareLevel, cost: i32, state: ClaimState) -> HomeModification {
        HomeModification {
            state,
            home_no: Amount(home),
            started_on: started,
            level_at_start: started.map(|_| level),
            covered_cost: Amount(cost),
            ..HomeModification::default()
        }
    }

    fn paid(home: i32, year: i16, level: CareLevel, cost: i32) -> HomeModification {
        work(home, Some(date(year, 5, 1)), level, cost, ClaimState::Paid)
    }

    fn balance(works: &[HomeModification], level: CareLevel, home: i32) -> (i32, i32, i32, Option<ResetReason>) {
        let b = home_balance(works, Some(level), Amount(home), TODAY);
        assert!(!b.explain.is_empty());
        (b.used.0, b.pending.0, b.remaining.0, b.reset_reason)
    }

    #[test]
    fn nothing_used() {
        assert_eq!(balance(&[], CareLevel::Care2, 1), (0, 0, 200_000, None));
    }

    #[test]
    fn several_works_share_the_limit() {
        let works = [paid(1, 2023, CareLevel::Care1, 80_000), paid(1, 2024, CareLevel::Care2, 70_000)];
        assert_eq!(balance(&works, CareLevel::Care2, 1), (150_000, 0, 50_000, None));
        let over = [paid(1, 2023, CareLevel::Care1, 180_000), paid(1, 2024, CareLevel::Care2, 70_000)];
        assert_eq!(balance(&over, CareLevel::Care2, 1), (250_000, 0, 0, None));
    }

    #[test]
    fn claims_on_the_way_are_pending_and_refused_ones_do_not_count() {
        let works = [
            paid(1, 2023, CareLevel::Care1, 80_000),
            work(1, None, CareLevel::Care1, 50_000, ClaimState::Applied),
            work(1, Some(date(2026, 11, 1)), CareLevel::Care1, 20_000, ClaimState::Approved),
            work(1, None, CareLevel::Care1, 60_000, ClaimState::Refused),
            work(1, None, CareLevel::Care1, 60_000, ClaimState::Withdrawn),
        ];
        assert_eq!(balance(&works, CareLevel::Care1, 1), (80_000, 70_000, 50_000, None));
    }

    #[test]
    fn a_move_starts_anew_and_moving_back_brings_back() {
        let works = [paid(1, 2020, CareLevel::Care1, 200_000), paid(2, 2024, CareLevel::Care1, 30_000)];
        assert_eq!(balance(&works, CareLevel::Care1, 2), (30_000, 0, 170_000, Some(ResetReason::Moved)));
        assert_eq!(balance(&works, CareLevel::Care1, 1), (200_000, 0, 0, Some(ResetReason::Moved)));
        assert_eq!(balance(&works, CareLevel::Care1, 3), (0, 0, 200_000, Some(ResetReason::Moved)));
    }

    #[test]
    fn three_steps_open_a_new_count() {
        let works = [paid(1, 2020, CareLevel::Care1, 150_000)];
        // 要介護1 is step 2: 要介護4 (step 5) is three up, 要介護3 is not.
        assert_eq!(balance(&works, CareLevel::Care3, 1), (150_000, 0, 50_000, None));
        let open = Some(ResetReason::ThreeSteps { used: false });
        assert_eq!(balance(&works, CareLevel::Care4, 1), (0, 0, 200_000, open));
        // 要支援1 to 要介護3, 要支援2 to 要介護4, 要介護2 to 要介護5.
        for (first, now, reset) in [
            (CareLevel::Support1, CareLevel::Care3, true),
            (CareLevel::Support1, CareLevel::Care2, false),
            (CareLevel::Support2, CareLevel::Care4, true),
            (CareLevel::Support2, CareLevel::Care3, false),
            (CareLevel::Care2, CareLevel::Care5, true),
            (CareLevel::Care3, CareLevel::Care5, false),
        ] {
            let works = [paid(1, 2020, first, 200_000)];
            let want = if reset { 200_000 } else { 0 };
            assert_eq!(balance(&works, now, 1).2, want, "{first:?} {now:?}");
        }
    }

    #[test]
    fn three_steps_only_once_for_a_home() {
        let mut second = paid(1, 2025, CareLevel::Care4, 120_000);
        second.three_step_reset = true;
        let works = [paid(1, 2020, CareLevel::Support1, 150_000), second];
        let used = Some(ResetReason::ThreeSteps { used: true });
        assert_eq!(balance(&works, CareLevel::Care5, 1), (120_000, 0, 80_000, used));
        // The level fell again afterwards: the new count stays.
        assert_eq!(balance(&works, CareLevel::Care1, 1), (120_000, 0, 80_000, used));
        // A flag that was not set but follows from the levels.
        let unflagged = [paid(1, 2020, CareLevel::Support1, 150_000), paid(1, 2025, CareLevel::Care4, 120_000)];
        assert_eq!(balance(&unflagged, CareLevel::Care5, 1), (120_000, 0, 80_000, used));
        // At another home the chance is there again.
        let mut elsewhere = works.to_vec();
        elsewhere.push(paid(2, 2026, CareLevel::Care1, 200_000));
        assert_eq!(balance(&elsewhere, CareLevel::Care4, 2).2, 200_000);
    }

    #[test]
    fn the_chance_is_lost_when_the_level_falls_before_a_work() {
        let works = [paid(1, 2020, CareLevel::Care1, 200_000)];
        assert_eq!(balance(&works, CareLevel::Care5, 1).2, 200_000);
        assert_eq!(balance(&works, CareLevel::Care3, 1).2, 0);
    }

    #[test]
    fn a_pending_work_takes_the_new_count() {
        let works =
            [paid(1, 2020, CareLevel::Care1, 200_000), work(1, None, CareLevel::Care4, 90_000, ClaimState::Applied)];
        let used = Some(ResetReason::ThreeSteps { used: true });
        assert_eq!(balance(&works, CareLevel::Care4, 1), (0, 90_000, 110_000, used));
    }

    #[test]
    fn an_unknown_first_level_is_said() {
        let mut first = paid(1, 2020, CareLevel::Care1, 200_000);
        first.level_at_start = None;
        let b = home_balance(&[first], Some(CareLevel::Care5), Amount(1), TODAY);
        assert_eq!(b.remaining.0, 0);
        assert!(b.explain.iter().any(|s| s.contains("わからない")));
    }

    fn bought(on: Date, kind: EquipmentKind, cost: i32, state: ClaimState) -> EquipmentPurchase {
        EquipmentPurchase { state, purchased_on: on, kind, covered_cost: Amount(cost), ..EquipmentPurchase::default() }
    }

    #[test]
    fn equipment_counts_by_fiscal_year() {
        let purchases = [
            bought(date(2026, 3, 31), EquipmentKind::Toilet, 60_000, ClaimState::Paid),
            bought(date(2026, 4, 1), EquipmentKind::Bath, 30_000, ClaimState::Paid),
            bought(date(2026, 10, 1), EquipmentKind::Bath, 20_000, ClaimState::Applied),
            bought(date(2026, 10, 2), EquipmentKind::Slope, 90_000, ClaimState::Refused),
        ];
        let b = equipment_balance(&purchases, TODAY);
        assert_eq!((b.fiscal_year, b.used.0, b.pending.0, b.remaining.0), (2026, 30_000, 20_000, 50_000));
        let kinds: Vec<_> = b.same_kind_before.iter().map(|k| (k.kind, k.times, k.last_on)).collect();
        assert_eq!(kinds, [(EquipmentKind::Toilet, 1, date(2026, 3, 31)), (EquipmentKind::Bath, 2, date(2026, 10, 1))]);
        let before = equipment_balance(&purchases, date(2026, 3, 31));
        assert_eq!((before.fiscal_year, before.used.0, before.remaining.0), (2025, 60_000, 40_000));
        assert_eq!(equipment_balance(&[], TODAY).remaining.0, 100_000);
    }

    #[test]
    fn benefit_by_share() {
        assert_eq!(benefit(Amount(200_000), Amount(200_000), BurdenShare::Ten).0, 180_000);
        assert_eq!(benefit(Amount(250_000), Amount(200_000), BurdenShare::Twenty).0, 160_000);
        assert_eq!(benefit(Amount(250_000), Amount(200_000), BurdenShare::Thirty).0, 140_000);
        assert_eq!(benefit(Amount(33_333), Amount(200_000), BurdenShare::Ten).0, 29_999);
        assert_eq!(benefit(Amount(10), Amount(0), BurdenShare::Ten).0, 0);
    }

    #[test]
    fn tables() {
        super::super::well_formed(HOME_LIMIT);
        super::super::well_formed(EQUIPMENT_LIMIT);
    }

    prop_compose! {
        fn any_work()(
            state in 0..5_usize, home in 0..3_i32, day in proptest::option::of(0..9_000_i32), level in 0..10_usize,
            known: bool, cost in 0..=99_999_999_i32, reset: bool,
        ) -> HomeModification {
            HomeModification {
                state: ClaimState::ALL[state],
                home_no: Amount(home),
                started_on: day.map(|d| crate::date::add_days(date(2000, 4, 1), d)),
                level_at_start: known.then(|| CareLevel::ALL[level]),
                covered_cost: Amount(cost),
                three_step_reset: reset,
                ..HomeModification::default()
            }
        }
    }

    proptest! {
        #[test]
        fn home_balance_stays_in_bounds(works in proptest::collection::vec(any_work(), 0..40), level in 0..11_usize) {
            let level = CareLevel::ALL.get(level).copied();
            let b = home_balance(&works, level, Amount(1), TODAY);
            prop_assert!((0..=b.limit.0).contains(&b.remaining.0));
            prop_assert!(b.used.0 >= 0 && b.pending.0 >= 0);
            prop_assert!(b.works.iter().all(|w| w.home_no == Amount(1)));
        }

        #[test]
        fn equipment_balance_stays_in_bounds(
            rows in proptest::collection::vec((0..5_usize, 0..9_usize, 0..9_999_i32, 0..=99_999_999_i32), 0..40),
        ) {
            let purchases: Vec<_> = rows
                .into_iter()
                .map(|(state, kind, day, cost)| {
                    let on = crate::date::add_days(date(2000, 4, 1), day);
                    bought(on, EquipmentKind::ALL[kind], cost, ClaimState::ALL[state])
                })
                .collect();
            let b = equipment_balance(&purchases, TODAY);
            prop_assert!((0..=b.limit.0).contains(&b.remaining.0));
        }
    }
}
