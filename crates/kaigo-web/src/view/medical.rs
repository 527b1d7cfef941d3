//! The medical institution's pages: requests, the form 主治医意見書, checking, the printed form, the receipt.

pub mod desk;
pub mod sheet;

use askama::Template;

use super::{Absence, Chip, Choice, Fact, FieldError, Notice, Shell};
use sheet::Sheet;

/// The stylesheet of the form, served as `/assets/opinion.css` to the pages that show it.
pub const OPINION_STYLESHEET: &str = include_str!("../../assets/opinion.css");
/// The ES module that saves the form while it is written, served as `/assets/opinion.js`.
pub const OPINION_SCRIPT: &str = include_str!("../../assets/opinion.js");
/// Changes with either, so both may be cached for ever under `?v=`.
pub const OPINION_VERSION: u64 =
    super::mix(super::mix(0xcbf2_9ce4_8422_2325, OPINION_STYLESHEET.as_bytes()), OPINION_SCRIPT.as_bytes());

/// The person a page is about, as on the letter of the request.
#[derive(Clone, Debug)]
pub struct Patient {
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// 「1938年（昭和13年）4月12日」.
    pub birth: String,
    /// 「88歳」.
    pub age: String,
    /// 性別.
    pub sex: String,
    /// 保険者.
    pub insurer: String,
    /// 被保険者番号 in groups.
    pub number: String,
    /// How far the request is, and its due day.
    pub chips: Vec<Chip>,
    /// `/medical/requests/{r}`.
    pub base: String,
}

/// One request in a list.
#[derive(Clone, Debug)]
pub struct RequestRow {
    /// Its page.
    pub href: String,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// 「88歳 女」.
    pub age: String,
    /// 保険者.
    pub insurer: String,
    /// 「継続・在宅」.
    pub class: String,
    /// 「12月1日」.
    pub due: String,
    /// How near.
    pub chip: Chip,
    /// A small line: returned, reminded.
    pub note: String,
}

/// GET `/medical`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/medical/requests.html")]
pub struct Requests {
    /// Surroundings.
    pub shell: Shell,
    /// Still to write, by due day.
    pub open: Vec<RequestRow>,
    /// There are more than fit the page.
    pub more: bool,
    /// Written, or declined.
    pub done: Vec<RequestRow>,
}

/// GET `/medical/requests/{r}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/medical/request.html")]
pub struct Request {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub patient: Patient,
    /// Returned, submitted, overdue.
    pub notices: Vec<Notice>,
    /// The letter.
    pub facts: Vec<Fact>,
    /// It can be written now; the word of the button.
    pub write: Option<String>,
    /// An earlier opinion came with the request.
    pub has_previous: bool,
    /// It can be declined.
    pub can_decline: bool,
    /// What was submitted, in order.
    pub papers: Vec<PaperRow>,
    /// What happened, in order: when, what, who.
    pub events: Vec<EventRow>,
}

/// One submission.
#[derive(Clone, Debug)]
pub struct PaperRow {
    /// Place, from 1.
    pub place: i32,
    /// Number for the telephone.
    pub receipt: String,
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// How far.
    pub chip: Chip,
    /// Why it was returned; may be empty.
    pub reason: String,
    /// A file came with it: its name and size; may be empty.
    pub file: String,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// When.
    pub at: String,
    /// What.
    pub what: String,
    /// Who.
    pub by: String,
}

/// How a field is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// One of several boxes.
    One,
    /// Any of several boxes.
    Many,
    /// One line.
    Line,
    /// Several lines.
    Lines,
}

/// One field of the form.
#[derive(Clone, Debug)]
pub struct FormField {
    /// Name in the form: `f-3-2-1`.
    pub id: String,
    /// Name on the form.
    pub name: String,
    /// How it is typed.
    pub input: Input,
    /// Boxes.
    pub choices: Vec<Choice>,
    /// What is typed.
    pub value: String,
    /// Unit behind a figure; may be empty.
    pub unit: &'static str,
    /// Lines of a box.
    pub rows: usize,
    /// `date`, `number`, `wide`, `full`.
    pub width: &'static str,
    /// An example under the name; may be empty.
    pub hint: &'static str,
    /// Cannot be left empty.
    pub required: bool,
    /// What the previous opinion says; may be empty.
    pub before: String,
    /// It was copied from there and is unchanged.
    pub copied: bool,
    /// What another window has saved there; may be empty.
    pub other: String,
    /// The field explains the one before it and stands beside it.
    pub explains: bool,
}

