//! Sending: from a draft, from an office's own program, from results typed here. One durable commit for each receiving office.

use std::collections::BTreeMap;

use kaigo_careplan::batch::{InFile, Set, sort};
use kaigo_core::finding::Finding;
use kaigo_core::id::OfficeNo;
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Act, ActGrant, Caller, decide_act};
use kaigo_core::rule::exchange::limits;
use kaigo_store::access_log::{self, Entry};
use kaigo_store::db::Tx;
use kaigo_store::exchange::draft::{self as drafts, ResultRow};
use kaigo_store::exchange::person::PersonRow;
use kaigo_store::exchange::set::{EventRow, FileRow, SetRow};
use kaigo_store::exchange::{member, person, set as sets};
use kaigo_store::notice::{self, Notice};

use super::upload::{
    DraftStray, From, Judged, Verdict, individual_number, judge_all, open_draft, refuse_numbers, stray_of, unpacked,
};
use super::{FileInfo, INLINE, Partner, all_files, entries, partner_of, place, staff};
use crate::{App, Ctx, Error};

/// What became of one set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the receiver's mailbox.
    Sent {
        /// The set.
        set_id: String,
        /// When it was accepted.
        at: String,
    },
    /// The same set was there already: the answer of that time.
    Repeated {
        /// The set.
        set_id: String,
        /// When it was accepted.
        at: String,
    },
    /// It was not sent.
    Refused {
        /// Stable code.
        code: String,
        /// Why, and what to do.
        say: String,
    },
}

/// What became of one set, and which it was.
#[derive(Clone, Debug)]
pub struct SendResult {
    /// Place in the upload, from 0.
    pub place: usize,
    /// The set, without the bytes of its files.
    pub set: Set,
    /// Its files.
    pub files: Vec<FileInfo>,
    /// How many people it has.
    pub people: usize,
    /// The receiving office.
    pub partner: Partner,
    /// What was found in it.
    pub findings: Vec<Finding>,
    /// What became of it.
    pub outcome: Outcome,
}

impl SendResult {
    /// The set, if it was sent now.
    fn sent(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Sent { set_id, .. } => Some(set_id),
            Outcome::Repeated { .. } | Outcome::Refused { .. } => None,
        }
    }
}

/// What became of files that were sent without a draft.
#[derive(Clone, Debug)]
pub struct Direct {
    /// The sets by receiver and 連番.
    pub results: Vec<SendResult>,
    /// Files of no set.
    pub strays: Vec<DraftStray>,
}

/// Sends the chosen sets of a draft. Sent once more, each answers with its first result; a call that was cut off between two
/// receivers is finished by the same call.
///
/// # Errors
/// [`Error::NotFound`] unless the draft is the office's; [`Error::Conflict`] if it was put away.
pub async fn send(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    draft_id: &str,
    places: &[usize],
) -> Result<Vec<SendResult>, Error> {
    let opened = open_draft(app, caller, draft_id).await?;
    if opened.row.state == "discarded" {
        return Err(Error::Conflict(
            "この下書きは取りやめになっています。もう一度ファイルを選んでください。".to_owned(),
        ));
    }
    let chosen: Vec<(usize, Set)> =
        opened.batch.sets.into_iter().enumerate().filter(|(place, _)| places.contains(place)).collect();
    let (places, chosen): (Vec<usize>, Vec<Set>) = chosen.into_iter().unzip();
    let judged = judge_all(chosen, From::Draft, ctx).await?;
    let results = deliver(app, ctx, caller, places.into_iter().zip(judged).collect(), Some(draft_id)).await?;
    let (grant, id) = (decide_act(caller, Act::SendSet)?, draft_id.to_owned());
    let is_sent = results.iter().any(|result| !matches!(result.outcome, Outcome::Refused { .. }));
    if is_sent {
        app.db.write(move |tx| drafts::set_state(tx, &grant, &id, "sent")).await?;
    }
    Ok(results)
}

/// Sorts, checks and sends files at once, by the same rules as from a draft.
///
/// # Errors
/// [`Error::Invalid`] for what cannot be taken in at all.
pub async fn direct(app: &App, ctx: &Ctx, caller: &Caller, files: Vec<InFile>) -> Result<Direct, Error> {
    staff(caller)?;
    let batch = sort(unpacked(files, limits(ctx.today))?);
    let strays = batch.strays.iter().map(stray_of).collect();
    // Each file is read once: what finds mistakes in it finds what can be a 個人番号, too.
    let mut judged = judge_all(batch.sets, From::Outside, ctx).await?;
    let numbers = judged.iter_mut().flat_map(|one| std::mem::take(&mut one.numbers));
    refuse_numbers(numbers.chain(batch.strays.iter().filter_map(|stray| individual_number(&stray.file))))?;
    let results = deliver(app, ctx, caller, judged.into_iter().enumerate().collect(), None).await?;
    Ok(Direct { results, strays })
}

