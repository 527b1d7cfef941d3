//! Rows of a CSV file (RFC 4180, tolerant) over the state machine of the `csv` library.
//!
//! The machine is fed here rather than through the library's own reader, because rows must carry the number that a
//! spreadsheet shows (blank lines count, line breaks inside quotes do not), a row must have a bound (one open quotation
//! mark would swallow the file), and unpaired quotation marks must be said.

use std::io::{BufRead, Read};

use csv_core::{ReadRecordResult, Reader};

use crate::encoding::Decoder;
use crate::problem::{Error, Problem, ProblemKind};
use crate::row::RowBuf;

/// Reads rows; the header is the first of them.
pub(crate) struct CsvRows {
    core: Box<Reader>,
    /// Number of the row read last.
    number: u64,
    /// The last terminator was CR: an LF that follows belongs to it.
    after_cr: bool,
    /// Bytes of the row read last, the first guess for the next.
    size: usize,
    output: Vec<u8>,
    ends: Vec<usize>,
}

impl CsvRows {
    pub(crate) fn new() -> Self {
        Self {
            core: Box::new(Reader::new()),
            number: 0,
            after_cr: false,
            size: 1024,
            output: Vec::new(),
            ends: vec![0; 32],
        }
    }

    /// The next row that is not blank; `false` at the end.
    pub(crate) fn next<R: Read>(&mut self, input: &mut Decoder<R>, row: &mut RowBuf) -> Result<bool, Error> {
        row.clear();
        if !self.skip_blank_lines(input)? {
            return Ok(false);
        }
        self.number += 1;
        row.number = self.number;
        let (text_len, cells, quotes) = self.read_record(input)?;
        self.size = text_len;
        row.ends.extend(self.ends.iter().take(cells));
        let text = self.output.get(..text_len).unwrap_or_default();
        match std::str::from_utf8(text) {
            Ok(text) => row.text.push_str(text),
            // The decoder gives text and cells end at ASCII, so this does not happen; if it did, the cells would say so.
            Err(_) => row.text.push_str(&String::from_utf8_lossy(text)),
        }
        if quotes % 2 == 1 {
            row.problems.push(Problem::row(ProblemKind::Quotes, self.number));
        }
        Ok(true)
    }

    /// Counts blank lines and stops before a row; `false` if there is none.
    fn skip_blank_lines<R: Read>(&mut self, input: &mut Decoder<R>) -> Result<bool, Error> {
        loop {
            match input.fill_buf()?.first() {
                None => return Ok(false),
                Some(b'\n') if self.after_cr => self.after_cr = false,
                Some(b'\n') => self.number += 1,
                Some(b'\r') => {
                    self.number += 1;
                    self.after_cr = true;
                }
                Some(_) => {
                    self.after_cr = false;
                    return Ok(true);
                }
            }
            input.consume(1);
        }
    }

    /// Reads one record into `output` and `ends`: bytes of text, cells, quotation marks.
    fn read_record<R: Read>(&mut self, input: &mut Decoder<R>) -> Result<(usize, usize, usize), Error> {
        let guess = (self.size * 2).max(1024);
        self.output.resize(guess, 0);
        let (mut text_len, mut cells, mut quotes, mut taken) = (0, 0, 0, 0);
        loop {
            let bytes = input.fill_buf()?;
            let output = self.output.get_mut(text_len..).unwrap_or_default();
            let ends = self.ends.get_mut(cells..).unwrap_or_default();
            let (result, read, written, ended) = self.core.read_record(bytes, output, ends);
            let used = bytes.get(..read).unwrap_or_default();
            quotes += memchr::memchr_iter(b'"', used).count();
            if let Some(last) = used.last() {
                self.after_cr = *last == b'\r';
            }
            input.consume(read);
            text_len += written;
            cells += ended;
            taken += read;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.output.resize(self.output.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record | ReadRecordResult::End => return Ok((text_len, cells, quotes)),
            }
            if taken > ROW_LIMIT {
                return Err(Problem::row(ProblemKind::RowTooLong { limit: ROW_LIMIT }, self.number).into());
            }
            if cells > COLUMN_LIMIT {
                return Err(Problem::row(ProblemKind::TooManyColumns { limit: COLUMN_LIMIT }, self.number).into());
            }
        }
    }
}

/// Most bytes of one row; the longest record has some 30,000.
pub(crate) const ROW_LIMIT: usize = 1024 * 1024;
/// Most columns of a table.
pub(crate) const COLUMN_LIMIT: usize = 4096;
