//! The office's side of an application: the list of what is under way, why papers are missing, a consent that the office takes, the
//! originals of LIFE, the claims that keep it in charge; and the papers as the person reads them.

use std::fs;

use kaigo_core::id::InsuredNo;
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::rule::presence::{ClaimPresence, month};
use kaigo_store::presence::{self, Claim};

use crate::cases::{filled, open_case, send};
use crate::page::Browser;
use crate::world::{KIYOSHI, SADA, TAKESHI, TOME, USUAL, World, on_both};

/// The administrator of みなと川市 sets a rule from today on.
async fn set(world: &World<'_>, key: &str, value: &str) {
    let mut admin = world.login("kaigoka").await;
    admin.get("/insurer/rules").await.is(200);
    let fields = [("key", key), ("value", value), ("from", ""), ("source", "取扱要綱 第5条")];
    let page = admin.post("/insurer/rules/preview", &fields).await;
    let hidden = page.is(200).hidden("/insurer/rules");
    let sent: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    admin.post("/insurer/rules", &sent).await.moves_to("/insurer/rules?done=rule-set");
}

/// How often the account was entered in the list of applications.
async fn listed(world: &World<'_>) -> usize {
    let log = world.log_of(TOME).await;
    log.iter().filter(|e| e.act == "list" && e.items.contains("progress") && e.account_name == "出雲 太郎").count()
}

#[test]
fn applications_under_way_are_followed() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        // 久城 トメ applied 51 days ago; the opinion and the board are late.
        let page = office.get("/cases").await;
        assert!(page.is(200).has("久城 トメ") && page.has("30日をこえています"), "{}", page.html);
        assert!(page.has("52日目") && page.has("更新申請"), "{}", page.html);
        office.get("/cases?sort=mark").await.is(200);
        assert_eq!(listed(world).await, 1, "once a day and account");
        for (query, shown) in [
            ("?mark=over", true),
            ("?mark=slow", false),
            ("?step=board", true),
            ("?step=survey", false),
            ("?changed=yes", false),
        ] {
            assert_eq!(office.get(&format!("/cases{query}")).await.is(200).has("久城 トメ"), shown, "{query}");
        }
        let home = office.get("/").await;
        assert!(home.has("52日目・30日超") && home.has("/cases?sort=mark"), "{}", home.html);

        // What changes after the office has looked is marked, everywhere, until it looks again.
        let tab = format!("/people/{}/certification", world.charge("izumo", TOME));
        assert!(!office.get(&tab).await.is(200).has("のあとに変わったこと"));
        let case = open_case(world, TOME).await;
        let mut desk = world.enter("shiyakusho").await;
        let form = desk.get(&format!("{case}/days")).await;
        let fields = filled(&form, &format!("{case}/days"), &[("board-planned", "2026-11-29")]);
        send(&mut desk, &format!("{case}/days"), &fields).await.is(303);
        let page = office.get("/cases?changed=yes").await;
        assert!(page.is(200).has("久城 トメ") && page.has("審査会予定日："), "{}", page.html);
        let home = office.get("/").await;
        assert!(home.has("申請の進み") && home.has("が変わりました"), "{}", home.html);
        let page = office.get(&tab).await;
        assert!(page.is(200).has("のあとに変わったこと") && page.has("審査会予定日："), "{}", page.html);
        assert!(!office.get(&tab).await.has("のあとに変わったこと"));
        assert!(!office.get("/cases?changed=yes").await.has("久城 トメ"));

        // Whose cell is closed sees nobody, and why; the insurer's own cells count in lists, too.
        let mut small = world.login("engawa").await;
        let page = small.get("/cases").await;
        assert!(page.is(200).has("きまりの記号：unverified-cell") && !page.has("久城"), "{}", page.html);
        set(world, "cell/progress/facility", "open").await;
        assert!(small.get("/cases").await.is(200).has("久城 トメ"));
        set(world, "cell/progress/care-management", "closed").await;
        let page = office.get("/cases").await;
        assert!(page.is(200).has("きまりの記号：not-shared") && !page.has("久城"), "{}", page.html);
        let home = office.get("/").await;
        assert!(!home.has("52日目"), "the queue keeps to the insurer's cell: {}", home.html);
    });
}

