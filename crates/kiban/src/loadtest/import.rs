//! `kiban loadtest import`: a municipality's whole feed through the real importer, beside bare inserts of the same values.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use kaigo_app::import::feed::{FeedOptions, feed};
use kaigo_app::import::report::Outcome;
use kaigo_app::{App, setup};
use kaigo_core::date::{Date, add_days};
use kaigo_core::id::InsurerNo;
use kaigo_demo::{DEMO_SEED, Nation};
use kaigo_store::db::{Config, bare_connection};
use kaigo_store::insurer::Insurer;
use postgres::Client;
use serde_json::{Value, json};

use super::process::{peak_megabytes, reset_peak};
use super::scratch::{Scratch, Server};
use super::{number, ratio, rounded};
use crate::cli::Format;
use crate::surroundings::{now, open, operator, runtime, say};

/// Rows of one transaction of the floor.
const BATCH: usize = 5_000;
/// The day of the measured nation: the same rows on every day.
const DAY: Date = jiff::civil::date(2026, 11, 22);

/// Measure the import of a municipality's whole feed into a fresh database
///
/// Writes the feed of N persons, imports it as `kiban import feed` does, and then puts the same values into bare tables of the
/// same columns: prepared inserts in transactions of 5,000 rows (SQLite) or COPY (PostgreSQL). Prints rows per second of both and
/// the peak of memory during the import.
#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    /// Persons of the municipality
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(100..=10_000_000))]
    persons: u64,
    #[command(flatten)]
    server: Server,
    /// Folder in which the feed and the database are made, and removed afterwards
    #[arg(long, value_name = "DIR", default_value = "./kiban-data")]
    work: PathBuf,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// A municipality that was loaded for a measurement.
pub(super) struct Loaded {
    pub(super) app: App,
    pub(super) nation: Nation,
    pub(super) insurer_no: InsurerNo,
    pub(super) persons: u64,
    /// Folder of the feed.
    feed: PathBuf,
    rows: u64,
    /// Rows with errors.
    left_out: u64,
    took: Duration,
    peak_megabytes: Option<u64>,
}

pub(crate) fn run(args: &ImportArgs) -> Result<ExitCode> {
    let scratch = Scratch::make(&args.server, &args.work, "import")?;
    let loaded = load(&scratch, args.persons)?;
    let import_rate = ratio(number(loaded.rows), loaded.took.as_secs_f64());
    eprintln!("おなじ値を、そのまま表に入れます。");
    // The database of the floor is another one, so that neither finds the other's pages in memory.
    let bare = Scratch::make(&args.server, &args.work, "bare")?;
    let (rows, took) = floor(&bare.config, &loaded.feed)?;
    let floor_rate = ratio(number(rows), took.as_secs_f64());
    if rows != loaded.rows {
        bail!("the floor took {rows} rows, the import {}", loaded.rows);
    }
    let report = json!({
        "engine": loaded.app.db.engine_name(),
        "persons": loaded.persons,
        "rows": loaded.rows,
        "rows_left_out": loaded.left_out,
        "import_rows_per_second": rounded(import_rate, 0),
        "import_seconds": rounded(loaded.took.as_secs_f64(), 2),
        "peak_megabytes": loaded.peak_megabytes,
        "floor_rows_per_second": rounded(floor_rate, 0),
        "floor_seconds": rounded(took.as_secs_f64(), 2),
        "times_the_floor": rounded(ratio(floor_rate, import_rate), 2),
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
        "{}: {} persons, {} rows ({} left out)\nimport: {} rows/s, {} s, peak of memory {} MB\nfloor:  {} rows/s, {} s\nthe import takes {} times as long as the floor",
        field("engine"),
        field("persons"),
        field("rows"),
        field("rows_left_out"),
        field("import_rows_per_second"),
        field("import_seconds"),
        field("peak_megabytes"),
        field("floor_rows_per_second"),
        field("floor_seconds"),
        field("times_the_floor"),
    )
}

/// Writes the feed of a municipality of so many persons and imports it into the fresh database.
pub(super) fn load(scratch: &Scratch, persons: u64) -> Result<Loaded> {
    // The first insurer has four fifths of a nation.
    let nation = Nation::make(DEMO_SEED, DAY, persons * 100 / 80 + 1_000);
    let insurers = nation.insurers();
    let insurer_no = insurers.first().context("an insurer")?.insurer_no;
    let plan = nation.bulk_feed(insurer_no, add_days(DAY, -1));
    let range = nation.range_of(insurer_no);
    let range = range.start..range.end.min(range.start + persons);
    let folder = scratch.folder.path().join("feed");
    eprintln!("{persons}人の記録のファイルを作っています。");
    nation.write_feed(&folder, &plan, range)?;
    let app = open(&scratch.folder.path().join("data"), &scratch.config)?;
    let insurers = insurers.into_iter().map(|i| Insurer {
        insurer_no: i.insurer_no,
        name: i.name.to_owned(),
        name_kana: i.name_kana.to_owned(),
        municipality_code: None,
        phone: None,
        started_on: Some(i.started_on),
        published_load: 0,
        published_at: None,
    });
    runtime()?.block_on(setup::put_insurers(&app, insurers.collect())).map_err(operator)?;
    eprintln!("取り込んでいます。");
    reset_peak();
    let start = Instant::now();
    // A row that the checks refuse is read and judged like any other.
    let options = FeedOptions { skip_bad_rows: true, ..FeedOptions::default() };
    let report = feed(&app.db, &app.objects, &folder, &options, now(), &mut |_| {})?;
    let took = start.elapsed();
    if report.outcome != Outcome::Published {
        bail!("the import did not publish:\n{}", report.text());
    }
    Ok(Loaded {
        rows: report.sum().rows,
        left_out: report.sum().skipped,
        took,
        peak_megabytes: peak_megabytes(),
        app,
        nation,
        insurer_no,
        persons,
        feed: folder,
    })
}

/// Puts the values of the files into bare tables. Answers the rows and the time that the database took; reading the files
/// does not count.
fn floor(config: &Config, feed: &Path) -> Result<(u64, Duration)> {
    let mut bare = Bare::open(config)?;
    let (mut rows, mut took) = (0, Duration::ZERO);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(feed)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|e| e == "csv"));
    files.sort();
    for path in files {
        let table = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut reader = csv::Reader::from_path(&path)?;
        let columns: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
        let into = bare.table(&table, &columns)?;
        let mut batch = Vec::with_capacity(BATCH);
        for record in reader.records() {
            batch.push(record?);
            if batch.len() == BATCH {
                took += bare.put(&into, &batch)?;
                rows += number_of(&batch);
                batch.clear();
            }
        }
        took += bare.put(&into, &batch)?;
        rows += number_of(&batch);
    }
    Ok((rows, took))
}

