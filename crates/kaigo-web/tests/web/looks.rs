//! Every look leaves its entry where the person sees it, and without the entry nothing is shown.

use kaigo_store::access_log::Entry;
use kaigo_web::{Access, routes};

use crate::world::{KIYOSHI, TOME, USUAL, World, on_both};

/// How many entries the person's log has gained, and one of them.
async fn gained(world: &World<'_>, no: &str, before: Vec<Entry>) -> (usize, Option<Entry>) {
    let mut log = world.log_of(no).await;
    log.retain(|entry| !before.contains(entry));
    (log.len(), log.pop())
}

#[test]
fn every_look_leaves_one_entry() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let c = world.charge("izumo", KIYOSHI);
        let mut looked = 0;
        for route in routes() {
            // Pages of a notice are acts on its draft: filing.rs. A plan is opened by its own identifier: plans.rs.
            // So is the original of a sheet of LIFE: office_side.rs.
            let own_place = ["{v}", "{n}"].iter().any(|name| route.path.contains(name));
            let is_act = route.action == "file-notice" || route.action == "deliver-plan" || own_place;
            if route.method != "GET" || !route.path.contains("{c}") || route.action == "-" || is_act {
                continue;
            }
            let path = route.path.replace("{c}", c).replace("{d}", "survey-1");
            world.wait_minutes(1);
            let before = world.log_of(KIYOSHI).await;
            office.get(&format!("{path}?purpose=care-plan")).await.is(200);
            let (count, last) = gained(world, KIYOSHI, before).await;
            assert_eq!(count, 1, "{path}");
            let last = last.unwrap();
            assert_eq!((last.outcome.as_str(), last.account_name.as_str()), ("done", "出雲 太郎"), "{path}");
            assert_eq!(last.document.is_some(), route.path.contains("{d}"), "{path}");
            let by_consent = ["survey", "care-plan", "life"].iter().any(|item| last.items.contains(item));
            assert_eq!(last.consent_used, by_consent, "{path}");
            assert!(!last.items.is_empty() && !last.purpose.is_empty(), "{path}");
            looked += 1;
        }
        assert!(looked >= 8, "the table has the tabs");
    });
}

#[test]
fn the_persons_own_looks_are_entered_too() {
    on_both(USUAL, async |world| {
        let mut me = world.login("kiyoshi").await;
        let own = |route: &kaigo_web::Route| route.access == Access::Myself && route.method == "GET";
        let mut looked = 0;
        for route in routes().into_iter().filter(own).filter(|route| !route.path.contains('{')) {
            world.wait_minutes(1);
            let before = world.log_of(KIYOSHI).await;
            let page = me.get(route.path).await;
            assert!(page.status == 200 || page.status == 303, "{}: {}", route.path, page.status);
            let (count, last) = gained(world, KIYOSHI, before).await;
            let last = last.unwrap_or_else(|| panic!("{} leaves no entry", route.path));
            let purposes = ["own", "consent", "proxy", "question"];
            assert!(purposes.contains(&last.purpose.as_str()), "{}: {}", route.path, last.purpose);
            assert_eq!((count, last.office_no), (1, None), "{}", route.path);
            looked += 1;
        }
        assert!(looked >= 8, "the person's pages: {looked}");
    });
}

#[test]
fn a_refused_look_leaves_its_rule() {
    on_both(USUAL, async |world| {
        let own = world.charge("hamanasu", KIYOSHI);
        let cases = [
            ("hamanasu", format!("/people/{own}/documents/survey-1?purpose=service"), 403, "not-shared"),
            ("hamanasu", format!("/people/{own}/documents/survey-1/file?purpose=service"), 403, "not-shared"),
            ("kamome", format!("/people/{own}/certificates"), 404, "not-in-charge"),
            ("kamome", format!("/people/{own}/documents/opinion-1?purpose=service"), 404, "not-in-charge"),
        ];
        for (who, path, status, rule) in cases {
            let mut office = world.login(who).await;
            let before = world.log_of(KIYOSHI).await;
            office.get(&path).await.is(status);
            let (count, last) = gained(world, KIYOSHI, before).await;
            let last = last.unwrap();
            assert_eq!((count, last.outcome.as_str(), last.rule.as_deref()), (1, "refused", Some(rule)), "{path}");
        }
        // A document that is not there was asked for all the same.
        let mut office = world.login("izumo").await;
        let before = world.log_of(KIYOSHI).await;
        let path = format!("/people/{}/documents/survey-99?purpose=care-plan", world.charge("izumo", KIYOSHI));
        office.get(&path).await.is(404);
        let (count, last) = gained(world, KIYOSHI, before).await;
        assert_eq!((count, last.unwrap().outcome.as_str()), (1, "failed"));
    });
}

