//! The insured persons of one insurer, found by number, kana or birth date: for its clerks, never anybody else.

use kaigo_core::code::Void;
use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::{Act, ActGrant};
use kaigo_core::record::person::InsuredPerson;

use crate::db::{Error, Row, Tx};
use crate::record::{self, Stored};

statements! {
    BY_NUMBER = "SELECT DISTINCT insured_no FROM insured_person WHERE insurer_no = ?1 AND load_no <= ?2 AND insured_no > ?3 \
                 AND insured_no >= ?4 AND insured_no < ?5 ORDER BY insured_no LIMIT ?6";
    BY_KANA = "SELECT DISTINCT insured_no FROM insured_person WHERE insurer_no = ?1 AND load_no <= ?2 AND insured_no > ?3 \
               AND kana_key >= ?4 AND kana_key < ?5 ORDER BY insured_no LIMIT ?6";
    BY_BIRTH = "SELECT DISTINCT insured_no FROM insured_person WHERE insurer_no = ?1 AND load_no <= ?2 AND insured_no > ?3 \
                AND born_on = ?4 ORDER BY insured_no LIMIT ?5";
}

/// What is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The beginning of a number.
    Number(String),
    /// The beginning of a name in kana, as its search key.
    Kana(String),
    /// A birth date.
    Birth(Date),
}

/// Persons that fit, by number, after one. A person found by an earlier name or birth date is not answered: the newest row
/// counts.
///
/// # Errors
/// [`Error::NotCovered`] unless the grant is an insurer's for [`Act::ListInsured`].
pub fn search(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    wanted: &Wanted,
    (after, published, limit): (&str, i32, i32),
) -> Result<Vec<(InsuredNo, InsuredPerson)>, Error> {
    let (Act::ListInsured, Some(insurer_no)) = (grant.act(), grant.insurer_no()) else {
        return Err(Error::NotCovered);
    };
    let rows = match wanted {
        Wanted::Number(start) => {
            tx.query(BY_NUMBER, args![insurer_no, published, after, start, beyond(start), limit])?
        }
        Wanted::Kana(start) => tx.query(BY_KANA, args![insurer_no, published, after, start, beyond(start), limit])?,
        Wanted::Birth(on) => tx.query(BY_BIRTH, args![insurer_no, published, after, *on, limit])?,
    };
    let mut found = Vec::new();
    for row in &rows {
        let insured_no = number(row)?;
        if let Some(stored) = newest(tx, insurer_no, insured_no, published)? {
            let person = stored.record;
            let fits = match wanted {
                Wanted::Number(_) => true,
                Wanted::Kana(start) => kaigo_core::kana::search_key(person.name_kana.as_str()).starts_with(start),
                Wanted::Birth(on) => person.born_on == *on,
            };
            if fits {
                found.push((insured_no, person));
            }
        }
    }
    Ok(found)
}

fn number(row: &Row) -> Result<InsuredNo, Error> {
    InsuredNo::parse(row.text(0)?).map_err(|_| Error::Broken("a number cannot be read".to_owned()))
}

fn newest(
    tx: &mut Tx<'_>,
    insurer_no: InsurerNo,
    insured_no: InsuredNo,
    published: i32,
) -> Result<Option<Stored<InsuredPerson>>, Error> {
    let rows = tx.query(record::sql::<InsuredPerson>().of_person, args![insurer_no, insured_no, published])?;
    let row = rows.into_iter().next().map(record::read::<InsuredPerson>).transpose()?;
    Ok(row.filter(|row| row.common.void == Void::Valid))
}

/// The text just beyond everything that begins with this one, by code points.
fn beyond(start: &str) -> String {
    format!("{start}\u{10FFFF}")
}
