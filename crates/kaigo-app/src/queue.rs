//! The office's own people: its list, and its work queue (きょうの仕事).
//!
//! A person who is shown in a list is a person who is looked at: it is entered in the person's log, once a day and account,
//! so that a queue that is opened twenty times a day does not bury the looks that matter.

pub mod cases;
mod sight;

use std::collections::{BTreeMap, HashMap};

use kaigo_core::code::Void;
use kaigo_core::date::{Date, add_days};
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::kana::{kana_row, kanji_key, loose_key, search_key};
use kaigo_core::policy::{Act, ActGrant, Caller, ConsentStanding, Item, Purpose, Refusal, Staff, decide_act};
use kaigo_core::progress::pace::{Mark, Pace, pace};
use kaigo_core::progress::{self, StepKind, StepState, Timeline as Progress};
use kaigo_core::record::application::Application;
use kaigo_core::record::certification::Certification;
use kaigo_core::record::document::{DoctorOpinion, Survey};
use kaigo_core::record::person::InsuredPerson;
use kaigo_core::record::relief::{BurdenRatio, Relief};
use kaigo_core::rule::charge::ChargeState;
use kaigo_core::rule::expiry::{Urgency, days_left};
use kaigo_store::access_log;
use kaigo_store::charge::Charge;
use kaigo_store::db::Tx;
use kaigo_store::queue::{self, Own};
use kaigo_store::record::{Guarded, Segment, Stored};
use kaigo_store::{insurer, standing};

use self::sight::{Held, Sights};
use crate::keys::digest_of;
use crate::person::{Dated, Timeline, sort};
use crate::run::entry;
use crate::{App, Ctx, Error};

/// The tab of a person on which the progress stands, as the office's last looks name it.
const CERTIFICATION: &str = "certification";
/// People on one page of the list.
pub const PAGE: usize = 50;
/// Rows that one part of the work queue shows.
pub const QUEUE_ROWS: usize = 30;

/// One of the office's people.
#[derive(Clone, Debug)]
pub struct Member {
    /// The registration.
    pub charge: Charge,
    /// Name of the insurer.
    pub insurer_name: String,
    /// First day of sharing, if the insurer has not started.
    pub not_started: Option<Option<Date>>,
    /// The 被保険者 record; none until the insurer shares.
    pub person: Option<InsuredPerson>,
    /// Certification that stands, or stood last.
    pub certification: Option<Certification>,
    /// Whether the next one is decided already.
    pub renewed: bool,
}

/// What is looked for in the list.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Kana or name, the beginning of family or given name.
    pub name: String,
    /// 被保険者番号, whole or its end.
    pub number: String,
    /// 生年月日.
    pub born_on: Option<Date>,
    /// Row of the kana table: あ, か, ….
    pub row: Option<char>,
    /// Which page, from 0.
    pub page: usize,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct People {
    /// The people of this page, by kana.
    pub members: Vec<Member>,
    /// How many were found.
    pub found: usize,
    /// Which page this is, from 0.
    pub page: usize,
}

/// Searches among the office's own people.
pub async fn people(app: &App, ctx: &Ctx, caller: &Caller, search: Search) -> Result<People, Error> {
    let (ctx, caller) = (ctx.clone(), caller.clone());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::ListOwn)?;
            let own = queue::own(tx, &grant, ctx.today)?;
            let people = newest(queue::records::<InsuredPerson>(tx, &grant, ctx.today)?);
            let certifications = newest(queue::records::<Certification>(tx, &grant, ctx.today)?);
            let mut members: Vec<Member> =
                own.into_iter().map(|own| member(own, &people, &certifications, ctx.today)).collect();
            members.retain(|m| fits(m, &search));
            members.sort_by_cached_key(|m| {
                let kana = m.person.as_ref().map(|p| search_key(p.name_kana.as_str()));
                (kana.is_none(), kana, m.charge.charge_id.clone())
            });
            let found = members.len();
            let page = search.page.min(found.saturating_sub(1) / PAGE);
            let members: Vec<Member> = members.into_iter().skip(page * PAGE).take(PAGE).collect();
            for m in members.iter().filter(|m| m.person.is_some()) {
                listed(tx, &ctx, &caller, &m.charge)?;
            }
            Ok(People { members, found, page })
        })
        .await
}

