//! The insurer reads what came, takes it or sends it back.

use kaigo_core::date::Date;
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::opinion::OpinionForm;
use kaigo_core::opinion::request::{State, closes_on};
use kaigo_core::policy::{Act, Caller, Item, Purpose, decide_act};
use kaigo_store::case;
use kaigo_store::desk;
use kaigo_store::load::Document;
use kaigo_store::opinion::paper;
use kaigo_store::opinion::{self as store, Event, Step};

use super::ask::{application, own, write_application};
use super::{Paper, Request, changed_meanwhile, event, name, papers, previous, tell};
use crate::keys::letters_of;
use crate::run::{Deed, Target, act};
use crate::{App, Ctx, Error, Wrong};

const ITEMS: &[Item] = &[Item::InsuredCertificate, Item::Progress, Item::DoctorOpinion];

/// How many requests there are in a state, and how many of them are late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The state.
    pub state: State,
    /// Requests.
    pub all: i64,
    /// Of them past their due day.
    pub late: i64,
}

/// The counts of the insurer's requests, for the desk's first page.
///
/// # Errors
/// The refusal for anybody but the insurer's staff.
pub async fn glance(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Vec<Count>, Error> {
    let (caller, today) = (caller.clone(), ctx.today);
    app.db
        .read(move |tx| {
            let grant = decide_act(&caller, Act::ListInsured)?;
            let counts = store::counts(tx, &grant, today)?;
            Ok(counts.into_iter().map(|(state, all, late)| Count { state, all, late }).collect())
        })
        .await
}

/// A page of requests.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The requests by due day.
    pub rows: Vec<Request>,
    /// Where the next page begins: due day and identifier of the last row.
    pub next: Option<(Date, String)>,
}

/// Requests of a page.
const PAGE: usize = 50;

/// The insurer's requests in one state by due day. The people of the page are entered as listed, once a day.
///
/// # Errors
/// The refusal for anybody but the insurer's staff.
pub async fn list(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    state: State,
    after: Option<(Date, String)>,
) -> Result<Listed, Error> {
    let (ctx, caller) = (ctx.clone(), caller.clone());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::ListInsured)?;
            let place = after.map_or_else(Default::default, |(due, id)| (due.to_string(), id));
            let limit = i32::try_from(PAGE + 1).unwrap_or(i32::MAX);
            let mut rows = store::of_insurer(tx, &grant, state, (&place.0, &place.1), limit)?;
            let more = rows.len() > PAGE;
            rows.truncate(PAGE);
            super::write::listed(tx, &ctx, &caller, &rows, Act::ListInsured)?;
            let next = rows.last().filter(|_| more).map(|last| (last.due_on, last.request_id.clone()));
            Ok(Listed { rows, next })
        })
        .await
}

/// A request as the insurer sees it.
#[derive(Clone, Debug)]
pub struct Received {
    /// The request.
    pub request: Request,
    /// What was submitted, in order.
    pub papers: Vec<Paper>,
    /// The opinion that was sent along.
    pub previous: Option<OpinionForm>,
    /// What happened, in order.
    pub events: Vec<Event>,
}

/// Looks at a request with what was submitted to it.
///
/// # Errors
/// [`Error::NotFound`] unless it is the insurer's.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, request_id: &str) -> Result<Received, Error> {
    let request = own(app, caller, request_id).await?;
    let target = Target::Insured(request.insurer_no, request.insured_no);
    let deed =
        Deed { document: Some(request.request_id.clone()), ..Deed::new(target, Act::AnswerOpinion, Purpose::Opinion) };
    let app2 = app.clone();
    act(app, ctx, caller, deed.reading(ITEMS), move |tx, given| {
        let request = store::find(tx, &given.act, &request.request_id)?.ok_or(Error::NotFound)?;
        Ok(Received {
            papers: papers(&app2, tx, &given.act, &request)?,
            previous: previous(&app2, &request)?,
            events: store::events(tx, &given.act, &request)?,
            request,
        })
    })
    .await
}

/// The file that came with a submission: media type and bytes.
///
/// # Errors
/// [`Error::NotFound`] unless there is one.
pub async fn file(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    request_id: &str,
    place: i32,
) -> Result<(String, Vec<u8>), Error> {
    let received = view(app, ctx, caller, request_id).await?;
    let row = received.papers.into_iter().map(|paper| paper.row).find(|row| row.place == place);
    let row = row.ok_or(Error::NotFound)?;
    let bytes = app.objects.get(&row.file_sha256.ok_or(Error::NotFound)?).await?.ok_or(Error::NotFound)?;
    Ok((row.file_media, bytes))
}

