//! How the service itself is, for the operator's desk: feeds that are late, uploads and jobs that stand still, certificates that end.
//! Counts and names of municipalities, nothing about a person.

use jiff::{SignedDuration, Timestamp};
use kaigo_core::date::{Date, add_days, days_until};
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::rule::feed::Freshness;
use kaigo_core::rule::terminal::term;
use kaigo_store::presence as store_presence;
use kaigo_store::time::{instant, parse_instant};
use kaigo_store::{feed, lease, news, pki};

use crate::ctx::day_in_japan;
use crate::{App, Ctx, Error, presence};

/// Jobs that take their lease at every step: name of the lease, Japanese name, minutes after the end of a lease in which another step must
/// have begun. A few times as long as the job waits between two steps.
const STEADY: [(&str, &str, i64); 3] = [
    ("seal-log", "閲覧記録の封印", 5),
    ("terminal-certificates", "電子証明書の期限のお知らせ", 180),
    ("licence", "ライセンスの自動更新", 180),
];
/// The job that tells of loads, and the minutes for which a load may wait without a step.
const NEWS: (&str, &str, i64) = ("news", "取込のお知らせ", 15);
/// The job that computes the last days of registrations once a day, and the minutes between two of its steps.
const PRESENCE: (&str, &str, i64) = ("presence", "担当の期限の計算", 60);
/// Minutes without a sign after which an upload stands still.
const STILL_MINUTES: i64 = 10;
/// Certificates that are looked through at most.
const MOST_CERTIFICATES: i32 = 1_000;

/// A municipality whose feed is late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateFeed {
    /// Name.
    pub insurer: String,
    /// Day of the last feed; none: there was never one.
    pub last_on: Option<Date>,
    /// Whether it is far too old, or was never there.
    pub is_late: bool,
}

/// What somebody should look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Municipalities that share and whose feed is old, the oldest first.
    pub feeds: Vec<LateFeed>,
    /// Uploads in the browser that stand still.
    pub uploads: i64,
    /// Jobs that stand still, by their Japanese names.
    pub jobs: Vec<&'static str>,
    /// Certificates of terminals that end within the days of the second notice and have no follower.
    pub certificates: i64,
    /// Those days.
    pub certificate_days: i32,
    /// End of the issuing authority, where it lies within the days of the first notice.
    pub authority_until: Option<String>,
}

/// How the service is.
///
/// # Errors
/// [`Error::Forbidden`] for who is not of the operator's desk.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Health, Error> {
    decide_act(caller, Act::ManageOffices)?;
    let desk = decide_act(caller, Act::IssueCertificate)?;
    let operate = decide_act(&Caller::Operator, Act::Operate)?;
    let (now, today) = (ctx.now, ctx.today);
    app.db
        .read(move |tx| {
            let told = term(today).told;
            let [first, second] = [0, 1].map(|n| told.get(n).copied().unwrap_or(0));
            let mut certificates = 0;
            for terminal in pki::ending(tx, &desk, (&instant(now), &ahead(now, second)), MOST_CERTIFICATES)? {
                let renewed = pki::is_renewed(tx, terminal.office_no, &terminal.certificate_id)?;
                certificates += i64::from(!renewed);
            }
            let issuing = pki::authorities(tx)?.into_iter().find(|a| a.kind == "issuing").map(|a| a.not_after);
            let daily = [today, add_days(today, -1)].map(presence::daily);
            let mut signs = Signs { leases: lease::all(tx)?, ..Signs::default() };
            signs.load_since = news::waiting(tx, &operate, 1)?.into_iter().next().map(|load| load.at);
            for run in &daily {
                signs.is_computed |= store_presence::run(tx, run)?.is_some_and(|run| run.ended);
            }
            Ok(Health {
                feeds: late(feed::latest(tx, today)?, today),
                uploads: feed::standing_still(tx, &instant(now - SignedDuration::from_mins(STILL_MINUTES)))?,
                jobs: still(&signs, now),
                certificates,
                certificate_days: second,
                authority_until: issuing.filter(|until| *until <= ahead(now, first)),
            })
        })
        .await
}

