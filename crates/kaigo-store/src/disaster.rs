//! Disaster mode (災害時の確認): proposed, approved by another, used, reviewed afterwards.

use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::{Act, ActGrant};
use kaigo_core::record::person::InsuredPerson;

use crate::db::{Error, Row, Tx};
use crate::record::{self, Stored};

macro_rules! columns {
    () => {
        "d.insurer_no, d.disaster_id, d.name, d.areas, d.offices, d.from_on, d.until_on, d.reason, d.state, d.proposed_account, \
         d.proposed_by, d.proposed_at, d.decided_by, d.decided_at, d.decide_note, d.ended_by, d.ended_at, d.end_reason"
    };
}

macro_rules! use_columns {
    () => {
        "use_id, disaster_id, office_no, office_name, account_id, account_name, outcome, asked, insured_no, check_id, charge_id, used_at, \
         registered_at, review, review_note, reviewed_by, reviewed_at"
    };
}

// The newest published version of each person's 被保険者.
macro_rules! newest {
    () => {
        " AND p.load_no <= ?3 AND p.void = '0' AND NOT EXISTS (SELECT 1 FROM insured_person q WHERE q.insurer_no = p.insurer_no \
         AND q.insured_no = p.insured_no AND q.load_no <= ?3 AND (q.record_no > p.record_no OR (q.record_no = p.record_no AND \
         (q.load_no > p.load_no OR (q.load_no = p.load_no AND q.history_no > p.history_no))))) ORDER BY p.insured_no LIMIT ?4"
    };
}

statements! {
    PUT = "INSERT INTO disaster (insurer_no, disaster_id, name, areas, offices, from_on, until_on, reason, state, proposed_account, \
           proposed_by, proposed_at, submit_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'proposed', ?9, ?10, ?11, ?12)";
    FIND = concat!("SELECT ", columns!(), " FROM disaster d WHERE d.insurer_no = ?1 AND d.disaster_id = ?2");
    OF_KEY = concat!("SELECT ", columns!(), " FROM disaster d WHERE d.insurer_no = ?1 AND d.submit_key = ?2");
    LIST = concat!("SELECT ", columns!(), " FROM disaster d WHERE d.insurer_no = ?1 ORDER BY d.proposed_at DESC LIMIT ?2");
    STANDING = concat!("SELECT ", columns!(), ", i.name, i.started_on, i.published_load FROM disaster d \
                JOIN insurer i ON i.insurer_no = d.insurer_no WHERE d.state = 'approved' AND d.from_on <= ?1 AND d.until_on >= ?1 \
                ORDER BY d.insurer_no, d.disaster_id");
    RAN_OUT = concat!("SELECT ", columns!(), " FROM disaster d WHERE d.insurer_no = ?1 AND d.state = 'approved' AND d.until_on >= ?2 \
               AND d.until_on <= ?3 ORDER BY d.disaster_id");
    OFFICES_IN = "SELECT office_no FROM office WHERE municipality_code = ?1 ORDER BY office_no";
    AREA = "SELECT coalesce(municipality_code, '') FROM office WHERE office_no = ?1";
    DECIDE = "UPDATE disaster SET state = ?3, decided_account = ?4, decided_by = ?5, decided_at = ?6, decide_note = ?7 \
              WHERE insurer_no = ?1 AND disaster_id = ?2 AND state = 'proposed' AND proposed_account <> ?4";
    END = "UPDATE disaster SET state = 'ended', ended_by = ?3, ended_at = ?4, end_reason = ?5 \
           WHERE insurer_no = ?1 AND disaster_id = ?2 AND state = 'approved'";
    END_CHARGES = "UPDATE charge SET ended_on = ?3, end_reason = 'disaster-ended' WHERE insurer_no = ?1 AND method = 'disaster' \
                   AND ended_on IS NULL AND charge_id IN (SELECT charge_id FROM disaster_use WHERE insurer_no = ?1 AND disaster_id = ?2 \
                   AND charge_id IS NOT NULL)";
    BY_BIRTH = concat!("SELECT DISTINCT p.insured_no FROM insured_person p WHERE p.insurer_no = ?1 AND p.born_on = ?2", newest!());
    BY_KANA = concat!("SELECT DISTINCT p.insured_no FROM insured_person p WHERE p.insurer_no = ?1 AND p.kana_key = ?2", newest!());
    PUT_USE = "INSERT INTO disaster_use (insurer_no, use_id, disaster_id, office_no, office_name, account_id, account_name, outcome, asked, \
               insured_no, check_id, used_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    TRIES = "SELECT count(*), coalesce(min(used_at), '') FROM disaster_use WHERE account_id = ?1 AND used_at > ?2";
    OF_CHECK = "SELECT insurer_no, disaster_id, use_id FROM disaster_use WHERE check_id = ?1 AND office_no = ?2";
    REGISTERED = "UPDATE disaster_use SET outcome = 'registered', charge_id = ?3, registered_at = ?4 WHERE insurer_no = ?1 AND use_id = ?2";
    USES = concat!("SELECT ", use_columns!(), " FROM disaster_use WHERE insurer_no = ?1 AND disaster_id = ?2 ORDER BY used_at DESC, use_id LIMIT ?3");
    USE = concat!("SELECT ", use_columns!(), " FROM disaster_use WHERE insurer_no = ?1 AND use_id = ?2");
    REVIEW = "UPDATE disaster_use SET review = ?4, review_note = ?5, reviewed_by = ?6, reviewed_at = ?7 \
              WHERE insurer_no = ?1 AND disaster_id = ?2 AND use_id = ?3";
    COUNTS = "SELECT count(*), coalesce(sum(CASE WHEN outcome = 'registered' THEN 1 ELSE 0 END), 0), \
              coalesce(sum(CASE WHEN review IS NULL THEN 1 ELSE 0 END), 0) FROM disaster_use WHERE insurer_no = ?1 AND disaster_id = ?2";
}

