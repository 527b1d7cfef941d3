//! A look into a PDF: is it whole, open and inert, and does its text hold a 個人番号?
//!
//! No renderer: streams are found by their keywords and unpacked within bounds, texts are read through every character map
//! that the file carries. That finds digits wherever a map or a plain encoding gives them away.

use std::collections::{HashMap, HashSet};
use std::io::Read as _;

use flate2::read::ZlibDecoder;
use kaigo_core::id::holds_individual_number;
use memchr::memmem;

use super::Refused;

/// Most bytes that one stream unpacks to.
const MOST_OF_STREAM: u64 = 8 << 20;
/// Most bytes that all streams unpack to; what is beyond is not looked into.
const MOST_OF_ALL: usize = 64 << 20;

/// Judges a PDF.
pub(super) fn check(bytes: &[u8]) -> Result<(), Refused> {
    let tail = bytes.get(bytes.len().saturating_sub(2048)..).unwrap_or_default();
    if memmem::find(tail, b"%%EOF").is_none() {
        return Err(Refused::Damaged);
    }
    let streams = streams(bytes);
    let outside = std::iter::once(bytes).chain(streams.iter().map(Vec::as_slice));
    for part in outside {
        if holds_name(part, b"/Encrypt") {
            return Err(Refused::Encrypted);
        }
        if [&b"/JavaScript"[..], b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia"]
            .iter()
            .any(|name| holds_name(part, name))
        {
            return Err(Refused::Active);
        }
    }
    let maps: Vec<Map> = streams.iter().filter_map(|stream| Map::parse(stream)).collect();
    let strings = streams.iter().map(|stream| shown(stream)).chain(std::iter::once(shown(bytes)));
    for shown in strings.filter(|shown| !shown.is_empty()) {
        if readings(&shown, &maps).any(|text| holds_individual_number(&text)) {
            return Err(Refused::IndividualNumber);
        }
    }
    Ok(())
}

/// What a PDF says, in every reading.
pub(super) fn text(bytes: &[u8]) -> String {
    let streams = streams(bytes);
    let maps: Vec<Map> = streams.iter().filter_map(|stream| Map::parse(stream)).collect();
    let strings = streams.iter().map(|stream| shown(stream)).chain(std::iter::once(shown(bytes)));
    let mut out = String::new();
    for shown in strings.filter(|shown| !shown.is_empty()) {
        for reading in readings(&shown, &maps) {
            out.push_str(&reading);
            out.push('\n');
        }
    }
    out
}

/// Whether a name stands there as a whole: `/JS` but not `/JSomething`.
fn holds_name(bytes: &[u8], name: &[u8]) -> bool {
    memmem::find_iter(bytes, name).any(|at| {
        !bytes
            .get(at + name.len())
            .is_some_and(|next| next.is_ascii_alphanumeric() || matches!(next, b'_' | b'-' | b'.'))
    })
}

/// What all streams unpack to; pictures and what cannot be unpacked are left out.
fn streams(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    let (mut at, mut total) = (0, 0);
    while let Some(found) = bytes.get(at..).and_then(|rest| memmem::find(rest, b"stream")) {
        let start = at + found + b"stream".len();
        at = start;
        let body = bytes.get(start..).unwrap_or_default();
        let body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n")).unwrap_or(body);
        let Some(len) = memmem::find(body, b"endstream") else { break };
        let raw = body.get(..len).unwrap_or_default();
        at += len;
        let before = bytes.get(start.saturating_sub(600)..start).unwrap_or_default();
        let dictionary = memmem::rfind(before, b"obj").and_then(|o| before.get(o..)).unwrap_or(before);
        let unpacked = if memmem::find(dictionary, b"/FlateDecode").is_some() {
            let mut plain = Vec::new();
            // What was unpacked before damage is looked at, too.
            let _ = ZlibDecoder::new(raw).take(MOST_OF_STREAM).read_to_end(&mut plain);
            plain
        } else if memmem::find(dictionary, b"/Filter").is_some() {
            continue;
        } else {
            raw.to_vec()
        };
        total += unpacked.len();
        if total > MOST_OF_ALL {
            break;
        }
        out.push(unpacked);
        // «endstream» ends in «stream», too.
        at += b"endstream".len();
    }
    out
}

/// The strings of a content stream in order, with an empty one where the place on the page changes.
fn shown(stream: &[u8]) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    let has_text = [&b"Tj"[..], b"TJ"].iter().any(|operator| memmem::find(stream, operator).is_some());
    if !has_text {
        return out;
    }
    let mut at = 0;
    while let Some(byte) = stream.get(at) {
        at += 1;
        match byte {
            b'(' => out.push(literal(stream, &mut at)),
            b'<' if stream.get(at) != Some(&b'<') => out.push(hexadecimal(stream, &mut at)),
            b'<' => at += 1,
            b'T' if matches!(stream.get(at), Some(b'd' | b'D' | b'm' | b'*')) => out.push(Vec::new()),
            _ => {}
        }
    }
    out
}

