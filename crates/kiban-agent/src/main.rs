//! The program on an office's PC: sends and receives folders of ケアプランデータ連携 for a care software that writes and
//! reads files, and reads マイナンバーカード for 本人確認 (`card.rs`).
//!
//! Invariants: the user's files are never deleted or changed; a set that the server took is never sent as something new, and
//! one that was placed is never placed again, also when the program is killed at any moment (`journal.rs`); a folder with a
//! received set appears whole or not at all. Contract for programs that call it: docs/agent.md.

mod card;
mod cli;
mod durable;
mod folder;
mod journal;
mod pack;
mod receive;
mod report;
mod scan;
mod send;
mod server;
mod watch;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command, Connection};
use crate::folder::Folder;
use crate::journal::Journal;
use crate::report::{Report, Stop};
use crate::server::Server;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let connection = match (&cli.command, cli.command.connection()) {
        (_, Some(connection)) => connection,
        (Command::Card(args), None) => return card::run(args),
        // Every other command names its server.
        (Command::Send(_) | Command::Receive(_) | Command::Watch(_), None) => return ExitCode::FAILURE,
    };
    let mut report = Report::new(connection.json);
    let ended = run(&cli.command, connection, &mut report);
    ExitCode::from(report.end(&ended))
}

fn run(command: &Command, connection: &Connection, report: &mut Report) -> Result<(), Stop> {
    let folder = match command {
        Command::Send(args) => Folder::of_sending(&args.dir)?,
        Command::Receive(args) => Folder::of_receiving(&args.dir)?,
        Command::Watch(args) => Folder::of_watching(&args.dir)?,
        Command::Card(_) => return Ok(()),
    };
    let server = connect(connection)?;
    let _lock = folder.lock()?;
    let mut journal = Journal::open(&folder.state, server.base())?;
    match command {
        Command::Send(args) => {
            let wish = send::Wish { moves: args.moves, settle: None };
            send::send(&folder, &mut journal, &server, &wish, &mut send::Memo::default(), report)
        }
        Command::Receive(args) => receive::receive(&folder, &mut journal, &server, args.all, report),
        Command::Watch(args) => watch::watch(&folder, &mut journal, &server, args, report),
        Command::Card(_) => Ok(()),
    }
}

fn connect(connection: &Connection) -> Result<Server, Stop> {
    let token = std::fs::read_to_string(&connection.token_file).map_err(|error| {
        Stop::Usage(format!("トークンのファイル {} を読めません：{error}", connection.token_file.display()))
    })?;
    Server::new(&connection.server, token.trim(), connection.insecure_http, connection.retries)
}
