//! Claim presence: what became of each month's claim, and the recomputation of standings from it.
//!
//! Rows of the recomputation are read a page of persons at a time, in the order of the key, and changed only where the last day
//! is still the one that was read: whoever keeps or releases a registration meanwhile wins.

use kaigo_core::code::{LossReason, Void};
use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::{Act, ActGrant};
use kaigo_core::rule::moving::{LinkKind, Loss};
use kaigo_core::rule::presence::{ClaimPresence, month_text};

use crate::db::{Error, Row, Tx, Value};
use crate::many::Many;

statements! {
    INSERT_LOAD = "INSERT INTO claim_load (load_id, file, loaded_by, loaded_at, row_count, changed_count) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                   ON CONFLICT (load_id) DO NOTHING";
    FIND_LOAD = "SELECT loaded_at FROM claim_load WHERE load_id = ?1";
    KEPT = "INSERT INTO charge_watch (insurer_no, insured_no, charge_id, kept_until, warned_for) VALUES (?1, ?2, ?3, ?4, NULL) \
            ON CONFLICT (insurer_no, insured_no, charge_id) DO UPDATE SET kept_until = excluded.kept_until";
    KEPT_UNTIL = "SELECT kept_until FROM charge_watch WHERE insurer_no = ?1 AND insured_no = ?2 AND charge_id = ?3";
    CHARGES = "SELECT c.insurer_no, c.insured_no, c.charge_id, c.office_no, c.started_on, c.closes_on, w.kept_until, w.warned_for \
               FROM charge c LEFT JOIN charge_watch w ON w.insurer_no = c.insurer_no AND w.insured_no = c.insured_no \
               AND w.charge_id = c.charge_id WHERE (c.insurer_no, c.insured_no) > (?1, ?2) AND c.insurer_no <= ?3 \
               AND c.ended_on IS NULL AND c.closes_on >= ?4 AND c.method <> 'disaster' ORDER BY c.insurer_no, c.insured_no, c.charge_id LIMIT ?5";
    CLAIMS = "SELECT insurer_no, insured_no, office_no, max(CASE WHEN state <> 'returned' THEN service_month END), \
              max(CASE WHEN state = 'returned' THEN received_month END) FROM claim_presence \
              WHERE (insurer_no, insured_no) > (?1, ?2) AND (insurer_no, insured_no) <= (?3, ?4) \
              GROUP BY insurer_no, insured_no, office_no ORDER BY insurer_no, insured_no, office_no";
    GRACES = "SELECT s.insurer_no, s.value FROM insurer_setting s WHERE s.setting = 'grace-months' AND s.valid_from <= ?1 \
              ORDER BY s.insurer_no, s.valid_from";
    RUN = "SELECT run_id, insurer_no, at_insurer_no, at_insured_no, looked, changed, reopened, warned, ended_at FROM presence_run WHERE run_id = ?1";
    WAITING = "SELECT run_id, insurer_no, at_insurer_no, at_insured_no, looked, changed, reopened, warned, ended_at FROM presence_run \
               WHERE ended_at IS NULL ORDER BY started_at, run_id LIMIT 1";
    BEGIN = "INSERT INTO presence_run (run_id, insurer_no, at_insurer_no, at_insured_no, looked, changed, reopened, warned, started_at, ended_at) \
             VALUES (?1, ?2, ?3, '', 0, 0, 0, 0, ?4, NULL) ON CONFLICT (run_id) DO NOTHING";
    STEP = "UPDATE presence_run SET at_insurer_no = ?2, at_insured_no = ?3, looked = looked + ?4, changed = changed + ?5, \
            reopened = reopened + ?6, warned = warned + ?7, ended_at = ?8 WHERE run_id = ?1 AND ended_at IS NULL \
            AND at_insurer_no = ?9 AND at_insured_no = ?10";
    MONTHS = "SELECT service_month, state, received_month FROM claim_presence WHERE insurer_no = ?1 AND insured_no = ?2 AND office_no = ?3 \
              ORDER BY service_month DESC LIMIT 12";
    LINK = "INSERT INTO person_link (insurer_no, insured_no, to_insurer_no, to_insured_no, kind, moved_on, recorded_by, recorded_at) \
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (insurer_no, insured_no, to_insurer_no, to_insured_no) DO NOTHING";
    LINKED = "SELECT kind, moved_on FROM person_link WHERE insurer_no = ?1 AND insured_no = ?2 ORDER BY moved_on DESC LIMIT 1";
    LOSS = "SELECT lost_on, loss_reason, void FROM qualification WHERE insurer_no = ?1 AND insured_no = ?2 AND load_no <= ?3 \
            ORDER BY record_no DESC, load_no DESC, history_no DESC LIMIT 1";
    OPEN_OF_PERSON = "SELECT charge_id, office_no, closes_on FROM charge WHERE insurer_no = ?1 AND insured_no = ?2 AND ended_on IS NULL \
                      AND closes_on >= ?3 ORDER BY office_no, started_on, charge_id";
    CARRY = "INSERT INTO charge (insurer_no, insured_no, charge_id, office_no, started_on, closes_on, ended_on, end_reason, method, check_id, \
             registered_by, registered_at) SELECT ?4, ?5, ?6, c.office_no, ?7, c.closes_on, NULL, NULL, c.method, c.check_id, c.registered_by, ?8 \
             FROM charge c WHERE c.insurer_no = ?1 AND c.insured_no = ?2 AND c.charge_id = ?3 AND NOT EXISTS (SELECT 1 FROM charge d \
             WHERE d.insurer_no = ?4 AND d.insured_no = ?5 AND d.office_no = c.office_no AND d.ended_on IS NULL)";
}

