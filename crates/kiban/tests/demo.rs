//! The demo as a person starts it: a program of its own, on both engines, stopped politely and killed.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use kaigo_testkit::TestDb;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kiban");

/// A demo that runs.
struct Demo {
    child: Child,
    /// What it printed before it listened.
    said: String,
    url: String,
    out: BufReader<std::process::ChildStdout>,
}

fn command(data: &Path, database: Option<&str>, more: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(["demo", "--port", "0", "--today", "2026-11-22", "--persons", "60", "--data-dir"]);
    command.arg(data).args(more).env_remove("KIBAN_DATABASE_URL");
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Starts the demo and waits until it says that it listens.
fn start(data: &Path, database: Option<&str>, more: &[&str]) -> Demo {
    let mut child = command(data, database, more).spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let mut demo = Demo { child, said: String::new(), url: String::new(), out };
    loop {
        let mut line = String::new();
        if demo.out.read_line(&mut line).unwrap() == 0 {
            let mut errors = String::new();
            demo.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
            panic!("the demo ended:\n{}\n{errors}", demo.said);
        }
        if let Some(url) = line.strip_prefix("listening ") {
            url.trim().clone_into(&mut demo.url);
            return demo;
        }
        demo.said.push_str(&line);
    }
}

impl Drop for Demo {
    /// A test that fails leaves no server behind.
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Demo {
    fn get(&self, path: &str) -> String {
        let host = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends SIGTERM and waits for the end.
    fn stop(mut self) {
        signal("-TERM", self.child.id());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "ended with {status}");
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
    }
}

fn signal(name: &str, pid: u32) {
    let sent = Command::new("kill").args([name, &pid.to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Runs `kiban verify-log` on the data; answers whether it found nothing wrong, and what it printed.
fn verify(data: &Path, database: Option<&str>, more: &[&str]) -> (bool, String) {
    let mut command = Command::new(PROGRAM);
    command.args(["verify-log", "--data-dir"]).arg(data).args(more).env_remove("KIBAN_DATABASE_URL");
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    let output = command.output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

/// A folder, and the address of a database without tables where it is PostgreSQL.
struct Place {
    folder: TempDir,
    database: Option<String>,
    db: Option<TestDb>,
}

fn places() -> Vec<Place> {
    let db = kaigo_testkit::postgres();
    kaigo_store::migrate::remove_everything(&db.db).unwrap();
    let url = kaigo_testkit::url(&db);
    vec![
        Place { folder: tempfile::tempdir().unwrap(), database: None, db: None },
        Place { folder: tempfile::tempdir().unwrap(), database: Some(url), db: Some(db) },
    ]
}

impl Place {
    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn start(&self, more: &[&str]) -> Demo {
        start(&self.data(), self.database.as_deref(), more)
    }
}

#[test]
fn the_demo_starts_is_reused_and_made_anew() {
    for place in places() {
        let data = place.data();
        let first = place.start(&[]);
        for word in ["ログインできる人", "izumo", "kamome-no-asagohan", "5分でためす", "Ctrl-C"] {
            assert!(first.said.contains(word), "{word}:\n{}", first.said);
        }
        let page = first.get("/login");
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("ログイン"), "{page}");
        let accounts = std::fs::read_to_string(data.join("accounts.json")).unwrap();
        assert!(accounts.contains("\"login\": \"izumo\"") && accounts.contains("\"totp_secret\": \""));
        first.stop();
        let secret = std::fs::read(data.join("secret.key")).unwrap();
        let manifest = std::fs::read_to_string(data.join("demo.json")).unwrap();
        assert!(manifest.contains("\"2026-11-22\"") && !data.join("demo-building.json").exists());

        // Whoever waits at the operator's desk asked in the demo's time; what was issued counts in ours.
        if let Some(db) = &place.db {
            let rows = db.dump("terminal_certificate");
            let row = |name: &str| rows.iter().find(|row| row.contains(name)).unwrap();
            assert!(row("訪問用のタブレット").contains("2026-11-21T01:30:00"), "{rows:?}");
            let approved = row("事務所のパソコン2");
            assert!(approved.contains("2026-11-21T01:30:00") && approved.contains("2026-11-21T06:00:00"), "{rows:?}");
            assert!(!row("事務所のパソコン1").contains("2026-11-21T"), "{rows:?}");
        }

        // What was sealed when it stopped is right, and stays so.
        let heads = place.folder.path().join("heads.json");
        let (is_right, said) = verify(&data, place.database.as_deref(), &["--save", heads.to_str().unwrap()]);
        assert!(is_right, "{said}");
        assert!(said.contains("981019") && !said.contains("封印を待つ"), "{said}");

        let second = place.start(&[]);
        assert!(second.said.contains("デモのデータを使います"), "{}", second.said);
        second.stop();
        assert_eq!(std::fs::read(data.join("secret.key")).unwrap(), secret);
        let (is_right, said) =
            verify(&data, place.database.as_deref(), &["--known", heads.to_str().unwrap(), "--format", "json"]);
        assert!(is_right && said.contains("\"ok\": true"), "{said}");

        let third = place.start(&["--fresh"]);
        assert!(!third.said.contains("デモのデータを使います"), "{}", third.said);
        third.stop();
        assert_ne!(std::fs::read(data.join("secret.key")).unwrap(), secret);
        // The heads of the first demo are not on the chains of the new one: that is what the file is for.
        let (is_right, said) = verify(&data, place.database.as_deref(), &["--known", heads.to_str().unwrap()]);
        assert!(!is_right, "{said}");
    }
}

#[test]
fn a_build_that_is_killed_is_made_anew_at_the_next_start() {
    for place in places() {
        let mut child = command(&place.data(), place.database.as_deref(), &[]).spawn().unwrap();
        // The importers are at work when this line comes.
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("ログインできる人を用意しています") {
            line.clear();
            assert!(errors.read_line(&mut line).unwrap() > 0, "the build ended too early");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(place.data().join("demo-building.json").exists() && !place.data().join("demo.json").exists());
        let again = place.start(&[]);
        assert!(again.get("/login").starts_with("HTTP/1.1 200"));
        again.stop();
        assert!(place.data().join("demo.json").exists());
        let (is_right, said) = verify(&place.data(), place.database.as_deref(), &[]);
        assert!(is_right, "{said}");
    }
}

#[test]
fn a_demo_is_copied_to_postgresql_and_its_log_still_holds() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    start(&data, None, &[]).stop();
    let db = kaigo_testkit::postgres();
    let url = kaigo_testkit::url(&db);
    let run = || {
        let mut copy = Command::new(PROGRAM);
        copy.args(["db", "copy", "--from"]).arg(data.join("kiban.db")).args(["--to", &url]);
        copy.output().unwrap()
    };
    let copied = run();
    let said = String::from_utf8(copied.stdout).unwrap();
    assert!(copied.status.success() && said.contains("すべての行が同じ"), "{said}");
    let (is_right, on_sqlite) = verify(&data, None, &[]);
    let (is_right_there, on_postgres) = verify(&data, Some(&url), &[]);
    assert!(is_right && is_right_there, "{on_postgres}");
    assert_eq!(on_sqlite, on_postgres);
    assert_eq!(run().status.code(), Some(1), "a target that is not empty is refused");
}

#[test]
fn a_database_or_folder_of_somebody_else_is_left_alone() {
    let db = kaigo_testkit::postgres();
    let tables = db.db.catalog().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = kaigo_testkit::url(&db);
    let refused = command(folder.path(), Some(&url), &["--fresh"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("もう表があり"));
    assert_eq!(db.db.catalog().unwrap(), tables);

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("letter.txt"), "dear").unwrap();
    let refused = command(folder.path(), None, &["--fresh"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("デモのフォルダーではありません"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn wrong_command_lines_are_told_apart() {
    for (line, code) in [
        (vec!["demo", "--port", "x"], 2),
        (vec!["fly"], 2),
        (vec!["serve", "--listen", "0.0.0.0:8080"], 1),
        (vec!["verify-log", "--data-dir", "/nonexistent/kiban"], 1),
        (vec!["doc", "authz"], 0),
    ] {
        let output = Command::new(PROGRAM).args(&line).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{line:?}");
    }
}
