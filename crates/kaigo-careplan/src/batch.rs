//! A heap of files, sorted into the sets that travel together.

use std::collections::BTreeMap;

use crate::attachment::{Format, Refused, look};
use crate::kind::{Kind, Unit};
use crate::layout::{
    basic, basic_deletion, planned_deletion, prevention, prevention_deletion, result_deletion, sheet1, sheet1_deletion,
    supplement, usage,
};
use crate::name::{BadName, End, FileName, Month, Serial};
use crate::table::{Problem, Table, read};

/// A file that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InFile {
    /// Name without folder.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why a file belongs to no set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its name is none of the standard.
    Name(BadName),
    /// A PDF or JPEG that names no set of the heap; it can be attached to one.
    Attachment,
    /// A PDF or JPEG that must not travel.
    Refused(Refused),
    /// The same file stands in the heap already.
    Twice,
}

/// A file of no set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The file.
    pub file: InFile,
    /// Why.
    pub why: Why,
}

/// A file of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetFile {
    /// Name as it came.
    pub name: String,
    /// What it says.
    pub parsed: FileName,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Files that travel together: same ends, same 連番, same month, same family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// 送信元.
    pub from: End,
    /// 送信先.
    pub to: End,
    /// 連番.
    pub serial: Serial,
    /// 対象年月 of the names, for 利用票 and 実績.
    pub month: Option<Month>,
    /// What it is; none where the files make no set of the standard.
    pub unit: Option<Unit>,
    /// The files in the order of the standard.
    pub files: Vec<SetFile>,
    /// PDF and JPEG that travel with it, by name.
    pub attachments: Vec<InFile>,
}

/// What came out of a heap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Sets by receiver, then 連番: the order in which they must be taken.
    pub sets: Vec<Set>,
    /// Files of no set.
    pub strays: Vec<Stray>,
}

/// Which files can belong together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    CarePlan,
    Usage,
    Result,
    CarePlanDeletion,
    UsageDeletion,
    ResultDeletion,
    Prevention,
    BasicDeletion,
    PreventionDeletion,
}

fn family(name: &FileName) -> Family {
    match name.kind {
        Kind::Supplement if name.month.is_none() => Family::CarePlan,
        Kind::Sheet1 | Kind::Sheet2 | Kind::Sheet3 => Family::CarePlan,
        Kind::Supplement | Kind::Planned | Kind::Detail => Family::Usage,
        Kind::Result => Family::Result,
        Kind::Sheet1Deletion => Family::CarePlanDeletion,
        Kind::PlannedDeletion => Family::UsageDeletion,
        Kind::ResultDeletion => Family::ResultDeletion,
        Kind::Basic
        | Kind::BasicDay
        | Kind::BasicIllness
        | Kind::BasicImage
        | Kind::Prevention
        | Kind::PreventionSupport => Family::Prevention,
        Kind::BasicDeletion => Family::BasicDeletion,
        Kind::PreventionDeletion => Family::PreventionDeletion,
    }
}

/// Sorts files into sets.
pub fn sort(files: Vec<InFile>) -> Batch {
    let mut batch = Batch::default();
    let mut groups: BTreeMap<(End, Serial, End, Option<Month>, Family), Vec<SetFile>> = BTreeMap::new();
    for file in files {
        let name = match FileName::parse(&file.name) {
            Ok(name) => name,
            Err(bad) => {
                let why = match look(&file.bytes) {
                    // Names are handed on as they came, to computers that open a file by its ending.
                    Ok(format) if !format.fits(&file.name) => Why::Refused(Refused::Ending),
                    Ok(_) => Why::Attachment,
                    Err(Refused::Format) => Why::Name(bad),
                    Err(refused) => Why::Refused(refused),
                };
                batch.strays.push(Stray { file, why });
                continue;
            }
        };
        let key = (name.to, name.serial, name.from, name.month, family(&name));
        let group = groups.entry(key).or_default();
        if group.iter().any(|other| other.parsed == name && other.bytes == file.bytes) {
            batch.strays.push(Stray { file, why: Why::Twice });
        } else {
            group.push(SetFile { name: file.name, parsed: name, bytes: file.bytes });
        }
    }
    join_entrusted(&mut groups);
    batch.sets = groups
        .into_iter()
        .map(|((to, serial, from, month, _), mut files)| {
            files.sort_by_key(|file| (file.parsed.kind, file.parsed.branch));
            let unit = unit_of(&files);
            Set { from, to, serial, month, unit, files, attachments: Vec::new() }
        })
        .collect();
    attach(&mut batch);
    batch
}

