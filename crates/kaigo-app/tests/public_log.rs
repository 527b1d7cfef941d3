//! The public form of the access log: what anybody reads of it, what a person can prove with it, what a witness signs.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use jiff::SignedDuration;
use kaigo_app::transparency::{self, EntryProof, check_proof};
use kaigo_app::{App, Ctx, Error, Ids, run, seal, setup};
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::{Caller, InsurerStaff, Purpose};
use kaigo_ledger::audit::{Source, Wrong, goes_on, whole};
use kaigo_ledger::note::{Kind, Note, Verifier};
use kaigo_store::access_log;
use kaigo_store::insurer::Insurer;
use kaigo_testkit::{TestDb, both, now};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use tokio::runtime::Runtime;

const LOG: &str = "981019";
const PERSON: &str = "9900000017";

struct Place {
    app: App,
    runtime: Runtime,
    ids: Ids,
    minutes: i64,
}

impl Place {
    fn make(db: &TestDb) -> Self {
        let app = setup::open(&db.folder, &db.config, now()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let insurer = Insurer {
            insurer_no: InsurerNo::parse(LOG).unwrap(),
            name: "みなと川市".to_owned(),
            name_kana: "ミナトガワシ".to_owned(),
            municipality_code: None,
            phone: None,
            started_on: Some(jiff::civil::date(2026, 4, 1)),
            published_load: 0,
            published_at: None,
        };
        runtime.block_on(setup::put_insurers(&app, vec![insurer])).unwrap();
        Self { app, runtime, ids: Ids::seeded(7), minutes: 0 }
    }

    fn ctx(&self) -> Ctx {
        Ctx::new(now() + SignedDuration::from_mins(self.minutes), self.ids.clone())
    }

    /// So many entries more, placed, with a head in the log over all.
    fn grow(&mut self, count: usize) {
        self.minutes += 1;
        let ctx = self.ctx();
        let entries: Vec<_> = (0..count)
            .map(|_| run::entry(&ctx, &Caller::Operator, (LOG, PERSON), "view", Purpose::Operation))
            .collect();
        self.app.db.write_blocking(move |tx| access_log::append_all(tx, &entries)).unwrap();
        assert_eq!(self.runtime.block_on(seal::run(&self.app, &ctx, "test")).unwrap(), count);
        self.runtime.block_on(transparency::root(&self.app, &ctx, "test")).unwrap();
    }

    fn key(&self, log: &str) -> Verifier {
        transparency::verifier(&self.app.keys, log).unwrap()
    }

    fn clerk(is_admin: bool) -> Caller {
        Caller::Insurer(InsurerStaff {
            account_id: "clerk".to_owned(),
            insurer_no: InsurerNo::parse(LOG).unwrap(),
            insurer_name: "みなと川市".to_owned(),
            name: "河野 剛".to_owned(),
            is_admin,
        })
    }
}

/// What the pages give to anybody.
struct Public<'a>(&'a Place, &'a str);

impl Source for Public<'_> {
    type Error = String;

    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        let Place { app, runtime, .. } = self.0;
        let bytes = if path == "checkpoint" {
            runtime.block_on(transparency::checkpoint(app, self.1)).map(String::into_bytes)
        } else {
            runtime.block_on(transparency::piece(app, self.1, path)).map(|(bytes, _)| bytes)
        };
        bytes.map_err(|e| e.say())
    }
}

