//! 導入支援事業者: offices that entrusted a firm, each with its steps. Never a person's data.

use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, Caller, Refusal, decide_act};
use kaigo_core::steps::{Judged, judge};
use kaigo_store::support::{self, Entrustment, Firm};
use kaigo_store::{admin_log, office};

use crate::{App, Ctx, Error, Wrong, steps};

/// An office with its steps.
#[derive(Clone, Debug)]
pub struct Supported {
    /// Number.
    pub office_no: OfficeNo,
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: Option<String>,
    /// Since when.
    pub since: String,
    /// Its steps.
    pub steps: Vec<Judged>,
}

fn firm(caller: &Caller) -> Result<String, Error> {
    match caller {
        Caller::Supporter(s) => Ok(s.supporter_id.clone()),
        Caller::Staff(_)
        | Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_) => Err(Refusal::NotAllowed.into()),
    }
}

/// The offices that entrusted the caller's firm.
pub async fn offices(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Vec<Supported>, Error> {
    let grant = decide_act(caller, Act::SupportOffice)?;
    let (supporter_id, today) = (firm(caller)?, ctx.today);
    app.db
        .read(move |tx| {
            let mut all = Vec::new();
            for (office_no, name, since) in support::of_firm(tx, &grant, &supporter_id)? {
                let phone = office::name(tx, office_no)?.and_then(|(_, phone)| phone);
                let steps = judge(&steps::facts(tx, office_no, today)?, today);
                all.push(Supported { office_no, name, phone, since, steps });
            }
            Ok::<_, Error>(all)
        })
        .await
}

/// One of them.
///
/// # Errors
/// [`Error::NotFound`] for an office that has not entrusted the caller's firm.
pub async fn one(app: &App, ctx: &Ctx, caller: &Caller, office_no: &str) -> Result<Supported, Error> {
    let office_no = OfficeNo::parse(office_no).map_err(|_| Error::NotFound)?;
    let all = offices(app, ctx, caller).await?;
    all.into_iter().find(|o| o.office_no == office_no).ok_or(Error::NotFound)
}

/// What the office sees: its entrustments, and the firms there are.
pub async fn view(app: &App, caller: &Caller) -> Result<(Vec<Entrustment>, Vec<Firm>), Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    app.db.read(move |tx| Ok::<_, Error>((support::of_office(tx, &grant)?, support::firms(tx)?))).await
}

/// Entrusts a firm. One that is entrusted stays so.
///
/// # Errors
/// [`Error::Invalid`] for a firm that does not exist.
pub async fn entrust(app: &App, ctx: &Ctx, caller: &Caller, supporter_id: &str) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    let (staff, ctx, id) = (steps::staff(caller)?.clone(), ctx.clone(), supporter_id.to_owned());
    app.db
        .write(move |tx| {
            let firms = support::firms(tx)?;
            let Some((_, name, _)) = firms.iter().find(|(firm, ..)| *firm == id) else {
                let say = "導入支援事業者を選んでください。".to_owned();
                return Err(Error::Invalid(vec![Wrong { field: "supporter", code: "missing", say }]));
            };
            support::entrust(tx, &grant, (&id, &ctx.ids.id()), (&ctx.instant(), &staff.name))?;
            log(tx, &ctx, &staff, "entrust", name)
        })
        .await
}

/// Ends an entrustment: the firm sees nothing of the office any more, at once.
///
/// # Errors
/// [`Error::NotFound`] for what is not the office's own.
pub async fn end(app: &App, ctx: &Ctx, caller: &Caller, entrustment_id: &str) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    let (staff, ctx, id) = (steps::staff(caller)?.clone(), ctx.clone(), entrustment_id.to_owned());
    app.db
        .write(move |tx| {
            let all = support::of_office(tx, &grant)?;
            let one = all.iter().find(|e| e.entrustment_id == id).ok_or(Error::NotFound)?;
            if support::end(tx, &grant, &id, (&ctx.instant(), &staff.name))? {
                log(tx, &ctx, &staff, "end-entrustment", &one.name)?;
            }
            Ok(())
        })
        .await
}

/// Enters an administrative act of an office.
pub(crate) fn log(
    tx: &mut kaigo_store::db::Tx<'_>,
    ctx: &Ctx,
    staff: &kaigo_core::policy::Staff,
    act: &str,
    subject: &str,
) -> Result<(), Error> {
    let entry = admin_log::Entry {
        owner_kind: admin_log::OFFICE.to_owned(),
        owner_no: staff.office_no.as_str().to_owned(),
        entry_id: ctx.ids.timed(ctx.now),
        done_at: ctx.instant(),
        account_id: staff.account_id.clone(),
        account_name: staff.name.clone(),
        act: act.to_owned(),
        subject: subject.to_owned(),
        detail: String::new(),
    };
    admin_log::append(tx, &entry).map_err(Error::from)
}

/// Enters an act of the operator's desk.
pub(crate) fn desk_log(
    tx: &mut kaigo_store::db::Tx<'_>,
    ctx: &Ctx,
    caller: &Caller,
    (act, subject, detail): (&str, &str, &str),
) -> Result<(), Error> {
    let name = match caller {
        Caller::OperatorStaff(s) => s.name.clone(),
        Caller::Staff(_)
        | Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::Supporter(_) => "運営".to_owned(),
    };
    let entry = admin_log::Entry {
        owner_kind: admin_log::OPERATOR.to_owned(),
        owner_no: admin_log::NO_KEY.to_owned(),
        entry_id: ctx.ids.timed(ctx.now),
        done_at: ctx.instant(),
        account_id: caller.account_id().to_owned(),
        account_name: name,
        act: act.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_owned(),
    };
    admin_log::append(tx, &entry).map_err(Error::from)
}
