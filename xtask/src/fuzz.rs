//! Fuzz targets (`fuzz/`): built with coverage instrumentation on the stable toolchain, run by libFuzzer for a given time.
//!
//! A crash fails the run; its input stays in `target/fuzz/found/`, and belongs into a test. Seeds come from `samples/`; what the runs
//! learned stays in `target/fuzz/corpus/` and is used again.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::place::Place;
use crate::process::{self, say};

/// Coverage instrumentation as libFuzzer reads it. These are flags of LLVM, not of the nightly compiler.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing";
const TRIPLE: &str =
    if cfg!(target_arch = "aarch64") { "aarch64-unknown-linux-gnu" } else { "x86_64-unknown-linux-gnu" };

/// Builds all targets and runs each for that time, or only the one with that name; true when none crashed.
pub(crate) fn run(place: &Place, each: Duration, only: Option<&str>) -> Result<bool> {
    let folder = place.root.join("fuzz");
    let target = place.target.join("fuzz");
    let mut build = process::cargo(place, &["build", "--release", "--bins", "--target", TRIPLE]);
    build.current_dir(&folder).env("CARGO_TARGET_DIR", &target).env("RUSTFLAGS", FLAGS);
    if !process::stream(&mut build)?.succeeded {
        bail!("the fuzz targets do not build");
    }
    let mut all_clean = true;
    for name in targets(&folder)?.iter().filter(|name| only.is_none_or(|only| only == name.as_str())) {
        all_clean &= run_one(place, &target, name, each)?;
    }
    Ok(all_clean)
}

/// Reads `--seconds N` and `--only NAME`; without them ten minutes of every target.
pub(crate) fn options(arguments: &[String]) -> Result<(Duration, Option<&str>)> {
    let (mut each, mut only) = (Duration::from_mins(10), None);
    let mut rest = arguments.iter();
    while let Some(flag) = rest.next() {
        let value = rest.next().with_context(|| format!("{flag} needs a value"))?;
        match flag.as_str() {
            "--seconds" => each = Duration::from_secs(value.parse().context("--seconds takes a whole number")?),
            "--only" => only = Some(value.as_str()),
            other => bail!("no option `{other}`; `fuzz` takes --seconds N and --only NAME"),
        }
    }
    Ok((each, only))
}

/// Names of the targets: the files of `fuzz/targets`.
fn targets(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder.join("targets")).context("fuzz/targets")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    if names.is_empty() {
        bail!("fuzz/targets holds no target");
    }
    Ok(names)
}

fn run_one(place: &Place, target: &Path, name: &str, each: Duration) -> Result<bool> {
    let (corpus, found) = (target.join("corpus").join(name), target.join("found").join(name));
    for folder in [&corpus, &found] {
        std::fs::create_dir_all(folder)?;
    }
    let seeds = place.root.join("samples/careplan");
    let mut command = std::process::Command::new(program(target, name));
    command
        .arg(format!("-max_total_time={}", each.as_secs().max(1)))
        .arg(format!("-artifact_prefix={}/", found.display()))
        .args(["-max_len=16384", "-timeout=10", "-rss_limit_mb=4096", "-print_final_stats=1", "-verbosity=0"])
        .arg(&corpus)
        .current_dir(&place.root);
    if seeds.is_dir() {
        command.arg(&seeds);
    }
    let outcome = process::capture_all(&mut command)?;
    let runs = outcome.output.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    let (Some(runs), true) = (runs.map(str::trim), outcome.succeeded) else {
        say(outcome.output.trim_end());
        say(&format!("fuzz {name}: CRASHED; the input lies in {}", found.display()));
        return Ok(false);
    };
    say(&format!("fuzz {name}: clean after {runs} runs in {} s", each.as_secs()));
    Ok(true)
}

fn program(target: &Path, name: &str) -> PathBuf {
    target.join(TRIPLE).join("release").join(name)
}
