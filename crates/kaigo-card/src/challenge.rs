//! What the card signs: a challenge with all that it is about, built by whoever holds the card, never taken as a digest
//! from a page.
//!
//! A digest that comes from a page could be anything, a contract too. So the program before the card gets the parts, shows them to
//! the person, and builds the bytes itself; the server builds the same bytes and checks the signature over them.

use ring::digest::{Algorithm, SHA256, SHA384, digest};

/// The parts of a challenge. No part may hold a zero byte; [`Challenge::bytes`] refuses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Origin of the server, `https://example.jp`.
    pub origin: String,
    /// The transaction, 32 hex digits.
    pub transaction: String,
    /// What for, in the words that the person is shown: 「担当事業所の登録のための本人確認」.
    pub purpose: String,
    /// Office that asks (事業所番号).
    pub office_no: String,
    /// Random bytes of the server, 64 hex digits.
    pub nonce: String,
    /// When it was made, RFC 3339 UTC.
    pub issued_at: String,
}

/// Begins every challenge, so that nothing else that a card may sign looks like one.
const VERSION: &str = "KAIGO-AUTH/1";

impl Challenge {
    /// The bytes, each part ended by a zero byte; none if a part holds one, for then two challenges could look alike.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let parts =
            [VERSION, &self.origin, &self.transaction, &self.purpose, &self.office_no, &self.nonce, &self.issued_at];
        if parts.iter().any(|part| part.contains('\0')) {
            return None;
        }
        let mut out = Vec::new();
        for part in parts {
            out.extend(part.as_bytes());
            out.push(0);
        }
        Some(out)
    }
}

/// The hash that goes with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256, with RSA-2048.
    Sha256,
    /// SHA-384, with ECDSA over P-384.
    Sha384,
}

impl Hash {
    fn algorithm(self) -> &'static Algorithm {
        match self {
            Self::Sha256 => &SHA256,
            Self::Sha384 => &SHA384,
        }
    }

    /// The digest of the bytes.
    pub fn of(self, bytes: &[u8]) -> Vec<u8> {
        digest(self.algorithm(), bytes).as_ref().to_vec()
    }

    /// DigestInfo of PKCS#1 (RFC 8017 §9.2, note 1): what a card pads and signs with an RSA key.
    pub fn digest_info(self, bytes: &[u8]) -> Vec<u8> {
        let head: &[u8] = match self {
            Self::Sha256 => &[
                0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
                0x04, 0x20,
            ],
            Self::Sha384 => &[
                0x30, 0x41, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00,
                0x04, 0x30,
            ],
        };
        [head, &self.of(bytes)].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenge() -> Challenge {
        Challenge {
            origin: "https://kaigo.example".to_owned(),
            transaction: "00112233445566778899aabbccddeeff".to_owned(),
            purpose: "担当事業所の登録のための本人確認".to_owned(),
            office_no: "9870100126".to_owned(),
            nonce: "ab".repeat(32),
            issued_at: "2026-11-22T01:00:00Z".to_owned(),
        }
    }

    #[test]
    fn every_part_counts_and_none_runs_into_the_next() {
        let bytes = challenge().bytes().unwrap();
        assert!(bytes.starts_with(b"KAIGO-AUTH/1\0https://kaigo.example\0"));
        let moved = Challenge {
            origin: "https://kaigo.example0".to_owned(),
            transaction: "0112233445566778899aabbccddeeff".to_owned(),
            ..challenge()
        };
        assert_ne!(moved.bytes(), Some(bytes));
        let hidden = Challenge { purpose: "a\0b".to_owned(), ..challenge() };
        assert_eq!(hidden.bytes(), None);
    }

    #[test]
    fn digest_info_has_its_length() {
        assert_eq!(Hash::Sha256.digest_info(b"x").len(), 51);
        assert_eq!(Hash::Sha384.digest_info(b"x").len(), 67);
    }
}
