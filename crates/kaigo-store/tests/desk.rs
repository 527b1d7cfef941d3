//! Rows written on the platform itself: seen at once, beside a feed that is being loaded, against somebody who was quicker.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::sync::Arc;

use kaigo_core::code::{Amount, ApplicationKind};
use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::{
    Act, ActGrant, Caller, ChargeStanding, InsurerStaff, Item, JobType, Matrix, Staff, Standing, decide, decide_act,
    decide_act_on,
};
use kaigo_core::record::application::Application;
use kaigo_core::record::person::InsuredPerson;
use kaigo_core::record::{Common, DESK_FIRST};
use kaigo_core::service::ServiceKind;
use kaigo_core::text::Text;
use kaigo_store::db::{Db, Error};
use kaigo_store::desk;
use kaigo_store::insurer::{self, Insurer};
use kaigo_store::load::{self, Begun};
use kaigo_store::record::{self, Segment};
use kaigo_testkit::{TestDb, both};

const NOW: &str = "2026-11-22T01:00:00.000Z";
const TODAY: Date = Date::constant(2026, 11, 22);
const ONE: &str = "9900000001";
const OTHER: &str = "9900000002";

fn insurer_no() -> InsurerNo {
    InsurerNo::parse("981019").unwrap()
}

fn whom(no: &str) -> (InsurerNo, InsuredNo) {
    (insurer_no(), InsuredNo::parse(no).unwrap())
}

fn clerk() -> Caller {
    Caller::Insurer(InsurerStaff {
        account_id: "clerk".to_owned(),
        insurer_no: insurer_no(),
        insurer_name: "みなと川市".to_owned(),
        name: "職員".to_owned(),
        is_admin: false,
    })
}

/// The right to manage a person's case.
fn managing(no: &str) -> Arc<ActGrant> {
    Arc::new(decide_act_on(&clerk(), Act::ManageCase, whom(no), &Standing::default(), TODAY).unwrap())
}

fn loading() -> Arc<ActGrant> {
    Arc::new(decide_act(&Caller::InsurerSystem { insurer_no: insurer_no() }, Act::LoadRecords).unwrap())
}

fn application(no: &str, day: i8) -> Application {
    Application {
        application_no: Text::parse(no).unwrap(),
        kind: ApplicationKind::default(),
        applied_on: Date::constant(2026, 11, day),
        ..Application::default()
    }
}

/// An insurer whose first load brought two persons, each with one application of the 2nd.
fn town(test: &TestDb) -> &Db {
    let db = &test.db;
    let insurer = Insurer {
        insurer_no: insurer_no(),
        name: "みなと川市".to_owned(),
        name_kana: "ミナトガワシ".to_owned(),
        municipality_code: None,
        phone: None,
        started_on: Some(Date::constant(2026, 4, 1)),
        published_load: 0,
        published_at: None,
    };
    let operate = decide_act(&Caller::Operator, Act::Operate).unwrap();
    db.write_blocking(move |tx| insurer::put(tx, &operate, &insurer)).unwrap();
    let begun = begin(db);
    for no in [ONE, OTHER] {
        let person = InsuredPerson {
            name: Text::parse("山田 花子").unwrap(),
            name_kana: Text::parse("ヤマダ ハナコ").unwrap(),
            born_on: Date::constant(1940, 3, 2),
            ..InsuredPerson::default()
        };
        let grant = loading();
        let row = [(common(no, 1, 1), person)];
        db.write_blocking(move |tx| load::append(tx, &grant, begun.load_no, &row)).unwrap();
        fed(db, begun, no, (1, 1), application("A-1", 2));
    }
    publish(db, begun);
    db
}

fn common(no: &str, record_no: i32, history_no: i32) -> Common {
    Common { insured_no: whom(no).1, record_no: Amount(record_no), history_no: Amount(history_no), ..Common::default() }
}

