//! 本人確認 and the registration as 担当事業所 that follows it.

use jiff::SignedDuration;
use kaigo_core::date::{Date, parse_date};
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::kana::{is_kana, same_kana};
use kaigo_core::layout::BadCell;
use kaigo_core::policy::{Act, ActGrant, Caller, Item, Items, Purpose, Refusal, Staff, decide_act};
use kaigo_core::record::person::InsuredPerson;
use kaigo_core::rule::assurance::{Assurance, is_enough};
use kaigo_core::rule::charge::stands_until;
use kaigo_store::access_log::{self, Entry, Outcome};
use kaigo_store::charge::{self, Charge, Look as LastLook};
use kaigo_store::db::Tx;
use kaigo_store::disaster::Disaster;
use kaigo_store::identity::{self, Check};
use kaigo_store::insurer::{self, Insurer};
use kaigo_store::time::instant;

use crate::run::entry;
use crate::{App, Ctx, Error, Wrong, disaster, setting};

/// Checks that found nobody, per account and hour, after which one has to wait.
pub const MISSES_AN_HOUR: i64 = 10;
/// Minutes within which a check must be used for the registration.
pub const USE_WITHIN_MINUTES: i64 = 30;

/// How an identity is shown in one step. A card takes more than one: see [`crate::card`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityEvidence {
    /// The person showed the 被保険者証 and staff typed its four items.
    InsuredCertificate(FourItems),
}

impl IdentityEvidence {
    /// Name in tables and in the log.
    pub fn method(&self) -> &'static str {
        match self {
            Self::InsuredCertificate(_) => "insured-certificate",
        }
    }
}

/// The four identifying items of the 被保険者証.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FourItems {
    /// Insurer number (保険者番号).
    pub insurer_no: InsurerNo,
    /// Insured person number (被保険者番号).
    pub insured_no: InsuredNo,
    /// Name in kana (氏名カナ).
    pub kana: String,
    /// Birth date (生年月日).
    pub born_on: Date,
}

/// The four items as typed.
#[derive(Clone, Debug, Default)]
pub struct TypedItems {
    /// 保険者番号.
    pub insurer_no: String,
    /// 被保険者番号.
    pub insured_no: String,
    /// 氏名カナ.
    pub kana: String,
    /// 生年月日.
    pub birth: String,
}

