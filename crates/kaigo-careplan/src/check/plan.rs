//! 居宅サービス計画 (第1表 to 第3表) and the periods of 利用者補足情報 and 予防.

use std::collections::HashSet;

use super::find;
use super::sink::Sink;
use crate::batch::{OpenFile, OpenSet};
use crate::finding::Code;
use crate::kind::Kind;
use crate::layout::{basic, prevention, sheet1, sheet2, sheet3, supplement};
use crate::table::Row;

pub(super) fn check(set: &OpenSet, sinks: &mut [Sink<'_>]) {
    if let Some((file, sink)) = find(set, sinks, Kind::Sheet1) {
        for row in file.table.rows() {
            planner(set, row, sink);
            period(row, sheet1::VALID_FROM, sheet1::VALID_UNTIL, sink);
            let (planned, until) = (row.text(sheet1::PLAN_DATE), row.text(sheet1::VALID_UNTIL));
            if is_date(planned) && is_date(until) && planned > until {
                sink.cell(Code::OutsideValidity, row, sheet1::PLAN_DATE, |item| {
                    format!("{item}{planned}が、認定有効期間の終わり{until}より後です。")
                });
            }
        }
    }
    let periods = [
        (Kind::Supplement, supplement::LIMIT_FROM, supplement::LIMIT_UNTIL),
        (Kind::Basic, basic::VALID_FROM, basic::VALID_UNTIL),
        (Kind::Prevention, prevention::VALID_FROM, prevention::VALID_UNTIL),
    ];
    for (kind, from, until) in periods {
        if let Some((file, sink)) = find(set, sinks, kind) {
            file.table.rows().for_each(|row| period(row, from, until, sink));
        }
    }
    if let Some((file, sink)) = find(set, sinks, Kind::Sheet2) {
        goals(file, sink);
    }
    if let Some((file, sink)) = find(set, sinks, Kind::Sheet3) {
        file.table.rows().for_each(|row| week(row, sink));
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 8 && text != "00000000"
}

fn planner(set: &OpenSet, row: Row<'_>, sink: &mut Sink<'_>) {
    let own = row.text(sheet1::OFFICE_NO);
    if !own.is_empty() && own != set.from.office_no.as_str() {
        sink.cell(Code::PlanOffice, row, sheet1::OFFICE_NO, |item| {
            format!("{item}が{own}ですが、ファイル名の送信元は{}です。", set.from.office_no)
        });
    }
}

fn period(row: Row<'_>, from: usize, until: usize, sink: &mut Sink<'_>) {
    let (first, last) = (row.text(from), row.text(until));
    if is_date(first) && is_date(last) && last < first {
        sink.cell(Code::PeriodReversed, row, until, |item| format!("{item}{last}が、始まりの日{first}より前です。"));
    }
}

/// 課題ＮＯ, 援助目標ＮＯ, 援助内容ＮＯ.
type Trio = [u8; 3];

/// 第2表: order, uniqueness, and texts in the first row of their group.
fn goals(file: &OpenFile, sink: &mut Sink<'_>) {
    let mut plan = ("", "", "");
    let mut last: Option<Trio> = None;
    let mut seen: HashSet<Trio> = HashSet::new();
    for row in file.table.rows() {
        let own = (row.text(sheet2::INSURER_NO), row.text(sheet2::INSURED_NO), row.text(sheet2::PLAN_DATE));
        if own != plan {
            plan = own;
            last = None;
            seen.clear();
        }
        let number = |column: usize| row.text(column).parse::<u8>().unwrap_or(0);
        let trio = [number(sheet2::NEED_NO), number(sheet2::GOAL_NO), number(sheet2::HELP_NO)];
        if trio == [0; 3] {
            continue;
        }
        let label = || trio.map(|n| n.to_string()).join("-");
        if !seen.insert(trio) {
            sink.cell(Code::Sheet2Twice, row, sheet2::HELP_NO, |_| format!("番号{}の行が2つあります。", label()));
        } else if last.is_some_and(|last| trio < last) {
            sink.cell(Code::Sheet2Order, row, sheet2::NEED_NO, |_| {
                let before = last.unwrap_or_default().map(|n| n.to_string()).join("-");
                format!("番号{}の行が、番号{before}の行の後にあります。", label())
            });
        }
        let is_first = last.is_none_or(|last| last.first() != trio.first());
        if is_first {
            for column in [sheet2::NEED, sheet2::LONG_GOAL, sheet2::SHORT_GOAL] {
                if row.text(column).is_empty() {
                    sink.cell(Code::NeedTextMissing, row, column, |item| {
                        format!("課題ＮＯ{}の最初の行に、{item}がありません。", row.text(sheet2::NEED_NO))
                    });
                }
            }
        }
        last = Some(trio);
    }
}

fn week(row: Row<'_>, sink: &mut Sink<'_>) {
    let groups: [(usize, &[usize], usize, usize); 2] = [
        (
            sheet3::SERVICE,
            &[sheet3::WEEKDAY, sheet3::SERVICE_FROM, sheet3::SERVICE_UNTIL],
            sheet3::SERVICE_FROM,
            sheet3::SERVICE_UNTIL,
        ),
        (
            sheet3::ACTIVITY,
            &[sheet3::ACTIVITY_FROM, sheet3::ACTIVITY_UNTIL],
            sheet3::ACTIVITY_FROM,
            sheet3::ACTIVITY_UNTIL,
        ),
    ];
    for (text, needed, from, until) in groups {
        if row.text(text).is_empty() {
            continue;
        }
        for column in needed.iter().copied().filter(|column| row.text(*column).is_empty()) {
            sink.cell(Code::Sheet3Incomplete, row, column, |item| {
                format!("「{}」の{item}がありません。", super::sink::shown(row.text(text)))
            });
        }
        super::usage::reversed(row, from, until, sink);
    }
}
