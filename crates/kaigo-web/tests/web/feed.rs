//! The feed through the browser: checked, published by a second word, stopped where records would hide, taken back.

use std::fs;
use std::path::Path;

use kaigo_core::code::Void;
use kaigo_core::for_each_record;
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_store::{insurer, load};
use kaigo_testkit::outside;

use crate::page::{Browser, Page};
use crate::world::{TOME, TOSHIKO, USUAL, Wish, World, on_both};

const FIRST: Wish = Wish { second_feed: false, ..USUAL };

/// The files of a feed of みなと川市, as a zip of its folder.
fn packed(world: &World<'_>, which: usize) -> Vec<u8> {
    let insurer_no = world.insurer(TOME);
    let plans: Vec<_> = world.nation.feeds().into_iter().filter(|plan| plan.insurer_no == insurer_no).collect();
    let folder = world.test.folder.join(format!("browser-{which}"));
    world.nation.write_feed(&folder, &plans[which], world.nation.range_of(insurer_no)).unwrap();
    zip(&folder)
}

fn zip(folder: &Path) -> Vec<u8> {
    let mut files = Vec::new();
    for (inner, name) in [(folder.to_owned(), "feed"), (folder.join("documents"), "feed/documents")] {
        for entry in fs::read_dir(inner).unwrap().flatten().filter(|entry| entry.path().is_file()) {
            let file = entry.file_name().to_string_lossy().into_owned();
            files.push((name, file, fs::read(entry.path()).unwrap()));
        }
    }
    kaigo_careplan::pack::pack(files.iter().map(|(folder, name, bytes)| (*folder, name.as_str(), bytes.as_slice())))
}

/// A feed of one file and its manifest.
fn small(world: &World<'_>, kind: &str, mode: &str, csv: &str) -> Vec<u8> {
    let (no, rows) = (world.insurer(TOME), csv.lines().count() - 1);
    let manifest = format!(
        r#"{{"format":"kaigo-feed/1","insurer_no":"{no}","insurer_name":"みなと川市","made_at":"2026-11-22T05:10:00+09:00","mode":"{mode}","files":[{{"name":"{kind}.csv","kind":"{kind}","rows":{rows}}}]}}"#
    );
    kaigo_careplan::pack::pack([
        ("", "manifest.json", manifest.as_bytes()),
        ("", &format!("{kind}.csv"), csv.as_bytes()),
    ])
}

/// Uploads a zip and looks at what came of it.
async fn check(clerk: &mut Browser<'_>, name: &str, bytes: &[u8]) -> (String, Page) {
    clerk.get("/insurer/feed").await.is(200);
    let moved = clerk.upload("/insurer/feed", &[(name, bytes)]).await;
    let place = moved.is(303).location().to_owned();
    let page = settled(clerk, &place).await;
    (place, page)
}

