//! The tab LIFE: feedback sheets (利用者フィードバック票). What an office sent to LIFE itself it sees; what others sent asks for the
//! consent where the sharing table says so.

use kaigo_core::policy::{Caller, Cell, ConsentStanding, Item, Purpose};
use kaigo_core::record::life::LifeFeedback;
use kaigo_store::record::{Segment, of_person};
use kaigo_store::{office, standing};

use crate::person::{self, Head};
use crate::run::{Look, Target, look};
use crate::setting;
use crate::{App, Ctx, Error};

/// The feedback about a person.
#[derive(Clone, Debug)]
pub struct Life {
    /// The person.
    pub head: Head,
    /// Sheets with the name of the office, the newest first.
    pub sheets: Vec<(LifeFeedback, String)>,
    /// Whether only the office's own are shown.
    pub own_only: bool,
}

/// Looks at the feedback: an office at one of its people, a person at themself.
///
/// # Errors
/// What the policy refuses.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, target: Target) -> Result<Life, Error> {
    let purpose = if target == Target::Myself { Purpose::Own } else { Purpose::Service };
    let what = Look::view(target, &[Item::Life, Item::InsuredCertificate], purpose);
    let (today, matrix, caller2) = (ctx.today, app.matrix.clone(), caller.clone());
    look(app, ctx, caller, what, move |tx, seen| {
        if let Some(refusal) = seen.refusal(Item::Life) {
            return Err(refusal.clone().into());
        }
        let mut own_only = None;
        if let Caller::Staff(staff) = &caller2 {
            let rules = setting::in_force(tx, &matrix, seen.insurer.insurer_no, today)?;
            let whom = (seen.insurer.insurer_no, seen.grant.insured_no());
            let agreed = standing::consent(tx, whom.0, whom.1, seen.published(), today)? == ConsentStanding::Stands;
            let sees_all = staff.readers().iter().any(|reader| match rules.matrix.cell(Item::Life, *reader, today) {
                Cell::Open => true,
                Cell::Consent => agreed,
                Cell::ConsentByJob(job) => agreed && staff.job == job,
                Cell::Own | Cell::DualProvider | Cell::Closed | Cell::Unverified => false,
            });
            own_only = (!sees_all).then_some(staff.office_no);
        }
        let segments = of_person::<LifeFeedback>(tx, &seen.grant, seen.published())?;
        let mut sheets = Vec::new();
        for row in segments.iter().filter_map(Segment::current) {
            if own_only.is_none_or(|own| own == row.record.office_no) {
                let no = row.record.office_no;
                let name = office::name(tx, no)?.map_or_else(|| no.to_string(), |(name, _)| name);
                sheets.push((row.record.clone(), name));
            }
        }
        sheets.sort_by_key(|(sheet, _)| std::cmp::Reverse(sheet.period_until));
        Ok(Life { head: person::head(tx, seen, today)?, sheets, own_only: own_only.is_some() })
    })
    .await
}
