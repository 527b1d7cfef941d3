//! What the store knows of one record kind, small enough to hold: 16 bytes for each version of a segment.
//!
//! A key packs 被保険者番号, 連番 and 履歴番号 into 62 bits without loss, in the order of the texts.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use kaigo_core::code::Void;
use kaigo_core::id::InsuredNo;
use kaigo_core::layout::{Cell, Record};
use kaigo_core::record::{Common, DESK_FIRST};
use kaigo_store::record::Stored;

/// A row's key, packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key(u64);

/// The segment of a key: person and 連番.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SegmentKey(u64);

/// The person of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PersonKey(u64);

impl PersonKey {
    pub(super) fn of(insured_no: InsuredNo) -> Self {
        let digits = insured_no.as_str().bytes().filter(u8::is_ascii_digit);
        let number = digits.fold(0, |n, digit| n * 10 + u64::from(digit - b'0'));
        Self(if insured_no.is_public_assistance() { H + number } else { number })
    }

    /// The number again.
    pub(super) fn insured_no(self) -> InsuredNo {
        let text = match self.0.checked_sub(H) {
            Some(number) => format!("H{number:09}"),
            None => format!("{:010}", self.0),
        };
        InsuredNo::parse(&text).unwrap_or_default()
    }
}

impl SegmentKey {
    pub(super) fn person(self) -> PersonKey {
        PersonKey(self.0 >> SMALL)
    }

    /// 連番.
    pub(super) fn record_no(self) -> i32 {
        i32::try_from(self.0 & SMALL_MASK).unwrap_or(0)
    }
}

impl Key {
    pub(super) fn of(common: &Common) -> Self {
        let small = |n: i32| u64::try_from(n).unwrap_or(0) & SMALL_MASK;
        let person = PersonKey::of(common.insured_no).0;
        Self((((person << SMALL) | small(common.record_no.0)) << SMALL) | small(common.history_no.0))
    }

    pub(super) fn segment(self) -> SegmentKey {
        SegmentKey(self.0 >> SMALL)
    }

    pub(super) fn person(self) -> PersonKey {
        self.segment().person()
    }
}

/// `H` numbers come after all others.
const H: u64 = 10_000_000_000;
/// Bits of a number up to 9,999.
const SMALL: u32 = 14;
const SMALL_MASK: u64 = (1 << SMALL) - 1;

/// What a record says, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Content {
    /// Which columns hold something, one bit each.
    pub(super) filled: u32,
    hash: u32,
}

impl Content {
    pub(super) fn of<R: Record>(record: &R) -> Self {
        let mut hasher = DefaultHasher::new();
        let mut filled = 0;
        for (i, column) in (0_u32..).zip(R::COLUMNS) {
            let cell = (column.get)(record).cell();
            if cell != Cell::Null {
                filled |= 1_u32.checked_shl(i).unwrap_or(0);
            }
            match cell {
                Cell::Null => 0_u8.hash(&mut hasher),
                Cell::Int(n) => n.hash(&mut hasher),
                Cell::Text(text) => text.hash(&mut hasher),
            }
        }
        let [a, b, c, d, ..] = hasher.finish().to_le_bytes();
        Self { filled, hash: u32::from_le_bytes([a, b, c, d]) }
    }
}

/// State of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Valid = 0,
    /// Taken back by the municipality.
    Voided = 1,
    /// A full feed did not have it any more.
    Dropped = 2,
}

/// One version of a segment in the store: its key with its state in the lowest bits, and its content.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    key_and_state: u64,
    content: Content,
}

impl Entry {
    fn new(key: Key, state: State, content: Content) -> Self {
        let state = match state {
            State::Valid => 0,
            State::Voided => 1,
            State::Dropped => 2,
        };
        Self { key_and_state: (key.0 << 2) | state, content }
    }

    fn key(&self) -> Key {
        Key(self.key_and_state >> 2)
    }

    fn state(&self) -> State {
        match self.key_and_state & 3 {
            0 => State::Valid,
            1 => State::Voided,
            _ => State::Dropped,
        }
    }
}

/// The versions of whole persons in the store's order (by segment, newest first), as entries by key.
pub(super) fn entries<R: Record>(rows: &[Stored<R>]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::with_capacity(rows.len());
    for row in rows {
        // The platform's own rows are not the municipality's: its feed is compared with what it sent itself.
        if row.common.record_no.0 >= DESK_FIRST || row.common.history_no.0 >= DESK_FIRST {
            continue;
        }
        let key = Key::of(&row.common);
        let valid = row.common.void == Void::Valid;
        let start = entries.iter().rposition(|entry| entry.key().segment() != key.segment()).map_or(0, |i| i + 1);
        let known = entries.iter_mut().skip(start).find(|entry| entry.key() == key);
        match known {
            // An older row of the same version: if that stood, the newer one took it away without a correction.
            Some(newer) if valid && newer.state() == State::Voided => {
                *newer = Entry::new(key, State::Dropped, newer.content);
            }
            Some(_) => {}
            None => {
                let state = if valid { State::Valid } else { State::Voided };
                entries.push(Entry::new(key, state, Content::of(&row.record)));
            }
        }
    }
    entries.sort_unstable_by_key(|entry| entry.key_and_state);
    entries
}

/// What a row means beside what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The segment is new.
    New,
    /// The row corrects the segment; the bits are columns that held something and do not any more.
    Correction(u32),
    /// It is known.
    Unchanged,
    /// The same history number with another content.
    Reused,
    /// A history number below what is known.
    Lower,
}

