//! Two insurers, some offices, registrations made some days ago.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use kaigo_app::login::{NewAccount, NewOwner, create};
use kaigo_app::setup::{PastCharge, past_charges, put_insurers};
use kaigo_app::{App, Ctx, Error, Ids, import, presence, setup};
use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::{Caller, JobType, Staff};
use kaigo_core::service::ServiceKind;
use kaigo_store::insurer::Insurer;
use kaigo_store::presence::Run;
use kaigo_testkit::{TestDb, both, now, outside};

/// The insurer of most persons.
pub(crate) const HERE: &str = "322040";
/// Another one.
pub(crate) const THERE: &str = "131011";
/// Offices.
pub(crate) const PLANNER: &str = "3290800022";
pub(crate) const SERVICE: &str = "3290800220";

pub(crate) struct World<'a> {
    pub(crate) db: &'a TestDb,
    pub(crate) app: App,
    pub(crate) runtime: tokio::runtime::Runtime,
    pub(crate) ids: Ids,
}

/// Runs a test in a fresh world on each engine.
pub(crate) fn worlds(test: impl Fn(&World<'_>)) {
    both(|db| {
        let mut app = setup::open(&db.folder, &db.config, now()).unwrap();
        app.mail = Some("https://kiban.example.jp".to_owned());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let world = World { db, app, runtime, ids: Ids::seeded(23) };
        let master = |no: &str| Insurer {
            insurer_no: insurer(no),
            name: format!("市{no}"),
            name_kana: "シ".to_owned(),
            municipality_code: None,
            phone: None,
            started_on: Some(day("2026-04-01")),
            published_load: 0,
            published_at: None,
        };
        world.run(put_insurers(&world.app, vec![master(HERE), master(THERE)])).unwrap();
        test(&world);
    });
}

pub(crate) fn insurer(no: &str) -> InsurerNo {
    InsurerNo::parse(no).unwrap()
}

pub(crate) fn insured(no: &str) -> InsuredNo {
    InsuredNo::parse(no).unwrap()
}

pub(crate) fn office(no: &str) -> OfficeNo {
    OfficeNo::parse(no).unwrap()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn staff(no: &str, account_id: &str) -> Caller {
    Caller::Staff(Staff {
        account_id: account_id.to_owned(),
        office_no: office(no),
        office_name: format!("事業所{no}"),
        services: vec![ServiceKind::parse("43").unwrap()],
        job: JobType::CareManager,
        is_admin: false,
        name: format!("担当{no}"),
    })
}

impl World<'_> {
    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// 2026-11-22 10:00 in Japan and so many days later.
    pub(crate) fn ctx(&self, days: i64) -> Ctx {
        Ctx::new(Self::at(days), self.ids.clone())
    }

    pub(crate) fn at(days: i64) -> Timestamp {
        now() + SignedDuration::from_hours(24 * days)
    }

    /// A registration that was made on a day, with the last day that the rule gave it then.
    pub(crate) fn charge(&self, office_no: &str, person: &str, days_ago: i32) -> String {
        let past = PastCharge {
            office_no: office(office_no),
            office_name: String::new(),
            insurer_no: insurer(HERE),
            insured_no: insured(person),
            days_ago,
            closes_on: None,
            by: "出雲 太郎".to_owned(),
        };
        let id = self.run(past_charges(&self.app, &self.ctx(0), vec![past])).unwrap().remove(0);
        let started = kaigo_core::date::add_days(self.ctx(0).today, -days_ago);
        let closes = kaigo_core::rule::charge::stands_until(started, None);
        self.db.run(&format!("UPDATE charge SET closes_on = '{closes}' WHERE charge_id = '{id}'"));
        self.db.run("DELETE FROM charge_watch");
        id
    }

    /// Imports claims: rows without the header. Answers the report's exit status and its findings' codes.
    pub(crate) fn claims(&self, caller: &Caller, rows: &[&str]) -> (u8, Vec<&'static str>) {
        let header = "insurer_no,insured_no,office_no,service_month,state,received_month";
        let path = self.file("claims.csv", header, rows);
        let load = || import::claims::claims(&self.app.db, caller, &[path], false, now(), &mut |_| {});
        let report = outside(load).unwrap();
        (report.exit_status(), report.findings.list().iter().map(|f| f.code).collect())
    }

    pub(crate) fn file(&self, name: &str, header: &str, rows: &[&str]) -> PathBuf {
        let path = self.db.folder.join(name);
        std::fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
        path
    }

    /// Recomputes everything as the job does on a day.
    pub(crate) fn recompute(&self, days: i64, name: &str) -> Run {
        let ctx = self.ctx(days);
        self.run(async {
            presence::ask(&self.app, &ctx, name, None).await.unwrap();
            presence::recompute(&self.app, &ctx, "test", name).await
        })
        .unwrap()
        .unwrap()
    }

    /// Last day of a registration.
    pub(crate) fn closes(&self, charge_id: &str) -> String {
        let rows = self.db.dump("charge");
        let row = rows.iter().find(|row| row.contains(charge_id)).unwrap();
        row.split('|').nth(self.column("charge", "closes_on")).unwrap().to_owned()
    }

    fn column(&self, table: &str, name: &str) -> usize {
        let catalog = outside(|| self.db.db.catalog().unwrap());
        let columns: Vec<&String> = catalog.iter().filter(|line| line.starts_with(&format!("{table}."))).collect();
        columns.iter().position(|line| line.starts_with(&format!("{table}.{name} "))).unwrap()
    }

    /// An account of an office's staff.
    pub(crate) fn account(&self, office_no: &str, login: &str) -> String {
        let new = NewAccount {
            login_id: login.to_owned(),
            name: format!("担当{office_no}"),
            owner: NewOwner::Staff(office(office_no), JobType::CareManager, false),
            password: "a-long-password".to_owned(),
            totp_secret: [3; 20],
        };
        self.run(create(&self.app, &self.ctx(0), new)).unwrap()
    }

    pub(crate) fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut kaigo_store::db::Tx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> T {
        self.run(self.app.db.write(work)).unwrap()
    }
}