#[test]
fn a_missing_paper_says_why() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let list = format!("/people/{}/documents", world.charge("izumo", TOME));
        let page = office.get(&list).await;
        assert!(page.is(200).has("に市町村に届きました"), "the survey came: {}", page.html);
        // A new application of 大谷 清: first nothing, then a request that is sent back.
        let mut desk = world.enter("shiyakusho").await;
        let case = crate::cases::taken_in(&mut desk, KIYOSHI, "3", "2026-11-20").await;
        let list = format!("/people/{}/documents", world.charge("izumo", KIYOSHI));
        let page = office.get(&list).await;
        assert!(page.has("認定調査は、まだ依頼されていません") && page.has("主治医意見書は、まだ依頼されていません"));
        let form = desk.get(&format!("{case}/days")).await;
        let fields = filled(&form, &format!("{case}/days"), &[("survey-requested", "2026-11-20")]);
        send(&mut desk, &format!("{case}/days"), &fields).await.is(303);
        let page = office.get(&list).await;
        assert!(
            page.has("2026年11月20日に認定調査を依頼して") && page.has("目安は2026年11月27日ごろ"),
            "{}",
            page.html
        );
        set(world, "usual-days/survey", "10").await;
        assert!(office.get(&list).await.has("目安は2026年11月30日ごろ"), "the insurer's own days");
        set(world, "paper-requests", "介護支援専門員証を持って窓口へ").await;
        assert!(office.get(&list).await.has("介護支援専門員証を持って窓口へ"));
        set(world, "start/survey", "2027-04-01").await;
        let page = office.get(&list).await;
        assert!(page.has("認定調査票の共有をまだ始めていません。2027年4月1日から"), "{}", page.html);
        set(world, "cell/doctor-opinion/care-management", "closed").await;
        let page = office.get(&list).await;
        assert!(page.has("保険者のきまりで、主治医意見書をこの種類の事業所には見せない"), "{}", page.html);
        // Another kind of office: the nation's table. Without the consent: how to get it.
        let page = world
            .login("hamanasu")
            .await
            .get(&format!("/people/{}/documents", world.charge("hamanasu", KIYOSHI)))
            .await;
        assert!(page.is(200).has("国の共有のきまりで、この種類の事業所には共有されません"), "{}", page.html);
    });
}

/// The form of a consent, filled in.
async fn take(office: &mut Browser<'_>, path: &str, typed: &[(&str, &str)]) -> crate::page::Page {
    let hidden = office.get(path).await.hidden(path);
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend(typed);
    office.post(path, &fields).await
}

#[test]
fn an_office_takes_a_consent_in_the_municipalitys_place() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let c = world.charge("izumo", SADA);
        let path = format!("/people/{c}/consent");
        let survey = format!("/people/{c}/documents/survey-1?purpose=care-plan");
        office.get(&survey).await.is(403);
        let list = office.get(&format!("/people/{c}/documents")).await;
        assert!(list.is(200).has(&format!("href=\"{path}\"")), "{}", list.html);
        let page = office.get(&path).await;
        assert!(page.is(200).has("第1版") && page.has("出雲 太郎（介護支援専門員）"), "{}", page.html);
        let paper = office.get(&format!("{path}/paper")).await;
        assert!(paper.is(200).has("ご本人の署名") && paper.has("三上 サダ"), "{}", paper.html);
        let page = take(&mut office, &path, &[("on", "2031-13-01")]).await;
        for field in ["given_by-error", "method-error", "on-error", "confirmed-error"] {
            assert!(page.is(422).has(field), "{field}: {}", page.html);
        }
        // Who gives it in her place is named; no individual number is.
        let family = [("given_by", "2"), ("method", "paper"), ("confirmed", "yes")];
        assert!(take(&mut office, &path, &family).await.is(422).has("giver-error"));
        let page = take(&mut office, &path, &[&family[..], &[("giver", "三上 桜 123456789018")]].concat()).await;
        assert!(page.is(422).has("個人番号") && !page.has("123456789018"), "{}", page.html);
        let hidden = office.get(&path).await.hidden(&path);
        let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        fields.extend(family);
        fields.push(("giver", "三上 桜（長女）"));
        for _ in 0..2 {
            office.post(&path, &fields).await.moves_to(&format!("{path}?done=consent-given"));
        }
        assert_eq!(world.test.dump("consent_act").len(), 1, "two clicks are one consent");
        office.get(&survey).await.is(200);
        let page = office.get(&path).await;
        assert!(page.is(200).has("同意しています") && page.has("三上 桜（長女）") && !page.has("name=\"giver\""));
        let paper = office.get(&format!("{path}/paper")).await;
        assert!(paper.has("受け付けた内容") && paper.has("三上 桜（長女）"), "{}", paper.html);
        let taken = |e: &&kaigo_store::access_log::Entry| e.act == "take-consent" && e.outcome == "done";
        let log = world.log_of(SADA).await;
        assert_eq!(log.iter().find(taken).map(|e| e.account_name.as_str()), Some("出雲 太郎"));

        // 訪問介護 takes none; where the municipality takes them itself, nobody else does.
        let mut home_help = world.login("hamanasu").await;
        let path = format!("/people/{}/consent", world.charge("hamanasu", KIYOSHI));
        assert!(home_help.get(&path).await.is(403).has("office-kind"));
        let form = [
            ("given_by", "1"),
            ("method", "screen"),
            ("confirmed", "yes"),
            ("submit_key", "k"),
            ("text_version", "第1版"),
        ];
        assert!(home_help.post(&path, &form).await.is(403).has("office-kind"));
        set(world, "switch/office-consent", "no").await;
        let path = format!("/people/{}/consent", world.charge("izumo", TAKESHI));
        assert!(office.get(&path).await.is(403).has("consent-at-insurer"));
        assert!(office.post(&path, &form).await.is(403).has("consent-at-insurer"));
        let list = office.get(&path.replace("/consent", "/documents")).await;
        assert!(!list.is(200).has(&format!("href=\"{path}\"")) && list.has("市町村の窓口か"), "{}", list.html);
        for (no, rule) in [(KIYOSHI, "office-kind"), (TAKESHI, "consent-at-insurer")] {
            let log = world.log_of(no).await;
            assert!(log.iter().filter(|e| e.rule.as_deref() == Some(rule) && e.outcome == "refused").count() >= 2);
        }
    });
}

