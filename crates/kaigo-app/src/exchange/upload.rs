//! Uploads: unpacked, sorted into sets, checked, kept as a draft until they are sent.

use std::sync::Arc;

use kaigo_careplan::batch::{Batch, InFile, OpenFile, OpenSet, Set, SetPerson, Stray, sort};
use kaigo_careplan::check::{Context, check_set, stray_finding};
use kaigo_careplan::kind::{Kind, Unit};
use kaigo_careplan::name::{End, Month, Serial};
use kaigo_careplan::pack::{Bounds, unpack};
use kaigo_careplan::table::{Table, read};
use kaigo_core::finding::{Finding, Severity};
use kaigo_core::id::{OfficeNo, holds_individual_number};
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::rule::exchange::{Limits, limits};
use kaigo_store::db::Tx;
use kaigo_store::exchange::draft::{self as store, DraftFile, DraftRow, ResultRow};
use kaigo_store::exchange::set::{self as sets, SetRow};
use kaigo_store::objects::sha256_hex;

use super::{FileInfo, Partner, digest, log, partner_of, staff};
use crate::{App, Ctx, Error, Wrong};

/// How far an upload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftState {
    /// Checked, not sent.
    Open,
    /// What was chosen of it was sent.
    Sent,
    /// Put away.
    Discarded,
}

/// An upload as its office sees it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Identifier.
    pub draft_id: String,
    /// When it was uploaded.
    pub made_at: String,
    /// By whom.
    pub made_by: String,
    /// How far it is.
    pub state: DraftState,
    /// Its sets by receiver and 連番.
    pub sets: Vec<DraftSet>,
    /// Files of no set.
    pub strays: Vec<DraftStray>,
}

/// A set of an upload.
#[derive(Clone, Debug)]
pub struct DraftSet {
    /// Place in the upload, from 0.
    pub place: usize,
    /// 送信元.
    pub from: End,
    /// 送信先.
    pub to: End,
    /// The receiving office.
    pub partner: Partner,
    /// 送信単位.
    pub unit: Option<Unit>,
    /// 対象年月.
    pub month: Option<Month>,
    /// 連番.
    pub serial: Serial,
    /// Its files with attachments.
    pub files: Vec<FileInfo>,
    /// Its people.
    pub people: Vec<SetPerson>,
    /// What is wrong with it or worth knowing.
    pub findings: Vec<Finding>,
    /// Whether it can be sent.
    pub verdict: Verdict,
    /// Why it was not sent when sending was last tried.
    pub refused: Option<String>,
}

/// A file of no set, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftStray {
    /// Name.
    pub name: String,
    /// Stable code.
    pub code: String,
    /// What is wrong and how to mend it.
    pub say: String,
}

/// Whether a set can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is wrong.
    Ready,
    /// There are warnings.
    Warned,
    /// There are errors: the receiver's software could not take it.
    Blocked,
    /// 送信元 is another office.
    WrongSender,
    /// 送信元 and 送信先 have the same number.
    SameOffice,
    /// The receiver does not take part in the exchange.
    NotRegistered,
    /// A set of the same 連番 was sent already.
    AlreadySent {
        /// That set.
        set_id: String,
        /// When.
        at: String,
        /// Whether it has the same files.
        same: bool,
    },
}

impl Verdict {
    /// Code in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Warned => "warned",
            Self::Blocked => "blocked",
            Self::WrongSender => "wrong-sender",
            Self::SameOffice => "same-office",
            Self::NotRegistered => "not-registered",
            Self::AlreadySent { same: true, .. } => "already-sent",
            Self::AlreadySent { same: false, .. } => "same-serial-different",
        }
    }

    /// Why it is not sent and what to do, for a refusal; empty for what can go.
    pub fn say(&self) -> &'static str {
        match self {
            Self::Ready | Self::Warned => "",
            Self::Blocked => {
                "このままでは、相手のソフトで読めません。介護ソフトで直して、もう一度ファイルを出してください。"
            }
            Self::WrongSender => {
                "ファイル名の送信元が、この事業所ではありません。ログインしている事業所か、介護ソフトの事業所番号を確かめてください。"
            }
            Self::SameOffice => "送信元と送信先が同じ事業所番号です。同じ番号の中では送れません。",
            Self::NotRegistered => {
                "相手の事業所は、まだケアプラン連携を始めていません。送付状をつけて印刷して渡すか、お誘いの手紙を送ってください。"
            }
            Self::AlreadySent { same: true, .. } => "同じ内容を、もう送っています。もう一度送る必要はありません。",
            Self::AlreadySent { same: false, .. } => {
                "同じ連番で、ちがう内容を送っています。介護ソフトで新しい連番のファイルを出してください。"
            }
        }
    }
}

