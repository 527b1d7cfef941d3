//! Every cell by its column: whether it must be filled, and whether it holds what it must.
//!
//! Good cells cost a few comparisons of bytes and no memory; sentences are made only for what is found.

use kaigo_core::date::Date;
use kaigo_core::id::{InsurerNo, OfficeNo, holds_individual_number};
use kaigo_core::text::halfwidth;
use kaigo_interchange::encoding::Encoding;

use super::sink::{Sink, shown};
use super::text::{is_half_kana, is_ms932, is_private, replacement};
use crate::batch::OpenFile;
use crate::finding::Code;
use crate::kind::Kind;
use crate::layout::{Form, Item, Need, detail, usage};
use crate::table::Row;

pub(super) fn check(file: &OpenFile, sink: &mut Sink<'_>) {
    let kind = file.parsed.kind;
    let items = kind.items();
    let mut cells =
        Cells { kind, is_utf8: file.table.encoding() != Encoding::Ms932, insurer: "", office: "", date: "", sink };
    // Rows repeat names, numbers and texts of the row before: what was right there is right here.
    let mut right: Vec<&str> = vec![""; items.len()];
    for row in file.table.rows() {
        for ((column, item), right) in items.iter().enumerate().zip(&mut right).take(row.len()) {
            let text = row.text(column);
            if text.is_empty() {
                cells.empty(row, column, item);
            } else if text != *right {
                let before = cells.sink.found();
                cells.filled(row, column, item, text);
                *right = if cells.sink.found() == before { text } else { "" };
            }
        }
        // A row that is too short: its missing cells are told by the count of columns.
        for column in items.len()..row.len() {
            cells.characters(row, column, row.text(column));
        }
    }
}

struct Cells<'a, 'b, 'c> {
    kind: Kind,
    is_utf8: bool,
    /// The last 保険者番号, 事業所番号 and date that were right: rows repeat them.
    insurer: &'a str,
    office: &'a str,
    date: &'a str,
    sink: &'b mut Sink<'c>,
}

impl<'a> Cells<'a, '_, '_> {
    fn empty(&mut self, row: Row<'_>, column: usize, item: &Item) {
        match item.need {
            Need::Required => self.sink.cell_mend(
                Code::RequiredEmpty,
                row,
                column,
                |item| format!("{item}が空です。必ず入れる項目です。"),
                |item| format!("{item}を入れてください。"),
            ),
            Need::Presumed => self
                .sink
                .cell(Code::PresumedEmpty, row, column, |item| format!("{item}が空です。必須とみられる項目です。")),
            Need::Conditional | Need::Optional => {}
        }
    }

    fn filled(&mut self, row: Row<'a>, column: usize, item: &Item, text: &'a str) {
        let b = text.as_bytes();
        let good = match item.form {
            Form::Version => return self.characters_of_code(row, column, text),
            Form::Insurer => text == self.insurer || self.insurer(row, column, text),
            Form::Insured => self.insured(row, column, text),
            Form::Office => text == self.office || self.office(row, column, text),
            Form::Date => text == self.date || self.date(row, column, text),
            Form::DateOrZeros => b == b"00000000" || self.date(row, column, text),
            Form::Month => is_month(b) || self.bad(Code::MonthInvalid, row, column, text, "年月として読めません"),
            Form::MonthOrZeros => {
                b == b"000000" || is_month(b) || self.bad(Code::MonthInvalid, row, column, text, "年月として読めません")
            }
            Form::Time => self.time(row, column, text),
            Form::Number(most) => self.number(row, column, text, most),
            Form::Decimal => self.decimal(row, column, text),
            Form::ServiceKind => {
                is_code(b, 2) || self.bad(Code::ServiceShape, row, column, text, "2けたの英数字ではありません")
            }
            Form::Service | Form::SummaryService => {
                is_code(b, 6) || self.bad(Code::ServiceShape, row, column, text, "6けたの英数字ではありません")
            }
            Form::Code(table) => table.label(text).is_some() || self.code(row, column, text, &table.known()),
            Form::Tais => self.tais(row, column, text),
            Form::Days => self.days(row, column, text),
            Form::Postal => is_postal(b) || self.bad(Code::PostalForm, row, column, text, "000-0000の形ではありません"),
            Form::Text(most) => self.short_text(row, column, text, most),
            Form::Free => return self.characters(row, column, text),
            Form::Unused => {
                self.sink
                    .cell(Code::UnusedFilled, row, column, |item| format!("使わない項目（{item}）に値があります。"));
                false
            }
        };
        if !good {
            self.characters_of_code(row, column, text);
        }
    }

