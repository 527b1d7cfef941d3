use kaigo_core::id::OfficeNo;
use proptest::prelude::*;

use super::*;
use crate::batch::sort;
use crate::kind::Unit;
use crate::sheet::{Amount, Band, Cover, UsageLine, of_person};

const PERSON: (&str, &str) = ("981019", "9900000456");
const HOME: &str = "9870000025";
const DAY_CARE: &str = "9870000033";

fn service(code: &str, from: &str, until: &str, office: &str) -> Service {
    let band = Band::new(from, until);
    Service {
        from: band.from,
        until: band.until,
        code: code.to_owned(),
        units: Amount::new("244"),
        office_no: office.to_owned(),
        office_name: "はまなす".to_owned(),
        over_30: over_30("0"),
        ..Service::default()
    }
}

fn line(code: &str, from: &str, until: &str, office: &str, on: &[usize]) -> UsageLine {
    let mut days = [None; 31];
    for day in on {
        days[day - 1] = Some(1);
    }
    UsageLine { service: service(code, from, until, office), days }
}

fn planned() -> Usage {
    Usage {
        head: UsageHead {
            month: "202610".to_owned(),
            plan_office: "9870000017".to_owned(),
            planner: "出雲 太郎".to_owned(),
            short_stay_before: Amount::new("0"),
            ..UsageHead::default()
        },
        month: Month::parse("202610"),
        lines: vec![
            line("111111", "0930", "1000", HOME, &[5, 12, 19]),
            line("152443", "0915", "1620", DAY_CARE, &[6, 13]),
            line("A21111", "9999", "9999", HOME, &[5]),
        ],
        loose: Vec::new(),
    }
}

fn envelope() -> Envelope {
    let end = |no: &str, kind| End { office_no: OfficeNo::parse(no).unwrap(), kind: Some(kind) };
    Envelope {
        from: end(HOME, ServiceKind::HomeHelp),
        to: end("9870000017", ServiceKind::CareManagement),
        serial: Serial::parse("20261102090000").unwrap(),
        made_on: kaigo_core::date::iso("2026-11-02").unwrap(),
    }
}

fn entry() -> ResultEntry {
    let grid = Grid::of(Some(&planned()), &[], &Cover::Nothing);
    ResultEntry::from_planned(&grid, PERSON, HOME).unwrap()
}

#[test]
fn a_copy_of_the_plan_holds_own_lines_only() {
    let entry = entry();
    let lines: Vec<_> = entry.lines.iter().map(|line| (line.service.code.as_str(), line.total())).collect();
    assert_eq!(lines, [("111111", 3), ("A21111", 1)]);
    assert_eq!((entry.planner.as_str(), entry.is_empty()), ("出雲 太郎", false));
    let emptied = entry.emptied();
    assert!(emptied.is_empty() && emptied.lines.len() == 2);
    assert_eq!(to_set(&[emptied], &envelope()), ResultFiles::default());
}

#[test]
fn what_is_written_reads_as_the_same_entry() {
    let entry = entry();
    let made = to_set(std::slice::from_ref(&entry), &envelope());
    let names: Vec<_> = made.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "UPJSK_202610_9870000025_11_9870000017_43_20261102090000.CSV",
            "UPJSK_202610_9870000025_A2_9870000017_43_20261102090000.CSV",
        ]
    );
    let batch = sort(made.files);
    assert!(batch.sets.iter().all(|set| set.unit == Some(Unit::Result)));
    let mut lines = Vec::new();
    for set in &batch.sets {
        let open = set.open();
        assert_eq!(open.files[0].problems, []);
        let sheets = of_person(&open, PERSON.0, PERSON.1);
        let again = ResultEntry::from_result(sheets.months[0].result.as_ref().unwrap(), PERSON).unwrap();
        assert_eq!(
            ResultEntry { lines: Vec::new(), ..again.clone() },
            ResultEntry { lines: Vec::new(), ..entry.clone() }
        );
        lines.extend(again.lines);
    }
    assert_eq!(lines, entry.lines);
}

#[test]
fn what_is_written_is_clean_by_the_standard() {
    let mut entry = entry();
    entry.lines[0].times.push(DayTime { day: 12, from: "0945".to_owned(), until: "1015".to_owned() });
    let batch = sort(to_set(&[entry], &envelope()).files);
    assert_eq!(batch.sets.len(), 2);
    for set in &batch.sets {
        let found = crate::check::check_set(&set.open(), &crate::check::Context::default());
        let errors: Vec<_> = found.iter().filter(|f| f.severity == kaigo_core::finding::Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn a_day_can_have_its_own_time_and_days_outside_the_month_are_left_out() {
    let mut entry = entry();
    entry.month = Month::parse("202611").unwrap();
    entry.lines[0].days[30] = 1;
    entry.lines[0].times.push(DayTime { day: 12, from: "0945".to_owned(), until: "1015".to_owned() });
    let made = to_set(std::slice::from_ref(&entry), &envelope());
    let table = crate::table::read(Kind::Result, &made.files[0].bytes).table;
    let rows: Vec<_> =
        table.rows().map(|row| (row.text(usage::DATE), row.text(usage::FROM), row.text(usage::UNTIL))).collect();
    assert_eq!(rows, [("20261105", "0930", "1000"), ("20261112", "0945", "1015"), ("20261119", "0930", "1000")]);
}

#[test]
fn an_entry_comes_back_from_its_bytes() {
    let mut entry = entry();
    entry.note = "電話で\t確認\n\\済み".to_owned();
    entry.lines[1].added = true;
    entry.lines[1].times.push(DayTime { day: 5, from: "0900".to_owned(), until: String::new() });
    let bytes = entry.to_bytes();
    assert_eq!(ResultEntry::from_bytes(&bytes), Ok(entry));
    assert_eq!(ResultEntry::from_bytes(b"kiban-result\t2\n"), Err(BadEntry::Version));
    assert_eq!(ResultEntry::from_bytes(b"kiban-result\t1\nline\t0"), Err(BadEntry::Line(2)));
    assert_eq!(ResultEntry::from_bytes(b"\xFF"), Err(BadEntry::NotText));
    assert_eq!(ResultEntry::from_bytes(b""), Err(BadEntry::Version));
}

#[test]
fn characters_outside_ms932_are_named() {
    let mut entry = entry();
    entry.planner = "𠮷田".to_owned();
    assert!(to_set(&[entry], &envelope()).unmappable.contains(&'𠮷'));
}

proptest! {
    #[test]
    fn no_bytes_make_reading_panic(rest in "(head|line|time|\t|\n|[0-9 ]|\\\\){0,60}", cut in any::<prop::sample::Index>()) {
        let _ = ResultEntry::from_bytes(format!("kiban-result\t1\n{rest}").as_bytes());
        let mut bytes = entry().to_bytes();
        bytes.truncate(cut.index(bytes.len()));
        let _ = ResultEntry::from_bytes(&bytes);
    }
}
