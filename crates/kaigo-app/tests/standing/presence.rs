//! Last days from claims: kept by service, held by a returned claim, opened again by a late one, never moved after a release.

use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_store::presence as store;

use crate::world::{HERE, PLANNER, SERVICE, THERE, World, day, insured, insurer, worlds};

const ANNA: &str = "9900000001";
const BEN: &str = "9900000002";

#[test]
fn service_keeps_the_standing_and_absence_ends_it() {
    worlds(|world| {
        // Registered on 2026-08-04: until 2026-11-30 by itself.
        let (kept, left) = (world.charge(PLANNER, ANNA, 110), world.charge(SERVICE, ANNA, 110));
        assert_eq!(world.closes(&kept), "2026-11-30");
        let row = format!("{HERE},{ANNA},{PLANNER},2026-10,claimed,2026-11");
        assert_eq!(world.claims(&Caller::Operator, &[&row]), (0, vec![]));
        let run = world.recompute(0, "one");
        assert_eq!((run.looked, run.changed, run.reopened, run.warned, run.ended), (2, 1, 0, 1, true));
        assert_eq!((world.closes(&kept), world.closes(&left)), ("2027-01-31".to_owned(), "2026-11-30".to_owned()));
        let before = (world.db.dump("charge"), world.db.dump("charge_watch"), world.db.dump("notice"));
        assert!(before.2.len() == 1 && before.2[0].contains(SERVICE) && before.2[0].contains("claim-gap"));
        // The same once more: nothing is written.
        assert_eq!(world.claims(&Caller::Operator, &[&row]), (0, vec![]));
        let run = world.recompute(0, "two");
        assert_eq!((run.looked, run.changed, run.warned), (2, 0, 0));
        assert_eq!((world.db.dump("charge"), world.db.dump("charge_watch"), world.db.dump("notice")), before);
    });
}

#[test]
fn a_late_claim_opens_again_what_absence_ended_and_nothing_opens_a_release() {
    worlds(|world| {
        let (absent, released) = (world.charge(PLANNER, ANNA, 200), world.charge(SERVICE, ANNA, 200));
        world.db.run(&format!(
            "UPDATE charge SET ended_on = '2026-09-01', end_reason = 'moved' WHERE charge_id = '{released}'"
        ));
        assert_eq!(world.closes(&absent), "2026-08-31");
        assert_eq!(world.recompute(0, "one").changed, 0);
        let late = |office: &str| format!("{HERE},{ANNA},{office},2026-10,late,2026-11");
        world.claims(&Caller::Operator, &[&late(PLANNER), &late(SERVICE)]);
        let run = world.recompute(0, "two");
        assert_eq!((run.looked, run.changed, run.reopened), (1, 1, 1));
        assert_eq!(
            (world.closes(&absent), world.closes(&released)),
            ("2027-01-31".to_owned(), "2026-08-31".to_owned())
        );
        let log = world.db.dump("access_log");
        let entry = log.iter().find(|entry| entry.contains("reopen-charge")).unwrap();
        assert!(entry.contains(ANNA) && entry.contains(PLANNER), "{entry}");
    });
}

#[test]
fn a_returned_claim_holds_and_one_kept_by_hand_stays() {
    worlds(|world| {
        let (held, kept) = (world.charge(PLANNER, ANNA, 110), world.charge(SERVICE, ANNA, 110));
        world.write({
            let kept = kept.clone();
            move |tx| {
                store::kept(tx, (insurer(HERE), insured(ANNA)), &kept, day("2027-02-28"))?;
                Ok(())
            }
        });
        let at = |state: &str| format!("{HERE},{ANNA},{PLANNER},2026-09,{state},2026-11");
        world.claims(&Caller::Operator, &[&at("claimed")]);
        world.recompute(0, "one");
        assert_eq!((world.closes(&held), world.closes(&kept)), ("2026-12-31".to_owned(), "2027-02-28".to_owned()));
        // Sent back in November: until the end of February it can be sent again.
        world.claims(&Caller::Operator, &[&at("returned"), &at("claimed")]);
        world.recompute(0, "two");
        assert_eq!(world.closes(&held), "2027-02-28");
    });
}

