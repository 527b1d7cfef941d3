//! `kiban loadtest presence`: standings recomputed from claims, beside the floor of reading the same rows and writing the changed ones.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use kaigo_app::{App, Ctx, Ids, presence, setup};
use kaigo_core::date::{Date, add_days, add_months};
use kaigo_core::id::{InsurerNo, OfficeNo};
use kaigo_core::rule::presence::month_text;
use kaigo_store::db::{Bulk, Config, Value, bare_connection};
use kaigo_store::insurer::Insurer;
use serde_json::json;

use super::scratch::{Scratch, Server};
use super::{number, ratio, rounded};
use crate::cli::Format;
use crate::surroundings::{now, open, operator, runtime, say};

/// Registrations of one person: offices that serve them.
const OFFICES_EACH: u64 = 3;
/// Insurers among whom the persons are.
const INSURERS: u64 = 50;
/// Rows of one transaction of the filling and of the floor.
const BATCH: usize = 4_000;

/// Measure the recomputation of standings from claims
///
/// Makes N registrations with three months of claims each in a fresh database, recomputes all of them (every last day moves), then
/// once more (nothing moves), and does the same bare in another database: reads the same rows, updates the changed ones.
#[derive(Args, Debug)]
pub(crate) struct PresenceArgs {
    /// Registrations
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(300..=50_000_000))]
    charges: u64,
    #[command(flatten)]
    server: Server,
    /// Folder in which the databases are made, and removed afterwards
    #[arg(long, value_name = "DIR", default_value = "./kiban-data")]
    work: PathBuf,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &PresenceArgs) -> Result<ExitCode> {
    let scratch = Scratch::make(&args.server, &args.work, "presence")?;
    let (app, ctx) = filled(&scratch, args.charges)?;
    eprintln!("担当の期限を計算しています。");
    let (first, took) = recompute(&app, &ctx, "first")?;
    let (second, again) = recompute(&app, &ctx, "second")?;
    if (first.looked, second.changed, second.warned) != (i64::try_from(args.charges)?, 0, 0) {
        bail!("looked at {}, and a second run changed {}", first.looked, second.changed);
    }
    let engine = app.db.engine_name();
    drop(app);
    eprintln!("おなじ行を、そのまま読み書きします。");
    let bare = Scratch::make(&args.server, &args.work, "presence_bare")?;
    drop(filled(&bare, args.charges)?);
    let (rows, floor) = floor(&bare.config)?;
    if rows != first.changed {
        bail!("the floor changed {rows} rows, the job {}", first.changed);
    }
    let seconds = |took: Duration| rounded(took.as_secs_f64(), 2);
    let report = json!({
        "engine": engine,
        "charges": first.looked,
        "changed": first.changed,
        "warned": first.warned,
        "seconds": seconds(took),
        "seconds_when_nothing_changes": seconds(again),
        "floor_seconds": seconds(floor),
        "times_the_floor": rounded(ratio(took.as_secs_f64(), floor.as_secs_f64()), 2),
        "charges_per_second": rounded(ratio(number(args.charges), took.as_secs_f64()), 0),
    });
    match args.format {
        Format::Text => {
            let field = |key: &str| report.get(key).map(serde_json::Value::to_string).unwrap_or_default();
            say(&format!(
                "{}: {} registrations, {} last days moved, {} offices warned\nall move:     {} s ({} registrations/s)\nnothing moves: {} s\nfloor:        {} s\nthe job takes {} times as long as the floor",
                field("engine"),
                field("charges"),
                field("changed"),
                field("warned"),
                field("seconds"),
                field("charges_per_second"),
                field("seconds_when_nothing_changes"),
                field("floor_seconds"),
                field("times_the_floor"),
            ));
        }
        Format::Json => say(&serde_json::to_string_pretty(&report)?),
    }
    Ok(ExitCode::SUCCESS)
}

fn recompute(app: &App, ctx: &Ctx, name: &str) -> Result<(kaigo_store::presence::Run, Duration)> {
    let start = Instant::now();
    let run = runtime()?
        .block_on(async {
            presence::ask(app, ctx, name, None).await?;
            presence::recompute(app, ctx, "loadtest", name).await
        })
        .map_err(operator)?;
    Ok((run.context("another process has the job")?, start.elapsed()))
}

