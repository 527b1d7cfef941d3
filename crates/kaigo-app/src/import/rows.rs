//! Small tables with a fixed header: read row by row, what is wrong with a row said and the row left out.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use kaigo_core::date::Date;
use kaigo_core::finding::{Place, Severity};
use kaigo_core::layout::BadCell;
use kaigo_interchange::problem::Error as TableError;
use kaigo_interchange::row::RowBuf;
use kaigo_interchange::table::{Format, TableReader};
use ring::digest::{Context, SHA256};
use serde_json::{Value, json};

use super::report::{Findings, file_error, file_problem, finding, row_problem, table};
use super::{ImportError, Progress};
use crate::ctx::hex;

/// A column: its name in the header, or the same in Japanese.
pub(super) type Column = (&'static str, &'static str);

/// What became of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowsFile {
    /// File name.
    pub name: String,
    /// SHA-256, hex.
    pub digest: String,
    /// Rows read.
    pub rows: u64,
    /// Rows without an error.
    pub taken: u64,
    /// Rows that changed something.
    pub changed: u64,
}

/// What an import of a small table did and found.
#[derive(Clone, Debug, Default)]
pub struct RowsReport {
    /// The files.
    pub files: Vec<RowsFile>,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// What was found.
    pub findings: Findings,
}

impl RowsReport {
    /// Exit status of the command.
    pub fn exit_status(&self) -> u8 {
        u8::from(self.findings.errors() > 0)
    }

    /// For machines.
    pub fn json(&self) -> Value {
        let file = |f: &RowsFile| json!({"name": f.name, "sha256": f.digest, "rows": f.rows, "taken": f.taken, "changed": f.changed});
        let files: Vec<Value> = self.files.iter().map(file).collect();
        json!({
            "files": files,
            "findings": self.findings.json(),
            "summary": {
                "dry_run": self.dry_run, "errors": self.findings.errors(), "warnings": self.findings.warnings(),
                "notes": self.findings.notes(), "rows": self.files.iter().map(|f| f.rows).sum::<u64>(),
                "taken": self.files.iter().map(|f| f.taken).sum::<u64>(),
                "changed": self.files.iter().map(|f| f.changed).sum::<u64>(),
            },
        })
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut lines = vec![["ファイル", "行", "取込", "変更"].map(str::to_owned)];
        lines.extend(
            self.files.iter().map(|f| [f.name.clone(), f.rows.to_string(), f.taken.to_string(), f.changed.to_string()]),
        );
        table(&lines, &mut out);
        if self.dry_run {
            let _ = writeln!(out, "確かめただけです。何も変えていません。");
        }
        self.findings.text(&mut out);
        out
    }
}

/// Reads a file of that table and hands every row that can be read to `take`. Answers the file with its rows counted.
pub(super) fn read(
    path: &Path,
    columns: &'static [Column],
    findings: &mut Findings,
    progress: &mut dyn FnMut(Progress<'_>),
    take: &mut dyn FnMut(&mut Looker<'_>) -> Result<(), ImportError>,
) -> Result<RowsFile, ImportError> {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut file = RowsFile { digest: digest(path)?, name, ..RowsFile::default() };
    let io = |source| ImportError::Io { path: path.to_owned(), source };
    let mut rows = match TableReader::open(File::open(path).map_err(io)?, Format::Csv) {
        Ok(rows) => rows,
        Err(TableError::Io(source)) => return Err(io(source)),
        Err(TableError::Bad(problem)) => {
            findings.push(file_problem(&file.name, &problem));
            return Ok(file);
        }
    };
    let fits = |(got, (name, ja)): (&String, &Column)| got == name || got == ja;
    if rows.header().len() != columns.len() || !rows.header().iter().zip(columns).all(fits) {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let say = format!("見出しがちがいます。いま「{}」です。", rows.header().join(","));
        let mend = format!("1行めを「{}」にしてください。", names.join(","));
        findings.push(file_error(&file.name, "rows-header", &say, &mend));
        return Ok(file);
    }
    let mut row = RowBuf::default();
    loop {
        match rows.next_row(&mut row) {
            Ok(true) => {}
            Ok(false) => return Ok(file),
            Err(TableError::Io(source)) => return Err(io(source)),
            Err(TableError::Bad(problem)) => {
                findings.push(file_problem(&file.name, &problem));
                return Ok(file);
            }
        }
        file.rows += 1;
        if file.rows.is_multiple_of(5_000) {
            progress(Progress { file: &file.name, rows: file.rows, total: 0 });
        }
        if row.problems().is_empty() {
            let mut looker = Looker { file: &file.name, columns, row: &row, findings, errors: 0 };
            take(&mut looker)?;
            file.taken += u64::from(looker.errors == 0);
        } else {
            for problem in row.problems() {
                let at = problem.at.column.and_then(|column| usize::try_from(column).ok()?.checked_sub(1));
                let item = at.and_then(|at| columns.get(at)).map(|(_, ja)| (*ja).to_owned());
                findings.push(row_problem(&file.name, problem, item));
            }
        }
    }
}

fn digest(path: &Path) -> Result<String, ImportError> {
    let io = |source| ImportError::Io { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(io)?;
    let (mut context, mut bytes) = (Context::new(&SHA256), vec![0_u8; 64 * 1024]);
    loop {
        let n = file.read(&mut bytes).map_err(io)?;
        let Some(read) = bytes.get(..n).filter(|read| !read.is_empty()) else {
            return Ok(hex(context.finish().as_ref()));
        };
        context.update(read);
    }
}

/// Reads the cells of a row and says what is wrong with them.
pub(super) struct Looker<'a> {
    file: &'a str,
    columns: &'static [Column],
    row: &'a RowBuf,
    findings: &'a mut Findings,
    errors: u64,
}

impl Looker<'_> {
    fn cell(&self, column: usize) -> &str {
        self.row.cell(column).unwrap_or_default().trim()
    }

    /// Says something about a cell.
    pub(super) fn say(&mut self, severity: Severity, column: usize, (code, say, mend): (&'static str, &str, &str)) {
        self.errors += u64::from(severity == Severity::Error);
        let place = Place {
            file: self.file.to_owned(),
            row: Some(self.row.number()),
            column: u32::try_from(column + 1).ok(),
            item: self.columns.get(column).map(|(_, ja)| (*ja).to_owned()),
        };
        self.findings.push(finding(severity, code, place, say, mend));
    }

    /// A cell as what the function makes of it; what it is not, is an error of the row.
    pub(super) fn read<T>(&mut self, column: usize, parse: fn(&str) -> Result<T, BadCell>) -> Option<T> {
        let text = self.cell(column);
        let parsed = if text.is_empty() { Err(BadCell::Missing) } else { parse(text) };
        match parsed {
            Ok(value) => Some(value),
            Err(bad) => {
                let item = self.columns.get(column).map_or("", |(_, ja)| ja);
                self.say(Severity::Error, column, (bad.code(), &bad.say(item), &bad.mend(item)));
                None
            }
        }
    }
}

/// A month of a cell.
pub(super) fn month(text: &str) -> Result<Date, BadCell> {
    kaigo_core::rule::presence::month(text).ok_or(BadCell::Shape { want: "年月（2026-11）" })
}

/// A date of a cell.
pub(super) fn day(text: &str) -> Result<Date, BadCell> {
    kaigo_core::date::parse_date(text).ok_or(BadCell::Date)
}
