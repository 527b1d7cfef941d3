//! The municipality's inbox of notices: what was checked, accept, give back.
//!
//! Accepting writes the 居宅届出 of the certificate at once: a new one from the start, the one before ends on the day before.

use kaigo_core::date::{Date, add_days};
use kaigo_core::filing::{Answers, Check, Entrusted, FilingOffice, FilingState, ReturnReason, check, is_clean};
use kaigo_core::id::{InsuredNo, InsurerNo, holds_individual_number};
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Act, ActGrant, Caller, InsurerStaff, Item, Purpose, Refusal, decide_act};
use kaigo_core::record::person::InsuredPerson;
use kaigo_core::record::plan_notice::PlanNotice;
use kaigo_core::rule::filing::FilingDeadline;
use kaigo_store::access_log;
use kaigo_store::db::Tx;
use kaigo_store::desk;
use kaigo_store::filing::{self as store, Answer, Facts, Filing};
use kaigo_store::insurer;
use kaigo_store::notice::{Notice, tell};
use kaigo_store::office;
use kaigo_store::record::{Segment, Stored};

use super::{OfficeCard, PAGE, deadline, head, individual_number, known, office_card};
use crate::keys::digest_of;
use crate::person::Head;
use crate::run::{Deed, Target, act, entry};
use crate::{App, Ctx, Error};

/// What a clerk's page reads of the person.
const ITEMS: &[Item] = &[Item::InsuredCertificate, Item::Progress];

fn clerk(caller: &Caller) -> Result<&InsurerStaff, Error> {
    match caller {
        Caller::Insurer(staff) => Ok(staff),
        Caller::Staff(_)
        | Caller::Person { .. }
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Err(Refusal::NotAllowed.into()),
    }
}

/// One line of the inbox.
#[derive(Clone, Debug)]
pub struct Line {
    /// The notice.
    pub filing: Filing,
    /// The 被保険者 record.
    pub person: Option<InsuredPerson>,
    /// Name of the person in addresses.
    pub person_ref: String,
    /// What is wrong, what to know; for those that wait.
    pub checks: Vec<Check>,
}

impl Line {
    /// Whether it can be accepted without a closer look.
    pub fn is_clean(&self) -> bool {
        self.filing.state.is_waiting() && is_clean(&self.checks)
    }
}

/// The inbox.
#[derive(Clone, Debug)]
pub struct Inbox {
    /// Waiting ones the oldest first, others the newest first.
    pub lines: Vec<Line>,
    /// How many stand where, and since when the oldest.
    pub counts: Vec<(FilingState, i64, String)>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
}

/// What waits, for the first page of the municipality: how many, since when the oldest.
pub async fn glance(app: &App, _ctx: &Ctx, caller: &Caller) -> Result<(i64, String), Error> {
    let caller = caller.clone();
    app.db
        .read(move |tx| {
            let grant = decide_act(&caller, Act::ListInsured)?;
            let counts = store::count_of_insurer(tx, &grant)?;
            let waiting = counts.into_iter().find(|(state, ..)| state.is_waiting());
            Ok(waiting.map(|(_, count, oldest)| (count, oldest)).unwrap_or_default())
        })
        .await
}

/// Lists the insurer's notices in a state. Who is shown finds it in their log, once a day and account.
pub async fn inbox(app: &App, ctx: &Ctx, caller: &Caller, state: FilingState, from: &str) -> Result<Inbox, Error> {
    let (ctx, caller, keys) = (ctx.clone(), caller.clone(), app.keys.clone());
    let from = match (from, state.is_waiting()) {
        ("", false) => "9999".to_owned(),
        (from, _) => from.to_owned(),
    };
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::ListInsured)?;
            let insurer_no = clerk(&caller)?.insurer_no;
            let published = insurer::find(tx, insurer_no)?.map_or(0, |insurer| insurer.published_load);
            let mut filings = store::inbox(tx, &grant, state, (&from, PAGE + 1))?;
            let most = usize::try_from(PAGE).unwrap_or(0);
            let more = filings.len() > most;
            filings.truncate(most);
            let next = filings.last().filter(|_| more).map(|last| last.filed_at.clone());
            let mut lines = Vec::with_capacity(filings.len());
            for filing in filings {
                let facts = store::facts(tx, &grant, filing.insured_no, published)?;
                let checks = if state.is_waiting() {
                    let others = store::waiting(tx, &grant, filing.insured_no)?;
                    judge(tx, &facts, &others, &filing, ctx.today)?
                } else {
                    Vec::new()
                };
                listed(tx, &ctx, &caller, (insurer_no, filing.insured_no))?;
                let person_ref = keys.person_ref(insurer_no, filing.insured_no);
                lines.push(Line { person: facts.person, person_ref, checks, filing });
            }
            Ok(Inbox { lines, counts: store::count_of_insurer(tx, &grant)?, next })
        })
        .await
}

