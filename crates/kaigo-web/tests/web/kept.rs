//! A form that comes after its session has ended: it is carried through the login, for the same account only.

use crate::page::{Browser, Page};
use crate::world::{KIYOSHI, USUAL, World, on_both};

const STILL_THERE: &str = "前に入力した内容が残っています";
const CARRIED: &str = "入力した内容は残っています";
const LOST: &str = "送信した内容は保存されていません";

fn path(world: &World<'_>) -> String {
    format!("/people/{}/charge/end", world.charge("izumo", KIYOSHI))
}

fn with<'a>(hidden: &'a [(String, String)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend(more);
    fields
}

/// A browser whose session ended while its form was open, and the form's token.
async fn late<'w>(world: &'w World<'_>) -> Browser<'w> {
    let mut browser = world.login("izumo").await;
    browser.get(&path(world)).await.is(200);
    world.wait_minutes(31);
    browser
}

/// Sends the form; answers the login that it leads to.
async fn sent(world: &World<'_>, browser: &mut Browser<'_>) -> Page {
    let page = browser.post(&path(world), &[("reason", "service-ended"), ("note", "一行め\n二行め & <b>")]).await;
    assert!(page.is(401).has(CARRIED) && !page.has("一行め") && !page.has(LOST), "{}", page.html);
    page
}

/// Logs in from a page that carries a form; answers what comes after the code.
async fn log_in(world: &World<'_>, browser: &mut Browser<'_>, page: &Page, login: &str) -> Page {
    let hidden = page.hidden("/login");
    let fields = with(&hidden, &[("login", login), ("password", world.password_of(login))]);
    let code_page = browser.post("/login", &fields).await;
    let hidden = code_page.is(200).hidden("/login/code");
    let wrong = browser.post("/login/code", &with(&hidden, &[("code", "000000")])).await;
    let hidden = wrong.is(422).hidden("/login/code");
    let code = world.code(login);
    browser.post("/login/code", &with(&hidden, &[("code", &code)])).await
}

#[test]
fn a_form_that_came_too_late_is_sent_after_the_login() {
    on_both(USUAL, async |world| {
        let mut browser = late(world).await;
        let charges = world.test.dump("charge");
        let page = sent(world, &mut browser).await;
        let hidden = page.hidden("/login");
        let wrong =
            browser.post("/login", &with(&hidden, &[("login", "izumo"), ("password", "not-the-password")])).await;
        assert!(wrong.is(422).hidden("/login").iter().any(|(name, value)| name == "kept" && !value.is_empty()));
        let page = log_in(world, &mut browser, &wrong, "izumo").await;
        assert!(page.is(200).has(STILL_THERE) && page.has("利用者の画面") && page.has("続けて送る"), "{}", page.html);
        let fields = page.hidden(&path(world));
        assert!(fields.contains(&("note".to_owned(), "一行め\n二行め & <b>".to_owned())), "{fields:?}");
        assert_eq!(world.test.dump("charge"), charges, "nothing is done before it is sent once more");
        browser.post(&path(world), &with(&fields, &[])).await.moves_to("/people?done=released");
        assert_ne!(world.test.dump("charge"), charges);
    });
}

#[test]
fn another_account_never_sees_it() {
    on_both(USUAL, async |world| {
        let mut browser = late(world).await;
        let page = sent(world, &mut browser).await;
        let after = log_in(world, &mut browser, &page, "minato-admin").await;
        after.moves_to("/");
        assert!(!after.has("一行め"));
        // Nor does somebody who logged in meanwhile in another window, and sends the form of the one before.
        let earlier = late(world).await;
        let mut other = world.login("hamanasu").await;
        other.csrf.clone_from(&earlier.csrf);
        let page = other.post(&path(world), &[("reason", "service-ended"), ("note", "一行め")]).await;
        assert!(page.is(401).has(LOST) && !page.has(STILL_THERE));
    });
}

#[test]
fn who_logged_in_again_in_another_window_sends_it_at_once() {
    on_both(USUAL, async |world| {
        let earlier = late(world).await;
        let mut again = world.login("izumo").await;
        let fresh = again.csrf.clone();
        again.csrf.clone_from(&earlier.csrf);
        let page = again.post(&path(world), &[("reason", "service-ended")]).await;
        assert!(page.is(409).has(STILL_THERE));
        let fields = page.hidden(&path(world));
        assert!(fields.contains(&("csrf".to_owned(), fresh)));
        again.post(&path(world), &with(&fields, &[])).await.moves_to("/people?done=released");
    });
}

#[test]
fn what_was_tampered_with_or_is_too_old_is_gone() {
    on_both(USUAL, async |world| {
        let mut browser = late(world).await;
        let mut page = sent(world, &mut browser).await;
        let kept = page.hidden("/login").into_iter().find(|(name, _)| name == "kept").unwrap().1;
        let middle = kept.len() / 2;
        let digit = if kept.as_bytes()[middle] == b'0' { "1" } else { "0" };
        let damaged = format!("{}{digit}{}", &kept[..middle], &kept[middle + 1..]);
        page.html = page.html.replace(&kept, &damaged);
        let after = log_in(world, &mut browser, &page, "izumo").await;
        after.moves_to("/?done=form-gone");
        assert!(browser.get("/?done=form-gone").await.has("前に入力した内容は残っていません"));

        let mut browser = late(world).await;
        let page = sent(world, &mut browser).await;
        world.wait_minutes(12 * 60 + 1);
        log_in(world, &mut browser, &page, "izumo").await.moves_to("/?done=form-gone");
    });
}

