//! Loads of a municipality's feed: rows go in under a number nobody sees yet, one small transaction publishes them.
//!
//! A crash in between leaves the previous state; the leftovers go when the next load begins. One load at a time per
//! insurer. Nothing is overwritten: a correction adds a row with a higher history number.

use kaigo_core::for_each_record;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::layout::Record;
use kaigo_core::policy::{Act, ActGrant};
use kaigo_core::record::Common;

use crate::db::{Error, Tx, Value};
use crate::record::{self, Stored};

statements! {
    INSURER = "SELECT published_load FROM insurer WHERE insurer_no = ?1";
    LAST = "SELECT coalesce(max(load_no), 0) FROM feed_load WHERE insurer_no = ?1";
    LEFTOVERS = "UPDATE feed_load SET state = 'abandoned' WHERE insurer_no = ?1 AND state = 'loading'";
    INSERT_LOAD = "INSERT INTO feed_load (insurer_no, load_no, state, mode, made_at, started_at, published_at, summary) \
                   VALUES (?1, ?2, 'loading', ?3, ?4, ?5, NULL, '')";
    FINISH = "UPDATE feed_load SET state = 'published', published_at = ?3, summary = ?4 \
              WHERE insurer_no = ?1 AND load_no = ?2 AND state = 'loading'";
    ABANDON = "UPDATE feed_load SET state = 'abandoned', summary = ?3 WHERE insurer_no = ?1 AND load_no = ?2 AND state = 'loading'";
    HOLD = "UPDATE feed_load SET state = 'loading' WHERE insurer_no = ?1 AND load_no = ?2 AND state = 'loading'";
    SHOW = "UPDATE insurer SET published_load = ?2 WHERE insurer_no = ?1 AND published_load < ?2";
    DOCUMENT = "INSERT INTO feed_document (insurer_no, file, load_no, sha256, media_type, size) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    CLEAR_DOCUMENTS = "DELETE FROM feed_document WHERE insurer_no = ?1 AND load_no > ?2";
    FIND_DOCUMENT = "SELECT sha256, media_type, size FROM feed_document WHERE insurer_no = ?1 AND file = ?2 AND load_no <= ?3 \
                     ORDER BY load_no DESC LIMIT 1";
}

/// A load that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Its number: rows go in with it.
    pub load_no: i32,
    /// The load that is published now: compare with the rows up to it.
    pub published: i32,
}

/// A document of a load: where its bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// SHA-256 of its bytes, hex: its name in the object store.
    pub sha256: String,
    /// Media type (`application/pdf`, `image/png`, `image/jpeg`).
    pub media_type: String,
    /// Size in bytes.
    pub size: i32,
}

fn insurer(grant: &ActGrant) -> Result<InsurerNo, Error> {
    match (grant.act(), grant.insurer_no()) {
        (Act::LoadRecords, Some(insurer_no)) => Ok(insurer_no),
        _ => Err(Error::NotCovered),
    }
}

/// Begins a load: removes what a crashed one left and takes the next number. `None`: the insurer is not known.
pub fn begin(tx: &mut Tx<'_>, grant: &ActGrant, mode: &str, made_at: &str, now: &str) -> Result<Option<Begun>, Error> {
    let insurer_no = insurer(grant)?;
    crate::desk::queue(tx, insurer_no)?;
    let Some(row) = tx.query_opt(INSURER, args![insurer_no])? else {
        return Ok(None);
    };
    let published = number(row.int(0)?);
    if tx.execute(LEFTOVERS, args![insurer_no])? > 0 {
        clear(tx, insurer_no, published)?;
    }
    let last = tx.query_opt(LAST, args![insurer_no])?.map_or(Ok(0), |row| row.int(0))?;
    let load_no = number(last) + 1;
    tx.execute(INSERT_LOAD, args![insurer_no, load_no, mode, made_at, now])?;
    Ok(Some(Begun { load_no, published }))
}

