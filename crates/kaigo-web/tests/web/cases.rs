//! The municipality's cases: taken in, dated, delayed, decided; lists, many at once, two editors, strangers.

use kaigo_app::case as cases;
use kaigo_core::policy::{Act, Caller, InsurerStaff, decide_act};
use kaigo_store::case::{self as store, After, CaseRow, Wanted};

use crate::page::{Browser, Page};
use crate::world::{MITSU, TOME, USUAL, World, on_both};

/// The clerk as the policy sees her.
pub(crate) fn clerk(world: &World<'_>) -> Caller {
    Caller::Insurer(InsurerStaff {
        account_id: "test".to_owned(),
        insurer_no: world.insurer(TOME),
        insurer_name: String::new(),
        name: "試験 係".to_owned(),
        is_admin: false,
    })
}

/// Every case of みなと川市, open ones first.
pub(crate) async fn all(world: &World<'_>) -> Vec<CaseRow> {
    let grant = decide_act(&clerk(world), Act::ListInsured).unwrap();
    let read = world.app.db.read(move |tx| {
        let mut rows = Vec::new();
        for step in ["", "ended"] {
            let wanted = Wanted {
                kind: String::new(),
                step: step.to_owned(),
                from: "0001-01-01".parse().unwrap(),
                until: "9999-12-31".parse().unwrap(),
                noticed: "",
                late: None,
            };
            rows.extend(store::list(tx, &grant, &wanted, &After::default(), 10_000)?);
        }
        Ok::<_, kaigo_store::db::Error>(rows)
    });
    read.await.unwrap()
}

/// The page of a person's open case.
pub(crate) async fn open_case(world: &World<'_>, no: &str) -> String {
    let row = all(world).await.into_iter().find(|row| row.insured_no.as_str() == no && row.is_open);
    let row = row.expect("a case is open");
    let p = world.app.keys.person_ref(world.insurer(no), row.insured_no);
    format!("/insurer/cases/{p}/{}", row.record_no)
}

/// The hidden fields of a form with further ones.
pub(crate) fn filled<'a>(page: &Page, action: &str, fields: &[(&'a str, &'a str)]) -> Vec<(String, String)> {
    let own = |name: &str| fields.iter().any(|(field, _)| *field == name);
    let hidden = page.hidden(action).into_iter().filter(|(name, _)| name != "csrf" && !own(name));
    hidden.chain(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).collect()
}

pub(crate) async fn send(browser: &mut Browser<'_>, path: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &fields).await
}

/// Takes in an application of a person and answers its page.
pub(crate) async fn taken_in(browser: &mut Browser<'_>, no: &str, kind: &str, on: &str) -> String {
    let form = browser.get(&format!("/insurer/cases/new?number={no}")).await;
    form.is(200);
    let fields = filled(&form, "/insurer/cases/new", &[("kind", kind), ("applied_on", on), ("looked", "yes")]);
    let page = send(browser, "/insurer/cases/new", &fields).await;
    page.is(303).location().split('?').next().unwrap().to_owned()
}

#[test]
fn the_desk_opens_with_the_work_of_the_day() {
    on_both(USUAL, async |world| {
        let mut clerk = world.enter("shiyakusho").await;
        clerk.get("/").await.moves_to("/insurer");
        let home = clerk.get("/insurer").await;
        assert!(home.is(200).has("30日をすぎて、延期通知のない申請") && home.has("進んでいる申請"));
        // The numbers lead to as many cases.
        let glance = cases::glance(&world.app, &world.ctx(), &self::clerk(world)).await.unwrap();
        assert!(glance.ages.open > 0);
        let list = clerk.get("/insurer/cases").await;
        assert_eq!(list.html.matches("name=\"pick-").count(), usize::try_from(glance.ages.open.min(50)).unwrap());
        let over = clerk.get("/insurer/cases?age=over").await;
        assert_eq!(over.html.matches("name=\"pick-").count(), usize::try_from(glance.ages.over).unwrap());
        // Who stands on the list finds it in their log, once a day.
        clerk.get("/insurer/cases").await.is(200);
        let entries = world.log_of(TOME).await.into_iter().filter(|e| e.act == "list-insured").count();
        assert_eq!(entries, 1);
    });
}

