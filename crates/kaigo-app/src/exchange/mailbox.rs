//! Mailboxes: what arrived, what was sent, one set as both offices see it, fetching, marking, taking back.

use kaigo_careplan::batch::{Doc, InFile, OpenSet, Set, sort};
use kaigo_careplan::kind::Unit;
use kaigo_careplan::name::{End, Month};
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::rule::exchange::limits;
use kaigo_core::service::ServiceKind;
use kaigo_store::db::Tx;
use kaigo_store::exchange::person::PersonRow as StoredPerson;
use kaigo_store::exchange::set::{FileRow, SetRow as Stored};
use kaigo_store::exchange::{list, member, person, set as sets};

use super::receipt::{self, Party, Receipt, ReceiptFile, Statement};
use super::send::event;
use super::withdrawal::Deletion;
use super::{FileInfo, Partner, listed, log, open_file, partner_of, staff, stranger};
use crate::{App, Ctx, Error};

/// Sets on one page of a mailbox.
pub const PAGE: usize = 50;

/// How far a set is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// 送信済: in the receiver's mailbox, not fetched.
    Sent,
    /// 受信済: its files were fetched.
    Fetched,
    /// 取込済: the receiver took them into its software.
    Imported,
    /// 取下げ: taken back before it was fetched.
    Recalled,
}

impl State {
    /// Code in JSON, URLs and the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Fetched => "fetched",
            Self::Imported => "imported",
            Self::Recalled => "recalled",
        }
    }

    /// Reads the code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Sent, Self::Fetched, Self::Imported, Self::Recalled].into_iter().find(|state| state.code() == code)
    }
}

/// A set in a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetRow {
    /// Identifier.
    pub set_id: String,
    /// 送信元.
    pub from: End,
    /// 送信先.
    pub to: End,
    /// The office at the other end, as the caller sees it.
    pub partner: Partner,
    /// 送信単位.
    pub unit: Option<Unit>,
    /// 対象年月.
    pub month: Option<Month>,
    /// 連番.
    pub serial: String,
    /// How far it is.
    pub state: State,
    /// Bytes of all files.
    pub size: u64,
    /// Count of files.
    pub file_count: u64,
    /// Count of people's documents.
    pub person_count: u64,
    /// Warnings when it was sent.
    pub warning_count: u64,
    /// When it was accepted.
    pub sent_at: String,
    /// Who sent it.
    pub sent_by: String,
    /// When it was fetched first.
    pub fetched_at: Option<String>,
    /// When it was marked as imported.
    pub imported_at: Option<String>,
    /// When it was recalled.
    pub recalled_at: Option<String>,
    /// Not fetched for longer than is usual.
    pub is_waiting: bool,
    /// Whether its bytes are gone after their time.
    pub is_purged: bool,
}

/// Which sets are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only in that state.
    pub state: Option<State>,
    /// Only with that office.
    pub partner: Option<OfficeNo>,
}

/// A page of a mailbox.
#[derive(Clone, Debug)]
pub struct Page {
    /// The sets, the newest first.
    pub rows: Vec<SetRow>,
    /// What `before` has to be for the next page; none on the last.
    pub next: Option<String>,
}

fn row_of(tx: &mut Tx<'_>, ctx: &Ctx, own: OfficeNo, set: &Stored) -> Result<SetRow, Error> {
    let end = |office_no, kind: &str| End { office_no, kind: ServiceKind::parse(kind).ok() };
    let other = if set.from_office_no == own { set.to_office_no } else { set.from_office_no };
    let days = limits(ctx.today).waiting_days;
    let count = |n: i32| u64::try_from(n).unwrap_or(0);
    let state = State::parse(&set.state).unwrap_or(State::Sent);
    Ok(SetRow {
        set_id: set.set_id.clone(),
        from: end(set.from_office_no, &set.from_kind),
        to: end(set.to_office_no, &set.to_kind),
        partner: partner_of(tx, other)?,
        unit: Unit::parse(&set.unit),
        month: Month::parse(&set.month),
        serial: set.serial.clone(),
        state,
        size: count(set.size),
        file_count: count(set.file_count),
        person_count: count(set.person_count),
        warning_count: count(set.warning_count),
        sent_at: set.sent_at.clone(),
        sent_by: set.sent_by.clone(),
        fetched_at: set.fetched_at.clone(),
        imported_at: set.imported_at.clone(),
        recalled_at: set.recalled_at.clone(),
        is_waiting: state == State::Sent && set.sent_at < days_ago(ctx, days),
        is_purged: set.purged_at.is_some(),
    })
}

