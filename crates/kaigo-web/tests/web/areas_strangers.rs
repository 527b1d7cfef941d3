//! Refuse strangers on the pages around the records: portal, operator's desk, supporters, accounts, offices, certificates, cards, log.
//! Every URL × who comes. None of these pages names an insured person to who is not in charge.

use kaigo_web::{Access, Route, routes};

use crate::circle_strangers::is_of_the_circle;
use crate::page::{Browser, Page};
use crate::world::{KIYOSHI, TOME, USUAL, on_both};

/// Who comes; the first is not logged in.
const WHO: &[&str] = &[
    "",
    "izumo",
    "minato-admin",
    "kiyoshi",
    "shiyakusho",
    "kaigoka",
    "umibe",
    "shinsakai",
    "unei",
    "unei-kanri",
    "shien",
];

const UNKNOWN: &str = "00112233445566778899aabbccddeeff";

/// Where these areas begin.
const STARTS: &[&str] =
    &["/portal", "/operator", "/support", "/account", "/office", "/log/", "/pki", "/card", "/invitation"];

/// Whether the route belongs to this test; the others are in strangers.rs and circle_strangers.rs.
pub(crate) fn is_around(route: &Route) -> bool {
    !is_of_the_circle(route)
        && !matches!(route.access, Access::Program | Access::Terminal)
        && STARTS.iter().any(|start| route.path.starts_with(start))
}

/// Whether the area of the route is the one of who comes.
fn belongs(who: &str, access: Access) -> bool {
    match access {
        Access::Anybody => true,
        Access::Somebody => !who.is_empty(),
        Access::Staff => ["izumo", "minato-admin"].contains(&who),
        Access::Myself => who == "kiyoshi",
        Access::Insurer => ["shiyakusho", "kaigoka"].contains(&who),
        Access::Medical => who == "umibe",
        Access::Board => who == "shinsakai",
        Access::Operator => who.starts_with("unei"),
        Access::Supporter => who == "shien",
        Access::Program | Access::Terminal => false,
    }
}

async fn visit(browser: &mut Browser<'_>, route: &Route, path: &str) -> Page {
    match route.method {
        "GET" => browser.get(path).await,
        "POST" => browser.post(path, &[]).await,
        other => panic!("{other} {path}: this test knows no such method"),
    }
}

#[test]
fn every_page_around_the_records_answers_everybody_as_the_table_says() {
    on_both(USUAL, async |world| {
        let table: Vec<Route> = routes().into_iter().filter(is_around).collect();
        assert!(table.iter().any(|route| route.access == Access::Operator));
        assert!(table.iter().any(|route| route.access == Access::Supporter));
        for who in WHO {
            let mut browser = if who.is_empty() { world.browser() } else { world.login(who).await };
            if who.is_empty() {
                browser.get("/login").await;
            }
            let token = browser.csrf.clone();
            for route in &table {
                browser.csrf.clone_from(&token);
                let parts = route.path.split('/').map(|part| if part.starts_with('{') { UNKNOWN } else { part });
                let path = parts.collect::<Vec<_>>().join("/");
                let page = visit(&mut browser, route, &path).await;
                let place = format!("{who} {} {path}", route.method);
                let is_get = route.method == "GET";
                match (who.is_empty(), belongs(who, route.access)) {
                    (true, false) => assert_eq!(page.status, if is_get { 303 } else { 401 }, "{place}"),
                    (false, false) => assert_eq!(page.status, 404, "{place}\n{}", page.html),
                    // What nobody has looks like nothing.
                    (_, true) if route.path.contains('{') => {
                        let fine: &[u16] = &[303, 400, 401, 403, 404, 409, 415, 422];
                        assert!(fine.contains(&page.status), "{place}: {}\n{}", page.status, page.html);
                    }
                    // Which office is in the form: one that is not theirs looks like nothing.
                    (_, true) if route.path == "/office/switch" => assert_eq!(page.status, 404, "{place}"),
                    // There is a certificate of the authority once there is an authority.
                    (_, true) if route.path.starts_with("/pki/") => {
                        assert!([200, 404].contains(&page.status), "{place}: {}", page.status);
                    }
                    (_, true) => {
                        let fine: &[u16] =
                            if is_get { &[200, 303, 403] } else { &[200, 303, 400, 401, 403, 409, 415, 422, 429] };
                        assert!(fine.contains(&page.status), "{place}: {}\n{}", page.status, page.html);
                    }
                }
                if !["izumo", "minato-admin", "kiyoshi", "shiyakusho", "kaigoka"].contains(who) {
                    for text in ["大谷 清", "久城 トメ", KIYOSHI, TOME] {
                        assert!(!page.has(text), "{place} tells {text}\n{}", page.html);
                    }
                }
            }
        }
    });
}
