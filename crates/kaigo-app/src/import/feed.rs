//! Import of a municipality's feed: manifest, files in order, documents, and one publishing transaction at the end.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use kaigo_core::date::Date;
use kaigo_core::finding::{Place, Severity};
use kaigo_core::for_each_record;
use kaigo_core::policy::{Act, ActGrant, Caller, decide_act};
use kaigo_core::record::person::InsuredPerson;
use kaigo_store::db::{self, Db};
use kaigo_store::feed::{self as history, KindCount};
use kaigo_store::load::{self, Begun};
use kaigo_store::objects::Objects;
use kaigo_store::time::instant;

use super::document::{Documents, Keeper};
use super::kind::Kind;
use super::known::{Known, PersonKey};
use super::load::load_file;
use super::manifest::{self, MANIFEST, Manifest, Mode};
use super::persons::{Persons, Store};
use super::report::{FeedReport, FileReport, Findings, Outcome, file_error, finding};
use super::{ImportError, Progress};

/// What may be done with a feed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeedOptions {
    /// Only check; write nothing.
    pub dry_run: bool,
    /// Take the feed even if it drops or blanks more than a feed may.
    pub allow_drop: bool,
    /// Publish the rows without errors; leave the others out.
    pub skip_bad_rows: bool,
}

/// A feed on its way.
pub(super) struct Run<'a> {
    pub(super) db: &'a Db,
    pub(super) folder: &'a Path,
    pub(super) options: &'a FeedOptions,
    pub(super) manifest: Manifest,
    pub(super) grant: Arc<ActGrant>,
    pub(super) begun: Begun,
    pub(super) today: Date,
    pub(super) findings: Findings,
    pub(super) files: Vec<FileReport>,
    pub(super) documents: Documents,
    pub(super) progress: &'a mut dyn FnMut(Progress<'_>),
    pub(super) rows_done: u64,
    pub(super) rows_total: u64,
    persons: Option<Persons>,
    asked: bool,
    /// Loads that were taken back, and those that took them back: their rows are not what the municipality sent.
    pub(super) undone: Arc<[i32]>,
}

