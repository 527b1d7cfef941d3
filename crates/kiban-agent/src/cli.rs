//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

const EXIT_CODES: &str = "\
Exit codes:
  0  everything is done
  1  something was refused or failed; the output says what and how to mend it
  2  the command line is wrong
  3  the server could not be reached, also after the retries; run it again later, nothing is lost
  4  the token was refused

The folder DIR/.kiban-agent holds what was done, so that a second run does nothing twice. Keep it with DIR.
The user's files are never deleted or changed; with --move, sent ones go to DIR/sent.";

/// Send and receive folders of ケアプランデータ連携 from an office's PC.
#[derive(Debug, Parser)]
#[command(name = "kiban-agent", version, after_long_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Send(SendArgs),
    Receive(ReceiveArgs),
    Watch(WatchArgs),
}

impl Command {
    pub(crate) fn connection(&self) -> &Connection {
        match self {
            Self::Send(args) => &args.connection,
            Self::Receive(args) => &args.connection,
            Self::Watch(args) => &args.connection,
        }
    }
}

/// Where the server is, and how to speak.
#[derive(Args, Debug)]
pub(crate) struct Connection {
    /// Address of the server: https://HOST
    #[arg(long, value_name = "URL")]
    pub(crate) server: String,
    /// File that holds the token of the office's own program (made on the page 「プログラム用トークン」)
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: PathBuf,
    /// Print one JSON object a line instead of sentences (docs/agent.md)
    #[arg(long)]
    pub(crate) json: bool,
    /// How often a request is tried again when the server cannot be reached or is busy
    #[arg(long, value_name = "N", default_value_t = 6)]
    pub(crate) retries: u32,
    /// Allow http:// to another machine: token and files go over the wire as they are; for a closed network only
    #[arg(long)]
    pub(crate) insecure_http: bool,
}

/// Send the files of a folder: sorted into sets, checked here, then sent
///
/// Folders inside are read, too, except .kiban-agent, and DIR/in and DIR/sent.
#[derive(Args, Debug)]
pub(crate) struct SendArgs {
    /// Folder with the files that the care software wrote
    pub(crate) dir: PathBuf,
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// Move the files of a set that was sent to DIR/sent/SET
    #[arg(long = "move")]
    pub(crate) moves: bool,
}

/// Receive the new sets into a folder, each in a folder of its own that appears whole or not at all
#[derive(Args, Debug)]
pub(crate) struct ReceiveArgs {
    /// Folder to receive into
    pub(crate) dir: PathBuf,
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// Also sets that somebody received already on the pages or on another PC
    #[arg(long)]
    pub(crate) all: bool,
}

/// Send what appears in DIR/out and receive into DIR/in, again and again
#[derive(Args, Debug)]
pub(crate) struct WatchArgs {
    /// Folder that holds the folders out and in
    pub(crate) dir: PathBuf,
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// Move the files of a set that was sent to DIR/sent/SET
    #[arg(long = "move")]
    pub(crate) moves: bool,
    /// Seconds between two rounds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) every: u64,
    /// Seconds in which a file must not change before it is sent
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(0..=3_600))]
    pub(crate) settle: u64,
    /// End after so many rounds, for a scheduler [default: never]
    #[arg(long, value_name = "N")]
    pub(crate) rounds: Option<u64>,
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
