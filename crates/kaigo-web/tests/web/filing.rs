//! 居宅サービス計画作成依頼届出: filed by the office, answered by the municipality, seen on the certificate.

use crate::page::{Browser, Page};
use crate::world::{KIYOSHI, SHIZUE, TOME, USUAL, World, on_both};

/// Tome's notice stands for みなと; かもめ and えんがわ are other offices. Registers an office for her.
async fn way<'w>(world: &'w World<'w>, login: &str, no: &str) -> (Browser<'w>, String) {
    let office = world.login(login).await;
    (office, format!("/people/{}/filing", world.charge(login, no)))
}

/// The identifier at the end of where a page leads.
fn id_of(page: &Page) -> String {
    let place = page.location().split('?').next().unwrap();
    place.rsplit('/').next().unwrap().to_owned()
}

/// Files a change to えんがわ (小規模多機能) for 久城 トメ: answers its page count and the notice.
async fn engawa_files(world: &World<'_>, start: &str) -> (String, u32) {
    let (mut office, base) = way(world, "engawa", TOME).await;
    let mut pages = 3; // login, code, きょうの仕事
    let person = office.get(&base.replace("/filing", "/certificates")).await;
    assert!(person.is(200).has(&format!("href=\"{base}\"")));
    // The way without the person's page: the list of notices, by number.
    office.get("/filings").await.is(200);
    pages += 1;
    office.get(&format!("/filings?number={TOME}")).await.moves_to(&base);
    let page = office.get(&base).await;
    assert!(
        page.is(200).has("小規模多機能型") && page.has("いまの届出は「居宅介護支援事業所 みなと」"),
        "{}",
        page.html
    );
    pages += 1;
    assert!(page.has("始める月に、ほかの居宅サービスを使いましたか"));
    office.post(&base, &[("start", start), ("others", "no")]).await.moves_to(&format!("{base}/change"));
    assert!(office.get(&format!("{base}/change")).await.is(200).has("変更の理由"));
    pages += 1;
    office
        .post(&format!("{base}/change"), &[("reason", "left"), ("reason_text", "")])
        .await
        .moves_to(&format!("{base}/confirm"));
    let confirm = office.get(&format!("{base}/confirm")).await;
    assert!(
        confirm.is(200).has("届け出る前の確認") && confirm.has("小規模多機能などの利用をやめた"),
        "{}",
        confirm.html
    );
    pages += 1;
    let hidden = confirm.hidden(&format!("{base}/confirm"));
    let key = &hidden.iter().find(|(name, _)| name == "submit_key").unwrap().1;
    let filed = office.post(&format!("{base}/confirm"), &[("submit_key", key)]).await;
    filed.is(303);
    // A nervous double click is one notice.
    let again = office.post(&format!("{base}/confirm"), &[("submit_key", key)]).await;
    assert_eq!(id_of(&filed), id_of(&again));
    pages += 1;
    (id_of(&filed), pages)
}

#[test]
fn a_notice_is_filed_accepted_and_stands_on_the_certificate() {
    on_both(USUAL, async |world| {
        let (f, pages) = engawa_files(world, "令和8年12月1日").await;
        assert!(pages <= 8, "{pages} pages of the longest form, from the login to the receipt");
        let mut office = world.login("engawa").await;
        let page = office.get(&format!("/filings/{f}?done=filed")).await;
        assert!(page.is(200).has("確認待ち") && page.has("届け出ました") && page.has("2026年12月1日"), "{}", page.html);
        assert!(office.get("/filings").await.is(200).has("久城 トメ"));
        let form = office.get(&format!("/filings/{f}/form")).await;
        assert!(form.is(200).has("保険者確認欄") && form.has("なし") && form.has("みなと川市長"), "{}", form.html);

        let mut clerk = world.login("shiyakusho").await;
        assert!(clerk.get("/insurer").await.is(200).has("確認を待っている届出"));
        let inbox = clerk.get("/insurer/filings").await;
        assert!(inbox.is(200).has("久城 トメ") && inbox.has(&format!("f-{f}")), "{}", inbox.html);
        let page = clerk.get(&format!("/insurer/filings/{f}")).await;
        assert!(
            page.is(200).has("被保険者資格") && page.has("みなとの届出は、令和8年11月30日で終わります"),
            "{}",
            page.html
        );
        clerk
            .post(&format!("/insurer/filings/{f}/accept"), &[])
            .await
            .moves_to(&format!("/insurer/filings/{f}?done=filing-accepted"));
        clerk.post(&format!("/insurer/filings/{f}/accept"), &[]).await.is(303);
        // A colleague who wants to give it back learns who accepted it.
        let mut colleague = world.login("kaigoka").await;
        let page = colleague.post(&format!("/insurer/filings/{f}/return"), &[("reason", "start")]).await;
        assert!(page.is(409).has("市川 恵子さんが先に「受理」にしました"), "{}", page.html);

        // The certificate changed at once, for everybody who may see it.
        for (login, no) in [("engawa", TOME), ("izumo", TOME)] {
            let path = format!("/people/{}/certificates", world.charge(login, no));
            let page = world.login(login).await.get(&path).await;
            assert!(page.is(200).has("小規模多機能ホーム えんがわ"), "{login}: {}", page.html);
        }
        let page = office.get(&format!("/filings/{f}")).await;
        assert!(page.is(200).has("受理されました"), "{}", page.html);
        assert!(office.get("/notices").await.has("受理"), "the office is told");
        office.post(&format!("/filings/{f}/withdraw"), &[]).await.is(409);
        let log = world.log_of(TOME).await;
        assert!(log.iter().any(|e| e.act == "file-notice" && e.document.as_deref() == Some(f.as_str())));
        // Nine pages of one draft are one entry of that day; another day is another one.
        let drafts = async || {
            let log = world.log_of(TOME).await;
            log.iter().filter(|e| e.document.as_deref() == Some("draft") && e.office_no.is_some()).count()
        };
        assert_eq!(drafts().await, 1);
        world.wait_days(1);
        let (mut office, base) = way(world, "engawa", TOME).await;
        for _ in 0..3 {
            office.get(&base).await.is(200);
        }
        assert_eq!(drafts().await, 2);
        let answers = log.iter().filter(|e| e.act == "answer-notice" && e.outcome == "done");
        assert!(answers.count() >= 2);
    });
}