#[test]
fn anybody_reads_the_whole_log_and_no_word_about_anybody() {
    both(|db| {
        let mut place = Place::make(db);
        let mut known = Vec::new();
        for count in [1, 254, 1, 1, 300, 2_100] {
            place.grow(count);
            let mut leaves = Vec::new();
            let head = whole(&mut Public(&place, LOG), &place.key(LOG), &known, |_, entry| leaves.push(entry.to_vec()));
            let head = head.unwrap();
            known.push((head.size, head.root));
            assert_eq!(u64::try_from(leaves.len()).unwrap(), head.size);
            assert!(leaves.iter().all(|leaf| leaf.len() == 32), "a leaf is a commitment and nothing else");
            goes_on(&mut Public(&place, LOG), &place.key(LOG), known[0]).unwrap();
        }
        let mut told = Vec::new();
        let key = place.key("root");
        let root = whole(&mut Public(&place, "root"), &key, &[], |_, entry| told.push(entry.to_vec())).unwrap();
        assert_eq!(root.size, 6);
        assert!(String::from_utf8(told[5].clone()).unwrap().contains(&format!("/{LOG}\n2657\n")));
        assert_eq!(
            place.runtime.block_on(seal::verify(&place.app, &place.app.keys.seal_public(), &[])).unwrap().wrong.len(),
            0
        );
        // A repeat within the time between two heads adds nothing.
        assert_eq!(place.runtime.block_on(transparency::root(&place.app, &place.ctx(), "test")).unwrap(), 0);
        for path in ["tile/0/000.p/999", "tile/0/999", "tile/entries/999", "tile/9/000", "../secret.key", "tile/0/0"] {
            assert!(place.runtime.block_on(transparency::piece(&place.app, LOG, path)).is_err(), "{path}");
        }
        assert!(place.runtime.block_on(transparency::checkpoint(&place.app, "999999")).is_err());
    });
}

#[test]
fn a_log_older_than_its_tree_catches_up() {
    both(|db| {
        let mut place = Place::make(db);
        place.grow(600);
        let before = whole(&mut Public(&place, LOG), &place.key(LOG), &[], |_, _| {}).unwrap();
        for table in ["log_tree", "log_tile", "log_bundle", "log_checkpoint"] {
            db.empty(table);
        }
        // The next entries find that the tree lags.
        place.grow(5);
        let known = [(before.size, before.root)];
        let after = whole(&mut Public(&place, LOG), &place.key(LOG), &known, |_, _| {}).unwrap();
        assert_eq!(after.size, 605);
        let ctx = place.ctx();
        let caught = transparency::catch_up(&place.app, &ctx, None);
        assert_eq!(place.runtime.block_on(caught).unwrap(), 0, "nothing is left to do");
    });
}

