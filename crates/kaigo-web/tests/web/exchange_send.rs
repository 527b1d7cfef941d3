//! Sending: a heap of files becomes sets for each receiver, is confirmed once, and goes out once.

use kaigo_careplan::kind::Unit;

use crate::exchange_world::{LATER, SERIAL, acts, files, first_person, join, parts};
use crate::world::{USUAL, on_both};

#[test]
fn a_folder_is_sorted_confirmed_and_sent_once() {
    on_both(USUAL, async |world| {
        join(world).await;
        let mut office = world.login("izumo").await;
        let form = office.get("/exchange/send").await;
        assert!(form.is(200).has("enctype=\"multipart/form-data\"") && form.has("20MB") && form.has("200MB"));
        let own = files(world, "izumo", "hamanasu", Unit::Usage, SERIAL);
        let mut heap = parts(&own);
        heap.push(("2026/11月/メモ.txt", b"memo"));
        let draft = office.upload("/exchange/send", &heap).await.is(303).location().to_owned();
        assert!(draft.starts_with("/exchange/drafts/"), "{draft}");
        // The same files once more, in another order: the same draft.
        heap.reverse();
        assert_eq!(office.upload("/exchange/send", &heap).await.location(), draft);

        let page = office.get(&draft).await;
        for text in ["訪問介護 はまなす", "予定（第6・7表）", SERIAL, "メモ.txt", "1事業所に送る"]
        {
            assert!(page.is(200).has(text), "{text}: {}", page.html);
        }
        assert!(!page.has("11月/"), "folders are no part of a name");
        assert!(office.get("/exchange/send").await.has(&draft), "what waits stands where files come in");
        let whole = office.get(&format!("{draft}/sets/0")).await;
        assert!(whole.is(200).has("UPPLAN_") && whole.has("UPSIKYU_") && whole.has("UPHOSOKU_"));
        office.get(&format!("{draft}/sets/1")).await.is(404);

        let confirm = office.get(&format!("{draft}/confirm")).await;
        assert!(confirm.is(200).has("name=\"set-0\"") && confirm.has("この内容で送る"), "{}", confirm.html);
        let none = office.post(&format!("{draft}/send"), &[]).await;
        assert!(none.is(422).has("1つ以上選んでください") && none.has("set-0-error"));
        for _ in 0..2 {
            // A double click sends nothing twice.
            let moved = office.post(&format!("{draft}/send"), &[("set-0", "yes")]).await;
            moved.moves_to(&format!("{draft}?done=set-sent"));
        }
        let page = office.get(&draft).await;
        assert!(page.is(200).has("送った結果") && page.has("/receipt\""), "{}", page.html);
        let set = set_of(&page.html);
        office.get(&format!("/exchange/sets/{set}")).await.is(200);
        let sent = office.get("/exchange/sent").await;
        assert_eq!(sent.html.matches("/exchange/sets/").count(), 1, "{}", sent.html);
        let inbox = world.login("hamanasu").await.get("/exchange/inbox").await;
        assert_eq!(inbox.html.matches("href=\"/exchange/sets/").count(), 1, "{}", inbox.html);
        let told = world.login("hamanasu").await.get("/notices?topic=plan-received").await;
        assert_eq!(told.is(200).html.matches("みなとから").count(), 1, "{}", told.html);
        // Each person of the set finds the sending in their own log.
        let log = world.log_of(&first_person(&own)).await;
        assert_eq!(acts(&log).iter().filter(|act| **act == ("send-set", "done")).count(), 1, "{log:?}");
        // The same files once more are known as sent.
        let again = office.upload("/exchange/send", &parts(&own)).await.is(303).location().to_owned();
        assert!(office.get(&again).await.has("もう送りました"));
        office.get(&format!("{again}/confirm")).await.is(200);
    });
}

/// The first set that a page leads to.
fn set_of(html: &str) -> String {
    html.split("/exchange/sets/").nth(1).unwrap().split(['"', '/', '?']).next().unwrap().to_owned()
}

