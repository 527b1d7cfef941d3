//! The people of the story: hand-made, so that every situation of the pages can be seen on the first day.
//!
//! Their terms end on the day that the story needs (in 9 or 30 days), not at the end of a month as real terms do.

use jiff::civil::{self, Date};
use kaigo_core::care_level::CareLevel;
use kaigo_core::code::{
    ApplicationKind, BurdenShare, BurdenStage, EquipmentKind, InsuredClass, PlanMaker, RestrictionKind, Sex,
};
use kaigo_core::id::{InsuredNo, OfficeNo};
use kaigo_core::service::ServiceKind;

use crate::day::{fiscal_year, plus, plus_months, term_end};
use crate::dice::Dice;
use crate::draw::{ending_in, restrict, severity};
use crate::insurer::{self, MINATO, SHIOKAZE, YAMANOHA};
use crate::life::{Course, Life, Term, Who};
use crate::office;
use crate::paper::{Condition, DEMENTIA, STROKE};
use crate::records::PersonRecords;

/// One person of the story.
pub(crate) struct Role {
    pub(crate) insurer: usize,
    pub(crate) insured_no: &'static str,
    pub(crate) name: &'static str,
    pub(crate) kana: &'static str,
    sex: Sex,
    pub(crate) born_on: Date,
    town: &'static str,
    /// Whether 居宅介護支援事業所 みなと has the person in charge already.
    pub(crate) in_charge: bool,
    tell: fn(&mut Life),
}

const F: Sex = Sex::Female;
const O: Sex = Sex::Male;
const fn d(year: i16, month: i8, day: i8) -> Date {
    civil::date(year, month, day)
}

/// What LIFE says about a user of a day care centre, by its items.
const FEEDBACK: &str = "ADL（Barthel Index）=65点 → 70点（全国の同じ要介護度の平均 62点）;食事=自立;移乗=見守り → 自立;平地歩行=歩行器で可能;\
                        体重=48.2kg → 47.9kg（3か月で -0.6%）;栄養状態のリスク=低;口腔の状態=歯の汚れなし・むせなし;\
                        認知症の行動・心理症状（DBD13）=9点 → 8点;意欲（Vitality Index）=8点 → 8点";

/// 久城 トメ: renewal late, ends in 9 days.
pub(crate) const TOME: &str = "9900000123";
/// 大谷 清: documents of the renewal have come.
pub(crate) const KIYOSHI: &str = "9900000456";
/// 高津 ふみ: just decided.
pub(crate) const FUMI: &str = "9900000461";
/// 中島 義男: ends in 30 days, no application.
pub(crate) const YOSHIO: &str = "9900000478";
/// 春日 ミツ: nobody has registered her; for trying 本人確認.
pub(crate) const MITSU: &str = "9900000555";
/// 井上 千代: the charge of her office ends in 12 days.
pub(crate) const CHIYO: &str = "9900000613";