const CHARGES: Bulk = Bulk {
    table: "charge",
    columns: &[
        "insurer_no",
        "insured_no",
        "charge_id",
        "office_no",
        "started_on",
        "closes_on",
        "method",
        "check_id",
        "registered_by",
        "registered_at",
    ],
    insert: "INSERT INTO charge (insurer_no, insured_no, charge_id, office_no, started_on, closes_on, method, check_id, registered_by, \
             registered_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
};
const CLAIMS: Bulk = Bulk {
    table: "claim_presence",
    columns: &["insurer_no", "insured_no", "office_no", "service_month", "state", "received_month", "loaded_at"],
    insert: "INSERT INTO claim_presence (insurer_no, insured_no, office_no, service_month, state, received_month, loaded_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
};

/// Registrations of seven months ago, each with claims of the three months before the last.
fn filled(scratch: &Scratch, charges: u64) -> Result<(App, Ctx)> {
    let app = open(&scratch.folder.path().join("data"), &scratch.config)?;
    let ctx = Ctx::new(now(), Ids::seeded(7));
    let insurers: Vec<InsurerNo> = (0..INSURERS).map(insurer).collect();
    let master = |insurer_no: &InsurerNo| Insurer {
        insurer_no: *insurer_no,
        name: "測定市".to_owned(),
        name_kana: "ソクテイシ".to_owned(),
        municipality_code: None,
        phone: None,
        started_on: Some(ctx.today),
        published_load: 0,
        published_at: None,
    };
    runtime()?.block_on(setup::put_insurers(&app, insurers.iter().map(master).collect())).map_err(operator)?;
    eprintln!("担当 {charges}件と、その3か月分の請求を作っています。");
    let start = add_months(ctx.today, -7);
    let months: Vec<Date> = (2..5).map(|n| add_months(ctx.today.first_of_month(), -n)).collect();
    let closes = add_days(ctx.today, 3);
    let (mut rows, mut claims) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH * 3));
    for n in 0..charges {
        let person = n / OFFICES_EACH;
        let insurer_no = insurer(person * INSURERS * OFFICES_EACH / charges.max(1) % INSURERS);
        let insured_no = format!("99{person:08}");
        let office_no = office(n % OFFICES_EACH, person);
        let at = ctx.instant();
        rows.push(vec![
            Value::from(insurer_no),
            Value::from(insured_no.clone()),
            Value::from(format!("{n:032x}")),
            Value::from(office_no),
            Value::from(start),
            Value::from(closes),
            Value::from("insured-certificate"),
            Value::from("loadtest"),
            Value::from("測定"),
            Value::from(at.clone()),
        ]);
        for month in &months {
            claims.push(vec![
                Value::from(insurer_no),
                Value::from(insured_no.clone()),
                Value::from(office_no),
                Value::from(month_text(*month)),
                Value::from("claimed"),
                Value::from(month_text(add_months(*month, 1))),
                Value::from(at.clone()),
            ]);
        }
        if rows.len() == BATCH || n + 1 == charges {
            let (rows, claims) = (std::mem::take(&mut rows), std::mem::take(&mut claims));
            app.db.write_blocking(move |tx| {
                tx.insert_many(&CHARGES, &rows)?;
                tx.insert_many(&CLAIMS, &claims)
            })?;
        }
    }
    analyse(&scratch.config)?;
    Ok((app, ctx))
}

/// What a running server has by itself after a while: statistics of the tables.
fn analyse(config: &Config) -> Result<()> {
    if let Config::Postgres { url, network_is_guarded, .. } = config {
        bare_connection(url, *network_is_guarded)?.batch_execute("ANALYZE charge; ANALYZE claim_presence")?;
    }
    Ok(())
}

fn insurer(n: u64) -> InsurerNo {
    InsurerNo::from_body(digits(&format!("{:05}", 98_000 + n)))
}

fn office(n: u64, person: u64) -> OfficeNo {
    OfficeNo::from_body(digits(&format!("98{:07}", 9_000_000 + person % 900 * 10 + n)))
}

fn digits<const N: usize>(text: &str) -> [u8; N] {
    let mut out = [b'0'; N];
    out.iter_mut().zip(text.bytes()).for_each(|(o, b)| *o = b);
    out
}

