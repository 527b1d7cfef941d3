//! One row of a file of the standard, filled by column, and the files made of rows.

use kaigo_careplan::batch::InFile;
use kaigo_careplan::kind::{Edition, Kind};
use kaigo_careplan::name::{End, FileName, Form, Month, Serial};
use kaigo_careplan::table::Writer;
use kaigo_core::date::Date;

/// The cells of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row(Vec<String>);

impl Row {
    /// A row of that kind about a person; every kind begins with version and the two numbers.
    pub(super) fn new(kind: Kind, insurer_no: &str, insured_no: &str) -> Self {
        let mut cells = vec![String::new(); kind.items().len()];
        for (cell, text) in cells.iter_mut().zip([Edition::FourOne.version(), insurer_no, insured_no]) {
            text.clone_into(cell);
        }
        Self(cells)
    }

    /// Puts text in a column.
    pub(super) fn set(mut self, column: usize, text: impl Into<String>) -> Self {
        self.put(column, text);
        self
    }

    /// Puts text in a column, without moving the row.
    pub(super) fn put(&mut self, column: usize, text: impl Into<String>) {
        if let Some(cell) = self.0.get_mut(column) {
            *cell = text.into();
        }
    }

    /// Puts a number in a column.
    pub(super) fn number(self, column: usize, number: impl Into<i64>) -> Self {
        self.set(column, number.into().to_string())
    }

    /// Puts a day in a column.
    pub(super) fn day(self, column: usize, day: Date) -> Self {
        self.set(column, digits(day))
    }
}

/// `YYYYMMDD`.
pub(super) fn digits(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// Who sends to whom under which 連番.
#[derive(Clone, Copy, Debug)]
pub(super) struct Envelope {
    pub(super) from: End,
    pub(super) to: End,
    pub(super) serial: Serial,
}

impl Envelope {
    /// Name of a file; `month` none for a 利用者補足情報 of 第1〜3表 and for kinds without one.
    pub(super) fn name(&self, kind: Kind, month: Option<Month>) -> FileName {
        FileName { kind, month, from: self.from, to: self.to, serial: self.serial, branch: None, form: Form::FourOne }
    }

    /// The file of those rows.
    pub(super) fn file(&self, kind: Kind, month: Option<Month>, rows: &[Row]) -> InFile {
        let mut writer = Writer::new(kind);
        for row in rows {
            writer.push(&row.0);
        }
        InFile { name: self.name(kind, month).to_string(), bytes: writer.finish().bytes }
    }
}
