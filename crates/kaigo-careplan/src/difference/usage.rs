//! Matching the records of two 第6表 of one person and month.

use std::collections::BTreeMap;

use super::{Basis, Difference, On, What};
use crate::batch::OpenSet;
use crate::name::{End, Month};
use crate::service_name::{is_add_on, is_equipment};
use crate::sheet::{self, Band, Cover, MonthSheets, Service, Usage};

/// Farthest that a service is taken as moved and not as one cancelled and another added, days.
const FAR: u8 = 7;

/// The differences of a person between a set with 予定 and sets with 実績 of that month, one an office. What other offices do is
/// left aside until their 実績 come.
pub fn of_person(planned: &OpenSet, results: &[&OpenSet], insurer_no: &str, insured_no: &str) -> Vec<Difference> {
    let own_month = |set: &OpenSet| -> Option<MonthSheets> {
        let mut months = sheet::of_person(set, insurer_no, insured_no).months;
        let own = set.month.map(|month| month.to_string());
        let place = months.iter().position(|sheets| own.as_ref() == Some(&sheets.month)).unwrap_or(0);
        (place < months.len()).then(|| months.swap_remove(place))
    };
    let planned = own_month(planned);
    let months: Vec<_> = results.iter().map(|set| (set.from, own_month(set))).collect();
    let results: Vec<(End, &Usage)> =
        months.iter().filter_map(|(from, sheets)| Some((*from, sheets.as_ref()?.result.as_ref()?))).collect();
    let usages: Vec<&Usage> = results.iter().map(|(_, usage)| *usage).collect();
    of_usages(planned.as_ref().and_then(|sheets| sheets.planned.as_ref()), &usages, &Cover::of_results(results))
}

/// The differences between 予定 and 実績 that are already sheets, by day.
pub fn of_usages(planned: Option<&Usage>, results: &[&Usage], cover: &Cover) -> Vec<Difference> {
    let month = planned.or_else(|| results.first().copied()).and_then(|usage| usage.month);
    compare(Basis::Result, month, planned.as_slice(), results, cover)
}

/// The differences between two versions of the 予定 of one month, by day; see [`super::of_months`] for two months.
pub fn of_versions(old: &Usage, new: &Usage) -> Vec<Difference> {
    compare(Basis::Version, new.month, &[old], &[new], &Cover::All)
}

/// One service at one time on one day.
struct Visit<'a> {
    service: &'a Service,
    day: u8,
    times: u16,
    is_open: bool,
}

impl Visit<'_> {
    fn band(&self) -> Band {
        self.service.band()
    }

    fn on(&self) -> On {
        On { day: self.day, band: self.band() }
    }

    fn has_time(&self) -> bool {
        !(self.service.from.is_none() && self.service.until.is_none())
    }

    /// Same time, or both without one.
    fn is_at(&self, other: &Self) -> bool {
        let (own, other) = (self.service, other.service);
        let same = |a: &sheet::Clock, b: &sheet::Clock| a.raw == b.raw || (a.is_none() && b.is_none());
        same(&own.from, &other.from) && same(&own.until, &other.until)
    }
}

/// Both sides of one office and kind of service.
#[derive(Default)]
struct Sides<'a> {
    planned: Vec<Visit<'a>>,
    done: Vec<Visit<'a>>,
}

fn compare(
    basis: Basis,
    month: Option<Month>,
    planned: &[&Usage],
    results: &[&Usage],
    cover: &Cover,
) -> Vec<Difference> {
    let mut groups: BTreeMap<(&str, &str), Sides<'_>> = BTreeMap::new();
    let key = |service: &Service| service.code.len().min(2);
    for line in planned.iter().flat_map(|usage| &usage.lines).filter(|line| cover.holds(&line.service)) {
        let kind = line.service.code.get(..key(&line.service)).unwrap_or_default();
        let sides = groups.entry((&line.service.office_no, kind)).or_default();
        push(&mut sides.planned, &line.service, &line.days);
    }
    for line in results.iter().flat_map(|usage| &usage.lines) {
        let kind = line.service.code.get(..key(&line.service)).unwrap_or_default();
        let sides = groups.entry((&line.service.office_no, kind)).or_default();
        push(&mut sides.done, &line.service, &line.days);
    }
    let mut all = Vec::new();
    for mut sides in groups.into_values() {
        let mut found = Found { basis, month, differences: Vec::new() };
        merge(&mut sides.planned);
        merge(&mut sides.done);
        found.monthly(&mut sides);
        found.timely(&mut sides);
        found.rest(&sides);
        all.append(&mut fold(found.differences));
    }
    all.sort_by(|a, b| (a.day(), &a.office_no, &a.code).cmp(&(b.day(), &b.office_no, &b.code)));
    all
}

