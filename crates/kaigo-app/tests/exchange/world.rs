//! Three offices of the exchange, one that has not joined, and sets of the demo between them.

use std::sync::OnceLock;

use jiff::SignedDuration;
use kaigo_app::exchange::send::{Outcome, direct};
use kaigo_app::exchange::{mailbox, partner};
use kaigo_app::{App, Ctx, Error, Ids, setup};
use kaigo_careplan::batch::{InFile, SetPerson, sort};
use kaigo_careplan::kind::Unit;
use kaigo_careplan::name::Serial;
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Caller, JobType, Staff};
use kaigo_demo::exchange::DemoSend;
use kaigo_demo::{DEMO_SEED, Nation};
use kaigo_testkit::{TestDb, both, now};

/// Makes care plans.
pub(crate) const PLANNER: &str = "9890000017";
/// Gives services.
pub(crate) const SERVICE: &str = "9890000025";
/// Joined, but is no party of anything.
pub(crate) const STRANGER: &str = "9890000033";
/// Has not joined.
pub(crate) const OUTSIDE: &str = "9890000041";

pub(crate) struct World<'a> {
    pub(crate) db: &'a TestDb,
    pub(crate) app: App,
    pub(crate) runtime: tokio::runtime::Runtime,
    ids: Ids,
}

/// Runs a test in a fresh world on each engine.
pub(crate) fn worlds(test: impl Fn(&World<'_>)) {
    both(|db| {
        let app = setup::open(&db.folder, &db.config, now()).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let world = World { db, app, runtime, ids: Ids::seeded(11) };
        for no in [PLANNER, SERVICE, STRANGER] {
            world.run(partner::join(&world.app, &world.ctx(0), &staff(no))).unwrap();
        }
        test(&world);
    });
}

pub(crate) fn office(no: &str) -> OfficeNo {
    OfficeNo::parse(no).unwrap()
}

pub(crate) fn staff(no: &str) -> Caller {
    Caller::Staff(Staff {
        account_id: format!("account-{no}"),
        office_no: office(no),
        office_name: format!("事業所{no}"),
        services: Vec::new(),
        job: JobType::Clerk,
        is_admin: true,
        name: format!("担当{no}"),
    })
}

/// A set of the demo of that kind, with more than one person where there is one.
fn template(unit: Unit) -> DemoSend {
    let people = |send: &DemoSend| people(&send.files).len();
    sends().iter().filter(|send| send.unit == Some(unit)).max_by_key(|send| people(send)).unwrap().clone()
}

fn sends() -> &'static [DemoSend] {
    static SENDS: OnceLock<Vec<DemoSend>> = OnceLock::new();
    SENDS.get_or_init(|| Nation::make(DEMO_SEED, jiff::civil::date(2026, 11, 22), 300).exchange().sends)
}

/// The files of such a set between two offices.
pub(crate) fn files(unit: Unit, from: &str, to: &str, serial: &str) -> Vec<InFile> {
    template(unit).copied(office(from), office(to), Serial::parse(serial).unwrap())
}

/// The files of the smallest such set.
pub(crate) fn small_files(unit: Unit, from: &str, to: &str, serial: &str) -> Vec<InFile> {
    let size = |send: &DemoSend| send.files.iter().map(|file| file.bytes.len()).sum::<usize>();
    let small = sends().iter().filter(|send| send.unit == Some(unit)).min_by_key(|send| size(send)).unwrap();
    small.copied(office(from), office(to), Serial::parse(serial).unwrap())
}

/// Other people's files of the same kind and month, under the same 連番.
pub(crate) fn other_files(unit: Unit, from: &str, to: &str, serial: &str) -> Vec<InFile> {
    let (first, month) = (template(unit), |send: &DemoSend| sort(send.files.clone()).sets[0].month);
    let other = sends().iter().find(|send| {
        (send.unit, send.from.kind, send.to.kind) == (Some(unit), first.from.kind, first.to.kind)
            && month(send) == month(&first)
            && people(&send.files) != people(&first.files)
    });
    other.unwrap().copied(office(from), office(to), Serial::parse(serial).unwrap())
}

/// The people of a set's files.
pub(crate) fn people(files: &[InFile]) -> Vec<SetPerson> {
    sort(files.to_vec()).sets[0].open().people()
}

impl World<'_> {
    /// So many minutes after the beginning.
    pub(crate) fn ctx(&self, minutes: i64) -> Ctx {
        Ctx::new(now() + SignedDuration::from_mins(minutes), self.ids.clone())
    }

    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub(crate) fn direct(&self, minutes: i64, files: Vec<InFile>) -> Vec<Outcome> {
        let done = self.run(direct(&self.app, &self.ctx(minutes), &staff(PLANNER), files)).unwrap();
        done.results.into_iter().map(|result| result.outcome).collect()
    }

    /// Sends planned use from the planner to the service office and answers the set.
    pub(crate) fn send(&self, minutes: i64, serial: &str) -> String {
        self.send_unit(minutes, Unit::Usage, serial)
    }

    pub(crate) fn send_unit(&self, minutes: i64, unit: Unit, serial: &str) -> String {
        let outcomes = self.direct(minutes, files(unit, PLANNER, SERVICE, serial));
        match outcomes.as_slice() {
            [Outcome::Sent { set_id, .. }] => set_id.clone(),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn set(&self, minutes: i64, who: &str, set_id: &str) -> Result<mailbox::SetPage, Error> {
        self.run(mailbox::set(&self.app, &self.ctx(minutes), &staff(who), set_id))
    }

    pub(crate) fn fetch(&self, minutes: i64, who: &str, sets: &[&str]) -> Result<Vec<mailbox::Fetched>, Error> {
        let wanted = mailbox::Wanted::These(sets.iter().map(|set| (*set).to_owned()).collect());
        self.run(mailbox::fetch(&self.app, &self.ctx(minutes), &staff(who), wanted))
    }

    pub(crate) fn recall(&self, minutes: i64, who: &str, set_id: &str) -> Result<(), Error> {
        self.run(mailbox::recall(&self.app, &self.ctx(minutes), &staff(who), set_id))
    }

    /// Whether the documents of a set count, in the words of the page.
    pub(crate) fn current(&self, set_id: &str) -> mailbox::Current {
        let page = self.set(500, PLANNER, set_id).unwrap();
        let first = page.people[0].current.clone();
        assert!(page.people.iter().all(|p| p.current == first), "{:?}", page.people);
        first
    }
}
