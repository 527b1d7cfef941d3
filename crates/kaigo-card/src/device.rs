//! The key of an enrolled terminal (Ed25519): made on it, kept there; every message to the server is signed with it.
//!
//! Another program that opens our links, or somebody who has a link from elsewhere, has no such key and gets nothing.

use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use crate::certificate::{hex, unhex};

/// A terminal's key.
pub struct DeviceKey(Ed25519KeyPair);

impl DeviceKey {
    /// Makes a new key, PKCS#8 DER: what the terminal keeps. None without randomness.
    pub fn make() -> Option<Vec<u8>> {
        Some(Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).ok()?.as_ref().to_vec())
    }

    /// Reads a key, PKCS#8 DER.
    pub fn from_pkcs8(der: &[u8]) -> Option<Self> {
        Ed25519KeyPair::from_pkcs8(der).ok().map(Self)
    }

    /// A key out of 32 secret bytes.
    pub fn from_seed(seed: &[u8; 32]) -> Option<Self> {
        Ed25519KeyPair::from_seed_unchecked(seed).ok().map(Self)
    }

    /// The public key, 64 hex digits.
    pub fn public(&self) -> String {
        hex(self.0.public_key().as_ref())
    }

    /// Signs the parts of a message, hex.
    pub fn sign(&self, parts: &[&str]) -> String {
        hex(self.0.sign(&message(parts)).as_ref())
    }
}

/// The bytes of a message: each part with its length before it, so that none runs into the next.
fn message(parts: &[&str]) -> Vec<u8> {
    let mut out = b"KAIGO-TERMINAL/1".to_vec();
    for part in parts {
        out.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        out.extend(part.as_bytes());
    }
    out
}

/// Whether a signature (hex) over the parts is of the public key (hex).
pub fn fits(public: &str, parts: &[&str], signature: &str) -> bool {
    let (Some(public), Some(signature)) = (unhex(public), unhex(signature)) else {
        return false;
    };
    UnparsedPublicKey::new(&ED25519, public).verify(&message(parts), &signature).is_ok()
}

/// Whether a text can be a public key: 64 hex digits.
pub fn is_public_key(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_its_parts_in_their_order_and_of_one_key() {
        let key = DeviceKey::from_pkcs8(&DeviceKey::make().unwrap()).unwrap();
        let signature = key.sign(&["ab", "c"]);
        assert!(fits(&key.public(), &["ab", "c"], &signature));
        assert!(!fits(&key.public(), &["a", "bc"], &signature));
        let other = DeviceKey::from_seed(&[1; 32]).unwrap();
        assert!(!fits(&other.public(), &["ab", "c"], &signature));
        assert!(!fits("zz", &["ab", "c"], &signature) && !fits("", &[], ""));
        assert!(is_public_key(&key.public()) && !is_public_key("12"));
    }
}
