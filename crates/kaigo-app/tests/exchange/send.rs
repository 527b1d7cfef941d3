//! Sending: checked, once, to those who can take it.

use kaigo_app::Error;
use kaigo_app::exchange::send::{self, Outcome, direct};
use kaigo_app::exchange::upload::{self, DraftState, Verdict};
use kaigo_careplan::batch::InFile;
use kaigo_careplan::kind::Unit;
use kaigo_careplan::pack::pack;

use crate::world::{OUTSIDE, PLANNER, SERVICE, STRANGER, World, files, other_files, people, staff, worlds};

fn keep(world: &World<'_>, who: &str, files: Vec<InFile>) -> Result<String, Error> {
    world.run(upload::keep(&world.app, &world.ctx(1), &staff(who), files))
}

fn draft(world: &World<'_>, who: &str, draft_id: &str) -> Result<upload::Draft, Error> {
    world.run(upload::draft(&world.app, &world.ctx(2), &staff(who), draft_id))
}

/// Sends sets of a draft of the planner and answers what became of them.
fn send_draft(world: &World<'_>, minutes: i64, draft_id: &str, places: &[usize]) -> Vec<Outcome> {
    let done = world.run(send::send(&world.app, &world.ctx(minutes), &staff(PLANNER), draft_id, places)).unwrap();
    done.into_iter().map(|result| result.outcome).collect()
}

fn set_id(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Sent { set_id, .. } | Outcome::Repeated { set_id, .. } => set_id,
        Outcome::Refused { .. } => panic!("{outcome:?}"),
    }
}

fn code(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused { code, say } if !say.is_empty() => code,
        Outcome::Sent { .. } | Outcome::Repeated { .. } | Outcome::Refused { .. } => panic!("{outcome:?}"),
    }
}

#[test]
fn an_upload_is_checked_kept_once_and_belongs_to_its_office() {
    worlds(|world| {
        let own = files(Unit::Usage, PLANNER, SERVICE, "20261101090000");
        let id = keep(world, PLANNER, own.clone()).unwrap();
        assert_eq!(keep(world, PLANNER, own.clone()).unwrap(), id, "the same files while it is open");
        let reversed: Vec<InFile> = own.iter().rev().cloned().collect();
        assert_eq!(keep(world, PLANNER, reversed).unwrap(), id, "in any order");
        let seen = draft(world, PLANNER, &id).unwrap();
        assert_eq!((seen.state, seen.sets.len(), seen.strays.len()), (DraftState::Open, 1, 0));
        let set = &seen.sets[0];
        assert!(matches!(set.verdict, Verdict::Ready | Verdict::Warned), "{:?} {:?}", set.verdict, set.findings);
        assert_eq!((set.unit, set.people.clone()), (Some(Unit::Usage), people(&own)));
        for who in [SERVICE, STRANGER] {
            assert_eq!(draft(world, who, &id).map(drop), Err(Error::NotFound), "{who}");
            let tried = world.run(send::send(&world.app, &world.ctx(3), &staff(who), &id, &[0]));
            assert_eq!(tried.map(drop), Err(Error::NotFound), "{who}");
            let shown = world.run(upload::set_of_draft(&world.app, &world.ctx(3), &staff(who), &id, 0, None));
            assert_eq!(shown.map(drop), Err(Error::NotFound), "{who}");
            let gone = world.run(upload::discard(&world.app, &world.ctx(3), &staff(who), &id));
            assert_eq!(gone, Err(Error::NotFound), "{who}");
        }
    });
}

#[test]
fn a_zip_of_a_folder_is_the_same_as_its_files() {
    worlds(|world| {
        let own = files(Unit::Usage, PLANNER, SERVICE, "20261101090000");
        let zip = pack(own.iter().map(|file| ("出力/202611", file.name.as_str(), file.bytes.as_slice())));
        let zipped = keep(world, PLANNER, vec![InFile { name: "11月.zip".to_owned(), bytes: zip }]).unwrap();
        assert_eq!(keep(world, PLANNER, own).unwrap(), zipped);
    });
}

