//! What a terminal and the server say to each other: JSON over HTTPS, the same for a PC that a link opened and for a second
//! device that read a QR code.
//!
//! 1. `POST /api/v1/card/enrol`: once per terminal, with the activation code of the office's administrator.
//! 2. `POST /api/v1/card/fetch`: what a link asks for. Only a terminal of the same office gets it.
//! 3. `POST /api/v1/card/answer`: what the card said, or why not.
//!
//! Each message is signed with the terminal's key over all of its parts and the origin that was pinned at enrolment: a message for
//! one server is worth nothing at another.

use serde::{Deserialize, Serialize};

use crate::device::{DeviceKey, fits};

/// Path of the enrolment.
pub const ENROL: &str = "/api/v1/card/enrol";
/// Path of the fetch.
pub const FETCH: &str = "/api/v1/card/fetch";
/// Path of the answer.
pub const ANSWER: &str = "/api/v1/card/answer";
/// Bytes of a message at most: a certificate and a signature in hex, and little else.
pub const MOST_BYTES: usize = 64 * 1024;

/// Enrols a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    /// The activation code, as typed.
    pub code: String,
    /// Public key of the terminal, 64 hex digits.
    pub device_key: String,
    /// Origin of the server as the terminal sees it.
    pub origin: String,
    /// Proof that it has the key.
    pub signature: String,
}

/// The answer to an enrolment: what the terminal keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The terminal.
    pub terminal_id: String,
    /// The office it belongs to (事業所番号).
    pub office_no: String,
    /// Its name.
    pub office_name: String,
    /// What the administrator called the terminal.
    pub name: String,
}

/// Who asks, and about which transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fetch {
    /// The terminal's office.
    pub office_no: String,
    /// The terminal.
    pub terminal_id: String,
    /// The transaction, 32 hex digits.
    pub transaction: String,
    /// Secret of the link, 32 hex digits.
    pub secret: String,
    /// Signature of the terminal.
    pub signature: String,
}

/// What a transaction asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// What for, in the words that the person is shown.
    pub purpose: String,
    /// Office that asks.
    pub office_no: String,
    /// Its name.
    pub office_name: String,
    /// Who of its staff asks.
    pub staff_name: String,
    /// Random bytes of the server, 64 hex digits.
    pub nonce: String,
    /// When it was made, RFC 3339 UTC.
    pub issued_at: String,
    /// Two digits that stand on the page, too.
    pub match_code: String,
    /// `pin`: the card signs. `visual`: the certificate is read, staff compare the face.
    pub way: String,
}

/// What the card said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Said {
    /// It signed the challenge.
    Signed {
        /// Certificate of 利用者証明, DER in hex.
        certificate: String,
        /// Signature over the challenge, hex.
        signature: String,
        /// `card` or `phone`.
        token: String,
    },
    /// It showed its certificate; no PIN was asked for.
    Shown {
        /// Certificate of 利用者証明, DER in hex.
        certificate: String,
        /// `card` or `phone`.
        token: String,
    },
    /// Nothing came of it.
    Failed {
        /// Code of the error.
        code: String,
        /// Tries that a wrong PIN has left.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left: Option<u8>,
    },
}

/// The answer to a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The terminal's office.
    pub office_no: String,
    /// The terminal.
    pub terminal_id: String,
    /// The transaction.
    pub transaction: String,
    /// Secret of the link.
    pub secret: String,
    /// What the card said.
    pub said: Said,
    /// Signature of the terminal.
    pub signature: String,
}

/// How an answer was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// `known`, `new`, or `failed`.
    pub outcome: String,
    /// What to tell who stands before the reader.
    pub say: String,
}

impl Enrol {
    fn parts<'a>(code: &'a str, key: &'a str, origin: &'a str) -> [&'a str; 4] {
        ["enrol", origin, code, key]
    }

    /// A signed message.
    pub fn new(key: &DeviceKey, origin: &str, code: &str) -> Self {
        let public = key.public();
        let signature = key.sign(&Self::parts(code, &public, origin));
        Self { code: code.to_owned(), device_key: public, origin: origin.to_owned(), signature }
    }

    /// Whether it is of who has the key, and for that origin.
    pub fn fits(&self, origin: &str) -> bool {
        self.origin == origin
            && fits(&self.device_key, &Self::parts(&self.code, &self.device_key, origin), &self.signature)
    }
}

/// An enrolled terminal as it names itself.
#[derive(Clone, Copy, Debug)]
pub struct Terminal<'a> {
    /// Its office.
    pub office_no: &'a str,
    /// Itself.
    pub terminal_id: &'a str,
    /// Origin pinned at enrolment.
    pub origin: &'a str,
}

impl Fetch {
    /// A signed message.
    pub fn new(key: &DeviceKey, terminal: Terminal<'_>, (transaction, secret): (&str, &str)) -> Self {
        let mut message = Self {
            office_no: terminal.office_no.to_owned(),
            terminal_id: terminal.terminal_id.to_owned(),
            transaction: transaction.to_owned(),
            secret: secret.to_owned(),
            signature: String::new(),
        };
        message.signature = key.sign(&message.parts(terminal.origin));
        message
    }

    fn parts<'a>(&'a self, origin: &'a str) -> [&'a str; 6] {
        ["fetch", origin, &self.office_no, &self.terminal_id, &self.transaction, &self.secret]
    }

    /// Whether it is of that key, and for that origin.
    pub fn fits(&self, public: &str, origin: &str) -> bool {
        fits(public, &self.parts(origin), &self.signature)
    }
}

