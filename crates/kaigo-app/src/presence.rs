//! Standing that stays true: last days of registrations recomputed from the claims, offices warned before they end.
//!
//! A run goes over all registrations (or those of one insurer) in the order of the key, some thousands at a time; the place it has
//! reached is committed with what it changed, so that any process can go on from there. A page is read while the one before it is
//! written. Nothing ends by this job: a registration has a last day, a late claim moves it, and a day that has passed stays.

use std::collections::HashMap;

use jiff::SignedDuration;
use kaigo_core::date::{Date, both};
use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Act, Caller, Purpose, decide_act};
use kaigo_core::rule::charge::{ChargeState, Grace, grace};
use kaigo_core::rule::presence::{Presence, Registered, month, settle, traced_from, until};
use kaigo_store::access_log::{self, Entry};
use kaigo_store::db::Tx;
use kaigo_store::notice::{self, Notice};
use kaigo_store::presence::{self, At, Claimed, Moved, Run, Step, Watched};
use kaigo_store::time::instant;
use kaigo_store::{lease, office};

use crate::{App, Ctx, Error};

/// Name of the job's lease.
const JOB: &str = "presence";
/// Seconds for which one step has the lease: far longer than it takes.
const LEASE_SECONDS: i64 = 120;
/// Registrations of one step.
const PAGE: i32 = 4_000;
/// Sorts after every number of an insurer or a person.
const END: &str = "~";

/// What a run does is told by its name: the daily one of that day.
pub fn daily(today: Date) -> String {
    format!("all {today}")
}

/// Asks for a run over all registrations, or those of one insurer. A run of that name that is there already stays as it is.
pub async fn ask(app: &App, ctx: &Ctx, run_id: &str, insurer_no: Option<InsurerNo>) -> Result<(), Error> {
    let (run_id, now) = (run_id.to_owned(), ctx.instant());
    app.db
        .write(move |tx| {
            let grant = decide_act(&Caller::Operator, Act::Operate)?;
            presence::begin_run(tx, &grant, &run_id, insurer_no, &now).map_err(Error::from)
        })
        .await
}

/// The job: asks for the run of the day if there is none, and does what waits. Answers the runs that it ended.
pub async fn work(app: &App, ctx: &Ctx, holder: &str) -> Result<Vec<Run>, Error> {
    let today = daily(ctx.today);
    let known = {
        let today = today.clone();
        app.db.read(move |tx| presence::run(tx, &today).map_err(Error::from)).await?
    };
    if known.is_none() {
        ask(app, ctx, &today, None).await?;
    }
    let mut ended = Vec::new();
    while let Some(run) = app.db.read(|tx| presence::waiting_run(tx).map_err(Error::from)).await? {
        match recompute(app, ctx, holder, &run.run_id).await? {
            Some(run) => ended.push(run),
            None => break,
        }
    }
    Ok(ended)
}

/// Does a run from where it is. None: another process has it.
pub async fn recompute(app: &App, ctx: &Ctx, holder: &str, run_id: &str) -> Result<Option<Run>, Error> {
    let id = run_id.to_owned();
    let Some(mut run) = app.db.read(move |tx| presence::run(tx, &id).map_err(Error::from)).await? else {
        return Err(Error::NotFound);
    };
    if run.ended {
        return Ok(Some(run));
    }
    let today = ctx.today;
    let graces = app
        .db
        .read(move |tx| {
            let grant = decide_act(&Caller::Operator, Act::Operate)?;
            presence::graces(tx, &grant, today).map_err(Error::from)
        })
        .await?;
    let rule = Rule { today, usual: grace(today), own: graces.into_iter().collect() };
    let mut page = read(app, &run, run.at.clone(), today).await?;
    loop {
        let plan = plan(&page, &rule);
        let ends = page.ends;
        let (to, next) = (page.to.clone(), page.to.clone());
        // Later persons: what is written now does not touch them.
        let (written, ahead) =
            tokio::join!(write(app, ctx, holder, (&run, to, ends), plan), ahead(app, &run, next, today, ends));
        let Some(after) = written? else { return Ok(None) };
        run = after;
        match ahead? {
            Some(read) => page = read,
            None => return Ok(Some(run)),
        }
    }
}

