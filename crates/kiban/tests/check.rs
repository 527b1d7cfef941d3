//! `kiban check` as vendors and offices run it: files, folders, archives, JSON, the repaired copy, the exit status.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kaigo_careplan::pack::pack;
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kiban");

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/careplan/clean")
}

fn check(args: &[&str], paths: &[&Path]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } =
        Command::new(PROGRAM).arg("check").args(args).args(paths).env_remove("KIBAN_DATABASE_URL").output().unwrap();
    (status.code(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

/// A copy of one clean set, to spoil.
fn copy(unit: &str, folder: &Path) -> Vec<PathBuf> {
    fs::create_dir_all(folder).unwrap();
    let mut files: Vec<PathBuf> = fs::read_dir(samples().join(unit))
        .unwrap()
        .map(|entry| {
            let from = entry.unwrap().path();
            let to = folder.join(from.file_name().unwrap());
            fs::copy(&from, &to).unwrap();
            to
        })
        .collect();
    files.sort();
    files
}

fn digest(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn clean_samples_can_be_sent() {
    let (code, said) = check(&[], &[&samples()]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("11組") && said.contains("エラー 0件、注意 0件、お知らせ 0件"), "{said}");
    assert!(said.contains("このまま送れます。") && said.contains("予定（第6・7表）　2026年11月　2人"), "{said}");
}

#[test]
fn json_has_the_documented_shape() {
    let folder = tempfile::tempdir().unwrap();
    let files = copy("usage", folder.path());
    let planned = files.iter().find(|path| path.to_string_lossy().contains("UPPLAN")).unwrap();
    let bytes = fs::read(planned).unwrap();
    fs::write(planned, String::from_utf8_lossy(&bytes).replacen(",0900,", ",0960,", 1).as_bytes()).unwrap();
    let (code, said) = check(&["--format", "json"], &[folder.path()]);
    assert_eq!(code, Some(1), "{said}");
    let json: Value = serde_json::from_str(&said).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<String>>();
    let set = |keys: &[&str]| keys.iter().map(ToString::to_string).collect::<BTreeSet<String>>();
    assert_eq!(keys(&json), set(&["files", "findings", "summary"]));
    assert_eq!(keys(&json["summary"]), set(&["errors", "warnings", "notes"]));
    assert_eq!(json["files"].as_array().unwrap().len(), 3);
    for file in json["files"].as_array().unwrap() {
        assert_eq!(keys(file), set(&["name", "kind", "version", "rows"]));
    }
    let shape = set(&["severity", "code", "file", "row", "column", "item", "say", "mend", "source"]);
    assert!(json["findings"].as_array().unwrap().iter().all(|finding| keys(finding) == shape));
    let time = json["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "time-invalid").unwrap();
    assert_eq!(
        (time["row"].as_u64(), time["column"].as_u64(), &time["item"]),
        (Some(1), Some(12), &"サービス開始時刻".into())
    );
    assert_eq!(json["files"][1]["kind"], "UPPLAN");
}

#[test]
fn an_archive_is_read_like_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let files = digest(&samples().join("result"));
    let zip = folder.path().join("実績.zip");
    let names: Vec<String> =
        files.iter().map(|(path, _)| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    let entries = files.iter().zip(&names).map(|((_, bytes), name)| ("11月", name.as_str(), bytes.as_slice()));
    fs::write(&zip, pack(entries)).unwrap();
    let (code, said) = check(&[], &[&zip]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("1組・1ファイル"), "{said}");
    fs::write(&zip, b"PK\x03\x04 broken").unwrap();
    assert_eq!(check(&[], &[&zip]).0, Some(2));
}

#[test]
fn unusable_arguments_answer_two() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(check(&[], &[&folder.path().join("nothing")]).0, Some(2));
    assert_eq!(check(&[], &[folder.path()]).0, Some(2), "an empty folder");
    assert_eq!(check(&["--format", "xml"], &[folder.path()]).0, Some(2));
}

#[test]
fn the_repaired_copy_is_clean_and_the_original_is_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (original, copy_to) = (folder.path().join("書き出し"), folder.path().join("写し"));
    let files = copy("usage", &original);
    for path in &files {
        let bytes = fs::read(path).unwrap();
        let (text, _, _) = encoding_rs::SHIFT_JIS.decode(&bytes);
        fs::write(path, format!("\u{FEFF}{}", text.replace("\r\n", "\n"))).unwrap();
    }
    let before = digest(&original);
    assert_eq!(check(&[], &[&original]).0, Some(1));
    let (code, said) = check(&["--repair", copy_to.to_str().unwrap()], &[&original]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("文字コードをShift_JIS（MS932）にしました。") && said.contains("このまま送れます。"),
        "{said}"
    );
    assert_eq!(digest(&original), before);
    let clean: Vec<Vec<u8>> = digest(&samples().join("usage")).into_iter().map(|(_, bytes)| bytes).collect();
    assert_eq!(digest(&copy_to).into_iter().map(|(_, bytes)| bytes).collect::<Vec<_>>(), clean);

    // A folder with something in it, the original itself and a folder in it are refused.
    for refused in [&copy_to, &original, &original.join("写し")] {
        let (code, said) = check(&["--repair", refused.to_str().unwrap()], &[&original]);
        assert_eq!(code, Some(2), "{said}");
    }
    assert_eq!(digest(&original), before);
}
