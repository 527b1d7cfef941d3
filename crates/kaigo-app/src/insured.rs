//! A clerk's own insured persons: found by number, kana or birth date; one person's page; who looked.

use std::cmp::Reverse;

use kaigo_core::date::parse_date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::kana::{is_kana, search_key};
use kaigo_core::policy::{Act, Caller, ConsentStanding, Item, Purpose, Refusal, decide_act};
use kaigo_core::record::application::Application;
use kaigo_core::record::person::InsuredPerson;
use kaigo_core::text::halfwidth;
use kaigo_store::access_log::{self, Before};
use kaigo_store::db::Tx;
use kaigo_store::insured::{self, Wanted};
use kaigo_store::letter::{self, Letter};
use kaigo_store::proxy::{self, Proxy};
use kaigo_store::question::{self, Question};
use kaigo_store::record::{Segment, of_person};
use kaigo_store::{consent, insurer, standing};

use crate::citizen::{Log, PAGE, paged};
use crate::keys::digest_of;
use crate::person::{self, Head};
use crate::run::{Look, Target, entry, look};
use crate::{App, Ctx, Error, Wrong};

/// Persons on one page of a search.
pub const ROWS: usize = 50;

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Numbers and records, by number.
    pub rows: Vec<(InsuredNo, InsuredPerson)>,
    /// The number after which the next page starts, if there is one.
    pub next: Option<String>,
}

/// Reads what was typed into the one field of the search.
fn wanted(typed: &str) -> Result<Wanted, Error> {
    let say = |code, say: &str| Err(Error::Invalid(vec![Wrong { field: "q", code, say: say.to_owned() }]));
    let plain = halfwidth(typed);
    let digits: String = plain.chars().filter(|c| !matches!(c, ' ' | '-')).collect::<String>().to_uppercase();
    if typed.trim().is_empty() {
        return say("missing", "被保険者番号、氏名カナ、生年月日のどれかを入れてください。");
    }
    let numeric = |text: &str| text.bytes().enumerate().all(|(i, b)| b.is_ascii_digit() || (i == 0 && b == b'H'));
    // Eight digits are a date on paper, but the beginning of a number here: a date is typed with its signs.
    if numeric(&digits) {
        if (4..=10).contains(&digits.len()) {
            return Ok(Wanted::Number(digits));
        }
        return say("number-length", "被保険者番号は、4けた以上10けたまでを入れてください。");
    }
    if let Some(on) = parse_date(typed) {
        return Ok(Wanted::Birth(on));
    }
    if is_kana(typed) {
        let key = search_key(typed);
        if key.chars().count() >= 2 {
            return Ok(Wanted::Kana(key));
        }
        return say("kana-length", "氏名カナは、2文字以上を入れてください。");
    }
    say("search-shape", "被保険者番号の数字、氏名カナ、生年月日（昭和13年4月12日など）で探してください。")
}

/// Searches the insurer's persons. That a name was shown is entered in the person's log, once a day and account.
///
/// # Errors
/// [`Error::Invalid`] for what is none of number, kana and date.
pub async fn search(app: &App, ctx: &Ctx, caller: &Caller, typed: &str, after: &str) -> Result<Found, Error> {
    let wanted = wanted(typed)?;
    let (ctx, caller, after) = (ctx.clone(), caller.clone(), after.to_owned());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::ListInsured)?;
            let insurer_no = grant.insurer_no().ok_or(Refusal::NotAllowed)?;
            let published = insurer::find(tx, insurer_no)?.ok_or(Error::NotFound)?.published_load;
            let limit = i32::try_from(ROWS).unwrap_or(50) + 1;
            let mut rows = insured::search(tx, &grant, &wanted, (&after, published, limit))?;
            let more = rows.len() > ROWS;
            rows.truncate(ROWS);
            for (insured_no, _) in &rows {
                listed(tx, &ctx, &caller, (insurer_no, *insured_no), Purpose::Qualification)?;
            }
            let next = rows.last().filter(|_| more).map(|(no, _)| no.as_str().to_owned());
            Ok(Found { rows, next })
        })
        .await
}

/// Enters in a person's log that the account saw them in a list: the first time of the day counts.
pub(crate) fn listed(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    caller: &Caller,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    purpose: Purpose,
) -> Result<(), Error> {
    let whom = (insurer_no.as_str(), insured_no.as_str());
    let mut entry = entry(ctx, caller, whom, Act::ListInsured.code(), purpose);
    let once = format!("{} {} {} {} {}", entry.act, purpose.code(), entry.account_id, whom.1, ctx.today);
    let day: String = ctx.today.to_string().chars().filter(char::is_ascii_digit).collect();
    entry.entry_id = format!("{day}{}", digest_of(&once).get(..24).unwrap_or_default());
    Item::InsuredCertificate.code().clone_into(&mut entry.items);
    access_log::append(tx, &entry).map_err(Error::from)
}

/// One person, as the insurer's clerk sees them.
#[derive(Clone, Debug)]
pub struct InsuredPage {
    /// The person.
    pub head: Head,
    /// Applications with their numbers, the newest first.
    pub applications: Vec<(i32, Application)>,
    /// The consent that stands today.
    pub consent: ConsentStanding,
    /// How many offices are in charge.
    pub offices: usize,
    /// Proxies, the newest first.
    pub proxies: Vec<Proxy>,
    /// Letters, the newest first.
    pub letters: Vec<Letter>,
    /// Questions, the newest first.
    pub questions: Vec<Question>,
    /// The last entries of the log.
    pub log: Log,
}

/// Looks at one person of the insurer.
pub async fn view(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
) -> Result<InsuredPage, Error> {
    const ITEMS: &[Item] =
        &[Item::InsuredCertificate, Item::CertificationResult, Item::Progress, Item::ConsentStatus, Item::AccessLog];
    let today = ctx.today;
    let what = Look::view(Target::Insured(insurer_no, insured_no), ITEMS, Purpose::Qualification);
    look(app, ctx, caller, what, move |tx, seen| {
        let head = person::head(tx, seen, today)?;
        let entries = access_log::of_person(tx, &seen.grant, None, &Before::default(), 11)?;
        let applications = of_person::<Application>(tx, &seen.grant, seen.published())?;
        let current = |segment: &Segment<Application>| Some((segment.record_no, segment.current()?.record.clone()));
        let mut applications: Vec<_> = applications.iter().filter_map(current).collect();
        applications.sort_by_key(|(record_no, application)| Reverse((application.applied_on, *record_no)));
        Ok(InsuredPage {
            applications,
            consent: standing::consent(tx, insurer_no, insured_no, seen.published(), today)?,
            offices: consent::offices(tx, &seen.grant, today)?.len(),
            proxies: proxy::of_person(tx, &seen.grant)?,
            letters: letter::of_person(tx, &seen.grant)?,
            questions: question::of_person(tx, &seen.grant)?,
            log: paged(head.clone(), entries, 10),
            head,
        })
    })
    .await
}

/// Who looked at one person of the insurer.
pub async fn log(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    before: Before,
) -> Result<Log, Error> {
    let today = ctx.today;
    let items = &[Item::AccessLog, Item::InsuredCertificate];
    let what = Look::view(Target::Insured(insurer_no, insured_no), items, Purpose::Audit);
    look(app, ctx, caller, what, move |tx, seen| {
        let limit = i32::try_from(PAGE).unwrap_or(50) + 1;
        let entries = access_log::of_person(tx, &seen.grant, None, &before, limit)?;
        Ok(paged(person::head(tx, seen, today)?, entries, PAGE))
    })
    .await
}
