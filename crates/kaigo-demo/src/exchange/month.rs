//! One person's month: what is planned (予定) out of the weekly pattern, and what came of it (実績).

use kaigo_careplan::name::Month;
use kaigo_core::care_level::CareLevel;
use kaigo_core::date::Date;

use super::catalogue::{self, BODY1, BODY2, ByLevel, DAY_OWN, Goods, NURSE2, NURSE3, Service};
use super::who::{Change, User};
use crate::dice::Dice;

/// Which service an entry of the weekly pattern is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pick {
    Fixed(Service),
    Level(ByLevel),
    /// 通所型独自サービス once or twice a week.
    OwnDay,
}

impl Pick {
    pub(super) fn service(self, level: CareLevel) -> Service {
        match self {
            Self::Fixed(service) => service,
            Self::Level(kind) => catalogue::by_level(kind, level),
            Self::OwnDay => {
                let place = usize::from(level == CareLevel::Support2);
                DAY_OWN.get(place).copied().unwrap_or_default()
            }
        }
    }
}

/// How an office's service is used.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// On weekdays (1 Monday to 7 Sunday) from and until minutes of the day.
    Weekly { pick: Pick, addon: Option<Service>, days: Vec<i8>, time: (i32, i32) },
    /// 福祉用具貸与 of goods by their place in the catalogue.
    Rental(Vec<usize>),
    /// 短期入所 from the first Thursday after that day of the month.
    Stay { after: i8, days: i8 },
}

/// A service of the plan.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Use {
    /// Place among the partners.
    pub(super) partner: usize,
    pub(super) what: What,
}

/// One row of 第6表.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Visit {
    pub(super) partner: usize,
    pub(super) day: i8,
    /// Minutes of the day; none where no time is shown (9999).
    pub(super) time: Option<(i32, i32)>,
    pub(super) service: Service,
    pub(super) times: i32,
    pub(super) goods: Option<Goods>,
    /// 明細判別コード, where the same goods are rented twice.
    pub(super) line: Option<i32>,
    /// An add-on of the row before.
    pub(super) is_addon: bool,
}

/// `HHMM`, or `9999`.
pub(super) fn clock(time: Option<i32>) -> String {
    time.map_or_else(|| "9999".to_owned(), |minutes| format!("{:02}{:02}", minutes / 60, minutes % 60))
}

/// 1 Monday to 7 Sunday.
pub(super) fn weekday(month: Month, day: i8) -> i8 {
    Date::new(month.year, month.month, day).map_or(1, |date| date.weekday().to_monday_one_offset())
}

/// Days of the month on one of those weekdays.
pub(super) fn days_on(month: Month, weekdays: &[i8]) -> Vec<i8> {
    (1..=month.days()).filter(|day| weekdays.contains(&weekday(month, *day))).collect()
}

/// Days of the 短期入所 of a month, if the plan has one.
pub(super) fn stay_days(user: &User, month: Month) -> Vec<i8> {
    let stay = user.uses.iter().find_map(|own| match own.what {
        What::Stay { after, days } => Some((after, days)),
        What::Weekly { .. } | What::Rental(_) => None,
    });
    let Some((after, days)) = stay else { return Vec::new() };
    let first = (after..=month.days()).find(|day| weekday(month, *day) == 4).unwrap_or(after);
    (first..(first + days).min(month.days() + 1)).collect()
}

/// What is planned for the month; `changed` says whether a change within the month is in it already.
pub(super) fn planned(user: &User, at: usize, month: Month, level: CareLevel, changed: bool) -> Vec<Visit> {
    let away = stay_days(user, month);
    let mut visits = Vec::new();
    for own in &user.uses {
        let mut partner = own.partner;
        if let Some((_, Change::Office(from, to))) = user.change.filter(|(when, _)| *when == at && changed)
            && partner == from
        {
            partner = to;
        }
        match &own.what {
            What::Weekly { pick, addon, days, time } => {
                let service = pick.service(level);
                for day in days_on(month, days).into_iter().filter(|day| !away.contains(day)) {
                    push(&mut visits, partner, day, Some(*time), service, *addon);
                }
            }
            What::Rental(list) => rental(&mut visits, partner, list),
            What::Stay { .. } => {
                let service = catalogue::by_level(ByLevel::Stay, level);
                for day in &away {
                    push(&mut visits, partner, *day, None, service, None);
                }
            }
        }
    }
    if changed && user.change == Some((at, Change::ExtraDay)) {
        extra_day(user, month, level, &mut visits);
    }
    visits
}

/// One more day of the first weekly service after the twentieth, as families ask for at short notice.
fn extra_day(user: &User, month: Month, level: CareLevel, visits: &mut Vec<Visit>) {
    let first = user.uses.iter().find_map(|own| match &own.what {
        What::Weekly { pick, addon, days, time } => Some((own.partner, pick, addon, days, time)),
        What::Rental(_) | What::Stay { .. } => None,
    });
    let Some((partner, pick, addon, _, time)) = first else { return };
    let free = (21..=month.days())
        .find(|day| weekday(month, *day) < 7 && visits.iter().all(|visit| visit.time.is_none() || visit.day != *day));
    let day = free.unwrap_or(27);
    push(visits, partner, day, Some(*time), pick.service(level), *addon);
}

