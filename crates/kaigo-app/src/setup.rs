//! Setting up an installation: opening its parts, adding masters, and what the demo adds to them.

use std::path::Path;

use jiff::SignedDuration;
use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::{Act, Caller, Item, JobType, Purpose, Staff, decide_act};
use kaigo_core::rule::charge::stands_until;
use kaigo_store::charge::{self, Charge};
use kaigo_store::db::{Config, Db};
use kaigo_store::institution::{self, Board, Institution};
use kaigo_store::insurer::{self, Insurer};
use kaigo_store::objects::Objects;
use kaigo_store::office::{self, Office, OfficeService};
use kaigo_store::time::instant;
use kaigo_store::{access_log, migrate, presence};

use crate::keys::Keys;
use crate::{App, Ctx, Error, Ids};

/// Opens an installation: keys and documents in the folder, the database as configured, its schema brought up to date.
pub fn open(folder: &Path, config: &Config, now: jiff::Timestamp) -> Result<App, Error> {
    std::fs::create_dir_all(folder).map_err(|e| Error::Internal(format!("{}: {e}", folder.display())))?;
    let keys = Keys::open(folder)?;
    let objects = Objects::folder(&folder.join("objects"), keys.data().clone())?;
    let db = Db::open(config)?;
    migrate::migrate(&db, now)?;
    Ok(App::new(db, objects, keys))
}

/// Adds or changes insurers.
pub async fn put_insurers(app: &App, insurers: Vec<Insurer>) -> Result<(), Error> {
    app.db
        .write(move |tx| {
            let grant = decide_act(&Caller::Operator, Act::Operate)?;
            insurers.iter().try_for_each(|i| insurer::put(tx, &grant, i)).map_err(Error::from)
        })
        .await
}

/// Adds an office that no open data has (地域包括支援センター), with its services.
pub async fn put_office(app: &App, ctx: &Ctx, office: Office, services: Vec<OfficeService>) -> Result<(), Error> {
    let now = ctx.instant();
    app.db
        .write(move |tx| {
            let grant = decide_act(&Caller::Operator, Act::Operate)?;
            office::put(tx, &grant, &office, &now)?;
            services.iter().try_for_each(|s| office::put_service(tx, &grant, s, &now)).map_err(Error::from)
        })
        .await
}

/// Adds or changes medical institutions.
pub async fn put_institutions(app: &App, ctx: &Ctx, institutions: Vec<Institution>) -> Result<(), Error> {
    let now = ctx.instant();
    app.db
        .write(move |tx| {
            let grant = decide_act(&Caller::Operator, Act::Operate)?;
            institutions.iter().try_for_each(|i| institution::put(tx, &grant, i, &now)).map_err(Error::from)
        })
        .await
}

/// Adds or changes a certification board and the insurers that it serves.
pub async fn put_board(app: &App, board: Board, insurers: Vec<InsurerNo>) -> Result<(), Error> {
    app.db
        .write(move |tx| {
            let grant = decide_act(&Caller::Operator, Act::Operate)?;
            institution::put_board(tx, &grant, &board, &insurers).map_err(Error::from)
        })
        .await
}

/// Adds or changes a firm that sets up offices (導入支援事業者).
pub async fn put_supporter(app: &App, supporter_id: String, name: String, phone: Option<String>) -> Result<(), Error> {
    app.db
        .write(move |tx| {
            let grant = decide_act(&Caller::Operator, Act::Operate)?;
            institution::put_supporter(tx, &grant, (&supporter_id, &name, phone.as_deref())).map_err(Error::from)
        })
        .await
}

/// A registration that the demo starts with: it was made some days ago.
#[derive(Clone, Debug)]
pub struct PastCharge {
    /// The office.
    pub office_no: OfficeNo,
    /// Its name.
    pub office_name: String,
    /// The person's insurer.
    pub insurer_no: InsurerNo,
    /// The person's number.
    pub insured_no: InsuredNo,
    /// How many days ago.
    pub days_ago: i32,
    /// Last day, where it is not the rule's.
    pub closes_on: Option<Date>,
    /// Who registered it.
    pub by: String,
}

/// Makes registrations as they would have been made in the past, for the demo and the load test.
pub async fn past_charges(app: &App, ctx: &Ctx, charges: Vec<PastCharge>) -> Result<Vec<String>, Error> {
    let ctx = ctx.clone();
    app.db
        .write(move |tx| {
            let mut ids = Vec::with_capacity(charges.len());
            for past in charges {
                let started_on = kaigo_core::date::add_days(ctx.today, -past.days_ago);
                let at = ctx.now - SignedDuration::from_hours(24 * i64::from(past.days_ago));
                let caller = Caller::Staff(Staff {
                    account_id: "demo".to_owned(),
                    office_no: past.office_no,
                    office_name: past.office_name,
                    services: Vec::new(),
                    job: JobType::CareManager,
                    is_admin: false,
                    name: past.by.clone(),
                });
                let grant = decide_act(&caller, Act::RegisterCharge)?;
                let charge = Charge {
                    insurer_no: past.insurer_no,
                    insured_no: past.insured_no,
                    charge_id: ctx.ids.id(),
                    office_no: past.office_no,
                    started_on,
                    closes_on: past.closes_on.unwrap_or_else(|| stands_until(ctx.today, None)),
                    ended_on: None,
                    end_reason: None,
                    method: "insured-certificate".to_owned(),
                    registered_by: past.by,
                    registered_at: instant(at),
                };
                charge::insert(tx, &grant, &charge, "demo")?;
                // As if the office had kept it by hand: claims of the past are not made up.
                presence::kept(tx, (charge.insurer_no, charge.insured_no), &charge.charge_id, charge.closes_on)?;
                let then = Ctx { now: at, ..ctx.clone() };
                let whom = (charge.insurer_no.as_str(), charge.insured_no.as_str());
                let purpose = Purpose::Charge;
                access_log::append(tx, &crate::run::entry(&then, &caller, whom, Act::RegisterCharge.code(), purpose))?;
                ids.push(charge.charge_id);
            }
            Ok(ids)
        })
        .await
}

/// A look that the demo starts with.
#[derive(Clone, Debug)]
pub struct PastLook {
    /// When it was.
    pub at: jiff::Timestamp,
    /// Who looked.
    pub caller: Caller,
    /// The person's insurer.
    pub insurer_no: InsurerNo,
    /// The person's number.
    pub insured_no: InsuredNo,
    /// What was seen.
    pub items: &'static [Item],
    /// The document that was opened, as in [`crate::documents::DocumentId::text`].
    pub document: Option<String>,
    /// Why.
    pub purpose: Purpose,
}

/// Writes the log entries of looks in the past, for the demo only: nobody looked at anything.
pub async fn past_looks(app: &App, ids: &Ids, looks: Vec<PastLook>) -> Result<(), Error> {
    let ids = ids.clone();
    app.db
        .write(move |tx| {
            for look in &looks {
                let ctx = Ctx::new(look.at, ids.clone());
                let act = if look.document.is_some() { "open-document" } else { "view" };
                let whom = (look.insurer_no.as_str(), look.insured_no.as_str());
                let mut entry = crate::run::entry(&ctx, &look.caller, whom, act, look.purpose);
                entry.items = look.items.iter().map(|item| item.code()).collect::<Vec<_>>().join(",");
                entry.document.clone_from(&look.document);
                access_log::append(tx, &entry)?;
            }
            Ok(())
        })
        .await
}
