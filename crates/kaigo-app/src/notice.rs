//! Notices: who is told, what lies in the caller's box, what was read.
//!
//! The one door for telling is [`kaigo_store::notice::tell`]; this module adds who is to be told about a person.

use std::collections::HashMap;

use kaigo_core::date::add_days;
use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::notice::{KEPT_DAYS, Recipient, Topic};
use kaigo_core::policy::{Act, Caller, Cell, Item, JobType, Matrix, Staff, decide_act};
use kaigo_core::record::person::InsuredPerson;
use kaigo_store::db::Tx;
use kaigo_store::notice::{self, Notice, Told, Wanted};
use kaigo_store::{office, queue};

use crate::{App, Ctx, Error};

/// Unread notices that are counted in the header; more are said to be more.
pub const MOST_COUNTED: i32 = 100;
/// Notices of one page.
pub const PAGE: i32 = 50;

/// What everybody concerned is told about a person.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'a> {
    /// About what.
    pub topic: Topic,
    /// Where it is seen: for offices the tab of the person (`certification`), for the person a path (`/my/certification`).
    pub tab: &'a str,
    /// A few words without personal data, may be empty.
    pub note: &'a str,
    /// What it tells: told again with the same key, it is the same notice.
    pub key: &'a str,
}

/// Tells every office that is in charge of the person today and whose column of the sharing table has the topic's item.
pub fn tell_in_charge(
    tx: &mut Tx<'_>,
    matrix: &Matrix,
    ctx: &Ctx,
    person: (InsurerNo, InsuredNo),
    telling: &Telling<'_>,
) -> Result<(), Error> {
    let mut notices = Vec::new();
    for (charge_id, office_no) in notice::in_charge(tx, person, ctx.today)? {
        if let Some(item) = telling.topic.item()
            && !sees(tx, matrix, (office_no, &[item]), ctx)?
        {
            continue;
        }
        let href = format!("/people/{charge_id}/{}", telling.tab);
        notices.push(made(Recipient::Office(office_no), Some(person), href, telling, ctx));
    }
    notice::tell_all(tx, &notices).map_err(Error::from)
}

/// Whether an office may be told of one of the items.
pub(crate) fn sees(
    tx: &mut Tx<'_>,
    matrix: &Matrix,
    (office_no, items): (OfficeNo, &[Item]),
    ctx: &Ctx,
) -> Result<bool, Error> {
    let services = office::services(tx, office_no)?;
    Ok(items.iter().any(|item| has(matrix, *item, services.clone(), ctx)))
}

/// Whether an office with these services may be told of the item. That there is a document is told with the progress of the
/// application, as in the work queue; opening it asks for consent and job.
fn has(matrix: &Matrix, item: Item, services: Vec<kaigo_core::service::ServiceKind>, ctx: &Ctx) -> bool {
    let staff = Staff {
        account_id: String::new(),
        office_no: OfficeNo::default(),
        office_name: String::new(),
        services,
        job: JobType::Clerk,
        is_admin: false,
        name: String::new(),
    };
    staff.readers().iter().any(|reader| match matrix.cell(item, *reader, ctx.today) {
        Cell::Open | Cell::Consent | Cell::ConsentByJob(_) => true,
        Cell::Own | Cell::DualProvider | Cell::Closed | Cell::Unverified => false,
    })
}

/// Tells the person's own accounts and those that act in their place.
pub fn tell_person(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    person: (InsurerNo, InsuredNo),
    telling: &Telling<'_>,
) -> Result<(), Error> {
    let accounts = notice::accounts_of(tx, person)?.into_iter();
    let to = |id| made(Recipient::Account(id), Some(person), telling.tab.to_owned(), telling, ctx);
    let notices: Vec<Notice> = accounts.map(to).collect();
    notice::tell_all(tx, &notices).map_err(Error::from)
}

/// A notice to somebody, told now.
pub(crate) fn made(
    to: Recipient,
    about: Option<(InsurerNo, InsuredNo)>,
    href: String,
    telling: &Telling<'_>,
    ctx: &Ctx,
) -> Notice {
    Notice {
        to,
        topic: telling.topic,
        about,
        href,
        note: telling.note.to_owned(),
        key: telling.key.to_owned(),
        at: ctx.instant(),
    }
}

/// The box of a caller; programs have none.
pub fn box_of(caller: &Caller) -> Option<Recipient> {
    match caller {
        Caller::Staff(s) => Some(Recipient::Office(s.office_no)),
        Caller::Insurer(s) => Some(Recipient::Insurer(s.insurer_no)),
        Caller::Medical(s) => Some(Recipient::Institution(s.institution_no)),
        Caller::Board(s) => Some(Recipient::Board(s.board_id.clone())),
        Caller::Person { account_id, .. } => Some(Recipient::Account(account_id.clone())),
        Caller::OperatorStaff(_) => Some(Recipient::Operator),
        Caller::Supporter(s) => Some(Recipient::Account(s.account_id.clone())),
        Caller::InsurerSystem { .. } | Caller::Operator => None,
    }
}

fn own_box(caller: &Caller) -> Result<Recipient, Error> {
    box_of(caller).ok_or(Error::NotFound)
}