#[rustfmt::skip]
pub(crate) const ROLES: &[Role] = &[
    Role { insurer: MINATO, insured_no: TOME, name: "久城 トメ", kana: "クシロ トメ", sex: F, born_on: d(1938, 4, 12), town: "汐見台", in_charge: true, tell: tome },
    Role { insurer: MINATO, insured_no: KIYOSHI, name: "大谷 清", kana: "オオタニ キヨシ", sex: O, born_on: d(1941, 9, 3), town: "本町", in_charge: true, tell: kiyoshi },
    Role { insurer: MINATO, insured_no: FUMI, name: "高津 ふみ", kana: "タカツ フミ", sex: F, born_on: d(1936, 2, 20), town: "松ヶ丘", in_charge: true, tell: fumi },
    Role { insurer: MINATO, insured_no: YOSHIO, name: "中島 義男", kana: "ナカジマ ヨシオ", sex: O, born_on: d(1943, 7, 7), town: "浜通り", in_charge: true, tell: yoshio },
    Role { insurer: MINATO, insured_no: "9900000482", name: "三上 サダ", kana: "ミカミ サダ", sex: F, born_on: d(1934, 11, 1), town: "川口町", in_charge: true, tell: no_consent },
    Role { insurer: MINATO, insured_no: "9900000494", name: "野々村 武", kana: "ノノムラ タケシ", sex: O, born_on: d(1940, 1, 15), town: "東浜", in_charge: true, tell: consent_withdrawn },
    Role { insurer: MINATO, insured_no: "9900000502", name: "松永 静江", kana: "マツナガ シズエ", sex: F, born_on: d(1947, 5, 30), town: "柳町", in_charge: false, tell: support },
    Role { insurer: MINATO, insured_no: "9900000517", name: "早川 健一", kana: "ハヤカワ ケンイチ", sex: O, born_on: d(1968, 3, 9), town: "高台", in_charge: true, tell: second_class },
    Role { insurer: MINATO, insured_no: "H990000012", name: "大塚 功", kana: "オオツカ イサオ", sex: O, born_on: d(1973, 10, 21), town: "魚市場前", in_charge: true, tell: public_assistance },
    Role { insurer: MINATO, insured_no: "9900000529", name: "髙﨑 ヨシ", kana: "タカサキ ヨシ", sex: F, born_on: d(1932, 12, 12), town: "灯台下", in_charge: true, tell: moved_home },
    Role { insurer: MINATO, insured_no: "9900000531", name: "戸川 ハナ", kana: "トガワ ハナ", sex: F, born_on: d(1933, 6, 18), town: "白砂", in_charge: true, tell: expired },
    Role { insurer: MINATO, insured_no: "9900000546", name: "森脇 一男", kana: "モリワキ カズオ", sex: O, born_on: d(1944, 8, 25), town: "大島町", in_charge: true, tell: three_steps },
    Role { insurer: MINATO, insured_no: MITSU, name: "春日 ミツ", kana: "カスガ ミツ", sex: F, born_on: d(1939, 3, 3), town: "石橋町", in_charge: false, tell: unregistered },
    Role { insurer: MINATO, insured_no: "9900000568", name: "岡 敏子", kana: "オカ トシコ", sex: F, born_on: d(1946, 4, 4), town: "港町", in_charge: true, tell: share_corrected },
    Role { insurer: MINATO, insured_no: "9900000573", name: "柴田 正", kana: "シバタ タダシ", sex: O, born_on: d(1942, 10, 10), town: "西浜", in_charge: true, tell: restricted },
    Role { insurer: MINATO, insured_no: "9900000587", name: "村井 キミ", kana: "ムライ キミ", sex: F, born_on: d(1937, 9, 9), town: "中洲町", in_charge: true, tell: withdrew },
    Role { insurer: MINATO, insured_no: "9900000599", name: "宇野 良子", kana: "ウノ リョウコ", sex: F, born_on: d(1949, 2, 2), town: "汐見台", in_charge: true, tell: first_time },
    Role { insurer: MINATO, insured_no: CHIYO, name: "井上 千代", kana: "イノウエ チヨ", sex: F, born_on: d(1935, 5, 5), town: "本町", in_charge: true, tell: closing },
    Role { insurer: YAMANOHA, insured_no: "9900000621", name: "峰 イト", kana: "ミネ イト", sex: F, born_on: d(1931, 1, 20), town: "大字奥谷", in_charge: true, tell: neighbour_town },
    Role { insurer: SHIOKAZE, insured_no: "9900000634", name: "磯部 勝", kana: "イソベ マサル", sex: O, born_on: d(1940, 12, 1), town: "潮崎町", in_charge: true, tell: not_started },
];

/// People of the story within that insurer, in order.
pub(crate) fn of(index: usize) -> impl Iterator<Item = &'static Role> {
    ROLES.iter().filter(move |role| role.insurer == index)
}

/// How many people of the story that insurer has; they come first in its row.
pub(crate) fn count(index: usize) -> u64 {
    u64::try_from(of(index).count()).unwrap_or(0)
}

