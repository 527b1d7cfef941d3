//! Feeds as municipalities send them, good and bad, on both engines: what is published, what is said.
#![expect(clippy::unwrap_used, reason = "a test's set-up may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};

use kaigo_app::import::feed::{FeedOptions, feed};
use kaigo_app::import::report::{FeedReport, Outcome};
use kaigo_app::import::{ImportError, feed_doc};
use kaigo_core::code::Void;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::layout::Record;
use kaigo_core::policy::{Act, ActGrant, Caller, decide_act};
use kaigo_core::record::Common;
use kaigo_core::record::benefit::HomeModification;
use kaigo_core::record::certification::Certification;
use kaigo_core::record::document::Survey;
use kaigo_core::record::person::InsuredPerson;
use kaigo_interchange::encoding::to_ms932;
use kaigo_store::db;
use kaigo_store::insurer::{self, Insurer};
use kaigo_store::load;
use kaigo_store::objects::{DataKey, Objects, sha256_hex};
use kaigo_store::record::Stored;
use kaigo_testkit::{TestDb, both, now};

const INSURER: &str = "981019";
const PLAIN: FeedOptions = FeedOptions { dry_run: false, allow_drop: false, skip_bad_rows: false };

const PERSON: &str = "insured_no,record_no,history_no,void,name,name_kana,born_on,sex,address,issued_on\n";
const CERTIFICATION: &str = "insured_no,record_no,history_no,void,care_level,certified_on,valid_from,valid_until,opinion,\
                             designated_services,application_no\n";
const SURVEY: &str =
    "insured_no,record_no,history_no,void,application_no,surveyed_on,surveyor,place,items,remarks,file\n";

/// An insurer with a database and a folder for its feed.
struct Town<'a> {
    test: &'a TestDb,
    folder: PathBuf,
    objects: Objects,
}

impl<'a> Town<'a> {
    fn new(test: &'a TestDb) -> Self {
        let insurer = Insurer {
            insurer_no: InsurerNo::parse(INSURER).unwrap(),
            name: "みなと川市".to_owned(),
            name_kana: "ミナトカワシ".to_owned(),
            municipality_code: None,
            phone: None,
            started_on: None,
            published_load: 0,
            published_at: None,
        };
        let operate = decide_act(&Caller::Operator, Act::Operate).unwrap();
        test.db.write_blocking(move |tx| insurer::put(tx, &operate, &insurer)).unwrap();
        let objects = Objects::folder(&test.folder.join("objects"), DataKey::new(&[7; 32]).unwrap()).unwrap();
        Self { test, folder: test.folder.join("feed"), objects }
    }

    /// Writes a feed: kind and CSV text with its header.
    fn write(&self, mode: &str, files: &[(&str, String)]) -> &Self {
        let files =
            files.iter().map(|(kind, text)| (*kind, "csv", text.clone().into_bytes(), text.lines().count() - 1));
        self.write_bytes(mode, &files.collect::<Vec<_>>())
    }

