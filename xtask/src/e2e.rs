//! Browser journeys: starts `e2e/run.mjs` (Node.js, Chromium) against the built program, on one engine at a time.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::place::Place;
use crate::postgres::Server;
use crate::prerequisites;
use crate::process::{self, Outcome, say};

/// Database engine under the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// The embedded default.
    Sqlite,
    /// A private server.
    Postgres,
}

/// What a person may choose for a run.
#[derive(Debug, Default)]
pub(crate) struct Options {
    engine: Option<Engine>,
    only: Option<String>,
    is_headed: bool,
}

impl Options {
    /// Reads the command line of `e2e` and `screenshots`.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--headed" => options.is_headed = true,
                "--only" => options.only = Some(rest.next().context("--only takes a part of a file name")?.clone()),
                "--engine" => {
                    options.engine = Some(match rest.next().map(String::as_str) {
                        Some("sqlite") => Engine::Sqlite,
                        Some("postgres") => Engine::Postgres,
                        _ => bail!("--engine takes `sqlite` or `postgres`"),
                    });
                }
                other => bail!("unknown option `{other}`; see `cargo xtask help`"),
            }
        }
        Ok(options)
    }

    /// Whether this engine is to be run.
    pub(crate) fn wants(&self, engine: Engine) -> bool {
        self.engine.is_none_or(|chosen| chosen == engine)
    }
}

/// Runs all stories on the embedded database, or on a new database of the server.
pub(crate) fn run(place: &Place, options: &Options, server: Option<&Server>) -> Result<Outcome> {
    let mut command = runner(place, "run.mjs", options)?;
    match server {
        None => command.args(["--engine", "sqlite"]),
        Some(server) => command.args(["--engine", "postgres", "--database", &server.create_database("kiban_e2e")?]),
    };
    command.arg("--out").arg(place.target.join("e2e"));
    let outcome = process::stream(&mut command)?;
    if outcome.succeeded && outcome.count.passed == 0 {
        bail!("the browser runner reported no test");
    }
    Ok(outcome)
}

/// Writes docs/images/*.png.
pub(crate) fn screenshots(place: &Place, options: &Options) -> Result<bool> {
    let mut command = runner(place, "screenshots.mjs", options)?;
    command.args(["--engine", "sqlite"]).arg("--out").arg(place.root.join("docs/images"));
    Ok(process::stream(&mut command)?.succeeded)
}

fn runner(place: &Place, script: &str, options: &Options) -> Result<Command> {
    let chromium = prerequisites::find_chromium().context("Chromium")?;
    let program = place.kiban();
    if !program.is_file() {
        bail!("{} is not built", relative(place, &program));
    }
    let mut command = Command::new("node");
    command.arg(script).current_dir(place.root.join("e2e"));
    command.arg("--program").arg(program).arg("--chromium").arg(chromium);
    command.arg("--work").arg(place.target.join("e2e"));
    if let Some(only) = &options.only {
        command.args(["--only", only]);
    }
    if options.is_headed {
        say("showing the browser");
        command.arg("--headed");
    }
    Ok(command)
}

fn relative(place: &Place, path: &Path) -> String {
    path.strip_prefix(&place.root).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options> {
        Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn without_options_both_engines_run() {
        let options = parse("").unwrap();
        assert!(options.wants(Engine::Sqlite) && options.wants(Engine::Postgres) && !options.is_headed);
    }

    #[test]
    fn options_choose_engine_story_and_window() {
        let options = parse("--engine postgres --only login --headed").unwrap();
        assert!(!options.wants(Engine::Sqlite) && options.wants(Engine::Postgres) && options.is_headed);
        assert_eq!(options.only.as_deref(), Some("login"));
    }

    #[test]
    fn wrong_options_are_refused() {
        for line in ["--engine oracle", "--engine", "--only", "--fast"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
