//! `kiban log export`: what is written is what the tables hold, once each, whatever happens in between.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use kaigo_app::{App, Ctx, Ids, log_export, seal, setup};
use kaigo_ledger::grow::commitment;
use kaigo_ledger::note::{Checkpoint, Note};
use kaigo_ledger::tree::Frontier;
use kaigo_ledger::{Hash, leaf};
use kaigo_store::access_log::{self, Entry};
use kaigo_store::admin_log;
use kaigo_store::db::Config;
use kaigo_store::log_tree;
use kaigo_testkit::{TestDb, both, now};
use serde_json::Value;
use tokio::runtime::Runtime;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kiban");

fn entry(insurer_no: &str, n: usize, at: &str) -> Entry {
    let text = |prefix: &str| format!("{prefix}{n}");
    Entry {
        insurer_no: insurer_no.to_owned(),
        // In no order of time, as entries of several processes are.
        entry_id: format!("{:04x}", n * 7919 % 65_536),
        insured_no: "9900000456".to_owned(),
        account_id: text("a"),
        account_name: "出雲 \"太郎\"\n".to_owned(),
        office_no: n.is_multiple_of(2).then(|| "1370000001".to_owned()),
        office_name: None,
        job: None,
        act: "view".to_owned(),
        items: "certification".to_owned(),
        document: None,
        purpose: "care".to_owned(),
        outcome: "done".to_owned(),
        rule: None,
        consent_used: false,
        request_id: text("r"),
        completed_at: at.to_owned(),
        salt: text("s"),
    }
}

fn admin(id: &str, owner_no: &str) -> admin_log::Entry {
    admin_log::Entry {
        owner_kind: "office".to_owned(),
        owner_no: owner_no.to_owned(),
        entry_id: id.to_owned(),
        done_at: "2026-11-22T01:00:00.000Z".to_owned(),
        account_id: "x".to_owned(),
        account_name: "港 明子".to_owned(),
        act: "suspend".to_owned(),
        subject: "出雲 太郎".to_owned(),
        detail: String::new(),
    }
}

struct House<'a> {
    test: &'a TestDb,
    data: std::path::PathBuf,
    app: App,
    runtime: Runtime,
}

impl<'a> House<'a> {
    fn new(test: &'a TestDb) -> Self {
        let data = test.folder.join("data");
        std::fs::create_dir_all(&data).unwrap();
        let config = match &test.config {
            Config::Sqlite { .. } => Config::Sqlite { path: data.join("kiban.db") },
            postgres @ Config::Postgres { .. } => postgres.clone(),
        };
        let app = setup::open(&data, &config, now()).unwrap();
        Self { test, data, app, runtime: Runtime::new().unwrap() }
    }

    fn looks(&self, entries: Vec<Entry>) {
        let ctx = Ctx::new(now(), Ids::system());
        self.app.db.write_blocking(move |tx| entries.iter().try_for_each(|e| access_log::append(tx, e))).unwrap();
        self.runtime.block_on(seal::run(&self.app, &ctx, "test")).unwrap();
    }

    fn acts(&self, entries: Vec<admin_log::Entry>) {
        self.app.db.write_blocking(move |tx| entries.iter().try_for_each(|e| admin_log::append(tx, e))).unwrap();
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(["log", "export", "--data-dir"]).arg(&self.data).env_remove("KIBAN_DATABASE_URL");
        if let Config::Postgres { url, .. } = &self.test.config {
            command.args(["--database", url]);
        }
        command.args(args);
        command
    }