#[test]
fn what_cannot_be_sent_says_why_and_what_to_do() {
    on_both(USUAL, async |world| {
        join(world).await;
        let mut office = world.login("izumo").await;
        office.get("/exchange/send").await;
        let page = office.upload("/exchange/send", &[]).await;
        assert!(page.is(422).has("ファイルが選ばれていません") && page.has("<title>エラー："), "{}", page.html);
        // A field in which nothing was chosen.
        assert!(office.upload("/exchange/send", &[("", b"")]).await.is(422).has("ファイルが選ばれていません"));
        // A form without files, and one that breaks off.
        office.post("/exchange/send", &[]).await.is(422);
        let token = office.csrf.clone();
        let head = "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n";
        let cut = format!(
            "{head}{token}\r\n--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.CSV\"\r\n\r\nabc"
        );
        let page = office.raw("/exchange/send", "multipart/form-data; boundary=x", cut.into_bytes()).await;
        assert!(page.is(422).has("途中で切れた"), "{}", page.html);
        for kind in ["multipart/form-data", "multipart/form-data; boundary=y", "text/plain"] {
            let page = office.raw("/exchange/send", kind, b"--x\r\n\r\nabc".to_vec()).await;
            assert!([401, 422].contains(&page.status), "{kind}: {}", page.html);
        }

        // Files for another sender, for oneself, for somebody who does not take part.
        let own = files(world, "izumo", "hamanasu", Unit::Usage, SERIAL);
        let (me, they) = (world.office("izumo").to_string(), world.office("hamanasu").to_string());
        let renamed = |from: &str, to: &str| {
            let ends = |name: &str| name.replace(&me, "①").replace(&they, "②").replace('①', from).replace('②', to);
            own.iter().map(|f| (ends(&f.name), f.bytes.clone())).collect::<Vec<_>>()
        };
        let stranger = world.office("umineko").to_string();
        let cases = [
            (renamed(&they, &me), "送信元がちがいます"),
            (renamed(&me, &me), "同じ事業所です"),
            (renamed(&me, &stranger), "登録なし"),
        ];
        for (files, word) in cases {
            let parts: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), &bytes[..])).collect();
            let draft = office.upload("/exchange/send", &parts).await.is(303).location().to_owned();
            let page = office.get(&draft).await;
            assert!(page.is(200).has(word) && page.has("いま送れるものはありません"), "{word}: {}", page.html);
            office.post(&format!("{draft}/send"), &[("set-0", "yes")]).await;
            assert!(!office.get("/exchange/sent").await.has("/exchange/sets/"), "{word}: nothing went out");
        }

        // An upload that is put away is sent no more.
        let draft = office.upload("/exchange/send", &parts(&own)).await.is(303).location().to_owned();
        office.post(&format!("{draft}/discard"), &[]).await.moves_to(&format!("{draft}?done=discarded"));
        assert!(office.get(&draft).await.has("取り消しました"));
        office.post(&format!("{draft}/send"), &[("set-0", "yes")]).await;
        assert!(!office.get("/exchange/sent").await.has("/exchange/sets/"));
    });
}

#[test]
fn an_individual_number_in_a_file_or_its_name_comes_no_further() {
    on_both(USUAL, async |world| {
        join(world).await;
        let mut office = world.login("izumo").await;
        office.get("/exchange/send").await;
        let mut own = files(world, "izumo", "hamanasu", Unit::Usage, LATER);
        let number = first_person(&own);
        let table = own.iter_mut().find(|file| file.name.starts_with("UPHOSOKU")).unwrap();
        let place = table.bytes.windows(10).position(|part| part == number.as_bytes()).unwrap();
        table.bytes.splice(place..place + 10, *b"123456789018");
        let before = world.test.tables().iter().map(|table| world.test.dump(table).len()).collect::<Vec<_>>();
        let page = office.upload("/exchange/send", &parts(&own)).await;
        assert!(page.is(422).has("個人番号") && page.has("UPHOSOKU") && !page.has("123456789018"), "{}", page.html);
        let page = office.upload("/exchange/send", &[("1234-5678-9018.pdf", b"%PDF-1.7\n%%EOF\n")]).await;
        assert!(page.is(422).has("個人番号"), "{}", page.html);
        let after = world.test.tables().iter().map(|table| world.test.dump(table).len()).collect::<Vec<_>>();
        assert_eq!(before, after, "nothing was kept");
    });
}

#[test]
fn too_much_at_once_is_told_as_such() {
    on_both(USUAL, async |world| {
        join(world).await;
        let mut office = world.login("izumo").await;
        office.get("/exchange/send").await;
        let half = vec![b'x'; 101 << 20];
        let page = office.upload("/exchange/send", &[("a.bin", &half), ("b.bin", &half)]).await;
        assert!(page.is(413).has("200MB") && page.has("分けて"), "{}", page.html);
        let page = office.upload("/exchange/send", &[("a.CSV", &half[..21 << 20])]).await;
        assert!(page.is(422).has("a.CSV"), "{}", page.html);
    });
}