/// Takes months of claims over where they are newer than what is there, or later in the order of states.
static PUT: Many = Many::new(
    "INSERT INTO claim_presence (insurer_no, insured_no, office_no, service_month, state, received_month, loaded_at) VALUES",
    7,
    "ON CONFLICT (insurer_no, insured_no, office_no, service_month) DO UPDATE SET state = excluded.state, \
     received_month = excluded.received_month, loaded_at = excluded.loaded_at WHERE excluded.received_month > claim_presence.received_month \
     OR (excluded.received_month = claim_presence.received_month AND excluded.state > claim_presence.state)",
);
/// Moves last days that are still what they were.
static MOVE: Many = Many::new(
    "UPDATE charge SET closes_on = v.column5 FROM (VALUES",
    5,
    ") AS v WHERE charge.insurer_no = v.column1 AND charge.insured_no = v.column2 AND charge.charge_id = v.column3 \
     AND charge.closes_on = v.column4 AND charge.ended_on IS NULL",
);
/// Notes for which last day an office was warned.
static WARNED: Many = Many::new(
    "INSERT INTO charge_watch (insurer_no, insured_no, charge_id, kept_until, warned_for) VALUES",
    5,
    "ON CONFLICT (insurer_no, insured_no, charge_id) DO UPDATE SET warned_for = excluded.warned_for",
);

/// The statements over many rows.
pub(crate) fn many() -> [(&'static str, &'static str); 6] {
    [
        ("PUT", PUT.full()),
        ("PUT_ONE", PUT.single()),
        ("MOVE", MOVE.full()),
        ("MOVE_ONE", MOVE.single()),
        ("WARNED", WARNED.full()),
        ("WARNED_ONE", WARNED.single()),
    ]
}

/// One month's claim of an office for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// Insurer on the claim (証記載保険者番号).
    pub insurer_no: InsurerNo,
    /// Number of the person.
    pub insured_no: InsuredNo,
    /// Office that claims.
    pub office_no: OfficeNo,
    /// First day of the month of service.
    pub service_month: Date,
    /// First day of the month in which it came, or was sent back.
    pub received_month: Date,
    /// What became of it.
    pub state: ClaimPresence,
}

/// A load of claims may be the operator's, for all insurers, or an insurer's own, for its people only.
fn may_load(grant: &ActGrant, insurer_no: InsurerNo) -> Result<(), Error> {
    if grant.act() == Act::LoadClaims && grant.insurer_no().is_none_or(|own| own == insurer_no) {
        Ok(())
    } else {
        Err(Error::NotCovered)
    }
}

fn may_operate(grant: &ActGrant) -> Result<(), Error> {
    if grant.act() == Act::Operate { Ok(()) } else { Err(Error::NotCovered) }
}

