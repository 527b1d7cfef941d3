use proptest::prelude::*;

use super::usage::get;
use super::*;
use crate::batch::{InFile, OpenSet, sort};
use crate::table::Writer;

const ENDS: &str = "9870000017_43_9870000025_11_20261001090000.CSV";
const BACK: &str = "9870000025_11_9870000017_43_20261102090000.CSV";

fn file(kind: Kind, name: &str, rows: &[Vec<&str>]) -> InFile {
    let mut writer = Writer::new(kind);
    for row in rows {
        writer.push(row);
    }
    InFile { name: name.to_owned(), bytes: writer.finish().bytes }
}

fn open(files: Vec<InFile>) -> OpenSet {
    let batch = sort(files);
    assert_eq!((batch.sets.len(), batch.strays.len()), (1, 0));
    batch.sets[0].open()
}

/// A row of 第6表 of October 2026: day, from, until, count, code, office, and its equipment.
fn usage_row([date, from, until, times, code, office, tais]: [&str; 7]) -> Vec<&str> {
    let mut cells = vec!["202407", "981019", "9900000456", "20260925", "202610", "9870000017", "出雲 太郎", "244", "0"];
    cells.extend([date, "", from, until, times, code, tais, "", "", "", office, "はまなす", "", "0", "9870000017", ""]);
    cells
}

fn planned(rows: &[[&str; 7]]) -> OpenSet {
    let rows: Vec<_> = rows.iter().copied().map(usage_row).collect();
    open(vec![file(Kind::Planned, &format!("UPPLAN_202610_{ENDS}"), &rows)])
}

fn result(rows: &[[&str; 7]]) -> OpenSet {
    let rows: Vec<_> = rows.iter().copied().map(usage_row).collect();
    open(vec![file(Kind::Result, &format!("UPJSK_202610_{BACK}"), &rows)])
}

const HOME: &str = "9870000025";
const DAY: &str = "9870000033";

/// A line as a person reads it: band, name, and the filled days of 予定 and 実績.
fn show(grid: &Grid) -> Vec<String> {
    let line = |line: &GridLine| {
        let cells: Vec<String> = (1..=31)
            .filter(|day| line.mark(*day) != Mark::None || line.cell(*day).planned.is_some())
            .map(|day| format!("{day}{:?}", line.mark(day)))
            .collect();
        format!("{} {} {}", line.service.band(), line.service.name(), cells.join(" ")).trim().to_owned()
    };
    grid.lines.iter().map(line).collect()
}

#[test]
fn records_of_days_become_the_printed_lines() {
    let set = planned(&[
        ["20261002", "9999", "9999", "1", "171001", DAY, "00001-000010"],
        ["20261001", "0930", "1000", "1", "111111", HOME, ""],
        ["20261005", "0930", "1000", "1", "111111", HOME, ""],
        ["20261005", "0915", "1620", "1", "152443", DAY, ""],
        ["20261005", "0930", "1000", "2", "111111", HOME, ""],
        ["20261131", "0930", "1000", "1", "111111", HOME, ""],
        ["20261008", "0930", "1000", "x", "111111", HOME, ""],
    ]);
    let sheets = of_person(&set, "981019", "9900000456");
    let usage = sheets.months[0].planned.as_ref().unwrap();
    let lines: Vec<_> =
        usage.lines.iter().map(|l| (l.service.band().to_string(), l.service.name(), l.total())).collect();
    let want = [
        ("09:15～16:20", "通所介護 7-8時間・要介護3", 1),
        ("09:30～10:00", "身体介護1", 4),
        ("", "福祉用具貸与　車いす", 1),
    ];
    assert_eq!(lines, want.map(|(band, name, total)| (band.to_owned(), name.to_owned(), total)));
    assert_eq!(get(&usage.lines[1].days, 5), Some(3));
    assert_eq!(usage.loose.iter().map(|l| (l.row, l.times.as_str())).collect::<Vec<_>>(), [(6, "1"), (7, "x")]);
    assert_eq!((usage.total(), usage.head.planner.as_str()), (6, "出雲 太郎"));
    let days = days_of(usage.month.unwrap());
    assert_eq!((days.len(), days[0], days[2].weekday), (31, GridDay { day: 1, weekday: "木" }, "土"));
}

