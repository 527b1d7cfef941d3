//! What was typed into the grid of results: read from the form, judged cell by cell, nothing lost.

use kaigo_careplan::result::{DayTime, ResultEntry, ResultLine};
use kaigo_careplan::service_name::kind_of;
use kaigo_careplan::sheet::{Clock, Coded, Service};
use kaigo_core::text::halfwidth;

use crate::request::Fields;
use crate::view::FieldError;
use crate::view::exchange_sheet::results::More;

/// Most times of one service on one day: サービス回数 has two digits.
const MOST_TIMES: u8 = 99;
/// Most lines of one person's month.
const MOST_LINES: usize = 120;

/// A line as it stands in the form.
#[derive(Clone, Debug, Default)]
pub(super) struct TypedLine {
    /// Texts of the days.
    pub(super) cells: Vec<String>,
    /// 開始時刻.
    pub(super) from: String,
    /// 終了時刻.
    pub(super) until: String,
}

/// The form as it was sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    /// The lines in the order of the entry.
    pub(super) lines: Vec<TypedLine>,
    /// The fields below the grid.
    pub(super) more: More,
}

/// Days of the entry's month.
pub(super) fn last_day(entry: &ResultEntry) -> u8 {
    u8::try_from(entry.month.days()).unwrap_or(31)
}

/// Whether a line has a displayed time.
pub(super) fn is_timed(line: &ResultLine) -> bool {
    !(line.service.from.is_none() && line.service.until.is_none())
}

/// 「9:30」 of `0930`; nothing where no time is shown.
pub(super) fn clock(raw: &str) -> String {
    let clock = Clock::new(raw);
    clock.minutes.map_or_else(|| clock.to_string(), |minutes| format!("{}:{:02}", minutes / 60, minutes % 60))
}

/// `0930` of 「9:30」「０９：３０」「930」; none for what is no time of a day.
fn hhmm(text: &str) -> Option<String> {
    let plain = halfwidth(text.trim());
    let (hours, minutes) = match plain.split_once(':') {
        Some((hours, minutes)) => (hours.to_owned(), minutes.to_owned()),
        None if plain.is_ascii() && plain.len() >= 3 => {
            let (hours, minutes) = plain.split_at(plain.len() - 2);
            (hours.to_owned(), minutes.to_owned())
        }
        None => return None,
    };
    let short = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let (hours, minutes): (u8, u8) = (short(&hours) && short(&minutes) && minutes.len() == 2)
        .then(|| Some((hours.parse().ok()?, minutes.parse().ok()?)))??;
    let fits = minutes < 60 && (hours < 24 || (hours, minutes) == (24, 0));
    fits.then(|| format!("{hours:02}{minutes:02}"))
}

fn count(text: &str) -> Option<u8> {
    let plain = halfwidth(text.trim());
    if plain.is_empty() {
        return Some(0);
    }
    let fits = plain.len() <= 2 && plain.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| plain.parse().ok()).flatten().filter(|count| *count <= MOST_TIMES)
}

impl Typed {
    /// The form as the entry would fill it.
    pub(super) fn of_entry(entry: &ResultEntry) -> Self {
        let last = usize::from(last_day(entry));
        let text = |count: &u8| if *count == 0 { String::new() } else { count.to_string() };
        let line = |line: &ResultLine| TypedLine {
            cells: line.days.iter().take(last).map(text).collect(),
            from: clock(&line.service.from.raw),
            until: clock(&line.service.until.raw),
        };
        Self { lines: entry.lines.iter().map(line).collect(), more: More::default() }
    }

    /// Reads the form of an entry.
    pub(super) fn read(fields: &Fields, entry: &ResultEntry) -> Self {
        let line = |place: usize| {
            let get = |part: String| fields.get(&format!("{place}.{part}")).to_owned();
            TypedLine {
                cells: (1..=last_day(entry)).map(|day| get(day.to_string())).collect(),
                from: get("from".to_owned()),
                until: get("until".to_owned()),
            }
        };
        let get = |name: &str| fields.get(name).trim().to_owned();
        Self {
            lines: (1..=entry.lines.len()).map(line).collect(),
            more: More {
                line: get("line"),
                day: get("day"),
                from: get("from"),
                until: get("until"),
                code: get("code"),
                added_day: get("added-day"),
                added_from: get("added-from"),
                added_until: get("added-until"),
            },
        }
    }

