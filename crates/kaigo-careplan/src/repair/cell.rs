//! One cell: what can be put right without a doubt.

use std::borrow::Cow;

use kaigo_core::date::parse_date;
use kaigo_core::id::{InsurerNo, OfficeNo};
use kaigo_core::text::halfwidth;

use super::{Log, What};
use crate::check::{day, digits, is_half_kana, is_ms932, minutes, replacement, split_tais};
use crate::layout::Form;
use crate::layout::tables::CodeTable;
use crate::name::Month;
use crate::table::Row;

/// How a cell was mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    HalfWidth,
    Zeros,
    Date,
    Time,
    Commas,
    Decimal,
    Postal,
    Dash,
    Days,
    Kana,
}

impl How {
    fn say(self) -> &'static str {
        match self {
            Self::HalfWidth => "全角の文字と余分な空白を、半角になおしました。",
            Self::Zeros => "落ちていた先頭の0を補いました。",
            Self::Date => "日付を8けた（YYYYMMDD）にしました。",
            Self::Time => "時刻を4けた（HHMM）にしました。",
            Self::Commas => "数字のけた区切りを除きました。",
            Self::Decimal => "小数点以下を2けたにしました。",
            Self::Postal => "郵便番号を000-0000の形にしました。",
            Self::Dash => "TAISコードの横棒を半角にしました。",
            Self::Days => "日割対象日を31けたにしました（足りない日は0）。",
            Self::Kana => "半角のカタカナを全角にしました。",
        }
    }
}

/// The mended text of a cell; none where nothing is mended.
pub(super) fn mend(row: Row<'_>, column: usize, text: &str, is_utf8: bool, log: &mut Log<'_>) -> Option<String> {
    let form = row.kind().items().get(column)?.form;
    let mended = if text.is_empty() { None } else { by_form(form, row, column, text) };
    if let Some((how, after)) = &mended {
        log.note(What::Cell(*how), Some((row, column)), text, after, how.say());
    }
    let after = mended.map(|(_, after)| after);
    if !is_utf8 {
        return after;
    }
    let current = after.as_deref().unwrap_or(text);
    let Some(replaced) = replace(current) else { return after };
    log.note(What::Replaced, Some((row, column)), current, &replaced, "MS932にない文字を、近い文字に置きかえました。");
    Some(replaced)
}

fn by_form(form: Form, row: Row<'_>, column: usize, text: &str) -> Option<(How, String)> {
    if form == Form::Free {
        return kana(text).map(|after| (How::Kana, after));
    }
    if matches!(form, Form::Unused) || is_good(form, text) {
        return None;
    }
    let plain = halfwidth(text);
    if let Some(after) = narrow(form, &plain)
        && !after.1.is_empty()
    {
        return Some(after);
    }
    if form == Form::Days {
        return days(row, column, &plain);
    }
    (plain != text && is_good(form, &plain)).then(|| (How::HalfWidth, plain.into_owned()))
}

/// Whether the text is as the form has it.
fn is_good(form: Form, text: &str) -> bool {
    let b = text.as_bytes();
    let is_code = |len: usize| b.len() == len && b.iter().all(u8::is_ascii_alphanumeric);
    match form {
        Form::Version | Form::Insurer => b.len() == 6 && digits(b),
        Form::Insured => b.len() == 10 && (digits(b) || (b.first() == Some(&b'H') && b.get(1..).is_some_and(digits))),
        Form::Office => is_code(10),
        Form::Date => day(text).is_some(),
        Form::DateOrZeros => text == "00000000" || day(text).is_some(),
        Form::Month => Month::parse(text).is_some(),
        Form::MonthOrZeros => text == "000000" || Month::parse(text).is_some(),
        Form::Time => text == "9999" || minutes(text).is_some(),
        Form::Number(most) => {
            let body = text.strip_prefix('-').unwrap_or(text);
            digits(body.as_bytes()) && body.len() <= most
        }
        Form::Decimal => {
            text.split_once('.').is_some_and(|(a, b)| digits(a.as_bytes()) && b.len() == 2 && digits(b.as_bytes()))
        }
        Form::ServiceKind => is_code(2),
        Form::Service | Form::SummaryService => is_code(6),
        Form::Code(table) => table.label(text).is_some(),
        Form::Tais => split_tais(text).is_some_and(|(a, dash, b)| dash == '-' && a.len() == 5 && b.len() == 6),
        Form::Days => b.len() == 31,
        Form::Postal => b.len() == 8 && b.get(3) == Some(&b'-'),
        Form::Text(most) => text.is_ascii() && text.trim() == text && text.len() <= most,
        Form::Free | Form::Unused => true,
    }
}

