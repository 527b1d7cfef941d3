//! Files that come with an opinion: a scan (PDF, JPEG, PNG), judged by its content; an export of 日医「医見書」, read into the form.

use std::io::Cursor;

use kaigo_careplan::attachment::{self, Refused};
use kaigo_core::id::holds_individual_number;
use kaigo_core::opinion::{COLUMNS, Export, read_export};
use kaigo_interchange::row::RowBuf;
use kaigo_interchange::table::{Format, TableReader};

use super::Request;
use crate::{Error, Wrong};

/// The largest file, bytes.
pub const MOST: usize = 10 * 1024 * 1024;

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// A scan, of that media type.
    Scan(&'static str),
    /// An export.
    Export(Box<Export>),
}

/// Judges a file by its bytes.
///
/// # Errors
/// [`Error::Invalid`] with the reason and the mend.
pub fn judge(bytes: &[u8], request: &Request) -> Result<Judged, Error> {
    if bytes.is_empty() {
        return Err(wrong("opinion-file-empty", "ファイルを選んでください。".to_owned()));
    }
    if bytes.len() > MOST {
        return Err(wrong(
            "opinion-file-large",
            "ファイルは10MBまでです。解像度を下げて読みとりなおしてください。".to_owned(),
        ));
    }
    let scan = if bytes.starts_with(PNG) {
        png(bytes).map(|()| "image/png")
    } else {
        attachment::look(bytes).map(attachment::Format::media_type)
    };
    match scan {
        Ok(media) => Ok(Judged::Scan(media)),
        Err(Refused::Format) => export(bytes, request),
        Err(
            why @ (Refused::Damaged
            | Refused::Encrypted
            | Refused::Active
            | Refused::Ending
            | Refused::IndividualNumber),
        ) => {
            let say = why.say().replace(
                "相手が開けず、中身も確かめられないため、送れません",
                "中身を確かめられないため、受け付けられません",
            );
            let mend = why.mend().replace("送った内容は相手の事業所だけが見られます。", "");
            Err(wrong(why.code(), format!("{say}{mend}")))
        }
    }
}

fn export(bytes: &[u8], request: &Request) -> Result<Judged, Error> {
    let format = || {
        let say =
            "受け付けられるのは、PDF・JPEG・PNGと、日医「医見書」のCSVです。このファイルの中身は、どれでもありません。";
        wrong("attachment-format", format!("{say}もとのソフトから、どれかの形で保存しなおしてください。"))
    };
    // What is no text at all is no export either.
    if bytes.contains(&0) {
        return Err(format());
    }
    let rows = rows(bytes).ok_or_else(format)?;
    if rows.iter().flatten().any(|cell| holds_individual_number(cell)) {
        let why = Refused::IndividualNumber;
        return Err(wrong(why.code(), format!("{}{}", why.say(), why.mend())));
    }
    let export = read_export(&rows);
    if export.form.count() == 0 && export.insured_no.is_empty() {
        let say = export.cautions.first().cloned().unwrap_or_default();
        return Err(wrong("opinion-export", format!("医見書のCSVとして読めません。{say}")));
    }
    let is_other = |written: &str, own: &str| {
        !written.is_empty() && written.trim_start_matches('0') != own.trim_start_matches('0')
    };
    if is_other(&export.insurer_no, request.insurer_no.as_str())
        || is_other(&export.insured_no, request.insured_no.as_str())
    {
        let say = "このファイルは、別の方（保険者番号か被保険者番号が違います）の意見書です。患者さんを確かめて、選びなおしてください。";
        return Err(wrong("opinion-other-person", say.to_owned()));
    }
    Ok(Judged::Export(Box::new(export)))
}

/// The rows of a table without headings, of any encoding; at most three, at most twice as wide as an opinion.
fn rows(bytes: &[u8]) -> Option<Vec<Vec<String>>> {
    let plain = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // The reader wants headings: a row of our own before the first.
    let mut table = (1..=COLUMNS).map(|no| format!("c{no}")).collect::<Vec<_>>().join(",").into_bytes();
    table.extend_from_slice(b"\r\n");
    table.extend_from_slice(plain);
    let mut reader = TableReader::open(Cursor::new(table), Format::Csv).ok()?;
    let (mut rows, mut row) = (Vec::new(), RowBuf::default());
    while rows.len() < 3 && reader.next_row(&mut row).ok()? {
        rows.push(row.cells().take(2 * COLUMNS).map(str::to_owned).collect());
    }
    Some(rows)
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Walks the chunks of a PNG to its end and reads the texts among them.
fn png(bytes: &[u8]) -> Result<(), Refused> {
    let mut rest = bytes.get(PNG.len()..).unwrap_or_default();
    loop {
        let (head, after) = rest.split_at_checked(8).ok_or(Refused::Damaged)?;
        let (len, kind) = head.split_at_checked(4).ok_or(Refused::Damaged)?;
        let len = len.iter().fold(0_usize, |sum, byte| sum.saturating_mul(256).saturating_add(usize::from(*byte)));
        let (body, after) = after.split_at_checked(len).ok_or(Refused::Damaged)?;
        if kind == b"IEND" {
            return Ok(());
        }
        if matches!(kind, b"tEXt" | b"iTXt" | b"eXIf") && holds_individual_number(&String::from_utf8_lossy(body)) {
            return Err(Refused::IndividualNumber);
        }
        (_, rest) = after.split_at_checked(4).ok_or(Refused::Damaged)?;
    }
}

fn wrong(code: &'static str, say: String) -> Error {
    Error::Invalid(vec![Wrong { field: "file", code, say }])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
        let len = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&len[..], &kind, body, &[0; 4]].concat()
    }

    #[test]
    fn a_png_is_walked_to_its_end() {
        let good = [PNG, &chunk(*b"IHDR", &[0; 13]), &chunk(*b"IEND", &[])].concat();
        assert_eq!(png(&good), Ok(()));
        assert_eq!(png(&good[..good.len() - 12]), Err(Refused::Damaged));
        let number = [PNG, &chunk(*b"tEXt", b"memo\x001234 5678 9018"), &chunk(*b"IEND", &[])].concat();
        assert_eq!(png(&number), Err(Refused::IndividualNumber));
        let huge = [PNG, &[0xFF; 8][..]].concat();
        assert_eq!(png(&huge), Err(Refused::Damaged));
    }

    #[test]
    fn rows_of_an_export_are_read_in_both_encodings() {
        let mut cells = vec![String::new(); COLUMNS];
        "2".clone_into(&mut cells[0]);
        "独居".clone_into(&mut cells[COLUMNS - 1]);
        let line = cells.join(",");
        let mut ms932 = Vec::new();
        kaigo_interchange::encoding::to_ms932(&line, &mut ms932);
        for bytes in [ms932, line.clone().into_bytes(), [b"\xEF\xBB\xBF", line.as_bytes()].concat()] {
            let rows = rows(&bytes).unwrap();
            assert_eq!((rows.len(), rows[0].len(), rows[0][COLUMNS - 1].as_str()), (1, COLUMNS, "独居"));
        }
    }
}
