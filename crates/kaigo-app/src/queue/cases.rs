//! Applications of the office's own people that are under way: how far, how old, which step takes longer than usual, what has
//! changed since the office last looked.

use std::collections::HashMap;

use kaigo_core::code::Void;
use kaigo_core::kana::search_key;
use kaigo_core::policy::{Act, Caller, Item, Refusal, decide_act};
use kaigo_core::progress::pace::{Mark, Pace, pace};
use kaigo_core::progress::{self, StepKind, StepState, Timeline as Progress};
use kaigo_core::record::application::Application;
use kaigo_core::record::certification::Certification;
use kaigo_core::record::person::InsuredPerson;
use kaigo_store::queue as store;
use kaigo_store::record::{Segment, Stored};

use super::sight::Sights;
use super::{Listing, Member, PAGE, key, member, newest, shown_in};
use crate::case::differences;
use crate::{App, Ctx, Error};

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The oldest application first.
    #[default]
    Age,
    /// The worst mark first, then the oldest.
    Mark,
    /// By kana.
    Name,
}

/// Which applications are looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Waiting at that step.
    pub step: Option<StepKind>,
    /// With that mark.
    pub mark: Option<Mark>,
    /// Only those that changed since the office last looked.
    pub changed: bool,
    /// In which order.
    pub order: Order,
    /// Which page, from 0.
    pub page: usize,
}

/// An application under way.
#[derive(Clone, Debug)]
pub struct Case {
    /// Whose.
    pub member: Member,
    /// The application.
    pub application: Application,
    /// Its timeline.
    pub progress: Progress,
    /// How it keeps pace.
    pub pace: Pace,
    /// What changed since the office last looked, a line each.
    pub changes: Vec<String>,
}

/// People whose progress is not shown.
#[derive(Clone, Debug)]
pub struct Hidden {
    /// Name of their insurer.
    pub insurer_name: String,
    /// How many.
    pub people: usize,
    /// Why.
    pub refusal: Refusal,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct Cases {
    /// The applications of this page.
    pub cases: Vec<Case>,
    /// How many were found.
    pub found: usize,
    /// How many there are in all.
    pub all: usize,
    /// Which page this is, from 0.
    pub page: usize,
    /// How many wait at each step; one may wait at two.
    pub steps: Vec<(StepKind, usize)>,
    /// How many have each mark.
    pub marks: Vec<(Mark, usize)>,
    /// How many changed.
    pub changed: usize,
    /// Of how many of the office's people the progress is shown, whether an application runs or not.
    pub seen: usize,
    /// Whose progress is not shown, and why.
    pub hidden: Vec<Hidden>,
}

/// Lists the applications under way. Who stands on the page that is shown is entered in their log, once a day.
///
/// # Errors
/// [`Refusal::NotAllowed`] unless an office asks.
pub async fn cases(app: &App, ctx: &Ctx, caller: &Caller, wanted: Wanted) -> Result<Cases, Error> {
    let (ctx, caller, matrix) = (ctx.clone(), caller.clone(), app.matrix.clone());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::ListOwn)?;
            let Caller::Staff(staff) = &caller else { return Err(Refusal::NotAllowed.into()) };
            let today = ctx.today;
            let own = store::own(tx, &grant, today)?;
            let mut sights = Sights::new(&matrix, today);
            let mut hidden: Vec<Hidden> = Vec::new();
            let mut seen = Vec::new();
            for own in own {
                let held = sights.at(tx, own.charge.insurer_no)?;
                let started = own.insurer_started_on.is_some_and(|on| on <= today);
                let refusal = if started {
                    held.refusal(staff, Item::Progress, today)
                } else {
                    Some(Refusal::InsurerNotStarted { from: own.insurer_started_on })
                };
                match refusal {
                    None => seen.push((own, held.rules)),
                    Some(refusal) => hide(&mut hidden, own.insurer_name, refusal),
                }
            }
            let (mut cases, people_seen) = (Vec::new(), seen.len());
            if !seen.is_empty() {
                let applications = versions(store::records::<Application>(tx, &grant, today)?);
                let people = newest(store::records::<InsuredPerson>(tx, &grant, today)?);
                let certifications = newest(store::records::<Certification>(tx, &grant, today)?);
                let looks = looks(store::looks(tx, &grant)?);
                for (own, rules) in seen {
                    let whom = key(&own.charge);
                    let Some(open) = applications.get(&whom).and_then(|all| running(all)) else { continue };
                    let Some(row) = open.current() else { continue };
                    let (application, progress) = (row.record.clone(), progress::timeline(&row.record, today));
                    cases.push(Case {
                        pace: pace(&application, &progress, &rules, today),
                        changes: changes(open, looks.get(&whom).copied()),
                        member: member(own, &people, &certifications, today),
                        application,
                        progress,
                    });
                }
            }
            let page = page(cases, &wanted, (people_seen, hidden));
            for case in &page.cases {
                let charge = &case.member.charge;
                shown_in(tx, &ctx, &caller, (charge.insurer_no, charge.insured_no), Listing::Cases)?;
            }
            Ok(page)
        })
        .await
}

