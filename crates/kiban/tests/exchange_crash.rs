//! kill -9 at any moment of sending and receiving: what was acknowledged is there, once, and nothing is doubled.
//!
//! Clients of two offices send, fetch and import over HTTP and note in a ledger what the server acknowledged. The server is
//! killed again and again in the middle of it. Afterwards the mailboxes are compared with the ledger.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Condvar, Mutex};

use kaigo_app::exchange::mailbox::{self, Current, Filter, Wanted};
use kaigo_app::exchange::{partner, token};
use kaigo_app::login::{self, NewAccount, NewOwner};
use kaigo_app::{App, Ctx, Ids, seal, setup};
use kaigo_careplan::batch::{InFile, sort};
use kaigo_careplan::kind::Unit;
use kaigo_careplan::name::Serial;
use kaigo_careplan::pack::{Bounds, pack, unpack};
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Caller, JobType, Staff};
use kaigo_demo::exchange::DemoSend;
use kaigo_demo::{DEMO_SEED, Nation};
use kaigo_store::access_log;
use kaigo_store::db::Config;
use kaigo_testkit::{both, now};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kiban");
const PLANNER: &str = "9890000017";
const SERVICE: &str = "9890000025";
/// Sets that each of the two senders sends.
const SETS: usize = 24;
/// How often the server is killed.
const KILLS: u64 = 6;

fn office(no: &str) -> OfficeNo {
    OfficeNo::parse(no).unwrap()
}

fn staff(no: &str, account_id: &str) -> Caller {
    Caller::Staff(Staff {
        account_id: account_id.to_owned(),
        office_no: office(no),
        office_name: format!("事業所{no}"),
        services: Vec::new(),
        job: JobType::Clerk,
        is_admin: true,
        name: format!("担当{no}"),
    })
}

fn ctx() -> Ctx {
    Ctx::new(now(), Ids::system())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Makes the two offices with a token for each.
fn prepare(app: &App) -> [String; 2] {
    let runtime = runtime();
    [PLANNER, SERVICE].map(|no| {
        let account = NewAccount {
            login_id: format!("crash-{no}"),
            name: format!("担当{no}"),
            owner: NewOwner::Staff(office(no), JobType::Clerk, true),
            password: "kamome-no-asagohan".to_owned(),
            totp_secret: [7; 20],
        };
        let account_id = runtime.block_on(login::create(app, &ctx(), account)).unwrap();
        let caller = staff(no, &account_id);
        runtime.block_on(partner::join(app, &ctx(), &caller)).unwrap();
        runtime.block_on(token::make(app, &ctx(), &caller, "crash")).unwrap().token
    })
}

impl Drop for Server {
    /// A test that fails leaves no server behind.
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A server that runs as a program of its own.
struct Server {
    child: Child,
    host: String,
}

impl Server {
    fn start(data: &Path, config: &Config) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data).env_remove("KIBAN_DATABASE_URL");
        if let Config::Postgres { url, .. } = config {
            command.args(["--database", url]);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let url = out
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening http://").map(str::to_owned));
        match url {
            Some(host) => Self { child, host: host.trim().to_owned() },
            None => panic!("the server ended: {:?}", child.wait()),
        }
    }

    /// As the power does it.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and the end.
    fn stop(mut self) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        assert!(self.child.wait().unwrap().success());
    }
}

/// What the server acknowledged, as its clients noted it.
#[derive(Default)]
struct Ledger {
    /// 連番 and the set that it became; more than one would be a repeat that was not answered with the first.
    sent: BTreeMap<String, BTreeSet<String>>,
    fetched: BTreeSet<String>,
    imported: BTreeSet<String>,
    /// Answers so far: a moment for the next kill.
    answers: u64,
    /// Address of the server, none while there is none; and how often it was started.
    host: Option<String>,
    starts: u64,
    /// One of the clients failed: the others end, so that the test fails instead of waiting.
    has_failed: bool,
}

