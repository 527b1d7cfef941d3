//! 主治医意見書: the municipality asks, the doctor writes and submits, it comes back and is taken; strangers find nothing.

use crate::page::{Browser, Page};
use crate::world::{TOME, USUAL, World, on_both};

/// Answers with which nothing is wrong, as the form sends them. The days are those of the tests.
pub(crate) const GOOD: &[(&str, &str)] = &[
    ("f-0-0", "2026-11-22"),
    ("f-0-5", "海辺 一郎"),
    ("f-0-1", "令和8年11月10日"),
    ("f-0-2", "2"),
    ("f-0-3", "2"),
    ("f-1-1-1", "アルツハイマー型認知症"),
    ("f-1-1-1d", "平成30年4月頃"),
    ("f-1-2", "1"),
    ("f-1-3", "外来で内服を続けている。"),
    ("f-3-1-1", "4"),
    ("f-3-1-2", "3"),
    ("f-3-2-1", "2"),
    ("f-3-2-2", "2"),
    ("f-3-2-3", "1"),
    ("f-3-3-1", "1"),
    ("f-3-3-2.3", "1"),
    ("f-3-4-1", "2"),
    ("f-3-5-1w", "46.5"),
    ("f-4-1-1", "2"),
    ("f-4-1-2", "1"),
    ("f-4-1-3.2", "1"),
    ("f-4-2-1", "1"),
    ("f-4-2-2", "1"),
    ("f-4-3.2", "1"),
    ("f-4-3p", "手すりと歩行器で見守る。"),
    ("f-4-4", "1"),
    ("f-4-7", "2"),
    ("f-5", "独居。夜間の見守りが要る。"),
];

/// The place of 久城 トメ's application in the municipality's pages.
fn case(world: &World<'_>, no: &str) -> String {
    let person = kaigo_core::id::InsuredNo::parse(no).unwrap();
    format!("/insurer/cases/{}/1/opinion", world.app.keys.person_ref(world.insurer(no), person))
}

fn institution(world: &World<'_>, own: bool) -> String {
    let umibe = world.nation.accounts().iter().find(|a| a.login == "umibe").and_then(|a| a.institution_no).unwrap();
    let all = world.nation.institutions();
    all.iter().find(|i| (i.institution_no == umibe) == own).unwrap().institution_no.to_string()
}

/// The clerk asks; answers the request's identifier.
async fn ask(world: &World<'_>, clerk: &mut Browser<'_>, own: bool) -> String {
    let at = case(world, TOME);
    let page = clerk.get(&at).await;
    let key = page.is(200).hidden(&at).into_iter().find(|(name, _)| name == "submit_key").unwrap().1;
    let to = institution(world, own);
    let fields = [
        ("submit_key", key.as_str()),
        ("institution", &to),
        ("physician", "海辺 一郎"),
        ("count_kind", "again"),
        ("place_kind", "home"),
        ("due_on", "令和8年12月5日"),
        ("note", "夜間の様子を書いてください。"),
        ("with_previous", "1"),
    ];
    let first = clerk.post(&at, &fields).await;
    let there = first.is(303).location().to_owned();
    // A nervous second press makes no second request.
    clerk.post(&at, &fields).await.moves_to(&there);
    let id = there.strip_prefix("/insurer/opinions/").unwrap().split('?').next().unwrap().to_owned();
    assert!(clerk.get(&there).await.is(200).has("意見書を依頼しました"));
    id
}

/// The doctor types and goes on; answers what came.
async fn write(doctor: &mut Browser<'_>, r: &str, act: &str, changed: &[(&str, &str)]) -> Page {
    let at = format!("/medical/requests/{r}/form");
    let page = doctor.get(&at).await;
    let revision = page.is(200).hidden(&at).into_iter().find(|(name, _)| name == "revision").unwrap().1;
    let mut fields: Vec<(&str, &str)> =
        GOOD.iter().copied().filter(|(name, _)| !changed.iter().any(|(c, _)| c == name)).collect();
    fields.extend(changed);
    fields.extend([("revision", revision.as_str()), ("act", act)]);
    doctor.post(&at, &fields).await
}

