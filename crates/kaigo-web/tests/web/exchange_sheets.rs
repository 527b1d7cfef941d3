//! The forms of a care plan: looked at by both offices, compared, typed as results, handed over on paper.

use kaigo_careplan::batch::InFile;
use kaigo_careplan::kind::Unit;
use kaigo_careplan::result::ResultEntry;

use crate::exchange_world::{LATER, SERIAL, files, first_person, join, parts, sent};
use crate::page::{Browser, Page};
use crate::world::{USUAL, World, on_both};

/// The month whose results can be typed on 22 November.
const MONTH: &str = "202610";

/// みなと's 予定 of October for はまなす, under a 連番 that the demo has not used.
fn planned(world: &World<'_>, serial: &str) -> Vec<InFile> {
    let (from, to) = (world.office("izumo"), world.office("hamanasu"));
    let exchange = world.nation.exchange();
    let of_month = |file: &InFile| file.name.contains(&format!("UPPLAN_{MONTH}_"));
    let fits = |send: &&kaigo_demo::exchange::DemoSend| {
        send.unit == Some(Unit::Usage) && (send.from.office_no, send.to.office_no) == (from, to)
    };
    let send = exchange.sends.iter().filter(fits).rfind(|send| send.files.iter().any(of_month)).unwrap();
    let old = send.files[0].name.rsplit_once('_').unwrap().1.split('.').next().unwrap().to_owned();
    send.files.iter().map(|file| InFile { name: file.name.replace(&old, serial), bytes: file.bytes.clone() }).collect()
}

/// はまなす begins the results of the first user; answers the address.
async fn begin(world: &World<'_>, browser: &mut Browser<'_>) -> (String, String) {
    join(world).await;
    let own = planned(world, SERIAL);
    let set = sent(world, "izumo", own).await;
    let list = browser.get(&format!("/exchange/results?month={MONTH}")).await;
    assert!(list.is(200).has("まだ") && list.has("居宅介護支援事業所 みなと"), "{}", list.html);
    let hidden = list.hidden("/exchange/results/start");
    let value = |name: &str| hidden.iter().find(|(own, _)| own == name).unwrap().1.clone();
    assert_eq!(value("set"), set);
    let start = [("set", set.as_str()), ("person", &*value("person"))];
    let page = browser.post("/exchange/results/start", &start).await;
    let address = page.is(303).location().to_owned();
    browser.post("/exchange/results/start", &start).await.moves_to(&address);
    (address, set)
}

