//! The authority: keys, certificates, revocation lists, PKCS#12. ECDSA P-256 with SHA-256 throughout (RFC 5480, RFC 5280).

use std::net::IpAddr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::terminal::{TerminalCertificate, parse_urn, urn};
use kaigo_store::db::Tx;
use kaigo_store::pki::{self, Authority, Issued, Revoked};
use kaigo_store::time::{instant, parse_instant};
use p12_keystore::{EncryptionAlgorithm, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertificateSigningRequestParams,
    CrlDistributionPoint, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, RevocationReason, RevokedCertParams, SanType, SerialNumber,
};
use x509_parser::prelude::{FromDer as _, GeneralName, ParsedExtension, X509Certificate};

use super::wrong;
use crate::ctx::hex;
use crate::keys::unhex;
use crate::{App, Ctx, Error};

/// Days that a root holds: twenty years.
const ROOT_DAYS: i64 = 20 * 365;
/// Days that an issuing authority holds: ten years, so that no certificate outlives it.
const ISSUING_DAYS: i64 = 10 * 365;
/// Days that a certificate of a server holds (CA/Browser Forum: at most 398).
const SERVER_DAYS: i64 = 397;
/// Days after which a revocation list must not be believed any more.
const CRL_DAYS: i64 = 7;
/// Minutes that a certificate is dated back, for clocks that are slow.
const SLOW_CLOCKS: i64 = 5;

fn internal(what: &str) -> impl FnOnce(rcgen::Error) -> Error {
    let what = what.to_owned();
    move |e| Error::Internal(format!("{what}: {e}"))
}

fn new_key() -> Result<KeyPair, Error> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(internal("a key"))
}

/// Sixteen random bytes that are a positive number without a leading zero.
fn serial(ctx: &Ctx) -> Vec<u8> {
    let mut bytes = ctx.ids.bytes();
    if let Some(first) = bytes.first_mut() {
        *first = (*first & 0x7f) | 0x40;
    }
    bytes.to_vec()
}

/// Sets the days between which a certificate holds.
fn holds(params: &mut CertificateParams, from: Timestamp, until: Timestamp) {
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    let at = |t: Timestamp| epoch + Duration::from_secs(u64::try_from(t.as_second()).unwrap_or(0));
    params.not_before = at(from);
    params.not_after = at(until);
}

fn named(common: &str, organization: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "JP");
    name.push(DnType::OrganizationName, organization);
    name.push(DnType::CommonName, common);
    name
}

/// What [`init`] made: the root's key is in nobody's hands but the caller's.
pub struct Made {
    /// The root certificate, PEM.
    pub root_pem: String,
    /// Its key, PKCS#8 PEM: to be kept away from the server.
    pub root_key_pem: String,
}

/// Makes the authority: a root, and an issuing authority under it whose key is sealed in the database.
///
/// # Errors
/// [`Error::Conflict`] if there is one.
pub async fn init(app: &App, ctx: &Ctx, organization: &str) -> Result<Made, Error> {
    let grant = decide_act(&Caller::Operator, Act::Operate)?;
    let root_key = new_key()?;
    let mut root = CertificateParams::default();
    root.distinguished_name = named("介護情報基盤 端末認証局 ルート", organization);
    root.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    root.serial_number = Some(SerialNumber::from(serial(ctx)));
    let from = ctx.now - SignedDuration::from_mins(SLOW_CLOCKS);
    let root_end = ctx.now + SignedDuration::from_hours(24 * ROOT_DAYS);
    holds(&mut root, from, root_end);
    let root_certificate = root.self_signed(&root_key).map_err(internal("the root"))?;
    let root_key_pem = root_key.serialize_pem();
    let issuer = Issuer::new(root, root_key);

    let key = new_key()?;
    let mut issuing = CertificateParams::default();
    issuing.distinguished_name = named("介護情報基盤 端末認証局 発行局", organization);
    issuing.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    issuing.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    issuing.use_authority_key_identifier_extension = true;
    issuing.serial_number = Some(SerialNumber::from(serial(ctx)));
    let issuing_end = ctx.now + SignedDuration::from_hours(24 * ISSUING_DAYS);
    holds(&mut issuing, from, issuing_end);
    let issuing_certificate = issuing.signed_by(&key, &issuer).map_err(internal("the issuing authority"))?;

    let authority = |kind: &str, der: &[u8], end: Timestamp| Authority {
        authority_id: ctx.ids.id(),
        kind: kind.to_owned(),
        certificate: der.to_vec(),
        key_sealed: None,
        not_after: instant(end),
        made_at: ctx.instant(),
    };
    let top = authority("root", root_certificate.der(), root_end);
    let mut below = authority("issuing", issuing_certificate.der(), issuing_end);
    below.key_sealed = Some(app.keys.data().seal(&format!("pki/{}", below.authority_id), key.serialized_der())?);
    app.db
        .write(move |tx| {
            if !pki::authorities(tx)?.is_empty() {
                return Err(Error::Conflict("認証局は、すでにあります。".to_owned()));
            }
            pki::put_authority(tx, &grant, &top)?;
            pki::put_authority(tx, &grant, &below).map_err(Error::from)
        })
        .await?;
    Ok(Made { root_pem: root_certificate.pem(), root_key_pem })
}

