//! A heap of files: set after set, and what only several sets together show.

use kaigo_core::finding::{Finding, Place, Severity};

use super::file::shown_name;
use super::{Context, check_set};
use crate::attachment::Refused;
use crate::batch::{Batch, OpenSet, Set, Stray, Why};
use crate::finding::Code;
use crate::kind::{Kind, Unit};
use crate::name::{BadName, End, Month, Serial};

/// A file that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileInfo {
    /// Name as it came.
    pub name: String,
    /// Kind of file, where its name says one.
    pub kind: Option<Kind>,
    /// CSVバージョン of its first row.
    pub version: Option<String>,
    /// Count of its rows.
    pub rows: usize,
}

/// A set that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetReport {
    /// 送信元.
    pub from: End,
    /// 送信先.
    pub to: End,
    /// 連番.
    pub serial: Serial,
    /// 対象年月 of the names.
    pub month: Option<Month>,
    /// What it is.
    pub unit: Option<Unit>,
    /// Count of people.
    pub people: usize,
    /// Its files in the order of the standard.
    pub files: Vec<FileInfo>,
    /// What was found, in the order of the files.
    pub findings: Vec<Finding>,
}

/// How much was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl Summary {
    /// Counts findings.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut summary = Self::default();
        for finding in findings {
            match finding.severity {
                Severity::Error => summary.errors += 1,
                Severity::Warning => summary.warnings += 1,
                Severity::Note => summary.notes += 1,
            }
        }
        summary
    }
}

/// Everything about a heap of files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The sets by receiver, then 連番.
    pub sets: Vec<SetReport>,
    /// Files of no set.
    pub strays: Vec<FileInfo>,
    /// What was found about them.
    pub stray_findings: Vec<Finding>,
}

impl Report {
    /// Every file: those of the sets, then the others.
    pub fn files(&self) -> impl Iterator<Item = &FileInfo> {
        self.sets.iter().flat_map(|set| &set.files).chain(&self.strays)
    }

    /// Every finding, in the order of the files.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.sets.iter().flat_map(|set| &set.findings).chain(&self.stray_findings)
    }

    /// How much was found.
    pub fn summary(&self) -> Summary {
        Summary::of(self.findings())
    }
}

/// Checks a heap: each set is read, checked and dropped before the next.
pub fn check_batch(batch: &Batch, context: &Context) -> Report {
    let mut report = Report::default();
    for (place, set) in batch.sets.iter().enumerate() {
        let open = set.open();
        let mut findings = check_set(&open, context);
        across(batch, place, set, &mut findings);
        attachments(set, &mut findings);
        report.sets.push(SetReport {
            from: set.from,
            to: set.to,
            serial: set.serial,
            month: set.month,
            unit: set.unit,
            people: people(&open),
            files: open
                .files
                .iter()
                .map(|file| FileInfo {
                    name: file.name.clone(),
                    kind: Some(file.parsed.kind),
                    version: file
                        .table
                        .row(0)
                        .map(|row| super::sink::shown(row.text(0)))
                        .filter(|version| !version.is_empty()),
                    rows: file.table.len(),
                })
                .collect(),
            findings,
        });
    }
    for stray in &batch.strays {
        report.strays.push(FileInfo {
            name: stray.file.name.clone(),
            kind: Kind::of_name(&stray.file.name),
            version: None,
            rows: 0,
        });
        report.stray_findings.push(stray_finding(stray));
    }
    report
}

/// Count of people of a set.
fn people(set: &OpenSet) -> usize {
    let people: std::collections::HashSet<(String, String)> =
        set.people().into_iter().map(|person| (person.insurer_no, person.insured_no)).collect();
    people.len()
}

/// What was missing in a set may stand in another one under another 連番, or in the wrong role.
fn across(batch: &Batch, place: usize, set: &Set, findings: &mut [Finding]) {
    let Some(incomplete) = findings.iter_mut().find(|finding| finding.code == Code::SetIncomplete.code()) else {
        return;
    };
    if let Some(serial) = together(set, &batch.sets) {
        let other = batch.sets.iter().find(|other| is_part(set, other) && other.serial != set.serial);
        let other = other.map_or(serial, |other| other.serial);
        let say = format!("連番が{}ですが、一緒に送るファイルの連番は{other}です。", set.serial);
        *incomplete = Code::SerialDiffers.finding(incomplete.place.clone(), say);
        return;
    }
    let mut others = batch.sets.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, other)| other);
    let lonely = others.find(|other| is_other_role(set, other) || is_other_role(other, set));
    let supplement = lonely.iter().flat_map(|other| &other.files).chain(&set.files);
    if let Some(file) =
        supplement.into_iter().find(|file| file.parsed.kind == Kind::Supplement).filter(|_| lonely.is_some())
    {
        let say = format!("利用者補足情報「{}」は、もう1つの役割のものです。", shown_name(&file.name));
        *incomplete = Code::SupplementRole.finding(incomplete.place.clone(), say);
    }
}