    fn export(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn export_to(&self, out: &Path) {
        let done = self.export(&["--out", out.to_str().unwrap()]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// Every entry of the tables, as the lines must have it.
    fn tables(&self) -> (Vec<(String, i64, Vec<Option<String>>)>, BTreeSet<String>) {
        self.app
            .db
            .read_blocking(|tx| {
                let mut looks = Vec::new();
                for log in access_log::logs(tx)? {
                    for placed in access_log::after(tx, &log, 0, i32::MAX)? {
                        looks.push((log.clone(), placed.seq.unwrap() - 1, placed.entry.fields()));
                    }
                }
                let acts = admin_log::all(tx, "g", i32::MAX)?.into_iter().map(|e| format!("{e:?}")).collect();
                Ok::<_, kaigo_store::db::Error>((looks, acts))
            })
            .unwrap()
    }

    /// The leaves make the tree whose head is signed and public: what who only has the lines can prove.
    fn is_whole(&self, log: &'static str, leaves: Vec<Hash>) {
        let kept = self.app.db.read_blocking(move |tx| log_tree::checkpoint(tx, log)).unwrap().unwrap();
        let head = Checkpoint::parse(Note::parse(&kept.note).unwrap().text()).unwrap();
        let mut tree = Frontier::default();
        for leaf in leaves {
            tree.append(leaf, |_, _, _| {});
        }
        assert_eq!((tree.size(), tree.root()), (head.size, head.root), "{log}");
    }

    /// The lines are the tables: each entry once, each chain in its order, each leaf the one of the public log.
    fn is_told_by(&self, text: &str) {
        let (looks, acts) = self.tables();
        let (mut told_looks, mut told_acts) = (Vec::new(), Vec::new());
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let own = |value: &Value, name: &str| value[name].as_str().unwrap().to_owned();
            if own(&line, "log") == "access" {
                let names = kaigo_app::transparency::FIELDS;
                let fields: Vec<_> = names.iter().map(|n| line["entry"][n].as_str().map(str::to_owned)).collect();
                let bytes = access_log::bytes_of(&fields).unwrap();
                assert_eq!(own(&line, "commitment"), kaigo_app::ctx::hex(&commitment(&bytes)));
                told_looks.push((own(&line, "log_name"), line["leaf"].as_i64().unwrap(), fields));
            } else {
                let text = |name: &str| own(&line, name);
                told_acts.push(format!(
                    "{:?}",
                    admin_log::Entry {
                        owner_kind: text("owner_kind"),
                        owner_no: text("owner_no"),
                        entry_id: text("entry_id"),
                        done_at: text("done_at"),
                        account_id: text("account_id"),
                        account_name: text("account_name"),
                        act: text("act"),
                        subject: text("subject"),
                        detail: text("detail"),
                    }
                ));
            }
        }
        for log in ["981019", "981027"] {
            let leaves: Vec<i64> =
                told_looks.iter().filter(|(name, ..)| name == log).map(|(_, leaf, _)| *leaf).collect();
            assert!(leaves.iter().zip(0..).all(|(leaf, n)| *leaf == n), "{log} is in its order and whole: {leaves:?}");
        }
        for log in ["981019", "981027"] {
            let own = told_looks.iter().filter(|(name, ..)| name == log);
            let leaves = own.map(|(_, _, fields)| leaf(&commitment(&access_log::bytes_of(fields).unwrap())));
            self.is_whole(log, leaves.collect());
        }
        told_looks.sort();
        assert_eq!(told_looks, looks);
        assert_eq!(told_acts.len(), acts.len(), "each once");
        assert_eq!(told_acts.into_iter().collect::<BTreeSet<_>>(), acts);
    }
}

const AT: &str = "2026-11-22T01:00:00.000Z";

#[test]
fn what_is_exported_is_what_the_tables_hold_without_gap_or_double() {
    both(|test| {
        let house = House::new(test);
        let (out, cursor) = (test.folder.join("logs.jsonl"), test.folder.join("logs.jsonl.cursor"));
        let told = || std::fs::read_to_string(&out).unwrap();
        // More than one step of one log.
        house.looks((0..2_300).map(|n| entry("981019", n, AT)).collect());
        house.looks((0..5).map(|n| entry("981027", n, AT)).collect());
        house.acts((0..1_200).map(|n| admin(&format!("0193000{n:05x}aa"), "1")).collect());
        house.export_to(&out);
        house.is_told_by(&told());
        let before = told();
        house.export_to(&out);
        assert_eq!(told(), before, "nothing new, nothing again");

        // More, and one that began earlier but was committed later.
        house.looks((2_300..2_310).map(|n| entry("981019", n, AT)).collect());
        let newest =
            house.tables().1.iter().filter_map(|e| e.split("entry_id: \"").nth(1)?.get(..12).map(str::to_owned)).max();
        let newest = i64::from_str_radix(&newest.unwrap(), 16).unwrap();
        let late = newest - (log_export::SETTLE_MINUTES - 1) * 60_000;
        house.acts(vec![admin(&format!("{late:012x}bb"), "2"), admin(&format!("{late:012x}bb"), "3")]);
        house.export_to(&out);
        house.is_told_by(&told());

        // Killed between the lines and the note, in the middle of a line.
        let noted = std::fs::read_to_string(&cursor).unwrap();
        house.looks((2_310..2_320).map(|n| entry("981019", n, AT)).collect());
        house.acts(vec![admin(&format!("{newest:012x}cc"), "2")]);
        house.export_to(&out);
        let whole = told();
        std::fs::write(&cursor, &noted).unwrap();
        std::fs::write(&out, &whole[..whole.len() - 30]).unwrap();
        house.export_to(&out);
        house.is_told_by(&told());
        assert_eq!(told().lines().collect::<BTreeSet<_>>(), whole.lines().collect::<BTreeSet<_>>());
        // The note is lost: it is made of the lines.
        std::fs::remove_file(&cursor).unwrap();
        house.export_to(&out);
        house.is_told_by(&told());

        // Moved away, as those who rotate logs do.
        let old = told();
        std::fs::rename(&out, test.folder.join("logs.1.jsonl")).unwrap();
        house.looks((2_320..2_325).map(|n| entry("981019", n, AT)).collect());
        house.export_to(&out);
        assert_eq!(told().lines().count(), 5);
        house.is_told_by(&(old + &told()));
        the_others(&house, &cursor);
        it_follows(&house);
    });
}

/// Beside the work, killed at any moment, and gone on with.
fn it_follows(house: &House<'_>) {
    let out = house.test.folder.join("followed.jsonl");
    let told = || std::fs::read_to_string(&out).unwrap_or_default();
    let arguments = ["--out", out.to_str().unwrap(), "--follow"];
    for round in 0..4 {
        let mut child = house.command(&arguments).spawn().unwrap();
        let begin = 3_000 + round * 100;
        for n in begin..begin + 5 {
            house.looks(vec![entry("981019", n, AT)]);
        }
        let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while !told().contains(&format!("\"r{}\"", begin + 4)) {
            assert!(std::time::Instant::now() < until, "the last look never came");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    house.export_to(&out);
    house.is_told_by(&told());
}

/// Through a pipe with a cursor, from a day on, and where it refuses.
fn the_others(house: &House<'_>, cursor: &Path) {
    let piped = house.test.folder.join("piped.cursor");
    let pipe = || {
        let done = house.export(&["--cursor", piped.to_str().unwrap()]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    let first = pipe();
    house.looks(vec![entry("981027", 9, "2026-11-23T01:00:00.000Z"), entry("981027", 10, "2026-11-23T02:00:00.000Z")]);
    let second = pipe();
    assert_eq!(second.lines().count(), 2);
    house.is_told_by(&(first + &second));
    assert!(pipe().is_empty());
    let since = String::from_utf8(house.export(&["--since", "2026-11-23"]).stdout).unwrap();
    let leaves: Vec<Value> = since.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let looks: Vec<_> = leaves.iter().filter(|l| l["log"] == "access").map(|l| l["leaf"].as_i64().unwrap()).collect();
    assert_eq!(looks, [5, 6], "{since}");
    // That it began is in the log itself.
    assert!(since.contains("export-all-logs"), "{since}");

    let text = std::fs::read_to_string(cursor).unwrap();
    let key = house.app.keys.seal_public();
    std::fs::write(&piped, text.replace(&key, "another")).unwrap();
    let foreign = house.export(&["--cursor", piped.to_str().unwrap()]);
    assert!(!foreign.status.success() && String::from_utf8_lossy(&foreign.stderr).contains("別のデータ"));
}
