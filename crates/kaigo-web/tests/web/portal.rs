//! The portal: what strangers read, what the operator's desk and an insurer write, and that nothing unfinished or foreign gets out.

use kaigo_app::usage;

use crate::cases::{filled, send};
use crate::page::{Browser, Page, encode};
use crate::world::{USUAL, World, on_both};

/// Saves an article by the form of a page, twice; answers where it stands.
async fn saved(desk: &mut Browser<'_>, path: &str, typed: &[(&str, &str)]) -> String {
    let form = desk.get(path).await;
    let fields = filled(form.is(200), path, typed);
    let mut places = Vec::new();
    for _ in 0..2 {
        let page = send(desk, path, &fields).await;
        places.push(page.is(303).location().split('?').next().unwrap().to_owned());
    }
    assert_eq!(places[0], places[1], "two clicks are one version");
    places.remove(0)
}

const NEWS: [(&str, &str); 4] =
    [("kind", "news"), ("topic", "platform"), ("title", "夜間の停止について"), ("summary", "止まります")];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    NEWS.iter()
        .copied()
        .filter(|(name, _)| !more.iter().any(|(own, _)| own == name))
        .chain(more.iter().copied())
        .collect()
}

#[test]
fn articles_are_drafted_seen_beforehand_published_planned_and_withdrawn() {
    on_both(USUAL, async |world| {
        let mut desk = world.login("unei").await;
        let mut reader = world.browser();
        // A preview keeps nothing; what is no Markdown is the text that it is.
        let form = desk.get("/operator/content/new").await;
        let evil = "**大事**<script>alert(1)</script>[押す](javascript:alert(2))";
        let preview = send(
            &mut desk,
            "/operator/content/new",
            &filled(form.is(200), "/operator/content/new", &with(&[("body", evil), ("act", "preview")])),
        )
        .await;
        assert!(preview.is(200).has("<strong>大事</strong>") && preview.has("見本"), "{}", preview.html);
        assert!(!preview.has("<script>alert") && !preview.has("href=\"javascript"), "{}", preview.html);
        assert!(world.test.dump("portal_version").is_empty());
        // A draft is nobody's to read.
        let place = saved(&mut desk, "/operator/content/new", &with(&[("body", "はじめの文"), ("act", "draft")])).await;
        let public = place.replace("/operator/content/", "/portal/news/");
        reader.get(&public).await.is(404);
        assert!(!reader.get("/portal/news").await.is(200).has("夜間の停止"));
        saved(&mut desk, &place, &with(&[("body", "公開の文"), ("act", "publish")])).await;
        assert!(reader.get(&public).await.is(200).has("公開の文"));
        // An article of another kind has another address.
        reader.get(&public.replace("/news/", "/magazine/")).await.is(404);
        // A draft on top changes nothing; a version of tomorrow comes tomorrow by itself.
        saved(&mut desk, &place, &with(&[("body", "書きかけ"), ("act", "draft")])).await;
        let later = [("body", "あしたの文"), ("show_day", "2026-11-23"), ("show_time", "9:00"), ("act", "publish")];
        saved(&mut desk, &place, &with(&later)).await;
        assert!(reader.get(&public).await.is(200).has("公開の文"));
        assert!(desk.get("/operator/content").await.is(200).has("公開します"));
        world.wait_days(1);
        let mut desk = world.login("unei").await;
        assert!(reader.get(&public).await.is(200).has("あしたの文"));
        for found in
            ["/portal", "/portal/feed.atom", "/portal/search?q=%E3%82%84%E3%81%8B%E3%82%93%E3%80%80%E5%81%9C%E6%AD%A2"]
        {
            let page = reader.get(found).await;
            assert_eq!(page.is(200).has("夜間の停止"), !found.contains("search"), "{found}: やかん is no word of it");
        }
        let found = reader.get(&format!("/portal/search?q={}", encode("夜間　停止"))).await;
        assert!(found.is(200).has(&public), "{}", found.html);
        // Two editors: the second one is told, and keeps what was typed.
        let old = desk.get(&place).await;
        let stale = filled(old.is(200), &place, &with(&[("body", "古い画面の文"), ("act", "publish")]));
        saved(&mut desk, &place, &with(&[("body", "先に保存"), ("act", "publish")])).await;
        let told = send(&mut desk, &place, &stale).await;
        assert!(told.is(422).has("この間に") && told.has("古い画面の文"), "{}", told.html);
        assert!(reader.get(&public).await.has("先に保存"));
        // What is wrong is said at its field; no individual number is kept or shown.
        let form = desk.get(&place).await;
        let bad = with(&[("title", ""), ("body", "番号 123456789018"), ("show_day", "2026-01-01"), ("act", "publish")]);
        let told = send(&mut desk, &place, &filled(&form, &place, &bad)).await;
        for say in ["題名を入れてください", "個人番号", "いまより後"] {
            assert!(told.is(422).has(say), "{say}: {}", told.html);
        }
        assert!(!told.has("123456789018"));
        saved(&mut desk, &place, &with(&[("body", "先に保存"), ("act", "withdraw")])).await;
        reader.get(&public).await.is(404);
        // Every version is still there.
        let versions = world.test.dump("portal_version").len();
        assert_eq!(versions, 6);
        assert!(desk.get(&format!("{place}/versions/1")).await.is(200).has("はじめの文"));
        desk.get(&format!("{place}/versions/99")).await.is(404);
        world.login("izumo").await.get(&place).await.is(404);
    });
}

