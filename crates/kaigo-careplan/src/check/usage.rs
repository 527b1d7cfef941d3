//! 第6表, 予定 and 実績: days, times, services, offices, 福祉用具, and the users whom the receiver needs.

use std::collections::{HashMap, HashSet};

use kaigo_core::service::{OfficeClass, ServiceKind};

use super::cell::minutes;
use super::find;
use super::set::are_kinds_swapped;
use super::sink::Sink;
use super::{Context, sink::shown};
use crate::batch::{OpenFile, OpenSet};
use crate::finding::Code;
use crate::kind::{Kind, Unit};
use crate::layout::{result_deletion, supplement, usage};
use crate::table::{Row, Table};

/// サービス種類 in scope (§1.3, §1.4): 介護給付, 予防給付, 総合事業.
pub(super) const IN_SCOPE: &[&str] = &[
    "11", "12", "13", "14", "15", "16", "17", "21", "22", "23", "2A", "31", "71", "76", "72", "78", "73", "68", "77",
    "79", "27", "28", "38", "62", "63", "64", "66", "67", "24", "25", "26", "2B", "34", "74", "75", "69", "39", "A1",
    "A2", "A3", "A4", "A5", "A6", "A7", "A8",
];

pub(super) fn check(set: &OpenSet, context: Context, sinks: &mut [Sink<'_>]) {
    let validity = validity(set);
    if let Some((file, sink)) = find(set, sinks, Kind::Planned) {
        let mut rows = Rows::new(set, file, &validity, None);
        file.table.rows().for_each(|row| rows.check(row, sink));
        concerned(set, file, sink);
    }
    if let Some((file, sink)) = find(set, sinks, Kind::Result) {
        let today = context.today.map(|day| day.strftime("%Y%m%d").to_string());
        let mut rows = Rows::new(set, file, &validity, today);
        file.table.rows().for_each(|row| rows.check(row, sink));
    }
    if let Some((file, sink)) = find(set, sinks, Kind::ResultDeletion) {
        for row in file.table.rows() {
            other_office(set, row, result_deletion::OFFICE_NO, sink);
            service(row, result_deletion::KIND, row.text(result_deletion::KIND), sink);
        }
    }
    if let Some((file, sink)) = find(set, sinks, Kind::Supplement) {
        for row in file.table.rows() {
            for column in (supplement::KIND1..supplement::OVER_TOTAL).step_by(4) {
                let kind = row.text(column);
                if matches!(kind, "23" | "2A") {
                    sink.cell(Code::ShortStayKind, row, column, |item| format!("{item}が{kind}です。"));
                }
            }
        }
    }
}

/// 限度額の適用期間 of each user, as text of dates.
type Validity<'a> = HashMap<(&'a str, &'a str), (&'a str, &'a str)>;

fn validity(set: &OpenSet) -> Validity<'_> {
    let is_date = |text: &str| text.len() == 8 && text != "00000000";
    let rows = set.table(Kind::Supplement).into_iter().flat_map(Table::rows);
    rows.filter_map(|row| {
        let (from, until) = (row.text(supplement::LIMIT_FROM), row.text(supplement::LIMIT_UNTIL));
        (is_date(from) && is_date(until)).then_some(((row.text(1), row.text(2)), (from, until)))
    })
    .collect()
}

struct Rows<'a, 'b> {
    set: &'a OpenSet,
    is_result: bool,
    today: Option<String>,
    validity: &'b Validity<'a>,
    user: (&'a str, &'a str),
    valid: Option<(&'a str, &'a str)>,
    /// The user's rows so far, by what must not repeat.
    seen: HashSet<u64>,
    lines: HashSet<u64>,
    /// The last kind of service that was in scope.
    kind: &'a str,
}

impl<'a, 'b> Rows<'a, 'b> {
    fn new(set: &'a OpenSet, file: &OpenFile, validity: &'b Validity<'a>, today: Option<String>) -> Self {
        Self {
            set,
            is_result: file.parsed.kind == Kind::Result,
            today,
            validity,
            user: ("", ""),
            valid: None,
            seen: HashSet::new(),
            lines: HashSet::new(),
            kind: "",
        }
    }