impl Said {
    fn parts(&self) -> Vec<String> {
        match self {
            Self::Signed { certificate, signature, token } => {
                vec!["signed".to_owned(), certificate.clone(), signature.clone(), token.clone()]
            }
            Self::Shown { certificate, token } => vec!["shown".to_owned(), certificate.clone(), token.clone()],
            Self::Failed { code, left } => {
                vec!["failed".to_owned(), code.clone(), left.map(|l| l.to_string()).unwrap_or_default()]
            }
        }
    }
}

impl Answer {
    /// A signed message.
    pub fn new(
        key: &DeviceKey,
        terminal: Terminal<'_>,
        (transaction, secret): (&str, &str),
        nonce: &str,
        said: Said,
    ) -> Self {
        let mut message = Self {
            office_no: terminal.office_no.to_owned(),
            terminal_id: terminal.terminal_id.to_owned(),
            transaction: transaction.to_owned(),
            secret: secret.to_owned(),
            said,
            signature: String::new(),
        };
        message.signature = message.with_parts(terminal.origin, nonce, |parts| key.sign(parts));
        message
    }

    fn with_parts<T>(&self, origin: &str, nonce: &str, work: impl FnOnce(&[&str]) -> T) -> T {
        let said = self.said.parts();
        let mut parts =
            vec!["answer", origin, &self.office_no, &self.terminal_id, &self.transaction, &self.secret, nonce];
        parts.extend(said.iter().map(String::as_str));
        work(&parts)
    }

    /// Whether it is of that key, for that origin and that challenge.
    pub fn fits(&self, public: &str, origin: &str, nonce: &str) -> bool {
        self.with_parts(origin, nonce, |parts| fits(public, parts, &self.signature))
    }
}

/// A link that opens the terminal's program: `kiban-card:HOST/TRANSACTION/SECRET`.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// Host and port of the server.
    pub host: String,
    /// The transaction, 32 hex digits.
    pub transaction: String,
    /// Secret of the link, 32 hex digits.
    pub secret: String,
}

impl Link {
    /// The link to a transaction of the server with that origin.
    pub fn new(origin: &str, transaction: &str, secret: &str) -> Self {
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        Self { host: host.to_owned(), transaction: transaction.to_owned(), secret: secret.to_owned() }
    }

    /// Reads a link; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.trim().strip_prefix("kiban-card:")?;
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, rest) = rest.split_once('/')?;
        let (transaction, secret) = rest.split_once('/')?;
        let is_id = |text: &str| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let is_host = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b));
        (is_host && is_id(transaction) && is_id(secret)).then(|| Self {
            host: host.to_owned(),
            transaction: transaction.to_owned(),
            secret: secret.to_owned(),
        })
    }

    /// Whether it leads to the server with that origin.
    pub fn is_of(&self, origin: &str) -> bool {
        origin.split_once("://").is_some_and(|(_, host)| host == self.host)
    }
}

impl core::fmt::Display for Link {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "kiban-card:{}/{}/{}", self.host, self.transaction, self.secret)
    }
}

impl core::fmt::Debug for Link {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "kiban-card:{}/{}/…", self.host, self.transaction)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const T: &str = "00112233445566778899aabbccddeeff";
    const S: &str = "ffeeddccbbaa99887766554433221100";

    #[test]
    fn links_are_read_as_they_are_written_and_nothing_else_is_one() {
        let link = Link::new("https://kaigo.example:8443", T, S);
        assert_eq!(Link::parse(&link.to_string()), Some(link.clone()));
        assert_eq!(Link::parse(&format!("{link}/")), Some(link.clone()), "some systems add a slash");
        assert!(link.is_of("https://kaigo.example:8443") && !link.is_of("https://kaigo.example"));
        for bad in ["", "https://kaigo.example/a/b", "kiban-card://", "kiban-card://h/1/2", "kiban-card://h@x/1/2"] {
            assert!(Link::parse(bad).is_none(), "{bad}");
        }
        assert!(!format!("{link:?}").contains(S), "the secret is not printed");
    }

    #[test]
    fn a_message_for_one_origin_is_worth_nothing_at_another() {
        let key = DeviceKey::from_seed(&[3; 32]).unwrap();
        let terminal = Terminal { office_no: "9870100126", terminal_id: T, origin: "https://a.example" };
        let fetch = Fetch::new(&key, terminal, (T, S));
        assert!(fetch.fits(&key.public(), "https://a.example") && !fetch.fits(&key.public(), "https://b.example"));
        let said = Said::Failed { code: "card-none".to_owned(), left: None };
        let answer = Answer::new(&key, terminal, (T, S), "00", said);
        assert!(answer.fits(&key.public(), "https://a.example", "00"));
        assert!(!answer.fits(&key.public(), "https://a.example", "01"), "another challenge");
        let changed = Answer { said: Said::Failed { code: "card-none".to_owned(), left: Some(1) }, ..answer };
        assert!(!changed.fits(&key.public(), "https://a.example", "00"));
        let enrol = Enrol::new(&key, "https://a.example", "ABCD");
        assert!(enrol.fits("https://a.example") && !enrol.fits("https://b.example"));
    }

    proptest! {
        #[test]
        fn any_text_is_a_message_or_not(text in ".{0,200}") {
            drop(serde_json::from_str::<Answer>(&text));
            drop(Link::parse(&text));
            drop(Link::parse(&format!("kiban-card://{text}")));
        }
    }
}
