//! Moving, mergers, new numbers: who is told, what goes along, and that records never mix.

use kaigo_app::import;
use kaigo_core::policy::Caller;
use kaigo_testkit::outside;

use crate::world::{HERE, PLANNER, SERVICE, THERE, World, insurer, worlds};

const ANNA: &str = "9900000001";
const NEW: &str = "9900000777";

fn links(world: &World<'_>, caller: &Caller, rows: &[&str]) -> (u8, Vec<&'static str>, u64) {
    let header = "insurer_no,insured_no,to_insurer_no,to_insured_no,kind,moved_on";
    let path = world.file("links.csv", header, rows);
    let ctx = world.ctx(0);
    let load = || import::links::links(&world.app.db, &ctx, caller, &[path], false, &mut |_| {});
    let report = outside(load).unwrap();
    let codes = report.findings.list().iter().map(|f| f.code).collect();
    (report.exit_status(), codes, report.files[0].changed)
}

#[test]
fn a_move_tells_the_offices_and_opens_nothing() {
    worlds(|world| {
        world.charge(PLANNER, ANNA, 40);
        world.charge(SERVICE, ANNA, 40);
        let charges = world.db.dump("charge");
        let row = format!("{HERE},{ANNA},{THERE},{NEW},moved,2026-11-15");
        assert_eq!(links(world, &Caller::Operator, &[&row]), (0, vec![], 1));
        assert_eq!(world.db.dump("charge"), charges, "the new insurer's office checks the identity anew");
        let told = world.db.dump("notice");
        assert_eq!(told.len(), 2);
        assert!(told.iter().all(|n| n.contains("person-moved") && !n.contains(NEW) && !n.contains(THERE)), "{told:?}");
        // Once more: it is known.
        assert_eq!(links(world, &Caller::Operator, &[&row]), (0, vec![], 0));
        assert_eq!(world.db.dump("notice"), told);
    });
}

#[test]
fn a_merger_takes_the_standing_along_and_leaves_the_old_records_where_they_are() {
    worlds(|world| {
        let old = world.charge(PLANNER, ANNA, 40);
        let row = format!("{HERE},{ANNA},{THERE},{NEW},merged,2026-11-01");
        assert_eq!(links(world, &Caller::Operator, &[&row]), (0, vec![], 1));
        let charges = world.db.dump("charge");
        let new: Vec<&String> = charges.iter().filter(|row| row.contains(THERE)).collect();
        assert_eq!((charges.len(), new.len()), (2, 1));
        assert!(new[0].contains(NEW) && new[0].contains("2027-01-31") && !new[0].contains(&old), "{new:?}");
        assert!(
            charges.iter().any(|row| row.contains(&old) && row.contains(HERE)),
            "the old one still opens the old records"
        );
        let told = world.db.dump("notice");
        assert!(told.len() == 1 && told[0].contains("番号が変わりました"), "{told:?}");
        // Claims under the new number keep the new registration only.
        world.claims(&Caller::Operator, &[&format!("{THERE},{NEW},{PLANNER},2026-11,claimed,2026-11")]);
        world.recompute(0, "one");
        assert_eq!(world.closes(&old), "2027-01-31");
        let charges = world.db.dump("charge");
        assert!(charges.iter().any(|row| row.contains(NEW) && row.contains("2027-02-28")), "{charges:?}");
    });
}

#[test]
fn a_released_or_ended_standing_does_not_go_along() {
    worlds(|world| {
        let released = world.charge(PLANNER, ANNA, 40);
        world.db.run(&format!("UPDATE charge SET ended_on = '2026-11-01' WHERE charge_id = '{released}'"));
        world.charge(SERVICE, ANNA, 300);
        let row = format!("{HERE},{ANNA},{THERE},{NEW},merged,2026-11-01");
        assert_eq!(links(world, &Caller::Operator, &[&row]), (0, vec![], 1));
        assert!(world.db.dump("charge").iter().all(|row| !row.contains(NEW)));
        assert!(world.db.dump("notice").is_empty());
    });
}

#[test]
fn links_that_cannot_be_are_said() {
    worlds(|world| {
        let rows = [
            format!("{HERE},{ANNA},{HERE},{ANNA},moved,2026-11-15"),
            format!("{HERE},{ANNA},{HERE},{NEW},moved,2026-11-15"),
            format!("{HERE},{ANNA},{THERE},{NEW},renumbered,2026-11-15"),
            format!("{HERE},{ANNA},999999,{NEW},moved,2026-11-15"),
            format!("{HERE},{ANNA},{THERE},{NEW},moved,令和8年13月1日"),
        ];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let (status, codes, changed) = links(world, &Caller::Operator, &rows);
        assert_eq!((status, changed), (1, 0));
        assert_eq!(codes, ["link-same", "link-same-insurer", "link-other-insurer", "claim-insurer", "cell-date"]);
        let there = Caller::InsurerSystem { insurer_no: insurer(THERE) };
        let row = format!("{HERE},{ANNA},{THERE},{NEW},moved,2026-11-15");
        assert_eq!(links(world, &there, &[&row]), (1, vec!["claim-foreign"], 0));
        assert!(world.db.dump("person_link").is_empty());
    });
}
