//! The 31 days as the pages show them: from the grid of 予定 and 実績 into lines of words and marks.

use kaigo_careplan::sheet::{Grid as Sheet, GridCell, GridLine, Loose, Mark as SheetMark, Service};

use crate::view::exchange_sheet::grid::{Cell, Day, DayLook, Grid, Line, Mark};
use crate::view::{Chip, Tone};

/// The days with their weekdays.
pub(super) fn days(sheet: &Sheet) -> Vec<Day> {
    let look = |weekday: &str| match weekday {
        "土" => DayLook::Saturday,
        "日" => DayLook::Sunday,
        _ => DayLook::Week,
    };
    let day = |day: &kaigo_careplan::sheet::GridDay| Day {
        day: day.day,
        weekday: day.weekday.to_owned(),
        look: look(day.weekday),
    };
    sheet.days.iter().map(day).collect()
}

/// 用具, 日割, サテライト, 30日超 in words.
pub(super) fn note(service: &Service) -> String {
    let mut parts: Vec<String> = [&service.tais, &service.equipment, &service.equipment_name]
        .into_iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect();
    if !service.line_no.is_empty() {
        parts.push(format!("明細{}", service.line_no));
    }
    let prorated = prorated(service);
    if !prorated.is_empty() {
        parts.push(format!("日割 {prorated}"));
    }
    if !service.satellite.is_empty() {
        parts.push(format!("サテライト {}", service.satellite));
    }
    if service.over_30.code == "1" {
        parts.push("30日超".to_owned());
    }
    parts.join("　")
}

/// Days that are billed by the day: 「1～5日」「3日」.
fn prorated(service: &Service) -> String {
    let mut runs: Vec<(u8, u8)> = Vec::new();
    for day in (1..=31).filter(|day| service.is_prorated_on(*day)) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == day => *last = day,
            _ => runs.push((day, day)),
        }
    }
    let run =
        |(first, last): (u8, u8)| if first == last { format!("{first}日") } else { format!("{first}～{last}日") };
    runs.into_iter().map(run).collect::<Vec<_>>().join("・")
}

/// The office's name; its number where the file has no name.
pub(super) fn office(service: &Service) -> String {
    if service.office_name.is_empty() { service.office_no.clone() } else { service.office_name.clone() }
}

fn text(count: Option<u16>) -> String {
    count.map(|count| count.to_string()).unwrap_or_default()
}

fn sum(total: Option<u32>) -> String {
    total.map(|total| total.to_string()).unwrap_or_default()
}

fn loose(sheet: &Sheet) -> Vec<String> {
    let say = |loose: &Loose| {
        let what = [loose.service.name(), office(&loose.service)];
        format!("{}行目　{}　{}　回数「{}」", loose.row, loose.date, what.join("　"), loose.times)
    };
    sheet.planned_loose.iter().chain(&sheet.result_loose).map(say).collect()
}

fn line(sheet: &Sheet, line: &GridLine, lower: impl Fn(u8, GridCell) -> Cell) -> Line {
    let service = &line.service;
    let cells = || sheet.days.iter().map(|day| (day.day, line.cell(day.day)));
    Line {
        time: service.band().to_string(),
        service: service.name(),
        code: service.code.clone(),
        note: note(service),
        office: office(service),
        upper: cells().map(|(_, cell)| Cell { text: text(cell.planned), mark: Mark::Same }).collect(),
        upper_sum: sum(line.planned_total()),
        lower: cells().map(|(day, cell)| lower(day, cell)).collect(),
        lower_sum: sum(line.result_total()),
        chip: None,
    }
}

/// As printed: no marks.
pub(super) fn plain_grid(sheet: &Sheet, caption: &str) -> Grid {
    let plain = |_: u8, cell: GridCell| Cell { text: text(cell.result), mark: Mark::Same };
    let lines = sheet.lines.iter().map(|own| line(sheet, own, plain)).collect();
    grid(sheet, caption, ["予定", "実績"], lines)
}

fn grid(sheet: &Sheet, caption: &str, [upper, lower]: [&str; 2], lines: Vec<Line>) -> Grid {
    Grid {
        caption: caption.to_owned(),
        upper: upper.to_owned(),
        lower: lower.to_owned(),
        days: days(sheet),
        lines,
        loose: loose(sheet),
    }
}

/// Which lines of a comparison are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// Those of which both sides speak.
    Covered,
    /// Those that differ.
    Differing,
    /// All.
    All,
}

impl Lines {
    /// Value in the address.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Covered => "",
            Self::Differing => "differences",
            Self::All => "all",
        }
    }

    /// Reads it; anything else is the usual choice.
    pub(super) fn parse(code: &str) -> Self {
        [Self::Differing, Self::All].into_iter().find(|lines| lines.code() == code).unwrap_or(Self::Covered)
    }

    fn shows(self, line: &GridLine) -> bool {
        match self {
            Self::Covered => line.is_covered,
            Self::Differing => line.differs(),
            Self::All => true,
        }
    }
}

/// With what differs marked, and how many lines are not shown.
pub(super) fn marked_grid(sheet: &Sheet, caption: &str, words: [&str; 2], lines: Lines) -> (Grid, usize) {
    let shown = sheet.lines.iter().filter(|line| lines.shows(line)).map(|own| {
        let mut made = line(sheet, own, |day, cell| marked(own.mark(day), cell));
        made.chip = chip(own, words);
        made
    });
    let shown: Vec<Line> = shown.collect();
    let hidden = sheet.lines.len() - shown.len();
    (grid(sheet, caption, words, shown), hidden)
}

fn marked(mark: SheetMark, cell: GridCell) -> Cell {
    match mark {
        SheetMark::None | SheetMark::Same => Cell { text: text(cell.result), mark: Mark::Same },
        SheetMark::Cut => Cell { text: text(cell.planned), mark: Mark::Cut },
        SheetMark::Added => Cell { text: text(cell.result), mark: Mark::Added },
        SheetMark::Time => Cell { text: text(cell.result), mark: Mark::Time },
        SheetMark::Count => Cell { text: text(cell.result), mark: Mark::Changed },
    }
}

/// What is to be said of a whole line.
fn chip(line: &GridLine, [upper, lower]: [&str; 2]) -> Option<Chip> {
    let has = |count: fn(&GridCell) -> Option<u16>| line.cells.iter().any(|cell| count(cell).unwrap_or(0) > 0);
    match (line.is_covered, has(|cell| cell.planned), has(|cell| cell.result)) {
        (false, _, _) => Some(Chip::new(Tone::Plain, format!("{lower}がまだ"))),
        (true, false, true) => Some(Chip::new(Tone::Info, format!("{upper}になし"))),
        (true, true, false) => Some(Chip::new(Tone::Bad, format!("{lower}になし"))),
        (true, true, true) | (true, false, false) => None,
    }
}
