//! ケアプランの交付用登録: an office registers what it sent through the exchange; later offices and the person read it.
//!
//! Plans ask for the consent but not for the insurer's start; their maker sees its own without either.

use kaigo_careplan::batch::{Doc, InFile, OpenSet, sort};
use kaigo_careplan::kind::Kind;
use kaigo_careplan::sheet::{PersonSheets, of_person as sheets_of};
use kaigo_careplan::table::Writer;
use kaigo_core::policy::{Act, Caller, Item, Purpose, Refusal, Staff};
use kaigo_store::delivery::{self, Delivery, File, Sent};
use kaigo_store::objects::sha256_hex;

use crate::exchange::mailbox;
use crate::person::{self, Head};
use crate::run::{Deed, Look, Target, act, look};
use crate::{App, Ctx, Error};

/// What the pages read.
const ITEMS: &[Item] = &[Item::CarePlan, Item::InsuredCertificate];

/// Sets of the exchange that are offered.
const MOST: i32 = 60;

/// The plans of a person.
#[derive(Clone, Debug)]
pub struct Plans {
    /// The person.
    pub head: Head,
    /// Registered plans, the newest first.
    pub plans: Vec<Delivery>,
    /// Why those of others are not shown, if so.
    pub refused: Option<Refusal>,
    /// What the office sent and can register, each document once, the newest first.
    pub sent: Vec<Sent>,
}

fn staff(caller: &Caller) -> Option<&Staff> {
    match caller {
        Caller::Staff(staff) => Some(staff),
        Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => None,
    }
}

fn purpose(target: &Target) -> Purpose {
    if *target == Target::Myself { Purpose::Own } else { Purpose::CarePlan }
}

/// Lists the plans of a person: for an office of one of its people, for the person of themself.
///
/// # Errors
/// What the policy refuses.
pub async fn of_person(app: &App, ctx: &Ctx, caller: &Caller, target: Target) -> Result<Plans, Error> {
    let own = staff(caller).map(|staff| staff.office_no);
    let (today, purpose) = (ctx.today, purpose(&target));
    look(app, ctx, caller, Look::view(target, ITEMS, purpose), move |tx, seen| {
        let plans = delivery::of_person(tx, &seen.grant, own)?;
        let mut sent = match own {
            Some(own) => delivery::sent(tx, &seen.grant, own, MOST)?,
            None => Vec::new(),
        };
        // The same document went to several partners; results are no plan.
        let mut known = std::collections::HashSet::new();
        sent.retain(|row| {
            let is_plan = matches!(Doc::parse(&row.doc), Some(Doc::CarePlan | Doc::Usage | Doc::Prevention));
            is_plan && known.insert((row.doc.clone(), row.doc_key.clone()))
        });
        sent.retain(|row| !plans.iter().any(|plan| plan.set_id == row.set_id && plan.doc_key == row.doc_key));
        let refused = seen.refusal(Item::CarePlan).cloned();
        Ok(Plans { head: person::head(tx, seen, today)?, plans, refused, sent })
    })
    .await
}

/// A plan that was opened.
#[derive(Clone, Debug)]
pub struct OpenPlan {
    /// The person.
    pub head: Head,
    /// The plan.
    pub plan: Delivery,
    /// Its forms.
    pub sheets: PersonSheets,
}

/// Opens a plan.
///
/// # Errors
/// [`Error::NotFound`] if it is not there; the refusal, if it is another office's and the policy does not show it.
pub async fn open(app: &App, ctx: &Ctx, caller: &Caller, target: Target, delivery_id: &str) -> Result<OpenPlan, Error> {
    let own = staff(caller).map(|staff| staff.office_no);
    let (today, id) = (ctx.today, delivery_id.to_owned());
    let purpose = purpose(&target);
    let what = Look { target, items: ITEMS, act: "open-document", document: Some(format!("plan-{id}")), purpose };
    let (head, plan, files) = look(app, ctx, caller, what, move |tx, seen| {
        let plan = delivery::of_person(tx, &seen.grant, own)?.into_iter().find(|plan| plan.delivery_id == id);
        let Some(plan) = plan else {
            return Err(seen.refusal(Item::CarePlan).map_or(Error::NotFound, |refusal| refusal.clone().into()));
        };
        let files = delivery::files(tx, &seen.grant, &plan, own)?;
        Ok((person::head(tx, seen, today)?, plan, files))
    })
    .await?;
    let mut plain = Vec::with_capacity(files.len());
    for file in files {
        let bytes = app.keys.data().open(&place(&plan.delivery_id, file.place), &file.sealed)?;
        if sha256_hex(&bytes) != file.sha256 {
            return Err(Error::Internal(format!("file {} of plan {} is damaged", file.place, plan.delivery_id)));
        }
        plain.push(InFile { name: file.name, bytes });
    }
    let mut sheets = PersonSheets::default();
    for set in sort(plain).sets {
        sheets = sheets_of(&set.open(), head.insurer.insurer_no.as_str(), head.insured_no.as_str());
    }
    Ok(OpenPlan { head, plan, sheets })
}

