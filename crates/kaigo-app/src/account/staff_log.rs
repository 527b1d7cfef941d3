//! 職員の閲覧記録: what the staff of an office looked at, for its administrator.
//!
//! It tells that somebody looked, when, at what and why; whose it was only by the last four digits of the number, enough to ask a
//! colleague and too little to know a person by. That the administrator looked, or took a file out, is in the administrative log.

use jiff::SignedDuration;
use jiff::tz::Offset;
use kaigo_core::date::{Date, add_days};
use kaigo_core::policy::{Caller, Item};
use kaigo_store::access_log::{self, Entry};
use kaigo_store::time::instant;

use super::colleagues::Asker;
use crate::{App, Ctx, Error};

/// Entries that a page shows at most.
pub const PAGE: i32 = 200;
/// Entries that a file has at most.
pub const FILE: i32 = 20_000;
/// Days between the first and the last day at most.
pub const DAYS: i32 = 92;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// One colleague's; none: everybody's.
    pub account_id: Option<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
}

/// One look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// When.
    pub at: String,
    /// Who.
    pub name: String,
    /// Job at that time.
    pub job: String,
    /// What was done: code of the act.
    pub act: String,
    /// What was seen, Japanese.
    pub items: String,
    /// Why: code of the purpose.
    pub purpose: String,
    /// `done`, `refused`, `failed`.
    pub outcome: String,
    /// The rule of a refusal.
    pub rule: String,
    /// Last four digits of the number of whom.
    pub whom: String,
}

/// The looks of the office's staff, the newest first. `is_file`: all of them, for a file.
///
/// # Errors
/// [`Error::Forbidden`] unless the caller administers; [`Error::NotFound`] for who has no office; [`Error::Invalid`] for too many days.
pub async fn list(app: &App, ctx: &Ctx, caller: &Caller, asked: Asked, is_file: bool) -> Result<Vec<Looked>, Error> {
    let asker = Asker::of(caller)?;
    let office_no = asker.grant.office_no().ok_or(Error::NotFound)?;
    if asked.until < asked.from || add_days(asked.from, DAYS) < asked.until {
        let say = format!("期間は{DAYS}日までにしてください。");
        return Err(Error::Invalid(vec![crate::Wrong { field: "from", code: "log-days", say }]));
    }
    let ctx = ctx.clone();
    let most = if is_file { FILE } else { PAGE };
    app.db
        .write(move |tx| {
            let (from, until) = (start_of(asked.from)?, start_of(add_days(asked.until, 1))?);
            let account = asked.account_id.as_deref();
            let all = access_log::of_office(tx, &asker.grant, office_no, account, (&from, &until), most)?;
            let act = if is_file { "export-log" } else { "view-log" };
            let detail = format!("{}から{}まで {}件", asked.from, asked.until, all.len());
            let subject = account.and_then(|_| all.first()).map_or("全員", |entry| entry.account_name.as_str());
            asker.log(tx, &ctx, act, (subject, &detail))?;
            Ok(all.into_iter().map(looked).collect())
        })
        .await
}

/// The instant at which a day begins in Japan.
fn start_of(day: Date) -> Result<String, Error> {
    let japan = Offset::from_seconds(9 * 3600).unwrap_or(Offset::UTC);
    let at = japan.to_timestamp(day.at(0, 0, 0, 0)).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(instant(at + SignedDuration::ZERO))
}

fn looked(e: Entry) -> Looked {
    let items = e.items.split(',').filter_map(|code| Item::parse(code).ok()).map(Item::label);
    Looked {
        items: items.collect::<Vec<_>>().join("・"),
        whom: e.insured_no.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect(),
        at: e.completed_at,
        name: e.account_name,
        job: e.job.unwrap_or_default(),
        act: e.act,
        purpose: e.purpose,
        outcome: e.outcome,
        rule: e.rule.unwrap_or_default(),
    }
}
