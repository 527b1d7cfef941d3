//! Firms that set up offices (導入支援事業者), and how far an office has come: counts only, nothing about a person.

use kaigo_core::date::{Date, iso};
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant};

use crate::db::{Error, Tx};

statements! {
    FIRMS = "SELECT supporter_id, name, phone FROM supporter ORDER BY name, supporter_id";
    OF_OFFICE = "SELECT e.entrustment_id, e.supporter_id, s.name, e.entrusted_at, e.entrusted_by, e.ended_at, e.ended_by FROM entrustment e \
                 JOIN supporter s ON s.supporter_id = e.supporter_id WHERE e.office_no = ?1 ORDER BY e.entrusted_at DESC, e.entrustment_id";
    OF_FIRM = "SELECT e.office_no, coalesce(o.name, ''), e.entrusted_at FROM entrustment e LEFT JOIN office o ON o.office_no = e.office_no \
               WHERE e.supporter_id = ?1 AND e.ended_at IS NULL ORDER BY e.office_no LIMIT 500";
    ENTRUSTS = "SELECT 1 FROM entrustment WHERE supporter_id = ?1 AND office_no = ?2 AND ended_at IS NULL";
    ENTRUST = "INSERT INTO entrustment (office_no, supporter_id, entrustment_id, entrusted_at, entrusted_by, ended_at, ended_by) \
               VALUES (?1, ?2, ?3, ?4, ?5, NULL, NULL) ON CONFLICT DO NOTHING";
    END = "UPDATE entrustment SET ended_at = ?3, ended_by = ?4 WHERE office_no = ?1 AND entrustment_id = ?2 AND ended_at IS NULL";
    ACCOUNTS = "SELECT count(*), coalesce(sum(is_admin), 0) FROM account WHERE kind = 'staff' AND office_no = ?1 AND disabled_at IS NULL";
    PEOPLE = "SELECT count(*) FROM charge WHERE office_no = ?1 AND ended_on IS NULL AND started_on <= ?2 AND closes_on >= ?2";
    PLACES = "SELECT i.name, i.started_on FROM charge c JOIN insurer i ON i.insurer_no = c.insurer_no WHERE c.office_no = ?1 AND c.ended_on IS NULL \
              AND c.started_on <= ?2 AND c.closes_on >= ?2 GROUP BY i.insurer_no, i.name, i.started_on ORDER BY i.insurer_no";
    SETS = "SELECT (SELECT count(*) FROM exchange_set WHERE to_office_no = ?1) + (SELECT count(*) FROM exchange_set WHERE from_office_no = ?1)";
    CERTIFICATE = "SELECT max(CASE WHEN certificate IS NOT NULL AND revoked_at IS NULL THEN not_after END), \
                   coalesce(sum(CASE WHEN certificate IS NULL AND state IN ('requested', 'approved') THEN 1 ELSE 0 END), 0) \
                   FROM terminal_certificate WHERE office_no = ?1";
    READERS = "SELECT count(*) FROM card_terminal WHERE office_no = ?1 AND enrolled_at IS NOT NULL AND ended_at IS NULL";
    MONTH = "SELECT (SELECT count(*) FROM exchange_set WHERE to_office_no = ?1 AND sent_at >= ?2), \
             (SELECT count(*) FROM exchange_set WHERE from_office_no = ?1 AND sent_at >= ?2)";
}

/// A firm that an office can entrust: identifier, name, telephone.
pub type Firm = (String, String, Option<String>);

/// An entrustment as the office sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrustment {
    /// Identifier.
    pub entrustment_id: String,
    /// Firm.
    pub supporter_id: String,
    /// Its name.
    pub name: String,
    /// Since when.
    pub entrusted_at: String,
    /// Name of who entrusted it.
    pub entrusted_by: String,
    /// When it ended.
    pub ended_at: Option<String>,
    /// Name of who ended it.
    pub ended_by: Option<String>,
}

/// How far an office has come, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Accounts.
    pub accounts: i64,
    /// Those that administer the office.
    pub admins: i64,
    /// Persons it is in charge of.
    pub people: i64,
    /// Sets that it ever sent or received.
    pub sets: i64,
    /// Municipalities of its people: name, first day of sharing.
    pub places: Vec<(String, Option<Date>)>,
}

fn office(grant: &ActGrant) -> Result<OfficeNo, Error> {
    grant.office_no().filter(|_| grant.act() == Act::ManageOffice).ok_or(Error::NotCovered)
}

fn supporter(grant: &ActGrant) -> Result<(), Error> {
    if grant.act() == Act::SupportOffice { Ok(()) } else { Err(Error::NotCovered) }
}

