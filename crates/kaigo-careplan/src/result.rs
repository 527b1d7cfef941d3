//! 実績 typed by hand: begun as a copy of the 予定, changed where it was otherwise, written as a file of the standard (UPJSK).

mod text;

use kaigo_core::date::Date;
use kaigo_core::service::ServiceKind;

pub use self::text::BadEntry;
use crate::batch::InFile;
use crate::kind::{Edition, Kind};
use crate::layout::{tables, usage};
use crate::name::{End, FileName, Form, Month, Serial};
use crate::sheet::{Coded, Days, Grid, Service, Usage, UsageHead};
use crate::table::Writer;

/// A day on which a service was at another time than its line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayTime {
    /// Day of the month, from 1.
    pub day: u8,
    /// サービス開始時刻, `HHMM`.
    pub from: String,
    /// サービス終了時刻, `HHMM`.
    pub until: String,
}

/// A line of typed 実績.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultLine {
    /// What was done, when, by which office.
    pub service: Service,
    /// サービス回数 of each day, the first in front; 0 where nothing was done.
    pub days: [u8; 31],
    /// Days at another time, by day.
    pub times: Vec<DayTime>,
    /// Whether the line was not in the 予定.
    pub added: bool,
    /// A note of the office for itself; it is not in the file.
    pub note: String,
}

/// The 実績 of one person and month by one office, as far as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultEntry {
    /// 保険者番号.
    pub insurer_no: String,
    /// 被保険者番号.
    pub insured_no: String,
    /// サービス提供年月.
    pub month: Month,
    /// プラン担当業者コード.
    pub plan_office: String,
    /// プラン担当者名.
    pub planner: String,
    /// 前月までの短期入所利用日数, as the 予定 has it.
    pub short_stay_before: String,
    /// A note of the office for itself; it is not in the file.
    pub note: String,
    /// The lines.
    pub lines: Vec<ResultLine>,
}

/// Everything that a file of 実績 has besides the 実績.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// 送信元: the office that did it; its kind is used where a line's code has none.
    pub from: End,
    /// 送信先: 居宅介護支援 or 地域包括支援センター.
    pub to: End,
    /// 連番.
    pub serial: Serial,
    /// 作成年月日.
    pub made_on: Date,
}

/// Files of 実績.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultFiles {
    /// One file for each month and kind of service (§2.3); none where nothing was done.
    pub files: Vec<InFile>,
    /// Characters that MS932 has not; written as 〓.
    pub unmappable: Vec<char>,
}

impl ResultLine {
    /// A copy of a planned line.
    fn planned(service: &Service, days: &Days) -> Self {
        Self {
            service: service.clone(),
            days: days.map(|count| count.map_or(0, |count| u8::try_from(count).unwrap_or(u8::MAX))),
            ..Self::default()
        }
    }

    /// The time of a day (from 1): its own, else that of the line; `9999` where none is shown.
    pub fn time_on(&self, day: u8) -> (&str, &str) {
        let own = self.times.iter().find(|time| time.day == day);
        let (from, until) = own.map_or((self.service.from.raw.as_str(), self.service.until.raw.as_str()), |time| {
            (time.from.as_str(), time.until.as_str())
        });
        (if from.is_empty() { "9999" } else { from }, if until.is_empty() { "9999" } else { until })
    }

    /// 合計回数.
    pub fn total(&self) -> u32 {
        self.days.iter().map(|count| u32::from(*count)).sum()
    }
}

impl ResultEntry {
    /// A copy of what was planned for one office: 予定をそのまま実績にする. None where the grid has no month.
    pub fn from_planned(grid: &Grid, person: (&str, &str), office_no: &str) -> Option<Self> {
        let mut made = Self::new(grid.month?, &grid.head, person);
        let own = grid.lines.iter().filter(|line| line.service.office_no == office_no);
        made.lines = own
            .filter(|line| line.planned_total().is_some())
            .map(|line| ResultLine::planned(&line.service, &line.planned()))
            .collect();
        Some(made)
    }

    /// What a file of 実績 says, to go on from there. None where it has no month.
    pub fn from_result(usage: &Usage, person: (&str, &str)) -> Option<Self> {
        let mut made = Self::new(usage.month?, &usage.head, person);
        made.lines = usage.lines.iter().map(|line| ResultLine::planned(&line.service, &line.days)).collect();
        Some(made)
    }

    fn new(month: Month, head: &UsageHead, (insurer_no, insured_no): (&str, &str)) -> Self {
        Self {
            insurer_no: insurer_no.to_owned(),
            insured_no: insured_no.to_owned(),
            month,
            plan_office: head.plan_office.clone(),
            planner: head.planner.clone(),
            short_stay_before: head.short_stay_before.raw().into_owned(),
            note: String::new(),
            lines: Vec::new(),
        }
    }