/// Submits from the page of the look; answers the receipt's address.
async fn submit(doctor: &mut Browser<'_>, r: &str) -> String {
    let page = doctor.get(&format!("/medical/requests/{r}/check")).await;
    let at = format!("/medical/requests/{r}/submit");
    let hidden = page.is(200).hidden(&at);
    let fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let first = doctor.post(&at, &fields).await;
    let there = first.is(303).location().to_owned();
    assert!(there.contains("/receipt?place="), "{there}");
    doctor.post(&at, &fields).await.moves_to(&there);
    there
}

#[test]
fn an_opinion_goes_its_way_from_the_request_to_the_record() {
    on_both(USUAL, async |world| {
        let mut clerk = world.login("shiyakusho").await;
        let r = ask(world, &mut clerk, true).await;
        let mut doctor = world.login("umibe").await;
        let list = doctor.get("/medical").await;
        assert!(list.is(200).has("久城 トメ") && list.has("12月5日") && list.has("継続・在宅"), "{}", list.html);
        let page = doctor.get(&format!("/medical/requests/{r}")).await;
        assert!(page.is(200).has("夜間の様子を書いてください。") && page.has("意見書を書く"));

        // What is missing stands on the page of the look, and nothing is submitted.
        write(&mut doctor, &r, "check", &[("f-3-1-2", ""), ("f-1-2", "2")])
            .await
            .moves_to(&format!("/medical/requests/{r}/check"));
        let page = doctor.get(&format!("/medical/requests/{r}/check")).await;
        assert!(
            page.has("opinion-required") && page.has("opinion-detail") && !page.has("この内容で提出する"),
            "{}",
            page.html
        );
        write(&mut doctor, &r, "save", &[]).await.moves_to(&format!("/medical/requests/{r}/form?done=draft-saved"));
        let page = doctor.get(&format!("/medical/requests/{r}/check")).await;
        assert!(page.has("気になるところはありません") && page.has("アルツハイマー型認知症"), "{}", page.html);

        let there = submit(&mut doctor, &r).await;
        let receipt = doctor.get(&there).await;
        assert!(receipt.is(200).has("OP-") && receipt.has("SHA-256") && receipt.has("みなと川市"), "{}", receipt.html);
        let again = doctor.get(&format!("/medical/requests/{r}/form")).await;
        again.moves_to(&format!("/medical/requests/{r}"));

        // The municipality reads it, sends it back without a reason in vain, then with one.
        let at = format!("/insurer/opinions/{r}");
        let page = clerk.get(&at).await;
        assert!(page.is(200).has("独居。夜間の見守りが要る。") && page.has("受理する"), "{}", page.html);
        let refused = clerk.post(&format!("{at}/return"), &[("place", "1"), ("reason", " ")]).await;
        assert!(refused.is(422).has("reason-error"));
        let reason = "夜間の状態を、くわしく書いてください。";
        for _ in 0..2 {
            clerk
                .post(&format!("{at}/return"), &[("place", "1"), ("reason", reason)])
                .await
                .moves_to(&format!("{at}?done=opinion-returned"));
        }
        // What was sent back cannot be taken.
        clerk.post(&format!("{at}/accept"), &[("place", "1")]).await.is(409);

        let page = doctor.get(&format!("/medical/requests/{r}/form")).await;
        assert!(page.is(200).has(reason) && page.has("外来で内服を続けている。"), "{}", page.html);
        write(&mut doctor, &r, "check", &[("f-5", "夜間せん妄があり、2時間ごとの見守りが要る。")]).await.is(303);
        assert!(submit(&mut doctor, &r).await.ends_with("place=2"));

        for _ in 0..2 {
            clerk
                .post(&format!("{at}/accept"), &[("place", "2")])
                .await
                .moves_to(&format!("{at}?done=opinion-accepted"));
        }
        let page = clerk.get(&at).await;
        assert!(page.is(200).has("差戻し") && page.has("受理"), "{}", page.html);
        assert_eq!(world.test.dump("opinion_submission").len(), 2, "the first one stays");
        assert!(doctor.get("/medical").await.has("受理"));

        // The care manager sees the whole of it at once.
        let mut manager = world.login("izumo").await;
        let c = world.charge("izumo", TOME);
        let page = manager.get(&format!("/people/{c}/documents/opinion-5001?purpose=care-plan")).await;
        assert!(
            page.is(200).has("2時間ごとの見守り") && page.has("手すりと歩行器で見守る。") && page.has("46.5kg"),
            "{}",
            page.html
        );
        let timeline = manager.get(&format!("/people/{c}/certification")).await;
        assert!(timeline.is(200).has("11月22日"), "{}", timeline.html);

        let acts: Vec<String> =
            world.log_of(TOME).await.into_iter().map(|e| format!("{} {}", e.act, e.outcome)).collect();
        for act in [
            "request-opinion done",
            "list-requests done",
            "write-opinion done",
            "answer-opinion done",
            "open-document done",
        ] {
            assert!(acts.iter().any(|a| a == act), "{act} is missing: {acts:?}");
        }
    });
}

