//! What loads and the passing of days tell: changed certificates, documents that came, ends of certifications, ends of a disaster mode.
//!
//! A job beside the pages. It never reads a record: only that a load has rows of a kind about somebody, and the last days of
//! certifications. Whom it tells stands in the sharing table, as everywhere; told twice with the same key, it is one notice. How far
//! it is, is committed with what it told, so that another process can go on from there.

use std::sync::Arc;

use jiff::SignedDuration;
use kaigo_core::date::{Date, add_days, both};
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Act, ActGrant, Caller, ConsentStanding, Item, Matrix, decide_act};
use kaigo_core::rule::at;
use kaigo_core::rule::expiry::{LADDER, Urgency};
use kaigo_store::db::Tx;
use kaigo_store::disaster;
use kaigo_store::news::{self, Changed, Expiring, Page, Waiting};
use kaigo_store::notice::{self, Notice};
use kaigo_store::time::instant;
use kaigo_store::{insurer, lease, standing};

use crate::notice::{Telling, made, sees};
use crate::{App, Ctx, Error, setting};

/// Name of the lease, and the seconds for which one step has it: far longer than it takes.
const JOB: (&str, i64) = ("news", 120);
/// Name of the daily job over the ends of certifications.
const EXPIRY: &str = "expiry";
/// People of one step.
const PAGE: i32 = 200;
/// Loads that one call works through at most: the rest is for the next one.
const LOADS: i32 = 200;
/// Days after the last day of a disaster mode on which its end is still told.
const LATE_DAYS: i32 = 7;

/// What one call did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Loads that were told to the end.
    pub loads: usize,
    /// People about whom something was told or was told before.
    pub people: usize,
    /// Insurers whose ends of certifications were gone through.
    pub insurers: usize,
}

fn grant() -> Result<ActGrant, Error> {
    decide_act(&Caller::Operator, Act::Operate).map_err(Error::from)
}

/// The job: tells what loads brought, and once a day what ends soon.
pub async fn work(app: &App, ctx: &Ctx, holder: &str) -> Result<Done, Error> {
    let mut done = Done::default();
    let waiting = app.db.read(|tx| news::waiting(tx, &grant()?, LOADS).map_err(Error::from)).await?;
    for mut load in waiting {
        while let Some(page) = step(app, ctx, holder, &load).await? {
            done.people += page.people.len();
            if page.ends {
                done.loads += 1;
                break;
            }
            load.reached = page.to;
        }
    }
    let today = ctx.today;
    let undone = || app.db.read(move |tx| news::undone(tx, &grant()?, EXPIRY, today).map_err(Error::from));
    while let Some(of) = undone().await? {
        if !expiry(app, ctx, holder, of, &mut done).await? {
            break;
        }
    }
    Ok(done)
}

fn leased(tx: &mut Tx<'_>, ctx: &Ctx, holder: &str) -> Result<bool, Error> {
    let until = instant(ctx.now + SignedDuration::from_secs(JOB.1));
    lease::take(tx, JOB.0, holder, &until, &ctx.instant()).map_err(Error::from)
}

/// One step of a load. None: another process has the job.
async fn step(app: &App, ctx: &Ctx, holder: &str, load: &Waiting) -> Result<Option<Page>, Error> {
    let (read, today) = (load.clone(), ctx.today);
    // Read beside the writer: a large load costs nobody a wait.
    let page = app.db.read(move |tx| news::page(tx, &grant()?, &read, today, PAGE).map_err(Error::from)).await?;
    let (app2, ctx, holder, load) = (app.clone(), ctx.clone(), holder.to_owned(), load.clone());
    app.db
        .write(move |tx| {
            if !leased(tx, &ctx, &holder)? || !news::step(tx, &grant()?, &load, &page)? {
                return Ok(None);
            }
            let Some(telling) = Teller::of(tx, &app2, &ctx, load.insurer_no)? else { return Ok(Some(page)) };
            let mut notices = Vec::new();
            for (insured_no, changed) in &page.people {
                telling.changed(tx, &load, (*insured_no, changed), &mut notices)?;
            }
            notice::tell_all(tx, &notices)?;
            Ok(Some(page))
        })
        .await
}

/// What is told by and to whom, for one insurer.
struct Teller<'a> {
    app: &'a App,
    ctx: &'a Ctx,
    insurer_no: InsurerNo,
    published: i32,
    matrix: Arc<Matrix>,
}

