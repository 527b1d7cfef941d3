//! Only the two offices of a set see it: every URL of the exchange for everybody else.

use kaigo_careplan::kind::Unit;
use kaigo_web::{Route, routes};

use crate::exchange_world::{SERIAL, acts, files, first_person, join, parts, sent};
use crate::page::{Browser, Page};
use crate::world::{USUAL, World, on_both};

const UNKNOWN: &str = "00112233445566778899aabbccddeeff";

/// Names that stand in the addresses.
struct Names {
    set: String,
    draft: String,
}

impl Names {
    fn unknown() -> Self {
        Self { set: UNKNOWN.to_owned(), draft: UNKNOWN.to_owned() }
    }

    fn fill(&self, path: &str) -> String {
        let filled = path.replace("/sets/{s}", &format!("/sets/{}", self.set));
        let filled = filled.replace("/drafts/{d}", &format!("/drafts/{}", self.draft));
        let filled = filled.replace("/compare/{s}", &format!("/compare/{}", self.set));
        filled.replace("{n}", "0").replace("{p}", "0")
    }
}

/// The routes that name a set or a draft.
fn personal() -> impl Iterator<Item = Route> {
    let named = |route: &Route| ["{s}", "{d}"].iter().any(|name| route.path.contains(name));
    routes().into_iter().filter(move |route| route.path.starts_with("/exchange/") && named(route))
}

async fn visit(browser: &mut Browser<'_>, route: Route, path: &str) -> Page {
    match route.method {
        "GET" => browser.get(path).await,
        _ => browser.post(path, &[("set-0", "yes")]).await,
    }
}

/// A set of みなと for はまなす, and an upload that みなと has not sent.
async fn prepare(world: &World<'_>) -> (Names, String) {
    join(world).await;
    let own = files(world, "izumo", "hamanasu", Unit::Usage, SERIAL);
    let set = sent(world, "izumo", own.clone()).await;
    let mut office = world.login("izumo").await;
    office.get("/exchange/send").await;
    let waiting = files(world, "izumo", "hamanasu", Unit::CarePlan, SERIAL);
    let page = office.upload("/exchange/send", &parts(&waiting)).await;
    let draft = page.is(303).location().strip_prefix("/exchange/drafts/").unwrap().to_owned();
    (Names { set, draft }, first_person(&own))
}

#[test]
fn a_foreign_set_or_upload_looks_like_none() {
    on_both(USUAL, async |world| {
        let (names, person) = prepare(world).await;
        let before = world.state();
        let mut looked = 0;
        for who in ["kamome", "engawa"] {
            let mut stranger = world.login(who).await;
            for route in personal() {
                let (known, unknown) = (names.fill(route.path), Names::unknown().fill(route.path));
                let foreign = visit(&mut stranger, route, &known).await;
                let nothing = visit(&mut stranger, route, &unknown).await;
                assert_eq!((foreign.status, nothing.status), (404, 404), "{who} {} {known}", route.method);
                let shape = |page: &Page| page.without(&[&names.set, &names.draft, UNKNOWN]);
                assert_eq!(shape(&foreign), shape(&nothing), "{who} {} {known}", route.method);
                for text in ["はまなす", &person, SERIAL] {
                    assert!(!foreign.has(text), "{known} tells {text}");
                }
                looked += 1;
            }
            for list in ["/exchange", "/exchange/inbox", "/exchange/sent", "/exchange/board"] {
                let page = stranger.get(list).await;
                assert!(!page.is(200).has(&names.set) && !page.has(&person), "{list}");
            }
        }
        assert!(looked >= 2 * 15, "the table has the pages of sets and uploads");
        // The attempts stand in the person's log, and nothing else has changed.
        let log = world.log_of(&person).await;
        assert!(acts(&log).iter().any(|(_, outcome)| *outcome == "refused"), "{log:?}");
        drop(before);
    });
}

