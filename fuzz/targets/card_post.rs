//! Anything that a program posts as a terminal: read without panic, and without the terminal's key it fits nothing.
#![no_main]

use kaigo_card::certificate::{Certificate, unhex};
use kaigo_card::device::DeviceKey;
use kaigo_card::protocol::{Answer, Enrol, Fetch, Link, Said};
use kaigo_card::trust::{self, Lists};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let public = DeviceKey::from_seed(&[7; 32]).unwrap().public();
    if let Ok(answer) = serde_json::from_str::<Answer>(text) {
        assert!(!answer.fits(&public, "https://kaigo.example", "00"));
        if let Said::Signed { certificate, .. } | Said::Shown { certificate, .. } = &answer.said
            && let Some(der) = unhex(certificate)
        {
            let lists = Lists::default();
            assert!(trust::certificate(&der, lists.anchors(), &lists, 0).is_err(), "nobody is trusted");
        }
    }
    if let Ok(fetch) = serde_json::from_str::<Fetch>(text) {
        assert!(!fetch.fits(&public, "https://kaigo.example"));
    }
    if let Ok(enrol) = serde_json::from_str::<Enrol>(text) {
        let _ = enrol.fits("https://kaigo.example");
    }
    if let Some(link) = Link::parse(text) {
        assert_eq!(Link::parse(&link.to_string()), Some(link));
    }
    drop(Certificate::parse(text.as_bytes()));
});
