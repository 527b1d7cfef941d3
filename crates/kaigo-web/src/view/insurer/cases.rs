//! Cases of certification: the list, many at once, one case.

use askama::Template;

use super::{CaseFrame, Count};
use crate::view::certification::Progress;
use crate::view::documents::{ItemGroup, Remark};
use crate::view::{Chip, Choice, Fact, FieldError, Link, Notice, Paging, Shell};

/// GET `/insurer/cases?step=&age=&kind=&q=`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/cases.html")]
pub struct CaseList {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `q`, `milestone`, `day` or empty.
    pub errors: Vec<FieldError>,
    /// Number or kana as typed.
    pub q: String,
    /// Steps with their counts.
    pub steps: Vec<Count>,
    /// Ways to be late with their counts.
    pub ages: Vec<Count>,
    /// 申請区分 to choose from.
    pub kinds: Vec<Choice>,
    /// Step that is chosen, to keep it in the form.
    pub step: String,
    /// Age that is chosen.
    pub age: String,
    /// 「30日をすぎた申請　12件」.
    pub found: String,
    /// Up to 50 rows.
    pub rows: Vec<CaseLine>,
    /// Days that can be given to many (field `milestone`).
    pub milestones: Vec<Choice>,
    /// Day as typed (field `day`).
    pub day: String,
    /// Neighbours.
    pub paging: Paging,
}

/// One case of the list.
#[derive(Clone, Debug)]
pub struct CaseLine {
    /// Name of its box: `pick-{p}-{n}`.
    pub pick: String,
    /// Value of the box: the version that is seen.
    pub seen: String,
    /// Ticked.
    pub ticked: bool,
    /// The case's page.
    pub href: String,
    /// 氏名.
    pub name: String,
    /// 被保険者番号, grouped.
    pub number: String,
    /// 申請区分.
    pub kind: String,
    /// 「10月2日」.
    pub applied: String,
    /// Where it waits.
    pub step: String,
    /// 「51日目」 with its weight.
    pub age: Chip,
    /// 「期限 11月1日」, 「見込み 12月4日」.
    pub due: String,
    /// Whether it can be picked.
    pub is_open: bool,
}

/// POST `/insurer/cases/bulk`: what would be done. Posts to `/insurer/cases/bulk/do`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/bulk.html")]
pub struct BulkPreview {
    /// Surroundings.
    pub shell: Shell,
    /// 「調査票受領日を 2026年11月22日 にする」.
    pub what: String,
    /// Hidden: milestone, day, key.
    pub hidden: Vec<(String, String)>,
    /// Cases that will be changed.
    pub will: Vec<BulkLine>,
    /// Cases that will not, with the reason.
    pub wont: Vec<BulkLine>,
}

/// One case of many.
#[derive(Clone, Debug)]
pub struct BulkLine {
    /// The case's page.
    pub href: String,
    /// Name and value of the hidden field of the case.
    pub pick: (String, String),
    /// 氏名.
    pub name: String,
    /// 被保険者番号, grouped.
    pub number: String,
    /// Before; empty = none.
    pub before: String,
    /// What to look at, or why not.
    pub say: String,
}

/// GET `/insurer/cases/bulk/{b}`: what was done.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/bulk_done.html")]
pub struct BulkDone {
    /// Surroundings.
    pub shell: Shell,
    /// What was to be done.
    pub what: String,
    /// 「市川 恵子　11月22日 9:15」.
    pub by: String,
    /// How many were done.
    pub done: usize,
    /// What failed, or had nothing to change.
    pub rest: Vec<BulkLine>,
    /// Those that were done.
    pub lines: Vec<BulkLine>,
}

/// GET `/insurer/cases/{p}/{n}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/case.html")]
pub struct CaseView {
    /// Surroundings.
    pub shell: Shell,
    /// Whose case.
    pub case: CaseFrame,
    /// What is odd, or presses.
    pub notices: Vec<Notice>,
    /// How far it is.
    pub progress: Progress,
    /// What the clerk does next.
    pub next: String,
    /// The days and what else is known.
    pub facts: Vec<Fact>,
    /// Papers that are there.
    pub papers: Vec<Link>,
    /// Papers that are not there, with what can be done.
    pub missing: Vec<String>,
    /// The times before a board.
    pub board: Vec<Fact>,
    /// The result; empty while there is none.
    pub result: Vec<Fact>,
    /// Who changed what, the newest first.
    pub history: Vec<HistoryLine>,
}

/// One version of a case.
#[derive(Clone, Debug)]
pub struct HistoryLine {
    /// 「市川 恵子」, 「市町村のシステム（取込）」.
    pub by: String,
    /// When; may be empty.
    pub at: String,
    /// What changed.
    pub what: Vec<String>,
}

/// GET `/insurer/cases/{p}/{n}/papers/{d}`, and the same before a board.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/paper.html")]
pub struct Paper {
    /// Surroundings.
    pub shell: Shell,
    /// Where it belongs: back.
    pub back: Link,
    /// 認定調査票 or 主治医意見書.
    pub title: String,
    /// Who looks, for the watermark.
    pub viewing: String,
    /// Head of the paper.
    pub facts: Vec<Fact>,
    /// Answers.
    pub groups: Vec<ItemGroup>,
    /// 特記事項.
    pub remarks: Vec<Remark>,
    /// Rare combinations of answers.
    pub warnings: Vec<String>,
    /// The original, if there is one and it may be fetched.
    pub original: Option<Link>,
}
