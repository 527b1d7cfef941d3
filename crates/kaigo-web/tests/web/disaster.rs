//! Disaster mode: proposed by one, approved by another, used within area, offices and days, reviewed, ended at once.

use crate::page::{Browser, Page};
use crate::world::{MITSU, USUAL, World, on_both};

const KANA: &str = "カスガ ミツ";
const BIRTH: &str = "昭和14年3月3日";

fn area(world: &World<'_>) -> String {
    world.nation.insurers()[0].municipality_code.to_string()
}

/// Proposes a mode; its page.
async fn propose(clerk: &mut Browser<'_>, areas: &str, offices: &str, (from, until): (&str, &str)) -> Page {
    let form = clerk.get("/insurer/disaster/new").await;
    let key = form.is(200).hidden("/insurer/disaster").into_iter().find(|(name, _)| name == "submit_key").unwrap().1;
    let fields = [
        ("submit_key", key.as_str()),
        ("name", "令和8年台風第21号"),
        ("areas", areas),
        ("offices", offices),
        ("from", from),
        ("until", until),
        ("reason", "避難所で証のない方を支えるため"),
    ];
    let page = clerk.post("/insurer/disaster", &fields).await;
    if page.status == 303 {
        // A second click is the same proposal.
        clerk.post("/insurer/disaster", &fields).await.moves_to(page.location());
    }
    page
}

fn place(page: &Page) -> String {
    page.is(303).location().split('?').next().unwrap().to_owned()
}

/// A mode that stands for all offices of みなと川市 until 30 November.
async fn open(world: &World<'_>) -> String {
    let mut clerk = world.login("shiyakusho").await;
    let place = place(&propose(&mut clerk, &area(world), "", ("2026-11-22", "2026-11-30")).await);
    let mut admin = world.login("kaigoka").await;
    admin.get(&place).await.is(200);
    admin.post(&format!("{place}/decide"), &[("decision", "approve")]).await.is(303);
    place
}

async fn search(office: &mut Browser<'_>, kana: &str, birth: &str, age: &str) -> Page {
    let form = office.get("/identity/disaster").await;
    let mode =
        form.html.split("name=\"mode\" type=\"radio\" value=\"").nth(1).map(|rest| rest.split('"').next().unwrap());
    let mode = mode.unwrap_or_default().to_owned();
    office.post("/identity/disaster", &[("mode", &mode), ("kana", kana), ("birth", birth), ("age", age)]).await
}

fn uses(world: &World<'_>) -> usize {
    world.test.dump("disaster_use").len()
}

