use proptest::prelude::*;

use super::*;
use crate::care_level::CareLevel;
use crate::code::Amount;
use crate::text::Text;

const TODAY: Date = date(2026, 11, 22);

fn applied() -> Application {
    Application { applied_on: date(2026, 11, 1), ..Application::default() }
}

fn states(app: &Application) -> Vec<&'static str> {
    timeline(app, TODAY).steps.iter().map(|step| step.state.code()).collect()
}

#[test]
fn survey_and_opinion_run_side_by_side() {
    let mut app = applied();
    assert_eq!(states(&app), ["done", "now", "now", "to-come", "to-come", "to-come"]);
    app.opinion_received_on = Some(date(2026, 11, 18));
    assert_eq!(states(&app), ["done", "now", "done", "to-come", "to-come", "to-come"]);
    app.survey_received_on = Some(date(2026, 11, 19));
    assert_eq!(states(&app), ["done", "done", "done", "now", "to-come", "to-come"]);
    app.computed_on = Some(date(2026, 11, 20));
    assert_eq!(states(&app), ["done", "done", "done", "done", "now", "to-come"]);
    app.judged_on = Some(date(2026, 11, 21));
    assert_eq!(states(&app), ["done", "done", "done", "done", "done", "now"]);
    app.decided_on = Some(date(2026, 11, 22));
    app.outcome = Some(Outcome::Certified);
    app.care_level = Some(CareLevel::Care2);
    app.valid_months = Some(Amount(12));
    assert_eq!(states(&app), ["done"; 6]);
    let end = timeline(&app, TODAY);
    assert_eq!(
        end.step(StepKind::Decision).unwrap().note.as_deref(),
        Some("2026年11月22日に要介護2と認定しました（有効期間12か月）。")
    );
    assert_eq!(end.ended, Some(Outcome::Certified));
}

#[test]
fn a_later_step_shows_the_earlier_ones_done() {
    let app = Application { judged_on: Some(date(2026, 11, 20)), ..applied() };
    assert_eq!(states(&app), ["done", "done", "done", "done", "done", "now"]);
    assert_eq!(timeline(&app, TODAY).step(StepKind::Survey).unwrap().date, None);
}

#[test]
fn withdrawn_and_dismissed_end_the_timeline() {
    for outcome in [Outcome::Withdrawn, Outcome::Dismissed] {
        let app = Application {
            survey_received_on: Some(date(2026, 11, 8)),
            outcome: Some(outcome),
            decided_on: Some(date(2026, 11, 10)),
            ..applied()
        };
        assert_eq!(states(&app), ["done", "done", "skipped", "skipped", "skipped", "skipped"]);
        let end = timeline(&app, TODAY);
        assert_eq!(end.days_since_application, 9);
        assert!(end.step(StepKind::Decision).unwrap().note.is_some());
    }
}

#[test]
fn taking_over_from_another_municipality_has_no_survey() {
    let app = Application { kind: ApplicationKind::MovedIn, ..applied() };
    assert_eq!(states(&app), ["done", "skipped", "skipped", "skipped", "skipped", "now"]);
    assert!(timeline(&app, TODAY).what_next.contains("引継ぎ"));
}

#[test]
fn thirty_days_and_the_notice_of_delay() {
    let mut app = Application { applied_on: date(2026, 10, 23), ..applied() };
    let day_30 = timeline(&app, TODAY);
    assert_eq!((day_30.days_since_application, day_30.is_over_30_days), (30, false));
    assert_eq!(day_30.due_on, TODAY);
    assert_eq!(day_30.delay, None);
    let late = timeline(&app, date(2026, 11, 23));
    assert!(late.is_over_30_days);
    assert!(late.delay.unwrap().say.contains("延期の通知が見あたりません"));
    app.delay_notified_on = Some(date(2026, 11, 20));
    app.expected_on = Some(date(2026, 12, 10));
    app.delay_reason = Some(Text::parse("主治医意見書がとどいていないため").unwrap());
    let told = timeline(&app, date(2026, 11, 23));
    assert_eq!(
        told.delay.unwrap().say,
        "2026年11月20日に延期を通知しました。結果が出る見込みは2026年12月10日です。理由：主治医意見書がとどいていないため"
    );
    assert_eq!(told.steps[5].date, Some(date(2026, 12, 10)));
    assert!(timeline(&app, date(2026, 12, 11)).delay.unwrap().say.contains("過ぎています"));
}

#[test]
fn notes_say_how_long_a_request_waits() {
    let app = Application {
        opinion_requested_on: Some(date(2026, 11, 2)),
        institution: Some(Text::parse("みなと内科").unwrap()),
        survey_requested_on: Some(date(2026, 11, 2)),
        surveyed_on: Some(date(2026, 11, 9)),
        board_planned_on: Some(date(2026, 12, 3)),
        ..applied()
    };
    let line = timeline(&app, TODAY);
    let note = |kind| line.step(kind).unwrap().note.clone().unwrap();
    assert_eq!(note(StepKind::Opinion), "2026年11月2日にみなと内科へ意見書を依頼しました（きょうで20日）。");
    assert_eq!(note(StepKind::Survey), "2026年11月9日に調査を行いました。調査票を待っています。");
    assert_eq!(note(StepKind::Board), "2026年12月3日の予定です。");
    assert_eq!(line.step(StepKind::Board).unwrap().date, Some(date(2026, 12, 3)));
    assert_eq!(line.step(StepKind::Opinion).unwrap().usual, Some(UsualDays { mean_tenths: 180, target: 13 }));
}

#[test]
fn tables() {
    crate::rule::well_formed(DEADLINE);
    crate::rule::well_formed(USUAL);
}

fn day() -> impl Strategy<Value = Option<Date>> {
    proptest::option::of((0..400_i32).prop_map(|n| add_days(date(2026, 1, 1), n)))
}

proptest! {
    #[test]
    fn every_application_has_a_timeline(
        days in proptest::collection::vec(day(), 9), kind in 0..5_usize, outcome in proptest::option::of(0..4_usize), today in 0..800_i32,
    ) {
        let app = Application {
            kind: ApplicationKind::ALL[kind],
            applied_on: days[0].unwrap_or(date(2026, 1, 1)),
            surveyed_on: days[1],
            survey_received_on: days[2],
            opinion_received_on: days[3],
            computed_on: days[4],
            judged_on: days[5],
            decided_on: days[6],
            expected_on: days[7],
            delay_notified_on: days[8],
            outcome: outcome.map(|i| Outcome::ALL[i]),
            ..Application::default()
        };
        let line = timeline(&app, add_days(date(2026, 1, 1), today));
        let kinds: Vec<_> = line.steps.iter().map(|step| step.kind).collect();
        prop_assert_eq!(kinds, StepKind::ALL);
        prop_assert!(line.days_since_application >= 0);
        prop_assert!(!line.what_next.is_empty() && !line.what_next_plain.is_empty());
        let under_way = line.steps.iter().filter(|step| step.state == StepState::Now).count();
        if line.ended.is_some() {
            prop_assert_eq!(under_way, 0);
            prop_assert!(line.steps.iter().all(|step| step.state != StepState::ToCome));
        } else {
            prop_assert!(under_way > 0);
        }
    }
}
