//! Acts on one person, on both engines: every one leaves its entry, done or not; the desk and the feeds of the municipality;
//! the names of people in addresses.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};

use kaigo_app::import::feed::{FeedOptions, feed};
use kaigo_app::import::report::{FeedReport, Outcome};
use kaigo_app::run::{Deed, Given, Target, act};
use kaigo_app::{App, Ctx, Error, Ids, setup};
use kaigo_core::id::{InstitutionNo, InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::layout::Record as _;
use kaigo_core::policy::{
    Act, BoardStaff, Caller, InsurerStaff, Item, JobType, Matrix, MedicalStaff, ProxyFor, ProxyScope, Purpose, Refusal,
    Staff, Standing, decide,
};
use kaigo_core::record::DESK_FIRST;
use kaigo_core::record::application::Application;
use kaigo_core::service::ServiceKind;
use kaigo_core::text::Text;
use kaigo_store::access_log::{self, Before, Entry};
use kaigo_store::db::Tx;
use kaigo_store::insurer::{self, Insurer};
use kaigo_store::{desk, record};
use kaigo_testkit::{TestDb, both, now};

const TOWN: &str = "981019";
const OTHER_TOWN: &str = "981027";
const ONE: &str = "9900000001";
const TWO: &str = "9900000002";

const PERSON: &str = "insured_no,record_no,history_no,void,name,name_kana,born_on,sex,address,issued_on\n";

struct World<'a> {
    test: &'a TestDb,
    app: App,
    runtime: tokio::runtime::Runtime,
    ids: Ids,
    next: AtomicU32,
}

