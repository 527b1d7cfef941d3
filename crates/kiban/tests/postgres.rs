//! The program on a PostgreSQL server that is guarded: every command over verified TLS, the server as a role that changes no table.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod guarded;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use guarded::Guarded;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kiban");

fn kiban(args: &[&str]) -> Output {
    Command::new(PROGRAM).args(args).env_remove("KIBAN_DATABASE_URL").stdin(Stdio::null()).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn good(args: &[&str], word: &str) {
    let output = kiban(args);
    assert!(output.status.success() && said(&output).contains(word), "{args:?}: {}", said(&output));
}

fn bad(args: &[&str], word: &str) {
    let output = kiban(args);
    assert!(output.status.code() == Some(1) && said(&output).contains(word), "{args:?}: {}", said(&output));
}

#[test]
fn an_installation_moves_to_a_guarded_server_and_is_served_by_a_role_that_changes_no_table() {
    let guarded = Guarded::start();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let insurer =
        ["add", "insurer", "--no", "981019", "--name", "みなと川市", "--kana", "ミナトガワシ", "--started-on"];
    good(&[&insurer[..], &["2026-04-01", "--data-dir", data]].concat(), "");
    let file = format!("{data}/kiban.db");
    let (owner, daily) = (guarded.url("owner"), guarded.url("daily"));

    bad(&["db", "copy", "--from", &file, "--to", &guarded.url_with("owner", "stranger.pem")], "TLSを始められません");
    good(&["db", "copy", "--from", &file, "--to", &owner], "同じであることを確かめました");
    // Of its own the daily role may do nothing, and is told what to do.
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data-dir", data, "--database", &daily];
    bad(&serve, "kiban db grant --role");
    bad(&["db", "grant", "--role", "nobody", "--database", &owner], "CREATE ROLE");
    bad(&["db", "grant", "--role", "daily"], "KIBAN_DATABASE_URL");
    good(&["db", "grant", "--role", "daily", "--database", &owner, "--print"], "GRANT SELECT, INSERT ON");
    bad(&serve, "kiban db grant --role");
    guarded.grant();
    bad(&["db", "grant", "--role", "daily", "--database", &daily], "別のもの");
    good(&["verify-log", "--data-dir", data, "--database", &daily], "");
    served(&serve);
    let seen = guarded.server.log();
    assert!(seen.contains("user=daily") && !seen.contains("ERROR:  permission denied for schema public"), "{seen}");
}

/// Serves a page, takes a wrong login (which writes), and ends without having said anything of rights.
fn served(args: &[&str]) {
    let mut child = Command::new(PROGRAM)
        .args(args)
        .env_remove("KIBAN_DATABASE_URL")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let Some(host) = lines.find_map(|line| line.strip_prefix("listening http://").map(str::to_owned)) else {
        panic!("{}", said(&child.wait_with_output().unwrap()));
    };
    let ask = |request: String| {
        let mut stream = TcpStream::connect(host.trim()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let page = ask(format!("GET /login HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    let between = |from: &str, to: &str| {
        let rest = page.split_once(from).map_or("", |(_, rest)| rest);
        rest.split(to).next().unwrap_or_default().to_owned()
    };
    let form = format!("login=kamome&password=not-the-password&csrf={}", between("name=\"csrf\" value=\"", "\""));
    let cookie = between("set-cookie: ", ";");
    let tried = ask(format!(
        "POST /login HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{form}",
        form.len()
    ));
    assert!(tried.starts_with("HTTP/1.1 422"), "{tried}");
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success() && !said(&ended).contains("permission"), "{}", said(&ended));
}

#[test]
fn another_machine_is_not_reached_without_verified_tls_by_any_command() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("secret.key"), "ab".repeat(32)).unwrap();
    let data = data.to_str().unwrap();
    let away = "postgres://kiban:no-password@db.invalid/kiban?sslmode=require";
    let none = Path::new(data).join("none.db");
    for command in [
        &["serve", "--listen", "127.0.0.1:0", "--data-dir", data, "--database", away][..],
        &["import", "feed", "x", "--data-dir", data, "--database", away],
        &["verify-log", "--data-dir", data, "--database", away],
        &["cert", "list", "--data-dir", data, "--database", away],
        &["db", "copy", "--from", away, "--to", none.to_str().unwrap()],
        &["db", "grant", "--role", "x", "--database", away],
        &["loadtest", "import", "--persons", "100", "--work", data, "--database", away],
    ] {
        bad(command, "--database-network-guarded");
        assert!(!said(&kiban(command)).contains("no-password"), "{command:?}");
        // Who vouches goes on, to a name that nobody has.
        bad(&[command, &["--database-network-guarded"]].concat(), "error connecting to server");
    }
}