#[test]
fn planned_and_done_stand_in_pairs() {
    let plan = planned(&[
        ["20261005", "0930", "1000", "1", "111111", HOME, ""],
        ["20261008", "0930", "1000", "1", "111111", HOME, ""],
        ["20261012", "0930", "1000", "1", "111111", HOME, ""],
        ["20261015", "0930", "1000", "2", "111111", HOME, ""],
        ["20261020", "0915", "1620", "1", "152443", DAY, ""],
        ["20261001", "9999", "9999", "1", "114001", HOME, ""],
    ]);
    let done = result(&[
        ["20261005", "0930", "1000", "1", "111111", HOME, ""],
        ["20261008", "0945", "1015", "1", "111111", HOME, ""],
        ["20261013", "1000", "1030", "1", "111111", HOME, ""],
        ["20261015", "0930", "1000", "1", "111111", HOME, ""],
        ["20261018", "1900", "1930", "1", "111111", HOME, ""],
        ["20261005", "9999", "9999", "1", "114001", HOME, ""],
        ["20261015", "9999", "9999", "1", "114001", HOME, ""],
    ]);
    let grid = Grid::merge(&plan, &[&done], "981019", "9900000456");
    assert_eq!(
        show(&grid),
        [
            // The 通所介護 is of another office, whose 実績 have not come.
            "09:15～16:20 通所介護 7-8時間・要介護3 20None",
            "09:30～10:00 身体介護1 5Same 8Time 12Cut 13Added 15Count",
            "19:00～19:30 身体介護1 18Added",
            "訪問介護初回加算 1Same 5Same 15Same",
        ]
    );
    assert_eq!(grid.lines[1].cell(8).result_at, Some((585, 615)));
    assert_eq!(
        (grid.lines[0].result_total(), grid.lines[1].planned_total(), grid.lines[2].planned_total()),
        (None, Some(5), None)
    );
    assert_eq!((grid.planned_total(), grid.result_total()), (7, 7));
    assert!(grid.lines[1].differs() && !grid.lines[0].differs() && !grid.lines[3].differs());
    let waiting = Grid::merge(&plan, &[], "981019", "9900000456");
    assert!(waiting.lines.iter().all(|line| !line.differs() && line.result_total().is_none()));
}

#[test]
fn results_find_the_line_of_their_day_where_a_service_has_two() {
    let over = |set: fn(&[[&str; 7]]) -> OpenSet, days: [&str; 2]| {
        let row = |date| [date, "9999", "9999", "1", "212111", HOME, ""];
        let set = set(&[row(days[0]), row(days[1])]);
        let mut usage = of_person(&set, "981019", "9900000456").months.remove(0);
        let usage = usage.planned.take().or(usage.result.take()).unwrap();
        let mut second = usage.lines[0].clone();
        second.service.over_30.code = "1".to_owned();
        second.days = [None; 31];
        let mut split = usage.clone();
        for day in 11..=31 {
            second.days[day - 1] = get(&usage.lines[0].days, u8::try_from(day).unwrap());
            split.lines[0].days[day - 1] = None;
        }
        split.lines.push(second);
        split
    };
    let plan = over(planned, ["20261010", "20261011"]);
    let done = over(result, ["20261010", "20261011"]);
    let grid = Grid::of(Some(&plan), &[&done], &Cover::All);
    assert!(grid.lines.len() == 2 && grid.lines.iter().all(|line| !line.differs()), "{:?}", show(&grid));
}