#[test]
fn the_original_of_a_life_sheet_comes_back_byte_for_byte() {
    on_both(USUAL, async |world| {
        let original = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n";
        let folder = world.test.folder.join("life-feed");
        fs::create_dir_all(folder.join("documents")).unwrap();
        fs::write(folder.join("documents/kiyoshi-life.pdf"), original).unwrap();
        let (maker, insurer) = (world.office("hamanasu"), world.insurer(KIYOSHI));
        let csv = format!(
            "insured_no,record_no,history_no,void,office_no,service_kind,period_from,period_until,items,file\n\
             {KIYOSHI},71,1,0,{maker},11,2026-04-01,2026-09-30,歩数=2000歩,kiyoshi-life.pdf\n"
        );
        fs::write(folder.join("life_feedback.csv"), csv).unwrap();
        let manifest = format!(
            r#"{{"format":"kaigo-feed/1","insurer_no":"{insurer}","insurer_name":"みなと川市","made_at":"2026-11-22T05:20:00+09:00","mode":"delta","files":[{{"name":"life_feedback.csv","kind":"life_feedback","rows":1}}]}}"#
        );
        fs::write(folder.join("manifest.json"), manifest).unwrap();
        world.import(&folder);

        let mut office = world.login("izumo").await;
        let tab = format!("/people/{}/life", world.charge("izumo", KIYOSHI));
        assert!(office.get(&tab).await.is(200).has("purpose-71"));
        let page = office.get(&format!("{tab}/71/file")).await;
        assert!(page.is(422).has("purpose-71-error"), "a purpose is asked for: {}", page.html);
        let file = office.get(&format!("{tab}/71/file?purpose=care-plan")).await;
        assert_eq!((file.is(200).header("content-type"), file.bytes.as_slice()), ("application/pdf", &original[..]));
        office.get(&format!("{tab}/72/file?purpose=care-plan")).await.is(404);
        // The office that sent the data to LIFE sees its own; another service office nothing of it.
        let own = format!("/people/{}/life/71/file?purpose=service", world.charge("hamanasu", KIYOSHI));
        world.login("hamanasu").await.get(&own).await.is(200);
        let other = format!("/people/{}/life/71/file?purpose=service", world.charge("engawa", KIYOSHI));
        world.login("engawa").await.get(&other).await.is(404);
        // The person, in plain words.
        let mut me = world.login("kiyoshi").await;
        let page = me.get("/my/life").await;
        assert!(page.is(200).has("2000歩") && page.has("/my/life/71/file"), "{}", page.html);
        assert_eq!(me.get("/my/life/71/file").await.is(200).bytes, original);
        world.login("tome").await.get("/my/life/71/file").await.is(404);
        let log = world.log_of(KIYOSHI).await;
        let fetched = log.iter().filter(|e| e.act == "fetch-document" && e.document.as_deref() == Some("life-71"));
        assert_eq!(fetched.clone().filter(|e| e.outcome == "done").count(), 3);
        assert!(fetched.clone().any(|e| e.outcome == "done" && e.consent_used && e.purpose == "care-plan"));
        let log = me.get("/my/log").await;
        assert!(log.has("LIFE 利用者フィードバック票の元の書類を開きました"), "{}", log.html);
    });
}

