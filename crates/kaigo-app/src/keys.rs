//! Keys of an installation: one file of secrets beside the data, made at the first start, readable by its owner only.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use aes::Aes256;
use aes::cipher::{BlockCipherDecrypt as _, BlockCipherEncrypt as _, KeyInit as _};
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_store::objects::DataKey;
use ring::digest::{SHA256, digest};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use crate::Error;
use crate::ctx::hex;

/// The keys: data at rest, seals of the log, tokens of forms.
pub struct Keys {
    data: DataKey,
    seal: Ed25519KeyPair,
    log: Ed25519KeyPair,
    form: hmac::Key,
    letter: hmac::Key,
    person: Aes256,
}

impl Keys {
    /// Derives the keys from 32 secret bytes.
    pub fn from_secret(secret: &[u8; 32]) -> Result<Self, Error> {
        let derive = |name: &str| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
            let tag = hmac::sign(&key, name.as_bytes());
            let mut out = [0_u8; 32];
            out.iter_mut().zip(tag.as_ref()).for_each(|(o, b)| *o = *b);
            out
        };
        let seal = Ed25519KeyPair::from_seed_unchecked(&derive("kaigo-kiban seal 1"))
            .map_err(|_| Error::Internal("bad seal key".to_owned()))?;
        let log = Ed25519KeyPair::from_seed_unchecked(&derive("kaigo-kiban log 1"))
            .map_err(|_| Error::Internal("bad log key".to_owned()))?;
        Ok(Self {
            data: DataKey::new(&derive("kaigo-kiban data 1"))?,
            seal,
            log,
            form: hmac::Key::new(hmac::HMAC_SHA256, &derive("kaigo-kiban form 1")),
            letter: hmac::Key::new(hmac::HMAC_SHA256, &derive("kaigo-kiban letter 1")),
            person: Aes256::new(&derive("kaigo-kiban person 1").into()),
        })
    }

    /// Reads the secret of a data folder; makes it at the first start.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join("secret.key");
        let internal = |e: std::io::Error| Error::Internal(format!("{}: {e}", path.display()));
        if !path.exists() {
            let mut secret = [0_u8; 32];
            SystemRandom::new().fill(&mut secret).map_err(|_| Error::Internal("no randomness".to_owned()))?;
            let mut options = fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&path).map_err(internal)?;
            file.write_all(hex(&secret).as_bytes()).map_err(internal)?;
            file.sync_all().map_err(internal)?;
        }
        let text = fs::read_to_string(&path).map_err(internal)?;
        let secret = kaigo_ledger::Hash::from_hex(text.trim())
            .ok_or_else(|| Error::Internal(format!("{} holds no key of 64 hex digits", path.display())))?;
        Self::from_secret(&secret.0)
    }

    /// The key of data at rest.
    pub fn data(&self) -> &DataKey {
        &self.data
    }

    /// The name of a person in the addresses of an insurer's pages: one block of AES-256 over insurer and number, so that the
    /// same person has the same address and the address tells nobody a number. 32 hex digits.
    pub fn person_ref(&self, insurer_no: InsurerNo, insured_no: InsuredNo) -> String {
        let mut block = aes::Block::default();
        let text = insurer_no.as_str().bytes().chain(insured_no.as_str().bytes());
        block.iter_mut().zip(text).for_each(|(out, byte)| *out = byte);
        self.person.encrypt_block(&mut block);
        hex(&block)
    }

    /// The person of an address; none for what no page of this installation has written: sixteen characters of a made-up
    /// address are all digits once in 10²².
    pub fn person_of_ref(&self, text: &str) -> Option<(InsurerNo, InsuredNo)> {
        let bytes = unhex(text)?;
        let mut block = aes::Block::default();
        if bytes.len() != block.len() {
            return None;
        }
        block.iter_mut().zip(bytes).for_each(|(out, byte)| *out = byte);
        self.person.decrypt_block(&mut block);
        let plain = core::str::from_utf8(&block).ok()?;
        Some((InsurerNo::parse(plain.get(..6)?).ok()?, InsuredNo::parse(plain.get(6..)?).ok()?))
    }

    /// 32 bytes made of a text with the secret: what letters and papers with codes carry, so that no table holds it.
    pub fn code_bytes(&self, text: &str) -> [u8; 32] {
        let mut out = [0_u8; 32];
        out.iter_mut().zip(hmac::sign(&self.letter, text.as_bytes()).as_ref()).for_each(|(o, b)| *o = *b);
        out
    }

    /// Signs the text of a seal, hex.
    pub fn sign_seal(&self, text: &str) -> String {
        hex(self.seal.sign(text.as_bytes()).as_ref())
    }

    /// The public key of seals, hex.
    pub fn seal_public(&self) -> String {
        hex(self.seal.public_key().as_ref())
    }

    /// The key that signs the heads of the public log.
    pub(crate) fn log(&self) -> &Ed25519KeyPair {
        &self.log
    }

    /// A token that a form carries: bound to a session, good as long as it.
    pub fn form_token(&self, session_digest: &str) -> String {
        hex(hmac::sign(&self.form, session_digest.as_bytes()).as_ref())
    }

    /// Whether a form's token is the session's.
    pub fn form_token_fits(&self, session_digest: &str, token: &str) -> bool {
        kaigo_ledger::Hash::from_hex(token)
            .is_some_and(|tag| hmac::verify(&self.form, session_digest.as_bytes(), &tag.0).is_ok())
    }
}

/// Whether a seal's signature fits the public key (hex).
pub fn seal_fits(public_hex: &str, text: &str, signature_hex: &str) -> bool {
    let (Some(public), Some(signature)) = (unhex(public_hex), unhex(signature_hex)) else {
        return false;
    };
    UnparsedPublicKey::new(&ED25519, public).verify(text.as_bytes(), &signature).is_ok()
}

/// SHA-256 of a token, hex: what is kept of a session's cookie.
pub fn digest_of(token: &str) -> String {
    hex(digest(&SHA256, token.as_bytes()).as_ref())
}

/// Hex digits as sixteen consonants: an identifier within a text, which is neither a word nor can look like twelve digits of an
/// individual number.
pub(crate) fn letters_of(hex: &str) -> String {
    const LETTERS: [char; 16] = ['B', 'C', 'D', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'R', 'S', 'T', 'V'];
    let letter = |c: char| c.to_digit(16).and_then(|n| usize::try_from(n).ok()).and_then(|n| LETTERS.get(n).copied());
    hex.chars().filter_map(letter).collect()
}

pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| core::str::from_utf8(pair).ok().and_then(|p| u8::from_str_radix(p, 16).ok()))
        .collect()
}
