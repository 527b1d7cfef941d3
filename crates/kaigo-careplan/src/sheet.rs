//! The forms of the standard as models: what pages show and paper prints, from the rows of a set.
//!
//! Texts stay as the file has them; codes come with their labels, dates and times with what they mean. Nothing is refused: a
//! cell that cannot be read shows what stands in it.
//!
//! Start with [`of_person`], or with [`of_everyone`] where all people of a set are shown.

mod cell;
mod detail;
mod goals;
mod grid;
mod plan;
mod prevention;
mod supplement;
#[cfg(test)]
mod tests;
mod usage;
mod week;

use std::collections::HashMap;

pub use self::cell::{Amount, Band, Clock, Coded, Day};
pub use self::detail::{Detail, DetailItems, DetailKind, DetailRow, ShortStay};
pub use self::goals::{FullRow, GoalRow, Help, Sheet2, Span};
pub use self::grid::{Cover, Grid, GridCell, GridLine, Mark};
pub use self::plan::{CarePlan, Sheet1};
pub use self::prevention::{
    Area, Basic, BasicItems, Contact, DayHabit, Illness, Joined, Prevention, PreventionItems, Program, SupportRow,
    SupportService,
};
pub use self::supplement::{KindLimit, Supplement, SupplementItems};
pub use self::usage::{Days, GridDay, Loose, Service, Usage, UsageHead, UsageLine, days_of, total};
pub use self::week::{Activity, Block, Sheet3, WeekService};
use crate::batch::OpenSet;
use crate::kind::Kind;
use crate::layout;
use crate::name::Month;
use crate::table::Row;

/// What a set says about one month of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MonthSheets {
    /// 対象年月 as the files have it.
    pub month: String,
    /// 第6表 予定.
    pub planned: Option<Usage>,
    /// 第6表 実績.
    pub result: Option<Usage>,
    /// 第7表.
    pub detail: Option<Detail>,
    /// 利用者補足情報.
    pub supplement: Option<Supplement>,
}

/// A deletion that a set carries for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// Kind of the deletion file.
    pub kind: Kind,
    /// Key of what is taken back: a day or a month.
    pub key: Day,
    /// サービス事業者コード, for 実績.
    pub office_no: String,
    /// サービス種類コード, for 実績.
    pub service_kind: String,
}

/// Everything that a set holds about one person, as forms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonSheets {
    /// 保険者番号.
    pub insurer_no: String,
    /// 被保険者番号.
    pub insured_no: String,
    /// 氏名, from whatever file has it; else empty.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// 性別.
    pub sex: Coded,
    /// 生年月日.
    pub born_on: Day,
    /// 居宅サービス計画, one for each 作成（変更）日.
    pub care_plans: Vec<CarePlan>,
    /// 利用票, 別表 and 実績, one for each month.
    pub months: Vec<MonthSheets>,
    /// 利用者基本情報 (予防), one for each 相談日.
    pub basics: Vec<Basic>,
    /// 支援計画書 (予防), one for each 作成（変更）日.
    pub preventions: Vec<Prevention>,
    /// What the set takes back.
    pub deletions: Vec<Deletion>,
}

/// The forms of one person.
pub fn of_person(set: &OpenSet, insurer_no: &str, insured_no: &str) -> PersonSheets {
    let rows = rows_of(set).filter(|row| row.text(2) == insured_no && row.text(1) == insurer_no).collect();
    build(insurer_no, insured_no, &rows)
}

/// The forms of everyone in the set, in the order of the files.
pub fn of_everyone(set: &OpenSet) -> Vec<PersonSheets> {
    let mut people: Vec<((&str, &str), Vec<Row<'_>>)> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    for row in rows_of(set) {
        let person = (row.text(1), row.text(2));
        let place = *places.entry(person).or_insert_with(|| {
            people.push((person, Vec::new()));
            people.len() - 1
        });
        if let Some((_, rows)) = people.get_mut(place) {
            rows.push(row);
        }
    }
    people.into_iter().map(|((insurer_no, insured_no), rows)| build(insurer_no, insured_no, &rows)).collect()
}

