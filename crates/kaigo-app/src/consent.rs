//! Consent (包括的同意): given and withdrawn by the person, by a clerk, by an office in the municipality's place; and what it
//! changes. `standing::consent` asks what was done here at every look, so an act counts from the next look on.

use std::sync::Arc;

use kaigo_core::code::ConsentBy;
use kaigo_core::consent_text::{self, ConsentDesk, ConsentMethod, ConsentStep, ConsentText};
use kaigo_core::date::Date;
use kaigo_core::id::{InsurerNo, OfficeNo, holds_individual_number};
use kaigo_core::layout::BadCell;
use kaigo_core::notice::Topic;
use kaigo_core::policy::{Act, Caller, Cell, ConsentStanding, Item, JobType, Matrix, Purpose, Reader, Refusal, Staff};
use kaigo_core::record::consent::Consent;
use kaigo_core::rule::insurer::switch::Switch;
use kaigo_store::consent::{self, ConsentAct};
use kaigo_store::db::Tx;
use kaigo_store::proxy::{self, Proxy};
use kaigo_store::record::{Segment, of_person};
use kaigo_store::{office, standing};

use crate::notice::{self, Telling};
use crate::person::{self, Head};
use crate::run::{Deed, Given as Right, Look, Seen, Target, act, look};
use crate::{App, Ctx, Error, Wrong, setting};

/// What pages about consent read.
const ITEMS: &[Item] = &[Item::ConsentStatus, Item::InsuredCertificate];

/// A consent as it is given.
#[derive(Clone, Debug)]
pub struct Given {
    /// Who gives it. A person on their own pages gives it as what they are.
    pub given_by: ConsentBy,
    /// How. A person on their own pages gives it there.
    pub method: ConsentMethod,
    /// Version of the text that was explained.
    pub text_version: String,
    /// Key of the form: sent twice, it is one consent.
    pub submit_key: String,
    /// Day of the signature; today if none.
    pub on: Option<Date>,
    /// The entry of the proxy who gives it.
    pub proxy_id: Option<String>,
    /// Name and relation of who gives it in the person's place, as an office writes them down; else empty.
    pub giver: String,
}

/// A withdrawal.
#[derive(Clone, Debug)]
pub struct Withdrawn {
    /// Who withdraws.
    pub given_by: ConsentBy,
    /// How.
    pub method: ConsentMethod,
    /// Key of the form.
    pub submit_key: String,
    /// The entry of the proxy who withdraws.
    pub proxy_id: Option<String>,
}

/// An office in charge, with what it sees only by consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Office.
    pub office_no: OfficeNo,
    /// Its name.
    pub name: String,
    /// Last day in charge.
    pub until: Date,
    /// Items that need the consent.
    pub items: Vec<Item>,
}

/// The state of a person's consent.
#[derive(Clone, Debug)]
pub struct ConsentPage {
    /// The person.
    pub head: Head,
    /// What stands today.
    pub standing: ConsentStanding,
    /// What was done here, the newest first.
    pub acts: Vec<ConsentAct>,
    /// What the municipality's records say, the newest first.
    pub records: Vec<Consent>,
    /// Offices in charge, for the person and the insurer.
    pub readings: Vec<Reading>,
    /// Proxies that stand, for the insurer's form.
    pub proxies: Vec<Proxy>,
    /// The text that is explained today.
    pub text: Option<&'static ConsentText>,
}

/// Looks at the state of a consent.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, target: Target) -> Result<ConsentPage, Error> {
    let what = Look::view(target, ITEMS, Purpose::Consent);
    let (ctx2, caller2, matrix) = (ctx.clone(), caller.clone(), Arc::clone(&app.matrix));
    look(app, ctx, caller, what, move |tx, seen| read(tx, &ctx2, &caller2, &matrix, seen)).await
}