/// The issuing authority, with its key.
pub struct Issuing {
    issuer: Issuer<'static, KeyPair>,
    /// Its certificate, DER.
    pub certificate: Vec<u8>,
    /// The root's certificate, DER.
    pub root: Vec<u8>,
    not_after: Timestamp,
}

/// The authority that issues now.
///
/// # Errors
/// [`Error::Conflict`] if none was made.
pub fn issuing(tx: &mut Tx<'_>, app: &App) -> Result<Issuing, Error> {
    let none = || {
        Error::Conflict(
            "認証局がまだありません。運営の担当者が kiban cert init で作ると、発行できるようになります。".to_owned(),
        )
    };
    let all = pki::authorities(tx)?;
    let root = all.iter().find(|a| a.kind == "root").ok_or_else(none)?;
    let below = all.iter().find(|a| a.kind == "issuing").ok_or_else(none)?;
    let sealed = below.key_sealed.as_deref().ok_or_else(none)?;
    let key = app.keys.data().open(&format!("pki/{}", below.authority_id), sealed)?;
    let key = KeyPair::try_from(key.as_slice()).map_err(internal("the issuing key"))?;
    let issuer = Issuer::from_ca_cert_der(&below.certificate.as_slice().into(), key).map_err(internal("the issuer"))?;
    Ok(Issuing {
        issuer,
        certificate: below.certificate.clone(),
        root: root.certificate.clone(),
        not_after: parse_instant(&below.not_after)?,
    })
}

/// Whether there is an authority.
pub async fn is_there(app: &App) -> Result<bool, Error> {
    app.db.read(|tx| Ok::<_, Error>(!pki::authorities(tx)?.is_empty())).await
}

/// The terminal that a certificate is made for.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Office.
    pub office_no: OfficeNo,
    /// Its name.
    pub office_name: String,
    /// Which of its terminals.
    pub terminal_no: u32,
}

/// A key and its certificate.
pub struct Pair {
    /// The key, PKCS#8 DER.
    pub key: Vec<u8>,
    /// The certificate as it is kept.
    pub issued: Issued,
}

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A terminal shows it.
    Terminal,
    /// A server shows it; made for tests of the wrong purpose, too.
    Server,
}

