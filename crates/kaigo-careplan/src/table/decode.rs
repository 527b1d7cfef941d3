//! Bytes to text: MS932 as Windows has it (cp932), and what else arrives in its place.

use encoding_rs::{DecoderResult, SHIFT_JIS};
use kaigo_interchange::encoding::Encoding;

use super::{Problem, Table};

/// A file's text.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) encoding: Encoding,
    /// Some bytes were no characters.
    pub(super) bad: bool,
}

/// Largest file that is read, 1 GiB: no file of the standard comes near.
const LARGEST: usize = 1 << 30;
/// Most broken places that are told one by one.
const MOST_BAD: usize = 200;

pub(super) fn decode(bytes: &[u8], problems: &mut Vec<Problem>) -> Decoded {
    let nothing = Decoded { text: String::new(), encoding: Encoding::Ms932, bad: false };
    if bytes.len() > LARGEST {
        problems.push(Problem::TooLarge);
        return nothing;
    }
    if bytes.is_empty() {
        problems.push(Problem::Empty);
        return nothing;
    }
    if let Some(what) = foreign(bytes) {
        problems.push(Problem::NotCsv { what });
        return nothing;
    }
    if let Some(text) = as_utf8(bytes) {
        let bom = text.starts_with('\u{FEFF}');
        if bom || !text.is_ascii() {
            problems.push(Problem::Utf8 { bom });
            let encoding = if bom { Encoding::Utf8Bom } else { Encoding::Utf8 };
            return Decoded { text: text.trim_start_matches('\u{FEFF}').to_owned(), encoding, bad: false };
        }
        return Decoded { text: text.to_owned(), encoding: Encoding::Ms932, bad: false };
    }
    let (text, had_errors) = SHIFT_JIS.decode_without_bom_handling(bytes);
    if had_errors {
        let text = decode_slowly(bytes, problems);
        return Decoded { text, encoding: Encoding::Ms932, bad: true };
    }
    Decoded { text: text.into_owned(), encoding: Encoding::Ms932, bad: false }
}

/// The text, if the bytes are plain ASCII or certainly UTF-8: two half-width kana of MS932 can look like one character of
/// two bytes, so only characters of three bytes count.
fn as_utf8(bytes: &[u8]) -> Option<&str> {
    let text = core::str::from_utf8(bytes).ok()?;
    (text.is_ascii() || text.chars().any(|c| c.len_utf8() >= 3)).then_some(text)
}

fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const STARTS: [(&[u8], &str); 7] = [
        (b"PK\x03\x04", "zipか表計算ソフトのファイル"),
        (&[0xD0, 0xCF, 0x11, 0xE0], "表計算ソフトのファイル"),
        (b"%PDF", "PDF"),
        (&[0xFF, 0xFE], "UTF-16の文字"),
        (&[0xFE, 0xFF], "UTF-16の文字"),
        (&[0xFF, 0xD8, 0xFF], "JPEGの画像"),
        (&[0x89, b'P', b'N', b'G'], "PNGの画像"),
    ];
    STARTS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, what)| *what)
}

/// Decodes byte by byte around what is broken, and says where.
fn decode_slowly(bytes: &[u8], problems: &mut Vec<Problem>) -> String {
    let mut decoder = SHIFT_JIS.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() * 3);
    let (mut at, mut told) = (0, 0);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        text.reserve(rest.len() * 3 + 16);
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        at += read;
        match result {
            DecoderResult::InputEmpty => return text,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(len, after) => {
                text.push('\u{FFFD}');
                let byte = at.saturating_sub(usize::from(len) + usize::from(after));
                if told < MOST_BAD {
                    told += 1;
                    problems.push(Problem::Undecodable { byte, at: None });
                }
            }
        }
    }
}

/// Gives the broken places their row and column: the n-th U+FFFD of the cells is the n-th broken place.
pub(super) fn place_bad_bytes(table: &Table, problems: &mut [Problem]) {
    let mut places = table.rows().flat_map(|row| {
        (0..row.len()).flat_map(move |column| {
            let held = row.text(column).matches('\u{FFFD}').count();
            std::iter::repeat_n((row.number(), row.file_column(column)), held)
        })
    });
    for problem in problems {
        if let Problem::Undecodable { at, .. } = problem {
            *at = places.next();
        }
    }
}
