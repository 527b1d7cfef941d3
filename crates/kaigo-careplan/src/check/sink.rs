//! Where the findings of one file go: bounded, and in the order of the file at the end.

use std::collections::BTreeMap;

use kaigo_core::finding::{Finding, Place};

use crate::finding::Code;
use crate::layout::Item;
use crate::table::Row;

/// How often one code is told in one file.
const MOST: u32 = 50;

/// Findings of one file.
pub(super) struct Sink<'a> {
    file: &'a str,
    findings: Vec<Finding>,
    counts: BTreeMap<Code, u32>,
    found: u64,
}

impl<'a> Sink<'a> {
    pub(super) fn new(file: &'a str) -> Self {
        Self { file, findings: Vec::new(), counts: BTreeMap::new(), found: 0 }
    }

    /// Counts the finding; the sentence is only made where it is still told.
    fn put(
        &mut self,
        code: Code,
        row: Option<u32>,
        column: Option<u32>,
        item: Option<&str>,
        say: impl FnOnce() -> String,
    ) {
        self.found += 1;
        let count = self.counts.entry(code).or_insert(0);
        *count = count.saturating_add(1);
        if *count <= MOST {
            let place = Place {
                file: self.file.to_owned(),
                row: row.map(u64::from),
                column,
                item: item.map(ToOwned::to_owned),
            };
            self.findings.push(code.finding(place, say()));
        }
    }

    /// How much was found so far, told or only counted.
    pub(super) fn found(&self) -> u64 {
        self.found
    }

    /// A finding about the file.
    pub(super) fn file(&mut self, code: Code, say: impl FnOnce() -> String) {
        self.put(code, None, None, None, say);
    }

    /// A finding about the file with a mend of its own.
    pub(super) fn file_mend(&mut self, code: Code, say: impl FnOnce() -> String, mend: impl FnOnce() -> String) {
        let before = self.findings.len();
        self.put(code, None, None, None, say);
        self.mend(before, mend);
    }

    /// A finding about a row.
    pub(super) fn row(&mut self, code: Code, row: u32, say: impl FnOnce() -> String) {
        self.put(code, Some(row), None, None, say);
    }

    /// A finding about a place that is known by numbers only.
    pub(super) fn place(&mut self, code: Code, row: u32, column: u32, item: &str, say: impl FnOnce() -> String) {
        self.put(code, Some(row), Some(column), Some(item), say);
    }

    /// A finding about a cell of a row, by its column from 0.
    pub(super) fn cell(&mut self, code: Code, row: Row<'_>, column: usize, say: impl FnOnce(&'static str) -> String) {
        let name = item(row, column).map_or("", |item| item.name);
        self.put(code, Some(row.number()), Some(row.file_column(column)), Some(name), || say(name));
    }

    /// A finding about a cell with a mend of its own.
    pub(super) fn cell_mend(
        &mut self,
        code: Code,
        row: Row<'_>,
        column: usize,
        say: impl FnOnce(&'static str) -> String,
        mend: impl FnOnce(&'static str) -> String,
    ) {
        let name = item(row, column).map_or("", |item| item.name);
        let before = self.findings.len();
        self.cell(code, row, column, say);
        self.mend(before, || mend(name));
    }

    fn mend(&mut self, before: usize, mend: impl FnOnce() -> String) {
        if let Some(finding) = self.findings.get_mut(before) {
            finding.mend = mend();
        }
    }

    /// The findings by row and column; last, what was found more often than it is told.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|finding| (finding.place.row, finding.place.column));
        for (code, count) in &self.counts {
            if let Some(more) = count.checked_sub(MOST).filter(|more| *more > 0) {
                let place = Place { file: self.file.to_owned(), ..Place::default() };
                let say = format!("「{}」が、ほかに{more}件あります。", code.title().trim_end_matches('。'));
                self.findings.push(Code::More.finding(place, say));
            }
        }
        self.findings
    }
}

fn item(row: Row<'_>, column: usize) -> Option<&'static Item> {
    row.kind().items().get(column)
}

/// A cell's text as a sentence shows it: short, on one line.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 20;
    let mut out: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}
