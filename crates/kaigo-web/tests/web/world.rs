//! A small nation behind the pages: the demo's people, loaded through the real importers, with a clock that tests set.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use jiff::{SignedDuration, Timestamp};
use kaigo_app::card::Cards;
use kaigo_app::import::feed::{FeedOptions, feed};
use kaigo_app::import::office::offices;
use kaigo_app::import::report::Outcome;
use kaigo_app::keys::Keys;
use kaigo_app::login::{self, NewAccount, NewOwner};
use kaigo_app::setup::{self, PastCharge};
use kaigo_app::{App, Ctx, Ids};
use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::{Caller, Item, JobType, Matrix, Staff, Standing, decide};
use kaigo_core::service::ServiceKind;
use kaigo_demo::account::DemoRole;
use kaigo_demo::feed::FeedPlan;
use kaigo_demo::{DEMO_SEED, Nation};
use kaigo_store::access_log::{self, Before, Entry};
use kaigo_store::institution::{Board, Institution};
use kaigo_store::insurer::Insurer;
use kaigo_store::objects::Objects;
use kaigo_testkit::{Engine, Template, TestDb, now, outside};
use kaigo_web::{Clock, Web, router};
use tokio::runtime::Runtime;

use crate::page::{Browser, Page};

/// 久城 トメ: a running application, in charge of みなと and others; the account `tome` is hers.
pub(crate) const TOME: &str = "9900000123";
/// 大谷 清: documents and consent; the account `kiyoshi` is his.
pub(crate) const KIYOSHI: &str = "9900000456";
/// 三上 サダ: documents, no consent.
pub(crate) const SADA: &str = "9900000482";
/// 野々村 武: documents, consent withdrawn.
pub(crate) const TAKESHI: &str = "9900000494";
/// 松永 静江: in charge of かもめ only.
pub(crate) const SHIZUE: &str = "9900000502";
/// 春日 ミツ: nobody is in charge of her.
pub(crate) const MITSU: &str = "9900000555";
/// 岡 敏子: her burden ratio is corrected in the second feed.
pub(crate) const TOSHIKO: &str = "9900000568";
/// 磯部 勝: his insurer has not started.
pub(crate) const MASARU: &str = "9900000634";

/// The offices of the story, by the login of who works there.
pub(crate) const MINATO: &str = "izumo";

/// What a test's world is like.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Wish {
    /// How many people the nation has at least.
    pub(crate) people: u64,
    /// Whether みなと川市 has sent its second feed.
    pub(crate) second_feed: bool,
    /// Whether みなと is in charge of everybody there.
    pub(crate) everybody: bool,
    /// Whether cookies are for TLS only.
    pub(crate) secure: bool,
    /// Requests a minute for each account; 0: as many as it likes.
    pub(crate) pace: u32,
}

/// Where the one proxy stands that is believed.
pub(crate) const PROXY: &str = "2001:db8::feed";

/// The usual world.
pub(crate) const USUAL: Wish = Wish { people: 40, second_feed: true, everybody: false, secure: false, pace: 0 };

/// Runs a test in a world of its own on each engine. A world is built once per process, engine and wish; tests get copies.
#[expect(clippy::needless_pass_by_value, reason = "a closure is written where it is used")]
pub(crate) fn on_both(wish: Wish, test: impl AsyncFn(&World<'_>)) {
    for engine in Engine::BOTH {
        // Cookies and pace are the server's, not the world's.
        let built = Built::get(engine, Wish { secure: false, pace: 0, ..wish });
        let db = built.template.copy();
        let runtime = Runtime::new().unwrap();
        let world = World::new(&db, wish, built.charges.clone());
        runtime.block_on(test(&world));
    }
}

/// A world that was built, to be copied.
struct Built {
    template: Template,
    charges: Vec<(OfficeNo, InsuredNo, String)>,
}

impl Built {
    fn get(engine: Engine, wish: Wish) -> Arc<Self> {
        type Worlds = Mutex<BTreeMap<(Engine, Wish), Arc<OnceLock<Arc<Built>>>>>;
        static WORLDS: Worlds = Mutex::new(BTreeMap::new());
        let place = Arc::clone(WORLDS.lock().unwrap().entry((engine, wish)).or_default());
        // Tests that want the same world wait here for the one that builds it.
        Arc::clone(place.get_or_init(|| Arc::new(Self::build(engine, wish))))
    }

    fn build(engine: Engine, wish: Wish) -> Self {
        let db = engine.fresh();
        let charges = {
            let runtime = Runtime::new().unwrap();
            let world = World { ids: Ids::seeded(DEMO_SEED), ..World::new(&db, wish, Vec::new()) };
            world.masters(&runtime);
            for plan in world.nation.feeds() {
                if plan.since.is_none() || wish.second_feed {
                    world.deliver(&plan);
                }
            }
            runtime.block_on(world.accounts());
            runtime.block_on(world.register(wish.everybody))
        };
        Self { template: Template::of(engine, db), charges }
    }
}

/// The installation with everything that a test wants to know of it.
pub(crate) struct World<'a> {
    pub(crate) test: &'a TestDb,
    pub(crate) app: App,
    pub(crate) nation: Nation,
    ids: Ids,
    clock: Arc<Mutex<Timestamp>>,
    router: Router,
    files: PathBuf,
    /// Registrations: office, person, identifier.
    charges: Vec<(OfficeNo, InsuredNo, String)>,
    /// Time step of the last code of each login.
    steps: Mutex<BTreeMap<String, i64>>,
}

