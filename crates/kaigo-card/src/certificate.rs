//! The certificate of 利用者証明: what kind of key, who issued it, whether it holds, and whether a signature is its key's.
//!
//! It carries no name: it proves that somebody holds the card. Of it only issuer, serial number, digest of the key and the last
//! moment of validity are kept ([`Certificate::fingerprint`]).

use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P384_SHA384_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::challenge::Hash;

/// The bytes are no certificate, or of a kind of key that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// Kind of key: today's cards and the next ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA, 2048 bits; signs SHA-256.
    Rsa,
    /// ECDSA over P-384; signs SHA-384 (INFERRED for the next card).
    P384,
}

impl KeyKind {
    /// The hash that goes with it.
    pub fn hash(self) -> Hash {
        match self {
            Self::Rsa => Hash::Sha256,
            Self::P384 => Hash::Sha384,
        }
    }
}

/// Why a certificate does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// It cannot be read.
    Unreadable,
    /// None of the trust anchors issued it.
    ForeignIssuer,
    /// It is not valid yet, or not any more.
    OutOfDate,
    /// Its key is not for signatures (keyUsage).
    WrongUse,
    /// The signature is not its key's, or over something else.
    WrongSignature,
    /// Its issuer has revoked it.
    Revoked,
    /// Whether it was revoked cannot be told: no list of its issuer that is still good.
    StatusUnknown,
}

impl Invalid {
    /// Every reason, for the list of errors.
    pub const ALL: [Self; 7] = [
        Self::Unreadable,
        Self::ForeignIssuer,
        Self::OutOfDate,
        Self::WrongUse,
        Self::WrongSignature,
        Self::Revoked,
        Self::StatusUnknown,
    ];

    /// Stable code, listed in docs/errors.md.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "card-certificate",
            Self::ForeignIssuer => "card-foreign-issuer",
            Self::OutOfDate => "card-out-of-date",
            Self::WrongUse => "card-wrong-use",
            Self::WrongSignature => "card-wrong-signature",
            Self::Revoked => "card-revoked",
            Self::StatusUnknown => "card-status-unknown",
        }
    }

    /// What happened and what to do, for staff.
    pub fn say(self) -> &'static str {
        match self {
            Self::Unreadable => "カードの電子証明書を読み取れませんでした。もう一度お願いします。",
            Self::ForeignIssuer => {
                "このカードの電子証明書は、確かめられる発行者のものではありません。被保険者証で確認してください。"
            }
            Self::OutOfDate => {
                "カードの電子証明書の有効期限が切れています。更新は市区町村の窓口でできます。きょうは、被保険者証で確認してください。"
            }
            Self::WrongUse => "この電子証明書は、利用者証明用ではありません。カードを確かめてください。",
            Self::WrongSignature => {
                "カードの署名を確かめられませんでした。はじめからもう一度お願いします。続くときは、被保険者証で確認してください。"
            }
            Self::Revoked => {
                "カードの電子証明書は、失効しています（使えなくする届出がありました）。市区町村の窓口で確かめてください。きょうは、被保険者証で確認してください。"
            }
            Self::StatusUnknown => {
                "カードの電子証明書が失効していないことを、いま確かめられません。少し待つか、被保険者証で確認してください。続くときは、サービスの運営に連絡してください。"
            }
        }
    }
}

/// A certificate that was read.
#[derive(Debug)]
pub struct Certificate<'a> {
    parsed: X509Certificate<'a>,
    kind: KeyKind,
}

/// What is kept of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint {
    /// Issuer, as RFC 4514 writes names.
    pub issuer: String,
    /// Serial number, hex.
    pub serial: String,
    /// SHA-256 of the public key (SubjectPublicKeyInfo), hex.
    pub key: String,
    /// Last moment of validity, seconds since 1970.
    pub not_after: i64,
}