#[test]
fn what_cannot_be_carried_is_told() {
    on_both(USUAL, async |world| {
        // Files.
        let mut browser = late(world).await;
        let csrf = browser.csrf.clone();
        let page = browser.send_parts("/exchange/send", &[("csrf", &csrf)], &[("a.CSV", b"1,2")]).await;
        assert!(page.is(401).has("もう一度選んでください") && !page.has("name=\"kept\""), "{}", page.html);
        // What can be an individual number, and passwords.
        for (name, value) in [("note", "123456789018"), ("password", "hidden-word")] {
            let page = browser.post(&path(world), &[("csrf", &csrf), (name, value)]).await;
            assert!(page.is(401).has(LOST) && !page.has("name=\"kept\""), "{}", page.html);
        }
        // Of a session that ended long ago, of one that was ended by its owner, of none at all.
        world.wait_minutes(12 * 60);
        assert!(browser.post(&path(world), &[("csrf", &csrf), ("reason", "x")]).await.is(401).has(LOST));
        let mut browser = world.login("izumo").await;
        let csrf = browser.csrf.clone();
        browser.post("/logout", &[]).await.moves_to("/login?done=logout");
        assert!(browser.post(&path(world), &[("csrf", &csrf), ("reason", "x")]).await.is(401).has(LOST));
        assert!(world.browser().post(&path(world), &[("csrf", &"0".repeat(64))]).await.is(401).has(LOST));
    });
}

#[test]
fn a_page_that_was_taken_off_the_screen_carries_what_was_typed() {
    on_both(USUAL, async |world| {
        let mut browser = late(world).await;
        let charges = world.test.dump("charge");
        let form = path(world);
        let typed = [("again", form.as_str()), ("reason", "service-ended"), ("note", "一行め\n二行め & <b>")];
        let page = browser.post("/session/again", &typed).await;
        assert!(page.is(401).has(CARRIED) && !page.has("一行め"), "{}", page.html);
        let page = log_in(world, &mut browser, &page, "izumo").await;
        assert!(page.is(200).has(STILL_THERE), "{}", page.html);
        let fields = page.hidden(&form);
        assert!(fields.contains(&("note".to_owned(), "一行め\n二行め & <b>".to_owned())), "{fields:?}");
        assert!(fields.iter().all(|(name, _)| name != "again"), "{fields:?}");
        // Not even with a session that lives is anything done here: the page may err.
        let page = browser.post("/session/again", &typed).await;
        assert!(page.is(409).has(STILL_THERE), "{}", page.html);
        assert_eq!(world.test.dump("charge"), charges, "nothing is done before it is sent once more");
        browser.post(&form, &with(&fields, &[])).await.moves_to("/people?done=released");
    });
}

#[test]
fn the_way_back_to_a_page_leads_nowhere_else() {
    on_both(USUAL, async |world| {
        let mut browser = late(world).await;
        let csrf = browser.csrf.clone();
        let mut again = async |fields: &[(&str, &str)]| {
            browser.csrf.clone_from(&csrf);
            browser.post("/session/again", fields).await
        };
        again(&[("again", "/people?q=%E3%82%AF")]).await.moves_to("/login?next=%2Fpeople%3Fq%3D%25E3%2582%25AF");
        for elsewhere in ["https://example.jp/", "//example.jp", "/\\example.jp", ""] {
            again(&[("again", elsewhere)]).await.moves_to("/login?next=%2F");
        }
        // Individual numbers are refused here as everywhere.
        again(&[("again", "/people?number=123456789018")]).await.is(422);
        assert!(again(&[("again", "/people"), ("note", "123456789018")]).await.is(422).has("個人番号"));
        // What is typed at a door is secret; so are passwords anywhere.
        again(&[("again", "/login/code"), ("code", "123456")]).await.moves_to("/login?next=%2F");
        again(&[("again", "/session/again"), ("x", "1")]).await.moves_to("/login?next=%2F");
        again(&[("again", "/account"), ("password", "secret")]).await.moves_to("/login?next=%2Faccount");
        // Nor is anything of somebody who has logged out, or of another account.
        again(&[("again", "/people"), ("csrf", &"0".repeat(64)), ("note", "x")])
            .await
            .moves_to("/login?next=%2Fpeople");
        let mut other = world.login("hamanasu").await;
        let foreign = [("csrf", csrf.as_str()), ("again", "/people"), ("note", "一行め")];
        other.post("/session/again", &foreign).await.moves_to("/people");
        // From another site nothing comes at all.
        other.from = vec![("sec-fetch-site", "cross-site")];
        other.post("/session/again", &foreign).await.is(403);
    });
}
