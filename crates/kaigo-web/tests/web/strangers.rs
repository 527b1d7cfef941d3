//! Refuse strangers: every URL of the table × who comes × whose person, against the table's access and the policy.

use std::collections::BTreeMap;

use kaigo_core::policy::{Caller, ChargeStanding, ConsentStanding, Item, Matrix, Standing, decide};
use kaigo_web::{Access, Route, routes};

use crate::areas_strangers::is_around;
use crate::circle_strangers::is_of_the_circle;
use crate::page::{Browser, Page};
use crate::world::{KIYOSHI, MITSU, SHIZUE, USUAL, World, on_both};

/// Who comes; the first is not logged in.
const WHO: &[&str] = &[
    "",
    "izumo",
    "kamome",
    "hamanasu",
    "engawa",
    "kiyoshi",
    "tome",
    "shiyakusho",
    "yamanoha-yakuba",
    "umibe",
    "shinsakai",
];

/// Those who work in no office and are no insured person.
const CIRCLE: &[&str] = &["shiyakusho", "yamanoha-yakuba", "umibe", "shinsakai"];

/// Whose person a URL is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    Own,
    Foreign,
    Unknown,
}

const UNKNOWN: &str = "00112233445566778899aabbccddeeff";

/// What may stand in the place of `{c}` and `{id}` in a URL.
struct Names {
    charge: String,
    check: String,
}

#[test]
fn every_url_answers_everybody_as_the_table_and_the_policy_say() {
    on_both(USUAL, async |world| {
        let mut answers = BTreeMap::new();
        for who in WHO {
            let names = names(world, who).await;
            let mut browser = if who.is_empty() { world.browser() } else { world.login(who).await };
            if who.is_empty() {
                browser.get("/login").await;
            }
            let token = browser.csrf.clone();
            let mut table = routes();
            // The logout comes last: it works.
            table.sort_by_key(|route| route.path == "/logout");
            // Sets and uploads belong to offices, not to a registration: exchange_strangers.rs.
            table.retain(|route| !(route.path.starts_with("/exchange") && route.path.contains('{')));
            // The pages of the municipality, the doctor and the board have a test of their own: circle_strangers.rs.
            table.retain(|route| !is_of_the_circle(route) && !is_around(route));
            for route in table {
                for (whose, names) in &names {
                    if *whose != Whose::Own && !route.path.contains('{') {
                        continue;
                    }
                    browser.csrf.clone_from(&token);
                    let page = visit(&mut browser, route, names, *whose).await;
                    let place = format!("{who} {} {} {whose:?}", route.method, route.path);
                    assert_eq!(page.status, expected(world, who, route, *whose), "{place}\n{}", page.html);
                    if page.status != 200 && page.status != 422 {
                        tells_nothing(&page, who, &place);
                    }
                    if matches!(route.access, Access::Program | Access::Terminal) {
                        continue;
                    }
                    let location = page.location().replace(&names.charge, "…").replace(&names.check, "…");
                    let text = format!("{location}\n{}", page.without(&[&names.charge, &names.check]));
                    answers.insert((*who, route.method, route.path, *whose), text);
                }
            }
        }
        for ((who, method, path, whose), text) in &answers {
            if *whose == Whose::Foreign {
                let unknown = &answers[&(*who, *method, *path, Whose::Unknown)];
                assert_eq!(text, unknown, "{who} {method} {path}: somebody else's looks like nothing");
            }
        }
    });
}

/// The names that stand for one's own person, somebody else's, and nobody.
async fn names(world: &World<'_>, who: &str) -> Vec<(Whose, Names)> {
    let in_charge = ["izumo", "hamanasu", "engawa"].contains(&who);
    let checker = if in_charge || who == "kamome" { who } else { "izumo" };
    let other = if who == "kamome" { "izumo" } else { "kamome" };
    let own = if in_charge { world.charge(who, KIYOSHI) } else { world.charge("izumo", KIYOSHI) };
    let own = if who == "kamome" { world.charge("kamome", SHIZUE) } else { own };
    let foreign = if who == "kamome" { world.charge("izumo", KIYOSHI) } else { world.charge("kamome", SHIZUE) };
    vec![
        (Whose::Own, Names { charge: own.to_owned(), check: check(world, checker).await }),
        (Whose::Foreign, Names { charge: foreign.to_owned(), check: check(world, other).await }),
        (Whose::Unknown, Names { charge: UNKNOWN.to_owned(), check: UNKNOWN.to_owned() }),
    ]
}

