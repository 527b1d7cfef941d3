//! The application JPKI of the card: label, certificate of 利用者証明, tries left, PIN, signature.

use crate::apdu::{Command, Status};
use crate::certificate::{Certificate, Unreadable};
use crate::challenge::Challenge;
use crate::pin::Pin;
use crate::transport::{Broken, CardTransport};

/// Name of the application JPKI. The card's other applications, which hold the 個人番号, are named nowhere.
const APPLICATION: [u8; 10] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
/// File of the token's label.
const LABEL: [u8; 2] = [0x00, 0x06];
/// File of the certificate of 利用者証明.
const CERTIFICATE: [u8; 2] = [0x00, 0x0A];
/// Key of 利用者証明.
const KEY: [u8; 2] = [0x00, 0x17];
/// PIN of 利用者証明.
const PIN: [u8; 2] = [0x00, 0x18];
/// A certificate is about 2 kB; a card that speaks of more is none.
const LONGEST_CERTIFICATE: usize = 8 * 1024;
/// What one READ BINARY brings at most.
const CHUNK: u16 = 256;

/// Why a card did not prove whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardError {
    /// The card cannot be talked to.
    Broken(Broken),
    /// A card that is no マイナンバーカード, or one without the certificate of 利用者証明.
    NotMyNumberCard,
    /// The PIN was wrong; so many tries are left.
    WrongPin {
        /// Tries left, at least 1.
        left: u8,
    },
    /// The PIN is locked.
    Locked,
    /// Whoever was asked for the PIN gave none.
    GivenUp,
    /// The certificate cannot be read.
    BadCertificate(Unreadable),
    /// The card said no, with this status.
    Refused(u16),
    /// The challenge cannot be written down (a part of it holds a zero byte).
    BadChallenge,
}

impl From<Broken> for CardError {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

impl CardError {
    /// Stable code, listed in docs/errors.md.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Broken(broken) => broken.code(),
            Self::NotMyNumberCard => "card-other",
            Self::WrongPin { .. } => "card-pin-wrong",
            Self::Locked => "card-pin-locked",
            Self::GivenUp => "card-given-up",
            Self::BadCertificate(_) => "card-certificate",
            Self::Refused(_) => "card-refused",
            Self::BadChallenge => "card-challenge",
        }
    }

    /// One of each, for the list of errors.
    pub fn samples() -> Vec<Self> {
        let mut all: Vec<Self> = Broken::samples().into_iter().map(Self::Broken).collect();
        all.extend([
            Self::NotMyNumberCard,
            Self::WrongPin { left: 2 },
            Self::Locked,
            Self::GivenUp,
            Self::BadCertificate(Unreadable),
            Self::Refused(0x6F00),
            Self::BadChallenge,
        ]);
        all
    }

    /// The error of a code that a terminal reports; `left` are the tries that a wrong PIN has left.
    pub fn of_code(code: &str, left: Option<u8>) -> Option<Self> {
        let error = Self::samples().into_iter().find(|error| error.code() == code)?;
        Some(match (error, left) {
            (Self::WrongPin { .. }, Some(left @ 1..=15)) => Self::WrongPin { left },
            (other, _) => other,
        })
    }

    /// What happened and what to do, for whoever stands before the reader.
    pub fn say(&self) -> String {
        match self {
            Self::Broken(broken) => broken.say(),
            Self::NotMyNumberCard => {
                "マイナンバーカードではないか、利用者証明用電子証明書が入っていないカードです。カードを確かめてください。証明書がないときは、被保険者証で確認できます。".to_owned()
            }
            Self::WrongPin { left: 1 } => {
                "暗証番号がちがいます。あと1回まちがえると、カードが使えなくなります（ロック）。たしかでないときは、ここでやめて、被保険者証で確認してください。".to_owned()
            }
            Self::WrongPin { left } => format!("暗証番号がちがいます。あと{left}回ためせます。"),
            Self::Locked => {
                "暗証番号がロックされています。お住まいの市区町村の窓口で解除できます。きょうは、被保険者証で確認してください。".to_owned()
            }
            Self::GivenUp => "カードでの確認をやめました。".to_owned(),
            Self::BadCertificate(_) => {
                "カードの電子証明書を読み取れません。期限や破損を、お住まいの市区町村の窓口で確かめてください。".to_owned()
            }
            Self::Refused(status) => {
                format!("カードがこの操作を受け付けませんでした（{status:04X}）。置きなおして、もう一度お願いします。")
            }
            Self::BadChallenge => "確認の依頼が正しくありません。はじめからもう一度お願いします。".to_owned(),
        }
    }
}