/// Keeps claims. Of two for the same month the one that came later counts, of two in one month the later state: the order of files
/// does not matter, and a repeat changes nothing. Answers how many rows changed.
pub fn put(tx: &mut Tx<'_>, grant: &ActGrant, mut claims: Vec<Claim>, now: &str) -> Result<u64, Error> {
    for claim in &claims {
        may_load(grant, claim.insurer_no)?;
    }
    let key = |c: &Claim| (c.insurer_no, c.insured_no, c.office_no, c.service_month);
    // No statement may touch one row twice: the last of each month stays.
    claims.sort_unstable();
    claims.reverse();
    claims.dedup_by_key(|c| key(c));
    let rows = claims.iter().map(|c| {
        vec![
            Value::from(c.insurer_no),
            Value::from(c.insured_no),
            Value::from(c.office_no),
            Value::from(month_text(c.service_month)),
            Value::from(c.state.code()),
            Value::from(month_text(c.received_month)),
            Value::from(now),
        ]
    });
    PUT.run(tx, rows.collect())
}

/// A file of claims that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// Digest of the file, hex.
    pub load_id: String,
    /// Its name.
    pub file: String,
    /// Who loaded it: `operator`, or the insurer's number.
    pub loaded_by: String,
    /// When.
    pub loaded_at: String,
    /// Rows read.
    pub rows: i32,
    /// Rows that changed something.
    pub changed: i32,
}

/// Notes that a file was taken.
pub fn loaded(tx: &mut Tx<'_>, load: &Load) -> Result<(), Error> {
    let l = load;
    tx.execute(INSERT_LOAD, args![&l.load_id, &l.file, &l.loaded_by, &l.loaded_at, l.rows, l.changed]).map(drop)
}

/// When a file with that digest was taken.
pub fn loaded_at(tx: &mut Tx<'_>, load_id: &str) -> Result<Option<String>, Error> {
    tx.query_opt(FIND_LOAD, args![load_id])?.map(|row| Ok(row.text(0)?.to_owned())).transpose()
}

/// Notes until when an office kept a registration by hand.
pub fn kept(
    tx: &mut Tx<'_>,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    charge_id: &str,
    until: Date,
) -> Result<(), Error> {
    tx.execute(KEPT, args![insurer_no, insured_no, charge_id, until]).map(drop)
}

/// Until when the office keeps a registration by hand, if it does.
pub fn kept_until(
    tx: &mut Tx<'_>,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    charge_id: &str,
) -> Result<Option<Date>, Error> {
    let row = tx.query_opt(KEPT_UNTIL, args![insurer_no, insured_no, charge_id])?;
    row.map_or(Ok(None), |row| row.opt_date(0))
}

/// A registration as the recomputation sees it. Keys stay text: a million of them are read and few are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Insurer.
    pub insurer_no: String,
    /// Person.
    pub insured_no: String,
    /// Registration.
    pub charge_id: String,
    /// Office.
    pub office_no: String,
    /// First day.
    pub started_on: Date,
    /// Last day as it stands.
    pub closes_on: Date,
    /// Last day until which it was kept by hand.
    pub kept_until: Option<Date>,
    /// The last day for which the office was warned.
    pub warned_for: Option<Date>,
}

/// What the claims of an office for a person say, months as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Insurer.
    pub insurer_no: String,
    /// Person.
    pub insured_no: String,
    /// Office.
    pub office_no: String,
    /// Last month of service with a claim that stands.
    pub claimed: Option<String>,
    /// Last month in which a claim was sent back.
    pub returned: Option<String>,
}

/// A place in the order of persons; the empty one lies before all.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// Insurer.
    pub insurer_no: String,
    /// Person.
    pub insured_no: String,
}

/// Registrations after a place, up to an insurer, that were not released and did not end before a day: persons in order, at most so
/// many rows. The last person may be cut. A registration of a disaster has its own end and is not among them.
pub fn charges(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (after, last_insurer): (&At, &str),
    ended_since: Date,
    most: i32,
) -> Result<Vec<Watched>, Error> {
    may_operate(grant)?;
    let rows = tx.query(CHARGES, args![&after.insurer_no, &after.insured_no, last_insurer, ended_since, most])?;
    rows.iter()
        .map(|row| {
            Ok(Watched {
                insurer_no: row.text(0)?.to_owned(),
                insured_no: row.text(1)?.to_owned(),
                charge_id: row.text(2)?.to_owned(),
                office_no: row.text(3)?.to_owned(),
                started_on: row.date(4)?,
                closes_on: row.date(5)?,
                kept_until: row.opt_date(6)?,
                warned_for: row.opt_date(7)?,
            })
        })
        .collect()
}

