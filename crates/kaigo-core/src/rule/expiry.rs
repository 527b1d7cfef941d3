//! How near the end of a certificate is: the ladder of 60, 30 and 0 days.

use jiff::civil::date;

use super::{Dated, at};
use crate::date::{Date, days_until};

/// Days before the end at which a certificate climbs a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// From so many days before the end: renewal can be applied for.
    pub soon: i32,
    /// From so many days before the end: it takes 30 days and more to decide.
    pub urgent: i32,
}

const LADDER_NOW: Ladder = Ladder { soon: 60, urgent: 30 };

/// The ladder. Ours, after the renewal window (施行規則 39条) and the time to decide (法 27条11項).
pub static LADDER: &[Dated<Ladder>] = &[Dated {
    from: date(2000, 4, 1),
    until: None,
    value: LADDER_NOW,
    source: "施行規則39条（60日前から更新申請）・法27条11項（30日以内に認定）にもとづく目安",
}];

/// How near the end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// More than 60 days, or no end.
    Later,
    /// 60 days or fewer.
    Soon,
    /// 30 days or fewer.
    Urgent,
    /// Today is the last day.
    LastDay,
    /// Ended.
    Ended,
}

impl Urgency {
    /// How near the last day of validity is on that day.
    pub fn of(until: Date, today: Date) -> Self {
        let ladder = at(LADDER, today).map_or(LADDER_NOW, |row| row.value);
        match days_left(until, today) {
            ..0 => Self::Ended,
            0 => Self::LastDay,
            left if left <= ladder.urgent => Self::Urgent,
            left if left <= ladder.soon => Self::Soon,
            _ => Self::Later,
        }
    }

    /// Stable name for JSON and styles.
    pub fn code(self) -> &'static str {
        match self {
            Self::Later => "later",
            Self::Soon => "soon",
            Self::Urgent => "urgent",
            Self::LastDay => "last-day",
            Self::Ended => "ended",
        }
    }
}

/// Days left; zero on the last day, negative afterwards.
pub fn days_left(until: Date, today: Date) -> i32 {
    days_until(today, until)
}

/// The days left in words: 「あと9日」「きょうまで」「3日前に切れました」.
pub fn label(until: Date, today: Date) -> String {
    match days_left(until, today) {
        0 => "きょうまで".to_owned(),
        left if left > 0 => format!("あと{left}日"),
        left => format!("{}日前に切れました", left.unsigned_abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::add_days;

    #[test]
    fn steps_of_the_ladder() {
        super::super::well_formed(LADDER);
        let today = date(2026, 11, 22);
        for (left, urgency, words) in [
            (61, Urgency::Later, "あと61日"),
            (60, Urgency::Soon, "あと60日"),
            (31, Urgency::Soon, "あと31日"),
            (30, Urgency::Urgent, "あと30日"),
            (9, Urgency::Urgent, "あと9日"),
            (1, Urgency::Urgent, "あと1日"),
            (0, Urgency::LastDay, "きょうまで"),
            (-1, Urgency::Ended, "1日前に切れました"),
            (-3, Urgency::Ended, "3日前に切れました"),
        ] {
            let until = add_days(today, left);
            assert_eq!(Urgency::of(until, today), urgency, "{left}");
            assert_eq!(label(until, today), words);
            assert_eq!(days_left(until, today), left);
        }
    }
}
