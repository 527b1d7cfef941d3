//! Rows of the record tables that are written on the platform itself: an accepted 届出, a changed case, an opinion that came.
//!
//! They are seen at once. Their numbers lie above those of the municipality's system ([`DESK_FIRST`]): a feed neither uses nor
//! drops them, and what its system corrects later counts again, because it comes with a later load. Each write takes a load
//! number of its own, so that readers see that something changed; while a feed is being loaded it takes the published one,
//! because a higher one would show the half-loaded rows.

use kaigo_core::code::{Amount, Void};
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::layout::Record;
use kaigo_core::policy::{Act, ActGrant};
use kaigo_core::record::{Common, DESK_FIRST};

use crate::db::{Error, Tx, Value};
use crate::record::{self, Stored};

statements! {
    // Whoever takes a load number waits here for the one before: two clerks on two persons are no conflict.
    QUEUE = "UPDATE insurer SET published_load = published_load WHERE insurer_no = ?1";
    PUBLISHED = "SELECT i.published_load, (SELECT count(*) FROM feed_load f WHERE f.insurer_no = i.insurer_no AND f.state = 'loading'), \
                 (SELECT coalesce(max(f.load_no), 0) FROM feed_load f WHERE f.insurer_no = i.insurer_no) FROM insurer i WHERE i.insurer_no = ?1";
    TAKE = "INSERT INTO feed_load (insurer_no, load_no, state, mode, made_at, started_at, published_at, summary) \
            VALUES (?1, ?2, 'published', 'desk', ?3, ?3, ?3, '')";
    SHOW = "UPDATE insurer SET published_load = ?2 WHERE insurer_no = ?1 AND published_load < ?2";
}

/// The acts that write records of one person.
const ACTS: [Act; 7] = [
    Act::ManageCase,
    Act::RequestOpinion,
    Act::AnswerOpinion,
    Act::WriteOpinion,
    Act::ManageBoard,
    // The planned day of a case follows its session.
    Act::JudgeCase,
    Act::AnswerNotice,
];

/// A place to write rows of one person: made once in a unit of work, used for all its rows.
#[expect(clippy::struct_field_names, reason = "the numbers have the names of their columns")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Desk {
    insurer_no: InsurerNo,
    insured_no: InsuredNo,
    load_no: i32,
}

impl Desk {
    /// The load up to which rows are seen once this unit of work is committed.
    pub fn published(&self) -> i32 {
        self.load_no
    }
}

/// Opens the desk for the person of the grant.
///
/// # Errors
/// [`Error::NotCovered`] if the grant is for no such act or no person; [`Error::Conflict`] if another desk or a feed of the
/// insurer took the same number at the same moment: do the whole again.
pub fn open(tx: &mut Tx<'_>, grant: &ActGrant, now: &str) -> Result<Desk, Error> {
    let (insurer_no, insured_no) = match grant.person() {
        Some(person) if ACTS.contains(&grant.act()) => person,
        _ => return Err(Error::NotCovered),
    };
    queue(tx, insurer_no)?;
    let Some(row) = tx.query_opt(PUBLISHED, args![insurer_no])? else {
        return Err(Error::Broken("the insurer of a grant is not there".to_owned()));
    };
    let number = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
    let (published, loading, last) = (number(row.int(0)?), row.int(1)?, number(row.int(2)?));
    if loading > 0 {
        return Ok(Desk { insurer_no, insured_no, load_no: published });
    }
    let load_no = last.max(published).saturating_add(1);
    tx.execute(TAKE, args![insurer_no, load_no, now])?;
    tx.execute(SHOW, args![insurer_no, load_no])?;
    Ok(Desk { insurer_no, insured_no, load_no })
}

/// Waits until nobody else is taking a load number of the insurer, and keeps others waiting until the commit. Always the first
/// lock of a unit of work that takes one, so that no two wait for each other.
pub(crate) fn queue(tx: &mut Tx<'_>, insurer_no: InsurerNo) -> Result<(), Error> {
    tx.execute(QUEUE, args![insurer_no]).map(drop)
}

/// Adds a new segment; answers its 連番.
///
/// # Errors
/// [`Error::Conflict`] when the person's numbers for the platform's own segments are used up.
pub fn add<R: Record>(tx: &mut Tx<'_>, desk: Desk, record: &R) -> Result<i32, Error> {
    let rows = rows::<R>(tx, desk)?;
    let last = rows.iter().map(|row| row.common.record_no.0).max().unwrap_or(0);
    let record_no = last.max(DESK_FIRST - 1) + 1;
    insert(tx, desk, record_no, DESK_FIRST, Void::Valid, record)?;
    Ok(record_no)
}

/// Corrects a segment: the new version counts from this commit on.
///
/// # Errors
/// [`Error::Conflict`] if the segment's newest version is not the one that was `seen` (load and 履歴番号): somebody else
/// changed it meanwhile.
pub fn correct<R: Record>(
    tx: &mut Tx<'_>,
    desk: Desk,
    record_no: i32,
    seen: (i32, i32),
    record: &R,
) -> Result<(), Error> {
    put(tx, desk, record_no, seen, Void::Valid, record)
}

/// Takes a segment back.
///
/// # Errors
/// As [`correct`].
pub fn take_back<R: Record>(
    tx: &mut Tx<'_>,
    desk: Desk,
    record_no: i32,
    seen: (i32, i32),
    record: &R,
) -> Result<(), Error> {
    put(tx, desk, record_no, seen, Void::Voided, record)
}

fn put<R: Record>(
    tx: &mut Tx<'_>,
    desk: Desk,
    record_no: i32,
    seen: (i32, i32),
    void: Void,
    record: &R,
) -> Result<(), Error> {
    let rows: Vec<Stored<R>> =
        rows::<R>(tx, desk)?.into_iter().filter(|row| row.common.record_no.0 == record_no).collect();
    let newest = rows.first().map(|row| (row.load_no, row.common.history_no.0));
    if newest != Some(seen) {
        return Err(Error::Conflict("the record was changed by somebody else".to_owned()));
    }
    let last = rows.iter().map(|row| row.common.history_no.0).max().unwrap_or(0);
    insert(tx, desk, record_no, last.max(DESK_FIRST - 1) + 1, void, record)
}

/// Every version of the person's segments of the kind, as [`record::of_person`] orders them.
fn rows<R: Record>(tx: &mut Tx<'_>, desk: Desk) -> Result<Vec<Stored<R>>, Error> {
    let rows = tx.query(record::sql::<R>().of_person, args![desk.insurer_no, desk.insured_no, desk.load_no])?;
    rows.into_iter().map(record::read::<R>).collect()
}

fn insert<R: Record>(
    tx: &mut Tx<'_>,
    desk: Desk,
    record_no: i32,
    history_no: i32,
    void: Void,
    record: &R,
) -> Result<(), Error> {
    if record_no > 9_999 || history_no > 9_999 {
        return Err(Error::Conflict("the numbers of the platform's own records are used up".to_owned()));
    }
    let common =
        Common { insured_no: desk.insured_no, record_no: Amount(record_no), history_no: Amount(history_no), void };
    let values: Vec<Value<'_>> = record::values(&desk.insurer_no, desk.load_no, &common, record);
    tx.execute(record::sql::<R>().bulk.insert, &values)?;
    crate::news::of_desk(tx, R::NAME, (desk.insurer_no, desk.insured_no), desk.load_no)?;
    // What lists the cases is a projection of these two kinds.
    if matches!(R::NAME, "application" | "insured_person") {
        crate::case::refresh(tx, desk.insurer_no, desk.insured_no)?;
    }
    Ok(())
}