/// All rows; 保険者番号 and 被保険者番号 are the second and third column of every kind.
fn rows_of(set: &OpenSet) -> impl Iterator<Item = Row<'_>> {
    set.files.iter().flat_map(|file| file.table.rows())
}

/// A person's rows, by kind and by the text of a key column.
struct Rows<'a, 'r>(&'r Vec<Row<'a>>);

impl<'a> Rows<'a, '_> {
    fn of(&self, kind: Kind) -> impl Iterator<Item = &Row<'a>> {
        self.0.iter().filter(move |row| row.kind() == kind)
    }

    fn with(&self, kind: Kind, column: usize, key: &str) -> Vec<Row<'a>> {
        self.of(kind).filter(|row| row.text(column) == key).copied().collect()
    }

    fn first(&self, kind: Kind, column: usize, key: &str) -> Option<&Row<'a>> {
        self.of(kind).find(|row| row.text(column) == key)
    }

    /// The texts of the key columns, each once, in the order of the files.
    fn keys(&self, columns: &[(Kind, usize)]) -> Vec<&'a str> {
        let mut keys = Vec::new();
        for (kind, column) in columns {
            for row in self.of(*kind) {
                let key = row.text(*column);
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys
    }
}

fn build(insurer_no: &str, insured_no: &str, rows: &Vec<Row<'_>>) -> PersonSheets {
    let rows = Rows(rows);
    let mut made = PersonSheets {
        insurer_no: insurer_no.to_owned(),
        insured_no: insured_no.to_owned(),
        care_plans: care_plans(&rows),
        months: months(&rows),
        basics: basics(&rows),
        preventions: preventions(&rows),
        deletions: rows.0.iter().filter_map(deletion).collect(),
        ..PersonSheets::default()
    };
    name(&mut made);
    made
}

/// A 利用者補足情報 that names a month belongs to 第6・7表, else to 第1〜3表 (§8.11).
fn has_month(row: &Row<'_>) -> bool {
    Month::parse(row.text(layout::supplement::MONTH)).is_some()
}