#[test]
fn the_projection_says_what_the_records_say() {
    on_both(USUAL, async |world| {
        let mut clerk = world.enter("shiyakusho").await;
        let new = taken_in(&mut clerk, MITSU, "1", "2026-11-20").await;
        let form = clerk.get(&format!("{new}/days")).await;
        let days = [("survey-received", "R8.11.21"), ("opinion-received", "20261121")];
        send(&mut clerk, &format!("{new}/days"), &filled(&form, &format!("{new}/days"), &days)).await.is(303);
        let rows = all(world).await;
        assert!(rows.len() > 3);
        let mut steps = std::collections::BTreeSet::new();
        for row in &rows {
            let id =
                cases::CaseId { insurer_no: world.insurer(TOME), insured_no: row.insured_no, record_no: row.record_no };
            let page = cases::view(&world.app, &world.ctx(), &self::clerk(world), id).await.unwrap();
            let a = &page.application;
            let step = kaigo_core::rule::case::CaseStep::of(a);
            assert_eq!(row.step, step.code(), "{row:?}");
            assert_eq!(row.version, page.version);
            assert_eq!(row.is_open, page.timeline.ended.is_none());
            let days = (row.applied_on, row.surveyed_on, row.survey_received_on, row.judged_on, row.decided_on);
            assert_eq!(days, (a.applied_on, a.surveyed_on, a.survey_received_on, a.judged_on, a.decided_on));
            assert_eq!(row.name, page.head.person.name.as_str());
            assert_eq!((row.application_no.as_str(), row.kind.as_str()), (a.application_no.as_str(), a.kind.code()));
            steps.insert(row.step.clone());
        }
        assert!(steps.contains("computed") && steps.contains("ended"), "{steps:?}");
        // Made anew from nothing it is the same, and as many as the records hold.
        let before = world.test.dump("case_index");
        let insurer_no = world.insurer(TOME);
        world.app.db.write(move |tx| store::rebuild(tx, insurer_no)).await.unwrap();
        assert_eq!(world.test.dump("case_index"), before);
    });
}

