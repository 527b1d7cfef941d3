//! Refuse strangers on the pages of the municipality, the doctor, the board, the notices and the person: every URL × who comes ×
//! things that are there, somebody else's or nobody's; and every cell of the sharing table that a page shows, against the policy.

use std::collections::BTreeMap;

use kaigo_app::opinion::ask::{Asked, ask};
use kaigo_app::question::{self, NewQuestion};
use kaigo_core::date::add_days;
use kaigo_core::opinion::request::{CountKind, PlaceKind};
use kaigo_core::policy::{Caller, ChargeStanding, ConsentStanding, Item, Matrix, Standing, decide};
use kaigo_web::{Access, Route, routes};

use crate::cases::{clerk, filled, send, taken_in};
use crate::page::{Browser, Page};
use crate::world::{KIYOSHI, MASARU, SADA, TAKESHI, USUAL, World, on_both};

/// Who comes; the first is not logged in.
const WHO: &[&str] = &[
    "",
    "izumo",
    "kamome",
    "hamanasu",
    "kiyoshi",
    "tome",
    "shiyakusho",
    "kaigoka",
    "yamanoha-yakuba",
    "umibe",
    "shinsakai",
];

const UNKNOWN: &str = "00112233445566778899aabbccddeeff";

/// What may stand in the braces of a URL: things of 大谷 清, at みなと川市, for umibe, before the board.
#[derive(Clone)]
struct Things(BTreeMap<&'static str, String>);

impl Things {
    /// Nobody's.
    fn unknown(&self) -> Self {
        Self(
            self.0.keys().map(|key| (*key, if *key == "n" { "4999".to_owned() } else { UNKNOWN.to_owned() })).collect(),
        )
    }

    /// The path with everything filled in.
    fn path(&self, route: &Route) -> String {
        let mut path = route.path.to_owned();
        for (key, value) in &self.0 {
            // The same letter is a session here, a set there; a person's filing here, a file there.
            path = path.replace(&format!("{{{key}}}"), value);
        }
        path.split('/').map(|part| if part.starts_with('{') { UNKNOWN } else { part }).collect::<Vec<_>>().join("/")
    }
}

/// Whether the route belongs to this test; the others are in strangers.rs.
pub(crate) fn is_of_the_circle(route: &Route) -> bool {
    let starts = [
        "/filings",
        "/notices",
        "/start",
        "/my/",
        "/identity/disaster",
        "/preferences/reading",
        "/cases",
        "/assets/opinion",
    ];
    let old = ["/my/certification", "/my/log"];
    matches!(route.access, Access::Insurer | Access::Medical | Access::Board)
        || (starts.iter().any(|start| route.path.starts_with(start)) && !old.contains(&route.path))
        || ["/filing", "/consent", "/life", "/plans", "/deliver"]
            .iter()
            .any(|part| route.path.starts_with("/people/{c}") && route.path.contains(part))
        || route.path.ends_with("/deliver")
}

/// A case of the person with a request to umibe, put before a session of the board; a question.
async fn things(world: &World<'_>) -> Things {
    let mut desk = world.enter("shiyakusho").await;
    let place = taken_in(&mut desk, KIYOSHI, "3", "2026-11-20").await;
    let mut parts = place.trim_start_matches("/insurer/cases/").split('/').map(str::to_owned);
    let (p, n) = (parts.next().unwrap(), parts.next().unwrap());
    let request = requested(world, KIYOSHI, n.parse().unwrap()).await;

    let mut board = world.enter("shinsakai").await;
    let page = board.get("/board").await;
    let fields = filled(
        &page,
        "/board/sessions",
        &[("held_on", "2026-11-30"), ("starts_at", "14:00"), ("panel", "第1合議体"), ("place", ""), ("capacity", "30")],
    );
    let planned = send(&mut board, "/board/sessions", &fields).await;
    let session = planned.is(303).location().split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
    let form = desk.get(&format!("{place}/days")).await;
    let days = [
        ("survey-requested", "2026-11-20"),
        ("surveyed", "2026-11-21"),
        ("survey-received", "2026-11-21"),
        ("computed", "2026-11-22"),
        ("computed_level", "22"),
    ];
    send(&mut desk, &format!("{place}/days"), &filled(&form, &format!("{place}/days"), &days)).await.is(303);
    let page = desk.get(&format!("/insurer/board/{session}")).await;
    let pick =
        page.is(200).all("name").into_iter().find(|name| name.contains(&p)).expect("the case waits for a session");
    let seen = page.html.split(&format!("name=\"{pick}\"")).nth(1).unwrap().split("value=\"").nth(1).unwrap();
    let seen = seen.split('"').next().unwrap().to_owned();
    let assign = format!("/insurer/board/{session}/assign");
    send(&mut desk, &assign, &filled(&page, &assign, &[(&pick, &seen)])).await.is(303);
    let page = board.get(&format!("/board/sessions/{session}")).await;
    let case =
        page.html.split("/board/cases/").nth(1).expect("the case lies before the board").get(..32).unwrap().to_owned();

    let asked =
        NewQuestion { entry_id: None, body: "だれが見ましたか。".to_owned(), submit_key: "k".repeat(32) };
    let me = person(world);
    let asked = question::ask(&world.app, &world.ctx(), &me, asked).await.unwrap();
    let charge = world.charge("izumo", KIYOSHI).to_owned();
    let all =
        [("p", p), ("n", n), ("r", request), ("s", session), ("e", case), ("q", asked.question_id), ("c", charge)];
    Things(all.into_iter().collect())
}

fn person(world: &World<'_>) -> Caller {
    let insured_no = kaigo_core::id::InsuredNo::parse(KIYOSHI).unwrap();
    let insurer_no = world.insurer(KIYOSHI);
    Caller::Person { account_id: "test".to_owned(), insurer_no, insured_no, name: "大谷 清".to_owned(), proxy: None }
}

/// A request to umibe for the opinion of an application.
async fn requested(world: &World<'_>, no: &str, record_no: i32) -> String {
    let ctx = world.ctx();
    let accounts = world.nation.accounts();
    let umibe = accounts.iter().find(|account| account.login == "umibe").unwrap();
    let asked = Asked {
        record_no,
        institution_no: umibe.institution_no.unwrap(),
        physician: "海部 進".to_owned(),
        count_kind: CountKind::Again,
        place_kind: PlaceKind::Home,
        due_on: add_days(ctx.today, 13),
        note: String::new(),
        with_previous: true,
        submit_key: format!("{no:0>32}"),
    };
    let whom = (world.insurer(no), kaigo_core::id::InsuredNo::parse(no).unwrap());
    ask(&world.app, &ctx, &clerk(world), whom, asked).await.unwrap()
}

async fn visit(browser: &mut Browser<'_>, route: &Route, path: &str) -> Page {
    match route.method {
        "GET" => browser.get(path).await,
        "POST" => browser.post(path, &[]).await,
        other => panic!("{other} {path}: this test knows no such method"),
    }
}

/// Whether the area of the route is the one of who comes.
fn belongs(who: &str, access: Access) -> bool {
    match access {
        Access::Anybody | Access::Somebody => true,
        Access::Staff => ["izumo", "kamome", "hamanasu"].contains(&who),
        Access::Myself => ["kiyoshi", "tome"].contains(&who),
        Access::Insurer => ["shiyakusho", "kaigoka", "yamanoha-yakuba"].contains(&who),
        Access::Medical => who == "umibe",
        Access::Board => who == "shinsakai",
        Access::Operator => who == "unei",
        Access::Supporter => who == "shien",
        Access::Program | Access::Terminal => false,
    }
}

/// Whether the things are theirs.
fn is_party(who: &str) -> bool {
    ["izumo", "kiyoshi", "shiyakusho", "kaigoka", "umibe", "shinsakai"].contains(&who)
}

/// A session of the joint board is 山ノ端町's as well; its page names nobody of みなと川市.
fn is_joint(who: &str, route: &Route) -> bool {
    who == "yamanoha-yakuba" && route.path.starts_with("/insurer/board/{s}") && !route.path.contains("{e}")
}

/// Names in a URL that none of the things has: nothing is there, whoever comes.
fn names_nothing(route: &Route, things: &Things) -> bool {
    let names = route.path.split('/').filter(|part| part.starts_with('{'));
    // `{n}` is also the number of a load, of a paper or of a sheet, `{n}` of /notices a notice.
    let numbers = ["/notices", "/insurer/feed", "/insurer/opinions/{r}/file", "/people/{c}/life", "/my/life"]
        .iter()
        .any(|start| route.path.starts_with(start));
    names.into_iter().any(|name| !things.0.contains_key(name.trim_matches(['{', '}'])) || (name == "{n}" && numbers))
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn every_page_of_the_circle_answers_everybody_as_the_table_says() {
    on_both(USUAL, async |world| {
        let things = things(world).await;
        let unknown = things.unknown();
        let table: Vec<Route> = routes().into_iter().filter(is_of_the_circle).collect();
        assert!(table.len() > 60, "{} routes", table.len());
        let mut own_pages = 0;
        for who in WHO {
            let mut browser = if who.is_empty() { world.browser() } else { world.login(who).await };
            if who.is_empty() {
                browser.get("/login").await;
            }
            let token = browser.csrf.clone();
            for route in &table {
                // It asks for nothing but the press, and would take the case away from those who come later.
                if route.method == "POST" && route.path.ends_with("/remove") && is_party(who) {
                    continue;
                }
                browser.csrf.clone_from(&token);
                let path = things.path(route);
                let page = visit(&mut browser, route, &path).await;
                let place = format!("{who} {} {path}", route.method);
                let is_personal = route.path.contains('{');
                match (who.is_empty(), belongs(who, route.access)) {
                    (_, true) if route.access == Access::Anybody => {
                        assert!([200, 303, 422].contains(&page.status), "{place}: {}\n{}", page.status, page.html);
                    }
                    (true, _) => assert_eq!(page.status, if route.method == "GET" { 303 } else { 401 }, "{place}"),
                    (false, false) => assert_eq!(page.status, 404, "{place}\n{}", page.html),
                    // Somebody else's, and what is not there.
                    (false, true)
                        if is_personal
                            && !is_joint(who, route)
                            && (!is_party(who) || names_nothing(route, &things)) =>
                    {
                        let first = route.path.split('{').next().unwrap_or_default();
                        let gone = page.status == 404 || (page.status == 303 && !page.location().contains(first));
                        // Administrators only: refused before anything is looked for.
                        assert!(
                            gone || page.status == 403 && page.has("not-allowed")
                                || page.status == 422
                                || names_nothing(route, &things),
                            "{place}: {}\n{}",
                            page.status,
                            page.html
                        );
                    }
                    (false, true) => {
                        own_pages += usize::from(route.method == "GET" && is_personal && page.status == 200);
                        let fine: &[u16] = if route.method == "GET" {
                            &[200, 303, 403, 409]
                        } else {
                            &[200, 303, 400, 403, 409, 415, 422]
                        };
                        // What was not submitted yet, and a plan or a set that no form names, is not there.
                        let may_be_gone = route.method == "POST"
                            || ["file", "paper", "receipt", "plans", "deliver", "life", "rules/edit", "feed/undo"]
                                .iter()
                                .any(|part| route.path.contains(part));
                        assert!(
                            fine.contains(&page.status) || page.status == 404 && may_be_gone,
                            "{place}: {}\n{}",
                            page.status,
                            page.html
                        );
                    }
                }
                if (!is_party(who) || page.status == 404) && *who != "kiyoshi" {
                    for text in ["大谷", "オオタニ", KIYOSHI, "9900 000 456"] {
                        assert!(!page.has(text), "{place} tells {text}\n{}", page.html);
                    }
                }
                // Whoever is no party finds what nobody has.
                if is_personal && !is_party(who) && !who.is_empty() && !is_joint(who, route) {
                    browser.csrf.clone_from(&token);
                    let nowhere = unknown.path(route);
                    let other = visit(&mut browser, route, &nowhere).await;
                    assert_eq!(
                        bare(&page, &things, &unknown),
                        bare(&other, &things, &unknown),
                        "{place}: somebody else's looks like nothing"
                    );
                }
            }
        }
        assert!(own_pages > 20, "{own_pages} pages of one's own were shown");
        // Who tried is in the person's log, by name and rule.
        let log = world.log_of(KIYOSHI).await;
        for (name, rule) in [("谷口 進", "not-in-charge"), ("白波 恵", "not-in-charge")] {
            let entry = |e: &&kaigo_store::access_log::Entry| e.account_name == name && e.outcome == "refused";
            let found = log.iter().find(entry).unwrap_or_else(|| panic!("{name} left no entry"));
            assert_eq!(found.rule.as_deref(), Some(rule), "{name}");
        }
    });
}

/// An answer without what names the thing that was asked for.
fn bare(page: &Page, things: &Things, unknown: &Things) -> String {
    let own: Vec<&str> =
        things.0.iter().chain(&unknown.0).filter(|(key, _)| **key != "n").map(|(_, value)| value.as_str()).collect();
    let text = format!("{} {}\n{}", page.status, page.location(), page.without(&own));
    let text = own.iter().fold(text, |text, own| text.replace(own, "…"));
    text.replace(&format!("/{}", things.0["n"]), "/n").replace(&format!("/{}", unknown.0["n"]), "/n")
}

/// Tabs of a person with the item that the policy is asked for.
const TABS: &[(&str, Item)] = &[
    ("certificates", Item::InsuredCertificate),
    ("certification", Item::CertificationResult),
    ("documents/survey-1?purpose=care-plan", Item::Survey),
    ("documents/opinion-1?purpose=care-plan", Item::DoctorOpinion),
    ("documents/survey-1/file?purpose=care-plan", Item::Survey),
    ("balances", Item::Balances),
    ("history", Item::InsuredCertificate),
    ("charge", Item::InsuredCertificate),
];

#[test]
fn every_cell_that_a_page_shows_is_the_one_of_the_policy() {
    on_both(USUAL, async |world| {
        let today = world.ctx().today;
        let consents = [
            (KIYOSHI, ConsentStanding::Stands),
            (SADA, ConsentStanding::None),
            (TAKESHI, ConsentStanding::Withdrawn(today)),
            (MASARU, ConsentStanding::Stands),
        ];
        let (mut seen, mut refused) = (BTreeMap::new(), BTreeMap::new());
        for who in ["izumo", "hamanasu", "engawa"] {
            let mut browser = world.login(who).await;
            for (no, consent) in consents.iter().filter(|(no, _)| who == "izumo" || *no == KIYOSHI) {
                let standing = Standing {
                    charge: Some(ChargeStanding { from: today, until: today }),
                    consent: *consent,
                    insurer_started_on: (*no != MASARU).then_some(today),
                    ..Standing::default()
                };
                let whom = (world.insurer(no), kaigo_core::id::InsuredNo::parse(no).unwrap());
                for (tab, item) in TABS {
                    let page = browser.get(&format!("/people/{}/{tab}", world.charge(who, no))).await;
                    let place = format!("{who} {no} {tab}");
                    let decided = decide(&Matrix::standard(), &world.staff(who), whom, &[*item], &standing, today);
                    match decided {
                        Ok(_) => assert!([200, 303].contains(&page.status), "{place}: {}\n{}", page.status, page.html),
                        Err(refusal) => {
                            assert_eq!(page.status, 403, "{place}: {}\n{}", refusal.code(), page.html);
                            // The page says it in its own words; the log has the rule.
                            assert!(page.has("data-reason="), "{place}\n{}", page.html);
                            let rule = Some(refusal.code());
                            let log = world.log_of(no).await;
                            let last =
                                log.iter().filter(|e| e.outcome == "refused" && e.rule.as_deref() == rule).count();
                            let before = refused.insert((*no, refusal.code()), last);
                            assert!(last > before.unwrap_or(0), "{place}: no entry with the rule {rule:?}");
                            seen.insert(refusal.code(), place);
                        }
                    }
                }
            }
        }
        for rule in ["no-consent", "consent-withdrawn", "insurer-not-started", "not-shared", "unverified-cell"] {
            assert!(seen.contains_key(rule), "no page of this test meets {rule}: {seen:?}");
        }
    });
}

#[test]
fn a_doctor_sees_the_certificate_by_consent_and_while_the_request_stands() {
    on_both(USUAL, async |world| {
        let mut desk = world.enter("shiyakusho").await;
        let mut all = Vec::new();
        for (no, status, rule) in
            [(KIYOSHI, 200, ""), (SADA, 403, "同意が記録されていない"), (TAKESHI, 403, "取り消した")]
        {
            let place = taken_in(&mut desk, no, "3", "2026-11-20").await;
            let record_no = place.rsplit('/').next().unwrap().parse().unwrap();
            all.push((requested(world, no, record_no).await, status, rule));
        }
        let mut doctor = world.login("umibe").await;
        for (request, status, rule) in &all {
            let page = doctor.get(&format!("/medical/requests/{request}/certificate")).await;
            assert!(page.is(*status).has(rule), "{rule}\n{}", page.html);
            // The opinion itself needs no consent: the law asks for it.
            doctor.get(&format!("/medical/requests/{request}/form")).await.is(200);
        }
        world.wait_days(400);
        let mut doctor = world.login("umibe").await;
        for (request, ..) in &all {
            for page in ["", "/form", "/certificate"] {
                let page = doctor.get(&format!("/medical/requests/{request}{page}")).await;
                assert!(page.is(403).has("に終わった") && !page.has("大谷"), "{}", page.html);
            }
        }
        let log = world.log_of(KIYOSHI).await;
        let doctors =
            |outcome: &str| log.iter().filter(|e| e.account_name == "海部 進" && e.outcome == outcome).count();
        assert!(doctors("done") >= 2 && doctors("refused") >= 3, "{log:?}");
    });
}