#[test]
fn maintenance_is_told_to_people_calendars_and_programs() {
    on_both(USUAL, async |world| {
        let mut desk = world.login("unei").await;
        let mut reader = world.browser();
        let typed = [
            ("title", "定期メンテナンス"),
            ("effect", "すべての画面が、使えません。"),
            ("start_day", "2026年11月24日"),
            ("start_time", "21:00"),
            ("end_day", "令和8年11月25日"),
            ("end_time", "6:00"),
        ];
        let place = saved(&mut desk, "/operator/maintenance", &typed).await;
        assert_eq!(world.test.dump("portal_maintenance").len(), 1);
        assert!(reader.get("/portal/maintenance").await.is(200).has("2026年11月24日 21:00から 11月25日 6:00まで"));
        assert!(reader.get("/portal").await.is(200).has("メンテナンスのお知らせ"));
        let ics = reader.get("/portal/maintenance.ics").await;
        assert_eq!(ics.header("content-type"), "text/calendar; charset=utf-8");
        assert!(ics.has("DTSTART:20261124T120000Z\r\nDTEND:20261124T210000Z") && ics.has("SEQUENCE:0"), "{}", ics.html);
        // Cancelled: the calendars of others hear of it.
        let mut cancelled = typed.to_vec();
        cancelled.push(("cancelled", "1"));
        saved(&mut desk, &place, &cancelled).await;
        let ics = reader.get("/portal/maintenance.ics").await;
        assert!(ics.has("STATUS:CANCELLED") && ics.has("SEQUENCE:1"), "{}", ics.html);
        let json: serde_json::Value =
            serde_json::from_str(&reader.get("/portal/maintenance.json").await.is(200).html).unwrap();
        assert_eq!(json["maintenance"][0]["state"], "cancelled");
        assert!(!reader.get("/portal").await.has("メンテナンスのお知らせ"));
        let form = desk.get("/operator/maintenance").await;
        let wrong =
            [("title", ""), ("effect", "x"), ("start_day", "2026-11-24"), ("start_time", "9:00"), ("end_time", "8:00")];
        let told = send(&mut desk, "/operator/maintenance", &filled(&form, "/operator/maintenance", &wrong)).await;
        assert!(told.is(422).has("内容を入れてください") && told.has("始まりより後"), "{}", told.html);
    });
}

async fn import(desk: &mut Browser<'_>, csv: &str, dry_run: bool) -> Page {
    desk.get("/operator/readiness").await.is(200);
    let csrf = desk.csrf.clone();
    let mut fields = vec![("csrf", csrf.as_str())];
    if dry_run {
        fields.push(("dry_run", "1"));
    }
    desk.send_parts("/operator/readiness/import", &fields, &[("a.csv", csv.as_bytes())]).await
}

