//! One file's bytes as rows and cells: MS932 strictly, CSV tolerantly, everything odd named with its place.
//!
//! A table keeps the decoded text and the place of every cell in it, so reading copies nothing but cells with doubled
//! quotation marks, and [`Table::to_bytes`] gives back the bytes that were read.

mod decode;
mod split;
mod write;

use kaigo_interchange::encoding::Encoding;

pub use self::write::{Writer, Written};
use crate::kind::Kind;

/// How a row ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// CR and LF, as all known programs write (the standard does not say).
    CrLf,
    /// LF alone.
    Lf,
    /// CR alone.
    Cr,
    /// The file ends without one.
    End,
}

impl Ending {
    fn text(self) -> &'static str {
        match self {
            Self::CrLf => "\r\n",
            Self::Lf => "\n",
            Self::Cr => "\r",
            Self::End => "",
        }
    }
}

/// What is odd about a file as bytes and rows, before any column is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file holds nothing.
    Empty,
    /// Larger than any file of the standard; nothing is read.
    TooLarge,
    /// UTF-8 instead of MS932; read all the same.
    Utf8 {
        /// Whether a byte order mark stands before it.
        bom: bool,
    },
    /// UTF-16, a spreadsheet, a zip, a PDF: no CSV at all; nothing is read.
    NotCsv {
        /// What it is.
        what: &'static str,
    },
    /// A picture that is no JPEG or must not travel.
    NotJpeg {
        /// Why, where it is more than another format.
        refused: Option<crate::attachment::Refused>,
    },
    /// Bytes that are no MS932 character; read as U+FFFD.
    Undecodable {
        /// First byte in the file, from 0.
        byte: usize,
        /// Row and column (from 1) where it stands, once rows are known.
        at: Option<(u32, u32)>,
    },
    /// A quotation mark that is never closed; the cell ends at its line.
    OpenQuote {
        /// Row.
        row: u32,
        /// Column from 1.
        column: u32,
    },
    /// Text after a closing quotation mark; kept as part of the cell.
    AfterQuote {
        /// Row.
        row: u32,
        /// Column from 1.
        column: u32,
    },
    /// A line with nothing in it; skipped.
    Blank {
        /// Row.
        row: u32,
    },
    /// The first row is a heading, not data; skipped.
    Heading,
    /// The count of cells is none that this kind has in any edition.
    Width {
        /// Row.
        row: u32,
        /// Cells of the kind in edition 4.1.
        want: usize,
        /// Cells of the row.
        got: usize,
    },
}

/// A file as it was read.
#[derive(Clone, Debug)]
pub struct Read {
    /// Its rows.
    pub table: Table,
    /// What is odd about it, in the order of the file.
    pub problems: Vec<Problem>,
}

/// Reads a file of that kind. Never fails: see [`Read::problems`].
pub fn read(kind: Kind, bytes: &[u8]) -> Read {
    let mut problems = Vec::new();
    let decoded = decode::decode(bytes, &mut problems);
    let mut table = Table {
        kind,
        encoding: decoded.encoding,
        text: decoded.text,
        extra: String::new(),
        cells: Vec::new(),
        rows: Vec::new(),
        heading: None,
    };
    split::split(&mut table, &mut problems);
    if decoded.bad {
        decode::place_bad_bytes(&table, &mut problems);
    }
    Read { table, problems }
}

/// Where one cell's text stands.
#[derive(Clone, Copy, Debug)]
struct Cell {
    /// First byte; the top bit says: in `extra`, not in `text`.
    start: u32,
    /// Bytes; the top bit says: was quoted.
    len: u32,
}

const FLAG: u32 = 1 << 31;

#[derive(Clone, Copy, Debug)]
struct Span {
    first: u32,
    count: u16,
    /// As 3.x has it: three columns fewer, which stand empty among the cells.
    narrow: bool,
    ending: Ending,
    number: u32,
}

/// The rows of one file.
#[derive(Clone, Debug)]
pub struct Table {
    kind: Kind,
    encoding: Encoding,
    text: String,
    extra: String,
    cells: Vec<Cell>,
    rows: Vec<Span>,
    /// End of a heading row in `text`, if there was one.
    heading: Option<usize>,
}

impl Table {
    /// A table without rows.
    pub fn empty(kind: Kind) -> Self {
        Self {
            kind,
            encoding: Encoding::Ms932,
            text: String::new(),
            extra: String::new(),
            cells: Vec::new(),
            rows: Vec::new(),
            heading: None,
        }
    }

