//! Disaster mode (災害時の確認): where 災害救助法 applies, certain offices find a person by name and birth date for some days.
//!
//! One proposes, an administrator who did not propose approves. Every try is written down, in the person's log too, and is
//! reviewed afterwards. What ends, ends at once, with every registration that came of it.

use jiff::SignedDuration;
use kaigo_core::date::{Date, add_days, age_on, both, parse_date};
use kaigo_core::id::{InsuredNo, InsurerNo, MunicipalityCode, OfficeNo, holds_individual_number};
use kaigo_core::kana::{is_kana, loose_key, same_kana, search_key};
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Act, ActGrant, Caller, InsurerStaff, Item, Purpose, Staff, decide_act};
use kaigo_core::record::person::InsuredPerson;
use kaigo_store::access_log::{self, Outcome};
use kaigo_store::db::Tx;
use kaigo_store::disaster::{self as store, Decision, Disaster, Review, Standing, Use};
use kaigo_store::identity::{self, Check};
use kaigo_store::notice::Notice;
use kaigo_store::office;
use kaigo_store::time::instant;

use crate::run::entry;
use crate::{App, Ctx, Error, Wrong};

/// Name of the method in checks and registrations.
pub const METHOD: &str = "disaster";
/// Days that one approval covers at most.
pub const MOST_DAYS: i32 = 30;
/// Tries of one account in an hour.
pub const TRIES_AN_HOUR: i64 = 20;
/// People that are compared at most.
const CANDIDATES: i32 = 500;
/// Characters of a name and of a reason.
const NAME: usize = 40;
const REASON: usize = 300;

/// A proposal as typed.
#[derive(Clone, Debug, Default)]
pub struct Proposal {
    /// Name of the disaster.
    pub name: String,
    /// Municipality codes, between spaces, commas or lines.
    pub areas: String,
    /// Office numbers, likewise; empty: all in the area.
    pub offices: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Why.
    pub reason: String,
}

fn clerk(caller: &Caller) -> Result<&InsurerStaff, Error> {
    match caller {
        Caller::Insurer(staff) => Ok(staff),
        Caller::Staff(_)
        | Caller::Person { .. }
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Err(Error::NotFound),
    }
}

fn of_office(caller: &Caller) -> Result<&Staff, Error> {
    match caller {
        Caller::Staff(staff) => Ok(staff),
        Caller::Insurer(_)
        | Caller::Person { .. }
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Err(Error::NotFound),
    }
}

