//! Cards as they come over the counter: good ones of today and of the next generation, and each kind of bad one.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use std::sync::OnceLock;

use kaigo_card::certificate::{Certificate, Invalid, KeyKind};
use kaigo_card::challenge::Challenge;
use kaigo_card::jpki::{AskPin, CardError, TriesLeft, prove};
use kaigo_card::pin::Pin;
use kaigo_card::recorded::Watched;
use kaigo_card::test_card::{TestCard, TestIssuer, Validity};
use kaigo_card::transport::{Broken, CardTransport};
use kaigo_card::virtual_card::{Trouble, VirtualCard};

const LONG: Validity = ((2023, 7, 15), (2033, 7, 15));
/// 2026-11-22T01:00:00Z.
const NOW: i64 = 1_795_309_200;

struct Nation {
    rsa: TestIssuer,
    next: TestIssuer,
    foreign: TestIssuer,
    good: TestCard,
}

fn nation() -> &'static Nation {
    static NATION: OnceLock<Nation> = OnceLock::new();
    NATION.get_or_init(|| {
        let rsa = TestIssuer::make("TEST CA 2023", KeyKind::Rsa, LONG).unwrap();
        let good = rsa.issue(1001, LONG).unwrap();
        let next = TestIssuer::make("TEST CA NEXT", KeyKind::P384, LONG).unwrap();
        let foreign = TestIssuer::make("TEST CA 2023", KeyKind::P384, LONG).unwrap();
        Nation { rsa, next, foreign, good }
    })
}

fn anchors() -> Vec<Vec<u8>> {
    vec![nation().rsa.anchor().to_vec(), nation().next.anchor().to_vec()]
}

fn challenge() -> Challenge {
    Challenge {
        origin: "https://kaigo.example".to_owned(),
        transaction: "00112233445566778899aabbccddeeff".to_owned(),
        purpose: "担当事業所の登録のための本人確認".to_owned(),
        office_no: "9870100126".to_owned(),
        nonce: "ab".repeat(32),
        issued_at: "2026-11-22T01:00:00Z".to_owned(),
    }
}

/// Somebody who types these PINs, one each time, and notes what the prompt said.
struct Person {
    pins: Vec<&'static str>,
    told: Vec<u8>,
    goes_on: bool,
    warned: bool,
}

impl Person {
    fn typing(pin: &'static str) -> Self {
        Self { pins: vec![pin], told: Vec::new(), goes_on: true, warned: false }
    }
}

impl AskPin for Person {
    fn pin(&mut self, tries: TriesLeft) -> Option<Pin> {
        self.told.push(tries.0);
        Pin::parse(self.pins.pop()?)
    }

    fn go_on_with_last_try(&mut self) -> bool {
        self.warned = true;
        self.goes_on
    }
}

fn good() -> VirtualCard {
    nation().good.card(*b"0471").unwrap()
}

fn failure(card: impl CardTransport, person: &mut Person) -> CardError {
    let failed = prove(card, &challenge(), person).unwrap_err();
    assert!(failed.say().ends_with('。'), "{failed:?}");
    failed
}

#[test]
fn a_card_signs_the_challenge_and_nothing_else() {
    let mut person = Person::typing("0471");
    let evidence = prove(good(), &challenge(), &mut person).unwrap();
    assert_eq!(person.told, [3], "the prompt says how many tries are left");
    let certificate = Certificate::parse(&evidence.certificate).unwrap();
    assert_eq!(certificate.kind(), KeyKind::Rsa);
    certificate.check(&anchors(), NOW).unwrap();
    let bytes = challenge().bytes().unwrap();
    certificate.check_signature(&bytes, &evidence.signature).unwrap();
    let other = Challenge { office_no: "9870100226".to_owned(), ..challenge() };
    let wrong = certificate.check_signature(&other.bytes().unwrap(), &evidence.signature);
    assert_eq!(wrong, Err(Invalid::WrongSignature));
    assert_eq!(certificate.fingerprint().serial, "03e9");
}

#[test]
fn the_next_generation_signs_with_its_own_hash() {
    let card = nation().next.issue(2001, LONG).unwrap().card(*b"0471").unwrap();
    let evidence = prove(card, &challenge(), &mut Person::typing("0471")).unwrap();
    let certificate = Certificate::parse(&evidence.certificate).unwrap();
    assert_eq!(certificate.kind(), KeyKind::P384);
    certificate.check(&anchors(), NOW).unwrap();
    certificate.check_signature(&challenge().bytes().unwrap(), &evidence.signature).unwrap();
}

