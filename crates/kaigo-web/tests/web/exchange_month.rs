//! The month at a glance and the directory of partners.

use kaigo_careplan::kind::Unit;

use crate::exchange_world::{SERIAL, files, first_person, join, sent};
use crate::page::encode;
use crate::world::{USUAL, on_both};

#[test]
fn the_month_shows_what_is_missing_at_both_ends() {
    on_both(USUAL, async |world| {
        join(world).await;
        let planned = files(world, "izumo", "hamanasu", Unit::Usage, SERIAL);
        let month = planned[0].name.split('_').nth(1).unwrap().to_owned();
        let set = sent(world, "izumo", planned.clone()).await;
        let mut manager = world.login("izumo").await;
        let mut service = world.login("hamanasu").await;
        let path = format!("/exchange/board?month={month}");
        for (who, browser) in [("izumo", &mut manager), ("hamanasu", &mut service)] {
            let page = browser.get(&path).await;
            assert!(page.is(200).has(&format!("/exchange/sets/{set}")) && page.has("まだ"), "{who}: {}", page.html);
        }
        // The other months know nothing of it; nonsense is the month of today.
        assert!(!manager.get("/exchange/board?month=202001").await.is(200).has(&set));
        for odd in ["", "x", "202613", "999999"] {
            assert!(
                manager.get(&format!("/exchange/board?month={odd}")).await.is(200).has("2026年11月のまとめ"),
                "{odd}"
            );
        }
        // Names in a list are entered once a day and account.
        let lists = world.log_of(&first_person(&planned)).await;
        let lists: Vec<_> = lists.iter().filter(|e| e.act == "list-sets").collect();
        assert_eq!(lists.len(), 2, "{lists:?}");
    });
}

#[test]
fn partners_are_found_by_what_is_known_of_them() {
    on_both(USUAL, async |world| {
        join(world).await;
        let mut office = world.login("izumo").await;
        let number = world.office("hamanasu").to_string();
        for words in ["はまなす", "ハマナス", &number] {
            let page = office.get(&format!("/exchange/partners?q={}", encode(words))).await;
            assert!(page.is(200).has("訪問介護 はまなす") && page.has("連携できます"), "{words}: {}", page.html);
            assert!(!page.has("福祉用具 うみねこ"), "{words}");
        }
        let umineko = world.office("umineko").to_string();
        let page = office.get(&format!("/exchange/partners?q={umineko}")).await;
        assert!(page.is(200).has("まだ登録がありません") && page.has(&format!("/exchange/partners/{umineko}/letter")));
        let page = office.get(&format!("/exchange/partners?q={umineko}&only=members")).await;
        assert!(page.is(200).has("見つかりませんでした"), "{}", page.html);

        let path = format!("/exchange/partners/{number}/favourite");
        for (value, done) in [("yes", "favourite"), ("yes", "favourite"), ("no", "not-favourite")] {
            let fields = [("favourite", value), ("back", "/exchange/partners?only=favourites")];
            office.post(&path, &fields).await.moves_to(&format!("/exchange/partners?only=favourites&done={done}"));
            let page = office.get("/exchange/partners?only=favourites").await;
            assert_eq!(page.is(200).has("訪問介護 はまなす"), value == "yes", "{value}");
        }
        let elsewhere = office.post(&path, &[("favourite", "yes"), ("back", "https://elsewhere.example")]).await;
        elsewhere.moves_to("/exchange/partners?done=favourite");
    });
}