fn words(text: &str) -> Vec<String> {
    let plain = kaigo_core::text::halfwidth(text);
    plain
        .split(|c: char| c.is_whitespace() || ",、，・;".contains(c))
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

fn line(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= most && !holds_individual_number(text);
    fits.then(|| text.to_owned())
}

struct Parsed {
    name: String,
    areas: Vec<String>,
    offices: Vec<OfficeNo>,
    from_on: Date,
    until_on: Date,
    reason: String,
}

fn parse(typed: &Proposal, today: Date) -> Result<Parsed, Error> {
    let mut wrong = Vec::new();
    let mut bad = |field, code, say: String| wrong.push(Wrong { field, code, say });
    let name = line(&typed.name, NAME);
    if name.is_none() {
        bad("name", "disaster-name", format!("災害の名前を、{NAME}文字までで入れてください。"));
    }
    let codes = words(&typed.areas);
    let areas: Vec<String> = codes
        .iter()
        .filter_map(|code| MunicipalityCode::parse(code).ok())
        .filter(MunicipalityCode::check)
        .map(|code| code.to_string())
        .collect();
    if areas.is_empty() || areas.len() != codes.len() {
        let say = "災害救助法が適用された市町村の団体コード（検査数字を入れて6けた）を、1つ以上、空白で区切って入れてください。";
        bad("areas", "disaster-areas", say.to_owned());
    }
    let numbers = words(&typed.offices);
    let offices: Vec<OfficeNo> = numbers.iter().filter_map(|no| OfficeNo::parse(no).ok()).collect();
    if offices.len() != numbers.len() {
        bad("offices", "disaster-offices", "事業所番号（10けた）を、空白で区切って入れてください。".to_owned());
    }
    let (from, until) = (parse_date(&typed.from), parse_date(&typed.until));
    if from.is_none_or(|from| from < today) {
        bad("from", "disaster-from", "始まりの日を入れてください。きょうより前にはできません。".to_owned());
    }
    let too_long = from.zip(until).is_none_or(|(from, until)| until < from || until > add_days(from, MOST_DAYS - 1));
    if too_long {
        let say = format!(
            "終わりの日を、始まりの日から{MOST_DAYS}日以内で入れてください。延ばすときは、あらためて提案します。"
        );
        bad("until", "disaster-until", say);
    }
    let reason = line(&typed.reason, REASON);
    if reason.is_none() {
        bad("reason", "disaster-reason", format!("必要な理由を、{REASON}文字までで入れてください。"));
    }
    match (name, from, until, reason) {
        (Some(name), Some(from_on), Some(until_on), Some(reason)) if wrong.is_empty() => {
            Ok(Parsed { name, areas, offices, from_on, until_on, reason })
        }
        _ => Err(Error::Invalid(wrong)),
    }
}

/// Proposes a mode; answers its identifier. The same form again is the same proposal.
///
/// # Errors
/// [`Error::Invalid`] for what is not complete, or names an office that is not known.
pub async fn propose(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    typed: &Proposal,
    submit_key: &str,
) -> Result<String, Error> {
    let grant = decide_act(caller, Act::ProposeDisaster)?;
    let own = clerk(caller)?.clone();
    let key = if submit_key.is_empty() { ctx.ids.id() } else { submit_key.to_owned() };
    let (ctx, typed, submit_key) = (ctx.clone(), typed.clone(), key);
    app.db
        .write(move |tx| {
            if let Some(same) = store::of_key(tx, &grant, &submit_key)? {
                return Ok(same.disaster_id);
            }
            let parsed = parse(&typed, ctx.today)?;
            for no in &parsed.offices {
                if office::name(tx, *no)?.is_none() {
                    let say = format!("事業所番号 {no} の事業所が登録されていません。");
                    return Err(Error::Invalid(vec![Wrong { field: "offices", code: "disaster-offices", say }]));
                }
            }
            let disaster = Disaster {
                insurer_no: own.insurer_no,
                disaster_id: ctx.ids.id(),
                name: parsed.name,
                areas: parsed.areas,
                offices: parsed.offices.iter().map(ToString::to_string).collect(),
                from_on: parsed.from_on,
                until_on: parsed.until_on,
                reason: parsed.reason,
                state: "proposed".to_owned(),
                proposed_account: own.account_id.clone(),
                proposed_by: own.name.clone(),
                proposed_at: ctx.instant(),
                decided_by: None,
                decided_at: None,
                decide_note: None,
                ended_by: None,
                ended_at: None,
                end_reason: None,
            };
            store::propose(tx, &grant, &disaster, &submit_key)?;
            tell_insurer(tx, &ctx, &disaster)?;
            Ok(disaster.disaster_id)
        })
        .await
}

/// What offices are told of a mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// It was approved: they can use it from its first day on.
    Started,
    /// It is over.
    Ended,
}

/// Tells the offices that a mode admits.
pub(crate) fn tell_offices(tx: &mut Tx<'_>, ctx: &Ctx, disaster: &Disaster, told: Told) -> Result<(), Error> {
    let (note, word, href) = match told {
        Told::Started => {
            let days = format!("{}から{}まで", both(disaster.from_on), both(disaster.until_on));
            (format!("{}：{days}使えます", disaster.name), "started", "/identity/disaster")
        }
        Told::Ended => (format!("{}：終わりました", disaster.name), "ended", "/people"),
    };
    let offices = store::admitted(tx, disaster)?.into_iter().map(Recipient::Office);
    let notices: Vec<Notice> = offices
        .map(|to| Notice {
            to,
            topic: Topic::Disaster,
            about: None,
            href: href.to_owned(),
            note: note.clone(),
            key: format!("disaster {} {word}", disaster.disaster_id),
            at: ctx.instant(),
        })
        .collect();
    kaigo_store::notice::tell_all(tx, &notices).map_err(Error::from)
}

