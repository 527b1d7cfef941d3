//! The institution writes: its list, the form, the draft that saves itself, the submission.

use kaigo_core::finding::Severity;
use kaigo_core::id::InsurerNo;
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::opinion::request::{CountKind, State, closes_on};
use kaigo_core::opinion::{self as form_rules, Found, OpinionForm};
use kaigo_core::policy::{
    Act, ActGrant, Caller, Item, JobType, MedicalStaff, Purpose, Standing, decide_act, decide_act_on,
};
use kaigo_store::access_log;
use kaigo_store::circle;
use kaigo_store::db::Tx;
use kaigo_store::insurer;
use kaigo_store::objects::sha256_hex;
use kaigo_store::opinion::paper::{self, Submission};
use kaigo_store::opinion::{self as store, Event, Step};

use super::file::{Judged, judge};
use super::{
    Content, FileInfo, Paper, Request, Submitted, changed_meanwhile, draft_place, event, name, papers, previous,
};
use super::{sheet, subject, submission_place, tell};
use crate::keys::{digest_of, letters_of};
use crate::person::{self, Head};
use crate::run::{Deed, Look, Target, act, entry, look};
use crate::{App, Ctx, Error, Wrong};

/// What an institution was asked for.
#[derive(Clone, Debug)]
pub struct Lists {
    /// What it has still to write, by due day.
    pub open: Vec<Request>,
    /// Whether there are more.
    pub more: bool,
    /// What it has written and may still see, the newest first.
    pub done: Vec<Request>,
    /// Names of the insurers that ask.
    pub insurers: Vec<(InsurerNo, String)>,
}

impl Lists {
    /// Name of an insurer.
    pub fn insurer(&self, no: InsurerNo) -> &str {
        self.insurers.iter().find(|(known, _)| *known == no).map_or("", |(_, name)| name)
    }
}

/// Requests of a page.
const PAGE: usize = 100;

/// The institution's requests. The people are entered as listed, once a day.
///
/// # Errors
/// The refusal for anybody but an institution.
pub async fn list(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Lists, Error> {
    let (ctx, caller) = (ctx.clone(), caller.clone());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::ListRequests)?;
            let limit = i32::try_from(PAGE + 1).unwrap_or(i32::MAX);
            let mut open = store::open(tx, &grant, ("", ""), limit)?;
            open.retain(|request| request.closes_on >= ctx.today);
            let more = open.len() > PAGE;
            open.truncate(PAGE);
            let done = store::done(tx, &grant, ctx.today, 50)?;
            listed(tx, &ctx, &caller, open.iter().chain(&done), Act::ListRequests)?;
            let insurers = insurer::list(tx)?.into_iter().map(|i| (i.insurer_no, i.name)).collect();
            Ok(Lists { open, more, done, insurers })
        })
        .await
}

/// Enters that these people were shown in a list: once a day and account.
pub(super) fn listed<'a>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    caller: &Caller,
    requests: impl IntoIterator<Item = &'a Request>,
    act: Act,
) -> Result<(), Error> {
    let mut seen = std::collections::HashSet::new();
    let day: String = ctx.today.to_string().chars().filter(char::is_ascii_digit).collect();
    for request in requests {
        let whom = (request.insurer_no.as_str(), request.insured_no.as_str());
        if seen.insert((request.insurer_no, request.insured_no)) {
            let mut entry = entry(ctx, caller, whom, act.code(), Purpose::Opinion);
            let once = format!("{} {} {} {}", act.code(), entry.account_id, whom.1, ctx.today);
            entry.entry_id = format!("{day}{}", digest_of(&once).get(..24).unwrap_or_default());
            access_log::append(tx, &entry)?;
        }
    }
    Ok(())
}

/// A draft as it stands.
#[derive(Clone, Debug)]
pub struct Drafted {
    /// What it holds.
    pub content: Content,
    /// Counts up with each save; 0: nothing is saved yet.
    pub revision: i32,
    /// When it was saved; empty if it was not.
    pub saved_at: String,
    /// By whom.
    pub saved_by: String,
}

/// A request as the institution sees it.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The request.
    pub request: Request,
    /// Name of the insurer.
    pub insurer: String,
    /// Its telephone, if known.
    pub insurer_phone: Option<String>,
    /// The draft, or how one begins.
    pub draft: Drafted,
    /// The opinion that the insurer sent along.
    pub previous: Option<OpinionForm>,
    /// What was submitted, in order.
    pub papers: Vec<Paper>,
    /// What happened, in order.
    pub events: Vec<Event>,
}

