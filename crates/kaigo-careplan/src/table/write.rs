//! Rows to bytes: MS932, CRLF, quotation marks on free text only, as careful programs write it (§2.2).

use encoding_rs::SHIFT_JIS;
use kaigo_interchange::encoding::{Unmappable, to_ms932};

use crate::kind::Kind;
use crate::layout::Form;

/// What was written.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// Characters that MS932 has not: each is written as 〓, never dropped in silence.
    pub unmappable: Vec<char>,
}

/// Writes a file of one kind in the layout of 4.1.
pub struct Writer {
    kind: Kind,
    text: String,
}

impl Writer {
    /// A writer of that kind.
    pub fn new(kind: Kind) -> Self {
        Self { kind, text: String::new() }
    }

    /// Adds a row; missing cells at its end are written empty. An empty cell is written as nothing, also free text.
    pub fn push<C: AsRef<str>>(&mut self, cells: &[C]) {
        for (place, item) in self.kind.items().iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            let text = cells.get(place).map_or("", AsRef::as_ref);
            cell(&mut self.text, text, item.form == Form::Free && !text.is_empty());
        }
        self.text.push_str("\r\n");
    }

    /// The file.
    pub fn finish(self) -> Written {
        encode(&self.text, false)
    }
}

/// Appends one cell; quotation marks where asked for, and where the cell cannot be read back without.
pub(super) fn cell(out: &mut String, text: &str, quoted: bool) {
    if quoted || text.starts_with('"') || text.contains([',', '\r', '\n']) {
        out.push('"');
        for (place, part) in text.split('"').enumerate() {
            if place > 0 {
                out.push_str("\"\"");
            }
            out.push_str(part);
        }
        out.push('"');
    } else {
        out.push_str(text);
    }
}

/// Text in MS932; what it has not becomes 〓 and is listed. 外字 are kept as they came, or are among what it has not.
pub(super) fn encode(text: &str, keep_private: bool) -> Written {
    let (bytes, _, had_errors) = SHIFT_JIS.encode(text);
    // ¥, ‾ and − are written by the fast way, but would come back as other characters.
    if !had_errors && !text.contains(['\u{A5}', '\u{203E}', '\u{2212}']) {
        return Written { bytes: bytes.into_owned(), unmappable: Vec::new() };
    }
    let mut written = Written { bytes: Vec::with_capacity(text.len()), unmappable: Vec::new() };
    let mut buf = [0; 4];
    for character in text.chars() {
        if let Some(code) = private_code(character).filter(|_| keep_private) {
            written.bytes.extend(code);
            continue;
        }
        let missing: Vec<Unmappable> = to_ms932(character.encode_utf8(&mut buf), &mut written.bytes);
        if !missing.is_empty() {
            written.unmappable.push(character);
            to_ms932("〓", &mut written.bytes);
        }
    }
    written
}

/// The two bytes of a 外字 of Windows: U+E000 to U+E757 are F040 to F9FC in order.
fn private_code(character: char) -> Option<[u8; 2]> {
    let place = u32::from(character).checked_sub(0xE000).filter(|place| *place < 10 * 188)?;
    let (lead, trail) = (0xF0 + place / 188, place % 188);
    let trail = trail + if trail < 0x3F { 0x40 } else { 0x41 };
    Some([u8::try_from(lead).ok()?, u8::try_from(trail).ok()?])
}
