//! Keeping and releasing a registration as 担当事業所.

use kaigo_core::date::Date;
use kaigo_core::policy::{Act, Caller, Item, Purpose, Refusal, decide_act};
use kaigo_core::rule::charge::stands_until;
use kaigo_store::access_log::{self, Outcome};
use kaigo_store::charge::{self, Charge};
use kaigo_store::presence;

use crate::person::{self, Head};
use crate::run::{Look, Target, entry, look};
use crate::{App, Ctx, Error, disaster};

/// The registration's page.
#[derive(Clone, Debug)]
pub struct ChargePage {
    /// The person.
    pub head: Head,
    /// The registration.
    pub charge: Charge,
    /// Until when it can be kept now, if that is later than it stands.
    pub keep_until: Option<Date>,
}

/// Looks at the registration.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, charge_id: &str) -> Result<ChargePage, Error> {
    let today = ctx.today;
    let what = Look::view(Target::Charge(charge_id.to_owned()), &[Item::InsuredCertificate], Purpose::Charge);
    look(app, ctx, caller, what, move |tx, seen| {
        let charge = seen.charge.clone().ok_or(Error::NotFound)?;
        let until = stands_until(today, None);
        let keep_until = Some(until).filter(|until| *until > charge.closes_on && charge.method != disaster::METHOD);
        Ok(ChargePage { head: person::head(tx, seen, today)?, charge, keep_until })
    })
    .await
}

/// Keeps the registration: service goes on. Answers the new last day. Done twice, nothing more happens.
///
/// # Errors
/// [`Error::NotFound`] unless it is the office's; [`Error::Conflict`] if it has ended.
pub async fn keep(app: &App, ctx: &Ctx, caller: &Caller, charge_id: &str) -> Result<Date, Error> {
    let (ctx2, caller2, id) = (ctx.clone(), caller.clone(), charge_id.to_owned());
    let done = app
        .db
        .write(move |tx| {
            let (ctx, caller) = (ctx2, caller2);
            let grant = decide_act(&caller, Act::KeepCharge)?;
            let Caller::Staff(staff) = &caller else {
                return Err(Refusal::NotAllowed.into());
            };
            let charge = charge::find(tx, &id, staff.office_no)?.ok_or(Error::NotFound)?;
            if charge.until() < ctx.today {
                return Err(ended());
            }
            disaster::may_keep(&charge.method)?;
            let until = stands_until(ctx.today, None).max(charge.closes_on);
            if until > charge.closes_on {
                if !charge::keep(tx, &grant, &charge, until)? {
                    return Err(ended());
                }
                presence::kept(tx, (charge.insurer_no, charge.insured_no), &charge.charge_id, until)?;
                let whom = (charge.insurer_no.as_str(), charge.insured_no.as_str());
                access_log::append(tx, &entry(&ctx, &caller, whom, Act::KeepCharge.code(), Purpose::Charge))?;
            }
            Ok(until)
        })
        .await;
    stranger(app, ctx, caller, charge_id, Act::KeepCharge, &done).await?;
    done
}

/// Enters in the person's log that somebody else's registration was tried.
async fn stranger<T>(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    charge_id: &str,
    act: Act,
    done: &Result<T, Error>,
) -> Result<(), Error> {
    if !matches!(done, Err(Error::NotFound)) {
        return Ok(());
    }
    let (ctx, caller, id) = (ctx.clone(), caller.clone(), charge_id.to_owned());
    app.db
        .write(move |tx| {
            let Some((insurer_no, insured_no)) = charge::person_of(tx, &id)? else { return Ok(()) };
            let whom = (insurer_no.as_str(), insured_no.as_str());
            let mut entry = entry(&ctx, &caller, whom, act.code(), Purpose::Charge);
            Outcome::Refused.code().clone_into(&mut entry.outcome);
            entry.rule = Some(Refusal::NotInCharge.code().to_owned());
            access_log::append(tx, &entry).map_err(Error::from)
        })
        .await
}

/// Releases the registration: from this moment on the office sees nothing of the person.
///
/// # Errors
/// [`Error::NotFound`] unless it is the office's; [`Error::Conflict`] if it has ended.
pub async fn release(app: &App, ctx: &Ctx, caller: &Caller, charge_id: &str, reason: &str) -> Result<(), Error> {
    let (ctx2, caller2, id, reason) = (ctx.clone(), caller.clone(), charge_id.to_owned(), reason.to_owned());
    let done = app
        .db
        .write(move |tx| {
            let (ctx, caller) = (ctx2, caller2);
            let grant = decide_act(&caller, Act::ReleaseCharge)?;
            let Caller::Staff(staff) = &caller else {
                return Err(Refusal::NotAllowed.into());
            };
            let charge = charge::find(tx, &id, staff.office_no)?.ok_or(Error::NotFound)?;
            if !charge::release(tx, &grant, &charge, ctx.today, &reason)? {
                return Err(ended());
            }
            let whom = (charge.insurer_no.as_str(), charge.insured_no.as_str());
            access_log::append(tx, &entry(&ctx, &caller, whom, Act::ReleaseCharge.code(), Purpose::Charge))?;
            Ok(())
        })
        .await;
    stranger(app, ctx, caller, charge_id, Act::ReleaseCharge, &done).await?;
    done
}

fn ended() -> Error {
    Error::Conflict("この方の担当は、もう終わっています。続けるときは、もう一度本人確認をしてください。".to_owned())
}