/// Judges a notice as of the day on which it was filed.
fn judge(
    tx: &mut Tx<'_>,
    facts: &Facts,
    filings: &[Filing],
    filing: &Filing,
    today: Date,
) -> Result<Vec<Check>, Error> {
    let known = known(facts, filings, Some(&filing.filing_id));
    let services = office::services(tx, filing.office_no)?;
    let desk = FilingOffice { office_no: filing.office_no, services };
    let entrusted = match filing.entrusted_no {
        Some(office_no) => Some(Entrusted { office_no, services: office::services(tx, office_no)? }),
        None => None,
    };
    let answers = Answers {
        variant: filing.variant,
        division: filing.division,
        start_on: filing.start_on,
        reason: filing.reason,
        reason_text: filing.reason_text.clone(),
        others: filing.others.clone(),
        entrusted,
    };
    let rule = deadline(tx, filing.insurer_no, today)?;
    Ok(check(&known, &desk, &answers, rule, filing.filed_on))
}

fn listed(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    caller: &Caller,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
) -> Result<(), Error> {
    let whom = (insurer_no.as_str(), insured_no.as_str());
    let mut entry = entry(ctx, caller, whom, "list", Purpose::Filing);
    let once = format!("list-filings {} {} {}", entry.account_id, whom.1, ctx.today);
    let day: String = ctx.today.to_string().chars().filter(char::is_ascii_digit).collect();
    entry.entry_id = format!("{day}{}", digest_of(&once).get(..24).unwrap_or_default());
    Item::InsuredCertificate.code().clone_into(&mut entry.items);
    access_log::append(tx, &entry).map_err(Error::from)
}

/// A notice as a clerk sees it.
#[derive(Clone, Debug)]
pub struct Page {
    /// The person.
    pub head: Head,
    /// Name of the person in addresses.
    pub person_ref: String,
    /// The notice.
    pub filing: Filing,
    /// The office as the form shows it.
    pub office: OfficeCard,
    /// Name of the office to which the work is given.
    pub entrusted: Option<String>,
    /// What is wrong, what to know.
    pub checks: Vec<Check>,
    /// The insurer's rule.
    pub deadline: FilingDeadline,
    /// Notices that stand, the newest first, with the offices' names.
    pub notices: Vec<(PlanNotice, String)>,
    /// Other notices about the person, the newest first.
    pub earlier: Vec<Filing>,
}

/// Finds a notice of the clerk's insurer: whom it is about.
async fn find(app: &App, caller: &Caller, filing_id: &str) -> Result<Filing, Error> {
    let (caller, id) = (caller.clone(), filing_id.to_owned());
    app.db
        .read(move |tx| {
            let grant = decide_act(&caller, Act::ListInsured)?;
            store::of_insurer(tx, &grant, &id)?.ok_or(Error::NotFound)
        })
        .await
}

fn deed(filing: &Filing) -> Deed {
    let target = Target::Insured(filing.insurer_no, filing.insured_no);
    let deed = Deed::new(target, Act::AnswerNotice, Purpose::Filing).reading(ITEMS);
    Deed { document: Some(filing.filing_id.clone()), ..deed }
}

