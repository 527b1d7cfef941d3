//! Notices: told with what they tell, once; read by the house; nobody else's.

use kaigo_app::notice::{self, Search, Telling};
use kaigo_app::{App, Ctx, Error};
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Caller, Matrix};
use kaigo_store::notice::{Notice, tell};

use crate::world::{HERE, PLANNER, SERVICE, World, insured, insurer, office, staff, worlds};

const ANNA: &str = "9900000001";

pub(crate) fn told(world: &World<'_>, days: i64, to: &str, topic: Topic, key: &str) -> Result<(), Error> {
    let notice = Notice {
        to: Recipient::Office(office(to)),
        topic,
        about: Some((insurer(HERE), insured(ANNA))),
        href: "/people/abc/certification".to_owned(),
        note: "12月10日まで".to_owned(),
        key: key.to_owned(),
        at: world.ctx(days).instant(),
    };
    world.run(world.app.db.write(move |tx| tell(tx, &notice).map_err(Error::from)))
}

async fn shown(app: &App, ctx: &Ctx, caller: &Caller, search: Search) -> Vec<(String, bool)> {
    let page = notice::list(app, ctx, caller, search).await.unwrap();
    page.rows.iter().map(|(told, _)| (told.topic.code().to_owned(), told.read_at.is_some())).collect()
}

#[test]
fn a_notice_is_told_once_and_read_by_the_house() {
    worlds(|world| {
        let (mine, colleague, other) = (staff(PLANNER, "a"), staff(PLANNER, "b"), staff(SERVICE, "c"));
        for _ in 0..2 {
            told(world, 0, PLANNER, Topic::ResultDecided, "result 1").unwrap();
        }
        told(world, 1, PLANNER, Topic::ClaimGap, "gap 1").unwrap();
        told(world, 1, SERVICE, Topic::ClaimGap, "gap 1").unwrap();
        let (app, ctx) = (&world.app, world.ctx(2));
        world.run(async {
            let all = shown(app, &ctx, &mine, Search::default()).await;
            assert_eq!(all, [("claim-gap".to_owned(), false), ("result-decided".to_owned(), false)]);
            let page = notice::list(app, &ctx, &mine, Search::default()).await.unwrap();
            let (newest, oldest) = (page.rows[0].0.notice_id.clone(), page.rows[1].0.notice_id.clone());
            assert_eq!(page.unread, [(Topic::ResultDecided, 1), (Topic::ClaimGap, 1)]);
            // Somebody else's looks like nothing.
            assert_eq!(notice::open(app, &ctx, &other, &newest).await, Err(Error::NotFound));
            assert_eq!(notice::open(app, &ctx, &mine, &newest).await.unwrap(), "/people/abc/certification");
            let left = shown(app, &ctx, &colleague, Search::default()).await;
            assert_eq!(left, [("result-decided".to_owned(), false)]);
            let all = Search { with_read: true, ..Search::default() };
            assert_eq!(shown(app, &ctx, &colleague, all.clone()).await.len(), 2);
            // Opened again by a colleague, the first reader stays.
            notice::open(app, &ctx, &colleague, &newest).await.unwrap();
            let page = notice::list(app, &ctx, &mine, all).await.unwrap();
            assert_eq!(page.rows[0].0.read_by.as_deref(), Some("担当3290800022"));
            // Up to the one that was seen: what came later stays unread.
            assert_eq!(notice::mark_all_read(app, &ctx, &mine, &oldest, Some(Topic::ClaimGap)).await.unwrap(), 0);
            assert_eq!(notice::mark_all_read(app, &ctx, &mine, &oldest, None).await.unwrap(), 1);
            assert_eq!(shown(app, &ctx, &other, Search::default()).await.len(), 1, "another box");
        });
    });
}

#[test]
fn old_notices_go() {
    worlds(|world| {
        told(world, 0, PLANNER, Topic::ClaimGap, "gap 1").unwrap();
        assert_eq!(world.run(notice::tidy(&world.app, &world.ctx(400))).unwrap(), 0);
        assert_eq!(world.run(notice::tidy(&world.app, &world.ctx(402))).unwrap(), 1);
    });
}

#[test]
fn only_offices_that_may_see_it_are_told() {
    worlds(|world| {
        let planner = world.charge(PLANNER, ANNA, 40);
        world.charge(SERVICE, ANNA, 40);
        world.charge("3210811604", ANNA, 300);
        for (no, kind) in [(PLANNER, "43"), (SERVICE, "11")] {
            world.db.run(&format!(
                "INSERT INTO office_service (office_no, service_kind, loaded_at) VALUES ('{no}', '{kind}', 'x')"
            ));
        }
        let ctx = world.ctx(0);
        world.write(move |tx| {
            for topic in [Topic::MilestoneChanged, Topic::ConsentWithdrawn] {
                let key = topic.code();
                let telling = Telling { topic, tab: "certification", note: "", key };
                notice::tell_in_charge(tx, &Matrix::standard(), &ctx, (insurer(HERE), insured(ANNA)), &telling)?;
            }
            Ok(())
        });
        let told = world.db.dump("notice");
        let of = |topic: &str| told.iter().filter(|n| n.contains(topic)).map(String::as_str).collect::<Vec<_>>();
        let milestone = of("milestone-changed");
        assert!(milestone.len() == 1 && milestone[0].contains(&planner), "{milestone:?}");
        assert_eq!(of("consent-withdrawn").len(), 2, "whoever is in charge today");
    });
}
