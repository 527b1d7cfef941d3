//! Keeping and releasing a registration as 担当事業所.

use kaigo_core::date::Date;
use kaigo_core::policy::{Act, Caller, Item, Purpose, Refusal, decide_act};
use kaigo_core::rule::charge::{Grace, grace, stands_until};
use kaigo_core::rule::presence::{ClaimPresence, Presence, Registered, month, until};
use kaigo_store::access_log::{self, Outcome};
use kaigo_store::charge::{self, Charge};
use kaigo_store::presence;

use crate::person::{self, Head};
use crate::run::{Look, Target, entry, look};
use crate::{App, Ctx, Error, disaster, setting};

/// The registration's page.
#[derive(Clone, Debug)]
pub struct ChargePage {
    /// The person.
    pub head: Head,
    /// The registration.
    pub charge: Charge,
    /// Until when it can be kept now, if that is later than it stands.
    pub keep_until: Option<Date>,
    /// The office's own claims for the person, the newest first: month of service, what became of it, month in which it came.
    pub claims: Vec<(String, ClaimPresence, String)>,
    /// Months without a claim after which the registration ends, by the insurer's rules.
    pub grace_months: i32,
    /// Why the registration stands until its last day.
    pub held: Held,
}

/// What holds a registration until its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It is new: the months after the registration itself.
    Registration,
    /// The claim of a month.
    Claim(Date),
    /// A claim that was sent back and can be sent again.
    Returned(Date),
    /// The office kept it by hand.
    Hand,
}

/// Looks at the registration.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, charge_id: &str) -> Result<ChargePage, Error> {
    let (today, matrix) = (ctx.today, app.matrix.clone());
    let what = Look::view(Target::Charge(charge_id.to_owned()), &[Item::InsuredCertificate], Purpose::Charge);
    look(app, ctx, caller, what, move |tx, seen| {
        let charge = seen.charge.clone().ok_or(Error::NotFound)?;
        let until = stands_until(today, None);
        let keep_until = Some(until).filter(|until| *until > charge.closes_on && charge.method != disaster::METHOD);
        let claims = presence::months(tx, (charge.insurer_no, charge.insured_no), charge.office_no)?;
        let own = setting::rules(tx, &matrix, charge.insurer_no, today)?.grace_months;
        let grace = Grace { months: own.unwrap_or(grace(today).months), ..grace(today) };
        let by_hand = presence::kept_until(tx, (charge.insurer_no, charge.insured_no), &charge.charge_id)?;
        let held = held(&charge, by_hand, &claims, grace);
        Ok(ChargePage {
            head: person::head(tx, seen, today)?,
            charge,
            keep_until,
            claims,
            grace_months: grace.months,
            held,
        })
    })
    .await
}

/// What holds the registration, as the daily job weighs it.
fn held(charge: &Charge, by_hand: Option<Date>, claims: &[(String, ClaimPresence, String)], grace: Grace) -> Held {
    let registered = Registered { on: charge.started_on, kept_until: None };
    let standing = claims.iter().filter(|(_, state, _)| *state != ClaimPresence::Returned);
    let claimed = standing.filter_map(|(served, ..)| month(served)).max();
    let returned = claims.iter().filter(|(_, state, _)| *state == ClaimPresence::Returned);
    let returned = returned.filter_map(|(.., received)| month(received)).max();
    let with = |presence| until(registered, presence, grace);
    let (bare, by_claim) = (with(Presence::default()), with(Presence { claimed, returned: None }));
    let by_returned = with(Presence { claimed: None, returned });
    let rule = bare.max(by_claim).max(by_returned);
    match (claimed, returned) {
        _ if by_hand.is_some_and(|day| day > rule) => Held::Hand,
        (_, Some(month)) if by_returned > by_claim.max(bare) => Held::Returned(month),
        (Some(month), _) if by_claim > bare => Held::Claim(month),
        (Some(month), _) if month >= charge.started_on.first_of_month() => Held::Claim(month),
        (None | Some(_), _) => Held::Registration,
    }
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const GRACE: Grace = Grace { months: 3, warn_days: 30 };

    fn charge(closes_on: Date) -> Charge {
        Charge {
            insurer_no: kaigo_core::id::InsurerNo::default(),
            insured_no: kaigo_core::id::InsuredNo::default(),
            charge_id: String::new(),
            office_no: kaigo_core::id::OfficeNo::default(),
            started_on: date(2026, 6, 10),
            closes_on,
            ended_on: None,
            end_reason: None,
            method: "insured-certificate".to_owned(),
            registered_by: String::new(),
            registered_at: String::new(),
        }
    }

    fn claim(served: &str, state: ClaimPresence, received: &str) -> (String, ClaimPresence, String) {
        (served.to_owned(), state, received.to_owned())
    }

    #[test]
    fn what_holds_a_registration_is_named() {
        use ClaimPresence::{Claimed, Returned};
        let new = charge(date(2026, 9, 30));
        assert_eq!(held(&new, None, &[], GRACE), Held::Registration);
        let old = claim("2026-03", Claimed, "2026-04");
        assert_eq!(held(&new, None, &[old], GRACE), Held::Registration, "somebody else's business before");
        let claims = [claim("2026-09", Claimed, "2026-10"), claim("2026-08", Claimed, "2026-09")];
        let by_claim = charge(date(2026, 12, 31));
        assert_eq!(held(&by_claim, None, &claims, GRACE), Held::Claim(date(2026, 9, 1)));
        let sent_back = [claim("2026-09", Returned, "2026-11"), claim("2026-08", Claimed, "2026-09")];
        let returned = charge(date(2027, 2, 28));
        assert_eq!(held(&returned, None, &sent_back, GRACE), Held::Returned(date(2026, 11, 1)));
        let kept = date(2027, 5, 31);
        assert_eq!(held(&charge(kept), Some(kept), &claims, GRACE), Held::Hand);
        let older = Some(date(2026, 9, 30));
        assert_eq!(held(&by_claim, older, &claims, GRACE), Held::Claim(date(2026, 9, 1)), "a claim came after");
    }
}
