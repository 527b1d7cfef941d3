//! `kiban loadtest`: measures this machine, always beside the floor of the same run, never as an absolute promise.

mod city;
mod client;
mod exchange;
mod floor;
mod handshake;
mod import;
mod points;
mod presence;
mod process;
mod scratch;
mod view;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

/// Measure this program on this machine, beside the bare floor of the same run
#[derive(Args, Debug)]
pub(crate) struct LoadtestArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    View(view::ViewArgs),
    City(city::CityArgs),
    Import(import::ImportArgs),
    Exchange(exchange::ExchangeArgs),
    Points(points::PointsArgs),
    Presence(presence::PresenceArgs),
    Handshake(handshake::HandshakeArgs),
}

pub(crate) fn run(args: &LoadtestArgs) -> Result<ExitCode> {
    match &args.what {
        What::View(args) => view::run(args),
        What::City(args) => city::run(args),
        What::Import(args) => import::run(args),
        What::Exchange(args) => exchange::run(args),
        What::Points(args) => points::run(args),
        What::Presence(args) => presence::run(args),
        What::Handshake(args) => handshake::run(args),
    }
}

/// A count as a number to calculate with. Counts here are far below 2^52, where this is exact.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "counts of a measurement are far below 2^52")]
pub(crate) fn number(count: u64) -> f64 {
    count as f64
}

/// Part by whole; 0 of nothing.
pub(crate) fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Rounded to so many digits after the point, for reports.
pub(crate) fn rounded(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}
