//! Repairs: what is mended, what is left alone, and that a second repair finds nothing to do.

mod heap;

use std::collections::BTreeMap;

use kaigo_careplan::batch::{Batch, InFile, sort};
use kaigo_careplan::check::{Context, check_batch};
use kaigo_careplan::kind::Kind::{Basic, Detail, Planned, Result, Sheet1, Sheet3, Supplement};
use kaigo_careplan::layout::{basic, detail, sheet3, supplement, usage};
use kaigo_careplan::repair::{Repaired, repair};
use proptest::prelude::*;

use crate::heap::{Heap, clean};

fn again(repaired: &Repaired) -> Batch {
    sort(repaired.files.iter().map(|(name, bytes)| InFile { name: name.clone(), bytes: bytes.clone() }).collect())
}

/// Files by name.
fn named<'a>(files: impl IntoIterator<Item = (&'a String, &'a Vec<u8>)>) -> BTreeMap<&'a str, &'a [u8]> {
    files.into_iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}

/// The heap, repaired, is the clean heap of the unit again.
fn becomes_clean(unit: &str, spoiled: Heap) {
    let batch = sort(spoiled.0);
    let before = batch.clone();
    let repaired = repair(&batch);
    assert_eq!(batch, before, "the original is not touched");
    assert!(!repaired.done.is_empty(), "{unit}: nothing was done");
    let want = clean(unit);
    assert_eq!(
        named(repaired.files.iter().map(|(name, bytes)| (name, bytes))),
        named(want.iter().map(|file| (&file.name, &file.bytes))),
        "{:#?}",
        repaired.done
    );
    assert_eq!(repair(&again(&repaired)).done, []);
}

#[test]
fn bytes_and_rows_are_put_right() {
    becomes_clean("care-plan", Heap::of("care-plan").utf8(Sheet1, ToOwned::to_owned));
    becomes_clean("care-plan", Heap::of("care-plan").utf8(Sheet1, |text| format!("\u{FEFF}{text}")));
    becomes_clean(
        "usage",
        Heap::of("usage").bytes(Planned, |bytes| bytes.iter().copied().filter(|b| *b != b'\r').collect()),
    );
    becomes_clean("usage", Heap::of("usage").rows(Planned, |rows| rows.insert(0, vec!["version".to_owned(); 25])));
    becomes_clean("usage", Heap::of("usage").bytes(Planned, |bytes| [bytes, b"\r\n\r\n"].concat()));
}

#[test]
fn cells_are_put_right() {
    let six = |column, text| Heap::of("usage").cell(Planned, 1, column, text);
    becomes_clean("usage", six(usage::SERVICE, "１１１１１１"));
    becomes_clean("usage", six(usage::INSURER_NO, " 981019"));
    becomes_clean("usage", six(usage::DATE, "2026/11/2"));
    becomes_clean("usage", six(usage::FROM, "900").cell(Planned, 1, usage::UNTIL, "9:30"));
    becomes_clean("usage", Heap::of("usage").cell(Planned, 7, usage::TAIS, "00001－000010"));
    becomes_clean(
        "usage",
        Heap::of("usage").cell(Planned, 7, usage::UNITS, "\"1,300\"").rows(Planned, |rows| {
            // The quotation marks of the original stay; those of the clean file are bare.
            rows[6][usage::UNITS] = "１３００".to_owned();
        }),
    );
    becomes_clean("usage", Heap::of("usage").cell(Detail, 3, detail::UNIT_PRICE, "10"));
    becomes_clean("usage", Heap::of("usage").cell(Supplement, 1, supplement::POSTAL, "1000001"));
    becomes_clean("usage", Heap::of("usage").cell(Supplement, 1, supplement::KANA, "\"ｸｼﾛ トメ\""));
    becomes_clean("basic", Heap::of("basic").cell(Basic, 1, basic::METHOD, "1"));
}