    fn write_bytes(&self, mode: &str, files: &[(&str, &str, Vec<u8>, usize)]) -> &Self {
        let _ = fs::remove_dir_all(&self.folder);
        fs::create_dir_all(self.folder.join("documents")).unwrap();
        let mut entries = Vec::new();
        for (kind, end, bytes, rows) in files {
            fs::write(self.folder.join(format!("{kind}.{end}")), bytes).unwrap();
            entries.push(format!(r#"{{"name":"{kind}.{end}","kind":"{kind}","rows":{rows}}}"#));
        }
        self.manifest(mode, &entries.join(","))
    }

    fn manifest(&self, mode: &str, files: &str) -> &Self {
        let text = format!(
            r#"{{"format":"kaigo-feed/1","insurer_no":"{INSURER}","insurer_name":"みなと川市","made_at":"2026-11-20T05:10:00+09:00","mode":"{mode}","files":[{files}]}}"#
        );
        fs::write(self.folder.join("manifest.json"), text).unwrap();
        self
    }

    fn document(&self, name: &str, bytes: &[u8]) -> &Self {
        fs::write(self.folder.join("documents").join(name), bytes).unwrap();
        self
    }

    fn try_import(&self, options: FeedOptions) -> Result<FeedReport, ImportError> {
        feed(&self.test.db, &self.objects, &self.folder, &options, now(), &mut |_| {})
    }

    fn import(&self) -> FeedReport {
        self.try_import(PLAIN).unwrap()
    }

    fn published(&self) -> i32 {
        let found = self.test.db.read_blocking(|tx| insurer::find(tx, InsurerNo::parse(INSURER).unwrap())).unwrap();
        found.unwrap().published_load
    }

    /// Every published version of a person's rows.
    fn rows<R: Record>(&self, insured_no: &str) -> Vec<Stored<R>> {
        let (insured_no, published) = (InsuredNo::parse(insured_no).unwrap(), self.published());
        self.test.db.read_blocking(move |tx| load::of_person::<R>(tx, &grant(), insured_no, published)).unwrap()
    }

    /// The record of a segment that counts.
    fn current<R: Record>(&self, insured_no: &str) -> Option<R> {
        let rows = self.rows::<R>(insured_no);
        rows.into_iter().next().filter(|row| row.common.void == Void::Valid).map(|row| row.record)
    }
}

fn grant() -> ActGrant {
    let insurer_no = InsurerNo::parse(INSURER).unwrap();
    decide_act(&Caller::InsurerSystem { insurer_no }, Act::LoadRecords).unwrap()
}

fn no(i: usize) -> String {
    format!("99{i:08}")
}

/// Persons with numbers of a range.
fn persons(range: impl IntoIterator<Item = usize>) -> String {
    let rows = range
        .into_iter()
        .map(|i| format!("{},1,1,0,港 花子{i},ミナト ハナコ,1940-03-02,2,みなと川市1-{i},2026-04-01\n", no(i)));
    rows.fold(PERSON.to_owned(), |text, row| text + &row)
}

fn certification(i: usize, history: u32, level: &str, opinion: &str) -> String {
    format!("{},1,{history},0,{level},2026-04-10,2026-05-01,2028-04-30,{opinion},,\n", no(i))
}

/// Code, row, column and item of each finding.
fn said(report: &FeedReport) -> Vec<(&'static str, Option<u64>, Option<u32>, &str)> {
    let list = report.findings.list().iter();
    list.map(|f| (f.code, f.place.row, f.place.column, f.place.item.as_deref().unwrap_or_default())).collect()
}

fn codes(report: &FeedReport) -> Vec<&'static str> {
    report.findings.list().iter().map(|f| f.code).collect()
}

fn only(files: &[&str]) -> impl Fn(&FeedReport) -> Vec<&'static str> {
    let files: Vec<String> = files.iter().map(|&f| f.to_owned()).collect();
    move |report| {
        let list = report.findings.list().iter().filter(|f| files.contains(&f.place.file));
        list.map(|f| f.code).collect()
    }
}

#[test]
fn a_feed_is_published_and_the_same_feed_again_changes_nothing() {
    both(|test| {
        let town = Town::new(test);
        let certifications =
            CERTIFICATION.to_owned() + &certification(1, 1, "23", "") + &certification(2, 1, "要介護1", "");
        town.write("delta", &[("insured_person", persons(1..=3)), ("certification", certifications)]);
        let mut last = (0, 0);
        let report =
            feed(&test.db, &town.objects, &town.folder, &PLAIN, now(), &mut |p| last = (p.rows, p.total)).unwrap();
        assert_eq!((report.outcome, codes(&report)), (Outcome::Published, vec![]));
        assert_eq!((report.sum().rows, report.sum().inserted, last), (5, 5, (5, 5)));
        assert_eq!(town.current::<Certification>(&no(2)).unwrap().care_level.code(), "21");
        let published = town.published();

        let again = town.import();
        assert_eq!((again.outcome, again.sum().unchanged, again.sum().changes()), (Outcome::Unchanged, 5, 0));
        assert_eq!((again.outcome.exit_status(), town.published()), (0, published));
    });
}

