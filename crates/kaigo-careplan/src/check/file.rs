//! A file by itself: its name, its bytes, its versions.

use super::sink::{Sink, shown};
use crate::attachment::Refused;
use crate::batch::OpenFile;
use crate::finding::Code;
use crate::kind::{Edition, Kind};
use crate::name::{Form, Month};
use crate::table::{Ending, Problem};

/// First month of service of edition 4.1.
const FOUR_ONE_FROM: Month = Month { year: 2025, month: 4 };

pub(super) fn check(file: &OpenFile, sink: &mut Sink<'_>) {
    name(file, sink);
    for problem in &file.problems {
        tell(problem, sink);
    }
    if file.table.is_empty() && file.problems.is_empty() && file.parsed.kind != Kind::BasicImage {
        sink.file(Code::FileEmpty, || "ファイルに、データの行が1つもありません。".to_owned());
    }
    endings(file, sink);
    versions(file, sink);
}

fn name(file: &OpenFile, sink: &mut Sink<'_>) {
    let parsed = file.parsed;
    let right = parsed.to_string();
    let version = file.table.row(0).map_or("", |row| row.text(0));
    if parsed.form != Form::FourOne && Edition::parse(version).is_none_or(|edition| edition == Edition::FourOne) {
        sink.file(Code::NameFormOld, || match parsed.form {
            Form::Third => "ファイル名に、サービス種類コードがありません（3版の形です）。".to_owned(),
            Form::FourZero | Form::FourOne => {
                "ファイル名のサービス種類コードが3けたです（4.0版の形です）。4.1版では2けたです。".to_owned()
            }
        });
    } else if parsed.form == Form::FourOne && !is_spelled(&file.name, &right, parsed.kind) {
        sink.file_mend(
            Code::NameSpelling,
            || format!("ファイル名「{}」は、標準仕様のつづりと違います。", shown_name(&file.name)),
            || format!("「{right}」という名前にしてください。"),
        );
    }
    if !parsed.serial.is_moment() {
        sink.file(Code::SerialMoment, || format!("連番「{}」が、年月日時分秒として読めません。", parsed.serial));
    }
}

/// The picture's extension is printed in both cases.
fn is_spelled(name: &str, right: &str, kind: Kind) -> bool {
    let same_stem = || name.strip_suffix(".JPG").zip(right.strip_suffix(".jpg")).is_some_and(|(a, b)| a == b);
    name == right || (kind == Kind::BasicImage && same_stem())
}

pub(super) fn shown_name(name: &str) -> String {
    name.chars().take(100).map(|c| if c.is_control() { '?' } else { c }).collect()
}

fn tell(problem: &Problem, sink: &mut Sink<'_>) {
    match problem {
        Problem::Empty => sink.file(Code::FileEmpty, || Code::FileEmpty.title().to_owned()),
        Problem::TooLarge => sink.file(Code::FileTooLarge, || Code::FileTooLarge.title().to_owned()),
        Problem::Utf8 { bom } => sink.file(Code::EncodingUtf8, || {
            let mark = if *bom { "（BOM付き）" } else { "" };
            format!("文字コードがUTF-8{mark}です。標準仕様はShift_JIS（MS932）です。")
        }),
        Problem::NotCsv { what } => sink.file(Code::FileNotCsv, || format!("中身が{what}で、CSVではありません。")),
        Problem::NotJpeg { refused: None | Some(Refused::Format) } => {
            sink.file(Code::FileNotJpeg, || Code::FileNotJpeg.title().to_owned());
        }
        Problem::NotJpeg { refused: Some(refused) } => {
            let code = match refused {
                Refused::IndividualNumber => Code::IndividualNumber,
                Refused::Format | Refused::Damaged | Refused::Encrypted | Refused::Active | Refused::Ending => {
                    Code::FileNotJpeg
                }
            };
            sink.file_mend(code, || refused.say().to_owned(), || refused.mend().to_owned());
        }
        Problem::Undecodable { byte, at: Some((row, column)) } => {
            sink.place(Code::Undecodable, *row, *column, "", || {
                format!("文字として読めないバイトがあります（{byte}バイト目）。")
            });
        }
        Problem::Undecodable { byte, at: None } => {
            sink.file(Code::Undecodable, || format!("文字として読めないバイトがあります（{byte}バイト目）。"));
        }
        Problem::OpenQuote { row, column } => {
            sink.place(Code::QuoteOpen, *row, *column, "", || Code::QuoteOpen.title().to_owned());
        }
        Problem::AfterQuote { row, column } => {
            sink.place(Code::QuoteAfter, *row, *column, "", || Code::QuoteAfter.title().to_owned());
        }
        Problem::Blank { row } => sink.row(Code::BlankLine, *row, || Code::BlankLine.title().to_owned()),
        Problem::Heading => sink.row(Code::HeadingRow, 1, || Code::HeadingRow.title().to_owned()),
        Problem::Width { row, want, got } => {
            sink.row(Code::ColumnCount, *row, || format!("項目が{got}個あります。標準仕様4.1版では{want}個です。"));
        }
    }
}

