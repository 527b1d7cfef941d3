//! A feed that comes through the browser: kept byte for byte, checked in the background, published by a second word.
//!
//! The files lie sealed among the documents. A job unpacks them into a folder of its own beside them, gives the folder to the
//! importer and takes it away. How far the job is and what it found stands in the database, so that any process can show it.

use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use kaigo_careplan::batch::InFile;
use kaigo_core::policy::{Act, ActGrant, Caller, InsurerStaff, decide_act};
use kaigo_store::db::{self, Db};
use kaigo_store::feed::{self, Begin, Upload, UploadFile};
use kaigo_store::objects::{Objects, sha256_hex};
use kaigo_store::time::instant;
use serde::Deserialize;
use tokio::sync::oneshot;
use zip::ZipArchive;

use super::feed::{FeedOptions, feed as import};
use super::manifest::{self, MANIFEST, is_plain_name};
use super::report::{FeedReport, Findings, Outcome, file_error};
use super::{ImportError, Progress};
use crate::{App, Ctx, Error, Wrong};

/// Bytes of one upload at most, as it comes.
pub const MOST_BYTES: usize = 256 << 20;
/// Files of one upload at most, as they come.
pub const MOST_FILES: usize = 5_000;
/// Bytes that may come out of its archives.
const MOST_UNPACKED: u64 = 2 << 30;
/// Files that may come out of its archives.
const MOST_UNPACKED_FILES: usize = 50_000;
/// Without a sign of life for so long a job is dead.
const DEAD_AFTER: SignedDuration = SignedDuration::from_secs(180);

/// The moment, asked again and again by a job.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What a check or a load said, read back from what was kept of it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Report {
    /// What became of the rows of each file.
    pub files: Vec<ReportFile>,
    /// What was found.
    pub findings: Vec<ReportFinding>,
    /// The whole.
    pub summary: ReportSummary,
}

/// A file in a report.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ReportFile {
    /// Name.
    pub name: String,
    /// Record kind.
    pub kind: String,
    /// Rows read.
    pub rows: u64,
    /// Rows of new segments.
    pub inserted: u64,
    /// Rows that correct.
    pub corrected: u64,
    /// Rows that say what is known.
    pub unchanged: u64,
    /// Segments that are not there any more.
    pub dropped: u64,
    /// Rows with an error.
    pub skipped: u64,
}

/// A finding in a report.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ReportFinding {
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// Stable code.
    pub code: String,
    /// File.
    pub file: String,
    /// Row from 1, the heading being row 1.
    pub row: Option<u64>,
    /// Column from 1.
    pub column: Option<u32>,
    /// Item, Japanese.
    pub item: Option<String>,
    /// What is wrong.
    pub say: String,
    /// How to mend it.
    pub mend: String,
}

/// Sums of a report.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ReportSummary {
    /// `published`, `unchanged`, `checked`, `errors` or `asked`.
    pub outcome: String,
    /// Errors.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Notes.
    pub notes: u64,
    /// Rows read.
    pub rows: u64,
    /// Rows of new segments.
    pub inserted: u64,
    /// Rows that correct.
    pub corrected: u64,
    /// Rows that say what is known.
    pub unchanged: u64,
    /// Segments that are not there any more.
    pub dropped: u64,
    /// Rows with an error.
    pub skipped: u64,
}

impl Report {
    /// The number that somebody types to allow a load that hides records: what would be dropped, or else corrected.
    pub fn number_to_type(&self) -> u64 {
        if self.summary.dropped > 0 { self.summary.dropped } else { self.summary.corrected }
    }

    /// Whether rows with errors can be left out: every error is about a row.
    pub fn can_skip(&self) -> bool {
        self.summary.errors > 0
            && self.findings.iter().all(|f| f.severity != "error" || f.row.is_some())
            && self.summary.inserted + self.summary.corrected + self.summary.dropped > 0
    }
}

