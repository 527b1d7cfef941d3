//! Whom the server believes: trust anchors of several generations, and who tells whether a certificate was revoked.
//!
//! Lists and answers about revocation of the national service are given only to those who are notified as verifiers under
//! 公的個人認証法 §17 and §36; the operator needs that contract, or one with a certified platform operator. What is here reads
//! files that such a contract brings ([`Lists`]); another source implements [`CertStatus`].

use std::io;
use std::path::Path;

use x509_parser::pem::Pem;
use x509_parser::prelude::{CertificateRevocationList, FromDer as _, X509Certificate};

use crate::certificate::{Certificate, Fingerprint, Invalid};
use crate::challenge::Challenge;
use crate::jpki::Evidence;

/// What is known of a certificate's revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// It was not revoked.
    Good,
    /// It was revoked.
    Revoked,
    /// Nobody can tell now: it does not count.
    Unknown,
}

/// Tells whether a certificate was revoked.
pub trait CertStatus: Send + Sync {
    /// What is known at that moment, seconds since 1970.
    fn of(&self, certificate: &Certificate<'_>, at: i64) -> Revocation;
}

/// The same answer for every certificate: a responder for tests.
#[derive(Clone, Copy, Debug)]
pub struct Always(pub Revocation);

impl CertStatus for Always {
    fn of(&self, _certificate: &Certificate<'_>, _at: i64) -> Revocation {
        self.0
    }
}

/// Trust anchors and lists of revoked certificates (CRL), as files bring them.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    anchors: Vec<Vec<u8>>,
    lists: Vec<Vec<u8>>,
}

impl Lists {
    /// Anchors and lists, DER each.
    pub fn new(anchors: Vec<Vec<u8>>, lists: Vec<Vec<u8>>) -> Self {
        Self { anchors, lists }
    }

    /// Reads a folder: `.cer`, `.crt`, `.der`, `.pem` are anchors of any generation, `.crl` are lists. Both DER or PEM.
    ///
    /// # Errors
    /// A file that cannot be read, or is neither.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut out = Self::default();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let kind = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
            let bad = || io::Error::new(io::ErrorKind::InvalidData, format!("{} cannot be read", path.display()));
            match kind.as_str() {
                "cer" | "crt" | "der" | "pem" => {
                    let der = der(&std::fs::read(&path)?);
                    X509Certificate::from_der(&der).map_err(|_| bad())?;
                    out.anchors.push(der);
                }
                "crl" => {
                    let der = der(&std::fs::read(&path)?);
                    CertificateRevocationList::from_der(&der).map_err(|_| bad())?;
                    out.lists.push(der);
                }
                _ => {}
            }
        }
        Ok(out)
    }

    /// The anchors, DER.
    pub fn anchors(&self) -> &[Vec<u8>] {
        &self.anchors
    }

    /// What one list says: nothing unless it is the issuer's, signed by an anchor of that name, and not out of date.
    fn ask(&self, list: &[u8], certificate: &Certificate<'_>, at: i64) -> Option<Revocation> {
        let (_, list) = CertificateRevocationList::from_der(list).ok()?;
        if list.issuer().as_raw() != certificate.issuer_der() {
            return None;
        }
        let is_signed = self.anchors.iter().any(|anchor| {
            X509Certificate::from_der(anchor).is_ok_and(|(_, anchor)| {
                anchor.subject().as_raw() == list.issuer().as_raw()
                    && list.verify_signature(anchor.public_key()).is_ok()
            })
        });
        let until = list.next_update()?.timestamp();
        if !is_signed || !(list.last_update().timestamp()..=until).contains(&at) {
            return None;
        }
        let revoked = list.iter_revoked_certificates().any(|one| one.raw_serial() == certificate.raw_serial());
        Some(if revoked { Revocation::Revoked } else { Revocation::Good })
    }
}

impl CertStatus for Lists {
    fn of(&self, certificate: &Certificate<'_>, at: i64) -> Revocation {
        let answers: Vec<Revocation> = self.lists.iter().filter_map(|list| self.ask(list, certificate, at)).collect();
        if answers.contains(&Revocation::Revoked) {
            Revocation::Revoked
        } else if answers.is_empty() {
            Revocation::Unknown
        } else {
            Revocation::Good
        }
    }
}

/// DER, also out of PEM.
fn der(bytes: &[u8]) -> Vec<u8> {
    if bytes.starts_with(b"-----") {
        Pem::iter_from_buffer(bytes).find_map(Result::ok).map_or_else(Vec::new, |pem| pem.contents)
    } else {
        bytes.to_vec()
    }
}

/// Whether a certificate counts: issued by an anchor, valid, for signatures, not revoked. What is kept of it.
///
/// # Errors
/// The first thing that is wrong.
pub fn certificate(der: &[u8], anchors: &[Vec<u8>], status: &dyn CertStatus, at: i64) -> Result<Fingerprint, Invalid> {
    let certificate = Certificate::parse(der).map_err(|_| Invalid::Unreadable)?;
    certificate.check(anchors, at)?;
    match status.of(&certificate, at) {
        Revocation::Good => Ok(certificate.fingerprint()),
        Revocation::Revoked => Err(Invalid::Revoked),
        Revocation::Unknown => Err(Invalid::StatusUnknown),
    }
}

/// Whether a card signed the challenge, and its certificate counts.
///
/// # Errors
/// The first thing that is wrong.
pub fn evidence(
    evidence: &Evidence,
    challenge: &Challenge,
    (anchors, status): (&[Vec<u8>], &dyn CertStatus),
    at: i64,
) -> Result<Fingerprint, Invalid> {
    let bytes = challenge.bytes().ok_or(Invalid::WrongSignature)?;
    let read = Certificate::parse(&evidence.certificate).map_err(|_| Invalid::Unreadable)?;
    let fingerprint = certificate(&evidence.certificate, anchors, status, at)?;
    read.check_signature(&bytes, &evidence.signature)?;
    Ok(fingerprint)
}
