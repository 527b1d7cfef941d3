//! Passkeys of a software authenticator, and what is wrong with those that are not taken.

use kaigo_testkit::authenticator::Authenticator;
use proptest::prelude::*;

use super::*;

const ORIGIN: &str = "https://kaigo.example.jp";

fn site() -> Site {
    Site::of(ORIGIN).unwrap()
}

#[test]
fn a_site_is_its_origin_and_its_host() {
    let of = |origin: &str| Site::of(origin).map(|site| (site.origin, site.rp_id));
    assert_eq!(of("https://Kaigo.example.jp/path"), Some((ORIGIN.to_owned(), "kaigo.example.jp".to_owned())));
    assert_eq!(of("http://localhost:8080"), Some(("http://localhost:8080".to_owned(), "localhost".to_owned())));
    for bad in ["kaigo.example.jp", "ftp://kaigo.example.jp", "https://", "https://a b", "https://[::1]:80"] {
        assert_eq!(of(bad), None, "{bad}");
    }
}

#[test]
fn a_passkey_is_made_and_used_with_each_algorithm() {
    for mut key in [Authenticator::p256(ORIGIN), Authenticator::ed25519(ORIGIN)] {
        let answer = key.make("abc");
        assert_eq!(challenge_of(&answer.client_data, Asked::Make, &site()).as_deref(), Ok("abc"));
        let made = made(&answer.data, &site()).unwrap();
        assert_eq!((made.credential_id, made.public_key.clone()), (key.credential_id.clone(), key.public_key()));
        assert!(made.sign_count == 1 && !made.is_synced);
        key.count = 2;
        let answer = key.answer("def");
        assert_eq!(challenge_of(&answer.client_data, Asked::Use, &site()).as_deref(), Ok("def"));
        assert_eq!(judge(&answer, &made.public_key, 1), Ok(2));
    }
}

fn judge(answer: &kaigo_testkit::authenticator::Answer, public_key: &[u8], sign_count: u32) -> Result<u32, Bad> {
    let used =
        Used { client_data: &answer.client_data, authenticator_data: &answer.data, signature: &answer.signature };
    super::used(used, Known { public_key, sign_count }, &site())
}

#[test]
fn rsa_is_taken_as_openssl_signs() {
    let client_data =
        br#"{"type":"webauthn.get","challenge":"AAAA","origin":"https://kaigo.example.jp","crossOrigin":false}"#;
    let data = [digest(&SHA256, b"kaigo.example.jp").as_ref(), &[5, 0, 0, 0, 7]].concat();
    let key = [&hex("a401030339010020590100"), &*hex(RSA_MODULUS), &hex("2143010001")].concat();
    let signature = hex(RSA_SIGNATURE);
    let used = |signature: &[u8]| {
        let used = Used { client_data, authenticator_data: &data, signature };
        super::used(used, Known { public_key: &key, sign_count: 6 }, &site())
    };
    assert_eq!(used(&signature), Ok(7));
    let mut other = signature.clone();
    other[9] ^= 1;
    assert_eq!(used(&other), Err(Bad::Signature));
}

#[test]
fn what_was_asked_for_otherwise_is_not_taken() {
    let mut key = Authenticator::p256(ORIGIN);
    let (make, answer) = (key.make("c"), key.answer("c"));
    assert_eq!(challenge_of(&make.client_data, Asked::Use, &site()), Err(Bad::Type));
    assert_eq!(challenge_of(&answer.client_data, Asked::Make, &site()), Err(Bad::Type));
    for origin in ["https://kaigo.example.jp.evil.example", "http://kaigo.example.jp", "https://kaigo.example.jp:8443"]
    {
        let mut elsewhere = Authenticator::p256(ORIGIN);
        elsewhere.origin = origin.to_owned();
        let data = elsewhere.client_data("webauthn.get", "c");
        assert_eq!(challenge_of(&data, Asked::Use, &site()), Err(Bad::Origin), "{origin}");
    }
    let framed = br#"{"type":"webauthn.get","challenge":"c","origin":"https://kaigo.example.jp","crossOrigin":true}"#;
    assert_eq!(challenge_of(framed, Asked::Use, &site()), Err(Bad::Origin));
    for broken in ["", "{}", "[]", r#"{"type":"webauthn.get","challenge":"a","challenge":"b","origin":"x"}"#] {
        assert_eq!(challenge_of(broken.as_bytes(), Asked::Use, &site()), Err(Bad::Shape), "{broken}");
    }
}

#[test]
fn every_check_of_the_authenticators_words_can_fail() {
    let cases: &[(fn(&mut Authenticator), Bad)] = &[
        (|key| key.rp_id = "evil.example".to_owned(), Bad::Host),
        (|key| key.flags = 4, Bad::Presence),
        (|key| key.flags = 1, Bad::Verification),
        (|key| key.flags = 1 | 4 | 16, Bad::Backup),
        (|key| key.flags = 1 | 4 | 128, Bad::Shape),
    ];
    for (turn, bad) in cases {
        let mut key = Authenticator::ed25519(ORIGIN);
        turn(&mut key);
        assert_eq!(made(&key.make("c").data, &site()).unwrap_err(), *bad);
        let public = key.public_key();
        assert_eq!(judge(&key.answer("c"), &public, 0), Err(*bad));
    }
    let mut synced = Authenticator::p256(ORIGIN);
    synced.flags = 1 | 4 | 8 | 16;
    assert!(made(&synced.make("c").data, &site()).unwrap().is_synced);
}

