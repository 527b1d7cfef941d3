//! A golden case for every code: a clean heap, spoiled in one way, and what is found in it.
#![expect(
    clippy::indexing_slicing,
    clippy::assigning_clones,
    reason = "a test may fail loudly; cases read as what is written where"
)]

mod heap;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use kaigo_careplan::batch::sort;
use kaigo_careplan::check::{Context, check_batch};
use kaigo_careplan::finding::Code;
use kaigo_careplan::kind::Kind::{
    Basic, BasicDay, BasicImage, Detail, Planned, PlannedDeletion, Prevention, Result, ResultDeletion, Sheet1,
    Sheet1Deletion, Sheet2, Sheet3, Supplement,
};
use kaigo_careplan::layout::{
    basic, detail, prevention, result_deletion, sheet1, sheet1_deletion, sheet2, sheet3, supplement, usage,
};
use kaigo_core::finding::Finding;

use crate::heap::Heap;

fn of(unit: &str) -> Heap {
    Heap::of(unit)
}

fn check(heap: Heap) -> Vec<Finding> {
    let report = check_batch(&sort(heap.0), &Context { today: kaigo_core::date::iso("2026-12-10") });
    report.findings().cloned().collect()
}

/// Names, sets and bytes.
fn files() -> Vec<(Code, Heap)> {
    const ENDS: &str = "9870000016_43_9870000024_11_20261025093000";
    vec![
        (Code::NamePrefix, of("usage").with("予定.CSV", b"x")),
        (Code::NameParts, of("usage").with("UPPLAN_202611_9870000016.CSV", b"x")),
        (Code::NamePart, of("usage").with(&format!("UPPLAN_202613_{ENDS}.CSV"), b"x")),
        (Code::NameExtension, of("usage").with(&format!("UPPLAN_202611_{ENDS}.TXT"), b"x")),
        (Code::NameSpelling, of("usage").name(Planned, ".CSV", ".csv")),
        (Code::NameFormOld, of("result").names("_11_", "_").names("_43_", "_")),
        (Code::NameKindsSwapped, of("result").names("24_11_", "24_43_").names("16_43_", "16_11_")),
        (Code::NameDirection, of("usage").names("16_43_", "16_15_")),
        (Code::SerialMoment, of("usage").names("20261025093000", "20261025257000")),
        (Code::SameOffice, of("usage-deletion").names("9870000024", "9870000016")),
        (Code::FileIgnored, of("usage").with("メモ.txt", b"x")),
        (Code::FileAttachment, of("usage").with("family.jpg", &heap::clean("basic").swap_remove(1).bytes)),
        (Code::AttachmentRefused, of("usage").with("plan.pdf", b"%PDF-1.7 cut")),
        (Code::FileTwice, of("usage").with_copy(Planned)),
        (Code::SetIncomplete, of("usage").without(Detail)),
        (Code::SetUnknown, of("basic").without(Basic)),
        (Code::SetKindTwice, of("usage").with(&format!("UPPLAN_202611_{ENDS}.csv"), b"202407,981019\r\n")),
        (Code::SetAnnex, of("basic").without(BasicDay)),
        (Code::SerialDiffers, of("usage").name(Detail, "093000", "093005")),
        (Code::SupplementRole, of("usage").name(Supplement, "_202611_", "_000000_")),
        (Code::SupplementSentinel, of("usage").cell(Supplement, 1, supplement::PLAN_DATE, "20261001")),
        (Code::FileEmpty, of("result").bytes(Result, |_| Vec::new())),
        (Code::FileNotCsv, of("result").bytes(Result, |_| b"PK\x03\x04 a spreadsheet".to_vec())),
        (Code::FileNotJpeg, of("basic").bytes(BasicImage, |_| b"BM a bitmap".to_vec())),
        (Code::EncodingUtf8, of("care-plan").utf8(Sheet3, ToOwned::to_owned)),
        (Code::Undecodable, of("care-plan").bytes(Sheet3, |bytes| [bytes, b"202407,981019,\xFF\r\n"].concat())),
        (Code::PrivateUse, of("care-plan").cell(Sheet3, 2, sheet3::ACTIVITY, "\"\u{E000}\"")),
        (Code::OutsideMs932, of("care-plan").utf8(Sheet1, |text| text.replace("支援 花子", "𠮷田 花子"))),
        (Code::QuoteOpen, of("care-plan").cell(Sheet3, 4, sheet3::OTHER, "\"閉じない")),
        (Code::QuoteAfter, of("care-plan").cell(Sheet3, 3, sheet3::OTHER, "\"福祉\"用具")),
        (Code::BlankLine, of("result").bytes(Result, |bytes| [bytes, b"\r\n"].concat())),
        (Code::HeadingRow, of("result").rows(Result, |rows| rows.insert(0, vec!["version".to_owned(); 25]))),
        (Code::LineEnding, of("usage").bytes(Detail, |bytes| bytes.iter().copied().filter(|b| *b != b'\r').collect())),
        (Code::ColumnCount, of("result").rows(Result, |rows| rows[1].push(String::new()))),
        (
            Code::More,
            of("result").rows(Result, |rows| {
                let mut bad = rows[0].clone();
                bad[usage::TIMES] = "x".to_owned();
                rows.extend(std::iter::repeat_n(bad, 60));
            }),
        ),
    ]
}