#[test]
fn a_telephone_shows_its_certificate_after_the_pin() {
    let evidence = prove(good().on_phone(), &challenge(), &mut Person::typing("0471")).unwrap();
    assert_eq!(evidence.certificate, nation().good.certificate);
}

#[test]
fn a_wrong_pin_is_tried_once_and_says_what_is_left() {
    let mut card = good();
    assert_eq!(failure(&mut card, &mut Person::typing("9999")), CardError::WrongPin { left: 2 });
    assert_eq!(card.tries(), 2);
    assert_eq!(failure(&mut card, &mut Person::typing("9999")), CardError::WrongPin { left: 1 });
    // At the last try, the person has to say that they want it.
    let mut careful = Person { goes_on: false, ..Person::typing("0471") };
    assert_eq!(failure(&mut card, &mut careful), CardError::GivenUp);
    assert!(careful.warned && careful.told.is_empty(), "no PIN is asked for");
    assert_eq!(card.tries(), 1);
    assert_eq!(failure(&mut card, &mut Person::typing("9999")), CardError::Locked);
    assert_eq!(failure(&mut card, &mut Person::typing("0471")), CardError::Locked);
}

#[test]
fn the_right_pin_at_the_last_try_gives_the_tries_back() {
    let mut card = good().with_tries(1);
    prove(&mut card, &challenge(), &mut Person::typing("0471")).unwrap();
    assert_eq!(card.tries(), 3);
}

#[test]
fn a_locked_card_asks_for_no_pin() {
    let mut person = Person::typing("0471");
    assert_eq!(failure(good().with_tries(0), &mut person), CardError::Locked);
    assert!(person.told.is_empty());
}

#[test]
fn another_card_is_told_before_a_pin_is_asked_for() {
    let mut person = Person::typing("0471");
    assert_eq!(failure(good().with_trouble(Trouble::OtherCard), &mut person), CardError::NotMyNumberCard);
    assert!(person.told.is_empty());
}

#[test]
fn a_card_taken_away_at_any_moment_is_told() {
    let mut commands = 0;
    loop {
        let card = good().with_trouble(Trouble::RemovedAfter(commands));
        match prove(card, &challenge(), &mut Person::typing("0471")) {
            Err(error) => assert_eq!(error, CardError::Broken(Broken::Removed), "after {commands} commands"),
            Ok(_) => break,
        }
        commands += 1;
    }
    assert!(commands > 10, "every step was tried: {commands}");
}

#[test]
fn certificates_that_do_not_count_say_why() {
    let check = |der: &[u8]| Certificate::parse(der).unwrap().check(&anchors(), NOW);
    let expired = nation().rsa.issue(1002, ((2020, 1, 1), (2025, 1, 1))).unwrap();
    assert_eq!(check(&expired.certificate), Err(Invalid::OutOfDate));
    let early = nation().rsa.issue(1003, ((2027, 1, 1), (2030, 1, 1))).unwrap();
    assert_eq!(check(&early.certificate), Err(Invalid::OutOfDate));
    // The same name, another key: a name proves nothing.
    let foreign = nation().foreign.issue(1004, LONG).unwrap();
    assert_eq!(check(&foreign.certificate), Err(Invalid::ForeignIssuer));
    assert_eq!(check(nation().rsa.anchor()), Err(Invalid::WrongUse), "the issuer itself is no card");
    assert!(Certificate::parse(b"0\x82").is_err());
}

#[test]
fn nothing_but_the_certificate_the_pin_and_the_key_is_ever_selected() {
    let allowed = ["0006", "000A", "0017", "0018"];
    let mut seen = Vec::new();
    for (tries, pin) in [(3, "0471"), (3, "9999"), (1, "0471"), (0, "0471")] {
        for phone in [false, true] {
            let card = if phone { good().on_phone() } else { good() }.with_tries(tries);
            let mut watched = Watched::new(card);
            drop(prove(&mut watched, &challenge(), &mut Person::typing(pin)));
            seen.extend(watched.sent().iter().cloned());
        }
    }
    let applications: Vec<&String> = seen.iter().filter(|c| c.starts_with("00A404")).collect();
    assert!(!applications.is_empty());
    assert!(applications.iter().all(|c| c.ends_with(" D392F000260100000001")), "only JPKI: {applications:?}");
    for file in seen.iter().filter_map(|c| c.strip_prefix("00A4020C ")) {
        assert!(allowed.contains(&file), "{file}");
    }
    assert!(!seen.iter().any(|c| c.contains("30343731") || c.contains("39393939")), "no PIN is written down");
    assert!(seen.iter().any(|c| c == "00200080 (PIN)"));
}
