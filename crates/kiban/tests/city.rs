//! A hundredth of the month of a large ward, on both engines: no errors, and every acknowledged request stands in the logs.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::process::Command;

use serde_json::Value;

fn play(database: Option<&str>) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_kiban"));
    command.args(["loadtest", "city", "--scale", "0.01", "--speed", "1000000", "--browsers", "8", "--format", "json"]);
    command.arg("--work").arg(folder.path()).env_remove("KIBAN_DATABASE_URL");
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn is_sound(report: &Value) {
    let count = |key: &str| report.get(key).and_then(Value::as_u64).unwrap();
    assert_eq!((count("errors"), count("without_an_entry")), (0, 0), "{report}");
    assert!(count("acknowledged_about_a_person") > 300, "{report}");
    let kinds = report.get("kinds").unwrap();
    for kind in [
        "intake",
        "opinion request",
        "opinion submit",
        "opinion accept",
        "days",
        "board judge",
        "session confirm",
        "care manager",
    ] {
        assert!(kinds.get(kind).is_some(), "nobody did 「{kind}」: {report}");
    }
}

#[test]
fn a_hundredth_of_the_month_on_sqlite() {
    is_sound(&play(None));
}

#[test]
fn a_hundredth_of_the_month_on_postgresql() {
    is_sound(&play(Some(&kaigo_testkit::server())));
}
