//! News of published loads: which people that somebody is in charge of, or who have an account, a load has rows about.
//!
//! A load leaves a line here when it is published, a row of the desk when it is written. A job goes through the people in the order
//! of their numbers and tells them; how far it is, is committed with what it told. No record is read here, only that there is one.

use std::collections::BTreeMap;

use kaigo_core::code::Void;
use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::layout::Record;
use kaigo_core::policy::{Act, ActGrant, Item};
use kaigo_core::record::certification::{BenefitLimit, Certification};
use kaigo_core::record::document::{DoctorOpinion, Survey};
use kaigo_core::record::person::Qualification;
use kaigo_core::record::plan_notice::PlanNotice;
use kaigo_core::record::relief::{BenefitRestriction, BurdenRatio, Relief};

use crate::db::{Error, Tx};
use crate::record::{self, Guarded};

statements! {
    // What an insurer's first load brings is no news: nobody saw anything of it before.
    EARLIER = "SELECT 1 FROM feed_load WHERE insurer_no = ?1 AND load_no < ?2 AND state = 'published' LIMIT 1";
    OF_LOAD = "INSERT INTO load_news (insurer_no, load_no, insured_no, reached, queued_at) VALUES (?1, ?2, '', '', ?3) \
               ON CONFLICT (insurer_no, load_no, insured_no) DO NOTHING";
    // While a feed is being loaded the desk writes under the number of the load before.
    OF_DESK = "INSERT INTO load_news (insurer_no, load_no, insured_no, reached, queued_at) SELECT insurer_no, load_no, ?3, '', \
               coalesce(published_at, started_at) FROM feed_load WHERE insurer_no = ?1 AND load_no = ?2 \
               ON CONFLICT (insurer_no, load_no, insured_no) DO NOTHING";
    WAITING = "SELECT insurer_no, load_no, insured_no, reached, queued_at FROM load_news ORDER BY queued_at, insurer_no, load_no, insured_no LIMIT ?1";
    GO_ON = "UPDATE load_news SET reached = ?5 WHERE insurer_no = ?1 AND load_no = ?2 AND insured_no = ?3 AND reached = ?4";
    END = "DELETE FROM load_news WHERE insurer_no = ?1 AND load_no = ?2 AND insured_no = ?3 AND reached = ?4";
    // The newest published version of each certification whose end lies in the days, unless a later one follows it.
    EXPIRING = "SELECT r.insured_no, r.record_no, r.valid_until FROM certification r WHERE r.insurer_no = ?1 AND r.insured_no > ?2 \
                AND r.load_no <= ?3 AND r.valid_until >= ?4 AND r.valid_until <= ?5 AND r.void = '0' AND NOT EXISTS \
                (SELECT 1 FROM certification n WHERE n.insurer_no = r.insurer_no AND n.insured_no = r.insured_no AND n.record_no = r.record_no \
                AND n.load_no <= ?3 AND (n.load_no > r.load_no OR (n.load_no = r.load_no AND n.history_no > r.history_no))) AND NOT EXISTS \
                (SELECT 1 FROM certification l WHERE l.insurer_no = r.insurer_no AND l.insured_no = r.insured_no AND l.load_no <= ?3 \
                AND l.void = '0' AND coalesce(l.valid_until, '9999-12-31') > r.valid_until AND NOT EXISTS (SELECT 1 FROM certification m \
                WHERE m.insurer_no = l.insurer_no AND m.insured_no = l.insured_no AND m.record_no = l.record_no AND m.load_no <= ?3 \
                AND (m.load_no > l.load_no OR (m.load_no = l.load_no AND m.history_no > l.history_no)))) \
                AND (EXISTS (SELECT 1 FROM charge c WHERE c.insurer_no = r.insurer_no AND c.insured_no = r.insured_no AND c.ended_on IS NULL \
                AND c.closes_on >= ?4) OR EXISTS (SELECT 1 FROM account a WHERE a.insurer_no = r.insurer_no AND a.insured_no = r.insured_no \
                AND a.disabled_at IS NULL)) ORDER BY r.insured_no, r.record_no LIMIT ?6";
    UNDONE = "SELECT i.insurer_no, i.published_load FROM insurer i WHERE i.started_on <= ?2 AND NOT EXISTS (SELECT 1 FROM insurer_job j \
              WHERE j.insurer_no = i.insurer_no AND j.job = ?1 AND j.done_for >= ?2) ORDER BY i.insurer_no LIMIT 1";
    DONE = "INSERT INTO insurer_job (insurer_no, job, done_for) VALUES (?1, ?2, ?3) ON CONFLICT (insurer_no, job) DO UPDATE SET \
            done_for = excluded.done_for";
}