/// The instant so many days before now.
pub(super) fn days_ago(ctx: &Ctx, days: i32) -> String {
    let hours = i64::from(days) * 24;
    let at = ctx.now.checked_sub(jiff::SignedDuration::from_hours(hours)).unwrap_or(ctx.now);
    kaigo_store::time::instant(at)
}

/// What arrived, the newest first. `before` is [`Page::next`] of the page before, or empty.
pub async fn inbox(app: &App, ctx: &Ctx, caller: &Caller, filter: &Filter, before: &str) -> Result<Page, Error> {
    page(app, ctx, caller, filter, before, true).await
}

/// What was sent, the newest first, with what was recalled.
pub async fn sent(app: &App, ctx: &Ctx, caller: &Caller, filter: &Filter, before: &str) -> Result<Page, Error> {
    page(app, ctx, caller, filter, before, false).await
}

async fn page(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    filter: &Filter,
    before: &str,
    is_inbox: bool,
) -> Result<Page, Error> {
    let (ctx, own) = (ctx.clone(), staff(caller)?.office_no);
    let grant = decide_act(caller, Act::ListSets)?;
    let wanted = list::Wanted {
        state: filter.state.map_or("", State::code).to_owned(),
        partner: filter.partner.map(|no| no.to_string()).unwrap_or_default(),
        before: before.split_once('_').map(|(at, id)| (at.to_owned(), id.to_owned())),
        most: i32::try_from(PAGE + 1).unwrap_or(i32::MAX),
    };
    // The rows name no person: nothing to enter in a log.
    app.db
        .read(move |tx| {
            let mut found = if is_inbox { list::inbox(tx, &grant, &wanted)? } else { list::sent(tx, &grant, &wanted)? };
            let is_more = found.len() > PAGE;
            found.truncate(PAGE);
            let next = found.last().filter(|_| is_more).map(|last| format!("{}_{}", last.sent_at, last.set_id));
            let rows = found.iter().map(|set| row_of(tx, &ctx, own, set)).collect::<Result<_, _>>()?;
            Ok(Page { rows, next })
        })
        .await
}

/// What an office should know of its mailbox at a glance.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Sets that nobody fetched yet.
    pub unread: usize,
    /// Who sent them: name, how many, when the last.
    pub news: Vec<(String, usize, String)>,
    /// Sent sets that the partner has not fetched for longer than is usual.
    pub waiting: usize,
    /// Whether the office takes part in the exchange.
    pub is_member: bool,
}

/// The mailbox at a glance.
pub async fn summary(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Summary, Error> {
    let (own, grant) = (staff(caller)?.office_no, decide_act(caller, Act::ListSets)?);
    let since = days_ago(ctx, limits(ctx.today).waiting_days);
    app.db
        .read(move |tx| {
            let (unread, waiting) = list::counts(tx, &grant, &since)?;
            let mut news = Vec::new();
            for (office_no, count, _, last) in list::unread_by_partner(tx, &grant)? {
                let name = match OfficeNo::parse(&office_no) {
                    Ok(no) => Some(partner_of(tx, no)?.name).filter(|name| !name.is_empty()),
                    Err(_) => None,
                };
                news.push((name.unwrap_or(office_no), usize::try_from(count).unwrap_or(0), last));
            }
            let is_member = member::joined_at(tx, own)?.is_some();
            let count = |n: i64| usize::try_from(n).unwrap_or(0);
            Ok(Summary { unread: count(unread), news, waiting: count(waiting), is_member })
        })
        .await
}

/// Whether a document of a set still counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Current {
    /// It is the newest.
    Yes,
    /// A later set replaced it.
    Replaced {
        /// That set.
        by: String,
    },
    /// A deletion took it back.
    Withdrawn {
        /// That set.
        by: String,
    },
}

