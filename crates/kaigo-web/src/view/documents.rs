//! 認定書類: the list, one opened document, the refusal.

use askama::Template;

use super::person::PersonFrame;
use super::{Absence, Choice, Fact, FieldError, Link, Shell};

/// GET `/people/{c}/documents`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/documents.html")]
pub struct Documents {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// Why nothing is shown.
    pub absence: Option<Absence>,
    /// Wrong input (no purpose chosen); `field` is `purpose-{d}`.
    pub errors: Vec<FieldError>,
    /// What is there and what is missing, newest application first.
    pub rows: Vec<DocumentRow>,
    /// Purposes to choose from (field `purpose`); recorded with the opening.
    pub purposes: Vec<Choice>,
    /// Who may ask for papers on paper, in the insurer's own words; may be empty.
    pub on_paper: String,
}

/// One document, there or missing.
#[derive(Clone, Debug)]
pub struct DocumentRow {
    /// Opaque id, ASCII; `{d}` in URLs. Also unique for missing ones.
    pub d: String,
    /// 「認定調査票」「主治医意見書」.
    pub title: String,
    /// Application it belongs to: 「更新申請（2026年10月2日）」.
    pub application: String,
    /// Who wrote it and when: 「益田中央クリニック 2026年11月3日」; may be empty.
    pub source: String,
    /// Can it be opened, and if not, why.
    pub state: DocumentState,
}

impl DocumentRow {
    /// Id of the purpose select of this row.
    pub fn purpose_id(&self) -> String {
        format!("purpose-{}", self.d)
    }
}

/// Can a document be opened.
#[derive(Clone, Debug)]
pub enum DocumentState {
    /// Yes.
    Ready {
        /// 「前回 11月20日 出雲 太郎 が開きました」; empty = never opened here.
        opened: String,
    },
    /// Not made yet, on its way, sent back, taken back, never to come.
    Missing {
        /// 「まだありません」「差戻し中」.
        word: String,
        /// Who was asked, since when, until when.
        say: String,
    },
    /// No consent recorded, or withdrawn.
    NoConsent {
        /// 「同意がありません」「同意の取消し」.
        word: String,
        /// Since when, and what can be done.
        say: String,
        /// Where the office takes the consent, if it may.
        link: Option<Link>,
    },
    /// The rules do not give it to this office or 職種, or not yet.
    NotShared {
        /// 「見られません」「市町村の準備中」「職種がちがいます」.
        word: String,
        /// The rule in words.
        say: String,
        /// Code of the rule, as in docs/errors.md.
        rule: String,
    },
}

/// GET `/people/{c}/documents/{d}?purpose=`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/document.html")]
pub struct Document {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// 「認定調査票」.
    pub title: String,
    /// Head of the form: dates, writer, institution.
    pub facts: Vec<Fact>,
    /// Items in the order of the form.
    pub groups: Vec<ItemGroup>,
    /// 特記事項.
    pub remarks: Vec<Remark>,
    /// The original file.
    pub original: Option<Original>,
    /// This opening, as it stands in the person's access log.
    pub viewing: Viewing,
}

/// A group of items: 「第1群 身体機能・起居動作」.
#[derive(Clone, Debug)]
pub struct ItemGroup {
    /// Heading.
    pub heading: String,
    /// Items.
    pub items: Vec<Item>,
}

/// One item with its choices, or with a text.
#[derive(Clone, Debug)]
pub struct Item {
    /// 「1-10」; may be empty.
    pub no: String,
    /// 「洗身」.
    pub name: String,
    /// Choices in the order and wording of the form; empty when the answer is text.
    pub choices: Vec<Choice>,
    /// Text answer; empty when there are choices.
    pub text: String,
}

impl Item {
    /// Whether nothing was chosen or written.
    pub fn is_blank(&self) -> bool {
        self.text.is_empty() && !self.choices.iter().any(|choice| choice.chosen)
    }
}

/// 特記事項: item number and text.
#[derive(Clone, Debug)]
pub struct Remark {
    /// 「1-10」 or a heading.
    pub no: String,
    /// The text.
    pub text: String,
}

/// The original file.
#[derive(Clone, Debug)]
pub struct Original {
    /// Where it is served.
    pub href: String,
    /// 「PDF、3ページ、214 KB」.
    pub what: String,
    /// First characters of its SHA-256, for comparison by eye.
    pub digest: String,
}

/// One opening.
#[derive(Clone, Debug)]
pub struct Viewing {
    /// 氏名（職種）.
    pub who: String,
    /// 事業所名.
    pub office: String,
    /// 「2026年11月22日 9:15」.
    pub at: String,
    /// Purpose chosen.
    pub purpose: String,
}
