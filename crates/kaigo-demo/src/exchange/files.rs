//! The files of each unit (送信単位) for some people.

use kaigo_careplan::batch::InFile;
use kaigo_careplan::kind::Kind;
use kaigo_careplan::layout::{basic_deletion, planned_deletion, prevention_deletion, result_deletion, sheet1_deletion};
use kaigo_careplan::name::Month;
use kaigo_core::date::Date;
use kaigo_core::record::certification::Certification;

use super::catalogue::{self, Party};
use super::month::{self, Visit};
use super::plan::{self, Role};
use super::row::{Envelope, Row, digits};
use super::who::User;
use super::{preventive, usage};

/// A person's month: what was planned first, what in the end, and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Course<'a> {
    pub(super) user: &'a User,
    pub(super) at: usize,
    pub(super) month: Month,
    pub(super) certification: &'a Certification,
    pub(super) first: Vec<Visit>,
    pub(super) last: Vec<Visit>,
    pub(super) result: Vec<Visit>,
    /// Days of 短期入所 in the months before, and up to this month.
    pub(super) stays: Option<(i32, i32)>,
}

impl Course<'_> {
    /// What is planned, before or after the change within the month.
    pub(super) fn planned(&self, changed: bool) -> &[Visit] {
        if changed { &self.last } else { &self.first }
    }

    /// Whether the plan has that partner.
    pub(super) fn has(&self, partner: usize, changed: bool) -> bool {
        self.planned(changed).iter().any(|visit| visit.partner == partner)
    }
}