#[test]
fn every_spelling_of_a_file_says_the_same() {
    both(|test| {
        let town = Town::new(test);
        town.write("delta", &[("insured_person", persons(1..=2))]);
        assert_eq!(town.import().outcome, Outcome::Published);

        let japanese = "氏名カナ,氏名,被保険者番号,連番,履歴番号,取消区分,生年月日,性別,住所,交付年月日\r\n\
                        ミナト ハナコ,港 花子1,99-0000-0001,1,１,,S15.3.2,女,みなと川市1-1,令和8年4月1日\r\n\
                        \"ミナト ハナコ\",港 花子2,９９００００００02,1,1,0,昭和15年3月2日,2,みなと川市1-2,20260401";
        let mut ms932 = Vec::new();
        assert_eq!(to_ms932(japanese, &mut ms932), []);
        let bom = format!("\u{FEFF}{}", japanese.replace("\r\n", "\r")).into_bytes();
        let json = r#"[{"insured_no":"9900000001","record_no":1,"history_no":1,"void":false,"name":"港 花子1",
            "name_kana":"ミナト ハナコ","born_on":"1940-03-02","sex":2,"address":"みなと川市1-1","issued_on":"2026-04-01"}]"#;
        for (end, bytes, rows) in [("csv", ms932, 2), ("csv", bom, 2), ("json", json.as_bytes().to_vec(), 1)] {
            let report = town.write_bytes("delta", &[("insured_person", end, bytes, rows)]).import();
            assert_eq!((report.outcome, codes(&report)), (Outcome::Unchanged, vec![]), "{end}");
        }
    });
}

#[test]
fn every_bad_cell_of_a_row_is_said_and_nothing_is_published() {
    both(|test| {
        let town = Town::new(test);
        let bad = persons(1..=1) + "12345,x,1,0,,カナ,1940-13-01,9,住所\n" + "9900000002,1,1,0,名,ﾅ,1940-01-01,1,所,\n";
        let report = town.write("delta", &[("insured_person", bad.clone())]).import();
        assert_eq!(
            said(&report),
            [
                ("file-ragged-row", Some(3), None, ""),
                ("cell-length", Some(3), Some(1), "被保険者番号"),
                ("cell-range", Some(3), Some(2), "連番"),
                ("cell-missing", Some(3), Some(5), "氏名"),
                ("cell-date", Some(3), Some(7), "生年月日"),
                ("cell-unknown-code", Some(3), Some(8), "性別"),
            ]
        );
        assert!(report.findings.list().iter().all(|f| !f.say.is_empty() && !f.mend.is_empty()));
        assert_eq!((report.outcome, report.outcome.exit_status(), town.published()), (Outcome::Errors, 1, 0));

        let skip = town.try_import(FeedOptions { skip_bad_rows: true, ..PLAIN }).unwrap();
        assert_eq!((skip.outcome, skip.sum().inserted, skip.sum().skipped), (Outcome::Published, 2, 1));
        assert!(town.current::<InsuredPerson>(&no(2)).is_some());

        // A fault of the whole file is not skipped: the file may be cut off.
        let files = r#"{"name":"insured_person.csv","kind":"insured_person","rows":4}"#;
        let cut = town.manifest("delta", files).try_import(FeedOptions { skip_bad_rows: true, ..PLAIN }).unwrap();
        assert_eq!(cut.outcome, Outcome::Errors);
        assert!(codes(&cut).contains(&"manifest-rows"));
    });
}