#[test]
fn an_application_is_taken_in_once_and_followed_to_its_result() {
    on_both(USUAL, async |world| {
        let mut clerk = world.enter("shiyakusho").await;
        let page = clerk.get("/insurer/cases/new?number=12").await;
        assert!(page.is(422).has("number-error"));
        let form = clerk.get(&format!("/insurer/cases/new?number={MITSU}")).await;
        assert!(form.is(200).has("春日 ミツ"));
        let wrong = filled(&form, "/insurer/cases/new", &[("kind", ""), ("applied_on", "きのう")]);
        let page = send(&mut clerk, "/insurer/cases/new", &wrong).await;
        assert!(page.is(422).has("kind-error") && page.has("applied_on-error") && page.has("value=\"きのう\""));
        let ahead =
            filled(&form, "/insurer/cases/new", &[("kind", "3"), ("applied_on", "R8.11.23"), ("looked", "yes")]);
        assert!(send(&mut clerk, "/insurer/cases/new", &ahead).await.is(422).has("きょうより後"));
        let right = filled(&form, "/insurer/cases/new", &[("kind", "3"), ("applied_on", "R8.11.2"), ("looked", "yes")]);
        let first = send(&mut clerk, "/insurer/cases/new", &right).await;
        let second = send(&mut clerk, "/insurer/cases/new", &right).await;
        assert_eq!(first.is(303).location(), second.is(303).location(), "sent twice, taken in once");
        let path = first.location().split('?').next().unwrap().to_owned();
        assert_eq!(all(world).await.iter().filter(|row| row.insured_no.as_str() == MITSU && row.is_open).count(), 1);
        let page = clerk.get(&path).await;
        assert!(page.is(200).has("区分変更申請") && page.has("申請を受け付けました"), "{}", page.html);

        // The days, in every spelling; impossible ones stop, odd ones warn.
        let days = format!("{path}/days");
        let form = clerk.get(&days).await;
        let bad = filled(&form, &days, &[("surveyed", "R8.11.1"), ("computed", "2026-12-24")]);
        let page = send(&mut clerk, &days, &bad).await;
        assert!(page.is(422).has("surveyed-error") && page.has("computed-error") && page.has("value=\"R8.11.1\""));
        let good = filled(
            &form,
            &days,
            &[
                ("survey-requested", "R8.11.4"),
                ("surveyed", "令和8年11月9日"),
                ("survey-received", "2026/11/10"),
                ("opinion-requested", "20261104"),
                ("opinion-received", "2026-11-12"),
                ("computed", "R8.11.13"),
                ("judged", "R8.11.19"),
                ("computed_level", "22"),
                ("computed_minutes", "52.3"),
            ],
        );
        send(&mut clerk, &days, &good).await.is(303);
        send(&mut clerk, &days, &good).await.is(303);
        let page = clerk.get(&path).await;
        assert!(page.has("決定まち") && page.has("要介護2（52.3分）"), "{}", page.html);
        assert_eq!(page.html.matches("調査実施日：（なし） → 2026年11月9日").count(), 1, "{}", page.html);

        // The result: looked at once more, then kept; the certificate has it at once.
        let result = format!("{path}/result");
        let form = clerk.get(&result).await;
        let typed = [("outcome", "1"), ("decided_on", "R8.11.20"), ("level", "23"), ("months", "60")];
        assert!(send(&mut clerk, &result, &filled(&form, &result, &typed)).await.is(422).has("months-error"));
        let typed = [
            ("outcome", "1"),
            ("decided_on", "R8.11.20"),
            ("level", "23"),
            ("months", "6"),
            ("opinion", "転倒に気をつけてください。"),
        ];
        let check = send(&mut clerk, &result, &filled(&form, &result, &typed)).await;
        assert!(check.is(200).has("2026年11月2日から 2027年5月31日まで"), "{}", check.html);
        assert!(!clerk.get(&path).await.has("に決定"), "not kept yet");
        let confirmed = filled(&check, &result, &[("confirm", "yes")]);
        for _ in 0..2 {
            send(&mut clerk, &result, &confirmed).await.moves_to(&format!("{path}?done=case-decided"));
        }
        let page = clerk.get(&path).await;
        assert!(page.has("転倒に気をつけてください。") && page.has("要介護3の認定を登録しました"), "{}", page.html);
        assert!(page.has("支給限度額：27,048単位／月"));
        let wanted = [("certification", "要介護3"), ("certification", "2027-05-31"), ("benefit_limit", "27048")];
        for (table, text) in wanted {
            let code = if text == "要介護3" { "23" } else { text };
            let rows = world.test.dump(table);
            assert!(rows.iter().any(|row| row.contains(MITSU) && row.contains(code)), "{table} {text}");
        }
        let log = world.log_of(MITSU).await;
        for act in ["manage-case", "view", "list-insured"] {
            let done = log.iter().filter(|e| e.act == act && e.account_name == "市川 恵子");
            assert!(done.count() > 0 || act == "list-insured", "{act}");
        }
    });
}

#[test]
fn the_second_of_two_editors_sees_both_versions_and_who_was_first() {
    on_both(USUAL, async |world| {
        let path = format!("{}/days", open_case(world, TOME).await);
        let mut first = world.enter("shiyakusho").await;
        let mut second = world.enter("kaigoka").await;
        let (a, b) = (first.get(&path).await, second.get(&path).await);
        send(&mut first, &path, &filled(&a, &path, &[("board-planned", "2026-12-03")])).await.is(303);
        let page = send(&mut second, &path, &filled(&b, &path, &[("board-planned", "2026-12-10")])).await;
        assert!(page.is(409).has("市川 恵子さんが先に変えました"), "{}", page.html);
        assert!(page.has("<td>2026年12月3日</td><td>2026年12月10日</td>"), "{}", page.html);
        assert!(page.has("value=\"2026-12-10\""), "what was typed is kept");
        // Nothing was overwritten; on the new version it can be.
        assert!(first.get(&path).await.has("value=\"2026年12月3日\""));
        send(&mut second, &path, &filled(&page, &path, &[("board-planned", "2026-12-10")])).await.is(303);
        assert!(first.get(&path).await.has("value=\"2026年12月10日\""));
        let history = first.get(path.strip_suffix("/days").unwrap()).await;
        assert!(history.has("河野 剛") && history.has("2026年12月3日 → 2026年12月10日"), "{}", history.html);
        let failed = world.log_of(TOME).await;
        assert!(failed.iter().any(|e| e.outcome == "failed" && e.act == "manage-case"), "the try is in the log");
    });
}