/// Unpacks an upload within the limits and refuses what must not be kept at all.
///
/// # Errors
/// [`Error::Invalid`] for what is too large, cannot be unpacked, or holds what can be a 個人番号.
pub fn take(files: Vec<InFile>, limits: Limits) -> Result<Vec<InFile>, Error> {
    let files = unpacked(files, limits)?;
    refuse_numbers(files.iter().filter_map(individual_number))?;
    Ok(files)
}

/// Unpacks an upload within the limits.
pub(super) fn unpacked(files: Vec<InFile>, limits: Limits) -> Result<Vec<InFile>, Error> {
    let bounds = Bounds { file_bytes: limits.file_bytes, all_bytes: limits.upload_bytes, files: limits.upload_files };
    unpack(files, bounds)
        .map_err(|why| Error::Invalid(vec![Wrong { field: "files", code: why.code(), say: why.say() }]))
}

/// Refuses files in which something was found that can be a 個人番号.
pub(super) fn refuse_numbers(found: impl Iterator<Item = Wrong>) -> Result<(), Error> {
    let wrong: Vec<Wrong> = found.take(20).collect();
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// Where in a file something stands that can be a 個人番号.
pub(super) fn individual_number(file: &InFile) -> Option<Wrong> {
    let named = number_in_name(&file.name);
    let kind = Kind::of_name(&file.name).filter(|kind| !kind.items().is_empty());
    named.or_else(|| number_in_table(&file.name, &read(kind?, &file.bytes).table))
}

fn number_in_name(name: &str) -> Option<Wrong> {
    holds_individual_number(name).then(|| number_at(name, "名前"))
}

fn number_in_table(name: &str, table: &Table) -> Option<Wrong> {
    table.rows().find_map(|row| {
        let column = row.texts().position(|text| text.len() >= 12 && holds_individual_number(text))?;
        Some(number_at(name, &format!("{}行め{}列め", row.number(), row.file_column(column))))
    })
}

fn number_at(name: &str, at: &str) -> Wrong {
    Wrong {
        field: "files",
        code: "individual-number",
        say: format!(
            "{name} の{at}に、個人番号（マイナンバー）とみられる12けたの数字があります。個人番号は取り扱いません。消してから、もう一度選んでください。"
        ),
    }
}

/// Keeps an upload as a draft and answers its identifier. The same files again, while it is open, are the same draft.
///
/// # Errors
/// [`Error::Invalid`] as [`take`]; for an upload without files.
pub async fn keep(app: &App, ctx: &Ctx, caller: &Caller, files: Vec<InFile>) -> Result<String, Error> {
    let own = staff(caller)?.clone();
    let grant = decide_act(caller, Act::SendSet)?;
    let files = take(files, limits(ctx.today))?;
    if files.is_empty() {
        let say = "ファイルが入っていません。介護ソフトから出したファイルを選んでください。".to_owned();
        return Err(Error::Invalid(vec![Wrong { field: "files", code: "upload-empty", say }]));
    }
    let draft_id = ctx.ids.id();
    let mut rows = Vec::with_capacity(files.len());
    for (place, file) in (0_i32..).zip(&files) {
        rows.push(DraftFile {
            place,
            name: file.name.clone(),
            sha256: sha256_hex(&file.bytes),
            size: i32::try_from(file.bytes.len()).unwrap_or(i32::MAX),
            sealed: app.keys.data().seal(&draft_place(&draft_id, place), &file.bytes)?,
        });
    }
    let names: Vec<(&str, &str)> = rows.iter().map(|row| (row.name.as_str(), row.sha256.as_str())).collect();
    let row = DraftRow {
        draft_id,
        made_at: ctx.instant(),
        made_by: own.name,
        state: "open".to_owned(),
        digest: digest(&names),
    };
    app.db
        .write(move |tx| {
            if let Some(same) = store::same(tx, &grant, &row.digest)? {
                return Ok(same.draft_id);
            }
            store::insert(tx, &grant, &row, &rows)?;
            Ok(row.draft_id)
        })
        .await
}

fn draft_place(draft_id: &str, file: i32) -> String {
    format!("draft/{draft_id}/{file}")
}

/// A draft with its files opened and sorted.
pub(super) struct Opened {
    pub(super) row: DraftRow,
    pub(super) batch: Batch,
    pub(super) results: Vec<ResultRow>,
}

/// Opens a draft of the caller's office.
pub(super) async fn open_draft(app: &App, caller: &Caller, draft_id: &str) -> Result<Opened, Error> {
    let (grant, id) = (decide_act(caller, Act::SendSet)?, draft_id.to_owned());
    let (row, files, results) = app
        .db
        .read(move |tx| {
            let row = store::find(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            let files = store::files(tx, &grant, &id)?;
            let results = store::results(tx, &grant, &id)?;
            Ok::<_, Error>((row, files, results))
        })
        .await?;
    let mut plain = Vec::with_capacity(files.len());
    for file in files {
        let bytes = app.keys.data().open(&draft_place(&row.draft_id, file.place), &file.sealed)?;
        plain.push(InFile { name: file.name, bytes });
    }
    Ok(Opened { row, batch: sort(plain), results })
}

/// A set with what was found in it, before anything is known of the receiver.
pub(super) struct Judged {
    pub(super) set: Set,
    pub(super) people: Vec<SetPerson>,
    pub(super) files: Vec<FileInfo>,
    pub(super) digest: String,
    pub(super) findings: Vec<Finding>,
    /// What can be a 個人番号, where it was asked for.
    pub(super) numbers: Vec<Wrong>,
}

/// What is looked for in sets that are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// They come from a draft: no 個人番号 came past its door.
    Draft,
    /// They come from outside: what can be a 個人番号 is looked for, too.
    Outside,
}

/// Reads and checks a set.
fn judge(set: Set, from: From, ctx: &Ctx) -> Judged {
    let open = set.open();
    let numbers = match from {
        From::Draft => Vec::new(),
        From::Outside => numbers(&set, &open),
    };
    let context = Context { today: Some(ctx.today) };
    let findings = check_set(&open, &context);
    let files: Vec<FileInfo> = super::all_files(&set)
        .map(|(name, bytes)| FileInfo {
            name: name.to_owned(),
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            sha256: sha256_hex(bytes),
        })
        .collect();
    let names: Vec<(&str, &str)> = files.iter().map(|file| (file.name.as_str(), file.sha256.as_str())).collect();
    let digest = digest(&names);
    Judged { people: open.people(), set, files, digest, findings, numbers }
}

/// What can be a 個人番号 in a set that is open already: as [`individual_number`] for each of its files.
fn numbers(set: &Set, open: &OpenSet) -> Vec<Wrong> {
    let of_file = |file: &OpenFile| {
        let has_cells = !file.parsed.kind.items().is_empty();
        number_in_name(&file.name).or_else(|| has_cells.then(|| number_in_table(&file.name, &file.table)).flatten())
    };
    open.files.iter().filter_map(of_file).chain(set.attachments.iter().filter_map(individual_number)).collect()
}

impl Judged {
    /// The row of the mailbox that this set would become.
    pub(super) fn row(&self, set_id: String, at: String, by: String) -> SetRow {
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let kind = |end: &End| end.kind.map(|kind| kind.code().to_owned()).unwrap_or_default();
        let size: u64 = self.files.iter().map(|file| file.size).sum();
        SetRow {
            to_office_no: self.set.to.office_no,
            set_id,
            from_office_no: self.set.from.office_no,
            from_kind: kind(&self.set.from),
            to_kind: kind(&self.set.to),
            serial: self.set.serial.to_string(),
            unit: self.set.unit.map_or("", Unit::code).to_owned(),
            month: self.set.month.map(|month| month.to_string()).unwrap_or_default(),
            digest: self.digest.clone(),
            size: i32::try_from(size).unwrap_or(i32::MAX),
            file_count: count(self.files.len()),
            person_count: count(self.people.len()),
            warning_count: count(self.findings.iter().filter(|f| f.severity == Severity::Warning).count()),
            state: "sent".to_owned(),
            sent_at: at,
            sent_by: by,
            fetched_at: None,
            fetched_by: None,
            imported_at: None,
            imported_by: None,
            recalled_at: None,
            recalled_by: None,
            purged_at: None,
        }
    }

    /// Why it can never be sent like this, whatever stands in the database.
    pub(super) fn barred(&self, own: OfficeNo) -> Option<Verdict> {
        if self.set.from.office_no != own {
            return Some(Verdict::WrongSender);
        }
        if self.set.to.office_no == own {
            return Some(Verdict::SameOffice);
        }
        let is_blocked = self.set.unit.is_none() || self.findings.iter().any(|f| f.severity == Severity::Error);
        is_blocked.then_some(Verdict::Blocked)
    }

    /// Whether it can be sent, by what stands in the database now.
    pub(super) fn verdict(
        &self,
        tx: &mut Tx<'_>,
        grant: &kaigo_core::policy::ActGrant,
        own: OfficeNo,
        registered: bool,
    ) -> Result<Verdict, Error> {
        if let Some(barred) = self.barred(own) {
            return Ok(barred);
        }
        if let Some(same) = sets::same(tx, grant, &self.row(String::new(), String::new(), String::new()))? {
            let is_same = same.digest == self.digest;
            return Ok(Verdict::AlreadySent { set_id: same.set_id, at: same.sent_at, same: is_same });
        }
        Ok(match registered {
            false => Verdict::NotRegistered,
            true if self.findings.iter().any(|f| f.severity == Severity::Warning) => Verdict::Warned,
            true => Verdict::Ready,
        })
    }
}

/// Bytes that are read where they are: handing them to another thread would cost more than a millisecond's reading.
const AT_ONCE: usize = 64 << 10;

/// Judges all sets of a heap, on as many threads as there are processors: a folder of forty partners is read at once.
pub(super) async fn judge_all(batch: Vec<Set>, from: From, ctx: &Ctx) -> Result<Vec<Judged>, Error> {
    let size = |set: &Set| super::all_files(set).map(|(_, bytes)| bytes.len()).sum::<usize>();
    if batch.iter().map(size).sum::<usize>() <= AT_ONCE {
        return Ok(batch.into_iter().map(|set| judge(set, from, ctx)).collect());
    }
    let ctx = ctx.clone();
    let work = move || {
        let lanes = std::thread::available_parallelism().map_or(1, usize::from).min(batch.len().max(1));
        let queue = Arc::new(std::sync::Mutex::new(batch.into_iter().enumerate().collect::<Vec<_>>()));
        let mut done: Vec<(usize, Judged)> = std::thread::scope(|scope| {
            let lane = || {
                let mut own = Vec::new();
                loop {
                    let next = queue.lock().map_or(None, |mut queue| queue.pop());
                    let Some((place, set)) = next else { return own };
                    own.push((place, judge(set, from, &ctx)));
                }
            };
            let threads: Vec<_> = (0..lanes).map(|_| scope.spawn(lane)).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
        });
        done.sort_by_key(|(place, _)| *place);
        done.into_iter().map(|(_, judged)| judged).collect::<Vec<_>>()
    };
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::Internal(e.to_string()))
}

