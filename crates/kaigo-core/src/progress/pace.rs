//! How an application keeps pace: which steps take longer than usual (目安の日数), and how near the limit of 30 days is.
//!
//! Usual days and the day of the first warning are the insurer's rules; without them the national targets hold.

use super::{StepKind, StepState, Timeline};
use crate::codes;
use crate::date::{Date, days_until};
use crate::record::application::Application;
use crate::rule::insurer::Rules;

codes! {
    /// How an application keeps pace (進み具合の印), the mildest first. Our own table.
    Mark, "進み具合の印", {
        OnTime = "on-time" "目安どおり",
        Slow = "slow" "目安の日数をすぎた",
        Near = "near" "30日の期限が近い",
        Over = "over" "30日をすぎた",
    }
}

/// A step that is under way for longer than it usually takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slow {
    /// Which.
    pub kind: StepKind,
    /// Since when it is waited for: the day of its request, of what it waits for, or of the application.
    pub since: Date,
    /// Whole days since then.
    pub days: i32,
    /// Usual days, always fewer.
    pub usual: i32,
}

impl Slow {
    /// Days beyond the usual ones.
    pub fn over(&self) -> i32 {
        self.days - self.usual
    }
}

/// The pace of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The worst that is to be said.
    pub mark: Mark,
    /// Steps that take longer than usual, in the order of the procedure.
    pub slow: Vec<Slow>,
}

/// The pace of an application on a day. What has ended is on time.
pub fn pace(app: &Application, line: &Timeline, rules: &Rules, today: Date) -> Pace {
    if line.ended.is_some() {
        return Pace { mark: Mark::OnTime, slow: Vec::new() };
    }
    let slow: Vec<Slow> = line
        .steps
        .iter()
        .filter(|step| step.state == StepState::Now)
        .filter_map(|step| {
            let since = since(app, step.kind)?;
            let usual = rules.usual(step.kind, app.applied_on)?;
            let days = days_until(since, today);
            (days > usual).then_some(Slow { kind: step.kind, since, days, usual })
        })
        .collect();
    let mark = if line.is_over_30_days {
        Mark::Over
    } else if line.days_since_application >= rules.case_warning {
        Mark::Near
    } else if slow.is_empty() {
        Mark::OnTime
    } else {
        Mark::Slow
    };
    Pace { mark, slow }
}

/// Since when a step is waited for.
fn since(app: &Application, kind: StepKind) -> Option<Date> {
    match kind {
        StepKind::Survey => Some(app.survey_requested_on.unwrap_or(app.applied_on)),
        StepKind::Opinion => Some(app.opinion_requested_on.unwrap_or(app.applied_on)),
        StepKind::Board => app.computed_on,
        StepKind::Received | StepKind::Computed | StepKind::Decision => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::timeline;
    use super::*;
    use crate::rule::insurer::{Key, Setting, Value};

    fn rules(settings: &[(Key, i32)]) -> Rules {
        let day = date(2026, 4, 1);
        let settings: Vec<Setting> = settings
            .iter()
            .map(|(key, n)| Setting { key: *key, value: Value::Number(*n), valid_from: day, source: "x".to_owned() })
            .collect();
        Rules::on(&settings, date(2026, 11, 1))
    }

    fn on(app: &Application, rules: &Rules, today: Date) -> Pace {
        pace(app, &timeline(app, today), rules, today)
    }

    #[test]
    fn a_step_is_slow_after_its_usual_days_and_not_on_the_last_of_them() {
        let app = Application {
            applied_on: date(2026, 11, 1),
            survey_requested_on: Some(date(2026, 11, 3)),
            opinion_requested_on: Some(date(2026, 11, 3)),
            ..Application::default()
        };
        let usual = rules(&[]);
        // National targets: 7 days for the survey, 13 for the opinion.
        assert_eq!(on(&app, &usual, date(2026, 11, 10)), Pace { mark: Mark::OnTime, slow: Vec::new() });
        let later = on(&app, &usual, date(2026, 11, 11));
        assert_eq!(later.mark, Mark::Slow);
        let survey = Slow { kind: StepKind::Survey, since: date(2026, 11, 3), days: 8, usual: 7 };
        assert_eq!((later.slow.as_slice(), survey.over()), ([survey].as_slice(), 1));
        assert_eq!(on(&app, &usual, date(2026, 11, 17)).slow.len(), 2);
        // The insurer's own days hold instead.
        let own = rules(&[(Key::UsualDays(StepKind::Survey), 20)]);
        assert_eq!(on(&app, &own, date(2026, 11, 11)).mark, Mark::OnTime);
    }

    #[test]
    fn what_was_never_asked_for_counts_from_the_application() {
        let app = Application { applied_on: date(2026, 11, 1), ..Application::default() };
        let late = on(&app, &rules(&[]), date(2026, 11, 10));
        assert_eq!(late.slow.iter().map(|slow| slow.since).collect::<Vec<_>>(), [date(2026, 11, 1)]);
    }

    #[test]
    fn the_limit_of_thirty_days_weighs_more_than_a_slow_step() {
        let app = Application {
            applied_on: date(2026, 11, 1),
            survey_received_on: Some(date(2026, 11, 5)),
            opinion_received_on: Some(date(2026, 11, 6)),
            computed_on: Some(date(2026, 11, 8)),
            ..Application::default()
        };
        let usual = rules(&[]);
        assert_eq!(on(&app, &usual, date(2026, 11, 23)).mark, Mark::Slow, "22 days");
        assert_eq!(on(&app, &usual, date(2026, 11, 24)).mark, Mark::Near, "23 days");
        assert_eq!(on(&app, &usual, date(2026, 12, 1)).mark, Mark::Near, "the thirtieth day");
        assert_eq!(on(&app, &usual, date(2026, 12, 2)).mark, Mark::Over);
        assert_eq!(on(&app, &rules(&[(Key::CaseWarning, 10)]), date(2026, 11, 12)).mark, Mark::Near);
        assert!(Mark::Over > Mark::Near && Mark::Near > Mark::Slow && Mark::Slow > Mark::OnTime);
        // An ended application is on time whatever it took.
        let ended = Application { decided_on: Some(date(2027, 1, 1)), ..app };
        assert_eq!(on(&ended, &usual, date(2027, 2, 1)), Pace { mark: Mark::OnTime, slow: Vec::new() });
    }
}