    /// Puts what can be read into the entry, and answers what cannot.
    pub(super) fn apply(&self, entry: &mut ResultEntry) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (place, (line, typed)) in (1..).zip(entry.lines.iter_mut().zip(&self.lines)) {
            let name = line.service.name();
            for ((day, cell), text) in (1..).zip(&mut line.days).zip(&typed.cells) {
                match count(text) {
                    Some(count) => *cell = count,
                    None => errors.push(FieldError::new(
                        format!("{place}.{day}"),
                        format!("{name}の{day}日は、0から{MOST_TIMES}までの数字で入れてください。"),
                    )),
                }
            }
            if is_timed(line) {
                line_time(line, typed, place, &mut errors);
            }
        }
        errors
    }
}

fn bad_time(field: String, what: &str) -> FieldError {
    FieldError::new(field, format!("{what}は、9:30 や 0930 のように入れてください。"))
}

fn line_time(line: &mut ResultLine, typed: &TypedLine, place: usize, errors: &mut Vec<FieldError>) {
    let name = line.service.name();
    match hhmm(&typed.from) {
        Some(from) => line.service.from = Clock::new(&from),
        None => errors.push(bad_time(format!("{place}.from"), &format!("{name}の開始時刻"))),
    }
    match hhmm(&typed.until) {
        Some(until) => line.service.until = Clock::new(&until),
        None => errors.push(bad_time(format!("{place}.until"), &format!("{name}の終了時刻"))),
    }
}

/// A day of the month as typed.
fn day_of(text: &str, entry: &ResultEntry, field: &str, errors: &mut Vec<FieldError>) -> usize {
    let last = last_day(entry);
    let day = count(text).filter(|day| (1..=last).contains(day));
    if day.is_none() {
        errors.push(FieldError::new(field, format!("日は、1から{last}までの数字で入れてください。")));
    }
    usize::from(day.unwrap_or(0))
}

fn times(from: (&str, &str), until: (&str, &str), errors: &mut Vec<FieldError>) -> (String, String) {
    let mut read = |(field, text): (&str, &str), word| {
        hhmm(text).unwrap_or_else(|| {
            errors.push(bad_time(field.to_owned(), word));
            String::new()
        })
    };
    (read(from, "開始時刻"), read(until, "終了時刻"))
}

/// 「時間がちがった日」: the day of a line gets a time of its own; the line's own time takes it away again.
pub(super) fn change_time(entry: &mut ResultEntry, more: &More) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let day = day_of(&more.day, entry, "day", &mut errors);
    let (from, until) = times(("from", &more.from), ("until", &more.until), &mut errors);
    let place = more.line.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
    let line = place.and_then(|place| entry.lines.get_mut(place)).filter(|line| is_timed(line));
    let Some(line) = line else {
        errors.insert(0, FieldError::new("line", "どのサービスかを選んでください。"));
        return errors;
    };
    if !errors.is_empty() {
        return errors;
    }
    let is_own = line.service.from.raw == from && line.service.until.raw == until;
    let (small, cell) = (u8::try_from(day).unwrap_or(0), day.checked_sub(1).and_then(|at| line.days.get_mut(at)));
    line.times.retain(|time| time.day != small);
    if !is_own {
        line.times.push(DayTime { day: small, from, until });
        line.times.sort_by_key(|time| time.day);
    }
    if let Some(cell) = cell {
        *cell = (*cell).max(1);
    }
    errors
}

/// 「予定になかったサービス」: a line of its own, or one more time on the line that was added before.
pub(super) fn add_line(
    entry: &mut ResultEntry,
    more: &More,
    (office_no, office_name): (&str, &str),
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let code = halfwidth(&more.code).to_ascii_uppercase();
    let is_code = code.len() == 6 && code.bytes().all(|b| b.is_ascii_alphanumeric()) && kind_of(&code).is_some();
    if !is_code {
        let say = "サービスコードは、111111 のような6けたで入れてください。最初の2けたはサービスの種類です。";
        errors.push(FieldError::new("code", say));
    }
    let day = day_of(&more.added_day, entry, "added-day", &mut errors);
    let has_time = !(more.added_from.is_empty() && more.added_until.is_empty());
    let (from, until) = if has_time {
        times(("added-from", &more.added_from), ("added-until", &more.added_until), &mut errors)
    } else {
        ("9999".to_owned(), "9999".to_owned())
    };
    if entry.lines.len() >= MOST_LINES {
        errors.push(FieldError::new("", "行が多すぎます。これ以上は足せません。"));
    }
    if !errors.is_empty() {
        return errors;
    }
    let known = entry.lines.iter().find(|line| line.service.code == code).map(|line| line.service.clone());
    let service = Service {
        from: Clock::new(&from),
        until: Clock::new(&until),
        code,
        office_no: office_no.to_owned(),
        office_name: office_name.to_owned(),
        over_30: Coded { code: "0".to_owned(), label: None },
        // The same service stands in the plan: its units are known.
        units: known.map(|service| service.units).unwrap_or_default(),
        ..Service::default()
    };
    let is_same = |line: &&mut ResultLine| {
        let own = &line.service;
        line.added && own.code == service.code && own.from.raw == service.from.raw && own.until.raw == service.until.raw
    };
    let at = day.saturating_sub(1);
    if let Some(line) = entry.lines.iter_mut().find(is_same) {
        if let Some(cell) = line.days.get_mut(at) {
            *cell = cell.saturating_add(1).min(MOST_TIMES);
        }
        return errors;
    }
    let mut line = ResultLine { service, added: true, ..ResultLine::default() };
    if let Some(cell) = line.days.get_mut(at) {
        *cell = 1;
    }
    entry.lines.push(line);
    errors
}