impl<'a> Certificate<'a> {
    /// Reads a certificate, DER.
    pub fn parse(der: &'a [u8]) -> Result<Self, Unreadable> {
        let (rest, parsed) = X509Certificate::from_der(der).map_err(|_| Unreadable)?;
        if !rest.is_empty() {
            return Err(Unreadable);
        }
        let algorithm = &parsed.public_key().algorithm;
        let kind = match algorithm.algorithm.to_id_string().as_str() {
            "1.2.840.113549.1.1.1" => KeyKind::Rsa,
            "1.2.840.10045.2.1" => {
                let curve = algorithm.parameters.as_ref().and_then(|p| p.as_oid().ok()).map(|o| o.to_id_string());
                if curve.as_deref() != Some("1.3.132.0.34") {
                    return Err(Unreadable);
                }
                KeyKind::P384
            }
            _ => return Err(Unreadable),
        };
        Ok(Self { parsed, kind })
    }

    /// Kind of its key.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// What the card is given to sign: a DigestInfo for RSA, the bare digest for ECDSA (INFERRED).
    pub fn to_sign(&self, bytes: &[u8]) -> Vec<u8> {
        match self.kind {
            KeyKind::Rsa => self.kind.hash().digest_info(bytes),
            KeyKind::P384 => self.kind.hash().of(bytes),
        }
    }

    /// Its issuer's name, DER, as lists of revoked certificates carry it.
    pub fn issuer_der(&self) -> &[u8] {
        self.parsed.issuer().as_raw()
    }

    /// Its serial number as it stands in the certificate.
    pub fn raw_serial(&self) -> &[u8] {
        self.parsed.raw_serial()
    }

    /// What is kept of it.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint {
            issuer: self.parsed.issuer().to_string(),
            serial: hex(self.parsed.raw_serial()),
            key: hex(digest(&SHA256, self.parsed.public_key().raw).as_ref()),
            not_after: self.parsed.validity().not_after.timestamp(),
        }
    }

    /// Whether one of the anchors issued it, it is valid at that moment, and its key is for signatures.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self, anchors: &[Vec<u8>], at: i64) -> Result<(), Invalid> {
        let issued = |anchor: &Vec<u8>| {
            X509Certificate::from_der(anchor).is_ok_and(|(_, anchor)| {
                anchor.subject() == self.parsed.issuer()
                    && self.parsed.verify_signature(Some(anchor.public_key())).is_ok()
                    && valid(&anchor, at)
            })
        };
        if !anchors.iter().any(issued) {
            return Err(Invalid::ForeignIssuer);
        }
        if !valid(&self.parsed, at) {
            return Err(Invalid::OutOfDate);
        }
        let usage = self.parsed.key_usage().map_err(|_| Invalid::WrongUse)?;
        let for_signatures = usage.is_some_and(|usage| usage.value.digital_signature());
        if !for_signatures || self.parsed.is_ca() {
            return Err(Invalid::WrongUse);
        }
        Ok(())
    }

    /// Whether the signature over the bytes is of this certificate's key.
    ///
    /// # Errors
    /// [`Invalid::WrongSignature`].
    pub fn check_signature(&self, bytes: &[u8], signature: &[u8]) -> Result<(), Invalid> {
        let algorithm: &'static dyn VerificationAlgorithm = match self.kind {
            KeyKind::Rsa => &RSA_PKCS1_2048_8192_SHA256,
            KeyKind::P384 => &ECDSA_P384_SHA384_ASN1,
        };
        let key = UnparsedPublicKey::new(algorithm, &*self.parsed.public_key().subject_public_key.data);
        key.verify(bytes, signature).map_err(|_| Invalid::WrongSignature)
    }
}

fn valid(certificate: &X509Certificate<'_>, at: i64) -> bool {
    let validity = certificate.validity();
    (validity.not_before.timestamp()..=validity.not_after.timestamp()).contains(&at)
}

/// Hex digits as bytes; none for anything else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| {
            let pair = core::str::from_utf8(pair).ok()?;
            pair.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u8::from_str_radix(pair, 16).ok())?
        })
        .collect()
}

/// Bytes as hex digits.
pub fn hex(bytes: &[u8]) -> String {
    use core::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
