//! Login in two steps, sessions, cookies.

use crate::page::encode;
use crate::world::{KIYOSHI, USUAL, Wish, on_both};

#[test]
fn a_wrong_password_and_an_unknown_login_look_the_same() {
    on_both(USUAL, async |world| {
        let mut pages = Vec::new();
        for (login, password) in [("izumo", "not-the-password"), ("nobody", "not-the-password"), ("nobody", "")] {
            let mut browser = world.browser();
            browser.get("/login").await;
            let page = browser.post("/login", &[("login", login), ("password", password)]).await;
            page.is(422);
            assert!(browser.cookies.is_empty() && !page.has("not-the-password"));
            pages.push(page.without(&[login]));
        }
        assert_eq!(pages[0], pages[1]);
        assert!(
            pages[0].contains("ログインIDかパスワードがちがいます") && pages[2].contains("パスワードを入れてください")
        );
    });
}

#[test]
fn five_failures_lock_for_a_quarter_of_an_hour() {
    on_both(USUAL, async |world| {
        let mut browser = world.browser();
        browser.get("/login").await;
        let wrong = [("login", "izumo"), ("password", "not-the-password")];
        for _ in 0..5 {
            browser.post("/login", &wrong).await.is(422);
        }
        let locked = world.password(&mut browser, "izumo").await;
        assert!(locked.is(429).has("15分"), "the right password does not help");
        world.wait_minutes(14);
        assert!(world.password(&mut browser, "izumo").await.is(429).has("1分"));
        world.login("minato-admin").await;
        world.wait_minutes(2);
        world.login("izumo").await;
        // The count began anew.
        for _ in 0..4 {
            browser.post("/login", &wrong).await.is(422);
        }
        world.login("izumo").await;
    });
}

#[test]
fn wrong_codes_lock_as_wrong_passwords_do() {
    on_both(USUAL, async |world| {
        let mut browser = world.browser();
        browser.get("/login").await;
        world.password(&mut browser, "izumo").await.moves_to("/login/code");
        browser.get("/login/code").await;
        for _ in 0..5 {
            let page = browser.post("/login/code", &[("code", "12 34")]).await;
            assert!(page.is(422).has("確認コードがちがうか"));
        }
        let code = world.code("izumo");
        browser.post("/login/code", &[("code", &code)]).await.is(429);
        browser.get("/").await.wants_login("/");
    });
}

#[test]
fn a_code_is_good_once_and_for_its_time() {
    on_both(USUAL, async |world| {
        world.login("izumo").await;
        let used = world.code_now("izumo");
        let mut browser = world.browser();
        browser.get("/login").await;
        world.password(&mut browser, "izumo").await.moves_to("/login/code");
        browser.get("/login/code").await;
        browser.post("/login/code", &[("code", &used)]).await.is(422);
        let early = world.code_now("izumo");
        world.wait_minutes(2);
        browser.post("/login/code", &[("code", &early)]).await.is(422);
        // As people type it.
        let fresh = world.code("izumo");
        let typed = format!("{} {}", &fresh[..3], &fresh[3..]);
        browser.post("/login/code", &[("code", &typed)]).await.moves_to("/");
    });
}

#[test]
fn the_second_factor_does_not_wait_for_ever() {
    on_both(USUAL, async |world| {
        let mut browser = world.browser();
        browser.get("/login").await;
        world.password(&mut browser, "izumo").await;
        browser.get("/login/code").await.is(200);
        world.wait_minutes(6);
        let code = world.code("izumo");
        browser.post("/login/code", &[("code", &code)]).await.moves_to("/login");
    });
}

#[test]
fn a_session_ends_after_half_an_hour_without_use() {
    on_both(USUAL, async |world| {
        let mut browser = world.login("izumo").await;
        for _ in 0..3 {
            world.wait_minutes(29);
            browser.get("/people").await.is(200);
        }
        world.wait_minutes(31);
        browser.get("/people?row=%E3%82%AB").await.wants_login("/people?row=%E3%82%AB");
        let path = format!("/people/{}/charge/keep", world.charge("izumo", KIYOSHI));
        let page = browser.post(&path, &[]).await;
        assert!(page.is(401).has("入力した内容は残っています"));
    });
}

