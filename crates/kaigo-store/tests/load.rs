//! Two loads of one insurer at once: the later one goes on, the earlier one stops, nothing is lost or shown too early.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::sync::Arc;

use kaigo_core::code::Amount;
use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::{Act, ActGrant, Caller, decide_act};
use kaigo_core::record::Common;
use kaigo_core::record::person::InsuredPerson;
use kaigo_core::text::Text;
use kaigo_store::db::{Db, Error};
use kaigo_store::insurer::{self, Insurer};
use kaigo_store::load::{self, Begun};
use kaigo_testkit::both;

const NOW: &str = "2026-11-22T01:00:00.000Z";

fn insurer_no() -> InsurerNo {
    InsurerNo::parse("981019").unwrap()
}

fn grant() -> Arc<ActGrant> {
    Arc::new(decide_act(&Caller::InsurerSystem { insurer_no: insurer_no() }, Act::LoadRecords).unwrap())
}

fn add_insurer(db: &Db) {
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
    let grant = decide_act(&Caller::Operator, Act::Operate).unwrap();
    db.write_blocking(move |tx| insurer::put(tx, &grant, &insurer)).unwrap();
}

fn begin(db: &Db) -> Begun {
    let grant = grant();
    db.write_blocking(move |tx| load::begin(tx, &grant, "full", NOW, NOW)).unwrap().unwrap()
}

fn append(db: &Db, load_no: i32, insured_no: &str) -> Result<(), Error> {
    let (grant, insured_no) = (grant(), InsuredNo::parse(insured_no).unwrap());
    let common = Common { insured_no, record_no: Amount(1), history_no: Amount(1), ..Common::default() };
    let person = InsuredPerson {
        name: Text::parse("山田 花子").unwrap(),
        name_kana: Text::parse("ヤマダ ハナコ").unwrap(),
        born_on: Date::constant(1940, 3, 2),
        ..InsuredPerson::default()
    };
    db.write_blocking(move |tx| load::append(tx, &grant, load_no, &[(common, person)]))
}

fn publish(db: &Db, load_no: i32) -> Result<(), Error> {
    let grant = grant();
    db.write_blocking(move |tx| load::publish(tx, &grant, load_no, "", NOW))
}

fn abandon(db: &Db, begun: Begun) {
    let grant = grant();
    db.write_blocking(move |tx| load::abandon(tx, &grant, begun, "")).unwrap();
}

/// Persons that are there up to a load, whatever is published.
fn persons(db: &Db, up_to: i32) -> Vec<String> {
    let grant = grant();
    db.read_blocking(move |tx| {
        let rows = load::page::<InsuredPerson>(tx, &grant, "", up_to, 100)?;
        Ok::<_, Error>(rows.iter().map(|row| row.common.insured_no.to_string()).collect())
    })
    .unwrap()
}

#[test]
fn the_earlier_of_two_loads_stops_and_takes_nothing_with_it() {
    both(|test| {
        let db = &test.db;
        add_insurer(db);
        let first = begin(db);
        append(db, first.load_no, "9900000001").unwrap();
        let second = begin(db);
        append(db, second.load_no, "9900000002").unwrap();
        assert!(matches!(append(db, first.load_no, "9900000003"), Err(Error::Conflict(_))));
        publish(db, second.load_no).unwrap();
        assert!(matches!(publish(db, first.load_no), Err(Error::Conflict(_))));
        abandon(db, first);
        assert_eq!(persons(db, second.load_no), ["9900000002"], "{}", db.engine_name());
    });
}

#[test]
fn what_a_crashed_load_left_goes_when_the_next_one_begins() {
    both(|test| {
        let db = &test.db;
        add_insurer(db);
        let crashed = begin(db);
        append(db, crashed.load_no, "9900000001").unwrap();
        let next = begin(db);
        assert_eq!(next.published, 0);
        assert!(persons(db, next.load_no).is_empty());
    });
}

#[test]
fn a_load_that_is_given_up_leaves_nothing() {
    both(|test| {
        let db = &test.db;
        add_insurer(db);
        let kept = begin(db);
        append(db, kept.load_no, "9900000001").unwrap();
        publish(db, kept.load_no).unwrap();
        let given_up = begin(db);
        append(db, given_up.load_no, "9900000002").unwrap();
        abandon(db, given_up);
        assert_eq!(persons(db, given_up.load_no), ["9900000001"]);
        assert!(matches!(append(db, given_up.load_no, "9900000003"), Err(Error::Conflict(_))));
    });
}
