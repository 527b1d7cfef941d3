//! Writes the records of one person so that they agree with one another: every date follows from a few decisions.

use jiff::civil;
use kaigo_core::care_level::CareLevel;
use kaigo_core::code::{
    Amount, ApplicationKind, BurdenShare, BurdenStage, ClaimState, ConsentBy, ConsentTaker, InsuredClass, LimitKind,
    Outcome, PlanMaker, ReliefKind, Sex,
};
use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::layout::{Cell, Field};
use kaigo_core::record::application::Application;
use kaigo_core::record::benefit::{EquipmentPurchase, HomeModification};
use kaigo_core::record::certification::{BenefitLimit, Certification};
use kaigo_core::record::consent::Consent;
use kaigo_core::record::document::{DoctorOpinion, Survey};
use kaigo_core::record::life::LifeFeedback;
use kaigo_core::record::person::{InsuredPerson, Qualification};
use kaigo_core::record::plan_notice::PlanNotice;
use kaigo_core::record::relief::{BurdenRatio, Relief};
use kaigo_core::service::ServiceKind;
use kaigo_core::text::Text;

use crate::day::{burden_year, plus, plus_months};
use crate::dice::Dice;
use crate::paper::{self, Condition};
use crate::records::{PersonRecords, add, correct};

/// Who a person is.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub(crate) insurer_no: InsurerNo,
    pub(crate) insured_no: InsuredNo,
    pub(crate) name: String,
    pub(crate) kana: String,
    pub(crate) sex: Sex,
    pub(crate) born_on: Date,
    pub(crate) address: String,
}

/// A term of certification.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Term {
    pub(crate) level: CareLevel,
    pub(crate) from: Date,
    pub(crate) until: Option<Date>,
    pub(crate) certified_on: Date,
}

/// How an application goes its way, in days; dates may lie ahead, the feed cuts them off.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Course {
    pub(crate) kind: ApplicationKind,
    pub(crate) applied_on: Date,
    /// Days from the request to the survey.
    pub(crate) survey: i32,
    /// Days from the request to the opinion.
    pub(crate) opinion: i32,
    /// Days from the computer's judgment to the board.
    pub(crate) board: i32,
    pub(crate) level: CareLevel,
    pub(crate) months: i32,
    /// Days after which it was taken back, if it was.
    pub(crate) withdrawn: Option<i32>,
    pub(crate) filed_by: Option<OfficeNo>,
}

impl Course {
    /// Days from application to decision.
    pub(crate) fn length(&self) -> i32 {
        2 + (self.survey + 3).max(self.opinion) + 2 + self.board
    }

    /// Day of the decision.
    pub(crate) fn decided_on(&self) -> Date {
        plus(self.applied_on, self.length())
    }
}

/// The pen that writes one person's records.
pub(crate) struct Life {
    pub(crate) today: Date,
    pub(crate) dice: Dice,
    pub(crate) records: PersonRecords,
    pub(crate) condition: Condition,
    /// Whether survey and opinion name a document file.
    pub(crate) documents: bool,
    courses: usize,
}

impl Life {
    pub(crate) fn new(today: Date, dice: Dice, who: &Who, class: InsuredClass) -> Self {
        let no = who.insured_no;
        let mut records = PersonRecords::empty(who.insurer_no, no);
        let acquired_on = acquired_on(who.born_on, class);
        let person = InsuredPerson {
            name: text(&who.name),
            name_kana: text(&who.kana),
            born_on: who.born_on,
            sex: who.sex,
            address: text(&who.address),
            issued_on: (!no.is_public_assistance()).then_some(acquired_on),
        };
        let qualification = Qualification { insured_class: class, acquired_on, ..Qualification::default() };
        add(&mut records.insured_person, no, acquired_on, person);
        add(&mut records.qualification, no, acquired_on, qualification);
        Self {
            today,
            dice,
            records,
            condition: Condition { severity: 2, dementia: 0, illness: 0 },
            documents: false,
            courses: 0,
        }
    }

    pub(crate) fn no(&self) -> InsuredNo {
        self.records.insured_no
    }

