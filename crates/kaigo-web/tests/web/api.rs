//! The API for the office's own programs, as a program meets it: on both engines, with tokens of three offices.

use std::io::{Cursor, Read as _};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use kaigo_app::exchange::{receipt, token};
use kaigo_careplan::batch::InFile;
use kaigo_careplan::kind::Unit;
use kaigo_careplan::pack::pack;
use kaigo_core::policy::{Caller, Staff};
use kaigo_store::account;
use kaigo_store::objects::sha256_hex;
use kaigo_web::{Access, routes};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::exchange_world::{LATER, SERIAL, acts, admin, files, join};
use crate::world::{USUAL, World, on_both};

const UPLOADS: &str = "/api/v1/exchange/uploads";
const UNKNOWN: &str = "00112233445566778899aabbccddeeff";
/// A number that is built like a 個人番号.
const INDIVIDUAL: &str = "123456789018";

/// A program of an office.
struct Program<'w> {
    world: &'w World<'w>,
    token: String,
}

/// What came back.
struct Answer {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
    json: Value,
}

impl Answer {
    #[track_caller]
    fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.bytes));
        if status >= 400 {
            assert_eq!(self.header("content-type"), "application/problem+json");
            assert_eq!(self.json["status"], status);
            assert!(
                !self.json["detail"].as_str().unwrap().is_empty() && !self.json["title"].as_str().unwrap().is_empty()
            );
        }
        self
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn text(&self, pointer: &str) -> String {
        self.json
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("{pointer}: {}", self.json))
            .to_owned()
    }

    /// What it says, without the number of the request.
    fn said(&self) -> String {
        let mut json = self.json.clone();
        json["request_id"] = Value::Null;
        json.to_string()
    }
}

impl<'w> Program<'w> {
    async fn of(world: &'w World<'w>, login: &str) -> Self {
        Self { world, token: made(world, login).await.token }
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "kiban.test");
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = self.world.router().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes, json }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], Vec::new()).await
    }

    async fn post(&self, path: &str) -> Answer {
        self.ask("POST", path, &[], Vec::new()).await
    }

    async fn upload(&self, query: &str, files: &[InFile]) -> Answer {
        let zip = pack(files.iter().map(|file| ("", file.name.as_str(), file.bytes.as_slice())));
        self.ask("POST", &format!("{UPLOADS}{query}"), &[("content-type", "application/zip")], zip).await
    }
}

/// The administrator of somebody's office, with an account that is there.
async fn administrator(world: &World<'_>, login: &str) -> Caller {
    let name = login.to_owned();
    let found = world.app.db.read(move |tx| account::by_login(tx, &name)).await.unwrap().unwrap();
    match admin(world, login) {
        Caller::Staff(staff) => Caller::Staff(Staff { account_id: found.account_id, ..staff }),
        other @ (Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_)) => panic!("{other:?}"),
    }
}

async fn made(world: &World<'_>, login: &str) -> token::New {
    let caller = administrator(world, login).await;
    token::make(&world.app, &world.ctx(), &caller, "事務所のパソコン").await.unwrap()
}

fn planned(world: &World<'_>, serial: &str) -> Vec<InFile> {
    files(world, "izumo", "hamanasu", Unit::Usage, serial)
}

fn unpacked(zip: &[u8]) -> Vec<InFile> {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut files = Vec::new();
    for n in 0..zip.len() {
        let mut file = zip.by_index(n).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.push(InFile { name: file.name().unwrap().into_owned(), bytes });
    }
    files
}

