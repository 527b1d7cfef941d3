//! By when a 届出 of the care plan's maker is to be filed, and what follows if it comes later.
//!
//! The law knows no day; municipalities set their own (before the first use, the end of the month, the last opening day
//! less one, two weeks after the result). So the day is a setting of the insurer, and the default is the strictest one that
//! several municipalities publish.

use jiff::civil::{Weekday, date};

use super::Dated;
use crate::date::{Date, add_days, add_months, last_day_of_month, seireki};

/// By when a notice is to be filed (届出の期限).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FilingDeadline {
    /// Before the first use: on the first day at the latest.
    #[default]
    BeforeUse,
    /// By the last day of the month of the first use.
    MonthEnd,
    /// By the last opening day (weekday) of that month, less so many opening days.
    MonthEndMinus(i32),
    /// Within so many days after the result of a pending application; without one by the end of the month.
    DaysAfterResult(i32),
}

/// What holds where an insurer has set nothing.
pub static FILING: &[Dated<FilingDeadline>] = &[Dated {
    from: date(2000, 4, 1),
    until: None,
    value: FilingDeadline::BeforeUse,
    source: "推定（法に期限の定めなし。利用開始前に届け出るよう案内する市町村が多い）",
}];

impl FilingDeadline {
    /// As it stands in the insurer's settings: `before-use`, `month-end`, `month-end-minus-1`, `days-after-result:14`.
    pub fn code(self) -> String {
        match self {
            Self::BeforeUse => "before-use".to_owned(),
            Self::MonthEnd => "month-end".to_owned(),
            Self::MonthEndMinus(days) => format!("month-end-minus-{days}"),
            Self::DaysAfterResult(days) => format!("days-after-result:{days}"),
        }
    }

    /// Reads [`FilingDeadline::code`]; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let days = |text: &str| text.parse::<i32>().ok().filter(|days| (0..=90).contains(days));
        match text.trim() {
            "before-use" => Some(Self::BeforeUse),
            "month-end" => Some(Self::MonthEnd),
            other => match (other.strip_prefix("month-end-minus-"), other.strip_prefix("days-after-result:")) {
                (Some(rest), _) => days(rest).filter(|days| *days <= 20).map(Self::MonthEndMinus),
                (None, Some(rest)) => days(rest).map(Self::DaysAfterResult),
                (None, None) => None,
            },
        }
    }

    /// The rule in a sentence.
    pub fn say(self) -> String {
        match self {
            Self::BeforeUse => "サービスを使いはじめる日までに届け出ます。".to_owned(),
            Self::MonthEnd => "サービスを使いはじめる月の末日までに届け出ます。".to_owned(),
            Self::MonthEndMinus(0) => "サービスを使いはじめる月の、最後の開庁日までに届け出ます。".to_owned(),
            Self::MonthEndMinus(days) => {
                format!("サービスを使いはじめる月の、最後の開庁日の{days}日前（開庁日で数えて）までに届け出ます。")
            }
            Self::DaysAfterResult(days) => format!(
                "認定の申請中のときは、結果が出てから{days}日以内に届け出ます。認定があるときは、使いはじめる月の末日までに届け出ます。"
            ),
        }
    }

    /// The last day for a notice whose plan starts on `start`; `None` while it hangs on a result that is not there yet.
    ///
    /// `result`: the pending application's decision, if one is pending; inside it the day, if it is decided.
    pub fn last_day(self, start: Date, result: Option<Option<Date>>) -> Option<Date> {
        match self {
            Self::BeforeUse => Some(start),
            Self::MonthEnd => Some(last_day_of_month(start)),
            Self::MonthEndMinus(days) => Some(opening_day_before(last_day_of_month(start), days)),
            Self::DaysAfterResult(days) => match result {
                None => Some(last_day_of_month(start)),
                Some(decided) => decided.map(|on| add_days(on, days).max(last_day_of_month(start))),
            },
        }
    }
}

/// The last weekday on or before the day, and then so many weekdays earlier. Holidays are not known here.
fn opening_day_before(day: Date, minus: i32) -> Date {
    let is_open = |day: Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let (mut day, mut left) = (day, minus);
    loop {
        if is_open(day) {
            if left <= 0 {
                return day;
            }
            left -= 1;
        }
        match day.yesterday() {
            Ok(before) => day = before,
            Err(_) => return day,
        }
    }
}

/// How a notice stands to its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeliness {
    /// In time; the last day.
    InTime(Date),
    /// In time: its last day is counted from a result that is not there yet.
    Open,
    /// Late since that day, but in the month of the start: the first bill can still be in time.
    LateSameMonth(Date),
    /// Late, and the month of the start is over.
    LateNextMonth(Date),
}