/// What kind of token holds the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// The card.
    Card,
    /// The secure element of a telephone: reads its certificate only after the PIN.
    Phone,
}

/// How many tries a PIN has left, before it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TriesLeft(pub u8);

/// Asks the person for the PIN.
pub trait AskPin {
    /// The PIN, or none to give up. `tries` stands on the prompt.
    fn pin(&mut self, tries: TriesLeft) -> Option<Pin>;

    /// Whether to go on with the last try, after being told what follows.
    fn go_on_with_last_try(&mut self) -> bool;
}

/// What a card gave: its certificate, and its signature over the challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Certificate of 利用者証明, DER.
    pub certificate: Vec<u8>,
    /// Signature over [`Challenge::bytes`].
    pub signature: Vec<u8>,
    /// What kind of token holds it.
    pub token: Token,
}

/// A card whose application JPKI is selected.
pub struct Jpki<T> {
    card: T,
}

impl Token {
    /// Name in tables and messages.
    pub fn code(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Phone => "phone",
        }
    }

    /// The kind of that name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Card, Self::Phone].into_iter().find(|token| token.code() == text)
    }
}

impl<T: CardTransport> Jpki<T> {
    /// Selects the application.
    ///
    /// # Errors
    /// [`CardError::NotMyNumberCard`] if the card has none.
    pub fn open(mut card: T) -> Result<Self, CardError> {
        let select = Command::new(0x00, 0xA4, 0x04, 0x0C).data(&APPLICATION);
        match card.transmit(&select)?.status {
            Status::OK => Ok(Self { card }),
            Status::NOT_FOUND => Err(CardError::NotMyNumberCard),
            other => Err(CardError::Refused(other.0)),
        }
    }

    /// What kind of token it is.
    pub fn token(&mut self) -> Result<Token, CardError> {
        self.select(LABEL)?;
        let label = self.ask(&Command::new(0x00, 0xB0, 0x00, 0x00).expecting(32))?;
        if label.starts_with(b"JPKIAPICCTOKEN") {
            Ok(Token::Card)
        } else if label.starts_with(b"JPKIAPGPSETOKEN") {
            Ok(Token::Phone)
        } else {
            Err(CardError::NotMyNumberCard)
        }
    }

    /// The certificate of 利用者証明, DER.
    pub fn certificate(&mut self) -> Result<Vec<u8>, CardError> {
        self.select(CERTIFICATE)?;
        let mut der: Vec<u8> = Vec::new();
        let bad = CardError::BadCertificate(Unreadable);
        loop {
            let want = der_length(&der);
            if want.is_some_and(|want| der.len() >= want) {
                der.truncate(want.unwrap_or_default());
                return Ok(der);
            }
            if want.is_some_and(|want| want > LONGEST_CERTIFICATE) {
                return Err(bad);
            }
            let [p1, p2] = u16::try_from(der.len()).map_err(|_| bad.clone())?.to_be_bytes();
            let left = want.map_or(4, |want| want.saturating_sub(der.len()));
            let expected = u16::try_from(left).unwrap_or(CHUNK).clamp(1, CHUNK);
            let piece = self.ask(&Command::new(0x00, 0xB0, p1, p2).expecting(expected))?;
            if piece.is_empty() {
                return Err(bad);
            }
            der.extend(piece);
        }
    }

    /// How many tries the PIN has left. Costs none.
    ///
    /// # Errors
    /// [`CardError::Locked`] if none is left.
    pub fn tries_left(&mut self) -> Result<TriesLeft, CardError> {
        self.select(PIN)?;
        let status = self.card.transmit(&Command::new(0x00, 0x20, 0x00, 0x80))?.status;
        match status.tries_left() {
            _ if status.is_locked() => Err(CardError::Locked),
            Some(left) => Ok(TriesLeft(left)),
            None => Err(CardError::Refused(status.0)),
        }
    }