/// 第1〜3表 with 利用者補足情報; each plan was made on its day.
pub(super) fn care_plan(envelope: &Envelope, plans: &[(&Course<'_>, Date)]) -> Vec<InFile> {
    let mut rows: [Vec<Row>; 4] = Default::default();
    let [sheet1, sheet2, sheet3, supplement] = &mut rows;
    for (course, made_on) in plans {
        let (user, certification) = (course.user, course.certification);
        sheet1.push(plan::sheet1(user, certification, *made_on));
        sheet2.extend(plan::sheet2(user, *made_on));
        sheet3.extend(plan::sheet3(user, certification, *made_on));
        supplement.push(plan::supplement(user, certification, course.month, Role::Plan(*made_on)));
    }
    let kinds = [Kind::Sheet1, Kind::Sheet2, Kind::Sheet3, Kind::Supplement];
    kinds.into_iter().zip(&rows).map(|(kind, rows)| envelope.file(kind, None, rows)).collect()
}

/// 第6表予定 and 第7表 with 利用者補足情報, of one month.
pub(super) fn usage(envelope: &Envelope, courses: &[&Course<'_>], changed: bool, made_on: Date) -> Vec<InFile> {
    let Some(month) = courses.first().map(|course| course.month) else { return Vec::new() };
    let mut rows: [Vec<Row>; 3] = Default::default();
    let [planned, details, supplement] = &mut rows;
    for course in courses {
        let (user, certification) = (course.user, course.certification);
        let visits = course.planned(changed);
        let writer = catalogue::manager(user.manager).office_no();
        planned.extend(usage::rows(user, Kind::Planned, month, made_on, visits, writer));
        details.extend(usage::details(user, certification, month, made_on, visits, course.stays));
        let over = usage::over(certification, month, visits);
        supplement.push(plan::supplement(user, certification, month, Role::Usage { over, stays: course.stays }));
    }
    let kinds = [Kind::Planned, Kind::Detail, Kind::Supplement];
    kinds.into_iter().zip(&rows).map(|(kind, rows)| envelope.file(kind, Some(month), rows)).collect()
}

/// 第6表実績 of those partners, or of all.
pub(super) fn result(
    envelope: &Envelope,
    courses: &[&Course<'_>],
    partner: Option<usize>,
    made_on: Date,
) -> Vec<InFile> {
    let Some(month) = courses.first().map(|course| course.month) else { return Vec::new() };
    let mut rows = Vec::new();
    for course in courses {
        let own = course.result.iter().filter(|visit| partner.is_none_or(|partner| visit.partner == partner));
        let own: Vec<Visit> = own.cloned().collect();
        rows.extend(usage::rows(course.user, Kind::Result, month, made_on, &own, envelope.from.office_no));
    }
    vec![envelope.file(Kind::Result, Some(month), &rows)]
}

/// 支援計画書 with its 別表, with 利用者基本情報 or without.
pub(super) fn prevention(envelope: &Envelope, plans: &[(&Course<'_>, Date)], with_basic: bool) -> Vec<InFile> {
    let about = |course: &Course<'_>, day: Date| preventive::prevention(course.user, course.certification, day);
    let plan: Vec<Row> = plans.iter().map(|(course, day)| about(course, *day)).collect();
    let supports: Vec<Row> = plans.iter().flat_map(|(course, day)| preventive::supports(course.user, *day)).collect();
    let mut files =
        vec![envelope.file(Kind::Prevention, None, &plan), envelope.file(Kind::PreventionSupport, None, &supports)];
    if with_basic {
        files.extend(basic(envelope, plans));
    }
    files
}

/// 利用者基本情報 with 別表1, 別表2 and the pictures.
pub(super) fn basic(envelope: &Envelope, plans: &[(&Course<'_>, Date)]) -> Vec<InFile> {
    let mut rows: [Vec<Row>; 3] = Default::default();
    let mut pictures = Vec::new();
    let [person, days, illnesses] = &mut rows;
    for (branch, (course, day)) in (1..).zip(plans) {
        let mut name = envelope.name(Kind::BasicImage, None);
        name.branch = Some(branch);
        person.push(preventive::basic(course.user, course.certification, *day, &name.to_string()));
        days.extend(preventive::basic_days(course.user, *day));
        illnesses.extend(preventive::basic_illnesses(course.user, *day));
        pictures.push(InFile { name: name.to_string(), bytes: preventive::FAMILY.to_vec() });
    }
    let kinds = [Kind::Basic, Kind::BasicDay, Kind::BasicIllness];
    kinds.into_iter().zip(&rows).map(|(kind, rows)| envelope.file(kind, None, rows)).chain(pictures).collect()
}

/// What is taken back.
#[derive(Clone, Copy, Debug)]
pub(super) enum Taken<'a> {
    /// 第1表 of that day.
    CarePlan(Date),
    /// 予定 of that month.
    Usage(Month),
    /// 実績 of that month and office.
    Result(Month, &'a Party),
    /// 利用者基本情報 of that day.
    Basic(Date),
    /// 支援計画書 of that day.
    Prevention(Date),
}

/// A 削除 file about one person.
pub(super) fn deletion(envelope: &Envelope, user: &User, taken: Taken<'_>) -> Vec<InFile> {
    let (kind, month, row) = match taken {
        Taken::CarePlan(day) => {
            let row = plan::about(user, Kind::Sheet1Deletion).set(sheet1_deletion::PLAN_DATE, digits(day));
            (Kind::Sheet1Deletion, None, row)
        }
        Taken::Usage(month) => {
            let row = plan::about(user, Kind::PlannedDeletion).set(planned_deletion::MONTH, month.to_string());
            (Kind::PlannedDeletion, Some(month), row)
        }
        Taken::Result(month, office) => {
            let row = plan::about(user, Kind::ResultDeletion)
                .set(result_deletion::MONTH, month.to_string())
                .set(result_deletion::OFFICE_NO, office.office_no().as_str())
                .set(result_deletion::KIND, office.kind.code());
            (Kind::ResultDeletion, Some(month), row)
        }
        Taken::Basic(day) => {
            let row = plan::about(user, Kind::BasicDeletion).set(basic_deletion::CONSULTED_ON, digits(day));
            (Kind::BasicDeletion, None, row)
        }
        Taken::Prevention(day) => {
            let row = plan::about(user, Kind::PreventionDeletion).set(prevention_deletion::PLAN_DATE, digits(day));
            (Kind::PreventionDeletion, None, row)
        }
    };
    vec![envelope.file(kind, month, &[row])]
}

/// Courses of all people through the three months.
pub(super) fn courses<'a>(users: &'a [User], months: &[Month; 3], seed: u64) -> Vec<Course<'a>> {
    let mut courses = Vec::new();
    for user in users {
        let mut stayed = 0;
        for (at, month) in months.iter().enumerate() {
            let Some(certification) = user.certified(*month) else { continue };
            let level = certification.care_level;
            let first = month::planned(user, at, *month, level, false);
            let last = month::planned(user, at, *month, level, true);
            let stream = u64::try_from(user.number * 4 + at).unwrap_or(0);
            let mut dice = crate::dice::Dice::new(seed, (4 << 60) | stream);
            let result = month::result(user, at, *month, &last, &mut dice);
            let days = i32::try_from(month::stay_days(user, *month).len()).unwrap_or(0);
            let stays = (days > 0).then_some((stayed, stayed + days));
            stayed += days;
            courses.push(Course { user, at, month: *month, certification, first, last, result, stays });
        }
    }
    courses
}