impl<'a> World<'a> {
    fn new(test: &'a TestDb, wish: Wish, charges: Vec<(OfficeNo, InsuredNo, String)>) -> Self {
        let keys = Keys::from_secret(&[7; 32]).unwrap();
        let objects = Objects::folder(&test.folder.join("objects"), keys.data().clone()).unwrap();
        let mut app = App::new(test.db.clone(), objects, keys);
        // Nothing lies there unless a test puts anchors in.
        app.cards = Some(Cards::folder(test.folder.join("anchors"), Some("http://kiban.test".to_owned())));
        // Not those of the time when the world was built.
        let (clock, ids) = (Arc::new(Mutex::new(now())), Ids::seeded(DEMO_SEED + 1));
        let time = Arc::clone(&clock);
        let web = Web {
            app: app.clone(),
            clock: Clock::new(move || *time.lock().unwrap(), None),
            ids: ids.clone(),
            demo: None,
            secure_cookies: wish.secure,
            locks: kaigo_web::Locks {
                trusted_proxies: vec![PROXY.parse().unwrap()],
                tls_version: Some(axum::http::HeaderName::from_static("tls-version")),
                ..kaigo_web::Locks::default()
            },
            pace: kaigo_web::Pace::new(wish.pace),
        };
        let today = Ctx::new(now(), ids.clone()).today;
        Self {
            test,
            app,
            nation: Nation::make(DEMO_SEED, today, wish.people),
            ids,
            clock,
            router: router(web),
            files: test.folder.join("files"),
            charges,
            steps: Mutex::default(),
        }
    }

    fn masters(&self, runtime: &Runtime) {
        let insurers = self.nation.insurers().into_iter().map(|i| Insurer {
            insurer_no: i.insurer_no,
            name: i.name.to_owned(),
            name_kana: i.name_kana.to_owned(),
            municipality_code: Some(i.municipality_code.to_string()),
            phone: Some(i.phone.to_owned()),
            started_on: Some(i.started_on),
            published_load: 0,
            published_at: None,
        });
        runtime.block_on(setup::put_insurers(&self.app, insurers.collect())).unwrap();
        let institutions = self.nation.institutions().into_iter().map(|i| Institution {
            institution_no: i.institution_no,
            name: i.name.to_owned(),
            name_kana: i.name_kana.to_owned(),
            address: None,
            phone: Some(i.phone.to_owned()),
        });
        runtime.block_on(setup::put_institutions(&self.app, &self.ctx(), institutions.collect())).unwrap();
        for demo in self.nation.boards() {
            let board = Board { board_id: demo.board_id.to_owned(), name: demo.name.to_owned(), phone: None };
            runtime.block_on(setup::put_board(&self.app, board, demo.insurers)).unwrap();
        }
        fs::create_dir_all(&self.files).unwrap();
        let paths = self.nation.office_files().into_iter().map(|(name, bytes)| {
            let path = self.files.join(name);
            fs::write(&path, bytes).unwrap();
            path
        });
        let paths: Vec<PathBuf> = paths.collect();
        let report = offices(&self.test.db, &paths, false, now(), &mut |_| {}).unwrap();
        assert_eq!(report.exit_status(), 0, "{}", report.text());
    }

    /// Imports a feed as a municipality would send it.
    pub(crate) fn deliver(&self, plan: &FeedPlan) {
        let folder = self.files.join(&plan.folder);
        self.nation.write_feed(&folder, plan, self.nation.range_of(plan.insurer_no)).unwrap();
        self.import(&folder);
    }

    /// Imports the feed in a folder.
    pub(crate) fn import(&self, folder: &std::path::Path) {
        let load = || feed(&self.app.db, &self.app.objects, folder, &FeedOptions::default(), self.now(), &mut |_| {});
        let report = outside(load).unwrap();
        assert_eq!(report.outcome, Outcome::Published, "{}", report.text());
    }

