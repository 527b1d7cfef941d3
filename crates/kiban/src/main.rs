//! The program of operators and vendors: demo, serve, add, import, check, verify-log, verify-receipt, db, doc, loadtest.
//!
//! It is the only place that reads the clock, the environment and the command line; everything else gets them as parameters.

mod add;
mod cert;
mod cert_card;
mod check;
mod cli;
mod config;
mod db;
mod demo;
mod doc;
mod import;
mod loadtest;
mod log;
mod outside;
mod serve;
mod server;
mod smtp;
mod surroundings;
mod tls;
mod verify;
mod verify_receipt;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command, ImportArgs};

/// Views and imports make many short texts, which this allocator serves faster than the system's (see docs/decisions/0012).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("エラー：{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(args) => demo::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Add(args) => add::run(&args),
        Command::Import(args) => import_into(&args),
        Command::Cert(args) => cert::run(&args),
        Command::Check(args) => check::run(&args),
        Command::VerifyLog(args) => verify::run(&args),
        Command::VerifyReceipt(args) => verify_receipt::run(&args),
        Command::VerifyProof(args) => outside::verify_proof(&args),
        Command::Cosign(args) => outside::cosign(&args),
        Command::Db(args) => db::run(&args),
        Command::Doc(args) => doc::run(&args),
        Command::Log(args) => log::run(&args),
        Command::Loadtest(args) => loadtest::run(&args),
    }
}

fn import_into(args: &ImportArgs) -> anyhow::Result<ExitCode> {
    let config = surroundings::database(&args.data, surroundings::CONNECTIONS);
    let app = surroundings::open(&args.data.data_dir, &config)?;
    let status = import::run(&args.what, &app, surroundings::now())?;
    Ok(ExitCode::from(status))
}