    /// Tells what is wrong; that it is only full-width, where it is. Always false.
    fn bad(&mut self, code: Code, row: Row<'_>, column: usize, text: &str, what: &str) -> bool {
        let plain = halfwidth(text);
        let is_wide = plain.as_ref() != text || text.trim() != text;
        let code = if is_wide && code != Code::PostalForm { Code::FullWidthCode } else { code };
        if code == Code::FullWidthCode {
            self.sink.cell_mend(
                code,
                row,
                column,
                |item| format!("{item}「{}」に、全角の文字か余分な空白があります。", shown(text)),
                |item| format!("{item}を半角の「{}」にしてください。", shown(plain.trim())),
            );
        } else {
            self.sink.cell(code, row, column, |item| format!("{item}「{}」が、{what}。", shown(text)));
        }
        false
    }

    fn insurer(&mut self, row: Row<'_>, column: usize, text: &'a str) -> bool {
        if text.len() != 6 || !digits(text.as_bytes()) {
            return self.bad(Code::InsurerShape, row, column, text, "6けたの数字ではありません");
        }
        self.insurer = text;
        if !InsurerNo::parse(text).is_ok_and(|no| no.check()) {
            self.sink.cell(Code::CheckDigit, row, column, |item| format!("{item}「{text}」の検査数字が合いません。"));
        }
        true
    }

    fn insured(&mut self, row: Row<'_>, column: usize, text: &str) -> bool {
        let b = text.as_bytes();
        let all_digits = digits(b);
        if b.len() == 10 && (all_digits || (b.first() == Some(&b'H') && b.get(1..).is_some_and(digits))) {
            return true;
        }
        if all_digits && b.len() < 10 {
            self.sink.cell_mend(
                Code::InsuredShort,
                row,
                column,
                |item| format!("{item}が{}けたです。10けたの番号です。", b.len()),
                |_| "先頭の0が落ちていないか、被保険者証で確かめてください。".to_owned(),
            );
            return true;
        }
        self.bad(Code::InsuredShape, row, column, text, "10けたの番号ではありません")
    }

