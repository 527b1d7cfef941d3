//! 主治医意見書 from the request to the record: the insurer asks ([`ask`]), the institution writes (`write`) and submits, the insurer
//! takes it or sends it back ([`answer`]).
//!
//! What is typed lies under the data key and leaves it only for the institution that was asked and, once submitted, for the insurer.

pub mod answer;
pub mod ask;
pub mod file;
pub mod sheet;
pub mod write;

use kaigo_core::date::{Date, age_on};
use kaigo_core::opinion::{OpinionForm, Subject};
use kaigo_core::policy::{ActGrant, Caller, Refusal};
use kaigo_store::db::Tx;
use kaigo_store::notice::{self, Notice};
use kaigo_store::opinion::paper::{self, Submission};
use kaigo_store::opinion::{self as store, Event};

pub use kaigo_store::opinion::Request;
pub use sheet::{Content, FileInfo, Submitted};

use crate::{App, Ctx, Error};

/// A submission, opened.
#[derive(Clone, Debug)]
pub struct Paper {
    /// The row: number, digest, time, state.
    pub row: Submission,
    /// What was submitted.
    pub sheet: Submitted,
}

/// What is known of the patient beside the form.
pub fn subject<'a>(request: &Request, previous: Option<&'a OpinionForm>, today: Date) -> Subject<'a> {
    Subject { today: Some(today), age: Some(age_on(request.born_on, today)), previous }
}

fn draft_place(request: &Request) -> String {
    format!("opinion-draft/{}", request.request_id)
}

fn previous_place(request_id: &str) -> String {
    format!("opinion-previous/{request_id}")
}

fn submission_place(request_id: &str, place: i32) -> String {
    format!("opinion/{request_id}/{place}")
}

/// Opens a submission of a request.
fn open(app: &App, request_id: &str, row: Submission) -> Result<Paper, Error> {
    let plain = app.keys.data().open(&submission_place(request_id, row.place), &row.sealed)?;
    Ok(Paper { sheet: Submitted::read(&plain)?, row })
}

/// Everything that was submitted to a request, in order.
fn papers(app: &App, tx: &mut Tx<'_>, grant: &ActGrant, request: &Request) -> Result<Vec<Paper>, Error> {
    let rows = paper::of_request(tx, grant, request)?;
    rows.into_iter().map(|row| open(app, &request.request_id, row)).collect()
}

/// The opinion that the insurer sent along with a request.
fn previous(app: &App, request: &Request) -> Result<Option<OpinionForm>, Error> {
    if request.previous.is_empty() {
        return Ok(None);
    }
    let plain = app.keys.data().open(&previous_place(&request.request_id), &request.previous)?;
    Ok(Some(Content::read(&plain)?.form))
}

/// The full form that became a record of opinions, for whoever may read it; none where the record came from the insurer's system.
///
/// # Errors
/// [`Error::Internal`] if it does not open.
pub fn of_record(
    app: &App,
    tx: &mut Tx<'_>,
    grant: &kaigo_core::policy::Grant,
    record_no: i32,
) -> Result<Option<Paper>, Error> {
    let found = paper::of_record(tx, grant, record_no)?;
    found.map(|(request_id, row)| open(app, &request_id, row)).transpose()
}

/// Notes what happened.
fn event(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (grant, caller): (&ActGrant, &Caller),
    request: &Request,
    (what, say): (&str, &str),
) -> Result<(), Error> {
    let event = Event { what: what.to_owned(), say: say.to_owned(), at: ctx.instant(), by: name(caller)?.to_owned() };
    store::event(tx, grant, request, &ctx.ids.timed(ctx.now), &event).map_err(Error::from)
}

/// Who acts, by name.
fn name(caller: &Caller) -> Result<&str, Error> {
    match caller {
        Caller::Insurer(staff) => Ok(&staff.name),
        Caller::Medical(staff) => Ok(&staff.name),
        Caller::Staff(_)
        | Caller::Person { .. }
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Err(Refusal::NotAllowed.into()),
    }
}

/// Tells the other side, in the transaction of what it tells about.
fn tell(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &Request,
    (to, topic): (kaigo_core::notice::Recipient, kaigo_core::notice::Topic),
    (note, key): (String, String),
) -> Result<(), Error> {
    let href = match &to {
        kaigo_core::notice::Recipient::Institution(_) => format!("/medical/requests/{}", request.request_id),
        kaigo_core::notice::Recipient::Insurer(_)
        | kaigo_core::notice::Recipient::Office(_)
        | kaigo_core::notice::Recipient::Operator
        | kaigo_core::notice::Recipient::Board(_)
        | kaigo_core::notice::Recipient::Account(_) => format!("/insurer/opinions/{}", request.request_id),
    };
    let about = Some((request.insurer_no, request.insured_no));
    let told = Notice { to, topic, about, href, note, key, at: ctx.instant() };
    notice::tell(tx, &told).map_err(Error::from)
}

fn changed_meanwhile() -> Error {
    Error::Conflict("この依頼は、ほかの人の操作で進んでいます。画面を開きなおして確かめてください。".to_owned())
}
