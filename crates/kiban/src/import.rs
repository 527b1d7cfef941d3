//! `kiban import`: the open data of offices, and a municipality's feed.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use kaigo_app::import::feed::{FeedOptions, feed};
use kaigo_app::import::office::offices;
use kaigo_app::import::{ImportError, Progress};
use kaigo_store::db::Db;
use kaigo_store::objects::Objects;

/// What to import.
#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Offices: the open data of 介護サービス情報公表システム, CSV files as published.
    Offices(OfficesArgs),
    /// A municipality's feed: a folder with manifest.json (docs/feed.md).
    Feed(FeedArgs),
}

/// Arguments of `kiban import offices`.
#[derive(Debug, Args)]
pub(crate) struct OfficesArgs {
    /// Files as published (jigyosho_NNN.csv).
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Only check; write nothing.
    #[arg(long)]
    dry_run: bool,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Arguments of `kiban import feed`.
#[derive(Debug, Args)]
pub(crate) struct FeedArgs {
    /// Folder of the feed.
    folder: PathBuf,
    /// Only check; write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Take the feed even if it drops or blanks more records than a feed may (5 % of a kind).
    #[arg(long)]
    allow_drop: bool,
    /// Publish the rows without errors and leave the others out.
    #[arg(long)]
    skip_bad_rows: bool,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// How to print what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// For machines.
    Json,
}

/// Exit status where the arguments cannot be used: a folder or file that cannot be read.
const UNUSABLE: u8 = 2;

/// Imports, prints the report and answers the exit status: 0 done, 1 errors in the data, 2 unusable arguments, 3 stopped to
/// ask.
///
/// # Errors
/// The store failed; nothing of a feed was published.
pub(crate) fn run(import: &Import, db: &Db, objects: &Objects, now: Timestamp) -> anyhow::Result<u8> {
    let mut bar = Bar::new();
    let (printed, status) = match import {
        Import::Offices(args) => {
            let report = offices(db, &args.files, args.dry_run, now, &mut |progress| bar.show(progress));
            bar.end();
            match report {
                Ok(report) => (print(args.format, || report.json(), || report.text()), report.exit_status()),
                Err(error) => return unusable(error),
            }
        }
        Import::Feed(args) => {
            let options =
                FeedOptions { dry_run: args.dry_run, allow_drop: args.allow_drop, skip_bad_rows: args.skip_bad_rows };
            let report = feed(db, objects, &args.folder, &options, now, &mut |progress| {
                bar.show(progress);
            });
            bar.end();
            match report {
                Ok(report) => (print(args.format, || report.json(), || report.text()), report.outcome.exit_status()),
                Err(error) => return unusable(error),
            }
        }
    };
    std::io::stdout().write_all(printed.as_bytes())?;
    Ok(status)
}

fn print(format: Format, json: impl FnOnce() -> serde_json::Value, text: impl FnOnce() -> String) -> String {
    match format {
        Format::Table => text(),
        Format::Json => format!("{:#}\n", json()),
    }
}

/// What cannot be read is the caller's matter; what the store cannot do is an error of the program.
fn unusable(error: ImportError) -> anyhow::Result<u8> {
    match error {
        ImportError::Io { .. } => {
            writeln!(std::io::stderr(), "{error}")?;
            Ok(UNUSABLE)
        }
        ImportError::Store(_) => Err(error.into()),
    }
}

/// A line on the terminal that shows how far the import is; silent where there is no terminal.
struct Bar {
    terminal: bool,
    shown: bool,
}

impl Bar {
    fn new() -> Self {
        Self { terminal: std::io::stderr().is_terminal(), shown: false }
    }

    fn show(&mut self, progress: Progress<'_>) {
        if !self.terminal {
            return;
        }
        self.shown = true;
        let Progress { file, rows, total } = progress;
        let done = (rows * WIDTH).checked_div(total).unwrap_or(0).min(WIDTH);
        let bar: String = (0..WIDTH).map(|i| if i < done { '#' } else { '.' }).collect();
        let of = if total > 0 { format!("/{total}") } else { String::new() };
        // A terminal that went away does not stop the import.
        let _ = write!(std::io::stderr(), "\r\x1b[K[{bar}] {rows}{of}行 {file}");
    }

    fn end(&self) {
        if self.shown {
            let _ = writeln!(std::io::stderr());
        }
    }
}

/// Places of the bar.
const WIDTH: u64 = 30;
