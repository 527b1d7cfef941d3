//! Import of offices: the open data of 介護サービス情報公表システム (厚生労働省, CC BY 4.0) exactly as it is published.
//!
//! 24 columns, UTF-8 with BOM, a row for each service of an office. A row that cannot be read is left out and said; oddities
//! of the published data (numbers whose check digit does not fit, URLs that are none) are warnings and notes.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use jiff::Timestamp;
use kaigo_core::finding::{Place, Severity};
use kaigo_core::id::{CorporateNo, MunicipalityCode, OfficeNo, holds_individual_number};
use kaigo_core::layout::BadCell;
use kaigo_core::policy::{Act, ActGrant, Caller, decide_act};
use kaigo_core::service::ServiceKind;
use kaigo_interchange::problem::Error as TableError;
use kaigo_interchange::row::RowBuf;
use kaigo_interchange::table::{Format, TableReader};
use kaigo_store::db::{self, Db};
use kaigo_store::office::{self, Office, OfficeService};
use kaigo_store::time::instant;

use super::report::{Findings, OfficeReport, file_error, file_problem, finding, row_problem};
use super::{ImportError, Progress};

/// The 24 columns as published, in their order.
pub const COLUMNS: [&str; 24] = [
    "都道府県コード又は市町村コード",
    "No",
    "都道府県名",
    "市区町村名",
    "事業所名",
    "事業所名カナ",
    "サービスの種類",
    "住所",
    "方書（ビル名等）",
    "緯度",
    "経度",
    "電話番号",
    "FAX番号",
    "法人番号",
    "法人の名称",
    "事業所番号",
    "利用可能曜日",
    "利用可能曜日特記事項",
    "定員",
    "URL",
    "高齢者の方と障害者の方が同時一体的に利用できるサービス",
    "介護保険の通常の指定基準を満たしている",
    "障害福祉の通常の指定基準を満たしている",
    "備考",
];

/// Imports office files, one after the other. What is wrong with the data is in the report.
///
/// # Errors
/// A file cannot be read, or the store fails; rows committed before stay, and the same import can be run again.
pub fn offices(
    db: &Db,
    files: &[PathBuf],
    dry_run: bool,
    now: Timestamp,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<OfficeReport, ImportError> {
    let grant = Arc::new(decide_act(&Caller::Operator, Act::Operate).map_err(|_| db::Error::NotCovered)?);
    let before = db.read_blocking(office::count)?;
    let mut reading = Reading {
        report: OfficeReport { dry_run, ..OfficeReport::default() },
        seen: HashSet::new(),
        file: String::new(),
        rows: 0,
        progress,
    };
    let (sender, receiver) = sync_channel(WAITING);
    thread::scope(|scope| {
        let writer = scope.spawn(move || write_batches(db, &grant, &instant(now), &receiver));
        let read = files.iter().try_for_each(|path| reading.file(path, &sender));
        drop(sender);
        let written = writer.join().unwrap_or_else(|_| Err(db::Error::Broken("the writing thread died".to_owned())));
        written?;
        read
    })?;
    let mut report = reading.report;
    let after = db.read_blocking(office::count)?;
    report.offices = (after.0, after.0 - before.0);
    report.services = (after.1, after.1 - before.1);
    report.findings.close();
    Ok(report)
}

type Batch = Vec<(Office, OfficeService)>;

fn write_batches(db: &Db, grant: &Arc<ActGrant>, now: &str, batches: &Receiver<Batch>) -> Result<(), db::Error> {
    for rows in batches {
        let (grant, now) = (Arc::clone(grant), now.to_owned());
        db.write_blocking(move |tx| {
            rows.iter().try_for_each(|(office, service)| {
                office::put(tx, &grant, office, &now)?;
                office::put_service(tx, &grant, service, &now)
            })
        })?;
    }
    Ok(())
}

struct Reading<'a> {
    report: OfficeReport,
    /// Services read so far.
    seen: HashSet<(OfficeNo, ServiceKind)>,
    /// Name of the file being read.
    file: String,
    rows: u64,
    progress: &'a mut dyn FnMut(Progress<'_>),
}