    fn check(&mut self, row: Row<'a>, sink: &mut Sink<'_>) {
        let user = (row.text(usage::INSURER_NO), row.text(usage::INSURED_NO));
        if user != self.user {
            self.user = user;
            self.valid = self.validity.get(&user).copied();
            self.seen.clear();
            self.lines.clear();
        }
        self.dates(row, sink);
        reversed(row, usage::FROM, usage::UNTIL, sink);
        if matches!(row.text(usage::TIMES), "0" | "00") {
            sink.cell(Code::TimesZero, row, usage::TIMES, |item| format!("{item}が0です。"));
        }
        self.offices(row, sink);
        let code = row.text(usage::SERVICE);
        let kind = code.get(..2).unwrap_or_default();
        if kind != self.kind && code.len() == 6 && service(row, usage::SERVICE, kind, sink) {
            self.kind = kind;
        }
        let is_equipment = matches!(kind, "17" | "67");
        self.repeated(row, is_equipment, sink);
        equipment(row, code, is_equipment, sink);
    }

    fn dates(&mut self, row: Row<'_>, sink: &mut Sink<'_>) {
        let (date, month) = (row.text(usage::DATE), row.text(usage::MONTH));
        if date.len() != 8 || month.len() != 6 {
            return;
        }
        if !date.starts_with(month) {
            sink.cell(Code::DateOutsideMonth, row, usage::DATE, |item| {
                format!("{item}「{}」が、対象年月{}の日ではありません。", shown(date), shown(month))
            });
        }
        if let Some((from, until)) = self.valid
            && (date < from || date > until)
        {
            // Once for a user: the other days follow from it.
            self.valid = None;
            sink.cell(Code::OutsideValidity, row, usage::DATE, |item| {
                format!("{item}{}が、限度額の適用期間（{from}〜{until}）の外です。", shown(date))
            });
        }
        if self.today.as_deref().is_some_and(|today| date > today) {
            sink.cell(Code::ResultFuture, row, usage::DATE, |item| {
                format!("{item}{}は、まだ来ていない日です。", shown(date))
            });
        }
    }

    fn offices(&self, row: Row<'_>, sink: &mut Sink<'_>) {
        let planner = row.text(usage::PLAN_OFFICE);
        // 委託: the office that plans sends the results on.
        let is_collected = self.is_result && self.set.unit != Some(Unit::UsageAndResult);
        let end = if is_collected { &self.set.to } else { &self.set.from };
        if !planner.is_empty() && planner != end.office_no.as_str() {
            sink.cell(Code::PlanOffice, row, usage::PLAN_OFFICE, |item| {
                let which = if is_collected { "送信先" } else { "送信元" };
                format!("{item}が{}ですが、ファイル名の{which}は{}です。", shown(planner), end.office_no)
            });
        }
        if is_collected {
            other_office(self.set, row, usage::OFFICE_NO, sink);
            let (from, to) = (&self.set.from, &self.set.to);
            let named = if are_kinds_swapped(from, to) { to.kind } else { from.kind };
            let kind = row.text(usage::SERVICE).get(..2).unwrap_or_default();
            if named.is_some_and(|named| named.code() != kind) && !kind.is_empty() {
                sink.cell(Code::ResultOtherKind, row, usage::SERVICE, |_| {
                    let named = named.map_or("", ServiceKind::code);
                    format!("種類{}の実績が、種類{named}のファイルに入っています。", shown(kind))
                });
            }
        }
    }

    fn repeated(&mut self, row: Row<'_>, is_equipment: bool, sink: &mut Sink<'_>) {
        let whole = [
            usage::DATE,
            usage::FROM,
            usage::UNTIL,
            usage::SERVICE,
            usage::OFFICE_NO,
            usage::SATELLITE,
            usage::TAIS,
            usage::EQUIPMENT,
            usage::LINE,
        ];
        if !self.seen.insert(fold(row, &whole)) {
            sink.row(Code::RowTwice, row.number(), || {
                format!(
                    "{}のサービスコード{}の行が、同じ時刻・事業所で2つあります。",
                    shown(row.text(usage::DATE)),
                    shown(row.text(usage::SERVICE))
                )
            });
            return;
        }
        let line = [usage::DATE, usage::SERVICE, usage::UNITS, usage::OFFICE_NO, usage::SATELLITE, usage::LINE];
        if is_equipment && !self.lines.insert(fold(row, &line)) {
            sink.cell(Code::EquipmentLine, row, usage::LINE, |item| {
                let code = shown(row.text(usage::SERVICE));
                format!(
                    "サービスコード{code}・{}単位の用具が2つ以上ありますが、{item}で分けられていません。",
                    shown(row.text(usage::UNITS))
                )
            });
        }
    }
}

