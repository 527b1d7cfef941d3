//! Safe mends: what can be put right without knowing more than the files say. The original is never touched.
//!
//! Nothing changes its meaning: a zero that a spreadsheet dropped, full-width digits, line ends, the encoding, a heading, half-width
//! kana, the 連番 of one set, a name's spelling. A file whose rows cannot be told for certain is copied as it is.
//! Repairing what was repaired changes nothing.

mod cell;
mod name;

use std::collections::{BTreeMap, HashMap};

use kaigo_interchange::encoding::Encoding;

use self::name::Place;
use crate::batch::{Batch, InFile, OpenFile, OpenSet, Why, sort};
use crate::kind::Kind;
use crate::layout::supplement;
use crate::table::{Ending, Problem, Row, to_ms932};

/// One mend, told at the first place where it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mend {
    /// Name of the original file.
    pub file: String,
    /// First row, if it is about rows.
    pub row: Option<u32>,
    /// Column, from 1, if it is about one.
    pub column: Option<u32>,
    /// Japanese name of the item.
    pub item: Option<&'static str>,
    /// What stood there.
    pub before: String,
    /// What stands there now.
    pub after: String,
    /// In how many places of the file.
    pub count: u32,
    /// What was done, a Japanese sentence.
    pub say: String,
}

/// A repaired copy of a heap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repaired {
    /// Name and bytes of every file. A name can stand twice, as it can in the heap.
    pub files: Vec<(String, Vec<u8>)>,
    /// What was mended, in the order of the files.
    pub done: Vec<Mend>,
}

/// How often a repaired heap is looked at once more: a mend can lay open another one.
const ROUNDS: usize = 8;

/// Repairs a heap of files, until nothing more is found to mend. The batch is left as it is.
pub fn repair(batch: &Batch) -> Repaired {
    let mut out = once(batch);
    for _ in 0..ROUNDS {
        let files = out.files.iter().map(|(name, bytes)| InFile { name: name.clone(), bytes: bytes.clone() });
        let next = once(&sort(files.collect()));
        if next.files == out.files {
            break;
        }
        out.files = next.files;
        out.done.extend(next.done);
    }
    out
}

fn once(batch: &Batch) -> Repaired {
    let mut out = Repaired::default();
    for set in &batch.sets {
        let open = set.open();
        let place = Place::of(set, &open, &batch.sets);
        for (file, original) in open.files.iter().zip(&set.files) {
            let mut log = Log { file: &file.name, done: BTreeMap::new() };
            let bytes = contents(file, &place, &mut log).unwrap_or_else(|| original.bytes.clone());
            let name = place.name(file, &mut log);
            out.files.push((name, bytes));
            out.done.extend(log.done.into_values());
        }
        out.files.extend(set.attachments.iter().map(|file| (file.name.clone(), file.bytes.clone())));
    }
    for stray in &batch.strays {
        if stray.why == Why::Twice {
            let mut log = Log { file: &stray.file.name, done: BTreeMap::new() };
            log.note(What::Twice, None, "", "", "同じ内容のファイルが2つあったので、1つにしました。");
            out.done.extend(log.done.into_values());
        } else {
            out.files.push((stray.file.name.clone(), stray.file.bytes.clone()));
        }
    }
    out
}

/// What was mended, so that the same is told once for a file and column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Twice,
    Name,
    Serial,
    Kinds,
    Role,
    Encoding,
    Heading,
    Blank,
    Ending,
    Replaced,
    Cell(cell::How),
}

struct Log<'a> {
    file: &'a str,
    done: BTreeMap<(What, Option<usize>), Mend>,
}

impl Log<'_> {
    /// Counts a mend; the first is told.
    fn note(&mut self, what: What, at: Option<(Row<'_>, usize)>, before: &str, after: &str, say: &str) {
        let entry = self.done.entry((what, at.map(|(_, column)| column))).or_insert_with(|| Mend {
            file: self.file.to_owned(),
            row: at.map(|(row, _)| row.number()),
            column: at.map(|(row, column)| row.file_column(column)),
            item: at.and_then(|(row, column)| row.kind().items().get(column)).map(|item| item.name),
            before: before.to_owned(),
            after: after.to_owned(),
            count: 0,
            say: say.to_owned(),
        });
        entry.count = entry.count.saturating_add(1);
    }
}

/// The file's bytes after its mends; none where nothing is mended or its rows cannot be told for certain.
fn contents(file: &OpenFile, place: &Place, log: &mut Log<'_>) -> Option<Vec<u8>> {
    let is_certain = |problem: &Problem| match problem {
        Problem::Utf8 { .. } | Problem::Blank { .. } | Problem::Heading => true,
        Problem::Width { got, .. } => *got < 200,
        Problem::Empty
        | Problem::TooLarge
        | Problem::NotCsv { .. }
        | Problem::NotJpeg { .. }
        | Problem::Undecodable { .. }
        | Problem::OpenQuote { .. }
        | Problem::AfterQuote { .. } => false,
    };
    let has_cells = !file.table.is_empty() && file.table.rows().all(|row| !row.is_empty());
    if !has_cells || !file.problems.iter().all(is_certain) {
        return None;
    }
    if file.problems.contains(&Problem::Heading) {
        log.note(What::Heading, None, "", "", "見出しの行を除きました。");
    }
    for _ in file.problems.iter().filter(|problem| matches!(problem, Problem::Blank { .. })) {
        log.note(What::Blank, None, "", "", "何もない行を除きました。");
    }
    if file.table.rows().any(|row| matches!(row.ending(), Ending::Lf | Ending::Cr)) {
        log.note(What::Ending, None, "", "", "改行をCRLFにそろえました。");
    }
    let is_utf8 = file.table.encoding() != Encoding::Ms932;
    let text = file.table.rewrite(|row, column, text| {
        place.cell(file, row, column, text, log).or_else(|| cell::mend(row, column, text, is_utf8, log))
    });
    let written = to_ms932(&text);
    let is_whole = written.unmappable.is_empty();
    if is_utf8 && is_whole {
        let before = file.table.encoding().label();
        log.note(What::Encoding, None, before, "MS932", "文字コードをShift_JIS（MS932）にしました。");
    }
    if log.done.is_empty() {
        return None;
    }
    // A character without a replacement: nothing is thrown away, the file stays in its encoding.
    let mark = if file.table.encoding() == Encoding::Utf8Bom { "\u{FEFF}" } else { "" };
    Some(if is_whole { written.bytes } else { format!("{mark}{text}").into_bytes() })
}

/// The day of the plan of each person of 第1表 who has one plan there.
fn plan_days(set: &OpenSet) -> HashMap<(String, String), String> {
    let mut days: HashMap<(String, String), Option<String>> = HashMap::new();
    for row in set.table(Kind::Sheet1).into_iter().flat_map(crate::table::Table::rows) {
        let day = row.text(crate::layout::sheet1::PLAN_DATE).to_owned();
        let person = (row.text(supplement::INSURER_NO).to_owned(), row.text(supplement::INSURED_NO).to_owned());
        days.entry(person).and_modify(|known| *known = None).or_insert(Some(day));
    }
    days.into_iter().filter_map(|(person, day)| Some((person, day?))).collect()
}
