//! The arithmetic of the tamper-evident log: how an entry becomes bytes, a leaf, a link of a chain.
//!
//! Two forms over the same entries. Inside, a hash chain per insurer, whose leaf is hashed as RFC 6962 does it
//! (`SHA-256(0x00 ‖ entry)`). In public, a Merkle tree per insurer over commitments to the entries ([`grow::commitment`]): [`tree`],
//! its tiles ([`tile`], [`grow`]) and its signed heads ([`note`]). Each entry carries a random salt, so that neither a link nor a
//! commitment tells anything about the entry to those who only see hashes.

pub mod audit;
pub mod grow;
pub mod note;
pub mod tile;
pub mod tree;

use ring::digest::{Context, SHA256, digest};

/// A SHA-256 value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// 64 hex digits.
    pub fn to_hex(self) -> String {
        use core::fmt::Write as _;
        self.0.iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// Reads 64 hex digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut out = [0_u8; 32];
        for (slot, pair) in out.iter_mut().zip(digits.chunks(2)) {
            let pair = core::str::from_utf8(pair).ok()?;
            *slot = u8::from_str_radix(pair, 16).ok()?;
        }
        Some(Self(out))
    }
}

/// Name and version of the entry format: part of every entry.
pub const FORMAT: &str = "kaigo-log/1";

/// The bytes of an entry: the format's name, then every field as length (four bytes, big endian) and bytes, in order.
/// No two different lists of fields have the same bytes.
pub fn entry_bytes<'a>(fields: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    for field in core::iter::once(FORMAT).chain(fields) {
        out.extend_from_slice(&u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend_from_slice(field.as_bytes());
    }
    out
}

/// The leaf of an entry (RFC 6962 §2.1).
pub fn leaf(entry: &[u8]) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(&[0]);
    context.update(entry);
    finish(context)
}

/// The chain's head before its first entry.
pub fn genesis(log_name: &str) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(&[2]);
    context.update(FORMAT.as_bytes());
    context.update(log_name.as_bytes());
    finish(context)
}

/// The chain's head after one more entry.
pub fn link(head: Hash, leaf: Hash) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(&[3]);
    context.update(&head.0);
    context.update(&leaf.0);
    finish(context)
}

/// What the operator signs when a batch of entries is sealed.
pub fn seal_text(log_name: &str, seal_no: i64, last_seq: i64, head: Hash, sealed_at: &str) -> String {
    format!("kaigo-seal/1\n{log_name}\n{seal_no}\n{last_seq}\n{}\n{sealed_at}\n", head.to_hex())
}

fn finish(context: Context) -> Hash {
    let mut out = [0_u8; 32];
    out.iter_mut().zip(context.finish().as_ref()).for_each(|(o, b)| *o = *b);
    Hash(out)
}

/// SHA-256 of bytes.
pub fn sha256(bytes: &[u8]) -> Hash {
    let mut out = [0_u8; 32];
    out.iter_mut().zip(digest(&SHA256, bytes).as_ref()).for_each(|(o, b)| *o = *b);
    Hash(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn leaves_are_those_of_rfc_6962() {
        // The leaf of the empty entry, as in the RFC's reference test vectors.
        assert_eq!(leaf(b"").to_hex(), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    }

    proptest! {
        #[test]
        fn different_fields_have_different_bytes(a: Vec<String>, b: Vec<String>) {
            let bytes = |fields: &[String]| entry_bytes(fields.iter().map(String::as_str));
            prop_assert_eq!(a == b, bytes(&a) == bytes(&b));
        }

        #[test]
        fn any_change_of_an_entry_changes_the_head(mut entries in prop::collection::vec(".{0,40}", 1..20), at: prop::sample::Index) {
            let head = |entries: &[String]| entries.iter().fold(genesis("981019"), |h, e| link(h, leaf(&entry_bytes([e.as_str()]))));
            let before = head(&entries);
            let i = at.index(entries.len());
            entries[i].push('x');
            prop_assert_ne!(before, head(&entries));
        }

        #[test]
        fn hex_reads_back(bytes: [u8; 32]) {
            prop_assert_eq!(Hash::from_hex(&Hash(bytes).to_hex()), Some(Hash(bytes)));
        }
    }
}
