//! What an import did and found: for people as text, for machines as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kaigo_core::finding::{Finding, Place, Severity};
use kaigo_interchange::problem::Problem;
use serde_json::{Value, json};

/// Findings, each kind of them listed so often per file and counted beyond.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
    counts: BTreeMap<(String, &'static str), u64>,
    errors: u64,
    warnings: u64,
    notes: u64,
    /// Errors that are not about one row: the feed as a whole cannot be taken.
    whole: u64,
}

impl Findings {
    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        match finding.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Note => self.notes += 1,
        }
        if finding.severity == Severity::Error && finding.place.row.is_none() {
            self.whole += 1;
        }
        let count = self.counts.entry((finding.place.file.clone(), finding.code)).or_default();
        *count += 1;
        if *count <= MOST_LISTED {
            self.list.push(finding);
        }
    }

    /// Those that are listed, by file in the order of reading.
    pub fn list(&self) -> &[Finding] {
        &self.list
    }

    /// How many errors there are, listed or not.
    pub fn errors(&self) -> u64 {
        self.errors
    }

    /// How many warnings there are, listed or not.
    pub fn warnings(&self) -> u64 {
        self.warnings
    }

    /// How many notes there are, listed or not.
    pub fn notes(&self) -> u64 {
        self.notes
    }

    /// Errors that no skipping of rows can mend.
    pub(super) fn whole(&self) -> u64 {
        self.whole
    }

    /// Adds a line for each kind of finding that is not listed in full.
    pub(super) fn close(&mut self) {
        for ((file, code), count) in &self.counts {
            if *count > MOST_LISTED {
                let place = Place { file: file.clone(), ..Place::default() };
                let say = format!("「{code}」はほかに{}件あります。", count - MOST_LISTED);
                self.list.push(finding(
                    Severity::Note,
                    "more",
                    place,
                    &say,
                    "上の件をなおして、もう一度ためしてください。",
                ));
            }
        }
    }

    pub(super) fn json(&self) -> Vec<Value> {
        self.list
            .iter()
            .map(|f| {
                json!({
                    "severity": f.severity.code(), "code": f.code, "file": f.place.file, "row": f.place.row,
                    "column": f.place.column, "item": f.place.item, "say": f.say, "mend": f.mend, "source": f.source,
                })
            })
            .collect()
    }

    pub(super) fn text(&self, out: &mut String) {
        let _ = writeln!(out, "\nエラー {}件、注意 {}件、お知らせ {}件", self.errors, self.warnings, self.notes);
        let mut listed = 0;
        for severity in [Severity::Error, Severity::Warning, Severity::Note] {
            for f in self.list.iter().filter(|f| f.severity == severity).take(MOST_PRINTED) {
                listed += 1;
                let row = f.place.row.map(|row| format!(" {row}行め")).unwrap_or_default();
                let column = f.place.column.map(|column| format!(" {column}列め")).unwrap_or_default();
                let item = f.place.item.as_ref().map(|item| format!("「{item}」")).unwrap_or_default();
                let _ = writeln!(out, "\n{}  {}{row}{column}{item}  [{}]", severity.label(), f.place.file, f.code);
                let _ = writeln!(out, "    {}", f.say);
                if !f.mend.is_empty() {
                    let _ = writeln!(out, "    → {}", f.mend);
                }
            }
        }
        if listed < self.list.len() {
            let _ = writeln!(out, "\nほかに{}件あります（--format json ですべて出ます）。", self.list.len() - listed);
        }
    }
}

/// A finding without a source line.
pub(super) fn finding(severity: Severity, code: &'static str, place: Place, say: &str, mend: &str) -> Finding {
    Finding { severity, place, code, say: say.to_owned(), mend: mend.to_owned(), source: "" }
}

/// An error about a file as a whole.
pub(super) fn file_error(file: &str, code: &'static str, say: &str, mend: &str) -> Finding {
    let place = Place { file: file.to_owned(), ..Place::default() };
    finding(Severity::Error, code, place, say, mend)
}

