//! Every automation of this workspace: `cargo xtask COMMAND`.
//!
//! Invariants: nothing here depends on our crates, so it builds in seconds and works while they do not compile; nothing is
//! skipped silently; whatever is started (servers, browsers) is stopped and removed, also on failure and on Ctrl-C.

mod asvs;
mod contracts;
mod count;
mod e2e;
mod fuzz;
mod gate;
mod place;
mod postgres;
mod prerequisites;
mod process;
mod tidy;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::e2e::{Engine, Options};
use crate::place::Place;
use crate::process::say;

const HELP: &str = "\
cargo xtask COMMAND

  test                      the gate: everything below and all tests; ends with `N passed, N failed` (also: ci)
  tidy                      the house rules that no compiler checks
  gen [--check]             write the generated files of docs/ (with --check: fail when they differ)
  asvs [--check]            write docs/asvs.md from docs/asvs.toml; fail when a requirement has neither test nor reason
  e2e [OPTIONS]             browser journeys in Chromium against the built program
      --engine sqlite|postgres   only this database engine (default: both)
      --only TEXT                only the stories whose file name holds TEXT
      --headed                   show the browser
  fuzz [--seconds N] [--only NAME]   run every fuzz target for N seconds (default 600)
  postgres                  start a private PostgreSQL, print its URL, stop it on Enter or Ctrl-C
  screenshots [--headed]    write docs/images/*.png from the built program
  help                      this text
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Runs one command; true when it found nothing wrong.
fn run(arguments: &[String]) -> Result<bool> {
    let place = Place::find()?;
    process::stop_everything_on_signal()?;
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", arguments),
    };
    match command {
        "test" | "ci" => {
            no_arguments(command, rest)?;
            Ok(gate::run(&place))
        }
        "tidy" => {
            no_arguments(command, rest)?;
            tidy::run(&place)
        }
        "gen" => match rest {
            [] => contracts::write(&place),
            [flag] if flag == "--check" => {
                contracts::build_program(&place)?;
                Ok(contracts::check(&place))
            }
            _ => bail!("`gen` takes only --check"),
        },
        "asvs" => match rest {
            [] => asvs::run(&place, true),
            [flag] if flag == "--check" => asvs::run(&place, false),
            _ => bail!("`asvs` takes only --check"),
        },
        "e2e" => run_e2e(&place, rest),
        "fuzz" => {
            let (each, only) = fuzz::options(rest)?;
            fuzz::run(&place, each, only)
        }
        "postgres" => {
            no_arguments(command, rest)?;
            postgres::serve_until_enter(&place)
        }
        "screenshots" => {
            let options = Options::parse(rest)?;
            prerequisites::for_browser(&place)?;
            contracts::build_program(&place)?;
            e2e::screenshots(&place, &options)
        }
        "help" | "--help" | "-h" => {
            say(HELP);
            Ok(true)
        }
        other => bail!("no command `{other}`\n\n{HELP}"),
    }
}

fn run_e2e(place: &Place, rest: &[String]) -> Result<bool> {
    let options = Options::parse(rest)?;
    prerequisites::for_browser(place)?;
    contracts::build_program(place)?;
    let mut all_passed = true;
    if options.wants(Engine::Sqlite) {
        all_passed &= e2e::run(place, &options, None)?.passed();
    }
    if options.wants(Engine::Postgres) {
        prerequisites::for_postgres(place)?;
        let server = postgres::Server::start(place)?;
        all_passed &= e2e::run(place, &options, Some(&server))?.passed();
    }
    Ok(all_passed)
}

fn no_arguments(command: &str, rest: &[String]) -> Result<()> {
    if rest.is_empty() {
        return Ok(());
    }
    bail!("`{command}` takes no arguments")
}