/// Looks at a notice.
///
/// # Errors
/// [`Error::NotFound`] unless it is of the clerk's insurer.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, filing_id: &str) -> Result<Page, Error> {
    let filing = find(app, caller, filing_id).await?;
    let (today, keys) = (ctx.today, app.keys.clone());
    act(app, ctx, caller, deed(&filing), move |tx, given| {
        let facts = store::facts(tx, &given.act, given.insured_no, given.published())?;
        let filings = store::of_person(tx, &given.act)?;
        let mut notices = Vec::new();
        for row in facts.notices.iter().filter_map(Segment::current) {
            let name = match row.record.office_no {
                Some(no) => office::name(tx, no)?.map_or_else(|| no.to_string(), |(name, _)| name),
                None => String::new(),
            };
            notices.push((row.record.clone(), name));
        }
        notices.sort_by_key(|(notice, _)| std::cmp::Reverse(notice.valid_from));
        let checks = judge(tx, &facts, &filings, &filing, today)?;
        let entrusted = match filing.entrusted_no {
            Some(no) => office::name(tx, no)?.map(|(name, _)| name),
            None => None,
        };
        Ok(Page {
            head: head(tx, &facts, given, today)?,
            person_ref: keys.person_ref(filing.insurer_no, filing.insured_no),
            office: office_card(tx, filing.office_no, &filing.office_name)?,
            entrusted,
            checks,
            deadline: deadline(tx, filing.insurer_no, today)?,
            notices,
            earlier: filings.into_iter().filter(|other| other.filing_id != filing.filing_id).collect(),
            filing,
        })
    })
    .await
}

/// What became of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It was written.
    Done,
    /// The same answer had been given before.
    Before {
        /// When.
        at: String,
        /// By whom.
        by: String,
    },
    /// There are errors, and the clerk has not said that they were looked at; or it is not clean any more, for many at once.
    Doubtful,
}

/// Accepts a notice. `despite`: its errors and warnings were looked at.
///
/// # Errors
/// [`Error::Conflict`] if somebody gave another answer first: it says who and when.
pub async fn accept(app: &App, ctx: &Ctx, caller: &Caller, filing_id: &str, despite: bool) -> Result<Answered, Error> {
    let filing = find(app, caller, filing_id).await?;
    let (ctx2, caller2) = (ctx.clone(), caller.clone());
    act(app, ctx, caller, deed(&filing), move |tx, given| {
        let by = clerk(&caller2)?.name.clone();
        let Some(filing) = waiting(tx, &given.act, &filing, FilingState::Accepted)? else {
            return before(tx, &given.act, &filing);
        };
        let facts = store::facts(tx, &given.act, given.insured_no, given.published())?;
        let filings = store::of_person(tx, &given.act)?;
        if !despite && !is_clean(&judge(tx, &facts, &filings, &filing, ctx2.today)?) {
            return Ok(Answered::Doubtful);
        }
        let at = ctx2.instant();
        let record_no = publish(tx, &given.act, &facts, &filing, &at)?;
        if !store::answer(tx, &given.act, &filing, &Answer::Accepted(record_no), (&at, &by))? {
            return Err(changed());
        }
        told(tx, &filing, Topic::FilingAccepted, String::new(), &at)?;
        Ok(Answered::Done)
    })
    .await
}

fn changed() -> Error {
    Error::Conflict("ほかの職員が先に答えました。画面を開きなおして確かめてください。".to_owned())
}

/// The notice, if it waits; none if it stands where it would be brought.
///
/// # Errors
/// [`Error::Conflict`] if it stands elsewhere.
fn waiting(tx: &mut Tx<'_>, grant: &ActGrant, filing: &Filing, to: FilingState) -> Result<Option<Filing>, Error> {
    let now = store::of_insurer(tx, grant, &filing.filing_id)?.ok_or(Error::NotFound)?;
    if now.state.is_waiting() {
        return Ok(Some(now));
    }
    if now.state == to {
        return Ok(None);
    }
    let by = now.decided_by.unwrap_or_default();
    Err(Error::Conflict(format!(
        "{by}さんが先に「{}」にしました。届出を開きなおして確かめてください。",
        now.state.label()
    )))
}

fn before(tx: &mut Tx<'_>, grant: &ActGrant, filing: &Filing) -> Result<Answered, Error> {
    let now = store::of_insurer(tx, grant, &filing.filing_id)?.ok_or(Error::NotFound)?;
    Ok(Answered::Before { at: now.decided_at.unwrap_or_default(), by: now.decided_by.unwrap_or_default() })
}

