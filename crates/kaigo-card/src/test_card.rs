//! Certificates and keys of cards for tests and the demo, made anew each time: nothing of a real card is anywhere.

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, IsCa, Issuer, KeyIdMethod, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256, RevokedCertParams, SerialNumber,
};
use rsa::pkcs8::EncodePrivateKey as _;

use crate::certificate::KeyKind;
use crate::virtual_card::{CardKey, VirtualCard};

/// A test issuer could not be made, or a card of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CannotMake(pub String);

impl From<rcgen::Error> for CannotMake {
    fn from(e: rcgen::Error) -> Self {
        Self(e.to_string())
    }
}

/// An issuer of test cards.
pub struct TestIssuer {
    issuer: Issuer<'static, KeyPair>,
    certificate: Vec<u8>,
    kind: KeyKind,
}

/// A period of validity: first and last day, as year, month, day.
pub type Validity = ((i32, u8, u8), (i32, u8, u8));

/// A card of a test issuer: what goes into a [`VirtualCard`], and what may be written into a file for the demo.
#[derive(Clone)]
pub struct TestCard {
    /// Certificate, DER.
    pub certificate: Vec<u8>,
    /// Private key, PKCS#8 DER.
    pub key: Vec<u8>,
    /// Serial number of the certificate.
    pub serial: u64,
}

impl TestCard {
    /// The card with a PIN.
    pub fn card(&self, pin: [u8; 4]) -> Option<VirtualCard> {
        Some(VirtualCard::new(self.certificate.clone(), CardKey::from_pkcs8(&self.key)?, pin))
    }
}

fn key_pair(kind: KeyKind) -> Result<KeyPair, CannotMake> {
    match kind {
        KeyKind::P384 => Ok(KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384)?),
        KeyKind::Rsa => {
            let failed = |e: &dyn core::fmt::Display| CannotMake(e.to_string());
            let key = rsa::RsaPrivateKey::new(&mut rand_core::OsRng, 2048).map_err(|e| failed(&e))?;
            let pem = key.to_pkcs8_pem(rsa::pkcs8::LineEnding::LF).map_err(|e| failed(&e))?;
            Ok(KeyPair::from_pkcs8_pem_and_sign_algo(&pem, &PKCS_RSA_SHA256)?)
        }
    }
}

impl TestIssuer {
    /// Makes an issuer of that name with keys of that kind.
    pub fn make(name: &str, kind: KeyKind, (from, until): Validity) -> Result<Self, CannotMake> {
        let key = key_pair(kind)?;
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CountryName, "JP");
        params.distinguished_name.push(DnType::OrganizationName, "kaigo-kiban TEST");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = rcgen::date_time_ymd(from.0, from.1, from.2);
        params.not_after = rcgen::date_time_ymd(until.0, until.1, until.2);
        let certificate = params.self_signed(&key)?.der().to_vec();
        Ok(Self { issuer: Issuer::new(params, key), certificate, kind })
    }

    /// The trust anchor, DER.
    pub fn anchor(&self) -> &[u8] {
        &self.certificate
    }

    /// A list of revoked certificates (CRL), DER, good in that period.
    pub fn list(&self, revoked: &[u64], (from, until): Validity) -> Result<Vec<u8>, CannotMake> {
        let day = |(y, m, d)| rcgen::date_time_ymd(y, m, d);
        let one = |serial: &u64| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: day(from),
            reason_code: None,
            invalidity_date: None,
        };
        let params = CertificateRevocationListParams {
            this_update: day(from),
            next_update: day(until),
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().map(one).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(params.signed_by(&self.issuer)?.der().to_vec())
    }

    /// Issues a card with a certificate of that serial number.
    pub fn issue(&self, serial: u64, (from, until): Validity) -> Result<TestCard, CannotMake> {
        let key = key_pair(self.kind)?;
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CountryName, "JP");
        // As on real cards: a number, no name.
        params.distinguished_name.push(DnType::CommonName, format!("TEST{serial:012}"));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.serial_number = Some(SerialNumber::from(serial));
        params.not_before = rcgen::date_time_ymd(from.0, from.1, from.2);
        params.not_after = rcgen::date_time_ymd(until.0, until.1, until.2);
        let certificate = params.signed_by(&key, &self.issuer)?.der().to_vec();
        Ok(TestCard { certificate, key: key.serialize_der(), serial })
    }
}