/// What stands before a load, for a dry run. `None`: the insurer is not known.
pub fn peek(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Option<Begun>, Error> {
    let insurer_no = insurer(grant)?;
    let Some(row) = tx.query_opt(INSURER, args![insurer_no])? else {
        return Ok(None);
    };
    let last = tx.query_opt(LAST, args![insurer_no])?.map_or(Ok(0), |row| row.int(0))?;
    Ok(Some(Begun { load_no: number(last) + 1, published: number(row.int(0)?) }))
}

/// Holds the load for this transaction: fails once another load of the insurer has begun and given this one up.
fn hold(tx: &mut Tx<'_>, insurer_no: InsurerNo, load_no: i32) -> Result<(), Error> {
    if tx.execute(HOLD, args![insurer_no, load_no])? == 1 { Ok(()) } else { Err(overtaken()) }
}

fn overtaken() -> Error {
    Error::Conflict("this load was overtaken by another one".to_owned())
}

/// Adds rows of one kind to a load.
///
/// # Errors
/// [`Error::Conflict`] if the same (被保険者番号, 連番, 履歴番号) is in the load already, or if another load of the insurer has
/// begun meanwhile; the unit of work is then of no further use.
pub fn append<R: Record>(tx: &mut Tx<'_>, grant: &ActGrant, load_no: i32, rows: &[(Common, R)]) -> Result<(), Error> {
    let insurer_no = insurer(grant)?;
    hold(tx, insurer_no, load_no)?;
    let values: Vec<Vec<Value<'_>>> =
        rows.iter().map(|(common, record)| record::values(&insurer_no, load_no, common, record)).collect();
    tx.insert_many(&record::sql::<R>().bulk, &values)
}

/// Whether the insurer has any published row of the kind.
pub fn any<R: Record>(tx: &mut Tx<'_>, grant: &ActGrant, published: i32) -> Result<bool, Error> {
    Ok(tx.query_opt(record::sql::<R>().any, args![insurer(grant)?, published])?.is_some())
}

/// Every version of the person's rows of one kind up to a load; within a 連番 the newest first.
pub fn of_person<R: Record>(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    insured_no: InsuredNo,
    published: i32,
) -> Result<Vec<Stored<R>>, Error> {
    let rows = tx.query(record::sql::<R>().of_person, args![insurer(grant)?, insured_no, published])?;
    rows.into_iter().map(record::read).collect()
}

/// Every version of the rows of the next `persons` persons after one (`""` from the start), by person, 連番, newest first.
pub fn page<R: Record>(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    after: &str,
    published: i32,
    persons: i32,
) -> Result<Vec<Stored<R>>, Error> {
    let rows = tx.query(record::sql::<R>().page, args![insurer(grant)?, after, published, persons])?;
    rows.into_iter().map(record::read).collect()
}

/// Persons that rows of the load speak of and whom no 被保険者 row knows, at most `limit`.
pub fn orphans<R: Record>(tx: &mut Tx<'_>, grant: &ActGrant, load_no: i32, limit: i32) -> Result<Vec<String>, Error> {
    let rows = tx.query(record::sql::<R>().orphans, args![insurer(grant)?, load_no, limit])?;
    rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}

/// How many rows of the kind the load has.
pub fn count<R: Record>(tx: &mut Tx<'_>, grant: &ActGrant, load_no: i32) -> Result<i64, Error> {
    tx.query_opt(record::sql::<R>().count, args![insurer(grant)?, load_no])?.map_or(Ok(0), |row| row.int(0))
}

/// Adds a document to a load; its bytes are in the object store already.
pub fn add_document(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    load_no: i32,
    file: &str,
    document: &Document,
) -> Result<(), Error> {
    let insurer_no = insurer(grant)?;
    hold(tx, insurer_no, load_no)?;
    let Document { sha256, media_type, size } = document;
    tx.execute(DOCUMENT, args![insurer_no, file, load_no, sha256, media_type, *size]).map(drop)
}

/// The document of that name as published up to a load, or put in at the desk.
pub fn find_document(
    tx: &mut Tx<'_>,
    insurer_no: InsurerNo,
    file: &str,
    published: i32,
) -> Result<Option<Document>, Error> {
    match tx.query_opt(FIND_DOCUMENT, args![insurer_no, file, published])? {
        Some(row) => Ok(Some(Document {
            sha256: row.text(0)?.to_owned(),
            media_type: row.text(1)?.to_owned(),
            size: number(row.int(2)?),
        })),
        None => crate::case::find_document(tx, insurer_no, file),
    }
}

/// Publishes a load: from this commit on its rows are seen.
///
/// # Errors
/// [`Error::Conflict`] if the load is not under way any more (another one began meanwhile).
pub fn publish(tx: &mut Tx<'_>, grant: &ActGrant, load_no: i32, summary: &str, now: &str) -> Result<(), Error> {
    let insurer_no = insurer(grant)?;
    crate::desk::queue(tx, insurer_no)?;
    if tx.execute(FINISH, args![insurer_no, load_no, now, summary])? != 1
        || tx.execute(SHOW, args![insurer_no, load_no])? != 1
    {
        return Err(overtaken());
    }
    crate::news::of_load(tx, insurer_no, load_no, now)?;
    crate::case::refresh_load(tx, insurer_no, load_no)
}

/// Gives a load up and removes its rows. A load that was overtaken has been removed by the one that came after it.
pub fn abandon(tx: &mut Tx<'_>, grant: &ActGrant, begun: Begun, summary: &str) -> Result<(), Error> {
    let insurer_no = insurer(grant)?;
    if tx.execute(ABANDON, args![insurer_no, begun.load_no, summary])? == 0 {
        return Ok(());
    }
    clear(tx, insurer_no, begun.published)
}

fn clear(tx: &mut Tx<'_>, insurer_no: InsurerNo, published: i32) -> Result<(), Error> {
    macro_rules! clear_kind {
        ($kind:ty) => {
            tx.execute(record::sql::<$kind>().clear, args![insurer_no, published])?;
        };
    }
    for_each_record!(clear_kind);
    tx.execute(CLEAR_DOCUMENTS, args![insurer_no, published]).map(drop)
}

fn number(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