/// Every firm.
pub fn firms(tx: &mut Tx<'_>) -> Result<Vec<Firm>, Error> {
    let rows = tx.query(FIRMS, &[])?;
    rows.iter()
        .map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned(), row.opt_text(2)?.map(str::to_owned))))
        .collect()
}

/// Entrustments of the office of the grant, the newest first.
pub fn of_office(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<Entrustment>, Error> {
    let rows = tx.query(OF_OFFICE, args![office(grant)?])?;
    rows.iter()
        .map(|row| {
            let text = |i: usize| row.text(i).map(str::to_owned);
            Ok(Entrustment {
                entrustment_id: text(0)?,
                supporter_id: text(1)?,
                name: text(2)?,
                entrusted_at: text(3)?,
                entrusted_by: text(4)?,
                ended_at: row.opt_text(5)?.map(str::to_owned),
                ended_by: row.opt_text(6)?.map(str::to_owned),
            })
        })
        .collect()
}

/// Entrusts a firm; one that is entrusted stays so.
pub fn entrust(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (supporter_id, entrustment_id): (&str, &str),
    (now, by): (&str, &str),
) -> Result<(), Error> {
    tx.execute(ENTRUST, args![office(grant)?, supporter_id, entrustment_id, now, by]).map(drop)
}

/// Ends an entrustment. Answers false if there is none.
pub fn end(tx: &mut Tx<'_>, grant: &ActGrant, entrustment_id: &str, (now, by): (&str, &str)) -> Result<bool, Error> {
    Ok(tx.execute(END, args![office(grant)?, entrustment_id, now, by])? == 1)
}

/// Offices that have entrusted a firm: number, name, since when.
pub fn of_firm(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    supporter_id: &str,
) -> Result<Vec<(OfficeNo, String, String)>, Error> {
    supporter(grant)?;
    let rows = tx.query(OF_FIRM, args![supporter_id])?;
    rows.iter()
        .map(|row| {
            let no = OfficeNo::parse(row.text(0)?).map_err(|_| Error::Broken("entrustment.office_no".to_owned()))?;
            Ok((no, row.text(1)?.to_owned(), row.text(2)?.to_owned()))
        })
        .collect()
}

/// Whether an office has entrusted a firm now.
pub fn entrusts(tx: &mut Tx<'_>, supporter_id: &str, office_no: OfficeNo) -> Result<bool, Error> {
    Ok(tx.query_opt(ENTRUSTS, args![supporter_id, office_no])?.is_some())
}

/// How far an office has come. Numbers and names of municipalities, nothing about a person.
pub fn counts(tx: &mut Tx<'_>, office_no: OfficeNo, today: Date) -> Result<Counts, Error> {
    let mut counts = Counts::default();
    if let Some(row) = tx.query_opt(ACCOUNTS, args![office_no])? {
        (counts.accounts, counts.admins) = (row.int(0)?, row.int(1)?);
    }
    counts.people = tx.query_opt(PEOPLE, args![office_no, today])?.map_or(Ok(0), |row| row.int(0))?;
    counts.sets = tx.query_opt(SETS, args![office_no])?.map_or(Ok(0), |row| row.int(0))?;
    let rows = tx.query(PLACES, args![office_no, today])?;
    for row in &rows {
        counts.places.push((row.text(0)?.to_owned(), row.opt_text(1)?.and_then(iso)));
    }
    Ok(counts)
}

/// Sets that an office received and sent since an instant.
pub fn month(tx: &mut Tx<'_>, office_no: OfficeNo, since: &str) -> Result<(i64, i64), Error> {
    tx.query_opt(MONTH, args![office_no, since])?.map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
}

/// Whether an office has a certificate for a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// None.
    None,
    /// One is asked for.
    Asked,
    /// The one that lasts longest ends then (instant as text).
    Until(String),
}

/// The certificates of an office's terminals, in one word.
pub fn certificate(tx: &mut Tx<'_>, office_no: OfficeNo) -> Result<Certificate, Error> {
    let Some(row) = tx.query_opt(CERTIFICATE, args![office_no])? else { return Ok(Certificate::None) };
    match (row.opt_text(0)?, row.int(1)?) {
        (Some(until), _) => Ok(Certificate::Until(until.to_owned())),
        (None, 0) => Ok(Certificate::None),
        (None, _) => Ok(Certificate::Asked),
    }
}

/// Programs that read cards and are enrolled for an office.
pub fn readers(tx: &mut Tx<'_>, office_no: OfficeNo) -> Result<i64, Error> {
    tx.query_opt(READERS, args![office_no])?.map_or(Ok(0), |row| row.int(0))
}
