//! The gate, `cargo xtask test`: every check and every test of the workspace, in order of cheapness, one summary.
//!
//! Invariants: a step that fails does not stop the next ones, so that one run shows everything; the same cargo settings in
//! every step, so that nothing is built twice; the last line is `N passed, N failed`, where each step counts as one test
//! beside the tests that it ran.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::count::Count;
use crate::e2e::{self, Options};
use crate::place::Place;
use crate::postgres::Server;
use crate::process::{self, Outcome, say};
use crate::{asvs, contracts, fuzz, prerequisites, tidy};

/// How long each fuzz target runs in the gate: enough to find what a change broke outright. Longer runs are for people.
const BRIEF: Duration = Duration::from_secs(10);

/// How one step ended.
enum Verdict {
    Passed,
    Failed(String),
    /// Could not be judged here, for a reason outside of the repository. Neither passed nor failed.
    Note(String),
}

struct Step {
    name: &'static str,
    verdict: Verdict,
    count: Count,
    took: Duration,
}

/// The run so far.
struct Gate<'place> {
    place: &'place Place,
    started: Instant,
    steps: Vec<Step>,
}

/// Runs the gate; true when nothing failed.
pub(crate) fn run(place: &Place) -> bool {
    let mut gate = Gate { place, started: Instant::now(), steps: Vec::new() };
    gate.step("prerequisites", || prerequisites::for_gate(place).map(|()| none()));
    gate.step("tidy", || Ok(truth(tidy::run(place)?, "see the violations above")));
    gate.step("OWASP ASVS table", || Ok(truth(asvs::run(place, false)?, "see the holes above")));
    gate.cargo("format", &["fmt", "--all", "--check"], None);
    gate.deny();
    gate.cargo("clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], None);
    gate.cargo("documentation", &["doc", "--no-deps", "--workspace"], Some(("RUSTDOCFLAGS", "-D warnings")));
    // The same features as for the tests, so that the program is not built twice.
    gate.cargo("build", &["build", "--workspace", "--all-targets"], None);
    let server = gate.start_postgres();
    gate.tests(server.as_ref());
    gate.cargo("format of the fuzz targets", &["fmt", "--check", "--manifest-path", "fuzz/Cargo.toml"], None);
    gate.step("fuzz targets, a short run each", || Ok(truth(fuzz::run(place, BRIEF, None)?, "see the crash above")));
    gate.step("generated files", || Ok(truth(contracts::check(place), "see the differences above")));
    let options = Options::default();
    gate.step("browser on SQLite", || Ok(judged(&e2e::run(place, &options, None)?)));
    gate.step("browser on PostgreSQL", || {
        let server = server.as_ref().context("the private PostgreSQL server is not running")?;
        Ok(judged(&e2e::run(place, &options, Some(server))?))
    });
    gate.step("stop PostgreSQL", || {
        drop(server);
        Ok(none())
    });
    gate.summarise()
}

impl Gate<'_> {
    /// Runs one step and keeps how it ended. An error is a failed step, not the end of the gate.
    fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<(Verdict, Count)>) {
        say(&format!("\n==> {name}"));
        let started = Instant::now();
        let (verdict, count) = work().unwrap_or_else(|error| (Verdict::Failed(format!("{error:#}")), Count::default()));
        if let Verdict::Failed(why) = &verdict {
            say(&format!("==> {name} failed: {why}"));
        }
        self.steps.push(Step { name, verdict, count, took: started.elapsed() });
    }

    fn cargo(&mut self, name: &'static str, arguments: &[&str], variable: Option<(&str, &str)>) {
        let mut command = process::cargo(self.place, arguments);
        command.envs(variable);
        self.step(name, || Ok(judged(&process::stream(&mut command)?)));
    }

    fn start_postgres(&mut self) -> Option<Server> {
        let mut server = None;
        let place = self.place;
        self.step("start PostgreSQL", || {
            server = Some(Server::start(place)?);
            Ok(none())
        });
        server
    }

    /// All tests of all crates; those of the store run on both engines.
    fn tests(&mut self, server: Option<&Server>) {
        let place = self.place;
        self.step("tests", || {
            let mut command = process::cargo(place, &["test", "--workspace", "--no-fail-fast"]);
            // Without a server the step runs all the same, and the tests that need one fail.
            command.env_remove("KIBAN_TEST_POSTGRES");
            command.envs(server.map(|server| ("KIBAN_TEST_POSTGRES", server.url())));
            let outcome = process::stream(&mut command)?;
            if outcome.succeeded && outcome.count.passed == 0 {
                bail!("cargo reported no test");
            }
            Ok(judged(&outcome))
        });
    }

    fn deny(&mut self) {
        let place = self.place;
        let program = prerequisites::cargo_deny(place);
        let check = |what: &[&str]| {
            let mut command = Command::new(&program);
            command.args(["--all-features", "check"]).args(what).current_dir(&place.root);
            command
        };
        self.step("licences, bans, sources", || {
            Ok(judged(&process::stream(&mut check(&["licenses", "bans", "sources"]))?))
        });
        self.step("advisories", || {
            let outcome = process::capture_all(&mut check(&["advisories"]))?;
            if let Some(why) = database_out_of_reach(&outcome) {
                say(&format!("advisories were NOT CHECKED: {why}"));
                return Ok((Verdict::Note(format!("NOT CHECKED: {why}")), Count::default()));
            }
            say(outcome.output.trim_end());
            Ok(judged(&outcome))
        });
    }

    /// Prints every step with its time, then the plain last line; true when nothing failed.
    fn summarise(self) -> bool {
        let mut total = Count::default();
        say("\nSummary");
        for step in &self.steps {
            let (word, why) = match &step.verdict {
                Verdict::Passed => {
                    total.passed += 1;
                    ("passed", "")
                }
                Verdict::Failed(why) => {
                    total.failed += 1;
                    ("FAILED", why.lines().next().unwrap_or_default())
                }
                Verdict::Note(why) => ("note", why.lines().next().unwrap_or_default()),
            };
            total.add(step.count);
            let tests = match step.count {
                Count { passed: 0, failed: 0, .. } => String::new(),
                Count { passed, failed, .. } => format!("{passed} passed, {failed} failed"),
            };
            let line = format!("  {word:<7} {:>7.1} s  {:<24} {tests}  {why}", step.took.as_secs_f64(), step.name);
            say(line.trim_end());
        }
        say(&format!("  in all  {:>7.1} s", self.started.elapsed().as_secs_f64()));
        say(&format!("\n{} passed, {} failed", total.passed, total.failed));
        total.failed == 0
    }
}