fn told(tx: &mut Tx<'_>, filing: &Filing, topic: Topic, note: String, at: &str) -> Result<(), Error> {
    let notice = Notice {
        to: Recipient::Office(filing.office_no),
        topic,
        about: Some((filing.insurer_no, filing.insured_no)),
        href: format!("/filings/{}", filing.filing_id),
        note,
        key: format!("{} {}", topic.code(), filing.filing_id),
        at: at.to_owned(),
    };
    Ok(tell(tx, &notice)?)
}

/// Writes the 居宅届出 that comes of a notice: those that stand on its first day end on the day before, one that begins
/// later bounds it.
fn publish(tx: &mut Tx<'_>, grant: &ActGrant, facts: &Facts, filing: &Filing, at: &str) -> Result<i32, Error> {
    let desk = desk::open(tx, grant, at)?;
    let start = filing.start_on;
    let rows: Vec<(i32, &Stored<PlanNotice>)> =
        facts.notices.iter().filter_map(|segment| Some((segment.record_no, segment.current()?))).collect();
    for (record_no, row) in &rows {
        let notice = &row.record;
        let seen = (row.load_no, row.common.history_no.0);
        if notice.valid_from < start && notice.valid_until.is_none_or(|until| until >= start) {
            let ended = PlanNotice { valid_until: Some(add_days(start, -1)), ..notice.clone() };
            desk::correct(tx, desk, *record_no, seen, &ended)?;
        } else if notice.valid_from == start {
            desk::take_back(tx, desk, *record_no, seen, notice)?;
        }
    }
    let next = rows.iter().map(|(_, row)| row.record.valid_from).filter(|from| *from > start).min();
    let record = PlanNotice {
        maker: filing.variant.maker(),
        office_no: Some(filing.office_no),
        notified_on: filing.filed_on,
        valid_from: start,
        valid_until: next.map(|from| add_days(from, -1)),
    };
    Ok(desk::add(tx, desk, &record)?)
}

/// Gives a notice back with a reason.
///
/// # Errors
/// As [`accept`]; [`Error::Invalid`] for an individual number in the sentence.
pub async fn give_back(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    filing_id: &str,
    (reason, text): (ReturnReason, &str),
) -> Result<Answered, Error> {
    if holds_individual_number(text) {
        return Err(individual_number());
    }
    let filing = find(app, caller, filing_id).await?;
    let (ctx2, caller2, text) = (ctx.clone(), caller.clone(), text.trim().to_owned());
    act(app, ctx, caller, deed(&filing), move |tx, given| {
        let by = clerk(&caller2)?.name.clone();
        let Some(filing) = waiting(tx, &given.act, &filing, FilingState::Returned)? else {
            return before(tx, &given.act, &filing);
        };
        let at = ctx2.instant();
        if !store::answer(tx, &given.act, &filing, &Answer::Returned(reason, text), (&at, &by))? {
            return Err(changed());
        }
        told(tx, &filing, Topic::FilingReturned, reason.label().to_owned(), &at)?;
        Ok(Answered::Done)
    })
    .await
}

/// What became of many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Many {
    /// Accepted now.
    pub done: usize,
    /// Left because they are not clean, or somebody answered first: identifiers.
    pub left: Vec<String>,
}

/// Accepts those of several notices that are clean, each by itself.
///
/// # Errors
/// [`Error::NotFound`] and the like for what is not of the clerk's insurer are counted as left; only overload and damage stop.
pub async fn accept_many(app: &App, ctx: &Ctx, caller: &Caller, filing_ids: &[&str]) -> Result<Many, Error> {
    let mut many = Many::default();
    for id in filing_ids {
        match accept(app, ctx, caller, id, false).await {
            Ok(Answered::Done) => many.done += 1,
            Ok(Answered::Before { .. }) => {}
            Ok(Answered::Doubtful) | Err(Error::Conflict(_) | Error::NotFound) => many.left.push((*id).to_owned()),
            Err(error) => return Err(error),
        }
    }
    Ok(many)
}