/// Gives each attachment to the set whose ends and 連番 its name repeats: `同意_<from>_<kind>_<to>_<kind>_<連番>.pdf`.
fn attach(batch: &mut Batch) {
    for stray in std::mem::take(&mut batch.strays) {
        let ends = named_ends(&stray.file.name).filter(|_| stray.why == Why::Attachment);
        let fits = |set: &&mut Set| ends.is_some_and(|ends| ends == (set.from, set.to, set.serial));
        match batch.sets.iter_mut().find(fits) {
            Some(set) => set.attachments.push(stray.file),
            None => batch.strays.push(stray),
        }
    }
    for set in &mut batch.sets {
        set.attachments.sort_by(|a, b| a.name.cmp(&b.name));
    }
}

/// Ends and 連番 at the end of an attachment's name.
fn named_ends(name: &str) -> Option<(End, End, Serial)> {
    let (stem, _) = name.rsplit_once('.')?;
    let mut parts: Vec<&str> = stem.split('_').collect();
    let tail = parts.split_off(parts.len().checked_sub(5)?);
    let read = FileName::parse(&format!("{}_{}.CSV", Kind::Sheet1.prefix(), tail.join("_"))).ok()?;
    Some((read.from, read.to, read.serial))
}

/// 委託: 予定 and 実績 under one 連番 from the entrusted office to the 地域包括支援センター are one set (§5.2.2.1).
fn join_entrusted(groups: &mut BTreeMap<(End, Serial, End, Option<Month>, Family), Vec<SetFile>>) {
    let results: Vec<_> = groups.keys().filter(|key| key.4 == Family::Result).copied().collect();
    for key in results {
        let usage = (key.0, key.1, key.2, key.3, Family::Usage);
        if groups.contains_key(&usage)
            && let Some(mut files) = groups.remove(&key)
            && let Some(group) = groups.get_mut(&usage)
        {
            group.append(&mut files);
        }
    }
}

/// What the kinds of the files make: the unit that has most of what must be there, and nothing else.
pub fn unit_of(files: &[SetFile]) -> Option<Unit> {
    let has = |kind: Kind| files.iter().any(|file| file.parsed.kind == kind);
    let takes = |unit: &Unit| {
        let known = |kind: Kind| unit.required().contains(&kind) || unit.optional().contains(&kind);
        files.iter().all(|file| known(file.parsed.kind))
    };
    Unit::ALL
        .iter()
        .filter(|unit| takes(unit) && unit.required().iter().any(|kind| has(*kind)))
        .max_by_key(|unit| {
            let present = unit.required().iter().filter(|kind| has(**kind)).count();
            let missing = unit.required().len() - present;
            (present, std::cmp::Reverse(missing))
        })
        .copied()
}

/// A file of a set, read.
#[derive(Clone, Debug)]
pub struct OpenFile {
    /// Name as it came.
    pub name: String,
    /// What it says.
    pub parsed: FileName,
    /// Its rows; none for a picture.
    pub table: Table,
    /// What is odd about it as bytes and rows.
    pub problems: Vec<Problem>,
    /// Its size in bytes.
    pub size: usize,
}

/// A set, read.
#[derive(Clone, Debug)]
pub struct OpenSet {
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
    /// The files in the order of the standard.
    pub files: Vec<OpenFile>,
}

impl Set {
    /// Reads every file.
    pub fn open(&self) -> OpenSet {
        let files = self.files.iter().map(|file| {
            let kind = file.parsed.kind;
            let (table, problems) = if kind == Kind::BasicImage {
                (Table::empty(kind), picture(&file.bytes))
            } else {
                let read = read(kind, &file.bytes);
                (read.table, read.problems)
            };
            OpenFile { name: file.name.clone(), parsed: file.parsed, table, problems, size: file.bytes.len() }
        });
        OpenSet {
            from: self.from,
            to: self.to,
            serial: self.serial,
            month: self.month,
            unit: self.unit,
            files: files.collect(),
        }
    }
}

/// What is odd about a picture.
fn picture(bytes: &[u8]) -> Vec<Problem> {
    match look(bytes) {
        Ok(Format::Jpeg) => Vec::new(),
        Ok(Format::Pdf) => vec![Problem::NotJpeg { refused: None }],
        Err(refused) => vec![Problem::NotJpeg { refused: Some(refused) }],
    }
}

