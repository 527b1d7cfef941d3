//! `kiban doc`: the checked-in texts that the program itself knows best.

mod errors;
mod findings;

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, CommandFactory as _, ValueEnum};
use kaigo_core::policy::Matrix;

use crate::cli::Cli;
use crate::surroundings::say;

/// Print a description that the program knows best (docs/ holds them all; `cargo xtask gen` writes them)
#[derive(Args, Debug)]
pub(crate) struct DocArgs {
    /// Which description
    what: What,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// The format of a municipality's feed, column by column
    Feed,
    /// Every code of an error or finding, what it says, and the mend
    Errors,
    /// Every code that `kiban check` finds in exchange files, with its place in the standard
    Findings,
    /// The access policy as a table: item × reader
    Authz,
    /// Every URL of the server: method, path, who may use it
    Routes,
    /// Every command with its options
    Cli,
    /// The API for the office's own programs (OpenAPI 3.1)
    Openapi,
}

pub(crate) fn run(args: &DocArgs) -> Result<ExitCode> {
    let text = match args.what {
        What::Feed => kaigo_app::import::feed_doc(),
        What::Errors => errors::table(),
        What::Findings => findings::table(),
        What::Authz => Matrix::standard().print(),
        What::Routes => kaigo_web::routes_text(),
        What::Cli => cli()?,
        What::Openapi => kaigo_web::openapi_text(),
    };
    say(text.trim_end());
    Ok(ExitCode::SUCCESS)
}

/// The long help of every command, as a terminal of any width prints it.
fn cli() -> Result<String> {
    let mut root = Cli::command();
    root.build();
    let mut text = String::new();
    help(&mut root, &mut text)?;
    Ok(text)
}

fn help(command: &mut clap::Command, text: &mut String) -> Result<()> {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name()).to_owned();
    writeln!(text, "==== {name}\n")?;
    let long = command.render_long_help().to_string();
    for line in long.lines() {
        writeln!(text, "{}", line.trim_end())?;
    }
    writeln!(text)?;
    for sub in command.get_subcommands_mut().filter(|sub| sub.get_name() != "help") {
        help(sub, text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_in_the_help() {
        let text = cli().unwrap();
        for name in
            ["demo", "serve", "import feed", "import offices", "verify-log", "doc", "loadtest view", "loadtest import"]
        {
            assert!(text.contains(&format!("==== kiban {name}\n")), "{name}");
        }
        assert!(text.contains("Exit codes:") && text.contains("--known <FILE>"));
        assert!(text.lines().all(|line| line == line.trim_end()));
    }
}
