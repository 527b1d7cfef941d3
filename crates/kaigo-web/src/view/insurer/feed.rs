//! 記録の取込: upload, report, history, taking a load back.

use askama::Template;

use crate::view::{Chip, Choice, Fact, FieldError, Link, Paging, Shell};

/// GET, POST `/insurer/feed`. Files: `files`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/feed.html")]
pub struct Feed {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `files`.
    pub errors: Vec<FieldError>,
    /// The last feed, in a sentence.
    pub last: String,
    /// How it stands.
    pub chip: Chip,
    /// The kinds of record.
    pub kinds: Vec<KindLine>,
    /// Uploads that are not put away.
    pub uploads: Vec<UploadLine>,
    /// 「1回に256MB・5,000ファイルまで」.
    pub limits: String,
    /// Whether the reader may take loads back.
    pub may_hide: bool,
}

/// A kind of record in the feed.
#[derive(Clone, Debug)]
pub struct KindLine {
    /// Its name.
    pub label: String,
    /// Day of its last load; empty if it never came.
    pub last: String,
    /// Rows of that load and what they did.
    pub counts: String,
    /// Rows of the last full feed beside those of the one before.
    pub full: String,
    /// How it stands.
    pub chip: Chip,
}

/// An upload in the list.
#[derive(Clone, Debug)]
pub struct UploadLine {
    /// When and by whom.
    pub word: String,
    /// Where.
    pub href: String,
    /// How it stands.
    pub chip: Chip,
}

/// GET `/insurer/feed/uploads/{u}`: progress, report, the second word. Fields: `skip`, `number`.
#[expect(clippy::struct_excessive_bools, reason = "what the page offers, each by itself")]
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/feed_upload.html")]
pub struct Upload {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `number`, `skip` or empty.
    pub errors: Vec<FieldError>,
    /// Path of the upload's page.
    pub href: String,
    /// Who, when, which files.
    pub facts: Vec<Fact>,
    /// How it stands.
    pub chip: Chip,
    /// The state in a sentence.
    pub say: String,
    /// A job works on it: the page comes again by itself.
    pub running: bool,
    /// Its job died, or it was never checked, or something came in between: it can be checked again.
    pub can_check: bool,
    /// It can be put away.
    pub can_discard: bool,
    /// It can be published.
    pub can_publish: bool,
    /// Digest that the publishing form carries.
    pub digest: String,
    /// Rows with errors can be left out; how many.
    pub skip: String,
    /// What would be hidden, a sentence each; empty: nothing.
    pub hides: Vec<String>,
    /// Only an administrator may allow that.
    pub needs_admin: bool,
    /// The number to type, grouped.
    pub number_hint: String,
    /// The number as typed.
    pub number: String,
    /// What became, or would become, of the rows.
    pub rows: Vec<CountRow>,
    /// Findings: errors, warnings, notes.
    pub counts: Vec<Chip>,
    /// Filter: severity.
    pub severities: Vec<Choice>,
    /// Filter: file.
    pub files: Vec<Choice>,
    /// The findings of this page.
    pub findings: Vec<Finding>,
    /// How many findings fit the filter.
    pub found: String,
    /// Pages of findings.
    pub paging: Paging,
    /// The load it became.
    pub load: Option<Link>,
}

/// Counts of one kind.
#[derive(Clone, Debug)]
pub struct CountRow {
    /// The kind.
    pub label: String,
    /// 行, 追加, 訂正, 変更なし, 取下げ, エラー.
    pub counts: [String; 6],
    /// What the last load had, for comparison.
    pub before: String,
}

/// A finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// エラー, 注意, お知らせ.
    pub chip: Chip,
    /// File, row, column, item.
    pub place: String,
    /// Code.
    pub code: String,
    /// What is wrong.
    pub say: String,
    /// How to mend it.
    pub mend: String,
}

/// GET `/insurer/feed/loads`: the history.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/feed_loads.html")]
pub struct Loads {
    /// Surroundings.
    pub shell: Shell,
    /// The loads.
    pub rows: Vec<LoadLine>,
    /// Pages.
    pub paging: Paging,
}

/// A load in the history.
#[derive(Clone, Debug)]
pub struct LoadLine {
    /// 「第12回」.
    pub name: String,
    /// Where.
    pub href: String,
    /// When.
    pub at: String,
    /// 全件, 差分, とりけし.
    pub mode: String,
    /// How it ended.
    pub chip: Chip,
    /// Who.
    pub by: String,
}

/// GET `/insurer/feed/loads/{n}`: one load.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/feed_load.html")]
pub struct Load {
    /// Surroundings.
    pub shell: Shell,
    /// 「第12回の取込」.
    pub title: String,
    /// How it ended.
    pub chip: Chip,
    /// When, who, what.
    pub facts: Vec<Fact>,
    /// What it did to each kind.
    pub rows: Vec<CountRow>,
}

/// GET, POST `/insurer/feed/undo`. Fields: `load_no`, `submit_key`, `reason`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/feed_undo.html")]
pub struct Undo {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `reason`.
    pub errors: Vec<FieldError>,
    /// The load that would be taken back; none: there is none.
    pub title: String,
    /// Its number.
    pub load_no: String,
    /// Key of the form.
    pub submit_key: String,
    /// When, who, what.
    pub facts: Vec<Fact>,
    /// What it did to each kind.
    pub rows: Vec<CountRow>,
    /// Reason as typed.
    pub reason: String,
}
