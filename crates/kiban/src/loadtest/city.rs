//! `kiban loadtest city`: a month of a large ward, played by everybody at their browsers.

mod actor;
mod form;
mod plan;
mod world;

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::Args;
use kaigo_core::id::InsuredNo;
use kaigo_store::access_log;
use serde_json::{Map, Value, json};

use self::actor::{Actor, Book, Shared};
use self::plan::{Job, Round, Who};
use self::world::{CLERKS, DOCTORS, MANAGERS, SECRETARY, World};
use super::scratch::{Scratch, Server};
use super::{number, ratio, rounded};
use crate::cli::Format;
use crate::surroundings::say;

/// Working days of the month.
const DAYS: usize = 22;
/// Seconds of a working day: eight hours.
const DAY_SECONDS: f64 = 8.0 * 3600.0;
/// Errors that are printed.
const SHOWN: usize = 20;

/// Play a month of a large ward through the pages of a real server, at a hundred times the speed
///
/// Loads 26,000 people, starts a server in this process and logs in everybody: clerks take in 2,000 applications, ask for opinions and
/// accept them, physicians write and submit them, 36 sessions of the board judge them, clerks confirm, care managers file
/// notices and look at their people. Each page is asked for and each form is sent as a browser does it, at its time of a working
/// day of eight hours. Then the logs are compared with what was acknowledged: every request about a person has its entry.
#[derive(Args, Debug)]
pub(crate) struct CityArgs {
    /// Part of the ward: 0.05 is a twentieth of its people and its work
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// How many times faster than life
    #[arg(long, default_value_t = 100.0)]
    speed: f64,
    /// Browsers at once
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=256))]
    browsers: u16,
    #[command(flatten)]
    server: Server,
    /// Folder in which everything is made, and removed afterwards
    #[arg(long, value_name = "DIR", default_value = "./kiban-data")]
    work: PathBuf,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// So many of a thousand, at least so many.
fn scaled(whole: u64, scale: f64, least: u64) -> Result<u64> {
    let permille = (scale * 10_000.0).round();
    let permille: u64 = format!("{permille}").parse().context("--scale")?;
    Ok((whole * permille / 10_000).max(least))
}

