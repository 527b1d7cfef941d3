//! アカウントの安全: passkeys, proofs, passwords, sessions, guessing; colleagues: invited, switched off, ended; what administrators see.

use kaigo_app::account::{invitation, mail_code, own};
use kaigo_app::passkey::base64url;
use kaigo_app::{login, mail};
use kaigo_core::policy::Caller;
use kaigo_testkit::authenticator::{Answer, Authenticator};

use crate::page::{Browser, Page};
use crate::world::{KIYOSHI, USUAL, World, on_both};

pub(crate) const ORIGIN: &str = "http://kiban.test";
const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0";

pub(crate) async fn challenge(browser: &mut Browser<'_>, path: &str) -> String {
    let page = browser.get(path).await;
    let options: serde_json::Value = serde_json::from_slice(&page.is(200).bytes).unwrap();
    assert_eq!(options["rpId"], "kiban.test");
    options["challenge"].as_str().unwrap().to_owned()
}

fn made(key: &Authenticator, challenge: &str) -> String {
    let answer = key.make(challenge);
    let (id, data) = (base64url(&key.credential_id), base64url(&answer.data));
    serde_json::json!({"id": id, "client_data": base64url(&answer.client_data), "attestation": data}).to_string()
}

fn used(key: &Authenticator, answer: &Answer) -> String {
    serde_json::json!({
        "id": base64url(&key.credential_id),
        "client_data": base64url(&answer.client_data),
        "authenticator_data": base64url(&answer.data),
        "signature": base64url(&answer.signature),
        "user_handle": "",
    })
    .to_string()
}

/// Adds a passkey to who is logged in.
pub(crate) async fn add_passkey(browser: &mut Browser<'_>, key: &Authenticator) {
    browser.get("/account/passkeys").await.is(200);
    let answer = made(key, &challenge(browser, "/account/passkeys/options").await);
    for _ in 0..2 {
        // Sent twice, it is there once.
        let page = browser.post("/account/passkeys", &[("name", "事務所のパソコン"), ("answer", &answer)]).await;
        page.moves_to("/account?done=passkey-added");
    }
}

/// Sends a passkey's answer to the login page.
async fn enter(browser: &mut Browser<'_>, key: &mut Authenticator) -> Page {
    browser.get("/login").await.is(200);
    let answer = answered(key, &challenge(browser, "/login/passkey").await);
    browser.post("/login/passkey", &[("answer", &answer), ("next", "/people")]).await
}