    /// A term of certification with its limit.
    pub(crate) fn term(&mut self, term: Term, course: Option<&Course>) {
        let no = self.no();
        let opinion = self.dice.percent(12).then(|| self.dice.pick(paper::BOARD_OPINIONS));
        let application_no = course.map(|_| text(&self.application_no()));
        let certification = Certification {
            care_level: term.level,
            certified_on: term.certified_on,
            valid_from: term.from,
            valid_until: term.until,
            opinion: opinion.map(text),
            designated_services: None,
            application_no,
        };
        let limit = BenefitLimit {
            kind: LimitKind::Total,
            service_kind: None,
            units: Amount(monthly_units(term.level)),
            valid_from: term.from,
            valid_until: term.until,
        };
        add(&mut self.records.certification, no, term.certified_on, certification);
        add(&mut self.records.benefit_limit, no, term.certified_on, limit);
        self.print_certificate(term.certified_on);
    }

    /// The certificate is printed anew with each decision; a recent one is a correction of the person's row.
    fn print_certificate(&mut self, on: Date) {
        if self.no().is_public_assistance() {
            return;
        }
        if on < plus(self.today, -30) {
            for row in &mut self.records.insured_person {
                row.record.issued_on = row.record.issued_on.max(Some(on));
            }
        } else {
            correct(&mut self.records.insured_person, on, |person| {
                person.issued_on = Some(on);
            });
        }
    }

    /// Ends the last term early, as a change of level does, by a correction known from that day.
    pub(crate) fn cut_term(&mut self, until: Date, known_on: Date) {
        correct(&mut self.records.certification, known_on, |c| {
            c.valid_until = Some(until);
        });
        correct(&mut self.records.benefit_limit, known_on, |l| {
            l.valid_until = Some(until);
        });
    }

    fn application_no(&self) -> String {
        let no = self.no();
        let tail = no.as_str().get(2..).unwrap_or_default();
        format!("{tail}-{}", self.courses)
    }

    /// Starts the next application; terms and documents written after it belong to it.
    pub(crate) fn application(&mut self, course: &Course, institution: &str) {
        self.courses += 1;
        let no = self.no();
        let from = |days: i32| Some(plus(course.applied_on, days));
        let ready = 2 + (course.survey + 3).max(course.opinion);
        let judged = course.length();
        let late = judged > 30;
        let reason = late.then(|| self.dice.pick(paper::DELAY_REASONS));
        let mut application = Application {
            application_no: text(&self.application_no()),
            kind: course.kind,
            applied_on: course.applied_on,
            filed_by: course.filed_by,
            survey_requested_on: from(2),
            surveyed_on: from(2 + course.survey),
            survey_received_on: from(2 + course.survey + 3),
            opinion_requested_on: from(2),
            opinion_received_on: from(2 + course.opinion),
            institution: Some(text(institution)),
            computed_on: from(ready + 2),
            board_planned_on: from(judged),
            judged_on: from(judged),
            decided_on: from(judged),
            outcome: Some(Outcome::Certified),
            care_level: Some(course.level),
            valid_months: Some(Amount(course.months)),
            delay_notified_on: from(30).filter(|_| late),
            expected_on: from(judged + 2).filter(|_| late),
            delay_reason: reason.map(text),
        };
        if course.level == CareLevel::NotCertified {
            application.outcome = Some(Outcome::NotCertified);
            application.valid_months = None;
        }
        if let Some(days) = course.withdrawn {
            let on = plus(course.applied_on, days);
            withdraw(&mut application, on);
        }
        add(&mut self.records.application, no, course.applied_on, application);
        if course.withdrawn.is_none() {
            self.papers(course, institution);
        }
    }