fn read(tx: &mut Tx<'_>, ctx: &Ctx, caller: &Caller, matrix: &Arc<Matrix>, seen: &Seen) -> Result<ConsentPage, Error> {
    if let Some(refusal) = seen.refusal(Item::ConsentStatus) {
        return Err(refusal.clone().into());
    }
    let today = ctx.today;
    let (insurer_no, insured_no) = (seen.grant.insurer_no(), seen.grant.insured_no());
    let segments = of_person::<Consent>(tx, &seen.grant, seen.published())?;
    let mut records: Vec<Consent> =
        segments.iter().filter_map(Segment::current).map(|row| row.record.clone()).collect();
    records.sort_by_key(|record| std::cmp::Reverse(record.given_on));
    let whole = matches!(caller, Caller::Person { .. } | Caller::Insurer(_));
    let readings = if whole { readings(tx, ctx, matrix, seen)? } else { Vec::new() };
    let proxies = if whole { proxy::of_person(tx, &seen.grant)? } else { Vec::new() };
    Ok(ConsentPage {
        head: person::head(tx, seen, today)?,
        standing: standing::consent(tx, insurer_no, insured_no, seen.published(), today)?,
        acts: consent::of_person(tx, &seen.grant)?,
        records,
        readings,
        proxies: proxies.into_iter().filter(|proxy| proxy.stands(today)).collect(),
        text: consent_text::current(today),
    })
}

/// Looks at the state of a consent for the page on which an office takes one in the municipality's place.
///
/// # Errors
/// [`Refusal::OfficeKind`] for offices of other kinds, [`Refusal::ConsentAtInsurer`] where the insurer takes consents itself.
pub async fn at_office(app: &App, ctx: &Ctx, caller: &Caller, charge_id: &str) -> Result<ConsentPage, Error> {
    let what = Look::view(Target::Charge(charge_id.to_owned()), ITEMS, Purpose::Consent);
    let (ctx2, caller2, matrix) = (ctx.clone(), caller.clone(), Arc::clone(&app.matrix));
    look(app, ctx, caller, what, move |tx, seen| {
        may_take(tx, &caller2, &matrix, (seen.insurer.insurer_no, ctx2.today))?;
        read(tx, &ctx2, &caller2, &matrix, seen)
    })
    .await
}

/// Whether an office takes consents there, in the municipality's place; for others the policy has answered.
fn may_take(
    tx: &mut Tx<'_>,
    caller: &Caller,
    matrix: &Matrix,
    (insurer_no, today): (InsurerNo, Date),
) -> Result<(), Error> {
    let Caller::Staff(staff) = caller else { return Ok(()) };
    if !staff.may_take_consent() {
        return Err(Refusal::OfficeKind.into());
    }
    if !setting::rules(tx, matrix, insurer_no, today)?.is_on(Switch::OfficeConsent, today) {
        return Err(Refusal::ConsentAtInsurer.into());
    }
    Ok(())
}

/// The offices in charge, with the items that each sees only by consent.
fn readings(tx: &mut Tx<'_>, ctx: &Ctx, matrix: &Arc<Matrix>, seen: &Seen) -> Result<Vec<Reading>, Error> {
    let rules = setting::in_force(tx, matrix, seen.grant.insurer_no(), ctx.today)?;
    let mut all = Vec::new();
    for (office_no, name, until) in consent::offices(tx, &seen.grant, ctx.today)? {
        let staff = Staff {
            account_id: String::new(),
            office_no,
            office_name: name.clone(),
            services: office::services(tx, office_no)?,
            job: JobType::CareManager,
            is_admin: false,
            name: String::new(),
        };
        let items = by_consent(&rules.matrix, &staff.readers(), ctx.today);
        all.push(Reading { office_no, name, until, items });
    }
    Ok(all)
}

/// Items that a reader in these columns sees with the consent and not without.
fn by_consent(matrix: &Matrix, readers: &[Reader], today: Date) -> Vec<Item> {
    let is = |item: Item, wanted: fn(Cell) -> bool| readers.iter().any(|r| wanted(matrix.cell(item, *r, today)));
    let hangs = |item: &Item| {
        is(*item, |cell| matches!(cell, Cell::Consent | Cell::ConsentByJob(_))) && !is(*item, |cell| cell == Cell::Open)
    };
    Item::ALL.iter().copied().filter(hangs).collect()
}

