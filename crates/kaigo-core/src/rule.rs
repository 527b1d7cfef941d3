//! Rules as data: every row has the days on which it holds and where it stands.
//!
//! Nothing here decides about a person: the municipality decides, these tables explain, warn and show what is left.

pub mod assurance;
pub mod balance;
pub mod burden;
pub mod case;
pub mod charge;
pub mod exchange;
pub mod expiry;
pub mod feed;
pub mod filing;
pub mod insurer;
pub mod limit;
pub mod moving;
pub mod presence;
pub mod terminal;
pub mod validity;

use crate::date::Date;

/// One row of a rule table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated<T> {
    /// First day.
    pub from: Date,
    /// Last day, if the row has ended or its end is fixed.
    pub until: Option<Date>,
    /// What holds.
    pub value: T,
    /// Where it stands: law, notice or page; says so where it is inferred.
    pub source: &'static str,
}

/// The row that holds on that day.
pub fn at<T>(table: &[Dated<T>], day: Date) -> Option<&Dated<T>> {
    table.iter().find(|row| row.from <= day && row.until.is_none_or(|until| day <= until))
}

/// For tests of tables: rows in order, without overlap or gap, each with a source.
#[cfg(test)]
pub(crate) fn well_formed<T>(table: &[Dated<T>]) {
    assert!(!table.is_empty());
    for row in table {
        assert!(!row.source.is_empty());
        assert!(row.until.is_none_or(|until| row.from <= until));
    }
    for pair in table.windows(2) {
        assert_eq!(pair[0].until.map(|d| d.tomorrow().unwrap()), Some(pair[1].from));
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn rows_hold_from_first_to_last_day() {
        let table = [
            Dated { from: date(2024, 8, 1), until: Some(date(2026, 7, 31)), value: 1, source: "x" },
            Dated { from: date(2026, 8, 1), until: None, value: 2, source: "x" },
        ];
        well_formed(&table);
        let value = |y, m, d| at(&table, date(y, m, d)).map(|row| row.value);
        assert_eq!(value(2024, 7, 31), None);
        assert_eq!(value(2024, 8, 1), Some(1));
        assert_eq!(value(2026, 7, 31), Some(1));
        assert_eq!(value(2026, 8, 1), Some(2));
        assert_eq!(value(2099, 1, 1), Some(2));
    }
}
