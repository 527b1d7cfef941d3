//! Dates: 西暦 and 和暦 in every spelling that people type, periods, months, ages.

use jiff::civil::{Weekday, date};

pub use jiff::civil::Date;

use crate::layout::{BadCell, Cell, Field, Shape};

impl Field for Date {
    fn read(&mut self, text: &str) -> Result<(), BadCell> {
        *self = parse_date(text).ok_or(BadCell::Date)?;
        Ok(())
    }

    fn load(&mut self, cell: Cell<'_>) -> Result<(), BadCell> {
        match cell {
            Cell::Text(text) => {
                *self = iso(&text).ok_or(BadCell::Stored)?;
                Ok(())
            }
            Cell::Null | Cell::Int(_) => Err(BadCell::Stored),
        }
    }

    fn cell(&self) -> Cell<'_> {
        Cell::Text(self.to_string().into())
    }

    fn shape() -> Shape {
        Shape::Date
    }
}

/// `YYYY-MM-DD` exactly.
pub fn iso(text: &str) -> Option<Date> {
    let b = text.as_bytes();
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = b else {
        return None;
    };
    let n =
        |digits: &[u8]| digits.iter().try_fold(0_i16, |n, d| d.is_ascii_digit().then(|| n * 10 + i16::from(d - b'0')));
    let year = n(&[*y1, *y2, *y3, *y4])?;
    let month = i8::try_from(n(&[*m1, *m2])?).ok()?;
    let day = i8::try_from(n(&[*d1, *d2])?).ok()?;
    Date::new(year, month, day).ok()
}

/// `YYYYMMDD` exactly, as interchange files write it.
fn compact(text: &str) -> Option<Date> {
    let [y1, y2, y3, y4, m1, m2, d1, d2] = text.as_bytes() else {
        return None;
    };
    let n =
        |digits: &[u8]| digits.iter().try_fold(0_i16, |n, d| d.is_ascii_digit().then(|| n * 10 + i16::from(d - b'0')));
    let month = i8::try_from(n(&[*m1, *m2])?).ok()?;
    let day = i8::try_from(n(&[*d1, *d2])?).ok()?;
    Date::new(n(&[*y1, *y2, *y3, *y4])?, month, day).ok()
}

/// Reads a date in any spelling people use: `1940-03-02`, `1940/3/2`, `1940.3.2`, `19400302`, `1940年3月2日`,
/// `昭和15年3月2日`, `昭15.3.2`, `S15.3.2`, `s15/3/2`, `S150302`, `昭和元年12月25日`; full width and spaces too.
///
/// A day outside its era is refused (`昭和64年1月8日`), as is a year of two digits without an era.
/// ISO and `YYYYMMDD` are read without allocation.
pub fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Some(date) = iso(text).or_else(|| compact(text)) {
        return Some(date);
    }
    let plain = crate::text::halfwidth(text);
    if let Some(date) = compact(&plain) {
        return Some(date);
    }
    let (era, rest) = split_era(&plain);
    let (year, month, day) = parts(rest, era.is_some())?;
    let month = i8::try_from(month).ok()?;
    let day = i8::try_from(day).ok()?;
    match era {
        Some(era) => {
            let date = Date::new(era.first.year().checked_add(year)?.checked_sub(1)?, month, day).ok()?;
            (era_of(date)?.name == era.name).then_some(date)
        }
        None => Date::new(year, month, day).ok(),
    }
}

/// Whether the text is the open end of an interchange period (`99999999`, `999999`): not a date, but "no end".
pub fn is_open_end(text: &str) -> bool {
    let plain = crate::text::halfwidth(text);
    let digits = plain.chars().filter(|c| !matches!(c, '-' | '/' | '.')).count();
    matches!(digits, 6 | 8) && plain.chars().all(|c| matches!(c, '9' | '-' | '/' | '.'))
}

/// 和暦 as the certificates print it: `昭和15年3月2日`, the first year as 元年. Before 明治 the 西暦.
pub fn wareki(date: Date) -> String {
    match era_year(date) {
        Some(year) => format!("{year}{}月{}日", date.month(), date.day()),
        None => seireki(date),
    }
}