#[test]
fn a_notice_of_delay_is_checked_kept_and_printed() {
    on_both(USUAL, async |world| {
        let case = open_case(world, TOME).await;
        let path = format!("{case}/delay");
        let mut clerk = world.enter("shiyakusho").await;
        let form = clerk.get(&path).await;
        form.is(200);
        let bad = [("notified_on", "2026-11-22"), ("expected_on", "2026-11-01"), ("reason", "other"), ("words", "")];
        let page = send(&mut clerk, &path, &filled(&form, &path, &bad)).await;
        assert!(page.is(422).has("expected_on-error") && page.has("words-error"), "{}", page.html);
        let good = [
            ("notified_on", "R8.11.22"),
            ("expected_on", "R8.12.20"),
            ("reason", "opinion"),
            ("words", "入院中のため"),
        ];
        let form = clerk.get(&path).await;
        send(&mut clerk, &path, &filled(&form, &path, &good)).await.moves_to(&format!("{path}/letter"));
        let letter = clerk.get(&format!("{path}/letter")).await;
        assert!(letter.is(200).has("延期通知書") && letter.has("久城 トメ 様"), "{}", letter.html);
        assert!(
            letter.has("主治医意見書の作成に日数を要するため（入院中のため）")
                && letter.has("2026年（令和8年）12月20日")
        );
        // The office in charge sees it at once.
        let mut office = world.login("izumo").await;
        let c = world.charge("izumo", TOME);
        let page = office.get(&format!("/people/{c}/certification")).await;
        assert!(page.has("2026年12月20日"), "{}", page.html);
    });
}

#[test]
fn one_day_for_many_is_looked_at_first_and_fails_case_by_case() {
    on_both(USUAL, async |world| {
        let mut clerk = world.enter("shiyakusho").await;
        let young = taken_in(&mut clerk, MITSU, "1", "2026-11-21").await;
        let list = clerk.get("/insurer/cases").await;
        let picks: Vec<String> = list.all("name").into_iter().filter(|name| name.starts_with("pick-")).collect();
        assert!(picks.len() > 2);
        let row = all(world).await;
        let seen = |pick: &String| {
            let id = cases::CaseId::parse_pick(&world.app, pick.strip_prefix("pick-").unwrap()).unwrap();
            let row = row.iter().find(|r| (r.insured_no, r.record_no) == (id.insured_no, id.record_no)).unwrap();
            format!("{}-{}", row.version.0, row.version.1)
        };
        let mut fields: Vec<(String, String)> = picks.iter().map(|pick| (pick.clone(), seen(pick))).collect();
        assert!(send(&mut clerk, "/insurer/cases/bulk", &fields).await.is(422).has("milestone-error"));
        fields.push(("milestone".to_owned(), "survey-requested".to_owned()));
        fields.push(("day".to_owned(), "R8.11.20".to_owned()));
        let preview = send(&mut clerk, "/insurer/cases/bulk", &fields).await;
        assert!(preview.is(200).has("まだ変わっていません") && preview.has("申請日（2026年11月21日）より前の日です"));
        // Meanwhile somebody changes one of them.
        let days = format!("{}/days", open_case(world, TOME).await);
        let mut other = world.enter("kaigoka").await;
        let form = other.get(&days).await;
        send(&mut other, &days, &filled(&form, &days, &[("board-planned", "2026-12-03")])).await.is(303);
        let act = "/insurer/cases/bulk/do";
        let fields = filled(&preview, act, &[]);
        let first = send(&mut clerk, act, &fields).await;
        let second = send(&mut clerk, act, &fields).await;
        assert_eq!(first.is(303).location(), second.is(303).location());
        let done = clerk.get(first.location()).await;
        assert!(done.is(200).has("河野 剛さんが先に変えました"), "{}", done.html);
        let will = fields.iter().filter(|(name, _)| name.starts_with("pick-")).count();
        assert!(done.has(&format!("<b>{}件</b>を変えました", will - 1)), "{will} {}", done.html);
        let changed = all(world)
            .await
            .iter()
            .filter(|row| row.survey_requested_on.is_some_and(|on| on.to_string() == "2026-11-20"))
            .count();
        assert!(changed >= will - 1);
        assert!(!clerk.get(&young).await.has("2026年11月20日"), "the one of the next day is as it was");
    });
}

