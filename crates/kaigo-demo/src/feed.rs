//! Writes feed folders: a manifest, one file per record kind, and the documents that rows name.
//!
//! Rows go out in blocks as they are made, so memory stays flat however many persons there are.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::Path;

use kaigo_core::date::Date;
use kaigo_core::id::InsurerNo;
use kaigo_core::layout::Cell;
use kaigo_core::record::{COMMON, Common};

use crate::pdf;
use crate::records::{Kind, PersonRecords, Row, Walk};

/// How the files of a feed look; the importer must take all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedStyle {
    /// CSV in UTF-8, English headings, LF.
    Csv,
    /// CSV in UTF-8 with BOM, Japanese headings, CRLF, as spreadsheet programs write it.
    CsvJapanese,
    /// JSON, one array of objects with the English names.
    Json,
}

/// One feed folder to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedPlan {
    /// Name of the folder.
    pub folder: String,
    /// Insurer (保険者番号).
    pub insurer_no: InsurerNo,
    /// Name of the insurer.
    pub insurer_name: &'static str,
    /// Day on which the municipality made it, at 5:10 in the morning.
    pub made_on: Date,
    /// For a delta, the day of the feed before; a full feed has none.
    pub since: Option<Date>,
    /// How the files look.
    pub style: FeedStyle,
}

/// What a feed holds: record kind and rows, in the order of loading.
pub type FeedReport = Vec<(&'static str, u64)>;

const BLOCK: usize = 1 << 16;

struct File {
    kind: &'static str,
    name: String,
    block: String,
    rows: u64,
}

/// A feed in the making.
struct Writer<'a> {
    style: FeedStyle,
    files: Vec<File>,
    at: usize,
    out: &'a mut dyn FnMut(&str, &[u8]) -> io::Result<()>,
    failed: io::Result<()>,
}

/// Writes a feed of these persons through `out`, which appends bytes to the file of that path.
pub(crate) fn write(
    plan: &FeedPlan,
    persons: Range<u64>,
    person: &dyn Fn(u64) -> PersonRecords,
    out: &mut dyn FnMut(&str, &[u8]) -> io::Result<()>,
) -> io::Result<FeedReport> {
    let mut writer = Writer { style: plan.style, files: Vec::new(), at: 0, out, failed: Ok(()) };
    writer.open();
    for i in persons {
        let all = person(i);
        let records = match plan.since {
            Some(since) => all.clone().known_on(plan.made_on).since(&all.known_on(since)),
            None => all.known_on(plan.made_on),
        };
        writer.at = 0;
        records.walk(&mut writer);
        if records.survey.iter().any(|row| row.record.file.is_some()) {
            writer.documents(&records, &person(i))?;
        }
    }
    writer.close(plan)
}

/// Writes a feed into the folder, which is made if it is not there; files that are there are replaced.
pub(crate) fn write_folder(
    folder: &Path,
    plan: &FeedPlan,
    persons: Range<u64>,
    person: &dyn Fn(u64) -> PersonRecords,
) -> io::Result<FeedReport> {
    let mut open: BTreeMap<String, fs::File> = BTreeMap::new();
    fs::create_dir_all(folder.join("documents"))?;
    let mut put = |path: &str, bytes: &[u8]| {
        if path.starts_with("documents/") {
            return fs::write(folder.join(path), bytes);
        }
        if let Some(file) = open.get_mut(path) {
            return file.write_all(bytes);
        }
        let mut file = fs::File::create(folder.join(path))?;
        file.write_all(bytes)?;
        open.insert(path.to_owned(), file);
        Ok(())
    };
    write(plan, persons, person, &mut put)
}

