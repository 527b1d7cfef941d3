//! Uploads that were checked and wait to be sent (下書き), and what became of their sets.

use kaigo_core::policy::{Act, ActGrant};

use super::{office, opt_owned, owned, small};
use crate::db::{Error, Row, Tx};

statements! {
    INSERT = "INSERT INTO exchange_draft (office_no, draft_id, made_at, made_by, state, digest) VALUES (?1, ?2, ?3, ?4, 'open', ?5)";
    INSERT_FILE = "INSERT INTO exchange_draft_file (office_no, draft_id, place, name, sha256, size, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    FIND = "SELECT draft_id, made_at, made_by, state, digest FROM exchange_draft WHERE office_no = ?1 AND draft_id = ?2";
    SAME = "SELECT draft_id, made_at, made_by, state, digest FROM exchange_draft WHERE office_no = ?1 AND digest = ?2 AND state = 'open' \
            ORDER BY made_at LIMIT 1";
    OPEN = "SELECT draft_id, made_at, made_by, state, digest FROM exchange_draft WHERE office_no = ?1 AND state = 'open' \
            ORDER BY made_at DESC LIMIT 20";
    FILES = "SELECT place, name, sha256, size, sealed FROM exchange_draft_file WHERE office_no = ?1 AND draft_id = ?2 ORDER BY place";
    STATE = "UPDATE exchange_draft SET state = ?3 WHERE office_no = ?1 AND draft_id = ?2";
    RESULT = "INSERT INTO exchange_draft_result (office_no, draft_id, place, set_id, outcome, code, say, at) VALUES (?1, ?2, ?3, ?4, ?5, \
              ?6, ?7, ?8) ON CONFLICT (office_no, draft_id, place) DO UPDATE SET set_id = excluded.set_id, outcome = excluded.outcome, \
              code = excluded.code, say = excluded.say, at = excluded.at WHERE exchange_draft_result.set_id IS NULL";
    RESULTS = "SELECT place, set_id, outcome, code, say, at FROM exchange_draft_result WHERE office_no = ?1 AND draft_id = ?2 ORDER BY place";
    OLD = "SELECT office_no, draft_id FROM exchange_draft WHERE made_at < ?1 ORDER BY made_at LIMIT ?2";
    PURGE_FILES = "DELETE FROM exchange_draft_file WHERE office_no = ?1 AND draft_id = ?2";
    PURGE_RESULTS = "DELETE FROM exchange_draft_result WHERE office_no = ?1 AND draft_id = ?2";
    PURGE = "DELETE FROM exchange_draft WHERE office_no = ?1 AND draft_id = ?2";
}

/// An upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// Random identifier.
    pub draft_id: String,
    /// When it was uploaded.
    pub made_at: String,
    /// By whom.
    pub made_by: String,
    /// `open`, `sent` or `discarded`.
    pub state: String,
    /// SHA-256 over names and digests of its files.
    pub digest: String,
}

/// A file of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftFile {
    /// Place in the upload, from 0.
    pub place: i32,
    /// Name as it came.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its bytes' count.
    pub size: i32,
    /// Its bytes under the data key.
    pub sealed: Vec<u8>,
}

/// What became of a set of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultRow {
    /// Place of the set in the upload.
    pub place: i32,
    /// The set that was sent, or that stood there already.
    pub set_id: Option<String>,
    /// `sent`, `repeated` or `refused`.
    pub outcome: String,
    /// Code of a refusal.
    pub code: String,
    /// Its sentence.
    pub say: String,
    /// When.
    pub at: String,
}

fn read(row: &Row) -> Result<DraftRow, Error> {
    Ok(DraftRow {
        draft_id: owned(row, 0)?,
        made_at: owned(row, 1)?,
        made_by: owned(row, 2)?,
        state: owned(row, 3)?,
        digest: owned(row, 4)?,
    })
}

const OWN: &[Act] = &[Act::SendSet];

