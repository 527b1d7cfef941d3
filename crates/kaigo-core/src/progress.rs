//! The timeline of an application for certification (認定申請の進み具合), for staff and in plain words for the citizen.
//!
//! Order by 介護保険法 27条: application; survey and doctor's opinion side by side; judgement by computer; board; decision,
//! within 30 days or with a notice of delay (11項). The records say what happened; nothing is predicted but usual days.

pub mod pace;

use jiff::civil::date;

use crate::code::{ApplicationKind, Outcome};
use crate::date::{Date, add_days, days_until, seireki};
use crate::record::application::Application;
use crate::rule::{Dated, at};

/// Days within which an application is decided (27条11項).
pub static DEADLINE: &[Dated<i32>] = &[Dated {
    from: date(2000, 4, 1),
    until: None,
    value: DEADLINE_NOW,
    source: "介護保険法27条11項（32条9項で要支援に準用）",
}];

const DEADLINE_NOW: i32 = 30;

/// How long steps usually take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsualDays {
    /// National mean, in tenths of a day.
    pub mean_tenths: i32,
    /// Target of 厚生労働省, days.
    pub target: i32,
}

/// Usual days of the steps that take time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsualSteps {
    /// 認定調査, from the request.
    pub survey: UsualDays,
    /// 主治医意見書, from the request.
    pub opinion: UsualDays,
    /// 一次判定から審査会・認定まで.
    pub board: UsualDays,
}

/// Usual days: national means of fiscal 2023, targets of 厚生労働省.
pub static USUAL: &[Dated<UsualSteps>] = &[Dated {
    from: date(2023, 4, 1),
    until: None,
    value: UsualSteps {
        survey: UsualDays { mean_tenths: 109, target: 7 },
        opinion: UsualDays { mean_tenths: 180, target: 13 },
        board: UsualDays { mean_tenths: 169, target: 12 },
    },
    source: "厚生労働省（令和5年度の全国平均と目標。https://www.mhlw.go.jp/content/12300000/001415212.pdf）",
}];

/// Kind of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepKind {
    /// 申請受付.
    Received,
    /// 認定調査.
    Survey,
    /// 主治医意見書.
    Opinion,
    /// 一次判定.
    Computed,
    /// 介護認定審査会（二次判定）.
    Board,
    /// 認定の決定.
    Decision,
}

impl StepKind {
    /// Every step in order.
    pub const ALL: [Self; 6] =
        [Self::Received, Self::Survey, Self::Opinion, Self::Computed, Self::Board, Self::Decision];

    /// Stable name for JSON and styles.
    pub fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Survey => "survey",
            Self::Opinion => "opinion",
            Self::Computed => "computed",
            Self::Board => "board",
            Self::Decision => "decision",
        }
    }

    /// Name for staff.
    pub fn label(self) -> &'static str {
        match self {
            Self::Received => "申請受付",
            Self::Survey => "認定調査",
            Self::Opinion => "主治医意見書",
            Self::Computed => "一次判定",
            Self::Board => "介護認定審査会（二次判定）",
            Self::Decision => "認定の決定",
        }
    }

    /// The step in plain words (やさしい日本語), as its state asks.
    pub fn plain(self, state: StepState) -> &'static str {
        let done = match state {
            StepState::Done { .. } => true,
            StepState::Now | StepState::ToCome => false,
            StepState::Skipped => return "このことは、おこないません",
        };
        match (self, done) {
            (Self::Received, _) => "申しこみを受け付けました",
            (Self::Survey, false) => "調査員が、からだやくらしの様子を聞きます",
            (Self::Survey, true) => "調査が終わりました",
            (Self::Opinion, false) => "かかりつけのお医者さんが、意見を書きます",
            (Self::Opinion, true) => "お医者さんの意見が届きました",
            (Self::Computed, false) => "コンピューターで、必要な介護の量をはかります",
            (Self::Computed, true) => "必要な介護の量をはかりました",
            (Self::Board, false) => "専門家の会議で、話し合います",
            (Self::Board, true) => "専門家の話し合いが終わりました",
            (Self::Decision, false) => "結果が決まり、お知らせが届きます",
            (Self::Decision, true) => "結果が決まりました",
        }
    }
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Done, on that day if it is known.
    Done {
        /// Day it was done.
        on: Option<Date>,
    },
    /// Under way.
    Now,
    /// Not begun.
    ToCome,
    /// Will not be done: the application ended before, or its kind does not have it.
    Skipped,
}