/// A string in round brackets; `at` is behind the opening one.
fn literal(stream: &[u8], at: &mut usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut depth = 1_u32;
    while let Some(byte) = stream.get(*at).copied() {
        *at += 1;
        match byte {
            b'\\' => {
                let Some(next) = stream.get(*at).copied() else { break };
                *at += 1;
                match next {
                    b'0'..=b'7' => {
                        let mut value = u32::from(next - b'0');
                        for _ in 0..2 {
                            match stream.get(*at) {
                                Some(digit @ b'0'..=b'7') => value = value * 8 + u32::from(digit - b'0'),
                                _ => break,
                            }
                            *at += 1;
                        }
                        out.push(u8::try_from(value & 0xFF).unwrap_or(0));
                    }
                    b'\n' | b'\r' => {}
                    other => out.push(other),
                }
                continue;
            }
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            _ => {}
        }
        out.push(byte);
    }
    out
}

/// A string of hexadecimal digits; `at` is behind the opening bracket.
fn hexadecimal(stream: &[u8], at: &mut usize) -> Vec<u8> {
    let mut digits = Vec::new();
    while let Some(byte) = stream.get(*at) {
        *at += 1;
        match char::from(*byte).to_digit(16) {
            Some(digit) => digits.push(u8::try_from(digit).unwrap_or(0)),
            None if *byte == b'>' => break,
            None => {}
        }
    }
    digits.chunks(2).map(|pair| pair.first().unwrap_or(&0) * 16 + pair.get(1).unwrap_or(&0)).collect()
}

/// A character map (`ToUnicode`): codes of a font to characters.
struct Map {
    /// Bytes of a code.
    width: usize,
    characters: HashMap<u16, char>,
}

impl Map {
    fn parse(stream: &[u8]) -> Option<Self> {
        memmem::find(stream, b"beginbf")?;
        let mut map = Self { width: 2, characters: HashMap::new() };
        let text = String::from_utf8_lossy(stream);
        for block in text.split("beginbfchar").skip(1) {
            let block = block.split("endbfchar").next().unwrap_or_default();
            let codes: Vec<&str> = hex_words(block).collect();
            for pair in codes.chunks_exact(2) {
                if let [code, character] = pair {
                    map.add(code, 0, character);
                }
            }
        }
        for block in text.split("beginbfrange").skip(1) {
            let block = block.split("endbfrange").next().unwrap_or_default();
            for line in block.lines() {
                let codes: Vec<&str> = hex_words(line).collect();
                let [first, last, targets @ ..] = codes.as_slice() else { continue };
                let (Ok(low), Ok(high)) = (u16::from_str_radix(first, 16), u16::from_str_radix(last, 16)) else {
                    continue;
                };
                for step in 0..=high.saturating_sub(low) {
                    match targets {
                        [one] => map.add(first, step, one),
                        many => {
                            if let Some(target) = many.get(usize::from(step)) {
                                let code = format!("{:0width$x}", low.saturating_add(step), width = first.len());
                                map.add(&code, 0, target);
                            }
                        }
                    }
                }
            }
        }
        (!map.characters.is_empty()).then_some(map)
    }

    /// Adds a code; `step` counts on both sides of a range.
    fn add(&mut self, code: &str, step: u16, target: &str) {
        let first = target.get(..4).unwrap_or(target);
        let (Ok(code_no), Ok(unit)) = (u16::from_str_radix(code, 16), u32::from_str_radix(first, 16)) else { return };
        if let Some(character) = char::from_u32(unit + u32::from(step)) {
            self.width = if code.len() <= 2 { 1 } else { 2 };
            self.characters.insert(code_no.saturating_add(step), character);
        }
    }

