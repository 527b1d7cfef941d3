//! 市町村の対応状況.

use askama::Template;

use super::map::{AreaTile, Map};
use crate::view::{Chip, Fact, FieldError, Shell};

/// Counts of an area.
#[derive(Clone, Debug)]
pub struct CountRow {
    /// Name of the area.
    pub name: String,
    /// Where.
    pub href: String,
    /// All.
    pub all: String,
    /// Started.
    pub started: String,
    /// Dated.
    pub dated: String,
    /// Share of dated ones, 「63%」.
    pub percent: String,
    /// Adjusting.
    pub adjusting: String,
    /// Undecided.
    pub undecided: String,
}

/// A municipality in a list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Name with its prefecture where the list holds several.
    pub name: String,
    /// Kana.
    pub kana: String,
    /// Where.
    pub href: String,
    /// State.
    pub chip: Chip,
    /// Items that are on.
    pub items: String,
    /// Who said so, and when.
    pub source: String,
}

/// GET `/portal/readiness`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/readiness.html")]
pub struct Readiness {
    /// Surroundings.
    pub shell: Shell,
    /// Some of it is an example's.
    pub has_examples: bool,
    /// When something was published last; may be empty.
    pub changed: String,
    /// The country.
    pub whole: CountRow,
    /// The map.
    pub map: Map,
    /// By prefecture.
    pub rows: Vec<CountRow>,
    /// What was searched.
    pub query: String,
    /// What was found.
    pub found: Vec<Line>,
    /// Insurers of this installation.
    pub own: Vec<Line>,
}

/// GET `/portal/readiness/{area}` of a prefecture.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/readiness_area.html")]
pub struct Area {
    /// Surroundings.
    pub shell: Shell,
    /// Some of it is an example's.
    pub has_examples: bool,
    /// Name of the prefecture.
    pub name: String,
    /// Counts.
    pub counts: CountRow,
    /// Tiles.
    pub tiles: Vec<AreaTile>,
    /// What the grounds mean.
    pub legend: Vec<(&'static str, &'static str)>,
    /// State that is shown alone: its code; empty: all.
    pub state: String,
    /// Municipalities.
    pub lines: Vec<Line>,
}

/// GET `/portal/readiness/{area}` of a municipality.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/readiness_one.html")]
pub struct One {
    /// Surroundings.
    pub shell: Shell,
    /// It is an example's.
    pub is_example: bool,
    /// Prefecture: name and where.
    pub prefecture: (String, String),
    /// Name.
    pub name: String,
    /// State.
    pub chip: Chip,
    /// What is published.
    pub facts: Vec<Fact>,
    /// What was published before: when, what, by whom.
    pub history: Vec<Change>,
}

/// A publication.
#[derive(Clone, Debug)]
pub struct Change {
    /// When.
    pub at: String,
    /// State.
    pub say: String,
    /// Items.
    pub items: String,
    /// Note.
    pub note: String,
    /// Who.
    pub by: String,
}

/// Fields of a publication.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Code of the municipality.
    pub code: String,
    /// State: code, word, chosen.
    pub states: Vec<crate::view::Choice>,
    /// First day as typed.
    pub starts_on: String,
    /// Items: code, word, ticked.
    pub items: Vec<crate::view::Choice>,
    /// Note as typed.
    pub note: String,
    /// Key of the form.
    pub submit_key: String,
}

/// GET `/insurer/readiness`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/readiness.html")]
pub struct InsurerForm {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Name of the insurer.
    pub insurer: String,
    /// Whether the reader may publish.
    pub may_publish: bool,
    /// Whether the insurer is one municipality.
    pub is_municipality: bool,
    /// Where the public page is.
    pub href: String,
    /// The first day among the insurer's rules; empty: none.
    pub setting: String,
    /// Fields.
    pub entry: Form,
    /// What was published.
    pub history: Vec<Change>,
}

/// GET `/operator/readiness`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/operator/readiness.html")]
pub struct OperatorList {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// The country.
    pub whole: CountRow,
    /// What was searched.
    pub query: String,
    /// What was found.
    pub found: Vec<Line>,
    /// What a file brought; none: no file was sent.
    pub report: Option<Report>,
}

/// What a file brought.
#[derive(Clone, Debug)]
pub struct Report {
    /// In a sentence.
    pub say: String,
    /// Place, what, code.
    pub findings: Vec<(String, String, &'static str)>,
    /// How many more.
    pub more: usize,
}

/// GET `/operator/readiness/{m}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/operator/readiness_one.html")]
pub struct OperatorForm {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Name of the municipality with its prefecture.
    pub name: String,
    /// Fields.
    pub entry: Form,
    /// What was published.
    pub history: Vec<Change>,
}
