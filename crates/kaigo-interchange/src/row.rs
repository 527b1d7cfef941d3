//! One row of a table in a buffer that is used again for the next row.

use crate::problem::Problem;

/// One row: its number, its cells as text, and what is wrong with it.
#[derive(Debug, Default)]
pub struct RowBuf {
    pub(crate) number: u64,
    pub(crate) text: String,
    /// Where each cell ends in `text`.
    pub(crate) ends: Vec<usize>,
    pub(crate) problems: Vec<Problem>,
}

impl RowBuf {
    /// Row as a spreadsheet shows it, the header being row 1; in JSON the count of the object in its array, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Count of cells; may differ from the header's (then [`RowBuf::problems`] says so).
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the row has no cell.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The cell in a column, counted from 0.
    pub fn cell(&self, column: usize) -> Option<&str> {
        let end = *self.ends.get(column)?;
        let start = match column.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..end)
    }

    /// The cells from left to right.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|column| self.cell(column).unwrap_or_default())
    }

    /// What is wrong with the row as a row; empty for a good one.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.problems.clear();
    }
}
