//! The people of sets, and which set of a document counts: the last 連番 wins (標準 §2.5).

use kaigo_core::policy::{Act, ActGrant};

use super::set::SetRow;
use super::{office, opt_owned, owned, small};
use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "p.set_id, p.place, p.serial, p.service_kind, p.insurer_no, p.insured_no, p.name, p.kana, p.born, p.sex, p.doc, p.doc_key, \
         p.deletes, p.recalled, p.replaced_by, p.withdrawn_by"
    };
}
statements! {
    INSERT = "INSERT INTO exchange_person (to_office_no, set_id, place, from_office_no, service_kind, serial, insurer_no, insured_no, \
              name, kana, born, sex, doc, doc_key, deletes, recalled, replaced_by, withdrawn_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, \
              ?9, ?10, ?11, ?12, ?13, ?14, ?15, 0, ?16, ?17)";
    OF_SET = concat!("SELECT ", columns!(), " FROM exchange_person p WHERE p.to_office_no = ?1 AND p.set_id = ?2 ORDER BY p.place");
    LINE = concat!("SELECT ", columns!(), " FROM exchange_person p WHERE p.to_office_no = ?1 AND p.insurer_no = ?2 AND p.insured_no = ?3 \
            AND p.from_office_no = ?4 AND p.doc = ?5 AND p.doc_key = ?6 AND p.service_kind = ?7 AND p.recalled = 0 ORDER BY p.serial, p.set_id");
    KNOWN = "SELECT name, kana, born, sex FROM exchange_person WHERE to_office_no = ?1 AND from_office_no = ?2 AND insurer_no = ?3 \
             AND insured_no = ?4 AND name <> '' ORDER BY serial DESC, set_id DESC LIMIT 1";
    MARK = "UPDATE exchange_person SET replaced_by = ?4, withdrawn_by = ?5 WHERE to_office_no = ?1 AND set_id = ?2 AND place = ?3";
    RECALL = "UPDATE exchange_person SET recalled = 1 WHERE to_office_no = ?1 AND set_id = ?2";
    WHOSE = "SELECT DISTINCT p.insurer_no, p.insured_no FROM exchange_person p WHERE p.set_id = ?1";
}

/// A person of a set with what the set carries or deletes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonRow {
    /// The set.
    pub set_id: String,
    /// Place in the set, from 0.
    pub place: i32,
    /// 連番 of the set.
    pub serial: String,
    /// サービス種類コード of the service office's end.
    pub service_kind: String,
    /// 保険者番号 as written.
    pub insurer_no: String,
    /// 被保険者番号 as written.
    pub insured_no: String,
    /// 氏名; may be empty.
    pub name: String,
    /// フリガナ; may be empty.
    pub kana: String,
    /// 生年月日 `YYYYMMDD`; may be empty.
    pub born: String,
    /// 性別 code; may be empty.
    pub sex: String,
    /// Code of the document.
    pub doc: String,
    /// Key of the document.
    pub doc_key: String,
    /// Whether the set takes the document back.
    pub deletes: bool,
    /// Whether the set was recalled.
    pub recalled: bool,
    /// The set that came after it.
    pub replaced_by: Option<String>,
    /// The deletion that took it back.
    pub withdrawn_by: Option<String>,
}

fn read(row: &Row) -> Result<PersonRow, Error> {
    Ok(PersonRow {
        set_id: owned(row, 0)?,
        place: small(row, 1)?,
        serial: owned(row, 2)?,
        service_kind: owned(row, 3)?,
        insurer_no: owned(row, 4)?,
        insured_no: owned(row, 5)?,
        name: owned(row, 6)?,
        kana: owned(row, 7)?,
        born: owned(row, 8)?,
        sex: owned(row, 9)?,
        doc: owned(row, 10)?,
        doc_key: owned(row, 11)?,
        deletes: row.flag(12)?,
        recalled: row.flag(13)?,
        replaced_by: opt_owned(row, 14)?,
        withdrawn_by: opt_owned(row, 15)?,
    })
}

