//! ケアプラン連携: upload, check, send; receive, see, take back; the month; the directory.
//!
//! What the pages have in common stands here: tabs, the office at the other end, how a set and its people are said.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kaigo_careplan::batch::Doc;
use kaigo_careplan::kind::Unit;
use kaigo_careplan::name::Month;
use kaigo_core::date::{parse_date, seireki};
use kaigo_core::finding::{Finding, Severity};
use kaigo_core::policy::Caller;

use crate::request::{Req, percent};
use crate::view::exchange::draft::Finding as FindingView;
use crate::view::{Chip, Tone};

/// Whether the account manages its office.
fn is_admin(req: &Req) -> bool {
    matches!(req.caller(), Ok(Caller::Staff(staff)) if staff.is_admin)
}

/// 「2026年11月分の予定（第6・7表）」.
pub(crate) fn what(unit: Option<Unit>, month: Option<Month>) -> String {
    let unit = unit.map_or("組み合わせのわからないファイル", Unit::label);
    month.map_or_else(|| unit.to_owned(), |month| format!("{}分の{unit}", month.label()))
}

/// What a set carries of a person: 「2026年11月分の予定」, 「居宅サービス計画（2026年10月25日）」.
pub(crate) fn document(doc: Option<Doc>, key: &str, deletes: bool) -> String {
    let word = match doc {
        Some(Doc::CarePlan) => "居宅サービス計画",
        Some(Doc::Usage) => "予定",
        Some(Doc::Result) => "実績",
        Some(Doc::Basic) => "利用者基本情報",
        Some(Doc::Prevention) => "支援計画書",
        None => "",
    };
    let what = match (Month::parse(key), parse_date(key)) {
        (Some(month), _) => format!("{}分の{word}", month.label()),
        (None, Some(day)) => format!("{word}（{}）", seireki(day)),
        (None, None) => word.to_owned(),
    };
    if deletes { format!("{what}の取消") } else { what }
}

/// 「9900 000 123」, or as the files have it where it is no such number.
pub(crate) fn number(text: &str) -> String {
    match (text.get(..4), text.get(4..7), text.get(7..10)) {
        (Some(a), Some(b), Some(c)) if text.len() == 10 => format!("{a} {b} {c}"),
        _ => text.to_owned(),
    }
}

/// How bad it is, as a chip.
fn severity(severity: Severity) -> Chip {
    let tone = match severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Warn,
        Severity::Note => Tone::Plain,
    };
    Chip::new(tone, severity.label())
}

/// A finding with its place in words.
pub(crate) fn finding(found: &Finding) -> FindingView {
    let place = &found.place;
    let row = place.row.map(|row| format!("{row}行目"));
    let item = match (&place.item, place.column) {
        (Some(item), Some(column)) => Some(format!("{item}（{column}列目）")),
        (Some(item), None) => Some(item.clone()),
        (None, column) => column.map(|column| format!("{column}列目")),
    };
    let place: Vec<String> =
        [Some(place.file.clone()).filter(|file| !file.is_empty()), row, item].into_iter().flatten().collect();
    let rule = [found.code, found.source].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("　");
    FindingView {
        chip: severity(found.severity),
        place: place.join("　"),
        say: found.say.clone(),
        mend: found.mend.clone(),
        rule,
    }
}

/// Bytes to keep as a file of that name.
fn attachment(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename*=UTF-8''{}", percent(name));
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    (StatusCode::OK, [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response()
}