/// Tells the insurer that a proposal waits for an administrator.
fn tell_insurer(tx: &mut Tx<'_>, ctx: &Ctx, disaster: &Disaster) -> Result<(), Error> {
    let notice = Notice {
        to: Recipient::Insurer(disaster.insurer_no),
        topic: Topic::Disaster,
        about: None,
        href: format!("/insurer/disaster/{}", disaster.disaster_id),
        note: format!("{}：承認を待っています", disaster.name),
        key: format!("disaster {} proposed", disaster.disaster_id),
        at: ctx.instant(),
    };
    kaigo_store::notice::tell(tx, &notice).map_err(Error::from)
}

/// A mode with how it was used.
#[derive(Clone, Debug)]
pub struct Page {
    /// The mode.
    pub disaster: Disaster,
    /// Names of the offices it is limited to.
    pub offices: Vec<String>,
    /// Its uses, the newest first.
    pub uses: Vec<Use>,
    /// Tries, registrations, tries without a review.
    pub counts: (i64, i64, i64),
    /// Whether the caller may approve or reject it.
    pub may_decide: bool,
    /// Whether the caller may end it.
    pub may_end: bool,
    /// Whether the caller proposed it.
    pub is_own: bool,
}

/// The insurer's modes, the newest first.
pub async fn list(app: &App, _ctx: &Ctx, caller: &Caller) -> Result<Vec<Disaster>, Error> {
    let grant = decide_act(caller, Act::ReviewDisaster)?;
    app.db.read(move |tx| store::list(tx, &grant, 100)).await.map_err(Error::from)
}

/// A mode with its uses. That names stand there is a look: each person found gets an entry in their log.
pub async fn page(app: &App, ctx: &Ctx, caller: &Caller, disaster_id: &str) -> Result<Page, Error> {
    let grant = decide_act(caller, Act::ReviewDisaster)?;
    let own = clerk(caller)?.clone();
    let may_approve = decide_act(caller, Act::ApproveDisaster).is_ok();
    let (ctx, caller, id) = (ctx.clone(), caller.clone(), disaster_id.to_owned());
    app.db
        .write(move |tx| {
            let disaster = store::find(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            let uses = store::uses(tx, &grant, &id, 500)?;
            let counts = store::counts(tx, &grant, &id)?;
            let mut people: Vec<InsuredNo> = uses.iter().filter_map(|u| u.insured_no).collect();
            people.sort_unstable();
            people.dedup();
            for person in people {
                note(tx, &ctx, &caller, (own.insurer_no, person), Act::ReviewDisaster, None)?;
            }
            let mut offices = Vec::new();
            for no in &disaster.offices {
                let named = OfficeNo::parse(no).ok().map(|no| office::name(tx, no)).transpose()?.flatten();
                offices.push(named.map_or_else(|| no.clone(), |(name, _)| format!("{name}（{no}）")));
            }
            let is_own = disaster.proposed_account == own.account_id;
            Ok(Page {
                may_decide: may_approve && disaster.state == "proposed" && !is_own,
                may_end: may_approve && disaster.state == "approved" && ctx.today <= disaster.until_on,
                is_own,
                offices,
                uses,
                counts,
                disaster,
            })
        })
        .await
}

fn note(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    caller: &Caller,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    act: Act,
    rule: Option<&str>,
) -> Result<(), Error> {
    let whom = (insurer_no.as_str(), insured_no.as_str());
    let mut entry = entry(ctx, caller, whom, act.code(), Purpose::Disaster);
    if let Some(rule) = rule {
        Outcome::Refused.code().clone_into(&mut entry.outcome);
        entry.rule = Some(rule.to_owned());
    } else {
        Item::InsuredCertificate.code().clone_into(&mut entry.items);
    }
    access_log::append(tx, &entry).map_err(Error::from)
}

/// Approves or rejects a proposal. Done twice, nothing more happens.
///
/// # Errors
/// [`Error::Forbidden`] unless the caller administers the insurer; [`Error::Conflict`] for the caller's own proposal and for
/// one that was decided otherwise.
pub async fn decide(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    disaster_id: &str,
    approve: bool,
    note: &str,
) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ApproveDisaster)?;
    let own = clerk(caller)?.clone();
    let note = note.trim().to_owned();
    if note.chars().count() > REASON || holds_individual_number(&note) || (!approve && note.is_empty()) {
        let say = format!("認めないときの理由などは、{REASON}文字までで入れてください。マイナンバーは入れられません。");
        return Err(Error::Invalid(vec![Wrong { field: "note", code: "disaster-note", say }]));
    }
    let (ctx, id) = (ctx.clone(), disaster_id.to_owned());
    app.db
        .write(move |tx| {
            let disaster = store::find(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            let state = if approve { "approved" } else { "rejected" };
            if disaster.state == state {
                return Ok(());
            }
            let conflict = |say: &str| Err(Error::Conflict(say.to_owned()));
            if disaster.proposed_account == own.account_id {
                return conflict("提案した人は、承認できません。ほかの管理者が承認してください。");
            }
            if approve && disaster.until_on < ctx.today {
                return conflict("終わりの日を過ぎています。あらためて提案してください。");
            }
            let now = ctx.instant();
            let decision = Decision { state, account_id: &own.account_id, name: &own.name, now: &now, note: &note };
            if store::decide(tx, &grant, &id, &decision)? {
                return if approve { tell_offices(tx, &ctx, &disaster, Told::Started) } else { Ok(()) };
            }
            conflict("この提案は、もう決まっています。画面を開きなおしてください。")
        })
        .await
}