fn covered(grant: &ActGrant) -> Result<(), Error> {
    if grant.act() == Act::Operate { Ok(()) } else { Err(Error::NotCovered) }
}

/// Whether a kind is told about: 証 and documents.
fn is_told(kind: &str) -> bool {
    matches!(
        kind,
        "qualification"
            | "certification"
            | "benefit_limit"
            | "burden_ratio"
            | "relief"
            | "benefit_restriction"
            | "plan_notice"
            | "survey"
            | "doctor_opinion"
    )
}

/// A feed was published.
pub(crate) fn of_load(tx: &mut Tx<'_>, insurer_no: InsurerNo, load_no: i32, now: &str) -> Result<(), Error> {
    if tx.query_opt(EARLIER, args![insurer_no, load_no])?.is_none() {
        return Ok(());
    }
    tx.execute(OF_LOAD, args![insurer_no, load_no, now]).map(drop)
}

/// The desk wrote a row of a kind.
pub(crate) fn of_desk(
    tx: &mut Tx<'_>,
    kind: &str,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    load_no: i32,
) -> Result<(), Error> {
    if is_told(kind) { tx.execute(OF_DESK, args![insurer_no, load_no, insured_no]).map(drop) } else { Ok(()) }
}

/// A load whose news are to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The insurer.
    pub insurer_no: InsurerNo,
    /// Number of the load.
    pub load_no: i32,
    /// The only person it is about, if the desk wrote it.
    pub only: Option<InsuredNo>,
    /// Number of the last person that was told about.
    pub reached: String,
    /// When it was published (instant as text).
    pub at: String,
}

/// The oldest loads that wait.
pub fn waiting(tx: &mut Tx<'_>, grant: &ActGrant, most: i32) -> Result<Vec<Waiting>, Error> {
    covered(grant)?;
    let bad = |_| Error::Broken("load_news".to_owned());
    tx.query(WAITING, args![most])?
        .iter()
        .map(|row| {
            let only = row.text(2)?;
            Ok(Waiting {
                insurer_no: InsurerNo::parse(row.text(0)?).map_err(bad)?,
                load_no: small(row.int(1)?),
                only: if only.is_empty() { None } else { Some(InsuredNo::parse(only).map_err(bad)?) },
                reached: row.text(3)?.to_owned(),
                at: row.text(4)?.to_owned(),
            })
        })
        .collect()
}

/// What a load changed for a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Kinds of the certificate's records, in Japanese, each with the items that show it.
    pub certificates: Vec<(&'static str, &'static [Item])>,
    /// Whether a 調査票 or 意見書 came.
    pub documents: bool,
}

/// A step of the way: who is next, the last number looked at, and whether nobody comes after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// People whom somebody is in charge of or who have an account.
    pub people: BTreeMap<InsuredNo, Changed>,
    /// The last number.
    pub to: String,
    /// Whether it is the end.
    pub ends: bool,
}

/// The next people of a load.
pub fn page(tx: &mut Tx<'_>, grant: &ActGrant, load: &Waiting, today: Date, most: i32) -> Result<Page, Error> {
    covered(grant)?;
    // One person: from just before the number, so that the index finds it.
    let (after, last) = match &load.only {
        Some(no) => (no.as_str().get(..9).unwrap_or("").to_owned(), no.as_str().to_owned()),
        None => (load.reached.clone(), "~".to_owned()),
    };
    let mut found: Vec<(InsuredNo, Found)> = Vec::new();
    let mut to: Option<String> = None;
    let range = Range { load, after: &after, last: &last, today, most };
    range.certificates::<Qualification>(tx, &mut found, &mut to)?;
    range.certificates::<Certification>(tx, &mut found, &mut to)?;
    range.certificates::<BenefitLimit>(tx, &mut found, &mut to)?;
    range.certificates::<BurdenRatio>(tx, &mut found, &mut to)?;
    range.certificates::<Relief>(tx, &mut found, &mut to)?;
    range.certificates::<BenefitRestriction>(tx, &mut found, &mut to)?;
    range.certificates::<PlanNotice>(tx, &mut found, &mut to)?;
    range.documents::<Survey>(tx, &mut found, &mut to)?;
    range.documents::<DoctorOpinion>(tx, &mut found, &mut to)?;
    let mut people: BTreeMap<InsuredNo, Changed> = BTreeMap::new();
    for (insured_no, what) in found {
        let beyond = to.as_deref().is_some_and(|to| insured_no.as_str() > to);
        if beyond || load.only.is_some_and(|only| only != insured_no) {
            continue;
        }
        let changed = people.entry(insured_no).or_default();
        match what {
            Found::Certificate(name, items) => changed.certificates.push((name, items)),
            Found::Document => changed.documents = true,
        }
    }
    Ok(Page { people, ends: to.is_none(), to: to.unwrap_or_default() })
}