    /// Shows the PIN, once. Nothing here tries again by itself.
    ///
    /// # Errors
    /// [`CardError::WrongPin`] with the tries left, [`CardError::Locked`].
    pub fn verify(&mut self, pin: &Pin) -> Result<(), CardError> {
        self.select(PIN)?;
        let status = self.card.transmit(&Command::new(0x00, 0x20, 0x00, 0x80).data(pin.digits()))?.status;
        match status.tries_left() {
            _ if status == Status::OK => Ok(()),
            _ if status.is_locked() => Err(CardError::Locked),
            Some(left) => Err(CardError::WrongPin { left }),
            None => Err(CardError::Refused(status.0)),
        }
    }

    /// Signs with the key of 利用者証明; the PIN has to be shown before.
    fn sign(&mut self, to_sign: &[u8]) -> Result<Vec<u8>, CardError> {
        self.select(KEY)?;
        self.ask(&Command::new(0x80, 0x2A, 0x00, 0x80).data(to_sign).expecting(CHUNK))
    }

    fn select(&mut self, file: [u8; 2]) -> Result<(), CardError> {
        match self.card.transmit(&Command::new(0x00, 0xA4, 0x02, 0x0C).data(&file))?.status {
            Status::OK => Ok(()),
            Status::NOT_FOUND => Err(CardError::NotMyNumberCard),
            other => Err(CardError::Refused(other.0)),
        }
    }

    fn ask(&mut self, command: &Command) -> Result<Vec<u8>, CardError> {
        let answer = self.card.transmit(command)?;
        if answer.status == Status::OK { Ok(answer.data) } else { Err(CardError::Refused(answer.status.0)) }
    }
}

/// Lets the person's card sign a challenge: one try of the PIN, and none without having said how many are left.
///
/// # Errors
/// Why it came to nothing; each has a sentence for the person.
pub fn prove(card: impl CardTransport, challenge: &Challenge, person: &mut dyn AskPin) -> Result<Evidence, CardError> {
    let bytes = challenge.bytes().ok_or(CardError::BadChallenge)?;
    let mut jpki = Jpki::open(card)?;
    let token = jpki.token()?;
    // A card shows its certificate to anybody: a card of the wrong kind is told before a PIN is asked for.
    let before = match token {
        Token::Card => Some(jpki.certificate()?),
        Token::Phone => None,
    };
    if let Some(der) = &before {
        Certificate::parse(der).map_err(CardError::BadCertificate)?;
    }
    let tries = jpki.tries_left()?;
    if tries.0 == 1 && !person.go_on_with_last_try() {
        return Err(CardError::GivenUp);
    }
    let pin = person.pin(tries).ok_or(CardError::GivenUp)?;
    jpki.verify(&pin)?;
    drop(pin);
    let certificate = match before {
        Some(der) => der,
        None => jpki.certificate()?,
    };
    let read = Certificate::parse(&certificate).map_err(CardError::BadCertificate)?;
    let signature = jpki.sign(&read.to_sign(&bytes))?;
    Ok(Evidence { certificate, signature, token })
}

/// Reads the certificate only, which a card shows to anybody: for staff who compare face and photograph (目視), where the person
/// has no PIN. It proves nothing by itself; who vouches is the enrolled terminal and the staff member.
///
/// # Errors
/// Why it came to nothing; each has a sentence.
pub fn show(card: impl CardTransport) -> Result<(Token, Vec<u8>), CardError> {
    let mut jpki = Jpki::open(card)?;
    let token = jpki.token()?;
    let certificate = jpki.certificate()?;
    Certificate::parse(&certificate).map_err(CardError::BadCertificate)?;
    Ok((token, certificate))
}

/// The length of the DER value that begins so, with its head; none while too little is there to tell.
fn der_length(head: &[u8]) -> Option<usize> {
    match head {
        [_, short @ 0..=0x7F, ..] => Some(usize::from(*short) + 2),
        [_, 0x81, n, ..] => Some(usize::from(*n) + 3),
        [_, 0x82, a, b, ..] => Some(usize::from(u16::from_be_bytes([*a, *b])) + 4),
        [_, 0x80 | 0x83..=0xFF, ..] => Some(usize::MAX),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_der_are_read() {
        assert_eq!(der_length(&[0x30]), None);
        assert_eq!(der_length(&[0x30, 0x05]), Some(7));
        assert_eq!(der_length(&[0x30, 0x81, 0x90]), Some(0x93));
        assert_eq!(der_length(&[0x30, 0x82, 0x06, 0x10]), Some(0x614));
        assert_eq!(der_length(&[0x30, 0x84]), Some(usize::MAX));
    }
}
