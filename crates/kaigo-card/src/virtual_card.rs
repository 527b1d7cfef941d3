//! A card in memory: files, PIN counter and key, answering as a card does. For tests and the demo only.

use p384::ecdsa::signature::hazmat::PrehashSigner as _;
use rsa::Pkcs1v15Sign;
use rsa::pkcs8::DecodePrivateKey as _;

use crate::apdu::{Answer, Command, Status};
use crate::transport::{Broken, CardTransport};

/// Tries of the PIN of 利用者証明.
pub const TRIES: u8 = 3;

/// The private key of a card in memory.
#[derive(Clone)]
pub enum CardKey {
    /// RSA-2048.
    Rsa(Box<rsa::RsaPrivateKey>),
    /// ECDSA over P-384.
    P384(Box<p384::ecdsa::SigningKey>),
}

impl CardKey {
    /// Reads a key, PKCS#8 DER.
    pub fn from_pkcs8(der: &[u8]) -> Option<Self> {
        if let Ok(key) = rsa::RsaPrivateKey::from_pkcs8_der(der) {
            return Some(Self::Rsa(Box::new(key)));
        }
        p384::ecdsa::SigningKey::from_pkcs8_der(der).ok().map(|key| Self::P384(Box::new(key)))
    }

    fn sign(&self, to_sign: &[u8]) -> Option<Vec<u8>> {
        match self {
            // The DigestInfo comes from outside; the card only pads it.
            Self::Rsa(key) => key.sign(Pkcs1v15Sign::new_unprefixed(), to_sign).ok(),
            Self::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(to_sign).ok()?;
                Some(signature.to_der().as_bytes().to_vec())
            }
        }
    }
}

/// What is wrong with a card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    #[default]
    None,
    /// It is taken away after so many commands.
    RemovedAfter(u32),
    /// It has no application JPKI: another kind of card.
    OtherCard,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum File {
    None,
    Label,
    Certificate,
    Key,
    Pin,
    /// The password of 署名用: told how many tries are left, never taken.
    SignaturePassword,
    /// Another file of the card: there, and nobody's business.
    Other,
}

/// A card in memory.
#[derive(Clone)]
pub struct VirtualCard {
    label: [u8; 32],
    certificate: Vec<u8>,
    key: CardKey,
    pin: [u8; 4],
    tries: u8,
    trouble: Trouble,
    commands: u32,
    application: bool,
    file: File,
    verified: bool,
    on_phone: bool,
}

impl VirtualCard {
    /// A card with that certificate (DER), key and PIN.
    pub fn new(certificate: Vec<u8>, key: CardKey, pin: [u8; 4]) -> Self {
        Self {
            label: label(b"JPKIAPICCTOKEN"),
            certificate,
            key,
            pin,
            tries: TRIES,
            trouble: Trouble::None,
            commands: 0,
            application: false,
            file: File::None,
            verified: false,
            on_phone: false,
        }
    }

    /// With so many tries left.
    #[must_use]
    pub fn with_tries(self, tries: u8) -> Self {
        Self { tries: tries.min(TRIES), ..self }
    }

    /// With a trouble.
    #[must_use]
    pub fn with_trouble(self, trouble: Trouble) -> Self {
        Self { trouble, ..self }
    }

    /// As the secure element of a telephone: its certificate is read after the PIN only.
    #[must_use]
    pub fn on_phone(self) -> Self {
        Self { label: label(b"JPKIAPGPSETOKEN"), on_phone: true, ..self }
    }

    /// Tries left.
    pub fn tries(&self) -> u8 {
        self.tries
    }

    /// Takes the card off the reader and puts it back: nothing is selected, no PIN is shown.
    pub fn reset(&mut self) {
        self.application = false;
        self.file = File::None;
        self.verified = false;
    }

    /// Answers the bytes of a command.
    pub fn answer_bytes(&mut self, command: &[u8]) -> Vec<u8> {
        match Command::parse(command) {
            Some(command) => self.answer(&command).bytes(),
            None => status(0x6700).bytes(),
        }
    }

    /// Answers the bytes of a command unless the card was taken away.
    pub fn answer_if_there(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        self.commands += 1;
        match self.trouble {
            Trouble::RemovedAfter(commands) if self.commands > commands => None,
            Trouble::None | Trouble::RemovedAfter(_) | Trouble::OtherCard => Some(self.answer_bytes(command)),
        }
    }