#[test]
fn answers_are_kept_and_wrong_ones_come_back() {
    on_both(USUAL, async |world| {
        let (mut office, base) = way(world, "engawa", TOME).await;
        office.get(&base).await.is(200);
        for (start, say) in [("", "入れてください"), ("きのう", "例のように"), ("昭和15年1月1日", "有効期間")]
        {
            let page = office.post(&base, &[("start", start)]).await;
            assert!(page.is(422).has("start-error") && page.has(say), "{start}: {}", page.html);
        }
        for (others, text, field) in [("", "", "others-error"), ("yes", " ", "others_text-error")] {
            let answers = [("start", "2026-12-01"), ("others", others), ("others_text", text)];
            assert!(office.post(&base, &answers).await.is(422).has(field), "{others}");
        }
        office.post(&base, &[("start", "2026-12-01"), ("others", "no")]).await.is(303);
        let page = office.post(&format!("{base}/change"), &[("reason", "other"), ("reason_text", " ")]).await;
        assert!(page.is(422).has("reason_text-error"), "{}", page.html);
        let page = office.post(&format!("{base}/change"), &[("reason", "")]).await;
        assert!(page.is(422).has("reason-error"));
        office.post(&format!("{base}/change"), &[("reason", "other"), ("reason_text", "家族と同居")]).await.is(303);
        let page = office.post(&format!("{base}/services"), &[("others", "yes"), ("others_text", "")]).await;
        assert!(page.is(422).has("others_text-error"));
        // The session ends; another day, a colleague goes on where the answers stopped.
        world.wait_minutes(24 * 60);
        office.post(&format!("{base}/services"), &[("others", "yes"), ("others_text", "訪問看護")]).await;
        let mut office = world.login("engawa").await;
        assert!(office.get("/filings").await.is(200).has("届出をつづける"));
        assert!(office.get(&base).await.is(200).has("訪問看護"));
        let page = office.get("/filings?number=9900009998").await;
        assert!(page.is(422).has("number-error") && page.has("9900009998"), "{}", page.html);
        let page = office.get(&format!("{base}/change")).await;
        assert!(page.is(200).has("家族と同居") && page.has("value=\"other\" checked"), "{}", page.html);
        // A later page without the day leads back to the first.
        office.post(&format!("{base}/discard"), &[]).await.moves_to(&base);
        office.get(&format!("{base}/confirm")).await.moves_to(&base);
        office.post(&format!("{base}/confirm"), &[("submit_key", "abc")]).await.moves_to(&base);
        // An individual number is refused at the door.
        office.post(&base, &[("start", "2026-12-01"), ("others", "no")]).await.is(303);
        let number = [("reason", "other"), ("reason_text", "123456789018")];
        assert!(office.post(&format!("{base}/change"), &number).await.is(422).has("個人番号"));
    });
}

#[test]
fn what_does_not_fit_is_said_with_the_reason() {
    on_both(USUAL, async |world| {
        // みなと's own notice stands already.
        let (mut office, base) = way(world, "izumo", TOME).await;
        let page = office.post(&base, &[("start", "2026-12-01")]).await;
        assert!(page.is(422).has("この事業所の届出が有効です"), "{}", page.html);
        // 松永 静江 is 要支援2: かもめ is no 介護予防支援.
        let (mut office, base) = way(world, "kamome", SHIZUE).await;
        let page = office.get(&base).await;
        assert!(
            page.is(200).has("この事業所から出せる届出はありません") && page.has("地域包括支援センター"),
            "{}",
            page.html
        );
        let page = office.post(&base, &[("start", "2026-12-01")]).await;
        assert!(page.is(422).has("この事業所から出せる届出はありません") && page.has("error-summary"), "{}", page.html);
        // A service office files nothing.
        let (mut office, base) = way(world, "hamanasu", KIYOSHI).await;
        assert!(office.get(&base).await.is(200).has("計画をつくる事業所ではない"));
        assert!(office.get(&base).await.has("自己作成"));
    });
}