    /// The same lines with nothing done yet.
    #[must_use]
    pub fn emptied(mut self) -> Self {
        for line in &mut self.lines {
            line.days = [0; 31];
            line.times.clear();
        }
        self
    }

    /// Whether nothing was done at all: then there is no file to send.
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| line.total() == 0)
    }

    /// The days of the month on which something was done on a line, with the count.
    fn done<'a>(&self, line: &'a ResultLine) -> impl Iterator<Item = (u8, u8)> + use<'a> {
        let last = u8::try_from(self.month.days()).unwrap_or(31);
        (1..=last).zip(line.days).filter(|(_, count)| *count > 0)
    }

    /// Writes the rows of one kind of service.
    fn write(&self, writer: &mut Writer, envelope: &Envelope, kind: Option<ServiceKind>) {
        let (month, made_on) = (self.month.to_string(), compact(envelope.made_on));
        for line in self.lines.iter().filter(|line| line.kind(envelope) == kind) {
            let service = &line.service;
            let (units, over_30) = (service.units.raw(), service.over_30.code.as_str());
            for (day, count) in self.done(line) {
                let (date, count) = (format!("{month}{day:02}"), count.to_string());
                let (from, until) = line.time_on(day);
                let mut cells = [""; 25];
                let filled = [
                    (usage::VERSION, Edition::FourOne.version()),
                    (usage::INSURER_NO, self.insurer_no.as_str()),
                    (usage::INSURED_NO, self.insured_no.as_str()),
                    (usage::MADE_ON, made_on.as_str()),
                    (usage::MONTH, month.as_str()),
                    (usage::PLAN_OFFICE, self.plan_office.as_str()),
                    (usage::PLANNER, self.planner.as_str()),
                    (usage::UNITS, if units.is_empty() { "0" } else { &units }),
                    (usage::SHORT_STAY_BEFORE, self.short_stay_before.as_str()),
                    (usage::DATE, date.as_str()),
                    (usage::DAYS, service.prorated.as_str()),
                    (usage::FROM, from),
                    (usage::UNTIL, until),
                    (usage::TIMES, count.as_str()),
                    (usage::SERVICE, service.code.as_str()),
                    (usage::TAIS, service.tais.as_str()),
                    (usage::EQUIPMENT, service.equipment.as_str()),
                    (usage::EQUIPMENT_NAME, service.equipment_name.as_str()),
                    (usage::LINE, service.line_no.as_str()),
                    (usage::OFFICE_NO, service.office_no.as_str()),
                    (usage::OFFICE_NAME, service.office_name.as_str()),
                    (usage::SATELLITE, service.satellite.as_str()),
                    (usage::OVER_30, if over_30.is_empty() { "0" } else { over_30 }),
                    (usage::WRITER, envelope.from.office_no.as_str()),
                ];
                for (column, text) in filled {
                    if let Some(cell) = cells.get_mut(column) {
                        *cell = text;
                    }
                }
                writer.push(&cells);
            }
        }
    }
}

impl ResultLine {
    /// The kind of service of the file that the line belongs to.
    fn kind(&self, envelope: &Envelope) -> Option<ServiceKind> {
        self.service.kind().or(envelope.from.kind)
    }
}

/// Writes 実績 of one office as files of the standard: one for each month and kind of service.
pub fn to_set(entries: &[ResultEntry], envelope: &Envelope) -> ResultFiles {
    let mut units: Vec<(Month, Option<ServiceKind>)> = Vec::new();
    for entry in entries {
        for line in entry.lines.iter().filter(|line| entry.done(line).next().is_some()) {
            units.push((entry.month, line.kind(envelope)));
        }
    }
    units.sort_unstable();
    units.dedup();
    let mut made = ResultFiles::default();
    for (month, kind) in units {
        let mut writer = Writer::new(Kind::Result);
        for entry in entries.iter().filter(|entry| entry.month == month) {
            entry.write(&mut writer, envelope, kind);
        }
        let written = writer.finish();
        let name = FileName {
            kind: Kind::Result,
            month: Some(month),
            from: End { kind, ..envelope.from },
            to: envelope.to,
            serial: envelope.serial,
            branch: None,
            form: Form::FourOne,
        };
        made.files.push(InFile { name: name.to_string(), bytes: written.bytes });
        made.unmappable.extend(written.unmappable);
    }
    made
}

/// `YYYYMMDD`.
fn compact(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// ３０日超区分 with its label.
fn over_30(code: &str) -> Coded {
    Coded { code: code.to_owned(), label: tables::OVER_30.label(code) }
}

#[cfg(test)]
mod tests;