/// The office's people of today.
pub(crate) fn members_in(tx: &mut Tx<'_>, ctx: &Ctx, grant: &ActGrant) -> Result<Vec<Member>, Error> {
    let own = queue::own(tx, grant, ctx.today)?;
    let people = newest(queue::records::<InsuredPerson>(tx, grant, ctx.today)?);
    let certifications = newest(queue::records::<Certification>(tx, grant, ctx.today)?);
    Ok(own.into_iter().map(|own| member(own, &people, &certifications, ctx.today)).collect())
}

type ByPerson<R> = HashMap<(String, String), Vec<Stored<R>>>;

/// Groups rows by person and keeps the newest version of each segment that was not taken back.
fn newest<R: Guarded>(rows: Vec<(String, Stored<R>)>) -> ByPerson<R> {
    let mut all: ByPerson<R> = HashMap::new();
    let mut last = None;
    for (insurer_no, row) in rows {
        let segment = (insurer_no, row.common.insured_no, row.common.record_no);
        if last.as_ref() == Some(&segment) {
            continue;
        }
        let key = (segment.0.clone(), row.common.insured_no.to_string());
        last = Some(segment);
        if row.common.void == Void::Valid {
            all.entry(key).or_default().push(row);
        }
    }
    all
}

fn key(charge: &Charge) -> (String, String) {
    (charge.insurer_no.to_string(), charge.insured_no.to_string())
}

fn timeline_of<R: Dated>(all: &ByPerson<R>, charge: &Charge, today: Date) -> Timeline<R> {
    all.get(&key(charge)).map_or_else(Timeline::default, |rows| sort(rows.iter(), today, None))
}

fn member(own: Own, people: &ByPerson<InsuredPerson>, certifications: &ByPerson<Certification>, today: Date) -> Member {
    let started = own.insurer_started_on.is_some_and(|on| on <= today);
    let person = people.get(&key(&own.charge)).and_then(|rows| rows.last()).map(|row| row.record.clone());
    let line = timeline_of(certifications, &own.charge, today);
    Member {
        not_started: (!started).then_some(own.insurer_started_on),
        insurer_name: own.insurer_name,
        person,
        renewed: !line.coming.is_empty(),
        certification: line.now.first().or(line.past.first()).map(|m| m.record.clone()),
        charge: own.charge,
    }
}

fn fits(member: &Member, search: &Search) -> bool {
    let number: String =
        kaigo_core::text::halfwidth(&search.number).chars().filter(char::is_ascii_alphanumeric).collect();
    if !number.is_empty() && !member.charge.insured_no.as_str().ends_with(&number.to_ascii_uppercase()) {
        return false;
    }
    let Some(person) = &member.person else {
        return search.name.trim().is_empty() && search.born_on.is_none() && search.row.is_none();
    };
    let kana = person.name_kana.as_str();
    search.born_on.is_none_or(|on| on == person.born_on)
        && search.row.is_none_or(|row| row == kana_row(kana))
        && (search.name.trim().is_empty() || name_fits(person, search.name.trim()))
}

/// Kana from the start of the whole or of the given name; or the name's characters, variants folded. Voicing is forgiven.
fn name_fits(person: &InsuredPerson, wanted: &str) -> bool {
    let kana = person.name_kana.as_str();
    let loose = loose_key(wanted);
    let parts = core::iter::once(kana).chain(kana.split([' ', '\u{3000}']));
    let by_kana = !loose.is_empty() && parts.map(loose_key).any(|part| part.starts_with(&loose));
    let name = kanji_key(wanted);
    by_kana || (!name.is_empty() && kanji_key(person.name.as_str()).contains(&name))
}

/// Enters in the person's log that the account saw them in a list: the first time of the day counts.
pub(crate) fn listed(tx: &mut Tx<'_>, ctx: &Ctx, caller: &Caller, charge: &Charge) -> Result<(), Error> {
    shown(tx, ctx, caller, (charge.insurer_no, charge.insured_no))
}

/// Which list shows somebody: each is entered once a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Listing {
    /// The office's list, its work queue, and lists that tell no more than they do.
    People,
    /// Applications under way with their milestones.
    Cases,
}