/// 西暦 with kanji: `1940年3月2日`.
pub fn seireki(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// Both calendars: `1940年（昭和15年）3月2日`.
pub fn both(date: Date) -> String {
    match era_year(date) {
        Some(year) => format!("{}年（{year}）{}月{}日", date.year(), date.month(), date.day()),
        None => seireki(date),
    }
}

/// Age in full years (満年齢) on that day, counted by birthdays, for display; zero before birth.
///
/// A right that depends on age starts a day earlier (年齢計算ニ関スル法律: the age is reached at the end of the day
/// before the birthday), so 資格取得 is taken from the records, never computed from this.
pub fn age_on(born: Date, day: Date) -> i16 {
    let had_birthday = (day.month(), day.day()) >= (born.month(), born.day());
    (day.year() - born.year() - i16::from(!had_birthday)).max(0)
}

/// The last day of the month of the date.
pub fn last_day_of_month(date: Date) -> Date {
    date.last_of_month()
}

/// The same day so many months later (earlier if negative); the last day of the month where that day does not exist.
pub fn add_months(date: Date, months: i32) -> Date {
    match jiff::Span::new().try_months(months) {
        Ok(span) => date.saturating_add(span),
        Err(_) if months < 0 => Date::MIN,
        Err(_) => Date::MAX,
    }
}

/// The date so many days later (earlier if negative).
pub fn add_days(date: Date, days: i32) -> Date {
    match jiff::Span::new().try_days(days) {
        Ok(span) => date.saturating_add(span),
        Err(_) if days < 0 => Date::MIN,
        Err(_) => Date::MAX,
    }
}

/// Fiscal year (年度), April to March: decides the year of 福祉用具購入費.
pub fn fiscal_year(date: Date) -> i16 {
    year_from(date, 4)
}

/// Year of burden certificates, August to July: 負担割合証, 負担限度額認定証.
pub fn burden_year(date: Date) -> i16 {
    year_from(date, 8)
}

fn year_from(date: Date, first_month: i8) -> i16 {
    date.year() - i16::from(date.month() < first_month)
}

/// Days from one day to the other; negative if `to` lies before `from`.
pub fn days_until(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// Day of the week in one kanji.
pub fn weekday_ja(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "月",
        Weekday::Tuesday => "火",
        Weekday::Wednesday => "水",
        Weekday::Thursday => "木",
        Weekday::Friday => "金",
        Weekday::Saturday => "土",
        Weekday::Sunday => "日",
    }
}

/// A span of days with both ends inside; no `until` means open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day, if there is one.
    pub until: Option<Date>,
}

impl Period {
    /// Whether the day lies in the period.
    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// One era (元号) and its first day in today's calendar.
struct Era {
    name: &'static str,
    letter: char,
    first: Date,
}

/// The eras, newest first. Sources: 元号を改める政令 (昭和64年政令1号, 平成31年政令143号), 登極令, 改元詔書.
/// 明治 counts from the day of the proclamation (慶応4年9月8日).
static ERAS: [Era; 5] = [
    Era { name: "令和", letter: 'R', first: date(2019, 5, 1) },
    Era { name: "平成", letter: 'H', first: date(1989, 1, 8) },
    Era { name: "昭和", letter: 'S', first: date(1926, 12, 25) },
    Era { name: "大正", letter: 'T', first: date(1912, 7, 30) },
    Era { name: "明治", letter: 'M', first: date(1868, 10, 23) },
];

fn era_of(day: Date) -> Option<&'static Era> {
    ERAS.iter().find(|era| era.first <= day)
}

/// `昭和15年`, `令和元年`.
fn era_year(day: Date) -> Option<String> {
    let era = era_of(day)?;
    Some(match day.year() - era.first.year() + 1 {
        1 => format!("{}元年", era.name),
        n => format!("{}{n}年", era.name),
    })
}