fn sorted(mut files: Vec<InFile>) -> Vec<InFile> {
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

#[test]
fn an_office_sends_and_its_partner_receives_the_same_bytes() {
    on_both(USUAL, async |world| {
        join(world).await;
        let (sender, receiver) = (Program::of(world, "izumo").await, Program::of(world, "hamanasu").await);
        let own = planned(world, SERIAL);
        let sent = sender.upload("?send=true", &own).await.is(200);
        assert_eq!(sent.text("/sets/0/outcome"), "sent", "{}", sent.json);
        assert_eq!(sent.text("/sets/0/unit"), "usage");
        assert_eq!(sent.text("/sets/0/to/office_no"), world.office("hamanasu").to_string());
        let summary = &sent.json["summary"];
        assert_eq!(
            (&summary["sent"], &summary["errors"], &sent.json["draft_id"]),
            (&1.into(), &0.into(), &Value::Null)
        );
        let id = sent.text("/sets/0/set_id");
        let again = sender.upload("?send=true", &own).await.is(200);
        assert_eq!((again.text("/sets/0/outcome"), again.text("/sets/0/set_id")), ("repeated".to_owned(), id.clone()));
        assert_eq!(again.text("/sets/0/sent_at"), sent.text("/sets/0/sent_at"));

        let inbox = receiver.get("/api/v1/exchange/inbox?state=sent").await.is(200);
        assert_eq!((inbox.text("/sets/0/set_id"), inbox.text("/sets/0/state")), (id.clone(), "sent".to_owned()));
        let set = format!("/api/v1/exchange/sets/{id}");
        let shown = receiver.get(&set).await.is(200);
        assert_eq!(shown.text("/state"), "sent", "to look is not to fetch");
        assert!(shown.json["people"].as_array().unwrap().iter().all(|person| person["state"] == "current"));
        receiver.post(&format!("{set}/imported")).await.is(409);

        let zip = receiver.get(&format!("{set}/files")).await.is(200);
        assert_eq!(zip.header("content-type"), "application/zip");
        assert_eq!(sorted(unpacked(&zip.bytes)), sorted(own.clone()));
        assert_eq!(receiver.get(&set).await.is(200).text("/state"), "fetched");
        for (n, file) in shown.json["files"].as_array().unwrap().iter().enumerate() {
            let one = receiver.get(&format!("{set}/files/{n}")).await.is(200);
            assert_eq!(file["sha256"], sha256_hex(&one.bytes));
            assert!(own.iter().any(|own| file["name"] == own.name && own.bytes == one.bytes));
        }
        let rest = receiver.ask("GET", &format!("{set}/files"), &[("range", "bytes=100-")], Vec::new()).await;
        assert_eq!((rest.status, &rest.bytes[..]), (206, &zip.bytes[100..]));
        assert_eq!(rest.header("etag"), zip.header("etag"));
        let none = receiver.ask("GET", &format!("{set}/files"), &[("range", "bytes=99999999-")], Vec::new()).await;
        assert_eq!(none.status, 416);

        assert_eq!(receiver.post(&format!("{set}/imported")).await.is(200).text("/state"), "imported");
        assert_eq!(receiver.post(&format!("{set}/imported")).await.is(200).text("/state"), "imported");
        sender.post(&format!("{set}/recall")).await.is(409);
        let outbox = sender.get("/api/v1/exchange/sent").await.is(200);
        assert_eq!((outbox.text("/sets/0/set_id"), outbox.text("/sets/0/state")), (id, "imported".to_owned()));

        for program in [&sender, &receiver] {
            let receipt = program.get(&format!("{set}/receipt")).await.is(200);
            let text = String::from_utf8(receipt.bytes).unwrap();
            let stated = receipt::verify(&text, Some(&world.app.keys.seal_public())).unwrap();
            for (file, own) in stated.files.iter().flat_map(|f| own.iter().map(move |own| (f, own))) {
                assert!(file.name != own.name || receipt::verify_file(file, &own.bytes).is_ok());
            }
        }
    });
}

#[test]
fn what_programs_do_stands_in_the_persons_log() {
    on_both(USUAL, async |world| {
        join(world).await;
        let (sender, receiver) = (Program::of(world, "izumo").await, Program::of(world, "hamanasu").await);
        let own = planned(world, SERIAL);
        let id = sender.upload("?send=true", &own).await.is(200).text("/sets/0/set_id");
        receiver.get(&format!("/api/v1/exchange/sets/{id}/files")).await.is(200);
        Program::of(world, "kamome").await.get(&format!("/api/v1/exchange/sets/{id}/files")).await.is(404);
        let log = world.log_of(&crate::exchange_world::first_person(&own)).await;
        let acts = acts(&log);
        for act in [("send-set", "done"), ("fetch-set", "done"), ("fetch-set", "refused")] {
            assert_eq!(acts.iter().filter(|done| **done == act).count(), 1, "{act:?}: {acts:?}");
        }
        assert!(log.iter().any(|entry| entry.account_name.contains("事務所のパソコン")), "the log names the program");
    });
}

#[test]
fn only_a_token_that_stands_opens_the_door() {
    on_both(USUAL, async |world| {
        join(world).await;
        let new = made(world, "izumo").await;
        let program = Program { world, token: new.token.clone() };
        program.get("/api/v1/exchange/inbox").await.is(200);
        token::end(&world.app, &world.ctx(), &administrator(world, "izumo").await, &new.token_id).await.unwrap();
        let mut browser = world.login("izumo").await;
        let wrong = ["", "x", &new.token, &new.token.to_uppercase(), browser.token(), "kiban_"].map(str::to_owned);
        for token in wrong {
            let stranger = Program { world, token };
            for route in routes().into_iter().filter(|route| route.access == Access::Program) {
                let path = route.path.replace("{id}", UNKNOWN).replace("{n}", "0");
                let refused = stranger.ask(route.method, &path, &[], Vec::new()).await.is(401);
                assert_eq!(
                    (refused.text("/code"), refused.header("www-authenticate")),
                    ("login-needed".to_owned(), "Bearer realm=\"kaigo-kiban\"")
                );
            }
        }
        // A session opens no API, and a token no page.
        assert_eq!(browser.get("/api/v1/exchange/inbox").await.status, 401);
        let other = Program::of(world, "izumo").await;
        assert_eq!(other.get("/people").await.status, 303);
    });
}

#[test]
fn somebody_elses_set_looks_like_nothing() {
    on_both(USUAL, async |world| {
        join(world).await;
        let sender = Program::of(world, "izumo").await;
        let receiver = Program::of(world, "hamanasu").await;
        let id = sender.upload("?send=true", &planned(world, SERIAL)).await.is(200).text("/sets/0/set_id");
        let stranger = Program::of(world, "kamome").await;
        for route in routes().into_iter().filter(|route| route.access == Access::Program && route.path.contains("{id}"))
        {
            let at = |id: &str| route.path.replace("{id}", id).replace("{n}", "0");
            let foreign = stranger.ask(route.method, &at(&id), &[], Vec::new()).await.is(404);
            let unknown = stranger.ask(route.method, &at(UNKNOWN), &[], Vec::new()).await.is(404);
            assert_eq!(foreign.said(), unknown.said(), "{}", route.path);
        }
        for path in ["/api/v1/exchange/inbox", "/api/v1/exchange/sent"] {
            assert_eq!(stranger.get(path).await.is(200).json["sets"], Value::Array(Vec::new()));
        }
        // Each side does only what is its own.
        let set = format!("/api/v1/exchange/sets/{id}");
        receiver.post(&format!("{set}/recall")).await.is(404);
        sender.post(&format!("{set}/imported")).await.is(404);
        sender.get(&format!("{set}/files")).await.is(404);
        receiver.get(&format!("{set}/files/99")).await.is(404);
        assert_eq!(receiver.get(&set).await.is(200).text("/state"), "sent", "a place that no set has fetches nothing");
        // Recalled, it is gone for the receiver.
        assert_eq!(sender.post(&format!("{set}/recall")).await.is(200).text("/state"), "recalled");
        for path in ["", "/files", "/files/0", "/receipt"] {
            receiver.get(&format!("{set}{path}")).await.is(404);
        }
        assert_eq!(receiver.get("/api/v1/exchange/inbox").await.is(200).json["sets"], Value::Array(Vec::new()));
    });
}

#[test]
fn without_sending_an_upload_is_a_draft() {
    on_both(USUAL, async |world| {
        join(world).await;
        let (sender, receiver) = (Program::of(world, "izumo").await, Program::of(world, "hamanasu").await);
        let own = planned(world, SERIAL);
        let checked = sender.upload("", &own).await.is(200);
        assert!(["ready", "warned"].contains(&checked.text("/sets/0/verdict").as_str()), "{}", checked.json);
        assert_eq!(checked.json["sets"][0]["outcome"], Value::Null);
        assert_eq!(receiver.get("/api/v1/exchange/inbox").await.is(200).json["sets"], Value::Array(Vec::new()));
        assert_eq!(sender.upload("", &own).await.is(200).text("/draft_id"), checked.text("/draft_id"));

        // A form with files says the same as an archive.
        let mut form = Vec::new();
        for file in &own {
            let head =
                format!("--b\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{}\"\r\n\r\n", file.name);
            form.extend([head.as_bytes(), &file.bytes, b"\r\n"].concat());
        }
        form.extend(b"--b--\r\n");
        let kind = [("content-type", "multipart/form-data; boundary=b")];
        let sent = sender.ask("POST", &format!("{UPLOADS}?send=true"), &kind, form).await.is(200);
        assert_eq!(sent.text("/sets/0/outcome"), "sent", "{}", sent.json);

        // What cannot go says why, and goes nowhere.
        let broken: Vec<InFile> = planned(world, LATER).into_iter().take(1).collect();
        let refused = sender.upload("?send=true", &broken).await.is(200);
        assert_eq!(
            (refused.text("/sets/0/outcome"), refused.text("/sets/0/verdict")),
            ("refused".to_owned(), "blocked".to_owned())
        );
        assert!(!refused.text("/sets/0/say").is_empty() && refused.json["sets"][0]["set_id"].is_null());
        let foreign = receiver.upload("?send=true", &planned(world, LATER)).await.is(200);
        assert_eq!(foreign.text("/sets/0/verdict"), "wrong-sender");
        assert_eq!(receiver.get("/api/v1/exchange/inbox").await.is(200).json["sets"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn what_cannot_be_read_is_told_as_such() {
    on_both(USUAL, async |world| {
        join(world).await;
        let program = Program::of(world, "izumo").await;
        let zip = [("content-type", "application/zip")];
        for (headers, body, status, code) in [
            (&[("content-type", "text/csv")][..], &b"1,2"[..], 415, "media-type"),
            (&[], b"1,2", 415, "media-type"),
            (&zip, b"PK\x03\x04 broken", 422, "invalid"),
            (&zip, b"", 400, "bad-request"),
            (&zip, b"a,b\r\n", 400, "bad-request"),
            (&[("content-type", "multipart/form-data")], b"x", 400, "bad-request"),
            (&[("content-type", "multipart/form-data; boundary=b")], b"--b\r\nhalf", 400, "bad-request"),
            (&[("content-type", "application/zip"), ("content-length", "999999999")], b"", 413, "too-large"),
        ] {
            let answer = program.ask("POST", UPLOADS, headers, body.to_vec()).await.is(status);
            assert_eq!(answer.text("/code"), code);
        }
        let odd = [("content-type", "application/zip")];
        program.ask("POST", &format!("{UPLOADS}?send=perhaps"), &odd, Vec::new()).await.is(400);
        for path in ["inbox?state=lost", "inbox?before=zz", "sent?state=x", "sent?before=abc"] {
            program.get(&format!("/api/v1/exchange/{path}")).await.is(422);
        }
        for path in ["/api/v1/exchange/nothing", "/api/v2/exchange/inbox", "/api/"] {
            program.get(path).await.is(404);
        }
        program.get(&format!("/api/v1/exchange/sets/{UNKNOWN}/files/first")).await.is(404);
    });
}

#[test]
fn individual_numbers_come_in_by_no_door() {
    on_both(USUAL, async |world| {
        join(world).await;
        let program = Program::of(world, "izumo").await;
        let before = world.state();
        for path in
            [format!("sets/{INDIVIDUAL}"), format!("inbox?before={INDIVIDUAL}"), format!("sets/{INDIVIDUAL}/receipt")]
        {
            let refused = program.get(&format!("/api/v1/exchange/{path}")).await.is(422);
            assert!(refused.said().contains("個人番号") && !refused.said().contains(INDIVIDUAL));
        }
        let mut own = planned(world, SERIAL);
        let text = format!(",\"{INDIVIDUAL}\"\r\n");
        let bytes = &mut own[0].bytes;
        bytes.truncate(bytes.len() - 2);
        bytes.extend(text.as_bytes());
        for query in ["", "?send=true"] {
            let refused = program.upload(query, &own).await.is(422);
            assert!(
                refused.said().contains("individual-number") && !refused.said().contains(INDIVIDUAL),
                "{}",
                refused.json
            );
        }
        assert_eq!(world.state(), before);
    });
}

#[test]
fn a_mailbox_is_read_page_by_page() {
    on_both(USUAL, async |world| {
        join(world).await;
        let (sender, receiver) = (Program::of(world, "izumo").await, Program::of(world, "hamanasu").await);
        let (from, to) = (world.office("izumo"), world.office("hamanasu"));
        let deletion = |n: usize| InFile {
            name: format!("DLTPLAN_202611_{from}_43_{to}_11_202611220900{n:02}.CSV"),
            bytes: b"202407,981019,9900000026,202611\r\n".to_vec(),
        };
        let all: Vec<InFile> = (0..53).map(deletion).collect();
        let sent = sender.upload("?send=true", &all).await.is(200);
        assert_eq!(sent.json["summary"]["sent"], 53, "{}", sent.json["summary"]);
        let mut seen = Vec::new();
        let mut next = String::new();
        loop {
            let page = receiver.get(&format!("/api/v1/exchange/inbox?state=sent&before={next}")).await.is(200);
            seen.extend(
                page.json["sets"].as_array().unwrap().iter().map(|set| set["set_id"].as_str().unwrap().to_owned()),
            );
            match page.json["next"].as_str() {
                Some(place) => place.clone_into(&mut next),
                None => break,
            }
        }
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((count, seen.len()), (53, 53));
    });
}
