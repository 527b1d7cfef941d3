//! A request for an opinion (主治医意見書作成依頼, 介護保険法27条3項): how far it is, its class, its dates.

use jiff::civil::date;

use crate::codes;
use crate::date::{Date, add_days};
use crate::rule::{Dated, at};

codes! {
    /// How far a request is. Our own table.
    State, "意見書依頼の状態", {
        Requested = "requested" "依頼中",
        Submitted = "submitted" "提出済み（確認待ち）",
        Returned = "returned" "差戻し",
        Accepted = "accepted" "受理",
        Declined = "declined" "書けないと返答",
        Cancelled = "cancelled" "取消し",
    }
}

impl State {
    /// Whether the institution is to write.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Returned)
    }

    /// Whether nothing more comes of it.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Accepted | Self::Declined | Self::Cancelled)
    }
}

codes! {
    /// First opinion or a further one: half of the class of the fee (意見書の区分).
    CountKind, "意見書の新規・継続", {
        First = "first" "新規",
        Again = "again" "継続",
    }
}

codes! {
    /// Where the person lives: the other half of the class of the fee.
    PlaceKind, "意見書の在宅・施設", {
        Home = "home" "在宅",
        Facility = "facility" "施設",
    }
}

/// How long an institution sees a person it was asked about, in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// From the request on, as long as it is not answered.
    pub open: i32,
    /// After the opinion was accepted, to look at the receipt.
    pub after: i32,
}

const SIGHT_NOW: Sight = Sight { open: 180, after: 30 };

/// How long an institution sees a person.
pub static SIGHT: &[Dated<Sight>] = &[Dated {
    from: date(2026, 4, 1),
    until: None,
    value: SIGHT_NOW,
    source: "推定（本システムのきまり）：依頼から180日、受理のあと30日。国の資料は「作成依頼があること」だけをいう",
}];

/// The last day on which the institution sees the person, for a request that reaches a state today.
pub fn closes_on(state: State, requested_on: Date, today: Date) -> Date {
    let sight = at(SIGHT, today).map_or(SIGHT_NOW, |row| row.value);
    match state {
        State::Requested | State::Submitted | State::Returned => add_days(requested_on, sight.open).max(today),
        State::Accepted => add_days(today, sight.after),
        // From this moment on.
        State::Declined | State::Cancelled => add_days(today, -1),
    }
}

/// The due day of a request: so many days after it, at least the next day.
pub fn due_on(requested_on: Date, usual_days: Option<i32>) -> Date {
    add_days(requested_on, usual_days.unwrap_or(13).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sight_ends_at_once_when_nothing_more_is_asked() {
        crate::rule::well_formed(SIGHT);
        let (asked, today) = (date(2026, 11, 1), date(2026, 11, 22));
        assert_eq!(closes_on(State::Requested, asked, today), date(2027, 4, 30));
        assert_eq!(closes_on(State::Returned, date(2026, 1, 1), today), today);
        assert_eq!(closes_on(State::Accepted, asked, today), date(2026, 12, 22));
        for state in [State::Cancelled, State::Declined] {
            assert!(closes_on(state, asked, today) < today && state.is_over() && !state.is_open());
        }
        assert_eq!(due_on(asked, None), date(2026, 11, 14));
        assert_eq!(due_on(asked, Some(0)), date(2026, 11, 2));
        assert!(State::ALL.iter().all(|state| State::parse(state.code()) == Ok(*state)));
    }
}
