//! What is wrong with data, as a value: where, what, and how to mend it.

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing to do; good to know.
    Note,
    /// Taken, but someone should look.
    Warning,
    /// Not taken.
    Error,
}

impl Severity {
    /// Name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// Japanese label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Note => "お知らせ",
            Self::Warning => "注意",
            Self::Error => "エラー",
        }
    }
}

/// Where a finding is. Rows count from 1 with the header as row 1, as a spreadsheet shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// File name, without folder.
    pub file: String,
    /// Row, if it is about one.
    pub row: Option<u64>,
    /// Column, counted from 1, if it is about one.
    pub column: Option<u32>,
    /// Japanese name of the item.
    pub item: Option<String>,
}

/// One finding about data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// Stable code, listed in docs/errors.md.
    pub code: &'static str,
    /// What is wrong, a Japanese sentence.
    pub say: String,
    /// How to mend it, a Japanese sentence.
    pub mend: String,
    /// Where the rule stands (law, form, standard §), may be empty.
    pub source: &'static str,
}
