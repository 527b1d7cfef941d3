//! Dates: 西暦 and 和暦 in every spelling that people type, periods, months, ages.

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
    let n = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0_i16, |n, d| d.is_ascii_digit().then(|| n * 10 + i16::from(d - b'0')))
    };
    let year = n(&[*y1, *y2, *y3, *y4])?;
    let month = i8::try_from(n(&[*m1, *m2])?).ok()?;
    let day = i8::try_from(n(&[*d1, *d2])?).ok()?;
    Date::new(year, month, day).ok()
}

/// Reads a date in any spelling people use; see the tests for the list.
pub fn parse_date(text: &str) -> Option<Date> {
    let plain = crate::text::halfwidth(text);
    if let Some(date) = iso(&plain) {
        return Some(date);
    }
    None
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