#[test]
fn one_proposes_another_approves_and_an_office_finds_one_person() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        assert!(!office.get("/identity").await.has("/identity/disaster"));
        assert!(office.get("/identity/disaster").await.is(200).has("使える災害時の確認はありません"));
        assert!(search(&mut office, KANA, BIRTH, "").await.status == 404 && uses(world) == 0);

        let mut clerk = world.login("shiyakusho").await;
        let place = place(&propose(&mut clerk, &area(world), "", ("2026-11-22", "2026-11-30")).await);
        // A clerk does not approve, nor does a proposal open anything.
        clerk.get(&place).await;
        clerk.post(&format!("{place}/decide"), &[("decision", "approve")]).await.is(403);
        search(&mut office, KANA, BIRTH, "").await.is(404);
        let mut admin = world.login("kaigoka").await;
        admin.get(&place).await;
        admin.post(&format!("{place}/decide"), &[("decision", "approve")]).await.is(303);

        let told = office.get("/notices?topic=disaster").await;
        assert!(told.is(200).has("令和8年台風第21号") && told.has("使えます"), "{}", told.html);
        assert!(clerk.get("/notices?topic=disaster").await.is(200).has("承認を待っています"));
        assert!(office.get("/identity").await.has("/identity/disaster"));
        assert!(search(&mut office, "ダレカ サン", BIRTH, "").await.is(422).has("見つかりませんでした"));
        assert!(search(&mut office, KANA, "", "").await.is(422).has("どちらか"));
        let found = search(&mut office, KANA, BIRTH, "").await;
        let confirm = found.is(303).location().to_owned();
        let page = office.get(&confirm).await;
        assert!(page.is(200).has("春日 ミツ") && page.has("台風第21号") && page.has("2026年11月30日"), "{}", page.html);
        let done = office.post(&confirm, &[("seen", "yes")]).await;
        let tab = done.is(303).location().split('?').next().unwrap().to_owned();
        assert!(office.get(&tab).await.is(200).has("春日 ミツ"));
        // In her log, and on the municipality's list with its review.
        let log = world.log_of(MITSU).await;
        assert!(log.iter().any(|e| e.act == "use-disaster" && e.purpose == "disaster"), "{log:?}");
        let list = clerk.get(&place).await;
        assert!(list.has("2件（登録 1件、まだ点検していない 2件）"), "{}", list.html);
        assert!(list.has("1人が見つかり、担当として登録しました") && list.has("だれも見つかりませんでした"));
        let review = list.all("action").into_iter().find(|action| action.contains("/uses/")).unwrap();
        clerk.post(&review, &[("verdict", "improper")]).await.is(422);
        clerk.post(&review, &[("verdict", "improper"), ("note", "利用のない方でした")]).await.is(303);
        assert!(clerk.get(&place).await.has("利用のない方でした"));
        // The registration cannot be kept, and is gone with the last day.
        let charge = tab.strip_suffix("/certificates").unwrap();
        let kept = office.post(&format!("{charge}/charge/keep"), &[]).await;
        assert!(kept.is(409).has("延ばせません"), "{}", kept.html);
        world.wait_days(8);
        let mut office = world.login("izumo").await;
        office.get(&tab).await.is(200);
        world.wait_days(1);
        let mut office = world.login("izumo").await;
        office.get(&tab).await.is(403);
        search(&mut office, KANA, BIRTH, "").await.is(404);
        for _ in 0..2 {
            kaigo_app::news::work(&world.app, &world.ctx(), "test").await.unwrap();
        }
        let told = office.get("/notices?topic=disaster").await;
        assert_eq!(told.is(200).html.matches("令和8年台風第21号：終わりました").count(), 1, "{}", told.html);
    });
}

#[test]
fn what_ends_early_ends_at_once() {
    on_both(USUAL, async |world| {
        let place = open(world).await;
        let mut office = world.login("izumo").await;
        // Nearly right is enough where only one person fits; the age alone too.
        let near = search(&mut office, "カスガ ミヤ", BIRTH, "").await;
        assert!(near.status == 422 || near.status == 303);
        let by_age = search(&mut office, KANA, "", "87").await;
        let confirm = by_age.is(303).location().to_owned();
        office.get(&confirm).await.is(200);
        let done = office.post(&confirm, &[("seen", "yes")]).await;
        let tab = done.is(303).location().split('?').next().unwrap().to_owned();
        office.get(&tab).await.is(200);
        let late = search(&mut office, KANA, BIRTH, "").await;
        let late = late.is(303).location().to_owned();
        let mut admin = world.login("kaigoka").await;
        admin.get(&place).await;
        admin.post(&format!("{place}/end"), &[]).await.is(422);
        admin.post(&format!("{place}/end"), &[("reason", "避難所が閉じました")]).await.is(303);
        assert!(office.get("/notices?topic=disaster").await.is(200).has("令和8年台風第21号：終わりました"));
        office.get(&tab).await.is(403);
        office.get(&late).await.is(404);
        office.get("/identity").await;
        office.post(&late, &[("seen", "yes")]).await.is(404);
        search(&mut office, KANA, BIRTH, "").await.is(404);
        // By the certificate the office is in charge as ever.
        office.get("/identity").await;
        let insurer_no = world.insurer(MITSU).to_string();
        let items = [("insurer_no", &*insurer_no), ("insured_no", MITSU), ("kana", KANA), ("birth", BIRTH)];
        let check = office.post("/identity", &items).await;
        let check = check.is(303).location().to_owned();
        let done = office.post(&check, &[("seen", "yes")]).await;
        office.get(done.is(303).location()).await.is(200);
    });
}

