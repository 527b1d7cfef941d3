//! That an opinion was asked for, for whoever may see the progress of the application: who was asked, by when, how far it is. Never
//! what the request or the opinion says.

use kaigo_core::date::Date;
use kaigo_core::opinion::request::State;
use kaigo_core::policy::{Grant, Item};

use crate::db::{Error, Tx};

statements! {
    OF_PERSON = "SELECT application_no, institution_name, requested_on, due_on, state FROM opinion_request WHERE insurer_no = ?1 AND insured_no = ?2 \
                 AND state <> 'cancelled' ORDER BY requested_on DESC, request_id DESC";
}

/// A request as the progress shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// 申請番号.
    pub application_no: String,
    /// Name of the institution that was asked.
    pub institution: String,
    /// 依頼日.
    pub requested_on: Date,
    /// 提出期限.
    pub due_on: Date,
    /// How far it is.
    pub state: State,
}

/// The requests about a person that were not taken back, the newest first.
///
/// # Errors
/// [`Error::NotCovered`] unless the grant covers the progress.
pub fn of_person(tx: &mut Tx<'_>, grant: &Grant) -> Result<Vec<Asked>, Error> {
    if !grant.covers(Item::Progress) {
        return Err(Error::NotCovered);
    }
    let rows = tx.query(OF_PERSON, args![grant.insurer_no(), grant.insured_no()])?;
    rows.iter()
        .map(|row| {
            let state = State::parse(row.text(4)?).map_err(|_| Error::Broken("opinion_request.state".to_owned()))?;
            Ok(Asked {
                application_no: row.text(0)?.to_owned(),
                institution: row.text(1)?.to_owned(),
                requested_on: row.date(2)?,
                due_on: row.date(3)?,
                state,
            })
        })
        .collect()
}
