//! What an institution writes: the draft of a request, and what it submitted. Both lie under the data key.

use kaigo_core::policy::{Act, ActGrant};

use super::{Request, on, reads};
use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "place, submit_key, receipt_no, sha256, size, sealed, file_name, file_sha256, file_media, file_size, state, reason, submitted_at, \
         submitted_by, judged_at, judged_by"
    };
}

statements! {
    DRAFT = "SELECT revision, sealed, saved_at, saved_by FROM opinion_draft WHERE insurer_no = ?1 AND insured_no = ?2 AND request_id = ?3";
    BEGIN = "INSERT INTO opinion_draft (insurer_no, insured_no, request_id, revision, sealed, saved_at, saved_by) VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6) \
             ON CONFLICT (insurer_no, insured_no, request_id) DO NOTHING";
    SAVE = "UPDATE opinion_draft SET revision = revision + 1, sealed = ?5, saved_at = ?6, saved_by = ?7 WHERE insurer_no = ?1 AND insured_no = ?2 \
            AND request_id = ?3 AND revision = ?4";
    DROP_DRAFT = "DELETE FROM opinion_draft WHERE insurer_no = ?1 AND insured_no = ?2 AND request_id = ?3";
    SUBMIT = concat!("INSERT INTO opinion_submission (insurer_no, insured_no, request_id, ", columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, \
              ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, NULL, NULL)");
    OF_KEY = concat!("SELECT ", columns!(), " FROM opinion_submission WHERE insurer_no = ?1 AND insured_no = ?2 AND request_id = ?3 AND submit_key = ?4");
    OF_REQUEST = concat!("SELECT ", columns!(), " FROM opinion_submission WHERE insurer_no = ?1 AND insured_no = ?2 AND request_id = ?3 ORDER BY place");
    ACCEPTED = concat!("SELECT ", columns!(), ", request_id FROM opinion_submission WHERE insurer_no = ?1 AND insured_no = ?2 AND state = 'accepted' \
              ORDER BY submitted_at DESC, place DESC");
    OF_RECORD = "SELECT s.place, s.submit_key, s.receipt_no, s.sha256, s.size, s.sealed, s.file_name, s.file_sha256, s.file_media, s.file_size, s.state, s.reason, s.submitted_at, s.submitted_by, s.judged_at, s.judged_by, s.request_id FROM opinion_request r JOIN opinion_submission s ON s.insurer_no = r.insurer_no AND s.insured_no = r.insured_no AND s.request_id = r.request_id WHERE r.insurer_no = ?1 AND r.insured_no = ?2 AND r.accepted_no = ?3 AND s.state = 'accepted' ORDER BY s.place DESC LIMIT 1";
    JUDGE = "UPDATE opinion_submission SET state = ?5, reason = ?6, judged_at = ?7, judged_by = ?8 WHERE insurer_no = ?1 AND insured_no = ?2 AND request_id = ?3 \
             AND place = ?4 AND state = 'waiting'";
}

/// A draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Counts up with each save: two windows do not overwrite each other.
    pub revision: i32,
    /// Content under the data key.
    pub sealed: Vec<u8>,
    /// When it was saved last.
    pub saved_at: String,
    /// By whom.
    pub saved_by: String,
}

/// Something that was submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Place among those of the request, from 1.
    pub place: i32,
    /// The form's key: the same form is one submission.
    pub submit_key: String,
    /// Number for people.
    pub receipt_no: String,
    /// SHA-256 of the plain content, hex.
    pub sha256: String,
    /// Bytes of the plain content.
    pub size: i32,
    /// Content under the data key.
    pub sealed: Vec<u8>,
    /// Name of the file that came with it; empty if none did.
    pub file_name: String,
    /// Name of its object, if there is one: its SHA-256.
    pub file_sha256: Option<String>,
    /// Its media type; empty if there is none.
    pub file_media: String,
    /// Its bytes.
    pub file_size: i32,
    /// `waiting`, `returned` or `accepted`.
    pub state: String,
    /// Why it was returned; may be empty.
    pub reason: String,
    /// When it was submitted.
    pub submitted_at: String,
    /// By whom.
    pub submitted_by: String,
    /// When the insurer answered.
    pub judged_at: Option<String>,
    /// Who.
    pub judged_by: Option<String>,
}

/// The draft of a request.
pub fn draft(tx: &mut Tx<'_>, grant: &ActGrant, r: &Request) -> Result<Option<Draft>, Error> {
    on(grant, &[Act::WriteOpinion], r)?;
    let row = tx.query_opt(DRAFT, args![r.insurer_no, r.insured_no, &r.request_id])?;
    row.map(|row| {
        Ok(Draft {
            revision: small(row.int(0)?),
            sealed: row.bytes(1)?.to_vec(),
            saved_at: row.text(2)?.to_owned(),
            saved_by: row.text(3)?.to_owned(),
        })
    })
    .transpose()
}

