//! Mailboxes: what both offices see, which set counts, what comes out is what went in.

use kaigo_app::Error;
use kaigo_app::exchange::mailbox::{self, Current, Filter, State, Wanted};
use kaigo_app::exchange::receipt;
use kaigo_app::exchange::send::Outcome;
use kaigo_app::exchange::withdrawal;
use kaigo_careplan::kind::Unit;

use crate::world::{PLANNER, SERVICE, STRANGER, World, files, small_files, staff, worlds};

fn replaced(by: &str) -> Current {
    Current::Replaced { by: by.to_owned() }
}

fn inbox(world: &World<'_>, who: &str) -> Vec<String> {
    let page = world.run(mailbox::inbox(&world.app, &world.ctx(600), &staff(who), &Filter::default(), "")).unwrap();
    page.rows.into_iter().map(|row| row.set_id).collect()
}

#[test]
fn what_comes_out_is_byte_for_byte_what_went_in() {
    worlds(|world| {
        for (n, unit) in [Unit::Usage, Unit::CarePlan, Unit::Prevention].into_iter().enumerate() {
            let own = files(unit, PLANNER, SERVICE, &format!("2026110109000{n}"));
            let Outcome::Sent { set_id, .. } = world.direct(1, own.clone())[0].clone() else { panic!("{unit:?}") };
            let fetched = world.fetch(2, SERVICE, &[&set_id]).unwrap();
            let mut got = fetched[0].files.clone();
            let mut want = own;
            got.sort_by(|a, b| a.name.cmp(&b.name));
            want.sort_by(|a, b| a.name.cmp(&b.name));
            assert_eq!(got, want, "{unit:?}");
        }
    });
}

#[test]
fn states_and_times_are_the_same_for_both_offices() {
    worlds(|world| {
        let id = world.send(1, "20261101090000");
        let state = |who| world.set(500, who, &id).unwrap().row.state;
        assert_eq!((state(PLANNER), state(SERVICE)), (State::Sent, State::Sent));
        world.run(mailbox::open(&world.app, &world.ctx(2), &staff(SERVICE), &id, None)).unwrap();
        assert_eq!(state(PLANNER), State::Sent, "a look is no fetching");
        let early = world.run(mailbox::imported(&world.app, &world.ctx(2), &staff(SERVICE), &id));
        assert!(matches!(early, Err(Error::Conflict(_))), "{early:?}");
        world.fetch(3, SERVICE, &[&id]).unwrap();
        world.fetch(4, SERVICE, &[&id]).unwrap();
        for minutes in [5, 6] {
            world.run(mailbox::imported(&world.app, &world.ctx(minutes), &staff(SERVICE), &id)).unwrap();
        }
        let (sent, received) = (world.set(500, PLANNER, &id).unwrap(), world.set(500, SERVICE, &id).unwrap());
        assert_eq!((sent.is_receiver, received.is_receiver), (false, true));
        assert_eq!((sent.row.state, &sent.row.fetched_at), (State::Imported, &received.row.fetched_at));
        assert_eq!(sent.row.fetched_at, Some(world.ctx(3).instant()), "the first fetch counts");
        assert_eq!(sent.row.imported_at, Some(world.ctx(5).instant()), "the first word counts");
        let what: Vec<&str> = sent.events.iter().map(|event| event.what.as_str()).collect();
        assert_eq!(what, ["sent", "fetched", "fetched-again", "imported"]);
        assert_eq!(sent.events, received.events);
    });
}

#[test]
fn all_new_ones_come_in_the_order_in_which_they_must_be_taken() {
    worlds(|world| {
        let later = world.send(1, "20261103090000");
        let earlier = world.send(2, "20261101090000");
        let all = |minutes| {
            let fetched =
                world.run(mailbox::fetch(&world.app, &world.ctx(minutes), &staff(SERVICE), Wanted::AllNew)).unwrap();
            fetched.into_iter().map(|set| set.row.set_id).collect::<Vec<_>>()
        };
        assert_eq!(all(3), [earlier, later]);
        assert_eq!(all(4), Vec::<String>::new());
    });
}

