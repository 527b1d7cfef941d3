//! The 31 days of a month: a line for each service, 予定 over 実績.

use crate::view::Chip;

/// A day at the head of the grid.
#[derive(Clone, Debug)]
pub struct Day {
    /// Day of the month.
    pub day: u8,
    /// 「木」.
    pub weekday: String,
    /// What colours its column.
    pub look: DayLook,
}

/// What colours a day's column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayLook {
    /// Monday to Friday.
    Week,
    /// 土.
    Saturday,
    /// 日.
    Sunday,
}

impl DayLook {
    /// Value of `data-look`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Week => "",
            Self::Saturday => "sat",
            Self::Sunday => "sun",
        }
    }
}

/// How a cell of the lower line stands to the one above it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// The same, or not compared.
    #[default]
    Same,
    /// There, but not planned.
    Added,
    /// Planned, but not there: the count of the plan stands crossed out.
    Cut,
    /// Another count.
    Changed,
    /// At another time.
    Time,
}

/// One day of one line.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// The count, empty for none; a cell that is no number stays as it came.
    pub text: String,
    /// How it stands to the plan.
    pub mark: Mark,
}

/// A service: 予定 and 実績.
#[derive(Clone, Debug)]
pub struct Line {
    /// 「9:30～10:00」; empty for a service without a displayed time.
    pub time: String,
    /// 「身体介護1」.
    pub service: String,
    /// サービスコード.
    pub code: String,
    /// 用具, 日割, サテライト, 30日超; may be empty.
    pub note: String,
    /// サービス事業所名.
    pub office: String,
    /// The upper line; empty where the grid has only one.
    pub upper: Vec<Cell>,
    /// Sum of the upper line.
    pub upper_sum: String,
    /// The lower line; empty where the grid has only one.
    pub lower: Vec<Cell>,
    /// Sum of the lower line.
    pub lower_sum: String,
    /// Word beside the line: 「予定にない」「取りやめ」, none where both agree.
    pub chip: Option<Chip>,
}

/// The grid of one person and month.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Caption: 「大谷 清 さん 2026年10月の予定と実績」.
    pub caption: String,
    /// Word of the upper line: 「予定」, or 「前」 where two plans are compared.
    pub upper: String,
    /// Word of the lower line: 「実績」 or 「あと」.
    pub lower: String,
    /// Its days.
    pub days: Vec<Day>,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Records that fit no day, in words.
    pub loose: Vec<String>,
}
