//! Claim presence (請求の有無): standing as 担当事業所 goes on only with continuing service, which shows in continuing claims.
//!
//! A claim counts for its month of service, however late it comes (月遅れ). A claim that was sent back (返戻) shows that there was
//! service, too: it holds the standing for some months, so that it can be sent again. Nothing here ends a standing by an act:
//! it only has a last day, and a later claim moves that day.

use jiff::civil::date;

use super::charge::Grace;
use super::{Dated, at};
use crate::codes;
use crate::date::{Date, add_days, add_months, last_day_of_month};

codes! {
    /// What became of a month's claim of an office for a person (請求の状態). Our own table; the order is the order in time.
    ClaimPresence, "請求の状態", { Claimed = "claimed" "請求あり", Late = "late" "月遅れの請求あり", Returned = "returned" "返戻" }
}

const HOLD_NOW: i32 = 3;

/// Whole months after the month in which a claim was sent back for which it holds the standing.
pub static RETURNED_HOLD: &[Dated<i32>] = &[Dated {
    from: date(2026, 4, 1),
    until: None,
    value: HOLD_NOW,
    source: "推定（公表された数値なし）：返戻の再請求を見こんで、返戻の月の末日から3か月",
}];

const TRACE_NOW: i32 = 30;

/// Months after its last day for which a standing is still looked at: a claim that comes then opens it again.
pub static TRACE: &[Dated<i32>] = &[Dated {
    from: date(2026, 4, 1),
    until: None,
    value: TRACE_NOW,
    source: "介護保険法200条（時効2年）に、請求と審査の6か月を見こむ",
}];

/// What the claims of one office for one person say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// First day of the last month of service with a claim that stands.
    pub claimed: Option<Date>,
    /// First day of the last month in which a claim was sent back that was not sent again.
    pub returned: Option<Date>,
}

/// What the registration says by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registered {
    /// First day.
    pub on: Date,
    /// Last day until which the office kept it by hand, if it did.
    pub kept_until: Option<Date>,
}

/// Last day in charge: the latest of what the registration, the claims and the hand give.
pub fn until(registered: Registered, presence: Presence, grace: Grace) -> Date {
    let after = |day: Date, months: i32| last_day_of_month(add_months(day.first_of_month(), months));
    let since = presence.claimed.map_or(registered.on, |claimed| claimed.max(registered.on));
    let held = presence.returned.map(|month| after(month, hold(month)));
    let all = [Some(after(since, grace.months)), held, registered.kept_until];
    all.into_iter().flatten().max().unwrap_or(since)
}

/// The last day to set where one stands already. Moving on is free; a day that would come sooner (another grace, a claim that was sent
/// back) leaves the office the days of warning, and one that has passed stays as it was.
pub fn settle(standing: Date, rule: Date, today: Date, grace: Grace) -> Date {
    if rule >= standing { rule } else { rule.max(standing.min(add_days(today, grace.warn_days))) }
}

/// The earliest last day that a standing may have to be looked at again on that day.
pub fn traced_from(today: Date) -> Date {
    add_months(today, -at(TRACE, today).map_or(TRACE_NOW, |row| row.value))
}

fn hold(day: Date) -> i32 {
    at(RETURNED_HOLD, day).map_or(HOLD_NOW, |row| row.value)
}

/// Reads a month: `2026-11`, `2026/11`, `202611`. Answers its first day.
pub fn month(text: &str) -> Option<Date> {
    let plain: String = crate::text::halfwidth(text).trim().chars().filter(|c| !matches!(c, '-' | '/')).collect();
    if plain.len() != 6 || !plain.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (year, month) = plain.split_at_checked(4)?;
    Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()
}