#[test]
fn a_month_has_its_detail_and_supplement() {
    let mut supplement = vec![""; 63];
    supplement[..8].copy_from_slice(&[
        "202407",
        "981019",
        "9900000456",
        "00000000",
        "オオタニ キヨシ",
        "大谷 清",
        "1",
        "19410903",
    ]);
    supplement[17..24].copy_from_slice(&["23", "27048", "22", "7000", "500", "0", ""]);
    supplement[62] = "202610";
    let detail = |code: &'static str, office: &'static str, cost: &'static str| {
        let mut cells = vec!["202407", "981019", "9900000456", "20260925", "202610", "はまなす", office, "", code];
        cells.extend(["", "", "", "244", "", "244", "9", "2196", "2196", "", "2196", "", "2196", "10.21", cost]);
        cells
    };
    let set = open(vec![
        file(Kind::Supplement, &format!("UPHOSOKU_202610_{ENDS}"), &[supplement]),
        file(
            Kind::Planned,
            &format!("UPPLAN_202610_{ENDS}"),
            &[usage_row(["20261005", "0930", "1000", "1", "111111", HOME, ""])],
        ),
        file(
            Kind::Detail,
            &format!("UPSIKYU_202610_{ENDS}"),
            &[
                detail("111111", HOME, "22421"),
                detail("11AAAA", HOME, "22421"),
                detail("999999", "9999999999", "22421"),
            ],
        ),
    ]);
    let sheets = of_person(&set, "981019", "9900000456");
    assert_eq!((sheets.name.as_str(), sheets.sex.label, sheets.months.len()), ("大谷 清", Some("男性"), 1));
    assert_eq!(sheets.born_on.to_string(), "1941年9月3日");
    let month = &sheets.months[0];
    let supplement = month.supplement.as_ref().unwrap();
    assert_eq!(supplement.items.care_level.to_string(), "要介護３");
    assert_eq!(supplement.kind_limits.len(), 1);
    assert_eq!(supplement.kind_limits[0].limit.value, Some(7000));
    let detail = month.detail.as_ref().unwrap();
    let labels: Vec<_> = detail.rows.iter().map(DetailRow::label).collect();
    assert_eq!(labels, ["身体介護1", "訪問介護 小計", "合計"]);
    assert_eq!(detail.sum(|items| &items.cost), 22421);
    assert_eq!(detail.total().unwrap().items.cost.to_string(), "22,421");
}

#[test]
fn plans_are_linked_by_their_day() {
    let key = ["202407", "981019", "9900000456", "20260925"];
    let mut first = vec![""; 28];
    first[..4].copy_from_slice(&key);
    first[7] = "出雲 太郎";
    first[13] = "20260925";
    first[15] = "21";
    let mut second = vec![""; 22];
    second[..4].copy_from_slice(&key);
    second[4..7].copy_from_slice(&["20260925", "1", "歩きたい"]);
    let mut other = second.clone();
    other[4] = "20260801";
    let set = open(vec![
        file(Kind::Sheet1, &format!("UP1KYO_{ENDS}"), &[first]),
        file(Kind::Sheet2, &format!("UP2KYO_{ENDS}"), &[second, other]),
    ]);
    let sheets = of_person(&set, "981019", "9900000456");
    let plans: Vec<_> =
        sheets.care_plans.iter().map(|p| (p.plan_date.raw.as_str(), p.sheet1.is_some(), p.sheet2.is_some())).collect();
    assert_eq!(plans, [("20260925", true, true), ("20260801", false, true)]);
    assert_eq!(sheets.care_plans[0].sheet1.as_ref().unwrap().plan_class.to_string(), "継続");
}

