//! The five steps of an office (導入の5つのステップ): what is known of it, judged by the rules of kaigo-core.

use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, Caller, Refusal, Staff, decide_act};
use kaigo_core::steps::{Browser, Facts, Judged, Known, Municipality, Wire, judge};
use kaigo_store::db::Tx;
use kaigo_store::time::parse_instant;
use kaigo_store::{exchange, support};

use crate::ctx::day_in_japan;
use crate::{App, Ctx, Error};

/// The caller as staff of an office.
///
/// # Errors
/// [`Refusal::NotAllowed`] for everybody else.
pub(crate) fn staff(caller: &Caller) -> Result<&Staff, Error> {
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

/// What the connection tells of the caller.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    /// User-Agent.
    pub agent: String,
    /// How it came, where that is known.
    pub wire: Option<Wire>,
}

/// The steps of the caller's office.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, connection: &Connection) -> Result<Vec<Judged>, Error> {
    decide_act(caller, Act::ViewOffice)?;
    let (office_no, today) = (staff(caller)?.office_no, ctx.today);
    let (browser, wire) = (Browser::of(&connection.agent), connection.wire);
    app.db
        .read(move |tx| {
            let facts = Facts { browser: Some(browser), wire, ..facts(tx, office_no, today)? };
            Ok::<_, Error>(judge(&facts, today))
        })
        .await
}

/// What is known of an office: counts and names of municipalities, nothing about a person.
pub(crate) fn facts(tx: &mut Tx<'_>, office_no: OfficeNo, today: kaigo_core::date::Date) -> Result<Facts, Error> {
    let counts = support::counts(tx, office_no, today)?;
    let joined = exchange::member::joined_at(tx, office_no)?;
    Ok(Facts {
        admins: counts.admins,
        certificate: known(support::certificate(tx, office_no)?),
        wire: None,
        browser: None,
        reader: if support::readers(tx, office_no)? > 0 { Known::Yes(None) } else { Known::No },
        staff: counts.accounts,
        joined_on: joined.and_then(|at| parse_instant(&at).ok()).map(day_in_japan),
        people: counts.people,
        sets: counts.sets,
        municipalities: counts.places.into_iter().map(|(name, started_on)| Municipality { name, started_on }).collect(),
    })
}

fn known(certificate: support::Certificate) -> Known {
    match certificate {
        support::Certificate::None => Known::No,
        support::Certificate::Asked => Known::Asked,
        support::Certificate::Until(at) => Known::Yes(parse_instant(&at).ok().map(day_in_japan)),
    }
}
