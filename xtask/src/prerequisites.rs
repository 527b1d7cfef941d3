//! What the gate needs beside cargo: finds it, installs it where it may, and otherwise says exactly what to run.
//!
//! Nothing is skipped: a part that is missing and cannot be installed is an error.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::place::{Place, is_executable, variable};
use crate::postgres;
use crate::process::{self, say};

/// Version of cargo-deny that the gate uses.
const CARGO_DENY: &str = "0.20.2";

/// Oldest major version of Node.js that the browser driver runs on.
const OLDEST_NODE: u32 = 18;

/// One thing that the machine must have.
struct Part {
    name: &'static str,
    /// Debian and Ubuntu packages that bring it.
    packages: &'static [&'static str],
    is_there: fn() -> bool,
}

const POSTGRES: Part = Part {
    name: "a PostgreSQL server, version 15 or later",
    packages: &["postgresql"],
    is_there: || postgres::find_programs().is_some(),
};
const CHROMIUM: Part = Part { name: "Chromium", packages: &["chromium"], is_there: || find_chromium().is_some() };
const FONTS: Part =
    Part { name: "a Japanese font", packages: &["fonts-noto-cjk", "fontconfig"], is_there: has_japanese_font };
const NODE: Part = Part {
    name: "Node.js with npm, version 18 or later",
    packages: &["nodejs", "npm"],
    is_there: || node_version() >= Some(OLDEST_NODE) && Place::find_program("npm").is_some(),
};
const COMPILER: Part = Part {
    name: "a C++ compiler, for the fuzz targets",
    packages: &["g++"],
    is_there: || Place::find_program("c++").is_some(),
};
const SMTP: Part = Part {
    name: "a server for mail, for the tests (aiosmtpd)",
    packages: &["python3-aiosmtpd"],
    is_there: || {
        let found = process::capture_all(Command::new("/usr/bin/python3").args(["-c", "import aiosmtpd"]));
        found.is_ok_and(|found| found.succeeded)
    },
};
const CARD_READER: Part = Part {
    name: "PC/SC with a virtual reader, and a reader of cards beside ours (pcscd, vsmartcard-vpcd, opensc)",
    packages: &["libpcsclite-dev", "pcscd", "vsmartcard-vpcd", "opensc"],
    is_there: || {
        let programs = ["pcscd", "pkcs15-tool", "opensc-tool"];
        let files = ["/usr/include/PCSC/winscard.h", "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"];
        programs.into_iter().all(|name| find_in_sbin(name).is_some())
            && files.into_iter().all(|file| Path::new(file).exists())
    },
};
const SCANNER: Part = Part {
    name: "a scanner of TLS listeners (testssl.sh) with openssl",
    packages: &["testssl.sh", "openssl"],
    is_there: || ["testssl", "openssl"].into_iter().all(|name| Place::find_program(name).is_some()),
};
const GIT: Part = Part { name: "git", packages: &["git"], is_there: || Place::find_program("git").is_some() };

/// Everything that `cargo xtask test` needs.
pub(crate) fn for_gate(place: &Place) -> Result<()> {
    ensure_parts(&[GIT, COMPILER, POSTGRES, CHROMIUM, FONTS, NODE, SMTP, CARD_READER, SCANNER])?;
    ensure_components()?;
    ensure_cargo_deny(place)?;
    ensure_node_modules(place)
}

/// What the browser journeys need.
pub(crate) fn for_browser(place: &Place) -> Result<()> {
    ensure_parts(&[CHROMIUM, FONTS, NODE])?;
    ensure_node_modules(place)
}

/// What a private database server needs.
pub(crate) fn for_postgres(_: &Place) -> Result<()> {
    ensure_parts(&[POSTGRES])
}

/// The browser: Debian's `chromium`, or the same under its other names.
pub(crate) fn find_chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"].into_iter().find_map(Place::find_program)
}

/// The pinned cargo-deny in target/tools.
pub(crate) fn cargo_deny(place: &Place) -> PathBuf {
    place.target.join("tools/bin/cargo-deny")
}

