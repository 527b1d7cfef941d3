//! Plans that their maker registered for delivery (交付用登録): seen by later offices and the person under the policy.

use kaigo_core::date::Date;
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant, Grant, Item};

use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "delivery_id, office_no, office_name, doc, doc_key, set_id, digest, registered_on, registered_at, registered_by"
    };
}

statements! {
    INSERT = "INSERT INTO plan_delivery (insurer_no, insured_no, delivery_id, office_no, office_name, doc, doc_key, set_id, digest, \
              registered_on, registered_at, registered_by, withdrawn_at, withdrawn_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, \
              ?12, NULL, NULL)";
    INSERT_FILE = "INSERT INTO plan_delivery_file (insurer_no, insured_no, delivery_id, place, name, sha256, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    SAME = concat!("SELECT ", columns!(), " FROM plan_delivery WHERE insurer_no = ?1 AND insured_no = ?2 AND office_no = ?3 AND doc = ?4 \
            AND doc_key = ?5 AND digest = ?6 AND withdrawn_at IS NULL");
    OF_PERSON = concat!("SELECT ", columns!(), " FROM plan_delivery WHERE insurer_no = ?1 AND insured_no = ?2 AND withdrawn_at IS NULL \
                 ORDER BY registered_at DESC, delivery_id DESC");
    FILES = "SELECT place, name, sha256, sealed FROM plan_delivery_file WHERE insurer_no = ?1 AND insured_no = ?2 AND delivery_id = ?3 ORDER BY place";
    WITHDRAW = "UPDATE plan_delivery SET withdrawn_at = ?5, withdrawn_by = ?6 WHERE insurer_no = ?1 AND insured_no = ?2 AND office_no = ?3 \
                AND delivery_id = ?4 AND withdrawn_at IS NULL";
    SENT = "SELECT p.set_id, p.place, p.doc, p.doc_key, s.sent_at FROM exchange_person p JOIN exchange_set s ON s.to_office_no = p.to_office_no \
            AND s.set_id = p.set_id WHERE p.from_office_no = ?1 AND p.insurer_no = ?2 AND p.insured_no = ?3 AND p.deletes = 0 AND p.recalled = 0 \
            AND p.replaced_by IS NULL AND p.withdrawn_by IS NULL AND s.purged_at IS NULL ORDER BY s.sent_at DESC, p.set_id, p.place LIMIT ?4";
}

/// A plan that was registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Random identifier.
    pub delivery_id: String,
    /// The office that made it.
    pub office_no: OfficeNo,
    /// Its name on that day.
    pub office_name: String,
    /// What it is (code of the exchange's documents).
    pub doc: String,
    /// Its key: a day or a month.
    pub doc_key: String,
    /// The set of the exchange from which it came.
    pub set_id: String,
    /// SHA-256 over its files.
    pub digest: String,
    /// Day in Japan on which it was registered (交付用登録の日).
    pub registered_on: Date,
    /// When.
    pub registered_at: String,
    /// By whom.
    pub registered_by: String,
}

fn read(row: &Row) -> Result<Delivery, Error> {
    let text = |i| row.text(i).map(str::to_owned);
    Ok(Delivery {
        delivery_id: text(0)?,
        office_no: OfficeNo::parse(row.text(1)?).map_err(|_| Error::Broken("office_no".to_owned()))?,
        office_name: text(2)?,
        doc: text(3)?,
        doc_key: text(4)?,
        set_id: text(5)?,
        digest: text(6)?,
        registered_on: row.date(7)?,
        registered_at: text(8)?,
        registered_by: text(9)?,
    })
}

/// A file of a plan, with the person's rows only, under the data key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Place, from 0.
    pub place: i32,
    /// Name after the standard of the exchange.
    pub name: String,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// The bytes under the data key.
    pub sealed: Vec<u8>,
}

