//! 本人確認 by the four items of the 被保険者証, and the registration that follows.

use crate::page::{Browser, Page};
use crate::world::{KIYOSHI, MASARU, MITSU, TOME, USUAL, World, on_both};

const BIRTH: &str = "昭和14年3月3日";
const KANA: &str = "カスガ ミツ";
const MINATOGAWA: &str = "981019";
const YAMANOHA: &str = "983015";

/// Sends the four items.
async fn check(browser: &mut Browser<'_>, (insurer_no, insured_no, kana, birth): (&str, &str, &str, &str)) -> Page {
    browser.get("/identity").await.is(200);
    let fields = [("insurer_no", insurer_no), ("insured_no", insured_no), ("kana", kana), ("birth", birth)];
    browser.post("/identity", &fields).await
}

/// A check of 春日 ミツ that matches: its path.
async fn matched(browser: &mut Browser<'_>) -> String {
    let page = check(browser, (MINATOGAWA, MITSU, KANA, BIRTH)).await;
    assert!(page.is(303).location().starts_with("/identity/"));
    page.location().to_owned()
}

fn charges(world: &World<'_>) -> usize {
    world.test.dump("charge").iter().filter(|row| row.contains(MITSU)).count()
}

#[test]
fn who_shows_the_certificate_is_confirmed_and_registered() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let path = matched(&mut office).await;
        let page = office.get(&path).await;
        for text in
            ["春日 ミツ", "カスガ ミツ", "1939年（昭和14年）3月3日", "9900 000 555", "みなと川市", "2027年2月28日"]
        {
            assert!(page.is(200).has(text), "{text}");
        }
        let unseen = office.post(&path, &[]).await;
        assert!(unseen.is(422).has("被保険者証の原本を見たら") && charges(world) == 0);
        let done = office.post(&path, &[("seen", "yes")]).await;
        let page = office.get(done.is(303).location()).await;
        assert!(page.is(200).has("担当事業所として登録しました") && page.has("春日 ミツ"));
        assert_eq!(charges(world), 1);
        let acts: Vec<String> = world.log_of(MITSU).await.into_iter().map(|e| e.act).collect();
        assert!(
            acts.contains(&"register-charge".to_owned()) && acts.contains(&"check-identity".to_owned()),
            "{acts:?}"
        );
        assert!(office.get("/people?number=555").await.has("春日 ミツ"));
        // Checked again, the registration that stands is shown.
        let again = matched(&mut office).await;
        assert!(office.get(&again).await.is(303).location().ends_with("/certificates"));
        assert_eq!(charges(world), 1);
    });
}

#[test]
fn what_does_not_fit_does_not_tell_who_exists() {
    on_both(USUAL, async |world| {
        let mut office = world.login("kamome").await;
        let cases = [
            (MINATOGAWA, MITSU, "カスガ ミヨ", BIRTH),
            (MINATOGAWA, MITSU, KANA, "昭和14年3月4日"),
            (MINATOGAWA, TOME, KANA, BIRTH),
            (MINATOGAWA, "9999999999", KANA, BIRTH),
            (YAMANOHA, MITSU, KANA, BIRTH),
            ("131011", MITSU, KANA, BIRTH),
        ];
        let mut pages = Vec::new();
        for case in cases {
            let page = check(&mut office, case).await;
            page.is(422);
            assert!(page.has("確認できませんでした") && !page.has("href=\"/people/"));
            // What was typed stays in the form.
            for (name, value) in [("insurer_no", case.0), ("insured_no", case.1), ("kana", case.2), ("birth", case.3)] {
                assert!(page.has(&format!("name=\"{name}\"")) && page.has(&format!("value=\"{value}\"")), "{value}");
            }
            let typed = [case.0, case.1, case.2, case.3].map(|typed| format!("value=\"{typed}\""));
            pages.push(page.without(&typed.each_ref().map(String::as_str)));
        }
        for page in &pages {
            assert_eq!(page, &pages[0]);
        }
        // Misses stand in the log of the person whose number it was, and tell nothing to who typed.
        let log = world.log_of(MITSU).await;
        let misses = log.iter().filter(|e| e.rule.as_deref() == Some("identity-no-match")).count();
        assert_eq!(misses, 2);
    });
}

#[test]
fn what_cannot_be_read_is_named_at_its_field() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let good = [("insurer_no", MINATOGAWA), ("insured_no", MITSU), ("kana", KANA), ("birth", BIRTH)];
        let bad = [
            ("insurer_no", "9810"),
            ("insured_no", "99000005551"),
            ("kana", "春日 ミツ"),
            ("kana", "Kasuga"),
            ("birth", "昭和14年13月3日"),
            ("birth", "きのう"),
        ];
        let empty = good.map(|(name, _)| (name, ""));
        for (name, value) in bad.into_iter().chain(empty) {
            let fields = good.map(|(n, v)| if n == name { (n, value) } else { (n, v) });
            let page = office.post("/identity", &fields).await;
            assert!(page.is(422).has(&format!("id=\"{name}-error\"")), "{name} {value}");
            assert!(page.has(&format!("href=\"#{name}\"")), "the summary leads to {name}");
            assert_eq!(page.html.matches("-error\"><span").count(), 1, "{name} {value}: nothing else is wrong");
            assert!(page.has(&format!("value=\"{value}\"")), "{name} {value} is kept");
        }
        assert_eq!(world.test.dump("identity_check").len(), 0, "nothing was compared");
    });
}

