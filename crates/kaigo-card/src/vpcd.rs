//! A card in memory on a real reader: speaks the socket protocol of vpcd (vsmartcard), a driver of the system's pcscd.
//!
//! Each message has its length before it (two bytes, big-endian). A message of one byte is for the reader: 0 power off, 1 power
//! on, 2 reset, 4 the card's ATR is asked for. Anything longer is a command for the card.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

use zeroize::Zeroize as _;

use crate::virtual_card::VirtualCard;

/// Port on which vpcd waits for cards.
pub const PORT: u16 = 0x8C7B;
/// The answer to reset that a contact card of this kind gives.
const ATR: [u8; 9] = [0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14];
/// Bytes of a command of the short form at most.
const MOST: usize = 262;

/// Puts a card on the reader at that address, and lets it answer until the reader lets go of it.
///
/// # Errors
/// There is no such reader, or it broke off.
pub fn insert(card: &mut VirtualCard, reader: SocketAddr) -> io::Result<()> {
    let mut wire = TcpStream::connect(reader)?;
    wire.set_nodelay(true)?;
    serve(card, &mut wire)
}

/// Answers what comes over the wire until its end.
///
/// # Errors
/// The wire broke.
pub fn serve(card: &mut VirtualCard, wire: &mut (impl Read + Write)) -> io::Result<()> {
    let mut removed = false;
    while !removed {
        let mut length = [0_u8; 2];
        match wire.read_exact(&mut length) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
        let mut message = vec![0_u8; usize::from(u16::from_be_bytes(length))];
        wire.read_exact(&mut message)?;
        let answer = match message.as_slice() {
            [0..=2] => {
                card.reset();
                None
            }
            [4] => Some(ATR.to_vec()),
            command if command.len() <= MOST => {
                let answer = card.answer_if_there(command);
                // Taken away: the wire ends as a card that is drawn.
                removed |= answer.is_none();
                answer
            }
            _ => Some(vec![0x67, 0x00]),
        };
        message.zeroize();
        if let Some(answer) = answer {
            let length = u16::try_from(answer.len()).unwrap_or(0).to_be_bytes();
            wire.write_all(&[&length[..], &answer].concat())?;
            wire.flush()?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::certificate::KeyKind;
    use crate::test_card::TestIssuer;

    struct Wire(io::Cursor<Vec<u8>>, Vec<u8>);

    impl Read for Wire {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.0.read(into)
        }
    }

    impl Write for Wire {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn card() -> VirtualCard {
        static CARD: std::sync::OnceLock<VirtualCard> = std::sync::OnceLock::new();
        let make = || {
            let span = ((2023, 1, 1), (2033, 1, 1));
            TestIssuer::make("T", KeyKind::P384, span).unwrap().issue(1, span).unwrap().card(*b"0471").unwrap()
        };
        CARD.get_or_init(make).clone()
    }

    #[test]
    fn a_reader_gets_atr_and_answers() {
        let select = [0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
        let mut sent = vec![0, 1, 1, 0, 1, 4, 0, 15];
        sent.extend(select);
        let mut wire = Wire(io::Cursor::new(sent), Vec::new());
        serve(&mut card(), &mut wire).unwrap();
        assert_eq!(wire.1, [&[0, 9][..], &ATR, &[0, 2, 0x90, 0x00]].concat());
    }

    proptest! {
        #[test]
        fn any_bytes_of_a_reader_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let mut wire = Wire(io::Cursor::new(bytes), Vec::new());
            drop(serve(&mut card(), &mut wire));
        }
    }
}
