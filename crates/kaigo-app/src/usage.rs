//! 利用状況: a job counts the exchange of the last month once a day; anybody reads the figures that may be published.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use kaigo_core::date::{Date, add_months};
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::usage::{Published, Shown, count, publish};
use kaigo_store::time::instant;
use kaigo_store::usage::{self as store, Run};
use kaigo_store::{insurer, lease};

use crate::portal::at_japan;
use crate::{App, Ctx, Error};

/// Name of the job's lease.
const JOB: &str = "usage";
/// Months that the first run counts.
const FIRST_MONTHS: i32 = 3;
/// Months of the history on the page.
const HISTORY: i32 = 12;

/// `2026-10` of a day.
pub fn month_of(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The month before that of a day: its first day.
pub fn last_month(today: Date) -> Date {
    add_months(today.first_of_month(), -1)
}

/// The job: counts the last month once a day; the months before it, if nobody has. Answers the months that it counted.
pub async fn work(app: &App, ctx: &Ctx, holder: &str) -> Result<Vec<String>, Error> {
    let mut counted = Vec::new();
    for back in 0..FIRST_MONTHS {
        let first = add_months(last_month(ctx.today), -back);
        let month = month_of(first);
        let known = app.db.read({
            let month = month.clone();
            move |tx| store::run(tx, &month).map_err(Error::from)
        });
        let is_done = known.await?.is_some_and(|run| back > 0 || run.computed_on == ctx.today.to_string());
        if !is_done && compute(app, ctx, holder, first).await? {
            counted.push(month);
        }
    }
    Ok(counted)
}

/// Counts a month. False: another process has the lease.
pub async fn compute(app: &App, ctx: &Ctx, holder: &str, first: Date) -> Result<bool, Error> {
    let moment = |day: Date| {
        let at = at_japan(day.at(0, 0, 0, 0)).ok_or_else(|| Error::Internal("no such month".to_owned()))?;
        Ok::<_, Error>(instant(at))
    };
    let (from, until) = (moment(first)?, moment(add_months(first, 1))?);
    let run = Run { month: month_of(first), computed_at: ctx.instant(), computed_on: ctx.today.to_string() };
    let (ctx, holder) = (ctx.clone(), holder.to_owned());
    app.db
        .write(move |tx| {
            let lease_until = instant(ctx.now + SignedDuration::from_mins(10));
            if !lease::take(tx, JOB, &holder, &lease_until, &ctx.instant())? {
                return Ok(false);
            }
            let grant = decide_act(&Caller::Operator, Act::Operate)?;
            let offices = store::offices(tx, &grant, &until)?;
            let traffic = store::traffic(tx, &grant, &from, &until)?;
            store::keep(tx, &grant, &run, &count(&offices, &traffic))?;
            Ok::<_, Error>(true)
        })
        .await
}

/// A month of the history: the country's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// `2026-10`.
    pub month: String,
    /// Figures.
    pub published: Published,
}

/// What the pages show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// The computation; none: nothing was counted yet.
    pub run: Option<Run>,
    /// Figures by area.
    pub areas: BTreeMap<String, Published>,
    /// The country's last months, the newest first.
    pub history: Vec<Month>,
    /// Names of areas that are no municipality of the country: the fictional insurers of a demo.
    pub names: BTreeMap<String, String>,
}

/// The figures of the newest month that was counted, as they may be published.
pub async fn board(app: &App) -> Result<Board, Error> {
    app.db
        .read(move |tx| {
            let Some(run) = store::last_run(tx)? else { return Ok(Board::default()) };
            let areas = publish(&store::areas(tx, &run.month)?);
            let alone = |figures| {
                let only = BTreeMap::from([(kaigo_core::usage::NATION.to_owned(), figures)]);
                publish(&only).into_values().next()
            };
            let history = store::nation(tx, HISTORY)?
                .into_iter()
                .filter_map(|(month, figures)| alone(figures).map(|published| Month { month, published }))
                .collect();
            let mut names = BTreeMap::new();
            for insurer in insurer::list(tx)? {
                if let Some(code) =
                    insurer.municipality_code.filter(|code| kaigo_core::area::municipality(code).is_none())
                {
                    names.insert(code, insurer.name);
                }
            }
            Ok(Board { run: Some(run), areas, history, names })
        })
        .await
}

/// A figure in words: 「1,234」「5未満」「非公表」.
pub fn say(shown: Shown) -> String {
    match shown {
        Shown::Exact(n) => kaigo_core::code::thousands(i32::try_from(n).unwrap_or(i32::MAX)),
        Shown::Few => "5未満".to_owned(),
        Shown::Hidden => "非公表".to_owned(),
    }
}