/// The draft with its findings and verdicts.
///
/// # Errors
/// [`Error::NotFound`] unless it is the office's.
pub async fn draft(app: &App, ctx: &Ctx, caller: &Caller, draft_id: &str) -> Result<Draft, Error> {
    let own = staff(caller)?.office_no;
    let Opened { row, batch, results } = open_draft(app, caller, draft_id).await?;
    let strays = batch.strays.iter().map(stray_of).collect();
    let judged = judge_all(batch.sets, From::Draft, ctx).await?;
    let (ctx2, caller2) = (ctx.clone(), caller.clone());
    let sets = app
        .db
        .write(move |tx| {
            let grant = decide_act(&caller2, Act::SendSet)?;
            let mut sets = Vec::with_capacity(judged.len());
            for (place, one) in judged.into_iter().enumerate() {
                let partner = partner_of(tx, one.set.to.office_no)?;
                let verdict = one.verdict(tx, &grant, own, partner.registered)?;
                let people = one.people.iter().map(|p| (p.insurer_no.as_str(), p.insured_no.as_str()));
                super::listed(tx, &ctx2, &caller2, people)?;
                let tried = results.iter().find(|result| usize::try_from(result.place) == Ok(place));
                let refused = tried.filter(|result| result.outcome == "refused").map(|result| result.say.clone());
                sets.push(DraftSet {
                    refused,
                    place,
                    from: one.set.from,
                    to: one.set.to,
                    partner,
                    unit: one.set.unit,
                    month: one.set.month,
                    serial: one.set.serial,
                    files: one.files,
                    people: one.people,
                    findings: one.findings,
                    verdict,
                });
            }
            Ok::<_, Error>(sets)
        })
        .await?;
    let state = match row.state.as_str() {
        "open" => DraftState::Open,
        "sent" => DraftState::Sent,
        _ => DraftState::Discarded,
    };
    Ok(Draft { draft_id: row.draft_id, made_at: row.made_at, made_by: row.made_by, state, sets, strays })
}

