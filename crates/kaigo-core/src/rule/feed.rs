//! When a municipality's full feed stops before it is taken: too many records are missing or blank.
//!
//! Guards against a cut-off or wrong file wiping records out. Ours, not national.

use jiff::civil::date;

use super::{Dated, at};
use crate::date::Date;

/// How much a full feed may drop or blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Share of the records of a kind, in thousandths.
    pub permille: u64,
    /// So many may always go, however few there are.
    pub at_least: u64,
}

const LOSS_NOW: Loss = Loss { permille: 50, at_least: 3 };

/// The share a full feed may lose.
pub static LOSS: &[Dated<Loss>] = &[Dated {
    from: date(2026, 4, 1),
    until: None,
    value: LOSS_NOW,
    source: "本システムのきまり：種類ごとに5%まで（3件までは割合によらず可）",
}];

/// How many of `before` records a full feed may drop or blank without a person's word.
pub fn allowed_loss(before: u64, day: Date) -> u64 {
    let loss = at(LOSS, day).map_or(LOSS_NOW, |row| row.value);
    (before.saturating_mul(loss.permille) / 1000).max(loss.at_least)
}

/// Whether the feed stops: more than the allowed number would be dropped or blanked.
pub fn stops(before: u64, lost: u64, day: Date) -> bool {
    lost > allowed_loss(before, day)
}

/// How old the last feed of a kind may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fresh {
    /// Days after which somebody should look.
    pub warn_days: i32,
    /// Days after which offices see old records.
    pub late_days: i32,
}

/// How old the last feed may be before its page says so.
pub static FRESH: &[Dated<Fresh>] = &[Dated {
    from: date(2026, 4, 1),
    until: None,
    value: Fresh { warn_days: 4, late_days: 14 },
    source: "推定（公表された間隔なし）：毎日の取込を前提に、連休をはさんでも4日まで",
}];

/// How the last feed of a kind stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// In time.
    Fresh,
    /// Somebody should look.
    Old,
    /// Far too old.
    Late,
}

impl Freshness {
    /// The state after so many days.
    pub fn of(days: i32, today: Date) -> Self {
        let fresh = at(FRESH, today).map_or(Fresh { warn_days: 4, late_days: 14 }, |row| row.value);
        if days > fresh.late_days {
            Self::Late
        } else if days > fresh.warn_days {
            Self::Old
        } else {
            Self::Fresh
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_grow_old_after_four_days_and_late_after_fourteen() {
        super::super::well_formed(FRESH);
        let day = date(2026, 11, 22);
        let states = [0, 4, 5, 14, 15].map(|days| Freshness::of(days, day));
        assert_eq!(states, [Freshness::Fresh, Freshness::Fresh, Freshness::Old, Freshness::Old, Freshness::Late]);
    }

    #[test]
    fn five_percent_and_never_fewer_than_three() {
        super::super::well_formed(LOSS);
        let day = date(2026, 11, 22);
        for (before, lost, want) in [
            (0, 0, false),
            (2, 2, false),
            (10, 3, false),
            (10, 4, true),
            (1000, 50, false),
            (1000, 51, true),
            (1019, 50, false),
            (u64::MAX, 1, false),
        ] {
            assert_eq!(stops(before, lost, day), want, "{before} {lost}");
        }
    }
}