#[cfg(test)]
mod tests {
    use kaigo_careplan::name::Month;

    use super::*;

    fn entry() -> ResultEntry {
        let service = Service {
            from: Clock::new("0930"),
            until: Clock::new("1000"),
            code: "111111".to_owned(),
            ..Service::default()
        };
        let line = ResultLine { service, ..ResultLine::default() };
        ResultEntry {
            insurer_no: "981019".to_owned(),
            insured_no: "9900000456".to_owned(),
            month: Month { year: 2026, month: 11 },
            plan_office: "9870100010".to_owned(),
            planner: String::new(),
            short_stay_before: String::new(),
            note: String::new(),
            lines: vec![line],
        }
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for text in ["9:30", "09:30", "930", "0930", "９：３０", " 9:30 "] {
            assert_eq!(hhmm(text).as_deref(), Some("0930"), "{text}");
        }
        assert_eq!(hhmm("24:00").as_deref(), Some("2400"));
        for text in ["", "9", "9:3", "25:00", "24:01", "9:60", "朝", "12345", "9:300", "-9:30", ":30", "あ30"] {
            assert_eq!(hhmm(text), None, "{text}");
        }
    }

    #[test]
    fn counts_are_small_numbers() {
        assert_eq!([count(""), count("1"), count("１２"), count("99")], [Some(0), Some(1), Some(12), Some(99)]);
        assert!(["a", "100", "-1", "1.5", "○"].iter().all(|text| count(text).is_none()));
    }

    #[test]
    fn what_can_be_read_is_taken_and_the_rest_is_named() {
        let mut own = entry();
        let mut typed = Typed::of_entry(&own);
        typed.lines[0].cells[2] = "2".to_owned();
        typed.lines[0].cells[3] = "a".to_owned();
        typed.lines[0].until = "昼".to_owned();
        let errors = typed.apply(&mut own);
        assert_eq!((own.lines[0].days[2], own.lines[0].days[3]), (2, 0));
        assert_eq!(errors.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["1.4", "1.until"]);
        assert_eq!(own.lines[0].service.until.raw, "1000", "an unreadable time changes nothing");
    }

    #[test]
    fn a_day_has_a_time_of_its_own_until_it_has_the_lines_again() {
        let mut own = entry();
        let more = |from: &str, until: &str| More {
            line: "1".to_owned(),
            day: "12".to_owned(),
            from: from.to_owned(),
            until: until.to_owned(),
            ..More::default()
        };
        assert!(change_time(&mut own, &more("10:00", "10:30")).is_empty());
        assert_eq!((own.lines[0].days[11], own.lines[0].time_on(12)), (1, ("1000", "1030")));
        assert!(change_time(&mut own, &more("9:30", "10:00")).is_empty());
        assert!(own.lines[0].times.is_empty());
        let fields: Vec<_> = change_time(&mut own, &More::default()).into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["line", "day", "from", "until"]);
        let november = More { day: "31".to_owned(), ..more("9:30", "10:00") };
        assert_eq!(change_time(&mut own, &november).len(), 1, "November has thirty days");
    }

    #[test]
    fn an_unplanned_service_is_a_line_and_the_same_again_one_more_time() {
        let mut own = entry();
        let more = More { code: "１１７２１１".to_owned(), added_day: "7".to_owned(), ..More::default() };
        assert!(add_line(&mut own, &more, ("9870100119", "はまなす")).is_empty());
        assert!(add_line(&mut own, &more, ("9870100119", "はまなす")).is_empty());
        let line = &own.lines[1];
        assert_eq!((own.lines.len(), line.days[6], line.added, is_timed(line)), (2, 2, true, false));
        let bad = More { code: "ZZ0000".to_owned(), ..more };
        assert_eq!(add_line(&mut own, &bad, ("", "")).len(), 1);
    }
}