/// A month as it stands in files and tables: `2026-11`.
pub fn month_text(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GRACE: Grace = Grace { months: 3, warn_days: 30 };

    fn registered(on: Date) -> Registered {
        Registered { on, kept_until: None }
    }

    fn claimed(month: Date) -> Presence {
        Presence { claimed: Some(month), returned: None }
    }

    #[test]
    fn tables_are_whole() {
        super::super::well_formed(RETURNED_HOLD);
        super::super::well_formed(TRACE);
    }

    #[test]
    fn the_last_month_of_service_counts_and_not_when_its_claim_came() {
        let on = registered(date(2026, 1, 20));
        assert_eq!(until(on, Presence::default(), GRACE), date(2026, 4, 30));
        assert_eq!(until(on, claimed(date(2026, 3, 1)), GRACE), date(2026, 6, 30));
        // Service of a month before the registration was somebody else's business.
        assert_eq!(until(on, claimed(date(2025, 3, 1)), GRACE), date(2026, 4, 30));
    }

    #[test]
    fn a_returned_claim_holds_but_does_not_close() {
        let on = registered(date(2026, 1, 20));
        let returned = Presence { claimed: Some(date(2026, 2, 1)), returned: Some(date(2026, 6, 1)) };
        assert_eq!(until(on, returned, GRACE), date(2026, 9, 30), "until it can have been sent again");
        let old = Presence { claimed: Some(date(2026, 8, 1)), returned: Some(date(2026, 3, 1)) };
        assert_eq!(until(on, old, GRACE), date(2026, 11, 30), "an old one shortens nothing");
    }

    #[test]
    fn what_was_kept_by_hand_stands_at_least_so_long() {
        let kept = Registered { on: date(2026, 1, 20), kept_until: Some(date(2026, 8, 31)) };
        assert_eq!(until(kept, claimed(date(2026, 3, 1)), GRACE), date(2026, 8, 31));
        assert_eq!(until(kept, claimed(date(2026, 7, 1)), GRACE), date(2026, 10, 31));
    }

    #[test]
    fn an_insurer_may_give_more_time() {
        let grace = Grace { months: 6, warn_days: 30 };
        assert_eq!(until(registered(date(2026, 1, 20)), claimed(date(2026, 3, 1)), grace), date(2026, 9, 30));
    }

    #[test]
    fn a_day_that_comes_sooner_leaves_time_for_a_word() {
        let today = date(2026, 11, 22);
        let settled = |standing, rule| settle(standing, rule, today, GRACE);
        assert_eq!(settled(date(2026, 12, 31), date(2027, 3, 31)), date(2027, 3, 31));
        assert_eq!(settled(date(2027, 3, 31), date(2026, 9, 30)), date(2026, 12, 22));
        assert_eq!(settled(date(2026, 12, 10), date(2026, 9, 30)), date(2026, 12, 10), "the same on the next day");
        assert_eq!(settled(date(2026, 10, 31), date(2026, 9, 30)), date(2026, 10, 31), "what has ended is not touched");
        assert_eq!(settled(date(2026, 10, 31), date(2027, 1, 31)), date(2027, 1, 31), "a late claim opens it again");
    }

    #[test]
    fn months_are_read_as_they_are_typed() {
        for text in ["2026-11", "2026/11", "202611", " ２０２６－１１ "] {
            assert_eq!(month(text), Some(date(2026, 11, 1)), "{text}");
        }
        for text in ["2026-13", "26-11", "2026-1", "", "2026年11", "2026-11-01"] {
            assert_eq!(month(text), None, "{text}");
        }
        assert_eq!(month_text(date(2026, 3, 9)), "2026-03");
    }

    fn day() -> impl Strategy<Value = Date> {
        (2024_i16..2030, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| date(y, m, d))
    }

    proptest! {
        /// More claims never shorten: a late one can only move the last day on.
        #[test]
        fn a_further_claim_never_shortens(on in day(), kept in proptest::option::of(day()), a in day(), b in day(), back in proptest::option::of(day())) {
            let registered = Registered { on, kept_until: kept };
            let before = Presence { claimed: Some(a.first_of_month()), returned: back };
            let after = Presence { claimed: Some(a.max(b).first_of_month()), returned: back };
            prop_assert!(until(registered, after, GRACE) >= until(registered, before, GRACE));
            prop_assert!(until(registered, before, GRACE) >= until(registered, Presence::default(), GRACE));
        }

        /// Run twice, nothing more happens.
        #[test]
        fn settling_twice_is_settling_once(standing in day(), rule in day(), today in day()) {
            let once = settle(standing, rule, today, GRACE);
            prop_assert_eq!(settle(once, rule, today, GRACE), once);
        }

        #[test]
        fn months_read_back(day in day()) {
            prop_assert_eq!(month(&month_text(day)), Some(day.first_of_month()));
        }
    }
}
