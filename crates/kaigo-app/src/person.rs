//! What every page about a person starts with, and how dated segments are sorted into now, coming and past.

use kaigo_core::date::{Date, Period};
use kaigo_core::id::InsuredNo;
use kaigo_core::layout::Record;
use kaigo_core::policy::Item;
use kaigo_core::record::application::Application;
use kaigo_core::record::certification::{BenefitLimit, Certification};
use kaigo_core::record::person::InsuredPerson;
use kaigo_core::record::plan_notice::PlanNotice;
use kaigo_core::record::relief::{BenefitRestriction, BurdenRatio, Relief};
use kaigo_core::rule::moving::{LinkKind, Loss};
use kaigo_store::charge::{self, Look as LastLook};
use kaigo_store::db::Tx;
use kaigo_store::insurer::Insurer;
use kaigo_store::presence;
use kaigo_store::record::{Guarded, Segment, Stored, of_person};
use kaigo_store::time::parse_instant;

use crate::ctx::day_in_japan;
use crate::run::Seen;
use crate::{Ctx, Error};

/// What every page about a person starts with.
#[derive(Clone, Debug)]
pub struct Head {
    /// Identifier of the registration; empty for the person themself.
    pub charge_id: String,
    /// The 被保険者 record.
    pub person: InsuredPerson,
    /// The person's number.
    pub insured_no: InsuredNo,
    /// The insurer.
    pub insurer: Insurer,
    /// The certification that stands today, or the last one that stood.
    pub certification: Option<Certification>,
    /// Whether that one stands today.
    pub certified_today: bool,
    /// Whether the next one is decided already.
    pub renewed: bool,
    /// The application that is under way, where the caller may see it.
    pub pending: Option<Application>,
    /// The loss of the qualification (転出, 死亡 …), also one whose day is still to come.
    pub loss: Option<Loss>,
    /// Why and since when the number goes on as another one; never as which one.
    pub link: Option<(LinkKind, Date)>,
}

/// Reads the head. The grant covers an item of the certificate on every page that has one.
pub fn head(tx: &mut Tx<'_>, seen: &Seen, today: Date) -> Result<Head, Error> {
    let may = |item| seen.grant.covers(item);
    let certifications = if may(Item::InsuredCertificate) || may(Item::CertificationResult) {
        timeline::<Certification>(tx, seen, today, None)?
    } else {
        Timeline::default()
    };
    head_with(tx, seen, &certifications)
}

/// [`head`], for pages that have read the certifications already.
pub fn head_with(tx: &mut Tx<'_>, seen: &Seen, certifications: &Timeline<Certification>) -> Result<Head, Error> {
    let person = of_person::<InsuredPerson>(tx, &seen.grant, seen.published())?;
    let person = person.iter().find_map(Segment::current).ok_or(Error::NotFound)?.clone();
    let pending = if seen.grant.covers(Item::Progress) { pending(tx, seen)? } else { None };
    let now = certifications.now.first().map(|m| m.record.clone());
    let certified_today = now.is_some();
    let whom = (seen.insurer.insurer_no, person.common.insured_no);
    Ok(Head {
        loss: presence::loss(tx, whom, seen.published())?,
        link: presence::linked(tx, whom)?,
        charge_id: seen.charge.as_ref().map(|c| c.charge_id.clone()).unwrap_or_default(),
        insured_no: person.common.insured_no,
        person: person.record,
        insurer: seen.insurer.clone(),
        certification: now.or_else(|| certifications.past.first().map(|m| m.record.clone())),
        certified_today,
        renewed: !certifications.coming.is_empty(),
        pending,
    })
}

/// The newest application that has not ended.
fn pending(tx: &mut Tx<'_>, seen: &Seen) -> Result<Option<Application>, Error> {
    let applications = of_person::<Application>(tx, &seen.grant, seen.published())?;
    let open = applications.iter().filter_map(Segment::current).filter(|row| row.record.outcome.is_none());
    Ok(open.max_by_key(|row| row.record.applied_on).map(|row| row.record.clone()))
}