#[test]
fn another_key_another_text_and_an_old_counter_are_not_taken() {
    let mut key = Authenticator::p256(ORIGIN);
    let (public, other) = (key.public_key(), Authenticator::p256(ORIGIN).public_key());
    let answer = key.answer("c");
    assert_eq!(judge(&answer, &public, 0), Ok(1));
    assert_eq!(judge(&answer, &other, 0), Err(Bad::Signature));
    let mut told = answer.clone();
    told.client_data = key.client_data("webauthn.get", "d");
    assert_eq!(judge(&told, &public, 0), Err(Bad::Signature));
    for known in [1, 2, u32::MAX] {
        assert_eq!(judge(&answer, &public, known), Err(Bad::Counter), "{known}");
    }
    // Keys that are shared between devices do not count.
    key.count = 0;
    assert_eq!(judge(&key.answer("c"), &public, 0), Ok(0));
    key.count = 0;
    assert_eq!(judge(&key.answer("c"), &public, 5), Err(Bad::Counter));
    // A key of an algorithm that was not asked for: ES384.
    let strange = hex("a501020338222002215820000000000000000000000000000000000000000000000000000000000000000022582000");
    assert_eq!(judge(&answer, &strange, 0), Err(Bad::Algorithm));
}

#[test]
fn nothing_may_follow_and_nothing_may_be_missing() {
    let mut key = Authenticator::p256(ORIGIN);
    let public = key.public_key();
    let (make, answer) = (key.make("c").data, key.answer("c"));
    for end in 0..make.len() {
        assert!(made(&make[..end], &site()).is_err(), "cut at {end}");
    }
    assert_eq!(made(&[&*make, &[0]].concat(), &site()).unwrap_err(), Bad::Shape);
    let longer = [&*answer.data, &[0]].concat();
    let signature = key.sign(&[&*longer, digest(&SHA256, &answer.client_data).as_ref()].concat());
    let longer = kaigo_testkit::authenticator::Answer { data: longer, signature, ..answer };
    assert_eq!(judge(&longer, &public, 0), Err(Bad::Shape));
}

#[test]
fn base64url_is_that_of_rfc_4648() {
    for (bytes, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
        assert_eq!(base64url(bytes.as_bytes()), text);
        assert_eq!(from_base64url(text).as_deref(), Some(bytes.as_bytes()));
    }
    for bad in ["Z", "Zh", "Zg==", "Zm+v", "Z m8", "あ"] {
        assert_eq!(from_base64url(bad), None, "{bad}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = made(&bytes, &site());
        let _ = cbor::read(&bytes);
        let _ = cose::Key::read(&bytes);
        let _ = challenge_of(&bytes, Asked::Use, &site());
        let used = Used { client_data: &bytes, authenticator_data: &bytes, signature: &bytes };
        let _ = super::used(used, Known { public_key: &bytes, sign_count: 0 }, &site());
        prop_assert_eq!(from_base64url(&base64url(&bytes)), Some(bytes));
    }

    #[test]
    fn one_changed_byte_is_never_taken_as_the_same_use(at in 0_usize..37, bit in 0_u8..8) {
        let mut key = Authenticator::ed25519(ORIGIN);
        let public = key.public_key();
        let mut answer = key.answer("c");
        answer.data[at] ^= 1 << bit;
        prop_assert!(judge(&answer, &public, 0).is_err());
    }
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|two| u8::from_str_radix(core::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
}

/// A key of 2048 bits made for this test, and its signature by openssl; nobody has the secret half any more.
const RSA_MODULUS: &str = "b78d326785130f7c1d8ac3e4a4ad198776b8dc8e6c134c9a5b7daeb410bebe39e56334a48bbf342ccf9f0e773e1ee91f9cc85f12f3d0df \
    a6c102a14086d27a5732ee475d83a1d8cef047b508ebed68624cff52be4eb5ec20ddb5cd8d18534a7ce1e0a85d752adfa3bc28f0a7e88a \
    a8c65e6bf8364bd8331f34aac56b69e5ba509bd67b4bcc0f1c446114d85e9931aa168f456935cc1e3638108afdee018acdad47cfce48ff \
    f6ac1b21672dd377072f2a3e18ae0ac73ebe5d1b4b02111949f3d085ad74a510ef051a86d706347810677d9d9e3a894c5126b2ade52948 \
    83640327911039502f6072cfcf24437e4e9fc358a43690d02207126c9163cd74597d00a5";
const RSA_SIGNATURE: &str = "33c05ea989b279f1cb880dd853b5e1480fffba1b5ea7512e6ab1e128220d582db4257a790e9e892039e36fd07047da737828b0adb10c8e \
    3efbfa48af57a64c76220a99bbb35760420ff2cba9a39807e85aab23808128123286aac540c6a63bea544870b506581e8f522280e5aca4 \
    fa6dd4ee4884bb7bc6958fb66f470b2a71d53316716bd616daa5df68f75eee05f928c3b53d1e406e5a0907735dd72175b9f613136442e6 \
    3ed19a56da3ed80b7d81fee51469ea57eb3b55245a71ff0adca4ff02913a4bebaf8de63c91b883de4db388f02929773ca2c645672c8b30 \
    ef4854af57f52079c5643304b42dafa7ea69f41b001ac7092206f015115bf8a861101ac1";