    /// Sends one correction or addition of みなと川市: kind, header and rows.
    pub(crate) fn amend(&self, kind: &str, csv: &str) {
        let folder = self.files.join(format!("amend-{kind}"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{kind}.csv")), csv).unwrap();
        let (no, rows) = (self.insurer(TOME), csv.lines().count() - 1);
        let manifest = format!(
            r#"{{"format":"kaigo-feed/1","insurer_no":"{no}","insurer_name":"みなと川市","made_at":"2026-11-22T05:10:00+09:00","mode":"delta","files":[{{"name":"{kind}.csv","kind":"{kind}","rows":{rows}}}]}}"#
        );
        fs::write(folder.join("manifest.json"), manifest).unwrap();
        self.import(&folder);
    }

    async fn accounts(&self) {
        // Who acts for somebody is recorded by the clerk in the tests that need it.
        for account in self.nation.accounts().into_iter().filter(|account| account.role != DemoRole::Proxy) {
            let is_admin = account.role == DemoRole::OfficeAdmin;
            let job = job(account.role, account.job_type);
            let owner = if matches!(account.role, DemoRole::OperatorStaff | DemoRole::OperatorAdmin) {
                NewOwner::Operator(account.role == DemoRole::OperatorAdmin)
            } else if account.role == DemoRole::Supporter {
                NewOwner::Supporter("minato-shien".to_owned())
            } else if let Some((insurer_no, insured_no)) = account.insured {
                NewOwner::Person(insurer_no, insured_no)
            } else if let Some(insurer_no) = account.insurer_no {
                NewOwner::Insurer(insurer_no, account.role == DemoRole::InsurerAdmin)
            } else if let Some(institution_no) = account.institution_no {
                NewOwner::Medical(institution_no, job)
            } else if let Some(board_id) = account.board_id {
                NewOwner::Board(board_id.to_owned())
            } else {
                NewOwner::Staff(account.office_no.expect("works somewhere"), job, is_admin)
            };
            let new = NewAccount {
                login_id: account.login.to_owned(),
                name: account.name.to_owned(),
                owner,
                password: account.password.to_owned(),
                totp_secret: account.totp_secret,
            };
            login::create(&self.app, &self.ctx(), new).await.unwrap();
        }
    }

    /// The demo's registrations, and some more for the offices that would stand alone in a small nation.
    async fn register(&self, everybody: bool) -> Vec<(OfficeNo, InsuredNo, String)> {
        let of = |login: &str| self.office(login);
        let mut all: Vec<(OfficeNo, InsurerNo, InsuredNo)> =
            self.nation.charges().iter().map(|c| (c.office_no, c.insurer_no, c.insured_no)).collect();
        let more = [("hamanasu", KIYOSHI), ("engawa", KIYOSHI), ("engawa", TOME), ("kamome", SHIZUE)];
        all.extend(more.map(|(login, no)| (of(login), self.insurer(no), insured(no))));
        if everybody {
            let people = self.nation.range_of(self.insurer(TOME)).map(|i| self.nation.person(i));
            all.extend(people.map(|p| (of(MINATO), p.insurer_no, p.insured_no)));
        }
        all.sort();
        all.dedup();
        let past = all.iter().map(|(office_no, insurer_no, insured_no)| PastCharge {
            office_no: *office_no,
            office_name: String::new(),
            insurer_no: *insurer_no,
            insured_no: *insured_no,
            days_ago: 40,
            closes_on: None,
            by: "出雲 太郎".to_owned(),
        });
        let ids = setup::past_charges(&self.app, &self.ctx(), past.collect()).await.unwrap();
        all.into_iter().zip(ids).map(|((office_no, _, insured_no), id)| (office_no, insured_no, id)).collect()
    }

    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    pub(crate) fn now(&self) -> Timestamp {
        *self.clock.lock().unwrap()
    }

    pub(crate) fn ctx(&self) -> Ctx {
        Ctx::new(self.now(), self.ids.clone())
    }

    /// Lets time pass.
    pub(crate) fn wait_minutes(&self, minutes: i64) {
        self.wait(SignedDuration::from_mins(minutes));
    }

    pub(crate) fn wait_days(&self, days: i64) {
        self.wait(SignedDuration::from_hours(24 * days));
    }

    fn wait(&self, time: SignedDuration) {
        *self.clock.lock().unwrap() += time;
    }

    /// The office in which somebody works.
    pub(crate) fn office(&self, login: &str) -> OfficeNo {
        self.nation.accounts().iter().find(|a| a.login == login).and_then(|a| a.office_no).expect("works in an office")
    }

    /// As the policy sees somebody who works in an office.
    pub(crate) fn staff(&self, login: &str) -> Caller {
        let account = self.nation.accounts().into_iter().find(|a| a.login == login).unwrap();
        let office_no = account.office_no.unwrap();
        let offices = self.nation.offices();
        let own = offices.iter().filter(|office| office.office_no == office_no);
        Caller::Staff(Staff {
            account_id: login.to_owned(),
            office_no,
            office_name: String::new(),
            services: own.map(|office| ServiceKind::parse(office.service_code).unwrap()).collect(),
            job: job(account.role, account.job_type),
            is_admin: false,
            name: account.name.to_owned(),
        })
    }

    /// The insurer of a person of the story.
    pub(crate) fn insurer(&self, no: &str) -> InsurerNo {
        let insurers = self.nation.insurers();
        let place = if no == MASARU { 2 } else { 0 };
        insurers[place].insurer_no
    }

    /// The registration of somebody's office for a person.
    pub(crate) fn charge(&self, login: &str, no: &str) -> &str {
        let office_no = self.office(login);
        let found = self.charges.iter().find(|(office, person, _)| *office == office_no && person.as_str() == no);
        &found.expect("the office is in charge").2
    }

    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }

    /// Logs in through the pages and looks at the first one.
    pub(crate) async fn login(&self, login: &str) -> Browser<'_> {
        let mut browser = self.enter(login).await;
        let home = browser.get("/").await;
        if home.status == 303 {
            browser.get(home.location()).await;
        }
        browser
    }

