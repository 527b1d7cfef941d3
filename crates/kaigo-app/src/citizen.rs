//! The access log as its readers see it: the person all of it, an office what it did itself.

use kaigo_core::policy::{Caller, Item, Purpose};
use kaigo_store::access_log::{self, Before, Placed};
use kaigo_store::question;

use crate::person::{self, Head};
use crate::run::{Look, Target, look};
use crate::{App, Ctx, Error};

/// Entries on one page.
pub const PAGE: usize = 50;

/// A page of the log.
#[derive(Clone, Debug)]
pub struct Log {
    /// The person.
    pub head: Head,
    /// Entries, the newest first.
    pub entries: Vec<Placed>,
    /// Where the next page starts, if there is one.
    pub next: Option<Before>,
    /// Answers to questions that the person has not read.
    pub answers: i64,
}

/// The person's own log: who looked, when, at what, why.
pub async fn my_log(app: &App, ctx: &Ctx, caller: &Caller, before: Before) -> Result<Log, Error> {
    let today = ctx.today;
    let what = Look::view(Target::Myself, &[Item::AccessLog, Item::InsuredCertificate], Purpose::Own);
    look(app, ctx, caller, what, move |tx, seen| {
        if let Some(refusal) = seen.refusal(Item::AccessLog) {
            return Err(refusal.clone().into());
        }
        let entries = access_log::of_person(tx, &seen.grant, None, &before, limit())?;
        let answers = question::unread(tx, &seen.grant)?;
        Ok(Log { answers, ..paged(person::head(tx, seen, today)?, entries, PAGE) })
    })
    .await
}

/// What the caller's office did with one of its people.
pub async fn office_log(app: &App, ctx: &Ctx, caller: &Caller, charge_id: &str, before: Before) -> Result<Log, Error> {
    let today = ctx.today;
    let what = Look::view(Target::Charge(charge_id.to_owned()), &[Item::InsuredCertificate], Purpose::Audit);
    look(app, ctx, caller, what, move |tx, seen| {
        let office_no = seen.charge.as_ref().map(|c| c.office_no).ok_or(Error::NotFound)?;
        let entries = access_log::of_person(tx, &seen.grant, Some(office_no), &before, limit())?;
        Ok(paged(person::head(tx, seen, today)?, entries, PAGE))
    })
    .await
}

fn limit() -> i32 {
    i32::try_from(PAGE).unwrap_or(50) + 1
}

/// A page of so many entries out of one more that was read.
pub(crate) fn paged(head: Head, mut entries: Vec<Placed>, rows: usize) -> Log {
    let more = entries.len() > rows;
    entries.truncate(rows);
    let last = entries.last().filter(|_| more);
    let next = last.map(|p| Before { completed_at: p.entry.completed_at.clone(), entry_id: p.entry.entry_id.clone() });
    Log { head, entries, next, answers: 0 }
}