    /// 認定調査票 and 主治医意見書; offices see them from the decision on, so the feed carries them from there.
    fn papers(&mut self, course: &Course, institution: &str) {
        let no = self.no();
        let number = self.application_no();
        let known_on = course.decided_on();
        let file = |kind: &str, on: bool| on.then(|| text(&format!("{no}-{}-{kind}.pdf", self.courses)));
        let surveyed_on = plus(course.applied_on, 2 + course.survey);
        let written_on = plus(course.applied_on, 1 + course.opinion);
        let survey = Survey {
            application_no: text(&number),
            surveyed_on,
            surveyor: Some(text("介護保険課 認定調査係")),
            place: Some(text("自宅内")),
            items: load(paper::survey_items(self.condition)),
            remarks: Some(load(paper::remarks(self.condition, &mut self.dice))),
            file: file("survey", self.documents),
        };
        let opinion = DoctorOpinion {
            application_no: text(&number),
            written_on,
            institution: text(institution),
            physician: Some(text(self.dice.pick(paper::PHYSICIANS))),
            examined_on: Some(plus(written_on, -self.dice.between(0, 14))),
            diagnosis: Some(text(paper::diagnosis(self.condition))),
            items: load(paper::opinion_items(self.condition)),
            course: Some(text(paper::course(self.condition))),
            remarks: Some(text(paper::opinion_remarks(self.condition))),
            file: file("opinion", self.documents),
        };
        add(&mut self.records.survey, no, known_on, survey);
        add(&mut self.records.doctor_opinion, no, known_on, opinion);
    }