const READ: &str = "SELECT c.insurer_no, c.insured_no, c.charge_id, c.closes_on, (SELECT max(p.service_month) FROM claim_presence p \
     WHERE p.insurer_no = c.insurer_no AND p.insured_no = c.insured_no AND p.office_no = c.office_no) FROM charge c \
     WHERE (c.insurer_no, c.insured_no, c.charge_id) > ($1, $2, $3) ORDER BY c.insurer_no, c.insured_no, c.charge_id LIMIT 4000";

type Key = [String; 3];

/// Reads every registration with its last claim and writes another last day, with nothing of this house in between.
fn floor(config: &Config) -> Result<(i64, Duration)> {
    match config {
        Config::Sqlite { path } => floor_sqlite(path),
        Config::Postgres { url, network_is_guarded, .. } => floor_postgres(bare_connection(url, *network_is_guarded)?),
    }
}

fn floor_sqlite(path: &std::path::Path) -> Result<(i64, Duration)> {
    let mut connection = rusqlite::Connection::open(path)?;
    // As the store opens it: the commit is durable here, too.
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;")?;
    let (start, mut rows, mut after) = (Instant::now(), 0_i64, Key::default());
    loop {
        let transaction = connection.transaction()?;
        let keys: Vec<Key> = {
            let mut read = transaction.prepare_cached(&READ.replace('$', "?"))?;
            let found = read.query_map(rusqlite::params_from_iter(&after), |row| {
                let _last: Option<String> = row.get(4)?;
                Ok([row.get(0)?, row.get(1)?, row.get(2)?])
            })?;
            found.collect::<Result<_, _>>()?
        };
        let Some(last) = keys.last() else { return Ok((rows, start.elapsed())) };
        after.clone_from(last);
        {
            let mut write = transaction.prepare_cached(
                "UPDATE charge SET closes_on = '2999-12-31' WHERE insurer_no = ?1 AND insured_no = ?2 AND charge_id = ?3",
            )?;
            for key in &keys {
                rows += i64::try_from(write.execute(rusqlite::params_from_iter(key))?)?;
            }
        }
        transaction.commit()?;
    }
}

fn floor_postgres(mut client: postgres::Client) -> Result<(i64, Duration)> {
    let write = "UPDATE charge SET closes_on = '2999-12-31' FROM unnest($1::text[], $2::text[], $3::text[]) AS v(a, b, c) \
                 WHERE charge.insurer_no = v.a AND charge.insured_no = v.b AND charge.charge_id = v.c";
    let (read, write) = (client.prepare(READ)?, client.prepare(write)?);
    let (start, mut rows, mut after) = (Instant::now(), 0_i64, Key::default());
    loop {
        let mut transaction = client.transaction()?;
        let [a, b, c] = &after;
        let found = transaction.query(&read, &[a, b, c])?;
        let column = |i: usize| found.iter().map(|row| row.get::<_, String>(i)).collect::<Vec<_>>();
        let (first, second, third) = (column(0), column(1), column(2));
        let (Some(a), Some(b), Some(c)) = (first.last(), second.last(), third.last()) else {
            return Ok((rows, start.elapsed()));
        };
        after = [a.clone(), b.clone(), c.clone()];
        rows += i64::try_from(transaction.execute(&write, &[&first, &second, &third])?)?;
        transaction.commit()?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_number_of_registrations_is_measured_on_sqlite() {
        let place = tempfile::tempdir().unwrap();
        let scratch = Scratch::make(&Server::default(), place.path(), "presence").unwrap();
        let (app, ctx) = filled(&scratch, 4_500).unwrap();
        let (first, _) = recompute(&app, &ctx, "first").unwrap();
        assert_eq!((first.looked, first.changed, first.ended), (4_500, 4_500, true));
        let (second, _) = recompute(&app, &ctx, "second").unwrap();
        assert_eq!((second.looked, second.changed, second.warned), (4_500, 0, 0));
        let bare = Scratch::make(&Server::default(), place.path(), "bare").unwrap();
        drop(filled(&bare, 4_500).unwrap());
        assert_eq!(floor(&bare.config).unwrap().0, 4_500);
    }
}