/// A disaster mode of an insurer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disaster {
    /// The insurer.
    pub insurer_no: InsurerNo,
    /// Random identifier.
    pub disaster_id: String,
    /// Name (災害の名称).
    pub name: String,
    /// Municipality codes under 災害救助法, where the offices stand.
    pub areas: Vec<String>,
    /// Offices that may use it; empty: all in the area.
    pub offices: Vec<String>,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Date,
    /// Why.
    pub reason: String,
    /// `proposed`, `approved`, `rejected` or `ended`.
    pub state: String,
    /// Account that proposed it.
    pub proposed_account: String,
    /// Its owner's name.
    pub proposed_by: String,
    /// When.
    pub proposed_at: String,
    /// Who approved or rejected it.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<String>,
    /// With what words.
    pub decide_note: Option<String>,
    /// Who ended it early.
    pub ended_by: Option<String>,
    /// When.
    pub ended_at: Option<String>,
    /// Why.
    pub end_reason: Option<String>,
}

impl Disaster {
    /// Whether it can be used on a day.
    pub fn stands(&self, today: Date) -> bool {
        self.state == "approved" && self.from_on <= today && today <= self.until_on
    }

    /// Whether the office in that municipality may use it.
    pub fn admits(&self, office_no: OfficeNo, area: &str) -> bool {
        let in_area = self.areas.iter().any(|code| !code.is_empty() && code == area);
        in_area && (self.offices.is_empty() || self.offices.iter().any(|no| no == office_no.as_str()))
    }
}

/// A disaster mode that stands, with its insurer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The mode.
    pub disaster: Disaster,
    /// Name of the insurer.
    pub insurer_name: String,
    /// Its first day of sharing.
    pub started_on: Option<Date>,
    /// The load that is published.
    pub published: i32,
}

/// A try under a disaster mode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// Random identifier.
    pub use_id: String,
    /// The mode.
    pub disaster_id: String,
    /// The office.
    pub office_no: String,
    /// Its name.
    pub office_name: String,
    /// The account.
    pub account_id: String,
    /// Its owner's name.
    pub account_name: String,
    /// `none`, `several`, `found` or `registered`.
    pub outcome: String,
    /// What was asked for: kana and birth date or age as typed.
    pub asked: String,
    /// Who was found.
    pub insured_no: Option<InsuredNo>,
    /// The check that was made of it.
    pub check_id: Option<String>,
    /// The registration that followed.
    pub charge_id: Option<String>,
    /// When.
    pub used_at: String,
    /// When the registration followed.
    pub registered_at: Option<String>,
    /// `proper` or `improper`, once reviewed.
    pub review: Option<String>,
    /// Words of the review.
    pub review_note: Option<String>,
    /// Who reviewed it.
    pub reviewed_by: Option<String>,
    /// When.
    pub reviewed_at: Option<String>,
}

