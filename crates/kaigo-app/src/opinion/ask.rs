//! The insurer asks an institution for an opinion, reminds it, takes the request back.

use kaigo_core::date::Date;
use kaigo_core::id::{InstitutionNo, InsuredNo, InsurerNo};
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::opinion::OpinionForm;
use kaigo_core::opinion::request::{CountKind, PlaceKind, State, closes_on, due_on};
use kaigo_core::policy::{Act, Caller, Item, Purpose, decide_act};
use kaigo_core::progress::StepKind;
use kaigo_core::record::application::Application;
use kaigo_core::record::document::DoctorOpinion;
use kaigo_core::record::person::InsuredPerson;
use kaigo_core::rule::insurer::switch::Switch;
use kaigo_core::rule::insurer::{Key, Rules, Setting, Value};
use kaigo_core::text::Text;
use kaigo_store::case::{self, Change};
use kaigo_store::db::Tx;
use kaigo_store::desk;
use kaigo_store::institution::{self, Institution};
use kaigo_store::opinion::paper;
use kaigo_store::opinion::{self as store, Step};
use kaigo_store::record::{Segment, Stored, of_person};

use super::{Content, Request, changed_meanwhile, event, name, open, previous_place, tell};
use crate::run::{Deed, Given, Target, act};
use crate::{App, Ctx, Error, Wrong, setting};

/// What is read to ask: who it is, how far the application is, the last opinion.
const ITEMS: &[Item] = &[Item::InsuredCertificate, Item::Progress, Item::DoctorOpinion];

/// What the page of a new request needs.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The person.
    pub person: InsuredPerson,
    /// The person's number.
    pub insured_no: InsuredNo,
    /// The application.
    pub application: Application,
    /// Its 連番.
    pub record_no: i32,
    /// Requests of this application that were made before, the newest first.
    pub earlier: Vec<Request>,
    /// Whom one can ask.
    pub institutions: Vec<Institution>,
    /// The institution that the application names, if it is one of them.
    pub usual: Option<InstitutionNo>,
    /// The due day by the insurer's rule.
    pub due_on: Date,
    /// The last opinion: its institution and day.
    pub previous: Option<(String, Date)>,
    /// Whether the insurer hands it to another institution than the one that wrote it, too (docs/decisions/0022).
    pub hands_others: bool,
}

/// Prepares a request for a case.
///
/// # Errors
/// [`Error::NotFound`] unless it is the insurer's and there is such an application.
pub async fn prepare(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    record_no: i32,
) -> Result<Prepared, Error> {
    let deed = Deed::new(Target::Insured(insurer_no, insured_no), Act::RequestOpinion, Purpose::Case).reading(ITEMS);
    let (app2, today) = (app.clone(), ctx.today);
    act(app, ctx, caller, deed, move |tx, given| {
        let person = person(tx, given)?;
        let application = application(tx, given, record_no)?.record;
        let institutions = institution::list(tx)?;
        let named = application.institution.as_ref().map(Text::as_str);
        let usual = institutions.iter().find(|i| Some(i.name.as_str()) == named).map(|i| i.institution_no);
        Ok(Prepared {
            person,
            insured_no,
            earlier: store::of_case(tx, &given.act, insured_no, record_no)?,
            usual,
            institutions,
            due_on: due_on(today, usual_days(tx, &app2, insurer_no, today)?),
            hands_others: hands_others(tx, &app2, insurer_no, today)?,
            previous: last_opinion(&app2, tx, given)?.map(|(_, by, on)| (by, on)),
            application,
            record_no,
        })
    })
    .await
}

fn person(tx: &mut Tx<'_>, given: &Given) -> Result<InsuredPerson, Error> {
    let segments = of_person::<InsuredPerson>(tx, given.reads()?, given.published())?;
    segments.iter().find_map(Segment::current).map(|row| row.record.clone()).ok_or(Error::NotFound)
}

/// The application as it counts now.
pub(super) fn application(tx: &mut Tx<'_>, given: &Given, record_no: i32) -> Result<Stored<Application>, Error> {
    let segments = of_person::<Application>(tx, given.reads()?, given.published())?;
    let found = segments.iter().find(|s| s.record_no == record_no).and_then(Segment::current);
    found.cloned().ok_or(Error::NotFound)
}