#[test]
fn the_next_opinion_is_copied_from_the_last_and_only_what_changed_is_typed() {
    on_both(USUAL, async |world| {
        let mut clerk = world.login("shiyakusho").await;
        let first = ask(world, &mut clerk, true).await;
        let mut doctor = world.login("umibe").await;
        write(&mut doctor, &first, "save", &[]).await.is(303);
        submit(&mut doctor, &first).await;
        clerk.post(&format!("/insurer/opinions/{first}/accept"), &[("place", "1")]).await.is(303);

        let r = ask(world, &mut clerk, true).await;
        let form = format!("/medical/requests/{r}/form");
        let page = doctor.get(&form).await;
        assert!(page.is(200).has("前回：アルツハイマー型認知症") && page.has("から写す"), "{}", page.html);
        let fields = [
            ("f-0-0", "2026-11-22"),
            ("f-0-5", "海辺 一郎"),
            ("f-5", "独居。昼間も見守りが要る。"),
            ("revision", "0"),
            ("act", "copy"),
        ];
        doctor.post(&form, &fields).await.moves_to(&format!("{form}?done=copied"));
        let page = doctor.get(&form).await;
        assert!(
            page.has("前回から写しました") && page.has("独居。昼間も見守りが要る。"),
            "what was typed stays: {}",
            page.html
        );
        let check = doctor.get(&format!("/medical/requests/{r}/check")).await;
        // The day of the examination is not copied: only it is asked for.
        assert!(
            check.has("最終診察日が書かれていません。") && check.has("独居。夜間の見守りが要る。"),
            "{}",
            check.html
        );
        assert_eq!(check.html.matches("opinion-required").count(), 1);
        let previous = doctor.get(&format!("/medical/requests/{r}/paper?previous=1")).await;
        assert!(previous.is(200).has("独居。夜間の見守りが要る。") && !previous.has("昼間も"));
        for path in [form, format!("/medical/requests/{r}/check")] {
            let page = doctor.get(&path).await;
            assert!(page.html.len() < 100_000, "{path}: {} bytes", page.html.len());
        }
    });
}

#[test]
fn two_windows_do_not_overwrite_each_other() {
    on_both(USUAL, async |world| {
        let mut clerk = world.login("shiyakusho").await;
        let r = ask(world, &mut clerk, true).await;
        let mut one = world.login("umibe").await;
        let mut other = one.clone();
        let form = format!("/medical/requests/{r}/form");
        write(&mut one, &r, "save", &[]).await.is(303);
        let both = |text| [("f-0-0", "2026-11-22"), ("f-5", text), ("revision", "1"), ("act", "save")];
        one.post(&form, &both("一つめの画面")).await.is(303);
        let page = other.post(&form, &both("二つめの画面")).await;
        assert!(page.is(409).has("一つめの画面") && page.has("二つめの画面") && page.has("海部"), "{}", page.html);
        assert!(page.has("error-summary") && page.has("name=\"revision\" value=\"2\""));
        assert!(one.get(&form).await.has("一つめの画面"), "nothing was overwritten");
        let knowing = [("f-0-0", "2026-11-22"), ("f-5", "二つめの画面"), ("revision", "2"), ("act", "save")];
        other.post(&form, &knowing).await.is(303);
        assert!(one.get(&form).await.has("二つめの画面"));

        // The script is told the same in its own way; the same content twice is no conflict.
        let auto = [("f-5", "自動"), ("revision", "3"), ("act", "auto")];
        let saved = one.post(&form, &auto).await;
        assert!(saved.is(200).has("\"revision\":4"), "{}", saved.html);
        assert!(one.post(&form, &auto).await.is(200).has("\"revision\":4"));
        other.post(&form, &[("f-5", "別の"), ("revision", "3"), ("act", "auto")]).await.is(409);
        let entries =
            world.log_of(TOME).await.into_iter().filter(|e| e.act == "write-opinion" && e.outcome == "done").count();
        // A save by itself is no look: what is entered are the pages that were shown.
        assert!(entries < 20, "{entries}");

        // An individual number is kept nowhere, and what was typed stays on the page.
        let before = world.test.dump("opinion_draft");
        let number = [("f-5", "番号は1234 5678 9018です"), ("f-1-1-1", "脳梗塞"), ("revision", "4"), ("act", "save")];
        let page = one.post(&form, &number).await;
        assert!(page.is(422).has("f-5-error") && page.has("脳梗塞"), "{}", page.html);
        assert_eq!(world.test.dump("opinion_draft"), before);
    });
}

