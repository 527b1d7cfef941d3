//! What was found, for people and for machines.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use kaigo_careplan::check::{FileInfo, Report, SetReport, Summary};
use kaigo_careplan::name::End;
use kaigo_careplan::repair::Mend;
use kaigo_core::finding::Finding;
use serde::Serialize;

use crate::surroundings::pad;

/// The table for people: sets with their files and findings, files of no set, the summary.
pub(super) fn table(report: &Report) -> String {
    let mut text = String::new();
    for set in &report.sets {
        let _ = write!(text, "{}", heading(set));
        files(&mut text, &set.files);
        findings(&mut text, &set.findings);
        text.push('\n');
    }
    if !report.strays.is_empty() {
        text.push_str("■ どの組にも入らないファイル\n");
        files(&mut text, &report.strays);
        findings(&mut text, &report.stray_findings);
        text.push('\n');
    }
    let count = report.files().count();
    let Summary { errors, warnings, notes } = report.summary();
    let _ = writeln!(
        text,
        "{}組・{count}ファイル：エラー {errors}件、注意 {warnings}件、お知らせ {notes}件",
        report.sets.len()
    );
    text.push_str(match (errors, warnings) {
        (0, 0) => "このまま送れます。\n",
        (0, _) => "送れますが、注意のところを確かめてください。\n",
        _ => "エラーのあるファイルは、受け取る側のソフトで取り込めません。なおしてから送ってください。\n",
    });
    text
}

fn heading(set: &SetReport) -> String {
    let end = |end: &End| match end.kind {
        Some(kind) => format!("{}（{} {}）", end.office_no, kind.code(), kind.label()),
        None => end.office_no.to_string(),
    };
    let what = set.unit.map_or("送れない組み合わせ", |unit| unit.label());
    let month = set.month.map_or(String::new(), |month| format!("　{}", month.label()));
    format!("■ {what}{month}　{}人　連番 {}\n  {} → {}\n", set.people, set.serial, end(&set.from), end(&set.to))
}

fn files(text: &mut String, files: &[FileInfo]) {
    for file in files {
        let version = file.version.as_deref().unwrap_or("-");
        let _ = writeln!(text, "  {}  {}  {}行", pad(&plain(&file.name), 70), pad(version, 6), file.rows);
    }
}

fn findings(text: &mut String, findings: &[Finding]) {
    for finding in findings {
        let place = &finding.place;
        let row = place.row.map_or(String::new(), |row| format!(" {row}行目"));
        let column = place.column.map_or(String::new(), |column| format!(" {column}項目目"));
        let item = place.item.as_deref().filter(|item| !item.is_empty());
        let item = item.map_or(String::new(), |item| format!("（{item}）"));
        let label = pad(finding.severity.label(), 10);
        let _ = writeln!(text, "  {label}{}{row}{column}{item}", plain(&place.file));
        let _ = writeln!(text, "            {}", plain(&finding.say));
        if !finding.mend.is_empty() {
            let _ = writeln!(text, "            → {}  [{}]", plain(&finding.mend), finding.code);
        }
    }
}

/// What comes out of files must not steer the terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

/// What was mended in the copy.
pub(super) fn mends(done: &[Mend], count: usize, folder: &Path) -> String {
    let mut text = format!(
        "なおした写しを {} に書きました（{count}ファイル）。もとのファイルはそのままです。\n",
        folder.display()
    );
    if done.is_empty() {
        text.push_str("なおすところはありませんでした。\n");
    }
    for mend in done {
        let row = mend.row.map_or(String::new(), |row| format!(" {row}行目"));
        let item = mend.item.map_or(String::new(), |item| format!("（{item}）"));
        let more = if mend.count > 1 { format!("（{}か所）", mend.count) } else { String::new() };
        let _ = writeln!(text, "  {}{row}{item}：{}{more}", plain(&mend.file), mend.say);
        if !(mend.before.is_empty() && mend.after.is_empty()) {
            let short = |text: &str| plain(&text.chars().take(80).collect::<String>());
            let _ = writeln!(text, "    「{}」→「{}」", short(&mend.before), short(&mend.after));
        }
    }
    text
}

#[derive(Serialize)]
struct Json<'a> {
    files: Vec<JsonFile<'a>>,
    findings: Vec<JsonFinding<'a>>,
    summary: JsonSummary,
}

#[derive(Serialize)]
struct JsonFile<'a> {
    name: &'a str,
    kind: Option<&'static str>,
    version: Option<&'a str>,
    rows: usize,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    severity: &'static str,
    code: &'a str,
    file: &'a str,
    row: Option<u64>,
    column: Option<u32>,
    item: Option<&'a str>,
    say: &'a str,
    mend: &'a str,
    source: &'a str,
}

#[derive(Serialize)]
struct JsonSummary {
    errors: usize,
    warnings: usize,
    notes: usize,
}

/// The report for machines, in the shape that docs/findings.md has.
pub(super) fn json(report: &Report) -> Result<String> {
    let Summary { errors, warnings, notes } = report.summary();
    let json = Json {
        files: report
            .files()
            .map(|file| JsonFile {
                name: &file.name,
                kind: file.kind.map(kaigo_careplan::kind::Kind::prefix),
                version: file.version.as_deref(),
                rows: file.rows,
            })
            .collect(),
        findings: report
            .findings()
            .map(|finding| JsonFinding {
                severity: finding.severity.code(),
                code: finding.code,
                file: &finding.place.file,
                row: finding.place.row,
                column: finding.place.column,
                item: finding.place.item.as_deref(),
                say: &finding.say,
                mend: &finding.mend,
                source: finding.source,
            })
            .collect(),
        summary: JsonSummary { errors, warnings, notes },
    };
    Ok(serde_json::to_string(&json)?)
}