fn hide(hidden: &mut Vec<Hidden>, insurer_name: String, refusal: Refusal) {
    match hidden.iter_mut().find(|h| h.insurer_name == insurer_name && h.refusal == refusal) {
        Some(known) => known.people += 1,
        None => hidden.push(Hidden { insurer_name, people: 1, refusal }),
    }
}

type Versions = HashMap<(String, String), Vec<Segment<Application>>>;

/// Every version of every application, by person.
pub(super) fn versions(rows: Vec<(String, Stored<Application>)>) -> Versions {
    let mut all = Versions::new();
    for (insurer_no, row) in rows {
        let segments = all.entry((insurer_no, row.common.insured_no.to_string())).or_default();
        let record_no = row.common.record_no.0;
        match segments.last_mut().filter(|segment| segment.record_no == record_no) {
            Some(segment) => segment.versions.push(row),
            None => segments.push(Segment { record_no, versions: vec![row] }),
        }
    }
    all
}

/// The newest application that has not ended.
pub(crate) fn running(segments: &[Segment<Application>]) -> Option<&Segment<Application>> {
    let open = segments.iter().filter_map(|segment| Some((segment, segment.current()?)));
    let open = open.filter(|(_, row)| row.record.outcome.is_none() && row.record.decided_on.is_none());
    open.max_by_key(|(_, row)| row.record.applied_on).map(|(segment, _)| segment)
}

/// Up to which load the office has seen the tab 認定 of each person.
fn looks(all: Vec<(String, String, String, i32)>) -> HashMap<(String, String), i32> {
    let of_tab = all.into_iter().filter(|(_, _, topic, _)| topic == super::CERTIFICATION);
    of_tab.map(|(insurer_no, insured_no, _, load)| ((insurer_no, insured_no), load)).collect()
}

/// What has changed of an application since the office last looked; nothing where it never did: then all of it is new.
pub(crate) fn changes(segment: &Segment<Application>, since: Option<i32>) -> Vec<String> {
    let (Some(now), Some(since)) = (segment.current(), since) else { return Vec::new() };
    if now.load_no <= since {
        return Vec::new();
    }
    let known = |row: &&Stored<Application>| row.load_no <= since && row.common.void == Void::Valid;
    match segment.versions.iter().find(known) {
        Some(before) => differences(&before.record, &now.record),
        None => vec![format!("{}申請：新しく登録されました", now.record.kind.label())],
    }
}

/// Whether an application waits at a step.
fn waits_at(case: &Case, kind: StepKind) -> bool {
    case.progress.step(kind).is_some_and(|step| step.state == StepState::Now)
}

fn page(cases: Vec<Case>, wanted: &Wanted, (seen, hidden): (usize, Vec<Hidden>)) -> Cases {
    let count = |fits: &dyn Fn(&Case) -> bool| cases.iter().filter(|case| fits(case)).count();
    let steps = StepKind::ALL.map(|kind| (kind, count(&|case| waits_at(case, kind))));
    let marks = Mark::ALL.iter().map(|mark| (*mark, count(&|case| case.pace.mark == *mark)));
    let (steps, marks) = (steps.into_iter().filter(|(_, n)| *n > 0).collect(), marks.collect());
    let (all, changed) = (cases.len(), count(&|case| !case.changes.is_empty()));
    let mut cases: Vec<Case> = cases
        .into_iter()
        .filter(|case| wanted.step.is_none_or(|kind| waits_at(case, kind)))
        .filter(|case| wanted.mark.is_none_or(|mark| case.pace.mark == mark))
        .filter(|case| !wanted.changed || !case.changes.is_empty())
        .collect();
    cases.sort_by_cached_key(|case| {
        let kana = case.member.person.as_ref().map(|p| search_key(p.name_kana.as_str()));
        let age = (case.application.applied_on, case.member.charge.charge_id.clone());
        match wanted.order {
            Order::Age => (None, None, age),
            Order::Mark => (Some(std::cmp::Reverse(case.pace.mark)), None, age),
            Order::Name => (None, Some(kana), age),
        }
    });
    let found = cases.len();
    let page = wanted.page.min(found.saturating_sub(1) / PAGE);
    let cases = cases.into_iter().skip(page * PAGE).take(PAGE).collect();
    Cases { cases, found, all, page, steps, marks, changed, seen, hidden }
}
