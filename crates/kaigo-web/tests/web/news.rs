//! What loads, rows of the desk and passing days tell: once, to whom it may be told, in words without a name.

use kaigo_app::news;

use crate::cases::{filled, send, taken_in};
use crate::page::Browser;
use crate::world::{KIYOSHI, SADA, TOME, USUAL, World, on_both};

async fn work(world: &World<'_>) -> news::Done {
    news::work(&world.app, &world.ctx(), "test").await.unwrap()
}

/// How many notices of a topic lie in all boxes.
fn told(world: &World<'_>, topic: &str) -> usize {
    world.test.dump("notice").iter().filter(|row| row.contains(topic)).count()
}

async fn notices(browser: &mut Browser<'_>, topic: &str) -> String {
    browser.get(&format!("/notices?topic={topic}")).await.is(200).html.clone()
}

/// Types a survey at the desk into a new case of somebody.
async fn survey(clerk: &mut Browser<'_>, no: &str, kind: &str) {
    let path = format!("{}/survey", taken_in(clerk, no, kind, "2026-11-02").await);
    let form = clerk.get(&path).await;
    let typed = [("surveyed_on", "R8.11.9"), ("received_on", "R8.11.10"), ("remarks", "1-3 手すりにつかまる。")];
    send(clerk, &path, &filled(&form, &path, &typed)).await.is(303);
}

#[test]
fn a_load_and_the_desk_tell_what_they_changed_once() {
    on_both(USUAL, async |world| {
        // What was loaded before anybody was in charge is told to those who are now; then it is quiet.
        work(world).await;
        let (certificates, before) = (told(world, "certificate-changed"), work(world).await);
        assert_eq!((before.loads, before.people), (0, 0));
        let header = "insured_no,record_no,history_no,void,insured_class,acquired_on,lost_on,loss_reason,\
                      facility_insurer_no,facility_from,facility_until";
        world.amend("qualification", &format!("{header}\n{TOME},1,8,0,1,2003-04-12,,,,,\n"));
        assert_eq!(work(world).await.people, 1);
        work(world).await;
        let mut office = world.login("izumo").await;
        let page = notices(&mut office, "certificate-changed").await;
        assert!(page.contains("久城 トメ") && page.contains("証の内容が変わりました"), "{page}");
        let mut me = world.login("tome").await;
        assert!(notices(&mut me, "certificate-changed").await.contains("証の内容が変わりました"));
        // For each recipient one notice: the offices in charge and her own account.
        let new = told(world, "certificate-changed") - certificates;
        let rows = world.test.dump("notice");
        let key = rows.iter().filter(|row| row.contains("certificate-changed") && row.contains(TOME)).count();
        assert!(new >= 2 && key >= new, "{new} {key}");
        assert!(rows.iter().all(|row| !row.contains("久城")), "no notice holds a name");

        // A row of the desk is told as well: to whom the consent that stands shows it, or that there is none.
        let mut clerk = world.enter("shiyakusho").await;
        survey(&mut clerk, KIYOSHI, "3").await;
        survey(&mut clerk, SADA, "3").await;
        for _ in 0..2 {
            work(world).await;
        }
        let ready = notices(&mut office, "documents-ready").await;
        assert!(ready.contains("大谷 清") && !ready.contains("三上 サダ"), "{ready}");
        let missing = notices(&mut office, "consent-missing").await;
        assert!(missing.contains("三上 サダ") && !missing.contains("大谷 清"), "{missing}");
        let at_the_desk = notices(&mut clerk, "consent-missing").await;
        assert!(
            at_the_desk.contains("被保険者1名") && at_the_desk.contains("同意が記録されていません"),
            "{at_the_desk}"
        );
        // An office whose column has no 調査票 hears nothing of it.
        let mut helpers = world.login("hamanasu").await;
        assert!(!notices(&mut helpers, "documents-ready").await.contains("大谷 清"));
        // Another case of hers: the consent is still missing, and nobody is told again.
        let count = told(world, "consent-missing");
        survey(&mut clerk, SADA, "2").await;
        work(world).await;
        assert_eq!(told(world, "consent-missing"), count);
    });
}

#[test]
fn the_end_of_a_certification_is_told_once_at_each_step() {
    on_both(USUAL, async |world| {
        let first = work(world).await;
        assert!(first.insurers > 0, "{first:?}");
        let at_first = told(world, "expiry-approaching");
        assert!(at_first > 0, "somebody's certification ends within 60 days");
        assert_eq!(work(world).await.insurers, 0, "once a day");
        world.wait_days(1);
        assert!(work(world).await.insurers > 0);
        let next_day = told(world, "expiry-approaching");
        assert!(next_day >= at_first);
        // Another process finds nothing to do, and a month later the next step of the ladder is told to as many.
        world.wait_days(31);
        work(world).await;
        assert!(told(world, "expiry-approaching") > next_day);
        let rows = world.test.dump("notice");
        assert!(rows.iter().any(|row| row.contains(" soon")) && rows.iter().any(|row| row.contains(" urgent")));
        let mut office = world.login("izumo").await;
        let page = notices(&mut office, "expiry-approaching").await;
        assert!(page.contains("有効期間の終わりが近づいています") && page.contains("まで"), "{page}");
    });
}