fn none() -> (Verdict, Count) {
    (Verdict::Passed, Count::default())
}

fn truth(holds: bool, otherwise: &str) -> (Verdict, Count) {
    let verdict = if holds { Verdict::Passed } else { Verdict::Failed(otherwise.to_owned()) };
    (verdict, Count::default())
}

fn judged(outcome: &Outcome) -> (Verdict, Count) {
    let count = outcome.count;
    let verdict = if outcome.passed() {
        Verdict::Passed
    } else if count.failed == 0 && count.ignored > 0 {
        Verdict::Failed(format!("{} ignored tests: a test runs or is removed", count.ignored))
    } else {
        Verdict::Failed("see its output above".to_owned())
    };
    (verdict, count)
}

/// Why the advisory database could not be read; nothing when it could, whatever it said.
fn database_out_of_reach(outcome: &Outcome) -> Option<String> {
    const SIGNS: [&str; 3] =
        ["failed to fetch advisory database", "failed to load advisory database", "failed to open advisory database"];
    if outcome.succeeded {
        return None;
    }
    let line = outcome.output.lines().find(|line| SIGNS.iter().any(|sign| line.contains(sign)))?;
    let reason = outcome.output.lines().rev().find(|line| line.starts_with("fatal:")).unwrap_or(line);
    Some(format!("the advisory database is out of reach ({})", reason.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(succeeded: bool, output: &str) -> Outcome {
        Outcome { succeeded, count: Count::default(), output: output.to_owned() }
    }

    #[test]
    fn an_unreachable_advisory_database_is_a_note() {
        let text = "2026-11-22 [ERROR] failed to fetch advisory database https://example.jp: failed to clone\n\
                    fatal: unable to access 'https://example.jp': Could not resolve host\n";
        assert!(database_out_of_reach(&outcome(false, text)).unwrap().contains("Could not resolve host"));
    }

    #[test]
    fn a_found_advisory_is_not_a_note() {
        assert_eq!(
            database_out_of_reach(&outcome(false, "error[vulnerability]: use after free\nadvisories FAILED")),
            None
        );
        assert_eq!(database_out_of_reach(&outcome(true, "advisories ok")), None);
    }

    #[test]
    fn ignored_tests_fail_a_step() {
        let mut ended = outcome(true, "");
        ended.count = Count { passed: 3, failed: 0, ignored: 1 };
        assert!(matches!(judged(&ended).0, Verdict::Failed(_)));
    }
}