/// An upload with what is known of it.
#[derive(Clone, Debug)]
pub struct Looked {
    /// The upload.
    pub upload: Upload,
    /// Its files.
    pub files: Vec<UploadFile>,
    /// What the last check or load said.
    pub report: Option<Report>,
    /// What was kept of it, JSON.
    pub json: String,
    /// Whether its job gave no sign of life for long.
    pub is_dead: bool,
    /// Whether another feed was published since it was checked.
    pub is_stale: bool,
    /// Whether the caller may allow a load that hides records.
    pub may_hide: bool,
}

fn staff(caller: &Caller) -> Result<&InsurerStaff, Error> {
    match caller {
        Caller::Insurer(staff) => Ok(staff),
        Caller::Staff(_)
        | Caller::Person { .. }
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Err(Error::NotFound),
    }
}

fn invalid(code: &'static str, say: impl Into<String>) -> Error {
    Error::Invalid(vec![Wrong { field: "files", code, say: say.into() }])
}

/// Keeps the files of an upload and answers it. The same files again are the same upload.
///
/// # Errors
/// [`Error::Invalid`] without files, with too many or too large ones.
pub async fn keep(app: &App, ctx: &Ctx, caller: &Caller, files: Vec<InFile>) -> Result<String, Error> {
    let grant = Arc::new(decide_act(caller, Act::LoadRecords)?);
    let staff = staff(caller)?;
    if files.is_empty() {
        return Err(invalid("feed-empty", "ファイルが選ばれていません。フィードのファイルかzipを選んでください。"));
    }
    let size: usize = files.iter().map(|file| file.bytes.len()).sum();
    if size > MOST_BYTES || files.len() > MOST_FILES {
        let say =
            format!("1回に{}MB・{MOST_FILES}ファイルまでです。大きいときは zip にしてください。", MOST_BYTES >> 20);
        return Err(invalid("feed-too-large", say));
    }
    let mut kept = Vec::with_capacity(files.len());
    for file in &files {
        let sha256 = app.objects.put(&file.bytes).await?;
        let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
        kept.push(UploadFile { name: file.name.clone(), sha256, size });
    }
    kept.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.sha256.cmp(&b.sha256)));
    let lines: Vec<String> = kept.iter().map(|file| format!("{} {}\n", file.sha256, file.name)).collect();
    let listed = lines.concat();
    let upload = Upload {
        upload_id: ctx.ids.id(),
        digest: sha256_hex(listed.as_bytes()),
        size: i64::try_from(size).unwrap_or(i64::MAX),
        account_id: staff.account_id.clone(),
        uploaded_by: staff.name.clone(),
        uploaded_at: ctx.instant(),
        ..Upload::default()
    };
    app.db
        .write(move |tx| {
            if let Some(same) = feed::same_upload(tx, &grant, &upload.digest)? {
                return Ok(same.upload_id);
            }
            feed::put_upload(tx, &grant, &upload, &kept)?;
            Ok(upload.upload_id)
        })
        .await
}

