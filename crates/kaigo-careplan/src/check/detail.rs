//! 第7表: rows of totals, and sums. The standard has no formulas; they are those of the form's instructions, so nothing of
//! them is an error.

use std::collections::{BTreeMap, HashMap};

use kaigo_core::care_level::CareLevel;
use kaigo_core::rule::limit::monthly_limit;

use super::cell::GRAND_TOTAL_OFFICE;
use super::find;
use super::sink::{Sink, shown};
use super::usage::service;
use crate::batch::OpenSet;
use crate::finding::Code;
use crate::kind::Kind;
use crate::layout::{detail, supplement};
use crate::name::Month;
use crate::table::Row;

/// What a row of 第7表 is by its サービスコード.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line<'a> {
    /// A service.
    Service(&'a str),
    /// 種類別小計 of what counts towards the limit (`AAAA`).
    Subtotal(&'a str),
    /// 種類別小計 of what does not (`EEEE`), and of days over thirty (`ZZZZ`).
    OtherSubtotal,
    /// 全合計 (`999999`).
    GrandTotal,
}

fn line(code: &str) -> Line<'_> {
    let kind = code.get(..2).unwrap_or_default();
    match code.get(2..) {
        _ if code == "999999" => Line::GrandTotal,
        Some("AAAA") => Line::Subtotal(kind),
        Some("EEEE" | "ZZZZ") => Line::OtherSubtotal,
        _ => Line::Service(kind),
    }
}