fn push<'a>(visits: &mut Vec<Visit<'a>>, service: &'a Service, days: &sheet::Days) {
    for (day, times) in (1..).zip(days) {
        if let Some(times) = times.filter(|times| *times > 0) {
            visits.push(Visit { service, day, times, is_open: true });
        }
    }
}

/// Brings visits into an order that does not depend on the file, and adds up those that are the same.
fn merge(visits: &mut Vec<Visit<'_>>) {
    fn key<'a>(visit: &'a Visit<'_>) -> (u8, [&'a str; 5]) {
        let service = visit.service;
        let texts = [&service.from.raw, &service.until.raw, &service.code, &service.tais, &service.equipment];
        (visit.day, texts.map(String::as_str))
    }
    visits.sort_by(|a, b| key(a).cmp(&key(b)));
    visits.dedup_by(|next, kept| {
        let same = next.day == kept.day && next.is_at(kept) && next.service.goods() == kept.service.goods();
        if same {
            kept.times = kept.times.saturating_add(next.times);
        }
        same
    });
}

/// Pairs what is nearest first, at most so many days apart; no score means: not a pair.
fn pair(sides: &mut Sides<'_>, days: u8, score: impl Fn(&Visit<'_>, &Visit<'_>) -> Option<u32>) -> Vec<(usize, usize)> {
    let mut scored = Vec::new();
    for (p, planned) in sides.planned.iter().enumerate().filter(|(_, visit)| visit.is_open) {
        // Both sides are in the order of days.
        let first = sides.done.partition_point(|visit| visit.day.saturating_add(days) < planned.day);
        let near = sides.done.iter().enumerate().skip(first);
        for (d, done) in near.take_while(|(_, visit)| visit.day <= planned.day.saturating_add(days)) {
            if done.is_open
                && let Some(score) = score(planned, done)
            {
                scored.push((score, p, d));
            }
        }
    }
    scored.sort_unstable();
    let mut pairs = Vec::new();
    for (_, p, d) in scored {
        if let (Some(planned), Some(done)) = (sides.planned.get_mut(p), sides.done.get_mut(d))
            && planned.is_open
            && done.is_open
        {
            (planned.is_open, done.is_open) = (false, false);
            pairs.push((p, d));
        }
    }
    pairs
}

struct Found {
    basis: Basis,
    month: Option<Month>,
    differences: Vec<Difference>,
}

impl Found {
    fn push(&mut self, service: &Service, what: What) {
        self.differences.push(Difference::new(self.basis, self.month, service, what));
    }

    /// What counts once a month: only whether it is there (§8.7).
    fn monthly(&mut self, sides: &mut Sides<'_>) {
        let mut codes: BTreeMap<&str, [Option<(&Service, u8, u16)>; 2]> = BTreeMap::new();
        for (side, visits) in [&mut sides.planned, &mut sides.done].into_iter().enumerate() {
            for visit in visits.iter_mut().filter(|visit| visit.service.is_monthly()) {
                visit.is_open = false;
                let firsts = codes.entry(&visit.service.code).or_default();
                if let Some(first) = firsts.get_mut(side) {
                    first.get_or_insert((visit.service, visit.day, visit.times));
                }
            }
        }
        for firsts in codes.into_values() {
            let on = |service: &Service, day| On { day, band: service.band() };
            match firsts {
                [Some((service, day, times)), None] => {
                    self.push(service, What::Cancelled { on: on(service, day), times, monthly: true });
                }
                [None, Some((service, day, times))] => {
                    self.push(service, What::Added { on: on(service, day), times, monthly: true });
                }
                [Some(_), Some(_)] | [None, None] => {}
            }
        }
    }

