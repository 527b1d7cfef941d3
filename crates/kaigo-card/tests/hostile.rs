//! A card that answers anything: nothing panics, nothing runs for ever, no PIN is asked for twice.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use kaigo_card::apdu::{Answer, Command, Status};
use kaigo_card::certificate::Certificate;
use kaigo_card::challenge::Challenge;
use kaigo_card::jpki::{AskPin, TriesLeft, prove};
use kaigo_card::pin::Pin;
use kaigo_card::transport::{Broken, CardTransport};
use proptest::prelude::*;

struct Hostile {
    answers: Vec<(Vec<u8>, u16)>,
    at: usize,
    commands: usize,
}

impl CardTransport for Hostile {
    fn transmit(&mut self, _command: &Command) -> Result<Answer, Broken> {
        self.commands += 1;
        assert!(self.commands < 20_000, "it goes on for ever");
        let Some((data, status)) = self.answers.get(self.at % self.answers.len()) else {
            return Err(Broken::NoCard);
        };
        self.at += 1;
        Ok(Answer { data: data.clone(), status: Status(*status) })
    }
}

struct Once(u32);

impl AskPin for Once {
    fn pin(&mut self, _tries: TriesLeft) -> Option<Pin> {
        self.0 += 1;
        Pin::parse("0471")
    }

    fn go_on_with_last_try(&mut self) -> bool {
        true
    }
}

fn challenge() -> Challenge {
    let text = String::new;
    Challenge {
        origin: text(),
        transaction: text(),
        purpose: text(),
        office_no: text(),
        nonce: text(),
        issued_at: text(),
    }
}

fn answer() -> impl Strategy<Value = (Vec<u8>, u16)> {
    let status = prop_oneof![8 => Just(0x9000_u16), 1 => Just(0x63C3), 1 => Just(0x63C1), 1 => any::<u16>()];
    let data = prop_oneof![
        Just(Vec::new()),
        Just(b"JPKIAPICCTOKEN                  ".to_vec()),
        Just(b"JPKIAPGPSETOKEN                 ".to_vec()),
        Just(vec![0x30, 0x82, 0x04, 0x00]),
        Just(vec![0x30, 0x84, 0xFF, 0xFF]),
        proptest::collection::vec(any::<u8>(), 0..256),
    ];
    (data, status)
}

proptest! {
    #[test]
    fn a_hostile_card_gets_nowhere(answers in proptest::collection::vec(answer(), 1..40)) {
        let mut person = Once(0);
        let result = prove(Hostile { answers, at: 0, commands: 0 }, &challenge(), &mut person);
        prop_assert!(person.0 <= 1, "a PIN is asked for once");
        if let Ok(evidence) = result {
            let bytes = challenge().bytes().unwrap();
            let certificate = Certificate::parse(&evidence.certificate).unwrap();
            prop_assert!(certificate.check_signature(&bytes, &evidence.signature).is_err());
        }
    }

    #[test]
    fn any_bytes_are_a_certificate_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        drop(Certificate::parse(&bytes));
    }
}
