//! The funnel: every look at a person and every act on one passes here and leaves an entry in the person's log.
//!
//! A look: find who it is about, ask the policy, read, write the entry — one transaction; the answer leaves only after the
//! commit. A refused or failed look rolls back and leaves its entry in a transaction of its own. An act on one person
//! ([`act`]) goes the same way.

use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::{
    Act, ActGrant, Caller, ChargeStanding, ConsentStanding, Grant, Item, Items, Matrix, Purpose, Refusal, Standing,
    asks_consent, decide, decide_act_on,
};
use kaigo_store::access_log::{self, Entry, Outcome};
use kaigo_store::charge::{self, Charge};
use kaigo_store::circle::{self, Whom};
use kaigo_store::db::{self, Tx};
use kaigo_store::insurer::{self, Insurer};
use kaigo_store::standing;

use crate::queue::once_a_day;
use crate::setting::{self, InForce};
use crate::{App, Ctx, Error};

/// Whom a look is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The person of a registration of the caller's office.
    Charge(String),
    /// The caller themself, or the person in whose place the caller acts.
    Myself,
    /// An insured person of the caller's insurer.
    Insured(InsurerNo, InsuredNo),
    /// The person of a request for an opinion to the caller's institution.
    Request(String),
    /// The person of a case before the caller's board.
    BoardCase(String),
}

/// A look: at whom, at what, why.
#[derive(Clone, Debug)]
pub struct Look {
    /// Whom.
    pub target: Target,
    /// What is wanted; the look fails only if not one item is granted.
    pub items: &'static [Item],
    /// What is done: `view`, `list-documents`, `open-document`, `fetch-document`.
    pub act: &'static str,
    /// Document that is opened.
    pub document: Option<String>,
    /// Why.
    pub purpose: Purpose,
}

impl Look {
    /// A look at a page.
    pub fn view(target: Target, items: &'static [Item], purpose: Purpose) -> Self {
        Self { target, items, act: "view", document: None, purpose }
    }
}

/// What the policy gave: passed to the work of a look.
pub struct Seen {
    /// The grant.
    pub grant: Grant,
    /// Items that were wanted and are not granted, with the reason.
    pub refused: Vec<(Item, Refusal)>,
    /// The registration, for staff.
    pub charge: Option<Charge>,
    /// The person's insurer.
    pub insurer: Insurer,
}

impl Seen {
    /// The load whose rows are seen.
    pub fn published(&self) -> i32 {
        self.insurer.published_load
    }

    /// Why an item is not granted.
    pub fn refusal(&self, item: Item) -> Option<&Refusal> {
        self.refused.iter().find(|(i, _)| *i == item).map(|(_, refusal)| refusal)
    }
}

/// An act on one person.
#[derive(Clone, Debug)]
pub struct Deed {
    /// On whom.
    pub target: Target,
    /// What is done.
    pub act: Act,
    /// Items that the work also reads; the deed is refused if not one of them is granted. Empty: it reads none.
    pub items: &'static [Item],
    /// The document that it is about.
    pub document: Option<String>,
    /// Why.
    pub purpose: Purpose,
    /// Entered once a day and account under this name: one page after the other of the same thing would bury the rest of the log.
    /// None: every time.
    pub once: Option<&'static str>,
}

impl Deed {
    /// A deed that reads nothing.
    pub fn new(target: Target, act: Act, purpose: Purpose) -> Self {
        Self { target, act, items: &[], document: None, purpose, once: None }
    }

    /// That is entered once a day and account.
    #[must_use]
    pub fn once_a_day(self, name: &'static str) -> Self {
        Self { once: Some(name), ..self }
    }

    /// That also reads the items.
    #[must_use]
    pub fn reading(self, items: &'static [Item]) -> Self {
        Self { items, ..self }
    }
}

/// What the policy gave for a deed: passed to its work.
pub struct Given {
    /// The right to the act on the person.
    pub act: ActGrant,
    /// The right to read, if the deed asked for items.
    pub grant: Option<Grant>,
    /// Items that were wanted and are not granted, with the reason.
    pub refused: Vec<(Item, Refusal)>,
    /// The registration, for staff.
    pub charge: Option<Charge>,
    /// The person's insurer.
    pub insurer: Insurer,
    /// The person's number.
    pub insured_no: InsuredNo,
}

impl Given {
    /// The load whose rows are seen.
    pub fn published(&self) -> i32 {
        self.insurer.published_load
    }

