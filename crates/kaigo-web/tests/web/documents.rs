//! 認定調査票 and 主治医意見書: who may open them, and that what comes back is what was sent.

use std::fs;
use std::path::{Path, PathBuf};

use kaigo_store::objects::sha256_hex;

use crate::world::{KIYOSHI, SADA, TAKESHI, USUAL, on_both};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn the_original_comes_back_byte_for_byte_and_lies_sealed() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let c = world.charge("izumo", KIYOSHI);
        let list = office.get(&format!("/people/{c}/documents")).await;
        let records = (0..world.nation.scale()).map(|i| world.nation.person(i));
        let records = records.into_iter().find(|p| p.insured_no.as_str() == KIYOSHI).unwrap();
        let survey = records.survey.last().unwrap().record.file.clone().unwrap().to_string();
        let opinion = records.doctor_opinion.last().unwrap().record.file.clone().unwrap().to_string();
        let sent = files(&world.test.folder.join("files"));
        for (d, name) in [("survey-1", survey), ("opinion-1", opinion)] {
            assert!(list.has(&format!("/people/{c}/documents/{d}\"")), "{}", list.html);
            let page = office.get(&format!("/people/{c}/documents/{d}?purpose=care-plan")).await;
            let path = sent.iter().find(|path| path.ends_with(&name)).expect("the feed has it");
            let original = fs::read(path).unwrap();
            let digest = sha256_hex(&original);
            assert!(page.is(200).has(&digest[..16]) && page.has("出雲 太郎") && page.has("ケアプランの作成"));
            let href = page.all("href").into_iter().find(|href| href.contains("/file")).unwrap();
            let file = office.get(&href).await;
            assert_eq!((file.is(200).header("content-type"), sha256_hex(&file.bytes)), ("application/pdf", digest));
            assert_eq!(file.header("cache-control"), "no-store");
            assert_eq!(file.bytes, original);
            let piece = &original[..48];
            for sealed in files(&world.test.folder.join("objects")) {
                let bytes = fs::read(&sealed).unwrap();
                assert!(
                    !bytes.windows(piece.len()).any(|window| window == piece),
                    "{} is not sealed",
                    sealed.display()
                );
            }
        }
        let acts: Vec<String> = world.log_of(KIYOSHI).await.into_iter().map(|e| e.act).collect();
        for act in ["open-document", "fetch-document"] {
            assert_eq!(acts.iter().filter(|a| *a == act).count(), 2, "{acts:?}");
        }
    });
}

#[test]
fn a_document_opens_for_a_purpose_only() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let c = world.charge("izumo", KIYOSHI);
        for query in ["", "?purpose=", "?purpose=own", "?purpose=curiosity"] {
            for end in ["", "/file"] {
                let page = office.get(&format!("/people/{c}/documents/survey-1{end}{query}")).await;
                assert!(page.is(422).has("開く目的を選んでください") && page.has("purpose-survey-1-error"), "{query}");
            }
        }
        let acts: Vec<String> = world.log_of(KIYOSHI).await.into_iter().map(|e| e.act).collect();
        assert!(!acts.iter().any(|act| act.ends_with("-document")), "{acts:?}");
        for odd in ["survey-0", "survey-99", "survey--1", "claims-1", "survey", "../secret.key"] {
            let odd = odd.replace('/', "%2F");
            office.get(&format!("/people/{c}/documents/{odd}?purpose=care-plan")).await.is(404);
        }
    });
}

#[test]
fn without_consent_or_the_right_job_a_rule_is_named_and_nothing_shown() {
    on_both(USUAL, async |world| {
        let cases = [
            ("minato-admin", KIYOSHI, "wrong-job", "職種が「介護支援専門員」"),
            ("izumo", SADA, "no-consent", "同意が記録されていない"),
            ("izumo", TAKESHI, "consent-withdrawn", "11月2日に同意を取り消した"),
            ("hamanasu", KIYOSHI, "not-shared", "共有のきまり"),
            ("umineko", KIYOSHI, "not-shared", "共有のきまり"),
            ("engawa", KIYOSHI, "unverified-cell", "確かめられていない"),
        ];
        for (who, person, rule, say) in cases {
            let mut office = world.login(who).await;
            let c = world.charge(who, person);
            for d in ["survey-1", "opinion-1"] {
                for end in ["", "/file"] {
                    let page = office.get(&format!("/people/{c}/documents/{d}{end}?purpose=care-plan")).await;
                    assert!(page.is(403).has(say), "{who} {person}: {}", page.html);
                    for text in ["大谷", "三上", "野々村", "%PDF", "調査実施日", "診断名"] {
                        assert!(!page.has(text), "{who} {d}{end} shows {text}");
                    }
                }
            }
            let office_no = world.office(who).to_string();
            let log = world.log_of(person).await.into_iter().filter(|e| e.office_no.as_deref() == Some(&office_no));
            let refused = log.filter(|e| e.rule.as_deref() == Some(rule) && e.outcome == "refused").count();
            assert_eq!(refused, 4, "{who}");
            // The list says why, and offers nothing to open.
            let list = office.get(&format!("/people/{c}/documents")).await;
            assert!(!list.is(200).has("name=\"purpose\""), "{who}: {}", list.html);
        }
    });
}
