//! The listener under testssl.sh, which knows nothing of ours: versions, ciphers, certificate, headers and the known attacks on TLS.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::{PROGRAM, Server, open};

/// What testssl.sh may say above LOW, and why it is no weakness of ours.
const ACCEPTED: &[(&str, &str)] = &[
    ("engine_problem", "Debian's openssl, with which the scanner works, has no GOST ciphers: nothing of the server's"),
    ("sessionresumption_ticket", "the scanner resumes as before TLS 1.3; our own test beside this one resumes"),
];

/// Versions that must be refused.
const OLD_VERSIONS: &[&str] = &["SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_2"];

/// Findings that must be there: else the scanner did not look.
const LOOKED_AT: &[&str] = &[
    "TLS1_3",
    "PFS",
    "cert_chain_of_trust",
    "cert_signatureAlgorithm",
    "HSTS_time",
    "heartbleed",
    "CCS",
    "ROBOT",
    "secure_renego",
    "CRIME_TLS",
    "BREACH",
    "POODLE_SSL",
    "FREAK",
    "DROWN",
    "LOGJAM",
    "BEAST",
    "LUCKY13",
    "RC4",
];

fn field<'a>(finding: &'a Value, name: &str) -> &'a str {
    finding.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Lets testssl.sh look at a port; its findings.
fn scan(port: u16, place: &str, checks: &[&str], ca: Option<&Path>, folder: &Path) -> Vec<Value> {
    let out = folder.join(format!("{port}.json"));
    let mut command = Command::new("testssl");
    command.args(["--quiet", "--color", "0", "--warnings", "off", "--ip", "one", "--connect-timeout", "10"]);
    command.args(["--openssl-timeout", "10"]).args(checks).arg("--jsonfile").arg(&out);
    if let Some(ca) = ca {
        command.arg(format!("--add-ca={}", ca.display()));
    }
    let done = command.arg(format!("localhost:{port}{place}")).current_dir(folder).output();
    let done = done.expect("testssl is installed (Debian: testssl.sh)");
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    let text = std::fs::read_to_string(&out).unwrap_or_else(|error| panic!("{error}\n{said}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{said}\n{text}"))
}

/// What is above LOW and not accepted, what was not looked at, and old versions that are spoken.
fn judge(findings: &[Value], looked_at: &[&str]) -> Vec<String> {
    let is_fine = |f: &&Value| {
        matches!(field(f, "severity"), "OK" | "INFO" | "LOW") || ACCEPTED.iter().any(|(id, _)| *id == field(f, "id"))
    };
    let told = |f: &Value| format!("{} {}: {}", field(f, "severity"), field(f, "id"), field(f, "finding"));
    let mut wrong: Vec<String> = findings.iter().filter(|f| !is_fine(f)).map(told).collect();
    let find = |id: &str| findings.iter().find(|f| field(f, "id") == id);
    wrong.extend(looked_at.iter().filter(|id| find(id).is_none()).map(|id| format!("not looked at: {id}")));
    for id in OLD_VERSIONS {
        let said = find(id).map_or("nothing", |f| field(f, "finding"));
        if !said.starts_with("not offered") {
            wrong.push(format!("{id}: {said}"));
        }
    }
    if !find("TLS1_3").is_some_and(|f| field(f, "finding").starts_with("offered")) {
        wrong.push("TLS 1.3 is not offered".to_owned());
    }
    wrong
}

#[test]
fn a_known_scanner_finds_nothing_above_low() {
    let folder = TempDir::new().unwrap();
    let (data, tls) = (folder.path().join("data"), folder.path().join("tls"));
    drop(open(&data));
    let run = |arguments: &[&str]| {
        let done = Command::new(PROGRAM).args(arguments).arg("--data-dir").arg(&data).output().unwrap();
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let (key, ca) = (text(&folder.path().join("root.key")), folder.path().join("ca.crt"));
    run(&["cert", "init", "--root-key", &key]);
    run(&["cert", "ca", "--out", &text(&ca)]);
    let list = "http://localhost/pki/crl.der";
    run(&["cert", "server", "--name", "localhost", "--crl-url", list, "--out", &text(&tls)]);
    let server = Server::start(&data, &tls, &[]);
    let checks = ["--protocols", "--server-preference", "--fs", "--server-defaults", "--headers", "--vulnerable"];
    let findings = scan(server.port, "/login", &checks, Some(&ca), folder.path());
    assert_eq!(judge(&findings, LOOKED_AT), Vec::<String>::new());
}

/// A server of openssl's that still speaks TLS 1.2.
struct Old(Child, u16);

impl Drop for Old {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn the_scanner_is_not_blind() {
    let folder = TempDir::new().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-keyout", "old.key", "-out", "old.crt"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(made.status.success());
    let mut command = Command::new("openssl");
    command.args(["s_server", "-accept", &port.to_string(), "-cert", "old.crt", "-key", "old.key", "-www", "-tls1_2"]);
    let child = command.current_dir(folder.path()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let old = Old(child, port);
    let started = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", old.1)).is_err() {
        assert!(started.elapsed() < Duration::from_secs(20), "openssl s_server does not listen");
        std::thread::sleep(Duration::from_millis(50));
    }
    let findings = scan(old.1, "/", &["--protocols"], None, folder.path());
    let wrong = judge(&findings, &["TLS1_3"]);
    assert!(wrong.iter().any(|w| w.starts_with("TLS1_2: offered")), "{wrong:?}\n{findings:#?}");
    assert!(wrong.iter().any(|w| w == "TLS 1.3 is not offered"), "{wrong:?}");
}