#[test]
fn only_who_was_asked_sees_the_person_and_only_as_long() {
    on_both(USUAL, async |world| {
        let mut clerk = world.login("shiyakusho").await;
        let mut doctor = world.login("umibe").await;
        let theirs = ask(world, &mut clerk, false).await;
        for path in ["", "/form", "/check", "/paper", "/upload", "/decline", "/certificate", "/receipt"] {
            let page = doctor.get(&format!("/medical/requests/{theirs}{path}")).await;
            assert!(page.is(404).html.find("久城").is_none(), "{path}");
        }
        let page =
            doctor.post(&format!("/medical/requests/{theirs}/form"), &[("revision", "1"), ("act", "auto")]).await;
        page.is(404);
        assert!(!doctor.get("/medical").await.has("久城"));
        let refused = world.log_of(TOME).await.into_iter().filter(|e| e.rule.as_deref() == Some("no-request")).count();
        assert!(refused >= 9, "{refused}");
        // Staff and the person find nothing there, another municipality neither.
        for who in ["izumo", "tome", "yamanoha-yakuba"] {
            let mut browser = world.login(who).await;
            browser.get(&format!("/medical/requests/{theirs}")).await.is(404);
            browser.get(&format!("/insurer/opinions/{theirs}")).await.is(404);
        }
        let cancel = format!("/insurer/opinions/{theirs}/cancel");
        assert!(clerk.post(&cancel, &[("reason", "なんとなく")]).await.is(422).has("reason-error"));
        clerk.post(&cancel, &[("reason", "ほかの医療機関に頼む")]).await.is(303);

        // Asked, and taken back: from that moment on there is nothing.
        let own = ask(world, &mut clerk, true).await;
        write(&mut doctor, &own, "save", &[]).await.is(303);
        // Two requests for one application do not run beside each other.
        assert!(clerk.get(&case(world, TOME)).await.is(200).has("もう依頼しています"));
        clerk.post(&format!("/insurer/opinions/{own}/cancel"), &[("reason", "まちがえて依頼した")]).await.is(303);
        doctor.get(&format!("/medical/requests/{own}/form")).await.is(404);
        assert!(world.test.dump("opinion_draft").is_empty(), "what was typed is gone");

        // Declined: the doctor sees nothing any more, the municipality the reason.
        let third = ask(world, &mut clerk, true).await;
        let at = format!("/medical/requests/{third}/decline");
        doctor.get(&at).await.is(200);
        assert!(doctor.post(&at, &[("reason", "")]).await.is(422).has("reason-error"));
        // A second click is the first answer; it neither looks at the person again nor is it refused in their log.
        let entries = world.log_of(TOME).await.len();
        for _ in 0..2 {
            let said = [("reason", "この1年、診察していません。")];
            doctor.post(&at, &said).await.moves_to("/medical?done=opinion-declined");
        }
        assert_eq!(world.log_of(TOME).await.len(), entries + 1);
        doctor.post(&at, &[("reason", "ほかのわけ")]).await.is(403);
        let page = doctor.get(&format!("/medical/requests/{third}/form")).await;
        assert!(page.status == 403 || page.status == 404, "{}", page.status);
        assert!(!page.has("久城"));
        assert!(clerk.get(&format!("/insurer/opinions/{third}")).await.has("この1年、診察していません。"));
    });
}

#[test]
fn a_reminder_is_sent_once_a_day() {
    on_both(USUAL, async |world| {
        let mut clerk = world.login("shiyakusho").await;
        let r = ask(world, &mut clerk, true).await;
        world.wait_days(15);
        let mut clerk = world.login("shiyakusho").await;
        let list = clerk.get("/insurer/opinions?state=requested").await;
        assert!(list.is(200).has("久城 トメ") && list.has("2日すぎています"), "{}", list.html);
        let at = format!("/insurer/opinions/{r}");
        clerk.get(&at).await.is(200);
        for _ in 0..2 {
            clerk.post(&format!("{at}/remind"), &[]).await.is(303);
        }
        assert_eq!(clerk.get(&at).await.html.matches("催促").count(), 1, "one entry, no button any more");
        assert!(world.login("umibe").await.get("/medical").await.has("催促がありました"));
    });
}

