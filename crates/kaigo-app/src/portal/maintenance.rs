//! Maintenance calendar: when the service cannot be used, said beforehand, to people and to programs.

use jiff::SignedDuration;
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::portal::{BadText, CalendarEvent, MaintenanceState, SUMMARY, TITLE, calendar, text};
use kaigo_store::portal::{self as store, Maintenance};
use kaigo_store::time::{instant, parse_instant};

use super::{text_of, typed_moment};
use crate::{App, Ctx, Error, Wrong};

/// Days for which a maintenance that is over stays to be seen.
const PAST_DAYS: i64 = 90;
/// Longest maintenance, in hours.
const LONGEST_HOURS: i64 = 24 * 14;

/// What is planned, under way, or ended in the last ninety days; the first ones first.
pub async fn list(app: &App, ctx: &Ctx) -> Result<Vec<Maintenance>, Error> {
    let since = instant(ctx.now - SignedDuration::from_hours(24 * PAST_DAYS));
    app.db.read(move |tx| store::maintenances(tx, &since).map_err(Error::from)).await
}

/// What is under way or begins within the next seven days, and is not cancelled.
pub async fn soon(app: &App, ctx: &Ctx) -> Result<Vec<Maintenance>, Error> {
    let (now, until) = (ctx.instant(), instant(ctx.now + SignedDuration::from_hours(24 * 7)));
    let all = app
        .db
        .read({
            let now = now.clone();
            move |tx| store::maintenances(tx, &now).map_err(Error::from)
        })
        .await?;
    Ok(all
        .into_iter()
        .filter(|m| m.state == MaintenanceState::Planned && m.starts_at <= until && m.ends_at > now)
        .collect())
}

/// The calendar as a file of RFC 5545.
pub async fn file(app: &App, ctx: &Ctx) -> Result<String, Error> {
    let stamp = |text: &str| -> Result<String, Error> {
        let at = parse_instant(text)?.to_string();
        // 2026-11-22T01:00:00Z → 20261122T010000Z
        let plain: String =
            at.split('.').next().unwrap_or(&at).chars().filter(|c| !matches!(c, '-' | ':' | 'Z')).collect();
        Ok(format!("{plain}Z"))
    };
    let events = list(app, ctx)
        .await?
        .into_iter()
        .map(|m| {
            Ok(CalendarEvent {
                id: m.maintenance_id,
                sequence: i64::from(m.version) - 1,
                starts: stamp(&m.starts_at)?,
                ends: stamp(&m.ends_at)?,
                stamp: stamp(&m.saved_at)?,
                title: m.title,
                effect: m.effect,
                cancelled: m.state == MaintenanceState::Cancelled,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    Ok(calendar("介護WEBサービスのメンテナンス", &events))
}

/// Every version of one, the newest first, for the operator's desk.
///
/// # Errors
/// [`Error::NotFound`] if there is none.
pub async fn versions(app: &App, caller: &Caller, maintenance_id: &str) -> Result<Vec<Maintenance>, Error> {
    decide_act(caller, Act::ManageContent)?;
    let id = maintenance_id.to_owned();
    let all = app.db.read(move |tx| store::maintenance(tx, &id).map_err(Error::from)).await?;
    if all.is_empty() { Err(Error::NotFound) } else { Ok(all) }
}

/// A maintenance as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// What is done.
    pub title: String,
    /// What cannot be used.
    pub effect: String,
    /// First day.
    pub start_day: String,
    /// First time.
    pub start_time: String,
    /// Last day; empty: the first one.
    pub end_day: String,
    /// End.
    pub end_time: String,
    /// It does not take place.
    pub cancelled: bool,
}

/// Which one is saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saving {
    /// The maintenance; none: a new one.
    pub maintenance_id: Option<String>,
    /// The version that was seen; 0 for a new one.
    pub seen: i32,
    /// Key of the form.
    pub submit_key: String,
}

/// Saves a version. The same form again answers the version that it made first.
///
/// # Errors
/// [`Error::Invalid`] for what was typed; [`Error::Conflict`] if a colleague saved since.
pub async fn save(app: &App, ctx: &Ctx, caller: &Caller, typed: &Typed, saving: Saving) -> Result<Maintenance, Error> {
    let grant = decide_act(caller, Act::ManageContent)?;
    let name = crate::run::entry(ctx, caller, ("", ""), "", kaigo_core::policy::Purpose::Operation).account_name;
    let account = caller.account_id().to_owned();
    let (title, effect, starts_at, ends_at) = judge(typed)?;
    let state = if typed.cancelled { MaintenanceState::Cancelled } else { MaintenanceState::Planned };
    let (id, now) = (saving.maintenance_id.clone().unwrap_or_else(|| ctx.ids.id()), ctx.instant());
    let key = if saving.submit_key.is_empty() { ctx.ids.id() } else { saving.submit_key.clone() };
    app.db
        .write(move |tx| {
            if let Some(before) = store::maintenance_of_key(tx, &grant, &key)? {
                return Ok(before);
            }
            let newest = store::maintenance(tx, &id)?.into_iter().next();
            let seen = newest.as_ref().map_or(0, |m| m.version);
            if saving.maintenance_id.is_some() && newest.is_none() {
                return Err(Error::NotFound);
            }
            if seen != saving.seen {
                let say = "この間にほかの職員が保存しました。開きなおして確かめてください。".to_owned();
                return Err(Error::Conflict(say));
            }
            let saved = Maintenance {
                maintenance_id: id,
                version: seen + 1,
                state,
                starts_at,
                ends_at,
                title,
                effect,
                saved_at: now,
                saved_by: name,
            };
            store::plan(tx, &grant, &saved, (&account, &key))?;
            Ok(saved)
        })
        .await
}

fn judge(typed: &Typed) -> Result<(String, String, String, String), Error> {
    let mut wrong = Vec::new();
    let mut take = |field: &'static str, judged: Result<String, BadText>| {
        judged.unwrap_or_else(|bad| {
            wrong.push(Wrong { field, code: bad.code(), say: bad.say() });
            String::new()
        })
    };
    let title = take("title", text("内容", &typed.title, TITLE, true)).replace('\n', " ");
    let effect = take("effect", text("使えなくなるもの", &typed.effect, SUMMARY, true));
    let starts = typed_moment(&typed.start_day, &typed.start_time);
    if starts.is_none() {
        let say = "始まりの日と時刻を入れてください。例：2026年12月6日、21:00".to_owned();
        wrong.push(Wrong { field: "start_day", code: "maintenance-start", say });
    }
    let last = if typed.end_day.trim().is_empty() { &typed.start_day } else { &typed.end_day };
    let ends = typed_moment(last, &typed.end_time);
    let fits = starts.zip(ends).is_none_or(|(starts, ends)| {
        ends > starts && ends.duration_since(starts) <= SignedDuration::from_hours(LONGEST_HOURS)
    });
    if ends.is_none() || !fits {
        let say = "終わりは、始まりより後で、14日以内の日時を入れてください。例：2026年12月7日、6:00".to_owned();
        wrong.push(Wrong { field: "end_day", code: "maintenance-end", say });
    }
    match (starts, ends) {
        (Some(starts), Some(ends)) if wrong.is_empty() => Ok((title, effect, text_of(starts), text_of(ends))),
        _ => Err(Error::Invalid(wrong)),
    }
}
