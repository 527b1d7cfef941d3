//! The demo's portal: articles of the last weeks, one scheduled, one draft; maintenance; made-up states; figures of the last month.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use kaigo_app::portal::{content, maintenance};
use kaigo_app::{App, Ctx, readiness, usage};
use kaigo_core::date::add_days;
use kaigo_core::policy::Caller;
use kaigo_core::portal::VersionState;
use kaigo_demo::Nation;
use kaigo_demo::portal::{ARTICLES, DemoArticle, DemoMaintenance, MAINTENANCE, begins};

use crate::surroundings::operator;

/// Writes it all, each thing at its moment.
pub(super) async fn load(
    app: &App,
    nation: &Nation,
    callers: &BTreeMap<&'static str, Caller>,
    moment: &dyn Fn(i32, i8, i8) -> Result<Ctx>,
    holder: &str,
) -> Result<()> {
    let editor = callers.get("unei").context("the demo has an editor")?;
    for demo in ARTICLES {
        let ctx = moment(demo.days_ago.max(0), 10, 0)?;
        write(app, &ctx, editor, demo).await.with_context(|| demo.title)?;
    }
    for demo in MAINTENANCE {
        let ctx = moment(40, 11, 0)?;
        plan(app, &ctx, editor, demo, nation).await.with_context(|| demo.title)?;
    }
    let ctx = moment(3, 9, 0)?;
    readiness::fill_examples(app, &ctx, kaigo_demo::portal::readiness(nation.today())).await.map_err(operator)?;
    usage::work(app, &moment(0, 5, 0)?, holder).await.map_err(operator)?;
    Ok(())
}

async fn write(app: &App, ctx: &Ctx, editor: &Caller, demo: &DemoArticle) -> Result<()> {
    let later = (demo.days_ago < 0).then(|| add_days(ctx.today, -demo.days_ago).to_string());
    let typed = content::Typed {
        kind: demo.kind.code().to_owned(),
        topic: demo.topic.code().to_owned(),
        title: demo.title.to_owned(),
        summary: demo.summary.to_owned(),
        body: demo.body.to_owned(),
        keywords: demo.keywords.to_owned(),
        place: demo.place.to_string(),
        show_time: later.as_ref().map(|_| "9:00".to_owned()).unwrap_or_default(),
        show_day: later.unwrap_or_default(),
    };
    let state = if demo.is_draft { VersionState::Draft } else { VersionState::Public };
    let saving = content::Saving { article_id: None, seen: 0, state, submit_key: String::new() };
    content::save(app, ctx, editor, &typed, saving).await.map_err(operator)?;
    Ok(())
}

async fn plan(app: &App, ctx: &Ctx, editor: &Caller, demo: &DemoMaintenance, nation: &Nation) -> Result<()> {
    let (day, hour, hours) = begins(demo, nation.today());
    let end = i32::from(hour) + hours;
    let typed = maintenance::Typed {
        title: demo.title.to_owned(),
        effect: demo.effect.to_owned(),
        start_day: day.to_string(),
        start_time: format!("{hour}:00"),
        end_day: add_days(day, end / 24).to_string(),
        end_time: format!("{}:00", end % 24),
        cancelled: demo.cancelled,
    };
    let saving = maintenance::Saving { maintenance_id: None, seen: 0, submit_key: String::new() };
    maintenance::save(app, ctx, editor, &typed, saving).await.map_err(operator)?;
    Ok(())
}
