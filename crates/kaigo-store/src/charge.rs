//! Registrations as 担当事業所: which office may look at whom, since when, until when.

use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::{Act, ActGrant};

use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "insurer_no, insured_no, charge_id, office_no, started_on, closes_on, ended_on, end_reason, method, registered_by, registered_at"
    };
}

statements! {
    FIND = concat!("SELECT ", columns!(), " FROM charge WHERE charge_id = ?1 AND office_no = ?2");
    PERSON_OF = "SELECT insurer_no, insured_no FROM charge WHERE charge_id = ?1";
    OF_OFFICE = concat!("SELECT ", columns!(), " FROM charge WHERE office_no = ?1 AND insurer_no = ?2 AND insured_no = ?3 \
                 AND ended_on IS NULL ORDER BY started_on DESC LIMIT 1");
    INSERT = "INSERT INTO charge (insurer_no, insured_no, charge_id, office_no, started_on, closes_on, ended_on, end_reason, method, \
              check_id, registered_by, registered_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, NULL, ?7, ?8, ?9, ?10)";
    KEEP = "UPDATE charge SET closes_on = ?4 WHERE insurer_no = ?1 AND insured_no = ?2 AND charge_id = ?3 AND ended_on IS NULL";
    RELEASE = "UPDATE charge SET ended_on = ?4, end_reason = ?5 WHERE insurer_no = ?1 AND insured_no = ?2 AND charge_id = ?3 AND ended_on IS NULL";
    LOOK = "INSERT INTO last_look (insurer_no, insured_no, office_no, topic, load_no, looked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
            ON CONFLICT (insurer_no, insured_no, office_no, topic) DO UPDATE SET load_no = excluded.load_no, looked_at = excluded.looked_at";
    LOOKS = "SELECT topic, load_no, looked_at FROM last_look WHERE insurer_no = ?1 AND insured_no = ?2 AND office_no = ?3";
}

/// A registration as 担当事業所.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// The person's insurer.
    pub insurer_no: InsurerNo,
    /// The person's number.
    pub insured_no: InsuredNo,
    /// Random identifier: the only name of the person in URLs.
    pub charge_id: String,
    /// The office.
    pub office_no: OfficeNo,
    /// First day.
    pub started_on: Date,
    /// Last day, unless it is kept.
    pub closes_on: Date,
    /// Day on which it was released.
    pub ended_on: Option<Date>,
    /// Why it ended.
    pub end_reason: Option<String>,
    /// How the identity was checked.
    pub method: String,
    /// Name of who registered it.
    pub registered_by: String,
    /// When.
    pub registered_at: String,
}

impl Charge {
    /// The last day on which the office may look.
    pub fn until(&self) -> Date {
        // Released today means: not from this moment on.
        self.ended_on.map_or(self.closes_on, |on| on.yesterday().unwrap_or(on).min(self.closes_on))
    }
}

/// What the office knew of a topic when it last looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Topic: the tab.
    pub topic: String,
    /// Load up to which it was seen.
    pub load_no: i32,
    /// When.
    pub looked_at: String,
}

/// The registration with that identifier, if it is the office's.
pub fn find(tx: &mut Tx<'_>, charge_id: &str, office_no: OfficeNo) -> Result<Option<Charge>, Error> {
    tx.query_opt(FIND, args![charge_id, office_no])?.as_ref().map(read).transpose()
}

/// Whom a registration is about, whosever it is: for the entry in the person's log when a stranger tries it.
pub fn person_of(tx: &mut Tx<'_>, charge_id: &str) -> Result<Option<(InsurerNo, InsuredNo)>, Error> {
    let Some(row) = tx.query_opt(PERSON_OF, args![charge_id])? else {
        return Ok(None);
    };
    let bad = |_| Error::Broken("a registration cannot be read".to_owned());
    Ok(Some((InsurerNo::parse(row.text(0)?).map_err(bad)?, InsuredNo::parse(row.text(1)?).map_err(bad)?)))
}