#[test]
fn lists_are_entered_once_a_day_and_account() {
    on_both(USUAL, async |world| {
        let lists = async |world: &World<'_>| world.log_of(TOME).await.iter().filter(|e| e.act == "list").count();
        // The login leads to the work queue, where she stands.
        let mut izumo = world.login("izumo").await;
        assert_eq!(lists(world).await, 1);
        for path in ["/", "/people", "/people?q=クシロ", "/people"] {
            izumo.get(&path.replace("クシロ", "%E3%82%AF%E3%82%B7%E3%83%AD")).await.is(200);
        }
        assert_eq!(lists(world).await, 1);
        world.login("minato-admin").await;
        assert_eq!(lists(world).await, 2, "another account is another look");
        world.wait_days(1);
        world.login("izumo").await;
        assert_eq!(lists(world).await, 3, "another day is another look");
        // Who is not found in a search is not looked at.
        let mut umineko = world.enter("umineko").await;
        let (tome, kiyoshi) = (lists(world).await, world.log_of(KIYOSHI).await);
        umineko.get("/people?number=0123").await.is(200);
        assert_eq!((lists(world).await, world.log_of(KIYOSHI).await), (tome + 1, kiyoshi));
    });
}

#[test]
fn the_person_sees_who_looked_where_when_at_what_and_why() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let c = world.charge("izumo", KIYOSHI);
        office.get(&format!("/people/{c}/documents/survey-1?purpose=conference")).await.is(200);
        let mut stranger = world.login("kamome").await;
        stranger.get(&format!("/people/{c}/certification")).await.is(404);
        let log = world.login("kiyoshi").await.get("/my/log").await;
        let row = |who: &str| {
            let rows: Vec<&str> = log.html.split("<li ").filter(|row| row.contains(who)).collect();
            rows.iter().map(|row| row.split("</li>").next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let opened = row("出雲 太郎").into_iter().find(|row| row.contains("調査票")).expect("the opening is listed");
        for text in ["居宅介護支援事業所 みなと", "介護支援専門員", "サービス担当者会議", "10:0"]
        {
            assert!(opened.contains(text), "{text}: {opened}");
        }
        assert!(!opened.contains("data-refused"), "{opened}");
        let refused = row("白波 恵").concat();
        assert!(refused.contains("ケアプランセンター かもめ") && refused.contains("見られませんでした"), "{refused}");
        // Another person's log has none of it.
        let other = world.login("tome").await.get("/my/log").await;
        assert!(!other.has("白波 恵"));
        // The office sees its own looks only.
        let history = office.get(&format!("/people/{c}/history")).await;
        assert!(history.has("出雲 太郎") && !history.has("白波 恵"));
    });
}

#[test]
fn what_cannot_be_entered_is_not_shown() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let mut me = world.login("kiyoshi").await;
        let c = world.charge("izumo", KIYOSHI);
        let paths = ["certificates", "certification", "documents", "balances", "charge", "history"]
            .map(|tab| format!("/people/{c}/{tab}"));
        let file = format!("/people/{c}/documents/survey-1/file?purpose=care-plan");
        world.test.rename_table("access_log", "access_log_hidden");
        for path in paths.iter().map(String::as_str).chain(["/people", &file]) {
            let page = office.ask("GET", path, String::new()).await;
            assert_eq!(page.status, 500, "{path}");
            for text in ["大谷", "オオタニ", "9900 000 456", "access_log", "%PDF"] {
                assert!(!page.has(text), "{path} shows {text}");
            }
        }
        let page = me.ask("GET", "/my", String::new()).await;
        assert!(page.status == 500 && !page.has("9900 000 456"));
        world.test.rename_table("access_log_hidden", "access_log");
        for path in &paths {
            office.get(path).await.is(200);
        }
    });
}
