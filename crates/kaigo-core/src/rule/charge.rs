//! How long an office stays in charge of a person (担当事業所) without a claim for them.
//!
//! The national notices say that being in charge ends without use, not after how long: the numbers are inferred.

use jiff::civil::date;

use super::{Dated, at};
use crate::date::{Date, add_days, add_months, last_day_of_month};

/// How long being in charge stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grace {
    /// Whole months after the month of registration or of the last claim.
    pub months: i32,
    /// Days before the end from which the office is warned.
    pub warn_days: i32,
}

const GRACE_NOW: Grace = Grace { months: 3, warn_days: 30 };

/// The default grace. An operator may set another one.
pub static GRACE: &[Dated<Grace>] = &[Dated {
    from: date(2026, 4, 1),
    until: None,
    value: GRACE_NOW,
    source: "推定（公表された数値なし）：登録月の末日から3か月、30日前に知らせる",
}];

const SETTLEMENT_NOW: i32 = 6;

/// Months after the loss of the qualification in which an office may still look, to settle claims.
pub static SETTLEMENT: &[Dated<i32>] = &[Dated {
    from: date(2026, 4, 1),
    until: None,
    value: SETTLEMENT_NOW,
    source: "推定（公表された数値なし）：月遅れの請求を見こんで6か月",
}];

/// Whether the time for settling claims after the loss of the qualification is over on that day.
pub fn is_settled(lost_on: Date, today: Date) -> bool {
    settled_until(lost_on) < today
}

/// Last day of the time for settling claims after the loss of the qualification.
pub fn settled_until(lost_on: Date) -> Date {
    add_months(lost_on, at(SETTLEMENT, lost_on).map_or(SETTLEMENT_NOW, |row| row.value))
}

/// Whether an office is still in charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChargeState {
    /// In charge.
    Stands,
    /// In charge, ends within the days of warning.
    EndsSoon,
    /// Not in charge any more.
    Ended,
}

/// Last day in charge: the end of the third month after that of the registration or of the last claim, whichever is later.
///
/// `last_claim` is any day of the month of service that was claimed last.
pub fn stands_until(registered_on: Date, last_claim: Option<Date>) -> Date {
    let since = last_claim.map_or(registered_on, |claim| claim.max(registered_on));
    last_day_of_month(add_months(since.first_of_month(), grace(since).months))
}

impl ChargeState {
    /// The state on that day of a charge that stands until `until` (from [`stands_until`]).
    pub fn of(until: Date, today: Date) -> Self {
        if today > until {
            Self::Ended
        } else if today >= add_days(until, -grace(today).warn_days) {
            Self::EndsSoon
        } else {
            Self::Stands
        }
    }
}

/// The default grace on that day.
pub fn grace(day: Date) -> Grace {
    at(GRACE, day).map_or(GRACE_NOW, |row| row.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charge_ends_after_three_months_without_claims() {
        super::super::well_formed(GRACE);
        let registered = date(2026, 8, 10);
        assert_eq!(stands_until(registered, None), date(2026, 11, 30));
        assert_eq!(stands_until(registered, Some(date(2026, 10, 1))), date(2027, 1, 31));
        assert_eq!(stands_until(registered, Some(date(2026, 1, 1))), date(2026, 11, 30));
        assert_eq!(stands_until(date(2026, 8, 31), None), date(2026, 11, 30));
        let until = date(2026, 11, 30);
        assert_eq!(ChargeState::of(until, date(2026, 10, 30)), ChargeState::Stands);
        assert_eq!(ChargeState::of(until, date(2026, 10, 31)), ChargeState::EndsSoon);
        assert_eq!(ChargeState::of(until, until), ChargeState::EndsSoon);
        assert_eq!(ChargeState::of(until, date(2026, 12, 1)), ChargeState::Ended);
    }
}