/// A person of a set with one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Place in the set, from 0.
    pub place: usize,
    /// 保険者番号.
    pub insurer_no: String,
    /// 被保険者番号.
    pub insured_no: String,
    /// 氏名; may be empty.
    pub name: String,
    /// フリガナ; may be empty.
    pub kana: String,
    /// What it is.
    pub doc: Option<Doc>,
    /// Its key: a day or a month.
    pub key: String,
    /// Whether the set takes it back.
    pub deletes: bool,
    /// Whether it still counts.
    pub current: Current,
}

/// Something that happened to a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `sent`, `fetched`, `fetched-again`, `imported`, `recalled`, `purged`.
    pub what: String,
    /// When.
    pub at: String,
    /// Who.
    pub by_name: String,
    /// Of which office.
    pub office_no: String,
}

/// A set as one of its offices sees it.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "one for each button of the page")]
pub struct SetPage {
    /// The set.
    pub row: SetRow,
    /// Whether the caller's office is the receiver.
    pub is_receiver: bool,
    /// Its files.
    pub files: Vec<FileInfo>,
    /// Its people.
    pub people: Vec<PersonRow>,
    /// What happened to it.
    pub events: Vec<Event>,
    /// The sets that carry the same documents, the newest 連番 first, itself among them.
    pub versions: Vec<SetRow>,
    /// Whether the caller can fetch its files.
    pub can_fetch: bool,
    /// Whether the caller can mark it as imported.
    pub can_import: bool,
    /// Whether the caller can take it back without a trace at the receiver.
    pub can_recall: bool,
    /// Whether the caller can send a deletion for it.
    pub can_withdraw: bool,
}

fn person_row(p: StoredPerson) -> PersonRow {
    PersonRow {
        place: usize::try_from(p.place).unwrap_or(0),
        doc: Doc::parse(&p.doc),
        current: match (p.withdrawn_by, p.replaced_by) {
            (Some(by), _) => Current::Withdrawn { by },
            (None, Some(by)) => Current::Replaced { by },
            (None, None) => Current::Yes,
        },
        insurer_no: p.insurer_no,
        insured_no: p.insured_no,
        name: p.name,
        kana: p.kana,
        key: p.doc_key,
        deletes: p.deletes,
    }
}

/// One set with everything that is known of it.
///
/// # Errors
/// [`Error::NotFound`] unless the caller's office sent or receives it; a stranger's try is entered in its people's logs.
pub async fn set(app: &App, ctx: &Ctx, caller: &Caller, set_id: &str) -> Result<SetPage, Error> {
    let (ctx2, caller2, id) = (ctx.clone(), caller.clone(), set_id.to_owned());
    let done = app
        .db
        .write(move |tx| {
            let (ctx, caller) = (ctx2, caller2);
            let grant = decide_act(&caller, Act::ListSets)?;
            let own = staff(&caller)?.office_no;
            let set = sets::find(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            let people = person::of_set(tx, &grant, &set)?;
            listed(tx, &ctx, &caller, people.iter().map(|p| (p.insurer_no.as_str(), p.insured_no.as_str())))?;
            let files = sets::file_names(tx, &grant, &set)?.iter().map(info).collect();
            let events = sets::events(tx, &grant, &set)?
                .into_iter()
                .map(|e| Event { what: e.what, at: e.at, by_name: e.by_name, office_no: e.office_no })
                .collect();
            let versions = list::versions(tx, &grant, &set)?;
            let versions = versions.iter().map(|v| row_of(tx, &ctx, own, v)).collect::<Result<_, _>>()?;
            let row = row_of(tx, &ctx, own, &set)?;
            let is_receiver = set.to_office_no == own;
            let has_bytes = !row.is_purged;
            Ok(SetPage {
                can_fetch: is_receiver && has_bytes,
                can_import: is_receiver && row.state == State::Fetched,
                can_recall: !is_receiver && row.state == State::Sent,
                can_withdraw: !is_receiver
                    && matches!(row.state, State::Fetched | State::Imported)
                    && row.unit.and_then(Deletion::of).is_some()
                    && people.iter().any(|p| p.withdrawn_by.is_none()),
                row,
                is_receiver,
                files,
                people: people.into_iter().map(person_row).collect(),
                events,
                versions,
            })
        })
        .await;
    stranger(app, ctx, caller, Act::ListSets, set_id, done).await
}

fn info(file: &FileRow) -> FileInfo {
    let size = u64::try_from(file.size).unwrap_or(0);
    FileInfo { name: file.name.clone(), size, sha256: file.sha256.clone() }
}

/// A set that was opened for a look.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The set.
    pub row: SetRow,
    /// Whether the caller's office is the receiver.
    pub is_receiver: bool,
    /// Its files, read.
    pub set: OpenSet,
    /// Its people.
    pub people: Vec<PersonRow>,
}

