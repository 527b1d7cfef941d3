//! The funnel: every look at a person and every act on one passes here and leaves an entry in the person's log.
//!
//! A look: find who it is about, ask the policy, read, write the entry — one transaction; the answer leaves only after the
//! commit. A refused or failed look rolls back and leaves its entry in a transaction of its own.

use kaigo_core::policy::{
    Caller, ChargeStanding, ConsentStanding, Grant, Item, Items, Purpose, Refusal, Standing, asks_consent, decide,
};
use kaigo_store::access_log::{self, Entry, Outcome};
use kaigo_store::charge::{self, Charge};
use kaigo_store::db::{self, Tx};
use kaigo_store::insurer::{self, Insurer};
use kaigo_store::standing;

use crate::{App, Ctx, Error};

/// Whom a look is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The person of a registration of the caller's office.
    Charge(String),
    /// The caller themself.
    Myself,
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
            let (charge, insurer_no, insured_no) = resolve(tx, &ctx, &caller, &look)?;
            let mut entry = entry_for(&ctx, &caller, insurer_no.as_str(), insured_no.as_str(), &look);
            let insurer = insurer::find(tx, insurer_no)?.ok_or(Stop { error: Error::NotFound, entry: None })?;
            let asks = asks_consent(&matrix, &caller, look.items, ctx.today);
            let stand = stand(tx, &ctx, charge.as_ref(), (&insurer, insured_no), asks)?;
            let decision = decide(&matrix, &caller, (insurer_no, insured_no), look.items, &stand, ctx.today);
            let decision = decision.map_err(|refusal| {
                refused(&mut entry, &refusal, look.items);
                Stop { error: refusal.into(), entry: Some(Box::new(entry.clone())) }
            })?;
            entry.items = names(decision.grant.items());
            entry.consent_used = decision.grant.consent_used();
            let seen = Seen { grant: decision.grant, refused: decision.refused, charge, insurer };
            match work(tx, &seen) {
                Ok(value) => {
                    access_log::append(tx, &entry)?;
                    Ok(value)
                }
                Err(error) => {
                    if let Error::Forbidden(refusal) = &error {
                        refused(&mut entry, refusal, look.items);
                    } else {
                        Outcome::Failed.code().clone_into(&mut entry.outcome);
                        entry.rule = Some(error.code().to_owned());
                    }
                    let entry = Some(Box::new(entry));
                    Err(Stop { error, entry })
                }
            }
        })
        .await;
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

type Whom = (Option<Charge>, kaigo_core::id::InsurerNo, kaigo_core::id::InsuredNo);

/// Finds whom the look is about. Somebody else's registration leaves a refused entry with the person and looks like nothing.
fn resolve(tx: &mut Tx<'_>, ctx: &Ctx, caller: &Caller, look: &Look) -> Result<Whom, Stop> {
    match (caller, &look.target) {
        (Caller::Staff(staff), Target::Charge(id)) => {
            if let Some(charge) = charge::find(tx, id, staff.office_no)? {
                let (insurer_no, insured_no) = (charge.insurer_no, charge.insured_no);
                return Ok((Some(charge), insurer_no, insured_no));
            }
            let entry = charge::person_of(tx, id)?.map(|(insurer_no, insured_no)| {
                let mut entry = entry_for(ctx, caller, insurer_no.as_str(), insured_no.as_str(), look);
                refused(&mut entry, &Refusal::NotInCharge, look.items);
                Box::new(entry)
            });
            Err(Stop { error: Error::NotFound, entry })
        }
        (Caller::Person { insurer_no, insured_no, .. }, Target::Myself) => Ok((None, *insurer_no, *insured_no)),
        (
            Caller::Staff(_) | Caller::Person { .. } | Caller::InsurerSystem { .. } | Caller::Operator,
            Target::Charge(_) | Target::Myself,
        ) => Err(Stop { error: Error::NotFound, entry: None }),
    }
}

fn stand(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    charge: Option<&Charge>,
    (insurer, insured_no): (&Insurer, kaigo_core::id::InsuredNo),
    asks_consent: bool,
) -> Result<Standing, db::Error> {
    let published = insurer.published_load;
    Ok(Standing {
        charge: charge.map(|c| ChargeStanding { from: c.started_on, until: c.until() }),
        consent: if asks_consent {
            standing::consent(tx, insurer.insurer_no, insured_no, published, ctx.today)?
        } else {
            ConsentStanding::None
        },
        insurer_started_on: insurer.started_on,
        lost_on: standing::lost_on(tx, insurer.insurer_no, insured_no, published)?,
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

fn entry_for(ctx: &Ctx, caller: &Caller, insurer_no: &str, insured_no: &str, look: &Look) -> Entry {
    Entry { document: look.document.clone(), ..entry(ctx, caller, (insurer_no, insured_no), look.act, look.purpose) }
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
        Caller::Person { account_id, name, .. } => (account_id.clone(), name.clone(), None, None, None),
        Caller::InsurerSystem { insurer_no } => ("insurer".to_owned(), insurer_no.to_string(), None, None, None),
        Caller::Operator => ("operator".to_owned(), "運用者".to_owned(), None, None, None),
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