/// A record kind whose segments have a period.
pub trait Dated: Record {
    /// First and last day.
    fn period(&self) -> Period;
}

macro_rules! dated {
    ($($kind:ty),+) => { $(impl Dated for $kind {
        fn period(&self) -> Period {
            Period { from: self.valid_from, until: self.valid_until }
        }
    })+ };
}
dated!(Certification, BenefitLimit, BurdenRatio, Relief, BenefitRestriction, PlanNotice);

/// A record with the mark that it is new to the office.
#[derive(Clone, Debug, PartialEq)]
pub struct Marked<R> {
    /// The record.
    pub record: R,
    /// Whether it came, or was corrected, since the office last looked.
    pub changed: bool,
    /// The load that brought it.
    pub load_no: i32,
}

/// Segments of one kind, sorted by today.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline<R> {
    /// What stands today, the newest first.
    pub now: Vec<Marked<R>>,
    /// What comes, the nearest first.
    pub coming: Vec<Marked<R>>,
    /// What was, the newest first.
    pub past: Vec<Marked<R>>,
}

impl<R> Default for Timeline<R> {
    fn default() -> Self {
        Self { now: Vec::new(), coming: Vec::new(), past: Vec::new() }
    }
}

impl<R> Timeline<R> {
    /// How many are marked as changed.
    pub fn changes(&self) -> usize {
        self.now.iter().chain(&self.coming).filter(|m| m.changed).count()
    }

    /// Whether there is nothing at all.
    pub fn is_empty(&self) -> bool {
        self.now.is_empty() && self.coming.is_empty() && self.past.is_empty()
    }
}

/// Reads the segments of a kind. `since`: the load that the office had seen before.
pub fn timeline<R: Dated + Guarded>(
    tx: &mut Tx<'_>,
    seen: &Seen,
    today: Date,
    since: Option<i32>,
) -> Result<Timeline<R>, Error> {
    let segments = of_person::<R>(tx, &seen.grant, seen.published())?;
    Ok(sort(segments.iter().filter_map(Segment::current), today, since))
}

/// Sorts current segments by today.
pub fn sort<'a, R: Dated>(rows: impl Iterator<Item = &'a Stored<R>>, today: Date, since: Option<i32>) -> Timeline<R> {
    let mut all = Timeline::default();
    for row in rows {
        let changed = since.is_some_and(|load| row.load_no > load);
        let marked = Marked { record: row.record.clone(), changed, load_no: row.load_no };
        let period = row.record.period();
        if period.contains(today) {
            all.now.push(marked);
        } else if period.from > today {
            all.coming.push(marked);
        } else {
            all.past.push(marked);
        }
    }
    let from = |m: &Marked<R>| m.record.period().from;
    all.now.sort_by_key(|m| std::cmp::Reverse(from(m)));
    all.coming.sort_by_key(from);
    all.past.sort_by_key(|m| std::cmp::Reverse(from(m)));
    all
}

/// What the office had seen of a topic before this look, and notes that it sees it now.
///
/// Writes only when something new was published since, or on another day: most looks write nothing.
pub fn last_look(tx: &mut Tx<'_>, ctx: &Ctx, seen: &Seen, topic: &str) -> Result<Option<LastLook>, Error> {
    let Some(charge) = &seen.charge else { return Ok(None) };
    let before = charge::looks(tx, charge)?.into_iter().find(|look| look.topic == topic);
    let now = ctx.instant();
    let same_day =
        |look: &LastLook| parse_instant(&look.looked_at).is_ok_and(|at| day_in_japan(at) == day_in_japan(ctx.now));
    if !before.as_ref().is_some_and(|look| look.load_no >= seen.published() && same_day(look)) {
        let look = LastLook { topic: topic.to_owned(), load_no: seen.published(), looked_at: now };
        charge::looked(tx, charge, &look)?;
    }
    Ok(before)
}