/// Claims about the persons after one place up to another, in order.
pub fn claims(tx: &mut Tx<'_>, grant: &ActGrant, after: &At, to: &At) -> Result<Vec<Claimed>, Error> {
    may_operate(grant)?;
    let args = args![&after.insurer_no, &after.insured_no, &to.insurer_no, &to.insured_no];
    tx.query(CLAIMS, args)?
        .iter()
        .map(|row| {
            Ok(Claimed {
                insurer_no: row.text(0)?.to_owned(),
                insured_no: row.text(1)?.to_owned(),
                office_no: row.text(2)?.to_owned(),
                claimed: row.opt_text(3)?.map(str::to_owned),
                returned: row.opt_text(4)?.map(str::to_owned),
            })
        })
        .collect()
}

/// Months of grace that insurers set themselves, on a day.
pub fn graces(tx: &mut Tx<'_>, grant: &ActGrant, today: Date) -> Result<Vec<(String, i32)>, Error> {
    may_operate(grant)?;
    let rows = tx.query(GRACES, args![today])?;
    let read = |row: &Row| Ok((row.text(0)?.to_owned(), row.text(1)?.trim().parse::<i32>().ok()));
    let all: Vec<(String, Option<i32>)> = rows.iter().map(read).collect::<Result<_, Error>>()?;
    Ok(all.into_iter().filter_map(|(no, months)| Some((no, months?))).collect())
}

/// A last day to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Insurer, person, registration.
    pub key: [String; 3],
    /// Last day as it was read.
    pub from: Date,
    /// The new one.
    pub to: Date,
}

/// Moves last days, each only if it is still the one that was read. Answers how many were moved.
pub fn move_all(tx: &mut Tx<'_>, grant: &ActGrant, moved: &[Moved]) -> Result<u64, Error> {
    may_operate(grant)?;
    let rows = moved.iter().map(|m| {
        let mut row: Vec<Value<'_>> = m.key.iter().map(Value::from).collect();
        row.extend([Value::from(m.from), Value::from(m.to)]);
        row
    });
    MOVE.run(tx, rows.collect())
}

/// Notes for which last day the office was warned: key and day. `kept_until` of a row that is not there yet stays empty.
pub fn warned(tx: &mut Tx<'_>, grant: &ActGrant, all: &[([String; 3], Date)]) -> Result<(), Error> {
    may_operate(grant)?;
    let rows = all.iter().map(|(key, day)| {
        let mut row: Vec<Value<'_>> = key.iter().map(Value::from).collect();
        row.extend([Value::Null, Value::from(*day)]);
        row
    });
    WARNED.run(tx, rows.collect()).map(drop)
}

/// A run of the recomputation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Name: what it is for; a second run of the same name goes on with the first.
    pub run_id: String,
    /// The one insurer it is about; none: all.
    pub insurer_no: Option<String>,
    /// Place up to which it is done.
    pub at: At,
    /// Registrations looked at.
    pub looked: i64,
    /// Last days moved.
    pub changed: i64,
    /// Of these, registrations that had ended by absence and stand again.
    pub reopened: i64,
    /// Offices warned.
    pub warned: i64,
    /// Whether it is done.
    pub ended: bool,
}

fn read_run(row: &Row) -> Result<Run, Error> {
    Ok(Run {
        run_id: row.text(0)?.to_owned(),
        insurer_no: row.opt_text(1)?.map(str::to_owned),
        at: At { insurer_no: row.text(2)?.to_owned(), insured_no: row.text(3)?.to_owned() },
        looked: row.int(4)?,
        changed: row.int(5)?,
        reopened: row.int(6)?,
        warned: row.int(7)?,
        ended: row.opt_text(8)?.is_some(),
    })
}

/// Asks for a run; one of that name that is there already stays as it is.
pub fn begin_run(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    run_id: &str,
    insurer_no: Option<InsurerNo>,
    now: &str,
) -> Result<(), Error> {
    may_operate(grant)?;
    let start = insurer_no.map(|no| no.to_string()).unwrap_or_default();
    tx.execute(BEGIN, args![run_id, insurer_no, &start, now]).map(drop)
}

/// The run of that name.
pub fn run(tx: &mut Tx<'_>, run_id: &str) -> Result<Option<Run>, Error> {
    tx.query_opt(RUN, args![run_id])?.as_ref().map(read_run).transpose()
}

/// The oldest run that is not done.
pub fn waiting_run(tx: &mut Tx<'_>) -> Result<Option<Run>, Error> {
    tx.query_opt(WAITING, &[])?.as_ref().map(read_run).transpose()
}