#[test]
fn corrections_go_by_history_number() {
    both(|test| {
        let town = Town::new(test);
        let send = |rows: &[String]| {
            let text = rows.iter().fold(CERTIFICATION.to_owned(), |text, row| text + row);
            town.write("delta", &[("insured_person", persons(1..=1)), ("certification", text)]).import()
        };
        assert_eq!(send(&[certification(1, 1, "21", "")]).outcome, Outcome::Published);
        let corrected = send(&[certification(1, 2, "22", "")]);
        assert_eq!((corrected.outcome, corrected.sum().corrected), (Outcome::Published, 1));
        assert_eq!(town.current::<Certification>(&no(1)).unwrap().care_level.code(), "22");

        let reused = send(&[certification(1, 2, "23", "")]);
        assert_eq!(said(&reused), [("history-reused", Some(2), Some(3), "履歴番号")]);
        let lower = send(&[certification(1, 1, "21", ""), certification(1, 2, "22", "")]);
        assert_eq!((lower.outcome, codes(&lower)), (Outcome::Unchanged, vec![]));
        assert_eq!(send(&[certification(1, 4, "24", "")]).outcome, Outcome::Published);
        let late = send(&[certification(1, 3, "23", "")]);
        assert_eq!((late.outcome, codes(&late)), (Outcome::Unchanged, vec!["history-lower"]));
        let twice = send(&[certification(1, 5, "25", ""), certification(1, 5, "25", "")]);
        assert_eq!(said(&twice), [("row-twice", Some(3), Some(3), "履歴番号")]);
        assert_eq!(town.current::<Certification>(&no(1)).unwrap().care_level.code(), "24");

        let void = format!("{},1,5,1,24,2026-04-10,2026-05-01,2028-04-30,,,\n", no(1));
        assert_eq!(send(&[void]).outcome, Outcome::Published);
        assert_eq!(town.current::<Certification>(&no(1)), None);
        assert_eq!(town.rows::<Certification>(&no(1)).len(), 4);
    });
}

#[test]
fn individual_numbers_are_refused_everywhere_and_never_repeated() {
    // 123456789018 is the sample number of public guidance; its check digit fits.
    both(|test| {
        let town = Town::new(test);
        let text = "insured_no,record_no,history_no,void,name,name_kana,born_on,sex,address,issued_on,メモ\n\
                    123456789018,1,1,0,名,ナ,1940-03-02,2,住所,,\n\
                    9900000002,1,1,0,名,ナ,1940-03-02,2,1234 5678 9018,,\n\
                    9900000003,1,1,0,名,ナ,1940-03-02,2,住所,,番号１２３４５６７８９０１８\n";
        let report = town.write("delta", &[("insured_person", text.to_owned())]).import();
        assert_eq!(
            said(&report),
            [
                ("column-unknown", None, Some(11), "メモ"),
                ("individual-number", Some(2), Some(1), "被保険者番号"),
                ("individual-number", Some(3), Some(9), "住所"),
                ("individual-number", Some(4), Some(11), "知らない列"),
            ]
        );
        let printed = report.text() + &report.json().to_string();
        assert!(!printed.contains("5678"), "{printed}");
        assert_eq!(town.published(), 0);

        let json = r#"[{"insured_no":"9900000003","record_no":1,"history_no":1,"name":"名","name_kana":"ナ",
            "born_on":"1940-03-02","sex":"2","address":"住所","mynumber":123456789018}]"#;
        let report = town.write_bytes("delta", &[("insured_person", "json", json.into(), 1)]).import();
        assert_eq!(codes(&report), ["column-unknown", "individual-number"]);
    });
}