impl FourItems {
    /// Reads what was typed; says of every field what is wrong with its form. Nothing here depends on who exists.
    pub fn parse(typed: &TypedItems) -> Result<Self, Error> {
        let mut wrong = Vec::new();
        let insurer_no =
            keep(InsurerNo::parse(&typed.insurer_no), &typed.insurer_no, "insurer_no", "保険者番号", &mut wrong);
        let insured_no =
            keep(InsuredNo::parse(&typed.insured_no), &typed.insured_no, "insured_no", "被保険者番号", &mut wrong);
        let kana = if typed.kana.trim().is_empty() {
            Err(BadCell::Missing)
        } else if is_kana(&typed.kana) && typed.kana.chars().count() <= 60 {
            Ok(typed.kana.trim().to_owned())
        } else {
            Err(BadCell::Shape { want: "カタカナかひらがな" })
        };
        let kana = keep(kana, &typed.kana, "kana", "氏名カナ", &mut wrong);
        let born_on =
            keep(parse_date(&typed.birth).ok_or(BadCell::Date), &typed.birth, "birth", "生年月日", &mut wrong);
        match (insurer_no, insured_no, kana, born_on) {
            (Some(insurer_no), Some(insured_no), Some(kana), Some(born_on)) if wrong.is_empty() => {
                Ok(Self { insurer_no, insured_no, kana, born_on })
            }
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

pub(crate) fn keep<T>(
    read: Result<T, BadCell>,
    typed: &str,
    field: &'static str,
    ja: &str,
    wrong: &mut Vec<Wrong>,
) -> Option<T> {
    let bad = if kaigo_core::id::holds_individual_number(typed) {
        BadCell::IndividualNumber
    } else if typed.trim().is_empty() {
        BadCell::Missing
    } else {
        match read {
            Ok(value) => return Some(value),
            Err(bad) => bad,
        }
    };
    wrong.push(Wrong { field, code: bad.code(), say: format!("{}{}", bad.say(ja), bad.mend(ja)) });
    None
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// The four items are those of one person.
    Match {
        /// The check, to register with.
        check_id: String,
    },
    /// They are not, whatever the reason.
    NoMatch,
    /// The insurer does not share yet.
    NotStarted {
        /// The insurer's name.
        name: String,
        /// First day, if set.
        from: Option<Date>,
        /// First days of single items, where the insurer set later ones.
        items: Vec<(Item, Date)>,
    },
}

/// Checks an identity. The answer is kept; a miss is entered in the log of the person whose number was typed.
///
/// # Errors
/// [`Error::TooMany`] after too many misses of the account within an hour.
pub async fn check(app: &App, ctx: &Ctx, caller: &Caller, evidence: IdentityEvidence) -> Result<Checked, Error> {
    let (ctx, caller) = (ctx.clone(), caller.clone());
    app.db.write(move |tx| check_in(tx, &ctx, &caller, &evidence)).await
}

fn check_in(tx: &mut Tx<'_>, ctx: &Ctx, caller: &Caller, evidence: &IdentityEvidence) -> Result<Checked, Error> {
    let grant = decide_act(caller, Act::CheckIdentity)?;
    let Caller::Staff(staff) = caller else {
        return Err(Refusal::NotAllowed.into());
    };
    let IdentityEvidence::InsuredCertificate(items) = evidence;
    let whom = (items.insurer_no, items.insured_no);
    compare(tx, ctx, (caller, staff, &grant), whom, evidence.method(), |person| fits(person, items))
}

/// Compares what was shown with the person whose number was given, and keeps the answer. A miss is entered in that person's log.
///
/// # Errors
/// [`Error::TooMany`] after too many misses of the account within an hour.
pub(crate) fn compare(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (caller, staff, grant): (&Caller, &Staff, &ActGrant),
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    method: &str,
    fits: impl FnOnce(&InsuredPerson) -> bool,
) -> Result<Checked, Error> {
    let hour_ago = instant(ctx.now - SignedDuration::from_hours(1));
    let (misses, first) = identity::misses(tx, &staff.account_id, &hour_ago)?;
    if misses >= MISSES_AN_HOUR {
        let first = kaigo_store::time::parse_instant(&first)?;
        let wait = first.as_second() + 3600 - ctx.now.as_second();
        return Err(Error::TooMany { minutes: (wait.max(1) + 59) / 60 });
    }
    let insurer = insurer::find(tx, insurer_no)?;
    if let Some(insurer) = insurer.as_ref().filter(|i| i.started_on.is_none_or(|on| ctx.today < on)) {
        let items = setting::item_starts(tx, insurer.insurer_no, ctx.today)?;
        return Ok(Checked::NotStarted { name: insurer.name.clone(), from: insurer.started_on, items });
    }
    let published = insurer.as_ref().map_or(0, |i| i.published_load);
    let person = identity::person_to_compare(tx, grant, (insurer_no, insured_no), published)?;
    let matched = person.as_ref().is_some_and(|p| fits(&p.record));
    let check = new_check(ctx, staff, (insurer_no, insured_no), method);
    identity::insert(tx, grant, &check, matched)?;
    let mut entry = act_entry(ctx, caller, (insurer_no, insured_no), Act::CheckIdentity);
    entry.document = Some(method.to_owned());
    if !matched {
        Outcome::Refused.code().clone_into(&mut entry.outcome);
        entry.rule = Some("identity-no-match".to_owned());
    }
    // A number of no insurer is nobody's: there is no log to enter it in, only the office's own count of misses.
    if insurer.is_some() {
        access_log::append(tx, &entry)?;
    }
    Ok(if matched { Checked::Match { check_id: check.check_id } } else { Checked::NoMatch })
}

fn new_check(ctx: &Ctx, staff: &Staff, (insurer_no, insured_no): (InsurerNo, InsuredNo), method: &str) -> Check {
    Check {
        check_id: ctx.ids.id(),
        account_id: staff.account_id.clone(),
        insurer_no,
        insured_no,
        method: method.to_owned(),
        checked_at: ctx.instant(),
        used_at: None,
    }
}

/// Keeps the check of a card that counts for the person; the answer is the check's identifier.
pub(crate) fn recognised(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (caller, staff, grant): (&Caller, &Staff, &ActGrant),
    whom: (InsurerNo, InsuredNo),
    method: &str,
) -> Result<String, Error> {
    let check = new_check(ctx, staff, whom, method);
    identity::insert(tx, grant, &check, true)?;
    let mut entry = act_entry(ctx, caller, whom, Act::CheckIdentity);
    entry.document = Some(method.to_owned());
    access_log::append(tx, &entry)?;
    Ok(check.check_id)
}

/// Whether the four items are the person's: kana without regard to width, hiragana and spacing; the birth date exactly.
fn fits(person: &InsuredPerson, items: &FourItems) -> bool {
    person.born_on == items.born_on && same_kana(person.name_kana.as_str(), &items.kana)
}

pub(crate) fn act_entry(
    ctx: &Ctx,
    caller: &Caller,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    act: Act,
) -> Entry {
    entry(ctx, caller, (insurer_no.as_str(), insured_no.as_str()), act.code(), Purpose::Charge)
}

/// What the confirmation page of a registration shows.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// The person's 被保険者 record.
    pub person: InsuredPerson,
    /// The person's number.
    pub insured_no: InsuredNo,
    /// The insurer.
    pub insurer: Insurer,
    /// Last day if registered today and not kept.
    pub closes_on: Date,
    /// The office's registration that stands already, if so.
    pub already: Option<Charge>,
    /// Name of the disaster under whose mode the person was found, without a certificate.
    pub disaster: Option<String>,
    /// How the identity was shown.
    pub method: String,
}

/// Whether a check by certificate takes the place of a registration that ends with a disaster mode.
fn replaces(check: &Check, charge: &Charge) -> bool {
    charge.method == disaster::METHOD && check.method != disaster::METHOD
}

/// The disaster mode under which the check was made, and the use; none for a check by certificate.
///
/// # Errors
/// [`Error::NotFound`] once the mode does not stand any more.
fn disaster_of(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    check: &Check,
    today: Date,
) -> Result<Option<(Disaster, String)>, Error> {
    if check.method != disaster::METHOD {
        return Ok(None);
    }
    disaster::of_check(tx, grant, &check.check_id, today).map(Some)
}

/// The person of a check that matched, to confirm before registering. The look is entered in the person's log.
///
/// # Errors
/// [`Error::NotFound`] unless the check is the caller's own, unused and not older than [`USE_WITHIN_MINUTES`].
pub async fn confirm(app: &App, ctx: &Ctx, caller: &Caller, check_id: &str) -> Result<Confirm, Error> {
    let (ctx, caller, check_id) = (ctx.clone(), caller.clone(), check_id.to_owned());
    app.db
        .write(move |tx| {
            let (check, insurer) = usable(tx, &ctx, &caller, &check_id)?;
            let Caller::Staff(staff) = &caller else {
                return Err(Error::NotFound);
            };
            let grant = decide_act(&caller, Act::RegisterCharge)?;
            let whom = (check.insurer_no, check.insured_no);
            let person = identity::person_to_compare(tx, &grant, whom, insurer.published_load)?;
            let person = person.ok_or(Error::NotFound)?.record;
            let already = charge::of_office(tx, staff.office_no, check.insurer_no, check.insured_no)?;
            let already = already.filter(|c| c.until() >= ctx.today && !replaces(&check, c));
            let mut entry = act_entry(&ctx, &caller, whom, Act::CheckIdentity);
            entry.items = Items::of(&[Item::InsuredCertificate]).iter().map(Item::code).collect();
            access_log::append(tx, &entry)?;
            let disaster = disaster_of(tx, &grant, &check, ctx.today)?;
            let closes_on = disaster.as_ref().map_or_else(|| stands_until(ctx.today, None), |(d, _)| d.until_on);
            let disaster = disaster.map(|(d, _)| d.name);
            let method = check.method.clone();
            Ok(Confirm { person, insured_no: check.insured_no, insurer, closes_on, already, disaster, method })
        })
        .await
}

/// Registers the caller's office as 担当事業所 on the strength of a check. Answers the registration.
///
/// Done twice, the second time answers the first one's registration.
///
/// # Errors
/// [`Error::NotFound`] unless the check is usable; [`Error::Invalid`] unless the certificate was seen.
pub async fn register(app: &App, ctx: &Ctx, caller: &Caller, check_id: &str, seen: bool) -> Result<Charge, Error> {
    let (ctx, caller, check_id) = (ctx.clone(), caller.clone(), check_id.to_owned());
    app.db.write(move |tx| register_in(tx, &ctx, &caller, &check_id, seen)).await
}

/// Whether the way in which the identity was shown is enough for a registration, and was shown to the end.
fn shown_enough(check: &Check, seen: bool, today: Date) -> Result<(), Error> {
    let wrong = |field, code, say: &str| Err(Error::Invalid(vec![Wrong { field, code, say: say.to_owned() }]));
    let way = Assurance::parse(&check.method).ok();
    if !way.is_some_and(|way| is_enough(way, Act::RegisterCharge, today)) {
        return wrong("", "assurance-too-weak", "この確認のしかたでは、担当事業所として登録できません。");
    }
    match way {
        // The PIN is the person's own word.
        Some(Assurance::CardPin) => Ok(()),
        _ if seen => Ok(()),
        Some(Assurance::CardVisual) => {
            wrong("seen", "face-not-compared", "カードの顔写真とご本人の顔を見比べたら、チェックを入れてください。")
        }
        Some(Assurance::InsuredCertificate | Assurance::Disaster) | None => {
            wrong("seen", "certificate-not-seen", "被保険者証の原本を見たら、チェックを入れてください。")
        }
    }
}

fn register_in(tx: &mut Tx<'_>, ctx: &Ctx, caller: &Caller, check_id: &str, seen: bool) -> Result<Charge, Error> {
    let grant = decide_act(caller, Act::RegisterCharge)?;
    let Caller::Staff(staff) = caller else {
        return Err(Refusal::NotAllowed.into());
    };
    let check =
        identity::find(tx, &grant, check_id)?.filter(|c| c.account_id == staff.account_id).ok_or(Error::NotFound)?;
    shown_enough(&check, seen, ctx.today)?;
    let disaster = disaster_of(tx, &grant, &check, ctx.today)?;
    let charge = Charge {
        insurer_no: check.insurer_no,
        insured_no: check.insured_no,
        charge_id: ctx.ids.id(),
        office_no: staff.office_no,
        started_on: ctx.today,
        closes_on: disaster.as_ref().map_or_else(|| stands_until(ctx.today, None), |(d, _)| d.until_on),
        ended_on: None,
        end_reason: None,
        method: check.method.clone(),
        registered_by: staff.name.clone(),
        registered_at: ctx.instant(),
    };
    // Two at once, a second click or a colleague: the row that this writes makes the later one wait for the earlier one's
    // commit, and find its registration.
    charge::looked(tx, &charge, &LastLook { topic: "charge".to_owned(), load_no: 0, looked_at: ctx.instant() })?;
    let standing = charge::of_office(tx, staff.office_no, check.insurer_no, check.insured_no)?;
    let standing = standing.filter(|c| c.until() >= ctx.today);
    let (replaced, standing) = match standing {
        Some(charge) if replaces(&check, &charge) => (Some(charge), None),
        other => (None, other),
    };
    if let Some(charge) = standing {
        return Ok(charge);
    }
    usable(tx, ctx, caller, check_id)?;
    if !identity::use_up(tx, &grant, check_id, &ctx.instant())? {
        return Err(Error::NotFound);
    }
    if let Some(replaced) = replaced {
        let release = decide_act(caller, Act::ReleaseCharge)?;
        charge::release(tx, &release, &replaced, ctx.today, "certificate-seen")?;
    }
    charge::insert(tx, &grant, &charge, check_id)?;
    if let Some((_, use_id)) = &disaster {
        disaster::registered(tx, &grant, check.insurer_no, (use_id, &charge.charge_id), ctx)?;
    }
    let mut entry = act_entry(ctx, caller, (check.insurer_no, check.insured_no), Act::RegisterCharge);
    entry.document = Some(check.method.clone());
    access_log::append(tx, &entry)?;
    Ok(charge)
}

/// The check, if it is the caller's own, unused and fresh, and the insurer still shares.
fn usable(tx: &mut Tx<'_>, ctx: &Ctx, caller: &Caller, check_id: &str) -> Result<(Check, Insurer), Error> {
    let grant = decide_act(caller, Act::RegisterCharge)?;
    let Caller::Staff(staff) = caller else {
        return Err(Refusal::NotAllowed.into());
    };
    let check = identity::find(tx, &grant, check_id)?.ok_or(Error::NotFound)?;
    let oldest = instant(ctx.now - SignedDuration::from_mins(USE_WITHIN_MINUTES));
    if check.account_id != staff.account_id || check.used_at.is_some() || check.checked_at < oldest {
        return Err(Error::NotFound);
    }
    let insurer = insurer::find(tx, check.insurer_no)?.ok_or(Error::NotFound)?;
    if insurer.started_on.is_none_or(|on| ctx.today < on) {
        return Err(Refusal::InsurerNotStarted { from: insurer.started_on }.into());
    }
    disaster_of(tx, &grant, &check, ctx.today)?;
    Ok((check, insurer))
}