impl StepState {
    /// Stable name for JSON and styles.
    pub fn code(self) -> &'static str {
        match self {
            Self::Done { .. } => "done",
            Self::Now => "now",
            Self::ToCome => "to-come",
            Self::Skipped => "skipped",
        }
    }

    /// Japanese label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Done { .. } => "済み",
            Self::Now => "いまここ",
            Self::ToCome => "これから",
            Self::Skipped => "行いません",
        }
    }
}

/// One step of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Kind.
    pub kind: StepKind,
    /// Name for staff.
    pub label: &'static str,
    /// The step in plain words for the citizen.
    pub plain: &'static str,
    /// Where it stands.
    pub state: StepState,
    /// Day to show: done on, or planned for.
    pub date: Option<Date>,
    /// Further words for staff.
    pub note: Option<String>,
    /// Usual days of the step, where there are figures.
    pub usual: Option<UsualDays>,
}

/// Notice that the decision comes late (延期通知).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delay {
    /// Day of the notice (延期通知日).
    pub notified_on: Option<Date>,
    /// Expected day of the decision (処理見込日).
    pub expected_on: Option<Date>,
    /// Reason.
    pub reason: Option<String>,
    /// The notice in a sentence.
    pub say: String,
}

/// How far an application is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The steps in order; survey and opinion run side by side.
    pub steps: Vec<Step>,
    /// Days from the application to today, or to the end of the application.
    pub days_since_application: i32,
    /// Day by which it is to be decided: 30 days after the application.
    pub due_on: Date,
    /// Whether it took or takes more than 30 days.
    pub is_over_30_days: bool,
    /// Notice of delay, or that there is none though there should be.
    pub delay: Option<Delay>,
    /// How it ended, if it has.
    pub ended: Option<Outcome>,
    /// What comes next, for staff.
    pub what_next: String,
    /// What comes next, in plain words.
    pub what_next_plain: String,
}

impl Timeline {
    /// The step of that kind; every timeline has each kind once.
    pub fn step(&self, kind: StepKind) -> Option<&Step> {
        self.steps.iter().find(|step| step.kind == kind)
    }
}

/// The timeline of an application as it is known today.
pub fn timeline(app: &Application, today: Date) -> Timeline {
    let ended = app.outcome.or(app.decided_on.map(|_| Outcome::Certified));
    let steps: Vec<Step> = StepKind::ALL.iter().map(|&kind| step(app, kind, ended, today)).collect();
    let until = if ended.is_some() { app.decided_on.unwrap_or(today) } else { today };
    let deadline = at(DEADLINE, app.applied_on).map_or(DEADLINE_NOW, |row| row.value);
    let days_since_application = days_until(app.applied_on, until).max(0);
    let is_over_30_days = days_since_application > deadline;
    let (what_next, what_next_plain) = what_next(app, ended, &steps);
    Timeline {
        days_since_application,
        due_on: add_days(app.applied_on, deadline),
        is_over_30_days,
        delay: delay(app, ended, is_over_30_days, today),
        ended,
        what_next,
        what_next_plain,
        steps,
    }
}

fn step(app: &Application, kind: StepKind, ended: Option<Outcome>, today: Date) -> Step {
    let state = state(app, kind, ended);
    let done_on = match state {
        StepState::Done { on } => on,
        StepState::Now | StepState::ToCome | StepState::Skipped => None,
    };
    let open = matches!(state, StepState::Now | StepState::ToCome);
    let planned = match kind {
        StepKind::Board => app.board_planned_on,
        StepKind::Decision => app.expected_on,
        StepKind::Received | StepKind::Survey | StepKind::Opinion | StepKind::Computed => None,
    };
    let usual = at(USUAL, app.applied_on).map(|row| row.value);
    Step {
        kind,
        label: kind.label(),
        plain: kind.plain(state),
        state,
        date: done_on.or(planned.filter(|_| open)),
        note: if open { note(app, kind, state, today) } else { end_note(app, kind, state, ended) },
        usual: match kind {
            StepKind::Survey => usual.map(|u| u.survey),
            StepKind::Opinion => usual.map(|u| u.opinion),
            StepKind::Board => usual.map(|u| u.board),
            StepKind::Received | StepKind::Computed | StepKind::Decision => None,
        },
    }
}

