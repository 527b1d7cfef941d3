use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const TODAY: Date = date(2026, 11, 22);

fn app() -> Application {
    Application { kind: ApplicationKind::Renewal, applied_on: date(2026, 11, 2), ..Application::default() }
}

fn codes(found: &[CaseFinding]) -> Vec<(&'static str, &'static str, bool)> {
    found.iter().map(|f| (f.code, f.field, f.error)).collect()
}

#[test]
fn tables_are_well_formed() {
    super::super::well_formed(THRESHOLDS);
}

#[test]
fn a_case_waits_at_one_place() {
    let mut case = app();
    let day = Some(date(2026, 11, 10));
    assert_eq!(CaseStep::of(&case), CaseStep::Gathering);
    case.opinion_received_on = day;
    assert_eq!(CaseStep::of(&case), CaseStep::Survey);
    case.survey_received_on = day;
    assert_eq!(CaseStep::of(&case), CaseStep::Computed);
    case.opinion_received_on = None;
    assert_eq!(CaseStep::of(&case), CaseStep::Opinion);
    case.computed_on = day;
    assert_eq!(CaseStep::of(&case), CaseStep::Assign, "a later day counts for the earlier ones");
    case.board_planned_on = day;
    assert_eq!(CaseStep::of(&case), CaseStep::Board);
    case.judged_on = day;
    assert_eq!(CaseStep::of(&case), CaseStep::Decision);
    case.outcome = Some(Outcome::Dismissed);
    assert_eq!(CaseStep::of(&case), CaseStep::Ended);
    let moved = Application { kind: ApplicationKind::MovedIn, ..app() };
    assert_eq!(CaseStep::of(&moved), CaseStep::Decision);
}

#[test]
fn the_thirty_days() {
    let at = |applied, noticed| CaseAge::of(applied, noticed, TODAY);
    assert_eq!(at(TODAY, None), CaseAge::InTime);
    assert_eq!(at(date(2026, 10, 31), None), CaseAge::InTime, "22 days");
    assert_eq!(at(date(2026, 10, 30), None), CaseAge::Soon, "23 days: 7 left");
    assert_eq!(at(date(2026, 10, 23), None), CaseAge::Soon, "the 30th day");
    assert_eq!(at(date(2026, 10, 22), None), CaseAge::Over, "the 31st");
    assert_eq!(at(date(2026, 10, 22), Some(date(2026, 11, 20))), CaseAge::Noticed);
    assert_eq!(at(date(2026, 9, 23), None), CaseAge::Over, "the 60th");
    assert_eq!(at(date(2026, 9, 22), Some(date(2026, 10, 20))), CaseAge::VeryOld);
    assert_eq!(due_on(date(2026, 11, 2)), date(2026, 12, 2));
}

#[test]
fn a_notice_comes_within_the_thirty_days_with_reason_and_expectation() {
    let notice = DelayNotice {
        notified_on: TODAY,
        expected_on: date(2026, 12, 20),
        reason: DelayReason::Opinion,
        words: String::new(),
    };
    assert!(notice.check(&app(), TODAY).is_empty());
    assert_eq!(notice.reason_text(), "主治医意見書の作成に日数を要するため");
    let old = Application { applied_on: date(2026, 10, 1), ..app() };
    assert_eq!(codes(&notice.check(&old, TODAY)), [("delay-late", "notified_on", false)]);
    let soon = DelayNotice { expected_on: date(2026, 12, 2), ..notice.clone() };
    assert_eq!(codes(&soon.check(&app(), TODAY)), [("delay-not-needed", "expected_on", false)]);
    let bad = DelayNotice {
        notified_on: date(2026, 11, 23),
        expected_on: date(2026, 11, 23),
        reason: DelayReason::Other,
        words: " ".to_owned(),
    };
    let want =
        [("date-ahead", "notified_on", true), ("delay-expected", "expected_on", true), ("delay-reason", "words", true)];
    assert_eq!(codes(&bad.check(&app(), TODAY)), want);
    let early = DelayNotice { notified_on: date(2026, 11, 1), ..notice.clone() };
    assert_eq!(codes(&early.check(&app(), TODAY)), [("delay-before-application", "notified_on", true)]);
    let ended = Application { outcome: Some(Outcome::Certified), ..app() };
    assert_eq!(codes(&notice.check(&ended, TODAY)), [("case-ended", "", true)]);
    let long = DelayNotice { words: "長".repeat(90), ..notice };
    assert_eq!(codes(&long.check(&app(), TODAY)), [("cell-too-long", "words", true)]);
}

