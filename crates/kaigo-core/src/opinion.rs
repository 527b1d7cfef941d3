//! The form 主治医意見書 as it is written (様式, 令和8年4月): every box, every line, and what a municipality would send back.
//!
//! The coded items are those of [`crate::survey::OPINION_ITEMS`]; here stand the texts, dates and figures between them. What was typed is
//! kept as typed until it is submitted: a draft may hold anything but an individual number, [`check()`] says what is wrong with it.

mod check;
mod export;
mod field;
pub mod request;

use std::collections::BTreeMap;

use crate::date::{Date, parse_date, seireki};
use crate::id::holds_individual_number;
use crate::layout::BadCell;
use crate::record::document::DoctorOpinion;
use crate::survey::{Choice, OpinionItems};
use crate::text::{Text, halfwidth};

pub use check::{CODES, Found, Subject, check};
pub use export::{COLUMNS, Export, read as read_export};
pub use field::{FIELDS, Field, Kind, Need, SECTIONS, Section, field};

/// Longest text that a draft keeps of one field, in characters; longer ones are cut, and were never accepted anyway.
const KEPT: usize = 4000;

/// What is written on the form: field → text. A field that is not in it is empty.
///
/// Coded fields hold the numbers of their choices (`1` or `1,3`), dates and figures what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpinionForm {
    answers: BTreeMap<&'static str, String>,
}

/// A field as it is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing is written.
    Empty,
    /// Choices that are ticked, in the order of the form.
    Choices(Vec<&'static Choice>),
    /// Text.
    Text(String),
    /// A day.
    Date(Date),
    /// A figure in tenths of its unit: 52.5 kg is 525.
    Tenths(u32),
}

impl OpinionForm {
    /// Writes into a field. Answers false for a field that the form does not have.
    pub fn put(&mut self, id: &str, text: &str) -> bool {
        let Some(field) = field(id) else { return false };
        let text = match field.kind {
            Kind::Lines { .. } => text.replace("\r\n", "\n").replace('\r', "\n").trim_end().to_owned(),
            Kind::Coded | Kind::Marked(_) => halfwidth(text).replace(char::is_whitespace, ""),
            Kind::Text { .. } | Kind::Date | Kind::Figure { .. } => text.replace(['\r', '\n'], " ").trim().to_owned(),
        };
        if text.is_empty() {
            self.answers.remove(field.id);
        } else {
            self.answers.insert(field.id, text.chars().take(KEPT).collect());
        }
        true
    }

    /// A field as it was typed; empty if nothing is written.
    pub fn raw(&self, id: &str) -> &str {
        self.answers.get(id).map_or("", String::as_str)
    }

    /// Whether nothing is written in a field.
    pub fn is_blank(&self, id: &str) -> bool {
        self.raw(id).is_empty()
    }

    /// Every field that is filled, in the order of their numbers.
    pub fn filled(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.answers.iter().map(|(id, text)| (*id, text.as_str()))
    }

    /// How many fields are filled.
    pub fn count(&self) -> usize {
        self.answers.len()
    }

    /// Whether a choice is ticked.
    pub fn has(&self, id: &str, code: &str) -> bool {
        self.raw(id).split(',').any(|given| given == code)
    }

    /// The one choice of a field, or the empty text.
    pub fn code(&self, id: &str) -> &str {
        self.raw(id)
    }