enum Found {
    Certificate(&'static str, &'static [Item]),
    Document,
}

struct Range<'a> {
    load: &'a Waiting,
    after: &'a str,
    last: &'a str,
    today: Date,
    most: i32,
}

impl Range<'_> {
    fn certificates<R: Guarded>(
        &self,
        tx: &mut Tx<'_>,
        found: &mut Vec<(InsuredNo, Found)>,
        to: &mut Option<String>,
    ) -> Result<(), Error> {
        for (insured_no, _) in self.next::<R>(tx, to)? {
            found.push((insured_no, Found::Certificate(R::JA, R::ITEMS)));
        }
        Ok(())
    }

    fn documents<R: Record>(
        &self,
        tx: &mut Tx<'_>,
        found: &mut Vec<(InsuredNo, Found)>,
        to: &mut Option<String>,
    ) -> Result<(), Error> {
        for (insured_no, stands) in self.next::<R>(tx, to)? {
            if stands {
                found.push((insured_no, Found::Document));
            }
        }
        Ok(())
    }

    /// The next people of a kind, and whether a row is more than taken back; if there are more of them, the step ends with the last.
    fn next<R: Record>(&self, tx: &mut Tx<'_>, to: &mut Option<String>) -> Result<Vec<(InsuredNo, bool)>, Error> {
        let sql = record::sql::<R>().news;
        let rows = tx
            .query(sql, args![self.load.insurer_no, self.load.load_no, self.after, self.last, self.today, self.most])?;
        let mut all = Vec::with_capacity(rows.len());
        for row in &rows {
            let no = InsuredNo::parse(row.text(0)?).map_err(|_| Error::Broken(format!("{}.insured_no", R::NAME)))?;
            all.push((no, row.text(1)? == Void::Valid.code()));
        }
        if let Some((last, _)) = all.last().filter(|_| all.len() >= usize::try_from(self.most).unwrap_or(usize::MAX)) {
            let last = last.as_str();
            if to.as_deref().is_none_or(|to| last < to) {
                *to = Some(last.to_owned());
            }
        }
        Ok(all)
    }
}

/// Takes note of a step that was told. Answers false if another process was quicker: then nothing may be told.
pub fn step(tx: &mut Tx<'_>, grant: &ActGrant, load: &Waiting, page: &Page) -> Result<bool, Error> {
    covered(grant)?;
    let only = load.only.as_ref().map_or("", InsuredNo::as_str);
    let done = if page.ends {
        tx.execute(END, args![load.insurer_no, load.load_no, only, &load.reached])?
    } else {
        tx.execute(GO_ON, args![load.insurer_no, load.load_no, only, &load.reached, &page.to])?
    };
    Ok(done == 1)
}

/// A certification that ends soon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expiring {
    /// Whose.
    pub insured_no: InsuredNo,
    /// 連番.
    pub record_no: i32,
    /// Last day.
    pub until: Date,
}

/// The certifications that end between two days and that no other follows, of people after a number whom somebody is in charge of
/// or who have an account.
pub fn expiring(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (insurer_no, published): (InsurerNo, i32),
    (from, until): (Date, Date),
    (after, most): (&str, i32),
) -> Result<Vec<Expiring>, Error> {
    covered(grant)?;
    let rows = tx.query(EXPIRING, args![insurer_no, after, published, from, until, most])?;
    rows.iter()
        .map(|row| {
            let no =
                InsuredNo::parse(row.text(0)?).map_err(|_| Error::Broken("certification.insured_no".to_owned()))?;
            Ok(Expiring { insured_no: no, record_no: small(row.int(1)?), until: row.date(2)? })
        })
        .collect()
}

/// An insurer that shares and for which a daily job was not done yet, with its published load.
pub fn undone(tx: &mut Tx<'_>, grant: &ActGrant, job: &str, today: Date) -> Result<Option<(InsurerNo, i32)>, Error> {
    covered(grant)?;
    let Some(row) = tx.query_opt(UNDONE, args![job, today])? else { return Ok(None) };
    let no = InsurerNo::parse(row.text(0)?).map_err(|_| Error::Broken("insurer.insurer_no".to_owned()))?;
    Ok(Some((no, small(row.int(1)?))))
}

/// A daily job was done for an insurer.
pub fn done(tx: &mut Tx<'_>, grant: &ActGrant, insurer_no: InsurerNo, job: &str, today: Date) -> Result<(), Error> {
    covered(grant)?;
    tx.execute(DONE, args![insurer_no, job, today]).map(drop)
}

fn small(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