#[test]
fn days_out_of_order_warn_and_impossible_days_stop() {
    let mut case = app();
    case.survey_requested_on = Some(date(2026, 11, 5));
    case.surveyed_on = Some(date(2026, 11, 4));
    assert_eq!(codes(&check_days(&case, TODAY)), [("date-order", "surveyed", false)]);
    case.surveyed_on = Some(date(2026, 11, 1));
    let want = [("date-before-application", "surveyed", true), ("date-order", "surveyed", false)];
    assert_eq!(codes(&check_days(&case, TODAY)), want);
    case.surveyed_on = Some(date(2026, 11, 23));
    case.board_planned_on = Some(date(2026, 12, 3));
    assert_eq!(codes(&check_days(&case, TODAY)), [("date-ahead", "surveyed", true)], "plans may lie ahead");
    let computed = Application { computed_on: Some(TODAY), ..app() };
    let want = [("date-missing", "survey-received", false), ("date-missing", "opinion-received", false)];
    assert_eq!(codes(&check_days(&computed, TODAY)), want);
}

#[test]
fn milestones_write_where_they_read() {
    for &milestone in Milestone::ALL {
        let mut case = app();
        milestone.set(&mut case, Some(TODAY));
        assert_eq!(milestone.of(&case), Some(TODAY));
        let others = Milestone::ALL.iter().filter(|m| m.of(&case).is_some()).count();
        assert_eq!(others, 1, "{milestone:?}");
    }
}

#[test]
fn results_keep_to_the_months() {
    let judged = Application { judged_on: Some(TODAY), ..app() };
    let before = Before { care_level: Some(CareLevel::Care2), valid_until: Some(date(2026, 11, 30)) };
    let mut result = Decision {
        outcome: Outcome::Certified,
        decided_on: TODAY,
        care_level: Some(CareLevel::Care2),
        months: Some(48),
    };
    assert!(result.check(&judged, before, TODAY).is_empty());
    assert_eq!(Decision::period(&judged, before, 48), (date(2026, 12, 1), date(2030, 11, 30)));
    result.care_level = Some(CareLevel::Care3);
    assert_eq!(codes(&result.check(&judged, before, TODAY)), [("months-range", "months", true)]);
    result.months = Some(36);
    assert!(result.check(&judged, before, TODAY).is_empty());
    result.care_level = Some(CareLevel::NotCertified);
    assert_eq!(codes(&result.check(&judged, before, TODAY)), [("level-not-certified", "level", true)]);
    result.outcome = Outcome::Withdrawn;
    assert_eq!(codes(&result.check(&judged, before, TODAY)), [("level-without-certification", "level", true)]);
    let none = Decision { outcome: Outcome::NotCertified, decided_on: TODAY, care_level: None, months: None };
    assert_eq!(codes(&none.check(&app(), before, TODAY)), [("not-judged", "decided_on", false)]);
}

proptest! {
    #[test]
    fn ages_and_their_days_agree(days in -5..200_i32, noticed in any::<bool>()) {
        let applied = add_days(TODAY, -days);
        let noticed = noticed.then_some(TODAY);
        let age = CaseAge::of(applied, noticed, TODAY);
        let (from, until) = age.applied(TODAY);
        prop_assert!(from <= applied && applied <= until, "{age:?} {applied}");
        for &other in CaseAge::ALL {
            let (from, until) = other.applied(TODAY);
            let same = other == age || matches!((other, age), (CaseAge::Noticed, CaseAge::Over) | (CaseAge::Over, CaseAge::Noticed));
            prop_assert_eq!(from <= applied && applied <= until, same);
        }
    }
}
