//! 試算と実際: an office keeps the simulator's estimate, and sees beside it what its exchange came to.

use kaigo_careplan::kind::Unit;
use kaigo_core::simulator::{Inputs, simulate};

use crate::exchange_world::{LATER, SERIAL, files, join, sent};
use crate::page::Page;
use crate::world::{USUAL, World, on_both};

/// The cells of the row that begins with a word.
fn row(page: &Page, word: &str) -> Vec<String> {
    let start = page.html.split("<tr>").find(|row| row.contains(&format!("<th scope=\"row\">{word}<")));
    let cells = start.unwrap_or_else(|| panic!("{word}: {}", page.html)).split("<td data-align=\"end\">").skip(1);
    cells.map(|cell| cell.split("</td>").next().unwrap().replace("<b>", "").replace("</b>", "")).collect()
}

fn people_in(world: &World<'_>) -> i64 {
    let dump = world.test.dump("exchange_person");
    i64::try_from(dump.len()).unwrap()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story")]
fn an_office_sees_what_came_of_its_estimate() {
    on_both(USUAL, async |world| {
        let line = Inputs { partners: 4, joined: 2, double_minutes: 30, ..Inputs::official() }.line();
        let keep = format!("/office/savings/keep?{line}");

        // Before the exchange there is nothing to count, and the usual estimate stands there.
        let mut office = world.login("minato-admin").await;
        let page = office.get("/office").await;
        assert!(page.is(200).has("試算と実際") && page.has("ケアプラン連携を始めると"), "{}", page.html);
        let page = office.get("/office/savings").await;
        assert!(
            page.is(200).has("まだケアプラン連携を始めていません") && page.has("よくある事業所の例"),
            "{}",
            page.html
        );
        assert_eq!(row(&page, "データでやりとりした相手"), ["20か所"], "no month yet");

        // From the simulator to the page: asked first, then kept; twice is once.
        let page = office.get(&format!("/portal/simulator?{line}")).await;
        assert!(page.is(200).html.contains(&keep.replace('&', "&#38;")), "{}", page.html);
        let page = office.get(&keep).await;
        let kept = page.is(200).hidden("/office/savings/keep").into_iter().find(|(n, _)| n == "inputs").unwrap().1;
        assert_eq!(kept, line);
        assert!(world.test.dump("savings_estimate").is_empty(), "asking keeps nothing");
        for _ in 0..2 {
            office
                .post("/office/savings/keep", &[("inputs", &kept)])
                .await
                .moves_to("/office/savings?done=estimate-kept");
        }
        assert_eq!(world.test.dump("savings_estimate").len(), 1);
        let page = office.get("/office/savings").await;
        assert!(!page.has("よくある事業所の例") && page.has("4か所のうち2か所とデータで"), "{}", page.html);
        for bad in ["", "sort=nobody", "sort=service&staff=many"] {
            let page = office.post("/office/savings/keep", &[("inputs", bad)]).await;
            assert!(page.is(422).has("試算を読み取れません") && page.has("エラー："), "{bad}: {}", page.html);
            let page = office.get(&format!("/office/savings/keep?{bad}")).await;
            if bad.is_empty() {
                page.moves_to("/office/savings");
            } else {
                page.is(422);
            }
        }
        // Who does not administer the office sees it and cannot change it.
        let mut manager = world.login("izumo").await;
        assert!(manager.get(&keep).await.is(200).has("事業所の管理者ができます"));
        manager.post("/office/savings/keep", &[("inputs", &kept)]).await.is(403);

        // A month of use: one set is fetched, one is not; what was taken back does not count.
        join(world).await;
        let page = world.login("minato-admin").await.get("/office/savings").await;
        assert!(page.is(200).has("丸1か月の数は、2027年1月1日から出ます"), "{}", page.html);
        world.wait_days(10);
        let first = sent(world, "izumo", files(world, "izumo", "hamanasu", Unit::Usage, SERIAL)).await;
        let people = people_in(world);
        assert!(people > 0);
        let taken_back = sent(world, "izumo", files(world, "izumo", "hamanasu", Unit::CarePlan, SERIAL)).await;
        let fetch = async |login: &str, set: &str| {
            let mut receiver = world.login(login).await;
            receiver.get(&format!("/exchange/sets/{set}")).await.is(200);
            receiver.post(&format!("/exchange/sets/{set}/fetch"), &[]).await.is(200);
        };
        world.wait_minutes(150);
        fetch("hamanasu", &first).await;
        let mut sender = world.login("izumo").await;
        let place = format!("/exchange/sets/{taken_back}");
        sender.get(&place).await.is(200);
        sender.post(&format!("{place}/recall"), &[]).await.moves_to(&format!("{place}?done=recalled"));
        let waiting = people_in(world);
        sent(world, "izumo", files(world, "izumo", "hamanasu", Unit::Usage, LATER)).await;
        let unread = people_in(world) - waiting;
        let back = sent(world, "hamanasu", files(world, "hamanasu", "izumo", Unit::Result, SERIAL)).await;
        fetch("izumo", &back).await;

        world.wait_days(35);
        let mut office = world.login("minato-admin").await;
        let page = office.get("/office/savings").await;
        assert!(page.is(200).has("2026年12月の実際") && page.has("5日分（途中）"), "{}", page.html);
        let second = |word: &str| row(&page, word).get(2).cloned().unwrap_or_default();
        assert_eq!(row(&page, "データでやりとりした相手"), ["2か所", "0か所", "1か所", "0か所"], "{}", page.html);
        assert_eq!(second("送ったデータ"), format!("2件（{}人分）", people + unread));
        assert_eq!(second("そのうち相手が受け取ったもの"), "50%");
        assert_eq!(second("受け取られるまでの時間（まん中の値）"), "2時間30分");
        assert!(second("受け取ったデータ").starts_with("1件（"), "{}", page.html);
        assert_eq!(second("印刷しなかった紙"), format!("{}枚", 2 * (people + unread)));
        assert_eq!(second("送らなかったFAX・郵便"), "2回");
        // A quarter of the partners: a quarter of 2,000 minutes, without the 30 of double running.
        assert_eq!(second("減った時間"), "7時間50分");
        assert_eq!((second("人件費"), second("二重運用の人件費")), ("15,500円".to_owned(), "−930円".to_owned()));
        assert!(page.has("実際は1か所でした"), "{}", page.html);
        let estimate = simulate(Inputs { partners: 4, joined: 2, double_minutes: 30, ..Inputs::official() });
        assert_eq!(row(&page, "節約の合計").first().unwrap().replace(',', ""), format!("{}円", estimate.net_month));
        let home = office.get("/office").await;
        assert!(home.has("2026年12月") && home.has("相手4か所のうち1か所とデータでやりとりしました"), "{}", home.html);

        // Another office sees its own.
        let page = world.login("kamome").await.get("/office/savings").await;
        assert!(page.is(200).has("よくある事業所の例") && !page.has("4か所のうち2か所とデータで"), "{}", page.html);
        assert_eq!(row(&page, "受け取ったデータ").get(2).map(String::as_str), Some("0件（0人分）"), "{}", page.html);
    });
}
