//! The people of sets, and which set of a document counts: the last 連番 wins (標準 §2.5).

use std::collections::HashMap;

use kaigo_core::policy::{Act, ActGrant};

use super::set::SetRow;
use super::{office, opt_owned, owned, small};
use crate::db::{Bulk, Error, Row, Tx, Value};

macro_rules! columns {
    () => {
        "p.set_id, p.place, p.serial, p.service_kind, p.insurer_no, p.insured_no, p.name, p.kana, p.born, p.sex, p.doc, p.doc_key, \
         p.deletes, p.recalled, p.replaced_by, p.withdrawn_by"
    };
}
statements! {
    INSERT = "INSERT INTO exchange_person (to_office_no, set_id, place, from_office_no, service_kind, serial, insurer_no, insured_no, \
              name, kana, born, sex, doc, doc_key, deletes, recalled) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, \
              ?14, ?15, ?16)";
    OF_SET = concat!("SELECT ", columns!(), " FROM exchange_person p WHERE p.to_office_no = ?1 AND p.set_id = ?2 ORDER BY p.place");
    LINES = "SELECT p.place, q.set_id, q.place, q.deletes, q.replaced_by, q.withdrawn_by FROM exchange_person p JOIN exchange_person q \
             ON q.to_office_no = p.to_office_no AND q.insurer_no = p.insurer_no AND q.insured_no = p.insured_no AND q.from_office_no = \
             p.from_office_no AND q.doc = p.doc AND q.doc_key = p.doc_key AND q.service_kind = p.service_kind AND q.recalled = 0 \
             WHERE p.to_office_no = ?1 AND p.set_id = ?2 ORDER BY p.place, q.serial, q.set_id";
    KNOWN = "SELECT name, kana, born, sex FROM exchange_person WHERE to_office_no = ?1 AND from_office_no = ?2 AND insurer_no = ?3 \
             AND insured_no = ?4 AND name <> '' ORDER BY serial DESC, set_id DESC LIMIT 1";
    MARK = "UPDATE exchange_person SET replaced_by = ?4, withdrawn_by = ?5 WHERE to_office_no = ?1 AND set_id = ?2 AND place = ?3";
    RECALL = "UPDATE exchange_person SET recalled = 1 WHERE to_office_no = ?1 AND set_id = ?2";
    WHOSE = "SELECT DISTINCT p.insurer_no, p.insured_no FROM exchange_set s JOIN exchange_person p ON p.to_office_no = s.to_office_no \
             AND p.set_id = s.set_id WHERE s.set_id = ?1";
}

const PEOPLE: Bulk = Bulk {
    table: "exchange_person",
    columns: &[
        "to_office_no",
        "set_id",
        "place",
        "from_office_no",
        "service_kind",
        "serial",
        "insurer_no",
        "insured_no",
        "name",
        "kana",
        "born",
        "sex",
        "doc",
        "doc_key",
        "deletes",
        "recalled",
    ],
    insert: INSERT,
};

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
    let mut rows = Vec::with_capacity(people.len());
    let mut known = HashMap::new();
    for p in people {
        let found = if p.name.is_empty() { known_as(tx, set, p, &mut known)? } else { None };
        let [name, kana, born, sex] = found.unwrap_or_else(|| [&p.name, &p.kana, &p.born, &p.sex].map(String::clone));
        let row: [Value<'_>; 16] = [
            Value::from(set.to_office_no),
            Value::from(&set.set_id),
            Value::from(p.place),
            Value::from(set.from_office_no),
            Value::from(&p.service_kind),
            Value::from(&set.serial),
            Value::from(&p.insurer_no),
            Value::from(&p.insured_no),
            Value::from(name),
            Value::from(kana),
            Value::from(born),
            Value::from(sex),
            Value::from(&p.doc),
            Value::from(&p.doc_key),
            Value::from(p.deletes),
            Value::from(false),
        ];
        rows.push(row.into());
    }
    tx.insert_many(&PEOPLE, &rows)?;
    settle(tx, set)
}

/// Name, kana, birthday and sex.
type Known = [String; 4];

/// 実績 and deletions carry numbers only: the name is taken from what the two offices sent each other before.
fn known_as<'a>(
    tx: &mut Tx<'_>,
    set: &SetRow,
    p: &'a PersonRow,
    known: &mut HashMap<(&'a str, &'a str), Option<Known>>,
) -> Result<Option<Known>, Error> {
    let whom = (p.insurer_no.as_str(), p.insured_no.as_str());
    if let Some(found) = known.get(&whom) {
        return Ok(found.clone());
    }
    let mut found = None;
    for (to, from) in [(set.from_office_no, set.to_office_no), (set.to_office_no, set.from_office_no)] {
        if found.is_none() {
            let row = tx.query_opt(KNOWN, args![to, from, whom.0, whom.1])?;
            found = row.map(|row| Ok::<_, Error>([owned(&row, 0)?, owned(&row, 1)?, owned(&row, 2)?, owned(&row, 3)?]));
        }
    }
    let found = found.transpose()?;
    known.insert(whom, found.clone());
    Ok(found)
}

/// Walks all sets of each document of a set in the order of their 連番 and notes for each what came after it.
fn settle(tx: &mut Tx<'_>, set: &SetRow) -> Result<(), Error> {
    let rows = tx.query(LINES, args![set.to_office_no, &set.set_id])?;
    let line: Vec<Place> = rows.iter().map(place).collect::<Result<_, _>>()?;
    for (at, row) in line.iter().enumerate() {
        let next = line.get(at + 1).filter(|next| next.of == row.of);
        let replaced = next.filter(|next| !next.deletes).map(|next| next.set_id.as_str());
        let withdrawn = next.filter(|next| next.deletes).map(|next| next.set_id.as_str());
        if row.replaced_by.as_deref() != replaced || row.withdrawn_by.as_deref() != withdrawn {
            tx.execute(MARK, args![set.to_office_no, &row.set_id, row.at, replaced, withdrawn])?;
        }
    }
    Ok(())
}

/// A place in the line of one document: the sets that carried it or took it back.
struct Place {
    /// Place of the document in the set that is settled.
    of: i32,
    set_id: String,
    at: i32,
    deletes: bool,
    replaced_by: Option<String>,
    withdrawn_by: Option<String>,
}

fn place(row: &Row) -> Result<Place, Error> {
    Ok(Place {
        of: small(row, 0)?,
        set_id: owned(row, 1)?,
        at: small(row, 2)?,
        deletes: row.flag(3)?,
        replaced_by: opt_owned(row, 4)?,
        withdrawn_by: opt_owned(row, 5)?,
    })
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
    tx.execute(RECALL, args![set.to_office_no, &set.set_id])?;
    settle(tx, set)
}

/// Whom a set is about, whosever it is: for the entries in their logs when a stranger tries it.
pub fn whose(tx: &mut Tx<'_>, set_id: &str) -> Result<Vec<(String, String)>, Error> {
    tx.query(WHOSE, args![set_id])?.iter().map(|row| Ok((owned(row, 0)?, owned(row, 1)?))).collect()
}