/// Days within which the insurer wants opinions.
fn usual_days(tx: &mut Tx<'_>, app: &App, insurer_no: InsurerNo, today: Date) -> Result<Option<i32>, Error> {
    let set = kaigo_store::setting::of_insurer(tx, insurer_no, today)?;
    let settings = set.iter().filter_map(|(key, value)| {
        let key = Key::parse(key)?;
        let value = Value::parse(key, value, &app.matrix, today).ok()?;
        Some(Setting { key, value, valid_from: today, source: String::new() })
    });
    Ok(Rules::on(&settings.collect::<Vec<_>>(), today).usual(StepKind::Opinion, today))
}

/// Whether the insurer hands an opinion to another institution than the one that wrote it.
fn hands_others(tx: &mut Tx<'_>, app: &App, insurer_no: InsurerNo, today: Date) -> Result<bool, Error> {
    Ok(setting::rules(tx, &app.matrix, insurer_no, today)?.is_on(Switch::OtherOpinion, today))
}

/// The last opinion with who wrote it and when: what was submitted here in full, else what the record tells.
fn last_opinion(app: &App, tx: &mut Tx<'_>, given: &Given) -> Result<Option<(OpinionForm, String, Date)>, Error> {
    let segments = of_person::<DoctorOpinion>(tx, given.reads()?, given.published())?;
    let rows = segments.iter().filter_map(|s| s.current().map(|row| (s.record_no, &row.record)));
    let Some((record_no, record)) = rows.max_by_key(|(_, record)| record.written_on) else {
        return Ok(None);
    };
    let submitted = paper::of_record(tx, given.reads()?, record_no)?;
    let form = match submitted {
        Some((request_id, row)) => open(app, &request_id, row)?.sheet.form(),
        None => OpinionForm::of_record(record),
    };
    Ok(Some((form, record.institution.to_string(), record.written_on)))
}

/// What the form of a new request says.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The application's 連番.
    pub record_no: i32,
    /// Whom.
    pub institution_no: InstitutionNo,
    /// The physician; may be empty.
    pub physician: String,
    /// 新規 or 継続.
    pub count_kind: CountKind,
    /// 在宅 or 施設.
    pub place_kind: PlaceKind,
    /// By when.
    pub due_on: Date,
    /// A word to the physician; may be empty.
    pub note: String,
    /// Whether the last opinion is sent along.
    pub with_previous: bool,
    /// The form's key.
    pub submit_key: String,
}

/// Asks. Asked twice with the same key, it is one request; its identifier is the answer.
///
/// # Errors
/// [`Error::Invalid`] for what does not fit; [`Error::Conflict`] if the application has a request that is not over.
pub async fn ask(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    asked: Asked,
) -> Result<String, Error> {
    check(&asked, ctx.today)?;
    let deed = Deed::new(Target::Insured(insurer_no, insured_no), Act::RequestOpinion, Purpose::Case).reading(ITEMS);
    let (app2, ctx2, caller2) = (app.clone(), ctx.clone(), caller.clone());
    act(app, ctx, caller, deed, move |tx, given| {
        let (app, ctx, caller) = (app2, ctx2, caller2);
        if let Some(first) = store::of_key(tx, &given.act, &asked.submit_key)? {
            return Ok(first.request_id);
        }
        let application = application(tx, given, asked.record_no)?;
        if application.record.outcome.is_some() {
            return Err(Error::Conflict("この申請は、もう結果が出ています。".to_owned()));
        }
        if store::of_case(tx, &given.act, insured_no, asked.record_no)?.iter().any(|r| !r.state.is_over()) {
            let say = "この申請には、まだ終わっていない依頼があります。ほかの医療機関に頼むときは、先にその依頼を取り消してください。";
            return Err(Error::Conflict(say.to_owned()));
        }
        let request = request(&app, (&ctx, &caller), tx, given, &application.record, &asked)?;
        store::insert(tx, &given.act, &request)?;
        event(tx, &ctx, (&given.act, &caller), &request, ("requested", ""))?;
        let mut record = application.record.clone();
        record.opinion_requested_on = Some(ctx.today);
        record.opinion_received_on = None;
        record.institution = Text::parse(&request.institution_name).ok();
        let what = format!("意見書依頼日 {}、医療機関 {}", ctx.today, request.institution_name);
        write_application(tx, (&ctx, &caller), given, &application, &record, (&asked.submit_key, &what))?;
        let note = format!("{}月{}日まで", request.due_on.month(), request.due_on.day());
        let key = format!("opinion-requested {}", request.request_id);
        tell(tx, &ctx, &request, (Recipient::Institution(request.institution_no), Topic::OpinionRequested), (note, key))?;
        Ok(request.request_id)
    })
    .await
}

