//! What belongs together about one person and month: the 予定, the 実績 that came for it, earlier and later versions.

use kaigo_careplan::batch::Doc;
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_store::exchange::list::{self, MonthRow};

use super::mailbox::{self, Current, PersonRow, Seen, SetRow};
use crate::{App, Ctx, Error};

/// A set with the place of the person in it.
#[derive(Clone, Debug)]
pub struct Side {
    /// The set, read.
    pub seen: Seen,
    /// The person's place in it.
    pub place: usize,
}

impl Side {
    /// The person as a row of the set.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the place is none.
    pub fn person(&self) -> Result<&PersonRow, Error> {
        self.seen.people.get(self.place).ok_or(Error::NotFound)
    }
}

/// What can be compared.
#[derive(Clone, Debug)]
pub struct Sides {
    /// The set that was asked for.
    pub own: Side,
    /// The 予定 that counts, or the one that was asked for.
    pub planned: Option<Side>,
    /// The 実績 that count, or the one that was asked for.
    pub results: Vec<Side>,
    /// The version of the same document that was asked for besides.
    pub other: Option<Side>,
    /// All versions of the document that was asked for, the newest 連番 first, itself among them.
    pub versions: Vec<SetRow>,
}

/// Opens both sides of a person's month. Each look is entered in the person's log.
///
/// # Errors
/// [`Error::NotFound`] unless the set is the office's and has that person, and `with` is a version of it.
pub async fn sides(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    set_id: &str,
    place: usize,
    with: &str,
) -> Result<Sides, Error> {
    let own = Side { seen: mailbox::open(app, ctx, caller, set_id, Some(place)).await?, place };
    let person = own.person()?.clone();
    let versions = mailbox::set(app, ctx, caller, set_id).await?.versions;
    if !with.is_empty() {
        if !versions.iter().any(|version| version.set_id == with) {
            return Err(Error::NotFound);
        }
        let people = mailbox::set(app, ctx, caller, with).await?.people;
        let place = people.iter().position(|other| is_same(other, &person)).ok_or(Error::NotFound)?;
        let other = Side { seen: mailbox::open(app, ctx, caller, with, Some(place)).await?, place };
        return Ok(Sides { own, planned: None, results: Vec::new(), other: Some(other), versions });
    }
    let is_current = person.current == Current::Yes && !person.deletes;
    let mut planned = counterparts(app, ctx, caller, &own, &person, Doc::Usage).await?;
    let mut results = counterparts(app, ctx, caller, &own, &person, Doc::Result).await?;
    match person.doc {
        Some(Doc::Usage) => planned.insert(0, own.clone()),
        Some(Doc::Result) if is_current => results.push(own.clone()),
        Some(Doc::Result) => results = vec![own.clone()],
        Some(Doc::CarePlan | Doc::Basic | Doc::Prevention) | None => {}
    }
    Ok(Sides { own, planned: planned.into_iter().next(), results, other: None, versions })
}

/// Name and フリガナ of a person whom the files of a set do not name (実績 have none), from the 予定 of the month; empty where
/// there is none.
///
/// # Errors
/// The database.
pub async fn name_of(app: &App, caller: &Caller, person: &PersonRow) -> Result<(String, String), Error> {
    let (caller, person) = (caller.clone(), person.clone());
    app.db
        .read(move |tx| {
            let grant = decide_act(&caller, Act::ListSets)?;
            for sent in [true, false] {
                let rows = list::month(tx, &grant, sent, Doc::Usage.code(), &person.key)?;
                let own = rows.into_iter().map(|row| row.person).find(|p| {
                    (&p.insurer_no, &p.insured_no) == (&person.insurer_no, &person.insured_no) && !p.name.is_empty()
                });
                if let Some(own) = own {
                    return Ok((own.name, own.kana));
                }
            }
            Ok(Default::default())
        })
        .await
}

/// The same document of the same person.
fn is_same(other: &PersonRow, person: &PersonRow) -> bool {
    let key = |p: &PersonRow| (p.insurer_no.clone(), p.insured_no.clone(), p.doc, p.key.clone());
    key(other) == key(person)
}

/// Sets between the same two offices that count for the person's month, the one asked for left out.
async fn counterparts(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    own: &Side,
    person: &PersonRow,
    doc: Doc,
) -> Result<Vec<Side>, Error> {
    let (caller2, key, partner) = (caller.clone(), person.key.clone(), own.seen.row.partner.office_no);
    let (insurer_no, insured_no) = (person.insurer_no.clone(), person.insured_no.clone());
    // A set of 委託 carries 予定 and 実績 of the same person: only the document that was asked for is left out.
    let asked = if person.doc == Some(doc) { own.seen.row.set_id.clone() } else { String::new() };
    let rows: Vec<MonthRow> = app
        .db
        .read(move |tx| {
            let grant = decide_act(&caller2, Act::ListSets)?;
            let mut rows = list::month(tx, &grant, true, doc.code(), &key)?;
            rows.extend(list::month(tx, &grant, false, doc.code(), &key)?);
            rows.retain(|row| {
                let p = &row.person;
                let counts = !p.deletes && p.replaced_by.is_none() && p.withdrawn_by.is_none();
                let between = row.set.from_office_no == partner || row.set.to_office_no == partner;
                let is_asked = row.set.set_id == asked;
                counts && between && !is_asked && p.insurer_no == insurer_no && p.insured_no == insured_no
            });
            rows.sort_by(|a, b| (&b.set.serial, &b.set.set_id).cmp(&(&a.set.serial, &a.set.set_id)));
            Ok::<_, Error>(rows)
        })
        .await?;
    let mut sides = Vec::with_capacity(rows.len());
    for row in rows {
        let place = usize::try_from(row.person.place).map_err(|_| Error::NotFound)?;
        match mailbox::open(app, ctx, caller, &row.set.set_id, Some(place)).await {
            Ok(seen) => sides.push(Side { seen, place }),
            // Its bytes are gone after their time: there is nothing to compare with.
            Err(Error::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sides)
}
