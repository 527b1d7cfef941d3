//! The people of a set find in their logs who did what with it: done and tried.

use kaigo_app::exchange::mailbox;
use kaigo_app::exchange::upload;
use kaigo_careplan::kind::Unit;
use std::collections::BTreeSet;

use crate::world::{PLANNER, SERVICE, STRANGER, World, files, people, staff, worlds};

/// An entry, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    act: String,
    document: String,
    insured_no: String,
    office_no: String,
    outcome: String,
}

/// The entries of that act.
fn entries(world: &World<'_>, act: &str) -> Vec<Entry> {
    let of = |line: &String| {
        // The columns of the log by name: see `TestDb::dump`.
        let cells: Vec<&str> = line.split('|').collect();
        Entry {
            act: cells[2].to_owned(),
            document: cells[6].to_owned(),
            insured_no: cells[8].to_owned(),
            office_no: cells[13].to_owned(),
            outcome: cells[14].to_owned(),
        }
    };
    world.db.dump("access_log").iter().map(of).filter(|entry| entry.act == act).collect()
}

fn whom(entries: &[Entry]) -> BTreeSet<String> {
    entries.iter().map(|entry| entry.insured_no.clone()).collect()
}

fn all_of(unit: Unit) -> BTreeSet<String> {
    people(&files(unit, PLANNER, SERVICE, "20261101090000")).into_iter().map(|p| p.insured_no).collect()
}

#[test]
fn everybody_of_a_set_is_told_of_each_step_once() {
    worlds(|world| {
        let all = all_of(Unit::Usage);
        assert!(all.len() > 1, "the test needs a set of several people");
        let id = world.send(1, "20261101090000");
        world.fetch(2, SERVICE, &[&id]).unwrap();
        let other = world.send(3, "20261102090000");
        world.recall(4, PLANNER, &other).unwrap();
        for (act, office_no, set_id, times) in [
            ("send-set", PLANNER, &id, 1),
            ("send-set", PLANNER, &other, 1),
            ("fetch-set", SERVICE, &id, 1),
            ("recall-set", PLANNER, &other, 1),
        ] {
            let of_set: Vec<Entry> = entries(world, act).into_iter().filter(|e| e.document == *set_id).collect();
            assert_eq!((of_set.len(), whom(&of_set)), (all.len() * times, all.clone()), "{act}");
            assert!(of_set.iter().all(|e| e.office_no == office_no && e.outcome == "done"), "{of_set:?}");
        }
        world.fetch(5, SERVICE, &[&id]).unwrap();
        assert_eq!(entries(world, "fetch-set").len(), all.len() * 2, "each time");
    });
}

#[test]
fn a_look_at_one_person_is_in_that_persons_log_only() {
    worlds(|world| {
        let id = world.send(1, "20261101090000");
        let seen = world.run(mailbox::open(&world.app, &world.ctx(2), &staff(SERVICE), &id, Some(1))).unwrap();
        let looks = entries(world, "open-set");
        assert_eq!(looks.len(), 1);
        assert_eq!((looks[0].document.as_str(), &looks[0].insured_no), (id.as_str(), &seen.people[1].insured_no));
        world.run(mailbox::open(&world.app, &world.ctx(3), &staff(PLANNER), &id, None)).unwrap();
        assert_eq!(entries(world, "open-set").len(), 1 + all_of(Unit::Usage).len());
        let nobody = world.run(mailbox::open(&world.app, &world.ctx(4), &staff(SERVICE), &id, Some(9999)));
        assert_eq!(nobody.map(drop), Err(kaigo_app::Error::NotFound));
    });
}

#[test]
fn a_look_into_an_upload_is_in_the_persons_log() {
    worlds(|world| {
        let own = files(Unit::Usage, PLANNER, SERVICE, "20261101090000");
        let who = staff(PLANNER);
        let id = world.run(upload::keep(&world.app, &world.ctx(1), &who, own)).unwrap();
        let shown = world.run(upload::set_of_draft(&world.app, &world.ctx(2), &who, &id, 0, Some(0))).unwrap();
        let looks = entries(world, "open-set");
        assert_eq!(whom(&looks), BTreeSet::from([shown.1[0].insured_no.clone()]));
    });
}

#[test]
fn being_shown_in_a_list_is_entered_once_a_day_and_account() {
    worlds(|world| {
        let id = world.send(1, "20261101090000");
        let count = all_of(Unit::Usage).len();
        for minutes in [2, 3, 4] {
            world.set(minutes, SERVICE, &id).unwrap();
        }
        assert_eq!(entries(world, "list-sets").len(), count);
        world.set(5, PLANNER, &id).unwrap();
        assert_eq!(entries(world, "list-sets").len(), count * 2);
        world.set(60 * 24, SERVICE, &id).unwrap();
        assert_eq!(entries(world, "list-sets").len(), count * 3);
    });
}

#[test]
fn a_strangers_try_is_entered_as_refused() {
    worlds(|world| {
        let id = world.send(1, "20261101090000");
        world.set(2, STRANGER, &id).unwrap_err();
        world.fetch(2, STRANGER, &[&id]).unwrap_err();
        world.recall(2, STRANGER, &id).unwrap_err();
        for act in ["list-sets", "fetch-set", "recall-set"] {
            let tries = entries(world, act);
            assert_eq!((tries.len(), whom(&tries)), (all_of(Unit::Usage).len(), all_of(Unit::Usage)), "{act}");
            assert!(tries.iter().all(|e| e.outcome == "refused" && e.office_no == STRANGER), "{tries:?}");
        }
        let before = world.db.dump("access_log").len();
        world.set(3, STRANGER, "0123456789abcdef0123456789abcdef").unwrap_err();
        assert_eq!(world.db.dump("access_log").len(), before, "of a set that is not there nobody is told");
    });
}

#[test]
fn only_the_foreign_one_of_several_is_a_strangers_try() {
    worlds(|world| {
        let own = world.send(1, "20261101090000");
        let foreign = world.direct(2, files(Unit::CarePlan, PLANNER, STRANGER, "20261101090001"));
        let kaigo_app::exchange::send::Outcome::Sent { set_id: foreign, .. } = foreign[0].clone() else { panic!() };
        world.fetch(3, SERVICE, &[&own, &foreign]).unwrap_err();
        let tries = entries(world, "fetch-set");
        assert!(
            !tries.is_empty() && tries.iter().all(|e| e.document == foreign && e.outcome == "refused"),
            "{tries:?}"
        );
        assert_eq!(world.set(4, PLANNER, &own).unwrap().row.state, mailbox::State::Sent, "all or nothing");
    });
}
