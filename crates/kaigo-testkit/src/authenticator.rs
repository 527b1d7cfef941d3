//! An authenticator in software: makes and uses passkeys as a security key does, so that tests need no browser.

use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};

/// The flags of a key that was touched and asked who it is; it cannot be copied.
pub const TOUCHED_AND_VERIFIED: u8 = 1 | 4;

enum Secret {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A passkey and what it says of itself; tests turn its screws.
pub struct Authenticator {
    secret: Secret,
    /// Its name for the key.
    pub credential_id: Vec<u8>,
    /// Flags that it sets.
    pub flags: u8,
    /// Counter at its next use.
    pub count: u32,
    /// The host that it says it answers for.
    pub rp_id: String,
    /// The page that the browser says it answers to.
    pub origin: String,
}

/// What a browser hands over.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What the browser says, as JSON.
    pub client_data: Vec<u8>,
    /// The attestation object of a new key, or what the authenticator says when a key is used.
    pub data: Vec<u8>,
    /// The signature, when a key is used.
    pub signature: Vec<u8>,
}

impl Authenticator {
    /// A key over P-256 (ES256), made for a page.
    pub fn p256(origin: &str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        Self::new(Secret::P256(pair), origin)
    }

    /// A key of Ed25519 (EdDSA), made for a page.
    pub fn ed25519(origin: &str) -> Self {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::new(Secret::Ed25519(Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap()), origin)
    }

    fn new(secret: Secret, origin: &str) -> Self {
        let host = origin.split("://").nth(1).unwrap().split(':').next().unwrap().to_owned();
        let public = match &secret {
            Secret::P256(pair) => pair.public_key().as_ref().to_vec(),
            Secret::Ed25519(pair) => pair.public_key().as_ref().to_vec(),
        };
        Self {
            secret,
            credential_id: digest(&SHA256, &public).as_ref()[..20].to_vec(),
            flags: TOUCHED_AND_VERIFIED,
            count: 1,
            rp_id: host,
            origin: origin.to_owned(),
        }
    }

    /// The public key in COSE form.
    pub fn public_key(&self) -> Vec<u8> {
        match &self.secret {
            Secret::P256(pair) => {
                let point = pair.public_key().as_ref();
                [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], &point[1..33], &[0x22, 0x58, 32], &point[33..]]
                    .concat()
            }
            Secret::Ed25519(pair) => {
                [&[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32], pair.public_key().as_ref()].concat()
            }
        }
    }

    /// What the browser says of a question: `webauthn.create` or `webauthn.get`.
    pub fn client_data(&self, kind: &str, challenge: &str) -> Vec<u8> {
        let origin = &self.origin;
        format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#).into_bytes()
    }

    fn said(&self, flags: u8) -> Vec<u8> {
        let host = digest(&SHA256, self.rp_id.as_bytes());
        [host.as_ref(), &[flags], &self.count.to_be_bytes()].concat()
    }

    /// Makes the passkey.
    pub fn make(&self, challenge: &str) -> Answer {
        let length = u16::try_from(self.credential_id.len()).unwrap().to_be_bytes();
        let data =
            [&*self.said(self.flags | 64), &[0; 16], &length, &*self.credential_id, &*self.public_key()].concat();
        let size = u16::try_from(data.len()).unwrap().to_be_bytes();
        let object = [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".as_slice(), &size, &data].concat();
        Answer { client_data: self.client_data("webauthn.create", challenge), data: object, signature: Vec::new() }
    }

    /// Uses the passkey; its counter grows.
    pub fn answer(&mut self, challenge: &str) -> Answer {
        let (client_data, data) = (self.client_data("webauthn.get", challenge), self.said(self.flags));
        self.count = self.count.saturating_add(1);
        let signature = self.sign(&[&*data, digest(&SHA256, &client_data).as_ref()].concat());
        Answer { client_data, data, signature }
    }

    /// Signs anything.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.secret {
            Secret::P256(pair) => pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
            Secret::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }
}
