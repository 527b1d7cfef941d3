//! Applications for the subsidy (助成金の申請): what was typed (sealed), files, events, the desk's decisions.

use kaigo_core::date::{Date, iso};
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant};
use kaigo_core::subsidy::{DocumentKind, State};

use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "application_id, office_no, office_name, fiscal_year, state, revision, sealed, total_yen, grant_yen, made_at, made_by, filed_on, filed_at, \
         decided_at, decided_by, pay_by, paid_on"
    };
}

statements! {
    BY_KEY = concat!("SELECT ", columns!(), " FROM subsidy WHERE office_no = ?1 AND submit_key = ?2");
    INSERT = concat!("INSERT INTO subsidy (", columns!(), ", submit_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, NULL, NULL, NULL, NULL, NULL, NULL, ?12)");
    OF_OFFICE = concat!("SELECT ", columns!(), " FROM subsidy WHERE office_no = ?1 ORDER BY made_at DESC, application_id");
    OWN = concat!("SELECT ", columns!(), " FROM subsidy WHERE office_no = ?1 AND application_id = ?2");
    FIND = concat!("SELECT ", columns!(), " FROM subsidy WHERE application_id = ?1");
    LIST = concat!("SELECT ", columns!(), " FROM subsidy WHERE state <> 'draft' AND (?1 = '' OR state = ?1) \
            AND (?2 = '' OR office_no LIKE ?2 || '%' OR office_name LIKE '%' || ?2 || '%') ORDER BY filed_at, application_id LIMIT ?3");
    SAVE = "UPDATE subsidy SET sealed = ?3, total_yen = ?4, grant_yen = ?5, revision = revision + 1 \
            WHERE application_id = ?1 AND revision = ?2 AND state IN ('draft', 'returned')";
    FILE_IT = "UPDATE subsidy SET state = 'filed', fiscal_year = ?3, filed_on = ?4, filed_at = ?5, pay_by = ?6, decided_at = NULL, decided_by = NULL, \
               revision = revision + 1 WHERE application_id = ?1 AND revision = ?2 AND state IN ('draft', 'returned')";
    WITHDRAW = "UPDATE subsidy SET state = 'withdrawn', revision = revision + 1 WHERE application_id = ?1 AND state IN ('draft', 'returned', 'filed')";
    DECIDE = "UPDATE subsidy SET state = ?2, decided_at = ?3, decided_by = ?4, grant_yen = ?5, revision = revision + 1 \
              WHERE application_id = ?1 AND state = 'filed'";
    PAY = "UPDATE subsidy SET state = 'paid', paid_on = ?2, revision = revision + 1 WHERE application_id = ?1 AND state = 'granted'";
    COUNTS = "SELECT state, count(*), coalesce(min(filed_at), '') FROM subsidy GROUP BY state ORDER BY state";
    NEXT_FILE = "SELECT coalesce(max(file_no), 0) + 1 FROM subsidy_file WHERE application_id = ?1";
    ADD_FILE = "INSERT INTO subsidy_file (application_id, file_no, kind, name, media_type, size, digest, sealed_text, added_at, added_by, removed_at) \
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, NULL)";
    FILES = "SELECT file_no, kind, name, media_type, size, digest, sealed_text, added_at, added_by FROM subsidy_file \
             WHERE application_id = ?1 AND removed_at IS NULL ORDER BY file_no";
    REMOVE_FILE = "UPDATE subsidy_file SET removed_at = ?3 WHERE application_id = ?1 AND file_no = ?2 AND removed_at IS NULL";
    EVENTS = "SELECT event_no, what, at, by_name, say FROM subsidy_event WHERE application_id = ?1 ORDER BY event_no";
    NEXT_EVENT = "SELECT coalesce(max(event_no), 0) + 1 FROM subsidy_event WHERE application_id = ?1";
    ADD_EVENT = "INSERT INTO subsidy_event (application_id, event_no, what, at, by_name, say) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
}

/// An application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Identifier, random.
    pub application_id: String,
    /// Office.
    pub office_no: OfficeNo,
    /// Its name when the application was begun.
    pub office_name: String,
    /// Fiscal year of the money.
    pub fiscal_year: i64,
    /// State.
    pub state: State,
    /// Counts every change.
    pub revision: i64,
    /// What was typed, sealed for `subsidy/{application_id}`.
    pub sealed: Vec<u8>,
    /// 総事業費, yen.
    pub total_yen: i64,
    /// 交付額, yen: computed, and once it is granted, decided.
    pub grant_yen: i64,
    /// When it was begun.
    pub made_at: String,
    /// By whom.
    pub made_by: String,
    /// Day on which it was last filed.
    pub filed_on: Option<Date>,
    /// When.
    pub filed_at: Option<String>,
    /// When it was decided.
    pub decided_at: Option<String>,
    /// By whom.
    pub decided_by: Option<String>,
    /// By when the money comes.
    pub pay_by: Option<Date>,
    /// When it was paid.
    pub paid_on: Option<Date>,
}