/// A step counts as done when its day is known or a later step is done: feeds leave days out.
fn state(app: &Application, kind: StepKind, ended: Option<Outcome>) -> StepState {
    let done = |on| StepState::Done { on };
    let own = match kind {
        StepKind::Received => return done(Some(app.applied_on)),
        StepKind::Survey => app.survey_received_on,
        StepKind::Opinion => app.opinion_received_on,
        StepKind::Computed => app.computed_on,
        StepKind::Board => app.judged_on,
        StepKind::Decision => match ended {
            Some(Outcome::Certified | Outcome::NotCertified) => return done(app.decided_on),
            Some(Outcome::Withdrawn | Outcome::Dismissed) => return StepState::Skipped,
            None => None,
        },
    };
    if own.is_some() {
        return done(own);
    }
    // 転入 takes the certification over from the other municipality: no survey, no board.
    if app.kind == ApplicationKind::MovedIn {
        return match kind {
            StepKind::Survey | StepKind::Opinion | StepKind::Computed | StepKind::Board => StepState::Skipped,
            StepKind::Received | StepKind::Decision => StepState::Now,
        };
    }
    let both = (app.survey_received_on.is_some() && app.opinion_received_on.is_some()) || app.computed_on.is_some();
    let judged = app.judged_on.is_some();
    let decided = matches!(ended, Some(Outcome::Certified | Outcome::NotCertified));
    let (later_done, begun) = match kind {
        StepKind::Received => (true, true),
        StepKind::Survey | StepKind::Opinion => (app.computed_on.is_some() || judged || decided, true),
        StepKind::Computed => (judged || decided, both),
        StepKind::Board => (decided, app.computed_on.is_some()),
        StepKind::Decision => (false, judged),
    };
    match ended {
        _ if later_done => done(None),
        Some(_) => StepState::Skipped,
        None if begun => StepState::Now,
        None => StepState::ToCome,
    }
}

fn note(app: &Application, kind: StepKind, state: StepState, today: Date) -> Option<String> {
    match kind {
        StepKind::Survey => Some(match (app.surveyed_on, app.survey_requested_on) {
            (Some(on), _) => format!("{}に調査を行いました。調査票を待っています。", seireki(on)),
            (None, Some(on)) => format!("{}に調査を依頼しました{}。", seireki(on), waited(on, today)),
            (None, None) => "調査はまだ依頼していません。".to_owned(),
        }),
        StepKind::Opinion => {
            let whom = app.institution.as_ref().map_or_else(String::new, |name| format!("{name}へ"));
            Some(match app.opinion_requested_on {
                Some(on) => format!("{}に{whom}意見書を依頼しました{}。", seireki(on), waited(on, today)),
                None => "意見書はまだ依頼していません。".to_owned(),
            })
        }
        StepKind::Board => app.board_planned_on.map(|on| {
            if on < today {
                format!("{}の予定でした。結果を待っています。", seireki(on))
            } else {
                format!("{}の予定です。", seireki(on))
            }
        }),
        StepKind::Computed if state == StepState::ToCome => {
            Some("認定調査と主治医意見書がそろってから行います。".to_owned())
        }
        StepKind::Received | StepKind::Computed | StepKind::Decision => None,
    }
}

/// `（きょうで12日）` for a request that is waiting.
fn waited(since: Date, today: Date) -> String {
    match days_until(since, today) {
        days if days > 0 => format!("（きょうで{days}日）"),
        _ => String::new(),
    }
}

fn end_note(app: &Application, kind: StepKind, state: StepState, ended: Option<Outcome>) -> Option<String> {
    let outcome = match (kind, ended) {
        (StepKind::Decision, Some(outcome)) => outcome,
        (
            StepKind::Received
            | StepKind::Survey
            | StepKind::Opinion
            | StepKind::Computed
            | StepKind::Board
            | StepKind::Decision,
            _,
        ) => {
            let by_kind = state == StepState::Skipped && app.kind == ApplicationKind::MovedIn;
            return by_kind.then(|| "前の市町村の認定を引き継ぐため、行いません。".to_owned());
        }
    };
    let on = app.decided_on.map_or_else(String::new, |on| format!("{}に", seireki(on)));
    Some(match outcome {
        Outcome::Certified => {
            let level = app.care_level.map_or("", |level| level.label());
            let months = app.valid_months.map_or_else(String::new, |m| format!("（有効期間{m}か月）"));
            match level {
                "" => format!("{on}認定しました。"),
                level => format!("{on}{level}と認定しました{months}。"),
            }
        }
        Outcome::NotCertified => format!("{on}非該当と決まりました。"),
        Outcome::Withdrawn => format!("{on}申請が取り下げられました。"),
        Outcome::Dismissed => format!("{on}申請が却下されました。"),
    })
}

