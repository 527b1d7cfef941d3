//! Text to rows and cells (RFC 4180, tolerant): quotes on any cell, CR, LF and CRLF, line breaks inside quotes.

use super::{Cell, Ending, FLAG, Problem, Span, Table, narrow_gap};

/// Most cells of a row; no layout has more than 71.
const MOST_CELLS: usize = 200;

pub(super) fn split(table: &mut Table, problems: &mut Vec<Problem>) {
    let text = std::mem::take(&mut table.text);
    let width = table.kind.items().len();
    table.cells.reserve(text.len() / 10);
    table.rows.reserve(text.len() / (width.max(4) * 6) + 1);
    let mut splitter = Splitter { bytes: text.as_bytes(), text: &text, at: 0, number: 0, table, problems };
    while splitter.at < splitter.bytes.len() {
        splitter.row(width);
    }
    table.text = text;
}

struct Splitter<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    number: u32,
    table: &'a mut Table,
    problems: &'a mut Vec<Problem>,
}

impl Splitter<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn row(&mut self, width: usize) {
        self.number += 1;
        if let Some(after) = self.line_end(self.at) {
            // A blank line counts as a row, as a spreadsheet counts it, and holds nothing.
            self.problems.push(Problem::Blank { row: self.number });
            self.at = after.1;
            return;
        }
        let (start, first) = (self.at, self.table.cells.len());
        let ending = loop {
            let cell = if self.byte(self.at) == Some(b'"') { self.quoted(first) } else { self.bare() };
            if self.table.cells.len() - first < MOST_CELLS {
                self.table.cells.push(cell);
            }
            match self.byte(self.at) {
                Some(b',') => self.at += 1,
                None => break Ending::End,
                Some(_) => {
                    let (ending, after) = self.line_end(self.at).unwrap_or((Ending::End, self.at + 1));
                    self.at = after;
                    break ending;
                }
            }
        };
        self.close(width, start, first, ending);
    }

    /// Takes the cells since `first` as a row, or says why not.
    fn close(&mut self, width: usize, start: usize, first: usize, ending: Ending) {
        let mut got = self.table.cells.len() - first;
        // A row that is no data is a heading only where data follow it.
        if self.number == 1 && self.is_heading(start) && self.is_data(self.at) {
            self.problems.push(Problem::Heading);
            self.table.cells.truncate(first);
            self.table.heading = Some(self.at);
            return;
        }
        let narrow = narrow_gap(self.table.kind).filter(|_| got + 3 == width);
        if let Some(gap) = narrow {
            let at = first + gap;
            let empty = Cell { start: 0, len: 0 };
            self.table.cells.splice(at..at, [empty; 3]);
            got += 3;
        }
        if got != width {
            self.problems.push(Problem::Width { row: self.number, want: width, got });
        }
        self.table.rows.push(Span {
            first: u32::try_from(first).unwrap_or(u32::MAX),
            count: u16::try_from(got).unwrap_or(u16::MAX),
            narrow: narrow.is_some(),
            ending,
            number: self.number,
        });
    }

    /// No layout begins with anything but the six digits of CSVバージョン.
    fn is_heading(&self, start: usize) -> bool {
        let cell = self.bytes.get(start..).unwrap_or_default();
        let cell = cell.strip_prefix(b"\"").unwrap_or(cell);
        !cell.first().is_some_and(u8::is_ascii_digit) && !cell.starts_with(b",") && !cell.starts_with(b"\xEF\xBF\xBD")
    }

    /// Whether a row begins here with a digit, as all data do.
    fn is_data(&self, start: usize) -> bool {
        let row = self.bytes.get(start..).unwrap_or_default();
        row.strip_prefix(b"\"").unwrap_or(row).first().is_some_and(u8::is_ascii_digit)
    }

    /// The line end that starts here, and where the next row starts.
    fn line_end(&self, at: usize) -> Option<(Ending, usize)> {
        match self.byte(at)? {
            b'\n' => Some((Ending::Lf, at + 1)),
            b'\r' if self.byte(at + 1) == Some(b'\n') => Some((Ending::CrLf, at + 2)),
            b'\r' => Some((Ending::Cr, at + 1)),
            _ => None,
        }
    }

    /// A cell without quotation marks, up to the next comma or line end.
    fn bare(&mut self) -> Cell {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let len = rest.iter().position(|b| matches!(b, b',' | b'\n' | b'\r')).unwrap_or(rest.len());
        self.at += len;
        cell(start, len, 0)
    }

    /// A cell in quotation marks. Ends behind its closing mark.
    fn quoted(&mut self, first: usize) -> Cell {
        let start = self.at + 1;
        let mut at = start;
        let mut doubled = false;
        loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            let Some(found) = memchr::memchr(b'"', rest) else { return self.open_quote(first) };
            at += found + 1;
            if self.byte(at) == Some(b'"') {
                doubled = true;
                at += 1;
                continue;
            }
            break;
        }
        let inner = self.text.get(start..at - 1).unwrap_or_default();
        self.at = at;
        let ends = matches!(self.byte(at), None | Some(b',' | b'\n' | b'\r'));
        if ends && !doubled {
            return cell(start, inner.len(), FLAG);
        }
        let extra_at = self.table.extra.len();
        for (place, part) in inner.split("\"\"").enumerate() {
            if place > 0 {
                self.table.extra.push('"');
            }
            self.table.extra.push_str(part);
        }
        if !ends {
            self.problems.push(Problem::AfterQuote { row: self.number, column: self.column(first) });
            let tail = self.bare();
            let from = usize::try_from(tail.start).unwrap_or(usize::MAX);
            self.table.extra.push_str(self.text.get(from..self.at).unwrap_or_default());
        }
        let len = self.table.extra.len() - extra_at;
        let mut cell = cell(extra_at, len, FLAG);
        cell.start |= FLAG;
        cell
    }

    /// The closing mark is missing: the cell ends at its line, so that the rows after it are still read.
    fn open_quote(&mut self, first: usize) -> Cell {
        self.problems.push(Problem::OpenQuote { row: self.number, column: self.column(first) });
        let start = self.at + 1;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let len = rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
        self.at = start + len;
        cell(start, len, FLAG)
    }

    fn column(&self, first: usize) -> u32 {
        u32::try_from(self.table.cells.len() - first + 1).unwrap_or(u32::MAX)
    }
}

fn cell(start: usize, len: usize, quoted: u32) -> Cell {
    let small = |n: usize| u32::try_from(n).unwrap_or(0) & !FLAG;
    Cell { start: small(start), len: small(len) | quoted }
}
