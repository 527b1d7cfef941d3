//! Whose plans are exchanged: people of the story and others whose plan one of the offices makes, with their weekly pattern.

use kaigo_careplan::name::Month;
use kaigo_core::care_level::CareLevel;
use kaigo_core::code::{BurdenShare, Sex};
use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::record::certification::Certification;
use kaigo_core::record::relief::BurdenRatio;

use super::catalogue::{
    AJISAI, ASAGAO, ASAGAO_SUPPORT, BATH, BED, BODY1, BODY2, ByLevel, CENTER, HAMANASU_HELP, HAMANASU_OWN, HANDRAIL,
    HIDAMARI, HIDAMARI_OWN, HOUSE2, HOUSE3, KAMOME, KAMOME_HELP, MANAGERS, MATTRESS, MINATO, NAGISA, NURSE_SUPPORT,
    NURSE2, NURSE3, RAILS, ROUKEN, SHIOSAI, Service, TOUDAI, UMINEKO_RENTAL, UMINEKO_SUPPORT, VISIT_OWN, WALKER,
    WHEELCHAIR, YAMANOHA, YAMANOHA_DAY,
};
use super::month::{Pick, Use, What};
use crate::cast::{self, FUMI, KIYOSHI, MITSU, TOME, YOSHIO};
use crate::dice::Dice;
use crate::records::PersonRecords;
use crate::{Nation, day, insurer};

/// How many people each manager exchanges about.
const LOADS: [usize; 5] = [18, 9, 8, 7, 9];
/// So many persons of an insurer are looked through at most.
const LOOK_AT: usize = 900;

/// A change within a month, after the first 予定 was sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Change {
    /// One more visit.
    ExtraDay,
    /// Another office instead of the first.
    Office(usize, usize),
}

/// A person of the exchange.
#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) insurer_no: InsurerNo,
    pub(super) insured_no: InsuredNo,
    pub(super) name: String,
    pub(super) kana: String,
    pub(super) sex: Sex,
    pub(super) born_on: Date,
    pub(super) address: String,
    pub(super) is_rural: bool,
    /// Place among the managers: who sends the plan.
    pub(super) manager: usize,
    /// Whether the plan is one of 介護予防.
    pub(super) is_prevention: bool,
    /// Place in the row of people, for variety.
    pub(super) number: usize,
    pub(super) first_plan: Date,
    pub(super) uses: Vec<Use>,
    /// Month (0 to 2) in which a new plan is made.
    pub(super) renews: Option<usize>,
    pub(super) change: Option<(usize, Change)>,
    /// Whether the manager's old program rounds the amounts of 第7表, so that a warning has something to say.
    pub(super) rounds: bool,
    /// Month in which the person goes to hospital.
    pub(super) hospital: Option<usize>,
    certifications: Vec<Certification>,
    burdens: Vec<BurdenRatio>,
}

impl User {
    /// The certification that stands on the first of the month and is of the plan's kind.
    pub(super) fn certified(&self, month: Month) -> Option<&Certification> {
        let first = month.first_day()?;
        let stands = |c: &&Certification| c.valid_from <= first && c.valid_until.is_none_or(|until| first <= until);
        let found = self.certifications.iter().rev().find(stands)?;
        let fits = if self.is_prevention { found.care_level.is_prevention() } else { found.care_level.is_care() };
        fits.then_some(found)
    }

    /// 給付率 in a hundred. Of people on 生活保護 alone (number `H…`) the whole is paid.
    pub(super) fn rate(&self, month: Month) -> i32 {
        if self.insured_no.is_public_assistance() {
            return 100;
        }
        let first = month.first_day();
        let stands = |ratio: &&BurdenRatio| first.is_some_and(|day| ratio.valid_from <= day);
        match self.burdens.iter().rev().find(stands).map(|ratio| ratio.share) {
            Some(BurdenShare::Twenty) => 80,
            Some(BurdenShare::Thirty) => 70,
            Some(BurdenShare::Ten) | None => 90,
        }
    }

    /// Whether it is 大谷 清, whose differences the story tells.
    pub(super) fn is_kiyoshi(&self) -> bool {
        self.insured_no.as_str() == KIYOSHI
    }

    /// Whether the person uses that partner (before a change of office, or after it).
    pub(super) fn has(&self, partner: usize) -> bool {
        self.uses.iter().any(|own| own.partner == partner)
    }

    /// The family name.
    pub(super) fn family(&self) -> &str {
        self.name.split(' ').next().unwrap_or_default()
    }
}