/// Ends a mode at once. Done twice, nothing more happens.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] if it never stood.
pub async fn end(app: &App, ctx: &Ctx, caller: &Caller, disaster_id: &str, reason: &str) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ApproveDisaster)?;
    let own = clerk(caller)?.clone();
    let Some(reason) = line(reason, REASON) else {
        let say = format!("終わりにする理由を、{REASON}文字までで入れてください。");
        return Err(Error::Invalid(vec![Wrong { field: "reason", code: "disaster-reason", say }]));
    };
    let (ctx, id) = (ctx.clone(), disaster_id.to_owned());
    app.db
        .write(move |tx| {
            let disaster = store::find(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if disaster.state == "ended" {
                return Ok(());
            }
            if store::end(tx, &grant, &id, (&own.name, &ctx.instant(), ctx.today), &reason)? {
                return tell_offices(tx, &ctx, &disaster, Told::Ended);
            }
            Err(Error::Conflict("この災害時の確認は、始まっていません。".to_owned()))
        })
        .await
}

/// Says of a try whether it was proper. A later review counts.
///
/// # Errors
/// [`Error::Invalid`] for an improper use without a note.
pub async fn review(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    (disaster_id, use_id): (&str, &str),
    (proper, note_text): (bool, &str),
) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ReviewDisaster)?;
    let own = clerk(caller)?.clone();
    let text = note_text.trim().to_owned();
    if text.chars().count() > REASON || holds_individual_number(&text) || (!proper && text.is_empty()) {
        let say = format!("不適切としたときは、何が不適切かを{REASON}文字までで入れてください。");
        return Err(Error::Invalid(vec![Wrong { field: "note", code: "disaster-review", say }]));
    }
    let (ctx, caller, id, use_id) = (ctx.clone(), caller.clone(), disaster_id.to_owned(), use_id.to_owned());
    app.db
        .write(move |tx| {
            let used = store::find_use(tx, &grant, &use_id)?.filter(|u| u.disaster_id == id).ok_or(Error::NotFound)?;
            let verdict = if proper { "proper" } else { "improper" };
            if used.review.as_deref() == Some(verdict) && used.review_note.as_deref() == Some(text.as_str()) {
                return Ok(());
            }
            let now = ctx.instant();
            let review = Review { verdict, note: &text, by: &own.name, now: &now };
            if !store::review(tx, &grant, (&id, &use_id), &review)? {
                return Err(Error::NotFound);
            }
            match used.insured_no {
                Some(person) => note(tx, &ctx, &caller, (own.insurer_no, person), Act::ReviewDisaster, None),
                None => Ok(()),
            }
        })
        .await
}