#[test]
fn the_receiver_sees_no_upload_and_the_sender_cannot_receive() {
    on_both(USUAL, async |world| {
        let (names, _) = prepare(world).await;
        let mut receiver = world.login("hamanasu").await;
        for route in personal().filter(|route| route.path.contains("{d}")) {
            let path = names.fill(route.path);
            assert_eq!(visit(&mut receiver, route, &path).await.status, 404, "{} {path}", route.method);
        }
        let mut sender = world.login("izumo").await;
        for path in ["fetch", "imported"].map(|act| format!("/exchange/sets/{}/{act}", names.set)) {
            assert_eq!(sender.post(&path, &[]).await.status, 404, "{path}");
        }
        assert!(receiver.get("/exchange/inbox").await.has("未読"), "nobody has fetched it");
    });
}

#[test]
fn nobody_and_the_person_stay_outside() {
    on_both(USUAL, async |world| {
        let (names, _) = prepare(world).await;
        let mut nobody = world.browser();
        nobody.get("/login").await;
        let mut citizen = world.login("kiyoshi").await;
        for route in routes().into_iter().filter(|route| route.path.starts_with("/exchange")) {
            let path = names.fill(route.path);
            let page = visit(&mut nobody, route, &path).await;
            assert_eq!(page.status, if route.method == "GET" { 303 } else { 401 }, "{} {path}", route.method);
            assert!(!page.has("はまなす"), "{path}");
            assert_eq!(visit(&mut citizen, route, &path).await.status, 404, "{} {path}", route.method);
        }
    });
}

#[test]
fn files_with_a_token_of_another_session_are_not_kept() {
    on_both(USUAL, async |world| {
        join(world).await;
        let own = files(world, "izumo", "hamanasu", Unit::Usage, SERIAL);
        let other = world.login("kamome").await;
        let mut office = world.login("izumo").await;
        let before = world.test.dump("exchange_draft");
        for csrf in ["", "x", &other.csrf, &"0".repeat(64)] {
            office.send_parts("/exchange/send", &[("csrf", csrf)], &parts(&own)).await.is(401);
        }
        office.send_parts("/exchange/send", &[], &parts(&own)).await.is(401);
        let mut elsewhere = office.clone();
        elsewhere.from = vec![("sec-fetch-site", "cross-site")];
        elsewhere.send_parts("/exchange/send", &[("csrf", &office.csrf)], &parts(&own)).await.is(403);
        assert_eq!(world.test.dump("exchange_draft"), before);
    });
}

#[test]
fn only_the_administrator_starts_the_exchange_and_makes_tokens() {
    on_both(USUAL, async |world| {
        let mut staff = world.login("izumo").await;
        let mut admin = world.login("minato-admin").await;
        assert!(staff.get("/exchange").await.is(200).has("管理者の方"));
        staff.post("/exchange/join", &[]).await.is(403);
        staff.get("/exchange/tokens").await.is(403);
        staff.post("/exchange/tokens", &[("name", "PC")]).await.is(403);
        assert!(admin.get("/exchange").await.is(200).has("この事業所でケアプラン連携を始める"));
        for _ in 0..2 {
            admin.post("/exchange/join", &[]).await.moves_to("/exchange?done=joined");
        }
        assert!(!staff.get("/exchange").await.has("まだケアプラン連携を始めていません"));

        let page = admin.post("/exchange/tokens", &[("name", " ")]).await;
        assert!(page.is(422).has("name-error"), "{}", page.html);
        let made = admin.post("/exchange/tokens", &[("name", "事務所のパソコン")]).await;
        let token = made.is(200).html.split("id=\"token\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert!(token.len() >= 32, "{token}");
        let list = admin.get("/exchange/tokens").await;
        assert!(list.is(200).has("事務所のパソコン") && !list.has(&token), "shown once");
        for table in world.test.tables() {
            assert!(!world.test.dump(&table).iter().any(|row| row.contains(&token)), "{table} keeps the token");
        }
        let end = list.all("action").into_iter().find(|action| action.ends_with("/end")).unwrap();
        staff.post(&end, &[]).await.is(403);
        admin.post(&end, &[]).await.moves_to("/exchange/tokens?done=token-ended");
        assert!(admin.get("/exchange/tokens").await.has("終わり"));
    });
}