/// Takes a submission: in one unit it becomes the person's record of opinions, the application has its day, the institution is told.
/// Taken twice, nothing more happens.
///
/// # Errors
/// [`Error::Conflict`] if it was sent back, or another one came meanwhile.
pub async fn accept(app: &App, ctx: &Ctx, caller: &Caller, request_id: &str, place: i32) -> Result<(), Error> {
    let request = own(app, caller, request_id).await?;
    let target = Target::Insured(request.insurer_no, request.insured_no);
    let deed =
        Deed { document: Some(request.request_id.clone()), ..Deed::new(target, Act::AnswerOpinion, Purpose::Opinion) };
    let (app2, ctx2, caller2) = (app.clone(), ctx.clone(), caller.clone());
    act(app, ctx, caller, deed.reading(ITEMS), move |tx, given| {
        let (app, ctx, caller) = (app2, ctx2, caller2);
        let request = store::find(tx, &given.act, &request.request_id)?.ok_or(Error::NotFound)?;
        let paper = papers(&app, tx, &given.act, &request)?.into_iter().find(|paper| paper.row.place == place);
        let paper = paper.ok_or(Error::NotFound)?;
        if paper.row.state == "accepted" {
            return Ok(());
        }
        let (at, by) = (ctx.instant(), name(&caller)?.to_owned());
        let is_last = request.state == State::Submitted && request.submissions == place;
        if !is_last || !paper::judge(tx, &given.act, &request, place, ("accepted", "", &at, &by))? {
            return Err(changed_meanwhile());
        }
        let file = paper.row.file_sha256.as_ref().map(|sha256| format!("desk-{}", letters_of(sha256)));
        let bad = |bad: kaigo_core::layout::BadCell| {
            Error::Internal(format!("a submitted opinion does not fit: {}", bad.code()))
        };
        let form = paper.sheet.form();
        let opinion = form.record(&request.application_no, &request.institution_name, file.as_deref()).map_err(bad)?;
        if let (Some(file), Some(sha256)) = (&file, &paper.row.file_sha256) {
            let document = Document {
                sha256: sha256.clone(),
                media_type: paper.row.file_media.clone(),
                size: paper.row.file_size,
            };
            case::add_document(tx, &given.act, file, &document, (&by, &at))?;
        }
        let application = application(tx, given, request.record_no)?;
        let mut record = application.record.clone();
        record.opinion_received_on = Some(ctx.today);
        let key = format!("accept {} {place}", request.request_id);
        let what = format!("意見書受領日 {}", ctx.today);
        let desk = write_application(tx, (&ctx, &caller), given, &application, &record, (&key, &what))?;
        let accepted_no = desk::add(tx, desk, &opinion)?;
        let step = Step {
            state: State::Accepted,
            reason: String::new(),
            closes_on: closes_on(State::Accepted, request.requested_on, ctx.today),
            submissions: request.submissions,
            accepted_no: Some(accepted_no),
            at,
            by,
        };
        if !store::change(tx, &given.act, &request, &step)? {
            return Err(changed_meanwhile());
        }
        event(tx, &ctx, (&given.act, &caller), &request, ("accepted", &paper.row.receipt_no))
    })
    .await
}

/// Sends a submission back with a reason. The institution may submit again. Sent back twice, nothing more happens.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] if it was taken, or another one came meanwhile.
pub async fn send_back(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    request_id: &str,
    (place, reason): (i32, &str),
) -> Result<(), Error> {
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > 500 {
        let say = "差し戻す理由を、500文字以内で書いてください。医師はこの文を読んで直します。";
        return Err(Error::Invalid(vec![Wrong { field: "reason", code: "opinion-reason", say: say.to_owned() }]));
    }
    let request = own(app, caller, request_id).await?;
    let target = Target::Insured(request.insurer_no, request.insured_no);
    let deed =
        Deed { document: Some(request.request_id.clone()), ..Deed::new(target, Act::AnswerOpinion, Purpose::Opinion) };
    let (ctx2, caller2) = (ctx.clone(), caller.clone());
    act(app, ctx, caller, deed, move |tx, given| {
        let (ctx, caller) = (ctx2, caller2);
        let request = store::find(tx, &given.act, &request.request_id)?.ok_or(Error::NotFound)?;
        if request.state == State::Returned && request.submissions == place {
            return Ok(());
        }
        let (at, by) = (ctx.instant(), name(&caller)?.to_owned());
        let is_last = request.state == State::Submitted && request.submissions == place;
        if !is_last || !paper::judge(tx, &given.act, &request, place, ("returned", &reason, &at, &by))? {
            return Err(changed_meanwhile());
        }
        let step = Step {
            state: State::Returned,
            reason: reason.clone(),
            closes_on: closes_on(State::Returned, request.requested_on, ctx.today).max(request.closes_on),
            submissions: request.submissions,
            accepted_no: None,
            at,
            by,
        };
        if !store::change(tx, &given.act, &request, &step)? {
            return Err(changed_meanwhile());
        }
        event(tx, &ctx, (&given.act, &caller), &request, ("returned", &reason))?;
        let key = format!("opinion-returned {} {place}", request.request_id);
        let to = (Recipient::Institution(request.institution_no), Topic::OpinionReturned);
        tell(tx, &ctx, &request, to, (String::new(), key))
    })
    .await
}
