//! Tells offices that a certificate of a terminal ends: 90, 30 and 7 days before. A job beside the pages.

use jiff::SignedDuration;
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::rule::terminal::term;
use kaigo_store::lease;
use kaigo_store::notice::{self, Notice};
use kaigo_store::pki;
use kaigo_store::time::instant;

use super::office::days_left;
use crate::{App, Ctx, Error};

/// Name of the lease, and the seconds for which one step has it.
const JOB: (&str, i64) = ("terminal-certificates", 120);
/// Certificates of one step.
const PAGE: i32 = 500;
/// Days after which the binding of a session that is over is forgotten.
const BINDING_DAYS: i64 = 2;

/// Tells what ends. Told twice, it is one notice for each step of the ladder. Answers how many certificates were looked at.
pub async fn work(app: &App, ctx: &Ctx, holder: &str) -> Result<usize, Error> {
    let grant = decide_act(&Caller::Operator, Act::Operate)?;
    let (ctx, holder) = (ctx.clone(), holder.to_owned());
    app.db
        .write(move |tx| {
            let lease_until = instant(ctx.now + SignedDuration::from_secs(JOB.1));
            if !lease::take(tx, JOB.0, &holder, &lease_until, &ctx.instant())? {
                return Ok(0);
            }
            pki::purge_bindings(tx, &instant(ctx.now - SignedDuration::from_hours(24 * BINDING_DAYS)))?;
            let ladder = term(ctx.today).told;
            let longest = i64::from(ladder.iter().max().copied().unwrap_or(0));
            let until = instant(ctx.now + SignedDuration::from_hours(24 * longest));
            let (mut after, mut seen) = (ctx.instant(), 0);
            loop {
                let page = pki::ending(tx, &grant, (&after, &until), PAGE)?;
                let mut told = Vec::new();
                for terminal in &page {
                    let Some(end) = &terminal.not_after else { continue };
                    after.clone_from(end);
                    let left = days_left(ctx.now, end)?;
                    let Some(step) = ladder.iter().rev().find(|days| left <= i64::from(**days)) else { continue };
                    if pki::is_renewed(tx, terminal.office_no, &terminal.certificate_id)? {
                        continue;
                    }
                    told.push(Notice {
                        to: Recipient::Office(terminal.office_no),
                        topic: Topic::TerminalEnding,
                        about: None,
                        href: format!("/office/certificates/{}", terminal.certificate_id),
                        note: format!("{}：あと{left}日", terminal.terminal_name),
                        key: format!("terminal-ending {} {step}", terminal.certificate_id),
                        at: ctx.instant(),
                    });
                }
                notice::tell_all(tx, &told)?;
                seen += page.len();
                if i32::try_from(page.len()).unwrap_or(PAGE) < PAGE {
                    return Ok(seen);
                }
            }
        })
        .await
}