#[test]
fn readiness_is_published_by_file_by_hand_and_by_the_insurer_itself() {
    on_both(USUAL, async |world| {
        let mut desk = world.login("unei").await;
        let mut reader = world.browser();
        let head = "市町村コード,対応状況,開始日,共有する項目,備考\r\n";
        let bad =
            format!("{head}322041,dated,,,\r\n322024,いつか,,,\r\n999999,undecided,,,\r\n322041,undecided,,,\r\n");
        let told = import(&mut desk, &bad, false).await;
        for say in ["2行め　開始日", "3行め　対応状況", "4行め　市町村コード", "何も変えていません"]
        {
            assert!(told.is(422).has(say), "{say}: {}", told.html);
        }
        assert!(world.test.dump("readiness").is_empty());
        let good = format!("{head}322041,dated,令和9年4月1日,survey,準備中\r\n322024,adjusting,,,\r\n");
        assert!(import(&mut desk, &good, true).await.is(200).has("2市町村が変わります"));
        assert!(world.test.dump("readiness").is_empty(), "a dry run changes nothing");
        for _ in 0..2 {
            import(&mut desk, &good, false).await.moves_to("/operator/readiness?done=readiness-imported");
        }
        assert_eq!(world.test.dump("readiness_change").len(), 2, "the same file again changes nothing");
        // By hand.
        let page =
            saved_readiness(&mut desk, "/operator/readiness/322024", &[("state", "undecided"), ("note", "来年度")])
                .await;
        page.moves_to("/operator/readiness/322024?done=readiness-kept");
        assert_eq!(world.test.dump("readiness_change").len(), 3);
        assert!(desk.get("/operator/readiness?q=%E3%81%BE%E3%81%99%E3%81%A0").await.is(200).has("益田市"));
        // What everybody reads.
        let found = reader.get("/portal/readiness?q=%E3%81%BE%E3%81%99%E3%81%A0%E3%81%97").await;
        assert!(found.is(200).has("2027年4月1日から") && found.has("認定調査票"), "{}", found.html);
        let area = reader.get("/portal/readiness/32").await;
        assert!(area.is(200).has("浜田市") && area.has("2027年4月"));
        let one = reader.get("/portal/readiness/322024").await;
        assert!(one.is(200).has("来年度") && one.has("日程を調整中"), "with what was published before: {}", one.html);
        reader.get("/portal/readiness/77").await.is(404);
        reader.get("/portal/readiness/999999").await.is(404);
        let json = reader.get("/portal/readiness.json").await;
        let all: serde_json::Value = serde_json::from_str(&json.is(200).html).unwrap();
        let towns = all["municipalities"].as_array().unwrap();
        assert!(towns.len() > 1_741 && all["example"] == false);
        let masuda = towns.iter().find(|t| t["code"] == "322041").unwrap();
        assert_eq!((masuda["state"].as_str(), masuda["starts_on"].as_str()), (Some("dated"), Some("2027-04-01")));
        assert_eq!(json.header("cache-control"), "public, max-age=3600");
        assert_eq!(json.header("access-control-allow-origin"), "*");
        assert!(!json.header("etag").is_empty() && json.header("set-cookie").is_empty());
        // The published file goes in again as it is.
        let csv = reader.get("/portal/readiness.csv").await;
        let again = import(&mut desk, &csv.is(200).html.replace('\u{FEFF}', ""), true).await;
        assert!(again.is(200).has("1,744行を読みました") && again.has("2市町村は同じです"), "{}", again.html);
        assert!(
            reader.get("/portal/readiness/map.svg").await.is(200).header("content-type").starts_with("image/svg+xml")
        );
    });
}

async fn saved_readiness(desk: &mut Browser<'_>, path: &str, typed: &[(&str, &str)]) -> Page {
    let form = desk.get(path).await;
    let fields = filled(form.is(200), path, typed);
    send(desk, path, &fields).await.is(303);
    send(desk, path, &fields).await
}

