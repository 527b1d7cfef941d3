//! お知らせ in its box on each side, the settings of mail, and the person who moved.

use kaigo_app::presence;
use kaigo_core::notice::{Recipient, Topic};
use kaigo_store::notice::{Notice, tell};

use crate::world::{KIYOSHI, TOME, USUAL, World, on_both};

async fn told(world: &World<'_>, to: Recipient, topic: Topic, no: &str, href: &str) {
    let about = (world.insurer(no), kaigo_core::id::InsuredNo::parse(no).unwrap());
    let notice = Notice {
        to,
        topic,
        about: Some(about),
        href: href.to_owned(),
        note: "12月10日まで".to_owned(),
        key: format!("{} {no}", topic.code()),
        at: world.ctx().instant(),
    };
    world.app.db.write(move |tx| tell(tx, &notice)).await.unwrap();
}

#[test]
fn a_notice_is_counted_named_opened_and_read() {
    on_both(USUAL, async |world| {
        let c = world.charge("izumo", KIYOSHI);
        let place = format!("/people/{c}/certification");
        let to = Recipient::Office(world.office("izumo"));
        told(world, to.clone(), Topic::ResultDecided, KIYOSHI, &place).await;
        told(world, to, Topic::ClaimGap, TOME, &format!("/people/{}/charge", world.charge("izumo", TOME))).await;
        let mut office = world.login("izumo").await;
        let home = office.get("/").await;
        assert!(home.has("<b class=\"k-nav__count\">2<span class=\"k-hidden\">件の未読</span></b>"), "{}", home.html);
        let page = office.get("/notices").await;
        assert!(
            page.is(200).has("大谷 清 さん") && page.has("認定の結果が出ました") && page.has("12月10日まで"),
            "{}",
            page.html
        );
        // Being named is entered in the person's log, once a day.
        let listed = async || world.log_of(KIYOSHI).await.iter().filter(|e| e.act == "list").count();
        let entries = listed().await;
        assert!(entries >= 1);
        office.get("/notices").await;
        assert_eq!(listed().await, entries);
        let narrowed = office.get("/notices?topic=claim-gap").await;
        assert!(narrowed.is(200).has("久城 トメ") && !narrowed.has("大谷 清"));
        // Another office: nothing, and the notice is not there.
        let link = page
            .html
            .split("href=\"/notices/")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .find(|n| n.len() == 32);
        let n = link.unwrap().to_owned();
        let mut other = world.login("kamome").await;
        assert!(!other.get("/notices").await.is(200).has("大谷"));
        other.get(&format!("/notices/{n}")).await.is(404);
        other.post(&format!("/notices/{n}/read"), &[]).await.is(404);
        // Opened: read, and at its place. A colleague sees who did.
        let opened = office.get(&format!("/notices/{n}")).await;
        assert!(opened.is(303).location().starts_with("/people/"));
        let mut colleague = world.login("minato-admin").await;
        let page = colleague.get("/notices?read=all").await;
        assert!(
            page.is(200).has("出雲 太郎 さんが") && page.has("まだ確認していないお知らせは1件です"),
            "{}",
            page.html
        );
        let newest = page.hidden("/notices/read").into_iter().find(|(name, _)| name == "newest").unwrap().1;
        for _ in 0..2 {
            colleague
                .post("/notices/read", &[("newest", &newest), ("topic", "")])
                .await
                .moves_to("/notices?topic=&done=notices-read");
        }
        assert!(colleague.get("/notices").await.has("まだ確認していないお知らせはありません"));
        assert!(!office.get("/").await.has("k-nav__count"));
    });
}