impl Writer<'_> {
    fn open(&mut self) {
        struct Opener<'b, 'c>(&'b mut Writer<'c>);
        impl Walk for Opener<'_, '_> {
            fn rows<R: Kind>(&mut self, _: &[Row<R>]) {
                self.0.open_kind::<R>();
            }
        }
        PersonRecords::kinds(&mut Opener(self));
    }

    fn open_kind<R: Kind>(&mut self) {
        let (ending, block) = match self.style {
            FeedStyle::Csv => {
                let names = COMMON.iter().map(|c| c.0).chain(R::COLUMNS.iter().map(|c| c.name));
                ("csv", format!("{}\n", names.collect::<Vec<_>>().join(",")))
            }
            FeedStyle::CsvJapanese => {
                let names = COMMON.iter().map(|c| c.1).chain(R::COLUMNS.iter().map(|c| c.ja));
                ("csv", format!("\u{feff}{}\r\n", names.collect::<Vec<_>>().join(",")))
            }
            FeedStyle::Json => ("json", "[".to_owned()),
        };
        let name = format!("{}.{ending}", R::NAME);
        self.files.push(File { kind: R::NAME, name, block, rows: 0 });
    }

    fn documents(&mut self, records: &PersonRecords, whole: &PersonRecords) -> io::Result<()> {
        let Some(person) = whole.insured_person.last().map(|row| &row.record) else {
            return Ok(());
        };
        let no = records.insured_no;
        for row in &records.survey {
            if let Some(file) = &row.record.file {
                (self.out)(&format!("documents/{file}"), &pdf::survey(no.as_str(), person, &row.record))?;
            }
        }
        for row in &records.doctor_opinion {
            if let Some(file) = &row.record.file {
                (self.out)(&format!("documents/{file}"), &pdf::opinion(no.as_str(), person, &row.record))?;
            }
        }
        Ok(())
    }

    fn close(mut self, plan: &FeedPlan) -> io::Result<FeedReport> {
        self.failed?;
        let mut entries = Vec::with_capacity(self.files.len());
        for file in &mut self.files {
            if self.style == FeedStyle::Json {
                file.block.push_str("\n]\n");
            }
            (self.out)(&file.name, file.block.as_bytes())?;
            entries.push(format!("{{\"name\":\"{}\",\"kind\":\"{}\",\"rows\":{}}}", file.name, file.kind, file.rows));
        }
        let mode = if plan.since.is_some() { "delta" } else { "full" };
        let manifest = format!(
            "{{\"format\":\"kaigo-feed/1\",\"insurer_no\":\"{}\",\"insurer_name\":\"{}\",\"made_at\":\"{}T05:10:00+09:00\",\"mode\":\"{mode}\",\"files\":[\n{}\n]}}\n",
            plan.insurer_no,
            plan.insurer_name,
            plan.made_on,
            entries.join(",\n")
        );
        (self.out)("manifest.json", manifest.as_bytes())?;
        Ok(self.files.iter().map(|file| (file.kind, file.rows)).collect())
    }
}

impl Walk for Writer<'_> {
    fn rows<R: Kind>(&mut self, rows: &[Row<R>]) {
        let style = self.style;
        if let Some(file) = self.files.get_mut(self.at) {
            for row in rows {
                match style {
                    FeedStyle::Csv => csv_row(&mut file.block, row, "\n"),
                    FeedStyle::CsvJapanese => csv_row(&mut file.block, row, "\r\n"),
                    FeedStyle::Json => {
                        file.block.push_str(if file.rows == 0 { "\n" } else { ",\n" });
                        json_row(&mut file.block, row);
                    }
                }
                file.rows += 1;
            }
            if file.block.len() >= BLOCK {
                let written = (self.out)(&file.name, file.block.as_bytes());
                file.block.clear();
                if self.failed.is_ok() {
                    self.failed = written;
                }
            }
        }
        self.at += 1;
    }
}

fn common_cells(common: &Common) -> [Cell<'_>; 4] {
    [
        Cell::Text(common.insured_no.as_str().into()),
        Cell::Int(common.record_no.0),
        Cell::Int(common.history_no.0),
        Cell::Text(common.void.code().into()),
    ]
}

fn csv_row<R: Kind>(out: &mut String, row: &Row<R>, end: &str) {
    for (n, cell) in common_cells(&row.common).iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        csv_cell(out, cell);
    }
    for column in R::COLUMNS {
        out.push(',');
        csv_cell(out, &(column.get)(&row.record).cell());
    }
    out.push_str(end);
}

fn csv_cell(out: &mut String, cell: &Cell<'_>) {
    match cell {
        Cell::Null => {}
        Cell::Int(n) => {
            let _ = write!(out, "{n}");
        }
        Cell::Text(text) if text.contains([',', '"', '\n', '\r']) => {
            out.push('"');
            out.push_str(&text.replace('"', "\"\""));
            out.push('"');
        }
        Cell::Text(text) => out.push_str(text),
    }
}

fn json_row<R: Kind>(out: &mut String, row: &Row<R>) {
    out.push('{');
    for (n, ((name, _, _), cell)) in COMMON.iter().zip(common_cells(&row.common)).enumerate() {
        if n > 0 {
            out.push(',');
        }
        json_cell(out, name, &cell);
    }
    for column in R::COLUMNS {
        out.push(',');
        json_cell(out, column.name, &(column.get)(&row.record).cell());
    }
    out.push('}');
}

fn json_cell(out: &mut String, name: &str, cell: &Cell<'_>) {
    let _ = write!(out, "\"{name}\":");
    match cell {
        Cell::Null => out.push_str("null"),
        Cell::Int(n) => {
            let _ = write!(out, "{n}");
        }
        Cell::Text(text) => {
            out.push('"');
            for c in text.chars() {
                match c {
                    '"' => out.push_str("\\\""),
                    '\\' => out.push_str("\\\\"),
                    '\n' => out.push_str("\\n"),
                    c if c.is_control() => {
                        let _ = write!(out, "\\u{:04x}", u32::from(c));
                    }
                    c => out.push(c),
                }
            }
            out.push('"');
        }
    }
}