#[test]
fn a_survey_is_typed_warned_about_and_filed_as_a_paper() {
    on_both(USUAL, async |world| {
        let mut clerk = world.enter("shiyakusho").await;
        let case = taken_in(&mut clerk, MITSU, "1", "2026-11-16").await;
        let path = format!("{case}/survey");
        let form = clerk.get(&path).await;
        assert!(form.is(200).has("寝返り") && form.bytes.len() < 150_000, "{}", form.bytes.len());
        let both = [("surveyed_on", "R8.11.18"), ("received_on", ""), ("i-1-1-1", "1"), ("i-1-1-2", "2")];
        assert!(send(&mut clerk, &path, &filled(&form, &path, &both)).await.is(422).has("「ない」を選んだときは"));
        // 寝返り「できない」 with 洗身「介助されていない」 is rare: it warns and is kept.
        let typed = [
            ("surveyed_on", "R8.11.18"),
            ("received_on", "R8.11.20"),
            ("i-1-1-2", "2"),
            ("i-1-1-4", "4"),
            ("i-1-3", "3"),
            ("i-1-10", "1"),
            ("remarks", "1-3 ひとりでは向きを変えられない。"),
        ];
        send(&mut clerk, &path, &filled(&form, &path, &typed)).await.is(303);
        let page = clerk.get(&path).await;
        assert!(page.has("めずらしい組み合わせ（1件）") && page.has("項目のうち 3項目"), "{}", page.html);
        let rows = world.test.dump("survey");
        assert!(rows.iter().any(|row| row.contains(MITSU) && row.contains("1-1=2,4;1-3=3;1-10=1")));

        // The sheet as a file: judged by its bytes.
        let file = page
            .all("action")
            .into_iter()
            .find(|action| action.contains("/survey/file"))
            .unwrap()
            .replace("&#38;", "&")
            .replace("&amp;", "&");
        let refused = [
            ("survey.pdf", b"MZ not a paper".to_vec(), "どちらでもありません"),
            (
                "survey.pdf",
                b"%PDF-1.4\n1 0 obj<</Encrypt 2 0 R>>endobj\ntrailer<</Root 1 0 R/Encrypt 2 0 R>>\n%%EOF\n".to_vec(),
                "パスワード",
            ),
        ];
        for (name, bytes, say) in refused {
            let page = clerk.upload(&file, &[(name, &bytes)]).await;
            assert!(page.is(422).has("files-error") && page.has(say), "{say} {}", page.html);
        }
        let mut comment = vec![0xFF, 0xD8, 0xFF, 0xFE, 0x00, 0x08];
        comment.extend_from_slice(b"family");
        comment.extend([0xFF, 0xDA, 0x00, 0x02, 0x11, 0x22, 0xFF, 0xD9]);
        for _ in 0..2 {
            clerk.upload(&file, &[("sheet.jpg", &comment)]).await.is(303);
        }
        let paper =
            clerk.get(&case).await.all("href").into_iter().find(|href| href.contains("/papers/survey")).unwrap();
        let opened = clerk.get(&paper).await;
        assert!(opened.is(200).has("ひとりでは向きを変えられない。") && opened.has("もとの書類を開く"));
        let original = clerk.get(&format!("{paper}/file")).await;
        assert_eq!((original.is(200).header("content-type"), &original.bytes), ("image/jpeg", &comment));
        let name = format!("inline; filename=\"{}.jpg\"", paper.rsplit('/').next().unwrap());
        assert_eq!(original.header("content-disposition"), name);
        let log = world.log_of(MITSU).await;
        assert!(log.iter().any(|e| e.act == "open-document") && log.iter().any(|e| e.act == "fetch-document"));
    });
}