/// Opens a set for a look at one person (by place) or at all. Whoever is shown finds it in their log. The state stays: a look is
/// no fetching.
///
/// # Errors
/// [`Error::NotFound`] unless it is the office's and has that person; [`Error::Conflict`] if its bytes are gone after their time.
pub async fn open(app: &App, ctx: &Ctx, caller: &Caller, set_id: &str, place: Option<usize>) -> Result<Seen, Error> {
    let (ctx2, caller2, id) = (ctx.clone(), caller.clone(), set_id.to_owned());
    let done = app
        .db
        .write(move |tx| {
            let (ctx, caller) = (ctx2, caller2);
            let grant = decide_act(&caller, Act::OpenSet)?;
            let own = staff(&caller)?.office_no;
            let set = sets::find(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if set.purged_at.is_some() {
                return Err(gone());
            }
            let people = person::of_set(tx, &grant, &set)?;
            let shown: Vec<&StoredPerson> = match place {
                Some(place) => vec![people.get(place).ok_or(Error::NotFound)?],
                None => people.iter().collect(),
            };
            let whom = shown.iter().map(|p| (p.insurer_no.as_str(), p.insured_no.as_str()));
            log(tx, &ctx, &caller, Act::OpenSet, &set.set_id, whom)?;
            let files = sets::files(tx, &grant, &set)?;
            let row = row_of(tx, &ctx, own, &set)?;
            Ok((row, set.to_office_no == own, files, people))
        })
        .await;
    let (row, is_receiver, files, people) = stranger(app, ctx, caller, Act::OpenSet, set_id, done).await?;
    let set = whole(app, &row.set_id, files).await?;
    Ok(Seen { row, is_receiver, set: set.open(), people: people.into_iter().map(person_row).collect() })
}

fn gone() -> Error {
    Error::Conflict("保存の期間が終わったため、ファイルの中身は消えています。名前と送信証明は残っています。".to_owned())
}

/// The set of kept files, sorted as they came.
async fn whole(app: &App, set_id: &str, files: Vec<FileRow>) -> Result<Set, Error> {
    let mut plain = Vec::with_capacity(files.len());
    for file in &files {
        plain.push(InFile { name: file.name.clone(), bytes: open_file(app, set_id, file).await? });
    }
    sort(plain).sets.into_iter().next().ok_or_else(|| Error::Internal(format!("set {set_id} holds no file")))
}

/// Which sets are to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Everything that is unread, the oldest first, up to the limit of one download.
    AllNew,
    /// These, by identifier.
    These(Vec<String>),
}

/// A fetched set.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The set after it was fetched.
    pub row: SetRow,
    /// Its files, byte for byte as they were sent.
    pub files: Vec<InFile>,
}