/// What is wrong with a field.
fn wrong(field: &'static str, code: &'static str, say: &str) -> Error {
    Error::Invalid(vec![Wrong { field, code, say: say.to_owned() }])
}

/// Who gives or withdraws, as the caller's own place has it.
struct By {
    desk: ConsentDesk,
    office_no: Option<OfficeNo>,
    giver: ConsentBy,
    proxy_id: Option<String>,
    method: ConsentMethod,
}

fn by(
    tx: &mut Tx<'_>,
    caller: &Caller,
    right: &Right,
    (given_by, method): (ConsentBy, ConsentMethod),
    proxy_id: Option<String>,
) -> Result<By, Error> {
    match caller {
        Caller::Person { proxy: acting, .. } => {
            let found = match acting {
                Some(acting) => proxy::find(tx, (right.insurer.insurer_no, right.insured_no), &acting.proxy_id)?,
                None => None,
            };
            let giver = found.as_ref().map_or(ConsentBy::Person, |proxy| proxy.kind.consent_by());
            let proxy_id = acting.as_ref().map(|acting| acting.proxy_id.clone());
            Ok(By { desk: ConsentDesk::Person, office_no: None, giver, proxy_id, method: ConsentMethod::Portal })
        }
        Caller::Staff(staff) => {
            let office_no = Some(staff.office_no);
            Ok(By { desk: ConsentDesk::Office, office_no, giver: given_by, proxy_id: None, method: at_a_desk(method) })
        }
        Caller::Insurer(_) => {
            let method = at_a_desk(method);
            Ok(By { desk: ConsentDesk::Insurer, office_no: None, giver: given_by, proxy_id, method })
        }
        Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Err(Refusal::NotAllowed.into()),
    }
}

/// Nobody else expresses it on the person's own pages.
fn at_a_desk(method: ConsentMethod) -> ConsentMethod {
    match method {
        ConsentMethod::Portal => ConsentMethod::Screen,
        ConsentMethod::Paper | ConsentMethod::Screen => method,
    }
}

/// Gives the consent. Sent twice with one key, the first one is answered.
///
/// # Errors
/// [`Error::Invalid`] for an unknown version of the text or a day to come; [`Error::Conflict`] if it was withdrawn after the
/// day of the signature.
pub async fn give(app: &App, ctx: &Ctx, caller: &Caller, target: Target, given: Given) -> Result<ConsentAct, Error> {
    let Some(text) = consent_text::find(&given.text_version) else {
        return Err(wrong("text_version", "consent-text", "説明した文の版を選んでください。"));
    };
    let on = given.on.unwrap_or(ctx.today);
    if on > ctx.today {
        return Err(wrong("on", "consent-day", "同意の日が、まだ来ていない日です。書面の日付を確かめてください。"));
    }
    if on < text.from {
        return Err(wrong(
            "on",
            "consent-day",
            "同意の日が、この説明文を使いはじめた日より前です。日付か版を確かめてください。",
        ));
    }
    let giver = giver(caller, &given)?;
    let deed = Deed::new(target, Act::TakeConsent, Purpose::Consent);
    let (ctx2, caller2, matrix) = (ctx.clone(), caller.clone(), Arc::clone(&app.matrix));
    act(app, ctx, caller, deed, move |tx, right| {
        may_take(tx, &caller2, &matrix, (right.insurer.insurer_no, ctx2.today))?;
        let by = by(tx, &caller2, right, (given.given_by, given.method), given.proxy_id)?;
        let new = row(&ctx2, &caller2, right, ConsentStep::Given, (on, text.version, &given.submit_key), by);
        let new = ConsentAct { giver, ..new };
        let kept = consent::insert(tx, &right.act, &new)?;
        let today = ctx2.today;
        let now = standing::consent(tx, right.insurer.insurer_no, right.insured_no, right.published(), today)?;
        if kept.act_id == new.act_id && now != ConsentStanding::Stands {
            // The person's newer word stands against an older paper.
            return Err(Error::Conflict(
                "この日よりあとに、同意が取り消されています。ご本人にもう一度確かめて、きょうの日付の同意を受けてください。"
                    .to_owned(),
            ));
        }
        Ok(kept)
    })
    .await
}

