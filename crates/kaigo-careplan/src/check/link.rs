//! Keys: each document once, and every row with the rows it belongs to, both ways (§4.1).

use std::collections::HashSet;

use super::find;
use super::sink::Sink;
use crate::batch::OpenSet;
use crate::finding::Code;
use crate::kind::{Kind, Unit};
use crate::layout::{
    basic, basic_day, basic_illness, detail, prevention, prevention_support, sheet1, sheet2, sheet3, supplement, usage,
};
use crate::table::{Row, Table};

/// 保険者番号, 被保険者番号, day or month.
type Key<'a> = (&'a str, &'a str, &'a str);

/// A file whose rows belong to rows of another.
struct Child {
    kind: Kind,
    column: usize,
    /// Whether each row of the parent should have one here.
    expected: bool,
}

const fn child(kind: Kind, column: usize, expected: bool) -> Child {
    Child { kind, column, expected }
}

fn key(row: Row<'_>, column: usize) -> Key<'_> {
    (row.text(1), row.text(2), row.text(column))
}

pub(super) fn check(set: &OpenSet, sinks: &mut [Sink<'_>]) {
    twice(set, sinks);
    match set.unit {
        Some(Unit::CarePlan) => {
            let children = [
                child(Kind::Sheet2, sheet2::PLAN_DATE, true),
                child(Kind::Sheet3, sheet3::PLAN_DATE, false),
                child(Kind::Supplement, supplement::PLAN_DATE, true),
            ];
            family(set, sinks, (Kind::Sheet1, sheet1::PLAN_DATE), &children);
        }
        Some(Unit::Usage | Unit::UsageAndResult) => {
            let children = [child(Kind::Detail, detail::MONTH, true), child(Kind::Supplement, supplement::MONTH, true)];
            family(set, sinks, (Kind::Planned, usage::MONTH), &children);
        }
        Some(Unit::Basic | Unit::Prevention) => {
            let annexes = [
                child(Kind::BasicDay, basic_day::CONSULTED_ON, false),
                child(Kind::BasicIllness, basic_illness::CONSULTED_ON, false),
            ];
            family(set, sinks, (Kind::Basic, basic::CONSULTED_ON), &annexes);
            let supports = [child(Kind::PreventionSupport, prevention_support::PLAN_DATE, false)];
            family(set, sinks, (Kind::Prevention, prevention::PLAN_DATE), &supports);
        }
        Some(
            Unit::Result
            | Unit::CarePlanDeletion
            | Unit::UsageDeletion
            | Unit::ResultDeletion
            | Unit::BasicDeletion
            | Unit::PreventionDeletion,
        )
        | None => {}
    }
}

/// The different keys of a table; rows that repeat the key before them cost a comparison only.
fn keys(table: &Table, column: usize) -> HashSet<Key<'_>> {
    let mut last = ("", "", "");
    let mut keys = HashSet::new();
    for row in table.rows() {
        let own = key(row, column);
        if own != last {
            keys.insert(own);
            last = own;
        }
    }
    keys
}

fn family(set: &OpenSet, sinks: &mut [Sink<'_>], (parent, column): (Kind, usize), children: &[Child]) {
    let Some(table) = set.table(parent).filter(|table| !table.is_empty()) else { return };
    let known = keys(table, column);
    for child in children {
        let Some(own) = set.table(child.kind).filter(|table| !table.is_empty()) else { continue };
        if let Some((_, sink)) = find(set, sinks, child.kind) {
            orphans(own, child, parent, &known, sink);
        }
        if child.expected
            && let Some((_, sink)) = find(set, sinks, parent)
        {
            missing(table, column, child, &keys(own, child.column), sink);
        }
    }
}

fn orphans(table: &Table, child: &Child, parent: Kind, known: &HashSet<Key<'_>>, sink: &mut Sink<'_>) {
    let mut last = None;
    for row in table.rows() {
        let own = key(row, child.column);
        if last == Some(own) {
            continue;
        }
        last = Some(own);
        // Empty and zero keys are told elsewhere.
        let is_zero = own.2.bytes().all(|b| b == b'0');
        if !is_zero && !known.contains(&own) {
            sink.cell(Code::LinkOrphan, row, child.column, |item| {
                format!("被保険者番号{}・{item}{}の行が、{}にありません。", own.1, own.2, parent.label())
            });
        }
    }
}

fn missing(table: &Table, column: usize, child: &Child, held: &HashSet<Key<'_>>, sink: &mut Sink<'_>) {
    let mut last = None;
    for row in table.rows() {
        let own = key(row, column);
        if last == Some(own) {
            continue;
        }
        last = Some(own);
        if !held.contains(&own) {
            sink.row(Code::LinkMissing, row.number(), || {
                format!("被保険者番号{}の行が、{}にありません。", own.1, child.kind.label())
            });
        }
    }
}

/// Files with one row for each document.
fn twice(set: &OpenSet, sinks: &mut [Sink<'_>]) {
    for (file, sink) in set.files.iter().zip(sinks) {
        let column = match file.parsed.kind {
            Kind::Sheet1 => sheet1::PLAN_DATE,
            Kind::Supplement if file.parsed.month.is_none() => supplement::PLAN_DATE,
            Kind::Supplement => supplement::MONTH,
            Kind::Sheet1Deletion | Kind::PlannedDeletion | Kind::BasicDeletion | Kind::PreventionDeletion => 3,
            Kind::Basic => basic::CONSULTED_ON,
            Kind::Prevention => prevention::PLAN_DATE,
            Kind::Sheet2
            | Kind::Sheet3
            | Kind::Planned
            | Kind::Result
            | Kind::ResultDeletion
            | Kind::Detail
            | Kind::BasicDay
            | Kind::BasicIllness
            | Kind::BasicImage
            | Kind::PreventionSupport => continue,
        };
        let mut seen = HashSet::new();
        for row in file.table.rows() {
            if !seen.insert(key(row, column)) {
                sink.row(Code::KeyTwice, row.number(), || {
                    format!("被保険者番号{}の{}が、このファイルに2回あります。", row.text(2), file.parsed.kind.label())
                });
            }
        }
    }
}