/// Folds cells to a number (FNV-1a). Two different rows with one number are not to be expected, and cost one warning.
fn fold(row: Row<'_>, columns: &[usize]) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for column in columns {
        for byte in row.text(*column).bytes().chain([0xFF]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
    hash
}

/// End before start, where both are times.
pub(super) fn reversed(row: Row<'_>, from: usize, until: usize, sink: &mut Sink<'_>) {
    let (first, last) = (row.text(from), row.text(until));
    if last < first
        && let (Some(_), Some(_)) = (minutes(first), minutes(last))
    {
        sink.cell(Code::TimeReversed, row, until, |item| format!("{item}{last}が、始まりの{first}より前です。"));
    }
}

/// Whether the kind of service is known and in scope; tells it otherwise.
pub(super) fn service(row: Row<'_>, column: usize, kind: &str, sink: &mut Sink<'_>) -> bool {
    if IN_SCOPE.contains(&kind) {
        return true;
    }
    if !kind.bytes().all(|b| b.is_ascii_alphanumeric()) || kind.is_empty() {
        return false;
    }
    match ServiceKind::ALL.iter().find(|known| known.code() == kind) {
        Some(known) => sink.cell(Code::ServiceOutOfScope, row, column, |_| {
            format!("サービス種類{kind}（{}）は、連携の対象ではありません。", known.label())
        }),
        None => sink.cell(Code::ServiceUnknown, row, column, |_| {
            format!("サービス種類「{}」は知られていません。", shown(kind))
        }),
    }
    false
}

fn other_office(set: &OpenSet, row: Row<'_>, column: usize, sink: &mut Sink<'_>) {
    let office = row.text(column);
    if !office.is_empty() && office != set.from.office_no.as_str() {
        sink.cell(Code::ResultOtherOffice, row, column, |item| {
            format!("{item}が{}ですが、送信元は{}です。", shown(office), set.from.office_no)
        });
    }
}

/// Codes of goods: items begin with 1 behind the kind, add-ons with other digits.
fn equipment(row: Row<'_>, code: &str, is_equipment: bool, sink: &mut Sink<'_>) {
    let (tais, other) = (row.text(usage::TAIS), row.text(usage::EQUIPMENT));
    if is_equipment {
        let is_good = code.as_bytes().get(2) == Some(&b'1');
        if is_good && tais.is_empty() && other.is_empty() && !row.is_narrow() && row.len() > usage::EQUIPMENT {
            sink.cell(Code::EquipmentCode, row, usage::TAIS, |_| {
                format!("福祉用具貸与（{}）に、TAISコードも福祉用具届出コードもありません。", shown(code))
            });
        }
        return;
    }
    for column in [usage::TAIS, usage::EQUIPMENT, usage::LINE] {
        if !row.text(column).is_empty() && code.len() == 6 {
            sink.cell(Code::EquipmentElsewhere, row, column, |item| {
                format!("福祉用具貸与でないサービス（{}）に、{item}があります。", shown(code))
            });
        }
    }
}

/// 予定 to an office that delivers services: users without a row of that office do not concern it.
fn concerned(set: &OpenSet, file: &OpenFile, sink: &mut Sink<'_>) {
    if set.to.kind.is_none_or(|kind| kind.office_class() == OfficeClass::CareManagement) {
        return;
    }
    let mut users: HashMap<(&str, &str), (bool, u32)> = HashMap::new();
    let mut last = ("", "");
    let mut is_held = false;
    for row in file.table.rows() {
        let user = (row.text(usage::INSURER_NO), row.text(usage::INSURED_NO));
        let is_own = row.text(usage::OFFICE_NO) == set.to.office_no.as_str();
        if user != last || (is_own && !is_held) {
            let entry = users.entry(user).or_insert((false, row.number()));
            entry.0 |= is_own;
            last = user;
            is_held = entry.0;
        }
    }
    let mut rows: Vec<_> =
        users.into_iter().filter(|(_, (own, _))| !own).map(|((_, insured), (_, row))| (row, insured)).collect();
    rows.sort_unstable();
    for (row, insured) in rows {
        sink.row(Code::UserNotConcerned, row, || {
            format!(
                "被保険者番号{}の利用者には、送り先（{}）のサービスがありません。",
                shown(insured),
                set.to.office_no
            )
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_in_scope_are_kinds_of_service() {
        for code in IN_SCOPE {
            assert!(ServiceKind::ALL.iter().any(|kind| kind.code() == *code), "{code}");
        }
        // Facilities, sales, repairs and care management itself are out.
        for code in
            ["33", "36", "32", "41", "42", "51", "52", "53", "54", "59", "35", "37", "44", "45", "43", "46", "AF"]
        {
            assert!(!IN_SCOPE.contains(&code), "{code}");
        }
    }
}
