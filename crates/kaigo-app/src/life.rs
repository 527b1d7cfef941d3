//! The tab LIFE: feedback sheets (利用者フィードバック票) and their originals. What an office sent to LIFE itself it sees; what others
//! sent asks for the consent where the sharing table says so.

use std::sync::Arc;

use kaigo_core::date::Date;
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Caller, Cell, ConsentStanding, Item, Matrix, Purpose};
use kaigo_core::record::life::LifeFeedback;
use kaigo_store::db::Tx;
use kaigo_store::load::{self, Document};
use kaigo_store::record::of_person;
use kaigo_store::{office, standing};

use crate::person::{self, Head};
use crate::run::{Look, Seen, Target, look};
use crate::setting;
use crate::{App, Ctx, Error};

/// What pages about the feedback read.
const ITEMS: &[Item] = &[Item::Life, Item::InsuredCertificate];

/// One feedback sheet.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Number of the segment (連番): the sheet's place in addresses.
    pub record_no: i32,
    /// What it says.
    pub record: LifeFeedback,
    /// Name of the office that sent the data to LIFE.
    pub office_name: String,
    /// The original, if there is a file.
    pub file: Option<Document>,
}

/// The feedback about a person.
#[derive(Clone, Debug)]
pub struct Life {
    /// The person.
    pub head: Head,
    /// Sheets, the newest first.
    pub sheets: Vec<Sheet>,
    /// Whether only the office's own are shown.
    pub own_only: bool,
}

/// Looks at the feedback: an office at one of its people, a person at themself.
///
/// # Errors
/// What the policy refuses.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, target: Target) -> Result<Life, Error> {
    let purpose = if target == Target::Myself { Purpose::Own } else { Purpose::Service };
    let what = Look::view(target, ITEMS, purpose);
    let (today, matrix, caller2) = (ctx.today, Arc::clone(&app.matrix), caller.clone());
    look(app, ctx, caller, what, move |tx, seen| {
        let own = own_only(tx, &caller2, &matrix, seen, today)?;
        let mut sheets = Vec::new();
        for (record_no, record) in shown(tx, seen, own)? {
            let no = record.office_no;
            let office_name = office::name(tx, no)?.map_or_else(|| no.to_string(), |(name, _)| name);
            let file = original(tx, seen, &record)?;
            sheets.push(Sheet { record_no, record, office_name, file });
        }
        sheets.sort_by_key(|sheet| (std::cmp::Reverse(sheet.record.period_until), sheet.record_no));
        Ok(Life { head: person::head(tx, seen, today)?, sheets, own_only: own.is_some() })
    })
    .await
}

/// Fetches the original of a sheet for a purpose: media type and bytes, as the feed brought them.
///
/// # Errors
/// The refusal, if the policy does not show it; [`Error::NotFound`] if the sheet is not there, not shown, or has no original.
pub async fn fetch(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    target: Target,
    (record_no, purpose): (i32, Purpose),
) -> Result<(String, Vec<u8>), Error> {
    let document = Some(format!("life-{record_no}"));
    let what = Look { target, items: ITEMS, act: "fetch-document", document, purpose };
    let (today, matrix, caller2) = (ctx.today, Arc::clone(&app.matrix), caller.clone());
    let found = look(app, ctx, caller, what, move |tx, seen| {
        let own = own_only(tx, &caller2, &matrix, seen, today)?;
        let sheet = shown(tx, seen, own)?.into_iter().find(|(no, _)| *no == record_no);
        let (_, record) = sheet.ok_or(Error::NotFound)?;
        original(tx, seen, &record)?.ok_or(Error::NotFound)
    })
    .await?;
    let bytes = app.objects.get(&found.sha256).await?.ok_or(Error::NotFound)?;
    Ok((found.media_type, bytes))
}

/// The office whose sheets alone are shown; none: all are.
fn own_only(
    tx: &mut Tx<'_>,
    caller: &Caller,
    matrix: &Arc<Matrix>,
    seen: &Seen,
    today: Date,
) -> Result<Option<OfficeNo>, Error> {
    if let Some(refusal) = seen.refusal(Item::Life) {
        return Err(refusal.clone().into());
    }
    let Caller::Staff(staff) = caller else { return Ok(None) };
    let rules = setting::in_force(tx, matrix, seen.insurer.insurer_no, today)?;
    let whom = (seen.insurer.insurer_no, seen.grant.insured_no());
    let agreed = standing::consent(tx, whom.0, whom.1, seen.published(), today)? == ConsentStanding::Stands;
    let sees_all = staff.readers().iter().any(|reader| match rules.matrix.cell(Item::Life, *reader, today) {
        Cell::Open => true,
        Cell::Consent => agreed,
        Cell::ConsentByJob(job) => agreed && staff.job == job,
        Cell::Own | Cell::DualProvider | Cell::Closed | Cell::Unverified => false,
    });
    Ok((!sees_all).then_some(staff.office_no))
}

/// The sheets that are shown, with their numbers.
fn shown(tx: &mut Tx<'_>, seen: &Seen, own: Option<OfficeNo>) -> Result<Vec<(i32, LifeFeedback)>, Error> {
    let segments = of_person::<LifeFeedback>(tx, &seen.grant, seen.published())?;
    let current = segments.iter().filter_map(|segment| Some((segment.record_no, segment.current()?)));
    let shown = current.filter(|(_, row)| own.is_none_or(|own| own == row.record.office_no));
    Ok(shown.map(|(no, row)| (no, row.record.clone())).collect())
}

fn original(tx: &mut Tx<'_>, seen: &Seen, record: &LifeFeedback) -> Result<Option<Document>, Error> {
    match &record.file {
        Some(file) => Ok(load::find_document(tx, seen.insurer.insurer_no, file.as_str(), seen.published())?),
        None => Ok(None),
    }
}
