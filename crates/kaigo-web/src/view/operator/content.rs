//! The operator's desk writes the portal: articles in versions, maintenance.

use askama::Template;

use crate::view::markdown::Piece;
use crate::view::{Chip, Choice, FieldError, Shell};

/// An article in the editor's list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Kind.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Where.
    pub href: String,
    /// What readers see now.
    pub chip: Chip,
    /// A draft or a version to come, in words; may be empty.
    pub waits: String,
    /// Who saved last, when.
    pub saved: String,
}

/// GET `/operator/content`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/operator/content.html")]
pub struct Contents {
    /// Surroundings.
    pub shell: Shell,
    /// Kinds: where, word, shown now.
    pub kinds: Vec<(String, String, bool)>,
    /// Articles.
    pub lines: Vec<Line>,
}

/// GET `/operator/content/new`, `/operator/content/{a}`; POST with `act` = `preview`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/operator/content_edit.html")]
pub struct Edit {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Where the form goes.
    pub action: String,
    /// Whether it is a new article.
    pub is_new: bool,
    /// What readers see now.
    pub chip: Chip,
    /// Kinds, for a new one.
    pub kinds: Vec<Choice>,
    /// Groups of questions.
    pub topics: Vec<Choice>,
    /// Title.
    pub title: String,
    /// Summary.
    pub summary: String,
    /// Text.
    pub body: String,
    /// Other words.
    pub keywords: String,
    /// Order.
    pub place: String,
    /// First day.
    pub show_day: String,
    /// First time.
    pub show_time: String,
    /// The version that the editor saw.
    pub seen: i32,
    /// Key of the form.
    pub submit_key: String,
    /// How it will look; none: no preview was asked for.
    pub preview: Option<Vec<Piece>>,
    /// Versions, the newest first.
    pub versions: Vec<VersionLine>,
    /// Where the public page is; empty: it is not shown.
    pub public: String,
}

/// A version.
#[derive(Clone, Debug)]
pub struct VersionLine {
    /// 「第3版」.
    pub word: String,
    /// Where.
    pub href: String,
    /// State.
    pub chip: Chip,
    /// From when.
    pub from: String,
    /// Who, when.
    pub saved: String,
    /// Title.
    pub title: String,
}

/// GET `/operator/content/{a}/versions/{n}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/operator/content_version.html")]
pub struct VersionPage {
    /// Surroundings.
    pub shell: Shell,
    /// The article.
    pub href: String,
    /// The version.
    pub line: VersionLine,
    /// Summary.
    pub summary: String,
    /// Text as it looks.
    pub body: Vec<Piece>,
    /// Text as it was written.
    pub source: String,
}

/// A maintenance in the list.
#[derive(Clone, Debug)]
pub struct MaintenanceLine {
    /// Where.
    pub href: String,
    /// What.
    pub title: String,
    /// When.
    pub when: String,
    /// State.
    pub chip: Chip,
    /// Who saved, when.
    pub saved: String,
}

/// GET `/operator/maintenance`, `/operator/maintenance/{m}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/operator/maintenance.html")]
pub struct Maintenance {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Where the form goes.
    pub action: String,
    /// Whether it is a new one.
    pub is_new: bool,
    /// What is done.
    pub title: String,
    /// What cannot be used.
    pub effect: String,
    /// First day.
    pub start_day: String,
    /// First time.
    pub start_time: String,
    /// Last day.
    pub end_day: String,
    /// Last time.
    pub end_time: String,
    /// It does not take place.
    pub cancelled: bool,
    /// The version that was seen.
    pub seen: i32,
    /// Key of the form.
    pub submit_key: String,
    /// The others, or the versions of this one.
    pub lines: Vec<MaintenanceLine>,
}
