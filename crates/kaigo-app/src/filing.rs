//! 居宅サービス計画作成依頼届出 by proxy: the way to a notice, its state, the office's list; what the municipality does with
//! it is in [`answer`].
//!
//! Answers are saved after every page, so that the end of a session loses nothing; a notice is filed once, whatever is
//! pressed twice.

pub mod answer;
mod draft;

use kaigo_core::date::Date;
use kaigo_core::filing::{
    Answers, Check, Division, Entrusted, FilingOffice, FilingState, Known, KnownApplication, KnownLevel, KnownNotice,
    KnownWaiting, Proposal, Step, Variant, check, division, propose,
};
use kaigo_core::finding::Severity;
use kaigo_core::id::{InsurerNo, OfficeNo, holds_individual_number};
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Act, Caller, Item, Matrix, Purpose, Refusal, Staff, decide_act};
use kaigo_core::record::application::Application;
use kaigo_core::rule::at;
use kaigo_core::rule::filing::{FILING, FilingDeadline, Timeliness};
use kaigo_core::rule::insurer::switch::Switch;
use kaigo_store::access_log::{self, Outcome};
use kaigo_store::charge;
use kaigo_store::db::Tx;
use kaigo_store::filing::{self as store, Facts, Filing};
use kaigo_store::notice::{Notice, tell};
use kaigo_store::record::Segment;
use kaigo_store::{office, presence, setting};

pub use self::draft::Draft;
use crate::person::{Head, sort};
use crate::queue::{Member, listed, members_in};
use crate::run::{Deed, Given, Look, Target, act, entry, look};
use crate::{App, Ctx, Error, Wrong};

/// Notices on one page of a list.
pub const PAGE: i32 = 50;

/// What the pages of the way read of the person.
const ITEMS: &[Item] = &[Item::InsuredCertificate, Item::Progress];

/// Everything that the pages of the way show.
#[derive(Clone, Debug)]
pub struct Way {
    /// The person.
    pub head: Head,
    /// The office that files.
    pub office: OfficeCard,
    /// Which form fits, and why.
    pub proposal: Proposal,
    /// What was answered.
    pub draft: Draft,
    /// When and by whom it was saved last.
    pub saved: Option<(String, String)>,
    /// What was answered as a notice, once enough is there.
    pub answers: Option<Answers>,
    /// 新規 or 変更 and why, once the form and the day are there.
    pub division: Option<(Division, String)>,
    /// What is wrong, what to know.
    pub checks: Vec<Check>,
    /// The insurer's rule.
    pub deadline: FilingDeadline,
    /// How the notice stands to it, once the day is there.
    pub timeliness: Option<Timeliness>,
    /// The notice that stands today, with its office's name.
    pub standing: Option<(KnownNotice, String)>,
    /// The office's own notices about the person, the newest first.
    pub own: Vec<Filing>,
    /// Name of the office to which the work is given, if it is known.
    pub entrusted: Option<String>,
}

impl Way {
    /// The pages of this way in order.
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = vec![Step::Start];
        if self.division.as_ref().is_some_and(|(division, _)| *division == Division::Change) {
            steps.push(Step::Change);
        }
        let variant = self.draft.variant;
        if self.asks_services() && !self.asks_services_at_start() {
            steps.push(Step::Services);
        }
        // Asked only where something is missing or can be added; else it is prefilled and changed from the last page.
        if self.draft.contact_phone.is_empty() || variant == Some(Variant::Prevention) {
            steps.push(Step::Contact);
        }
        steps.push(Step::Confirm);
        steps
    }

    /// Whether the form asks for other services in the month of the start.
    pub fn asks_services(&self) -> bool {
        self.draft.variant.is_some_and(Variant::is_multifunctional)
    }

    /// Whether they are asked together with the day of the start, to which they belong: where no other form can be chosen on
    /// that page.
    pub fn asks_services_at_start(&self) -> bool {
        self.asks_services() && self.proposal.fits.iter().filter(|fit| fit.fits).count() == 1
    }

    /// The page that comes after one.
    pub fn after(&self, step: Step) -> Step {
        self.steps().into_iter().find(|next| *next > step).unwrap_or(Step::Confirm)
    }

    /// What is wrong with the answers of one page.
    pub fn wrong_at(&self, step: Step) -> Vec<&Check> {
        self.checks.iter().filter(|check| check.step == step && check.severity == Severity::Error).collect()
    }
}