/// The office's registration of a person that was not released.
pub fn of_office(
    tx: &mut Tx<'_>,
    office_no: OfficeNo,
    insurer_no: InsurerNo,
    insured_no: InsuredNo,
) -> Result<Option<Charge>, Error> {
    tx.query_opt(OF_OFFICE, args![office_no, insurer_no, insured_no])?.as_ref().map(read).transpose()
}

/// Registers the office for a person.
pub fn insert(tx: &mut Tx<'_>, grant: &ActGrant, charge: &Charge, check_id: &str) -> Result<(), Error> {
    if grant.act() != Act::RegisterCharge || grant.office_no() != Some(charge.office_no) {
        return Err(Error::NotCovered);
    }
    tx.execute(
        INSERT,
        args![
            charge.insurer_no,
            charge.insured_no,
            &charge.charge_id,
            charge.office_no,
            charge.started_on,
            charge.closes_on,
            &charge.method,
            check_id,
            &charge.registered_by,
            &charge.registered_at
        ],
    )
    .map(drop)
}

/// Keeps a registration until a later day. Answers false if it has ended.
pub fn keep(tx: &mut Tx<'_>, grant: &ActGrant, charge: &Charge, closes_on: Date) -> Result<bool, Error> {
    if grant.act() != Act::KeepCharge || grant.office_no() != Some(charge.office_no) {
        return Err(Error::NotCovered);
    }
    Ok(tx.execute(KEEP, args![charge.insurer_no, charge.insured_no, &charge.charge_id, closes_on])? == 1)
}

/// Ends a registration. Answers false if it has ended before.
pub fn release(tx: &mut Tx<'_>, grant: &ActGrant, charge: &Charge, on: Date, reason: &str) -> Result<bool, Error> {
    if grant.act() != Act::ReleaseCharge || grant.office_no() != Some(charge.office_no) {
        return Err(Error::NotCovered);
    }
    Ok(tx.execute(RELEASE, args![charge.insurer_no, charge.insured_no, &charge.charge_id, on, reason])? == 1)
}

/// What the office knew of each topic of a person.
pub fn looks(tx: &mut Tx<'_>, charge: &Charge) -> Result<Vec<Look>, Error> {
    let rows = tx.query(LOOKS, args![charge.insurer_no, charge.insured_no, charge.office_no])?;
    rows.iter()
        .map(|row| {
            Ok(Look {
                topic: row.text(0)?.to_owned(),
                load_no: i32::try_from(row.int(1)?).unwrap_or(0),
                looked_at: row.text(2)?.to_owned(),
            })
        })
        .collect()
}

/// Notes up to which load the office has seen a topic.
pub fn looked(tx: &mut Tx<'_>, charge: &Charge, look: &Look) -> Result<(), Error> {
    tx.execute(
        LOOK,
        args![charge.insurer_no, charge.insured_no, charge.office_no, &look.topic, look.load_no, &look.looked_at],
    )
    .map(drop)
}

pub(crate) fn read(row: &Row) -> Result<Charge, Error> {
    let bad = |_| Error::Broken("a registration cannot be read".to_owned());
    Ok(Charge {
        insurer_no: InsurerNo::parse(row.text(0)?).map_err(bad)?,
        insured_no: InsuredNo::parse(row.text(1)?).map_err(bad)?,
        charge_id: row.text(2)?.to_owned(),
        office_no: OfficeNo::parse(row.text(3)?).map_err(bad)?,
        started_on: row.date(4)?,
        closes_on: row.date(5)?,
        ended_on: row.opt_date(6)?,
        end_reason: row.opt_text(7)?.map(str::to_owned),
        method: row.text(8)?.to_owned(),
        registered_by: row.text(9)?.to_owned(),
        registered_at: row.text(10)?.to_owned(),
    })
}
