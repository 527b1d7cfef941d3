//! What every answer has: headers, sizes, links that lead somewhere.

use std::collections::BTreeSet;

use kaigo_web::{Access, routes};

use crate::page::{Page, encode};
use crate::world::{KIYOSHI, TOME, USUAL, Wish, on_both};

/// What holds nobody's data, so that a cache may keep it: assets, open data and feeds of the portal, the public log.
const PUBLIC: &[&str] = &["/assets/", "GET /portal", "GET /log/"];

fn guarded(page: &Page, place: &str) {
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{place}: {policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http:") && !policy.contains('*'), "{place}: {policy}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(page.header(name), value, "{place}");
    }
    assert!(page.header("permissions-policy").contains("camera=()"), "{place}");
    let found = page.header("cache-control");
    // A page is never public: its head names who is logged in.
    let is_page = page.header("content-type").starts_with("text/html");
    let is_public = page.status == 200 && !is_page && PUBLIC.iter().any(|start| place.contains(start));
    let is_final =
        ["public, max-age=31536000, immutable", "public, max-age=3600", "public, max-age=2"].contains(&found);
    assert!(found == "no-store" || (is_public && is_final), "{place}: {found}");
    if place.contains("/assets/") && page.status == 200 {
        assert_eq!(found, "public, max-age=31536000, immutable", "{place}");
    }
}

#[test]
fn every_answer_carries_the_headers() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let mut nobody = world.browser();
        nobody.get("/login").await;
        let c = world.charge("izumo", KIYOSHI);
        for route in routes() {
            let path = route.path.replace("{c}", c).replace("{d}", "survey-1").replace("{id}", "0");
            let query = if route.path.contains("{d}") { "?purpose=care-plan" } else { "" };
            for browser in [&mut office, &mut nobody] {
                let page = match route.method {
                    "GET" => browser.get(&format!("{path}{query}")).await,
                    _ => browser.post(&path, &[("csrf", "x")]).await,
                };
                guarded(&page, &format!("{} {path}", route.method));
                // Nothing inline, which the policy would stop.
                for inline in ["<script>", " style=\"", " onclick=", "javascript:"] {
                    assert!(!page.has(inline), "{path} has {inline}");
                }
            }
        }
        for (method, path, status) in [
            ("GET", "/nothing", 404),
            ("GET", "/assets/nothing", 404),
            ("DELETE", "/people", 405),
            ("POST", "/people", 405),
        ] {
            let page = office.ask(method, path, String::new()).await;
            guarded(page.is(status), path);
        }
        nobody.from = vec![("sec-fetch-site", "cross-site")];
        let page = nobody.post("/login", &[]).await;
        guarded(page.is(403), "a form from elsewhere");
        let page = nobody.ask("POST", "/login", "x".repeat(70_000)).await;
        guarded(&page, "a huge form");
    });
}

#[test]
fn pages_and_assets_are_small() {
    on_both(Wish { people: 120, everybody: true, ..USUAL }, async |world| {
        let mut office = world.login("izumo").await;
        let page = office.get("/people").await;
        assert_eq!(page.html.matches("/certificates\"").count(), 50, "fifty people on a page");
        assert!(page.bytes.len() < 150_000, "{}", page.bytes.len());
        let next = page.all("href").into_iter().find(|href| href.contains("page=1")).unwrap();
        let second = office.get(&next.replace("&#38;", "&").replace("&amp;", "&")).await;
        let (first, second): (BTreeSet<_>, BTreeSet<_>) = (
            page.all("href").into_iter().filter(|h| h.ends_with("/certificates")).collect(),
            second.all("href").into_iter().filter(|h| h.ends_with("/certificates")).collect(),
        );
        assert!(!second.is_empty() && first.is_disjoint(&second));
        assert!(office.get("/").await.bytes.len() < 150_000);
        // Not compressed, and so under the limit for gzip too.
        let assets = [office.get("/assets/app.css").await, office.get("/assets/app.js").await];
        assert!(assets.iter().map(|asset| asset.is(200).bytes.len()).sum::<usize>() < 60_000);
    });
}

/// Whether the table has a URL of that method for the path.
fn known(method: &str, path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap();
    let parts: Vec<&str> = path.split('/').collect();
    routes().iter().filter(|route| route.method == method).any(|route| {
        let own: Vec<&str> = route.path.split('/').collect();
        own.len() == parts.len() && own.iter().zip(&parts).all(|(own, part)| own == part || own.starts_with('{'))
    })
}