/// A section of the form.
#[derive(Clone, Debug)]
pub struct FormSection {
    /// `s-1`.
    pub id: String,
    /// Heading.
    pub heading: String,
    /// Fields.
    pub fields: Vec<FormField>,
}

/// GET/POST `/medical/requests/{r}/form`. Fields: `csrf`, `revision`, `act` (`save`, `copy`, `check`), those of the form.
#[derive(Clone, Debug, Template)]
#[template(path = "page/medical/form.html")]
pub struct Form {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub patient: Patient,
    /// Wrong input; what another window saved.
    pub errors: Vec<FieldError>,
    /// Why it was returned.
    pub returned: Option<String>,
    /// Sections.
    pub sections: Vec<FormSection>,
    /// Counts up with each save.
    pub revision: i32,
    /// 「10:15」 of the last save; empty if there was none.
    pub saved: String,
    /// An earlier opinion came with the request: institution is unknown, its day is.
    pub previous: Option<String>,
    /// How many fields were copied from there and are unchanged.
    pub copied: usize,
    /// The file that goes with it; may be empty.
    pub file: String,
}

/// One thing found.
#[derive(Clone, Debug)]
pub struct FoundRow {
    /// 「エラー」「注意」.
    pub chip: Chip,
    /// Stable code.
    pub code: String,
    /// What is wrong.
    pub say: String,
    /// How to mend it.
    pub mend: String,
    /// The field: `f-3-2-1`.
    pub field: String,
}

/// One field that differs from the previous opinion.
#[derive(Clone, Debug)]
pub struct ChangeRow {
    /// Name on the form.
    pub name: String,
    /// Before.
    pub before: String,
    /// Now.
    pub after: String,
}

/// GET `/medical/requests/{r}/check`. Posts `revision` and `submit_key` to `/medical/requests/{r}/submit`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/medical/check.html")]
pub struct Check {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub patient: Patient,
    /// What stops.
    pub errors: Vec<FoundRow>,
    /// What should be looked at.
    pub warnings: Vec<FoundRow>,
    /// What changed against the previous opinion; none if there is none.
    pub changes: Option<Vec<ChangeRow>>,
    /// The form as it will be printed.
    pub sheet: Sheet,
    /// It can be submitted.
    pub can_submit: bool,
    /// The draft that is shown.
    pub revision: i32,
    /// Key of this form.
    pub submit_key: String,
}

/// GET `/medical/requests/{r}/paper`: the printed form.
#[derive(Clone, Debug, Template)]
#[template(path = "page/medical/paper.html")]
pub struct Paper {
    /// Surroundings.
    pub shell: Shell,
    /// Where one came from.
    pub back: (String, String),
    /// 「主治医意見書（下書き）」.
    pub title: String,
    /// The form.
    pub sheet: Sheet,
}

/// GET `/medical/requests/{r}/receipt`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/medical/receipt.html")]
pub struct Receipt {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub patient: Patient,
    /// Number for the telephone.
    pub receipt: String,
    /// Number, digest, time, who, to whom.
    pub facts: Vec<Fact>,
    /// Place of the submission.
    pub place: i32,
    /// Telephone of the insurer; may be empty.
    pub phone: String,
}

/// GET/POST `/medical/requests/{r}/upload`. Fields: `csrf`, `by_file`, `file`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/medical/upload.html")]
pub struct Upload {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub patient: Patient,
    /// Why a file is not taken; `field` is `file`.
    pub errors: Vec<FieldError>,
    /// The file that goes with the draft; may be empty.
    pub file: String,
}

/// GET/POST `/medical/requests/{r}/decline`. Fields: `csrf`, `reason`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/medical/decline.html")]
pub struct Decline {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub patient: Patient,
    /// Wrong input; `field` is `reason`.
    pub errors: Vec<FieldError>,
    /// What was typed.
    pub reason: String,
}

/// GET `/medical/requests/{r}/certificate`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/medical/certificate.html")]
pub struct Certificate {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub patient: Patient,
    /// Why nothing is shown.
    pub absence: Option<Absence>,
    /// 被保険者証.
    pub facts: Vec<Fact>,
}