fn insurer(grant: &ActGrant) -> Result<InsurerNo, Error> {
    match (grant.act(), grant.insurer_no()) {
        (Act::ProposeDisaster | Act::ApproveDisaster | Act::ReviewDisaster, Some(insurer_no)) => Ok(insurer_no),
        _ => Err(Error::NotCovered),
    }
}

fn office(grant: &ActGrant) -> Result<OfficeNo, Error> {
    match (grant.act(), grant.office_no()) {
        (Act::UseDisaster | Act::RegisterCharge, Some(office_no)) => Ok(office_no),
        _ => Err(Error::NotCovered),
    }
}

/// Proposes a mode.
///
/// # Errors
/// [`Error::Conflict`] if the form was sent before.
pub fn propose(tx: &mut Tx<'_>, grant: &ActGrant, d: &Disaster, submit_key: &str) -> Result<(), Error> {
    let insurer_no = insurer(grant)?;
    if grant.act() != Act::ProposeDisaster || d.insurer_no != insurer_no {
        return Err(Error::NotCovered);
    }
    tx.execute(
        PUT,
        args![
            insurer_no,
            &d.disaster_id,
            &d.name,
            d.areas.join(","),
            d.offices.join(","),
            d.from_on,
            d.until_on,
            &d.reason,
            &d.proposed_account,
            &d.proposed_by,
            &d.proposed_at,
            submit_key
        ],
    )
    .map(drop)
}

/// The mode that a form proposed before.
pub fn of_key(tx: &mut Tx<'_>, grant: &ActGrant, submit_key: &str) -> Result<Option<Disaster>, Error> {
    tx.query_opt(OF_KEY, args![insurer(grant)?, submit_key])?.as_ref().map(read).transpose()
}

/// A mode of the insurer.
pub fn find(tx: &mut Tx<'_>, grant: &ActGrant, disaster_id: &str) -> Result<Option<Disaster>, Error> {
    tx.query_opt(FIND, args![insurer(grant)?, disaster_id])?.as_ref().map(read).transpose()
}

/// The insurer's modes, the newest first.
pub fn list(tx: &mut Tx<'_>, grant: &ActGrant, limit: i32) -> Result<Vec<Disaster>, Error> {
    tx.query(LIST, args![insurer(grant)?, limit])?.iter().map(read).collect()
}

/// An insurer's approved modes whose last day lies between two days.
pub fn ran_out(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    insurer_no: InsurerNo,
    (from, until): (Date, Date),
) -> Result<Vec<Disaster>, Error> {
    if grant.act() != Act::Operate {
        return Err(Error::NotCovered);
    }
    tx.query(RAN_OUT, args![insurer_no, from, until])?.iter().map(read).collect()
}

/// The offices that a mode admits: those it names, or all in its area.
pub fn admitted(tx: &mut Tx<'_>, disaster: &Disaster) -> Result<Vec<OfficeNo>, Error> {
    let bad = |_| Error::Broken("office.office_no".to_owned());
    if !disaster.offices.is_empty() {
        return disaster.offices.iter().map(|no| OfficeNo::parse(no).map_err(bad)).collect();
    }
    let mut all = Vec::new();
    for area in &disaster.areas {
        for row in tx.query(OFFICES_IN, args![area])? {
            all.push(OfficeNo::parse(row.text(0)?).map_err(bad)?);
        }
    }
    Ok(all)
}

/// The modes that the office may use today.
pub fn for_office(tx: &mut Tx<'_>, grant: &ActGrant, today: Date) -> Result<Vec<Standing>, Error> {
    let office_no = office(grant)?;
    let rows = tx.query(STANDING, args![today])?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let area = tx.query_opt(AREA, args![office_no])?.map_or(Ok(String::new()), |row| row.text(0).map(str::to_owned))?;
    let mut all = Vec::new();
    for row in &rows {
        let disaster = read(row)?;
        if disaster.admits(office_no, &area) {
            let published = i32::try_from(row.int(20)?).unwrap_or(0);
            all.push(Standing {
                disaster,
                insurer_name: row.text(18)?.to_owned(),
                started_on: row.opt_date(19)?,
                published,
            });
        }
    }
    Ok(all)
}

/// What is decided about a proposal.
pub struct Decision<'a> {
    /// `approved` or `rejected`.
    pub state: &'a str,
    /// Account that decides; never the one that proposed.
    pub account_id: &'a str,
    /// Its owner's name.
    pub name: &'a str,
    /// When.
    pub now: &'a str,
    /// With what words.
    pub note: &'a str,
}

