//! An insurer's rules: looked at before they count, never looser than the national table, used by the next look.

use crate::page::{Browser, Page};
use crate::world::{KIYOSHI, USUAL, World, on_both};

/// Fields of a setting.
fn fields<'a>(key: &'a str, value: &'a str, from: &'a str) -> [(&'a str, &'a str); 4] {
    [("key", key), ("value", value), ("from", from), ("source", "介護保険事務取扱要綱 第5条")]
}

async fn preview(admin: &mut Browser<'_>, key: &str, value: &str, from: &str) -> Page {
    admin.get("/insurer/rules").await.is(200);
    admin.post("/insurer/rules/preview", &fields(key, value, from)).await
}

/// Looks at what a setting would do, and sets it twice with the same form.
async fn set(admin: &mut Browser<'_>, key: &str, value: &str, from: &str) -> Page {
    let page = preview(admin, key, value, from).await;
    let hidden = page.is(200).hidden("/insurer/rules");
    let sent: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for _ in 0..2 {
        admin.post("/insurer/rules", &sent).await.moves_to("/insurer/rules?done=rule-set");
    }
    page
}

async fn survey(world: &World<'_>, who: &str) -> u16 {
    let mut office = world.login(who).await;
    let path = format!("/people/{}/documents/survey-1?purpose=care-plan", world.charge(who, KIYOSHI));
    office.get(&path).await.status
}

#[test]
fn a_stricter_cell_counts_from_its_day_and_the_standard_comes_back() {
    on_both(USUAL, async |world| {
        let mut admin = world.login("kaigoka").await;
        assert_eq!(survey(world, "izumo").await, 200);
        let key = "cell/survey/care-management";
        let page = set(&mut admin, key, "closed", "").await;
        assert!(page.has("見られなくなる") && !page.has("大谷"), "counts, no names: {}", page.html);
        assert_eq!(survey(world, "izumo").await, 403);
        assert_eq!(world.test.dump("insurer_setting_change").len(), 1, "two clicks are one setting");
        let rules = admin.get("/insurer/rules").await;
        assert!(rules.has("保険者の設定") && rules.has("河野") && rules.has("第5条"), "{}", rules.html);
        // From a day to come: until then as it is.
        set(&mut admin, key, "default", "2026-11-24").await;
        assert_eq!(survey(world, "izumo").await, 403);
        world.wait_days(2);
        assert_eq!(survey(world, "izumo").await, 200);
    });
}

#[test]
fn nothing_is_loosened_and_nobody_else_sets() {
    on_both(USUAL, async |world| {
        let mut admin = world.login("kaigoka").await;
        for (key, value) in [
            ("cell/survey/care-management", "open"),
            ("cell/survey/other-office", "open"),
            ("cell/access-log/person", "closed"),
            ("grace-months", "0"),
            ("filing-deadline", "someday"),
            ("paper-requests", "123456789018 の方"),
        ] {
            let page = preview(&mut admin, key, value, "").await;
            assert!(page.status == 422 || page.status == 404, "{key} {value} {}", page.status);
            assert!(!page.has("123456789018"));
        }
        assert!(preview(&mut admin, "grace-months", "4", "2026-11-21").await.is(422).has("さかのぼって"));
        preview(&mut admin, "no-such-thing", "4", "").await.is(404);
        let mut clerk = world.login("shiyakusho").await;
        let page = clerk.get("/insurer/rules").await;
        assert!(page.is(200).has("管理者だけ") && !page.has("/insurer/rules/edit"));
        clerk.post("/insurer/rules/preview", &fields("grace-months", "4", "")).await.is(403);
        clerk.post("/insurer/rules", &fields("grace-months", "4", "")).await.is(403);
        world.login("izumo").await.get("/insurer/rules").await.is(404);
        assert_eq!(world.test.dump("insurer_setting").len(), 0);
    });
}

#[test]
fn starts_move_what_offices_see() {
    on_both(USUAL, async |world| {
        let mut admin = world.login("kaigoka").await;
        let mut office = world.login("izumo").await;
        let page = set(&mut admin, "start/survey", "2027-04-01", "").await;
        assert!(page.has("見られなくなる"), "{}", page.html);
        assert_eq!(survey(world, "izumo").await, 403);
        let tab = format!("/people/{}/certificates", world.charge("izumo", KIYOSHI));
        office.get(&tab).await.is(200);
        set(&mut admin, "start/survey", "default", "").await;
        assert_eq!(survey(world, "izumo").await, 200);
        // The insurer's own start hides everything until then, and the page of identities says since when.
        set(&mut admin, "start", "2027-02-01", "").await;
        let page = office.get(&tab).await;
        assert!(page.status == 403 || page.has("共有を始めていません"), "{}", page.html);
        office.get("/identity").await;
        let insurer_no = world.insurer(KIYOSHI).to_string();
        let items = [
            ("insurer_no", &*insurer_no),
            ("insured_no", KIYOSHI),
            ("kana", "オオタニ キヨシ"),
            ("birth", "1941-09-03"),
        ];
        assert!(office.post("/identity", &items).await.is(422).has("2027年2月1日から"));
    });
}