#[test]
fn links_and_forms_lead_somewhere() {
    on_both(USUAL, async |world| {
        for who in ["izumo", "hamanasu", "engawa", "tome", "kiyoshi"] {
            let mut browser = world.login(who).await;
            let mut ahead = vec!["/".to_owned()];
            let mut seen = BTreeSet::new();
            while let Some(path) = ahead.pop() {
                if seen.len() > 150 || !seen.insert(path.clone()) {
                    continue;
                }
                let page = browser.get(&path).await;
                assert_ne!(page.status, 404, "{who}: a link leads to {path}");
                let location = page.location().to_owned();
                let links = page.all("href").into_iter().chain([location]).filter(|href| href.starts_with('/'));
                for href in links.map(|href| href.replace("&#38;", "&").replace("&amp;", "&")) {
                    assert!(known("GET", &href), "{who}: {path} leads to {href}");
                    // People of the list are alike: two of them do.
                    let person = href.starts_with("/people/");
                    let story = [TOME, KIYOSHI]
                        .map(|no| ["izumo", "hamanasu", "engawa"].contains(&who).then(|| world.charge(who, no)));
                    if !person || story.iter().flatten().any(|c| href.contains(c)) {
                        ahead.push(href);
                    }
                }
                for form in page.html.split("<form").skip(1).map(|form| form.split('>').next().unwrap()) {
                    let method = if form.contains("method=\"post\"") { "POST" } else { "GET" };
                    let action = form.split("action=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
                    assert!(known(method, action), "{who}: {path} sends to {method} {action}");
                }
            }
            assert!(seen.len() > 3, "{who}: {seen:?}");
        }
    });
}

/// Acts on an office's own things, refused to who does not administer it before anything is looked up.
const OF_THE_OFFICE: &[&str] =
    &["join-exchange", "manage-staff", "manage-certificates", "manage-terminals", "manage-office", "view-office"];

#[test]
fn odd_input_breaks_no_page() {
    let long = "9".repeat(5_000);
    let odd = ["", "\0", "a\0b", "\u{feff}\u{202e}𠮷", "'; DROP TABLE charge; --", "%", "-1", "1e9", "../..", &long];
    on_both(USUAL, async |world| {
        let me = world.login("kiyoshi").await;
        let office = world.login("izumo").await;
        let c = world.charge("izumo", KIYOSHI);
        let own = |path: &str| path.replace("{c}", c).replace("{d}", "survey-1").replace("{id}", "0");
        let names = ["q", "number", "birth", "row", "page", "purpose", "at", "id", "next", "done"];
        let fields = [
            "login",
            "password",
            "code",
            "insurer_no",
            "insured_no",
            "kana",
            "birth",
            "seen",
            "reason",
            "back",
            "size",
            "next",
        ];
        // The logout would work.
        for route in routes().into_iter().filter(|route| route.path != "/logout") {
            for odd in odd {
                let mut browser = if route.path.starts_with("/my") { me.clone() } else { office.clone() };
                let text = encode(odd);
                let page = if route.method == "GET" {
                    let query: Vec<String> = names.iter().map(|name| format!("{name}={text}")).collect();
                    browser.get(&format!("{}?{}", own(route.path), query.join("&"))).await
                } else {
                    let fields: Vec<(&str, &str)> = fields.iter().map(|name| (*name, odd)).collect();
                    browser.post(&own(route.path), &fields).await
                };
                assert!(!page.has("<script>"), "{} {}", route.method, route.path);
                if route.path.contains('{') && !odd.is_empty() {
                    let mut path = route.path.to_owned();
                    while let Some((before, rest)) = path.split_once('{') {
                        let after = rest.split_once('}').map_or("", |(_, after)| after);
                        path = format!("{before}{text}{after}");
                    }
                    let page = if route.method == "GET" {
                        browser.get(&path).await
                    } else {
                        let csrf = if route.path.starts_with("/my") { me.csrf.as_str() } else { office.csrf.as_str() };
                        let fields = [("csrf", csrf), ("seen", "yes"), ("reason", "moved")];
                        browser.post(&path, &fields).await
                    };
                    let is_told = route.action == "-"
                        || (OF_THE_OFFICE.contains(&route.action) && page.status == 403)
                        || (matches!(route.access, Access::Program | Access::Terminal) && page.status == 401);
                    assert!(page.status == 404 || is_told, "{path}: {}", page.status);
                }
            }
        }
        for wrong in ["csrf=%", "%FF%FE=%00", "=&=&&", "a=b=c"] {
            let page = office.clone().ask("POST", "/identity", wrong.to_owned()).await;
            assert_eq!(page.status, 401, "{wrong}");
        }
        office.clone().get("/").await.is(200);
    });
}

#[test]
fn what_was_typed_is_written_as_text() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let typed = "\"><script>alert(1)</script>&'";
        for name in ["q", "number", "birth", "row"] {
            let page = office.get(&format!("/people?{name}={}", encode(typed))).await;
            assert!(!page.has("<script>alert"), "{name}: {}", page.html);
        }
        office.get("/identity").await;
        let fields = ["insurer_no", "insured_no", "kana", "birth"].map(|name| (name, typed));
        let page = office.post("/identity", &fields).await;
        assert!(!page.is(422).has("<script>alert") && page.has("&#60;script&#62;"), "{}", page.html);
        let mut nobody = world.browser();
        let page = nobody.get(&format!("/login?next={}", encode(&format!("/{typed}")))).await;
        assert!(!page.has("<script>alert"));
        let page = nobody.post("/login", &[("login", typed), ("password", "x")]).await;
        assert!(!page.is(422).has("<script>alert"));
    });
}
