//! A case of certification at the municipality's desk: milestones, where it waits, the 30 days, 延期通知, results.
//!
//! Everything here explains and warns; the municipality decides. Only what cannot be a fact is an error.

use jiff::civil::date;

use super::validity::{self, ValidityCase};
use super::{Dated, at};
use crate::care_level::CareLevel;
use crate::code::{ApplicationKind, Outcome};
use crate::codes;
use crate::date::{Date, add_days, days_until, seireki};
use crate::progress::DEADLINE;
use crate::record::application::Application;

codes! {
    /// A day in a case that the municipality keeps (進捗の日付). Our own table.
    Milestone, "進捗の日付", {
        SurveyRequested = "survey-requested" "調査依頼日",
        Surveyed = "surveyed" "調査実施日",
        SurveyReceived = "survey-received" "調査票受領日",
        OpinionRequested = "opinion-requested" "意見書依頼日",
        OpinionReceived = "opinion-received" "意見書受領日",
        Computed = "computed" "一次判定日",
        BoardPlanned = "board-planned" "審査会予定日",
        Judged = "judged" "二次判定日",
        DelayNotified = "delay-notified" "延期通知日",
        Expected = "expected" "処理見込日",
    }
}

impl Milestone {
    /// The day as the record has it.
    pub fn of(self, app: &Application) -> Option<Date> {
        match self {
            Self::SurveyRequested => app.survey_requested_on,
            Self::Surveyed => app.surveyed_on,
            Self::SurveyReceived => app.survey_received_on,
            Self::OpinionRequested => app.opinion_requested_on,
            Self::OpinionReceived => app.opinion_received_on,
            Self::Computed => app.computed_on,
            Self::BoardPlanned => app.board_planned_on,
            Self::Judged => app.judged_on,
            Self::DelayNotified => app.delay_notified_on,
            Self::Expected => app.expected_on,
        }
    }

    /// Puts the day into the record, or takes it away.
    pub fn set(self, app: &mut Application, day: Option<Date>) {
        let place = match self {
            Self::SurveyRequested => &mut app.survey_requested_on,
            Self::Surveyed => &mut app.surveyed_on,
            Self::SurveyReceived => &mut app.survey_received_on,
            Self::OpinionRequested => &mut app.opinion_requested_on,
            Self::OpinionReceived => &mut app.opinion_received_on,
            Self::Computed => &mut app.computed_on,
            Self::BoardPlanned => &mut app.board_planned_on,
            Self::Judged => &mut app.judged_on,
            Self::DelayNotified => &mut app.delay_notified_on,
            Self::Expected => &mut app.expected_on,
        };
        *place = day;
    }

    /// Whether the day may lie ahead: a plan, not a fact.
    pub fn is_plan(self) -> bool {
        matches!(self, Self::BoardPlanned | Self::Expected)
    }

    /// Whether many cases may be given the day at once. 延期通知 needs a reason for each and is a form of its own.
    pub fn in_bulk(self) -> bool {
        !matches!(self, Self::DelayNotified | Self::Expected)
    }
}

/// What must come before what: the later day is never before the earlier one (27条の順).
const ORDER: &[(Milestone, Milestone)] = &[
    (Milestone::SurveyRequested, Milestone::Surveyed),
    (Milestone::Surveyed, Milestone::SurveyReceived),
    (Milestone::SurveyRequested, Milestone::SurveyReceived),
    (Milestone::OpinionRequested, Milestone::OpinionReceived),
    (Milestone::SurveyReceived, Milestone::Computed),
    (Milestone::OpinionReceived, Milestone::Computed),
    (Milestone::Computed, Milestone::Judged),
    (Milestone::DelayNotified, Milestone::Expected),
];

/// Something about a case that is wrong, or worth a second look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFinding {
    /// Whether it cannot be kept like this; else it only warns.
    pub error: bool,
    /// Stable code.
    pub code: &'static str,
    /// Form field it is about: code of a milestone, or `level`, `months`, `reason` …
    pub field: &'static str,
    /// What is wrong and what to do, in Japanese.
    pub say: String,
}

impl CaseFinding {
    fn error(code: &'static str, field: &'static str, say: impl Into<String>) -> Self {
        Self { error: true, code, field, say: say.into() }
    }

    fn warn(code: &'static str, field: &'static str, say: impl Into<String>) -> Self {
        Self { error: false, code, field, say: say.into() }
    }
}