/// What is exchanged about a person, and so what replaces what (§4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doc {
    /// 居宅サービス計画, by the day it was made or changed.
    CarePlan,
    /// 予定, by month.
    Usage,
    /// 実績, by month, office and kind of service.
    Result,
    /// 利用者基本情報, by the day of consultation.
    Basic,
    /// 支援計画書, by the day it was made or changed.
    Prevention,
}

impl Doc {
    /// Code in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::CarePlan => "care-plan",
            Self::Usage => "usage",
            Self::Result => "result",
            Self::Basic => "basic",
            Self::Prevention => "prevention",
        }
    }

    /// Reads the code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::CarePlan, Self::Usage, Self::Result, Self::Basic, Self::Prevention]
            .into_iter()
            .find(|doc| doc.code() == code)
    }
}

/// A person of a set: one for each document that the set carries or deletes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetPerson {
    /// 保険者番号 as written.
    pub insurer_no: String,
    /// 被保険者番号 as written.
    pub insured_no: String,
    /// 氏名, where the set has it.
    pub name: String,
    /// フリガナ, where the set has it.
    pub kana: String,
    /// 生年月日 `YYYYMMDD`, where the set has it.
    pub born: String,
    /// 性別 `1` or `2`, where the set has it.
    pub sex: String,
    /// What it is about.
    pub doc: Option<Doc>,
    /// The document's key: `YYYYMMDD` or `YYYYMM`.
    pub key: String,
    /// Whether the set takes the document back.
    pub deletes: bool,
}

impl OpenSet {
    /// The table of a kind.
    pub fn table(&self, kind: Kind) -> Option<&Table> {
        self.files.iter().find(|file| file.parsed.kind == kind).map(|file| &file.table)
    }

    /// The people of the set with what it carries of each, in the order of the files; each document once.
    pub fn people(&self) -> Vec<SetPerson> {
        let mut people: Vec<SetPerson> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for file in &self.files {
            let Some((doc, key, deletes)) = document(file.parsed.kind) else { continue };
            for row in file.table.rows() {
                let identity = (row.text(1), row.text(2), doc, row.text(key), deletes);
                if !seen.insert(identity) {
                    continue;
                }
                people.push(SetPerson {
                    insurer_no: row.text(1).to_owned(),
                    insured_no: row.text(2).to_owned(),
                    doc: Some(doc),
                    key: row.text(key).to_owned(),
                    deletes,
                    ..SetPerson::default()
                });
            }
        }
        self.name(&mut people);
        people
    }

    /// Adds names where a file of the set has them.
    fn name(&self, people: &mut [SetPerson]) {
        let mut known: BTreeMap<(&str, &str), [&str; 4]> = BTreeMap::new();
        let sources = [
            (Kind::Prevention, [Some(prevention::NAME), None, None, None]),
            (Kind::Basic, [Some(basic::NAME), Some(basic::KANA), Some(basic::BORN_ON), Some(basic::SEX)]),
            (
                Kind::Supplement,
                [Some(supplement::NAME), Some(supplement::KANA), Some(supplement::BORN_ON), Some(supplement::SEX)],
            ),
        ];
        for (kind, columns) in sources {
            for row in self.table(kind).into_iter().flat_map(Table::rows) {
                let texts = columns.map(|column| column.map_or("", |column| row.text(column)));
                known.insert((row.text(1), row.text(2)), texts);
            }
        }
        for person in people {
            if let Some([name, kana, born, sex]) = known.get(&(person.insurer_no.as_str(), person.insured_no.as_str()))
            {
                (*name).clone_into(&mut person.name);
                (*kana).clone_into(&mut person.kana);
                (*born).clone_into(&mut person.born);
                (*sex).clone_into(&mut person.sex);
            }
        }
    }
}

