//! The certification board: sessions, cases by number, judgements, and the insurer that makes them decisions.

use crate::cases::{all, filled, send, taken_in};
use crate::page::{Browser, Page};
use crate::world::{KIYOSHI, MITSU, SADA, USUAL, World, on_both};

/// A session on a day for so many cases; answers its identifier.
async fn planned(board: &mut Browser<'_>, on: &str, capacity: &str) -> String {
    let form = board.get("/board").await;
    let fields = [("held_on", on), ("starts_at", "14:00"), ("panel", "第1合議体"), ("capacity", capacity)];
    let fields = filled(&form, "/board/sessions", &fields);
    let first = send(board, "/board/sessions", &fields).await;
    let second = send(board, "/board/sessions", &fields).await;
    assert_eq!(first.is(303).location(), second.is(303).location(), "sent twice, planned once");
    let place = first.location().split('?').next().unwrap();
    place.strip_prefix("/board/sessions/").unwrap().to_owned()
}

/// An application that has all that a board needs.
async fn complete(clerk: &mut Browser<'_>, no: &str) -> String {
    let case = taken_in(clerk, no, "3", "2026-11-02").await;
    let path = format!("{case}/survey");
    let form = clerk.get(&path).await;
    let typed = [
        ("surveyed_on", "R8.11.9"),
        ("received_on", "R8.11.10"),
        ("surveyor", "みなと調査センター"),
        ("i-1-3", "2"),
        ("remarks", "1-3 手すりにつかまる。"),
    ];
    send(clerk, &path, &filled(&form, &path, &typed)).await.is(303);
    let path = format!("{case}/days");
    let form = clerk.get(&path).await;
    let typed = [
        ("opinion-received", "R8.11.12"),
        ("computed", "R8.11.13"),
        ("computed_level", "22"),
        ("computed_minutes", "52"),
    ];
    send(clerk, &path, &filled(&form, &path, &typed)).await.is(303);
    case
}

/// The boxes of cases on the page of a session, with their values.
fn boxes(page: &Page, prefix: &str) -> Vec<(String, String)> {
    let inputs = page.html.split("<input").skip(1).map(|input| input.split('>').next().unwrap());
    let value = |input: &str, name: &str| {
        input.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("").to_owned()
    };
    inputs
        .filter(|input| input.contains("type=\"checkbox\""))
        .map(|input| (value(input, "name"), value(input, "value")))
        .filter(|(name, _)| name.starts_with(prefix))
        .collect()
}

