//! One front for tables in files: open, look at the header, take row after row.

use std::io::{Read, Seek};

use crate::csv_rows::CsvRows;
use crate::encoding::{Decoder, Encoding, detect};
use crate::json_rows::JsonRows;
use crate::problem::{Error, Position, Problem, ProblemKind};
use crate::row::RowBuf;

/// Format of a file.
#[derive(Clone, Copy, Debug)]
pub enum Format<'a> {
    /// CSV with a header row.
    Csv,
    /// JSON: one array of flat objects. The names give the order of the cells; further names that turn up are added at
    /// the end of [`TableReader::header`].
    Json(&'a [&'a str]),
}

/// Reads a table row by row in constant memory.
pub struct TableReader<R> {
    decoder: Decoder<R>,
    rows: Rows,
}

enum Rows {
    Csv { rows: CsvRows, header: Vec<String> },
    Json(JsonRows),
}

impl<R: Read + Seek> TableReader<R> {
    /// Finds the encoding (which reads the file once) and reads the header.
    pub fn open(mut reader: R, format: Format<'_>) -> Result<Self, Error> {
        let encoding = detect(&mut reader)?;
        let mut decoder = Decoder::new(reader, encoding);
        let rows = match format {
            Format::Csv => {
                let mut rows = CsvRows::new();
                let header = read_header(&mut rows, &mut decoder)?;
                Rows::Csv { rows, header }
            }
            Format::Json(wanted) => Rows::Json(JsonRows::new(wanted)),
        };
        Ok(Self { decoder, rows })
    }
}

impl<R: Read> TableReader<R> {
    /// Headings from left to right, trimmed. A JSON table gets further ones while it is read.
    pub fn header(&self) -> &[String] {
        match &self.rows {
            Rows::Csv { header, .. } => header,
            Rows::Json(rows) => &rows.header,
        }
    }

    /// The encoding of the file.
    pub fn encoding(&self) -> Encoding {
        self.decoder.encoding()
    }

    /// Bytes of the file read so far, for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.decoder.bytes_read()
    }

    /// Reads the next row into `row`; `false` at the end. A row that is at fault is given with its
    /// [`RowBuf::problems`]; an error means that nothing after it can be read.
    pub fn next_row(&mut self, row: &mut RowBuf) -> Result<bool, Error> {
        let more = match &mut self.rows {
            Rows::Csv { rows, header } => {
                let more = rows.next(&mut self.decoder, row)?;
                if more {
                    check_width(header.len(), row);
                }
                more
            }
            Rows::Json(rows) => rows.next(&mut self.decoder, row)?,
        };
        name_bad_bytes(&mut self.decoder, row);
        Ok(more)
    }
}

fn read_header<R: Read>(rows: &mut CsvRows, decoder: &mut Decoder<R>) -> Result<Vec<String>, Error> {
    let mut row = RowBuf::default();
    if !rows.next(decoder, &mut row)? {
        return Err(Problem::row(ProblemKind::NoHeader, 1).into());
    }
    name_bad_bytes(decoder, &mut row);
    if let Some(problem) = row.problems.pop() {
        return Err(problem.into());
    }
    let header: Vec<String> = row.cells().map(|name| name.trim().to_owned()).collect();
    for (column, name) in header.iter().enumerate() {
        if !name.is_empty() && header.iter().take(column).any(|other| other == name) {
            let at = Position { row: row.number, column: u32::try_from(column + 1).ok(), byte: None };
            let kind = ProblemKind::SameHeading(name.clone());
            return Err(Problem { kind, at }.into());
        }
    }
    Ok(header)
}

/// Spreadsheets like to end rows with a few empty cells more: that is no fault.
fn check_width(want: usize, row: &mut RowBuf) {
    let got = row.len();
    if got < want || row.cells().skip(want).any(|cell| !cell.is_empty()) {
        row.problems.push(Problem::row(ProblemKind::Ragged { want, got }, row.number));
    }
}

/// Says which cells hold bytes that are no characters.
fn name_bad_bytes<R: Read>(decoder: &mut Decoder<R>, row: &mut RowBuf) {
    let Some(first) = decoder.next_bad() else {
        return;
    };
    let kind = ProblemKind::Undecodable(decoder.encoding());
    let mut bytes = vec![first.at];
    while let Some(bad) = decoder.next_bad() {
        bytes.push(bad.at);
    }
    let mut problems = Vec::new();
    let mut next = bytes.iter();
    for (column, cell) in row.cells().enumerate() {
        let held = cell.matches('\u{FFFD}').count();
        if held > 0 {
            let byte = next.next().copied();
            next.by_ref().take(held - 1).for_each(drop);
            let column = u32::try_from(column + 1).ok();
            let row = row.number;
            problems.push(Problem { kind: kind.clone(), at: Position { row, column, byte } });
        }
    }
    if problems.is_empty() {
        problems.push(Problem { kind, at: Position { row: row.number, column: None, byte: Some(first.at) } });
    }
    row.problems.append(&mut problems);
}