/// The records of a person of the story.
pub(crate) fn person(seed: u64, today: Date, role: &Role, documents: bool) -> PersonRecords {
    let tail: u64 = role.insured_no.get(1..).and_then(|no| no.parse().ok()).unwrap_or(0);
    let dice = Dice::new(seed, (1 << 60) | tail);
    let who = Who {
        insurer_no: insurer::number(role.insurer),
        insured_no: InsuredNo::parse(role.insured_no).unwrap_or_default(),
        name: role.name.to_owned(),
        kana: role.kana.to_owned(),
        sex: role.sex,
        born_on: role.born_on,
        address: format!("{}{}{}99番99号", office::PREFECTURE, insurer::name(role.insurer), role.town),
    };
    let class = if role.born_on.year() >= 1965 { InsuredClass::Second } else { InsuredClass::First };
    let mut life = Life::new(today, dice, &who, class);
    life.documents = documents;
    (role.tell)(&mut life);
    life.records
}

fn minato() -> OfficeNo {
    OfficeNo::from_body(office::MINATO_PLAN)
}

fn seller() -> OfficeNo {
    OfficeNo::from_body(office::UMINEKO)
}

fn clinic(at: usize) -> &'static str {
    office::CLINICS.get(at).copied().unwrap_or_default()
}

fn condition(life: &mut Life, level: CareLevel, dementia: usize, illness: usize) {
    life.condition = Condition { severity: severity(level), dementia, illness };
}

/// 負担割合, 居宅届出 to みなと and consent, as most people have them.
fn usual(life: &mut Life, share: BurdenShare) {
    life.burden(share, share);
    life.notice(PlanMaker::CareManagement, Some(minato()), plus(life.today, -400));
    life.consent(plus(life.today, -180), None, None);
}

/// A term of so many months that ends in so many days.
fn term(life: &mut Life, level: CareLevel, days: i32, months: i32) {
    ending_in(life, level, days, months);
}

fn renewal(applied_on: Date, level: CareLevel, months: i32) -> Course {
    Course {
        kind: ApplicationKind::Renewal,
        applied_on,
        survey: 10,
        opinion: 14,
        board: 10,
        level,
        months,
        withdrawn: None,
        filed_by: Some(minato()),
    }
}

/// A renewal decided so many days ago; its term follows the one before.
fn renewed(life: &mut Life, course: Course, days_ago: i32, from: Date) {
    let course = Course { applied_on: plus(life.today, -course.length() - days_ago), ..course };
    life.application(&course, clinic(0));
    let until = Some(term_end(from, course.months));
    let certified_on = course.decided_on();
    life.term(Term { level: course.level, from, until, certified_on }, Some(&course));
}

fn tome(life: &mut Life) {
    condition(life, CareLevel::Care3, 1, 4);
    term(life, CareLevel::Care3, 9, 24);
    // Applied 51 days ago, survey 12 days after the request, opinion late, board 4 days ahead, decided on that day.
    let course = Course { survey: 12, opinion: 32, board: 19, ..renewal(plus(life.today, -51), CareLevel::Care3, 36) };
    life.application(&course, clinic(0));
    let from = plus(life.today, 10);
    let until = Some(term_end(from, 36));
    life.term(Term { level: CareLevel::Care3, from, until, certified_on: course.decided_on() }, Some(&course));
    life.burden(BurdenShare::Ten, BurdenShare::Twenty);
    life.work(1, plus(life.today, -520), ("手すりの取付け（玄関・廊下・トイレ）", 118_000));
    life.equipment(
        plus(fiscal_year(life.today), -100),
        (EquipmentKind::Bath, "シャワーいす（背・ひじ付き）", 18_700),
        seller(),
    );
    life.notice(PlanMaker::CareManagement, Some(minato()), plus(life.today, -700));
    life.consent(plus(life.today, -51), Some(minato()), None);
    life.feedback(OfficeNo::from_body(office::HIDAMARI), ServiceKind::DayCare, FEEDBACK);
}