/// What one step of a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Registrations looked at.
    pub looked: i64,
    /// Last days moved.
    pub changed: i64,
    /// Registrations that stand again.
    pub reopened: i64,
    /// Offices warned.
    pub warned: i64,
}

/// Moves a run on from the place where it was read. Answers false if another process did so before.
pub fn step(tx: &mut Tx<'_>, run: &Run, (to, did): (&At, Step), ended_at: Option<&str>) -> Result<bool, Error> {
    let args = args![
        &run.run_id,
        &to.insurer_no,
        &to.insured_no,
        did.looked,
        did.changed,
        did.reopened,
        did.warned,
        ended_at,
        &run.at.insurer_no,
        &run.at.insured_no
    ];
    Ok(tx.execute(STEP, args)? == 1)
}

/// The last twelve months of an office's claims for a person: month of service, what became of it, month in which it came.
pub fn months(
    tx: &mut Tx<'_>,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    office_no: OfficeNo,
) -> Result<Vec<(String, ClaimPresence, String)>, Error> {
    let rows = tx.query(MONTHS, args![insurer_no, insured_no, office_no])?;
    rows.iter()
        .map(|row| {
            let state =
                ClaimPresence::parse(row.text(1)?).map_err(|_| Error::Broken("claim_presence.state".to_owned()))?;
            Ok((row.text(0)?.to_owned(), state, row.text(2)?.to_owned()))
        })
        .collect()
}

/// A number that goes on as another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The old number.
    pub from: (InsurerNo, InsuredNo),
    /// The new one.
    pub to: (InsurerNo, InsuredNo),
    /// Why.
    pub kind: LinkKind,
    /// Since when.
    pub moved_on: Date,
}

/// Records a link. Answers false if it was there.
pub fn link(tx: &mut Tx<'_>, grant: &ActGrant, link: &Link, now: &str) -> Result<bool, Error> {
    may_load(grant, link.from.0)?;
    let by = grant.insurer_no().map_or_else(|| "operator".to_owned(), |no| no.to_string());
    let (from, to) = (link.from, link.to);
    let args = args![from.0, from.1, to.0, to.1, link.kind.code(), link.moved_on, by, now];
    Ok(tx.execute(LINK, args)? == 1)
}

/// Why and since when a number goes on as another one; never as which one.
pub fn linked(
    tx: &mut Tx<'_>,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
) -> Result<Option<(LinkKind, Date)>, Error> {
    let Some(row) = tx.query_opt(LINKED, args![insurer_no, insured_no])? else { return Ok(None) };
    let kind = LinkKind::parse(row.text(0)?).map_err(|_| Error::Broken("person_link.kind".to_owned()))?;
    Ok(Some((kind, row.date(1)?)))
}

/// The loss of the qualification, if the newest segment has one: a day and a reason, no record.
pub fn loss(
    tx: &mut Tx<'_>,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    published: i32,
) -> Result<Option<Loss>, Error> {
    let Some(row) = tx.query_opt(LOSS, args![insurer_no, insured_no, published])? else { return Ok(None) };
    if row.text(2)? != Void::Valid.code() {
        return Ok(None);
    }
    let reason = row.opt_text(1)?.map(LossReason::parse).transpose();
    let reason = reason.map_err(|_| Error::Broken("qualification.loss_reason".to_owned()))?;
    Ok(row.opt_date(0)?.map(|on| Loss { on, reason }))
}

/// Registrations of a person that stand on a day: registration, office, last day.
pub fn standing_of(
    tx: &mut Tx<'_>,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    today: Date,
) -> Result<Vec<(String, OfficeNo, Date)>, Error> {
    let rows = tx.query(OPEN_OF_PERSON, args![insurer_no, insured_no, today])?;
    rows.iter()
        .map(|row| {
            let office_no = OfficeNo::parse(row.text(1)?).map_err(|_| Error::Broken("charge.office_no".to_owned()))?;
            Ok((row.text(0)?.to_owned(), office_no, row.date(2)?))
        })
        .collect()
}

/// Lets a registration go on under the new number, unless the office is registered there already. Answers whether it does.
pub fn carry(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    link: &Link,
    (old_id, new_id): (&str, &str),
    now: &str,
) -> Result<bool, Error> {
    may_load(grant, link.from.0)?;
    if !link.kind.carries() {
        return Err(Error::NotCovered);
    }
    let (from, to) = (link.from, link.to);
    Ok(tx.execute(CARRY, args![from.0, from.1, old_id, to.0, to.1, new_id, link.moved_on, now])? == 1)
}
