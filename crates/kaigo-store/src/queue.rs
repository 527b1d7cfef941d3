//! The people of one office, for its list and its work queue: never anybody else's.

use kaigo_core::date::Date;
use kaigo_core::policy::{Act, ActGrant};

use crate::charge::{self, Charge};
use crate::db::{Error, Tx};
use crate::record::{self, Guarded, Stored};

statements! {
    OWN = "SELECT c.insurer_no, c.insured_no, c.charge_id, c.office_no, c.started_on, c.closes_on, c.ended_on, c.end_reason, c.method, \
           c.registered_by, c.registered_at, i.name, i.started_on FROM charge c JOIN insurer i ON i.insurer_no = c.insurer_no \
           WHERE c.office_no = ?1 AND c.ended_on IS NULL AND c.closes_on >= ?2 ORDER BY c.insurer_no, c.insured_no";
    LOOKS = "SELECT insurer_no, insured_no, topic, load_no FROM last_look WHERE office_no = ?1";
}

/// One of the office's people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// The registration.
    pub charge: Charge,
    /// Name of the insurer.
    pub insurer_name: String,
    /// First day of sharing at the insurer.
    pub insurer_started_on: Option<Date>,
}

fn office(grant: &ActGrant) -> Result<kaigo_core::id::OfficeNo, Error> {
    match (grant.act(), grant.office_no()) {
        (Act::ListOwn, Some(office_no)) => Ok(office_no),
        _ => Err(Error::NotCovered),
    }
}

/// The office's people today.
pub fn own(tx: &mut Tx<'_>, grant: &ActGrant, today: Date) -> Result<Vec<Own>, Error> {
    let rows = tx.query(OWN, args![office(grant)?, today])?;
    rows.iter()
        .map(|row| {
            Ok(Own {
                charge: charge::read(row)?,
                insurer_name: row.text(11)?.to_owned(),
                insurer_started_on: row.opt_date(12)?,
            })
        })
        .collect()
}

/// The records of one kind of all of the office's people whose insurer shares: by person, 連番, newest first.
pub fn records<R: Guarded>(tx: &mut Tx<'_>, grant: &ActGrant, today: Date) -> Result<Vec<(String, Stored<R>)>, Error> {
    let rows = tx.query(record::sql::<R>().own, args![office(grant)?, today])?;
    rows.into_iter().map(|row| Ok((row.text(0)?.to_owned(), record::read::<R>(row)?))).collect()
}

/// What the office last saw: insurer, person, topic, load.
pub fn looks(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<(String, String, String, i32)>, Error> {
    let rows = tx.query(LOOKS, args![office(grant)?])?;
    rows.iter()
        .map(|row| {
            let load_no = i32::try_from(row.int(3)?).unwrap_or(0);
            Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned(), row.text(2)?.to_owned(), load_no))
        })
        .collect()
}