/// An identity check of somebody's for 春日 ミツ, whom nobody has registered.
async fn check(world: &World<'_>, who: &str) -> String {
    let mut browser = world.login(who).await;
    let insurer_no = world.insurer(MITSU).to_string();
    let items =
        [("insurer_no", &*insurer_no), ("insured_no", MITSU), ("kana", "カスガ ミツ"), ("birth", "昭和14年3月3日")];
    let page = browser.post("/identity", &items).await;
    page.is(303).location().strip_prefix("/identity/").unwrap().to_owned()
}

async fn visit(browser: &mut Browser<'_>, route: Route, names: &Names, whose: Whose) -> Page {
    let path = route.path.replace("{c}", &names.charge).replace("{d}", "survey-1").replace("{id}", &names.check);
    match route.method {
        "GET" if path.contains("survey-1") => browser.get(&format!("{path}?purpose=care-plan")).await,
        "GET" => browser.get(&path).await,
        "POST" => browser.post(&path, &form(route, whose)).await,
        other => panic!("{other} {path}: this test knows no such method"),
    }
}

/// Fields of a form. One's own registration is neither made nor ended: what is missing tells that one was let in.
fn form(route: Route, whose: Whose) -> Vec<(&'static str, &'static str)> {
    match (route.path, whose) {
        // Without a password, so that no try is counted: a login is locked whether there is one or not.
        ("/login", _) => vec![("login", "nobody")],
        ("/identity", _) => {
            vec![("insurer_no", "981019"), ("insured_no", KIYOSHI), ("kana", "ダレカ"), ("birth", "1940-01-01")]
        }
        ("/identity/{id}", Whose::Foreign | Whose::Unknown) => vec![("seen", "yes")],
        ("/people/{c}/charge/end", Whose::Foreign | Whose::Unknown) => vec![("reason", "moved")],
        _ => Vec::new(),
    }
}

fn expected(world: &World<'_>, who: &str, route: Route, whose: Whose) -> u16 {
    let citizen = ["kiyoshi", "tome"].contains(&who);
    let is_get = route.method == "GET";
    let stranger = if is_get { 303 } else { 401 };
    match route.access {
        Access::Anybody => anybody(route),
        // A session opens no door of the programs: see api.rs.
        Access::Program | Access::Terminal => 401,
        Access::Somebody
        | Access::Staff
        | Access::Myself
        | Access::Insurer
        | Access::Medical
        | Access::Board
        | Access::Operator
        | Access::Supporter
            if who.is_empty() =>
        {
            stranger
        }
        Access::Somebody => match route.path {
            "/" if !citizen && !CIRCLE.contains(&who) => 200,
            "/" | "/session/keep" => 303,
            other => panic!("{other} is not covered"),
        },
        Access::Myself if citizen => own(who, route),
        Access::Staff if citizen || CIRCLE.contains(&who) => 404,
        Access::Myself | Access::Insurer | Access::Medical | Access::Board | Access::Operator | Access::Supporter => {
            404
        }
        Access::Staff => staff(world, who, route, whose),
    }
}

fn anybody(route: Route) -> u16 {
    match (route.method, route.path) {
        ("GET", "/login" | "/login/passkey" | "/healthz" | "/start") | ("POST", "/session/left") => 200,
        ("GET", path) if path.starts_with("/assets/") => 200,
        ("POST", "/login" | "/login/passkey" | "/start") => 422,
        // Without a letter's code there is nothing to go on with.
        (_, "/login/code" | "/login/code/mail" | "/start/account" | "/start/factor")
        | ("POST", "/logout" | "/session/again" | "/preferences/text-size" | "/preferences/reading") => 303,
        (method, path) => panic!("{method} {path} is not covered"),
    }
}

/// The person's own pages: everything is typed into an empty form, and nobody acts in their place.
fn own(who: &str, route: Route) -> u16 {
    match (route.method, route.path) {
        (_, "/my/family/{x}/end" | "/my/plans/{v}") => 404,
        // Nothing was given or withdrawn here.
        ("GET", "/my/consent/receipt") => 303,
        ("POST", "/my/consent/give" | "/my/consent/withdraw" | "/my/questions/new") => 422,
        ("GET", _) => 200,
        (method, path) => panic!("{who} {method} {path} is not covered"),
    }
}