#[test]
fn the_order_of_files_does_not_matter() {
    worlds(|world| {
        let row = |state: &str, month: &str| format!("{HERE},{ANNA},{PLANNER},2026-08,{state},{month}");
        let rows =
            [row("late", "2026-11"), row("claimed", "2026-09"), row("returned", "2026-10"), row("claimed", "2026-10")];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        world.claims(&Caller::Operator, &rows);
        let one: Vec<String> = world.db.dump("claim_presence");
        assert!(one.len() == 1 && one[0].contains("late") && one[0].contains("2026-11"), "{one:?}");
        let turned: Vec<&str> = rows.iter().rev().copied().collect();
        world.claims(&Caller::Operator, &turned);
        assert_eq!(world.db.dump("claim_presence"), one);
        world.claims(&Caller::Operator, &rows[2..]);
        assert_eq!(world.db.dump("claim_presence"), one, "older news change nothing");
    });
}

#[test]
fn rows_with_errors_are_said_and_left_out() {
    worlds(|world| {
        let good = format!("{HERE},{ANNA},{PLANNER},2026-10,claimed,2026-11");
        let rows = [
            good.clone(),
            format!("999999,{ANNA},{PLANNER},2026-10,claimed,2026-11"),
            format!("{HERE},{ANNA},{PLANNER},2026-10,claimed,2026-09"),
            format!("{HERE},{ANNA},{PLANNER},2026-11,claimed,2026-12"),
            format!("{HERE},{ANNA},{PLANNER},2026-13,claimed,2026-11"),
            format!("{HERE},{ANNA},{PLANNER},2026-10,maybe,2026-11"),
            format!("{HERE},123456789018,{PLANNER},2026-10,claimed,2026-11"),
            format!("{HERE},{BEN},{PLANNER},2024-01,late,2026-11"),
        ];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let (status, codes) = world.claims(&Caller::Operator, &rows);
        assert_eq!(status, 1);
        assert_eq!(
            codes,
            [
                "claim-insurer",
                "claim-order",
                "claim-future",
                "cell-shape",
                "cell-unknown-code",
                "cell-length",
                "claim-lapsed"
            ]
        );
        assert_eq!(world.db.dump("claim_presence").len(), 2);
        // An insurer brings its own people's claims only.
        let there = Caller::InsurerSystem { insurer_no: insurer(THERE) };
        assert_eq!(world.claims(&there, &[&good]), (1, vec!["claim-foreign"]));
        let (status, codes) = world.claims(&Caller::Operator, &["1,2,3"]);
        assert!(status == 1 && !codes.is_empty());
    });
}

#[test]
fn a_store_refuses_the_claims_of_another_insurer() {
    worlds(|world| {
        let grant = decide_act(&Caller::InsurerSystem { insurer_no: insurer(THERE) }, Act::LoadClaims).unwrap();
        let claim = store::Claim {
            insurer_no: insurer(HERE),
            insured_no: insured(ANNA),
            office_no: crate::world::office(PLANNER),
            service_month: day("2026-10-01"),
            received_month: day("2026-11-01"),
            state: kaigo_core::rule::presence::ClaimPresence::Claimed,
        };
        let put = world.run(world.app.db.write(move |tx| store::put(tx, &grant, vec![claim], "x")));
        assert_eq!(put, Err(kaigo_store::db::Error::NotCovered));
    });
}

#[test]
fn an_insurer_may_give_more_months_and_less_leaves_time_for_a_word() {
    worlds(|world| {
        let id = world.charge(PLANNER, ANNA, 40);
        let set = |months: u8, from: &str| {
            world.db.run(&format!(
                "INSERT INTO insurer_setting (insurer_no, setting, valid_from, value, set_by, set_at) \
                 VALUES ('{HERE}', 'grace-months', '{from}', '{months}', 'x', 'x')"
            ));
        };
        assert_eq!(world.closes(&id), "2027-01-31");
        set(6, "2026-11-01");
        world.recompute(0, "one");
        assert_eq!(world.closes(&id), "2027-04-30");
        set(1, "2026-11-20");
        world.recompute(0, "two");
        assert_eq!(world.closes(&id), "2026-12-22", "thirty days of warning");
        world.recompute(3, "three");
        assert_eq!(world.closes(&id), "2026-12-22", "and no day more or less on the next days");
    });
}