/// Versions and single cells.
fn cells() -> Vec<(Code, Heap)> {
    let six = |column, text| of("usage").cell(Planned, 1, column, text);
    let seven = |column, text| of("usage").cell(Detail, 1, column, text);
    vec![
        (Code::VersionMixed, of("usage").cell(Planned, 2, 0, "202208")),
        (Code::VersionUnknown, of("usage-deletion").cell(PlannedDeletion, 1, 0, "202410")),
        (Code::VersionOld, of("usage-deletion").cell(PlannedDeletion, 1, 0, "202208")),
        (
            Code::VersionLayout,
            of("care-plan").rows(Sheet3, |rows| rows.iter_mut().for_each(|row| row[0] = "202208".into())),
        ),
        (Code::RequiredEmpty, six(usage::DATE, "")),
        (Code::PresumedEmpty, six(usage::UNITS, "")),
        (Code::FullWidthCode, six(usage::SERVICE, "１１１１１１")),
        (Code::InsurerShape, six(usage::INSURER_NO, "98101")),
        (Code::InsuredShape, six(usage::INSURED_NO, "99-0000018")),
        (Code::InsuredShort, six(usage::INSURED_NO, "990000001")),
        (Code::OfficeShape, six(usage::OFFICE_NO, "98700")),
        (Code::CheckDigit, six(usage::WRITER, "9870000017")),
        (Code::DateInvalid, six(usage::DATE, "20261131")),
        (Code::MonthInvalid, six(usage::MONTH, "202613")),
        (Code::TimeInvalid, six(usage::FROM, "0960")),
        (Code::TimePastMidnight, six(usage::UNTIL, "2430")),
        (Code::TimeReversed, six(usage::UNTIL, "0830")),
        (Code::NumberInvalid, six(usage::UNITS, "二百")),
        (Code::NumberNegative, six(usage::UNITS, "-24")),
        (Code::DecimalForm, of("usage").cell(Detail, 3, detail::UNIT_PRICE, "10")),
        (Code::TooLong, six(usage::TIMES, "100")),
        (Code::TooLongPresumed, seven(detail::DAYS_BEFORE, "100000")),
        (Code::CodeUnknown, six(usage::OVER_30, "2")),
        (Code::ServiceShape, six(usage::SERVICE, "11111")),
        (Code::ServiceUnknown, six(usage::SERVICE, "991111")),
        (Code::ServiceOutOfScope, six(usage::SERVICE, "331111")),
        (Code::TaisDash, of("usage").cell(Planned, 7, usage::TAIS, "00001－000010")),
        (Code::TaisShape, of("usage").cell(Planned, 7, usage::TAIS, "1-10")),
        (Code::DaysShape, six(usage::DAYS, "1111x")),
        (Code::DaysShort, six(usage::DAYS, &"1".repeat(30))),
        (Code::DaysBeyondMonth, six(usage::DAYS, &"1".repeat(31))),
        (Code::PostalForm, of("usage").cell(Supplement, 1, supplement::POSTAL, "1000001")),
        (Code::TextWide, of("usage").cell(Supplement, 1, supplement::PHONE, "なし")),
        (Code::HalfWidthKana, of("usage").cell(Supplement, 1, supplement::KANA, "\"ｸｼﾛ ﾄﾒ\"")),
        (Code::ControlCharacter, of("usage").cell(Supplement, 1, supplement::ADDRESS2, "\"2階\u{8}\"")),
        (Code::UnusedFilled, six(usage::UNUSED, "1")),
        // The sample number of public guidance; its check digit fits.
        (Code::IndividualNumber, of("usage").cell(Supplement, 1, supplement::ADDRESS2, "\"1234-5678-9018\"")),
    ]
}

