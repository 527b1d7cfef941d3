//! An installation that begins from nothing: an insurer, its feed, an account, without anything of the demo.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod guarded;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use kaigo_demo::{DEMO_SEED, Nation};
use kaigo_testkit::url;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kiban");

fn kiban(data: &Path, database: Option<&str>, args: &[&str], input: &str) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(args).arg("--data-dir").arg(data).env_remove("KIBAN_DATABASE_URL");
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn begin_from_nothing(database: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let (data, files) = (folder.path().join("data"), folder.path().join("files"));
    let nation = Nation::make(DEMO_SEED, jiff::civil::date(2026, 11, 22), 60);
    nation.write_all(&files).unwrap();
    let feed = files.join("feeds/minatogawa-1-full");
    let feed = feed.to_str().unwrap();

    let early = kiban(&data, database, &["import", "feed", feed], "");
    assert_eq!(early.status.code(), Some(1), "{}", said(&early));
    assert!(said(&early).contains("登録されていません"), "{}", said(&early));

    let insurer = ["add", "insurer", "--no", "981019", "--name", "みなと川市", "--kana", "ミナトガワシ"];
    let bad = kiban(&data, database, &[&insurer[..], &["--started-on", "いつか"]].concat(), "");
    assert!(!bad.status.success() && said(&bad).contains("日付として読めません"), "{}", said(&bad));
    let added = kiban(&data, database, &[&insurer[..], &["--started-on", "令和8年4月1日"]].concat(), "");
    assert!(added.status.success(), "{}", said(&added));

    let loaded = kiban(&data, database, &["import", "feed", feed], "");
    assert_eq!(loaded.status.code(), Some(0), "{}", said(&loaded));

    let account = ["add", "account", "--login", "izumo", "--name", "出雲 太郎"];
    let staff = ["--office", "9870100113", "--job", "介護支援専門員"];
    let alone = kiban(&data, database, &account, "kamome-no-asagohan\n");
    assert!(!alone.status.success() && said(&alone).contains("--office"), "{}", said(&alone));
    let short = kiban(&data, database, &[&account[..], &staff[..]].concat(), "kamome\n");
    assert!(!short.status.success() && said(&short).contains("8文字以上"), "{}", said(&short));
    let made = kiban(&data, database, &[&account[..], &staff[..]].concat(), "kamome-no-asagohan\n");
    assert!(made.status.success() && said(&made).contains("otpauth://totp/"), "{}", said(&made));
    let again = kiban(&data, database, &[&account[..], &staff[..]].concat(), "kamome-no-asagohan\n");
    assert!(!again.status.success() && said(&again).contains("もう使われています"), "{}", said(&again));
    the_circle(&data, database);
}

/// A medical institution, a board, and accounts of those who work there and in the municipality.
fn the_circle(data: &Path, database: Option<&str>) {
    let good = |args: &[&str], word: &str| {
        let output = kiban(data, database, args, "toudai-no-akari-8\n");
        assert!(output.status.success() && said(&output).contains(word), "{args:?}: {}", said(&output));
    };
    let bad = |args: &[&str], word: &str| {
        let output = kiban(data, database, args, "toudai-no-akari-8\n");
        assert!(!output.status.success() && said(&output).contains(word), "{args:?}: {}", said(&output));
    };
    let clinic = ["add", "institution", "--name", "海辺内科", "--kana", "ウミベナイカ", "--no"];
    bad(&[&clinic[..], &["123"]].concat(), "医療機関コード");
    good(&[&clinic[..], &["9811000019"]].concat(), "海辺内科");
    let board = ["add", "board", "--name", "審査会", "--insurers"];
    bad(&[&board[..], &["981019", "--id", "B 1"]].concat(), "--id");
    bad(&[&board[..], &["98", "--id", "minato"]].concat(), "保険者番号");
    good(&[&board[..], &["981019", "--id", "minato"]].concat(), "審査会");
    let account = |login: &'static str| ["add", "account", "--name", "担当 者", "--login", login];
    for (login, whose) in [
        ("clerk", &["--insurer", "981019"][..]),
        ("chief", &["--insurer", "981019", "--admin"]),
        ("doctor", &["--institution", "9811000019", "--job", "医師"]),
        ("board", &["--board", "minato"]),
    ] {
        good(&[&account(login)[..], whose].concat(), "otpauth://totp/");
    }
    bad(&[&account("x")[..], &["--institution", "9811000019"]].concat(), "--job");
    bad(&[&account("x")[..], &["--board", "minato", "--insurer", "981019"]].concat(), "--board");
    bad(&[&account("x")[..], &["--board", "minato", "--admin"]].concat(), "--admin");
}

#[test]
fn an_installation_begins_from_nothing_on_sqlite() {
    begin_from_nothing(None);
}

#[test]
fn an_installation_begins_from_nothing_as_a_role_that_changes_no_table() {
    let guarded = guarded::Guarded::start();
    let url = guarded.url("daily");
    let folder = tempfile::tempdir().unwrap();
    let early = kiban(&folder.path().join("early"), Some(&url), &["import", "feed", "x"], "");
    assert!(!early.status.success());
    guarded.grant();
    begin_from_nothing(Some(&url));
}

#[test]
fn an_installation_begins_from_nothing_on_postgresql() {
    let test = kaigo_testkit::postgres();
    begin_from_nothing(Some(&url(&test)));
}
