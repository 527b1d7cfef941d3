//! Which persons are known: rows of a segment whose person is not are refused.

use std::collections::HashMap;
use std::sync::Arc;

use kaigo_core::policy::ActGrant;
use kaigo_core::record::person::InsuredPerson;
use kaigo_store::db::{self, Db};
use kaigo_store::load;
use kaigo_store::record::Stored;

use super::known::{self, Known, PersonKey};

/// The persons of an insurer during a load.
#[derive(Default)]
pub(super) struct Persons {
    /// Persons that stand, in order; from the feed's file and, where that is no full list, from the store.
    standing: Vec<PersonKey>,
    /// Whether persons who are not in `standing` have to be looked up in the store one by one.
    look_up: bool,
    /// Persons looked up, and persons that this feed takes back.
    other: HashMap<PersonKey, bool>,
    last: Option<PersonKey>,
}

impl Persons {
    /// The persons of a file are all there are, but for those that it takes back.
    pub(super) fn only(mut listed: Vec<PersonKey>, gone: Vec<PersonKey>) -> Self {
        listed.sort_unstable();
        listed.dedup();
        let other = gone.into_iter().map(|person| (person, false)).collect();
        Self { standing: listed, other, ..Self::default() }
    }

    /// The persons of a file come on top of those that the store knows; some are taken back.
    pub(super) fn on_top(mut listed: Vec<PersonKey>, gone: Vec<PersonKey>, stored: Option<Vec<PersonKey>>) -> Self {
        let look_up = stored.is_none();
        listed.extend(stored.unwrap_or_default());
        Self { look_up, ..Self::only(listed, gone) }
    }

    /// Whether the person is known.
    pub(super) fn has(&mut self, person: PersonKey, store: &Store<'_>) -> Result<bool, db::Error> {
        if self.last == Some(person) {
            return Ok(true);
        }
        let known = match self.other.get(&person) {
            Some(known) => *known,
            None if self.standing.binary_search(&person).is_ok() => true,
            None if self.look_up => {
                let known = !Known::new(store.versions_of(person)?).persons().is_empty();
                self.other.insert(person, known);
                known
            }
            None => false,
        };
        if known {
            self.last = Some(person);
        }
        Ok(known)
    }
}

/// The store as a load reads it.
pub(super) struct Store<'a> {
    pub(super) db: &'a Db,
    pub(super) grant: &'a Arc<ActGrant>,
    pub(super) published: i32,
    /// Loads whose rows do not count.
    pub(super) undone: &'a [i32],
}

impl Store<'_> {
    fn versions_of(&self, person: PersonKey) -> Result<Vec<known::Entry>, db::Error> {
        let (grant, published, undone) = (Arc::clone(self.grant), self.published, self.undone.to_vec());
        self.db.read_blocking(move |tx| {
            let rows = load::of_person::<InsuredPerson>(tx, &grant, person.insured_no(), published)?;
            Ok(known::entries(&counting(rows, &undone)))
        })
    }

    /// Everything known of a kind.
    pub(super) fn scan<R: kaigo_core::layout::Record>(&self) -> Result<Known, db::Error> {
        let mut all = Vec::new();
        let mut after = String::new();
        loop {
            let (grant, published, from) = (Arc::clone(self.grant), self.published, after.clone());
            let undone = self.undone.to_vec();
            let (entries, last) = self.db.read_blocking(move |tx| {
                let rows = load::page::<R>(tx, &grant, &from, published, PAGE)?;
                let last = rows.last().map(|row| row.common.insured_no);
                Ok::<_, db::Error>((known::entries(&counting(rows, &undone)), last))
            })?;
            let Some(last) = last else {
                return Ok(Known::new(all));
            };
            last.as_str().clone_into(&mut after);
            all.extend(entries);
        }
    }

    /// What is known of a kind about these persons.
    pub(super) fn of_persons<R: kaigo_core::layout::Record>(
        &self,
        persons: Vec<PersonKey>,
    ) -> Result<Known, db::Error> {
        let (grant, published, undone) = (Arc::clone(self.grant), self.published, self.undone.to_vec());
        self.db.read_blocking(move |tx| {
            let mut entries = Vec::new();
            for person in persons {
                let rows = load::of_person::<R>(tx, &grant, person.insured_no(), published)?;
                entries.extend(known::entries(&counting(rows, &undone)));
            }
            Ok(Known::new(entries))
        })
    }
}

/// The rows without those of loads that do not count.
pub(super) fn counting<R>(mut rows: Vec<Stored<R>>, undone: &[i32]) -> Vec<Stored<R>> {
    if !undone.is_empty() {
        rows.retain(|row| !undone.contains(&row.load_no));
    }
    rows
}

/// Persons read at once.
const PAGE: i32 = 2000;