fn endings(file: &OpenFile, sink: &mut Sink<'_>) {
    if let Some(row) = file.table.rows().find(|row| matches!(row.ending(), Ending::Lf | Ending::Cr)) {
        sink.row(Code::LineEnding, row.number(), || {
            let which = if row.ending() == Ending::Cr { "CR" } else { "LF" };
            format!("改行が{which}だけの行があります。多くのソフトはCRLFで書きます。")
        });
    }
}

/// One version in a file, a known one, the current one, and the columns that it has.
fn versions(file: &OpenFile, sink: &mut Sink<'_>) {
    let kind = file.parsed.kind;
    let Some(first) = file.table.row(0) else { return };
    let version = first.text(0);
    let edition = Edition::parse(version);
    let is_late = file.parsed.month.is_none_or(|month| month >= FOUR_ONE_FROM);
    match edition {
        None if version.is_empty() => {}
        None => sink.cell(Code::VersionUnknown, first, 0, |_| {
            format!("CSVバージョン「{}」は知られていません。", shown(version))
        }),
        Some(Edition::FourOne) => {}
        Some(old) if is_late => sink.cell(Code::VersionOld, first, 0, |_| {
            format!("CSVバージョンが{version}（{}）です。2025年4月のサービスからは202407（第4.1版）です。", old.label())
        }),
        Some(_) => {}
    }
    let is_third = |edition: Edition| edition <= Edition::Third;
    let is_new_kind = kind.is_prevention() || kind == Kind::Sheet3;
    if edition.is_some_and(is_third) && is_new_kind {
        sink.cell(Code::VersionLayout, first, 0, |_| {
            format!("{}は4.0版で新しくできたファイルですが、CSVバージョンが{version}です。", kind.label())
        });
    }
    let has_narrow = matches!(kind, Kind::Planned | Kind::Result | Kind::Detail);
    let width = kind.items().len();
    for row in file.table.rows() {
        let own = row.text(0);
        if own != version {
            sink.cell(Code::VersionMixed, row, 0, |_| {
                format!("CSVバージョンが「{}」です。1行目は「{}」です。", shown(own), shown(version))
            });
        } else if has_narrow && row.is_narrow() && edition.is_some_and(|edition| !is_third(edition)) {
            let got = width - 3;
            sink.row(Code::ColumnCount, row.number(), || {
                format!("項目が{got}個あります（3版の並び）。CSVバージョン{version}では{width}個です。")
            });
        } else if has_narrow && !row.is_narrow() && row.len() == width && edition.is_some_and(is_third) {
            sink.row(Code::VersionLayout, row.number(), || {
                format!("項目が{width}個ありますが、CSVバージョン{version}では{}個とみられます。", width - 3)
            });
        }
    }
}
