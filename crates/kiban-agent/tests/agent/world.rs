//! A real server on this machine with two offices that exchange, and what they have to send.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use kaigo_app::exchange::{partner, send, token};
use kaigo_app::keys::Keys;
use kaigo_app::login::{self, NewAccount, NewOwner};
use kaigo_app::{App, Ctx, Ids};
use kaigo_careplan::batch::InFile;
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Caller, JobType, Staff};
use kaigo_store::objects::Objects;
use kaigo_testkit::{TestDb, now};
use kaigo_web::{Clock, Web};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::program::Desk;

/// 居宅介護支援 of the samples.
pub(crate) const PLANNER: &str = "9870000016";
/// 訪問介護 of the samples.
pub(crate) const HELPER: &str = "9870000024";

/// A server that runs until this value goes away.
pub(crate) struct World {
    app: App,
    runtime: Runtime,
    pub(crate) address: SocketAddr,
    /// For logins and 連番 that nobody has.
    next: AtomicU32,
}

impl World {
    pub(crate) fn new(test: &TestDb) -> Self {
        let runtime = Runtime::new().unwrap();
        let keys = Keys::from_secret(&[7; 32]).unwrap();
        let objects = Objects::folder(&test.folder.join("objects"), keys.data().clone()).unwrap();
        let app = App::new(test.db.clone(), objects, keys);
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let clock = Clock::new(now, None);
        let web = Web {
            app: app.clone(),
            clock,
            ids: Ids::system(),
            demo: None,
            secure_cookies: false,
            locks: kaigo_web::Locks::default(),
            pace: kaigo_web::Pace::default(),
        };
        runtime.spawn(kaigo_web::serve(listener, web, std::future::pending()));
        Self { app, runtime, address, next: AtomicU32::new(0) }
    }

    fn ctx() -> Ctx {
        Ctx::new(now(), Ids::system())
    }

    /// The administrator of an office, with an account.
    fn administrator(&self, office: &str) -> Caller {
        let office_no = OfficeNo::parse(office).unwrap();
        let new = NewAccount {
            login_id: format!("admin-{}", self.next.fetch_add(1, Ordering::Relaxed)),
            name: "港 明子".to_owned(),
            owner: NewOwner::Staff(office_no, JobType::Clerk, true),
            password: "toudai-no-akari-8".to_owned(),
            totp_secret: [1; 20],
        };
        let account_id = self.runtime.block_on(login::create(&self.app, &Self::ctx(), new)).unwrap();
        Caller::Staff(Staff {
            account_id,
            office_no,
            office_name: String::new(),
            services: Vec::new(),
            job: JobType::Clerk,
            is_admin: true,
            name: "港 明子".to_owned(),
        })
    }

    /// A folder of an office that takes part, with a token.
    pub(crate) fn desk(&self, office: &str) -> Desk {
        self.desk_at(office, &format!("http://{}", self.address))
    }

    /// The same, by another wire.
    pub(crate) fn desk_at(&self, office: &str, url: &str) -> Desk {
        let (caller, ctx) = (self.administrator(office), Self::ctx());
        self.runtime.block_on(partner::join(&self.app, &ctx, &caller)).unwrap();
        let new = self.runtime.block_on(token::make(&self.app, &ctx, &caller, "事務所のパソコン")).unwrap();
        Desk::new(url, &new.token)
    }

    /// A set of the samples (`usage` goes to the helper, `result` to the planner) under a 連番 of its own.
    pub(crate) fn files(&self, unit: &str) -> Vec<InFile> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        let serial = format!("2026112209{:02}{:02}", n / 60, n % 60);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/careplan/clean").join(unit);
        let read = |entry: std::io::Result<std::fs::DirEntry>| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let (head, _) = name.rsplit_once('_').unwrap();
            InFile { name: format!("{head}_{serial}.CSV"), bytes: std::fs::read(&path).unwrap() }
        };
        std::fs::read_dir(folder).unwrap().map(read).collect()
    }

    /// Sends as from the pages.
    pub(crate) fn send(&self, office: &str, files: Vec<InFile>) {
        let caller = self.administrator(office);
        let sent = self.runtime.block_on(send::direct(&self.app, &Self::ctx(), &caller, files)).unwrap();
        assert!(sent.results.iter().all(|one| matches!(one.outcome, send::Outcome::Sent { .. })), "{:?}", sent.results);
    }
}
