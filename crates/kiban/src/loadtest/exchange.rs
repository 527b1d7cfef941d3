//! `kiban loadtest exchange`: sets sent and received per second with durable commits, beside bare inserts of the same bytes.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use jiff::Span;
use jiff::civil::DateTime;
use kaigo_app::exchange::send::{self, Outcome};
use kaigo_app::exchange::{mailbox, partner};
use kaigo_app::{App, Ctx, Ids, setup};
use kaigo_careplan::batch::InFile;
use kaigo_careplan::kind::Unit;
use kaigo_careplan::name::Serial;
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, Caller, JobType, Staff, decide_act};
use kaigo_demo::exchange::DemoSend;
use kaigo_demo::{DEMO_SEED, Nation};
use kaigo_store::exchange::list;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::floor::Rows;
use super::process::cpu_seconds;
use super::scratch::{Scratch, Server};
use super::{number, ratio, rounded};
use crate::cli::{DataArgs, Format};
use crate::surroundings::{database, now, operator, runtime, say};

/// Sets that are measured on each side in the pairs of the offices: each pair gets a few versions, as in life.
const SENDERS: usize = 100;
const RECEIVERS: usize = 100;
/// Different sets that the load is made of.
const TEMPLATES: usize = 64;

/// Measure sets sent and received per second, beside bare inserts of the same bytes
///
/// Takes sets of the demo's exchange, sends them between two hundred offices through the use cases of the pages (read, checked,
/// sealed, kept with people, events and entries in their logs), fetches them, and then inserts rows of the same bytes into an
/// empty table: once with many rows in a commit, as the program does it, and once with a commit for each. All on fresh
/// databases of the same kind on the same disk.
#[derive(Args, Debug)]
pub(crate) struct ExchangeArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Requests at once
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1024))]
    at_once: u16,
    /// Measured seconds, of each of the four
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What one side measured.
#[derive(Clone, Debug, Default)]
struct Side {
    done: u64,
    errors: u64,
    seconds: f64,
    /// Sorted, in microseconds.
    latencies: Vec<u64>,
    cpu: Option<f64>,
}

impl Side {
    fn per_second(&self) -> f64 {
        ratio(number(self.done), self.seconds)
    }

    fn latency(&self, permille: usize) -> f64 {
        let at = (self.latencies.len() * permille / 1000).min(self.latencies.len().saturating_sub(1));
        self.latencies.get(at).map_or(0.0, |us| rounded(number(*us) / 1000.0, 2))
    }
}

