//! 個人番号: refused in every field of every URL, never written back, never kept.

use std::collections::BTreeSet;

use kaigo_web::{Access, routes};

use crate::page::{Page, encode};
use crate::world::{KIYOSHI, MITSU, USUAL, World, on_both};

/// The sample number of public guidance, whose check digit fits, as people type it.
const SPELLINGS: &[&str] =
    &["123456789018", "1234-5678-9018", "１２３４ ５６７８ ９０１８", "番号は 123456789018 です"];

fn echoes(page: &Page) -> bool {
    let texts = [page.html.as_str(), page.location()];
    texts.iter().any(|text| {
        let plain = text.replace(['-', ' '], "").replace("%20", "").replace("%2D", "");
        ["123456789018", "１２３４５６７８９０１８", &encode("１２３４５６７８９０１８")]
            .iter()
            .any(|no| plain.contains(no))
    })
}

fn nothing_is_kept(world: &World<'_>) {
    for table in world.test.tables() {
        for row in world.test.dump(&table) {
            for spelling in ["123456789018", "1234-5678-9018", "１２３４ ５６７８ ９０１８"] {
                assert!(!row.contains(spelling), "{table} keeps {row}");
            }
        }
    }
}

#[test]
fn the_individual_number_is_refused_everywhere() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let me = world.login("kiyoshi").await;
        let c = world.charge("izumo", KIYOSHI).to_owned();
        let insurer_no = world.insurer(MITSU).to_string();
        let items =
            [("insurer_no", &*insurer_no), ("insured_no", MITSU), ("kana", "カスガ ミツ"), ("birth", "1939-03-03")];
        let check = office.post("/identity", &items).await.location().to_owned();
        let place = |path: &str| path.replace("{c}", &c).replace("{d}", "survey-1").replace("/identity/{id}", &check);

        // Every field that any page of ours has, and the words that URLs carry.
        let mut names: BTreeSet<String> =
            ["next", "at", "id", "page", "row", "purpose", "done", "seen", "reason", "code"].map(str::to_owned).into();
        let mut nobody = world.browser();
        names.extend(nobody.get("/login").await.all("name"));
        for path in [
            "/",
            "/people",
            "/identity",
            &check,
            "/people/{c}/documents",
            "/people/{c}/charge/end",
            "/exchange/send",
            "/exchange/inbox",
            "/exchange/board",
            "/exchange/partners",
        ] {
            names.extend(office.get(&place(path)).await.all("name"));
        }
        names.retain(|name| !["csrf", "viewport", "referrer", "robots"].contains(&name.as_str()));
        for name in ["login", "password", "q", "number", "birth", "kana", "insured_no", "insurer_no", "back", "size"] {
            assert!(names.contains(name), "{name} is found on the pages: {names:?}");
        }
        let (clerk, doctor) = (world.login("kaigoka").await, world.login("umibe").await);
        let board = world.login("shinsakai").await;
        let (desk, supporter) = (world.login("unei-kanri").await, world.login("shien").await);
        // Programs have no form and no session: their doors are tried in api.rs.
        for route in routes().into_iter().filter(|route| !matches!(route.access, Access::Program | Access::Terminal)) {
            let browser = match route.access {
                Access::Myself => &me,
                Access::Insurer => &clerk,
                Access::Medical => &doctor,
                Access::Board => &board,
                Access::Operator => &desk,
                Access::Supporter => &supporter,
                Access::Anybody | Access::Somebody | Access::Staff | Access::Program | Access::Terminal => &office,
            };
            let path = place(route.path);
            let before = world.state();
            for (n, name) in names.iter().enumerate() {
                let spelling = SPELLINGS[n % SPELLINGS.len()];
                let mut browser = browser.clone();
                let page = match route.method {
                    "GET" => browser.get(&format!("{path}?{name}={}", encode(spelling))).await,
                    _ => browser.post(&path, &[(name, spelling)]).await,
                };
                let place = format!("{} {path} {name}={spelling}", route.method);
                assert!(page.status == 422 && page.has("個人番号"), "{place}: {}\n{}", page.status, page.html);
                assert!(!echoes(&page), "{place}\n{}", page.html);
            }
            assert_eq!(world.state(), before, "{path} changed something");
            if route.path.contains('{') {
                let parts = route.path.split('/').map(|part| if part.starts_with('{') { SPELLINGS[0] } else { part });
                let path = parts.collect::<Vec<_>>().join("/");
                let mut browser = browser.clone();
                let page = match route.method {
                    "GET" => browser.get(&path).await,
                    _ => browser.post(&path, &[]).await,
                };
                assert!([404, 422].contains(&page.status) && !echoes(&page), "{path}\n{}", page.html);
            }
        }
        // One who is not logged in is not sent on with it.
        for path in ["/people?q=", "/login?next=%2Fpeople%3Fq%3D", "/nothing?x=", "/my/log?at="] {
            let page = world.browser().get(&format!("{path}{}", SPELLINGS[0])).await;
            assert!(!echoes(page.is(422)), "{path}");
        }
        nothing_is_kept(world);
        // Numbers that are none are taken.
        office.get("/people?number=123456789012").await.is(200);
    });
}