/// What the days are counted by.
struct Rule {
    today: Date,
    usual: Grace,
    /// Months of grace of the insurers that set their own.
    own: HashMap<String, i32>,
}

impl Rule {
    fn grace(&self, insurer_no: &str) -> Grace {
        self.own.get(insurer_no).map_or(self.usual, |months| Grace { months: *months, ..self.usual })
    }
}

/// Whole persons of the next step.
struct Page {
    charges: Vec<Watched>,
    claims: Vec<Claimed>,
    /// Place of the last person.
    to: At,
    /// Whether nothing comes after it.
    ends: bool,
}

async fn ahead(app: &App, run: &Run, after: At, today: Date, ends: bool) -> Result<Option<Page>, Error> {
    if ends { Ok(None) } else { read(app, run, after, today).await.map(Some) }
}

async fn read(app: &App, run: &Run, after: At, today: Date) -> Result<Page, Error> {
    let last = run.insurer_no.clone().unwrap_or_else(|| END.to_owned());
    app.db
        .read(move |tx| {
            let grant = decide_act(&Caller::Operator, Act::Operate)?;
            let since = traced_from(today);
            let mut most = PAGE;
            let (charges, ends) = loop {
                let mut charges = presence::charges(tx, &grant, (&after, &last), since, most)?;
                if charges.len() < usize::try_from(most).unwrap_or(usize::MAX) {
                    break (charges, true);
                }
                // The last person may be cut: left for the next step, unless there is nobody else.
                let cut = charges.last().map(person).unwrap_or_default();
                charges.retain(|c| person(c) != cut);
                if !charges.is_empty() {
                    break (charges, false);
                }
                most = most.saturating_mul(2);
            };
            let to = charges.last().map_or_else(|| after.clone(), person);
            let claims = if charges.is_empty() { Vec::new() } else { presence::claims(tx, &grant, &after, &to)? };
            Ok(Page { charges, claims, to, ends })
        })
        .await
}

fn person(charge: &Watched) -> At {
    At { insurer_no: charge.insurer_no.clone(), insured_no: charge.insured_no.clone() }
}

/// What one step changes.
#[derive(Default)]
struct Plan {
    looked: i64,
    moved: Vec<Moved>,
    reopened: Vec<Watched>,
    warned: Vec<(Watched, Date)>,
}

/// Goes through persons and claims side by side, both in the order of the key.
fn plan(page: &Page, rule: &Rule) -> Plan {
    let mut plan = Plan::default();
    let mut claims = page.claims.as_slice();
    for charges in page.charges.chunk_by(|a, b| a.insurer_no == b.insurer_no && a.insured_no == b.insured_no) {
        let Some(first) = charges.first() else { continue };
        let key = (first.insurer_no.as_str(), first.insured_no.as_str());
        let skip = claims.iter().take_while(|c| (c.insurer_no.as_str(), c.insured_no.as_str()) < key).count();
        claims = claims.get(skip..).unwrap_or_default();
        let own = claims.iter().take_while(|c| (c.insurer_no.as_str(), c.insured_no.as_str()) == key).count();
        let of_person = claims.get(..own).unwrap_or_default();
        for charge in charges {
            // Of two registrations of one office the newer one goes on by claims; the older one keeps its last day.
            let newer = |c: &&Watched| {
                c.office_no == charge.office_no && (c.started_on, &c.charge_id) > (charge.started_on, &charge.charge_id)
            };
            if charges.iter().find(newer).is_none() {
                judge(&mut plan, charge, of_person, rule);
            }
        }
        plan.looked += i64::try_from(charges.len()).unwrap_or(0);
    }
    plan
}