/// Keeps an upload.
pub fn insert(tx: &mut Tx<'_>, grant: &ActGrant, draft: &DraftRow, files: &[DraftFile]) -> Result<(), Error> {
    let own = office(grant, OWN)?;
    tx.execute(INSERT, args![own, &draft.draft_id, &draft.made_at, &draft.made_by, &draft.digest])?;
    for f in files {
        let args = args![own, &draft.draft_id, f.place, &f.name, &f.sha256, f.size, f.sealed.as_slice()];
        tx.execute(INSERT_FILE, args)?;
    }
    Ok(())
}

/// The upload, if it is the office's.
pub fn find(tx: &mut Tx<'_>, grant: &ActGrant, draft_id: &str) -> Result<Option<DraftRow>, Error> {
    tx.query_opt(FIND, args![office(grant, OWN)?, draft_id])?.as_ref().map(read).transpose()
}

/// The open upload with the same files, if there is one.
pub fn same(tx: &mut Tx<'_>, grant: &ActGrant, digest: &str) -> Result<Option<DraftRow>, Error> {
    tx.query_opt(SAME, args![office(grant, OWN)?, digest])?.as_ref().map(read).transpose()
}

/// The office's open uploads, the newest first.
pub fn open(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<DraftRow>, Error> {
    tx.query(OPEN, args![office(grant, OWN)?])?.iter().map(read).collect()
}

/// The files of an upload.
pub fn files(tx: &mut Tx<'_>, grant: &ActGrant, draft_id: &str) -> Result<Vec<DraftFile>, Error> {
    let rows = tx.query(FILES, args![office(grant, OWN)?, draft_id])?;
    rows.iter()
        .map(|row| {
            Ok(DraftFile {
                place: small(row, 0)?,
                name: owned(row, 1)?,
                sha256: owned(row, 2)?,
                size: small(row, 3)?,
                sealed: row.bytes(4)?.to_vec(),
            })
        })
        .collect()
}

/// Sets the state of an upload.
pub fn set_state(tx: &mut Tx<'_>, grant: &ActGrant, draft_id: &str, state: &str) -> Result<(), Error> {
    tx.execute(STATE, args![office(grant, OWN)?, draft_id, state]).map(drop)
}

/// Notes what became of a set of an upload; what was sent stays noted.
pub fn result(tx: &mut Tx<'_>, grant: &ActGrant, draft_id: &str, result: &ResultRow) -> Result<(), Error> {
    let r = result;
    let own = office(grant, OWN)?;
    let args = args![own, draft_id, r.place, r.set_id.as_ref(), &r.outcome, &r.code, &r.say, &r.at];
    tx.execute(RESULT, args).map(drop)
}

/// What became of the sets of an upload.
pub fn results(tx: &mut Tx<'_>, grant: &ActGrant, draft_id: &str) -> Result<Vec<ResultRow>, Error> {
    let rows = tx.query(RESULTS, args![office(grant, OWN)?, draft_id])?;
    rows.iter()
        .map(|row| {
            Ok(ResultRow {
                place: small(row, 0)?,
                set_id: opt_owned(row, 1)?,
                outcome: owned(row, 2)?,
                code: owned(row, 3)?,
                say: owned(row, 4)?,
                at: owned(row, 5)?,
            })
        })
        .collect()
}

/// Removes uploads made before an instant, at most so many; answers how many.
pub fn purge(tx: &mut Tx<'_>, grant: &ActGrant, before: &str, most: i32) -> Result<usize, Error> {
    if grant.act() != Act::Operate {
        return Err(Error::NotCovered);
    }
    let old = tx.query(OLD, args![before, most])?;
    for row in &old {
        for sql in [PURGE_FILES, PURGE_RESULTS, PURGE] {
            tx.execute(sql, args![row.text(0)?, row.text(1)?])?;
        }
    }
    Ok(old.len())
}
