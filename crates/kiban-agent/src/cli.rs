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
    Card(CardArgs),
}

impl Command {
    /// How to speak to the server about files; none for cards, which have a way of their own.
    pub(crate) fn connection(&self) -> Option<&Connection> {
        match self {
            Self::Send(args) => Some(&args.connection),
            Self::Receive(args) => Some(&args.connection),
            Self::Watch(args) => Some(&args.connection),
            Self::Card(_) => None,
        }
    }
}

/// Read マイナンバーカード for 本人確認: enrol this PC once, then answer the links of the pages
///
/// The PIN goes from the keyboard to the card and nowhere else: never over the network, into a file, a log or an argument.
#[derive(Args, Debug)]
pub(crate) struct CardArgs {
    #[command(subcommand)]
    pub(crate) command: CardCommand,
    /// Folder with the key of this terminal [default: kiban-agent in the user's folder of settings]
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CardCommand {
    Enrol(EnrolArgs),
    Answer(AnswerArgs),
    /// Let the links of the pages (kiban-card:) open this program, for the user who runs it
    Handler,
    /// List the readers that have a card on them
    Readers,
}

/// Enrol this PC as a terminal of the office, once
#[derive(Args, Debug)]
pub(crate) struct EnrolArgs {
    /// Address of the server, as the page 「カードを読む端末」 shows it; kept, and no other is answered
    #[arg(long, value_name = "URL")]
    pub(crate) server: String,
    /// File with the activation code, or - for the standard input [default: ask]
    #[arg(long, value_name = "FILE")]
    pub(crate) code_from: Option<PathBuf>,
    /// Allow http:// to another machine; for a closed network only
    #[arg(long)]
    pub(crate) insecure_http: bool,
}

/// Answer a link of a page: show who asks for what, let the card sign, tell the server
#[derive(Args, Debug)]
pub(crate) struct AnswerArgs {
    /// The link: kiban-card:…
    pub(crate) link: String,
    /// File with the PIN of four digits, or - for the standard input [default: ask]
    #[arg(long, value_name = "FILE")]
    pub(crate) pin_from: Option<PathBuf>,
    /// The two digits that stand on the page; without a terminal to ask on, this is needed
    #[arg(long, value_name = "NN")]
    pub(crate) match_code: Option<String>,
    /// Use the last try of the PIN without asking
    #[arg(long)]
    pub(crate) last_try: bool,
    /// Name of the reader, where several have a card (kiban-agent card readers)
    #[arg(long, value_name = "NAME")]
    pub(crate) reader: Option<String>,
    /// Seconds to wait for a card
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(0..=170))]
    pub(crate) wait: u64,
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
