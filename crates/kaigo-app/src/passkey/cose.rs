//! Public keys in COSE form (RFC 9053) and their signatures.

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};

use super::cbor::{self, Item};

/// The algorithms that are asked for, the most wanted first: ES256, EdDSA, RS256.
pub const ALGORITHMS: [i32; 3] = [-7, -8, -257];

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key<'a> {
    /// ECDSA over P-256 with SHA-256: the point, not compressed.
    Es256([u8; 65]),
    /// Ed25519.
    EdDsa(&'a [u8]),
    /// RSA of 2048 to 4096 bits, PKCS #1 v1.5 with SHA-256.
    Rs256(&'a [u8], &'a [u8]),
}

impl<'a> Key<'a> {
    /// Reads a key; none for another kind, or one whose parts do not fit together.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (Item::Map(all), []) = cbor::read(bytes)? else { return None };
        let at = |label: i64| all.iter().find(|(key, _)| *key == Item::Int(label)).map(|(_, value)| value);
        let number = |label: i64| match at(label) {
            Some(Item::Int(n)) => Some(*n),
            _ => None,
        };
        let part = |label: i64| match at(label) {
            Some(Item::Bytes(bytes)) => Some(*bytes),
            _ => None,
        };
        match (number(1)?, number(3)?) {
            (2, -7) if number(-1)? == 1 => {
                let (x, y) = (part(-2)?, part(-3)?);
                let mut point = [4_u8; 65];
                if x.len() != 32 || y.len() != 32 {
                    return None;
                }
                point.iter_mut().skip(1).zip(x.iter().chain(y)).for_each(|(to, from)| *to = *from);
                Some(Self::Es256(point))
            }
            (1, -8) if number(-1)? == 6 => part(-2).filter(|x| x.len() == 32).map(Self::EdDsa),
            (3, -257) => {
                let (n, e) = (part(-1)?, part(-2)?);
                ((256..=512).contains(&n.len()) && (1..=8).contains(&e.len())).then_some(Self::Rs256(n, e))
            }
            _ => None,
        }
    }

    /// Whether the signature over the message is of this key.
    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Es256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature),
            Self::EdDsa(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
            Self::Rs256(n, e) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
        }
        .is_ok()
    }
}