pub(crate) fn run(args: &ExchangeArgs) -> Result<ExitCode> {
    let config = database(&args.data, 2);
    let server = Server::of(&config);
    let templates = templates()?;
    let bytes: usize = templates.iter().flat_map(|send| &send.files).map(|file| file.bytes.len()).sum();
    let mean = bytes / templates.len();
    let scratch = Scratch::make(&server, &args.data.data_dir, "exchange")?;
    let app = setup::open(scratch.folder.path(), &scratch.config, now()).map_err(operator)?;
    let runtime = runtime()?;
    let load = Arc::new(Load { app, templates, offices: offices(), next: AtomicU64::new(0), sent: Mutex::default() });
    runtime.block_on(join(&load))?;
    eprintln!("1組平均{mean}バイトの組を、{}か所から同時に送ります。", args.at_once);
    let measure = Duration::from_secs(args.seconds);
    let sent = runtime.block_on(drive(args.at_once, measure, {
        let load = Arc::clone(&load);
        move || one_send(Arc::clone(&load))
    }))?;
    eprintln!("送ったものを受け取ります。");
    let fetched = runtime.block_on(drive(args.at_once, measure, {
        let load = Arc::clone(&load);
        move || one_fetch(Arc::clone(&load))
    }))?;
    let kept = runtime.block_on(count(&load))?;
    eprintln!("同じ大きさの行だけを書きます。");
    let floor = measure_floor(args, &server, mean, true)?;
    let single = measure_floor(args, &server, mean, false)?;
    let share = |of: &Side| rounded(ratio(sent.per_second(), of.per_second()), 3);
    let all_sent = load.next.load(Ordering::Relaxed);
    let report = json!({
        "at_once": args.at_once,
        "seconds": args.seconds,
        "bytes_per_set": mean,
        "sent": side(&sent),
        "fetched": side(&fetched),
        "floor": side(&floor),
        "floor_with_a_commit_each": side(&single),
        "ratio": share(&floor),
        "ratio_with_a_commit_each": share(&single),
        "every_set_is_kept": kept == all_sent,
    });
    match args.format {
        Format::Text => say(&text(&report)),
        Format::Json => say(&serde_json::to_string_pretty(&report)?),
    }
    let is_sound = kept == all_sent && [&sent, &fetched, &floor, &single].iter().all(|side| side.errors == 0);
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Everything that the load needs.
struct Load {
    app: App,
    templates: Vec<DemoSend>,
    offices: Vec<OfficeNo>,
    next: AtomicU64,
    /// What was sent and not fetched yet: receiver and set.
    sent: Mutex<Vec<(OfficeNo, String)>>,
}

/// Sets of the demo that travel between care manager and service office every month.
fn templates() -> Result<Vec<DemoSend>> {
    let nation = Nation::make(DEMO_SEED, jiff::civil::date(2026, 11, 22), 1_000);
    let is_usual = |send: &DemoSend| matches!(send.unit, Some(Unit::CarePlan | Unit::Usage | Unit::Result));
    let templates: Vec<DemoSend> = nation.exchange().sends.into_iter().filter(is_usual).take(TEMPLATES).collect();
    if templates.is_empty() {
        bail!("the demo exchanges nothing");
    }
    Ok(templates)
}

fn offices() -> Vec<OfficeNo> {
    let number = |n: usize| OfficeNo::parse(&format!("98{n:08}")).ok();
    (0..SENDERS + RECEIVERS).filter_map(number).collect()
}

fn staff(office_no: OfficeNo) -> Caller {
    Caller::Staff(Staff {
        account_id: office_no.to_string(),
        office_no,
        office_name: "測定の事業所".to_owned(),
        services: Vec::new(),
        job: JobType::Clerk,
        is_admin: true,
        name: "測定の担当".to_owned(),
    })
}

fn ctx() -> Ctx {
    Ctx::new(now(), Ids::system())
}

async fn join(load: &Load) -> Result<()> {
    for office_no in &load.offices {
        partner::join(&load.app, &ctx(), &staff(*office_no)).await.map_err(operator)?;
    }
    Ok(())
}

impl Load {
    /// The files of the next set, who sends them and who receives them.
    fn files(&self) -> Result<(OfficeNo, OfficeNo, Vec<InFile>)> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        let place = usize::try_from(n)?;
        let pick = |from: usize, at: usize| self.offices.get(from + at).copied().context("offices");
        let from = pick(0, place % SENDERS)?;
        // As in life, neighbours in time have different receivers; each pair comes again after all the others.
        let to = pick(SENDERS, (place + place / SENDERS) % RECEIVERS)?;
        let template = self.templates.get(place % self.templates.len()).context("templates")?;
        // Every set has a serial of its own, a second apart.
        let at: DateTime = jiff::civil::date(2026, 1, 1).at(0, 0, 0, 0);
        let at = at.checked_add(Span::new().seconds(i64::try_from(n)?))?;
        let serial = Serial::parse(&at.strftime("%Y%m%d%H%M%S").to_string()).context("serial")?;
        Ok((from, to, template.copied(from, to, serial)))
    }
}

async fn one_send(load: Arc<Load>) -> Result<Option<Duration>> {
    let (from, to, files) = load.files()?;
    let begun = Instant::now();
    let done = send::direct(&load.app, &ctx(), &staff(from), files).await.map_err(operator)?;
    let took = begun.elapsed();
    for result in done.results {
        match result.outcome {
            Outcome::Sent { set_id, .. } => load.sent.lock().await.push((to, set_id)),
            Outcome::Repeated { .. } => bail!("a set was there already"),
            Outcome::Refused { code, say } => bail!("{code}: {say}"),
        }
    }
    Ok(Some(took))
}