#[derive(Default)]
struct Shared {
    ledger: Mutex<Ledger>,
    changed: Condvar,
}

/// Tells the others when its thread fails.
struct Alarm<'a>(&'a Shared);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Ok(mut ledger) = self.0.ledger.lock()
        {
            ledger.has_failed = true;
            self.0.changed.notify_all();
        }
    }
}

impl Shared {
    fn note(&self, work: impl FnOnce(&mut Ledger)) {
        let mut ledger = self.ledger.lock().unwrap();
        work(&mut ledger);
        ledger.answers += 1;
        self.changed.notify_all();
    }

    /// The server, once there is one that was started after `seen`.
    fn server(&self, seen: u64) -> (String, u64) {
        let mut ledger = self.ledger.lock().unwrap();
        loop {
            if let Some(host) = ledger.host.clone().filter(|_| ledger.starts > seen) {
                return (host, ledger.starts);
            }
            ledger = self.changed.wait(ledger).unwrap();
            assert!(!ledger.has_failed, "another thread failed");
        }
    }

    fn set_host(&self, host: Option<String>) {
        let mut ledger = self.ledger.lock().unwrap();
        ledger.starts += u64::from(host.is_some());
        ledger.host = host;
        self.changed.notify_all();
    }
}

/// Asks until there is an answer, whatever happens to the server meanwhile.
fn ask(shared: &Shared, token: &str, method: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let mut seen = 0;
    loop {
        let (host, start) = shared.server(seen);
        match once(&host, token, method, path, body) {
            Some((503, _)) => {}
            Some(answer) => return answer,
            // The connection broke: the next try waits for the next server.
            None => seen = start,
        }
    }
}

/// One request; none if the answer did not come whole.
fn once(host: &str, token: &str, method: &str, path: &str, body: &[u8]) -> Option<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(host).ok()?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\ncontent-type: application/zip\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    })?;
    let body = answer.split_off(end + 4);
    (body.len() == length).then_some(())?;
    Some((head.split(' ').nth(1)?.parse().ok()?, body))
}

/// A set of the demo with a few people.
fn template() -> DemoSend {
    let sends = Nation::make(DEMO_SEED, jiff::civil::date(2026, 11, 22), 300).exchange().sends;
    let people = |send: &DemoSend| sort(send.files.clone()).sets[0].open().people().len();
    sends.into_iter().find(|send| send.unit == Some(Unit::Usage) && people(send) >= 3).unwrap()
}

fn serial(n: usize) -> String {
    format!("202611{:02}0900{:02}", 1 + n / 60, n % 60)
}

fn files(template: &DemoSend, n: usize) -> Vec<InFile> {
    template.copied(office(PLANNER), office(SERVICE), Serial::parse(&serial(n)).unwrap())
}

/// Sends every set of its share, each until it is acknowledged, every third one twice.
fn sender(shared: &Shared, token: &str, template: &DemoSend, share: usize) {
    let _alarm = Alarm(shared);
    for n in (0..SETS).map(|n| n * 2 + share) {
        let body = pack(files(template, n).iter().map(|file| ("", file.name.as_str(), file.bytes.as_slice())));
        for _ in 0..if n % 3 == 0 { 2 } else { 1 } {
            let (status, answer) = ask(shared, token, "POST", "/api/v1/exchange/uploads?send=true", &body);
            let answer: Value = serde_json::from_slice(&answer).unwrap();
            let set = &answer["sets"][0];
            assert!(status == 200 && (set["outcome"] == "sent" || set["outcome"] == "repeated"), "{status} {answer}");
            let set_id = set["set_id"].as_str().unwrap().to_owned();
            shared.note(|ledger| {
                ledger.sent.entry(serial(n)).or_default().insert(set_id);
            });
        }
    }
}

