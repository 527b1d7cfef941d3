//! 試算と実際: an office keeps what かんたんシミュレーション said, and sees what its exchange really came to, month by month.

use kaigo_core::date::{Date, add_months, days_until};
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::savings::{Carried, Month, Settled, count, settle};
use kaigo_core::service::{OfficeClass, ServiceKind};
use kaigo_core::simulator::{Inputs, OfficeSort};
use kaigo_store::exchange::member;
use kaigo_store::savings::{self as store, Estimate};
use kaigo_store::time::{instant, parse_instant};

use crate::ctx::day_in_japan;
use crate::portal::at_japan;
use crate::{App, Ctx, Error, Wrong, steps};

/// Months that are shown beside the estimate, the running one among them.
const MONTHS: i32 = 6;

/// A month as counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Its first day.
    pub first: Date,
    /// Days that are counted: from joining, or the first, to yesterday, or the last.
    pub days: i32,
    /// Whether the office took part on every day of it, and it is over.
    pub is_whole: bool,
    /// Counts.
    pub month: Month,
    /// What it came to.
    pub settled: Settled,
}

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Savings {
    /// The estimate: kept by the office, or the usual one of its kind.
    pub inputs: Inputs,
    /// When and by whom it was kept; none: nobody did.
    pub kept: Option<(String, String)>,
    /// The day on which the office joined the exchange.
    pub joined_on: Option<Date>,
    /// The day from which on a whole month can be seen; none: it is there, or the office has not joined.
    pub ready_on: Option<Date>,
    /// Months, the newest first.
    pub months: Vec<Counted>,
    /// Whether the caller may keep an estimate.
    pub may_manage: bool,
}

impl Savings {
    /// The newest whole month.
    pub fn newest(&self) -> Option<&Counted> {
        self.months.iter().find(|m| m.is_whole)
    }
}

/// The kind of office in the simulator: who plans for people at home, or who delivers.
pub fn sort_of(services: &[ServiceKind]) -> OfficeSort {
    if services.iter().any(|kind| kind.office_class() == OfficeClass::CareManagement) {
        OfficeSort::CareManagement
    } else {
        OfficeSort::Service
    }
}

fn midnight(day: Date) -> Result<String, Error> {
    let at = at_japan(day.at(0, 0, 0, 0)).ok_or_else(|| Error::Internal("no such day".to_owned()))?;
    Ok(instant(at))
}

/// What the caller's office estimated, and what was counted since it joined. Counts of its own mailbox; nobody's record is read.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Savings, Error> {
    let grant = decide_act(caller, Act::ViewOffice)?;
    let staff = steps::staff(caller)?;
    let (office_no, sort, today) = (staff.office_no, sort_of(&staff.services), ctx.today);
    let may_manage = decide_act(caller, Act::ManageOffice).is_ok();
    let oldest = add_months(today.first_of_month(), 1 - MONTHS);
    let (from, until) = (midnight(oldest)?, midnight(today)?);
    let (estimate, joined_at, carried) = app
        .db
        .read(move |tx| {
            let estimate = store::estimate(tx, &grant)?;
            let joined_at = member::joined_at(tx, office_no)?;
            Ok::<_, Error>((estimate, joined_at, store::carried(tx, &grant, (&from, &until))?))
        })
        .await?;
    let usual = |sort| Inputs::usual(sort, today);
    let inputs = estimate.as_ref().and_then(|e| Inputs::parse_line(&e.inputs, usual)).unwrap_or_else(|| usual(sort));
    let joined_on = joined_at.as_deref().map(parse_instant).transpose()?.map(day_in_japan);
    let months = joined_on.map_or_else(Vec::new, |joined_on| months(&inputs, &carried, joined_on, today));
    let ready_on =
        joined_on.filter(|_| !months.iter().any(|m| m.is_whole)).map(|joined_on| add_months(first_whole(joined_on), 1));
    Ok(Savings { inputs, kept: estimate.map(|e| (e.kept_at, e.kept_by)), joined_on, ready_on, months, may_manage })
}

/// The first day of the first month that an office takes part in wholly.
fn first_whole(joined_on: Date) -> Date {
    if joined_on.day() == 1 { joined_on } else { add_months(joined_on.first_of_month(), 1) }
}

/// The months from the running one back to the one in which the office joined. What was sent today is counted tomorrow.
fn months(inputs: &Inputs, carried: &[Carried], joined_on: Date, today: Date) -> Vec<Counted> {
    let running = today.first_of_month();
    (0..MONTHS)
        .map(|back| add_months(running, -back))
        .take_while(|first| *first >= joined_on.first_of_month())
        .map(|first| {
            let next = add_months(first, 1);
            let of_month: Vec<Carried> =
                carried.iter().filter(|set| (first..next).contains(&day_in_japan(set.sent_at))).cloned().collect();
            let month = count(&of_month);
            Counted {
                first,
                days: days_until(first.max(joined_on), next.min(today)).max(0),
                is_whole: first >= first_whole(joined_on) && next <= today,
                settled: settle(inputs, &month, first),
                month,
            }
        })
        .filter(|counted| counted.days > 0)
        .collect()
}

/// Keeps an estimate, as its inputs stand in the address of the simulator, in the place of the one before.
///
/// # Errors
/// [`Error::Invalid`] if the line is none of the simulator's.
pub async fn keep(app: &App, ctx: &Ctx, caller: &Caller, line: &str) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    let inputs = read_line(ctx, line)?;
    let new = Estimate { inputs: inputs.line(), kept_at: ctx.instant(), kept_by: steps::staff(caller)?.name.clone() };
    app.db.write(move |tx| store::keep(tx, &grant, &new).map_err(Error::from)).await
}

/// Reads an estimate from the address of the simulator.
///
/// # Errors
/// [`Error::Invalid`] if it is none.
pub fn read_line(ctx: &Ctx, line: &str) -> Result<Inputs, Error> {
    let say = "試算を読み取れません。かんたんシミュレーションで計算しなおして、「この試算をマイページに残す」を押してください。";
    Inputs::parse_line(line, |sort| Inputs::usual(sort, ctx.today))
        .ok_or_else(|| Error::Invalid(vec![Wrong { field: "", code: "estimate-unreadable", say: say.to_owned() }]))
}