    /// The right to read.
    ///
    /// # Errors
    /// [`Error::Internal`] if the deed asked for none.
    pub fn reads(&self) -> Result<&Grant, Error> {
        self.grant.as_ref().ok_or_else(|| Error::Internal("a deed without items reads".to_owned()))
    }
}

/// A look that did not come through: the error, and the entry it leaves.
struct Stop {
    error: Error,
    entry: Option<Box<Entry>>,
}

impl From<db::Error> for Stop {
    fn from(e: db::Error) -> Self {
        Self { error: e.into(), entry: None }
    }
}

/// Looks at a person.
///
/// # Errors
/// What the policy refuses, what the work fails with; the entry of the refused or failed look is written before it answers.
pub async fn look<T, F>(app: &App, ctx: &Ctx, caller: &Caller, look: Look, work: F) -> Result<T, Error>
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>, &Seen) -> Result<T, Error> + Send + 'static,
{
    let (matrix, ctx2, caller2) = (app.matrix.clone(), ctx.clone(), caller.clone());
    let outcome = app
        .db
        .write(move |tx| {
            let (ctx, caller) = (ctx2, caller2);
            let what = What { act: look.act, document: look.document.as_deref(), purpose: look.purpose };
            let found = resolve(tx, &ctx, &caller, &look.target, look.items, what)?;
            let mut entry = entry_for(&ctx, &caller, (found.insurer_no, found.insured_no), what);
            let (insurer, rules) = insurer_of(tx, &matrix, found.insurer_no, &ctx)?;
            let asks = asks_consent(&rules.matrix, &caller, look.items, ctx.today);
            let stand = stand(tx, &ctx, &found, &insurer, &rules, asks)?;
            let whom = (found.insurer_no, found.insured_no);
            let decision = decide(&rules.matrix, &caller, whom, look.items, &stand, ctx.today);
            let decision = decision.map_err(|refusal| {
                refused(&mut entry, &refusal, look.items);
                Stop { error: visible(refusal), entry: Some(Box::new(entry.clone())) }
            })?;
            entry.items = names(decision.grant.items());
            entry.consent_used = decision.grant.consent_used();
            let seen = Seen { grant: decision.grant, refused: decision.refused, charge: found.charge, insurer };
            let done = work(tx, &seen);
            finish(tx, entry, look.items, done)
        })
        .await;
    answer(app, outcome).await
}

/// Does an act on one person.
///
/// # Errors
/// What the policy refuses, what the work fails with; the entry of the refused or failed act is written before it answers.
pub async fn act<T, F>(app: &App, ctx: &Ctx, caller: &Caller, deed: Deed, work: F) -> Result<T, Error>
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>, &Given) -> Result<T, Error> + Send + 'static,
{
    let (matrix, ctx2, caller2) = (app.matrix.clone(), ctx.clone(), caller.clone());
    let outcome = app
        .db
        .write(move |tx| {
            let (ctx, caller) = (ctx2, caller2);
            let what = What { act: deed.act.code(), document: deed.document.as_deref(), purpose: deed.purpose };
            let found = resolve(tx, &ctx, &caller, &deed.target, deed.items, what)?;
            let mut entry = entry_for(&ctx, &caller, (found.insurer_no, found.insured_no), what);
            let (insurer, rules) = insurer_of(tx, &matrix, found.insurer_no, &ctx)?;
            let asks = asks_consent(&rules.matrix, &caller, deed.items, ctx.today);
            let stand = stand(tx, &ctx, &found, &insurer, &rules, asks)?;
            let whom = (found.insurer_no, found.insured_no);
            let mut refuse = |refusal: Refusal| {
                refused(&mut entry, &refusal, deed.items);
                Stop { error: visible(refusal), entry: Some(Box::new(entry.clone())) }
            };
            let grant = decide_act_on(&caller, deed.act, whom, &stand, ctx.today).map_err(&mut refuse)?;
            let decision = if deed.items.is_empty() {
                None
            } else {
                let decided = decide(&rules.matrix, &caller, whom, deed.items, &stand, ctx.today);
                Some(decided.map_err(&mut refuse)?)
            };
            let (grant_to_read, not_granted) = match decision {
                Some(decision) => (Some(decision.grant), decision.refused),
                None => (None, Vec::new()),
            };
            if let Some(read) = &grant_to_read {
                entry.items = names(read.items());
                entry.consent_used = read.consent_used();
            }
            let given = Given {
                act: grant,
                grant: grant_to_read,
                refused: not_granted,
                charge: found.charge,
                insurer,
                insured_no: found.insured_no,
            };
            let done = work(tx, &given);
            if let (Ok(_), Some(name)) = (&done, deed.once) {
                let what = format!("{name} {} {} {}", entry.account_id, entry.insured_no, ctx.today);
                entry.entry_id = once_a_day(&ctx, &what);
            }
            finish(tx, entry, deed.items, done)
        })
        .await;
    answer(app, outcome).await
}