/// Fetches one set; nothing more once all are fetched.
async fn one_fetch(load: Arc<Load>) -> Result<Option<Duration>> {
    let Some((to, set_id)) = load.sent.lock().await.pop() else { return Ok(None) };
    let begun = Instant::now();
    let wanted = mailbox::Wanted::These(vec![set_id]);
    let sets = mailbox::fetch(&load.app, &ctx(), &staff(to), wanted).await.map_err(operator)?;
    if sets.len() != 1 {
        bail!("{} sets instead of one", sets.len());
    }
    Ok(Some(begun.elapsed()))
}

/// Does the work again and again, so many at once, until the time is over or there is nothing left.
async fn drive<F, W>(at_once: u16, measure: Duration, work: F) -> Result<Side>
where
    F: Fn() -> W + Clone + Send + Sync + 'static,
    W: Future<Output = Result<Option<Duration>>> + Send,
{
    let before = cpu_seconds(std::process::id());
    let begun = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..at_once {
        let work = work.clone();
        tasks.spawn(async move {
            let mut own = Side::default();
            while begun.elapsed() < measure {
                match work().await {
                    Ok(Some(took)) => {
                        own.done += 1;
                        own.latencies.push(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
                    }
                    Ok(None) => break,
                    Err(error) => {
                        if own.errors == 0 {
                            eprintln!("{error:#}");
                        }
                        own.errors += 1;
                    }
                }
            }
            own
        });
    }
    let mut all = Side::default();
    while let Some(own) = tasks.join_next().await {
        let own = own.context("a task")?;
        all.done += own.done;
        all.errors += own.errors;
        all.latencies.extend(own.latencies);
    }
    all.seconds = begun.elapsed().as_secs_f64();
    all.latencies.sort_unstable();
    all.cpu = before.zip(cpu_seconds(std::process::id())).map(|(before, after)| after - before);
    Ok(all)
}

/// How many sets lie in the mailboxes.
async fn count(load: &Load) -> Result<u64> {
    let grant = decide_act(&Caller::Operator, Act::Operate).map_err(|refusal| operator(refusal.into()))?;
    let count = load.app.db.read(move |tx| list::count_all(tx, &grant)).await?;
    Ok(u64::try_from(count)?)
}

/// Rows of so many bytes into an empty table, many in a commit or each with its own.
fn measure_floor(args: &ExchangeArgs, server: &Server, bytes: usize, grouped: bool) -> Result<Side> {
    let scratch = Scratch::make(server, &args.data.data_dir, "floor")?;
    let rows = Rows::make(&scratch.config, bytes, grouped)?;
    let measure = Duration::from_secs(args.seconds);
    runtime()?.block_on(drive(args.at_once, measure, move || {
        let rows = rows.clone();
        async move {
            let begun = Instant::now();
            rows.insert().await?;
            Ok(Some(begun.elapsed()))
        }
    }))
}

fn side(side: &Side) -> Value {
    let each = side.cpu.map(|cpu| rounded(ratio(cpu * 1e6, number(side.done)), 1));
    json!({
        "per_second": rounded(side.per_second(), 0),
        "done": side.done,
        "errors": side.errors,
        "p50_ms": side.latency(500),
        "p90_ms": side.latency(900),
        "p99_ms": side.latency(990),
        "max_ms": side.latency(1000),
        "cpu_us_each": each,
    })
}

fn text(report: &Value) -> String {
    let field = |key: &str| report.get(key).unwrap_or(&Value::Null);
    let line = |name: &str, key: &str| {
        let of = |inner: &str| field(key).get(inner).map(Value::to_string).unwrap_or_default();
        format!(
            "{name}: {}/s, p50 {} ms, p90 {} ms, p99 {} ms, max {} ms; {} errors; CPU {} us each",
            of("per_second"),
            of("p50_ms"),
            of("p90_ms"),
            of("p99_ms"),
            of("max_ms"),
            of("errors"),
            of("cpu_us_each"),
        )
    };
    format!(
        "{} at once, {} s, {} bytes per set\n{}\n{}\n{}\n{}\nratio sent/floor: {}, with a commit each: {}\nevery set is kept: {}",
        field("at_once"),
        field("seconds"),
        field("bytes_per_set"),
        line("sent", "sent"),
        line("fetched", "fetched"),
        line("floor", "floor"),
        line("floor with a commit each", "floor_with_a_commit_each"),
        field("ratio"),
        field("ratio_with_a_commit_each"),
        field("every_set_is_kept"),
    )
}