#[test]
fn a_passkey_logs_in_once_for_each_question_and_only_here() {
    on_both(USUAL, async |world| {
        let mut desk = world.login("izumo").await;
        let mut key = Authenticator::p256(ORIGIN);
        add_passkey(&mut desk, &key).await;
        let page = desk.get("/account?done=passkey-added").await;
        assert_eq!(page.html.matches("名前を変える・消す").count(), 1, "{}", page.html);

        key.count = 5;
        let mut other = world.browser();
        enter(&mut other, &mut key).await.moves_to("/people");
        assert!(other.get("/people").await.is(200).has("出雲 太郎"));
        assert!(other.get("/account").await.has("ログイン（パスキー）"));

        // The same answer again, a question that is too old, a question of another kind, another site, a copied key.
        let mut browser = world.browser();
        browser.get("/login").await;
        let question = challenge(&mut browser, "/login/passkey").await;
        let text = answered(&mut key, &question);
        browser.post("/login/passkey", &[("answer", &text)]).await.moves_to("/");
        let mut again = world.browser();
        again.get("/login").await;
        for _ in 0..2 {
            let page = again.post("/login/passkey", &[("answer", &text)]).await;
            assert!(page.is(422).has("パスキーを確かめられませんでした") && again.token().is_empty());
        }
        let of_account = challenge(&mut desk, "/account/prove/options").await;
        let old = challenge(&mut again, "/login/passkey").await;
        let mut bad = vec![answered(&mut key, &of_account), "{}".to_owned(), String::new()];
        key.origin = "https://kiban.test.evil.example".to_owned();
        bad.push(answered(&mut key, &old));
        ORIGIN.clone_into(&mut key.origin);
        let count = key.count;
        key.count = 3;
        bad.push(answered(&mut key, &old));
        key.count = count;
        for answer in bad {
            again.post("/login/passkey", &[("answer", &answer)]).await.is(422);
        }
        world.wait_minutes(6);
        let answer = key.answer(&old);
        let late = used(&key, &answer);
        again.post("/login/passkey", &[("answer", &late)]).await.is(422);
        assert!(desk.get("/account").await.has("写されたかもしれない"), "a counter that went back is told");

        // Named, removed, and then good for nothing.
        let page = desk.get("/account").await;
        let place = page.html.split("/account/passkeys/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        desk.get(&format!("/account/passkeys/{place}")).await.is(200);
        let rename = format!("/account/passkeys/{place}/name");
        desk.post(&rename, &[("name", "窓口の端末")]).await.moves_to("/account?done=passkey-named");
        let mut stranger = world.login("kamome").await;
        stranger.get("/account").await.is(200);
        stranger.post(&rename, &[("name", "ほかの人")]).await.is(404);
        stranger.post(&format!("/account/passkeys/{place}/remove"), &[]).await.is(404);
        desk.post(&format!("/account/passkeys/{place}/remove"), &[]).await.moves_to("/account?done=passkey-removed");
        enter(&mut world.browser(), &mut key).await.is(422);
    });
}

pub(crate) fn answered(key: &mut Authenticator, challenge: &str) -> String {
    let answer = key.answer(challenge);
    used(key, &answer)
}

/// The secret that a page shows for an authenticator.
fn secret_of(page: &Page) -> Vec<u8> {
    let text = page.html.split("アプリにこの文字を入れてください：<code").nth(1).unwrap();
    let text = text.split('>').nth(1).unwrap().split('<').next().unwrap();
    let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = text
        .chars()
        .filter_map(|c| digits.find(c))
        .flat_map(|n| (0..5).rev().map(move |i| u8::try_from((n >> i) & 1).unwrap()))
        .collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |n, bit| n * 2 + bit)).collect()
}

#[test]
fn changes_ask_for_a_fresh_proof_and_old_ways_in_end() {
    on_both(USUAL, async |world| {
        let mut desk = world.login("izumo").await;
        world.wait_minutes(11);
        for path in ["/account/totp", "/account/codes", "/account/passkeys"] {
            let want = format!("/account/prove?next={}", path.replace('/', "%2F"));
            desk.get(path).await.moves_to(&want);
            desk.post(path, &[]).await.moves_to(&want);
        }
        let own = world.password_of("izumo");
        let change = [("password", own), ("new_password", "tsukimi zakuro 7")];
        desk.post("/account/password", &change).await.moves_to("/account/prove?next=%2Faccount%2Fpassword");
        desk.get("/account/prove?next=%2Faccount%2Ftotp").await.is(200);
        let code = world.code("izumo");
        for (password, code, say) in [
            ("not-it", code.as_str(), "いまのパスワードがちがいます"),
            (own, "", "確認コードがちがう"),
            (own, if code == "000000" { "000001" } else { "000000" }, "確認コードがちがう"),
        ] {
            let typed = [("password", password), ("code", code), ("next", "/account/totp")];
            assert!(desk.post("/account/prove", &typed).await.is(422).has(say), "{say}");
        }
        desk.get("/account/totp").await.moves_to("/account/prove?next=%2Faccount%2Ftotp");
        let right = [("password", own), ("code", code.as_str()), ("next", "https://evil.example/")];
        desk.post("/account/prove", &right).await.moves_to("/account");
        assert!(desk.post("/account/prove", &right).await.is(422).has("もう使われています"), "a code is good once");

        // A new authenticator.
        let page = desk.get("/account/totp").await;
        let (secret, key) = (secret_of(&page), value(&page, "key"));
        assert_eq!(secret.len(), 20);
        desk.post("/account/totp", &[("key", &key), ("code", "000000")]).await.is(422);
        let code = login::totp_at(&secret, world.now());
        for _ in 0..2 {
            let page = desk.post("/account/totp", &[("key", &key), ("code", &code)]).await;
            page.moves_to("/account?done=totp-changed");
        }
        let mut browser = world.browser();
        browser.get("/login").await;
        world.password(&mut browser, "izumo").await.moves_to("/login/code");
        browser.get("/login/code").await;
        let old = world.code("izumo");
        browser.post("/login/code", &[("code", &old)]).await.is(422);

        // Ten numbers on paper: the form's repeat shows the same ones, each is good once.
        let page = desk.get("/account/codes").await;
        let key = value(&page, "key");
        let page = desk.post("/account/codes", &[("key", &key)]).await;
        let codes = |page: &Page| -> Vec<String> {
            page.html.split("<li><code class=\"k-code\">").skip(1).map(|c| c[..9].to_owned()).collect()
        };
        let all = codes(page.is(200));
        assert!(all.len() == 10 && all[0].len() == 9 && all[0].contains('-'), "{all:?}");
        browser.post("/login/code", &[("code", &all[3])]).await.moves_to("/");
        assert_eq!(codes(&desk.post("/account/codes", &[("key", &key)]).await), all);
        let mut again = world.browser();
        again.get("/login").await;
        world.password(&mut again, "izumo").await.moves_to("/login/code");
        again.get("/login/code").await;
        again.post("/login/code", &[("code", &all[3])]).await.is(422);
        assert!(browser.get("/account").await.is(200).has("残り 9個"));
    });
}