impl Opened {
    /// What is found in the draft; errors first.
    pub fn findings(&self, ctx: &Ctx) -> Vec<Found> {
        findings(&self.request, &self.draft.content, self.previous.as_ref(), ctx)
    }
}

/// What is found in a content. Where a scan is the opinion, an empty box stops nothing; the insurer reads it from the scan.
fn findings(request: &Request, content: &Content, previous: Option<&OpinionForm>, ctx: &Ctx) -> Vec<Found> {
    let mut found = form_rules::check(&content.form, &subject(request, previous, ctx.today));
    if content.by_file && content.file.is_some() {
        found.retain(|f| {
            let needs = matches!(f.field.id, "0-0" | "0-5");
            needs || !matches!(f.code, "opinion-required" | "opinion-expected" | "opinion-detail")
        });
    }
    found
}

/// The part of the caller that acts.
fn staff(caller: &Caller) -> Result<&MedicalStaff, Error> {
    match caller {
        Caller::Medical(staff) => Ok(staff),
        Caller::Staff(_)
        | Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Err(Error::NotFound),
    }
}

/// Opens a request with everything that is written for it.
///
/// # Errors
/// [`Error::NotFound`] unless the institution was asked.
pub async fn open(app: &App, ctx: &Ctx, caller: &Caller, request_id: &str) -> Result<Opened, Error> {
    let deed = deed(request_id);
    let (app2, ctx2, caller2, id) = (app.clone(), ctx.clone(), caller.clone(), request_id.to_owned());
    act(app, ctx, caller, deed, move |tx, given| {
        let request = store::find(tx, &given.act, &id)?.ok_or(Error::NotFound)?;
        let papers = papers(&app2, tx, &given.act, &request)?;
        Ok(Opened {
            insurer: given.insurer.name.clone(),
            insurer_phone: given.insurer.phone.clone(),
            draft: drafted(&app2, &ctx2, staff(&caller2)?, tx, &given.act, (&request, &papers))?,
            previous: previous(&app2, &request)?,
            events: store::events(tx, &given.act, &request)?,
            papers,
            request,
        })
    })
    .await
}

fn deed(request_id: &str) -> Deed {
    let target = Target::Request(request_id.to_owned());
    Deed { document: Some(request_id.to_owned()), ..Deed::new(target, Act::WriteOpinion, Purpose::Opinion) }
}

/// The draft; without one what was returned, or what is known before anything is typed.
fn drafted(
    app: &App,
    ctx: &Ctx,
    staff: &MedicalStaff,
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (request, papers): (&Request, &[Paper]),
) -> Result<Drafted, Error> {
    if let Some(draft) = paper::draft(tx, grant, request)? {
        let plain = app.keys.data().open(&draft_place(request), &draft.sealed)?;
        let content = Content::read(&plain)?;
        return Ok(Drafted { content, revision: draft.revision, saved_at: draft.saved_at, saved_by: draft.saved_by });
    }
    let content = if let Some(last) = papers.last() {
        let sheet = &last.sheet;
        Content { form: sheet.form(), copied: false, file: sheet.file.clone(), by_file: sheet.by_file }
    } else {
        let mut form = OpinionForm::default();
        form.put("0-0", &ctx.today.to_string());
        let physician = if staff.job == JobType::Physician { staff.name.as_str() } else { request.physician.as_str() };
        form.put("0-5", physician);
        form.put("0-2", if request.count_kind == CountKind::First.code() { "1" } else { "2" });
        Content::of(form)
    };
    Ok(Drafted { content, revision: 0, saved_at: String::new(), saved_by: String::new() })
}

/// What became of a save.
#[derive(Clone, Debug)]
pub enum Saved {
    /// It is kept, under that revision, at that instant.
    Kept {
        /// The new revision.
        revision: i32,
        /// When.
        at: String,
    },
    /// Somebody saved in another window meanwhile: what stands there. Nothing was overwritten.
    Behind(Box<Drafted>),
}