#[test]
fn late_notices_say_what_follows_and_returned_ones_are_mended() {
    on_both(USUAL, async |world| {
        let (f, _) = engawa_files(world, "2026-11-10").await;
        let mut clerk = world.login("shiyakusho").await;
        // Late: not among those that are accepted with one tick.
        let inbox = clerk.get("/insurer/filings").await;
        assert!(inbox.is(200).has("期限おくれ") && !inbox.has(&format!("\"f-{f}\"")), "{}", inbox.html);
        clerk
            .post("/insurer/filings/accept", &[(&format!("f-{f}"), "yes")])
            .await
            .moves_to("/insurer/filings?accepted=0&left=1");
        let page = clerk.post(&format!("/insurer/filings/{f}/accept"), &[]).await;
        assert!(page.is(422).has("despite-error") && page.has("償還払い"), "{}", page.html);
        for (reason, text) in [("", ""), ("other", " ")] {
            clerk.post(&format!("/insurer/filings/{f}/return"), &[("reason", reason), ("text", text)]).await.is(422);
        }
        let back = [("reason", "start"), ("text", "12月1日からにしてください")];
        clerk.post(&format!("/insurer/filings/{f}/return"), &back).await.is(303);

        let (mut office, base) = way(world, "engawa", TOME).await;
        let page = office.get(&format!("/filings/{f}")).await;
        assert!(page.is(200).has("差し戻されました") && page.has("12月1日からにしてください"), "{}", page.html);
        office.post(&format!("/filings/{f}/mend"), &[]).await.moves_to(&base);
        office.post(&base, &[("start", "2026-12-01"), ("others", "no")]).await.is(303);
        let confirm = office.get(&format!("{base}/confirm")).await;
        assert!(
            confirm.is(200).has("差し戻された届出を直したもの") && !confirm.has("期限を過ぎています"),
            "{}",
            confirm.html
        );
        let hidden = confirm.hidden(&format!("{base}/confirm"));
        let key = &hidden.iter().find(|(name, _)| name == "submit_key").unwrap().1;
        let second = id_of(&office.post(&format!("{base}/confirm"), &[("submit_key", key)]).await);
        assert_ne!(second, f);
        // While it waits, no second one; taken back, it does not wait any more.
        let page = office.post(&base, &[("start", "2026-12-01")]).await;
        assert!(page.is(422).has("確認を待っています"), "{}", page.html);
        for _ in 0..2 {
            office.post(&format!("/filings/{second}/withdraw"), &[]).await.is(303);
        }
        let page = clerk.post(&format!("/insurer/filings/{second}/accept"), &[]).await;
        assert!(page.is(409).has("取下げ"), "{}", page.html);
    });
}

#[test]
fn many_clean_ones_are_accepted_at_once() {
    on_both(USUAL, async |world| {
        let (f, _) = engawa_files(world, "2026-12-01").await;
        let mut clerk = world.login("shiyakusho").await;
        clerk.get("/insurer/filings").await.is(200);
        let ticked = [(format!("f-{f}"), "yes"), ("f-0000".to_owned(), "yes")];
        let ticked: Vec<(&str, &str)> = ticked.iter().map(|(a, b)| (a.as_str(), *b)).collect();
        clerk.post("/insurer/filings/accept", &ticked).await.moves_to("/insurer/filings?accepted=1&left=1");
        let page = clerk.get("/insurer/filings?accepted=1&left=1").await;
        assert!(page.is(200).has("1件を受理しました") && page.has("1件は"), "{}", page.html);
        assert!(clerk.get("/insurer/filings?state=accepted").await.is(200).has("久城 トメ"));
    });
}

#[test]
fn a_notice_of_others_looks_like_nothing_and_leaves_an_entry() {
    on_both(USUAL, async |world| {
        let (f, _) = engawa_files(world, "2026-12-01").await;
        let before = world.log_of(TOME).await.len();
        let mut other = world.login("izumo").await;
        for path in [format!("/filings/{f}"), format!("/filings/{f}/form"), "/filings/nothing".to_owned()] {
            other.get(&path).await.is(404);
        }
        for what in ["withdraw", "mend"] {
            other.post(&format!("/filings/{f}/{what}"), &[]).await.is(404);
        }
        assert!(!other.get("/filings").await.is(200).has(&f));
        let refused = world.log_of(TOME).await.into_iter().filter(|e| e.rule.as_deref() == Some("not-in-charge"));
        assert_eq!(refused.count(), 4);
        assert!(world.log_of(TOME).await.len() >= before + 4);
        // Another municipality's clerk.
        let mut clerk = world.login("yamanoha-yakuba").await;
        clerk.get(&format!("/insurer/filings/{f}")).await.is(404);
        clerk.post(&format!("/insurer/filings/{f}/accept"), &[]).await.is(404);
        assert!(!clerk.get("/insurer/filings").await.is(200).has("久城"));
        // Offices have no inbox, clerks no list of offices.
        other.get("/insurer/filings").await.is(404);
        clerk.get("/filings").await.is(404);
    });
}