pub(crate) fn run(args: &CityArgs) -> Result<ExitCode> {
    let scratch = Scratch::make(&args.server, &args.work, "city")?;
    let amount = plan::Amount {
        applications: usize::try_from(scaled(2_000, args.scale, 12)?)?,
        sessions: usize::try_from(scaled(36, args.scale, 2)?)?,
        looks: usize::try_from(scaled(12_000, args.scale, 40)?)?,
        notices: usize::try_from(scaled(400, args.scale, 4)?)?,
    };
    let world = World::start(scratch, scaled(26_000, args.scale, 400)?, amount.looks.min(4_000))?;
    let book: Shared = Arc::new(Mutex::new(Book::default()));
    let begun = Instant::now();
    let month = plan::month(&world, &amount);
    let who = everybody(&world)?;
    let round = Arc::new(Round::new(&world, month.cases, amount.sessions));
    plan_sessions(&world, &who, &round, &book)?;
    let mut late = 0.0_f64;
    for (day, jobs) in month.days.into_iter().enumerate() {
        eprintln!("{}日め：{}件", day + 1, jobs.len());
        late = late.max(play(args, &world, &who, &round, &book, jobs)?);
    }
    let took = begun.elapsed();
    world.end()?;
    let missing = missing(&world, &book)?;
    let book = std::mem::take(&mut *book.lock().unwrap_or_else(PoisonError::into_inner));
    for error in book.errors.iter().take(SHOWN) {
        eprintln!("{error}");
    }
    for (insured_no, name, acknowledged, entries) in missing.iter().take(SHOWN) {
        eprintln!("{insured_no}: {name} got {acknowledged} answers, the log holds {entries} entries");
    }
    let report = report(args, &world, &book, (took, late), &missing);
    match args.format {
        Format::Text => say(&text(&report)),
        Format::Json => say(&serde_json::to_string_pretty(&report)?),
    }
    let is_sound = book.errors.is_empty() && missing.is_empty();
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Names and cookies of everybody, by what they do.
fn everybody(world: &World) -> Result<BTreeMap<Who, Vec<(&'static str, String)>>> {
    Ok(BTreeMap::from([
        (Who::Clerk, world.enter(&CLERKS)?),
        (Who::Doctor, world.enter(&DOCTORS)?),
        (Who::Manager, world.enter(&MANAGERS)?),
        (Who::Board, world.enter(&[SECRETARY])?),
    ]))
}

fn plan_sessions(
    world: &World,
    who: &BTreeMap<Who, Vec<(&'static str, String)>>,
    round: &Round,
    book: &Shared,
) -> Result<()> {
    let (name, cookies) = who.get(&Who::Board).and_then(|all| all.first()).context("the secretary")?;
    world.runtime.block_on(async {
        let mut actor = Actor::new(world.address, (name, cookies), book).await?;
        round.plan_sessions(&mut actor).await
    })
}

/// Plays one day: each job at its time, or as soon as a browser is free. Answers by how many seconds the worst one began late.
fn play(
    args: &CityArgs,
    world: &World,
    who: &BTreeMap<Who, Vec<(&'static str, String)>>,
    round: &Arc<Round>,
    book: &Shared,
    jobs: Vec<Job>,
) -> Result<f64> {
    let length = DAY_SECONDS / args.speed.max(1.0);
    let count = number(u64::try_from(jobs.len())?.max(1));
    let timed = jobs.into_iter().enumerate();
    let queue: VecDeque<(f64, Job)> =
        timed.map(|(n, job)| (length * ratio(number(u64::try_from(n).unwrap_or(0)), count), job)).collect();
    let queue = Arc::new(Mutex::new(queue));
    let begun = Instant::now();
    let mut workers = Vec::new();
    for n in 0..usize::from(args.browsers) {
        let (queue, round, book, address) = (Arc::clone(&queue), Arc::clone(round), Arc::clone(book), world.address);
        let own: BTreeMap<Who, (&'static str, String)> =
            who.iter().filter_map(|(who, all)| Some((*who, all.get(n % all.len().max(1))?.clone()))).collect();
        workers.push(world.runtime.spawn(async move {
            let mut actors = BTreeMap::new();
            for (who, (name, cookies)) in &own {
                actors.insert(*who, Actor::new(address, (name, cookies), &book).await?);
            }
            let mut late = 0.0_f64;
            loop {
                let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let Some((at, job)) = next else { return Ok::<f64, anyhow::Error>(late) };
                let wait = at - begun.elapsed().as_secs_f64();
                if wait > 0.0 {
                    tokio::time::sleep(Duration::from_secs_f64(wait)).await;
                }
                late = late.max(-wait);
                let Some(actor) = actors.get_mut(&job.who()) else { continue };
                // What went wrong stands in the book; the next job goes on.
                drop(round.play(&job, actor).await);
            }
        }));
    }
    let mut late = 0.0_f64;
    for worker in workers {
        late = late.max(world.runtime.block_on(worker).context("a browser")??);
    }
    Ok(late)
}

/// What was acknowledged about a person and does not stand in the logs: number, who, acknowledged, entries.
fn missing(world: &World, book: &Shared) -> Result<Vec<(InsuredNo, String, u64, u64)>> {
    let insurer_no = world.loaded.insurer_no.to_string();
    let entries = world.loaded.app.db.read_blocking(move |tx| {
        let mut all: BTreeMap<(String, String), u64> = BTreeMap::new();
        let mut seq = 0;
        loop {
            let page = access_log::after(tx, &insurer_no, seq, 5_000)?;
            let Some(last) = page.last().and_then(|placed| placed.seq) else {
                return Ok::<_, kaigo_store::db::Error>(all);
            };
            seq = last;
            for placed in page {
                if placed.entry.outcome == "done" {
                    *all.entry((placed.entry.insured_no, placed.entry.account_name)).or_default() += 1;
                }
            }
        }
    })?;
    let book = book.lock().unwrap_or_else(PoisonError::into_inner);
    let mut missing = Vec::new();
    for ((insured_no, name), count) in &book.touched {
        let there = entries.get(&(insured_no.to_string(), name.clone())).copied().unwrap_or(0);
        if there < *count {
            missing.push((*insured_no, name.clone(), *count, there));
        }
    }
    Ok(missing)
}

fn at(sorted: &[u64], permille: usize) -> f64 {
    let place = (sorted.len() * permille / 1000).min(sorted.len().saturating_sub(1));
    sorted.get(place).map_or(0.0, |us| rounded(number(*us) / 1000.0, 1))
}

fn report(
    args: &CityArgs,
    world: &World,
    book: &Book,
    (took, late): (Duration, f64),
    missing: &[(InsuredNo, String, u64, u64)],
) -> Value {
    let mut kinds = Map::new();
    let mut all: Vec<u64> = Vec::new();
    for (kind, micros) in &book.micros {
        let mut sorted = micros.clone();
        sorted.sort_unstable();
        all.extend(&sorted);
        let line = json!({ "requests": sorted.len(), "p50_ms": at(&sorted, 500), "p99_ms": at(&sorted, 990), "max_ms": at(&sorted, 1000) });
        kinds.insert((*kind).to_owned(), line);
    }
    all.sort_unstable();
    let touched: u64 = book.touched.values().sum();
    json!({
        "engine": world.loaded.app.db.engine_name(),
        "persons": world.loaded.persons,
        "scale": args.scale,
        "speed": args.speed,
        "seconds": rounded(took.as_secs_f64(), 1),
        "worst_start_late_seconds": rounded(late, 2),
        "requests": all.len(),
        "errors": book.errors.len(),
        "p50_ms": at(&all, 500),
        "p99_ms": at(&all, 990),
        "max_ms": at(&all, 1000),
        "acknowledged_about_a_person": touched,
        "without_an_entry": missing.len(),
        "kinds": kinds,
    })
}

fn text(report: &Value) -> String {
    let field = |key: &str| report.get(key).map(Value::to_string).unwrap_or_default();
    let mut lines = vec![
        format!(
            "{}: {} persons, scale {}, speed {}, {} s, worst start {} s late",
            field("engine"),
            field("persons"),
            field("scale"),
            field("speed"),
            field("seconds"),
            field("worst_start_late_seconds")
        ),
        format!(
            "{} requests, {} errors, p50 {} ms, p99 {} ms, max {} ms",
            field("requests"),
            field("errors"),
            field("p50_ms"),
            field("p99_ms"),
            field("max_ms")
        ),
        format!(
            "{} acknowledged requests about a person, {} without an entry in the log",
            field("acknowledged_about_a_person"),
            field("without_an_entry")
        ),
    ];
    for (kind, line) in report.get("kinds").and_then(Value::as_object).into_iter().flatten() {
        let of = |key: &str| line.get(key).map(Value::to_string).unwrap_or_default();
        lines.push(format!(
            "  {kind}: {} requests, p50 {} ms, p99 {} ms, max {} ms",
            of("requests"),
            of("p50_ms"),
            of("p99_ms"),
            of("max_ms")
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_ward_has_its_part_of_the_work() {
        assert_eq!(scaled(2_000, 1.0, 12).unwrap(), 2_000);
        assert_eq!(scaled(2_000, 0.05, 12).unwrap(), 100);
        assert_eq!(scaled(36, 0.01, 2).unwrap(), 2);
        assert_eq!(DAYS, 22);
    }

    #[test]
    fn answers_are_read_from_their_order() {
        let sorted: Vec<u64> = (1..=1000).map(|n| n * 1000).collect();
        assert!((at(&sorted, 990) - 991.0).abs() < 0.1 && at(&[], 500).abs() < 0.1);
    }
}