/// Mends of the text with half-width characters, each checked to be good.
fn narrow(form: Form, plain: &str) -> Option<(How, String)> {
    let zero = |count: usize| (How::Zeros, format!("{plain:0>count$}"));
    let is_digits = digits(plain.as_bytes());
    let found = match form {
        Form::Insurer if is_digits && plain.len() == 5 => {
            Some(zero(6)).filter(|(_, no)| InsurerNo::parse(no).is_ok_and(|no| no.check()))
        }
        Form::Office if is_digits && plain.len() == 9 => {
            Some(zero(10)).filter(|(_, no)| OfficeNo::parse(no).is_ok_and(|no| no.check()))
        }
        Form::Insured if is_digits && plain.len() == 9 => Some(zero(10)),
        Form::Date | Form::DateOrZeros if plain.contains(['/', '-']) && plain.is_ascii() => {
            let date = parse_date(plain)?;
            Some((How::Date, date.strftime("%Y%m%d").to_string()))
        }
        Form::Time => {
            let four: String = plain.chars().filter(|c| *c != ':').collect();
            let is_time = digits(four.as_bytes()) && (3..=4).contains(&four.len());
            is_time.then(|| (How::Time, format!("{four:0>4}")))
        }
        Form::Number(_) if plain.contains(',') => grouped(plain).map(|after| (How::Commas, after)),
        Form::Decimal => decimal(plain).map(|after| (How::Decimal, after)),
        Form::Code(table) => padded(table, plain).map(|after| (How::Zeros, after)),
        Form::Tais => split_tais(plain).map(|(first, _, last)| (How::Dash, format!("{first}-{last}"))),
        Form::Postal if is_digits && plain.len() == 7 => {
            plain.split_at_checked(3).map(|(head, tail)| (How::Postal, format!("{head}-{tail}")))
        }
        Form::Version
        | Form::Insurer
        | Form::Insured
        | Form::Office
        | Form::Date
        | Form::DateOrZeros
        | Form::Month
        | Form::MonthOrZeros
        | Form::Number(_)
        | Form::ServiceKind
        | Form::Service
        | Form::SummaryService
        | Form::Days
        | Form::Postal
        | Form::Text(_)
        | Form::Free
        | Form::Unused => None,
    };
    found.filter(|(_, after)| is_good(form, after) && after != plain)
}

/// `1,234` as a spreadsheet writes it.
fn grouped(text: &str) -> Option<String> {
    let mut parts = text.split(',');
    let head = parts.next()?;
    let fits = (1..=3).contains(&head.len()) && parts.all(|part| part.len() == 3);
    let joined = text.replace(',', "");
    (fits && digits(joined.as_bytes())).then_some(joined)
}

/// `10` and `10.2` with two places.
fn decimal(text: &str) -> Option<String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let fits = digits(whole.as_bytes()) && part.len() < 2 && part.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| format!("{whole}.{part:0<2}"))
}

/// `1` for `01`, where the table has that and not `1`.
fn padded(table: &CodeTable, text: &str) -> Option<String> {
    let width = table.rows.iter().map(|(code, _)| code.len()).max()?;
    let after = format!("{text:0>width$}");
    (digits(text.as_bytes()) && text.len() < width && table.label(&after).is_some()).then_some(after)
}