/// Everybody of the exchange, by manager, people of the story first.
pub(super) fn users(nation: &Nation) -> Vec<User> {
    let mut found: [Vec<User>; 5] = Default::default();
    let ranges: Vec<_> = (0..3).map(|index| (index, nation.range_of(insurer::number(index)))).collect();
    let story =
        ranges.iter().flat_map(|(index, range)| range.clone().take(usize::try_from(cast::count(*index)).unwrap_or(0)));
    let drawn = ranges
        .iter()
        .flat_map(|(index, range)| range.clone().skip(usize::try_from(cast::count(*index)).unwrap_or(0)).take(LOOK_AT));
    for i in story.chain(drawn) {
        if found.iter().zip(LOADS).all(|(list, load)| list.len() >= load) {
            break;
        }
        let records = nation.person(i);
        let Some(maker) = records.plan_notice.last().and_then(|row| row.record.office_no) else { continue };
        let Some(manager) = MANAGERS.iter().position(|own| own.office_no() == maker) else { continue };
        let load = LOADS.get(manager).copied().unwrap_or(0);
        let Some(list) = found.get_mut(manager).filter(|list| list.len() < load) else { continue };
        if records.insured_no.as_str() != MITSU {
            list.extend(user(nation, &records, manager, i));
        }
    }
    let mut users: Vec<User> = found.into_iter().flatten().collect();
    for (n, user) in users.iter_mut().enumerate() {
        user.number = n;
    }
    tell(&mut users);
    users
}

fn user(nation: &Nation, records: &PersonRecords, manager: usize, i: u64) -> Option<User> {
    let today = nation.today();
    let person = records.insured_person.iter().rev().find(|row| row.known_on <= today)?.record.clone();
    let known = records.certification.iter().filter(|row| row.known_on <= today);
    let certifications: Vec<Certification> = known.map(|row| row.record.clone()).collect();
    let burdens = records.burden_ratio.iter().filter(|row| row.known_on <= today).map(|row| row.record.clone());
    let this_month = Month::of(today);
    let mut user = User {
        insurer_no: records.insurer_no,
        insured_no: records.insured_no,
        name: person.name.to_string(),
        kana: person.name_kana.to_string(),
        sex: person.sex,
        born_on: person.born_on,
        address: person.address.to_string(),
        is_rural: records.insurer_no != insurer::number(insurer::MINATO),
        manager,
        is_prevention: manager == CENTER,
        number: 0,
        first_plan: records.plan_notice.first()?.record.valid_from,
        uses: Vec::new(),
        renews: None,
        change: None,
        rounds: false,
        hospital: None,
        certifications,
        burdens: burdens.collect(),
    };
    // Somebody who has been in none of the three months has nothing to exchange.
    let months = [this_month.previous().previous(), this_month.previous(), this_month];
    let level = months.iter().rev().find_map(|month| user.certified(*month))?.care_level;
    let mut dice = Dice::new(nation.seed, (3 << 60) | i);
    user.uses = pattern(&mut dice, user.insured_no.as_str(), manager, level);
    user.renews = match dice.below(10) {
        0 => Some(1),
        1 => Some(2),
        _ => None,
    };
    Some(user)
}

/// What happens to some of them.
fn tell(users: &mut [User]) {
    let nth = |users: &[User], manager: usize, n: usize| {
        let found = users.iter().enumerate().filter(|(_, user)| user.manager == manager && !user.is_kiyoshi()).nth(n);
        found.map(|(place, _)| place)
    };
    for (manager, n, at) in [(MINATO, 2, 2), (KAMOME, 1, 1), (SHIOSAI, 2, 2)] {
        if let Some(user) = nth(users, manager, n).and_then(|place| users.get_mut(place)) {
            user.change = Some((at, Change::ExtraDay));
        }
    }
    let moving = users.iter().position(|u| u.manager == MINATO && u.change.is_none() && u.has(KAMOME_HELP));
    if let Some(user) = moving.and_then(|place| users.get_mut(place)) {
        user.change = Some((2, Change::Office(KAMOME_HELP, HAMANASU_HELP)));
    }
    let ill =
        users.iter().rposition(|u| u.manager == MINATO && u.change.is_none() && u.uses.len() > 1 && !u.has(AJISAI));
    if let Some(user) = ill.and_then(|place| users.get_mut(place)) {
        user.hospital = Some(2);
    }
    if let Some(user) = nth(users, CENTER, 0).and_then(|place| users.get_mut(place)) {
        user.renews = Some(1);
    }
    // Over the limit, as the family asks for it: day care on five days and help on the others.
    let light = [Some(CareLevel::Care1), Some(CareLevel::Care2)];
    let busy = users.iter().position(|u| {
        u.manager == KAMOME && u.change.is_none() && light.contains(&u.certifications.last().map(|c| c.care_level))
    });
    if let Some(user) = busy.and_then(|place| users.get_mut(place)) {
        user.uses = vec![
            day_care(TOUDAI, ByLevel::Day, &[1, 2, 3, 4, 5], (at(9, 20), at(16, 30)), true),
            weekly(KAMOME_HELP, BODY2, &[6, 7], (at(9, 0), at(10, 0))),
            rental(UMINEKO_RENTAL, &[HANDRAIL]),
        ];
    }
    if let Some(user) = nth(users, SHIOSAI, 0).and_then(|place| users.get_mut(place)) {
        user.rounds = true;
    }
    // One of 地域包括支援センター is entrusted (委託) to みなと.
    if let Some(user) = nth(users, CENTER, 1).and_then(|place| users.get_mut(place)) {
        user.manager = MINATO;
    }
}