/// A file of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Number.
    pub file_no: i64,
    /// Kind.
    pub kind: DocumentKind,
    /// Name.
    pub name: String,
    /// Media type, from the content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256: its name among the objects.
    pub digest: String,
    /// Text that could be read in it, sealed for `subsidy/{application_id}/{digest}`.
    pub sealed_text: Vec<u8>,
    /// When it was added.
    pub added_at: String,
    /// By whom.
    pub added_by: String,
}

/// Something that happened to an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Number.
    pub event_no: i64,
    /// `begun`, `filed`, `returned`, `granted`, `refused`, `paid`, `withdrawn`.
    pub what: String,
    /// When.
    pub at: String,
    /// Name of who did it.
    pub by_name: String,
    /// Reason or remark.
    pub say: String,
}

fn read(row: &Row) -> Result<Application, Error> {
    let bad = || Error::Broken("a subsidy application cannot be read".to_owned());
    let text = |i: usize| row.text(i).map(str::to_owned);
    let opt = |i: usize| row.opt_text(i).map(|t| t.map(str::to_owned));
    let day = |i: usize| row.opt_text(i).map(|t| t.and_then(iso));
    Ok(Application {
        application_id: text(0)?,
        office_no: OfficeNo::parse(row.text(1)?).map_err(|_| bad())?,
        office_name: text(2)?,
        fiscal_year: row.int(3)?,
        state: State::parse(row.text(4)?).map_err(|_| bad())?,
        revision: row.int(5)?,
        sealed: row.bytes(6)?.to_vec(),
        total_yen: row.int(7)?,
        grant_yen: row.int(8)?,
        made_at: text(9)?,
        made_by: text(10)?,
        filed_on: day(11)?,
        filed_at: opt(12)?,
        decided_at: opt(13)?,
        decided_by: opt(14)?,
        pay_by: day(15)?,
        paid_on: day(16)?,
    })
}

fn office(grant: &ActGrant) -> Result<OfficeNo, Error> {
    grant.office_no().filter(|_| grant.act() == Act::ManageOffice).ok_or(Error::NotCovered)
}

fn desk(grant: &ActGrant) -> Result<(), Error> {
    if grant.act() == Act::ReviewSubsidy { Ok(()) } else { Err(Error::NotCovered) }
}

/// Whether the grant lets its owner touch the application: the office its own, the desk every one that was filed.
fn touches(grant: &ActGrant, application: &Application) -> Result<(), Error> {
    let own = office(grant).is_ok_and(|office_no| office_no == application.office_no);
    if own || desk(grant).is_ok() { Ok(()) } else { Err(Error::NotCovered) }
}

/// Begins an application. Sent twice with one key, the first one is answered.
pub fn begin(tx: &mut Tx<'_>, grant: &ActGrant, a: &Application, submit_key: &str) -> Result<Application, Error> {
    let office_no = office(grant)?;
    if let Some(row) = tx.query_opt(BY_KEY, args![office_no, submit_key])? {
        return read(&row);
    }
    let args = args![
        &a.application_id,
        office_no,
        &a.office_name,
        a.fiscal_year,
        a.state.code(),
        a.revision,
        a.sealed.as_slice(),
        a.total_yen,
        a.grant_yen,
        &a.made_at,
        &a.made_by,
        submit_key
    ];
    tx.execute(INSERT, args)?;
    Ok(a.clone())
}

