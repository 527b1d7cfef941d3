//! Whoever changes the access log behind the program's back is found out: a bit, an entry taken out, put in, moved, cut off,
//! and a chain made anew by somebody who holds the keys.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use jiff::{SignedDuration, Timestamp};
use kaigo_app::keys::Keys;
use kaigo_app::seal::{self, Proof};
use kaigo_app::{App, Ctx, Ids, run, setup, transparency};
use kaigo_core::policy::{Caller, Purpose};
use kaigo_ledger::{Hash, genesis, leaf, link, seal_text};
use kaigo_store::access_log;
use kaigo_testkit::{TestDb, both, now};

const LOG: &str = "981019";
const OTHER: &str = "983015";

/// An installation with a log of six entries under three seals, and one of another insurer.
struct Place<'a> {
    db: &'a TestDb,
    app: App,
    runtime: tokio::runtime::Runtime,
}

impl<'a> Place<'a> {
    fn make(db: &'a TestDb) -> Self {
        let app = setup::open(&db.folder, &db.config, now()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let place = Self { db, app, runtime };
        let ids = Ids::seeded(7);
        for round in 0..3 {
            let at = now() + SignedDuration::from_mins(round);
            place.add(&ids, at, LOG, 2);
            place.add(&ids, at, OTHER, 1);
            let sealed = place.runtime.block_on(seal::run(&place.app, &Ctx::new(at, ids.clone()), "test"));
            assert_eq!(sealed.unwrap(), 3);
            let ctx = Ctx::new(at, ids.clone());
            let rooted = transparency::root(&place.app, &ctx, "test");
            assert_eq!(place.runtime.block_on(rooted).unwrap(), 2);
        }
        place
    }

    fn add(&self, ids: &Ids, at: Timestamp, insurer_no: &str, count: i64) {
        for n in 0..count {
            let ctx = Ctx::new(at + SignedDuration::from_secs(n), ids.clone());
            let whom = (insurer_no, "9900000017");
            let entry = run::entry(&ctx, &Caller::Operator, whom, "view", Purpose::Operation);
            self.app.db.write_blocking(move |tx| access_log::append(tx, &entry)).unwrap();
        }
    }

    fn verify(&self, known: &[(String, i64, String)]) -> Proof {
        let public = self.app.keys.seal_public();
        self.runtime.block_on(seal::verify(&self.app, &public, known)).unwrap()
    }

    /// The heads as an auditor keeps them elsewhere.
    fn heads(&self) -> Vec<(String, i64, String)> {
        let proof = self.verify(&[]);
        assert_eq!(proof.wrong, Vec::<String>::new());
        let kept = proof.heads.into_iter();
        kept.map(|(insurer_no, head)| (insurer_no, head.entries, head.head)).collect()
    }

    /// Makes the public trees anew from the entries as they are now, signed with the installation's own key.
    fn trees_anew(&self) {
        for table in TREES {
            self.db.run(&format!("DELETE FROM {table}"));
        }
        let ctx = Ctx::new(now() + SignedDuration::from_mins(30), Ids::seeded(9));
        self.runtime.block_on(transparency::catch_up(&self.app, &ctx, None)).unwrap();
        self.runtime.block_on(transparency::root(&self.app, &ctx, "test")).unwrap();
    }

    /// Hashes the entries of the log anew from the first on and writes places, heads and seals as if they had always been
    /// so, signed with `keys`.
    fn make_anew(&self, keys: &Keys) {
        let rows = self.app.db.read_blocking(|tx| access_log::after(tx, LOG, 0, 100)).unwrap();
        let seals = self.app.db.read_blocking(|tx| access_log::seals(tx, LOG, 0, 100)).unwrap();
        let mut head = genesis(LOG);
        let mut heads = vec![head];
        for row in &rows {
            head = link(head, leaf(&row.entry.bytes()));
            heads.push(head);
            let (hex, id) = (head.to_hex(), &row.entry.entry_id);
            self.db.run(&format!("UPDATE access_log SET chain = '{hex}' WHERE entry_id = '{id}'"));
        }
        for seal in seals {
            let at: Hash = heads[usize::try_from(seal.last_seq).unwrap()];
            let text = seal_text(LOG, seal.seal_no, seal.last_seq, at, &seal.sealed_at);
            let (hex, signature, no) = (at.to_hex(), keys.sign_seal(&text), seal.seal_no);
            self.db.run(&format!(
                "UPDATE access_seal SET head = '{hex}', signature = '{signature}' WHERE insurer_no = '{LOG}' AND seal_no = {no}"
            ));
        }
    }
}

/// Tables of the public trees.
const TREES: [&str; 4] = ["log_tree", "log_tile", "log_bundle", "log_checkpoint"];

/// What was done, and a word of what is said about it.
const CHANGES: &[(&str, &[&str], &str)] = &[
    (
        "a name",
        &["UPDATE access_log SET account_name = 'だれか' WHERE insurer_no = '981019' AND seq = 2"],
        "2番の記録が書きかえられて",
    ),
    (
        "the last entry",
        &["UPDATE access_log SET act = 'list' WHERE insurer_no = '981019' AND seq = 6"],
        "6番の記録が書きかえられて",
    ),
    (
        "an absent field to an empty one",
        &["UPDATE access_log SET rule = '' WHERE insurer_no = '981019' AND seq = 3"],
        "3番の記録が書きかえられて",
    ),
    (
        "one bit",
        &["UPDATE access_log SET consent_used = 1 - consent_used WHERE insurer_no = '981019' AND seq = 1"],
        "1番の記録が書きかえられて",
    ),
    (
        "a kept head",
        &["UPDATE access_log SET chain = '00' WHERE insurer_no = '981019' AND seq = 4"],
        "4番の記録が書きかえられて",
    ),
    (
        "an entry taken out",
        &["DELETE FROM access_log WHERE insurer_no = '981019' AND seq = 3"],
        "3番から3番までの記録がありません",
    ),
    (
        "the first entry taken out",
        &["DELETE FROM access_log WHERE insurer_no = '981019' AND seq = 1"],
        "1番から1番までの記録がありません",
    ),
    (
        "an entry taken out and the rest moved up",
        &[
            "DELETE FROM access_log WHERE insurer_no = '981019' AND seq = 3",
            "UPDATE access_log SET seq = seq - 1 WHERE insurer_no = '981019' AND seq > 3",
        ],
        "3番の記録が書きかえられて",
    ),
    (
        "two entries exchanged",
        &["UPDATE access_log SET seq = 5 - seq WHERE insurer_no = '981019' AND seq IN (2, 3)"],
        "2番の記録が書きかえられて",
    ),
    (
        "the end cut off",
        &["DELETE FROM access_log WHERE insurer_no = '981019' AND seq > 4"],
        "封印は6番まで、記録は4番まで",
    ),
    ("the log emptied", &["DELETE FROM access_log WHERE insurer_no = '981019'"], "封印は6番まで、記録は0番まで"),
    (
        "an entry put in",
        &[
            "UPDATE access_log SET seq = seq + 1 WHERE insurer_no = '981019' AND seq > 2",
            "INSERT INTO access_log SELECT insurer_no, 'put-in', insured_no, account_id, account_name, office_no, office_name, job, act, \
             items, document, purpose, outcome, rule, consent_used, request_id, completed_at, salt, 3, chain FROM access_log \
             WHERE insurer_no = '981019' AND seq = 2",
        ],
        "3番の記録が書きかえられて",
    ),
    (
        "an entry put at the end",
        &[
            "INSERT INTO access_log SELECT insurer_no, 'put-in', insured_no, account_id, account_name, office_no, office_name, job, act, \
           items, document, purpose, outcome, rule, consent_used, request_id, completed_at, salt, 7, chain FROM access_log \
           WHERE insurer_no = '981019' AND seq = 6",
        ],
        "7番の記録が書きかえられて",
    ),
    (
        "an entry given to another insurer",
        &["UPDATE access_log SET insurer_no = '983015', seq = 4 WHERE insurer_no = '981019' AND seq = 6"],
        "983015：4番の記録が書きかえられて",
    ),
    (
        "a place taken away",
        &["UPDATE access_log SET seq = NULL, chain = NULL WHERE insurer_no = '981019' AND seq = 6"],
        "封印は6番まで、記録は5番まで",
    ),
    ("a seal taken out", &["DELETE FROM access_seal WHERE insurer_no = '981019' AND seal_no = 2"], "封印3番の順番"),
    (
        "the last seal taken out",
        &["DELETE FROM access_seal WHERE insurer_no = '981019' AND seal_no = 3"],
        "封印は4番まで、記録は6番まで",
    ),
    (
        "a seal's time",
        &["UPDATE access_seal SET sealed_at = '2026-01-01T00:00:00.000Z' WHERE insurer_no = '981019' AND seal_no = 1"],
        "封印1番の署名",
    ),
    (
        "a seal's signature",
        &["UPDATE access_seal SET signature = head WHERE insurer_no = '981019' AND seal_no = 3"],
        "封印3番の署名",
    ),
    (
        "a tile",
        &[
            "UPDATE log_tile SET hashes = (SELECT hashes FROM log_tile WHERE log_name = '983015') WHERE log_name = '981019'",
        ],
        "公開の記録簿のtile/0/0が",
    ),
    (
        "a bundle",
        &[
            "UPDATE log_bundle SET entries = (SELECT entries FROM log_bundle WHERE log_name = '983015') WHERE log_name = '981019'",
        ],
        "公開の記録簿のtile/entries/0が",
    ),
    (
        "a head's text",
        &[
            "UPDATE log_checkpoint SET note = (SELECT c.note FROM log_checkpoint c WHERE c.log_name = '981019' AND c.size = 2) \
           WHERE log_name = '981019' AND size = 4",
        ],
        "4番までの控えの値",
    ),
    (
        "a head signed by nobody",
        &[
            "UPDATE log_checkpoint SET note = replace(note, 'kaigo-kiban/', 'kaigo-kiban/x') WHERE log_name = '981019' AND size = 6",
        ],
        "6番までの控えの値",
    ),
    (
        "the tree cut off",
        &["UPDATE log_tree SET size = 4 WHERE log_name = '981019'"],
        "公開の記録簿は4番まで、記録は6番まで",
    ),
    (
        "a head in the log over all",
        &[
            "UPDATE log_bundle SET entries = (SELECT entries FROM log_bundle WHERE log_name = '983015') WHERE log_name = 'root'",
        ],
        "全体の記録簿",
    ),
];

#[test]
fn every_change_behind_the_programs_back_is_found() {
    both(|db| {
        let place = Place::make(db);
        let heads = place.heads();
        let tables = || ["access_log", "access_seal"].into_iter().chain(TREES);
        for table in tables() {
            db.run(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}"));
        }
        for (what, statements, say) in CHANGES {
            for statement in *statements {
                db.run(statement);
            }
            let wrong = place.verify(&[]).wrong;
            assert!(wrong.iter().any(|w| w.contains(say)), "{} {what}: {wrong:?}", db.db.engine_name());
            for table in tables() {
                db.run(&format!("DELETE FROM {table}"));
                db.run(&format!("INSERT INTO {table} SELECT * FROM kept_{table}"));
            }
            assert_eq!(place.heads(), heads, "put back after {what}");
        }
    });
}

#[test]
fn an_untouched_log_is_right_and_grows_on_from_kept_heads() {
    both(|db| {
        let place = Place::make(db);
        let heads = place.heads();
        assert_eq!(heads.iter().map(|(no, n, _)| (no.as_str(), *n)).collect::<Vec<_>>(), [(LOG, 6), (OTHER, 3)]);
        let ids = Ids::seeded(8);
        place.add(&ids, now() + SignedDuration::from_mins(9), LOG, 2);
        let waiting = place.verify(&heads);
        assert_eq!((waiting.wrong.len(), waiting.heads[LOG].waiting), (0, 2));
        let ctx = Ctx::new(now() + SignedDuration::from_mins(10), ids);
        assert_eq!(place.runtime.block_on(seal::run(&place.app, &ctx, "test")).unwrap(), 2);
        let grown = place.verify(&heads);
        assert_eq!((grown.wrong.len(), grown.heads[LOG].entries), (0, 8));
    });
}

#[test]
fn a_chain_made_anew_without_the_keys_does_not_fit_its_seals() {
    both(|db| {
        let place = Place::make(db);
        db.run("UPDATE access_log SET account_name = 'だれか' WHERE insurer_no = '981019' AND seq = 2");
        place.make_anew(&Keys::from_secret(&[3; 32]).unwrap());
        let wrong = place.verify(&[]).wrong;
        assert!(wrong.iter().any(|w| w.contains("封印1番の署名")), "{wrong:?}");
    });
}

#[test]
fn a_chain_made_anew_with_the_keys_is_shown_by_kept_heads_alone() {
    both(|db| {
        let place = Place::make(db);
        let heads = place.heads();
        db.run("UPDATE access_log SET account_name = 'だれか' WHERE insurer_no = '981019' AND seq = 2");
        place.make_anew(&place.app.keys);
        let wrong = place.verify(&[]).wrong;
        assert!(
            wrong.iter().any(|w| w.contains("公開の記録簿のtile")),
            "the trees are still those of before: {wrong:?}"
        );
        place.trees_anew();
        assert_eq!(place.verify(&[]).wrong, Vec::<String>::new());
        let wrong = place.verify(&heads).wrong;
        assert!(wrong.iter().any(|w| w.contains("控えておいた値とちがいます")), "{wrong:?}");
    });
}

#[test]
fn an_end_cut_off_with_its_seals_is_shown_by_kept_heads_alone() {
    both(|db| {
        let place = Place::make(db);
        let heads = place.heads();
        db.run("DELETE FROM access_log WHERE insurer_no = '981019' AND seq > 4");
        db.run("DELETE FROM access_seal WHERE insurer_no = '981019' AND seal_no = 3");
        place.trees_anew();
        assert_eq!(place.verify(&[]).wrong, Vec::<String>::new());
        let wrong = place.verify(&heads).wrong;
        assert!(wrong.iter().any(|w| w.contains("切り取られています")), "{wrong:?}");

        // And a log that is gone altogether.
        db.run("DELETE FROM access_log");
        db.run("DELETE FROM access_seal");
        let wrong = place.verify(&heads).wrong;
        assert_eq!(wrong.iter().filter(|w| w.contains("切り取られています")).count(), 2, "{wrong:?}");
    });
}