/// What the table reader says about a row, as an error of that row.
pub(super) fn row_problem(file: &str, problem: &Problem, item: Option<String>) -> Finding {
    let place = Place { file: file.to_owned(), row: Some(problem.at.row), column: problem.at.column, item };
    finding(Severity::Error, problem.code(), place, &problem.say(), &problem.mend())
}

/// What the table reader says when it cannot go on, as an error of the file.
pub(super) fn file_problem(file: &str, problem: &Problem) -> Finding {
    let say = format!("{}行め：{}", problem.at.row, problem.say());
    file_error(file, problem.code(), &say, &problem.mend())
}

/// What became of the rows of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileReport {
    /// File name.
    pub name: String,
    /// Name of the record kind.
    pub kind: String,
    /// Japanese name of the kind.
    pub label: String,
    /// Rows read.
    pub rows: u64,
    /// Rows of segments that were not there.
    pub inserted: u64,
    /// Rows that correct a segment.
    pub corrected: u64,
    /// Rows that say what is known.
    pub unchanged: u64,
    /// Segments that the feed does not have any more.
    pub dropped: u64,
    /// Rows with an error.
    pub skipped: u64,
}

impl FileReport {
    fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.inserted += other.inserted;
        self.corrected += other.corrected;
        self.unchanged += other.unchanged;
        self.dropped += other.dropped;
        self.skipped += other.skipped;
    }

    /// Rows that change what is there.
    pub fn changes(&self) -> u64 {
        self.inserted + self.corrected + self.dropped
    }
}

/// How an import ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The records are published.
    Published,
    /// Nothing is new; nothing was written.
    Unchanged,
    /// Only checked, and fit to be published.
    Checked,
    /// Errors: nothing was published.
    Errors,
    /// Too much would be dropped or blanked: nothing was published, someone has to decide.
    Asked,
}

impl Outcome {
    /// Name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Unchanged => "unchanged",
            Self::Checked => "checked",
            Self::Errors => "errors",
            Self::Asked => "asked",
        }
    }

    /// What it means, a Japanese sentence.
    pub fn say(self) -> &'static str {
        match self {
            Self::Published => "取り込みました。",
            Self::Unchanged => "前に取り込んだ内容と同じです。何も変えていません。",
            Self::Checked => "確かめただけです。このまま取り込めます。何も変えていません。",
            Self::Errors => "エラーがあるため、取り込んでいません。前の記録はそのままです。",
            Self::Asked => {
                "消える記録か空になる項目が多すぎるため、止めました。前の記録はそのままです。正しければ --allow-drop を付けてやりなおしてください。"
            }
        }
    }

    /// Exit status of the command.
    pub fn exit_status(self) -> u8 {
        match self {
            Self::Published | Self::Unchanged | Self::Checked => 0,
            Self::Errors => 1,
            Self::Asked => 3,
        }
    }
}

/// What an import of a feed did and found.
#[derive(Clone, Debug)]
pub struct FeedReport {
    /// How it ended.
    pub outcome: Outcome,
    /// Insurer, number and name as the manifest has them.
    pub insurer: String,
    /// Number of the load, if one was begun.
    pub load_no: Option<i32>,
    /// The files in the order of loading.
    pub files: Vec<FileReport>,
    /// What was found.
    pub findings: Findings,
}

impl FeedReport {
    /// The counts of all files together.
    pub fn sum(&self) -> FileReport {
        let mut sum = FileReport::default();
        self.files.iter().for_each(|file| sum.add(file));
        sum
    }