/// What the form of the entry would send as it stands, with changes.
fn form(page: &Page, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let form = page.html.split("id=\"entry\"").nth(1).unwrap().split("</form>").next().unwrap();
    let mut fields: Vec<(String, String)> = form
        .split("<input")
        .skip(1)
        .map(|input| input.split('>').next().unwrap())
        .filter_map(|input| {
            let get = |key: &str| Some(input.split(&format!(" {key}=\"")).nth(1)?.split('"').next()?.to_owned());
            Some((get("name")?, get("value").unwrap_or_default()))
        })
        .filter(|(name, _)| name != "csrf")
        .collect();
    for (name, value) in changes {
        fields.retain(|(own, _)| own != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    fields
}

async fn save(browser: &mut Browser<'_>, address: &str, page: &Page, changes: &[(&str, &str)]) -> Page {
    let fields = form(page, changes);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(address, &fields).await
}

/// Field and value of the days of a line that hold something.
fn typed(page: &Page, line: usize) -> Vec<(String, String)> {
    let of_line = |(name, value): &(String, String)| {
        let day = name.strip_prefix(&format!("{line}.")).and_then(|day| day.parse::<u8>().ok());
        day.is_some() && !value.is_empty()
    };
    form(page, &[]).into_iter().filter(of_line).collect()
}

#[test]
fn both_offices_see_the_forms_and_the_person_sees_both_looks() {
    on_both(USUAL, async |world| {
        join(world).await;
        let own = planned(world, SERIAL);
        let set = sent(world, "izumo", own.clone()).await;
        let here = format!("/exchange/sets/{set}/people/0");
        let mut sender = world.login("izumo").await;
        let page = sender.get(&here).await;
        for text in
            ["第6表", "第7表", "サービス利用票（兼居宅サービス計画）", "10月分", "最新", "限度額適用期間", "合計"]
        {
            assert!(page.is(200).has(text), "{text}: {}", page.html);
        }
        assert!(page.bytes.len() < 150_000);
        let mut receiver = world.login("hamanasu").await;
        let page = receiver.get(&here).await;
        assert!(page.is(200).has("サービス提供票") && page.has("実績を入力する"), "{}", page.html);
        assert!(receiver.get(&format!("/exchange/sets/{set}")).await.has("未読"), "a look is no fetching");
        let log = world.log_of(&first_person(&own)).await;
        let looks: Vec<_> =
            log.iter().filter(|entry| entry.act == "open-set").map(|entry| &entry.account_name).collect();
        assert_eq!(looks.len(), 2, "{looks:?}");
        for odd in ["9999", "x", "-1", "%E3%81%82"] {
            sender.get(&format!("/exchange/sets/{set}/people/{odd}")).await.is(404);
            sender.get(&format!("/exchange/compare/{set}/{odd}")).await.is(404);
        }
    });
}

#[test]
fn an_upload_is_seen_as_printed_before_it_is_sent() {
    on_both(USUAL, async |world| {
        join(world).await;
        let waiting = files(world, "izumo", "hamanasu", Unit::CarePlan, SERIAL);
        let mut office = world.login("izumo").await;
        office.get("/exchange/send").await;
        let draft = office.upload("/exchange/send", &parts(&waiting)).await.is(303).location().to_owned();
        let page = office.get(&format!("{draft}/sets/0/people/0")).await;
        for text in [
            "居宅サービス計画書（１）",
            "居宅サービス計画書（２）",
            "週間サービス計画表",
            "まだ送っていません",
            "総合的な援助の方針",
        ] {
            assert!(page.is(200).has(text), "{text}: {}", page.html);
        }
        office.get(&format!("{draft}/sets/0/people/999")).await.is(404);
        office.get(&format!("{draft}/sets/9/people/0")).await.is(404);
        assert!(
            office.get("/exchange/sent").await.is(200).has("まだありません")
                || !office.get("/exchange/sent").await.has(SERIAL)
        );
    });
}

#[test]
fn a_month_is_typed_sent_and_compared() {
    on_both(USUAL, async |world| {
        let mut office = world.login("hamanasu").await;
        let (here, planned_set) = begin(world, &mut office).await;
        let page = office.get(&here).await;
        assert!(page.is(200).has("予定をそのまま実績にする") && typed(&page, 1).is_empty(), "{}", page.html);
        assert!(office.get(&format!("{here}/confirm")).await.is(200).has("実績が1回も入っていません"));
        office.post(&format!("{here}/send"), &[]).await.is(422);

        // 予定をそのまま実績にする, then the exceptions: not there on the first day, twice on the second.
        save(&mut office, &here, &page, &[("act", "copy")]).await.moves_to(&format!("{here}#entry"));
        let page = office.get(&here).await;
        let days = typed(&page, 1);
        assert!(days.len() >= 2 && days.iter().all(|(_, count)| count == "1"), "{days:?}");
        let changes = [(days[0].0.as_str(), ""), (days[1].0.as_str(), "２"), ("act", "save")];
        save(&mut office, &here, &page, &changes).await.moves_to(&format!("{here}?done=saved"));
        let page = office.get(&format!("{here}?done=saved")).await;
        assert!(page.has("保存しました") && typed(&page, 1).len() == days.len() - 1);

        // Another time on the third day, and a service that nobody had planned.
        let third = days[2].0.strip_prefix("1.").unwrap();
        let time = [("line", "1"), ("day", third), ("from", "13:00"), ("until", "1330"), ("act", "time")];
        save(&mut office, &here, &page, &time).await.is(303);
        let page = office.get(&here).await;
        assert!(page.has(&format!("{third}日は 13:00～13:30")), "{}", page.html);
        let before = page.html.matches("rowspan=\"2\"").count();
        let add = [
            ("code", "117211"),
            ("added-day", "31"),
            ("added-from", "15:00"),
            ("added-until", "15:45"),
            ("act", "add"),
        ];
        save(&mut office, &here, &page, &add).await.is(303);
        let page = office.get(&here).await;
        assert!(page.has("足した行") && page.html.matches("rowspan=\"2\"").count() == before + 1);
        save(&mut office, &here, &page, &[("act", "confirm")]).await.moves_to(&format!("{here}/confirm"));

        let look = office.get(&format!("{here}/confirm")).await;
        for text in ["がありません", "1回の予定で 2回でした", "13:00", "予定にない生活援助2", "この実績を送る"]
        {
            assert!(look.is(200).has(text), "{text}: {}", look.html);
        }
        let answer = office.post(&format!("{here}/send"), &[]).await;
        let result = answer.is(303).location().to_owned();
        // The second press of the button.
        world.wait_minutes(1);
        office.post(&format!("{here}/send"), &[]).await.moves_to(&result);
        assert!(office.get(&result).await.is(200).has("UPJSK_202610_"));
        assert!(office.get(&format!("{result}/receipt")).await.is(200).has("送信証明"));
        assert!(office.get(&format!("/exchange/results?month={MONTH}")).await.has("送りました 1人"));

        // The care manager compares, from the results and from the plan.
        let mut manager = world.login("izumo").await;
        for set in [result.strip_prefix("/exchange/sets/").unwrap(), &planned_set] {
            let place = manager.get(&format!("/exchange/sets/{set}")).await;
            let person = place.all("href").into_iter().find(|href| href.contains("/people/0")).unwrap();
            let page = manager.get(&person.replace("/sets/", "/compare/").replace("/people/", "/")).await;
            for text in [
                "がありません",
                "13:00",
                "予定にない生活援助2",
                "data-mark=\"cut\"",
                "data-mark=\"added\"",
                "data-mark=\"changed\"",
            ] {
                assert!(page.is(200).has(text), "{set} {text}: {}", page.html);
            }
            assert!(page.bytes.len() < 150_000);
        }
    });
}

#[test]
fn wrong_input_is_named_and_kept() {
    on_both(USUAL, async |world| {
        let mut office = world.login("hamanasu").await;
        let (here, _) = begin(world, &mut office).await;
        let page = office.get(&here).await;
        let before = world.test.dump("exchange_result_entry");
        let changes = [("1.1", "a"), ("1.2", "100"), ("1.from", "朝"), ("1.3", "1"), ("act", "save")];
        let wrong = save(&mut office, &here, &page, &changes).await;
        assert!(wrong.is(422).has("エラー：") && wrong.has("id=\"1.1-error\"") && wrong.has("id=\"1.from-error\""));
        for (name, value) in [("1.1", "a"), ("1.2", "100"), ("1.from", "朝"), ("1.3", "1")] {
            let kept = form(&wrong, &[]);
            assert!(kept.contains(&(name.to_owned(), value.to_owned())), "{name} is kept");
        }
        for (act, fields) in
            [("time", vec![("day", "32"), ("from", "25:00")]), ("add", vec![("code", "12"), ("added-day", "0")])]
        {
            let changes: Vec<(&str, &str)> = fields.iter().copied().chain([("act", act)]).collect();
            let wrong = save(&mut office, &here, &page, &changes).await;
            for (name, value) in &fields {
                let kept = form(&wrong, &[]);
                assert!(kept.contains(&((*name).to_owned(), (*value).to_owned())), "{act} {name}: {}", wrong.html);
                assert!(wrong.is(422).has(&format!("id=\"{name}-error\"")), "{act} {name}: {}", wrong.html);
            }
        }
        assert_eq!(world.test.dump("exchange_result_entry"), before, "nothing was saved");
    });
}

#[test]
fn two_people_do_not_overwrite_each_other() {
    on_both(USUAL, async |world| {
        let mut first = world.login("hamanasu").await;
        let (here, _) = begin(world, &mut first).await;
        let page = first.get(&here).await;
        let mut second = first.clone();
        save(&mut first, &here, &page, &[("1.1", "1"), ("act", "save")]).await.is(303);
        // The same once more is no conflict, something else is one.
        save(&mut second, &here, &page, &[("1.1", "1"), ("act", "save")]).await.is(303);
        let refused = save(&mut second, &here, &page, &[("1.1", "3"), ("act", "save")]).await;
        assert!(refused.is(422).has("先に保存しました"), "{}", refused.html);
        assert_eq!(typed(&first.get(&here).await, 1), [("1.1".to_owned(), "1".to_owned())]);
    });
}

#[test]
fn typed_results_belong_to_their_office() {
    on_both(USUAL, async |world| {
        let mut office = world.login("hamanasu").await;
        let (here, set) = begin(world, &mut office).await;
        let (confirm, send) = (format!("{here}/confirm"), format!("{here}/send"));
        for who in ["izumo", "kamome", "engawa", "kiyoshi"] {
            let mut stranger = world.login(who).await;
            for path in [&here, &confirm] {
                stranger.get(path).await.is(404);
            }
            stranger.post(&here, &[("act", "save"), ("1.1", "1")]).await.is(404);
            stranger.post(&send, &[]).await.is(404);
            stranger.post("/exchange/results/start", &[("set", &*set), ("person", "0")]).await.is(404);
            if who != "kiyoshi" {
                let list = stranger.get(&format!("/exchange/results?month={MONTH}")).await;
                assert!(!list.is(200).has(&set) && !list.has(&here), "{who}");
            }
        }
        let mut nobody = world.browser();
        nobody.get("/login").await;
        nobody.get(&here).await.wants_login(&here);
        nobody.post(&send, &[]).await.is(401);
        // What was typed lies sealed.
        let page = office.get(&here).await;
        save(&mut office, &here, &page, &[("1.1", "1"), ("act", "save")]).await.is(303);
        let rows = world.test.dump("exchange_result_entry").join("\n");
        assert!(!rows.contains("111111") && ResultEntry::from_bytes(rows.as_bytes()).is_err());
    });
}

#[test]
fn two_versions_of_a_plan_are_compared() {
    on_both(USUAL, async |world| {
        join(world).await;
        let old = sent(world, "izumo", planned(world, SERIAL)).await;
        // The later version lacks the last record of the first user.
        let mut files = planned(world, LATER);
        let plan = files.iter_mut().find(|file| file.name.starts_with("UPPLAN")).unwrap();
        let text = plan.bytes.split(|b| *b == b'\n').next().unwrap().len() + 1;
        plan.bytes.drain(..text);
        let new = sent(world, "izumo", files).await;
        let mut manager = world.login("izumo").await;
        let page = manager.get(&format!("/exchange/compare/{new}/0?with={old}")).await;
        assert!(page.is(200).has("なくなりました") && page.has(">前<") && page.has(">あと<"), "{}", page.html);
        let only = manager.get(&format!("/exchange/compare/{new}/0?with={old}&only=differences")).await;
        assert!(only.is(200).bytes.len() < page.bytes.len() || !page.has("ちがいだけ見る"));
        // Nothing has come for it yet.
        let page = manager.get(&format!("/exchange/compare/{new}/0")).await;
        assert!(page.is(200).has("まだくらべられません"), "{}", page.html);
        manager.get(&format!("/exchange/compare/{new}/0?with=0123")).await.is(404);
    });
}

#[test]
fn paper_has_a_cover_and_everybodys_forms_and_is_logged_for_everybody() {
    on_both(USUAL, async |world| {
        join(world).await;
        let own = planned(world, SERIAL);
        let set = sent(world, "izumo", own.clone()).await;
        let mut office = world.login("izumo").await;
        let page = office.get(&format!("/exchange/sets/{set}/paper")).await;
        for text in [
            "送付状",
            "御中",
            "FAXで送るときのお願い",
            "受け取りました",
            "サービス提供票",
            "サービス提供票別表",
            "出雲 太郎",
        ] {
            assert!(page.is(200).has(text), "{text}: {}", page.html);
        }
        let log = world.log_of(&first_person(&own)).await;
        assert_eq!(log.iter().filter(|entry| entry.act == "open-set").count(), 1, "{log:?}");
        world.login("hamanasu").await.get(&format!("/exchange/sets/{set}/paper")).await.is(404);

        office.get("/exchange/send").await;
        let waiting = files(world, "izumo", "hamanasu", Unit::CarePlan, LATER);
        let draft = office.upload("/exchange/send", &parts(&waiting)).await.is(303).location().to_owned();
        assert!(office.get(&format!("{draft}/sets/0/paper")).await.is(200).has("居宅サービス計画書（１）"));
        office.get(&format!("{draft}/sets/7/paper")).await.is(404);

        let number = world.office("hamanasu").to_string();
        let letter = office.get(&format!("/exchange/partners/{number}/letter")).await;
        for text in [
            "訪問介護 はまなす 御中",
            "利用料はかかりません",
            "この事業所でケアプラン連携を始める",
            "居宅介護支援事業所 みなと",
        ] {
            assert!(letter.is(200).has(text), "{text}: {}", letter.html);
        }
        for unknown in ["9800000000", "1", "x"] {
            office.get(&format!("/exchange/partners/{unknown}/letter")).await.is(404);
        }
    });
}