fn kiyoshi(life: &mut Life) {
    condition(life, CareLevel::Care3, 2, DEMENTIA);
    let from = plus_months(life.today.first_of_month(), 1);
    let before = plus(from, -1);
    let start = plus_months(from, -24);
    let first = Term { level: CareLevel::Care2, from: start, until: Some(before), certified_on: plus(start, -11) };
    life.term(first, None);
    renewed(life, renewal(life.today, CareLevel::Care3, 24), 3, from);
    life.burden_cap(BurdenStage::ThreeTwo);
    life.work(1, plus(life.today, -300), ("段差の解消（浴室の出入口）", 92_000));
    life.work(1, plus(life.today, -12), ("手すりの取付け（トイレ・浴室）", 54_000));
    let bath = (EquipmentKind::Bath, "浴槽手すり", 16_500);
    let walker = (EquipmentKind::Walker, "歩行器（固定式）", 19_500);
    life.equipment(plus(life.today, -60), bath, seller());
    life.equipment(plus(life.today, -9), walker, seller());
    usual(life, BurdenShare::Ten);
    life.feedback(OfficeNo::from_body(office::HIDAMARI), ServiceKind::DayCare, FEEDBACK);
}

fn fumi(life: &mut Life) {
    condition(life, CareLevel::Care2, 0, 0);
    let from = plus_months(life.today.first_of_month(), 1);
    let start = plus_months(from, -12);
    let before = Some(plus(from, -1));
    life.term(Term { level: CareLevel::Care1, from: start, until: before, certified_on: plus(start, -8) }, None);
    renewed(life, renewal(life.today, CareLevel::Care2, 36), 2, from);
    usual(life, BurdenShare::Ten);
}

fn yoshio(life: &mut Life) {
    condition(life, CareLevel::Care1, 0, 6);
    term(life, CareLevel::Care1, 30, 24);
    usual(life, BurdenShare::Ten);
}

fn no_consent(life: &mut Life) {
    condition(life, CareLevel::Care2, 1, 3);
    decided_long_ago(life, CareLevel::Care2);
    life.burden(BurdenShare::Ten, BurdenShare::Ten);
    life.notice(PlanMaker::CareManagement, Some(minato()), plus(life.today, -200));
}

fn consent_withdrawn(life: &mut Life) {
    condition(life, CareLevel::Care3, 0, 5);
    decided_long_ago(life, CareLevel::Care3);
    life.burden(BurdenShare::Ten, BurdenShare::Ten);
    life.notice(PlanMaker::CareManagement, Some(minato()), plus(life.today, -200));
    life.consent(plus(life.today, -150), None, Some(plus(life.today, -20)));
}

/// A renewal decided half a year ago, with its documents.
fn decided_long_ago(life: &mut Life, level: CareLevel) {
    let from = plus_months(life.today.first_of_month(), -5);
    let start = plus_months(from, -12);
    let before = Some(plus(from, -1));
    life.term(Term { level, from: start, until: before, certified_on: plus(start, -8) }, None);
    renewed(life, renewal(life.today, level, 36), 160, from);
}

fn support(life: &mut Life) {
    condition(life, CareLevel::Support2, 0, 0);
    let office_no = Some(OfficeNo::from_body(office::PREVENTION_PLAN));
    decided_long_ago(life, CareLevel::Support2);
    life.burden(BurdenShare::Ten, BurdenShare::Ten);
    life.notice(PlanMaker::Prevention, office_no, plus(life.today, -300));
    life.consent(plus(life.today, -120), None, None);
}

fn second_class(life: &mut Life) {
    condition(life, CareLevel::Care2, 0, STROKE);
    let course = Course { kind: ApplicationKind::New, ..renewal(plus(life.today, -140), CareLevel::Care2, 12) };
    life.application(&course, clinic(1));
    let (from, certified_on) = (course.applied_on, course.decided_on());
    life.term(Term { level: CareLevel::Care2, from, until: Some(term_end(from, 12)), certified_on }, Some(&course));
    usual(life, BurdenShare::Ten);
}

fn public_assistance(life: &mut Life) {
    condition(life, CareLevel::Care1, 0, STROKE);
    term(life, CareLevel::Care1, 120, 12);
    life.notice(PlanMaker::CareManagement, Some(minato()), plus(life.today, -230));
    life.consent(plus(life.today, -180), None, None);
}

fn moved_home(life: &mut Life) {
    condition(life, CareLevel::Care2, 0, 4);
    term(life, CareLevel::Care2, 410, 36);
    life.work(1, plus(life.today, -600), ("洋式便器への便器の取替え", 165_000));
    life.work(2, plus(life.today, -90), ("手すりの取付け（玄関・廊下）", 68_000));
    life.burden_cap(BurdenStage::Two);
    usual(life, BurdenShare::Ten);
}