    /// A field as it is understood.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn answer(&self, field: &Field) -> Result<Answer, BadCell> {
        let raw = self.raw(field.id);
        if raw.is_empty() {
            return Ok(Answer::Empty);
        }
        if holds_individual_number(raw) {
            return Err(BadCell::IndividualNumber);
        }
        match field.kind {
            Kind::Coded | Kind::Marked(_) => choices(field, raw).map(Answer::Choices),
            Kind::Text { max } | Kind::Lines { max, .. } => text(raw, max).map(Answer::Text),
            Kind::Date => parse_date(raw).map(Answer::Date).ok_or(BadCell::Date),
            Kind::Figure { min, max, .. } => figure(raw, min, max).map(Answer::Tenths),
        }
    }

    /// The day in a field, if it is one.
    pub fn date(&self, id: &str) -> Option<Date> {
        parse_date(self.raw(id))
    }

    /// A field in words for people: the labels of the ticked choices, the text, the day. Never fails: what cannot be understood is
    /// shown as it was typed.
    pub fn words(&self, field: &Field) -> String {
        match self.answer(field) {
            Ok(Answer::Empty) => String::new(),
            Ok(Answer::Choices(choices)) => choices.iter().map(|c| c.label).collect::<Vec<_>>().join("・"),
            Ok(Answer::Text(text)) => text,
            Ok(Answer::Date(day)) => seireki(day),
            Ok(Answer::Tenths(tenths)) => format!("{}{}", decimal(tenths), field.unit()),
            Err(_) => self.raw(field.id).to_owned(),
        }
    }

    /// Copies into the empty fields what a previous opinion says of the patient. Not what belongs to this writing: the days, the
    /// physician; the count becomes 「2回目以上」.
    pub fn copy_from(&mut self, previous: &Self) {
        for field in FIELDS.iter().filter(|field| field.carries) {
            if self.is_blank(field.id) {
                self.put(field.id, previous.raw(field.id));
            }
        }
        self.put("0-2", "2");
    }

    /// The coded answers as records hold them; choices that the form does not have are left out.
    pub fn items(&self) -> OpinionItems {
        let coded = FIELDS.iter().filter(|field| matches!(field.kind, Kind::Coded));
        let given = coded.filter_map(|field| match self.answer(field) {
            Ok(Answer::Choices(choices)) if !choices.is_empty() => {
                let codes: Vec<&str> = choices.iter().map(|c| c.code).collect();
                Some(format!("{}={}", field.id, codes.join(",")))
            }
            Ok(_) | Err(_) => None,
        });
        OpinionItems::parse(&given.collect::<Vec<_>>().join(";")).unwrap_or_default()
    }

    /// The diagnoses, one to a line, with their onset.
    pub fn diagnosis(&self) -> String {
        let line = |(name, onset): &(&str, &str)| match (self.raw(name), self.raw(onset)) {
            ("", _) => None,
            (name, "") => Some(name.to_owned()),
            (name, onset) => Some(format!("{name}{ONSET}{onset}）")),
        };
        DIAGNOSES.iter().filter_map(line).collect::<Vec<_>>().join("\n")
    }

    /// The opinion as the municipality's record holds it.
    ///
    /// # Errors
    /// What does not fit the record; nothing does not, once [`check()`] finds no error.
    pub fn record(
        &self,
        application_no: &str,
        institution: &str,
        file: Option<&str>,
    ) -> Result<DoctorOpinion, BadCell> {
        Ok(DoctorOpinion {
            application_no: Text::parse(application_no)?,
            written_on: self.date("0-0").ok_or(BadCell::Missing)?,
            institution: Text::parse(institution)?,
            physician: some(self.raw("0-5"))?,
            examined_on: self.date("0-1"),
            diagnosis: some(&self.diagnosis())?,
            items: self.items(),
            course: some(self.raw("1-3"))?,
            remarks: some(self.raw("5"))?,
            file: file.map(Text::parse).transpose()?,
        })
    }

    /// What a record tells of the form: the coded items, the diagnoses, the course, the remarks.
    pub fn of_record(record: &DoctorOpinion) -> Self {
        let mut form = Self::default();
        form.put("0-0", &record.written_on.to_string());
        if let Some(day) = record.examined_on {
            form.put("0-1", &day.to_string());
        }
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        form.put("0-5", &text(record.physician.as_ref().map(Text::as_str)));
        form.put("1-3", &text(record.course.as_ref().map(Text::as_str)));
        form.put("5", &text(record.remarks.as_ref().map(Text::as_str)));
        let diagnosis = text(record.diagnosis.as_ref().map(Text::as_str));
        for ((name, onset), line) in DIAGNOSES.iter().zip(diagnosis.lines()) {
            let (what, since) = line.split_once(ONSET).unwrap_or((line, ""));
            form.put(name, what);
            form.put(onset, since.trim_end_matches('）'));
        }
        for (item, choices) in record.items.entries() {
            let codes: Vec<&str> = choices.iter().map(|c| c.code).collect();
            form.put(item.id, &codes.join(","));
        }
        form
    }
}