/// Saves a draft on top of a revision. The first save is entered in the person's log; the further ones of the same draft show nothing
/// and are not.
///
/// # Errors
/// [`Error::Invalid`] for an individual number, which is never kept; [`Error::Conflict`] if nothing is to be written any more.
pub async fn save(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    request_id: &str,
    (revision, content): (i32, Content),
) -> Result<Saved, Error> {
    let number = kaigo_core::layout::BadCell::IndividualNumber;
    let holds = content.form.filled().find(|(_, text)| kaigo_core::id::holds_individual_number(text));
    if let Some((field, _)) = holds {
        let name = form_rules::field(field).map_or("", |field| field.name);
        let say = format!("{}{}", number.say(name), number.mend(name));
        return Err(Error::Invalid(vec![Wrong { field, code: number.code(), say }]));
    }
    let (app2, ctx2, caller2, id) = (app.clone(), ctx.clone(), caller.clone(), request_id.to_owned());
    if revision == 0 {
        return act(app, ctx, caller, deed(request_id), move |tx, given| {
            keep(&app2, &ctx2, &caller2, tx, &given.act, (&id, revision, &content))
        })
        .await;
    }
    let own = staff(caller)?.institution_no;
    let saved = app
        .db
        .write(move |tx| {
            let (whom, request) = circle::request(tx, &id, own)?.ok_or(Error::NotFound)?;
            let standing = Standing { request: Some(request), ..Standing::default() };
            let grant = decide_act_on(&caller2, Act::WriteOpinion, whom, &standing, ctx2.today)?;
            keep(&app2, &ctx2, &caller2, tx, &grant, (&id, revision, &content))
        })
        .await;
    match saved {
        // Who has no such request leaves an entry, as everywhere.
        Err(Error::NotFound | Error::Forbidden(_)) => {
            act(app, ctx, caller, deed(request_id), |_, _| Err(Error::NotFound)).await
        }
        other => other,
    }
}

fn keep(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (id, revision, content): (&str, i32, &Content),
) -> Result<Saved, Error> {
    let request = store::find(tx, grant, id)?.ok_or(Error::NotFound)?;
    if !request.state.is_open() {
        return Err(over(&request));
    }
    let sealed = app.keys.data().seal(&draft_place(&request), &content.bytes()?)?;
    let (at, by) = (ctx.instant(), name(caller)?.to_owned());
    if paper::save_draft(tx, grant, &request, revision, (&sealed, &at, &by))? {
        return Ok(Saved::Kept { revision: revision + 1, at });
    }
    let there = drafted(app, ctx, staff(caller)?, tx, grant, (&request, &[]))?;
    if there.content == *content {
        return Ok(Saved::Kept { revision: there.revision, at: there.saved_at });
    }
    Ok(Saved::Behind(Box::new(there)))
}

/// Why nothing can be written any more.
fn over(request: &Request) -> Error {
    Error::Conflict(match request.state {
        State::Submitted => {
            "この意見書は、もう提出されています。直すときは、市町村に差し戻しを頼んでください。".to_owned()
        }
        State::Accepted => "この意見書は、もう市町村が受理しています。".to_owned(),
        State::Declined => "この依頼には、書けないと返答しています。".to_owned(),
        State::Cancelled => "この依頼は、市町村が取り消しました。".to_owned(),
        State::Requested | State::Returned => changed_meanwhile().say(),
    })
}

/// What a file did.
#[derive(Clone, Debug)]
pub enum Taken {
    /// It goes with the opinion.
    Attached,
    /// It was read: the fields it filled, the columns that were not read, what should be looked at.
    Read {
        /// Fields filled.
        fields: usize,
        /// Columns with content that were not read.
        unread: usize,
        /// Sentences.
        cautions: Vec<String>,
    },
}

/// Takes a file: a scan goes with the draft, an export fills it.
///
/// # Errors
/// [`Error::Invalid`] with the reason why it is not taken; [`Error::Conflict`] if somebody saved meanwhile.
pub async fn take_file(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    request_id: &str,
    (file_name, bytes, by_file): (&str, Vec<u8>, bool),
) -> Result<Taken, Error> {
    let opened = open(app, ctx, caller, request_id).await?;
    if !opened.request.state.is_open() {
        return Err(over(&opened.request));
    }
    if kaigo_core::id::holds_individual_number(file_name) {
        let bad = kaigo_core::layout::BadCell::IndividualNumber;
        let say = format!("{}ファイルの名前を変えてください。", bad.say("ファイルの名前"));
        return Err(Error::Invalid(vec![Wrong { field: "file", code: bad.code(), say }]));
    }
    let mut content = opened.draft.content;
    let taken = match judge(&bytes, &opened.request)? {
        Judged::Scan(media) => {
            let sha256 = app.objects.put(&bytes).await?;
            let size = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
            let name: String = file_name.chars().filter(|c| !c.is_control()).take(100).collect();
            let name = kaigo_careplan::attachment::named(&name, media);
            content.file = Some(FileInfo { name, sha256, media: media.to_owned(), size });
            content.by_file = by_file;
            Taken::Attached
        }
        Judged::Export(export) => {
            for (id, text) in export.form.filled() {
                content.form.put(id, text);
            }
            Taken::Read { fields: export.read.len(), unread: export.unread.len(), cautions: export.cautions }
        }
    };
    match save(app, ctx, caller, request_id, (opened.draft.revision, content)).await? {
        Saved::Kept { .. } => Ok(taken),
        Saved::Behind(_) => Err(changed_meanwhile()),
    }
}

