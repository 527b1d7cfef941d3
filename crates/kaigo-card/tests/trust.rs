//! The set of test cards against anchors and lists of revoked certificates: each counts, or says why not.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use kaigo_card::certificate::Invalid;
use kaigo_card::challenge::Challenge;
use kaigo_card::jpki::{AskPin, CardError, TriesLeft, prove, show};
use kaigo_card::pin::Pin;
use kaigo_card::recorded::Watched;
use kaigo_card::test_set::{self, CardFile, Kind, PIN};
use kaigo_card::transport::Broken;
use kaigo_card::trust::{self, Always, CertStatus as _, Lists, Revocation};

/// 2026-11-22T01:00:00Z.
const NOW: i64 = 1_795_309_200;
const YEAR: i64 = 365 * 86_400;

struct Person;

impl AskPin for Person {
    fn pin(&mut self, _tries: TriesLeft) -> Option<Pin> {
        Pin::parse(PIN)
    }

    fn go_on_with_last_try(&mut self) -> bool {
        true
    }
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

/// What comes of each card: an error before the server, or what the server says.
fn outcome(card: &CardFile, lists: &Lists) -> Result<(), String> {
    let evidence = prove(card.insert().unwrap(), &challenge(), &mut Person).map_err(|e| e.code().to_owned())?;
    let checked = trust::evidence(&evidence, &challenge(), (lists.anchors(), lists), NOW);
    checked.map(drop).map_err(|e| e.code().to_owned())
}

#[test]
fn every_card_of_the_set_counts_or_says_why_not() {
    let folder = tempfile::tempdir().unwrap();
    test_set::make(folder.path(), 2026).unwrap();
    let lists = Lists::read(&folder.path().join("anchors")).unwrap();
    assert_eq!(lists.anchors().len(), 2, "two generations");
    let cards = test_set::read(folder.path()).unwrap();
    for card in &cards {
        let want = match card.kind {
            Kind::Normal | Kind::Second | Kind::OneTry | Kind::Next | Kind::Renewed => Ok(()),
            Kind::Locked => Err("card-pin-locked"),
            Kind::Expired => Err("card-out-of-date"),
            Kind::Revoked => Err("card-revoked"),
            Kind::Foreign => Err("card-foreign-issuer"),
            Kind::Removed => Err("card-removed"),
            Kind::Other => Err("card-other"),
        };
        assert_eq!(outcome(card, &lists), want.map_err(str::to_owned), "{:?}", card.kind);
    }
    // Without a list nobody knows: no card counts. With one that ran out neither.
    let bare = Lists::new(lists.anchors().to_vec(), Vec::new());
    assert_eq!(outcome(&cards[0], &bare), Err("card-status-unknown".to_owned()));
    let normal = &cards[0].card.certificate;
    let late = trust::certificate(normal, lists.anchors(), &Always(Revocation::Good), NOW + 20 * YEAR);
    assert_eq!(late, Err(Invalid::ForeignIssuer), "the anchor itself ran out");
    let read = kaigo_card::certificate::Certificate::parse(normal).unwrap();
    assert_eq!(lists.of(&read, NOW + 20 * YEAR), Revocation::Unknown);
    // A list that the foreign issuer made says nothing about ours, and neither does ours without its anchor.
    let none = Lists::new(vec![b"x".to_vec()], Vec::new());
    assert_eq!(none.of(&read, NOW), Revocation::Unknown);
    assert!(Lists::read(&folder.path().join("nowhere")).is_err());
}

#[test]
fn a_certificate_is_shown_without_a_pin_and_nothing_else_is_selected() {
    let folder = tempfile::tempdir().unwrap();
    test_set::make(folder.path(), 2026).unwrap();
    for card in test_set::read(folder.path()).unwrap() {
        let mut watched = Watched::new(card.insert().unwrap());
        let shown = show(&mut watched);
        match card.kind {
            Kind::Other => assert_eq!(shown.unwrap_err(), CardError::NotMyNumberCard),
            Kind::Removed => assert_eq!(shown.unwrap_err(), CardError::Broken(Broken::Removed)),
            Kind::Normal
            | Kind::Second
            | Kind::OneTry
            | Kind::Locked
            | Kind::Expired
            | Kind::Revoked
            | Kind::Foreign
            | Kind::Next
            | Kind::Renewed => assert_eq!(shown.unwrap().1, card.card.certificate),
        }
        let selected: Vec<&String> = watched.sent().iter().filter(|c| c.starts_with("00A4")).collect();
        for command in selected {
            let fine = ["00A4040C D392F000260100000001", "00A4020C 0006", "00A4020C 000A"];
            assert!(fine.contains(&command.as_str()), "{command}");
        }
        assert!(!watched.sent().iter().any(|c| c.starts_with("0020")), "no PIN is shown");
    }
}

#[test]
fn every_code_has_its_sentence_again() {
    for error in CardError::samples() {
        let again = CardError::of_code(error.code(), None).unwrap();
        assert_eq!(again.code(), error.code());
        assert!(again.say().ends_with('。'), "{error:?}");
    }
    assert_eq!(CardError::of_code("card-pin-wrong", Some(1)), Some(CardError::WrongPin { left: 1 }));
    assert_eq!(CardError::of_code("<script>", None), None);
}
