//! The public log over HTTP: judged by our own program from outside, and by a published implementation of tlog-tiles that knows
//! nothing of ours.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use kaigo_app::transparency::{self, EntryProof};
use kaigo_app::{App, Ctx, Ids, setup};
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::{Caller, InsurerStaff};
use kaigo_store::access_log;
use kaigo_store::db::Config;
use tlog_tiles::{HashReader as _, Tile, TileHashReader, TileReader};
use tokio::runtime::{Builder, Runtime};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kiban");
/// みなと川市, and 大谷 清.
const LOG: &str = "981019";
const PERSON: &str = "9900000456";

struct Demo {
    child: Child,
    url: String,
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn start(data: &Path) -> Demo {
    let mut child = Command::new(PROGRAM)
        .args(["demo", "--port", "0", "--today", "2026-11-22", "--persons", "60", "--data-dir"])
        .arg(data)
        .env_remove("KIBAN_DATABASE_URL")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let mut demo = Demo { child, url: String::new() };
    for line in out.lines() {
        if let Some(url) = line.unwrap().strip_prefix("listening ") {
            url.trim().clone_into(&mut demo.url);
            return demo;
        }
    }
    panic!("the demo ended");
}

impl Demo {
    fn get(&self, path: &str) -> Option<Vec<u8>> {
        let mut answer = ureq::get(format!("{}{path}", self.url)).call().ok()?;
        Some(answer.body_mut().read_to_vec().unwrap())
    }