fn expired(life: &mut Life) {
    condition(life, CareLevel::Care4, 0, 3);
    term(life, CareLevel::Care4, -1, 12);
    life.burden_cap(BurdenStage::ThreeOne);
    usual(life, BurdenShare::Ten);
}

fn three_steps(life: &mut Life) {
    condition(life, CareLevel::Care3, 0, STROKE);
    let from = plus_months(life.today.first_of_month(), -3);
    let (start, before) = (plus_months(from, -24), plus(from, -1));
    let first = Term { level: CareLevel::Support1, from: start, until: Some(before), certified_on: plus(start, -8) };
    life.term(first, None);
    life.work(1, plus(start, 60), ("段差の解消（玄関の上がりかまち）", 120_000));
    life.work(1, plus(start, 200), ("手すりの取付け（トイレ・浴室）", 70_000));
    renewed(life, renewal(life.today, CareLevel::Care3, 24), 95, from);
    life.work(1, plus(life.today, -50), ("引き戸への扉の取替え（トイレ）", 88_000));
    if let Some(row) = life.records.home_modification.last_mut() {
        row.record.three_step_reset = true;
    }
    usual(life, BurdenShare::Ten);
}

fn unregistered(life: &mut Life) {
    condition(life, CareLevel::Care1, 0, 0);
    decided_long_ago(life, CareLevel::Care1);
    life.equipment(plus(life.today, -40), (EquipmentKind::Stick, "多点つえ（4点）", 8_800), seller());
    usual(life, BurdenShare::Ten);
}

fn share_corrected(life: &mut Life) {
    condition(life, CareLevel::Care1, 0, 6);
    term(life, CareLevel::Care1, 300, 24);
    usual(life, BurdenShare::Ten);
    life.correct_burden(BurdenShare::Twenty, plus(life.today, -2));
}

fn restricted(life: &mut Life) {
    condition(life, CareLevel::Care2, 0, 3);
    term(life, CareLevel::Care2, 200, 24);
    let from = plus_months(life.today.first_of_month(), -4);
    restrict(life, RestrictionKind::Reduced, "給付額減額（3割負担）", from);
    usual(life, BurdenShare::Ten);
}

fn withdrew(life: &mut Life) {
    condition(life, CareLevel::Care3, 1, 3);
    term(life, CareLevel::Care3, 500, 36);
    let course = Course {
        kind: ApplicationKind::Change,
        withdrawn: Some(9),
        ..renewal(plus(life.today, -25), CareLevel::Care4, 12)
    };
    life.application(&course, clinic(2));
    usual(life, BurdenShare::Ten);
}

fn first_time(life: &mut Life) {
    condition(life, CareLevel::Care1, 1, 0);
    let course = Course { kind: ApplicationKind::New, ..renewal(plus(life.today, -13), CareLevel::Care1, 12) };
    life.application(&course, clinic(2));
    let (from, certified_on) = (course.applied_on, course.decided_on());
    life.term(Term { level: CareLevel::Care1, from, until: Some(term_end(from, 12)), certified_on }, Some(&course));
    life.notice(PlanMaker::CareManagement, Some(minato()), course.applied_on);
    life.consent(course.applied_on, Some(minato()), None);
}

fn closing(life: &mut Life) {
    condition(life, CareLevel::Care5, 3, DEMENTIA);
    term(life, CareLevel::Care5, 700, 48);
    life.burden_cap(BurdenStage::One);
    life.corporation_relief();
    usual(life, BurdenShare::Ten);
}

fn neighbour_town(life: &mut Life) {
    condition(life, CareLevel::Care4, 1, 4);
    decided_long_ago(life, CareLevel::Care4);
    life.burden_cap(BurdenStage::Two);
    usual(life, BurdenShare::Ten);
}

fn not_started(life: &mut Life) {
    condition(life, CareLevel::Care2, 0, 3);
    decided_long_ago(life, CareLevel::Care2);
    usual(life, BurdenShare::Ten);
}