/// An upload as it stands.
pub async fn look(app: &App, ctx: &Ctx, caller: &Caller, upload_id: &str) -> Result<Looked, Error> {
    let grant = decide_act(caller, Act::LoadRecords)?;
    let may_hide = decide_act(caller, Act::HideRecords).is_ok();
    let (id, now) = (upload_id.to_owned(), ctx.now);
    app.db
        .read(move |tx| {
            let mut upload = feed::find_upload(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            let files = feed::files(tx, &grant, &id)?;
            let last = feed::last_feed(tx, &grant)?;
            let json = std::mem::take(&mut upload.report);
            let report = serde_json::from_str(&json).ok();
            let beat: Result<Timestamp, _> = upload.beat_at.parse();
            let running = upload.state == "checking" || upload.state == "publishing";
            let is_dead = running && beat.is_ok_and(|beat| beat + DEAD_AFTER < now);
            let is_stale = upload.state == "checked" && last != upload.seen_load;
            Ok(Looked { upload, files, report, json, is_dead, is_stale, may_hide })
        })
        .await
}

/// Uploads that were not put away, the newest first.
pub async fn uploads(app: &App, _ctx: &Ctx, caller: &Caller) -> Result<Vec<Upload>, Error> {
    let grant = decide_act(caller, Act::LoadRecords)?;
    app.db.read(move |tx| feed::uploads(tx, &grant, 20)).await.map_err(Error::from)
}

/// Puts an upload away.
///
/// # Errors
/// [`Error::Conflict`] while a job works on it, or once it is a load.
pub async fn discard(app: &App, _ctx: &Ctx, caller: &Caller, upload_id: &str) -> Result<(), Error> {
    let grant = decide_act(caller, Act::LoadRecords)?;
    let id = upload_id.to_owned();
    app.db
        .write(move |tx| {
            let upload = feed::find_upload(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if upload.state == "discarded" || feed::discard(tx, &grant, &id)? {
                return Ok(());
            }
            Err(Error::Conflict("この取込は、いま動いているか、もう公開されています。".to_owned()))
        })
        .await
}

/// A job under way: answers when it has ended.
pub type Ended = oneshot::Receiver<()>;

/// Checks an upload in the background. None: a job works on it already, or it needs none.
pub async fn check(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    upload_id: &str,
    clock: Clock,
) -> Result<Option<Ended>, Error> {
    let upload = look(app, ctx, caller, upload_id).await?.upload;
    let from = if upload.state == "checked" { "checked" } else { "kept" };
    start(
        app,
        ctx,
        caller,
        upload_id,
        ((from, "checking"), FeedOptions { dry_run: true, ..FeedOptions::default() }, clock),
    )
    .await
}

/// What is allowed at publishing.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    /// Digest of the upload that was looked at.
    pub digest: String,
    /// Leave rows with errors out.
    pub skip_bad_rows: bool,
    /// The number of the load that hides records, typed by an administrator; none if nobody typed one.
    pub number: Option<String>,
}

/// Publishes an upload in the background. None: it is published already, or a job does it now.
///
/// # Errors
/// [`Error::Invalid`] if something has to be allowed that was not; [`Error::Forbidden`] if only an administrator may;
/// [`Error::Conflict`] if another feed was published since the check.
pub async fn publish(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    upload_id: &str,
    allowed: &Allowed,
    clock: Clock,
) -> Result<Option<Ended>, Error> {
    let looked = look(app, ctx, caller, upload_id).await?;
    if looked.upload.state == "published" || (looked.upload.state == "publishing" && !looked.is_dead) {
        return Ok(None);
    }
    if looked.upload.digest != allowed.digest {
        return Err(Error::Conflict("確かめたものと違うファイルです。画面を開きなおしてください。".to_owned()));
    }
    if looked.is_stale {
        let say = "確かめたあとに、別の取込がありました。「もう一度確かめる」を押して、結果を見てください。";
        return Err(Error::Conflict(say.to_owned()));
    }
    let report = looked.report.as_ref().ok_or_else(|| Error::Conflict("まだ確かめていません。".to_owned()))?;
    let wrong = |field, code, say: String| Err(Error::Invalid(vec![Wrong { field, code, say }]));
    let asks = report.findings.iter().any(|f| matches!(f.code.as_str(), "feed-drops" | "feed-blanks"));
    let mut options = FeedOptions::default();
    if report.summary.errors > 0 {
        if !report.can_skip() || !allowed.skip_bad_rows {
            let say = "エラーがあるため、このままでは取り込めません。なおして、もう一度入れてください。";
            return wrong("skip", "feed-errors", say.to_owned());
        }
        options.skip_bad_rows = true;
    }
    if asks {
        decide_act(caller, Act::HideRecords)?;
        let want = report.number_to_type();
        let typed = allowed.number.as_deref().map(kaigo_core::text::halfwidth).unwrap_or_default();
        let typed: String = typed.chars().filter(|c| *c != ',' && !c.is_whitespace()).collect();
        if typed != want.to_string() {
            let say = format!(
                "消える（変わる）件数 {want} を、そのまま数字で入れてください。数がちがうときは、取り込まないでください。"
            );
            return wrong("number", "feed-number", say);
        }
        options.allow_drop = true;
    }
    start(app, ctx, caller, upload_id, (("checked", "publishing"), options, clock)).await
}

async fn start(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    upload_id: &str,
    ((from, to), options, clock): ((&'static str, &'static str), FeedOptions, Clock),
) -> Result<Option<Ended>, Error> {
    let grant = Arc::new(decide_act(caller, Act::LoadRecords)?);
    let staff = staff(caller)?;
    let job = Job {
        db: app.db.clone(),
        objects: app.objects.clone(),
        grant: Arc::clone(&grant),
        insurer_no: staff.insurer_no,
        by: staff.name.clone(),
        upload_id: upload_id.to_owned(),
        name: ctx.ids.id(),
        clock,
        options,
    };
    let (id, name, now) = (job.upload_id.clone(), job.name.clone(), ctx.now);
    let allowed = match (options.allow_drop, options.skip_bad_rows) {
        (true, true) => "drop,skip",
        (true, false) => "drop",
        (false, true) => "skip",
        (false, false) => "",
    };
    let taken = app
        .db
        .write(move |tx| {
            let (now, dead_before) = (instant(now), instant(now - DEAD_AFTER));
            let begin = Begin { from, to, job: &name, now: &now, dead_before: &dead_before, allowed };
            feed::begin_job(tx, &grant, &id, &begin)
        })
        .await?;
    if !taken {
        return Ok(None);
    }
    let (told, ended) = oneshot::channel();
    let thread = std::thread::Builder::new().name("feed".to_owned());
    let spawned = thread.spawn(move || {
        job.run();
        // Nobody may be waiting any more.
        let _ = told.send(());
    });
    spawned.map_err(|e| Error::Internal(format!("no thread for a feed: {e}")))?;
    Ok(Some(ended))
}

/// A check or a load in a thread of its own.
struct Job {
    db: Db,
    objects: Objects,
    grant: Arc<ActGrant>,
    insurer_no: kaigo_core::id::InsurerNo,
    by: String,
    upload_id: String,
    name: String,
    clock: Clock,
    options: FeedOptions,
}

impl Job {
    fn run(&self) {
        let report = self.work().unwrap_or_else(|error| failed(&error));
        // What cannot be written down is found by its missing sign of life.
        let _ = self.end(&report);
    }

    fn work(&self) -> Result<FeedReport, ImportError> {
        let (grant, id) = (Arc::clone(&self.grant), self.upload_id.clone());
        let files = self.db.read_blocking(move |tx| feed::files(tx, &grant, &id))?;
        let scratch = Scratch::make(&self.objects.scratch(), &self.name, (self.clock)())?;
        let mut findings = Findings::default();
        self.unpack(&files, &scratch.0, &mut findings)?;
        if findings.errors() == 0 && !scratch.0.join(MANIFEST).is_file() {
            findings.push(file_error(
                MANIFEST,
                "manifest-missing",
                "manifest.json がありません。",
                "フィードのフォルダーをそのまま zip にするか、manifest.json もいっしょに選んでください。",
            ));
        }
        if findings.errors() == 0 {
            let mut own = Findings::default();
            let manifest = manifest::read(&scratch.0, &mut own)?;
            if let Some(manifest) = manifest.filter(|manifest| manifest.insurer_no != self.insurer_no) {
                let say =
                    format!("保険者番号 {} のフィードです。この保険者のものではありません。", manifest.insurer_no);
                let mend = "自分の保険者のフィードを選んでください。";
                findings.push(file_error(MANIFEST, "manifest-other-insurer", &say, mend));
            }
        }
        if findings.errors() > 0 {
            let insurer = self.insurer_no.to_string();
            return Ok(FeedReport { outcome: Outcome::Errors, insurer, load_no: None, files: Vec::new(), findings });
        }
        let mut beat = Beat { job: self, last: None, file: String::new() };
        let now = (self.clock)();
        import(&self.db, &self.objects, &scratch.0, &self.options, now, &mut |progress| beat.show(progress))
    }

    /// Writes the files of the upload into the folder, archives opened.
    fn unpack(&self, files: &[UploadFile], folder: &Path, findings: &mut Findings) -> Result<(), ImportError> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(ImportError::io(folder))?;
        let mut out = Unpacking { folder, findings, bytes: 0, files: 0 };
        for file in files {
            let bytes = runtime.block_on(self.objects.get(&file.sha256))?;
            let Some(bytes) = bytes else {
                let say = "前に入れたファイルが見つかりません。";
                out.findings.push(file_error(&file.name, "upload-lost", say, "もう一度入れてください。"));
                continue;
            };
            if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
                out.archive(&file.name, &bytes)?;
            } else {
                out.put(&file.name, is_document(&file.name), &mut bytes.as_slice())?;
            }
        }
        Ok(())
    }

    fn end(&self, report: &FeedReport) -> Result<(), db::Error> {
        let (grant, id, job, by) =
            (Arc::clone(&self.grant), self.upload_id.clone(), self.name.clone(), self.by.clone());
        let (text, now, outcome) = (report.json().to_string(), instant((self.clock)()), report.outcome);
        let load_no = report.load_no;
        let published = !self.options.dry_run && matches!(outcome, Outcome::Published | Outcome::Unchanged);
        self.db.write_blocking(move |tx| {
            let key = (id.as_str(), job.as_str());
            if published {
                let load_no = load_no.filter(|_| outcome == Outcome::Published);
                return feed::published(tx, &grant, key, &text, load_no, (&by, &now));
            }
            let last = feed::last_feed(tx, &grant)?;
            feed::checked(tx, &grant, key, &text, last, &now).map(drop)
        })
    }
}