/// The value of a hidden field.
fn value(page: &Page, name: &str) -> String {
    let rest = page.html.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("{}", page.html));
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn a_password_is_judged_a_provisional_one_is_changed_first_and_the_other_sessions_end() {
    on_both(USUAL, async |world| {
        let mut desk = world.login("izumo").await;
        let mut other = world.login("izumo").await;
        desk.get("/account/password").await.is(200);
        let old = world.password_of("izumo");
        for (old, new, say) in [
            ("not-it", "tsukimi zakuro 7", "いまのパスワードがちがいます"),
            (old, "short", "8文字以上"),
            (old, "P@ssw0rd2026", "よく使われるパスワード"),
            (old, "izumo2026!", "ログインID・名前・事業所名"),
            (old, old, "いまと同じ"),
        ] {
            let page = desk.post("/account/password", &[("password", old), ("new_password", new)]).await;
            assert!(page.is(422).has(say) && !page.has(new), "{new}: {}", page.html);
        }
        other.get("/people").await.is(200);
        let change = [("password", old), ("new_password", "tsukimi zakuro 7")];
        desk.post("/account/password", &change).await.moves_to("/account?done=password-changed");
        desk.get("/people").await.is(200);
        other.get("/people").await.wants_login("/people");
        let mut browser = world.browser();
        browser.get("/login").await;
        world.password(&mut browser, "izumo").await.is(422);

        let caller = Caller::Staff(staff(world, "izumo").await);
        own::demand_change(&world.app, caller.account_id()).await.unwrap();
        for path in ["/people", "/account", "/exchange"] {
            desk.get(path).await.moves_to("/account/password");
        }
        desk.post("/exchange/join", &[]).await.moves_to("/account/password");
        assert!(desk.get("/account/password").await.has("はじめのパスワード"));
        let change = [("password", "tsukimi zakuro 7"), ("new_password", "kamome to ajisai")];
        desk.post("/account/password", &change).await.moves_to("/?done=password-changed");
        desk.get("/people").await.is(200);
    });
}

/// Somebody of an office as they log in.
pub(crate) async fn staff(world: &World<'_>, login_id: &str) -> kaigo_core::policy::Staff {
    let key = login_id.to_owned();
    let found = world.app.db.read(move |tx| kaigo_store::account::by_login(tx, &key)).await.unwrap().unwrap();
    let Caller::Staff(like) = world.staff("izumo") else { panic!("works in an office") };
    let is_admin = login_id == "minato-admin";
    kaigo_core::policy::Staff { account_id: found.account_id, name: found.name, is_admin, ..like }
}

