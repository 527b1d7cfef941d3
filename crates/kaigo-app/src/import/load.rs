//! Loads one file of a feed: reads, checks, compares with what is known, hands batches to the store's thread.

use std::fs::File;
use std::io::Read as _;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use kaigo_core::code::{Amount, Void};
use kaigo_core::finding::{Place, Severity};
use kaigo_core::layout::Record as _;
use kaigo_core::policy::ActGrant;
use kaigo_core::record::Common;
use kaigo_core::record::person::InsuredPerson;
use kaigo_core::rule::feed;
use kaigo_interchange::problem::Error as TableError;
use kaigo_interchange::row::RowBuf;
use kaigo_interchange::table::{Format, TableReader};
use kaigo_store::db::{self, Db};
use kaigo_store::load;

use super::feed::Run;
use super::kind::Kind;
use super::known::{Content, Key, Known, PersonKey, ReadKeys, SegmentKey, Verdict};
use super::manifest::{ManifestFile, Mode, TableFormat, table_format};
use super::persons::counting;
use super::report::{FileReport, file_error, file_problem, finding};
use super::sheet::Sheet;
use super::{ImportError, Progress};

/// Rows handed over at once, and written with one commit.
const BATCH: usize = 2000;
/// Batches that may wait for the store.
const WAITING: usize = 2;

/// Loads a file of one kind.
pub(super) fn load_file<R: Kind>(run: &mut Run<'_>, file: &ManifestFile) -> Result<(), ImportError> {
    let mut loading = Loading::<R> {
        report: FileReport {
            name: file.name.clone(),
            kind: R::NAME.to_owned(),
            label: R::JA.to_owned(),
            ..FileReport::default()
        },
        known: Known::default(),
        look_up: false,
        keys: ReadKeys::default(),
        batch: Vec::with_capacity(BATCH),
        blanked: [0; 32],
        lost_rows: 0,
        persons: Vec::new(),
        gone: Vec::new(),
        written: 0,
    };
    let opened = loading.open(run, file)?;
    if let Some((mut table, mut sheet)) = opened {
        let (db, grant, load_no) = (run.db.clone(), Arc::clone(&run.grant), run.begun.load_no);
        let (sender, receiver) = sync_channel(WAITING);
        thread::scope(|scope| {
            let writer = scope.spawn(move || write_batches(&db, &grant, load_no, &receiver));
            let read = loading
                .read(run, &mut table, &mut sheet, &sender)
                .and_then(|()| loading.drop_missing(run, file, &sender));
            drop(sender);
            let written =
                writer.join().unwrap_or_else(|_| Err(db::Error::Broken("the writing thread died".to_owned())));
            written?;
            read
        })?;
        loading.compare_count(run, file);
        if R::NAME == InsuredPerson::NAME {
            run.take_persons(loading.persons, loading.gone, &loading.known);
        }
    }
    run.files.push(loading.report);
    Ok(())
}

fn write_batches<R: Kind>(
    db: &Db,
    grant: &Arc<ActGrant>,
    load_no: i32,
    batches: &Receiver<Vec<(Common, R)>>,
) -> Result<(), db::Error> {
    for rows in batches {
        let grant = Arc::clone(grant);
        db.write_blocking(move |tx| load::append(tx, &grant, load_no, &rows))?;
    }
    Ok(())
}

/// A row that could be read.
struct Line<R> {
    row: u64,
    key: Key,
    common: Common,
    record: R,
}

/// One file on its way.
struct Loading<R> {
    report: FileReport,
    known: Known,
    /// Whether `known` is fetched for each batch.
    look_up: bool,
    keys: ReadKeys,
    batch: Vec<Line<R>>,
    /// How many segments lost what each column held.
    blanked: [u64; 32],
    /// Rows whose key could not be read.
    lost_rows: u64,
    /// Persons of the file, if it is the persons' file, and those it takes back.
    persons: Vec<PersonKey>,
    gone: Vec<PersonKey>,
    written: u64,
}