/// Approves or rejects a proposal. False: it is decided already, or the same account proposed it.
pub fn decide(tx: &mut Tx<'_>, grant: &ActGrant, disaster_id: &str, decision: &Decision<'_>) -> Result<bool, Error> {
    if grant.act() != Act::ApproveDisaster {
        return Err(Error::NotCovered);
    }
    let Decision { state, account_id, name, now, note } = decision;
    let insurer_no = insurer(grant)?;
    Ok(tx.execute(DECIDE, args![insurer_no, disaster_id, *state, *account_id, *name, *now, *note])? == 1)
}

/// Ends a mode at once, with every registration that came of it. False: it does not stand.
pub fn end(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    disaster_id: &str,
    (by, now, today): (&str, &str, Date),
    reason: &str,
) -> Result<bool, Error> {
    if grant.act() != Act::ApproveDisaster {
        return Err(Error::NotCovered);
    }
    let insurer_no = insurer(grant)?;
    if tx.execute(END, args![insurer_no, disaster_id, by, now, reason])? != 1 {
        return Ok(false);
    }
    tx.execute(END_CHARGES, args![insurer_no, disaster_id, today])?;
    Ok(true)
}

/// People of the insurer of a disaster mode who were born on that day, or whose kana have that search key; for comparison only.
pub fn candidates(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    standing: &Standing,
    (born_on, kana_key): (Option<Date>, &str),
    limit: i32,
) -> Result<Vec<(InsuredNo, Stored<InsuredPerson>)>, Error> {
    office(grant)?;
    if grant.act() != Act::UseDisaster {
        return Err(Error::NotCovered);
    }
    let (insurer_no, published) = (standing.disaster.insurer_no, standing.published);
    let mut numbers: Vec<String> = Vec::new();
    let mut take = |rows: Vec<Row>| {
        for row in &rows {
            numbers.push(row.text(0)?.to_owned());
        }
        Ok::<_, Error>(())
    };
    if let Some(born_on) = born_on {
        take(tx.query(BY_BIRTH, args![insurer_no, born_on, published, limit])?)?;
    }
    take(tx.query(BY_KANA, args![insurer_no, kana_key, published, limit])?)?;
    numbers.sort_unstable();
    numbers.dedup();
    let mut all = Vec::with_capacity(numbers.len());
    for number in numbers {
        let no = InsuredNo::parse(&number).map_err(|_| Error::Broken("a person has no number".to_owned()))?;
        let rows = tx.query(record::sql::<InsuredPerson>().of_person, args![insurer_no, no, published])?;
        if let Some(row) = rows.into_iter().next() {
            all.push((no, record::read::<InsuredPerson>(row)?));
        }
    }
    Ok(all)
}

/// How often the account tried since an instant, and when first.
pub fn tries(tx: &mut Tx<'_>, account_id: &str, since: &str) -> Result<(i64, String), Error> {
    let row = tx.query_opt(TRIES, args![account_id, since])?;
    row.map_or(Ok((0, String::new())), |row| Ok((row.int(0)?, row.text(1)?.to_owned())))
}

/// Writes a try down.
pub fn put_use(tx: &mut Tx<'_>, grant: &ActGrant, insurer_no: InsurerNo, used: &Use) -> Result<(), Error> {
    let office_no = office(grant)?;
    let u = used;
    tx.execute(
        PUT_USE,
        args![
            insurer_no,
            &u.use_id,
            &u.disaster_id,
            office_no,
            &u.office_name,
            &u.account_id,
            &u.account_name,
            &u.outcome,
            &u.asked,
            u.insured_no,
            u.check_id.as_ref(),
            &u.used_at
        ],
    )
    .map(drop)
}

/// The mode under which the office's check was made, if it stands on that day and admits the office: with the use.
pub fn of_check(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    check_id: &str,
    today: Date,
) -> Result<Option<(Disaster, String)>, Error> {
    let office_no = office(grant)?;
    let Some(row) = tx.query_opt(OF_CHECK, args![check_id, office_no])? else {
        return Ok(None);
    };
    let Some(found) = tx.query_opt(FIND, args![row.text(0)?, row.text(1)?])? else {
        return Ok(None);
    };
    let disaster = read(&found)?;
    let area = tx.query_opt(AREA, args![office_no])?.map_or(Ok(String::new()), |row| row.text(0).map(str::to_owned))?;
    let use_id = row.text(2)?.to_owned();
    Ok(Some((disaster, use_id)).filter(|(d, _)| d.stands(today) && d.admits(office_no, &area)))
}

