//! Figures: applications, decisions, days of each step, share within 30 days.

use askama::Template;

use crate::view::{Choice, FieldError, Shell};

/// GET `/insurer/statistics?from=&until=`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/statistics.html")]
pub struct Statistics {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `from`.
    pub errors: Vec<FieldError>,
    /// Months to choose the first one from (field `from`).
    pub from: Vec<Choice>,
    /// Months to choose the last one from (field `until`).
    pub until: Vec<Choice>,
    /// 「2026年6月から 2026年11月まで」.
    pub span: String,
    /// In words: decided, share, mean.
    pub summary: Vec<String>,
    /// Bars of applications and decisions by month.
    pub counts: Chart,
    /// Bars of the share within 30 days by month.
    pub shares: Chart,
    /// A line for each month.
    pub months: Vec<MonthLine>,
    /// A line for each step: name, count, mean, median, national mean, target.
    pub steps: Vec<Vec<String>>,
    /// Open cases by age: band and count.
    pub open: Vec<(String, String)>,
    /// Where the CSV is.
    pub csv: String,
}

impl Statistics {
    /// Both charts in their order.
    pub fn charts(&self) -> [&Chart; 2] {
        [&self.counts, &self.shares]
    }
}

/// The figures of a month as text.
#[derive(Clone, Debug)]
pub struct MonthLine {
    /// 「2026年10月」.
    pub month: String,
    /// Applications, decisions, within 30 days, share, mean and median days to the decision.
    pub cells: Vec<String>,
}

/// A bar chart; the table beside it says the same.
#[derive(Clone, Debug)]
pub struct Chart {
    /// What it shows, for those who do not see it.
    pub title: String,
    /// Width of the drawing.
    pub width: u32,
    /// Names and styles of the series.
    pub series: Vec<(String, &'static str)>,
    /// Bars.
    pub bars: Vec<Bar>,
    /// Names below the bars: place and word.
    pub words: Vec<(u32, String)>,
}

/// One bar: a rectangle with its number above.
#[derive(Clone, Debug)]
pub struct Bar {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Style of its series.
    pub look: &'static str,
    /// Number above it.
    pub word: String,
    /// Middle of the bar.
    pub middle: u32,
    /// Where the number stands.
    pub word_y: u32,
}