#[test]
fn the_last_serial_counts_even_if_an_older_one_comes_later() {
    worlds(|world| {
        let second = world.send(1, "20261102090000");
        let first = world.send(2, "20261101090000");
        assert_eq!((world.current(&first), world.current(&second)), (replaced(&second), Current::Yes));
        let third = world.send(3, "20261103090000");
        assert_eq!((world.current(&second), world.current(&third)), (replaced(&third), Current::Yes));
        world.recall(4, PLANNER, &third).unwrap();
        assert_eq!(world.current(&second), Current::Yes, "what was taken back replaces nothing");
        let plan = world.send_unit(5, Unit::CarePlan, "20261104090000");
        assert_eq!((world.current(&plan), world.current(&second)), (Current::Yes, Current::Yes));
        let versions = world.set(6, PLANNER, &second).unwrap().versions;
        let ids: Vec<&str> = versions.iter().map(|row| row.set_id.as_str()).collect();
        assert!(ids.contains(&first.as_str()) && ids.contains(&second.as_str()) && !ids.contains(&plan.as_str()));
    });
}

#[test]
fn what_is_recalled_was_never_there_for_the_receiver() {
    worlds(|world| {
        let id = world.send(1, "20261101090000");
        assert_eq!(inbox(world, SERVICE), std::slice::from_ref(&id));
        assert_eq!(world.recall(2, SERVICE, &id), Err(Error::NotFound), "the receiver recalls nothing");
        assert_eq!(world.recall(2, STRANGER, &id), Err(Error::NotFound));
        world.recall(3, PLANNER, &id).unwrap();
        world.recall(4, PLANNER, &id).unwrap();
        assert_eq!(inbox(world, SERVICE), Vec::<String>::new());
        assert_eq!(world.set(5, SERVICE, &id).map(drop), Err(Error::NotFound));
        assert_eq!(world.fetch(5, SERVICE, &[&id]).map(drop), Err(Error::NotFound));
        assert_eq!(world.set(5, PLANNER, &id).unwrap().row.state, State::Recalled);
        // The same files can be sent anew.
        let again = world.send(6, "20261101090000");
        assert_ne!(again, id);
        world.fetch(7, SERVICE, &[&again]).unwrap();
        let late = world.recall(8, PLANNER, &again);
        assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
    });
}

#[test]
fn recall_and_fetch_at_once_have_one_winner() {
    worlds(|world| {
        for round in 0..6 {
            let id = world.send(round, &format!("2026110109000{round}"));
            let (app, ctx, set) = (world.app.clone(), world.ctx(10), id.clone());
            let recalled = world.runtime.spawn(async move { mailbox::recall(&app, &ctx, &staff(PLANNER), &set).await });
            let (app, ctx, set) = (world.app.clone(), world.ctx(10), id.clone());
            let fetched = world.runtime.spawn(async move {
                mailbox::fetch(&app, &ctx, &staff(SERVICE), Wanted::These(vec![set])).await.map(|sets| sets.len())
            });
            let (recalled, fetched) = (world.run(recalled).unwrap(), world.run(fetched).unwrap());
            let has_files = matches!(fetched, Ok(1));
            assert_ne!(recalled.is_ok(), has_files, "{recalled:?} {fetched:?}");
            let state = world.set(11, PLANNER, &id).unwrap().row.state;
            assert_eq!(state, if has_files { State::Fetched } else { State::Recalled });
        }
    });
}

#[test]
fn what_was_fetched_is_taken_back_by_a_deletion() {
    worlds(|world| {
        for (n, unit) in [Unit::Usage, Unit::CarePlan, Unit::Prevention].into_iter().enumerate() {
            let id = world.send_unit(1, unit, &format!("2026110109000{n}"));
            let early = world.run(withdrawal::withdraw(&world.app, &world.ctx(2), &staff(PLANNER), &id));
            assert!(matches!(early, Err(Error::Conflict(_))), "not fetched: it is recalled");
            world.fetch(3, SERVICE, &[&id]).unwrap();
            let by_receiver = world.run(withdrawal::withdraw(&world.app, &world.ctx(4), &staff(SERVICE), &id));
            assert_eq!(by_receiver.map(drop), Err(Error::NotFound));
            let sent = world.run(withdrawal::withdraw(&world.app, &world.ctx(5), &staff(PLANNER), &id)).unwrap();
            let Outcome::Sent { set_id, .. } = sent.outcome else { panic!("{:?} {:?}", sent.outcome, sent.findings) };
            let page = world.set(6, SERVICE, &id).unwrap();
            let withdrawn =
                page.people.iter().filter(|p| p.current == Current::Withdrawn { by: set_id.clone() }).count();
            assert!(withdrawn > 0, "{unit:?} {:?}", page.people);
            let deletion = world.set(6, SERVICE, &set_id).unwrap();
            assert!(deletion.people.iter().all(|p| p.deletes), "{unit:?}");
            assert!(inbox(world, SERVICE).contains(&set_id));
        }
    });
}