/// The office that files, as the form shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeCard {
    /// Number.
    pub office_no: OfficeNo,
    /// Name.
    pub name: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
}

/// What is said where the insurer does not tell whether an application runs.
const HIDDEN: &str = "この保険者は、認定の申請中かどうかを、この種類の事業所には示していません。申請中の方の暫定の届出は、保険者の窓口に出してください。";

/// The draft of an act is marked in the person's log by this document.
pub const DRAFT: &str = "draft";

fn deed(charge_id: &str, document: &str) -> Deed {
    let deed = Deed::new(Target::Charge(charge_id.to_owned()), Act::FileNotice, Purpose::Filing).reading(ITEMS);
    let deed = Deed { document: Some(document.to_owned()), ..deed };
    // Every page of the way reads the same: the draft is entered once a day (docs/decisions/0006).
    if document == DRAFT { deed.once_a_day("file-notice draft") } else { deed }
}

fn staff(caller: &Caller) -> Result<&Staff, Error> {
    match caller {
        Caller::Staff(staff) => Ok(staff),
        Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Err(Refusal::NotAllowed.into()),
    }
}

/// Opens the way to a notice about one of the office's people, with what was answered so far.
///
/// # Errors
/// What the policy refuses: not in charge, the insurer has not started.
pub async fn way(app: &App, ctx: &Ctx, caller: &Caller, charge_id: &str) -> Result<Way, Error> {
    let (ctx2, caller2) = (ctx.clone(), caller.clone());
    act(app, ctx, caller, deed(charge_id, DRAFT), move |tx, given| {
        let saved = store::draft(tx, &given.act)?;
        let draft = match &saved {
            Some(saved) => Draft::read(&saved.answers),
            None => Draft::default(),
        };
        let saved = saved.map(|saved| (saved.updated_at, saved.updated_by));
        read(tx, &ctx2, staff(&caller2)?, given, draft, saved)
    })
    .await
}

/// Saves what was answered and reads the way anew.
///
/// # Errors
/// As [`way`]; [`Error::Invalid`] for an individual number in a free text.
pub async fn save(app: &App, ctx: &Ctx, caller: &Caller, charge_id: &str, draft: Draft) -> Result<Way, Error> {
    if draft.texts().iter().any(|text| holds_individual_number(text)) {
        return Err(individual_number());
    }
    let (ctx2, caller2) = (ctx.clone(), caller.clone());
    act(app, ctx, caller, deed(charge_id, DRAFT), move |tx, given| {
        let staff = staff(&caller2)?;
        let (at, by) = (ctx2.instant(), staff.name.clone());
        let row = store::Draft { answers: draft.write()?, updated_at: at.clone(), updated_by: by.clone() };
        store::save_draft(tx, &given.act, &row)?;
        read(tx, &ctx2, staff, given, draft, Some((at, by)))
    })
    .await
}

fn individual_number() -> Error {
    let bad = kaigo_core::layout::BadCell::IndividualNumber;
    let say = format!("{}{}", bad.say("入力"), bad.mend("入力"));
    Error::Invalid(vec![Wrong { field: "", code: bad.code(), say }])
}

/// Throws the answers away.
///
/// # Errors
/// As [`way`].
pub async fn discard(app: &App, ctx: &Ctx, caller: &Caller, charge_id: &str) -> Result<(), Error> {
    act(app, ctx, caller, deed(charge_id, DRAFT), |tx, given| Ok(store::drop_draft(tx, &given.act)?)).await
}

/// Begins anew from a notice that was given back.
///
/// # Errors
/// [`Error::NotFound`] unless it is the office's; [`Error::Conflict`] unless it was given back.
pub async fn mend(app: &App, ctx: &Ctx, caller: &Caller, filing_id: &str) -> Result<String, Error> {
    let page = view(app, ctx, caller, filing_id).await?;
    if page.filing.state != FilingState::Returned {
        return Err(Error::Conflict("差し戻された届出だけを、直して出しなおせます。".to_owned()));
    }
    save(app, ctx, caller, &page.head.charge_id, Draft::of(&page.filing)).await?;
    Ok(page.head.charge_id)
}

