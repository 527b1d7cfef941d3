//! The grid of a user's month: a line for each service, 予定 and 実績 in pairs.

use kaigo_core::service::ServiceKind;

use super::usage::{Days, GridDay, Loose, Service, Usage, UsageHead, days_of, get, order, total};
use super::{MonthSheets, of_person};
use crate::batch::OpenSet;
use crate::name::{End, Month};

/// Farthest that an unplanned 実績 begins from the time of a line to be shown in it, minutes.
const NEAR: u16 = 120;

/// Which part of a 予定 the 実績 at hand speak of: 実績 come office by office, and silence of an office is no cancellation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cover {
    /// Of nothing yet.
    #[default]
    Nothing,
    /// Of all of it, as a version of a 予定 does.
    All,
    /// Of these offices, by kind of service; none means all kinds of the office.
    Offices(Vec<(String, Option<ServiceKind>)>),
}

impl Cover {
    /// What 実績 cover: the senders, and every office that has a record in them.
    pub fn of_results<'a>(results: impl IntoIterator<Item = (End, &'a Usage)>) -> Self {
        let mut offices = Vec::new();
        let mut push = |office: (String, Option<ServiceKind>)| {
            if !offices.contains(&office) {
                offices.push(office);
            }
        };
        for (from, usage) in results {
            push((from.office_no.as_str().to_owned(), from.kind));
            for service in usage.lines.iter().map(|line| &line.service).chain(usage.loose.iter().map(|l| &l.service)) {
                if let Some(kind) = service.kind() {
                    push((service.office_no.clone(), Some(kind)));
                }
            }
        }
        if offices.is_empty() { Self::Nothing } else { Self::Offices(offices) }
    }

    /// Whether a service is spoken of.
    pub fn holds(&self, service: &Service) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::Offices(offices) => offices
                .iter()
                .any(|(office, kind)| *office == service.office_no && (kind.is_none() || *kind == service.kind())),
        }
    }
}

/// A cell of the grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GridCell {
    /// 予定の回数; none where none is planned.
    pub planned: Option<u16>,
    /// 実績の回数; none where there is no record.
    pub result: Option<u16>,
    /// Minutes from and until, where the 実績 is at another time than the line's.
    pub result_at: Option<(u16, u16)>,
}

/// How a cell's 実績 stands to its 予定.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Neither, or nothing to compare with yet.
    None,
    /// As planned.
    Same,
    /// 予定 without 実績.
    Cut,
    /// 実績 without 予定.
    Added,
    /// Both, at another time.
    Time,
    /// Both, with another count.
    Count,
}

/// A line of the grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridLine {
    /// What it is: as planned, or as it was done where it was not planned.
    pub service: Service,
    /// The days of the month; cells after its last day are empty.
    pub cells: [GridCell; 31],
    /// Whether 実績 of the office are here, so that an empty cell means "not done".
    pub is_covered: bool,
}

impl GridLine {
    /// The counts of the 予定.
    pub fn planned(&self) -> Days {
        self.cells.map(|cell| cell.planned)
    }

    /// The counts of the 実績.
    pub fn results(&self) -> Days {
        self.cells.map(|cell| cell.result)
    }

    /// 合計回数 of the 予定; none where it is not planned at all.
    pub fn planned_total(&self) -> Option<u32> {
        self.cells.iter().any(|cell| cell.planned.is_some()).then(|| total(&self.planned()))
    }

    /// 合計回数 of the 実績; none where none have come from the office.
    pub fn result_total(&self) -> Option<u32> {
        self.is_covered.then(|| total(&self.results()))
    }

    /// The cell of a day (from 1).
    pub fn cell(&self, day: u8) -> GridCell {
        usize::from(day).checked_sub(1).and_then(|place| self.cells.get(place)).copied().unwrap_or_default()
    }

    /// How 実績 stands to 予定 on a day (from 1). What counts once a month is compared once a month.
    pub fn mark(&self, day: u8) -> Mark {
        let cell = self.cell(day);
        let (planned, result) = (cell.planned.unwrap_or(0), cell.result.unwrap_or(0));
        if !self.is_covered || (planned == 0 && result == 0) {
            return Mark::None;
        }
        let any = |count: fn(&GridCell) -> Option<u16>| self.cells.iter().any(|cell| count(cell).unwrap_or(0) > 0);
        if self.service.is_monthly() && any(|cell| cell.planned) && any(|cell| cell.result) {
            return Mark::Same;
        }
        match (planned, result) {
            (_, 0) => Mark::Cut,
            (0, _) => Mark::Added,
            _ if planned != result => Mark::Count,
            _ if cell.result_at.is_some() => Mark::Time,
            _ => Mark::Same,
        }
    }

    /// Whether any day differs.
    pub fn differs(&self) -> bool {
        (1..=31).any(|day| !matches!(self.mark(day), Mark::None | Mark::Same))
    }
}

/// 予定 and 実績 of one user-month in pairs of lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// The month, where the files have one.
    pub month: Option<Month>,
    /// 鑑: of the 予定, else of the first 実績.
    pub head: UsageHead,
    /// The days of the month with their weekdays.
    pub days: Vec<GridDay>,
    /// The lines by time.
    pub lines: Vec<GridLine>,
    /// Records of the 予定 that fit no cell.
    pub planned_loose: Vec<Loose>,
    /// Records of the 実績 that fit no cell.
    pub result_loose: Vec<Loose>,
}

