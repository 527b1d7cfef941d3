//! A card that answers anything: nothing panics, nothing runs for ever, a PIN is asked for once at most, and no evidence of it counts.
#![no_main]

use kaigo_card::apdu::{Answer, Command};
use kaigo_card::certificate::Certificate;
use kaigo_card::challenge::Challenge;
use kaigo_card::jpki::{AskPin, TriesLeft, prove, show};
use kaigo_card::pin::Pin;
use kaigo_card::transport::{Broken, CardTransport};
use libfuzzer_sys::fuzz_target;

/// Answers out of the input: a byte of length, then so many bytes with the status word at their end.
struct Hostile<'a> {
    left: &'a [u8],
    commands: usize,
}

impl CardTransport for Hostile<'_> {
    fn transmit(&mut self, _command: &Command) -> Result<Answer, Broken> {
        self.commands += 1;
        assert!(self.commands < 20_000, "it goes on for ever");
        let (length, rest) = self.left.split_first().ok_or(Broken::Removed)?;
        let (answer, rest) = rest.split_at(usize::from(*length).min(rest.len()));
        self.left = rest;
        Answer::parse(answer).ok_or_else(|| Broken::Garbled(String::new()))
    }
}

struct Once(u32);

impl AskPin for Once {
    fn pin(&mut self, _tries: TriesLeft) -> Option<Pin> {
        self.0 += 1;
        assert_eq!(self.0, 1, "a PIN is asked for once");
        Pin::parse("0471")
    }

    fn go_on_with_last_try(&mut self) -> bool {
        true
    }
}

fuzz_target!(|bytes: &[u8]| {
    let challenge = Challenge {
        origin: "https://kaigo.example".to_owned(),
        transaction: "0".repeat(32),
        purpose: "本人確認".to_owned(),
        office_no: "9870100126".to_owned(),
        nonce: "0".repeat(64),
        issued_at: "2026-11-22T01:00:00Z".to_owned(),
    };
    if let Ok(evidence) = prove(Hostile { left: bytes, commands: 0 }, &challenge, &mut Once(0)) {
        let certificate = Certificate::parse(&evidence.certificate).unwrap();
        let _ = certificate.check_signature(&challenge.bytes().unwrap(), &evidence.signature);
    }
    drop(show(Hostile { left: bytes, commands: 0 }));
});