#[test]
fn strangers_find_nothing_and_leave_an_entry() {
    on_both(USUAL, async |world| {
        let case = open_case(world, TOME).await;
        let before = world.log_of(TOME).await.len();
        for who in ["yamanoha-yakuba", "izumo", "tome", "umibe", "shinsakai"] {
            let mut browser = world.enter(who).await;
            for tab in ["", "/days", "/delay", "/delay/letter", "/result", "/survey", "/papers/survey-1"] {
                let page = browser.get(&format!("{case}{tab}")).await;
                // Her own name stands at the top of her own pages.
                let named = page.has("久城") && who != "tome";
                assert!(page.is(404).has("見つかりません") && !named, "{who} {tab}");
            }
            browser.get("/login").await;
            for tab in ["/days", "/delay", "/result", "/survey"] {
                let page = browser
                    .post(
                        &format!("{case}{tab}"),
                        &[
                            ("surveyed_on", "R8.11.20"),
                            ("outcome", "3"),
                            ("decided_on", "R8.11.20"),
                            ("confirm", "yes"),
                            ("notified_on", "R8.11.22"),
                            ("expected_on", "R8.12.22"),
                            ("reason", "board"),
                        ],
                    )
                    .await;
                assert!([401, 404].contains(&page.status), "{who} {tab} {}", page.status);
            }
        }
        let log = world.log_of(TOME).await;
        let refused =
            log.iter().filter(|e| e.outcome == "refused" && e.office_name.as_deref() == Some("山ノ端町")).count();
        assert!(refused >= 7, "{refused} of {} new", log.len() - before);
        assert!(log.iter().filter(|e| e.outcome == "done").all(|e| e.office_name.as_deref() != Some("山ノ端町")));
        // A made-up address is no address.
        let mut clerk = world.enter("shiyakusho").await;
        clerk.get("/insurer/cases/00112233445566778899aabbccddeeff/1").await.is(404);
        clerk.get("/insurer/cases/nobody/1").await.is(404);
    });
}

#[test]
fn cases_are_found_by_number_and_kana_and_paged() {
    on_both(crate::world::Wish { people: 400, ..USUAL }, async |world| {
        let mut clerk = world.enter("shiyakusho").await;
        let page = clerk.get(&format!("/insurer/cases?q={TOME}")).await;
        assert!(page.is(200).has("久城 トメ") && !page.has("大谷 清"));
        let page = clerk.get(&format!("/insurer/cases?q={}", crate::page::encode("くしろ"))).await;
        assert!(page.is(200).has("久城 トメ"), "{}", page.html);
        assert!(clerk.get("/insurer/cases?q=12345").await.is(422).has("q-error"));
        let (mut seen, mut path) = (std::collections::BTreeSet::new(), "/insurer/cases".to_owned());
        for _ in 0..20 {
            let page = clerk.get(&path).await;
            for pick in page.is(200).all("name").into_iter().filter(|name| name.starts_with("pick-")) {
                assert!(seen.insert(pick), "nobody twice");
            }
            let next = page.all("href").into_iter().find(|href| href.contains("after="));
            match next {
                Some(next) if page.has("rel=\"next\"") => path = next.replace("&#38;", "&").replace("&amp;", "&"),
                _ => break,
            }
        }
        assert_eq!(seen.len(), all(world).await.iter().filter(|row| row.is_open).count());
    });
}

#[test]
fn figures_are_the_same_on_the_page_and_in_the_file() {
    on_both(USUAL, async |world| {
        let mut clerk = world.enter("shiyakusho").await;
        let page = clerk.get("/insurer/statistics").await;
        assert!(page.is(200).has("<svg class=\"k-chart\"") && page.has("段階ごとの日数"));
        let csv = clerk.get("/insurer/statistics.csv?from=2026-06&until=2026-11").await;
        assert_eq!(csv.is(200).header("content-type"), "text/csv; charset=utf-8");
        assert!(csv.bytes.starts_with(&[0xEF, 0xBB, 0xBF]));
        let lines: Vec<&str> = csv.html.trim_start_matches('\u{FEFF}').lines().collect();
        assert_eq!(lines.len(), 7, "a heading and six months");
        let cells: Vec<&str> = lines[5].split(',').collect();
        assert_eq!(cells[0], "2026-10");
        assert!(page.has(&format!("<th scope=\"row\">2026年10月</th><td data-align=\"end\">{}</td>", cells[1])));
        let rows = all(world).await;
        let applied = rows.iter().filter(|row| row.applied_on.to_string().starts_with("2026-10")).count();
        assert_eq!(cells[1], applied.to_string());
        assert!(clerk.get("/insurer/statistics?from=2026-11&until=2026-06").await.is(422).has("from-error"));
    });
}

