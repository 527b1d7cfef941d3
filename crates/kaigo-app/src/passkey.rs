//! What a browser hands over of a passkey (W3C Web Authentication, Level 2 and 3), judged without any I/O.
//!
//! Asked for are: a discoverable credential, user verification, no attestation. So a statement of the authenticator's maker is not looked at
//! (the specification's conveyance `none`): what counts is that whoever logs in holds the key that was registered. Algorithms: ES256, RS256,
//! EdDSA. Every check of §7.1 and §7.2 that applies stands here once, with a [`Bad`] of its own.

mod cbor;
mod cose;
#[cfg(test)]
mod tests;

use ring::digest::{SHA256, digest};
use serde::Deserialize;

pub use cose::ALGORITHMS;

/// Where this service is, as browsers name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// `https://kaigo.example.jp`, without a path.
    pub origin: String,
    /// Its host without port: for it passkeys are made.
    pub rp_id: String,
}

impl Site {
    /// The site of an origin; none if it is not one.
    pub fn of(origin: &str) -> Option<Self> {
        let (scheme, rest) = origin.split_once("://")?;
        let place = rest.split('/').next()?.to_lowercase();
        let host = place.rsplit_once(':').map_or(place.as_str(), |(host, port)| {
            if port.bytes().all(|b| b.is_ascii_digit()) { host } else { place.as_str() }
        });
        let is_name = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
        (matches!(scheme, "http" | "https") && is_name)
            .then(|| Self { origin: format!("{scheme}://{place}"), rp_id: host.to_owned() })
    }
}

/// Why an answer is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bad {
    /// It cannot be read at all.
    Shape,
    /// It is the answer to another question: made where a login was asked for, or the other way round.
    Type,
    /// It was made for another site, or inside a frame of one.
    Origin,
    /// The authenticator answered for another host.
    Host,
    /// Nobody was there (no touch).
    Presence,
    /// The authenticator did not ask who it is (PIN, finger, face).
    Verification,
    /// A key of a kind that was not asked for.
    Algorithm,
    /// The signature is not of the key.
    Signature,
    /// The counter did not grow: the key may have been copied.
    Counter,
    /// The flags of a copied key contradict themselves.
    Backup,
}

/// A passkey that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The authenticator's name for it.
    pub credential_id: Vec<u8>,
    /// Public key in COSE form.
    pub public_key: Vec<u8>,
    /// Counter; 0 if it does not count.
    pub sign_count: u32,
    /// Whether it is shared between its owner's devices.
    pub is_synced: bool,
}

/// What the browser was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To make a passkey.
    Make,
    /// To log in with one.
    Use,
}

#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

/// Reads what the browser says of the question; answers the challenge, which the caller must know.
///
/// # Errors
/// [`Bad::Shape`], [`Bad::Type`], [`Bad::Origin`].
pub fn challenge_of(client_data: &[u8], asked: Asked, site: &Site) -> Result<String, Bad> {
    let data: ClientData = serde_json::from_slice(client_data).map_err(|_| Bad::Shape)?;
    let want = match asked {
        Asked::Make => "webauthn.create",
        Asked::Use => "webauthn.get",
    };
    if data.kind != want {
        return Err(Bad::Type);
    }
    if data.origin != site.origin || data.cross_origin {
        return Err(Bad::Origin);
    }
    Ok(data.challenge)
}

/// User present.
const UP: u8 = 1;
/// User verified.
const UV: u8 = 1 << 2;
/// May be copied to other devices.
const BE: u8 = 1 << 3;
/// Was copied to other devices.
const BS: u8 = 1 << 4;
/// A credential follows.
const AT: u8 = 1 << 6;
/// Extensions follow.
const ED: u8 = 1 << 7;

/// What the authenticator says, before any credential.
struct Said<'a> {
    flags: u8,
    sign_count: u32,
    rest: &'a [u8],
}

fn said<'a>(data: &'a [u8], site: &Site) -> Result<Said<'a>, Bad> {
    let (host, rest) = data.split_at_checked(32).ok_or(Bad::Shape)?;
    if host != digest(&SHA256, site.rp_id.as_bytes()).as_ref() {
        return Err(Bad::Host);
    }
    let (flags, rest) = rest.split_first().ok_or(Bad::Shape)?;
    let (count, rest) = rest.split_first_chunk::<4>().ok_or(Bad::Shape)?;
    let has = |flag: u8| flags & flag != 0;
    if !has(UP) {
        return Err(Bad::Presence);
    }
    if !has(UV) {
        return Err(Bad::Verification);
    }
    if has(BS) && !has(BE) {
        return Err(Bad::Backup);
    }
    Ok(Said { flags: *flags, sign_count: u32::from_be_bytes(*count), rest })
}