fn staff(world: &World<'_>, who: &str, route: Route, whose: Whose) -> u16 {
    let personal = route.path.contains('{');
    match (route.method, route.action) {
        // The first tab only sends on.
        ("GET", "-") => 303,
        _ if personal && whose != Whose::Own => 404,
        (
            "GET",
            "list-own" | "check-identity" | "use-disaster" | "register-charge" | "list-sets" | "send-set"
            | "enter-result",
        ) => 200,
        // None of them administers an office.
        (_, "join-exchange") => 403,
        // No 予定 is named whose results would be begun.
        ("POST", "enter-result") => 404,
        // Nobody has these four items; the certificate was not seen; no reason is given; no file and no set is chosen.
        (
            "POST",
            "check-identity" | "use-disaster" | "register-charge" | "release-charge" | "send-set" | "fetch-set",
        ) => 422,
        ("POST", "keep-charge") => 303,
        // The list says of each document why it cannot be opened.
        ("GET", "survey,doctor-opinion") if !route.path.contains("{d}") => 200,
        ("GET", items) => policy(world, who, route, items),
        (method, action) => panic!("{method} {} ({action}) is not covered", route.path),
    }
}

/// What the policy says to the office in charge, with the consent of the person.
fn policy(world: &World<'_>, who: &str, route: Route, items: &str) -> u16 {
    let item = items.split(',').next().and_then(|item| Item::parse(item).ok());
    let item = item.unwrap_or_else(|| panic!("{} asks for {items}, which this test does not know", route.path));
    let today = world.ctx().today;
    let standing = Standing {
        charge: Some(ChargeStanding { from: today, until: today }),
        consent: ConsentStanding::Stands,
        insurer_started_on: Some(today),
        ..Standing::default()
    };
    let caller: Caller = world.staff(who);
    let whom = (world.insurer(KIYOSHI), kaigo_core::id::InsuredNo::parse(KIYOSHI).unwrap());
    let answer = decide(&Matrix::standard(), &caller, whom, &[item], &standing, today);
    // かもめ has nothing but its own person, who has a survey and a consent too.
    if answer.is_ok() { 200 } else { 403 }
}

/// A refusal names nobody.
fn tells_nothing(page: &Page, who: &str, place: &str) {
    let people = [
        ("大谷 清", "オオタニ", KIYOSHI, "9900 000 456"),
        ("松永 静江", "マツナガ", SHIZUE, "9900 000 502"),
        ("春日 ミツ", "カスガ", MITSU, "9900 000 555"),
    ];
    for (name, kana, number, grouped) in people {
        // A page greets the person who is logged in.
        let own = who == "kiyoshi" && number == KIYOSHI;
        for text in [name, kana, number, grouped] {
            assert!(own && text == name || !page.has(text), "{place} tells {text}\n{}", page.html);
        }
    }
}

#[test]
fn a_form_from_elsewhere_changes_nothing() {
    on_both(USUAL, async |world| {
        let other = world.login("kamome").await;
        let names = names(world, "izumo").await;
        let izumo = world.login("izumo").await;
        let (me, clerk) = (world.login("kiyoshi").await, world.login("kaigoka").await);
        let (doctor, board) = (world.login("umibe").await, world.login("shinsakai").await);
        let (desk, supporter) = (world.login("unei-kanri").await, world.login("shien").await);
        for route in routes().into_iter().filter(|route| route.method == "POST") {
            let path = route.path.replace("{c}", &names[0].1.charge).replace("{id}", &names[0].1.check);
            let path = path.split('/').map(|part| if part.starts_with('{') { UNKNOWN } else { part });
            let path = path.collect::<Vec<_>>().join("/");
            let browser = match route.access {
                Access::Myself => &me,
                Access::Insurer => &clerk,
                Access::Medical => &doctor,
                Access::Board => &board,
                Access::Operator => &desk,
                Access::Supporter => &supporter,
                Access::Anybody | Access::Somebody | Access::Staff | Access::Program | Access::Terminal => &izumo,
            };
            let token = browser.csrf.clone();
            let before = world.state();
            let full = form(route, Whose::Foreign);
            // The text size is nobody's secret: its form needs no token. Nor does a page whose session is over: its token is judged as
            // what it is, and answered by what there is no session for.
            let is_open =
                route.path.starts_with("/preferences/") || matches!(route.path, "/session/left" | "/session/again");
            if !is_open {
                for csrf in ["", "x", &other.csrf, &"0".repeat(64)] {
                    let mut fields = full.clone();
                    fields.push(("csrf", csrf));
                    browser.clone().post(&path, &fields).await.is(401);
                }
            }
            let mut fields = full.clone();
            fields.push(("csrf", &token));
            for from in [
                vec![("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")],
                vec![("sec-fetch-site", "same-site")],
                vec![("origin", "https://elsewhere.example")],
                vec![("origin", "null")],
            ] {
                let mut elsewhere = browser.clone();
                elsewhere.from = from;
                elsewhere.post(&path, &fields).await.is(403);
            }
            assert_eq!(world.state(), before, "{path}");
        }
        izumo.clone().get("/").await.is(200);
    });
}