fn read(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    staff: &Staff,
    given: &Given,
    mut draft: Draft,
    saved: Option<(String, String)>,
) -> Result<Way, Error> {
    let facts = store::facts(tx, &given.act, given.insured_no, given.published())?;
    let filings = store::of_person(tx, &given.act)?;
    let mut known = known(&facts, &filings, None);
    // That an application runs is told to who files (docs/decisions/0021), unless the insurer has switched it off.
    let rules = crate::setting::rules(tx, &Matrix::standard(), given.insurer.insurer_no, ctx.today)?;
    let hides = !given.reads()?.covers(Item::Progress) && !rules.is_on(Switch::FilingPending, ctx.today);
    if hides {
        known.pending = None;
    }
    let desk = FilingOffice { office_no: staff.office_no, services: staff.services.clone() };
    let card = office_card(tx, staff.office_no, &staff.office_name)?;
    let entrusted = draft.prefill(&card, &staff.name);
    let deadline = deadline(tx, given.insurer.insurer_no, ctx.today)?;
    let day = draft.start_on.unwrap_or(ctx.today);
    let mut proposal = propose(&known, &desk, day);
    if hides && proposal.variant.is_none() {
        proposal.instead.push(HIDDEN.to_owned());
    }
    if draft.variant.is_none_or(|variant| !proposal.fits.iter().any(|fit| fit.fits && fit.variant == variant)) {
        draft.variant = proposal.variant;
    }
    let entrusted = match entrusted {
        Some(office_no) => {
            let name = office::name(tx, office_no)?.map(|(name, _)| name);
            Some((Entrusted { office_no, services: office::services(tx, office_no)? }, name))
        }
        None => None,
    };
    let division = draft.variant.zip(draft.start_on).map(|(variant, start)| division(&known, &desk, variant, start));
    let answers = draft.answers(division.as_ref().map(|(d, _)| *d), entrusted.as_ref().map(|(e, _)| e.clone()));
    let checks = answers.as_ref().map(|answers| check(&known, &desk, answers, deadline, ctx.today)).unwrap_or_default();
    let standing = match known.notice_on(ctx.today).copied() {
        Some(notice) => {
            let name = match notice.office_no {
                Some(no) => office::name(tx, no)?.map_or_else(|| no.to_string(), |(name, _)| name),
                None => String::new(),
            };
            Some((notice, name))
        }
        None => None,
    };
    Ok(Way {
        head: head(tx, &facts, given, ctx.today)?,
        office: card,
        proposal,
        timeliness: answers.as_ref().map(|answers| answers.timeliness(&known, deadline, ctx.today)),
        draft,
        saved,
        answers,
        division,
        checks,
        deadline,
        standing,
        own: filings.into_iter().filter(|filing| filing.office_no == staff.office_no).collect(),
        entrusted: entrusted.and_then(|(_, name)| name),
    })
}

/// The insurer's own deadline, or the platform's.
fn deadline(tx: &mut Tx<'_>, insurer_no: InsurerNo, today: Date) -> Result<FilingDeadline, Error> {
    let set = setting::of_insurer(tx, insurer_no, today)?;
    let own = set.iter().find(|(key, _)| key == "filing-deadline").and_then(|(_, value)| FilingDeadline::parse(value));
    Ok(own.unwrap_or_else(|| at(FILING, today).map(|row| row.value).unwrap_or_default()))
}

fn office_card(tx: &mut Tx<'_>, office_no: OfficeNo, name: &str) -> Result<OfficeCard, Error> {
    let found = office::card(tx, office_no)?;
    let (known, phone, address) = found.unwrap_or_default();
    Ok(OfficeCard {
        office_no,
        name: if known.is_empty() { name.to_owned() } else { known },
        phone: phone.unwrap_or_default(),
        address: address.unwrap_or_default(),
    })
}

