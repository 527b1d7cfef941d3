//! 試算と実際: the estimate that an office kept, and what went in and out of its mailbox, without a person's name.

use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant};
use kaigo_core::savings::Carried;

use crate::db::{Error, Tx};
use crate::time::parse_instant;

statements! {
    ESTIMATE = "SELECT inputs, kept_at, kept_by FROM savings_estimate WHERE office_no = ?1";
    KEEP = "INSERT INTO savings_estimate (office_no, inputs, kept_at, kept_by) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (office_no) \
            DO UPDATE SET inputs = excluded.inputs, kept_at = excluded.kept_at, kept_by = excluded.kept_by";
    CARRIED = "SELECT 1, s.to_office_no, s.person_count, s.sent_at, s.fetched_at FROM exchange_set s WHERE s.from_office_no = ?1 \
               AND s.sent_at >= ?2 AND s.sent_at < ?3 AND s.recalled_at IS NULL UNION ALL \
               SELECT 0, r.from_office_no, r.person_count, r.sent_at, r.fetched_at FROM exchange_set r WHERE r.to_office_no = ?1 \
               AND r.sent_at >= ?2 AND r.sent_at < ?3 AND r.recalled_at IS NULL";
}

/// An estimate as it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// `kaigo_core::simulator::Inputs::line`.
    pub inputs: String,
    /// When (instant as text).
    pub kept_at: String,
    /// Name of who kept it.
    pub kept_by: String,
}

fn own(grant: &ActGrant, act: Act) -> Result<OfficeNo, Error> {
    grant.office_no().filter(|_| grant.act() == act).ok_or(Error::NotCovered)
}

/// The estimate that the office kept last.
///
/// # Errors
/// [`Error::NotCovered`] without the right to see the office's page.
pub fn estimate(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Option<Estimate>, Error> {
    let office_no = own(grant, Act::ViewOffice)?;
    let row = tx.query_opt(ESTIMATE, args![office_no])?;
    let read = |row: crate::db::Row| {
        Ok(Estimate {
            inputs: row.text(0)?.to_owned(),
            kept_at: row.text(1)?.to_owned(),
            kept_by: row.text(2)?.to_owned(),
        })
    };
    row.map(read).transpose()
}

/// Keeps an estimate in the place of the one before; kept twice, it is the same.
///
/// # Errors
/// [`Error::NotCovered`] without the office's right.
pub fn keep(tx: &mut Tx<'_>, grant: &ActGrant, new: &Estimate) -> Result<(), Error> {
    let office_no = own(grant, Act::ManageOffice)?;
    tx.execute(KEEP, args![office_no, &new.inputs, &new.kept_at, &new.kept_by]).map(drop)
}

/// Sets that the office sent or received between two instants and that were not recalled.
///
/// # Errors
/// [`Error::NotCovered`] without the right to see the office's page.
pub fn carried(tx: &mut Tx<'_>, grant: &ActGrant, (from, until): (&str, &str)) -> Result<Vec<Carried>, Error> {
    let office_no = own(grant, Act::ViewOffice)?;
    let rows = tx.query(CARRIED, args![office_no, from, until])?;
    rows.iter()
        .map(|row| {
            Ok(Carried {
                is_sent: row.flag(0)?,
                partner: row.text(1)?.to_owned(),
                people: row.int(2)?,
                sent_at: parse_instant(row.text(3)?)?,
                fetched_at: row.opt_text(4)?.map(parse_instant).transpose()?,
            })
        })
        .collect()
}