codes! {
    /// Where a case waits (案件の段階): one place for each case. Our own table.
    CaseStep, "案件の段階", {
        Gathering = "gathering" "調査・意見書まち",
        Survey = "survey" "調査まち",
        Opinion = "opinion" "意見書まち",
        Computed = "computed" "一次判定まち",
        Assign = "assign" "審査会の割当まち",
        Board = "board" "審査会まち",
        Decision = "decision" "決定まち",
        Ended = "ended" "終わり",
    }
}

impl CaseStep {
    /// Where the case waits. A later day counts for the earlier ones: feeds leave days out.
    pub fn of(app: &Application) -> Self {
        if app.outcome.is_some() || app.decided_on.is_some() {
            return Self::Ended;
        }
        if app.kind == ApplicationKind::MovedIn || app.judged_on.is_some() {
            return Self::Decision;
        }
        if app.computed_on.is_some() {
            return if app.board_planned_on.is_some() { Self::Board } else { Self::Assign };
        }
        match (app.survey_received_on.is_some(), app.opinion_received_on.is_some()) {
            (true, true) => Self::Computed,
            (false, true) => Self::Survey,
            (true, false) => Self::Opinion,
            (false, false) => Self::Gathering,
        }
    }

    /// What the clerk does next.
    pub fn next(self) -> &'static str {
        match self {
            Self::Gathering => "認定調査と主治医意見書を依頼し、届いた日を入れます。",
            Self::Survey => "調査票が届いたら、受領日を入れます。",
            Self::Opinion => "意見書が届いたら、受領日を入れます。おくれているときは催促します。",
            Self::Computed => "一次判定ソフトにかけて、一次判定日を入れます。",
            Self::Assign => "審査会に割り当てます。",
            Self::Board => "審査会の判定を待ちます。",
            Self::Decision => "結果を決めて、通知します。",
            Self::Ended => "この案件は終わっています。",
        }
    }
}

/// Days after which cases are marked, for each kind of mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Days before the 30th day from which a case is due soon.
    pub soon: i32,
    /// Days after the request from which a 認定調査 is overdue.
    pub survey: i32,
    /// Days after the request from which a 主治医意見書 is overdue.
    pub opinion: i32,
    /// Days after the application from which a case is very old.
    pub very_old: i32,
}

/// Thresholds of the desk.
pub static THRESHOLDS: &[Dated<Thresholds>] = &[Dated {
    from: date(2000, 4, 1),
    until: None,
    value: THRESHOLDS_NOW,
    source: "調査7日・意見書13日は厚生労働省の目標（001415212.pdf）。期限前7日と60日は推定（市町村の運用による）",
}];

const THRESHOLDS_NOW: Thresholds = Thresholds { soon: 7, survey: 7, opinion: 13, very_old: 60 };

/// The thresholds of a day.
pub fn thresholds(day: Date) -> Thresholds {
    at(THRESHOLDS, day).map_or(THRESHOLDS_NOW, |row| row.value)
}

codes! {
    /// How a case stands to its 30 days (期限の区分). Our own table.
    CaseAge, "期限の区分", {
        InTime = "in-time" "期限内",
        Soon = "soon" "期限まで7日以内",
        Noticed = "noticed" "30日超（延期通知ずみ）",
        Over = "over" "30日超（延期通知なし）",
        VeryOld = "very-old" "60日超",
    }
}

/// Day by which an application is to be decided: 30 days after it (27条11項).
pub fn due_on(applied_on: Date) -> Date {
    add_days(applied_on, at(DEADLINE, applied_on).map_or(30, |row| row.value))
}

impl CaseAge {
    /// How an open case stands today.
    pub fn of(applied_on: Date, delay_notified_on: Option<Date>, today: Date) -> Self {
        let limits = thresholds(today);
        let left = days_until(today, due_on(applied_on));
        if days_until(applied_on, today) > limits.very_old {
            Self::VeryOld
        } else if left < 0 {
            if delay_notified_on.is_some() { Self::Noticed } else { Self::Over }
        } else if left <= limits.soon {
            Self::Soon
        } else {
            Self::InTime
        }
    }

    /// First and last day of application of the cases that stand like this today, as far as the day alone says.
    pub fn applied(self, today: Date) -> (Date, Date) {
        let limits = thresholds(today);
        let limit = at(DEADLINE, today).map_or(30, |row| row.value);
        let ago = |days: i32| add_days(today, -days);
        match self {
            Self::InTime => (ago(limit - limits.soon - 1), Date::MAX),
            Self::Soon => (ago(limit), ago(limit - limits.soon)),
            Self::Noticed | Self::Over => (ago(limits.very_old), ago(limit + 1)),
            Self::VeryOld => (Date::MIN, ago(limits.very_old + 1)),
        }
    }
}