/// A form with one file.
async fn send(doctor: &mut Browser<'_>, r: &str, name: &str, bytes: &[u8]) -> Page {
    let at = format!("/medical/requests/{r}/upload");
    doctor.get(&at).await.is(200);
    let csrf = doctor.csrf.clone();
    let mut body = Vec::new();
    for (field, value) in [("csrf", csrf.as_str()), ("by_file", "1")] {
        let part = format!("--x\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(
        format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").as_bytes(),
    );
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    doctor.raw(&at, "multipart/form-data; boundary=x", body).await
}

fn export(insured_no: &str) -> Vec<u8> {
    let mut cells = vec![String::new(); kaigo_core::opinion::COLUMNS];
    "2".clone_into(&mut cells[0]);
    insured_no.clone_into(&mut cells[5]);
    "2026/11/20".clone_into(&mut cells[13]);
    "独居。".clone_into(&mut cells[120]);
    cells.join(",").into_bytes()
}

#[test]
fn files_are_judged_by_what_they_are() {
    on_both(USUAL, async |world| {
        let mut clerk = world.login("shiyakusho").await;
        let r = ask(world, &mut clerk, true).await;
        let mut doctor = world.login("umibe").await;
        let png = [&b"\x89PNG\r\n\x1a\n"[..], &[0, 0, 0, 0], b"IEND", &[0; 4]].concat();
        let number = [&b"\x89PNG\r\n\x1a\n"[..], &[0, 0, 0, 20], b"tEXt", b"memo 1234 5678 9018 ", &[0; 4]].concat();
        for (name, bytes, why) in [
            ("意見書.pdf", b"MZ\x90\x00not a pdf".to_vec(), "どれでもありません"),
            ("意見書.pdf", b"%PDF-1.4\ncut".to_vec(), "こわれています"),
            ("意見書.png", number, "個人番号"),
            ("", Vec::new(), "ファイルを選んでください"),
            ("医見書.csv", export("9900000456"), "別の方"),
        ] {
            let page = send(&mut doctor, &r, name, &bytes).await;
            assert!(page.is(422).has("file-error") && page.has(why), "{name}: {}", page.html);
        }
        assert!(world.test.dump("opinion_draft").is_empty(), "nothing was kept");

        send(&mut doctor, &r, "医見書.csv", &export(TOME)).await.is(303);
        let page = doctor.get(&format!("/medical/requests/{r}/form")).await;
        assert!(page.has("2026/11/20") && page.has("独居。"), "{}", page.html);

        // A scan is the opinion: two fields are enough, the file goes with it to whoever may read it.
        // Its name ends as its content does.
        send(&mut doctor, &r, "意見書.html", &png)
            .await
            .moves_to(&format!("/medical/requests/{r}/form?done=opinion-attached"));
        let submitted = submit(&mut doctor, &r).await;
        assert!(doctor.get(&submitted).await.has("意見書.html.png"));
        let file = doctor.get(&format!("/medical/requests/{r}/file")).await;
        assert_eq!((file.is(200).header("content-type"), &file.bytes), ("image/png", &png));
        assert_eq!(file.header("content-disposition"), format!("inline; filename=\"opinion-{r}.png\""));
        let at = format!("/insurer/opinions/{r}");
        let file = clerk.get(&format!("{at}/file/1")).await;
        assert_eq!((file.is(200).header("content-type"), &file.bytes), ("image/png", &png));
        assert_eq!(file.header("content-disposition"), format!("inline; filename=\"opinion-{r}-1.png\""));
        clerk.get(&at).await.is(200);
        clerk.post(&format!("{at}/accept"), &[("place", "1")]).await.is(303);
        let mut manager = world.login("izumo").await;
        let c = world.charge("izumo", TOME);
        let file = manager.get(&format!("/people/{c}/documents/opinion-5001/file?purpose=care-plan")).await;
        assert_eq!((file.is(200).header("content-type"), &file.bytes), ("image/png", &png));
        assert_eq!(file.header("content-disposition"), "inline; filename=\"opinion-5001.png\"");
    });
}