#[test]
fn a_deletion_comes_after_what_it_takes_back_even_if_that_was_dated_ahead() {
    worlds(|world| {
        // The clock of the office's software goes an hour fast.
        let id = world.send(1, "20261122110000");
        world.fetch(2, SERVICE, &[&id]).unwrap();
        let sent = world.run(withdrawal::withdraw(&world.app, &world.ctx(3), &staff(PLANNER), &id)).unwrap();
        let Outcome::Sent { set_id, .. } = sent.outcome else { panic!("{:?}", sent.outcome) };
        assert_eq!(world.current(&id), Current::Withdrawn { by: set_id });
    });
}

#[test]
fn strangers_see_nothing() {
    worlds(|world| {
        let id = world.send(1, "20261101090000");
        assert_eq!(inbox(world, STRANGER), Vec::<String>::new());
        let who = staff(STRANGER);
        let (app, ctx) = (&world.app, world.ctx(2));
        let tries: [Result<(), Error>; 7] = [
            world.set(2, STRANGER, &id).map(drop),
            world.fetch(2, STRANGER, &[&id]).map(drop),
            world.recall(2, STRANGER, &id),
            world.run(mailbox::open(app, &ctx, &who, &id, None)).map(drop),
            world.run(mailbox::imported(app, &ctx, &who, &id)),
            world.run(withdrawal::withdraw(app, &ctx, &who, &id)).map(drop),
            world.run(mailbox::receipt(app, &ctx, &who, &id)).map(drop),
        ];
        assert_eq!(tries, std::array::from_fn(|_| Err(Error::NotFound)));
        assert_eq!(world.set(3, SERVICE, &id).unwrap().row.state, State::Sent);
    });
}

#[test]
fn lists_are_paged_and_counted() {
    worlds(|world| {
        let heap = (0..55).flat_map(|n| small_files(Unit::Usage, PLANNER, SERVICE, &format!("202611010900{n:02}")));
        let id = |outcome: Outcome| match outcome {
            Outcome::Sent { set_id, .. } => set_id,
            other @ (Outcome::Repeated { .. } | Outcome::Refused { .. }) => panic!("{other:?}"),
        };
        let mut sent: Vec<String> = world.direct(1, heap.collect()).into_iter().map(id).collect();
        sent.sort_unstable_by(|a, b| b.cmp(a));
        let page = |before: &str| {
            world.run(mailbox::sent(&world.app, &world.ctx(600), &staff(PLANNER), &Filter::default(), before)).unwrap()
        };
        let first = page("");
        let next = first.next.clone().unwrap();
        let second = page(&next);
        let ids: Vec<String> = first.rows.iter().chain(&second.rows).map(|row| row.set_id.clone()).collect();
        assert_eq!((first.rows.len(), second.next, ids), (mailbox::PAGE, None, sent.clone()));
        world.fetch(601, SERVICE, &[&sent[0], &sent[1]]).unwrap();
        let days_later = world.ctx(60 * 24 * 4);
        let of = |who| world.run(mailbox::summary(&world.app, &days_later, &staff(who))).unwrap();
        assert_eq!((of(SERVICE).unread, of(PLANNER).waiting, of(STRANGER).unread), (53, 53, 0));
    });
}

#[test]
fn a_receipt_names_what_was_sent_and_holds_without_us() {
    worlds(|world| {
        let own = files(Unit::Usage, PLANNER, SERVICE, "20261101090000");
        let Outcome::Sent { set_id, .. } = world.direct(1, own.clone())[0].clone() else { panic!() };
        for who in [PLANNER, SERVICE] {
            let signed = world.run(mailbox::receipt(&world.app, &world.ctx(2), &staff(who), &set_id)).unwrap();
            let text = serde_json::to_string(&signed).unwrap();
            let stated = receipt::verify(&text, Some(&world.app.keys.seal_public())).unwrap();
            assert_eq!((stated.from.office_no.as_str(), stated.to.office_no.as_str()), (PLANNER, SERVICE));
            assert_eq!((stated.sent_at, stated.serial), (world.ctx(1).instant(), "20261101090000".to_owned()));
            for file in &own {
                let kept = stated.files.iter().find(|stated| stated.name == file.name).unwrap();
                assert_eq!(receipt::verify_file(kept, &file.bytes), Ok(()));
            }
        }
    });
}