#[test]
fn a_full_feed_that_drops_much_stops_and_asks() {
    both(|test| {
        let town = Town::new(test);
        let of_file = only(&["insured_person.csv"]);
        town.write("full", &[("insured_person", persons(1..=100))]);
        assert_eq!(town.import().outcome, Outcome::Published);

        // Five of a hundred may go.
        let report = town.write("full", &[("insured_person", persons(1..=95))]).import();
        assert_eq!((report.outcome, report.sum().dropped, of_file(&report)), (Outcome::Published, 5, vec![]));
        assert_eq!(town.current::<InsuredPerson>(&no(96)), None);
        assert!(town.current::<InsuredPerson>(&no(95)).is_some());
        let before = town.published();

        let report = town.write("full", &[("insured_person", persons(1..=50))]).import();
        assert_eq!((report.outcome, of_file(&report)), (Outcome::Asked, vec!["feed-drops"]));
        assert_eq!((report.outcome.exit_status(), town.published()), (3, before));
        assert!(town.current::<InsuredPerson>(&no(51)).is_some());

        let report = town.try_import(FeedOptions { allow_drop: true, ..PLAIN }).unwrap();
        assert_eq!((report.outcome, report.sum().dropped), (Outcome::Published, 45));
        assert_eq!(town.import().outcome, Outcome::Unchanged);

        // Who comes back is there again, under the same history number.
        let report = town.write("full", &[("insured_person", persons(1..=100))]).import();
        assert_eq!((report.outcome, report.sum().corrected), (Outcome::Published, 50));
        assert!(town.current::<InsuredPerson>(&no(99)).is_some());
        assert_eq!(town.import().outcome, Outcome::Unchanged);
    });
}

#[test]
fn a_full_feed_with_a_row_whose_key_cannot_be_read_drops_nothing() {
    both(|test| {
        let town = Town::new(test);
        town.write("full", &[("insured_person", persons(1..=3))]).import();
        let text = persons(1..=2) + "99x,1,1,0,名,ナ,1940-03-02,2,住所,\n" + &persons(4..=4).replace(PERSON, "");
        let report = town
            .write("full", &[("insured_person", text)])
            .try_import(FeedOptions { skip_bad_rows: true, ..PLAIN })
            .unwrap();
        assert_eq!((report.outcome, report.sum().dropped), (Outcome::Published, 0));
        assert!(codes(&report).contains(&"drop-skipped"));
        assert!(town.current::<InsuredPerson>(&no(3)).is_some());
    });
}

#[test]
fn a_column_that_becomes_blank_stops_and_asks() {
    both(|test| {
        let town = Town::new(test);
        let send = |history: u32, opinion: &str| {
            let rows = (1..=20).map(|i| certification(i, history, "21", opinion));
            let text = rows.fold(CERTIFICATION.to_owned(), |text, row| text + &row);
            town.write("full", &[("insured_person", persons(1..=20)), ("certification", text)]);
        };
        send(1, "転倒に注意");
        assert_eq!(town.import().outcome, Outcome::Published);
        send(2, "");
        let report = town.import();
        let asked: Vec<_> = said(&report).into_iter().filter(|f| f.0 == "feed-blanks").collect();
        assert_eq!((report.outcome, asked), (Outcome::Asked, vec![("feed-blanks", None, None, "認定審査会の意見")]));
        assert!(town.current::<Certification>(&no(7)).unwrap().opinion.is_some());
        assert_eq!(town.try_import(FeedOptions { allow_drop: true, ..PLAIN }).unwrap().outcome, Outcome::Published);
        assert_eq!(town.current::<Certification>(&no(7)).unwrap().opinion, None);
    });
}

#[test]
fn rows_of_unknown_persons_are_refused() {
    both(|test| {
        let town = Town::new(test);
        for mode in ["delta", "full"] {
            let text = CERTIFICATION.to_owned() + &certification(1, 1, "21", "") + &certification(8, 1, "21", "");
            let report = town.write(mode, &[("insured_person", persons(1..=3)), ("certification", text)]).import();
            let errors: Vec<_> = said(&report).into_iter().filter(|f| f.0 == "person-unknown").collect();
            assert_eq!(errors, [("person-unknown", Some(3), Some(1), "被保険者番号")], "{mode}");
            assert_eq!(town.published(), 0);
        }
        // A delta may speak of a person whom an earlier feed brought.
        town.write("delta", &[("insured_person", persons(1..=3))]).import();
        let text = CERTIFICATION.to_owned() + &certification(2, 1, "21", "");
        let report = town.write("delta", &[("certification", text)]).import();
        assert_eq!((report.outcome, codes(&report)), (Outcome::Published, vec![]));
    });
}