/// The file of the draft or of the last submission: media type and bytes.
///
/// # Errors
/// [`Error::NotFound`] unless there is one.
pub async fn file(app: &App, ctx: &Ctx, caller: &Caller, request_id: &str) -> Result<(String, Vec<u8>), Error> {
    let file = open(app, ctx, caller, request_id).await?.draft.content.file.ok_or(Error::NotFound)?;
    let bytes = app.objects.get(&file.sha256).await?.ok_or(Error::NotFound)?;
    Ok((file.media, bytes))
}

/// Submits the draft as it stands. Submitted twice with the same key, the first answer comes again: the place of the submission.
///
/// # Errors
/// [`Error::Invalid`] while there are errors; [`Error::Conflict`] if the draft is not the one that was checked.
pub async fn submit(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    request_id: &str,
    (revision, submit_key): (i32, &str),
) -> Result<i32, Error> {
    let (app2, ctx2, caller2) = (app.clone(), ctx.clone(), caller.clone());
    let (id, key) = (request_id.to_owned(), submit_key.to_owned());
    act(app, ctx, caller, deed(request_id), move |tx, given| {
        let (app, ctx, caller) = (app2, ctx2, caller2);
        let request = store::find(tx, &given.act, &id)?.ok_or(Error::NotFound)?;
        if let Some(first) = paper::of_key(tx, &given.act, &request, &key)? {
            return Ok(first.place);
        }
        if !request.state.is_open() {
            return Err(over(&request));
        }
        let papers = papers(&app, tx, &given.act, &request)?;
        let draft = drafted(&app, &ctx, staff(&caller)?, tx, &given.act, (&request, &papers))?;
        if draft.revision != revision || revision == 0 {
            let say = "確認したあとに、ほかの画面で書きかえられました。もう一度、確認の画面から提出してください。";
            return Err(Error::Conflict(say.to_owned()));
        }
        let errors =
            findings(&request, &draft.content, None, &ctx).into_iter().filter(|f| f.severity == Severity::Error);
        let wrong: Vec<Wrong> =
            errors.map(|f| Wrong { field: f.field.id, code: f.code, say: format!("{}{}", f.say, f.mend) }).collect();
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let row = submission(&app, &ctx, &caller, (&request, &papers), draft.content, key)?;
        paper::submit(tx, &given.act, &request, &row)?;
        step(tx, &ctx, &given.act, &caller, &request, (State::Submitted, "", row.place))?;
        event(tx, &ctx, (&given.act, &caller), &request, ("submitted", &row.receipt_no))?;
        let key = format!("opinion-submitted {} {}", request.request_id, row.place);
        let to = (Recipient::Insurer(request.insurer_no), Topic::OpinionSubmitted);
        tell(tx, &ctx, &request, to, (String::new(), key))?;
        Ok(row.place)
    })
    .await
}

/// Moves the request on and takes the draft away.
fn step(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    grant: &ActGrant,
    caller: &Caller,
    request: &Request,
    (state, reason, submissions): (State, &str, i32),
) -> Result<(), Error> {
    let until = closes_on(state, request.requested_on, ctx.today);
    let step = Step {
        state,
        reason: reason.to_owned(),
        closes_on: if state == State::Declined { until } else { until.max(request.closes_on) },
        submissions,
        accepted_no: None,
        at: ctx.instant(),
        by: name(caller)?.to_owned(),
    };
    if !store::change(tx, grant, request, &step)? {
        return Err(changed_meanwhile());
    }
    paper::drop_draft(tx, grant, request).map_err(Error::from)
}