    fn office(&mut self, row: Row<'_>, column: usize, text: &'a str) -> bool {
        if text.len() != 10 || !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return self.bad(Code::OfficeShape, row, column, text, "10けたの英数字ではありません");
        }
        self.office = text;
        // The grand total of 第7表 has nines for its office.
        let is_fixed = self.kind == Kind::Detail && text == GRAND_TOTAL_OFFICE;
        if !is_fixed && !OfficeNo::parse(text).is_ok_and(|no| no.check()) {
            self.sink.cell(Code::CheckDigit, row, column, |item| format!("{item}「{text}」の検査数字が合いません。"));
        }
        true
    }

    fn date(&mut self, row: Row<'_>, column: usize, text: &'a str) -> bool {
        if day(text).is_none() {
            return self.bad(Code::DateInvalid, row, column, text, "暦にある日付の8けた（YYYYMMDD）ではありません");
        }
        self.date = text;
        true
    }

    fn time(&mut self, row: Row<'_>, column: usize, text: &str) -> bool {
        if text == "9999" {
            return true;
        }
        let Some(time) = minutes(text) else {
            return self.bad(Code::TimeInvalid, row, column, text, "4けたの時刻（HHMM）ではありません");
        };
        if time >= 24 * 60 {
            self.sink.cell(Code::TimePastMidnight, row, column, |item| {
                format!("{item}が「{text}」です。24時以降の書き方は、標準仕様に定めがありません。")
            });
        }
        true
    }

    fn number(&mut self, row: Row<'_>, column: usize, text: &str, most: usize) -> bool {
        let plain = text.strip_prefix('-').filter(|rest| !rest.is_empty());
        let body = plain.unwrap_or(text);
        if !digits(body.as_bytes()) {
            return self.bad(Code::NumberInvalid, row, column, text, "数字ではありません");
        }
        if plain.is_some() {
            self.sink
                .cell(Code::NumberNegative, row, column, |item| format!("{item}が負の数「{}」です。", shown(text)));
        }
        if body.len() > most {
            let is_presumed = (is_usage(self.kind) && column == usage::LINE)
                || (self.kind == Kind::Detail && (detail::DAYS_BEFORE..=detail::DAYS_SUM).contains(&column));
            let code = if is_presumed { Code::TooLongPresumed } else { Code::TooLong };
            self.sink.cell(code, row, column, |item| {
                format!("{item}「{}」が{}けたです。{most}けたまでです。", shown(text), body.len())
            });
        }
        true
    }

    fn decimal(&mut self, row: Row<'_>, column: usize, text: &str) -> bool {
        if is_price(text.as_bytes()) {
            return true;
        }
        if text.parse::<f64>().is_ok_and(f64::is_finite) {
            self.sink.cell(Code::DecimalForm, row, column, |item| {
                format!("{item}「{}」が、99.99の形ではありません。", shown(text))
            });
            return true;
        }
        self.bad(Code::NumberInvalid, row, column, text, "数ではありません")
    }

    fn code(&mut self, row: Row<'_>, column: usize, text: &str, known: &str) -> bool {
        if halfwidth(text).as_ref() != text || text.trim() != text {
            return self.bad(Code::CodeUnknown, row, column, text, "");
        }
        self.sink.cell_mend(
            Code::CodeUnknown,
            row,
            column,
            |item| format!("{item}「{}」は、コード表にありません。", shown(text)),
            |_| format!("{known}のどれかを入れてください。"),
        );
        false
    }

    fn tais(&mut self, row: Row<'_>, column: usize, text: &str) -> bool {
        let Some((first, dash, last)) = split_tais(text) else {
            return self.bad_tais(row, column, text);
        };
        if first.len() != 5 || last.len() != 6 || !digits(first.as_bytes()) || !digits(last.as_bytes()) {
            return self.bad_tais(row, column, text);
        }
        if dash != '-' {
            self.sink.cell(Code::TaisDash, row, column, |item| format!("{item}「{}」の横棒が全角です。", shown(text)));
        }
        true
    }

    fn bad_tais(&mut self, row: Row<'_>, column: usize, text: &str) -> bool {
        self.sink.cell(Code::TaisShape, row, column, |item| {
            format!("{item}「{}」が、00001-000010の形（5けた-6けた）ではありません。", shown(text))
        });
        false
    }

    fn days(&mut self, row: Row<'_>, column: usize, text: &str) -> bool {
        let b = text.as_bytes();
        if b.iter().any(|b| !matches!(b, b'0' | b'1')) || b.len() > 31 || b.len() < 28 {
            return self.bad(Code::DaysShape, row, column, text, "31けたの0と1ではありません");
        }
        let month = row.text(usage::MONTH);
        let days = crate::name::Month::parse(month).map_or(31, crate::name::Month::days);
        if b.len() < 31 {
            self.sink
                .cell(Code::DaysShort, row, column, |item| format!("{item}が{}けたです。31けたにします。", b.len()));
        } else if b.iter().skip(usize::try_from(days).unwrap_or(31)).any(|b| *b == b'1') {
            self.sink.cell(Code::DaysBeyondMonth, row, column, |item| {
                format!("{item}に、{days}日より後の日が入っています。")
            });
        }
        true
    }

    fn short_text(&mut self, row: Row<'_>, column: usize, text: &str, most: usize) -> bool {
        if text.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
            if text.len() > most {
                self.sink.cell(Code::TooLong, row, column, |item| {
                    format!("{item}が{}文字です。{most}文字までです。", text.len())
                });
            }
            // A telephone number can hide a number of twelve digits.
            return text.len() < 12;
        }
        self.sink.cell(Code::TextWide, row, column, |item| {
            format!("{item}「{}」に、半角でない文字があります。", shown(text))
        });
        false
    }

    /// Code columns: only what is wrong in any column.
    fn characters_of_code(&mut self, row: Row<'_>, column: usize, text: &str) {
        if !text.is_ascii() || text.len() >= 12 {
            self.characters(row, column, text);
        }
    }

    /// Characters that may not stand in any cell.
    fn characters(&mut self, row: Row<'_>, column: usize, text: &str) {
        if text.is_ascii() {
            if text.bytes().any(|b| b < 0x20 && !matches!(b, b'\r' | b'\n' | b'\t') || b == 0x7F) {
                self.control(row, column);
            }
        } else {
            self.wide(row, column, text);
        }
        if text.len() >= 12 && holds_individual_number(text) && !is_equipment(self.kind, column) {
            self.sink.cell(Code::IndividualNumber, row, column, |item| {
                format!("{item}に、個人番号（マイナンバー）とみられる12けたの数字があります。")
            });
        }
    }

    fn wide(&mut self, row: Row<'_>, column: usize, text: &str) {
        let mut half_kana = false;
        for (place, character) in text.chars().enumerate() {
            match character {
                '\u{3000}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' if !self.is_utf8 => {}
                c if is_private(c) => self.private(row, column, c, place),
                c if c.is_control() && !matches!(c, '\r' | '\n' | '\t') => self.control(row, column),
                c if is_half_kana(c) => half_kana = true,
                c if self.is_utf8 && c != '\u{FFFD}' && !is_ms932(c) => self.outside(row, column, c, place),
                _ => {}
            }
        }
        if half_kana {
            self.sink.cell(Code::HalfWidthKana, row, column, |item| format!("{item}に、半角のカタカナがあります。"));
        }
    }

    fn control(&mut self, row: Row<'_>, column: usize) {
        self.sink
            .cell(Code::ControlCharacter, row, column, |item| format!("{item}に、目に見えない制御文字があります。"));
    }

    fn private(&mut self, row: Row<'_>, column: usize, character: char, place: usize) {
        self.sink.cell(Code::PrivateUse, row, column, |item| {
            format!("{item}の{}文字目が外字（U+{:04X}）です。", place + 1, u32::from(character))
        });
    }

    fn outside(&mut self, row: Row<'_>, column: usize, character: char, place: usize) {
        self.sink.cell_mend(
            Code::OutsideMs932,
            row,
            column,
            |item| {
                let number = u32::from(character);
                format!("{item}の{}文字目「{character}」（U+{number:04X}）が、MS932にありません。", place + 1)
            },
            |_| match replacement(character) {
                Some("") => "この文字を消してください（見た目は変わりません）。".to_owned(),
                Some(instead) => format!("「{instead}」に置きかえられます。"),
                None => "MS932にある別の文字か、ひらがなに置きかえてください。".to_owned(),
            },
        );
    }
}

