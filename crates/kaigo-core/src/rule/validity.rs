//! Validity of a certification (認定有効期間), 介護保険法施行規則 38条・52条.

use jiff::civil::date;

use super::{Dated, at};
use crate::code::ApplicationKind;
use crate::date::{Date, add_days, add_months, days_until, last_day_of_month};

/// The case that decides how many months a certification may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValidityCase {
    /// 新規, and 転入 (inferred).
    New,
    /// 区分変更, and 職権 (inferred).
    Change,
    /// 更新, same level as before.
    RenewalSame,
    /// 更新, other level than before, also 要支援 to 要介護 and back.
    RenewalDifferent,
}

impl ValidityCase {
    /// The case of an application whose result is, or is not, the level before.
    pub fn of(kind: ApplicationKind, same_level: bool) -> Self {
        match kind {
            ApplicationKind::New | ApplicationKind::MovedIn => Self::New,
            ApplicationKind::Change | ApplicationKind::ExOfficio => Self::Change,
            ApplicationKind::Renewal if same_level => Self::RenewalSame,
            ApplicationKind::Renewal => Self::RenewalDifferent,
        }
    }
}

/// Months of validity: what is usual and what is allowed. Municipalities may have narrower rules of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Months {
    /// What holds if the board says nothing.
    pub usual: i32,
    /// Fewest months.
    pub min: i32,
    /// Most months.
    pub max: i32,
}

/// Months by case, for applications on the days of the row.
pub static MONTHS: &[Dated<&[(ValidityCase, Months)]>] = &[Dated {
    from: date(2021, 4, 1),
    until: None,
    value: &[
        (ValidityCase::New, Months { usual: 6, min: 3, max: 12 }),
        (ValidityCase::Change, Months { usual: 6, min: 3, max: 12 }),
        (ValidityCase::RenewalSame, Months { usual: 12, min: 3, max: 48 }),
        (ValidityCase::RenewalDifferent, Months { usual: 12, min: 3, max: 36 }),
    ],
    source: "介護保険法施行規則 38条・41条・52条・55条（令和3年4月1日の申請から）",
}];

/// Days before the end of validity from which a renewal can be applied for.
pub static RENEWAL_WINDOW: &[Dated<i32>] =
    &[Dated { from: date(2000, 4, 1), until: None, value: 60, source: "介護保険法施行規則 39条・54条" }];

/// Months of validity for an application on that day.
pub fn months(case: ValidityCase, applied_on: Date) -> Option<Months> {
    at(MONTHS, applied_on)?.value.iter().find(|(row, _)| *row == case).map(|(_, months)| *months)
}

/// First day of validity: the day of the application; a renewal starts the day after the period before.
///
/// A renewal without a known period before starts like a new one.
pub fn start_of_period(kind: ApplicationKind, applied_on: Date, previous_end: Option<Date>) -> Date {
    match (kind, previous_end) {
        (ApplicationKind::Renewal, Some(end)) => add_days(end, 1),
        (
            ApplicationKind::Renewal
            | ApplicationKind::New
            | ApplicationKind::Change
            | ApplicationKind::ExOfficio
            | ApplicationKind::MovedIn,
            _,
        ) => applied_on,
    }
}

/// Last day of validity: always the end of a month. A month that is begun after its first day comes on top.
pub fn end_of_period(start: Date, months: i32) -> Date {
    let whole = if start.day() == 1 { months.saturating_sub(1) } else { months };
    last_day_of_month(add_months(last_day_of_month(start).first_of_month(), whole))
}

/// First day on which a renewal can be applied for: 60 days before the last day of validity.
pub fn renewal_opens(valid_until: Date) -> Date {
    let days = at(RENEWAL_WINDOW, valid_until).map_or(60, |row| row.value);
    add_days(valid_until, -days)
}

/// Whether a renewal can be applied for on that day: from 60 days before the last day until that day.
pub fn can_renew(valid_until: Date, today: Date) -> bool {
    renewal_opens(valid_until) <= today && days_until(today, valid_until) >= 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn periods_end_with_a_month() {
        super::super::well_formed(MONTHS);
        super::super::well_formed(RENEWAL_WINDOW);
        for (start, months, want) in [
            (date(2026, 11, 22), 6, date(2027, 5, 31)),
            (date(2026, 11, 1), 6, date(2027, 4, 30)),
            (date(2026, 8, 31), 6, date(2027, 2, 28)),
            (date(2027, 8, 31), 6, date(2028, 2, 29)),
            (date(2026, 12, 1), 12, date(2027, 11, 30)),
            (date(2026, 12, 1), 48, date(2030, 11, 30)),
            (date(2026, 1, 31), 3, date(2026, 4, 30)),
        ] {
            assert_eq!(end_of_period(start, months), want, "{start} {months}");
        }
    }

    #[test]
    fn renewal_follows_on() {
        let end = date(2026, 11, 30);
        let start = start_of_period(ApplicationKind::Renewal, date(2026, 10, 5), Some(end));
        assert_eq!(start, date(2026, 12, 1));
        assert_eq!(start_of_period(ApplicationKind::Change, date(2026, 10, 5), Some(end)), date(2026, 10, 5));
        assert_eq!(start_of_period(ApplicationKind::Renewal, date(2026, 10, 5), None), date(2026, 10, 5));
        assert_eq!(renewal_opens(end), date(2026, 10, 1));
        assert!(!can_renew(end, date(2026, 9, 30)));
        assert!(can_renew(end, date(2026, 10, 1)));
        assert!(can_renew(end, end));
        assert!(!can_renew(end, date(2026, 12, 1)));
    }

    #[test]
    fn months_by_case() {
        let day = date(2026, 11, 22);
        let of = |kind, same| months(ValidityCase::of(kind, same), day).unwrap();
        assert_eq!(of(ApplicationKind::New, false), Months { usual: 6, min: 3, max: 12 });
        assert_eq!(of(ApplicationKind::Change, true).max, 12);
        assert_eq!(of(ApplicationKind::Renewal, true).max, 48);
        assert_eq!(of(ApplicationKind::Renewal, false).max, 36);
        assert_eq!(months(ValidityCase::New, date(2021, 3, 31)), None);
    }

    proptest! {
        #[test]
        fn a_period_has_as_many_months_as_said(day in 0..20_000_i32, months in 1..=48_i32) {
            let start = add_days(date(2000, 4, 1), day);
            let end = end_of_period(start, months);
            prop_assert_eq!(end, last_day_of_month(end));
            prop_assert!(end >= last_day_of_month(add_months(start, months - 1)));
            prop_assert!(end < add_months(start, months + 1));
        }
    }
}
