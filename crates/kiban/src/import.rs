//! `kiban import`: the open data of offices, a municipality's feed, claim presence, links of numbers.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use kaigo_app::import::claims::claims;
use kaigo_app::import::feed::{FeedOptions, feed};
use kaigo_app::import::links::links;
use kaigo_app::import::office::offices;
use kaigo_app::import::{ImportError, Progress, RowsReport};
use kaigo_app::{App, Ctx, Ids, presence, registration};
use kaigo_core::id::InsurerNo;
use kaigo_core::policy::Caller;

use crate::surroundings::{operator, runtime};

/// What to import.
#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Offices: the open data of 介護サービス情報公表システム, CSV files as published.
    Offices(OfficesArgs),
    /// A municipality's feed: a folder with manifest.json (docs/feed.md).
    Feed(FeedArgs),
    /// Claim presence (請求の有無): CSV files insurer_no,insured_no,office_no,service_month,state,received_month.
    ///
    /// state is claimed, late or returned. Afterwards the last days of the registrations concerned are computed anew.
    Claims(RowsArgs),
    /// Logins of 電子請求受付システム that were issued to offices: a CSV file claim_id,password,office_no,office_name,valid_until.
    ///
    /// Provisional passwords are kept as Argon2 digests only; each takes a moment. Delete the file afterwards.
    OfficeIds(OfficeIdsArgs),
    /// Links of numbers (転出・合併・番号の変更): CSV files insurer_no,insured_no,to_insurer_no,to_insured_no,kind,moved_on.
    ///
    /// kind is moved, merged or renumbered. Offices in charge are told; merged and renumbered take their standing along.
    Links(RowsArgs),
}

/// Arguments of `kiban import office-ids`.
#[derive(Debug, Args)]
pub(crate) struct OfficeIdsArgs {
    /// The list, CSV in UTF-8 or MS932.
    file: PathBuf,
    /// Only check; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Arguments of `kiban import claims` and `links`.
#[derive(Debug, Args)]
pub(crate) struct RowsArgs {
    /// Files, CSV in UTF-8 or MS932.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The insurer that brings them: only rows of its own persons are taken. Without it: the operator, for all.
    #[arg(long, value_name = "NUMBER", value_parser = insurer)]
    insurer: Option<InsurerNo>,
    /// Only check; write nothing.
    #[arg(long)]
    dry_run: bool,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

fn insurer(text: &str) -> Result<InsurerNo, String> {
    InsurerNo::parse(text).map_err(|bad| bad.say("保険者番号"))
}

impl RowsArgs {
    fn caller(&self) -> Caller {
        self.insurer.map_or(Caller::Operator, |insurer_no| Caller::InsurerSystem { insurer_no })
    }
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
pub(crate) fn run(import: &Import, app: &App, now: Timestamp) -> anyhow::Result<u8> {
    let mut bar = Bar::new();
    let (db, objects) = (&app.db, &app.objects);
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
        Import::Claims(args) => {
            let report = claims(db, &args.caller(), &args.files, args.dry_run, now, &mut |p| bar.show(p));
            bar.end();
            match report {
                Ok(report) => (print_rows(app, args, &report, now)?, report.exit_status()),
                Err(error) => return unusable(error),
            }
        }
        Import::OfficeIds(args) => office_ids(app, args, now)?,
        Import::Links(args) => {
            let ctx = Ctx::new(now, Ids::system());
            let report = links(db, &ctx, &args.caller(), &args.files, args.dry_run, &mut |p| bar.show(p));
            bar.end();
            match report {
                Ok(report) => (print(args.format, || report.json(), || report.text()), report.exit_status()),
                Err(error) => return unusable(error),
            }
        }
    };
    std::io::stdout().write_all(printed.as_bytes())?;
    Ok(status)
}

/// Takes the list of issued logins; answers what is printed and the exit status.
fn office_ids(app: &App, args: &OfficeIdsArgs, now: Timestamp) -> anyhow::Result<(String, u8)> {
    use std::fmt::Write as _;
    let bytes = match std::fs::read(&args.file) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("{}: {error}", args.file.display());
            return Ok((String::new(), UNUSABLE));
        }
    };
    let ctx = Ctx::new(now, Ids::system());
    let work = registration::issue(app, &ctx, &Caller::Operator, &bytes, args.dry_run);
    let report = runtime()?.block_on(work).map_err(operator)?;
    let mut text = format!(
        "行 {}、取込 {}、登録済のため変えなかったもの {}、まちがい {}\n",
        report.rows, report.taken, report.used, report.bad
    );
    for f in &report.findings {
        let _ = writeln!(text, "{}行目 {}：{}{}", f.row, f.column, f.say, f.mend);
    }
    if args.dry_run {
        text.push_str("確かめただけです。何も変えていません。\n");
    }
    Ok((text, u8::from(!report.findings.is_empty())))
}

/// Computes the standings anew that the claims are about, and prints both.
fn print_rows(app: &App, args: &RowsArgs, report: &RowsReport, now: Timestamp) -> anyhow::Result<String> {
    let changed = report.files.iter().any(|file| file.changed > 0);
    if args.dry_run || !changed {
        return Ok(print(args.format, || report.json(), || report.text()));
    }
    let ids = Ids::system();
    let ctx = Ctx::new(now, ids.clone());
    let name = format!("claims {}", ids.timed(now));
    let run = runtime()?
        .block_on(async {
            presence::ask(app, &ctx, &name, args.insurer).await?;
            presence::recompute(app, &ctx, &ids.id(), &name).await
        })
        .map_err(operator)?;
    let text = || {
        let said = run.as_ref().map_or_else(
            || "担当の期限は、動いているサーバーが計算します。".to_owned(),
            |r| {
                let (looked, moved, again, told) = (r.looked, r.changed, r.reopened, r.warned);
                format!("担当 {looked}件のうち、期限が変わったもの {moved}件（また見られるようになったもの {again}件）、知らせたもの {told}件")
            },
        );
        format!("{}\n{said}\n", report.text())
    };
    let json = || {
        let mut json = report.json();
        if let (Some(all), Some(r)) = (json.as_object_mut(), &run) {
            let counts = serde_json::json!({
                "looked": r.looked, "changed": r.changed, "reopened": r.reopened, "warned": r.warned,
            });
            all.insert("standings".to_owned(), counts);
        }
        json
    };
    Ok(print(args.format, json, text))
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