/// [`listed`], for other lists of the office's own people.
pub(crate) fn shown(tx: &mut Tx<'_>, ctx: &Ctx, caller: &Caller, whom: (InsurerNo, InsuredNo)) -> Result<(), Error> {
    shown_in(tx, ctx, caller, whom, Listing::People)
}

/// [`shown`], in a list that tells more.
fn shown_in(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    caller: &Caller,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    listing: Listing,
) -> Result<(), Error> {
    let whom = (insurer_no.as_str(), insured_no.as_str());
    let mut entry = entry(ctx, caller, whom, "list", Purpose::Queue);
    let (once, items): (_, &[Item]) = match listing {
        Listing::People => ("list", &[Item::InsuredCertificate, Item::CertificationResult]),
        Listing::Cases => ("list-cases", &[Item::InsuredCertificate, Item::CertificationResult, Item::Progress]),
    };
    let once = format!("{once} {} {} {}", entry.account_id, whom.1, ctx.today);
    entry.entry_id = once_a_day(ctx, &once);
    entry.items = items.iter().map(|item| item.code()).collect::<Vec<_>>().join(",");
    access_log::append(tx, &entry).map_err(Error::from)
}

/// The identifier of an entry that is added once a day: made of the day and of what it tells.
pub(crate) fn once_a_day(ctx: &Ctx, what: &str) -> String {
    let day: String = ctx.today.to_string().chars().filter(char::is_ascii_digit).collect();
    format!("{day}{}", digest_of(what).get(..24).unwrap_or_default())
}

/// The work queue of an office's account.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    /// New since the office last looked.
    pub arrived: Vec<Arrived>,
    /// Ending soon or ended.
    pub expiring: Vec<Expiring>,
    /// Running applications, the oldest first.
    pub running: Vec<Running>,
    /// How many of each there are in all; the lists above are cut at [`QUEUE_ROWS`].
    pub counts: Counts,
    /// How many people the office has.
    pub members: usize,
}

/// How many there are in all.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// New.
    pub arrived: usize,
    /// Ending.
    pub expiring: usize,
    /// Running; the step at which each waits.
    pub waiting: Vec<Option<StepKind>>,
    /// Of the running ones, those that do not keep pace.
    pub late: usize,
}

/// Something new.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Whose.
    pub member: Member,
    /// What.
    pub what: News,
}

/// What is new.
#[derive(Clone, Debug)]
pub enum News {
    /// A certification was decided.
    Result(Certification),
    /// A certificate changed or was issued: its name.
    Certificate(&'static str),
    /// Documents can be opened.
    Documents(Vec<Item>),
    /// An application under way moved: what changed, a line each.
    Progress(Vec<String>),
}

/// Something that ends.
#[derive(Clone, Debug)]
pub struct Expiring {
    /// Whose.
    pub member: Member,
    /// What.
    pub what: Ending,
    /// Its last day.
    pub until: Date,
    /// The running application, for a certification.
    pub running: Option<(Application, Progress)>,
}

/// What ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// 認定有効期間.
    Certification,
    /// 負担割合証.
    BurdenRatio,
    /// 負担限度額認定証ほか.
    Relief,
    /// 担当.
    Charge,
}

/// A running application.
#[derive(Clone, Debug)]
pub struct Running {
    /// Whose.
    pub member: Member,
    /// The application.
    pub application: Application,
    /// Its timeline.
    pub progress: Progress,
    /// How it keeps pace.
    pub pace: Pace,
}