/// What follows the fixed part and the credential: extensions, if the flag says so, and nothing else.
fn ends(flags: u8, rest: &[u8]) -> Result<(), Bad> {
    let rest = if flags & ED == 0 {
        rest
    } else {
        match cbor::read(rest) {
            Some((cbor::Item::Map(_), rest)) => rest,
            _ => return Err(Bad::Shape),
        }
    };
    if rest.is_empty() { Ok(()) } else { Err(Bad::Shape) }
}

/// Judges a passkey that was made; its challenge was judged before.
///
/// # Errors
/// The check that failed.
pub fn made(attestation_object: &[u8], site: &Site) -> Result<Made, Bad> {
    let Some((cbor::Item::Map(all), [])) = cbor::read(attestation_object) else { return Err(Bad::Shape) };
    let data = all.iter().find_map(|(key, value)| match (key, value) {
        (cbor::Item::Text("authData"), cbor::Item::Bytes(data)) => Some(*data),
        _ => None,
    });
    let said = said(data.ok_or(Bad::Shape)?, site)?;
    if said.flags & AT == 0 {
        return Err(Bad::Shape);
    }
    // The model of the authenticator (AAGUID) is not asked for.
    let (_, rest) = said.rest.split_at_checked(16).ok_or(Bad::Shape)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(Bad::Shape)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length == 0 || length > 1023 {
        return Err(Bad::Shape);
    }
    let (credential_id, rest) = rest.split_at_checked(length).ok_or(Bad::Shape)?;
    let (_, after) = cbor::read(rest).ok_or(Bad::Shape)?;
    let public_key = rest.get(..rest.len() - after.len()).ok_or(Bad::Shape)?;
    cose::Key::read(public_key).ok_or(Bad::Algorithm)?;
    ends(said.flags, after)?;
    Ok(Made {
        credential_id: credential_id.to_vec(),
        public_key: public_key.to_vec(),
        sign_count: said.sign_count,
        is_synced: said.flags & BE != 0,
    })
}

/// What is known of the passkey that is used.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Public key in COSE form.
    pub public_key: &'a [u8],
    /// Counter when it was last used.
    pub sign_count: u32,
}

/// What the browser hands over when a passkey is used.
#[derive(Clone, Copy, Debug)]
pub struct Used<'a> {
    /// What the browser says, as JSON.
    pub client_data: &'a [u8],
    /// What the authenticator says.
    pub authenticator_data: &'a [u8],
    /// The signature over both.
    pub signature: &'a [u8],
}

/// Judges the use of a passkey; its challenge was judged before. Answers the new counter.
///
/// # Errors
/// The check that failed.
pub fn used(used: Used<'_>, known: Known<'_>, site: &Site) -> Result<u32, Bad> {
    let said = said(used.authenticator_data, site)?;
    if said.flags & AT != 0 {
        return Err(Bad::Shape);
    }
    ends(said.flags, said.rest)?;
    let key = cose::Key::read(known.public_key).ok_or(Bad::Algorithm)?;
    let hash = digest(&SHA256, used.client_data);
    let signed = [used.authenticator_data, hash.as_ref()].concat();
    if !key.signed(&signed, used.signature) {
        return Err(Bad::Signature);
    }
    // Authenticators that share keys do not count: then both are 0.
    if (said.sign_count != 0 || known.sign_count != 0) && said.sign_count <= known.sign_count {
        return Err(Bad::Counter);
    }
    Ok(said.sign_count)
}

/// Bytes as base64url without padding (RFC 4648 §5).
pub fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 3);
    for chunk in bytes.chunks(3) {
        let word = (0..3).fold(0_usize, |n, i| (n << 8) | usize::from(chunk.get(i).copied().unwrap_or(0)));
        for digit in 0..=chunk.len() {
            let six = (word >> (18 - 6 * digit)) & 63;
            out.push(char::from(DIGITS.get(six).copied().unwrap_or(b'A')));
        }
    }
    out
}

/// Reads base64url without padding; none for anything else, also for bits that nothing stands for.
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    let six = |b: u8| -> Option<u32> {
        Some(match b {
            b'A'..=b'Z' => u32::from(b - b'A'),
            b'a'..=b'z' => u32::from(b - b'a') + 26,
            b'0'..=b'9' => u32::from(b - b'0') + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        })
    };
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.as_bytes().chunks(4) {
        let mut word = 0_u32;
        for b in chunk {
            word = (word << 6) | six(*b)?;
        }
        let bytes = match chunk.len() {
            4 => 3,
            3 => 2,
            2 => 1,
            _ => return None,
        };
        word <<= 6 * (4 - chunk.len());
        let all = word.to_be_bytes();
        let (kept, spare) = (all.get(1..=bytes)?, all.get(bytes + 1..)?);
        if spare.iter().any(|b| *b != 0) {
            return None;
        }
        out.extend_from_slice(kept);
    }
    Some(out)
}
