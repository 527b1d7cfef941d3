//! The demo's authority and certificates of terminals: one in use, one that waits for its administrator, one at the desk.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use kaigo_app::pki::{ca, desk, office};
use kaigo_app::{App, Ctx, Ids};
use kaigo_core::date::add_days;
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Caller, JobType, OperatorStaff, Staff};
use kaigo_demo::Nation;
use kaigo_store::office as offices;

use super::build::in_japan;
use crate::cert::{issue_now, write_secret, write_server};
use crate::surroundings::{now, operator};

/// Folder of the files in the data folder.
pub(super) const FOLDER: &str = "tls";
/// Whose office has a certificate at the start.
const LOGIN: &str = "minato-admin";
/// Of another office, for who wants to see that it is refused.
const OTHER: &str = "kamome";

fn office_of(nation: &Nation, login: &str) -> Option<OfficeNo> {
    nation.accounts().into_iter().find(|a| a.login == login).and_then(|a| a.office_no)
}

/// Makes what is missing. Told are the files and the codes that open them.
pub(super) async fn make(app: &App, ids: &Ids, nation: &Nation, data: &Path) -> Result<()> {
    let folder = data.join(FOLDER);
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let ctx = Ctx::new(now(), ids.clone());
    if !ca::is_there(app).await.map_err(operator)? {
        let key = folder.join("root.key");
        drop(std::fs::remove_file(&key));
        let made = ca::init(app, &ctx, "介護情報基盤（デモ）").await.map_err(operator)?;
        write_secret(&key, made.root_key_pem.as_bytes())?;
        let mut told = String::from("# ファイルと、それを開く番号（デモ）\n");
        for login in [LOGIN, OTHER] {
            let Some(office_no) = office_of(nation, login) else { continue };
            let (file, code, _) = issue_now(app, &ctx, office_no, "事務所のパソコン1").await.map_err(operator)?;
            let path = folder.join(format!("{login}.p12"));
            drop(std::fs::remove_file(&path));
            write_secret(&path, &file)?;
            let _ = writeln!(told, "{login}.p12\t{code}");
        }
        std::fs::write(folder.join("codes.txt"), told)?;
        if let Some(office_no) = office_of(nation, LOGIN) {
            waiting(app, ids, nation, office_no).await?;
        }
    }
    let anchors = ca::anchors(app).await.map_err(operator)?;
    let text: String = anchors.iter().map(|der| ca::pem("CERTIFICATE", der)).collect();
    std::fs::write(folder.join("ca.crt"), text)?;
    let names = ["localhost", "127.0.0.1"].map(str::to_owned);
    write_server(app, &names, None, &folder).await
}

/// A moment of the day before the demo's, and that day.
fn day_before(ids: &Ids, nation: &Nation, (hour, minute): (i8, i8)) -> Result<Ctx> {
    let day = add_days(nation.today(), -1);
    let mut ctx = Ctx::new(in_japan(day.at(hour, minute, 0, 0))?, ids.clone());
    ctx.today = day;
    Ok(ctx)
}

/// One terminal that can be received, one that the desk has not decided. Nothing is issued yet, so that both stand in the demo's time;
/// the other certificates stand in ours, because whoever connects holds them against the true clock.
async fn waiting(app: &App, ids: &Ids, nation: &Nation, office_no: OfficeNo) -> Result<()> {
    let name = app.db.read(move |tx| offices::name(tx, office_no)).await?.map(|(name, _)| name).unwrap_or_default();
    let admin = Caller::Staff(Staff {
        account_id: String::new(),
        office_no,
        office_name: name,
        services: Vec::new(),
        job: JobType::Clerk,
        is_admin: true,
        name: "港 明子".to_owned(),
    });
    let new = office::NewTerminals {
        names: "事務所のパソコン2\n訪問用のタブレット".to_owned(),
        way: "file".to_owned(),
        csr: String::new(),
        submit_key: "demo".to_owned(),
    };
    let asked = office::request(app, &day_before(ids, nation, (10, 30))?, &admin, &new).await.map_err(operator)?;
    let desk_staff = OperatorStaff { account_id: String::new(), name: "中央 結".to_owned(), is_admin: false };
    if let Some(first) = asked.first() {
        let caller = Caller::OperatorStaff(desk_staff);
        let ctx = day_before(ids, nation, (15, 0))?;
        desk::approve(app, &ctx, &caller, &first.certificate_id).await.map_err(operator)?;
    }
    Ok(())
}