type Table = TableReader<File>;

impl<R: Kind> Loading<R> {
    /// Opens the file and fetches what is known. `None`: it cannot be read, and the findings say why.
    fn open(&mut self, run: &mut Run<'_>, file: &ManifestFile) -> Result<Option<(Table, Sheet<R>)>, ImportError> {
        let path = run.folder.join(&file.name);
        let Ok(opened) = File::open(&path) else {
            let say = "manifest.json にあるファイルが見つかりません。";
            run.findings.push(file_error(
                &file.name,
                "file-missing",
                say,
                "ファイルを入れて、もう一度ためしてください。",
            ));
            return Ok(None);
        };
        let size = opened.metadata().map_err(ImportError::io(&path))?.len();
        if let Some(want) = &file.sha256 {
            let got = digest(File::open(&path).map_err(ImportError::io(&path))?).map_err(ImportError::io(&path))?;
            if !want.eq_ignore_ascii_case(&got) {
                let say = "ファイルの中身が manifest.json の sha256 と合いません。";
                run.findings.push(file_error(&file.name, "file-digest", say, "ファイルを送りなおしてください。"));
                return Ok(None);
            }
        }
        let names = Sheet::<R>::names();
        let format = match table_format(&file.name) {
            Some(TableFormat::Json) => Format::Json(&names),
            Some(TableFormat::Csv) | None => Format::Csv,
        };
        let table = match TableReader::open(opened, format) {
            Ok(table) => table,
            Err(TableError::Io(source)) => return Err(ImportError::Io { path, source }),
            Err(TableError::Bad(problem)) => {
                run.findings.push(file_problem(&file.name, &problem));
                return Ok(None);
            }
        };
        let Some(sheet) = Sheet::new(&file.name, table.header(), &mut run.findings) else {
            return Ok(None);
        };
        // A row takes 20 bytes at the least; the manifest alone is not trusted with memory.
        let room = file.rows.min(size / 20);
        self.keys = ReadKeys::with_capacity(usize::try_from(room).unwrap_or(0));
        let store = run.store();
        let (grant, published) = (Arc::clone(&run.grant), run.begun.published);
        if run.db.read_blocking(move |tx| load::any::<R>(tx, &grant, published))? {
            if run.is_small() {
                self.look_up = true;
            } else {
                self.known = store.scan::<R>()?;
            }
        }
        Ok(Some((table, sheet)))
    }

    fn read(
        &mut self,
        run: &mut Run<'_>,
        table: &mut Table,
        sheet: &mut Sheet<R>,
        sender: &SyncSender<Vec<(Common, R)>>,
    ) -> Result<(), ImportError> {
        let mut row = RowBuf::default();
        loop {
            let more = match table.next_row(&mut row) {
                Ok(more) => more,
                Err(TableError::Io(source)) => {
                    let path = run.folder.join(&self.report.name);
                    return Err(ImportError::Io { path, source });
                }
                Err(TableError::Bad(problem)) => {
                    run.findings.push(file_problem(&self.report.name, &problem));
                    // What comes after is not known: nothing may count as missing.
                    self.lost_rows += 1;
                    false
                }
            };
            if more {
                sheet.widen(table.header(), &mut run.findings);
                self.take_row(run, sheet, &row);
            }
            if (!more || self.batch.len() == BATCH) && !self.judge_batch(run, sheet, sender)? {
                return Ok(());
            }
            if !more {
                return Ok(());
            }
        }
    }

    fn take_row(&mut self, run: &mut Run<'_>, sheet: &Sheet<R>, row: &RowBuf) {
        self.report.rows += 1;
        let reading = sheet.read(row, &mut run.findings);
        let Some(common) = reading.common else {
            self.report.skipped += 1;
            self.lost_rows += 1;
            return;
        };
        let key = Key::of(&common);
        if reading.bad {
            self.report.skipped += 1;
            self.known.note(key.segment());
            return;
        }
        self.batch.push(Line { row: row.number(), key, common, record: reading.record });
    }

