//! Character encodings: UTF-8 with or without BOM, and MS932 (Windows-31J, what Japanese offices call Shift_JIS).

use std::collections::VecDeque;
use std::io::{self, BufRead, Read, Seek};

use encoding_rs::{DecoderResult, EncoderResult, SHIFT_JIS, UTF_8};

use crate::problem::{Error, Problem, ProblemKind};

/// Encoding of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 that starts with a byte order mark, as spreadsheet programs write it.
    Utf8Bom,
    /// MS932 (Windows-31J).
    Ms932,
}

impl Encoding {
    /// Name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8（BOM付き）",
            Self::Ms932 => "Shift_JIS（MS932）",
        }
    }
}

/// Finds the encoding: reads all of it once in small pieces, then goes back to the start.
///
/// A few broken bytes in a file full of UTF-8 characters do not make it MS932: such a file is UTF-8 and the bytes are
/// reported when read. UTF-16 and spreadsheet files are refused with their name.
pub fn detect<R: Read + Seek>(reader: &mut R) -> Result<Encoding, Error> {
    let mut buf = vec![0_u8; CHUNK];
    let mut kept = 0_usize;
    let mut first = true;
    let mut tally = Tally::default();
    let mut bom = false;
    loop {
        let free = buf.get_mut(kept..).unwrap_or_default();
        let got = read_full(reader, free)?;
        let filled = kept + got;
        let last = got < CHUNK - kept;
        let data = buf.get(..filled).unwrap_or_default();
        if first {
            first = false;
            refuse_foreign(data)?;
            bom = data.starts_with(BOM);
        }
        let rest = tally.scan(data, last);
        buf.copy_within(filled - rest..filled, 0);
        kept = rest;
        if last {
            break;
        }
    }
    reader.rewind()?;
    Ok(if bom {
        Encoding::Utf8Bom
    } else if tally.errors == 0 || tally.characters > tally.errors.saturating_mul(4) {
        Encoding::Utf8
    } else {
        Encoding::Ms932
    })
}

/// Counts of the UTF-8 reading of a file.
#[derive(Default)]
struct Tally {
    /// Characters outside ASCII that are well-formed.
    characters: u64,
    /// Byte sequences that are not.
    errors: u64,
}

impl Tally {
    /// Counts a piece; returns how many bytes at its end belong to a character that is not complete yet.
    fn scan(&mut self, mut data: &[u8], last: bool) -> usize {
        loop {
            let Err(error) = std::str::from_utf8(data) else {
                self.characters += leads(data);
                return 0;
            };
            let (good, bad) = data.split_at(error.valid_up_to());
            self.characters += leads(good);
            match error.error_len() {
                Some(len) => {
                    self.errors += 1;
                    data = bad.get(len..).unwrap_or_default();
                }
                None if last => {
                    self.errors += 1;
                    return 0;
                }
                None => return bad.len(),
            }
        }
    }
}

/// Characters outside ASCII in well-formed UTF-8.
fn leads(data: &[u8]) -> u64 {
    u64::try_from(data.iter().filter(|b| **b >= 0xC0).count()).unwrap_or(u64::MAX)
}

fn refuse_foreign(start: &[u8]) -> Result<(), Problem> {
    let kind = if start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]) {
        ProblemKind::Utf16
    } else if start.starts_with(b"PK\x03\x04") || start.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        ProblemKind::Spreadsheet
    } else {
        return Ok(());
    };
    Err(Problem::row(kind, 1))
}