fn delay(app: &Application, ended: Option<Outcome>, is_over: bool, today: Date) -> Option<Delay> {
    let reason = app.delay_reason.as_ref().map(|reason| reason.as_str().to_owned());
    let known = app.delay_notified_on.is_some() || app.expected_on.is_some() || reason.is_some();
    if !known && (!is_over || ended.is_some()) {
        return None;
    }
    let mut say = match (app.delay_notified_on, known) {
        (Some(on), _) => format!("{}に延期を通知しました。", seireki(on)),
        (None, true) => "延期の通知をした日が入っていません。".to_owned(),
        (None, false) => {
            "申請から30日を過ぎましたが、延期の通知が見あたりません。市町村に確かめてください。".to_owned()
        }
    };
    if let Some(on) = app.expected_on {
        say.extend(["結果が出る見込みは", &seireki(on), "です。"]);
        if ended.is_none() && on < today {
            say.push_str("見込みの日を過ぎています。");
        }
    }
    if let Some(reason) = &reason {
        say.extend(["理由：", reason]);
    }
    Some(Delay { notified_on: app.delay_notified_on, expected_on: app.expected_on, reason, say })
}

fn what_next(app: &Application, ended: Option<Outcome>, steps: &[Step]) -> (String, String) {
    let (staff, plain) = match ended {
        Some(Outcome::Certified) => (
            "認定は終わりました。新しい被保険者証の内容を確かめ、ケアプランに反映してください。",
            "結果が出ました。新しい保険証を見て、ケアマネジャーか地域包括支援センターに相談してください。",
        ),
        Some(Outcome::NotCertified) => (
            "非該当で終わりました。総合事業などの利用を地域包括支援センターに相談できます。",
            "今回は、介護が必要とは認められませんでした。困ったことは、地域包括支援センターに相談できます。",
        ),
        Some(Outcome::Withdrawn) => (
            "取下げで終わりました。必要になったら、あらためて申請してください。",
            "申しこみは取り下げられました。必要になったら、また申しこめます。",
        ),
        Some(Outcome::Dismissed) => (
            "却下で終わりました。理由は市町村の通知を確かめてください。",
            "申しこみは認められませんでした。くわしいことは、市町村からの手紙を見るか、市町村に聞いてください。",
        ),
        None => now_sentences(app, steps),
    };
    (staff.to_owned(), plain.to_owned())
}

fn now_sentences(app: &Application, steps: &[Step]) -> (&'static str, &'static str) {
    let now = |kind| steps.iter().any(|step| step.kind == kind && step.state == StepState::Now);
    match (now(StepKind::Survey), now(StepKind::Opinion)) {
        (true, true) => (
            "認定調査と主治医意見書を待っています。そろうと一次判定に進みます。",
            "これから、調査員の話とお医者さんの意見がそろうのを待ちます。調査の日は、市町村から連絡があります。",
        ),
        (true, false) if app.surveyed_on.is_some() => (
            "調査票がとどくのを待っています。とどくと一次判定に進みます。",
            "調査は終わりました。調査の書類を待っています。",
        ),
        (true, false) => (
            "認定調査を待っています。終わると一次判定に進みます。",
            "お医者さんの意見は届きました。調査の日は、市町村から連絡があります。",
        ),
        (false, true) => (
            "主治医意見書を待っています。とどくと一次判定に進みます。",
            "調査は終わりました。お医者さんの意見が届くのを待っています。",
        ),
        (false, false) if now(StepKind::Computed) => (
            "調査と意見書がそろいました。一次判定を待っています。",
            "書類がそろいました。これから、必要な介護の量をはかります。",
        ),
        (false, false) if now(StepKind::Board) => {
            ("介護認定審査会の判定を待っています。", "これから、専門家の会議で話し合います。")
        }
        (false, false) if app.kind == ApplicationKind::MovedIn => (
            "前の市町村の認定の引継ぎと、決定の通知を待っています。",
            "前に住んでいた市町村の結果を引き継ぎます。もうすぐお知らせが届きます。",
        ),
        (false, false) => (
            "審査会の判定が出ました。市町村の決定と通知を待っています。",
            "話し合いが終わりました。もうすぐ結果のお知らせが届きます。",
        ),
    }
}

#[cfg(test)]
mod tests;
