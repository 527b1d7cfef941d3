//! かんたんシミュレーション.

use askama::Template;

use crate::view::{Choice, FieldError, Shell};

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name and id.
    pub name: &'static str,
    /// Label.
    pub label: &'static str,
    /// Unit after the box.
    pub unit: &'static str,
    /// Value as typed.
    pub value: String,
}

/// Fields that belong together.
#[derive(Clone, Debug)]
pub struct Fields {
    /// Heading.
    pub legend: &'static str,
    /// What to think of.
    pub hint: &'static str,
    /// Fields.
    pub fields: Vec<Field>,
}

/// A bar pair of the chart, and a row of the table.
#[derive(Clone, Debug)]
pub struct Cost {
    /// What.
    pub label: &'static str,
    /// Now, yen a month.
    pub now: String,
    /// Afterwards.
    pub after: String,
    /// Difference with its sign.
    pub saved: String,
    /// Upper edge of the pair.
    pub y: u32,
    /// Width of the bar now.
    pub now_width: u32,
    /// Width of the bar afterwards.
    pub after_width: u32,
}

/// GET `/portal/simulator`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/simulator.html")]
pub struct Simulator {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Kinds of office.
    pub sorts: Vec<Choice>,
    /// Fields.
    pub groups: Vec<Fields>,
    /// What comes out; none while something is wrong.
    pub outcome: Option<Outcome>,
    /// Where the usual values and formulas are from.
    pub sources: Vec<String>,
    /// The fee of today, in a sentence.
    pub fee: String,
}

/// What comes out.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// 「年間 816,000円」, with its sign.
    pub net_year: String,
    /// Whether it saves.
    pub saves: bool,
    /// Without labour.
    pub cash_year: String,
    /// A month.
    pub net_month: String,
    /// Hours a month.
    pub hours: String,
    /// Minutes a month for one person served; empty without persons.
    pub per_client: String,
    /// What double running costs, a year.
    pub double_year: String,
    /// From which share of partners on.
    pub breakeven: String,
    /// Share of partners as put in.
    pub share: String,
    /// Bars and rows.
    pub costs: Vec<Cost>,
    /// Sums of the columns.
    pub sums: (String, String, String),
    /// Height of the chart.
    pub height: u32,
    /// The address of this outcome.
    pub link: String,
    /// Where an office keeps it on its page.
    pub keep: String,
}