/// Keys between files, and ends.
fn links() -> Vec<(Code, Heap)> {
    vec![
        (Code::MonthMixed, of("usage").cell(Planned, 2, usage::MONTH, "202612")),
        (Code::MonthName, of("usage-deletion").names("_202611_", "_202612_")),
        (Code::KeyTwice, of("care-plan").rows(Sheet1, |rows| rows.push(rows[0].clone()))),
        (Code::LinkOrphan, of("care-plan").cell(Sheet2, 1, sheet2::PLAN_DATE, "20261003")),
        (Code::LinkMissing, of("care-plan").rows(Supplement, |rows| rows.truncate(1))),
        (Code::PlanOffice, of("care-plan").cell(Sheet1, 1, sheet1::OFFICE_NO, "9870000032")),
        (
            Code::ResultOtherOffice,
            of("result-deletion").cell(ResultDeletion, 1, result_deletion::OFFICE_NO, "9870000032"),
        ),
        (Code::ResultOtherKind, of("result").cell(Result, 1, usage::SERVICE, "151111")),
        (
            Code::UserNotConcerned,
            of("usage").rows(Planned, |rows| {
                for row in rows.iter_mut().skip(7) {
                    row[usage::OFFICE_NO] = "9870000032".to_owned();
                }
            }),
        ),
        (Code::ImageMissing, of("basic").without(BasicImage)),
        (Code::ImageUnused, of("basic").cell(Basic, 1, basic::IMAGE, "")),
    ]
}

/// What the sheets say.
fn sheets() -> Vec<(Code, Heap)> {
    let seven = |row, column, text| of("usage").cell(Detail, row, column, text);
    vec![
        (Code::PeriodReversed, of("prevention").cell(Prevention, 1, prevention::VALID_UNTIL, "20260331")),
        (Code::OutsideValidity, of("usage").cell(Supplement, 1, supplement::LIMIT_UNTIL, "20261115")),
        (Code::NeedTextMissing, of("care-plan").cell(Sheet2, 3, sheet2::NEED, "")),
        (Code::Sheet2Order, of("care-plan").rows(Sheet2, |rows| rows.swap(1, 2))),
        (Code::Sheet2Twice, of("care-plan").cell(Sheet2, 2, sheet2::HELP_NO, "1")),
        (Code::Sheet3Incomplete, of("care-plan").cell(Sheet3, 1, sheet3::WEEKDAY, "")),
        (Code::DateOutsideMonth, of("usage").cell(Planned, 1, usage::DATE, "20261201")),
        (Code::ResultFuture, of("result").cell(Result, 1, usage::DATE, "20261231")),
        (Code::TimesZero, of("usage").cell(Planned, 1, usage::TIMES, "0")),
        (Code::RowTwice, of("result").rows(Result, |rows| rows.insert(1, rows[0].clone()))),
        (Code::EquipmentCode, of("usage").cell(Planned, 7, usage::TAIS, "")),
        (Code::EquipmentElsewhere, of("usage").cell(Planned, 1, usage::LINE, "1")),
        (
            Code::EquipmentLine,
            of("usage").rows(Planned, |rows| {
                let mut other = rows[6].clone();
                other[usage::TAIS] = "00001-000011".to_owned();
                rows.insert(7, other);
            }),
        ),
        (Code::GrandTotalMissing, of("usage").rows(Detail, |rows| drop(rows.remove(4)))),
        (Code::GrandTotalOffice, seven(5, detail::OFFICE_NO, "9870000016")),
        (Code::SubtotalMissing, of("usage").rows(Detail, |rows| drop(rows.remove(2)))),
        (Code::SummaryUnits, seven(3, detail::UNITS, "631")),
        (Code::DiscountDiffers, seven(1, detail::RATE, "90").cell(Detail, 1, detail::UNITS_DISCOUNTED, "244")),
        (Code::AmountDiffers, seven(1, detail::AMOUNT, "975")),
        (Code::CostDiffers, seven(3, detail::COST, "17510")),
        (Code::ClaimDiffers, seven(3, detail::CLAIM, "15751")),
        (Code::TotalDiffers, seven(5, detail::COST, "30501")),
        (Code::LimitExceeded, of("usage").cell(Supplement, 1, supplement::LIMIT, "3000")),
        (Code::LimitAmount, of("usage").cell(Supplement, 1, supplement::LIMIT, "19706")),
        (Code::ShortStayKind, of("usage").cell(Supplement, 1, supplement::KIND1, "23")),
    ]
}