pub(super) fn stray_of(stray: &Stray) -> DraftStray {
    let finding = stray_finding(stray);
    let name = stray.file.name.clone();
    DraftStray { name, code: finding.code.to_owned(), say: format!("{}{}", finding.say, finding.mend) }
}

/// An upload that waits to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenDraft {
    /// Identifier.
    pub draft_id: String,
    /// When it was uploaded.
    pub made_at: String,
    /// By whom.
    pub made_by: String,
}

/// The office's uploads that wait to be sent, the newest first.
pub async fn open(app: &App, _ctx: &Ctx, caller: &Caller) -> Result<Vec<OpenDraft>, Error> {
    let grant = decide_act(caller, Act::SendSet)?;
    let rows = app.db.read(move |tx| store::open(tx, &grant)).await?;
    let of = |row: DraftRow| OpenDraft { draft_id: row.draft_id, made_at: row.made_at, made_by: row.made_by };
    Ok(rows.into_iter().map(of).collect())
}

/// Puts an upload away; what was sent of it stays sent.
pub async fn discard(app: &App, _ctx: &Ctx, caller: &Caller, draft_id: &str) -> Result<(), Error> {
    let (grant, id) = (decide_act(caller, Act::SendSet)?, draft_id.to_owned());
    app.db
        .write(move |tx| {
            let row = store::find(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if row.state == "open" {
                store::set_state(tx, &grant, &id, "discarded")?;
            }
            Ok(())
        })
        .await
}

/// A set of a draft with its bytes, for a preview. Whom it shows is entered in their logs: one person by their place in the
/// set, or everybody.
///
/// # Errors
/// [`Error::NotFound`] unless the draft is the office's and has that set and person.
pub async fn set_of_draft(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    draft_id: &str,
    set: usize,
    person: Option<usize>,
) -> Result<(Set, Vec<SetPerson>), Error> {
    let opened = open_draft(app, caller, draft_id).await?;
    let set = opened.batch.sets.into_iter().nth(set).ok_or(Error::NotFound)?;
    let people = set.open().people();
    let shown: Vec<SetPerson> = match person {
        Some(place) => vec![people.get(place).cloned().ok_or(Error::NotFound)?],
        None => people.clone(),
    };
    let (ctx, caller, id) = (ctx.clone(), caller.clone(), draft_id.to_owned());
    app.db
        .write(move |tx| {
            let people = shown.iter().map(|p| (p.insurer_no.as_str(), p.insured_no.as_str()));
            log(tx, &ctx, &caller, Act::OpenSet, &id, people)
        })
        .await?;
    Ok((set, people))
}