/// What an office's account has to do today.
pub async fn today(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Queue, Error> {
    let (ctx, caller, matrix) = (ctx.clone(), caller.clone(), app.matrix.clone());
    app.db
        .write(move |tx| {
            let Caller::Staff(staff) = &caller else {
                return Err(Refusal::NotAllowed.into());
            };
            let mut sights = Sights::new(&matrix, ctx.today);
            let queue = queue_in(tx, &ctx, &caller, (staff, &mut sights))?;
            let mut shown: BTreeMap<&str, &Charge> = BTreeMap::new();
            let members = queue.arrived.iter().map(|a| &a.member);
            let members =
                members.chain(queue.expiring.iter().map(|e| &e.member)).chain(queue.running.iter().map(|r| &r.member));
            for member in members {
                shown.insert(&member.charge.charge_id, &member.charge);
            }
            for charge in shown.values() {
                listed(tx, &ctx, &caller, charge)?;
            }
            Ok(queue)
        })
        .await
}

fn queue_in(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    caller: &Caller,
    (staff, sights): (&Staff, &mut Sights),
) -> Result<Queue, Error> {
    let grant = decide_act(caller, Act::ListOwn)?;
    let today = ctx.today;
    let own = queue::own(tx, &grant, today)?;
    let mut helds = Vec::with_capacity(own.len());
    for own in &own {
        helds.push(sights.at(tx, own.charge.insurer_no)?);
    }
    let sees = |item| helds.iter().any(|held: &Held| held.sees(staff, item, today));
    let looks: HashMap<(String, String, String), i32> =
        queue::looks(tx, &grant)?.into_iter().map(|(a, b, topic, load)| ((a, b, topic), load)).collect();
    let people = newest(queue::records::<InsuredPerson>(tx, &grant, today)?);
    let certifications = newest(queue::records::<Certification>(tx, &grant, today)?);
    let burdens = newest(queue::records::<BurdenRatio>(tx, &grant, today)?);
    let reliefs = newest(queue::records::<Relief>(tx, &grant, today)?);
    let mut published: HashMap<String, i32> = HashMap::new();
    let applications = if sees(Item::Progress) {
        cases::versions(queue::records::<Application>(tx, &grant, today)?)
    } else {
        HashMap::new()
    };
    let surveys =
        if sees(Item::Survey) { newest(queue::records::<Survey>(tx, &grant, today)?) } else { HashMap::new() };
    let opinions = if sees(Item::DoctorOpinion) {
        newest(queue::records::<DoctorOpinion>(tx, &grant, today)?)
    } else {
        HashMap::new()
    };
    let mut all = Queue { members: own.len(), ..Queue::default() };
    for (own, held) in own.into_iter().zip(helds) {
        let m = member(own, &people, &certifications, today);
        let (insurer_no, insured_no) = key(&m.charge);
        let at = |topic: &str| looks.get(&(insurer_no.clone(), insured_no.clone(), topic.to_owned())).copied();
        let open = applications.get(&key(&m.charge)).filter(|_| held.sees(staff, Item::Progress, today));
        let open = open.and_then(|all| cases::running(all));
        let running = open.and_then(Segment::current).map(|row| {
            let line = progress::timeline(&row.record, today);
            (row.record.clone(), line)
        });
        let lines = (&certifications, &burdens, &reliefs);
        arrived_certificates(&mut all, &m, lines, at("certificates"), at(CERTIFICATION));
        if let Some(open) = open {
            let changes = cases::changes(open, at(CERTIFICATION));
            if !changes.is_empty() {
                all.arrived.push(Arrived { member: m.clone(), what: News::Progress(changes) });
            }
        }
        let seen_here = |item| held.sees(staff, item, today);
        let new_survey =
            seen_here(Item::Survey) && surveys.get(&key(&m.charge)).is_some_and(|rows| is_new(rows, at("documents")));
        let new_opinion = seen_here(Item::DoctorOpinion)
            && opinions.get(&key(&m.charge)).is_some_and(|rows| is_new(rows, at("documents")));
        let agreed = (new_survey || new_opinion) && agreed(tx, &mut published, &m.charge, today)?;
        let (new_survey, new_opinion) = (new_survey && agreed, new_opinion && agreed);
        let documents = [(new_survey, Item::Survey), (new_opinion, Item::DoctorOpinion)];
        let documents: Vec<Item> = documents.into_iter().filter(|(new, _)| *new).map(|(_, item)| item).collect();
        if !documents.is_empty() {
            all.arrived.push(Arrived { member: m.clone(), what: News::Documents(documents) });
        }
        expiring(&mut all, &m, running.as_ref(), lines, today);
        if let Some((application, progress)) = running {
            let pace = pace(&application, &progress, &held.rules, today);
            all.running.push(Running { member: m, application, progress, pace });
        }
    }
    all.expiring.sort_by_key(|e| e.until);
    all.running.sort_by_key(|r| r.application.applied_on);
    all.counts = Counts {
        arrived: all.arrived.len(),
        expiring: all.expiring.len(),
        waiting: all.running.iter().map(|r| waiting(&r.progress)).collect(),
        late: all.running.iter().filter(|r| r.pace.mark != Mark::OnTime).count(),
    };
    // Who is not shown is not entered in the log, so the lists are cut here.
    all.arrived.truncate(QUEUE_ROWS);
    all.expiring.truncate(QUEUE_ROWS);
    all.running.truncate(QUEUE_ROWS);
    Ok(all)
}

/// Whether the person's consent stands, as the policy will ask when a document is opened.
fn agreed(tx: &mut Tx<'_>, published: &mut HashMap<String, i32>, charge: &Charge, today: Date) -> Result<bool, Error> {
    let load = match published.get(charge.insurer_no.as_str()) {
        Some(load) => *load,
        None => insurer::find(tx, charge.insurer_no)?.map_or(0, |insurer| insurer.published_load),
    };
    published.insert(charge.insurer_no.as_str().to_owned(), load);
    let standing = standing::consent(tx, charge.insurer_no, charge.insured_no, load, today)?;
    Ok(standing == ConsentStanding::Stands)
}

/// The step at which an application waits.
pub fn waiting(progress: &Progress) -> Option<StepKind> {
    progress.steps.iter().find(|s| s.state == StepState::Now).map(|s| s.kind)
}

type Certs<'a> = (&'a ByPerson<Certification>, &'a ByPerson<BurdenRatio>, &'a ByPerson<Relief>);

