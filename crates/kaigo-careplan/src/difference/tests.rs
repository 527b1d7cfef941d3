use proptest::prelude::*;

use super::*;
use crate::sheet::{CarePlan, Cover, GoalRow, Help, Service, Sheet2, Span, Usage, UsageLine};

const HOME: &str = "9870000025";

/// A 第6表 of October 2026 out of day, from, until, count, code, 用具.
type Visit<'a> = (u8, &'a str, &'a str, u16, &'a str, &'a str);

fn usage(visits: &[Visit<'_>]) -> Usage {
    let mut made = Usage { month: Month::parse("202610"), ..Usage::default() };
    for (day, from, until, times, code, tais) in visits {
        let band = Band::new(from, until);
        let service = Service {
            from: band.from,
            until: band.until,
            code: (*code).to_owned(),
            tais: (*tais).to_owned(),
            office_no: HOME.to_owned(),
            office_name: "はまなす".to_owned(),
            ..Service::default()
        };
        let mut days = [None; 31];
        days[usize::from(*day) - 1] = Some(*times);
        made.lines.push(UsageLine { service, days });
    }
    made
}

fn said(planned: &[Visit<'_>], done: &[Visit<'_>]) -> Vec<String> {
    let found = of_usages(Some(&usage(planned)), &[&usage(done)], &Cover::All);
    found.iter().map(|d| format!("{}：{}", d.label(), d.say())).collect()
}

const BASE: Visit<'static> = (12, "0930", "1000", 1, "111111", "");

#[test]
fn each_sort_of_difference_says_itself() {
    assert_eq!(
        said(&[BASE], &[(13, "0930", "1000", 1, "111111", "")]),
        ["日がかわった：12日（月）の身体介護1が 13日（火）になりました"]
    );
    assert_eq!(
        said(&[BASE], &[(13, "1000", "1030", 1, "111111", "")]),
        ["日がかわった：12日（月）の身体介護1が 13日（火）（10:00～10:30）になりました"]
    );
    assert_eq!(said(&[BASE], &[]), ["中止：12日（月）09:30の身体介護1がありません"]);
    assert_eq!(said(&[], &[BASE]), ["予定にない：12日（月）に予定にない身体介護1（09:30～10:00）があります"]);
    assert_eq!(
        said(&[BASE], &[(12, "0945", "1015", 1, "111111", "")]),
        ["時間がかわった：12日（月）の身体介護1の時間が 09:30～10:00から 09:45～10:15になりました"]
    );
    assert_eq!(
        said(&[BASE], &[(12, "0930", "1000", 2, "111111", "")]),
        ["回数がかわった：12日（月）09:30の身体介護1が 1回の予定で 2回でした"]
    );
    assert_eq!(
        said(&[BASE], &[(12, "0930", "1000", 1, "111211", "")]),
        ["サービスがかわった：12日（月）09:30の身体介護1が 身体介護2になりました"]
    );
    let chair = (1, "9999", "9999", 1, "171001", "00001-000010");
    assert_eq!(
        said(&[chair], &[(1, "9999", "9999", 1, "171001", "00001-000020")]),
        ["用具がかわった：1日（木）の福祉用具貸与　車いすが 用具 00001-000010から 用具 00001-000020になりました"]
    );
    assert_eq!(said(&[chair], &[(1, "9999", "9999", 1, "171001", "00001－000010")]), [""; 0]);
}

#[test]
fn far_days_are_one_cancelled_and_one_added() {
    let labels = said(&[BASE], &[(25, "0930", "1000", 1, "111111", "")]);
    assert!(labels[0].starts_with("中止") && labels[1].starts_with("予定にない"), "{labels:?}");
}

#[test]
fn add_ons_per_month_count_once() {
    let on = |day| (day, "9999", "9999", 1, "114001", "");
    assert_eq!(said(&[on(1)], &[on(5), on(8)]), [""; 0]);
    assert_eq!(said(&[on(1), on(2)], &[]), ["中止：訪問介護初回加算（月に1回）が実績にありません"]);
}

#[test]
fn add_ons_go_with_their_service() {
    let day = (20, "0915", "1620", 1, "152443", "");
    let bath = (20, "0915", "1620", 1, "155301", "");
    assert_eq!(
        said(&[day, bath], &[]),
        ["中止：20日（火）09:15の通所介護 7-8時間・要介護3がありません（通所介護入浴介助加算Ⅰも同じです）"]
    );
    assert_eq!(said(&[day, bath], &[day]), ["中止：20日（火）09:15の通所介護入浴介助加算Ⅰがありません"]);
}

#[test]
fn silence_of_an_office_is_no_cancellation() {
    let planned = usage(&[BASE]);
    assert_eq!(of_usages(Some(&planned), &[], &Cover::Nothing), []);
    assert_eq!(Summary::of(&of_usages(Some(&planned), &[], &Cover::All)).total(), 1);
    let versions = of_versions(&planned, &usage(&[]));
    assert_eq!(versions[0].say(), "12日（月）09:30の身体介護1がなくなりました");
}

#[test]
fn two_months_are_compared_by_weekdays() {
    let visits = |days: &[u8], from: &'static str, until: &'static str, code: &'static str| {
        days.iter().map(|day| (*day, from, until, 1, code, "")).collect::<Vec<_>>()
    };
    let chair = |day| vec![(day, "9999", "9999", 1, "171001", "00001-000010")];
    let october = usage(
        &[
            visits(&[5, 8, 12, 15], "0930", "1000", "111111"),
            visits(&[6, 13], "1500", "1600", "111211"),
            visits(&[7], "0915", "1620", "152443"),
            chair(1),
        ]
        .concat(),
    );
    let mut november = usage(
        &[
            visits(&[2, 6, 9, 13], "0930", "1000", "111111"),
            visits(&[3, 10, 17, 24], "1530", "1630", "111211"),
            visits(&[7], "1100", "1130", "117211"),
            chair(4),
        ]
        .concat(),
    );
    november.month = Month::parse("202611");
    let said: Vec<_> = of_months(&october, &november).iter().map(MonthChange::say).collect();
    assert_eq!(
        said,
        [
            "身体介護1（09:30～10:00）が 月・木曜日から 月・金曜日になりました",
            "身体介護2の時間が 15:00～16:00から 15:30～16:30になりました",
            "土曜日の生活援助2（11:00～11:30）がはじまりました",
            "水曜日の通所介護 7-8時間・要介護3（09:15～16:20）がなくなりました",
        ]
    );
    assert_eq!(of_months(&october, &october), []);
}