    fn read(&self, bytes: &[u8]) -> String {
        bytes
            .chunks(self.width)
            .map(|code| {
                let code = code.iter().fold(0_u16, |code, byte| code.wrapping_mul(256) | u16::from(*byte));
                self.characters.get(&code).copied().unwrap_or('\u{FFFD}')
            })
            .collect()
    }
}

/// The words between `<` and `>`.
fn hex_words(text: &str) -> impl Iterator<Item = &str> {
    text.split('<').skip(1).filter_map(|part| part.split_once('>')).map(|(word, _)| word.trim())
}

/// The strings as texts: one after the other, by every map and by the plain encodings. Where the place changes, a space.
fn readings<'a>(shown: &'a [Vec<u8>], maps: &'a [Map]) -> impl Iterator<Item = String> + 'a {
    let join = move |read: &dyn Fn(&[u8]) -> String| {
        let mut text = String::new();
        for part in shown {
            if part.is_empty() {
                text.push(' ');
            } else {
                text.push_str(&read(part));
            }
        }
        text
    };
    let plain = [
        join(&|part| part.iter().map(|b| char::from(*b)).collect()),
        join(&|part| encoding_rs::SHIFT_JIS.decode(part).0.into_owned()),
        join(&|part| encoding_rs::UTF_16BE.decode(part).0.into_owned()),
    ];
    let by_map = maps.iter().map(move |map| join(&|part| map.read(part)));
    let mut seen = HashSet::new();
    plain.into_iter().chain(by_map).filter(move |text| seen.insert(text.clone()))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn packed(plain: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn pdf(streams: &[&[u8]], extra: &str) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n".to_vec();
        for (number, plain) in streams.iter().enumerate() {
            out.extend(format!("{} 0 obj\n<< /Filter /FlateDecode >>\nstream\n", number + 1).bytes());
            out.extend(packed(plain));
            out.extend(b"\nendstream\nendobj\n");
        }
        out.extend(extra.bytes());
        out.extend(b"\ntrailer << >>\n%%EOF\n");
        out
    }

    #[test]
    fn numbers_are_found_in_packed_text() {
        assert_eq!(check(&pdf(&[b"BT (No. 9900000018) Tj ET"], "")), Ok(()));
        assert_eq!(check(&pdf(&[b"BT (1234) Tj (5678) Tj (9018) Tj ET"], "")), Err(Refused::IndividualNumber));
        assert_eq!(check(&pdf(&[b"BT [(1234) -20 (567) 3 (89018)] TJ ET"], "")), Err(Refused::IndividualNumber));
        assert_eq!(
            check(&pdf(
                &[b"BT 1 0 0 1 9 9 Tm <FEFF> Tj 0 1 Td <0031003200330034003500360037003800390030003100380000> Tj ET"],
                ""
            )),
            Err(Refused::IndividualNumber)
        );
    }

    #[test]
    fn numbers_are_found_through_the_maps_of_fonts() {
        let map = b"1 beginbfrange\n<0010> <0019> <0030>\nendbfrange\n1 beginbfchar\n<0003> <0020>\nendbfchar";
        let text = b"BT <00110012001300140015001600170018001900100011> Tj 1 0 Td <0018> Tj ET";
        assert_eq!(check(&pdf(&[map, text], "")), Err(Refused::IndividualNumber));
        let other = b"BT <00110012001300140015001600170018001900100011> Tj 1 0 Td <0017> Tj ET";
        assert_eq!(check(&pdf(&[map, other], "")), Ok(()));
    }

    #[test]
    fn closed_active_and_cut_files_are_refused() {
        assert_eq!(check(&pdf(&[], "<< /Encrypt 5 0 R >>")), Err(Refused::Encrypted));
        assert_eq!(check(&pdf(&[], "<< /S /JavaScript /JS (x) >>")), Err(Refused::Active));
        assert_eq!(check(&pdf(&[b"<< /Type /EmbeddedFile >>"], "")), Err(Refused::Active));
        assert_eq!(check(b"%PDF-1.7\n1 0 obj"), Err(Refused::Damaged));
        assert_eq!(check(&pdf(&[], "<< /JSomething 1 >>")), Ok(()));
    }
}