/// The modes that the caller's office may use today.
pub async fn open_for(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Vec<Standing>, Error> {
    let grant = decide_act(caller, Act::UseDisaster)?;
    let today = ctx.today;
    let open = app.db.read(move |tx| store::for_office(tx, &grant, today)).await?;
    Ok(open.into_iter().filter(|s| s.started_on.is_some_and(|on| on <= today)).collect())
}

/// A search as typed.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// The mode.
    pub disaster_id: String,
    /// 氏名カナ.
    pub kana: String,
    /// 生年月日, if it is known.
    pub birth: String,
    /// 年齢, if only that is known.
    pub age: String,
}

/// How a search ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Exactly one person fits.
    One {
        /// The check, to confirm and register with.
        check_id: String,
    },
    /// Several fit equally well: more has to be known.
    Several,
    /// Nobody fits.
    Nobody,
}

struct Asked {
    kana: String,
    birth: Option<Date>,
    age: Option<i16>,
}

fn parse_search(typed: &Search, today: Date) -> Result<Asked, Error> {
    let mut wrong = Vec::new();
    let mut bad = |field, code, say: &str| wrong.push(Wrong { field, code, say: say.to_owned() });
    let kana = typed.kana.trim();
    let is_name =
        is_kana(kana) && (2..=60).contains(&search_key(kana).chars().count()) && !holds_individual_number(kana);
    if !is_name {
        bad("kana", "cell-shape", "氏名のフリガナを、姓と名の両方、カタカナかひらがなで入れてください。");
    }
    let (birth, age) = (typed.birth.trim(), typed.age.trim());
    let day = parse_date(birth).filter(|day| *day <= today);
    if !birth.is_empty() && day.is_none() {
        bad("birth", "cell-date", "生年月日が日付として読めません。例：昭和13年4月12日、S13.4.12");
    }
    let years = kaigo_core::text::halfwidth(age).trim().parse::<i16>().ok().filter(|n| (40..=130).contains(n));
    if !age.is_empty() && years.is_none() {
        bad("age", "cell-range", "年齢は40から130までの数です。");
    }
    if birth.is_empty() && age.is_empty() {
        bad("birth", "cell-missing", "生年月日か年齢の、どちらかを入れてください。");
    }
    if wrong.is_empty() {
        Ok(Asked { kana: kana.to_owned(), birth: day, age: years })
    } else {
        Err(Error::Invalid(wrong))
    }
}

/// Looks for a person under a mode. Every try is written down; whoever was compared and fits has it in their log.
///
/// # Errors
/// [`Error::NotFound`] unless the mode stands and admits the office; [`Error::TooMany`] after too many tries in an hour.
pub async fn search(app: &App, ctx: &Ctx, caller: &Caller, typed: &Search) -> Result<Found, Error> {
    let grant = decide_act(caller, Act::UseDisaster)?;
    let check = decide_act(caller, Act::CheckIdentity)?;
    let staff = of_office(caller)?.clone();
    let asked = parse_search(typed, ctx.today)?;
    let (ctx, caller, typed) = (ctx.clone(), caller.clone(), typed.clone());
    app.db
        .write(move |tx| {
            let hour_ago = instant(ctx.now - SignedDuration::from_hours(1));
            let (tries, first) = store::tries(tx, &staff.account_id, &hour_ago)?;
            if tries >= TRIES_AN_HOUR {
                let first = kaigo_store::time::parse_instant(&first)?;
                let wait = first.as_second() + 3600 - ctx.now.as_second();
                return Err(Error::TooMany { minutes: (wait.max(1) + 59) / 60 });
            }
            let open = store::for_office(tx, &grant, ctx.today)?;
            let standing = open.into_iter().find(|s| s.disaster.disaster_id == typed.disaster_id);
            let standing =
                standing.filter(|s| s.started_on.is_some_and(|on| on <= ctx.today)).ok_or(Error::NotFound)?;
            let best = best(tx, &grant, &standing, &asked, ctx.today)?;
            finish(tx, (&ctx, &caller, &staff), (&grant, &check), (&standing, &typed), &best)
        })
        .await
}