fn failed(error: &ImportError) -> FeedReport {
    let mut findings = Findings::default();
    let say = match error {
        ImportError::Io { .. } => "ファイルを作業用のフォルダーに置けないか、読めませんでした。",
        ImportError::Store(_) => "データベースに書けないか、途中で別の取込が始まりました。前の記録はそのままです。",
    };
    findings.push(file_error(
        "",
        "feed-failed",
        say,
        "少し待って「もう一度確かめる」を押してください。続くときは運用者に知らせてください。",
    ));
    FeedReport { outcome: Outcome::Errors, insurer: String::new(), load_no: None, files: Vec::new(), findings }
}

/// Writes signs of life: at each new file, and at most once in a second.
struct Beat<'a> {
    job: &'a Job,
    last: Option<Timestamp>,
    file: String,
}

impl Beat<'_> {
    fn show(&mut self, progress: Progress<'_>) {
        let now = (self.job.clock)();
        let is_due = self.last.is_none_or(|last| now.duration_since(last) > SignedDuration::from_secs(1));
        if progress.file == self.file && !is_due {
            return;
        }
        self.last = Some(now);
        progress.file.clone_into(&mut self.file);
        let (grant, id, job) = (Arc::clone(&self.job.grant), self.job.upload_id.clone(), self.job.name.clone());
        let (done, total, file) = (progress.rows, progress.total, self.file.clone());
        // A sign of life that cannot be written does not stop the load.
        let _ = self.job.db.write_blocking(move |tx| {
            feed::beat(tx, &grant, (id.as_str(), job.as_str()), &instant(now), (done, total, &file))
        });
    }
}

