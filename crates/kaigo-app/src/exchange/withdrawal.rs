//! Taking back what a partner fetched already: the deletion (DLT…) that the standard has for it (標準 §5), and its 連番.

use kaigo_careplan::batch::{Doc, InFile};
use kaigo_careplan::kind::{Edition, Kind, Unit};
use kaigo_careplan::layout::{basic_deletion, planned_deletion, prevention_deletion, result_deletion, sheet1_deletion};
use kaigo_careplan::name::{FileName, Form, Serial};
use kaigo_careplan::table::Writer;
use kaigo_core::policy::Caller;
use kaigo_core::service::ServiceKind;

use super::mailbox::{self, Current, PersonRow, SetRow};
use super::send::{self, SendResult};
use crate::{App, Ctx, Error};

/// The deletion that takes a unit back.
pub(super) struct Deletion {
    kind: Kind,
    /// The document that it takes back.
    doc: Doc,
    /// Column of the document's key.
    key: usize,
}

impl Deletion {
    /// None for deletions.
    pub(super) fn of(unit: Unit) -> Option<Self> {
        let (kind, doc, key) = match unit {
            Unit::CarePlan => (Kind::Sheet1Deletion, Doc::CarePlan, sheet1_deletion::PLAN_DATE),
            Unit::Usage | Unit::UsageAndResult => (Kind::PlannedDeletion, Doc::Usage, planned_deletion::MONTH),
            Unit::Result => (Kind::ResultDeletion, Doc::Result, result_deletion::MONTH),
            Unit::Basic => (Kind::BasicDeletion, Doc::Basic, basic_deletion::CONSULTED_ON),
            Unit::Prevention => (Kind::PreventionDeletion, Doc::Prevention, prevention_deletion::PLAN_DATE),
            Unit::CarePlanDeletion
            | Unit::UsageDeletion
            | Unit::ResultDeletion
            | Unit::BasicDeletion
            | Unit::PreventionDeletion => return None,
        };
        Some(Self { kind, doc, key })
    }

    fn row(&self, person: &PersonRow, set: &SetRow) -> Vec<String> {
        let mut cells = vec![String::new(); self.kind.items().len()];
        let mut put = |column: usize, text: &str| {
            if let Some(cell) = cells.get_mut(column) {
                text.clone_into(cell);
            }
        };
        put(0, Edition::FourOne.version());
        put(1, &person.insurer_no);
        put(2, &person.insured_no);
        put(self.key, &person.key);
        if self.kind == Kind::ResultDeletion {
            put(result_deletion::OFFICE_NO, set.from.office_no.as_str());
            put(result_deletion::KIND, set.from.kind.map_or("", ServiceKind::code));
        }
        cells
    }
}

/// Sends the deletion for everything that a set carries and that still counts.
///
/// # Errors
/// [`Error::NotFound`] unless the office sent it; [`Error::Conflict`] if there is nothing to take back, or it was not fetched yet.
pub async fn withdraw(app: &App, ctx: &Ctx, caller: &Caller, set_id: &str) -> Result<SendResult, Error> {
    let page = mailbox::set(app, ctx, caller, set_id).await?;
    if page.is_receiver {
        return Err(Error::NotFound);
    }
    let Some(deletion) = page.row.unit.and_then(Deletion::of).filter(|_| page.can_withdraw) else {
        return Err(Error::Conflict(
            "取り消せるものがありません。まだ受け取られていないときは「取り下げる」を使ってください。".to_owned(),
        ));
    };
    let name = FileName {
        kind: deletion.kind,
        month: page.row.month,
        from: page.row.from,
        to: page.row.to,
        serial: serial_after(ctx, &page.row.serial)?,
        branch: None,
        form: Form::FourOne,
    };
    let mut writer = Writer::new(deletion.kind);
    let stands = |p: &&PersonRow| !matches!(p.current, Current::Withdrawn { .. }) && p.doc == Some(deletion.doc);
    for person in page.people.iter().filter(stands) {
        writer.push(&deletion.row(person, &page.row));
    }
    let file = InFile { name: name.to_string(), bytes: writer.finish().bytes };
    let sent = send::direct(app, ctx, caller, vec![file]).await?;
    sent.results.into_iter().next().ok_or_else(|| Error::Internal("a deletion made no set".to_owned()))
}

/// A 連番 for now, in the time of Japan.
pub(super) fn serial_now(ctx: &Ctx) -> Result<Serial, Error> {
    let offset = jiff::tz::Offset::from_seconds(9 * 3600).unwrap_or(jiff::tz::Offset::UTC);
    let text = offset.to_datetime(ctx.now).strftime("%Y%m%d%H%M%S").to_string();
    Serial::parse(&text).ok_or_else(|| Error::Internal("the clock gives no 連番".to_owned()))
}

/// A 連番 for now, but later than another one: what is dated ahead of our clock is replaced and withdrawn all the same.
fn serial_after(ctx: &Ctx, other: &str) -> Result<Serial, Error> {
    let now = serial_now(ctx)?;
    if now.as_str() > other {
        return Ok(now);
    }
    let next = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", other)
        .and_then(|at| at.checked_add(jiff::Span::new().seconds(1)))
        .map(|at| at.strftime("%Y%m%d%H%M%S").to_string());
    Ok(next.ok().and_then(|text| Serial::parse(&text)).unwrap_or(now))
}
