//! What an account sees of its office's people at each of their insurers: every insurer's rules are looked up once.

use std::collections::HashMap;
use std::sync::Arc;

use kaigo_core::date::Date;
use kaigo_core::id::InsurerNo;
use kaigo_core::policy::{Cell, Item, Matrix, Refusal, Staff};
use kaigo_core::rule::insurer::Rules;
use kaigo_store::db::{self, Tx};

use crate::setting;

/// The rules of one insurer with its sharing table.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// Its rules.
    pub(crate) rules: Rules,
    /// The sharing table with its cells.
    matrix: Arc<Matrix>,
}

impl Held {
    /// Why the account does not see the item in a list; none: it does. Only what needs no consent stands in lists; that a paper is
    /// there is told with the progress, opening it asks for the consent.
    pub(crate) fn refusal(&self, staff: &Staff, item: Item, today: Date) -> Option<Refusal> {
        let start = self.rules.starts.iter().find(|(started, _)| *started == item).map(|(_, on)| *on);
        if let Some(from) = start.filter(|from| *from > today) {
            return Some(Refusal::InsurerNotStarted { from: Some(from) });
        }
        let cells: Vec<Cell> = staff.readers().iter().map(|reader| self.matrix.cell(item, *reader, today)).collect();
        let seen = |cell: &Cell| match cell {
            Cell::Open => true,
            Cell::ConsentByJob(job) => staff.job == *job,
            Cell::Consent | Cell::Own | Cell::DualProvider | Cell::Closed | Cell::Unverified => false,
        };
        if cells.iter().any(seen) {
            None
        } else if cells.contains(&Cell::Unverified) {
            Some(Refusal::Unverified)
        } else {
            Some(Refusal::NotShared)
        }
    }

    /// Whether the account sees the item in a list.
    pub(crate) fn sees(&self, staff: &Staff, item: Item, today: Date) -> bool {
        self.refusal(staff, item, today).is_none()
    }
}

/// The insurers of an office's people.
pub(crate) struct Sights {
    standard: Arc<Matrix>,
    today: Date,
    known: HashMap<InsurerNo, Held>,
}

impl Sights {
    /// None looked up yet.
    pub(crate) fn new(standard: &Arc<Matrix>, today: Date) -> Self {
        Self { standard: Arc::clone(standard), today, known: HashMap::new() }
    }

    /// What holds at an insurer.
    pub(crate) fn at(&mut self, tx: &mut Tx<'_>, insurer_no: InsurerNo) -> Result<Held, db::Error> {
        if let Some(held) = self.known.get(&insurer_no) {
            return Ok(held.clone());
        }
        let rules = setting::rules(tx, &self.standard, insurer_no, self.today)?;
        let matrix = if rules.changes_cells() {
            Arc::new(rules.matrix(&self.standard, self.today))
        } else {
            Arc::clone(&self.standard)
        };
        let held = Held { rules, matrix };
        self.known.insert(insurer_no, held.clone());
        Ok(held)
    }
}
