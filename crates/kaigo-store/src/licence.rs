//! Licences of ケアプランデータ連携 and whether they renew themselves.

use kaigo_core::date::{Date, iso};
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant};

use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "office_no, licence_no, from_on, until_on, fee, yen, applied_at, applied_by"
    };
}

statements! {
    OF_OFFICE = concat!("SELECT ", columns!(), " FROM licence WHERE office_no = ?1 ORDER BY licence_no DESC");
    BY_KEY = concat!("SELECT ", columns!(), " FROM licence WHERE office_no = ?1 AND submit_key = ?2");
    INSERT = concat!("INSERT INTO licence (", columns!(), ", submit_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    SETTING = "SELECT auto_renew FROM licence_setting WHERE office_no = ?1";
    SET = "INSERT INTO licence_setting (office_no, auto_renew, changed_at, changed_by) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (office_no) \
           DO UPDATE SET auto_renew = excluded.auto_renew, changed_at = excluded.changed_at, changed_by = excluded.changed_by";
    TO_RENEW = "SELECT l.office_no, max(l.until_on) FROM licence l JOIN licence_setting s ON s.office_no = l.office_no \
                WHERE s.auto_renew = 1 GROUP BY l.office_no HAVING max(l.until_on) BETWEEN ?1 AND ?2 ORDER BY l.office_no LIMIT ?3";
}

/// A licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// Office.
    pub office_no: OfficeNo,
    /// Number of the licence in the office, from 1.
    pub licence_no: i64,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Date,
    /// Code of the fee's rule.
    pub fee: String,
    /// Yen, tax included.
    pub yen: i64,
    /// When it was applied for.
    pub applied_at: String,
    /// By whom.
    pub applied_by: String,
}

fn read(row: &Row) -> Result<Licence, Error> {
    let bad = || Error::Broken("a licence cannot be read".to_owned());
    Ok(Licence {
        office_no: OfficeNo::parse(row.text(0)?).map_err(|_| bad())?,
        licence_no: row.int(1)?,
        from_on: iso(row.text(2)?).ok_or_else(bad)?,
        until_on: iso(row.text(3)?).ok_or_else(bad)?,
        fee: row.text(4)?.to_owned(),
        yen: row.int(5)?,
        applied_at: row.text(6)?.to_owned(),
        applied_by: row.text(7)?.to_owned(),
    })
}

/// Licences of an office, the newest first.
pub fn of_office(tx: &mut Tx<'_>, office_no: OfficeNo) -> Result<Vec<Licence>, Error> {
    tx.query(OF_OFFICE, args![office_no])?.iter().map(read).collect()
}

/// Adds a licence under the next number. Sent twice with one key, the first one is answered.
///
/// # Errors
/// [`Error::NotCovered`] unless the grant is the office's own, or the operator's program renews it.
pub fn insert(tx: &mut Tx<'_>, grant: &ActGrant, new: &Licence, submit_key: &str) -> Result<Licence, Error> {
    let own = grant.act() == Act::ManageOffice && grant.office_no() == Some(new.office_no);
    if !own && grant.act() != Act::Operate {
        return Err(Error::NotCovered);
    }
    if let Some(row) = tx.query_opt(BY_KEY, args![new.office_no, submit_key])? {
        return read(&row);
    }
    let next = of_office(tx, new.office_no)?.first().map_or(1, |l| l.licence_no + 1);
    let new = Licence { licence_no: next, ..new.clone() };
    let args = args![
        new.office_no,
        next,
        new.from_on,
        new.until_on,
        &new.fee,
        new.yen,
        &new.applied_at,
        &new.applied_by,
        submit_key
    ];
    tx.execute(INSERT, args)?;
    Ok(new)
}

/// Whether an office's licence renews itself; none: it never said.
pub fn auto_renew(tx: &mut Tx<'_>, office_no: OfficeNo) -> Result<Option<bool>, Error> {
    tx.query_opt(SETTING, args![office_no])?.map(|row| row.flag(0)).transpose()
}

/// Sets whether it renews itself.
///
/// # Errors
/// [`Error::NotCovered`] without the office's right.
pub fn set_auto_renew(tx: &mut Tx<'_>, grant: &ActGrant, on: bool, (now, by): (&str, &str)) -> Result<(), Error> {
    let office_no = grant.office_no().filter(|_| grant.act() == Act::ManageOffice).ok_or(Error::NotCovered)?;
    tx.execute(SET, args![office_no, on, now, by]).map(drop)
}

/// Offices whose licence renews itself and ends between two days, with its last day.
pub fn to_renew(tx: &mut Tx<'_>, (from, until): (Date, Date), most: i32) -> Result<Vec<(OfficeNo, Date)>, Error> {
    let bad = || Error::Broken("a licence cannot be read".to_owned());
    let rows = tx.query(TO_RENEW, args![from, until, most])?;
    rows.iter()
        .map(|row| Ok((OfficeNo::parse(row.text(0)?).map_err(|_| bad())?, iso(row.text(1)?).ok_or_else(bad)?)))
        .collect()
}

/// The licence that came of a form.
///
/// # Errors
/// [`Error::NotCovered`] without the office's right.
pub fn by_key(tx: &mut Tx<'_>, grant: &ActGrant, submit_key: &str) -> Result<Option<Licence>, Error> {
    let office_no = grant.office_no().filter(|_| grant.act() == Act::ManageOffice).ok_or(Error::NotCovered)?;
    tx.query_opt(BY_KEY, args![office_no, submit_key])?.as_ref().map(read).transpose()
}