/// Name of who reads, for the colleagues.
fn reader(caller: &Caller) -> &str {
    match caller {
        Caller::Staff(s) => &s.name,
        Caller::Insurer(s) => &s.name,
        Caller::Medical(s) => &s.name,
        Caller::Board(s) => &s.name,
        Caller::Person { name, .. } => name,
        Caller::OperatorStaff(s) => &s.name,
        Caller::Supporter(s) => &s.name,
        Caller::InsurerSystem { .. } | Caller::Operator => "",
    }
}

/// How many unread notices a caller has, counted up to [`MOST_COUNTED`].
pub fn unread(tx: &mut Tx<'_>, caller: &Caller) -> Result<u32, Error> {
    let Some(to) = box_of(caller) else { return Ok(0) };
    Ok(u32::try_from(notice::unread(tx, &to, MOST_COUNTED)?).unwrap_or(0))
}

/// What is looked for in the box.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Only those of a topic.
    pub topic: Option<Topic>,
    /// Read ones, too.
    pub with_read: bool,
    /// Older than this one.
    pub before: Option<String>,
}

/// A page of the box.
#[derive(Clone, Debug)]
pub struct Page {
    /// The notices, the newest first, each with the name of whom it is about, where the caller's own list has it.
    pub rows: Vec<(Told, Option<String>)>,
    /// Whether there are older ones.
    pub more: bool,
    /// Unread ones of each topic, in all.
    pub unread: Vec<(Topic, i64)>,
}

/// The caller's box. Names of people come from the office's own list only, and being shown in one is entered in the person's log.
pub async fn list(app: &App, ctx: &Ctx, caller: &Caller, search: Search) -> Result<Page, Error> {
    let (ctx, caller) = (ctx.clone(), caller.clone());
    app.db
        .write(move |tx| {
            let to = own_box(&caller)?;
            let wanted =
                Wanted { topic: search.topic, with_read: search.with_read, before: search.before, most: PAGE + 1 };
            let mut told = notice::list(tx, &to, &wanted)?;
            let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
            let more = told.len() > most;
            told.truncate(most);
            let names = names(tx, &ctx, &caller, &told)?;
            let unread = notice::unread_by_topic(tx, &to)?;
            let named = |t: Told| {
                let name = t.about.and_then(|about| names.get(&about).cloned());
                (t, name)
            };
            Ok(Page { rows: told.into_iter().map(named).collect(), more, unread })
        })
        .await
}

type Names = HashMap<(InsurerNo, InsuredNo), String>;

fn names(tx: &mut Tx<'_>, ctx: &Ctx, caller: &Caller, told: &[Told]) -> Result<Names, Error> {
    let mut names = Names::new();
    if !matches!(caller, Caller::Staff(_)) || told.iter().all(|t| t.about.is_none()) {
        return Ok(names);
    }
    let grant = decide_act(caller, Act::ListOwn)?;
    let about: Vec<(InsurerNo, InsuredNo)> = told.iter().filter_map(|t| t.about).collect();
    for (insurer_no, row) in queue::records::<InsuredPerson>(tx, &grant, ctx.today)? {
        let found = about.iter().find(|(a, b)| a.as_str() == insurer_no && *b == row.common.insured_no);
        if let Some(whom) = found
            && !names.contains_key(whom)
        {
            names.insert(*whom, row.record.name.as_str().to_owned());
        }
    }
    let mut seen: Vec<_> = names.keys().copied().collect();
    seen.sort_unstable();
    for whom in seen {
        crate::queue::shown(tx, ctx, caller, whom)?;
    }
    Ok(names)
}

/// Opens a notice: it is read, and this is where it is seen.
///
/// # Errors
/// [`Error::NotFound`] unless it lies in the caller's box.
pub async fn open(app: &App, ctx: &Ctx, caller: &Caller, notice_id: &str) -> Result<String, Error> {
    let (to, by, id, now) = (own_box(caller)?, reader(caller).to_owned(), notice_id.to_owned(), ctx.instant());
    app.db
        .write(move |tx| {
            let told = notice::find(tx, &to, &id)?.ok_or(Error::NotFound)?;
            notice::mark_read(tx, &to, &id, (&now, &by))?;
            Ok(told.href)
        })
        .await
}

/// Marks a notice as read without looking at its place.
///
/// # Errors
/// [`Error::NotFound`] unless it lies in the caller's box.
pub async fn mark_read(app: &App, ctx: &Ctx, caller: &Caller, notice_id: &str) -> Result<(), Error> {
    open(app, ctx, caller, notice_id).await.map(drop)
}

/// Marks every notice up to one as read, of one topic or of all: what came after the page was made stays unread.
pub async fn mark_all_read(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    newest: &str,
    topic: Option<Topic>,
) -> Result<u64, Error> {
    let (to, by, newest, now) = (own_box(caller)?, reader(caller).to_owned(), newest.to_owned(), ctx.instant());
    app.db.write(move |tx| notice::mark_all_read(tx, &to, (&newest, topic), (&now, &by)).map_err(Error::from)).await
}

/// Removes notices that were told [`KEPT_DAYS`] days ago or more.
pub async fn tidy(app: &App, ctx: &Ctx) -> Result<u64, Error> {
    let before = format!("{}T00:00:00.000Z", add_days(ctx.today, -KEPT_DAYS));
    app.db.write(move |tx| notice::purge(tx, &before).map_err(Error::from)).await
}
