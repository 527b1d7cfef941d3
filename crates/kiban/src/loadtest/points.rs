//! `kiban loadtest points`: views of random people of a large municipality, through the use case, without HTTP.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::Args;
use kaigo_app::run::Target;
use kaigo_app::setup::{self, PastCharge};
use kaigo_app::{App, Ctx, Ids, certificates};
use kaigo_core::policy::{Caller, JobType, Staff};
use kaigo_core::service::ServiceKind;
use kaigo_store::office::{Office, OfficeService};
use serde_json::{Value, json};

use super::import::{Loaded, load};
use super::scratch::{Scratch, Server};
use super::{number, ratio, rounded};
use crate::cli::Format;
use crate::surroundings::{now, operator, runtime, say};

/// Registrations of one transaction.
const BATCH: usize = 500;
/// Looks under way at once in the second part.
const AT_ONCE: usize = 64;

/// Measure views of random people of a municipality of N persons, without HTTP
///
/// Loads the municipality, registers an office for people at random, and looks at their certificates through the use case: one
/// after the other, then 64 at once. Run it with 100,000 and 1,000,000 persons and compare: a view should cost about the same.
#[derive(Args, Debug)]
pub(crate) struct PointsArgs {
    /// Persons of the municipality
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(100..=10_000_000))]
    persons: u64,
    /// People at random that are looked at
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    people: u64,
    /// Seconds of each of the two parts
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    #[command(flatten)]
    server: Server,
    /// Folder in which the feed and the database are made, and removed afterwards
    #[arg(long, value_name = "DIR", default_value = "./kiban-data")]
    work: PathBuf,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &PointsArgs) -> Result<ExitCode> {
    let scratch = Scratch::make(&args.server, &args.work, "points")?;
    let loaded = load(&scratch, args.persons)?;
    let runtime = runtime()?;
    let ids = Ids::system();
    let staff = staff(&loaded)?;
    let targets = runtime.block_on(register(&loaded, &ids, &staff, args.people))?;
    eprintln!("{}人の証を見ます。", targets.len());
    let eye = Arc::new(Eye {
        app: loaded.app.clone(),
        ids,
        today: loaded.nation.today(),
        caller: Caller::Staff(staff),
        targets,
        next: AtomicUsize::new(0),
    });
    let span = Duration::from_secs(args.seconds);
    // Everybody once: what is new is told only once, and the pages of the tables come into memory as in daily use.
    runtime.block_on(eye.look_for(Duration::from_secs(1)))?;
    let (alone, alone_took) = runtime.block_on(eye.look_for(span))?;
    let (together, together_took) = runtime.block_on(look_together(&eye, span))?;
    let report = json!({
        "engine": loaded.app.db.engine_name(),
        "persons": loaded.persons,
        "people_looked_at": eye.targets.len(),
        "us_per_view_one_after_the_other": rounded(ratio(alone_took.as_secs_f64() * 1e6, number(alone)), 1),
        "views_per_second_64_at_once": rounded(ratio(number(together), together_took.as_secs_f64()), 0),
    });
    match args.format {
        Format::Text => say(&text(&report)),
        Format::Json => say(&serde_json::to_string_pretty(&report)?),
    }
    Ok(ExitCode::SUCCESS)
}

fn text(report: &Value) -> String {
    let field = |key: &str| report.get(key).map(Value::to_string).unwrap_or_default();
    format!(
        "{}: {} persons, {} people looked at\none after the other: {} us per view\n64 at once: {} views/s",
        field("engine"),
        field("persons"),
        field("people_looked_at"),
        field("us_per_view_one_after_the_other"),
        field("views_per_second_64_at_once"),
    )
}

/// Looks at people, round and round.
struct Eye {
    app: App,
    ids: Ids,
    today: kaigo_core::date::Date,
    caller: Caller,
    targets: Vec<String>,
    next: AtomicUsize,
}