    /// For machines.
    pub fn json(&self) -> Value {
        let sum = self.sum();
        let files: Vec<Value> = self
            .files
            .iter()
            .map(|f| {
                json!({
                    "name": f.name, "kind": f.kind, "rows": f.rows, "inserted": f.inserted, "corrected": f.corrected,
                    "unchanged": f.unchanged, "dropped": f.dropped, "skipped": f.skipped,
                })
            })
            .collect();
        json!({
            "files": files,
            "findings": self.findings.json(),
            "summary": {
                "outcome": self.outcome.code(), "load_no": self.load_no, "errors": self.findings.errors,
                "warnings": self.findings.warnings, "notes": self.findings.notes, "rows": sum.rows,
                "inserted": sum.inserted, "unchanged": sum.unchanged, "corrected": sum.corrected, "dropped": sum.dropped,
                "skipped": sum.skipped,
            },
        })
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut out = format!("{}\n{}\n", self.insurer, self.outcome.say());
        let mut lines = vec![["種類", "行", "追加", "訂正", "変更なし", "取下げ", "エラー"].map(str::to_owned)];
        for f in &self.files {
            let counts = [f.rows, f.inserted, f.corrected, f.unchanged, f.dropped, f.skipped];
            let [rows, inserted, corrected, unchanged, dropped, skipped] = counts.map(|n| n.to_string());
            lines.push([f.label.clone(), rows, inserted, corrected, unchanged, dropped, skipped]);
        }
        table(&lines, &mut out);
        self.findings.text(&mut out);
        out
    }
}

/// What an import of office files did and found.
#[derive(Clone, Debug, Default)]
pub struct OfficeReport {
    /// Name, rows read and rows taken of each file.
    pub files: Vec<(String, u64, u64)>,
    /// Offices known afterwards, and how many more than before.
    pub offices: (i64, i64),
    /// Services known afterwards, and how many more than before.
    pub services: (i64, i64),
    /// Whether nothing was written.
    pub dry_run: bool,
    /// What was found.
    pub findings: Findings,
}

impl OfficeReport {
    /// Exit status of the command.
    pub fn exit_status(&self) -> u8 {
        u8::from(self.findings.errors > 0)
    }

    /// For machines.
    pub fn json(&self) -> Value {
        let files: Vec<Value> =
            self.files.iter().map(|(name, rows, taken)| json!({"name": name, "rows": rows, "taken": taken})).collect();
        json!({
            "files": files,
            "findings": self.findings.json(),
            "summary": {
                "dry_run": self.dry_run, "errors": self.findings.errors, "warnings": self.findings.warnings,
                "notes": self.findings.notes, "offices": self.offices.0, "inserted": self.offices.1,
                "services": self.services.0, "services_inserted": self.services.1,
            },
        })
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut lines = vec![["ファイル", "行", "取込"].map(str::to_owned)];
        lines.extend(self.files.iter().map(|(name, rows, taken)| [name.clone(), rows.to_string(), taken.to_string()]));
        table(&lines, &mut out);
        if self.dry_run {
            out.push_str("確かめただけです。何も変えていません。\n");
        } else {
            let ((offices, new), (services, more)) = (self.offices, self.services);
            let _ = writeln!(
                out,
                "事業所 {offices}件（新しく{new}件）、サービス {services}件（新しく{more}件）になりました。"
            );
        }
        self.findings.text(&mut out);
        out
    }
}

/// Lines in columns: the first to the left, the numbers to the right; full-width characters take two places.
pub(super) fn table<const N: usize>(lines: &[[String; N]], out: &mut String) {
    let width = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    for line in lines {
        for (i, cell) in line.iter().enumerate() {
            let column = lines.iter().filter_map(|other| other.get(i)).map(|cell| width(cell)).max().unwrap_or(0);
            let gap = " ".repeat(column - width(cell));
            let _ = if i == 0 { write!(out, "{cell}{gap}") } else { write!(out, "  {gap}{cell}") };
        }
        out.push('\n');
    }
}

/// Findings of one code listed for one file.
const MOST_LISTED: u64 = 1000;
/// Findings of one severity printed for people.
const MOST_PRINTED: usize = 100;
