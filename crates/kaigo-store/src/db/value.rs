//! Values on their way to and from a database: nothing, whole numbers, text, bytes.

use std::borrow::Cow;

use kaigo_core::date::Date;
use kaigo_core::id::{CorporateNo, InstitutionNo, InsuredNo, InsurerNo, MunicipalityCode, OfficeNo};
use kaigo_core::layout::Cell;

use super::Error;

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// A whole number. Columns keep 32 bits.
    Int(i64),
    /// Text.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
}

impl<'a> Value<'a> {
    /// The value as a cell of a record table.
    pub fn into_cell(self) -> Result<Cell<'a>, Error> {
        match self {
            Value::Null => Ok(Cell::Null),
            Value::Int(n) => i32::try_from(n).map(Cell::Int).map_err(|_| unexpected(0, "32 bits", None)),
            Value::Text(text) => Ok(Cell::Text(text)),
            Value::Bytes(_) => Err(unexpected(0, "a cell", Some(&self))),
        }
    }

    /// The same value, owning its text.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Int(n) => Value::Int(n),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Bytes(bytes) => Value::Bytes(Cow::Owned(bytes.into_owned())),
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Value::Bytes(Cow::Borrowed(bytes))
    }
}

impl From<i64> for Value<'_> {
    fn from(n: i64) -> Self {
        Value::Int(n)
    }
}

impl From<i32> for Value<'_> {
    fn from(n: i32) -> Self {
        Value::Int(i64::from(n))
    }
}

impl From<bool> for Value<'_> {
    fn from(yes: bool) -> Self {
        Value::Int(i64::from(yes))
    }
}

impl From<Date> for Value<'_> {
    fn from(day: Date) -> Self {
        Value::Text(Cow::Owned(day.to_string()))
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl<'a> From<Cell<'a>> for Value<'a> {
    fn from(cell: Cell<'a>) -> Self {
        match cell {
            Cell::Null => Value::Null,
            Cell::Int(n) => Value::Int(i64::from(n)),
            Cell::Text(text) => Value::Text(text),
        }
    }
}

macro_rules! from_id {
    ($($name:ident),+) => {
        $(
            impl From<$name> for Value<'_> {
                fn from(id: $name) -> Self {
                    Value::Text(Cow::Owned(id.as_str().to_owned()))
                }
            }
        )+
    };
}
from_id!(InsurerNo, InsuredNo, OfficeNo, InstitutionNo, MunicipalityCode, CorporateNo);

/// One row of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(pub(super) Vec<Value<'static>>);

impl Row {
    /// The text in column `i`.
    pub fn text(&self, i: usize) -> Result<&str, Error> {
        match self.0.get(i) {
            Some(Value::Text(text)) => Ok(text),
            other => Err(unexpected(i, "text", other)),
        }
    }

    /// The text in column `i`, or nothing.
    pub fn opt_text(&self, i: usize) -> Result<Option<&str>, Error> {
        match self.0.get(i) {
            Some(Value::Null) => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            other => Err(unexpected(i, "text", other)),
        }
    }

    /// The number in column `i`.
    pub fn int(&self, i: usize) -> Result<i64, Error> {
        match self.0.get(i) {
            Some(Value::Int(n)) => Ok(*n),
            other => Err(unexpected(i, "a number", other)),
        }
    }

    /// The number in column `i`, or nothing.
    pub fn opt_int(&self, i: usize) -> Result<Option<i64>, Error> {
        match self.0.get(i) {
            Some(Value::Null) => Ok(None),
            Some(Value::Int(n)) => Ok(Some(*n)),
            other => Err(unexpected(i, "a number", other)),
        }
    }

    /// Yes or no in column `i`.
    pub fn flag(&self, i: usize) -> Result<bool, Error> {
        Ok(self.int(i)? != 0)
    }

    /// The bytes in column `i`.
    pub fn bytes(&self, i: usize) -> Result<&[u8], Error> {
        match self.0.get(i) {
            Some(Value::Bytes(bytes)) => Ok(bytes),
            other => Err(unexpected(i, "bytes", other)),
        }
    }

    /// The bytes in column `i`, or nothing.
    pub fn opt_bytes(&self, i: usize) -> Result<Option<&[u8]>, Error> {
        match self.0.get(i) {
            Some(Value::Null) => Ok(None),
            Some(Value::Bytes(bytes)) => Ok(Some(bytes)),
            other => Err(unexpected(i, "bytes", other)),
        }
    }

    /// The date in column `i`.
    pub fn date(&self, i: usize) -> Result<Date, Error> {
        parse_date(self.text(i)?)
    }

    /// The date in column `i`, or nothing.
    pub fn opt_date(&self, i: usize) -> Result<Option<Date>, Error> {
        self.opt_text(i)?.map(parse_date).transpose()
    }

    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no column.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values.
    pub fn into_values(self) -> Vec<Value<'static>> {
        self.0
    }
}

fn parse_date(text: &str) -> Result<Date, Error> {
    kaigo_core::date::iso(text).ok_or_else(|| Error::Broken("a stored date is no date".to_owned()))
}

/// Says the type only: a value may be personal data and errors are logged.
fn unexpected(i: usize, want: &str, got: Option<&Value<'_>>) -> Error {
    let got = match got {
        None => "no such column",
        Some(Value::Null) => "nothing",
        Some(Value::Int(_)) => "a number",
        Some(Value::Text(_)) => "text",
        Some(Value::Bytes(_)) => "bytes",
    };
    Error::Broken(format!("column {i} should hold {want} but holds {got}"))
}