/// The versions that are known, by key.
#[derive(Debug, Default)]
pub(super) struct Known {
    entries: Vec<Entry>,
    /// Whether the segment whose newest version this is was in the feed.
    seen: Vec<bool>,
    /// Where the last look-up ended: feeds mostly come in the order of persons.
    cursor: usize,
}

impl Known {
    /// Takes entries in the order of keys.
    pub(super) fn new(entries: Vec<Entry>) -> Self {
        Self { seen: vec![false; entries.len()], entries, cursor: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What a row means; marks its segment as seen.
    pub(super) fn judge(&mut self, key: Key, void: Void, content: impl FnOnce() -> Content) -> Verdict {
        let (start, end) = self.segment(key.segment());
        let Some(newest) = end.checked_sub(1).and_then(|last| self.entries.get(last)).filter(|_| start < end) else {
            return Verdict::New;
        };
        let newest = *newest;
        self.see(end);
        let same = self.entries.get(start..end).unwrap_or_default().iter().find(|entry| entry.key() == key).copied();
        let content = content();
        match same {
            Some(entry) if entry.content != content => Verdict::Reused,
            Some(entry) => match (entry.state(), void) {
                // It was dropped and is back.
                (State::Dropped, Void::Valid) if entry.key() == newest.key() => Verdict::Correction(0),
                (State::Valid | State::Dropped, Void::Valid) | (State::Voided | State::Dropped, Void::Voided) => {
                    Verdict::Unchanged
                }
                (State::Valid, Void::Voided) | (State::Voided, Void::Valid) => Verdict::Reused,
            },
            None if key < newest.key() => Verdict::Lower,
            None => {
                let stood = newest.state() == State::Valid && void == Void::Valid;
                Verdict::Correction(if stood { newest.content.filled & !content.filled } else { 0 })
            }
        }
    }

    /// Marks the segment of a row that cannot be taken: it is not missing.
    pub(super) fn note(&mut self, segment: SegmentKey) {
        let (start, end) = self.segment(segment);
        if start < end {
            self.see(end);
        }
    }

    /// Newest versions that stand, in the order of keys.
    fn standing(&self) -> impl Iterator<Item = (&Entry, bool)> {
        let next = self.entries.iter().skip(1).map(Some).chain([None]);
        self.entries.iter().zip(next).zip(&self.seen).filter_map(|((entry, next), seen)| {
            let newest = next.is_none_or(|next| next.key().segment() != entry.key().segment());
            (newest && entry.state() == State::Valid).then_some((entry, *seen))
        })
    }

    /// How many segments stand, and in how many of them each column holds something.
    pub(super) fn tally(&self) -> (u64, [u64; 32]) {
        let mut filled = [0; 32];
        let mut count = 0;
        for (entry, _) in self.standing() {
            count += 1;
            for (i, n) in (0_u32..).zip(&mut filled) {
                *n += u64::from(entry.content.filled >> i & 1);
            }
        }
        (count, filled)
    }

    /// Standing segments that the feed did not have, in the order of keys.
    pub(super) fn missing(&self) -> Vec<SegmentKey> {
        self.standing().filter(|(_, seen)| !seen).map(|(entry, _)| entry.key().segment()).collect()
    }

    /// Persons with a segment that stands, in order.
    pub(super) fn persons(&self) -> Vec<PersonKey> {
        let mut persons: Vec<_> = self.standing().map(|(entry, _)| entry.key().person()).collect();
        persons.dedup();
        persons
    }

    fn see(&mut self, end: usize) {
        if let Some(seen) = end.checked_sub(1).and_then(|last| self.seen.get_mut(last)) {
            *seen = true;
        }
    }

    /// Where the entries of a segment are: first, and one after the last.
    fn segment(&mut self, segment: SegmentKey) -> (usize, usize) {
        let of = |i: usize| self.entries.get(i).map(|entry| entry.key().segment());
        let mut start = self.cursor;
        let near = of(start).is_some_and(|s| s <= segment) && of(start + NEAR).is_none_or(|s| s >= segment);
        if near {
            while of(start).is_some_and(|s| s < segment) {
                start += 1;
            }
        } else {
            start = self.entries.partition_point(|entry| entry.key().segment() < segment);
        }
        // The cursor may have stood within the segment.
        while start > 0 && of(start - 1) == Some(segment) {
            start -= 1;
        }
        let mut end = start;
        while of(end) == Some(segment) {
            end += 1;
        }
        self.cursor = start;
        (start, end)
    }
}

/// How many entries a look-up walks before it searches.
const NEAR: usize = 16;

/// The keys of the rows read from one file: a key may come once.
#[derive(Debug, Default)]
pub(super) struct ReadKeys {
    /// Keys that came in rising order.
    rising: Vec<Key>,
    /// The others.
    rest: HashSet<Key>,
}

impl ReadKeys {
    /// Makes room for so many rows.
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self { rising: Vec::with_capacity(rows), rest: HashSet::new() }
    }

    /// Whether the key is new.
    pub(super) fn insert(&mut self, key: Key) -> bool {
        if self.rising.last().is_none_or(|last| *last < key) {
            self.rising.push(key);
            return true;
        }
        self.rising.binary_search(&key).is_err() && self.rest.insert(key)
    }
}
