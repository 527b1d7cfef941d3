//! Consent (包括的同意) taken or withdrawn on the platform: rows are only added. `standing::consent` weighs them against the
//! municipality's records.

use kaigo_core::code::ConsentBy;
use kaigo_core::consent_text::{ConsentDesk, ConsentMethod, ConsentStep};
use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::{Act, ActGrant, Grant, Item};

use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "insured_no, act_id, step, acted_on, acted_at, desk, office_no, given_by, proxy_id, text_version, method, seen_load, account_id, \
         account_name, submit_key, giver"
    };
}

statements! {
    INSERT = concat!("INSERT INTO consent_act (insurer_no, ", columns!(), ") \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)");
    BY_KEY = concat!("SELECT ", columns!(), " FROM consent_act WHERE insurer_no = ?1 AND insured_no = ?2 AND submit_key = ?3");
    OF_PERSON = concat!("SELECT ", columns!(), " FROM consent_act WHERE insurer_no = ?1 AND insured_no = ?2 \
                 ORDER BY acted_on DESC, acted_at DESC, act_id DESC");
    NEWEST = concat!("SELECT ", columns!(), " FROM consent_act WHERE insurer_no = ?1 AND insured_no = ?2 AND acted_on <= ?3 \
              ORDER BY acted_on DESC, acted_at DESC, act_id DESC LIMIT 1");
    OFFICES = "SELECT c.office_no, o.name, c.closes_on FROM charge c LEFT JOIN office o ON o.office_no = c.office_no \
               WHERE c.insurer_no = ?1 AND c.insured_no = ?2 AND c.ended_on IS NULL AND c.started_on <= ?3 AND c.closes_on >= ?3 \
               ORDER BY c.office_no";
    SINCE = concat!("SELECT ", columns!(), " FROM consent_act WHERE insurer_no = ?1 AND acted_at >= ?2 ORDER BY acted_at, act_id");
}

/// One taking or withdrawal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentAct {
    /// The person's number.
    pub insured_no: InsuredNo,
    /// Identifier: time and randomness.
    pub act_id: String,
    /// Given or withdrawn.
    pub step: ConsentStep,
    /// Day from which it counts: of the signature, or of the click.
    pub acted_on: Date,
    /// When it was recorded.
    pub acted_at: String,
    /// Where it was taken.
    pub desk: ConsentDesk,
    /// Office that took it in the municipality's place.
    pub office_no: Option<OfficeNo>,
    /// Who gave or withdrew it.
    pub given_by: ConsentBy,
    /// The entry of the proxy who did.
    pub proxy_id: Option<String>,
    /// Version of the text that was explained (同意書の版).
    pub text_version: String,
    /// How it was expressed.
    pub method: ConsentMethod,
    /// The load of the municipality's records that was known then.
    pub seen_load: i32,
    /// Account that recorded it.
    pub account_id: String,
    /// Its owner's name.
    pub account_name: String,
    /// Key of the form: the same form sent twice is one act.
    pub submit_key: String,
    /// Name and relation of who gave it in the person's place, as written down; empty: the person, or a registered proxy.
    pub giver: String,
}

/// Adds an act. Sent twice with one key, the first one is answered.
///
/// # Errors
/// [`Error::NotCovered`] unless the grant is for this act on this person.
pub fn insert(tx: &mut Tx<'_>, grant: &ActGrant, act: &ConsentAct) -> Result<ConsentAct, Error> {
    let needed = match act.step {
        ConsentStep::Given => Act::TakeConsent,
        ConsentStep::Withdrawn => Act::WithdrawConsent,
    };
    let (insurer_no, insured_no) = grant.person().ok_or(Error::NotCovered)?;
    if grant.act() != needed || insured_no != act.insured_no {
        return Err(Error::NotCovered);
    }
    if let Some(row) = tx.query_opt(BY_KEY, args![insurer_no, insured_no, &act.submit_key])? {
        return read(&row);
    }
    tx.execute(
        INSERT,
        args![
            insurer_no,
            insured_no,
            &act.act_id,
            act.step.code(),
            act.acted_on,
            &act.acted_at,
            act.desk.code(),
            act.office_no,
            act.given_by.code(),
            act.proxy_id.as_ref(),
            &act.text_version,
            act.method.code(),
            act.seen_load,
            &act.account_id,
            &act.account_name,
            &act.submit_key,
            Some(act.giver.as_str()).filter(|giver| !giver.is_empty())
        ],
    )?;
    Ok(act.clone())
}

/// Every act of the person, the newest first.
pub fn of_person(tx: &mut Tx<'_>, grant: &Grant) -> Result<Vec<ConsentAct>, Error> {
    if !grant.covers(Item::ConsentStatus) {
        return Err(Error::NotCovered);
    }
    tx.query(OF_PERSON, args![grant.insurer_no(), grant.insured_no()])?.iter().map(read).collect()
}

/// The offices in charge of the person today, with their names and last days: who sees more with a consent.
pub fn offices(tx: &mut Tx<'_>, grant: &Grant, today: Date) -> Result<Vec<(OfficeNo, String, Date)>, Error> {
    if !grant.covers(Item::ConsentStatus) {
        return Err(Error::NotCovered);
    }
    let bad = |_| Error::Broken("a registration cannot be read".to_owned());
    let rows = tx.query(OFFICES, args![grant.insurer_no(), grant.insured_no(), today])?;
    rows.iter()
        .map(|row| {
            let office_no = OfficeNo::parse(row.text(0)?).map_err(bad)?;
            Ok((office_no, row.opt_text(1)?.unwrap_or_default().to_owned(), row.date(2)?))
        })
        .collect()
}

/// The insurer's acts recorded since an instant, for its own system.
pub fn since(tx: &mut Tx<'_>, grant: &ActGrant, instant: &str) -> Result<Vec<ConsentAct>, Error> {
    match (grant.act(), grant.insurer_no()) {
        (Act::Export, Some(insurer_no)) => tx.query(SINCE, args![insurer_no, instant])?.iter().map(read).collect(),
        _ => Err(Error::NotCovered),
    }
}

/// The newest act up to a day, before there is a grant: `standing::consent` makes a state of it.
pub(crate) fn newest(
    tx: &mut Tx<'_>,
    insurer_no: InsurerNo,
    insured_no: InsuredNo,
    today: Date,
) -> Result<Option<ConsentAct>, Error> {
    tx.query_opt(NEWEST, args![insurer_no, insured_no, today])?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<ConsentAct, Error> {
    let bad = |_| Error::Broken("an act of consent cannot be read".to_owned());
    let text = |i: usize| row.text(i).map(str::to_owned);
    Ok(ConsentAct {
        insured_no: InsuredNo::parse(row.text(0)?).map_err(bad)?,
        act_id: text(1)?,
        step: ConsentStep::parse(row.text(2)?).map_err(bad)?,
        acted_on: row.date(3)?,
        acted_at: text(4)?,
        desk: ConsentDesk::parse(row.text(5)?).map_err(bad)?,
        office_no: row.opt_text(6)?.map(OfficeNo::parse).transpose().map_err(bad)?,
        given_by: ConsentBy::parse(row.text(7)?).map_err(bad)?,
        proxy_id: row.opt_text(8)?.map(str::to_owned),
        text_version: text(9)?,
        method: ConsentMethod::parse(row.text(10)?).map_err(bad)?,
        seen_load: i32::try_from(row.int(11)?).unwrap_or(i32::MAX),
        account_id: text(12)?,
        account_name: text(13)?,
        submit_key: text(14)?,
        giver: row.opt_text(15)?.unwrap_or_default().to_owned(),
    })
}