/// Registers a plan of the grant's office; the same content again answers what is there.
pub fn insert(tx: &mut Tx<'_>, grant: &ActGrant, d: &Delivery, files: &[File]) -> Result<String, Error> {
    let (office_no, (insurer_no, insured_no)) = match (grant.act(), grant.office_no(), grant.person()) {
        (Act::DeliverPlan, Some(office_no), Some(person)) if office_no == d.office_no => (office_no, person),
        _ => return Err(Error::NotCovered),
    };
    let same = args![insurer_no, insured_no, office_no, &d.doc, &d.doc_key, &d.digest];
    if let Some(row) = tx.query_opt(SAME, same)? {
        return Ok(read(&row)?.delivery_id);
    }
    tx.execute(
        INSERT,
        args![
            insurer_no,
            insured_no,
            &d.delivery_id,
            office_no,
            &d.office_name,
            &d.doc,
            &d.doc_key,
            &d.set_id,
            &d.digest,
            d.registered_on,
            &d.registered_at,
            &d.registered_by
        ],
    )?;
    for f in files {
        let args = args![insurer_no, insured_no, &d.delivery_id, f.place, &f.name, &f.sha256, f.sealed.as_slice()];
        tx.execute(INSERT_FILE, args)?;
    }
    Ok(d.delivery_id.clone())
}

/// Takes a plan of the grant's office back. Answers false if it is not there.
pub fn withdraw(tx: &mut Tx<'_>, grant: &ActGrant, delivery_id: &str, (at, by): (&str, &str)) -> Result<bool, Error> {
    match (grant.act(), grant.office_no(), grant.person()) {
        (Act::DeliverPlan, Some(office_no), Some((insurer_no, insured_no))) => {
            Ok(tx.execute(WITHDRAW, args![insurer_no, insured_no, office_no, delivery_id, at, by])? == 1)
        }
        _ => Err(Error::NotCovered),
    }
}

/// The person's plans, the newest first: all under ケアプラン; without it those that `own` made itself.
pub fn of_person(tx: &mut Tx<'_>, grant: &Grant, own: Option<OfficeNo>) -> Result<Vec<Delivery>, Error> {
    let rows = tx.query(OF_PERSON, args![grant.insurer_no(), grant.insured_no()])?;
    let all: Vec<Delivery> = rows.iter().map(read).collect::<Result<_, _>>()?;
    if grant.covers(Item::CarePlan) {
        return Ok(all);
    }
    Ok(all.into_iter().filter(|d| own == Some(d.office_no)).collect())
}

/// The files of a plan that [`of_person`] answered for the same grant.
pub fn files(tx: &mut Tx<'_>, grant: &Grant, delivery: &Delivery, own: Option<OfficeNo>) -> Result<Vec<File>, Error> {
    if !grant.covers(Item::CarePlan) && own != Some(delivery.office_no) {
        return Err(Error::NotCovered);
    }
    let rows = tx.query(FILES, args![grant.insurer_no(), grant.insured_no(), &delivery.delivery_id])?;
    rows.iter()
        .map(|row| {
            Ok(File {
                place: i32::try_from(row.int(0)?).unwrap_or(0),
                name: row.text(1)?.to_owned(),
                sha256: row.text(2)?.to_owned(),
                sealed: row.bytes(3)?.to_vec(),
            })
        })
        .collect()
}

/// A document about the person that the office sent and that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The set.
    pub set_id: String,
    /// The person's place in it.
    pub place: i32,
    /// What it is.
    pub doc: String,
    /// Its key.
    pub doc_key: String,
    /// When it was sent.
    pub sent_at: String,
}

/// What an office sent about the person of a grant: its own doing, to choose from.
pub fn sent(tx: &mut Tx<'_>, grant: &Grant, own: OfficeNo, limit: i32) -> Result<Vec<Sent>, Error> {
    let rows = tx.query(SENT, args![own, grant.insurer_no(), grant.insured_no(), limit])?;
    rows.iter()
        .map(|row| {
            Ok(Sent {
                set_id: row.text(0)?.to_owned(),
                place: i32::try_from(row.int(1)?).unwrap_or(0),
                doc: row.text(2)?.to_owned(),
                doc_key: row.text(3)?.to_owned(),
                sent_at: row.text(4)?.to_owned(),
            })
        })
        .collect()
}