#[test]
fn a_repeat_answers_with_the_first_result() {
    worlds(|world| {
        let own = files(Unit::Usage, PLANNER, SERVICE, "20261101090000");
        let id = keep(world, PLANNER, own.clone()).unwrap();
        let first = send_draft(world, 3, &id, &[0]);
        assert!(matches!(&first[0], Outcome::Sent { .. }), "{first:?}");
        let first = set_id(&first[0]).to_owned();
        let again = send_draft(world, 30, &id, &[0]);
        assert_eq!(set_id(&again[0]), first);
        assert_eq!(draft(world, PLANNER, &id).unwrap().state, DraftState::Sent);
        let uploaded_again = keep(world, PLANNER, own.clone()).unwrap();
        assert_ne!(uploaded_again, id);
        let verdict = draft(world, PLANNER, &uploaded_again).unwrap().sets[0].verdict.clone();
        assert!(matches!(&verdict, Verdict::AlreadySent { set_id, same: true, .. } if *set_id == first), "{verdict:?}");
        for outcome in [send_draft(world, 40, &uploaded_again, &[0]), world.direct(50, own)].concat() {
            assert!(matches!(&outcome, Outcome::Repeated { .. }), "{outcome:?}");
            assert_eq!(set_id(&outcome), first);
        }
        assert_eq!(world.db.dump("exchange_set").len(), 1);
        assert_eq!(world.db.dump("exchange_event").len(), 1);
    });
}

#[test]
fn the_same_files_from_two_screens_at_once_are_one_set() {
    worlds(|world| {
        for round in 0..5 {
            let own = files(Unit::Usage, PLANNER, SERVICE, &format!("2026110109000{round}"));
            let tries: Vec<_> = (0..4)
                .map(|n| {
                    let (app, ctx, own) = (world.app.clone(), world.ctx(n), own.clone());
                    world.runtime.spawn(async move { direct(&app, &ctx, &staff(PLANNER), own).await })
                })
                .collect();
            let mut ids = Vec::new();
            let mut sent = 0;
            for tried in tries {
                let outcome = world.run(tried).unwrap().unwrap().results[0].outcome.clone();
                sent += usize::from(matches!(outcome, Outcome::Sent { .. }));
                ids.push(set_id(&outcome).to_owned());
            }
            ids.dedup();
            assert_eq!((sent, ids.len()), (1, 1), "{ids:?}");
        }
    });
}

#[test]
fn versions_from_two_screens_at_once_leave_one_that_counts() {
    worlds(|world| {
        let tries: Vec<_> = (0..6)
            .map(|n| {
                let own = files(Unit::Usage, PLANNER, SERVICE, &format!("2026110109000{n}"));
                let (app, ctx) = (world.app.clone(), world.ctx(n));
                world.runtime.spawn(async move { direct(&app, &ctx, &staff(PLANNER), own).await })
            })
            .collect();
        let mut ids = Vec::new();
        for tried in tries {
            ids.push(set_id(&world.run(tried).unwrap().unwrap().results[0].outcome).to_owned());
        }
        let counting: Vec<usize> =
            (0..6).filter(|n| world.current(&ids[*n]) == kaigo_app::exchange::mailbox::Current::Yes).collect();
        assert_eq!(counting, [5], "the last serial and no other");
    });
}

#[test]
fn what_cannot_be_sent_says_why() {
    worlds(|world| {
        let usage = |from, to| files(Unit::Usage, from, to, "20261101090000");
        let mut half = usage(PLANNER, SERVICE);
        half.retain(|file| !file.name.starts_with("UPPLAN"));
        let cases = [
            ("wrong-sender", usage(STRANGER, SERVICE)),
            ("same-office", usage(PLANNER, PLANNER)),
            ("not-registered", usage(PLANNER, OUTSIDE)),
            ("blocked", half),
        ];
        for (want, files) in cases {
            assert_eq!(code(&world.direct(1, files)[0]), want);
        }
        assert_eq!(world.db.dump("exchange_set").len(), 0);
        assert_eq!(world.db.dump("access_log").len(), 0, "nothing was sent, nobody was looked at");
    });
}

