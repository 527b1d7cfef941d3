//! ライセンス of ケアプランデータ連携: one for each office number, a year each; what it costs on which day.

use jiff::civil::date;

use crate::date::{Date, add_days, add_months, days_until};
use crate::rule::{Dated, at};

/// What a licence costs that begins on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fee {
    /// So many yen a year, tax included.
    Yearly(u32),
    /// Nothing, for a year from the application (フリーパスキャンペーン).
    Campaign,
    /// No licence is needed any more.
    Ended,
}

impl Fee {
    /// Yen of a licence that begins under it.
    pub fn yen(self) -> u32 {
        match self {
            Self::Yearly(yen) => yen,
            Self::Campaign | Self::Ended => 0,
        }
    }

    /// Stable code, kept with each licence.
    pub fn code(self) -> &'static str {
        match self {
            Self::Yearly(_) => "yearly",
            Self::Campaign => "campaign",
            Self::Ended => "ended",
        }
    }
}

/// The fee by the first day of the licence.
pub static FEES: &[Dated<Fee>] = &[
    Dated {
        from: date(2023, 4, 20),
        until: Some(date(2025, 5, 31)),
        value: Fee::Yearly(21_000),
        source: "ケアプランデータ連携システム 利用料（1事業所番号につき年21,000円、税込）",
    },
    Dated {
        from: date(2025, 6, 1),
        until: Some(date(2026, 12, 31)),
        value: Fee::Campaign,
        source: "フリーパスキャンペーン（2025年6月1日から、介護情報基盤への統合日まで。1年間無料）",
    },
    Dated {
        from: date(2027, 1, 1),
        until: None,
        value: Fee::Ended,
        source: "介護情報基盤への統合後は、事業所の利用料なし（統合日は2027年1月予定・確定日は未公表のため、1月1日は推定）",
    },
];

/// Days before its end from which a licence is said to end soon. 推定: the same as for certificates.
pub const SOON_DAYS: i32 = 90;
/// Days before its end on which a licence renews itself. 推定.
pub const RENEW_DAYS: i32 = 30;

/// The fee of a licence that begins on that day; none before the service began.
pub fn fee(day: Date) -> Option<&'static Dated<Fee>> {
    at(FEES, day)
}

/// Last day of a licence that begins on that day: a year. No longer than a licence is needed at all.
pub fn last_day(from: Date) -> Date {
    let year = add_days(add_months(from, 12), -1);
    let ended = FEES.iter().find(|row| row.value == Fee::Ended).map(|row| row.from);
    match ended {
        Some(ended) if from < ended && ended <= year => add_days(ended, -1),
        Some(_) | None => year,
    }
}

/// How an office stands with its licence on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// None is needed any more, since that day.
    NotNeeded {
        /// First day without.
        since: Date,
    },
    /// Valid until that day.
    Valid {
        /// Last day.
        until: Date,
    },
    /// Valid, and its end is near.
    Soon {
        /// Last day.
        until: Date,
    },
    /// The last one has ended.
    Ended {
        /// Last day.
        on: Date,
    },
    /// There never was one.
    None,
}

/// How an office stands, from the periods of its licences.
pub fn standing(periods: &[(Date, Date)], today: Date) -> Standing {
    if let Some(row) = fee(today)
        && row.value == Fee::Ended
    {
        return Standing::NotNeeded { since: row.from };
    }
    let last = periods.iter().map(|(_, until)| *until).max();
    let valid = periods.iter().any(|(from, until)| *from <= today && today <= *until);
    match last {
        None => Standing::None,
        Some(until) if valid && days_until(today, until) > SOON_DAYS => Standing::Valid { until },
        Some(until) if valid => Standing::Soon { until },
        Some(on) => Standing::Ended { on },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::well_formed;

    #[test]
    fn fees_are_dated_and_end_with_the_move() {
        well_formed(FEES);
        assert_eq!(fee(date(2023, 4, 19)), None);
        assert_eq!(fee(date(2025, 5, 31)).unwrap().value.yen(), 21_000);
        assert_eq!(fee(date(2025, 6, 1)).unwrap().value, Fee::Campaign);
        assert_eq!(fee(date(2026, 12, 31)).unwrap().value.yen(), 0);
        assert_eq!(fee(date(2027, 1, 1)).unwrap().value, Fee::Ended);
    }

    #[test]
    fn a_licence_lasts_a_year_or_until_none_is_needed() {
        assert_eq!(last_day(date(2024, 3, 1)), date(2025, 2, 28));
        assert_eq!(last_day(date(2025, 6, 1)), date(2026, 5, 31));
        assert_eq!(last_day(date(2026, 11, 22)), date(2026, 12, 31));
    }

    #[test]
    fn standings() {
        let one = [(date(2025, 6, 1), date(2026, 5, 31))];
        assert_eq!(standing(&[], date(2026, 5, 1)), Standing::None);
        assert_eq!(standing(&one, date(2026, 2, 1)), Standing::Valid { until: date(2026, 5, 31) });
        assert_eq!(standing(&one, date(2026, 3, 2)), Standing::Soon { until: date(2026, 5, 31) });
        assert_eq!(standing(&one, date(2026, 6, 1)), Standing::Ended { on: date(2026, 5, 31) });
        assert_eq!(standing(&one, date(2027, 1, 1)), Standing::NotNeeded { since: date(2027, 1, 1) });
    }
}
