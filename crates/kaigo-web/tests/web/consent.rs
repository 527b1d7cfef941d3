//! 包括的同意: given and withdrawn by the person and at the counter; it counts from the next look on, whatever the next feed says.

use crate::page::Browser;
use crate::world::{KIYOSHI, SADA, TAKESHI, USUAL, World, on_both};

/// Opens the survey of somebody as みなと's care manager.
async fn survey(world: &World<'_>, no: &str) -> u16 {
    let c = world.charge("izumo", no);
    let mut office = world.login("izumo").await;
    office.get(&format!("/people/{c}/documents/survey-1?purpose=care-plan")).await.status
}

/// The fields of a form that a page has, and some more.
async fn send(browser: &mut Browser<'_>, path: &str, more: &[(&str, &str)]) -> crate::page::Page {
    let hidden = browser.get(path).await.hidden(path);
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend(more);
    browser.post(path, &fields).await
}

/// The page of one of みなと川市's people, as its clerk finds it.
pub(crate) async fn page_of(clerk: &mut Browser<'_>, no: &str) -> String {
    let found = clerk.get(&format!("/insurer/people?q={no}")).await;
    let link = found.is(200).all("href").into_iter().find(|href| href.starts_with("/insurer/people/"));
    link.expect("the person is found")
}

#[test]
fn a_withdrawal_counts_at_the_next_look_and_against_the_next_feed() {
    on_both(USUAL, async |world| {
        assert_eq!(survey(world, KIYOSHI).await, 200);
        let mut me = world.login("kiyoshi").await;
        let page = me.get("/my/consent").await;
        assert!(page.is(200).has("同意しています") && page.has("みなと") && page.has("認定調査票・主治医意見書"));
        // What is lost is told first; without the tick nothing happens.
        let path = "/my/consent/withdraw";
        let page = send(&mut me, path, &[]).await;
        assert!(page.is(422).has("agreed-error") && page.has("すぐに見られなくなるところ"), "{}", page.html);
        assert_eq!(survey(world, KIYOSHI).await, 200);
        // A nervous double click is one withdrawal.
        let hidden = me.get(path).await.hidden(path);
        let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        fields.push(("agreed", "yes"));
        for _ in 0..2 {
            me.post(path, &fields).await.moves_to("/my/consent/receipt");
        }
        assert_eq!(world.test.dump("consent_act").len(), 1);
        assert!(me.get("/my/consent/receipt").await.is(200).has("同意の取り消しを受け付けました"));
        assert_eq!(survey(world, KIYOSHI).await, 403);
        assert!(me.get("/my/consent").await.has("に取り消しました"));
        // The certificates hang on no consent.
        let c = world.charge("izumo", KIYOSHI);
        world.login("izumo").await.get(&format!("/people/{c}/certificates")).await.is(200);
        // The municipality's system does not know yet, and sends what it has.
        let header =
            "insured_no,record_no,history_no,void,given_on,taken_by,office_no,given_by,text_version,withdrawn_on";
        let feed = |given: &str, history: u8| format!("{header}\n{KIYOSHI},1,{history},0,{given},1,,1,第1版,\n");
        world.amend("consent", &feed("2026-11-22", 8));
        assert_eq!(survey(world, KIYOSHI).await, 403, "a consent of the same day is older than the withdrawal");
        // Nothing is withdrawn twice.
        assert!(send(&mut me, path, &[("agreed", "yes")]).await.is(409).has("取り消す同意はありません"));
        // A day later they consent again, by their own hand.
        world.wait_days(1);
        let mut me = world.login("kiyoshi").await;
        send(&mut me, "/my/consent/give", &[("agreed", "yes")]).await.moves_to("/my/consent/receipt");
        assert_eq!(survey(world, KIYOSHI).await, 200);
        let log = world.log_of(KIYOSHI).await;
        for act in ["withdraw-consent", "take-consent"] {
            assert!(log.iter().any(|e| e.act == act && e.outcome == "done"), "{act}");
        }
        assert!(log.iter().any(|e| e.act == "open-document" && e.outcome == "done"), "what was seen stays in the log");
    });
}

#[test]
fn the_counter_takes_consents_and_withdrawals() {
    on_both(USUAL, async |world| {
        // 三上 サダ never consented, 野々村 武 took it back.
        assert_eq!(survey(world, SADA).await, 403);
        let mut clerk = world.login("shiyakusho").await;
        let person = page_of(&mut clerk, SADA).await;
        let path = format!("{person}/consent");
        let page = send(&mut clerk, &path, &[("on", "2031-01-01")]).await;
        for field in ["given_by-error", "method-error", "confirmed-error"] {
            assert!(page.is(422).has(field), "{field}: {}", page.html);
        }
        let family = [("given_by", "2"), ("method", "paper"), ("confirmed", "yes")];
        let page = send(&mut clerk, &path, &[&family[..], &[("on", "2031-01-01")]].concat()).await;
        assert!(page.is(422).has("まだ来ていない日"), "{}", page.html);
        let page = send(&mut clerk, &path, &[&family[..], &[("on", "2026-11-20")]].concat()).await;
        page.moves_to(&format!("{person}?done=consent-given"));
        assert_eq!(survey(world, SADA).await, 200);
        assert!(clerk.get(&path).await.is(200).has("同意の撤回を受け付ける"));
        // The withdrawal of the day after beats a paper that was signed before it.
        send(&mut clerk, &path, &family).await.moves_to(&format!("{person}?done=consent-withdrawn"));
        assert_eq!(survey(world, SADA).await, 403);
        let page = send(&mut clerk, &path, &[&family[..], &[("on", "2026-11-19")]].concat()).await;
        assert!(page.is(409).has("このあとに") || page.has("この日よりあとに"), "{}", page.html);
        assert_eq!(survey(world, SADA).await, 403);

        let person = page_of(&mut clerk, TAKESHI).await;
        let path = format!("{person}/consent");
        send(&mut clerk, &path, &family).await.moves_to(&format!("{person}?done=consent-given"));
        assert_eq!(survey(world, TAKESHI).await, 200);
        // Another municipality's clerk finds nobody, not even by the address.
        let mut other = world.login("yamanoha-yakuba").await;
        other.get(&path).await.is(404);
        assert!(!other.get(&format!("/insurer/people?q={SADA}")).await.has("三上"));
        assert!(world.log_of(TAKESHI).await.iter().any(|e| e.rule.as_deref() == Some("not-in-charge")));
    });
}