fn finish(
    tx: &mut Tx<'_>,
    (ctx, caller, staff): (&Ctx, &Caller, &Staff),
    (grant, check_grant): (&ActGrant, &ActGrant),
    (standing, typed): (&Standing, &Search),
    best: &[InsuredNo],
) -> Result<Found, Error> {
    let insurer_no = standing.disaster.insurer_no;
    let mut used = Use {
        use_id: ctx.ids.id(),
        disaster_id: standing.disaster.disaster_id.clone(),
        office_name: staff.office_name.clone(),
        account_id: staff.account_id.clone(),
        account_name: staff.name.clone(),
        outcome: "none".to_owned(),
        asked: format!("{} {}", typed.kana.trim(), asked_age(typed)),
        used_at: ctx.instant(),
        ..Use::default()
    };
    let found = match best {
        [] => Found::Nobody,
        [one] => {
            let check = Check {
                check_id: ctx.ids.id(),
                account_id: staff.account_id.clone(),
                insurer_no,
                insured_no: *one,
                method: METHOD.to_owned(),
                checked_at: ctx.instant(),
                used_at: None,
            };
            identity::insert(tx, check_grant, &check, true)?;
            note(tx, ctx, caller, (insurer_no, *one), Act::UseDisaster, None)?;
            "found".clone_into(&mut used.outcome);
            used.insured_no = Some(*one);
            used.check_id = Some(check.check_id.clone());
            Found::One { check_id: check.check_id }
        }
        several => {
            for person in several {
                note(tx, ctx, caller, (insurer_no, *person), Act::UseDisaster, Some("disaster-several"))?;
            }
            "several".clone_into(&mut used.outcome);
            Found::Several
        }
    };
    store::put_use(tx, grant, insurer_no, &used)?;
    Ok(found)
}

fn asked_age(typed: &Search) -> String {
    let birth = typed.birth.trim();
    if birth.is_empty() { format!("{}歳", typed.age.trim()) } else { birth.to_owned() }
}

/// The people who fit best, equally well.
fn best(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    standing: &Standing,
    asked: &Asked,
    today: Date,
) -> Result<Vec<InsuredNo>, Error> {
    let key = search_key(&asked.kana);
    let candidates = store::candidates(tx, grant, standing, (asked.birth, &key), CANDIDATES)?;
    let mut best: Vec<InsuredNo> = Vec::new();
    let mut top = 0;
    for (person, row) in candidates {
        let fit = fit(&row.record, asked, today);
        if fit == 0 || fit < top {
            continue;
        }
        if fit > top {
            best.clear();
            top = fit;
        }
        best.push(person);
    }
    Ok(best)
}

/// How well somebody fits: 3 exactly, 2 nearly, 1 by the age only, 0 not.
fn fit(person: &InsuredPerson, asked: &Asked, today: Date) -> u8 {
    let kana = person.name_kana.as_str();
    let same = same_kana(kana, &asked.kana);
    let near =
        same || loose_key(kana) == loose_key(&asked.kana) || one_off(&search_key(kana), &search_key(&asked.kana));
    match (asked.birth, asked.age) {
        (Some(birth), _) if birth == person.born_on => match (same, near) {
            (true, _) => 3,
            (false, true) => 2,
            (false, false) => 0,
        },
        (Some(birth), _) => u8::from(same && nearly(birth, person.born_on)) * 2,
        (None, Some(age)) => u8::from(same && (age_on(person.born_on, today) - age).abs() <= 1),
        (None, None) => 0,
    }
}

/// Two of year, month and day are the same.
fn nearly(a: Date, b: Date) -> bool {
    [a.year() == b.year(), a.month() == b.month(), a.day() == b.day()].iter().filter(|same| **same).count() >= 2
}

/// Whether one letter more, less or other makes the one the other; only for names of five letters and more.
fn one_off(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().min(b.len()) < 4 || a.len().abs_diff(b.len()) > 1 || a.len().max(b.len()) < 5 {
        return false;
    }
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    head + tail + 1 >= a.len().max(b.len())
}

/// The mode under which a check was made, while it stands: with its last day and the use.
///
/// # Errors
/// [`Error::NotFound`] if it does not stand any more.
pub(crate) fn of_check(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    check_id: &str,
    today: Date,
) -> Result<(Disaster, String), Error> {
    store::of_check(tx, grant, check_id, today)?.ok_or(Error::NotFound)
}