/// Fetches and imports until everything that will ever be sent was taken.
fn receiver(shared: &Shared, token: &str, template: &DemoSend) {
    let _alarm = Alarm(shared);
    let mut taken = BTreeSet::new();
    while taken.len() < SETS * 2 {
        let (_, page) = ask(shared, token, "GET", "/api/v1/exchange/inbox?state=sent", b"");
        let page: Value = serde_json::from_slice(&page).unwrap();
        let mut new: Vec<(String, String)> = Vec::new();
        for set in page["sets"].as_array().unwrap() {
            new.push((set["set_id"].as_str().unwrap().to_owned(), set["serial"].as_str().unwrap().to_owned()));
        }
        // A set whose fetch was cut off is marked, but nothing was acknowledged: it stands among the fetched ones.
        let (_, page) = ask(shared, token, "GET", "/api/v1/exchange/inbox?state=fetched", b"");
        let page: Value = serde_json::from_slice(&page).unwrap();
        for set in page["sets"].as_array().unwrap() {
            new.push((set["set_id"].as_str().unwrap().to_owned(), set["serial"].as_str().unwrap().to_owned()));
        }
        for (set_id, serial) in new {
            let (status, zip) = ask(shared, token, "GET", &format!("/api/v1/exchange/sets/{set_id}/files"), b"");
            assert_eq!(status, 200);
            let got = unzipped(zip);
            let n = (0..SETS * 2).find(|n| self::serial(*n) == serial).unwrap();
            assert_eq!(got, by_name(files(template, n)), "byte for byte");
            shared.note(|ledger| {
                ledger.fetched.insert(set_id.clone());
            });
            let path = format!("/api/v1/exchange/sets/{set_id}/imported");
            let (status, _) = ask(shared, token, "POST", &path, b"");
            assert_eq!(status, 200);
            shared.note(|ledger| {
                ledger.imported.insert(set_id.clone());
            });
            taken.insert(set_id);
        }
    }
}