fn care_plans(rows: &Rows<'_, '_>) -> Vec<CarePlan> {
    let mut keys = rows.keys(&[
        (Kind::Sheet1, layout::sheet1::PLAN_DATE),
        (Kind::Sheet2, layout::sheet2::PLAN_DATE),
        (Kind::Sheet3, layout::sheet3::PLAN_DATE),
    ]);
    let supplements: Vec<_> = rows.of(Kind::Supplement).filter(|row| !has_month(row)).collect();
    for row in &supplements {
        let key = row.text(layout::supplement::PLAN_DATE);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let plan = |key: &str| {
        let (second, third) = (
            rows.with(Kind::Sheet2, layout::sheet2::PLAN_DATE, key),
            rows.with(Kind::Sheet3, layout::sheet3::PLAN_DATE, key),
        );
        CarePlan {
            plan_date: Day::new(key),
            sheet1: rows.first(Kind::Sheet1, layout::sheet1::PLAN_DATE, key).map(Sheet1::of_row),
            sheet2: (!second.is_empty()).then(|| Sheet2::of_rows(&second)),
            sheet3: (!third.is_empty()).then(|| Sheet3::of_rows(&third)),
            supplement: supplements
                .iter()
                .find(|row| row.text(layout::supplement::PLAN_DATE) == key)
                .map(|row| Supplement::of_row(row)),
        }
    };
    keys.into_iter().map(plan).collect()
}

fn months(rows: &Rows<'_, '_>) -> Vec<MonthSheets> {
    let mut keys = rows.keys(&[
        (Kind::Planned, layout::usage::MONTH),
        (Kind::Result, layout::usage::MONTH),
        (Kind::Detail, layout::detail::MONTH),
    ]);
    let supplements: Vec<_> = rows.of(Kind::Supplement).filter(|row| has_month(row)).collect();
    for row in &supplements {
        let key = row.text(layout::supplement::MONTH);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let month = |key: &str| {
        let usage = |kind| {
            let rows = rows.with(kind, layout::usage::MONTH, key);
            (!rows.is_empty()).then(|| Usage::of_rows(&rows))
        };
        let details = rows.with(Kind::Detail, layout::detail::MONTH, key);
        MonthSheets {
            month: key.to_owned(),
            planned: usage(Kind::Planned),
            result: usage(Kind::Result),
            detail: (!details.is_empty()).then(|| Detail::of_rows(&details)),
            supplement: supplements
                .iter()
                .find(|row| row.text(layout::supplement::MONTH) == key)
                .map(|row| Supplement::of_row(row)),
        }
    };
    keys.into_iter().map(month).collect()
}

fn basics(rows: &Rows<'_, '_>) -> Vec<Basic> {
    let basic = |row: &Row<'_>| {
        let key = row.text(layout::basic::CONSULTED_ON);
        Basic::of_rows(
            row,
            &rows.with(Kind::BasicDay, layout::basic_day::CONSULTED_ON, key),
            &rows.with(Kind::BasicIllness, layout::basic_illness::CONSULTED_ON, key),
        )
    };
    rows.of(Kind::Basic).map(basic).collect()
}

fn preventions(rows: &Rows<'_, '_>) -> Vec<Prevention> {
    let prevention = |row: &Row<'_>| {
        let key = row.text(layout::prevention::PLAN_DATE);
        Prevention::of_rows(row, &rows.with(Kind::PreventionSupport, layout::prevention_support::PLAN_DATE, key))
    };
    rows.of(Kind::Prevention).map(prevention).collect()
}

fn deletion(row: &Row<'_>) -> Option<Deletion> {
    let key = match row.kind() {
        Kind::Sheet1Deletion => layout::sheet1_deletion::PLAN_DATE,
        Kind::PlannedDeletion => layout::planned_deletion::MONTH,
        Kind::ResultDeletion => layout::result_deletion::MONTH,
        Kind::BasicDeletion => layout::basic_deletion::CONSULTED_ON,
        Kind::PreventionDeletion => layout::prevention_deletion::PLAN_DATE,
        Kind::Supplement
        | Kind::Sheet1
        | Kind::Sheet2
        | Kind::Sheet3
        | Kind::Planned
        | Kind::Result
        | Kind::Detail
        | Kind::Basic
        | Kind::BasicDay
        | Kind::BasicIllness
        | Kind::BasicImage
        | Kind::Prevention
        | Kind::PreventionSupport => return None,
    };
    let of_result = |column: usize| if row.kind() == Kind::ResultDeletion { row.text(column) } else { "" };
    Some(Deletion {
        kind: row.kind(),
        key: Day::new(row.text(key)),
        office_no: of_result(layout::result_deletion::OFFICE_NO).to_owned(),
        service_kind: of_result(layout::result_deletion::KIND).to_owned(),
    })
}

/// Takes the name from the files that have one: 補足情報, then 基本情報, then 支援計画書.
fn name(made: &mut PersonSheets) {
    let months = made.months.iter().filter_map(|month| month.supplement.as_ref());
    let plans = made.care_plans.iter().filter_map(|plan| plan.supplement.as_ref());
    if let Some(supplement) = months.chain(plans).next() {
        let items = supplement.items.clone();
        (made.name, made.kana, made.sex, made.born_on) = (items.name, items.kana, items.sex, items.born_on);
    } else if let Some(basic) = made.basics.first() {
        let items = basic.items.clone();
        (made.name, made.kana, made.sex, made.born_on) = (items.name, items.kana, items.sex, items.born_on);
    } else if let Some(prevention) = made.preventions.first() {
        made.name.clone_from(&prevention.items.name);
    }
}
