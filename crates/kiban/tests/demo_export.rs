//! `kiban demo --export`: the demo's exchange as files, without a server.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

fn export(folder: &Path, today: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kiban"));
    command.args(["demo", "--today", today, "--persons", "60", "--export"]).arg(folder);
    command.args(["--data-dir", "/nonexistent/never-made"]).output().unwrap()
}

fn files(folder: &Path, under: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(under).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(folder, &path, out);
        } else {
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            out.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn files_stand_by_office_and_month_and_are_the_same_each_time() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut found = [BTreeMap::new(), BTreeMap::new()];
    for (place, out) in [one.path(), two.path()].into_iter().zip(&mut found) {
        let output = export(place, "2026-11-22");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        files(place, place, out);
    }
    assert_eq!(found[0], found[1]);
    let names: Vec<&String> = found[0].keys().collect();
    assert!(names.contains(&&"README.md".to_owned()));
    assert!(names.iter().any(|name| name.starts_with("9870100014/202611/UPPLAN_202611_9870100014_43_")), "{names:?}");
    assert!(names.iter().any(|name| name.starts_with("9870100014/202611/下書き/")), "{names:?}");
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("notes.txt"), "somebody's").unwrap();
    let output = export(place.path(), "2026-11-22");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("何も書いていません"));
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
}
