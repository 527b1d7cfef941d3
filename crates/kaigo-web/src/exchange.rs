//! ケアプラン連携: upload, check, send; receive, see, take back; the month; the directory.
//!
//! What the pages have in common stands here: tabs, the office at the other end, how a set and its people are said.

pub(crate) mod compare;
mod entry;
mod forms;
mod grid;
mod head;
pub(crate) mod paper;
mod preventive;
pub(crate) mod preview;
pub(crate) mod results;
mod typed;
mod week;

pub(crate) mod board;
pub(crate) mod draft;
pub(crate) mod glance;
pub(crate) mod inbox;
pub(crate) mod partners;
pub(crate) mod parts;
pub(crate) mod receipt;
pub(crate) mod send;
pub(crate) mod sent;
pub(crate) mod set;
pub(crate) mod tokens;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kaigo_app::Error;
use kaigo_app::exchange::mailbox::{self, SetRow, State};
use kaigo_app::exchange::{FileInfo, Partner};
use kaigo_careplan::batch::Doc;
use kaigo_careplan::kind::{Kind, Unit};
use kaigo_careplan::name::Month;
use kaigo_core::date::{parse_date, seireki};
use kaigo_core::finding::{Finding, Severity};
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::Caller;
use kaigo_core::rule::exchange::limits;

use crate::request::{Req, percent};
use crate::say;
use crate::view::exchange::draft::{File, Finding as FindingView};
use crate::view::exchange::mailbox::{Filter, SetRow as RowView};
use crate::view::exchange::{Frame, Partner as PartnerView, Tab};
use crate::view::{Chip, Choice, Paging, Tone};

/// Whether the account manages its office.
fn is_admin(req: &Req) -> bool {
    matches!(req.caller(), Ok(Caller::Staff(staff)) if staff.is_admin)
}

/// What the tabs say: how much is unread.
pub(crate) async fn frame(req: &Req, tab: Tab) -> Result<Frame, Error> {
    let summary = mailbox::summary(&req.web.app, &req.ctx, req.caller()?).await?;
    Ok(Frame { tab, unread: summary.unread, is_admin: is_admin(req) })
}

/// The office at the other end; its number where it has no name.
pub(crate) fn partner(partner: &Partner) -> PartnerView {
    let number = partner.office_no.to_string();
    PartnerView {
        name: if partner.name.is_empty() { number.clone() } else { partner.name.clone() },
        number,
        phone: partner.phone.clone().unwrap_or_default(),
    }
}

/// A file with its kind in words.
fn file(file: &FileInfo) -> File {
    File {
        name: file.name.clone(),
        kind: Kind::of_name(&file.name).map_or("添付", Kind::label).to_owned(),
        size: say::bytes(file.size),
        sha256: file.sha256.clone(),
    }
}

/// Where a set stands, for the reader's side: what is 送信済 to the sender is 未読 to the receiver.
fn state_chip(state: State, is_receiver: bool) -> Chip {
    match (state, is_receiver) {
        (State::Sent, true) => Chip::new(Tone::Info, "未読"),
        (State::Sent, false) => Chip::new(Tone::Plain, "送信済"),
        (State::Fetched, _) => Chip::new(Tone::Info, "受信済"),
        (State::Imported, _) => Chip::new(Tone::Good, "取込済"),
        (State::Recalled, _) => Chip::new(Tone::Warn, "取下げ"),
    }
}

/// The partner has not fetched it for longer than is usual.
fn late_chip(req: &Req) -> Chip {
    let days = limits(req.ctx.today).waiting_days;
    Chip::new(Tone::Warn, format!("{days}日たっても受け取られていません"))
}

/// A line of 届いたもの or 送ったもの.
fn set_row(req: &Req, row: &SetRow, is_receiver: bool) -> RowView {
    let at = match row.state {
        State::Sent => None,
        State::Fetched => row.fetched_at.as_deref(),
        State::Imported => row.imported_at.as_deref(),
        State::Recalled => row.recalled_at.as_deref(),
    };
    RowView {
        s: row.set_id.clone(),
        what: what(row.unit, row.month),
        partner: partner(&row.partner),
        people: format!("{}人", row.person_count),
        chip: state_chip(row.state, is_receiver),
        at: at.map(say::short_instant).unwrap_or_default(),
        sent_at: say::short_instant(&row.sent_at),
        late: (!is_receiver && row.is_waiting).then(|| late_chip(req)),
        is_unread: is_receiver && row.state == State::Sent,
        can_fetch: !row.is_purged,
    }
}

/// What the query narrows a list to.
fn asked_filter(req: &Req) -> mailbox::Filter {
    mailbox::Filter {
        state: State::parse(req.asked("state")),
        partner: OfficeNo::parse(req.asked("partner").trim()).ok(),
    }
}

/// The same for the form above the list.
fn filter_view(req: &Req, rows: &[RowView], is_receiver: bool) -> Filter {
    let states: &[(&str, &str)] = if is_receiver {
        &[("", "すべて"), ("sent", "未読"), ("fetched", "受信済"), ("imported", "取込済")]
    } else {
        &[("", "すべて"), ("sent", "送信済"), ("fetched", "受信済"), ("imported", "取込済"), ("recalled", "取下げ")]
    };
    let (state, number) = (req.asked("state"), req.asked("partner").trim());
    Filter {
        states: states.iter().map(|(v, word)| Choice { chosen: *v == state, ..Choice::new(*v, *word) }).collect(),
        partner: number.to_owned(),
        partner_name: rows.first().filter(|_| !number.is_empty()).map(|r| r.partner.name.clone()).unwrap_or_default(),
        is_set: !state.is_empty() || !number.is_empty(),
    }
}

/// The next page of a list that is read from the newest on.
fn older(req: &Req, path: &str, next: Option<&str>) -> Paging {
    let kept = ["state", "partner"].map(|name| format!("{name}={}", percent(req.asked(name)))).join("&");
    Paging { next: next.map(|next| format!("{path}?{kept}&before={}", percent(next))), ..Paging::default() }
}

/// Pages of what is known as a whole; `path` may have a query already.
pub(crate) fn pages(path: &str, page: usize, on_page: usize, all: usize) -> Paging {
    let link = |page: usize| format!("{path}{}page={page}", if path.contains('?') { '&' } else { '?' });
    let first = page.saturating_mul(on_page);
    let last = first.saturating_add(on_page).min(all);
    Paging {
        previous: (page > 0).then(|| link(page.saturating_sub(1))),
        next: (last < all).then(|| link(page.saturating_add(1))),
        say: if all > on_page && first < all {
            format!("{}から{last}まで（全部で{all}）", first + 1)
        } else {
            String::new()
        },
    }
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
    (
        StatusCode::OK,
        [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, name)],
        bytes,
    )
        .into_response()
}

/// The forms of a plan that was registered for delivery.
pub(crate) fn delivered(
    sheets: &kaigo_careplan::sheet::PersonSheets,
    insurer: &str,
    offices: &[(String, String)],
) -> Vec<crate::view::exchange_sheet::form::Page> {
    forms::pages(sheets, forms::Look { prefix: "", is_provider: false, insurer, offices })
}