fn place(delivery_id: &str, file: i32) -> String {
    format!("plan/{delivery_id}/{file}")
}

/// Registers what the office sent for delivery. The same content again is the same plan.
///
/// # Errors
/// [`Error::NotFound`] unless the set is the office's own and names the person; [`Error::Conflict`] if its bytes are gone.
pub async fn deliver(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    charge_id: &str,
    (set_id, at): (&str, usize),
) -> Result<String, Error> {
    let Some(staff) = staff(caller).cloned() else { return Err(Refusal::NotAllowed.into()) };
    let seen = mailbox::open(app, ctx, caller, set_id, Some(at)).await?;
    let row = seen.people.get(at).filter(|row| !seen.is_receiver && !row.deletes).cloned().ok_or(Error::NotFound)?;
    let doc =
        row.doc.filter(|doc| matches!(doc, Doc::CarePlan | Doc::Usage | Doc::Prevention)).ok_or(Error::NotFound)?;
    let id = ctx.ids.id();
    let mut files = Vec::new();
    for (name, bytes) in rows_of(&seen.set, &row.insurer_no, &row.insured_no) {
        let place_no = i32::try_from(files.len()).unwrap_or(i32::MAX);
        let sealed = app.keys.data().seal(&place(&id, place_no), &bytes)?;
        files.push(File { place: place_no, name, sha256: sha256_hex(&bytes), sealed });
    }
    let lines: Vec<String> = files.iter().map(|f| format!("{} {}\n", f.sha256, f.name)).collect();
    let lines = lines.concat();
    let plan = Delivery {
        delivery_id: id,
        office_no: staff.office_no,
        office_name: staff.office_name.clone(),
        doc: doc.code().to_owned(),
        doc_key: row.key.clone(),
        set_id: set_id.to_owned(),
        digest: sha256_hex(lines.as_bytes()),
        registered_on: ctx.today,
        registered_at: ctx.instant(),
        registered_by: staff.name.clone(),
    };
    let deed = Deed::new(Target::Charge(charge_id.to_owned()), Act::DeliverPlan, Purpose::CarePlan);
    let deed = Deed { document: Some(set_id.to_owned()), ..deed };
    act(app, ctx, caller, deed, move |tx, given| {
        // The set names the person by the numbers that were typed in the office's software: they must be this person's.
        let is_same =
            given.insurer.insurer_no.as_str() == row.insurer_no && given.insured_no.as_str() == row.insured_no;
        if !is_same {
            return Err(Error::NotFound);
        }
        Ok(delivery::insert(tx, &given.act, &plan, &files)?)
    })
    .await
}

/// The person's rows of every file of a set, written anew after the standard. 外字 come out as 〓; the set keeps them.
fn rows_of(set: &OpenSet, insurer_no: &str, insured_no: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for file in set.files.iter().filter(|file| file.parsed.kind != Kind::BasicImage) {
        let mut writer = Writer::new(file.parsed.kind);
        let mut any = false;
        for row in file.table.rows().filter(|row| row.text(1) == insurer_no && row.text(2) == insured_no) {
            let cells: Vec<&str> = (0..file.parsed.kind.items().len()).map(|column| row.text(column)).collect();
            writer.push(&cells);
            any = true;
        }
        if any {
            files.push((file.name.clone(), writer.finish().bytes));
        }
    }
    files
}

/// Takes a registered plan back: nobody sees it any more.
///
/// # Errors
/// [`Error::NotFound`] unless the office made it.
pub async fn withdraw(app: &App, ctx: &Ctx, caller: &Caller, charge_id: &str, delivery_id: &str) -> Result<(), Error> {
    let Some(staff) = staff(caller) else { return Err(Refusal::NotAllowed.into()) };
    let deed = Deed::new(Target::Charge(charge_id.to_owned()), Act::DeliverPlan, Purpose::CarePlan);
    let deed = Deed { document: Some(format!("plan-{delivery_id}")), ..deed };
    let (at, by, id) = (ctx.instant(), staff.name.clone(), delivery_id.to_owned());
    act(app, ctx, caller, deed, move |tx, given| {
        if delivery::withdraw(tx, &given.act, &id, (&at, &by))? { Ok(()) } else { Err(Error::NotFound) }
    })
    .await
}