    /// 主治医意見書 on which the last term was certified, without its application: whoever is asked next has it beside the form.
    /// Draws nothing, so that everything drawn after it stays as it is.
    pub(crate) fn opinion_before(&mut self, institutions: &[&str]) {
        let no = self.no();
        let Some(known_on) = self.records.certification.last().map(|row| row.record.certified_on) else {
            return;
        };
        let digits = no.as_str().bytes().map(usize::from).sum::<usize>();
        let of = |list: &[&'static str]| list.get(digits % list.len().max(1)).copied();
        let institution = institutions.get(digits % institutions.len().max(1)).copied().unwrap_or_default();
        let written_on = plus(known_on, -12);
        let opinion = DoctorOpinion {
            application_no: text(&self.application_no()),
            written_on,
            institution: text(institution),
            physician: of(paper::PHYSICIANS).map(text),
            examined_on: Some(plus(written_on, -5)),
            diagnosis: Some(text(paper::diagnosis(self.condition))),
            items: load(paper::opinion_items(self.condition)),
            course: Some(text(paper::course(self.condition))),
            remarks: Some(text(paper::opinion_remarks(self.condition))),
            file: None,
        };
        add(&mut self.records.doctor_opinion, no, known_on, opinion);
    }

    /// 負担割合証 of the last and of this year, as far as a certification stood.
    pub(crate) fn burden(&mut self, last: BurdenShare, now: BurdenShare) {
        let Some(first) = self.records.certification.first().map(|row| (row.record.valid_from, row.known_on)) else {
            return;
        };
        let no = self.no();
        let this_year = burden_year(self.today);
        for (share, start) in [(last, plus_months(this_year, -12)), (now, this_year)] {
            let until = plus(plus_months(start, 12), -1);
            if first.0 > until {
                continue;
            }
            let in_year = first.0 > start;
            let issued_on = if in_year { first.1 } else { plus(start, -17).max(first.1) };
            let ratio = BurdenRatio {
                share,
                valid_from: start.max(first.0),
                valid_until: Some(until),
                issued_on: Some(issued_on),
            };
            add(&mut self.records.burden_ratio, no, issued_on, ratio);
        }
    }

    /// Corrects this year's share, as when income is declared late.
    pub(crate) fn correct_burden(&mut self, share: BurdenShare, on: Date) {
        correct(&mut self.records.burden_ratio, on, |ratio| {
            ratio.share = share;
            ratio.issued_on = Some(on);
        });
    }

    /// 負担限度額認定証 of this year and the last, with the amounts of each year.
    pub(crate) fn burden_cap(&mut self, stage: BurdenStage) {
        let no = self.no();
        let this_year = burden_year(self.today);
        for start in [plus_months(this_year, -12), this_year] {
            let issued_on = plus(start, -10);
            let until = plus(plus_months(start, 12), -1);
            let relief = Relief {
                kind: ReliefKind::BurdenCap,
                stage: Some(stage),
                valid_from: start,
                valid_until: Some(until),
                issued_on: Some(issued_on),
                ..amounts(stage, start)
            };
            add(&mut self.records.relief, no, issued_on, relief);
        }
    }

    /// 社会福祉法人等利用者負担軽減確認証, a quarter off.
    pub(crate) fn corporation_relief(&mut self) {
        let no = self.no();
        let start = burden_year(self.today);
        let relief = Relief {
            kind: ReliefKind::WelfareCorporation,
            reduction_permille: Some(Amount(250)),
            remarks: Some(text("訪問介護、通所介護、短期入所生活介護")),
            valid_from: start,
            valid_until: Some(plus(plus_months(start, 12), -1)),
            issued_on: Some(plus(start, -10)),
            ..Relief::default()
        };
        add(&mut self.records.relief, no, plus(start, -10), relief);
    }

    /// Level certified for that day, as far as it is known today.
    pub(crate) fn level_on(&self, day: Date) -> Option<CareLevel> {
        self.records
            .certification
            .iter()
            .rev()
            .filter(|row| row.known_on <= self.today)
            .map(|row| &row.record)
            .find(|c| c.valid_from <= day && c.valid_until.is_none_or(|until| day <= until))
            .map(|c| c.care_level)
    }

    /// A work of 住宅改修: home, first day, content and cost; none where no certification stood on that day.
    pub(crate) fn work(&mut self, home: i32, started_on: Date, work: (&str, i32)) {
        let no = self.no();
        let Some(level) = self.level_on(started_on) else {
            return;
        };
        let applied_on = plus(started_on, -20);
        let modification = HomeModification {
            state: ClaimState::Paid,
            home_no: Amount(home),
            started_on: Some(started_on),
            level_at_start: Some(level),
            content: text(work.0),
            covered_cost: Amount(work.1),
            applied_on: Some(applied_on),
            decided_on: Some(plus(started_on, 40)),
            three_step_reset: false,
        };
        add(&mut self.records.home_modification, no, applied_on, modification);
    }

    /// Buys 特定福祉用具; nothing where no certification stood on that day.
    pub(crate) fn equipment(&mut self, purchased_on: Date, item: crate::draw::Item, office_no: OfficeNo) {
        let no = self.no();
        if self.level_on(purchased_on).is_none() {
            return;
        }
        let (kind, product, cost) = item;
        let applied_on = plus(purchased_on, 6);
        let purchase = EquipmentPurchase {
            state: ClaimState::Paid,
            purchased_on,
            kind,
            product: text(product),
            covered_cost: Amount(cost),
            office_no: Some(office_no),
            applied_on: Some(applied_on),
            decided_on: Some(plus(purchased_on, 35)),
        };
        add(&mut self.records.equipment_purchase, no, applied_on, purchase);
    }

    /// 包括的同意, taken by the municipality or by an office in its place.
    pub(crate) fn consent(&mut self, given_on: Date, office_no: Option<OfficeNo>, withdrawn_on: Option<Date>) {
        let no = self.no();
        let given_by =
            self.dice.weighted(&[(ConsentBy::Person, 70), (ConsentBy::Family, 27), (ConsentBy::Guardian, 3)]);
        let consent = Consent {
            given_on,
            taken_by: if office_no.is_some() { ConsentTaker::Office } else { ConsentTaker::Insurer },
            office_no,
            given_by,
            text_version: text("第1版"),
            withdrawn_on,
        };
        add(&mut self.records.consent, no, given_on, consent);
    }

    /// 居宅サービス計画作成依頼届出.
    pub(crate) fn notice(&mut self, maker: PlanMaker, office_no: Option<OfficeNo>, from: Date) {
        let no = self.no();
        let notice = PlanNotice { maker, office_no, notified_on: from, valid_from: from, valid_until: None };
        add(&mut self.records.plan_notice, no, from, notice);
    }

    /// LIFE 利用者フィードバック票 over the half year that ended with the month before last.
    pub(crate) fn feedback(&mut self, office_no: OfficeNo, service_kind: ServiceKind, items: &str) {
        let no = self.no();
        let period_until = plus(plus_months(self.today.first_of_month(), -1), -1);
        let period_from = plus_months(period_until.first_of_month(), -5);
        let items = Some(text(items));
        let sheet = LifeFeedback { office_no, service_kind, period_from, period_until, items, file: None };
        add(&mut self.records.life_feedback, no, plus(period_until, 20), sheet);
    }
}

/// An application taken back on that day: nothing follows, the end is 取下げ.
fn withdraw(application: &mut Application, on: Date) {
    use crate::records::Kind;
    application.as_known_on(on);
    application.board_planned_on = None;
    application.outcome = Some(Outcome::Withdrawn);
    application.care_level = None;
    application.valid_months = None;
    application.decided_on = Some(on);
    application.delay_notified_on = None;
    application.expected_on = None;
    application.delay_reason = None;
}

/// Day on which the qualification began: at 65 (第1号) or 40 (第2号), the day before the birthday, not before 2000-04-01.
fn acquired_on(born_on: Date, class: InsuredClass) -> Date {
    let years = match class {
        InsuredClass::First => 65,
        InsuredClass::Second => 40,
    };
    plus(plus_months(born_on, years * 12), -1).max(civil::date(2000, 4, 1))
}

/// 区分支給限度基準額, units a month (告示33号, since 2019-10).
pub(crate) fn monthly_units(level: CareLevel) -> i32 {
    match level {
        CareLevel::NotCertified => 0,
        CareLevel::ProjectTarget | CareLevel::Support1 => 5_032,
        CareLevel::Transitional => 6_150,
        CareLevel::Support2 => 10_531,
        CareLevel::Care1 => 16_765,
        CareLevel::Care2 => 19_705,
        CareLevel::Care3 => 27_048,
        CareLevel::Care4 => 30_938,
        CareLevel::Care5 => 36_217,
    }
}

/// Daily amounts of 負担限度額 for a year that starts on that day (令和8年厚生労働省告示第88号 from 2026-08).
fn amounts(stage: BurdenStage, start: Date) -> Relief {
    let new = start >= civil::date(2026, 8, 1);
    // 食費 施設, 食費 短期, ユニット型個室, 個室的多床室, 従来型 特養, 従来型 老健, 多床室
    let yen = match (stage, new) {
        (BurdenStage::One, _) => [300, 300, 880, 550, 380, 550, 0],
        (BurdenStage::Two, _) => [390, 600, 880, 550, 480, 550, 430],
        (BurdenStage::ThreeOne, false) => [650, 1_000, 1_370, 1_370, 880, 1_370, 430],
        (BurdenStage::ThreeOne, true) => [680, 1_030, 1_370, 1_370, 880, 1_370, 430],
        (BurdenStage::ThreeTwo, false) => [1_360, 1_300, 1_370, 1_370, 880, 1_370, 430],
        (BurdenStage::ThreeTwo, true) => [1_420, 1_360, 1_470, 1_470, 980, 1_470, 530],
        (BurdenStage::Four, _) => return Relief::default(),
    };
    let [meal, meal_short, unit, unit_shared, welfare, health, shared] = yen.map(|y| Some(Amount(y)));
    Relief {
        meal_facility: meal,
        meal_short_stay: meal_short,
        room_unit: unit,
        room_unit_shared: unit_shared,
        room_private_welfare: welfare,
        room_private_health: health,
        room_shared: shared,
        ..Relief::default()
    }
}

/// A text of this crate, taken unread for speed; a test reads every one again by the rules of its column.
pub(crate) fn text<const MAX: usize>(text: &str) -> Text<MAX> {
    load(text.to_owned())
}

/// A field from its stored form, taken unread for speed; a test reads every one again by the rules of its column.
fn load<F: Field + Default>(text: String) -> F {
    let mut field = F::default();
    if field.load(Cell::Text(text.into())).is_err() {
        return F::default();
    }
    field
}