impl<'a> Teller<'a> {
    /// None: the insurer does not share yet, and nobody is told anything.
    fn of(tx: &mut Tx<'_>, app: &'a App, ctx: &'a Ctx, insurer_no: InsurerNo) -> Result<Option<Self>, Error> {
        let Some(insurer) = insurer::find(tx, insurer_no)? else { return Ok(None) };
        if insurer.started_on.is_none_or(|on| on > ctx.today) {
            return Ok(None);
        }
        let matrix = setting::in_force(tx, &app.matrix, insurer_no, ctx.today)?.matrix;
        Ok(Some(Self { app, ctx, insurer_no, published: insurer.published_load, matrix }))
    }

    /// The offices in charge whose column has one of the items: registration and office.
    fn offices(
        &self,
        tx: &mut Tx<'_>,
        insured_no: InsuredNo,
        items: &[Item],
    ) -> Result<Vec<(String, Recipient)>, Error> {
        let mut all = Vec::new();
        for (charge_id, office_no) in notice::in_charge(tx, (self.insurer_no, insured_no), self.ctx.today)? {
            if sees(tx, &self.matrix, (office_no, items), self.ctx)? {
                all.push((charge_id, Recipient::Office(office_no)));
            }
        }
        Ok(all)
    }

    fn accounts(&self, tx: &mut Tx<'_>, insured_no: InsuredNo) -> Result<Vec<Recipient>, Error> {
        let accounts = notice::accounts_of(tx, (self.insurer_no, insured_no))?;
        Ok(accounts.into_iter().map(Recipient::Account).collect())
    }

    /// What a load changed for a person.
    fn changed(
        &self,
        tx: &mut Tx<'_>,
        load: &Waiting,
        (insured_no, changed): (InsuredNo, &Changed),
        notices: &mut Vec<Notice>,
    ) -> Result<(), Error> {
        let about = Some((self.insurer_no, insured_no));
        if !changed.certificates.is_empty() {
            let items: Vec<Item> = changed.certificates.iter().flat_map(|(_, items)| items.iter().copied()).collect();
            let names: Vec<&str> = changed.certificates.iter().map(|(name, _)| *name).collect();
            let (note, key) = (names.join("・"), format!("certificate {insured_no} {}", load.load_no));
            let telling = |tab| Telling { topic: Topic::CertificateChanged, tab, note: &note, key: &key };
            for (charge_id, to) in self.offices(tx, insured_no, &items)? {
                if !notice::heard(tx, &to, (self.insurer_no, insured_no), &load.at)? {
                    let href = format!("/people/{charge_id}/certificates");
                    notices.push(made(to, about, href, &telling("certificates"), self.ctx));
                }
            }
            for to in self.accounts(tx, insured_no)? {
                if !notice::heard(tx, &to, (self.insurer_no, insured_no), &load.at)? {
                    notices.push(made(to, about, "/my".to_owned(), &telling("/my"), self.ctx));
                }
            }
        }
        if changed.documents {
            self.documents(tx, insured_no, notices)?;
        }
        Ok(())
    }

    /// A document is there: who may see it by the consent that stands is told so; without any consent, that it is missing.
    fn documents(&self, tx: &mut Tx<'_>, insured_no: InsuredNo, notices: &mut Vec<Notice>) -> Result<(), Error> {
        let (person, today) = ((self.insurer_no, insured_no), self.ctx.today);
        let consent = standing::consent(tx, self.insurer_no, insured_no, self.published, today)?;
        let (topic, key) = match consent {
            // Once a day, however often the desk corrects it.
            ConsentStanding::Stands => (Topic::DocumentsReady, format!("documents {insured_no} {today}")),
            ConsentStanding::None => {
                (Topic::ConsentMissing, format!("consent-missing {} {insured_no}", self.insurer_no))
            }
            // Whoever withdrew it was told what follows, and so were the offices.
            ConsentStanding::Withdrawn(_) => return Ok(()),
        };
        let telling = Telling { topic, tab: "documents", note: "", key: &key };
        for (charge_id, to) in self.offices(tx, insured_no, &[Item::Survey, Item::DoctorOpinion])? {
            notices.push(made(to, Some(person), format!("/people/{charge_id}/documents"), &telling, self.ctx));
        }
        if topic == Topic::ConsentMissing {
            let href = format!("/insurer/people/{}", self.app.keys.person_ref(self.insurer_no, insured_no));
            notices.push(made(Recipient::Insurer(self.insurer_no), Some(person), href, &telling, self.ctx));
        }
        Ok(())
    }