#[test]
fn names_and_combinations_are_put_right() {
    becomes_clean("usage", Heap::of("usage").name(Planned, ".CSV", ".csv"));
    becomes_clean("result", Heap::of("result").names("24_11_", "24_43_").names("16_43_", "16_11_"));
    becomes_clean("usage", Heap::of("usage").name(Planned, "093000", "092955").name(Supplement, "093000", "092950"));
    becomes_clean(
        "usage",
        Heap::of("usage").name(Supplement, "_202611_", "_000000_").rows(Supplement, |rows| {
            for row in rows {
                row[supplement::MONTH] = "000000".to_owned();
                row[supplement::PLAN_DATE] = "20261001".to_owned();
            }
        }),
    );
    becomes_clean(
        "care-plan",
        Heap::of("care-plan").name(Supplement, "_000000_", "_202611_").rows(Supplement, |rows| {
            for row in rows {
                row[supplement::MONTH] = "202611".to_owned();
                row[supplement::PLAN_DATE] = "00000000".to_owned();
            }
        }),
    );
}

#[test]
fn a_replacement_is_told_and_a_character_without_one_keeps_the_file() {
    let told = repair(&sort(Heap::of("care-plan").utf8(Sheet1, |text| text.replace("支援 花子", "𠮷田 花子")).0));
    let mend = told.done.iter().find(|mend| mend.item.is_some()).unwrap();
    assert_eq!((mend.before.as_str(), mend.after.as_str(), mend.count), ("𠮷田 花子", "吉田 花子", 2));
    let report = check_batch(&again(&told), &Context::default());
    assert_eq!(report.findings().count(), 0);

    let kept = repair(&sort(Heap::of("care-plan").utf8(Sheet1, |text| text.replace("支援 花子", "😀 花子")).0));
    assert_eq!(kept.done, []);
    let file = kept.files.iter().find(|(name, _)| name.starts_with("UP1KYO")).unwrap();
    assert!(String::from_utf8(file.1.clone()).unwrap().contains("😀"));
}

#[test]
fn what_is_not_certain_is_left_alone() {
    for heap in [
        Heap::of("care-plan").cell(Sheet3, 4, sheet3::OTHER, "\"閉じない"),
        Heap::of("care-plan").bytes(Sheet3, |bytes| [bytes, b"202407,981019,\xFF\n"].concat()),
        Heap::of("usage").cell(Planned, 1, usage::INSURER_NO, "98101"),
        Heap::of("usage").cell(Planned, 1, usage::DATE, "20261131"),
        Heap::of("care-plan").cell(Sheet3, 2, sheet3::ACTIVITY, "\"\u{E000}\""),
    ] {
        let batch = sort(heap.0);
        let repaired = repair(&batch);
        assert_eq!(repaired.done, []);
        let files = batch.sets.iter().flat_map(|set| &set.files);
        assert!(
            files.zip(&repaired.files).all(|(before, (name, bytes))| before.name == *name && before.bytes == *bytes)
        );
    }
}

proptest! {
    /// Whatever stands in a cell: a second repair has nothing to do, and no error is added.
    #[test]
    fn repairing_twice_is_repairing_once(
        column in 0_usize..25,
        text in "[0-9０-９:/,\\-－ ア-ンｱ-ﾝﾞa-zA-Z.]{0,12}",
        utf8: bool,
    ) {
        let quoted = if text.contains(',') { format!("\"{text}\"") } else { text };
        let mut heap = Heap::of("result").cell(Result, 1, column, &quoted);
        if utf8 {
            heap = heap.utf8(Result, |text| format!("\u{FEFF}{text}"));
        }
        let batch = sort(heap.0);
        let once = repair(&batch);
        let second = again(&once);
        let twice = repair(&second);
        prop_assert_eq!(&twice.done, &[]);
        prop_assert_eq!(&twice.files, &once.files);
        let errors = |batch: &Batch| check_batch(batch, &Context::default()).summary().errors;
        prop_assert!(errors(&second) <= errors(&batch));
    }
}
