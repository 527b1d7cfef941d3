//! The file of one opinion that 日医「医見書」 writes: one row of 121 columns.
//!
//! It is a product's format, described in public only in part. What is certain is read: columns 1 to 14 and 121. The others are counted and
//! not read; nothing is guessed. A file whose first row carries headings is also read where a heading is exactly the name of a field.

use super::field::{FIELDS, Kind};
use super::{Answer, OpinionForm, field};
use crate::date::parse_date;

/// Columns of a row.
pub const COLUMNS: usize = 121;

/// What was read from a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Export {
    /// Version of the format (1).
    pub version: String,
    /// Program that wrote it (2).
    pub software: String,
    /// 保険者番号 (4), as written.
    pub insurer_no: String,
    /// 被保険者番号 (6), as written.
    pub insured_no: String,
    /// 依頼番号 (11).
    pub request_no: String,
    /// What belongs on the form.
    pub form: OpinionForm,
    /// Fields that were filled, in the order of the columns.
    pub read: Vec<&'static str>,
    /// Columns that hold something and were not read, counted from 1.
    pub unread: Vec<usize>,
    /// What should be looked at, Japanese sentences.
    pub cautions: Vec<String>,
}

/// Reads the rows of a file. Nothing at all is certain of a file of another width without headings.
pub fn read(rows: &[Vec<String>]) -> Export {
    let mut export = Export::default();
    let (headings, row) = match rows {
        [first, second, ..] if is_heading(first) => (Some(first), second),
        [first, ..] if !is_heading(first) => (None, first),
        _ => {
            export.cautions.push("意見書の行がありません。".to_owned());
            return export;
        }
    };
    let more = rows.len() - usize::from(headings.is_some()) - 1;
    if more > 0 {
        export.cautions.push(format!("意見書が{}件あります。1件目だけを読みました。", more + 1));
    }
    if row.len() != COLUMNS {
        let say = format!("項目の数が{COLUMNS}ではなく{}です。「医見書」のファイルか確かめてください。", row.len());
        export.cautions.push(say);
        if headings.is_none() {
            export.unread = (1..).zip(row).filter(|(_, cell)| !cell.trim().is_empty()).map(|(no, _)| no).collect();
            return export;
        }
    }
    let is_usual = row.len() == COLUMNS;
    for (no, cell) in (1_usize..).zip(row) {
        let cell = cell.trim();
        let heading = headings.and_then(|all| all.get(no - 1)).map_or("", |name| name.trim());
        if !cell.is_empty() && !take(&mut export, no, is_usual, heading, cell) {
            export.unread.push(no);
        }
    }
    export
}

fn is_heading(row: &[String]) -> bool {
    row.first().is_some_and(|cell| cell.trim().trim_start_matches('\u{FEFF}').eq_ignore_ascii_case("FormatVersion"))
}

/// Takes one cell; false if nothing is known of it.
fn take(export: &mut Export, no: usize, is_usual: bool, heading: &str, cell: &str) -> bool {
    if is_usual {
        match no {
            1 => cell.clone_into(&mut export.version),
            2 => cell.clone_into(&mut export.software),
            4 => cell.clone_into(&mut export.insurer_no),
            6 => cell.clone_into(&mut export.insured_no),
            11 => cell.clone_into(&mut export.request_no),
            // Who it is about and when it was asked for stands in the request.
            3 | 5 | 7..=10 | 12 | 13 => {}
            14 => return put(export, "0-0", cell),
            COLUMNS => return put(export, "5", cell),
            _ => return by_heading(export, heading, cell),
        }
        return true;
    }
    by_heading(export, heading, cell)
}

fn by_heading(export: &mut Export, heading: &str, cell: &str) -> bool {
    // Codes of boxes are the product's own: only what is written in words is taken.
    let named = FIELDS.iter().find(|field| !heading.is_empty() && field.name == heading);
    match named {
        Some(field) if !matches!(field.kind, Kind::Coded | Kind::Marked(_)) => put(export, field.id, cell),
        Some(_) | None => false,
    }
}

fn put(export: &mut Export, id: &'static str, cell: &str) -> bool {
    let Some(field) = field(id) else { return false };
    let mut one = OpinionForm::default();
    let cell = cell.replace("\\n", "\n");
    one.put(id, &cell);
    if matches!(field.kind, Kind::Date) && parse_date(&cell).is_none() {
        export.cautions.push(format!("{}「{cell}」が日付として読めません。", field.name));
        return false;
    }
    match one.answer(field) {
        Ok(Answer::Empty) => false,
        Ok(_) => {
            export.form.put(id, &cell);
            export.read.push(id);
            true
        }
        Err(bad) => {
            export.cautions.push(bad.say(field.name));
            false
        }
    }
}