    /// A certification ends soon: told once at each step of the ladder.
    fn expires(&self, tx: &mut Tx<'_>, found: &Expiring, notices: &mut Vec<Notice>) -> Result<(), Error> {
        let (no, until, today) = (found.insured_no, found.until, self.ctx.today);
        if standing::lost_on(tx, self.insurer_no, no, self.published)?.is_some_and(|on| on <= today) {
            return Ok(());
        }
        let step = match Urgency::of(until, today) {
            Urgency::Soon => "soon",
            Urgency::Urgent | Urgency::LastDay => "urgent",
            Urgency::Later | Urgency::Ended => return Ok(()),
        };
        let note = format!("{}まで", both(until));
        let key = format!("expiry {no} {} {until} {step}", found.record_no);
        let telling = Telling { topic: Topic::ExpiryApproaching, tab: "certification", note: &note, key: &key };
        let about = Some((self.insurer_no, no));
        for (charge_id, to) in self.offices(tx, no, &[Item::InsuredCertificate])? {
            notices.push(made(to, about, format!("/people/{charge_id}/certification"), &telling, self.ctx));
        }
        for to in self.accounts(tx, no)? {
            notices.push(made(to, about, "/my/certification".to_owned(), &telling, self.ctx));
        }
        Ok(())
    }
}

/// The ends of an insurer's certifications, and of its disaster modes. Answers false if another process has the job.
async fn expiry(
    app: &App,
    ctx: &Ctx,
    holder: &str,
    (insurer_no, published): (InsurerNo, i32),
    done: &mut Done,
) -> Result<bool, Error> {
    let today = ctx.today;
    let soon = at(LADDER, today).map_or(0, |row| row.value.soon);
    let (mut after, most) = (String::new(), usize::try_from(PAGE).unwrap_or(usize::MAX));
    loop {
        let from = after.clone();
        let mut found = app
            .db
            .read(move |tx| {
                let days = (today, add_days(today, soon));
                news::expiring(tx, &grant()?, (insurer_no, published), days, (&from, PAGE)).map_err(Error::from)
            })
            .await?;
        let ends = found.len() < most;
        if !ends {
            // The last person may be cut: left for the next step.
            let cut = found.last().map(|e| e.insured_no);
            if found.iter().any(|e| Some(e.insured_no) != cut) {
                found.retain(|e| Some(e.insured_no) != cut);
            }
        }
        after = found.last().map(|e| e.insured_no.to_string()).unwrap_or_default();
        done.people += found.len();
        if !told(app, ctx, holder, (insurer_no, found, ends)).await? {
            return Ok(false);
        }
        if ends {
            done.insurers += 1;
            return Ok(true);
        }
    }
}

async fn told(
    app: &App,
    ctx: &Ctx,
    holder: &str,
    (insurer_no, found, ends): (InsurerNo, Vec<Expiring>, bool),
) -> Result<bool, Error> {
    let (app2, ctx, holder) = (app.clone(), ctx.clone(), holder.to_owned());
    app.db
        .write(move |tx| {
            if !leased(tx, &ctx, &holder)? {
                return Ok(false);
            }
            if let Some(telling) = Teller::of(tx, &app2, &ctx, insurer_no)? {
                let mut notices = Vec::new();
                for one in &found {
                    telling.expires(tx, one, &mut notices)?;
                }
                notice::tell_all(tx, &notices)?;
            }
            if ends {
                disasters(tx, &ctx, insurer_no)?;
                news::done(tx, &grant()?, insurer_no, EXPIRY, ctx.today)?;
            }
            Ok(true)
        })
        .await
}

/// Modes that ran out: their offices are told once.
fn disasters(tx: &mut Tx<'_>, ctx: &Ctx, insurer_no: InsurerNo) -> Result<(), Error> {
    let days: (Date, Date) = (add_days(ctx.today, -LATE_DAYS), add_days(ctx.today, -1));
    for mode in disaster::ran_out(tx, &grant()?, insurer_no, days)? {
        crate::disaster::tell_offices(tx, ctx, &mode, crate::disaster::Told::Ended)?;
    }
    Ok(())
}