#[test]
fn plans_are_compared_row_by_row() {
    let span = |text: &str| Some(Span { text: text.to_owned(), rows: 1, ..Span::default() });
    let row = |need: &str, help: &str, frequency: &str| GoalRow {
        need: span(need),
        long: span("長期"),
        short: span("短期"),
        help: Help {
            help: help.to_owned(),
            service: "訪問介護".to_owned(),
            frequency: frequency.to_owned(),
            ..Help::default()
        },
    };
    let plan =
        |rows: Vec<GoalRow>| CarePlan { sheet2: Some(Sheet2 { rows, ..Sheet2::default() }), ..CarePlan::default() };
    let old = plan(vec![row("歩きたい", "掃除", "週1回"), row("食べたい", "調理", "週2回")]);
    assert_eq!(of_plans(&old, &old), []);
    let changed = plan(vec![row("歩きたい", "掃除", "週2回"), row("食べたい", "調理", "週2回")]);
    let said = |new: &CarePlan| of_plans(&old, new).iter().map(PlanDifference::say).collect::<Vec<_>>();
    assert_eq!(said(&changed), ["第2表 掃除（訪問介護）：頻度が「週1回」から「週2回」になりました"]);
    let fewer = plan(vec![row("歩きたい", "掃除", "週1回")]);
    assert_eq!(said(&fewer), ["第2表 調理（訪問介護）：援助内容がなくなりました"]);
    let more = of_plans(&fewer, &old);
    assert_eq!(more.iter().map(|d| d.change.clone()).collect::<Vec<_>>(), [PlanChange::Added]);
}

/// A month: a few weekly services with add-ons, on given days.
fn month() -> impl Strategy<Value = Vec<Visit<'static>>> {
    let kinds: [(&str, &str, &str, &str); 5] = [
        ("0930", "1000", "111111", ""),
        ("1500", "1600", "111211", ""),
        ("0915", "1620", "152443", ""),
        ("0915", "1620", "155301", ""),
        ("9999", "9999", "171001", "00001-000010"),
    ];
    proptest::collection::btree_set((1_u8..=31, 0_usize..5), 1..40).prop_map(move |set| {
        set.into_iter()
            .map(|(day, kind)| {
                let (from, until, code, tais) = kinds[kind];
                (day, from, until, 1, code, tais)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn a_month_does_not_differ_from_itself_in_any_order(visits in month(), turn in any::<u64>()) {
        let mut turned = visits.clone();
        let len = turned.len();
        turned.rotate_left(usize::try_from(turn).unwrap_or(0) % len);
        turned.reverse();
        prop_assert_eq!(said(&visits, &turned), [""; 0]);
    }

    #[test]
    fn a_visit_on_another_day_is_found(day in 1_u8..=31, to in 1_u8..=31, others in month()) {
        prop_assume!(day != to && day.abs_diff(to) <= 7);
        let alone = |day| (day, "1100", "1130", 1, "117211", "");
        let with = |day| others.iter().copied().chain([alone(day)]).collect::<Vec<_>>();
        let found = of_usages(Some(&usage(&with(day))), &[&usage(&with(to))], &Cover::All);
        let moved = What::DayMoved {
            from: On { day, band: Band::new("1100", "1130") },
            to: On { day: to, band: Band::new("1100", "1130") },
        };
        prop_assert_eq!(found.into_iter().map(|d| d.what).collect::<Vec<_>>(), [moved]);
    }

    #[test]
    fn one_change_is_found_and_named(visits in month(), at in any::<prop::sample::Index>(), change in 0_usize..5) {
        let mut done = visits.clone();
        let place = at.index(done.len());
        let visit = &mut done[place];
        let want = match change {
            0 => { visit.3 = 3; "count-changed" }
            1 if visit.1 != "9999" => { (visit.1, visit.2) = ("2000", "2030"); "time-moved" }
            2 if visit.5.is_empty() && !visit.4.starts_with("155") => { visit.4 = if visit.4.starts_with("11") { "117311" } else { "152444" }; "code-changed" }
            3 if !visit.5.is_empty() => { visit.5 = "00001-000099"; "equipment-changed" }
            _ => { done.remove(place); "cancelled" }
        };
        let found = of_usages(Some(&usage(&visits)), &[&usage(&done)], &Cover::All);
        prop_assert_eq!(found.iter().map(Difference::what_code).collect::<Vec<_>>(), [want]);
        prop_assert_eq!(found[0].day(), visits[place].0);
        let back = of_usages(Some(&usage(&done)), &[&usage(&visits)], &Cover::All);
        prop_assert_eq!(back.len(), 1);
        prop_assert_eq!(back[0].what_code(), if want == "cancelled" { "added" } else { want });
    }
}