fn ensure_parts(parts: &[Part]) -> Result<()> {
    let missing: Vec<&Part> = parts.iter().filter(|part| !(part.is_there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.iter().map(|part| part.name).collect::<Vec<_>>().join("; ");
    let packages: Vec<&str> = missing.iter().flat_map(|part| part.packages).copied().collect();
    let by_hand = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    if Place::find_program("apt-get").is_none() {
        bail!("missing: {names}.\nInstall them with this system's package manager (on Debian: sudo {by_hand})");
    }
    if !postgres::is_root() {
        bail!("missing: {names}.\nRun: sudo apt-get update && sudo {by_hand}");
    }
    say(&format!("installing what is missing: {names}"));
    apt(&["update"])?;
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(&packages);
    apt(&arguments)?;
    let still_missing: Vec<&str> = missing.iter().filter(|part| !(part.is_there)()).map(|part| part.name).collect();
    if !still_missing.is_empty() {
        bail!("still missing after installing {}: {}", packages.join(" "), still_missing.join("; "));
    }
    Ok(())
}

fn apt(arguments: &[&str]) -> Result<()> {
    let mut command = Command::new("apt-get");
    if !process::stream(
        command.args(["-o", "DPkg::Lock::Timeout=300"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive"),
    )?
    .succeeded
    {
        bail!("`apt-get {}` failed", arguments.join(" "));
    }
    Ok(())
}

/// A program in PATH, or where daemons lie.
fn find_in_sbin(name: &str) -> Option<PathBuf> {
    Place::find_program(name).or_else(|| Some(PathBuf::from("/usr/sbin").join(name)).filter(|file| is_executable(file)))
}

fn has_japanese_font() -> bool {
    let fonts = process::capture_all(Command::new("fc-list").arg(":lang=ja"));
    fonts.is_ok_and(|fonts| fonts.succeeded && !fonts.output.trim().is_empty())
}

/// Major version, from `v20.20.2`.
fn node_version() -> Option<u32> {
    let output = process::capture_all(Command::new("node").arg("--version")).ok()?.output;
    output.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// rustfmt and clippy come with rustup's default profile; without rustup the distribution has packages for them.
fn ensure_components() -> Result<()> {
    for (program, component) in [("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        let beside_cargo = variable("CARGO").is_some_and(|cargo| is_beside(Path::new(&cargo), program));
        if !beside_cargo && Place::find_program(program).is_none() {
            bail!("missing: {component}.\nRun: rustup component add {component}");
        }
    }
    Ok(())
}

fn is_beside(cargo: &Path, program: &str) -> bool {
    cargo.parent().is_some_and(|folder| is_executable(&folder.join(program)))
}

fn ensure_cargo_deny(place: &Place) -> Result<()> {
    let program = cargo_deny(place);
    let found = process::capture_all(Command::new(&program).arg("--version"));
    if found.is_ok_and(|found| found.output.trim() == format!("cargo-deny {CARGO_DENY}")) {
        return Ok(());
    }
    say(&format!("building cargo-deny {CARGO_DENY} into target/tools (some minutes, once)"));
    let tools = place.target.join("tools");
    let build = tools.join("build");
    let mut command = process::cargo(place, &["install", "cargo-deny", "--locked", "--version", CARGO_DENY, "--force"]);
    command.arg("--root").arg(&tools).arg("--target-dir").arg(&build);
    let outcome = process::stream(&mut command)?;
    // Some hundred megabytes that nothing uses again.
    drop(std::fs::remove_dir_all(&build));
    if !outcome.succeeded {
        bail!(
            "cargo-deny {CARGO_DENY} could not be built.\nRun: cargo install cargo-deny --locked --version {CARGO_DENY} --root target/tools"
        );
    }
    Ok(())
}

/// Runs `npm ci` in e2e/ when the lock file is not the one that was installed last.
fn ensure_node_modules(place: &Place) -> Result<()> {
    let folder = place.root.join("e2e");
    let lock = std::fs::read_to_string(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut command = Command::new("npm");
    if !process::stream(command.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))?.succeeded {
        bail!("`npm ci` failed in e2e/");
    }
    std::fs::write(&stamp, lock)?;
    Ok(())
}