#[test]
fn logout_kills_the_session_itself() {
    on_both(USUAL, async |world| {
        let mut browser = world.login("izumo").await;
        let mut copy = browser.clone();
        let page = browser.post("/logout", &[]).await;
        page.moves_to("/login?done=logout");
        assert_eq!(page.header("clear-site-data"), r#""cache", "storage""#);
        assert!(browser.token().is_empty());
        copy.get("/").await.wants_login("/");
        assert!(browser.get("/login?done=logout").await.has("ログアウトしました"));
    });
}

#[test]
fn a_page_learns_how_long_its_session_lasts_without_letting_it_last_longer() {
    on_both(USUAL, async |world| {
        let answer = |seconds: i64, carries: bool| format!("{{\"carries\":{carries},\"seconds\":{seconds}}}");
        let mut browser = world.login("izumo").await;
        browser.get("/people").await.is(200);
        let csrf = browser.csrf.clone();
        // In the second half of the time any other request would let it last longer.
        for minutes in [0, 20, 9] {
            world.wait_minutes(minutes);
            let page = browser.post("/session/left", &[]).await;
            let left =
                page.is(200).html.split("seconds\":").nth(1).unwrap().trim_end_matches('}').parse::<i64>().unwrap();
            assert!((1..=30 * 60 - minutes * 60).contains(&left), "{left}");
            assert!(page.html.contains("\"carries\":true") && page.header("content-type") == "application/json");
        }
        world.wait_minutes(1);
        assert_eq!(
            browser.post("/session/left", &[]).await.html,
            answer(0, true),
            "over, but what was typed is carried"
        );
        browser.get("/people").await.wants_login("/people");
        // The browser has another session by now: the page of the one before is told so.
        let mut again = world.login("izumo").await;
        assert_eq!(again.post("/session/left", &[("csrf", &csrf)]).await.html, answer(0, true));
        let csrf = again.csrf.clone();
        let mut copy = again.clone();
        again.post("/logout", &[]).await.moves_to("/login?done=logout");
        assert_eq!(
            copy.post("/session/left", &[("csrf", &csrf)]).await.html,
            answer(0, false),
            "after a logout nothing is"
        );
        assert_eq!(world.browser().post("/session/left", &[("csrf", "")]).await.html, answer(0, false));
    });
}

#[test]
fn a_token_from_before_the_login_is_worth_nothing() {
    on_both(USUAL, async |world| {
        let mut browser = world.browser();
        browser.cookies.insert("kiban_session".to_owned(), "planted".to_owned());
        browser.get("/login").await.is(200);
        world.password(&mut browser, "izumo").await.moves_to("/login/code");
        let waiting = browser.token().to_owned();
        assert!(waiting.len() == 64 && waiting != "planted");
        browser.get("/").await.wants_login("/");
        browser.get("/login/code").await.is(200);
        let code = world.code("izumo");
        browser.post("/login/code", &[("code", &code)]).await.moves_to("/");
        assert_ne!(browser.token(), waiting);
        browser.get("/").await.is(200);
        for old in [waiting.as_str(), "planted", ""] {
            let mut other = world.browser();
            other.cookies.insert("kiban_session".to_owned(), old.to_owned());
            other.get("/people").await.wants_login("/people");
            other.get("/login/code").await.moves_to("/login");
        }
        // The database keeps no token.
        assert!(world.state().iter().all(|row| !row.contains(browser.token())));
    });
}

#[test]
fn the_login_leads_where_one_wanted_to_go_but_never_elsewhere() {
    on_both(USUAL, async |world| {
        let cases = [
            ("/people?row=%E3%82%AB", "/people?row=%E3%82%AB"),
            ("https://elsewhere.example/", "/"),
            ("//elsewhere.example", "/"),
            ("/\\elsewhere.example", "/"),
            ("/\t/elsewhere.example", "/"),
            ("javascript:alert(1)", "/"),
        ];
        for (next, to) in cases {
            let mut browser = world.browser();
            let page = browser.get(&format!("/login?next={}", encode(next))).await;
            let mut fields = page.hidden("/login");
            fields.push(("login".to_owned(), "izumo".to_owned()));
            fields.push(("password".to_owned(), world.password_of("izumo").to_owned()));
            let page = browser.post("/login", &pairs(&fields)).await;
            assert!(page.is(303).location().starts_with("/login/code"), "{next}");
            let page = browser.get(page.location()).await;
            let mut fields = page.hidden("/login/code");
            fields.push(("code".to_owned(), world.code("izumo")));
            browser.post("/login/code", &pairs(&fields)).await.moves_to(to);
        }
        // Fields that no page of ours made.
        for next in ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"] {
            let mut browser = world.browser();
            browser.get("/login").await;
            let fields = [("login", "izumo"), ("password", world.password_of("izumo")), ("next", next)];
            browser.post("/login", &fields).await.moves_to("/login/code");
            browser.get("/login/code").await;
            let (code, path) = (world.code("izumo"), format!("/login/code?next={}", encode(next)));
            browser.post(&path, &[("code", &code), ("next", next)]).await.moves_to("/");
            browser.post("/preferences/text-size", &[("size", "large"), ("back", next)]).await.moves_to("/");
        }
    });
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[test]
fn who_goes_too_fast_waits_and_nobody_else_does() {
    on_both(Wish { pace: 30, ..USUAL }, async |world| {
        let mut hasty = world.login("izumo").await;
        let mut other = world.login("minato-admin").await;
        let mut taken = 0;
        while hasty.get("/people").await.status == 200 {
            taken += 1;
            assert!(taken < 40, "nothing stops it");
        }
        assert!(taken >= 20, "{taken}");
        let page = hasty.get("/people").await;
        assert!(page.is(429).has("しばらく待って") && page.has("1分"), "{}", page.html);
        let log = world.log_of(KIYOSHI).await.len();
        hasty.get(&format!("/people/{}/certificates", world.charge("izumo", KIYOSHI))).await.is(429);
        assert_eq!(world.log_of(KIYOSHI).await.len(), log, "nothing was read");
        other.get("/people").await.is(200);
        world.wait_minutes(1);
        hasty.get("/people").await.is(200);
    });
}

#[test]
fn cookies_are_kept_from_scripts_and_other_sites() {
    for secure in [false, true] {
        on_both(Wish { secure, ..USUAL }, async |world| {
            let mut browser = world.browser();
            browser.get("/login").await;
            let mut pages = vec![world.password(&mut browser, "izumo").await];
            browser.get("/login/code").await;
            let code = world.code("izumo");
            pages.push(browser.post("/login/code", &[("code", &code)]).await);
            browser.get("/").await;
            pages.push(browser.post("/preferences/text-size", &[("size", "huge"), ("back", "/people")]).await);
            assert!(browser.get("/people").await.has("k-text-huge"));
            pages.push(browser.post("/logout", &[]).await);
            for page in pages {
                let cookie = page.header("set-cookie");
                let parts: Vec<&str> = cookie.split("; ").collect();
                for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
                    assert!(parts.contains(&part), "{cookie}");
                }
                assert_eq!(parts.contains(&"Secure"), secure, "{cookie}");
                let name = cookie.strip_prefix("__Host-");
                assert_eq!(name.is_some(), secure, "{cookie}");
                let name = name.unwrap_or(cookie);
                assert!(name.starts_with("kiban_session=") || name.starts_with("kiban_size="), "{cookie}");
                assert_eq!(!page.header("strict-transport-security").is_empty(), secure);
                assert!(!cookie.contains("Domain"), "{cookie}");
            }
        });
    }
}