#[test]
fn sessions_are_seen_without_their_address_and_ended_from_afar() {
    on_both(USUAL, async |world| {
        let mut desk = world.login("izumo").await;
        let mut other = world.browser();
        other.came = Some(("203.0.113.77".parse().unwrap(), EDGE));
        other.get("/login").await;
        world.password(&mut other, "izumo").await;
        other.get("/login/code").await;
        let code = world.code("izumo");
        other.post("/login/code", &[("code", &code)]).await.moves_to("/");
        let page = desk.get("/account").await;
        assert!(page.is(200).has("Edge（Windows）") && page.has("203.0.113.*") && !page.has("203.0.113.77"));
        assert!(world.state().iter().all(|row| !row.contains("203.0.113.77")), "no table holds the address");
        let path =
            page.all("action").into_iter().find(|a| a.starts_with("/account/sessions/") && !a.contains("others"));
        let path = path.unwrap();
        let mut stranger = world.login("kamome").await;
        stranger.get("/account").await;
        stranger.post(&path, &[]).await.is(404);
        other.get("/people").await.is(200);
        desk.post(&path, &[]).await.moves_to("/account?done=session-ended");
        other.get("/people").await.wants_login("/people");
        desk.get("/people").await.is(200);

        // A form of another site, or of another session, changes nothing.
        let mut evil = desk.clone();
        evil.from = vec![("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
        evil.post("/account/sessions/others/end", &[]).await.is(403);
        evil.from = vec![("origin", "https://evil.example")];
        evil.post("/account/codes", &[]).await.is(403);
        let foreign = stranger.csrf.clone();
        desk.post("/account/codes", &[("csrf", &foreign)]).await.is(401);
        let page = desk.get("/account").await;
        assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
    });
}

#[test]
fn guessing_is_slowed_by_login_and_address_and_tells_nothing() {
    on_both(USUAL, async |world| {
        // A login that nobody has is locked as any other.
        let mut pages = Vec::new();
        for login in ["izumo", "nobody-at-all"] {
            let mut browser = world.browser();
            browser.get("/login").await;
            let mut seen = Vec::new();
            for _ in 0..6 {
                let page = browser.post("/login", &[("login", login), ("password", "not-the-password")]).await;
                seen.push((page.status, page.without(&[login])));
            }
            assert_eq!(seen.iter().map(|s| s.0).collect::<Vec<_>>(), [422, 422, 422, 422, 422, 429]);
            pages.push(seen);
        }
        assert_eq!(pages[0], pages[1], "a lock tells nothing");
        // The next lock is longer.
        world.wait_minutes(16);
        let mut browser = world.browser();
        browser.get("/login").await;
        for _ in 0..5 {
            browser.post("/login", &[("login", "izumo"), ("password", "not-it")]).await.is(422);
        }
        assert!(world.password(&mut browser, "izumo").await.is(429).has("30分"));
        world.wait_minutes(31);
        world.login("izumo").await;

        // One address, many logins.
        let mut guesser = world.browser();
        guesser.came = Some(("198.51.100.9".parse().unwrap(), "curl/8"));
        guesser.get("/login").await;
        for n in 0..30 {
            let login = format!("guess{n}");
            guesser.post("/login", &[("login", &login), ("password", "x")]).await.is(422);
        }
        guesser.post("/login", &[("login", "guess99"), ("password", "x")]).await.is(429);
        world.password(&mut guesser, "kamome").await.is(429);
        let mut neighbour = world.browser();
        neighbour.came = Some(("198.51.100.10".parse().unwrap(), "curl/8"));
        neighbour.get("/login").await;
        world.password(&mut neighbour, "kamome").await.moves_to("/login/code");
        world.wait_minutes(2);
        guesser.get("/login").await;
        world.password(&mut guesser, "kamome").await.moves_to("/login/code");
    });
}

#[test]
fn an_unknown_login_takes_as_long_as_a_known_one() {
    on_both(USUAL, async |world| {
        let mut took = [Vec::new(), Vec::new()];
        for _ in 0..4 {
            for (n, login) in ["izumo", "nobody-at-all"].into_iter().enumerate() {
                let start = std::time::Instant::now();
                let refused = login::password(&world.app, &world.ctx(), login, "not-the-password").await;
                assert!(refused.is_err());
                took[n].push(start.elapsed());
            }
        }
        let [known, unknown] = took.map(|mut all| {
            all.sort();
            all[1].as_secs_f64()
        });
        assert!(unknown > known / 3.0 && known > unknown / 3.0, "known {known}, unknown {unknown}");
    });
}

#[test]
fn a_code_by_mail_stands_in_for_the_second_factor_and_changes_are_told() {
    on_both(USUAL, async |world| {
        let mut app = world.app.clone();
        app.mail = Some(ORIGIN.to_owned());
        let caller = Caller::Staff(staff(world, "izumo").await);
        let token = login::password(&app, &world.ctx(), "izumo", world.password_of("izumo")).await.unwrap().token;
        assert_eq!(mail_code::offered(&app, caller.account_id()).await.unwrap(), None);
        assert!(mail_code::send(&app, &world.ctx(), &token).await.is_err(), "no address was confirmed");
        mail::ask_code(&app, &world.ctx(), &caller, "izumo@example.jp").await.unwrap();
        mail::confirm(&app, &world.ctx(), &caller, &code_in(&mails(world)[0])).await.unwrap();
        let offered = mail_code::offered(&app, caller.account_id()).await.unwrap();
        assert_eq!(offered.as_deref(), Some("i•••@example.jp"));
        mail_code::send(&app, &world.ctx(), &token).await.unwrap();
        assert!(mail_code::send(&app, &world.ctx(), &token).await.is_err(), "not twice in a minute");
        let sent = mails(world).into_iter().find(|row| row.contains("login-code")).unwrap();
        let code = code_in(&sent);
        let wrong = if code == "000000" { "000001" } else { "000000" };
        login::code(&app, &world.ctx(), &token, wrong).await.unwrap_err();
        let opened = login::code(&app, &world.ctx(), &token, &code).await.unwrap();
        assert!(login::caller(&app, &world.ctx(), &opened.token).await.is_ok());
        let token = login::password(&app, &world.ctx(), "izumo", world.password_of("izumo")).await.unwrap().token;
        login::code(&app, &world.ctx(), &token, &code).await.unwrap_err();

        // The same before a change, in the session that asked for it and in no other.
        world.wait_minutes(11);
        own::send_code(&app, &world.ctx(), &caller, &opened.token).await.unwrap();
        own::send_code(&app, &world.ctx(), &caller, &opened.token).await.unwrap_err();
        let sent = mails(world).into_iter().find(|row| row.contains("ご本人か確かめる")).unwrap();
        let code = code_in(&sent);
        let typed = (world.password_of("izumo"), code.as_str());
        own::prove(&app, &world.ctx(), &caller, &token, typed).await.unwrap_err();
        own::prove(&app, &world.ctx(), &caller, &opened.token, typed).await.unwrap();
        own::prove(&app, &world.ctx(), &caller, &opened.token, typed).await.unwrap_err();
        assert!(login::caller(&app, &world.ctx(), &opened.token).await.unwrap().is_sure(world.now()));

        let change = (world.password_of("izumo"), "tsukimi zakuro 7");
        own::change_password(&app, &world.ctx(), &caller, &opened.token, change).await.unwrap();
        // From a device that was never seen.
        let mut ctx = world.ctx();
        ctx.came.address = "203.0.113.5".parse().ok();
        let token = login::password(&app, &ctx, "izumo", "tsukimi zakuro 7").await.unwrap().token;
        login::code(&app, &ctx, &token, &world.code("izumo")).await.unwrap();
        let all = mails(world).join("\n");
        assert!(all.contains("パスワードが変わりました") && all.contains("新しい端末からのログイン"), "{all}");
        assert!(!all.contains("203.0.113.5"), "the address loses its end");
    });
}

pub(crate) fn mails(world: &World<'_>) -> Vec<String> {
    world.test.dump("mail")
}

/// The code that a mail holds.
pub(crate) fn code_in(mail: &str) -> String {
    mail.split("確認コード：").nth(1).unwrap().chars().take(6).collect()
}

/// Comes with an invitation; answers who is logged in.
pub(crate) async fn join<'w>(world: &'w World<'w>, code: &str, login: &str) -> Browser<'w> {
    let mut browser = world.browser();
    browser.get(&format!("/invitation?code={code}")).await.is(200);
    browser.post("/invitation", &[("code", &code.to_lowercase())]).await.moves_to("/invitation/account");
    browser.get("/invitation/account").await.is(200);
    let weak = [("login", login), ("password", "kaigo1234"), ("factor", "")];
    let page = browser.post("/invitation/account", &weak).await;
    assert!(page.is(422).has("よく使われる") && page.has("2つめの確認の方法"));
    let chosen = [("login", login), ("password", "rakuda to zakuro"), ("factor", "app")];
    browser.post("/invitation/account", &chosen).await.moves_to("/invitation/factor");
    let page = browser.get("/invitation/factor").await;
    let secret = secret_of(&page);
    browser.post("/invitation/factor", &[("code", "12")]).await.is(422);
    let code = login::totp_at(&secret, world.now());
    browser.post("/invitation/factor", &[("code", &code)]).await.moves_to("/login?done=joined-in");
    browser.get("/login").await.is(200);
    browser.post("/login", &[("login", login), ("password", "rakuda to zakuro")]).await.moves_to("/login/code");
    browser.get("/login/code").await;
    let code = login::totp_at(&secret, world.now());
    browser.post("/login/code", &[("code", &code)]).await.moves_to("/");
    browser
}

/// Invites somebody; answers the code.
async fn invite(desk: &mut Browser<'_>, base: &str, name: &str) -> String {
    invite_at(desk, base, name).await.1
}

/// Invites somebody; answers the invitation's place and its code.
pub(crate) async fn invite_at(desk: &mut Browser<'_>, base: &str, name: &str) -> (String, String) {
    let list = format!("{base}/accounts");
    let page = desk.get(&list).await;
    let key = value(page.is(200), "submit_key");
    let new = [("name", name), ("job", "150"), ("submit_key", key.as_str())];
    let page = desk.post(&list, &new).await;
    let place = page.is(303).location().to_owned();
    desk.post(&list, &new).await.moves_to(&place);
    let page = desk.get(&place).await;
    let code = page.is(200).html.split("<code id=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    (place, code)
}

#[test]
fn a_colleague_is_invited_works_is_stopped_and_leaves() {
    on_both(USUAL, async |world| {
        let mut admin = world.login("minato-admin").await;
        let code = invite(&mut admin, "/office", "新田 一").await;
        assert_eq!(code.len(), 19, "{code}");
        let mut browser = world.browser();
        browser.get("/invitation").await;
        let page = browser.post("/invitation", &[("code", "ABCD-EFGH-2345-JKMN")]).await;
        assert!(page.is(422).has("招待番号が合いません"));
        let mut nitta = join(world, &code, "nitta").await;
        assert!(nitta.get("/people").await.is(200).has("新田 一"));
        browser.post("/invitation", &[("code", &code)]).await.is(422);
        nitta.get("/office/accounts").await.is(403);
        nitta.get("/office/log").await.is(403);

        let page = admin.get("/office/accounts").await;
        assert!(page.has("新田 一") && page.has("介護支援専門員"));
        let caller = staff(world, "nitta").await;
        let place = format!("/office/accounts/{}", caller.account_id);
        let page = admin.get(&place).await;
        assert!(page.is(200).has("同意があれば見られる") && page.has("見られない"), "{}", page.html);
        admin.post(&place, &[("change", "suspend")]).await.is(422);
        let suspend = [("change", "suspend"), ("reason", "長期の休み")];
        admin.post(&place, &suspend).await.moves_to(&format!("{place}?done=account-suspend"));
        nitta.get("/people").await.wants_login("/people");
        let mut again = world.browser();
        again.get("/login").await;
        again.post("/login", &[("login", "nitta"), ("password", "rakuda to zakuro")]).await.is(422);
        admin.post(&place, &[("change", "resume")]).await.moves_to(&format!("{place}?done=account-resume"));
        again.post("/login", &[("login", "nitta"), ("password", "rakuda to zakuro")]).await.moves_to("/login/code");

        // Another job sees other things at once; whoever hands over the administration has it no more.
        admin.post(&place, &[("change", "job"), ("job", "170")]).await.moves_to(&format!("{place}?done=account-job"));
        let own_place = format!("/office/accounts/{}", staff(world, "minato-admin").await.account_id);
        let leave = [("change", "leave"), ("reason", "退職")];
        admin.post(&own_place, &leave).await.is(409);
        admin.post(&own_place, &[("change", "no-admin")]).await.is(409);

        // Ways in that were lost are made anew: the old ones end when the new ones are there.
        let key = "0f".repeat(16);
        let page = admin.post(&format!("{place}/reissue"), &[("submit_key", &key)]).await;
        let page = admin.get(page.is(303).location()).await;
        let code = page.html.split("<code id=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let mut nitta = join(world, &code, "nitta2").await;
        nitta.get("/people").await.is(200);
        admin.post(&place, &leave).await.moves_to(&format!("{place}?done=account-leave"));
        nitta.get("/people").await.wants_login("/people");
        admin.post(&place, &[("change", "resume")]).await.is(409);

        let izumo = format!("/office/accounts/{}", staff(world, "izumo").await.account_id);
        let mut insurer = world.login("kaigoka").await;
        insurer.get(&izumo).await.is(404);
        insurer.get(&izumo.replace("/office", "/insurer")).await.is(404);
        insurer.post(&izumo.replace("/office", "/insurer"), &suspend).await.is(404);
        admin.get(&izumo).await.is(200);
        admin.post(&izumo, &[("change", "transfer")]).await.moves_to("/account?done=account-transfer");
        admin.get("/office/accounts").await.is(403);
        let mut desk = world.login("izumo").await;
        let log = desk.get("/office/admin-log").await;
        for act in [
            "招待",
            "招待からの登録",
            "利用の停止",
            "利用の再開",
            "職種の変更",
            "ログインの作りなおし",
            "利用の終了",
            "管理の引き継ぎ",
        ] {
            assert!(log.is(200).has(act), "{act}: {}", log.html);
        }
        assert!(log.has("長期の休み") && !log.has("運営"));
        let mut operator = world.login("unei-kanri").await;
        assert!(operator.get("/operator/admin-log").await.is(200).has("新田 一"));
        world.login("unei").await.get("/operator/admin-log").await.is(403);
    });
}

#[test]
fn an_administrator_sees_what_colleagues_looked_at_and_that_is_written_down() {
    on_both(USUAL, async |world| {
        let mut izumo = world.login("izumo").await;
        izumo.get(&format!("/people/{}/certificates", world.charge("izumo", KIYOSHI))).await.is(200);
        let mut admin = world.login("minato-admin").await;
        let page = admin.get("/office/log").await;
        assert!(
            page.is(200).has("出雲 太郎") && page.has("0456") && !page.has(KIYOSHI) && !page.has("大谷"),
            "{}",
            page.html
        );
        let file = page.all("href").into_iter().find(|href| href.starts_with("/office/log.csv")).unwrap();
        let file = admin.get(&file.replace("&amp;", "&").replace("&#38;", "&")).await;
        assert!(file.is(200).has("被保険者番号の下4けた") && file.has("出雲 太郎") && !file.has(KIYOSHI));
        assert!(admin.get("/office/log?from=2026-01-01&until=2026-11-22").await.is(422).has("92日"));
        let log = admin.get("/office/admin-log").await;
        assert!(log.has("職員の閲覧記録の確認") && log.has("職員の閲覧記録の取り出し"));
        izumo.get("/office/log.csv").await.is(403);
        world.login("kaigoka").await.get("/office/log").await.is(404);

        // An insurer and the operator's desk invite as offices do.
        let mut insurer = world.login("kaigoka").await;
        let code = invite(&mut insurer, "/insurer", "窓口 二郎").await;
        let mut clerk = join(world, &code, "madoguchi").await;
        clerk.get("/").await.moves_to("/insurer");
        clerk.get("/insurer/accounts").await.is(403);
        let caller = Caller::Staff(staff(world, "minato-admin").await);
        assert!(invitation::may_invite(&caller));
    });
}