/// What the records say, as the rules ask for it. `but`: the notice that is judged does not stand in its own way.
fn known(facts: &Facts, filings: &[Filing], but: Option<&str>) -> Known {
    let qualification = facts.qualifications.iter().rev().find_map(Segment::current).map(|row| &row.record);
    let pending = facts
        .applications
        .iter()
        .filter_map(Segment::current)
        .filter(|row| row.record.outcome.is_none())
        .max_by_key(|row| row.record.applied_on);
    Known {
        qualified_from: qualification.map(|q| q.acquired_on),
        lost_on: qualification.and_then(|q| q.lost_on),
        levels: facts
            .certifications
            .iter()
            .filter_map(Segment::current)
            .map(|row| KnownLevel {
                level: row.record.care_level,
                from: row.record.valid_from,
                until: row.record.valid_until,
            })
            .collect(),
        pending: pending.map(|row| KnownApplication { kind: row.record.kind, applied_on: row.record.applied_on }),
        notices: facts
            .notices
            .iter()
            .filter_map(Segment::current)
            .map(|row| KnownNotice {
                maker: row.record.maker,
                office_no: row.record.office_no,
                from: row.record.valid_from,
                until: row.record.valid_until,
            })
            .collect(),
        waiting: filings
            .iter()
            .filter(|filing| filing.state.is_waiting() && Some(filing.filing_id.as_str()) != but)
            .map(|filing| KnownWaiting { office_no: filing.office_no, start_on: filing.start_on })
            .collect(),
    }
}

/// The head of a page, out of what the act has read already.
fn head(tx: &mut Tx<'_>, facts: &Facts, given: &Given, today: Date) -> Result<Head, Error> {
    let grant = given.reads()?;
    let line = sort(facts.certifications.iter().filter_map(Segment::current), today, None);
    let applications = facts.applications.iter().filter_map(Segment::current);
    let open = applications.filter(|row| grant.covers(Item::Progress) && row.record.outcome.is_none());
    let pending: Option<Application> = open.max_by_key(|row| row.record.applied_on).map(|row| row.record.clone());
    let now = line.now.first().map(|m| m.record.clone());
    let whom = (given.insurer.insurer_no, given.insured_no);
    Ok(Head {
        loss: presence::loss(tx, whom, given.published())?,
        link: presence::linked(tx, whom)?,
        charge_id: given.charge.as_ref().map(|c| c.charge_id.clone()).unwrap_or_default(),
        person: facts.person.clone().ok_or(Error::NotFound)?,
        insured_no: given.insured_no,
        insurer: given.insurer.clone(),
        certified_today: now.is_some(),
        renewed: !line.coming.is_empty(),
        certification: now.or_else(|| line.past.first().map(|m| m.record.clone())),
        pending,
    })
}

/// Files the notice that the answers make. The same form again answers the same notice.
///
/// # Errors
/// As [`way`]; [`Error::Conflict`] where the answers have become impossible meanwhile (the page of the way says why).
pub async fn file(app: &App, ctx: &Ctx, caller: &Caller, charge_id: &str, submit_key: &str) -> Result<String, Error> {
    if submit_key.is_empty() || submit_key.len() > 64 {
        return Err(Error::Conflict("画面が古くなっています。確認の画面を開きなおしてください。".to_owned()));
    }
    let (ctx2, caller2, key, filing_id) = (ctx.clone(), caller.clone(), submit_key.to_owned(), ctx.ids.id());
    act(app, ctx, caller, deed(charge_id, &filing_id.clone()), move |tx, given| {
        let staff = staff(&caller2)?;
        if let Some(before) = store::by_key(tx, &given.act, &key)? {
            return Ok(before.filing_id);
        }
        let saved = store::draft(tx, &given.act)?;
        let draft = saved.map(|saved| Draft::read(&saved.answers)).unwrap_or_default();
        let way = read(tx, &ctx2, staff, given, draft, None)?;
        let stopped = || Error::Conflict("届け出られなくなりました。確認の画面で、理由を確かめてください。".to_owned());
        if way.checks.iter().any(|check| check.severity == Severity::Error) {
            return Err(stopped());
        }
        let answers = way.answers.as_ref().ok_or_else(stopped)?;
        let filing = made(&ctx2, staff, given, &way, answers, (&filing_id, &key));
        store::insert(tx, &given.act, &filing)?;
        store::drop_draft(tx, &given.act)?;
        let late = way.timeliness.is_some_and(Timeliness::is_late);
        tell(
            tx,
            &Notice {
                to: Recipient::Insurer(filing.insurer_no),
                topic: Topic::FilingFiled,
                about: Some((filing.insurer_no, filing.insured_no)),
                href: format!("/insurer/filings/{}", filing.filing_id),
                note: if late { "期限を過ぎた届出".to_owned() } else { String::new() },
                key: format!("filing-filed {}", filing.filing_id),
                at: filing.filed_at.clone(),
            },
        )?;
        Ok(filing.filing_id)
    })
    .await
}

