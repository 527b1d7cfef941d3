//! 予定 against 実績, or one version of a 予定 against another.

use askama::Template;

use super::Head;
use super::grid::{Grid, Mark};
use crate::view::exchange::Frame;
use crate::view::{Chip, Choice, Link, Shell};

/// One difference in words.
#[derive(Clone, Debug)]
pub struct Difference {
    /// What kind: 「中止」「予定にない」「日がかわった」.
    pub chip: Chip,
    /// Which office; may be empty.
    pub office: String,
    /// The sentence.
    pub say: String,
}

/// GET `/exchange/compare/{s}/{p}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange_sheet/compare.html")]
pub struct Compare {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs of the exchange.
    pub frame: Frame,
    /// The person.
    pub head: Head,
    /// Way back.
    pub back: Link,
    /// 「10月の予定と実績」.
    pub title: String,
    /// Where both sides come from: partner, 連番, times.
    pub sources: Vec<String>,
    /// Said instead of the comparison: no 実績 came yet, the 予定 is not there.
    pub missing: String,
    /// With what it is compared: 「予定」「前の版」.
    pub against: String,
    /// How many of each kind, for the line over the list.
    pub counts: Vec<Chip>,
    /// The differences.
    pub differences: Vec<Difference>,
    /// The grid; without days where texts are compared.
    pub grid: Grid,
    /// How many lines are not shown.
    pub hidden: usize,
    /// Other choices of lines: all, only those that differ.
    pub views: Vec<Link>,
    /// Other versions to compare with (`?with=`), and the field's path.
    pub versions: Vec<Choice>,
    /// Pages about the same: forms of both sides.
    pub links: Vec<Link>,
}