#[test]
fn what_the_manifest_says_is_checked() {
    both(|test| {
        let town = Town::new(test);
        town.write("delta", &[("insured_person", persons(1..=1))]);
        let check = |files: &str| {
            let report = town.manifest("delta", files).import();
            assert_eq!(report.outcome, Outcome::Errors);
            codes(&report)
        };
        let file = |more: &str| format!(r#"{{"name":"insured_person.csv","kind":"insured_person","rows":1{more}}}"#);
        assert_eq!(check(&file(r#","sha256":"00""#)), ["file-digest"]);
        assert_eq!(check(&format!("{},{}", file(""), file(""))), ["manifest-kind-twice"]);
        assert_eq!(check(r#"{"name":"x.csv","kind":"x","rows":1}"#), ["manifest-kind"]);
        assert_eq!(check(r#"{"name":"../x.csv","kind":"survey","rows":1}"#), ["manifest-name"]);
        assert_eq!(check(r#"{"name":"survey.csv","kind":"survey","rows":1}"#), ["file-unlisted", "file-missing"]);
        assert_eq!(check("{"), ["manifest-shape"]);
        town.manifest("some", &file(""));
        assert_eq!(codes(&town.import()), ["manifest-mode"]);
        let text = fs::read_to_string(town.folder.join("manifest.json")).unwrap().replace(INSURER, "322040");
        fs::write(town.folder.join("manifest.json"), text.replace("some", "full")).unwrap();
        assert_eq!(codes(&town.import()), ["insurer-unknown"]);

        let digest = sha256_hex(&fs::read(town.folder.join("insured_person.csv")).unwrap());
        let report = town.manifest("delta", &file(&format!(r#","sha256":"{digest}""#))).import();
        assert_eq!(report.outcome, Outcome::Published);

        fs::remove_file(town.folder.join("manifest.json")).unwrap();
        assert!(matches!(town.try_import(PLAIN), Err(ImportError::Io { .. })));
    });
}

#[test]
fn headings_that_are_missing_or_doubled_are_said() {
    both(|test| {
        let town = Town::new(test);
        let text = "被保険者番号,連番,履歴番号,氏名,name,氏名カナ,生年月日,性別\n";
        let report = town.write("delta", &[("insured_person", text.to_owned())]).import();
        let list: Vec<_> = said(&report).into_iter().map(|(code, _, _, item)| (code, item.to_owned())).collect();
        assert_eq!(
            list,
            [
                ("column-missing-optional", "取消区分"),
                ("column-twice", ""),
                ("column-missing", "住所"),
                ("column-missing-optional", "交付年月日"),
            ]
            .map(|(code, item)| (code, item.to_owned()))
        );
    });
}

#[test]
fn documents_are_kept_before_their_rows_are_published() {
    both(|test| {
        let town = Town::new(test);
        let survey =
            |i: usize, record: u32, file: &str| format!("{},{record},1,0,A{i},2026-04-02,,,1-3=1,,{file}\n", no(i));
        let send = |rows: &[String]| {
            let text = rows.iter().fold(SURVEY.to_owned(), |text, row| text + row);
            town.write("delta", &[("insured_person", persons(1..=2)), ("survey", text)]);
        };
        let pdf = b"%PDF-1.7 synthetic";
        send(&[survey(1, 1, "../a.pdf"), survey(1, 2, "b.pdf"), survey(1, 3, "c.pdf"), survey(2, 1, "c.pdf")]);
        town.document("c.pdf", b"<html>");
        let report = town.import();
        assert_eq!(
            said(&report).into_iter().map(|f| (f.0, f.1)).collect::<Vec<_>>(),
            [
                ("document-name", Some(2)),
                ("document-missing", Some(3)),
                ("document-type", Some(4)),
                ("document-shared", Some(5)),
            ]
        );

        send(&[survey(1, 1, "a.pdf")]);
        assert_eq!(town.document("a.pdf", pdf).import().outcome, Outcome::Published);
        assert_eq!(town.current::<Survey>(&no(1)).unwrap().file.unwrap().as_str(), "a.pdf");
        let published = town.published();
        let insurer_no = InsurerNo::parse(INSURER).unwrap();
        let kept =
            test.db.read_blocking(move |tx| load::find_document(tx, insurer_no, "a.pdf", published)).unwrap().unwrap();
        assert_eq!((kept.sha256.as_str(), kept.media_type.as_str()), (sha256_hex(pdf).as_str(), "application/pdf"));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(runtime.block_on(town.objects.get(&kept.sha256)).unwrap().unwrap(), pdf);

        // Another document under the name of an old one would be shown for the old record.
        send(&[survey(2, 1, "a.pdf")]);
        let report = town.document("a.pdf", b"%PDF-1.7 other").import();
        assert_eq!((report.outcome, codes(&report)), (Outcome::Errors, vec!["document-reused"]));
    });
}

#[test]
fn a_dry_run_writes_nothing() {
    both(|test| {
        let town = Town::new(test);
        town.write("delta", &[("insured_person", persons(1..=3))]);
        let report = town.try_import(FeedOptions { dry_run: true, ..PLAIN }).unwrap();
        assert_eq!((report.outcome, report.sum().inserted, report.load_no), (Outcome::Checked, 3, None));
        assert_eq!(town.published(), 0);
        // The first load takes the first number.
        assert_eq!(town.import().load_no, Some(1));
    });
}

#[test]
fn a_load_that_crashed_leaves_what_was_there_and_the_next_one_cleans_up() {
    both(|test| {
        let town = Town::new(test);
        town.write("full", &[("insured_person", persons(1..=2))]).import();
        let ghost =
            Common { insured_no: InsuredNo::parse(&no(9)).unwrap(), ..town.rows::<InsuredPerson>(&no(1))[0].common };
        let record = town.current::<InsuredPerson>(&no(1)).unwrap();
        test.db
            .write_blocking(move |tx| {
                let begun = load::begin(tx, &grant(), "full", "", "")?.unwrap();
                load::append(tx, &grant(), begun.load_no, &[(ghost, record)])
            })
            .unwrap();
        assert_eq!(town.rows::<InsuredPerson>(&no(9)), []);
        assert_eq!(town.import().outcome, Outcome::Unchanged);
        town.write("full", &[("insured_person", persons(1..=3))]).import();
        assert_eq!(town.rows::<InsuredPerson>(&no(9)), []);
        assert!(town.current::<InsuredPerson>(&no(3)).is_some());
    });
}

#[test]
fn oddities_are_warnings_and_the_records_are_taken() {
    both(|test| {
        let town = Town::new(test);
        let limits = "insured_no,record_no,history_no,void,kind,service_kind,units,valid_from,valid_until\n\
                      9900000001,1,1,0,1,,16765,2026-05-01,\n9900000001,2,1,0,1,,16766,2026-05-01,\n";
        let notices = "insured_no,record_no,history_no,void,maker,office_no,notified_on,valid_from,valid_until\n\
                       9900000001,1,1,0,1,3290800221,2026-05-01,2026-05-01,2026-04-01\n";
        let odd = PERSON.to_owned() + "9900000001,1,1,0,山\u{E000}田,やまだabc,1940-03-02,2,住所,\n";
        let files =
            [("insured_person", odd), ("benefit_limit", limits.to_owned()), ("plan_notice", notices.to_owned())];
        let report = town.write("delta", &files).import();
        assert_eq!(
            said(&report),
            [
                ("cell-private-use", Some(2), Some(5), "氏名"),
                ("kana-shape", Some(2), Some(6), "氏名カナ"),
                ("limit-amount", Some(3), Some(7), "支給限度基準額"),
                ("check-digit", Some(2), Some(6), "居宅介護支援事業所番号"),
                ("period-reversed", Some(2), Some(9), "適用終了年月日"),
            ]
        );
        let files = [files[0].clone(), files[1].clone()];
        assert_eq!(town.write("delta", &files).import().outcome, Outcome::Published);
    });
}

#[test]
fn rows_in_any_order_and_large_files_are_compared_right() {
    both(|test| {
        let town = Town::new(test);
        let count = 5_000;
        town.write("full", &[("insured_person", persons(1..=count))]);
        assert_eq!(town.import().sum().inserted, u64::try_from(count).unwrap());
        // Every third goes first, then the rest backwards; one is new, one is corrected.
        let order =
            (1..=count).filter(|i| i % 3 == 0).chain((1..=count).rev().filter(|i| i % 3 != 0)).chain([count + 1]);
        let text = persons(order).replace("9900000700,1,1,0,港 花子700,", "9900000700,1,2,0,川 花子700,");
        let report = town.write("full", &[("insured_person", text)]).import();
        let sum = report.sum();
        assert_eq!(
            (report.outcome, sum.inserted, sum.corrected, sum.unchanged, sum.dropped),
            (Outcome::Published, 1, 1, u64::try_from(count).unwrap() - 1, 0)
        );
        assert_eq!(town.current::<InsuredPerson>(&no(700)).unwrap().name.as_str(), "川 花子700");
    });
}

#[test]
fn the_many_findings_of_one_kind_are_listed_up_to_a_bound() {
    both(|test| {
        let town = Town::new(test);
        let text = persons(1..=1_500).replace("1940-03-02", "1940-02-30");
        let report = town.write("delta", &[("insured_person", text)]).import();
        assert_eq!((report.findings.errors(), report.findings.list().len()), (1_500, 1_001));
        assert_eq!(report.findings.list().last().unwrap().say, "「cell-date」はほかに500件あります。");
        let json = report.json();
        assert_eq!(json["summary"]["errors"], 1_500);
        assert_eq!(json["findings"][0]["column"], 7);
        assert!(report.text().contains("エラー 1500件"));
    });
}

#[test]
fn a_kind_that_a_full_feed_does_not_have_stays_as_it_is() {
    both(|test| {
        let town = Town::new(test);
        let works = "insured_no,record_no,history_no,void,state,home_no,started_on,level_at_start,content,covered_cost,applied_on,\
                     decided_on,three_step_reset\n9900000001,1,1,0,3,1,2025-06-01,21,手すり,80000,2025-05-01,2025-05-20,0\n";
        town.write("full", &[("insured_person", persons(1..=1)), ("home_modification", works.to_owned())]).import();
        let report = town.write("full", &[("insured_person", persons(1..=1))]).import();
        assert_eq!(report.outcome, Outcome::Unchanged);
        assert_eq!(codes(&report).iter().filter(|code| **code == "kind-missing").count(), 14);
        assert_eq!(town.current::<HomeModification>(&no(1)).unwrap().covered_cost.0, 80_000);
    });
}

#[test]
fn an_insurer_cannot_be_loaded_without_its_grant() {
    both(|test| {
        let _town = Town::new(test);
        let operate = decide_act(&Caller::Operator, Act::Operate).unwrap();
        let refused = test.db.write_blocking(move |tx| load::begin(tx, &operate, "full", "", ""));
        assert_eq!(refused, Err(db::Error::NotCovered));
    });
}

#[test]
fn the_format_page_is_that_of_the_column_tables() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/feed.md");
    let written = fs::read_to_string(path).unwrap();
    assert!(written == feed_doc(), "docs/feed.md is not what `kiban doc feed` prints: run `cargo xtask gen`");
}