/// Writes down the registration that came of a use.
pub(crate) fn registered(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    insurer_no: InsurerNo,
    (use_id, charge_id): (&str, &str),
    ctx: &Ctx,
) -> Result<(), Error> {
    store::registered(tx, grant, (insurer_no, use_id), charge_id, &ctx.instant()).map_err(Error::from)
}

/// A registration of a disaster mode is not kept: it ends with the mode.
///
/// # Errors
/// [`Error::Conflict`] for such a registration.
pub(crate) fn may_keep(method: &str) -> Result<(), Error> {
    if method == METHOD {
        let say = "災害時の確認による担当は、延ばせません。続けるときは、被保険者証で本人確認をしてください。";
        return Err(Error::Conflict(say.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use kaigo_core::text::Text;

    use super::*;

    fn day(y: i16, m: i8, d: i8) -> Date {
        Date::constant(y, m, d)
    }

    #[test]
    fn nearness_is_one_letter_or_one_part_of_the_date() {
        assert!(one_off("クシロトメ", "クシロトヨ") && one_off("クシロトメ", "クシロトミメ"));
        assert!(one_off("クシロトメ", "クシロト"));
        assert!(!one_off("クシロトメ", "クシマトヨ") && !one_off("オカト", "オカ") && !one_off("", ""));
        assert!(nearly(day(1938, 4, 12), day(1938, 4, 21)) && nearly(day(1938, 4, 12), day(1983, 4, 12)));
        assert!(!nearly(day(1938, 4, 12), day(1938, 5, 13)));
    }

    #[test]
    fn exact_comes_before_near_and_near_before_the_age() {
        let today = day(2026, 11, 22);
        let person = InsuredPerson {
            name_kana: Text::parse("クシロ トメ").unwrap(),
            born_on: day(1938, 4, 12),
            ..InsuredPerson::default()
        };
        let fit =
            |kana: &str, birth: Option<Date>, age| fit(&person, &Asked { kana: kana.to_owned(), birth, age }, today);
        let born = Some(day(1938, 4, 12));
        assert_eq!(fit("くしろ とめ", born, None), 3);
        assert_eq!(fit("クシロ トヨ", born, None), 2);
        assert_eq!(fit("クシロ トメ", Some(day(1938, 4, 2)), None), 2);
        assert_eq!(fit("クシロ トメ", None, Some(88)), 1);
        assert_eq!(fit("クシロ トメ", None, Some(89)), 1);
        assert_eq!(fit("クシロ トメ", None, Some(90)), 0);
        assert_eq!(fit("クシロ トヨ", None, Some(88)), 0);
        assert_eq!(fit("タナカ トメ", born, None), 0);
        assert_eq!(fit("クシロ トメ", Some(day(1939, 5, 12)), None), 0);
    }

    #[test]
    fn a_proposal_names_what_is_missing() {
        let today = day(2026, 11, 22);
        let good = Proposal {
            name: "台風第21号".to_owned(),
            areas: "131016 131024".to_owned(),
            offices: String::new(),
            from: "2026-11-22".to_owned(),
            until: "2026-12-21".to_owned(),
            reason: "避難所で証のない方を支えるため".to_owned(),
        };
        let parsed = parse(&good, today).ok().map(|p| p.areas);
        assert_eq!(parsed, Some(vec!["131016".to_owned(), "131024".to_owned()]));
        let fields = |typed: &Proposal| match parse(typed, today) {
            Err(Error::Invalid(wrong)) => wrong.iter().map(|w| w.field).collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        let with = |change: fn(&mut Proposal)| {
            let mut typed = good.clone();
            change(&mut typed);
            fields(&typed)
        };
        assert_eq!(with(|p| p.until = "2026-12-22".to_owned()), ["until"]);
        let early: fn(&mut Proposal) = |p| {
            p.from = "2026-11-21".to_owned();
            p.until = "2026-12-01".to_owned();
        };
        assert_eq!(with(early), ["from"]);
        assert_eq!(with(|p| p.areas = "131017".to_owned()), ["areas"]);
        assert_eq!(with(|p| p.areas = String::new()), ["areas"]);
        assert_eq!(with(|p| p.offices = "12".to_owned()), ["offices"]);
        assert_eq!(fields(&Proposal::default()), ["name", "areas", "from", "until", "reason"]);
    }
}