    /// Judges the rows of the batch and hands over what is new. `false`: the store cannot take more.
    fn judge_batch(
        &mut self,
        run: &mut Run<'_>,
        sheet: &Sheet<R>,
        sender: &SyncSender<Vec<(Common, R)>>,
    ) -> Result<bool, ImportError> {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        if self.look_up {
            let mut persons: Vec<_> = batch.iter().map(|line| line.key.person()).collect();
            persons.sort_unstable();
            persons.dedup();
            self.known = run.store().of_persons::<R>(persons)?;
        }
        let mut taken = Vec::with_capacity(batch.len());
        for line in batch {
            if self.judge(run, sheet, &line)? {
                taken.push((line.common, line.record));
            }
        }
        run.rows_done += self.report.rows - self.written;
        self.written = self.report.rows;
        let progress = Progress { file: &self.report.name, rows: run.rows_done, total: run.rows_total };
        (run.progress)(progress);
        Ok(taken.is_empty() || !run.writes() || sender.send(taken).is_ok())
    }

    /// Whether the row changes what is known and can be taken.
    fn judge(&mut self, run: &mut Run<'_>, sheet: &Sheet<R>, line: &Line<R>) -> Result<bool, ImportError> {
        let refuse = |run: &mut Run<'_>, item: &str, (code, say, mend): (&'static str, &str, &str)| {
            run.findings.push(finding(Severity::Error, code, sheet.place(line.row, item), say, mend));
        };
        let person = line.key.person();
        let bad = if !self.keys.insert(line.key) {
            refuse(
                run,
                "履歴番号",
                ("row-twice", "同じ被保険者番号・連番・履歴番号の行が前にもあります。", "どちらか1行にしてください。"),
            );
            true
        } else if R::NAME != InsuredPerson::NAME && !run.knows(person)? {
            refuse(
                run,
                "被保険者番号",
                (
                    "person-unknown",
                    "この被保険者番号の被保険者の記録がありません。",
                    "番号を確かめるか、insured_person に行を入れてください。",
                ),
            );
            true
        } else if let Some(Err(fault)) = line.record.document().map(|name| run.documents.claim(name, person)) {
            refuse(run, "ファイル名", fault);
            true
        } else {
            false
        };
        if bad {
            self.report.skipped += 1;
            self.known.note(line.key.segment());
            return Ok(false);
        }
        self.note_person(line);
        let verdict = self.known.judge(line.key, line.common.void, || Content::of(&line.record));
        match verdict {
            Verdict::New | Verdict::Correction(_) => {
                if let Some(Err(fault)) = line.record.document().map(|name| run.documents.want(name)) {
                    refuse(run, "ファイル名", fault);
                    self.report.skipped += 1;
                    return Ok(false);
                }
                self.count(verdict);
                return Ok(true);
            }
            Verdict::Unchanged => self.report.unchanged += 1,
            Verdict::Reused => {
                self.report.skipped += 1;
                let say = "前に取り込んだ同じ履歴番号の行と中身が違います。";
                refuse(run, "履歴番号", ("history-reused", say, "訂正なら履歴番号を1つ増やしてください。"));
            }
            Verdict::Lower => {
                self.report.unchanged += 1;
                let say = "もっと大きい履歴番号の行を取り込んであります。この行は使いません。";
                let place = sheet.place(line.row, "履歴番号");
                run.findings.push(finding(
                    Severity::Warning,
                    "history-lower",
                    place,
                    say,
                    "履歴番号を確かめてください。",
                ));
            }
        }
        Ok(false)
    }

    fn note_person(&mut self, line: &Line<R>) {
        if R::NAME == InsuredPerson::NAME {
            match line.common.void {
                Void::Valid => self.persons.push(line.key.person()),
                // Taken back; a later row that stands again comes under a new 連番.
                Void::Voided => self.gone.push(line.key.person()),
            }
        }
    }

    fn count(&mut self, verdict: Verdict) {
        let Verdict::Correction(blanked) = verdict else {
            self.report.inserted += 1;
            return;
        };
        self.report.corrected += 1;
        for (i, n) in (0_u32..).zip(&mut self.blanked) {
            *n += u64::from(blanked >> i & 1);
        }
    }

    /// In a full feed, what is missing is dropped, unless that is more than a feed may lose without a person's word.
    fn drop_missing(
        &mut self,
        run: &mut Run<'_>,
        file: &ManifestFile,
        sender: &SyncSender<Vec<(Common, R)>>,
    ) -> Result<(), ImportError> {
        if run.manifest.mode != Mode::Full || self.known.is_empty() {
            return Ok(());
        }
        if self.lost_rows > 0 {
            let place = Place { file: file.name.clone(), ..Place::default() };
            let say = "読めない行があったため、ファイルにない記録の取下げはしていません。";
            run.findings.push(finding(
                Severity::Warning,
                "drop-skipped",
                place,
                say,
                "エラーをなおして、もう一度送ってください。",
            ));
            return Ok(());
        }
        let (before, filled) = self.known.tally();
        let missing = self.known.missing();
        self.report.dropped = u64::try_from(missing.len()).unwrap_or(u64::MAX);
        if feed::stops(before, self.report.dropped, run.today) {
            let say = format!(
                "前にあった{before}件のうち{}件がファイルにありません。取り込むと、その記録は消えます。",
                self.report.dropped
            );
            run.ask(&file.name, "feed-drops", R::JA, &say);
        }
        for ((column, before), lost) in R::COLUMNS.iter().zip(filled).zip(self.blanked) {
            if feed::stops(before, lost, run.today) {
                let say = format!("「{}」が入っていた{before}件のうち{lost}件で空になります。", column.ja);
                run.ask(&file.name, "feed-blanks", column.ja, &say);
            }
        }
        for segments in missing.chunks(BATCH) {
            if !run.writes() {
                return Ok(());
            }
            let rows = taken_back::<R>(run, segments.to_vec())?;
            if sender.send(rows).is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn compare_count(&self, run: &mut Run<'_>, file: &ManifestFile) {
        if self.report.rows != file.rows {
            let say = format!(
                "行の数（{}）が manifest.json の rows（{}）と違います。途中で切れている可能性があります。",
                self.report.rows, file.rows
            );
            run.findings.push(file_error(
                &file.name,
                "manifest-rows",
                &say,
                "ファイルを作りなおすか、送りなおしてください。",
            ));
        }
    }
}

/// The newest version of each segment, taken back.
fn taken_back<R: Kind>(run: &Run<'_>, segments: Vec<SegmentKey>) -> Result<Vec<(Common, R)>, db::Error> {
    let (grant, published, undone) = (Arc::clone(&run.grant), run.begun.published, Arc::clone(&run.undone));
    run.db.read_blocking(move |tx| {
        let mut rows = Vec::with_capacity(segments.len());
        for segment in segments {
            let versions = load::of_person::<R>(tx, &grant, segment.person().insured_no(), published)?;
            let versions = counting(versions, &undone);
            let newest = versions.into_iter().find(|row| row.common.record_no == Amount(segment.record_no()));
            rows.extend(newest.map(|row| (Common { void: Void::Voided, ..row.common }, row.record)));
        }
        Ok(rows)
    })
}

/// SHA-256 of a file in hex.
fn digest(mut file: File) -> std::io::Result<String> {
    use std::fmt::Write as _;
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    let mut buf = vec![0; 64 * 1024];
    loop {
        let n = file.read(&mut buf)?;
        if n == 0 {
            break;
        }
        context.update(buf.get(..n).unwrap_or_default());
    }
    Ok(context.finish().as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}