#[test]
fn a_certificate_takes_the_place_of_a_disaster_registration() {
    on_both(USUAL, async |world| {
        open(world).await;
        let mut office = world.login("izumo").await;
        let confirm = search(&mut office, KANA, BIRTH, "").await.is(303).location().to_owned();
        office.get(&confirm).await;
        let first = office.post(&confirm, &[("seen", "yes")]).await.is(303).location().to_owned();
        let insurer_no = world.insurer(MITSU).to_string();
        let items = [("insurer_no", &*insurer_no), ("insured_no", MITSU), ("kana", KANA), ("birth", BIRTH)];
        let check = office.post("/identity", &items).await.is(303).location().to_owned();
        assert!(office.get(&check).await.is(200).has("2027年2月28日"));
        let second = office.post(&check, &[("seen", "yes")]).await.is(303).location().to_owned();
        assert_ne!(first, second);
        let standing =
            world.test.dump("charge").iter().filter(|row| row.contains(MITSU) && row.contains("|-|-|")).count();
        assert_eq!(standing, 1);
    });
}

#[test]
fn outside_the_area_or_the_list_nothing_opens() {
    on_both(USUAL, async |world| {
        let mut clerk = world.login("shiyakusho").await;
        let mut admin = world.login("kaigoka").await;
        let elsewhere = world.nation.insurers()[1].municipality_code.to_string();
        let others = world.office("hamanasu").to_string();
        for (areas, offices) in [(elsewhere.as_str(), ""), (&*area(world), others.as_str())] {
            let place = place(&propose(&mut clerk, areas, offices, ("2026-11-22", "2026-11-30")).await);
            admin.get(&place).await;
            admin.post(&format!("{place}/decide"), &[("decision", "approve")]).await.is(303);
            let mut office = world.login("izumo").await;
            assert!(!office.get("/identity").await.has("/identity/disaster"), "{areas} {offices}");
            let mode = place.rsplit('/').next().unwrap();
            let fields = [("mode", mode), ("kana", KANA), ("birth", BIRTH)];
            office.post("/identity/disaster", &fields).await.is(404);
        }
        let mut named = world.login("hamanasu").await;
        assert!(named.get("/identity").await.has("/identity/disaster"));
        assert_eq!(uses(world), 0);
        // Too long, unknown office, no area.
        propose(&mut clerk, &area(world), "", ("2026-11-22", "2026-12-22")).await.is(422);
        propose(&mut clerk, &area(world), "1312345678", ("2026-11-22", "2026-11-30")).await.is(422);
        propose(&mut clerk, "", "", ("2026-11-22", "2026-11-30")).await.is(422);
        // The administrator who proposes does not approve; a neighbour sees nothing.
        let own = place(&propose(&mut admin, &area(world), "", ("2026-11-22", "2026-11-30")).await);
        let page = admin.get(&own).await;
        assert!(page.has("ほかの管理者") && !page.has("/decide\""));
        assert!(admin.post(&format!("{own}/decide"), &[("decision", "approve")]).await.is(409).has("承認できません"));
        world.login("yamanoha-yakuba").await.get(&own).await.is(404);
    });
}

#[test]
fn twenty_tries_an_hour_are_enough() {
    on_both(USUAL, async |world| {
        open(world).await;
        let mut office = world.login("izumo").await;
        for _ in 0..20 {
            search(&mut office, "ダレカ サン", "1940-01-01", "").await.is(422);
        }
        assert!(search(&mut office, KANA, BIRTH, "").await.is(429).has("止めています"));
        assert_eq!(uses(world), 20);
    });
}
