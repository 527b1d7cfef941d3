//! What arose on the platform is taken out for the municipality's own system, and everybody in it has it in their log.

use kaigo_app::run::{self, Deed, Target};
use kaigo_careplan::batch::InFile;
use kaigo_careplan::pack::{Bounds, unpack};
use kaigo_core::id::InsuredNo;
use kaigo_core::policy::{Act, Caller, InsurerStaff, Purpose};
use kaigo_core::record::plan_notice::PlanNotice;
use kaigo_store::desk;

use crate::world::{KIYOSHI, TOME, USUAL, on_both};

#[test]
fn the_desks_rows_come_out_in_the_columns_of_the_feed() {
    on_both(USUAL, async |world| {
        let insurer_no = world.insurer(KIYOSHI);
        let caller = Caller::Insurer(InsurerStaff {
            account_id: "test".to_owned(),
            insurer_no,
            insurer_name: "みなと川市".to_owned(),
            name: "市川 恵子".to_owned(),
            is_admin: false,
        });
        let target = Target::Insured(insurer_no, InsuredNo::parse(KIYOSHI).unwrap());
        let ctx = world.ctx();
        let (now, today) = (ctx.instant(), ctx.today);
        run::act(&world.app, &ctx, &caller, Deed::new(target, Act::AnswerNotice, Purpose::Filing), move |tx, given| {
            let desk = desk::open(tx, &given.act, &now)?;
            let notice = PlanNotice { notified_on: today, valid_from: today, ..PlanNotice::default() };
            desk::add(tx, desk, &notice)?;
            Ok(())
        })
        .await
        .unwrap();
        let mut clerk = world.login("shiyakusho").await;
        clerk.get("/insurer/exports").await.is(200);
        clerk.post("/insurer/exports", &[("since", "2026-11-23")]).await.is(422);
        clerk.post("/insurer/exports", &[("since", "いつか")]).await.is(422);
        assert!(world.log_of(KIYOSHI).await.iter().all(|e| e.act != "export"));
        let file = clerk.post("/insurer/exports", &[("since", "2026-11-22")]).await;
        assert_eq!(file.is(200).header("content-type"), "application/zip");
        let bounds = Bounds { file_bytes: 1 << 20, all_bytes: 1 << 20, files: 100 };
        let files = unpack(vec![InFile { name: "x.zip".to_owned(), bytes: file.bytes.clone() }], bounds).unwrap();
        let notice = files.iter().find(|f| f.name == "plan_notice.csv").expect("the notice is in it");
        let text = String::from_utf8(notice.bytes.clone()).unwrap();
        assert!(text.starts_with("\u{feff}insured_no,record_no,history_no,void,"), "{text}");
        assert!(text.contains(&format!("\r\n{KIYOSHI},5001,5001,0,")), "{text}");
        assert!(world.log_of(KIYOSHI).await.iter().any(|e| e.act == "export"));
        assert!(world.log_of(TOME).await.iter().all(|e| e.act != "export"), "nothing of her is in it");
        assert!(clerk.get("/insurer/exports").await.has("plan_notice=1"));
        // Another municipality takes out nothing of it.
        let mut neighbour = world.login("yamanoha-yakuba").await;
        neighbour.get("/insurer/exports").await.is(200);
        let file = neighbour.post("/insurer/exports", &[("since", "2026-11-22")]).await;
        let own = unpack(vec![InFile { name: "x.zip".to_owned(), bytes: file.bytes.clone() }], bounds);
        assert!(own.is_ok_and(|files| files.iter().all(|f| f.name != "plan_notice.csv")));
        world.login("izumo").await.get("/insurer/exports").await.is(404);
    });
}