/// A folder that goes away with this value; what crashed jobs left behind for a day goes, too.
struct Scratch(PathBuf);

impl Scratch {
    fn make(under: &Path, job: &str, now: Timestamp) -> Result<Self, ImportError> {
        fs::create_dir_all(under).map_err(ImportError::io(under))?;
        for left in fs::read_dir(under).map_err(ImportError::io(under))?.flatten() {
            let modified = left.metadata().and_then(|about| about.modified()).ok();
            let modified = modified.and_then(|at| Timestamp::try_from(at).ok());
            if modified.is_some_and(|at| at + SignedDuration::from_hours(24) < now) {
                // Another process may be taking it away, too.
                let _ = fs::remove_dir_all(left.path());
            }
        }
        let folder = under.join(format!("feed-{job}"));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(ImportError::io(&folder))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Whether a file that was not in an archive belongs among the documents: tables and the manifest do not.
fn is_document(name: &str) -> bool {
    name != MANIFEST && manifest::table_format(name).is_none()
}

/// Files on their way into the folder.
struct Unpacking<'a> {
    folder: &'a Path,
    findings: &'a mut Findings,
    bytes: u64,
    files: usize,
}

impl Unpacking<'_> {
    fn bad(&mut self, name: &str, code: &'static str, say: &str, mend: &str) {
        self.findings.push(file_error(name, code, say, mend));
    }

