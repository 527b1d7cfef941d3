//! Typed 実績 as bytes: lines of words between tabs, with a version in front, so that what was kept can be read later.

use super::{DayTime, ResultEntry, ResultLine, over_30};
use crate::name::Month;
use crate::sheet::{Amount, Clock, Service};

/// First line: what it is, and the version of the form.
const START: &str = "kiban-result\t1";

/// Why bytes are no typed 実績.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadEntry {
    /// Not UTF-8.
    NotText,
    /// Another form, or a later version of this one.
    Version,
    /// A line that cannot be read, from 1.
    Line(usize),
}

impl ResultEntry {
    /// The entry as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = String::from(START);
        let month = self.month.to_string();
        let head = [
            "head",
            &self.insurer_no,
            &self.insured_no,
            &month,
            &self.plan_office,
            &self.planner,
            &self.short_stay_before,
            &self.note,
        ];
        push(&mut out, &head);
        for line in &self.lines {
            let service = &line.service;
            let (units, days) = (service.units.raw(), line.days.map(|count| count.to_string()).join(" "));
            let cells = [
                "line",
                if line.added { "1" } else { "0" },
                &service.code,
                &service.from.raw,
                &service.until.raw,
                &units,
                &service.tais,
                &service.equipment,
                &service.equipment_name,
                &service.line_no,
                &service.office_no,
                &service.office_name,
                &service.satellite,
                &service.over_30.code,
                &service.prorated,
                &days,
                &line.note,
            ];
            push(&mut out, &cells);
            for time in &line.times {
                push(&mut out, &["time", &time.day.to_string(), &time.from, &time.until]);
            }
        }
        out.into_bytes()
    }

    /// Reads the bytes of an entry.
    ///
    /// # Errors
    /// Where they are none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadEntry> {
        let text = core::str::from_utf8(bytes).map_err(|_| BadEntry::NotText)?;
        let mut lines = text.split('\n').enumerate();
        if lines.next().map(|(_, first)| first) != Some(START) {
            return Err(BadEntry::Version);
        }
        let mut entry: Option<Self> = None;
        for (place, line) in lines {
            let cells: Vec<String> = line.split('\t').map(plain).collect();
            read(&mut entry, &cells).ok_or(BadEntry::Line(place + 1))?;
        }
        entry.ok_or(BadEntry::Line(2))
    }
}

/// Takes one line into the entry.
fn read(entry: &mut Option<ResultEntry>, cells: &[String]) -> Option<()> {
    match (entry, cells) {
        (entry @ None, [word, insurer_no, insured_no, month, plan_office, planner, short, note]) if word == "head" => {
            *entry = Some(ResultEntry {
                insurer_no: insurer_no.clone(),
                insured_no: insured_no.clone(),
                month: Month::parse(month)?,
                plan_office: plan_office.clone(),
                planner: planner.clone(),
                short_stay_before: short.clone(),
                note: note.clone(),
                lines: Vec::new(),
            });
        }
        (Some(entry), [word, rest @ ..]) if word == "line" => entry.lines.push(read_line(rest)?),
        (Some(entry), [word, day, from, until]) if word == "time" => {
            let day = day.parse().ok().filter(|day| (1..=31).contains(day))?;
            entry.lines.last_mut()?.times.push(DayTime { day, from: from.clone(), until: until.clone() });
        }
        _ => return None,
    }
    Some(())
}

fn read_line(cells: &[String]) -> Option<ResultLine> {
    let [
        added,
        code,
        from,
        until,
        units,
        tais,
        equipment,
        equipment_name,
        line_no,
        office_no,
        office_name,
        satellite,
        over,
        prorated,
        days,
        note,
    ] = cells
    else {
        return None;
    };
    let counts: Vec<u8> = days.split(' ').map(|count| count.parse().ok()).collect::<Option<_>>()?;
    Some(ResultLine {
        service: Service {
            from: Clock::new(from),
            until: Clock::new(until),
            code: code.clone(),
            units: Amount::new(units),
            tais: tais.clone(),
            equipment: equipment.clone(),
            equipment_name: equipment_name.clone(),
            line_no: line_no.clone(),
            office_no: office_no.clone(),
            office_name: office_name.clone(),
            satellite: satellite.clone(),
            over_30: over_30(over),
            prorated: prorated.clone(),
        },
        days: counts.try_into().ok()?,
        times: Vec::new(),
        added: added == "1",
        note: note.clone(),
    })
}

/// Appends a line; tabs and line breaks of the texts are written as two characters.
fn push(out: &mut String, cells: &[&str]) {
    for (place, cell) in cells.iter().enumerate() {
        out.push(if place == 0 { '\n' } else { '\t' });
        for character in cell.chars() {
            match character {
                '\\' => out.push_str("\\\\"),
                '\t' => out.push_str("\\t"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                other => out.push(other),
            }
        }
    }
}

fn plain(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut characters = cell.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('t') => text.push('\t'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some(other) => text.push(other),
            None => {}
        }
    }
    text
}