impl Issuing {
    fn client(
        &self,
        ctx: &Ctx,
        holder: &Holder,
        days: i64,
        purpose: Purpose,
    ) -> Result<(CertificateParams, Vec<u8>, Timestamp), Error> {
        let uri = urn(holder.office_no, holder.terminal_no);
        let uri = uri.as_str().try_into().map_err(internal("the name of the terminal"))?;
        let mut params = CertificateParams::default();
        params.distinguished_name = named(&format!("{}-{}", holder.office_no, holder.terminal_no), &holder.office_name);
        params.subject_alt_names = vec![SanType::URI(uri)];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![match purpose {
            Purpose::Terminal => ExtendedKeyUsagePurpose::ClientAuth,
            Purpose::Server => ExtendedKeyUsagePurpose::ServerAuth,
        }];
        params.use_authority_key_identifier_extension = true;
        let serial = serial(ctx);
        params.serial_number = Some(SerialNumber::from(serial.clone()));
        // Of negative days only tests ask, for certificates that ran out.
        let end = (ctx.now + SignedDuration::from_hours(24 * days)).min(self.not_after);
        let from = (ctx.now - SignedDuration::from_mins(SLOW_CLOCKS)).min(end - SignedDuration::from_mins(SLOW_CLOCKS));
        holds(&mut params, from, end);
        Ok((params, serial, end))
    }

    fn kept(ctx: &Ctx, der: &[u8], serial: &[u8], end: Timestamp) -> Issued {
        Issued { serial: hex(serial), certificate: der.to_vec(), not_before: ctx.instant(), not_after: instant(end) }
    }

    /// Makes a key and a certificate for a terminal.
    pub fn pair(&self, ctx: &Ctx, holder: &Holder, days: i64, purpose: Purpose) -> Result<Pair, Error> {
        let (params, serial, end) = self.client(ctx, holder, days, purpose)?;
        let key = new_key()?;
        let made = params.signed_by(&key, &self.issuer).map_err(internal("a certificate"))?;
        Ok(Pair { key: key.serialized_der().to_vec(), issued: Self::kept(ctx, made.der(), &serial, end) })
    }

    /// Makes a certificate for the key of a request. Nothing of the request counts but its key.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a request that cannot be read or is signed wrongly.
    pub fn of_request(&self, ctx: &Ctx, holder: &Holder, days: i64, csr: &[u8]) -> Result<Issued, Error> {
        let request = read_request(csr)?;
        let (params, serial, end) = self.client(ctx, holder, days, Purpose::Terminal)?;
        let made = params.signed_by(&request.public_key, &self.issuer).map_err(internal("a certificate"))?;
        Ok(Self::kept(ctx, made.der(), &serial, end))
    }

    /// Makes a key and a certificate for a server: for tests, the demo and offices' own networks.
    pub fn server(&self, ctx: &Ctx, names: &[String], crl: Option<&str>) -> Result<Pair, Error> {
        let mut params = CertificateParams::default();
        params.distinguished_name = named(names.first().map_or("localhost", String::as_str), "介護情報基盤");
        for name in names {
            params.subject_alt_names.push(match name.parse::<IpAddr>() {
                Ok(address) => SanType::IpAddress(address),
                Err(_) => SanType::DnsName(name.as_str().try_into().map_err(internal("the name of the server"))?),
            });
        }
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        params.crl_distribution_points =
            crl.map(|uri| CrlDistributionPoint { uris: vec![uri.to_owned()] }).into_iter().collect();
        let serial = serial(ctx);
        params.serial_number = Some(SerialNumber::from(serial.clone()));
        let end = (ctx.now + SignedDuration::from_hours(24 * SERVER_DAYS)).min(self.not_after);
        holds(&mut params, ctx.now - SignedDuration::from_mins(SLOW_CLOCKS), end);
        let key = new_key()?;
        let made = params.signed_by(&key, &self.issuer).map_err(internal("a certificate of a server"))?;
        Ok(Pair { key: key.serialized_der().to_vec(), issued: Self::kept(ctx, made.der(), &serial, end) })
    }

