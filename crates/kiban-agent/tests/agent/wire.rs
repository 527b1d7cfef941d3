//! Answers that no good server gives, and wires that break.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::canned::{Canned, answer, json, problem};
use crate::program::Desk;

const EMPTY: &str = r#"{"sets":[],"next":null}"#;
const NAME: &str = "UPJSK_202611_9870000025_11_9870000017_43_20261101090000.CSV";

fn inbox(set_id: &str) -> Vec<u8> {
    json(&format!(r#"{{"sets":[{{"set_id":"{set_id}"}}],"next":null}}"#))
}

fn sha256(bytes: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    digest.as_ref().iter().fold(String::new(), |out, byte| format!("{out}{byte:02x}"))
}

fn set(name: &str, bytes: &[u8]) -> Vec<u8> {
    let (size, sum) = (bytes.len(), sha256(bytes));
    json(&format!(
        r#"{{"from":{{"office_no":"9870000025"}},"to":{{"office_no":"9870000017"}},"unit":"result","month":"202611",
        "serial":"20261101090000","sent_at":"2026-11-01T00:00:00.000Z",
        "files":[{{"name":"{name}","size":{size},"sha256":"{sum}"}}]}}"#
    ))
}

fn archive(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, SimpleFileOptions::default()).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn without_a_server_the_exit_code_says_so() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = Desk::new(&format!("http://{closed}"), "t").run("receive", &["--retries", "0"]);
    assert_eq!(ran.is(3).only("error")["code"], "unreachable");
}

#[test]
fn a_command_line_that_does_not_fit_asks_nobody() {
    let desk = Desk::new("http://kiban.example", "t");
    assert_eq!(desk.run("receive", &[]).is(2).only("error")["code"], "usage");
    assert_eq!(desk.run("receive", &["--no-such-option"]).exit, 2);
    assert_eq!(Desk::new("http://127.0.0.1:9", "two words").run("send", &[]).is(2).only("error")["code"], "usage");
}

#[test]
fn a_refused_token_ends_the_run() {
    let server = Canned::new(vec![problem("401 Unauthorized", "www-authenticate: Bearer\r\n", "login-needed")]);
    let ran = Desk::new(&server.url, "old").run("receive", &[]);
    assert_eq!(ran.is(4).only("error")["code"], "token");
    let asked = server.asked();
    assert!(asked[0].to_lowercase().contains("authorization: bearer old\r\n"), "{asked:?}");
}

#[test]
fn a_busy_server_is_asked_again() {
    let busy = problem("503 Service Unavailable", "retry-after: 0\r\n", "busy");
    let server = Canned::new(vec![busy, answer("502 Bad Gateway", "retry-after: 0\r\n", b"<html>"), json(EMPTY)]);
    Desk::new(&server.url, "t").run("receive", &[]).is(0);
    assert_eq!(server.asked().len(), 3);
}

#[test]
fn the_token_follows_no_redirect() {
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let location = format!("location: http://{}/\r\n", elsewhere.local_addr().unwrap());
    let server = Canned::new(vec![answer("302 Found", &location, b"")]);
    let ran = Desk::new(&server.url, "t").run("receive", &[]);
    assert_eq!(ran.is(1).only("error")["code"], "answer");
    assert!(elsewhere.accept().is_err(), "nobody comes");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn an_address_that_is_another_service_is_told_as_such() {
    for other in [answer("404 Not Found", "", b"<html>"), json("[]"), answer("200 OK", "", b"<html>")] {
        let server = Canned::new(vec![other]);
        assert_eq!(Desk::new(&server.url, "t").run("receive", &[]).is(1).only("error")["code"], "answer");
    }
}

#[test]
fn nothing_is_written_outside_of_the_folder() {
    let bytes = b"202407\r\n";
    let long = "x".repeat(300);
    for (set_id, name) in [("../../x", NAME), ("a/b", NAME), ("s1", "../x.CSV"), ("s1", "C:x.CSV"), ("s1", &long)] {
        let server = Canned::new(match set_id {
            "s1" => vec![inbox(set_id), set(name, bytes)],
            _ => vec![inbox(set_id)],
        });
        let desk = Desk::new(&server.url, "t");
        desk.run("receive", &[]).is(1).only("not-received");
        assert!(desk.files().is_empty());
        server.asked();
    }
}

#[test]
fn other_bytes_than_announced_are_not_placed() {
    let wrong = answer("200 OK", "", &archive(NAME, b"other"));
    let server = Canned::new(vec![inbox("s1"), set(NAME, b"right"), wrong.clone(), wrong]);
    let desk = Desk::new(&server.url, "t");
    assert_eq!(desk.run("receive", &[]).is(1).only("not-received")["code"], "digest");
    assert!(desk.files().is_empty());
    server.asked();
}

#[test]
fn a_download_goes_on_where_the_wire_broke() {
    let bytes: Vec<u8> = (0..200_u8).cycle().take(5000).collect();
    let whole = archive(NAME, &bytes);
    let (first, rest) = whole.split_at(whole.len() / 2);
    let mut broken = answer("200 OK", "", &whole);
    broken.truncate(broken.len() - rest.len());
    let range = format!("content-range: bytes {}-{}/{}\r\n", first.len(), whole.len() - 1, whole.len());
    let server = Canned::new(vec![inbox("s1"), set(NAME, &bytes), broken, answer("206 Partial Content", &range, rest)]);
    let desk = Desk::new(&server.url, "t");
    let ran = desk.run("receive", &[]);
    assert_eq!(ran.is(0).only("received")["folder"], "9870000025_result_202611_20261101090000");
    let folder = "9870000025_result_202611_20261101090000";
    assert_eq!(desk.files(), [(format!("{folder}/{NAME}"), bytes)]);
    let asked = server.asked();
    assert!(asked[3].to_lowercase().contains(&format!("range: bytes={}-\r\n", first.len())), "{}", asked[3]);
}

#[test]
fn a_set_that_is_gone_is_told_once() {
    let gone = problem("404 Not Found", "", "not-found");
    let server = Canned::new(vec![inbox("s1"), gone, inbox("s1")]);
    let desk = Desk::new(&server.url, "t");
    assert_eq!(desk.run("receive", &[]).is(0).only("gone")["set_id"], "s1");
    assert!(desk.run("receive", &[]).is(0).all("gone").is_empty());
    server.asked();
}

#[test]
fn what_was_placed_before_the_program_was_killed_is_not_fetched_again() {
    let bytes = b"202407\r\n";
    let get = vec![inbox("s1"), set(NAME, bytes), answer("200 OK", "", &archive(NAME, bytes))];
    let server = Canned::new([get, vec![json(EMPTY)]].concat());
    let desk = Desk::new(&server.url, "t");
    desk.run("receive", &[]).is(0).only("received");
    // Killed between the rename and the line that says so; then the care software took the folder away.
    let journal = desk.dir().join(".kiban-agent/journal.jsonl");
    let text = std::fs::read_to_string(&journal).unwrap();
    let placing = text.lines().last().unwrap();
    assert!(placing.contains("received"), "{text}");
    std::fs::write(&journal, text.replace(&format!("{placing}\n"), "")).unwrap();
    std::fs::remove_dir_all(desk.dir().join("9870000025_result_202611_20261101090000")).unwrap();
    desk.run("receive", &[]).is(0).only("received");
    assert!(desk.files().is_empty());
    assert_eq!(server.asked().len(), 4);
}