fn weekly(partner: usize, service: Service, days: &[i8], time: (i32, i32)) -> Use {
    Use { partner, what: What::Weekly { pick: Pick::Fixed(service), addon: None, days: days.to_vec(), time } }
}

fn day_care(partner: usize, kind: ByLevel, days: &[i8], time: (i32, i32), bath: bool) -> Use {
    let addon = bath.then_some(BATH);
    Use { partner, what: What::Weekly { pick: Pick::Level(kind), addon, days: days.to_vec(), time } }
}

fn rental(partner: usize, goods: &[usize]) -> Use {
    Use { partner, what: What::Rental(goods.to_vec()) }
}

const fn at(hour: i32, minute: i32) -> i32 {
    hour * 60 + minute
}

fn pattern(dice: &mut Dice, no: &str, manager: usize, level: CareLevel) -> Vec<Use> {
    match no {
        TOME => vec![
            weekly(HAMANASU_HELP, BODY2, &[1, 3, 5], (at(10, 0), at(11, 0))),
            day_care(HIDAMARI, ByLevel::Day, &[2, 6], (at(9, 30), at(16, 35)), true),
            weekly(ASAGAO, NURSE3, &[4], (at(14, 0), at(15, 0))),
            rental(UMINEKO_RENTAL, &[BED, RAILS, WHEELCHAIR]),
        ],
        KIYOSHI => vec![
            // Late in the day: the moved visit falls on a day of 通所介護 and must not lie within it.
            weekly(HAMANASU_HELP, BODY1, &[1, 4], (at(17, 0), at(17, 30))),
            day_care(HIDAMARI, ByLevel::Day, &[2, 5], (at(9, 15), at(16, 20)), false),
            rental(UMINEKO_RENTAL, &[WHEELCHAIR]),
        ],
        FUMI => vec![
            weekly(HAMANASU_HELP, HOUSE3, &[2, 5], (at(9, 0), at(10, 0))),
            day_care(HIDAMARI, ByLevel::Day, &[1, 4], (at(9, 30), at(16, 35)), true),
            rental(UMINEKO_RENTAL, &[HANDRAIL, HANDRAIL]),
        ],
        YOSHIO => vec![
            day_care(ROUKEN, ByLevel::Rehab, &[3, 6], (at(9, 40), at(16, 0)), false),
            rental(UMINEKO_RENTAL, &[WALKER]),
        ],
        _ if level.is_prevention() => support(dice, level),
        _ => drawn(dice, manager, level),
    }
}

/// 介護予防 and 総合事業.
fn support(dice: &mut Dice, level: CareLevel) -> Vec<Use> {
    let twice = level == CareLevel::Support2;
    let days = dice.pick(&[[2, 5], [1, 4], [3, 6]]);
    let days = if twice { days.to_vec() } else { days.iter().take(1).copied().collect() };
    let visit_day = [dice.pick(&[1, 2, 3]), 4, 5, 6].into_iter().find(|day| !days.contains(day)).unwrap_or(6);
    let own_day = Use {
        partner: HIDAMARI_OWN,
        what: What::Weekly { pick: Pick::OwnDay, addon: None, days, time: (at(9, 30), at(12, 30)) },
    };
    let mut uses = Vec::new();
    if dice.percent(75) {
        uses.push(own_day);
    }
    if dice.percent(60) || uses.is_empty() {
        uses.push(weekly(HAMANASU_OWN, VISIT_OWN, &[visit_day], (at(14, 0), at(15, 0))));
    }
    if twice && dice.percent(40) {
        uses.push(weekly(ASAGAO_SUPPORT, NURSE_SUPPORT, &[visit_day], (at(10, 0), at(10, 30))));
    }
    if dice.percent(50) {
        let goods = dice.pick(&[HANDRAIL, WALKER]);
        uses.push(rental(UMINEKO_SUPPORT, &[goods]));
    }
    uses
}