impl Timeliness {
    /// How a notice that is filed on `filed` stands to the rule.
    pub fn of(rule: FilingDeadline, start: Date, result: Option<Option<Date>>, filed: Date) -> Self {
        match rule.last_day(start, result) {
            None => Self::Open,
            Some(last) if filed <= last => Self::InTime(last),
            Some(last) if filed <= last_day_of_month(start) => Self::LateSameMonth(last),
            Some(last) => Self::LateNextMonth(last),
        }
    }

    /// Whether it is late.
    pub fn is_late(self) -> bool {
        match self {
            Self::InTime(_) | Self::Open => false,
            Self::LateSameMonth(_) | Self::LateNextMonth(_) => true,
        }
    }

    /// The last day, if it is known.
    pub fn last_day(self) -> Option<Date> {
        match self {
            Self::InTime(last) | Self::LateSameMonth(last) | Self::LateNextMonth(last) => Some(last),
            Self::Open => None,
        }
    }

    /// What follows, each a sentence; nothing if it is in time.
    pub fn consequences(self, start: Date) -> Vec<String> {
        match self {
            Self::InTime(_) | Self::Open => Vec::new(),
            Self::LateSameMonth(_) => vec![
                "届出の日より前に使ったサービスは、いったん全額を自分で払い、あとで市町村に請求する扱い（償還払い）になることがあります。".to_owned(),
                "届出の日より前の期間は、自己作成の扱いになることがあります。".to_owned(),
            ],
            Self::LateNextMonth(_) => vec![
                "届出の日より前に使ったサービスは、いったん全額を自分で払い、あとで市町村に請求する扱い（償還払い）になることがあります。".to_owned(),
                "届出の日より前の期間は、自己作成の扱いになることがあります。".to_owned(),
                format!(
                    "{}月分の給付管理票は{}までに出せず、請求が1か月おくれます（月遅れ）。",
                    start.month(),
                    seireki(add_days(last_day_of_month(start), 10))
                ),
            ],
        }
    }
}

/// The month after the start in which the first bill is sent, if the notice is registered in time.
pub fn first_bill(start: Date) -> Date {
    add_months(start.first_of_month(), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_written_and_read() {
        super::super::well_formed(FILING);
        for rule in [
            FilingDeadline::BeforeUse,
            FilingDeadline::MonthEnd,
            FilingDeadline::MonthEndMinus(1),
            FilingDeadline::DaysAfterResult(14),
        ] {
            assert_eq!(FilingDeadline::parse(&rule.code()), Some(rule));
            assert!(rule.say().ends_with('。'));
        }
        for bad in
            ["", "month-end-minus-", "month-end-minus--1", "month-end-minus-40", "days-after-result:900", "before"]
        {
            assert_eq!(FilingDeadline::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn last_days() {
        let start = date(2026, 10, 12);
        // 2026-10-31 is a Saturday.
        for (rule, result, want) in [
            (FilingDeadline::BeforeUse, None, Some(start)),
            (FilingDeadline::MonthEnd, None, Some(date(2026, 10, 31))),
            (FilingDeadline::MonthEndMinus(0), None, Some(date(2026, 10, 30))),
            (FilingDeadline::MonthEndMinus(1), None, Some(date(2026, 10, 29))),
            (FilingDeadline::DaysAfterResult(14), None, Some(date(2026, 10, 31))),
            (FilingDeadline::DaysAfterResult(14), Some(None), None),
            (FilingDeadline::DaysAfterResult(14), Some(Some(date(2026, 11, 5))), Some(date(2026, 11, 19))),
            (FilingDeadline::DaysAfterResult(14), Some(Some(date(2026, 10, 1))), Some(date(2026, 10, 31))),
        ] {
            assert_eq!(rule.last_day(start, result), want, "{rule:?} {result:?}");
        }
        assert_eq!(FilingDeadline::MonthEndMinus(1).last_day(Date::MIN, None), Some(date(-9999, 1, 30)));
    }

    #[test]
    fn lateness_costs() {
        let start = date(2026, 10, 12);
        let on = |day| Timeliness::of(FilingDeadline::BeforeUse, start, None, day);
        assert_eq!(on(start), Timeliness::InTime(start));
        assert_eq!(on(date(2026, 10, 13)), Timeliness::LateSameMonth(start));
        assert_eq!(on(date(2026, 11, 1)), Timeliness::LateNextMonth(start));
        assert!(on(start).consequences(start).is_empty());
        assert_eq!(on(date(2026, 10, 31)).consequences(start).len(), 2);
        let late = on(date(2026, 11, 1)).consequences(start);
        assert!(late.iter().any(|say| say.contains("償還払い")) && late.iter().any(|say| say.contains("自己作成")));
        assert!(late.iter().any(|say| say.contains("月遅れ") && say.contains("2026年11月10日")));
        assert_eq!(
            Timeliness::of(FilingDeadline::DaysAfterResult(14), start, Some(None), date(2027, 1, 1)),
            Timeliness::Open
        );
        assert_eq!(first_bill(date(2026, 12, 31)), date(2027, 1, 1));
    }
}