/// 事業所コード of the 全合計 row.
pub(super) const GRAND_TOTAL_OFFICE: &str = "9999999999";

/// TAIS and 届出 codes and 日割対象日 have twelve digits or more by their form.
fn is_equipment(kind: Kind, column: usize) -> bool {
    if kind == Kind::Detail {
        return matches!(column, detail::TAIS | detail::EQUIPMENT);
    }
    is_usage(kind) && matches!(column, usage::TAIS | usage::EQUIPMENT | usage::DAYS)
}

fn is_usage(kind: Kind) -> bool {
    matches!(kind, Kind::Planned | Kind::Result)
}

/// Whether all are digits.
pub(crate) fn digits(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit)
}

fn is_code(bytes: &[u8], len: usize) -> bool {
    bytes.len() == len && bytes.iter().all(u8::is_ascii_alphanumeric)
}

fn is_month(bytes: &[u8]) -> bool {
    let [b'1'..=b'2', y2, y3, y4, m1, m2] = bytes else { return false };
    digits(&[*y2, *y3, *y4]) && matches!((m1, m2), (b'0', b'1'..=b'9') | (b'1', b'0'..=b'2'))
}

fn is_postal(bytes: &[u8]) -> bool {
    bytes.len() == 8 && bytes.iter().enumerate().all(|(i, b)| if i == 3 { *b == b'-' } else { b.is_ascii_digit() })
}

/// `99.99` with one to three digits before the point.
fn is_price(bytes: &[u8]) -> bool {
    let Some((head, [b'.', d1, d2])) = bytes.split_last_chunk::<3>() else { return false };
    (1..=3).contains(&head.len()) && digits(head) && digits(&[*d1, *d2])
}

/// `YYYYMMDD` of the calendar.
pub(crate) fn day(text: &str) -> Option<Date> {
    let [y1, y2, y3, y4, m1, m2, d1, d2] = text.as_bytes() else { return None };
    if !digits(text.as_bytes()) {
        return None;
    }
    let n = |digits: &[&u8]| digits.iter().fold(0_i16, |n, d| n * 10 + i16::from(**d - b'0'));
    let (month, date) = (i8::try_from(n(&[m1, m2])).ok()?, i8::try_from(n(&[d1, d2])).ok()?);
    Date::new(n(&[y1, y2, y3, y4]), month, date).ok()
}

/// Minutes since midnight of `HHMM` up to 47:59; none where it is no time.
pub(crate) fn minutes(text: &str) -> Option<u16> {
    let [h1, h2, m1, m2] = text.as_bytes() else { return None };
    if !digits(text.as_bytes()) {
        return None;
    }
    let n = |a: &u8, b: &u8| u16::from(a - b'0') * 10 + u16::from(b - b'0');
    let (hour, minute) = (n(h1, h2), n(m1, m2));
    (hour < 48 && minute < 60).then_some(hour * 60 + minute)
}

/// The parts of a TAIS code and its dash.
pub(crate) fn split_tais(text: &str) -> Option<(&str, char, &str)> {
    let (place, dash) = text.char_indices().find(|(_, c)| matches!(c, '-' | '－' | '‐' | '−' | 'ー' | '―'))?;
    Some((text.get(..place)?, dash, text.get(place + dash.len_utf8()..)?))
}