    /// From what is the same to what is only near.
    fn timely(&mut self, sides: &mut Sides<'_>) {
        let same = |a: &Visit<'_>, b: &Visit<'_>| a.service.goods() == b.service.goods();
        for (p, d) in pair(sides, 0, |a, b| (a.is_at(b) && same(a, b)).then_some(0)) {
            self.counts(sides, p, d);
        }
        for (p, d) in pair(sides, 0, |a, b| same(a, b).then(|| far(a, b))) {
            if let (Some(planned), Some(done)) = (sides.planned.get(p), sides.done.get(d)) {
                let what = What::TimeMoved { day: done.day, from: planned.band(), to: done.band() };
                self.push(planned.service, what);
            }
            self.counts(sides, p, d);
        }
        for (p, d) in pair(sides, 0, |a, b| if a.is_at(b) { replaced(a, b) } else { None }) {
            if let (Some(planned), Some(done)) = (sides.planned.get(p), sides.done.get(d)) {
                self.push(planned.service, replacement(planned, done));
            }
            self.counts(sides, p, d);
        }
        let near = |a: &Visit<'_>, b: &Visit<'_>| {
            let time = if a.is_at(b) { 0 } else { far(a, b) + 1 };
            same(a, b).then(|| u32::from(a.day.abs_diff(b.day)) * 10_000 + time)
        };
        for (p, d) in pair(sides, FAR, near) {
            if let (Some(planned), Some(done)) = (sides.planned.get(p), sides.done.get(d)) {
                self.push(planned.service, What::DayMoved { from: planned.on(), to: done.on() });
            }
            self.counts(sides, p, d);
        }
    }

    fn counts(&mut self, sides: &Sides<'_>, p: usize, d: usize) {
        if let (Some(planned), Some(done)) = (sides.planned.get(p), sides.done.get(d))
            && planned.times != done.times
        {
            let what = What::CountChanged { on: done.on(), from: planned.times, to: done.times };
            self.push(planned.service, what);
        }
    }

    fn rest(&mut self, sides: &Sides<'_>) {
        for visit in sides.planned.iter().filter(|visit| visit.is_open) {
            self.push(visit.service, What::Cancelled { on: visit.on(), times: visit.times, monthly: false });
        }
        for visit in sides.done.iter().filter(|visit| visit.is_open) {
            self.push(visit.service, What::Added { on: visit.on(), times: visit.times, monthly: false });
        }
    }
}

/// How far two begin from each other, minutes; a day where one has no time.
fn far(a: &Visit<'_>, b: &Visit<'_>) -> u32 {
    match (a.service.from.minutes, b.service.from.minutes) {
        (Some(a), Some(b)) => u32::from(a.abs_diff(b)),
        _ => 24 * 60,
    }
}

/// Whether one took the other's place: another article of the same code, or at the same time another code of the same sort.
fn replaced(a: &Visit<'_>, b: &Visit<'_>) -> Option<u32> {
    let (own, other) = (&a.service.code, &b.service.code);
    if own == other {
        return Some(0);
    }
    let goods = a.service.kind().is_some_and(is_equipment);
    let fits = is_add_on(own) == is_add_on(other) && !goods && (a.has_time() || !is_add_on(own));
    fits.then_some(1)
}

fn replacement(planned: &Visit<'_>, done: &Visit<'_>) -> What {
    let article = |service: &Service| {
        if service.tais.is_empty() { service.equipment.clone() } else { service.tais.clone() }
    };
    if planned.service.code == done.service.code {
        let (from, to) = (article(planned.service), article(done.service));
        What::EquipmentChanged { day: done.day, from, to }
    } else {
        What::CodeChanged { on: done.on(), to: done.service.code.clone() }
    }
}

/// Puts add-ons that changed with their service into its difference: one thing happened, not three.
fn fold(differences: Vec<Difference>) -> Vec<Difference> {
    let goes_along = |own: &What, base: &What| match (own, base) {
        (What::Cancelled { on: a, monthly: false, .. }, What::Cancelled { on: b, monthly: false, .. })
        | (What::Added { on: a, monthly: false, .. }, What::Added { on: b, monthly: false, .. }) => {
            a == b && !a.band.is_none()
        }
        (What::DayMoved { from: a, to: b }, What::DayMoved { from: c, to: d }) => (a, b) == (c, d) && !a.band.is_none(),
        (What::TimeMoved { .. }, What::TimeMoved { .. }) => own == base,
        _ => false,
    };
    let (add_ons, mut bases): (Vec<_>, Vec<_>) = differences.into_iter().partition(|d| is_add_on(&d.code));
    for add_on in add_ons {
        match bases.iter_mut().find(|base| !is_add_on(&base.code) && goes_along(&add_on.what, &base.what)) {
            Some(base) => base.with.push(add_on.name),
            None => bases.push(add_on),
        }
    }
    bases
}
