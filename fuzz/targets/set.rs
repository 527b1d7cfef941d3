//! Any bytes as the files of a set: sorted, read, checked, shown as sheets, compared and repaired without panic; repairing twice
//! changes nothing more.
#![no_main]

use kaigo_careplan::batch::{Batch, InFile, sort};
use kaigo_careplan::check::{Context, check_batch, check_set};
use kaigo_careplan::kind::{Kind, Unit};
use kaigo_careplan::sheet::Grid;
use kaigo_careplan::{difference, repair, sheet};
use libfuzzer_sys::fuzz_target;

/// The first byte chooses the unit; a zero byte ends a file.
fn heap(data: &[u8]) -> Vec<InFile> {
    let Some((first, rest)) = data.split_first() else { return Vec::new() };
    let unit = Unit::ALL[usize::from(*first) % Unit::ALL.len()];
    let kinds = unit.required().iter().chain(unit.optional());
    kinds
        .zip(rest.split(|byte| *byte == 0))
        .map(|(kind, bytes)| {
            let month = match (kind.has_month(), unit) {
                (true, Unit::CarePlan) => "000000_",
                (true, _) => "202611_",
                (false, _) => "",
            };
            let ends = "9870000016_43_9870000024_11_20261101090000";
            let end = if *kind == Kind::BasicImage { "_0001.jpg" } else { ".CSV" };
            InFile { name: format!("{}_{month}{ends}{end}", kind.prefix()), bytes: bytes.to_vec() }
        })
        .collect()
}

fuzz_target!(|data: &[u8]| {
    let batch: Batch = sort(heap(data));
    let context = Context { today: kaigo_core_day() };
    let _ = check_batch(&batch, &context);
    for set in &batch.sets {
        let open = set.open();
        let _ = check_set(&open, &context);
        for person in open.people() {
            let (insurer, insured) = (person.insurer_no.as_str(), person.insured_no.as_str());
            let _ = sheet::of_person(&open, insurer, insured);
            let _ = Grid::merge(&open, &[&open], insurer, insured);
            for found in difference::of_person(&open, &[&open], insurer, insured) {
                assert!(!found.say().is_empty());
            }
        }
        let _ = sheet::of_everyone(&open);
    }
    let once = repair::repair(&batch);
    let again = repair::repair(&sort(
        once.files.iter().map(|(name, bytes)| InFile { name: name.clone(), bytes: bytes.clone() }).collect(),
    ));
    assert_eq!(once.files, again.files);
});

fn kaigo_core_day() -> Option<kaigo_core::date::Date> {
    kaigo_core::date::Date::new(2026, 11, 27).ok()
}
