//! What the policy needs to know of a caller and a person, read in the transaction of the look itself.
//!
//! These functions run before there is a grant, so they answer states and days, never records.

use kaigo_core::code::Void;
use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::ConsentStanding;
use kaigo_core::record::consent::Consent;

use crate::db::{Error, Tx};
use crate::record;

statements! {
    LOST = "SELECT lost_on, void FROM qualification WHERE insurer_no = ?1 AND insured_no = ?2 AND load_no <= ?3 \
            ORDER BY record_no DESC, load_no DESC, history_no DESC LIMIT 1";
}

/// State of the comprehensive consent on a day: withdrawn counts from its day on, the newest consent counts.
pub fn consent(
    tx: &mut Tx<'_>,
    insurer_no: InsurerNo,
    insured_no: InsuredNo,
    published: i32,
    today: Date,
) -> Result<ConsentStanding, Error> {
    let rows = tx.query(record::sql::<Consent>().of_person, args![insurer_no, insured_no, published])?;
    let mut seen = None;
    let mut standing = ConsentStanding::None;
    for row in rows {
        let stored = record::read::<Consent>(row)?;
        let newest_of_segment = seen != Some(stored.common.record_no);
        seen = Some(stored.common.record_no);
        if !newest_of_segment || stored.common.void == Void::Voided || stored.record.given_on > today {
            continue;
        }
        if stored.record.stands(today) {
            return Ok(ConsentStanding::Stands);
        }
        standing = stored.record.withdrawn_on.map_or(standing, ConsentStanding::Withdrawn);
    }
    Ok(standing)
}

/// The day on which the qualification was lost, if it was.
pub fn lost_on(
    tx: &mut Tx<'_>,
    insurer_no: InsurerNo,
    insured_no: InsuredNo,
    published: i32,
) -> Result<Option<Date>, Error> {
    match tx.query_opt(LOST, args![insurer_no, insured_no, published])? {
        Some(row) if row.text(1)? == Void::Valid.code() => row.opt_date(0),
        _ => Ok(None),
    }
}