#[test]
fn spellings_that_people_type_are_taken() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        for kana in ["カスガミツ", "かすが みつ", "ｶｽｶﾞ ﾐﾂ", "カスガ　ミツ", " カスガ ミツ "]
        {
            check(&mut office, (MINATOGAWA, MITSU, kana, BIRTH)).await.is(303);
        }
        for birth in
            ["S14.3.3", "s14/3/3", "昭14.3.3", "1939-03-03", "1939/3/3", "１９３９年３月３日", "昭和１４年３月３日"]
        {
            check(&mut office, (MINATOGAWA, MITSU, KANA, birth)).await.is(303);
        }
        for (insurer_no, insured_no) in
            [("９８１０１９", "９９００００００５５５"), (" 981019 ", "9900 000 555"), ("981019", "9900-000-555")]
        {
            let insured_no = insured_no.replace("００００００５", "０００００５");
            check(&mut office, (insurer_no, &insured_no, KANA, BIRTH)).await.is(303);
        }
    });
}

#[test]
fn ten_misses_an_hour_are_enough() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        for n in 0..10 {
            check(&mut office, (MINATOGAWA, &format!("99000009{n:02}"), KANA, BIRTH)).await.is(422);
        }
        let before = world.test.dump("identity_check").len();
        let page = check(&mut office, (MINATOGAWA, MITSU, KANA, BIRTH)).await;
        assert!(page.is(429).has("60分"), "the right items do not help either");
        assert_eq!(world.test.dump("identity_check").len(), before, "nothing was compared");
        // Another account is not stopped.
        let mut colleague = world.login("minato-admin").await;
        check(&mut colleague, (MINATOGAWA, MITSU, KANA, BIRTH)).await.is(303);
        world.wait_minutes(62);
        let mut office = world.login("izumo").await;
        check(&mut office, (MINATOGAWA, MITSU, KANA, BIRTH)).await.is(303);
    });
}

#[test]
fn an_insurer_that_has_not_started_says_since_when() {
    on_both(USUAL, async |world| {
        let mut office = world.login("kamome").await;
        let insurer_no = world.insurer(MASARU).to_string();
        let mut pages = Vec::new();
        for no in [MASARU, "9999999999"] {
            let page = check(&mut office, (&insurer_no, no, "イソベ マサル", "1940-12-01")).await;
            assert!(page.is(422).has("しおかぜ広域連合") && page.has("2027年4月1日から"), "{}", page.html);
            assert!(!page.has("磯部"));
            pages.push(page.without(&[no]));
        }
        assert_eq!(pages[0], pages[1]);
    });
}

#[test]
fn a_check_is_its_accounts_own_for_half_an_hour_and_once() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let path = matched(&mut office).await;
        for other in ["minato-admin", "kamome"] {
            let mut other = world.login(other).await;
            let page = other.get(&path).await;
            assert!(!page.is(404).has("春日"));
            other.post(&path, &[("seen", "yes")]).await.is(404);
        }
        assert_eq!(charges(world), 0);
        world.wait_minutes(20);
        office.get(&path).await.is(200);
        world.wait_minutes(15);
        office.get(&path).await.is(404);
        office.get("/identity").await;
        office.post(&path, &[("seen", "yes")]).await.is(404);
        assert_eq!(charges(world), 0);

        let path = matched(&mut office).await;
        let first = office.post(&path, &[("seen", "yes")]).await;
        let second = office.post(&path, &[("seen", "yes")]).await;
        assert_eq!(first.is(303).location(), second.is(303).location());
        assert_eq!(charges(world), 1);
        office.get(&path).await.is(404);
    });
}

#[test]
fn two_clicks_at_once_register_once() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let path = matched(&mut office).await;
        let (mut a, mut b, mut c) = (office.clone(), office.clone(), office.clone());
        let seen = [("seen", "yes")];
        let (a, b, c) = tokio::join!(a.post(&path, &seen), b.post(&path, &seen), c.post(&path, &seen));
        assert_eq!(a.is(303).location(), b.is(303).location());
        assert_eq!(a.location(), c.is(303).location());
        assert_eq!(charges(world), 1);
        let registered = world.log_of(MITSU).await.into_iter().filter(|e| e.act == "register-charge").count();
        assert_eq!(registered, 1);
    });
}

#[test]
fn two_colleagues_at_once_register_once() {
    on_both(USUAL, async |world| {
        let (mut a, mut b) = (world.login("izumo").await, world.login("minato-admin").await);
        let (first, second) = (matched(&mut a).await, matched(&mut b).await);
        let seen = [("seen", "yes")];
        let (a, b) = tokio::join!(a.post(&first, &seen), b.post(&second, &seen));
        assert_eq!(a.is(303).location(), b.is(303).location());
        assert_eq!(charges(world), 1);
    });
}

#[test]
fn a_person_cannot_be_checked_through_somebody_elses_registration() {
    on_both(USUAL, async |world| {
        // In charge already: the check of an office that is not leads to its own registration, not to みなと's.
        let mut other = world.login("kamome").await;
        let page = check(&mut other, (MINATOGAWA, KIYOSHI, "オオタニ キヨシ", "1941-09-03")).await;
        let page = other.get(page.is(303).location()).await;
        assert!(page.is(200).has("大谷 清") && !page.has(world.charge("izumo", KIYOSHI)));
    });
}