/// A set that is ready to be written: its rows and the entries in its people's logs, made before the transaction.
struct Parcel {
    place: usize,
    judged: Judged,
    row: SetRow,
    files: Vec<FileRow>,
    people: Vec<PersonRow>,
    entries: Vec<Entry>,
}

async fn deliver(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    judged: Vec<(usize, Judged)>,
    draft_id: Option<&str>,
) -> Result<Vec<SendResult>, Error> {
    let mut by_receiver: BTreeMap<OfficeNo, Vec<Parcel>> = BTreeMap::new();
    for (place, judged) in judged {
        let parcel = parcel(app, ctx, caller, place, judged).await?;
        by_receiver.entry(parcel.row.to_office_no).or_default().push(parcel);
    }
    let mut results = Vec::new();
    let mut units = Vec::new();
    // All receivers' units are handed in before the first is waited for, so that they can share a commit.
    for (to, parcels) in by_receiver {
        let (ctx, caller, draft) = (ctx.clone(), caller.clone(), draft_id.map(str::to_owned));
        units.push(Box::pin(app.db.write(move |tx| one_receiver(tx, &ctx, &caller, draft.as_deref(), to, parcels))));
    }
    for unit in futures_in_order(units).await {
        results.extend(unit?);
    }
    results.sort_by_key(|result: &SendResult| result.place);
    Ok(results)
}

