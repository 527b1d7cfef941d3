//! The feed as the municipality sees it: uploads through the browser, history and health of loads, and taking one back.

use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::layout::Record;
use kaigo_core::policy::{Act, ActGrant};

use crate::db::{Error, Row, Tx};
use crate::load::Document;
use crate::record;

macro_rules! upload_columns {
    () => {
        "upload_id, digest, state, size, account_id, uploaded_by, uploaded_at, job, beat_at, rows_done, rows_total, current_file, \
         seen_load, report, published_load, published_by, published_at, allowed"
    };
}

statements! {
    COUNT = "INSERT INTO feed_load_kind (insurer_no, load_no, kind, row_count, inserted, corrected, unchanged, dropped, skipped) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    LOADS = "SELECT l.load_no, l.state, l.mode, l.made_at, l.started_at, l.published_at, l.summary, \
             (SELECT max(u.uploaded_by) FROM feed_upload u WHERE u.insurer_no = l.insurer_no AND u.published_load = l.load_no), \
             (SELECT max(u.published_by) FROM feed_upload u WHERE u.insurer_no = l.insurer_no AND u.published_load = l.load_no), \
             d.undo_load_no, d.undone_by, d.undone_at, d.reason FROM feed_load l \
             LEFT JOIN feed_undo d ON d.insurer_no = l.insurer_no AND d.load_no = l.load_no \
             WHERE l.insurer_no = ?1 AND l.mode <> 'desk' AND l.load_no < ?2 ORDER BY l.load_no DESC LIMIT ?3";
    KINDS = "SELECT k.load_no, k.kind, k.row_count, k.inserted, k.corrected, k.unchanged, k.dropped, k.skipped FROM feed_load_kind k \
             WHERE k.insurer_no = ?1 AND k.load_no >= ?2 AND k.load_no <= ?3 ORDER BY k.load_no DESC, k.kind";
    UNDOS = "SELECT load_no, undo_load_no FROM feed_undo WHERE insurer_no = ?1 ORDER BY load_no";
    UNDO = "INSERT INTO feed_undo (insurer_no, load_no, undo_load_no, restored, kept, reason, undone_by, undone_at, submit_key) \
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    UNDO_OF_KEY = "SELECT load_no, undo_load_no, restored, kept, reason, undone_by, undone_at FROM feed_undo \
                   WHERE insurer_no = ?1 AND submit_key = ?2";
    PUT_UPLOAD = "INSERT INTO feed_upload (insurer_no, upload_id, digest, state, size, account_id, uploaded_by, uploaded_at, job, beat_at, \
                  rows_done, rows_total, current_file, seen_load, report, published_load, published_by, published_at, allowed) \
                  VALUES (?1, ?2, ?3, 'kept', ?4, ?5, ?6, ?7, '', ?7, 0, 0, '', 0, '', NULL, NULL, NULL, '')";
    PUT_FILE = "INSERT INTO feed_upload_file (insurer_no, upload_id, file_no, name, sha256, size) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    FILES = "SELECT name, sha256, size FROM feed_upload_file WHERE insurer_no = ?1 AND upload_id = ?2 ORDER BY file_no";
    FIND = concat!("SELECT ", upload_columns!(), " FROM feed_upload WHERE insurer_no = ?1 AND upload_id = ?2");
    SAME = concat!("SELECT ", upload_columns!(), " FROM feed_upload WHERE insurer_no = ?1 AND digest = ?2 AND state <> 'discarded' \
            AND (published_load IS NULL OR NOT EXISTS (SELECT 1 FROM feed_undo d WHERE d.insurer_no = feed_upload.insurer_no \
            AND d.load_no = feed_upload.published_load)) ORDER BY uploaded_at DESC LIMIT 1");
    LIST = concat!("SELECT ", upload_columns!(), " FROM feed_upload WHERE insurer_no = ?1 AND state <> 'discarded' ORDER BY uploaded_at DESC, \
            upload_id LIMIT ?2");
    BEGIN = "UPDATE feed_upload SET state = ?4, job = ?5, beat_at = ?6, rows_done = 0, rows_total = 0, current_file = '', allowed = ?7 \
             WHERE insurer_no = ?1 AND upload_id = ?2 AND (state = ?3 OR (state = ?4 AND beat_at < ?8))";
    BEAT = "UPDATE feed_upload SET beat_at = ?4, rows_done = ?5, rows_total = ?6, current_file = ?7 \
            WHERE insurer_no = ?1 AND upload_id = ?2 AND job = ?3";
    CHECKED = "UPDATE feed_upload SET state = 'checked', report = ?4, seen_load = ?5, beat_at = ?6 \
               WHERE insurer_no = ?1 AND upload_id = ?2 AND job = ?3 AND state IN ('checking', 'publishing')";
    PUBLISHED = "UPDATE feed_upload SET state = 'published', report = ?4, published_load = ?5, published_by = ?6, published_at = ?7 \
                 WHERE insurer_no = ?1 AND upload_id = ?2 AND job = ?3 AND state = 'publishing'";
    DISCARD = "UPDATE feed_upload SET state = 'discarded' WHERE insurer_no = ?1 AND upload_id = ?2 AND state IN ('kept', 'checked')";
    DOCUMENT = "SELECT sha256, media_type, size FROM feed_document WHERE insurer_no = ?1 AND file = ?2 AND load_no <= ?3 AND load_no NOT IN \
                (SELECT load_no FROM feed_undo WHERE insurer_no = ?1) ORDER BY load_no DESC LIMIT 1";
    LAST_FEED = "SELECT coalesce(max(load_no), 0) FROM feed_load WHERE insurer_no = ?1 AND state = 'published' AND mode <> 'desk'";
    LATEST = "SELECT i.insurer_no, i.name, max(l.published_at) FROM insurer i LEFT JOIN feed_load l ON l.insurer_no = i.insurer_no \
              AND l.state = 'published' AND l.mode NOT IN ('desk', 'undo') WHERE i.started_on <= ?1 GROUP BY i.insurer_no, i.name \
              ORDER BY i.insurer_no";
    STANDING_STILL = "SELECT count(*) FROM feed_upload WHERE state IN ('checking', 'publishing') AND beat_at < ?1";
}