/// Days that a short month has not are 0.
fn days(row: Row<'_>, column: usize, text: &str) -> Option<(How, String)> {
    let month = Month::parse(row.text(crate::layout::usage::MONTH))?;
    let fits = usize::try_from(month.days()).is_ok_and(|days| days == text.len());
    (column == crate::layout::usage::DAYS && fits && text.bytes().all(|b| matches!(b, b'0' | b'1')))
        .then(|| (How::Days, format!("{text:0<31}")))
}

/// Full-width forms of U+FF61 to U+FF9F in order.
const FULL: &str = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜";

/// The text with its half-width kana in full width; none where it has none.
fn kana(text: &str) -> Option<String> {
    if !text.chars().any(is_half_kana) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut last: Option<char> = None;
    for character in text.chars() {
        let voiced = match character {
            '\u{FF9E}' => last.and_then(|base| voiced(base, 1)),
            '\u{FF9F}' => last.and_then(|base| voiced(base, 2)),
            _ => None,
        };
        if let Some(voiced) = voiced {
            out.pop();
            out.push(voiced);
            last = None;
            continue;
        }
        last = full(character);
        out.push(last.unwrap_or(character));
    }
    Some(out)
}

fn full(character: char) -> Option<char> {
    let place = u32::from(character).checked_sub(0xFF61)?;
    FULL.chars().nth(usize::try_from(place).ok()?)
}

/// The kana with its mark: 1 dakuten, 2 handakuten.
fn voiced(base: char, mark: u32) -> Option<char> {
    let takes = match base {
        'ウ' => return (mark == 1).then_some('ヴ'),
        'ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ' => true,
        'カ' | 'キ' | 'ク' | 'ケ' | 'コ' | 'サ' | 'シ' | 'ス' | 'セ' | 'ソ' | 'タ' | 'チ' | 'ツ' | 'テ' | 'ト' => {
            mark == 1
        }
        _ => false,
    };
    takes.then(|| char::from_u32(u32::from(base) + mark)).flatten()
}

/// The text with the replacements of characters that MS932 has not; none where nothing is replaced.
fn replace(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut out = Cow::Borrowed(text);
    for character in text.chars().filter(|c| !is_ms932(*c)) {
        if let Some(instead) = replacement(character) {
            out = Cow::Owned(out.replace(character, instead));
        }
    }
    (out != text).then(|| out.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_width_kana_become_full_width() {
        assert_eq!(kana("ｸｼﾛ ﾄﾒ").as_deref(), Some("クシロ トメ"));
        assert_eq!(kana("ｶﾞｷﾞﾊﾟｳﾞｱﾞ｡").as_deref(), Some("ガギパヴア゛。"));
        assert_eq!(kana("クシロ"), None);
        assert_eq!(FULL.chars().count(), 63);
    }

    #[test]
    fn numbers_get_what_they_lost() {
        let narrow = |form, text| narrow(form, text).map(|(_, after)| after);
        assert_eq!(narrow(Form::Insured, "900000018").as_deref(), Some("0900000018"));
        assert_eq!(narrow(Form::Date, "2026/11/5").as_deref(), Some("20261105"));
        assert_eq!(narrow(Form::Time, "9:00").as_deref(), Some("0900"));
        assert_eq!(narrow(Form::Time, "970"), None);
        assert_eq!(narrow(Form::Number(6), "1,234").as_deref(), Some("1234"));
        assert_eq!(narrow(Form::Number(6), "1,23"), None);
        assert_eq!(narrow(Form::Decimal, "10.2").as_deref(), Some("10.20"));
        assert_eq!(narrow(Form::Code(&crate::layout::tables::DWELLING), "1").as_deref(), Some("01"));
        assert_eq!(narrow(Form::Tais, "00001ー000010").as_deref(), Some("00001-000010"));
        assert_eq!(narrow(Form::Insurer, "98101"), None, "a lost zero is only put where the check digit fits");
    }
}
