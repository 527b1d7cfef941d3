//! Figures over cases of certification: how many, how long each step takes, how many within 30 days.
//!
//! Whole numbers only: means and medians are in tenths of a day, shares in tenths of a percent, so that the same cases give
//! the same figures everywhere.

use std::collections::BTreeMap;

use crate::date::{Date, days_until};
use crate::progress::StepKind;

/// The days of one case; nothing else of it is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseDays {
    /// Application.
    pub applied_on: Date,
    /// Survey asked for.
    pub survey_requested_on: Option<Date>,
    /// Survey received.
    pub survey_received_on: Option<Date>,
    /// Opinion asked for.
    pub opinion_requested_on: Option<Date>,
    /// Opinion received.
    pub opinion_received_on: Option<Date>,
    /// Judged by computer.
    pub computed_on: Option<Date>,
    /// Judged by the board.
    pub judged_on: Option<Date>,
    /// Decided.
    pub decided_on: Option<Date>,
    /// Whether it ended with a decision (認定・非該当); 取下げ and 却下 are not counted as decided.
    pub is_decided: bool,
    /// Whether it is still open.
    pub is_open: bool,
}

/// Steps whose time is told, each from a day to a day.
pub const STEPS: [StepKind; 5] =
    [StepKind::Survey, StepKind::Opinion, StepKind::Computed, StepKind::Board, StepKind::Decision];

impl CaseDays {
    /// Days that a step took, if both of its days are known and in order. 一次判定 counts from the later of the two papers;
    /// the decision counts from the application: that is the time of the 30 days.
    pub fn took(&self, step: StepKind) -> Option<i32> {
        let (from, until) = match step {
            StepKind::Received => return None,
            StepKind::Survey => (self.survey_requested_on, self.survey_received_on),
            StepKind::Opinion => (self.opinion_requested_on, self.opinion_received_on),
            StepKind::Computed => (self.survey_received_on.max(self.opinion_received_on), self.computed_on),
            StepKind::Board => (self.computed_on, self.judged_on),
            StepKind::Decision => (Some(self.applied_on), self.decided_on.filter(|_| self.is_decided)),
        };
        let days = days_until(from?, until?);
        (days >= 0).then_some(days)
    }
}

/// Mean and median of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Took {
    /// Cases counted.
    pub count: i32,
    /// Mean, tenths of a day, rounded.
    pub mean: i32,
    /// Median, tenths of a day.
    pub median: i32,
}

/// Mean and median of days; none of nothing.
pub fn took(days: &mut [i32]) -> Option<Took> {
    days.sort_unstable();
    let count = i32::try_from(days.len()).ok().filter(|count| *count > 0)?;
    let sum: i64 = days.iter().copied().map(i64::from).sum();
    let mean = (sum * 10 + i64::from(count) / 2) / i64::from(count);
    let upper = *days.get(days.len() / 2)?;
    let median = if days.len() % 2 == 1 { upper * 10 } else { (days.get(days.len() / 2 - 1)? + upper) * 5 };
    Some(Took { count, mean: i32::try_from(mean).ok()?, median })
}

/// The figures of one month: applications by their day, decisions by theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthFigures {
    /// First day of the month.
    pub month: Date,
    /// Applications of the month.
    pub applied: i32,
    /// Decisions of the month.
    pub decided: i32,
    /// Of these, within 30 days.
    pub within: i32,
    /// Time of the steps of the cases that were decided in the month, in the order of [`STEPS`].
    pub took: Vec<Option<Took>>,
}

impl MonthFigures {
    /// Share decided within 30 days, in tenths of a percent.
    pub fn share(&self) -> Option<i32> {
        share(self.within, self.decided)
    }
}

/// A share in tenths of a percent, rounded; none of nothing.
pub fn share(part: i32, whole: i32) -> Option<i32> {
    let (part, whole) = (i64::from(part), i64::from(whole));
    (whole > 0).then(|| i32::try_from((part * 1000 + whole / 2) / whole).unwrap_or(1000))
}

/// Ages of open cases: up to so many days, counted. The last one has no end.
pub const AGE_BANDS: [(i32, Option<i32>); 5] =
    [(0, Some(14)), (15, Some(23)), (24, Some(30)), (31, Some(60)), (61, None)];

/// All figures of a span of months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Months in order, without gap.
    pub months: Vec<MonthFigures>,
    /// Over all months: time of the steps in the order of [`STEPS`].
    pub took: Vec<Option<Took>>,
    /// Decided, and within 30 days, over all months.
    pub decided: (i32, i32),
    /// Open cases today by [`AGE_BANDS`].
    pub open: [i32; 5],
}