    fn text(&self, path: &str) -> String {
        String::from_utf8(self.get(path).unwrap()).unwrap()
    }
}

fn kiban(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap() + &String::from_utf8(output.stderr.clone()).unwrap()
}

/// The tiles of a log, as the published implementation asks for them.
struct Tiles<'a>(&'a Demo, &'a str);

impl TileReader for Tiles<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        // Its addresses name the height, which tlog-tiles fixes at 8 and leaves out.
        let read = |tile: &Tile| {
            let path = tile.path().replacen("tile/8/", "tile/", 1);
            self.0.get(&format!("/log/{}/{path}", self.1)).ok_or(tlog_tiles::Error::InvalidTile)
        };
        tiles.iter().map(read).collect()
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

/// A log judged by the published implementations alone: signature, root out of tiles, every entry in its place.
fn judged_by_others(demo: &Demo, log: &str) -> u64 {
    let note = signed_note::Note::from_bytes(&demo.get(&format!("/log/{log}/checkpoint")).unwrap()).unwrap();
    let verifier = signed_note::StandardVerifier::new(demo.text(&format!("/log/{log}/key")).trim()).unwrap();
    let (good, _) = note.verify(&signed_note::VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!(good.len(), 1, "{log}: the head is signed by the published key");
    let head = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
    assert!(head.origin().ends_with(&format!("/{log}")));
    let (size, top) = (head.size(), *head.hash());
    let tiles = Tiles(demo, log);
    let reader = TileHashReader::new(size, top, &tiles);
    assert_eq!(tlog_tiles::tree_hash(size, &reader).unwrap(), top, "{log}: the tiles make the root");
    for bundle in 0..size.div_ceil(256) {
        let width = (size - bundle * 256).min(256);
        let partial = if width < 256 { format!(".p/{width}") } else { String::new() };
        let bytes = demo.get(&format!("/log/{log}/tile/entries/{bundle:03}{partial}")).unwrap();
        let mut rest = bytes.as_slice();
        for place in 0..width {
            let length = usize::from(u16::from_be_bytes([rest[0], rest[1]]));
            let (entry, after) = rest[2..].split_at(length);
            let index = bundle * 256 + place;
            if index % 37 == 0 || index + 1 == size {
                let proof = tlog_tiles::prove_record(size, index, &reader).unwrap();
                tlog_tiles::check_record(&proof, size, top, index, tlog_tiles::record_hash(entry)).unwrap();
            }
            rest = after;
        }
        assert!(rest.is_empty());
    }
    let old = size / 2 + 1;
    let before = tlog_tiles::tree_hash(old, &reader).unwrap();
    let proof = tlog_tiles::prove_tree(size, old, &reader).unwrap();
    tlog_tiles::check_tree(&proof, size, top, old, before).unwrap();
    assert!(reader.read_hashes(&[0]).is_ok());
    size
}

/// From the file that the page gives.
fn a_person_proves(place: &Path, (app, ctx): (&App, &Ctx), runtime: &Runtime, key: &str) {
    let whom = (InsurerNo::parse(LOG).unwrap(), InsuredNo::parse(PERSON).unwrap());
    let rows = app.db.read_blocking(|tx| access_log::after(tx, LOG, 0, 5_000)).unwrap();
    let own = rows.iter().find(|row| row.entry.insured_no == PERSON).unwrap();
    let me = Caller::Person {
        account_id: "me".to_owned(),
        insurer_no: whom.0,
        insured_no: whom.1,
        name: "大谷 清".to_owned(),
        proxy: None,
    };
    let proven = runtime.block_on(transparency::prove(app, ctx, &me, &own.entry.entry_id)).unwrap();
    let mut proof: EntryProof = proven.proof.unwrap();
    let file = place.join("proof.json").display().to_string();
    std::fs::write(&file, serde_json::to_string(&proof).unwrap()).unwrap();
    let output = kiban(&["verify-proof", &file, "--key", key]);
    assert!(output.status.success() && said(&output).contains("番目にあります"), "{}", said(&output));
    proof.entry[4] = Some("だれか".to_owned());
    std::fs::write(&file, serde_json::to_string(&proof).unwrap()).unwrap();
    let output = kiban(&["verify-proof", &file, "--key", key]);
    assert!(!output.status.success() && said(&output).contains("書きかえられて"), "{}", said(&output));
}

#[test]
fn the_log_is_judged_from_outside_by_us_and_by_others() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let demo = start(&data);
    // The job puts the first heads into the log over all soon after the start.
    let mut tries = 0;
    while demo.get("/log/root/checkpoint").is_none() {
        tries += 1;
        assert!(tries < 1_200, "no head after two minutes");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert!(judged_by_others(&demo, LOG) > 100);
    assert!(judged_by_others(&demo, "root") >= 1);

    let key = demo.text("/log/root/key").trim().to_owned();
    let heads = place.path().join("heads.json").display().to_string();
    let verify = |more: &[&str]| {
        let mut arguments = vec!["verify-log", "--from", &demo.url, "--key", &key];
        arguments.extend(more);
        kiban(&arguments)
    };
    let first = verify(&["--save", &heads]);
    assert!(first.status.success(), "{}", said(&first));
    assert!(said(&first).contains(&format!("/{LOG}　")));
    assert!(verify(&["--known", &heads]).status.success());
    // Somebody who noted another story is told.
    let forked = std::fs::read_to_string(&heads).unwrap();
    let at = forked.find("\"root\": \"").unwrap() + 9;
    let other = format!("{}{}{}", &forked[..at], if &forked[at..=at] == "0" { "1" } else { "0" }, &forked[at + 1..]);
    std::fs::write(&heads, other).unwrap();
    let output = verify(&["--known", &heads]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("作りなおされています"), "{}", said(&output));
    // Another installation's key is not this one's.
    let strange = key.replace("kaigo-kiban/", "kaigo-kiban/0");
    assert!(!kiban(&["verify-log", "--from", &demo.url, "--key", &strange]).status.success());

    let config = Config::Sqlite { path: data.join("kiban.db") };
    let now = kaigo_testkit::now();
    let app = setup::open(&data, &config, now).unwrap();
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    let whom = (InsurerNo::parse(LOG).unwrap(), InsuredNo::parse(PERSON).unwrap());
    let ctx = Ctx::new(now, Ids::seeded(5));
    a_person_proves(place.path(), (&app, &ctx), &runtime, &key);

    // The municipality signs as a witness.
    let secret = place.path().join("witness.key").display().to_string();
    let state = place.path().join("witness.json").display().to_string();
    let made = kiban(&["cosign", "--new-key", "minatogawa.witness", "--secret", &secret]);
    let witness = said(&made).trim().to_owned();
    assert!(made.status.success() && witness.starts_with("minatogawa.witness+"), "{witness}");
    let chief = Caller::Insurer(InsurerStaff {
        account_id: "chief".to_owned(),
        insurer_no: whom.0,
        insurer_name: "みなと川市".to_owned(),
        name: "河野 剛".to_owned(),
        is_admin: true,
    });
    runtime.block_on(transparency::add_witness(&app, &ctx, &chief, &witness)).unwrap();
    let cosign =
        || kiban(&["cosign", "--secret", &secret, "--from", &demo.url, "--log", LOG, "--key", &key, "--state", &state]);
    let signed = cosign();
    assert!(signed.status.success(), "{}", said(&signed));
    assert_eq!(runtime.block_on(transparency::take_own_cosignature(&app, &ctx, &chief, &said(&signed))).unwrap(), 1);
    let cosigned = signed_note::Note::from_bytes(&demo.get(&format!("/log/{LOG}/cosigned")).unwrap()).unwrap();
    assert!(cosigned.to_bytes().windows(18).any(|piece| piece == b"minatogawa.witness"));
    let output = verify(&["--witness", &witness, "--need", "1"]);
    assert!(
        said(&output).contains("立会人の署名がありません"),
        "only one of the logs has a witness: {}",
        said(&output)
    );
    assert!(!said(&output).contains(&format!("{LOG}：")), "{}", said(&output));
    // A witness that signed another story before signs nothing.
    let kept = std::fs::read_to_string(&state).unwrap();
    let at = kept.find("\"root\": \"").unwrap() + 9;
    let other = format!("{}{}{}", &kept[..at], if &kept[at..=at] == "0" { "1" } else { "0" }, &kept[at + 1..]);
    std::fs::write(&state, other).unwrap();
    assert_eq!(cosign().status.code(), Some(1));
}