/// The page once its job has ended.
async fn settled(clerk: &mut Browser<'_>, place: &str) -> Page {
    for _ in 0..200 {
        let page = clerk.get(place).await;
        if !page.has("http-equiv=\"refresh\"") {
            return page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the job does not end");
}

async fn publish(clerk: &mut Browser<'_>, place: &str, page: &Page, more: &[(&str, &str)]) -> Page {
    let hidden = page.hidden(&format!("{place}/publish"));
    let digest = hidden.iter().find(|(name, _)| name == "digest").unwrap().1.clone();
    let mut fields = vec![("digest", digest.as_str())];
    fields.extend_from_slice(more);
    clerk.post(&format!("{place}/publish"), &fields).await
}

/// Everything that counts of みなと川市's records, as text.
fn current(world: &World<'_>) -> Vec<String> {
    let insurer_no = world.insurer(TOME);
    outside(|| {
        world
            .app
            .db
            .read_blocking(move |tx| {
                let grant = decide_act(&Caller::InsurerSystem { insurer_no }, Act::LoadRecords).unwrap();
                let published = insurer::find(tx, insurer_no)?.unwrap().published_load;
                let mut all = Vec::new();
                macro_rules! add {
                    ($kind:ty) => {
                        let rows = load::page::<$kind>(tx, &grant, "", published, 100_000)?;
                        let mut last = None;
                        for row in rows {
                            let segment = (row.common.insured_no, row.common.record_no);
                            if last != Some(segment) && row.common.void == Void::Valid {
                                all.push(format!("{segment:?} {:?}", row.record));
                            }
                            last = Some(segment);
                        }
                    };
                }
                for_each_record!(add);
                Ok::<_, kaigo_store::db::Error>(all)
            })
            .unwrap()
    })
}

fn published(world: &World<'_>) -> usize {
    world.test.dump("feed_load").iter().filter(|row| row.contains("|published|")).count()
}

#[test]
fn a_feed_is_checked_first_and_published_by_a_second_word() {
    on_both(FIRST, async |world| {
        let mut clerk = world.login("shiyakusho").await;
        let (before, loads) = (current(world), published(world));
        let feed = packed(world, 1);
        let (place, page) = check(&mut clerk, "feed.zip", &feed).await;
        assert!(page.is(200).has("取り込めます") && page.has("まだ取り込んでいません"), "{}", page.html);
        assert_eq!((current(world), published(world)), (before.clone(), loads), "checking changes nothing");
        // The same files again are the same upload.
        let again = clerk.upload("/insurer/feed", &[("feed.zip", &feed)]).await;
        again.moves_to(&place);
        let done = publish(&mut clerk, &place, &page, &[]).await;
        done.moves_to(&place);
        let after = settled(&mut clerk, &place).await;
        assert!(after.has("取り込みました") && after.has("市川"), "{}", after.html);
        assert_eq!(published(world), loads + 1);
        assert_ne!(current(world), before);
        // Sent twice, it is published once.
        publish(&mut clerk, &place, &page, &[]).await.moves_to(&place);
        assert_eq!(published(world), loads + 1);
        let history = clerk.get("/insurer/feed/loads").await;
        assert!(history.is(200).has("市川") && history.has("差分"));
        let home = clerk.get("/insurer/feed").await;
        assert!(home.has("届いています") && home.has("きょう"), "{}", home.html);
        // Nothing lies about in the scratch folder.
        let scratch = world.app.objects.scratch();
        assert_eq!(fs::read_dir(scratch).unwrap().count(), 0);
    });
}

#[test]
fn what_is_wrong_is_named_by_file_row_and_item() {
    on_both(FIRST, async |world| {
        let mut clerk = world.login("shiyakusho").await;
        let before = current(world);
        let csv = "insured_no,record_no,history_no,void,name,name_kana,born_on,sex,address,issued_on\n\
                   9900000123,1,9,0,久城 トメ,クシロ トメ,昭和99年1月1日,2,みなと川市,\n";
        let (place, page) = check(&mut clerk, "bad.zip", &small(world, "insured_person", "delta", csv)).await;
        assert!(page.is(200).has("エラーがあります") && page.has("insured_person.csv 2行め"), "{}", page.html);
        assert!(page.has("生年月日") && !page.has("/publish\""), "{}", page.html);
        let csv = clerk.get(&format!("{place}/report.csv")).await;
        assert!(csv.is(200).bytes.starts_with(b"\xEF\xBB\xBF") && csv.has("cell-date"));
        assert!(clerk.get(&format!("{place}/report.json")).await.is(200).has("\"cell-date\""));
        assert!(clerk.get(&format!("{place}?severity=note")).await.has("（0件）"));
        // Somebody else's feed, no manifest, no zip, no file.
        let other = packed(world, 0);
        let mut neighbour = world.login("yamanoha-yakuba").await;
        let (_, page) = check(&mut neighbour, "feed.zip", &other).await;
        assert!(page.has("この保険者のものではありません"), "{}", page.html);
        neighbour.get(&place).await.is(404);
        let (_, page) = check(&mut clerk, "x.csv", b"a,b\n1,2\n").await;
        assert!(page.has("manifest.json がありません"));
        let (_, page) = check(&mut clerk, "x.zip", b"PK\x03\x04 broken").await;
        assert!(page.has("zip として開けません"));
        clerk.get("/insurer/feed").await;
        assert!(clerk.upload("/insurer/feed", &[]).await.is(422).has("選ばれていません"));
        assert_eq!(current(world), before);
        world.login("izumo").await.get("/insurer/feed").await.is(404);
    });
}

#[test]
fn a_load_that_hides_records_asks_an_administrator_for_the_number() {
    on_both(FIRST, async |world| {
        let mut clerk = world.login("shiyakusho").await;
        let before = current(world);
        let csv = "insured_no,record_no,history_no,void,kind,valid_from,valid_until,units,service_kinds\n";
        let (place, page) = check(&mut clerk, "cut.zip", &small(world, "benefit_limit", "full", csv)).await;
        assert!(page.is(200).has("消える記録が多すぎます") || page.has("エラー"), "{}", page.html);
        assert!(page.has("管理者だけ") && !page.has("/publish\""), "{}", page.html);
        let digest = page.html.split("<dt class=\"dads-description-list__term\">確認の記号").nth(1).unwrap();
        let digest = digest.split(|c: char| !c.is_ascii_hexdigit()).find(|word| word.len() == 64).unwrap().to_owned();
        let fields = [("digest", digest.as_str()), ("number", "1")];
        clerk.post(&format!("{place}/publish"), &fields).await.is(403);
        let mut admin = world.login("kaigoka").await;
        let page = admin.get(&place).await;
        let number = page.html.split("件数 ").nth(1).unwrap().split(' ').next().unwrap().replace(',', "");
        let wrong = publish(&mut admin, &place, &page, &[("number", "7777")]).await;
        assert!(wrong.is(422).has("同じ数字で") && wrong.has("value=\"7777\""), "{}", wrong.html);
        publish(&mut admin, &place, &page, &[]).await.is(422);
        assert_eq!(current(world), before);
        publish(&mut admin, &place, &page, &[("number", &number)]).await.moves_to(&place);
        assert!(settled(&mut admin, &place).await.has("取り込みました"));
        assert_ne!(current(world), before);
        // Taken back, everything is as it was.
        let form = admin.get("/insurer/feed/undo").await;
        let hidden = form.is(200).hidden("/insurer/feed/undo");
        let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        admin.post("/insurer/feed/undo", &fields).await.is(422);
        assert_ne!(current(world), before);
        fields.push(("reason", "途中で切れたファイルでした"));
        let done = admin.post("/insurer/feed/undo", &fields).await;
        let place = done.is(303).location().to_owned();
        assert!(place.contains("/insurer/feed/loads/"));
        assert_eq!(current(world), before);
        assert!(admin.get(&place).await.has("とりけされました"));
        // The same form again changes nothing.
        admin.post("/insurer/feed/undo", &fields).await.moves_to(&place);
        assert_eq!(current(world), before);
        world.login("shiyakusho").await.get("/insurer/feed/undo").await.is(403);
    });
}

/// The shares that a page of certificates shows: 1割, 2割 …
fn shares(page: &Page) -> Vec<char> {
    let marks: Vec<char> = page.html.chars().collect();
    marks.windows(2).filter(|pair| pair[1] == '割').map(|pair| pair[0]).filter(char::is_ascii_digit).collect()
}

#[test]
fn after_an_undo_every_record_is_as_before_and_the_feed_can_come_again() {
    on_both(FIRST, async |world| {
        let mut office = world.login("izumo").await;
        let tab = format!("/people/{}/certificates", world.charge("izumo", TOSHIKO));
        let (before, shown) = (current(world), shares(&office.get(&tab).await));
        let mut admin = world.login("kaigoka").await;
        let feed = packed(world, 1);
        let (place, page) = check(&mut admin, "feed.zip", &feed).await;
        publish(&mut admin, &place, &page, &[]).await.is(303);
        settled(&mut admin, &place).await;
        let second = current(world);
        assert_ne!(second, before);
        let form = admin.get("/insurer/feed/undo").await;
        let hidden = form.hidden("/insurer/feed/undo");
        let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        fields.push(("reason", "前の日のファイルでした"));
        admin.post("/insurer/feed/undo", &fields).await.is(303);
        assert_eq!(current(world), before, "what was seen before is seen again");
        let again = shares(&office.get(&tab).await);
        assert!(!shown.is_empty() && again.starts_with(&shown[..1]), "{shown:?} {again:?}");
        // Nothing was deleted, and the same files are a new upload that changes the same records.
        let (other, page) = check(&mut admin, "feed.zip", &feed).await;
        assert!(other != place && page.has("取り込めます"), "{}", page.html);
        publish(&mut admin, &other, &page, &[]).await.is(303);
        settled(&mut admin, &other).await;
        assert_eq!(current(world), second);
    });
}
