//! 実績 typed in the browser, for offices without care software.

use core::fmt::Display;

use askama::Template;

use super::Head;
use super::compare::Difference;
use super::grid::{Cell, Day, Grid, Mark};
use crate::view::exchange::Frame;
use crate::view::{Chip, Choice, FieldError, Link, Shell};

/// Somebody with a 予定 of the month.
#[derive(Clone, Debug)]
pub struct ResultRow {
    /// 氏名.
    pub name: String,
    /// フリガナ; may be empty.
    pub kana: String,
    /// 被保険者番号 in groups.
    pub number: String,
    /// 居宅介護支援事業所.
    pub partner: String,
    /// まだ, 入力中, 送りました.
    pub chip: Chip,
    /// When it was saved or sent; may be empty.
    pub at: String,
    /// Where to go on: the entry, or the sent set. None: the entry is begun by the button.
    pub link: Option<Link>,
    /// Set of the 予定, for the button.
    pub set: String,
    /// Place of the person in it.
    pub person: String,
}

/// GET `/exchange/results`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange_sheet/results.html")]
pub struct Results {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs of the exchange.
    pub frame: Frame,
    /// 「2026年11月」.
    pub month: String,
    /// The month before.
    pub previous: Link,
    /// The month after.
    pub next: Link,
    /// How many of each state.
    pub counts: Vec<Chip>,
    /// The people, those that are left to do first.
    pub rows: Vec<ResultRow>,
}

/// A line of the grid to type in.
#[derive(Clone, Debug)]
pub struct EntryLine {
    /// Place among the lines: fields are named `5.12` for the 12th of line 5.
    pub place: usize,
    /// 「身体介護1」.
    pub service: String,
    /// サービスコード.
    pub code: String,
    /// 用具 and the like; may be empty.
    pub note: String,
    /// 開始時刻 `9:30`; empty for a service without a displayed time.
    pub from: String,
    /// 終了時刻.
    pub until: String,
    /// Whether its times can be typed.
    pub timed: bool,
    /// Counts of the plan; all empty for a line that was added.
    pub planned: Vec<String>,
    /// What was typed, with what differs from the plan.
    pub typed: Vec<Cell>,
    /// Sum of the plan.
    pub planned_sum: String,
    /// Sum of what was typed.
    pub sum: String,
    /// Whether it was added here, so that it can be taken away.
    pub added: bool,
}

impl EntryLine {
    /// Name of a field of the line: `5.12`, `5.from`.
    pub fn field(&self, part: impl Display) -> String {
        format!("{}.{part}", self.place)
    }

    /// What is wrong with its fields.
    pub fn wrong<'a>(&self, errors: &'a [FieldError]) -> Vec<&'a FieldError> {
        let own = self.field("");
        errors.iter().filter(|error| error.field.starts_with(&own)).collect()
    }
}

/// Fields of 「時間がちがった日」 and 「予定になかったサービス」 as typed.
#[derive(Clone, Debug, Default)]
pub struct More {
    /// Line whose time was another one.
    pub line: String,
    /// Day of it.
    pub day: String,
    /// 開始時刻.
    pub from: String,
    /// 終了時刻.
    pub until: String,
    /// サービスコード that was not planned.
    pub code: String,
    /// Its day.
    pub added_day: String,
    /// Its 開始時刻.
    pub added_from: String,
    /// Its 終了時刻.
    pub added_until: String,
}

/// GET `/exchange/results/{e}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange_sheet/entry.html")]
pub struct Entry {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs of the exchange.
    pub frame: Frame,
    /// The person.
    pub head: Head,
    /// Identifier of the entry.
    pub e: String,
    /// Which save it stands on: two people do not overwrite each other.
    pub revision: i32,
    /// 「2026年11月の実績」.
    pub title: String,
    /// To whom it will be sent.
    pub partner: String,
    /// 「保存 11月22日 9:14」; empty before the first time.
    pub saved: String,
    /// Wrong fields.
    pub errors: Vec<FieldError>,
    /// The days.
    pub days: Vec<Day>,
    /// The lines.
    pub lines: Vec<EntryLine>,
    /// Lines with a displayed time, for the choice of 「時間がちがった日」.
    pub timed: Vec<Choice>,
    /// Services of the lines, for the hints of 「予定になかったサービス」.
    pub services: Vec<Choice>,
    /// What was typed there.
    pub more: More,
    /// Services of other offices in the plan, to look at.
    pub others: Option<Grid>,
}

/// GET `/exchange/results/{e}/confirm`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange_sheet/entry_confirm.html")]
pub struct EntryConfirm {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs of the exchange.
    pub frame: Frame,
    /// The person.
    pub head: Head,
    /// Identifier of the entry.
    pub e: String,
    /// 「2026年11月の実績」.
    pub title: String,
    /// To whom it will be sent.
    pub partner: String,
    /// Why it cannot be sent yet, each a sentence; empty when it can.
    pub blocked: Vec<String>,
    /// How many of each kind.
    pub counts: Vec<Chip>,
    /// Differences to the plan.
    pub differences: Vec<Difference>,
    /// Sums by service: service, planned, result.
    pub sums: Vec<[String; 3]>,
    /// The grid.
    pub grid: Grid,
}
