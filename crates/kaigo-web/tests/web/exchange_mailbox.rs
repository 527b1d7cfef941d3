//! Receiving: what came is seen, fetched byte for byte, marked; both offices see where it stands; taking back, before and after.

use kaigo_app::exchange::receipt;
use kaigo_careplan::batch::InFile;
use kaigo_careplan::kind::Unit;
use kaigo_careplan::pack::{Bounds, unpack};

use crate::exchange_world::{LATER, SERIAL, acts, files, first_person, join, sent};
use crate::page::Page;
use crate::world::{USUAL, on_both};

/// The files in a downloaded archive.
fn unpacked(page: &Page) -> Vec<InFile> {
    assert_eq!(page.header("content-type"), "application/zip", "{}", page.html);
    assert!(page.header("content-disposition").starts_with("attachment; filename*=UTF-8''"));
    let archive = InFile { name: "x.zip".to_owned(), bytes: page.bytes.clone() };
    let bounds = Bounds { file_bytes: 1 << 20, all_bytes: 8 << 20, files: 100 };
    let mut files = unpack(vec![archive], bounds).unwrap();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

fn sorted(mut files: Vec<InFile>) -> Vec<InFile> {
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

#[test]
fn what_came_is_seen_fetched_and_marked_and_both_ends_know() {
    on_both(USUAL, async |world| {
        join(world).await;
        let own = files(world, "izumo", "hamanasu", Unit::Usage, SERIAL);
        let set = sent(world, "izumo", own.clone()).await;
        let (here, zip) = (format!("/exchange/sets/{set}"), format!("/exchange/sets/{set}/fetch"));
        let mut sender = world.login("izumo").await;
        let mut receiver = world.login("hamanasu").await;

        // News at the door, unread in the list, one look does not mark it.
        let home = receiver.get("/").await;
        assert!(home.has(&here) && home.has("居宅介護支援事業所 みなと から"), "{}", home.html);
        assert!(receiver.get("/exchange").await.is(200).has("まだ受け取っていないもの 1件"));
        let inbox = receiver.get("/exchange/inbox").await;
        assert!(inbox.is(200).has("未読") && inbox.has("居宅介護支援事業所 みなと"), "{}", inbox.html);
        let page = receiver.get(&here).await;
        for text in ["ファイルを受け取る", SERIAL, "UPPLAN_", "SHA-256", &format!("{here}/people/0")] {
            assert!(page.is(200).has(text), "{text}: {}", page.html);
        }
        assert!(receiver.get("/exchange/inbox").await.has("未読"));
        assert!(
            sender.get(&here).await.is(200).has("取り下げる") && !sender.get(&here).await.has("ファイルを受け取る")
        );

        // Fetched: the bytes as they were sent; again, too.
        world.wait_minutes(5);
        for _ in 0..2 {
            let archive = receiver.post(&zip, &[]).await;
            assert_eq!(unpacked(archive.is(200)), sorted(own.clone()));
        }
        assert!(!receiver.get("/").await.has(&here), "it is no news any more");
        for (browser, list) in [(&mut receiver, "/exchange/inbox"), (&mut sender, "/exchange/sent")] {
            assert!(browser.get(list).await.has("受信済"), "{list}");
            assert!(browser.get(&here).await.has("受け取りました"));
        }
        assert!(!sender.get(&here).await.has(&format!("{here}/recall")), "too late to recall");
        sender.get(&format!("{here}/recall")).await.is(409);
        sender.post(&format!("{here}/recall"), &[]).await.is(409);

        // Imported, once.
        for _ in 0..2 {
            receiver.post(&format!("{here}/imported"), &[]).await.moves_to(&format!("{here}?done=imported"));
        }
        assert!(sender.get("/exchange/sent").await.has("取込済"));
        assert!(receiver.get("/exchange/inbox?state=imported").await.has(&here));
        assert!(!receiver.get("/exchange/inbox?state=sent").await.has(&here));

        let log = world.log_of(&first_person(&own)).await;
        let fetched = acts(&log).iter().filter(|act| **act == ("fetch-set", "done")).count();
        assert_eq!(fetched, 2, "each fetch is in the person's log: {log:?}");
    });
}

#[test]
fn new_ones_come_in_one_archive_with_a_folder_for_each() {
    on_both(USUAL, async |world| {
        join(world).await;
        let (first, second) = (
            files(world, "izumo", "hamanasu", Unit::Usage, SERIAL),
            files(world, "izumo", "hamanasu", Unit::CarePlan, LATER),
        );
        let first_id = sent(world, "izumo", first.clone()).await;
        sent(world, "izumo", second.clone()).await;
        let mut receiver = world.login("hamanasu").await;
        let page = receiver.get("/exchange/inbox").await;
        assert!(page.is(200).has("新しいもの 2件を全部受け取る"), "{}", page.html);
        let none = receiver.post("/exchange/inbox", &[]).await;
        assert!(none.is(422).has("1つ以上選んでください"), "{}", none.html);
        let one = receiver.post("/exchange/inbox", &[(&format!("set-{first_id}"), "yes")]).await;
        assert_eq!(unpacked(one.is(200)), sorted(first));
        let rest = receiver.post("/exchange/inbox", &[("all", "new")]).await;
        assert_eq!(unpacked(rest.is(200)), sorted(second));
        let names = String::from_utf8_lossy(&rest.bytes).into_owned();
        assert!(
            names.contains(&format!("{}_{LATER}_care-plan/UP1KYO_", world.office("izumo"))),
            "a folder for the set"
        );
        // Nothing new is left.
        let page = receiver.post("/exchange/inbox", &[("all", "new")]).await;
        assert!(page.is(409).has("新しく受け取るものは、もうありません"), "{}", page.html);
    });
}

#[test]
fn what_was_not_fetched_can_be_taken_back_and_is_gone() {
    on_both(USUAL, async |world| {
        join(world).await;
        let own = files(world, "izumo", "hamanasu", Unit::Usage, SERIAL);
        let set = sent(world, "izumo", own).await;
        let here = format!("/exchange/sets/{set}");
        world.wait_days(4);
        let mut sender = world.login("izumo").await;
        let mut receiver = world.login("hamanasu").await;
        assert!(sender.get("/exchange/sent").await.has("3日たっても受け取られていません"));
        assert!(sender.get("/exchange").await.has(&here), "the partner may be asked");
        let page = sender.get(&format!("{here}/recall")).await;
        assert!(page.is(200).has("取り下げますか") && page.has("訪問介護 はまなす"));
        receiver.get(&format!("{here}/recall")).await.is(404);
        receiver.post(&format!("{here}/recall"), &[]).await.is(404);
        sender.post(&format!("{here}/recall"), &[]).await.moves_to(&format!("{here}?done=recalled"));
        assert!(sender.get(&here).await.is(200).has("取下げ"));
        assert!(!receiver.get("/exchange/inbox").await.has(&here));
        for path in [here.clone(), format!("{here}/receipt")] {
            receiver.get(&path).await.is(404);
        }
        receiver.post(&format!("{here}/fetch"), &[]).await.is(404);
        receiver.post(&format!("{here}/imported"), &[]).await.is(404);
    });
}

#[test]
fn what_was_fetched_is_withdrawn_by_a_deletion() {
    on_both(USUAL, async |world| {
        join(world).await;
        let own = files(world, "izumo", "hamanasu", Unit::Usage, SERIAL);
        let set = sent(world, "izumo", own).await;
        let here = format!("/exchange/sets/{set}");
        let mut sender = world.login("izumo").await;
        let mut receiver = world.login("hamanasu").await;
        receiver.post(&format!("{here}/fetch"), &[]).await.is(200);
        receiver.get(&format!("{here}/withdraw")).await.is(404);
        let page = sender.get(&format!("{here}/withdraw")).await;
        assert!(page.is(200).has("削除ファイル") && page.has("電話"), "{}", page.html);
        world.wait_minutes(1);
        let page = sender.post(&format!("{here}/withdraw"), &[]).await;
        let deletion = page.is(303).location().to_owned();
        assert!(deletion.starts_with("/exchange/sets/") && !deletion.contains(&set), "{deletion}");
        assert!(sender.get(&deletion).await.is(200).has("予定の取消"));
        for browser in [&mut sender, &mut receiver] {
            assert!(browser.get(&here).await.is(200).has("取消済み"));
        }
        let inbox = receiver.get("/exchange/inbox").await;
        assert!(inbox.has("予定の取消"), "{}", inbox.html);
        let archive = receiver.post(&format!("{}/fetch", deletion.split('?').next().unwrap()), &[]).await;
        assert!(unpacked(archive.is(200))[0].name.starts_with("DLTPLAN_"));
    });
}

#[test]
fn a_receipt_is_printed_and_verified() {
    on_both(USUAL, async |world| {
        join(world).await;
        let own = files(world, "izumo", "hamanasu", Unit::Usage, SERIAL);
        let set = sent(world, "izumo", own.clone()).await;
        for login in ["izumo", "hamanasu"] {
            let mut office = world.login(login).await;
            let page = office.get(&format!("/exchange/sets/{set}/receipt")).await;
            for text in ["送信証明", "居宅介護支援事業所 みなと", "訪問介護 はまなす", SERIAL, "Ed25519"]
            {
                assert!(page.is(200).has(text), "{login} {text}: {}", page.html);
            }
            let file = office.get(&format!("/exchange/sets/{set}/receipt.json")).await;
            assert_eq!(file.is(200).header("content-type"), "application/json");
            let stated = receipt::verify(&file.html, Some(&world.app.keys.seal_public())).unwrap();
            assert_eq!((stated.set_id.as_str(), stated.files.len()), (set.as_str(), own.len()));
            for (stated, file) in stated.files.iter().zip(&own) {
                assert!(page.has(&stated.sha256), "{}", stated.name);
                assert!(own.iter().any(|own| receipt::verify_file(stated, &own.bytes).is_ok()), "{}", file.name);
            }
        }
    });
}

#[test]
fn a_newer_set_replaces_the_older_and_both_say_so() {
    on_both(USUAL, async |world| {
        join(world).await;
        let first = sent(world, "izumo", files(world, "izumo", "hamanasu", Unit::Usage, SERIAL)).await;
        let second = sent(world, "izumo", files(world, "izumo", "hamanasu", Unit::Usage, LATER)).await;
        let mut receiver = world.login("hamanasu").await;
        let (old, new) = (
            receiver.get(&format!("/exchange/sets/{first}")).await,
            receiver.get(&format!("/exchange/sets/{second}")).await,
        );
        assert!(old.is(200).has("置き換え済み") && old.has(&format!("/exchange/sets/{second}")), "{}", old.html);
        assert!(!new.is(200).has("置き換え済み") && new.has("最新") && new.has(&format!("/exchange/sets/{first}")));
    });
}