#[test]
fn the_person_reads_a_paper_where_the_insurer_opens_it() {
    on_both(USUAL, async |world| {
        let mut me = world.login("kiyoshi").await;
        let page = me.get("/my/documents").await;
        assert!(page.is(200).has("国の共有のきまりで確かめられていない") && page.has("開示請求"), "{}", page.html);
        assert!(me.get("/my/documents/survey-1").await.is(403).has("unverified-cell"));
        set(world, "cell/survey/person", "open").await;
        let page = me.get("/my/documents").await;
        assert!(
            page.is(200).has("href=\"/my/documents/survey-1\"") && page.has("開示請求"),
            "the opinion stays closed"
        );
        let page = me.get("/my/documents/survey-1").await;
        assert!(page.is(200).has("認定調査票") && page.has("調査実施日"), "{}", page.html);
        me.get("/my/documents/opinion-1").await.is(403);
        me.get("/my/documents/survey-99").await.is(404);
        let file = me.get("/my/documents/survey-1/file").await;
        assert_eq!(file.is(200).header("content-type"), "application/pdf");
        // Nobody else's, whatever is opened.
        world.login("tome").await.get("/my/documents/survey-1").await.is(404);
        let log = world.log_of(KIYOSHI).await;
        let own = |act: &str| log.iter().filter(|e| e.act == act && e.purpose == "own" && e.outcome == "done").count();
        assert_eq!((own("open-document"), own("fetch-document")), (1, 1));
    });
}

#[test]
fn the_claims_that_keep_an_office_in_charge_stand_on_its_tab() {
    on_both(USUAL, async |world| {
        let tab = format!("/people/{}/charge", world.charge("izumo", KIYOSHI));
        let page = world.login("izumo").await.get(&tab).await;
        assert!(page.is(200).has("まだ届いていません") && page.has("請求がないまま3か月たつと"), "{}", page.html);
        let claim = |served: &str, received: &str, state| Claim {
            insurer_no: world.insurer(KIYOSHI),
            insured_no: InsuredNo::parse(KIYOSHI).unwrap(),
            office_no: world.office("izumo"),
            service_month: month(served).unwrap(),
            received_month: month(received).unwrap(),
            state,
        };
        let claims = vec![
            claim("2026-10", "2026-11", ClaimPresence::Claimed),
            claim("2026-09", "2026-11", ClaimPresence::Returned),
            claim("2026-08", "2026-10", ClaimPresence::Late),
        ];
        let grant = decide_act(&Caller::Operator, Act::LoadClaims).unwrap();
        world.app.db.write(move |tx| presence::put(tx, &grant, claims, "2026-11-22T00:00:00.000Z")).await.unwrap();
        let page = world.login("izumo").await.get(&tab).await;
        for text in ["2026年10月", "請求あり", "2026年9月", "返戻", "月遅れの請求あり", "2026年11月の審査"]
        {
            assert!(page.is(200).has(text), "{text}: {}", page.html);
        }
        // Nobody else's claims: はまなす has none.
        let other = format!("/people/{}/charge", world.charge("hamanasu", KIYOSHI));
        assert!(world.login("hamanasu").await.get(&other).await.is(200).has("まだ届いていません"));
        set(world, "grace-months", "6").await;
        assert!(world.login("izumo").await.get(&tab).await.has("請求がないまま6か月たつと"));
        world.wait_days(80);
        let page = world.login("izumo").await.get(&tab).await;
        assert!(page.has("最後に届いた請求は、2026年10月分です"), "the warning names it: {}", page.html);
    });
}
