//! Rounds of sending and receiving, until it is ended: by `--rounds`, or by killing it, which hurts nothing.

use std::thread;
use std::time::Duration;

use crate::cli::WatchArgs;
use crate::folder::Folder;
use crate::journal::Journal;
use crate::receive::receive;
use crate::report::{Report, Stop};
use crate::send::{Memo, Wish, send};
use crate::server::Server;

/// How many rounds are left out at most while nothing works.
const LONGEST_PAUSE: u32 = 16;

/// Round after round.
pub(crate) fn watch(
    folder: &Folder,
    journal: &mut Journal,
    server: &Server,
    args: &WatchArgs,
    report: &mut Report,
) -> Result<(), Stop> {
    let wish = Wish { moves: args.moves, settle: Some(Duration::from_secs(args.settle)) };
    let (mut memo, mut failed, mut round) = (Memo::default(), 0, 0);
    loop {
        round += 1;
        let sent = send(folder, journal, server, &wish, &mut memo, report);
        let received = match &sent {
            // What came is worth having, whatever is wrong with what goes.
            Ok(()) | Err(Stop::Local(_) | Stop::Answer(_)) => receive(folder, journal, server, false, report),
            Err(Stop::Usage(_) | Stop::Busy(_) | Stop::Unreachable(_) | Stop::Token(_)) => Ok(()),
        };
        failed = if sent.is_ok() && received.is_ok() { 0 } else { failed + 1 };
        for stop in [sent, received].into_iter().filter_map(Result::err) {
            if matches!(stop, Stop::Token(_)) {
                return Err(stop);
            }
            report.fail(&stop);
        }
        if args.rounds.is_some_and(|rounds| round >= rounds) {
            return Ok(());
        }
        let pause = 1_u32.checked_shl(failed).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE);
        thread::sleep(Duration::from_secs(args.every).saturating_mul(pause));
    }
}