/// Imports the feed in a folder. What is wrong with the data is in the report.
///
/// # Errors
/// The folder cannot be read, or the store fails; then nothing is published.
pub fn feed(
    db: &Db,
    objects: &Objects,
    folder: &Path,
    options: &FeedOptions,
    now: Timestamp,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<FeedReport, ImportError> {
    let mut findings = Findings::default();
    let Some(manifest) = manifest::read(folder, &mut findings)? else {
        return Ok(refused(String::new(), findings));
    };
    let insurer = format!("{}（{}）", manifest.insurer_name, manifest.insurer_no);
    let caller = Caller::InsurerSystem { insurer_no: manifest.insurer_no };
    let grant = decide_act(&caller, Act::LoadRecords).map_err(|_| db::Error::NotCovered)?;
    let grant = Arc::new(grant);
    let Some(begun) = begin(db, &grant, &manifest, *options, now)? else {
        let say = format!("保険者番号 {} の保険者が登録されていません。", manifest.insurer_no);
        findings.push(file_error(
            MANIFEST,
            "insurer-unknown",
            &say,
            "番号を確かめるか、運用者に登録を頼んでください。",
        ));
        return Ok(refused(insurer, findings));
    };
    let undone = {
        let grant = Arc::clone(&grant);
        db.read_blocking(move |tx| history::undone(tx, &grant))?
    };
    let mut run = Run {
        db,
        folder,
        options,
        rows_total: manifest.files.iter().map(|file| file.rows).sum(),
        manifest,
        grant,
        begun,
        today: now.to_zoned(TimeZone::fixed(JAPAN)).date(),
        findings,
        files: Vec::new(),
        documents: Documents::new(folder),
        progress,
        rows_done: 0,
        persons: None,
        asked: false,
        undone: undone.into(),
    };
    run.check_folder()?;
    macro_rules! load_kind {
        ($kind:ty) => {
            run.load_kind::<$kind>()?;
        };
    }
    for_each_record!(load_kind);
    let outcome = run.finish(objects, now)?;
    run.findings.close();
    Ok(FeedReport {
        outcome,
        insurer,
        load_no: (!options.dry_run).then_some(run.begun.load_no),
        files: run.files,
        findings: run.findings,
    })
}

fn refused(insurer: String, findings: Findings) -> FeedReport {
    FeedReport { outcome: Outcome::Errors, insurer, load_no: None, files: Vec::new(), findings }
}

fn begin(
    db: &Db,
    grant: &Arc<ActGrant>,
    manifest: &Manifest,
    options: FeedOptions,
    now: Timestamp,
) -> Result<Option<Begun>, db::Error> {
    let grant = Arc::clone(grant);
    if options.dry_run {
        return db.read_blocking(move |tx| load::peek(tx, &grant));
    }
    let (mode, made_at) = (manifest.mode.code(), instant(manifest.made_at));
    db.write_blocking(move |tx| load::begin(tx, &grant, mode, &made_at, &instant(now)))
}

impl Run<'_> {
    pub(super) fn store(&self) -> Store<'_> {
        Store { db: self.db, grant: &self.grant, published: self.begun.published, undone: &self.undone }
    }

    /// Whether rows still go to the store: not in a dry run, and not once nothing can be published any more.
    pub(super) fn writes(&self) -> bool {
        !self.options.dry_run && !self.stopped()
    }

    /// Whether the feed is so small that looking up its persons is cheaper than reading everything that is known.
    pub(super) fn is_small(&self) -> bool {
        self.manifest.mode == Mode::Delta && self.rows_total <= SMALL
    }

    /// Takes note that too much would be lost.
    pub(super) fn ask(&mut self, file: &str, code: &'static str, item: &str, say: &str) {
        let place = Place { file: file.to_owned(), item: Some(item.to_owned()), ..Place::default() };
        let mend = "ファイルが途中で切れていないか確かめてください。正しければ --allow-drop を付けてください。";
        let found = finding(Severity::Warning, code, place, say, mend);
        let source = kaigo_core::rule::at(kaigo_core::rule::feed::LOSS, self.today).map_or("", |row| row.source);
        self.findings.push(kaigo_core::finding::Finding { source, ..found });
        self.asked |= !self.options.allow_drop;
    }

    /// Whether the person is known.
    pub(super) fn knows(&mut self, person: PersonKey) -> Result<bool, db::Error> {
        if self.persons.is_none() {
            let stored = if self.is_small() { None } else { Some(self.store().scan::<InsuredPerson>()?.persons()) };
            self.persons = Some(Persons::on_top(Vec::new(), Vec::new(), stored));
        }
        let store = Store { db: self.db, grant: &self.grant, published: self.begun.published, undone: &self.undone };
        self.persons.as_mut().map_or(Ok(false), |persons| persons.has(person, &store))
    }

    /// Takes the persons of the persons' file.
    pub(super) fn take_persons(&mut self, listed: Vec<PersonKey>, gone: Vec<PersonKey>, known: &Known) {
        let whole = self.manifest.mode == Mode::Full && self.findings.errors() == 0;
        self.persons = Some(if whole {
            Persons::only(listed, gone)
        } else {
            let stored = if self.is_small() { None } else { Some(known.persons()) };
            Persons::on_top(listed, gone, stored)
        });
    }

    fn stopped(&self) -> bool {
        self.asked || self.findings.whole() > 0 || (self.findings.errors() > 0 && !self.options.skip_bad_rows)
    }

    /// Tables in the folder that the manifest does not name are forgotten ones more often than not.
    fn check_folder(&mut self) -> Result<(), ImportError> {
        let entries = std::fs::read_dir(self.folder).map_err(ImportError::io(self.folder))?;
        for entry in entries {
            let name = entry.map_err(ImportError::io(self.folder))?.file_name().to_string_lossy().into_owned();
            let table = name != MANIFEST && manifest::table_format(&name).is_some();
            if table && self.manifest.files.iter().all(|file| file.name != name) {
                let place = Place { file: name, ..Place::default() };
                let mend = "取り込むなら manifest.json の files に入れてください。";
                let say = "manifest.json にないファイルです。読みません。";
                self.findings.push(finding(Severity::Warning, "file-unlisted", place, say, mend));
            }
        }
        Ok(())
    }

    fn load_kind<R: Kind>(&mut self) -> Result<(), ImportError> {
        if let Some(file) = self.manifest.files.iter().find(|file| file.kind == R::NAME).cloned() {
            return load_file::<R>(self, &file);
        }
        if self.manifest.mode == Mode::Full {
            let place = Place { file: MANIFEST.to_owned(), item: Some(R::JA.to_owned()), ..Place::default() };
            let say =
                format!("全件のフィードに「{}」（{}）のファイルがありません。前の記録のままにします。", R::JA, R::NAME);
            let mend = "0件なら、見出しだけのファイルを入れてください。";
            self.findings.push(finding(Severity::Warning, "kind-missing", place, &say, mend));
        }
        Ok(())
    }

    fn finish(&mut self, objects: &Objects, now: Timestamp) -> Result<Outcome, ImportError> {
        let changes: u64 = self.files.iter().map(FileReport::changes).sum();
        if !self.stopped() && changes > 0 {
            let keeper = Keeper {
                db: self.db,
                objects,
                grant: &self.grant,
                load_no: (!self.options.dry_run).then_some(self.begun.load_no),
                skip_bad_rows: self.options.skip_bad_rows,
            };
            self.documents.keep(&keeper, self.begun.published, &mut self.findings)?;
        }
        let outcome = if self.findings.whole() > 0 || (self.findings.errors() > 0 && !self.options.skip_bad_rows) {
            Outcome::Errors
        } else if self.asked {
            Outcome::Asked
        } else if changes == 0 {
            Outcome::Unchanged
        } else if self.options.dry_run {
            Outcome::Checked
        } else {
            Outcome::Published
        };
        if !self.options.dry_run {
            self.end(outcome, now)?;
        }
        Ok(outcome)
    }

    /// Publishes the load, or gives it up.
    fn end(&self, outcome: Outcome, now: Timestamp) -> Result<(), db::Error> {
        let (grant, begun) = (Arc::clone(&self.grant), self.begun);
        let count = |of: fn(&FileReport) -> u64| self.files.iter().map(of).sum::<u64>();
        let summary = format!(
            "{} rows={} inserted={} corrected={} unchanged={} dropped={} skipped={} errors={} warnings={}",
            outcome.code(),
            count(|f| f.rows),
            count(|f| f.inserted),
            count(|f| f.corrected),
            count(|f| f.unchanged),
            count(|f| f.dropped),
            count(|f| f.skipped),
            self.findings.errors(),
            self.findings.warnings(),
        );
        let kinds: Vec<KindCount> = self.files.iter().map(|file| count_of(begun.load_no, file)).collect();
        self.db.write_blocking(move |tx| {
            if outcome == Outcome::Published {
                kinds.iter().try_for_each(|kind| history::count(tx, &grant, kind))?;
                load::publish(tx, &grant, begun.load_no, &summary, &instant(now))
            } else {
                load::abandon(tx, &grant, begun, &summary)
            }
        })
    }
}

/// What a file did, for the history of loads.
fn count_of(load_no: i32, file: &FileReport) -> KindCount {
    let of = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    KindCount {
        load_no,
        kind: file.kind.clone(),
        rows: of(file.rows),
        inserted: of(file.inserted),
        corrected: of(file.corrected),
        unchanged: of(file.unchanged),
        dropped: of(file.dropped),
        skipped: of(file.skipped),
    }
}

/// Japan's time, which has no summer time.
const JAPAN: Offset = jiff::tz::offset(9);
/// Rows of a feed whose persons are looked up one by one.
const SMALL: u64 = 20_000;