#[test]
fn an_insurer_publishes_its_own_and_its_rule_counts() {
    on_both(USUAL, async |world| {
        let insurers = world.nation.insurers();
        let code = insurers[0].municipality_code.to_string();
        let mut admin = world.login("kaigoka").await;
        let typed = [("state", "adjusting"), ("note", "窓口へどうぞ")];
        saved_readiness(&mut admin, "/insurer/readiness", &typed)
            .await
            .moves_to("/insurer/readiness?done=readiness-kept");
        assert_eq!(world.test.dump("readiness_change").len(), 1, "two clicks are one");
        // It has started by its own rules: that is what counts, the note stays.
        let page = world.browser().get(&format!("/portal/readiness/{code}")).await;
        assert!(page.is(200).has("この基盤の設定") && page.has("窓口へどうぞ") && page.has("利用中"), "{}", page.html);
        assert!(world.browser().get("/portal/readiness").await.is(200).has(insurers[0].name));
        let mut clerk = world.login("shiyakusho").await;
        assert!(clerk.get("/insurer/readiness").await.is(200).has("管理者だけ"));
        clerk.post("/insurer/readiness", &typed).await.is(403);
        let wrong = admin.post("/insurer/readiness", &[("state", "dated"), ("note", "123456789018")]).await;
        assert!(wrong.is(422).has("開始日を入れて") && !wrong.has("123456789018"), "{}", wrong.html);
    });
}

/// Offices that send each other sets in the last month: by hand, because the figures ask for nothing else.
fn traffic(world: &World<'_>, pairs: &[(&str, &str, bool)]) {
    for (n, (from, to, fetched)) in pairs.iter().enumerate() {
        let (set, serial) = (format!("set{n}"), n.to_string());
        let row = [
            ("to_office_no", *to),
            ("set_id", &set),
            ("from_office_no", from),
            ("from_kind", "43"),
            ("to_kind", "11"),
            ("serial", &serial),
            ("unit", "u"),
            ("month", "2026-10"),
            ("digest", "d"),
            ("size", "1"),
            ("file_count", "1"),
            ("person_count", "1"),
            ("warning_count", "0"),
            ("state", "sent"),
            ("sent_at", "2026-10-05T00:00:00.000Z"),
            ("sent_by", "x"),
        ];
        let mut row: Vec<_> = row.into_iter().map(|(name, value)| (name, Some(value))).collect();
        row.push(("fetched_at", fetched.then_some("2026-10-06T00:00:00.000Z")));
        world.test.put("exchange_set", &row);
    }
}