#[test]
fn a_run_goes_on_where_another_process_left_it() {
    worlds(|world| {
        for n in 0..12 {
            world.charge(PLANNER, &format!("99000000{n:02}"), 110);
        }
        let rows: Vec<String> =
            (0..12).map(|n| format!("{HERE},99000000{n:02},{PLANNER},2026-10,claimed,2026-11")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        world.claims(&Caller::Operator, &rows);
        // A process that did five of them and died.
        let ctx = world.ctx(0);
        world.run(kaigo_app::presence::ask(&world.app, &ctx, "half", None)).unwrap();
        world.db.run(&format!(
            "UPDATE presence_run SET at_insurer_no = '{HERE}', at_insured_no = '9900000004', looked = 5, changed = 5 WHERE run_id = 'half'"
        ));
        world.db.run(
            "INSERT INTO job_lease (job, holder, until_at) VALUES ('presence', 'dead', '2026-11-22T01:01:00.000Z')",
        );
        let taken = |ctx| world.run(kaigo_app::presence::recompute(&world.app, ctx, "alive", "half")).unwrap();
        assert_eq!(taken(&ctx), None, "the lease stands");
        assert_eq!(world.db.dump("charge").iter().filter(|row| row.contains("2027-01-31")).count(), 0);
        let later = kaigo_app::Ctx::new(ctx.now + jiff::SignedDuration::from_mins(2), world.ids.clone());
        let run = taken(&later).unwrap();
        assert_eq!((run.looked, run.changed, run.ended), (12, 12, true));
        assert_eq!(world.db.dump("charge").iter().filter(|row| row.contains("2027-01-31")).count(), 7);
        // The run of the day does the others.
        let ended = world.run(kaigo_app::presence::work(&world.app, &later, "alive")).unwrap();
        assert_eq!((ended.len(), ended[0].changed), (1, 5));
        assert_eq!(world.run(kaigo_app::presence::work(&world.app, &later, "alive")).unwrap(), vec![]);
    });
}

#[test]
fn of_two_registrations_of_an_office_the_newer_one_goes_on() {
    worlds(|world| {
        let (old, new) = (world.charge(PLANNER, ANNA, 300), world.charge(PLANNER, ANNA, 110));
        world.claims(&Caller::Operator, &[&format!("{HERE},{ANNA},{PLANNER},2026-10,claimed,2026-11")]);
        world.recompute(0, "one");
        assert_eq!((world.closes(&old), world.closes(&new)), ("2026-04-30".to_owned(), "2027-01-31".to_owned()));
    });
}

#[test]
fn a_registration_of_a_disaster_has_its_own_end() {
    worlds(|world| {
        let id = world.charge(PLANNER, ANNA, 10);
        world
            .db
            .run(&format!("UPDATE charge SET method = 'disaster', closes_on = '2026-11-30' WHERE charge_id = '{id}'"));
        world.claims(&Caller::Operator, &[&format!("{HERE},{ANNA},{PLANNER},2026-10,claimed,2026-11")]);
        assert_eq!(world.recompute(0, "one").looked, 0);
        assert_eq!(world.closes(&id), "2026-11-30");
    });
}

#[test]
fn a_release_during_the_run_wins() {
    worlds(|world: &World<'_>| {
        let id = world.charge(PLANNER, ANNA, 110);
        let grant = decide_act(&Caller::Operator, Act::Operate).unwrap();
        world.db.run(&format!("UPDATE charge SET ended_on = '2026-11-22' WHERE charge_id = '{id}'"));
        let moved = store::Moved {
            key: [HERE.to_owned(), ANNA.to_owned(), id.clone()],
            from: day("2026-11-30"),
            to: day("2027-01-31"),
        };
        let count = world.write(move |tx| store::move_all(tx, &grant, &[moved]).map_err(kaigo_app::Error::from));
        assert_eq!((count, world.closes(&id)), (0, "2026-11-30".to_owned()));
    });
}
