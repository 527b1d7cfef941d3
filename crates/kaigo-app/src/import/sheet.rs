//! From the cells of a row to a record: headings to columns, every bad cell reported.

use std::collections::BTreeSet;

use kaigo_core::finding::{Finding, Place, Severity};
use kaigo_core::id::{InsurerNo, OfficeNo, holds_individual_number};
use kaigo_core::layout::{BadCell, Column, Field, Shape, read_cell};
use kaigo_core::record::{COMMON, Common, DESK_FIRST};
use kaigo_core::text::halfwidth;
use kaigo_interchange::encoding::holds_private_use;
use kaigo_interchange::row::RowBuf;

use super::kind::Kind;
use super::report::{Findings, file_error, finding};

/// Where the columns of a kind stand in a file.
pub(super) struct Sheet<R: 'static> {
    file: String,
    /// Column in the file of each common column.
    common: [Option<usize>; 4],
    slots: Vec<Slot<R>>,
    /// Columns of the file that no one knows.
    unknown: Vec<usize>,
    /// Columns of the file that have been looked at.
    width: usize,
}

struct Slot<R: 'static> {
    at: Option<usize>,
    column: &'static Column<R>,
    look: Look,
}

/// What is looked at in a cell that can be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Nothing,
    OfficeDigit,
    InsurerDigit,
    PrivateUse,
}

/// What a row says.
pub(super) struct Reading<R> {
    /// Its key, if that can be read.
    pub(super) common: Option<Common>,
    /// Its record; meaningless if there was an error.
    pub(super) record: R,
    /// Whether there was an error.
    pub(super) bad: bool,
}