/// Withdraws the consent: from the next look on nobody sees by it. Sent twice with one key, the first one is answered.
///
/// # Errors
/// [`Error::Conflict`] if no consent stands.
pub async fn withdraw(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    target: Target,
    withdrawn: Withdrawn,
) -> Result<ConsentAct, Error> {
    let deed = Deed::new(target, Act::WithdrawConsent, Purpose::Consent);
    let (ctx2, caller2, matrix) = (ctx.clone(), caller.clone(), Arc::clone(&app.matrix));
    act(app, ctx, caller, deed, move |tx, right| {
        let by = by(tx, &caller2, right, (withdrawn.given_by, withdrawn.method), withdrawn.proxy_id)?;
        let today = ctx2.today;
        let stood = standing::consent(tx, right.insurer.insurer_no, right.insured_no, right.published(), today)?;
        let version = consent_text::current(today).map_or("", |text| text.version);
        let new = row(&ctx2, &caller2, right, ConsentStep::Withdrawn, (today, version, &withdrawn.submit_key), by);
        let kept = consent::insert(tx, &right.act, &new)?;
        if kept.act_id == new.act_id && stood != ConsentStanding::Stands {
            return Err(Error::Conflict("いま、取り消す同意はありません。".to_owned()));
        }
        let key = format!("consent-withdrawn {}", kept.act_id);
        let telling = Telling { topic: Topic::ConsentWithdrawn, tab: "documents", note: "", key: &key };
        let whom = (right.insurer.insurer_no, right.insured_no);
        notice::tell_in_charge(tx, &matrix, &ctx2, whom, &telling)?;
        Ok(kept)
    })
    .await
}

/// Characters of who gives it.
const GIVER: usize = 60;

/// Who gives it in the person's place, as written down. An office names them: it knows no registered proxies.
fn giver(caller: &Caller, given: &Given) -> Result<String, Error> {
    let giver = given.giver.trim();
    if given.given_by == ConsentBy::Person {
        return Ok(String::new());
    }
    if holds_individual_number(giver) {
        let bad = BadCell::IndividualNumber;
        return Err(wrong("giver", bad.code(), &format!("{}{}", bad.say("同意した人"), bad.mend("同意した人"))));
    }
    let length = giver.chars().count();
    let missing = giver.is_empty() && matches!(caller, Caller::Staff(_));
    if missing || length > GIVER || giver.chars().any(char::is_control) {
        let say = "ご本人に代わって同意した人の名前と続柄を、60文字までで入れてください。例：久城 花子（長女）";
        return Err(wrong("giver", "consent-giver", say));
    }
    Ok(giver.to_owned())
}

fn row(
    ctx: &Ctx,
    caller: &Caller,
    right: &Right,
    step: ConsentStep,
    (on, version, key): (Date, &str, &str),
    by: By,
) -> ConsentAct {
    let name = crate::run::entry(ctx, caller, ("", ""), "", Purpose::Consent).account_name;
    ConsentAct {
        insured_no: right.insured_no,
        act_id: ctx.ids.timed(ctx.now),
        step,
        acted_on: on,
        acted_at: ctx.instant(),
        desk: by.desk,
        office_no: by.office_no,
        given_by: by.giver,
        proxy_id: by.proxy_id,
        text_version: version.to_owned(),
        method: by.method,
        seen_load: right.published(),
        account_id: caller.account_id().to_owned(),
        account_name: name,
        submit_key: key.to_owned(),
        giver: String::new(),
    }
}