fn by_name(mut files: Vec<InFile>) -> Vec<InFile> {
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

fn unzipped(bytes: Vec<u8>) -> Vec<InFile> {
    let bounds = Bounds { file_bytes: 1 << 20, all_bytes: 1 << 24, files: 100 };
    by_name(unpack(vec![InFile { name: "set.zip".to_owned(), bytes }], bounds).unwrap())
}

/// Kills the server each time after a few more answers, while others are on their way, and starts it anew.
fn killer(shared: &Shared, data: &Path, config: &Config) -> Server {
    let mut server = Server::start(data, config);
    shared.set_host(Some(server.host.clone()));
    for kill in 0..KILLS {
        let mut ledger = shared.ledger.lock().unwrap();
        let until = ledger.answers + 5 + kill * 7 % 11;
        while ledger.answers < until && ledger.imported.len() < SETS * 2 {
            ledger = shared.changed.wait(ledger).unwrap();
            if ledger.has_failed {
                return server;
            }
        }
        drop(ledger);
        server.kill();
        shared.set_host(None);
        server = Server::start(data, config);
        shared.set_host(Some(server.host.clone()));
    }
    server
}

#[test]
fn kill_nine_loses_nothing_acknowledged_and_doubles_nothing() {
    let template = template();
    both(|test| {
        let data = test.folder.join("data");
        // Where the server looks for it.
        let config = match &test.config {
            Config::Sqlite { .. } => Config::Sqlite { path: data.join("kiban.db") },
            postgres @ Config::Postgres { .. } => postgres.clone(),
        };
        let app = setup::open(&data, &config, now()).unwrap();
        let [planner, service] = prepare(&app);
        drop(app);
        let shared = Shared::default();
        std::thread::scope(|scope| {
            let clients = [
                scope.spawn(|| sender(&shared, &planner, &template, 0)),
                scope.spawn(|| sender(&shared, &planner, &template, 1)),
                scope.spawn(|| receiver(&shared, &service, &template)),
            ];
            let server = killer(&shared, &data, &config);
            for client in clients {
                client.join().unwrap();
            }
            server.stop();
        });
        compare(&config, &data, &template, &shared.ledger.into_inner().unwrap());
    });
}

/// The mailboxes, events and logs are what the ledger says.
fn compare(config: &Config, data: &Path, template: &DemoSend, ledger: &Ledger) {
    let app = setup::open(data, config, now()).unwrap();
    let (runtime, caller) = (runtime(), staff(PLANNER, "auditor"));
    let mut rows = Vec::new();
    let mut before = String::new();
    loop {
        let page = runtime.block_on(mailbox::sent(&app, &ctx(), &caller, &Filter::default(), &before)).unwrap();
        rows.extend(page.rows);
        match page.next {
            Some(next) => before = next,
            None => break,
        }
    }
    let kept: BTreeMap<String, String> = rows.iter().map(|row| (row.serial.clone(), row.set_id.clone())).collect();
    let acknowledged: BTreeMap<String, BTreeSet<String>> =
        kept.iter().map(|(serial, set_id)| (serial.clone(), BTreeSet::from([set_id.clone()]))).collect();
    assert_eq!((rows.len(), &acknowledged), (SETS * 2, &ledger.sent), "every acknowledged set is there, once");
    assert_eq!(ledger.imported, kept.values().cloned().collect::<BTreeSet<_>>());
    assert!(ledger.fetched.is_superset(&ledger.imported));
    let last = kept.last_key_value().unwrap().1;
    for (serial, set_id) in &kept {
        let page = runtime.block_on(mailbox::set(&app, &ctx(), &caller, set_id)).unwrap();
        let count = |what: &str| page.events.iter().filter(|event| event.what == what).count();
        assert_eq!((count("sent"), count("fetched"), count("imported")), (1, 1, 1), "{serial}");
        assert!(page.people.iter().all(|p| (p.current == Current::Yes) == (set_id == last)), "{serial}");
    }
    let wanted = Wanted::These(kept.values().cloned().collect());
    let fetched = runtime.block_on(mailbox::fetch(&app, &ctx(), &staff(SERVICE, "auditor"), wanted)).unwrap();
    for (n, set) in fetched.into_iter().enumerate() {
        assert_eq!(by_name(set.files), by_name(files(template, n)), "byte for byte");
    }
    let people = sort(files(template, 0)).sets[0].open().people().len();
    // A killed server still had the lease of the seals when the last one stopped: what waits gets its place now.
    let later = Ctx::new("2999-01-01T00:00:00Z".parse().unwrap(), Ids::system());
    runtime.block_on(seal::run(&app, &later, "auditor")).unwrap();
    let sends = log(&app, "send-set");
    let (sets, whom): (BTreeSet<_>, BTreeSet<_>) = (sends.keys().map(|key| &key.0).collect(), sends.keys().collect());
    assert_eq!((sets.len(), whom.len()), (SETS * 2, SETS * 2 * people));
    assert!(sends.values().all(|count| *count == 1), "one entry for each person and set: {sends:?}");
    let fetches = log(&app, "fetch-set");
    assert!(ledger.fetched.iter().all(|set_id| fetches.keys().any(|key| key.0 == *set_id)));
}

/// How many entries of an act there are for each set and person.
fn log(app: &App, act: &str) -> BTreeMap<(String, String), usize> {
    let entries = app
        .db
        .read_blocking(|tx| {
            let mut all = Vec::new();
            for insurer_no in access_log::logs(tx)? {
                all.extend(access_log::after(tx, &insurer_no, 0, i32::MAX)?);
            }
            Ok::<_, kaigo_store::db::Error>(all)
        })
        .unwrap();
    let mut counts = BTreeMap::new();
    for entry in entries.into_iter().map(|placed| placed.entry).filter(|entry| entry.act == act) {
        *counts.entry((entry.document.unwrap_or_default(), entry.insured_no)).or_default() += 1;
    }
    counts
}