fn begin(db: &Db) -> Begun {
    let grant = loading();
    db.write_blocking(move |tx| load::begin(tx, &grant, "delta", NOW, NOW)).unwrap().unwrap()
}

/// A row that comes with a load.
fn fed(db: &Db, begun: Begun, no: &str, (record_no, history_no): (i32, i32), record: Application) {
    let (grant, row) = (loading(), [(common(no, record_no, history_no), record)]);
    db.write_blocking(move |tx| load::append(tx, &grant, begun.load_no, &row)).unwrap();
}

fn publish(db: &Db, begun: Begun) {
    let grant = loading();
    db.write_blocking(move |tx| load::publish(tx, &grant, begun.load_no, "", NOW)).unwrap();
}

fn published(db: &Db) -> i32 {
    db.read_blocking(|tx| insurer::find(tx, insurer_no())).unwrap().unwrap().published_load
}

/// A person's applications as everybody sees them now.
fn seen(db: &Db, no: &str) -> Vec<Segment<Application>> {
    let (published, whom) = (published(db), whom(no));
    let decision = decide(&Matrix::standard(), &clerk(), whom, &[Item::Progress], &Standing::default(), TODAY).unwrap();
    db.read_blocking(move |tx| record::of_person::<Application>(tx, &decision.grant, published)).unwrap()
}

/// 連番, 申請番号 and day of each application that counts.
fn counting(db: &Db, no: &str) -> Vec<(i32, String, i8)> {
    let current = |segment: &Segment<Application>| {
        let row = segment.current()?;
        Some((segment.record_no, row.record.application_no.to_string(), row.record.applied_on.day()))
    };
    seen(db, no).iter().filter_map(current).collect()
}

/// The version of a segment that a clerk has on the screen.
fn on_screen(db: &Db, no: &str, record_no: i32) -> (i32, i32) {
    let segment = seen(db, no).into_iter().find(|segment| segment.record_no == record_no).unwrap();
    let newest = segment.versions.first().unwrap();
    (newest.load_no, newest.common.history_no.0)
}

fn add(db: &Db, no: &str, record: Application) -> i32 {
    let grant = managing(no);
    db.write_blocking(move |tx| {
        let desk = desk::open(tx, &grant, NOW)?;
        desk::add(tx, desk, &record)
    })
    .unwrap()
}

fn correct(db: &Db, no: &str, record_no: i32, seen: (i32, i32), record: Application) -> Result<(), Error> {
    let grant = managing(no);
    db.write_blocking(move |tx| {
        let desk = desk::open(tx, &grant, NOW)?;
        desk::correct(tx, desk, record_no, seen, &record)
    })
}

fn take_back(db: &Db, no: &str, record_no: i32, seen: (i32, i32)) -> Result<(), Error> {
    let (grant, record) = (managing(no), application("A-1", 2));
    db.write_blocking(move |tx| {
        let desk = desk::open(tx, &grant, NOW)?;
        desk::take_back(tx, desk, record_no, seen, &record)
    })
}

#[test]
fn what_is_written_at_the_desk_is_seen_at_once() {
    both(|test| {
        let db = town(test);
        let first = published(db);
        let added = add(db, ONE, application("D-1", 9));
        assert_eq!((added, published(db)), (DESK_FIRST, first + 1));
        assert_eq!(add(db, ONE, application("D-2", 10)), DESK_FIRST + 1);
        assert_eq!(add(db, OTHER, application("D-3", 11)), DESK_FIRST, "numbers are the person's own");
        let expected = [(1, "A-1", 2), (DESK_FIRST, "D-1", 9), (DESK_FIRST + 1, "D-2", 10)];
        let expected = expected.map(|(record_no, no, day)| (record_no, no.to_owned(), day));
        assert_eq!(counting(db, ONE), expected);

        correct(db, ONE, 1, on_screen(db, ONE, 1), application("A-1", 3)).unwrap();
        correct(db, ONE, 1, on_screen(db, ONE, 1), application("A-1", 4)).unwrap();
        take_back(db, ONE, added, on_screen(db, ONE, added)).unwrap();
        let expected = [(1, "A-1".to_owned(), 4), (DESK_FIRST + 1, "D-2".to_owned(), 10)];
        assert_eq!(counting(db, ONE), expected);
        let versions: Vec<i32> = seen(db, ONE)[0].versions.iter().map(|row| row.common.history_no.0).collect();
        assert_eq!(versions, [DESK_FIRST + 1, DESK_FIRST, 1], "nothing is overwritten");
        assert_eq!(counting(db, OTHER), [(1, "A-1".to_owned(), 2), (DESK_FIRST, "D-3".to_owned(), 11)]);
        assert_eq!(published(db), first + 6, "each write has a load of its own, so that readers notice");
        let desks = test.dump("feed_load").iter().filter(|row| row.contains("|desk|")).count();
        assert_eq!(desks, 6);
    });
}