    /// Answers a command.
    pub fn answer(&mut self, command: &Command) -> Answer {
        match (command.class, command.instruction, command.p1) {
            (0x00, 0xA4, 0x04) => self.select_application(command.payload()),
            (0x00, 0xA4, 0x02) => self.select_file(command.payload()),
            (0x00, 0xB0, _) => self.read(command),
            (0x00, 0x20, 0x00) => self.verify(command.payload()),
            (0x80, 0x2A, 0x00) => self.sign(command.payload()),
            (0x00, ..) => status(0x6D00),
            _ => status(0x6E00),
        }
    }

    fn select_application(&mut self, name: &[u8]) -> Answer {
        self.reset();
        let jpki = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
        self.application = name == jpki && self.trouble != Trouble::OtherCard;
        if self.application { done() } else { Answer { data: Vec::new(), status: Status::NOT_FOUND } }
    }

    fn select_file(&mut self, name: &[u8]) -> Answer {
        if !self.application {
            return status(0x6985);
        }
        self.file = match name {
            [0x00, 0x06] => File::Label,
            [0x00, 0x0A] => File::Certificate,
            [0x00, 0x17] => File::Key,
            [0x00, 0x18] => File::Pin,
            [0x00, 0x1B] => File::SignaturePassword,
            [0x00, 0x01 | 0x02 | 0x0B | 0x1A] => File::Other,
            _ => return Answer { data: Vec::new(), status: Status::NOT_FOUND },
        };
        done()
    }

    fn read(&self, command: &Command) -> Answer {
        let content: &[u8] = match self.file {
            File::Label => &self.label,
            File::Certificate if self.on_phone && !self.verified => return not_verified(),
            File::Certificate => &self.certificate,
            File::Key | File::Pin | File::SignaturePassword | File::Other => return not_verified(),
            File::None => return status(0x6986),
        };
        let from = usize::from(u16::from_be_bytes([command.p1, command.p2]));
        let Some(rest) = content.get(from..).filter(|rest| !rest.is_empty()) else {
            return status(0x6B00);
        };
        let expected = command.bytes().last().map_or(256, |n| if *n == 0 { 256 } else { usize::from(*n) });
        Answer { data: rest.iter().take(expected).copied().collect(), status: Status::OK }
    }

    fn verify(&mut self, pin: &[u8]) -> Answer {
        if self.file == File::SignaturePassword && pin.is_empty() {
            return status(0x63C5);
        }
        if self.file != File::Pin {
            return status(0x6985);
        }
        if self.tries == 0 {
            return Answer { data: Vec::new(), status: Status::LOCKED };
        }
        if pin.is_empty() {
            return status(0x63C0 | u16::from(self.tries));
        }
        if pin == self.pin {
            self.tries = TRIES;
            self.verified = true;
            return done();
        }
        self.verified = false;
        self.tries -= 1;
        if self.tries == 0 {
            Answer { data: Vec::new(), status: Status::LOCKED }
        } else {
            status(0x63C0 | u16::from(self.tries))
        }
    }

    fn sign(&self, to_sign: &[u8]) -> Answer {
        if self.file != File::Key {
            return status(0x6985);
        }
        if !self.verified {
            return not_verified();
        }
        match self.key.sign(to_sign) {
            Some(signature) => Answer { data: signature, status: Status::OK },
            None => status(0x6A80),
        }
    }
}

impl CardTransport for VirtualCard {
    fn transmit(&mut self, command: &Command) -> Result<Answer, Broken> {
        self.commands += 1;
        if let Trouble::RemovedAfter(commands) = self.trouble
            && self.commands > commands
        {
            return Err(Broken::Removed);
        }
        Ok(self.answer(command))
    }
}

fn label(text: &[u8]) -> [u8; 32] {
    let mut out = [b' '; 32];
    out.iter_mut().zip(text).for_each(|(o, b)| *o = *b);
    out
}

fn status(word: u16) -> Answer {
    Answer { data: Vec::new(), status: Status(word) }
}

fn done() -> Answer {
    status(0x9000)
}

fn not_verified() -> Answer {
    Answer { data: Vec::new(), status: Status::NOT_VERIFIED }
}