/// The end of a unit of work: the entry of what was done, or what stopped it with the entry that it leaves.
fn finish<T>(tx: &mut Tx<'_>, mut entry: Entry, items: &[Item], done: Result<T, Error>) -> Result<T, Stop> {
    match done {
        Ok(value) => {
            access_log::append(tx, &entry)?;
            Ok(value)
        }
        Err(error) => {
            if let Error::Forbidden(refusal) = &error {
                refused(&mut entry, refusal, items);
            } else {
                Outcome::Failed.code().clone_into(&mut entry.outcome);
                entry.rule = Some(error.code().to_owned());
            }
            Err(Stop { error, entry: Some(Box::new(entry)) })
        }
    }
}

/// The answer after the commit or the roll-back; what was refused or failed leaves its entry first.
async fn answer<T>(app: &App, outcome: Result<T, Stop>) -> Result<T, Error> {
    match outcome {
        Ok(value) => Ok(value),
        Err(Stop { error, entry }) => {
            if let Some(entry) = entry {
                app.db.write(move |tx| access_log::append(tx, &entry)).await?;
            }
            Err(error)
        }
    }
}

/// What the caller is told of a refusal: nothing, where even that the person is there says too much.
fn visible(refusal: Refusal) -> Error {
    if refusal.is_visible() { refusal.into() } else { Error::NotFound }
}

/// Whom a look is about, and where the caller stands to them.
struct Found {
    insurer_no: InsurerNo,
    insured_no: InsuredNo,
    charge: Option<Charge>,
    request: Option<ChargeStanding>,
    board_case: bool,
}

/// What is done, for the entry.
#[derive(Clone, Copy)]
struct What<'a> {
    act: &'a str,
    document: Option<&'a str>,
    purpose: Purpose,
}

/// Finds whom the look is about. Somebody else's leaves a refused entry with the person and looks like nothing.
fn resolve(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    caller: &Caller,
    target: &Target,
    items: &[Item],
    what: What<'_>,
) -> Result<Found, Stop> {
    let found = |(insurer_no, insured_no): Whom| Found {
        insurer_no,
        insured_no,
        charge: None,
        request: None,
        board_case: false,
    };
    let (refusal, whom) = match (caller, target) {
        (Caller::Staff(staff), Target::Charge(id)) => {
            if let Some(charge) = charge::find(tx, id, staff.office_no)? {
                let whom = (charge.insurer_no, charge.insured_no);
                return Ok(Found { charge: Some(charge), ..found(whom) });
            }
            (Refusal::NotInCharge, charge::person_of(tx, id)?)
        }
        (Caller::Person { insurer_no, insured_no, .. }, Target::Myself) => {
            return Ok(found((*insurer_no, *insured_no)));
        }
        (Caller::Insurer(staff), Target::Insured(insurer_no, insured_no)) => {
            if staff.insurer_no == *insurer_no {
                return Ok(found((*insurer_no, *insured_no)));
            }
            (Refusal::NotInCharge, Some((*insurer_no, *insured_no)))
        }
        (Caller::Medical(staff), Target::Request(id)) => {
            if let Some((whom, request)) = circle::request(tx, id, staff.institution_no)? {
                return Ok(Found { request: Some(request), ..found(whom) });
            }
            (Refusal::NoRequest, circle::person_of_request(tx, id)?)
        }
        (Caller::Board(staff), Target::BoardCase(id)) => {
            if let Some(whom) = circle::board_case(tx, id, &staff.board_id)? {
                return Ok(Found { board_case: true, ..found(whom) });
            }
            (Refusal::NotInCharge, circle::person_of_case(tx, id)?)
        }
        _ => return Err(Stop { error: Error::NotFound, entry: None }),
    };
    let entry = whom.map(|whom| {
        let mut entry = entry_for(ctx, caller, whom, what);
        refused(&mut entry, &refusal, items);
        Box::new(entry)
    });
    Err(Stop { error: Error::NotFound, entry })
}

