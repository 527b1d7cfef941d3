//! The exchange of care plans between offices (ケアプランデータ連携): mailboxes by the receiving office.
//!
//! Every function on sets and people takes the grant of an act and sees only what the grant's office sent or receives: what
//! belongs to others looks like nothing.

pub mod draft;
pub mod entry;
pub mod list;
pub mod member;
pub mod person;
pub mod set;
pub mod token;

use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant};

use crate::db::{Error, Row};

/// The office that acts, if the grant is for one of the acts.
fn office(grant: &ActGrant, acts: &[Act]) -> Result<OfficeNo, Error> {
    match grant.office_no() {
        Some(office_no) if acts.contains(&grant.act()) => Ok(office_no),
        _ => Err(Error::NotCovered),
    }
}

fn office_at(row: &Row, i: usize) -> Result<OfficeNo, Error> {
    OfficeNo::parse(row.text(i)?).map_err(|_| Error::Broken("office_no".to_owned()))
}

fn owned(row: &Row, i: usize) -> Result<String, Error> {
    row.text(i).map(str::to_owned)
}

fn opt_owned(row: &Row, i: usize) -> Result<Option<String>, Error> {
    Ok(row.opt_text(i)?.map(str::to_owned))
}

fn small(row: &Row, i: usize) -> Result<i32, Error> {
    Ok(i32::try_from(row.int(i)?).unwrap_or(i32::MAX))
}