fn number_of(batch: &[csv::StringRecord]) -> u64 {
    u64::try_from(batch.len()).unwrap_or(u64::MAX)
}

/// A database with nothing of this house in it.
enum Bare {
    Sqlite(rusqlite::Connection),
    Postgres(Box<Client>),
}

impl Bare {
    fn open(config: &Config) -> Result<Self> {
        match config {
            Config::Sqlite { path } => {
                let connection = rusqlite::Connection::open(path)?;
                // As the store opens it: the commit is durable here, too.
                connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
                Ok(Self::Sqlite(connection))
            }
            Config::Postgres { url, network_is_guarded, .. } => {
                Ok(Self::Postgres(Box::new(bare_connection(url, *network_is_guarded)?)))
            }
        }
    }

    /// Makes a table without keys; answers the statement that fills it.
    fn table(&mut self, table: &str, columns: &[String]) -> Result<String> {
        let typed: Vec<String> = columns.iter().map(|column| format!("{column} TEXT")).collect();
        let create = format!("CREATE TABLE {table} ({})", typed.join(", "));
        match self {
            Self::Sqlite(connection) => {
                connection.execute_batch(&create)?;
                let marks = vec!["?"; columns.len()].join(", ");
                Ok(format!("INSERT INTO {table} VALUES ({marks})"))
            }
            Self::Postgres(client) => {
                client.batch_execute(&create)?;
                Ok(format!("COPY {table} FROM STDIN"))
            }
        }
    }

    /// One transaction. Answers how long it took.
    fn put(&mut self, into: &str, rows: &[csv::StringRecord]) -> Result<Duration> {
        match self {
            Self::Sqlite(connection) => {
                let start = Instant::now();
                let transaction = connection.transaction()?;
                {
                    let mut insert = transaction.prepare_cached(into)?;
                    for row in rows {
                        let values = row.iter().map(|v| Some(v).filter(|v| !v.is_empty()));
                        insert.execute(rusqlite::params_from_iter(values))?;
                    }
                }
                transaction.commit()?;
                Ok(start.elapsed())
            }
            Self::Postgres(client) => {
                let start = Instant::now();
                let text = copy_text(rows);
                let mut transaction = client.transaction()?;
                let mut writer = transaction.copy_in(into)?;
                std::io::Write::write_all(&mut writer, text.as_bytes())?;
                writer.finish()?;
                transaction.commit()?;
                Ok(start.elapsed())
            }
        }
    }
}

/// The rows as the text format of COPY has them.
fn copy_text(rows: &[csv::StringRecord]) -> String {
    let mut text = String::new();
    for row in rows {
        for (n, value) in row.iter().enumerate() {
            if n > 0 {
                text.push('\t');
            }
            if value.is_empty() {
                text.push_str("\\N");
            }
            for c in value.chars() {
                match c {
                    '\\' => text.push_str("\\\\"),
                    '\n' => text.push_str("\\n"),
                    '\r' => text.push_str("\\r"),
                    '\t' => text.push_str("\\t"),
                    other => text.push(other),
                }
            }
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copy_escapes_what_would_end_a_value() {
        let row = csv::StringRecord::from(vec!["a\tb", "", "c\\\n"]);
        assert_eq!(copy_text(&[row]), "a\\tb\t\\N\tc\\\\\\n\n");
    }

    #[test]
    fn a_small_municipality_is_measured_on_sqlite() {
        let place = tempfile::tempdir().unwrap();
        let scratch = Scratch::make(&Server::default(), place.path(), "import").unwrap();
        let loaded = load(&scratch, 120).unwrap();
        let bare = Scratch::make(&Server::default(), place.path(), "bare").unwrap();
        let (rows, _) = floor(&bare.config, &loaded.feed).unwrap();
        assert!(rows > 120 * 5 && rows == loaded.rows);
    }
}