    /// Kind of file.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The encoding it was read in.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The whole decoded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Count of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// One row, from 0.
    pub fn row(&self, index: usize) -> Option<Row<'_>> {
        self.rows.get(index).map(|span| self.row_of(span))
    }

    /// The rows in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> + Clone {
        self.rows.iter().map(|span| self.row_of(span))
    }

    fn row_of<'a>(&'a self, span: &Span) -> Row<'a> {
        let first = usize::try_from(span.first).unwrap_or(usize::MAX);
        let cells = self.cells.get(first..first + usize::from(span.count)).unwrap_or_default();
        Row { table: self, cells, number: span.number, narrow: span.narrow, ending: span.ending }
    }

    /// The rows written anew with CRLF and without heading; `mend` may give a cell another text. Quotation marks stay.
    pub(crate) fn rewrite(&self, mut mend: impl FnMut(Row<'_>, usize, &str) -> Option<String>) -> String {
        let mut out = String::with_capacity(self.text.len() + self.text.len() / 16);
        for row in self.rows() {
            for (place, column) in row.columns().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                let text = row.text(column);
                match mend(row, column, text) {
                    Some(other) => write::cell(&mut out, &other, row.is_quoted(column)),
                    None => write::cell(&mut out, text, row.is_quoted(column)),
                }
            }
            out.push_str(Ending::CrLf.text());
        }
        out
    }

    /// The bytes that give this table again: a file that was read without problems comes out byte for byte. (A few characters
    /// have two codes in MS932; they come out in the one that Windows writes.)
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = String::with_capacity(self.text.len());
        if self.encoding == Encoding::Utf8Bom {
            out.push('\u{FEFF}');
        }
        out.push_str(self.heading.and_then(|end| self.text.get(..end)).unwrap_or_default());
        for row in self.rows() {
            row.write(&mut out);
        }
        match self.encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => out.into_bytes(),
            Encoding::Ms932 => write::encode(&out, true).bytes,
        }
    }
}

/// One row: its cells by the columns of edition 4.1, whatever edition it is of.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    table: &'a Table,
    cells: &'a [Cell],
    number: u32,
    narrow: bool,
    ending: Ending,
}

impl<'a> Row<'a> {
    /// Row as a spreadsheet shows it: the first is 1, line breaks inside quotation marks do not count.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Count of cells.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Text of a column (from 0, see [`crate::layout`]); empty where there is none.
    pub fn text(&self, column: usize) -> &'a str {
        let Some(cell) = self.cells.get(column) else { return "" };
        let arena = if cell.start & FLAG == 0 { &self.table.text } else { &self.table.extra };
        let start = usize::try_from(cell.start & !FLAG).unwrap_or(usize::MAX);
        let len = usize::try_from(cell.len & !FLAG).unwrap_or(0);
        arena.get(start..start.saturating_add(len)).unwrap_or_default()
    }

    /// Whether the cell stood in quotation marks.
    pub fn is_quoted(&self, column: usize) -> bool {
        self.cells.get(column).is_some_and(|cell| cell.len & FLAG != 0)
    }

    /// Whether the row has the columns of 3.x (第6表 22, 第7表 34).
    pub fn is_narrow(&self) -> bool {
        self.narrow
    }

    /// How the row ends.
    pub fn ending(&self) -> Ending {
        self.ending
    }

    /// The kind of its file.
    pub fn kind(&self) -> Kind {
        self.table.kind
    }

    /// The column of the file (from 1) for a column of 4.1 (from 0): they differ in narrow rows.
    pub fn file_column(&self, column: usize) -> u32 {
        let skipped = match narrow_gap(self.table.kind) {
            Some(gap) if self.narrow && column >= gap => 3,
            _ => 0,
        };
        u32::try_from((column + 1).saturating_sub(skipped)).unwrap_or(u32::MAX)
    }

    /// The cells as text.
    pub fn texts(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let row = *self;
        (0..row.len()).map(move |column| row.text(column))
    }

    /// The columns that stand in its file.
    fn columns(&self) -> impl Iterator<Item = usize> + use<> {
        let gap = narrow_gap(self.table.kind).filter(|_| self.narrow);
        (0..self.len()).filter(move |column| gap.is_none_or(|gap| !(gap..gap + 3).contains(column)))
    }

    /// Appends the row as it stood in its file.
    fn write(&self, out: &mut String) {
        for (place, column) in self.columns().enumerate() {
            if place > 0 {
                out.push(',');
            }
            write::cell(out, self.text(column), self.is_quoted(column));
        }
        out.push_str(self.ending.text());
    }
}

/// Text in MS932, 外字 as they came; what MS932 has not is listed.
pub(crate) fn to_ms932(text: &str) -> Written {
    write::encode(text, true)
}