/// What a load did to one record kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindCount {
    /// Number of the load.
    pub load_no: i32,
    /// Record kind.
    pub kind: String,
    /// Rows read.
    pub rows: i64,
    /// Rows of segments that were not there.
    pub inserted: i64,
    /// Rows that correct a segment.
    pub corrected: i64,
    /// Rows that say what was known.
    pub unchanged: i64,
    /// Segments that a full feed did not have any more.
    pub dropped: i64,
    /// Rows with an error.
    pub skipped: i64,
}

/// A load in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadRow {
    /// Its number.
    pub load_no: i32,
    /// `loading`, `published` or `abandoned`.
    pub state: String,
    /// `full`, `delta` or `undo`.
    pub mode: String,
    /// When the municipality's system made it.
    pub made_at: String,
    /// When it began.
    pub started_at: String,
    /// When it was published.
    pub published_at: Option<String>,
    /// Counts as one line.
    pub summary: String,
    /// Who uploaded it, if it came through the browser.
    pub uploaded_by: Option<String>,
    /// Who published it, if it came through the browser.
    pub published_by: Option<String>,
    /// How it was taken back, if it was.
    pub undone: Option<Undone>,
}

/// How a load was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The load that restored what stood before.
    pub undo_load_no: i32,
    /// Who did it.
    pub by: String,
    /// When.
    pub at: String,
    /// Why.
    pub reason: String,
}

/// A load that was taken back, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// The load that was taken back.
    pub load_no: i32,
    /// The load that restored what stood before.
    pub undo_load_no: i32,
    /// Segments that were restored or taken away.
    pub restored: i64,
    /// Segments that the desk has changed since, and that stay.
    pub kept: i64,
    /// Why.
    pub reason: String,
    /// Who did it.
    pub by: String,
    /// When.
    pub at: String,
}

/// A file of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadFile {
    /// Name as it came, without folders.
    pub name: String,
    /// SHA-256 of its bytes: its name among the documents.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
}