fn insurer_of(
    tx: &mut Tx<'_>,
    matrix: &std::sync::Arc<Matrix>,
    insurer_no: InsurerNo,
    ctx: &Ctx,
) -> Result<(Insurer, InForce), Stop> {
    let insurer = insurer::find(tx, insurer_no)?.ok_or(Stop { error: Error::NotFound, entry: None })?;
    let rules = setting::in_force(tx, matrix, insurer_no, ctx.today)?;
    Ok((insurer, rules))
}

fn stand(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    found: &Found,
    insurer: &Insurer,
    rules: &InForce,
    asks_consent: bool,
) -> Result<Standing, db::Error> {
    let published = insurer.published_load;
    Ok(Standing {
        charge: found.charge.as_ref().map(|c| ChargeStanding { from: c.started_on, until: c.until() }),
        consent: if asks_consent {
            standing::consent(tx, insurer.insurer_no, found.insured_no, published, ctx.today)?
        } else {
            ConsentStanding::None
        },
        insurer_started_on: insurer.started_on,
        lost_on: standing::lost_on(tx, insurer.insurer_no, found.insured_no, published)?,
        request: found.request,
        board_case: found.board_case,
        item_starts: rules.item_starts.clone(),
    })
}

fn refused(entry: &mut Entry, refusal: &Refusal, items: &[Item]) {
    Outcome::Refused.code().clone_into(&mut entry.outcome);
    entry.rule = Some(refusal.code().to_owned());
    entry.items = names(Items::of(items));
}

fn names(items: Items) -> String {
    items.iter().map(Item::code).collect::<Vec<_>>().join(",")
}

fn entry_for(ctx: &Ctx, caller: &Caller, (insurer_no, insured_no): Whom, what: What<'_>) -> Entry {
    let whom = (insurer_no.as_str(), insured_no.as_str());
    Entry { document: what.document.map(str::to_owned), ..entry(ctx, caller, whom, what.act, what.purpose) }
}

/// An entry of the caller's about a person, done, with no items yet.
pub fn entry(ctx: &Ctx, caller: &Caller, (insurer_no, insured_no): (&str, &str), act: &str, purpose: Purpose) -> Entry {
    let (account_id, account_name, office_no, office_name, job) = match caller {
        Caller::Staff(s) => (
            s.account_id.clone(),
            s.name.clone(),
            Some(s.office_no.as_str().to_owned()),
            Some(s.office_name.clone()),
            Some(s.job.code().to_owned()),
        ),
        Caller::Person { account_id, name, proxy, .. } => {
            let name = match proxy {
                Some(proxy) => format!("{name}（代理：{}）", proxy.relation),
                None => name.clone(),
            };
            (account_id.clone(), name, None, None, None)
        }
        Caller::Insurer(s) => (s.account_id.clone(), s.name.clone(), None, Some(s.insurer_name.clone()), None),
        Caller::Medical(s) => (
            s.account_id.clone(),
            s.name.clone(),
            None,
            Some(s.institution_name.clone()),
            Some(s.job.code().to_owned()),
        ),
        Caller::Board(s) => (s.account_id.clone(), s.name.clone(), None, Some(s.board_name.clone()), None),
        Caller::InsurerSystem { insurer_no } => ("insurer".to_owned(), insurer_no.to_string(), None, None, None),
        Caller::Operator => ("operator".to_owned(), "運用者".to_owned(), None, None, None),
        Caller::OperatorStaff(s) => (s.account_id.clone(), s.name.clone(), None, None, None),
        Caller::Supporter(s) => (s.account_id.clone(), s.name.clone(), None, Some(s.supporter_name.clone()), None),
    };
    Entry {
        insurer_no: insurer_no.to_owned(),
        entry_id: ctx.ids.timed(ctx.now),
        insured_no: insured_no.to_owned(),
        account_id,
        account_name,
        office_no,
        office_name,
        job,
        act: act.to_owned(),
        items: String::new(),
        document: None,
        purpose: purpose.code().to_owned(),
        outcome: Outcome::Done.code().to_owned(),
        rule: None,
        consent_used: false,
        request_id: ctx.request_id.clone(),
        completed_at: ctx.instant(),
        salt: ctx.ids.id(),
    }
}
