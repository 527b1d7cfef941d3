//! What the desk asked when an application was put in (受付で聞いたこと), beside the record, which has no column for it.

use kaigo_core::code::SpecifiedDisease;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::{Act, ActGrant, Grant, Item};

use crate::db::{Error, Row, Tx};

statements! {
    PUT = "INSERT INTO case_intake (insurer_no, insured_no, record_no, disease, contact, changed_by, changed_at) \
           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (insurer_no, insured_no, record_no) DO UPDATE SET \
           disease = excluded.disease, contact = excluded.contact, changed_by = excluded.changed_by, changed_at = excluded.changed_at";
    FIND = "SELECT disease, contact FROM case_intake WHERE insurer_no = ?1 AND insured_no = ?2 AND record_no = ?3";
}

/// What was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The specified disease (特定疾病) of a person under 65.
    pub disease: Option<SpecifiedDisease>,
    /// Whom the surveyor calls to agree on a day (調査の連絡先): name, relation, telephone, hours. May be empty.
    pub contact: String,
}

fn person(grant: &ActGrant) -> Result<(InsurerNo, InsuredNo), Error> {
    match (grant.act(), grant.person()) {
        (Act::ManageCase, Some(person)) => Ok(person),
        _ => Err(Error::NotCovered),
    }
}

fn read(row: &Row) -> Result<Asked, Error> {
    let code = row.text(0)?;
    let disease = SpecifiedDisease::ALL.iter().copied().find(|disease| disease.code() == code);
    Ok(Asked { disease, contact: row.text(1)?.to_owned() })
}

/// Keeps what was asked for an application of the grant's person.
pub fn put(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    record_no: i32,
    asked: &Asked,
    (by, at): (&str, &str),
) -> Result<(), Error> {
    let (insurer_no, insured_no) = person(grant)?;
    let disease = asked.disease.map_or("", SpecifiedDisease::code);
    tx.execute(PUT, args![insurer_no, insured_no, record_no, disease, &asked.contact, by, at]).map(drop)
}

/// What was asked for an application of the grant's person, to change it.
pub fn to_change(tx: &mut Tx<'_>, grant: &ActGrant, record_no: i32) -> Result<Asked, Error> {
    let (insurer_no, insured_no) = person(grant)?;
    Ok(tx
        .query_opt(FIND, args![insurer_no, insured_no, record_no])?
        .as_ref()
        .map(read)
        .transpose()?
        .unwrap_or_default())
}

/// What was asked for an application.
///
/// # Errors
/// [`Error::NotCovered`] unless the grant covers the progress of the application.
pub fn find(tx: &mut Tx<'_>, grant: &Grant, record_no: i32) -> Result<Asked, Error> {
    if !grant.covers(Item::Progress) {
        return Err(Error::NotCovered);
    }
    let row = tx.query_opt(FIND, args![grant.insurer_no(), grant.insured_no(), record_no])?;
    Ok(row.as_ref().map(read).transpose()?.unwrap_or_default())
}