/// A feed that came through the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upload {
    /// Random identifier.
    pub upload_id: String,
    /// SHA-256 over the digests and names of its files.
    pub digest: String,
    /// `kept`, `checking`, `checked`, `publishing`, `published` or `discarded`.
    pub state: String,
    /// Bytes of all files.
    pub size: i64,
    /// Account that uploaded it.
    pub account_id: String,
    /// Its owner's name.
    pub uploaded_by: String,
    /// When.
    pub uploaded_at: String,
    /// The job that works on it.
    pub job: String,
    /// Last sign of life of the job.
    pub beat_at: String,
    /// Rows that the job has read.
    pub rows_done: i64,
    /// Rows there are; 0 where not known.
    pub rows_total: i64,
    /// File that the job reads.
    pub current_file: String,
    /// The last feed that was published when it was checked.
    pub seen_load: i32,
    /// What the job found, JSON; empty before the first check.
    pub report: String,
    /// The load it became.
    pub published_load: Option<i32>,
    /// Who published it.
    pub published_by: Option<String>,
    /// When.
    pub published_at: Option<String>,
    /// What was allowed at publishing: `drop`, `skip`, both or nothing.
    pub allowed: String,
}

fn insurer(grant: &ActGrant) -> Result<InsurerNo, Error> {
    match (grant.act(), grant.insurer_no()) {
        (Act::LoadRecords | Act::HideRecords, Some(insurer_no)) => Ok(insurer_no),
        _ => Err(Error::NotCovered),
    }
}

/// Notes what a load did to one record kind.
pub fn count(tx: &mut Tx<'_>, grant: &ActGrant, c: &KindCount) -> Result<(), Error> {
    let insurer_no = insurer(grant)?;
    let of = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
    tx.execute(
        COUNT,
        args![
            insurer_no,
            c.load_no,
            &c.kind,
            of(c.rows),
            of(c.inserted),
            of(c.corrected),
            of(c.unchanged),
            of(c.dropped),
            of(c.skipped)
        ],
    )
    .map(drop)
}

/// Loads before a number, the newest first; what the desk wrote is not among them.
pub fn loads(tx: &mut Tx<'_>, grant: &ActGrant, before: i32, limit: i32) -> Result<Vec<LoadRow>, Error> {
    let rows = tx.query(LOADS, args![insurer(grant)?, before, limit])?;
    rows.iter()
        .map(|row| {
            let text = |i| Ok::<_, Error>(row.opt_text(i)?.map(str::to_owned));
            let undone = row.opt_int(9)?.map(|no| {
                Ok::<_, Error>(Undone {
                    undo_load_no: small(no),
                    by: text(10)?.unwrap_or_default(),
                    at: text(11)?.unwrap_or_default(),
                    reason: text(12)?.unwrap_or_default(),
                })
            });
            Ok(LoadRow {
                load_no: small(row.int(0)?),
                state: row.text(1)?.to_owned(),
                mode: row.text(2)?.to_owned(),
                made_at: row.text(3)?.to_owned(),
                started_at: row.text(4)?.to_owned(),
                published_at: text(5)?,
                summary: row.text(6)?.to_owned(),
                uploaded_by: text(7)?,
                published_by: text(8)?,
                undone: undone.transpose()?,
            })
        })
        .collect()
}

/// What the loads of a range did to each kind, the newest load first.
pub fn kinds(tx: &mut Tx<'_>, grant: &ActGrant, from: i32, to: i32) -> Result<Vec<KindCount>, Error> {
    let rows = tx.query(KINDS, args![insurer(grant)?, from, to])?;
    rows.iter()
        .map(|row| {
            Ok(KindCount {
                load_no: small(row.int(0)?),
                kind: row.text(1)?.to_owned(),
                rows: row.int(2)?,
                inserted: row.int(3)?,
                corrected: row.int(4)?,
                unchanged: row.int(5)?,
                dropped: row.int(6)?,
                skipped: row.int(7)?,
            })
        })
        .collect()
}