fn ahead(now: Timestamp, days: i32) -> String {
    instant(now + SignedDuration::from_hours(24 * i64::from(days)))
}

fn late(feeds: Vec<(String, Option<String>)>, today: Date) -> Vec<LateFeed> {
    let mut all: Vec<LateFeed> = feeds
        .into_iter()
        .filter_map(|(insurer, at)| {
            let last_on = at.and_then(|at| parse_instant(&at).ok()).map(day_in_japan);
            let freshness = last_on.map_or(Freshness::Late, |on| Freshness::of(days_until(on, today), today));
            let is_late = freshness == Freshness::Late;
            (freshness > Freshness::Fresh).then_some(LateFeed { insurer, last_on, is_late })
        })
        .collect();
    all.sort_by_key(|feed| feed.last_on);
    all
}

/// What jobs leave behind.
#[derive(Clone, Debug, Default)]
struct Signs {
    /// Leases: job, and the end of its last step.
    leases: Vec<(String, String)>,
    /// Since when the oldest load waits to be told of.
    load_since: Option<String>,
    /// Whether the registrations were computed today or yesterday.
    is_computed: bool,
}

fn still(signs: &Signs, now: Timestamp) -> Vec<&'static str> {
    let is_old = |at: &str, minutes| parse_instant(at).is_ok_and(|at| at + SignedDuration::from_mins(minutes) < now);
    let rests = |(job, _, minutes): &(&str, &str, i64)| {
        let lease = signs.leases.iter().find(|(name, _)| name == job);
        lease.is_none_or(|(_, end)| is_old(end, *minutes))
    };
    let load_waits = signs.load_since.as_deref().is_some_and(|at| is_old(at, NEWS.2)) && rests(&NEWS);
    let mut still: Vec<_> = STEADY.iter().filter(|job| rests(job)).map(|(_, word, _)| *word).collect();
    still.extend(load_waits.then_some(NEWS.1));
    still.extend((!signs.is_computed && rests(&PRESENCE)).then_some(PRESENCE.1));
    still
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_came_in_time_is_not_said() {
        let feeds =
            [("港", Some("2026-11-21T00:00:00.000000Z")), ("山", Some("2026-11-10T00:00:00.000000Z")), ("浜", None)];
        let feeds = feeds.map(|(name, at)| (name.to_owned(), at.map(str::to_owned)));
        let found = late(feeds.to_vec(), date(2026, 11, 22));
        let said: Vec<_> = found.iter().map(|f| (f.insurer.as_str(), f.last_on, f.is_late)).collect();
        assert_eq!(said, [("浜", None, true), ("山", Some(date(2026, 11, 10)), false)]);
    }

    #[test]
    fn a_job_stands_still_once_its_last_step_is_too_long_ago() {
        let now: Timestamp = "2026-11-22T03:00:00Z".parse().unwrap();
        let ago = |minutes: i64| instant(now - SignedDuration::from_mins(minutes));
        let leases = STEADY.iter().map(|(job, _, minutes)| ((*job).to_owned(), ago(*minutes))).collect();
        let fine = Signs { leases, load_since: Some(ago(15)), is_computed: true };
        assert_eq!(still(&fine, now), [""; 0]);
        let mut bad = fine.clone();
        bad.leases.remove(0);
        bad.leases[0].1 = ago(181);
        assert_eq!(still(&bad, now), ["閲覧記録の封印", "電子証明書の期限のお知らせ"]);

        // A load that waits, and registrations that were not computed, count while nobody is at them only.
        let mut waiting = Signs { load_since: Some(ago(16)), is_computed: false, ..fine };
        assert_eq!(still(&waiting, now), ["取込のお知らせ", "担当の期限の計算"]);
        waiting.leases.extend([("news".to_owned(), ago(1)), ("presence".to_owned(), ago(1))]);
        assert_eq!(still(&waiting, now), [""; 0]);
    }
}