fn made(
    ctx: &Ctx,
    staff: &Staff,
    given: &Given,
    way: &Way,
    answers: &Answers,
    (filing_id, submit_key): (&str, &str),
) -> Filing {
    Filing {
        insurer_no: given.insurer.insurer_no,
        filing_id: filing_id.to_owned(),
        insured_no: given.insured_no,
        office_no: staff.office_no,
        office_name: way.office.name.clone(),
        receipt_no: receipt_no(ctx),
        variant: answers.variant,
        division: answers.division,
        start_on: answers.start_on,
        reason: answers.reason,
        reason_text: answers.reason_text.clone(),
        others: answers.others.clone(),
        entrusted_no: answers.entrusted.as_ref().map(|e| e.office_no),
        contact_name: way.draft.contact_name.clone(),
        contact_phone: way.draft.contact_phone.clone(),
        is_provisional: way.proposal.is_provisional,
        filed_on: ctx.today,
        filed_at: ctx.instant(),
        filed_by: staff.name.clone(),
        state: FilingState::Filed,
        decided_at: None,
        decided_by: None,
        return_reason: None,
        return_text: String::new(),
        record_no: None,
        replaces: way.draft.replaces.clone(),
        submit_key: submit_key.to_owned(),
    }
}

/// A number to tell on the telephone: the day and five letters that are hard to mishear and make no words.
fn receipt_no(ctx: &Ctx) -> String {
    const LETTERS: [char; 16] = ['B', 'C', 'D', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'R', 'S', 'T', 'W'];
    let day: String = ctx.today.to_string().chars().filter(char::is_ascii_digit).collect();
    let tail: String = ctx.ids.bytes().iter().take(5).filter_map(|byte| LETTERS.get(usize::from(byte % 16))).collect();
    format!("{day}-{tail}")
}

/// A notice as its office sees it.
#[derive(Clone, Debug)]
pub struct FilingPage {
    /// The person.
    pub head: Head,
    /// The notice.
    pub filing: Filing,
    /// The office as the form shows it.
    pub office: OfficeCard,
    /// Name of the office to which the work is given.
    pub entrusted: Option<String>,
    /// The insurer's rule.
    pub deadline: FilingDeadline,
}

/// Looks at one of the office's notices.
///
/// # Errors
/// [`Error::NotFound`] unless it is the office's and the office is in charge of the person.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, filing_id: &str) -> Result<FilingPage, Error> {
    let (filing, charge_id) = own(app, ctx, caller, filing_id).await?;
    let what = Look::view(Target::Charge(charge_id), ITEMS, Purpose::Filing);
    let what = Look { document: Some(filing.filing_id.clone()), ..what };
    let today = ctx.today;
    look(app, ctx, caller, what, move |tx, seen| {
        let office = office_card(tx, filing.office_no, &filing.office_name)?;
        let entrusted = match filing.entrusted_no {
            Some(no) => office::name(tx, no)?.map(|(name, _)| name),
            None => None,
        };
        let deadline = deadline(tx, filing.insurer_no, filing.filed_on)?;
        Ok(FilingPage { head: crate::person::head(tx, seen, today)?, filing, office, entrusted, deadline })
    })
    .await
}

