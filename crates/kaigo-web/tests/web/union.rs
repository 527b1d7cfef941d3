//! 広域連合: one insurer for several municipalities, from the feed to the certificate. Its number stands on everything, whichever of its
//! municipalities somebody lives in; a move within it changes the address and nothing else.

use std::fs;

use kaigo_app::setup;
use kaigo_store::insurer::Insurer;

use crate::world::{MASARU, MINATO, TOME, USUAL, World, on_both};

/// Sends one correction of the union.
fn amend(world: &World<'_>, kind: &str, csv: &str) {
    let folder = world.test.folder.join(format!("union-{kind}-{}", csv.len()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{kind}.csv")), csv).unwrap();
    let (no, rows) = (world.insurer(MASARU), csv.lines().count() - 1);
    let manifest = format!(
        r#"{{"format":"kaigo-feed/1","insurer_no":"{no}","insurer_name":"しおかぜ広域連合","made_at":"2026-11-22T05:20:00+09:00","mode":"delta","files":[{{"name":"{kind}.csv","kind":"{kind}","rows":{rows}}}]}}"#
    );
    fs::write(folder.join("manifest.json"), manifest).unwrap();
    world.import(&folder);
}

#[test]
fn a_union_of_municipalities_is_one_insurer_and_a_move_within_it_changes_nothing() {
    on_both(USUAL, async |world| {
        let union = world.insurer(MASARU);
        assert_ne!(union, world.insurer(TOME));
        let demo = world.nation.insurers().into_iter().find(|i| i.insurer_no == union).unwrap();
        let started = Insurer {
            insurer_no: union,
            name: demo.name.to_owned(),
            name_kana: demo.name_kana.to_owned(),
            municipality_code: Some(demo.municipality_code.to_string()),
            phone: Some(demo.phone.to_owned()),
            started_on: "2026-04-01".parse().ok(),
            published_load: 0,
            published_at: None,
        };
        setup::put_insurers(&world.app, vec![started]).await.unwrap();
        let charge = world.charge(MINATO, MASARU).to_owned();
        let mut office = world.login(MINATO).await;
        let path = format!("/people/{charge}/certificates");
        let page = office.get(&path).await;
        for text in ["磯部 勝", "しおかぜ広域連合", &union.to_string(), "潮崎町"] {
            assert!(page.is(200).has(text), "{text}: {}", page.html);
        }
        let level = |page: &crate::page::Page| {
            page.html.split("要介護").skip(1).map(|rest| rest.chars().take(1).collect::<String>()).collect::<Vec<_>>()
        };
        let (levels, charges) = (level(&page), world.test.dump("charge"));
        assert!(!levels.is_empty());
        // From one municipality of the union to another: the same number, the same qualification, another address.
        let header = "insured_no,record_no,history_no,void,name,name_kana,born_on,sex,address,issued_on";
        let sex = if page.has("女") { "2" } else { "1" };
        let row =
            format!("{header}\n{MASARU},1,8,0,磯部 勝,イソベ マサル,1940-12-01,{sex},磯浜村大字磯浜7-3,2026-11-20\n");
        amend(world, "insured_person", &row);
        let page = office.get(&path).await;
        assert!(page.is(200).has("磯浜村大字磯浜7-3") && !page.has("潮崎町"), "{}", page.html);
        assert!(page.has("しおかぜ広域連合") && page.has(&union.to_string()));
        assert!(!page.has("転出されました") && !page.has("新しい保険者で本人確認"), "{}", page.html);
        assert_eq!(level(&page), levels, "the certification goes on");
        assert_eq!(world.test.dump("charge"), charges, "and so does the charge");
        // Who shows the certificate is found by the union's number, not by that of a municipality.
        let ask = |no: String| {
            [
                ("insurer_no", no),
                ("insured_no", MASARU.to_owned()),
                ("kana", "イソベ マサル".to_owned()),
                ("birth", "昭和15年12月1日".to_owned()),
            ]
        };
        let mut other = world.login("kamome").await;
        other.get("/identity").await.is(200);
        let fields = ask(union.to_string());
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert!(other.post("/identity", &fields).await.is(303).location().starts_with("/identity/"));
        let fields = ask(world.insurer(TOME).to_string());
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        other.get("/identity").await.is(200);
        other.post("/identity", &fields).await.is(422);
        // A move out of the union is a loss, as with every insurer.
        let header = "insured_no,record_no,history_no,void,insured_class,acquired_on,lost_on,loss_reason,\
                      facility_insurer_no,facility_from,facility_until";
        amend(world, "qualification", &format!("{header}\n{MASARU},1,8,0,1,2005-12-01,2026-11-10,1,,,\n"));
        let page = office.get(&path).await;
        assert!(page.is(200).has("転出されました"), "{}", page.html);
    });
}
