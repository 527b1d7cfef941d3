//! The demo's cards: a set of test cards in the data folder, and a virtual reader for every office that has an account.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use kaigo_app::card::{Cards, terminal};
use kaigo_app::{App, Ctx, Ids};
use kaigo_card::device::DeviceKey;
use kaigo_card::protocol::Enrol;
use kaigo_card::test_set::{self, Kind, PIN};
use kaigo_card::transport::CardTransport;
use kaigo_core::date::Date;
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Caller, JobType, Staff};
use kaigo_demo::Nation;
use kaigo_web::{DemoCard, DemoCards};

use crate::surroundings::{now, operator};

/// The folder of the cards.
pub(super) fn folder(data: &Path) -> PathBuf {
    data.join("demo-cards")
}

/// Makes the set unless it is there.
pub(super) fn make(data: &Path, today: Date) -> Result<()> {
    let folder = folder(data);
    if test_set::read(&folder).is_err() {
        test_set::make(&folder, i32::from(today.year())).with_context(|| folder.display().to_string())?;
    }
    Ok(())
}

/// What the server reads cards with.
pub(super) fn config(data: &Path) -> Cards {
    Cards::folder(folder(data).join("anchors"), None)
}

/// Enrols the virtual reader of each office, the way a real terminal is enrolled, once.
pub(super) async fn reader(app: &App, ids: &Ids, nation: &Nation, data: &Path) -> Result<DemoCards> {
    let key = DeviceKey::from_seed(&app.keys.code_bytes("demo virtual reader")).context("the demo's reader")?;
    let ctx = Ctx::new(now(), ids.clone());
    let mut terminals = BTreeMap::new();
    for office_no in nation.accounts().iter().filter_map(|account| account.office_no) {
        if !terminals.contains_key(office_no.as_str()) {
            let id = enrol(app, &ctx, office_no, &key).await.map_err(operator)?;
            terminals.insert(office_no.to_string(), id);
        }
    }
    let cards = test_set::read(&folder(data))?.into_iter().map(|file| {
        let kind: Kind = file.kind;
        let insert = move || {
            let card: Box<dyn CardTransport + Send> = Box::new(file.insert()?);
            Some(card)
        };
        DemoCard { name: kind.name().to_owned(), word: kind.word().to_owned(), insert: Arc::new(insert) }
    });
    if terminals.is_empty() {
        return Err(anyhow!("the demo has no office"));
    }
    Ok(DemoCards { cards: cards.collect(), pin: PIN.to_owned(), key: Arc::new(key), terminals })
}

async fn enrol(app: &App, ctx: &Ctx, office_no: OfficeNo, key: &DeviceKey) -> Result<String, kaigo_app::Error> {
    let admin = Caller::Staff(Staff {
        account_id: "demo".to_owned(),
        office_no,
        office_name: String::new(),
        services: Vec::new(),
        job: JobType::Clerk,
        is_admin: true,
        name: "デモ".to_owned(),
    });
    let id = terminal::make(app, ctx, &admin, "仮想のカードリーダー（デモ）", "demo").await?;
    let lines = terminal::list(app, ctx, &admin).await?;
    let code = lines.into_iter().find(|line| line.terminal.terminal_id == id).and_then(|line| line.code);
    if let Some(code) = code {
        terminal::enrol(app, ctx, "demo", &Enrol::new(key, "demo", &code)).await?;
    }
    Ok(id)
}