#[test]
fn the_same_serial_with_other_contents_is_not_taken() {
    worlds(|world| {
        let own = files(Unit::Usage, PLANNER, SERVICE, "20261101090000");
        assert!(matches!(world.direct(1, own.clone())[0], Outcome::Sent { .. }));
        let other = other_files(Unit::Usage, PLANNER, SERVICE, "20261101090000");
        assert_ne!(other, own);
        assert_eq!(code(&world.direct(2, other)[0]), "same-serial-different");
    });
}

#[test]
fn individual_numbers_are_refused_with_their_place() {
    worlds(|world| {
        let mut own = files(Unit::Usage, PLANNER, SERVICE, "20261101090000");
        let name = own[0].name.clone();
        // 123456789018 is the sample number of public guidance; its check digit fits.
        own[0].bytes.extend_from_slice(b"202407,123456789018\r\n");
        for done in [
            keep(world, PLANNER, own.clone()).map(drop),
            world.run(direct(&world.app, &world.ctx(1), &staff(PLANNER), own)).map(drop),
        ] {
            let Err(Error::Invalid(wrong)) = done else { panic!("{done:?}") };
            assert_eq!((wrong.len(), wrong[0].code), (1, "individual-number"));
            assert!(wrong[0].say.contains(&name) && wrong[0].say.contains("行"), "{}", wrong[0].say);
            assert!(!wrong[0].say.contains("123456789018"), "the number itself is not said again");
        }
        assert_eq!(world.db.dump("exchange_draft_file").len() + world.db.dump("exchange_set").len(), 0);
    });
}

#[test]
fn a_heap_goes_to_everybody_it_is_for() {
    worlds(|world| {
        let mut heap = files(Unit::Usage, PLANNER, SERVICE, "20261101090000");
        heap.extend(files(Unit::Usage, PLANNER, STRANGER, "20261101090001"));
        heap.extend(files(Unit::Usage, PLANNER, OUTSIDE, "20261101090002"));
        heap.extend(files(Unit::CarePlan, PLANNER, SERVICE, "20261101090003"));
        heap.push(InFile { name: "memo.txt".to_owned(), bytes: b"x".to_vec() });
        let id = keep(world, PLANNER, heap).unwrap();
        let seen = draft(world, PLANNER, &id).unwrap();
        assert_eq!((seen.sets.len(), seen.strays.len()), (4, 1));
        let ready: Vec<usize> = seen
            .sets
            .iter()
            .filter(|set| matches!(set.verdict, Verdict::Ready | Verdict::Warned))
            .map(|set| set.place)
            .collect();
        assert_eq!(ready.len(), 3);
        // The first time one receiver only, as after a crash between two of them; then all.
        let first = send_draft(world, 3, &id, &ready[..1]);
        let all = send_draft(world, 4, &id, &ready);
        assert_eq!(set_id(&all[0]), set_id(&first[0]));
        assert_eq!(all.iter().filter(|one| matches!(one, Outcome::Sent { .. })).count(), 2, "{all:?}");
        assert_eq!(world.db.dump("exchange_set").len(), 3);
    });
}

#[test]
fn what_was_put_away_is_not_sent() {
    worlds(|world| {
        let id = keep(world, PLANNER, files(Unit::Usage, PLANNER, SERVICE, "20261101090000")).unwrap();
        world.run(upload::discard(&world.app, &world.ctx(2), &staff(PLANNER), &id)).unwrap();
        assert_eq!(draft(world, PLANNER, &id).unwrap().state, DraftState::Discarded);
        let done = world.run(send::send(&world.app, &world.ctx(3), &staff(PLANNER), &id, &[0]));
        assert!(matches!(done, Err(Error::Conflict(_))), "{done:?}");
        let open = world.run(upload::open(&world.app, &world.ctx(3), &staff(PLANNER))).unwrap();
        assert_eq!(open, []);
    });
}
