//! Day arithmetic of certificates: terms, burden years (August to July), fiscal years (April to March).

use jiff::Span;
use kaigo_core::date::Date;

/// So many days later, or earlier if negative.
pub(crate) fn plus(day: Date, days: i32) -> Date {
    day.saturating_add(Span::new().days(days))
}

/// So many months later, or earlier if negative; the last day of a short month stands for days it lacks.
pub(crate) fn plus_months(day: Date, months: i32) -> Date {
    day.saturating_add(Span::new().months(months))
}

/// Last day of a term of `months` that starts on `from`: always the end of a month; a term that starts within a month
/// takes the rest of that month on top (施行規則 38条).
pub(crate) fn term_end(from: Date, months: i32) -> Date {
    let whole = if from.day() == 1 { months - 1 } else { months };
    plus_months(from.first_of_month(), whole).last_of_month()
}

/// First day of the term of `months` whole months that ends with the month of `until`.
pub(crate) fn term_start(until: Date, months: i32) -> Date {
    plus_months(until.first_of_month(), 1 - months)
}

/// 1 August at or before the day: start of the year of 負担割合証 and 負担限度額認定証.
pub(crate) fn burden_year(day: Date) -> Date {
    year_from(day, 8)
}

/// 1 April at or before the day: start of the fiscal year.
pub(crate) fn fiscal_year(day: Date) -> Date {
    year_from(day, 4)
}

/// Days from `from` to `to`.
pub(crate) fn between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

fn year_from(day: Date, month: i8) -> Date {
    let year = if day.month() >= month { day.year() } else { day.year() - 1 };
    Date::new(year, month, 1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn terms_end_with_a_month() {
        assert_eq!(term_end(date(2026, 12, 1), 36), date(2029, 11, 30));
        assert_eq!(term_end(date(2026, 10, 14), 6), date(2027, 4, 30));
        assert_eq!(term_end(date(2026, 8, 31), 6), date(2027, 2, 28));
        assert_eq!(term_start(date(2029, 11, 30), 36), date(2026, 12, 1));
        assert_eq!(term_start(date(2027, 2, 28), 12), date(2026, 3, 1));
    }

    #[test]
    fn years_start_where_the_law_says() {
        assert_eq!(burden_year(date(2026, 7, 31)), date(2025, 8, 1));
        assert_eq!(burden_year(date(2026, 8, 1)), date(2026, 8, 1));
        assert_eq!(fiscal_year(date(2027, 3, 31)), date(2026, 4, 1));
    }
}
