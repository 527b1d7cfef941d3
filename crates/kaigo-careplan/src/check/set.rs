//! A set as a whole: what must travel together, and whether names, ends and months say the same.

use kaigo_core::service::{OfficeClass, ServiceKind};

use super::find;
use super::sink::{Sink, shown};
use crate::batch::OpenSet;
use crate::finding::Code;
use crate::kind::{Kind, Unit};
use crate::layout::{basic, planned_deletion, supplement, usage};
use crate::name::End;

pub(super) fn check(set: &OpenSet, sinks: &mut [Sink<'_>]) {
    composition(set, sinks);
    ends(set, sinks);
    months(set, sinks);
    supplements(set, sinks);
    images(set, sinks);
}

fn composition(set: &OpenSet, sinks: &mut [Sink<'_>]) {
    let has = |kind: Kind| set.files.iter().any(|file| file.parsed.kind == kind);
    let mut seen: Vec<Kind> = Vec::new();
    for (file, sink) in set.files.iter().zip(&mut *sinks) {
        let kind = file.parsed.kind;
        if kind != Kind::BasicImage && seen.contains(&kind) {
            sink.file(Code::SetKindTwice, || format!("この組に、{}のファイルが2つ以上あります。", kind.label()));
        }
        seen.push(kind);
    }
    let Some(sink) = sinks.first_mut() else { return };
    let names = |kinds: &[Kind]| {
        kinds.iter().map(|kind| format!("{}（{}）", kind.label(), kind.prefix())).collect::<Vec<_>>().join("、")
    };
    let Some(unit) = set.unit else {
        seen.dedup();
        sink.file(Code::SetUnknown, || format!("この組み合わせでは送れません：{}", names(&seen)) + "。");
        return;
    };
    let missing: Vec<Kind> = unit.required().iter().copied().filter(|kind| !has(*kind)).collect();
    if !missing.is_empty() {
        sink.file_mend(
            Code::SetIncomplete,
            || format!("{}として送るには、{}が足りません。", unit.label(), names(&missing)),
            || format!("{}を介護ソフトから出して、一緒にしてください。連番は同じにします。", names(&missing)),
        );
    }
    let annexes: &[Kind] = match unit {
        Unit::Basic => &[Kind::BasicDay, Kind::BasicIllness],
        Unit::Prevention => &[Kind::PreventionSupport],
        Unit::CarePlan
        | Unit::Usage
        | Unit::Result
        | Unit::CarePlanDeletion
        | Unit::UsageDeletion
        | Unit::ResultDeletion
        | Unit::BasicDeletion
        | Unit::PreventionDeletion
        | Unit::UsageAndResult => &[],
    };
    let without: Vec<Kind> = annexes.iter().copied().filter(|kind| !has(*kind)).collect();
    if !without.is_empty() {
        sink.file(Code::SetAnnex, || format!("{}がありません。", names(&without)));
    }
}

/// Makes plans: 居宅介護支援, 介護予防支援, 介護予防ケアマネジメント, and kinds with a care manager of their own.
fn plans(kind: ServiceKind) -> bool {
    kind.office_class() != OfficeClass::Other
}

/// Whether the names of 実績 have the kinds of the ends swapped, as the printed example has.
pub(crate) fn are_kinds_swapped(from: &End, to: &End) -> bool {
    let is_planner = |end: &End| end.kind.is_some_and(|kind| kind.office_class() == OfficeClass::CareManagement);
    is_planner(from) && to.kind.is_some_and(|kind| kind.office_class() != OfficeClass::CareManagement)
}

fn ends(set: &OpenSet, sinks: &mut [Sink<'_>]) {
    let Some(sink) = sinks.first_mut() else { return };
    if set.from.office_no == set.to.office_no {
        sink.file(Code::SameOffice, || format!("送信元も送信先も、事業所番号が{}です。", set.from.office_no));
    }
    let (Some(unit), Some(from), Some(to)) = (set.unit, set.from.kind, set.to.kind) else { return };
    match unit {
        Unit::Result | Unit::ResultDeletion => {
            if are_kinds_swapped(&set.from, &set.to) {
                sink.file_mend(
                    Code::NameKindsSwapped,
                    || {
                        format!(
                            "実績の送信元のサービス種類コードが{}（{}）、送信先が{}（{}）です。入れ替わっているようです。",
                            from.code(),
                            from.label(),
                            to.code(),
                            to.label()
                        )
                    },
                    || Code::NameKindsSwapped.mend().to_owned(),
                );
            }
        }
        Unit::CarePlan
        | Unit::Usage
        | Unit::CarePlanDeletion
        | Unit::UsageDeletion
        | Unit::Basic
        | Unit::Prevention
        | Unit::BasicDeletion
        | Unit::PreventionDeletion
        | Unit::UsageAndResult => {
            if !plans(from) {
                sink.file(Code::NameDirection, || {
                    format!(
                        "{}は計画を作る事業所が送りますが、送信元の種類が{}（{}）です。",
                        unit.label(),
                        from.code(),
                        from.label()
                    )
                });
            }
        }
    }
}

/// One month in a file, and the month of its name.
fn months(set: &OpenSet, sinks: &mut [Sink<'_>]) {
    for (file, sink) in set.files.iter().zip(sinks) {
        let kind = file.parsed.kind;
        let column = if kind == Kind::Supplement {
            supplement::MONTH
        } else if matches!(kind, Kind::PlannedDeletion | Kind::ResultDeletion) {
            planned_deletion::MONTH
        } else {
            usage::MONTH
        };
        // Names of other kinds have no month.
        let Some(of_name) = file.parsed.month.map(|month| month.to_string()) else { continue };
        let first = file.table.row(0).map_or("", |row| row.text(column));
        for row in file.table.rows() {
            let own = row.text(column);
            if own == of_name || own.is_empty() {
                continue;
            }
            if own != first {
                sink.cell(Code::MonthMixed, row, column, |item| {
                    format!("{item}が「{}」です。1行目は「{}」です。", shown(own), shown(first))
                });
            } else if kind != Kind::Supplement || own != "000000" {
                sink.cell_mend(
                    Code::MonthName,
                    row,
                    column,
                    |item| format!("{item}が「{}」ですが、ファイル名は「{of_name}」です。", shown(own)),
                    |_| "ファイル名の月と行の月を、正しいほうに合わせてください。".to_owned(),
                );
            }
        }
    }
}

/// A 利用者補足情報 has two roles; zeros say which (§3.1).
fn supplements(set: &OpenSet, sinks: &mut [Sink<'_>]) {
    let Some((file, sink)) = find(set, sinks, Kind::Supplement) else { return };
    for row in file.table.rows() {
        let (date, month) = (row.text(supplement::PLAN_DATE), row.text(supplement::MONTH));
        let (key, key_column, other, other_column) = if file.parsed.month.is_none() {
            (date, supplement::PLAN_DATE, month, supplement::MONTH)
        } else {
            (month, supplement::MONTH, date, supplement::PLAN_DATE)
        };
        let zeros = |text: &str| !text.is_empty() && text.bytes().all(|b| b == b'0');
        if zeros(key) {
            sink.cell(Code::SupplementRole, row, key_column, |item| {
                let with = if file.parsed.month.is_none() { "第1～3表" } else { "第6・7表" };
                format!("{item}が「{key}」です。ファイル名では{with}と送る利用者補足情報です。")
            });
        }
        if !zeros(other) && !other.is_empty() {
            sink.cell(Code::SupplementSentinel, row, other_column, |item| {
                format!("{item}が「{}」です。この組では使わない項目なので、0を並べます。", shown(other))
            });
        }
    }
}

/// Pictures and the rows that name them.
fn images(set: &OpenSet, sinks: &mut [Sink<'_>]) {
    let images: Vec<&str> =
        set.files.iter().filter(|file| file.parsed.kind == Kind::BasicImage).map(|file| file.name.as_str()).collect();
    let basic = set.files.iter().find(|file| file.parsed.kind == Kind::Basic);
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    let named: Vec<&str> = basic
        .iter()
        .flat_map(|file| file.table.rows())
        .map(|row| row.text(basic::IMAGE))
        .filter(|name| !name.is_empty())
        .collect();
    if let Some((file, sink)) = find(set, sinks, Kind::Basic) {
        for row in file.table.rows() {
            let name = row.text(basic::IMAGE);
            if !name.is_empty() && !images.iter().any(|image| same(image, name)) {
                sink.cell(Code::ImageMissing, row, basic::IMAGE, |_| {
                    format!("画像「{}」が、一緒にありません。", super::file::shown_name(name))
                });
            }
        }
    }
    for (file, sink) in set.files.iter().zip(sinks) {
        let is_image = file.parsed.kind == Kind::BasicImage;
        if is_image && basic.is_some() && !named.iter().any(|name| same(name, &file.name)) {
            sink.file(Code::ImageUnused, || Code::ImageUnused.title().to_owned());
        }
    }
}