impl<R: Kind> Sheet<R> {
    /// Names of the columns in the order in which a JSON file is read.
    pub(super) fn names() -> Vec<&'static str> {
        COMMON.iter().map(|(name, ..)| *name).chain(R::COLUMNS.iter().map(|c| c.name)).collect()
    }

    /// Finds the columns by English name or Japanese heading. `None`: a column that must be there is missing or doubled.
    pub(super) fn new(file: &str, header: &[String], findings: &mut Findings) -> Option<Self> {
        let folded: Vec<String> = header.iter().map(|name| halfwidth(name).into_owned()).collect();
        let before = findings.errors();
        let mut used = BTreeSet::new();
        let mut find = |name: &str, ja: &str, optional: bool| {
            let ja_folded = halfwidth(ja);
            let mut places = folded.iter().enumerate().filter(|(_, h)| *h == name || **h == ja_folded).map(|(i, _)| i);
            let at = places.next();
            used.extend(at);
            if let Some(second) = places.next() {
                used.insert(second);
                let say = format!("「{ja}」の列が2つあります（{name} と {ja}）。");
                findings.push(file_error(file, "column-twice", &say, "どちらか1つにしてください。"));
            }
            if at.is_none() {
                let place = Place { file: file.to_owned(), item: Some(ja.to_owned()), ..Place::default() };
                let (severity, code, say) = if optional {
                    (
                        Severity::Warning,
                        "column-missing-optional",
                        format!("「{ja}」の列がありません。すべて空として読みます。"),
                    )
                } else {
                    (Severity::Error, "column-missing", format!("「{ja}」の列がありません。"))
                };
                findings.push(finding(
                    severity,
                    code,
                    place,
                    &say,
                    &format!("見出しが {ja} か {name} の列を入れてください。"),
                ));
            }
            at
        };
        let common = [0, 1, 2, 3].map(|i| COMMON.get(i).and_then(|(name, ja, _)| find(name, ja, i == 3)));
        let slots = R::COLUMNS
            .iter()
            .map(|column| Slot { at: find(column.name, column.ja, (column.optional)()), column, look: look(column) })
            .collect();
        let mut sheet = Self { file: file.to_owned(), common, slots, unknown: Vec::new(), width: 0 };
        sheet.note_unknown(header, &used, findings);
        (findings.errors() == before).then_some(sheet)
    }

    /// Takes note of columns that a JSON file brought since.
    pub(super) fn widen(&mut self, header: &[String], findings: &mut Findings) {
        if header.len() > self.width {
            let used = (0..self.width).collect();
            self.note_unknown(header, &used, findings);
        }
    }

    fn note_unknown(&mut self, header: &[String], used: &BTreeSet<usize>, findings: &mut Findings) {
        self.width = header.len();
        for (i, name) in header.iter().enumerate().filter(|(i, _)| !used.contains(i)) {
            self.unknown.push(i);
            if holds_individual_number(name) {
                let bad = BadCell::IndividualNumber;
                findings.push(file_error(&self.file, bad.code(), &bad.say("見出し"), &bad.mend("見出し")));
            } else if !name.is_empty() {
                let place = Place {
                    file: self.file.clone(),
                    row: None,
                    column: u32::try_from(i + 1).ok(),
                    item: Some(name.chars().take(40).collect()),
                };
                let mend =
                    "いらない列なら消してください。見出しの書きまちがいなら docs/feed.md のとおりになおしてください。";
                findings.push(finding(
                    Severity::Warning,
                    "column-unknown",
                    place,
                    "知らない列です。読みません。",
                    mend,
                ));
            }
        }
    }

    /// Reads a row; every bad cell is reported.
    pub(super) fn read(&self, row: &RowBuf, findings: &mut Findings) -> Reading<R> {
        let before = findings.errors();
        for problem in row.problems() {
            let item = problem.at.column.and_then(|column| self.heading(column));
            findings.push(super::report::row_problem(&self.file, problem, item));
        }
        let common = self.read_common(row, findings);
        let mut record = R::default();
        for slot in &self.slots {
            let Some(at) = slot.at else {
                continue;
            };
            let text = row.cell(at).unwrap_or_default();
            match read_cell(slot.column, &mut record, text) {
                Ok(()) => self.look(slot, text, row.number(), findings),
                Err(bad) => findings.push(self.bad_cell(row.number(), at, slot.column.ja, text, bad)),
            }
        }
        for &at in &self.unknown {
            if row.cell(at).is_some_and(holds_individual_number) {
                let item = "知らない列";
                findings.push(self.bad_cell(row.number(), at, item, "", BadCell::IndividualNumber));
            }
        }
        if findings.errors() == before {
            for trouble in record.rules() {
                let severity = if trouble.error { Severity::Error } else { Severity::Warning };
                let place = self.place(row.number(), trouble.item);
                findings.push(finding(severity, trouble.code, place, &trouble.say, &trouble.mend));
            }
        }
        let bad = findings.errors() > before;
        if !bad {
            for (trouble, source) in record.cautions() {
                let place = self.place(row.number(), trouble.item);
                let found = finding(Severity::Warning, trouble.code, place, &trouble.say, &trouble.mend);
                findings.push(Finding { source, ..found });
            }
        }
        Reading { common, record, bad }
    }

    fn read_common(&self, row: &RowBuf, findings: &mut Findings) -> Option<Common> {
        let mut common = Common::default();
        let mut good = true;
        let fields: [&mut dyn Field; 4] =
            [&mut common.insured_no, &mut common.record_no, &mut common.history_no, &mut common.void];
        for (i, ((field, at), (_, ja, _))) in fields.into_iter().zip(self.common).zip(COMMON).enumerate() {
            let text = at.and_then(|at| row.cell(at)).unwrap_or_default();
            let is_void = i == 3;
            let result = if text.trim().is_empty() {
                if is_void { Ok(()) } else { Err(BadCell::Missing) }
            } else {
                field.read(text)
            };
            let result = match (result, field.cell()) {
                (Ok(()), kaigo_core::layout::Cell::Int(n)) if !(1..DESK_FIRST).contains(&n) => {
                    Err(BadCell::Range { min: 1, max: DESK_FIRST - 1 })
                }
                (result, _) => result,
            };
            if let Err(bad) = result {
                good &= is_void;
                findings.push(self.bad_cell(row.number(), at.unwrap_or_default(), ja, text, bad));
            }
        }
        good.then_some(common)
    }

    /// A cell that cannot be read. Whatever else is wrong, an individual number is named first; it is never repeated.
    fn bad_cell(&self, row: u64, at: usize, item: &str, text: &str, bad: BadCell) -> Finding {
        let bad = if holds_individual_number(text) { BadCell::IndividualNumber } else { bad };
        let source = if bad == BadCell::IndividualNumber { INDIVIDUAL_NUMBER_LAW } else { "" };
        let place = Place {
            file: self.file.clone(),
            row: Some(row),
            column: u32::try_from(at + 1).ok(),
            item: Some(item.to_owned()),
        };
        Finding { source, ..finding(Severity::Error, bad.code(), place, &bad.say(item), &bad.mend(item)) }
    }

    /// Looks at a cell that was read.
    fn look(&self, slot: &Slot<R>, text: &str, row: u64, findings: &mut Findings) {
        let ja = slot.column.ja;
        let digit = "番号を確かめてください。正しければ、このままで構いません。";
        let (code, say, mend) = match slot.look {
            Look::OfficeDigit if OfficeNo::parse(text).is_ok_and(|no| !no.check()) => {
                ("check-digit", format!("{ja}の検査数字（最後の1けた）が合いません。"), digit)
            }
            Look::InsurerDigit if InsurerNo::parse(text).is_ok_and(|no| !no.check()) => {
                ("check-digit", format!("{ja}の検査数字（最後の1けた）が合いません。"), digit)
            }
            Look::PrivateUse if holds_private_use(text) => (
                "cell-private-use",
                format!("{ja}に外字があります。ほかのシステムでは正しく見えません。"),
                "代わりの字（正字など）にしてください。",
            ),
            Look::Nothing | Look::OfficeDigit | Look::InsurerDigit | Look::PrivateUse => return,
        };
        findings.push(finding(Severity::Warning, code, self.place(row, ja), &say, mend));
    }

    /// The place of an item, named by its Japanese heading.
    pub(super) fn place(&self, row: u64, item: &str) -> Place {
        let common = COMMON.iter().zip(self.common).find(|((_, ja, _), _)| *ja == item).and_then(|(_, at)| at);
        let at = common.or_else(|| self.slots.iter().find(|slot| slot.column.ja == item).and_then(|slot| slot.at));
        Place {
            file: self.file.clone(),
            row: Some(row),
            column: at.and_then(|at| u32::try_from(at + 1).ok()),
            item: Some(item.to_owned()),
        }
    }

    fn heading(&self, column: u32) -> Option<String> {
        let at = usize::try_from(column).ok()?.checked_sub(1)?;
        let common = COMMON.iter().zip(self.common).find(|(_, place)| *place == Some(at)).map(|((_, ja, _), _)| *ja);
        let ja = common.or_else(|| self.slots.iter().find(|slot| slot.at == Some(at)).map(|slot| slot.column.ja))?;
        Some(ja.to_owned())
    }
}

fn look<R>(column: &Column<R>) -> Look {
    match (column.shape)() {
        Shape::Id { ja: "事業所番号", .. } => Look::OfficeDigit,
        Shape::Id { ja: "保険者番号", .. } => Look::InsurerDigit,
        Shape::Text { .. } => Look::PrivateUse,
        Shape::Id { .. } | Shape::Date | Shape::Code { .. } | Shape::Int { .. } | Shape::Flag => Look::Nothing,
    }
}

/// Where it stands that individual numbers may not be kept.
pub(super) const INDIVIDUAL_NUMBER_LAW: &str = "番号法 20条（特定個人情報の収集・保管の制限）";