/// Fills the buffer as far as the reader goes.
fn read_full(reader: &mut impl Read, mut buf: &mut [u8]) -> io::Result<usize> {
    let mut total = 0;
    while !buf.is_empty() {
        match reader.read(buf) {
            Ok(0) => break,
            Ok(n) => {
                total += n;
                buf = buf.get_mut(n..).unwrap_or_default();
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(total)
}

/// Bytes that are no characters, read as U+FFFD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadBytes {
    /// First byte in the file, from 0.
    pub at: u64,
    /// Where the U+FFFD stands in the decoded text, in bytes from 0.
    pub text_at: u64,
}

/// Reads a file as UTF-8 text, whatever its encoding, in constant memory.
pub struct Decoder<R> {
    source: R,
    encoding: Encoding,
    machine: encoding_rs::Decoder,
    raw: Box<[u8]>,
    raw_at: usize,
    raw_len: usize,
    raw_offset: u64,
    text: Box<[u8]>,
    text_at: usize,
    text_len: usize,
    text_offset: u64,
    eof: bool,
    done: bool,
    bad: VecDeque<BadBytes>,
}

impl<R: Read> Decoder<R> {
    /// Reads `source` from where it stands, which must be the start of the file.
    pub fn new(source: R, encoding: Encoding) -> Self {
        let machine = match encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => UTF_8.new_decoder_with_bom_removal(),
            Encoding::Ms932 => SHIFT_JIS.new_decoder_without_bom_handling(),
        };
        Self {
            source,
            encoding,
            machine,
            raw: vec![0; CHUNK].into(),
            raw_at: 0,
            raw_len: 0,
            raw_offset: 0,
            text: vec![0; CHUNK * 2].into(),
            text_at: 0,
            text_len: 0,
            text_offset: 0,
            eof: false,
            done: false,
            bad: VecDeque::new(),
        }
    }

    /// The encoding it reads.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Bytes of the file read so far (for a progress bar).
    pub fn bytes_read(&self) -> u64 {
        self.raw_offset
    }

    /// Where the next byte of text stands in the decoded text.
    pub fn text_position(&self) -> u64 {
        self.text_offset + offset(self.text_at)
    }

    /// The next bad bytes that stand in the text already consumed.
    pub fn next_bad(&mut self) -> Option<BadBytes> {
        let consumed = self.text_position();
        if self.bad.front()?.text_at < consumed { self.bad.pop_front() } else { None }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text_offset += offset(self.text_len);
        self.text_at = 0;
        self.text_len = 0;
        while self.text_len == 0 && !self.done {
            if self.raw_at == self.raw_len && !self.eof {
                self.raw_at = 0;
                self.raw_len = read_full(&mut self.source, &mut self.raw)?;
                self.eof = self.raw_len < self.raw.len();
            }
            self.decode();
        }
        Ok(())
    }

    /// Decodes what is in `raw` until it is used up or `text` is nearly full.
    fn decode(&mut self) {
        let room = self.text.len() - REPLACEMENT.len();
        while self.text_len + 64 < room {
            let input = self.raw.get(self.raw_at..self.raw_len).unwrap_or_default();
            let output = self.text.get_mut(self.text_len..room).unwrap_or_default();
            let (result, read, written) = self.machine.decode_to_utf8_without_replacement(input, output, self.eof);
            self.raw_at += read;
            self.raw_offset += offset(read);
            self.text_len += written;
            match result {
                DecoderResult::InputEmpty => {
                    self.done = self.eof;
                    return;
                }
                DecoderResult::OutputFull => return,
                DecoderResult::Malformed(len, after) => {
                    if self.bad.len() < MOST_BAD {
                        self.bad.push_back(BadBytes {
                            at: self.raw_offset.saturating_sub(u64::from(len) + u64::from(after)),
                            text_at: self.text_offset + offset(self.text_len),
                        });
                    }
                    let end = self.text_len + REPLACEMENT.len();
                    if let Some(slot) = self.text.get_mut(self.text_len..end) {
                        slot.copy_from_slice(REPLACEMENT);
                        self.text_len = end;
                    }
                }
            }
        }
    }
}

impl<R: Read> BufRead for Decoder<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.text_at == self.text_len {
            self.refill()?;
        }
        Ok(self.text.get(self.text_at..self.text_len).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.text_at = self.text_len.min(self.text_at + amount);
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut text = self.fill_buf()?;
        let n = text.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}

/// A character that MS932 cannot write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unmappable {
    /// Which character of the text it is, from 0.
    pub index: usize,
    /// The character.
    pub character: char,
}

/// Appends the text in MS932, strictly: what would not come back the same is left out and listed.
pub fn to_ms932(text: &str, out: &mut Vec<u8>) -> Vec<Unmappable> {
    let mut missing = Vec::new();
    for (index, character) in text.chars().enumerate() {
        if character.is_ascii() {
            let mut buf = [0; 1];
            character.encode_utf8(&mut buf);
            out.extend(buf);
        } else if !push_ms932(character, out) {
            missing.push(Unmappable { index, character });
        }
    }
    missing
}

/// Whether the character could be written. ¥, ‾ and − would come back as other characters.
fn push_ms932(character: char, out: &mut Vec<u8>) -> bool {
    if matches!(character, '\u{A5}' | '\u{203E}' | '\u{2212}') {
        return false;
    }
    let mut utf8 = [0; 4];
    let mut bytes = [0; 8];
    let (result, _, written) = SHIFT_JIS.new_encoder().encode_from_utf8_without_replacement(
        character.encode_utf8(&mut utf8),
        &mut bytes,
        true,
    );
    let fits = matches!(result, EncoderResult::InputEmpty);
    if fits {
        out.extend(bytes.iter().take(written));
    }
    fits
}

/// Whether the text holds a character of the private use area (外字): each machine draws it differently or not at all.
pub fn holds_private_use(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(|c| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}'))
}

fn offset(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

const CHUNK: usize = 64 * 1024;
const BOM: &[u8] = b"\xEF\xBB\xBF";
const REPLACEMENT: &[u8; 3] = b"\xEF\xBF\xBD";
/// Bad bytes remembered between two rows; a row with more is bad enough.
const MOST_BAD: usize = 10_000;