impl Reading<'_> {
    fn file(&mut self, path: &Path, sender: &SyncSender<Batch>) -> Result<(), ImportError> {
        self.file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let opened = File::open(path).map_err(ImportError::io(path))?;
        let io = |source| ImportError::Io { path: path.to_owned(), source };
        let mut table = match TableReader::open(opened, Format::Csv) {
            Ok(table) => table,
            Err(TableError::Io(source)) => return Err(io(source)),
            Err(TableError::Bad(problem)) => {
                self.report.findings.push(file_problem(&self.file, &problem));
                self.report.files.push((self.file.clone(), 0, 0));
                return Ok(());
            }
        };
        if table.header() != COLUMNS {
            let at = table.header().iter().zip(COLUMNS).position(|(got, want)| got != want);
            let at = at.unwrap_or(COLUMNS.len().min(table.header().len())) + 1;
            let say = format!("見出しが、公表されている24列と違います（{at}列め）。");
            let mend = "介護サービス情報公表システムのオープンデータを、手を加えずに渡してください。";
            self.report.findings.push(file_error(&self.file, "office-header", &say, mend));
            self.report.files.push((self.file.clone(), 0, 0));
            return Ok(());
        }
        let (mut rows, mut taken) = (0_u64, 0_u64);
        let mut batch = Batch::new();
        let mut row = RowBuf::default();
        loop {
            let more = match table.next_row(&mut row) {
                Ok(more) => more,
                Err(TableError::Io(source)) => return Err(io(source)),
                Err(TableError::Bad(problem)) => {
                    self.report.findings.push(file_problem(&self.file, &problem));
                    false
                }
            };
            if more {
                rows += 1;
                self.rows += 1;
                if let Some(read) = self.row(&row) {
                    taken += 1;
                    batch.push(read);
                }
            }
            if !more || batch.len() == BATCH {
                (self.progress)(Progress { file: &self.file, rows: self.rows, total: 0 });
                let ready = std::mem::take(&mut batch);
                if !self.report.dry_run && !ready.is_empty() && sender.send(ready).is_err() {
                    return Ok(());
                }
            }
            if !more {
                self.report.files.push((self.file.clone(), rows, taken));
                return Ok(());
            }
        }
    }

    fn row(&mut self, row: &RowBuf) -> Option<(Office, OfficeService)> {
        let mut looker = Looker { file: &self.file, row, findings: &mut self.report.findings };
        if !row.problems().is_empty() {
            for problem in row.problems() {
                let at = problem.at.column.and_then(|column| usize::try_from(column).ok()?.checked_sub(1));
                let item = at.and_then(|at| COLUMNS.get(at)).map(|&name| name.to_owned());
                looker.findings.push(row_problem(&self.file, problem, item));
            }
            return None;
        }
        let office_no = looker.office_no();
        let kind = looker.service_kind();
        let (office_no, kind) = (office_no?, kind?);
        let office = Office {
            office_no,
            name: looker.text(NAME).unwrap_or_default(),
            name_kana: looker.text(KANA).unwrap_or_default(),
            municipality_code: looker.municipality(),
            address: looker.text(ADDRESS),
            building: looker.text(BUILDING),
            latitude: looker.degrees(LATITUDE),
            longitude: looker.degrees(LONGITUDE),
            phone: looker.text(PHONE),
            fax: looker.text(FAX),
            corporate_no: looker.corporate_no(),
            corporate_name: looker.text(CORPORATE_NAME),
            url: looker.url(),
        };
        let service = OfficeService {
            office_no,
            kind,
            weekdays: looker.text(WEEKDAYS),
            weekdays_note: looker.text(WEEKDAYS_NOTE),
            capacity: looker.capacity(),
            shared_service: looker.text(SHARED),
            standard_kaigo: looker.text(STANDARD_KAIGO),
            standard_shogai: looker.text(STANDARD_SHOGAI),
            remarks: looker.text(REMARKS),
        };
        if !self.seen.insert((office_no, kind)) {
            let say = "同じ事業所番号で同じ種類のサービスの行が前にもあります。この行の内容にします。";
            looker.say(Severity::Note, OFFICE_NO, ("office-service-twice", say, ""));
        }
        Some((office, service))
    }
}

/// Reads the cells of a row and says what is odd.
struct Looker<'a> {
    file: &'a str,
    row: &'a RowBuf,
    findings: &'a mut Findings,
}

