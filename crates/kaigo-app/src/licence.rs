//! ライセンス: how an office stands, applying, renewing by itself, what an audit asks for.

use jiff::SignedDuration;
use kaigo_core::date::{Date, add_days};
use kaigo_core::id::OfficeNo;
use kaigo_core::licence::{self as rule, Fee, RENEW_DAYS, Standing};
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Act, ActGrant, Caller, Staff, decide_act};
use kaigo_core::rule::Dated;
use kaigo_store::db::Tx;
use kaigo_store::licence::{self, Licence};
use kaigo_store::notice::Notice;
use kaigo_store::time::instant;
use kaigo_store::{exchange, lease};

use crate::{App, Ctx, Error, steps};

/// How an office stands.
#[derive(Clone, Debug)]
pub struct LicencePage {
    /// Standing today.
    pub standing: Standing,
    /// Its licences, the newest first.
    pub licences: Vec<Licence>,
    /// Whether it renews itself.
    pub auto_renew: bool,
    /// The fee of a licence that begins today.
    pub fee: Option<&'static Dated<Fee>>,
    /// Since when the office takes part in the exchange.
    pub joined_at: Option<String>,
    /// Whether the caller may apply.
    pub may_manage: bool,
}

fn periods(licences: &[Licence]) -> Vec<(Date, Date)> {
    licences.iter().map(|l| (l.from_on, l.until_on)).collect()
}

/// How the caller's office stands.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller) -> Result<LicencePage, Error> {
    decide_act(caller, Act::ViewOffice)?;
    let office_no = steps::staff(caller)?.office_no;
    let (today, may_manage) = (ctx.today, decide_act(caller, Act::ManageOffice).is_ok());
    app.db
        .read(move |tx| {
            let licences = licence::of_office(tx, office_no)?;
            Ok::<_, Error>(LicencePage {
                standing: rule::standing(&periods(&licences), today),
                auto_renew: licence::auto_renew(tx, office_no)?.unwrap_or(false),
                fee: rule::fee(today),
                joined_at: exchange::member::joined_at(tx, office_no)?,
                licences,
                may_manage,
            })
        })
        .await
}

fn made(staff: &Staff, ctx: &Ctx, from: Date, fee: Fee) -> Licence {
    Licence {
        office_no: staff.office_no,
        licence_no: 1,
        from_on: from,
        until_on: rule::last_day(from),
        fee: fee.code().to_owned(),
        yen: i64::from(fee.yen()),
        applied_at: ctx.instant(),
        applied_by: staff.name.clone(),
    }
}

/// Applies for a licence: from today, or from the day after the running one. Sent twice with one key, the first one is answered.
///
/// # Errors
/// [`Error::Conflict`] where none is needed, or the running one lasts long enough.
pub async fn apply(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    (auto_renew, submit_key): (bool, String),
) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    let (staff, ctx) = (steps::staff(caller)?.clone(), ctx.clone());
    app.db
        .write(move |tx| {
            if licence::by_key(tx, &grant, &submit_key)?.is_some() {
                return Ok(());
            }
            let own = licence::of_office(tx, staff.office_no)?;
            let today = ctx.today;
            let from = match rule::standing(&periods(&own), today) {
                Standing::NotNeeded { .. } => {
                    return Err(Error::Conflict("いまは、ライセンスは要りません。".to_owned()));
                }
                Standing::Valid { .. } => {
                    return Err(Error::Conflict("ライセンスは有効です。更新は、期限の90日前からできます。".to_owned()));
                }
                Standing::Ended { .. } | Standing::None => today,
                Standing::Soon { until } => add_days(until, 1),
            };
            let fee = rule::fee(from).map_or(Fee::Ended, |row| row.value);
            if fee == Fee::Ended {
                return Err(Error::Conflict("この先は、ライセンスは要らなくなります。".to_owned()));
            }
            licence::insert(tx, &grant, &made(&staff, &ctx, from, fee), &submit_key)?;
            licence::set_auto_renew(tx, &grant, auto_renew, (&ctx.instant(), &staff.name))?;
            Ok(())
        })
        .await
}

/// Sets whether the licence renews itself.
pub async fn set_auto_renew(app: &App, ctx: &Ctx, caller: &Caller, on: bool) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    let (by, now) = (steps::staff(caller)?.name.clone(), ctx.instant());
    app.db.write(move |tx| licence::set_auto_renew(tx, &grant, on, (&now, &by)).map_err(Error::from)).await
}

/// The job, once a day: licences that renew themselves begin anew 30 days before their end, and the office is told.
pub async fn work(app: &App, ctx: &Ctx, holder: &str) -> Result<usize, Error> {
    let (ctx, holder) = (ctx.clone(), holder.to_owned());
    app.db
        .write(move |tx| {
            let until = instant(ctx.now + SignedDuration::from_hours(1));
            if !lease::take(tx, "licence", &holder, &until, &ctx.instant())? {
                return Ok(0);
            }
            let grant = decide_act(&Caller::Operator, Act::Operate)?;
            let ending = licence::to_renew(tx, (ctx.today, add_days(ctx.today, RENEW_DAYS)), 500)?;
            let mut renewed = 0;
            for (office_no, last) in ending {
                renewed += usize::from(renew(tx, &grant, &ctx, office_no, last)?);
            }
            Ok(renewed)
        })
        .await
}

fn renew(tx: &mut Tx<'_>, grant: &ActGrant, ctx: &Ctx, office_no: OfficeNo, last: Date) -> Result<bool, Error> {
    let from = add_days(last, 1);
    let Some(fee) = rule::fee(from).map(|row| row.value).filter(|fee| *fee != Fee::Ended) else {
        return Ok(false);
    };
    let new = Licence {
        office_no,
        licence_no: 1,
        from_on: from,
        until_on: rule::last_day(from),
        fee: fee.code().to_owned(),
        yen: i64::from(fee.yen()),
        applied_at: ctx.instant(),
        applied_by: "自動更新".to_owned(),
    };
    licence::insert(tx, grant, &new, &format!("renew {from}"))?;
    let notice = Notice {
        to: Recipient::Office(office_no),
        topic: Topic::LicenceEnding,
        about: None,
        href: "/office/licence".to_owned(),
        note: format!("{from}から自動で更新しました"),
        key: format!("licence-renewed {from}"),
        at: ctx.instant(),
    };
    kaigo_store::notice::tell(tx, &notice)?;
    Ok(true)
}