fn submission(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    (request, papers): (&Request, &[Paper]),
    content: Content,
    submit_key: String,
) -> Result<Submission, Error> {
    let place = request.submissions + 1;
    let submitted = Submitted {
        format: sheet::FORMAT.to_owned(),
        edition: sheet::EDITION.to_owned(),
        request_id: request.request_id.clone(),
        insurer_no: request.insurer_no.to_string(),
        insured_no: request.insured_no.to_string(),
        application_no: request.application_no.clone(),
        institution_no: request.institution_no.to_string(),
        institution: request.institution_name.clone(),
        place,
        corrects: papers.last().map(|paper| paper.row.sha256.clone()),
        answers: Submitted::answers_of(&content.form),
        file: content.file.clone(),
        by_file: content.by_file,
        submitted_at: ctx.instant(),
        submitted_by: name(caller)?.to_owned(),
    };
    let plain = submitted.bytes()?;
    let file = content.file;
    Ok(Submission {
        place,
        submit_key,
        receipt_no: receipt_no(&ctx.ids.id()),
        sha256: sha256_hex(&plain),
        size: i32::try_from(plain.len()).unwrap_or(i32::MAX),
        sealed: app.keys.data().seal(&submission_place(&request.request_id, place), &plain)?,
        file_name: file.as_ref().map(|f| f.name.clone()).unwrap_or_default(),
        file_sha256: file.as_ref().map(|f| f.sha256.clone()),
        file_media: file.as_ref().map(|f| f.media.clone()).unwrap_or_default(),
        file_size: file.as_ref().map_or(0, |f| f.size),
        state: "waiting".to_owned(),
        reason: String::new(),
        submitted_at: submitted.submitted_at,
        submitted_by: submitted.submitted_by,
        judged_at: None,
        judged_by: None,
    })
}

/// A number for the telephone: eight consonants, so that it is neither a word nor twelve digits.
fn receipt_no(id: &str) -> String {
    let letters: Vec<char> = letters_of(id).chars().take(8).collect();
    let (front, back) = letters.split_at(letters.len().min(4));
    format!("OP-{}-{}", front.iter().collect::<String>(), back.iter().collect::<String>())
}

/// Answers that the institution cannot write, with the reason: from this moment on it sees nothing of the person. The same answer
/// again is the first one.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] once something was submitted.
pub async fn decline(app: &App, ctx: &Ctx, caller: &Caller, request_id: &str, reason: &str) -> Result<(), Error> {
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > 300 {
        let say = "書けない理由を、300文字以内で書いてください。市町村はこれを読んで、ほかの医師に頼みます。";
        return Err(Error::Invalid(vec![Wrong { field: "reason", code: "opinion-reason", say: say.to_owned() }]));
    }
    if was_declined(app, caller, request_id, &reason).await? {
        return Ok(());
    }
    let said = reason.clone();
    let (ctx2, caller2, id) = (ctx.clone(), caller.clone(), request_id.to_owned());
    let done = act(app, ctx, caller, deed(request_id), move |tx, given| {
        let (ctx, caller) = (ctx2, caller2);
        let request = store::find(tx, &given.act, &id)?.ok_or(Error::NotFound)?;
        if !request.state.is_open() {
            return Err(over(&request));
        }
        step(tx, &ctx, &given.act, &caller, &request, (State::Declined, &reason, request.submissions))?;
        event(tx, &ctx, (&given.act, &caller), &request, ("declined", &reason))?;
        let key = format!("opinion-declined {}", request.request_id);
        let to = (Recipient::Insurer(request.insurer_no), Topic::OpinionSubmitted);
        tell(tx, &ctx, &request, to, ("書けないとの返答".to_owned(), key))
    })
    .await;
    match done {
        // The same answer from another window was faster.
        Err(Error::Forbidden(_)) if was_declined(app, caller, request_id, &said).await? => Ok(()),
        done => done,
    }
}

/// Whether the institution has given this very answer already.
async fn was_declined(app: &App, caller: &Caller, request_id: &str, reason: &str) -> Result<bool, Error> {
    let (own, id, reason) = (staff(caller)?.institution_no, request_id.to_owned(), reason.to_owned());
    app.db.read(move |tx| Ok(circle::declined(tx, &id, own)?.is_some_and(|why| why == reason))).await
}

/// The certificate of the person of a request, as far as the policy gives it: with consent.
///
/// # Errors
/// The refusal with its rule; [`Error::NotFound`] unless the institution was asked.
pub async fn certificate(app: &App, ctx: &Ctx, caller: &Caller, request_id: &str) -> Result<Head, Error> {
    let target = Target::Request(request_id.to_owned());
    let today = ctx.today;
    look(app, ctx, caller, Look::view(target, &[Item::InsuredCertificate], Purpose::Opinion), move |tx, seen| {
        person::head(tx, seen, today)
    })
    .await
}