/// Saves a draft on top of a revision, 0 for the first. Answers false if somebody saved in between.
pub fn save_draft(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    r: &Request,
    revision: i32,
    (sealed, at, by): (&[u8], &str, &str),
) -> Result<bool, Error> {
    on(grant, &[Act::WriteOpinion], r)?;
    let done = if revision == 0 {
        tx.execute(BEGIN, args![r.insurer_no, r.insured_no, &r.request_id, sealed, at, by])?
    } else {
        tx.execute(SAVE, args![r.insurer_no, r.insured_no, &r.request_id, revision, sealed, at, by])?
    };
    Ok(done == 1)
}

/// Takes the draft away: it was submitted, or nothing more is asked.
pub fn drop_draft(tx: &mut Tx<'_>, grant: &ActGrant, r: &Request) -> Result<(), Error> {
    on(grant, &[Act::WriteOpinion, Act::RequestOpinion, Act::AnswerOpinion], r)?;
    tx.execute(DROP_DRAFT, args![r.insurer_no, r.insured_no, &r.request_id]).map(drop)
}

/// Writes a submission.
pub fn submit(tx: &mut Tx<'_>, grant: &ActGrant, r: &Request, s: &Submission) -> Result<(), Error> {
    on(grant, &[Act::WriteOpinion], r)?;
    tx.execute(
        SUBMIT,
        args![
            r.insurer_no,
            r.insured_no,
            &r.request_id,
            s.place,
            &s.submit_key,
            &s.receipt_no,
            &s.sha256,
            s.size,
            s.sealed.as_slice(),
            &s.file_name,
            s.file_sha256.as_ref(),
            &s.file_media,
            s.file_size,
            &s.state,
            &s.reason,
            &s.submitted_at,
            &s.submitted_by
        ],
    )
    .map(drop)
}

/// The submission that a form made, if it was sent before.
pub fn of_key(tx: &mut Tx<'_>, grant: &ActGrant, r: &Request, submit_key: &str) -> Result<Option<Submission>, Error> {
    on(grant, &[Act::WriteOpinion], r)?;
    let row = tx.query_opt(OF_KEY, args![r.insurer_no, r.insured_no, &r.request_id, submit_key])?;
    row.as_ref().map(read).transpose()
}

/// Everything that was submitted to a request, in order.
pub fn of_request(tx: &mut Tx<'_>, grant: &ActGrant, r: &Request) -> Result<Vec<Submission>, Error> {
    reads(grant, r)?;
    tx.query(OF_REQUEST, args![r.insurer_no, r.insured_no, &r.request_id])?.iter().map(read).collect()
}

/// The accepted opinions of the grant's person, the newest first, each with its request: an insurer sends the last along.
pub fn accepted(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<(String, Submission)>, Error> {
    let acts = [Act::RequestOpinion, Act::AnswerOpinion];
    let (insurer_no, insured_no) = grant.person().filter(|_| acts.contains(&grant.act())).ok_or(Error::NotCovered)?;
    let rows = tx.query(ACCEPTED, args![insurer_no, insured_no])?;
    rows.iter().map(|row| Ok((row.text(16)?.to_owned(), read(row)?))).collect()
}

/// The submission that became a record of a person, for whoever may read the opinions: its request and itself.
///
/// # Errors
/// [`Error::NotCovered`] unless the grant covers opinions.
pub fn of_record(
    tx: &mut Tx<'_>,
    grant: &kaigo_core::policy::Grant,
    record_no: i32,
) -> Result<Option<(String, Submission)>, Error> {
    if !grant.covers(kaigo_core::policy::Item::DoctorOpinion) {
        return Err(Error::NotCovered);
    }
    let row = tx.query_opt(OF_RECORD, args![grant.insurer_no(), grant.insured_no(), record_no])?;
    row.map(|row| Ok((row.text(16)?.to_owned(), read(&row)?))).transpose()
}

/// The insurer's answer to a submission. Answers false if it was answered already.
pub fn judge(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    r: &Request,
    place: i32,
    (state, reason, at, by): (&str, &str, &str, &str),
) -> Result<bool, Error> {
    on(grant, &[Act::AnswerOpinion], r)?;
    let done = tx.execute(JUDGE, args![r.insurer_no, r.insured_no, &r.request_id, place, state, reason, at, by])?;
    Ok(done == 1)
}

fn small(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn read(row: &Row) -> Result<Submission, Error> {
    let text = |i| Ok::<_, Error>(row.text(i)?.to_owned());
    let opt = |i| Ok::<_, Error>(row.opt_text(i)?.map(str::to_owned));
    Ok(Submission {
        place: small(row.int(0)?),
        submit_key: text(1)?,
        receipt_no: text(2)?,
        sha256: text(3)?,
        size: small(row.int(4)?),
        sealed: row.bytes(5)?.to_vec(),
        file_name: text(6)?,
        file_sha256: opt(7)?,
        file_media: text(8)?,
        file_size: small(row.int(9)?),
        state: text(10)?,
        reason: text(11)?,
        submitted_at: text(12)?,
        submitted_by: text(13)?,
        judged_at: opt(14)?,
        judged_by: opt(15)?,
    })
}
