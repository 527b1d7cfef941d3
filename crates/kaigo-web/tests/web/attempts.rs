//! Attempts that came to nothing: who sees them, what is kept of them, and how little room they take.

use std::net::{IpAddr, Ipv4Addr};

use crate::account::staff;
use crate::page::Browser;
use crate::world::{KIYOSHI, USUAL, World, on_both};

const SOMEWHERE: (IpAddr, &str) =
    (IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9)), "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Edg/130.0");

async fn tries<'w>(world: &'w World<'w>, login: &str, password: &str) -> Browser<'w> {
    let mut browser = world.browser();
    browser.came = Some(SOMEWHERE);
    browser.get("/login").await;
    browser.post("/login", &[("login", login), ("password", password)]).await;
    browser
}

#[test]
fn a_failed_login_is_listed_for_who_answers_for_the_account_and_for_the_desk() {
    on_both(USUAL, async |world| {
        for _ in 0..3 {
            tries(world, "izumo", "not-the-password").await;
        }
        // A password in the wrong box, and an account that no office answers for.
        tries(world, "kamome-no-asagohan", "izumo").await;
        tries(world, "kiyoshi", "not-the-password").await;
        tries(world, "kaigoka", "not-the-password").await;
        let mut halfway = tries(world, "izumo", world.password_of("izumo")).await;
        halfway.get("/login/code").await;
        halfway.post("/login/code", &[("code", "12 34")]).await.is(422);

        let mut admin = world.login("minato-admin").await;
        let page = admin.get("/office/failed-logins").await;
        assert!(page.is(200).has("（izumo）") && page.has("出雲 太郎"), "{}", page.html);
        assert!(page.has("パスワードがちがう") && page.has("確認コードがちがう"), "{}", page.html);
        assert!(page.has("<td>3</td>") && page.has("203.0.113.*") && page.has("Edge（Windows）"), "{}", page.html);
        for other in ["kiyoshi", "kaigoka", "登録のないID", "203.0.113.9", "断った送信"] {
            assert!(!page.has(other), "{other}: {}", page.html);
        }
        let insurer = world.login("kaigoka").await.get("/insurer/failed-logins").await;
        assert!(insurer.is(200).has("（kaigoka）") && !insurer.has("izumo"), "{}", insurer.html);

        let desk = world.login("unei-kanri").await.get("/operator/failed-logins").await;
        for all in
            ["（izumo）", "（kaigoka）", "ご本人のID（#", "登録のないID（#", "登録のないログインID", "断った送信"]
        {
            assert!(desk.is(200).has(all), "{all}: {}", desk.html);
        }
        // The operator learns of no insured person who has an account.
        for own in ["kiyoshi", "大谷"] {
            assert!(!desk.has(own), "{own}: {}", desk.html);
        }
        // What was typed for a login that nobody has is nowhere, whoever looks.
        assert!(!desk.has("kamome-n"));
        let kept = world.test.dump("login_failure").join("\n");
        for typed in ["kamome-n", "not-the-password", "kiyoshi"] {
            assert!(!kept.contains(typed), "{typed}: {kept}");
        }
        assert!(!kept.contains("203.0.113.9"), "{kept}");
        // Who administers nothing sees nothing.
        world.login("izumo").await.get("/office/failed-logins").await.is(403);
        world.login("unei").await.get("/operator/failed-logins").await.is(403);
        world.login("kiyoshi").await.get("/office/failed-logins").await.is(404);
        // After three months it is forgotten.
        world.wait_days(91);
        kaigo_app::seal::sweep(&world.app, &world.ctx()).await.unwrap();
        assert!(world.test.dump("login_failure").is_empty());
    });
}