#[test]
fn who_was_slower_changes_nothing() {
    both(|test| {
        let db = town(test);
        let screen = on_screen(db, ONE, 1);
        correct(db, ONE, 1, screen, application("A-1", 3)).unwrap();
        let after = (counting(db, ONE), published(db), test.dump("feed_load"));
        for slower in [
            correct(db, ONE, 1, screen, application("A-1", 8)),
            take_back(db, ONE, 1, screen),
            correct(db, ONE, 99, screen, application("A-9", 8)),
        ] {
            assert!(matches!(slower, Err(Error::Conflict(_))), "{slower:?}");
        }
        assert_eq!((counting(db, ONE), published(db), test.dump("feed_load")), after, "not even a load number is gone");
        correct(db, ONE, 1, on_screen(db, ONE, 1), application("A-1", 8)).unwrap();
        assert_eq!(counting(db, ONE), [(1, "A-1".to_owned(), 8)]);
    });
}

#[test]
fn of_many_clerks_at_the_same_moment_one_is_the_first() {
    both(|test| {
        let db = town(test);
        let screen = on_screen(db, ONE, 1);
        let mut answers: Vec<Result<(), Error>> = std::thread::scope(|scope| {
            let clerks: Vec<_> =
                (10..18).map(|day| scope.spawn(move || correct(db, ONE, 1, screen, application("A-1", day)))).collect();
            clerks.into_iter().map(|clerk| clerk.join().unwrap()).collect()
        });
        answers.sort_by_key(Result::is_err);
        assert!(answers[0].is_ok(), "{answers:?}");
        assert!(answers[1..].iter().all(|answer| matches!(answer, Err(Error::Conflict(_)))), "{answers:?}");
        assert_eq!(seen(db, ONE)[0].versions.len(), 2, "one change, once");
    });
}

#[test]
fn clerks_on_different_people_do_not_hinder_each_other() {
    both(|test| {
        let db = town(test);
        let first = published(db);
        std::thread::scope(|scope| {
            for (n, no) in [ONE, OTHER].into_iter().enumerate() {
                scope.spawn(move || {
                    for day in 1..9 {
                        add(db, no, application(&format!("D-{n}-{day}"), day));
                    }
                });
            }
            // A feed begins and ends beside them.
            scope.spawn(move || publish(db, begin(db)));
        });
        for no in [ONE, OTHER] {
            assert_eq!(counting(db, no).len(), 9, "{}", db.engine_name());
        }
        assert!(published(db) > first);
    });
}

