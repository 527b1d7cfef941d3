//! Draws a person by chance: age, level, where the certification stands, and what follows from it.

use kaigo_core::care_level::CareLevel;
use kaigo_core::code::{
    ApplicationKind, BurdenShare, BurdenStage, EquipmentKind, InsuredClass, LossReason, PlanMaker, RestrictionKind, Sex,
};
use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, OfficeNo};
use kaigo_core::record::relief::BenefitRestriction;

use crate::day::{between, fiscal_year, plus, plus_months, term_end, term_start};
use crate::dice::Dice;
use crate::insurer;
use crate::life::{Course, Life, Term, Who, text};
use crate::name;
use crate::office;
use crate::paper::{Condition, DEMENTIA, ILLNESS_COUNT};
use crate::records::{PersonRecords, add, correct};

/// A product of 特定福祉用具: kind, name, price in yen.
pub(crate) type Item = (EquipmentKind, &'static str, i32);

#[rustfmt::skip]
pub(crate) const ITEMS: &[Item] = &[
    (EquipmentKind::Toilet, "ポータブルトイレ（木製いす型）", 38_500),
    (EquipmentKind::Toilet, "補高便座 5cm", 19_800),
    (EquipmentKind::Bath, "シャワーいす（背・ひじ付き）", 18_700),
    (EquipmentKind::Bath, "浴槽手すり", 16_500),
    (EquipmentKind::Bath, "浴槽内いす", 13_200),
    (EquipmentKind::Bath, "入浴用すのこ", 21_000),
    (EquipmentKind::Slope, "固定用スロープ 段差9cm", 24_200),
    (EquipmentKind::Walker, "歩行器（固定式）", 19_500),
    (EquipmentKind::Stick, "多点つえ（4点）", 8_800),
    (EquipmentKind::ExcretionSensor, "排泄予測支援機器", 99_000),
];

/// Works of 住宅改修: content and cost in yen.
pub(crate) const WORKS: &[(&str, i32)] = &[
    ("手すりの取付け（玄関・廊下）", 68_000),
    ("手すりの取付け（トイレ・浴室）", 54_000),
    ("段差の解消（浴室の出入口）", 92_000),
    ("段差の解消（玄関の上がりかまち）", 76_000),
    ("引き戸への扉の取替え（トイレ）", 88_000),
    ("洋式便器への便器の取替え", 165_000),
    ("床材の変更（浴室、滑りの防止）", 110_000),
];

/// Levels from light to heavy with their share in a thousand certified persons.
const LEVELS: &[(CareLevel, u32)] = &[
    (CareLevel::ProjectTarget, 30),
    (CareLevel::Support1, 140),
    (CareLevel::Support2, 140),
    (CareLevel::Care1, 200),
    (CareLevel::Care2, 165),
    (CareLevel::Care3, 130),
    (CareLevel::Care4, 120),
    (CareLevel::Care5, 75),
];

/// Severity for the answers of survey and opinion: 0 for 要支援1 and lighter, 6 for 要介護5.
pub(crate) fn severity(level: CareLevel) -> usize {
    match level {
        CareLevel::NotCertified | CareLevel::ProjectTarget | CareLevel::Transitional | CareLevel::Support1 => 0,
        CareLevel::Support2 => 1,
        CareLevel::Care1 => 2,
        CareLevel::Care2 => 3,
        CareLevel::Care3 => 4,
        CareLevel::Care4 => 5,
        CareLevel::Care5 => 6,
    }
}

/// The person with that number in the insurer's row; `documents` says whether papers name their files.
pub(crate) fn person(seed: u64, today: Date, place: (usize, u64), documents: bool) -> PersonRecords {
    let (index, k) = place;
    let block = u64::try_from(index).unwrap_or(0) << 40;
    let mut dice = Dice::new(seed, block | (k + 1));
    let (who, class) = draw_who(&mut dice, today, index, k);
    let mut life = Life::new(today, dice, &who, class);
    life.documents = documents;
    let level = life.dice.weighted(LEVELS);
    let dementia = if life.dice.percent(55) { 0 } else { usize::try_from(life.dice.between(1, 3)).unwrap_or(1) };
    let illness = if dementia >= 2 { DEMENTIA } else { usize::try_from(life.dice.below(ILLNESS_COUNT)).unwrap_or(0) };
    life.condition = Condition { severity: severity(level), dementia, illness };
    certification(&mut life, level);
    if !life.records.certification.is_empty() || !life.records.application.is_empty() {
        extras(&mut life, index, level, class);
    }
    life.records
}

fn draw_who(dice: &mut Dice, today: Date, index: usize, k: u64) -> (Who, InsuredClass) {
    let second = dice.percent(2);
    let age = if second {
        dice.between(45, 64)
    } else if dice.percent(15) {
        // Who has just turned 65 would be in the files of before that birthday.
        dice.between(65, 74).max(66)
    } else {
        75 + dice.between(0, 13) + dice.between(0, 13)
    };
    // A birthday behind us this year keeps the age.
    let born_on = plus(plus_months(today, -12 * age), -dice.between(1, 360));
    let sex = if dice.percent(65) { Sex::Female } else { Sex::Male };
    let (name, kana) = name::draw(dice, sex, born_on.year());
    let towns = name::TOWNS.get(index).copied().unwrap_or_default();
    let town = dice.pick(towns);
    let number = 9_910_000_000 + k * 37 + u64::from(dice.below(37));
    let who = Who {
        insurer_no: insurer::number(index),
        insured_no: InsuredNo::parse(&number.to_string()).unwrap_or_default(),
        name,
        kana,
        sex,
        born_on,
        address: format!("{}{}{town}99番99号", office::PREFECTURE, insurer::name(index)),
    };
    (who, if second { InsuredClass::Second } else { InsuredClass::First })
}

/// Where the certification stands; shares in a thousand.
fn certification(life: &mut Life, level: CareLevel) {
    let level_now = if level == CareLevel::ProjectTarget { CareLevel::Support1 } else { level };
    match life.dice.below(1000) {
        0..40 => {}
        40..80 => first_time(life, level_now),
        80..180 => renewing(life, level_now, None),
        180..210 => changing(life, level_now),
        210..240 => {
            let ago = life.dice.between(1, 12);
            renewing(life, level_now, Some(ago));
        }
        240..250 => {
            let until = plus(life.today.first_of_month(), -1);
            let from = term_start(until, 12);
            life.term(Term { level, from, until: Some(until), certified_on: plus(from, -12) }, None);
        }
        250..280 => {
            let days = life.dice.pick(&[9, 25, 55]);
            ending_in(life, level_now, days, 12);
        }
        _ => settled(life, level),
    }
}

/// A certification that ends in exactly so many days, without an application.
pub(crate) fn ending_in(life: &mut Life, level: CareLevel, days: i32, months: i32) {
    let until = plus(life.today, days);
    let from = plus(plus_months(until, -months), 1);
    life.term(Term { level, from, until: Some(until), certified_on: plus(from, -14) }, None);
}

fn draw_course(life: &mut Life, kind: ApplicationKind, applied_on: Date, level: CareLevel, months: i32) -> Course {
    let index_office = life.dice.percent(30);
    Course {
        kind,
        applied_on,
        survey: life.dice.between(5, 16),
        opinion: life.dice.between(8, 24),
        board: life.dice.between(5, 14),
        level,
        months,
        withdrawn: None,
        filed_by: index_office.then(|| OfficeNo::from_body(office::KAMOME_PLAN)),
    }
}

/// A first application on its way; some turn out 非該当.
fn first_time(life: &mut Life, level: CareLevel) {
    let applied_on = plus(life.today, -life.dice.between(1, 48));
    let level = if life.dice.percent(8) { CareLevel::NotCertified } else { level };
    let months = life.dice.pick(&[6, 12]);
    let course = draw_course(life, ApplicationKind::New, applied_on, level, months);
    run(life, &course, applied_on);
}

/// Writes the application and, if it ends in a certification, the term that begins on that day.
fn run(life: &mut Life, course: &Course, from: Date) {
    let clinic = life.dice.pick(office::CLINICS);
    life.application(course, clinic);
    if course.withdrawn.is_none() && course.level != CareLevel::NotCertified {
        let until = Some(term_end(from, course.months));
        let term = Term { level: course.level, from, until, certified_on: course.decided_on() };
        life.term(term, Some(course));
    }
}

/// A renewal on its way, or decided so many days ago.
fn renewing(life: &mut Life, level: CareLevel, decided_ago: Option<i32>) {
    let same = life.dice.percent(65);
    let months = if same { life.dice.pick(&[12, 24, 36, 48]) } else { life.dice.pick(&[12, 24, 36]) };
    let mut course = draw_course(life, ApplicationKind::Renewal, life.today, level, months);
    let age = match decided_ago {
        Some(ago) => course.length() + ago,
        None => life.dice.between(1, course.length() - 1),
    };
    course.applied_on = plus(life.today, -age);
    // A renewal may be asked for from 60 days before the end.
    let until = plus(plus(course.applied_on, 60).first_of_month(), -1);
    let before = if same { level } else { neighbour(level) };
    let months = life.dice.pick(&[12, 24, 36]);
    let from = term_start(until, months);
    life.term(Term { level: before, from, until: Some(until), certified_on: plus(from, -12) }, None);
    life.opinion_before(office::CLINICS);
    run(life, &course, plus(until, 1));
}

/// A change of level on its way.
fn changing(life: &mut Life, level: CareLevel) {
    let before = neighbour(level);
    let from = plus_months(life.today.first_of_month(), -life.dice.between(4, 14));
    let term = Term { level: before, from, until: Some(term_end(from, 24)), certified_on: plus(from, -10) };
    life.term(term, None);
    life.opinion_before(office::CLINICS);
    let applied_on = plus(life.today, -life.dice.between(1, 45));
    let months = life.dice.pick(&[6, 12]);
    let course = draw_course(life, ApplicationKind::Change, applied_on, level, months);
    life.cut_term(plus(applied_on, -1), course.decided_on());
    run(life, &course, applied_on);
}

/// A certification that runs on, with or without one before it.
fn settled(life: &mut Life, level: CareLevel) {
    if level == CareLevel::ProjectTarget {
        let checked_on = plus(life.today, -life.dice.between(40, 700));
        life.term(Term { level, from: checked_on, until: None, certified_on: checked_on }, None);
        return;
    }
    if life.dice.percent(35) {
        let applied_on = plus(life.today, -life.dice.between(70, 250));
        let course = draw_course(life, ApplicationKind::New, applied_on, level, 12);
        run(life, &course, applied_on);
    } else {
        let same = life.dice.percent(70);
        let top = if same { 4 } else { 3 };
        let months = 12 * life.dice.between(1, top);
        let from = plus_months(life.today.first_of_month(), -life.dice.between(2, months - 3));
        let before = if same { level } else { neighbour(level) };
        let (until, earlier) = (plus(from, -1), life.dice.pick(&[12, 24]));
        let first = term_start(until, earlier);
        life.term(Term { level: before, from: first, until: Some(until), certified_on: plus(first, -9) }, None);
        let applied_on = plus(from, -life.dice.between(35, 55));
        let course = draw_course(life, ApplicationKind::Renewal, applied_on, level, months);
        let certified_on = course.decided_on();
        if between(applied_on, life.today) < 730 {
            run(life, &course, from);
        } else {
            life.term(Term { level, from, until: Some(term_end(from, months)), certified_on }, None);
        }
    }
    if life.dice.percent(2) {
        let applied_on = plus(life.today, -life.dice.between(20, 40));
        let mut course = draw_course(life, ApplicationKind::Change, applied_on, level, 12);
        course.withdrawn = Some(life.dice.between(3, 15));
        run(life, &course, applied_on);
    }
}

/// The next lighter level (the next heavier for 要支援1).
fn neighbour(level: CareLevel) -> CareLevel {
    match level {
        CareLevel::Care5 => CareLevel::Care4,
        CareLevel::Care4 => CareLevel::Care3,
        CareLevel::Care3 => CareLevel::Care2,
        CareLevel::Care2 => CareLevel::Care1,
        CareLevel::Care1 | CareLevel::Support1 => CareLevel::Support2,
        CareLevel::Support2 | CareLevel::Transitional | CareLevel::ProjectTarget | CareLevel::NotCertified => {
            CareLevel::Support1
        }
    }
}

/// Everything that comes with a certification.
fn extras(life: &mut Life, index: usize, level: CareLevel, class: InsuredClass) {
    let share = match class {
        InsuredClass::Second => BurdenShare::Ten,
        InsuredClass::First => {
            life.dice.weighted(&[(BurdenShare::Ten, 88), (BurdenShare::Twenty, 7), (BurdenShare::Thirty, 5)])
        }
    };
    let last = if life.dice.percent(5) && class == InsuredClass::First { other(share) } else { share };
    life.burden(last, share);
    if life.level_on(life.today).is_some() {
        reliefs(life, share, level);
        housing(life);
    }
    notice(life, index, level);
    if life.dice.percent(80) {
        let office = life.records.plan_notice.first().and_then(|row| row.record.office_no);
        let office = if life.dice.percent(30) { office } else { None };
        let given_on = plus(life.today, -life.dice.between(5, 200));
        let withdrawn_on = life.dice.percent(3).then(|| plus(given_on, life.dice.between(3, 120)));
        life.consent(given_on, office, withdrawn_on.filter(|on| *on < life.today));
    }
    if life.dice.percent(1) {
        let lost_on = plus(life.today, -life.dice.between(1, 30));
        let reason = life.dice.pick(&[LossReason::Death, LossReason::MovedOut]);
        correct(&mut life.records.qualification, lost_on, |q| {
            q.lost_on = Some(lost_on.max(q.acquired_on));
            q.loss_reason = Some(reason);
        });
    } else if life.dice.percent(2) && index == insurer::MINATO {
        let from = plus(life.today, -life.dice.between(100, 900));
        correct(&mut life.records.qualification, from, |q| {
            q.facility_insurer_no = Some(insurer::number(insurer::YAMANOHA));
            q.facility_from = Some(from);
        });
    }
}

fn other(share: BurdenShare) -> BurdenShare {
    match share {
        BurdenShare::Ten | BurdenShare::Thirty => BurdenShare::Twenty,
        BurdenShare::Twenty => BurdenShare::Ten,
    }
}

fn reliefs(life: &mut Life, share: BurdenShare, level: CareLevel) {
    if level != CareLevel::ProjectTarget && share == BurdenShare::Ten && life.dice.percent(24) {
        let stage = life.dice.weighted(&[
            (BurdenStage::One, 8),
            (BurdenStage::Two, 38),
            (BurdenStage::ThreeOne, 26),
            (BurdenStage::ThreeTwo, 28),
        ]);
        life.burden_cap(stage);
        if life.dice.percent(20) {
            life.corporation_relief();
        }
    }
    if life.dice.percent(1) {
        let from = plus_months(life.today.first_of_month(), -life.dice.between(1, 10));
        restrict(life, RestrictionKind::PaymentMethod, "支払方法の変更（償還払い）", from);
    }
}

/// 給付制限 from that day.
pub(crate) fn restrict(life: &mut Life, kind: RestrictionKind, content: &str, from: Date) {
    let no = life.no();
    let restriction = BenefitRestriction { kind, content: Some(text(content)), valid_from: from, valid_until: None };
    add(&mut life.records.benefit_restriction, no, plus(from, -10), restriction);
}

fn housing(life: &mut Life) {
    let today = life.today;
    if life.dice.percent(22) {
        let first = plus(today, -life.dice.between(20, 1200));
        let work = life.dice.pick(WORKS);
        life.work(1, first, work);
        if life.dice.percent(15) {
            let work = life.dice.pick(WORKS.get(..2).unwrap_or_default());
            let started_on = plus(today, -life.dice.between(5, 18));
            life.work(2, started_on, work);
        }
    }
    let seller = OfficeNo::from_body(office::UMINEKO);
    let year = fiscal_year(today);
    if life.dice.percent(18) {
        let item = life.dice.pick(ITEMS);
        let since = between(year, today).min(160);
        let bought_on = plus(today, -life.dice.between(0, since));
        life.equipment(bought_on, item, seller);
    }
    if life.dice.percent(16) {
        let item = life.dice.pick(ITEMS);
        let bought_on = plus(year, -life.dice.between(1, 360));
        life.equipment(bought_on, item, seller);
    }
}

/// Who makes the plan: by level, and by chance among the offices of the place.
fn notice(life: &mut Life, index: usize, level: CareLevel) {
    let Some(first) = life.records.certification.first().map(|row| row.record.valid_from) else {
        return;
    };
    let from = first.min(plus(life.today, -life.dice.between(0, 20)));
    if level.is_prevention() {
        let office = OfficeNo::from_body(office::PREVENTION_PLAN);
        life.notice(PlanMaker::Prevention, Some(office), from);
        return;
    }
    if life.dice.percent(2) {
        life.notice(PlanMaker::Own, None, from);
        return;
    }
    let body = match index {
        insurer::MINATO => match life.dice.below(100) {
            0..12 => office::MINATO_PLAN,
            12..50 => office::KAMOME_PLAN,
            50..54 => office::ENGAWA,
            _ => office::SHIOSAI_PLAN,
        },
        insurer::YAMANOHA => office::YAMANOHA_PLAN,
        _ => office::KAMOME_PLAN,
    };
    life.notice(PlanMaker::CareManagement, Some(OfficeNo::from_body(body)), from);
}
