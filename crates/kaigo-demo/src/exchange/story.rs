//! What happened in the three months: the monthly round of every pair of offices, and the events apart from it.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use kaigo_careplan::kind::Unit;
use kaigo_careplan::name::Month;

use super::catalogue::{
    self, ASAGAO, CENTER, KAMOME, KAMOME_HELP, MANAGERS, MINATO, NAGISA, PARTNERS, ROUKEN, TOUDAI, UMINEKO_RENTAL,
    YAMANOHA, YAMANOHA_DAY,
};
use super::files::{self, Course, Taken};
use super::month::HOSPITAL_DAY;
use super::timeline::{Receiver, Timeline, workday, workday_before};
use super::who::{self, Change, User, before};
use super::{DemoExchange, DemoMember, draft};
use crate::Nation;
use crate::cast::FUMI;
use crate::day::plus;

/// Results of last month that have not come: manager and partner.
const MISSING: &[(usize, usize)] = &[(MINATO, TOUDAI), (YAMANOHA, YAMANOHA_DAY), (KAMOME, KAMOME_HELP)];
/// Sets of this month that the partner has not fetched.
const UNFETCHED: &[(usize, usize)] = &[(MINATO, TOUDAI), (KAMOME, ASAGAO), (YAMANOHA, NAGISA)];
/// Results of last month that the manager has not fetched.
const WAITING: &[(usize, usize)] = &[(MINATO, NAGISA), (MINATO, ROUKEN), (CENTER, catalogue::HAMANASU_OWN)];

pub(super) fn tell(nation: &Nation) -> DemoExchange {
    let this = Month::of(nation.today());
    let months = [this.previous().previous(), this.previous(), this];
    let users = who::users(nation);
    let courses = files::courses(&users, &months, nation.seed);
    let mut story = Story { months, courses, line: Timeline::new(nation.today()) };
    for at in 0..months.len() {
        story.plans(at);
        story.planned(at);
        story.results(at);
    }
    story.entrusted();
    story.changes();
    story.hospital();
    story.wrong_plan();
    story.wrong_result();
    story.wrong_support();
    story.recalled();
    story.news(nation.today());
    draft::keep(&mut story, nation.today());
    let mut members: Vec<DemoMember> = Vec::new();
    for party in MANAGERS.iter().chain(PARTNERS).filter(|party| party.is_member()) {
        let member = DemoMember { office_no: party.office_no(), login: party.login };
        if !members.contains(&member) {
            members.push(member);
        }
    }
    DemoExchange { months, members, sends: story.line.finish() }
}

pub(super) struct Story<'a> {
    months: [Month; 3],
    courses: Vec<Course<'a>>,
    pub(super) line: Timeline,
}

/// Working hours, spread over the offices.
fn moment(day: Date, manager: usize, partner: usize, at: usize) -> DateTime {
    let small = |n: usize| i8::try_from(n).unwrap_or(0);
    let hour = small(9 + (manager * 3 + partner) % 8);
    let minute = small((manager * 13 + partner * 7 + at * 5) % 60);
    workday(day).at(hour, minute, 0, 0)
}

/// The day on which a person's plan for a month was made.
fn made_on(user: &User, month: Month) -> Date {
    workday(before(month, 14 - i32::try_from(user.number % 6).unwrap_or(0)))
}

/// The day after the 予定 of a month were sent.
fn after_planned(month: Month) -> Date {
    workday(plus(workday(before(month, 5)), 1))
}

/// Every pair of a manager and a partner that has joined.
fn pairs() -> impl Iterator<Item = (usize, usize)> {
    (0..MANAGERS.len()).flat_map(|manager| {
        PARTNERS.iter().enumerate().filter(|(_, party)| party.is_member()).map(move |(partner, _)| (manager, partner))
    })
}

impl<'a> Story<'a> {
    pub(super) fn month(&self, at: usize) -> Month {
        self.months.get(at).copied().unwrap_or_else(|| Month::of(Date::MIN))
    }