#[test]
fn the_municipality_and_the_person_have_boxes_of_their_own() {
    on_both(USUAL, async |world| {
        let to = Recipient::Insurer(world.insurer(KIYOSHI));
        told(world, to, Topic::QuestionAsked, KIYOSHI, "/insurer/questions/1").await;
        let mut clerk = world.login("shiyakusho").await;
        let page = clerk.get("/notices").await;
        assert!(page.is(200).has("被保険者1名") && page.has("問い合わせ") && !page.has("大谷"), "{}", page.html);
        let mut neighbour = world.login("yamanoha-yakuba").await;
        assert!(!neighbour.get("/notices").await.is(200).has("被保険者1名"));
        for who in ["umibe", "shinsakai", "kiyoshi"] {
            let mut browser = world.login(who).await;
            assert!(browser.get("/notices").await.is(200).has("まだ確認していないお知らせはありません"), "{who}");
            browser.get("/notices/mail").await.is(200);
        }
    });
}

#[test]
fn a_registration_that_claims_do_not_keep_is_told_and_one_kept_by_hand_is_not() {
    on_both(USUAL, async |world| {
        let kept = world.charge("izumo", KIYOSHI);
        world.wait_days(80);
        let mut office = world.login("izumo").await;
        office.get(&format!("/people/{kept}/charge")).await.is(200);
        office.post(&format!("/people/{kept}/charge/keep"), &[]).await.is(303);
        let ended = presence::work(&world.app, &world.ctx(), "test").await.unwrap();
        assert!(ended.len() == 1 && ended[0].warned > 0, "{ended:?}");
        let page = office.get("/notices?topic=claim-gap").await;
        assert!(
            page.is(200).has("担当がまもなく終わります") && page.has("久城 トメ") && !page.has("大谷 清"),
            "{}",
            page.html
        );
        assert!(
            office.get(&format!("/people/{kept}/charge")).await.has("2027年5月31日"),
            "the job does not undo the hand"
        );
    });
}

#[test]
fn the_office_is_told_that_a_person_moved_until_the_settlement_is_over() {
    on_both(USUAL, async |world| {
        let header = "insured_no,record_no,history_no,void,insured_class,acquired_on,lost_on,loss_reason,\
                      facility_insurer_no,facility_from,facility_until";
        let path = format!("/people/{}/certificates", world.charge("izumo", TOME));
        // 住所地特例: the address lies elsewhere, the insurer stays, the sight goes on.
        let special =
            format!("{header}\n{TOME},1,8,0,1,2003-04-12,,,{},2026-10-01,\n", world.insurer(crate::world::MASARU));
        world.amend("qualification", &special);
        let page = world.login("izumo").await.get(&path).await;
        assert!(page.is(200).has("久城 トメ") && !page.has("転出されました"), "{}", page.html);
        for (reason, history, heading) in [(1, 9, "転出されました（2026年"), (2, 10, "お亡くなりになりました（2026年")]
        {
            let row = format!("{header}\n{TOME},1,{history},0,1,2003-04-12,2026-08-31,{reason},,,\n");
            world.amend("qualification", &row);
            let page = world.login("izumo").await.get(&path).await;
            assert!(page.is(200).has(heading) && page.has("2月28日まで見られます"), "{}", page.html);
        }
        let moved = format!("{header}\n{TOME},1,11,0,1,2003-04-12,2026-08-31,1,,,\n");
        world.amend("qualification", &moved);
        let page = world.login("izumo").await.get(&path).await;
        assert!(page.has("新しい保険者で本人確認をしてください"), "{}", page.html);
    });
}

#[test]
fn mail_is_offered_only_where_it_is_sent_and_wrong_input_is_kept() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let page = office.get("/notices/mail").await;
        assert!(page.is(200).has("メールを送っていません") && !page.has("確認コードを送る"), "{}", page.html);
        office.post("/notices/mail/address", &[("address", "a@example.jp")]).await.is(409);
        office.post("/notices/mail", &[]).await.is(422);
        office.post("/notices/mail/code", &[("code", "123456")]).await.is(422);
        office.post("/notices/mail/forget", &[]).await.moves_to("/notices/mail?done=mail-forgotten");
    });
}