impl Grid {
    /// The grid of a person: one set with 予定, and sets with 実績 of that month, one an office.
    pub fn merge(planned: &OpenSet, results: &[&OpenSet], insurer_no: &str, insured_no: &str) -> Self {
        let planned_month = month_sheets(planned, insurer_no, insured_no);
        let result_months: Vec<_> =
            results.iter().map(|set| (set.from, month_sheets(set, insurer_no, insured_no))).collect();
        let results: Vec<(End, &Usage)> = result_months
            .iter()
            .filter_map(|(from, sheets)| Some((*from, sheets.as_ref()?.result.as_ref()?)))
            .collect();
        let usages: Vec<&Usage> = results.iter().map(|(_, usage)| *usage).collect();
        let planned = planned_month.as_ref().and_then(|sheets| sheets.planned.as_ref());
        Self::of(planned, &usages, &Cover::of_results(results))
    }

    /// The grid of 予定 and 実績 that are already sheets.
    pub fn of(planned: Option<&Usage>, results: &[&Usage], cover: &Cover) -> Self {
        let first = planned.or_else(|| results.first().copied());
        let month = first.and_then(|usage| usage.month);
        let mut grid = Self {
            month,
            head: first.map(|usage| usage.head.clone()).unwrap_or_default(),
            days: month.map(days_of).unwrap_or_default(),
            lines: Vec::new(),
            planned_loose: planned.map(|usage| usage.loose.clone()).unwrap_or_default(),
            result_loose: results.iter().flat_map(|usage| usage.loose.iter().cloned()).collect(),
        };
        for line in planned.into_iter().flat_map(|usage| &usage.lines) {
            let cells = line.days.map(|planned| GridCell { planned, ..GridCell::default() });
            grid.lines.push(GridLine { service: line.service.clone(), cells, is_covered: cover.holds(&line.service) });
        }
        let lines = results.iter().flat_map(|usage| &usage.lines);
        let (exact, others): (Vec<_>, Vec<_>) =
            lines.partition(|line| grid.lines.iter().any(|own| is_exact(&own.service, &line.service)));
        for line in exact {
            for day in 1..=31 {
                if let Some(count) = get(&line.days, day) {
                    grid.fill(&line.service, day, count);
                }
            }
        }
        for line in others {
            let mut rest = Days::default();
            for day in 1..=31 {
                if let Some(count) = get(&line.days, day)
                    && !grid.place(&line.service, day, count)
                {
                    super::usage::add(&mut rest, day, count);
                }
            }
            if rest.iter().any(Option::is_some) {
                let cells = rest.map(|result| GridCell { result, ..GridCell::default() });
                grid.lines.push(GridLine { service: line.service.clone(), cells, is_covered: true });
            }
        }
        grid.lines.sort_by_key(|line| order(&line.service));
        grid
    }

    /// Adds a 実績 to the line of its service and time. Where there are several (over 30 days and before, 日割り and not): to that
    /// which is planned on the day, else to the likest.
    fn fill(&mut self, service: &Service, day: u8, count: u16) {
        let unlike = |line: &&mut GridLine| {
            let is_planned = line.cell(day).planned.is_some();
            (!is_planned, line.service.over_30 != service.over_30, line.service.prorated != service.prorated)
        };
        let own = self.lines.iter_mut().filter(|line| is_exact(&line.service, service)).min_by_key(unlike);
        let Some(line) = own else { return };
        line.is_covered = true;
        let place = usize::from(day).checked_sub(1);
        if let Some(cell) = place.and_then(|place| line.cells.get_mut(place)) {
            cell.result = Some(cell.result.unwrap_or(0).saturating_add(count));
        }
    }

    /// Puts a 実績 at another time into the line of its service: the nearest that waits for it on that day, else the nearest
    /// that is free and not far.
    fn place(&mut self, service: &Service, day: u8, count: u16) -> bool {
        let (Some(from), Some(until)) = (service.from.minutes, service.until.minutes) else { return false };
        let best = self
            .lines
            .iter_mut()
            .filter(|line| line.service.identity() == service.identity() && line.cell(day).result.is_none())
            .filter_map(|line| {
                let far = line.service.from.minutes?.abs_diff(from);
                let waits = line.cell(day).planned.is_some_and(|count| count > 0);
                (waits || far <= NEAR).then_some((!waits, far, line))
            })
            .min_by_key(|(waits_not, far, _)| (*waits_not, *far));
        let Some((_, _, line)) = best else { return false };
        let place = usize::from(day).checked_sub(1);
        if let Some(cell) = place.and_then(|place| line.cells.get_mut(place)) {
            cell.result = Some(count);
            cell.result_at = Some((from, until));
        }
        line.is_covered = true;
        true
    }

    /// Sum of the planned counts.
    pub fn planned_total(&self) -> u32 {
        self.lines.iter().filter_map(GridLine::planned_total).sum()
    }

    /// Sum of the counts done.
    pub fn result_total(&self) -> u32 {
        self.lines.iter().filter_map(GridLine::result_total).sum()
    }
}

fn is_exact(own: &Service, other: &Service) -> bool {
    own.from.raw == other.from.raw && own.until.raw == other.until.raw && own.identity() == other.identity()
}

/// The sheets of the month of a set: those of its own month, else the first.
fn month_sheets(set: &OpenSet, insurer_no: &str, insured_no: &str) -> Option<MonthSheets> {
    let mut months = of_person(set, insurer_no, insured_no).months;
    let own = set.month.map(|month| month.to_string());
    let place = months.iter().position(|sheets| own.as_ref() == Some(&sheets.month)).unwrap_or(0);
    (place < months.len()).then(|| months.swap_remove(place))
}
