//! The tab 認定: the running application's timeline, the certification that stands, those before it.

use kaigo_core::policy::{Caller, Item, Purpose, Refusal};
use kaigo_core::progress::pace::{Pace, pace};
use kaigo_core::progress::{self, Timeline as Progress};
use kaigo_core::record::application::Application;
use kaigo_core::record::certification::{BenefitLimit, Certification};
use kaigo_store::record::{Segment, of_person};

use crate::person::{self, Head, Timeline, last_look, timeline};
use crate::queue::cases;
use crate::run::{Look, Target, look};
use crate::{App, Ctx, Error, setting};

/// The certification of a person.
#[derive(Clone, Debug)]
pub struct CertificationPage {
    /// The person.
    pub head: Head,
    /// Applications, the newest first.
    pub applications: Vec<Application>,
    /// The timeline of the running application, or of one that ended within the last 60 days.
    pub progress: Option<(Application, Progress)>,
    /// Certifications.
    pub certification: Timeline<Certification>,
    /// Limits that stand.
    pub limits: Timeline<BenefitLimit>,
    /// Why the progress is not shown, if so.
    pub progress_refused: Option<Refusal>,
    /// What of the running application changed since the office last looked, a line each; and when that was.
    pub changes: Option<(String, Vec<String>)>,
    /// How the running application keeps pace, by the insurer's rules.
    pub pace: Option<Pace>,
}

/// Looks at the certification: an office at one of its people, a person at themself.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, target: Target) -> Result<CertificationPage, Error> {
    let purpose = if target == Target::Myself { Purpose::Own } else { Purpose::Certification };
    let what = Look::view(target, &[Item::CertificationResult, Item::Progress], purpose);
    let (ctx2, matrix) = (ctx.clone(), app.matrix.clone());
    look(app, ctx, caller, what, move |tx, seen| {
        let today = ctx2.today;
        let last = last_look(tx, &ctx2, seen, "certification")?;
        let since = last.as_ref().map(|look| look.load_no);
        let mut applications: Vec<Application> = Vec::new();
        let mut changes = None;
        if seen.grant.covers(Item::Progress) {
            let segments = of_person::<Application>(tx, &seen.grant, seen.published())?;
            if let (Some(open), Some(last)) = (cases::running(&segments), last) {
                let lines = cases::changes(open, since);
                changes = Some((last.looked_at, lines)).filter(|(_, lines)| !lines.is_empty());
            }
            applications.extend(segments.iter().filter_map(Segment::current).map(|row| row.record.clone()));
            applications.sort_by_key(|a| std::cmp::Reverse(a.applied_on));
        }
        let recent = |a: &&Application| {
            a.outcome.is_none() || a.decided_on.is_some_and(|on| kaigo_core::date::days_until(on, today) <= 60)
        };
        let progress = applications.iter().find(recent).map(|a| (a.clone(), progress::timeline(a, today)));
        let rules = setting::rules(tx, &matrix, seen.insurer.insurer_no, today)?;
        let pace = progress.as_ref().map(|(a, line)| pace(a, line, &rules, today));
        let certification = timeline(tx, seen, today, since)?;
        Ok(CertificationPage {
            head: person::head_with(tx, seen, &certification)?,
            applications,
            progress,
            certification,
            limits: timeline(tx, seen, today, since)?,
            progress_refused: seen.refusal(Item::Progress).cloned(),
            changes,
            pace,
        })
    })
    .await
}
