//! History and health of the feed: which kinds came when, how many rows, what is missing, what fell suddenly.

use kaigo_core::date::{Date, days_until};
use kaigo_core::for_each_record;
use kaigo_core::layout::Record;
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::rule::feed::{Freshness, allowed_loss};
use kaigo_store::feed::{self, KindCount, LoadRow};

use super::undo::UNDO;
use crate::ctx::day_in_japan;
use crate::{App, Ctx, Error};

/// Loads on a page of the history.
pub const PAGE: i32 = 30;
/// Loads that the health looks back on.
const LOOK_BACK: i32 = 120;

/// How a kind of record stands in the feed.
#[derive(Clone, Debug)]
pub struct KindHealth {
    /// Record kind.
    pub kind: &'static str,
    /// Its Japanese name.
    pub label: &'static str,
    /// What its last load did.
    pub last: Option<KindCount>,
    /// Day of that load.
    pub last_on: Option<Date>,
    /// Days since then.
    pub days: Option<i32>,
    /// How old that is.
    pub freshness: Option<Freshness>,
    /// Rows of the last full feed and of the one before.
    pub full: Option<(i64, Option<i64>)>,
    /// Whether the last full feed has far fewer rows than the one before.
    pub fell: bool,
}

/// How the feed stands.
#[derive(Clone, Debug)]
pub struct Health {
    /// The last feed that counts.
    pub last: Option<LoadRow>,
    /// Day of that feed, and days since then.
    pub last_on: Option<(Date, i32)>,
    /// How old that is.
    pub freshness: Option<Freshness>,
    /// The kinds in the order of loading.
    pub kinds: Vec<KindHealth>,
}

impl Health {
    /// Kinds that somebody should look at: never sent, too old, fallen.
    pub fn troubles(&self) -> usize {
        let bad = |k: &&KindHealth| k.last.is_none() || k.fell || k.freshness.is_some_and(|f| f > Freshness::Fresh);
        self.kinds.iter().filter(bad).count()
    }
}

/// Kinds of record with their Japanese names, in the order of loading.
pub fn kinds() -> Vec<(&'static str, &'static str)> {
    let mut all = Vec::new();
    macro_rules! name {
        ($kind:ty) => {
            all.push((<$kind as Record>::NAME, <$kind as Record>::JA));
        };
    }
    for_each_record!(name);
    all
}

/// How the insurer's feed stands.
pub async fn health(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Health, Error> {
    let grant = decide_act(caller, Act::LoadRecords)?;
    let today = ctx.today;
    app.db
        .read(move |tx| {
            let loads: Vec<LoadRow> = feed::loads(tx, &grant, i32::MAX, LOOK_BACK)?
                .into_iter()
                .filter(|l| l.state == "published" && l.mode != UNDO && l.undone.is_none())
                .collect();
            let from = loads.last().map_or(0, |l| l.load_no);
            let counts = feed::kinds(tx, &grant, from, i32::MAX)?;
            Ok(judge(loads, &counts, today))
        })
        .await
}

fn judge(loads: Vec<LoadRow>, counts: &[KindCount], today: Date) -> Health {
    let kinds = kinds().into_iter().map(|(kind, label)| one(kind, label, &loads, counts, today)).collect();
    let last = loads.into_iter().next();
    let last_on = last.as_ref().and_then(day_of).map(|on| (on, days_until(on, today)));
    Health { freshness: last_on.map(|(_, days)| Freshness::of(days, today)), last_on, last, kinds }
}

fn day_of(load: &LoadRow) -> Option<Date> {
    load.published_at.as_deref().and_then(|at| at.parse().ok()).map(day_in_japan)
}

fn one(kind: &'static str, label: &'static str, loads: &[LoadRow], counts: &[KindCount], today: Date) -> KindHealth {
    let of = |load: &LoadRow| counts.iter().find(|c| c.kind == kind && c.load_no == load.load_no).cloned();
    let mut own = loads.iter().filter_map(|load| of(load).map(|count| (load, count)));
    let last = own.next();
    let full: Vec<i64> =
        loads.iter().filter(|load| load.mode == "full").filter_map(of).map(|c| c.rows).take(2).collect();
    let full = full.first().map(|rows| (*rows, full.get(1).copied()));
    let fell = full.is_some_and(|(now, before)| {
        let whole = |n: i64| u64::try_from(n).unwrap_or(0);
        before.is_some_and(|before| whole(before - now) > allowed_loss(whole(before), today))
    });
    let last_on = last.as_ref().and_then(|(load, _)| day_of(load));
    let days = last_on.map(|on| days_until(on, today));
    let freshness = days.map(|days| Freshness::of(days, today));
    KindHealth { kind, label, last: last.map(|(_, count)| count), last_on, days, freshness, full, fell }
}

/// A page of the history: loads before a number.
pub async fn loads(app: &App, _ctx: &Ctx, caller: &Caller, before: i32) -> Result<Vec<LoadRow>, Error> {
    let grant = decide_act(caller, Act::LoadRecords)?;
    app.db.read(move |tx| feed::loads(tx, &grant, before, PAGE)).await.map_err(Error::from)
}

/// One load with what it did to each kind.
pub async fn load(app: &App, _ctx: &Ctx, caller: &Caller, load_no: i32) -> Result<(LoadRow, Vec<KindCount>), Error> {
    let grant = decide_act(caller, Act::LoadRecords)?;
    app.db
        .read(move |tx| {
            let found = feed::loads(tx, &grant, load_no.saturating_add(1), 1)?.into_iter().next();
            let load = found.filter(|load| load.load_no == load_no).ok_or(Error::NotFound)?;
            Ok((load, feed::kinds(tx, &grant, load_no, load_no)?))
        })
        .await
}