/// Drives all futures at once and answers in their order.
async fn futures_in_order<F: Future>(mut futures: Vec<std::pin::Pin<Box<F>>>) -> Vec<F::Output> {
    let mut answers: Vec<Option<F::Output>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(|cx| {
        let mut is_waiting = false;
        for (future, answer) in futures.iter_mut().zip(answers.iter_mut()) {
            if answer.is_none() {
                match future.as_mut().poll(cx) {
                    std::task::Poll::Ready(value) => *answer = Some(value),
                    std::task::Poll::Pending => is_waiting = true,
                }
            }
        }
        if is_waiting { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    answers.into_iter().flatten().collect()
}

async fn parcel(app: &App, ctx: &Ctx, caller: &Caller, place_in_draft: usize, judged: Judged) -> Result<Parcel, Error> {
    let by = staff(caller)?.name.clone();
    let row = judged.row(ctx.ids.timed(ctx.now), ctx.instant(), by);
    let mut files = Vec::with_capacity(judged.files.len());
    for (number, (info, (_, bytes))) in (0_i32..).zip(judged.files.iter().zip(all_files(&judged.set))) {
        let (object, sealed) = if bytes.len() > INLINE {
            (Some(app.objects.put(bytes).await?), Vec::new())
        } else {
            (None, app.keys.data().seal(&place(&row.set_id, number), bytes)?)
        };
        files.push(FileRow {
            place: number,
            name: info.name.clone(),
            sha256: info.sha256.clone(),
            size: i32::try_from(info.size).unwrap_or(i32::MAX),
            object,
            sealed,
        });
    }
    let people = people_rows(&judged, &row);
    let whom = people.iter().map(|p| (p.insurer_no.as_str(), p.insured_no.as_str()));
    let entries = entries(ctx, caller, Act::SendSet, &row.set_id, whom);
    Ok(Parcel { place: place_in_draft, judged, row, files, people, entries })
}

fn people_rows(judged: &Judged, row: &SetRow) -> Vec<PersonRow> {
    let is_planner = |kind: &str| matches!(kind, "43" | "46" | "AF" | "");
    let service = if is_planner(&row.from_kind) { &row.to_kind } else { &row.from_kind };
    let of = |(place, person): (i32, &kaigo_careplan::batch::SetPerson)| PersonRow {
        set_id: row.set_id.clone(),
        place,
        serial: row.serial.clone(),
        service_kind: service.clone(),
        insurer_no: person.insurer_no.clone(),
        insured_no: person.insured_no.clone(),
        name: person.name.clone(),
        kana: person.kana.clone(),
        born: person.born.clone(),
        sex: person.sex.clone(),
        doc: person.doc.map_or("", kaigo_careplan::batch::Doc::code).to_owned(),
        doc_key: person.key.clone(),
        deletes: person.deletes,
        ..PersonRow::default()
    };
    (0_i32..).zip(&judged.people).map(of).collect()
}

/// All sets for one receiver, in the order of their 連番, in one transaction.
fn one_receiver(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    caller: &Caller,
    draft_id: Option<&str>,
    to: OfficeNo,
    mut parcels: Vec<Parcel>,
) -> Result<Vec<SendResult>, Error> {
    let grant = decide_act(caller, Act::SendSet)?;
    let own = staff(caller)?.office_no;
    let partner = partner_of(tx, to)?;
    hold(tx, ctx, own, to)?;
    parcels.sort_by(|a, b| a.row.serial.cmp(&b.row.serial));
    let mut results = Vec::with_capacity(parcels.len());
    for parcel in parcels {
        // Writing finds out by itself whether the set is there already.
        let outcome = if partner.registered && parcel.judged.barred(own).is_none() {
            write(tx, ctx, caller, &grant, &parcel)?
        } else {
            not_sent(parcel.judged.verdict(tx, &grant, own, partner.registered)?)
        };
        if let Some(draft_id) = draft_id {
            keep_result(tx, ctx, &grant, draft_id, parcel.place, &outcome)?;
        }
        results.push(result(parcel, partner.clone(), outcome));
    }
    if let Some(first) = results.iter().find_map(SendResult::sent) {
        tell(tx, ctx, caller, (to, first))?;
    }
    Ok(results)
}

/// Tells the receiver once, until somebody there has read it: forty sets are one notice.
fn tell(tx: &mut Tx<'_>, ctx: &Ctx, caller: &Caller, (to, set_id): (OfficeNo, &str)) -> Result<(), Error> {
    let notice = Notice {
        to: Recipient::Office(to),
        topic: Topic::PlanReceived,
        about: None,
        href: "/exchange/inbox".to_owned(),
        note: format!("{}から", staff(caller)?.office_name),
        key: format!("plan {set_id}"),
        at: ctx.instant(),
    };
    if !notice::lies(tx, &notice.to, notice.topic, &notice.href, &notice.note)? {
        notice::tell(tx, &notice)?;
    }
    Ok(())
}

/// Notes that the sender is active, and holds the receiver's mailbox: both in the order of their numbers, so that two offices
/// that send to each other at once do not wait for each other.
fn hold(tx: &mut Tx<'_>, ctx: &Ctx, own: OfficeNo, to: OfficeNo) -> Result<(), Error> {
    let hour_ago = ctx.now.checked_sub(jiff::SignedDuration::from_hours(1)).unwrap_or(ctx.now);
    let (now, hour_ago) = (ctx.instant(), kaigo_store::time::instant(hour_ago));
    if own < to {
        member::active(tx, own, &now, &hour_ago)?;
    }
    member::hold(tx, to)?;
    if own > to {
        member::active(tx, own, &now, &hour_ago)?;
    }
    Ok(())
}

fn not_sent(verdict: Verdict) -> Outcome {
    if let Verdict::AlreadySent { set_id, at, same: true } = verdict {
        return Outcome::Repeated { set_id, at };
    }
    Outcome::Refused { code: verdict.code().to_owned(), say: verdict.say().to_owned() }
}

fn write(tx: &mut Tx<'_>, ctx: &Ctx, caller: &Caller, grant: &ActGrant, parcel: &Parcel) -> Result<Outcome, Error> {
    let row = &parcel.row;
    if !sets::insert(tx, grant, row, &parcel.files)? {
        // It was sent before: the answer is the first one.
        let same = sets::same(tx, grant, row)?.ok_or(Error::Busy)?;
        let is_same = same.digest == row.digest;
        return Ok(not_sent(Verdict::AlreadySent { set_id: same.set_id, at: same.sent_at, same: is_same }));
    }
    person::insert(tx, grant, row, &parcel.people)?;
    event(tx, ctx, caller, row, "sent")?;
    access_log::append_all(tx, &parcel.entries)?;
    Ok(Outcome::Sent { set_id: row.set_id.clone(), at: row.sent_at.clone() })
}

/// Notes what the caller did with a set.
pub(super) fn event(tx: &mut Tx<'_>, ctx: &Ctx, caller: &Caller, row: &SetRow, what: &str) -> Result<(), Error> {
    let staff = staff(caller)?;
    let event = EventRow {
        what: what.to_owned(),
        at: ctx.instant(),
        by_name: staff.name.clone(),
        office_no: staff.office_no.to_string(),
    };
    sets::event(tx, row, &ctx.ids.timed(ctx.now), &event).map_err(Error::from)
}

fn keep_result(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    grant: &ActGrant,
    draft_id: &str,
    place: usize,
    outcome: &Outcome,
) -> Result<(), Error> {
    let (word, set_id, code, say) = match outcome {
        Outcome::Sent { set_id, .. } => ("sent", Some(set_id.clone()), String::new(), String::new()),
        Outcome::Repeated { set_id, .. } => ("repeated", Some(set_id.clone()), String::new(), String::new()),
        Outcome::Refused { code, say } => ("refused", None, code.clone(), say.clone()),
    };
    let place = i32::try_from(place).unwrap_or(i32::MAX);
    let row = ResultRow { place, set_id, outcome: word.to_owned(), code, say, at: ctx.instant() };
    drafts::result(tx, grant, draft_id, &row).map_err(Error::from)
}

fn result(parcel: Parcel, partner: Partner, outcome: Outcome) -> SendResult {
    let Judged { mut set, people, files, findings, digest: _, numbers: _ } = parcel.judged;
    for file in &mut set.files {
        file.bytes = Vec::new();
    }
    for file in &mut set.attachments {
        file.bytes = Vec::new();
    }
    SendResult { place: parcel.place, set, files, people: people.len(), partner, findings, outcome }
}