#[test]
fn preventive_documents_have_their_tables() {
    let key = ["202407", "981019", "9900000456", "20260925"];
    let row = |width: usize, filled: &[(usize, &'static str)]| {
        let mut cells = vec![""; width];
        cells[..4].copy_from_slice(&key);
        for (column, text) in filled {
            cells[*column] = text;
        }
        cells
    };
    let files = vec![
        file(Kind::Basic, &format!("UPKIHON_{ENDS}"), &[row(71, &[(14, "大谷 清"), (45, "大谷 花"), (50, "次")])]),
        file(Kind::BasicDay, &format!("UPKIHON_SUB1_{ENDS}"), &[row(7, &[(4, "6:00"), (5, "起床")])]),
        file(Kind::BasicIllness, &format!("UPKIHON_SUB2_{ENDS}"), &[row(11, &[(5, "高血圧"), (9, "01")])]),
        file(
            Kind::Prevention,
            &format!("UPYOBO_{ENDS}"),
            &[row(57, &[(7, "大谷 清"), (23, "歩ける"), (42, "3"), (48, "1")])],
        ),
        file(
            Kind::PreventionSupport,
            &format!("UPYOBO_SUB_{ENDS}"),
            &[
                row(17, &[(4, "1"), (5, "体力"), (9, "1"), (10, "歩く"), (13, "1"), (14, "通所")]),
                row(17, &[(4, "1"), (9, "1"), (13, "2"), (14, "訪問")]),
                row(17, &[(4, "1"), (9, "2"), (10, "食べる"), (13, "1"), (14, "配食")]),
            ],
        ),
    ];
    let sheets = of_person(&open(files), "981019", "9900000456");
    assert_eq!(sheets.name, "大谷 清");
    let basic = &sheets.basics[0];
    assert_eq!(basic.contacts.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["大谷 花", ""]);
    assert_eq!((basic.day_habits[0].person.as_str(), basic.illnesses[0].course.label), ("起床", Some("治療中")));
    let prevention = &sheets.preventions[0];
    assert_eq!((prevention.areas[0].now.as_str(), prevention.programs[0].needed.label), ("歩ける", Some("要")));
    let spans: Vec<_> = prevention
        .supports
        .iter()
        .map(|r| {
            (
                r.need.as_ref().map_or(0, |c| c.rows),
                r.support.as_ref().map_or(0, |c| c.rows),
                r.service.service.as_str(),
            )
        })
        .collect();
    assert_eq!(spans, [(3, 2, "通所"), (0, 0, "訪問"), (0, 1, "配食")]);
}

#[test]
fn everyone_is_the_same_as_each() {
    let mut rows: Vec<Vec<&str>> = Vec::new();
    for person in ["9900000456", "9900000018", "9900000456"] {
        let mut row = usage_row(["20261005", "0930", "1000", "1", "111111", HOME, ""]);
        row[2] = person;
        rows.push(row);
    }
    let set = open(vec![file(Kind::Planned, &format!("UPPLAN_202610_{ENDS}"), &rows)]);
    let everyone = of_everyone(&set);
    assert_eq!(everyone.len(), 2);
    for person in &everyone {
        assert_eq!(*person, of_person(&set, &person.insurer_no, &person.insured_no));
    }
}

proptest! {
    #[test]
    fn no_content_makes_sheets_panic(
        rows in proptest::collection::vec(
            proptest::collection::vec("(|[0-9]{1,8}|2026101[0-9]|202610|9999|1[0-2][0-9]{2}|[A-Zあ-ん]{1,3})", 71), 0..4,
        ),
    ) {
        for kind in Kind::ALL.iter().copied().filter(|kind| *kind != Kind::BasicImage) {
            let month = if kind.has_month() { "202610_" } else { "" };
            let cells: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
            let set = open(vec![file(kind, &format!("{}_{month}{ENDS}", kind.prefix()), &cells)]);
            for person in of_everyone(&set) {
                for month in &person.months {
                    let usages = [month.planned.as_ref(), month.result.as_ref()];
                    let grid = Grid::of(usages[0], &usages[1].into_iter().collect::<Vec<_>>(), &Cover::All);
                    prop_assert!(grid.lines.iter().all(|line| (0..=40).all(|day| line.mark(day) == Mark::None || day < 32)));
                }
            }
        }
    }
}
