//! The clean samples: every unit and every kind of file, nothing to find, the same bytes when written.

mod heap;

use std::collections::BTreeSet;

use kaigo_careplan::batch::sort;
use kaigo_careplan::check::{Context, check_batch};
use kaigo_careplan::kind::{Kind, Unit};
use kaigo_careplan::repair::repair;

use crate::heap::clean;

#[test]
fn nothing_is_found_in_the_clean_samples() {
    let batch = sort(clean(""));
    let report = check_batch(&batch, &Context { today: Some("2026-12-10".parse().unwrap()) });
    let found: Vec<String> =
        report.findings().map(|f| format!("{} {} {:?} {}", f.code, f.place.file, f.place.row, f.say)).collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_unit_and_every_kind_has_a_clean_sample() {
    let batch = sort(clean(""));
    let units: BTreeSet<Unit> = batch.sets.iter().filter_map(|set| set.unit).collect();
    assert_eq!(units.len(), Unit::ALL.len(), "{units:?}");
    let kinds: BTreeSet<Kind> = batch.sets.iter().flat_map(|set| &set.files).map(|file| file.parsed.kind).collect();
    assert_eq!(kinds.len(), Kind::ALL.len(), "{kinds:?}");
}

#[test]
fn clean_samples_are_written_as_they_were_read_and_not_repaired() {
    let batch = sort(clean(""));
    for (file, open) in batch.sets.iter().flat_map(|set| set.files.iter().zip(set.open().files)) {
        assert!(file.parsed.kind == Kind::BasicImage || open.table.to_bytes() == file.bytes, "{}", file.name);
    }
    let repaired = repair(&batch);
    assert_eq!(repaired.done, []);
    assert_eq!(repaired.files.len(), batch.sets.iter().map(|set| set.files.len()).sum::<usize>());
}