/// Fetches sets: 送信済 → 受信済 the first time. The bytes are read and compared with their digests before anything is marked, so
/// that a damaged set stays unread. Sets come in the order of their 連番 (標準 §2.5).
///
/// # Errors
/// [`Error::NotFound`] if one of them is not in the office's mailbox.
pub async fn fetch(app: &App, ctx: &Ctx, caller: &Caller, wanted: Wanted) -> Result<Vec<Fetched>, Error> {
    let (caller2, most) = (caller.clone(), limits(ctx.today).fetch_sets);
    let found = app
        .db
        .read(move |tx| {
            let grant = decide_act(&caller2, Act::FetchSet)?;
            let own = staff(&caller2)?.office_no;
            let found = match &wanted {
                Wanted::AllNew => list::unread(tx, &grant, i32::try_from(most).unwrap_or(i32::MAX))?,
                Wanted::These(ids) => {
                    let mut found = Vec::new();
                    for id in ids.iter().take(most) {
                        match sets::find(tx, &grant, id)?.filter(|set| set.to_office_no == own) {
                            Some(set) => found.push(set),
                            None => return Ok(Err(id.clone())),
                        }
                    }
                    found
                }
            };
            let mut all = Vec::with_capacity(found.len());
            for set in found {
                if set.purged_at.is_some() {
                    return Err(gone());
                }
                let files = sets::files(tx, &grant, &set)?;
                all.push((set, files));
            }
            Ok(Ok(all))
        })
        .await?;
    let found = match found {
        Ok(found) => found,
        Err(not_theirs) => {
            return stranger(app, ctx, caller, Act::FetchSet, &not_theirs, Err(Error::NotFound)).await;
        }
    };
    let mut opened = Vec::with_capacity(found.len());
    for (set, rows) in found {
        let mut files = Vec::with_capacity(rows.len());
        for file in &rows {
            files.push(InFile { name: file.name.clone(), bytes: open_file(app, &set.set_id, file).await? });
        }
        opened.push((set, files));
    }
    let (ctx2, caller2) = (ctx.clone(), caller.clone());
    let mut fetched = app.db.write(move |tx| mark_fetched(tx, &ctx2, &caller2, opened)).await?;
    fetched.sort_by(|a, b| (&a.row.serial, &a.row.set_id).cmp(&(&b.row.serial, &b.row.set_id)));
    Ok(fetched)
}

fn mark_fetched(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    caller: &Caller,
    opened: Vec<(Stored, Vec<InFile>)>,
) -> Result<Vec<Fetched>, Error> {
    let grant = decide_act(caller, Act::FetchSet)?;
    let (own, by) = (staff(caller)?.office_no, staff(caller)?.name.clone());
    let mut fetched = Vec::with_capacity(opened.len());
    for (set, files) in opened {
        // Recalled in the meantime: it is not there any more.
        if sets::find(tx, &grant, &set.set_id)?.is_none() {
            continue;
        }
        let is_first = sets::fetched(tx, &grant, &set, &ctx.instant(), &by)?;
        event(tx, ctx, caller, &set, if is_first { "fetched" } else { "fetched-again" })?;
        let people = person::of_set(tx, &grant, &set)?;
        let whom = people.iter().map(|p| (p.insurer_no.as_str(), p.insured_no.as_str()));
        log(tx, ctx, caller, Act::FetchSet, &set.set_id, whom)?;
        if let Some(now) = sets::find(tx, &grant, &set.set_id)? {
            fetched.push(Fetched { row: row_of(tx, ctx, own, &now)?, files });
        }
    }
    let hour_ago = ctx.now.checked_sub(jiff::SignedDuration::from_hours(1)).unwrap_or(ctx.now);
    member::active(tx, own, &ctx.instant(), &kaigo_store::time::instant(hour_ago))?;
    Ok(fetched)
}

/// Marks a fetched set as taken into the office's software: 受信済 → 取込済. Done twice, nothing more happens.
///
/// # Errors
/// [`Error::NotFound`] unless it is in the office's mailbox; [`Error::Conflict`] before it was fetched.
pub async fn imported(app: &App, ctx: &Ctx, caller: &Caller, set_id: &str) -> Result<(), Error> {
    let (ctx2, caller2, id) = (ctx.clone(), caller.clone(), set_id.to_owned());
    let done = app
        .db
        .write(move |tx| {
            let (ctx, caller) = (ctx2, caller2);
            let grant = decide_act(&caller, Act::FetchSet)?;
            let staff = staff(&caller)?;
            let set = sets::find(tx, &grant, &id)?.filter(|set| set.to_office_no == staff.office_no);
            let set = set.ok_or(Error::NotFound)?;
            match State::parse(&set.state) {
                Some(State::Imported) => Ok(()),
                Some(State::Fetched) => {
                    if sets::imported(tx, &grant, &set, &ctx.instant(), &staff.name)? {
                        event(tx, &ctx, &caller, &set, "imported")?;
                    }
                    Ok(())
                }
                _ => Err(Error::Conflict("まだ受け取っていません。先に受け取ってください。".to_owned())),
            }
        })
        .await;
    stranger(app, ctx, caller, Act::FetchSet, set_id, done).await
}