/// Loads whose rows say nothing any more: those taken back, and those that took them back. Without them, the rows are what
/// the municipality's system believes to have sent.
pub fn undone(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<i32>, Error> {
    let rows = tx.query(UNDOS, args![insurer(grant)?])?;
    let mut all = Vec::with_capacity(rows.len() * 2);
    for row in &rows {
        all.extend([small(row.int(0)?), small(row.int(1)?)]);
    }
    Ok(all)
}

/// Writes down that a load was taken back.
///
/// # Errors
/// [`Error::Conflict`] if it was before.
pub fn note_undo(tx: &mut Tx<'_>, grant: &ActGrant, undo: &Undo, submit_key: &str) -> Result<(), Error> {
    let insurer_no = insurer(grant)?;
    let of = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
    let (restored, kept) = (of(undo.restored), of(undo.kept));
    tx.execute(
        UNDO,
        args![
            insurer_no,
            undo.load_no,
            undo.undo_load_no,
            restored,
            kept,
            &undo.reason,
            &undo.by,
            &undo.at,
            submit_key
        ],
    )
    .map(drop)
}

/// The taking back that a form did before.
pub fn undo_of_key(tx: &mut Tx<'_>, grant: &ActGrant, submit_key: &str) -> Result<Option<Undo>, Error> {
    tx.query_opt(UNDO_OF_KEY, args![insurer(grant)?, submit_key])?.as_ref().map(read_undo).transpose()
}

fn read_undo(row: &Row) -> Result<Undo, Error> {
    Ok(Undo {
        load_no: small(row.int(0)?),
        undo_load_no: small(row.int(1)?),
        restored: row.int(2)?,
        kept: row.int(3)?,
        reason: row.text(4)?.to_owned(),
        by: row.text(5)?.to_owned(),
        at: row.text(6)?.to_owned(),
    })
}

/// The next persons of whom a load has rows of the kind.
pub fn persons_of_load<R: Record>(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    load_no: i32,
    after: &str,
    limit: i32,
) -> Result<Vec<InsuredNo>, Error> {
    let rows = tx.query(record::sql::<R>().of_load, args![insurer(grant)?, load_no, after, limit])?;
    rows.iter()
        .map(|row| InsuredNo::parse(row.text(0)?).map_err(|_| Error::Broken("a row has no person".to_owned())))
        .collect()
}

/// The document of that name, as the municipality believes to have sent it: those of loads taken back do not count.
pub fn find_document(tx: &mut Tx<'_>, grant: &ActGrant, file: &str, published: i32) -> Result<Option<Document>, Error> {
    let row = tx.query_opt(DOCUMENT, args![insurer(grant)?, file, published])?;
    row.map(|row| {
        Ok(Document { sha256: row.text(0)?.to_owned(), media_type: row.text(1)?.to_owned(), size: small(row.int(2)?) })
    })
    .transpose()
}

/// The last feed that was published, whatever the desk wrote since.
pub fn last_feed(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<i32, Error> {
    tx.query_opt(LAST_FEED, args![insurer(grant)?])?.map_or(Ok(0), |row| row.int(0).map(small))
}

/// The last feed of every insurer that has started, without what the desk wrote itself: name, and the instant at which it was
/// published. Nothing about a person.
pub fn latest(tx: &mut Tx<'_>, today: Date) -> Result<Vec<(String, Option<String>)>, Error> {
    let read = |row: &Row| Ok((row.text(1)?.to_owned(), row.opt_text(2)?.map(str::to_owned)));
    tx.query(LATEST, args![today])?.iter().map(read).collect()
}

/// How many uploads are being checked or published and have not shown a sign of it since an instant.
pub fn standing_still(tx: &mut Tx<'_>, since: &str) -> Result<i64, Error> {
    tx.query_opt(STANDING_STILL, args![since])?.map_or(Ok(0), |row| row.int(0))
}

/// Keeps an upload with its files.
pub fn put_upload(tx: &mut Tx<'_>, grant: &ActGrant, upload: &Upload, files: &[UploadFile]) -> Result<(), Error> {
    let insurer_no = insurer(grant)?;
    let u = upload;
    let size = i32::try_from(u.size).unwrap_or(i32::MAX);
    tx.execute(
        PUT_UPLOAD,
        args![insurer_no, &u.upload_id, &u.digest, size, &u.account_id, &u.uploaded_by, &u.uploaded_at],
    )?;
    for (no, file) in (1_i32..).zip(files) {
        let size = i32::try_from(file.size).unwrap_or(i32::MAX);
        tx.execute(PUT_FILE, args![insurer_no, &u.upload_id, no, &file.name, &file.sha256, size])?;
    }
    Ok(())
}

/// The files of an upload in order.
pub fn files(tx: &mut Tx<'_>, grant: &ActGrant, upload_id: &str) -> Result<Vec<UploadFile>, Error> {
    let rows = tx.query(FILES, args![insurer(grant)?, upload_id])?;
    rows.iter()
        .map(|row| Ok(UploadFile { name: row.text(0)?.to_owned(), sha256: row.text(1)?.to_owned(), size: row.int(2)? }))
        .collect()
}

/// An upload of the insurer.
pub fn find_upload(tx: &mut Tx<'_>, grant: &ActGrant, upload_id: &str) -> Result<Option<Upload>, Error> {
    tx.query_opt(FIND, args![insurer(grant)?, upload_id])?.as_ref().map(read_upload).transpose()
}

/// An upload of the same files that is not discarded, and whose load was not taken back.
pub fn same_upload(tx: &mut Tx<'_>, grant: &ActGrant, digest: &str) -> Result<Option<Upload>, Error> {
    tx.query_opt(SAME, args![insurer(grant)?, digest])?.as_ref().map(read_upload).transpose()
}

/// Uploads, the newest first.
pub fn uploads(tx: &mut Tx<'_>, grant: &ActGrant, limit: i32) -> Result<Vec<Upload>, Error> {
    tx.query(LIST, args![insurer(grant)?, limit])?.iter().map(read_upload).collect()
}

/// How a job takes an upload.
pub struct Begin<'a> {
    /// State it must be in; or it is in `to`, and its job was last alive before `dead_before`.
    pub from: &'a str,
    /// State it gets.
    pub to: &'a str,
    /// The job.
    pub job: &'a str,
    /// Now.
    pub now: &'a str,
    /// Jobs without a sign of life since then are dead.
    pub dead_before: &'a str,
    /// What is allowed.
    pub allowed: &'a str,
}

/// Takes an upload for a job. False: another one has it, or it is in another state.
pub fn begin_job(tx: &mut Tx<'_>, grant: &ActGrant, upload_id: &str, begin: &Begin<'_>) -> Result<bool, Error> {
    let Begin { from, to, job, now, dead_before, allowed } = begin;
    let insurer_no = insurer(grant)?;
    Ok(tx.execute(BEGIN, args![insurer_no, upload_id, *from, *to, *job, *now, *allowed, *dead_before])? == 1)
}

/// A sign of life of a job: rows read, rows in all, the file.
pub fn beat(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (upload_id, job): (&str, &str),
    now: &str,
    (done, total, file): (u64, u64, &str),
) -> Result<(), Error> {
    let of = |n: u64| i32::try_from(n).unwrap_or(i32::MAX);
    tx.execute(BEAT, args![insurer(grant)?, upload_id, job, now, of(done), of(total), file]).map(drop)
}

/// What a check found. False: the job has lost the upload.
pub fn checked(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (upload_id, job): (&str, &str),
    report: &str,
    seen_load: i32,
    now: &str,
) -> Result<bool, Error> {
    Ok(tx.execute(CHECKED, args![insurer(grant)?, upload_id, job, report, seen_load, now])? == 1)
}

/// The upload became a load.
pub fn published(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (upload_id, job): (&str, &str),
    report: &str,
    load_no: Option<i32>,
    (by, now): (&str, &str),
) -> Result<(), Error> {
    tx.execute(PUBLISHED, args![insurer(grant)?, upload_id, job, report, load_no, by, now]).map(drop)
}

/// Puts an upload away. False: a job has it, or it is a load.
pub fn discard(tx: &mut Tx<'_>, grant: &ActGrant, upload_id: &str) -> Result<bool, Error> {
    Ok(tx.execute(DISCARD, args![insurer(grant)?, upload_id])? == 1)
}

fn read_upload(row: &Row) -> Result<Upload, Error> {
    let text = |i| Ok::<_, Error>(row.text(i)?.to_owned());
    let opt = |i| Ok::<_, Error>(row.opt_text(i)?.map(str::to_owned));
    Ok(Upload {
        upload_id: text(0)?,
        digest: text(1)?,
        state: text(2)?,
        size: row.int(3)?,
        account_id: text(4)?,
        uploaded_by: text(5)?,
        uploaded_at: text(6)?,
        job: text(7)?,
        beat_at: text(8)?,
        rows_done: row.int(9)?,
        rows_total: row.int(10)?,
        current_file: text(11)?,
        seen_load: small(row.int(12)?),
        report: text(13)?,
        published_load: row.opt_int(14)?.map(small),
        published_by: opt(15)?,
        published_at: opt(16)?,
        allowed: text(17)?,
    })
}

fn small(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
