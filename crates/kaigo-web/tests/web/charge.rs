//! Being 担当事業所: kept, released, run out; and the loss of the qualification.

use crate::world::{KIYOSHI, TOME, USUAL, on_both};

#[test]
fn a_release_closes_at_once() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let mut colleague = world.login("minato-admin").await;
        let mut other = world.login("hamanasu").await;
        let c = world.charge("izumo", KIYOSHI);
        let path = format!("/people/{c}/charge/end");
        office.get(&path).await.is(200);
        for reason in ["", "because"] {
            let page = office.post(&path, &[("reason", reason)]).await;
            assert!(page.is(422).has("reason-error"), "{}", page.html);
        }
        office.post(&path, &[("reason", "moved")]).await.moves_to("/people?done=released");
        assert!(office.get("/people?done=released").await.has("担当を終わりました"));
        for tab in ["certificates", "certification", "documents", "balances", "history", "charge", "charge/end"] {
            for browser in [&mut office, &mut colleague] {
                let page = browser.get(&format!("/people/{c}/{tab}")).await;
                assert!(page.is(403).has("data-reason=\"charge-ended\"") && !page.has("大谷"), "{tab}: {}", page.html);
            }
        }
        let page = office.get(&format!("/people/{c}/documents/survey-1/file?purpose=care-plan")).await;
        page.is(403);
        for path in ["/", "/people"] {
            assert!(!office.get(path).await.has("大谷 清"), "{path}");
        }
        // Done again, or kept after all: it has ended.
        assert!(office.post(&path, &[("reason", "moved")]).await.is(409).has("もう終わっています"));
        office.post(&format!("/people/{c}/charge/keep"), &[]).await.is(409);
        // Another office's registration stands.
        other.get(&format!("/people/{}/certificates", world.charge("hamanasu", KIYOSHI))).await.is(200);
        let log = world.log_of(KIYOSHI).await;
        assert_eq!(log.iter().filter(|e| e.act == "release-charge").count(), 1);
        assert!(log.iter().any(|e| e.rule.as_deref() == Some("charge-ended")));
    });
}

#[test]
fn a_registration_runs_out_unless_it_is_kept() {
    on_both(USUAL, async |world| {
        let (kept, left) = (world.charge("izumo", KIYOSHI), world.charge("hamanasu", KIYOSHI));
        let mut office = world.login("izumo").await;
        // Registered in the demo until the end of the third month: 2027-02-28.
        assert!(
            !office.get(&format!("/people/{kept}/charge")).await.is(200).has("担当を続ける</"),
            "nothing to add yet"
        );
        world.wait_days(80);
        let mut office = world.login("izumo").await;
        let page = office.get(&format!("/people/{kept}/charge")).await;
        assert!(page.is(200).has("担当の期限が近づいています") && page.has("2027年5月31日"), "{}", page.html);
        assert!(office.get("/").await.has("続ける・終わる"));
        let keep = format!("/people/{kept}/charge/keep");
        for _ in 0..2 {
            office.post(&keep, &[]).await.moves_to(&format!("/people/{kept}/charge?done=kept"));
        }
        assert!(office.get(&format!("/people/{kept}/charge?done=kept")).await.has("2027年5月31日"));
        let entries = world.log_of(KIYOSHI).await.into_iter().filter(|e| e.act == "keep-charge").count();
        assert_eq!(entries, 1, "the second time nothing happened");

        world.wait_days(18);
        assert_eq!(world.ctx().today.to_string(), "2027-02-28");
        let mut service = world.login("hamanasu").await;
        service.get(&format!("/people/{left}/certificates")).await.is(200);
        world.wait_days(1);
        let mut service = world.login("hamanasu").await;
        let page = service.get(&format!("/people/{left}/certificates")).await;
        assert!(page.is(403).has("data-reason=\"charge-ended\"") && page.has("2027年2月28日"), "{}", page.html);
        assert!(!page.has("大谷"));
        service.post(&format!("/people/{left}/charge/keep"), &[]).await.is(409);
        assert!(!service.get("/people").await.has("大谷"));
        world.login("izumo").await.get(&format!("/people/{kept}/certificates")).await.is(200);
    });
}

#[test]
fn after_the_loss_of_the_qualification_an_office_sees_for_the_settlement_only() {
    on_both(USUAL, async |world| {
        let header = "insured_no,record_no,history_no,void,insured_class,acquired_on,lost_on,loss_reason,\
                      facility_insurer_no,facility_from,facility_until";
        let lost = |day: &str, history: u8| format!("{header}\n{TOME},1,{history},0,1,2003-04-12,{day},1,,,\n");
        let path = format!("/people/{}/certificates", world.charge("izumo", TOME));
        world.amend("qualification", &lost("2026-06-30", 8));
        world.login("izumo").await.get(&path).await.is(200);
        world.amend("qualification", &lost("2026-04-30", 9));
        let page = world.login("izumo").await.get(&path).await;
        assert!(page.is(403).has("qualification-lost") && !page.has("久城"), "{}", page.html);
        // The person still sees what there is.
        world.login("tome").await.get("/my").await.is(200);
    });
}