/// News among the certificates: only for people whose certificates the office has looked at before, so that a new
/// registration does not count everything as news.
fn arrived_certificates(
    all: &mut Queue,
    m: &Member,
    (certifications, burdens, reliefs): Certs<'_>,
    seen: Option<i32>,
    seen_certification: Option<i32>,
) {
    let key = key(&m.charge);
    if let Some(load) = seen_certification.or(seen) {
        let new = certifications
            .get(&key)
            .and_then(|rows| rows.iter().filter(|r| r.load_no > load).max_by_key(|r| r.record.valid_from));
        if let Some(row) = new {
            all.arrived.push(Arrived { member: m.clone(), what: News::Result(row.record.clone()) });
        }
    }
    if let Some(load) = seen {
        if burdens.get(&key).is_some_and(|rows| rows.iter().any(|r| r.load_no > load)) {
            all.arrived.push(Arrived { member: m.clone(), what: News::Certificate("負担割合証") });
        }
        if reliefs.get(&key).is_some_and(|rows| rows.iter().any(|r| r.load_no > load)) {
            all.arrived.push(Arrived { member: m.clone(), what: News::Certificate("負担限度額認定証など") });
        }
    }
}

/// A document is news once it came after the office last looked.
fn is_new<R>(rows: &[Stored<R>], seen: Option<i32>) -> bool {
    seen.is_some_and(|load| rows.iter().any(|row| row.load_no > load))
}

fn expiring(
    all: &mut Queue,
    m: &Member,
    running: Option<&(Application, Progress)>,
    (certifications, burdens, reliefs): Certs<'_>,
    today: Date,
) {
    let mut push = |what, until, running| {
        all.expiring.push(Expiring { member: m.clone(), what, until, running });
    };
    let line = timeline_of(certifications, &m.charge, today);
    if line.coming.is_empty()
        && let Some(until) = line.now.first().or(line.past.first()).and_then(|x| x.record.valid_until)
        && Urgency::of(until, today) != Urgency::Later
    {
        push(Ending::Certification, until, running.cloned());
    }
    let soon = |until: Date| (0..=30).contains(&days_left(until, today));
    let line = timeline_of(burdens, &m.charge, today);
    if line.coming.is_empty()
        && let Some(until) = line.now.first().and_then(|x| x.record.valid_until).filter(|u| soon(*u))
    {
        push(Ending::BurdenRatio, until, None);
    }
    let line = timeline_of(reliefs, &m.charge, today);
    if line.coming.is_empty()
        && let Some(until) = line.now.first().and_then(|x| x.record.valid_until).filter(|u| soon(*u))
    {
        push(Ending::Relief, until, None);
    }
    let until = m.charge.until();
    if ChargeState::of(until, today) == ChargeState::EndsSoon && until < add_days(today, 60) {
        push(Ending::Charge, until, None);
    }
}