    /// Courses of a pair in a month.
    pub(super) fn of_pair(&self, at: usize, manager: usize, partner: usize, changed: bool) -> Vec<&Course<'a>> {
        let own =
            |course: &&Course<'_>| course.at == at && course.user.manager == manager && course.has(partner, changed);
        self.courses.iter().filter(own).collect()
    }

    fn course(&self, at: usize, is_it: impl Fn(&User) -> bool) -> Option<Course<'a>> {
        self.courses.iter().find(|course| course.at == at && is_it(course.user)).cloned()
    }

    /// 第1〜3表, or 支援計画書 of 介護予防: all in the first month, then only the new ones.
    fn plans(&mut self, at: usize) {
        let month = self.month(at);
        for (manager, partner) in pairs() {
            let due: Vec<Course<'a>> = self
                .of_pair(at, manager, partner, false)
                .into_iter()
                .filter(|course| at == 0 || course.user.renews == Some(at))
                .cloned()
                .collect();
            let dated = |is_prevention: bool| -> Vec<(&Course<'_>, Date)> {
                let own = due.iter().filter(|course| course.user.is_prevention == is_prevention);
                own.map(|course| (course, made_on(course.user, month))).collect()
            };
            let ends = (&catalogue::manager(manager), &catalogue::partner(partner));
            let when = moment(before(month, 7), manager, partner, at);
            let (care, support) = (dated(false), dated(true));
            if !care.is_empty() {
                self.line.send(when, ends, (month, Unit::CarePlan), Receiver::Prompt, |envelope| {
                    files::care_plan(envelope, &care)
                });
            }
            if !support.is_empty() {
                let later = when.saturating_add(9.minutes());
                self.line.send(later, ends, (month, Unit::Prevention), Receiver::Prompt, |envelope| {
                    files::prevention(envelope, &support, at == 0)
                });
            }
        }
    }

    /// 予定 of the month with 別表.
    fn planned(&mut self, at: usize) {
        let month = self.month(at);
        for (manager, partner) in pairs() {
            let courses: Vec<Course<'a>> = self.of_pair(at, manager, partner, false).into_iter().cloned().collect();
            if courses.is_empty() {
                continue;
            }
            let when = moment(before(month, 5), manager, partner, at);
            let receiver = match at {
                2 if UNFETCHED.contains(&(manager, partner)) => Receiver::Absent,
                _ if (manager + partner).is_multiple_of(5) => Receiver::FetchesOnly,
                _ => Receiver::Prompt,
            };
            let ends = (&catalogue::manager(manager), &catalogue::partner(partner));
            self.line.send(when, ends, (month, Unit::Usage), receiver, |envelope| {
                files::usage(envelope, &courses.iter().collect::<Vec<_>>(), false, when.date())
            });
        }
    }

    /// 実績 of the month, in the first days of the next.
    fn results(&mut self, at: usize) {
        let month = self.month(at);
        for (manager, partner) in pairs() {
            if at == 1 && MISSING.contains(&(manager, partner)) {
                continue;
            }
            let courses: Vec<Course<'a>> = self.of_pair(at, manager, partner, true).into_iter().cloned().collect();
            let came = |course: &Course<'_>| course.result.iter().any(|visit| visit.partner == partner);
            let courses: Vec<&Course<'_>> = courses.iter().filter(|course| came(course)).collect();
            if courses.is_empty() {
                continue;
            }
            let days = i32::try_from((partner * 3 + manager) % 6).unwrap_or(0);
            let when = moment(before(month.next(), -days), partner, manager, at);
            let receiver = match at {
                1 if WAITING.contains(&(manager, partner)) => Receiver::Absent,
                1 if (manager + partner).is_multiple_of(3) => Receiver::FetchesOnly,
                _ => Receiver::Prompt,
            };
            let ends = (&catalogue::partner(partner), &catalogue::manager(manager));
            self.line.send(when, ends, (month, Unit::Result), receiver, |envelope| {
                files::result(envelope, &courses, Some(partner), when.date())
            });
        }
    }

    /// 委託: the center tells about the person, the manager returns 予定 and 実績 together.
    fn entrusted(&mut self) {
        let (center, minato) = (&catalogue::manager(CENTER), &catalogue::manager(MINATO));
        for at in 0..2 {
            let Some(course) = self.course(at, |user| user.is_prevention && user.manager == MINATO) else { continue };
            let month = course.month;
            if at == 0 {
                let consulted = workday(before(month, 21));
                let when = consulted.at(16, 20, 0, 0);
                self.line.send(when, (center, minato), (month, Unit::Basic), Receiver::Prompt, |envelope| {
                    files::basic(envelope, &[(&course, consulted)])
                });
            }
            let when = workday(before(month.next(), -8)).at(11, 30, 0, 0);
            self.line.send(when, (minato, center), (month, Unit::UsageAndResult), Receiver::Prompt, |envelope| {
                let mut files = files::usage(envelope, &[&course], true, when.date());
                files.extend(files::result(envelope, &[&course], None, when.date()));
                files
            });
        }
    }

    /// Changes within a month: 予定 again to all partners of the person, 取消 to an office that has no service left.
    fn changes(&mut self) {
        let changed: Vec<Course<'a>> = self
            .courses
            .iter()
            .filter(|course| course.user.change.is_some_and(|(at, _)| at == course.at))
            .cloned()
            .collect();
        for course in &changed {
            let manager = catalogue::manager(course.user.manager);
            // Another office from the first of the month on; one more day within it.
            let is_moving = matches!(course.user.change, Some((_, Change::Office(..))));
            let day = if is_moving { after_planned(course.month) } else { before(course.month, -5) };
            let when = moment(day, course.user.manager, 2, course.at);
            if let Some((_, Change::Office(from, _))) = course.user.change {
                let ends = (&manager, &catalogue::partner(from));
                let earlier = when.saturating_sub(6.minutes());
                self.line.send(earlier, ends, (course.month, Unit::UsageDeletion), Receiver::Prompt, |envelope| {
                    files::deletion(envelope, course.user, Taken::Usage(course.month))
                });
            }
            let own =
                PARTNERS.iter().enumerate().filter(|(place, party)| party.is_member() && course.has(*place, true));
            for (n, (_, party)) in own.enumerate() {
                let later = when.saturating_add(i64::try_from(n).unwrap_or(0).minutes());
                self.line.send(later, (&manager, party), (course.month, Unit::Usage), Receiver::Prompt, |envelope| {
                    files::usage(envelope, &[course], true, when.date())
                });
            }
        }
    }

    /// Somebody went to hospital: the offices send what had been done at once.
    fn hospital(&mut self) {
        let Some(course) = self.courses.iter().find(|course| course.user.hospital == Some(course.at)).cloned() else {
            return;
        };
        let manager = catalogue::manager(course.user.manager);
        for (n, party) in PARTNERS.iter().enumerate().filter(|(_, party)| party.is_member()) {
            if course.result.iter().any(|visit| visit.partner == n) {
                let day = before(course.month, -i32::from(HOSPITAL_DAY) - 1);
                let when = moment(day, n, course.user.manager, course.at);
                self.line.send(when, (party, &manager), (course.month, Unit::Result), Receiver::Prompt, |envelope| {
                    files::result(envelope, &[&course], Some(n), when.date())
                });
            }
        }
    }

    /// A plan under a wrong day, taken back on the next day.
    fn wrong_plan(&mut self) {
        let Some(course) = self.course(0, |user| user.manager == KAMOME && user.has(UMINEKO_RENTAL)) else { return };
        let ends = (&catalogue::manager(KAMOME), &catalogue::partner(UMINEKO_RENTAL));
        let wrong = plus(made_on(course.user, course.month), 1);
        let when = workday(before(course.month, 4)).at(10, 5, 0, 0);
        self.line.send(when, ends, (course.month, Unit::CarePlan), Receiver::Prompt, |envelope| {
            files::care_plan(envelope, &[(&course, wrong)])
        });
        let later = workday(plus(when.date(), 1)).at(15, 5, 0, 0);
        self.line.send(later, ends, (course.month, Unit::CarePlanDeletion), Receiver::Prompt, |envelope| {
            files::deletion(envelope, course.user, Taken::CarePlan(wrong))
        });
    }

    /// 実績 of a person taken back by the office and sent again.
    fn wrong_result(&mut self) {
        let asagao = catalogue::partner(ASAGAO);
        let Some(course) = self.course(0, |user| user.manager == MINATO && user.has(ASAGAO)) else { return };
        let manager = catalogue::manager(MINATO);
        let ends = (&asagao, &manager);
        let when = workday(before(course.month.next(), -9)).at(13, 15, 0, 0);
        self.line.send(when, ends, (course.month, Unit::ResultDeletion), Receiver::Prompt, |envelope| {
            files::deletion(envelope, course.user, Taken::Result(course.month, &asagao))
        });
        let later = when.saturating_add(40.minutes());
        self.line.send(later, ends, (course.month, Unit::Result), Receiver::Prompt, |envelope| {
            files::result(envelope, &[&course], Some(ASAGAO), when.date())
        });
    }

    /// 支援計画書 and 基本情報 under a wrong day, taken back.
    fn wrong_support(&mut self) {
        let Some(course) = self.course(0, |user| user.manager == CENTER) else { return };
        let Some(partner) = course.first.first().map(|visit| catalogue::partner(visit.partner)) else { return };
        let ends = (&catalogue::manager(CENTER), &partner);
        let wrong = plus(made_on(course.user, course.month), 2);
        let when = workday(before(course.month, 3)).at(14, 10, 0, 0);
        let month = course.month;
        self.line.send(when, ends, (month, Unit::Prevention), Receiver::Prompt, |envelope| {
            files::prevention(envelope, &[(&course, wrong)], true)
        });
        for (minutes, unit, taken) in
            [(35, Unit::PreventionDeletion, Taken::Prevention(wrong)), (38, Unit::BasicDeletion, Taken::Basic(wrong))]
        {
            let later = workday(plus(when.date(), 1)).at(13, minutes, 0, 0);
            self.line.send(later, ends, (month, unit), Receiver::Prompt, |envelope| {
                files::deletion(envelope, course.user, taken)
            });
        }
    }

    /// 予定 sent too early, taken back before the partner fetched it, and sent again.
    fn recalled(&mut self) {
        let Some(course) = self.course(2, |user| user.manager == KAMOME && user.has(TOUDAI)) else { return };
        let ends = (&catalogue::manager(KAMOME), &catalogue::partner(TOUDAI));
        let when = after_planned(course.month).at(16, 40, 0, 0);
        let sent = self.line.send(when, ends, (course.month, Unit::Usage), Receiver::Absent, |envelope| {
            files::usage(envelope, &[&course], false, when.date())
        });
        if let Some(send) = sent.and_then(|place| self.line.sends.get_mut(place)) {
            send.recalled_at = Some(when.saturating_add(25.minutes()));
        }
        let later = when.saturating_add(50.minutes());
        self.line.send(later, ends, (course.month, Unit::Usage), Receiver::Prompt, |envelope| {
            files::usage(envelope, &[&course], true, when.date())
        });
    }

    /// What came on the last working day: new plans of 高津 ふみ, whose level changes with the next month, and 利用者基本情報 of
    /// the person whose plan is entrusted.
    fn news(&mut self, today: Date) {
        let day = workday_before(today);
        let (center, minato) = (&catalogue::manager(CENTER), &catalogue::manager(MINATO));
        if let Some(course) = self.course(2, |user| user.insured_no.as_str() == FUMI)
            && let Some(certification) = course.user.certified(course.month.next())
        {
            let course = Course { certification, month: course.month.next(), ..course };
            let own = PARTNERS.iter().enumerate().filter(|(place, party)| party.is_member() && course.user.has(*place));
            for (n, (_, party)) in own.enumerate() {
                let when = day.at(16, 10, 0, 0).saturating_add(i64::try_from(n).unwrap_or(0).minutes());
                self.line.send(when, (minato, party), (course.month, Unit::CarePlan), Receiver::Absent, |envelope| {
                    files::care_plan(envelope, &[(&course, day)])
                });
            }
        }
        if let Some(course) = self.course(2, |user| user.is_prevention && user.manager == MINATO) {
            let when = day.at(15, 20, 0, 0);
            self.line.send(when, (center, minato), (course.month, Unit::Basic), Receiver::Absent, |envelope| {
                files::basic(envelope, &[(&course, day)])
            });
        }
    }
}