/// Takes a set back before the partner fetched it; the partner sees nothing of it any more. Done twice, nothing more happens.
///
/// # Errors
/// [`Error::NotFound`] unless the office sent it; [`Error::Conflict`] once it was fetched.
pub async fn recall(app: &App, ctx: &Ctx, caller: &Caller, set_id: &str) -> Result<(), Error> {
    let (ctx2, caller2, id) = (ctx.clone(), caller.clone(), set_id.to_owned());
    let done = app
        .db
        .write(move |tx| {
            let (ctx, caller) = (ctx2, caller2);
            let grant = decide_act(&caller, Act::RecallSet)?;
            let staff = staff(&caller)?;
            let set = sets::find(tx, &grant, &id)?.filter(|set| set.from_office_no == staff.office_no);
            let set = set.ok_or(Error::NotFound)?;
            if State::parse(&set.state) == Some(State::Recalled) {
                return Ok(());
            }
            if !sets::recalled(tx, &grant, &set, &ctx.instant(), &staff.name)? {
                let say = "相手がもう受け取っているため、取り下げられません。「取消を送る」か、電話で相手に知らせてください。";
                return Err(Error::Conflict(say.to_owned()));
            }
            person::recall(tx, &grant, &set)?;
            event(tx, &ctx, &caller, &set, "recalled")?;
            let people = person::of_set(tx, &grant, &set)?;
            let whom = people.iter().map(|p| (p.insurer_no.as_str(), p.insured_no.as_str()));
            log(tx, &ctx, &caller, Act::RecallSet, &set.set_id, whom)
        })
        .await;
    stranger(app, ctx, caller, Act::RecallSet, set_id, done).await
}

/// The signed receipt of a set, for either of its offices. It names no person.
///
/// # Errors
/// [`Error::NotFound`] unless the office sent or receives it.
pub async fn receipt(app: &App, ctx: &Ctx, caller: &Caller, set_id: &str) -> Result<Receipt, Error> {
    let (caller2, id) = (caller.clone(), set_id.to_owned());
    let done = app
        .db
        .read(move |tx| {
            let grant = decide_act(&caller2, Act::ListSets)?;
            let set = sets::find(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            let files = sets::file_names(tx, &grant, &set)?;
            let (from, to) = (partner_of(tx, set.from_office_no)?, partner_of(tx, set.to_office_no)?);
            Ok((set, files, from, to))
        })
        .await;
    let (set, files, from, to) = stranger(app, ctx, caller, Act::ListSets, set_id, done).await?;
    let party = |partner: Partner, kind: &str| Party {
        office_no: partner.office_no.to_string(),
        name: partner.name,
        kind: kind.to_owned(),
    };
    let file = |row: &FileRow| {
        let FileInfo { name, size, sha256 } = info(row);
        ReceiptFile { name, size, sha256 }
    };
    let statement = Statement {
        set_id: set.set_id,
        from: party(from, &set.from_kind),
        to: party(to, &set.to_kind),
        unit: set.unit,
        month: Some(set.month).filter(|month| !month.is_empty()),
        serial: set.serial,
        files: files.iter().map(file).collect(),
        sent_at: set.sent_at,
        sent_by: set.sent_by,
        fetched_at: set.fetched_at,
        imported_at: set.imported_at,
        recalled_at: set.recalled_at,
        issued_at: ctx.instant(),
    };
    receipt::sign(&app.keys, &statement)
}