const ONSET: &str = "（発症 ";
const DIAGNOSES: [(&str, &str); 3] = [("1-1-1", "1-1-1d"), ("1-1-2", "1-1-2d"), ("1-1-3", "1-1-3d")];

/// One field that differs between two forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The field.
    pub field: &'static Field,
    /// What stood there, in words; empty if nothing.
    pub before: String,
    /// What stands there now, in words; empty if nothing.
    pub after: String,
}

/// What changed against the previous opinion, in the order of the form. The days of writing and examination always change and are not
/// listed.
pub fn changes(before: &OpinionForm, after: &OpinionForm) -> Vec<Change> {
    let listed = FIELDS.iter().filter(|field| field.carries);
    listed
        .filter(|field| before.raw(field.id) != after.raw(field.id))
        .map(|field| Change { field, before: before.words(field), after: after.words(field) })
        .filter(|change| change.before != change.after)
        .collect()
}

/// Tenths as people write them: 525 → 「52.5」, 520 → 「52」.
fn decimal(tenths: u32) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

fn some<const MAX: usize>(text: &str) -> Result<Option<Text<MAX>>, BadCell> {
    if text.is_empty() { Ok(None) } else { Text::parse(text).map(Some) }
}

fn choices(field: &Field, raw: &str) -> Result<Vec<&'static Choice>, BadCell> {
    let known = field.choices();
    let mut chosen = Vec::new();
    for code in raw.split(',').filter(|code| !code.is_empty()) {
        let found = known.iter().find(|choice| choice.code == code).ok_or_else(|| BadCell::UnknownCode {
            table: field.name,
            known: known.iter().map(|c| format!("{} {}", c.code, c.label)).collect::<Vec<_>>().join("・"),
        })?;
        if !chosen.contains(&found) {
            chosen.push(found);
        }
    }
    if chosen.len() > 1 && !field.is_many() {
        return Err(BadCell::Shape { want: "どれか1つ" });
    }
    chosen.sort_by_key(|choice| known.iter().position(|c| c.code == choice.code));
    Ok(chosen)
}

fn text(raw: &str, max: usize) -> Result<String, BadCell> {
    let got = raw.chars().count();
    if got > max {
        return Err(BadCell::TooLong { max, got });
    }
    match raw.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        Some(c) => Err(BadCell::Control(c)),
        None => Ok(raw.to_owned()),
    }
}

/// Reads `52`, `52.5`, `５２．５`, into tenths; the bounds are in whole units.
fn figure(raw: &str, min: i32, max: i32) -> Result<u32, BadCell> {
    let plain = halfwidth(raw);
    let plain = plain.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let bad = BadCell::Range { min, max };
    let (whole, part) = plain.split_once('.').unwrap_or((plain, "0"));
    let digits = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 4) || !digits(part, 1) {
        return Err(bad);
    }
    let number = |text: &str| text.parse::<u32>().unwrap_or(0);
    let tenths = number(whole) * 10 + number(part);
    let bound = |of: i32| u32::try_from(of).unwrap_or(0) * 10;
    if (bound(min)..=bound(max)).contains(&tenths) { Ok(tenths) } else { Err(bad) }
}

#[cfg(test)]
mod tests;