/// Takes the era off the front: the name, its first character, or its letter in either case.
fn split_era(text: &str) -> (Option<&'static Era>, &str) {
    for era in &ERAS {
        let short = era.name.chars().next().unwrap_or(era.letter);
        let rest = text
            .strip_prefix(era.name)
            .or_else(|| text.strip_prefix(short))
            .or_else(|| text.strip_prefix(era.letter))
            .or_else(|| text.strip_prefix(era.letter.to_ascii_lowercase()));
        if let Some(rest) = rest {
            let rest = rest.trim_start();
            return (Some(era), rest.strip_prefix('.').unwrap_or(rest).trim_start());
        }
    }
    (None, text)
}

/// Year, month and day as numbers, of `15.3.2`, `15年3月2日`, `150302` and the like.
fn parts(text: &str, era: bool) -> Option<(i16, i16, i16)> {
    if era && text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
        let number = |range| text.get(range).and_then(|t: &str| t.parse().ok());
        return Some((number(0..2)?, number(2..4)?, number(4..6)?));
    }
    let (year, rest) = match text.strip_prefix('元') {
        Some(rest) if era => (1, rest),
        _ => number(text, if era { 1..=2 } else { 4..=4 })?,
    };
    let (first, rest) = separator(rest)?;
    let (month, rest) = number(rest, 1..=2)?;
    let (second, rest) = separator(rest)?;
    let (day, rest) = number(rest, 1..=2)?;
    let rest = rest.trim_start();
    let ends = match (first, second) {
        ('年', '月') => rest.is_empty() || rest == "日",
        (a, b) => a == b && matches!(a, '/' | '.' | '-' | ' ') && rest.is_empty(),
    };
    (ends && year > 0).then_some((year, month, day))
}

/// The digits at the front, if their count is in the range.
fn number(text: &str, digits: core::ops::RangeInclusive<usize>) -> Option<(i16, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (front, rest) = text.split_at_checked(end)?;
    digits.contains(&end).then_some((front.parse().ok()?, rest))
}