    /// The list of what was revoked, DER.
    pub fn crl(&self, ctx: &Ctx, revoked: &[Revoked]) -> Result<Vec<u8>, Error> {
        let mut dates = CertificateParams::default();
        holds(&mut dates, ctx.now, ctx.now + SignedDuration::from_hours(24 * CRL_DAYS));
        let lines = revoked.iter().map(|line| {
            let mut at = CertificateParams::default();
            let moment = parse_instant(&line.at)?;
            holds(&mut at, moment, moment);
            Ok(RevokedCertParams {
                serial_number: SerialNumber::from(unhex(&line.serial).unwrap_or_default()),
                revocation_time: at.not_before,
                reason_code: Some(match line.reason.rfc5280() {
                    1 => RevocationReason::KeyCompromise,
                    4 => RevocationReason::Superseded,
                    5 => RevocationReason::CessationOfOperation,
                    _ => RevocationReason::PrivilegeWithdrawn,
                }),
                invalidity_date: None,
            })
        });
        let number = u64::try_from(ctx.now.as_second()).unwrap_or(1);
        let params = CertificateRevocationListParams {
            this_update: dates.not_before,
            next_update: dates.not_after,
            crl_number: SerialNumber::from(number),
            issuing_distribution_point: None,
            revoked_certs: lines.collect::<Result<_, Error>>()?,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(params.signed_by(&self.issuer).map_err(internal("the revocation list"))?.der().to_vec())
    }
}

/// The revocation list of now, DER.
///
/// # Errors
/// [`Error::NotFound`] without an authority.
pub async fn crl(app: &App, ctx: &Ctx) -> Result<Vec<u8>, Error> {
    let (app2, ctx2) = (app.clone(), ctx.clone());
    app.db
        .read(move |tx| {
            if pki::authorities(tx)?.is_empty() {
                return Err(Error::NotFound);
            }
            // What ran out needs no line: its date refuses it. A day's grace for clocks.
            let since = instant(ctx2.now - SignedDuration::from_hours(24));
            let revoked = pki::revoked(tx, &since)?;
            issuing(tx, &app2)?.crl(&ctx2, &revoked)
        })
        .await
}

/// The certificates that a verifier trusts: the root and the issuing authority, DER.
///
/// # Errors
/// [`Error::NotFound`] without an authority.
pub async fn anchors(app: &App) -> Result<Vec<Vec<u8>>, Error> {
    let all = app.db.read(|tx| pki::authorities(tx).map_err(Error::from)).await?;
    if all.is_empty() { Err(Error::NotFound) } else { Ok(all.into_iter().map(|a| a.certificate).collect()) }
}

/// Reads a request (PEM or DER), and checks its signature and the strength of its key.
fn read_request(csr: &[u8]) -> Result<CertificateSigningRequestParams, Error> {
    let bad = |say: &str| wrong("csr", "csr", say);
    let read = match core::str::from_utf8(csr) {
        Ok(text) if text.contains("-----BEGIN") => CertificateSigningRequestParams::from_pem(text.trim()),
        _ => CertificateSigningRequestParams::from_der(&csr.into()),
    };
    let read = read.map_err(|_| {
        bad("証明書署名要求（CSR）として読めません。端末で作ったファイルを、そのまま（PEM形式で）入れてください。")
    })?;
    let spki = rcgen::PublicKeyData::subject_public_key_info(&read.public_key);
    let weak = match x509_parser::x509::SubjectPublicKeyInfo::from_der(&spki).ok().and_then(|(_, s)| {
        let size = s.parsed().ok().map(|key| key.key_size());
        size.map(|size| (s.algorithm.algorithm.to_id_string(), size))
    }) {
        // rsaEncryption
        Some((algorithm, size)) if algorithm == "1.2.840.113549.1.1.1" => size < 2048,
        Some(_) => false,
        None => true,
    };
    if weak {
        return Err(bad("鍵が弱すぎます。ECDSA P-256 か、RSA 2048ビット以上の鍵で作りなおしてください。"));
    }
    Ok(read)
}

/// A request as it is kept: DER.
///
/// # Errors
/// [`Error::Invalid`] as [`Issuing::of_request`].
pub fn request_der(csr: &str) -> Result<Vec<u8>, Error> {
    read_request(csr.as_bytes())?;
    let (_, pem) = x509_parser::pem::parse_x509_pem(csr.trim().as_bytes())
        .map_err(|_| wrong("csr", "csr", "証明書署名要求（CSR）をPEM形式で入れてください。"))?;
    Ok(pem.contents)
}

/// The terminal that a verified certificate names; none: it is no certificate of a terminal. Verify it first.
pub fn terminal_of(der: &[u8]) -> Option<TerminalCertificate> {
    let (rest, certificate) = X509Certificate::from_der(der).ok()?;
    if !rest.is_empty() {
        return None;
    }
    let mut named = None;
    for extension in certificate.extensions() {
        let ParsedExtension::SubjectAlternativeName(names) = extension.parsed_extension() else { continue };
        for name in &names.general_names {
            if let GeneralName::URI(uri) = name {
                // One terminal, or none at all.
                if named.replace(parse_urn(uri)?).is_some() {
                    return None;
                }
            }
        }
    }
    let (office_no, terminal_no) = named?;
    Some(TerminalCertificate { serial: plain_serial(certificate.raw_serial()), office_no, terminal_no })
}

/// A certificate or key as PEM.
pub fn pem(label: &str, der: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(der.len() * 4 / 3 + 4);
    for three in der.chunks(3) {
        let byte = |i: usize| u32::from(three.get(i).copied().unwrap_or(0));
        let word = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for place in 0..4_usize {
            let at = usize::try_from((word >> (18 - 6 * place)) & 63).unwrap_or(0);
            let letter = ALPHABET.get(at).copied().unwrap_or(b'A');
            text.push(if place > three.len() { '=' } else { char::from(letter) });
        }
    }
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = more;
    }
    out.push_str("-----END ");
    out.push_str(label);
    out.push_str("-----\n");
    out
}