/// Offices that a manager works with: help, day care, whether 訪問看護.
fn offices(dice: &mut Dice, manager: usize) -> (Option<usize>, usize) {
    match manager {
        MINATO => {
            let help = dice.weighted(&[(HAMANASU_HELP, 50), (KAMOME_HELP, 25), (AJISAI, 25)]);
            (Some(help), dice.weighted(&[(HIDAMARI, 55), (TOUDAI, 25), (ROUKEN, 20)]))
        }
        KAMOME => (Some(dice.weighted(&[(KAMOME_HELP, 75), (HAMANASU_HELP, 25)])), TOUDAI),
        YAMANOHA => (None, YAMANOHA_DAY),
        _ => (Some(HAMANASU_HELP), dice.weighted(&[(ROUKEN, 50), (HIDAMARI, 50)])),
    }
}

fn drawn(dice: &mut Dice, manager: usize, level: CareLevel) -> Vec<Use> {
    let (help, day_office) = offices(dice, manager);
    let heavy = level >= CareLevel::Care3;
    let care_days: &[i8] = match dice.below(5) {
        0 => &[1, 4],
        1 => &[2, 5],
        2 => &[3, 6],
        3 => &[2, 4],
        _ if heavy => &[1, 3, 5],
        _ => &[4],
    };
    let free: Vec<i8> = (1..=6).filter(|day| !care_days.contains(day)).collect();
    let mut uses = Vec::new();
    if let Some(office) = help {
        let count = if heavy { 3 } else { 2 };
        let days: Vec<i8> = free.iter().step_by(if free.len() > 3 { 2 } else { 1 }).take(count).copied().collect();
        let service = match level {
            CareLevel::Care1 => dice.pick(&[HOUSE2, HOUSE3]),
            CareLevel::Care2 => dice.pick(&[BODY1, HOUSE3]),
            CareLevel::NotCertified
            | CareLevel::ProjectTarget
            | CareLevel::Transitional
            | CareLevel::Support1
            | CareLevel::Support2
            | CareLevel::Care3
            | CareLevel::Care4
            | CareLevel::Care5 => dice.pick(&[BODY1, BODY2]),
        };
        let start = at(8, 30) + 30 * dice.between(0, 4);
        let length = if service == BODY1 { 30 } else { 60 };
        uses.push(weekly(office, service, &days, (start, start + length)));
    }
    if dice.percent(85) || uses.is_empty() {
        let (kind, time) = if day_office == ROUKEN {
            (ByLevel::Rehab, (at(9, 40), at(16, 0)))
        } else {
            (ByLevel::Day, (at(9, 20), at(16, 30)))
        };
        let bath = kind == ByLevel::Day && dice.percent(60);
        uses.push(day_care(day_office, kind, care_days, time, bath));
    }
    if manager != YAMANOHA && dice.percent(if heavy { 50 } else { 20 }) {
        let day = free.last().copied().unwrap_or(6);
        let service = if heavy { NURSE3 } else { NURSE2 };
        let length = if heavy { 60 } else { 25 };
        uses.push(weekly(ASAGAO, service, &[day], (at(14, 0), at(14, 0) + length)));
    }
    if heavy && dice.percent(45) {
        uses.push(Use {
            partner: NAGISA,
            what: What::Stay { after: 12, days: dice.between(3, 4).try_into().unwrap_or(3) },
        });
    }
    if dice.percent(70) {
        let sets: [(CareLevel, &[usize]); 3] = [
            (CareLevel::Care1, &[HANDRAIL]),
            (CareLevel::Care2, &[BED, RAILS]),
            (CareLevel::Care3, &[BED, RAILS, WHEELCHAIR]),
        ];
        let heaviest: &[usize] = &[BED, RAILS, MATTRESS, WHEELCHAIR];
        let goods = sets.iter().find(|(own, _)| *own == level).map_or(heaviest, |(_, goods)| *goods);
        uses.push(rental(UMINEKO_RENTAL, goods));
    }
    uses
}

/// The day `days` before the month begins.
pub(super) fn before(month: Month, days: i32) -> Date {
    month.first_day().map_or(Date::MIN, |first| day::plus(first, -days))
}