    /// Logs in and looks at nothing yet.
    pub(crate) async fn enter(&self, login: &str) -> Browser<'_> {
        let mut browser = self.browser();
        browser.get("/login").await.is(200);
        self.password(&mut browser, login).await.moves_to("/login/code");
        browser.get("/login/code").await.is(200);
        let code = self.code(login);
        browser.post("/login/code", &[("code", &code)]).await.moves_to("/");
        browser
    }

    /// Sends login and password.
    pub(crate) async fn password(&self, browser: &mut Browser<'_>, login: &str) -> Page {
        browser.post("/login", &[("login", login), ("password", self.password_of(login))]).await
    }

    pub(crate) fn password_of(&self, login: &str) -> &'static str {
        self.nation.accounts().iter().find(|a| a.login == login).map(|a| a.password).expect("somebody of the story")
    }

    /// A fresh code of the second factor; waits for the next one if this one was used.
    pub(crate) fn code(&self, login: &str) -> String {
        let mut steps = self.steps.lock().unwrap();
        let last = steps.entry(login.to_owned()).or_default();
        while self.now().as_second() / 30 <= *last {
            self.wait(SignedDuration::from_secs(30));
        }
        *last = self.now().as_second() / 30;
        self.code_now(login)
    }

    /// The code that the app shows now.
    pub(crate) fn code_now(&self, login: &str) -> String {
        let accounts = self.nation.accounts();
        let secret = accounts.iter().find(|a| a.login == login).unwrap().totp_secret;
        login::totp_at(&secret, self.now())
    }

    /// The person's log, the newest first.
    pub(crate) async fn log_of(&self, no: &str) -> Vec<Entry> {
        let (insurer_no, insured_no) = (self.insurer(no), insured(no));
        let caller =
            Caller::Person { account_id: "test".to_owned(), insurer_no, insured_no, name: String::new(), proxy: None };
        let today = self.ctx().today;
        let standing = Standing { insurer_started_on: Some(today), ..Standing::default() };
        let items = &[Item::AccessLog];
        let decision = decide(&Matrix::standard(), &caller, (insurer_no, insured_no), items, &standing, today).unwrap();
        let read =
            self.app.db.read(move |tx| access_log::of_person(tx, &decision.grant, None, &Before::default(), 100_000));
        read.await.unwrap().into_iter().map(|placed| placed.entry).collect()
    }

    /// What the tables hold that requests may change.
    pub(crate) fn state(&self) -> Vec<String> {
        let tables = ["access_log", "account", "charge", "identity_check", "last_look", "session"];
        tables.iter().flat_map(|table| self.test.dump(table)).collect()
    }
}

fn job(role: DemoRole, name: &str) -> JobType {
    let named = JobType::ALL.iter().copied().find(|job| job.label() == name);
    named.unwrap_or(if role == DemoRole::OfficeAdmin { JobType::Clerk } else { JobType::Other })
}

fn insured(no: &str) -> InsuredNo {
    InsuredNo::parse(no).unwrap()
}