codes! {
    /// Why a decision comes late (延期の理由の区分). Our own table after what municipalities' notices say.
    DelayReason, "延期の理由の区分", {
        Opinion = "opinion" "主治医意見書の作成に日数を要するため",
        SurveyPerson = "survey-person" "本人の都合などで認定調査に日数を要するため",
        SurveyDesk = "survey-desk" "認定調査の日程の調整に日数を要するため",
        Board = "board" "介護認定審査会の日程により日数を要するため",
        Unstable = "unstable" "入院などで心身の状態が落ち着くのを待つため",
        Disaster = "disaster" "災害などのため",
        Other = "other" "その他",
    }
}

/// A notice of delay (延期通知) as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelayNotice {
    /// Day of the notice.
    pub notified_on: Date,
    /// Expected day of the decision (処理見込期間).
    pub expected_on: Date,
    /// Kind of reason.
    pub reason: DelayReason,
    /// Further words; needed with その他.
    pub words: String,
}

impl DelayNotice {
    /// The reason as it stands in the record and on the letter.
    pub fn reason_text(&self) -> String {
        let words = self.words.trim();
        match (self.reason, words.is_empty()) {
            (DelayReason::Other, _) => words.to_owned(),
            (_, true) => self.reason.label().to_owned(),
            (_, false) => format!("{}（{words}）", self.reason.label()),
        }
    }

    /// What is wrong with the notice: 27条11項 asks for it within the 30 days, with the reason and the expected time.
    pub fn check(&self, app: &Application, today: Date) -> Vec<CaseFinding> {
        let mut found = Vec::new();
        let due = due_on(app.applied_on);
        if CaseStep::of(app) == CaseStep::Ended {
            found.push(CaseFinding::error(
                "case-ended",
                "",
                "この申請はもう終わっているので、延期の通知はできません。",
            ));
        }
        if self.notified_on < app.applied_on {
            let say = format!("通知日が申請日（{}）より前です。日付を確かめてください。", seireki(app.applied_on));
            found.push(CaseFinding::error("delay-before-application", "notified_on", say));
        }
        if self.notified_on > today {
            found.push(CaseFinding::error(
                "date-ahead",
                "notified_on",
                "通知日がきょうより後です。日付を確かめてください。",
            ));
        }
        if self.expected_on <= self.notified_on {
            let say = "処理見込日は、通知日より後の日を入れてください。";
            found.push(CaseFinding::error("delay-expected", "expected_on", say));
        } else if self.expected_on <= due {
            let say = format!("処理見込日が30日の期限（{}）の中です。延期が要るか確かめてください。", seireki(due));
            found.push(CaseFinding::warn("delay-not-needed", "expected_on", say));
        }
        if self.reason == DelayReason::Other && self.words.trim().is_empty() {
            found.push(CaseFinding::error("delay-reason", "words", "「その他」のときは、理由を書いてください。"));
        }
        if self.reason_text().chars().count() > 100 {
            found.push(CaseFinding::error("cell-too-long", "words", "理由は、あわせて100文字までにしてください。"));
        }
        if self.notified_on > due {
            let say = format!(
                "期限（{}）をすぎてからの通知です。法27条11項の通知は、申請から30日以内に行うものです。記録はそのまま残ります。",
                seireki(due)
            );
            found.push(CaseFinding::warn("delay-late", "notified_on", say));
        }
        found
    }
}

/// What is wrong with the days of a case. Days that cannot be (before the application, done in the future) are errors; days
/// out of order only warn, because papers overtake each other.
pub fn check_days(app: &Application, today: Date) -> Vec<CaseFinding> {
    let mut found = Vec::new();
    for &milestone in Milestone::ALL {
        let Some(day) = milestone.of(app) else { continue };
        if day < app.applied_on {
            let say = format!(
                "{}（{}）が申請日（{}）より前です。日付を確かめてください。",
                milestone.label(),
                seireki(day),
                seireki(app.applied_on)
            );
            found.push(CaseFinding::error("date-before-application", milestone.code(), say));
        }
        if day > today && !milestone.is_plan() {
            let say =
                format!("{}（{}）がきょうより後です。済んだ日を入れてください。", milestone.label(), seireki(day));
            found.push(CaseFinding::error("date-ahead", milestone.code(), say));
        }
    }
    for &(earlier, later) in ORDER {
        if let (Some(first), Some(second)) = (earlier.of(app), later.of(app))
            && second < first
        {
            let say = format!(
                "{}（{}）が{}（{}）より前です。順番を確かめてください。",
                later.label(),
                seireki(second),
                earlier.label(),
                seireki(first)
            );
            found.push(CaseFinding::warn("date-order", later.code(), say));
        }
    }
    if app.computed_on.is_some() && app.kind != ApplicationKind::MovedIn {
        for missing in [Milestone::SurveyReceived, Milestone::OpinionReceived] {
            if missing.of(app).is_none() {
                let say = format!("一次判定日がありますが、{}が入っていません。", missing.label());
                found.push(CaseFinding::warn("date-missing", missing.code(), say));
            }
        }
    }
    found
}