/// One separator, with or without spaces around it; spaces alone are one too.
fn separator(text: &str) -> Option<(char, &str)> {
    let trimmed = text.trim_start();
    let c = trimmed.chars().next()?;
    if c.is_ascii_digit() {
        return (trimmed.len() < text.len()).then_some((' ', trimmed));
    }
    Some((c, trimmed.strip_prefix(c)?.trim_start()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_spelling_of_one_day() {
        for text in [
            "1940-03-02",
            "1940-3-2",
            "1940/3/2",
            "1940/03/02",
            "1940.3.2",
            "19400302",
            "1940年3月2日",
            "1940年03月02日",
            "1940 3 2",
            "昭和15年3月2日",
            "昭和 15 年 3 月 2 日",
            "昭15.3.2",
            "昭15年3月2日",
            "S15.3.2",
            "s15/3/2",
            "S15-03-02",
            "S.15.3.2",
            "S150302",
            "昭和150302",
            "１９４０年３月２日",
            "Ｓ１５．３．２",
            "１９４００３０２",
            "１９４０／３／２",
            "１９４０－０３－０２",
            " 1940-03-02 ",
            "　昭和１５年３月２日　",
            "㍼15年3月2日",
            "昭和15年3月2",
        ] {
            assert_eq!(parse_date(text), Some(date(1940, 3, 2)), "{text}");
        }
    }

    #[test]
    fn eras_end_where_they_end() {
        for (text, want) in [
            ("昭和64年1月7日", Some(date(1989, 1, 7))),
            ("昭和64年1月8日", None),
            ("平成1.1.8", Some(date(1989, 1, 8))),
            ("平成元年1月7日", None),
            ("平成31年4月30日", Some(date(2019, 4, 30))),
            ("平成31年5月1日", None),
            ("令和元年5月1日", Some(date(2019, 5, 1))),
            ("R1.4.30", None),
            ("r8.11.22", Some(date(2026, 11, 22))),
            ("昭和元年12月25日", Some(date(1926, 12, 25))),
            ("昭和元年12月24日", None),
            ("大正15年12月24日", Some(date(1926, 12, 24))),
            ("T15.12.25", None),
            ("大正元年7月30日", Some(date(1912, 7, 30))),
            ("明治45年7月29日", Some(date(1912, 7, 29))),
            ("M45.7.30", None),
            ("M1.10.23", Some(date(1868, 10, 23))),
        ] {
            assert_eq!(parse_date(text), want, "{text}");
        }
    }

    #[test]
    fn what_is_not_a_date() {
        for text in [
            "",
            " ",
            "99999999",
            "999999",
            "1940-02-30",
            "1940-13-01",
            "40-03-02",
            "15.3.2",
            "194003",
            "1940年3月",
            "S15",
            "S0.3.2",
            "昭和",
            "昭和年3月2日",
            "1940/3-2",
            "1940年3/2",
            "1940/3/2日",
            "1940-03-02T00:00",
            "元年3月2日",
            "X15.3.2",
            "S99.3.2",
            "1940--3-2",
            "００００００００",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn open_ends() {
        for text in ["99999999", "999999", "９９９９９９", "9999-99-99", " 99999999 "] {
            assert!(is_open_end(text), "{text}");
        }
        for text in ["", "9999", "19999999", "2026-09-09", "9999999"] {
            assert!(!is_open_end(text), "{text}");
        }
    }

    #[test]
    fn people_read_dates() {
        let born = date(1940, 3, 2);
        assert_eq!(wareki(born), "昭和15年3月2日");
        assert_eq!(seireki(born), "1940年3月2日");
        assert_eq!(both(born), "1940年（昭和15年）3月2日");
        assert_eq!(wareki(date(2019, 5, 1)), "令和元年5月1日");
        assert_eq!(wareki(date(1868, 10, 22)), "1868年10月22日");
        assert_eq!(weekday_ja(date(2026, 11, 22)), "日");
    }

    #[test]
    fn ages_by_birthday() {
        let born = date(1940, 3, 2);
        assert_eq!(age_on(born, date(2026, 3, 1)), 85);
        assert_eq!(age_on(born, date(2026, 3, 2)), 86);
        assert_eq!(age_on(born, date(1939, 1, 1)), 0);
        let leap = date(1940, 2, 29);
        assert_eq!(age_on(leap, date(2025, 2, 28)), 84);
        assert_eq!(age_on(leap, date(2025, 3, 1)), 85);
    }

    #[test]
    fn years_and_months() {
        assert_eq!(fiscal_year(date(2026, 3, 31)), 2025);
        assert_eq!(fiscal_year(date(2026, 4, 1)), 2026);
        assert_eq!(burden_year(date(2026, 7, 31)), 2025);
        assert_eq!(burden_year(date(2026, 8, 1)), 2026);
        assert_eq!(last_day_of_month(date(2028, 2, 3)), date(2028, 2, 29));
        assert_eq!(add_months(date(2026, 1, 31), 1), date(2026, 2, 28));
        assert_eq!(add_months(date(2026, 1, 31), -2), date(2025, 11, 30));
        assert_eq!(add_months(date(2026, 1, 31), i32::MAX), Date::MAX);
        assert_eq!(add_days(date(2026, 12, 31), 1), date(2027, 1, 1));
        assert_eq!(days_until(date(2026, 11, 22), date(2027, 1, 1)), 40);
        assert_eq!(days_until(date(2027, 1, 1), date(2026, 11, 22)), -40);
    }

    proptest! {
        #[test]
        fn printed_dates_read_back(days in 0..84_400_i32) {
            let day = add_days(date(1868, 10, 23), days);
            prop_assert_eq!(parse_date(&wareki(day)), Some(day));
            prop_assert_eq!(parse_date(&seireki(day)), Some(day));
            prop_assert_eq!(parse_date(&day.to_string()), Some(day));
        }

        #[test]
        fn never_panics(text in "\\PC*") {
            let _ = parse_date(&text);
            let _ = is_open_end(&text);
        }

        #[test]
        fn never_panics_near_dates(text in "[MTSHRs昭和元年月日０-９0-9./ 　-]{0,14}") {
            if let Some(day) = parse_date(&text) {
                prop_assert!(!is_open_end(&text));
                prop_assert!(day >= date(0, 1, 1));
            }
        }
    }
}
