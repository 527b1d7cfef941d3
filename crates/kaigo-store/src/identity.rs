//! Checks of identity (本人確認) by 被保険者証: four items are compared, the answer is kept with its time and place.

use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::{Act, ActGrant};
use kaigo_core::record::person::InsuredPerson;

use crate::db::{Error, Tx};
use crate::record::{self, Stored};

statements! {
    TRIES = "SELECT count(*), coalesce(min(checked_at), '') FROM identity_check WHERE account_id = ?1 AND checked_at > ?2 AND outcome = 'no-match'";
    INSERT = "INSERT INTO identity_check (office_no, check_id, account_id, insurer_no, insured_no, method, outcome, checked_at, used_at) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL)";
    FIND = "SELECT account_id, insurer_no, insured_no, method, checked_at, used_at FROM identity_check \
            WHERE office_no = ?1 AND check_id = ?2 AND outcome = 'match'";
    USE = "UPDATE identity_check SET used_at = ?3 WHERE office_no = ?1 AND check_id = ?2 AND used_at IS NULL";
}

/// A check that matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its identifier, random.
    pub check_id: String,
    /// Account that made it.
    pub account_id: String,
    /// The person's insurer.
    pub insurer_no: InsurerNo,
    /// The person's number.
    pub insured_no: InsuredNo,
    /// How it was made (see `IdentityEvidence` in the app).
    pub method: String,
    /// When.
    pub checked_at: String,
    /// When it was used for a registration.
    pub used_at: Option<String>,
}

fn office(grant: &ActGrant) -> Result<OfficeNo, Error> {
    match (grant.act(), grant.office_no()) {
        (Act::CheckIdentity | Act::RegisterCharge, Some(office_no)) => Ok(office_no),
        _ => Err(Error::NotCovered),
    }
}

/// How many checks of the account found nobody since an instant, and when the first of them was.
pub fn misses(tx: &mut Tx<'_>, account_id: &str, since: &str) -> Result<(i64, String), Error> {
    let row = tx.query_opt(TRIES, args![account_id, since])?;
    row.map_or(Ok((0, String::new())), |row| Ok((row.int(0)?, row.text(1)?.to_owned())))
}

/// The person's published 被保険者 record, for comparison only.
pub fn person_to_compare(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    published: i32,
) -> Result<Option<Stored<InsuredPerson>>, Error> {
    office(grant)?;
    let rows = tx.query(record::sql::<InsuredPerson>().of_person, args![insurer_no, insured_no, published])?;
    let newest = rows.into_iter().next().map(record::read::<InsuredPerson>).transpose()?;
    Ok(newest.filter(|row| row.common.void == kaigo_core::code::Void::Valid))
}

/// Keeps the answer of a check.
pub fn insert(tx: &mut Tx<'_>, grant: &ActGrant, check: &Check, matched: bool) -> Result<(), Error> {
    let outcome = if matched { "match" } else { "no-match" };
    tx.execute(
        INSERT,
        args![
            office(grant)?,
            &check.check_id,
            &check.account_id,
            check.insurer_no,
            check.insured_no,
            &check.method,
            outcome,
            &check.checked_at
        ],
    )
    .map(drop)
}

/// A check of the office that matched.
pub fn find(tx: &mut Tx<'_>, grant: &ActGrant, check_id: &str) -> Result<Option<Check>, Error> {
    let Some(row) = tx.query_opt(FIND, args![office(grant)?, check_id])? else {
        return Ok(None);
    };
    let bad = |_| Error::Broken("an identity check cannot be read".to_owned());
    Ok(Some(Check {
        check_id: check_id.to_owned(),
        account_id: row.text(0)?.to_owned(),
        insurer_no: InsurerNo::parse(row.text(1)?).map_err(bad)?,
        insured_no: InsuredNo::parse(row.text(2)?).map_err(bad)?,
        method: row.text(3)?.to_owned(),
        checked_at: row.text(4)?.to_owned(),
        used_at: row.opt_text(5)?.map(str::to_owned),
    }))
}

/// Uses a check for a registration. Answers false if it was used before.
pub fn use_up(tx: &mut Tx<'_>, grant: &ActGrant, check_id: &str, now: &str) -> Result<bool, Error> {
    Ok(tx.execute(USE, args![office(grant)?, check_id, now])? == 1)
}