/// Writes down the registration that came of a try.
pub fn registered(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (insurer_no, use_id): (InsurerNo, &str),
    charge_id: &str,
    now: &str,
) -> Result<(), Error> {
    office(grant)?;
    tx.execute(REGISTERED, args![insurer_no, use_id, charge_id, now]).map(drop)
}

/// The tries under a mode, the newest first.
pub fn uses(tx: &mut Tx<'_>, grant: &ActGrant, disaster_id: &str, limit: i32) -> Result<Vec<Use>, Error> {
    tx.query(USES, args![insurer(grant)?, disaster_id, limit])?.iter().map(read_use).collect()
}

/// A try.
pub fn find_use(tx: &mut Tx<'_>, grant: &ActGrant, use_id: &str) -> Result<Option<Use>, Error> {
    tx.query_opt(USE, args![insurer(grant)?, use_id])?.as_ref().map(read_use).transpose()
}

/// Tries, registrations that came of them, tries that nobody reviewed yet.
pub fn counts(tx: &mut Tx<'_>, grant: &ActGrant, disaster_id: &str) -> Result<(i64, i64, i64), Error> {
    let row = tx.query_opt(COUNTS, args![insurer(grant)?, disaster_id])?;
    row.map_or(Ok((0, 0, 0)), |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)))
}

/// What a review says of a try.
pub struct Review<'a> {
    /// `proper` or `improper`.
    pub verdict: &'a str,
    /// Words.
    pub note: &'a str,
    /// Who.
    pub by: &'a str,
    /// When.
    pub now: &'a str,
}

/// Reviews a try; a later review counts. False: there is no such try under the mode.
pub fn review(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (disaster_id, use_id): (&str, &str),
    review: &Review<'_>,
) -> Result<bool, Error> {
    if grant.act() != Act::ReviewDisaster {
        return Err(Error::NotCovered);
    }
    let Review { verdict, note, by, now } = review;
    Ok(tx.execute(REVIEW, args![insurer(grant)?, disaster_id, use_id, *verdict, *note, *by, *now])? == 1)
}

fn list_of(text: &str) -> Vec<String> {
    text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn read(row: &Row) -> Result<Disaster, Error> {
    let text = |i| Ok::<_, Error>(row.text(i)?.to_owned());
    let opt = |i| Ok::<_, Error>(row.opt_text(i)?.map(str::to_owned));
    Ok(Disaster {
        insurer_no: InsurerNo::parse(row.text(0)?)
            .map_err(|_| Error::Broken("a disaster has no insurer".to_owned()))?,
        disaster_id: text(1)?,
        name: text(2)?,
        areas: list_of(row.text(3)?),
        offices: list_of(row.text(4)?),
        from_on: row.date(5)?,
        until_on: row.date(6)?,
        reason: text(7)?,
        state: text(8)?,
        proposed_account: text(9)?,
        proposed_by: text(10)?,
        proposed_at: text(11)?,
        decided_by: opt(12)?,
        decided_at: opt(13)?,
        decide_note: opt(14)?,
        ended_by: opt(15)?,
        ended_at: opt(16)?,
        end_reason: opt(17)?,
    })
}

fn read_use(row: &Row) -> Result<Use, Error> {
    let text = |i| Ok::<_, Error>(row.text(i)?.to_owned());
    let opt = |i| Ok::<_, Error>(row.opt_text(i)?.map(str::to_owned));
    let no = row.opt_text(8)?.map(InsuredNo::parse).transpose();
    Ok(Use {
        use_id: text(0)?,
        disaster_id: text(1)?,
        office_no: text(2)?,
        office_name: text(3)?,
        account_id: text(4)?,
        account_name: text(5)?,
        outcome: text(6)?,
        asked: text(7)?,
        insured_no: no.map_err(|_| Error::Broken("a use has no person".to_owned()))?,
        check_id: opt(9)?,
        charge_id: opt(10)?,
        used_at: text(11)?,
        registered_at: opt(12)?,
        review: opt(13)?,
        review_note: opt(14)?,
        reviewed_by: opt(15)?,
        reviewed_at: opt(16)?,
    })
}
