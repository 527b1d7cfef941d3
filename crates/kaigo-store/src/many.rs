//! Statements over many rows at once: the same text for every full group of rows, so that each engine prepares it once.
//!
//! A round trip a row is what a bulk change on PostgreSQL costs most; `VALUES` of some rows is what both engines know.

use std::sync::OnceLock;

use crate::db::{Error, Tx, Value};

/// Rows of a full group.
const GROUP: usize = 50;

/// A statement with a list of rows in it, as text before and after the list.
pub(crate) struct Many {
    /// Text up to the first row.
    pub(crate) before: &'static str,
    /// Text after the last row.
    pub(crate) after: &'static str,
    /// Values of one row.
    pub(crate) width: usize,
    /// The statement of a full group, once it is made.
    pub(crate) full: OnceLock<&'static str>,
    /// The statement of one row.
    pub(crate) single: OnceLock<&'static str>,
}

impl Many {
    /// A statement: `before (?1, …), (…) after`.
    pub(crate) const fn new(before: &'static str, width: usize, after: &'static str) -> Self {
        Self { before, after, width, full: OnceLock::new(), single: OnceLock::new() }
    }

    fn make(&self, rows: usize) -> &'static str {
        let row = |n: usize| {
            let marks: Vec<String> = (1..=self.width).map(|i| format!("?{}", n * self.width + i)).collect();
            format!("({})", marks.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        Box::leak(format!("{} {} {}", self.before, rows.join(", "), self.after).into_boxed_str())
    }

    /// The statement of a full group of rows.
    pub(crate) fn full(&self) -> &'static str {
        self.full.get_or_init(|| self.make(GROUP))
    }

    /// The statement of one row.
    pub(crate) fn single(&self) -> &'static str {
        self.single.get_or_init(|| self.make(1))
    }

    /// Runs it over all rows; answers how many rows of the table it touched.
    pub(crate) fn run(&self, tx: &mut Tx<'_>, rows: Vec<Vec<Value<'_>>>) -> Result<u64, Error> {
        let mut touched = 0;
        let full = rows.len() / GROUP * GROUP;
        let mut group: Vec<Value<'_>> = Vec::with_capacity(GROUP * self.width);
        for (n, row) in rows.into_iter().enumerate() {
            group.extend(row);
            if n >= full {
                touched += tx.execute(self.single(), &group)?;
                group.clear();
            } else if group.len() == GROUP * self.width {
                touched += tx.execute(self.full(), &group)?;
                group.clear();
            }
        }
        Ok(touched)
    }
}