fn worlds(test: impl Fn(&World<'_>)) {
    both(|db| {
        let app = setup::open(&db.folder, &db.config, now()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let world = World { test: db, app, runtime, ids: Ids::seeded(3), next: AtomicU32::new(0) };
        let insurers = [TOWN, OTHER_TOWN].map(|no| Insurer {
            insurer_no: insurer_no(no),
            name: format!("保険者{no}"),
            name_kana: "ホケンシャ".to_owned(),
            municipality_code: None,
            phone: None,
            started_on: Some(jiff::civil::date(2026, 4, 1)),
            published_load: 0,
            published_at: None,
        });
        world.runtime.block_on(setup::put_insurers(&world.app, insurers.to_vec())).unwrap();
        let people = format!("{PERSON}{}{}", person(ONE), person(TWO));
        let report = world.feed("full", &[("insured_person", people), ("application", applications(1, 1, "A-1"))]);
        assert_eq!(report.outcome, Outcome::Published, "{}", report.text());
        test(&world);
    });
}

/// An application as a file with one row, its other columns empty.
fn applications(record_no: i32, history_no: i32, no: &str) -> String {
    let columns = Application::COLUMNS.iter().map(|column| column.name);
    let header = ["insured_no", "record_no", "history_no", "void"].into_iter().chain(columns).collect::<Vec<_>>();
    let empty = ",".repeat(header.len() - 7);
    format!("{}\n{ONE},{record_no},{history_no},0,{no},1,2026-11-02{empty}\n", header.join(","))
}

fn person(no: &str) -> String {
    format!("{no},1,1,0,港 花子,ミナト ハナコ,1940-03-02,2,みなと川市1,2026-04-01\n")
}

fn insurer_no(no: &str) -> InsurerNo {
    InsurerNo::parse(no).unwrap()
}

fn insured(no: &str) -> InsuredNo {
    InsuredNo::parse(no).unwrap()
}

fn clerk(no: &str) -> Caller {
    Caller::Insurer(InsurerStaff {
        account_id: format!("clerk-{no}"),
        insurer_no: insurer_no(no),
        insurer_name: format!("保険者{no}"),
        name: "市川 恵子".to_owned(),
        is_admin: false,
    })
}

fn office() -> Caller {
    Caller::Staff(Staff {
        account_id: "office".to_owned(),
        office_no: OfficeNo::parse("9870100014").unwrap(),
        office_name: "事業所".to_owned(),
        services: vec![ServiceKind::CareManagement],
        job: JobType::CareManager,
        is_admin: true,
        name: "出雲 太郎".to_owned(),
    })
}

fn doctor() -> Caller {
    Caller::Medical(MedicalStaff {
        account_id: "doctor".to_owned(),
        institution_no: InstitutionNo::from_body(*b"981010001"),
        institution_name: "医院".to_owned(),
        services: Vec::new(),
        job: JobType::Physician,
        name: "海部 進".to_owned(),
    })
}

fn board() -> Caller {
    Caller::Board(BoardStaff {
        account_id: "board".to_owned(),
        board_id: "board".to_owned(),
        board_name: "審査会".to_owned(),
        insurers: vec![insurer_no(TOWN)],
        name: "審 まこと".to_owned(),
    })
}

fn myself(no: &str, proxy: Option<ProxyScope>) -> Caller {
    let proxy = proxy.map(|scope| ProxyFor {
        proxy_id: "proxy".to_owned(),
        person_name: "港 花子".to_owned(),
        relation: "長女".to_owned(),
        scope,
        until: None,
    });
    let (insurer_no, insured_no) = (insurer_no(TOWN), insured(no));
    Caller::Person { account_id: "person".to_owned(), insurer_no, insured_no, name: "港 花子".to_owned(), proxy }
}

fn managing(no: &str) -> Deed {
    Deed::new(Target::Insured(insurer_no(TOWN), insured(no)), Act::ManageCase, Purpose::Case)
}

fn application(no: &str) -> Application {
    Application {
        application_no: Text::parse(no).unwrap(),
        applied_on: jiff::civil::date(2026, 11, 20),
        ..Application::default()
    }
}

impl World<'_> {
    /// A second later than the last one, so that entries have an order.
    fn ctx(&self) -> Ctx {
        let later = jiff::SignedDuration::from_secs(self.next.fetch_add(1, Ordering::Relaxed).into());
        Ctx::new(now() + later, self.ids.clone())
    }

    /// Imports a feed of the town.
    fn feed(&self, mode: &str, files: &[(&str, String)]) -> FeedReport {
        let folder = self.test.folder.join(format!("feed-{}", self.next.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir_all(&folder).unwrap();
        let mut entries = Vec::new();
        for (kind, text) in files {
            fs::write(folder.join(format!("{kind}.csv")), text).unwrap();
            let rows = text.lines().count() - 1;
            entries.push(format!(r#"{{"name":"{kind}.csv","kind":"{kind}","rows":{rows}}}"#));
        }
        let text = format!(
            r#"{{"format":"kaigo-feed/1","insurer_no":"{TOWN}","insurer_name":"保険者{TOWN}","made_at":"2026-11-20T05:10:00+09:00","mode":"{mode}","files":[{}]}}"#,
            entries.join(",")
        );
        fs::write(folder.join("manifest.json"), text).unwrap();
        feed(&self.app.db, &self.app.objects, &folder, &FeedOptions::default(), now(), &mut |_| {}).unwrap()
    }

    fn act<T, F>(&self, caller: &Caller, deed: Deed, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>, &Given) -> Result<T, Error> + Send + 'static,
    {
        self.runtime.block_on(act(&self.app, &self.ctx(), caller, deed, work))
    }

    /// A clerk writes an application at the desk.
    fn write(&self, caller: &Caller, no: &str, record: Application) -> Result<i32, Error> {
        let at = self.ctx().instant();
        self.act(caller, managing(no), move |tx, given| {
            let desk = desk::open(tx, &given.act, &at)?;
            Ok(desk::add(tx, desk, &record)?)
        })
    }

    /// A clerk corrects an application as it stands.
    fn correct(&self, no: &str, record_no: i32, record: Application) -> Result<(), Error> {
        let at = self.ctx().instant();
        let deed = managing(no).reading(&[Item::Progress]);
        self.act(&clerk(TOWN), deed, move |tx, given| {
            let all = record::of_person::<Application>(tx, given.reads()?, given.published())?;
            let segment = all.iter().find(|segment| segment.record_no == record_no).ok_or(Error::NotFound)?;
            let newest = segment.current().ok_or(Error::NotFound)?;
            let desk = desk::open(tx, &given.act, &at)?;
            Ok(desk::correct(tx, desk, record_no, (newest.load_no, newest.common.history_no.0), &record)?)
        })
    }

    /// 連番 and 申請番号 of the applications that count.
    fn counting(&self, no: &str) -> Vec<(i32, String)> {
        let whom = (insurer_no(TOWN), insured(no));
        let standing = Standing::default();
        let today = self.ctx().today;
        let decision = decide(&Matrix::standard(), &clerk(TOWN), whom, &[Item::Progress], &standing, today).unwrap();
        let found = self.app.db.read_blocking(move |tx| {
            let published = insurer::find(tx, whom.0)?.unwrap().published_load;
            record::of_person::<Application>(tx, &decision.grant, published)
        });
        let found = found.unwrap();
        let current = found.iter().filter_map(|segment| Some((segment.record_no, segment.current()?)));
        current.map(|(record_no, row)| (record_no, row.record.application_no.to_string())).collect()
    }

    /// A person's log, the oldest first.
    fn log(&self, no: &str) -> Vec<Entry> {
        let whom = (insurer_no(TOWN), insured(no));
        let standing = Standing { insurer_started_on: Some(self.ctx().today), ..Standing::default() };
        let today = self.ctx().today;
        let decision =
            decide(&Matrix::standard(), &myself(no, None), whom, &[Item::AccessLog], &standing, today).unwrap();
        let read = self
            .app
            .db
            .read_blocking(move |tx| access_log::of_person(tx, &decision.grant, None, &Before::default(), 1_000));
        let mut log: Vec<Entry> = read.unwrap().into_iter().map(|placed| placed.entry).collect();
        log.sort_by(|a, b| a.entry_id.cmp(&b.entry_id));
        log
    }

    /// The entries that came since so many: who, what, how it ended, by which rule.
    fn since(&self, no: &str, known: usize) -> Vec<(String, String, String, Option<String>)> {
        let all = self.log(no);
        let new = all.into_iter().skip(known);
        new.map(|entry| (entry.account_id, entry.act, entry.outcome, entry.rule)).collect()
    }
}

fn line(who: &str, act: &str, outcome: &str, rule: Option<&str>) -> (String, String, String, Option<String>) {
    (who.to_owned(), act.to_owned(), outcome.to_owned(), rule.map(str::to_owned))
}

#[test]
fn an_act_and_its_entry_are_one() {
    worlds(|world| {
        let clerk = clerk(TOWN);
        assert_eq!(world.write(&clerk, ONE, application("D-1")), Ok(DESK_FIRST));
        assert_eq!(world.counting(ONE), [(1, "A-1".to_owned()), (DESK_FIRST, "D-1".to_owned())]);
        let log = world.log(ONE);
        let entry = log.last().unwrap();
        assert_eq!(
            (entry.act.as_str(), entry.purpose.as_str(), entry.outcome.as_str(), entry.rule.as_deref()),
            ("manage-case", "case", "done", None)
        );
        assert_eq!((entry.account_name.as_str(), entry.office_name.as_deref()), ("市川 恵子", Some("保険者981019")));
        assert_eq!((entry.items.as_str(), entry.office_no.as_deref()), ("", None));
        assert!(world.log(TWO).is_empty(), "nobody else's log");

        // What the work reads stands in the entry too.
        world.correct(ONE, 1, application("A-1")).unwrap();
        let log = world.log(ONE);
        assert_eq!(log.last().unwrap().items, "progress");
        // The entry and the work go together: without a place for the entry nothing is written.
        let before = world.test.dump("application");
        world.test.rename_table("access_log", "hidden_log");
        assert!(world.write(&clerk, ONE, application("D-2")).is_err());
        world.test.rename_table("hidden_log", "access_log");
        assert_eq!(world.test.dump("application"), before);
        assert_eq!(world.counting(ONE).len(), 2);
    });
}

#[test]
fn what_fails_is_rolled_back_and_leaves_its_entry() {
    worlds(|world| {
        let at = world.ctx().instant();
        for (error, rule) in [
            (Error::Conflict("もう変わっています。".to_owned()), "conflict"),
            (Error::Invalid(Vec::new()), "invalid"),
            (Error::NotFound, "not-found"),
        ] {
            let known = world.log(ONE).len();
            let (at, failing) = (at.clone(), error.clone());
            let done: Result<(), Error> = world.act(&clerk(TOWN), managing(ONE), move |tx, given| {
                let desk = desk::open(tx, &given.act, &at)?;
                desk::add(tx, desk, &application("D-1"))?;
                Err(failing)
            });
            assert_eq!(done, Err(error));
            assert_eq!(world.since(ONE, known), [line("clerk-981019", "manage-case", "failed", Some(rule))]);
        }
        let known = world.log(ONE).len();
        let done: Result<(), Error> =
            world.act(&clerk(TOWN), managing(ONE), |_, _| Err(Error::Forbidden(Refusal::NotOwn)));
        assert_eq!(done, Err(Error::Forbidden(Refusal::NotOwn)));
        assert_eq!(world.since(ONE, known), [line("clerk-981019", "manage-case", "refused", Some("not-own"))]);
        assert_eq!(world.counting(ONE), [(1, "A-1".to_owned())]);
        assert!(world.test.dump("feed_load").iter().all(|row| !row.contains("|desk|")));
    });
}

#[test]
fn who_may_not_leaves_an_entry_where_the_person_is_known() {
    worlds(|world| {
        let target = || Target::Insured(insurer_no(TOWN), insured(ONE));
        let nothing = |caller: &Caller, deed: Deed| -> Result<(), Error> {
            world.act(caller, deed, |_, _| -> Result<(), Error> { Err(Error::Internal("it was let in".to_owned())) })
        };
        // The clerk of another town finds nothing; the person learns who tried.
        let known = world.log(ONE).len();
        assert_eq!(nothing(&clerk(OTHER_TOWN), managing(ONE)), Err(Error::NotFound));
        assert_eq!(world.since(ONE, known), [line("clerk-981027", "manage-case", "refused", Some("not-in-charge"))]);

        // An act that is not the caller's.
        let known = world.log(ONE).len();
        for act in [Act::SetRules, Act::JudgeCase, Act::WriteOpinion, Act::FileNotice] {
            let done = nothing(&clerk(TOWN), Deed::new(target(), act, Purpose::Case));
            assert_eq!(done, Err(Error::Forbidden(Refusal::NotAllowed)), "{act:?}");
        }
        let entries = world.since(ONE, known);
        assert_eq!(entries.len(), 4);
        assert_eq!(entries[0], line("clerk-981019", "set-rules", "refused", Some("not-allowed")));

        // A proxy names no further proxies; the entry says in whose place.
        let known = world.log(ONE).len();
        let proxy = myself(ONE, Some(ProxyScope::Everything));
        let done = nothing(&proxy, Deed::new(Target::Myself, Act::ManageProxy, Purpose::Proxy));
        assert_eq!(done, Err(Error::Forbidden(Refusal::OutsideProxy)));
        assert_eq!(world.since(ONE, known), [line("person", "manage-proxy", "refused", Some("outside-proxy"))]);
        assert_eq!(world.log(ONE).last().unwrap().account_name, "港 花子（代理：長女）");

        // Somebody of another kind cannot even say whom: nothing is found, and nobody is named.
        let known = world.log(ONE).len();
        for caller in [office(), doctor(), board(), myself(ONE, None), Caller::Operator] {
            assert_eq!(nothing(&caller, managing(ONE)), Err(Error::NotFound), "{caller:?}");
        }
        for target in
            [Target::Charge("x".to_owned()), Target::Request("x".to_owned()), Target::BoardCase("x".to_owned())]
        {
            for caller in [office(), doctor(), board(), clerk(TOWN)] {
                let done = nothing(&caller, Deed::new(target.clone(), Act::FileNotice, Purpose::Filing));
                assert_eq!(done, Err(Error::NotFound), "{caller:?} {target:?}");
            }
        }
        assert_eq!(world.log(ONE).len(), known);
    });
}

#[test]
fn feeds_neither_drop_nor_hide_what_the_desk_wrote_and_their_corrections_count_again() {
    worlds(|world| {
        world.write(&clerk(TOWN), ONE, application("D-1")).unwrap();
        world.write(&clerk(TOWN), TWO, application("D-2")).unwrap();
        world.correct(ONE, 1, application("A-1-desk")).unwrap();
        let (one, two) =
            (vec![(1, "A-1-desk".to_owned()), (DESK_FIRST, "D-1".to_owned())], vec![(DESK_FIRST, "D-2".to_owned())]);
        assert_eq!((world.counting(ONE), world.counting(TWO)), (one.clone(), two.clone()));
        // The same full feed again, which knows nothing of the desk: nothing changes.
        let people = || ("insured_person", format!("{PERSON}{}{}", person(ONE), person(TWO)));
        let same = [people(), ("application", applications(1, 1, "A-1"))];
        let report = world.feed("full", &same);
        assert_eq!((report.outcome, report.sum().changes()), (Outcome::Unchanged, 0), "{}", report.text());
        assert_eq!((world.counting(ONE), world.counting(TWO)), (one, two.clone()));
        // A correction of the municipality's system comes later than the desk's: it counts.
        let corrected = [people(), ("application", applications(1, 2, "A-1-feed"))];
        let report = world.feed("full", &corrected);
        assert_eq!(report.outcome, Outcome::Published, "{}", report.text());
        assert_eq!(world.counting(ONE), [(1, "A-1-feed".to_owned()), (DESK_FIRST, "D-1".to_owned())]);
        assert_eq!(world.counting(TWO), two);
        // And the desk after it.
        world.correct(ONE, 1, application("A-1-later")).unwrap();
        assert_eq!(world.counting(ONE)[0].1, "A-1-later");
    });
}

#[test]
fn numbers_of_the_desk_are_not_the_feeds() {
    worlds(|world| {
        world.write(&clerk(TOWN), ONE, application("D-1")).unwrap();
        let before = (world.counting(ONE), world.test.dump("application"));
        for (record_no, history_no, item) in
            [(DESK_FIRST, 1, "連番"), (2, DESK_FIRST, "履歴番号"), (9_999, 9_999, "連番")]
        {
            let report = world.feed("delta", &[("application", applications(record_no, history_no, "F-1"))]);
            assert_ne!(report.outcome, Outcome::Published);
            let text = report.text();
            assert!(text.contains(item) && text.contains("5000"), "{text}");
            assert_eq!((world.counting(ONE), world.test.dump("application")), before);
        }
    });
}

#[test]
fn names_of_people_in_addresses_come_from_this_installation_only() {
    worlds(|world| {
        let keys = &world.app.keys;
        let mut names = std::collections::BTreeSet::new();
        for insurer in [TOWN, OTHER_TOWN] {
            for no in [ONE, TWO, "H234567890"] {
                let (insurer_no, insured_no) = (insurer_no(insurer), insured(no));
                let name = keys.person_ref(insurer_no, insured_no);
                assert!(name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit()), "{name}");
                assert!(!name.contains(no), "{name}");
                assert_eq!(keys.person_of_ref(&name), Some((insurer_no, insured_no)));
                assert_eq!(keys.person_ref(insurer_no, insured_no), name, "the same person, the same address");
                names.insert(name);
            }
        }
        assert_eq!(names.len(), 6);
        let name = keys.person_ref(insurer_no(TOWN), insured(ONE));
        // Each digit changed, cut off, made longer, made of the numbers themselves, of another installation.
        for place in 0..32 {
            let mut forged = name.clone().into_bytes();
            forged[place] = if forged[place] == b'0' { b'1' } else { b'0' };
            let forged = String::from_utf8(forged).unwrap();
            assert_eq!(keys.person_of_ref(&forged), None, "{forged}");
        }
        let other = kaigo_app::keys::Keys::from_secret(&[9; 32]).unwrap();
        let elsewhere = other.person_ref(insurer_no(TOWN), insured(ONE));
        let plain = kaigo_app::ctx::hex(format!("{TOWN}{ONE}").as_bytes());
        let zeros = "0".repeat(32);
        for forged in
            [&elsewhere, &plain, &zeros, &name[..31], &name[1..], &format!("{name}0"), &format!("{name}00"), "", "é"]
        {
            assert_eq!(keys.person_of_ref(forged), None, "{forged}");
        }
    });
}
