//! Office files in the format of the open data, on both engines.
#![expect(clippy::unwrap_used, reason = "a test's set-up may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};

use kaigo_app::import::ImportError;
use kaigo_app::import::office::{COLUMNS, offices};
use kaigo_app::import::report::OfficeReport;
use kaigo_core::id::OfficeNo;
use kaigo_core::service::ServiceKind;
use kaigo_store::office;
use kaigo_testkit::{TestDb, both, now};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/offices").join(name)
}

fn import(test: &TestDb, files: &[PathBuf], dry_run: bool) -> OfficeReport {
    offices(&test.db, files, dry_run, now(), &mut |_| {}).unwrap()
}

fn said(report: &OfficeReport) -> Vec<(&'static str, Option<u64>, &str)> {
    let list = report.findings.list().iter();
    list.map(|f| (f.code, f.place.row, f.place.item.as_deref().unwrap_or_default())).collect()
}

#[test]
fn the_open_data_is_read_as_published() {
    both(|test| {
        let files = [sample("jigyosho_430_sample.csv"), sample("jigyosho_334_sample.csv")];
        let dry = import(test, &files, true);
        assert_eq!((dry.offices, dry.services), ((0, 0), (0, 0)));

        let report = import(test, &files, false);
        assert_eq!(
            said(&report),
            [
                ("office-no-place", Some(3), "緯度"),
                ("office-no-place", Some(3), "経度"),
                ("office-url", Some(3), "URL"),
                ("office-letter", Some(4), "事業所番号"),
                ("check-digit", Some(5), "事業所番号"),
                ("cell-range", Some(3), "定員"),
            ]
        );
        assert_eq!(said(&dry), said(&report));
        assert_eq!(report.files[0], ("jigyosho_430_sample.csv".to_owned(), 4, 4));
        assert_eq!((report.offices, report.services, report.exit_status()), ((5, 5), (6, 6), 0));

        let no = OfficeNo::parse(FIRST).unwrap();
        let (name, services) = test
            .db
            .read_blocking(move |tx| {
                Ok::<_, kaigo_store::db::Error>((office::name(tx, no)?, office::services(tx, no)?))
            })
            .unwrap();
        assert_eq!(name.unwrap(), ("かもめケアプラン見本".to_owned(), Some("0999-12-3456".to_owned())));
        assert_eq!(services, [ServiceKind::EquipmentRental, ServiceKind::CareManagement]);

        let again = import(test, &files, false);
        assert_eq!((again.offices, again.services), ((5, 0), (6, 0)));
    });
}

#[test]
fn a_file_that_is_another_one_is_refused() {
    both(|test| {
        let path = test.folder.join("other.csv");
        let mut header = COLUMNS.map(str::to_owned);
        header.swap(3, 4);
        fs::write(&path, format!("{}\r\n", header.join(","))).unwrap();
        let report = import(test, std::slice::from_ref(&path), false);
        assert_eq!((said(&report), report.exit_status()), (vec![("office-header", None, "")], 1));
        assert!(report.findings.list()[0].say.contains("4列め"));

        let missing = offices(&test.db, &[test.folder.join("none.csv")], false, now(), &mut |_| {});
        assert!(matches!(missing, Err(ImportError::Io { .. })));
    });
}

#[test]
fn rows_that_cannot_be_read_are_left_out_and_said() {
    both(|test| {
        let text = fs::read_to_string(sample("jigyosho_430_sample.csv")).unwrap();
        let text = text.replace("カモメケアプランミホン,居宅介護支援", "カモメケアプランミホン,占い").replacen(
            ",いそしぎケアプラン,",
            ",1234-5678-9018,",
            1,
        );
        let lines: Vec<&str> = text.split("\r\n").collect();
        let cut = format!("{}\r\n9,8,7\r\n", lines.join("\r\n").trim_end());
        let path = test.folder.join("odd.csv");
        fs::write(&path, cut).unwrap();
        let report = import(test, &[path], false);
        let of_rows: Vec<_> = said(&report).into_iter().filter(|f| f.1 != Some(3) && f.0 != "office-letter").collect();
        assert_eq!(
            of_rows,
            [
                ("office-service", Some(2), "サービスの種類"),
                ("individual-number", Some(4), "事業所名"),
                ("check-digit", Some(5), "事業所番号"),
                ("file-ragged-row", Some(6), ""),
            ]
        );
        assert_eq!((report.offices.0, report.exit_status()), (3, 1));
        assert!(!report.json().to_string().contains("5678"));
    });
}

/// The first office of the sample.
const FIRST: &str = "9870100014";