/// Counts cases. Months run from the one of `from` to the one of `until`; cases outside count only while they are open.
pub fn figures(cases: &[CaseDays], from: Date, until: Date, today: Date) -> Figures {
    let mut months: BTreeMap<Date, (MonthFigures, Vec<Vec<i32>>)> = BTreeMap::new();
    let mut month = from.first_of_month();
    while month <= until {
        let figures = MonthFigures { month, applied: 0, decided: 0, within: 0, took: Vec::new() };
        months.insert(month, (figures, vec![Vec::new(); STEPS.len()]));
        month = crate::date::add_months(month, 1);
    }
    let mut open = [0; 5];
    for case in cases {
        if let Some((figures, _)) = months.get_mut(&case.applied_on.first_of_month()) {
            figures.applied += 1;
        }
        if case.is_open {
            let age = days_until(case.applied_on, today).max(0);
            let band = AGE_BANDS.iter().position(|(_, last)| last.is_none_or(|last| age <= last));
            if let Some(count) = band.and_then(|band| open.get_mut(band)) {
                *count += 1;
            }
        }
        let decided = case.decided_on.filter(|_| case.is_decided);
        let Some((figures, days)) = decided.and_then(|on| months.get_mut(&on.first_of_month())) else { continue };
        figures.decided += 1;
        figures.within += i32::from(decided.is_some_and(|on| on <= crate::rule::case::due_on(case.applied_on)));
        for (step, days) in STEPS.iter().zip(days.iter_mut()) {
            days.extend(case.took(*step));
        }
    }
    let mut all: Vec<Vec<i32>> = vec![Vec::new(); STEPS.len()];
    let months: Vec<MonthFigures> = months
        .into_values()
        .map(|(mut figures, mut days)| {
            for (all, days) in all.iter_mut().zip(&days) {
                all.extend(days);
            }
            figures.took = days.iter_mut().map(|days| took(days)).collect();
            figures
        })
        .collect();
    let decided = (months.iter().map(|m| m.decided).sum(), months.iter().map(|m| m.within).sum());
    Figures { took: all.iter_mut().map(|days| took(days)).collect(), months, decided, open }
}

/// Tenths as people read them: `129` → `12.9`.
pub fn tenths(n: i32) -> String {
    let sign = if n < 0 { "-" } else { "" };
    format!("{sign}{}.{}", n.abs() / 10, n.abs() % 10)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::date::add_days;

    fn case(applied_on: Date, decided_on: Option<Date>) -> CaseDays {
        CaseDays {
            applied_on,
            survey_requested_on: Some(applied_on),
            survey_received_on: Some(add_days(applied_on, 8)),
            opinion_requested_on: Some(applied_on),
            opinion_received_on: Some(add_days(applied_on, 13)),
            computed_on: Some(add_days(applied_on, 14)),
            judged_on: decided_on,
            decided_on,
            is_decided: decided_on.is_some(),
            is_open: decided_on.is_none(),
        }
    }

    #[test]
    fn means_and_medians_in_tenths() {
        assert_eq!(took(&mut []), None);
        assert_eq!(took(&mut [7]), Some(Took { count: 1, mean: 70, median: 70 }));
        assert_eq!(took(&mut [10, 1, 2]), Some(Took { count: 3, mean: 43, median: 20 }));
        assert_eq!(took(&mut [10, 1, 2, 3]), Some(Took { count: 4, mean: 40, median: 25 }));
        assert_eq!((tenths(43), tenths(5), tenths(-12)), ("4.3".into(), "0.5".into(), "-1.2".into()));
        assert_eq!((share(1, 3), share(0, 0), share(2, 2)), (Some(333), None, Some(1000)));
    }

    #[test]
    fn cases_count_in_their_months() {
        let (sep, oct) = (date(2026, 9, 20), date(2026, 10, 5));
        let cases = [
            case(sep, Some(date(2026, 10, 20))),
            case(sep, Some(date(2026, 10, 21))),
            case(oct, None),
            case(date(2026, 7, 1), None),
            CaseDays { is_decided: false, ..case(oct, Some(date(2026, 10, 9))) },
        ];
        let all = figures(&cases, date(2026, 9, 1), date(2026, 10, 31), date(2026, 11, 22));
        let counts: Vec<_> = all.months.iter().map(|m| (m.applied, m.decided, m.within, m.share())).collect();
        assert_eq!(counts, [(2, 0, 0, None), (2, 2, 1, Some(500))]);
        assert_eq!(all.decided, (2, 1));
        assert_eq!(all.open, [0, 0, 0, 1, 1], "48 and 144 days");
        let took = all.months[1].took[0].unwrap();
        assert_eq!(took, Took { count: 2, mean: 80, median: 80 });
        assert_eq!(all.took[4].unwrap().mean, 305);
        assert_eq!(all.took[2].unwrap().mean, 10, "from the later of the two papers");
    }

    proptest! {
        #[test]
        fn a_median_lies_between(mut days in proptest::collection::vec(0..400_i32, 1..40)) {
            let t = took(&mut days).unwrap();
            let (low, high) = (days[0] * 10, days[days.len() - 1] * 10);
            prop_assert!((low..=high).contains(&t.median) && (low..=high).contains(&t.mean));
        }
    }
}