/// A notice of the office with the registration that stands; what is another's leaves a refused entry with its person.
async fn own(app: &App, ctx: &Ctx, caller: &Caller, filing_id: &str) -> Result<(Filing, String), Error> {
    let (ctx, caller, id) = (ctx.clone(), caller.clone(), filing_id.to_owned());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::FileNotice)?;
            let staff = staff(&caller)?;
            if let Some(filing) = store::own(tx, &grant, &id)? {
                let charge = charge::of_office(tx, staff.office_no, filing.insurer_no, filing.insured_no)?;
                return Ok(charge.map(|charge| (filing, charge.charge_id)));
            }
            if let Some((insurer_no, insured_no)) = store::whose(tx, &id)? {
                let whom = (insurer_no.as_str(), insured_no.as_str());
                let mut entry = entry(&ctx, &caller, whom, Act::FileNotice.code(), Purpose::Filing);
                Outcome::Refused.code().clone_into(&mut entry.outcome);
                entry.rule = Some(Refusal::NotInCharge.code().to_owned());
                entry.document = Some(id);
                access_log::append(tx, &entry)?;
            }
            Ok::<_, Error>(None)
        })
        .await?
        .ok_or(Error::NotFound)
}

/// Takes a notice back that waits. Taken back twice, nothing more happens.
///
/// # Errors
/// As [`view`]; [`Error::Conflict`] if the municipality answered first.
pub async fn withdraw(app: &App, ctx: &Ctx, caller: &Caller, filing_id: &str) -> Result<(), Error> {
    let (filing, charge_id) = own(app, ctx, caller, filing_id).await?;
    let (ctx2, caller2) = (ctx.clone(), caller.clone());
    act(app, ctx, caller, deed(&charge_id, &filing.filing_id), move |tx, given| {
        let by = staff(&caller2)?.name.clone();
        let now = store::own(tx, &given.act, &filing.filing_id)?.ok_or(Error::NotFound)?;
        match now.state {
            FilingState::Withdrawn => Ok(()),
            FilingState::Filed if store::withdraw(tx, &given.act, &now, &ctx2.instant(), &by)? => Ok(()),
            FilingState::Filed | FilingState::Accepted | FilingState::Returned => Err(Error::Conflict(
                "市町村が先に確認を終えたため、取り下げられません。届出の状態を確かめてください。".to_owned(),
            )),
        }
    })
    .await
}

/// One line of the office's list.
#[derive(Clone, Debug)]
pub struct Line {
    /// The notice.
    pub filing: Filing,
    /// The person, while the office is in charge.
    pub member: Option<Member>,
}

/// The office's notices.
#[derive(Clone, Debug)]
pub struct Filings {
    /// The newest first.
    pub lines: Vec<Line>,
    /// How many stand where.
    pub counts: Vec<(FilingState, i64)>,
    /// `before` of the next page; none on the last.
    pub next: Option<String>,
    /// Ways that were begun: the person, when, by whom.
    pub drafts: Vec<(Member, String, String)>,
}

/// Lists the office's notices, all or those in a state.
pub async fn list(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    state: Option<FilingState>,
    before: &str,
) -> Result<Filings, Error> {
    let (ctx, caller) = (ctx.clone(), caller.clone());
    let before = if before.is_empty() { "9999".to_owned() } else { before.to_owned() };
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::ListOwn)?;
            let mut filings = store::of_office(tx, &grant, state, (&before, PAGE + 1))?;
            let more = filings.len() > usize::try_from(PAGE).unwrap_or(0);
            filings.truncate(usize::try_from(PAGE).unwrap_or(0));
            let next = filings.last().filter(|_| more).map(|last| last.filed_at.clone());
            let members = members_in(tx, &ctx, &grant)?;
            let of = |insurer_no, insured_no| {
                let found = members.iter().find(|m| {
                    m.charge.insurer_no == insurer_no && m.charge.insured_no == insured_no && m.person.is_some()
                });
                found.cloned()
            };
            let lines: Vec<Line> = filings
                .into_iter()
                .map(|filing| Line { member: of(filing.insurer_no, filing.insured_no), filing })
                .collect();
            let drafts: Vec<(Member, String, String)> = store::drafts(tx, &grant, PAGE)?
                .into_iter()
                .filter_map(|(insurer_no, insured_no, at, by)| Some((of(insurer_no, insured_no)?, at, by)))
                .collect();
            let shown = lines.iter().filter_map(|line| line.member.as_ref()).chain(drafts.iter().map(|(m, ..)| m));
            for member in shown {
                listed(tx, &ctx, &caller, &member.charge)?;
            }
            Ok(Filings { lines, counts: store::count_of_office(tx, &grant)?, next, drafts })
        })
        .await
}
