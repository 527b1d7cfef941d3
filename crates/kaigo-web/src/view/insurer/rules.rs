//! きまり: what the insurer set, what it may set, what that would do.

use askama::Template;

use crate::view::{Chip, Choice, FieldError, Shell};

/// GET `/insurer/rules`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/rules.html")]
pub struct Rules {
    /// Surroundings.
    pub shell: Shell,
    /// Name of the insurer.
    pub insurer: String,
    /// Whether the reader may set.
    pub may_set: bool,
    /// First days of sharing.
    pub starts: Vec<RuleLine>,
    /// Deadlines, days, months, texts.
    pub others: Vec<RuleLine>,
    /// Heads of the columns of the sharing table.
    pub readers: Vec<String>,
    /// The sharing table.
    pub cells: Vec<CellRow>,
    /// How the settings were made.
    pub changes: Vec<ChangeLine>,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct RuleLine {
    /// What.
    pub label: String,
    /// What holds.
    pub value: String,
    /// 標準 or 保険者の設定.
    pub chip: Chip,
    /// What comes later; may be empty.
    pub later: String,
    /// Where it is set.
    pub href: String,
}

/// One row of the sharing table.
#[derive(Clone, Debug)]
pub struct CellRow {
    /// The item.
    pub item: String,
    /// Its cells in the order of the columns.
    pub cells: Vec<CellShown>,
}

/// One cell.
#[derive(Clone, Debug)]
pub struct CellShown {
    /// What holds.
    pub value: String,
    /// The official condition, where the insurer set another one.
    pub official: String,
    /// Where it is set; empty if nobody may.
    pub href: String,
    /// What comes later; may be empty.
    pub later: String,
}

/// A setting as it was made.
#[derive(Clone, Debug)]
pub struct ChangeLine {
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// What.
    pub label: String,
    /// To what.
    pub value: String,
    /// From when.
    pub from: String,
    /// Where it stands.
    pub source: String,
    /// What the preview said.
    pub effect: String,
}

/// GET `/insurer/rules/edit?key=`. Fields: `key`, `value`, `from`, `source`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/rule_edit.html")]
pub struct RuleEdit {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Key of the setting.
    pub key: String,
    /// What is set.
    pub label: String,
    /// What holds now.
    pub now: String,
    /// Hint at the value.
    pub hint: String,
    /// Choices; empty: a text is typed.
    pub choices: Vec<Choice>,
    /// Value as typed.
    pub value: String,
    /// First day as typed.
    pub from: String,
    /// Whether a first day is asked for.
    pub asks_from: bool,
    /// Source as typed.
    pub source: String,
    /// Whether it can be set back to the standard.
    pub can_reset: bool,
}

/// POST `/insurer/rules/preview`: what it would do. Hidden fields: all of the form and `submit_key`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/rule_preview.html")]
pub struct RulePreview {
    /// Surroundings.
    pub shell: Shell,
    /// What is set.
    pub label: String,
    /// What holds before.
    pub before: String,
    /// What would hold.
    pub after: String,
    /// From when.
    pub from: String,
    /// The effect in a line.
    pub say: String,
    /// Offices whose sight changes.
    pub offices: Vec<OfficeLine>,
    /// How many offices more there are.
    pub more: usize,
    /// What no count says.
    pub notes: Vec<String>,
    /// Hidden fields.
    pub hidden: Vec<(String, String)>,
    /// Way back to the form.
    pub back: String,
}

/// An office whose sight changes.
#[derive(Clone, Debug)]
pub struct OfficeLine {
    /// Its name.
    pub name: String,
    /// People of whom it would see more.
    pub gains: String,
    /// People of whom it would see less.
    pub loses: String,
}
