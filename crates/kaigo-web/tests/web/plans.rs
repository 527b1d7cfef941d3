//! Plans registered for delivery, and feedback of LIFE: own, by consent, not at all.

use kaigo_careplan::batch::InFile;
use kaigo_careplan::kind::Unit;

use crate::exchange_world::{SERIAL, join, sent};
use crate::world::{KIYOSHI, SADA, TOME, USUAL, World, on_both};

/// The planned use of a person that みなと has for はまなす in the demo, under another 連番.
fn planned(world: &World<'_>, no: &str) -> Vec<InFile> {
    let (from, to) = (world.office("izumo"), world.office("hamanasu"));
    let exchange = world.nation.exchange();
    let all = exchange
        .sends
        .iter()
        .filter(|send| send.unit == Some(Unit::Usage) && send.from.office_no == from && send.to.office_no == to);
    let mut heaps = all.map(|send| {
        let old = send.files[0].name.rsplit_once('_').unwrap().1.split('.').next().unwrap().to_owned();
        let files = send.files.iter();
        let file = |f: &InFile| InFile { name: f.name.replace(&old, SERIAL), bytes: f.bytes.clone() };
        files.map(|f| file(&InFile { name: f.name.clone(), bytes: f.bytes.clone() })).collect::<Vec<InFile>>()
    });
    heaps
        .rfind(|files| {
            files.iter().any(|f| f.name.starts_with("UPPLAN") && String::from_utf8_lossy(&f.bytes).contains(no))
        })
        .expect("the demo plans for the person")
}

#[test]
fn a_sent_plan_is_registered_read_by_others_and_taken_back() {
    on_both(USUAL, async |world| {
        join(world).await;
        sent(world, "izumo", planned(world, KIYOSHI)).await;
        let mut office = world.login("izumo").await;
        let base = format!("/people/{}/plans", world.charge("izumo", KIYOSHI));
        let page = office.get(&base).await;
        assert!(page.is(200).has("登録されたケアプランはありません") && page.has("の予定"), "{}", page.html);
        let hidden = page.hidden(&format!("{base}/deliver"));
        let value = |name: &str| hidden.iter().find(|(n, _)| n == name).unwrap().1.clone();
        let (set, place) = (value("set"), value("place"));
        for _ in 0..2 {
            let done = office.post(&format!("{base}/deliver"), &[("set", &set), ("place", &place)]).await;
            done.moves_to(&format!("{base}?done=plan-delivered"));
        }
        let page = office.get(&base).await;
        assert_eq!(page.html.matches("/withdraw\"").count(), 1, "twice is once: {}", page.html);
        let withdraw = page.all("action").into_iter().find(|action| action.ends_with("/withdraw")).unwrap();
        let v = withdraw.trim_end_matches("/withdraw").rsplit('/').next().unwrap().to_owned();
        let sheet = office.get(&format!("{base}/{v}")).await;
        assert!(sheet.is(200).has("サービス利用票") && sheet.has("大谷 清"), "{}", sheet.html);

        // Another office in charge reads it by the consent; it is not its own to take back.
        let mut other = world.login("hamanasu").await;
        let theirs = format!("/people/{}/plans", world.charge("hamanasu", KIYOSHI));
        assert!(other.get(&theirs).await.is(200).has("居宅介護支援事業所 みなと"));
        other.get(&format!("{theirs}/{v}")).await.is(200);
        other.post(&format!("{theirs}/{v}/withdraw"), &[]).await.is(404);
        // What others sent cannot be registered, nor another person's place.
        other.post(&format!("{theirs}/deliver"), &[("set", &set), ("place", &place)]).await.is(404);
        let tome = format!("/people/{}/plans", world.charge("izumo", TOME));
        office.get(&tome).await.is(200);
        office.post(&format!("{tome}/deliver"), &[("set", &set), ("place", &place)]).await.is(404);

        // The person reads it.
        let mut person = world.login("kiyoshi").await;
        assert!(person.get("/my/plans").await.is(200).has(&format!("/my/plans/{v}")));
        person.get(&format!("/my/plans/{v}")).await.is(200);
        world.login("tome").await.get(&format!("/my/plans/{v}")).await.is(404);

        office.post(&format!("{base}/{v}/withdraw"), &[]).await.moves_to(&format!("{base}?done=plan-withdrawn"));
        office.get(&format!("{base}/{v}")).await.is(404);
        other.get(&format!("{theirs}/{v}")).await.is(404);
        person.get(&format!("/my/plans/{v}")).await.is(404);
        let log = world.log_of(KIYOSHI).await;
        assert!(log.iter().any(|e| e.act == "deliver-plan" && e.outcome == "done"));
        let opened = |e: &&kaigo_store::access_log::Entry| e.document.as_deref() == Some(&format!("plan-{v}"));
        assert!(log.iter().filter(opened).count() >= 4);
    });
}

#[test]
fn without_the_consent_only_the_maker_sees_its_plans() {
    on_both(USUAL, async |world| {
        let page = world.login("izumo").await.get(&format!("/people/{}/plans", world.charge("izumo", SADA))).await;
        assert!(page.is(200).has("data-reason=\"no-consent\""), "{}", page.html);
    });
}

#[test]
fn feedback_of_life_is_shown_to_its_maker_and_by_consent() {
    on_both(USUAL, async |world| {
        let life = |login: &str, no: &str| format!("/people/{}/life", world.charge(login, no));
        let page = world.login("izumo").await.get(&life("izumo", TOME)).await;
        assert!(page.is(200).has("Barthel Index") && page.has("通所介護 ひだまり"), "{}", page.html);
        // A service office sees its own only: nothing yet, then what it sent.
        let mut engawa = world.login("engawa").await;
        let page = engawa.get(&life("engawa", TOME)).await;
        assert!(page.is(200).has("フィードバック票はありません") && !page.has("Barthel"), "{}", page.html);
        let own = world.office("engawa");
        world.amend(
            "life_feedback",
            &format!(
                "insured_no,record_no,history_no,void,office_no,service_kind,period_from,period_until,items,file\n\
                 {TOME},2,1,0,{own},73,2026-04-01,2026-09-30,歩数=2000歩,\n"
            ),
        );
        let page = engawa.get(&life("engawa", TOME)).await;
        assert!(page.is(200).has("2000歩") && page.has("この事業所") && !page.has("Barthel"), "{}", page.html);
        let page = world.login("izumo").await.get(&life("izumo", TOME)).await;
        assert!(page.has("2000歩") && page.has("Barthel"));
        let page = world.login("izumo").await.get(&life("izumo", SADA)).await;
        assert!(page.is(403).has("no-consent"), "{}", page.html);
    });
}