/// Adds the people of a set that was just inserted, and settles for each of their documents which set counts.
pub fn insert(tx: &mut Tx<'_>, grant: &ActGrant, set: &SetRow, people: &[PersonRow]) -> Result<(), Error> {
    if office(grant, &[Act::SendSet])? != set.from_office_no {
        return Err(Error::NotCovered);
    }
    for p in people {
        let p = &with_name(tx, set, p)?;
        tx.execute(
            INSERT,
            args![
                set.to_office_no,
                &set.set_id,
                p.place,
                set.from_office_no,
                &p.service_kind,
                &set.serial,
                &p.insurer_no,
                &p.insured_no,
                &p.name,
                &p.kana,
                &p.born,
                &p.sex,
                &p.doc,
                &p.doc_key,
                p.deletes,
                Option::<&str>::None,
                Option::<&str>::None
            ],
        )?;
        settle(tx, set, p)?;
    }
    Ok(())
}

/// 実績 and deletions carry numbers only: the name is taken from what the two offices sent each other before.
fn with_name(tx: &mut Tx<'_>, set: &SetRow, p: &PersonRow) -> Result<PersonRow, Error> {
    let mut person = p.clone();
    for (to, from) in [(set.from_office_no, set.to_office_no), (set.to_office_no, set.from_office_no)] {
        if !person.name.is_empty() {
            break;
        }
        if let Some(row) = tx.query_opt(KNOWN, args![to, from, &p.insurer_no, &p.insured_no])? {
            (person.name, person.kana) = (owned(&row, 0)?, owned(&row, 1)?);
            (person.born, person.sex) = (owned(&row, 2)?, owned(&row, 3)?);
        }
    }
    Ok(person)
}

/// Walks all sets of one document in the order of their 連番 and notes for each what came after it.
fn settle(tx: &mut Tx<'_>, set: &SetRow, p: &PersonRow) -> Result<(), Error> {
    let args =
        args![set.to_office_no, &p.insurer_no, &p.insured_no, set.from_office_no, &p.doc, &p.doc_key, &p.service_kind];
    let rows = tx.query(LINE, args)?;
    if rows.len() < 2 {
        if let [only] = rows.as_slice() {
            clear(tx, set, &read(only)?)?;
        }
        return Ok(());
    }
    let line: Vec<PersonRow> = rows.iter().map(read).collect::<Result<_, _>>()?;
    for (place, row) in line.iter().enumerate() {
        let next = line.get(place + 1);
        let replaced = next.filter(|next| !next.deletes).map(|next| next.set_id.clone());
        let withdrawn = next.filter(|next| next.deletes).map(|next| next.set_id.clone());
        if row.replaced_by != replaced || row.withdrawn_by != withdrawn {
            mark(tx, set, row, replaced.as_deref(), withdrawn.as_deref())?;
        }
    }
    Ok(())
}

fn clear(tx: &mut Tx<'_>, set: &SetRow, row: &PersonRow) -> Result<(), Error> {
    if row.replaced_by.is_some() || row.withdrawn_by.is_some() {
        mark(tx, set, row, None, None)?;
    }
    Ok(())
}

fn mark(
    tx: &mut Tx<'_>,
    set: &SetRow,
    row: &PersonRow,
    replaced: Option<&str>,
    withdrawn: Option<&str>,
) -> Result<(), Error> {
    tx.execute(MARK, args![set.to_office_no, &row.set_id, row.place, replaced, withdrawn]).map(drop)
}

/// The people of a set in order.
pub fn of_set(tx: &mut Tx<'_>, grant: &ActGrant, set: &SetRow) -> Result<Vec<PersonRow>, Error> {
    let acts = [Act::OpenSet, Act::FetchSet, Act::RecallSet, Act::ListSets, Act::SendSet, Act::EnterResult];
    let own = office(grant, &acts)?;
    if own != set.from_office_no && own != set.to_office_no {
        return Err(Error::NotCovered);
    }
    tx.query(OF_SET, args![set.to_office_no, &set.set_id])?.iter().map(read).collect()
}

/// Notes that a set was recalled: what it replaced counts again.
pub fn recall(tx: &mut Tx<'_>, grant: &ActGrant, set: &SetRow) -> Result<(), Error> {
    if office(grant, &[Act::RecallSet])? != set.from_office_no {
        return Err(Error::NotCovered);
    }
    let people = of_set(tx, grant, set)?;
    tx.execute(RECALL, args![set.to_office_no, &set.set_id])?;
    for person in people {
        settle(tx, set, &person)?;
    }
    Ok(())
}

/// Whom a set is about, whosever it is: for the entries in their logs when a stranger tries it.
pub fn whose(tx: &mut Tx<'_>, set_id: &str) -> Result<Vec<(String, String)>, Error> {
    tx.query(WHOSE, args![set_id])?.iter().map(|row| Ok((owned(row, 0)?, owned(row, 1)?))).collect()
}
