//! A look into a PDF: is it whole, open and inert, and does its text hold a 個人番号?
//!
//! No renderer: streams are found by their keywords and unpacked within bounds, texts are read through every character map
//! that the file carries. That finds digits wherever a map or a plain encoding gives them away.

use std::borrow::Cow;
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
/// How far before a stream its object may begin. Real ones are some hundred bytes long.
const MOST_OF_DICTIONARY: usize = 64 << 10;
/// Names of what starts something by itself, or holds another file.
const ACTIVE: [&[u8]; 6] = [b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA"];

/// Ways to pack a stream that are not read here.
const OTHER_FILTERS: [&[u8]; 5] =
    [b"/ASCIIHexDecode", b"/ASCII85Decode", b"/LZWDecode", b"/RunLengthDecode", b"/Crypt"];

/// Judges a PDF.
pub(super) fn check(bytes: &[u8]) -> Result<(), Refused> {
    let tail = bytes.get(bytes.len().saturating_sub(2048)..).unwrap_or_default();
    if memmem::find(tail, b"%%EOF").is_none() {
        return Err(Refused::Damaged);
    }
    let Streams { plain: streams, hides } = streams(bytes);
    let outside = std::iter::once(bytes).chain(streams.iter().map(Vec::as_slice));
    for part in outside.map(plain_names) {
        if holds_name(&part, b"/Encrypt") {
            return Err(Refused::Encrypted);
        }
        if ACTIVE.iter().any(|name| holds_name(&part, name)) {
            return Err(Refused::Active);
        }
    }
    if hides {
        return Err(Refused::Active);
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
    let streams = streams(bytes).plain;
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

/// Names as they are meant: a character of a name may be written as `#` and two hex digits (ISO 32000-1, 7.3.5).
fn plain_names(bytes: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'#', bytes).is_none() {
        return Cow::Borrowed(bytes);
    }
    let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let escaped = if *byte == b'#' { digit(at + 1).zip(digit(at + 2)) } else { None };
        let meant = escaped.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        out.push(meant.unwrap_or(*byte));
        at += if meant.is_some() { 3 } else { 1 };
    }
    Cow::Owned(out)
}

/// The streams of a file.
struct Streams {
    /// What they unpack to; pictures and what cannot be unpacked are left out.
    plain: Vec<Vec<u8>>,
    /// Objects are packed in a way that is not read here, or what a stream is stands too far before it: nobody can say what is in it.
    hides: bool,
}

/// Unpacks all streams.
fn streams(bytes: &[u8]) -> Streams {
    let mut out = Vec::new();
    let (mut at, mut total) = (0, 0);
    let mut hides = false;
    while let Some(found) = bytes.get(at..).and_then(|rest| memmem::find(rest, b"stream")) {
        let start = at + found + b"stream".len();
        at = start;
        let body = bytes.get(start..).unwrap_or_default();
        let body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n")).unwrap_or(body);
        let Some(len) = memmem::find(body, b"endstream") else { break };
        let raw = body.get(..len).unwrap_or_default();
        at += len;
        let before = bytes.get(start.saturating_sub(MOST_OF_DICTIONARY)..start).unwrap_or_default();
        let Some(dictionary) = memmem::rfind(before, b"obj").and_then(|o| before.get(o..)) else {
            hides = true;
            break;
        };
        let dictionary = plain_names(dictionary);
        let has = |name: &[u8]| memmem::find(&dictionary, name).is_some();
        // Packed twice, or by anything but Flate: no program that makes documents packs objects so.
        hides |= has(b"/ObjStm") && OTHER_FILTERS.iter().any(|name| has(name));
        let unpacked = if has(b"/FlateDecode") {
            let mut plain = Vec::new();
            // What was unpacked before damage is looked at, too.
            let _ = ZlibDecoder::new(raw).take(MOST_OF_STREAM).read_to_end(&mut plain);
            plain
        } else if has(b"/Filter") {
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
    Streams { plain: out, hides }
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
        assert_eq!(check(&pdf(&[], "<< /AcroForm << /XFA 7 0 R >> >>")), Err(Refused::Active));
    }

    #[test]
    fn what_is_hidden_is_found_or_refused() {
        for hidden in ["/S /J#61vaScript", "/#4a#53 (x)", "/#4caunch 1 0 R", "/Type /Embedded#46ile"] {
            assert_eq!(check(&pdf(&[], &format!("<< {hidden} >>"))), Err(Refused::Active), "{hidden}");
        }
        assert_eq!(check(&pdf(&[], "<< /Color#20Space /C#6 #zz # >>")), Ok(()));
        // Objects that no reader here can unpack.
        let packed = |filter: &str| {
            let stream = format!("9 0 obj << /Type /ObjStm /N 1 {filter} >> stream\n2f4a53>\nendstream endobj");
            check(&pdf(&[], &stream))
        };
        for filter in ["/Filter /ASCIIHexDecode", "/Filter [/ASCII#38#35Decode /FlateDecode]", "/Filter /LZWDecode"] {
            assert_eq!(packed(filter), Err(Refused::Active), "{filter}");
        }
        // What the stream is stands far before it.
        let far = " ".repeat(MOST_OF_DICTIONARY);
        let mut bytes = b"%PDF-1.7\n9 0 obj << /Filter /FlateDecode".to_vec();
        bytes.extend(format!("{far}>> stream\nx\nendstream endobj\n%%EOF\n").bytes());
        assert_eq!(check(&bytes), Err(Refused::Active));
        // A dictionary that is long, but not that long: packed content is still found.
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut packer, b"<< /S /JavaScript >>").unwrap();
        let mut bytes =
            format!("%PDF-1.7\n9 0 obj << /Filter /FlateDecode {}>> stream\n", " ".repeat(2_000)).into_bytes();
        bytes.extend(packer.finish().unwrap());
        bytes.extend(b"\nendstream endobj\n%%EOF\n");
        assert_eq!(check(&bytes), Err(Refused::Active));
    }
}