#[test]
fn figures_are_counted_once_a_day_and_small_ones_stay_hidden() {
    on_both(USUAL, async |world| {
        let mut reader = world.browser();
        assert!(reader.get("/portal/usage").await.is(200).has("まだ集計していません"));
        let offices: Vec<String> = world.nation.offices().iter().map(|o| o.office_no.to_string()).collect();
        let unpublished: Vec<String> =
            world.nation.unpublished_offices().iter().map(|o| o.office_no.to_string()).collect();
        let mut unique: Vec<String> = offices.into_iter().filter(|no| !unpublished.contains(no)).collect();
        unique.sort();
        unique.dedup();
        assert!(unique.len() >= 8, "{} offices", unique.len());
        for no in &unique {
            let row = [
                ("office_no", no.as_str()),
                ("joined_at", "2026-09-01T00:00:00.000Z"),
                ("joined_by", "x"),
                ("last_active_at", "2026-09-01T00:00:00.000Z"),
            ];
            world.test.put("exchange_member", &row.map(|(name, value)| (name, Some(value))));
        }
        // One office exchanges with six others; one set does not arrive, one is of another month.
        let mut pairs: Vec<(&str, &str, bool)> =
            unique[1..7].iter().map(|to| (unique[0].as_str(), to.as_str(), true)).collect();
        pairs.push((unique[0].as_str(), unique[7].as_str(), false));
        traffic(world, &pairs);
        let ctx = world.ctx();
        let months = usage::work(&world.app, &ctx, "a").await.unwrap();
        assert_eq!(months, ["2026-10", "2026-09", "2026-08"]);
        assert!(usage::work(&world.app, &ctx, "a").await.unwrap().is_empty(), "once a day");
        let page = reader.get("/portal/usage").await;
        assert!(page.is(200).has("2026年10月") && page.has("<dt>やりとりした事業所</dt><dd>7"), "{}", page.html);
        let json: serde_json::Value =
            serde_json::from_str(&reader.get("/portal/usage.json").await.is(200).html).unwrap();
        let areas = json["areas"].as_array().unwrap();
        let nation = areas.iter().find(|a| a["area"] == "00").unwrap();
        assert_eq!(
            (nation["active"].as_i64(), nation["pairs"].as_i64(), nation["sent"].as_i64()),
            (Some(7), Some(6), Some(7))
        );
        assert!(nation["success_percent"].is_null(), "one set of seven would tell of itself");
        for area in areas {
            for figure in ["active", "pairs", "sent"] {
                assert!(area[figure].as_i64().is_none_or(|n| n == 0 || n >= 5), "{area}");
            }
        }
        let csv = reader.get("/portal/usage.csv").await;
        assert!(csv.is(200).has("全国"));
        for no in &unique {
            assert!(!csv.has(no) && !page.has(no), "no office is named");
        }
        let area = areas.iter().find(|a| a["area"].as_str().is_some_and(|a| a.len() == 2 && a != "00")).unwrap();
        let path = format!("/portal/usage/{}", area["area"].as_str().unwrap());
        reader.get(&path).await.is(200);
        reader.get("/portal/usage/32").await.is(200);
        reader.get("/portal/usage/00").await.is(404);
        reader.get("/portal/usage/map.svg").await.is(200);
        // The next day counts anew; another process that has the lease keeps us from it.
        world.wait_days(1);
        let ctx = world.ctx();
        assert_eq!(usage::work(&world.app, &ctx, "b").await.unwrap(), ["2026-10"]);
    });
}

#[test]
fn the_front_door_shows_the_portal_and_the_simulator_counts_as_published() {
    on_both(USUAL, async |world| {
        let mut reader = world.browser();
        reader.get("/").await.moves_to("/portal");
        let home = reader.get("/portal").await;
        assert!(home.is(200).has("href=\"/login\"") && !home.has("noindex"), "{}", home.html);
        let example = reader.get("/portal/simulator?preset=official").await;
        assert!(example.is(200).has("816,000円") && example.has("72,000円"), "{}", example.html);
        // The address of the outcome brings it again.
        let link = example.html.split("class=\"p-link\" href=\"").nth(1).unwrap().split('"').next().unwrap();
        let again = reader.get(&link.replace("&#38;", "&").replace("&amp;", "&")).await;
        assert!(again.is(200).has("816,000円"));
        // The kind of office stands in it, too.
        let service = reader.get("/portal/simulator?sort=service").await;
        let link = service.html.split("class=\"p-link\" href=\"").nth(1).unwrap().split('"').next().unwrap();
        let again = reader.get(&link.replace("&#38;", "&")).await;
        assert!(again.is(200).has("value=\"service\" checked"), "{}", again.html);
        let wrong = reader.get("/portal/simulator?wage=abc&joined=3&partners=40").await;
        assert!(wrong.is(422).has("「1時間あたりの人件費」は") && wrong.has("value=\"abc\""), "{}", wrong.html);
        let odd = reader.get("/portal/simulator?joined=50&partners=40").await;
        assert!(odd.is(422).has("の数までに"));
        for path in [
            "guide",
            "en",
            "for/office",
            "for/medical",
            "for/municipality",
            "for/person",
            "accessibility",
            "contact",
            "open-data",
            "faq",
            "magazine",
            "news",
            "search",
            "maintenance",
            "readiness",
            "usage",
            "simulator",
        ] {
            let page = reader.get(&format!("/portal/{path}")).await;
            assert!(page.is(200).header("set-cookie").is_empty(), "{path}");
            assert_eq!(page.header("cache-control"), "no-store", "{path}");
        }
        reader.get("/portal/for/nobody").await.is(404);
        assert!(reader.get("/portal/search?q=%3Cscript%3E").await.is(200).has("&#60;script&#62;"));
    });
}