#[test]
fn a_specified_disease_and_the_contact_for_the_survey_are_asked_for_and_mended() {
    on_both(crate::world::Wish { people: 400, ..USUAL }, async |world| {
        let people = world.nation.range_of(world.insurer(TOME)).map(|i| world.nation.person(i));
        let young = people
            .into_iter()
            .find(|p| kaigo_core::date::age_on(p.insured_person[0].record.born_on, world.ctx().today) < 60);
        let no = young.expect("somebody is under 65").insured_no.to_string();
        let mut clerk = world.enter("shiyakusho").await;
        let form = clerk.get(&format!("/insurer/cases/new?number={no}")).await;
        let action = "/insurer/cases/new";
        let typed = |disease| {
            [("kind", "1"), ("applied_on", "2026-11-02"), ("disease", disease), ("contact", "長男 03-0000-0000")]
        };
        // Without a disease it is said once; what is no disease is refused.
        assert!(
            send(&mut clerk, action, &filled(&form, action, &typed(""))).await.is(200).has("特定疾病が入っていません")
        );
        assert!(send(&mut clerk, action, &filled(&form, action, &typed("17"))).await.is(422).has("disease-error"));
        let mut fields = filled(&form, action, &typed("13"));
        fields.push(("looked".to_owned(), "yes".to_owned()));
        let case = send(&mut clerk, action, &fields).await.is(303).location().split('?').next().unwrap().to_owned();
        let page = clerk.get(&case).await;
        assert!(page.is(200).has("脳血管疾患") && page.has("長男 03-0000-0000"), "{}", page.html);
        assert!(clerk.get(&format!("{case}/survey")).await.is(200).has("長男 03-0000-0000"));
        // Mended, by one of two.
        let path = format!("{case}/intake");
        let form = clerk.get(&path).await;
        let mended = filled(&form, &path, &[("disease", "07"), ("contact", "長男 午後")]);
        for _ in 0..2 {
            send(&mut clerk, &path, &mended).await.is(303);
        }
        let page = clerk.get(&case).await;
        assert!(page.has("パーキンソン病") && page.has("調査の連絡先を直しました。"), "{}", page.html);
        let days = format!("{case}/days");
        let other = clerk.get(&days).await;
        send(&mut clerk, &days, &filled(&other, &days, &[("surveyed", "2026-11-05")])).await.is(303);
        let stale = filled(&form, &path, &[("disease", "01"), ("contact", "")]);
        let stale: Vec<_> = stale.into_iter().filter(|(name, _)| name != "submit_key").collect();
        assert!(send(&mut clerk, &path, &stale).await.is(409).has("先に変えました"));
        // Who is 65 or older has none.
        let old = clerk.get(&format!("/insurer/cases/new?number={MITSU}")).await;
        assert!(send(&mut clerk, action, &filled(&old, action, &typed("13"))).await.is(422).has("第1号被保険者"));
        // A survey with every 特記事項 fits; a longer one is refused with its bound.
        let path = format!("{case}/survey");
        let form = clerk.get(&path).await;
        let long = "あ".repeat(6_000);
        send(&mut clerk, &path, &filled(&form, &path, &[("surveyed_on", "R8.11.9"), ("remarks", &long)])).await.is(303);
        let too_long = "あ".repeat(40_000);
        let page =
            send(&mut clerk, &path, &filled(&form, &path, &[("surveyed_on", "R8.11.9"), ("remarks", &too_long)])).await;
        assert!(page.is(413).has("入力が長すぎます"), "{}", page.html);
    });
}

#[test]
fn the_page_of_a_person_leads_to_their_applications() {
    on_both(USUAL, async |world| {
        let mut clerk = world.login("shiyakusho").await;
        let person = async |clerk: &mut Browser<'_>, no: &str| {
            let found = clerk.get(&format!("/insurer/people?q={no}")).await;
            let link = found.is(200).all("href").into_iter().find(|href| href.starts_with("/insurer/people/")).unwrap();
            clerk.get(&link).await
        };
        // A renewal that runs, and the application before it, which was decided.
        let page = person(&mut clerk, TOME).await;
        assert!(page.is(200).has("認定申請") && page.has("進んでいます"), "{}", page.html);
        let links: Vec<_> = page.all("href").into_iter().filter(|href| href.starts_with("/insurer/cases/")).collect();
        assert_eq!(links.first().map(String::as_str), Some(open_case(world, TOME).await.as_str()), "the newest first");
        for link in &links {
            let case = clerk.get(link).await;
            assert!(case.is(200).has("久城"), "{link}");
        }
        let log = world.log_of(TOME).await;
        assert!(log.iter().any(|entry| entry.items.contains("progress")), "who looked stands in the log");
    });
}