async fn assign(world: &World<'_>, clerk: &mut Browser<'_>, session: &str, people: &[&str]) -> Page {
    let path = format!("/insurer/board/{session}");
    let page = clerk.get(&path).await;
    let refs: Vec<String> = people
        .iter()
        .map(|no| world.app.keys.person_ref(world.insurer(no), kaigo_core::id::InsuredNo::parse(no).unwrap()))
        .collect();
    let picked = boxes(page.is(200), "pick-").into_iter().filter(|(name, _)| refs.iter().any(|r| name.contains(r)));
    let action = format!("{path}/assign");
    let mut fields: Vec<(String, String)> = filled(&page, &action, &[]);
    fields.extend(picked);
    let done = send(clerk, &action, &fields).await;
    let outcome = clerk.get(done.is(303).location()).await;
    assert_eq!(send(clerk, &action, &fields).await.location(), done.location());
    outcome
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story")]
fn a_board_judges_numbers_and_the_insurer_decides() {
    on_both(USUAL, async |world| {
        let mut clerk = world.enter("shiyakusho").await;
        let mut board = world.enter("shinsakai").await;
        let cases =
            [complete(&mut clerk, MITSU).await, complete(&mut clerk, SADA).await, complete(&mut clerk, KIYOSHI).await];
        let bad = board.get("/board").await;
        let fields = filled(
            &bad,
            "/board/sessions",
            &[("held_on", "R8.11.1"), ("starts_at", "2時"), ("panel", ""), ("capacity", "0")],
        );
        let page = send(&mut board, "/board/sessions", &fields).await;
        for field in ["held_on", "starts_at", "panel", "capacity"] {
            assert!(page.is(422).has(&format!("{field}-error")), "{field}");
        }
        let session = planned(&mut board, "2026-11-24", "3").await;
        let done = assign(world, &mut clerk, &session, &[MITSU, SADA, KIYOSHI]).await;
        assert!(done.is(200).has("<b>3件</b>を変えました"), "{}", done.html);
        let rows = all(world).await;
        let planned_on = rows.iter().find(|r| r.insured_no.as_str() == MITSU && r.is_open).unwrap().board_planned_on;
        assert_eq!(planned_on.map(|on| on.to_string()).as_deref(), Some("2026-11-24"));

        // The board moves the session: its cases follow, the insurer is told, and who changes what they had not seen is told so.
        let path = format!("/board/sessions/{session}/edit");
        let form = board.get(&path).await;
        let change = |on, members| {
            filled(
                &form,
                &path,
                &[
                    ("held_on", on),
                    ("starts_at", "15:30"),
                    ("panel", "第1合議体"),
                    ("place", "第2会議室"),
                    ("capacity", "3"),
                    ("members", members),
                ],
            )
        };
        let few = filled(
            &form,
            &path,
            &[
                ("held_on", "2026-11-25"),
                ("starts_at", "15:30"),
                ("panel", "第1合議体"),
                ("capacity", "2"),
                ("members", "21"),
            ],
        );
        assert!(send(&mut board, &path, &few).await.is(422).has("members-error"));
        for _ in 0..2 {
            send(&mut board, &path, &change("2026-11-25", "5")).await.is(303);
        }
        assert!(send(&mut board, &path, &change("2026-11-26", "4")).await.is(409).has("審 まことさんが先に変えました"));
        let rows = all(world).await;
        let planned_on = rows.iter().find(|r| r.insured_no.as_str() == MITSU && r.is_open).unwrap().board_planned_on;
        assert_eq!(planned_on.map(|on| on.to_string()).as_deref(), Some("2026-11-25"));
        let told = clerk.get("/notices?topic=board").await;
        assert_eq!(told.is(200).html.matches("2026年11月25日 15:30に変わりました").count(), 1, "{}", told.html);
        let case = clerk.get(&cases[0]).await;
        assert!(
            case.is(200).has("審 まこと") && case.has("審査会予定日：2026年11月24日 → 2026年11月25日"),
            "{}",
            case.html
        );

        // Numbers, not names; each paper that is opened is in the log.
        let path = format!("/board/sessions/{session}");
        let page = board.get(&path).await;
        for name in ["春日", "三上", "大谷", MITSU, SADA] {
            assert!(!page.is(200).has(name), "{name}");
        }
        assert!(page.has("要介護2（52.0分）") && page.has("みなと川市"), "{}", page.html);
        let links: Vec<String> = page.all("href").into_iter().filter(|h| h.starts_with("/board/cases/")).collect();
        assert_eq!(links.len(), 3);
        let first = board.get(&links[0]).await;
        assert!(first.is(200).has("対象者番号 1") && first.has("一次判定"));
        let paper = first.all("href").into_iter().find(|href| href.contains("/papers/survey")).unwrap();
        let opened = board.get(&paper).await;
        assert!(opened.is(200).has("手すりにつかまる。") && !opened.has("みなと調査センター"), "{}", opened.html);
        for name in ["春日", "三上", "大谷"] {
            assert!(!first.has(name) && !opened.has(name));
        }
        assert!(board.post(&format!("{path}/close"), &[]).await.is(409).has("3件"), "not while cases wait");

        // The order can be changed; what is said is checked.
        let up = page.all("action").into_iter().find(|a| a.ends_with("/up")).unwrap();
        for _ in 0..2 {
            send(&mut board, &up, &filled(&page, &up, &[])).await.moves_to(&path);
        }
        let page = board.get(&path).await;
        let order: Vec<String> = page.all("href").into_iter().filter(|h| h.starts_with("/board/cases/")).collect();
        assert_eq!((&order[0], &order[1]), (&links[1], &links[0]));
        let form = board.get(&links[0]).await;
        let wrong = filled(&form, &links[0], &[("verdict", "certified"), ("level", ""), ("months", "99")]);
        let page = send(&mut board, &links[0], &wrong).await;
        assert!(page.is(422).has("level-error") && page.has("months-error"), "{}", page.html);
        let wrong = filled(&form, &links[0], &[("verdict", "resurvey"), ("reason", "")]);
        assert!(send(&mut board, &links[0], &wrong).await.is(422).has("reason-error"));
        let said = [
            vec![("verdict", "certified"), ("level", "23"), ("months", "6"), ("opinion", "水分をとること。")],
            vec![("verdict", "not-certified")],
            vec![("verdict", "resurvey"), ("reason", "入院で状態が変わったため")],
        ];
        for (link, said) in links.iter().zip(&said) {
            let form = board.get(link).await;
            for _ in 0..2 {
                send(&mut board, link, &filled(&form, link, said)).await.is(303);
            }
        }
        // Who wrote on what they had not seen is told.
        let stale = filled(&form, &links[0], &[("verdict", "again"), ("reason", "資料が足りないため")]);
        assert!(send(&mut board, &links[0], &stale).await.is(409).has("審 まことさんが先に判定を記録しました"));
        // Until the session is over the insurer sees nothing of it, and can decide nothing.
        let own = format!("/insurer/board/{session}");
        let page = clerk.get(&own).await;
        assert!(!page.is(200).has("水分をとること。") && !page.has(&format!("{own}/confirm")));
        assert!(!clerk.get("/notices?topic=board").await.is(200).has("判定が届きました"));
        board.post(&format!("{path}/close"), &[]).await.is(303);
        board.post(&format!("{path}/close"), &[]).await.is(303);
        let told = clerk.get("/notices?topic=board").await;
        assert!(told.is(200).has("第1合議体）の判定が届きました：3件"), "{}", told.html);
        // On paper: the board without names, the insurer with them, both with what was said.
        let sheet = board.get(&format!("{path}/sheet")).await;
        assert!(
            sheet.is(200).has("審査会結果一覧") && sheet.has("水分をとること。") && !sheet.has("春日"),
            "{}",
            sheet.html
        );
        let sheet = clerk.get(&format!("{own}/sheet")).await;
        assert!(sheet.is(200).has("春日 ミツ") && sheet.has("水分をとること。"), "{}", sheet.html);
        let form = board.get(&links[0]).await;
        assert!(!form.has("判定を記録する"), "it is over");
        assert!(clerk.get("/insurer").await.has("審査会の判定が出て、決定を待つ申請"));

        // The insurer makes the judgements its decisions, each with its entry.
        let page = clerk.get(&own).await;
        assert!(page.has("水分をとること。"), "{}", page.html);
        let action = format!("{own}/confirm");
        world.wait_days(2);
        let mut clerk = world.enter("shiyakusho").await;
        let page2 = clerk.get(&own).await;
        let mut fields = filled(&page2, &action, &[("decided_on", "R8.11.24")]);
        fields.extend(boxes(&page2, "case-"));
        let first = send(&mut clerk, &action, &fields).await;
        let done = clerk.get(first.is(303).location()).await;
        assert!(done.has("<b>3件</b>を変えました"), "{}", done.html);
        assert_eq!(send(&mut clerk, &action, &fields).await.location(), first.location());
        let decided = by_case(&mut clerk, &cases, &["要介護3", "非該当", "再調査（入院で状態が変わったため）"]).await;
        assert_eq!(decided, [true, true, true]);
        let rows = all(world).await;
        let step = |no: &str| {
            rows.iter().filter(|r| r.insured_no.as_str() == no).max_by_key(|r| r.record_no).unwrap().step.clone()
        };
        let mut steps = [step(MITSU), step(SADA), step(KIYOSHI)];
        steps.sort();
        assert_eq!(steps, ["ended", "ended", "survey"]);
        for no in [MITSU, SADA, KIYOSHI] {
            let log = world.log_of(no).await;
            let board = log.iter().filter(|e| e.office_name.as_deref().is_some_and(|n| n.contains("審査会")));
            assert!(
                board.clone().any(|e| e.act == "list-sessions") && board.clone().any(|e| e.act == "judge-case"),
                "{no}"
            );
        }
    });
}

/// Whether each of the words stands on the page of just one of the cases.
async fn by_case(clerk: &mut Browser<'_>, cases: &[String], words: &[&str]) -> Vec<bool> {
    let mut pages = Vec::new();
    for case in cases {
        let page = clerk.get(case).await;
        let start = page.html.find("id=\"board-heading\"").unwrap();
        pages.push(page.html[start..].to_owned());
    }
    words.iter().map(|word| pages.iter().any(|page| page.contains(word))).collect()
}

#[test]
fn a_session_takes_what_it_has_room_for_and_what_is_complete() {
    on_both(USUAL, async |world| {
        let mut clerk = world.enter("shiyakusho").await;
        let mut board = world.enter("shinsakai").await;
        complete(&mut clerk, MITSU).await;
        let sada = complete(&mut clerk, SADA).await;
        let (small, other) =
            (planned(&mut board, "2026-11-24", "1").await, planned(&mut board, "2026-11-26", "9").await);
        let done = assign(world, &mut clerk, &small, &[MITSU, SADA]).await;
        assert!(done.has("<b>1件</b>を変えました") && done.has("件数の上限に達しています"), "{}", done.html);
        // Taken off, it waits again; withdrawn, it leaves the session.
        let page = clerk.get(&format!("/insurer/board/{small}")).await;
        let remove = page.all("href").into_iter().find(|href| href.ends_with("/remove")).unwrap();
        let form = clerk.get(&remove).await;
        send(&mut clerk, &remove, &filled(form.is(200), &remove, &[])).await.is(303);
        let done = assign(world, &mut clerk, &other, &[MITSU, SADA]).await;
        assert!(done.has("<b>2件</b>を変えました"), "{}", done.html);
        let path = format!("{sada}/result");
        let form = clerk.get(&path).await;
        let typed = [("outcome", "3"), ("decided_on", "R8.11.22"), ("confirm", "yes")];
        send(&mut clerk, &path, &filled(&form, &path, &typed)).await.is(303);
        let page = board.get(&format!("/board/sessions/{other}")).await;
        assert_eq!(page.all("href").iter().filter(|h| h.starts_with("/board/cases/")).count(), 1);
        assert!(clerk.get(&sada).await.has("審査会の割当をはずしました"));
    });
}

#[test]
fn a_board_sees_its_own_sessions_and_an_insurer_its_own_people() {
    on_both(USUAL, async |world| {
        let mut clerk = world.enter("shiyakusho").await;
        let mut board = world.enter("shinsakai").await;
        complete(&mut clerk, MITSU).await;
        let session = planned(&mut board, "2026-11-24", "9").await;
        assign(world, &mut clerk, &session, &[MITSU]).await;
        let page = board.get(&format!("/board/sessions/{session}")).await;
        let case = page.all("href").into_iter().find(|h| h.starts_with("/board/cases/")).unwrap();
        // The other insurer of the same board sees the session, and nobody of the first one.
        let mut neighbour = world.enter("yamanoha-yakuba").await;
        let page = neighbour.get(&format!("/insurer/board/{session}")).await;
        assert!(page.is(200).has("割り当てた案件（0件）") && !page.has("春日"), "{}", page.html);
        let id = case.strip_prefix("/board/cases/").unwrap();
        let remove = format!("/insurer/board/{session}/cases/{id}/remove");
        neighbour.get(&remove).await.is(404);
        neighbour.post(&remove, &[]).await.is(404);
        let before = world.log_of(MITSU).await.len();
        for who in ["izumo", "shiyakusho", "umibe", "tome"] {
            let mut browser = world.enter(who).await;
            for path in ["/board", &case, &format!("{case}/papers/survey-5001"), &format!("/board/sessions/{session}")]
            {
                browser.get(path).await.is(404);
            }
            let page = browser.post(&case, &[("verdict", "not-certified")]).await;
            assert!([401, 404].contains(&page.status), "{who}");
        }
        assert!(world.log_of(MITSU).await.len() >= before, "nothing is taken away");
        board.get("/board/cases/00112233445566778899aabbccddeeff").await.is(404);
        board.get("/board/sessions/00112233445566778899aabbccddeeff").await.is(404);
        let mut board = world.enter("shinsakai").await;
        board.get(&format!("/insurer/board/{session}")).await.is(404);
    });
}