/// What a row of the kind is about: the document, the column of its key, whether it takes it back.
fn document(kind: Kind) -> Option<(Doc, usize, bool)> {
    Some(match kind {
        Kind::Sheet1 => (Doc::CarePlan, sheet1::PLAN_DATE, false),
        Kind::Sheet1Deletion => (Doc::CarePlan, sheet1_deletion::PLAN_DATE, true),
        Kind::Planned => (Doc::Usage, usage::MONTH, false),
        Kind::PlannedDeletion => (Doc::Usage, planned_deletion::MONTH, true),
        Kind::Result => (Doc::Result, usage::MONTH, false),
        Kind::ResultDeletion => (Doc::Result, result_deletion::MONTH, true),
        Kind::Basic => (Doc::Basic, basic::CONSULTED_ON, false),
        Kind::BasicDeletion => (Doc::Basic, basic_deletion::CONSULTED_ON, true),
        Kind::Prevention => (Doc::Prevention, prevention::PLAN_DATE, false),
        Kind::PreventionDeletion => (Doc::Prevention, prevention_deletion::PLAN_DATE, true),
        Kind::Supplement
        | Kind::Sheet2
        | Kind::Sheet3
        | Kind::Detail
        | Kind::BasicDay
        | Kind::BasicIllness
        | Kind::BasicImage
        | Kind::PreventionSupport => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> InFile {
        InFile { name: name.to_owned(), bytes: encoding_rs::SHIFT_JIS.encode(text).0.into_owned() }
    }

    #[test]
    fn a_heap_becomes_sets() {
        let ends = "9870000017_43_9870000025_11_20261101090000.CSV";
        let files = vec![
            file(&format!("UPSIKYU_202611_{ends}"), ""),
            file(
                &format!("UPPLAN_202611_{ends}"),
                "202407,981019,9900000018,20261025,202611\r\n202407,981019,9900000018,20261025,202611\r\n",
            ),
            file(
                &format!("UPHOSOKU_202611_{ends}"),
                "202407,981019,9900000018,00000000,\"クシロ トメ\",\"久城 トメ\",2,19400302\r\n",
            ),
            file(&format!("UP1KYO_{ends}"), ""),
            file(&format!("UP2KYO_{ends}"), ""),
            file(&format!("UP3KYO_{ends}"), ""),
            file(&format!("UPHOSOKU_000000_{ends}"), ""),
            file(&format!("DLTPLAN_202610_{ends}"), ""),
            file("memo.txt", "x"),
            InFile { name: "plan.pdf".to_owned(), bytes: b"%PDF-1.7\n%%EOF\n".to_vec() },
            InFile { name: "cut.pdf".to_owned(), bytes: b"%PDF-1.7".to_vec() },
            InFile { name: format!("同意_{}", ends.replace("CSV", "jpg")), bytes: b"%PDF-1.7\n%%EOF\n".to_vec() },
            InFile { name: format!("同意_{}", ends.replace("CSV", "exe")), bytes: b"%PDF-1.7\n%%EOF\n".to_vec() },
            InFile { name: format!("同意_{}", ends.replace("CSV", "PDF")), bytes: b"%PDF-1.7\n%%EOF\n".to_vec() },
        ];
        let batch = sort(files);
        let units: Vec<_> =
            batch.sets.iter().map(|set| (set.unit, set.month.map(|m| m.to_string()), set.files.len())).collect();
        assert_eq!(
            units,
            [
                (Some(Unit::CarePlan), None, 4),
                (Some(Unit::UsageDeletion), Some("202610".to_owned()), 1),
                (Some(Unit::Usage), Some("202611".to_owned()), 3),
            ]
        );
        assert_eq!(
            batch.strays.iter().map(|s| s.why.clone()).collect::<Vec<_>>(),
            [
                Why::Name(BadName::Prefix),
                Why::Attachment,
                Why::Refused(Refused::Damaged),
                Why::Refused(Refused::Ending),
                Why::Refused(Refused::Ending),
            ]
        );
        assert_eq!(batch.sets[0].attachments.len(), 1);
        let people = batch.sets[2].open().people();
        assert_eq!(people.len(), 1);
        assert_eq!(
            (people[0].name.as_str(), people[0].doc, people[0].key.as_str()),
            ("久城 トメ", Some(Doc::Usage), "202611")
        );
    }

    #[test]
    fn results_beside_plans_are_the_set_of_an_entrusted_office() {
        let ends = "9870000017_43_9870000025_46_20261101090000.CSV";
        let names = ["UPPLAN_202611", "UPSIKYU_202611", "UPHOSOKU_202611", "UPJSK_202611"];
        let batch = sort(names.iter().map(|n| file(&format!("{n}_{ends}"), "")).collect());
        assert_eq!(batch.sets.iter().map(|s| s.unit).collect::<Vec<_>>(), [Some(Unit::UsageAndResult)]);
    }
}