/// The unit of which a set can be a part: only the plan and the 利用票 have several files that must be there.
fn whole(set: &Set) -> Unit {
    if set.month.is_some() { Unit::Usage } else { Unit::CarePlan }
}

/// Whether `other` is an incomplete set of the same unit between the same ends, for the same month.
fn is_part(set: &Set, other: &Set) -> bool {
    let required = whole(set).required();
    (other.from, other.to, other.month) == (set.from, set.to, set.month)
        && other.files.len() < required.len()
        && other.files.iter().all(|file| required.contains(&file.parsed.kind))
}

/// The 連番 under which the set would be complete: where the incomplete sets of its ends and month are together exactly one
/// unit, the latest of theirs.
pub(crate) fn together(set: &Set, sets: &[Set]) -> Option<Serial> {
    let parts: Vec<&Set> = sets.iter().filter(|other| is_part(set, other)).collect();
    let kinds: Vec<Kind> = parts.iter().flat_map(|part| &part.files).map(|file| file.parsed.kind).collect();
    let required = whole(set).required();
    let is_whole = kinds.len() == required.len() && required.iter().all(|kind| kinds.contains(kind));
    let is_own = is_part(set, set);
    parts.iter().map(|part| part.serial).max().filter(|_| is_whole && is_own && parts.len() > 1)
}

/// Whether `other` is a lone 利用者補足情報 under the same 連番 and ends, in the role that `set` does not need.
pub(crate) fn is_other_role(set: &Set, other: &Set) -> bool {
    let is_lone = matches!(other.files.as_slice(), [file] if file.parsed.kind == Kind::Supplement);
    let needs = matches!(set.unit, Some(Unit::CarePlan | Unit::Usage))
        && set.files.len() + 1 == whole(set).required().len()
        && !set.files.iter().any(|file| file.parsed.kind == Kind::Supplement);
    is_lone
        && needs
        && set.month.is_some() != other.month.is_some()
        && (other.from, other.to, other.serial) == (set.from, set.to, set.serial)
}

/// Attachments were looked at when the heap was sorted; the name of each is told.
fn attachments(set: &Set, findings: &mut Vec<Finding>) {
    for file in &set.attachments {
        let place = Place { file: file.name.clone(), ..Place::default() };
        findings.push(Code::FileAttachment.finding(place, "この組と一緒に送る書類です。".to_owned()));
    }
}

/// Why a file belongs to no set, as a finding.
pub fn stray_finding(stray: &Stray) -> Finding {
    let name = &stray.file.name;
    let place = Place { file: name.clone(), ..Place::default() };
    match &stray.why {
        Why::Attachment => Code::FileAttachment.finding(place, Code::FileAttachment.title().to_owned()),
        Why::Twice => Code::FileTwice.finding(place, Code::FileTwice.title().to_owned()),
        Why::Refused(refused) => {
            let code =
                if *refused == Refused::IndividualNumber { Code::IndividualNumber } else { Code::AttachmentRefused };
            code.with_mend(place, refused.say().to_owned(), refused.mend().to_owned())
        }
        Why::Name(bad) => bad_name(bad, place, name),
    }
}

fn bad_name(bad: &BadName, place: Place, name: &str) -> Finding {
    let shown = shown_name(name);
    match bad {
        BadName::Prefix => {
            let is_csv = name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("csv"));
            let code = if is_csv { Code::NamePrefix } else { Code::FileIgnored };
            let say = if is_csv {
                format!("「{shown}」は、標準仕様のファイルの名前ではありません。")
            } else {
                format!("「{shown}」は、標準仕様のファイルではないので、見ていません。")
            };
            code.finding(place, say)
        }
        BadName::Parts { kind } => Code::NameParts.with_mend(
            place,
            format!("「{shown}」は、区切り（_）の数が{}のファイル名と違います。", kind.label()),
            format!("{}のように、標準仕様の形にしてください。", example(*kind)),
        ),
        BadName::Part { kind, part, got } => Code::NamePart.with_mend(
            place,
            format!("ファイル名の{part}「{}」が正しくありません。", super::sink::shown(got)),
            format!("{}のように、{part}をなおしてください。", example(*kind)),
        ),
        BadName::Extension { kind } => {
            Code::NameExtension.finding(place, format!("「{shown}」の拡張子が、{}のものではありません。", kind.label()))
        }
    }
}

/// A name of the kind as the standard has it.
fn example(kind: Kind) -> String {
    let month = if kind.has_month() { "202611_" } else { "" };
    let end = if kind == Kind::BasicImage { "_0001.jpg" } else { ".CSV" };
    format!("{}_{month}9870000016_43_9870000024_11_20261101090000{end}", kind.prefix())
}