/// Where the three columns of 福祉用具 stand that 3.x has not (inferred from the history of the standard).
fn narrow_gap(kind: Kind) -> Option<usize> {
    if matches!(kind, Kind::Planned | Kind::Result) {
        Some(crate::layout::usage::TAIS)
    } else {
        (kind == Kind::Detail).then_some(crate::layout::detail::TAIS)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::layout::sheet3;

    fn ms932(text: &str) -> Vec<u8> {
        encoding_rs::SHIFT_JIS.encode(text).0.into_owned()
    }

    #[test]
    fn cells_keep_breaks_commas_and_doubled_quotes() {
        let text = "202407,981019,9900000018,20261101,20261101,\"掃除\r\n\"\"居室\"\",廊下\",1,0900,0930,,,,\r\n\
                    202407,981019,9900000018,20261101,20261101,,,,,\"起床\",0600,0600,\r\n";
        let bytes = ms932(text);
        let read = read(Kind::Sheet3, &bytes);
        assert_eq!(read.problems, []);
        let rows: Vec<_> = read.table.rows().collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].text(sheet3::SERVICE), "掃除\r\n\"居室\",廊下");
        assert!(rows[0].is_quoted(sheet3::SERVICE) && !rows[0].is_quoted(sheet3::WEEKDAY));
        assert_eq!((rows[1].number(), rows[1].text(sheet3::ACTIVITY)), (2, "起床"));
        assert_eq!(read.table.to_bytes(), bytes);
    }

    #[test]
    fn rows_of_third_edition_get_the_columns_of_four_one() {
        let mut cells: Vec<String> = (1..=22).map(|n| n.to_string()).collect();
        cells[0] = "202208".to_owned();
        let line = format!("{}\n", cells.join(","));
        let read = read(Kind::Planned, line.as_bytes());
        assert_eq!(read.problems, []);
        let row = read.table.row(0).unwrap();
        assert!(row.is_narrow());
        assert_eq!((row.len(), row.text(14), row.text(15), row.text(17), row.text(18)), (25, "15", "", "", "16"));
        assert_eq!((row.file_column(14), row.file_column(18)), (15, 16));
        assert_eq!(read.table.to_bytes(), line.as_bytes());
    }

    #[test]
    fn an_open_quote_costs_one_line_only() {
        let read =
            read(Kind::Sheet1Deletion, b"202407,981019,9900000018,\"20261101\r\n202407,981019,9900000026,20261101\r\n");
        assert_eq!(read.problems, [Problem::OpenQuote { row: 1, column: 4 }]);
        assert_eq!(read.table.row(1).unwrap().text(2), "9900000026");
    }

    #[test]
    fn characters_of_one_machine_come_back_as_they_were() {
        let bytes = b"202407,981019,9900000018,\xF0\x40\xF0\x7E\xF0\x80\xF5\xF5\xF9\xFC\r\n";
        let read = read(Kind::Sheet1Deletion, bytes);
        assert_eq!(read.table.row(0).unwrap().text(3).chars().next(), Some('\u{E000}'));
        assert_eq!(read.table.to_bytes(), bytes);
        let mut writer = Writer::new(Kind::Sheet1Deletion);
        writer.push(&["202407", "981019", "9900000018", "\u{E000}"]);
        assert_eq!(writer.finish().unmappable, ['\u{E000}']);
    }

    #[test]
    fn what_is_no_csv_is_named() {
        let only = |kind, bytes: &[u8]| read(kind, bytes).problems;
        assert_eq!(only(Kind::Sheet1, b""), [Problem::Empty]);
        assert_eq!(only(Kind::Sheet1, b"PK\x03\x04...."), [Problem::NotCsv { what: "zipか表計算ソフトのファイル" }]);
        let utf8 = read(Kind::Sheet3, "202407,981019,9900000018,20261101,20261101,掃除,,,,,,,\r\n".as_bytes());
        assert_eq!(utf8.problems, [Problem::Utf8 { bom: false }]);
        assert_eq!(utf8.table.row(0).unwrap().text(5), "掃除");
        let broken = read(Kind::Sheet1Deletion, b"202407,981019,99000\xFF0018,20261101\r\n");
        assert_eq!(broken.problems, [Problem::Undecodable { byte: 19, at: Some((1, 3)) }]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            for kind in [Kind::Planned, Kind::Sheet2, Kind::Detail] {
                let read = read(kind, &bytes);
                for row in read.table.rows() {
                    prop_assert!(row.texts().count() == row.len());
                }
                let _ = read.table.to_bytes();
            }
        }

        #[test]
        fn what_was_read_without_problems_is_written_back(
            rows in proptest::collection::vec(proptest::collection::vec("[ -~ぁ-んァ-ヶ一-龠\r\n]{0,6}", 13), 1..5),
        ) {
            let mut writer = Writer::new(Kind::Sheet3);
            for row in &rows {
                let cells: Vec<&str> = row.iter().map(String::as_str).collect();
                writer.push(&cells);
            }
            let written = writer.finish();
            let first = read(Kind::Sheet3, &written.bytes);
            if first.problems.is_empty() {
                prop_assert_eq!(first.table.to_bytes(), written.bytes);
            }
        }
    }
}