#[test]
fn a_feed_under_way_is_not_shown_by_the_desk() {
    both(|test| {
        let db = town(test);
        let before = published(db);
        let begun = begin(db);
        fed(db, begun, ONE, (1, 2), application("A-1", 20));
        fed(db, begun, OTHER, (1, 2), application("A-1", 21));
        // The desk writes while the feed is half loaded: the other person, the same one, the same segment.
        let added = add(db, ONE, application("D-1", 9));
        correct(db, OTHER, 1, on_screen(db, OTHER, 1), application("A-1", 5)).unwrap();
        correct(db, OTHER, 1, on_screen(db, OTHER, 1), application("A-1", 6)).unwrap();
        assert_eq!(published(db), before, "a higher load would show the half-loaded rows");
        let one = [(1, "A-1".to_owned(), 2), (added, "D-1".to_owned(), 9)];
        assert_eq!(counting(db, ONE), one);
        assert_eq!(counting(db, OTHER), [(1, "A-1".to_owned(), 6)]);

        fed(db, begun, OTHER, (2, 1), application("A-2", 22));
        publish(db, begun);
        let one = [(1, "A-1".to_owned(), 20), (added, "D-1".to_owned(), 9)];
        assert_eq!(counting(db, ONE), one, "the feed's correction, and what only the desk knows");
        let other = [(1, "A-1".to_owned(), 21), (2, "A-2".to_owned(), 22)];
        assert_eq!(counting(db, OTHER), other, "the later feed counts again");
        // And the desk after it.
        correct(db, OTHER, 1, on_screen(db, OTHER, 1), application("A-1", 23)).unwrap();
        assert_eq!(counting(db, OTHER)[0].2, 23);
    });
}

#[test]
fn a_feed_that_is_given_up_or_crashed_takes_nothing_of_the_desk_with_it() {
    both(|test| {
        let db = town(test);
        let begun = begin(db);
        fed(db, begun, ONE, (1, 2), application("A-1", 20));
        let added = add(db, ONE, application("D-1", 9));
        correct(db, ONE, 1, on_screen(db, ONE, 1), application("A-1", 5)).unwrap();
        let expected = [(1, "A-1".to_owned(), 5), (added, "D-1".to_owned(), 9)];
        let grant = loading();
        db.write_blocking(move |tx| load::abandon(tx, &grant, begun, "")).unwrap();
        assert_eq!(counting(db, ONE), expected);

        // A load that crashed is cleared away by the next one, whatever the desk wrote meanwhile.
        let crashed = begin(db);
        fed(db, crashed, ONE, (1, 2), application("A-1", 20));
        correct(db, ONE, 1, on_screen(db, ONE, 1), application("A-1", 6)).unwrap();
        let next = begin(db);
        publish(db, next);
        assert_eq!(counting(db, ONE), [(1, "A-1".to_owned(), 6), (added, "D-1".to_owned(), 9)]);
    });
}

#[test]
fn the_desk_is_open_for_acts_on_one_person_only() {
    both(|test| {
        let db = town(test);
        let staff = Caller::Staff(Staff {
            services: vec![ServiceKind::CareManagement],
            job: JobType::CareManager,
            account_id: String::new(),
            office_no: kaigo_core::id::OfficeNo::parse("3290800022").unwrap(),
            office_name: String::new(),
            is_admin: true,
            name: String::new(),
        });
        let charge = ChargeStanding { from: TODAY, until: TODAY };
        let standing = Standing { charge: Some(charge), ..Standing::default() };
        let before = (published(db), test.dump("application"));
        for grant in [
            decide_act(&clerk(), Act::ManageCase).unwrap(),
            decide_act(&clerk(), Act::ListInsured).unwrap(),
            decide_act(&Caller::InsurerSystem { insurer_no: insurer_no() }, Act::LoadRecords).unwrap(),
            decide_act_on(&staff, Act::FileNotice, whom(ONE), &standing, TODAY).unwrap(),
            decide_act_on(&clerk(), Act::IssueLetter, whom(ONE), &standing, TODAY).unwrap(),
        ] {
            let act = grant.act();
            let open = db.write_blocking(move |tx| desk::open(tx, &grant, NOW).map(drop));
            assert!(matches!(open, Err(Error::NotCovered)), "{act:?}: {open:?}");
        }
        assert_eq!((published(db), test.dump("application")), before);
    });
}