fn check(asked: &Asked, today: Date) -> Result<(), Error> {
    let mut wrong = Vec::new();
    let mut bad = |field, code, say: &str| wrong.push(Wrong { field, code, say: say.to_owned() });
    if asked.due_on <= today {
        bad("due_on", "opinion-due", "提出期限は、あしたより後の日にしてください。");
    }
    for (field, text, max) in [("physician", &asked.physician, 40), ("note", &asked.note, 300)] {
        if text.chars().count() > max {
            bad(field, "cell-too-long", &format!("{max}文字以内にしてください。"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

fn request(
    app: &App,
    (ctx, caller): (&Ctx, &Caller),
    tx: &mut Tx<'_>,
    given: &Given,
    application: &Application,
    asked: &Asked,
) -> Result<Request, Error> {
    let person = person(tx, given)?;
    let institution = institution::find(tx, asked.institution_no)?.ok_or_else(|| {
        let say = "医療機関を選んでください。";
        Error::Invalid(vec![Wrong { field: "institution", code: "opinion-institution", say: say.to_owned() }])
    })?;
    let request_id = ctx.ids.id();
    let previous = match last_opinion(app, tx, given)? {
        // What another institution wrote is handed on only where the insurer has set so, with its reason.
        Some((form, by, _))
            if asked.with_previous
                && (by == institution.name || hands_others(tx, app, given.insurer.insurer_no, ctx.today)?) =>
        {
            app.keys.data().seal(&previous_place(&request_id), &Content::of(form).bytes()?)?
        }
        Some(_) | None => Vec::new(),
    };
    let by = name(caller)?.to_owned();
    Ok(Request {
        insurer_no: given.insurer.insurer_no,
        insured_no: given.insured_no,
        request_id,
        record_no: asked.record_no,
        application_no: application.application_no.to_string(),
        applied_on: application.applied_on,
        institution_no: institution.institution_no,
        institution_name: institution.name,
        physician: asked.physician.clone(),
        count_kind: asked.count_kind.code().to_owned(),
        place_kind: asked.place_kind.code().to_owned(),
        note: asked.note.clone(),
        name: person.name.to_string(),
        kana: person.name_kana.to_string(),
        born_on: person.born_on,
        sex: person.sex.code().to_owned(),
        previous,
        requested_on: ctx.today,
        due_on: asked.due_on,
        closes_on: closes_on(State::Requested, ctx.today, ctx.today),
        state: State::Requested,
        reason: String::new(),
        submissions: 0,
        reminders: 0,
        reminded_on: None,
        accepted_no: None,
        submit_key: asked.submit_key.clone(),
        requested_by: by.clone(),
        changed_at: ctx.instant(),
        changed_by: by,
    })
}

/// Writes the next version of an application at the desk, with its entry in the history of the case. Answers the desk.
pub(super) fn write_application(
    tx: &mut Tx<'_>,
    (ctx, caller): (&Ctx, &Caller),
    given: &Given,
    seen: &Stored<Application>,
    record: &Application,
    (key, what): (&str, &str),
) -> Result<desk::Desk, Error> {
    let desk = desk::open(tx, &given.act, &ctx.instant())?;
    let record_no = seen.common.record_no.0;
    desk::correct(tx, desk, record_no, (seen.load_no, seen.common.history_no.0), record)?;
    case::refresh(tx, given.insurer.insurer_no, given.insured_no)?;
    let history_no = seen.common.history_no.0.max(kaigo_core::record::DESK_FIRST - 1) + 1;
    let change = Change {
        insured_no: given.insured_no,
        record_no,
        submit_key: key.to_owned(),
        act: given.act.act().code().to_owned(),
        version: (desk.published(), history_no),
        what: what.to_owned(),
        changed_by: name(caller)?.to_owned(),
        changed_at: ctx.instant(),
    };
    case::changed(tx, &given.act, &ctx.ids.timed(ctx.now), &change)?;
    Ok(desk)
}

/// The request, if it is the insurer's: only to know whom an act is about.
pub(super) async fn own(app: &App, caller: &Caller, request_id: &str) -> Result<Request, Error> {
    let (caller, id) = (caller.clone(), request_id.to_owned());
    app.db
        .read(move |tx| {
            let grant = decide_act(&caller, Act::ListInsured)?;
            store::find(tx, &grant, &id)?.ok_or(Error::NotFound)
        })
        .await
}

/// Reminds the institution: at most once a day, only where it is to write. Answers false if there is nothing to remind of.
///
/// # Errors
/// [`Error::NotFound`] unless it is the insurer's.
pub async fn remind(app: &App, ctx: &Ctx, caller: &Caller, request_id: &str) -> Result<bool, Error> {
    let request = own(app, caller, request_id).await?;
    let target = Target::Insured(request.insurer_no, request.insured_no);
    let (ctx2, caller2) = (ctx.clone(), caller.clone());
    act(app, ctx, caller, Deed::new(target, Act::RequestOpinion, Purpose::Case), move |tx, given| {
        let (ctx, caller) = (ctx2, caller2);
        let by = (ctx.instant(), name(&caller)?.to_owned());
        if !store::remind(tx, &given.act, &request, ctx.today, (&by.0, &by.1))? {
            return Ok(false);
        }
        event(tx, &ctx, (&given.act, &caller), &request, ("reminded", ""))?;
        let note = format!("期限 {}月{}日", request.due_on.month(), request.due_on.day());
        let key = format!("opinion-overdue {} {}", request.request_id, ctx.today);
        tell(tx, &ctx, &request, (Recipient::Institution(request.institution_no), Topic::OpinionOverdue), (note, key))?;
        Ok(true)
    })
    .await
}

/// Takes a request back: from this moment on the institution sees nothing of the person. Done twice, nothing more happens.
///
/// # Errors
/// [`Error::Conflict`] if the opinion was accepted or declined.
pub async fn cancel(app: &App, ctx: &Ctx, caller: &Caller, request_id: &str, reason: &str) -> Result<(), Error> {
    let request = own(app, caller, request_id).await?;
    let target = Target::Insured(request.insurer_no, request.insured_no);
    let deed = Deed::new(target, Act::RequestOpinion, Purpose::Case).reading(ITEMS);
    let (ctx2, caller2, reason) = (ctx.clone(), caller.clone(), reason.to_owned());
    act(app, ctx, caller, deed, move |tx, given| {
        let (ctx, caller) = (ctx2, caller2);
        let request = store::find(tx, &given.act, &request.request_id)?.ok_or(Error::NotFound)?;
        if request.state == State::Cancelled {
            return Ok(());
        }
        if request.state.is_over() {
            return Err(changed_meanwhile());
        }
        let step = Step {
            state: State::Cancelled,
            reason: reason.clone(),
            closes_on: closes_on(State::Cancelled, request.requested_on, ctx.today),
            submissions: request.submissions,
            accepted_no: None,
            at: ctx.instant(),
            by: name(&caller)?.to_owned(),
        };
        if !store::change(tx, &given.act, &request, &step)? {
            return Err(changed_meanwhile());
        }
        paper::drop_draft(tx, &given.act, &request)?;
        event(tx, &ctx, (&given.act, &caller), &request, ("cancelled", &reason))?;
        let application = application(tx, given, request.record_no)?;
        let mut record = application.record.clone();
        record.opinion_requested_on = None;
        let key = format!("cancel {}", request.request_id);
        let what = format!("意見書の依頼を取り消し（{}）", request.institution_name);
        write_application(tx, (&ctx, &caller), given, &application, &record, (&key, &what))?;
        Ok(())
    })
    .await
}