codes! {
    /// What a board says about a case (審査会の判定). Our own table after 介護認定審査会の運営要綱.
    Verdict, "審査会の判定", {
        Certified = "certified" "認定",
        NotCertified = "not-certified" "非該当",
        Resurvey = "resurvey" "再調査",
        Again = "again" "再審査",
    }
}

impl Verdict {
    /// Whether the insurer can decide upon it; else the case comes before a board again.
    pub fn decides(self) -> bool {
        matches!(self, Self::Certified | Self::NotCertified)
    }
}

/// A result as it is typed (認定・非該当・取下げ・却下).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// How it ends.
    pub outcome: Outcome,
    /// Day of the decision (認定日, or 取下げ・却下の日).
    pub decided_on: Date,
    /// Level, with 認定 only.
    pub care_level: Option<CareLevel>,
    /// Months of validity (認定有効月数), with 認定 only.
    pub months: Option<i32>,
}

/// The certification before, as far as the rules ask for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// Its level.
    pub care_level: Option<CareLevel>,
    /// Its last day.
    pub valid_until: Option<Date>,
}

impl Decision {
    /// The case that decides the months.
    pub fn validity(kind: ApplicationKind, level: Option<CareLevel>, before: Before) -> ValidityCase {
        ValidityCase::of(kind, level.is_some() && level == before.care_level)
    }

    /// First and last day of validity that follow from the months.
    pub fn period(app: &Application, before: Before, months: i32) -> (Date, Date) {
        let start = validity::start_of_period(app.kind, app.applied_on, before.valid_until);
        (start, validity::end_of_period(start, months))
    }

    /// What is wrong with the result.
    pub fn check(&self, app: &Application, before: Before, today: Date) -> Vec<CaseFinding> {
        let mut found = Vec::new();
        if self.decided_on < app.applied_on {
            found.push(CaseFinding::error("date-before-application", "decided_on", "決定日が申請日より前です。"));
        }
        if self.decided_on > today {
            found.push(CaseFinding::error("date-ahead", "decided_on", "決定日がきょうより後です。"));
        }
        let decides = matches!(self.outcome, Outcome::Certified | Outcome::NotCertified);
        if decides && app.judged_on.is_none() && app.kind != ApplicationKind::MovedIn {
            let say = "審査会の判定日（二次判定日）が入っていません。先に判定を記録してください。";
            found.push(CaseFinding::warn("not-judged", "decided_on", say));
        }
        if self.outcome == Outcome::Certified {
            self.check_certified(app, before, &mut found);
        } else if self.care_level.is_some() || self.months.is_some() {
            let say = "要介護状態区分と有効月数は、認定のときだけ入れます。";
            found.push(CaseFinding::error("level-without-certification", "level", say));
        }
        found
    }

    fn check_certified(&self, app: &Application, before: Before, found: &mut Vec<CaseFinding>) {
        match self.care_level {
            None => found.push(CaseFinding::error("level-missing", "level", "要介護状態区分を選んでください。")),
            Some(CareLevel::NotCertified | CareLevel::ProjectTarget | CareLevel::Transitional) => {
                let say = "認定の区分は、要支援1から要介護5までです。非該当のときは「非該当」を選んでください。";
                found.push(CaseFinding::error("level-not-certified", "level", say));
            }
            Some(
                CareLevel::Support1
                | CareLevel::Support2
                | CareLevel::Care1
                | CareLevel::Care2
                | CareLevel::Care3
                | CareLevel::Care4
                | CareLevel::Care5,
            ) => {}
        }
        let case = Self::validity(app.kind, self.care_level, before);
        let range = validity::months(case, app.applied_on);
        match (self.months, range) {
            (None, _) => found.push(CaseFinding::error("months-missing", "months", "有効月数を入れてください。")),
            (Some(months), Some(range)) if !(range.min..=range.max).contains(&months) => {
                let say = format!(
                    "有効月数は、この申請では{}か月から{}か月までです（施行規則38条・52条）。",
                    range.min, range.max
                );
                found.push(CaseFinding::error("months-range", "months", say));
            }
            (Some(_), _) => {}
        }
    }
}

#[cfg(test)]
mod tests;