    fn archive(&mut self, name: &str, bytes: &[u8]) -> Result<(), ImportError> {
        let again = "もう一度 zip を作るか、zip にせずファイルのまま選んでください。";
        let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else {
            self.bad(name, "zip-damaged", "zip として開けません。", again);
            return Ok(());
        };
        for index in 0..zip.len() {
            let mut inner = match zip.by_index(index) {
                Ok(inner) if !inner.encrypted() => inner,
                Ok(_) | Err(zip::result::ZipError::UnsupportedArchive(_) | zip::result::ZipError::InvalidPassword) => {
                    self.bad(
                        name,
                        "zip-encrypted",
                        "zip にパスワードがかかっています。",
                        "パスワードを外してください。",
                    );
                    return Ok(());
                }
                Err(_) => {
                    self.bad(name, "zip-damaged", "zip の中のファイルが読めません。", again);
                    return Ok(());
                }
            };
            if inner.is_dir() {
                continue;
            }
            let path = String::from_utf8_lossy(inner.name_raw()).replace('\\', "/");
            let mut parts = path.rsplit('/');
            let base = parts.next().unwrap_or_default().to_owned();
            let in_documents = parts.next() == Some(super::document::FOLDER);
            let is_litter = base.starts_with('.') || path.starts_with("__MACOSX/") || base == "Thumbs.db";
            if is_litter || base.is_empty() {
                continue;
            }
            self.put(&base, in_documents || is_document(&base), &mut inner)?;
            if self.findings.errors() > 0 {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Writes one file, whatever an archive says of its size.
    fn put(&mut self, name: &str, in_documents: bool, bytes: &mut dyn std::io::Read) -> Result<(), ImportError> {
        if !is_plain_name(name) {
            self.bad(
                name,
                "upload-name",
                "ファイル名として使えない文字があるか、フォルダーの外を指しています。",
                "ファイルの名前をなおしてください。",
            );
            return Ok(());
        }
        self.files += 1;
        if self.files > MOST_UNPACKED_FILES {
            self.bad(name, "upload-too-many", "ファイルが多すぎます。", "いくつかの差分に分けてください。");
            return Ok(());
        }
        let folder = if in_documents { self.folder.join(super::document::FOLDER) } else { self.folder.to_owned() };
        fs::create_dir_all(&folder).map_err(ImportError::io(&folder))?;
        let path = folder.join(name);
        let mut file = match fs::File::create_new(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                self.bad(name, "upload-twice", "同じ名前のファイルが2つあります。", "どちらか1つにしてください。");
                return Ok(());
            }
            Err(source) => return Err(ImportError::Io { path, source }),
        };
        let left = MOST_UNPACKED.saturating_sub(self.bytes);
        let mut buf = vec![0; 64 * 1024];
        let mut size = 0_u64;
        loop {
            let Ok(n) = bytes.read(&mut buf) else {
                self.bad(name, "zip-damaged", "zip の中のファイルが読めません。", "もう一度 zip を作ってください。");
                return Ok(());
            };
            if n == 0 {
                break;
            }
            size += u64::try_from(n).unwrap_or(u64::MAX);
            if size > left {
                let say = format!("開いた大きさが{}GBを超えています。", MOST_UNPACKED >> 30);
                self.bad(name, "upload-too-large", &say, "いくつかの差分に分けてください。");
                return Ok(());
            }
            file.write_all(buf.get(..n).unwrap_or_default()).map_err(ImportError::io(&path))?;
        }
        self.bytes += size;
        let mut start = [0; 4];
        let is_zip =
            fs::File::open(&path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == *b"PK\x03\x04";
        if is_zip {
            self.bad(
                name,
                "zip-nested",
                "zip の中に zip があります。",
                "中の zip を取りだして、それを選んでください。",
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacked(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Vec<&'static str>) {
        let folder = tempfile::tempdir().unwrap();
        let mut findings = Findings::default();
        let mut out = Unpacking { folder: folder.path(), findings: &mut findings, bytes: 0, files: 0 };
        for (name, bytes) in files {
            if bytes.starts_with(b"PK") {
                out.archive(name, bytes).unwrap();
            } else {
                out.put(name, is_document(name), &mut &bytes[..]).unwrap();
            }
        }
        let codes = findings.list().iter().map(|f| f.code).collect();
        (folder, codes)
    }

    fn zip(files: &[(&str, &str, &[u8])]) -> Vec<u8> {
        kaigo_careplan::pack::pack(files.iter().copied())
    }

    #[test]
    fn tables_and_documents_find_their_places() {
        let packed = zip(&[
            ("feed", "manifest.json", b"{}"),
            ("feed", "insured_person.csv", b"a"),
            ("feed/documents", "s1.pdf", b"%PDF-"),
            ("feed/documents", "notes.csv", b"x"),
            ("__MACOSX", "._s1.pdf", b"x"),
        ]);
        let (folder, codes) = unpacked(&[("feed.zip", &packed), ("s2.pdf", b"%PDF-")]);
        assert!(codes.is_empty(), "{codes:?}");
        for path in
            ["manifest.json", "insured_person.csv", "documents/s1.pdf", "documents/notes.csv", "documents/s2.pdf"]
        {
            assert!(folder.path().join(path).is_file(), "{path}");
        }
    }

    #[test]
    fn nothing_is_written_outside_or_twice_or_without_bound() {
        let slip = zip(&[("../../..", "evil.csv", b"x")]);
        let (folder, codes) = unpacked(&[("slip.zip", &slip)]);
        assert!(codes.is_empty() && folder.path().join("evil.csv").is_file(), "only its last name counts");
        assert!(!folder.path().parent().unwrap().join("evil.csv").exists());
        let twice = zip(&[("a", "x.csv", b"1"), ("b", "x.csv", b"2")]);
        assert_eq!(unpacked(&[("t.zip", &twice)]).1, ["upload-twice"]);
        let nested = zip(&[("", "in.zip", &zip(&[("", "a.csv", b"1")]))]);
        assert_eq!(unpacked(&[("n.zip", &nested)]).1, ["zip-nested"]);
        let mut cut = zip(&[("", "a.csv", b"1")]);
        cut.truncate(20);
        assert_eq!(unpacked(&[("c.zip", &cut)]).1, ["zip-damaged"]);
        assert_eq!(unpacked(&[("a:b.csv", b"1")]).1, ["upload-name"]);
    }
}