fn wrong(proof: &EntryProof, key: &Verifier) -> String {
    match check_proof(proof, key) {
        Err(Error::Invalid(wrong)) => wrong[0].say.clone(),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_person_proves_an_entry_with_nothing_but_the_public_key() {
    both(|db| {
        let mut place = Place::make(db);
        let row = [
            ("insurer_no", LOG),
            ("insured_no", PERSON),
            ("record_no", "1"),
            ("load_no", "0"),
            ("history_no", "1"),
            ("void", "0"),
            ("name", "大谷 清"),
            ("name_kana", "オオタニ キヨシ"),
            ("born_on", "1941-05-05"),
            ("sex", "1"),
            ("address", ""),
            ("kana_key", "オオタニキヨシ"),
        ];
        db.put("insured_person", &row.map(|(name, value)| (name, Some(value))));
        place.grow(300);
        let me = Caller::Person {
            account_id: "me".to_owned(),
            insurer_no: InsurerNo::parse(LOG).unwrap(),
            insured_no: InsuredNo::parse(PERSON).unwrap(),
            name: "大谷 清".to_owned(),
            proxy: None,
        };
        let rows = place.app.db.read_blocking(|tx| access_log::after(tx, LOG, 122, 1)).unwrap();
        let entry_id = rows[0].entry.entry_id.clone();
        let proven = place.runtime.block_on(transparency::prove(&place.app, &place.ctx(), &me, &entry_id)).unwrap();
        let proof = proven.proof.unwrap();
        // Through the file that a person saves.
        let proof: EntryProof = serde_json::from_str(&serde_json::to_string(&proof).unwrap()).unwrap();
        let key = place.key("root");
        let shown = check_proof(&proof, &key).unwrap();
        assert_eq!((shown.size, shown.fields["insured_no"].as_str(), proof.index), (300, PERSON, 122));
        for place_of_field in 0..18 {
            let mut changed = proof.clone();
            changed.entry[place_of_field] = Some("別".to_owned());
            let say = wrong(&changed, &key);
            assert!(say.contains("書きかえられて") || say.contains("記録簿がちがいます"), "{place_of_field}: {say}");
        }
        let mut moved = proof.clone();
        moved.index += 1;
        assert!(wrong(&moved, &key).contains("書きかえられて"));
        let strange = Ed25519KeyPair::from_seed_unchecked(&[1; 32]).unwrap();
        let strange =
            Verifier::new(&key.name, Kind::Ed25519, strange.public_key().as_ref().try_into().unwrap()).unwrap();
        assert!(wrong(&proof, &strange).contains("公開鍵のものではありません"));
        // The look at the proof is in the log, too; somebody else's entry is nothing.
        let log = place.app.db.read_blocking(|tx| access_log::count(tx, LOG)).unwrap();
        assert_eq!(log.0, 301);
        let nobody = place.runtime.block_on(transparency::prove(&place.app, &place.ctx(), &me, "nothing"));
        assert!(matches!(nobody, Err(Error::NotFound)));
    });
}

#[test]
fn a_witness_signs_what_goes_on_and_nothing_else() {
    both(|db| {
        let mut place = Place::make(db);
        place.grow(10);
        let pair = Ed25519KeyPair::from_seed_unchecked(&[9; 32]).unwrap();
        let public: [u8; 32] = pair.public_key().as_ref().try_into().unwrap();
        let witness = Verifier::new("minatogawa.witness", Kind::Cosignature, public).unwrap();
        let Place { app, runtime, .. } = &place;
        let add =
            |caller: &Caller, key: &str| runtime.block_on(transparency::add_witness(app, &place.ctx(), caller, key));
        assert!(matches!(add(&Place::clerk(false), &witness.text()), Err(Error::Forbidden(_))));
        assert!(
            matches!(add(&Place::clerk(true), &place.key(LOG).text()), Err(Error::Invalid(_))),
            "a log's key is no witness's"
        );
        let take = |note: &str| {
            runtime.block_on(transparency::take_own_cosignature(app, &place.ctx(), &Place::clerk(false), note))
        };
        let signed = |place: &Place| {
            let (_, mut note) =
                goes_on(&mut Public(place, LOG), &place.key(LOG), (0, kaigo_ledger::Hash([0; 32]))).unwrap();
            note.cosign("minatogawa.witness", &pair, 1_900_000_000);
            note.to_string()
        };
        assert!(matches!(take(&signed(&place)), Err(Error::Invalid(_))), "not registered yet");
        add(&Place::clerk(true), &witness.text()).unwrap();
        assert_eq!(take(&signed(&place)).unwrap(), 1);
        assert_eq!(take(&signed(&place)).unwrap(), 1, "a repeat changes nothing");
        let cosigned = runtime.block_on(transparency::cosigned(app, LOG)).unwrap();
        let note = Note::parse(&cosigned).unwrap();
        assert_eq!(witness.verify(&note), Some(1_900_000_000));
        assert!(place.key(LOG).verify(&note).is_some());
        // What this log never said.
        let mut other = Note::new("kaigo-kiban/x/981019\n10\nAAAA\n").unwrap();
        other.cosign("minatogawa.witness", &pair, 1);
        assert!(matches!(take(&other.to_string()), Err(Error::Invalid(_))));
        let page = runtime.block_on(transparency::witness_page(app, &Place::clerk(false))).unwrap();
        assert_eq!((page.witnesses.len(), page.signed[0].1), (1, 10));
        runtime.block_on(transparency::end_witness(app, &place.ctx(), &Place::clerk(true), &witness.text())).unwrap();
        place.grow(1);
        let Place { app, runtime, .. } = &place;
        let late = runtime.block_on(transparency::take_own_cosignature(
            app,
            &place.ctx(),
            &Place::clerk(false),
            &signed(&place),
        ));
        assert!(matches!(late, Err(Error::Invalid(_))), "ended");
        // A witness that knew another story does not go on.
        let forked = goes_on(&mut Public(&place, LOG), &place.key(LOG), (5, kaigo_ledger::Hash([4; 32])));
        assert_eq!(forked.err(), Some(Wrong::Forked(5)));
    });
}