/// A file for a terminal (PKCS#12): key, certificate and the authority's certificates, under a password. AES-256 and HMAC-SHA-256 (PBES2),
/// which Windows reads since version 1809.
pub fn pkcs12(pair: &Pair, chain: &[Vec<u8>], name: &str, password: &str) -> Result<Vec<u8>, Error> {
    let bad = |e: p12_keystore::error::Error| Error::Internal(format!("PKCS#12: {e}"));
    let mut certificates = vec![p12_keystore::Certificate::from_der(&pair.issued.certificate).map_err(bad)?];
    for der in chain {
        certificates.push(p12_keystore::Certificate::from_der(der).map_err(bad)?);
    }
    let key = PrivateKey::from_der(&pair.key).map_err(bad)?;
    let mut store = KeyStore::new();
    let entry = PrivateKeyChain::new(pair.issued.serial.as_bytes(), key, certificates);
    store.add_entry(name, KeyStoreEntry::PrivateKeyChain(entry));
    store.writer(password).encryption_algorithm(EncryptionAlgorithm::PbeWithHmacSha256AndAes256).write().map_err(bad)
}

/// The code that opens the file of a terminal, made of the application's number with the installation's secret: it stands in no table.
/// Sixteen letters and digits in fours, without those that look alike: 80 bits.
pub fn code(app: &App, certificate_id: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let bytes = app.keys.code_bytes(&format!("terminal/{certificate_id}"));
    let letter = |b: &u8| char::from(LETTERS.get(usize::from(b & 31)).copied().unwrap_or(b'A'));
    let letters: Vec<char> = bytes.iter().take(16).map(letter).collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// The end of a certificate, seconds since 1970.
pub fn ends(der: &[u8]) -> Option<i64> {
    X509Certificate::from_der(der).ok().map(|(_, c)| c.validity().not_after.timestamp())
}

/// Serial numbers of a revocation list (DER), hex as in [`TerminalCertificate`]; none: it cannot be read.
pub fn serials(crl: &[u8]) -> Option<Vec<String>> {
    let (_, list) = x509_parser::revocation_list::CertificateRevocationList::from_der(crl).ok()?;
    Some(list.iter_revoked_certificates().map(|line| plain_serial(line.raw_serial())).collect())
}

fn plain_serial(raw: &[u8]) -> String {
    let serial = hex(raw);
    let serial = serial.trim_start_matches('0');
    if serial.len().is_multiple_of(2) { serial.to_owned() } else { format!("0{serial}") }
}
