//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{add, cert, check, db, demo, doc, import, loadtest, log, outside, serve, verify, verify_receipt};

const EXIT_CODES: &str = "\
Exit codes:
  0  done; nothing is wrong
  1  failed, or what was checked is wrong (verify-log: the log was changed; import: errors, nothing was taken;
     check: errors in the files)
  2  the command line is wrong; import, check: a file or folder cannot be read
  3  import: too much would be dropped or blanked; nothing was taken, a person has to decide

Environment:
  KIBAN_DATABASE_URL  address of a PostgreSQL server with its password, instead of --database
  KIBAN_SMTP_USER, KIBAN_SMTP_PASSWORD  account at the server for mail, if it wants one";

/// 介護情報基盤: an open implementation of Japan's Long-Term Care Information Platform.
#[derive(Debug, Parser)]
#[command(name = "kiban", version, after_long_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(demo::DemoArgs),
    Serve(serve::ServeArgs),
    Add(add::AddArgs),
    Import(ImportArgs),
    Cert(cert::CertArgs),
    Check(check::CheckArgs),
    VerifyLog(verify::VerifyArgs),
    VerifyReceipt(verify_receipt::VerifyReceiptArgs),
    VerifyProof(outside::VerifyProofArgs),
    Cosign(outside::CosignArgs),
    Db(db::DbArgs),
    Log(log::LogArgs),
    Doc(doc::DocArgs),
    Loadtest(loadtest::LoadtestArgs),
}

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub(crate) struct DataArgs {
    /// Folder of the data: keys, documents and, without --database, the embedded database kiban.db
    #[arg(long, value_name = "DIR", default_value = "./kiban-data", global = true)]
    pub(crate) data_dir: PathBuf,
    /// PostgreSQL instead of the embedded database: postgres://USER@HOST/DATABASE (with a password: KIBAN_DATABASE_URL)
    #[arg(long, value_name = "URL", global = true)]
    pub(crate) database: Option<String>,
    /// The network to a PostgreSQL server on another machine is guarded by other means: TLS is not demanded (sslmode=disable, prefer, require)
    #[arg(long, global = true)]
    pub(crate) database_network_guarded: bool,
}

/// Import the open data of offices, a municipality's feed, claims or links of numbers into a data folder
///
/// Run it beside a running server or without one: rows become visible in one moment at the end, or not at all.
#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(subcommand)]
    pub(crate) what: import::Import,
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For machines.
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }
}
