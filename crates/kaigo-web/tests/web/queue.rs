//! きょうの仕事: what the second feed brings stands there until it was looked at.

use crate::world::{KIYOSHI, TOSHIKO, USUAL, Wish, on_both};

#[test]
fn news_stand_in_the_queue_until_they_are_looked_at() {
    on_both(Wish { second_feed: false, ..USUAL }, async |world| {
        let mut office = world.login("izumo").await;
        let (kiyoshi, toshiko) = (world.charge("izumo", KIYOSHI), world.charge("izumo", TOSHIKO));
        for tab in ["certificates", "certification", "documents"] {
            for c in [kiyoshi, toshiko] {
                let page = office.get(&format!("/people/{c}/{tab}")).await;
                assert!(!page.is(200).has("data-changed"), "{tab}: nothing is new at the first look");
            }
        }
        let page = office.get("/").await;
        assert!(!page.has(&format!("/people/{kiyoshi}/documents\"")), "{}", page.html);

        let plan = world.nation.feeds().into_iter().find(|plan| plan.since.is_some()).unwrap();
        world.deliver(&plan);
        let home = office.get("/").await;
        let news = |what: &str| home.html.split("<li").filter(|row| row.contains(what)).collect::<String>();
        assert!(news("認定結果").contains("大谷 清 さん：要介護3"), "{}", home.html);
        assert!(news("認定書類").contains("大谷 清 さん：認定調査票・主治医意見書が見られるようになりました"));
        assert!(news("証の変更").contains("岡 敏子 さん：負担割合証が変わりました"));

        // A look at one tab takes its own news away, and no other.
        let page = office.get(&format!("/people/{kiyoshi}/certification")).await;
        assert!(page.is(200).has("要介護3"));
        let home = office.get("/").await;
        assert!(!home.has("大谷 清 さん：要介護3") && home.has("大谷 清 さん：認定調査票"));
        let page = office.get(&format!("/people/{kiyoshi}/documents")).await;
        assert!(page.is(200).has("新しく届きました"));
        assert!(!office.get("/").await.has("大谷 清 さん：認定調査票"));

        let path = format!("/people/{toshiko}/certificates");
        assert!(office.get(&path).await.is(200).has("data-changed"), "the change is marked");
        assert!(!office.get(&path).await.has("data-changed"), "once");
        assert!(!office.get("/").await.has("岡 敏子 さん：負担割合証"));
        // The office has looked; another one has not.
        assert!(!world.login("kamome").await.get("/").await.has("岡 敏子"));
    });
}