/// Every case.
fn cases() -> Vec<(Code, Heap)> {
    [files(), cells(), links(), sheets()].into_iter().flatten().collect()
}

#[test]
fn every_code_has_a_case_that_produces_it() {
    let mut seen = BTreeSet::new();
    for (code, heap) in cases() {
        let findings = check(heap);
        let found = findings.iter().find(|finding| finding.code == code.code());
        assert!(found.is_some(), "{} is not found; but {:?}", code.code(), codes(&findings));
        let found = found.unwrap();
        assert!(found.say.ends_with('。') && found.mend.ends_with('。') && !found.source.is_empty(), "{found:?}");
        seen.insert(code);
    }
    // A file of more than a gigabyte is tested by nobody.
    let missing: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| !seen.contains(code) && **code != Code::FileTooLarge)
        .map(|c| c.code())
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code).collect()
}

/// What a person reads: code by code, the place, the sentence and the mend.
#[test]
fn the_sentences_are_those_that_were_read() {
    let mut text = String::new();
    for (code, heap) in cases() {
        let findings = check(heap);
        let finding = findings.iter().find(|finding| finding.code == code.code()).unwrap();
        let place = &finding.place;
        let others: BTreeSet<&str> = codes(&findings).into_iter().filter(|other| *other != code.code()).collect();
        writeln!(
            text,
            "{} {} {}:{}:{} {}\n  {}\n  → {}\n  also {others:?}\n",
            finding.severity.code(),
            finding.code,
            place.file,
            place.row.map_or("-".to_owned(), |row| row.to_string()),
            place.column.map_or("-".to_owned(), |column| column.to_string()),
            place.item.as_deref().unwrap_or("-"),
            finding.say,
            finding.mend
        )
        .unwrap();
    }
    insta::assert_snapshot!("sentences", text);
}

#[test]
fn findings_come_in_the_order_of_files_rows_and_columns() {
    let heap = of("usage")
        .cell(Planned, 5, usage::TIMES, "x")
        .cell(Planned, 2, usage::OVER_30, "9")
        .cell(Planned, 2, usage::FROM, "x")
        .cell(Supplement, 1, supplement::SEX, "3");
    let places: Vec<(String, Option<u64>, Option<u32>)> =
        check(heap).into_iter().map(|f| (f.place.file[..7].to_owned(), f.place.row, f.place.column)).collect();
    let want = [("UPHOSOK", 1, 7), ("UPPLAN_", 2, 12), ("UPPLAN_", 2, 23), ("UPPLAN_", 5, 14)];
    assert_eq!(places, want.map(|(file, row, column)| (file.to_owned(), Some(row), Some(column))));
}

#[test]
fn a_flood_of_findings_stays_small() {
    let heap = of("result").rows(Result, |rows| {
        let mut bad = rows[0].clone();
        for column in [usage::INSURER_NO, usage::DATE, usage::FROM, usage::SERVICE, usage::OVER_30] {
            bad[column] = "?".to_owned();
        }
        rows.extend(std::iter::repeat_n(bad, 5_000));
    });
    let findings = check(heap);
    assert!(findings.len() < 500, "{}", findings.len());
    let more = findings.iter().find(|f| f.code == "more" && f.say.contains("保険者番号"));
    assert!(more.is_some_and(|f| f.say.contains("4950件")), "{more:?}");
}

#[test]
fn three_two_is_read_with_its_narrow_rows() {
    let heap = of("usage").rows(Planned, |rows| {
        for row in rows.iter_mut() {
            row[0] = "202208".to_owned();
            row.drain(usage::TAIS..=usage::EQUIPMENT_NAME);
        }
    });
    let found = check(heap);
    assert_eq!(codes(&found), ["version-old"], "{found:?}");
    let wrong = of("usage").rows(Planned, |rows| rows.iter_mut().for_each(|row| drop(row.drain(15..=17))));
    assert!(codes(&check(wrong)).contains(&"column-count"));
}

#[test]
fn a_deletion_without_its_key_is_an_error() {
    let found = check(of("care-plan-deletion").cell(Sheet1Deletion, 1, sheet1_deletion::PLAN_DATE, ""));
    assert_eq!(codes(&found), ["required-empty"]);
}
