//! Cells of sheets: what the file has, and what it means where it means something.

use core::fmt;
use std::borrow::Cow;

use kaigo_core::date::{Date, parse_date, seireki};

use crate::layout::Form;
use crate::table::Row;

/// A value that is read from a cell; whatever stands there, it reads.
pub(super) trait FromCell {
    fn from_cell(row: &Row<'_>, column: usize) -> Self;
}

impl FromCell for String {
    fn from_cell(row: &Row<'_>, column: usize) -> Self {
        row.text(column).to_owned()
    }
}

/// A day as the file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// The text of the cell.
    pub raw: String,
    /// The day, where the text is one.
    pub date: Option<Date>,
}

impl Day {
    /// Reads any text.
    pub fn new(raw: &str) -> Self {
        Self { raw: raw.to_owned(), date: if raw.is_empty() { None } else { parse_date(raw) } }
    }
}

impl FromCell for Day {
    fn from_cell(row: &Row<'_>, column: usize) -> Self {
        Self::new(row.text(column))
    }
}

/// `2026年11月1日`; what is no day as it is.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.date {
            Some(date) => f.write_str(&seireki(date)),
            None => f.write_str(&self.raw),
        }
    }
}

/// A code with its label.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coded {
    /// The text of the cell.
    pub code: String,
    /// Label by the code table of the column, where it knows the code.
    pub label: Option<&'static str>,
}

impl FromCell for Coded {
    fn from_cell(row: &Row<'_>, column: usize) -> Self {
        let code = row.text(column);
        let label = match row.kind().items().get(column).map(|item| item.form) {
            Some(Form::Code(table)) => table.label(code),
            Some(Form::ServiceKind) => crate::service_name::kind_of(code).map(kaigo_core::service::ServiceKind::label),
            _ => None,
        };
        Self { code: code.to_owned(), label }
    }
}

/// The label; an unknown code as it is.
impl fmt::Display for Coded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label.unwrap_or(&self.code))
    }
}

/// A whole number: units, times, days, yen.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount {
    /// The number, where the text is one.
    pub value: Option<i64>,
    /// The text of the cell where it is no number; else empty.
    pub odd: String,
}

impl Amount {
    /// Reads any text.
    pub fn new(raw: &str) -> Self {
        let digits = raw.strip_prefix('-').unwrap_or(raw);
        let plain = !digits.is_empty() && digits.len() <= 12 && digits.bytes().all(|b| b.is_ascii_digit());
        match plain.then(|| raw.parse().ok()).flatten() {
            Some(value) => Self { value: Some(value), odd: String::new() },
            None => Self { value: None, odd: raw.to_owned() },
        }
    }

    /// The number as files write it; what is no number as it is.
    pub fn raw(&self) -> Cow<'_, str> {
        self.value.map_or(Cow::Borrowed(&self.odd), |value| Cow::Owned(value.to_string()))
    }

    /// Whether the cell is empty.
    pub fn is_empty(&self) -> bool {
        self.value.is_none() && self.odd.is_empty()
    }
}

impl FromCell for Amount {
    fn from_cell(row: &Row<'_>, column: usize) -> Self {
        Self::new(row.text(column))
    }
}

/// `12,345`; what is no number as it is.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(value) = self.value else { return f.write_str(&self.odd) };
        let digits = value.unsigned_abs().to_string();
        if value < 0 {
            f.write_str("-")?;
        }
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// A time of day as the file has it: `HHMM`, or `9999` where none is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock {
    /// The text of the cell.
    pub raw: String,
    /// Minutes since midnight, where the text is a time.
    pub minutes: Option<u16>,
}

impl Clock {
    /// Reads any text.
    pub fn new(raw: &str) -> Self {
        Self { raw: raw.to_owned(), minutes: minutes(raw) }
    }

    /// Whether no time is shown: `9999`, or nothing.
    pub fn is_none(&self) -> bool {
        no_time(&self.raw)
    }
}

/// Whether a cell says that no time is shown.
pub(crate) fn no_time(raw: &str) -> bool {
    raw.is_empty() || raw == "9999"
}

/// Minutes of `HHMM`; hours to 29, since visits after midnight may be written so (the standard does not say).
pub(crate) fn minutes(raw: &str) -> Option<u16> {
    let [a, b, c, d] = raw.as_bytes() else { return None };
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| u16::from(byte - b'0'));
    let (hours, minutes) = (digit(a)? * 10 + digit(b)?, digit(c)? * 10 + digit(d)?);
    (hours < 30 && minutes < 60).then_some(hours * 60 + minutes)
}

impl FromCell for Clock {
    fn from_cell(row: &Row<'_>, column: usize) -> Self {
        Self::new(row.text(column))
    }
}

/// `09:30`, nothing where none is shown; what is no time as it is.
impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.minutes {
            Some(minutes) => write!(f, "{:02}:{:02}", minutes / 60, minutes % 60),
            None if self.is_none() => Ok(()),
            None => f.write_str(&self.raw),
        }
    }
}

/// A span of time (提供時間帯).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Band {
    /// 開始時刻.
    pub from: Clock,
    /// 終了時刻.
    pub until: Clock,
}

impl Band {
    /// Reads any texts.
    pub fn new(from: &str, until: &str) -> Self {
        Self { from: Clock::new(from), until: Clock::new(until) }
    }

    /// Whether no time is shown.
    pub fn is_none(&self) -> bool {
        self.from.is_none() && self.until.is_none()
    }
}

/// `09:30～10:00`, nothing where none is shown.
impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_none() { Ok(()) } else { write!(f, "{}～{}", self.from, self.until) }
    }
}

/// Declares a sheet or a part of one: a field for each column, read from a row of that layout.
macro_rules! sheet {
    ($(#[$meta:meta])* $name:ident = $layout:ident { $($(#[$fmeta:meta])* $field:ident: $ty:ty = $column:ident;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $name {
            $($(#[$fmeta])* pub $field: $ty,)+
        }

        impl $name {
            pub(super) fn of_row(row: &$crate::table::Row<'_>) -> Self {
                Self { $($field: $crate::sheet::cell::FromCell::from_cell(row, $crate::layout::$layout::$column),)+ }
            }
        }
    };
}
pub(super) use sheet;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_show_what_they_mean_or_what_stands_there() {
        assert_eq!(Day::new("20261101").to_string(), "2026年11月1日");
        assert_eq!(Day::new("20261301").to_string(), "20261301");
        assert_eq!(
            (Amount::new("1234567").to_string(), Amount::new("-100").to_string()),
            ("1,234,567".into(), "-100".into())
        );
        assert_eq!(Amount::new("12x"), Amount { value: None, odd: "12x".to_owned() });
        assert_eq!(Band::new("0930", "1000").to_string(), "09:30～10:00");
        assert_eq!(Band::new("9999", "9999").to_string(), "");
        assert_eq!(Band::new("0930", "9:45").to_string(), "09:30～9:45");
        assert_eq!((minutes("2400"), minutes("0960"), minutes("9999"), minutes("あ0")), (Some(1440), None, None, None));
    }
}