impl Eye {
    async fn look(&self) -> Result<()> {
        let n = self.next.fetch_add(1, Ordering::Relaxed) % self.targets.len();
        let target = Target::Charge(self.targets.get(n).context("a target")?.clone());
        let mut ctx = Ctx::new(now(), self.ids.clone());
        ctx.today = self.today;
        let seen = certificates::view(&self.app, &ctx, &self.caller, target).await;
        seen.map(drop).map_err(operator)
    }

    /// Looks for so long; answers how many looks took how long.
    async fn look_for(&self, span: Duration) -> Result<(u64, Duration)> {
        let start = Instant::now();
        let mut looks = 0;
        while start.elapsed() < span {
            self.look().await?;
            looks += 1;
        }
        Ok((looks, start.elapsed()))
    }
}

async fn look_together(eye: &Arc<Eye>, span: Duration) -> Result<(u64, Duration)> {
    let start = Instant::now();
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let eye = Arc::clone(eye);
            tokio::spawn(async move { eye.look_for(span).await })
        })
        .collect();
    let mut looks = 0;
    for task in tasks {
        looks += task.await??.0;
    }
    Ok((looks, start.elapsed()))
}

/// A care manager of an office that may see certificates.
fn staff(loaded: &Loaded) -> Result<Staff> {
    let accounts = loaded.nation.accounts();
    let office_no = accounts.first().and_then(|a| a.office_no).context("an office")?;
    let offices = loaded.nation.offices();
    let office = offices.iter().find(|o| o.office_no == office_no).context("the office")?;
    let kind = ServiceKind::parse(office.service_code).map_err(|bad| anyhow::anyhow!(bad.say("サービス種類")))?;
    Ok(Staff {
        account_id: "loadtest".to_owned(),
        office_no,
        office_name: office.name.to_owned(),
        services: vec![kind],
        job: JobType::CareManager,
        is_admin: false,
        name: "測定".to_owned(),
    })
}

/// Registers the office for people at random: spread evenly over the municipality, then visited in that order.
async fn register(loaded: &Loaded, ids: &Ids, staff: &Staff, people: u64) -> Result<Vec<String>> {
    let mut ctx = Ctx::new(now(), ids.clone());
    ctx.today = loaded.nation.today();
    let office = Office { office_no: staff.office_no, name: staff.office_name.clone(), ..Office::default() };
    let services = staff.services.iter().map(|kind| OfficeService {
        office_no: staff.office_no,
        kind: *kind,
        weekdays: None,
        weekdays_note: None,
        capacity: None,
        shared_service: None,
        standard_kaigo: None,
        standard_shogai: None,
        remarks: None,
    });
    setup::put_office(&loaded.app, &ctx, office, services.collect()).await.map_err(operator)?;
    let people = people.min(loaded.persons);
    // A step that has no factor in common with the count visits everybody once, far apart.
    let step = (loaded.persons * 618 / 1000).max(1);
    let step = (step..=loaded.persons).find(|s| gcd(*s, loaded.persons) == 1).unwrap_or(1);
    let start = loaded.nation.range_of(loaded.insurer_no).start;
    let mut targets = Vec::new();
    let mut charges = Vec::new();
    for n in 0..people {
        let records = loaded.nation.person(start + n * step % loaded.persons);
        charges.push(PastCharge {
            office_no: staff.office_no,
            office_name: staff.office_name.clone(),
            insurer_no: records.insurer_no,
            insured_no: records.insured_no,
            days_ago: 30,
            closes_on: None,
            by: staff.name.clone(),
        });
        if charges.len() == BATCH || n + 1 == people {
            let made = setup::past_charges(&loaded.app, &ctx, std::mem::take(&mut charges)).await;
            targets.extend(made.map_err(operator)?);
        }
    }
    // Whom the insurer's records do not show any more is no measure of a view.
    let caller = Caller::Staff(staff.clone());
    let mut shown = Vec::with_capacity(targets.len());
    for id in targets {
        match certificates::view(&loaded.app, &ctx, &caller, Target::Charge(id.clone())).await {
            Ok(_) => shown.push(id),
            Err(kaigo_app::Error::Forbidden(_)) => {}
            Err(error) => return Err(operator(error)),
        }
    }
    Ok(shown)
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