/// Applications of the office of the grant, the newest first.
pub fn of_office(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<Application>, Error> {
    tx.query(OF_OFFICE, args![office(grant)?])?.iter().map(read).collect()
}

/// States of an office's applications, the newest first, for its own first page: nothing of what was typed.
pub fn states(tx: &mut Tx<'_>, office_no: OfficeNo) -> Result<Vec<State>, Error> {
    let rows = tx.query(OF_OFFICE, args![office_no])?;
    rows.iter().map(|row| read(row).map(|a| a.state)).collect()
}

/// One application of the office of the grant.
pub fn own(tx: &mut Tx<'_>, grant: &ActGrant, application_id: &str) -> Result<Option<Application>, Error> {
    tx.query_opt(OWN, args![office(grant)?, application_id])?.as_ref().map(read).transpose()
}

/// One application for the desk: never a draft.
pub fn find(tx: &mut Tx<'_>, grant: &ActGrant, application_id: &str) -> Result<Option<Application>, Error> {
    desk(grant)?;
    let found = tx.query_opt(FIND, args![application_id])?.as_ref().map(read).transpose()?;
    Ok(found.filter(|a| a.state != State::Draft))
}

/// Applications for the desk by state, number or name of the office, the oldest first.
pub fn list(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (state, search): (&str, &str),
    most: i32,
) -> Result<Vec<Application>, Error> {
    desk(grant)?;
    tx.query(LIST, args![state, search, most])?.iter().map(read).collect()
}

/// Keeps what was typed. Answers false if somebody else changed it since, or it is not open.
pub fn save(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    a: &Application,
    sealed: &[u8],
    (total_yen, grant_yen): (i64, i64),
) -> Result<bool, Error> {
    touches(grant, a)?;
    Ok(tx.execute(SAVE, args![&a.application_id, a.revision, sealed, total_yen, grant_yen])? == 1)
}

/// Files it. Answers false if somebody else changed it since, or it is not open.
///
/// # Errors
/// [`Error::Conflict`] if another application of the office counts already.
pub fn file(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    a: &Application,
    (fiscal_year, filed_on, pay_by): (i64, Date, Date),
    now: &str,
) -> Result<bool, Error> {
    touches(grant, a)?;
    Ok(tx.execute(FILE_IT, args![&a.application_id, a.revision, fiscal_year, filed_on, now, pay_by])? == 1)
}

/// Takes it back before it is decided.
pub fn withdraw(tx: &mut Tx<'_>, grant: &ActGrant, a: &Application) -> Result<bool, Error> {
    touches(grant, a)?;
    Ok(tx.execute(WITHDRAW, args![&a.application_id])? == 1)
}

/// Decides a filed application: granted, returned or refused. Answers false if it is not under review.
pub fn decide(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    a: &Application,
    state: State,
    (now, by, grant_yen): (&str, &str, i64),
) -> Result<bool, Error> {
    desk(grant)?;
    Ok(tx.execute(DECIDE, args![&a.application_id, state.code(), now, by, grant_yen])? == 1)
}

/// Notes that it was paid.
pub fn pay(tx: &mut Tx<'_>, grant: &ActGrant, a: &Application, on: Date) -> Result<bool, Error> {
    desk(grant)?;
    Ok(tx.execute(PAY, args![&a.application_id, on])? == 1)
}

/// How many applications there are of each state, and when the oldest was filed.
pub fn counts(tx: &mut Tx<'_>) -> Result<Vec<(String, i64, String)>, Error> {
    let rows = tx.query(COUNTS, &[])?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.int(1)?, row.text(2)?.to_owned()))).collect()
}

/// Adds a file under the next number.
pub fn add_file(tx: &mut Tx<'_>, grant: &ActGrant, a: &Application, f: &File) -> Result<i64, Error> {
    touches(grant, a)?;
    let next = tx.query_opt(NEXT_FILE, args![&a.application_id])?.map_or(Ok(1), |row| row.int(0))?;
    let args = args![
        &a.application_id,
        next,
        f.kind.code(),
        &f.name,
        &f.media_type,
        f.size,
        &f.digest,
        f.sealed_text.as_slice(),
        &f.added_at,
        &f.added_by
    ];
    tx.execute(ADD_FILE, args)?;
    Ok(next)
}

/// Files that are enclosed now.
pub fn files(tx: &mut Tx<'_>, grant: &ActGrant, a: &Application) -> Result<Vec<File>, Error> {
    touches(grant, a)?;
    let rows = tx.query(FILES, args![&a.application_id])?;
    rows.iter()
        .map(|row| {
            Ok(File {
                file_no: row.int(0)?,
                kind: DocumentKind::parse(row.text(1)?).map_err(|_| Error::Broken("subsidy_file.kind".to_owned()))?,
                name: row.text(2)?.to_owned(),
                media_type: row.text(3)?.to_owned(),
                size: row.int(4)?,
                digest: row.text(5)?.to_owned(),
                sealed_text: row.bytes(6)?.to_vec(),
                added_at: row.text(7)?.to_owned(),
                added_by: row.text(8)?.to_owned(),
            })
        })
        .collect()
}

/// Takes a file out.
pub fn remove_file(tx: &mut Tx<'_>, grant: &ActGrant, a: &Application, file_no: i64, now: &str) -> Result<bool, Error> {
    touches(grant, a)?;
    Ok(tx.execute(REMOVE_FILE, args![&a.application_id, file_no, now])? == 1)
}

/// Adds an event.
pub fn event(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    a: &Application,
    what: &str,
    (at, by, say): (&str, &str, &str),
) -> Result<(), Error> {
    touches(grant, a)?;
    let next = tx.query_opt(NEXT_EVENT, args![&a.application_id])?.map_or(Ok(1), |row| row.int(0))?;
    tx.execute(ADD_EVENT, args![&a.application_id, next, what, at, by, say]).map(drop)
}

/// What happened to it, in order.
pub fn events(tx: &mut Tx<'_>, grant: &ActGrant, a: &Application) -> Result<Vec<Event>, Error> {
    touches(grant, a)?;
    let rows = tx.query(EVENTS, args![&a.application_id])?;
    rows.iter()
        .map(|row| {
            Ok(Event {
                event_no: row.int(0)?,
                what: row.text(1)?.to_owned(),
                at: row.text(2)?.to_owned(),
                by_name: row.text(3)?.to_owned(),
                say: row.text(4)?.to_owned(),
            })
        })
        .collect()
}
