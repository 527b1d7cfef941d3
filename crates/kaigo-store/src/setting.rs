//! An insurer's own rules (保険者のきまり): rows of a setting, a day from which it holds, a value.
//!
//! `insurer_setting` has what counts of each day; `insurer_setting_change` every setting as it was made, with who, when, why.

use kaigo_core::date::Date;
use kaigo_core::id::InsurerNo;
use kaigo_core::policy::{Act, ActGrant, ConsentStanding};

use crate::db::{Error, Row, Tx};
use crate::standing;

statements! {
    OF_INSURER = "SELECT setting, valid_from, value FROM insurer_setting WHERE insurer_no = ?1 AND valid_from <= ?2 ORDER BY setting, valid_from";
    EVERY = "SELECT setting, valid_from, value FROM insurer_setting WHERE insurer_no = ?1 ORDER BY setting, valid_from";
    SET = "INSERT INTO insurer_setting (insurer_no, setting, valid_from, value, set_by, set_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
           ON CONFLICT (insurer_no, setting, valid_from) DO UPDATE SET value = excluded.value, set_by = excluded.set_by, \
           set_at = excluded.set_at";
    CHANGE = "INSERT INTO insurer_setting_change (insurer_no, change_id, setting, valid_from, value, source, effect, account_id, set_by, \
              set_at, submit_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    OF_KEY = "SELECT change_id, setting, valid_from, value, source, effect, set_by, set_at FROM insurer_setting_change \
              WHERE insurer_no = ?1 AND submit_key = ?2";
    CHANGES = "SELECT change_id, setting, valid_from, value, source, effect, set_by, set_at FROM insurer_setting_change \
               WHERE insurer_no = ?1 ORDER BY set_at DESC, change_id DESC LIMIT ?2";
    START = "UPDATE insurer SET started_on = ?2 WHERE insurer_no = ?1";
    CHARGES = "SELECT c.office_no, coalesce(o.name, c.office_no), c.insured_no FROM charge c LEFT JOIN office o ON o.office_no = c.office_no \
               WHERE c.insurer_no = ?1 AND c.ended_on IS NULL AND c.closes_on >= ?2 AND c.started_on <= ?2 ORDER BY c.office_no, c.insured_no";
}

/// A setting as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Random identifier that sorts by time.
    pub change_id: String,
    /// Its key, `kaigo_core::rule::insurer::Key::code`.
    pub setting: String,
    /// First day.
    pub valid_from: Date,
    /// Its value, `kaigo_core::rule::insurer::Value::code`.
    pub value: String,
    /// Where it stands, as typed.
    pub source: String,
    /// What the preview said it would do.
    pub effect: String,
    /// Who set it.
    pub set_by: String,
    /// When.
    pub set_at: String,
}

fn insurer(grant: &ActGrant) -> Result<InsurerNo, Error> {
    match (grant.act(), grant.insurer_no()) {
        (Act::SetRules | Act::ListInsured, Some(insurer_no)) => Ok(insurer_no),
        _ => Err(Error::NotCovered),
    }
}

/// The insurer's settings that hold on a day, each with its value: the newest of each.
pub fn of_insurer(tx: &mut Tx<'_>, insurer_no: InsurerNo, today: Date) -> Result<Vec<(String, String)>, Error> {
    let mut all: Vec<(String, String)> = Vec::new();
    for row in tx.query(OF_INSURER, args![insurer_no, today])? {
        let (setting, value) = (row.text(0)?.to_owned(), row.text(2)?.to_owned());
        match all.last_mut().filter(|(known, _)| *known == setting) {
            Some(last) => last.1 = value,
            None => all.push((setting, value)),
        }
    }
    Ok(all)
}

/// Every setting of the insurer, past and to come: key, first day, value. Settings are no personal data.
pub fn every(tx: &mut Tx<'_>, insurer_no: InsurerNo) -> Result<Vec<(String, Date, String)>, Error> {
    let rows = tx.query(EVERY, args![insurer_no])?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.date(1)?, row.text(2)?.to_owned()))).collect()
}

/// Sets a value from a day on, and writes down who did it.
///
/// # Errors
/// [`Error::Conflict`] if the form was sent before.
pub fn set(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    change: &Change,
    account_id: &str,
    submit_key: &str,
) -> Result<(), Error> {
    if grant.act() != Act::SetRules {
        return Err(Error::NotCovered);
    }
    let insurer_no = insurer(grant)?;
    let c = change;
    tx.execute(
        CHANGE,
        args![
            insurer_no,
            &c.change_id,
            &c.setting,
            c.valid_from,
            &c.value,
            &c.source,
            &c.effect,
            account_id,
            &c.set_by,
            &c.set_at,
            submit_key
        ],
    )?;
    tx.execute(SET, args![insurer_no, &c.setting, c.valid_from, &c.value, &c.set_by, &c.set_at]).map(drop)
}

/// Sets the insurer's first day of sharing.
pub fn set_start(tx: &mut Tx<'_>, grant: &ActGrant, on: Option<Date>) -> Result<(), Error> {
    if grant.act() != Act::SetRules {
        return Err(Error::NotCovered);
    }
    tx.execute(START, args![insurer(grant)?, on]).map(drop)
}

/// The setting that a form made before.
pub fn of_key(tx: &mut Tx<'_>, grant: &ActGrant, submit_key: &str) -> Result<Option<Change>, Error> {
    tx.query_opt(OF_KEY, args![insurer(grant)?, submit_key])?.as_ref().map(read).transpose()
}

/// The settings as they were made, the newest first.
pub fn changes(tx: &mut Tx<'_>, grant: &ActGrant, limit: i32) -> Result<Vec<Change>, Error> {
    tx.query(CHANGES, args![insurer(grant)?, limit])?.iter().map(read).collect()
}

/// An office in charge of a person, without the person: for the preview of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InCharge {
    /// Number of the office.
    pub office_no: String,
    /// Its name.
    pub office_name: String,
    /// The person's consent.
    pub consent: ConsentStanding,
}

/// Which offices are in charge of the insurer's people today, one for each person; nobody's name or number.
pub fn in_charge(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    published: i32,
    today: Date,
    with_consent: bool,
) -> Result<Vec<InCharge>, Error> {
    let insurer_no = insurer(grant)?;
    let mut known: std::collections::HashMap<String, ConsentStanding> = std::collections::HashMap::new();
    let rows = tx.query(CHARGES, args![insurer_no, today])?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let person = row.text(2)?;
        let consent = match known.get(person) {
            Some(consent) => *consent,
            None if with_consent => {
                let no = kaigo_core::id::InsuredNo::parse(person)
                    .map_err(|_| Error::Broken("a registration has no person".to_owned()))?;
                let consent = standing::consent(tx, insurer_no, no, published, today)?;
                known.insert(person.to_owned(), consent);
                consent
            }
            None => ConsentStanding::None,
        };
        all.push(InCharge { office_no: row.text(0)?.to_owned(), office_name: row.text(1)?.to_owned(), consent });
    }
    Ok(all)
}

fn read(row: &Row) -> Result<Change, Error> {
    Ok(Change {
        change_id: row.text(0)?.to_owned(),
        setting: row.text(1)?.to_owned(),
        valid_from: row.date(2)?,
        value: row.text(3)?.to_owned(),
        source: row.text(4)?.to_owned(),
        effect: row.text(5)?.to_owned(),
        set_by: row.text(6)?.to_owned(),
        set_at: row.text(7)?.to_owned(),
    })
}