impl Looker<'_> {
    fn cell(&self, column: usize) -> &str {
        self.row.cell(column).unwrap_or_default().trim()
    }

    fn say(&mut self, severity: Severity, column: usize, (code, say, mend): (&'static str, &str, &str)) {
        let place = Place {
            file: self.file.to_owned(),
            row: Some(self.row.number()),
            column: u32::try_from(column + 1).ok(),
            item: COLUMNS.get(column).map(|&name| name.to_owned()),
        };
        self.findings.push(finding(severity, code, place, say, mend));
    }

    fn bad(&mut self, severity: Severity, column: usize, bad: &BadCell) {
        let item = COLUMNS.get(column).copied().unwrap_or_default();
        self.say(severity, column, (bad.code(), &bad.say(item), &bad.mend(item)));
    }

    /// Text, if there is some. What looks like an individual number is not taken.
    fn text(&mut self, column: usize) -> Option<String> {
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        if holds_individual_number(text) {
            let say = "個人番号（マイナンバー）とみられる12けたの数字があるため、この項目は取り込みません。";
            self.say(Severity::Warning, column, ("individual-number", say, "公表されている内容を確かめてください。"));
            return None;
        }
        Some(text.to_owned())
    }

    fn office_no(&mut self) -> Option<OfficeNo> {
        let office_no = match OfficeNo::parse(self.cell(OFFICE_NO)) {
            Ok(office_no) => office_no,
            Err(bad) => {
                self.bad(Severity::Error, OFFICE_NO, &bad);
                return None;
            }
        };
        if !office_no.check() {
            let say = "事業所番号の検査数字（最後の1けた）が、どちらの決まりでも合いません。";
            self.say(Severity::Warning, OFFICE_NO, ("check-digit", say, "公表されている番号のまま取り込みます。"));
        }
        if office_no.as_str().bytes().any(|b| b.is_ascii_alphabetic()) {
            self.say(Severity::Note, OFFICE_NO, ("office-letter", "事業所番号に英字があります。", ""));
        }
        if self.cell(NO) != self.cell(OFFICE_NO) {
            self.say(
                Severity::Warning,
                NO,
                ("office-no-differs", "No が事業所番号と違います。", "事業所番号のほうを使います。"),
            );
        }
        Some(office_no)
    }

    fn service_kind(&mut self) -> Option<ServiceKind> {
        let kind = ServiceKind::from_disclosure_name(self.cell(SERVICE));
        if kind.is_none() {
            let say = "サービスの種類が、知っている名前ではありません。この行は取り込みません。";
            self.say(
                Severity::Error,
                SERVICE,
                ("office-service", say, "名前が変わったのであれば、プログラムの更新が要ります。"),
            );
        }
        kind
    }

    fn municipality(&mut self) -> Option<String> {
        match MunicipalityCode::parse(self.cell(MUNICIPALITY)) {
            Ok(code) => {
                if !code.check() {
                    let say = "市町村コードの検査数字が合いません。";
                    self.say(
                        Severity::Warning,
                        MUNICIPALITY,
                        ("check-digit", say, "公表されているコードのまま取り込みます。"),
                    );
                }
                Some(code.as_str().to_owned())
            }
            Err(bad) => {
                self.bad(Severity::Warning, MUNICIPALITY, &bad);
                None
            }
        }
    }

    fn corporate_no(&mut self) -> Option<String> {
        if self.cell(CORPORATE_NO).is_empty() {
            return None;
        }
        match CorporateNo::parse(self.cell(CORPORATE_NO)) {
            Ok(no) => {
                if !no.check() {
                    let say = "法人番号の検査数字（最初の1けた）が合いません。";
                    self.say(
                        Severity::Warning,
                        CORPORATE_NO,
                        ("check-digit", say, "公表されている番号のまま取り込みます。"),
                    );
                }
                Some(no.as_str().to_owned())
            }
            Err(bad) => {
                self.bad(Severity::Warning, CORPORATE_NO, &bad);
                None
            }
        }
    }

    /// Degrees as published, kept as text for their many decimals. Zero is published where nothing was filled in.
    fn degrees(&mut self, column: usize) -> Option<String> {
        let text = self.cell(column);
        if text.trim_matches(['0', '.']).is_empty() {
            self.say(Severity::Note, column, ("office-no-place", "緯度か経度がありません。地図に出せません。", ""));
            return None;
        }
        let number: Option<f64> = text.parse().ok();
        if number.is_none_or(|n| !(20.0..=155.0).contains(&n)) {
            self.say(
                Severity::Warning,
                column,
                ("office-place", "日本の緯度・経度として読めません。この項目は取り込みません。", ""),
            );
            return None;
        }
        Some(text.to_owned())
    }

    fn url(&mut self) -> Option<String> {
        let url = self.text(URL)?;
        if !url.starts_with("http://") && !url.starts_with("https://") {
            let say = "URL が http:// でも https:// でも始まりません。リンクにはしません。";
            self.say(Severity::Warning, URL, ("office-url", say, "公表されている内容のまま取り込みます。"));
        }
        Some(url)
    }

    /// Capacity; `0` is published where nothing was filled in.
    fn capacity(&mut self) -> Option<i32> {
        let text = self.cell(CAPACITY);
        if text.is_empty() || text == "0" {
            return None;
        }
        let capacity = text.parse().ok().filter(|n| (1..=9999).contains(n));
        if capacity.is_none() {
            self.bad(Severity::Warning, CAPACITY, &BadCell::Range { min: 1, max: 9999 });
        }
        capacity
    }
}

const MUNICIPALITY: usize = 0;
const NO: usize = 1;
const NAME: usize = 4;
const KANA: usize = 5;
const SERVICE: usize = 6;
const ADDRESS: usize = 7;
const BUILDING: usize = 8;
const LATITUDE: usize = 9;
const LONGITUDE: usize = 10;
const PHONE: usize = 11;
const FAX: usize = 12;
const CORPORATE_NO: usize = 13;
const CORPORATE_NAME: usize = 14;
const OFFICE_NO: usize = 15;
const WEEKDAYS: usize = 16;
const WEEKDAYS_NOTE: usize = 17;
const CAPACITY: usize = 18;
const URL: usize = 19;
const SHARED: usize = 20;
const STANDARD_KAIGO: usize = 21;
const STANDARD_SHOGAI: usize = 22;
const REMARKS: usize = 23;
/// Rows written with one commit.
const BATCH: usize = 2000;
/// Batches that may wait for the store.
const WAITING: usize = 2;