fn judge(plan: &mut Plan, charge: &Watched, claims: &[Claimed], rule: &Rule) {
    let claims = claims.iter().find(|c| c.office_no == charge.office_no);
    let presence = Presence {
        claimed: claims.and_then(|c| c.claimed.as_deref()).and_then(month),
        returned: claims.and_then(|c| c.returned.as_deref()).and_then(month),
    };
    let grace = rule.grace(&charge.insurer_no);
    let registered = Registered { on: charge.started_on, kept_until: charge.kept_until };
    let to = settle(charge.closes_on, until(registered, presence, grace), rule.today, grace);
    if to != charge.closes_on {
        plan.moved.push(Moved { key: key(charge), from: charge.closes_on, to });
        if charge.closes_on < rule.today && to >= rule.today {
            plan.reopened.push(charge.clone());
        }
    }
    if ChargeState::of(to, rule.today) == ChargeState::EndsSoon && charge.warned_for != Some(to) {
        plan.warned.push((charge.clone(), to));
    }
}

fn key(charge: &Watched) -> [String; 3] {
    [charge.insurer_no.clone(), charge.insured_no.clone(), charge.charge_id.clone()]
}

/// Writes one step and moves the run on, in one transaction. None: another process has the job, and nothing was written.
async fn write(
    app: &App,
    ctx: &Ctx,
    holder: &str,
    (run, to, ends): (&Run, At, bool),
    plan: Plan,
) -> Result<Option<Run>, Error> {
    let (ctx, holder, run) = (ctx.clone(), holder.to_owned(), run.clone());
    app.db
        .write(move |tx| {
            let now = ctx.instant();
            let until = instant(ctx.now + SignedDuration::from_secs(LEASE_SECONDS));
            if !lease::take(tx, JOB, &holder, &until, &now)? {
                return Ok(None);
            }
            let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
            let did = Step {
                looked: plan.looked,
                changed: count(plan.moved.len()),
                reopened: count(plan.reopened.len()),
                warned: count(plan.warned.len()),
            };
            if !presence::step(tx, &run, (&to, did), ends.then_some(now.as_str()))? {
                return Ok(None);
            }
            let grant = decide_act(&Caller::Operator, Act::Operate)?;
            presence::move_all(tx, &grant, &plan.moved)?;
            let warned: Vec<_> = plan.warned.iter().map(|(charge, day)| (key(charge), *day)).collect();
            presence::warned(tx, &grant, &warned)?;
            notice::tell_all(tx, &notices(&ctx, &plan.warned))?;
            for charge in &plan.reopened {
                let name = office_name(tx, charge)?;
                access_log::append(tx, &reopened(name, &ctx, charge))?;
            }
            Ok(Some(Run {
                at: to,
                looked: run.looked + did.looked,
                changed: run.changed + did.changed,
                reopened: run.reopened + did.reopened,
                warned: run.warned + did.warned,
                ended: ends,
                ..run
            }))
        })
        .await
}

fn notices(ctx: &Ctx, warned: &[(Watched, Date)]) -> Vec<Notice> {
    warned
        .iter()
        .filter_map(|(charge, day)| {
            let office_no = OfficeNo::parse(&charge.office_no).ok()?;
            let insurer_no = InsurerNo::parse(&charge.insurer_no).ok()?;
            let insured_no = InsuredNo::parse(&charge.insured_no).ok()?;
            Some(Notice {
                to: Recipient::Office(office_no),
                topic: Topic::ClaimGap,
                about: Some((insurer_no, insured_no)),
                href: format!("/people/{}/charge", charge.charge_id),
                note: format!("{}まで", both(*day)),
                key: format!("claim-gap {} {day}", charge.charge_id),
                at: ctx.instant(),
            })
        })
        .collect()
}

fn office_name(tx: &mut Tx<'_>, charge: &Watched) -> Result<Option<String>, Error> {
    let Ok(office_no) = OfficeNo::parse(&charge.office_no) else { return Ok(None) };
    Ok(office::name(tx, office_no)?.map(|(name, _)| name))
}

/// That an office may look again, in the person's log: it is the system that says so, by a claim of that office.
fn reopened(office_name: Option<String>, ctx: &Ctx, charge: &Watched) -> Entry {
    let whom = (charge.insurer_no.as_str(), charge.insured_no.as_str());
    let entry = crate::run::entry(ctx, &Caller::Operator, whom, REOPEN, Purpose::Charge);
    Entry { office_no: Some(charge.office_no.clone()), office_name, ..entry }
}

/// Act in the log: a registration that had ended by absence stands again, because a late claim came.
pub const REOPEN: &str = "reopen-charge";