fn push(
    visits: &mut Vec<Visit>,
    partner: usize,
    day: i8,
    time: Option<(i32, i32)>,
    service: Service,
    addon: Option<Service>,
) {
    let base = Visit { partner, day, time, service, times: 1, goods: None, line: None, is_addon: false };
    let more = addon.map(|service| Visit { service, is_addon: true, ..base.clone() });
    visits.push(base);
    visits.extend(more);
}

fn rental(visits: &mut Vec<Visit>, partner: usize, list: &[usize]) {
    for (n, place) in list.iter().enumerate() {
        let goods = catalogue::goods(*place);
        let twice = list.iter().filter(|other| *other == place).count() > 1;
        let before = list.iter().take(n).filter(|other| *other == place).count();
        visits.push(Visit {
            partner,
            day: 1,
            time: None,
            service: catalogue::rent(catalogue::partner(partner).kind, goods),
            times: 1,
            goods: Some(goods),
            line: twice.then(|| i32::try_from(before).unwrap_or(0) + 1),
            is_addon: false,
        });
    }
}

/// The day on which the person of the story goes to hospital.
pub(super) const HOSPITAL_DAY: i8 = 8;

/// What came of the plan: about six in a hundred rows differ, as in practice.
pub(super) fn result(user: &User, at: usize, month: Month, planned: &[Visit], dice: &mut Dice) -> Vec<Visit> {
    let mut out: Vec<Visit> = Vec::new();
    let mut skips = false;
    for visit in planned {
        if visit.is_addon {
            if !skips {
                let base = out.last().map(|base| (base.day, base.time));
                let mut addon = visit.clone();
                if let Some((day, time)) = base {
                    (addon.day, addon.time) = (day, time);
                }
                // The bath was left out that day.
                if !dice.percent(2) {
                    out.push(addon);
                }
            }
            continue;
        }
        skips = false;
        if user.hospital == Some(at) && visit.day > HOSPITAL_DAY {
            skips = true;
            continue;
        }
        match come(user, at, month, visit, planned, dice) {
            Some(came) => out.push(came),
            None => skips = true,
        }
    }
    added(user, at, month, planned, &mut out, dice);
    out
}

/// The visit as it was, or none where it was cancelled.
fn come(user: &User, at: usize, month: Month, visit: &Visit, planned: &[Visit], dice: &mut Dice) -> Option<Visit> {
    let mut came = visit.clone();
    if visit.goods.is_some() {
        return Some(came);
    }
    if user.is_kiyoshi() && at == 1 {
        return kiyoshi(month, came);
    }
    let roll = dice.below(1000);
    match roll {
        0..19 => return None,
        19..29 => {
            let busy = |day| planned.iter().any(|other| other.day == day && other.time.is_some());
            came.day = [1, -1, 2]
                .into_iter()
                .map(|step| visit.day + step)
                .find(|day| (1..=month.days()).contains(day) && weekday(month, *day) < 7 && !busy(*day))?;
        }
        29..43 => {
            let shift = dice.pick(&[-30, -15, 15, 30]);
            came.time = visit.time.map(|(from, until)| (from + shift, until + shift));
        }
        43..48 => longer(&mut came),
        _ => {}
    }
    Some(came)
}

/// It took longer than planned: the next code of the table.
fn longer(visit: &mut Visit) {
    let next = [(BODY1, BODY2), (NURSE2, NURSE3)].into_iter().find(|(from, _)| *from == visit.service);
    if let Some((_, service)) = next {
        visit.service = service;
        visit.time = visit.time.map(|(from, until)| (from, until + 30));
    }
}

/// 大谷 清: the second Monday's visit came on the Tuesday after, and the third Tuesday's day care was cancelled.
fn kiyoshi(month: Month, mut visit: Visit) -> Option<Visit> {
    let nth = |weekday, n: usize| days_on(month, &[weekday]).get(n).copied();
    if visit.service == BODY1 && Some(visit.day) == nth(1, 1) {
        visit.day += 1;
    } else if visit.service != BODY1 && Some(visit.day) == nth(2, 2) {
        return None;
    }
    Some(visit)
}

/// Now and then one visit more than planned, on a day without one.
fn added(user: &User, at: usize, month: Month, planned: &[Visit], out: &mut Vec<Visit>, dice: &mut Dice) {
    if user.hospital == Some(at) || (user.is_kiyoshi() && at == 1) || !dice.percent(12) {
        return;
    }
    let weekly = planned.iter().find(|visit| visit.time.is_some() && !visit.is_addon);
    let free = (10..=month.days()).find(|day| {
        weekday(month, *day) < 7 && planned.iter().all(|v| v.day != *day) && out.iter().all(|v| v.day != *day)
    });
    if let (Some(visit), Some(day)) = (weekly, free) {
        out.push(Visit { day, ..visit.clone() });
    }
}