#[test]
fn a_lock_and_a_stopped_account_are_listed_and_look_like_any_other_failure() {
    on_both(USUAL, async |world| {
        for _ in 0..7 {
            tries(world, "izumo", "not-the-password").await;
        }
        let mut admin = world.login("minato-admin").await;
        let page = admin.get("/office/failed-logins").await;
        assert!(page.has("待つ時間のあいだ") && page.has("<td>5</td>") && page.has("<td>2</td>"), "{}", page.html);
        world.wait_minutes(60);
        let mut admin = world.login("minato-admin").await;
        let place = format!("/office/accounts/{}", staff(world, "izumo").await.account_id);
        admin.get(&place).await.is(200);
        let suspend = [("change", "suspend"), ("reason", "長期の休み")];
        admin.post(&place, &suspend).await.moves_to(&format!("{place}?done=account-suspend"));
        let mut stopped = world.browser();
        stopped.get("/login").await;
        assert!(world.password(&mut stopped, "izumo").await.is(422).has("ログインIDかパスワードがちがいます"));
        let mut admin = world.login("minato-admin").await;
        assert!(admin.get("/office/failed-logins").await.has("利用を止めたアカウント"));
    });
}

#[test]
fn a_flood_of_failed_logins_fills_no_table() {
    on_both(USUAL, async |world| {
        for n in 0..30 {
            let mut browser = world.browser();
            browser.get("/login").await;
            browser.post("/login", &[("login", &format!("guess-{n}")), ("password", "x")]).await.is(422);
        }
        for _ in 0..30 {
            tries(world, "izumo", "x").await;
        }
        let rows = world.test.dump("login_failure");
        // Twenty by their digest, ten in one row; of the known login one for each thing that was wrong.
        assert_eq!(rows.len(), 20 + 1 + 2, "{rows:?}");
        let others = rows.iter().find(|row| row.contains("|others|")).expect("a row for the rest");
        assert!(others.contains("|10|"), "{others}");
        let desk = world.login("unei-kanri").await.get("/operator/failed-logins").await;
        assert!(desk.has("登録のないID（ほかにも多数）"), "{}", desk.html);
        // The next minute has room of its own.
        world.wait_minutes(1);
        tries(world, "guess-99", "x").await;
        assert_eq!(world.test.dump("login_failure").len(), 20 + 1 + 2 + 1);
    });
}

#[test]
fn what_is_refused_unseen_is_counted_by_kind_and_hour() {
    on_both(USUAL, async |world| {
        let mut staff = world.login("izumo").await;
        staff.get("/people").await.is(200);
        staff.post("/session/keep", &[("csrf", "0f")]).await;
        staff.post("/session/keep", &[("csrf", "")]).await;
        let mut elsewhere = staff.clone();
        elsewhere.from = vec![("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")];
        elsewhere.post("/session/keep", &[]).await.is(403);
        world.browser().get("/login?next=123456789018").await.is(422);
        staff.get("/exchange/send").await.is(200);
        staff.upload("/exchange/send", &[("1234-5678-9018.pdf", b"%PDF-1.7\n%%EOF\n")]).await.is(422);
        world.browser().get("/api/v1/exchange/inbox").await.is(401);
        // Good ones are not counted.
        staff.get(&format!("/people/{}", world.charge("izumo", KIYOSHI))).await;
        let mut desk = world.login("unei-kanri").await;
        let page = desk.get("/operator/failed-logins").await;
        let lines: Vec<&str> = page.html.split("<tr>").filter(|row| row.contains("2026年11月22日")).collect();
        for (kind, times) in [
            ("期限の切れた画面などからの送信", 2),
            ("ほかのサイトからの送信", 1),
            ("個人番号の入力", 1),
            ("受け取れないファイル", 1),
            ("鍵の合わないプログラム", 1),
        ] {
            let row = lines.iter().find(|row| row.contains(kind)).unwrap_or_else(|| panic!("{kind}: {}", page.html));
            assert!(row.contains(&format!("<td>{times}</td>")), "{kind}: {row}");
        }
        let home = desk.get("/operator").await;
        assert!(home.has("断った送信や接続（この24時間）") && home.has("ほかのサイトからの送信 1"), "{}", home.html);
        // It stands in the table, for the other processes and for afterwards, and once.
        desk.get("/operator").await;
        assert_eq!(world.test.dump("refusal_count").len(), 5);
        world.wait_minutes(60 * 26);
        assert!(!world.login("unei").await.get("/operator").await.has("ほかのサイトからの送信 1"));
    });
}
