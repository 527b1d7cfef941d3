//! Names of a set: their spelling, swapped kinds, one 連番, and the role of 利用者補足情報.

use std::collections::HashMap;

use super::{Log, What, plan_days};
use crate::batch::{OpenFile, OpenSet, Set};
use crate::check::{are_kinds_swapped, is_other_role, together};
use crate::kind::{Kind, Unit};
use crate::layout::{result_deletion, supplement, usage};
use crate::name::{Month, Serial};
use crate::table::Row;

/// The role that a lone 利用者補足情報 gets.
enum Role {
    /// With 第6・7表 of that month.
    Usage(Month),
    /// With 第1〜3表, by the day of each person's plan.
    Plan(HashMap<(String, String), String>),
}

/// What the files of one set get as names.
pub(super) struct Place {
    serial: Option<Serial>,
    are_swapped: bool,
    role: Option<Role>,
}

impl Place {
    pub(super) fn of(set: &Set, open: &OpenSet, sets: &[Set]) -> Self {
        let serial = together(set, sets).filter(|serial| *serial != set.serial);
        Self { serial, are_swapped: are_swapped(set, open), role: role(set, open, sets) }
    }

    /// The name that the file gets.
    pub(super) fn name(&self, file: &OpenFile, log: &mut Log<'_>) -> String {
        let mut parsed = file.parsed;
        if self.are_swapped {
            (parsed.from.kind, parsed.to.kind) = (parsed.to.kind, parsed.from.kind);
        }
        if let Some(serial) = self.serial {
            parsed.serial = serial;
        }
        match &self.role {
            Some(Role::Usage(month)) => parsed.month = Some(*month),
            Some(Role::Plan(_)) => parsed.month = None,
            None => {}
        }
        let name = parsed.to_string();
        let is_picture = file.parsed.kind == Kind::BasicImage;
        if name == file.name || (is_picture && file.name.eq_ignore_ascii_case(&name)) {
            return file.name.clone();
        }
        let (what, say) = if self.serial.is_some() {
            (What::Serial, "一緒に送るファイルの連番をそろえました。")
        } else if self.are_swapped {
            (What::Kinds, "入れ替わっていたサービス種類コードを、送信元、送信先の順になおしました。")
        } else if self.role.is_some() {
            (What::Role, "利用者補足情報を、この組のものになおしました。")
        } else {
            (What::Name, "ファイル名を標準仕様のつづりになおしました。")
        };
        log.note(what, None, &file.name, &name, say);
        name
    }

    /// The text of a cell that says the role of a 利用者補足情報.
    pub(super) fn cell(
        &self,
        file: &OpenFile,
        row: Row<'_>,
        column: usize,
        text: &str,
        log: &mut Log<'_>,
    ) -> Option<String> {
        if file.parsed.kind != Kind::Supplement {
            return None;
        }
        let want = match (self.role.as_ref()?, column) {
            (Role::Usage(month), supplement::MONTH) => month.to_string(),
            (Role::Usage(_), supplement::PLAN_DATE) => "00000000".to_owned(),
            (Role::Plan(_), supplement::MONTH) => "000000".to_owned(),
            (Role::Plan(days), supplement::PLAN_DATE) => {
                days.get(&(row.text(1).to_owned(), row.text(2).to_owned()))?.clone()
            }
            _ => return None,
        };
        if want == text {
            return None;
        }
        log.note(What::Role, Some((row, column)), text, &want, "利用者補足情報を、この組のものになおしました。");
        Some(want)
    }
}

/// 実績 whose names have the kinds swapped, while its rows are of the office that sends.
fn are_swapped(set: &Set, open: &OpenSet) -> bool {
    let (kind, column) = match set.unit {
        Some(Unit::Result) => (Kind::Result, usage::OFFICE_NO),
        Some(Unit::ResultDeletion) => (Kind::ResultDeletion, result_deletion::OFFICE_NO),
        _ => return false,
    };
    let table = open.table(kind).filter(|table| !table.is_empty());
    let own = set.from.office_no.as_str();
    are_kinds_swapped(&set.from, &set.to) && table.is_some_and(|table| table.rows().all(|row| row.text(column) == own))
}

/// The role of a lone 利用者補足情報, where exactly one set beside it lacks one.
fn role(set: &Set, open: &OpenSet, sets: &[Set]) -> Option<Role> {
    let mut needing = sets.iter().filter(|other| is_other_role(other, set));
    let other = needing.next().filter(|_| needing.next().is_none())?;
    if let Some(month) = other.month {
        return Some(Role::Usage(month));
    }
    let days = plan_days(&other.open());
    let people = open.table(Kind::Supplement)?;
    let is_known = |row: Row<'_>| days.contains_key(&(row.text(1).to_owned(), row.text(2).to_owned()));
    people.rows().all(is_known).then_some(Role::Plan(days))
}
