//! Commands and answers of a card (ISO/IEC 7816-4, short form). A command that carries a PIN never shows it.

use core::fmt;

use zeroize::Zeroize as _;

/// A command. Its data are wiped when it goes away.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    /// Class.
    pub class: u8,
    /// Instruction.
    pub instruction: u8,
    /// First parameter.
    pub p1: u8,
    /// Second parameter.
    pub p2: u8,
    /// Data, at most 255 bytes.
    data: Vec<u8>,
    /// How many bytes are expected back: none, or 1 to 256.
    expected: Option<u16>,
}

impl Command {
    /// A command without data that expects none back.
    pub fn new(class: u8, instruction: u8, p1: u8, p2: u8) -> Self {
        Self { class, instruction, p1, p2, data: Vec::new(), expected: None }
    }

    /// With data, at most 255 bytes; more are cut off, and the card refuses them.
    #[must_use]
    pub fn data(mut self, data: &[u8]) -> Self {
        self.data.extend(data.iter().take(255));
        self
    }

    /// Expecting so many bytes back, 1 to 256.
    #[must_use]
    pub fn expecting(mut self, bytes: u16) -> Self {
        self.expected = Some(bytes.clamp(1, 256));
        self
    }

    /// The data.
    pub fn payload(&self) -> &[u8] {
        &self.data
    }

    /// Whether the data are a PIN (VERIFY, CHANGE REFERENCE DATA).
    pub fn is_secret(&self) -> bool {
        matches!(self.instruction, 0x20 | 0x24)
    }

    /// The bytes that go to the card.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = vec![self.class, self.instruction, self.p1, self.p2];
        if let Ok(length @ 1..) = u8::try_from(self.data.len()) {
            out.push(length);
            out.extend(&self.data);
        }
        if let Some(expected) = self.expected {
            // 256 is written as 0.
            out.push(u8::try_from(expected).unwrap_or(0));
        }
        out
    }

    /// Reads a command as a card gets it; none if the bytes are no command of the short form.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let [class, instruction, p1, p2, rest @ ..] = bytes else { return None };
        let command = Self::new(*class, *instruction, *p1, *p2);
        let le = |n: u8| if n == 0 { 256 } else { u16::from(n) };
        match rest {
            [] => Some(command),
            [expected] => Some(command.expecting(le(*expected))),
            [length, rest @ ..] => {
                let length = usize::from(*length);
                let data = rest.get(..length).filter(|data| !data.is_empty())?;
                match rest.get(length..)? {
                    [] => Some(command.data(data)),
                    [expected] => Some(command.data(data).expecting(le(*expected))),
                    _ => None,
                }
            }
        }
    }
}

impl Drop for Command {
    fn drop(&mut self) {
        self.data.zeroize();
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X}{:02X}{:02X}{:02X}", self.class, self.instruction, self.p1, self.p2)?;
        if self.is_secret() && !self.data.is_empty() {
            return f.write_str(" (PIN)");
        }
        if !self.data.is_empty() {
            f.write_str(" ")?;
            self.data.iter().try_for_each(|byte| write!(f, "{byte:02X}"))?;
        }
        Ok(())
    }
}

/// The status word of an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Status(pub u16);

impl Status {
    /// Done.
    pub const OK: Self = Self(0x9000);
    /// There is no such file or application.
    pub const NOT_FOUND: Self = Self(0x6A82);
    /// The PIN has to be shown first.
    pub const NOT_VERIFIED: Self = Self(0x6982);
    /// The PIN is locked.
    pub const LOCKED: Self = Self(0x6983);
    /// The PIN cannot be used; cards say so of a locked one, too.
    pub const UNUSABLE: Self = Self(0x6984);

    /// Tries left, from `63Cx`.
    pub fn tries_left(self) -> Option<u8> {
        (self.0 & 0xFFF0 == 0x63C0).then(|| self.0.to_be_bytes()[1] & 0x0F)
    }

    /// Whether the PIN is locked.
    pub fn is_locked(self) -> bool {
        matches!(self, Self::LOCKED | Self::UNUSABLE) || self.tries_left() == Some(0)
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

/// An answer: data, and how it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Data, at most 256 bytes.
    pub data: Vec<u8>,
    /// Status word.
    pub status: Status,
}

impl Answer {
    /// Reads what came from a card; none if there is no status word, or more data than a card may send.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let at = bytes.len().checked_sub(2)?;
        let (data, status) = bytes.split_at_checked(at)?;
        let status: [u8; 2] = status.try_into().ok()?;
        (data.len() <= 256).then(|| Self { data: data.to_vec(), status: Status(u16::from_be_bytes(status)) })
    }

    /// The bytes as a card sends them.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = self.data.clone();
        out.extend(self.status.0.to_be_bytes());
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn commands_are_written_as_cards_read_them() {
        let select = Command::new(0x00, 0xA4, 0x02, 0x0C).data(&[0x00, 0x0A]);
        assert_eq!(select.bytes(), [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x0A]);
        assert_eq!(format!("{select:?}"), "00A4020C 000A");
        let read = Command::new(0x00, 0xB0, 0x01, 0x00).expecting(256);
        assert_eq!(read.bytes(), [0x00, 0xB0, 0x01, 0x00, 0x00]);
        let tries = Command::new(0x00, 0x20, 0x00, 0x80);
        assert_eq!(tries.bytes(), [0x00, 0x20, 0x00, 0x80]);
        let verify = Command::new(0x00, 0x20, 0x00, 0x80).data(b"1234");
        assert_eq!(format!("{verify:?}"), "00200080 (PIN)");
    }

    #[test]
    fn status_words_tell_the_tries() {
        assert_eq!(Status(0x63C3).tries_left(), Some(3));
        assert_eq!(Status(0x9000).tries_left(), None);
        assert!(Status(0x63C0).is_locked() && Status::LOCKED.is_locked() && Status::UNUSABLE.is_locked());
        assert!(!Status(0x63C1).is_locked());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            if let Some(command) = Command::parse(&bytes) {
                prop_assert_eq!(Command::parse(&command.bytes()), Some(command));
            }
            if let Some(answer) = Answer::parse(&bytes) {
                prop_assert_eq!(answer.bytes(), bytes);
            }
        }
    }
}
