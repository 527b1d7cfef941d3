//! Whom a request for an opinion or a case before a board is about: what the policy needs before there is a grant.

use kaigo_core::date::Date;
use kaigo_core::id::{InstitutionNo, InsuredNo, InsurerNo};
use kaigo_core::policy::ChargeStanding;

use crate::db::{Error, Row, Tx};

statements! {
    REQUEST = "SELECT insurer_no, insured_no, requested_on, closes_on FROM opinion_request WHERE request_id = ?1 AND institution_no = ?2 \
               AND state <> 'cancelled'";
    REQUEST_PERSON = "SELECT insurer_no, insured_no FROM opinion_request WHERE request_id = ?1";
    DECLINED = "SELECT reason FROM opinion_request WHERE request_id = ?1 AND institution_no = ?2 AND state = 'declined'";
    CASE = "SELECT insurer_no, insured_no FROM board_case WHERE case_id = ?1 AND board_id = ?2 AND state <> 'removed'";
    CASE_PERSON = "SELECT insurer_no, insured_no FROM board_case WHERE case_id = ?1";
}

/// A person, as insurer and number.
pub type Whom = (InsurerNo, InsuredNo);

/// Whom a request to the institution is about, and from when to when the institution may see the person.
pub fn request(
    tx: &mut Tx<'_>,
    request_id: &str,
    institution_no: InstitutionNo,
) -> Result<Option<(Whom, ChargeStanding)>, Error> {
    let Some(row) = tx.query_opt(REQUEST, args![request_id, institution_no])? else {
        return Ok(None);
    };
    let (from, until): (Date, Date) = (row.date(2)?, row.date(3)?);
    Ok(Some((whom(&row)?, ChargeStanding { from, until })))
}

/// Whom a request is about, whosever it is: for the entry in the person's log when a stranger tries it.
pub fn person_of_request(tx: &mut Tx<'_>, request_id: &str) -> Result<Option<Whom>, Error> {
    tx.query_opt(REQUEST_PERSON, args![request_id])?.as_ref().map(whom).transpose()
}

/// Why the institution itself declined a request, if it did: what it said, nothing about the person.
pub fn declined(tx: &mut Tx<'_>, request_id: &str, institution_no: InstitutionNo) -> Result<Option<String>, Error> {
    let row = tx.query_opt(DECLINED, args![request_id, institution_no])?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// Whom a case before the board is about.
pub fn board_case(tx: &mut Tx<'_>, case_id: &str, board_id: &str) -> Result<Option<Whom>, Error> {
    tx.query_opt(CASE, args![case_id, board_id])?.as_ref().map(whom).transpose()
}

/// Whom a case is about, whosever it is.
pub fn person_of_case(tx: &mut Tx<'_>, case_id: &str) -> Result<Option<Whom>, Error> {
    tx.query_opt(CASE_PERSON, args![case_id])?.as_ref().map(whom).transpose()
}

fn whom(row: &Row) -> Result<Whom, Error> {
    let bad = |_| Error::Broken("a person's numbers cannot be read".to_owned());
    Ok((InsurerNo::parse(row.text(0)?).map_err(bad)?, InsuredNo::parse(row.text(1)?).map_err(bad)?))
}