pub(super) fn check(set: &OpenSet, sinks: &mut [Sink<'_>]) {
    let limits = limits(set, sinks);
    let Some((file, sink)) = find(set, sinks, Kind::Detail) else { return };
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    let mut users: Vec<Vec<Row<'_>>> = Vec::new();
    let (mut last, mut place) = (("", ""), 0);
    for row in file.table.rows() {
        let user = (row.text(detail::INSURER_NO), row.text(detail::INSURED_NO));
        if user != last || users.is_empty() {
            last = user;
            place = *places.entry(user).or_insert(users.len());
            if place == users.len() {
                users.push(Vec::new());
            }
        }
        if let Some(rows) = users.get_mut(place) {
            rows.push(row);
        }
    }
    for rows in &users {
        let limit = rows.first().and_then(|row| limits.get(&(row.text(1), row.text(2)))).copied();
        user(rows, limit, sink);
    }
}

/// 区分支給限度基準額 of each user: what 利用者補足情報 says, else the national amount of the care level.
fn limits<'a>(set: &'a OpenSet, sinks: &mut [Sink<'_>]) -> HashMap<(&'a str, &'a str), i64> {
    let mut limits = HashMap::new();
    let Some((file, sink)) = find(set, sinks, Kind::Supplement) else { return limits };
    for row in file.table.rows() {
        let month = Month::parse(row.text(supplement::MONTH)).and_then(Month::first_day);
        let level = |column: usize| CareLevel::ALL.iter().find(|level| level.code() == row.text(column)).copied();
        let national = |column: usize| {
            let units = monthly_limit(level(column)?, month?)?;
            Some(i64::from(units.0))
        };
        let (now, before) = (national(supplement::CARE_LEVEL), national(supplement::PREVIOUS_LEVEL));
        let written = number(row, supplement::LIMIT).filter(|limit| *limit > 0);
        let is_changed = !row.text(supplement::LEVEL_CHANGED_ON).is_empty();
        if let (Some(written), Some(national)) = (written, now)
            && written != national
            && !(is_changed && before == Some(written))
        {
            sink.cell(Code::LimitAmount, row, supplement::LIMIT, |item| {
                format!("{item}が{written}単位です。要介護状態区分の額は{national}単位です。")
            });
        }
        if let Some(limit) = written.or(if is_changed { now.max(before) } else { now }) {
            limits.insert((row.text(1), row.text(2)), limit);
        }
    }
    limits
}

fn number(row: Row<'_>, column: usize) -> Option<i64> {
    let text = row.text(column);
    if text.is_empty() || text.len() > 12 { None } else { text.parse().ok() }
}

/// `10.21` as hundredths.
fn price(row: Row<'_>) -> Option<i64> {
    let (whole, part) = row.text(detail::UNIT_PRICE).split_once('.')?;
    if part.len() != 2 || whole.len() > 4 {
        return None;
    }
    Some(whole.parse::<i64>().ok()? * 100 + part.parse::<i64>().ok()?)
}

fn user(rows: &[Row<'_>], limit: Option<i64>, sink: &mut Sink<'_>) {
    let Some(first) = rows.first() else { return };
    let total = rows.iter().find(|row| line(row.text(detail::SERVICE)) == Line::GrandTotal);
    if total.is_none() {
        sink.row(Code::GrandTotalMissing, first.number(), || {
            format!(
                "被保険者番号{}に、全合計の行（サービスコード999999）がありません。",
                shown(first.text(detail::INSURED_NO))
            )
        });
    }
    let mut last_kind = "";
    for row in rows {
        match line(row.text(detail::SERVICE)) {
            Line::Service(kind) => {
                if kind != last_kind
                    && row.text(detail::SERVICE).len() == 6
                    && service(*row, detail::SERVICE, kind, sink)
                {
                    last_kind = kind;
                }
                units(*row, sink);
            }
            Line::GrandTotal if row.text(detail::OFFICE_NO) != GRAND_TOTAL_OFFICE => {
                sink.cell(Code::GrandTotalOffice, *row, detail::OFFICE_NO, |item| {
                    format!("全合計の行の{item}が「{}」です。", shown(row.text(detail::OFFICE_NO)))
                });
                summary(*row, sink);
            }
            Line::Subtotal(_) | Line::OtherSubtotal | Line::GrandTotal => summary(*row, sink),
        }
        money(*row, sink);
    }
    subtotals(rows, sink);
    if let Some(total) = total {
        totals(rows, *total, sink);
        exceeded(rows, *total, limit, sink);
    }
}

/// 小計 and 合計 have 0 units.
fn summary(row: Row<'_>, sink: &mut Sink<'_>) {
    if number(row, detail::UNITS).is_some_and(|units| units != 0) {
        sink.cell(Code::SummaryUnits, row, detail::UNITS, |item| {
            format!("小計か全合計の行の{item}が{}です。", shown(row.text(detail::UNITS)))
        });
    }
}

fn units(row: Row<'_>, sink: &mut Sink<'_>) {
    let units = number(row, detail::UNITS);
    let discounted = number(row, detail::UNITS_DISCOUNTED);
    if let (Some(units), Some(rate), Some(got)) = (units, number(row, detail::RATE), discounted)
        && (0..=1000).contains(&rate)
    {
        let want = (units * rate + 50).div_euclid(100);
        if got != want {
            sink.cell(Code::DiscountDiffers, row, detail::UNITS_DISCOUNTED, |item| {
                format!("{item}が{got}です。{units}単位の{rate}％は{want}単位です。")
            });
        }
    }
    if let (Some(units), Some(times), Some(got)) =
        (discounted.or(units), number(row, detail::TIMES), number(row, detail::AMOUNT))
        && units.checked_mul(times) != Some(got)
    {
        sink.cell(Code::AmountDiffers, row, detail::AMOUNT, |item| {
            format!("{item}が{got}です。{units}単位の{times}回ではありません。")
        });
    }
}

fn money(row: Row<'_>, sink: &mut Sink<'_>) {
    let cost = number(row, detail::COST);
    if let (Some(within), Some(price), Some(cost)) = (number(row, detail::LIMIT_WITHIN), price(row), cost) {
        let want = (within * price).div_euclid(100);
        if cost != want {
            sink.cell(Code::CostDiffers, row, detail::COST, |item| {
                format!("{item}が{cost}円です。{within}単位と単価{}からは{want}円です。", row.text(detail::UNIT_PRICE))
            });
        }
    }
    if !row.text(detail::FIXED_SHARE).is_empty() {
        return;
    }
    if let (Some(cost), Some(rate), Some(claim)) = (cost, number(row, detail::BENEFIT_RATE), number(row, detail::CLAIM))
        && (0..=100).contains(&rate)
    {
        let want = (cost * rate).div_euclid(100);
        if claim != want {
            sink.cell(Code::ClaimDiffers, row, detail::CLAIM, |item| {
                format!("{item}が{claim}円です。費用総額{cost}円の{rate}％は{want}円です。")
            });
        } else if let Some(share) = number(row, detail::SHARE).filter(|share| *share != cost - claim) {
            sink.cell(Code::ClaimDiffers, row, detail::SHARE, |item| {
                format!("{item}が{share}円です。費用総額から請求額を引くと{}円です。", cost - claim)
            });
        }
    }
}

/// Services outside the limit by their kind: 居宅療養管理指導.
fn is_outside_limit(kind: &str) -> bool {
    matches!(kind, "31" | "34")
}

/// Sum of a column over rows that have it; none where no row has.
fn sum<'a>(rows: impl Iterator<Item = Row<'a>>, column: usize) -> Option<i64> {
    rows.filter_map(|row| number(row, column))
        .fold(None, |sum: Option<i64>, n| Some(sum.unwrap_or(0).saturating_add(n)))
}

/// 種類別小計: there where a kind has several codes, and equal to what it adds.
fn subtotals(rows: &[Row<'_>], sink: &mut Sink<'_>) {
    let mut kinds: BTreeMap<&str, Vec<Row<'_>>> = BTreeMap::new();
    for row in rows {
        if let Line::Service(kind) = line(row.text(detail::SERVICE)) {
            kinds.entry(kind).or_default().push(*row);
        }
    }
    for (kind, own) in kinds {
        let subtotal = rows.iter().find(|row| line(row.text(detail::SERVICE)) == Line::Subtotal(kind));
        let Some(subtotal) = subtotal else {
            let code = own.first().map_or("", |row| row.text(detail::SERVICE));
            let counted = own.iter().filter(|row| number(**row, detail::LIMIT_WITHIN).is_some());
            let has_several = own.iter().any(|row| row.text(detail::SERVICE) != code) && counted.count() > 1;
            if let Some(row) = own.first().filter(|_| has_several && !is_outside_limit(kind)) {
                sink.row(Code::SubtotalMissing, row.number(), || {
                    format!(
                        "種類{}に2つ以上のサービスコードがありますが、小計（{}AAAA）の行がありません。",
                        shown(kind),
                        shown(kind)
                    )
                });
            }
            continue;
        };
        for column in [detail::AMOUNT, detail::LIMIT_OVER, detail::LIMIT_WITHIN] {
            let with = |filter: usize| sum(own.iter().copied().filter(|row| number(*row, filter).is_some()), column);
            let wants = [with(column), with(detail::LIMIT_WITHIN), with(detail::UNITS_MANAGED)];
            differs(*subtotal, column, &wants, sink);
        }
    }
}

/// 全合計 against the ways in which forms are added: over all services, over those within the limit, over subtotals.
fn totals(rows: &[Row<'_>], total: Row<'_>, sink: &mut Sink<'_>) {
    let services = || rows.iter().copied().filter(|row| matches!(line(row.text(detail::SERVICE)), Line::Service(_)));
    let has_subtotal = |kind: &str| rows.iter().any(|row| line(row.text(detail::SERVICE)) == Line::Subtotal(kind));
    let lone = || {
        services().filter(move |row| match line(row.text(detail::SERVICE)) {
            Line::Service(kind) => !has_subtotal(kind),
            Line::Subtotal(_) | Line::OtherSubtotal | Line::GrandTotal => false,
        })
    };
    let limited = || rows.iter().copied().filter(|row| matches!(line(row.text(detail::SERVICE)), Line::Subtotal(_)));
    let others = || rows.iter().copied().filter(|row| line(row.text(detail::SERVICE)) == Line::OtherSubtotal);
    let columns = [
        detail::AMOUNT,
        detail::LIMIT_OVER,
        detail::LIMIT_WITHIN,
        detail::COST,
        detail::CLAIM,
        detail::SHARE,
        detail::FULL_SHARE,
    ];
    for column in columns {
        let counted = |row: &Row<'_>| number(*row, detail::LIMIT_WITHIN).is_some();
        let wants = [
            sum(services(), column),
            sum(services().filter(counted), column),
            sum(limited(), column),
            sum(limited().chain(lone()), column),
            sum(limited().chain(lone()).filter(counted), column),
            sum(limited().chain(lone()).chain(others()), column),
        ];
        differs(total, column, &wants, sink);
    }
}

/// Tells a sum that is none of those that could be meant.
fn differs(row: Row<'_>, column: usize, wants: &[Option<i64>], sink: &mut Sink<'_>) {
    let Some(got) = number(row, column) else { return };
    // The sum that was most likely meant.
    let Some(want) = wants.iter().flatten().min_by_key(|want| want.abs_diff(got)) else { return };
    if !wants.contains(&Some(got)) {
        sink.cell(Code::TotalDiffers, row, column, |item| format!("{item}の合計が{got}です。明細を足すと{want}です。"));
    }
}

fn exceeded(rows: &[Row<'_>], total: Row<'_>, limit: Option<i64>, sink: &mut Sink<'_>) {
    let Some(limit) = limit else { return };
    let services = rows.iter().copied().filter(|row| matches!(line(row.text(detail::SERVICE)), Line::Service(_)));
    let within = number(total, detail::LIMIT_WITHIN).or_else(|| sum(services, detail::LIMIT_WITHIN));
    if let Some(within) = within.filter(|within| *within > limit) {
        sink.cell(Code::LimitExceeded, total, detail::LIMIT_WITHIN, |item| {
            format!("{item}が{within}単位で、区分支給限度基準額{limit}単位を超えています。")
        });
    }
}
