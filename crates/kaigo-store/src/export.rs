//! What arose on the platform, for the municipality's own system: the desk's rows of every record kind, and who took them out.

use kaigo_core::id::InsurerNo;
use kaigo_core::layout::Record;
use kaigo_core::policy::{Act, ActGrant};

use crate::db::{Error, Tx};
use crate::record::{self, Stored};

statements! {
    BOUNDS = "SELECT coalesce((SELECT max(f.load_no) FROM feed_load f WHERE f.insurer_no = i.insurer_no AND f.state = 'published' \
              AND f.published_at < ?2), 0), i.published_load FROM insurer i WHERE i.insurer_no = ?1";
    PUT_RUN = "INSERT INTO export_run (insurer_no, export_id, since_on, made_by, made_at, counts, sha256) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    RUNS = "SELECT since_on, made_by, made_at, counts, sha256 FROM export_run WHERE insurer_no = ?1 ORDER BY made_at DESC, export_id LIMIT ?2";
}

/// Somebody took something out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Day since which.
    pub since_on: String,
    /// Who.
    pub made_by: String,
    /// When.
    pub made_at: String,
    /// How many rows of what, as text.
    pub counts: String,
    /// SHA-256 of the file.
    pub sha256: String,
}

fn insurer(grant: &ActGrant) -> Result<InsurerNo, Error> {
    match (grant.act(), grant.insurer_no()) {
        (Act::Export, Some(insurer_no)) => Ok(insurer_no),
        _ => Err(Error::NotCovered),
    }
}

/// The loads between which the desk's rows since an instant lie. The first may hold some that are a little older: while a feed
/// comes in, the desk writes under the number before.
pub fn bounds(tx: &mut Tx<'_>, grant: &ActGrant, instant: &str) -> Result<(i32, i32), Error> {
    let row = tx.query_opt(BOUNDS, args![insurer(grant)?, instant])?;
    let small = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
    row.map_or(Ok((0, 0)), |row| Ok((small(row.int(0)?), small(row.int(1)?))))
}

/// The desk's rows of a kind between two loads, by person, 連番, in the order in which they were written.
pub fn rows<R: Record>(tx: &mut Tx<'_>, grant: &ActGrant, (from, until): (i32, i32)) -> Result<Vec<Stored<R>>, Error> {
    let rows = tx.query(record::sql::<R>().desk_since, args![insurer(grant)?, from, until])?;
    rows.into_iter().map(record::read).collect()
}

/// Writes down that something was taken out.
pub fn put_run(tx: &mut Tx<'_>, grant: &ActGrant, export_id: &str, run: &Run) -> Result<(), Error> {
    let Run { since_on, made_by, made_at, counts, sha256 } = run;
    tx.execute(PUT_RUN, args![insurer(grant)?, export_id, since_on, made_by, made_at, counts, sha256]).map(drop)
}

/// What was taken out, the newest first.
pub fn runs(tx: &mut Tx<'_>, grant: &ActGrant, limit: i32) -> Result<Vec<Run>, Error> {
    let rows = tx.query(RUNS, args![insurer(grant)?, limit])?;
    rows.iter()
        .map(|row| {
            let text = |i| Ok::<_, Error>(row.text(i)?.to_owned());
            Ok(Run { since_on: text(0)?, made_by: text(1)?, made_at: text(2)?, counts: text(3)?, sha256: text(4)? })
        })
        .collect()
}
