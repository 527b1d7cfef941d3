//! What goes away after its time: drafts nobody sent, the bytes of sets that were kept long enough.

use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::rule::exchange::limits;
use kaigo_store::exchange::set::EventRow;
use kaigo_store::exchange::{draft, set as sets};

use crate::{App, Ctx, Error};

/// Drafts or sets that one unit of work takes.
const AT_ONCE: i32 = 50;

/// How many went away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Drafts.
    pub drafts: usize,
    /// Sets whose bytes were removed.
    pub sets: usize,
}

/// Removes what is past its time. Rows, names, digests and receipts of sets stay; so do large files among the objects, which
/// may belong to another set as well.
pub async fn run(app: &App, ctx: &Ctx) -> Result<Tidied, Error> {
    let limits = limits(ctx.today);
    // By the business day, on which the demo and tests play: an instant sorts behind the day it lies on.
    let before = |days: i32| kaigo_core::date::add_days(ctx.today, -days).to_string();
    let (drafts_before, sets_before) = (before(limits.draft_days), before(limits.kept_days));
    let mut tidied = Tidied::default();
    loop {
        let (grant, before) = (decide_act(&Caller::Operator, Act::Operate)?, drafts_before.clone());
        let gone = app.db.write(move |tx| draft::purge(tx, &grant, &before, AT_ONCE)).await?;
        tidied.drafts += gone;
        if gone == 0 {
            break;
        }
    }
    loop {
        let (ctx, before) = (ctx.clone(), sets_before.clone());
        let gone = app
            .db
            .write(move |tx| {
                let grant = decide_act(&Caller::Operator, Act::Operate)?;
                let old = sets::old(tx, &grant, &before, AT_ONCE)?;
                for set in &old {
                    sets::purge(tx, &grant, set, &ctx.instant())?;
                    let event = EventRow {
                        what: "purged".to_owned(),
                        at: ctx.instant(),
                        by_name: "保存期間".to_owned(),
                        office_no: String::new(),
                    };
                    sets::event(tx, set, &ctx.ids.timed(ctx.now), &event)?;
                }
                Ok::<_, Error>(old.len())
            })
            .await?;
        tidied.sets += gone;
        if gone == 0 {
            return Ok(tidied);
        }
    }
}
